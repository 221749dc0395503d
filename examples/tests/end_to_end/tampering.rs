//! Every change after signing is refused.

use presign::{Credentials, Method, Presigner};

use crate::{Fixture, ID, REGION, accepted, bucket_at, refused, send, send_as};

const MISMATCH: &str = "SignatureDoesNotMatch";

/// A fixture with every object that a changed URL may name, so that nothing is refused because it is missing.
fn fixture() -> Fixture {
    let fixture = Fixture::new();
    fixture.put("k", b"quack");
    fixture.put("other", b"other");
    let other = bucket_at(&fixture.server.endpoint(), "otherbucket").path_style();
    let put = Presigner::put(&fixture.credentials, &other, "k");
    accepted(&send(&put, b"other"), 200);
    fixture
}

/// The value of a parameter, as written in a URL.
#[track_caller]
fn value<'u>(url: &'u str, name: &str) -> &'u str {
    let (_, query) = url.split_once('?').unwrap();
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(given, _)| *given == name).unwrap().1
}

/// The URL with a different value for a parameter.
#[track_caller]
fn with(url: &str, name: &str, other: &str) -> String {
    let (from, to) = (
        format!("{name}={}", value(url, name)),
        format!("{name}={other}"),
    );
    assert_ne!(from, to);
    url.replacen(&from, &to, 1)
}

#[test]
fn any_part_of_the_url() {
    let fixture = fixture();
    let get = fixture
        .presigner(Method::Get, "k")
        .query(&[("x-id", "GetObject")]);
    let url = get.sign().unwrap().into_string();
    let url = url.as_str();
    let signature = value(url, "X-Amz-Signature");
    let date = value(url, "X-Amz-Date");
    let day = &date[..8];
    let scope = |id: &str, day: &str, region: &str, service: &str| {
        format!("{id}%2F{day}%2F{region}%2F{service}%2Faws4_request")
    };
    let last_second = if date.ends_with("0Z") { "1Z" } else { "0Z" };
    let other_second = [&date[..14], last_second].concat();
    let other_day = if day.ends_with('1') { "2" } else { "1" };
    let other_day = [&day[..7], other_day].concat();
    let first_digit = if signature.starts_with('0') { "1" } else { "0" };
    let last_digit = if signature.ends_with('0') { "1" } else { "0" };

    let changed = [
        (
            with(
                url,
                "X-Amz-Signature",
                &[first_digit, &signature[1..]].concat(),
            ),
            MISMATCH,
        ),
        (
            with(
                url,
                "X-Amz-Signature",
                &[&signature[..63], last_digit].concat(),
            ),
            MISMATCH,
        ),
        (with(url, "X-Amz-Signature", &"0".repeat(64)), MISMATCH),
        (url.replacen("/k?", "/other?", 1), MISMATCH),
        (url.replacen("/k?", "/K?", 1), MISMATCH),
        (
            url.replacen("/examplebucket/", "/otherbucket/", 1),
            MISMATCH,
        ),
        (with(url, "X-Amz-Expires", "901"), MISMATCH),
        (with(url, "X-Amz-Expires", "899"), MISMATCH),
        (with(url, "X-Amz-Expires", "0900"), MISMATCH),
        (with(url, "X-Amz-Date", &other_second), MISMATCH),
        (
            with(
                url,
                "X-Amz-Credential",
                &scope(ID, &other_day, REGION, "s3"),
            ),
            MISMATCH,
        ),
        (
            with(url, "X-Amz-Credential", &scope(ID, day, "us-east-1", "s3")),
            MISMATCH,
        ),
        (
            with(url, "X-Amz-Credential", &scope(ID, day, REGION, "sts")),
            MISMATCH,
        ),
        (
            with(
                url,
                "X-Amz-Credential",
                &scope("AKIAI44QH8DHBEXAMPLE", day, REGION, "s3"),
            ),
            MISMATCH,
        ),
        (
            with(
                url,
                "X-Amz-Credential",
                &scope("AKIANOBODYEXAMPLE", day, REGION, "s3"),
            ),
            "InvalidAccessKeyId",
        ),
        (with(url, "X-Amz-SignedHeaders", "host%3Brange"), MISMATCH),
        (with(url, "x-id", "PutObject"), MISMATCH),
        (url.replacen("x-id=GetObject&", "", 1), MISMATCH),
        (format!("{url}&response-content-type=text%2Fhtml"), MISMATCH),
        (format!("{url}&x-id=GetObject"), MISMATCH),
        (
            url.replacen(&format!("&X-Amz-Signature={signature}"), "", 1),
            "AccessDenied",
        ),
    ];
    for (changed, code) in &changed {
        assert_ne!(changed, url);
        let answer = send_as(Method::Get, changed, &[], b"");
        assert_eq!(
            (answer.status, answer.error_code()),
            (403, Some(*code)),
            "{changed}"
        );
    }
    let malformed = [
        (with(url, "X-Amz-Signature", ""), 400, "InvalidRequest"),
        (
            with(url, "X-Amz-Signature", &signature[1..]),
            400,
            "InvalidRequest",
        ),
        (
            with(url, "X-Amz-Signature", &signature.to_uppercase()),
            400,
            "InvalidRequest",
        ),
        (with(url, "X-Amz-Expires", "-1"), 400, "InvalidRequest"),
        (
            with(url, "X-Amz-Algorithm", "AWS4-HMAC-SHA1"),
            501,
            "NotImplemented",
        ),
        (format!("{url}&X-Amz-Expires=604800"), 400, "InvalidRequest"),
    ];
    for (changed, status, code) in &malformed {
        assert_ne!(changed, url);
        refused(&send_as(Method::Get, changed, &[], b""), *status, code);
    }
    accepted(&send_as(Method::Get, url, &[], b""), 200); // the original URL is still valid
}

#[test]
fn the_order_of_parameters_is_free() {
    let fixture = fixture();
    let url = fixture.presigner(Method::Get, "k").sign().unwrap();
    let (path, query) = url.as_str().split_once('?').unwrap();
    let mut pairs: Vec<_> = query.split('&').collect();
    pairs.reverse();
    let reversed = format!("{path}?{}", pairs.join("&"));
    accepted(&send_as(Method::Get, &reversed, &[], b""), 200);
}

#[test]
fn the_method() {
    let fixture = fixture();
    let methods = [
        Method::Get,
        Method::Head,
        Method::Put,
        Method::Delete,
        Method::Post,
    ];
    for signed in methods {
        let url = fixture.presigner(signed, "k").sign().unwrap();
        for sent in methods.into_iter().filter(|sent| *sent != signed) {
            let answer = send_as(sent, url.as_str(), &[], b"");
            assert_eq!(answer.status, 403, "{signed} sent as {sent}");
            if sent != Method::Head {
                refused(&answer, 403, MISMATCH); // a response to HEAD has no body with a reason
            }
        }
    }
    fixture.assert_content("k", b"quack");
}

#[test]
fn the_host() {
    let fixture = fixture();
    let port = fixture.server.address().port();
    let url = fixture.presigner(Method::Get, "k").sign().unwrap();
    for host in [
        "127.0.0.1",
        "127.0.0.1:1",
        "s3.amazonaws.com",
        &format!("localhost:{port}"),
        &format!("s3.localhost:{port}"),
    ] {
        let answer = send_as(Method::Get, url.as_str(), &[("Host", host)], b"");
        assert_eq!(
            (answer.status, answer.error_code()),
            (403, Some(MISMATCH)),
            "{host}"
        );
    }

    let bucket = fixture.virtual_hosted("examplebucket");
    let url = Presigner::get(&fixture.credentials, &bucket, "k").sign();
    let url = url.unwrap();
    accepted(&send_as(Method::Get, url.as_str(), &[], b""), 200);
    let other = url.as_str().replacen("examplebucket", "otherbucket", 1);
    refused(&send_as(Method::Get, &other, &[], b""), 403, MISMATCH);
    // The same object, in the other addressing style.
    let path_style = url
        .as_str()
        .replacen("http://examplebucket.", "http://", 1)
        .replacen("/k?", "/examplebucket/k?", 1);
    refused(&send_as(Method::Get, &path_style, &[], b""), 403, MISMATCH);
}

#[test]
fn another_secret() {
    let fixture = fixture();
    let credentials = Credentials::new(ID, "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY");
    let get = Presigner::get(&credentials, &fixture.bucket, "k");
    refused(&send(&get, b""), 403, MISMATCH);
}

#[test]
fn an_upload_that_is_refused_writes_nothing() {
    let fixture = fixture();
    let url = fixture.presigner(Method::Put, "k").sign().unwrap();
    let changed = url.as_str().replacen("/k?", "/other?", 1);
    let answer = send_as(Method::Put, &changed, &[], &vec![b'x'; 1_000_000]);
    refused(&answer, 403, MISMATCH);
    fixture.assert_content("k", b"quack");
    fixture.assert_content("other", b"other");
}
