//! Signs in WebAssembly, or runs the compressions that signing requires. `run.mjs` compares the times.

use core::hint::black_box;
use core::time::Duration;
use std::sync::LazyLock;

use presign::{Bucket, Credentials, Presigner, SigningKey, Timestamp};
use sha2::block_api::compress256;

#[path = "../../shared/items.rs"]
#[allow(dead_code)] // only part of it is measured here
mod items;
use items::{
    ACCESS_KEY_ID, BUCKET, CACHE_CONTROL, CONTENT_TYPE, DISPOSITION, HEADERS, KEY, REGION, SECONDS,
    SECRET, UPLOAD_TYPE,
};

const NOW: Timestamp = Timestamp::from_unix(1_780_000_000);

static KEYS: LazyLock<Vec<String>> = LazyLock::new(items::keys);
static BUCKET_THERE: LazyLock<Bucket<'_>> =
    LazyLock::new(|| Bucket::new(BUCKET, REGION).expect("a bucket"));
static TODAY: LazyLock<SigningKey<'_>> =
    LazyLock::new(|| signing_key(Credentials::new(ACCESS_KEY_ID, SECRET)));
static TODAY_WITH_TOKEN: LazyLock<SigningKey<'_>> = LazyLock::new(|| {
    signing_key(Credentials::new(ACCESS_KEY_ID, SECRET).session_token(&items::token(1000)))
});

fn signing_key(credentials: Credentials<'_>) -> SigningKey<'static> {
    let key = credentials.signing_key(&BUCKET_THERE, NOW);
    key.expect("a key").into_owned()
}

fn presigner(item: u32, key: &str) -> Presigner<'_> {
    match item {
        2 => Presigner::get(&*TODAY_WITH_TOKEN, &BUCKET_THERE, key)
            .response_content_type(CONTENT_TYPE)
            .response_content_disposition(DISPOSITION)
            .response_cache_control(CACHE_CONTROL),
        3 => Presigner::put(&*TODAY, &BUCKET_THERE, key)
            .content_type(UPLOAD_TYPE)
            .headers(&HEADERS),
        _ => Presigner::get(&*TODAY, &BUCKET_THERE, key),
    }
    .expires_in(Duration::from_secs(SECONDS))
}

/// Signs the item W1, W2, W3 or W4 this many times into a buffer, and returns the total length of the URLs.
#[expect(unsafe_code, reason = "no other function of this module has that name")]
#[unsafe(no_mangle)]
pub extern "C" fn sign(item: u32, times: usize) -> usize {
    let mut buffer = [0; 4096];
    let mut sign = |presigner: &Presigner<'_>| {
        let url = presigner.sign_into(NOW, &mut buffer);
        url.expect("a URL").len()
    };
    let prepared = presigner(item, KEY);
    (0..times)
        .map(|n| match item {
            4 => sign(&presigner(item, &KEYS[n % KEYS.len()])),
            _ => sign(black_box(&prepared)),
        })
        .sum()
}

/// The compressions that the bytes of a URL require.
#[expect(unsafe_code, reason = "no other function of this module has that name")]
#[unsafe(no_mangle)]
pub extern "C" fn compressions(item: u32) -> usize {
    let key = if item == 4 { &KEYS[0] } else { KEY };
    let explanation = presigner(item, key).explain_at(NOW).expect("a request");
    // A byte and the length are appended. Of the MAC's two hashes, the first starts at the key's state.
    let blocks = |text: &str| (text.len() + 9).div_ceil(64);
    blocks(explanation.canonical_request()) + blocks(explanation.string_to_sign()) + 1
}

/// Runs this many compressions, one after the other.
#[expect(unsafe_code, reason = "no other function of this module has that name")]
#[unsafe(no_mangle)]
pub extern "C" fn compress(times: usize) -> u32 {
    let mut state = black_box([0x6a09_e667; 8]);
    let block = black_box([[0x80; 64]]);
    (0..times).for_each(|_| compress256(&mut state, &block));
    state[0]
}
