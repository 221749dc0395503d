//! The value after a secret's name is masked, whatever surrounds it; masking the result again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use presign::{Redactor, redact};

const NAMES: [&str; 9] = [
    "X-Amz-Credential",
    "X-Amz-Signature",
    "x-amz-security-token",
    "X-AMZ-S3session-TOKEN",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "HTTP_X_AMZ_SECURITY_TOKEN",
    "policy",
    "CanonicalRequestBytes",
];

/// The texts before the name, between name and value, and after the value.
const DRESSES: [(&str, &str, &str); 22] = [
    ("", "=", "&"),
    ("", "=", "&amp;"),
    ("", "%3D", "%26"),
    ("", "%3d", "%23"),
    ("", "%253D", "%2526"),
    ("", "\\u003d", "\\u0026"),
    ("", "=", ""),
    ("", "=", "\n"),
    ("", "\t= ", "\n"),
    ("", ":\t", "\r\n"),
    ("", ":", ","),
    ("\"", "\":\"", "\""),
    ("\\\"", "\\\":\\t\\\"", "\\\""),
    ("%22", "%22%3A%22", "%22"),
    ("&quot;", "&quot;:&#34;", "&#x22;"),
    ("{\\u0022", "\\u0022:\\u0022", "\\u0022"),
    ("{'", "': ['", "']}"),
    ("\"", "\": [\n  \"", "\"\n]"),
    ("map[", ":[", "]]"),
    ("(\"", "\", \"", "\")"),
    ("(\n    \"", "\",\n    \"", "\",\n)"),
    ("[\"eq\",\"$", "\",\"", "\"]"),
];

const SECRETS: [&str; 5] = [
    "0b5fb1f2a9e6c1bb2b7cf0d0e6a7d8f1f1c59a0d3e7a1b2c4d5e6f708192a3b4",
    "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDx+y/Z0aB1==",
    "IQoJb3JpZ2luX2VjEJr%2F%2F%2F%2F%2FwEaCXVzLWVhc3QtMSJHMEUCIQDx%2By%3D%3D",
    "IQoJb3JpZ2luX2VjEJr\\/\\/\\/wEaCXVzLWVhc3QtMSJHMEUCIQDx\\u002By\\\\\\/Z0aB1==",
    "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
];
const POLICY: &str = "eyJleHBpcmF0aW9uIjoiMjAxMy0wNS0yNFQwMTowMDowMFoifQ==";
const BYTES: &str = "47 45 54 0a 2f 6b 0a 58 2d 41 6d 7a 2d 41 6c 67 6f 72 69 74 68 6d";

fuzz_target!(|input: (u8, u8, u8, &str)| {
    let (name, dress, secret, around) = input;
    let name = NAMES[usize::from(name) % NAMES.len()];
    let (before, between, after) = DRESSES[usize::from(dress) % DRESSES.len()];
    let secret = match name {
        "policy" => POLICY,
        "CanonicalRequestBytes" => BYTES,
        _ => SECRETS[usize::from(secret) % SECRETS.len()],
    };
    let (head, tail) = around.split_once('\0').unwrap_or((around, ""));
    // Without its name, neither the value nor any part of it can be recognized.
    if around.contains(secret) || around.contains(&secret[secret.len() / 2..]) {
        return;
    }
    let tail = if after.is_empty() { "" } else { tail };
    // On a separate line: a name that is the value of another name would be masked instead.
    let text = format!("{head}\n{before}{name}{between}{secret}{after}{tail}");

    // A known value needs no name.
    let redactor = Redactor::new().value(secret);
    let known = format!("{head}{secret}{tail}");
    assert!(
        !redactor.redact(&known).to_string().contains(secret),
        "{known:?}"
    );

    let redacted = redact(&text).to_string();
    let masked = redact(&redacted).to_string();
    assert_eq!(masked, redacted, "of {text:?}");
    for part in [&secret[..secret.len() / 2], &secret[secret.len() / 2..]] {
        let is_left = redacted.contains(part) && !around.contains(part);
        assert!(!is_left, "{text:?} gives {redacted:?}");
    }
    // More than the secret alone, but nothing except secrets.
    let pieces: Vec<&str> = redacted.split("***").collect();
    let mut rest = text.as_str();
    for piece in pieces {
        let at = rest
            .find(piece)
            .unwrap_or_else(|| panic!("{text:?} gives {redacted:?}"));
        rest = &rest[at + piece.len()..];
    }
});
