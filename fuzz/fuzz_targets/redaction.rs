//! What stands behind a secret's name goes, whatever stands around it; what is masked once stays as it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use presign::redact;

const NAMES: [&str; 9] = [
    "X-Amz-Credential",
    "X-Amz-Signature",
    "x-amz-security-token",
    "X-AMZ-S3SESSION-TOKEN",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "AWSAccessKeyId",
    "Signature",
    "SignatureProvided",
];

/// What may stand between name and value, and behind the value.
const DRESSES: [(&str, &str); 12] = [
    ("=", "&"),
    ("=", "&amp;"),
    ("%3D", "%26"),
    ("%3d", "%23"),
    ("=", ""),
    ("=", "\n"),
    (": ", "\r\n"),
    (":", ","),
    ("\":\"", "\""),
    ("\\\": \\\"", "\\\""),
    (">", "</"),
    ("\" value=\"", "\">"),
];

const SECRETS: [&str; 4] = [
    "0b5fb1f2a9e6c1bb2b7cf0d0e6a7d8f1f1c59a0d3e7a1b2c4d5e6f708192a3b4",
    "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDx+y/Z0aB1==",
    "IQoJb3JpZ2luX2VjEJr%2F%2F%2F%2F%2FwEaCXVzLWVhc3QtMSJHMEUCIQDx%2By%3D%3D",
    "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
];

fuzz_target!(|input: (u8, u8, u8, &str)| {
    let (name, dress, secret, around) = input;
    let name = NAMES[usize::from(name) % NAMES.len()];
    let (before, after) = DRESSES[usize::from(dress) % DRESSES.len()];
    let secret = SECRETS[usize::from(secret) % SECRETS.len()];
    let (head, tail) = around.split_once('\0').unwrap_or((around, ""));
    if around.contains(secret) {
        return; // without its name, nobody can know it
    }
    let tail = if after.is_empty() { "" } else { tail };
    // On a line of its own: a name that is itself the value of another would go instead.
    let text = format!("{head}\n{name}{before}{secret}{after}{tail}");

    let redacted = redact(&text).to_string();
    let masked = redact(&redacted).to_string();
    assert_eq!(masked, redacted, "of {text:?}");
    assert!(!redacted.contains(secret), "{text:?} gives {redacted:?}");
    // Not the secret alone, and nothing but secrets.
    let pieces: Vec<&str> = redacted.split("***").collect();
    let mut rest = text.as_str();
    for piece in pieces {
        let at = rest
            .find(piece)
            .unwrap_or_else(|| panic!("{text:?} gives {redacted:?}"));
        rest = &rest[at + piece.len()..];
    }
});
