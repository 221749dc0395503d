//! The host, and the path to it: aliases, proxies, redirects.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::super::answer::About;
use super::super::cause::Kind;
use super::super::failures::NO_ANSWER;
use super::super::habits::{DOCKER_HOSTS, PORTS};
use super::super::hosts;
use super::super::search::Tries;
use super::super::seen::Seen;
use super::super::text::{decode, encode};
use super::ANY;
use super::place::{expected_region, redirects, right_endpoint};

static GLOBAL_HOST: Kind = Kind {
    name: "GlobalHost",
    text: "S3 redirected the global host {} to the bucket's regional host ({}), which is not the signed host",
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
        let redirected = redirects(seen) || seen.answer.about == About::Region;
        let other = hosts::is_region(&region) && region != "us-east-1";
        if let Some(regional) = regional {
            found.certain_if(seen.signature_holds(), &[host, &regional]);
        } else if redirected || (other && seen.mismatches()) {
            let told = match region.as_str() {
                "" | "us-east-1" => "unknown".to_string(), // the global host serves us-east-1
                region => format!("s3.{region}.amazonaws.com"),
            };
            found.certain_if(
                redirects(seen) || right_endpoint(seen).is_some(),
                &[host, &told],
            );
        }
    },
    ..Kind::BASE
};

static HOST: Kind = Kind {
    name: "HostChanged",
    text: "the host or port differs from the signed one ({}): a proxy, an alias or a manual edit changed it",
    way_out: "sign for the address that the client uses (Bucket::endpoint), and configure proxies to forward Host unchanged",
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
        } else if !seen.at_aws()
            && seen.mismatches()
            && !(seen.signature_holds() && seen.store_computed_the_same())
        {
            match seen.header("host") {
                Some(_) => found.conceivable(&["unknown"]), // only a proxy can have changed it
                None => found.possible(&["unknown"]),
            }
        }
    },
    tries: |seen, tries| {
        addresses(seen, &mut |host, path| change_host(seen, tries, host, path));
    },
};

/// Tries another host, optionally with another path.
fn change_host(seen: &Seen<'_>, tries: &mut Tries<'_, '_>, host: &str, path: &str) {
    let Some(range) = tries.template.header("host") else {
        return;
    };
    if host == seen.url.host {
        return; // a change of the path alone is a different cause
    }
    let decoded: Vec<u8> = percent_encoding::percent_decode_str(path).collect();
    let path = encode(&decoded, true);
    let (of_path, of_host) = (tries.template.path.clone(), (range, host.as_bytes()));
    // A path that stays is not an edit, so that another change can be combined with this one.
    if tries.template.get(&of_path) == path.as_slice() {
        tries.edit(&[of_host], &[host]);
    } else {
        tries.edit(&[(of_path, path.as_slice()), of_host], &[host]);
    }
}

/// Equivalent addresses, under names that people often swap.
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
    add(&host.replacen(".cdn.", ".", 1), path); // Spaces
    styles(seen, add);
    if seen.at_aws() {
        return;
    }
    // A bucket named like the alias that points to it.
    add(
        &format!("{bare}.s3.{}.amazonaws.com", seen.auth.region),
        path,
    );
    add(&format!("{bare}.s3.amazonaws.com"), path);
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
    way_out: "configure the proxy to forward the path unchanged, or sign for a separate host without a path prefix",
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
        // With the bucket in the host, some stores name the bucket and the key in the resource, others only the key.
        let bucket = seen.url.host.split('.').next().unwrap_or_default();
        let key = |path: &str| match path
            .strip_prefix('/')
            .and_then(|path| path.strip_prefix(bucket))
        {
            Some(rest) if rest.starts_with('/') => String::from(rest),
            _ => String::from(path),
        };
        // A proxy keeps the end of the path.
        let last = |path: &str| path.rsplit('/').next().map(String::from);
        let same_end =
            last(&path) == last(&resource) && last(&path).is_some_and(|end| !end.is_empty());
        if key(&path) != key(&resource) && same_end && resource.starts_with('/') && !seen.at_aws() {
            let shown: String = resource.chars().take(100).collect();
            // A reporter may have renamed the bucket in one place.
            let told = ["BucketName", "Key"].map(|name| seen.answer.element(name));
            let renamed = matches!(told, [Some(bucket), Some(key)]
                if [format!("/{bucket}/{key}"), format!("/{key}")].iter().all(|told| *told != *resource));
            let proven = seen.signature_holds() && seen.mismatches() && !renamed;
            found.certain_if(proven, &[&shown]);
        }
    },
    tries: |seen, tries| {
        // Without the first segments, or without the bucket that is also in the host.
        let range = tries.template.path.clone();
        let path = String::from(tries.template.str(&range));
        // An empty first segment is no prefix.
        let segments = path.match_indices('/').skip(1).take(3);
        for (at, _) in segments.filter(|(at, _)| *at > 1) {
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
    text: "the store requires the other addressing style (bucket in the host name or in the path): {}",
    way_out: "use virtual-hosted style (the default) or path style (path_style()), whichever the store requires",
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

static WEBSITE: Kind = Kind {
    name: "WebsiteHost",
    text: "{} is a website or public endpoint, which ignores signatures and serves only public objects",
    way_out: "sign for the bucket's S3 endpoint, in AWS BUCKET.s3.REGION.amazonaws.com",
    predicts: ANY,
    often: 89,
    weigh: |seen, found| {
        if hosts::is_website(seen.url.host) {
            found.likely(&[seen.url.host]);
        }
    },
    ..Kind::BASE
};

static UNREACHABLE: Kind = Kind {
    name: "Unreachable",
    text: "the request did not reach the store: {}",
    way_out: "sign for an address that the client can reach (Bucket::endpoint); use path_style() if no name or certificate exists for each bucket",
    predicts: &[About::Unreachable],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Unreachable {
            found.certain_if(seen.answer.message != NO_ANSWER, &[&seen.answer.message]);
        }
    },
    ..Kind::BASE
};

pub(in super::super) const KINDS: &[&Kind] = &[
    &GLOBAL_HOST,
    &HOST,
    &PATH_PREFIX,
    &ADDRESSING,
    &WEBSITE,
    &UNREACHABLE,
];
