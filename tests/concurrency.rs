//! Threads share credentials while days and credentials change: no URL is signed by a mix of old and new.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use core::sync::atomic::{AtomicI64, Ordering};
use core::time::Duration;
use std::collections::BTreeSet;
use std::sync::{Arc, Barrier};
use std::thread;

use presign::verify::{Rejection, Request, Verifier};
use presign::{Bucket, Credentials, Presigner, SharedCredentials, Timestamp};

const THREADS: i64 = 8;

/// The number of seconds between new credentials; the old ones stay valid for half as long again.
const PERIOD: i64 = 2000;
const GENERATIONS: i64 = 8;

/// The start of 1 January 2016, in the last quarter of period 4, when only the day changes.
const MIDNIGHT: i64 = 1_451_606_400;
const START: i64 = MIDNIGHT - 4 * PERIOD - PERIOD * 3 / 4;

const fn end(generation: i64) -> i64 {
    START + (generation + 1) * PERIOD + PERIOD / 2
}

fn credentials(generation: i64) -> Credentials<'static> {
    mixed(generation, generation, generation)
}

fn mixed(id: i64, secret: i64, token: i64) -> Credentials<'static> {
    Credentials::new(&format!("ASIA{id}"), &format!("secret {secret}"))
        .session_token(&format!("token{token}"))
        .expiration(Timestamp::from_unix(end(id)))
        .into_owned()
}

/// The day and generation that a URL is signed for, if all of its parts agree.
fn signed_for(url: &str, now: Timestamp) -> Result<(&'static str, i64), Rejection> {
    let generation = |id: &str| id.strip_prefix("ASIA")?.parse().ok();
    let request = Request::new("GET", url, &[])?;
    let verified = Verifier::new().verify(&request, now, |id| generation(id).map(credentials))?;
    let generation = generation(verified.access_key_id()).unwrap();
    // Compares the text of what the verifier accepted.
    let before = now.as_unix() < MIDNIGHT;
    let day = if before { "20151231" } else { "20160101" };
    for part in [
        format!("&X-Amz-Credential=ASIA{generation}%2F{day}%2Feu-west-1%2F"),
        format!("&X-Amz-Date={day}T"),
        format!("&X-Amz-Security-Token=token{generation}&"),
    ] {
        assert!(url.contains(&part), "{url}: {part}");
    }
    Ok((day, generation))
}

fn bucket() -> Bucket<'static> {
    Bucket::new("examplebucket", "eu-west-1").unwrap()
}

/// The clock advances by a second with each URL, whichever thread signs it.
#[test]
fn no_url_is_signed_by_a_mix() {
    let issued = |seconds: i64| credentials((seconds - START) / PERIOD);
    let clock = Arc::new(AtomicI64::new(START));
    let provider = Arc::clone(&clock);
    let load = move || Some(issued(provider.load(Ordering::Relaxed)));
    let shared = SharedCredentials::with_refresh(issued(START), Duration::ZERO, load);
    let barrier = Barrier::new(THREADS.try_into().unwrap());
    let sign = || {
        let (mut seen, mut early) = (BTreeSet::new(), BTreeSet::new());
        let bucket = bucket();
        barrier.wait();
        for _ in 0..GENERATIONS * PERIOD / THREADS {
            let seconds = clock.fetch_add(1, Ordering::Relaxed);
            let now = Timestamp::from_unix(seconds);
            // Even generations are replaced by a timer, odd ones after they expire.
            if (seconds - START) % (2 * PERIOD) < 10 {
                shared.replace(issued(seconds));
            }
            let key = format!("k{seconds}");
            let url = Presigner::get(&shared, &bucket, &key).sign_at(now).unwrap();
            let (day, generation) = signed_for(url.as_str(), now).unwrap();
            assert!(
                seconds < end(generation),
                "expired credentials of {generation}"
            );
            seen.insert((day, generation));
            if seconds < end(generation - 1) {
                early.insert(generation);
            }
        }
        (seen, early)
    };
    let (mut seen, mut early) = (BTreeSet::new(), BTreeSet::new());
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(sign)).collect();
        for thread in threads {
            let (more_seen, more_early) = thread.join().unwrap();
            seen.extend(more_seen);
            early.extend(more_early);
        }
    });
    let expected = (0..=4).map(|generation| ("20151231", generation));
    let expected = expected.chain((4..GENERATIONS).map(|generation| ("20160101", generation)));
    // A thread that was suspended after it read the clock signs for the past, with later credentials.
    assert!(seen.is_superset(&expected.collect()), "{seen:?}");
    assert!(early.is_superset(&[2, 4, 6].into()), "{early:?}");
}

#[test]
fn a_mix_is_seen() {
    let now = Timestamp::from_unix(START);
    let url = |credentials: Credentials<'_>| {
        let bucket = bucket();
        let key = credentials.signing_key(&bucket, now).unwrap();
        let url = Presigner::get(&key, &bucket, "k").sign_at(now);
        url.unwrap().into_string()
    };
    let seen = |url: &str| signed_for(url, now);
    assert_eq!(seen(&url(mixed(0, 0, 0))), Ok(("20151231", 0)));
    assert_eq!(
        seen(&url(mixed(1, 0, 0))),
        Err(Rejection::SessionTokenMismatch)
    );
    assert_eq!(
        seen(&url(mixed(0, 1, 0))),
        Err(Rejection::SignatureMismatch)
    );
    assert_eq!(
        seen(&url(mixed(0, 0, 1))),
        Err(Rejection::SessionTokenMismatch)
    );
    let tomorrows = url(mixed(0, 0, 0)).replace("%2F20151231%2F", "%2F20160101%2F");
    assert_eq!(seen(&tomorrows), Err(Rejection::ScopeDateMismatch));
}

const fn assert_send_sync<T: Send + Sync>() {}

const _: () = {
    assert_send_sync::<presign::Advisory>();
    assert_send_sync::<presign::Batch>();
    assert_send_sync::<presign::Bucket>();
    assert_send_sync::<presign::Checksum>();
    assert_send_sync::<presign::Credentials>();
    assert_send_sync::<presign::Encryption>();
    assert_send_sync::<presign::Error>();
    assert_send_sync::<presign::ErrorKind>();
    assert_send_sync::<presign::multipart::AnswerError>();
    assert_send_sync::<presign::multipart::Part>();
    assert_send_sync::<presign::ExpiryPolicy>();
    assert_send_sync::<presign::Explanation>();
    assert_send_sync::<presign::verify::HeaderName>();
    assert_send_sync::<presign::Identity>();
    assert_send_sync::<presign::Method>();
    assert_send_sync::<presign::PresignedUrl>();
    assert_send_sync::<presign::Presigner>();
    assert_send_sync::<presign::verify::Rejection>();
    assert_send_sync::<presign::verify::Request>();
    assert_send_sync::<presign::SharedCredentials>();
    assert_send_sync::<presign::SigningKey>();
    assert_send_sync::<presign::Timestamp>();
    assert_send_sync::<presign::Redactor>();
    assert_send_sync::<presign::Urls>();
    assert_send_sync::<presign::verify::Verified>();
    assert_send_sync::<presign::verify::Verifier>();
};

#[cfg(feature = "diagnose")]
const _: () = {
    assert_send_sync::<presign::diagnose::Cause>();
    assert_send_sync::<presign::diagnose::Comparison>();
    assert_send_sync::<presign::diagnose::Diagnosis>();
    assert_send_sync::<presign::diagnose::Evidence>();
};

#[cfg(feature = "post")]
const _: () = {
    assert_send_sync::<presign::post::PostForm>();
    assert_send_sync::<presign::post::PostPolicy>();
    assert_send_sync::<presign::verify::PostRejection>();
    assert_send_sync::<presign::verify::PostRequest>();
    assert_send_sync::<presign::verify::VerifiedPost>();
};

/// A new one cannot be left out.
#[test]
fn every_public_type_is_send_and_sync() {
    let mut count = 0;
    let lines = include_str!("../src/lib.rs").lines();
    for line in lines.filter_map(|line| line.strip_prefix("pub use ")) {
        let names = line.split(|letter: char| !letter.is_alphanumeric());
        for name in names.filter(|name| name.starts_with(char::is_uppercase)) {
            count += 1;
            let asserted = include_str!("concurrency.rs").contains(&format!("<presign::{name}>"));
            assert!(asserted, "assert that {name} is Send and Sync");
        }
    }
    assert!(count > 15, "{count} types were found in src/lib.rs");
}
