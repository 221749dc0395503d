//! Compares addresses: the library's for a bucket's name, region, endpoint and settings, and those of AWS's rules.

use presign::{Bucket, Credentials, Error, Method, Presigner, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, any};
use proptest::sample::select;
use proptest::strategy::{Strategy, Union};
use proptest::string::string_regex;
use serde::{Deserialize, Serialize};

use crate::botocore::start;
use crate::process::Process;

/// The parameters of AWS's rules, under their names there.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Parameters {
    /// The name or ARN; none for the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    /// The region of the client.
    pub region: String,
    /// The URL of a custom endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Accelerate.
    pub accelerate: bool,
    /// Path style.
    pub force_path_style: bool,
    /// Whether an ARN can be in another region.
    pub use_arn_region: bool,
    /// Dual-stack.
    pub use_dual_stack: bool,
    /// FIPS.
    #[serde(rename = "UseFIPS")]
    pub use_fips: bool,
    /// The legacy host.
    pub use_global_endpoint: bool,
    /// The operation is on a directory bucket itself.
    #[serde(rename = "UseS3ExpressControlEndpoint")]
    pub use_control_endpoint: bool,
    /// Directory buckets with IAM credentials instead of session credentials.
    #[serde(rename = "DisableS3ExpressSessionAuth")]
    pub disable_session_auth: bool,
}

/// The address of a request, and the ways to sign it: algorithm, service and region.
#[derive(Clone, Debug, Deserialize)]
pub struct Address {
    /// The URL of the bucket or service.
    pub url: String,
    /// The preferred way first; the library supports one.
    pub schemes: Vec<(String, String, String)>,
}

/// AWS's rules, evaluated by botocore.
#[derive(Debug)]
pub struct Rules {
    process: Process,
    /// The name and version of the evaluator.
    pub version: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Address(Address),
    Refused { error: String },
}

impl Rules {
    /// Starts the evaluator.
    ///
    /// # Errors
    /// What is missing.
    pub fn start() -> Result<Self, String> {
        let process = start("botocore_endpoints.py")?;
        Ok(Self {
            version: process.version().to_owned(),
            process,
        })
    }

    /// Resolves parameters; the inner error is a refusal.
    ///
    /// # Errors
    /// What is wrong with the process.
    pub fn resolve(&mut self, parameters: &Parameters) -> Result<Result<Address, String>, String> {
        Ok(match self.process.ask(parameters)? {
            Answer::Address(address) => Ok(address),
            Answer::Refused { error } => Err(error),
        })
    }
}

impl Parameters {
    /// The library's address for them.
    ///
    /// # Errors
    /// The library's error if it refuses.
    pub fn resolve(&self) -> Result<Address, Error> {
        let mut bucket = match &self.bucket {
            Some(name) => Bucket::new(name, &self.region)?,
            None => Bucket::service(&self.region)?,
        };
        if let Some(url) = &self.endpoint {
            bucket = bucket.endpoint(url)?;
        }
        for (is_set, set) in [
            (self.accelerate, Bucket::accelerate as fn(_) -> _),
            (self.force_path_style, Bucket::path_style),
            (!self.use_arn_region, Bucket::same_region),
            (self.use_dual_stack, Bucket::dual_stack),
            (self.use_fips, Bucket::fips),
            (self.use_global_endpoint, Bucket::global_endpoint),
            (self.use_control_endpoint, Bucket::control_endpoint),
        ] {
            if is_set {
                bucket = set(bucket);
            }
        }
        let credentials = Credentials::new("ASIAEXAMPLE", "secret");
        // Sessions are only for objects in directory buckets, not for the control endpoint.
        let is_directory = self.zone().is_some();
        let control = self.use_control_endpoint
            && self.endpoint.is_none()
            && !self.name().ends_with("--xa-s3");
        let credentials = if is_directory && !control && !self.disable_session_auth {
            credentials.express_session_token("token")
        } else {
            credentials.session_token("token")
        };
        let presigner = match self.bucket {
            Some(_) => Presigner::get(&credentials, &bucket, "key"),
            None => Presigner::bucket(Method::Get, &credentials, &bucket),
        };
        let url = presigner.sign_at(Timestamp::from_unix(0))?;
        let (address, query) = url.as_str().split_once('?').unwrap_or_default();
        let credential = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("X-Amz-Credential="))
            .unwrap_or_default();
        let scope: Vec<_> = credential.split("%2F").skip(2).map(str::to_owned).collect();
        let scheme = match scope.as_slice() {
            [service, _] => ("sigv4a".to_owned(), service.clone(), "*".to_owned()),
            [region, service, _] => {
                let is_session = query.contains("&X-Amz-S3session-Token=token&");
                let algorithm = if is_session {
                    "sigv4-s3express"
                } else {
                    "sigv4"
                };
                (algorithm.to_owned(), service.clone(), region.clone())
            }
            _ => unreachable!("{credential}"),
        };
        Ok(Address {
            url: address.strip_suffix("/key").unwrap_or(address).to_owned(),
            schemes: vec![scheme],
        })
    }

    /// Compares the two sides.
    ///
    /// # Errors
    /// Their difference, unless it has a known reason. `reason` is called with the reason, or with what they agree on.
    pub fn compare(
        &self,
        ours: &Result<Address, Error>,
        theirs: &Result<Address, String>,
        mut reason: impl FnMut(&'static str),
    ) -> Result<(), String> {
        let agree = match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                normalized(&ours.url) == normalized(&theirs.url)
                    && ours.schemes.iter().all(|one| theirs.schemes.contains(one))
            }
            (ours, theirs) => ours.is_err() && theirs.is_err(),
        };
        if agree {
            reason(if ours.is_ok() {
                "(the same address)"
            } else {
                "(refused by both)"
            });
            return Ok(());
        }
        match REASONS.iter().find(|(_, holds)| holds(self, ours, theirs)) {
            Some((name, _)) => {
                reason(name);
                Ok(())
            }
            None => Err(format!("{self:#?}\npresign: {ours:?}\nrules:   {theirs:?}")),
        }
    }

    fn name(&self) -> &str {
        self.bucket.as_deref().unwrap_or_default()
    }

    /// The zone of a directory bucket.
    fn zone(&self) -> Option<&str> {
        let name = self.name();
        let name = name
            .strip_suffix("--x-s3")
            .or(name.strip_suffix("--xa-s3"))?;
        name.rsplit_once("--").map(|(_, zone)| zone)
    }

    fn has_ip_endpoint(&self) -> bool {
        self.endpoint.as_ref().is_some_and(|url| {
            let host = url.split('/').nth(2).unwrap_or_default();
            host.starts_with('[') || host.split(':').next().is_some_and(is_ipv4)
        })
    }
}

fn is_ipv4(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok()
}

/// A URL as clients send it: the host in lower case, without a default port or a slash at the end.
fn normalized(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let default = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(default).unwrap_or(authority);
    let path = path.strip_suffix('/').unwrap_or(path);
    format!("{scheme}://{}{path}", authority.to_ascii_lowercase())
}

type Holds = fn(&Parameters, &Result<Address, Error>, &Result<Address, String>) -> bool;

/// The reasons for intended differences; `docs/coming_from.md` lists them too.
const REASONS: [(&str, Holds); 12] = [
    ("names that S3 never gave out", |_, ours, _| {
        matches!(
            ours,
            Err(Error::BucketNameLength { .. }
                | Error::InvalidBucketName { .. }
                | Error::WildcardInBucketName { .. })
        )
    }),
    (
        "a directory bucket without a zone that can be in a host",
        |parameters, ours, _| {
            matches!(ours, Err(Error::InvalidDirectoryBucketName))
                && (parameters.endpoint.is_some()
                    || parameters.use_control_endpoint
                    || parameters.name().contains("---x"))
        },
    ),
    ("a setting that the rules drop", |parameters, ours, _| {
        let Err(Error::EndpointConflict { one, other }) = ours else {
            return false;
        };
        let global = ["global endpoint", "region aws-global"];
        global.contains(one)
            || global.contains(other)
            || DROPPED.contains(&(*one, *other))
            || (*one == "accelerate"
                && (parameters.bucket.is_none() || parameters.name().ends_with("--op-s3")))
    }),
    (
        "the legacy host of another region than us-east-1",
        |parameters, ours, _| {
            parameters.use_global_endpoint
                && parameters.region != "us-east-1"
                && ours
                    .as_ref()
                    .is_ok_and(|ours| ours.url.contains("s3.amazonaws.com"))
        },
    ),
    (
        "a zone of a length that the rules do not list",
        |parameters, ours, _| {
            let name = parameters.name();
            let name = name.strip_suffix("--x-s3").or(name.strip_suffix("--xa-s3"));
            let zone = name
                .and_then(|name| name.rsplit_once("--"))
                .map(|(_, zone)| zone);
            ours.is_ok() && zone.is_some_and(|zone| ![8, 9, 13, 14, 20].contains(&zone.len()))
        },
    ),
    ("an ARN that S3 never gave out", |parameters, ours, _| {
        matches!(ours, Err(Error::InvalidArn)) && !is_real_arn(parameters.name())
    }),
    (
        "a region that is no name in lower case",
        |parameters, ours, _| {
            let real = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            matches!(
                ours,
                Err(Error::InvalidRegion { .. } | Error::RegionLength { .. })
            ) && (!parameters.region.chars().all(real)
                || parameters.region.starts_with('-')
                || parameters.region.ends_with('-'))
        },
    ),
    (
        "a name with dots before an IP address, or of more than 63 bytes",
        |parameters, ours, theirs| {
            let name = parameters.name();
            let dots = name.contains('.') && (parameters.has_ip_endpoint() || name.len() > 63);
            dots && ours.is_ok() && theirs.is_ok()
        },
    ),
    (
        "a directory bucket at an IP address, whose path the rules put behind it",
        |parameters, ours, theirs| {
            let directory = parameters.name().ends_with("-s3");
            directory && parameters.has_ip_endpoint() && ours.is_ok() && theirs.is_ok()
        },
    ),
    (
        "aws-global, which is us-east-1 for every kind of bucket",
        |parameters, ours, theirs| {
            let (Ok(ours), Ok(theirs)) = (ours, theirs) else {
                return false;
            };
            let signed_for = |address: &Address| address.schemes[0].2.clone();
            parameters.region == "aws-global"
                && normalized(&ours.url) == normalized(&theirs.url)
                && signed_for(ours) == "us-east-1"
        },
    ),
    (
        "a region with an underscore, at the endpoint of another store",
        |parameters, ours, theirs| {
            let underscore = parameters.region.contains('_') && parameters.endpoint.is_some();
            underscore && ours.is_ok() && theirs.is_err()
        },
    ),
    ("a host of more than 253 bytes", |_, ours, _| {
        matches!(ours, Err(Error::HostTooLong { .. }))
    }),
];

/// Pairs of settings of which the rules ignore one, or that produce an invalid host: a name before an IP address.
const DROPPED: [(&str, &str); 9] = [
    ("accelerate", "Outposts access point"),
    ("FIPS", "Outposts access point"),
    ("dual-stack", "Outposts access point"),
    ("Outposts alias", "custom endpoint"),
    ("Outposts access point", "http endpoint"),
    ("Outposts access point", "endpoint with a path"),
    ("Outposts access point", "endpoint at an IP address"),
    ("ARN", "endpoint at an IP address"),
    ("multi-region access point", "custom endpoint"),
];

/// Whether an ARN has a form that S3 issues, whatever its region and partition.
fn is_real_arn(arn: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let [_, partition, service, region, account, resource] = parts.as_slice() else {
        return false;
    };
    let label = |text: &str, max| {
        let real = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        (1..=max).contains(&text.len())
            && text.chars().all(real)
            && !text.starts_with('-')
            && !text.ends_with('-')
    };
    let own = REGIONS.into_iter().find(|(name, _)| name == region);
    let expected = own.map_or(*partition, |(_, partition)| partition);
    let resource: Vec<_> = resource.split([':', '/']).collect();
    *partition == expected
        && account.len() == 12
        && account.chars().all(|c| c.is_ascii_digit())
        && match (*service, resource.as_slice()) {
            ("s3", ["accesspoint", name]) if region.is_empty() => name
                .strip_suffix(".mrap")
                .is_some_and(|name| label(name, 63)),
            ("s3" | "s3-object-lambda", ["accesspoint", name]) => label(name, 50),
            ("s3-outposts", ["outpost", id, "accesspoint", name]) => {
                label(id, 63) && label(name, 50)
            }
            _ => false,
        }
}

/// Draws parameters, usually sensible ones.
pub fn parameters() -> impl Strategy<Value = Parameters> {
    let rarely = || proptest::bool::weighted(0.1);
    let settings = (
        rarely(),
        rarely(),
        proptest::bool::weighted(0.8),
        rarely(),
        rarely(),
        rarely(),
        rarely(),
        any::<bool>(),
        proptest::bool::weighted(0.6),
    );
    (
        option::weighted(0.9, names()),
        regions(),
        option::weighted(0.25, endpoints()),
        settings,
    )
        .prop_map(|(bucket, region, endpoint, settings)| {
            let (
                accelerate,
                force_path_style,
                use_arn_region,
                use_dual_stack,
                use_fips,
                use_global_endpoint,
                use_control_endpoint,
                disable_session_auth,
                is_same_partition,
            ) = settings;
            let partition = bucket
                .iter()
                .filter_map(|name| name.split(':').nth(1))
                .next();
            let other = REGIONS.iter().find(|(_, own)| Some(*own) == partition);
            let region = match other {
                Some((other, _)) if is_same_partition => (*other).to_owned(),
                _ => region,
            };
            Parameters {
                bucket,
                region,
                endpoint,
                accelerate,
                force_path_style,
                use_arn_region,
                use_dual_stack,
                use_fips,
                use_global_endpoint,
                use_control_endpoint,
                disable_session_auth,
            }
        })
}

/// Regions with their partitions; some are drawn more often.
const REGIONS: [(&str, &str); 16] = [
    ("us-east-1", "aws"),
    ("us-east-1", "aws"),
    ("eu-west-1", "aws"),
    ("us-west-2", "aws"),
    ("ap-southeast-10", "aws"),
    ("mx-central-1", "aws"),
    ("cn-north-1", "aws-cn"),
    ("us-gov-west-1", "aws-us-gov"),
    ("us-iso-east-1", "aws-iso"),
    ("us-isob-east-1", "aws-iso-b"),
    ("eu-isoe-west-1", "aws-iso-e"),
    ("us-isof-south-1", "aws-iso-f"),
    ("eusc-de-east-1", "aws-eusc"),
    ("aws-global", "aws"),
    ("aws-cn-global", "aws-cn"),
    ("aws-iso-b-global", "aws-iso-b"),
];

/// Names that look like regions, or placeholders from forms.
const ODD: [&str; 14] = [
    "auto",
    "undefined",
    "snow",
    "us_east_1",
    "US-EAST-1",
    "cn-north",
    "cn-a-b-1",
    "us-gov-1",
    "eusc-fr-east-1",
    "us-iso-east-1a",
    "cn-_-1",
    "s3-external-1",
    "-us-east-1",
    "us-east-1-",
];

fn regions() -> impl Strategy<Value = String> {
    Union::new_weighted(vec![
        (
            8,
            select(REGIONS.as_slice())
                .prop_map(|(name, _)| name.to_owned())
                .boxed(),
        ),
        (1, select(ODD.as_slice()).prop_map(str::to_owned).boxed()),
        (
            1,
            regex("(cn|us-gov|us-iso|us-isob|eu-isoe|eusc-de|us)-[a-z]{0,3}-[0-9]{0,2}"),
        ),
    ])
}

fn endpoints() -> impl Strategy<Value = String> {
    let host = Union::new(vec![
        regex("[a-z]{1,8}(\\.[a-z0-9]{1,8}){0,3}\\.[a-z]{2}"),
        regex("[A-Z][a-z]{2}\\.Example"),
        regex("(10|127)\\.0\\.0\\.1"),
        Just("[::1]".to_owned()).boxed(),
        regex("([a-z]{63}\\.){3}[a-z]{1,61}"),
    ]);
    let port = regex("(:(80|443|9000))?");
    let path = regex("(/|/[a-z]{1,5}(/[a-z]{1,5})?/?)?");
    (select(&["http", "https", "https"][..]), host, port, path)
        .prop_map(|(scheme, host, port, path)| format!("{scheme}://{host}{port}{path}"))
}

fn names() -> impl Strategy<Value = String> {
    // A region and its partition or, rarely, the partition of another region.
    let place = || {
        let regions = || select(REGIONS.as_slice());
        (regions(), regions(), proptest::bool::weighted(0.9))
            .prop_map(|(one, other, own)| (one.0, if own { one.1 } else { other.1 }))
    };
    let account = || regex("[0-9]{12}|[0-9]{12}|[0-9]{12}|[0-9a-z]{0,13}");
    let point =
        || regex("[a-z0-9-]{1,20}|[a-z0-9]{1,20}|[a-z0-9]{1,50}|[a-z0-9]{51,60}|[A-Za-z_.]{0,5}");
    let service = select(&["s3", "s3", "s3-object-lambda", "sqs"][..]);
    let tail = || regex("|||||||[:/][a-z]{0,3}");
    let access_point = (
        place(),
        service,
        account(),
        regex("accesspoint|accesspoint|accesspoint|bucket"),
        regex("[:/]"),
        point(),
        tail(),
    )
        .prop_map(
            |((region, partition), service, account, kind, separator, point, tail)| {
                format!(
                    "arn:{partition}:{service}:{region}:{account}:{kind}{separator}{point}{tail}"
                )
            },
        );
    let outpost = (place(), account(), regex("outpost|outpost|outpost|post"), regex("[:/]"), regex("op-[0-9a-f]{17}|[a-z0-9-]{0,5}|[A-Z._]{2}"), regex("accesspoint|accesspoint|bucket"), point(), tail())
        .prop_map(|((region, partition), account, kind, separator, id, what, point, tail)| {
            format!("arn:{partition}:s3-outposts:{region}:{account}:{kind}{separator}{id}{separator}{what}{separator}{point}{tail}")
        });
    let multi_region = (
        place(),
        account(),
        regex("[:/]"),
        point(),
        regex("\\.mrap|\\.mrap|\\.mrap|"),
        tail(),
    )
        .prop_map(|((_, partition), account, separator, point, mrap, tail)| {
            format!("arn:{partition}:s3::{account}:accesspoint{separator}{point}{mrap}{tail}")
        });
    let zone = Union::new_weighted(vec![
        (3, regex("[a-z]{3}[a-z0-9]-az[1-9]")),
        (
            3,
            regex("[a-z0-9]{8}|[a-z0-9]{9}|[a-z0-9]{13}|[a-z0-9]{14}|[a-z0-9]{20}"),
        ),
        (1, regex("[a-z0-9-]{0,30}")),
    ]);
    let directory = (
        regex("[a-z0-9]{1,10}(-{1,2}[a-z0-9]{1,10})?|[A-Za-z.]{1,5}"),
        zone,
        regex("--xa?-s3"),
    )
        .prop_map(|(name, zone, suffix)| format!("{name}--{zone}{suffix}"));
    let alias = (
        regex("[a-z0-9]([a-z0-9-]{0,13})|[A-Za-z.]{0,5}"),
        regex("[eoeoh]"),
        regex("[a-z0-9]{17}|[a-z0-9]{17}|[a-z0-9.-]{15,18}"),
        regex("[a-z0-9]{20}"),
        regex("use1|euw1|beta"),
        regex("[a-z0-9]"),
    )
        .prop_map(|(name, hardware, id, middle, region, one)| {
            format!("{name}{hardware}{id}{middle}{region}{one}--op-s3")
        });
    Union::new_weighted(vec![
        (4, regex("[a-z0-9][a-z0-9-]{1,20}[a-z0-9]")),
        (2, regex("[a-z0-9]{1,5}(\\.[a-z0-9-]{1,5}){1,4}")),
        (1, regex("[0-9]{1,4}(\\.[0-9]{1,4}){2,4}")),
        (1, regex("[a-z0-9.-]{55,80}")),
        (2, regex("[A-Za-z0-9._-]{1,12}")),
        (1, regex("[ -~]{1,8}")),
        (3, directory.boxed()),
        (3, alias.boxed()),
        (4, access_point.boxed()),
        (2, outpost.boxed()),
        (2, multi_region.boxed()),
        (
            1,
            vec(select(&["arn", "aws", "s3", "", "accesspoint"][..]), 1..8)
                .prop_map(|parts| parts.join(":"))
                .boxed(),
        ),
    ])
}

fn regex(pattern: &str) -> proptest::strategy::BoxedStrategy<String> {
    match string_regex(pattern) {
        Ok(strategy) => strategy.boxed(),
        Err(error) => panic!("{pattern}: {error}"),
    }
}
