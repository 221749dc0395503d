//! The command `presign`: create, verify and explain S3 presigned URLs.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use args::{Cli, Command};
use output::Error;

mod args;
mod config;
mod explain;
mod form;
mod many;
mod multipart;
mod output;
mod redact;
mod share;
mod sign;
mod usage;
mod values;
mod verify;

fn main() -> ExitCode {
    output::exit(run())
}

fn run() -> Result<(), Error> {
    let args = with_default(std::env::args_os().collect());
    let matches = match Cli::command().try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => return usage::report(&error),
    };
    let cli = Cli::from_arg_matches(&matches).map_err(|error| Error::Usage(error.to_string()))?;
    match &cli.command {
        Command::Get(args) => sign::get(args),
        Command::Put(args) => sign::put(args),
        Command::Head(args) => sign::object(presign::Method::Head, args),
        Command::Delete(args) => sign::object(presign::Method::Delete, args),
        Command::Request(args) => sign::object(args.method, &args.sign),
        Command::List(args) => sign::list(args),
        Command::Multipart(args) => multipart::run(args),
        Command::Form(args) => form::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Redact(args) => redact::run(args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "presign", &mut script);
            output::write(&script)
        }
        Command::Man { directory } => man(directory.as_deref()),
    }
}

/// `presign s3://bucket/key` is short for `presign get s3://bucket/key`.
fn with_default(mut args: Vec<OsString>) -> Vec<OsString> {
    let flags = ["-h", "--help", "-V", "--version"];
    let is_short = args.get(1).and_then(|arg| arg.to_str()).is_some_and(|arg| {
        arg.starts_with("s3://") || (arg.starts_with('-') && !flags.contains(&arg))
    });
    if is_short {
        args.insert(1, "get".into());
    }
    args
}

/// The manual: of the command itself on stdout, or one page for each subcommand in a directory.
fn man(directory: Option<&std::path::Path>) -> Result<(), Error> {
    let mut command = Cli::command();
    command.build();
    match directory {
        Some(directory) => std::fs::create_dir_all(directory)
            .and_then(|()| clap_mangen::generate_to(command, directory))
            .map_err(|error| {
                Error::Refused(format!("cannot write to {}: {error}", directory.display()))
            }),
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command)
                .render(&mut page)
                .map_err(Error::refused)?;
            output::write(&page)
        }
    }
}
