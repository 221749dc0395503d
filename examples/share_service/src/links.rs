//! Links to download objects: `POST /links`.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use presign::{Method, Presigner, SigningKey, Timestamp};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::refusal::{Asked, Refusal};

/// A request for one link, or for a link to each of many keys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    pub key: Option<String>,
    pub keys: Option<Vec<String>>,
    #[serde(default)]
    pub method: Download,
    pub expires_in: Option<u64>,
    /// The file name for the download.
    pub filename: Option<String>,
}

/// `get` or `head`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Download {
    #[default]
    Get,
    Head,
}

impl Download {
    const fn method(self) -> (&'static str, Method) {
        match self {
            Self::Get => ("get", Method::Get),
            Self::Head => ("head", Method::Head),
        }
    }
}

/// Links with one method and one expiry.
#[derive(Debug, Serialize)]
pub struct Links<'l> {
    pub method: Method,
    pub expires_at: Timestamp,
    pub links: Vec<Link<'l>>,
}

/// One of [`Links`].
#[derive(Debug, Serialize)]
pub struct Link<'l> {
    pub key: &'l str,
    pub url: &'l str,
}

pub(crate) async fn links(
    State(app): State<Arc<App>>,
    Asked(asked): Asked<LinkRequest>,
) -> Result<Response, Refusal> {
    let now = (app.clock)();
    let expires_in = app.expires_in(asked.expires_in)?;
    let current = app.signer.current(now)?;
    let (kind, method) = asked.method.method();
    match (&asked.key, &asked.keys) {
        (Some(key), None) => {
            app.check_key(key)?;
            let disposition = asked.filename.as_deref().map(attachment);
            let mut presigner = presigner(&app, current.key(), method, key, expires_in);
            if let Some(disposition) = &disposition {
                presigner = presigner.response_content_disposition(disposition);
            }
            let url = presigner.sign_at(now)?;
            app.metrics.links(kind, 1);
            Ok(Json(url).into_response())
        }
        (None, Some(keys)) => {
            app.check_count(keys.len())?;
            if asked.filename.is_some() {
                let message = "filename requires key, not keys";
                return Err(Refusal::new(400, "invalid_request", message));
            }
            for key in keys {
                app.check_key(key)?;
            }
            let batch = presigner(&app, current.key(), method, "", expires_in).batch_at(now)?;
            let urls = batch.sign_each(keys)?;
            let links = keys.iter().zip(urls.iter());
            let links = Links {
                method,
                expires_at: batch.expires_at(),
                links: links.map(|(key, url)| Link { key, url }).collect(),
            };
            app.metrics.links(kind, keys.len());
            Ok(Json(links).into_response())
        }
        _ => {
            let message = "either key or keys is required, and not both";
            Err(Refusal::new(400, "invalid_request", message))
        }
    }
}

fn presigner<'p>(
    app: &'p App,
    signing_key: &'p SigningKey<'_>,
    method: Method,
    key: &'p str,
    expires_in: Duration,
) -> Presigner<'p> {
    let bucket = app.signer.bucket();
    let presigner = Presigner::new(method, signing_key, bucket, key).expires_in(expires_in);
    match app.limits.window() {
        Some(window) => presigner.align_to(window),
        None => presigner,
    }
}

/// The bytes that RFC 8187 (3.2.1, `attr-char`) does not encode.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// Returns a `Content-Disposition` with the name in ASCII, and in UTF-8 if ASCII cannot express it (RFC 6266, appendix D).
#[must_use]
pub fn attachment(filename: &str) -> String {
    let plain = |c: char| c.is_ascii() && !matches!(c, '"' | '\\' | '%');
    let ascii: String = filename
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect();
    let mut value = format!("attachment; filename=\"{ascii}\"");
    if ascii != filename {
        value.push_str("; filename*=UTF-8''");
        value.extend(utf8_percent_encode(filename, ENCODED));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_to_save_by() {
        assert_eq!(attachment("a b.txt"), "attachment; filename=\"a b.txt\"");
        assert_eq!(
            attachment("Grüße \"1\".txt"),
            "attachment; filename=\"Gr__e _1_.txt\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%221%22.txt"
        );
    }
}
