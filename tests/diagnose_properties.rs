//! For random damage, only the damage that was done is reported as certain.
#![cfg(feature = "diagnose")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use core::time::Duration;

use presign::diagnose::{Certainty, Diagnosis, Evidence};
use presign::{Bucket, Credentials, Method, Presigner, Timestamp};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

/// A request in transit.
#[derive(Clone, Debug)]
struct Sent {
    url: String,
    method: &'static str,
    headers: Vec<(&'static str, String)>,
    at: i64,
    /// The secret is known, but is not the one that signed.
    other_secret: bool,
}

/// The damage, which causes may be certain then, and which of them is expected with the secret if this is the only
/// damage.
type Damage = (&'static str, fn(&mut Sent), &'static [&'static str]);

const DAMAGES: &[Damage] = &[
    (
        "another method",
        |sent| sent.method = "HEAD",
        &["MethodDiffers"],
    ),
    (
        "encoded twice",
        |sent| change_path(sent, |path| path.replace('%', "%25")),
        &["PathEncoding"],
    ),
    (
        "+ for space",
        |sent| change_path(sent, |path| path.replace("%20", "+")),
        &["KeyRewritten"],
    ),
    (
        "a slash more",
        |sent| change_path(sent, |path| format!("{path}/")),
        &["KeyRewritten"],
    ),
    (
        "a port",
        |sent| sent.url = sent.url.replacen(".com/", ".com:8080/", 1),
        &["HostChanged"],
    ),
    (
        "another region",
        |sent| sent.url = sent.url.replace("%2Feu-west-1%2F", "%2Fsa-east-1%2F"),
        &["WrongRegion", "ScopeChanged"],
    ),
    (
        "another expiry",
        |sent| sent.url = sent.url.replacen("Expires=3600&", "Expires=1234&", 1),
        &["QueryChanged"],
    ),
    (
        "trackers",
        |sent| sent.url += "&utm_source=a&utm_medium=b",
        &["QueryAdded"],
    ),
    (
        "a parameter more",
        |sent| sent.url += "&zz=%20",
        &["QueryAdded"],
    ),
    (
        "a parameter less",
        |sent| sent.url = sent.url.replacen("&x-id=GetObject", "", 1),
        &["QueryRemoved"],
    ),
    ("no token", without_token, &["TokenMissing"]),
    (
        "another token",
        |sent| sent.url = sent.url.replacen("Security-Token=", "Security-Token=x", 1),
        &["TokenAltered"],
    ),
    (
        "a header less",
        |sent| sent.headers.retain(|(name, _)| *name != "x-amz-meta-a"),
        &["SignedHeaderMissing"],
    ),
    (
        "a header more",
        |sent| sent.headers.push(("x-amz-acl", "private".into())),
        &["HeaderNotSigned"],
    ),
    (
        "a charset",
        |sent| {
            sent.headers.iter_mut().for_each(|(name, value)| {
                if *name == "content-type" {
                    *value += ";charset=UTF-8";
                }
            })
        },
        &["HeaderChanged"],
    ),
    (
        "authorization",
        |sent| sent.headers.push(("authorization", "Bearer x".into())),
        &["TwoAuthentications"],
    ),
    (
        "expired",
        |sent| sent.at = NOW.as_unix() + 3600,
        &["Expired"],
    ),
    (
        "too early",
        |sent| sent.at = NOW.as_unix() - 1000,
        &["ClockSkew"],
    ),
    (
        "cut off",
        |sent| sent.url.truncate(sent.url.len() - 30),
        &["CutOff"],
    ),
    ("a quote", |sent| sent.url += "\"", &["TrailingText"]),
    (
        "from HTML",
        |sent| sent.url = sent.url.replace('&', "&amp;"),
        &["HtmlEscaped"],
    ),
    (
        "from JSON",
        |sent| sent.url = sent.url.replace('&', "\\u0026"),
        &["JsonEscaped"],
    ),
    (
        "from a shell",
        |sent| sent.url = sent.url.replace('&', "\\&"),
        &["ShellEscaped"],
    ),
    (
        "no scheme",
        |sent| sent.url = sent.url.replacen("https://", "", 1),
        &["NoScheme"],
    ),
    (
        "a line break",
        |sent| sent.url = sent.url.replacen("&X-Amz-Exp", "\n&X-Amz-Exp", 1),
        &["LineBreak"],
    ),
    (
        "credential encoded twice",
        |sent| sent.url = sent.url.replace("%2F", "%252F"),
        &["EncodedTwice"],
    ),
    ("another secret", |sent| sent.other_secret = true, &[]),
];

/// What AWS accepts is not a cause.
const HARMLESS: &[fn(&str) -> String] = &[
    |url| url.replace("%2F", "/"),
    |url| url.replace("%C3%A9", "%c3%a9"),
    |url| url.replace("%C3%A9", "é"),
    |url| format!("{url}#page=2"),
];

fn change_path(sent: &mut Sent, change: impl Fn(&str) -> String) {
    if let Some((path, query)) = sent.url.split_once('?') {
        let start = path.find(".com").map_or(0, |at| at + 4);
        sent.url = format!("{}{}?{query}", &path[..start], change(&path[start..]));
    }
}

fn without_token(sent: &mut Sent) {
    let Some(at) = sent.url.find("X-Amz-Security-Token=") else {
        return;
    };
    let end = sent.url[at..]
        .find("X-Amz-SignedHeaders")
        .map_or(at, |end| at + end);
    sent.url.replace_range(at..end, "");
}

#[derive(Clone, Debug)]
struct Link {
    method: Method,
    key: String,
    secret: String,
    token: String,
    query: Vec<(String, String)>,
}

prop_compose! {
    fn link()(
        method in prop::sample::select(vec![Method::Get, Method::Put, Method::Delete]),
        key in "([a-zé ]{1,6}/){0,2} é[a-z]{1,8}",
        secret in "[A-Za-z0-9/+]{40}",
        token in "[A-Za-z0-9/+]{40,200}",
        query in prop::collection::btree_map("[a-z]{3,6}", "[a-z ]{0,9}", 0..3),
    ) -> Link {
        Link { method, key, secret, token, query: query.into_iter().collect() }
    }
}

impl Link {
    fn sent(&self) -> Sent {
        let credentials = self.credentials();
        let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
        let mut query: Vec<_> = self
            .query
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        query.push(("x-id", "GetObject"));
        let headers = [("content-type", "text/plain"), ("x-amz-meta-a", "b c")];
        let presigner = Presigner::new(self.method, &credentials, &bucket, &self.key);
        let presigner = presigner
            .query(&query)
            .headers(&headers)
            .expires_in(Duration::from_secs(3600));
        Sent {
            url: presigner.sign_at(NOW).unwrap().into_string(),
            method: self.method.as_str(),
            headers: headers.map(|(name, value)| (name, value.to_owned())).into(),
            at: NOW.as_unix(),
            other_secret: false,
        }
    }

    fn credentials(&self) -> Credentials<'_> {
        Credentials::new("ASIAIOSFODNN7EXAMPLE", &self.secret).session_token(&self.token)
    }

    /// Diagnoses with and without the secret.
    fn diagnose(&self, sent: &Sent, answer: &str) -> [Diagnosis; 2] {
        let headers: Vec<_> = sent
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let evidence = Evidence::new(&sent.url)
            .method(sent.method)
            .headers(&headers);
        let evidence = evidence.at(Timestamp::from_unix(sent.at)).answer(answer);
        let credentials = if sent.other_secret {
            Credentials::new("ASIAIOSFODNN7EXAMPLE", "another").session_token(&self.token)
        } else {
            self.credentials()
        };
        let all = [
            evidence.clone().credentials(&credentials).diagnose(),
            evidence.diagnose(),
        ];
        for diagnosis in &all {
            let mut printed = format!("{evidence:?} {diagnosis:?}");
            diagnosis
                .causes()
                .iter()
                .for_each(|cause| printed += &cause.to_string());
            for secret in [&self.secret, &self.token[..20]] {
                assert!(!printed.contains(secret), "{printed}");
            }
        }
        all
    }
}

fn certain(diagnosis: &Diagnosis) -> Vec<&'static str> {
    let causes = diagnosis.causes().iter();
    let causes = causes.filter(|cause| cause.certainty() == Certainty::Certain);
    causes.map(|cause| cause.name()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_damage(link in link(), damage in prop::sample::select(DAMAGES)) {
        let (what, damage, causes) = damage;
        let mut sent = link.sent();
        damage(&mut sent);
        let [with_secret, without] = link.diagnose(&sent, "");
        for diagnosis in [&with_secret, &without] {
            for name in certain(diagnosis) {
                prop_assert!(causes.contains(&name), "{what}: {diagnosis:?}");
            }
        }
        let first = with_secret.causes().first().map_or("", |cause| cause.name());
        prop_assert!(!first.is_empty(), "{what}");
        if let Some(expected) = causes.first() {
            prop_assert_eq!(first, *expected, "{}: {:?}", what, with_secret);
        }
    }

}

proptest! {
    // Two changes at once produce many hypotheses, and each case runs four diagnoses.
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_damages(link in link(), first in prop::sample::select(DAMAGES), second in prop::sample::select(DAMAGES)) {
        let mut sent = link.sent();
        (first.1)(&mut sent);
        (second.1)(&mut sent);
        let mismatch = "<Error><Code>SignatureDoesNotMatch</Code></Error>";
        for answer in ["", mismatch] {
            let [with_secret, without] = link.diagnose(&sent, answer);
            prop_assert!(!with_secret.causes().is_empty());
            for diagnosis in [&with_secret, &without] {
                for name in certain(diagnosis) {
                    let done = first.2.contains(&name) || second.2.contains(&name);
                    prop_assert!(done, "{} and {}: {:?} {}", first.0, second.0, diagnosis, sent.url);
                }
            }
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_aws_accepts(link in link(), change in prop::sample::select(HARMLESS)) {
        let mut sent = link.sent();
        sent.url = change(&sent.url);
        for diagnosis in link.diagnose(&sent, "") {
            let wrong: Vec<_> = diagnosis.causes().iter().filter(|cause| cause.name() != "MethodDiffers").collect();
            prop_assert!(wrong.is_empty(), "{wrong:?} {}", sent.url);
        }
    }

    /// No secret appears in the output, whatever the input.
    #[test]
    fn never_panics(
        link in link(),
        method in ".{0,8}",
        url in "(https://h(/|%2[0-9a-f]|\\?|&|#|X-Amz-[A-Za-z]{1,12}=|.){0,40})|.{0,60}",
        answer in "(<(/)?(Error|Code|CanonicalRequest|StringToSign|Message|Resource)>|AccessDenied|SignatureDoesNotMatch|HTTP/1.1 |> |.){0,20}",
        name in ".{0,8}",
    ) {
        let headers = [(name.as_str(), "value")];
        let evidence = Evidence::new(&url).method(&method).headers(&headers).at(NOW).answer(&answer).form(&headers);
        let credentials = link.credentials();
        prop_assert!(evidence.diagnose().causes().len() <= 32);
        prop_assert!(evidence.credentials(&credentials).diagnose().causes().len() <= 32);
    }
}
