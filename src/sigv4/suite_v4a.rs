//! AWS's own test suite for Signature Version 4A in the query, walked with the pieces of this module.
//!
//! The same signatures are verified by another implementation in `tests/multi_region.rs`.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};

use super::canonical_headers::CanonicalHeaders;
use super::canonical_query::{Auth, CanonicalQuery};
use super::canonical_request::CanonicalRequest;
use super::digest::{Hasher, hex};
use super::pairs::Pairs;
use super::scope::Scope;
use super::signing_key::{Key, derive};
use super::sink::{Buffer, Sink};
use super::string_to_sign::StringToSign;
use super::uri_encode;
use crate::timestamp::Timestamp;

const SUITE: &str = include_str!("../../tests/data/sigv4a_suite.txt");

// What all cases share.
const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const HOST: &[u8] = b"example.amazonaws.com";
const REGION_SET: &str = "us-east-1";
const SERVICE: &str = "service";
const TIME: Timestamp = Timestamp::from_unix(1_440_938_160); // 2015-08-30T12:36:00Z
const EXPIRES: u32 = 3600;

#[test]
fn every_case() {
    let expected = SUITE
        .lines()
        .find_map(|line| line.strip_prefix("public-key "));
    let expected = bytes(expected.unwrap());
    let Ok(Key::Ecdsa(key)) = derive(ACCESS_KEY_ID, SECRET_ACCESS_KEY, &scope()) else {
        panic!("not a key pair")
    };
    assert_eq!(key.public_key().to_sec1_point(false).as_bytes(), expected);
    let public_key = VerifyingKey::from_sec1_bytes(&expected).unwrap();

    let cases: Vec<Case<'_>> = SUITE.split("\ncase ").skip(1).map(Case::parse).collect();
    let mut verified = 0;
    for case in &cases {
        let (request, string, signature) = sign(case);
        assert_eq!(request, case.request, "{}: canonical request", case.name);
        assert_eq!(string, case.string, "{}: string to sign", case.name);
        assert_eq!(signature, case.deterministic, "{}: signature", case.name);
        for signature in case.signatures.iter().copied().chain([&*signature]) {
            let signature = Signature::from_der(&bytes(signature)).unwrap();
            assert!(
                public_key.verify(string.as_bytes(), &signature).is_ok(),
                "{}",
                case.name
            );
            verified += 1;
        }
    }
    let left_out: Vec<_> = SUITE
        .lines()
        .filter_map(|line| line.strip_prefix("left-out "))
        .collect();
    assert!(
        left_out.iter().all(|line| line.contains(": ")),
        "each with its reason"
    );
    assert_eq!((cases.len(), left_out.len(), verified), (31, 7, 93));
}

#[derive(Default)]
struct Case<'t> {
    name: &'t str,
    method: &'t str,
    path: &'t str,
    query: Vec<(&'t str, &'t str)>,
    headers: Vec<(&'t str, &'t str)>,
    token: Option<&'t str>,
    body: &'t str,
    request: String,
    string: String,
    signatures: Vec<&'t str>,
    deterministic: &'t str,
}

impl<'t> Case<'t> {
    #[track_caller]
    fn parse(text: &'t str) -> Self {
        let mut lines = text.lines();
        let mut case = Self {
            name: lines.next().unwrap(),
            ..Self::default()
        };
        for line in lines.take_while(|line| !line.is_empty()) {
            let (field, value) = line.split_once(' ').unwrap_or((line, ""));
            match field {
                "method" => case.method = value,
                "path" => case.path = value,
                "query" => case.query.push(value.split_once('=').unwrap()),
                "header" => case.headers.push(value.split_once(':').unwrap()),
                "token" => case.token = Some(value),
                "body" => case.body = value,
                "request" => push_line(&mut case.request, value),
                "string" => push_line(&mut case.string, value),
                "signature" => case.signatures.push(value),
                "deterministic" => case.deterministic = value,
                _ => panic!("{}: what is a {field}?", case.name),
            }
        }
        case
    }
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

fn scope() -> Scope<'static> {
    Scope {
        day: TIME.stamp().unwrap().day(),
        region: None,
        service: SERVICE,
    }
}

/// Canonical request, string to sign and signature.
#[track_caller]
fn sign(case: &Case<'_>) -> (String, String, String) {
    let (mut headers, mut parameters) = (Pairs::new(), Pairs::new());
    headers.add("", &case.headers);
    parameters.add("", &case.query);
    let headers = CanonicalHeaders::new(&headers).unwrap();
    let (stamp, scope) = (TIME.stamp().unwrap(), scope());
    let query = CanonicalQuery {
        auth: Auth {
            access_key_id: ACCESS_KEY_ID,
            scope,
            stamp,
            expires: EXPIRES,
            region_set: Some(REGION_SET),
            session_token: case.token.map(|token| ("X-Amz-Security-Token", token)),
            signed_headers: &headers,
        },
        parameters: &parameters,
    };

    let mut bytes = [0; 2048];
    let mut out = Buffer::new(&mut bytes);
    uri_encode::path(&mut out, case.path);
    let path = out.len();
    query.write(&mut out).unwrap();

    let mut body = Hasher::default();
    body.put(case.body.as_bytes());
    let payload_hash = hex(&body.finish());

    let request = CanonicalRequest {
        method: case.method,
        uri: out.range(0, path),
        query: out.since(path),
        host: HOST,
        headers: &headers,
        payload_hash: &payload_hash,
    };
    let string = StringToSign {
        stamp,
        scope,
        canonical_request_hash: request.hash(),
    };
    let key = derive(ACCESS_KEY_ID, SECRET_ACCESS_KEY, &scope).unwrap();
    (
        text(|sink| request.put(sink)),
        text(|sink| string.put(sink)),
        text(|sink| sink.put(string.sign(&key).as_bytes())),
    )
}

#[track_caller]
fn text(write: impl FnOnce(&mut Buffer<'_>)) -> String {
    let mut bytes = [0; 2048];
    let mut buffer = Buffer::new(&mut bytes);
    write(&mut buffer);
    String::from_utf8(buffer.finish().unwrap().to_vec()).unwrap()
}

#[track_caller]
fn bytes(hexadecimal: &str) -> Vec<u8> {
    let mut bytes = vec![0; hexadecimal.len() / 2];
    hex::decode_to_slice(hexadecimal, &mut bytes).unwrap();
    bytes
}
