//! `--header`.

use crate::Error;

/// Name and value of a header as it is written.
pub(crate) fn header(text: &str) -> Result<(String, String), Error> {
    let (name, value) = text
        .split_once(':')
        .ok_or("--header has no ':' between name and value")?;
    Ok((name.to_owned(), value.to_owned()))
}
