//! Step 1b: canonical headers and signed headers.
//!
//! "Create the canonical headers list by sorting the headers by the lowercase header name [...] lowercase header name
//! and header value trimmed"; runs of spaces and tabs inside a value become one space, and values of one name are
//! joined by a comma in the order given.

use core::cmp::Ordering;

use super::UNSIGNED_PAYLOAD;
use super::canonical_request::PutHeaders;
use super::order::{Order, entry};
use super::pairs::{Name, Pair, Pairs};
use super::sink::Sink;
use crate::error::Error;

/// Entries of an [`Order`] of headers take one byte.
const ORDER_WIDTH: usize = 1;
/// `host` is one more.
pub(crate) const MAX_HEADERS: usize = 254;

/// Names that are not the caller's to sign: `host` is the URL's, the others would be a second authentication.
const RESERVED: [&str; 5] = [
    "authorization",
    "host",
    "x-amz-date",
    "x-amz-s3session-token",
    "x-amz-security-token",
];

/// Names that can have one value only, so that a list of values is a mistake. (RFC 9110)
const SINGLE: [&str; 5] = [
    "content-length",
    "content-md5",
    "content-type",
    "range",
    "x-amz-content-sha256",
];

/// The header that carries the hash of the payload.
const PAYLOAD_HASH: &str = "x-amz-content-sha256";

/// The caller's headers and `host`, checked and in order.
pub(crate) struct CanonicalHeaders<'h> {
    headers: &'h Pairs<'h>,
    len: usize,
    order: [u8; MAX_HEADERS + 1],
    given: Option<&'static Given>,
}

/// What writes headers that were given, which a program without any does not link.
struct Given {
    lines: for<'x> fn(&CanonicalHeaders<'x>, &mut dyn Sink, Option<&[u8]>),
    names: for<'x> fn(&CanonicalHeaders<'x>, &mut dyn Sink),
    hash: for<'x> fn(&CanonicalHeaders<'x>) -> Option<&'x str>,
}

impl<'h> CanonicalHeaders<'h> {
    /// Checks and sorts.
    ///
    /// # Errors
    /// `TooManyHeaders`, `EmptyHeaderName`, `InvalidHeaderName`, `ReservedHeader`, `InvalidHeaderValue`,
    /// `DuplicateHeader`.
    #[inline(never)]
    pub(crate) fn new(headers: &'h Pairs<'h>) -> Result<Self, Error> {
        let len = headers.len();
        if len > MAX_HEADERS || headers.overflowed() {
            return Err(Error::TooManyHeaders);
        }
        let mut this = Self {
            headers,
            len,
            order: [0; MAX_HEADERS + 1],
            given: Some(&Given {
                lines: |this, sink, host| this.given_lines(sink, host),
                names: |this, sink| this.given_names(sink),
                hash: |this| this.given_hash(),
            }),
        };
        if len == 0 {
            return Ok(this); // the common case, quickly
        }
        let mut sorted = true;
        let mut last: Option<Name<'_>> = None;
        for header in headers.iter() {
            check(&header)?;
            let name = header.name;
            sorted = sorted && last.is_none_or(|last| last.cmp_lower(name).is_lt());
            last = Some(name);
        }
        if sorted {
            // In order already, and none twice: only `host` has to be put among them.
            let before_host = |header: &Pair<'_>| header.name.cmp_lower(HOST).is_lt();
            let host = headers.iter().take_while(before_host).count();
            for (at, entry) in this.order.iter_mut().take(len + 1).enumerate() {
                *entry = match at.cmp(&host) {
                    Ordering::Less => at,
                    Ordering::Equal => len,
                    Ordering::Greater => at - 1,
                } as u8;
            }
            return Ok(this);
        }
        if let Some(mut order) = this
            .order
            .get_mut(..=len)
            .and_then(|room| Order::<ORDER_WIDTH>::identity(room, len + 1))
        {
            order.sort(|a, b| cmp(headers, a, b).then(a.cmp(&b)).is_lt());
        }
        let mut last: Option<Pair<'_>> = None;
        for header in this.sorted().flatten() {
            let single = header.single || SINGLE.iter().any(|name| header.name.is(name));
            if last.is_some_and(|last| (single || last.single) && last.name.same(header.name)) {
                return Err(Error::DuplicateHeader);
            }
            last = Some(header);
        }
        Ok(this)
    }

    /// No headers but the host.
    pub(crate) const fn none(headers: &'h Pairs<'h>) -> Result<Self, Error> {
        Ok(Self {
            headers,
            len: 0,
            order: [0; MAX_HEADERS + 1],
            given: None,
        })
    }

    /// Whether the caller gave none, which is the common case and quickly written.
    pub(crate) const fn is_host_only(&self) -> bool {
        self.len == 0
    }

    /// The payload hash, where a header tells it: 64 digits.
    pub(crate) fn payload_hash(&self) -> Option<&'h str> {
        self.given.and_then(|given| (given.hash)(self))
    }

    fn given_hash(&self) -> Option<&'h str> {
        self.headers
            .iter()
            .find(|header| header.name.is(PAYLOAD_HASH))
            .and_then(|header| header.value.text())
    }

    /// The headers in order; `None` stands for `host`.
    fn sorted(&self) -> impl Iterator<Item = Option<Pair<'h>>> {
        (0..=self.len).map(|at| self.headers.get(entry::<ORDER_WIDTH>(&self.order, at)))
    }

    /// Writes a line `name:value` for each name, `host` included where it is given.
    pub(crate) fn put_lines(&self, sink: &mut impl Sink, host: Option<&[u8]>) {
        match self.given {
            Some(given) => (given.lines)(self, sink, host),
            None => {
                if let Some(host) = host {
                    for piece in [b"host:", host, b"\n"] {
                        sink.put(piece);
                    }
                }
            }
        }
    }

    fn given_lines(&self, sink: &mut dyn Sink, host: Option<&[u8]>) {
        let mut last: Option<Name<'_>> = None;
        for header in self.sorted() {
            let name = header.map_or(HOST, |header| header.name);
            if header.is_none() && host.is_none() {
                continue;
            }
            if last.is_some_and(|last| last.same(name)) {
                sink.put(b",");
            } else {
                if last.is_some() {
                    sink.put(b"\n");
                }
                put_lower(sink, name);
                sink.put(b":");
            }
            match header {
                Some(header) => header.value.read(|value| put_value(sink, value)),
                None => sink.put(host.unwrap_or_default()),
            }
            last = Some(name);
        }
        if last.is_some() {
            sink.put(b"\n");
        }
    }
}

impl CanonicalHeaders<'_> {
    fn given_names(&self, sink: &mut dyn Sink) {
        let mut last: Option<Name<'_>> = None;
        for (at, header) in self.sorted().enumerate() {
            let name = header.map_or(HOST, |header| header.name);
            if last.is_some_and(|last| last.same(name)) {
                continue;
            }
            if at > 0 {
                sink.put(b";");
            }
            put_lower(sink, name);
            last = Some(name);
        }
    }
}

impl PutHeaders for CanonicalHeaders<'_> {
    fn put(&self, sink: &mut impl Sink, host: &[u8]) {
        self.put_lines(sink, Some(host));
    }

    /// Each name once, in order. A name may hold `&` or `#`, so for the query it has to be encoded on the way.
    fn put_names(&self, sink: &mut impl Sink) {
        match self.given {
            Some(given) => (given.names)(self, sink),
            None => sink.put(b"host"),
        }
    }
}

const HOST: Name<'static> = Name {
    prefix: "",
    rest: "host",
};

/// Order by lower-case name; number `headers.len()` is `host`.
fn cmp(headers: &Pairs<'_>, a: usize, b: usize) -> Ordering {
    let name = |at| headers.get(at).map_or(HOST, |header| header.name);
    name(a).cmp_lower(name(b))
}

fn check(header: &Pair<'_>) -> Result<(), Error> {
    if header.name.rest.is_empty() {
        return Err(Error::EmptyHeaderName);
    }
    if let Some((position, byte)) = header
        .name
        .rest
        .bytes()
        .enumerate()
        .find(|(_, byte)| !is_token(*byte))
    {
        return Err(Error::InvalidHeaderName { position, byte });
    }
    if let Some(name) = RESERVED.into_iter().find(|name| header.name.is(name)) {
        return Err(Error::ReservedHeader { name });
    }
    header.value.read(check_value)?;
    let is_hash = |value: &str| value == UNSIGNED_PAYLOAD || is_payload_hash(value);
    if header.name.is(PAYLOAD_HASH) && !header.value.read(is_hash) {
        return Err(Error::InvalidPayloadHash);
    }
    if header.name.is("content-type") {
        if header.value.read(|value| value.contains('*')) {
            return Err(Error::WildcardInContentType);
        }
        if header
            .value
            .read(|value| value.trim_matches([' ', '\t']).is_empty())
        {
            return Err(Error::EmptyValue {
                name: "content-type",
            });
        }
    }
    Ok(())
}

/// Whether a text is a SHA-256 in lower-case hexadecimal.
pub(crate) fn is_payload_hash(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// RFC 9110, 5.5: no control character may stand in a field value but the tab.
pub(crate) fn check_value(value: &str) -> Result<(), Error> {
    let any = value
        .bytes()
        .fold(false, |any, byte| any | byte.is_ascii_control());
    if !any {
        return Ok(()); // quickly seen
    }
    match value
        .bytes()
        .enumerate()
        .find(|(_, byte)| byte.is_ascii_control() && *byte != b'\t')
    {
        Some((position, byte)) => Err(Error::InvalidHeaderValue { position, byte }),
        None => Ok(()),
    }
}

/// RFC 9110, 5.6.2: what a field name is made of.
pub(crate) const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

fn put_lower(sink: &mut dyn Sink, name: Name<'_>) {
    for part in [name.prefix, name.rest].map(str::as_bytes) {
        for chunk in part.chunks(32) {
            let mut lower = [0; 32];
            if let Some(room) = lower.get_mut(..chunk.len()) {
                room.copy_from_slice(chunk);
            }
            lower.make_ascii_lowercase(); // all at once, as their number is known
            sink.put(lower.get(..chunk.len()).unwrap_or_default());
        }
    }
}

pub(crate) fn put_value(sink: &mut dyn Sink, value: &str) {
    // Most values stand as they are, which is quickly seen.
    let pairs = value.bytes().zip(value.bytes().skip(1));
    let spaces = pairs.fold(false, |any, pair| any | (pair == (b' ', b' ')));
    let tabs = value.bytes().fold(false, |any, byte| any | (byte == b'\t'));
    if !spaces && !tabs && !value.starts_with(' ') && !value.ends_with(' ') {
        return sink.put(value.as_bytes());
    }
    let words = value.split([' ', '\t']).filter(|word| !word.is_empty());
    for (at, word) in words.enumerate() {
        if at > 0 {
            sink.put(b" ");
        }
        sink.put(word.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigv4::sink::Buffer;
    use crate::sigv4::uri_encode::Encoded;

    /// Names may hold bytes that would end a parameter of the query, or be decoded in it.
    #[test]
    fn names_are_encoded_in_the_query_only() {
        let list = [("X-!#$%&'*+^_`|~", "v"), ("a+b", "v")];
        let mut pairs = Pairs::new();
        pairs.add("", &list);
        let headers = CanonicalHeaders::new(&pairs).unwrap();
        let (mut plain, mut encoded) = ([0; 64], [0; 64]);
        let mut sink = Buffer::new(&mut plain);
        headers.put_names(&mut sink);
        assert_eq!(sink.finish().unwrap(), b"a+b;host;x-!#$%&'*+^_`|~");
        let mut sink = Buffer::new(&mut encoded);
        headers.put_names(&mut Encoded(&mut sink));
        assert_eq!(
            sink.finish().unwrap(),
            b"a%2Bb%3Bhost%3Bx-%21%23%24%25%26%27%2A%2B%5E_%60%7C~"
        );
    }
}
