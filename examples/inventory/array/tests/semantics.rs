//! Compares the array with URLs that the crate signs one at a time, and verifies them.

use std::time::Duration;

use arrow_array::{Array, ArrayAccessor, LargeStringArray, StringArray, StringViewArray};
use presign::verify::{Request, Verifier};
use presign::{Bucket, Credentials, Error, ExpiryPolicy, Presigner, Timestamp};
use presign_array::{Unsignable, presign_array};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

fn credentials() -> Credentials<'static> {
    Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )
    .session_token("to/ken==")
}

fn bucket() -> Bucket<'static> {
    Bucket::new("examplebucket", "eu-west-1").unwrap()
}

fn keys() -> Vec<Option<String>> {
    let odd = [
        "a b+c%20d",
        "ключ/鍵/🔑",
        "~tilde?query#fragment",
        "/leading//double/",
        "*",
        "é\u{301}",
    ];
    let mut keys: Vec<_> = odd.iter().map(|key| Some((*key).to_owned())).collect();
    keys.extend((0..100).map(|number| (number % 7 != 0).then(|| "x".repeat(number))));
    keys.extend([None, Some("k".repeat(1024)), None, None]);
    keys
}

/// Compares with the URL of each key alone, and verifies it.
fn assert_signed<'k>(keys: impl ArrayAccessor<Item = &'k str> + Copy) {
    let (credentials, bucket) = (credentials(), bucket());
    let today = credentials.signing_key(&bucket, NOW).unwrap();
    let presigner = Presigner::get(&today, &bucket, "").expires_in(Duration::from_secs(60));
    let urls = presign_array(&presigner, NOW, keys, Unsignable::Fail).unwrap();
    assert_eq!(urls.len(), keys.len());
    for row in 0..keys.len() {
        assert_eq!(urls.is_null(row), keys.is_null(row));
        if keys.is_valid(row) {
            let alone = Presigner::get(&credentials, &bucket, keys.value(row));
            let alone = alone
                .expires_in(Duration::from_secs(60))
                .sign_at(NOW)
                .unwrap();
            assert_eq!(urls.value(row), alone.as_str());
            let request = Request::new("GET", urls.value(row), &[]).unwrap();
            let secret = |_: &str| Some(credentials.clone());
            let verified = Verifier::new().verify(&request, NOW, secret).unwrap();
            assert_eq!(
                verified.expires_at(),
                Timestamp::from_unix(NOW.as_unix() + 60)
            );
        }
    }
}

#[test]
fn signs_like_the_crate() {
    let keys = keys();
    assert_signed(&StringArray::from(keys.clone()));
    assert_signed(&LargeStringArray::from(keys.clone()));
    assert_signed(&StringViewArray::from(keys.clone()));
    assert_signed(&StringArray::from(keys.clone()).slice(3, 50));
    assert_signed(&StringArray::new_null(5));
    assert_signed(&StringArray::from(Vec::<String>::new()));
}

#[test]
fn a_key_that_cannot_be_signed_is_named_or_null() {
    let (credentials, bucket, long) = (credentials(), bucket(), "é".repeat(513));
    let presigner = Presigner::get(&credentials, &bucket, "");
    for (bad, error) in [
        ("", Error::EmptyKey),
        ("a/../b", Error::DotSegment { position: 2 }),
        (long.as_str(), Error::KeyTooLong { bytes: 1026 }),
    ] {
        let keys = StringArray::from(vec![
            Some("a"),
            None,
            Some(bad),
            Some(bad),
            Some("b"),
            None,
            Some(bad),
        ]);
        let urls = presign_array(&presigner, NOW, &keys, Unsignable::Null).unwrap();
        let signed: Vec<bool> = (0..7).map(|row| urls.is_valid(row)).collect();
        assert_eq!(signed, [true, false, false, false, true, false, false]);
        assert_eq!(
            urls.value(4),
            Presigner::get(&credentials, &bucket, "b")
                .sign_at(NOW)
                .unwrap()
                .as_str()
        );

        let failure = presign_array(&presigner, NOW, &keys, Unsignable::Fail).unwrap_err();
        assert_eq!(failure.row(), Some(2));
        let shown: String = bad.chars().take(100).collect();
        let cut = if bad == long { "..." } else { "" };
        assert_eq!(failure.to_string(), format!("key {shown:?}{cut}: {error}"));
    }
}

#[test]
fn an_error_for_all_keys_is_never_null() {
    let (bucket, end) = (bucket(), Timestamp::from_unix(NOW.as_unix() + 60));
    let credentials = credentials().expiration(end);
    let presigner = Presigner::get(&credentials, &bucket, "");
    for keys in [StringArray::from(vec!["a", ""]), StringArray::new_null(2)] {
        for (presigner, at) in [
            (presigner, end),
            (presigner.expiry_policy(ExpiryPolicy::Refuse), NOW),
            (presigner.expires_in(Duration::ZERO), NOW),
        ] {
            let failure = presign_array(&presigner, at, &keys, Unsignable::Null).unwrap_err();
            assert_eq!(failure.row(), None, "{failure}");
        }
    }
}
