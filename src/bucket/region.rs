//! Regions and their partitions.

use super::bytes::{all, ends_with, equal, find, range, starts_with};
use crate::error::Error;

/// A group of regions with its own DNS suffix.
#[derive(Clone, Copy)]
pub(super) struct Partition {
    pub(super) name: &'static str,
    pub(super) suffix: &'static str,
    /// The prefix of its region names, which continue with a word, a hyphen and a number.
    regions: &'static str,
}

impl Partition {
    const fn new(name: &'static str, suffix: &'static str, regions: &'static str) -> Self {
        Self {
            name,
            suffix,
            regions,
        }
    }

    pub(super) const fn is(&self, name: &str) -> bool {
        equal(self.name.as_bytes(), name.as_bytes())
    }
}

pub(super) const AWS: Partition = Partition::new("aws", "amazonaws.com", "");

/// <https://docs.aws.amazon.com/general/latest/gr/s3.html>, and the partitions file of the AWS SDKs.
pub(super) const PARTITIONS: [Partition; 7] = [
    Partition::new("aws-cn", "amazonaws.com.cn", "cn-"),
    Partition::new("aws-us-gov", "amazonaws.com", "us-gov-"),
    Partition::new("aws-iso", "c2s.ic.gov", "us-iso-"),
    Partition::new("aws-iso-b", "sc2s.sgov.gov", "us-isob-"),
    Partition::new("aws-iso-e", "cloud.adc-e.uk", "eu-isoe-"),
    Partition::new("aws-iso-f", "csp.hci.ic.gov", "us-isof-"),
    Partition::new("aws-eusc", "amazonaws.eu", "eusc-de-"),
];

/// The partition of a region name, by AWS's rules. A region that belongs to no other partition belongs to `aws`.
pub(super) const fn partition(region: &[u8]) -> Partition {
    let mut rest: &[Partition] = &PARTITIONS;
    while let [partition, after @ ..] = rest {
        let (name, start) = (partition.name.as_bytes(), partition.regions.as_bytes());
        let pseudo = starts_with(region, name) && ends_with(region, b"-global");
        if pseudo && region.len() == name.len() + 7 {
            return *partition;
        }
        if starts_with(region, start) {
            let end = range(region, start.len(), region.len());
            let word = find(end, b'-');
            if word > 0 && is_number(range(end, word + 1, end.len())) {
                return *partition;
            }
        }
        rest = after;
    }
    AWS
}

const fn is_number(bytes: &[u8]) -> bool {
    all!(bytes, b'0'..=b'9') && !bytes.is_empty()
}

/// Checks the name of a region.
pub(super) const fn check(region: &str) -> Result<(), Error> {
    let bytes = region.as_bytes();
    let mut rest = bytes;
    while let [byte, after @ ..] = rest {
        let byte = *byte;
        if !byte.is_ascii_alphanumeric() && byte != b'-' && byte != b'_' {
            let position = bytes.len() - rest.len();
            return Err(Error::InvalidRegion { position, byte });
        }
        rest = after;
    }
    let length = bytes.len();
    if length == 0 || length > 63 {
        return Err(Error::RegionLength { length });
    }
    let position = match bytes {
        [b'-', ..] => 0,
        [.., b'-'] => length - 1,
        _ => return Ok(()),
    };
    Err(Error::InvalidRegion {
        position,
        byte: b'-',
    })
}

/// Checks that a region can be part of an AWS host.
pub(super) const fn check_in_host(region: &[u8]) -> Result<(), Error> {
    let mut rest = region;
    while let [byte, after @ ..] = rest {
        let byte = *byte;
        if byte.is_ascii_uppercase() || byte == b'_' {
            let position = region.len() - rest.len();
            return Err(Error::InvalidRegion { position, byte });
        }
        rest = after;
    }
    Ok(())
}
