//! Signs the first link while the rest of the page still loads.
//!
//! This module checks nothing beyond what signing refuses, has no messages and only signs downloads, so it is a fraction
//! of the size of the other one. The page says that such a link is not checked yet, and replaces it.

use std::time::Duration;

use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
use wasm_bindgen::prelude::wasm_bindgen;

/// Signs a download link at `now`, in Unix seconds. `fields` are names and values in turn. Returns an empty text if
/// anything is missing or wrong, or if an option needs the other module.
#[must_use]
#[wasm_bindgen]
pub fn sign(fields: Vec<String>, now: f64) -> String {
    link(&fields, now).unwrap_or_default()
}

fn link(fields: &[String], now: f64) -> Option<String> {
    let field = |name: &str| {
        let mut pairs = fields.chunks_exact(2);
        let value =
            pairs.find_map(|pair| pair.first().filter(|first| *first == name).and(pair.get(1)));
        value.map_or("", String::as_str)
    };
    let plain = field("method") == "GET"
        && field("disposition") == "stored"
        && field("content_type").is_empty()
        && field("expiration").is_empty();
    let unit = match field("unit") {
        "seconds" => 1,
        "minutes" => 60,
        "hours" => 3600,
        _ => 86_400,
    };
    let seconds = field("expires").parse::<u64>().ok()?.checked_mul(unit)?;
    let mut credentials = Credentials::new(field("access_key_id"), field("secret_access_key"));
    if !field("session_token").is_empty() {
        credentials = credentials.session_token(field("session_token"));
    }
    let bucket = || -> Result<Bucket<'_>, Error> {
        let mut bucket = Bucket::new(field("bucket"), field("region"))?;
        if !field("endpoint").is_empty() {
            bucket = bucket.endpoint(field("endpoint"))?;
        }
        Ok(match field("addressing") {
            "path" => bucket.path_style(),
            "global" => bucket.global_endpoint(),
            _ => bucket,
        })
    };
    let bucket = bucket().ok().filter(|_| plain)?;
    let mut buffer = vec![0; 16_384];
    let presigner = Presigner::get(&credentials, &bucket, field("key"))
        .expires_in(Duration::from_secs(seconds));
    let url = presigner.sign_into(Timestamp::from_unix(now as i64), &mut buffer);
    url.ok().map(str::to_owned)
}
