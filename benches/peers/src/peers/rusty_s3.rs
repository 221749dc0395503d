use core::hint::black_box;
use core::time::Duration;

use rusty_s3::actions::{GetObject, PutObject, S3Action};
use rusty_s3::{Bucket, Credentials, UrlStyle};

use super::{Peer, TOKEN, sign};
use crate::items::{
    ACCESS_KEY_ID, BUCKET, HEADERS, OVERRIDES, REGION, SECONDS, SECRET, UPLOAD_TYPE,
};

const EXPIRY: Duration = Duration::from_secs(SECONDS);

pub fn peer() -> Peer {
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET);
    let temporary = Credentials::new_with_token(ACCESS_KEY_ID, SECRET, TOKEN.as_str());
    let (for_get, for_overridden, for_put) = (bucket(), bucket(), bucket());
    let for_upload = credentials.clone();
    Peer {
        package: "rusty-s3",
        way: "",
        get: sign(move |key, url| {
            url(&GetObject::new(&for_get, Some(&credentials), key).sign(EXPIRY));
        }),
        get_overridden: sign(move |key, url| {
            let mut action = GetObject::new(&for_overridden, Some(&temporary), key);
            for (name, value) in OVERRIDES {
                action.query_mut().insert(name, value);
            }
            url(&action.sign(EXPIRY));
        }),
        put: sign(move |key, url| {
            let mut action = PutObject::new(&for_put, Some(&for_upload), key);
            action.headers_mut().insert("content-type", UPLOAD_TYPE);
            for (name, value) in HEADERS {
                action.headers_mut().insert(name, value);
            }
            url(&action.sign(EXPIRY));
        }),
        each: None,
        from_strings: sign(|key, url| {
            let credentials = Credentials::new(black_box(ACCESS_KEY_ID), black_box(SECRET));
            let bucket = bucket();
            url(&GetObject::new(&bucket, Some(&credentials), key).sign(EXPIRY));
        }),
    }
}

fn bucket() -> Bucket {
    let endpoint = black_box("https://s3.us-west-2.amazonaws.com")
        .parse()
        .expect("a URL");
    Bucket::new(
        endpoint,
        UrlStyle::VirtualHost,
        black_box(BUCKET),
        black_box(REGION),
    )
    .expect("a bucket")
}
