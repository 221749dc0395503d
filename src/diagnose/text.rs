//! Text operations that leave no copy behind: the texts may contain a token or a signature.

use alloc::string::String;
use alloc::vec::Vec;

use percent_encoding::percent_decode;
use zeroize::{Zeroize, Zeroizing};

use crate::sigv4::uri_encode::{escape, is_unreserved};
use crate::text::entity;

/// Replaces one part of a text by another. Joining allocates once, so that no shorter buffer is left behind.
pub(super) fn replace(text: &str, from: &str, to: &str) -> Zeroizing<String> {
    Zeroizing::new(text.split(from).collect::<Vec<_>>().join(to))
}

/// Replaces escapes, if the text contains one of them.
pub(super) fn undo(text: &str, escapes: &[(&str, &str)]) -> Option<Zeroizing<String>> {
    let there = escapes.iter().any(|(escape, _)| text.contains(escape));
    there.then(|| {
        let start = Zeroizing::new(String::from(text));
        escapes
            .iter()
            .fold(start, |text, (from, to)| replace(&text, from, to))
    })
}

pub(super) fn with_room(bytes: usize) -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(bytes))
}

/// A text without some of its characters.
pub(super) fn without(text: &str, drop: impl Fn(char) -> bool) -> Zeroizing<String> {
    let mut kept = with_room(text.len());
    text.chars()
        .filter(|c| !drop(*c))
        .for_each(|c| kept.push(c));
    kept
}

/// Decodes percent-encoding, with invalid UTF-8 as U+FFFD.
pub(super) fn decode(text: &str) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    bytes.extend(percent_decode(text.as_bytes()));
    let mut decoded = with_room(3 * bytes.len());
    for chunk in bytes.utf8_chunks() {
        decoded.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            decoded.push(char::REPLACEMENT_CHARACTER);
        }
    }
    decoded
}

/// Writes bytes as SigV4 encodes them. The buffer must have enough room.
pub(super) fn put_encoded(out: &mut Vec<u8>, bytes: impl Iterator<Item = u8>, slash: bool) {
    for byte in bytes {
        if is_unreserved(byte) || (slash && byte == b'/') {
            out.push(byte);
        } else {
            out.extend(escape(byte));
        }
    }
}

/// Encodes a text as SigV4 does.
pub(super) fn encode(text: &[u8], slash: bool) -> Zeroizing<Vec<u8>> {
    let mut encoded = Zeroizing::new(Vec::with_capacity(3 * text.len()));
    put_encoded(&mut encoded, text.iter().copied(), slash);
    encoded
}

/// Decodes XML entities.
pub(super) fn unescape_xml(text: &str) -> Zeroizing<String> {
    let mut plain = with_room(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let name = after.get(..after.len().min(10)).unwrap_or_default();
        let name = name.split_once(';').map_or("", |(name, _)| name);
        match entity(name, &['x', 'X']) {
            Some(c) => {
                plain.push(c);
                rest = after.get(name.len() + 1..).unwrap_or_default();
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// Reads `47 45 54 0a`.
pub(super) fn unhex(text: &str) -> Option<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 2 + 1));
    let mut high = None;
    for digit in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let digit = u8::try_from(char::from(digit).to_digit(16)?).ok()?;
        match high.take() {
            None => high = Some(digit),
            Some(high) => bytes.push(high << 4 | digit),
        }
    }
    if bytes.is_empty() || high.is_some() {
        return None;
    }
    into_text(bytes)
}

/// The text that the bytes are, if they are UTF-8.
pub(super) fn into_text(mut bytes: Zeroizing<Vec<u8>>) -> Option<Zeroizing<String>> {
    match String::from_utf8(core::mem::take(&mut *bytes)) {
        Ok(text) => Some(Zeroizing::new(text)),
        Err(error) => {
            error.into_bytes().zeroize();
            None
        }
    }
}
