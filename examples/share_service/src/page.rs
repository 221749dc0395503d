//! The page at `/`, and the limits that it shows.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    let html = include_str!("../page/index.html");
    let css = include_str!("../page/page.css");
    let page = include_str!("../page/page.js");
    let upload = include_str!("../page/upload.js");
    let words = include_str!("../page/words.js");
    let js = "text/javascript; charset=utf-8";
    let icon = include_str!("../page/icon.svg");
    Router::new()
        .route("/", file("text/html; charset=utf-8", html))
        .route("/page.css", file("text/css; charset=utf-8", css))
        .route("/page.js", file(js, page))
        .route("/upload.js", file(js, upload))
        .route("/words.js", file(js, words))
        .route("/icon.svg", file("image/svg+xml", icon))
        .route("/limits", get(limits))
}

fn file(content_type: &'static str, text: &'static str) -> axum::routing::MethodRouter<Arc<App>> {
    get(move |State(app): State<Arc<App>>| async move {
        let headers: [(HeaderName, String); 5] = [
            (CONTENT_TYPE, content_type.to_owned()),
            (CONTENT_SECURITY_POLICY, policy(&app.store_origin)),
            (REFERRER_POLICY, "no-referrer".to_owned()),
            (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            (CACHE_CONTROL, "no-cache".to_owned()),
        ];
        (headers, text).into_response()
    })
}

/// Allows the page's files, and requests to the service and the store.
fn policy(store_origin: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self' {store_origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

async fn limits(State(app): State<Arc<App>>) -> Json<serde_json::Value> {
    let limits = &app.limits;
    Json(json!({
        "key_prefix": limits.key_prefix,
        "content_types": limits.content_types,
        "max_size": limits.max_size,
        "part_size": limits.part_size,
        "max_expires_in": limits.max_expires_in,
        "window": limits.window,
        "max_key_bytes": limits.max_key_bytes,
        "max_links": limits.max_links,
        "token_needed": app.token.is_some(),
    }))
}
