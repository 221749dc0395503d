//! Step 1a: the canonical query string, which is also the query that is sent.
//!
//! "Sort the parameter names by character code point in ascending order [...] after encoding", and within one name by
//! value. [`Auth`] writes the authentication parameters in alphabetical order; the caller's are merged among them.

#[cfg(feature = "std")]
use alloc::{string::String, vec::Vec};
use core::cmp::Ordering;

use super::canonical_headers::HostOnly;
use super::canonical_request::PutHeaders;
use super::pairs::Pair;
use super::scope::Scope;
#[cfg(feature = "std")]
use super::sink::Length;
use super::sink::{Buffer, Sink, put_decimal};
use super::uri_encode::{self, cmp_encoded};
use crate::text::Text;
use crate::timestamp::Stamp;

/// The caller's headers and query parameters, checked and sorted.
pub(crate) trait Additions: PutHeaders {
    /// Writes the whole query except the signature.
    fn put_query(&self, auth: &Auth<'_>, out: &mut Buffer<'_>);

    /// The payload hash from a header, if there is one.
    fn payload_hash(&self) -> Option<&str>;
}

impl Additions for HostOnly {
    fn put_query(&self, auth: &Auth<'_>, out: &mut Buffer<'_>) {
        auth.put(out);
        out.put(b"host");
    }

    fn payload_hash(&self) -> Option<&str> {
        None
    }
}

/// Writes the authentication parameters, the names of the signed headers, and the sorted `parameters`.
pub(crate) fn put<'p>(
    out: &mut Buffer<'_>,
    auth: &Auth<'_>,
    put_names: impl FnOnce(&mut Buffer<'_>),
    mut parameters: impl Iterator<Item = Pair<'p>>,
) {
    let precedes = |pair: &Pair<'_>, name: &str| cmp_encoded(pair.name.rest, name).is_lt();
    let mut next = parameters.next();
    if next.is_some_and(|pair| precedes(&pair, Auth::LAST)) {
        auth.put_among(out, |out, name| {
            while let Some(pair) = next.filter(|pair| precedes(pair, name)) {
                put_encoded(out, &pair);
                out.put(b"&");
                next = parameters.next();
            }
        });
    } else {
        auth.put(out);
    }
    put_names(out);
    while let Some(pair) = next {
        out.put(b"&");
        put_encoded(out, &pair);
        next = parameters.next();
    }
}

/// Writes `name=value`, encoded.
fn put_encoded(sink: &mut impl Sink, pair: &Pair<'_>) {
    uri_encode::query(sink, pair.name.rest);
    sink.put(b"=");
    pair.value.put_encoded(sink);
}

/// The order of two parameters: by encoded name, then by encoded value.
pub(crate) fn compare(a: &Pair<'_>, b: &Pair<'_>) -> Ordering {
    cmp_encoded(a.name.rest, b.name.rest)
        .then_with(|| a.value.read(|a| b.value.read(|b| cmp_encoded(a, b))))
}

/// The authentication parameters.
pub(crate) struct Auth<'q> {
    pub(crate) access_key_id: &'q str,
    pub(crate) scope: Scope<'q>,
    pub(crate) stamp: Stamp,
    pub(crate) expires: u32,
    /// The regions of Signature Version 4A.
    pub(crate) region_set: Option<&'q str>,
    /// The name of the token's parameter, and the token.
    pub(crate) session_token: Option<(&'static str, &'q str)>,
    /// The parts of this that were written before.
    pub(crate) written: Option<&'q Written>,
}

fn nothing<S>(_: &mut S, _: &str) {}

impl Auth<'_> {
    /// The name of the last parameter.
    const LAST: &'static str = "X-Amz-SignedHeaders";

    /// Writes the parameters in alphabetical order, up to the value of the last.
    fn put(&self, sink: &mut impl Sink) {
        match self.written {
            Some(written) => sink.put(written.start()),
            None => put_start(sink, self.access_key_id, &self.scope, nothing),
        }
        sink.put_all(&[self.stamp.as_bytes(), b"&X-Amz-Expires="]);
        put_decimal(sink, self.expires);
        if let Some(regions) = self.region_set {
            sink.put(b"&X-Amz-Region-Set=");
            uri_encode::query(sink, regions);
        }
        if let Some((name, token)) = self.session_token {
            sink.put_all(&[b"&", name.as_bytes(), b"="]);
            match self.written {
                Some(written) => sink.put(written.token()),
                None => uri_encode::query(sink, token),
            }
        }
        sink.put(b"&X-Amz-SignedHeaders=");
    }

    /// Writes the same parameters, and calls `before` ahead of each name to write the caller's parameters that precede it.
    fn put_among<S: Sink>(&self, sink: &mut S, mut before: impl FnMut(&mut S, &str)) {
        put_start(sink, self.access_key_id, &self.scope, &mut before);
        sink.put(self.stamp.as_bytes());
        sink.put(b"&");
        before(sink, "X-Amz-Expires");
        sink.put(b"X-Amz-Expires=");
        put_decimal(sink, self.expires);
        sink.put(b"&");
        if let Some(regions) = self.region_set {
            before(sink, "X-Amz-Region-Set");
            sink.put(b"X-Amz-Region-Set=");
            uri_encode::query(sink, regions);
            sink.put(b"&");
        }
        if let Some((name, token)) = self.session_token {
            before(sink, name);
            sink.put_all(&[name.as_bytes(), b"="]);
            uri_encode::query(sink, token);
            sink.put(b"&");
        }
        before(sink, Self::LAST);
        sink.put(b"X-Amz-SignedHeaders=");
    }
}

/// Writes the query up to the value of `X-Amz-Date`.
fn put_start<S: Sink>(
    sink: &mut S,
    access_key_id: &str,
    scope: &Scope<'_>,
    mut before: impl FnMut(&mut S, &str),
) {
    before(sink, "X-Amz-Algorithm");
    sink.put_all(&[
        b"X-Amz-Algorithm=",
        scope.algorithm().name().as_bytes(),
        b"&",
    ]);
    before(sink, "X-Amz-Credential");
    sink.put(b"X-Amz-Credential=");
    uri_encode::query(sink, access_key_id);
    sink.put(b"%2F");
    scope.put_encoded(sink);
    sink.put(b"&");
    before(sink, "X-Amz-Date");
    sink.put(b"X-Amz-Date=");
}

/// The text that all URLs of a signing key share. Wiped on drop, because it contains the token.
#[derive(Clone)]
pub(crate) struct Written {
    text: Text<'static>,
    /// Where the parts end.
    start: usize,
    scope: usize,
}

impl Written {
    /// `None` if memory could not be allocated.
    #[cfg(feature = "std")]
    pub(crate) fn new(access_key_id: &str, scope: &Scope<'_>, token: &str) -> Option<Self> {
        let mut length = Length(0);
        put_start(&mut length, access_key_id, scope, nothing);
        let start = length.0;
        scope.put(&mut length);
        let scope_end = length.0;
        uri_encode::query(&mut length, token);
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length.0).ok()?; // growing would leave copies in freed memory
        put_start(&mut bytes, access_key_id, scope, nothing);
        scope.put(&mut bytes);
        uri_encode::query(&mut bytes, token);
        Some(Self {
            text: Text::Owned(String::from_utf8(bytes).ok()?.into()),
            start,
            scope: scope_end,
        })
    }

    fn start(&self) -> &[u8] {
        self.text.as_bytes().get(..self.start).unwrap_or_default()
    }

    /// The scope.
    pub(crate) fn scope(&self) -> &[u8] {
        let part = self.text.as_bytes().get(self.start..self.scope);
        part.unwrap_or_default()
    }

    fn token(&self) -> &[u8] {
        self.text.as_bytes().get(self.scope..).unwrap_or_default()
    }
}
