//! Signed headers: the sender must send them, with the signed value.

use presign::Method;

use crate::{Fixture, accepted, refused, send, send_as};

const PUT: Method = Method::Put;

#[test]
fn content_type() {
    let fixture = Fixture::new();
    let presigner = fixture.presigner(PUT, "in.png").content_type("image/png");
    let url = presigner.sign().unwrap();
    let put = |headers: &[(&str, &str)]| send_as(PUT, url.as_str(), headers, b"\x89PNG");
    refused(&put(&[]), 403, "SignatureDoesNotMatch");
    for other in ["image/jpeg", "image/png; x=y", "Image/PNG", ""] {
        let answer = put(&[("content-type", other)]);
        refused(&answer, 403, "SignatureDoesNotMatch");
    }
    let head = send(&fixture.presigner(Method::Head, "in.png"), b"");
    accepted(&head, 404); // nothing was written

    accepted(&put(&[("Content-Type", "image/png")]), 200);
    let head = send(&fixture.presigner(Method::Head, "in.png"), b"");
    assert_eq!(head.header("content-type"), Some("image/png"));
}

#[test]
fn content_type_with_parameters() {
    let fixture = Fixture::new();
    let value = "text/plain; charset=\"utf-8\"";
    accepted(
        &send(&fixture.presigner(PUT, "k").content_type(value), b"x"),
        200,
    );
    let head = send(&fixture.presigner(Method::Head, "k"), b"");
    assert_eq!(head.header("content-type"), Some(value));
}

#[test]
fn content_type_that_is_not_signed_is_free() {
    let fixture = Fixture::new();
    let url = fixture.presigner(PUT, "k").sign().unwrap();
    let answer = send_as(PUT, url.as_str(), &[("Content-Type", "image/gif")], b"x");
    accepted(&answer, 200);
    let head = send(&fixture.presigner(Method::Head, "k"), b"");
    assert_eq!(head.header("content-type"), Some("image/gif"));
}

#[test]
fn metadata() {
    let fixture = Fixture::new();
    let headers = [("X-Amz-Meta-Bird", "blue duck")];
    let url = fixture.presigner(PUT, "k").headers(&headers).sign();
    let url = url.unwrap();
    let put = |headers: &[(&str, &str)]| send_as(PUT, url.as_str(), headers, b"x");
    refused(&put(&[]), 403, "SignatureDoesNotMatch");
    refused(
        &put(&[("x-amz-meta-bird", "grey goose")]),
        403,
        "SignatureDoesNotMatch",
    );
    refused(
        &put(&[("x-amz-meta-bird", "blue duck"), ("x-amz-meta-more", "1")]),
        403,
        "AccessDenied",
    );
    accepted(&put(&[("x-amz-meta-bird", "blue duck")]), 200);
    let head = send(&fixture.presigner(Method::Head, "k"), b"");
    assert_eq!(head.header("x-amz-meta-bird"), Some("blue duck"));
}

#[test]
fn white_space() {
    let fixture = Fixture::new();
    let headers = [("x-amz-meta-bird", "  blue \t  duck ")];
    let url = fixture.presigner(PUT, "k").headers(&headers).sign();
    let url = url.unwrap();
    let put = |value| send_as(PUT, url.as_str(), &[("x-amz-meta-bird", value)], b"x");
    let to_send: Vec<_> = url.headers().collect();
    assert_eq!(to_send, [("x-amz-meta-bird", "blue duck")]);
    for value in ["blue duck", "blue \t  duck", "\t blue  duck  "] {
        accepted(&put(value), 200);
    }
    refused(&put("blueduck"), 403, "SignatureDoesNotMatch");
}

#[test]
fn values_of_any_kind() {
    let fixture = Fixture::new();
    let headers = [
        ("x-amz-meta-empty", ""),
        ("x-amz-meta-twice", "1"),
        ("X-Amz-Meta-Twice", "2"),
        ("x-amz-meta-colon", ":a: b:"),
        ("x-amz-meta-unicode", "Grüße 🦆"),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
    ];
    let put = fixture.presigner(PUT, "k").headers(&headers);
    let url = put.sign().unwrap();
    let to_send: Vec<_> = url.headers().collect();
    assert_eq!(to_send.len(), 5);
    assert!(to_send.contains(&("x-amz-meta-twice", "1,2")));
    accepted(&send_as(PUT, url.as_str(), &to_send, b"x"), 200);
}

#[test]
fn many_headers() {
    let fixture = Fixture::new();
    let headers = [
        ("x-amz-meta-b", "2"),
        ("Content-Language", "de, en"),
        ("x-amz-meta-a", "1"),
        ("Cache-Control", "max-age=60"),
        ("x-amz-meta-a-b", "!#$%&'*+-.^_`|~ \"quoted\" ;=,"),
        ("Content-Disposition", "attachment; filename=\"a+b.txt\""),
        ("Content-Encoding", "identity"),
    ];
    let put = fixture
        .presigner(PUT, "k")
        .headers(&headers)
        .content_type("text/css");
    accepted(&send(&put, b"x"), 200);
    let head = send(&fixture.presigner(Method::Head, "k"), b"");
    for (name, value) in headers.iter().chain([&("content-type", "text/css")]) {
        let name = name.to_ascii_lowercase();
        assert_eq!(head.header(&name), Some(*value), "{name}");
    }

    // Each of them is required.
    let url = put.sign().unwrap();
    let all: Vec<_> = url.headers().collect();
    for at in 0..all.len() {
        let mut without = all.clone();
        let (name, _) = without.remove(at);
        let answer = send_as(PUT, url.as_str(), &without, b"x");
        assert_eq!(answer.status, 403, "without {name}");
        let mut changed = all.clone();
        changed[at].1 = "other";
        let answer = send_as(PUT, url.as_str(), &changed, b"x");
        assert_eq!(answer.status, 403, "with another {name}");
    }
}

#[test]
fn content_length() {
    let fixture = Fixture::new();
    let headers = [("content-length", "5")];
    let url = fixture.presigner(PUT, "k").headers(&headers).sign();
    let url = url.unwrap();
    accepted(&send_as(PUT, url.as_str(), &[], b"quack"), 200);
    let longer = send_as(PUT, url.as_str(), &[], b"quacks");
    refused(&longer, 403, "SignatureDoesNotMatch");
    fixture.assert_content("k", b"quack");
}

#[test]
fn content_md5() {
    let fixture = Fixture::new();
    let digest = "z68njo9SLHJkTO4qdT0oRQ=="; // of "quack"
    let headers = [("content-md5", digest)];
    let url = fixture.presigner(PUT, "k").headers(&headers).sign();
    let url = url.unwrap();
    let put = |digest, body: &[u8]| send_as(PUT, url.as_str(), &[("content-md5", digest)], body);
    refused(&put(digest, b"quork"), 400, "BadDigest");
    refused(
        &put("AAAAAAAAAAAAAAAAAAAAAA==", b"quack"),
        403,
        "SignatureDoesNotMatch",
    );
    accepted(&put(digest, b"quack"), 200);
}

#[test]
fn headers_that_any_client_adds_need_no_signature() {
    let fixture = Fixture::new();
    fixture.put("k", b"quack");
    let url = fixture.presigner(Method::Get, "k").sign().unwrap();
    let headers = [
        ("User-Agent", "duck/1.0"),
        ("Accept", "*/*"),
        ("Referer", "http://localhost/"),
    ];
    accepted(&send_as(Method::Get, url.as_str(), &headers, b""), 200);
}
