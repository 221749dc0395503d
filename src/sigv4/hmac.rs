//! HMAC-SHA256 (RFC 2104), over blocks of SHA-256.
//!
//! A key is stored as the two hash states after its pads, so each MAC hashes only the text and one more block. The tests
//! compare this file with the `hmac` crate, and `docs/design.md` explains what the crate's interface would cost.

use sha2::block_api::compress256;
use zeroize::{Zeroize, Zeroizing};

use super::digest::{Hasher, INITIAL, digest, equal, hex};
use super::sink::Sink;

const IPAD: u8 = 0x36;
const OPAD: u8 = 0x5c;

/// A key with its pads already hashed, for any number of MACs. Wiped on drop.
#[derive(Clone)]
pub(crate) struct HmacKey {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl HmacKey {
    /// RFC 2104: a key longer than a block is hashed first, and a shorter one is padded with zeros.
    pub(crate) fn new(parts: &[&[u8]]) -> Self {
        let mut block = Zeroizing::new([[0; 64]]);
        let mut rest = block.as_flattened_mut();
        for part in parts {
            let Some((room, after)) = rest.split_at_mut_checked(part.len()) else {
                return Self::new(&[Zeroizing::new(hash(parts)).as_slice()]);
            };
            room.copy_from_slice(part);
            rest = after;
        }
        Self::of_block(&mut block)
    }

    /// Creates the key from a block: the key padded with zeros. The caller wipes the block.
    pub(crate) fn of_block(block: &mut [[u8; 64]; 1]) -> Self {
        let mut key = Self {
            inner: INITIAL,
            outer: INITIAL,
        };
        let mut pad = |byte: u8, state: &mut [u32; 8]| {
            block
                .as_flattened_mut()
                .iter_mut()
                .for_each(|key| *key ^= byte);
            compress256(state, block);
        };
        pad(IPAD, &mut key.inner);
        pad(IPAD ^ OPAD, &mut key.outer);
        key
    }

    /// The MAC of a text, in hexadecimal.
    #[cfg(feature = "post")]
    pub(crate) fn hex(&self, text: &[u8]) -> [u8; 64] {
        hex(&self.mac(|sink| sink.put(text)))
    }

    /// Whether `mac`, in lower-case hexadecimal, is the MAC of what `write` writes. Compares in constant time.
    pub(crate) fn verify(&self, write: impl FnOnce(&mut Hasher), mac: &str) -> bool {
        equal(hex(&self.mac(write)).into_iter(), mac.bytes())
    }

    /// The MAC of what `write` writes.
    #[inline(never)] // keeps its blocks off the caller's stack: 300 bytes on a Cortex-M
    pub(crate) fn mac(&self, write: impl FnOnce(&mut Hasher)) -> [u8; 32] {
        let mut hasher = self.start();
        write(&mut hasher);
        self.outer(hasher.finish())
    }

    /// The outer hash, over one block: the inner hash and its padding.
    pub(crate) fn outer(&self, inner: [u8; 32]) -> [u8; 32] {
        let mut block = [[0; 64]];
        let [text] = &mut block;
        if let Some((digest, padding)) = text.split_first_chunk_mut() {
            *digest = inner;
            if let [one, .., high, low] = padding {
                (*one, [*high, *low]) = (0x80, (8 * 96_u16).to_be_bytes());
            }
        }
        let mut state = self.outer;
        compress256(&mut state, &block);
        digest(&state)
    }

    /// A hasher for the text of one MAC.
    pub(crate) const fn start(&self) -> Hasher {
        Hasher::resume(self.inner, 64)
    }

    /// The MACs of two texts that were started with [`start`](Self::start).
    #[cfg(feature = "alloc")]
    pub(crate) fn finish_two(&self, texts: &mut [Hasher; 2]) -> [[u8; 32]; 2] {
        let inner = Hasher::finish_two(texts);
        for (text, inner) in texts.iter_mut().zip(inner) {
            text.restart(self.outer, 64);
            text.put(&inner);
        }
        Hasher::finish_two(texts)
    }
}

impl Drop for HmacKey {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

/// Hashes a secret and wipes the copy.
#[inline(never)] // rarely called, and its blocks are large on the stack
fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Hasher::default();
    parts.iter().for_each(|part| hasher.put(part));
    let hash = hasher.finish();
    hasher.zeroize();
    hash
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

    /// Compares with the `hmac` crate, for keys and texts of every length around whole blocks, written in pieces.
    #[test]
    fn as_the_hmac_crate() {
        use hmac::{KeyInit, Mac};

        let bytes: Vec<u8> = (0..700_u32).map(|n| ((n * n) >> 3) as u8).collect();
        for length in 0..bytes.len() {
            let (key, text) = (&bytes[..length / 3], &bytes[..length]);
            let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
            mac.update(text);
            let put = |sink: &mut Hasher| {
                text.chunks(length % 97 + 1)
                    .for_each(|piece| sink.put(piece))
            };
            assert_eq!(
                HmacKey::new(&[key]).mac(put),
                *mac.finalize().into_bytes(),
                "{length}"
            );
        }
    }

    /// Two texts with the same start have the same MACs together as separately.
    #[cfg(feature = "alloc")]
    #[test]
    fn two_as_one_by_one() {
        let bytes = [7; 300];
        let key = HmacKey::new(&[b"key"]);
        let mut texts = [const { Hasher::new() }; 2];
        for begin in [0, 63, 64, 65, 200] {
            let mut begun = key.start();
            begun.put(&bytes[..begin]);
            begun.advance();
            for lengths in (0..300).map(|length| [length, length * 7 % 300]) {
                let ends = lengths.map(|length| &bytes[..length]);
                for (text, end) in texts.iter_mut().zip(ends) {
                    text.follow(&begun);
                    text.put(end);
                }
                let one_by_one = ends.map(|end| {
                    key.mac(|sink| {
                        sink.put(&bytes[..begin]);
                        sink.put(end);
                    })
                });
                assert_eq!(
                    key.finish_two(&mut texts),
                    one_by_one,
                    "{begin} {lengths:?}"
                );
            }
        }
    }
}
