//! The command line.

use std::ffi::OsString;

use lexopt::{Arg, Parser};
use presign::{Method, Timestamp};

use crate::Error;
use crate::addressing_style::is_path_style;
use crate::flags::{no_value, once, seconds, time, unicode, value};
use crate::header::header;

pub(crate) const HELP: &str = "\
Usage: presign s3://BUCKET/KEY [FLAGS]
       presign --bucket BUCKET --key KEY [FLAGS]
       presign --bucket BUCKET [FLAGS]            a request to the bucket, such as a list
       presign --service [FLAGS]                  a request to the service: ListBuckets

Prints a presigned URL. KEY is taken as it stands, never decoded. BUCKET may be an access point's ARN, or a directory
bucket (NAME--ZONE--x-s3) with IAM credentials or those of a session.

As in `aws s3 presign`:
  --expires-in SECONDS      1 to 604800 (7 days); without it 3600
  --region REGION           without it AWS_REGION, AWS_DEFAULT_REGION, or the profile's region
  --endpoint-url URL        of another store, such as http://127.0.0.1:9000
  --profile NAME            whose credentials sign, whatever the environment holds

More:
  --method METHOD           GET (without it), HEAD, PUT, POST, DELETE, OPTIONS or PATCH
  --content-type TYPE       that the sender has to send
  --header 'NAME: VALUE'    that the sender has to send; may be repeated
  --query NAME=VALUE        or NAME, for an empty value; may be repeated
  --addressing-style STYLE  path or virtual (without it virtual, where the bucket's name allows it)
  --global-endpoint         s3.amazonaws.com, not s3.REGION.amazonaws.com
  --dualstack               the endpoint that is reached over IPv4 and IPv6
  --fips                    the endpoint with FIPS 140 validated cryptography
  --accelerate              S3 Transfer Acceleration
  --control-endpoint        of S3 Express, for operations on directory buckets themselves
  --same-region             refuse the ARN of another region
  --express-session         the credentials are from CreateSession of a directory bucket
  --allow-dot-segments      sign a key with segments `.` or `..`, which most clients would resolve
  --at TIME                 sign for this time, such as 2013-05-24T00:00:00Z, not for now
  --json                    print method, URL, headers to send, and when the URL ends
  -h, --help                print this

A value that starts with `--` is given as --flag=VALUE.";

/// A new flag is a field here, an arm in [`parse`](Self::parse) and a line of the help.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) bucket: String,
    /// `None` for the bucket itself.
    pub(crate) key: Option<String>,
    pub(crate) service: bool,
    pub(crate) dual_stack: bool,
    pub(crate) fips: bool,
    pub(crate) accelerate: bool,
    pub(crate) control_endpoint: bool,
    pub(crate) same_region: bool,
    pub(crate) express_session: bool,
    pub(crate) method: Option<Method>,
    pub(crate) expires_in: Option<u64>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) region: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) endpoint_url: Option<String>,
    pub(crate) path_style: Option<bool>,
    pub(crate) global_endpoint: bool,
    pub(crate) allow_dot_segments: bool,
    pub(crate) content_type: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) json: bool,
}

impl Args {
    /// `None` where help is asked for.
    pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Option<Self>, Error> {
        let mut args = Parser::from_args(args);
        let mut this = Self::default();
        let (mut uri, mut bucket, mut key) = (None, None, None);

        while let Some(arg) = args.next().map_err(no_value)? {
            let flag = match arg {
                Arg::Long(name) => format!("--{name}"),
                Arg::Short(name) => format!("-{name}"),
                Arg::Value(value) => {
                    once(&mut uri, "S3 URI", unicode("S3 URI", value)?)?;
                    continue;
                }
            };
            let mut value = || value(&flag, &mut args);
            match flag.as_str() {
                "--bucket" => once(&mut bucket, &flag, value()?)?,
                "--key" => once(&mut key, &flag, value()?)?,
                "--method" => once(&mut this.method, &flag, value()?.parse()?)?,
                "--expires-in" => once(&mut this.expires_in, &flag, seconds(&value()?)?)?,
                "--at" => once(&mut this.at, &flag, time(&value()?)?)?,
                "--region" => once(&mut this.region, &flag, value()?)?,
                "--profile" => once(&mut this.profile, &flag, value()?)?,
                "--endpoint-url" => once(&mut this.endpoint_url, &flag, value()?)?,
                "--addressing-style" => {
                    once(&mut this.path_style, &flag, is_path_style(&value()?)?)?;
                }
                "--global-endpoint" => this.global_endpoint = true,
                "--dualstack" => this.dual_stack = true,
                "--fips" => this.fips = true,
                "--accelerate" => this.accelerate = true,
                "--control-endpoint" => this.control_endpoint = true,
                "--same-region" => this.same_region = true,
                "--express-session" => this.express_session = true,
                "--service" => this.service = true,
                "--allow-dot-segments" => this.allow_dot_segments = true,
                "--content-type" => once(&mut this.content_type, &flag, value()?)?,
                "--header" => this.headers.push(header(&value()?)?),
                "--query" => this.query.push(parameter(&value()?)),
                "--json" => this.json = true,
                "--help" | "-h" => return Ok(None),
                _ => return Err(format!("unknown flag {}; see --help", flag.escape_debug()).into()),
            }
        }

        if this.service {
            if uri.or(bucket).or(key).is_some() {
                return Err(
                    "--service cannot be combined with an S3 URI, --bucket or --key".into(),
                );
            }
        } else {
            (this.bucket, this.key) = object(uri, bucket, key)?;
        }
        Ok(Some(this))
    }
}

fn parameter(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    (name.to_owned(), value.to_owned())
}

/// Bucket and, unless the bucket itself is meant, key, from one of the two ways to give them.
fn object(
    uri: Option<String>,
    bucket: Option<String>,
    key: Option<String>,
) -> Result<(String, Option<String>), Error> {
    match (uri, bucket, key) {
        (Some(uri), None, None) => {
            let path = uri
                .strip_prefix("s3://")
                .ok_or("S3 URI does not start with s3://")?;
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            Ok((bucket.to_owned(), Some(key.to_owned())))
        }
        (None, Some(bucket), key) => Ok((bucket, key)),
        (None, None, None) => {
            Err("no object: give an S3 URI, or --bucket and --key; see --help".into())
        }
        (None, None, Some(_)) => Err("--key needs --bucket".into()),
        (Some(_), ..) => Err("an S3 URI cannot be combined with --bucket or --key".into()),
    }
}
