//! Buckets as configuration, and the results of signing as JSON.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use presign::{Bucket, Credentials, PresignedUrl, Presigner, Timestamp};
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

#[test]
fn a_presigned_url_comes_back_as_it_was() {
    let (credentials, bucket) = (
        Credentials::new("ASIAEXAMPLE", "secret").session_token("t0ken"),
        bucket("examplebucket"),
    );
    let put = Presigner::put(&credentials, &bucket, "Grüße/a b");
    for presigner in [
        Presigner::get(&credentials, &bucket, "k"),
        Presigner::delete(&credentials, &bucket, "k"),
        put.content_type("image/png"),
        put.content_length(0).headers(&[
            ("X-Amz-Meta-Z", "\"quoted\" a:b"),
            ("X-Amz-Meta-Empty", ""),
            ("X-Amz-Meta-A", "Grüße: \\"),
        ]),
    ] {
        let url = presigner.sign_at(Timestamp::from_unix(0)).unwrap();
        let read: PresignedUrl = from_str(&to_string(&url).unwrap()).unwrap();
        assert_eq!(read, url);
        assert_eq!(
            from_value::<PresignedUrl>(to_value(&url).unwrap()).unwrap(),
            url
        );
        assert!(read.headers().eq(url.headers()));
    }
}

/// A hostile or broken signer may answer with this: no header is smuggled in, and no error quotes the URL.
#[test]
fn a_presigned_url_that_cannot_be_sent_is_refused() {
    let good = json!({
        "method": "GET",
        "url": "https://h.example/k?X-Amz-Signature=s3cr3t",
        "headers": {"x-amz-meta-a": "s3cr3t"},
        "expires_at": "2013-05-24T00:00:00Z",
        "more": true,
    });
    from_value::<PresignedUrl>(good.clone()).unwrap();
    let shape = "presigned URL is not an object with method, url, headers and expires_at";
    let no_url = "presigned URL is not an http or https URL";
    let no_header = "header of a presigned URL cannot be sent";
    let mut cases = vec![
        (json!("s3cr3t"), shape),
        (json!(["s3cr3t"]), shape),
        (json!({"url": "https://h.example/?s3cr3t"}), shape),
    ];
    for (field, value, error) in [
        ("method", json!("s3cr3t"), shape),
        ("url", json!(["s3cr3t"]), shape),
        ("url", json!(""), no_url),
        ("url", json!("ftp://s3cr3t"), no_url),
        ("url", json!("HTTPS://s3cr3t"), no_url),
        ("url", json!("https://s3cr3t\nx-evil:1"), no_url),
        ("url", json!("https://s3cr3t/a b"), no_url),
        ("url", json!("https://s3cr3t/ü"), no_url),
        ("headers", json!({"a": ["s3cr3t"]}), shape),
        ("headers", json!({"a": "s3cr3t\nx-evil:1"}), no_header),
        ("headers", json!({"a": "s3cr3t\r"}), no_header),
        ("headers", json!({"a\nx-evil": "s3cr3t"}), no_header),
        ("headers", json!({"a:b": "s3cr3t"}), no_header),
        ("headers", json!({"": "s3cr3t"}), no_header),
        ("headers", json!({"A": "s3cr3t"}), no_header),
        ("expires_at", json!("s3cr3t"), shape),
    ] {
        let mut case = good.clone();
        case[field] = value;
        cases.push((case, error));
    }
    for (case, error) in cases {
        let got = from_str::<PresignedUrl>(&case.to_string())
            .unwrap_err()
            .to_string();
        assert_eq!(got, error, "{case}");
    }
}

#[test]
fn credentials_from_what_providers_return() {
    let all = |token: &str, expiration: Option<i64>| {
        (
            "ASIAEXAMPLE".to_owned(),
            token.to_owned(),
            expiration.map(Timestamp::from_unix),
        )
    };
    let keys = r#""AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "s3cr3t""#;
    for (json, expected) in [
        // `credential_process`
        (
            format!(r#"{{"Version": 1, {keys}, "SessionToken": "t", "Expiration": "2013-05-24T00:00:00Z", "AccountId": "123456789012"}}"#),
            all("t", Some(1_369_353_600)),
        ),
        (format!(r#"{{"Version": 1, {keys}}}"#), all("", None)),
        (
            format!(r#"{{{keys}, "SessionToken": "", "Expiration": ""}}"#),
            all("", None),
        ),
        (
            format!(r#"{{"Version": null, {keys}, "SessionToken": null, "Expiration": null}}"#),
            all("", None),
        ),
        // The metadata service of EC2
        (
            format!(r#"{{"Code": "Success", "LastUpdated": "2013-05-23T18:00:00Z", "Type": "AWS-HMAC", {keys}, "Token": "t", "Expiration": "2013-05-24T00:00:00Z"}}"#),
            all("t", Some(1_369_353_600)),
        ),
        // Containers, and escapes
        (
            r#"{"RoleArn": "arn:aws:iam::123456789012:role/r", "AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "s3cr3\u0074", "Token": "a\/b=\n", "Expiration": "2013-05-24T02:00:00+02:00"}"#.to_owned(),
            all("a/b=\n", Some(1_369_353_600)),
        ),
    ] {
        let credentials: Credentials<'static> = from_str(&json).unwrap();
        let (id, token, expiration) = expected;
        let mut same = Credentials::new(&id, "s3cr3t");
        if !token.is_empty() {
            same = same.session_token(&token);
        }
        if let Some(end) = expiration {
            same = same.expiration(end);
        }
        assert_eq!(format!("{credentials:?}"), format!("{same:?}"), "{json}");
        let bucket = bucket("examplebucket");
        let sign = |who: &Credentials<'_>| {
            Presigner::get(who, &bucket, "k").sign_at(Timestamp::from_unix(0))
        };
        assert_eq!(sign(&credentials), sign(&same), "{json}");
    }
}

/// An error names what is missing, and never shows a value.
#[test]
fn credentials_that_cannot_be_read() {
    let shape = "credentials are not an object with the strings AccessKeyId, SecretAccessKey and, \
                 if they are temporary, SessionToken or Token, and Expiration";
    let no_secret = "credentials have no SecretAccessKey";
    for (json, error) in [
        (r#""s3cr3t""#, shape),
        (r#"["s3cr3t"]"#, shape),
        ("s3cr3t", shape),
        (r#"{"SecretAccessKey": "s3cr3t"#, shape),
        (r#"{"AccessKeyId": "A", "SecretAccessKey": 53127}"#, shape),
        (
            r#"{"AccessKeyId": "A", "SecretAccessKey": ["s3cr3t"]}"#,
            shape,
        ),
        (
            r#"{"AccessKeyId": "A", "SecretAccessKey": "s3cr3t", "SecretAccessKey": "s3cr3t"}"#,
            shape,
        ),
        (
            r#"{"Version": "s3cr3t", "AccessKeyId": "A", "SecretAccessKey": "s3cr3t"}"#,
            shape,
        ),
        (
            r#"{"Version": 2, "AccessKeyId": "A", "SecretAccessKey": "s3cr3t"}"#,
            "credentials are of a version other than 1",
        ),
        ("{}", "credentials have no AccessKeyId"),
        (
            r#"{"SecretAccessKey": "s3cr3t"}"#,
            "credentials have no AccessKeyId",
        ),
        (r#"{"AccessKeyId": "A"}"#, no_secret),
        (r#"{"AccessKeyId": "A", "SecretAccessKey": ""}"#, no_secret),
        (
            r#"{"AccessKeyId": "A", "SecretAccessKey": null}"#,
            no_secret,
        ),
        // A metadata service that refuses the request.
        (
            r#"{"Code": "AssumeRoleUnauthorizedAccess", "Message": "s3cr3t"}"#,
            "credentials have no AccessKeyId",
        ),
        (
            r#"{"AccessKeyId": "A", "SecretAccessKey": "s3cr3t", "Expiration": "s3cr3t"}"#,
            "time does not have the form 2013-05-24T00:00:00Z (RFC 3339)",
        ),
    ] {
        let got = from_str::<Credentials<'static>>(json)
            .unwrap_err()
            .to_string();
        assert_eq!(got, error, "{json}");
        assert!(!got.contains("s3cr3t") && !got.contains("53127"));
    }
}
