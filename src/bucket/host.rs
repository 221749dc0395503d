//! Hosts: which one a bucket is reached at, and in which style.

use core::fmt;
use core::net::Ipv4Addr;

use super::arn::AccessPoint;
use super::endpoint::Endpoint;
use super::{Bucket, Resource, Settings};
use crate::error::Error;
use crate::sigv4::sink::{Length, Sink, put_decimal};

/// A group of regions with a DNS suffix of its own.
pub(super) struct Partition {
    pub(super) name: &'static str,
    /// How its regions' names start.
    regions: &'static str,
    suffix: &'static str,
}

/// <https://docs.aws.amazon.com/general/latest/gr/s3.html>, and the partitions file of the AWS SDKs. The first that fits
/// counts; regions that nobody knows yet are taken for regions of `aws`, as the SDKs do.
const PARTITIONS: [Partition; 8] = [
    Partition {
        name: "aws-cn",
        regions: "cn-",
        suffix: "amazonaws.com.cn",
    },
    Partition {
        name: "aws-us-gov",
        regions: "us-gov-",
        suffix: "amazonaws.com",
    },
    Partition {
        name: "aws-iso",
        regions: "us-iso-",
        suffix: "c2s.ic.gov",
    },
    Partition {
        name: "aws-iso-b",
        regions: "us-isob-",
        suffix: "sc2s.sgov.gov",
    },
    Partition {
        name: "aws-iso-e",
        regions: "eu-isoe-",
        suffix: "cloud.adc-e.uk",
    },
    Partition {
        name: "aws-iso-f",
        regions: "us-isof-",
        suffix: "csp.hci.ic.gov",
    },
    Partition {
        name: "aws-eusc",
        regions: "eusc-",
        suffix: "amazonaws.eu",
    },
    AWS,
];

const AWS: Partition = Partition {
    name: "aws",
    regions: "",
    suffix: "amazonaws.com",
};

pub(super) fn partition(region: &str) -> &'static Partition {
    PARTITIONS
        .iter()
        .find(|partition| region.starts_with(partition.regions))
        .unwrap_or(&AWS)
}

/// Where requests for a bucket go.
pub(crate) struct Address<'b> {
    bucket: &'b Bucket<'b>,
    virtual_hosted: bool,
}

impl Bucket<'_> {
    /// Chooses host and style.
    ///
    /// # Errors
    /// `EndpointConflict`, `InvalidRegion`, `NeedsSigv4a`.
    #[inline(always)] // read from memory, the result would be waited for
    pub(crate) fn address(&self) -> Result<Address<'_>, Error> {
        self.check_conflicts()?;
        if self.endpoint.is_none() {
            let in_host =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if let Some((position, byte)) = self
                .region
                .bytes()
                .enumerate()
                .find(|(_, byte)| !in_host(*byte))
            {
                return Err(Error::InvalidRegion { position, byte });
            }
        }
        let ip = self
            .endpoint
            .as_ref()
            .is_some_and(|endpoint| endpoint.is_ip);
        let dots = self
            .endpoint
            .as_ref()
            .is_some_and(|endpoint| !endpoint.https);
        let virtual_hosted = match &self.resource {
            Resource::Service => false,
            Resource::Bucket { in_host } => {
                !self.settings.path_style
                    && !ip
                    && (*in_host == InHost::Yes || (*in_host == InHost::WithoutTls && dots))
            }
            Resource::Directory { .. } => !ip,
            Resource::AccessPoint(_) => true,
            Resource::MultiRegion { .. } if cfg!(feature = "sigv4a") => true,
            Resource::MultiRegion { .. } => return Err(Error::NeedsSigv4a),
        };
        if self.settings.accelerate && !virtual_hosted {
            return Err(Error::EndpointConflict {
                one: "accelerate",
                other: "bucket name that cannot be a host label",
            });
        }
        Ok(Address {
            bucket: self,
            virtual_hosted,
        })
    }

    /// Whether the endpoint is `http`, the region is `auto` at AWS, a dot puts the name into the path, the global
    /// endpoint stands for another region, the endpoint names the bucket already, and the name stands before a local host.
    pub(crate) fn advisories(&self) -> [bool; 6] {
        let insecure = self
            .endpoint
            .as_ref()
            .is_some_and(|endpoint| !endpoint.https);
        let has_name = matches!(self.resource, Resource::Bucket { .. });
        let endpoint = self.endpoint.as_ref().filter(|_| has_name);
        let in_host = self.address().is_ok_and(|address| address.virtual_hosted);
        [
            insecure,
            self.endpoint.is_none() && &*self.region == "auto",
            has_name && !insecure && !self.settings.path_style && self.name.contains('.'),
            self.settings.global_endpoint && &*self.region != super::US_EAST_1,
            endpoint.is_some_and(|endpoint| {
                let folder = endpoint.path.rsplit('/').next() == Some(&self.name);
                folder || (in_host && endpoint.host_starts_with(&self.name))
            }),
            in_host && endpoint.is_some_and(Endpoint::is_local),
        ]
    }

    fn check_conflicts(&self) -> Result<(), Error> {
        if matches!(self.resource, Resource::Bucket { .. }) && self.settings == Settings::default()
        {
            return Ok(()); // the common case, quickly
        }
        let Settings {
            accelerate,
            aws_global,
            dual_stack,
            fips,
            global_endpoint,
            path_style,
        } = self.settings;
        let global_endpoint = global_endpoint || aws_global;
        let partition = self.partition.name;
        let (cn, other_partition) = (partition == "aws-cn", partition != AWS.name);
        let custom = self.endpoint.is_some();
        let ip = self
            .endpoint
            .as_ref()
            .is_some_and(|endpoint| endpoint.is_ip);
        let (arn, outpost, object_lambda) = match &self.resource {
            Resource::AccessPoint(access_point) => (
                true,
                access_point.outpost.is_some(),
                access_point.service == "s3-object-lambda",
            ),
            Resource::MultiRegion { .. } => (true, false, false),
            _ => (false, false, false),
        };
        let multi_region = matches!(self.resource, Resource::MultiRegion { .. });
        let directory = matches!(self.resource, Resource::Directory { .. });
        let service = matches!(self.resource, Resource::Service);
        let settings = [
            ("accelerate", accelerate),
            ("FIPS", fips),
            ("dual-stack", dual_stack),
            ("path style", path_style),
            ("global endpoint", global_endpoint),
            ("multi-region access point", multi_region),
            ("ARN", arn),
            ("custom endpoint", custom),
            ("directory bucket", directory),
            ("region of aws-cn", cn),
            ("request without a bucket", service),
            ("Outposts access point", outpost),
            ("Object Lambda access point", object_lambda),
            ("region of another partition", other_partition),
            ("endpoint at an IP address", ip),
        ];
        let is_set = |name| settings.contains(&(name, true));
        match CONFLICTS
            .into_iter()
            .find(|(one, other)| is_set(*one) && is_set(*other))
        {
            Some((one, other)) => Err(Error::EndpointConflict { one, other }),
            None => Ok(()),
        }
    }
}

impl Address<'_> {
    /// Writes `https://` or `http://`.
    pub(crate) fn put_scheme(&self, sink: &mut impl Sink) {
        let https = self
            .bucket
            .endpoint
            .as_ref()
            .is_none_or(|endpoint| endpoint.https);
        sink.put(if https { b"https://" } else { b"http://" });
    }

    /// Writes the host, and the port where it is not the scheme's default.
    pub(crate) fn put_host(&self, sink: &mut impl Sink) {
        let mut put = |parts: &[&str]| parts.iter().for_each(|part| sink.put(part.as_bytes()));
        let bucket = self.bucket;
        match &bucket.resource {
            Resource::AccessPoint(AccessPoint {
                name,
                account,
                outpost,
                ..
            }) => {
                put(&[name, "-", account, "."]);
                if let Some(outpost) = outpost {
                    put(&[outpost, "."]);
                }
            }
            Resource::MultiRegion { alias } => put(&[alias, "."]),
            _ if self.virtual_hosted => put(&[&bucket.name, "."]),
            _ => {}
        }
        if let Some(endpoint) = &bucket.endpoint {
            for byte in endpoint.host.bytes() {
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
        } = bucket.settings;
        let (fips, dual_stack) = (
            if fips { "-fips" } else { "" },
            if dual_stack { ".dualstack" } else { "" },
        );
        match &bucket.resource {
            _ if accelerate => {
                put(&["s3-accelerate", dual_stack, ".", bucket.partition.suffix]);
            }
            _ if global_endpoint || aws_global => put(&["s3.amazonaws.com"]),
            Resource::MultiRegion { .. } => put(&["accesspoint.s3-global.amazonaws.com"]),
            resource => {
                match resource {
                    Resource::Directory { zone } => put(&["s3express", fips, "-", zone]),
                    Resource::AccessPoint(AccessPoint { service: "s3", .. }) => {
                        put(&["s3-accesspoint", fips])
                    }
                    Resource::AccessPoint(access_point) => put(&[access_point.service, fips]),
                    _ => put(&["s3", fips]),
                }
                put(&[
                    dual_stack,
                    ".",
                    &bucket.region,
                    ".",
                    bucket.partition.suffix,
                ]);
            }
        }
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

    /// Writes what stands before the key: the endpoint's prefix, the bucket where it is not in the host.
    pub(crate) fn put_path(&self, sink: &mut impl Sink) {
        if let Some(endpoint) = &self.bucket.endpoint {
            sink.put(endpoint.path.as_bytes());
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

/// Hands ASCII on to a formatter.
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

/// Whether a bucket's name can stand in a host.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum InHost {
    /// Today's names without a dot.
    Yes,
    /// Names with dots, but where no certificate has to match.
    WithoutTls,
    /// Names that only the old rules allow, and what reads as an IP address.
    No,
}

pub(super) fn in_host(name: &str) -> InHost {
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        let alphanumeric =
            |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        alphanumeric(bytes.first())
            && alphanumeric(bytes.last())
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
    };
    if name.len() > 63 || !name.split('.').all(is_label) {
        InHost::No
    } else if !name.contains('.') {
        InHost::Yes
    } else if name.parse::<Ipv4Addr>().is_err() {
        InHost::WithoutTls
    } else {
        InHost::No
    }
}

/// The longest zone behind `s3express-fips-`, in bytes: a label of a host has 63.
pub(super) const MAX_ZONE: usize = 63 - 15;

/// Which settings exclude each other.
const CONFLICTS: [(&str, &str); 25] = [
    ("accelerate", "FIPS"),
    ("accelerate", "path style"),
    ("accelerate", "custom endpoint"),
    ("accelerate", "global endpoint"),
    ("accelerate", "ARN"),
    ("accelerate", "directory bucket"),
    ("accelerate", "region of aws-cn"),
    ("accelerate", "request without a bucket"),
    ("FIPS", "custom endpoint"),
    ("FIPS", "global endpoint"),
    ("FIPS", "Outposts access point"),
    ("FIPS", "multi-region access point"),
    ("FIPS", "region of aws-cn"),
    ("dual-stack", "custom endpoint"),
    ("dual-stack", "global endpoint"),
    ("dual-stack", "Object Lambda access point"),
    ("dual-stack", "Outposts access point"),
    ("dual-stack", "multi-region access point"),
    ("path style", "ARN"),
    ("global endpoint", "custom endpoint"),
    ("global endpoint", "ARN"),
    ("global endpoint", "directory bucket"),
    ("global endpoint", "region of another partition"),
    ("ARN", "endpoint at an IP address"),
    ("multi-region access point", "custom endpoint"),
];
