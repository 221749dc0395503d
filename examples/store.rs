//! Runs an S3 server to experiment with, until Ctrl-C: prints its address and its credentials.
//!
//! ```text
//! cargo run --example store -- [--bucket NAME]
//! ```

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use lexopt::{Arg, ValueExt};
use presign_store::{Account, Config, Server, random_secret};

const USAGE: &str = "usage: store [--bucket NAME]";

fn main() -> ExitCode {
    let (code, problem) = match bucket(std::env::args_os().skip(1)) {
        Err(problem) => (2, format!("{problem} ({USAGE})")),
        Ok(None) => match writeln!(io::stdout(), "{USAGE}") {
            Ok(()) => return ExitCode::SUCCESS,
            Err(problem) => (1, problem.to_string()),
        },
        Ok(Some(bucket)) => match serve(&bucket) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(problem) => (1, problem.to_string()),
        },
    };
    // Must not panic if standard error is closed.
    let _ = writeln!(io::stderr(), "store: {problem}");
    ExitCode::from(code)
}

/// The bucket's name; `None` if help is requested.
fn bucket(arguments: impl Iterator<Item = OsString>) -> Result<Option<String>, lexopt::Error> {
    let mut bucket = "share".to_owned();
    let mut arguments = lexopt::Parser::from_args(arguments);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("bucket") => bucket = arguments.value()?.string()?,
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    presign::Bucket::new(&bucket, Config::default().region).map_err(|error| error.to_string())?;
    Ok(Some(bucket))
}

fn serve(bucket: &str) -> Result<(), Box<dyn std::error::Error>> {
    let secret = random_secret()?;
    let account = Account {
        access_key_id: "AKIAIOSFODNN7EXAMPLE",
        secret_access_key: &secret,
        session_token: None,
    };
    let server = Server::start(&Config {
        accounts: &[account],
        buckets: &[bucket],
        ..Config::default()
    })?;
    let mut out = io::stdout().lock();
    writeln!(out, "access key ID      {}", account.access_key_id)?;
    writeln!(out, "secret access key  {secret}")?;
    writeln!(out, "bucket             {bucket}, in the path")?;
    writeln!(out, "region             {}", Config::default().region)?;
    writeln!(out, "endpoint           {}", server.endpoint())?;
    drop(out);
    server.wait_for_interrupt(|| {
        let mut out = io::stdout().lock();
        writeln!(
            out,
            "\nThis store keeps ${{filename}} in the key of a form; S3 replaces it."
        )?;
        writeln!(out, "Serving until Ctrl-C.")?;
        out.flush()
    })?;
    Ok(())
}
