//! Conversions to types of other crates, each with its feature.

#[cfg(feature = "url")]
use crate::error::Error;
#[cfg(feature = "http")]
use crate::method::Method;

use super::PresignedUrl;

/// Returns [`Error::NormalizedUrl`] if `url` would change the URL, for example by resolving dot segments.
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Presigner, Timestamp};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// # let now = Timestamp::from_unix(0);
/// let presigned = Presigner::get(&credentials, &bucket, "photos/duck.jpg").sign_at(now)?;
/// let url = url::Url::try_from(&presigned)?;
/// # Ok::<(), presign::Error>(())
/// ```
#[cfg(feature = "url")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "url")))]
impl TryFrom<&PresignedUrl> for url::Url {
    type Error = Error;

    fn try_from(presigned: &PresignedUrl) -> Result<Self, Error> {
        let url = Self::parse(presigned.as_str()).ok();
        url.filter(|url| url.as_str() == presigned.as_str())
            .ok_or(Error::NormalizedUrl)
    }
}

/// Consumes the URL; otherwise like the conversion from a reference.
#[cfg(feature = "url")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "url")))]
impl TryFrom<PresignedUrl> for url::Url {
    type Error = Error;

    fn try_from(presigned: PresignedUrl) -> Result<Self, Error> {
        Self::try_from(&presigned)
    }
}

/// Creates the request to send, with method, URL and signed headers. Add a body with `map`.
///
/// The request's `Debug` shows the signature and the session token, so keep it out of logs. A customer's encryption key
/// is marked as sensitive and not shown.
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Presigner};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// let presigned = Presigner::put(&credentials, &bucket, "in.txt").content_type("text/plain").sign()?;
/// let request = http::Request::try_from(&presigned)?.map(|()| "hello");
/// assert_eq!(request.headers()["content-type"], "text/plain");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "http")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "http")))]
impl TryFrom<&PresignedUrl> for http::Request<()> {
    type Error = http::Error;

    fn try_from(presigned: &PresignedUrl) -> Result<Self, http::Error> {
        let mut request = Self::builder()
            .method(http::Method::from(presigned.method()))
            .uri(presigned.as_str());
        for (name, value) in presigned.headers() {
            // May be UTF-8 beyond ASCII, which is sent unchanged.
            let mut value = http::HeaderValue::from_bytes(value.as_bytes())?;
            value.set_sensitive(name.ends_with("server-side-encryption-customer-key"));
            request = request.header(name, value);
        }
        request.body(())
    }
}

/// Consumes the URL; otherwise like the conversion from a reference.
#[cfg(feature = "http")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "http")))]
impl TryFrom<PresignedUrl> for http::Request<()> {
    type Error = http::Error;

    fn try_from(presigned: PresignedUrl) -> Result<Self, http::Error> {
        Self::try_from(&presigned)
    }
}

/// # Examples
/// ```
/// assert_eq!(http::Method::from(presign::Method::Delete), http::Method::DELETE);
/// ```
#[cfg(feature = "http")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "http")))]
impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Head => Self::HEAD,
            Method::Put => Self::PUT,
            Method::Post => Self::POST,
            Method::Delete => Self::DELETE,
            Method::Options => Self::OPTIONS,
            Method::Patch => Self::PATCH,
        }
    }
}
