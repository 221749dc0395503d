//! The inputs that grow, and their shapes.

use core::hint::black_box;

use presign::verify::{Request, Verifier};
use presign::{Bucket, Credentials, Error, Presigner, SigningKey, Timestamp};

use crate::items::{ACCESS_KEY_ID, BUCKET, REGION, SECRET, token};

const NOW: Timestamp = Timestamp::from_unix(1_780_000_000);

/// One URL.
pub type Work = Box<dyn Fn(&mut [u8])>;

pub struct Panel {
    pub title: &'static str,
    pub sizes: Vec<usize>,
    pub shapes: Vec<Shape>,
}

pub struct Shape {
    pub name: &'static str,
    pub make: fn(usize) -> Work,
}

const fn shape(name: &'static str, make: fn(usize) -> Work) -> Shape {
    Shape { name, make }
}

pub fn panels() -> Vec<Panel> {
    let doubling = |to: usize| {
        (0..)
            .map(|n| 1 << n)
            .take_while(|size| *size <= to)
            .collect()
    };
    vec![
        Panel {
            title: "bytes of the key",
            sizes: doubling(1024),
            shapes: vec![
                shape("letters", |size| key("a".repeat(size))),
                shape("every byte encoded", |size| key(" ".repeat(size))),
                shape("all slashes", |size| key("/".repeat(size))),
                shape("every second byte a dot", |size| {
                    key("a.".repeat(size)[..size].to_owned())
                }),
                shape("refused at its end", |size| {
                    refused_key("a/".repeat((size / 2).max(1) - 1) + "..")
                }),
            ],
        },
        Panel {
            title: "query parameters",
            sizes: doubling(1024),
            shapes: vec![
                shape("shuffled", |size| query(shuffled(numbered("p", size)))),
                shape("sorted", |size| query(numbered("p", size))),
                shape("reversed", |size| query(reversed(numbered("p", size)))),
                shape("names alike for 200 bytes", |size| {
                    query(shuffled(numbered(&"p".repeat(200), size)))
                }),
                shape("one name, other values", |size| {
                    query(shuffled(one_name(size)))
                }),
                shape("one twice, refused", |size| {
                    refused_query(twice(numbered("p", size)))
                }),
                shape("all the same, refused", |size| {
                    refused_query(same(size.max(2)))
                }),
            ],
        },
        Panel {
            title: "signed headers",
            sizes: vec![1, 2, 5, 10, 20, 50, 100, 200],
            shapes: vec![
                shape("shuffled", |size| {
                    headers(shuffled(numbered("x-amz-meta-", size)))
                }),
                shape("sorted", |size| headers(numbered("x-amz-meta-", size))),
                shape("reversed", |size| {
                    headers(reversed(numbered("x-amz-meta-", size)))
                }),
                shape("names alike for 200 bytes", |size| {
                    headers(shuffled(numbered(&"x".repeat(200), size)))
                }),
                shape("one name, other values", |size| {
                    headers(shuffled(one_name(size)))
                }),
                shape("values of 200 spaces", |size| headers(spaces(size))),
            ],
        },
        Panel {
            title: "bytes of the token",
            sizes: doubling(4096),
            shapes: vec![
                shape("base64", |size| session(token(size.max(2)))),
                shape("every byte encoded", |size| session("/".repeat(size))),
            ],
        },
        Panel {
            title: "query parameters, verified",
            sizes: doubling(256), // the limits are 512 and 64 KiB
            shapes: vec![
                shape("sorted", |size| verifies(numbered("p", size), false)),
                shape("reversed", |size| verifies(numbered("p", size), true)),
                shape("names alike for 200 bytes", |size| {
                    verifies(numbered(&"p".repeat(200), size), true)
                }),
                shape("one name, other values", |size| {
                    verifies(one_name(size), true)
                }),
            ],
        },
    ]
}

type Pairs = Vec<(String, String)>;

/// Names that sort in the order of their numbers.
fn numbered(prefix: &str, count: usize) -> Pairs {
    (0..count)
        .map(|n| (format!("{prefix}{n:04}"), "value".to_owned()))
        .collect()
}

fn one_name(count: usize) -> Pairs {
    (0..count)
        .map(|n| ("x-name".to_owned(), format!("{n:04}")))
        .collect()
}

fn same(count: usize) -> Pairs {
    vec![("name".to_owned(), "value".to_owned()); count]
}

fn spaces(count: usize) -> Pairs {
    let value = format!("a{}b", " ".repeat(200));
    numbered("x-amz-meta-", count)
        .into_iter()
        .map(|(name, _)| (name, value.clone()))
        .collect()
}

/// The last one in order, a second time.
fn twice(mut pairs: Pairs) -> Pairs {
    pairs.extend(pairs.last().cloned());
    pairs
}

fn reversed(mut pairs: Pairs) -> Pairs {
    pairs.reverse();
    pairs
}

/// The same order each time: xorshift with a fixed seed.
fn shuffled(mut pairs: Pairs) -> Pairs {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for end in (1..pairs.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        pairs.swap(end, (state % (end as u64 + 1)) as usize);
    }
    pairs
}

/// Leaks its input, so that it lives as long as the program.
fn leak<T: ?Sized>(value: Box<T>) -> &'static T {
    Box::leak(value)
}

fn leak_pairs(pairs: Pairs) -> &'static [(&'static str, &'static str)] {
    let leaked = |text: String| leak(text.into_boxed_str());
    leak(
        pairs
            .into_iter()
            .map(|(name, value)| (leaked(name), leaked(value)))
            .collect(),
    )
}

fn bucket() -> &'static Bucket<'static> {
    leak(Box::new(Bucket::new(BUCKET, REGION).expect("a bucket")))
}

fn today() -> &'static SigningKey<'static> {
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET);
    let key = credentials.signing_key(bucket(), NOW).expect("a key");
    leak(Box::new(key.into_owned()))
}

fn get() -> Presigner<'static> {
    Presigner::get(today(), bucket(), "key")
}

fn signs(presigner: Presigner<'static>) -> Work {
    Box::new(move |buffer| {
        let url = black_box(&presigner).sign_into(NOW, buffer);
        black_box(url.expect("a URL"));
    })
}

fn refuses(presigner: Presigner<'static>, expected: fn(Error) -> bool) -> Work {
    assert!(
        presigner
            .sign_into(NOW, &mut [0; 1 << 20])
            .is_err_and(expected)
    );
    Box::new(move |buffer| {
        black_box(
            black_box(&presigner)
                .sign_into(NOW, buffer)
                .expect_err("an error"),
        );
    })
}

fn key(key: String) -> Work {
    signs(Presigner::get(
        today(),
        bucket(),
        leak(key.into_boxed_str()),
    ))
}

fn refused_key(key: String) -> Work {
    let presigner = Presigner::get(today(), bucket(), leak(key.into_boxed_str()));
    refuses(presigner, |error| matches!(error, Error::DotSegment { .. }))
}

fn query(pairs: Pairs) -> Work {
    signs(get().query(leak_pairs(pairs)))
}

fn refused_query(pairs: Pairs) -> Work {
    let presigner = get().query(leak_pairs(pairs));
    refuses(presigner, |error| error == Error::DuplicateQueryParameter)
}

fn headers(pairs: Pairs) -> Work {
    signs(get().headers(leak_pairs(pairs)))
}

fn session(token: String) -> Work {
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET).session_token(&token);
    let key = credentials
        .signing_key(bucket(), NOW)
        .expect("a key")
        .into_owned();
    signs(Presigner::get(leak(Box::new(key)), bucket(), "key"))
}

/// In a URL, the parameters can be in any order.
fn verifies(pairs: Pairs, reverse: bool) -> Work {
    let mut buffer = vec![0; 1 << 20];
    let signed = get()
        .query(leak_pairs(pairs))
        .sign_into(NOW, &mut buffer)
        .expect("a URL");
    let (url, query) = signed.split_once('?').expect("a query");
    let mut query: Vec<_> = query.split('&').collect();
    if reverse {
        query.reverse();
    }
    let url = format!("{url}?{}", query.join("&"));
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET);
    Box::new(move |_| {
        let request = Request::new("GET", black_box(&url), &[]).expect("a request");
        let verified = Verifier::new().verify(&request, NOW, |_| Some(credentials.clone()));
        black_box(verified.expect("a good signature"));
    })
}
