//! The access key ID and the credential scope.

use super::Rejection;
use crate::sigv4::scope::{Algorithm, Scope};

/// `X-Amz-Credential`, decoded: `ID/day/region/service/aws4_request`, without the region if there is a region set.
#[derive(Clone)]
pub(crate) struct Credential {
    bytes: [u8; MAX_CREDENTIAL],
    len: usize,
    algorithm: Algorithm,
}

const MAX_CREDENTIAL: usize = 384;

impl Credential {
    pub(crate) fn parse(encoded: &str, algorithm: Algorithm) -> Result<Self, Rejection> {
        Self::new(percent_encoding::percent_decode_str(encoded), algorithm)
    }

    pub(super) fn new(
        decoded: impl Iterator<Item = u8>,
        algorithm: Algorithm,
    ) -> Result<Self, Rejection> {
        let mut this = Self {
            bytes: [0; MAX_CREDENTIAL],
            len: 0,
            algorithm,
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

    fn parts(&self) -> Option<(&str, Scope<'_>)> {
        let text = core::str::from_utf8(self.bytes.get(..self.len)?).ok()?;
        Scope::parse_credential(text, self.algorithm)
    }

    pub(crate) fn scope(&self) -> Result<Scope<'_>, Rejection> {
        let (_, scope) = self.parts().ok_or(Rejection::MalformedCredential)?;
        Ok(scope)
    }

    pub(crate) fn access_key_id(&self) -> &str {
        self.parts().map_or("", |(access_key_id, _)| access_key_id)
    }

    pub(crate) fn region(&self) -> &str {
        self.parts()
            .and_then(|(_, scope)| scope.region)
            .unwrap_or_default()
    }

    pub(crate) fn service(&self) -> &str {
        self.parts().map_or("", |(_, scope)| scope.service)
    }
}
