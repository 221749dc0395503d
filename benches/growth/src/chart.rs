//! Draws small multiples on a log-log scale, for light and dark pages.

use core::fmt::Write as _;

use crate::{Measured, machine};

const COLUMNS: usize = 2;
const WIDTH: f64 = 430.0;
const PLOT: [f64; 2] = [350.0, 190.0];
const LEFT: f64 = 56.0;
const TOP: f64 = 112.0;
const LEGEND: f64 = 18.0;

pub fn svg(panels: &[Measured]) -> String {
    let lines = panels
        .iter()
        .map(|panel| panel.lines.len())
        .max()
        .unwrap_or(0);
    let panel_height = PLOT[1] + 74.0 + LEGEND * lines as f64;
    let (width, rows) = (WIDTH * COLUMNS as f64, panels.len().div_ceil(COLUMNS));
    let height = TOP + panel_height * rows as f64;
    let mut text = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title">
<title id="title">Time for one URL, by size and shape of what is signed</title>
<style>
text {{ font: 12px -apple-system, "Segoe UI", "Helvetica Neue", Helvetica, Arial, sans-serif; fill: #1f2328 }}
.heading {{ font-size: 16px; font-weight: 600 }}
.title {{ font-size: 13px; font-weight: 600 }}
.small {{ font-size: 11px; fill: #59636e }}
.grid {{ stroke: #d1d9e0; stroke-width: 1 }}
.slope {{ stroke: #818b98; stroke-width: 1; stroke-dasharray: 3 4 }}
polyline, .key {{ fill: none; stroke-width: 2; stroke-linejoin: round }}
.c0 {{ stroke: #0969da }} .c1 {{ stroke: #bc4c00 }} .c2 {{ stroke: #1a7f37 }} .c3 {{ stroke: #8250df }}
.c4 {{ stroke: #cf222e }} .c5 {{ stroke: #9a6700 }} .c6 {{ stroke: #59636e }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #f0f6fc }}
.small {{ fill: #9198a1 }}
.grid {{ stroke: #3d444d }}
.slope {{ stroke: #656c76 }}
.c0 {{ stroke: #4493f8 }} .c1 {{ stroke: #db6d28 }} .c2 {{ stroke: #3fb950 }} .c3 {{ stroke: #ab7df8 }}
.c4 {{ stroke: #f85149 }} .c5 {{ stroke: #d29922 }} .c6 {{ stroke: #9198a1 }}
}}
</style>
<text class="heading" x="16" y="28">Time for one URL, by size and shape of what is signed</text>
<text class="small" x="16" y="48">Both scales are logarithmic; along a dotted line, twice the size takes twice the time.</text>
<text class="small" x="16" y="64">{}</text>
"##,
        machine::describe()
    );
    for (index, panel) in panels.iter().enumerate() {
        let (column, row) = ((index % COLUMNS) as f64, (index / COLUMNS) as f64);
        let _ = writeln!(
            text,
            r#"<g transform="translate({} {})">"#,
            LEFT + WIDTH * column,
            TOP + panel_height * row
        );
        draw(&mut text, panel);
        text += "</g>\n";
    }
    text + "</svg>\n"
}

fn draw(text: &mut String, panel: &Measured) {
    let points = || panel.lines.iter().flat_map(|line| &line.points);
    let sizes = points().map(|point| point.0 as f64);
    let seconds = points().map(|point| point.1);
    let widest = sizes.fold(1.0, f64::max);
    let least = seconds.clone().fold(f64::MAX, f64::min);
    let (low, high) = (
        least.log10().floor(),
        seconds.fold(least, f64::max).log10().ceil(),
    );
    let x = |size: f64| PLOT[0] * size.log10() / widest.log10();
    let y = |seconds: f64| PLOT[1] * (high - seconds.log10()) / (high - low);

    let _ = writeln!(
        text,
        r#"<text class="title" x="0" y="-12">by {}</text>"#,
        panel.title
    );
    for power in low as i32..=high as i32 {
        let (value, at) = (10f64.powi(power), y(10f64.powi(power)));
        let _ = writeln!(
            text,
            r#"<line class="grid" x1="0" x2="{}" y1="{at:.1}" y2="{at:.1}"/><text class="small" x="-8" y="{:.1}" text-anchor="end">{}</text>"#,
            PLOT[0],
            at + 4.0,
            unit(value)
        );
        // A line of slope 1, within the plot.
        let end = (10f64.powf(high) / value).min(widest);
        if end > 1.0 {
            let _ = writeln!(
                text,
                r#"<line class="slope" x1="0" y1="{at:.1}" x2="{:.1}" y2="{:.1}"/>"#,
                x(end),
                y(value * end)
            );
        }
    }
    for tick in [1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0] {
        if tick <= widest {
            let _ = writeln!(
                text,
                r#"<text class="small" x="{:.1}" y="{:.1}" text-anchor="middle">{tick}</text>"#,
                x(tick),
                PLOT[1] + 16.0
            );
        }
    }
    for (index, line) in panel.lines.iter().enumerate() {
        let points = line
            .points
            .iter()
            .map(|(size, seconds)| format!("{:.1},{:.1}", x(*size as f64), y(*seconds)));
        let legend = PLOT[1] + 40.0 + LEGEND * index as f64;
        let _ = writeln!(
            text,
            r#"<polyline class="c{index}" points="{}"/><line class="key c{index}" x1="0" x2="20" y1="{:.1}" y2="{:.1}"/><text x="28" y="{legend:.1}">{}: exponent {:.2}</text>"#,
            points.collect::<Vec<_>>().join(" "),
            legend - 4.0,
            legend - 4.0,
            line.shape,
            line.exponent
        );
    }
}

fn unit(seconds: f64) -> String {
    match seconds {
        _ if seconds < 0.99e-6 => format!("{:.0} ns", seconds * 1e9),
        _ if seconds < 0.99e-3 => format!("{:.0} µs", seconds * 1e6),
        _ => format!("{:.0} ms", seconds * 1e3),
    }
}
