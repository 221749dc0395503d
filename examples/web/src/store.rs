//! Credentials and bucket: the fields that all views share.

use presign::{Bucket, Credentials, Timestamp};
use serde::Deserialize;

use crate::problem::Problem;

/// Credentials and bucket, as they were typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Store {
    pub access_key_id: String,
    pub secret_access_key: String,
    /// Empty for long-term credentials.
    pub session_token: String,
    /// When temporary credentials expire, in RFC 3339, or empty.
    pub expiration: String,
    /// A name or an ARN.
    pub bucket: String,
    pub region: String,
    /// Empty for AWS.
    pub endpoint: String,
    /// `host`, `path` or `global`.
    pub addressing: String,
}

impl Store {
    pub(crate) fn credentials(&self) -> Result<Credentials<'_>, Problem> {
        let mut credentials = Credentials::new(&self.access_key_id, &self.secret_access_key);
        if !self.session_token.is_empty() {
            credentials = credentials.session_token(&self.session_token);
        }
        if !self.expiration.is_empty() {
            let end: Timestamp = self
                .expiration
                .parse()
                .map_err(|error| Problem::at("expiration", error))?;
            credentials = credentials.expiration(end);
        }
        Ok(credentials)
    }

    pub(crate) fn bucket(&self) -> Result<Bucket<'_>, Problem> {
        let refused = |error| Problem::at("bucket", error);
        let mut bucket = Bucket::new(&self.bucket, &self.region).map_err(refused)?;
        if !self.endpoint.is_empty() {
            bucket = bucket.endpoint(&self.endpoint).map_err(refused)?;
        }
        Ok(match self.addressing.as_str() {
            "path" => bucket.path_style(),
            "global" => bucket.global_endpoint(),
            _ => bucket,
        })
    }

    /// Of the fields that have to be filled in, the first in the page's order that is not.
    pub(crate) fn first_missing(&self) -> Option<Problem> {
        [
            ("access_key_id", &self.access_key_id),
            ("secret_access_key", &self.secret_access_key),
            ("bucket", &self.bucket),
            ("region", &self.region),
        ]
        .into_iter()
        .find(|(_, value)| value.is_empty())
        .map(|(field, _)| Problem::missing(field))
    }
}

/// A lifetime: a whole number of seconds, minutes, hours or days.
pub(crate) fn lifetime(number: &str, unit: &str) -> Result<core::time::Duration, Problem> {
    if number.is_empty() {
        return Err(Problem::missing("expires"));
    }
    let unit_seconds: u64 = match unit {
        "minutes" => 60,
        "hours" => 3600,
        "days" => 86_400,
        _ => 1,
    };
    let number: Option<u64> = number.parse().ok();
    let seconds = number.and_then(|number| number.checked_mul(unit_seconds));
    seconds
        .map(core::time::Duration::from_secs)
        .ok_or_else(|| Problem::new("expires", "Enter a whole number."))
}
