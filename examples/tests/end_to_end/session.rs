//! Temporary credentials.

use std::time::{Duration, SystemTime};

use presign::{Credentials, ExpiryPolicy, Method, Presigner, Timestamp};

use crate::{Fixture, ID, SECRET, accepted, refused, send, send_as, send_url};

/// Contains every base64 character that a URL must encode.
const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE//8+AbC+/xyz0123456789==";
const GET: Method = Method::Get;

fn fixture() -> Fixture {
    let fixture = Fixture::with_token(Some(TOKEN));
    fixture.put("k", b"quack");
    fixture
}

#[test]
fn right() {
    let fixture = fixture();
    fixture.assert_content("k", b"quack");
    let now = SystemTime::now();
    let today = fixture.credentials.signing_key(&fixture.bucket, now);
    let today = today.unwrap();
    let url = Presigner::get(&today, &fixture.bucket, "k").sign_at(now);
    accepted(&send_url(&url.unwrap(), b""), 200);
}

#[test]
fn absent() {
    let fixture = fixture();
    let without = Credentials::new(ID, SECRET);
    let get = Presigner::get(&without, &fixture.bucket, "k");
    refused(&send(&get, b""), 403, "InvalidAccessKeyId");

    let url = get.sign().unwrap().into_string();
    let encoded = "IQoJb3JpZ2luX2VjEXAMPLE%2F%2F8%2BAbC%2B%2Fxyz0123456789%3D%3D";
    let added = format!("{url}&X-Amz-Security-Token={encoded}");
    refused(
        &send_as(GET, &added, &[], b""),
        403,
        "SignatureDoesNotMatch",
    );
    let as_header = [("X-Amz-Security-Token", TOKEN)];
    refused(&send_as(GET, &url, &as_header, b""), 403, "AccessDenied");

    let url = fixture.presigner(GET, "k").sign().unwrap().into_string();
    let removed = url.replace(&format!("X-Amz-Security-Token={encoded}&"), "");
    assert_ne!(removed, url);
    refused(
        &send_as(GET, &removed, &[], b""),
        403,
        "SignatureDoesNotMatch",
    );
}

#[test]
fn altered() {
    let fixture = fixture();
    let other = Credentials::new(ID, SECRET).session_token("FwoGZXIvYXdzEXAMPLE=");
    let get = Presigner::get(&other, &fixture.bucket, "k");
    refused(&send(&get, b""), 400, "InvalidToken");

    let url = fixture.presigner(GET, "k").sign().unwrap().into_string();
    let altered = url.replace("%3D%3D", "%3D");
    assert_ne!(altered, url);
    refused(
        &send_as(GET, &altered, &[], b""),
        403,
        "SignatureDoesNotMatch",
    );
}

#[test]
fn where_none_was_issued() {
    let fixture = Fixture::new();
    let with = Credentials::new(ID, SECRET).session_token(TOKEN);
    let get = Presigner::get(&with, &fixture.bucket, "k");
    refused(&send(&get, b""), 400, "InvalidToken");
}

#[test]
fn a_clamped_link_ends_with_the_credentials() {
    let fixture = fixture();
    let now = Timestamp::from(SystemTime::now()).as_unix();
    let end = Timestamp::from_unix(now - 30);
    let credentials = fixture.credentials.clone().expiration(end);
    let get =
        Presigner::get(&credentials, &fixture.bucket, "k").expires_in(Duration::from_secs(600));
    let signed_at = Timestamp::from_unix(now - 90);

    // The server does not know when the credentials expire: only the clamped link expires in time.
    let kept = get.sign_at(signed_at).unwrap();
    assert_eq!(kept.expires_at(), end);
    accepted(&send_url(&kept, b""), 200);
    let clamped = get
        .expiry_policy(ExpiryPolicy::Clamp)
        .sign_at(signed_at)
        .unwrap();
    assert_eq!(clamped.expires_at(), end);
    refused(&send_url(&clamped, b""), 403, "AccessDenied");
}
