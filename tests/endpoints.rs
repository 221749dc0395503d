//! AWS's endpoint rules: each case in `tests/data/endpoints.jsonl` has the address and scheme that the rules require,
//! or differs for a reason given in `tests/data/endpoints.md`.

#![cfg(feature = "alloc")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::collections::BTreeMap;

use presign::{Bucket, Credentials, Error, Method, Presigner, Timestamp};
use serde_json::Value;

const CASES: &str = include_str!("data/endpoints.jsonl");
const REASONS: &str = include_str!("data/endpoints.md");

/// An address, and how requests to it are signed: algorithm, service and region.
type Resolved = Result<(String, String), String>;

#[test]
fn each_case_is_as_the_rules_say() {
    let mut differences = BTreeMap::<String, Vec<String>>::new();
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let ours = resolve(&case);
        let agrees = match (&ours, case["url"].as_str()) {
            (Ok((url, scheme)), Some(expected)) => {
                let mut schemes = case["schemes"].as_array().unwrap().iter();
                url == expected && schemes.any(|expected| expected == scheme)
            }
            (Err(error), None) => error != "NeedsSigv4a",
            (Err(error), Some(url)) => {
                error == "NeedsSigv4a" && url.contains(".mrap.") && cfg!(not(feature = "sigv4a"))
            }
            (Ok(_), None) => false,
        };
        let reason = case["differs"].as_str();
        assert_eq!(agrees, reason.is_none(), "{line}\n{ours:?}");
        if let Some(reason) = reason {
            let outcome = match (ours, case["url"].as_str()) {
                (Err(error), _) => error,
                (Ok(_), None) => "accepted".to_owned(),
                (Ok(_), Some(_)) => "other address".to_owned(),
            };
            differences
                .entry(reason.to_owned())
                .or_default()
                .push(outcome);
        }
    }
    for (reason, outcomes) in &mut differences {
        outcomes.sort();
        let count = outcomes.len();
        outcomes.dedup();
        let row = format!("| `{reason}` | {count} | {} | ", outcomes.join(" or "));
        assert!(REASONS.contains(&row), "endpoints.md lacks\n{row}");
    }
    let rows = REASONS
        .lines()
        .filter(|line| line.starts_with("| `"))
        .count();
    assert_eq!(rows, differences.len(), "reasons without a case");
}

/// The library's result for a case: the URL of the bucket or service, or the name of an error.
fn resolve(case: &Value) -> Resolved {
    let settings = case["settings"].as_array().into_iter().flatten();
    if settings
        .into_iter()
        .any(|setting| setting == "object_lambda_endpoint")
    {
        return Err("not offered".to_owned());
    }
    let bucket = bucket(case).map_err(variant)?;
    let mut schemes = case["schemes"].as_array().into_iter().flatten();
    let is_session = schemes.any(|scheme| scheme.as_str().unwrap().starts_with("sigv4-s3express"));
    let credentials = Credentials::new("ASIAEXAMPLE", "secret");
    let credentials = match is_session {
        true => credentials.express_session_token("token"),
        false => credentials.session_token("token"),
    };
    let key = "key";
    let presigner = match case["name"].as_str() {
        Some(_) => Presigner::get(&credentials, &bucket, key),
        None => Presigner::bucket(Method::Get, &credentials, &bucket),
    };
    let url = presigner
        .sign_at(Timestamp::from_unix(0))
        .map_err(variant)?;
    let (address, query) = url.as_str().split_once('?').unwrap();
    let address = address.strip_suffix(key).unwrap_or(address);
    let parameter = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut values = pairs.filter(|(given, _)| *given == name);
        values
            .next()
            .map(|(_, value)| value.replace("%2F", "/").replace("%2A", "*"))
    };
    let credential = parameter("X-Amz-Credential").unwrap();
    let scope: Vec<_> = credential.split('/').collect();
    let scheme = match parameter("X-Amz-Region-Set") {
        Some(set) => format!("sigv4a {} {set}", scope[2]),
        None => {
            let algorithm = match parameter("X-Amz-S3session-Token") {
                Some(_) => "sigv4-s3express",
                None => "sigv4",
            };
            format!("{algorithm} {} {}", scope[3], scope[2])
        }
    };
    Ok((address.trim_end_matches('/').to_owned(), scheme))
}

fn bucket(case: &Value) -> Result<Bucket<'_>, Error> {
    let region = case["region"].as_str().unwrap();
    let mut bucket = match case["name"].as_str() {
        Some(name) => Bucket::new(name, region)?,
        None => Bucket::service(region)?,
    };
    if let Some(url) = case["endpoint"].as_str() {
        bucket = bucket.endpoint(url)?;
    }
    for setting in case["settings"].as_array().into_iter().flatten() {
        bucket = match setting.as_str().unwrap() {
            "accelerate" => bucket.accelerate(),
            "control_endpoint" => bucket.control_endpoint(),
            "dual_stack" => bucket.dual_stack(),
            "fips" => bucket.fips(),
            "global_endpoint" => bucket.global_endpoint(),
            "path_style" => bucket.path_style(),
            "same_region" => bucket.same_region(),
            setting => panic!("{setting}"),
        };
    }
    Ok(bucket)
}

fn variant(error: Error) -> String {
    let text = format!("{error:?}");
    text.split(' ').next().unwrap_or_default().to_owned()
}
