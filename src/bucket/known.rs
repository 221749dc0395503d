//! What a host shows about its store.

use super::region::{AWS, PARTITIONS};

/// Domains of AWS that are no partition's suffix.
const OTHER_DOMAINS: [&str; 2] = ["api.aws", "on.aws"];

/// Other stores whose hosts name the region.
const STORES: [&str; 3] = ["backblazeb2.com", "digitaloceanspaces.com", "wasabisys.com"];

/// Whether the host belongs to AWS, in any partition.
pub(crate) fn is_aws(host: &str) -> bool {
    aws_labels(host).is_some()
}

/// The labels before the domain of AWS.
pub(crate) fn aws_labels(host: &str) -> Option<&str> {
    aws_domains().find_map(|domain| before(host, domain))
}

/// Whether the host is a multi-region access point's.
pub(crate) fn is_multi_region(host: &str) -> bool {
    let service = "accesspoint.s3-global";
    aws_domains()
        .filter_map(|domain| before(host, domain))
        .any(|labels| labels.eq_ignore_ascii_case(service) || before(labels, service).is_some())
}

/// The region named in a host, such as `BUCKET.s3.REGION.amazonaws.com`, `BUCKET.s3-REGION.amazonaws.com` or
/// `REGION.digitaloceanspaces.com`.
pub(crate) fn region(host: &str) -> Option<&str> {
    let labels = aws_domains()
        .chain(STORES)
        .find_map(|domain| before(host, domain))?;
    let labels = before(labels, "vpce").unwrap_or(labels); // an interface endpoint
    let label = labels.rsplit('.').next()?;
    let label = ["s3-fips-", "s3-website-", "s3-"]
        .iter()
        .find_map(|service| label.strip_prefix(service))
        .unwrap_or(label);
    (is_region(label) || is_slug(label)).then_some(label)
}

/// Whether a text looks like a region's name: `eu-west-1`, `us-gov-east-1`, `us-west-004`.
pub(crate) fn is_region(text: &str) -> bool {
    let mut parts = text.rsplit('-');
    let number = parts.next().unwrap_or_default();
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    (2..=4).contains(&parts.clone().count())
        && matches!(number.len(), 1..=3)
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && parts.all(is_word)
}

/// Whether a text looks like one of DigitalOcean's regions, such as `fra1`.
fn is_slug(text: &str) -> bool {
    matches!(
        text.as_bytes(),
        [b'a'..=b'z', b'a'..=b'z', b'a'..=b'z', b'0'..=b'9']
    )
}

/// The labels before a domain, without case.
fn before<'h>(host: &'h str, domain: &str) -> Option<&'h str> {
    let at = host.len().checked_sub(domain.len())?;
    let (labels, end) = host.split_at_checked(at)?;
    let labels = labels.strip_suffix('.')?;
    end.eq_ignore_ascii_case(domain).then_some(labels)
}

fn aws_domains() -> impl Iterator<Item = &'static str> {
    let partitions = [AWS].into_iter().chain(PARTITIONS);
    partitions
        .map(|partition| partition.suffix)
        .chain(OTHER_DOMAINS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_aws() {
        for host in [
            "s3.amazonaws.com",
            "b.s3.cn-north-1.amazonaws.com.cn",
            "S3.us-gov-west-1.AmazonAWS.com",
            "b.s3.us-iso-east-1.c2s.ic.gov",
            "b.s3.us-isob-east-1.sc2s.sgov.gov",
            "b.s3.eu-isoe-west-1.cloud.adc-e.uk",
            "b.s3.us-isof-south-1.csp.hci.ic.gov",
            "b.s3.eusc-de-east-1.amazonaws.eu",
            "id.lambda-url.eu-west-1.on.aws",
            "s3.api.aws",
        ] {
            assert!(is_aws(host), "{host}");
        }
        for host in [
            "amazonaws.com",
            "s3.eu-west-1.amazonaws.com.example",
            "s3.myamazonaws.com",
            "s3.amazonaws.com.",
            "ic.gov",
            "",
        ] {
            assert!(!is_aws(host), "{host}");
        }
    }

    #[test]
    fn regions_of_hosts() {
        for (host, expected) in [
            ("s3.eu-west-1.amazonaws.com", Some("eu-west-1")),
            ("b.s3.eu-west-1.amazonaws.com", Some("eu-west-1")),
            ("b.s3-eu-west-1.amazonaws.com", Some("eu-west-1")),
            ("b.s3.dualstack.eu-west-1.amazonaws.com", Some("eu-west-1")),
            ("s3-fips-us-gov-west-1.amazonaws.com", Some("us-gov-west-1")),
            ("s3-fips.us-east-1.amazonaws.com", Some("us-east-1")),
            ("b.s3-website-us-west-2.amazonaws.com", Some("us-west-2")),
            (
                "bucket.vpce-1-a.s3.us-east-1.vpce.amazonaws.com",
                Some("us-east-1"),
            ),
            ("b.s3.cn-north-1.amazonaws.com.cn", Some("cn-north-1")),
            ("s3.eusc-de-east-1.amazonaws.eu", Some("eusc-de-east-1")),
            ("s3.us-west-004.backblazeb2.com", Some("us-west-004")),
            ("b.s3.eu-central-1.wasabisys.com", Some("eu-central-1")),
            ("b.fra1.digitaloceanspaces.com", Some("fra1")),
            ("b.fra1.cdn.digitaloceanspaces.com", None),
            ("s3.amazonaws.com", None),
            ("my-bucket-1.s3.amazonaws.com", None),
            ("s3-external-1.amazonaws.com", None),
            ("b.s3-accelerate.amazonaws.com", None),
            ("m.mrap.accesspoint.s3-global.amazonaws.com", None),
            ("s3.wasabisys.com", None),
            ("f004.backblazeb2.com", None),
            ("s3.eu-west-1.amazonaws.com.example", None),
            ("s3.eu-west-1.example", None),
        ] {
            assert_eq!(region(host), expected, "{host}");
        }
    }
}
