//! When a link becomes valid and when it expires, by the server's clock.

use std::thread;
use std::time::{Duration, SystemTime};

use presign::{Method, PresignedUrl, Timestamp};
use presign_store::http::Answer;

use crate::{Fixture, accepted, refused, send_url};

fn fixture() -> Fixture {
    let fixture = Fixture::new();
    fixture.put("k", b"quack");
    fixture
}

/// A link signed this many seconds ago, or in the future if the number is negative.
fn link(fixture: &Fixture, expires: u64, age: i64) -> PresignedUrl {
    let now = Timestamp::from(SystemTime::now());
    let get = fixture
        .presigner(Method::Get, "k")
        .expires_in(Duration::from_secs(expires));
    get.sign_at(Timestamp::from_unix(now.as_unix() - age))
        .unwrap()
}

fn get(fixture: &Fixture, expires: u64, age: i64) -> Answer {
    send_url(&link(fixture, expires, age), b"")
}

#[test]
fn signed_in_the_past() {
    let fixture = fixture();
    accepted(&get(&fixture, 900, 600), 200);
    accepted(&get(&fixture, 604_800, 604_800 - 60), 200);
    for (expires, age) in [(900, 901), (60, 120), (1, 60), (604_800, 604_860)] {
        let answer = get(&fixture, expires, age);
        refused(&answer, 403, "AccessDenied");
        assert_eq!(answer.element("Message"), Some("Request has expired"));
    }
}

#[test]
fn every_method_expires() {
    let fixture = fixture();
    let then = SystemTime::now() - Duration::from_secs(120);
    for method in [Method::Head, Method::Put, Method::Delete, Method::Post] {
        let url = fixture
            .presigner(method, "k")
            .expires_in(Duration::from_secs(60))
            .sign_at(then);
        assert_eq!(send_url(&url.unwrap(), b"").status, 403, "{method}");
    }
    fixture.assert_content("k", b"quack");
}

#[test]
fn a_clock_ahead() {
    let fixture = fixture();
    accepted(&get(&fixture, 900, -600), 200); // S3 allows 15 minutes
    refused(&get(&fixture, 900, -1200), 403, "RequestTimeTooSkewed");
    refused(&get(&fixture, 900, -86_400), 403, "RequestTimeTooSkewed");
}

#[test]
fn a_clock_behind() {
    let fixture = fixture();
    accepted(&get(&fixture, 900, 600), 200);
    refused(&get(&fixture, 300, 600), 403, "AccessDenied");
}

#[test]
fn until_the_very_end() {
    let fixture = fixture();
    // On a machine under load, the answer can take more than a second; then a link with a longer expiry is used.
    for seconds in [1, 2, 4, 8, 16] {
        let url = link(&fixture, seconds, 0);
        let end =
            SystemTime::UNIX_EPOCH + Duration::from_secs(url.expires_at().as_unix().unsigned_abs());
        let answer = send_url(&url, b"");
        if SystemTime::now() >= end {
            continue;
        }
        accepted(&answer, 200);
        while let Ok(left) = end.duration_since(SystemTime::now()) {
            thread::sleep(left + Duration::from_millis(1));
        }
        let answer = send_url(&url, b"");
        refused(&answer, 403, "AccessDenied");
        assert_eq!(answer.element("Message"), Some("Request has expired"));
        return;
    }
    panic!("no answer within 16 seconds");
}

#[test]
fn an_end_in_place_of_a_duration() {
    let fixture = fixture();
    let now = Timestamp::from(SystemTime::now());
    let end = Timestamp::from_unix(now.as_unix() - 60);
    let get = fixture.presigner(Method::Get, "k").expires_at(end);
    let url = get
        .sign_at(Timestamp::from_unix(now.as_unix() - 120))
        .unwrap();
    assert_eq!(url.expires_at(), end);
    refused(&send_url(&url, b""), 403, "AccessDenied");

    let end = Timestamp::from_unix(now.as_unix() + 600);
    let get = fixture.presigner(Method::Get, "k").expires_at(end);
    let url = get.sign().unwrap();
    assert_eq!(url.expires_at(), end);
    accepted(&send_url(&url, b""), 200);
}
