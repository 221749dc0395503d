//! Signs one item several times, inside functions whose instructions `run` counts. Arguments: ITEM WAY TIMES.

use core::hint::black_box;
use core::time::Duration;
use std::error::Error;

use presign::{Bucket, Credentials, Identity, Presigner, SharedCredentials, Timestamp};

#[path = "../../shared/items.rs"]
#[allow(dead_code)] // only part of it is measured here
mod items;
use items::{
    ACCESS_KEY_ID, ACL, ALL_HEADERS, AUTHOR, BUCKET, CACHE_CONTROL, CONTENT_TYPE, DISPOSITION, KEY,
    REGION, SECONDS, SECRET, UPLOAD_TYPE,
};

const NOW: Timestamp = Timestamp::from_unix(1_780_000_000);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [item, way, times] = arguments.as_slice() else {
        return Err("expected: ITEM WAY TIMES".into());
    };
    let times = times.parse()?;

    let token = items::token(1000);
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET);
    let credentials = match item.as_str() {
        "W2" => credentials.session_token(&token),
        _ => credentials,
    };
    let bucket = Bucket::new(BUCKET, REGION)?;
    let today = credentials.signing_key(&bucket, NOW)?;
    let shared = SharedCredentials::new(credentials.clone());
    let today = match way.as_str() {
        "shared" => Identity::from(&shared),
        _ => Identity::from(&today),
    };
    let build = |key| Presigner::get(today, &bucket, key).expires_in(Duration::from_secs(SECONDS));
    let presigner = match item.as_str() {
        "W1" | "W4" => build(KEY),
        "W2" => build(KEY)
            .response_content_type(CONTENT_TYPE)
            .response_content_disposition(DISPOSITION)
            .response_cache_control(CACHE_CONTROL),
        "W3" => Presigner::put(today, &bucket, KEY)
            .expires_in(Duration::from_secs(SECONDS))
            .content_type(UPLOAD_TYPE)
            .acl(ACL)
            .metadata(AUTHOR.0, AUTHOR.1),
        "W3-list" => Presigner::put(today, &bucket, KEY)
            .expires_in(Duration::from_secs(SECONDS))
            .headers(&ALL_HEADERS),
        _ => return Err(format!("no item {item}: W1, W2, W3, W3-list or W4").into()),
    };
    let keys = items::keys();
    let mut buffer = [0; 4096];
    let batch = presigner.batch_at(NOW)?;
    match (item.as_str(), way.as_str()) {
        ("W4", "prepared" | "shared") => counted(times, |n| {
            build(&keys[n % keys.len()])
                .sign_into(NOW, &mut buffer)
                .map(drop)
        }),
        ("W4", "owned") => counted(times, |n| {
            build(&keys[n % keys.len()]).sign_at(NOW).map(drop)
        }),
        (_, "batch") => counted(times, |n| {
            let key = if item == "W4" {
                &keys[n % keys.len()]
            } else {
                KEY
            };
            batch.sign_into(key, &mut buffer).map(drop)
        }),
        (_, "each") => counted(times.div_ceil(100), |n| {
            let keys = keys.iter().cycle().skip(n * 100).take(100);
            batch.sign_each(keys).map(drop)
        }),
        (_, "prepared" | "shared") => {
            counted(times, |_| presigner.sign_into(NOW, &mut buffer).map(drop))
        }
        (_, "owned") => counted(times, |_| presigner.sign_at(NOW).map(drop)),
        (_, "one-off") => counted(times, |n| one_off(item, &token, &keys[n % keys.len()])),
        _ => {
            let ways = "prepared, shared, batch, each, owned or one-off";
            return Err(format!("no way {way}: {ways}").into());
        }
    }?;
    Ok(())
}

/// Builds everything from strings.
fn one_off(item: &str, token: &str, other_key: &str) -> Result<(), presign::Error> {
    let credentials = Credentials::new(black_box(ACCESS_KEY_ID), black_box(SECRET));
    let credentials = match item {
        "W2" => credentials.session_token(token),
        _ => credentials,
    };
    let bucket = Bucket::new(black_box(BUCKET), black_box(REGION))?;
    let presigner = match item {
        "W2" => Presigner::get(&credentials, &bucket, KEY)
            .response_content_type(CONTENT_TYPE)
            .response_content_disposition(DISPOSITION)
            .response_cache_control(CACHE_CONTROL),
        "W3" => Presigner::put(&credentials, &bucket, KEY)
            .content_type(UPLOAD_TYPE)
            .acl(ACL)
            .metadata(AUTHOR.0, AUTHOR.1),
        "W3-list" => Presigner::put(&credentials, &bucket, KEY).headers(&ALL_HEADERS),
        "W4" => Presigner::get(&credentials, &bucket, other_key),
        _ => Presigner::get(&credentials, &bucket, KEY),
    };
    black_box(
        presigner
            .expires_in(Duration::from_secs(SECONDS))
            .sign_at(NOW)?,
    );
    Ok(())
}

/// Counting starts and stops at this function, which is found by name.
#[inline(never)]
fn counted<E>(times: usize, mut sign: impl FnMut(usize) -> Result<(), E>) -> Result<(), E> {
    (0..times).try_for_each(|n| black_box(sign(black_box(n))))
}
