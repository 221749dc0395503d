//! Requests that the service itself sends to the store, through presigned links.

use std::time::Duration;

use presign::PresignedUrl;
use presign::multipart::{AnswerError, error_in};
use reqwest::{Client, Method, StatusCode, redirect};
use serde::Serialize;
use url::Url;

use crate::refusal::Refusal;

/// An HTTP client that sends a link's method and headers, and parses S3's errors.
#[derive(Clone, Debug)]
pub struct Store(Client);

/// A part that the store has.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Listed {
    part_number: u16,
    size: u64,
    /// S3 always lists it; some other stores do not.
    etag: Option<String>,
}

/// A page of the list of parts, and the part number after which the next page starts, if there is one.
pub(crate) fn parts(xml: &str) -> Result<(Vec<Listed>, Option<u16>), Refusal> {
    list(xml).ok_or_else(|| {
        let message = "the store's response is not a list of parts";
        Refusal::new(502, "store_refused", message)
    })
}

fn list(xml: &str) -> Option<(Vec<Listed>, Option<u16>)> {
    let document = roxmltree::Document::parse(xml).ok()?;
    let top = document.root_element();
    if top.tag_name().name() != "ListPartsResult" {
        return None;
    }
    let part = |part: roxmltree::Node<'_, '_>| {
        Some(Listed {
            part_number: child(part, "PartNumber")?.parse().ok()?,
            size: child(part, "Size")?.parse().ok()?,
            etag: child(part, "ETag").map(str::to_owned),
        })
    };
    let parts = top.children().filter(|it| it.tag_name().name() == "Part");
    let parts: Vec<_> = parts.map(part).collect::<Option<_>>()?;
    let next = match child(top, "IsTruncated") {
        Some("true") => Some(child(top, "NextPartNumberMarker")?.parse().ok()?),
        _ => None,
    };
    Some((parts, next))
}

fn child<'x>(parent: roxmltree::Node<'x, '_>, name: &str) -> Option<&'x str> {
    let mut children = parent.children();
    children
        .find(|child| child.tag_name().name() == name)?
        .text()
}

/// S3 responds to a completion when it is done, which may take minutes.
const TIMEOUT: Duration = Duration::from_secs(590);

impl Store {
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new() -> reqwest::Result<Self> {
        // Fails if the process already has a provider, which is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none()) // a signature is for one host
            .build()?;
        Ok(Self(client))
    }

    /// Returns the body of the response. S3 can report an error with status 200, for example for a completion.
    pub(crate) async fn send(&self, link: &PresignedUrl, body: String) -> Result<String, Refusal> {
        let unreachable = |error: reqwest::Error| {
            let error = error.without_url(); // it contains the signature
            tracing::error!(%error, cause = std::error::Error::source(&error), "cannot reach the store");
            Refusal::new(502, "store_unreachable", "the store cannot be reached")
        };
        let url = Url::try_from(link).map_err(|error| {
            tracing::error!(%error, "link not sent");
            Refusal::new(500, "internal", "the link cannot be sent as signed")
        })?;
        let method = Method::from_bytes(link.method().as_str().as_bytes()).unwrap_or_default();
        let mut request = self.0.request(method, url).body(body);
        for (name, value) in link.headers() {
            request = request.header(name, value);
        }
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.text().await.map_err(unreachable)?;
        refusal(status, &body).map_or(Ok(body), Err)
    }
}

/// Returns the error in a response of the store, if there is one.
fn refusal(status: StatusCode, body: &str) -> Option<Refusal> {
    let code = match error_in(body) {
        Some(AnswerError::Store { code, .. }) => code,
        _ if status.is_success() => return None,
        _ => String::new(),
    };
    Some(match code.as_str() {
        "NoSuchUpload" => Refusal::new(
            404,
            "no_such_upload",
            "no such upload: it is complete, was aborted, or has another key",
        ),
        "EntityTooSmall" | "InvalidPart" | "InvalidPartOrder" | "MalformedXML" => {
            let message = format!("the store does not accept these parts: {code}");
            Refusal::new(400, "invalid_part", message)
        }
        // Another try may succeed.
        "SlowDown" | "InternalError" | "ServiceUnavailable" | "RequestTimeout" => {
            let message = format!("the store is busy: {status} {code}");
            Refusal::new(503, "store_busy", message)
        }
        _ => {
            tracing::error!(%status, code, "the store refused a request");
            let message = format!("the store refused the request: {status} {code}");
            Refusal::new(502, "store_refused", message)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let started =
            "<InitiateMultipartUploadResult><UploadId>a</UploadId></InitiateMultipartUploadResult>";
        for (status, code, told) in [
            (
                StatusCode::NOT_FOUND,
                "NoSuchUpload",
                Some("no_such_upload"),
            ),
            (
                StatusCode::BAD_REQUEST,
                "EntityTooSmall",
                Some("invalid_part"),
            ),
            (StatusCode::OK, "InternalError", Some("store_busy")), // as a completion may
            (StatusCode::FORBIDDEN, "AccessDenied", Some("store_refused")),
        ] {
            let body = format!("<Error><Code>{code}</Code></Error>");
            assert_eq!(refusal(status, &body).map(|refusal| refusal.code()), told);
        }
        assert!(refusal(StatusCode::BAD_GATEWAY, "").is_some());
        assert!(refusal(StatusCode::OK, started).is_none());
        let list = |more: &str| {
            let part =
                "<Part><PartNumber>2</PartNumber><Size>5</Size><ETag>&quot;e&quot;</ETag></Part>";
            parts(&format!("<ListPartsResult>{part}{more}</ListPartsResult>"))
        };
        let part = |part_number, etag: Option<&str>| Listed {
            part_number,
            size: 5,
            etag: etag.map(str::to_owned),
        };
        let without = "<Part><PartNumber>3</PartNumber><Size>5</Size></Part>";
        let both = vec![part(2, Some("\"e\"")), part(3, None)];
        assert_eq!(list(without).unwrap(), (both, None));
        let more = "<IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>";
        let one = vec![part(2, Some("\"e\""))];
        assert_eq!(list(more).unwrap(), (one, Some(2)));
        assert!(list("<Part><PartNumber>x</PartNumber></Part>").is_err());
        assert!(list("<IsTruncated>true</IsTruncated>").is_err());
        assert!(parts(started).is_err());
    }
}
