//! Helpers for `const fn`, in which `str` cannot be searched or sliced: they work on bytes.

/// The position of a part of a text.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    pub(super) const fn len(self) -> usize {
        self.end - self.start
    }

    /// Returns the part of `text`, which must be the text that was parsed.
    pub(super) fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    pub(super) const fn of_bytes(self, bytes: &[u8]) -> &[u8] {
        range(bytes, self.start, self.end)
    }
}

/// The bytes in `start..end`; empty if out of range.
pub(super) const fn range(bytes: &[u8], start: usize, end: usize) -> &[u8] {
    match bytes.split_at_checked(end) {
        Some((head, _)) => match head.split_at_checked(start) {
            Some((_, part)) => part,
            None => &[],
        },
        None => &[],
    }
}

/// The position of the first such byte, or the length if there is none.
pub(super) const fn find(bytes: &[u8], wanted: u8) -> usize {
    let mut rest = bytes;
    while let [byte, after @ ..] = rest {
        if *byte == wanted {
            break;
        }
        rest = after;
    }
    bytes.len() - rest.len()
}

pub(super) const fn contains(bytes: &[u8], wanted: u8) -> bool {
    find(bytes, wanted) < bytes.len()
}

pub(super) const fn equal(bytes: &[u8], other: &[u8]) -> bool {
    bytes.len() == other.len() && starts_with(bytes, other)
}

pub(super) const fn starts_with(bytes: &[u8], start: &[u8]) -> bool {
    let (mut bytes, mut start) = (bytes, start);
    while let [wanted, after @ ..] = start {
        match bytes {
            [byte, rest @ ..] if *byte == *wanted => bytes = rest,
            _ => return false,
        }
        start = after;
    }
    true
}

pub(super) const fn ends_with(bytes: &[u8], end: &[u8]) -> bool {
    bytes.len() >= end.len() && starts_with(range(bytes, bytes.len() - end.len(), bytes.len()), end)
}

/// Whether all bytes match a pattern.
macro_rules! all {
    ($bytes:expr, $pattern:pat) => {{
        let mut rest: &[u8] = $bytes;
        while let [$pattern, after @ ..] = rest {
            rest = after;
        }
        rest.is_empty()
    }};
}
pub(super) use all;

/// Whether this can be a label of an AWS host: lower-case letters, digits and inner hyphens.
pub(super) const fn is_label(bytes: &[u8]) -> bool {
    let hyphen = matches!(bytes, [b'-', ..] | [.., b'-']);
    all!(bytes, b'a'..=b'z' | b'0'..=b'9' | b'-')
        && !hyphen
        && !bytes.is_empty()
        && bytes.len() <= 63
}
