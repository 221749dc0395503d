//! Step 1a: the canonical query string, which is also the query that is sent.
//!
//! "Sort the parameter names by character code point in ascending order [...] after encoding", and within one name by
//! value. The authentication parameters stand in alphabetical order in [`Auth`]; the caller's are merged among them.

use core::cmp::Ordering;

use super::canonical_headers::CanonicalHeaders;
use super::order::{Order, entry};
use super::pairs::{Pair, Pairs, put_encoded};
use super::scope::Scope;
use super::sink::{Buffer, Length, Sink, put_decimal};
use super::uri_encode::{self, cmp_encoded};
use crate::error::Error;
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
    pub(crate) session_token: Option<(&'static str, Token<'q>)>,
    pub(crate) signed_headers: &'q CanonicalHeaders<'q>,
}

/// A session token, as it is or encoded before.
#[derive(Clone, Copy)]
pub(crate) enum Token<'q> {
    Plain(&'q str),
    #[cfg(feature = "alloc")]
    Encoded(&'q str),
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
        let mut separator: &[u8] = b"";
        for at in 0..Auth::NAMES.len() {
            if self.auth.has(at) {
                out.put(separator);
                self.auth.put(out, at);
                separator = b"&";
            }
        }
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
        let mut auth = (0..Auth::NAMES.len())
            .filter(|at| self.auth.has(*at))
            .peekable();
        let mut first = true;
        let mut separate = move |sink: &mut S| {
            if !first {
                sink.put(b"&");
            }
            first = false;
        };
        for at in 0..self.parameters.len() {
            let Some(pair) = self.parameters.get(nth(sink, at)) else {
                return;
            };
            let precedes = |at: &usize| {
                Auth::NAMES
                    .get(*at)
                    .is_some_and(|name| cmp_encoded(name, pair.name.rest).is_lt())
            };
            while let Some(at) = auth.next_if(precedes) {
                separate(sink);
                self.auth.put(sink, at);
            }
            separate(sink);
            put_encoded(sink, &pair);
        }
        for at in auth {
            separate(sink);
            self.auth.put(sink, at);
        }
    }
}

impl Auth<'_> {
    /// In the order in which they are sent.
    const NAMES: [&'static str; 8] = [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Region-Set",
        "X-Amz-S3session-Token",
        "X-Amz-Security-Token",
        "X-Amz-SignedHeaders",
    ];

    fn has(&self, at: usize) -> bool {
        match at {
            4 => self.region_set.is_some(),
            5 | 6 => self
                .session_token
                .is_some_and(|(name, _)| Self::NAMES.get(at) == Some(&name)),
            _ => true,
        }
    }

    fn put(&self, sink: &mut impl Sink, at: usize) {
        match at {
            0 => {
                sink.put(b"X-Amz-Algorithm=");
                sink.put(self.scope.algorithm().name().as_bytes());
            }
            1 => {
                sink.put(b"X-Amz-Credential=");
                uri_encode::query(sink, self.access_key_id);
                sink.put(b"%2F");
                self.scope.put_encoded(sink);
            }
            2 => {
                sink.put(b"X-Amz-Date=");
                sink.put(self.stamp.as_bytes());
            }
            3 => {
                sink.put(b"X-Amz-Expires=");
                put_decimal(sink, self.expires.into());
            }
            4 => {
                sink.put(b"X-Amz-Region-Set=");
                uri_encode::query(sink, self.region_set.unwrap_or_default());
            }
            5 | 6 => {
                let Some((name, token)) = self.session_token else {
                    return;
                };
                sink.put(name.as_bytes());
                sink.put(b"=");
                match token {
                    Token::Plain(token) => uri_encode::query(sink, token),
                    #[cfg(feature = "alloc")]
                    Token::Encoded(token) => sink.put(token.as_bytes()),
                }
            }
            _ => {
                sink.put(b"X-Amz-SignedHeaders=");
                self.signed_headers.put_names_encoded(sink);
            }
        }
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
