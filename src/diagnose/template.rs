//! The canonical request of what was sent, and the positions of its pieces.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use percent_encoding::percent_decode;
use zeroize::Zeroizing;

use super::seen::Seen;
use super::text::put_encoded;
use crate::sigv4::UNSIGNED_PAYLOAD;
use crate::sigv4::canonical_headers::put_value;

/// Written as AWS computes it: path and query are decoded, encoded and sorted.
pub(super) struct Template {
    pub(super) text: Zeroizing<Vec<u8>>,
    pub(super) method: Range<usize>,
    pub(super) path: Range<usize>,
    pub(super) query: Range<usize>,
    pub(super) pairs: Vec<Pair>,
    pub(super) headers: Vec<(String, Range<usize>)>,
    pub(super) payload: Range<usize>,
    /// Whether path and query were written differently from how they are signed.
    pub(super) path_is_unusual: bool,
    pub(super) query_is_unusual: bool,
}

/// The ranges of a parameter, and its index in the URL.
pub(super) struct Pair {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
    pub(super) at: usize,
}

/// The values of a header.
fn values<'s>(headers: &[(&'s str, &'s str)], name: &str) -> impl Iterator<Item = &'s str> {
    let headers = headers
        .iter()
        .filter(move |(sent, _)| sent.eq_ignore_ascii_case(name));
    headers.map(|(_, value)| *value)
}

impl Template {
    pub(super) fn new(seen: &Seen<'_>) -> Self {
        let url = &seen.url;
        // Names and values are encoded first, then sorted.
        let length = |text: &str| 3 * text.len();
        let room: usize = url
            .pairs
            .iter()
            .map(|(name, value)| length(name) + length(value))
            .sum();
        let mut encoded = Zeroizing::new(Vec::with_capacity(room));
        let mut order = Vec::new();
        for (at, (name, value)) in url.pairs.iter().enumerate() {
            if *name == "X-Amz-Signature" {
                continue;
            }
            let start = encoded.len();
            put_encoded(&mut encoded, percent_decode(name.as_bytes()), false);
            let middle = encoded.len();
            put_encoded(&mut encoded, percent_decode(value.as_bytes()), false);
            order.push((start..middle, middle..encoded.len(), at));
        }
        let piece = |range: &Range<usize>| encoded.get(range.clone()).unwrap_or_default();
        order.sort_by(|(a, a_value, _), (b, b_value, _)| {
            (piece(a), piece(a_value)).cmp(&(piece(b), piece(b_value)))
        });

        let sent = seen.headers.unwrap_or_default();
        let names: usize = seen
            .auth
            .signed_headers
            .iter()
            .map(|name| 2 * name.len() + 4)
            .sum();
        let headers: usize = sent.iter().map(|(_, value)| value.len() + 1).sum();
        let room =
            encoded.len() + 3 * order.len() + length(url.path) + names + headers + url.host.len();
        let mut text = Zeroizing::new(Vec::with_capacity(room + 256));
        let put = |text: &mut Vec<u8>, bytes: &[u8]| {
            let start = text.len();
            text.extend_from_slice(bytes);
            start..text.len()
        };
        let method = put(&mut text, seen.method.as_bytes());
        put(&mut text, b"\n");
        let start = text.len();
        put_encoded(&mut text, percent_decode(url.path.as_bytes()), true);
        let path = start..text.len();
        put(&mut text, b"\n");
        let start = text.len();
        let mut pairs = Vec::new();
        let path_is_unusual = text.get(path.clone()) != Some(url.path.as_bytes());
        let mut query_is_unusual = false;
        for (n, (name, value, at)) in order.iter().enumerate() {
            if n > 0 {
                put(&mut text, b"&");
            }
            let raw = url.pairs.get(*at).copied().unwrap_or_default();
            query_is_unusual |= (piece(name), piece(value)) != (raw.0.as_bytes(), raw.1.as_bytes());
            let name = put(&mut text, piece(name));
            put(&mut text, b"=");
            let value = put(&mut text, piece(value));
            pairs.push(Pair {
                name,
                value,
                at: *at,
            });
        }
        let query = start..text.len();
        put(&mut text, b"\n");
        let mut headers = Vec::new();
        for name in &seen.auth.signed_headers {
            put(&mut text, name.as_bytes());
            put(&mut text, b":");
            let start = text.len();
            if name == "host" {
                put(&mut text, url.host.as_bytes());
            } else {
                for (at, value) in values(sent, name).enumerate() {
                    if at > 0 {
                        put(&mut text, b",");
                    }
                    put_value(&mut *text, value);
                }
            }
            headers.push((name.clone(), start..text.len()));
            put(&mut text, b"\n");
        }
        put(&mut text, b"\n");
        for (at, name) in seen.auth.signed_headers.iter().enumerate() {
            if at > 0 {
                put(&mut text, b";");
            }
            put(&mut text, name.as_bytes());
        }
        put(&mut text, b"\n");
        let hash = values(sent, "x-amz-content-sha256")
            .next()
            .unwrap_or(UNSIGNED_PAYLOAD)
            .trim();
        let payload = put(
            &mut text,
            hash.get(..128.min(hash.len()))
                .unwrap_or_default()
                .as_bytes(),
        );
        Self {
            text,
            method,
            path,
            query,
            pairs,
            headers,
            payload,
            path_is_unusual,
            query_is_unusual,
        }
    }

    pub(super) fn get(&self, range: &Range<usize>) -> &[u8] {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The text of a range: ASCII, except for headers.
    pub(super) fn str(&self, range: &Range<usize>) -> &str {
        core::str::from_utf8(self.get(range)).unwrap_or_default()
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<Range<usize>> {
        let mut pairs = self.pairs.iter();
        let pair = pairs.find(|pair| self.str(&pair.name) == name)?;
        Some(pair.value.clone())
    }

    pub(super) fn header(&self, name: &str) -> Option<Range<usize>> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, range)| range.clone())
    }

    /// A parameter, including the separator before or after it.
    pub(super) fn whole(&self, pair: &Pair) -> Range<usize> {
        let (start, end) = (pair.name.start, pair.value.end);
        if end < self.query.end {
            start..end + 1
        } else {
            start.saturating_sub(usize::from(start > self.query.start))..end
        }
    }

    /// Where to insert a parameter, and the text to insert.
    pub(super) fn insertion(&self, name: &str, value: &[u8]) -> (usize, Zeroizing<Vec<u8>>) {
        let after = self
            .pairs
            .iter()
            .find(|pair| self.get(&pair.name) > name.as_bytes());
        let mut text = Zeroizing::new(Vec::with_capacity(name.len() + value.len() + 2));
        let at = after.map_or(self.query.end, |pair| pair.name.start);
        if after.is_none() && !self.pairs.is_empty() {
            text.push(b'&');
        }
        text.extend_from_slice(name.as_bytes());
        text.push(b'=');
        text.extend_from_slice(value);
        if after.is_some() {
            text.push(b'&');
        }
        (at, text)
    }
}
