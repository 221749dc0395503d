//! Buckets and endpoints.

use std::net::{Ipv4Addr, Ipv6Addr};

use aws_smithy_http::label::{self, EncodingStrategy};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::text;

/// The target of a request: the library's input, and the expected result.
#[derive(Clone, Debug)]
pub struct Place {
    /// The bucket's name or ARN; `None` for the service.
    pub bucket: Option<String>,
    /// The region as the library receives it.
    pub region: String,
    /// The custom endpoint.
    pub endpoint: Option<String>,
    /// Path style is requested.
    pub path_style: bool,

    /// Scheme, host and port in the caller's spelling: the input of peers.
    pub url: String,
    /// The same as clients send it: in lower case, without the default port.
    pub origin: String,
    /// The path before the key, without a slash at its end.
    pub path: String,
    /// The region in the scope.
    pub scope_region: String,
    /// The service in the scope.
    pub service: &'static str,
    /// The signed regions, if SigV4a signs.
    pub region_set: Option<String>,
}

pub(super) fn place() -> impl Strategy<Value = Place> {
    prop_oneof![3 => at_aws(), 6 => at_endpoint(), 1 => directory(), 1 => access_point()]
}

/// The regions that SigV4a signs for.
pub(super) fn place_of_many_regions() -> impl Strategy<Value = Place> {
    let anywhere = (place(), region_set()).prop_map(|(place, region_set)| Place {
        region_set: Some(region_set),
        ..place
    });
    prop_oneof![1 => multi_region_access_point(), 2 => anywhere]
}

/// `*`, or names, each of which can have a `*` at its end.
fn region_set() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        2 => select(vec!["us-east-1", "eu-west-1", "eu-*", "us-gov-west-1", "*"]).prop_map(str::to_owned),
        1 => "[A-Za-z0-9-]{1,12}\\*?",
    ];
    prop_oneof![1 => Just("*".to_owned()), 3 => vec(name, 1..6).prop_map(|names| names.join(","))]
}

fn multi_region_access_point() -> impl Strategy<Value = Place> {
    let alias = "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?\\.mrap";
    (alias, any::<bool>(), option::of(region_set())).prop_map(|(alias, colon, region_set)| {
        let separator = if colon { ":" } else { "/" };
        let arn = format!("arn:aws:s3::123456789012:accesspoint{separator}{alias}");
        let host = format!("{alias}.accesspoint.s3-global.amazonaws.com");
        Place {
            // Without a custom endpoint, the library's default.
            region_set: Some(region_set.unwrap_or_else(|| "*".to_owned())),
            ..Place::at(Some(arn), "us-west-2", &host)
        }
    })
}

/// Whether a bucket's name can be part of a host.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Naming {
    /// Always.
    Label,
    /// If no certificate must match.
    Dots,
    /// Never: old us-east-1 rules.
    Old,
}

fn bucket_name() -> impl Strategy<Value = (String, Naming)> {
    prop_oneof![
        // `q` at the end, so that it cannot have the suffix of a directory bucket.
        4 => "[a-z0-9][a-z0-9-]{1,20}q".prop_map(|name| (name, Naming::Label)),
        // A letter, so that it cannot be an IP address.
        1 => "[a-z][a-z0-9-]{0,8}q(\\.[a-z0-9]{1,8}){1,3}".prop_map(|name| (name, Naming::Dots)),
        1 => "[A-Z_][A-Za-z0-9._-]{2,100}".prop_map(|name| (name, Naming::Old)),
    ]
}

fn at_aws() -> impl Strategy<Value = Place> {
    let regions = select(vec![
        ("us-east-1", "amazonaws.com"),
        ("eu-west-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
        ("us-gov-west-1", "amazonaws.com"),
        ("us-iso-east-1", "c2s.ic.gov"),
    ]);
    (option::weighted(0.9, bucket_name()), regions, any::<bool>()).prop_map(
        |(bucket, (region, suffix), path_style)| {
            let in_host = !path_style && matches!(bucket, Some((_, Naming::Label)));
            let name = bucket.map(|(name, _)| name);
            let host = format!("s3.{region}.{suffix}");
            let (host, path) = addressed(&host, "", name.as_deref(), in_host);
            Place {
                path_style,
                path,
                ..Place::at(name, region, &host)
            }
        },
    )
}

fn at_endpoint() -> impl Strategy<Value = Place> {
    #[derive(Clone, Debug)]
    enum Host {
        Name(String),
        Ip(String),
    }
    let host = prop_oneof![
        // The last label starts with a letter: if not, the host might have to be an IP address.
        5 => "([A-Za-z0-9_-]{1,12}\\.){0,3}[A-Za-z][A-Za-z0-9-]{0,8}".prop_map(Host::Name),
        1 => any::<u32>().prop_map(|bits| Host::Ip(Ipv4Addr::from_bits(bits).to_string())),
        1 => any::<[u16; 8]>()
            .prop_map(|segments| format!("[{}]", Ipv6Addr::from(segments)))
            .prop_filter("the library takes no dotted decimals in IPv6", |host| !host.contains('.'))
            .prop_map(Host::Ip),
        1 => Just(Host::Ip("[::1]".to_owned())),
    ];
    let port = prop_oneof![
        2 => Just(None),
        1 => select(vec![80, 443]).prop_map(Some),
        3 => (1..=u16::MAX).prop_map(Some),
    ];
    let prefix = prop_oneof![2 => Just(Vec::new()), 1 => vec(prefix_segment(), 1..3)];
    let region = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,20}[A-Za-z0-9_])?";
    let endpoint = (any::<bool>(), host, port, prefix, any::<bool>());
    let bucket = option::weighted(0.9, bucket_name());
    (endpoint, bucket, region, any::<bool>()).prop_map(
        |((https, host, port, prefix, slash), bucket, region, path_style)| {
            let in_host = match (&host, &bucket) {
                (Host::Name(_), Some((_, Naming::Label))) => !path_style,
                (Host::Name(_), Some((_, Naming::Dots))) => !path_style && !https,
                _ => false,
            };
            let (Host::Name(host) | Host::Ip(host)) = host;
            let scheme = if https { "https" } else { "http" };
            let prefix: String = prefix.iter().map(|segment| format!("/{segment}")).collect();
            let name = bucket.map(|(name, _)| name);
            let written = port.map(|port| format!(":{port}")).unwrap_or_default();
            let default = if https { 443 } else { 80 };
            let sent = if port == Some(default) { "" } else { &written };
            let slash = if slash { "/" } else { "" };
            let (full_host, path) = addressed(&host, &prefix, name.as_deref(), in_host);
            Place {
                endpoint: Some(format!("{scheme}://{host}{written}{prefix}{slash}")),
                path_style,
                url: format!("{scheme}://{full_host}{written}"),
                origin: format!("{scheme}://{}{sent}", full_host.to_ascii_lowercase()),
                path,
                ..Place::at(name, &region, "")
            }
        },
    )
}

/// A segment of an endpoint's path: percent-encoded as SigV4 requires, and neither empty nor a dot segment.
fn prefix_segment() -> impl Strategy<Value = String> {
    text(1..4).prop_map(|text| {
        let segment: String = text.split('/').collect();
        if matches!(&*segment, "" | "." | "..") {
            return "s3".to_owned();
        }
        label::fmt_string(segment, EncodingStrategy::Default)
    })
}

fn directory() -> impl Strategy<Value = Place> {
    "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?".prop_map(|name| {
        let name = format!("{name}--usw2-az1--x-s3");
        let host = format!("{name}.s3express-usw2-az1.us-west-2.amazonaws.com");
        Place {
            service: "s3express",
            ..Place::at(Some(name), "us-west-2", &host)
        }
    })
}

fn access_point() -> impl Strategy<Value = Place> {
    let services = select(vec![
        ("s3", "accesspoint", "", "s3-accesspoint"),
        ("s3-object-lambda", "accesspoint", "", "s3-object-lambda"),
        (
            "s3-outposts",
            "outpost:op-01ac5d28a6a232904:accesspoint",
            ".op-01ac5d28a6a232904",
            "s3-outposts",
        ),
    ]);
    (services, "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", "[0-9]{12}").prop_map(
        |((service, resource, outpost, label), name, account)| {
            let arn = format!("arn:aws:{service}:eu-west-1:{account}:{resource}:{name}");
            let host = format!("{name}-{account}{outpost}.{label}.eu-west-1.amazonaws.com");
            Place {
                scope_region: "eu-west-1".to_owned(), // the ARN's, not the caller's
                service,
                ..Place::at(Some(arn), "us-east-1", &host)
            }
        },
    )
}

impl Place {
    fn at(bucket: Option<String>, region: &str, host: &str) -> Self {
        Self {
            bucket,
            region: region.to_owned(),
            endpoint: None,
            path_style: false,
            url: format!("https://{host}"),
            origin: format!("https://{host}"),
            path: String::new(),
            scope_region: region.to_owned(),
            service: "s3",
            region_set: None,
        }
    }
}

/// Host and path of a bucket.
fn addressed(host: &str, prefix: &str, bucket: Option<&str>, in_host: bool) -> (String, String) {
    match bucket {
        Some(name) if in_host => (format!("{name}.{host}"), prefix.to_owned()),
        Some(name) => (host.to_owned(), format!("{prefix}/{name}")),
        None => (host.to_owned(), prefix.to_owned()),
    }
}
