//! Setters sign the header or parameter that their documentation names, and constructors create the request they name.
#![cfg(feature = "alloc")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use core::time::Duration;

use presign::{
    Bucket, Checksum, Credentials, Encryption, Error, Method, PresignedUrl, Presigner, Timestamp,
};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);
static BUCKET: Bucket<'static> = Bucket::from_static("examplebucket", "eu-west-1");
const MINIO: Bucket<'static> = Bucket::from_static("media", "us-east-1")
    .static_endpoint("http://minio.example:9000")
    .path_style();
static CREDENTIALS: Credentials<'static> = Credentials::new("AKIAEXAMPLE", "secret");
const ID: &str = "VXBsb2FkIElE";

#[track_caller]
fn sign(presigner: Presigner<'_>) -> PresignedUrl {
    presigner.sign_at(NOW).unwrap()
}

/// The names of the signed headers are these.
#[track_caller]
fn headers(presigner: Presigner<'_>, names: &str) {
    let url = sign(presigner);
    let names = names.replace(' ', "%3B");
    let expected = format!("&X-Amz-SignedHeaders={names}&X-Amz-Signature=");
    assert!(url.as_str().contains(&expected), "{url}");
}

/// The parameters after the signed headers are these.
#[track_caller]
fn parameters(presigner: Presigner<'_>, query: &str) {
    let url = sign(presigner);
    let expected = format!("&X-Amz-SignedHeaders=host&{query}&X-Amz-Signature=");
    assert!(url.as_str().contains(&expected), "{url}");
}

fn get() -> Presigner<'static> {
    Presigner::get(&CREDENTIALS, &BUCKET, "k")
}

fn put() -> Presigner<'static> {
    Presigner::put(&CREDENTIALS, &BUCKET, "k")
}

#[test]
fn of_uploads() {
    headers(
        put()
            .content_type("text/plain")
            .content_length(5)
            .content_md5("XUFAKrxLKna5cZ2REBfFkg==")
            .content_disposition("attachment")
            .content_encoding("gzip")
            .content_language("de")
            .cache_control("max-age=3600"),
        "cache-control content-disposition content-encoding content-language content-length content-md5 \
         content-type host",
    );
    headers(
        put()
            .acl("private")
            .storage_class("STANDARD_IA")
            .tagging("team=a&stage=test")
            .metadata("author", "example")
            .metadata_list(&[("year", "1843")]),
        "host x-amz-acl x-amz-meta-author x-amz-meta-year x-amz-storage-class x-amz-tagging",
    );
    headers(
        put().copy_source("examplebucket/a%20b.txt"),
        "host x-amz-copy-source",
    );
    headers(
        put().checksum(Checksum::Sha256(
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        )),
        "host x-amz-checksum-sha256",
    );
    headers(
        put().encryption(Encryption::Kms {
            key_id: Some("alias/example"),
            context: None,
        }),
        "host x-amz-server-side-encryption x-amz-server-side-encryption-aws-kms-key-id",
    );
    headers(
        put().headers(&[
            ("x-amz-grant-read", "id=\"1\""),
            ("expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ]),
        "expires host x-amz-grant-read",
    );
}

#[test]
fn of_preconditions() {
    headers(
        get()
            .if_match("\"5d41402abc4b2a76b9719d911017c592\"")
            .range("bytes=0-9")
            .expected_bucket_owner("123456789012")
            .request_payer(),
        "host if-match range x-amz-expected-bucket-owner x-amz-request-payer",
    );
    headers(put().if_none_match("*"), "host if-none-match");
}

#[test]
fn of_responses() {
    parameters(
        get()
            .response_content_type("text/plain; charset=utf-8")
            .response_content_language("de")
            .response_expires("Thu, 01 Dec 1994 16:00:00 GMT")
            .response_cache_control("no-store")
            .response_content_disposition("attachment; filename=\"a b.txt\"")
            .response_content_encoding("gzip")
            .version_id("3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY"),
        "response-cache-control=no-store\
         &response-content-disposition=attachment%3B%20filename%3D%22a%20b.txt%22\
         &response-content-encoding=gzip\
         &response-content-language=de\
         &response-content-type=text%2Fplain%3B%20charset%3Dutf-8\
         &response-expires=Thu%2C%2001%20Dec%201994%2016%3A00%3A00%20GMT\
         &versionId=3HL4kqtJlcpXroDTDmJ%2BrmSpXd3dIbrHY",
    );
    parameters(
        get().download_as("Größe.pdf"),
        "response-content-disposition=attachment%3B%20filename%3D%22Gr__e.pdf%22\
         %3B%20filename%2A%3DUTF-8%27%27Gr%25C3%25B6%25C3%259Fe.pdf",
    );
    parameters(
        get().inline_as("a.pdf"),
        "response-content-disposition=inline%3B%20filename%3D%22a.pdf%22",
    );
}

#[test]
fn of_lists() {
    parameters(
        Presigner::list(&CREDENTIALS, &BUCKET)
            .prefix("photos/")
            .delimiter("/")
            .max_keys(50)
            .start_after("photos/a b")
            .continuation_token("1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM="),
        "continuation-token=1ueGcxLPRx1Tr%2FXYExHnhbYLgveDs2J%2Fwm36Hy4vbOwM%3D&delimiter=%2F&list-type=2\
         &max-keys=50&prefix=photos%2F&start-after=photos%2Fa%20b",
    );
}

#[test]
fn of_multipart_uploads() {
    let with = |presigner, method, query| {
        parameters(presigner, query);
        assert_eq!(sign(presigner).method(), method);
    };
    let (who, place) = (&CREDENTIALS, &BUCKET);
    let of_upload = "uploadId=VXBsb2FkIElE";
    with(
        Presigner::create_multipart_upload(who, place, "k"),
        Method::Post,
        "uploads=",
    );
    with(
        Presigner::upload_part(who, place, "k", ID, 1),
        Method::Put,
        "partNumber=1&uploadId=VXBsb2FkIElE",
    );
    with(
        Presigner::list_parts(who, place, "k", ID),
        Method::Get,
        of_upload,
    );
    with(
        Presigner::complete_multipart_upload(who, place, "k", ID),
        Method::Post,
        of_upload,
    );
    with(
        Presigner::abort_multipart_upload(who, place, "k", ID),
        Method::Delete,
        of_upload,
    );
    with(get().part_number(2), Method::Get, "partNumber=2");
}

#[test]
fn of_any_request() -> Result<(), Error> {
    parameters(
        get().query(&[("x-id", "GetObject"), ("b", "1 & 2")]),
        "b=1%20%26%202&x-id=GetObject",
    );
    let expires = |presigner: Presigner<'_>| sign(presigner).expires_at() - NOW;
    assert_eq!(expires(get()), Duration::from_secs(900));
    let minute = Duration::from_secs(60);
    assert_eq!(expires(get().expires_in(minute)), minute);
    assert_eq!(expires(get().expires_at(NOW + minute)), minute);
    for (presigner, method) in [
        (get(), Method::Get),
        (put(), Method::Put),
        (Presigner::head(&CREDENTIALS, &BUCKET, "k"), Method::Head),
        (
            Presigner::delete(&CREDENTIALS, &BUCKET, "k"),
            Method::Delete,
        ),
    ] {
        let request = presigner.explain_at(NOW)?.canonical_request().to_owned();
        assert!(request.starts_with(&format!("{method}\n/k\n")), "{request}");
    }
    Ok(())
}

#[test]
fn of_buckets() -> Result<(), Error> {
    let service = Bucket::service("eu-west-1")?;
    let path_style = BUCKET.clone().path_style();
    for (bucket, start) in [
        (
            &BUCKET,
            "https://examplebucket.s3.eu-west-1.amazonaws.com/?",
        ),
        (
            &path_style,
            "https://s3.eu-west-1.amazonaws.com/examplebucket?",
        ),
        (&MINIO, "http://minio.example:9000/media?"),
        (&service, "https://s3.eu-west-1.amazonaws.com/?"),
    ] {
        let url = sign(Presigner::bucket(Method::Head, &CREDENTIALS, bucket));
        assert!(url.as_str().starts_with(start), "{url}");
    }
    Ok(())
}

#[test]
fn of_credentials() -> Result<(), Error> {
    let directory = Bucket::new("media--usw2-az1--x-s3", "us-west-2")?;
    let temporary = CREDENTIALS.clone().session_token("to/ken==");
    let session = CREDENTIALS.clone().express_session_token("to/ken==");
    for (credentials, bucket, name) in [
        (&temporary, &BUCKET, "X-Amz-Security-Token"),
        (&session, &directory, "X-Amz-S3session-Token"),
        (
            &temporary.clone().express_session(),
            &directory,
            "X-Amz-S3session-Token",
        ),
    ] {
        let url = sign(Presigner::get(credentials, bucket, "k"));
        let expected = format!("&{name}=to%2Fken%3D%3D&");
        assert!(url.as_str().contains(&expected), "{url}");
    }
    assert_eq!(temporary.expires_at(), None);
    assert_eq!(temporary.expiration(NOW).expires_at(), Some(NOW));
    Ok(())
}

#[cfg(feature = "aws-credential-types")]
#[test]
fn of_credentials_from_an_sdk() {
    let end = std::time::UNIX_EPOCH + Duration::from_millis(1_369_357_200_999);
    let provided = aws_credential_types::Credentials::new(
        "ASIAEXAMPLE",
        "secret",
        Some("token".into()),
        Some(end),
        "example",
    );
    let credentials = Credentials::from(&provided);
    assert_eq!(credentials.access_key_id(), "ASIAEXAMPLE");
    let end = Timestamp::from_unix(1_369_357_200);
    assert_eq!(credentials.expires_at(), Some(end));
    let url = sign(Presigner::get(&credentials, &BUCKET, "k"));
    assert!(url.as_str().contains("&X-Amz-Security-Token=token&"));
}
