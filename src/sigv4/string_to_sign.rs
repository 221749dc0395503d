//! Step 2: the string to sign; step 4: the signature.

use super::canonical_query::Written;
use super::digest::{Hasher, hex};
use super::scope::Scope;
use super::signing_key::Key;
use super::sink::Sink;
use crate::timestamp::Stamp;
use zeroize::Zeroizing;

/// The string to sign: a start that does not depend on the request, and the hash of the canonical request.
pub(crate) struct StringToSign<'s> {
    pub(crate) start: Start<'s>,
    pub(crate) canonical_request_hash: [u8; 32],
}

/// Algorithm, time and scope.
#[derive(Clone, Copy)]
pub(crate) struct Start<'s> {
    pub(crate) stamp: Stamp,
    pub(crate) scope: Scope<'s>,
    pub(crate) written: Option<&'s Written>,
}

impl Start<'_> {
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
    }
}

/// The text before the hash of the canonical request, with its whole blocks already hashed.
#[derive(Clone)]
pub(crate) struct Begun(Zeroizing<Hasher>);

impl Begun {
    pub(crate) fn new(key: &Key, stamp: Stamp, scope: Scope<'_>) -> Self {
        let mut text = Zeroizing::new(match key {
            Key::Hmac(key) => key.start(),
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(_) => Hasher::default(),
        });
        let start = Start {
            stamp,
            scope,
            written: None,
        };
        start.put(&mut *text);
        text.advance();
        Self(text)
    }

    /// Signs the canonical request with this hash.
    pub(crate) fn sign(&self, key: &Key, canonical_request_hash: [u8; 32]) -> Signature {
        let mut text = Hasher::default();
        text.follow(&self.0);
        text.put(&hex(&canonical_request_hash));
        let hash = text.finish();
        match key {
            Key::Hmac(key) => hex(&key.outer(hash)).into(),
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(key) => key.sign(&hash).into(),
        }
    }

    /// Signs two canonical requests, given by their hashes.
    #[cfg(feature = "alloc")]
    pub(crate) fn sign_two(&self, key: &Key, hashes: [[u8; 32]; 2]) -> [Signature; 2] {
        let mut texts = [const { Hasher::new() }; 2];
        for (text, hash) in texts.iter_mut().zip(&hashes) {
            text.follow(&self.0);
            text.put(&hex(hash));
        }
        match key {
            Key::Hmac(key) => key.finish_two(&mut texts).map(|mac| hex(&mac).into()),
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(key) => Hasher::finish_two(&mut texts).map(|hash| key.sign(&hash).into()),
        }
    }
}

impl StringToSign<'_> {
    /// Writes the string to sign.
    pub(crate) fn put(&self, sink: &mut impl Sink) {
        self.start.put(sink);
        sink.put(&hex(&self.canonical_request_hash));
    }

    /// Whether a signature in hexadecimal is valid for the text. Compares in constant time.
    pub(crate) fn verify(&self, key: &Key, signature: &str) -> bool {
        match key {
            Key::Hmac(key) => key.verify(|sink| self.put(sink), signature),
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(key) => key.verify(&self.hash(), signature),
        }
    }

    #[cfg(feature = "sigv4a")]
    fn hash(&self) -> [u8; 32] {
        let mut hasher = Hasher::default();
        self.put(&mut hasher);
        hasher.finish()
    }

    /// Signs the text.
    pub(crate) fn sign(&self, key: &Key) -> Signature {
        match key {
            Key::Hmac(key) => Signature::from(hex(&key.mac(|sink| self.put(sink)))),
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(key) => key.sign(&self.hash()).into(),
        }
    }
}

/// A signature in hexadecimal.
pub(crate) struct Signature {
    text: [u8; MAX_SIGNATURE],
    length: usize,
}

/// The maximum length of a signature.
#[cfg(not(feature = "sigv4a"))]
pub(crate) const MAX_SIGNATURE: usize = 64;
#[cfg(feature = "sigv4a")]
pub(crate) const MAX_SIGNATURE: usize = super::v4a::MAX_SIGNATURE;

impl Signature {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

#[cfg(feature = "sigv4a")]
impl From<([u8; MAX_SIGNATURE], usize)> for Signature {
    fn from((text, length): ([u8; MAX_SIGNATURE], usize)) -> Self {
        Self { text, length }
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
