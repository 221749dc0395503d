//! SHA-256, HMAC-SHA256 and hexadecimal: the only file that names the crates behind them.
//!
//! Both hashes are two calls of `sha2`'s compression function for most URLs: what is hashed is gathered in whole blocks
//! first. For texts so short, the interfaces above that function would cost a good part of the hash itself; the tests hold
//! this file against them.

use sha2::block_api::compress256;
use zeroize::{Zeroize, Zeroizing};

use super::sink::Sink;

/// SHA-256 over everything that is put.
pub(crate) struct Hasher<const BLOCKS: usize = 4> {
    state: [u32; 8],
    /// All but the last are filled before they are hashed: room for the padding.
    blocks: [[u8; 64]; BLOCKS],
    len: usize,
    /// Bytes hashed before those in `blocks`.
    before: u64,
}

/// FIPS 180-4, 5.3.3: the initial hash value.
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

impl<const BLOCKS: usize> Hasher<BLOCKS> {
    pub(crate) const fn new() -> Self {
        Self::resume(INITIAL, 0)
    }

    const fn resume(state: [u32; 8], before: u64) -> Self {
        Self {
            state,
            blocks: [[0; 64]; BLOCKS],
            len: 0,
            before,
        }
    }

    /// The hash.
    pub(crate) fn finish(&mut self) -> [u8; 32] {
        let (state, blocks) = self.pad();
        compress256(state, blocks);
        digest(state)
    }

    /// FIPS 180-4, 5.1.1: a one bit, zeros, and the length in bits, to whole blocks.
    fn pad(&mut self) -> (&mut [u32; 8], &[[u8; 64]]) {
        let bits = (self.before + self.len as u64) << 3;
        let blocks = (self.len + 9).div_ceil(64);
        let blocks = self.blocks.get_mut(..blocks).unwrap_or_default();
        let padding = blocks.as_flattened_mut().get_mut(self.len..);
        if let Some(([one, zeros @ ..], length)) = padding.and_then(<[u8]>::split_last_chunk_mut) {
            *one = 0x80;
            zeros.fill(0);
            *length = bits.to_be_bytes();
        }
        (&mut self.state, blocks)
    }
}

impl<const BLOCKS: usize> Zeroize for Hasher<BLOCKS> {
    fn zeroize(&mut self) {
        self.state.zeroize();
        self.blocks.as_flattened_mut().fill(0); // not byte by byte, as `zeroize` does: these may be kilobytes
        core::hint::black_box(&mut self.blocks);
        (self.len, self.before) = (0, 0);
    }
}

fn digest(state: &[u32; 8]) -> [u8; 32] {
    let mut digest = [0; 32];
    for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

/// Texts that are hashed two at a time: while the compression of one waits for that before it, the processor goes on with
/// the other's.
#[cfg(feature = "alloc")]
impl<const BLOCKS: usize> Hasher<BLOCKS> {
    /// Hashes the blocks that are full.
    pub(crate) fn advance(&mut self) {
        let full = self.len / 64;
        compress256(&mut self.state, self.blocks.get(..full).unwrap_or_default());
        let rest = self.blocks.get(full).copied();
        if let (Some(rest), Some(first)) = (rest, self.blocks.first_mut()) {
            *first = rest;
        }
        self.len -= 64 * full;
        self.before += 64 * full as u64;
    }

    /// Begins anew in the same room.
    fn restart(&mut self, state: [u32; 8], before: u64) {
        (self.state, self.len, self.before) = (state, 0, before);
    }

    /// Goes on where another stands that has [advanced](Self::advance).
    pub(crate) fn follow(&mut self, other: &Self) {
        self.restart(other.state, other.before);
        let rest = other.blocks.as_flattened().get(..other.len);
        self.put(rest.unwrap_or_default());
    }

    /// The hashes of two texts, which begin anew.
    pub(crate) fn finish_two(texts: &mut [Self; 2]) -> [[u8; 32]; 2] {
        let [(a, a_blocks), (b, b_blocks)] = texts.each_mut().map(Self::pad);
        for at in 0..a_blocks.len().max(b_blocks.len()) {
            compress256(a, a_blocks.get(at..=at).unwrap_or_default());
            compress256(b, b_blocks.get(at..=at).unwrap_or_default());
        }
        let hashes = [digest(a), digest(b)];
        texts.iter_mut().for_each(|text| text.restart(INITIAL, 0));
        hashes
    }
}

impl<const BLOCKS: usize> Sink for Hasher<BLOCKS> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        let room = self.blocks.as_flattened_mut().get_mut(self.len..end);
        match room {
            Some(room) if end <= 64 * (BLOCKS - 1) => {
                room.copy_from_slice(bytes);
                self.len = end;
            }
            _ => self.put_through(bytes),
        }
    }
}

impl<const BLOCKS: usize> Hasher<BLOCKS> {
    /// Hashes what does not fit.
    #[inline(never)]
    fn put_through(&mut self, mut bytes: &[u8]) {
        loop {
            let (blocks, _) = self.blocks.split_at_mut(BLOCKS - 1);
            let room = blocks.as_flattened_mut().get_mut(self.len..);
            let room = room.unwrap_or_default();
            let Some((now, later)) = bytes.split_at_checked(room.len()) else {
                return self.put(bytes);
            };
            room.copy_from_slice(now);
            compress256(&mut self.state, blocks);
            self.before += 64 * (BLOCKS as u64 - 1);
            self.len = 0;
            bytes = later;
        }
    }
}

/// An HMAC-SHA256 key with its pads absorbed, used any number of times; wiped on drop.
#[derive(Clone)]
pub(crate) struct HmacKey {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl HmacKey {
    /// RFC 2104: a key longer than a block is hashed first, a shorter one is filled with zeros.
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

    /// The key that, filled with zeros, is the block; which the caller has to wipe.
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
        pad(0x36, &mut key.inner);
        pad(0x36 ^ 0x5c, &mut key.outer);
        key
    }

    /// The MAC of a text, in hexadecimal.
    #[cfg(feature = "post")]
    pub(crate) fn hex(&self, text: &[u8]) -> [u8; 64] {
        hex(&self.mac(|sink| sink.put(text)))
    }

    /// Whether `mac`, in lower-case hexadecimal, is the MAC of what `write` puts; compared in constant time.
    pub(crate) fn verify(&self, write: impl FnOnce(&mut Hasher), mac: &str) -> bool {
        equal(hex(&self.mac(write)).into_iter(), mac.bytes())
    }

    /// The MAC of what `write` puts.
    #[inline(never)] // its blocks would stay on its caller's stack
    pub(crate) fn mac(&self, write: impl FnOnce(&mut Hasher)) -> [u8; 32] {
        let mut hasher = self.start();
        write(&mut hasher);
        self.outer(hasher.finish())
    }

    /// The outer hash: one block holds the inner one and its padding.
    fn outer(&self, inner: [u8; 32]) -> [u8; 32] {
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

    /// What takes a text whose MAC is wanted.
    pub(crate) const fn start(&self) -> Hasher {
        Hasher::resume(self.inner, 64)
    }

    /// The MACs of two texts that were begun by [`start`](Self::start).
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

/// Whether two texts are equal, found in a time that depends on their lengths only.
pub(crate) fn equal(
    a: impl Iterator<Item = u8> + Clone,
    b: impl Iterator<Item = u8> + Clone,
) -> bool {
    let same_length = a.clone().count() == b.clone().count();
    let difference = a.zip(b).fold(0, |difference, (a, b)| difference | (a ^ b));
    same_length & (core::hint::black_box(difference) == 0)
}

/// Of a secret, whose copy is wiped.
#[inline(never)] // rarely called, and large on the stack
fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Hasher::default();
    parts.iter().for_each(|part| hasher.put(part));
    let hash = hasher.finish();
    hasher.zeroize();
    hash
}

/// Lower-case hexadecimal. (Without a table, so that a compiler can do many digits at a time.)
pub(crate) fn hex(digest: &[u8; 32]) -> [u8; 64] {
    let digit = |n: u8| n + if n < 10 { b'0' } else { b'a' - 10 };
    let mut text = [0; 64];
    for (digits, byte) in text.chunks_exact_mut(2).zip(digest) {
        digits.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
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

    /// Against the hashing interfaces of the crates: texts and keys of every length around whole blocks, in pieces.
    #[test]
    fn as_sha2_and_hmac() {
        use hmac::{KeyInit, Mac};
        use sha2::Digest;

        let bytes: Vec<u8> = (0..700_u32).map(|n| ((n * n) >> 3) as u8).collect();
        for length in 0..bytes.len() {
            let (text, piece) = (&bytes[..length], length % 97 + 1);
            let put = |sink: &mut Hasher| text.chunks(piece).for_each(|piece| sink.put(piece));
            let mut hasher = Hasher::default();
            put(&mut hasher);
            assert_eq!(hasher.finish(), *sha2::Sha256::digest(text), "{length}");

            let key = &bytes[..length / 3];
            let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
            mac.update(text);
            let mac = mac.finalize().into_bytes();
            assert_eq!(HmacKey::new(&[key]).mac(put), *mac, "{length}");
        }
    }

    /// Texts of every two lengths, from where another stands.
    #[cfg(feature = "alloc")]
    #[test]
    fn two_as_one_by_one() {
        let bytes = [7; 300];
        let key = HmacKey::new(&[b"key"]);
        let (mut plain, mut keyed) = (
            [const { Hasher::<4>::new() }; 2],
            [const { Hasher::new() }; 2],
        );
        for begin in [0, 63, 64, 65, 200] {
            let mut begun = key.start();
            begun.put(&bytes[..begin]);
            begun.advance();
            for lengths in (0..300).map(|length| [length, length * 7 % 300]) {
                let texts = lengths.map(|length| &bytes[..length]);
                plain
                    .iter_mut()
                    .zip(texts)
                    .for_each(|(hasher, text)| hasher.put(text));
                let one_by_one = texts.map(|text| {
                    let mut hasher = Hasher::default();
                    hasher.put(text);
                    hasher.finish()
                });
                assert_eq!(Hasher::finish_two(&mut plain), one_by_one, "{lengths:?}");

                for (hasher, text) in keyed.iter_mut().zip(texts) {
                    hasher.follow(&begun);
                    hasher.put(text);
                }
                let one_by_one = texts.map(|text| {
                    key.mac(|sink| {
                        [&bytes[..begin], text]
                            .iter()
                            .for_each(|text| sink.put(text))
                    })
                });
                assert_eq!(
                    key.finish_two(&mut keyed),
                    one_by_one,
                    "{begin} {lengths:?}"
                );
            }
        }
    }
}
