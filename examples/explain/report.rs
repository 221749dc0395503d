//! A diagnosis, for people and for programs.

use std::io::IsTerminal;

use presign::diagnose::{Certainty, Comparison, Diagnosis};
use serde_json::json;

/// Whether stdout shows colors. <https://no-color.org>
pub(crate) fn colors() -> bool {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stdout().is_terminal() && !no_color
}

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";

/// The causes, the most likely first, then both sides where there are two.
pub(crate) fn text(diagnosis: &Diagnosis, colors: bool) -> String {
    let paint = |code: &str, text: &str| {
        if colors {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    };
    let mut lines = Vec::new();
    if diagnosis.causes().is_empty() {
        lines.push("nothing in the evidence is wrong".to_owned());
    }
    for cause in diagnosis.causes() {
        let name = paint(BOLD, cause.name());
        lines.push(format!(
            "{}: {name}: {}",
            cause.certainty(),
            plain(&cause.to_string())
        ));
        if cause.certainty() > Certainty::Possible {
            lines.push(format!("  what to do: {}", cause.way_out()));
        }
    }
    if diagnosis.comparison().iter().any(Comparison::differs) {
        lines.push(String::new());
        lines.push("- as it was sent; + as it was signed, or as the store computed it".to_owned());
        for row in diagnosis.comparison() {
            let part = row.part();
            let side = |sign, side: Option<&str>| {
                side.map(|value| format!("{sign} {}: {}", plain(part), plain(value)))
            };
            if row.differs() {
                lines.extend(side('-', row.sent()).map(|line| paint(RED, &line)));
                lines.extend(side('+', row.other()).map(|line| paint(GREEN, &line)));
            } else {
                lines.extend(side(' ', row.sent()));
            }
        }
    }
    lines.join("\n")
}

/// What a store or a URL says must not reach the terminal as control characters.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        if c.is_control() {
            plain.extend(c.escape_default());
        } else {
            plain.push(c);
        }
    }
    plain
}

/// All of it in one line.
pub(crate) fn json(diagnosis: &Diagnosis) -> String {
    let causes = diagnosis.causes().iter();
    let causes: Vec<_> = causes
        .map(|cause| {
            json!({
                "name": cause.name(),
                "text": cause.to_string(),
                "certain": cause.certainty() == Certainty::Certain,
                "certainty": cause.certainty().to_string(),
                "details": cause.details(),
                "way_out": cause.way_out(),
            })
        })
        .collect();
    let rows = diagnosis.comparison().iter();
    let rows: Vec<_> = rows
        .map(|row| {
            json!({
                "part": row.part(),
                "sent": row.sent(),
                "other": row.other(),
                "differs": row.differs(),
            })
        })
        .collect();
    json!({ "causes": causes, "comparison": rows }).to_string()
}
