//! Flags and their values, whichever the example.
//!
//! No error repeats what may be a secret: the value of a header, field or parameter, or an argument that stands alone.

use std::ffi::OsString;

use lexopt::Parser;
use presign::Timestamp;

use crate::Error;

/// Takes a value that can be given once.
pub(crate) fn once<T>(slot: &mut Option<T>, what: &str, value: T) -> Result<(), Error> {
    match slot.replace(value) {
        Some(_) => Err(format!("{what} is given twice").into()),
        None => Ok(()),
    }
}

/// What follows a flag, after `=` or as the next argument.
pub(crate) fn value(flag: &str, parser: &mut Parser) -> Result<String, Error> {
    let missing = || format!("{flag} needs a value");
    let value = match parser.optional_value() {
        Some(value) => value,
        // A value that was forgotten must not swallow the next flag.
        None => parser
            .raw_args()?
            .next_if(|next| !next.as_encoded_bytes().starts_with(b"--"))
            .ok_or_else(missing)?,
    };
    unicode(flag, value)
}

pub(crate) fn unicode(what: &str, value: OsString) -> Result<String, Error> {
    value
        .into_string()
        .map_err(|_| format!("{what} is not valid UTF-8").into())
}

pub(crate) fn no_value(error: lexopt::Error) -> Error {
    match error {
        lexopt::Error::UnexpectedValue { option, .. } => format!("{option} takes no value").into(),
        other => other.into(),
    }
}

pub(crate) fn seconds(text: &str) -> Result<u64, Error> {
    text.parse().map_err(|_| {
        format!("--expires-in is a whole number of seconds up to 604800, not {text:?}").into()
    })
}

pub(crate) fn time(text: &str) -> Result<Timestamp, Error> {
    match text.parse() {
        Ok(time) => Ok(time),
        Err(_) => Err(format!(
            "--at is an RFC 3339 time such as 2013-05-24T00:00:00Z, not {text:?}"
        )
        .into()),
    }
}
