//! Who signed, and for what.

use super::Rejection;
use crate::sigv4::scope::{Algorithm, Scope, TERMINATOR};
use crate::timestamp::Day;

/// `X-Amz-Credential`, decoded: `ID/day/region/service/aws4_request`, without the region for a set of them.
#[derive(Clone)]
pub(crate) struct Credential {
    bytes: [u8; MAX_CREDENTIAL],
    len: usize,
    has_region: bool,
}

const MAX_CREDENTIAL: usize = 384;

/// A credential's parts.
struct Parts<'p> {
    access_key_id: &'p str,
    day: &'p str,
    region: Option<&'p str>,
    service: &'p str,
}

impl Credential {
    pub(crate) fn parse(encoded: &str, algorithm: Algorithm) -> Result<Self, Rejection> {
        Self::new(percent_encoding::percent_decode_str(encoded), algorithm)
    }

    pub(super) fn new(
        decoded: impl Iterator<Item = u8>,
        algorithm: Algorithm,
    ) -> Result<Self, Rejection> {
        let has_region = !algorithm.has_region_set();
        let mut this = Self {
            bytes: [0; MAX_CREDENTIAL],
            len: 0,
            has_region,
        };
        for byte in decoded {
            *this
                .bytes
                .get_mut(this.len)
                .ok_or(Rejection::MalformedCredential)? = byte;
            this.len += 1;
        }
        Ok(this)
    }

    /// An access key ID may hold slashes, so the parts are taken from the end.
    fn parts(&self) -> Option<Parts<'_>> {
        let text = core::str::from_utf8(self.bytes.get(..self.len)?).ok()?;
        let rest = text.strip_suffix(TERMINATOR)?.strip_suffix('/')?;
        let (rest, service) = rest.rsplit_once('/')?;
        let (rest, region) = if self.has_region {
            let (rest, region) = rest.rsplit_once('/')?;
            (rest, Some(region))
        } else {
            (rest, None)
        };
        let (access_key_id, day) = rest.rsplit_once('/')?;
        let full = !access_key_id.is_empty() && region != Some("") && !service.is_empty();
        full.then_some(Parts {
            access_key_id,
            day,
            region,
            service,
        })
    }

    pub(crate) fn scope(&self) -> Result<Scope<'_>, Rejection> {
        let Parts {
            day,
            region,
            service,
            ..
        } = self.parts().ok_or(Rejection::MalformedCredential)?;
        let day = Day::parse(day).ok_or(Rejection::MalformedCredential)?;
        Ok(Scope {
            day,
            region,
            service,
        })
    }

    pub(crate) fn access_key_id(&self) -> &str {
        self.parts().map_or("", |parts| parts.access_key_id)
    }

    pub(crate) fn region(&self) -> &str {
        self.parts()
            .and_then(|parts| parts.region)
            .unwrap_or_default()
    }

    pub(crate) fn service(&self) -> &str {
        self.parts().map_or("", |parts| parts.service)
    }
}
