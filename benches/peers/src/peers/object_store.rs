use core::hint::black_box;
use core::time::Duration;

use http::{HeaderName, HeaderValue, Method};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::signer::{SignedUrlOptions, Signer, Url};

use super::{Peer, TOKEN, sign};
use crate::items::{
    ACCESS_KEY_ID, BUCKET, HEADERS, OVERRIDES, REGION, SECONDS, SECRET, UPLOAD_TYPE,
};

pub fn peer() -> Peer {
    let store = || builder().build().expect("a store");
    let (for_get, for_put) = (store(), store());
    let for_overridden = builder()
        .with_token(TOKEN.as_str())
        .build()
        .expect("a store");
    Peer {
        package: "object_store",
        way: "",
        get: sign(move |key, url| {
            url(&presigned(
                &for_get,
                Method::GET,
                key,
                &SignedUrlOptions::default(),
            ))
        }),
        get_overridden: sign(move |key, url| {
            let options = SignedUrlOptions::default().with_query(OVERRIDES);
            url(&presigned(&for_overridden, Method::GET, key, &options));
        }),
        put: sign(move |key, url| {
            let mut options = SignedUrlOptions::default();
            for (name, value) in [("content-type", UPLOAD_TYPE), HEADERS[0], HEADERS[1]] {
                let (name, value) = (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                );
                options = options.with_signed_header(name, value);
            }
            url(&presigned(&for_put, Method::PUT, key, &options));
        }),
        each: None,
        from_strings: sign(move |key, url| {
            url(&presigned(
                &store(),
                Method::GET,
                key,
                &SignedUrlOptions::default(),
            ));
        }),
    }
}

fn builder() -> AmazonS3Builder {
    AmazonS3Builder::new()
        .with_region(black_box(REGION))
        .with_bucket_name(black_box(BUCKET))
        .with_access_key_id(black_box(ACCESS_KEY_ID))
        .with_secret_access_key(black_box(SECRET))
        .with_virtual_hosted_style_request(true)
}

fn presigned(store: &AmazonS3, method: Method, key: &str, options: &SignedUrlOptions) -> Url {
    let path = Path::from(key);
    let url = store.signed_url_opts(method, &path, Duration::from_secs(SECONDS), options);
    pollster::block_on(url).expect("a URL")
}
