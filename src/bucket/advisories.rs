//! Properties of a bucket that are valid but questionable.

use super::place::Resource;
use super::{Bucket, US_EAST_1, known};

/// The questionable properties, each with the advisory of the same meaning.
pub(crate) struct Advisories {
    /// The endpoint uses `http`.
    pub(crate) insecure: bool,
    /// AWS has no region with a name like this.
    pub(crate) unlikely_region: bool,
    /// A dot in the name causes path style.
    pub(crate) dotted: bool,
    /// The global endpoint is used outside us-east-1.
    pub(crate) global: bool,
    /// The endpoint already contains the bucket name.
    pub(crate) twice: bool,
    /// The name precedes a local host.
    pub(crate) unresolvable: bool,
    /// The host is a multi-region access point's, but the signature is for one region.
    pub(crate) one_region: bool,
    /// The host names a different region from the bucket's.
    pub(crate) other_region: bool,
}

impl Bucket<'_> {
    pub(crate) fn advisories(&self) -> Advisories {
        let place = &self.place;
        let host = place
            .endpoint
            .map(|endpoint| endpoint.host.of(&self.endpoint));
        let path = place
            .endpoint
            .map(|endpoint| endpoint.path.of(&self.endpoint));
        let insecure = place.endpoint.is_some_and(|endpoint| !endpoint.https);
        let has_name = matches!(place.resource, Resource::Bucket { .. });
        let in_host = self
            .address()
            .is_ok_and(|address| address.is_virtual_hosted());
        Advisories {
            insecure,
            unlikely_region: !known::is_region(self.region()) && host.is_none_or(known::is_aws),
            dotted: has_name && !insecure && !place.settings.path_style && self.name.contains('.'),
            global: place.settings.global_endpoint && self.region() != US_EAST_1,
            twice: has_name
                && (path.is_some_and(|path| path.rsplit('/').next() == Some(&self.name))
                    || (in_host && host.is_some_and(|host| starts_with(host, &self.name)))),
            unresolvable: has_name && in_host && host.is_some_and(is_local),
            one_region: self.region_set.is_none() && host.is_some_and(known::is_multi_region),
            other_region: self.region_set.is_none()
                && host
                    .and_then(known::region)
                    .is_some_and(|named| self.is_elsewhere(named)),
        }
    }

    /// DigitalOcean's names are of its data centers, and its documentation also signs for us-east-1.
    fn is_elsewhere(&self, named: &str) -> bool {
        let region = self.region();
        region != named && (region != US_EAST_1 || known::is_region(named))
    }
}

/// Whether a host starts with these labels.
fn starts_with(host: &str, labels: &str) -> bool {
    host.split_at_checked(labels.len())
        .is_some_and(|(start, rest)| start.eq_ignore_ascii_case(labels) && rest.starts_with('.'))
}

/// Whether the host is local, so `bucket.host` does not resolve without local DNS.
fn is_local(host: &str) -> bool {
    let last = host.rsplit_once('.').map(|(_, last)| last);
    last.is_none_or(|last| {
        ["internal", "local", "localhost"]
            .iter()
            .any(|local| last.eq_ignore_ascii_case(local))
    })
}
