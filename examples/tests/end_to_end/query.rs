//! Query parameters, especially response overrides.

use presign::Method;

use crate::{Fixture, accepted, refused, send, send_as};

const GET: Method = Method::Get;

#[test]
fn response_overrides() {
    let fixture = Fixture::new();
    fixture.put("k", b"quack");
    let get = fixture
        .presigner(GET, "k")
        .response_content_type("text/plain; charset=utf-8")
        .response_content_language("de, en")
        .response_expires("Thu, 01 Dec 1994 16:00:00 GMT")
        .response_cache_control("no-store, max-age=0")
        .response_content_disposition("attachment; filename=\"a b.txt\"")
        .response_content_encoding("identity");
    let answer = send(&get, b"");
    accepted(&answer, 200);
    for (name, value) in [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-language", "de, en"),
        ("expires", "Thu, 01 Dec 1994 16:00:00 GMT"),
        ("cache-control", "no-store, max-age=0"),
        ("content-disposition", "attachment; filename=\"a b.txt\""),
        ("content-encoding", "identity"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let url = get.sign().unwrap();
    for (from, to) in [
        ("a%20b.txt", "evil.exe"),
        ("text%2Fplain", "text%2Fhtml"),
        ("response-cache-control=no-store%2C%20max-age%3D0&", ""),
    ] {
        let changed = url.as_str().replacen(from, to, 1);
        assert_ne!(changed, url.as_str());
        let answer = send_as(GET, &changed, &[], b"");
        refused(&answer, 403, "SignatureDoesNotMatch");
    }
}

#[test]
fn names_for_a_download() {
    let fixture = Fixture::new();
    fixture.put("k", b"quack");
    for disposition in [
        "inline",
        "attachment; filename=\"a+b & c=d?.txt\"",
        "attachment; filename=\"100% \\\"quoted\\\" back\\\\slash.txt\"",
        "attachment; filename=\"#;,/:@!$'()*.txt\"",
        "attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%2B.txt",
        "attachment; filename=\"a~b-c_d.txt\"; filename*=UTF-8''%F0%9F%A6%86",
        "attachment; filename=\"Grüße 🦆.txt\"",
    ] {
        let get = fixture
            .presigner(GET, "k")
            .response_content_disposition(disposition);
        let answer = send(&get, b"");
        accepted(&answer, 200);
        assert_eq!(answer.header("content-disposition"), Some(disposition));
    }
}

#[test]
fn parameters_of_any_kind() {
    let fixture = Fixture::new();
    fixture.put("k", b"quack");
    let parameters = [
        ("x-id", "GetObject"),
        ("a b", "c d"),
        ("plus+", "1+1=2"),
        ("empty", ""),
        ("twice", "2"),
        ("twice", "1"),
        ("reserved", "!*'();:@&=+$,/?#[]%"),
        ("unreserved", "-._~"),
        ("Grüße", "🦆"),
        ("A", "1"),
        ("Y-Amz-Date", "late"),
        ("X-Amz-Zzz", "between"),
    ];
    let get = fixture.presigner(GET, "k").query(&parameters);
    let answer = send(&get, b"");
    accepted(&answer, 200);
    assert_eq!(answer.body, b"quack");

    // Each of them is checked.
    let url = get.sign().unwrap();
    let (path, query) = url.as_str().split_once('?').unwrap();
    let pairs: Vec<_> = query.split('&').collect();
    assert_eq!(pairs.len(), parameters.len() + 6);
    for pair in pairs.iter().filter(|pair| !pair.starts_with("X-Amz-")) {
        let without: Vec<_> = pairs
            .iter()
            .filter(|other| *other != pair)
            .copied()
            .collect();
        let answer = send_as(GET, &format!("{path}?{}", without.join("&")), &[], b"");
        refused(&answer, 403, "SignatureDoesNotMatch");
    }
}

#[test]
fn version() {
    let fixture = Fixture::new();
    fixture.put("k", b"quack");
    // The store has no versions, so the answer only shows that the signature is right.
    let get = fixture
        .presigner(GET, "k")
        .version_id("3/L4kqtJl+cpXroDTDmJ==");
    accepted(&send(&get, b""), 200);
    let url = get.sign().unwrap();
    let other = url.as_str().replace("versionId=3", "versionId=4");
    let answer = send_as(GET, &other, &[], b"");
    refused(&answer, 403, "SignatureDoesNotMatch");
}
