//! Signing many URLs needs no more memory than signing one.
#![cfg(feature = "alloc")]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::time::Instant;

use allocation_counter::measure;
use presign::{Bucket, Credentials, Presigner, SigningKey, Timestamp};

const FIRST_DAY: i64 = 1_369_353_600;
const TOKEN: &str = "IQoJb3JpZ2luX2Vj/+=EXAMPLE/TOKEN";

/// The number of URLs per signing key, before the next day and the next credentials.
const ROUND: u64 = 3 * 100;

/// What a service keeps between URLs.
struct Service {
    bucket: Bucket<'static>,
    key: SigningKey<'static>,
    object_keys: Vec<String>,
    buffer: Vec<u8>,
    signed: u64,
}

impl Service {
    fn new() -> Self {
        let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
        let mut service = Self {
            key: signing_key(&bucket, 0),
            bucket,
            object_keys: (0..100).map(|n| format!("photos/ä {n}.jpg")).collect(),
            buffer: vec![0; 1024],
            signed: 0,
        };
        service.round(drop); // grows the buffers to their final size
        service
    }

    /// Signs every key in three ways, with a signing key that replaces the previous one.
    fn round(&mut self, dispose: impl Fn(SigningKey<'static>)) {
        // Four digits, so that no text is longer than in the previous round.
        let day = i64::try_from(self.signed / ROUND % 10_000).unwrap();
        let now = Timestamp::from_unix(FIRST_DAY + day * 86_400);
        dispose(core::mem::replace(
            &mut self.key,
            signing_key(&self.bucket, day),
        ));

        let get = |object_key| Presigner::get(&self.key, &self.bucket, object_key);
        let urls = get("").batch_at(now).unwrap();
        let urls = urls.sign_each(&self.object_keys).unwrap();
        for (object_key, each) in self.object_keys.iter().zip(urls.iter()) {
            let url = get(object_key).sign_at(now).unwrap();
            let into = get(object_key).sign_into(now, &mut self.buffer);
            assert_eq!((into, each), (Ok(url.as_str()), url.as_str()));
            self.signed += 3;
        }
        assert_eq!(urls.len(), self.object_keys.len());
    }
}

fn signing_key(bucket: &Bucket<'_>, day: i64) -> SigningKey<'static> {
    let now = Timestamp::from_unix(FIRST_DAY + day * 86_400);
    let token = format!("{TOKEN}{day:04}");
    Credentials::new(&format!("ASIAEXAMPLE{day:04}"), &format!("secret{day:04}"))
        .session_token(&token)
        .expiration(Timestamp::from_unix(now.as_unix() + 3600))
        .signing_key(bucket, now)
        .unwrap()
        .into_owned()
}

/// Resident memory in KiB, if the system reports it.
fn resident_kib() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// How much more memory many URLs need than few.
struct Growth {
    live_bytes: i64,
    peak_bytes: u64,
    resident_kib: Option<i64>,
}

/// Signs at least this many URLs; `dispose` receives the signing keys that are no longer needed.
fn growth(urls: u64, dispose: impl Fn(SigningKey<'static>)) -> Growth {
    let mut service = Service::new();
    let one_round = measure(|| service.round(drop));
    let (start, resident_before) = (Instant::now(), resident_kib());
    let all = measure(|| {
        while service.signed < urls {
            service.round(&dispose);
        }
    });
    let (seconds, resident) = (start.elapsed().as_secs(), resident_kib());
    let (signed, allocations) = (service.signed, all.count_total);
    println!("{signed} URLs in {seconds} s with {allocations} allocations");
    let (live_bytes, peak, one_peak) = (all.bytes_current, all.bytes_max, one_round.bytes_max);
    println!("live: {live_bytes} bytes more; at most {peak}, in one round {one_peak}");
    println!("resident: {resident_before:?} KiB, then {resident:?}");
    Growth {
        live_bytes,
        peak_bytes: peak.saturating_sub(one_peak),
        resident_kib: resident
            .zip(resident_before)
            .map(|(after, before)| after - before),
    }
}

#[track_caller]
fn none(growth: &Growth) {
    assert_eq!(growth.live_bytes, 0, "live bytes grew");
    assert_eq!(growth.peak_bytes, 0, "peak of live bytes grew");
    // Allows for the memory of other tests; with ten million URLs, a tenth of a byte each.
    assert!(
        growth.resident_kib.is_none_or(|more| more < 1024),
        "resident memory grew"
    );
}

#[test]
fn many_urls_take_no_more_memory_than_few() {
    none(&growth(100_000, drop));
}

#[test]
#[ignore = "ten million URLs: ten seconds in release, minutes otherwise"]
fn ten_million_urls_take_no_more_memory_than_few() {
    none(&growth(10_000_000, drop));
}

#[test]
fn a_leak_is_seen() {
    assert!(growth(3 * ROUND, core::mem::forget).live_bytes > 0);
}
