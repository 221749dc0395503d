//! The flags that links share.

use core::time::Duration;

use clap::{Args, ValueEnum};
use presign::Timestamp;

use crate::values::{self, Lines};

#[derive(Args)]
pub(crate) struct Object {
    /// s3://BUCKET/KEY, or - to read keys from stdin. The key is signed unchanged: it is not decoded
    #[arg(value_name = "S3_URI")]
    pub(crate) uri: Option<String>,
    /// The bucket: its name, or an access point's ARN. Without --key, the request is to the bucket itself
    #[arg(long)]
    pub(crate) bucket: Option<String>,
    /// The key, with --bucket. If it starts with -, write --key=KEY
    #[arg(long, requires = "bucket")]
    pub(crate) key: Option<String>,
    /// No bucket: a request to the service, such as ListBuckets
    #[arg(long, conflicts_with_all = ["uri", "bucket", "key"])]
    pub(crate) service: bool,
}

#[derive(Args)]
pub(crate) struct When {
    /// The expiry, 1 s to 7 days: seconds, or a duration such as 90m, 12h or 7d
    #[arg(long, value_name = "DURATION", default_value = "3600", value_parser = values::duration, allow_negative_numbers = true)]
    pub(crate) expires_in: Duration,
    /// The signing time, such as 2013-05-24T00:00:00Z [default: the current time]
    #[arg(long, value_name = "TIME", value_parser = values::time)]
    pub(crate) at: Option<Timestamp>,
}

#[derive(Args)]
pub(crate) struct What {
    #[command(flatten)]
    pub(crate) when: When,
    /// The content type that the sender must send
    #[arg(long, value_name = "TYPE")]
    pub(crate) content_type: Option<String>,
    /// A header that the sender must send; may be repeated. @FILE reads headers from a file, one per line
    #[arg(long, value_name = "NAME: VALUE", value_parser = values::headers)]
    pub(crate) header: Vec<Lines>,
    /// A query parameter; may be repeated
    #[arg(long, value_name = "NAME[=VALUE]", value_parser = values::parameter)]
    pub(crate) query: Vec<(String, String)>,
    /// Sign a key with segments . or .., which most clients resolve
    #[arg(long)]
    pub(crate) allow_dot_segments: bool,
}

impl What {
    /// Names and values, trimmed by the library.
    pub(crate) fn headers(&self) -> Vec<(&str, &str)> {
        values::borrowed(self.header.iter().flatten())
    }
}

/// For keys from stdin.
#[derive(Args)]
#[command(next_help_heading = "Many keys")]
pub(crate) struct Many {
    /// Keys on stdin end with a zero byte, as from `git ls-files -z`
    #[arg(short = '0', long)]
    pub(crate) null: bool,
    /// Each line on stdin is JSON: a string, or an object with `key` or `Key`
    #[arg(long, conflicts_with = "null")]
    pub(crate) jsonl: bool,
}

/// The signer, and the location of the bucket.
#[derive(Args)]
#[command(next_help_heading = "Credentials and endpoint")]
pub(crate) struct Client {
    /// The profile that signs, even if the environment has credentials
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The region [default: AWS_REGION, AWS_DEFAULT_REGION, or that of the profile]
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The URL of another store, such as http://127.0.0.1:9000 [default: from the environment or the profile]
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// Where the bucket's name goes [default: as configured, or auto: path at a custom endpoint, else virtual]
    #[arg(long, value_name = "STYLE")]
    pub(crate) addressing_style: Option<Style>,
    /// Use s3.amazonaws.com instead of s3.REGION.amazonaws.com
    #[arg(long)]
    pub(crate) global_endpoint: bool,
    /// Use the dual-stack endpoint, for IPv4 and IPv6
    #[arg(long)]
    pub(crate) dualstack: bool,
    /// Use the endpoint with FIPS 140 validated cryptography
    #[arg(long)]
    pub(crate) fips: bool,
    /// Use S3 Transfer Acceleration
    #[arg(long)]
    pub(crate) accelerate: bool,
    /// Use the control endpoint of S3 Express, for operations on directory buckets themselves
    #[arg(long)]
    pub(crate) control_endpoint: bool,
    /// Refuse the ARN of another region
    #[arg(long)]
    pub(crate) same_region: bool,
    /// The credentials are from CreateSession of a directory bucket
    #[arg(long)]
    pub(crate) express_session: bool,
    /// The regions in which a link to a multi-region access point is valid, separated by commas; `*` for all
    #[arg(long, value_name = "REGIONS")]
    pub(crate) region_set: Option<String>,
    /// How long a process or service may take to return credentials
    #[arg(long, value_name = "DURATION", default_value = "60", value_parser = values::duration, allow_negative_numbers = true)]
    pub(crate) credentials_timeout: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    Auto,
    Path,
    Virtual,
}

#[derive(Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// Print method, URL, headers to send and expiry as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the curl command, quoted for a POSIX shell
    #[arg(long, conflicts_with = "json")]
    pub(crate) curl: bool,
    /// Also draw the link as a QR code on stderr
    #[arg(long)]
    pub(crate) qr: bool,
    /// Also copy the link to the clipboard
    #[arg(long)]
    pub(crate) copy: bool,
    /// Print no advice, headers or progress on stderr
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
