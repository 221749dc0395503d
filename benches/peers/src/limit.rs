//! The limit: only the SHA-256 compressions that the bytes of a URL require.

use core::hint::black_box;

use sha2::block_api::compress256;

use crate::items::{self, KEY};
use crate::{Item, peers};

/// The number of compressions for one URL.
pub fn compressions(item: Item) -> usize {
    let keys = items::keys();
    let key = if item == Item::W4 { &keys[0] } else { KEY }; // all of W4's keys have this length
    let explanation = peers::presign::explain(item, key);
    let request = blocks(explanation.canonical_request().len());
    // With a signing key, the pads are already hashed.
    let signature = mac(explanation.string_to_sign().len());
    let derived = match item {
        Item::FromStrings => derivation(explanation.string_to_sign()),
        _ => 0,
    };
    derived + request + signature
}

/// Runs this many compressions, one after the other.
pub fn run(compressions: usize) {
    let mut state = black_box([0x6a09_e667_u32; 8]);
    let block = black_box([[0x80_u8; 64]; 1]);
    for _ in 0..compressions {
        compress256(&mut state, &block);
    }
    black_box(state);
}

/// Four HMACs with new keys, then the pads of the derived key.
fn derivation(string_to_sign: &str) -> usize {
    let scope = string_to_sign.split('\n').nth(2).expect("a scope");
    scope
        .split('/')
        .map(|part| PADS + mac(part.len()))
        .sum::<usize>()
        + PADS
}

const PADS: usize = 2;

/// An HMAC whose pads are already hashed: the text, after a block, then the digest.
const fn mac(bytes: usize) -> usize {
    blocks(64 + bytes) - 1 + 1
}

/// The padding of a message is one byte and an eight-byte length.
const fn blocks(bytes: usize) -> usize {
    (bytes + 9).div_ceil(64)
}
