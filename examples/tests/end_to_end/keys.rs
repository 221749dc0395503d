//! Object keys that are often encoded wrongly.

use presign::{Bucket, Method, Presigner};

use crate::{BUCKET, Fixture, accepted, refused, send};

const LONGEST: &str = match std::str::from_utf8(&[b'k'; 1024]) {
    Ok(key) => key,
    Err(_) => "",
};

/// A key, and another that it could be confused with.
const CASES: &[(&str, &str)] = &[
    ("plain", "Plain"),
    ("a/b/c.txt", "a%2Fb%2Fc.txt"),
    ("with space", "with+space"),
    ("with+plus", "with plus"),
    (" both ends ", "both ends"),
    ("100%", "100%25"),
    ("a%2Fb", "a/b"),
    ("a%20b", "a b"),
    ("a%252Fb", "a%2Fb"),
    ("%zz", "%25zz"),
    ("k?versionId=1", "k"),
    ("k#fragment", "k"),
    ("a&b=c", "a"),
    ("a;b:c@d,e$f", "a%3Bb%3Ac%40d%2Ce%24f"),
    ("!*'()", "%21%2A%27%28%29"),
    ("[brackets]{braces}|^`\"<>\\", "brackets"),
    ("unreserved-._~", "unreserved-._%7E"),
    ("~", "%7E"),
    ("Grüße/東京/🦆", "Gr\u{75}\u{308}\u{df}e/東京/🦆"),
    ("u\u{308}", "\u{fc}"),
    ("line\nbreak", "line"),
    ("tab\tdel\u{7f}", "tab del"),
    ("*", "a"),
    ("...", ".."),
    (".hidden", "hidden"),
    ("examplebucket/k", "k"),
    ("X-Amz-Signature=0", "X-Amz-Signature"),
    // The store supports none of the following.
    ("a//b", "a/b"),
    ("a///b", "a/b"),
    ("/leading", "leading"),
    ("//two", "two"),
    ("trailing/", "trailing"),
    ("a/./b", "a/b"),
    ("a/../b", "b"),
    ("../b", "b"),
    ("a\0b", "a"),
    ("a/..", "a"),
    (LONGEST, "k"),
];

/// Puts an object and gets it back, under its own key only. If the store does not support the key, returns the reason.
#[track_caller]
fn round_trip(
    fixture: &Fixture,
    bucket: &Bucket<'_>,
    key: &str,
    lookalike: &str,
) -> Option<String> {
    let on = |method, key| {
        Presigner::new(method, &fixture.credentials, bucket, key).allow_dot_segments()
    };
    // Whatever the store does with the key, the server accepts the signature and reads the key as intended.
    let signed = |method, body: &[u8]| {
        let before = fixture.server.accepted().len();
        let answer = send(&on(method, key), body);
        assert_eq!(
            fixture.server.accepted().len(),
            before + 1,
            "{method} {key:?}"
        );
        assert_eq!(fixture.last_key(), key, "{method}");
        answer
    };
    let put = signed(Method::Put, key.as_bytes());
    if put.error_code() == Some("NotImplemented") {
        refused(&signed(Method::Get, b""), 501, "NotImplemented");
        refused(&signed(Method::Delete, b""), 501, "NotImplemented");
        accepted(&signed(Method::Head, b""), 501);
        return put.element("Message").map(str::to_owned);
    }
    accepted(&put, 200);
    accepted(&signed(Method::Head, b""), 200);
    let get = signed(Method::Get, b"");
    accepted(&get, 200);
    assert_eq!(get.body, key.as_bytes());
    assert_ne!(
        send(&on(Method::Get, lookalike), b"").status,
        200,
        "{lookalike:?}"
    );
    accepted(&signed(Method::Delete, b""), 204);
    refused(&signed(Method::Get, b""), 404, "NoSuchKey");
    None
}

#[track_caller]
fn try_all(bucket: impl Fn(&Fixture) -> Bucket<'static>) {
    let mut skipped = 0;
    for (key, lookalike) in CASES {
        let fixture = Fixture::new(); // the store leaves directories behind
        if let Some(reason) = round_trip(&fixture, &bucket(&fixture), key, lookalike) {
            let shown = key.get(..40).unwrap_or(key);
            println!("content skipped, signature checked: {shown:?}: {reason}");
            skipped += 1;
        }
    }
    assert_eq!((CASES.len() - skipped, skipped), (27, 11));
}

#[test]
fn path_style() {
    try_all(|fixture| fixture.bucket.clone());
}

#[test]
fn virtual_hosted_style() {
    try_all(|fixture| fixture.virtual_hosted(BUCKET));
}

#[test]
fn every_ascii_character() {
    let fixture = Fixture::new();
    let keys: Vec<String> = ('\u{1}'..='\u{7f}').map(|c| format!("a{c}z")).collect();
    for key in &keys {
        fixture.put(key, key.as_bytes());
        assert_eq!(&fixture.last_key(), key);
    }
    for key in &keys {
        fixture.assert_content(key, key.as_bytes());
    }
}
