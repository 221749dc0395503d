//! Names with values: headers and query parameters.

use core::cmp::Ordering;

use super::sink::{Buffer, Sink, put_decimal_u64};
use super::uri_encode::{self, Encoded};
use crate::disposition;

const ATTACHMENT: &str = "attachment";
const INLINE: &str = "inline";

/// The value of a header or parameter.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    /// Written in decimal.
    Number(u64),
    /// The `Content-Disposition` of a download with this file name.
    Attachment(&'a str),
    /// The `Content-Disposition` of a file with this name that is displayed.
    Inline(&'a str),
}

impl Value<'_> {
    /// Writes the value, encoded as in the query.
    pub(crate) fn put_encoded(self, sink: &mut impl Sink) {
        match self {
            Self::Attachment(name) => disposition::put(&mut Encoded(sink), ATTACHMENT, name),
            Self::Inline(name) => disposition::put(&mut Encoded(sink), INLINE, name),
            value => value.read(|text| uri_encode::query(sink, text)),
        }
    }

    /// Calls `read` with the value as text. For a disposition, the text does not include the file name.
    pub(crate) fn read<R>(self, read: impl FnOnce(&str) -> R) -> R {
        match self {
            Self::Text(text) => read(text),
            Self::Number(n) => {
                let mut digits = [0; 20];
                let mut buffer = Buffer::new(&mut digits);
                put_decimal_u64(&mut buffer, n);
                read(core::str::from_utf8(buffer.since(0)).unwrap_or_default())
            }
            Self::Attachment(_) => read(ATTACHMENT),
            Self::Inline(_) => read(INLINE),
        }
    }
}

/// A name: a fixed prefix, such as `x-amz-meta-`, and the caller's part.
#[derive(Clone, Copy)]
pub(crate) struct Name<'a> {
    pub(crate) prefix: &'static str,
    pub(crate) rest: &'a str,
}

impl<'a> Name<'a> {
    pub(crate) const fn new(rest: &'a str) -> Self {
        Self { prefix: "", rest }
    }

    const fn len(&self) -> usize {
        self.prefix.len() + self.rest.len()
    }

    /// The order in lower case. Usually the first bytes decide it.
    pub(crate) fn cmp_lower(&self, other: &Self) -> Ordering {
        let first = |name: &Self| {
            let byte = name.prefix.as_bytes().first();
            byte.or(name.rest.as_bytes().first())
                .map(u8::to_ascii_lowercase)
        };
        first(self)
            .cmp(&first(other))
            .then_with(|| cmp_lower(self.parts(), other.parts()))
    }

    pub(crate) const fn parts(&self) -> [&'a str; 2] {
        [self.prefix, self.rest]
    }

    /// Whether both are equal, ignoring case.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && cmp_lower(self.parts(), other.parts()).is_eq()
    }

    /// Whether this is the given name, which is in lower case.
    pub(crate) fn is(&self, lower: &str) -> bool {
        self.same(&Name::new(lower))
    }
}

/// Order of names in lower case. Takes slices: passing `Name` by value stalls on the store.
fn cmp_lower([prefix, a]: [&str; 2], [other_prefix, b]: [&str; 2]) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    // Skips empty prefixes. Comparing two empty slices can be slow: glibc's memcmp with AVX-512 reads from their dangling
    // pointers.
    if (prefix.len(), other_prefix.len()) != (0, 0) && prefix != other_prefix {
        let (a, b) = (
            prefix.bytes().chain(a.bytes()),
            other_prefix.bytes().chain(b.bytes()),
        );
        return a.map(lower).cmp(b.map(lower));
    }
    // Changes case only where bytes differ.
    let mut pairs = a.bytes().zip(b.bytes());
    match pairs.find(|(a, b)| a != b && lower(*a) != lower(*b)) {
        Some((a, b)) => lower(a).cmp(&lower(b)),
        None => a.len().cmp(&b.len()),
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) name: Name<'a>,
    pub(crate) value: Value<'a>,
}
