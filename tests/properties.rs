//! Properties for any input: the crate agrees with the naive signer, and its output reads back as the input.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use percent_encoding::percent_decode_str;
use proptest::collection::vec;
use proptest::prelude::*;

#[path = "support/law.rs"]
mod law;
#[path = "support/naive.rs"]
mod naive;
#[path = "support/requests.rs"]
mod requests;

use naive::{Request, Signed, mistakes, plain};
use requests::{any_endpoint, change, clean, header_name, header_value, name, request, text};

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn any_mistake_keeps_the_law(request in request(), changes in vec(change(), 1..4)) {
        let mut request = request;
        changes.into_iter().for_each(|change| change.make(&mut request));
        law::hold(&request);
    }

    #[test]
    fn any_endpoint_keeps_the_law(request in request(), endpoint in any_endpoint()) {
        law::hold(&Request { endpoint: Some(endpoint), global_endpoint: false, ..request });
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn any_request_keeps_the_law(request in request()) {
        law::hold(&request);
    }

    #[test]
    fn a_url_reads_back_as_what_was_given(request in request()) {
        let signed = law::hold(&request).unwrap();
        let (parameters, key) = read_back(&signed, &request);
        let mut expected = request.query.clone();
        expected.extend(request.version_id.iter().map(|v| ("versionId".into(), v.clone())));
        expected.extend(request.part_number.iter().map(|n| ("partNumber".into(), n.to_string())));
        expected.sort();
        prop_assert_eq!(parameters, expected);
        prop_assert_eq!(key, request.key);
    }

    #[test]
    fn order_does_not_matter(
        (request, query, headers) in request().prop_flat_map(|request| {
            // Values of one header name are joined in order, so those are left out.
            let mut request = request;
            let mut seen = Vec::new();
            request.headers.retain(|(name, _)| {
                let name = name.to_ascii_lowercase();
                let new = !seen.contains(&name);
                seen.push(name);
                new
            });
            let query = Just(request.query.clone()).prop_shuffle();
            let headers = Just(request.headers.clone()).prop_shuffle();
            (Just(request), query, headers)
        })
    ) {
        let one = law::hold(&request).unwrap();
        let other = law::hold(&Request { query, headers, ..request }).unwrap();
        prop_assert_eq!(one.url, other.url);
    }

    /// A parser that changed anything would invalidate the signature; with dot segments it would.
    #[cfg(feature = "url")]
    #[test]
    fn a_url_parser_changes_nothing(request in request()) {
        let request = Request { allow_dot_segments: false, ..request };
        if let Some(signed) = law::hold(&request) {
            let parsed = url::Url::parse(&signed.url).map(String::from);
            prop_assert_eq!(parsed, Ok(signed.url));
        }
    }
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn many_parameters_and_headers(
        request in request(),
        query in vec((name(), text(0..8)), 0..254),
        headers in vec((header_name(), header_value()), 0..254),
    ) {
        let request = clean(Request { query, headers, version_id: None, ..request });
        prop_assume!(mistakes(&request).is_empty());
        law::hold(&request).unwrap();
    }
}

#[test]
fn as_many_unsorted_parameters_as_possible() {
    let mut request = plain();
    // 7919 is a prime, so this visits every number below 255 once, far from sorted.
    request.query = (0..255_u32)
        .map(|n| (format!("p{}", n * 7919 % 255), n.to_string()))
        .collect();
    let signed = law::hold(&request).unwrap();
    let (mut parameters, _) = read_back(&signed, &request);
    parameters.sort();
    request.query.sort();
    assert_eq!(parameters, request.query);
}

/// Names of one letter that sort before, among and after signing's own parameters.
#[test]
fn the_shortest_parameters_of_all() {
    // All before the first of signing's own parameters, all after the last, and on both sides.
    for names in ['A'..='W', 'a'..='z', 'A'..='z'] {
        let mut request = plain();
        let names = names.rev().filter(char::is_ascii_alphabetic);
        request.query = names.map(|name| (name.into(), String::new())).collect();
        law::hold(&request).unwrap();
    }
}

/// Parameters that signing did not add, sorted, and the key. Splits and decodes without a URL parser, which would
/// normalize.
#[track_caller]
fn read_back(signed: &Signed, request: &Request) -> (Vec<(String, String)>, Option<String>) {
    let decode = |text: &str| String::from_utf8(percent_decode_str(text).collect()).unwrap();
    let (place, query) = signed.url.split_once('?').unwrap();
    let mut parameters: Vec<(String, String)> = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    let signature = parameters.pop().unwrap();
    assert_eq!(
        (signature.0.as_str(), signature.1.len()),
        ("X-Amz-Signature", 64)
    );
    let own = |parameters: &mut Vec<(String, String)>, name| {
        let at = parameters.iter().position(|(n, _)| n == name)?;
        Some(parameters.remove(at).1)
    };
    let token = own(&mut parameters, "X-Amz-Security-Token");
    let token = token.or(own(&mut parameters, "X-Amz-S3session-Token"));
    assert_eq!(token, request.session_token);
    let credential = own(&mut parameters, "X-Amz-Credential").unwrap();
    assert!(credential.starts_with(&format!("{}/", request.access_key_id)));
    for name in [
        "X-Amz-Algorithm",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
    ] {
        assert!(own(&mut parameters, name).is_some(), "{name}");
    }
    parameters.sort();

    let path = place.splitn(4, '/').nth(3).unwrap();
    let path = format!("/{}", decode(path));
    let key = request.key.as_ref().map(|key| {
        let key = path[path.len() - key.len()..].to_owned();
        assert!(path.ends_with(&format!("/{key}")));
        key
    });
    (parameters, key)
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None, // each failure becomes a named test
        max_shrink_iters: 2000,
        ..ProptestConfig::default()
    }
}
