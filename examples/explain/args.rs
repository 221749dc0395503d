//! The command line.

use std::ffi::OsString;

use lexopt::{Arg, Parser};
use presign::Timestamp;

use crate::Error;
use crate::flags::{no_value, once, time, unicode, value};
use crate::header::header;

pub(crate) const HELP: &str = "\
Usage: explain URL [FLAGS]
       explain - [FLAGS]        read the URL from stdin, so that it does not appear in the list of processes

Explains why a presigned URL is refused. Nothing is sent, and no signature, token or secret is printed.

  --method METHOD          the method that was sent; without it, GET is assumed
  --header 'NAME: VALUE'   a header that was sent; repeat it for each. `Host` tells where the request went
  --no-headers             no signed header was sent
  --field NAME=VALUE       a field of a form that was sent; repeat it for each, policy included
  --at TIME                when it was sent, such as 2013-05-24T00:00:00Z; without it, now
  --answer FILE            the store's answer in any form: XML, JSON, a browser's text, what curl -i or -v printed
  --json                   print the causes in order, each with its stable name, and both sides' canonical requests
  -h, --help               print this

With AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN in the environment, changes of the request are tried
against the signature, which can prove a cause. NO_COLOR turns colors off.";

/// A new flag is a field here, an arm in [`parse`](Self::parse) and a line of the help.
#[derive(Default)]
pub(crate) struct Args {
    /// `-` for stdin.
    pub(crate) url: String,
    pub(crate) method: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) no_headers: bool,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) answer: Option<String>,
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
                "--no-headers" => this.no_headers = true,
                "--field" => {
                    let field = value()?;
                    let field = field
                        .split_once('=')
                        .ok_or("--field has no '=' between name and value")?;
                    this.fields.push((field.0.into(), field.1.into()));
                }
                // Its name when only XML was read.
                "--answer" | "--error-xml" => once(&mut this.answer, "--answer", value()?)?,
                "--json" => this.json = true,
                "--help" | "-h" => return Ok(None),
                _ => return Err(format!("unknown flag {}; see --help", flag.escape_debug()).into()),
            }
        }
        this.url = url.ok_or("no URL; see --help")?;
        Ok(Some(this))
    }
}
