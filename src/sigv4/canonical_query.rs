//! Step 1a: the canonical query string, which is also the query that is sent.
//!
//! "Sort the parameter names by character code point in ascending order [...] after encoding", and within one name by
//! value. The authentication parameters stand in alphabetical order in [`Auth`]; the caller's are merged among them.

#[cfg(feature = "alloc")]
use alloc::{string::String, vec::Vec};
use core::cmp::Ordering;

use super::canonical_headers::CanonicalHeaders;
use super::order::{Order, entry};
use super::pairs::{Pair, Pairs, put_encoded};
use super::scope::Scope;
use super::sink::{Buffer, Length, Sink, put_decimal};
use super::uri_encode::{self, cmp_encoded};
use crate::error::Error;
use crate::text::Text;
use crate::timestamp::Stamp;

/// Everything that the query carries but the signature.
pub(crate) struct CanonicalQuery<'q> {
    pub(crate) auth: Auth<'q>,
    pub(crate) parameters: &'q Pairs<'q>,
}

/// The authentication parameters.
pub(crate) struct Auth<'q> {
    pub(crate) access_key_id: &'q str,
    pub(crate) scope: Scope<'q>,
    pub(crate) stamp: Stamp,
    pub(crate) expires: u32,
    /// The regions of Signature Version 4A.
    pub(crate) region_set: Option<&'q str>,
    /// The name under which the token goes, and the token.
    pub(crate) session_token: Option<(&'static str, &'q str)>,
    /// What of this was written before.
    pub(crate) written: Option<&'q Written>,
    pub(crate) signed_headers: &'q CanonicalHeaders<'q>,
}

/// Names that only the signer may set, in lower case; compared without case.
const RESERVED: [&str; 9] = [
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-region-set",
    "x-amz-s3session-token",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-signedheaders",
];

/// Entries of an [`Order`] of parameters take two bytes.
const ORDER_WIDTH: usize = 2;
const MAX_PARAMETERS: usize = 0xffff;

impl CanonicalQuery<'_> {
    /// Writes the authentication parameters alone: there are no others.
    pub(crate) fn write_auth(&self, out: &mut Buffer<'_>) -> Result<(), Error> {
        self.auth.put(out, self.auth.written, nothing);
        Ok(())
    }

    /// Writes `name=value` pairs joined by `&`.
    ///
    /// # Errors
    /// `EmptyQueryParameterName`, `ReservedQueryParameter`, `TooManyQueryParameters`, `DuplicateQueryParameter`;
    /// nothing for a short buffer, which goes on counting.
    pub(crate) fn write(&self, out: &mut Buffer<'_>) -> Result<(), Error> {
        let n = self.parameters.len();
        if n > MAX_PARAMETERS || self.parameters.overflowed() {
            return Err(Error::TooManyQueryParameters);
        }
        let mut sorted = true;
        let mut last: Option<Pair<'_>> = None;
        for pair in self.parameters.iter() {
            if pair.name.rest.is_empty() {
                return Err(Error::EmptyQueryParameterName);
            }
            if let Some(name) = RESERVED.into_iter().find(|name| pair.name.is(name)) {
                return Err(Error::ReservedQueryParameter { name });
            }
            sorted = sorted && last.is_none_or(|last| distinct(&last, &pair) == Ok(Ordering::Less));
            last = Some(pair);
        }
        if sorted {
            self.put(out, |_, at| at);
            return Ok(());
        }
        // The order is kept at the end of the room. Each pair needs at least its two bytes of order once it is
        // written (a name of one byte and `=`), so the writing never reaches the part of the order still to be read.
        let mut length = Length(0);
        self.put(&mut length, |_, at| at);
        let room = out.room().get_mut(..length.0).unwrap_or_default();
        let Some(mut order) = Order::<ORDER_WIDTH>::identity(room, n) else {
            self.put(out, |_, at| at); // nor is there room for the query: its length is all that is wanted
            return Ok(());
        };
        order.sort(
            |a, b| match (self.parameters.get(a), self.parameters.get(b)) {
                (Some(x), Some(y)) => compare(&x, &y).then(a.cmp(&b)).is_lt(),
                _ => false,
            },
        );
        let pairs = (0..n).map(|at| self.parameters.get(order.get(at)));
        let mut last: Option<Pair<'_>> = None;
        for pair in pairs.flatten() {
            if let Some(last) = last {
                distinct(&last, &pair)?;
            }
            last = Some(pair);
        }
        let entries = out.len() + length.0 - n * ORDER_WIDTH;
        self.put(out, |out, at| {
            entry::<ORDER_WIDTH>(out.range(entries, entries + n * ORDER_WIDTH), at)
        });
        Ok(())
    }

    /// Writes the parameters in the order that `nth` gives, merged with the authentication parameters.
    fn put<S: Sink>(&self, sink: &mut S, nth: impl Fn(&S, usize) -> usize) {
        let mut rest = 0..self.parameters.len();
        let precedes = |pair: &Pair<'_>, name: &str| cmp_encoded(pair.name.rest, name).is_lt();
        let mut next = rest
            .next()
            .and_then(|at| self.parameters.get(nth(sink, at)));
        if next.is_some_and(|pair| precedes(&pair, Auth::LAST)) {
            self.auth.put(sink, None, |sink, name| {
                while let Some(pair) = next.filter(|pair| precedes(pair, name)) {
                    put_encoded(sink, &pair);
                    sink.put(b"&");
                    next = rest
                        .next()
                        .and_then(|at| self.parameters.get(nth(sink, at)));
                }
            });
        } else {
            self.auth.put(sink, self.auth.written, nothing);
        }
        while let Some(pair) = next {
            sink.put(b"&");
            put_encoded(sink, &pair);
            next = rest
                .next()
                .and_then(|at| self.parameters.get(nth(sink, at)));
        }
    }
}

fn nothing<S>(_: &mut S, _: &str) {}

impl Auth<'_> {
    /// The name of the last parameter.
    const LAST: &'static str = "X-Amz-SignedHeaders";

    /// Writes the parameters in alphabetical order, before each of which `before` writes what stands before its name.
    ///
    /// `start` is what [`put_start`] wrote, where nothing stands before or between its names.
    fn put<S: Sink>(
        &self,
        sink: &mut S,
        start: Option<&Written>,
        mut before: impl FnMut(&mut S, &str),
    ) {
        match start {
            Some(written) => sink.put(written.start()),
            None => put_start(sink, self.access_key_id, &self.scope, &mut before),
        }
        sink.put(self.stamp.as_bytes());
        sink.put(b"&");
        before(sink, "X-Amz-Expires");
        sink.put(b"X-Amz-Expires=");
        put_decimal(sink, self.expires.into());
        sink.put(b"&");
        if let Some(regions) = self.region_set {
            before(sink, "X-Amz-Region-Set");
            sink.put(b"X-Amz-Region-Set=");
            uri_encode::query(sink, regions);
            sink.put(b"&");
        }
        if let Some((name, token)) = self.session_token {
            before(sink, name);
            sink.put(name.as_bytes());
            sink.put(b"=");
            match self.written {
                Some(written) => sink.put(written.token()),
                None => uri_encode::query(sink, token),
            }
            sink.put(b"&");
        }
        before(sink, Self::LAST);
        sink.put(b"X-Amz-SignedHeaders=");
        self.signed_headers.put_names_encoded(sink);
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
    sink.put(b"X-Amz-Algorithm=");
    sink.put(scope.algorithm().name().as_bytes());
    sink.put(b"&");
    before(sink, "X-Amz-Credential");
    sink.put(b"X-Amz-Credential=");
    uri_encode::query(sink, access_key_id);
    sink.put(b"%2F");
    scope.put_encoded(sink);
    sink.put(b"&");
    before(sink, "X-Amz-Date");
    sink.put(b"X-Amz-Date=");
}

/// What is the same in each URL that one signing key signs; wiped on drop, as it holds the token.
#[derive(Clone)]
pub(crate) struct Written {
    text: Text<'static>,
    /// Where parts end.
    start: usize,
    scope: usize,
}

impl Written {
    /// `None` where there is no memory for it.
    #[cfg(feature = "alloc")]
    pub(crate) fn new(access_key_id: &str, scope: &Scope<'_>, token: &str) -> Option<Self> {
        let mut length = Length(0);
        put_start(&mut length, access_key_id, scope, nothing);
        let start = length.0;
        scope.put(&mut length);
        let scope_end = length.0;
        uri_encode::query(&mut length, token);
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length.0).ok()?; // growing would leave copies behind
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

fn compare(a: &Pair<'_>, b: &Pair<'_>) -> Ordering {
    cmp_encoded(a.name.rest, b.name.rest)
        .then_with(|| a.value.read(|a| b.value.read(|b| cmp_encoded(a, b))))
}

/// How two pairs compare; an error where both cannot be meant.
fn distinct(a: &Pair<'_>, b: &Pair<'_>) -> Result<Ordering, Error> {
    let order = compare(a, b);
    if order.is_eq() || ((a.single || b.single) && a.name.rest == b.name.rest) {
        return Err(Error::DuplicateQueryParameter);
    }
    Ok(order)
}
