//! The last accepted value and the first refused one, for each limit.

#![cfg(feature = "alloc")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use core::time::Duration;

use presign::{
    Bucket, Checksum, Credentials, Encryption, Error, ExpiryPolicy, Presigner, Timestamp,
};

#[test]
fn hosts() -> Result<(), Error> {
    let bucket = Bucket::service("eu-west-1")?;
    let host = |last: usize| format!("https://{}{}", "a.".repeat(100), "b".repeat(last));
    let parse = |url: &str| bucket.clone().endpoint(url).map(drop);
    assert_eq!(parse(&host(53)), Ok(())); // 253 bytes
    assert_eq!(parse(&host(54)), Err(Error::EndpointHost));
    assert_eq!(parse(&format!("https://{}", "a".repeat(63))), Ok(()));
    assert_eq!(
        parse(&format!("https://{}", "a".repeat(64))),
        Err(Error::EndpointHost)
    );
    Ok(())
}

/// Each partition has its own suffix, including for accelerated hosts.
#[test]
fn hosts_of_partitions() -> Result<(), Error> {
    for (region, suffix) in [
        ("eu-west-1", "amazonaws.com"),
        ("us-gov-west-1", "amazonaws.com"),
        ("us-iso-east-1", "c2s.ic.gov"),
        ("us-isob-east-1", "sc2s.sgov.gov"),
        ("eu-isoe-west-1", "cloud.adc-e.uk"),
        ("us-isof-south-1", "csp.hci.ic.gov"),
        ("eusc-de-east-1", "amazonaws.eu"),
    ] {
        let bucket = Bucket::new("b-1", region)?;
        let host = |bucket: Bucket<'_>| bucket.host().map(|host| host.to_string());
        let (plain, fast) = (bucket.clone(), bucket.accelerate());
        assert_eq!(host(plain)?, format!("b-1.s3.{region}.{suffix}"));
        assert_eq!(host(fast.clone())?, format!("b-1.s3-accelerate.{suffix}"));
        assert_eq!(
            host(fast.dual_stack())?,
            format!("b-1.s3-accelerate.dualstack.{suffix}")
        );
    }
    Ok(())
}

#[test]
fn dot_segments() {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let sign = |key: &str| {
        let presigner = Presigner::get(&credentials, &bucket, key);
        presigner
            .sign_into(Timestamp::from_unix(0), &mut [0; 512])
            .map(drop)
    };
    for key in [".a", "a/.b", "a/..b/.c", "...", "a./b", "a../.../b."] {
        assert_eq!(sign(key), Ok(()), "{key}");
    }
    for (key, position) in [
        ("..", 0),
        ("/.", 1),
        ("../../b", 0),
        ("a/./b/./c", 2),
        ("a/../.b", 2),
        ("a/.b/..", 5),
    ] {
        assert_eq!(sign(key), Err(Error::DotSegment { position }), "{key}");
    }
}

/// Checksums of an empty body by each algorithm. With a digit or a padding sign more or less, they are invalid.
#[test]
fn checksums() {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let put = Presigner::put(&credentials, &bucket, "k");
    let is_taken = |presigner: Presigner<'_>| match presigner.sign_at(Timestamp::from_unix(0)) {
        Ok(_) => true,
        Err(Error::InvalidBase64 { .. }) => false,
        Err(other) => panic!("{other}"),
    };
    let wrong = |right: &str| {
        let digits = right.trim_end_matches('=');
        let padding = "=".repeat(right.len() - digits.len());
        [
            digits.to_owned(),
            format!("{right}="),
            format!("A{right}"),
            format!("{}{padding}", &digits[1..]),
            format!("{}={padding}", &digits[1..]),
            format!("A{digits}{}", &padding[1..]),
            format!("-{}{padding}", &digits[1..]),
            format!("={}{padding}", &digits[1..]),
            format!("{right}{right}"),
        ]
    };
    let md5 = "1B2M2Y8AsgTpgAmY7PhCfg==";
    assert!(is_taken(put.content_md5(md5)));
    for wrong in wrong(md5) {
        assert!(!is_taken(put.content_md5(&wrong)), "{wrong}");
    }
    type Kind = for<'a> fn(&'a str) -> Checksum<'a>;
    let checksums: [(Kind, &str); 5] = [
        (|value| Checksum::Crc32(value), "AAAAAA=="),
        (|value| Checksum::Crc32c(value), "AAAAAA=="),
        (|value| Checksum::Crc64Nvme(value), "AAAAAAAAAAA="),
        (
            |value| Checksum::Sha1(value),
            "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        ),
        (
            |value| Checksum::Sha256(value),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ),
    ];
    for (checksum, right) in checksums {
        assert!(is_taken(put.checksum(checksum(right))), "{right}");
        for wrong in wrong(right) {
            assert!(!is_taken(put.checksum(checksum(&wrong))), "{wrong}");
        }
    }
}

/// The zone of a directory bucket is part of a host label, which has at most 63 bytes.
#[test]
fn zones() {
    let name = |length| format!("b--{}--x-s3", "z".repeat(length));
    let longest = name(48);
    let bucket = Bucket::new(&longest, "us-west-2").unwrap().fips();
    let host = bucket.host().unwrap().to_string();
    assert_eq!(host.split('.').map(str::len).max(), Some(63), "{host}");
    let error = Bucket::new(&name(49), "us-west-2").unwrap_err();
    assert_eq!(error, Error::InvalidDirectoryBucketName);
}

/// S3 accepts one checksum, and one kind of encryption.
#[test]
fn the_last_checksum_and_encryption_count() {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let put = Presigner::put(&credentials, &bucket, "k").acl("private");
    let sign = |presigner: Presigner<'_>| presigner.sign_at(Timestamp::from_unix(0)).unwrap();
    let checksum = Checksum::Crc32("AAAAAA==");
    let twice = put
        .checksum(Checksum::Sha1("2jmj7l5rSw0yVb/vlWAYkK/YBwk="))
        .checksum(checksum);
    assert_eq!(sign(twice), sign(put.checksum(checksum)));
    let kms = Encryption::Kms {
        key_id: Some("alias/example"),
        context: Some("e30="),
    };
    let twice = put.encryption(kms).encryption(Encryption::S3);
    assert_eq!(sign(twice), sign(put.encryption(Encryption::S3)));
}

/// Credentials that expire together with the URL do not expire before it.
#[test]
fn ends_of_credentials() {
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let now = Timestamp::from_unix(0);
    for (end, refused, clamped) in [(59, true, 59), (60, false, 60), (61, false, 60)] {
        let credentials = Credentials::new("ASIAEXAMPLE", "secret").session_token("token");
        let credentials = credentials.expiration(Timestamp::from_unix(end));
        let presigner = Presigner::get(&credentials, &bucket, "k");
        let valid_until = |policy| {
            let presigner = presigner.expires_in(Duration::from_secs(60));
            let end = presigner.expiry_policy(policy).valid_until(now);
            end.map(Timestamp::as_unix)
        };
        assert_eq!(valid_until(ExpiryPolicy::Refuse).is_err(), refused, "{end}");
        assert_eq!(valid_until(ExpiryPolicy::Clamp), Ok(clamped));
        assert_eq!(valid_until(ExpiryPolicy::Keep), Ok(clamped));
    }
}

/// A request that cannot be signed has no expiry.
#[test]
fn ends_with_a_signing_key_of_another_day() -> Result<(), Error> {
    let (credentials, bucket) = (
        Credentials::new("AKIAEXAMPLE", "secret"),
        Bucket::new("examplebucket", "eu-west-1")?,
    );
    let key = credentials.signing_key(&bucket, Timestamp::from_unix(0))?;
    let presigner = Presigner::get(&key, &bucket, "k");
    let [last, next] = [86_399, 86_400].map(Timestamp::from_unix);
    assert_eq!(presigner.valid_until(last)?.as_unix(), 87_299);
    let stale = presigner.sign_into(next, &mut [0; 512]).map(drop);
    assert!(matches!(stale, Err(Error::StaleSigningKey { .. })));
    assert_eq!(presigner.valid_until(next).map(drop), stale);
    Ok(())
}

#[test]
fn access_points() {
    let parse = |name: &str| {
        let arn = format!("arn:aws:s3:eu-west-1:123456789012:accesspoint/{name}");
        Bucket::new(&arn, "eu-west-1").map(drop)
    };
    assert_eq!(parse("a"), Ok(()));
    assert_eq!(parse(&"a".repeat(50)), Ok(()));
    for name in ["", &"a".repeat(51), "-a", "a-", "A", "a.b", "a/b"] {
        assert_eq!(parse(name), Err(Error::InvalidArn), "{name}");
    }
}

/// One flaw is enough.
#[test]
fn arns_of_multi_region_access_points() {
    let parse = |arn: &str| Bucket::new(arn, "eu-west-1").map(drop);
    assert_eq!(parse("arn:aws:s3::123456789012:accesspoint:a.mrap"), Ok(()));
    assert_eq!(parse("arn:aws:s3::123456789012:accesspoint/a.mrap"), Ok(()));
    for arn in [
        "arn:aws:s3::123456789012:bucket:a.mrap",
        "arn:aws:s3::123456789012:accesspoint:a",
        "arn:aws:s3::123456789012:accesspoint:A.mrap",
        "arn:aws:s3::123456789012:accesspoint:.mrap",
        "arn:aws:s3::123456789012:accesspoint:a.mrap:b",
        "arn:aws:s3::123456789012:accesspoint:a.mrap/",
        "arn:aws-cn:s3::123456789012:accesspoint:a.mrap",
        "arn:aws:s3::12345678901:accesspoint:a.mrap",
        "arn:aws:s3::1234567890123:accesspoint:a.mrap",
        "arn:aws:s3::12345678901a:accesspoint:a.mrap",
        "arn:aws:s3-outposts::123456789012:accesspoint:a.mrap",
    ] {
        assert_eq!(parse(arn), Err(Error::InvalidArn), "{arn}");
    }
}

#[test]
fn numbers_of_parameters() {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let names: Vec<_> = (0..256).map(|n| format!("{n:05}")).collect();
    let list: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    let get = Presigner::get(&credentials, &bucket, "k");
    let sign = |presigner: Presigner<'_>| presigner.sign_at(Timestamp::from_unix(0)).map(drop);
    assert_eq!(sign(get.query(&list[1..]).headers(&list[1..])), Ok(()));
    assert_eq!(sign(get.query(&list)), Err(Error::TooManyQueryParameters));
    assert_eq!(sign(get.headers(&list)), Err(Error::TooManyHeaders));
    let one_more = get.query(&list[1..]).version_id("v");
    assert_eq!(sign(one_more), Err(Error::TooManyQueryParameters));
    let one_more = get.headers(&list[1..]).range("bytes=0-1");
    assert_eq!(sign(one_more), Err(Error::TooManyHeaders));
}

/// Parameters that sort between the possible names of a session token.
#[test]
fn order_around_the_session_token() {
    let credentials = Credentials::new("ASIAEXAMPLE", "secret");
    let role = credentials.clone().session_token("token");
    let session = credentials.express_session_token("token");
    for (name, credentials) in [
        ("examplebucket", &role),
        ("examplebucket--use1-az4--x-s3", &role),
        ("examplebucket--use1-az4--x-s3", &session),
    ] {
        let bucket = Bucket::new(name, "us-east-1").unwrap();
        let presigner = Presigner::get(credentials, &bucket, "k").query(&[("X-Amz-Sa", "")]);
        let url = presigner.sign_at(Timestamp::from_unix(0)).unwrap();
        let (_, query) = url.as_str().split_once('?').unwrap();
        let (signed, _) = query.split_once("&X-Amz-Signature=").unwrap();
        let names = signed
            .split('&')
            .map(|pair| pair.split_once('=').unwrap().0);
        assert!(names.clone().is_sorted(), "{signed}");
        assert_eq!(names.filter(|name| name.ends_with("-Token")).count(), 1);
    }
}

/// However many there are.
#[test]
fn control_characters_and_spaces_in_header_values() {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let line = |value: &str| {
        let headers = [("x-amz-meta-a", value)];
        let presigner = Presigner::get(&credentials, &bucket, "k").headers(&headers);
        let explanation = presigner.explain_at(Timestamp::from_unix(0))?;
        let mut lines = explanation.canonical_request().lines();
        Ok(lines.find_map(|line| line.strip_prefix("x-amz-meta-a:").map(str::to_owned)))
    };
    for (value, expected) in [
        ("a b c", "a b c"),
        ("a  b", "a b"),
        ("a  b  c", "a b c"),
        ("a   b", "a b"),
        ("a\tb", "a b"),
        ("a\tb\tc", "a b c"),
        ("a\t\tb", "a b"),
        (" a", "a"),
        ("a ", "a"),
        ("\ta\t", "a"),
        (" ", ""),
        ("", ""),
    ] {
        assert_eq!(line(value), Ok(Some(expected.to_owned())), "{value:?}");
    }
    for (value, position, byte) in [
        ("a\nb", 1, b'\n'),
        ("a\nb\nc", 1, b'\n'),
        ("\t\r\n", 1, b'\r'),
        ("a\tb\u{7f}", 3, 0x7f),
    ] {
        let error = Error::InvalidHeaderValue { position, byte };
        assert_eq!(line(value), Err(error), "{value:?}");
    }
}

/// Keys of any lengths are signed in pairs, until there are no more or one is invalid.
#[test]
fn any_number_of_keys() -> Result<(), Error> {
    let now = Timestamp::from_unix(1_369_353_600);
    let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    let token = "t/".repeat(1000); // longer than one hashing step
    for credentials in [
        Credentials::new("AKIAEXAMPLE", "secret"),
        Credentials::new("ASIAEXAMPLE", "secret").session_token(&token),
    ] {
        let gallery = Presigner::get(&credentials, &bucket, "");
        for (count, length) in [(0, 1), (1, 1020), (2, 500), (3, 341), (8, 9)] {
            let keys: Vec<_> = (0..count)
                .map(|n| "ä/ ".repeat(length * (n + 1) / count / 4 + 1))
                .collect();
            let batch = gallery.batch_at(now)?;
            let urls = batch.sign_each(&keys)?;
            assert_eq!((urls.len(), urls.is_empty()), (count, count == 0));
            for (key, url) in keys.iter().zip(urls.iter()) {
                let expected = Presigner::get(&credentials, &bucket, key).sign_at(now)?;
                assert_eq!(url, expected.as_str());
                assert_eq!(batch.sign(key)?, expected);
            }

            for wrong in 0..=count {
                let mut keys = keys.clone();
                keys.insert(wrong, String::from(".."));
                let result = batch.sign_each(keys).err();
                assert_eq!(result, Some(Error::DotSegment { position: 0 }));
            }
        }
    }
    Ok(())
}

/// Each setter moves the presigner.
#[cfg(target_pointer_width = "64")]
#[test]
fn a_presigner_has_half_a_kilobyte() {
    assert!(size_of::<Presigner<'_>>() <= 512);
}

/// An endless iterator is refused before any memory is allocated.
#[test]
fn no_memory() -> Result<(), Error> {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    let batch = Presigner::get(&credentials, &bucket, "").batch_at(Timestamp::from_unix(0))?;
    let error = batch.sign_each(core::iter::repeat("k")).err();
    assert_eq!(error, Some(Error::OutOfMemory { bytes: usize::MAX }));
    let text = format!("memory for {} bytes could not be allocated", usize::MAX);
    assert_eq!(error.map(|error| error.to_string()), Some(text));
    Ok(())
}

/// The checked value is the one that is signed, even if a key returns another one when it is read again.
#[test]
fn a_key_is_asked_once() -> Result<(), Error> {
    struct Key(core::cell::Cell<bool>);
    impl AsRef<str> for Key {
        fn as_ref(&self) -> &str {
            if self.0.replace(true) { "a/../b" } else { "a" }
        }
    }
    let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let (keys, now) = ([Key(false.into())], Timestamp::from_unix(0));
    let batch = Presigner::get(&credentials, &bucket, "").batch_at(now)?;
    let urls = batch.sign_each(&keys)?;
    let url = Presigner::get(&credentials, &bucket, "a").sign_at(now)?;
    assert!(urls.iter().eq([url.as_str()]));
    Ok(())
}
