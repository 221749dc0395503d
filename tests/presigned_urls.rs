//! The result of signing, and its conversions to types of other crates.
#![cfg(feature = "alloc")]

use presign::{Bucket, Credentials, Error, Method, PresignedUrl, Presigner, Timestamp};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

fn sign(method: Method, key: &str, headers: &[(&str, &str)]) -> Result<PresignedUrl, Error> {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    Presigner::new(method, &credentials, &bucket, key)
        .allow_dot_segments()
        .headers(headers)
        .sign_at(NOW)
}

#[test]
fn parts() -> Result<(), Error> {
    let url = sign(
        Method::Put,
        "k",
        &[("X-B", " ü  b"), ("Content-Type", "a:b")],
    )?;
    assert_eq!(
        url.headers().collect::<Vec<_>>(),
        [("content-type", "a:b"), ("x-b", "ü b")]
    );
    let start = "https://examplebucket.s3.eu-west-1.amazonaws.com/k?X-Amz-Algorithm=";
    assert!(url.as_str().starts_with(start));
    assert_eq!(url.to_string(), url.as_str());
    assert_eq!(AsRef::<str>::as_ref(&url), url.as_str());
    assert_eq!(
        (url.method(), url.expires_at().as_unix()),
        (Method::Put, 1_369_354_500)
    );
    assert_eq!(url.clone().into_string(), url.as_str());

    assert_eq!(sign(Method::Get, "k", &[])?.headers().count(), 0);
    Ok(())
}

#[cfg(feature = "url")]
#[test]
fn urls() -> Result<(), Error> {
    let signed = sign(Method::Get, "a b/ü'*", &[])?;
    assert_eq!(url::Url::try_from(&signed)?.as_str(), signed.as_str());
    let changed = sign(Method::Get, "a/../b", &[])?;
    assert_eq!(url::Url::try_from(&changed), Err(Error::NormalizedUrl));
    Ok(())
}

#[cfg(feature = "http")]
#[test]
fn requests() -> Result<(), Box<dyn core::error::Error>> {
    for method in [
        Method::Get,
        Method::Head,
        Method::Put,
        Method::Post,
        Method::Delete,
        Method::Options,
        Method::Patch,
    ] {
        let url = sign(method, "k", &[("x-a", "ü"), ("x-b", "1")])?;
        let request = http::Request::try_from(&url)?;
        assert_eq!(request.method().as_str(), method.as_str());
        assert_eq!(request.uri().to_string(), url.as_str());
        let headers = request.headers();
        assert_eq!(headers.len(), 2);
        assert_eq!(
            headers.get("x-a").map(|a| a.as_bytes()),
            Some("ü".as_bytes())
        );
        assert_eq!(headers.get("x-b").map(|b| b.as_bytes()), Some(&b"1"[..]));
    }
    Ok(())
}

/// The signature of rusty-s3 for the same request.
#[test]
fn rusty_s3() -> Result<(), Error> {
    let credentials = Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    );
    let bucket = Bucket::new("examplebucket", "us-west-2")?
        .endpoint("http://localhost:9000")?
        .path_style();
    let url = Presigner::get(&credentials, &bucket, "test.txt")
        .response_content_type("text/plain")
        .expires_in(core::time::Duration::from_secs(3600))
        .sign_at(NOW)?;
    let signature = "96d5c88fa6dee8d21125db7a84b5bfb83eaeda65182c402af086a36cb9bf87a2";
    assert!(url.as_str().ends_with(signature), "{url}");
    Ok(())
}
