//! Random calls of whole SDKs, compared with the same request here.
//!
//! The library receives the inputs of the call. [`Sdk`] lists what each SDK adds, moves and omits; everything else must
//! be equal.

use std::process::Command;

use percent_encoding::percent_decode_str;
use presign::{Error, Method};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::TestError;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::arrival::Arrival;
use crate::case::{self, Case, Place};
use crate::process::Process;
use crate::runner::runner;
use crate::signed::Signed;

/// An SDK, and how its URLs differ from the plain request.
#[derive(Clone, Copy, Debug)]
pub struct Sdk {
    /// Its name below `tests/recordings`.
    pub name: &'static str,
    /// Parameters that it adds, in lower case.
    pub adds: &'static [&'static str],
    /// Whether it moves some `x-amz-*` headers into the query.
    pub moves_headers: bool,
    /// Headers that it omits, in lower case.
    pub never_signed: &'static [&'static str],
    /// Whether it uses the global host for us-east-1.
    pub global_endpoint: bool,
}

/// The SDKs that have a program in `tests/recordings`.
pub const SDKS: [Sdk; 4] = [
    Sdk {
        name: "boto3",
        adds: &[],
        moves_headers: false,
        never_signed: &[],
        global_endpoint: true,
    },
    Sdk {
        name: "js3",
        adds: &[
            "x-amz-checksum-crc32",
            "x-amz-checksum-mode",
            "x-amz-content-sha256",
            "x-amz-sdk-checksum-algorithm",
            "x-id",
        ],
        moves_headers: true,
        never_signed: &["cache-control", "content-type"],
        global_endpoint: false,
    },
    Sdk {
        name: "go2",
        adds: &["x-amz-checksum-mode", "x-id"],
        moves_headers: true,
        never_signed: &[],
        global_endpoint: false,
    },
    Sdk {
        name: "java2",
        adds: &[],
        moves_headers: false,
        never_signed: &[],
        global_endpoint: true,
    },
];

/// A call of an operation.
#[derive(Clone, Debug)]
pub struct Call {
    operation: &'static str,
    /// The members of its input, except bucket and key.
    members: Map<String, Value>,
    /// The request that it describes.
    case: Case,
}

#[derive(Deserialize)]
struct Answer {
    url: Option<String>,
    error: Option<String>,
}

/// Calls that every SDK can express and the library accepts.
pub fn calls() -> impl Strategy<Value = Call> {
    let who = (
        "[A-Z0-9]{16,20}",
        "[A-Za-z0-9/+]{40}",
        option::of("[A-Za-z0-9/+]{1,60}={0,2}"),
    );
    let when = (946_684_800..4_102_444_800_i64, 1..=604_800_u32); // 2000 to 2099
    (place(), case::key(), input(), who, when).prop_map(
        |(place, key, input, who, (time, expires))| {
            let (access_key_id, secret_access_key, session_token) = who;
            let (operation, method, members) = input;
            let mut call = Call {
                operation,
                members: Map::new(),
                case: Case {
                    method,
                    place,
                    key: Some(key),
                    query: Vec::new(),
                    headers: Vec::new(),
                    access_key_id,
                    secret_access_key,
                    session_token,
                    derived_key: false,
                    time,
                    expires,
                },
            };
            for (member, name, value) in members {
                call.set(member, name, value);
            }
            call
        },
    )
}

fn place() -> impl Strategy<Value = Place> {
    let regions = select(vec![
        ("us-east-1", "amazonaws.com"),
        ("eu-west-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
        ("us-gov-west-1", "amazonaws.com"),
    ]);
    // The final letter rules out directory buckets and access points.
    let bucket = "[a-z][a-z0-9-]{1,20}q";
    let endpoint = option::of(("https?", "[a-z][a-z0-9-]{0,8}q\\.example", 1024..u16::MAX));
    (regions, bucket, endpoint, any::<bool>()).prop_map(
        |((region, suffix), bucket, endpoint, path_style)| {
            let endpoint = endpoint.map(|(scheme, host, port)| format!("{scheme}://{host}:{port}"));
            let aws = format!("https://s3.{region}.{suffix}");
            let url = endpoint.as_ref().unwrap_or(&aws);
            let (scheme, host) = url.split_once("://").unwrap_or_default();
            let (origin, path) = if path_style {
                (url.clone(), format!("/{bucket}"))
            } else {
                (format!("{scheme}://{bucket}.{host}"), String::new())
            };
            Place {
                region: region.to_owned(),
                path_style,
                url: origin.clone(),
                origin,
                path,
                scope_region: region.to_owned(),
                service: "s3",
                region_set: None,
                bucket: Some(bucket),
                endpoint,
            }
        },
    )
}

/// A member of an input, the name of its header or parameter, and its value.
type Member = (&'static str, &'static str, Value);

fn input() -> impl Strategy<Value = (&'static str, Method, Vec<Member>)> {
    let line = || "[ -~é€😀]{0,12}[!-~]";
    let version = || "[A-Za-z0-9/+._-]{1,40}".prop_map(|id| ("VersionId", "versionId", json!(id)));
    let owner = || {
        "[0-9]{12}".prop_map(|id| {
            (
                "ExpectedBucketOwner",
                "x-amz-expected-bucket-owner",
                json!(id),
            )
        })
    };
    let payer = || Just(("RequestPayer", "x-amz-request-payer", json!("requester")));
    let any_of = |members: Vec<BoxedStrategy<Member>>| {
        let count = members.len();
        (
            members,
            subsequence((0..count).collect::<Vec<_>>(), 0..=count),
        )
            .prop_map(|(members, chosen)| {
                chosen
                    .into_iter()
                    .map(|at| members[at].clone())
                    .collect::<Vec<_>>()
            })
    };
    let get = any_of(vec![
        version().boxed(),
        owner().boxed(),
        payer().boxed(),
        line()
            .prop_map(|text| ("ResponseContentType", "response-content-type", json!(text)))
            .boxed(),
        line()
            .prop_map(|text| {
                (
                    "ResponseContentDisposition",
                    "response-content-disposition",
                    json!(text),
                )
            })
            .boxed(),
        line()
            .prop_map(|text| {
                (
                    "ResponseCacheControl",
                    "response-cache-control",
                    json!(text),
                )
            })
            .boxed(),
    ]);
    let one = any_of(vec![version().boxed(), owner().boxed(), payer().boxed()]);
    let metadata = btree_map("[a-z0-9-]{1,10}", "[!-~]{1,8}", 1..4);
    let put = any_of(vec![
        owner().boxed(),
        "[a-z]{1,8}/[a-z0-9.+-]{1,12}"
            .prop_map(|text| ("ContentType", "content-type", json!(text)))
            .boxed(),
        "[!-~]{1,20}"
            .prop_map(|text| ("CacheControl", "cache-control", json!(text)))
            .boxed(),
        metadata
            .prop_map(|pairs| ("Metadata", "x-amz-meta-", json!(pairs)))
            .boxed(),
        select(vec!["STANDARD_IA", "GLACIER"])
            .prop_map(|class| ("StorageClass", "x-amz-storage-class", json!(class)))
            .boxed(),
        vec("[a-z]{1,5}=[a-z0-9]{0,5}", 1..4)
            .prop_map(|tags| ("Tagging", "x-amz-tagging", json!(tags.join("&"))))
            .boxed(),
    ]);
    let part = (
        "[A-Za-z0-9/+=._-]{1,60}",
        1..=10_000_u16,
        any_of(vec![owner().boxed(), payer().boxed()]),
    );
    let part = part.prop_map(|(id, number, mut members)| {
        members.push(("UploadId", "uploadId", json!(id)));
        members.push(("PartNumber", "partNumber", json!(number)));
        members
    });
    prop_oneof![
        3 => get.prop_map(|members| ("GetObject", Method::Get, members)),
        3 => put.prop_map(|members| ("PutObject", Method::Put, members)),
        1 => one.clone().prop_map(|members| ("HeadObject", Method::Head, members)),
        1 => one.prop_map(|members| ("DeleteObject", Method::Delete, members)),
        1 => part.prop_map(|members| ("UploadPart", Method::Put, members)),
    ]
}

impl Call {
    fn set(&mut self, member: &str, name: &str, value: Value) {
        let case = &mut self.case;
        let header =
            name.starts_with("x-amz-") || ["content-type", "cache-control"].contains(&name);
        let list = if header {
            &mut case.headers
        } else {
            &mut case.query
        };
        match &value {
            Value::Object(pairs) => list.extend(
                pairs
                    .iter()
                    .map(|(rest, value)| (format!("{name}{rest}"), text(value))),
            ),
            value => list.push((name.to_owned(), text(value))),
        }
        self.members.insert(member.to_owned(), value);
    }

    fn request(&self, sdk: &Sdk) -> Value {
        let (case, place) = (&self.case, &self.case.place);
        let mut parameters = self.members.clone();
        parameters.insert("Bucket".into(), json!(place.bucket));
        parameters.insert("Key".into(), json!(case.key));
        json!({
            "setup": sdk.name,
            "operation": self.operation,
            "parameters": parameters,
            "signer": null,
            "credentials": [case.access_key_id, case.secret_access_key, case.session_token],
            "session": null,
            "time": case.time,
            "expires": case.expires,
            "region": place.region,
            "endpoint": place.endpoint,
            "style": place.path_style.then_some("path"),
            "dualstack": false,
            "fips": false,
            "accelerate": false,
            "global": false,
            "use_arn_region": null,
        })
    }

    /// The request that should produce the URL of an SDK.
    fn asked(&self, sdk: &Sdk, theirs: &Signed) -> Case {
        let mut case = self.case.clone();
        let place = &mut case.place;
        if sdk.global_endpoint && place.region == "us-east-1" && place.endpoint.is_none() {
            place.endpoint = Some("https://s3.amazonaws.com".into());
            place.origin = place.origin.replace("s3.us-east-1.", "s3.");
        }
        let shown = decoded(&theirs.query);
        let signed = shown.iter().find(|(name, _)| name == "X-Amz-SignedHeaders");
        let signed = signed.map(|(_, names)| names.as_str()).unwrap_or_default();
        let (headers, rest): (Vec<_>, Vec<_>) = case
            .headers
            .drain(..)
            .partition(|(name, _)| signed.split(';').any(|one| one == name));
        case.headers = headers;
        for (name, value) in rest {
            let moved = shown
                .iter()
                .find(|(shown, _)| shown.eq_ignore_ascii_case(&name));
            match moved {
                Some((shown, _)) if sdk.moves_headers => case.query.push((shown.clone(), value)),
                _ if sdk.never_signed.contains(&&*name) => {}
                _ => case.headers.push((name, value)), // and the comparison fails
            }
        }
        for (name, value) in shown {
            let given = case.query.iter().any(|(given, _)| *given == name);
            if !given && sdk.adds.contains(&&*name.to_ascii_lowercase()) {
                case.query.push((name, value));
            }
        }
        case
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn decoded(pairs: &[String]) -> Vec<(String, String)> {
    let decode = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pairs = pairs
        .iter()
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut pairs: Vec<_> = pairs
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    pairs.sort();
    pairs
}

/// Presigns a call with an SDK and with the library.
///
/// # Errors
/// A report of how they differ.
pub fn compare(
    sdk: &Sdk,
    process: &Process,
    ours: &dyn Fn(&Case) -> Result<Signed, Error>,
    call: &Call,
) -> Result<(), String> {
    let answer: Answer = process.ask(&call.request(sdk))?;
    let Some(url) = answer.url else {
        return Err(format!("{} refuses: {:?}", sdk.name, answer.error));
    };
    let theirs = Signed::new(&url, "", "");
    let case = call.asked(sdk, &theirs);
    let mine = ours(&case).map_err(|error| format!("presign refuses: {error}\n{url}"))?;
    let same = [
        ("origin", mine.origin == theirs.origin),
        ("path", mine.path == theirs.path),
        ("query", decoded(&mine.query) == decoded(&theirs.query)),
        ("signature", mine.signature == theirs.signature),
    ];
    let differ: Vec<_> = same
        .iter()
        .filter(|(_, same)| !same)
        .map(|(what, _)| *what)
        .collect();
    if !differ.is_empty() {
        let name = sdk.name;
        return Err(format!(
            "presign and {name} differ in {}\npresign: {}\n{name}: {url}\n{}",
            differ.join(", "),
            mine.url(),
            mine.canonical_request
        ));
    }
    let arrived = Arrival::new(&case, url.clone()).verify();
    arrived.map_err(|rejection| format!("the verifier refuses {url}: {rejection}"))?;
    Ok(())
}

/// Compares random calls; returns how many.
///
/// # Errors
/// The first difference, shrunk.
pub fn hold(
    sdk: &Sdk,
    process: &Process,
    ours: &dyn Fn(&Case) -> Result<Signed, Error>,
    seed: u64,
    count: u32,
) -> Result<u32, String> {
    let run = runner(seed, count).run(&calls(), |call| {
        compare(sdk, process, ours, &call).map_err(TestCaseError::fail)
    });
    match run {
        Ok(()) => Ok(count),
        Err(TestError::Abort(reason)) => panic!("no calls: {reason}"),
        Err(TestError::Fail(_, call)) => {
            let report = compare(sdk, process, ours, &call).err().unwrap_or_default();
            Err(format!(
                "{report}\n{call:#?}\n\nAgain: PRESIGN_SEED={seed} tests/differential/run"
            ))
        }
    }
}

/// Starts the program of an SDK that `tests/recordings/install` created.
///
/// # Errors
/// Why it does not start.
pub fn start(sdk: &Sdk) -> Result<Process, String> {
    let programs = concat!(env!("CARGO_MANIFEST_DIR"), "/../recordings/target");
    Process::start(&mut Command::new(format!("{programs}/{}", sdk.name)))
}
