//! Policies for browser uploads have the same meaning as those of six SDKs and of the AWS documentation, and each
//! signature matches the document that is sent.
#![cfg(feature = "post")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)] // clippy.toml covers only `#[test]` functions

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use presign::post::{PostForm, PostPolicy};
use presign::{Bucket, Credentials, Timestamp};
use serde_json::Value;
use sha2::Sha256;

const CASES: &str = include_str!("data/post_policies.txt");

// Values that all cases share.
const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html>
const DOCUMENTED: &str = concat!(
    "{ \"expiration\": \"2015-12-30T12:00:00.000Z\",\r\n",
    "  \"conditions\": [\r\n",
    "    {\"bucket\": \"sigv4examplebucket\"},\r\n",
    "    [\"starts-with\", \"$key\", \"user/user1/\"],\r\n",
    "    {\"acl\": \"public-read\"},\r\n",
    "    {\"success_action_redirect\": \"http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html\"},\r\n",
    "    [\"starts-with\", \"$Content-Type\", \"image/\"],\r\n",
    "    {\"x-amz-meta-uuid\": \"14365123651274\"},\r\n",
    "    {\"x-amz-server-side-encryption\": \"AES256\"},\r\n",
    "    [\"starts-with\", \"$x-amz-meta-tag\", \"\"],\r\n",
    "\r\n",
    "    {\"x-amz-credential\": \"AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request\"},\r\n",
    "    {\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"},\r\n",
    "    {\"x-amz-date\": \"20151229T000000Z\" }\r\n",
    "  ]\r\n",
    "}"
);

#[test]
fn documented_example() {
    let base64 = STANDARD.encode(DOCUMENTED);
    assert_eq!(
        signature("20151229", "us-east-1", &base64),
        "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"
    );
    let text = CASES.replace("{2028}", "\u{2028}");
    let case = cases(&text).find(|case| case.name == "doc").unwrap();
    assert_eq!(meaning(case.form().policy()), meaning(DOCUMENTED));
}

/// How an SDK's policies compare with ours.
#[derive(Default)]
struct Tally {
    policies: usize,
    /// Policies with the same conditions as ours.
    equal: usize,
    /// A fixed value for a field with `starts-with`, as a second condition: the sender no longer has a choice.
    fixed: usize,
    /// A `${filename}` in the key taken literally, so that no file's name passes.
    literal_key: usize,
    /// A field in the form without a condition, for which S3 refuses the form.
    uncovered: usize,
    /// A requested condition that is missing.
    left_out: usize,
    /// Conditions that repeat another one.
    repeated: usize,
    /// The URLs of forms, each of which we can create as well.
    urls: usize,
}

#[test]
fn six_sdks() {
    let text = CASES.replace("{2028}", "\u{2028}");
    let (mut names, mut errors) = (0, 0);
    let mut tallies = BTreeMap::<&str, Tally>::new();
    for case in cases(&text) {
        let form = case.form();
        check_signature(&form, &case.day(), case.region);
        let ours = meaning(form.policy());
        assert_eq!(ours.repeated, 0, "{}", case.name);
        for recorded in &case.recorded {
            let what = format!("{} by {}", case.name, recorded.sdk);
            let base64 = STANDARD.encode(&recorded.policy);
            assert_eq!(
                signature(&case.day(), case.region, &base64),
                recorded.signature,
                "{what}"
            );
            let tally = tallies.entry(recorded.sdk).or_default();
            tally.policies += 1;
            tally.add(&case, &ours, &meaning(&recorded.policy), &what);
            if let Some(url) = recorded.url {
                let actions = case.actions();
                let url = url.trim_end_matches('/');
                assert!(
                    actions.iter().any(|action| action == url),
                    "{what}: {url} is not in {actions:?}"
                );
                tally.urls += 1;
            }
        }
        names += 1;
        errors += case.errors;
    }
    let mut table = format!("{names} cases, {errors} refused by an SDK\n{HEADER}\n");
    for (sdk, tally) in tallies {
        table += &format!("{sdk:<8}{}\n", tally.row());
    }
    println!("{table}");
    assert_eq!(table, EXPECTED);
}

const HEADER: &str =
    "         policies  equal  fixed  literal key  uncovered  left out  repeated  urls";
const EXPECTED: &str = "\
17 cases, 1 refused by an SDK
         policies  equal  fixed  literal key  uncovered  left out  repeated  urls
boto3          17     16      0            0          1         0         0    17
js2            17     12      3            2          0         0         8    17
js3            17     14      3            0          0         0         2    17
minio-py       16     13      3            0          0         0         1     0
php            17     16      0            0          1         0         0    17
ruby           17     13      3            0          0         1         0    17
";

impl Tally {
    fn row(&self) -> String {
        let Self {
            policies,
            equal,
            fixed,
            literal_key,
            uncovered,
            left_out,
            repeated,
            urls,
        } = self;
        format!(
            "{policies:>9}{equal:>7}{fixed:>7}{literal_key:>13}{uncovered:>11}{left_out:>10}{repeated:>10}{urls:>6}"
        )
    }

    /// Assigns every difference to a known kind.
    #[track_caller]
    fn add(&mut self, case: &Case<'_>, ours: &Meaning, theirs: &Meaning, what: &str) {
        assert_eq!(ours.end, theirs.end, "{what}");
        self.repeated += theirs.repeated;
        let given = |name: &str, value: &str| {
            let mut fields = case.fields.iter();
            fields.any(|(field, given)| field.eq_ignore_ascii_case(name) && *given == value)
        };
        for condition in theirs.conditions.difference(&ours.conditions) {
            let [operator, name, value] = condition.each_ref().map(String::as_str);
            let open = ours.conditions.iter().any(|ours| {
                ours[0] == "starts-with" && ours[1] == name && value.starts_with(&ours[2])
            });
            match (operator, name) {
                ("eq", "key") if open && value == case.key => self.literal_key += 1,
                ("eq", _) if open && given(name, value) => self.fixed += 1,
                _ => panic!("{what} adds {condition:?}"),
            }
        }
        for condition in ours.conditions.difference(&theirs.conditions) {
            let [operator, name, value] = condition.each_ref().map(String::as_str);
            match (operator, name) {
                ("starts-with", "key") => {} // counted above
                ("eq", _) if given(name, value) => self.uncovered += 1,
                ("eq", _) => self.left_out += 1,
                _ => panic!("{what} lacks {condition:?}"),
            }
        }
        self.equal += usize::from(ours.conditions == theirs.conditions);
    }
}

/// Temporary credentials, and a signing key instead of them, which no case uses.
#[test]
fn session_token_and_signing_key() {
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY).session_token("to/k+en==");
    let bucket = Bucket::new("sigv4examplebucket", "us-east-1").unwrap();
    let now = Timestamp::from_unix(1_451_347_200); // 2015-12-29T00:00:00Z
    let form = PostPolicy::new(&credentials, &bucket, "k")
        .sign_at(now)
        .unwrap();
    check_signature(&form, "20151229", "us-east-1");
    let token = ["x-amz-security-token", "to/k+en=="];
    assert_eq!(field(&form, token[0]), token[1]);
    let condition = ["eq", token[0], token[1]].map(str::to_owned);
    assert!(meaning(form.policy()).conditions.contains(&condition));

    let today = credentials.signing_key(&bucket, now).unwrap();
    let same = PostPolicy::new(&today, &bucket, "k").sign_at(now).unwrap();
    assert!(form == same);
}

/// A case of the data file.
#[derive(Default)]
struct Case<'t> {
    name: &'t str,
    bucket: &'t str,
    region: &'t str,
    key: &'t str,
    time: &'t str,
    expires: Option<&'t str>,
    path_style: bool,
    fields: Vec<(&'t str, &'t str)>,
    exact: Vec<(&'t str, &'t str)>,
    starts_with: Vec<(&'t str, &'t str)>,
    recorded: Vec<Recorded<'t>>,
    errors: usize,
}

struct Recorded<'t> {
    sdk: &'t str,
    url: Option<&'t str>,
    signature: &'t str,
    policy: String,
}

fn cases(text: &str) -> impl Iterator<Item = Case<'_>> {
    text.split("\ncase ").skip(1).map(Case::parse)
}

impl<'t> Case<'t> {
    fn parse(text: &'t str) -> Self {
        let mut lines = text.split('\n');
        let mut case = Self {
            name: lines.next().unwrap(),
            ..Self::default()
        };
        for line in lines.take_while(|line| !line.is_empty()) {
            if let [sdk, url, signature, policy] = line.splitn(4, " | ").collect::<Vec<_>>()[..] {
                let recorded = Recorded {
                    sdk,
                    url: Some(url).filter(|url| *url != "-"),
                    signature,
                    policy: case.unfold(policy),
                };
                case.recorded.push(recorded);
                continue;
            }
            let (what, value) = line.split_once(' ').unwrap();
            let pair = || value.split_once(' ').unwrap_or((value, ""));
            match what {
                "bucket" => case.bucket = value,
                "region" => case.region = value,
                "key" => case.key = value,
                "time" => case.time = value,
                "expires" => case.expires = Some(value),
                "style" => case.path_style = value == "path",
                "field" => case.fields.push(pair()),
                "eq" => case.exact.push(pair()),
                "starts-with" => case.starts_with.push(pair()),
                "error" => case.errors += 1,
                _ => panic!("{}: what is {what}?", case.name),
            }
        }
        case
    }

    fn unfold(&self, policy: &str) -> String {
        let credential = format!(
            "{ACCESS_KEY_ID}/{}/{}/s3/aws4_request",
            self.day(),
            self.region
        );
        policy
            .replace("{credential\\/}", &credential.replace('/', "\\/"))
            .replace("{credential}", &credential)
            .replace("{date}", &self.time.replace(['-', ':'], ""))
    }

    /// `YYYYMMDD`.
    fn day(&self) -> String {
        self.time.split_once('T').unwrap().0.replace('-', "")
    }

    fn bucket(&self) -> Bucket<'t> {
        let bucket = Bucket::new(self.bucket, self.region).unwrap();
        if self.path_style {
            bucket.path_style()
        } else {
            bucket
        }
    }

    /// The same policy with our setters. A field with a `starts-with` condition is left to the sender.
    fn form(&self) -> PostForm {
        let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY);
        let bucket = self.bucket();
        let mut policy = PostPolicy::new(&credentials, &bucket, self.key);
        if let Some(seconds) = self.expires {
            policy = policy.expires_in(Duration::from_secs(seconds.parse().unwrap()));
        }
        let has = |list: &[(&str, &str)], name: &str| {
            list.iter()
                .any(|(other, _)| other.eq_ignore_ascii_case(name))
        };
        for (name, prefix) in &self.starts_with {
            policy = policy.field_starts_with(name, prefix);
        }
        for (name, value) in &self.exact {
            policy = policy.field(name, value);
        }
        for (name, value) in &self.fields {
            if !has(&self.starts_with, name) && !has(&self.exact, name) {
                policy = policy.field(name, value);
            }
        }
        policy
            .sign_at(self.time.parse::<Timestamp>().unwrap())
            .unwrap()
    }

    /// The URLs of the form in every known style and host, without a trailing slash.
    fn actions(&self) -> Vec<String> {
        let bucket = self.bucket();
        let buckets = [
            bucket.clone(),
            bucket.clone().path_style(),
            bucket.clone().global_endpoint(),
            bucket.global_endpoint().path_style(),
            // Some SDKs do not do everything that the case requests.
            Bucket::new(self.bucket, self.region).unwrap(),
        ];
        let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY);
        buckets
            .iter()
            .map(|bucket| {
                let policy = PostPolicy::new(&credentials, bucket, "k");
                let form = policy.sign_at(Timestamp::from_unix(0)).unwrap();
                form.action().trim_end_matches('/').to_owned()
            })
            .collect()
    }
}

/// What a policy means, however it is written.
#[derive(Debug, PartialEq, Eq)]
struct Meaning {
    end: Timestamp,
    /// Operator, field in lower case, value.
    conditions: BTreeSet<[String; 3]>,
    /// The number of conditions that repeat another one.
    repeated: usize,
}

#[track_caller]
fn meaning(policy: &str) -> Meaning {
    let policy: Value = serde_json::from_str(policy).unwrap();
    let conditions = policy["conditions"].as_array().unwrap();
    let set: BTreeSet<_> = conditions.iter().map(condition).collect();
    Meaning {
        end: policy["expiration"].as_str().unwrap().parse().unwrap(),
        repeated: conditions.len() - set.len(),
        conditions: set,
    }
}

#[track_caller]
fn condition(value: &Value) -> [String; 3] {
    match value {
        Value::Object(pair) if pair.len() == 1 => {
            let (name, value) = pair.iter().next().unwrap();
            let value = value.as_str().unwrap();
            ["eq".into(), name.to_ascii_lowercase(), value.into()]
        }
        Value::Array(parts) => match &parts[..] {
            [
                Value::String(operator),
                Value::String(name),
                Value::String(value),
            ] => [
                operator.clone(),
                name.strip_prefix('$').unwrap().to_ascii_lowercase(),
                value.clone(),
            ],
            _ => panic!("{value}"),
        },
        _ => panic!("{value}"),
    }
}

/// The form's fields are consistent: the policy field matches the document, and the signature is valid.
#[track_caller]
fn check_signature(form: &PostForm, day: &str, region: &str) {
    let base64 = field(form, "policy");
    assert_eq!(STANDARD.decode(base64).unwrap(), form.policy().as_bytes());
    assert_eq!(
        field(form, "x-amz-signature"),
        signature(day, region, base64)
    );
}

#[track_caller]
fn field<'f>(form: &'f PostForm, name: &str) -> &'f str {
    let mut fields = form.fields().filter(|(field, _)| *field == name);
    let (_, value) = fields.next().unwrap();
    assert!(fields.next().is_none(), "{name} twice");
    value
}

/// The signature of a policy's base64, computed from the specification alone: a chain of HMACs over day, region,
/// service and terminator, then over the text.
fn signature(day: &str, region: &str, base64: &str) -> String {
    let secret = format!("AWS4{SECRET_ACCESS_KEY}");
    let parts = [day, region, "s3", "aws4_request", base64];
    let mac = parts.iter().fold(secret.into_bytes(), |key, part| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(part.as_bytes());
        mac.finalize().into_bytes().to_vec()
    });
    mac.iter().map(|byte| format!("{byte:02x}")).collect()
}
