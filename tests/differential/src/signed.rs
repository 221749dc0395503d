//! The result of a signer, and the differences between two results.

use std::fmt::Write;

/// A presigned URL, split into parts, with the signed texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signed {
    /// Scheme, host and port.
    pub origin: String,
    /// The path as it is sent.
    pub path: String,
    /// `name=value` as sent, without the signature; sorted, because their order in a URL has no meaning.
    pub query: Vec<String>,
    /// Path and query as they were returned.
    pub target: String,
    /// The value of `X-Amz-Signature`.
    pub signature: String,
    /// The text that was hashed.
    pub canonical_request: String,
    /// The text that was signed.
    pub string_to_sign: String,
}

impl Signed {
    /// Splits a URL, without decoding anything.
    pub fn new(url: &str, canonical_request: &str, string_to_sign: &str) -> Self {
        let authority = url.find("://").map_or(0, |at| at + 3);
        let path = url[authority..]
            .find('/')
            .map_or(url.len(), |at| authority + at);
        let (origin, rest) = url.split_at(path);
        let target = rest.to_owned();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (signature, mut query): (Vec<&str>, Vec<&str>) = query
            .split('&')
            .partition(|pair| pair.starts_with("X-Amz-Signature="));
        query.sort_unstable();
        Self {
            origin: origin.to_owned(),
            path: path.to_owned(),
            target,
            query: query.into_iter().map(str::to_owned).collect(),
            signature: signature.join("&").replacen("X-Amz-Signature=", "", 1),
            canonical_request: canonical_request.to_owned(),
            string_to_sign: string_to_sign.to_owned(),
        }
    }

    /// The URL.
    pub fn url(&self) -> String {
        format!("{}{}", self.origin, self.target)
    }

    /// The parts in which two results differ.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        // aws-sigv4 logs this instead of some headers' values; the signature covers the values all the same.
        let redacted = [self, other]
            .into_iter()
            .any(|signed| signed.canonical_request.contains("** redacted ("));
        [
            (self.signature != other.signature, "signature"),
            (self.origin != other.origin, "origin"),
            (self.path != other.path, "path"),
            (self.query != other.query, "query"),
            (
                self.canonical_request != other.canonical_request && !redacted,
                "canonical request",
            ),
            (
                self.string_to_sign != other.string_to_sign,
                "string to sign",
            ),
        ]
        .into_iter()
        .filter_map(|(differs, part)| differs.then_some(part))
        .collect()
    }

    /// A text for each column of a report: URL, canonical request, string to sign, one parameter per line.
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{}{}", self.origin, self.path)];
        lines.extend(self.query.iter().map(|pair| format!("  {pair}")));
        lines.push(format!("  X-Amz-Signature={}", self.signature));
        lines.push("-- canonical request".to_owned());
        for (at, line) in self.canonical_request.split('\n').enumerate() {
            if at == 2 {
                lines.extend(line.split('&').map(|pair| format!("  {pair}")));
            } else {
                lines.push(line.escape_debug().to_string());
            }
        }
        lines.push("-- string to sign".to_owned());
        lines.extend(self.string_to_sign.split('\n').map(str::to_owned));
        lines
    }
}

/// Two results side by side; lines that differ have a `≠` between them.
pub fn side_by_side(names: [&str; 2], left: &Signed, right: &Signed) -> String {
    const WIDTH: usize = 72;
    let rows = |signed: &Signed, name: &str| {
        let mut lines = vec![name.to_owned()];
        lines.extend(signed.lines());
        lines
    };
    let (left, right) = (rows(left, names[0]), rows(right, names[1]));
    let chunks = |line: Option<&String>| -> Vec<String> {
        let chars: Vec<char> = line.map_or_else(Vec::new, |line| line.chars().collect());
        chars
            .chunks(WIDTH)
            .map(|chunk| chunk.iter().collect())
            .collect()
    };
    let mut text = String::new();
    let (mut l, mut r) = (left.as_slice(), right.as_slice());
    while !l.is_empty() || !r.is_empty() {
        let heading = l.len() == left.len();
        // If lines differ, one of them may follow further down on the other side: then it waits.
        let find = |line: Option<&String>, lines: &[String]| {
            line.and_then(|line| lines.iter().position(|other| other == line))
        };
        let (in_right, in_left) = (find(l.first(), r), find(r.first(), l));
        let (take_left, take_right) = match (in_right, in_left) {
            (Some(0), _) => (true, true),
            (Some(ahead), other) if other.is_none_or(|other| ahead < other) => (false, true),
            (_, Some(_)) => (true, false),
            _ => (true, true),
        };
        let take = |lines: &mut &[String], take: bool| match lines.split_first() {
            Some((line, rest)) if take => {
                *lines = rest;
                Some(line.clone())
            }
            _ => None,
        };
        let (line_left, line_right) = (take(&mut l, take_left), take(&mut r, take_right));
        let mark = if heading || line_left == line_right {
            '|'
        } else {
            '≠'
        };
        let (line_left, line_right) = (chunks(line_left.as_ref()), chunks(line_right.as_ref()));
        for row in 0..line_left.len().max(line_right.len()).max(1) {
            let chunk = |chunks: &[String]| chunks.get(row).cloned().unwrap_or_default();
            let (a, b) = (chunk(&line_left), chunk(&line_right));
            let _ = writeln!(text, "{a:WIDTH$} {mark} {b}"); // a String grows
        }
    }
    text
}
