//! A diagnosis, for people and for programs.

use std::io::IsTerminal;

use presign::diagnose::{Comparison, Diagnosis};
use serde_json::json;

/// Whether stdout takes colours. <https://no-color.org>
pub(crate) fn colours() -> bool {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stdout().is_terminal() && !no_color
}

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";

/// The causes, the most likely first, then both sides where there are two.
pub(crate) fn text(diagnosis: &Diagnosis, colours: bool) -> String {
    let paint = |code: &str, text: &str| {
        if colours {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    };
    let mut lines = Vec::new();
    if diagnosis.causes().is_empty() {
        lines.push("nothing is wrong with the URL as far as can be seen".to_owned());
    }
    for (at, cause) in diagnosis.causes().iter().enumerate() {
        let certain = match (at, diagnosis.is_certain()) {
            (0, true) => "certain",
            (0, false) => "likely",
            _ => "possible",
        };
        let name = paint(BOLD, cause.name());
        lines.push(format!("{certain}: {name}: {}", plain(&cause.to_string())));
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
        .map(|cause| json!({ "name": cause.name(), "text": cause.to_string() }))
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
    json!({ "certain": diagnosis.is_certain(), "causes": causes, "comparison": rows }).to_string()
}
