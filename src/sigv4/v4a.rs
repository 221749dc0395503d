//! Signature Version 4A: one signature for several regions, with ECDSA over P-256.
//!
//! The key pair is derived from the access key alone, by the counter-mode key derivation of NIST SP 800-108, so it is
//! valid on any day. Our signatures are deterministic (RFC 6979). Those of other signers are random, so two valid ones
//! can differ.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::PrimeField;
use p256::{NonZeroScalar, Scalar};
use zeroize::Zeroizing;

use super::hmac::HmacKey;
use super::sink::Sink;

/// `X-Amz-Algorithm` for Signature Version 4A.
pub(crate) const ALGORITHM: &str = "AWS4-ECDSA-P256-SHA256";

/// The longest signature, DER in hexadecimal.
pub(crate) const MAX_SIGNATURE: usize = 144;

/// A private key, wiped on drop.
#[derive(Clone)]
pub(crate) struct EcdsaKey(SigningKey);

impl EcdsaKey {
    /// Returns the first candidate of the key derivation that is at most n - 2, plus one; n is the curve's order.
    ///
    /// `None` if none of 254 candidates is. Each one fails with a probability of 2^-32.
    pub(crate) fn derive(access_key_id: &str, secret: &str) -> Option<Self> {
        let kdf = HmacKey::new(&[b"AWS4A", secret.as_bytes()]);
        (1..=254_u8).find_map(|counter| {
            let candidate = Zeroizing::new(kdf.mac(|sink| {
                for part in [
                    &[0, 0, 0, 1], // the block's number
                    ALGORITHM.as_bytes(),
                    &[0],
                    access_key_id.as_bytes(),
                    &[counter],
                    &[0, 0, 1, 0], // the length, in bits
                ] {
                    sink.put(part);
                }
            }));
            let scalar =
                Zeroizing::new(Scalar::from_repr((*candidate).into()).into_option()? + Scalar::ONE);
            let scalar = Zeroizing::new(NonZeroScalar::new(*scalar).into_option()?);
            Some(Self(SigningKey::from(*scalar)))
        })
    }

    /// Signs a SHA-256 hash. Returns DER in hexadecimal, and its length.
    pub(crate) fn sign(&self, hash: &[u8; 32]) -> ([u8; MAX_SIGNATURE], usize) {
        let mut text = [0; MAX_SIGNATURE];
        // Fails only if the hash is shorter than half the curve's size.
        let der = self
            .0
            .sign_prehash(hash)
            .map(|signature: Signature| signature.to_der());
        let der = der.as_ref().map_or(&[][..], |der| der.as_bytes());
        let length = der.len() * 2;
        if let Some(room) = text.get_mut(..length) {
            let _ = hex::encode_to_slice(der, room);
        }
        (text, length)
    }

    /// Whether a signature (DER in hexadecimal) is valid for a SHA-256 hash.
    pub(crate) fn verify(&self, hash: &[u8; 32], signature: &str) -> bool {
        let mut der = [0; MAX_SIGNATURE / 2];
        let Some(der) = der.get_mut(..signature.len() / 2) else {
            return false;
        };
        hex::decode_to_slice(signature, der).is_ok()
            && Signature::from_der(der).is_ok_and(|signature| {
                self.0
                    .verifying_key()
                    .verify_prehash(hash, &signature)
                    .is_ok()
            })
    }

    #[cfg(test)]
    pub(crate) fn public_key(&self) -> p256::ecdsa::VerifyingKey {
        *self.0.verifying_key()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key pair of AWS's signing test suite.
    #[test]
    fn suite_key_pair() {
        let key =
            EcdsaKey::derive("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").unwrap();
        let mut suite = [4; 65]; // an uncompressed point: 4, x, y
        hex::decode_to_slice(
            "b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1\
             865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518",
            &mut suite[1..],
        )
        .unwrap();
        assert_eq!(key.public_key().to_sec1_point(false).as_bytes(), suite);
    }
}
