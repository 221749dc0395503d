//! The steps of signing, line by line, with what each line means.

use presign::Timestamp;
use serde::Serialize;

use crate::problem::Problem;
use crate::share::Share;

/// How a link is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Steps {
    pub canonical_request: Vec<Line>,
    pub string_to_sign: Vec<Line>,
}

impl Share {
    /// Explains the signature.
    ///
    /// # Errors
    /// Those of [`Share::sign`].
    pub fn steps(&self, now: Timestamp) -> Result<Steps, Problem> {
        self.with_presigner(now, |presigner| {
            let explanation = presigner
                .explain_at(now)
                .map_err(|error| Problem::at("key", error))?;
            Ok(Steps {
                canonical_request: canonical_request(explanation.canonical_request()),
                string_to_sign: string_to_sign(explanation.string_to_sign()),
            })
        })
    }
}

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
fn canonical_request(text: &str) -> Vec<Line> {
    let all: Vec<_> = text.split('\n').collect();
    let last = all.len().saturating_sub(1);
    all.iter()
        .enumerate()
        .map(|(at, text)| {
            let (label, note) = match at {
                0 => ("method", "the link works with this one only"),
                1 => (
                    "canonical URI",
                    "the path, percent-encoded except A–Z a–z 0–9 - . _ ~ /",
                ),
                2 => (
                    "canonical query string",
                    "all parameters except the signature, sorted",
                ),
                _ if at == last => ("payload hash", "the body itself is not signed"),
                _ if at + 1 == last => ("signed headers", "the names of the headers above"),
                _ if text.is_empty() => ("empty line", "ends the headers"),
                _ if text.starts_with("host:") => ("canonical header", "every client sends it"),
                _ => ("canonical header", "must be sent with this value"),
            };
            line(label, note, text)
        })
        .collect()
}

fn string_to_sign(text: &str) -> Vec<Line> {
    const LINES: [(&str, &str); 4] = [
        ("algorithm", "it computes the signature"),
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
