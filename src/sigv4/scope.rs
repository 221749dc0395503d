//! The credential scope: `20130524/us-east-1/s3/aws4_request`, or without a region in Signature Version 4A.

use super::sink::Sink;
use crate::timestamp::Day;

/// The signature algorithm.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// HMAC-SHA256, for one region.
    V4,
    /// ECDSA, for a set of regions.
    #[cfg(feature = "sigv4a")]
    V4a,
}

impl Algorithm {
    /// Parses the value of `X-Amz-Algorithm`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "AWS4-HMAC-SHA256" => Some(Self::V4),
            #[cfg(feature = "sigv4a")]
            super::v4a::ALGORITHM => Some(Self::V4a),
            _ => None,
        }
    }

    /// Whether regions are in `X-Amz-Region-Set` and not in the scope.
    pub(crate) fn has_region_set(self) -> bool {
        self != Self::V4
    }

    /// The possible lengths of a signature, in digits.
    pub(crate) const fn signature_lengths(self) -> core::ops::RangeInclusive<usize> {
        match self {
            Self::V4 => 64..=64,
            #[cfg(feature = "sigv4a")]
            Self::V4a => 16..=super::v4a::MAX_SIGNATURE,
        }
    }

    /// The value of `X-Amz-Algorithm`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::V4 => "AWS4-HMAC-SHA256",
            #[cfg(feature = "sigv4a")]
            Self::V4a => super::v4a::ALGORITHM,
        }
    }
}

/// The credential scope: the day, region and service that a signature is valid for.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub(crate) day: Day,
    /// `None` for Signature Version 4A, whose regions are in a separate parameter.
    pub(crate) region: Option<&'s str>,
    pub(crate) service: &'s str,
}

/// The last part of every scope.
pub(crate) const TERMINATOR: &str = "aws4_request";

impl<'s> Scope<'s> {
    /// Parses a decoded credential: an access key ID, which may contain slashes, and a scope as [`put`](Self::put)
    /// writes it.
    pub(crate) fn parse_credential(text: &'s str, algorithm: Algorithm) -> Option<(&'s str, Self)> {
        let rest = text.strip_suffix(TERMINATOR)?.strip_suffix('/')?;
        let (rest, service) = rest.rsplit_once('/')?;
        let (rest, region) = if algorithm.has_region_set() {
            (rest, None)
        } else {
            let (rest, region) = rest.rsplit_once('/')?;
            (rest, Some(region))
        };
        let (access_key_id, day) = rest.rsplit_once('/')?;
        let complete = !access_key_id.is_empty() && region != Some("") && !service.is_empty();
        let scope = Self {
            day: Day::parse(day)?,
            region,
            service,
        };
        complete.then_some((access_key_id, scope))
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self.region {
            #[cfg(feature = "sigv4a")]
            None => Algorithm::V4a,
            _ => Algorithm::V4,
        }
    }

    /// The parts after the day.
    fn parts(&self) -> impl Iterator<Item = &'s str> {
        self.region.into_iter().chain([self.service])
    }

    /// Writes the scope as in the string to sign.
    pub(crate) fn put(&self, sink: &mut impl Sink) {
        sink.put(self.day.as_bytes());
        for part in self.parts() {
            sink.put(b"/");
            sink.put(part.as_bytes());
        }
        sink.put(b"/aws4_request");
    }

    /// Writes the scope as in `X-Amz-Credential`. Valid regions and services contain nothing to encode.
    pub(crate) fn put_encoded(&self, sink: &mut impl Sink) {
        sink.put(self.day.as_bytes());
        for part in self.parts() {
            sink.put(b"%2F");
            sink.put(part.as_bytes());
        }
        sink.put(b"%2Faws4_request");
    }
}
