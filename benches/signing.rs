//! Measures the cost of a URL, relative to the SHA-256 compressions that its bytes require: `cargo bench`.
//!
//! Criterion times each piece of work separately. Then each one is timed in turns with exactly the raw compressions
//! that it requires, and the medians of the ratios are printed: (a) nothing cached, (b) the day's key cached.
#![allow(missing_docs, clippy::expect_used, clippy::indexing_slicing)] // a benchmark stops at the first failure

use core::hint::black_box;
use core::time::Duration;
use std::time::Instant;

use criterion::{Criterion, criterion_group};
use presign::{Bucket, Credentials, Presigner, Timestamp};
use sha2::block_api::compress256;

const NOW: Timestamp = Timestamp::from_unix(1_780_000_000);
const HOUR: Duration = Duration::from_secs(3600);
const KEY: &str = "photos/2026/11/cat picture.jpg";
const HEADERS: [(&str, &str); 2] = [("x-amz-acl", "private"), ("x-amz-meta-author", "somebody")];

/// A thousand characters that look like a session token: base64 with its three special characters.
fn token() -> String {
    "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDx+y/Z0aB1c2D3e4F5g6H7"
        .chars()
        .cycle()
        .take(998)
        .chain("==".chars())
        .collect()
}

struct Work<'w> {
    name: &'static str,
    presigner: Presigner<'w>,
    /// The compressions that the bytes of a URL require, without those for the key.
    blocks: usize,
}

/// The compressions for a message of this many bytes.
const fn blocks(bytes: usize) -> usize {
    (bytes + 9).div_ceil(64)
}

impl<'w> Work<'w> {
    fn new(name: &'static str, presigner: Presigner<'w>) -> Self {
        let presigner = presigner.expires_in(HOUR);
        let explanation = presigner
            .explain_at(NOW)
            .expect("a request that can be signed");
        let request = blocks(explanation.canonical_request().len());
        // The inner hash starts from the key's state; the outer one needs one block.
        let string = blocks(64 + explanation.string_to_sign().len()) - 1 + 1;
        Self {
            name,
            presigner,
            blocks: request + string,
        }
    }
}

fn overridden(presigner: Presigner<'_>) -> Presigner<'_> {
    presigner
        .response_content_type("application/octet-stream")
        .response_content_disposition("attachment; filename=\"cat picture.jpg\"")
        .response_cache_control("private, max-age=60")
}

/// The compressions to derive a key: two pads and two short messages four times, then the two pads of the key itself.
const DERIVATION: usize = 4 * 4 + 2;

fn with_work(run: impl FnOnce(&[Work<'_>], &[Work<'_>])) {
    let (id, secret) = (
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    );
    let token = token();
    let bucket = Bucket::new("examplebucket", "us-west-2").expect("a bucket");
    let credentials = Credentials::new(id, secret);
    let temporary = Credentials::new(id, secret).session_token(&token);
    let (key, temporary_key) = (
        credentials.signing_key(&bucket, NOW).expect("a key"),
        temporary.signing_key(&bucket, NOW).expect("a key"),
    );
    let prepared = [
        Work::new("W1 GET", Presigner::get(&key, &bucket, KEY)),
        Work::new(
            "W2 GET, token, overrides",
            overridden(Presigner::get(&temporary_key, &bucket, KEY)),
        ),
        Work::new(
            "W3 PUT, headers",
            Presigner::put(&key, &bucket, KEY)
                .content_type("image/jpeg")
                .headers(&HEADERS),
        ),
    ];
    let oneshot = [
        Work::new("W1 GET", Presigner::get(&credentials, &bucket, KEY)),
        Work::new(
            "W2 GET, token, overrides",
            overridden(Presigner::get(&temporary, &bucket, KEY)),
        ),
        Work::new(
            "W3 PUT, headers",
            Presigner::put(&credentials, &bucket, KEY)
                .content_type("image/jpeg")
                .headers(&HEADERS),
        ),
    ];
    run(&prepared, &oneshot);
}

fn urls(c: &mut Criterion) {
    let mut buffer = [0; 4096];
    with_work(|prepared, oneshot| {
        for (group, works) in [("prepared", prepared), ("oneshot", oneshot)] {
            let mut group = c.benchmark_group(group);
            for work in works {
                group.bench_function(format!("{} into a buffer", work.name), |b| {
                    b.iter(|| {
                        black_box(&work.presigner)
                            .sign_into(NOW, &mut buffer)
                            .map(str::len)
                    });
                });
                group.bench_function(format!("{} as PresignedUrl", work.name), |b| {
                    b.iter(|| black_box(&work.presigner).sign_at(NOW));
                });
            }
        }
    });
}

fn key(c: &mut Criterion) {
    let credentials = Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    );
    let bucket = Bucket::new("examplebucket", "us-west-2").expect("a bucket");
    c.bench_function("key derivation", |b| {
        b.iter(|| black_box(&credentials).signing_key(&bucket, NOW).is_ok())
    });
}

criterion_group!(benches, urls, key);

/// Runs this many raw compressions.
fn limit(blocks: usize) {
    let mut state = black_box([0x6a09_e667_u32; 8]);
    let block = black_box([[0x80_u8; 64]; 1]);
    for _ in 0..blocks {
        compress256(&mut state, &block);
    }
    black_box(state);
}

/// The median of time ratios, each measured in turns within one round.
fn ratio(mut work: impl FnMut(), blocks: usize) -> f64 {
    const TURNS: u32 = 400;
    let time = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..TURNS).for_each(|_| run());
        start.elapsed().as_secs_f64()
    };
    let round = |_| {
        let limit = time(&mut || limit(blocks));
        time(&mut work) / limit
    };
    let mut ratios: Vec<f64> = (0..201).map(round).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

fn ratios() {
    println!("\n| work | compressions | into a buffer | as PresignedUrl |\n|---|---:|---:|---:|");
    let mut buffer = [0; 4096];
    with_work(|prepared, oneshot| {
        for (limit, works, more) in [("(b)", prepared, 0), ("(a)", oneshot, DERIVATION)] {
            for Work {
                name,
                presigner,
                blocks,
            } in works
            {
                let blocks = blocks + more;
                let into = ratio(
                    || assert!(black_box(presigner).sign_into(NOW, &mut buffer).is_ok()),
                    blocks,
                );
                let owned = ratio(
                    || assert!(black_box(presigner).sign_at(NOW).is_ok()),
                    blocks,
                );
                println!("| {name} | {blocks} {limit} | {into:.2} x | {owned:.2} x |");
            }
        }
        // Ten thousand keys, each with its own builder.
        let keys: Vec<String> = (0..10_000)
            .map(|n| format!("photos/2026/11/{n:05} cat picture.jpg"))
            .collect();
        let credentials = Credentials::new(
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        );
        let bucket = Bucket::new("examplebucket", "us-west-2").expect("a bucket");
        let key = credentials.signing_key(&bucket, NOW).expect("a key");
        let blocks = Work::new("W4", Presigner::get(&key, &bucket, &keys[0])).blocks;
        let mut next = keys.iter().cycle();
        let mut sign = || {
            let url = Presigner::get(&key, &bucket, next.next().expect("a cycle")).expires_in(HOUR);
            assert!(url.sign_into(NOW, &mut buffer).is_ok());
        };
        let into = ratio(&mut sign, blocks);
        println!("| W4 10,000 keys, per URL | {blocks} (b) | {into:.2} x | |");
        // A hundred at a time: the shared work is done once.
        let gallery = Presigner::get(&key, &bucket, "").expires_in(HOUR);
        let mut hundreds = keys.chunks_exact(100).cycle();
        let batch = gallery.batch_at(NOW).expect("a batch");
        let mut sign = || {
            let keys = hundreds.next().expect("a cycle");
            assert!(batch.sign_each(keys).is_ok());
        };
        let each = ratio(&mut sign, 100 * blocks);
        println!("| W4 by `Batch::sign_each`, per URL | {blocks} (b) | {each:.2} x | |");
        let mut next = keys.iter().cycle();
        let mut sign = || {
            let key = next.next().expect("a cycle");
            assert!(batch.sign_into(key, &mut buffer).is_ok());
        };
        let one = ratio(&mut sign, blocks);
        println!("| W4 by `Batch::sign_into`, per URL | {blocks} (b) | {one:.2} x | |");
    });
}

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
    ratios();
}
