//! Signing times aligned to a window, and the validity of a signing key.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use core::time::Duration;

use presign::{Bucket, Credentials, Error, ExpiryPolicy, Presigner, Timestamp};
use proptest::prelude::*;

/// The length of a day in seconds, which every window divides.
const DAY: i64 = 86_400;

fn divisors() -> impl Strategy<Value = i64> {
    let all: Vec<_> = (1..=DAY).filter(|window| DAY % window == 0).collect();
    prop::sample::select(all)
}

fn sign(presigner: &Presigner<'_>, now: i64) -> Result<String, Error> {
    let mut buffer = [0; 1024];
    let url = presigner.sign_into(Timestamp::from_unix(now), &mut buffer);
    url.map(str::to_owned)
}

proptest! {
    /// An aligned URL is the one signed at the start of its window, also with the day's key, and is still valid.
    #[test]
    fn signs_at_the_start_of_the_window(
        window in divisors(),
        now in -60_000_000_000_i64..250_000_000_000,
        longer in 1_i64..500_000,
    ) {
        let (expires, aligned) = (window + longer, Duration::from_secs(window as u64));
        let credentials = Credentials::new("AKIAEXAMPLE", "secret");
        let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
        let today = credentials.signing_key(&bucket, Timestamp::from_unix(now)).unwrap();
        let plain = Presigner::get(&credentials, &bucket, "k").expires_in(Duration::from_secs(expires as u64));
        let by_key = Presigner::get(&today, &bucket, "k").expires_in(Duration::from_secs(expires as u64));

        let start = now.div_euclid(window) * window;
        let url = sign(&plain, start).unwrap();
        prop_assert_eq!(sign(&plain.align_to(aligned), now), Ok(url.clone()));
        prop_assert_eq!(sign(&by_key.align_to(aligned), now), Ok(url.clone()));
        let next = sign(&plain.align_to(aligned), start + window);
        prop_assert_ne!(next, Ok(url));

        let end = plain.align_to(aligned).valid_until(Timestamp::from_unix(now)).unwrap().as_unix();
        prop_assert_eq!(end, start + expires);
        prop_assert!(end > now);
    }
}

proptest! {
    /// A signing key signs before its `valid_until`, and not from then on.
    #[test]
    fn a_signing_key_tells_its_end(now in -60_000_000_000_i64..250_000_000_000, life in 1_i64..200_000) {
        let expiration = Timestamp::from_unix(now + life);
        let credentials = Credentials::new("ASIAEXAMPLE", "secret").session_token("token").expiration(expiration);
        let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
        let key = credentials.signing_key(&bucket, Timestamp::from_unix(now)).unwrap();
        let end = key.day_ends_at().min(key.expires_at()).unwrap().as_unix();
        prop_assert!(now < end);
        let presigner = Presigner::get(&key, &bucket, "k");
        prop_assert!(sign(&presigner, end - 1).is_ok());
        let error = sign(&presigner, end).unwrap_err();
        if end == expiration.as_unix() {
            let by_credentials = matches!(error, Error::CredentialsExpired { .. });
            prop_assert!(by_credentials);
        } else {
            let by_day = matches!(error, Error::StaleSigningKey { .. });
            prop_assert!(by_day);
        }
    }
}

#[test]
fn an_end_stays_where_it_is() {
    let (credentials, bucket) = (
        Credentials::new("AKIAEXAMPLE", "secret"),
        Bucket::new("examplebucket", "eu-west-1").unwrap(),
    );
    let presigner = Presigner::get(&credentials, &bucket, "k")
        .align_to(Duration::from_secs(600))
        .expires_at(Timestamp::from_unix(1000));
    let url = sign(&presigner, 601).unwrap();
    assert!(url.contains("&X-Amz-Date=19700101T001000Z&X-Amz-Expires=400&"));
    assert_eq!(sign(&presigner, 999), Ok(url)); // shorter than the window, and still valid
    for (now, seconds) in [(1000, 0), (1100, -100)] {
        let error = Error::ExpiryOutOfRange { seconds };
        assert_eq!(sign(&presigner, now), Err(error));
    }
}

#[test]
fn credentials_have_to_be_alive_now() {
    let end = Timestamp::from_unix(1000);
    let credentials = Credentials::new("ASIAEXAMPLE", "secret")
        .session_token("token")
        .expiration(end);
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let presigner = Presigner::get(&credentials, &bucket, "k")
        .expires_in(Duration::from_secs(1200))
        .align_to(Duration::from_secs(600));

    let valid_until =
        |presigner: &Presigner<'_>, now| presigner.valid_until(Timestamp::from_unix(now));
    assert_eq!(valid_until(&presigner, 999), Ok(end));
    assert_eq!(
        valid_until(&presigner, 1000), // their window started before they expired
        Err(Error::CredentialsExpired {
            expired_at: end,
            now: end
        })
    );
    let clamped = presigner.expiry_policy(ExpiryPolicy::Clamp);
    let url = sign(&clamped, 700).unwrap();
    assert!(url.contains("&X-Amz-Date=19700101T001000Z&X-Amz-Expires=400&"));
    assert_eq!(sign(&clamped, 999), Ok(url));
    assert_eq!(
        sign(&presigner.expiry_policy(ExpiryPolicy::Refuse), 700),
        Err(Error::CredentialsExpireFirst {
            credentials_expire_at: end,
            url_expires_at: Timestamp::from_unix(1800)
        })
    );
}

#[cfg(feature = "alloc")]
#[test]
fn every_way_to_sign_does_so() {
    let (credentials, bucket) = (
        Credentials::new("AKIAEXAMPLE", "secret"),
        Bucket::new("examplebucket", "eu-west-1").unwrap(),
    );
    let presigner = Presigner::get(&credentials, &bucket, "k").align_to(Duration::from_secs(600));
    let (now, start) = (Timestamp::from_unix(1199), Timestamp::from_unix(600));
    let url = presigner.sign_at(now).unwrap();
    assert_eq!(url, presigner.sign_at(start).unwrap());
    assert_eq!(url.expires_at(), Timestamp::from_unix(1500));
    let batch = presigner.batch_at(now).unwrap();
    assert_eq!(batch.sign("k").unwrap(), url);
    let string_to_sign = presigner
        .explain_at(now)
        .unwrap()
        .string_to_sign()
        .to_owned();
    assert!(string_to_sign.contains("\n19700101T001000Z\n"));
}
