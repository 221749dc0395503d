//! The service of `../examples/one_file.rs` with rusty-s3, for the comparison.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use rusty_s3::credentials::RotatingCredentials;
use rusty_s3::{Bucket, S3Action, UrlStyle};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio::process::Command;

const LIFE: Duration = Duration::from_secs(15 * 60);
const MARGIN: Duration = Duration::from_secs(5 * 60);
const RETRY: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub struct App {
    pub credentials: RotatingCredentials,
    pub bucket: Arc<Bucket>,
    /// The names of the downloads, and their keys.
    pub files: Arc<HashMap<String, String>>,
}

#[derive(Serialize)]
struct Link {
    method: &'static str,
    url: String,
    headers: HashMap<&'static str, String>,
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

async fn download(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Json<Link>, StatusCode> {
    let key = app.files.get(&name).ok_or(StatusCode::NOT_FOUND)?;
    let credentials = app.credentials.get();
    let mut action = app.bucket.get_object(Some(&credentials), key);
    let query = action.query_mut();
    query.insert("response-content-disposition", attachment(&name));
    let url = action.sign(LIFE).into();
    let (method, headers) = ("GET", HashMap::new());
    Ok(Json(Link {
        method,
        url,
        headers,
    }))
}

#[derive(Deserialize)]
struct Upload {
    content_type: String,
    content_length: u64,
}

async fn upload(
    State(app): State<App>,
    Path(name): Path<String>,
    Json(asked): Json<Upload>,
) -> Result<Json<Link>, StatusCode> {
    if asked.content_type.is_empty()
        || asked
            .content_type
            .contains(|c: char| c == '*' || c.is_control())
    {
        return Err(StatusCode::BAD_REQUEST);
    }
    if name.is_empty() || name.len() > 1000 || matches!(&*name, "." | "..") || name.contains('/') {
        return Err(StatusCode::BAD_REQUEST);
    }
    let key = format!("inbox/{name}");
    let credentials = app.credentials.get();
    let mut action = app.bucket.put_object(Some(&credentials), &key);
    let headers = HashMap::from([
        ("content-type", asked.content_type),
        ("content-length", asked.content_length.to_string()),
        ("if-none-match", "*".to_owned()),
    ]);
    for (name, value) in &headers {
        action.headers_mut().insert(*name, value.clone());
    }
    let (method, url) = ("PUT", action.sign(LIFE).into());
    Ok(Json(Link {
        method,
        url,
        headers,
    }))
}

pub fn router(app: App) -> Router {
    Router::new()
        .route("/downloads/{name}", get(download))
        .route("/uploads/{name}", post(upload))
        .with_state(app)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Loaded {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    expiration: Option<OffsetDateTime>,
}

async fn load(command: &[String]) -> Result<Loaded, Box<dyn Error + Send + Sync>> {
    let (program, arguments) = command.split_first().ok_or("no program is named")?;
    let output = Command::new(program).args(arguments).output().await?;
    Ok(serde_json::from_slice(&output.stdout).map_err(|_| "no credentials in the output")?)
}

/// Replaces the credentials a while before they expire, for as long as they do.
async fn rotate(
    credentials: RotatingCredentials,
    mut end: Option<OffsetDateTime>,
    command: Vec<String>,
) {
    while let Some(expiration) = end {
        let left = Duration::try_from(expiration - OffsetDateTime::now_utc()).unwrap_or_default();
        tokio::time::sleep(left.saturating_sub(MARGIN)).await;
        match load(&command).await {
            Ok(new) => {
                credentials.update(new.access_key_id, new.secret_access_key, new.session_token);
                end = new.expiration;
            }
            Err(error) => eprintln!("no new credentials: {error}"),
        }
        tokio::time::sleep(RETRY).await;
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let command: Vec<String> = std::env::args().skip(1).collect();
    let first = load(&command).await?;
    let credentials = RotatingCredentials::new(
        first.access_key_id,
        first.secret_access_key,
        first.session_token,
    );
    tokio::spawn(rotate(credentials.clone(), first.expiration, command));
    let endpoint = "https://s3.eu-west-1.amazonaws.com".parse()?;
    let bucket = Bucket::new(
        endpoint,
        UrlStyle::VirtualHost,
        "examplebucket",
        "eu-west-1",
    )?;
    let app = App {
        credentials,
        bucket: Arc::new(bucket),
        files: Arc::new([("Bericht 2024 – Entwurf.pdf".into(), "reports/3f0a".into())].into()),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, router(app)).await?)
}
