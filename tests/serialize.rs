//! Buckets as configuration, and what signing gives as JSON.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use presign::{Bucket, Credentials, Presigner, Timestamp};
use serde_json::{from_str, from_value, json, to_string, to_value};

fn bucket(name: &str) -> Bucket<'static> {
    Bucket::new(name, "eu-west-1").unwrap().into_owned()
}

#[test]
fn a_bucket_comes_back_as_it_was() {
    let endpoint = |url: &'static str| bucket("media").endpoint(url).unwrap();
    let buckets = [
        (
            bucket("examplebucket"),
            json!({"name": "examplebucket", "region": "eu-west-1"}),
        ),
        (
            bucket("my.example.bucket").path_style(),
            json!({"name": "my.example.bucket", "region": "eu-west-1", "path_style": true}),
        ),
        (
            bucket("b-1").dual_stack().fips(),
            json!({"name": "b-1", "region": "eu-west-1", "dual_stack": true, "fips": true}),
        ),
        (
            bucket("b-1").accelerate(),
            json!({"name": "b-1", "region": "eu-west-1", "accelerate": true}),
        ),
        (
            bucket("b-1").global_endpoint(),
            json!({"name": "b-1", "region": "eu-west-1", "global_endpoint": true}),
        ),
        (
            Bucket::new("b-1", "aws-global").unwrap(),
            json!({"name": "b-1", "region": "aws-global"}),
        ),
        (
            Bucket::new("b-1", "aws-global")
                .unwrap()
                .endpoint("http://h.example")
                .unwrap(),
            json!({"name": "b-1", "region": "us-east-1", "endpoint": "http://h.example"}),
        ),
        (
            Bucket::service("eu-west-1").unwrap(),
            json!({"region": "eu-west-1"}),
        ),
        (
            endpoint("http://[::1]:3900/"),
            json!({"name": "media", "region": "eu-west-1", "endpoint": "http://[::1]:3900"}),
        ),
        (
            endpoint("https://h.example:443/a/b%20c/"),
            json!({"name": "media", "region": "eu-west-1", "endpoint": "https://h.example/a/b%20c"}),
        ),
        (
            bucket("examplebucket--euw1-az1--x-s3"),
            json!({"name": "examplebucket--euw1-az1--x-s3", "region": "eu-west-1"}),
        ),
        (
            bucket("arn:aws:s3:us-west-2:123456789012:accesspoint/example").same_region(),
            json!({
                "name": "arn:aws:s3:us-west-2:123456789012:accesspoint/example",
                "region": "eu-west-1",
                "same_region": true,
            }),
        ),
        (
            bucket("examplebucket--euw1-az1--x-s3").control_endpoint(),
            json!({"name": "examplebucket--euw1-az1--x-s3", "region": "eu-west-1", "control_endpoint": true}),
        ),
        (
            bucket("arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap"),
            json!({"name": "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap", "region": "eu-west-1"}),
        ),
        #[cfg(feature = "sigv4a")]
        (
            bucket("b-1").region_set("eu-*").unwrap(),
            json!({"name": "b-1", "region": "eu-west-1", "region_set": "eu-*"}),
        ),
        #[cfg(feature = "sigv4a")]
        (
            bucket("b-1").region_set("*").unwrap(),
            json!({"name": "b-1", "region": "eu-west-1", "region_set": "*"}),
        ),
    ];
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    for (bucket, config) in buckets {
        assert_eq!(to_value(&bucket).unwrap(), config);
        let read: Bucket<'_> = from_value(config).unwrap();
        assert_eq!(format!("{read:?}"), format!("{bucket:?}"));
        let sign =
            |bucket| Presigner::get(&credentials, bucket, "k").explain_at(Timestamp::from_unix(0));
        assert_eq!(sign(&read), sign(&bucket));
        assert_eq!(sign(&bucket.clone().into_owned()), sign(&bucket));
    }
}

#[test]
fn what_a_setter_refuses_is_refused() {
    let refused = |config: &str| from_str::<Bucket<'_>>(config).unwrap_err().to_string();
    for (config, error) in [
        (r#"{"name":"b-1"}"#, "missing field `region`"),
        (
            r#"{"name":"b","region":"eu-west-1"}"#,
            "bucket name of 1 bytes is outside 3 to 255",
        ),
        (r#"{"region":""}"#, "region of 0 bytes is outside 1 to 63"),
        (
            r#"{"name":"b-1","region":"eu-west-1","endpoint":"h.example"}"#,
            "endpoint does not start with http:// or https://",
        ),
        (
            r#"{"name":"b-1","region":"eu-west-1","path_style":"yes"}"#,
            "invalid type: string \"yes\", expected a boolean",
        ),
        (
            r#"{"name":"b-1","region":"eu-west-1","path-style":true}"#,
            "unknown field `path-style`",
        ),
        (
            r#"{"name":"b-1","region":"eu-west-1","region":"eu-west-1"}"#,
            "duplicate field `region`",
        ),
    ] {
        assert!(refused(config).starts_with(error), "{}", refused(config));
    }
    let error = refused(r#"{"name":"b-1","region":"eu-west-1","secret_access_key":"s3cr3t"}"#);
    assert!(error.starts_with("unknown field `secret_access_key`"));
    assert!(!error.contains("s3cr3t"));
}

#[test]
fn headers_keep_their_order_and_text() {
    let (credentials, bucket) = (
        Credentials::new("AKIAEXAMPLE", "secret"),
        bucket("examplebucket"),
    );
    let upload = Presigner::put(&credentials, &bucket, "k")
        .headers(&[
            ("X-Amz-Meta-Z", "\"quoted\""),
            ("X-Amz-Meta-A", "Grüße: \\"),
        ])
        .sign_at(Timestamp::from_unix(0))
        .unwrap();
    let json = to_string(&upload).unwrap();
    let headers = r#""headers":{"x-amz-meta-a":"Grüße: \\","x-amz-meta-z":"\"quoted\""}"#;
    assert!(json.contains(headers), "{json}");
}

#[cfg(feature = "post")]
#[test]
fn a_form_holds_what_its_sender_needs() {
    let (credentials, bucket) = (
        Credentials::new("AKIAEXAMPLE", "secret"),
        bucket("examplebucket"),
    );
    let policy = presign::post::PostPolicy::new(&credentials, &bucket, "k")
        .content_type_starts_with("image/");
    let form = policy.sign_at(Timestamp::from_unix(0)).unwrap();
    let json = to_value(&form).unwrap();
    assert_eq!(json["url"], form.action());
    assert_eq!(
        json["fields"].as_object().unwrap().len(),
        form.fields().count()
    );
    for (name, value) in form.fields() {
        assert_eq!(json["fields"][name], value);
    }
    assert_eq!(json["open_fields"], json!({"Content-Type": "image/"}));
    assert_eq!(json["expires_at"], form.expires_at().to_string());
}
