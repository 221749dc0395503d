//! Links that stay the same within a window. The test sets the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use http_body_util::BodyExt;
use presign::Timestamp;
use serde_json::{Value, json};
use share_service::config::Config;
use share_service::logs::Secrets;
use share_service::{App, router};
use tower::ServiceExt;

use crate::{ID, SECRET, TOKEN, bucket, text};

static CLOCK: AtomicI64 = AtomicI64::new(MIDNIGHT - 3600);
const MIDNIGHT: i64 = 1_893_456_000;

async fn ask(app: &Arc<App>, body: Value) -> Value {
    let request = axum::http::Request::post("/links")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {TOKEN}"))
        .body(Body::from(body.to_string()));
    let answer = router(Arc::clone(app))
        .oneshot(request.unwrap())
        .await
        .unwrap();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn links_stay_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (credentials, token) = (folder.path().join("c"), folder.path().join("t"));
    let given = json!({ "AccessKeyId": ID, "SecretAccessKey": SECRET });
    std::fs::write(&credentials, given.to_string()).unwrap();
    std::fs::write(&token, TOKEN).unwrap();
    let config = json!({
        "bucket": bucket("https://s3.example.com"),
        "credentials": { "file": credentials },
        "token_file": token,
        "limits": { "window": 300 },
    });
    let clock = || Timestamp::from_unix(CLOCK.load(Ordering::Relaxed));
    let config = Config::parse(&config.to_string()).unwrap();
    let app = Arc::new(App::new(config, clock, Secrets::default()).await.unwrap());
    let mut seen = Vec::new();
    // Two within a window, one in the next, and two around midnight.
    for seconds in [-900, -601, -600, -1, 0] {
        CLOCK.store(MIDNIGHT + seconds, Ordering::Relaxed);
        let one = ask(&app, json!({ "key": "a.jpg", "expires_in": 900 })).await;
        let many = ask(
            &app,
            json!({ "keys": ["a.jpg", "b.jpg"], "expires_in": 900 }),
        )
        .await;
        assert_eq!(one["url"], many["links"][0]["url"]);
        assert_eq!(one["expires_at"], many["expires_at"]);
        let end: Timestamp = text(&one["expires_at"]).parse().unwrap();
        let window = (MIDNIGHT + seconds).div_euclid(300) * 300;
        assert_eq!(end, Timestamp::from_unix(window + 900));
        seen.push(text(&one["url"]).to_owned());
    }
    let same: Vec<_> = seen.windows(2).map(|pair| pair[0] == pair[1]).collect();
    assert_eq!(same, [true, false, false, false]);
}
