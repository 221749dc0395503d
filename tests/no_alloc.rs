//! Signing into a buffer never allocates; signing into a `String` allocates once.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use core::hint::black_box;
use core::time::Duration;

use allocation_counter::measure;
use presign::{Bucket, Credentials, Error, ExpiryPolicy, Identity, Method, Presigner, Timestamp};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);
const HEADERS: [(&str, &str); 4] = [
    ("X-Amz-Meta-Z", "  ü   b\tc "),
    ("x-amz-acl", "private"),
    ("X-Amz-Meta-Z", "second"),
    ("Cache-Control", "no-store"),
];

/// 40 parameters, out of order, and a token longer than any reasonable buffer.
struct Input {
    query: Vec<(String, String)>,
    token: String,
}

impl Input {
    fn new() -> Self {
        let pair = |n: usize| (format!("p-{}", n * 17 % 40), format!("ä {n}"));
        Self {
            query: (0..40).map(pair).collect(),
            token: "IQoJb3JpZ2luX2Vj/+=".repeat(100),
        }
    }

    fn credentials(&self) -> Credentials<'_> {
        Credentials::new("AKIAEXAMPLE", "secret").session_token(&self.token)
    }

    fn query(&self) -> [(&str, &str); 40] {
        core::array::from_fn(|n| (self.query[n].0.as_str(), self.query[n].1.as_str()))
    }
}

fn presigner<'a>(
    identity: impl Into<Identity<'a>>,
    bucket: &'a Bucket<'a>,
    query: &'a [(&'a str, &'a str)],
) -> Presigner<'a> {
    Presigner::new(Method::Put, identity, bucket, "ein Schlüssel/k")
        .query(query)
        .query(&[("x-id", "PutObject")])
        .headers(&HEADERS)
        .metadata("Author", "Ada")
        .content_type("text/plain")
        .content_length(5)
        .version_id("v")
        .expires_in(Duration::from_secs(3600))
        .expiry_policy(ExpiryPolicy::Clamp)
}

/// Allocations by this thread; other tests run on other threads.
fn count(run: impl FnOnce()) -> u64 {
    measure(run).count_total
}

#[test]
fn the_count_counts() {
    let push = || {
        let bytes = vec![black_box(1_u8)];
        black_box(&bytes);
    };
    assert_eq!(count(push), 1);
    assert_eq!(count(|| drop(black_box(Box::new([0_u64; 8])))), 1);
    assert_eq!(count(|| drop(black_box(format!("{}", black_box(7))))), 1);
    assert_eq!(count(|| ()), 0);
}

#[test]
fn sign_into_takes_none() {
    let input = Input::new();
    let mut buffer = [0; 8192];
    // From the first value to the last byte.
    let counted = count(|| {
        let credentials = input.credentials();
        let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
        let bucket = bucket.endpoint("https://h.example:8443/prefix").unwrap();
        let query = input.query();
        let presigner = presigner(&credentials, &bucket, &query);
        let url = presigner.sign_into(NOW, &mut buffer).unwrap();
        assert!(url.len() > 3000 && url.contains("&p-9=%C3%A4%20"), "{url}");
        assert_eq!(
            presigner.valid_until(NOW).unwrap().as_unix(),
            NOW.as_unix() + 3600
        );
    });
    assert_eq!(counted, 0);
}

#[test]
fn sign_into_with_a_signing_key_takes_none() {
    let input = Input::new();
    let (credentials, query) = (input.credentials(), input.query());
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let mut key = None;
    let derived = count(|| key = credentials.signing_key(&bucket, NOW).ok());
    // With `std`, the key keeps the parts that all its URLs share.
    assert_eq!(derived, u64::from(cfg!(feature = "std")));

    let (key, mut buffer) = (key.unwrap(), [0; 8192]);
    let counted = count(|| {
        for _ in 0..3 {
            let url = presigner(&key, &bucket, &query).sign_into(NOW, &mut buffer);
            assert!(url.unwrap().len() > 3000);
        }
    });
    assert_eq!(counted, 0);
}

#[cfg(feature = "alloc")]
#[test]
fn many_keys_take_no_more_than_one() {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let gallery = Presigner::get(&credentials, &bucket, "");
    let batch = gallery.batch_at(NOW).unwrap();
    let counted = |keys: usize| {
        count(|| {
            let keys = core::iter::repeat_n("a key", keys);
            batch.sign_each(keys).unwrap();
        })
    };
    assert_eq!(counted(1), 2);
    assert_eq!(counted(1000), 2);
    assert_eq!(count(|| drop(batch.sign("a key").unwrap())), 1);
    assert_eq!(count(|| drop(gallery.batch_at(NOW).unwrap())), 1);
    let (mut prepared, mut buffer) = ([0; 1024], [0; 512]);
    let counted = count(|| {
        let batch = gallery.batch_into(NOW, &mut prepared).unwrap();
        batch.sign_into("a key", &mut buffer).unwrap();
    });
    assert_eq!(counted, 0);
}

#[cfg(feature = "alloc")]
#[test]
fn sign_at_takes_one() {
    let input = Input::new();
    let (credentials, query) = (input.credentials(), input.query());
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let key = credentials.signing_key(&bucket, NOW).unwrap();
    let plain = Presigner::get(&credentials, &bucket, "k");
    for presigner in [
        plain,
        plain.query(&query),
        presigner(&credentials, &bucket, &query),
        presigner(&key, &bucket, &query),
    ] {
        let mut signed = None;
        assert_eq!(count(|| signed = Some(presigner.sign_at(NOW))), 1);
        let signed = signed.unwrap().unwrap();
        // Reading or passing on values does not copy anything.
        let look = || {
            assert!(signed.headers().count() < 7);
            black_box((signed.as_str(), signed.method(), signed.expires_at()));
            black_box(signed.clone().into_string());
        };
        assert_eq!(count(look), 1, "the clone");
    }
}

#[test]
fn errors_take_none() {
    let input = Input::new();
    let (credentials, query) = (input.credentials(), input.query());
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let key = credentials.signing_key(&bucket, NOW).unwrap();
    let tomorrow = Timestamp::from_unix(NOW.as_unix() + 86_400);
    let good = presigner(&credentials, &bucket, &query);
    let needed = good.sign_into(NOW, &mut [0; 8192]).unwrap().len();
    let counted = count(|| {
        let into = |presigner: Presigner<'_>, at| {
            let error = presigner.sign_into(at, &mut [0; 8192]).unwrap_err();
            black_box(error);
        };
        into(good.query(&[("p-1", "ä 33")]), NOW); // the same pair again
        into(good.headers(&[("x", "\n")]), NOW);
        into(good.version_id(""), NOW);
        into(good.expires_in(Duration::ZERO), NOW);
        into(Presigner::get(&key, &bucket, "k"), tomorrow);
        into(Presigner::get(&credentials, &bucket, ".."), NOW);
        for room in [0, 100, needed - 1] {
            let error = good.sign_into(NOW, &mut [0; 8192][..room]).unwrap_err();
            assert_eq!(error, Error::BufferTooSmall { needed });
        }
        black_box(Bucket::new("*", "eu-west-1").unwrap_err());
        black_box(bucket.clone().endpoint("http://h:0").unwrap_err());
    });
    assert_eq!(counted, 0);
}

#[cfg(feature = "sigv4a")]
#[test]
fn sigv4a_takes_none() {
    let input = Input::new();
    let mut buffer = [0; 8192];
    let counted = count(|| {
        let credentials = input.credentials();
        let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
        let bucket = bucket.region_set("eu-*").unwrap();
        let query = input.query();
        let url = presigner(&credentials, &bucket, &query).sign_into(NOW, &mut buffer);
        assert!(url.unwrap().len() > 3000);
    });
    assert_eq!(counted, 0);
}
