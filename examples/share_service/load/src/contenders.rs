//! The service, and twins of it that create links in other ways, with the same routes, checks, metrics and logs.

use std::io::{self, Write};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Credentials, Region};
use aws_sdk_s3::presigning::PresigningConfig;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use presign::{Method, Timestamp};
use serde_json::json;
use share_service::config::Config;
use share_service::links::{Link, LinkRequest, Links};
use share_service::refusal::Refusal;
use share_service::{App, guarded, logs, now, router};

pub const ID: &str = "ASIAIOSFODNN7EXAMPLE";
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub const TOKEN: &str = "an-access-token-for-loads-only";
const REGION: &str = "eu-west-1";

pub type Error = Box<dyn std::error::Error + Send + Sync>;

pub struct Contender {
    pub name: &'static str,
    pub router: Router,
}

/// A session token of AWS's usual length.
pub fn session_token() -> String {
    "IQoJb3JpZ2luX2VjEXAMPLE0".repeat(40)
}

async fn app(folder: &std::path::Path) -> Result<Arc<App>, Error> {
    let (credentials, token_file) = (folder.join("credentials.json"), folder.join("token"));
    let given =
        json!({ "AccessKeyId": ID, "SecretAccessKey": SECRET, "SessionToken": session_token() });
    std::fs::File::create(&credentials)?.write_all(given.to_string().as_bytes())?;
    std::fs::write(&token_file, TOKEN)?;
    let config = json!({
        "bucket": { "name": "examplebucket", "region": REGION },
        "credentials": { "file": credentials },
        "token_file": token_file,
        "limits": { "key_prefix": "photos/", "window": 0 },
    });
    let config = Config::parse(&config.to_string())?;
    Ok(Arc::new(
        App::new(config, now, logs::Secrets::default()).await?,
    ))
}

/// The contenders, in the order of the table.
pub async fn contenders() -> Result<[Contender; 3], Error> {
    let folder = tempfile::tempdir()?;
    let nothing = Router::new().route("/links", post(no_signing));
    let client = client();
    let sdk = move |state: State<Arc<App>>, asked: Json<LinkRequest>| {
        by_sdk(state, asked, client.clone())
    };
    Ok([
        Contender {
            name: "no signing",
            router: guarded(nothing, app(folder.path()).await?),
        },
        Contender {
            name: "presign",
            router: router(app(folder.path()).await?),
        },
        Contender {
            name: "aws-sdk-s3",
            router: guarded(
                Router::new().route("/links", post(sdk)),
                app(folder.path()).await?,
            ),
        },
    ])
}

fn client() -> Client {
    let credentials = Credentials::new(ID, SECRET, Some(session_token()), None, "load");
    let config = aws_sdk_s3::Config::builder()
        .region(Region::new(REGION))
        .credentials_provider(credentials)
        .build();
    Client::from_conf(config)
}

/// Everything except signing: the cost of HTTP, JSON, checks, metrics and logs.
async fn no_signing(
    State(app): State<Arc<App>>,
    Json(asked): Json<LinkRequest>,
) -> Result<Response, Refusal> {
    app.expires_in(asked.expires_in)?;
    let sign = |key: &String| {
        app.check_key(key)?;
        let host = "https://examplebucket.s3.eu-west-1.amazonaws.com/";
        Ok([host, key, QUERY.as_str()].concat())
    };
    let urls = keys(&asked).map(sign).collect::<Result<_, Refusal>>()?;
    answer(&app, &asked, now(), urls)
}

/// A text of a signature's length.
static QUERY: LazyLock<String> = LazyLock::new(|| {
    let (token, zeros) = (session_token(), "0".repeat(64));
    format!(
        "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={ID}%2F20260101%2F{REGION}%2Fs3%2Faws4_request\
         &X-Amz-Date=20260101T000000Z&X-Amz-Expires=900&X-Amz-Security-Token={token}&X-Amz-SignedHeaders=host\
         &X-Amz-Signature={zeros}"
    )
});

fn keys(asked: &LinkRequest) -> impl Iterator<Item = &String> {
    asked.key.iter().chain(asked.keys.iter().flatten())
}

async fn by_sdk(
    State(app): State<Arc<App>>,
    Json(asked): Json<LinkRequest>,
    client: Client,
) -> Result<Response, Refusal> {
    let expires_in = app.expires_in(asked.expires_in)?;
    let start = SystemTime::now();
    let mut urls = Vec::new();
    for key in keys(&asked) {
        app.check_key(key)?;
        urls.push(sign(&client, key, start, expires_in).await);
    }
    answer(&app, &asked, (start + expires_in).into(), urls)
}

async fn sign(client: &Client, key: &str, start: SystemTime, expires_in: Duration) -> String {
    let config = PresigningConfig::builder()
        .start_time(start)
        .expires_in(expires_in);
    let config = config.build().expect("an expiry within the limit");
    let get = client.get_object().bucket("examplebucket").key(key);
    let signed = get.presigned(config).await.expect("a URL");
    signed.uri().to_owned()
}

/// The service's response.
fn answer(
    app: &App,
    asked: &LinkRequest,
    expires_at: Timestamp,
    urls: Vec<String>,
) -> Result<Response, Refusal> {
    app.check_count(urls.len())?;
    app.metrics.links("get", urls.len());
    let method = Method::Get;
    if asked.key.is_some() {
        let (url, headers) = (&urls[0], json!({}));
        let one =
            json!({ "method": method, "url": url, "headers": headers, "expires_at": expires_at });
        return Ok(Json(one).into_response());
    }
    let links = keys(asked).zip(&urls).map(|(key, url)| Link { key, url });
    let links = links.collect();
    let many = Links {
        method,
        expires_at,
        links,
    };
    Ok(Json(many).into_response())
}

/// Logs are formatted and discarded.
pub fn log() -> Result<(), Error> {
    let filter = tracing_subscriber::EnvFilter::new("info");
    let subscriber = logs::subscriber(filter, io::sink, logs::Secrets::default());
    Ok(tracing::subscriber::set_global_default(subscriber)?)
}
