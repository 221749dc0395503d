//! The command line.

use std::ffi::OsString;

use lexopt::{Arg, Parser};
use presign::{Method, Timestamp};

use crate::Error;
use crate::flags::{no_value, once, seconds, time, value};

pub(crate) const HELP: &str = "\
Usage: multi_region --arn ARN --key KEY [FLAGS]
       multi_region --arn ARN [FLAGS]             a request to the access point, such as a list

Prints a presigned URL of a multi-region access point, signed by SigV4a: it holds in every region of the set.
KEY is taken as it stands, never decoded.

  --arn ARN                 such as arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap
  --region-set REGIONS      joined by commas, each of which may end in `*`; without it `*`, all
  --method METHOD           GET (without it), HEAD, PUT, POST, DELETE, OPTIONS or PATCH
  --expires-in SECONDS      1 to 604800 (7 days); without it 3600
  --profile NAME            whose credentials sign, whatever the environment holds
  --at TIME                 sign for this time, such as 2013-05-24T00:00:00Z, not for now
  --json                    print method, URL, headers to send, and when the URL ends
  -h, --help                print this

A value that starts with `--` is given as --flag=VALUE.";

/// A new flag is a field here, an arm in [`parse`](Self::parse) and a line of the help.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) arn: String,
    /// `None` for the access point itself.
    pub(crate) key: Option<String>,
    pub(crate) region_set: Option<String>,
    pub(crate) method: Option<Method>,
    pub(crate) expires_in: Option<u64>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) profile: Option<String>,
    pub(crate) json: bool,
}

impl Args {
    /// `None` where help is asked for.
    pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Option<Self>, Error> {
        let mut args = Parser::from_args(args);
        let mut this = Self::default();
        let mut arn = None;

        while let Some(arg) = args.next().map_err(no_value)? {
            let flag = match arg {
                Arg::Long(name) => format!("--{name}"),
                Arg::Short(name) => format!("-{name}"),
                Arg::Value(_) => return Err("an argument without a flag; see --help".into()),
            };
            let mut value = || value(&flag, &mut args);
            match flag.as_str() {
                "--arn" => once(&mut arn, &flag, value()?)?,
                "--key" => once(&mut this.key, &flag, value()?)?,
                "--region-set" => once(&mut this.region_set, &flag, value()?)?,
                "--method" => once(&mut this.method, &flag, value()?.parse()?)?,
                "--expires-in" => once(&mut this.expires_in, &flag, seconds(&value()?)?)?,
                "--at" => once(&mut this.at, &flag, time(&value()?)?)?,
                "--profile" => once(&mut this.profile, &flag, value()?)?,
                "--json" => this.json = true,
                "--help" | "-h" => return Ok(None),
                _ => return Err(format!("unknown flag {}; see --help", flag.escape_debug()).into()),
            }
        }

        this.arn = arn.ok_or("no access point: give --arn; see --help")?;
        Ok(Some(this))
    }
}
