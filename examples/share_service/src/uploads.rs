//! Uploads in one piece, by `PUT` or by a form: `POST /uploads`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use presign::Presigner;
use presign::post::PostPolicy;
use serde::Deserialize;

use crate::App;
use crate::config::MAX_PUT;
use crate::refusal::{Asked, Refusal};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UploadRequest {
    key: String,
    content_type: String,
    /// For `put` the exact size of the body, which is signed. For `form` the maximum size of the file.
    size: Option<u64>,
    #[serde(default)]
    by: By,
    expires_in: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum By {
    #[default]
    Put,
    Form,
}

pub(crate) async fn uploads(
    State(app): State<Arc<App>>,
    Asked(asked): Asked<UploadRequest>,
) -> Result<Response, Refusal> {
    let now = (app.clock)();
    let expires_in = app.expires_in(asked.expires_in)?;
    app.check_key(&asked.key)?;
    let headers = app.check_type(&asked.content_type)?;
    let current = app.signer.current(now)?;
    let (bucket, most) = (app.signer.bucket(), app.limits.max_size.min(MAX_PUT));
    match asked.by {
        By::Put => {
            let Some(size) = asked.size else {
                let message = "size is required for put: the number of bytes to send";
                return Err(Refusal::new(400, "invalid_request", message));
            };
            app.check_size(size, most)?;
            let url = Presigner::put(current.key(), bucket, &asked.key)
                .content_type(&asked.content_type)
                .content_length(size)
                .headers(headers)
                .expires_in(expires_in)
                .sign_at(now)?;
            app.metrics.links("put", 1);
            Ok(Json(url).into_response())
        }
        By::Form => {
            let size = asked.size.unwrap_or(most);
            app.check_size(size, most)?;
            let mut policy = PostPolicy::new(current.key(), bucket, &asked.key)
                .content_type(&asked.content_type)
                .content_length(0..=size)
                .expires_in(expires_in);
            for (name, value) in headers {
                policy = policy.field(name, value);
            }
            let form = policy.sign_at(now)?;
            app.metrics.links("form", 1);
            Ok(Json(form).into_response())
        }
    }
}
