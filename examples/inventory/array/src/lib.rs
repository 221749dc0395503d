//! Presigns an Arrow array of object keys.
//!
//! [`presign_array`] writes the URLs into the buffers that the resulting array keeps, so the number of allocations does not
//! depend on the number of keys.

use std::fmt;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayAccessor, StringArray};
use presign::{Error, Presigner, Timestamp};

/// The result for a key that cannot be signed: empty, over 1024 bytes, or with a segment `.` or `..`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unsignable {
    /// An error that names the key.
    Fail,
    /// Null.
    Null,
}

/// Returns a URL for each key, which replaces the key of the presigner. A null key gives null.
///
/// Create the presigner with a [`SigningKey`](presign::SigningKey), so that it is derived once for all batches of a day.
///
/// # Errors
/// [`RowError`] names the key that cannot be signed. Without a key, the error applies to all keys.
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
    let batch = presigner.batch_at(at).map_err(RowError::without_row)?;
    // One allocation suffices unless many characters are percent-encoded.
    let around = batch.sign("k").map_err(RowError::without_row)?;
    let valid = (0..keys.len()).filter(|&row| keys.is_valid(row));
    let text: usize = valid
        .map(|row| around.as_str().len() + keys.value(row).len())
        .sum();
    let mut urls = StringBuilder::with_capacity(keys.len(), text);
    let mut buffer = vec![0; around.as_str().len() + LONGEST_KEY];
    for row in 0..keys.len() {
        if !keys.is_valid(row) {
            urls.append_null();
            continue;
        }
        let key = keys.value(row);
        let url = batch.sign_into(key, &mut buffer).and_then(|url| {
            let bytes = urls.values_slice().len() + url.len();
            // The array's offsets have 32 bits.
            i32::try_from(bytes).map_err(|_| Error::OutOfMemory { bytes })?;
            Ok(url)
        });
        match (url, unsignable) {
            (Ok(url), _) => urls.append_value(url),
            (Err(error), Unsignable::Null) if is_about_key(&error) => urls.append_null(),
            (Err(error), _) => {
                let at = Some((row, key.to_owned()));
                return Err(RowError { at, error });
            }
        }
    }
    Ok(urls.finish())
}

/// Why an array could not be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    at: Option<(usize, String)>,
    error: Error,
}

impl RowError {
    /// The row, if the error is about its key.
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

/// 1024 bytes, all percent-encoded.
const LONGEST_KEY: usize = 3 * 1024;
