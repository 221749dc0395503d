//! The example `one_file`: its links against a store, and its rotation.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt;
use presign::{Bucket, Credentials, Method, PresignedUrl, SharedCredentials, Timestamp};
use presign_store::{Account, Config, Server, http};
use tower::ServiceExt;

#[allow(dead_code, reason = "the program's own part")]
#[path = "../examples/one_file.rs"]
mod one_file;

const ACCOUNT: Account<'_> = Account {
    access_key_id: "AKIAIOSFODNN7EXAMPLE",
    secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    session_token: None,
};
const NAME: &str = "Bericht – \"Entwurf\".pdf";

fn app(endpoint: &str) -> one_file::App {
    let credentials = Credentials::new(ACCOUNT.access_key_id, ACCOUNT.secret_access_key);
    let bucket = Bucket::new("examplebucket", Config::default().region).unwrap();
    let bucket = bucket.endpoint(endpoint).unwrap().path_style();
    one_file::App {
        credentials: SharedCredentials::new(credentials),
        bucket: Arc::new(bucket.into_owned()),
        files: Arc::new(HashMap::from([(NAME.into(), "inbox/report.pdf".into())])),
    }
}

async fn ask(app: &one_file::App, method: &str, path: &str, body: &str) -> Response {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json");
    let request = request.body(Body::from(body.to_owned())).unwrap();
    one_file::router(app.clone())
        .oneshot(request)
        .await
        .unwrap()
}

async fn link(response: Response) -> PresignedUrl {
    assert_eq!(response.status(), StatusCode::OK);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

fn send(link: &PresignedUrl, body: &[u8]) -> http::Answer {
    // The client itself sends the body's length.
    let headers = link.headers().filter(|(name, _)| *name != "content-length");
    let headers: Vec<_> = headers.collect();
    http::send(link.method().as_str(), link.as_str(), &headers, body).unwrap()
}

#[test]
fn an_upload_and_its_download() {
    let store = Server::start(&Config {
        accounts: &[ACCOUNT],
        ..Config::default()
    });
    let store = store.unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
    let app = app(&store.endpoint());
    let asked = r#"{"content_type": "application/pdf", "content_length": 5}"#;
    let upload = link(ask(&app, "POST", "/uploads/report.pdf", asked).await).await;
    assert_eq!(upload.method(), Method::Put);
    assert_eq!(send(&upload, b"hello, and more").status, 403); // not the length that was signed
    assert_eq!(send(&upload, b"hello").status, 200);

    let path = format!(
        "/downloads/{}",
        NAME.replace('"', "%22")
            .replace(' ', "%20")
            .replace('–', "%E2%80%93")
    );
    let download = link(ask(&app, "GET", &path, "").await).await;
    let answer = send(&download, b"");
    assert_eq!((answer.status, &*answer.body), (200, &b"hello"[..]));
    assert_eq!(
        answer.header("content-disposition"),
        Some(
            "attachment; filename=\"Bericht _ _Entwurf_.pdf\"; filename*=UTF-8''Bericht%20%E2%80%93%20%22Entwurf%22.pdf"
        )
    );
    });
}

#[tokio::test]
async fn refusals() {
    let app = app("http://127.0.0.1:9");
    let ok = r#"{"content_type": "image/png", "content_length": 1}"#;
    let wildcard = r#"{"content_type": "image/*", "content_length": 1}"#;
    for (method, path, body, status) in [
        ("GET", "/downloads/other", "", 404),
        ("POST", "/uploads/a", ok, 200),
        ("POST", "/uploads/a", wildcard, 400),
        ("POST", "/uploads/..", ok, 400),
        ("POST", "/uploads/..%2Fother", ok, 400),
    ] {
        let response = ask(&app, method, path, body).await;
        assert_eq!(response.status(), status, "{path}");
    }
    let ended = Credentials::new("ASIAEXAMPLE", "secret").session_token("token");
    app.credentials
        .replace(ended.expiration(Timestamp::from_unix(0)));
    let response = ask(&app, "POST", "/uploads/a", ok).await;
    assert_eq!(response.status(), 500);
}

#[tokio::test]
async fn credentials_rotate() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials.json");
    let soon = Timestamp::now() + Duration::from_secs(60);
    let later = soon + Duration::from_secs(3600);
    let new = format!(
        r#"{{"Version": 1, "AccessKeyId": "ASIANEW", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "{later}"}}"#
    );
    std::fs::write(&file, new).unwrap();
    let old = Credentials::new("ASIAOLD", "s")
        .session_token("t")
        .expiration(soon);
    let credentials = SharedCredentials::new(old);
    let command = vec!["cat".to_owned(), file.to_str().unwrap().to_owned()];
    let rotating = tokio::spawn(one_file::rotate(credentials.clone(), command));
    while credentials.current().access_key_id() == "ASIAOLD" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(credentials.expires_at(), Some(later));
    rotating.abort();
}
