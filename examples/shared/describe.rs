//! `--json`, for a URL.

use presign::PresignedUrl;
use serde_json::{Map, Value, json};

/// What the sender has to know, as JSON in one line.
pub(crate) fn describe(url: &PresignedUrl) -> String {
    let headers: Map<String, Value> = url
        .headers()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    json!({
        "method": url.method().as_str(),
        "url": url.as_str(),
        "headers": headers,
        "expires_at": url.expires_at().to_string(),
    })
    .to_string()
}
