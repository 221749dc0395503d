//! A whole service in one file: links for downloads from a list, and for uploads of one type and length, signed with
//! credentials that a program prints and that rotate. Put your users' authentication in front of it.
//!
//! ```text
//! cargo run --example one_file -- aws configure export-credentials
//! ```

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use presign::{
    Bucket, Credentials, ErrorKind, PresignedUrl, Presigner, SharedCredentials, Timestamp,
};
use serde::Deserialize;
use tokio::process::Command;

const LIFE: Duration = Duration::from_secs(15 * 60);
const MARGIN: Duration = Duration::from_secs(5 * 60);
const RETRY: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(crate) struct App {
    pub credentials: SharedCredentials,
    pub bucket: Arc<Bucket<'static>>,
    /// The names of the downloads, and their keys.
    pub files: Arc<HashMap<String, String>>,
}

pub(crate) enum Refusal {
    NotListed,
    Signing(presign::Error),
}

impl From<presign::Error> for Refusal {
    fn from(error: presign::Error) -> Self {
        Self::Signing(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::NotListed => StatusCode::NOT_FOUND.into_response(),
            Self::Signing(error) => match error.kind() {
                ErrorKind::Key | ErrorKind::Value | ErrorKind::Time => {
                    (StatusCode::BAD_REQUEST, error.to_string()).into_response()
                }
                _ => {
                    eprintln!("cannot sign: {error}");
                    StatusCode::INTERNAL_SERVER_ERROR.into_response()
                }
            },
        }
    }
}

async fn download(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Json<PresignedUrl>, Refusal> {
    let key = app.files.get(&name).ok_or(Refusal::NotListed)?;
    let link = Presigner::get(&app.credentials, &app.bucket, key).download_as(&name);
    Ok(Json(link.expires_in(LIFE).sign()?))
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
) -> Result<Json<PresignedUrl>, Refusal> {
    let key = format!("inbox/{name}");
    let link = Presigner::put(&app.credentials, &app.bucket, &key)
        .content_type(&asked.content_type)
        .content_length(asked.content_length)
        .if_none_match("*");
    Ok(Json(link.expires_in(LIFE).sign()?))
}

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/downloads/{name}", get(download))
        .route("/uploads/{name}", post(upload))
        .with_state(app)
}

async fn load(command: &[String]) -> Result<Credentials<'static>, Box<dyn Error + Send + Sync>> {
    let (program, arguments) = command.split_first().ok_or("no program is named")?;
    let output = Command::new(program).args(arguments).output().await?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Replaces the credentials a while before they expire, for as long as they do.
pub(crate) async fn rotate(credentials: SharedCredentials, command: Vec<String>) {
    while let Some(end) = credentials.expires_at() {
        tokio::time::sleep((end - Timestamp::now()).saturating_sub(MARGIN)).await;
        match load(&command).await {
            Ok(new) => credentials.replace(new),
            Err(error) => eprintln!("no new credentials: {error}"),
        }
        tokio::time::sleep(RETRY).await;
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let command: Vec<String> = std::env::args().skip(1).collect();
    let credentials = SharedCredentials::new(load(&command).await?);
    tokio::spawn(rotate(credentials.clone(), command));
    let app = App {
        credentials,
        bucket: Arc::new(Bucket::new("examplebucket", "eu-west-1")?.into_owned()),
        files: Arc::new([("Bericht 2024 – Entwurf.pdf".into(), "reports/3f0a".into())].into()),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, router(app)).await?)
}
