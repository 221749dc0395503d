//! Requests that the server refuses although the signature is right. The other tests rely on these refusals.

use std::time::SystemTime;

use presign::{Bucket, Credentials, Method, Presigner};

use crate::signer::Crooked;
use crate::{BUCKET, Fixture, accepted, refused, send, send_as};

const GET: Method = Method::Get;
const MALFORMED: &str = "AuthorizationQueryParametersError";

fn fixture() -> Fixture {
    let fixture = Fixture::new();
    fixture.put("k", b"quack");
    fixture
}

/// The current time, in the format of `X-Amz-Date`.
fn date() -> String {
    let bucket = Bucket::new(BUCKET, "eu-central-1").unwrap();
    let credentials = Credentials::new("id", "secret");
    let url = Presigner::get(&credentials, &bucket, "k").sign().unwrap();
    let (_, rest) = url.as_str().split_once("X-Amz-Date=").unwrap();
    rest[..16].to_owned()
}

#[test]
fn an_honest_url_is_the_one_that_presign_signs() {
    let fixture = fixture();
    let endpoint = fixture.server.endpoint();
    let now = SystemTime::now();
    let headers = [("x-amz-meta-a", "1")];
    for (key, path) in [("k", "k"), ("a b+%/ü~", "a%20b%2B%25/%C3%BC~")] {
        let get = fixture.presigner(GET, key).headers(&headers);
        let url = get.sign_at(now).unwrap();
        let (_, rest) = url.as_str().split_once("X-Amz-Date=").unwrap();
        let mut crooked = Crooked::new(&endpoint, path, &rest[..16]);
        crooked.headers = &headers;
        assert_eq!(crooked.sign_with_host(), url.as_str());
    }
    let url = Crooked::new(&endpoint, "k", &date()).sign_with_host();
    accepted(&send_as(GET, &url, &[], b""), 200);
}

#[test]
fn expiry() {
    let fixture = fixture();
    let (endpoint, date) = (fixture.server.endpoint(), date());
    let get = |expires| {
        let mut crooked = Crooked::new(&endpoint, "k", &date);
        crooked.expires = expires;
        send_as(GET, &crooked.sign_with_host(), &[], b"")
    };
    accepted(&get("604800"), 200);
    refused(&get("604801"), 400, MALFORMED);
    refused(&get("4294967295"), 400, MALFORMED);
    refused(&get("900.5"), 400, "InvalidRequest");
    refused(&get(""), 400, "InvalidRequest");
}

#[test]
fn scope() {
    let fixture = fixture();
    let (endpoint, date) = (fixture.server.endpoint(), date());
    let mut crooked = Crooked::new(&endpoint, "k", &date);
    crooked.region = "us-east-1";
    let answer = send_as(GET, &crooked.sign_with_host(), &[], b"");
    refused(&answer, 400, MALFORMED);

    let mut crooked = Crooked::new(&endpoint, "k", &date);
    crooked.service = "sts";
    let answer = send_as(GET, &crooked.sign_with_host(), &[], b"");
    refused(&answer, 400, MALFORMED);

    let mut crooked = Crooked::new(&endpoint, "k", &date);
    crooked.terminator = "aws5_request";
    let answer = send_as(GET, &crooked.sign_with_host(), &[], b"");
    assert_eq!(answer.status / 100, 4);

    let elsewhere = Bucket::new(BUCKET, "us-east-1").unwrap();
    let elsewhere = elsewhere.endpoint(&endpoint).unwrap();
    let get = Presigner::get(&fixture.credentials, &elsewhere, "k");
    refused(&send(&get, b""), 400, MALFORMED);
}

#[test]
fn path_that_is_not_encoded_as_it_is_signed() {
    let fixture = fixture();
    for key in ["a!b", "a+b", "a(b)", "ü"] {
        fixture.put(key, b"quack");
    }
    let (endpoint, date) = (fixture.server.endpoint(), date());
    for path in ["a!b", "a+b", "a(b)", "%c3%bc", "%6B"] {
        let url = Crooked::new(&endpoint, path, &date).sign_with_host();
        let answer = send_as(GET, &url, &[], b"");
        refused(&answer, 403, "SignatureDoesNotMatch");
    }
    for path in ["a%21b", "a%2Bb", "a%28b%29", "%C3%BC", "k"] {
        let url = Crooked::new(&endpoint, path, &date).sign_with_host();
        accepted(&send_as(GET, &url, &[], b""), 200);
    }
}

#[test]
fn headers() {
    let fixture = fixture();
    let (endpoint, date) = (fixture.server.endpoint(), date());
    let crooked = Crooked::new(&endpoint, "k", &date);
    let without_host = crooked.sign(&[("user-agent", "duck")]);
    let headers = [("user-agent", "duck")];
    refused(
        &send_as(GET, &without_host, &headers, b""),
        403,
        "AccessDenied",
    );

    let url = crooked.sign_with_host();
    let unsigned = [("x-amz-request-payer", "requester")];
    refused(&send_as(GET, &url, &unsigned, b""), 403, "AccessDenied");
    let twice = [("Authorization", "AWS4-HMAC-SHA256 Credential=x")];
    refused(&send_as(GET, &url, &twice, b""), 400, "InvalidArgument");
}

#[test]
fn anonymous() {
    let fixture = fixture();
    let url = format!("{}/{BUCKET}/k", fixture.server.endpoint());
    refused(&send_as(GET, &url, &[], b""), 403, "AccessDenied");
    refused(&send_as(Method::Put, &url, &[], b"x"), 403, "AccessDenied");
    fixture.assert_content("k", b"quack");
}
