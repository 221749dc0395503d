//! Says why a presigned URL is refused: `cargo run --features diagnose --example explain -- --help`.

use std::io::Read;
use std::process::ExitCode;
use std::time::SystemTime;

use presign::Credentials;
use presign::diagnose::Evidence;

use args::Args;
use output::{Error, print};

mod args;
#[allow(dead_code, reason = "a URL here has no flag for its expiry")]
#[path = "../shared/flags.rs"]
mod flags;
#[path = "../shared/header.rs"]
mod header;
#[path = "../shared/output.rs"]
mod output;
mod report;

fn main() -> ExitCode {
    output::end("explain", run())
}

fn run() -> Result<(), Error> {
    let Some(args) = Args::parse(std::env::args_os().skip(1))? else {
        return print(args::HELP);
    };
    let url = if args.url == "-" {
        let mut url = String::new();
        let read = std::io::stdin().read_to_string(&mut url);
        read.map_err(|error| format!("cannot read the URL: {error}"))?;
        // The line's end is stdin's, not the URL's.
        url.strip_suffix('\n').unwrap_or(&url).to_owned()
    } else {
        args.url
    };
    let answer = match &args.answer {
        Some(path) => {
            let read = std::fs::read(path);
            let read = read.map_err(|error| format!("cannot read {path:?}: {error}"))?;
            String::from_utf8_lossy(&read).into_owned()
        }
        None => String::new(),
    };
    let credentials = credentials()?;
    let headers = pairs(&args.headers);
    let fields = pairs(&args.fields);

    let mut evidence = Evidence::new(&url)
        .at(args.at.unwrap_or_else(|| SystemTime::now().into()))
        .answer(&answer);
    if let Some(method) = &args.method {
        evidence = evidence.method(method);
    }
    if !headers.is_empty() || args.no_headers {
        evidence = evidence.headers(&headers);
    }
    if !fields.is_empty() {
        evidence = evidence.form(&fields);
    }
    if let Some(credentials) = &credentials {
        evidence = evidence.credentials(credentials);
    }
    let diagnosis = evidence.diagnose();
    if args.json {
        print(&report::json(&diagnosis))
    } else {
        print(&report::text(&diagnosis, report::colors()))
    }
}

fn pairs(list: &[(String, String)]) -> Vec<(&str, &str)> {
    let list = list.iter();
    list.map(|(name, value)| (name.trim(), value.trim()))
        .collect()
}

/// Those of the environment, where they are set.
fn credentials() -> Result<Option<Credentials<'static>>, presign::Error> {
    match Credentials::from_env() {
        Ok(credentials) => Ok(Some(credentials)),
        Err(presign::Error::MissingEnvironmentVariable {
            name: "AWS_ACCESS_KEY_ID",
        }) => Ok(None),
        Err(error) => Err(error),
    }
}
