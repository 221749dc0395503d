//! The service of `../examples/one_file.rs` with aws-sdk-s3, for the comparison. The SDK runs the program and renews the
//! credentials itself.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use aws_config::credential_process::CredentialProcessProvider;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Region;
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

const BUCKET: &str = "examplebucket";
const LIFE: Duration = Duration::from_secs(15 * 60);

#[derive(Clone)]
pub struct App {
    pub client: Client,
    /// The names of the downloads, and their keys.
    pub files: Arc<HashMap<String, String>>,
}

struct Refusal(Box<dyn Error>);

impl<E: Into<Box<dyn Error>>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        eprintln!("cannot sign: {}", self.0);
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

fn answer(link: &PresignedRequest) -> Response {
    let headers = link
        .headers()
        .map(|(name, value)| (name.to_owned(), value.into()));
    let headers: Map<String, Value> = headers.collect();
    Json(json!({ "method": link.method(), "url": link.uri(), "headers": headers })).into_response()
}

fn attachment(name: &str) -> String {
    let mut value = String::from("attachment; filename=\"");
    for c in name.chars() {
        let plain = matches!(c, ' '..='~') && !matches!(c, '"' | '%' | '/' | '\\');
        value.push(if plain { c } else { '_' });
    }
    value.push_str("\"; filename*=UTF-8''");
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' => value.push(byte.into()),
            _ => _ = write!(value, "%{byte:02X}"),
        }
    }
    value
}

async fn download(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Refusal> {
    let Some(key) = app.files.get(&name) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let get = app.client.get_object().bucket(BUCKET).key(key);
    let get = get.response_content_disposition(attachment(&name));
    Ok(answer(
        &get.presigned(PresigningConfig::expires_in(LIFE)?).await?,
    ))
}

#[derive(Deserialize)]
struct Upload {
    content_type: String,
    content_length: i64,
}

async fn upload(
    State(app): State<App>,
    Path(name): Path<String>,
    Json(asked): Json<Upload>,
) -> Result<Response, Refusal> {
    let content_type = &asked.content_type;
    if content_type.is_empty() || content_type.contains(|c: char| c == '*' || c.is_control()) {
        return Ok(StatusCode::BAD_REQUEST.into_response());
    }
    if name.is_empty() || name.len() > 1000 || matches!(&*name, "." | "..") || name.contains('/') {
        return Ok(StatusCode::BAD_REQUEST.into_response());
    }
    let put = app
        .client
        .put_object()
        .bucket(BUCKET)
        .key(format!("inbox/{name}"));
    let put = put
        .content_type(content_type)
        .content_length(asked.content_length)
        .if_none_match("*");
    Ok(answer(
        &put.presigned(PresigningConfig::expires_in(LIFE)?).await?,
    ))
}

pub fn router(app: App) -> Router {
    Router::new()
        .route("/downloads/{name}", get(download))
        .route("/uploads/{name}", post(upload))
        .with_state(app)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let command: Vec<String> = std::env::args().skip(1).collect();
    let config = aws_sdk_s3::Config::builder()
        .region(Region::new("eu-west-1"))
        .credentials_provider(CredentialProcessProvider::new(command.join(" ")))
        .build();
    let app = App {
        client: Client::from_conf(config),
        files: Arc::new([("Bericht 2024 – Entwurf.pdf".into(), "reports/3f0a".into())].into()),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, router(app)).await?)
}
