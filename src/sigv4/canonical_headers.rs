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
    /// Every name and value is written unchanged and names differ, which is the usual case.
    pub(crate) plain: bool,
}

impl<'a, I: Iterator<Item = Option<Pair<'a>>> + Clone> PutHeaders for Sorted<I> {
    fn put(&self, sink: &mut dyn Sink, host: Option<&[u8]>) {
        let mut last: Option<Name<'_>> = None;
        for header in self.headers.clone() {
            let (name, value) = match (header, host) {
                (None, None) => continue,
                (None, Some(host)) => (HOST, Ok(host)),
                (Some(Pair { name, value }), _) => match value {
                    Value::Text(text) if self.plain => (name, Ok(text.as_bytes())),
                    value => (name, Err(value)),
                },
            };
            let [prefix, rest] = name.parts().map(str::as_bytes);
            if self.plain {
                match value {
                    Ok(value) => sink.put_all(&[prefix, rest, b":", value, b"\n"]),
                    Err(number) => number.read(|number| {
                        sink.put_all(&[prefix, rest, b":", number.as_bytes(), b"\n"]);
                    }),
                }
                continue;
            }
            if last.is_some_and(|last| last.same(&name)) {
                sink.put(b",");
            } else {
                if last.is_some() {
                    sink.put(b"\n");
                }
                put_lower(sink, &[prefix, rest]);
                sink.put(b":");
            }
            match value {
                Ok(host) => sink.put(host),
                Err(value) => value.read(|value| put_value(sink, value)),
            }
            last = Some(name);
        }
        if last.is_some() {
            sink.put(b"\n");
        }
    }

    fn put_names(&self, sink: &mut dyn Sink, separator: &[u8]) {
        let (mut last, mut before): (Option<Name<'_>>, &[u8]) = (None, b"");
        for header in self.headers.clone() {
            let name = header.map_or(HOST, |header| header.name);
            let [prefix, rest] = name.parts().map(str::as_bytes);
            if self.plain {
                sink.put_all(&[before, prefix, rest]);
            } else if !last.is_some_and(|last| last.same(&name)) {
                sink.put(before);
                put_lower(sink, &[prefix, rest]);
                last = Some(name);
            }
            before = separator;
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
    let (mut plain, mut last) = (true, b' ');
    for byte in value.bytes() {
        plain &= !byte.is_ascii_control() & ((byte, last) != (b' ', b' '));
        last = byte;
    }
    plain && (last != b' ' || value.is_empty())
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
