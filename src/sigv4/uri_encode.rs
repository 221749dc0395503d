//! `UriEncode()`: percent-encoding as the specification defines it.
//!
//! "URI encode every byte except the unreserved characters: 'A'-'Z', 'a'-'z', '0'-'9', '-', '.', '_', and '~'."
//! Hexadecimal digits are upper case, and a space is `%20`.

use core::cmp::Ordering;

use super::sink::Sink;

/// Writes the name or value of a parameter.
pub(crate) fn query(sink: &mut impl Sink, text: &str) {
    encode(sink, text.as_bytes(), KEPT_IN_QUERY);
}

/// Encodes bytes like a parameter's value, and writes them to another sink.
pub(crate) struct Encoded<'s, S>(pub(crate) &'s mut S);

impl<S: Sink> Sink for Encoded<'_, S> {
    fn put(&mut self, bytes: &[u8]) {
        encode(self.0, bytes, KEPT_IN_QUERY);
    }
}

/// Writes a path, in which slashes are not encoded: "Encode the forward slash character, '/', everywhere except in the
/// object key name."
pub(crate) fn path(sink: &mut impl Sink, text: &str) {
    encode(sink, text.as_bytes(), KEPT_IN_PATH);
}

const KEPT_IN_QUERY: u8 = 1;
const KEPT_IN_PATH: u8 = 2;

/// Where each byte is kept unencoded. A lookup is faster than comparisons.
#[allow(clippy::indexing_slicing)] // out of bounds would not compile
static KEPT: [u8; 256] = {
    let mut kept = [0; 256];
    let mut byte = 0;
    while byte < kept.len() {
        if is_unreserved(byte as u8) {
            kept[byte] = KEPT_IN_QUERY | KEPT_IN_PATH;
        }
        byte += 1;
    }
    kept[b'/' as usize] = KEPT_IN_PATH;
    kept
};

/// Alternates between runs of unencoded bytes, which are found eight at a time, and escapes.
fn encode(sink: &mut impl Sink, mut bytes: &[u8], place: u8) {
    let kept = |byte: &u8| KEPT.get(usize::from(*byte)).map_or(0, |kept| kept & place);
    loop {
        let mut rest = bytes;
        while let Some((eight, after)) = rest.split_first_chunk::<8>() {
            if eight.iter().fold(place, |all, byte| all & kept(byte)) == 0 {
                break;
            }
            rest = after;
        }
        while let [byte, after @ ..] = rest {
            if kept(byte) == 0 {
                break;
            }
            rest = after;
        }
        let run = bytes.len() - rest.len();
        sink.put(bytes.get(..run).unwrap_or_default());
        while let [byte, after @ ..] = rest {
            if kept(byte) != 0 {
                break;
            }
            sink.put(&escape(*byte));
            rest = after;
        }
        if rest.is_empty() {
            return;
        }
        bytes = rest;
    }
}

/// `%` and two upper-case digits.
pub(crate) const fn escape(byte: u8) -> [u8; 3] {
    const fn digit(n: u8) -> u8 {
        n + if n < 10 { b'0' } else { b'A' - 10 }
    }
    [b'%', digit(byte >> 4), digit(byte & 15)]
}

/// Whether a byte of a name or value stays unencoded.
pub(crate) const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Whether a text is encoded the way [`query`] or [`path`] encodes: exactly the bytes that must be, with upper-case digits.
pub(crate) const fn is_encoded(text: &[u8], is_path: bool) -> bool {
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        rest = match (*byte, after) {
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    let byte = high << 4 | low;
                    if is_unreserved(byte) || (is_path && byte == b'/') {
                        return false;
                    }
                    after
                }
                _ => return false,
            },
            (b'/', after) if is_path => after,
            (byte, after) if is_unreserved(byte) => after,
            _ => return false,
        };
    }
    true
}

const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Whether bytes are UTF-8.
pub(crate) fn is_utf8(mut bytes: impl Iterator<Item = u8>) -> bool {
    while let Some(first) = bytes.next() {
        let length = match first {
            0..=0x7f => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return false,
        };
        let mut character = [first, 0, 0, 0];
        for byte in character.iter_mut().take(length).skip(1) {
            *byte = bytes.next().unwrap_or_default(); // zero does not continue a character
        }
        let character = character.get(..length).unwrap_or_default();
        if core::str::from_utf8(character).is_err() {
            return false;
        }
    }
    true
}

/// The order of two texts after encoding, without encoding them.
///
/// `%` sorts before every unreserved character, and upper-case hexadecimal sorts like the byte it encodes. At the first
/// difference, an encoded byte therefore precedes an unreserved one, and two bytes of the same kind compare as bytes.
pub(crate) fn cmp_encoded(a: &str, b: &str) -> Ordering {
    let rank = |byte: u8| (is_unreserved(byte), byte);
    match a.bytes().zip(b.bytes()).find(|(a, b)| a != b) {
        Some((a, b)) => rank(a).cmp(&rank(b)),
        None => a.len().cmp(&b.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sink::Buffer;
    use super::*;

    fn encoded(text: &str) -> String {
        let mut bytes = [0; 64];
        let mut buffer = Buffer::new(&mut bytes);
        query(&mut buffer, text);
        core::str::from_utf8(buffer.finish().unwrap())
            .unwrap()
            .into()
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

    /// Compares with the `percent-encoding` crate.
    #[test]
    fn like_percent_encoding() {
        use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
        const SET: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC
            .remove(b'-')
            .remove(b'.')
            .remove(b'_')
            .remove(b'~');
        for c in (0..0x3000).filter_map(char::from_u32) {
            for text in [format!("{c}"), format!("a{c}{c}b/"), format!("/{c}")] {
                let twin = utf8_percent_encode(&text, SET).to_string();
                assert_eq!(encoded(&text), twin);
                let (mut bytes, twin) = ([0; 64], twin.replace("%2F", "/"));
                let mut buffer = Buffer::new(&mut bytes);
                path(&mut buffer, &text);
                assert_eq!(buffer.finish(), Some(twin.as_bytes()));
            }
        }
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
