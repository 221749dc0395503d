//! The steps of signing, line by line, with what each line is.

use serde::Serialize;

/// A line of the canonical request or of the string to sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What the specification calls it.
    pub label: &'static str,
    /// What it is for.
    pub note: &'static str,
    /// The line itself.
    pub text: String,
}

fn line(label: &'static str, note: &'static str, text: &str) -> Line {
    Line {
        label,
        note,
        text: text.to_owned(),
    }
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
pub(crate) fn canonical_request(text: &str) -> Vec<Line> {
    let all: Vec<_> = text.split('\n').collect();
    let last = all.len().saturating_sub(1);
    all.iter()
        .enumerate()
        .map(|(at, text)| {
            let (label, note) = match at {
                0 => ("method", "the link answers to this one only"),
                1 => (
                    "canonical URI",
                    "the path, percent-encoded but for A–Z a–z 0–9 - . _ ~ /",
                ),
                2 => (
                    "canonical query string",
                    "all parameters but the signature, in order",
                ),
                _ if at == last => ("payload hash", "the body itself is not signed"),
                _ if at + 1 == last => ("signed headers", "the names of the headers above"),
                _ if text.is_empty() => ("empty line", "ends the headers"),
                _ if text.starts_with("host:") => {
                    ("canonical header", "where it goes; every client sends it")
                }
                _ => ("canonical header", "to be sent with just this value"),
            };
            line(label, note, text)
        })
        .collect()
}

pub(crate) fn string_to_sign(text: &str) -> Vec<Line> {
    const LINES: [(&str, &str); 4] = [
        ("algorithm", "the signature is its result, in hexadecimal"),
        ("time", "when it was signed, in UTC"),
        (
            "credential scope",
            "day, region and service: the signing key is for these",
        ),
        ("hash", "SHA-256 of the canonical request"),
    ];
    text.split('\n')
        .zip(LINES)
        .map(|(text, (label, note))| line(label, note, text))
        .collect()
}
