//! Hosts of stores, and their regions.

use crate::bucket::known;

pub(super) use known::is_region;

/// Whether the host belongs to S3, in any partition of AWS.
pub(super) fn is_s3(host: &str) -> bool {
    s3_label(host).is_some()
}

/// The label that names the service: `s3`, `s3-accesspoint`, `s3express-usw2-az1`. Servers and gateways of AWS's
/// customers are in the same domains.
fn s3_label(host: &str) -> Option<&str> {
    let mut labels = known::aws_labels(without_port(host))?.rsplit('.');
    let label = labels.find(|label| {
        let label = label.to_ascii_lowercase();
        !is_region(&label) && !["dualstack", "vpce"].contains(&label.as_str())
    })?;
    let start = label.split('-').next()?;
    ["s3", "s3express"]
        .iter()
        .any(|service| start.eq_ignore_ascii_case(service))
        .then_some(label)
}

/// The region named in the host of a store.
pub(super) fn region(host: &str) -> Option<&str> {
    let host = without_port(host);
    known::region(host).filter(|_| is_s3(host) || !known::is_aws(host))
}

/// Whether it is a website endpoint of S3, or a public host of R2 or B2.
pub(super) fn is_website(host: &str) -> bool {
    let b2 = host.strip_suffix(".backblazeb2.com");
    s3_label(host).is_some_and(|label| label.starts_with("s3-website"))
        || host.ends_with(".r2.dev")
        || b2.is_some_and(|name| name.len() == 4 && name.starts_with('f'))
}

/// Whether it is the host of an access point of S3, or of a service such as S3 Express.
pub(super) fn is_access_point(host: &str) -> bool {
    s3_label(host).is_some_and(|label| label.starts_with("s3-accesspoint"))
        || service(host).is_some_and(|service| service != "s3")
}

/// Whether it belongs to AWS, but not to S3.
pub(super) fn is_other_aws(host: &str) -> bool {
    known::is_aws(without_port(host)) && !is_s3(host)
}

pub(super) fn is_multi_region(host: &str) -> bool {
    known::is_multi_region(without_port(host))
}

pub(super) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Hosts of stores whose service is `s3` for every bucket.
const S3_ONLY: [&str; 9] = [
    "digitaloceanspaces.com",
    "r2.cloudflarestorage.com",
    "backblazeb2.com",
    "wasabisys.com",
    "aliyuncs.com",
    "storage.googleapis.com",
    "linodeobjects.com",
    "scw.cloud",
    "vultrobjects.com",
];

pub(super) fn is_r2(host: &str) -> bool {
    host.ends_with(".r2.cloudflarestorage.com")
}

/// The service that a host requires, if known.
pub(super) fn service(host: &str) -> Option<&'static str> {
    let host = without_port(host);
    if let Some(label) = s3_label(host) {
        let others = ["s3express", "s3-outposts", "s3-object-lambda"];
        let mut others = others.into_iter();
        return others.find(|name| label.starts_with(name)).or(Some("s3"));
    }
    S3_ONLY
        .iter()
        .any(|end| host.ends_with(end))
        .then_some("s3")
}

/// Whether it is S3's global host, which redirects to the bucket's region.
pub(super) fn is_global(host: &str) -> bool {
    let host = without_port(host);
    host == "s3.amazonaws.com" || host.ends_with(".s3.amazonaws.com")
}

/// The bucket named in the host, for AWS and other known stores.
pub(super) fn bucket(host: &str) -> Option<&str> {
    let host = without_port(host);
    let at = host.find(".s3.").or_else(|| host.find(".s3-"))?;
    host.get(..at)
}
