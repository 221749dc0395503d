//! Signs the first link while the rest of the page still loads.
//!
//! This module checks nothing beyond what signing refuses, has no messages and only signs downloads, without an allocator,
//! so it is a fraction of the size of the others. The page says that such a link is not checked yet, and replaces it.

#![cfg_attr(target_family = "wasm", no_std)]

use core::time::Duration;

use presign::{Bucket, Credentials, Error, Presigner, Timestamp};

#[cfg(target_family = "wasm")]
mod module;

/// Signs a download link at `now`, in Unix seconds. `fields` are names and values in turn, each on its line. Returns
/// `None` if anything is missing or wrong, or if an option needs a larger module.
pub fn sign<'a>(fields: &str, now: i64, output: &'a mut [u8]) -> Option<&'a str> {
    let field = |name: &str| {
        let mut lines = fields.split('\n');
        while let (Some(other), Some(value)) = (lines.next(), lines.next()) {
            if other == name {
                return value;
            }
        }
        ""
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
    let presigner = Presigner::get(&credentials, &bucket, field("key"))
        .expires_in(Duration::from_secs(seconds));
    presigner.sign_into(Timestamp::from_unix(now), output).ok()
}
