//! What the verifier accepts and refuses: everything that is signed verifies, every changed byte is refused, and each
//! rejection names the reason. (`tests/conformance.rs` verifies the URLs of SDKs.)
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use core::time::Duration;

use presign::verify::{Rejection, Request, Verified, Verifier};
use presign::{Bucket, Credentials, Method, Presigner, Timestamp};
use proptest::prelude::*;

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(NOW.as_unix() + seconds)
}

type Headers<'h> = [(&'h str, &'h str)];

/// Verifies with only the secret of [`ID`].
fn verify<'r>(
    method: &'r str,
    url: &'r str,
    headers: &'r Headers<'r>,
    now: Timestamp,
) -> Result<Verified<'r>, Rejection> {
    let request = Request::new(method, url, headers)?;
    Verifier::new().verify(&request, now, |id| {
        (id == ID).then(|| Credentials::new(ID, SECRET))
    })
}

/// A request, and its address.
#[derive(Clone, Debug)]
struct Asked {
    place: usize,
    method: Method,
    key: String,
    id: String,
    secret: String,
    token: Option<String>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    expires: u64,
    now: i64,
}

const METHODS: [Method; 7] = [
    Method::Get,
    Method::Head,
    Method::Put,
    Method::Post,
    Method::Delete,
    Method::Options,
    Method::Patch,
];

const PLACES: usize = if cfg!(feature = "sigv4a") { 11 } else { 10 };

impl Asked {
    fn bucket(&self) -> Bucket<'static> {
        let bucket = |name| Bucket::new(name, "eu-west-1").unwrap();
        match self.place {
            0 => bucket("examplebucket"),
            1 => bucket("examplebucket").path_style(),
            2 => bucket("example.bucket"),
            3 => bucket("examplebucket").dual_stack(),
            4 => bucket("examplebucket").accelerate(),
            5 => Bucket::new("examplebucket", "us-gov-west-1")
                .unwrap()
                .fips(),
            6 => Bucket::new("examplebucket", "us-east-1")
                .unwrap()
                .global_endpoint(),
            7 => bucket("media")
                .endpoint("http://127.0.0.1:9000")
                .unwrap()
                .path_style(),
            8 => bucket("media")
                .endpoint("https://h.example/prefix%20x")
                .unwrap()
                .path_style(),
            9 => bucket("arn:aws:s3:eu-west-1:123456789012:accesspoint/name"),
            #[cfg(feature = "sigv4a")]
            _ => bucket("examplebucket")
                .region_set("us-east-1,eu-*")
                .unwrap(),
            #[cfg(not(feature = "sigv4a"))]
            _ => bucket("examplebucket"),
        }
    }

    fn credentials(&self) -> Credentials<'_> {
        let credentials = Credentials::new(&self.id, &self.secret);
        match &self.token {
            Some(token) => credentials.session_token(token),
            None => credentials,
        }
    }

    fn sign(&self) -> String {
        let (credentials, bucket) = (self.credentials(), self.bucket());
        let (query, headers) = (borrow(&self.query), borrow(&self.headers));
        let mut buffer = vec![0; 16_384];
        let url = Presigner::new(self.method, &credentials, &bucket, &self.key)
            .allow_dot_segments()
            .query(&query)
            .headers(&headers)
            .expires_in(Duration::from_secs(self.expires))
            .sign_into(Timestamp::from_unix(self.now), &mut buffer);
        url.unwrap().to_owned()
    }

    /// Verifies at the last second.
    fn verify(&self, method: &str, url: &str, headers: &Headers<'_>) -> Result<(), Rejection> {
        let request = Request::new(method, url, headers)?;
        let last = Timestamp::from_unix(self.now + i64::try_from(self.expires).unwrap() - 1);
        let who = |id: &str| (id == self.id).then(|| self.credentials());
        let verified = Verifier::new().verify(&request, last, who)?;
        assert_eq!(verified.access_key_id(), self.id);
        assert_eq!(verified.signed_at().as_unix(), self.now);
        assert_eq!(verified.expires_at().as_unix(), last.as_unix() + 1);
        Ok(())
    }
}

fn borrow(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

fn asked() -> impl Strategy<Value = Asked> {
    let name = "[a-z][a-zA-Z0-9!#$%&'*+.^_`|~-]{0,8}";
    let headers = prop::collection::btree_map(name, "[!-~ü][ -~\tü]{0,12}", 0..4);
    let meta = prop::collection::btree_map("[Xx]-[Aa]mz-meta-[a-z]{1,4}", "[ -~]{0,12}", 0..3);
    let query = prop::collection::vec(("[a-z \\PC]{1,8}", "\\PC{0,8}"), 0..4);
    let request = (
        0..PLACES,
        prop::sample::select(&METHODS[..]),
        "[^\\PC]{0,3}\\PC{1,20}",
        "[A-Z0-9]{16,20}(/[a-z]{3})?",
        "[!-~]{1,80}",
        prop::option::of("[A-Za-z0-9/+=]{1,300}"),
    );
    let rest = (query, headers, meta, 1_u64..604_801, 0_i64..253_000_000_000);
    (request, rest).prop_map(|(request, rest)| {
        let (place, method, key, id, secret, token) = request;
        let (query, headers, meta, expires, now) = rest;
        let query = query.into_iter().filter(|(name, _)| {
            let name = name.to_ascii_lowercase();
            !name.starts_with("x-amz-") && !name.starts_with("response-") && name != "versionid"
        });
        let known = ["authorization", "host"];
        let headers = headers.into_iter().chain(meta);
        let headers =
            headers.filter(|(name, _)| !known.contains(&name.to_ascii_lowercase().as_str()));
        Asked {
            place,
            method,
            key,
            id,
            secret,
            token,
            query: query.collect(),
            headers: headers.collect(),
            expires,
            now,
        }
    })
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn what_is_signed_verifies(asked in asked(), order in any::<prop::sample::Index>()) {
        let url = asked.sign();
        let mut headers = borrow(&asked.headers);
        prop_assert_eq!(asked.verify(asked.method.as_str(), &url, &headers), Ok(()), "{}", url);
        // Headers of different names come in any order, mixed with unsigned ones.
        headers.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        headers.push(("accept", "*/*"));
        prop_assert_eq!(asked.verify(asked.method.as_str(), &url, &headers), Ok(()), "{}", url);
        // So do parameters.
        let (place, query) = url.split_once('?').unwrap();
        let mut pairs: Vec<_> = query.split('&').collect();
        let to = order.index(pairs.len());
        pairs.rotate_left(to);
        let url = format!("{place}?{}", pairs.join("&"));
        prop_assert_eq!(asked.verify(asked.method.as_str(), &url, &headers), Ok(()), "{}", url);
    }

    /// The scheme is not signed: a server knows it from its socket.
    #[test]
    fn no_changed_byte_verifies(
        asked in asked(),
        place in any::<prop::sample::Index>(),
        byte in "[ -~]",
        header in any::<prop::sample::Index>(),
    ) {
        let url = asked.sign();
        let headers = borrow(&asked.headers);
        let method = asked.method.as_str();
        let start = url.find("//").unwrap() + 2;
        let place = start + place.index(url.len() - start);
        let changed = |with: &str, to: usize| format!("{}{with}{}", &url[..place], &url[to..]);
        if url[place..=place] != byte {
            let changed = changed(&byte, place + 1);
            prop_assert!(asked.verify(method, &changed, &headers).is_err(), "{}", changed);
        }
        let longer = changed(&byte, place);
        if longer != url {
            prop_assert!(asked.verify(method, &longer, &headers).is_err(), "{}", longer);
        }
        let shorter = changed("", place + 1);
        // A name alone has an empty value: SDKs write `?acl`, and sign `acl=`.
        if !url[place..].starts_with("=&") {
            prop_assert!(asked.verify(method, &shorter, &headers).is_err(), "{}", shorter);
        }

        for other in METHODS.into_iter().filter(|other| *other != asked.method) {
            prop_assert_eq!(asked.verify(other.as_str(), &url, &headers), Err(Rejection::SignatureMismatch));
        }
        prop_assert!(asked.verify(&method.to_lowercase(), &url, &headers).is_err());

        if !headers.is_empty() {
            let at = header.index(headers.len());
            let (name, value) = headers[at];
            let other = format!("{value}x");
            let mut changed = headers.clone();
            changed[at].1 = &other;
            prop_assert_eq!(asked.verify(method, &url, &changed), Err(Rejection::SignatureMismatch));
            changed.remove(at);
            let same_name = changed.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
            let rejection = asked.verify(method, &url, &changed).unwrap_err();
            let missing = matches!(rejection, Rejection::SignedHeaderMissing { .. });
            prop_assert!(same_name || missing, "{}", rejection);
        }
    }

    #[test]
    fn nothing_panics(
        method in "\\PC{0,4}",
        url in "(https?://[a-z@:\\[\\]]{0,4}(/|\\?|&|#|%2[0-9A-Fa-f]|X-Amz-(Date|Expires|Signature|Credential)=|\\PC){0,30})|\\PC{0,60}",
        headers in prop::collection::vec(("\\PC{0,8}", "\\PC{0,8}"), 0..3),
        now in any::<i64>(),
    ) {
        let headers = borrow(&headers);
        let _ = verify(&method, &url, &headers, Timestamp::from_unix(now));
        let request = Request::from_parts(&method, &url, &url, &headers);
        let _ = Verifier::new().max_age(0).verify(&request, Timestamp::from_unix(now), |_| None);
    }
}

fn url() -> String {
    url_of(&Presigner::get(
        &Credentials::new(ID, SECRET),
        &bucket(),
        "a b",
    ))
}

fn bucket() -> Bucket<'static> {
    Bucket::new("examplebucket", "eu-west-1").unwrap()
}

fn url_of(presigner: &Presigner<'_>) -> String {
    let mut buffer = [0; 2048];
    presigner.sign_into(NOW, &mut buffer).unwrap().to_owned()
}

/// The rejection's `Debug` and its text.
#[track_caller]
fn refused(result: Result<Verified<'_>, Rejection>, debug: &str, text: &str) {
    let rejection = result.unwrap_err();
    assert_eq!(
        (format!("{rejection:?}"), rejection.to_string()),
        (debug.to_owned(), text.to_owned())
    );
}

/// The URL with each `from` replaced; it must be present.
fn with(from: &str, to: &str) -> String {
    let url = url();
    assert!(url.contains(from), "no {from} in {url}");
    url.replace(from, to)
}

#[test]
fn forms_refused() {
    let check =
        |url: &str, debug: &str, text: &str| refused(verify("GET", url, &[], NOW), debug, text);
    let malformed = "URL is not of the form http(s)://host/path?query";
    for url in [
        "",
        "/k",
        "ftp://h/k",
        "https://",
        "https:///k",
        "https://u:p@h/k",
        "HTTPS://h/k",
    ] {
        check(url, "MalformedUrl", malformed);
    }
    let not_canonical = "path or query is not percent-encoded as it is signed";
    for (from, to) in [
        ("a%20b", "a b"),
        ("a%20b", "a+b"),
        ("a%20b", "a%2"),
        ("a%20b", "a%zzb"),
        ("a%20b", "a%2fb"),
        ("a%20b", "a%2Fb"),
        ("a%20b", "%61"),
        ("a%20b", "ü"),
        ("%2Feu-west-1%2F", "/eu-west-1/"),
        ("%2Feu-west-1%2F", "%2feu-west-1%2f"),
        ("?", "?&"),
        ("?", "?=1&"),
        ("&X-Amz-Date", "&&X-Amz-Date"),
        ("X-Amz-Date", "X%2DAmz-Date"),
    ] {
        check(&with(from, to), "NotCanonical", not_canonical);
    }
    let long = "query is longer than 65535 bytes or has more than 264 parameters";
    check(
        &format!("{}&{}", url(), "a".repeat(65_536)),
        "QueryTooLong",
        long,
    );
    check(&(url() + &"&a=1".repeat(260)), "QueryTooLong", long);
    let query = url().len() - url().find('?').unwrap();
    let of_length = |length: usize| url() + "&" + &"a".repeat(length - query);
    check(&of_length(65_536), "QueryTooLong", long);
    check(
        &of_length(65_535),
        "SignatureMismatch",
        "signature does not match",
    );
    // 259 plus the 5 other signed ones are not too many.
    check(
        &(url() + &"&a=1".repeat(259)),
        "SignatureMismatch",
        "signature does not match",
    );
}

#[test]
fn parameters_refused() {
    let check =
        |url: &str, debug: &str, text: &str| refused(verify("GET", url, &[], NOW), debug, text);
    for name in [
        "Algorithm",
        "Credential",
        "Date",
        "Expires",
        "SignedHeaders",
        "Signature",
    ] {
        let name = format!("X-Amz-{name}");
        let missing = with(&format!("{name}="), "other=");
        check(
            &missing,
            &format!("MissingParameter {{ name: {name:?} }}"),
            &format!("query parameter {name} is missing"),
        );
        let twice = format!("DuplicateParameter {{ name: {name:?} }}");
        let text = format!(
            "query parameter {name} is repeated, in the wrong case, or different from the header"
        );
        check(&format!("{}&{name}=1", url()), &twice, &text);
        check(&format!("{}&{name}", url()), &twice, &text);
        check(&with(&name, &name.to_lowercase()), &twice, &text);
    }
    let tokens = url() + "&X-Amz-Security-Token=a&X-Amz-S3session-Token=a";
    check(
        &tokens,
        "DuplicateParameter { name: \"X-Amz-Security-Token\" }",
        "query parameter X-Amz-Security-Token is repeated, in the wrong case, or different from the header",
    );

    for algorithm in [
        "AWS4-HMAC-SHA512",
        "AWS4-HMAC-SHA1",
        "aws4-hmac-sha256",
        "",
        "none",
    ] {
        check(
            &with("AWS4-HMAC-SHA256", algorithm),
            "UnknownAlgorithm",
            "algorithm is not supported",
        );
    }
    let date = "X-Amz-Date is not of the form YYYYMMDDTHHMMSSZ";
    for stamp in [
        "",
        "20130524",
        "20130524T000000",
        "20130524T000000z",
        "20131324T000000Z",
        "20130230T000000Z",
        "20130524T240000Z",
        "20130524T000060Z",
        "2013-05-24T00:00:00Z",
        "%2B0130524T000000Z",
        "-0130524T000000Z",
        "2013-524T000000Z",
    ] {
        let stamp = stamp.replace(':', "%3A");
        check(&with("20130524T000000Z", &stamp), "MalformedDate", date);
    }
    for expires in [
        "", "00", "01", "1h", "-1", "%2B1", "0900", "1.5", "%20900", "0x10",
    ] {
        check(
            &with("Expires=900", &format!("Expires={expires}")),
            "MalformedExpires",
            "X-Amz-Expires is not a decimal number",
        );
    }
    for expires in ["0", "604801", "4294967296", "18446744073709551615"] {
        check(
            &with("Expires=900", &format!("Expires={expires}")),
            &format!("ExpiryOutOfRange {{ seconds: {expires} }}"),
            &format!("X-Amz-Expires of {expires} s is outside 1 s to 604800 s (7 days)"),
        );
    }
    let credential = "X-Amz-Credential is not of the form ID/YYYYMMDD/region/service/aws4_request";
    let scope = "AKIAIOSFODNN7EXAMPLE%2F20130524%2Feu-west-1%2Fs3%2Faws4_request";
    let long = format!(
        "{}%2F20130524%2Feu-west-1%2Fs3%2Faws4_request",
        "A".repeat(384)
    );
    for other in [
        "",
        ID,
        "AKIAIOSFODNN7EXAMPLE%2F20130524%2Feu-west-1%2Fs3",
        "AKIAIOSFODNN7EXAMPLE%2F20130524%2Fs3%2Faws4_request",
        "%2F20130524%2Feu-west-1%2Fs3%2Faws4_request",
        "A%2F20130524%2F%2Fs3%2Faws4_request",
        "A%2F20130524%2Feu-west-1%2F%2Faws4_request",
        "A%2F2013-5-24%2Feu-west-1%2Fs3%2Faws4_request",
        "A%2F20130524%2Feu-west-1%2Fs3%2Faws4_request2",
        "A%2F20130524%2Feu-west-1%2Fs3%2FAWS4_REQUEST",
        "%FF%2F20130524%2Feu-west-1%2Fs3%2Faws4_request",
        &long,
    ] {
        check(&with(scope, other), "MalformedCredential", credential);
    }
    check(
        &with("%2F20130524%2F", "%2F20130525%2F"),
        "ScopeDateMismatch",
        "date of the credential scope differs from X-Amz-Date",
    );
    let signed = "X-Amz-SignedHeaders is not a sorted list of lower-case names that includes host";
    for list in [
        "",
        "a",
        "Host",
        "host%3B",
        "%3Bhost",
        "host%3Bhost",
        "x%3Bhost",
        "host%3Bx%20y",
        "host%2Cx",
        "host%253Bx",
    ] {
        check(
            &with("SignedHeaders=host", &format!("SignedHeaders={list}")),
            "MalformedSignedHeaders",
            signed,
        );
    }
    let hex = "X-Amz-Signature is not lower-case hexadecimal of the required length";
    let (start, signature) = url()
        .rsplit_once('=')
        .map(|(start, end)| (start.to_owned(), end.to_owned()))
        .unwrap();
    for other in [
        String::new(),
        signature[1..].to_owned(),
        format!("{signature}0"),
        "A".repeat(64),
        "g".repeat(64),
    ] {
        check(&format!("{start}={other}"), "MalformedSignature", hex);
    }
}

#[test]
fn requests_refused() {
    let url = url();
    let name = |name: &str| format!("HeaderNotSigned {{ name: {name:?} }}");
    for header in [
        "x-amz-acl",
        "X-Amz-Meta-A",
        "X-AMZ-DATE",
        "x-amz-content-sha256",
    ] {
        refused(
            verify("GET", &url, &[(header, "")], NOW),
            &name(header),
            &format!("header {header} must be signed"),
        );
    }
    // A server that trims names, or accepts any, would use a header that nobody signed.
    for header in [
        " x-amz-copy-source",
        "\tx-amz-acl",
        "x-amz-acl ",
        "x-amz-acl:",
        "x-a\n",
        "é",
        "",
    ] {
        let ascii = header.trim_end_matches('é');
        refused(
            verify("GET", &url, &[(header, "/other/secret")], NOW),
            &format!("MalformedHeaderName {{ name: {ascii:?} }}"),
            &format!("header name {ascii:?} is not a token of RFC 9110"),
        );
    }
    refused(
        verify("GET", &url, &[("Authorization", "")], NOW),
        "TwoAuthentications",
        "request has two methods of authentication",
    );
    let credentials = Credentials::new(ID, SECRET);
    let bucket = bucket();
    let put = Presigner::put(&credentials, &bucket, "k").headers(&[("X-Amz-Acl", "private")]);
    refused(
        verify("PUT", &url_of(&put), &[], NOW),
        "SignedHeaderMissing { name: \"x-amz-acl\" }",
        "signed header x-amz-acl is missing",
    );
    for (method, value) in [
        ("PUT", "public-read"),
        ("GET", "private"),
        ("put", "private"),
    ] {
        refused(
            verify(method, &url_of(&put), &[("x-amz-acl", value)], NOW),
            "SignatureMismatch",
            "signature does not match",
        );
    }
    let twice = [("x-amz-acl", "private"), ("x-amz-acl", "private")];
    refused(
        verify("PUT", &url_of(&put), &twice, NOW),
        "SignatureMismatch",
        "signature does not match",
    );
    assert!(verify("PUT", &url_of(&put), &[("X-AMZ-ACL", " private\t")], NOW).is_ok());

    let hash = "0f".repeat(32);
    let headers = [("x-amz-content-sha256", hash.as_str())];
    let put = Presigner::put(&credentials, &bucket, "k").headers(&headers);
    assert_eq!(
        verify("PUT", &url_of(&put), &headers, NOW)
            .unwrap()
            .payload_hash(),
        hash
    );
    let upper = [("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")];
    refused(
        verify("PUT", &url_of(&put), &upper, NOW),
        "MalformedPayloadHash",
        "x-amz-content-sha256 is neither UNSIGNED-PAYLOAD nor 64 digits of lower-case hexadecimal",
    );

    // Another host, and one in upper case: the host must match byte for byte.
    for (from, to) in [
        ("//examplebucket", "//EXAMPLEBUCKET"),
        (".com/", ".com:443/"),
        (".com/", ".com./"),
    ] {
        refused(
            verify("GET", &with(from, to), &[], NOW),
            "SignatureMismatch",
            "signature does not match",
        );
    }
}

#[test]
fn times() {
    let url = url();
    let verify = |seconds| verify("GET", &url, &[], at(seconds));
    assert!(verify(-900).is_ok() && verify(0).is_ok() && verify(899).is_ok());
    refused(
        verify(-901),
        &format!("NotYetValid {{ now: {:?}, signed_at: {NOW:?} }}", at(-901)),
        "not valid yet: signed for 2013-05-24T00:00:00Z, and it is now 2013-05-23T23:44:59Z",
    );
    refused(
        verify(900),
        &format!(
            "Expired {{ now: {:?}, expired_at: {:?} }}",
            at(900),
            at(900)
        ),
        "expired at 2013-05-24T00:15:00Z, and it is now 2013-05-24T00:15:00Z",
    );
    let request = Request::new("GET", &url, &[]).unwrap();
    let who = |_: &str| Some(Credentials::new(ID, SECRET));
    let verify = |verifier: Verifier<'_>, now| verifier.verify(&request, now, who).map(|_| ());
    for extreme in [i64::MIN, i64::MAX] {
        let extreme = Timestamp::from_unix(extreme);
        assert!(verify(Verifier::new(), extreme).is_err());
        assert!(
            verify(
                Verifier::new().clock_tolerance(u64::MAX).max_age(0),
                extreme
            )
            .is_err()
                || extreme < NOW
        );
    }
    let strict = Verifier::new().clock_tolerance(0).max_age(60);
    assert!(verify(strict, at(-1)).is_err());
    assert_eq!(verify(strict, at(60)), Ok(()));
    assert_eq!(
        verify(strict, at(61)),
        Err(Rejection::TooOld { age: 61, limit: 60 })
    );
    assert_eq!(
        Rejection::TooOld { age: 61, limit: 60 }.to_string(),
        "signature is 61 s old, over the limit of 60 s"
    );
    // A limit does not extend the expiry.
    assert_eq!(
        verify(Verifier::new().max_age(10_000), at(900)),
        Err(Rejection::Expired {
            now: at(900),
            expired_at: at(900)
        })
    );
}

#[test]
fn identities() {
    let url = url();
    let request = Request::new("GET", &url, &[]).unwrap();
    let verify = |request: &Request<'_>, credentials: Option<Credentials<'static>>| {
        Verifier::new()
            .verify(request, NOW, |_| credentials)
            .map(|verified| verified.expires_at())
    };
    let known = Credentials::new(ID, SECRET);
    assert_eq!(verify(&request, None), Err(Rejection::UnknownAccessKey));
    assert_eq!(
        Rejection::UnknownAccessKey.to_string(),
        "access key ID is unknown"
    );
    assert_eq!(
        verify(&request, Some(Credentials::new(ID, "other"))),
        Err(Rejection::SignatureMismatch)
    );
    assert_eq!(
        verify(&request, Some(known.clone().session_token("t"))),
        Err(Rejection::SessionTokenMismatch)
    );
    let token = "session token is not the one that was issued";
    assert_eq!(Rejection::SessionTokenMismatch.to_string(), token);
    let ended = Rejection::CredentialsExpired {
        now: NOW,
        expired_at: NOW,
    };
    assert_eq!(
        verify(&request, Some(known.clone().expiration(NOW))),
        Err(ended)
    );
    assert_eq!(
        ended.to_string(),
        "credentials expired at 2013-05-24T00:00:00Z, and it is now 2013-05-24T00:00:00Z"
    );
    assert_eq!(
        verify(&request, Some(known.clone().expiration(at(1)))),
        Ok(at(1))
    );
    assert_eq!(
        verify(&request, Some(known.clone().expiration(at(901)))),
        Ok(at(900))
    );

    let issued = known.clone().session_token("a/b+c=");
    let bucket = bucket();
    let url = url_of(&Presigner::get(&issued, &bucket, "k"));
    let request = Request::new("GET", &url, &[]).unwrap();
    assert_eq!(verify(&request, Some(issued)), Ok(at(900)));
    for other in ["a/b+c", "a/b+c==", "A/b+c=", "a%2Fb%2Bc%3D", ""] {
        let other = known.clone().session_token(other);
        assert_eq!(
            verify(&request, Some(other)),
            Err(Rejection::SessionTokenMismatch)
        );
    }
    assert_eq!(
        verify(&request, Some(known)),
        Err(Rejection::SessionTokenMismatch)
    );
}

#[test]
fn limits() {
    let url = url();
    let request = Request::new("GET", &url, &[]).unwrap();
    let verify = |verifier: Verifier<'_>| {
        let who = |_: &str| Some(Credentials::new(ID, SECRET));
        verifier.verify(&request, NOW, who).map(|_| ())
    };
    let new = Verifier::new();
    assert_eq!(
        verify(new.regions(&["us-east-1", "eu-west-1"]).services(&["s3"])),
        Ok(())
    );
    for regions in [&["us-east-1"][..], &["eu-west-"], &["EU-WEST-1"], &[]] {
        assert_eq!(verify(new.regions(regions)), Err(Rejection::WrongRegion));
    }
    for services in [&["s3express"][..], &["S3"], &[]] {
        assert_eq!(verify(new.services(services)), Err(Rejection::WrongService));
    }
    assert_eq!(
        Rejection::WrongRegion.to_string(),
        "signed for another region"
    );
    assert_eq!(
        Rejection::WrongService.to_string(),
        "signed for another service"
    );
}

#[test]
fn names_of_signed_headers() {
    let (credentials, bucket) = (Credentials::new(ID, SECRET), bucket());
    let headers = [("X-B", "1"), ("A", "2")];
    let url = url_of(&Presigner::get(&credentials, &bucket, "k").headers(&headers));
    let verified = verify("GET", &url, &headers, NOW).unwrap();
    let names: Vec<_> = verified.signed_headers().collect();
    assert_eq!(names, ["a", "host", "x-b"]);
}

/// Two changed bytes whose differences cancel out are refused as well.
#[test]
fn no_swapped_bytes_verify() {
    let credentials = Credentials::new(ID, SECRET).session_token("ab/token");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let url = url_of(&Presigner::get(&credentials, &bucket, "k"));
    let verify = |url: &str, token: &str| {
        let request = Request::new("GET", url, &[]).unwrap();
        let who = |_: &str| Some(Credentials::new(ID, SECRET).session_token(token));
        Verifier::new().verify(&request, NOW, who).map(|_| ())
    };
    assert_eq!(verify(&url, "ab/token"), Ok(()));
    for token in ["ba/token", "ab/toke", "ab/token/", "ab/toekn"] {
        assert_eq!(verify(&url, token), Err(Rejection::SessionTokenMismatch));
    }
    let signature = url.len() - 64;
    for at in signature..url.len() - 1 {
        let mut bytes = url.clone().into_bytes();
        bytes.swap(at, at + 1);
        let swapped = String::from_utf8(bytes).unwrap();
        let expected = if swapped == url {
            Ok(())
        } else {
            Err(Rejection::SignatureMismatch)
        };
        assert_eq!(verify(&swapped, "ab/token"), expected);
    }
}

#[cfg(feature = "sigv4a")]
#[test]
fn region_sets() {
    for (set, fits, fits_not) in [
        ("us-east-1,eu-west-1", "eu-west-1", "eu-west-2"),
        ("eu-*", "eu-west-2", "us-east-1"),
        ("us-east-1,eu-*", "eu-west-2", "ap-east-1"),
    ] {
        let bucket = bucket().region_set(set).unwrap();
        let credentials = Credentials::new(ID, SECRET);
        let url = url_of(&Presigner::get(&credentials, &bucket, "k"));
        let verify = |url: &str, region: &str| {
            let request = Request::new("GET", url, &[]).unwrap();
            let regions = [region];
            let verifier = Verifier::new().regions(&regions);
            verifier
                .verify(&request, NOW, |_| Some(credentials.clone()))
                .map(|_| ())
        };
        assert_eq!(verify(&url, fits), Ok(()));
        assert_eq!(verify(&url, fits_not), Err(Rejection::WrongRegion));
        let other = url.replace("X-Amz-Region-Set=", "X-Amz-Region-Set=ap-east-1%2C");
        assert_eq!(verify(&other, fits), Err(Rejection::SignatureMismatch));
        let none = url.replace("X-Amz-Region-Set=", "a=");
        assert_eq!(
            verify(&none, fits),
            Err(Rejection::MissingParameter {
                name: "X-Amz-Region-Set"
            })
        );
    }
    let any = bucket().region_set("*").unwrap();
    let credentials = Credentials::new(ID, SECRET);
    let url = url_of(&Presigner::get(&credentials, &any, "k"));
    let request = Request::new("GET", &url, &[]).unwrap();
    let verified = Verifier::new()
        .regions(&["eu-west-1"])
        .verify(&request, NOW, |_| Some(credentials.clone()));
    assert_eq!(verified.unwrap().region(), "");
}

#[cfg(not(feature = "sigv4a"))]
#[test]
fn sigv4a_needs_its_feature() {
    let url = with("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256");
    refused(
        verify("GET", &url, &[], NOW),
        "UnknownAlgorithm",
        "algorithm is not supported",
    );
}

/// The greatest of several rejections is the one to report.
#[test]
fn ranks() {
    let ranked = [
        Rejection::MalformedUrl,
        Rejection::MissingParameter { name: "X-Amz-Date" },
        Rejection::TwoAuthentications,
        Rejection::ScopeDateMismatch,
        Rejection::WrongRegion,
        Rejection::UnknownAccessKey,
        Rejection::SessionTokenMismatch,
        Rejection::SignatureMismatch,
        Rejection::Expired {
            now: NOW,
            expired_at: NOW,
        },
    ];
    assert!(ranked.is_sorted());
}

#[test]
fn nothing_printed_holds_a_signature() {
    let url = url();
    let (_, signature) = url.rsplit_once('=').unwrap();
    let request = Request::new("GET", &url, &[]).unwrap();
    let verified = verify("GET", &url, &[], NOW).unwrap();
    let printed = format!("{request:?} {verified:?} {:?}", Verifier::new());
    assert!(
        !printed.contains(signature) && !printed.contains(SECRET),
        "{printed}"
    );
}

/// The host is that of the URL, not that of a header.
#[test]
fn hosts() {
    let url = url();
    let headers = [("Host", "cdn.example")];
    let request = Request::new("GET", &url, &headers).unwrap();
    assert_eq!(request.host(), "examplebucket.s3.eu-west-1.amazonaws.com");
    assert!(verify("GET", &url, &headers, NOW).is_ok());
    let target = url.split_once(".com").unwrap().1;
    let request = Request::from_parts("GET", "cdn.example", target, &headers);
    let who = |_: &str| Some(Credentials::new(ID, SECRET));
    let rejection = Verifier::new().verify(&request, NOW, who).unwrap_err();
    assert_eq!(rejection, Rejection::SignatureMismatch);
}

/// Differences that SigV4 ignores, and differences that it does not.
#[test]
fn same_to_the_signature() {
    let (credentials, bucket) = (Credentials::new(ID, SECRET), bucket());
    let presigner = Presigner::new(Method::Post, &credentials, &bucket, "k");
    let url = url_of(&presigner.query(&[("uploads", ""), ("x", "1")]));
    let changed = |from: &str, to: &str| {
        assert!(url.contains(from), "{url}");
        verify("POST", &url.replace(from, to), &[], NOW).is_ok()
    };
    assert!(changed("uploads=&x=1", "x=1&uploads="));
    assert!(changed("uploads=&", "uploads&"));
    assert!(changed("https://", "http://"));
    assert!(!changed("x=1", "x=%31"));
    assert!(!changed("x=1", "x=1&"));
    assert!(!changed("uploads=&", "uploads=&uploads=&"));
}

/// The result of [`verify`] for a GET, as text.
fn outcome(url: &str, headers: &Headers<'_>) -> String {
    match verify("GET", url, headers, NOW) {
        Ok(verified) => format!("payload {}", verified.payload_hash()),
        Err(rejection) => rejection.to_string(),
    }
}

const TOO_MANY: &str = "request has more than 256 headers or signed headers";

/// The work for headers is limited before any key is looked up.
#[test]
fn headers_are_bounded() {
    let names: Vec<String> = (0..4000).map(|n| format!("x-amz-{n:04}")).collect();
    let headers: Vec<_> = names.iter().map(|name| (name.as_str(), "v")).collect();
    let credentials = Credentials::new(ID, SECRET);
    let mut buffer = vec![0; 10_000];
    let most = Presigner::get(&credentials, &bucket(), "k")
        .headers(&headers[..255])
        .sign_into(NOW, &mut buffer)
        .unwrap()
        .to_owned();
    assert_eq!(outcome(&most, &headers[..255]), "payload UNSIGNED-PAYLOAD");
    // In addition to `host`, which every HTTP client sends.
    let mut with_host = vec![("Host", "examplebucket.s3.eu-west-1.amazonaws.com")];
    with_host.extend(&headers[..255]);
    assert_eq!(outcome(&most, &with_host), "payload UNSIGNED-PAYLOAD");
    with_host.push(("accept", "*/*"));
    assert_eq!(outcome(&most, &with_host), TOO_MANY);
    assert_eq!(outcome(&url(), &headers), TOO_MANY);
    let signed = |count: usize| {
        let list = [&["host".to_owned()], &names[..count]].concat().join("%3B");
        with(
            "X-Amz-SignedHeaders=host",
            &format!("X-Amz-SignedHeaders={list}"),
        )
    };
    assert_eq!(outcome(&signed(256), &[]), TOO_MANY);
    assert_eq!(
        outcome(&signed(255), &[]),
        "signed header x-amz-0000 is missing"
    );
}

/// AWS and MinIO sign the hash given in the query, and check the body against it.
#[test]
fn payload_hashes_in_the_query() {
    let hash = "0f".repeat(32);
    let sign = |payload: &str, value: &str, name: &str| {
        let credential = format!("{ID}/20130524/eu-west-1/s3/aws4_request");
        let host = "examplebucket.s3.eu-west-1.amazonaws.com";
        let mut query = [
            ("X-Amz-Algorithm".to_owned(), "AWS4-HMAC-SHA256".to_owned()),
            (name.to_owned(), value.to_owned()),
            (
                "X-Amz-Credential".to_owned(),
                credential.replace('/', "%2F"),
            ),
            ("X-Amz-Date".to_owned(), "20130524T000000Z".to_owned()),
            ("X-Amz-Expires".to_owned(), "900".to_owned()),
            ("X-Amz-SignedHeaders".to_owned(), "host".to_owned()),
        ];
        query.sort();
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let query = query.join("&");
        let canonical = format!("GET\n/k\n{query}\nhost:{host}\n\nhost\n{payload}");
        let signature = by_specification(&canonical);
        format!("https://{host}/k?{query}&X-Amz-Signature={signature}")
    };
    let mismatch = "signature does not match";
    let malformed =
        "x-amz-content-sha256 is neither UNSIGNED-PAYLOAD nor 64 digits of lower-case hexadecimal";
    for name in [
        "X-Amz-Content-Sha256",
        "x-amz-content-sha256",
        "X-Amz-Content-SHA256",
    ] {
        let sign = |payload: &str, value: &str| sign(payload, value, name);
        let unsigned = "UNSIGNED-PAYLOAD";
        assert_eq!(
            outcome(&sign(unsigned, unsigned), &[]),
            "payload UNSIGNED-PAYLOAD"
        );
        assert_eq!(outcome(&sign(&hash, &hash), &[]), format!("payload {hash}"));
        assert_eq!(outcome(&sign(unsigned, &hash), &[]), mismatch);
        assert_eq!(outcome(&sign(&hash, unsigned), &[]), mismatch);
        for streaming in [
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "",
            "0F",
        ] {
            assert_eq!(outcome(&sign(unsigned, streaming), &[]), malformed);
            assert_eq!(outcome(&sign(streaming, streaming), &[]), malformed);
        }
    }
    let twice = format!(
        "{}&x-amz-content-sha256={hash}",
        sign(&hash, &hash, "X-Amz-Content-Sha256")
    );
    let duplicate = "query parameter X-Amz-Content-Sha256 is repeated, in the wrong case, or different from the header";
    assert_eq!(outcome(&twice, &[]), duplicate);

    // In both query and header: they must be equal.
    let credentials = Credentials::new(ID, SECRET);
    let bucket = bucket();
    let both = |value: &str| {
        let headers = [("x-amz-content-sha256", value)];
        let query = [("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")];
        let presigner = Presigner::get(&credentials, &bucket, "k")
            .query(&query)
            .headers(&headers);
        let mut buffer = [0; 2048];
        let url = presigner.sign_into(NOW, &mut buffer)?;
        Ok::<_, presign::Error>(outcome(url, &headers))
    };
    let both_same = both("UNSIGNED-PAYLOAD");
    assert_eq!(both_same, Ok("payload UNSIGNED-PAYLOAD".to_owned()));
    assert_eq!(both(&hash), Err(presign::Error::PayloadHashMismatch));
    let url = sign(
        "UNSIGNED-PAYLOAD",
        "UNSIGNED-PAYLOAD",
        "X-Amz-Content-Sha256",
    );
    let headers = [("x-amz-content-sha256", &*hash)];
    let unsigned = "header x-amz-content-sha256 must be signed";
    assert_eq!(outcome(&url, &headers), unsigned);
}

/// The signature of a canonical request, from the specification alone.
fn by_specification(canonical_request: &str) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::{Digest, Sha256};
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let mac = |key: &[u8], text: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let scope = "20130524/eu-west-1/s3/aws4_request";
    let hash = hex(&Sha256::digest(canonical_request));
    let text = format!("AWS4-HMAC-SHA256\n20130524T000000Z\n{scope}\n{hash}");
    let key = format!("AWS4{SECRET}").into_bytes();
    let key = scope.split('/').fold(key, |key, part| mac(&key, part));
    hex(&mac(&key, &text))
}

/// HMAC accepts an empty key, so anyone could sign with it.
#[test]
fn an_empty_secret_never_verifies() {
    let url = url();
    let request = Request::new("GET", &url, &[]).unwrap();
    let verified = Verifier::new().verify(&request, NOW, |_| Some(Credentials::new(ID, "")));
    assert_eq!(verified.unwrap_err(), Rejection::UnknownAccessKey);
}

/// Parameters that name a signer, but not for Signature Version 4 of this service.
#[test]
fn identities_of_other_kinds() {
    for name in ["AWSAccessKeyId", "Signature"] {
        let url = url().replacen('?', &format!("?{name}=x&"), 1);
        assert_eq!(
            outcome(&url, &[]),
            "request has two methods of authentication"
        );
    }
    let token = Credentials::new(ID, SECRET).express_session_token("token");
    let express = Bucket::new("examplebucket--euw1-az1--x-s3", "eu-west-1").unwrap();
    let url = url_of(&Presigner::get(&token, &express, "k"));
    assert!(url.contains("X-Amz-S3session-Token=token"), "{url}");
    let verify = |url: &str| {
        let request = Request::new("GET", url, &[]).unwrap();
        let verified = Verifier::new().verify(&request, NOW, |_| Some(token.clone()));
        verified.map(|verified| verified.service().to_owned())
    };
    assert_eq!(verify(&url), Ok("s3express".to_owned()));
    let url = url.replace("s3express%2Faws4", "s3%2Faws4");
    assert_eq!(verify(&url), Err(Rejection::SessionTokenMismatch));
}

/// S3's keys are UTF-8: a server that decodes the path differently would use a key that was not signed.
#[test]
fn paths_are_utf8() {
    let not_canonical = "path or query is not percent-encoded as it is signed";
    for bytes in [
        "%FF",
        "%C3",
        "%C3%28",
        "%E2%82",
        "%ED%A0%80",
        "%F0%9F%98",
        "%F4%90%80%80",
        "%C0%AF",
        "%80",
    ] {
        assert_eq!(
            outcome(&with("a%20b", &format!("a{bytes}b")), &[]),
            not_canonical,
            "{bytes}"
        );
        assert_eq!(
            outcome(&with("a%20b", bytes), &[]),
            not_canonical,
            "{bytes}"
        );
    }
    for text in ["é", "€", "😀", "\u{10ffff}", "\u{80}"] {
        let credentials = Credentials::new(ID, SECRET);
        let url = url_of(&Presigner::get(&credentials, &bucket(), text));
        assert_eq!(outcome(&url, &[]), "payload UNSIGNED-PAYLOAD", "{text}");
    }
}

/// Servers disagree on which of the two to use, so a request could be smuggled in the body.
#[test]
fn one_length_of_the_body() {
    let credentials = Credentials::new(ID, SECRET);
    let length = ("content-length", "3");
    let headers = [length];
    let url = url_of(&Presigner::get(&credentials, &bucket(), "k").headers(&headers));
    assert_eq!(outcome(&url, &headers), "payload UNSIGNED-PAYLOAD");
    let ambiguous = "content-length is repeated, not a number, or sent with transfer-encoding";
    let chunked = ("Transfer-Encoding", "chunked");
    assert_eq!(outcome(&url, &[length, chunked]), ambiguous);
    let unsigned = url_of(&Presigner::get(&credentials, &bucket(), "k"));
    for headers in [
        &[length, chunked][..],
        &[length, ("Content-Length", "4")],
        &[length, length],
        &[("content-length", "-3")],
        &[("content-length", "3,4")],
        &[("content-length", "")],
    ] {
        assert_eq!(outcome(&unsigned, headers), ambiguous, "{headers:?}");
    }
    for headers in [&[length][..], &[chunked], &[("content-length", " 3")]] {
        assert_eq!(
            outcome(&unsigned, headers),
            "payload UNSIGNED-PAYLOAD",
            "{headers:?}"
        );
    }
}
