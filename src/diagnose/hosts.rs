//! Hosts of stores, and their regions.

use crate::bucket::known;

pub(super) use known::is_region;

/// Whether the host belongs to AWS, in any partition.
pub(super) fn is_aws(host: &str) -> bool {
    known::is_aws(without_port(host))
}

/// The region named in a host.
pub(super) fn region(host: &str) -> Option<&str> {
    known::region(without_port(host))
}

/// Whether it is a website endpoint of S3.
pub(super) fn is_website(host: &str) -> bool {
    is_aws(host) && host.contains(".s3-website")
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
    if is_aws(host) {
        let labels = |name| host.split('.').any(|label| label == name);
        return if host.contains(".s3express-") || labels("s3express-control") {
            Some("s3express")
        } else if labels("s3-outposts") {
            Some("s3-outposts")
        } else if labels("s3-object-lambda") {
            Some("s3-object-lambda")
        } else {
            let mut labels = host.split('.');
            let is_s3 = |label: &str| label == "s3" || label.starts_with("s3-");
            labels.any(is_s3).then_some("s3")
        };
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
