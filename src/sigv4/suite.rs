//! AWS's test suite for signatures in the query, run with the parts of this module.

use super::canonical_headers::{HOST as HOST_NAME, Sorted, is_plain_name, is_plain_value};
use super::canonical_query::{self, Auth};
use super::canonical_request::CanonicalRequest;
use super::digest::{Hasher, hex};
use super::pairs::{Name, Pair, Value};
use super::scope::Scope;
use super::signing_key::derive;
use super::sink::{Buffer, Sink};
use super::string_to_sign::{Start, StringToSign};
use super::uri_encode;
use crate::timestamp::Timestamp;

// Shared by all cases.
pub(super) const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
pub(super) const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const HOST: &[u8] = b"example.amazonaws.com";
const REGION: &str = "us-east-1";
const TIME: Timestamp = Timestamp::from_unix(1_440_938_160); // 2015-08-30T12:36:00Z
const EXPIRES: u32 = 3600;

#[test]
fn every_case() {
    let suite = include_str!("../../tests/data/sigv4_suite.txt");
    walk(suite, Some(REGION), |case, _, signature| {
        assert_eq!([signature], *case.signatures, "{}: signature", case.name);
    });
}

/// Signs and compares each case, and passes it to `check` with its string to sign and our signature. Without a region, it
/// signs with Signature Version 4A. Checks that every case of the suite runs or is left out with a reason.
#[track_caller]
pub(super) fn walk(suite: &str, region: Option<&str>, check: impl Fn(&Case<'_>, &str, &str)) {
    let cases: Vec<Case<'_>> = suite.split("\ncase ").skip(1).map(Case::parse).collect();
    for case in &cases {
        let (request, string, signature) = sign(case, &scope(region));
        assert_eq!(request, case.request, "{}: canonical request", case.name);
        assert_eq!(string, case.string, "{}: string to sign", case.name);
        check(case, &string, &signature);
    }
    let left_out: Vec<_> = suite
        .lines()
        .filter_map(|line| line.strip_prefix("left-out "))
        .collect();
    assert!(
        left_out.iter().all(|line| line.contains(": ")),
        "each with its reason"
    );
    assert_eq!((cases.len(), left_out.len()), (31, 7));
}

pub(super) fn scope(region: Option<&str>) -> Scope<'_> {
    Scope {
        day: TIME.stamp().unwrap().day(),
        region,
        service: "service",
    }
}

#[derive(Default)]
pub(super) struct Case<'t> {
    pub(super) name: &'t str,
    method: &'t str,
    path: &'t str,
    query: Vec<(&'t str, &'t str)>,
    headers: Vec<(&'t str, &'t str)>,
    token: Option<&'t str>,
    body: &'t str,
    request: String,
    string: String,
    pub(super) signatures: Vec<&'t str>,
    /// The signature by RFC 6979, if signatures vary.
    pub(super) deterministic: &'t str,
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

fn pair<'t>((rest, value): &(&'t str, &'t str)) -> Pair<'t> {
    Pair {
        name: Name::new(rest),
        value: Value::Text(value),
    }
}

/// Canonical request, string to sign and signature.
#[track_caller]
fn sign(case: &Case<'_>, scope: &Scope<'_>) -> (String, String, String) {
    let mut headers: Vec<_> = case
        .headers
        .iter()
        .map(|header| Some(pair(header)))
        .collect();
    headers.push(None);
    fn name<'h>(header: &Option<Pair<'h>>) -> Name<'h> {
        header.map_or(HOST_NAME, |header| header.name)
    }
    headers.sort_by(|a, b| name(a).cmp_lower(&name(b)));
    let plain = case
        .headers
        .iter()
        .all(|(name, value)| is_plain_name(name) && is_plain_value(value))
        && headers.is_sorted_by(|a, b| name(a).cmp_lower(&name(b)).is_lt());
    let headers = Sorted {
        headers: headers.into_iter(),
        plain,
    };
    let mut parameters: Vec<_> = case.query.iter().map(pair).collect();
    parameters.sort_by(canonical_query::compare);
    let stamp = TIME.stamp().unwrap();
    let auth = Auth {
        access_key_id: ACCESS_KEY_ID,
        scope: *scope,
        stamp,
        expires: EXPIRES,
        region_set: scope.region.is_none().then_some(REGION),
        session_token: case.token.map(|token| ("X-Amz-Security-Token", token)),
        written: None,
    };

    let mut bytes = [0; 2048];
    let mut out = Buffer::new(&mut bytes);
    uri_encode::path(&mut out, case.path);
    let path = out.len();
    let put_names = |out: &mut Buffer<'_>| headers.put_names_encoded(out);
    canonical_query::put(&mut out, &auth, put_names, parameters.into_iter());

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
        start: Start {
            stamp,
            scope: *scope,
            written: None,
        },
        canonical_request_hash: request.hash(),
    };
    let key = derive(ACCESS_KEY_ID, SECRET_ACCESS_KEY, scope).unwrap();
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
