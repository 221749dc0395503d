//! Of all variations of a signed URL, only equivalent ones verify. And no input causes a panic.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use presign::diagnose::Evidence;
use presign::verify::{Request, Verifier};
use presign::{Credentials, Timestamp, redact};

mod input;
#[path = "../../tests/support/naive.rs"]
mod naive;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    request: input::Input<'a>,
    /// The position, the number of bytes removed there, and the bytes inserted.
    edits: Vec<(u16, u8, &'a str)>,
    headers: Vec<(&'a str, &'a str)>,
    answer: Option<&'a str>,
}

fuzz_target!(|input: Input<'_>| {
    let request = input.request.request();
    if !naive::mistakes(&request).is_empty() || request.bucket.iter().any(|b| b.starts_with("arn:"))
    {
        return;
    }
    let signed = naive::sign(&request);
    let mut url = signed.url.clone();
    for (at, cut, text) in input.edits {
        let at = usize::from(at) % (url.len() + 1);
        let end = (at + usize::from(cut)).min(url.len());
        if url.is_char_boundary(at) && url.is_char_boundary(end) {
            url.replace_range(at..end, text);
        }
    }

    let mut credentials = Credentials::new(&request.access_key_id, &request.secret_access_key);
    if let Some(token) = &request.session_token {
        credentials = credentials.session_token(token);
    }
    let headers: Vec<(&str, &str)> = signed
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .chain(input.headers)
        .collect();
    let now = Timestamp::from_unix(request.now);
    if let Ok(received) = Request::new(request.method, &url, &headers) {
        let who = |_: &str| Some(credentials.clone());
        if Verifier::new().verify(&received, now, who).is_ok() {
            assert_eq!(meaning(&url), meaning(&signed.url), "{request:#?}");
        }
    }

    let redacted = redact(&url).to_string();
    let (_, signature) = signed.url.rsplit_once('=').unwrap_or_default();
    if url == signed.url {
        assert!(!redacted.contains(signature), "{redacted}");
    }
    if url.len() < 4000 {
        let evidence = Evidence::new(&url).method(request.method);
        let mut evidence = evidence.headers(&headers).credentials(&credentials);
        if let Some(answer) = input.answer {
            evidence = evidence.answer(answer);
        }
        let diagnosis = format!("{:?}", evidence.at(now).diagnose());
        assert!(url != signed.url || !diagnosis.contains(signature));
    }
});

/// What a URL requests: host, path, and parameters, whose order has no meaning.
fn meaning(url: &str) -> (&str, &str, Vec<(&str, &str)>) {
    let (_, rest) = url.split_once("://").unwrap_or_default();
    let (rest, _) = rest.split_once('#').unwrap_or((rest, ""));
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = place.split_at(place.find('/').unwrap_or(place.len()));
    let mut parameters: Vec<(&str, &str)> = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    parameters.sort_unstable();
    (host, if path.is_empty() { "/" } else { path }, parameters)
}
