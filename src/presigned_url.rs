//! The result of signing.

use alloc::string::String;
use core::fmt;

use crate::method::Method;
use crate::redact::redact;
use crate::timestamp::Timestamp;

#[cfg(any(feature = "http", feature = "url"))]
mod convert;

/// A signed URL, with what its sender needs to know: the method, the headers and the expiry.
///
/// The URL is a bearer secret: anyone who has it can use it. `Display` writes the whole URL; `Debug` masks the
/// credential, the signature and the session token.
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Presigner};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// # #[cfg(feature = "std")] {
/// let upload = Presigner::put(&credentials, &bucket, "in.png").content_type("image/png").sign()?;
///
/// println!("curl -X {} -T in.png \\", upload.method());
/// for (name, value) in upload.headers() {
///     println!("  -H '{name}: {value}' \\");
/// }
/// println!("  '{upload}'");
/// println!("# expires at {}", upload.expires_at());
/// # }
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PresignedUrl {
    /// The URL, then the headers to send as lines `name:value`.
    text: String,
    url_length: usize,
    method: Method,
    expires_at: Timestamp,
}

impl PresignedUrl {
    pub(crate) const fn new(
        text: String,
        url_length: usize,
        method: Method,
        expires_at: Timestamp,
    ) -> Self {
        Self {
            text,
            url_length,
            method,
            expires_at,
        }
    }

    /// Returns the URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.get(..self.url_length).unwrap_or_default()
    }

    /// Returns the URL without another allocation.
    #[must_use]
    pub fn into_string(mut self) -> String {
        self.text.truncate(self.url_length);
        self.text
    }

    /// Returns the method that the URL is signed for.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Returns the headers that the sender must send, except `Host`, which every client sends automatically. Names are
    /// in lower case and sorted; values are as signed.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.text.get(self.url_length..).unwrap_or_default().lines();
        lines.filter_map(|line| line.split_once(':'))
    }

    /// Returns when the URL expires: at its own expiry or when the credentials expire, whichever is earlier.
    #[must_use]
    #[doc(alias = "is_expired")]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl fmt::Display for PresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl AsRef<str> for PresignedUrl {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<PresignedUrl> for String {
    fn from(presigned: PresignedUrl) -> Self {
        presigned.into_string()
    }
}

impl fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresignedUrl")
            .field("method", &self.method)
            .field("url", &format_args!("{}", redact(self.as_str())))
            .field("expires_at", &format_args!("{}", self.expires_at))
            .finish_non_exhaustive()
    }
}

/// The canonical request and the string to sign of a URL, from [`Presigner::explain_at`](crate::Presigner::explain_at).
///
/// `Debug` masks the session token and omits headers.
///
/// # Examples
/// See [`Presigner::explain_at`](crate::Presigner::explain_at).
#[derive(Clone, PartialEq, Eq)]
pub struct Explanation {
    canonical_request: String,
    string_to_sign: String,
}

impl Explanation {
    pub(crate) const fn new(canonical_request: String, string_to_sign: String) -> Self {
        Self {
            canonical_request,
            string_to_sign,
        }
    }

    /// Returns the canonical request. It contains the session token, if there is one, and the values of signed headers.
    #[must_use]
    pub fn canonical_request(&self) -> &str {
        &self.canonical_request
    }

    /// Returns the string to sign.
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Method, URI and query. The rest is headers.
        let end = self
            .canonical_request
            .match_indices('\n')
            .nth(2)
            .map_or(0, |(at, _)| at);
        let start = self.canonical_request.get(..end).unwrap_or_default();
        f.debug_struct("Explanation")
            .field("canonical_request", &format_args!("{}", redact(start)))
            .field("string_to_sign", &self.string_to_sign)
            .finish_non_exhaustive()
    }
}
