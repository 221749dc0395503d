//! `Debug` output identifies a value. `tests/secrets.rs` checks what it must not print.
#![cfg(all(feature = "diagnose", feature = "post"))]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use core::fmt::Debug;

use presign::diagnose::Evidence;
use presign::post::PostPolicy;
use presign::verify::{PostRequest, Request, Verifier};
use presign::{Bucket, Credentials, Encryption, Error, Method, Presigner, Timestamp};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

#[track_caller]
fn prints(value: impl Debug, pieces: &[&str]) {
    let text = format!("{value:?}");
    for piece in pieces {
        assert!(text.contains(piece), "{text}: {piece}");
    }
}

#[test]
fn where_and_who() -> Result<(), Error> {
    let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    prints(&bucket, &["examplebucket", "eu-west-1", "endpoint: None"]);
    prints(
        bucket.clone().endpoint("https://h.example:8443/a/b/")?,
        &["(https://h.example:8443/a/b)"],
    );
    prints(
        bucket.clone().endpoint("http://127.0.0.1")?.path_style(),
        &["(http://127.0.0.1)", "path_style: true"],
    );
    assert_eq!(
        bucket.host()?.to_string(),
        "examplebucket.s3.eu-west-1.amazonaws.com"
    );
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    assert_eq!(credentials.access_key_id(), "AKIAEXAMPLE");
    prints(&credentials, &["AKIAEXAMPLE", "session_token: false"]);
    prints(
        credentials.signing_key(&bucket, NOW)?,
        &["AKIAEXAMPLE", "20130524", "eu-west-1", "\"s3\""],
    );
    Ok(())
}

#[test]
fn what_is_signed() -> Result<(), Error> {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    let put = Presigner::put(&credentials, &bucket, "a/k")
        .query(&[("x-id", "PutObject")])
        .metadata("author", "Ada")
        .encryption(Encryption::S3);
    prints(
        put,
        &[
            "Put",
            "examplebucket",
            "a/k",
            "x-id",
            "x-amz-meta-",
            "author",
        ],
    );
    prints(
        put.sign_at(NOW)?,
        &[
            "Put",
            "https://examplebucket.s3.eu-west-1.amazonaws.com/a/k?X-Amz-Algorithm=",
            "x-id=PutObject",
            "2013-05-24T00:15:00Z",
        ],
    );
    prints(
        put.explain_at(NOW)?,
        &[
            "PUT\n/a/k\nX-Amz-Algorithm=",
            "x-id=PutObject",
            "20130524/eu-west-1/s3/aws4_request",
        ],
    );
    prints(Encryption::S3, &["S3"]);
    let (key_id, context) = (Some("an-id"), None);
    prints(Encryption::Kms { key_id, context }, &["Kms", "an-id"]);
    let (key, key_md5) = ("", "");
    prints(Encryption::Customer { key, key_md5 }, &["Customer"]);

    let policy = PostPolicy::new(&credentials, &bucket, "a/k")
        .acl("private")
        .content_type_starts_with("image/")
        .content_length(1..=9);
    prints(
        &policy,
        &["examplebucket", "a/k", "acl", "Content-Type", "1..=9"],
    );
    prints(
        policy.sign_at(NOW)?,
        &[
            "https://examplebucket.s3.eu-west-1.amazonaws.com/",
            "acl",
            "image/",
            "2013-05-24T01:00:00Z",
        ],
    );
    Ok(())
}

#[test]
fn what_came() {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let who = |_: &str| Some(credentials.clone());
    let (host, verifier) = ("examplebucket.s3.eu-west-1.amazonaws.com", Verifier::new());

    let url = Presigner::get(&credentials, &bucket, "a/k")
        .sign_at(NOW)
        .unwrap();
    let request = Request::new("GET", url.as_str(), &[]).unwrap();
    prints(request, &["GET", host, "/a/k"]);
    prints(
        verifier.verify(&request, NOW, who).unwrap(),
        &[
            "AKIAEXAMPLE",
            "eu-west-1",
            "\"s3\"",
            "\"host\"",
            "UNSIGNED-PAYLOAD",
            "1369354500",
        ],
    );
    prints(
        Evidence::new(url.as_str()).method("GET").at(NOW),
        &["method: true", "headers: None", "1369353600"],
    );

    let form = PostPolicy::new(&credentials, &bucket, "a/k")
        .sign_at(NOW)
        .unwrap();
    let fields: Vec<_> = form.fields().collect();
    let request = PostRequest::new("examplebucket", &fields, 57);
    prints(request, &["examplebucket", "x-amz-signature", "57"]);
    prints(
        verifier.verify_post(&request, NOW, who).unwrap(),
        &["AKIAEXAMPLE", "eu-west-1", "a/k", "1369357200"],
    );
}

#[test]
fn padded() {
    assert_eq!(
        format!("{:>8}|{:<8}|{NOW:>22}", Method::Get, Method::Delete),
        "     GET|DELETE  |  2013-05-24T00:00:00Z"
    );
    assert_eq!(
        Timestamp::from_unix(i64::MAX).to_string(),
        "@9223372036854775807"
    );
}
