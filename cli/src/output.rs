//! How the command exits: with its output, or with one line that explains the failure.

use core::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use presign::redact;

pub(crate) enum Error {
    /// The command line is wrong, or requests something that S3 does not accept.
    Usage(String),
    /// The command line is valid, but the command failed.
    Refused(String),
    /// The reader of stdout has closed it, as `head` does.
    Closed,
}

impl Error {
    pub(crate) fn refused(error: impl Display) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<presign::Error> for Error {
    fn from(error: presign::Error) -> Self {
        match error.kind() {
            presign::ErrorKind::Credentials | presign::ErrorKind::Buffer => Self::refused(error),
            _ => Self::Usage(error.to_string()),
        }
    }
}

pub(crate) fn exit(result: Result<(), Error>) -> ExitCode {
    let (code, text) = match result {
        Ok(()) | Err(Error::Closed) => return ExitCode::SUCCESS,
        Err(Error::Refused(text)) => (1, text),
        Err(Error::Usage(text)) => (2, text),
    };
    if !text.is_empty() {
        note(&text);
    }
    ExitCode::from(code)
}

/// Prints one line on stderr.
pub(crate) fn note(text: &str) {
    // `eprintln!` would panic where stderr is closed.
    let _ = writeln!(
        io::stderr(),
        "presign: {}",
        plain(&redact(text).to_string())
    );
}

/// Escapes the control characters of text from a file, a store or a URL, so that the terminal does not run them.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            plain.extend(c.escape_default());
        } else {
            plain.push(c);
        }
    }
    plain
}

pub(crate) fn print(text: &str) -> Result<(), Error> {
    write(format!("{text}\n").as_bytes())
}

pub(crate) fn write(bytes: &[u8]) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Error::Closed,
        _ => Error::Refused(format!("cannot write to stdout: {error}")),
    })
}
