use core::hint::black_box;
use core::time::Duration;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use http::{Request, Uri};

use super::{Peer, TOKEN, unsigned};
use crate::items::{ACCESS_KEY_ID, HEADERS, REGION, SECONDS, SECRET, UPLOAD_TYPE};

pub fn peer() -> Peer {
    let credentials = credentials(None);
    let temporary = self::credentials(Some(TOKEN.clone()));
    let for_upload = credentials.clone();
    Peer {
        package: "aws-sigv4",
        way: "",
        get: super::sign(move |key, url| {
            url(&presigned(&credentials, "GET", unsigned(key, false), &[]));
        }),
        get_overridden: super::sign(move |key, url| {
            url(&presigned(&temporary, "GET", unsigned(key, true), &[]));
        }),
        put: super::sign(move |key, url| {
            let headers = [("content-type", UPLOAD_TYPE), HEADERS[0], HEADERS[1]];
            url(&presigned(
                &for_upload,
                "PUT",
                unsigned(key, false),
                &headers,
            ));
        }),
        each: None,
        from_strings: super::sign(|key, url| {
            url(&presigned(
                &self::credentials(None),
                "GET",
                unsigned(key, false),
                &[],
            ));
        }),
    }
}

fn credentials(token: Option<String>) -> Credentials {
    Credentials::new(
        black_box(ACCESS_KEY_ID),
        black_box(SECRET),
        token,
        None,
        "peers",
    )
}

fn presigned(
    credentials: &Credentials,
    method: &str,
    url: String,
    headers: &[(&str, &str)],
) -> Uri {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(Duration::from_secs(SECONDS));
    let identity = credentials.clone().into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(black_box(REGION))
        .name("s3")
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .expect("all parameters")
        .into();
    let signable = SignableRequest::new(
        method,
        &*url,
        headers.iter().copied(),
        SignableBody::UnsignedPayload,
    );
    let (instructions, _) = sign(signable.expect("a request"), &params)
        .expect("a signature")
        .into_parts();
    let mut request = Request::builder().uri(url).body(()).expect("a URL");
    instructions.apply_to_request_http1x(&mut request);
    request.into_parts().0.uri
}
