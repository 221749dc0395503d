//! Two texts of a step, side by side.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

use crate::redact::redact;

/// A line of the canonical request or the string to sign, as two sides have it.
///
/// # Examples
/// See [`Diagnosis::comparison`](crate::diagnose::Diagnosis::comparison).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    part: String,
    sent: Option<String>,
    signed: Option<String>,
    differs: bool,
}

impl Comparison {
    /// What it is: of the canonical request `method`, `canonical URI`, `parameter NAME`, `header NAME`, `signed headers`,
    /// `payload hash`; of the string to sign `algorithm`, `time`, `scope`.
    ///
    /// # Examples
    /// See [`Diagnosis::comparison`](crate::diagnose::Diagnosis::comparison).
    #[must_use]
    pub fn part(&self) -> &str {
        &self.part
    }

    /// As the URL and what was sent have it.
    ///
    /// # Examples
    /// See [`Diagnosis::comparison`](crate::diagnose::Diagnosis::comparison).
    #[must_use]
    pub fn sent(&self) -> Option<&str> {
        self.sent.as_deref()
    }

    /// As the other side has it: what was signed, where that was found, or else what the store computed.
    ///
    /// # Examples
    /// See [`Diagnosis::comparison`](crate::diagnose::Diagnosis::comparison).
    #[must_use]
    pub fn other(&self) -> Option<&str> {
        self.signed.as_deref()
    }

    /// Whether the sides differ. What [`redact`](crate::redact()) knows is masked in them, and a session token or an
    /// encryption key as a whole: masked alike, they may differ all the same.
    ///
    /// # Examples
    /// See [`Diagnosis::comparison`](crate::diagnose::Diagnosis::comparison).
    #[must_use]
    pub const fn differs(&self) -> bool {
        self.differs
    }
}

/// Compares canonical requests part by part.
pub(super) fn compare(sent: &str, other: &str) -> Vec<Comparison> {
    let (sent, other) = (parts(sent), parts(other));
    let find = |parts: &[(String, String)], part: &str| {
        let mut parts = parts.iter();
        let found = parts.find(|(name, _)| name == part);
        found.map(|(_, value)| value.clone())
    };
    let only_there = other
        .iter()
        .filter(|(part, _)| !sent.iter().any(|(name, _)| name == part));
    let rows = sent
        .iter()
        .chain(only_there)
        .map(|(part, _)| row(part, find(&sent, part), find(&other, part)));
    let mut rows: Vec<_> = rows.collect();
    // In the order of the canonical request.
    rows.sort_by_key(|row| rank(&row.part));
    rows
}

/// Compares strings to sign line by line; the last line is the hash of what [`compare`] compares.
pub(super) fn compare_strings_to_sign(sent: &str, other: &str) -> Vec<Comparison> {
    let lines = |text: &str| text.lines().map(ToString::to_string).collect::<Vec<_>>();
    let (sent, other) = (lines(sent), lines(other));
    ["algorithm", "time", "scope"]
        .into_iter()
        .enumerate()
        .map(|(at, part)| row(part, sent.get(at).cloned(), other.get(at).cloned()))
        .collect()
}

fn row(part: &str, sent: Option<String>, other: Option<String>) -> Comparison {
    let name = part.rsplit(' ').next().unwrap_or_default();
    let mask = |value: String| {
        if is_secret(name) {
            "***".to_string()
        } else {
            redact(&value).to_string() // another presigned URL may be a parameter's value
        }
    };
    Comparison {
        part: redact(part).to_string(),
        differs: sent != other,
        sent: sent.map(mask),
        signed: other.map(mask),
    }
}

fn is_secret(name: &str) -> bool {
    [
        "x-amz-security-token",
        "x-amz-s3session-token",
        "x-amz-server-side-encryption-customer-key",
        "x-amz-copy-source-server-side-encryption-customer-key",
    ]
    .iter()
    .any(|secret| name.eq_ignore_ascii_case(secret))
}

fn rank(part: &str) -> u8 {
    match part {
        "method" => 0,
        "canonical URI" => 1,
        "signed headers" => 4,
        "payload hash" => 5,
        _ if part.starts_with("parameter ") => 2,
        _ => 3,
    }
}

fn parts(canonical_request: &str) -> Vec<(String, String)> {
    let lines: Vec<_> = canonical_request.split('\n').collect();
    let line = |at: usize| lines.get(at).copied().unwrap_or_default().to_string();
    let mut parts = vec![
        ("method".to_string(), line(0)),
        ("canonical URI".to_string(), line(1)),
    ];
    for pair in lines
        .get(2)
        .copied()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
    {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        parts.push((format!("parameter {name}"), value.to_string()));
    }
    let headers = lines.iter().skip(3).take_while(|line| !line.is_empty());
    parts.extend(
        headers
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (format!("header {name}"), value.to_string())),
    );
    let end = lines.len();
    parts.push(("signed headers".to_string(), line(end.saturating_sub(2))));
    parts.push(("payload hash".to_string(), line(end.saturating_sub(1))));
    parts
}
