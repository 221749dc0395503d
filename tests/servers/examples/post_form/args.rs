//! The command line.

use core::ops::RangeInclusive;
use core::time::Duration;
use std::ffi::OsString;

use lexopt::{Arg, Parser};
use presign::Timestamp;

use crate::Error;
use crate::addressing_style::is_path_style;
use crate::flags::{no_value, once, seconds, time, value};
use crate::upload::Upload;

pub(crate) const HELP: &str = "\
Usage: post_form --bucket BUCKET --key KEY [FLAGS]
       post_form --bucket BUCKET --key-prefix PREFIX [FLAGS]
       post_form --bucket BUCKET --key KEY --serve [FLAGS]

Prints a page with a form that uploads a file to S3 from a browser, without a server.

  --key KEY                 the object's key; S3 replaces ${filename} by the file's name
  --key-prefix PREFIX       the same as --key 'PREFIX${filename}'
  --field NAME=VALUE        a form field, such as acl=private; may be repeated
  --starts-with NAME=PREFIX a field whose value the sender chooses, such as Content-Type=image/; may be repeated
  --content-length MIN..MAX the file's size in bytes, MIN and MAX included; MIN..=MAX means the same
  --expires-in SECONDS      1 to 604800 (7 days); default: 3600
  --region REGION           default: AWS_REGION, AWS_DEFAULT_REGION, or the profile's region
  --endpoint-url URL        another store, such as http://127.0.0.1:9000
  --addressing-style STYLE  path or virtual (default: virtual if the bucket's name allows it)
  --profile NAME            sign with this profile's credentials, even if the environment has others
  --at TIME                 sign for this time instead of now, such as 2013-05-24T00:00:00Z
  --json                    print URL, fields, open fields with their prefixes, policy, and expiry
  --serve                   serve the page, and an S3 server for its uploads, until Ctrl-C; needs no credentials.
                            This server deletes the files when it exits, and does not replace ${filename}
  -h, --help                print this

Pass a value that starts with `--` as --flag=VALUE.";

/// To add a flag, add a field here or in [`Upload`], an arm in [`parse`](Self::parse) and a line in the help.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) bucket: String,
    pub(crate) upload: Upload,
    pub(crate) at: Option<Timestamp>,
    pub(crate) region: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) endpoint_url: Option<String>,
    pub(crate) path_style: Option<bool>,
    pub(crate) json: bool,
    pub(crate) serve: bool,
}

impl Args {
    /// Returns `None` if help is requested.
    pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Option<Self>, Error> {
        let mut args = Parser::from_args(args);
        let mut this = Self::default();
        let upload = &mut this.upload;
        let (mut bucket, mut key, mut key_prefix, mut expires_in) = (None, None, None, None);

        while let Some(arg) = args.next().map_err(no_value)? {
            let flag = match arg {
                Arg::Long(name) => format!("--{name}"),
                Arg::Short(name) => format!("-{name}"),
                Arg::Value(_) => return Err("an argument without a flag; see --help".into()),
            };
            let mut value = || value(&flag, &mut args);
            match flag.as_str() {
                "--bucket" => once(&mut bucket, &flag, value()?)?,
                "--key" => once(&mut key, &flag, value()?)?,
                "--key-prefix" => once(&mut key_prefix, &flag, value()?)?,
                "--field" => upload.fields.push(pair(&flag, &value()?)?),
                "--starts-with" => upload.starts_with.push(pair(&flag, &value()?)?),
                "--content-length" => once(&mut upload.content_length, &flag, range(&value()?)?)?,
                "--expires-in" => once(&mut expires_in, &flag, seconds(&value()?)?)?,
                "--at" => once(&mut this.at, &flag, time(&value()?)?)?,
                "--region" => once(&mut this.region, &flag, value()?)?,
                "--profile" => once(&mut this.profile, &flag, value()?)?,
                "--endpoint-url" => once(&mut this.endpoint_url, &flag, value()?)?,
                "--addressing-style" => {
                    once(&mut this.path_style, &flag, is_path_style(&value()?)?)?;
                }
                "--json" => this.json = true,
                "--serve" => this.serve = true,
                "--help" | "-h" => return Ok(None),
                _ => return Err(format!("unknown flag {}; see --help", flag.escape_debug()).into()),
            }
        }

        upload.key = match (key, key_prefix) {
            (Some(key), None) => key,
            (None, Some(prefix)) => prefix + "${filename}",
            (None, None) => return Err("no key: give --key or --key-prefix; see --help".into()),
            (Some(_), Some(_)) => return Err("--key cannot be combined with --key-prefix".into()),
        };
        if this.serve {
            let elsewhere = [
                ("--addressing-style", this.path_style.is_some()),
                ("--at", this.at.is_some()),
                ("--endpoint-url", this.endpoint_url.is_some()),
                ("--json", this.json),
                ("--profile", this.profile.is_some()),
            ];
            if let Some((flag, _)) = elsewhere.into_iter().find(|(_, given)| *given) {
                return Err(format!("--serve cannot be combined with {flag}").into());
            }
        }
        upload.expires_in = expires_in.map(Duration::from_secs);
        this.bucket = bucket.ok_or("no bucket: give --bucket; see --help")?;
        Ok(Some(this))
    }
}

fn pair(flag: &str, text: &str) -> Result<(String, String), Error> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| format!("{flag} has no '=' after the name"))?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Both limits are included, however the range is written, as in the policy.
fn range(text: &str) -> Result<RangeInclusive<u64>, Error> {
    let ends = text.split_once("..").and_then(|(min, max)| {
        let max = max.strip_prefix('=').unwrap_or(max);
        Some(min.parse().ok()?..=max.parse().ok()?)
    });
    ends.ok_or_else(|| {
        format!("--content-length is MIN..MAX in bytes, such as 1..1048576, not {text:?}").into()
    })
}
