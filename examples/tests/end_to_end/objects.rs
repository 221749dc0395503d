//! The four plain requests, in both addressing styles.

use std::net::Ipv6Addr;

use presign::{Bucket, Credentials, Error, Method, Presigner};
use presign_store::{Accepted, Config, Server};

use crate::{
    BUCKET, Fixture, ID, REGION, SECRET, accepted, bucket_at, refused, send, send_as, send_url,
};

/// Puts, heads, gets and deletes an object, and checks which operations the server saw.
#[track_caller]
fn lead_a_life(server: &Server, bucket: &Bucket<'_>, body: &[u8]) {
    let credentials = Credentials::new(ID, SECRET);
    let key = "photos/2026/duck.jpg";
    let on = |method| Presigner::new(method, &credentials, bucket, key);
    let before = server.accepted().len();

    refused(&send(&on(Method::Get), b""), 404, "NoSuchKey");
    accepted(&send(&on(Method::Put), body), 200);

    let head = send(&on(Method::Head), b"");
    accepted(&head, 200);
    let length = body.len().to_string();
    assert_eq!(head.header("content-length"), Some(length.as_str()));

    let get = send(&on(Method::Get), b"");
    accepted(&get, 200);
    assert_eq!(get.body, body);

    accepted(&send(&on(Method::Delete), b""), 204);
    let gone = send(&on(Method::Head), b"");
    accepted(&gone, 404);

    let operations = [
        "GetObject",
        "PutObject",
        "HeadObject",
        "GetObject",
        "DeleteObject",
        "HeadObject",
    ];
    let expected = operations.map(|operation| Accepted {
        operation: operation.to_owned(),
        bucket: Some(bucket.name().to_owned()),
        key: Some(key.to_owned()),
    });
    assert_eq!(server.accepted()[before..], expected);
}

#[test]
fn path_style() {
    let fixture = Fixture::new();
    let url = fixture.presigner(Method::Get, "k").sign().unwrap();
    let start = format!("{}/{BUCKET}/k?", fixture.server.endpoint());
    assert!(url.as_str().starts_with(&start));
    lead_a_life(&fixture.server, &fixture.bucket, b"quack");
    lead_a_life(&fixture.server, &fixture.bucket, b"");
}

#[test]
fn virtual_hosted_style() {
    let fixture = Fixture::new();
    for name in [BUCKET, "dotted.example.bucket"] {
        let bucket = fixture.virtual_hosted(name);
        let url = Presigner::get(&fixture.credentials, &bucket, "k").sign();
        let port = fixture.server.address().port();
        let start = format!("http://{name}.s3.localhost:{port}/k?");
        assert!(url.unwrap().as_str().starts_with(&start));
        lead_a_life(&fixture.server, &bucket, b"quack");
    }
}

#[test]
fn path_style_at_a_named_host() {
    let fixture = Fixture::new();
    let bucket = fixture.virtual_hosted(BUCKET).path_style();
    lead_a_life(&fixture.server, &bucket, b"quack");
}

#[test]
fn both_styles_lead_to_one_object() {
    let fixture = Fixture::new();
    let bucket = fixture.virtual_hosted(BUCKET);
    let put = Presigner::put(&fixture.credentials, &bucket, "k");
    accepted(&send(&put, b"quack"), 200);
    fixture.assert_content("k", b"quack");
}

#[test]
fn ipv6() {
    let address = (Ipv6Addr::LOCALHOST, 0).into();
    let server = match Server::start(&Config {
        address,
        region: REGION,
        ..Config::default()
    }) {
        Ok(server) => server,
        Err(error) => return println!("skipped, this machine has no IPv6: {error}"),
    };
    let bucket = bucket_at(&server.endpoint(), BUCKET);
    assert_eq!(
        bucket.host().unwrap().to_string(),
        format!("[::1]:{}", server.address().port())
    );
    lead_a_life(&server, &bucket, b"quack");
}

#[test]
fn a_body_of_many_packets() {
    let fixture = Fixture::new();
    let body: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    lead_a_life(&fixture.server, &fixture.bucket, &body);
}

#[test]
fn a_range() {
    let fixture = Fixture::new();
    fixture.put("k", b"0123456789");
    // `Range` need not be signed: if a client may read the whole object, it may read a part.
    let url = fixture.presigner(Method::Get, "k").sign().unwrap();
    let answer = send_as(Method::Get, url.as_str(), &[("Range", "bytes=2-4")], b"");
    accepted(&answer, 206);
    assert_eq!(answer.body, b"234");

    let signed = [("Range", "bytes=2-4")];
    let presigner = fixture.presigner(Method::Get, "k").headers(&signed);
    assert_eq!(send(&presigner, b"").body, b"234");
    let url = presigner.sign().unwrap();
    let answer = send_as(Method::Get, url.as_str(), &[("Range", "bytes=2-5")], b"");
    refused(&answer, 403, "SignatureDoesNotMatch");
}

#[test]
fn a_bucket_that_does_not_exist() {
    let fixture = Fixture::new();
    let bucket = bucket_at(&fixture.server.endpoint(), "nosuchbucket");
    let delete = Presigner::delete(&fixture.credentials, &bucket, "k");
    refused(&send(&delete, b""), 404, "NoSuchBucket");
}

#[test]
fn a_signing_key_stands_for_credentials() {
    let fixture = Fixture::new();
    let now = std::time::SystemTime::now();
    let today = fixture.credentials.signing_key(&fixture.bucket, now);
    let today = today.unwrap().into_owned();
    let sign = |method, key| Presigner::new(method, &today, &fixture.bucket, key).sign_at(now);
    for key in ["a", "b"] {
        let put = send_url(&sign(Method::Put, key).unwrap(), key.as_bytes());
        accepted(&put, 200);
        let get = send_url(&sign(Method::Get, key).unwrap(), b"");
        assert_eq!(get.body, key.as_bytes());
    }
    let elsewhere = Bucket::new(BUCKET, "us-east-1").unwrap();
    assert_eq!(
        Presigner::get(&today, &elsewhere, "a").sign_at(now),
        Err(Error::SigningKeyMismatch { part: "region" })
    );
}

#[test]
fn a_buffer_in_place_of_an_allocator() {
    let fixture = Fixture::new();
    fixture.put("k", b"quack");
    let mut buffer = [0; 512];
    let url = fixture
        .presigner(Method::Get, "k")
        .sign_into(std::time::SystemTime::now(), &mut buffer);
    let answer = send_as(Method::Get, url.unwrap(), &[], b"");
    assert_eq!(answer.body, b"quack");
}
