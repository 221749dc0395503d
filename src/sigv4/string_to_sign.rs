//! Step 2: the string to sign; step 4: the signature.

use super::canonical_query::Written;
use super::digest::hex;
use super::scope::Scope;
use super::signing_key::Key;
use super::sink::Sink;
use crate::timestamp::Stamp;

/// Algorithm, time, scope and the hash of the canonical request.
pub(crate) struct StringToSign<'s> {
    pub(crate) stamp: Stamp,
    pub(crate) scope: Scope<'s>,
    pub(crate) written: Option<&'s Written>,
    pub(crate) canonical_request_hash: [u8; 32],
}

impl StringToSign<'_> {
    /// Writes the text of the string to sign.
    pub(crate) fn put(&self, sink: &mut impl Sink) {
        for piece in [
            self.scope.algorithm().name().as_bytes(),
            b"\n",
            self.stamp.as_bytes(),
            b"\n",
        ] {
            sink.put(piece);
        }
        match self.written {
            Some(written) => sink.put(written.scope()),
            None => self.scope.put(sink),
        }
        sink.put(b"\n");
        sink.put(&hex(&self.canonical_request_hash));
    }

    /// Whether a signature in hexadecimal is that of the text, compared in constant time.
    pub(crate) fn verify(&self, key: &Key, signature: &str) -> bool {
        match key {
            Key::Hmac(key) => key.verify(|sink| self.put(sink), signature),
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(key) => key.verify(&self.hash(), signature),
        }
    }

    #[cfg(feature = "sigv4a")]
    fn hash(&self) -> [u8; 32] {
        let mut hasher = super::digest::Hasher::default();
        self.put(&mut hasher);
        hasher.finish()
    }

    /// Signs the text.
    pub(crate) fn sign(&self, key: &Key) -> Signature {
        match key {
            Key::Hmac(key) => Signature::from(hex(&key.mac(|sink| self.put(sink)))),
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(key) => {
                let (text, length) = key.sign(&self.hash());
                Signature { text, length }
            }
        }
    }
}

/// A signature in hexadecimal.
pub(crate) struct Signature {
    text: [u8; MAX_SIGNATURE],
    length: usize,
}

/// The most characters a signature has.
#[cfg(not(feature = "sigv4a"))]
pub(crate) const MAX_SIGNATURE: usize = 64;
#[cfg(feature = "sigv4a")]
pub(crate) const MAX_SIGNATURE: usize = super::v4a::MAX_SIGNATURE;

impl Signature {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

impl From<[u8; 64]> for Signature {
    fn from(hexadecimal: [u8; 64]) -> Self {
        let mut text = [0; MAX_SIGNATURE];
        text.iter_mut()
            .zip(hexadecimal)
            .for_each(|(byte, digit)| *byte = digit);
        Self {
            text,
            length: hexadecimal.len(),
        }
    }
}
