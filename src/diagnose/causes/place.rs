//! Region, service and bucket.

use alloc::format;
use alloc::string::{String, ToString};

use super::super::answer::About;
use super::super::cause::Kind;
use super::super::comparison::shown_name;
use super::super::habits::{REGIONS, SERVICES};
use super::super::hosts;
use super::super::seen::Seen;
use super::super::text::decode;

static MULTI_REGION: Kind = Kind {
    name: "NeedsSigv4a",
    text: "the host belongs to a multi-region access point, which requires Signature Version 4A (AWS4-ECDSA-P256-SHA256)",
    way_out: "sign for the access point's ARN with SigV4a (feature sigv4a)",
    predicts: &[
        About::Mismatch,
        About::Parameter,
        About::Region,
        About::Redirect,
        About::Argument,
        About::Version2,
        About::Bucket,
    ],
    often: 90,
    weigh: |seen, found| {
        let v4 = seen.url.value("X-Amz-Algorithm") == Some("AWS4-HMAC-SHA256");
        if v4 && hosts::is_multi_region(seen.url.host) {
            found.certain(&[]);
        }
    },
    ..Kind::BASE
};

static WRONG_REGION: Kind = Kind {
    name: "WrongRegion",
    text: "the URL is signed for region {}, but the bucket is in {}",
    way_out: "sign for the bucket's region: Bucket::new(name, region)",
    predicts: &[
        About::Region,
        About::Redirect,
        About::Parameter,
        About::Mismatch,
        About::AccessKey,
    ],
    often: 85,
    weigh: |seen, found| {
        let about = seen.answer.about;
        if hosts::is_multi_region(seen.url.host) && !seen.auth.region.is_empty() {
            return; // it has no region
        }
        let told = expected_region(seen);
        let own = own_region(seen);
        if right_endpoint(seen).is_some() {
            return; // only the host is wrong
        }
        // The answer belongs to another URL.
        let contradicts = told.as_ref().is_some_and(|told| covers(&own, told));
        let elsewhere = told.as_ref().filter(|told| !covers(&own, told));
        // Garage gives the same answer for any wrong part of the scope, and names the right one.
        let malformed = seen.auth.malformed.contains(&"X-Amz-Credential");
        let other_part = expected_scope(seen, 1).is_some_and(|told| malformed || told == own);
        let by_answer = about == About::Region && !other_part;
        if by_answer || (redirects(seen) && elsewhere.is_some() && !hosts::is_global(seen.url.host))
        {
            let named = match (elsewhere, seen.answer.element("Endpoint")) {
                (Some(region), _) => region.clone(),
                (None, Some(host)) => format!("the region of {}", shown_name(host)),
                (None, None) => "another region".to_string(),
            };
            // An answer that refers to an endpoint without naming it may mean the host.
            let unnamed = seen.answer.element("Endpoint").is_none()
                && (seen.answer.code == "PermanentRedirect"
                    || seen.answer.message.contains("specified endpoint")
                    || seen.answer.code == "IllegalLocationConstraintException");
            let host = hosts::region(seen.url.host);
            let proven = elsewhere.is_some() || !unnamed || host == Some(own.as_str());
            found.certain_if(proven && !contradicts, &[&own, &named]);
            return;
        }
        // If the host names a region, AWS refuses signatures for another one, and other stores may. Hosts with a
        // data center such as fra1 belong to Ceph, which accepts any region.
        let host = hosts::region(seen.url.host)
            .filter(|host| hosts::is_region(host) && *host != own && !contradicts);
        if let Some(host) = host.filter(|_| hosts::is_region(&own) && about != About::Mismatch) {
            found.certain_if(seen.at_aws() && about == About::Nothing, &[&own, host]);
        } else if let Some(told) =
            elsewhere.filter(|_| matches!(about, About::Denied | About::Other | About::Parameter))
        {
            found.likely(&[&own, told]);
        }
    },
    ..Kind::BASE
};

static WRONG_ENDPOINT: Kind = Kind {
    name: "WrongEndpoint",
    text: "the store expects requests for this bucket at {}, not at {}",
    way_out: "sign for that host: Bucket::new(name, region), or Bucket::endpoint for stores other than AWS",
    predicts: &[About::Region, About::Redirect],
    often: 84,
    weigh: |seen, found| {
        let host = seen.url.host;
        if let Some(endpoint) = right_endpoint(seen).filter(|_| !hosts::is_global(host)) {
            found.certain(&[&shown_name(&endpoint), host]);
        }
    },
    ..Kind::BASE
};

static NOT_A_REGION: Kind = Kind {
    name: "NotARegion",
    text: "the URL is signed for {}, which is not a region of the store",
    way_out: "use the region's name, such as eu-west-1 (auto for R2), not that of a zone, a location or a service",
    predicts: &[About::Region, About::Redirect, About::Parameter],
    often: 86,
    weigh: |seen, found| {
        let region = &seen.auth.region;
        let aws = seen.at_aws() && !hosts::is_region(region);
        // <https://developers.cloudflare.com/r2/api/s3/api/#bucket-region>
        let r2 = [
            "auto",
            "us-east-1",
            "wnam",
            "enam",
            "weur",
            "eeur",
            "apac",
            "oc",
        ];
        let r2 = hosts::is_r2(seen.url.host) && !r2.contains(&region.as_str());
        if (aws || r2) && !region.is_empty() && !hosts::is_multi_region(seen.url.host) {
            found.certain(&[&region.escape_debug().to_string()]);
        }
    },
    ..Kind::BASE
};

static WRONG_SERVICE: Kind = Kind {
    name: "WrongService",
    text: "the URL is signed for the service {}, but the host requires the service {}",
    way_out: "set the signer's service name: s3 for every S3-compatible store",
    predicts: &[
        About::Service,
        About::Parameter,
        About::Mismatch,
        About::Region,
        About::NoForms,
    ],
    often: 84,
    weigh: |seen, found| {
        let (service, host) = (&seen.auth.service, hosts::service(seen.url.host));
        if service.is_empty() {
            return;
        }
        if let Some(expected) = host.filter(|expected| *expected != service.as_str()) {
            // Ceph, which some of these stores run, does not check the service.
            found.certain_if(
                seen.at_aws() || seen.answer.about == About::Service,
                &[service, expected],
            );
        } else if let Some(told) = expected_service(seen).filter(|told| *told != service.as_str()) {
            found.certain(&[service, told]);
        } else if seen.answer.about == About::Service && service != "s3" {
            found.certain(&[service, "s3"]);
        } else if host.is_none()
            && !hosts::is_other_aws(seen.url.host)
            && !SERVICES.contains(&service.as_str())
        {
            found.likely(&[service, "s3"]);
        }
    },
    ..Kind::BASE
};

static SCOPE_CHANGED: Kind = Kind {
    name: "ScopeChanged",
    text: "the credential's region or service was changed after signing: it was signed for {}",
    way_out: "pass the URL on unchanged",
    predicts: &[
        About::Mismatch,
        About::Region,
        About::Service,
        About::Parameter,
        About::NoForms,
    ],
    often: 30,
    tries: |seen, tries| {
        let Some(range) = tries.template.parameter("X-Amz-Credential") else {
            return;
        };
        let (region, service) = (&seen.auth.region, &seen.auth.service);
        for other in SERVICES {
            tries.scope(
                range.clone(),
                region,
                other,
                &[&format!("{region}, {other}")],
            );
        }
        for other in REGIONS {
            tries.scope(
                range.clone(),
                other,
                service,
                &[&format!("{other}, {service}")],
            );
        }
    },
    ..Kind::BASE
};

static WRONG_BUCKET: Kind = Kind {
    name: "WrongBucket",
    text: "the store looked for a bucket named {}, which {}",
    way_out: "check the bucket's name, and whether the store expects it in the host or in the path (path_style())",
    predicts: &[About::Bucket],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Bucket {
            let named = ["BucketName", "Bucket"]
                .into_iter()
                .find_map(|name| seen.answer.element(name));
            let named = named.or_else(|| hosts::bucket(seen.url.host));
            let named = named
                .filter(|name| name.len() <= 255)
                .unwrap_or("as in the URL");
            let unsure = seen.answer.message.contains("not authorized"); // Oracle
            let how = if unsure {
                "does not exist, or these credentials may not use it"
            } else if seen.answer.code == "InvalidBucketName" {
                "is not a valid name"
            } else {
                "does not exist"
            };
            found.certain_if(!unsure, &[named, how]);
        }
    },
    ..Kind::BASE
};

pub(in super::super) const KINDS: &[&Kind] = &[
    &MULTI_REGION,
    &WRONG_REGION,
    &WRONG_ENDPOINT,
    &NOT_A_REGION,
    &WRONG_SERVICE,
    &SCOPE_CHANGED,
    &WRONG_BUCKET,
];

/// A part of the right scope, which Garage names: 20240613/garage/s3/aws4_request.
fn expected_scope<'s>(seen: &'s Seen<'_>, part: usize) -> Option<&'s str> {
    let (_, scope) = seen.answer.message.split_once("expected: ")?;
    let scope = scope.trim_start_matches('\'').split([',', '\'']).next()?;
    scope.split('/').nth(part)
}

/// The service that the answer requires: Garage names the scope, AWS's gateways only the service.
fn expected_service<'s>(seen: &'s Seen<'_>) -> Option<&'s str> {
    let quoted = seen.answer.message.split_once("to correct service: '");
    let quoted = quoted.and_then(|(_, rest)| rest.split('\'').next());
    quoted.or_else(|| expected_scope(seen, 2))
}

/// Whether the store itself redirects, rather than a proxy or a network's login page.
pub(super) fn redirects(seen: &Seen<'_>) -> bool {
    let (answer, host) = (seen.answer, seen.url.host);
    let by_store = ["x-amz-bucket-region", "x-amz-request-id"]
        .iter()
        .any(|name| answer.header(name).is_some())
        || answer.header("server") == Some("AmazonS3")
        || location(seen).is_some_and(|to| hosts::region(to).is_some() && same_bucket(host, to));
    answer.about == About::Redirect && (by_store || !answer.is_status())
}

fn host_of(url: &str) -> &str {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    url.split('/').next().unwrap_or_default()
}

fn location<'s>(seen: &Seen<'s>) -> Option<&'s str> {
    let to = seen.answer.header("location").map(host_of);
    to.filter(|_| !hosts::is_website(seen.url.host)) // a website's own rule
}

/// Whether both hosts name the same bucket.
fn same_bucket(host: &str, to: &str) -> bool {
    hosts::bucket(host).is_some() && hosts::bucket(to) == hosts::bucket(host)
}

/// S3: `The eu-west-1 location constraint is incompatible for the region specific endpoint this request was sent to.`
fn location_constraint<'s>(seen: &'s Seen<'_>) -> Option<&'s str> {
    let (before, _) = seen.answer.message.split_once(" location constraint")?;
    let region = before.rsplit(' ').next()?;
    hosts::is_region(region).then_some(region)
}

/// The host of the bucket's region, if only the region in the host is wrong.
fn regional(seen: &Seen<'_>) -> Option<String> {
    let host = hosts::without_port(seen.url.host);
    let told = seen.answer.header("x-amz-bucket-region");
    let region = told.or_else(|| location_constraint(seen))?;
    let other = match hosts::region(host) {
        Some(named) => named != region && !hosts::is_access_point(host),
        None => hosts::is_global(host),
    };
    let china = region.starts_with("cn-").then_some(".cn");
    let domain = format!(".amazonaws.com{}", china.unwrap_or_default());
    (other && seen.at_aws() && host.ends_with(&domain)).then(|| format!("s3.{region}{domain}"))
}

/// The host that the answer names, if the URL is signed for its region, but not for the host.
pub(super) fn right_endpoint(seen: &Seen<'_>) -> Option<String> {
    let (answer, host, own) = (seen.answer, seen.url.host, signed_region(seen));
    if answer.about != About::Region && !redirects(seen) {
        return None;
    }
    let element = answer.element("Endpoint").map(host_of);
    let target = location(seen).filter(|to| hosts::region(to).is_some() || same_bucket(host, to));
    let named = element.or(target).map(String::from);
    let endpoint = named.or_else(|| regional(seen))?;
    let global = hosts::is_global(&endpoint).then_some("us-east-1");
    let bare = |region: &str| String::from(region.strip_prefix("oss-").unwrap_or(region));
    let in_own = match hosts::region(&endpoint).or(global) {
        Some(region) => own.as_ref().is_none_or(|own| covers(own, region)),
        None if endpoint.ends_with(".aliyuncs.com") => own.is_none_or(|own| {
            let mut labels = endpoint.split('.');
            labels.any(|label| bare(label) == bare(&own))
        }),
        None => element.is_some(),
    };
    let name = |host: &str| hosts::without_port(host).to_ascii_lowercase();
    let (asked, told) = (name(host), name(&endpoint));
    let same = asked.ends_with(&told) || told.ends_with(&asked);
    (in_own && !same).then_some(endpoint)
}

/// The bucket's region, if the answer reveals it.
pub(super) fn expected_region(seen: &Seen<'_>) -> Option<String> {
    let answer = seen.answer;
    let quoted = |start: &str, end: char| {
        let (_, rest) = answer.message.split_once(start)?;
        rest.split_once(end).map(|(region, _)| region)
    };
    let scope = expected_scope(seen, 1);
    let endpoint = answer.element("Endpoint").map(host_of);
    let host = endpoint.or(location(seen)).and_then(hosts::region);
    let region = quoted("expecting '", '\'')
        .or(scope)
        .or_else(|| location_constraint(seen))
        .or_else(|| answer.header("x-amz-bucket-region"))
        .or(host)
        .or_else(|| answer.element("Region"))?;
    let plain = region
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (plain && !region.is_empty() && region.len() <= 64).then(|| region.into())
}

/// Whether a region, or a set of regions such as `us-west-2,eu-*`, has this region.
fn covers(set: &str, region: &str) -> bool {
    let mut patterns = set.split(',').map(str::trim);
    patterns.any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => region.starts_with(start),
        None => region == pattern,
    })
}

/// The region or the set of regions that the URL or the form is signed for, if known.
fn signed_region(seen: &Seen<'_>) -> Option<String> {
    if !seen.auth.region.is_empty() {
        return Some(seen.auth.region.clone());
    }
    if let Some(set) = seen.url.value("X-Amz-Region-Set").map(decode) {
        return Some(set.chars().take(200).collect());
    }
    let refused = seen.answer.message.split_once("the region '");
    let refused = refused.and_then(|(_, rest)| rest.split('\'').next());
    refused
        .filter(|region| hosts::is_region(region))
        .map(String::from)
}

/// The same, as shown.
fn own_region(seen: &Seen<'_>) -> String {
    signed_region(seen).unwrap_or_else(|| {
        let known = !seen.auth.service.is_empty();
        String::from(if known { "\"\"" } else { "(unknown)" })
    })
}
