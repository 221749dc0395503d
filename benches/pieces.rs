//! Measures each step of signing separately: `cargo bench --bench pieces`.
//!
//! The steps are not public, so this compiles the crate's own files. Each hashing step is measured next to the raw
//! compressions that it requires.
#![allow(
    dead_code,
    missing_docs,
    unused_imports,
    reason = "a bench uses a part of each file, and not its tests"
)]

extern crate alloc;

use core::hint::black_box;

use canonical_request::{CanonicalRequest, PutHeaders};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use digest::{Hasher, hex};
use hmac::HmacKey;
use sha2::block_api::compress256;
use sink::{Buffer, Sink};

#[path = "../src/sigv4/canonical_request.rs"]
mod canonical_request;
#[path = "../src/sigv4/digest.rs"]
mod digest;
#[path = "../src/sigv4/hmac.rs"]
mod hmac;
#[path = "../src/sigv4/sink.rs"]
mod sink;
#[path = "../src/text.rs"]
mod text;
#[path = "../src/sigv4/uri_encode.rs"]
mod uri_encode;

/// Runs this many raw compressions.
fn limit(c: &mut Criterion, group: &str, blocks: usize) {
    c.benchmark_group(group)
        .bench_function(BenchmarkId::new("raw compressions", blocks), |b| {
            let mut state = [0x6a09_e667_u32; 8];
            let block = black_box([[0x80_u8; 64]; 1]);
            b.iter(|| (0..blocks).for_each(|_| compress256(&mut state, &block)));
        });
}

fn hmac(c: &mut Criterion) {
    let parts: [&[u8]; 4] = [b"20130524", b"us-east-1", b"s3", b"aws4_request"];
    c.bench_function("key derivation", |b| {
        b.iter(|| {
            let secret: [&[u8]; 2] = [b"AWS4", b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"];
            let key = HmacKey::new(black_box(&secret));
            parts.iter().fold(key, |key, part| {
                HmacKey::new(&[&key.mac(|sink: &mut Hasher| sink.put(part))])
            })
        });
    });
    limit(c, "key derivation", 4 * 4 + 2);

    let key = HmacKey::new(&[b"key"]);
    let string_to_sign = [b'a'; 133];
    c.bench_function("HMAC with a prepared key, string to sign", |b| {
        b.iter(|| key.mac(|sink| sink.put(black_box(&string_to_sign))));
    });
    limit(c, "HMAC with a prepared key, string to sign", 4);

    let digest = key.mac(|_| ());
    c.bench_function("hex", |b| b.iter(|| hex(black_box(&digest))));
}

fn encoding(c: &mut Criterion) {
    let token = "IQoJb3JpZ2luX2VjEJr/wEaCXVzLWVhc3QtMSJHMEUCIQDx+y/Z0aB1c2D3e4==".repeat(16);
    let mut group = c.benchmark_group("URI encoding");
    for (name, text) in [
        ("key", "photos/2026/11/cat picture.jpg"),
        ("token", &token),
        ("all encoded", &"é".repeat(500)),
    ] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(name, text, |b, text| {
            let mut bytes = [0; 4096];
            b.iter(|| {
                let mut out = Buffer::new(&mut bytes);
                uri_encode::query(&mut out, black_box(text));
                out.len()
            });
        });
    }
}

/// Signs no header except `host`.
struct HostOnly;

impl PutHeaders for HostOnly {
    fn put(&self, sink: &mut dyn Sink, host: Option<&[u8]>) {
        sink.put_all(&[b"host:", host.unwrap_or_default(), b"\n"]);
    }

    fn put_names(&self, sink: &mut dyn Sink, _: &[u8]) {
        sink.put(b"host");
    }
}

fn canonical(c: &mut Criterion) {
    let query = [b'q'; 180];
    let request = CanonicalRequest {
        method: "GET",
        uri: b"/photos/2026/11/cat%20picture.jpg",
        query: query.as_slice(),
        host: b"examplebucket.s3.us-west-2.amazonaws.com",
        headers: &HostOnly,
        payload_hash: b"UNSIGNED-PAYLOAD",
    };
    let mut text = Vec::new();
    request.put(&mut text);
    c.bench_function("canonical request", |b| {
        b.iter(|| black_box(&request).hash());
    });
    limit(c, "canonical request", (text.len() + 9).div_ceil(64));
}

criterion_group!(benches, hmac, encoding, canonical);
criterion_main!(benches);
