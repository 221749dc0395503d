//! SHA-256, HMAC-SHA256 and hexadecimal: the only file that names the crates behind them.

use hmac::digest::{FixedOutput, Update};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::sink::Sink;

/// Gathers what is put: a hash takes a few large pieces much faster than many small ones.
struct Gathered<D> {
    digest: D,
    bytes: [u8; 256],
    len: usize,
}

impl<D: Update> Gathered<D> {
    const fn new(digest: D) -> Self {
        Self {
            digest,
            bytes: [0; 256],
            len: 0,
        }
    }

    fn flush(&mut self) {
        self.digest
            .update(self.bytes.get(..self.len).unwrap_or_default());
        self.len = 0;
    }

    fn finish(mut self) -> D {
        self.flush();
        self.digest
    }
}

impl<D: Update> Sink for Gathered<D> {
    fn put(&mut self, bytes: &[u8]) {
        if self.len + bytes.len() > self.bytes.len() {
            self.flush();
        }
        match self.bytes.get_mut(self.len..self.len + bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.len += bytes.len();
            }
            None => self.digest.update(bytes),
        }
    }
}

/// SHA-256 over everything that is put.
pub(crate) struct Hasher(Gathered<Sha256>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Gathered::new(Sha256::default()))
    }
}

impl Hasher {
    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finish().finalize_fixed().into()
    }
}

impl Sink for Hasher {
    fn put(&mut self, bytes: &[u8]) {
        self.0.put(bytes);
    }
}

/// An HMAC-SHA256 key with its pads absorbed, used any number of times; wiped on drop.
#[derive(Clone)]
pub(crate) struct HmacKey(Hmac<Sha256>);

impl HmacKey {
    /// RFC 2104: a key longer than a block is hashed first, a shorter one is filled with zeros.
    pub(crate) fn new(parts: &[&[u8]]) -> Self {
        let mut block = Zeroizing::new([0; 64]);
        let mut rest = block.as_mut_slice();
        for part in parts {
            let Some((room, after)) = rest.split_at_mut_checked(part.len()) else {
                return Self::new(&[Zeroizing::new(hash(parts)).as_slice()]);
            };
            room.copy_from_slice(part);
            rest = after;
        }
        Self(Hmac::new((&*block).into()))
    }

    /// The MAC of a text, in hexadecimal.
    #[cfg(feature = "post")]
    pub(crate) fn hex(&self, text: &[u8]) -> [u8; 64] {
        hex(&self.mac(|sink| sink.put(text)))
    }

    /// Whether `mac`, in lower-case hexadecimal, is the MAC of what `write` puts; compared in constant time.
    pub(crate) fn verify(&self, write: impl FnOnce(&mut MacSink), mac: &str) -> bool {
        let mut sink = MacSink(Gathered::new(self.0.clone()));
        write(&mut sink);
        let mut bytes = [0; 32];
        hex::decode_to_slice(mac, &mut bytes).is_ok()
            && sink.0.finish().verify_slice(&bytes).is_ok()
    }

    /// The MAC of what `write` puts.
    pub(crate) fn mac(&self, write: impl FnOnce(&mut MacSink)) -> [u8; 32] {
        let mut sink = MacSink(Gathered::new(self.0.clone()));
        write(&mut sink);
        sink.0.finish().finalize().into_bytes().into()
    }
}

pub(crate) struct MacSink(Gathered<Hmac<Sha256>>);

impl Sink for MacSink {
    fn put(&mut self, bytes: &[u8]) {
        self.0.put(bytes);
    }
}

/// Whether two texts are equal, found in a time that depends on their lengths only.
pub(crate) fn equal(
    a: impl Iterator<Item = u8> + Clone,
    b: impl Iterator<Item = u8> + Clone,
) -> bool {
    let same_length = a.clone().count() == b.clone().count();
    let difference = a.zip(b).fold(0, |difference, (a, b)| difference | (a ^ b));
    same_length & (core::hint::black_box(difference) == 0)
}

/// Straight into the hash, which is wiped: the parts hold a secret.
fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::default();
    parts
        .iter()
        .for_each(|part| Update::update(&mut hash, part));
    hash.finalize_fixed().into()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(digest: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    let _ = hex::encode_to_slice(digest, &mut text); // fails only where the lengths differ
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test cases 2 and 6: a short key, and one longer than a block.
    #[test]
    fn rfc_4231() {
        let mac = |key: &[&[u8]], text: &[u8]| hex(&HmacKey::new(key).mac(|sink| sink.put(text)));
        assert_eq!(
            &mac(&[b"Je", b"fe"], b"what do ya want for nothing?"),
            b"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            &mac(
                &[&[0xaa; 100], &[0xaa; 31]],
                b"Test Using Larger Than Block-Size Key - Hash Key First"
            ),
            b"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
