//! Damages that URLs suffer on their way, and the cause that has to stand first for each.
#![cfg(feature = "diagnose")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)] // clippy.toml spares only what stands in `#[test]` itself

use core::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use presign::diagnose::{Cause, Diagnosis, Evidence};
use presign::{Bucket, Credentials, Explanation, Method, Presigner, Timestamp};
use proptest::prelude::*;
use sha2::Sha256;

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3/a+b==";
/// The hash of a body, which is no secret.
const BODY: &str = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";
const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

fn permanent() -> Credentials<'static> {
    Credentials::new(ID, SECRET)
}

fn temporary() -> Credentials<'static> {
    Credentials::new("ASIAIOSFODNN7EXAMPLE", SECRET).session_token(TOKEN)
}

fn aws() -> Bucket<'static> {
    Bucket::new("examplebucket", "eu-west-1").unwrap()
}

fn minio() -> Bucket<'static> {
    let bucket = Bucket::new("media", "us-east-1").unwrap();
    let bucket = bucket.endpoint("http://127.0.0.1:9000").unwrap();
    bucket.path_style()
}

fn get(key: &str) -> String {
    sign(&Presigner::get(&permanent(), &aws(), key))
}

fn sign(presigner: &Presigner<'_>) -> String {
    let presigner = presigner.expires_in(Duration::from_secs(3600));
    presigner.sign_at(NOW).unwrap().into_string()
}

/// The URL as a signer makes it who takes any secret: this library refuses white space at its ends.
fn sign_with_any_secret(presigner: &Presigner<'_>, secret: &str) -> String {
    let presigner = presigner.expires_in(Duration::from_secs(3600));
    let url = presigner.sign_at(NOW).unwrap().into_string();
    let explanation = presigner.explain_at(NOW).unwrap();
    let to_sign = explanation.string_to_sign();
    let mac = |key: &[u8], text: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let scope = to_sign.lines().nth(2).unwrap();
    let key = format!("AWS4{secret}").into_bytes();
    let key = scope.split('/').fold(key, |key, part| mac(&key, part));
    let (start, _) = url.split_once("&X-Amz-Signature=").unwrap();
    format!("{start}&X-Amz-Signature={}", hex(&mac(&key, to_sign)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Replaces what has to be there.
fn swap(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no {from} in {text}");
    text.replacen(from, to, 1)
}

/// A name, and whether it is certain.
type Expected = (&'static str, bool);

const fn sure(name: &'static str) -> Expected {
    (name, true)
}

const fn guess(name: &'static str) -> Expected {
    (name, false)
}

/// No trace is left: without the secret there is nothing else to say.
const NO_TRACE: Expected = guess("WrongSecretOrAltered");

/// A damaged request.
struct Sent {
    what: &'static str,
    method: &'static str,
    url: String,
    headers: Vec<(&'static str, &'static str)>,
    credentials: Credentials<'static>,
    at: i64,
}

fn sent(what: &'static str, url: impl Into<String>) -> Sent {
    Sent {
        what,
        method: "GET",
        url: url.into(),
        headers: Vec::new(),
        credentials: permanent(),
        at: 0,
    }
}

impl Sent {
    fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    fn by(mut self, credentials: Credentials<'static>) -> Self {
        self.credentials = credentials;
        self
    }

    /// Sent so many seconds after signing.
    fn after(mut self, seconds: i64) -> Self {
        self.at = seconds;
        self
    }

    fn evidence(&self) -> Evidence<'_> {
        let evidence = Evidence::new(self.method, &self.url, &self.headers);
        evidence.at(Timestamp::from_unix(NOW.as_unix() + self.at))
    }

    /// Checks the first cause with the secret and without.
    #[track_caller]
    fn shows(&self, with_secret: Expected, without: Expected) {
        let diagnosis = self.evidence().credentials(&self.credentials).diagnose();
        self.check("with the secret", &diagnosis, with_secret);
        self.check("without", &self.evidence().diagnose(), without);
    }

    #[track_caller]
    fn answered(&self, xml: &str, with_secret: Expected, without: Expected) {
        let evidence = self.evidence().error_xml(xml);
        let diagnosis = evidence.clone().credentials(&self.credentials).diagnose();
        self.check("with the secret", &diagnosis, with_secret);
        self.check("without", &evidence.diagnose(), without);
    }

    #[track_caller]
    fn check(&self, how: &str, diagnosis: &Diagnosis, expected: Expected) {
        let first = diagnosis.causes().first().map_or("none", Cause::name);
        let got = (first, diagnosis.is_certain());
        assert_eq!(got, expected, "{}, {how}: {diagnosis:#?}", self.what);
        keeps_secrets(&self.evidence(), diagnosis, &[SECRET, TOKEN, "IQoJb3"]);
    }
}

/// Nothing that can be printed holds a secret or a signature, neither the one that came nor the one to be expected.
#[track_caller]
fn keeps_secrets(evidence: &Evidence<'_>, diagnosis: &Diagnosis, secrets: &[&str]) {
    let mut printed = format!("{evidence:?}\n{diagnosis:?}\n");
    for cause in diagnosis.causes() {
        printed += &format!("{cause}\n");
    }
    for row in diagnosis.comparison() {
        printed += &format!("{} {:?} {:?}\n", row.part(), row.sent(), row.other());
    }
    for secret in secrets {
        assert!(!printed.contains(secret), "{printed}");
    }
    let mut digits = printed.split(|c: char| !c.is_ascii_hexdigit());
    assert!(
        digits.all(|digits| digits.len() < 64 || digits == BODY),
        "{printed}"
    );
}

#[test]
fn methods() {
    let url = get("k");
    sent("HEAD", &url)
        .method("HEAD")
        .shows(sure("MethodDiffers"), NO_TRACE);
    sent("PUT", &url)
        .method("PUT")
        .shows(sure("MethodDiffers"), NO_TRACE);
    sent("a preflight", &url)
        .method("OPTIONS")
        .shows(sure("MethodDiffers"), NO_TRACE);
    let credentials = permanent();
    let evidence = Evidence::new("HEAD", &url, &[]).credentials(&credentials);
    assert_eq!(
        evidence.diagnose().causes()[0].to_string(),
        "the URL is signed for another method (GET) than was sent"
    );
    let url = sign(&Presigner::put(&permanent(), &aws(), "k"));
    sent("POST", url)
        .method("POST")
        .shows(sure("MethodDiffers"), NO_TRACE);
}

#[test]
fn headers() {
    let (credentials, bucket) = (permanent(), aws());
    let put = Presigner::put(&credentials, &bucket, "k");
    let author = sign(&put.headers(&[("x-amz-meta-author", "example")]));
    sent("signed header not sent", author)
        .method("PUT")
        .shows(sure("SignedHeaderMissing"), sure("SignedHeaderMissing"));

    let text = sign(&put.content_type("text/plain"));
    sent("content type not sent", &text)
        .method("PUT")
        .shows(sure("SignedHeaderMissing"), sure("SignedHeaderMissing"));
    sent("charset added", &text)
        .method("PUT")
        .header("Content-Type", "text/plain;charset=UTF-8")
        .shows(sure("HeaderChanged"), NO_TRACE);
    sent("another content type", &text)
        .method("PUT")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .shows(sure("HeaderChanged"), NO_TRACE);
    let charset = sign(&put.content_type("text/plain; charset=utf-8"));
    sent("charset taken away", charset)
        .method("PUT")
        .header("Content-Type", "text/plain")
        .shows(sure("HeaderChanged"), NO_TRACE);
    sent("content type not signed", sign(&put))
        .method("PUT")
        .header("content-type", "image/png")
        .shows(guess("ContentTypeNotSigned"), guess("ContentTypeNotSigned"));

    sent("metadata added", sign(&put))
        .method("PUT")
        .header("x-amz-meta-author", "example")
        .shows(sure("HeaderNotSigned"), sure("HeaderNotSigned"));
    sent("two authentications", get("k"))
        .header("Authorization", "Bearer x")
        .shows(sure("TwoAuthentications"), sure("TwoAuthentications"));
}

#[test]
fn paths() {
    let url = get("a ü/b");
    sent("lower-case escapes", swap(&url, "%C3%BC", "%c3%bc"))
        .shows(sure("PathEncoding"), guess("PathEncoding"));
    sent("bare letters", swap(&url, "%C3%BC", "ü"))
        .shows(sure("PathEncoding"), guess("PathEncoding"));
    sent(
        "encoded twice",
        swap(&url, "a%20%C3%BC", "a%2520%25C3%25BC"),
    )
    .shows(sure("PathEncoding"), guess("PathEncoding"));
    sent("slash encoded", swap(&url, "/b?", "%2Fb?"))
        .shows(sure("PathEncoding"), guess("PathEncoding"));
    sent("space to +", swap(&url, "%20", "+")).shows(sure("KeyRewritten"), guess("PathEncoding"));
    sent("space to %2B", swap(&url, "%20", "%2B")).shows(sure("KeyRewritten"), NO_TRACE);
    let url = get("a+b");
    sent("+ to space", swap(&url, "%2B", "%20")).shows(sure("KeyRewritten"), NO_TRACE);
    sent("+ bare", swap(&url, "%2B", "+")).shows(sure("PathEncoding"), guess("PathEncoding"));
    let url = get("100%25");
    sent("encoded once", swap(&url, "100%2525", "100%25"))
        .shows(sure("PathEncoding"), guess("PathEncoding"));

    sent("// folded", swap(&get("a//b/c"), "/a//b", "/a/b")).shows(sure("KeyRewritten"), NO_TRACE);
    sent("slash added", swap(&get("a"), "/a?", "/a/?")).shows(sure("KeyRewritten"), NO_TRACE);
    sent("slash dropped", swap(&get("a/"), "/a/?", "/a?")).shows(sure("KeyRewritten"), NO_TRACE);
    let (credentials, bucket) = (permanent(), aws());
    let dot = Presigner::get(&credentials, &bucket, "a/./b").allow_dot_segments();
    sent("dot resolved", swap(&sign(&dot), "/./", "/")).shows(sure("KeyRewritten"), NO_TRACE);
    let doubled = swap(&get("k"), "/k?", "/examplebucket/k?");
    sent("bucket in host and path", doubled).shows(sure("KeyRewritten"), NO_TRACE);
}

#[test]
fn hosts() {
    let (credentials, bucket) = (permanent(), minio());
    let url = sign(&Presigner::get(&credentials, &bucket, "k"));
    sent("port dropped", swap(&url, ":9000", "")).shows(sure("HostChanged"), NO_TRACE);
    sent("other port", swap(&url, ":9000", ":8080")).shows(sure("HostChanged"), NO_TRACE);
    sent("host of a proxy", &url)
        .header("Host", "files.example")
        .shows(sure("HostChanged"), guess("HostChanged"));
    sent(
        "the host that is signed, under another name",
        swap(&url, "127.0.0.1:9000", "cdn.example"),
    )
    .header("x-forwarded-host", "127.0.0.1:9000")
    .shows(sure("HostChanged"), NO_TRACE);

    let url = get("k");
    sent("port added", swap(&url, ".com/", ".com:443/")).shows(sure("HostChanged"), NO_TRACE);
    let path = swap(
        &url,
        "examplebucket.s3.eu-west-1.amazonaws.com/",
        "s3.eu-west-1.amazonaws.com/examplebucket/",
    );
    sent("virtual-hosted to path style", path).shows(sure("HostChanged"), NO_TRACE);
    let global = swap(&url, ".s3.eu-west-1.", ".s3.");
    sent("regional host to the global one", global).shows(sure("HostChanged"), NO_TRACE);
    let bucket = aws().path_style();
    let url = sign(&Presigner::get(&credentials, &bucket, "k"));
    let host = swap(&url, "//", "//examplebucket.");
    let host = swap(&host, ".com/examplebucket/", ".com/");
    sent("path style to virtual-hosted", host).shows(sure("HostChanged"), NO_TRACE);
    for endpoint in ["https://storage.example", "http://storage.example:9000"] {
        let bucket = Bucket::new("media", "us-east-1").unwrap();
        let bucket = bucket.endpoint(endpoint).unwrap();
        let url = sign(&Presigner::get(&credentials, &bucket, "k"));
        let path = swap(&swap(&url, "media.", ""), "/k?", "/media/k?");
        sent("virtual-hosted to path style elsewhere", path).shows(sure("HostChanged"), NO_TRACE);
        let url = sign(&Presigner::get(&credentials, &bucket.path_style(), "k"));
        let host = swap(&swap(&url, "//", "//media."), "/media/k?", "/k?");
        sent("path style to virtual-hosted elsewhere", host).shows(sure("HostChanged"), NO_TRACE);
    }
}

#[test]
fn who() {
    sent(
        "region",
        swap(&get("k"), "%2Feu-west-1%2F", "%2Fus-east-1%2F"),
    )
    .shows(sure("QueryChanged"), guess("WrongRegion"));
    sent("service", swap(&get("k"), "%2Fs3%2F", "%2Fs3express%2F"))
        .shows(sure("QueryChanged"), NO_TRACE);
    sent("access key ID", swap(&get("k"), "IOSFODNN7", "IOSFODNN8"))
        .shows(sure("QueryChanged"), NO_TRACE);
    sent(
        "day of the scope",
        swap(&get("k"), "%2F20130524%2F", "%2F20130525%2F"),
    )
    .shows(sure("MalformedParameter"), sure("MalformedParameter"));
    let other = Bucket::new("examplebucket", "us-east-1").unwrap();
    let other = other
        .endpoint("https://examplebucket.s3.eu-west-1.amazonaws.com")
        .unwrap();
    sent(
        "signed for another region",
        sign(&Presigner::get(&permanent(), &other.path_style(), "k")),
    )
    .shows(guess("WrongRegion"), guess("WrongRegion"));
    // Hosts that name no region.
    for host in ["s3-accelerate", "s3-eu-west-1", "s3"] {
        let url = swap(&get("k"), "s3.eu-west-1", host);
        sent("no region in the host", url).shows(sure("HostChanged"), NO_TRACE);
    }

    let newline = format!("{SECRET}\n");
    let (credentials, bucket) = (permanent(), aws());
    let url = sign_with_any_secret(&Presigner::get(&credentials, &bucket, "k"), &newline);
    sent("newline behind the secret that signed", url).shows(sure("SecretWhitespace"), NO_TRACE);
    sent("space behind the secret that is known", get("k"))
        .by(Credentials::new(ID, format!("{SECRET} ").leak()))
        .shows(sure("SecretWhitespace"), NO_TRACE);
    sent("another secret", get("k"))
        .by(Credentials::new(ID, "another"))
        .shows(NO_TRACE, NO_TRACE);
}

#[test]
fn time() {
    sent("clock ahead", get("k"))
        .after(-1000)
        .shows(sure("ClockSkew"), sure("ClockSkew"));
    sent("expired", get("k"))
        .after(3600)
        .shows(sure("Expired"), sure("Expired"));
    sent("expired, and HEAD", get("k"))
        .method("HEAD")
        .after(3600)
        .shows(sure("MethodDiffers"), sure("Expired"));
    let end = Timestamp::from_unix(NOW.as_unix() + 60);
    let url = sign(&Presigner::get(&temporary(), &aws(), "k"));
    sent("credentials ended", url)
        .by(temporary().expiration(end))
        .after(60)
        .shows(sure("CredentialsExpired"), NO_TRACE);
    let url = get("k");
    sent(
        "expiry altered",
        swap(&url, "Expires=3600", "Expires=86400"),
    )
    .shows(sure("QueryChanged"), NO_TRACE);
    sent(
        "expiry over the limit",
        swap(&url, "Expires=3600", "Expires=604801"),
    )
    .shows(sure("QueryChanged"), sure("ExpiryOutOfRange"));
    sent("no number", swap(&url, "Expires=3600", "Expires=1h"))
        .shows(sure("QueryChanged"), sure("MalformedParameter"));
}

#[test]
fn tokens() {
    let url = sign(&Presigner::get(&temporary(), &aws(), "k"));
    let token = "X-Amz-Security-Token=IQoJb3%2Fa%2Bb%3D%3D";
    let token_is = |what, value: &str| sent(what, swap(&url, token, value)).by(temporary());
    sent("token dropped", url.replace(&format!("&{token}"), ""))
        .by(temporary())
        .shows(sure("TokenMissing"), guess("TokenMissing"));
    token_is(
        "+ became a space",
        "X-Amz-Security-Token=IQoJb3%2Fa%20b%3D%3D",
    )
    .shows(sure("QueryEncoding"), NO_TRACE);
    token_is("+ stands bare", "X-Amz-Security-Token=IQoJb3%2Fa+b%3D%3D")
        .shows(sure("QueryEncoding"), guess("QueryEncoding"));
    token_is("not encoded", "X-Amz-Security-Token=IQoJb3/a+b==")
        .shows(sure("QueryEncoding"), guess("QueryEncoding"));
    token_is("another token", "X-Amz-Security-Token=another").shows(sure("TokenAltered"), NO_TRACE);
    sent(
        "signed without the token",
        sign(&Presigner::get(
            &Credentials::new("ASIAIOSFODNN7EXAMPLE", SECRET),
            &aws(),
            "k",
        )),
    )
    .by(temporary())
    .shows(sure("TokenMissing"), guess("TokenMissing"));
}

/// The right token is not known, but the signature is that of the one that came.
#[test]
fn a_token_of_credentials_without_one() {
    let url = sign(&Presigner::get(&temporary(), &aws(), "k"));
    let without_token = Credentials::new("ASIAIOSFODNN7EXAMPLE", SECRET);
    let sent = || sent("token unknown", url.clone()).by(without_token.clone());
    sent().shows(guess("TokenAltered"), NO_TRACE);
    sent().after(3600).shows(sure("Expired"), sure("Expired"));
    let denied = error("AccessDenied", "Access Denied");
    sent().answered(&denied, sure("NotTheSignature"), guess("NotTheSignature"));
    let invalid = error(
        "InvalidToken",
        "The provided token is malformed or otherwise invalid.",
    );
    sent().answered(&invalid, sure("TokenAltered"), sure("TokenAltered"));
}

/// Tokens of AWS have a thousand bytes and more.
#[test]
fn a_long_token() {
    let token = "abcd/+".repeat(250);
    let credentials = Credentials::new("ASIAIOSFODNN7EXAMPLE", SECRET).session_token(&token);
    let url = sign(&Presigner::get(&credentials, &aws(), "photos/2026/a.jpg"));
    let evidence = Evidence::new("HEAD", &url, &[]).at(NOW);
    let diagnosis = evidence.credentials(&credentials).diagnose();
    assert_eq!(diagnosis.causes()[0].name(), "MethodDiffers");
}

#[test]
fn queries() {
    let url = get("k");
    sent("one parameter added", format!("{url}&v=2")).shows(sure("QueryAdded"), NO_TRACE);
    sent("one tracker", format!("{url}&utm_source=mail"))
        .shows(sure("QueryAdded"), guess("QueryAdded"));
    sent(
        "trackers",
        format!("{url}&utm_source=mail&utm_medium=x&fbclid=1"),
    )
    .shows(sure("QueryAdded"), guess("QueryAdded"));
    sent("added in front", swap(&url, "?", "?cache=1&")).shows(sure("QueryAdded"), NO_TRACE);

    let (credentials, bucket) = (permanent(), aws());
    let presigner = Presigner::get(&credentials, &bucket, "k");
    let with = |query| sign(&presigner.query(query));
    sent(
        "x-id removed",
        swap(&with(&[("x-id", "GetObject")]), "&x-id=GetObject", ""),
    )
    .shows(sure("QueryRemoved"), NO_TRACE);
    let name = with(&[(
        "response-content-disposition",
        "attachment; filename=a b.txt",
    )]);
    sent("space to +", swap(&name, "%20filename", "+filename"))
        .shows(sure("QueryEncoding"), guess("QueryEncoding"));
    sent("all spaces to +", name.replace("%20", "+"))
        .shows(sure("QueryEncoding"), guess("QueryEncoding"));
    sent("not encoded", swap(&name, "%3D", "="))
        .shows(sure("QueryEncoding"), guess("QueryEncoding"));
    sent(
        "encoded twice",
        name.replace("%20", "%2520")
            .replace("%3B", "%253B")
            .replace("filename%3D", "filename%253D"),
    )
    .shows(sure("QueryEncoding"), NO_TRACE);
    sent("lower-case escapes", name.replace("%3B", "%3b"))
        .shows(sure("QueryEncoding"), guess("QueryEncoding"));
    // What it was before, only a guess could tell.
    sent("another value", swap(&name, "a%20b.txt", "c.txt")).shows(NO_TRACE, NO_TRACE);
    sent("given twice", format!("{url}&X-Amz-Expires=60"))
        .shows(sure("MalformedParameter"), sure("MalformedParameter"));
    sent("given twice", format!("{url}&X-Amz-Date=20130524T000000Z"))
        .shows(sure("MalformedParameter"), sure("MalformedParameter"));
    let hash = format!("{url}&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD");
    sent("hash added", hash).shows(sure("QueryAdded"), NO_TRACE);
    sent("lower-case name", swap(&url, "X-Amz-Date", "x-amz-date"))
        .shows(sure("MalformedParameter"), sure("MalformedParameter"));
    sent("no date", swap(&url, "&X-Amz-Date=20130524T000000Z", ""))
        .shows(sure("CutOff"), sure("CutOff"));
}

#[test]
fn form() {
    let url = get("k");
    let both = |what, url: String, name| sent(what, url).shows(sure(name), sure(name));
    both("out of HTML", url.replace('&', "&amp;"), "HtmlEscaped");
    for end in ["\"", ".", "\n", "%0A", ">", ",", ")", "'", " and more", "0"] {
        both("text behind", format!("{url}{end}"), "TrailingText");
    }
    both("space in front", format!(" {url}"), "TrailingText");
    let ahead = swap(&url, "?", "?X-Amz-Signature=");
    let (ahead, signature) = ahead.rsplit_once("&X-Amz-Signature=").unwrap();
    let ahead = swap(
        ahead,
        "?X-Amz-Signature=",
        &format!("?X-Amz-Signature={signature}&"),
    );
    sent("signature in front", &ahead).shows(sure("none"), NO_TRACE);
    sent("text behind, signature in front", format!("{ahead}."))
        .shows(sure("TrailingText"), sure("MalformedParameter"));
    both(
        "cut off in the signature",
        url[..url.len() - 10].into(),
        "CutOff",
    );
    both(
        "cut off before it",
        url[..url.find("&X-Amz-Sig").unwrap()].into(),
        "CutOff",
    );
    both(
        "cut off in the date",
        url[..url.find("&X-Amz-Exp").unwrap()].into(),
        "CutOff",
    );
    both(
        "cut off before the credential",
        url[..url.find("&X-Amz-Cred").unwrap()].into(),
        "CutOff",
    );
    let (start, end) = url.split_at(url.len() - 10);
    both(
        "broken in the signature",
        format!("{start}\n{end}"),
        "CutOff",
    );
    both("in angle brackets", format!("<{url}>"), "TrailingText");
    both(
        "broken into lines",
        swap(&url, "&X-Amz-Exp", "\n&X-Amz-Exp"),
        "TrailingText",
    );
    // In the middle they may as well be a part of the key or of a value, which a client encodes.
    let quoted = swap(&get("a\"b"), "%22", "\"");
    sent("a quote stands bare", quoted).shows(sure("PathEncoding"), guess("PathEncoding"));
    let asymmetric = swap(&url, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256");
    both("text behind", format!("{asymmetric}."), "TrailingText");
}

/// A name that ends like the signature's is another's.
#[test]
fn a_name_that_ends_so() {
    let (credentials, bucket) = (permanent(), aws());
    let presigner = Presigner::get(&credentials, &bucket, "k").query(&[("aX-Amz-Signature", "00")]);
    let url = sign(&presigner);
    let diagnosis = Evidence::new("GET", &url, &[]).at(NOW);
    assert_eq!(diagnosis.credentials(&credentials).diagnose().causes(), []);
}

#[test]
fn a_fragment_is_not_sent() {
    let (credentials, url) = (permanent(), get("k") + "#page=\"2\"");
    let diagnosis = Evidence::new("GET", &url, &[]).at(NOW);
    assert_eq!(diagnosis.credentials(&credentials).diagnose().causes(), []);
    let bare = swap(&get("a#b"), "%23", "#");
    sent("# of the key stands bare", bare).shows(sure("CutOff"), sure("CutOff"));
}

#[test]
fn other_forms() {
    let both = |what, url: &str, name| sent(what, url).shows(sure(name), sure(name));
    let (start, signature) = get("k")
        .rsplit_once('=')
        .map(|(a, b)| (a.to_owned(), b.to_uppercase()))
        .unwrap();
    both(
        "upper-case signature",
        &format!("{start}={signature}"),
        "MalformedParameter",
    );
    both(
        "Signature Version 2",
        "https://examplebucket.s3.amazonaws.com/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1&Signature=a%3D",
        "SignatureVersion2",
    );
    both(
        "no signature",
        "https://examplebucket.s3.amazonaws.com/k",
        "NotPresigned",
    );
    both(
        "other query",
        "https://examplebucket.s3.amazonaws.com/k?versionId=1",
        "NotPresigned",
    );
    both(
        "signed by CloudFront",
        "https://cdn.example/k?Expires=1&Signature=a~&Key-Pair-Id=K1",
        "NotPresigned",
    );
    both(
        "only an access key ID",
        "https://examplebucket.s3.amazonaws.com/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE",
        "NotPresigned",
    );
    both("nothing", "", "NotPresigned");
    both(
        "unknown algorithm",
        &swap(&get("k"), "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512"),
        "MalformedParameter",
    );
    sent("nothing wrong", get("k")).shows(sure("none"), NO_TRACE);
}

#[test]
fn each_cause_once() {
    let url = swap(&get("a/b"), "/a/b?", "/a%2Fb%2525?");
    let diagnosis = Evidence::new("GET", &url, &[]).at(NOW).diagnose();
    let causes: Vec<_> = diagnosis.causes().iter().map(Cause::name).collect();
    assert_eq!(causes, ["PathEncoding", "WrongSecretOrAltered"]);
}

/// What AWS answers to a signature that does not match: what it computed.
fn mismatch(canonical_request: &str, string_to_sign: &str) -> String {
    let bytes = |text: &str| {
        let bytes: Vec<_> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        bytes.join(" ")
    };
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>The request \
         signature we calculated does not match the signature you provided. Check your key and signing method.</Message>\
         <AWSAccessKeyId>{ID}</AWSAccessKeyId><StringToSign>{}</StringToSign><SignatureProvided>{}</SignatureProvided>\
         <StringToSignBytes>{}</StringToSignBytes><CanonicalRequest>{}</CanonicalRequest><CanonicalRequestBytes>{}\
         </CanonicalRequestBytes><RequestId>EXAMPLE</RequestId><HostId>EXAMPLE=</HostId></Error>",
        escape(string_to_sign),
        "0123456789abcdef".repeat(4),
        bytes(string_to_sign),
        escape(canonical_request),
        bytes(canonical_request),
    )
}

/// The store computed something else from what arrived than the URL and the headers say that are known here.
#[test]
fn canonical_requests() {
    let (credentials, bucket) = (permanent(), aws());
    let query = [("versionId", "1"), ("x-id", "PutObject")];
    let presigner = Presigner::put(&credentials, &bucket, "a/../b//c d+e")
        .content_type("text/plain")
        .query(&query)
        .allow_dot_segments()
        .expires_in(Duration::from_secs(3600));
    let explanation: Explanation = presigner.explain_at(NOW).unwrap();
    let url = presigner.sign_at(NOW).unwrap().into_string();
    let (request, to_sign) = (
        explanation.canonical_request(),
        explanation.string_to_sign(),
    );
    let answered = |what, request: &str, to_sign: &str, name| {
        sent(what, &url)
            .method("PUT")
            .header("Content-Type", "text/plain")
            .answered(&mismatch(request, to_sign), sure(name), sure(name));
    };
    let computed = |what, from: &str, to: &str, name| {
        answered(what, &swap(request, from, to), to_sign, name);
    };
    computed("method", "PUT\n", "GET\n", "MethodDiffers");
    computed("dots resolved", "/a/../b", "/b", "KeyRewritten");
    computed("slashes folded", "b//c", "b/c", "KeyRewritten");
    computed("+ to space", "%2Be", "%20e", "KeyRewritten");
    computed(
        "encoded twice",
        "c%20d%2Be",
        "c%2520d%252Be",
        "PathEncoding",
    );
    computed("lower-case escape", "%2Be", "%2be", "PathEncoding");
    computed(
        "bucket in the path",
        "/a/..",
        "/examplebucket/a/..",
        "KeyRewritten",
    );
    computed(
        "parameter added",
        "&versionId=1",
        "&utm_source=x&versionId=1",
        "QueryAdded",
    );
    computed("parameter removed", "&x-id=PutObject", "", "QueryRemoved");
    computed(
        "parameter changed",
        "versionId=1",
        "versionId=2",
        "QueryChanged",
    );
    computed(
        "parameter encoded",
        "x-id=PutObject",
        "x-id=Put%4Fbject",
        "QueryEncoding",
    );
    computed("expiry", "Expires=3600", "Expires=60", "QueryChanged");
    computed(
        "credential",
        "%2Feu-west-1%2F",
        "%2Fus-east-1%2F",
        "QueryChanged",
    );
    computed(
        "content type",
        "text/plain",
        "text/plain; charset=utf-8",
        "HeaderChanged",
    );
    computed("content type lost", "text/plain", "", "SignedHeaderMissing");
    computed(
        "host",
        "host:examplebucket.s3.eu-west-1.amazonaws.com",
        "host:cdn.example",
        "HostChanged",
    );
    computed("port", ".com\n", ".com:443\n", "HostChanged");
    computed("body", "UNSIGNED-PAYLOAD", BODY, "BodyChanged");
    let to_sign_differs = |what, from: &str, to: &str| {
        answered(what, request, &swap(to_sign, from, to), "QueryChanged");
    };
    to_sign_differs("time", "T000000Z", "T000001Z");
    to_sign_differs("scope", "eu-west-1", "us-east-1");
    let line_ends = request.replace('\n', "\r\n");
    let xml = mismatch(&line_ends, to_sign);
    let same = sent("the same, by another secret", &url)
        .method("PUT")
        .header("Content-Type", "text/plain");
    let other_secret = sure("WrongSecretOrAltered");
    same.answered(&xml, other_secret, other_secret);

    // What both sides have, and where the first difference is.
    let xml = mismatch(
        &swap(request, "%2Feu-west-1%2F", "%2Fus-east-1%2F"),
        to_sign,
    );
    let diagnosis = same.evidence().error_xml(&xml).diagnose();
    let row = diagnosis
        .comparison()
        .iter()
        .find(|row| row.differs())
        .unwrap();
    assert_eq!(row.part(), "parameter X-Amz-Credential");
    assert!(
        row.sent()
            .unwrap()
            .ends_with("%2Feu-west-1%2Fs3%2Faws4_request")
    );
    assert!(
        row.other()
            .unwrap()
            .ends_with("%2Fus-east-1%2Fs3%2Faws4_request")
    );

    // In the order of the canonical request, what only the store has too.
    let more = swap(request, "&x-id=PutObject", "&x-id=PutObject&y=");
    let xml = mismatch(&swap(&more, "\n\n", "\nx-amz-acl:private\n\n"), to_sign);
    let diagnosis = same.evidence().error_xml(&xml).diagnose();
    let parts: Vec<_> = diagnosis
        .comparison()
        .iter()
        .map(|row| row.part())
        .collect();
    assert_eq!(
        parts,
        [
            "method",
            "canonical URI",
            "parameter X-Amz-Algorithm",
            "parameter X-Amz-Credential",
            "parameter X-Amz-Date",
            "parameter X-Amz-Expires",
            "parameter X-Amz-SignedHeaders",
            "parameter versionId",
            "parameter x-id",
            "parameter y",
            "header content-type",
            "header host",
            "header x-amz-acl",
            "signed headers",
            "payload hash",
            "algorithm",
            "time",
            "scope",
        ]
    );

    // What the store computed tells more than the clock here.
    let xml = mismatch(&swap(request, "PUT\n", "GET\n"), to_sign);
    same.after(3600)
        .answered(&xml, sure("Expired"), sure("MethodDiffers"));
}

/// Of tokens only whether they are the same is shown.
#[test]
fn comparison_masks_tokens() {
    let (credentials, bucket) = (temporary(), aws());
    let url = sign(&Presigner::get(&credentials, &bucket, "k"));
    let altered = swap(&url, "IQoJb3", "IQoJb4");
    let sent = sent("token", altered).by(temporary());
    let diagnosis = sent.evidence().credentials(&sent.credentials).diagnose();
    let differ: Vec<_> = diagnosis
        .comparison()
        .iter()
        .filter(|row| row.differs())
        .collect();
    let [row] = differ[..] else {
        panic!("{diagnosis:#?}")
    };
    assert_eq!(
        (row.part(), row.sent(), row.other()),
        ("parameter X-Amz-Security-Token", Some("***"), Some("***"))
    );
    keeps_secrets(&sent.evidence(), &diagnosis, &["IQoJb3", "IQoJb4"]);
}

/// Another presigned URL, as a parameter's value and as a name, and in a header.
#[test]
fn comparison_masks_urls_in_values() {
    let other = sign(&Presigner::get(&temporary(), &aws(), "next"));
    let escapes = ["%", ":", "/", "?", "&", "="]
        .map(|c| (c, format!("%{}", hex(c.as_bytes()).to_uppercase())));
    let encode = |text: String, (c, escape): &(&str, String)| text.replace(c, escape);
    let encoded = escapes.iter().fold(other.clone(), encode);
    let (query, headers) = ([("next", other.as_str())], [("referer", other.as_str())]);
    let (credentials, bucket) = (permanent(), aws());
    let presigner = Presigner::get(&credentials, &bucket, "k");
    let url = sign(&presigner.query(&query).headers(&headers));
    let url = format!("{url}&{encoded}=");
    let (_, query) = other.split_once('?').unwrap();
    let answer = mismatch(
        &format!("PUT\n/k\nnext={encoded}\nreferer:{query}\n\nhost\nUNSIGNED-PAYLOAD"),
        "AWS4-HMAC-SHA256",
    );
    let evidence = Evidence::new("GET", &url, &headers).error_xml(&answer);
    let diagnosis = evidence.diagnose();
    let rows = diagnosis.comparison().iter();
    let count = |text: &str| {
        let values = rows
            .clone()
            .flat_map(|row| [row.sent(), row.other(), Some(row.part())]);
        values
            .flatten()
            .filter(|value| value.contains(text))
            .count()
    };
    assert_eq!(count("X-Amz-Signature"), 5, "{diagnosis:#?}");
    keeps_secrets(&evidence, &diagnosis, &["IQoJb3"]);
}

fn error(code: &str, message: &str) -> String {
    format!("<Error><Code>{code}</Code><Message>{message}</Message><Resource>/k</Resource></Error>")
}

/// Codes and messages of AWS, MinIO, Ceph, Cloudflare R2 and Google, where they differ.
#[test]
fn answers() {
    let url = get("k");
    let put = sign(&Presigner::put(&permanent(), &aws(), "k"));
    // Nothing else is known than what the store says: the clock here is not the store's.
    let says = |code: &str, message: &str, name| {
        let Sent { url, .. } = sent("", &url);
        let xml = error(code, message);
        let evidence = Evidence::new("GET", &url, &[]).error_xml(&xml);
        let diagnosis = evidence.diagnose();
        assert_eq!(diagnosis.causes()[0].name(), name, "{code}: {message}");
        let credentials = permanent();
        let diagnosis = evidence.credentials(&credentials).diagnose();
        assert_eq!(
            diagnosis.causes()[0].name(),
            name,
            "{code}: {message}, with the secret"
        );
    };
    let does_not_match =
        "The request signature we calculated does not match the signature you provided.";
    says(
        "SignatureDoesNotMatch",
        does_not_match,
        "WrongSecretOrAltered",
    ); // MinIO
    says("SignatureDoesNotMatch", "", "WrongSecretOrAltered"); // Ceph
    says("AccessDenied", "Request has expired", "Expired");
    says("ExpiredRequest", "Request has expired", "Expired"); // R2
    says("ExpiredRequest", "", "Expired");
    says("AccessDenied", "Request is not yet valid", "ClockSkew");
    says("AccessDenied", "Request is not valid yet", "ClockSkew"); // MinIO
    let skew = "The difference between the request time and the current time is too large.";
    says("RequestTimeTooSkewed", skew, "ClockSkew");
    says("RequestTimeTooSkewed", "", "ClockSkew"); // Ceph
    let unsigned = "There were headers present in the request which were not signed";
    says("AccessDenied", unsigned, "HeaderNotSigned");
    let credential = "Error parsing the X-Amz-Credential parameter;";
    let query = "AuthorizationQueryParametersError";
    let region = "the region 'us-east-1' is wrong; expecting 'eu-west-1'";
    says(query, &format!("{credential} {region}"), "WrongRegion");
    says(
        "AuthorizationHeaderMalformed",
        &format!("The authorization header is malformed; {region}"),
        "WrongRegion",
    ); // MinIO
    says("InvalidRegion", "Region does not match.", "WrongRegion"); // MinIO
    says(
        "PermanentRedirect",
        "The bucket you are attempting to access must be addressed using the specified endpoint.",
        "WrongRegion",
    );
    says(
        query,
        &format!("{credential} incorrect service \"s3express\". This endpoint belongs to \"s3\"."),
        "WrongService",
    );
    says(
        query,
        &format!("{credential} incorrect date format \"2013\"."),
        "MalformedParameter",
    );
    says(
        query,
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
        "ExpiryOutOfRange",
    );
    says(
        query,
        "X-Amz-Expires must be non-negative",
        "ExpiryOutOfRange",
    );
    says(
        query,
        "X-Amz-Expires should be a number",
        "MalformedParameter",
    );
    says(
        "InvalidArgument",
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
        "TwoAuthentications",
    );
    says(
        "InvalidArgument",
        "Invalid version id specified",
        "NotTheSignature",
    );
    says(
        "InvalidToken",
        "The provided token is malformed or otherwise invalid.",
        "TokenAltered",
    );
    says(
        "InvalidTokenId",
        "The security token included in the request is invalid",
        "TokenAltered",
    ); // MinIO
    says(
        "ExpiredToken",
        "The provided token has expired.",
        "CredentialsExpired",
    );
    says(
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
        "UnknownAccessKey",
    );
    says("InvalidAccessKeyId", "", "UnknownAccessKey"); // Ceph
    says(
        "NoSuchKey",
        "The specified key does not exist.",
        "NotTheSignature",
    );
    says("NoSuchBucket", "", "NotTheSignature");
    says("AccessDenied", "Access Denied", "NotTheSignature");
    says(
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        "BodyChanged",
    );
    says(
        "BadDigest",
        "The Content-MD5 you specified did not match what we received.",
        "BodyChanged",
    );

    // Which of them is missing, the store does not say.
    let all = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, \
               X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
    sent("a list of all", &url).answered(&error(query, all), sure("none"), guess("none"));
    // Ceph only says that access is denied: then the time tells more, and so does what was sent.
    sent("expired at Ceph", &url).after(3600).answered(
        &error("AccessDenied", ""),
        sure("Expired"),
        sure("Expired"),
    );
    sent("header at Ceph", &url)
        .header("x-amz-acl", "private")
        .answered(
            &error("AccessDenied", ""),
            sure("HeaderNotSigned"),
            sure("HeaderNotSigned"),
        );
    // Some stores say so to all that they refuse, such as an unknown access key ID.
    sent("denied", &url).answered(
        &error("AccessDenied", "Access Denied"),
        sure("NotTheSignature"),
        guess("NotTheSignature"),
    );
    sent("not there", &url).answered(
        &error("NoSuchKey", ""),
        sure("NotTheSignature"),
        sure("NotTheSignature"),
    );
    // Google wraps it.
    let google = "<?xml version='1.0' encoding='UTF-8'?><Error><Code>ExpiredToken</Code><Message>Invalid argument.\
                  </Message><Details>Request signature expired at: 2013-05-24T01:00:00+00:00</Details></Error>";
    sent("expired at Google", &url)
        .after(3600)
        .answered(google, sure("Expired"), sure("Expired"));
    // The signature tells more than the store.
    sent("mismatch at MinIO", &put).method("POST").answered(
        &error("SignatureDoesNotMatch", does_not_match),
        sure("MethodDiffers"),
        NO_TRACE,
    );

    let named = error("AccessDenied", unsigned).replace(
        "</Error>",
        "<HeadersNotSigned>x-amz-acl</HeadersNotSigned></Error>",
    );
    let diagnosis = Evidence::new("GET", &url, &[]).error_xml(&named).diagnose();
    assert_eq!(
        diagnosis.causes()[0],
        Cause::HeaderNotSigned {
            name: "x-amz-acl".into()
        }
    );
    let expects = |xml: &str, expected: &str| {
        let diagnosis = Evidence::new("GET", &url, &[]).error_xml(xml).diagnose();
        assert_eq!(
            diagnosis.causes()[0],
            Cause::WrongRegion {
                signed_for: "eu-west-1".into(),
                expected: Some(expected.into())
            }
        );
    };
    let message = "the region 'eu-west-1' is wrong; expecting 'us-west-2'";
    expects(&error("AuthorizationHeaderMalformed", message), "us-west-2");
    let element = error("InvalidRegion", "").replace("</Error>", "<Region>auto</Region></Error>");
    expects(&element, "auto");
    let namespace = error("NoSuchKey", "").replace(
        "<Error>",
        "\u{feff}<Error xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
    );
    let diagnosis = Evidence::new("GET", &url, &[])
        .error_xml(&namespace)
        .diagnose();
    assert_eq!(diagnosis.causes()[0].name(), "NotTheSignature");
}

/// What an answer is about is read by itself, so that damage elsewhere in the URL does not spoil it.
#[test]
fn answers_to_a_damaged_url() {
    let url = swap(
        &get("k"),
        "Credential=",
        &format!("Credential={}", "A".repeat(400)),
    );
    let first = |url: &str, code: &str| {
        let evidence = Evidence::new("GET", url, &[]).error_xml(&error(code, ""));
        evidence.diagnose().causes()[0].clone()
    };
    let at = Timestamp::from_unix(NOW.as_unix() + 3600);
    assert_eq!(first(&url, "ExpiredRequest"), Cause::Expired { at });
    let signed_at = NOW;
    assert_eq!(
        first(&url, "RequestTimeTooSkewed"),
        Cause::ClockSkew { signed_at }
    );
    if !cfg!(feature = "sigv4a") {
        return; // another algorithm than the one that is known
    }
    let set = swap(&url, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256");
    let set = swap(
        &set,
        "&X-Amz-Signed",
        "&X-Amz-Region-Set=us-%2A%2Ceu-west-1&X-Amz-Signed",
    );
    let signed_for = "us-*,eu-west-1".to_owned();
    let expected = None;
    assert_eq!(
        first(&set, "PermanentRedirect"),
        Cause::WrongRegion {
            signed_for,
            expected
        }
    );
}

#[test]
fn answers_that_are_none() {
    for garbage in [
        "",
        "403 Forbidden",
        "<html><head><title>403 Forbidden</title></head><body></body></html>",
        "<Error><Code>NoSuchKey</Code>",
        "{\"Code\":\"NoSuchKey\"}",
        "<!DOCTYPE x [<!ENTITY a \"b\">]><Error><Code>&a;</Code></Error>",
        "\u{0}\u{ffff}",
    ] {
        sent("garbage", get("k")).answered(garbage, sure("none"), NO_TRACE);
        sent("garbage", get("k"))
            .method("PUT")
            .answered(garbage, sure("MethodDiffers"), NO_TRACE);
    }
}

/// A damage that leaves a trace in the signature, done to any URL.
#[derive(Clone, Copy, Debug)]
enum Damage {
    Method,
    LowerCaseEscapes,
    EncodedTwice,
    PlusForSpace,
    Slash,
    Port,
    PathStyle,
    Region,
    Expiry,
    Tracker,
    Added,
    Removed,
    TokenDropped,
    TokenChanged,
    HeaderDropped,
    HeaderAdded,
    Charset,
    CutOff,
    Quote,
    Html,
    SecretNewline,
    WrongSecret,
}

const DAMAGES: [Damage; 22] = [
    Damage::Method,
    Damage::LowerCaseEscapes,
    Damage::EncodedTwice,
    Damage::PlusForSpace,
    Damage::Slash,
    Damage::Port,
    Damage::PathStyle,
    Damage::Region,
    Damage::Expiry,
    Damage::Tracker,
    Damage::Added,
    Damage::Removed,
    Damage::TokenDropped,
    Damage::TokenChanged,
    Damage::HeaderDropped,
    Damage::HeaderAdded,
    Damage::Charset,
    Damage::CutOff,
    Damage::Quote,
    Damage::Html,
    Damage::SecretNewline,
    Damage::WrongSecret,
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_damage_to_any_url(
        damage in prop::sample::select(&DAMAGES[..]),
        key in "([a-zé ]{1,6}/){0,2} é[a-z]{1,8}",
        region in prop::sample::select(vec!["us-east-1", "eu-west-1", "ap-southeast-2", "us-gov-west-1"]),
        method in prop::sample::select(vec![Method::Get, Method::Put, Method::Delete]),
        expiry in prop::sample::select(vec![60_u64, 300, 900, 3600, 86_400]),
        secret in "[A-Za-z0-9/+]{40}",
        token in "[A-Za-z0-9/+]{40,200}",
        query in prop::collection::btree_map("[a-z]{3,6}", "[a-z ]{0,9}", 0..3),
        cut in 1_usize..60,
    ) {
        let credentials = Credentials::new("ASIAIOSFODNN7EXAMPLE", &secret).session_token(&token);
        let bucket = Bucket::new("examplebucket", region).unwrap();
        let mut query: Vec<_> = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        query.push(("x-id", "GetObject"));
        let headers = [("content-type", "text/plain"), ("x-amz-meta-a", "b c")];
        let presigner = Presigner::new(method, &credentials, &bucket, &key)
            .query(&query)
            .headers(&headers)
            .expires_in(Duration::from_secs(expiry));
        let url = presigner.sign_at(NOW).unwrap().into_string();
        let (path, rest) = url.split_once('?').unwrap();
        let mut headers = headers.to_vec();
        let (mut method, mut known) = (method.as_str(), secret.as_str());
        let (url, cause) = match damage {
            Damage::Method => {
                method = "HEAD";
                (url, "MethodDiffers")
            }
            Damage::LowerCaseEscapes => (url.replace("%C3%A9", "%c3%a9"), "PathEncoding"),
            Damage::EncodedTwice => (format!("{}?{rest}", path.replace('%', "%25")), "PathEncoding"),
            Damage::PlusForSpace => (format!("{}?{rest}", path.replace("%20", "+")), "KeyRewritten"),
            Damage::Slash => (format!("{path}/?{rest}"), "KeyRewritten"),
            Damage::Port => (url.replace(".com/", ".com:8080/"), "HostChanged"),
            Damage::PathStyle => {
                let host = format!("s3.{region}.amazonaws.com/");
                (url.replace(&format!("examplebucket.{host}"), &format!("{host}examplebucket/")), "HostChanged")
            }
            Damage::Region => (url.replace(&format!("%2F{region}%2F"), "%2Fsa-east-1%2F"), "QueryChanged"),
            Damage::Expiry => (url.replace(&format!("Expires={expiry}&"), "Expires=1234&"), "QueryChanged"),
            Damage::Tracker => (format!("{url}&utm_source=a&utm_medium=b"), "QueryAdded"),
            Damage::Added => (format!("{url}&zz=%20"), "QueryAdded"),
            Damage::Removed => (url.replace("&x-id=GetObject", ""), "QueryRemoved"),
            Damage::TokenDropped => {
                let at = url.find("&X-Amz-Security-Token=").unwrap();
                let end = url[at + 1..].find('&').unwrap();
                (format!("{}{}", &url[..at], &url[at + 1 + end..]), "TokenMissing")
            }
            Damage::TokenChanged => (url.replace("&X-Amz-Security-Token=", "&X-Amz-Security-Token=x"), "TokenAltered"),
            Damage::HeaderDropped => {
                headers.pop();
                (url, "SignedHeaderMissing")
            }
            Damage::HeaderAdded => {
                headers.push(("x-amz-acl", "private"));
                (url, "HeaderNotSigned")
            }
            Damage::Charset => {
                headers[0].1 = "text/plain;charset=UTF-8";
                (url, "HeaderChanged")
            }
            Damage::CutOff => (url[..url.len() - cut].into(), "CutOff"),
            Damage::Quote => (format!("{url}\""), "TrailingText"),
            Damage::Html => (url.replace('&', "&amp;"), "HtmlEscaped"),
            Damage::SecretNewline => {
                let secret = format!("{secret}\n");
                (sign_with_any_secret(&presigner, &secret), "SecretWhitespace")
            },
            Damage::WrongSecret => {
                known = "another";
                (url, "WrongSecretOrAltered")
            }
        };
        let credentials = Credentials::new("ASIAIOSFODNN7EXAMPLE", known).session_token(&token);
        let evidence = Evidence::new(method, &url, &headers).at(NOW);
        let diagnosis = evidence.clone().credentials(&credentials).diagnose();
        prop_assert_eq!(diagnosis.causes()[0].name(), cause, "{:#?}", &diagnosis);
        prop_assert_eq!(diagnosis.is_certain(), cause != "WrongSecretOrAltered");
        keeps_secrets(&evidence, &diagnosis, &[&secret, &token]);
    }

    /// Whatever comes in, no secret goes out.
    #[test]
    fn never_panics_nor_tells(
        method in ".{0,8}",
        url in "(https://h(/|%2[0-9a-f]|\\?|&|X-Amz-[A-Za-z]{1,12}=|.){0,40})|.{0,60}",
        xml in "(<(/)?(Error|Code|CanonicalRequest|StringToSign|Message)>|AccessDenied|SignatureDoesNotMatch|.){0,20}",
        name in ".{0,8}",
    ) {
        let credentials = temporary();
        let headers = [(name.as_str(), "value")];
        let evidence = Evidence::new(&method, &url, &headers).at(NOW).error_xml(&xml);
        for evidence in [evidence.clone(), evidence.credentials(&credentials)] {
            keeps_secrets(&evidence, &evidence.diagnose(), &[SECRET, TOKEN]);
        }
    }
}

/// Whoever has a URL diagnosed chooses how long it is; guesses are many, and each is as long.
#[test]
fn long_urls_take_no_gigabytes() {
    let url = get("k");
    let slashes = |n| url.replacen("/k?", &format!("/{}k?", "/".repeat(n)), 1);
    let parameters = |n| format!("{url}{}", "&a=b".repeat(n));
    let another = Credentials::new(ID, "another");
    for long in [slashes(8000), slashes(60_000), parameters(15_000)] {
        let evidence = Evidence::new("GET", &long, &[]).at(NOW);
        let evidence = evidence.credentials(&another);
        let taken = allocation_counter::measure(|| {
            assert!(!evidence.diagnose().causes().is_empty());
        });
        let (length, bytes) = (long.len(), taken.bytes_max);
        assert!(bytes < 64 << 20, "{bytes} bytes for a URL of {length}");
    }
}

/// All causes, in words.
fn told(diagnosis: &Diagnosis) -> Vec<String> {
    let causes = diagnosis.causes().iter();
    causes.map(|cause| format!("{cause:?}")).collect()
}

/// Whoever mends what is certain should not find the next cause only then.
#[test]
fn each_cause_is_told() {
    let added = |name| format!("QueryAdded {{ name: {name:?} }}");
    let host = "HostChanged { signed_for: \"examplebucket.s3.eu-west-1.amazonaws.com\" }";
    let unsigned = "ContentTypeNotSigned".to_owned();
    let sent = |what, end: &str| sent(what, format!("{}{end}", get("k")));
    let trackers = "&utm_source=a&utm_source=a&fbclid=2";
    let cases = [
        (
            sent("host and tracker", "&utm_source=a").header("Host", "cdn.example"),
            vec![added("utm_source"), host.to_owned()],
        ),
        (
            sent("trackers", trackers),
            vec![added("utm_source"), added("fbclid")],
        ),
        (
            sent("a tracker and another", "&utm_source=a&v=2"),
            vec![added("utm_source"), added("v")],
        ),
        (
            sent("content type and tracker", "&gclid=a").header("Content-Type", "text/plain"),
            vec![added("gclid"), unsigned],
        ),
    ];
    for (sent, expected) in cases {
        let evidence = sent.evidence().credentials(&sent.credentials);
        let diagnosis = evidence.diagnose();
        assert!(diagnosis.is_certain(), "{}", sent.what);
        assert_eq!(told(&diagnosis), expected, "{}", sent.what);
    }
    let blind = sent("trackers, without the secret", trackers);
    let expected = [
        added("utm_source"),
        added("fbclid"),
        "WrongSecretOrAltered".to_owned(),
    ];
    assert_eq!(told(&blind.evidence().diagnose()), expected);
}

/// Method and content type at once.
#[test]
fn curl_with_data() {
    let form = "application/x-www-form-urlencoded";
    let (credentials, bucket) = (permanent(), aws());
    let put = Presigner::put(&credentials, &bucket, "k");
    let signed_for = |method| format!("MethodDiffers {{ signed_for: {method} }}");
    let put_was_signed = || signed_for("Some(Put)");
    let changed = || "HeaderChanged { name: \"content-type\" }".to_owned();
    let unsigned = || "ContentTypeNotSigned".to_owned();
    let no_trace = || "WrongSecretOrAltered".to_owned();
    let posted = |what, presigner: &Presigner<'_>| {
        let sent = sent(what, sign(presigner)).method("POST");
        sent.header("Content-Type", form)
    };
    for (sent, with_secret, without) in [
        (
            posted("content type signed", &put.content_type("image/png")),
            vec![put_was_signed(), changed()],
            vec![signed_for("None"), changed(), no_trace()],
        ),
        (
            posted("an unusual one", &put.content_type("image/x-icon")),
            vec![signed_for("None"), changed(), no_trace()],
            vec![signed_for("None"), changed(), no_trace()],
        ),
        (
            posted("none signed", &put),
            vec![put_was_signed(), unsigned()],
            vec![signed_for("None"), unsigned(), no_trace()],
        ),
        (
            posted("POST was meant", &put.query(&[("uploads", "")])),
            vec![put_was_signed(), unsigned()],
            vec![unsigned(), no_trace()],
        ),
    ] {
        let certain = with_secret != without;
        let diagnosis = sent.evidence().credentials(&credentials).diagnose();
        assert_eq!(told(&diagnosis), with_secret, "{}", sent.what);
        assert_eq!(diagnosis.is_certain(), certain, "{}", sent.what);
        let diagnosis = sent.evidence().diagnose();
        assert_eq!(told(&diagnosis), without, "{}", sent.what);
        assert!(!diagnosis.is_certain(), "{}", sent.what);
    }
    let opened = sent("opened in a browser", sign(&put.content_type("image/png")));
    let diagnosis = opened.evidence().credentials(&credentials).diagnose();
    let missing = "SignedHeaderMissing { name: \"content-type\" }".to_owned();
    let signed_for = "MethodDiffers { signed_for: Some(Put) }".to_owned();
    assert_eq!(told(&diagnosis), [signed_for, missing]);
}
