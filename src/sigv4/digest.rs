//! SHA-256, and lower-case hexadecimal.
//!
//! Short pieces of text are gathered into whole blocks, and the rest of a long one is hashed where it is. Most URLs therefore
//! cost two calls of `sha2`'s compression function for each of the two hashes. For such short texts, the higher-level
//! interface of `sha2` adds a large part of the cost of the hash itself. The tests compare this file with it.

use sha2::block_api::compress256;
use sha2::digest::array::Array;
use sha2::digest::consts::U64;
use zeroize::Zeroize;

use super::sink::Sink;

/// The number of blocks to gather: fewer on a microcontroller, where they are a large part of the stack.
const BLOCKS: usize = if cfg!(target_pointer_width = "64") {
    4
} else {
    2
};

/// SHA-256 of everything that is written.
#[derive(Clone)]
pub(crate) struct Hasher<const BLOCKS: usize = { self::BLOCKS }> {
    state: [u32; 8],
    /// All except the last are filled before they are hashed; the last is room for the padding.
    blocks: [[u8; 64]; BLOCKS],
    len: usize,
    /// The number of bytes that were hashed before those in `blocks`.
    before: u64,
}

/// FIPS 180-4, 5.3.3: the initial hash value.
pub(crate) const INITIAL: [u32; 8] = [
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

    pub(crate) const fn resume(state: [u32; 8], before: u64) -> Self {
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

    /// FIPS 180-4, 5.1.1: pads to whole blocks with a one bit, zeros, and the length in bits.
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
        self.blocks.as_flattened_mut().fill(0); // `zeroize` would write byte by byte, and these may be kilobytes
        core::hint::black_box(&mut self.blocks);
        (self.len, self.before) = (0, 0);
    }
}

pub(crate) fn digest(state: &[u32; 8]) -> [u8; 32] {
    let mut digest = [0; 32];
    for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

/// Texts with the same start, and texts that are hashed two at a time.
impl<const BLOCKS: usize> Hasher<BLOCKS> {
    /// Hashes the full blocks.
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

    /// Starts a new text in the same buffer.
    pub(crate) fn restart(&mut self, state: [u32; 8], before: u64) {
        (self.state, self.len, self.before) = (state, 0, before);
    }

    /// Continues from the state of another hasher that has [advanced](Self::advance).
    pub(crate) fn follow(&mut self, other: &Self) {
        self.restart(other.state, other.before);
        let rest = other.blocks.as_flattened().get(..other.len);
        self.put(rest.unwrap_or_default());
    }

    /// Returns the hashes of two texts, and starts new ones. A compression depends on the one before it, so alternating
    /// between two texts lets the processor run both in parallel.
    #[cfg(feature = "alloc")]
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
    #[inline] // saves 25 instructions per URL of a batch (benches/instructions)
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
    /// Writes text that does not fit into the blocks: fills and hashes them, then hashes the text where it is.
    #[inline(never)] // inlined, it costs 3.6 kB of code, and 35 instructions per URL of `sign_each`
    fn put_through(&mut self, bytes: &[u8]) {
        let (blocks, _) = self.blocks.split_at_mut(BLOCKS - 1);
        let room = blocks.as_flattened_mut().get_mut(self.len..);
        let room = room.unwrap_or_default();
        let Some((now, later)) = bytes.split_at_checked(room.len()) else {
            return; // not reached: the text did not fit
        };
        room.copy_from_slice(now);
        compress256(&mut self.state, blocks);
        let (whole, rest) = Array::<u8, U64>::slice_as_chunks(later);
        if !whole.is_empty() {
            compress256(&mut self.state, Array::cast_slice_to_core(whole));
        }
        self.before += 64 * (BLOCKS - 1 + whole.len()) as u64;
        self.len = 0;
        self.put(rest);
    }
}

/// Whether two texts are equal, in a time that depends only on their lengths.
pub(crate) fn equal(
    a: impl Iterator<Item = u8> + Clone,
    b: impl Iterator<Item = u8> + Clone,
) -> bool {
    let same_length = a.clone().count() == b.clone().count();
    let difference = a.zip(b).fold(0, |difference, (a, b)| difference | (a ^ b));
    same_length & (core::hint::black_box(difference) == 0)
}

/// Lower-case hexadecimal, without a table, so that the compiler can vectorize it.
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

    /// Compares with the crate's own interface, for texts of every length around whole blocks, written in pieces.
    #[test]
    fn as_sha2() {
        use sha2::Digest;

        let bytes: Vec<u8> = (0..700_u32).map(|n| ((n * n) >> 3) as u8).collect();
        for length in 0..bytes.len() {
            let text = &bytes[..length];
            let mut hasher = Hasher::<4>::new();
            text.chunks(length % 97 + 1)
                .for_each(|piece| hasher.put(piece));
            assert_eq!(hasher.finish(), *sha2::Sha256::digest(text), "{length}");
        }
    }

    /// Two texts have the same hashes together as separately.
    #[cfg(feature = "alloc")]
    #[test]
    fn two_as_one_by_one() {
        let bytes = [7; 300];
        let mut hashers = [const { Hasher::<4>::new() }; 2];
        for lengths in (0..300).map(|length| [length, length * 7 % 300]) {
            let texts = lengths.map(|length| &bytes[..length]);
            for (hasher, text) in hashers.iter_mut().zip(texts) {
                hasher.put(text);
            }
            let one_by_one = texts.map(|text| {
                let mut hasher = Hasher::<4>::new();
                hasher.put(text);
                hasher.finish()
            });
            assert_eq!(Hasher::finish_two(&mut hashers), one_by_one, "{lengths:?}");
        }
    }
}
