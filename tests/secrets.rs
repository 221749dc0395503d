//! `Debug` shows no secret, token or signature. `Display` shows one only for a URL, whose purpose it is.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use core::fmt::{Debug, Display};

use hmac::{Hmac, KeyInit, Mac};
use presign::verify::{Request, Verifier};
use presign::{
    Bucket, Checksum, Credentials, Encryption, ExpiryPolicy, Identity, Method, Presigner,
    Timestamp, redact,
};
use sha2::Sha256;

#[path = "support/bad_inputs.rs"]
mod bad_inputs;

use bad_inputs::{SECRET, TOKEN};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);
/// A customer's encryption key, which is sent as a header, and its hash.
const KEY: &str = "Y3VzdG9tZXIncy1lbmNyeXB0aW9uLWtleS0zMmJ5dGU=";
const KEY_MD5: &str = "bWQ1LW9mLXRoZS1rZXkhIQ==";

/// The formatted texts, and the secrets they must not contain.
struct Watch {
    secrets: Vec<String>,
    types: Vec<&'static str>,
}

impl Watch {
    fn new() -> Self {
        let encoded = TOKEN.replace('/', "%2F").replace('+', "%2B");
        let encoded = encoded.replace('=', "%3D");
        assert_ne!(encoded, TOKEN);
        let mut key = [b"AWS4", SECRET.as_bytes()].concat();
        let mut secrets = vec![SECRET.into(), TOKEN.into(), encoded, KEY.into()];
        for part in ["20130524", "eu-west-1", "s3", "aws4_request"] {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(part.as_bytes());
            key = mac.finalize().into_bytes().to_vec();
            // As in a derived `Debug`, and in hexadecimal.
            let numbers = format!("{:?}", &key[..4]);
            secrets.push(numbers.trim_matches(['[', ']']).into());
            secrets.push(key[..4].iter().map(|byte| format!("{byte:02x}")).collect());
        }
        Self {
            secrets,
            types: Vec::new(),
        }
    }

    /// Adds a secret to watch from now on.
    #[track_caller]
    fn add(&mut self, secret: &str) {
        assert!(secret.len() >= 64, "{secret}");
        self.secrets.push(secret.into());
    }

    #[track_caller]
    fn text(&self, text: &str) {
        assert!(!text.is_empty());
        for secret in &self.secrets {
            assert!(!text.contains(secret.as_str()), "{secret} shows in {text}");
        }
    }

    #[track_caller]
    fn debug(&mut self, name: &'static str, value: &dyn Debug) {
        self.text(&format!("{value:?}"));
        self.text(&format!("{value:#?}"));
        self.types.push(name);
    }

    #[track_caller]
    fn both<T: Debug + Display>(&mut self, name: &'static str, value: &T) {
        self.debug(name, value);
        self.text(&format!("{value}"));
        self.text(&format!("{value:#}"));
    }
}

/// The `X-Amz-Signature` of a URL.
#[track_caller]
fn signature(url: &str) -> String {
    let (_, rest) = url.split_once("X-Amz-Signature=").unwrap();
    rest.split('&').next().unwrap().to_owned()
}

#[test]
fn in_no_type() {
    let mut watch = Watch::new();
    let credentials = Credentials::new("AKIAEXAMPLE", SECRET).session_token(TOKEN);
    let credentials = credentials.expiration(Timestamp::from_unix(NOW.as_unix() + 600));
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let key = credentials.signing_key(&bucket, NOW).unwrap();
    let encryption = Encryption::Customer {
        key: KEY,
        key_md5: KEY_MD5,
    };
    let presigner = Presigner::put(&credentials, &bucket, "k").encryption(encryption);
    let mut buffer = [0; 2048];
    let url = presigner.sign_into(NOW, &mut buffer).unwrap();
    watch.add(&signature(url));

    watch.debug("Credentials", &credentials);
    watch.debug("SigningKey", &key);
    watch.debug("Identity", &Identity::from(&credentials));
    watch.debug("Identity", &Identity::from(&key));
    watch.debug("Bucket", &bucket);
    watch.text(&bucket.host().unwrap().to_string());
    watch.debug("Presigner", &presigner);
    watch.debug("Presigner", &Presigner::get(&key, &bucket, "k"));
    watch.debug("Encryption", &encryption);
    watch.debug("Checksum", &Checksum::Crc32("AAAAAA=="));
    watch.debug("ExpiryPolicy", &ExpiryPolicy::Clamp);
    watch.debug("ErrorKind", &presign::ErrorKind::Key);
    watch.both("Method", &Method::Put);
    watch.both("Timestamp", &NOW);
    let mut room = [0; 4096];
    let batch = presigner.batch_into(NOW, &mut room).unwrap();
    watch.debug("Batch", &batch);
    for advisory in presigner.advisories(NOW) {
        watch.both("Advisory", &advisory);
    }

    // In the other direction: a server's result for such a request.
    let headers = [
        ("X-Amz-Server-Side-Encryption-Customer-Algorithm", "AES256"),
        ("X-Amz-Server-Side-Encryption-Customer-Key", KEY),
        ("X-Amz-Server-Side-Encryption-Customer-Key-MD5", KEY_MD5),
    ];
    let request = Request::new("PUT", url, &headers).unwrap();
    watch.debug("Request", &request);
    let verifier = Verifier::new().regions(&["eu-west-1"]);
    watch.debug("Verifier", &verifier);
    let who = |_: &str| Some(credentials.clone());
    watch.debug("Verified", &verifier.verify(&request, NOW, who).unwrap());
    let unsigned = [headers[0], headers[1], headers[2], ("X-Amz-Acl", TOKEN)];
    let rejections = [
        verifier.verify(&Request::new("GET", url, &headers).unwrap(), NOW, who),
        verifier.verify(&Request::new("PUT", url, &unsigned).unwrap(), NOW, who),
        verifier.verify(&Request::new("PUT", url, &[]).unwrap(), NOW, who),
        verifier.verify(&request, Timestamp::from_unix(NOW.as_unix() + 601), who),
        verifier.verify(&request, NOW, |_| Some(Credentials::new("A", SECRET))),
        verifier.verify(&request, NOW, |_| None),
    ];
    for rejection in rejections {
        let rejection = rejection.unwrap_err();
        watch.both("Rejection", &rejection);
        if let presign::verify::Rejection::HeaderNotSigned { name } = rejection {
            watch.both("HeaderName", &name);
        }
    }
    watch.text(&redact(url).to_string());

    #[cfg(feature = "alloc")]
    owned(&mut watch, &presigner, &credentials);
    #[cfg(feature = "post")]
    posted(&mut watch, &credentials, &bucket);
    #[cfg(feature = "diagnose")]
    diagnosed(&mut watch, url, &credentials);
    #[cfg(feature = "std")]
    {
        use presign::SharedCredentials;
        let shared = SharedCredentials::new(credentials.clone());
        watch.debug("SharedCredentials", &shared);
    }
    watch.types.push("Error"); // below
    all_were_formatted(&watch.types);
}

#[cfg(feature = "alloc")]
#[track_caller]
fn owned(watch: &mut Watch, presigner: &Presigner<'_>, credentials: &Credentials<'_>) {
    let batch = presigner.batch_at(NOW).unwrap();
    watch.debug("Batch", &batch);
    watch.debug("Urls", &batch.sign_each(["k"]).unwrap());
    let url = presigner.sign_at(NOW).unwrap();
    watch.debug("PresignedUrl", &url);
    let redactor = presign::Redactor::new();
    let redactor = redactor.credentials(credentials).url(url.as_str());
    watch.debug("Redactor", &redactor);
    let all = format!("{SECRET} {TOKEN} {}", signature(url.as_str()));
    assert_eq!(redactor.redact(&all).to_string(), "*** *** ***");
    let headers: Vec<_> = url.headers().collect();
    watch.text(&redact(&format!("{headers:?}")).to_string());
    assert_eq!(url.to_string(), url.as_str());
    assert!(!url.as_str().contains(SECRET));
    let batch = presigner.batch_at(NOW).unwrap();
    watch.debug("Urls", &batch.sign_each(["k"]).unwrap());
    let explanation = presigner.explain_at(NOW).unwrap();
    watch.debug("Explanation", &explanation);
    assert!(!explanation.canonical_request().contains(SECRET));
    assert!(!explanation.string_to_sign().contains(SECRET));
    #[cfg(feature = "http")]
    {
        let request = http::Request::try_from(&url).unwrap();
        let names = request.headers().keys().map(http::HeaderName::as_str);
        assert_eq!(
            names.filter(|name| name.ends_with("customer-key")).count(),
            1
        );
        watch.text(&format!("{:?}", request.headers())); // the URI contains signature and token
    }
    let credentials = credentials.clone().into_owned();
    watch.debug("Credentials", &credentials);
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let key = credentials.signing_key(&bucket, NOW).unwrap();
    watch.debug("SigningKey", &key.into_owned());
}

#[cfg(feature = "post")]
#[track_caller]
fn posted(watch: &mut Watch, credentials: &Credentials<'_>, bucket: &Bucket<'_>) {
    let policy =
        presign::post::PostPolicy::new(credentials, bucket, "k").encryption(Encryption::Customer {
            key: KEY,
            key_md5: KEY_MD5,
        });
    let form = policy.sign_at(NOW).unwrap();
    let field = |wanted: &str| form.fields().find(|(name, _)| *name == wanted).unwrap().1;
    watch.add(field("x-amz-signature"));
    watch.add(field("policy"));
    watch.debug("PostPolicy", &policy);
    watch.debug("PostForm", &form);
    assert!(!form.to_html().contains(SECRET));
    assert!(!form.policy().contains(SECRET));
    watch.text(&redact(&form.to_html()).to_string());
    watch.text(&redact(&format!("{:?}", form.fields().collect::<Vec<_>>())).to_string());
    #[cfg(feature = "serde")]
    watch.text(&redact(&serde_json::to_string(&form).unwrap()).to_string());

    let fields: Vec<_> = form.fields().collect();
    let upload = presign::verify::PostRequest::new(bucket.name(), &fields, 1);
    watch.debug("PostRequest", &upload);
    let verifier = Verifier::new();
    let verified = verifier.verify_post(&upload, NOW, |_| Some(credentials.clone()));
    watch.debug("VerifiedPost", &verified.unwrap());
    let others = Credentials::new("A", SECRET);
    let rejection = verifier.verify_post(&upload, NOW, |_| Some(others.clone()));
    watch.both("PostRejection", &rejection.unwrap_err());
}

/// With the secret, without it, and with an answer that repeats the whole request.
#[cfg(feature = "diagnose")]
#[track_caller]
fn diagnosed(watch: &mut Watch, url: &str, credentials: &Credentials<'_>) {
    let (_, query) = url.split_once('?').unwrap();
    let (query, _) = query.split_once("&X-Amz-Signature=").unwrap();
    let query = query.replace('&', "&amp;");
    let answer = format!(
        "<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message>\
         <SignatureProvided>{}</SignatureProvided><StringToSign>AWS4-HMAC-SHA256</StringToSign>\
         <CanonicalRequest>PUT\n/k\n{query}\nhost:h\nx-amz-security-token:{TOKEN}\n\
         x-amz-server-side-encryption-customer-key:{KEY}\n\nhost\nUNSIGNED-PAYLOAD</CanonicalRequest></Error>",
        signature(url)
    );
    let headers = [("x-amz-server-side-encryption-customer-key", KEY)];
    for kind in presign::diagnose::kinds() {
        watch.debug("Kind", kind);
    }
    for method in ["PUT", "GET"] {
        let evidence = presign::diagnose::Evidence::new(url);
        let evidence = evidence.method(method).headers(&headers);
        for evidence in [
            evidence.clone(),
            evidence.clone().credentials(credentials),
            evidence.clone().answer(&answer),
            evidence.at(NOW).credentials(credentials).answer(&answer),
        ] {
            watch.debug("Evidence", &evidence);
            let diagnosis = evidence.diagnose();
            watch.debug("Diagnosis", &diagnosis);
            for cause in diagnosis.causes() {
                watch.both("Cause", cause);
                watch.both("Certainty", &cause.certainty());
                watch.text(&format!("{:?}", cause.details()));
            }
            for row in diagnosis.comparison() {
                watch.debug("Comparison", row);
                watch.text(&format!(
                    "{} {:?} {:?}",
                    row.part(),
                    row.sent(),
                    row.other()
                ));
            }
        }
    }
}

/// Reads the names of public types from lib.rs and the public modules, so that a new one cannot be left out.
#[track_caller]
fn all_were_formatted(types: &[&str]) {
    let mut count = 0;
    for (module, is_compiled) in [
        (include_str!("../src/lib.rs"), true),
        (include_str!("../src/verify.rs"), true),
        (include_str!("../src/post.rs"), cfg!(feature = "post")),
        (
            include_str!("../src/diagnose.rs"),
            cfg!(feature = "diagnose"),
        ),
    ] {
        let mut has_feature = true;
        for line in module.lines() {
            if let Some(condition) = line.strip_prefix("#[cfg(feature = \"") {
                has_feature = match condition.trim_end_matches("\")]") {
                    "alloc" => cfg!(feature = "alloc"),
                    "diagnose" => cfg!(feature = "diagnose"),
                    "http" => cfg!(feature = "http"),
                    "post" => cfg!(feature = "post"),
                    "serde" => cfg!(feature = "serde"),
                    "std" => cfg!(feature = "std"),
                    feature => panic!("which types come with {feature}?"),
                };
                continue;
            }
            if line.starts_with('#') {
                continue;
            }
            let used = line
                .strip_prefix("pub use ")
                .and_then(|path| path.rsplit_once("::"))
                .map(|(_, names)| names);
            let defined = line
                .strip_prefix("pub struct ")
                .or(line.strip_prefix("pub enum "))
                .map(|name| name.split(['<', '(', ' ', ';']).next().unwrap_or_default());
            for names in used.into_iter().chain(defined) {
                let names = names.trim_matches(['{', '}', ';']).split(", ");
                for name in names.filter(|name| name.starts_with(char::is_uppercase)) {
                    count += 1;
                    let formatted = !(is_compiled && has_feature) || types.contains(&name);
                    assert!(formatted, "format a {name} in tests/secrets.rs");
                }
            }
            has_feature = true;
        }
    }
    assert!(count > 25, "{count} types were found");
}

#[test]
fn in_no_error() {
    let mut watch = Watch::new();
    #[allow(unused_mut, reason = "by feature")]
    let mut rows = bad_inputs::rows();
    #[cfg(feature = "sigv4a")]
    rows.extend(bad_inputs::sigv4a_rows());
    #[cfg(feature = "post")]
    rows.extend(bad_inputs::post_rows());
    #[cfg(feature = "alloc")]
    rows.extend(bad_inputs::multipart_rows());
    for row in rows {
        watch.both(row.what, &row.got.unwrap_err());
    }
}

/// The watch must be able to detect a leak.
#[test]
fn the_watch_sees() {
    let watch = Watch::new();
    for secret in &watch.secrets {
        let text = format!("a {secret} b");
        let seen = std::panic::catch_unwind(|| Watch::new().text(&text)).is_err();
        assert!(seen, "{secret}");
    }
}
