use core::hint::black_box;
use core::time::Duration;

use http::{Method, Request, Uri};
use reqsign_aws_v4::{Credential, RequestSigner, StaticCredentialProvider};
use reqsign_core::{Context, Signer};

use super::{Peer, TOKEN, sign, unsigned};
use crate::items::{ACCESS_KEY_ID, HEADERS, REGION, SECONDS, SECRET, UPLOAD_TYPE};

pub fn peer() -> Peer {
    let for_get = signer(provider());
    let for_overridden = signer(provider().with_session_token(&TOKEN));
    let for_put = for_get.clone();
    Peer {
        package: "reqsign-aws-v4",
        way: "",
        get: sign(move |key, url| {
            url(&presigned(&for_get, Method::GET, unsigned(key, false), &[]));
        }),
        get_overridden: sign(move |key, url| {
            url(&presigned(
                &for_overridden,
                Method::GET,
                unsigned(key, true),
                &[],
            ));
        }),
        put: sign(move |key, url| {
            let headers = [("content-type", UPLOAD_TYPE), HEADERS[0], HEADERS[1]];
            url(&presigned(
                &for_put,
                Method::PUT,
                unsigned(key, false),
                &headers,
            ));
        }),
        each: None,
        from_strings: sign(|key, url| {
            url(&presigned(
                &signer(provider()),
                Method::GET,
                unsigned(key, false),
                &[],
            ));
        }),
    }
}

fn provider() -> StaticCredentialProvider {
    StaticCredentialProvider::new(black_box(ACCESS_KEY_ID), black_box(SECRET))
}

fn signer(provider: StaticCredentialProvider) -> Signer<Credential> {
    Signer::new(
        Context::new(),
        provider,
        RequestSigner::new("s3", black_box(REGION)),
    )
}

fn presigned(
    signer: &Signer<Credential>,
    method: Method,
    url: String,
    headers: &[(&str, &str)],
) -> Uri {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (mut parts, ()) = request.body(()).expect("a request").into_parts();
    pollster::block_on(signer.sign(&mut parts, Some(Duration::from_secs(SECONDS))))
        .expect("a signature");
    parts.uri
}
