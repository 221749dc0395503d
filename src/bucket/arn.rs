//! Amazon Resource Names that stand where a bucket name does.
//!
//! `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, the resource's parts separated by `/` or `:`.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html>

use super::host::partition;
use crate::error::Error;
use crate::text::Text;

/// What an ARN names.
pub(super) enum Arn<'a> {
    AccessPoint(AccessPoint<'a>),
    /// The alias of a multi-region access point, `.mrap` included.
    MultiRegion(&'a str),
}

/// An access point, of a bucket, an Object Lambda or an Outpost.
#[derive(Clone)]
pub(super) struct AccessPoint<'a> {
    pub(super) service: &'static str,
    pub(super) name: Text<'a>,
    pub(super) account: Text<'a>,
    pub(super) outpost: Option<Text<'a>>,
}

#[cfg(feature = "alloc")]
impl AccessPoint<'_> {
    pub(super) fn into_owned(self) -> AccessPoint<'static> {
        AccessPoint {
            service: self.service,
            name: self.name.into_owned(),
            account: self.account.into_owned(),
            outpost: self.outpost.map(Text::into_owned),
        }
    }
}

/// Takes an ARN apart; gives its region too.
pub(super) fn parse(arn: &str) -> Result<(Arn<'_>, &str), Error> {
    let mut fields = arn.splitn(6, ':').skip(1);
    let mut field = || fields.next().ok_or(Error::InvalidArn);
    let (arn_partition, service, region, account, resource) =
        (field()?, field()?, field()?, field()?, field()?);
    let mut parts = resource.split(['/', ':']);
    let mut part = || parts.next().ok_or(Error::InvalidArn);
    if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::InvalidArn);
    }
    if service == "s3" && region.is_empty() {
        let (kind, alias) = (part()?, part()?);
        let is_alias = alias.strip_suffix(".mrap").is_some_and(is_label);
        if kind != "accesspoint" || !is_alias || parts.next().is_some() || arn_partition != "aws" {
            return Err(Error::InvalidArn);
        }
        return Ok((Arn::MultiRegion(alias), region));
    }
    if !is_label(region) || partition(region).name != arn_partition {
        return Err(Error::InvalidArn);
    }
    let (service, outpost) = match service {
        "s3" => ("s3", None),
        "s3-object-lambda" => ("s3-object-lambda", None),
        "s3-outposts" if part()? == "outpost" => ("s3-outposts", Some(part()?)),
        _ => return Err(Error::InvalidArn),
    };
    let (kind, name) = (part()?, part()?);
    // A longer name would make, with the account, a label of a host that nobody can look up.
    if kind != "accesspoint"
        || !is_label(name)
        || name.len() > MAX_NAME
        || !outpost.is_none_or(is_label)
        || parts.next().is_some()
    {
        return Err(Error::InvalidArn);
    }
    let access_point = AccessPoint {
        service,
        name: name.into(),
        account: account.into(),
        outpost: outpost.map(Text::from),
    };
    Ok((Arn::AccessPoint(access_point), region))
}

/// The longest name of an access point.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations-naming-rules.html>
const MAX_NAME: usize = 50;

fn is_label(label: &str) -> bool {
    let in_host = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(in_host)
        && !label.starts_with('-')
        && !label.ends_with('-')
}
