//! The parsed properties of a bucket.

use super::arn::{self, AccessPoint, Arn};
use super::bytes::{Span, ends_with, equal, is_label, range, starts_with};
use super::endpoint::Endpoint;
use super::host::{self, InHost, MAX_ZONE};
use super::region::{self, Partition};
use crate::error::Error;

/// The parsed properties of a bucket, computed once, and at compile time for a `const` or `static`.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) resource: Resource,
    pub(super) name_length: usize,
    /// The position of an ARN's region in the name.
    pub(super) arn_region: Option<Span>,
    /// The name is an ARN of a region other than the bucket's.
    pub(super) is_other_region: bool,
    pub(super) partition: Partition,
    /// Whether the region can be part of an AWS host.
    pub(super) in_host: Result<(), Error>,
    pub(super) endpoint: Option<Endpoint>,
    pub(super) settings: Settings,
    /// How the bucket is addressed, or why it cannot be.
    pub(super) style: Result<Style, Error>,
}

/// Where a request contains the bucket name.
#[derive(Clone, Copy)]
pub(super) enum Style {
    VirtualHosted,
    Path,
}

/// What the name identifies.
#[derive(Clone, Copy)]
pub(super) enum Resource {
    /// No bucket: requests go to the service.
    Service,
    Bucket {
        in_host: InHost,
    },
    /// A directory bucket, or an access point of one, which has no control endpoint.
    Directory {
        zone: Span,
        has_control: bool,
    },
    AccessPoint(AccessPoint),
    OutpostsAlias {
        /// The ID of an Outposts server. A rack's host contains none.
        op_id: Option<Span>,
        is_beta: bool,
    },
    MultiRegion {
        alias: Span,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) accelerate: bool,
    /// The region was given as `aws-global`.
    pub(super) aws_global: bool,
    pub(super) control_endpoint: bool,
    pub(super) dual_stack: bool,
    pub(super) fips: bool,
    pub(super) global_endpoint: bool,
    pub(super) path_style: bool,
    pub(super) same_region: bool,
}

impl Place {
    /// Parses a region, and a name unless it is the service.
    pub(super) const fn parse(name: Option<&str>, region: &str) -> Result<Self, Error> {
        if let Err(error) = region::check(region) {
            return Err(error);
        }
        let region = region.as_bytes();
        let aws_global = equal(region, b"aws-global");
        let mut place = Self {
            resource: Resource::Service,
            name_length: 0,
            arn_region: None,
            is_other_region: false,
            partition: region::partition(region),
            in_host: region::check_in_host(region),
            endpoint: None,
            settings: Settings {
                accelerate: false,
                aws_global,
                control_endpoint: false,
                dual_stack: false,
                fips: false,
                global_endpoint: false,
                path_style: false,
                same_region: false,
            },
            style: Ok(Style::Path),
        };
        if let Some(name) = name {
            place.name_length = name.len();
            if starts_with(name.as_bytes(), b"arn:") {
                place.resource = match arn::parse(name, place.partition) {
                    Ok(Arn::MultiRegion { alias }) => Resource::MultiRegion { alias },
                    Ok(Arn::AccessPoint { point, region: own }) => {
                        place.arn_region = Some(own);
                        place.is_other_region = !equal(own.of_bytes(name.as_bytes()), region);
                        place.in_host = Ok(());
                        Resource::AccessPoint(point)
                    }
                    Err(error) => return Err(error),
                };
            } else {
                place.resource = match parse_name(name.as_bytes()) {
                    Ok(resource) => resource,
                    Err(error) => return Err(error),
                };
            }
        }
        Ok(place.styled())
    }

    /// Chooses the addressing style again.
    pub(super) const fn styled(mut self) -> Self {
        self.style = host::style(&self);
        self
    }

    /// Whether requests go to the control endpoint of S3 Express.
    pub(super) const fn is_control(&self) -> bool {
        let has_control = matches!(
            self.resource,
            Resource::Service
                | Resource::Directory {
                    has_control: true,
                    ..
                }
        );
        self.settings.control_endpoint && has_control && self.endpoint.is_none()
    }
}

const fn parse_name(name: &[u8]) -> Result<Resource, Error> {
    let mut rest = name;
    while let [byte, after @ ..] = rest {
        let (position, byte) = (name.len() - rest.len(), *byte);
        if byte == b'*' {
            return Err(Error::WildcardInBucketName { position });
        }
        if !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'-' | b'_') {
            return Err(Error::InvalidBucketName { position, byte });
        }
        rest = after;
    }
    let length = name.len();
    if length < 3 || length > 255 {
        return Err(Error::BucketNameLength { length });
    }
    if ends_with(name, b"--x-s3") {
        parse_directory(name, length - 6, true)
    } else if ends_with(name, b"--xa-s3") {
        parse_directory(name, length - 7, false)
    } else if ends_with(name, b"--op-s3") && length >= 50 {
        parse_outposts_alias(name)
    } else {
        Ok(Resource::Bucket {
            in_host: host::in_host(name),
        })
    }
}

/// Parses `NAME--ZONE`, followed by a suffix.
const fn parse_directory(name: &[u8], end: usize, has_control: bool) -> Result<Resource, Error> {
    let mut before = range(name, 0, end);
    while !matches!(before, [] | [.., b'-', b'-']) {
        before = range(before, 0, before.len() - 1);
    }
    let zone = Span {
        start: before.len(),
        end,
    };
    let is_zone = matches!(host::in_host(zone.of_bytes(name)), InHost::Yes);
    if !is_zone
        || zone.start == 0
        || zone.len() > MAX_ZONE
        || !matches!(host::in_host(name), InHost::Yes)
    {
        return Err(Error::InvalidDirectoryBucketName);
    }
    Ok(Resource::Directory { zone, has_control })
}

/// Parses the alias of an Outposts access point. Its parts, from the end: 7 bytes `--op-s3`, one byte, 4 bytes that start a
/// region name, 20 bytes, 17 bytes of the Outpost's ID, and one byte for its type of hardware.
const fn parse_outposts_alias(name: &[u8]) -> Result<Resource, Error> {
    let length = name.len();
    let id = Span {
        start: length - 49,
        end: length - 32,
    };
    let op_id = match range(name, length - 50, length - 49) {
        b"e" => None,
        b"o" => Some(id),
        _ => return Err(Error::InvalidOutpostsAlias),
    };
    if !is_label(id.of_bytes(name)) || !matches!(host::in_host(name), InHost::Yes) {
        return Err(Error::InvalidOutpostsAlias);
    }
    Ok(Resource::OutpostsAlias {
        op_id,
        is_beta: equal(range(name, length - 12, length - 8), b"beta"),
    })
}
