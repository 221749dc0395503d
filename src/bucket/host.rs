//! The host and addressing style of a bucket.

use core::fmt;

use super::arn::AccessPoint;
use super::bytes::{contains, find, is_label, range};
use super::place::{Place, Resource, Settings, Style};
use super::{Bucket, conflicts};
use crate::error::Error;
use crate::sigv4::sink::{Length, Sink, put_decimal};

/// The longest host, in bytes.
const MAX_HOST: usize = 253;

/// The longest zone, in bytes: `s3express-fips-` and the zone are one host label of at most 63.
pub(super) const MAX_ZONE: usize = 63 - 15;

/// Chooses the addressing style.
pub(super) const fn style(place: &Place) -> Result<Style, Error> {
    if let Some(conflict) = conflicts::find(place) {
        return Err(conflict);
    }
    let (is_ip, https) = match place.endpoint {
        Some(endpoint) => (endpoint.is_ip, endpoint.https),
        None => match place.in_host {
            Ok(()) => (false, true),
            Err(error) => return Err(error),
        },
    };
    let is_virtual = match place.resource {
        Resource::Service => false,
        Resource::Bucket { in_host } => {
            !place.settings.path_style
                && !is_ip
                && match in_host {
                    InHost::Yes => true,
                    InHost::WithoutTls => !https,
                    InHost::No => false,
                }
        }
        Resource::Directory { .. } => !is_ip && !place.is_control(),
        Resource::AccessPoint(_) | Resource::OutpostsAlias { .. } => true,
        Resource::MultiRegion { .. } if cfg!(feature = "sigv4a") => true,
        Resource::MultiRegion { .. } => return Err(Error::NeedsSigv4a),
    };
    if !is_virtual && place.settings.accelerate {
        return Err(Error::EndpointConflict {
            one: "accelerate",
            other: "bucket name that cannot be a host label",
        });
    }
    if !is_virtual {
        return Ok(Style::Path);
    }
    if let Some(endpoint) = place.endpoint {
        let bytes = place.resource.length_in_host(place.name_length) + endpoint.host.len();
        if bytes > MAX_HOST {
            return Err(Error::HostTooLong { bytes });
        }
    }
    Ok(Style::VirtualHosted)
}

impl Resource {
    /// The number of bytes that precede the endpoint's host.
    const fn length_in_host(&self, name: usize) -> usize {
        match self {
            Self::AccessPoint(AccessPoint {
                name,
                account,
                outpost,
                ..
            }) => {
                let outpost = match outpost {
                    Some(outpost) => outpost.len() + 1,
                    None => 0,
                };
                name.len() + account.len() + 2 + outpost
            }
            Self::OutpostsAlias { op_id, .. } => match op_id {
                Some(id) => name + id.len() + 5,
                None => name + 5,
            },
            _ => name + 1,
        }
    }
}

/// The address of a bucket.
pub(crate) struct Address<'b> {
    bucket: &'b Bucket<'b>,
    virtual_hosted: bool,
}

impl Bucket<'_> {
    /// The host and style, which were chosen when the bucket was created.
    ///
    /// # Errors
    /// `EndpointConflict`, `HostTooLong`, `InvalidRegion`, `NeedsSigv4a`.
    pub(crate) fn address(&self) -> Result<Address<'_>, Error> {
        self.place.style.map(|style| Address {
            bucket: self,
            virtual_hosted: matches!(style, Style::VirtualHosted),
        })
    }
}

impl Address<'_> {
    pub(super) const fn is_virtual_hosted(&self) -> bool {
        self.virtual_hosted
    }

    /// Writes `https://` or `http://`.
    pub(crate) fn put_scheme(&self, sink: &mut impl Sink) {
        let https = self
            .bucket
            .place
            .endpoint
            .is_none_or(|endpoint| endpoint.https);
        sink.put(if https { b"https://" } else { b"http://" });
    }

    /// Writes the host, and the port unless it is the scheme's default.
    pub(crate) fn put_host(&self, sink: &mut impl Sink) {
        let mut put = |parts: &[&str]| {
            let parts = parts.iter().filter(|part| !part.is_empty());
            parts.for_each(|part| sink.put(part.as_bytes()));
        };
        let Bucket { name, place, .. } = self.bucket;
        match &place.resource {
            Resource::AccessPoint(AccessPoint {
                name: point,
                account,
                outpost,
                ..
            }) => {
                put(&[point.of(name), "-", account.of(name), "."]);
                if let Some(outpost) = outpost {
                    put(&[outpost.of(name), "."]);
                }
            }
            Resource::OutpostsAlias { op_id, .. } => match op_id {
                Some(id) => put(&[name, ".op-", id.of(name), "."]),
                None => put(&[name, ".ec2."]),
            },
            Resource::MultiRegion { alias } => put(&[alias.of(name), "."]),
            _ if self.virtual_hosted => put(&[name, "."]),
            _ => {}
        }
        if let Some(endpoint) = &place.endpoint {
            for byte in endpoint.host.of(&self.bucket.endpoint).bytes() {
                sink.put(&[byte.to_ascii_lowercase()]);
            }
            if let Some(port) = endpoint.port {
                sink.put(b":");
                put_decimal(sink, port.into());
            }
            return;
        }
        let Settings {
            accelerate,
            aws_global,
            dual_stack,
            fips,
            global_endpoint,
            ..
        } = place.settings;
        let (fips, dual_stack) = (
            if fips { "-fips" } else { "" },
            if dual_stack { ".dualstack" } else { "" },
        );
        let suffix = place.partition.suffix;
        match &place.resource {
            _ if accelerate => return put(&["s3-accelerate", dual_stack, ".", suffix]),
            _ if global_endpoint || aws_global => return put(&["s3.amazonaws.com"]),
            Resource::MultiRegion { .. } => return put(&["accesspoint.s3-global.", suffix]),
            _ if place.is_control() => put(&["s3express-control", fips]),
            Resource::Directory { zone, .. } => put(&["s3express", fips, "-", zone.of(name)]),
            Resource::OutpostsAlias { .. } => put(&["s3-outposts"]),
            Resource::AccessPoint(AccessPoint { service: "s3", .. }) => {
                put(&["s3-accesspoint", fips]);
            }
            Resource::AccessPoint(AccessPoint { service, .. }) => put(&[service, fips]),
            Resource::Service | Resource::Bucket { .. } => put(&["s3", fips]),
        }
        put(&[dual_stack, ".", self.bucket.region(), ".", suffix]);
    }

    /// Writes the path of the bucket itself, or of the service.
    pub(crate) fn put_bucket_path(&self, sink: &mut impl Sink) {
        let mut length = Length(0);
        self.put_path(&mut length);
        if length.0 == 0 {
            sink.put(b"/");
        }
        self.put_path(sink);
    }

    /// Writes what precedes the key: the endpoint's prefix and, in path style, the bucket.
    pub(crate) fn put_path(&self, sink: &mut impl Sink) {
        if let Some(endpoint) = &self.bucket.place.endpoint {
            sink.put(endpoint.path.of(&self.bucket.endpoint).as_bytes());
        }
        if !self.virtual_hosted && !self.bucket.name.is_empty() {
            sink.put(b"/");
            sink.put(self.bucket.name.as_bytes());
        }
    }
}

/// `Display` writes the host.
pub(super) struct Host<'b>(pub(super) Address<'b>);

impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sink = FmtSink { f, result: Ok(()) };
        self.0.put_host(&mut sink);
        sink.result
    }
}

/// Writes ASCII to a formatter.
struct FmtSink<'s, 'f> {
    f: &'s mut fmt::Formatter<'f>,
    result: fmt::Result,
}

impl Sink for FmtSink<'_, '_> {
    fn put(&mut self, bytes: &[u8]) {
        let text = core::str::from_utf8(bytes).unwrap_or_default();
        self.result = self.result.and_then(|()| self.f.write_str(text));
    }
}

/// Whether a bucket name can be in a host.
#[derive(Clone, Copy)]
pub(super) enum InHost {
    /// Names by the current rules, without a dot.
    Yes,
    /// Names with dots: only over http, where no certificate must match.
    WithoutTls,
    /// Names that only the old rules allow, or that look like an IP address.
    No,
}

pub(super) const fn in_host(name: &[u8]) -> InHost {
    let (mut rest, mut labels, mut numbers) = (name, 0, 0);
    loop {
        let label = range(rest, 0, find(rest, b'.'));
        if !is_label(label) {
            return InHost::No;
        }
        labels += 1;
        if matches!(
            label,
            [b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9']
        ) {
            numbers += 1;
        }
        if label.len() == rest.len() {
            break;
        }
        rest = range(rest, label.len() + 1, rest.len());
    }
    if !contains(name, b'.') {
        InHost::Yes
    } else if name.len() > 63 || (labels == 4 && numbers == 4) {
        InHost::No
    } else {
        InHost::WithoutTls
    }
}
