use core::hint::black_box;

use http::{HeaderMap, HeaderName, HeaderValue};
use s3::creds::Credentials;
use s3::{Bucket, Region};

use super::{Peer, TOKEN, sign};
use crate::items::{
    ACCESS_KEY_ID, BUCKET, HEADERS, OVERRIDES, REGION, SECONDS, SECRET, UPLOAD_TYPE,
};

const EXPIRY: u32 = SECONDS as u32;

pub fn peer() -> Peer {
    let (for_get, for_overridden, for_put) = (bucket(None), bucket(Some(&TOKEN)), bucket(None));
    Peer {
        package: "rust-s3",
        way: "",
        get: sign(move |key, url| {
            url(&pollster::block_on(for_get.presign_get(key, EXPIRY, None)).expect("a URL"));
        }),
        get_overridden: sign(move |key, url| {
            let query = OVERRIDES.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let signed = for_overridden.presign_get(key, EXPIRY, Some(query.into()));
            url(&pollster::block_on(signed).expect("a URL"));
        }),
        put: sign(move |key, url| {
            let headers: HeaderMap = [("content-type", UPLOAD_TYPE), HEADERS[0], HEADERS[1]]
                .map(|(name, value)| {
                    (
                        HeaderName::from_static(name),
                        HeaderValue::from_static(value),
                    )
                })
                .into_iter()
                .collect();
            let signed = for_put.presign_put(key, EXPIRY, Some(headers), None);
            url(&pollster::block_on(signed).expect("a URL"));
        }),
        each: None,
        from_strings: sign(|key, url| {
            let bucket = bucket(None);
            url(&pollster::block_on(bucket.presign_get(key, EXPIRY, None)).expect("a URL"));
        }),
    }
}

fn bucket(token: Option<&str>) -> Box<Bucket> {
    let (id, secret) = (black_box(ACCESS_KEY_ID), black_box(SECRET));
    let credentials =
        Credentials::new(Some(id), Some(secret), None, token, None).expect("credentials");
    let region = Region::Custom {
        region: black_box(REGION).to_owned(),
        endpoint: "https://s3.us-west-2.amazonaws.com".to_owned(),
    };
    Bucket::new(black_box(BUCKET), region, credentials).expect("a bucket")
}
