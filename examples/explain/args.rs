//! The command line.

use std::ffi::OsString;

use lexopt::{Arg, Parser};
use presign::Timestamp;

use crate::Error;
use crate::flags::{no_value, once, time, unicode, value};
use crate::header::header;

pub(crate) const HELP: &str = "\
Usage: explain URL [FLAGS]
       explain - [FLAGS]        the URL is read from stdin, so that no list of processes shows it

Says why a presigned URL is refused. Nothing is sent anywhere, and no signature, token or secret is printed.

  --method METHOD          that was sent; without it GET
  --header 'NAME: VALUE'   that was sent; may be repeated. `Host` tells where the request went
  --at TIME                when it was sent, such as 2013-05-24T00:00:00Z; without it now
  --error-xml FILE         what the store answered
  --json                   print the causes in order, each with its stable name, and both sides' canonical requests
  -h, --help               print this

The secret of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, where they are set, tells what was signed:
then causes are certain that otherwise can only be guessed. Colours are for terminals; NO_COLOR turns them off.";

/// A new flag is a field here, an arm in [`parse`](Self::parse) and a line of the help.
#[derive(Default)]
pub(crate) struct Args {
    /// `-` for stdin.
    pub(crate) url: String,
    pub(crate) method: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) error_xml: Option<String>,
    pub(crate) json: bool,
}

impl Args {
    /// `None` where help is asked for.
    pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Option<Self>, Error> {
        let mut args = Parser::from_args(args);
        let mut this = Self::default();
        let mut url = None;
        while let Some(arg) = args.next().map_err(no_value)? {
            let flag = match arg {
                Arg::Long(name) => format!("--{name}"),
                Arg::Short(name) => format!("-{name}"),
                Arg::Value(value) => {
                    once(&mut url, "URL", unicode("URL", value)?)?;
                    continue;
                }
            };
            let mut value = || value(&flag, &mut args);
            match flag.as_str() {
                "--method" => once(&mut this.method, &flag, value()?)?,
                "--header" => this.headers.push(header(&value()?)?),
                "--at" => once(&mut this.at, &flag, time(&value()?)?)?,
                "--error-xml" => once(&mut this.error_xml, &flag, value()?)?,
                "--json" => this.json = true,
                "--help" | "-h" => return Ok(None),
                _ => return Err(format!("unknown flag {}; see --help", flag.escape_debug()).into()),
            }
        }
        this.url = url.ok_or("no URL; see --help")?;
        Ok(Some(this))
    }
}
