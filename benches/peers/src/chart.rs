//! Draws a bar chart on a logarithmic scale, for light and dark pages.

use core::fmt::Write as _;

use crate::machine;

const WIDTH: f64 = 820.0;
const LEFT: f64 = 230.0;
const RIGHT: f64 = 70.0;
const TOP: f64 = 64.0;
const STEP: f64 = 30.0;

/// For each bar: its name, whether it is one of ours, and its length as a multiple of the limit.
pub fn svg(bars: &[(String, bool, f64)]) -> String {
    let mut bars = bars.to_vec();
    bars.sort_by(|a, b| a.2.total_cmp(&b.2));
    let end = TOP + STEP * bars.len() as f64;
    let height = end + 62.0;
    let longest = bars.last().map_or(10.0, |bar| bar.2);
    let decades = longest.max(10.0).log10();
    let x = |ratio: f64| LEFT + (WIDTH - LEFT - RIGHT) * ratio.max(1.0).log10() / decades;

    let mut text = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-labelledby="title">
<title id="title">Time to presign a GET, in multiples of its SHA-256 compressions</title>
<style>
text {{ font: 13px -apple-system, "Segoe UI", "Helvetica Neue", Helvetica, Arial, sans-serif; fill: #1f2328 }}
.heading {{ font-size: 16px; font-weight: 600 }}
.small {{ font-size: 12px; fill: #59636e }}
.ours {{ fill: #0969da }}
.other {{ fill: #9aa4af }}
.grid {{ stroke: #d1d9e0 }}
.limit {{ stroke: #59636e }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #f0f6fc }}
.small {{ fill: #9198a1 }}
.ours {{ fill: #4493f8 }}
.other {{ fill: #656c76 }}
.grid {{ stroke: #3d444d }}
.limit {{ stroke: #9198a1 }}
}}
</style>
<text class="heading" x="16" y="28">Time to presign a GET, in multiples of its SHA-256 compressions</text>
"##
    );
    for tick in [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0] {
        if tick > longest.max(10.0) {
            break;
        }
        let class = if tick == 1.0 { "limit" } else { "grid" };
        let at = x(tick);
        let _ = writeln!(
            text,
            r#"<line class="{class}" x1="{at:.1}" x2="{at:.1}" y1="{TOP}" y2="{end}"/><text class="small" x="{at:.1}" y="{:.1}" text-anchor="middle">{tick}</text>"#,
            end + 18.0
        );
    }
    let _ = writeln!(
        text,
        r#"<text class="small" x="{LEFT}" y="{}" text-anchor="middle">limit</text>"#,
        TOP - 8.0
    );
    for (row, (name, ours, ratio)) in bars.iter().enumerate() {
        let y = TOP + STEP * row as f64;
        let (class, to) = (if *ours { "ours" } else { "other" }, x(*ratio));
        let name = name
            .replace('`', "")
            .replace('&', "&amp;")
            .replace('<', "&lt;");
        let _ = writeln!(
            text,
            r#"<text x="{:.1}" y="{:.1}" text-anchor="end">{name}</text><rect class="{class}" x="{LEFT}" y="{:.1}" width="{:.1}" height="18" rx="2"/><text x="{:.1}" y="{:.1}">{}</text>"#,
            LEFT - 10.0,
            y + 19.5,
            y + 6.0,
            to - LEFT,
            to + 6.0,
            y + 19.5,
            crate::digits(Some(*ratio)),
        );
    }
    let _ = writeln!(
        text,
        r#"<text class="small" x="16" y="{:.1}">{}; logarithmic scale</text>"#,
        end + 46.0,
        machine::describe(),
    );
    text + "</svg>\n"
}
