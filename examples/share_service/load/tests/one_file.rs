//! The services that `examples/one_file.rs` is compared with hand out links of the same request.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_s3::config::{Credentials, Region};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use rusty_s3::UrlStyle;
use rusty_s3::credentials::RotatingCredentials;
use serde_json::Value;
use tower::ServiceExt;

#[allow(dead_code, reason = "the program's own part")]
#[path = "../examples/one_file_aws_sdk_s3.rs"]
mod aws_sdk_s3_service;
#[allow(dead_code, reason = "the program's own part")]
#[path = "../examples/one_file_rusty_s3.rs"]
mod rusty_s3_service;

fn routers() -> [Router; 2] {
    let files = Arc::new(HashMap::from([("Grüße.txt".into(), "reports/3f0a".into())]));
    let endpoint = "https://s3.eu-west-1.amazonaws.com".parse().unwrap();
    let bucket = rusty_s3::Bucket::new(
        endpoint,
        UrlStyle::VirtualHost,
        "examplebucket",
        "eu-west-1",
    );
    let config = aws_sdk_s3::Config::builder()
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new(
            "AKIAEXAMPLE",
            "secret",
            None,
            None,
            "test",
        ));
    [
        rusty_s3_service::router(rusty_s3_service::App {
            credentials: RotatingCredentials::new("AKIAEXAMPLE".into(), "secret".into(), None),
            bucket: Arc::new(bucket.unwrap()),
            files: Arc::clone(&files),
        }),
        aws_sdk_s3_service::router(aws_sdk_s3_service::App {
            client: aws_sdk_s3::Client::from_conf(config.build()),
            files,
        }),
    ]
}

async fn ask(router: Router, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json");
    let response = router
        .oneshot(request.body(Body::from(body.to_owned())).unwrap())
        .await
        .unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn links() {
    for router in routers() {
        let (status, link) = ask(router.clone(), "GET", "/downloads/Gr%C3%BC%C3%9Fe.txt", "").await;
        let url = link["url"].as_str().unwrap();
        assert_eq!(status, 200);
        assert!(
            url.starts_with("https://examplebucket.s3.eu-west-1.amazonaws.com/reports/3f0a?"),
            "{url}"
        );
        assert!(url.contains("filename%3D%22Gr__e.txt%22%3B%20filename%2A%3DUTF-8%27%27Gr%25C3%25BC%25C3%259Fe.txt"), "{url}");

        let asked = r#"{"content_type": "image/png", "content_length": 7}"#;
        let (status, link) = ask(router.clone(), "POST", "/uploads/a", asked).await;
        assert_eq!((status, &link["method"]), (200, &"PUT".into()));
        for (name, value) in [
            ("content-type", "image/png"),
            ("content-length", "7"),
            ("if-none-match", "*"),
        ] {
            assert_eq!(link["headers"][name], value);
        }
        let wildcard = r#"{"content_type": "image/*", "content_length": 7}"#;
        assert_eq!(
            ask(router.clone(), "POST", "/uploads/a", wildcard).await.0,
            400
        );
        assert_eq!(
            ask(router.clone(), "POST", "/uploads/..", asked).await.0,
            400
        );
        assert_eq!(ask(router, "GET", "/downloads/other", "").await.0, 404);
    }
}
