//! How an example ends: with what it prints, or with one line that says why not.

use std::io::{self, Write};
use std::process::ExitCode;

/// Whatever it is, it is shown in one line.
pub(crate) type Error = Box<dyn core::error::Error>;

pub(crate) fn end(example: &str, result: Result<(), Error>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // `eprintln!` would panic where stderr is closed.
            let _ = writeln!(io::stderr(), "{example}: {error}");
            ExitCode::from(2)
        }
    }
}

pub(crate) fn print(text: &str) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")
        .and_then(|()| stdout.flush())
        .map_err(|error| format!("cannot write to stdout: {error}").into())
}
