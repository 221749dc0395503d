//! Shared credentials sign like plain credentials, and can be refreshed. `concurrency.rs` signs with many threads.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use presign::{Advisory, Bucket, Credentials, Error, Presigner, SharedCredentials, Timestamp};

/// 1 January 2016.
const MIDNIGHT: Timestamp = Timestamp::from_unix(1_451_606_400);

fn bucket(region: &str) -> Bucket<'static> {
    Bucket::new("examplebucket", region).unwrap().into_owned()
}

fn credentials(generation: usize) -> Credentials<'static> {
    let texts = [
        format!("ASIA{generation}"),
        format!("secret {generation}"),
        format!("token{generation}"),
    ];
    let [id, secret, token] = &texts;
    Credentials::new(id, secret)
        .session_token(token)
        .into_owned()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Signing produces the same URL as with the credentials themselves.
#[track_caller]
fn assert_signs_as(
    shared: &SharedCredentials,
    credentials: &Credentials<'_>,
    bucket: &Bucket<'_>,
    at: Timestamp,
) {
    let by_shared = Presigner::get(shared, bucket, "k");
    let by_credentials = Presigner::get(credentials, bucket, "k");
    let url = by_credentials.sign_at(at);
    assert_eq!(by_shared.sign_at(at), url);
    assert_eq!(by_shared.valid_until(at), by_credentials.valid_until(at));
    assert_eq!(by_shared.explain_at(at), by_credentials.explain_at(at));
    assert!(by_shared.advisories(at).eq(by_credentials.advisories(at)));
    let (mut a, mut b) = ([0; 2048], [0; 2048]);
    assert_eq!(
        by_shared.sign_into(at, &mut a),
        by_credentials.sign_into(at, &mut b)
    );
    let batches = [by_shared.batch_at(at), by_credentials.batch_at(at)];
    let [a, b] = batches.map(|batch| batch.and_then(|batch| batch.sign("k")));
    assert_eq!(a, b);
}

#[test]
fn signs_as_the_credentials_do() {
    let shared = SharedCredentials::new(credentials(0));
    let mut buckets = vec![
        bucket("eu-west-1"),
        bucket("us-east-1"),
        bucket("eu-west-1").path_style(),
    ];
    buckets.push(Bucket::new("b--euw1-az1--x-s3", "eu-west-1").unwrap());
    // Back and forth: midnight, a clock that is set back, and more keys than the cache keeps.
    for day in [0_u64, 1, 0, 1, 2, 3]
        .into_iter()
        .chain(4..50)
        .chain([0, 49])
    {
        for bucket in &buckets {
            let at = MIDNIGHT + seconds(86_400 * day);
            assert_signs_as(&shared, &credentials(0), bucket, at);
            assert_signs_as(&shared, &credentials(0), bucket, at - seconds(1));
        }
    }
    #[cfg(feature = "sigv4a")]
    for day in 0..2 {
        let bucket = bucket("eu-west-1").region_set("*").unwrap();
        let at = MIDNIGHT + seconds(86_400 * day);
        assert_signs_as(&shared, &credentials(0), &bucket, at);
    }
    shared.replace(credentials(1));
    assert_signs_as(&shared, &credentials(1), &buckets[0], MIDNIGHT);
    shared.replace(credentials(2).expiration(MIDNIGHT + seconds(60)));
    assert_signs_as(
        &shared,
        &credentials(2).expiration(MIDNIGHT + seconds(60)),
        &buckets[0],
        MIDNIGHT,
    );
    assert_eq!(shared.expires_at(), Some(MIDNIGHT + seconds(60)));
}

#[test]
fn mistakes_are_those_of_the_credentials() {
    let bucket = bucket("eu-west-1");
    let sign = |credentials: Credentials<'_>, at: Timestamp| {
        let shared = SharedCredentials::new(credentials);
        Presigner::get(&shared, &bucket, "k")
            .sign_at(at)
            .unwrap_err()
    };
    let part = "access key ID";
    assert_eq!(
        sign(Credentials::new("", "s"), MIDNIGHT),
        Error::EmptyCredential { part }
    );
    let (expired_at, now) = (MIDNIGHT, MIDNIGHT);
    assert_eq!(
        sign(credentials(0).expiration(MIDNIGHT), now),
        Error::CredentialsExpired { expired_at, now }
    );
    let late = Timestamp::from_unix(i64::MAX);
    assert!(matches!(
        sign(credentials(0), late),
        Error::TimeOutOfRange { .. }
    ));
    // An error is not cached.
    let shared = SharedCredentials::new(Credentials::new("", ""));
    let get = Presigner::get(&shared, &bucket, "k");
    assert!(get.sign_at(MIDNIGHT).is_err());
    shared.replace(credentials(0));
    assert!(get.sign_at(MIDNIGHT).is_ok());
    assert!(
        get.advisories(MIDNIGHT)
            .any(|advisory| advisory == Advisory::UnknownExpiration)
    );
}

#[test]
fn debug_shows_no_secret() {
    let shared = SharedCredentials::from(credentials(7));
    assert_eq!(
        format!("{shared:?}"),
        "SharedCredentials(Credentials { access_key_id: \"ASIA7\", session_token: true, expiration: None, .. })"
    );
}

/// A provider whose credentials are valid for an hour. It counts its calls.
fn hourly(
    asked: &Arc<AtomicUsize>,
    answers: bool,
) -> impl Fn() -> Option<Credentials<'static>> + Send + Sync + use<> {
    let asked = Arc::clone(asked);
    move || {
        let generation = asked.fetch_add(1, Ordering::SeqCst) + 1;
        let end = MIDNIGHT + seconds(3600 * (generation as u64 + 1));
        answers.then(|| credentials(generation).expiration(end))
    }
}

#[test]
fn refreshes_before_the_end() {
    let asked = Arc::new(AtomicUsize::new(0));
    let first = credentials(0).expiration(MIDNIGHT + seconds(3600));
    let shared = SharedCredentials::with_refresh(first, seconds(300), hourly(&asked, true));
    let bucket = bucket("eu-west-1");
    let generation = |at: u64| {
        let url = Presigner::get(&shared, &bucket, "k")
            .sign_at(MIDNIGHT + seconds(at))
            .unwrap();
        let (_, id) = url.as_str().split_once("Credential=ASIA").unwrap();
        (
            id.split('%').next().unwrap().to_owned(),
            asked.load(Ordering::SeqCst),
        )
    };
    for (at, id, times) in [
        (0, "0", 0),
        (3299, "0", 0),
        (3300, "1", 1),
        (3300, "1", 1),
        (0, "1", 1), // a clock that was set back
        (6899, "1", 1),
        (7500, "2", 2), // long after the expiration
    ] {
        assert_eq!(generation(at), (id.to_owned(), times), "at {at}");
    }
}

/// Midnight or a provider without new credentials does not cause a refresh for every URL.
#[test]
fn the_provider_is_asked_once_a_second() {
    let asked = Arc::new(AtomicUsize::new(0));
    let first = credentials(0).expiration(MIDNIGHT + seconds(100));
    let shared = SharedCredentials::with_refresh(first, seconds(300), hourly(&asked, false));
    let bucket = bucket("eu-west-1");
    for second in 0..10 {
        for _ in 0..100 {
            let at = MIDNIGHT - seconds(5) + seconds(second);
            Presigner::get(&shared, &bucket, "k").sign_at(at).unwrap();
        }
    }
    assert_eq!(asked.load(Ordering::SeqCst), 10);
    let expired = Presigner::get(&shared, &bucket, "k").sign_at(MIDNIGHT + seconds(100));
    assert!(matches!(expired, Err(Error::CredentialsExpired { .. })));
    assert_eq!(asked.load(Ordering::SeqCst), 11);
}

/// While one thread waits for the provider, the others sign. Once the credentials have expired, they wait as well.
#[test]
fn one_thread_asks() {
    let asked = Arc::new(AtomicUsize::new(0));
    let load = hourly(&asked, true);
    let (asks, asking) = mpsc::channel();
    let (answer, answers) = mpsc::channel();
    let (asks, answers) = (Mutex::new(asks), Mutex::new(answers));
    let slow = move || {
        asks.lock().unwrap().send(()).unwrap();
        // A thread that should not ask fails, rather than waits forever.
        let wait = Duration::from_secs(60);
        answers.lock().unwrap().recv_timeout(wait).unwrap();
        load()
    };
    let first = credentials(0).expiration(MIDNIGHT + seconds(3600));
    let shared = SharedCredentials::with_refresh(first, seconds(300), slow);
    let bucket = bucket("eu-west-1");
    let signs_as = |at: u64, id: &str| {
        let url = Presigner::get(&shared, &bucket, "k")
            .sign_at(MIDNIGHT + seconds(at))
            .unwrap();
        assert!(url.as_str().contains(id), "{url:?}");
    };
    thread::scope(|scope| {
        scope.spawn(|| signs_as(3400, "ASIA1%2F"));
        asking.recv().unwrap();
        signs_as(3400, "ASIA0%2F");
        answer.send(()).unwrap();
    });
    thread::scope(|scope| {
        scope.spawn(|| signs_as(7200, "ASIA2%2F"));
        asking.recv().unwrap();
        scope.spawn(|| signs_as(7200, "ASIA2%2F"));
        thread::sleep(Duration::from_millis(50)); // time to ask again, which would be wrong
        answer.send(()).unwrap();
    });
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn a_provider_that_panics_is_asked_again() {
    let asked = Arc::new(AtomicUsize::new(0));
    let load = hourly(&asked, true);
    let count = Arc::clone(&asked);
    let unreliable = move || {
        let new = load();
        assert!(count.load(Ordering::SeqCst) > 1, "the first time");
        new
    };
    let first = credentials(0).expiration(MIDNIGHT + seconds(100));
    let shared = SharedCredentials::with_refresh(first, seconds(300), unreliable);
    let bucket = bucket("eu-west-1");
    let sign = |at: u64| {
        Presigner::get(&shared, &bucket, "k")
            .sign_at(MIDNIGHT + seconds(at))
            .is_ok()
    };
    let first = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| sign(0)));
    assert!(first.is_err());
    assert!(sign(0) && sign(200));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}
