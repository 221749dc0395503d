//! Step 1b: canonical headers and signed headers.
//!
//! "Create the canonical headers list by sorting the headers by the lowercase header name [...] lowercase header name
//! and header value trimmed"; runs of spaces and tabs inside a value become one space, and values of one name are
//! joined by a comma in the order given.

use super::canonical_request::PutHeaders;
use super::pairs::{Name, Pair, Value};
use super::sink::Sink;
use super::uri_encode::Encoded;
use crate::error::Error;

/// The only header that every request signs.
pub(crate) const HOST: Name<'static> = Name::new("host");

/// No headers except `host`.
pub(crate) struct HostOnly;

impl PutHeaders for HostOnly {
    fn put(&self, sink: &mut dyn Sink, host: Option<&[u8]>) {
        if let Some(host) = host {
            sink.put_all(&[b"host:", host, b"\n"]);
        }
    }

    fn put_names(&self, sink: &mut dyn Sink, _: &[u8]) {
        sink.put(b"host");
    }
}

/// Headers in canonical order, checked with [`check_name`] and [`check_value`]. `None` is `host`.
pub(crate) struct Sorted<I> {
    pub(crate) headers: I,
    /// Every name and value is written unchanged, which is the usual case.
    pub(crate) plain: bool,
}

impl<'a, I: Iterator<Item = Option<Pair<'a>>> + Clone> PutHeaders for Sorted<I> {
    fn put(&self, sink: &mut dyn Sink, host: Option<&[u8]>) {
        let mut last: Option<Name<'_>> = None;
        for header in self.headers.clone() {
            let name = header.map_or(HOST, |header| header.name);
            if header.is_none() && host.is_none() {
                continue;
            }
            let value = match header.map(|header| header.value) {
                None => host.unwrap_or_default(),
                Some(Value::Text(value)) if self.plain || is_plain_value(value) => value.as_bytes(),
                Some(_) => b"",
            };
            let [prefix, rest] = name.parts().map(str::as_bytes);
            match last {
                Some(last) if last.same(&name) => sink.put_all(&[b",", value]),
                Some(_) if self.plain => sink.put_all(&[b"\n", prefix, rest, b":", value]),
                None if self.plain => sink.put_all(&[prefix, rest, b":", value]),
                _ => {
                    if last.is_some() {
                        sink.put(b"\n");
                    }
                    put_lower(sink, &[prefix, rest]);
                    sink.put_all(&[b":", value]);
                }
            }
            if let (Some(header), []) = (header, value) {
                header.value.read(|value| put_value(sink, value));
            }
            last = Some(name);
        }
        if last.is_some() {
            sink.put(b"\n");
        }
    }

    fn put_names(&self, sink: &mut dyn Sink, separator: &[u8]) {
        let mut last: Option<Name<'_>> = None;
        for header in self.headers.clone() {
            let name = header.map_or(HOST, |header| header.name);
            if last.is_some_and(|last| last.same(&name)) {
                continue;
            }
            let separator = if last.is_some() { separator } else { b"" };
            let [prefix, rest] = name.parts().map(str::as_bytes);
            if self.plain {
                sink.put_all(&[separator, prefix, rest]);
            } else {
                sink.put(separator);
                put_lower(sink, &[prefix, rest]);
            }
            last = Some(name);
        }
    }
}

impl<'a, I: Iterator<Item = Option<Pair<'a>>> + Clone> Sorted<I> {
    /// Writes the names, encoded for the query: a name may contain `&` or `#`.
    pub(crate) fn put_names_encoded(&self, sink: &mut impl Sink) {
        match self.plain {
            true => self.put_names(sink, b"%3B"),
            false => self.put_names(&mut Encoded(sink), b";"),
        }
    }
}

fn put_lower(sink: &mut dyn Sink, pieces: &[&[u8]]) {
    for chunk in pieces.iter().flat_map(|piece| piece.chunks(32)) {
        let mut lower = [0; 32];
        if let Some(room) = lower.get_mut(..chunk.len()) {
            room.copy_from_slice(chunk);
        }
        lower.make_ascii_lowercase(); // vectorized, because the length is constant
        sink.put(lower.get(..chunk.len()).unwrap_or_default());
    }
}

/// Whether a name is written unchanged: lower-case letters, digits and hyphens.
pub(crate) fn is_plain_name(name: &str) -> bool {
    name.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Whether a value has no control characters, and no white space except single spaces inside.
pub(crate) fn is_plain_value(value: &str) -> bool {
    let bytes = value.as_bytes();
    // Without branches, so that the compiler can vectorize it.
    let control = bytes
        .iter()
        .fold(false, |any, byte| any | byte.is_ascii_control());
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let two_spaces = pairs.fold(false, |any, pair| any | (pair == (&b' ', &b' ')));
    let at_end = [bytes.first(), bytes.last()].contains(&Some(&b' '));
    !control && !two_spaces && !at_end
}

/// RFC 9110, 5.1: a name is a token.
///
/// # Errors
/// `EmptyHeaderName`, `InvalidHeaderName`.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    if name.is_empty() {
        return Err(Error::EmptyHeaderName);
    }
    match name.bytes().enumerate().find(|(_, byte)| !is_token(*byte)) {
        Some((position, byte)) => Err(Error::InvalidHeaderName { position, byte }),
        None => Ok(()),
    }
}

/// RFC 9110, 5.5: a field value has no control character except the tab.
pub(crate) fn check_value(value: impl Iterator<Item = u8> + Clone) -> Result<(), Error> {
    let any = value
        .clone()
        .fold(false, |any, byte| any | byte.is_ascii_control());
    if !any {
        return Ok(()); // the usual case
    }
    match value
        .enumerate()
        .find(|(_, byte)| byte.is_ascii_control() && *byte != b'\t')
    {
        Some((position, byte)) => Err(Error::InvalidHeaderValue { position, byte }),
        None => Ok(()),
    }
}

/// RFC 9110, 5.6.2: the bytes of a token.
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

pub(crate) fn put_value(sink: &mut dyn Sink, value: &str) {
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

    /// Names may contain bytes that would end a query parameter, or be decoded in it.
    #[test]
    fn names_are_encoded_in_the_query_only() {
        let pair = |rest| Pair {
            name: Name::new(rest),
            value: Value::Text("v"),
        };
        let headers = [Some(pair("a+b")), None, Some(pair("X-!#$%&'*+^_`|~"))];
        let headers = Sorted {
            headers: headers.into_iter(),
            plain: false,
        };
        let (mut plain, mut encoded) = ([0; 64], [0; 64]);
        let mut sink = Buffer::new(&mut plain);
        headers.put_names(&mut sink, b";");
        assert_eq!(sink.finish().unwrap(), b"a+b;host;x-!#$%&'*+^_`|~");
        let mut sink = Buffer::new(&mut encoded);
        headers.put_names_encoded(&mut sink);
        assert_eq!(
            sink.finish().unwrap(),
            b"a%2Bb%3Bhost%3Bx-%21%23%24%25%26%27%2A%2B%5E_%60%7C~"
        );
    }
}
