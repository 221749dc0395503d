//! The signed headers of a request.

use percent_encoding::percent_decode_str;

use super::super::{Rejection, Request};
use crate::sigv4::canonical_headers::{is_token, put_value};
use crate::sigv4::canonical_request::PutHeaders;
use crate::sigv4::order;
use crate::sigv4::sink::Sink;

/// The maximum number of headers, received or signed: `host`, and as many as signing allows.
pub(super) const MAX_HEADERS: usize = order::MAX + 1;

/// Marks a header that is not signed.
pub(super) const UNSIGNED: u16 = u16::MAX;

/// A name in `X-Amz-SignedHeaders`, still encoded.
#[derive(Clone, Copy)]
pub(super) struct SignedName<'r>(&'r str);

pub(super) fn names(list: &str) -> impl Iterator<Item = SignedName<'_>> {
    list.split("%3B").map(SignedName)
}

impl<'r> SignedName<'r> {
    pub(super) fn bytes(self) -> percent_encoding::PercentDecode<'r> {
        percent_decode_str(self.0)
    }

    pub(super) fn is(self, name: &str) -> bool {
        self.bytes()
            .eq(name.bytes().map(|byte| byte.to_ascii_lowercase()))
    }

    fn put(self, sink: &mut dyn Sink) {
        self.bytes().for_each(|byte| sink.put(&[byte]));
    }
}

pub(super) fn check_signed_headers(list: &str) -> Result<(), Rejection> {
    if names(list).nth(MAX_HEADERS).is_some() {
        return Err(Rejection::TooManyHeaders);
    }
    let mut last: Option<SignedName<'_>> = None;
    for name in names(list) {
        let lower = name
            .bytes()
            .all(|byte| is_token(byte) && !byte.is_ascii_uppercase());
        if name.0.is_empty() || !lower || last.is_some_and(|last| name.bytes().le(last.bytes())) {
            return Err(Rejection::MalformedSignedHeaders);
        }
        last = Some(name);
    }
    if names(list).any(|name| name.is("host")) {
        Ok(())
    } else {
        Err(Rejection::MalformedSignedHeaders)
    }
}

/// The signed headers with the values received.
pub(crate) struct ReceivedHeaders<'r> {
    signed: &'r str,
    request: Request<'r>,
    /// For each received header, the number of its signed name, or [`UNSIGNED`].
    pub(super) places: [u16; MAX_HEADERS],
}

impl<'r> ReceivedHeaders<'r> {
    /// Finds the signed name of each header; there are at most [`MAX_HEADERS`] of both.
    pub(super) fn new(signed: &'r str, request: &Request<'r>) -> Self {
        let mut end = 0;
        let starts = names(signed).map(|name| {
            let start = end;
            end += name.0.len() + "%3B".len();
            start as u16 // at most the length of the query
        });
        let mut room = [0; MAX_HEADERS];
        let starts = order::fill(&mut room, starts).unwrap_or_default();
        let name_at = |start: &u16| {
            let rest = signed.get(usize::from(*start)..);
            names(rest.unwrap_or_default()).next()
        };
        let mut places = [UNSIGNED; MAX_HEADERS];
        for (place, (sent, _)) in places.iter_mut().zip(request.fields()) {
            let sent = sent.bytes().map(|byte| byte.to_ascii_lowercase());
            let found = starts.binary_search_by(|start| {
                let name = name_at(start).into_iter().flat_map(SignedName::bytes);
                name.cmp(sent.clone())
            });
            *place = found.map_or(UNSIGNED, |at| at as u16);
        }
        Self {
            signed,
            request: *request,
            places,
        }
    }

    /// The values of the signed name with this number.
    pub(super) fn values(&self, place: usize) -> impl Iterator<Item = Option<&'r str>> {
        let fields = self.request.fields().zip(&self.places);
        fields
            .filter(move |(_, named)| usize::from(**named) == place)
            .map(|((_, value), _)| value)
    }
}

impl PutHeaders for ReceivedHeaders<'_> {
    fn put(&self, sink: &mut dyn Sink, host: Option<&[u8]>) {
        for (place, name) in names(self.signed).enumerate() {
            name.put(sink);
            sink.put(b":");
            if name.is("host") {
                sink.put(host.unwrap_or_default());
            } else {
                for (at, value) in self.values(place).flatten().enumerate() {
                    if at > 0 {
                        sink.put(b",");
                    }
                    put_value(sink, value);
                }
            }
            sink.put(b"\n");
        }
    }

    fn put_names(&self, sink: &mut dyn Sink, separator: &[u8]) {
        for (at, name) in names(self.signed).enumerate() {
            if at > 0 {
                sink.put(separator);
            }
            name.put(sink);
        }
    }
}
