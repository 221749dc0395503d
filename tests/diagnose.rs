//! Damages URLs as they are damaged in practice, and checks the first cause for each.
#![cfg(feature = "diagnose")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)] // clippy.toml covers only `#[test]` functions

use core::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use presign::diagnose::{Cause, Certainty, Diagnosis, Evidence};
use presign::{Bucket, Credentials, Explanation, Presigner, Timestamp};
use sha2::Sha256;

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3/a+b==";
/// The hash of a body, which is not a secret.
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

/// The URL from a signer that accepts any secret; this library refuses white space around one.
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

/// The sentence of the first cause.
#[track_caller]
fn text(diagnosis: &Diagnosis) -> String {
    diagnosis.causes()[0].to_string()
}

/// Replaces a text that must be present.
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

/// The change leaves no trace: without the secret, nothing can be said.
const NO_TRACE: Expected = guess("WrongSecretOrAltered");

/// Nothing in the evidence is wrong.
const NONE: Expected = guess("none");

fn is_certain(diagnosis: &Diagnosis) -> bool {
    let first = diagnosis.causes().first();
    first.is_some_and(|cause| cause.certainty() == Certainty::Certain)
}

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

    /// Sent this many seconds after signing.
    fn after(mut self, seconds: i64) -> Self {
        self.at = seconds;
        self
    }

    fn evidence(&self) -> Evidence<'_> {
        let evidence = Evidence::new(&self.url).method(self.method);
        let evidence = evidence.headers(&self.headers);
        evidence.at(Timestamp::from_unix(NOW.as_unix() + self.at))
    }

    /// Checks the first cause with and without the secret.
    #[track_caller]
    fn shows(&self, with_secret: Expected, without: Expected) {
        let diagnosis = self.evidence().credentials(&self.credentials).diagnose();
        self.check("with the secret", &diagnosis, with_secret);
        self.check("without", &self.evidence().diagnose(), without);
    }

    #[track_caller]
    fn answered(&self, xml: &str, with_secret: Expected, without: Expected) {
        let evidence = self.evidence().answer(xml);
        let diagnosis = evidence.clone().credentials(&self.credentials).diagnose();
        self.check("with the secret", &diagnosis, with_secret);
        self.check("without", &evidence.diagnose(), without);
    }

    #[track_caller]
    fn check(&self, how: &str, diagnosis: &Diagnosis, expected: Expected) {
        let first = diagnosis.causes().first().map_or("none", Cause::name);
        let got = (first, is_certain(diagnosis));
        assert_eq!(got, expected, "{}, {how}: {diagnosis:#?}", self.what);
        keeps_secrets(&self.evidence(), diagnosis, &[SECRET, TOKEN, "IQoJb3"]);
    }
}

/// Nothing printed contains a secret or a signature, neither the received nor the expected one.
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

/// A link for an upload is recognized without the method.
#[test]
fn a_checksum_of_nothing_without_the_method() {
    let (credentials, bucket) = (permanent(), aws());
    let query = [("x-amz-checksum-crc32", "AAAAAA==")];
    let url = sign(&Presigner::put(&credentials, &bucket, "k").query(&query));
    let diagnosis = Evidence::new(&url).at(NOW).diagnose();
    assert_eq!(
        format!("{:?}", diagnosis.causes()),
        "[ChecksumOfNothing (likely)]"
    );
}

/// If the method is unknown, the store's canonical request shows it.
#[test]
fn the_method_that_arrived() {
    let url = sign(&Presigner::put(&permanent(), &aws(), "k"));
    let answer = |canonical: &str| {
        let text = "does not match the signature you provided";
        format!(
            "<Error><Code>SignatureDoesNotMatch</Code><Message>{text}</Message><CanonicalRequest>{canonical}</CanonicalRequest></Error>"
        )
    };
    let (_, query) = url.split_once('?').unwrap();
    let (query, _) = query.split_once("&X-Amz-Signature").unwrap();
    let query = query.replace('&', "&amp;");
    let host = "examplebucket.s3.eu-west-1.amazonaws.com";
    let answer = answer(&format!(
        "POST\n/k\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
    ));
    let credentials = permanent();
    let evidence = Evidence::new(&url).at(NOW).answer(&answer);
    let guessed = evidence.diagnose();
    let known = evidence.credentials(&credentials).diagnose();
    let sentence = "the URL is signed for PUT, but the method of the request is POST";
    for (diagnosis, certainty) in [(guessed, Certainty::Likely), (known, Certainty::Certain)] {
        let cause = &diagnosis.causes()[0];
        assert_eq!(
            (cause.to_string().as_str(), cause.certainty()),
            (sentence, certainty)
        );
    }
}

#[test]
fn methods() {
    let url = get("k");
    sent("HEAD", &url)
        .method("HEAD")
        .shows(sure("MethodDiffers"), NONE);
    sent("PUT", &url)
        .method("PUT")
        .shows(sure("MethodDiffers"), NONE);
    sent("a preflight", &url)
        .method("OPTIONS")
        .shows(sure("MethodDiffers"), NONE);
    let credentials = permanent();
    let evidence = Evidence::new(&url)
        .method("HEAD")
        .headers(&[])
        .credentials(&credentials);
    assert_eq!(
        evidence.diagnose().causes()[0].to_string(),
        "the URL is signed for GET, but the method of the request is HEAD"
    );
    let url = sign(&Presigner::put(&permanent(), &aws(), "k"));
    sent("POST", url)
        .method("POST")
        .shows(sure("MethodDiffers"), NONE);
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
        .shows(sure("HeaderChanged"), NONE);
    sent("another content type", &text)
        .method("PUT")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .shows(sure("HeaderChanged"), NONE);
    let charset = sign(&put.content_type("text/plain; charset=utf-8"));
    sent("charset taken away", charset)
        .method("PUT")
        .header("Content-Type", "text/plain")
        .shows(sure("HeaderChanged"), NONE);
    sent("content type not signed", sign(&put))
        .method("PUT")
        .header("content-type", "image/png")
        .shows(NONE, NONE);

    sent("metadata added", sign(&put))
        .method("PUT")
        .header("x-amz-meta-author", "example")
        .shows(sure("HeaderNotSigned"), sure("HeaderNotSigned"));
    sent("two authentications", get("k"))
        .header("Authorization", "Bearer x")
        .shows(sure("TwoAuthentications"), sure("TwoAuthentications"));
    sent("authentication removed by curl", get("k"))
        .header("Authorization", "")
        .shows(NONE, NONE);
}

#[test]
fn paths() {
    let url = get("a ü/b");
    sent("lower-case escapes", swap(&url, "%C3%BC", "%c3%bc")).shows(NONE, NONE);
    sent("bare letters", swap(&url, "%C3%BC", "ü")).shows(NONE, NONE);
    sent(
        "encoded twice",
        swap(&url, "a%20%C3%BC", "a%2520%25C3%25BC"),
    )
    .shows(sure("PathEncoding"), NONE);
    sent("slash encoded", swap(&url, "/b?", "%2Fb?")).shows(NONE, NONE);
    sent("space to +", swap(&url, "%20", "+")).shows(sure("KeyRewritten"), NONE);
    sent("space to %2B", swap(&url, "%20", "%2B")).shows(sure("KeyRewritten"), NONE);
    let url = get("a+b");
    sent("+ to space", swap(&url, "%2B", "%20")).shows(sure("KeyRewritten"), NONE);
    sent("+ bare", swap(&url, "%2B", "+")).shows(NONE, NONE);
    let url = get("100%25");
    sent("encoded once", swap(&url, "100%2525", "100%25")).shows(sure("PathEncoding"), NONE);

    sent("// folded", swap(&get("a//b/c"), "/a//b", "/a/b")).shows(sure("KeyRewritten"), NONE);
    sent("slash added", swap(&get("a"), "/a?", "/a/?")).shows(sure("KeyRewritten"), NONE);
    sent("slash dropped", swap(&get("a/"), "/a/?", "/a?")).shows(sure("KeyRewritten"), NONE);
    let (credentials, bucket) = (permanent(), aws());
    let dot = Presigner::get(&credentials, &bucket, "a/./b").allow_dot_segments();
    sent("dot resolved", swap(&sign(&dot), "/./", "/")).shows(sure("KeyRewritten"), NONE);
    let doubled = swap(&get("k"), "/k?", "/examplebucket/k?");
    sent("bucket in host and path", doubled).shows(sure("PathPrefix"), NONE);
}

#[test]
fn hosts() {
    let (credentials, bucket) = (permanent(), minio());
    let url = sign(&Presigner::get(&credentials, &bucket, "k"));
    sent("port dropped", swap(&url, ":9000", "")).shows(sure("HostChanged"), NONE);
    sent("other port", swap(&url, ":9000", ":8080")).shows(sure("HostChanged"), NONE);
    sent("host of a proxy", &url)
        .header("Host", "files.example")
        .shows(sure("HostChanged"), guess("HostChanged"));
    sent(
        "the host that is signed, under another name",
        swap(&url, "127.0.0.1:9000", "cdn.example"),
    )
    .header("x-forwarded-host", "127.0.0.1:9000")
    .shows(sure("HostChanged"), NONE);

    for (region, endpoint) in [
        (
            "us-gov-west-1",
            "https://s3-fips-us-gov-west-1.amazonaws.com",
        ),
        ("fra1", "https://fra1.digitaloceanspaces.com"),
        ("us-east-1", "https://fra1.digitaloceanspaces.com"),
    ] {
        let bucket = Bucket::new("media", region).unwrap();
        let bucket = bucket.endpoint(endpoint).unwrap();
        let url = sign(&Presigner::get(&credentials, &bucket, "k"));
        sent("a host that names its region", url).shows(NONE, NONE);
    }
    let bucket = Bucket::new("media", "eusc-de-east-1").unwrap();
    let other = bucket
        .clone()
        .endpoint("https://s3.eusc-de-east-2.amazonaws.eu")
        .unwrap();
    for (bucket, shown) in [(bucket, NONE), (other, sure("WrongRegion"))] {
        let url = sign(&Presigner::get(&credentials, &bucket, "k"));
        sent("a host in another partition", url).shows(shown, shown);
    }
    // Other services of AWS have presigned URLs, too.
    let url = swap(&get("k"), "examplebucket.s3.eu-west-1.", "sts.eu-west-1.");
    let url = swap(&url, "%2Fs3%2F", "%2Fsts%2F");
    let other = sent("a URL of another service", url);
    other.check("without", &other.evidence().diagnose(), NONE);

    let url = get("k");
    sent("port added", swap(&url, ".com/", ".com:443/")).shows(sure("HostChanged"), NONE);
    let path = swap(
        &url,
        "examplebucket.s3.eu-west-1.amazonaws.com/",
        "s3.eu-west-1.amazonaws.com/examplebucket/",
    );
    sent("virtual-hosted to path style", path).shows(sure("HostChanged"), NONE);
    let global = swap(&url, ".s3.eu-west-1.", ".s3.");
    sent("regional host to the global one", global).shows(sure("HostChanged"), NONE);
    let bucket = aws().path_style();
    let url = sign(&Presigner::get(&credentials, &bucket, "k"));
    let host = swap(&url, "//", "//examplebucket.");
    let host = swap(&host, ".com/examplebucket/", ".com/");
    sent("path style to virtual-hosted", host).shows(sure("HostChanged"), NONE);
    for endpoint in ["https://storage.example", "http://storage.example:9000"] {
        let bucket = Bucket::new("media", "us-east-1").unwrap();
        let bucket = bucket.endpoint(endpoint).unwrap();
        let url = sign(&Presigner::get(&credentials, &bucket, "k"));
        let path = swap(&swap(&url, "media.", ""), "/k?", "/media/k?");
        sent("virtual-hosted to path style elsewhere", path).shows(sure("HostChanged"), NONE);
        let url = sign(&Presigner::get(&credentials, &bucket.path_style(), "k"));
        let host = swap(&swap(&url, "//", "//media."), "/media/k?", "/k?");
        sent("path style to virtual-hosted elsewhere", host).shows(sure("HostChanged"), NONE);
    }
}

#[test]
fn who() {
    sent(
        "region",
        swap(&get("k"), "%2Feu-west-1%2F", "%2Fus-east-1%2F"),
    )
    .shows(sure("WrongRegion"), sure("WrongRegion"));
    sent("service", swap(&get("k"), "%2Fs3%2F", "%2Fs3express%2F"))
        .shows(sure("WrongService"), sure("WrongService"));
    sent("access key ID", swap(&get("k"), "IOSFODNN7", "IOSFODNN8"))
        .shows(sure("OtherCredentials"), NONE);
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
    .shows(sure("WrongRegion"), sure("WrongRegion"));
    // Hosts that do not name a region.
    for host in ["s3-accelerate", "s3-eu-west-1", "s3"] {
        let url = swap(&get("k"), "s3.eu-west-1", host);
        sent("no region in the host", url).shows(sure("HostChanged"), NONE);
    }

    let newline = format!("{SECRET}\n");
    let (credentials, bucket) = (permanent(), aws());
    let url = sign_with_any_secret(&Presigner::get(&credentials, &bucket, "k"), &newline);
    sent("newline behind the secret that signed", url).shows(sure("SecretWhitespace"), NONE);
    sent("space behind the secret that is known", get("k"))
        .by(Credentials::new(ID, format!("{SECRET} ").leak()))
        .shows(sure("SecretWhitespace"), NONE);
    sent("another secret", get("k"))
        .by(Credentials::new(ID, "another"))
        .shows(NO_TRACE, NONE);
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
        .shows(sure("Expired"), sure("Expired"));
    let end = Timestamp::from_unix(NOW.as_unix() + 60);
    let url = sign(&Presigner::get(&temporary(), &aws(), "k"));
    sent("credentials ended", url)
        .by(temporary().expiration(end))
        .after(60)
        .shows(sure("CredentialsExpired"), NONE);
    sent("other credentials ended", get("k"))
        .by(temporary().expiration(end))
        .after(60)
        .shows(guess("TokenMissing"), NONE);
    let url = get("k");
    sent(
        "expiry altered",
        swap(&url, "Expires=3600", "Expires=86400"),
    )
    .shows(sure("QueryChanged"), NONE);
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
        .shows(sure("TokenMissing"), sure("TokenMissing"));
    token_is(
        "+ became a space",
        "X-Amz-Security-Token=IQoJb3%2Fa%20b%3D%3D",
    )
    .shows(sure("TokenAltered"), NONE);
    token_is("+ stands bare", "X-Amz-Security-Token=IQoJb3%2Fa+b%3D%3D").shows(NONE, NONE);
    token_is("not encoded", "X-Amz-Security-Token=IQoJb3/a+b==").shows(NONE, NONE);
    token_is("another token", "X-Amz-Security-Token=another").shows(sure("TokenAltered"), NONE);
    sent(
        "signed without the token",
        sign(&Presigner::get(
            &Credentials::new("ASIAIOSFODNN7EXAMPLE", SECRET),
            &aws(),
            "k",
        )),
    )
    .by(temporary())
    .shows(sure("TokenMissing"), sure("TokenMissing"));
}

#[test]
fn an_id_and_a_secret_in_each_others_place() {
    let secret = "wJalrXUtnFEMI0K7MDENG0bPxRfiCYEXAMPLEKEY";
    let (swapped, bucket) = (Credentials::new(secret, ID), aws());
    let url = sign(&Presigner::get(&swapped, &bucket, "k"));
    let unknown = "<Error><Code>InvalidAccessKeyId</Code></Error>";
    for credentials in [&swapped, &permanent()] {
        for answer in [
            "",
            unknown,
            "<Error><Code>SignatureDoesNotMatch</Code></Error>",
        ] {
            let evidence = Evidence::new(&url).method("GET").headers(&[]).at(NOW);
            let evidence = evidence.answer(answer).credentials(credentials);
            keeps_secrets(&evidence, &evidence.diagnose(), &[secret]);
        }
    }
}

/// The right token is unknown, but the signature matches the received one.
#[test]
fn a_token_of_credentials_without_one() {
    let url = sign(&Presigner::get(&temporary(), &aws(), "k"));
    let without_token = Credentials::new("ASIAIOSFODNN7EXAMPLE", SECRET);
    let sent = || sent("token unknown", url.clone()).by(without_token.clone());
    sent().shows(NONE, NONE);
    sent().after(3600).shows(sure("Expired"), sure("Expired"));
    let denied = error("AccessDenied", "Access Denied");
    sent().answered(&denied, guess("NotTheSignature"), guess("NotTheSignature"));
    let invalid = error(
        "InvalidToken",
        "The provided token is malformed or otherwise invalid.",
    );
    sent().answered(&invalid, sure("TokenAltered"), sure("TokenAltered"));
}

/// Tokens from AWS have a thousand bytes and more.
#[test]
fn a_long_token() {
    let token = "abcd/+".repeat(250);
    let credentials = Credentials::new("ASIAIOSFODNN7EXAMPLE", SECRET).session_token(&token);
    let url = sign(&Presigner::get(&credentials, &aws(), "photos/2026/a.jpg"));
    let evidence = Evidence::new(&url).method("HEAD").headers(&[]).at(NOW);
    let diagnosis = evidence.credentials(&credentials).diagnose();
    assert_eq!(diagnosis.causes()[0].name(), "MethodDiffers");
}

#[test]
fn queries() {
    let url = get("k");
    sent("one parameter added", format!("{url}&v=2")).shows(sure("QueryAdded"), NONE);
    sent("one tracker", format!("{url}&utm_source=mail"))
        .shows(sure("QueryAdded"), guess("QueryAdded"));
    sent(
        "trackers",
        format!("{url}&utm_source=mail&utm_medium=x&fbclid=1"),
    )
    .shows(sure("QueryAdded"), guess("QueryAdded"));
    sent("added in front", swap(&url, "?", "?cache=1&")).shows(sure("QueryAdded"), NONE);

    let (credentials, bucket) = (permanent(), aws());
    let presigner = Presigner::get(&credentials, &bucket, "k");
    let with = |query| sign(&presigner.query(query));
    sent(
        "x-id removed",
        swap(&with(&[("x-id", "GetObject")]), "&x-id=GetObject", ""),
    )
    .shows(sure("QueryRemoved"), NONE);
    let name = with(&[(
        "response-content-disposition",
        "attachment; filename=a b.txt",
    )]);
    sent("space to +", swap(&name, "%20filename", "+filename")).shows(sure("QueryEncoding"), NONE);
    sent("all spaces to +", name.replace("%20", "+")).shows(sure("QueryEncoding"), NONE);
    sent("not encoded", swap(&name, "%3D", "=")).shows(NONE, NONE);
    sent(
        "encoded twice",
        name.replace("%20", "%2520")
            .replace("%3B", "%253B")
            .replace("filename%3D", "filename%253D"),
    )
    .shows(sure("QueryEncoding"), NONE);
    sent("lower-case escapes", name.replace("%3B", "%3b")).shows(NONE, NONE);
    // The original value could only be guessed.
    sent("another value", swap(&name, "a%20b.txt", "c.txt")).shows(NO_TRACE, NONE);
    sent("given twice", format!("{url}&X-Amz-Expires=60"))
        .shows(sure("MalformedParameter"), sure("MalformedParameter"));
    sent("given twice", format!("{url}&X-Amz-Date=20130524T000000Z"))
        .shows(sure("MalformedParameter"), sure("MalformedParameter"));
    let hash = format!("{url}&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD");
    sent("hash added", hash).shows(sure("QueryAdded"), NONE);
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
    for end in ["\"", ".", "%0A", ">", ",", ")", "'", " and more", "0"] {
        both("text behind", format!("{url}{end}"), "TrailingText");
    }
    // Many clients strip white space at the ends.
    for padded in [format!(" {url}"), format!("{url}\n")] {
        sent("white space around", padded).shows(guess("TrailingText"), guess("TrailingText"));
    }
    let ahead = swap(&url, "?", "?X-Amz-Signature=");
    let (ahead, signature) = ahead.rsplit_once("&X-Amz-Signature=").unwrap();
    let ahead = swap(
        ahead,
        "?X-Amz-Signature=",
        &format!("?X-Amz-Signature={signature}&"),
    );
    sent("signature in front", &ahead).shows(NONE, NONE);
    sent("text behind, signature in front", format!("{ahead}."))
        .shows(sure("TrailingText"), sure("TrailingText"));
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
        "LineBreak",
    );
    both("in angle brackets", format!("<{url}>"), "TrailingText");
    both(
        "broken into lines",
        swap(&url, "&X-Amz-Exp", "\n&X-Amz-Exp"),
        "LineBreak",
    );
    // In the middle, they may be part of the key or of a value that a client encodes.
    let quoted = swap(&get("a\"b"), "%22", "\"");
    sent("a quote stands bare", quoted).shows(NONE, NONE);
    let asymmetric = swap(&url, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256");
    both("text behind", format!("{asymmetric}."), "TrailingText");
}

/// A name with the same ending as the signature's is a different name.
#[test]
fn a_name_that_ends_so() {
    let (credentials, bucket) = (permanent(), aws());
    let presigner = Presigner::get(&credentials, &bucket, "k").query(&[("aX-Amz-Signature", "00")]);
    let url = sign(&presigner);
    let diagnosis = Evidence::new(&url).method("GET").headers(&[]).at(NOW);
    assert!(
        diagnosis
            .credentials(&credentials)
            .diagnose()
            .causes()
            .is_empty()
    );
}

/// Python's `json.dumps`, for example, escapes all letters but ASCII.
#[test]
fn a_policy_with_escapes() {
    // {"expiration": "2013-05-25T00:00:00Z", "conditions": [{"key": "Gr\u00fc\u00dfe \ud83e\udd86 \"1\".png"},
    //  ["starts-with", "$x-amz-meta-a", "\\b\/"]]}
    let policy = "eyJleHBpcmF0aW9uIjogIjIwMTMtMDUtMjVUMDA6MDA6MDBaIiwgImNvbmRpdGlvbnMiOiBbeyJrZXkiOiAiR3JcdTAwZmNcdTAwZGZlIFx1ZDgzZVx1ZGQ4NiBcIjFcIi5wbmcifSwgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS1hIiwgIlxcYlwvIl1dfQ==";
    let first = |key, meta| {
        let fields = [("key", key), ("x-amz-meta-a", meta), ("policy", policy)];
        let evidence = Evidence::new("https://examplebucket.s3.amazonaws.com/").form(&fields);
        let diagnosis = evidence.at(NOW).diagnose();
        diagnosis.causes().first().map(ToString::to_string)
    };
    let key = "Grüße 🦆 \"1\".png";
    assert_eq!(first(key, "\\b/c"), None);
    let condition = "a form field does not meet the policy's condition";
    let other = |name| Some(format!("{condition}: {name} has another value"));
    assert_eq!(first("Grüße", "\\b/c"), other("key"));
    assert_eq!(first(key, "b/c"), other("x-amz-meta-a"));
}

#[cfg(feature = "post")]
#[test]
fn forms_of_this_crate() -> Result<(), presign::Error> {
    let (token, bucket) = ("t".repeat(5000), aws());
    for credentials in [permanent(), permanent().session_token(&token)] {
        let form = presign::post::PostPolicy::new(&credentials, &bucket, "\"a\\b\" é/${filename}")
            .content_type_starts_with("image/")
            .content_length(1..=100)
            .sign_at(NOW)?;
        let mut fields: Vec<_> = form.fields().collect();
        fields.push(("Content-Type", "image/png"));
        let diagnose = |at| Evidence::new(form.action()).form(&fields).at(at).diagnose();
        let diagnosis = diagnose(NOW);
        assert!(
            diagnosis.causes().is_empty(),
            "{:?}",
            diagnosis.causes().first().map(ToString::to_string)
        );
        let late = diagnose(form.expires_at());
        assert_eq!(late.causes()[0].name(), "FormExpired");
    }
    Ok(())
}

/// With its output in a file, `curl -v` also prints the sizes of what it reads and writes.
#[test]
fn a_log_of_curl() {
    let url = get("k");
    let log = "* TLSv1.3 (IN), TLS handshake, Server hello (2):\n{ [122 bytes data]\n} [5 bytes data]\n\
               > HEAD /k HTTP/2\n> Host: examplebucket.s3.eu-west-1.amazonaws.com\n> Accept: */*\n>\n\
               < HTTP/2 403\n< content-type: application/xml\n<\n";
    let evidence = Evidence::new(&url).answer(log).at(NOW);
    let credentials = permanent();
    let diagnosis = evidence.credentials(&credentials).diagnose();
    let cause = diagnosis.causes()[0].to_string();
    assert_eq!(
        cause,
        "the URL is signed for GET, but the method of the request is HEAD"
    );
}

/// URLs that look damaged, and are not.
#[test]
fn correct_urls_have_no_certain_cause() {
    let (id, aws) = (Credentials::new("a%b", SECRET), aws());
    let credentials = permanent();
    let get = |key| Presigner::get(&credentials, &aws, key);
    let key = get("a\u{200b}b");
    let inner = get("k").query(&[("A", "1"), ("z", "h?X-Amz-Date=1")]);
    for (credentials, presigner, headers) in [
        (&id, Presigner::get(&id, &aws, "k"), &[][..]),
        (
            &credentials,
            get("k").header("x-%a", "v"),
            &[("x-%a", "v")][..],
        ),
        (&credentials, get("k").query_parameter("amp;x", "1"), &[]),
        (&credentials, key, &[]),
        (&credentials, inner, &[]),
    ] {
        let url = sign(&presigner)
            .replace("%E2%80%8B", "\u{200b}")
            .replace("%3FX", "?X");
        let evidence = Evidence::new(&url).method("GET").headers(headers).at(NOW);
        let diagnosis = evidence.credentials(credentials).diagnose();
        assert!(!is_certain(&diagnosis), "{url}: {}", text(&diagnosis));
    }
    for query in ["token=abc&e=me%40example.org", "token=abc&expires=never"] {
        let url = format!("https://app.example/reset?{query}");
        let diagnosis = Evidence::new(&url).diagnose();
        assert!(!is_certain(&diagnosis), "{}", text(&diagnosis));
    }
}

/// A store can name a resource in another way, so this is proof only if the signature does not match.
#[test]
fn another_resource() {
    let credentials = permanent();
    let url = sign(&Presigner::get(&credentials, &minio(), "k"));
    let answer = "<Error><Code>AccessDenied</Code><Resource>/other/k</Resource></Error>";
    let evidence = Evidence::new(&url).method("GET").headers(&[]).at(NOW);
    let evidence = evidence.credentials(&credentials);
    let diagnosis = evidence.answer(answer).diagnose();
    let mut causes = diagnosis.causes().iter();
    assert!(
        !causes.any(|cause| {
            cause.name() == "PathPrefix" && cause.certainty() == Certainty::Certain
        })
    );
}

/// A log of a client is not an answer of a store.
#[test]
fn json_that_is_no_answer() {
    let url = get("k");
    let log = r#"{"level":"error","Region":"us-east-1","Bucket":"b","Message":"upload failed"}"#;
    let diagnosis = Evidence::new(&url).method("GET").answer(log).at(NOW);
    let diagnosis = diagnosis.diagnose();
    assert!(
        !text(&diagnosis).contains("us-east-1"),
        "{}",
        text(&diagnosis)
    );
    let cut = r#"{"Code":"NoSuchKey","Message":"The specified key \"#;
    let diagnosis = Evidence::new(&url).method("GET").answer(cut).at(NOW);
    assert!(text(&diagnosis.diagnose()).contains("The specified key"));
}

#[test]
fn a_fragment_is_not_sent() {
    let (credentials, url) = (permanent(), get("k") + "#page=\"2\"");
    let diagnosis = Evidence::new(&url).method("GET").headers(&[]).at(NOW);
    assert!(
        diagnosis
            .credentials(&credentials)
            .diagnose()
            .causes()
            .is_empty()
    );
    let bare = swap(&get("a#b"), "%23", "#");
    sent("# of the key stands bare", bare).shows(sure("HashNotEncoded"), sure("HashNotEncoded"));
}

#[test]
fn one_cause_for_version_2() {
    let url = "https://examplebucket.s3.amazonaws.com/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1718281000&Signature=a%3D";
    let answer = "<Error><Code>InvalidRequest</Code><Message>The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.</Message></Error>";
    let diagnosis = Evidence::new(url).answer(answer).diagnose();
    let names: Vec<_> = diagnosis.causes().iter().map(Cause::name).collect();
    assert_eq!(names, ["SignatureVersion2"]);
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
        "OtherSystem",
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
    sent("nothing wrong", get("k")).shows(NONE, NONE);
}

/// AWS's answer to a signature mismatch: it contains what AWS computed.
fn mismatch(url: &str, canonical_request: &str, string_to_sign: &str) -> String {
    let (_, signature) = url.split_once("X-Amz-Signature=").unwrap();
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
        &signature[..64],
        bytes(string_to_sign),
        escape(canonical_request),
        bytes(canonical_request),
    )
}

/// The store computed something from its input that differs from the URL and headers known here.
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
            .answered(&mismatch(&url, request, to_sign), sure(name), guess(name));
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
    computed("body", "UNSIGNED-PAYLOAD", BODY, "PayloadHashSigned");
    let to_sign_differs = |what, from: &str, to: &str| {
        answered(what, request, &swap(to_sign, from, to), "QueryChanged");
    };
    to_sign_differs("time", "T000000Z", "T000001Z");
    to_sign_differs("scope", "eu-west-1", "us-east-1");
    let line_ends = request.replace('\n', "\r\n");
    let xml = mismatch(&url, &line_ends, to_sign);
    let same = sent("the same, by another secret", &url)
        .method("PUT")
        .header("Content-Type", "text/plain");
    let other_secret = sure("WrongSecretOrAltered");
    same.answered(&xml, other_secret, guess("HeaderChanged"));

    // What both sides have, and the position of the first difference.
    let xml = mismatch(
        &url,
        &swap(request, "%2Feu-west-1%2F", "%2Fus-east-1%2F"),
        to_sign,
    );
    let diagnosis = same.evidence().answer(&xml).diagnose();
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

    // Parts that only the store has are shown in the order of the canonical request.
    let more = swap(request, "&x-id=PutObject", "&x-id=PutObject&y=");
    let xml = mismatch(
        &url,
        &swap(&more, "\n\n", "\nx-amz-acl:private\n\n"),
        to_sign,
    );
    let diagnosis = same.evidence().answer(&xml).diagnose();
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

    // The store's computation is better evidence than the local clock.
    let xml = mismatch(&url, &swap(request, "PUT\n", "GET\n"), to_sign);
    same.after(3600)
        .answered(&xml, sure("MethodDiffers"), guess("MethodDiffers"));
}

/// For tokens, only whether they are the same is shown.
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

/// Another presigned URL, as a parameter's value, as a name, and in a header.
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
        &url,
        &format!("PUT\n/k\nnext={encoded}\nreferer:{query}\n\nhost\nUNSIGNED-PAYLOAD"),
        "AWS4-HMAC-SHA256",
    );
    let evidence = Evidence::new(&url)
        .method("GET")
        .headers(&headers)
        .answer(&answer);
    let diagnosis = evidence.diagnose();
    let differs = |part: &str| {
        let mut rows = diagnosis.comparison().iter();
        rows.find(|row| row.part() == part)
            .is_some_and(|row| row.differs())
    };
    assert!(
        differs("header referer") && !differs("parameter next"),
        "{diagnosis:#?}"
    );
    keeps_secrets(&evidence, &diagnosis, &["IQoJb3"]);
}

fn error(code: &str, message: &str) -> String {
    format!("<Error><Code>{code}</Code><Message>{message}</Message><Resource>/k</Resource></Error>")
}

/// Codes and messages of AWS, MinIO, Ceph, Cloudflare R2 and Google, as far as they differ.
#[test]
fn answers() {
    let url = get("k");
    let put = sign(&Presigner::put(&permanent(), &aws(), "k"));
    // Only the store's answer is known: the local clock is not the store's.
    let says = |code: &str, message: &str, name| {
        let Sent { url, .. } = sent("", &url);
        let xml = error(code, message);
        let evidence = Evidence::new(&url).method("GET").headers(&[]).answer(&xml);
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
        "StoreRefused",
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
    says("NoSuchBucket", "", "WrongBucket");
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

    // The store does not say which one is missing.
    let all = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, \
               X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
    sent("a list of all", &url).answered(
        &error(query, all),
        guess("MalformedParameter"),
        guess("MalformedParameter"),
    );
    // Ceph only says that access is denied: the time and the request are better evidence.
    sent("expired at Ceph", &url).after(3600).answered(
        &error("AccessDenied", ""),
        guess("Expired"),
        guess("Expired"),
    );
    sent("header at Ceph", &url)
        .header("x-amz-acl", "private")
        .answered(
            &error("AccessDenied", ""),
            guess("HeaderNotSigned"),
            guess("HeaderNotSigned"),
        );
    // Some stores give this answer to every refused request, such as one with an unknown access key ID.
    sent("denied", &url).answered(
        &error("AccessDenied", "Access Denied"),
        guess("NotTheSignature"),
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
    // The signature is better evidence than the store's answer.
    sent("mismatch at MinIO", &put).method("POST").answered(
        &error("SignatureDoesNotMatch", does_not_match),
        sure("MethodDiffers"),
        guess("MethodDiffers"),
    );

    let named = error("AccessDenied", unsigned).replace(
        "</Error>",
        "<HeadersNotSigned>x-amz-acl</HeadersNotSigned></Error>",
    );
    let diagnosis = Evidence::new(&url)
        .method("GET")
        .headers(&[])
        .answer(&named)
        .diagnose();
    assert_eq!(
        text(&diagnosis),
        "header x-amz-acl was sent, but is not signed"
    );
    let expects = |xml: &str, expected: &str| {
        let diagnosis = Evidence::new(&url).answer(xml).diagnose();
        let expected =
            format!("the URL is signed for region eu-west-1, but the bucket is in {expected}");
        assert_eq!(text(&diagnosis), expected);
    };
    let message = "the region 'eu-west-1' is wrong; expecting 'us-west-2'";
    expects(&error("AuthorizationHeaderMalformed", message), "us-west-2");
    let element = error("InvalidRegion", "").replace("</Error>", "<Region>auto</Region></Error>");
    expects(&element, "auto");
    let namespace = error("NoSuchKey", "").replace(
        "<Error>",
        "\u{feff}<Error xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
    );
    let diagnosis = Evidence::new(&url)
        .method("GET")
        .headers(&[])
        .answer(&namespace)
        .diagnose();
    assert_eq!(diagnosis.causes()[0].name(), "NotTheSignature");
}

/// The meaning of an answer is read independently of the URL, so damage elsewhere in the URL does not affect it.
#[test]
fn answers_to_a_damaged_url() {
    let long = format!("Credential={}", "A".repeat(400));
    let url = swap(&get("k"), "Credential=", &long);
    let first =
        |url: &str, code: &str| text(&Evidence::new(url).answer(&error(code, "")).diagnose());
    assert_eq!(
        first(&url, "ExpiredRequest"),
        "the URL expired at 2013-05-24T01:00:00Z"
    );
    assert!(
        first(&url, "RequestTimeTooSkewed")
            .starts_with("the URL is signed for 2013-05-24T00:00:00Z, and")
    );
    let set = swap(&url, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256");
    let set = swap(
        &set,
        "&X-Amz-Signed",
        "&X-Amz-Region-Set=us-%2A%2Ceu-west-1&X-Amz-Signed",
    );
    let expected =
        "the URL is signed for region us-*,eu-west-1, but the bucket is in another region";
    assert_eq!(first(&set, "InvalidRegion"), expected);
}

/// An unreadable answer is reported, and excludes nothing.
#[test]
fn answers_that_cannot_be_read() {
    for garbage in [
        "403 Forbidden",
        "<html><head><title>403 Forbidden</title></head><body></body></html>",
        "{\"message\":\"Forbidden\"}",
        "\u{0}\u{ffff}",
        &"<Error>".repeat(40_000),
    ] {
        sent("garbage", get("k")).answered(garbage, guess("AnswerUnread"), guess("AnswerUnread"));
        let posted = sent("garbage", get("k")).method("PUT");
        posted.answered(garbage, sure("MethodDiffers"), guess("AnswerUnread"));
    }
    for nothing in ["", " \n"] {
        sent("nothing", get("k")).answered(nothing, NONE, NONE);
    }
    // An unknown code is reported, even one hidden by an entity.
    let unknown = "<!DOCTYPE x [<!ENTITY a \"b\">]><Error><Code>&a;</Code></Error>";
    sent("entity", get("k")).answered(unknown, guess("StoreRefused"), guess("StoreRefused"));
}

/// Untrusted input determines the length of the URL. There are many changes to try, and each is as long as the URL.
#[test]
fn long_urls_take_no_gigabytes() {
    let url = get("k");
    let slashes = |n| url.replacen("/k?", &format!("/{}k?", "/".repeat(n)), 1);
    let parameters = |n| format!("{url}{}", "&a=b".repeat(n));
    let another = Credentials::new(ID, "another");
    for long in [slashes(8000), slashes(60_000), parameters(15_000)] {
        let evidence = Evidence::new(&long).method("GET").headers(&[]).at(NOW);
        let evidence = evidence.credentials(&another);
        let taken = allocation_counter::measure(|| {
            assert!(!evidence.diagnose().causes().is_empty());
        });
        let (length, bytes) = (long.len(), taken.bytes_max);
        assert!(bytes < 64 << 20, "{bytes} bytes for a URL of {length}");
    }
}

/// Causes are reported together: fixing one should not reveal the next.
#[test]
fn all_causes_are_reported() {
    let names = |sent: &Sent, credentials: Option<&Credentials<'_>>| {
        let mut evidence = sent.evidence();
        if let Some(credentials) = credentials {
            evidence = evidence.credentials(credentials);
        }
        let diagnosis = evidence.diagnose();
        let causes = diagnosis.causes().iter();
        let causes = causes.map(|cause| format!("{} {}", cause.name(), cause.details().join(" ")));
        causes.collect::<Vec<_>>()
    };
    let credentials = permanent();
    let added = |what, end: &str| sent(what, format!("{}{end}", get("k")));
    let host = "HostChanged examplebucket.s3.eu-west-1.amazonaws.com";
    let found = names(
        &added("host and tracker", "&utm_source=a").header("Host", "cdn.example"),
        Some(&credentials),
    );
    assert_eq!(found[..2], ["QueryAdded utm_source", host]);
    let trackers = added("trackers", "&utm_source=a&utm_source=a&fbclid=2");
    assert_eq!(
        names(&trackers, Some(&credentials)),
        ["QueryAdded fbclid, utm_source"]
    );
    assert_eq!(
        names(&trackers, None),
        ["QueryAdded utm_source", "QueryAdded fbclid"]
    );
    let both = added("a tracker and another", "&utm_source=a&v=2");
    assert_eq!(
        names(&both, Some(&credentials)),
        ["QueryAdded utm_source, v"]
    );

    // `curl -d` changes the method and the content type at once.
    let bucket = aws();
    let put = Presigner::put(&credentials, &bucket, "k");
    let posted = |presigner: &Presigner<'_>| {
        let sent = sent("posted", sign(presigner)).method("POST");
        sent.header("Content-Type", "application/x-www-form-urlencoded")
    };
    let signed = posted(&put.content_type("image/png"));
    let both = ["MethodDiffers PUT POST", "HeaderChanged content-type"];
    assert_eq!(names(&signed, Some(&credentials)), both);
    assert_eq!(
        names(&posted(&put), Some(&credentials)),
        ["MethodDiffers PUT POST"]
    );
    // A content type that the search cannot guess: neither cause is certain, and both are named.
    let unusual = posted(&put.content_type("image/x-icon"));
    let found = names(&unusual, Some(&credentials));
    assert_eq!(found[..2], both);
    assert!(!is_certain(
        &unusual.evidence().credentials(&credentials).diagnose()
    ));
}
