//! Credentials that rotate under load: no link mixes two generations, and each works until the expiry in its response.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::Body;
use http_body_util::BodyExt;
use presign::verify::{Request, Verifier};
use presign::{Credentials, Timestamp};
use serde_json::{Value, json};
use share_service::config::Config;
use share_service::logs::Secrets;
use share_service::{App, now, router};
use tower::ServiceExt;

use crate::{TOKEN, bucket, collect_logs, text};

/// All credentials that were issued, by access key ID.
type Issued = Mutex<HashMap<String, Credentials<'static>>>;

/// Long enough for a slow machine. The service reloads the credentials after half of it.
const LIFE: i64 = 6;
const GENERATIONS: usize = 4;

/// Writes new credentials to the file atomically.
fn issue(issued: &Issued, generation: usize, file: &Path) {
    let (id, secret, token) = (
        format!("ASIA{generation}"),
        format!("secret{generation}"),
        format!("token{generation}"),
    );
    let end = Timestamp::from_unix(now().as_unix() + LIFE);
    let json = json!({
        "AccessKeyId": id, "SecretAccessKey": secret, "SessionToken": token, "Expiration": end,
    });
    let credentials = Credentials::new(&id, &secret).session_token(&token);
    let credentials = credentials.expiration(end).into_owned();
    issued.lock().unwrap().insert(id, credentials);
    let new = file.with_extension("new");
    std::fs::write(&new, json.to_string()).unwrap();
    std::fs::rename(&new, file).unwrap();
}

/// Verifies a link and its expiry, and returns the access key ID.
fn verify(issued: &Issued, url: &str, expires_at: &Value, at: Timestamp) -> String {
    let who = |id: &str| issued.lock().unwrap().get(id).cloned();
    let request = Request::new("GET", url, &[]).unwrap();
    let verified = Verifier::new().verify(&request, at, who).unwrap();
    let end: Timestamp = text(expires_at).parse().unwrap();
    assert_eq!(end, verified.expires_at());
    assert!(end > at);
    verified.access_key_id().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn credentials_change_under_load() {
    collect_logs();
    let folder = tempfile::tempdir().unwrap();
    let (file, token) = (folder.path().join("c.json"), folder.path().join("t"));
    let issued = Arc::new(Issued::default());
    issue(&issued, 0, &file);
    std::fs::write(&token, TOKEN).unwrap();
    let config = json!({
        "bucket": bucket("https://s3.example.com"),
        "credentials": { "file": file },
        "token_file": token,
    });
    let config = Config::parse(&config.to_string()).unwrap();
    let app = Arc::new(App::new(config, now, Secrets::default()).await.unwrap());
    let refreshing = tokio::spawn({
        let app = Arc::clone(&app);
        async move { app.signer.keep_fresh(now, &app.metrics).await }
    });
    let done = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..4)
        .map(|client| {
            let (app, issued, done) = (Arc::clone(&app), Arc::clone(&issued), Arc::clone(&done));
            tokio::spawn(async move {
                let (service, mut seen) = (router(app), BTreeSet::new());
                for turn in 0.. {
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                    let key = format!("{client}/{turn}");
                    let many = turn % 8 == 0;
                    let body = if many {
                        json!({ "keys": vec![key; 20] })
                    } else {
                        json!({ "key": key })
                    };
                    let request = axum::http::Request::post("/links")
                        .header("content-type", "application/json")
                        .header("authorization", format!("Bearer {TOKEN}"))
                        .body(Body::from(body.to_string()));
                    let before = now();
                    let answer = service.clone().oneshot(request.unwrap()).await.unwrap();
                    assert_eq!(answer.status(), 200);
                    let body = answer.into_body().collect().await.unwrap().to_bytes();
                    let value: Value = serde_json::from_slice(&body).unwrap();
                    let one = [value.clone()];
                    let links = value["links"]
                        .as_array()
                        .map_or(one.as_slice(), Vec::as_slice);
                    let ids = links.iter().map(|link| {
                        verify(&issued, text(&link["url"]), &value["expires_at"], before)
                    });
                    let ids: BTreeSet<_> = ids.collect();
                    assert_eq!(ids.len(), 1, "one request, one identity");
                    seen.extend(ids);
                    tokio::task::yield_now().await;
                }
                seen
            })
        })
        .collect();

    // The next credentials are there before the service reads them. For some time, the file is incomplete.
    let start = Instant::now();
    for generation in 1..=GENERATIONS {
        issue(&issued, generation, &file);
        let id = format!("ASIA{generation}");
        let is_used = || {
            let current = app.signer.current(now()).unwrap();
            format!("{:?}", current.key()).contains(&format!("{id:?}"))
        };
        while !is_used() {
            assert!(
                start.elapsed() < Duration::from_secs(120),
                "{id} has not come"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        if generation == 2 {
            std::fs::write(&file, "{\"AccessKeyId\":").unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    done.store(true, Ordering::Relaxed);
    let mut seen = BTreeSet::new();
    for client in clients {
        seen.extend(client.await.unwrap());
    }
    refreshing.abort();
    let expected = (0..GENERATIONS).map(|generation| format!("ASIA{generation}"));
    assert!(seen.is_superset(&expected.collect()), "{seen:?}");
}

#[test]
fn a_mix_is_seen() {
    let issued = Issued::default();
    let folder = tempfile::tempdir().unwrap();
    issue(&issued, 0, &folder.path().join("c.json"));
    let at = now();
    let bucket = presign::Bucket::new("examplebucket", "eu-west-1").unwrap();
    let mixed = Credentials::new("ASIA0", "secret1").session_token("token0");
    let url = presign::Presigner::get(&mixed, &bucket, "k")
        .sign_at(at)
        .unwrap();
    let who = |id: &str| issued.lock().unwrap().get(id).cloned();
    let request = Request::new("GET", url.as_str(), &[]).unwrap();
    let rejection = Verifier::new().verify(&request, at, who).unwrap_err();
    assert_eq!(rejection, presign::verify::Rejection::SignatureMismatch);
}
