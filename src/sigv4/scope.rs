//! The credential scope: `20130524/us-east-1/s3/aws4_request`, or without a region in Signature Version 4A.

use super::sink::Sink;
use crate::timestamp::Day;

/// Which signature is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// HMAC-SHA256, for one region.
    V4,
    /// ECDSA, for a set of regions.
    #[cfg(feature = "sigv4a")]
    V4a,
}

impl Algorithm {
    /// The algorithm of this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "AWS4-HMAC-SHA256" => Some(Self::V4),
            #[cfg(feature = "sigv4a")]
            super::v4a::ALGORITHM => Some(Self::V4a),
            _ => None,
        }
    }

    /// Whether regions are named in `X-Amz-Region-Set`, not in the scope.
    pub(crate) fn has_region_set(self) -> bool {
        self != Self::V4
    }

    /// How many digits a signature can have.
    pub(crate) const fn signature_lengths(self) -> core::ops::RangeInclusive<usize> {
        match self {
            Self::V4 => 64..=64,
            #[cfg(feature = "sigv4a")]
            Self::V4a => 16..=super::v4a::MAX_SIGNATURE,
        }
    }

    /// `X-Amz-Algorithm`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::V4 => "AWS4-HMAC-SHA256",
            #[cfg(feature = "sigv4a")]
            Self::V4a => super::v4a::ALGORITHM,
        }
    }
}

/// Where and on which day a signature holds.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub(crate) day: Day,
    /// `None` for Signature Version 4A, which names regions in a parameter of their own.
    pub(crate) region: Option<&'s str>,
    pub(crate) service: &'s str,
}

/// The last part of every scope.
pub(crate) const TERMINATOR: &str = "aws4_request";

impl<'s> Scope<'s> {
    /// Reads a credential, decoded: an access key ID, which may contain slashes, and what [`put`](Self::put) writes.
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

    /// What stands behind the day.
    fn parts(&self) -> impl Iterator<Item = &'s str> {
        self.region.into_iter().chain([self.service])
    }

    /// As it stands in the string to sign.
    pub(crate) fn put(&self, sink: &mut impl Sink) {
        sink.put(self.day.as_bytes());
        for part in self.parts() {
            sink.put(b"/");
            sink.put(part.as_bytes());
        }
        sink.put(b"/aws4_request");
    }

    /// As it stands in `X-Amz-Credential`. No byte of a region or a service that is signed for needs encoding.
    pub(crate) fn put_encoded(&self, sink: &mut impl Sink) {
        sink.put(self.day.as_bytes());
        for part in self.parts() {
            sink.put(b"%2F");
            sink.put(part.as_bytes());
        }
        sink.put(b"%2Faws4_request");
    }
}
