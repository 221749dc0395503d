//! No log line of a run contains a secret, a token or a signature.

use std::sync::PoisonError;

use presign_store::http;
use serde_json::{Value, json};

use crate::{LOGS, Running, SECRET, TOKEN, text};

const SESSION_TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLEsessiontoken";

/// The signature in a link.
fn signature(url: &Value) -> String {
    let (_, signature) = text(url).split_once("X-Amz-Signature=").unwrap();
    assert_eq!(signature.len(), 64);
    signature.to_owned()
}

#[test]
fn hold_nothing_secret() {
    let service = Running::with_session_token(json!({}), Some(SESSION_TOKEN));
    let mut secrets = vec![
        SECRET.to_owned(),
        TOKEN.to_owned(),
        SESSION_TOKEN.to_owned(),
    ];
    let link = service.given("/links", &json!({ "key": "a" }));
    secrets.push(signature(&link["url"]));
    let links = service.given("/links", &json!({ "keys": ["a", "b"] }));
    secrets.push(signature(&links["links"][1]["url"]));
    let put = json!({ "key": "a", "content_type": "a/b", "size": 1 });
    secrets.push(signature(&service.given("/uploads", &put)["url"]));
    let form = json!({ "key": "a", "content_type": "a/b", "by": "form" });
    let form = service.given("/uploads", &form);
    secrets.push(text(&form["fields"]["x-amz-signature"]).to_owned());
    secrets.push(text(&form["fields"]["policy"]).to_owned());
    let started = service.given("/multipart", &put);
    let id = text(&started["upload_id"]);
    let part = json!({ "key": "a", "upload_id": id, "size": 1, "part_numbers": [1] });
    let part = service.given("/multipart/parts", &part);
    secrets.push(signature(&part["parts"][0]["url"]));
    let answer = http::send("PUT", text(&part["parts"][0]["url"]), &[], b"1").unwrap();
    let parts = json!([{ "part_number": 1, "etag": answer.header("etag") }]);
    service.given(
        "/multipart/complete",
        &json!({ "key": "a", "upload_id": id, "parts": parts }),
    );
    // Errors have longer log lines: a store that refuses, one that is gone, secrets in the wrong place.
    let nowhere = json!({ "key": "a", "upload_id": "none" });
    assert_eq!(service.ask("/multipart/abort", &nowhere).0, 502);
    let misplaced = format!("/links?X-Amz-Signature={}&token={TOKEN}", secrets[3]);
    service.ask(
        &misplaced,
        &json!({ "key": secrets[3], "expires_in": TOKEN }),
    );
    service.send(
        "POST",
        "/links",
        &[("authorization", "Bearer wrong-token-wrong-token")],
        b"{}",
    );
    secrets.push("wrong-token-wrong-token".to_owned());
    let url = text(&link["url"]);
    tracing::warn!(url, "a dependency that logs a link"); // is masked
    for bare in [SECRET, TOKEN, SESSION_TOKEN] {
        tracing::warn!("a dependency that logs {bare}"); // is masked without a name, too
    }
    let Running { store, runtime, .. } = service;
    drop(store);
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));

    let logs = LOGS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let logs = String::from_utf8(logs).unwrap();
    for line in logs.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(line["timestamp"].is_string());
    }
    for expected in [
        "\"message\":\"answered\"",
        "\"message\":\"upload started\"",
        "a dependency that logs a link",
        "a dependency that logs ***",
    ] {
        assert!(logs.contains(expected), "{expected} is not in the logs");
    }
    for secret in secrets {
        assert!(!logs.contains(&secret), "{secret} is in the logs");
    }
}
