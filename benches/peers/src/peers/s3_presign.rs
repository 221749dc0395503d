use core::hint::black_box;

use s3_presign::{Bucket, Credentials};

use super::{Peer, TOKEN, sign};
use crate::items::{ACCESS_KEY_ID, BUCKET, REGION, SECONDS, SECRET};

const EXPIRY: i64 = SECONDS as i64;

pub fn peer() -> Peer {
    let (bucket, credentials) = (bucket(), credentials());
    Peer {
        package: "s3-presign",
        way: "",
        get: sign(move |key, url| {
            url(&s3_presign::get(&credentials, &bucket, key, EXPIRY).expect("a URL"));
        }),
        // It has no overrides; the token alone shows the problem.
        get_overridden: {
            let temporary = Credentials::new_temporary(ACCESS_KEY_ID, SECRET, &TOKEN);
            let bucket = self::bucket();
            sign(move |key, url| {
                url(&s3_presign::get(&temporary, &bucket, key, EXPIRY).expect("a URL"));
            })
        },
        put: Err("signs no headers"),
        each: None,
        from_strings: sign(|key, url| {
            url(
                &s3_presign::get(&self::credentials(), &self::bucket(), key, EXPIRY)
                    .expect("a URL"),
            );
        }),
    }
}

fn credentials() -> Credentials {
    Credentials::new(black_box(ACCESS_KEY_ID), black_box(SECRET), None)
}

fn bucket() -> Bucket {
    Bucket::new_with_root(
        black_box(REGION),
        black_box(BUCKET),
        "s3.us-west-2.amazonaws.com",
    )
}
