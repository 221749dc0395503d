//! Presigns an Arrow array of object keys.
//!
//! [`presign_array`] writes the URLs into the buffers that the resulting array keeps: what it allocates does not depend on
//! how many keys there are.

use std::cell::Cell;
use std::fmt;

use arrow_array::{ArrayAccessor, StringArray};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use presign::{Error, Presigner, Timestamp};

/// What becomes of a key that cannot be signed: empty, over 1024 bytes, or with segments `.` or `..`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unsignable {
    /// An error, which names the key.
    Fail,
    /// Null.
    Null,
}

/// Signs the presigner's request for each key, which stands in place of the presigner's own: one URL for each key, null
/// for null.
///
/// Give the presigner a [`SigningKey`](presign::SigningKey), so that it is derived once for all batches of a day.
///
/// # Errors
/// [`RowError`] names the key that cannot be signed; where it names none, no key could be.
///
/// # Examples
/// ```
/// use arrow_array::{Array, StringArray};
/// use presign::{Bucket, Credentials, Presigner, Timestamp};
/// use presign_array::{Unsignable, presign_array};
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let now = Timestamp::from_unix(1_369_353_600);
/// let today = credentials.signing_key(&bucket, now)?;
/// let presigner = Presigner::get(&today, &bucket, "");
///
/// let keys = StringArray::from(vec![Some("a.jpg"), None, Some("../b.jpg")]);
/// let urls = presign_array(&presigner, now, &keys, Unsignable::Null)?;
/// assert!(urls.value(0).starts_with("https://examplebucket.s3.eu-west-1.amazonaws.com/a.jpg?X-Amz-"));
/// assert!(urls.is_null(1) && urls.is_null(2));
///
/// let error = presign_array(&presigner, now, &keys, Unsignable::Fail).unwrap_err();
/// assert!(error.to_string().starts_with("key \"../b.jpg\": "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn presign_array<'k>(
    presigner: &Presigner<'_>,
    at: Timestamp,
    keys: impl ArrayAccessor<Item = &'k str>,
    unsignable: Unsignable,
) -> Result<StringArray, RowError> {
    let rows = 0..keys.len();
    let (mut urls, mut ends) = (Vec::new(), Vec::with_capacity(rows.len()));
    // What any key would do tells what is wrong with the rest, and how much room a URL takes.
    presigner
        .sign_each_at(at, ["k"], &mut urls, &mut ends)
        .map_err(RowError::without_row)?;
    let text = rows.clone().filter(|&row| keys.is_valid(row));
    let text: usize = text.map(|row| keys.value(row).len()).sum();
    urls.reserve(rows.len() * urls.len() + text + SLACK);
    urls.clear();
    ends.clear();

    let mut signed: Vec<bool> = rows.clone().map(|row| keys.is_valid(row)).collect();
    let (mut remaining, last) = (rows.clone(), Cell::new(0));
    loop {
        let next = remaining.by_ref().filter(|&row| keys.is_valid(row));
        let next = next.map(|row| {
            last.set(row);
            keys.value(row)
        });
        match (
            presigner.sign_each_at(at, next, &mut urls, &mut ends),
            unsignable,
        ) {
            (Ok(()), _) => break,
            (Err(error), Unsignable::Null) if is_about_key(&error) => signed[last.get()] = false,
            (Err(error), _) => {
                let row = last.get();
                let key = keys.value(row).to_owned();
                return Err(RowError {
                    at: Some((row, key)),
                    error,
                });
            }
        }
    }

    let mut offsets = Vec::with_capacity(rows.len() + 1);
    let (mut ends, mut end) = (ends.into_iter(), 0);
    offsets.push(0);
    for &signed in &signed {
        if signed {
            end = ends.next().unwrap_or(end);
        }
        let needed = end;
        offsets.push(
            i32::try_from(end)
                .map_err(|_| RowError::without_row(Error::BufferTooSmall { needed }))?,
        );
    }
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    let nulls = signed
        .contains(&false)
        .then(|| NullBuffer::from(signed.as_slice()));
    Ok(StringArray::try_new(offsets, Buffer::from_vec(urls), nulls).expect("URLs are ASCII"))
}

/// Why an array could not be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    at: Option<(usize, String)>,
    error: Error,
}

impl RowError {
    /// The row, where the error is about its key.
    #[must_use]
    pub fn row(&self) -> Option<usize> {
        self.at.as_ref().map(|(row, _)| *row)
    }

    fn without_row(error: Error) -> Self {
        Self { at: None, error }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            None => self.error.fmt(f),
            Some((_, key)) => {
                let shown: String = key.chars().take(100).collect();
                let cut = if shown.len() < key.len() { "..." } else { "" };
                write!(f, "key {shown:?}{cut}: {}", self.error)
            }
        }
    }
}

impl std::error::Error for RowError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

fn is_about_key(error: &Error) -> bool {
    matches!(
        error,
        Error::EmptyKey | Error::KeyTooLong { .. } | Error::DotSegment { .. }
    )
}

/// `sign_each_at` asks for room as if each character of the next key took three.
const SLACK: usize = 4096;
