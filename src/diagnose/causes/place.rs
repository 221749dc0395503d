//! Where: region, service, host, and the way to the bucket.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::super::answer::About;
use super::super::cause::Kind;
use super::super::habits::{DOCKER_HOSTS, PORTS, REGIONS, SERVICES};
use super::super::hosts;
use super::super::search::Tries;
use super::super::seen::Seen;
use super::super::text::{decode, encode};

static MULTI_REGION: Kind = Kind {
    name: "NeedsSigv4a",
    text: "the host is that of a multi-region access point, which requires Signature Version 4A (AWS4-ECDSA-P256-SHA256)",
    way_out: "sign for the access point's ARN, by SigV4A (feature sigv4a)",
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
        let told = expected_region(seen);
        let region = &seen.auth.region;
        let own = if region.is_empty() {
            set_of_regions(seen)
        } else {
            region.clone()
        };
        let by_answer = matches!(about, About::Region);
        let elsewhere = told.as_ref().filter(|told| **told != own);
        if by_answer
            || (about == About::Redirect && elsewhere.is_some() && !hosts::is_global(seen.url.host))
        {
            let named = elsewhere.map_or("another", String::as_str);
            found.certain(&[&own, named]);
            return;
        }
        // The host names a region: AWS refuses a signature for another one, and other stores may.
        let host = hosts::region(seen.url.host).filter(|host| *host != own && !own.is_empty());
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

static NOT_A_REGION: Kind = Kind {
    name: "NotARegion",
    text: "the URL is signed for {}, which is not a region of the store",
    way_out: "use the region's name, such as eu-west-1, or auto at R2; not that of a zone, a place or a service",
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
            found.certain(&[region]);
        }
    },
    ..Kind::BASE
};

static WRONG_SERVICE: Kind = Kind {
    name: "WrongService",
    text: "the URL is signed for the service {}, but the host requires the service {}",
    way_out: "set the signer's service name, which is s3 at every store that is compatible with S3",
    predicts: &[
        About::Service,
        About::Parameter,
        About::Mismatch,
        About::Region,
    ],
    often: 84,
    weigh: |seen, found| {
        let (service, host) = (&seen.auth.service, hosts::service(seen.url.host));
        if service.is_empty() {
            return;
        }
        if let Some(expected) = host.filter(|expected| *expected != service.as_str()) {
            // Ceph, which is what some of these stores run, checks no service.
            found.certain_if(
                seen.at_aws() || seen.answer.about == About::Service,
                &[service, expected],
            );
        } else if seen.answer.about == About::Service {
            found.certain(&[service, "s3"]);
        } else if host.is_none() && !SERVICES.contains(&service.as_str()) {
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
    ],
    often: 30,
    tries: |seen, tries| {
        let template = tries.template;
        let pair = template
            .pairs
            .iter()
            .find(|pair| template.str(&pair.name) == "X-Amz-Credential");
        let Some(range) = pair.map(|pair| pair.value.clone()) else {
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

static GLOBAL_HOST: Kind = Kind {
    name: "GlobalHost",
    text: "S3 redirected the global host {} to the bucket's region, whose host ({}) is not the one that was signed",
    way_out: "sign for the regional host: leave out global_endpoint(), or configure the SDK's region",
    predicts: &[
        About::Mismatch,
        About::Redirect,
        About::Region,
        About::Parameter,
    ],
    often: 92,
    weigh: |seen, found| {
        let host = seen.url.host;
        if !hosts::is_global(host) {
            return;
        }
        let computed = seen
            .computed("header host")
            .filter(|row| row.differs())
            .and_then(|row| row.other());
        let regional = computed
            .filter(|host| hosts::region(host).is_some())
            .map(String::from);
        let region = expected_region(seen).unwrap_or_else(|| seen.auth.region.clone());
        let redirected = matches!(seen.answer.about, About::Redirect | About::Region);
        let other = hosts::is_region(&region) && region != "us-east-1";
        if let Some(regional) = regional {
            found.certain_if(seen.signature_holds(), &[host, &regional]);
        } else if redirected || (other && seen.mismatches()) {
            let told = format!("s3.{region}.amazonaws.com");
            found.certain_if(seen.answer.about == About::Redirect, &[host, &told]);
        }
    },
    ..Kind::BASE
};

static HOST: Kind = Kind {
    name: "HostChanged",
    text: "the host or port of the request differs from the one that was signed ({}): a proxy, an alias or a hand changed it",
    way_out: "sign for the address that the client uses (Bucket::endpoint), and let proxies pass Host on",
    predicts: &[About::Mismatch, About::Bucket, About::AccessKey],
    often: 76,
    weigh: |seen, found| {
        let host = seen.url.host;
        let sent = seen
            .header("host")
            .filter(|sent| !sent.eq_ignore_ascii_case(host) && !sent.is_empty());
        let computed = seen.computed("header host").filter(|row| row.differs());
        if !seen.may_mismatch() && sent.is_none() && computed.is_none() || !seen.is_presigned() {
            return;
        }
        if sent.is_some() || computed.is_some() {
            if !hosts::is_global(host) || sent.is_some() {
                found.certain_if(seen.signature_holds(), &[host]);
            }
        } else if !seen.at_aws() && seen.mismatches() && !seen.store_computed_the_same() {
            found.possible(&["unknown here"]);
        }
    },
    tries: |seen, tries| {
        addresses(seen, &mut |host, path| change_host(seen, tries, host, path));
    },
};

/// Tries another host, and perhaps another path.
fn change_host(seen: &Seen<'_>, tries: &mut Tries<'_, '_>, host: &str, path: &str) {
    let Some(range) = tries.template.header("host") else {
        return;
    };
    if host == seen.url.host {
        return; // another path alone is another cause
    }
    let decoded: Vec<u8> = percent_encoding::percent_decode_str(path).collect();
    let path = encode(&decoded, true);
    let edits = [
        (tries.template.path.clone(), path.as_slice()),
        (range, host.as_bytes()),
    ];
    tries.edit(&edits, &[host]);
}

/// Addresses that mean the same, by names that people swap.
fn addresses(seen: &Seen<'_>, add: &mut dyn FnMut(&str, &str)) {
    let (host, path) = (seen.url.host, seen.url.path);
    let bare = hosts::without_port(host);
    for header in ["host", "x-forwarded-host"] {
        if let Some(sent) = seen.header(header) {
            add(sent, path);
        }
    }
    add(bare, path);
    add(&host.to_ascii_lowercase(), path);
    for port in PORTS {
        add(&format!("{bare}:{port}"), path);
    }
    styles(seen, add);
    if seen.at_aws() {
        return;
    }
    let port = host.get(bare.len()..).unwrap_or_default();
    for name in DOCKER_HOSTS {
        add(&format!("{name}{port}"), path);
        add(name, path);
        for other in PORTS {
            add(&format!("{name}:{other}"), path);
        }
    }
}

/// The legacy host and the regional one; the bucket in the host and in the path.
fn styles(seen: &Seen<'_>, add: &mut dyn FnMut(&str, &str)) {
    let (host, path) = (seen.url.host, seen.url.path);
    let regional = format!("s3.{}.amazonaws.com", seen.auth.region);
    let mut services = alloc::vec!["s3.amazonaws.com".to_string(), regional];
    services.extend(host.split_once('.').map(|(_, rest)| rest.to_string()));
    for service in &services {
        let mut others = services.iter();
        let bucket = others.find_map(|other| host.strip_suffix(other.as_str())?.strip_suffix('.'));
        if let Some(bucket) = bucket {
            add(&format!("{bucket}.{service}"), path);
            add(service, &format!("/{bucket}{path}"));
        }
    }
    if let Some((bucket, key)) = path.strip_prefix('/').and_then(|path| path.split_once('/')) {
        let key = format!("/{key}");
        add(&format!("{bucket}.{host}"), &key);
        for service in &services {
            add(&format!("{bucket}.{service}"), &key);
            add(service, path);
        }
    }
}

static PATH_PREFIX: Kind = Kind {
    name: "PathPrefix",
    text: "a proxy changed the path: the store saw the resource {}, not the path that was signed",
    way_out: "let the proxy pass the path on unchanged, or sign for a host of its own without a prefix",
    predicts: &[
        About::Mismatch,
        About::Bucket,
        About::AccessKey,
        About::Object,
    ],
    often: 87,
    weigh: |seen, found| {
        let Some(resource) = seen
            .answer
            .element("Resource")
            .filter(|_| seen.is_presigned())
        else {
            return;
        };
        let (path, resource) = (seen.path(), decode(resource));
        let removed = path
            .strip_suffix(&**resource)
            .is_some_and(|prefix| !prefix.is_empty());
        let removed = removed && resource.starts_with('/') && resource.len() > 1;
        // With the bucket in the host, stores name it in the resource, or the key alone.
        let bucket = seen.url.host.split('.').next().unwrap_or_default();
        let is_bucket = |prefix: &str| prefix.trim_matches('/') == bucket;
        let added = resource
            .strip_suffix(&**path)
            .is_some_and(|prefix| !prefix.is_empty() && !is_bucket(prefix));
        let style = path.split('/').nth(1) == Some(bucket);
        if (removed && !style && !seen.at_aws()) || (added && !seen.at_aws()) {
            let shown: String = resource.chars().take(100).collect();
            found.certain_if(seen.signature_holds(), &[&shown]);
        }
    },
    tries: |seen, tries| {
        // Without the first segments, or with the bucket of the host before them.
        let range = tries.template.path.clone();
        let path = String::from(tries.template.str(&range));
        for (at, _) in path.match_indices('/').skip(1).take(3) {
            let rest = path.get(at..).unwrap_or_default();
            let resource = decode(rest);
            tries.replace(
                range.clone(),
                rest.as_bytes(),
                &[&resource.chars().take(100).collect::<String>()],
            );
        }
        let bucket = seen.url.host.split('.').next().unwrap_or_default();
        let first = format!("/{bucket}");
        if let Some(rest) = path
            .strip_prefix(&first)
            .filter(|rest| rest.starts_with('/'))
        {
            tries.replace(
                range,
                rest.as_bytes(),
                &[&decode(rest).chars().take(100).collect::<String>()],
            );
        }
    },
};

static ADDRESSING: Kind = Kind {
    name: "AddressingStyle",
    text: "the store accepts only the other addressing style (bucket in the host, virtual-hosted, or in the path): {}",
    way_out: "put the bucket into the host (the default), or into the path (path_style()), as the store says",
    predicts: &[About::Addressing],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Addressing {
            let words = match seen.answer.message.as_str() {
                "" => "virtual-hosted style is required",
                words => words,
            };
            found.certain(&[words]);
        }
    },
    ..Kind::BASE
};

static WRONG_BUCKET: Kind = Kind {
    name: "WrongBucket",
    text: "the store looked for a bucket named {}, which does not exist",
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
                .unwrap_or("that of the URL");
            found.certain(&[named]);
        }
    },
    ..Kind::BASE
};

pub(in super::super) const KINDS: &[&Kind] = &[
    &MULTI_REGION,
    &WRONG_REGION,
    &NOT_A_REGION,
    &WRONG_SERVICE,
    &SCOPE_CHANGED,
    &GLOBAL_HOST,
    &HOST,
    &PATH_PREFIX,
    &ADDRESSING,
    &WRONG_BUCKET,
];

/// The bucket's region, so far as the answer tells it.
fn expected_region(seen: &Seen<'_>) -> Option<String> {
    let answer = seen.answer;
    let quoted = |start: &str, end: char| {
        let (_, rest) = answer.message.split_once(start)?;
        rest.split_once(end).map(|(region, _)| region)
    };
    // Garage names the scope: 20240613/garage/s3/aws4_request.
    let scope = quoted("expected: ", ',').or_else(|| quoted("expected: '", '\''));
    let scope = scope.and_then(|scope| scope.trim_matches('\'').split('/').nth(1));
    let endpoint = answer
        .element("Endpoint")
        .or_else(|| answer.header("location"));
    let endpoint = endpoint.map(|url| url.split_once("://").map_or(url, |(_, rest)| rest));
    let host = endpoint.and_then(|url| hosts::region(url.split('/').next()?));
    let region = quoted("expecting '", '\'')
        .or(scope)
        .or_else(|| answer.header("x-amz-bucket-region"))
        .or(host)
        .or_else(|| answer.element("Region"))?;
    let plain = region
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (plain && !region.is_empty() && region.len() <= 64).then(|| region.into())
}

fn set_of_regions(seen: &Seen<'_>) -> String {
    let set = seen.url.value("X-Amz-Region-Set").map(decode);
    set.filter(|set| set.len() <= 200)
        .map_or_else(|| "another".into(), |set| set.to_string())
}
