//! Requests that are refused, and their error responses.

use presign_store::http;
use serde_json::{Value, json};

use crate::{Running, TOKEN, text};

fn limited() -> Running {
    Running::start(json!({
        "key_prefix": "in/",
        "content_types": ["image/*", "text/plain"],
        "max_size": 100,
        "max_expires_in": 1200,
        "window": 600,
        "max_links": 3,
        "max_key_bytes": 100,
    }))
}

#[test]
fn requests_beyond_the_limits() {
    let service = limited();
    let part = |fields: Value| {
        let mut part = json!({ "key": "in/a", "upload_id": "x", "size": 9, "part_numbers": [1] });
        part.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        part
    };
    let etag = |etag: &str| json!({ "key": "in/a", "upload_id": "x", "parts": [{ "part_number": 1, "etag": etag }] });
    for (path, body, status, code) in [
        ("/links", json!({ "key": "out/a" }), 403, "key_not_allowed"),
        (
            "/links",
            json!({ "keys": ["in/a", "out/a"] }),
            403,
            "key_not_allowed",
        ),
        ("/links", json!({ "key": "in/../a" }), 400, "invalid_key"),
        (
            "/links",
            json!({ "keys": ["in/a", "in/./a"] }),
            400,
            "invalid_key",
        ),
        (
            "/links",
            json!({ "key": format!("in/{}", "a".repeat(98)) }),
            400,
            "invalid_key",
        ),
        (
            "/links",
            json!({ "key": "in/a", "expires_in": 1201 }),
            400,
            "invalid_expiry",
        ),
        (
            "/links",
            json!({ "key": "in/a", "expires_in": 0 }),
            400,
            "invalid_expiry",
        ),
        (
            "/links",
            json!({ "key": "in/a", "expires_in": 600 }),
            400,
            "invalid_expiry",
        ), // the window
        (
            "/links",
            json!({ "key": "in/a", "filename": "a\nb" }),
            400,
            "invalid_value",
        ),
        (
            "/links",
            json!({ "key": "in/a", "keys": ["in/b"] }),
            400,
            "invalid_request",
        ),
        (
            "/links",
            json!({ "keys": ["in/a"], "filename": "b" }),
            400,
            "invalid_request",
        ),
        ("/links", json!({}), 400, "invalid_request"),
        (
            "/links",
            json!({ "key": "in/a", "method": "put" }),
            400,
            "invalid_request",
        ),
        (
            "/links",
            json!({ "key": "in/a", "methods": "get" }),
            400,
            "invalid_request",
        ),
        ("/links", json!({ "keys": [] }), 400, "too_many_links"),
        (
            "/links",
            json!({ "keys": ["in/a", "in/b", "in/c", "in/d"] }),
            400,
            "too_many_links",
        ),
        (
            "/uploads",
            json!({ "key": "in/a", "content_type": "text/html", "size": 1 }),
            403,
            "content_type_not_allowed",
        ),
        (
            "/uploads",
            json!({ "key": "in/a", "content_type": "image/png, text/html", "size": 1 }),
            400,
            "invalid_value",
        ),
        (
            "/multipart",
            json!({ "key": "in/a", "content_type": "text/plain;, text/html", "size": 1 }),
            400,
            "invalid_value",
        ),
        (
            "/uploads",
            json!({ "key": "in/../x", "content_type": "image/png", "size": 1 }),
            400,
            "invalid_key",
        ),
        (
            "/uploads",
            json!({ "key": "in/../x", "content_type": "image/png", "by": "form" }),
            400,
            "invalid_key",
        ),
        (
            "/uploads",
            json!({ "key": "in/./${filename}", "content_type": "image/png", "by": "form" }),
            400,
            "invalid_key",
        ),
        (
            "/uploads",
            json!({ "key": "in/a", "content_type": "image/*", "size": 1 }),
            400,
            "invalid_value",
        ),
        (
            "/uploads",
            json!({ "key": "in/a", "content_type": "image/png", "size": 101 }),
            400,
            "too_large",
        ),
        (
            "/uploads",
            json!({ "key": "in/a", "content_type": "image/png" }),
            400,
            "invalid_request",
        ),
        (
            "/uploads",
            json!({ "key": "in/a", "content_type": "image/png", "size": 101, "by": "form" }),
            400,
            "too_large",
        ),
        (
            "/uploads",
            json!({ "key": "a${filename}", "content_type": "image/png", "by": "form" }),
            403,
            "key_not_allowed",
        ),
        (
            "/multipart",
            json!({ "key": "in/a", "content_type": "image/png", "size": 101 }),
            400,
            "too_large",
        ),
        (
            "/multipart",
            json!({ "key": "a", "content_type": "image/png", "size": 1 }),
            403,
            "key_not_allowed",
        ),
        (
            "/multipart/parts",
            part(json!({ "part_numbers": [0] })),
            400,
            "invalid_part_number",
        ),
        (
            "/multipart/parts",
            part(json!({ "part_numbers": [2] })),
            400,
            "invalid_part_number",
        ),
        (
            "/multipart/parts",
            part(json!({ "size": 101 })),
            400,
            "too_large",
        ),
        (
            "/multipart/parts",
            part(json!({ "key": "a" })),
            403,
            "key_not_allowed",
        ),
        (
            "/multipart/parts",
            part(json!({ "upload_id": "" })),
            400,
            "invalid_value",
        ),
        ("/multipart/complete", etag(""), 400, "invalid_part"),
        (
            "/multipart/complete",
            json!({ "key": "in/a", "upload_id": "x", "parts": [] }),
            400,
            "invalid_part",
        ),
        // This store responds with AccessDenied, S3 with NoSuchUpload.
        ("/multipart/complete", etag("\"0\""), 502, "store_refused"),
        (
            "/multipart/abort",
            json!({ "key": "a", "upload_id": "x" }),
            403,
            "key_not_allowed",
        ),
        (
            "/multipart/list",
            json!({ "key": "a", "upload_id": "x" }),
            403,
            "key_not_allowed",
        ),
        (
            "/multipart/list",
            json!({ "key": "in/a", "upload_id": "" }),
            400,
            "invalid_value",
        ),
        ("/nothing", json!({}), 404, "not_found"),
        ("/healthz", json!({}), 405, "method_not_allowed"),
    ] {
        assert_eq!(
            service.refused(path, &body),
            (status, code.to_owned()),
            "{path} {body}"
        );
    }
    let (_, value) = service.ask("/links", &json!({ "key": "in/a", "expires_in": 600 }));
    let text = "window of 600 s is not shorter than the expiry of 600 s";
    assert_eq!(value["error"]["message"], text); // the crate's own

    let authorization = format!("Bearer {TOKEN}");
    let authorization = ("authorization", authorization.as_str());
    let json_type = ("content-type", "application/json");
    let (status, value) = service.send("POST", "/links", &[authorization], b"{}");
    assert_eq!((status, &value["error"]["code"]), (415, &json!("not_json")));
    let (status, value) = service.send("POST", "/links", &[authorization, json_type], b"{");
    assert_eq!(
        (status, &value["error"]["code"]),
        (400, &json!("invalid_request"))
    );
    let large = vec![b' '; (2 << 20) + 1];
    let (status, value) = service.send("POST", "/links", &[authorization, json_type], &large);
    assert_eq!(
        (status, &value["error"]["code"]),
        (413, &json!("request_too_large"))
    );

    let url = format!("http://{}/metrics", service.address);
    let metrics = http::send("GET", &url, &[authorization], b"").unwrap();
    let metrics = String::from_utf8(metrics.body).unwrap();
    for line in [
        "share_service_refusals_total{code=\"invalid_expiry\"} 4",
        "share_service_refusals_total{code=\"request_too_large\"} 1",
        "share_service_credentials_end_timestamp_seconds 0",
        "share_service_request_seconds_count{route=\"/multipart/abort\"} 1",
    ] {
        assert!(
            metrics.lines().any(|given| given == line),
            "{line} is not in\n{metrics}"
        );
    }
    assert!(!metrics.contains("share_service_links_total{"), "{metrics}");
}

#[test]
fn requests_without_the_token() {
    let service = limited();
    let url = |path: &str| format!("http://{}{path}", service.address);
    for authorization in [
        "",
        "Bearer",
        "Bearer an-access-token-for-tests-onlx",
        TOKEN,
        "Basic eDp5",
    ] {
        for (method, path) in [
            ("POST", "/links"),
            ("POST", "/multipart/abort"),
            ("GET", "/metrics"),
        ] {
            let headers = [
                ("authorization", authorization),
                ("content-type", "application/json"),
            ];
            let answer = http::send(method, &url(path), &headers, b"{\"key\":\"in/a\"}").unwrap();
            assert_eq!(
                (answer.status, answer.header("www-authenticate")),
                (401, Some("Bearer"))
            );
            let value: Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(text(&value["error"]["code"]), "unauthorized");
        }
    }
    for path in [
        "/",
        "/page.js",
        "/upload.js",
        "/words.js",
        "/page.css",
        "/icon.svg",
        "/limits",
        "/healthz",
    ] {
        let answer = http::send("GET", &url(path), &[], b"").unwrap();
        assert_eq!(answer.status, 200, "{path}");
    }
    let page = http::send("GET", &url("/"), &[], b"").unwrap();
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; "));
    assert!(policy.contains(&format!("connect-src 'self' {};", service.store.endpoint())));
}
