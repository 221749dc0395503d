//! Names of downloads in URLs; `src/disposition.rs` tests their encoding.
#![cfg(feature = "alloc")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::LazyLock;

use presign::{Advisory, Bucket, Credentials, Presigner, Timestamp};

const NOW: Timestamp = Timestamp::from_unix(0);

static CREDENTIALS: Credentials<'_> = Credentials::new("AKIAEXAMPLE", "secret");
static BUCKET: LazyLock<Bucket<'_>> =
    LazyLock::new(|| Bucket::new("examplebucket", "eu-west-1").unwrap());

fn get<'a>() -> Presigner<'a> {
    Presigner::get(&CREDENTIALS, &BUCKET, "k")
}

#[track_caller]
fn value(presigner: Presigner<'_>) -> String {
    assert!(
        !presigner
            .advisories(NOW)
            .any(|advisory| advisory == Advisory::NonLatinResponse)
    );
    let url = presigner.sign_at(NOW).unwrap().into_string();
    let mut buffer = vec![0; url.len()];
    assert_eq!(presigner.sign_into(NOW, &mut buffer), Ok(&*url));
    let explanation = presigner.explain_at(NOW).unwrap();
    let (_, rest) = url.split_once("&response-content-disposition=").unwrap();
    let value = rest.split('&').next().unwrap();
    assert!(
        explanation
            .canonical_request()
            .contains(&format!("&response-content-disposition={value}\n"))
    );
    String::from_utf8(percent_encoding::percent_decode_str(value).collect()).unwrap()
}

#[test]
fn names() {
    for (name, expected) in [
        ("a.pdf", "; filename=\"a.pdf\""),
        (
            "Größe\r\n.pdf",
            "; filename=\"Gr__e__.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe__.pdf",
        ),
        ("", ""),
    ] {
        assert_eq!(
            value(get().download_as(name)),
            format!("attachment{expected}")
        );
        assert_eq!(value(get().inline_as(name)), format!("inline{expected}"));
    }
    let long = "é".repeat(127);
    assert!(value(get().download_as(&long)).ends_with("%C3%A9"));
}

/// The last call wins, whichever setter it is.
#[test]
fn one_disposition() {
    assert_eq!(
        value(get().response_content_disposition("a").download_as("b")),
        "attachment; filename=\"b\""
    );
    assert_eq!(
        value(get().download_as("b").inline_as("c")),
        "inline; filename=\"c\""
    );
    assert_eq!(
        value(get().download_as("b").response_content_disposition("a")),
        "a"
    );
    let listed = get()
        .download_as("b")
        .query(&[("response-content-disposition", "attachment")]);
    assert_eq!(
        listed.sign_at(NOW),
        Err(presign::Error::DuplicateQueryParameter)
    );
}
