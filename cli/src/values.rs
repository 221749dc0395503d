//! What a flag's value may be. No message repeats what may be a secret: the value of a header, parameter or field.

use core::str::FromStr;
use core::time::Duration;
use std::io::Read;
use std::path::Path;

use presign::{Method, Timestamp, multipart};

/// Pairs of name and value.
pub(crate) type Lines = Vec<(String, String)>;

/// Whole seconds, or with units.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    humantime::parse_duration(text).map_err(|_| {
        format!("{text:?} is not a number of seconds, or a duration such as 90m, 12h or 7d")
    })
}

pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| format!("{text:?} is not an RFC 3339 time such as 2013-05-24T00:00:00Z"))
}

pub(crate) fn method(text: &str) -> Result<Method, presign::Error> {
    text.parse()
}

/// A header as it is written, or `@` and the name of a file with one header per line.
pub(crate) fn headers(text: &str) -> Result<Lines, String> {
    match text.strip_prefix('@') {
        Some(path) => read(Path::new(path))?
            .lines()
            .zip(1..)
            .filter(|(line, _)| !line.is_empty())
            .map(|(line, n)| pair(line, ':').map_err(|error| format!("line {n}: {error}")))
            .collect(),
        None => Ok(vec![pair(text, ':')?]),
    }
}

pub(crate) fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    Ok((name.to_owned(), value.to_owned()))
}

pub(crate) fn field(text: &str) -> Result<(String, String), String> {
    pair(text, '=')
}

fn pair(text: &str, separator: char) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once(separator)
        .ok_or_else(|| format!("'{separator}' between name and value is missing"))?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Both limits are included, with `..` and with `..=`.
pub(crate) fn range<T: FromStr>(text: &str) -> Result<(T, T), String> {
    let ends = text.split_once("..").and_then(|(first, last)| {
        let last = last.strip_prefix('=').unwrap_or(last);
        Some((first.parse().ok()?, last.parse().ok()?))
    });
    ends.ok_or_else(|| format!("{text:?} is not a range of whole numbers such as 1..100"))
}

/// The numbers of the first part and the last.
pub(crate) fn parts(text: &str) -> Result<(u16, u16), String> {
    let number = |number: u64| match u16::try_from(number) {
        Ok(part @ 1..=10_000) => Ok(part),
        _ => Err(presign::Error::PartNumberOutOfRange { number }.to_string()),
    };
    let (first, last) = range(text)?;
    Ok((number(first)?, number(last)?))
}

/// The ID itself, or `@` and the name of a file with the store's answer.
pub(crate) fn upload_id(text: &str) -> Result<String, String> {
    match text.strip_prefix('@') {
        Some(path) => {
            multipart::upload_id(&read(Path::new(path))?).map_err(|error| error.to_string())
        }
        None => Ok(text.to_owned()),
    }
}

pub(crate) fn etag(text: &str) -> Result<(u16, String), String> {
    let (number, etag) = pair(text, '=')?;
    let number = number.parse();
    let number = number.map_err(|_| "part number is not a whole number from 1 to 10000")?;
    Ok((number, etag))
}

/// Bucket and key of an S3 URI; the key is what follows the first slash.
pub(crate) fn s3_uri(uri: &str) -> Result<(&str, &str), String> {
    let path = uri
        .strip_prefix("s3://")
        .ok_or("S3 URI does not start with s3://")?;
    // An access point's ARN can contain a slash: arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME.
    let slashes = if path.starts_with("arn:") && path.contains(":accesspoint/") {
        1
    } else {
        0
    };
    Ok(match path.match_indices('/').nth(slashes) {
        Some((at, _)) => path
            .split_at_checked(at)
            .map_or((path, ""), |(bucket, key)| {
                (bucket, key.strip_prefix('/').unwrap_or(key))
            }),
        None => (path, ""),
    })
}

pub(crate) fn borrowed<'p>(
    pairs: impl IntoIterator<Item = &'p (String, String)>,
) -> Vec<(&'p str, &'p str)> {
    let pairs = pairs.into_iter();
    pairs
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// A file's text, or that of stdin for `-`. Bytes that are not UTF-8 are replaced.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(path).map(|content| bytes = content)
    };
    read.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
