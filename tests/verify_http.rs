//! Requests as servers based on the `http` crate have them.
#![cfg(feature = "http")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use http::HeaderValue;
use http::request::Parts;
use presign::verify::{Rejection, Request, Verifier};
use presign::{Bucket, Credentials, Presigner, Timestamp};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

fn credentials() -> Credentials<'static> {
    Credentials::new("AKIAEXAMPLE", "secret")
}

/// As a client sends it over HTTP/2: the URI contains the host.
fn parts() -> Parts {
    let (credentials, bucket) = (credentials(), Bucket::new("examplebucket", "eu-west-1"));
    let url = Presigner::put(&credentials, &bucket.unwrap(), "a b")
        .content_type("text/plain")
        .metadata("a", "Zürich")
        .sign_at(NOW)
        .unwrap();
    http::Request::try_from(&url).unwrap().into_parts().0
}

/// As an HTTP/1.1 server reads it: path and query, and a `Host` header.
fn received() -> Parts {
    let mut parts = parts();
    let host = parts.uri.authority().unwrap().to_string();
    parts.uri = parts
        .uri
        .path_and_query()
        .unwrap()
        .as_str()
        .parse()
        .unwrap();
    parts.headers.insert("host", host.parse().unwrap());
    parts
}

fn verify(parts: &Parts) -> Result<(), Rejection> {
    let request = Request::try_from(parts)?;
    let verified = Verifier::new().verify(&request, NOW, |_| Some(credentials()));
    verified.map(|_| ())
}

#[test]
fn both_versions_of_http() {
    assert_eq!(verify(&parts()), Ok(()));
    assert_eq!(verify(&received()), Ok(()));
    let mut both = received();
    both.uri = parts().uri;
    assert_eq!(verify(&both), Ok(()));
}

#[test]
fn one_host() {
    let mut two = received();
    two.headers
        .append("host", HeaderValue::from_static("other"));
    assert_eq!(verify(&two), Err(Rejection::AmbiguousHost));
    let mut other = parts();
    other
        .headers
        .insert("host", HeaderValue::from_static("other"));
    assert_eq!(verify(&other), Err(Rejection::AmbiguousHost));
    assert_eq!(
        Rejection::AmbiguousHost.to_string(),
        "request names two hosts"
    );
    let mut none = received();
    none.headers.remove("host");
    assert_eq!(verify(&none), Err(Rejection::MalformedUrl));
    for host in [
        "",
        "user@examplebucket.s3.eu-west-1.amazonaws.com",
        "\u{fc}",
    ] {
        let mut parts = received();
        let host = HeaderValue::from_bytes(host.as_bytes()).unwrap();
        parts.headers.insert("host", host);
        assert_eq!(verify(&parts), Err(Rejection::MalformedUrl));
    }
}

/// Bytes that are not text cannot have been signed, and do no harm in unsigned headers.
#[test]
fn values_that_are_not_text() {
    let latin = HeaderValue::from_bytes(b"Z\xfcrich").unwrap();
    let mut unsigned = received();
    unsigned.headers.insert("user-agent", latin.clone());
    assert_eq!(verify(&unsigned), Ok(()));
    assert_eq!(
        Request::try_from(&unsigned)
            .unwrap()
            .headers()
            .find(|(name, _)| *name == "user-agent"),
        None
    );
    let mut signed = received();
    signed.headers.insert("x-amz-meta-a", latin.clone());
    let rejection = verify(&signed).unwrap_err();
    assert_eq!(
        rejection.to_string(),
        "value of signed header x-amz-meta-a is not UTF-8"
    );
    let mut second = received();
    second.headers.append("x-amz-meta-a", latin);
    assert_eq!(verify(&second), Err(rejection));
}

#[test]
fn what_was_changed() {
    let mut repeated = received();
    repeated
        .headers
        .append("content-type", HeaderValue::from_static("text/html"));
    assert_eq!(verify(&repeated), Err(Rejection::SignatureMismatch));
    let mut method = received();
    method.method = http::Method::GET;
    assert_eq!(verify(&method), Err(Rejection::SignatureMismatch));
    let mut star = received();
    star.uri = "*".parse().unwrap();
    assert_eq!(verify(&star), Err(Rejection::NotCanonical));
}
