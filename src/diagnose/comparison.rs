//! Two versions of the same text, side by side.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use zeroize::Zeroizing;

use super::text::{decode, replace};
use crate::redact::redact;

/// One part of the canonical request or the string to sign, in two versions.
///
/// `Debug` shows neither names nor values.
///
/// # Examples
/// See [`Diagnosis::comparison`](crate::diagnose::Diagnosis::comparison).
#[derive(Clone, PartialEq, Eq)]
pub struct Comparison {
    part: String,
    sent: Option<String>,
    other: Option<String>,
    differs: bool,
    decoded_differs: bool,
}

impl Comparison {
    /// Returns the name of the part. In the canonical request: `method`, `canonical URI`, `parameter NAME`, `header NAME`,
    /// `signed headers`, `payload hash`. In the string to sign: `algorithm`, `time`, `scope`.
    ///
    /// # Examples
    /// See [`Diagnosis::comparison`](crate::diagnose::Diagnosis::comparison).
    #[must_use]
    pub fn part(&self) -> &str {
        &self.part
    }

    /// Returns the value in the URL and the request that was sent.
    ///
    /// # Examples
    /// See [`Diagnosis::comparison`](crate::diagnose::Diagnosis::comparison).
    #[must_use]
    pub fn sent(&self) -> Option<&str> {
        self.sent.as_deref()
    }

    /// Returns the value on the other side: as signed, if that was found, or as the store computed it.
    ///
    /// # Examples
    /// See [`Diagnosis::comparison`](crate::diagnose::Diagnosis::comparison).
    #[must_use]
    pub fn other(&self) -> Option<&str> {
        self.other.as_deref()
    }

    /// Returns whether the sides differ. Tokens, keys, and the values of parameters and headers that S3 does not define are
    /// masked; two masked values look the same, but may still differ. A value that was already masked in the answer counts as
    /// the same.
    ///
    /// # Examples
    /// See [`Diagnosis::comparison`](crate::diagnose::Diagnosis::comparison).
    #[must_use]
    pub const fn differs(&self) -> bool {
        self.differs
    }

    /// Whether they differ in more than their encoding.
    pub(super) const fn decoded_differs(&self) -> bool {
        self.decoded_differs
    }

    fn new(part: String, sent: Option<&str>, other: Option<&str>) -> Self {
        let show = |value: &str| {
            if is_shown(&part) {
                redact(value).to_string()
            } else if value.is_empty() {
                String::new()
            } else {
                "***".to_string()
            }
        };
        // In a query, a + is also an encoding of a space.
        let plus = if part.starts_with("parameter ") {
            " "
        } else {
            "+"
        };
        let once = |text: Option<&str>| text.map(|text| replace(&decode(text), "+", plus));
        let twice =
            |text: Option<&str>| text.map(|text| replace(&decode(&decode(text)), "+", plus));
        let hidden = sent
            .zip(other)
            .is_some_and(|(sent, other)| hides(sent, other));
        let differs = sent != other && !hidden;
        let decoded_differs =
            once(sent) != once(other) && twice(sent) != once(other) && once(sent) != twice(other);
        Self {
            sent: sent.map(show),
            other: other.map(show),
            differs,
            decoded_differs: differs && decoded_differs,
            part,
        }
    }
}

impl fmt::Debug for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.part.split(' ').next().unwrap_or_default();
        f.debug_struct("Comparison")
            .field("kind", &kind)
            .field("differs", &self.differs)
            .finish_non_exhaustive()
    }
}

/// Whether the other text is this one, masked or shortened by a person or `redact`: everything around the fillers is there.
fn hides(sent: &str, other: &str) -> bool {
    let (sent, other) = (decode(sent), decode(other));
    let (mut sent_rest, mut rest) = (&**sent, &**other);
    let mut found = false;
    while let Some((filler, is_ellipsis)) = filler(rest) {
        // An ellipsis shortens.
        if is_ellipsis && sent.len() <= other.len() {
            return false;
        }
        let kept = rest.get(..filler.start).unwrap_or_default();
        let at = match found {
            false => sent_rest.starts_with(kept).then_some(0),
            true => sent_rest.find(kept),
        };
        let Some(at) = at else {
            return false;
        };
        sent_rest = sent_rest.get(at + kept.len()..).unwrap_or_default();
        rest = rest.get(filler.end..).unwrap_or_default();
        found = true;
    }
    found && sent_rest.ends_with(rest)
}

/// The first filler in a text, such as `***`, `XXXX`, `<token>` or `REDACTED`, and whether it is an ellipsis.
fn filler(text: &str) -> Option<(Range<usize>, bool)> {
    let words = [
        "redact",
        "redacted",
        "hidden",
        "mask",
        "masked",
        "omitted",
        "removed",
        "signature",
        "token",
    ];
    let mut end = 0;
    for (at, first) in text.char_indices() {
        if at < end {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let run = |is: &dyn Fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let is_word = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        let same = run(&|c| c == first);
        end = at + same;
        let count = same / first.len_utf8();
        match first {
            '*' | '\u{2022}' if count > 2 => return Some((at..end, false)),
            '.' if count > 2 => return Some((at..end, true)),
            '\u{2026}' => return Some((at..end, true)),
            'x' | 'X' if count > 3 => return Some((at..end, false)),
            '<' | '[' | '{' => {
                let mut near = rest.bytes().take(34);
                let inner = near.position(|byte| b">]}".contains(&byte)).unwrap_or(0);
                let lower = rest.get(..inner).unwrap_or_default().to_ascii_lowercase();
                let lower = Zeroizing::new(lower);
                if words.iter().any(|word| lower.contains(word)) {
                    return Some((at..at + inner + 1, false));
                }
            }
            _ if is_word(first) && !text.get(..at)?.ends_with(is_word) => {
                let word = rest.get(..run(&is_word)).unwrap_or_default();
                // In lower case, most parts can be names.
                let fits = word.len() == text.trim_matches('/').len()
                    || word.starts_with("redact")
                    || !word.bytes().any(|byte| byte.is_ascii_lowercase());
                if fits && words.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                    return Some((at..at + word.len(), false));
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether values of this part can be shown. A misspelled name may be that of a token, so only known names are.
fn is_shown(part: &str) -> bool {
    let Some(name) = part
        .strip_prefix("parameter ")
        .or_else(|| part.strip_prefix("header "))
    else {
        return true;
    };
    let name = name.to_ascii_lowercase();
    let exact = [
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-expires",
        "x-amz-signedheaders",
        "x-amz-content-sha256",
        "x-amz-region-set",
        "x-amz-acl",
        "x-amz-storage-class",
        "x-amz-tagging",
        "x-amz-server-side-encryption",
        "x-amz-sdk-checksum-algorithm",
        "x-amz-request-payer",
        "x-id",
        "host",
        "range",
        "partnumber",
        "versionid",
        "uploads",
        "uploadid",
        "delimiter",
        "prefix",
        "list-type",
    ];
    let starts = [
        "response-",
        "content-",
        "if-",
        "x-amz-checksum-",
        "x-amz-meta-",
        "x-amz-object-lock-",
    ];
    exact.contains(&name.as_str()) || starts.iter().any(|start| name.starts_with(start))
}

/// A name in a form that is safe to show: a long or odd one may be part of something else.
pub(super) fn shown_name(name: &str) -> String {
    let name = decode(name);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:[]".contains(&byte);
    if name.len() <= 48 && name.bytes().all(plain) {
        name.to_string()
    } else {
        alloc::format!("(a name of {} bytes)", name.len())
    }
}

/// The maximum number of parameters compared: twice the limit for a URL.
const MAX_PAIRS: usize = 1024;

/// The pieces of a canonical request.
struct Parts<'p> {
    method: &'p str,
    uri: &'p str,
    pairs: Vec<(&'p str, &'p str)>,
    headers: Vec<(&'p str, &'p str)>,
    signed: &'p str,
    payload: &'p str,
}

impl<'p> Parts<'p> {
    fn parse(text: &'p str) -> Option<Self> {
        let (text, payload) = text.rsplit_once(['\n', ' '])?;
        let (text, signed) = text.rsplit_once(['\n', ' '])?;
        let (method, rest) = text.split_once(['\n', ' '])?;
        let (uri, rest) = rest.split_once(['\n', ' '])?;
        let (query, mut rest) = rest.split_once(['\n', ' ']).unwrap_or((rest, ""));
        let pairs = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .take(MAX_PAIRS);
        let mut headers = Vec::new();
        let lines = if rest.contains('\n') { rest } else { "" };
        for line in lines.lines().take(MAX_PAIRS) {
            headers.extend(
                line.split_once(':')
                    .map(|(name, value)| (name, value.trim_end())),
            );
            rest = "";
        }
        let names = || signed.split(';').take(super::seen::MAX_HEADERS);
        // A browser turns line breaks into spaces, so a header's value extends to the next name.
        for (name, next) in names().zip(names().skip(1).map(Some).chain([None])) {
            let Some(value) = rest
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix(':'))
            else {
                break;
            };
            let starts = |(at, _): &(usize, &str)| {
                let rest = value.get(at + 1..).unwrap_or_default();
                let rest = next.and_then(|next| rest.strip_prefix(next));
                rest.is_some_and(|rest| rest.starts_with(':'))
            };
            let end = match next {
                Some(_) => value
                    .match_indices(['\n', ' '])
                    .find(starts)
                    .map(|(at, _)| at),
                None => value.find('\n'),
            };
            let end = end.unwrap_or(value.len());
            headers.push((name, value.get(..end).unwrap_or_default().trim_end()));
            rest = value.get(end + 1..).unwrap_or_default();
        }
        Some(Self {
            method,
            uri,
            pairs: pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .collect(),
            headers,
            signed,
            payload,
        })
    }
}

/// Compares canonical requests part by part; the result is empty if one of them is not a canonical request.
pub(super) fn compare(sent: &str, other: &str) -> Vec<Comparison> {
    let (Some(sent), Some(other)) = (Parts::parse(sent), Parts::parse(other.trim_end())) else {
        return Vec::new();
    };
    let row = |part: &str, sent, other| Comparison::new(part.to_string(), Some(sent), Some(other));
    let mut rows = alloc::vec![
        row("method", sent.method, other.method),
        row("canonical URI", sent.uri, other.uri),
    ];
    pair_up("parameter ", &sent.pairs, &other.pairs, &mut rows);
    pair_up("header ", &sent.headers, &other.headers, &mut rows);
    rows.push(row("signed headers", sent.signed, other.signed));
    rows.push(row("payload hash", sent.payload, other.payload));
    rows
}

/// Both lists are sorted by name, as in a canonical request.
fn pair_up(kind: &str, sent: &[(&str, &str)], other: &[(&str, &str)], rows: &mut Vec<Comparison>) {
    let part = |name: &str| alloc::format!("{kind}{}", shown_name(name));
    let (mut sent, mut other) = (sent.iter().peekable(), other.iter().peekable());
    loop {
        let (name, mine, theirs) = match (sent.peek(), other.peek()) {
            (None, None) => return,
            (Some((a, _)), Some((b, _))) if a == b => (*a, sent.next(), other.next()),
            (Some((a, _)), Some((b, _))) if a < b => (*a, sent.next(), None),
            (Some((a, _)), None) => (*a, sent.next(), None),
            (_, Some((b, _))) => (*b, None, other.next()),
        };
        let value = |pair: Option<&(_, _)>| pair.map(|(_, value)| *value);
        rows.push(Comparison::new(part(name), value(mine), value(theirs)));
    }
}

/// Compares strings to sign piece by piece. The last piece, the hash, is left to [`compare`].
pub(super) fn compare_strings_to_sign(sent: &str, other: &str) -> Vec<Comparison> {
    let (mut sent, mut other) = (sent.split(['\n', ' ']), other.split(['\n', ' ']));
    let parts = ["algorithm", "time", "scope"];
    let rows = parts.into_iter().map_while(|part| {
        // A store's text may be cut off.
        let (sent, other) = (sent.next()?, other.next()?);
        Some(Comparison::new(part.to_string(), Some(sent), Some(other)))
    });
    rows.collect()
}
