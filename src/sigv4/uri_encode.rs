//! `UriEncode()`: percent-encoding as the specification defines it.
//!
//! "URI encode every byte except the unreserved characters: 'A'-'Z', 'a'-'z', '0'-'9', '-', '.', '_', and '~'."
//! Digits are upper case; a space is `%20`; bytes are those of UTF-8.

use core::cmp::Ordering;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::sink::Sink;

const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// "Encode the forward slash character, '/', everywhere except in the object key name."
const PATH: &AsciiSet = &QUERY.remove(b'/');

/// Writes a parameter's name or value.
pub(crate) fn query(sink: &mut impl Sink, text: &str) {
    percent_encode(text.as_bytes(), QUERY).for_each(|run| sink.put(run.as_bytes()));
}

/// Hands what is put on to another sink, encoded like a parameter's value.
pub(crate) struct Encoded<'s, S>(pub(crate) &'s mut S);

impl<S: Sink> Sink for Encoded<'_, S> {
    fn put(&mut self, bytes: &[u8]) {
        percent_encode(bytes, QUERY).for_each(|run| self.0.put(run.as_bytes()));
    }
}

/// Writes a path, its slashes kept.
pub(crate) fn path(sink: &mut impl Sink, text: &str) {
    percent_encode(text.as_bytes(), PATH).for_each(|run| sink.put(run.as_bytes()));
}

/// Whether a byte of a name or value is kept as it is.
pub(crate) const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// The order of two texts once they are encoded, found without encoding them.
///
/// `%` sorts before every unreserved character and upper-case hexadecimal sorts like the byte it stands for, so at the
/// first difference an encoded byte comes before an unreserved one, and two of a kind compare as bytes.
pub(crate) fn cmp_encoded(a: &str, b: &str) -> Ordering {
    let rank = |byte: u8| (is_unreserved(byte), byte);
    a.bytes().map(rank).cmp(b.bytes().map(rank))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigv4::sink::Buffer;

    fn encoded(text: &str) -> String {
        let mut bytes = [0; 64];
        let mut buffer = Buffer::new(&mut bytes);
        query(&mut buffer, text);
        str::from_utf8(buffer.finish().unwrap()).unwrap().into()
    }

    #[test]
    fn every_reserved_byte_is_encoded() {
        assert_eq!(encoded("aZ09-._~"), "aZ09-._~");
        assert_eq!(
            encoded(" !\"#$%&'()*+,/:;<=>"),
            "%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E"
        );
        assert_eq!(
            encoded("?@[\\]^`{|}\u{7f}\0é"),
            "%3F%40%5B%5C%5D%5E%60%7B%7C%7D%7F%00%C3%A9"
        );
        let mut bytes = [0; 16];
        let mut buffer = Buffer::new(&mut bytes);
        path(&mut buffer, "a/b c//");
        assert_eq!(buffer.finish().unwrap(), b"a/b%20c//");
    }

    #[test]
    fn order_is_that_of_the_encoded_text() {
        let texts: Vec<String> = (0..=0x24f_u32)
            .filter_map(char::from_u32)
            .map(|c| format!("a{c}"))
            .chain(["", "a", "a-", "a=", "aa", "a b"].map(Into::into))
            .collect();
        for a in &texts {
            for b in &texts {
                let expected = encoded(a).cmp(&encoded(b));
                assert_eq!(cmp_encoded(a, b), expected, "{a:?} {b:?}");
            }
        }
    }
}
