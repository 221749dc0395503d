//! Step 2: the string to sign; step 4: the signature.

use super::ALGORITHM;
use super::digest::{HmacKey, hex};
use super::scope::Scope;
use super::sink::Sink;
use crate::timestamp::Stamp;

/// Algorithm, time, scope and the hash of the canonical request.
pub(crate) struct StringToSign<'s> {
    pub(crate) stamp: Stamp,
    pub(crate) scope: Scope<'s>,
    pub(crate) canonical_request_hash: [u8; 32],
}

impl StringToSign<'_> {
    /// Writes the text of the string to sign.
    pub(crate) fn put(&self, sink: &mut impl Sink) {
        for piece in [ALGORITHM.as_bytes(), b"\n", self.stamp.as_bytes(), b"\n"] {
            sink.put(piece);
        }
        self.scope.put(sink);
        sink.put(b"\n");
        sink.put(&hex(&self.canonical_request_hash));
    }

    /// The signature, in hexadecimal.
    pub(crate) fn sign(&self, key: &HmacKey) -> [u8; 64] {
        hex(&key.mac(|sink| self.put(sink)))
    }
}
