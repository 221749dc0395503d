//! Amazon Resource Names of access points, which can replace a bucket name.
//!
//! `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`. The parts of the resource are separated by `/` or `:`.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html>

use super::bytes::{Span, all, ends_with, equal, is_label, range};
use super::region::{Partition, partition};
use crate::error::Error;

/// A parsed ARN.
#[derive(Clone, Copy)]
pub(super) enum Arn {
    AccessPoint {
        point: AccessPoint,
        region: Span,
    },
    /// The alias of a multi-region access point, `.mrap` included.
    MultiRegion {
        alias: Span,
    },
}

/// An access point of a bucket, an Object Lambda or an Outpost.
#[derive(Clone, Copy)]
pub(super) struct AccessPoint {
    pub(super) service: &'static str,
    pub(super) name: Span,
    pub(super) account: Span,
    pub(super) outpost: Option<Span>,
}

/// The longest name of an access point. A longer one would not fit into a host label together with the account.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations-naming-rules.html>
const MAX_NAME: usize = 50;

/// Parses an ARN that is combined with a region of the partition `client`.
pub(super) const fn parse(arn: &str, client: Partition) -> Result<Arn, Error> {
    match parse_bytes(arn.as_bytes(), client) {
        Some(arn) => Ok(arn),
        None => Err(Error::InvalidArn),
    }
}

const fn parse_bytes(arn: &[u8], client: Partition) -> Option<Arn> {
    let mut fields = Fields { arn, at: 0 };
    let (Some(_), Some(arn_partition), Some(service), Some(region), Some(account)) = (
        fields.next(false),
        fields.next(false),
        fields.next(false),
        fields.next(false),
        fields.next(false),
    ) else {
        return None;
    };
    let client = client.name.as_bytes();
    if !equal(arn_partition.of_bytes(arn), client) || !is_account(account.of_bytes(arn)) {
        return None;
    }
    let service = service.of_bytes(arn);
    let multi_region = region.len() == 0 && equal(service, b"s3");
    let (service, outpost) = if equal(service, b"s3") {
        ("s3", None)
    } else if equal(service, b"s3-object-lambda") {
        ("s3-object-lambda", None)
    } else if equal(service, b"s3-outposts") && fields.next_is(b"outpost") {
        ("s3-outposts", fields.next(true))
    } else {
        return None;
    };
    if !fields.next_is(b"accesspoint") {
        return None;
    }
    let (Some(name), None) = (fields.next(true), fields.next(true)) else {
        return None;
    };
    let text = name.of_bytes(arn);
    if multi_region {
        let is_alias = ends_with(text, b".mrap") && is_label(range(text, 0, text.len() - 5));
        return if is_alias {
            Some(Arn::MultiRegion { alias: name })
        } else {
            None
        };
    }
    let is_outpost = match outpost {
        Some(outpost) => is_label(outpost.of_bytes(arn)),
        None => true,
    };
    let region_text = region.of_bytes(arn);
    let own = equal(partition(region_text).name.as_bytes(), client);
    if !own || !is_label(region_text) || !is_outpost || !is_label(text) || text.len() > MAX_NAME {
        return None;
    }
    Some(Arn::AccessPoint {
        point: AccessPoint {
            service,
            name,
            account,
            outpost,
        },
        region,
    })
}

struct Fields<'a> {
    arn: &'a [u8],
    at: usize,
}

impl Fields<'_> {
    /// The next field, or the next part of the resource, which may also end at a slash.
    const fn next(&mut self, in_resource: bool) -> Option<Span> {
        let start = self.at;
        if start > self.arn.len() {
            return None;
        }
        let mut rest = range(self.arn, start, self.arn.len());
        while let [byte, after @ ..] = rest {
            if *byte == b':' || (in_resource && *byte == b'/') {
                break;
            }
            rest = after;
        }
        let end = self.arn.len() - rest.len();
        self.at = end + 1;
        Some(Span { start, end })
    }

    const fn next_is(&mut self, part: &[u8]) -> bool {
        match self.next(true) {
            Some(span) => equal(span.of_bytes(self.arn), part),
            None => false,
        }
    }
}

const fn is_account(bytes: &[u8]) -> bool {
    all!(bytes, b'0'..=b'9') && bytes.len() == 12
}
