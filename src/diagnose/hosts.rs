//! Hosts of stores, and their regions.

/// Whether the host belongs to AWS, in any partition.
pub(super) fn is_aws(host: &str) -> bool {
    let host = without_port(host);
    [".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws"]
        .iter()
        .any(|end| host.ends_with(end))
        || host == "s3.amazonaws.com"
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
        return Some(
            if host.contains(".s3express-") || labels("s3express-control") {
                "s3express"
            } else if labels("s3-outposts") {
                "s3-outposts"
            } else if labels("s3-object-lambda") {
                "s3-object-lambda"
            } else {
                "s3"
            },
        );
    }
    S3_ONLY
        .iter()
        .any(|end| host.ends_with(end))
        .then_some("s3")
}

/// The region named in a host: `BUCKET.s3.REGION.amazonaws.com`, `BUCKET.s3-REGION.amazonaws.com`, and the hosts of
/// Wasabi and B2.
pub(super) fn region(host: &str) -> Option<&str> {
    let host = without_port(host);
    let before = [".amazonaws.com", ".wasabisys.com", ".backblazeb2.com"]
        .iter()
        .find_map(|end| host.split_once(end).map(|(before, _)| before))?;
    let label = before.rsplit('.').next()?;
    let label = label.strip_prefix("s3-").unwrap_or(label);
    is_region(label).then_some(label)
}

/// Whether a text looks like a region's name: `eu-west-1`, `us-gov-east-1`, `us-west-004`.
pub(super) fn is_region(text: &str) -> bool {
    let mut parts = text.rsplit('-');
    let number = parts.next().unwrap_or_default();
    let words = parts.clone().count();
    let word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    (2..=4).contains(&words)
        && matches!(number.len(), 1..=3)
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && parts.all(word)
        && !text.starts_with("s3-")
}

/// Whether it is S3's global host, which redirects to the bucket's region.
pub(super) fn is_global(host: &str) -> bool {
    let host = without_port(host);
    host == "s3.amazonaws.com" || host.ends_with(".s3.amazonaws.com")
}

pub(super) fn is_multi_region(host: &str) -> bool {
    without_port(host).ends_with(".accesspoint.s3-global.amazonaws.com")
}

/// The bucket named in the host, for AWS and other known stores.
pub(super) fn bucket(host: &str) -> Option<&str> {
    let host = without_port(host);
    let at = host.find(".s3.").or_else(|| host.find(".s3-"))?;
    host.get(..at)
}
