//! What signing gives.

use alloc::string::String;
use core::fmt;

use crate::method::Method;
use crate::redact::redact;
use crate::timestamp::Timestamp;

#[cfg(any(feature = "http", feature = "url"))]
mod convert;

/// A signed URL, with what the sender has to know: method, headers, and when it ends.
///
/// The URL is a bearer secret: whoever holds it can use it. `Display` writes it whole; `Debug` masks credential, signature
/// and session token.
///
/// # Examples
/// ```
/// use presign::{Bucket, Credentials, Method, Presigner, Timestamp};
///
/// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let upload = Presigner::put(&credentials, &bucket, "in.png")
///     .content_type("image/png")
///     .headers(&[("X-Amz-Meta-Author", "example  author")])
///     .sign_at(Timestamp::from_unix(0))?;
///
/// assert_eq!(upload.method(), Method::Put);
/// assert_eq!(
///     upload.headers().collect::<Vec<_>>(),
///     [("content-type", "image/png"), ("x-amz-meta-author", "example author")]
/// );
/// assert_eq!(upload.expires_at(), Timestamp::from_unix(900));
/// assert!(upload.to_string().starts_with("https://examplebucket.s3.eu-west-1.amazonaws.com/in.png?X-Amz-"));
/// assert!(format!("{upload:?}").contains("X-Amz-Signature=***"));
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

    /// The URL.
    ///
    /// # Examples
    /// See [`PresignedUrl`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.get(..self.url_length).unwrap_or_default()
    }

    /// The URL, without another allocation.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let url = Presigner::put(&credentials, &bucket, "k").content_type("text/plain").sign_at(Timestamp::from_unix(0))?;
    /// assert_eq!(url.as_str().to_owned(), url.into_string());
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn into_string(mut self) -> String {
        self.text.truncate(self.url_length);
        self.text
    }

    /// The method that the URL is signed for.
    ///
    /// # Examples
    /// See [`PresignedUrl`].
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The headers that the sender has to send, beside `Host`, which every client sends by itself: names in lower case
    /// and in order, values as they were signed.
    ///
    /// # Examples
    /// See [`PresignedUrl`].
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.text.get(self.url_length..).unwrap_or_default().lines();
        lines.filter_map(|line| line.split_once(':'))
    }

    /// When the URL ends: the earlier of its expiry and the credentials' own expiration.
    ///
    /// # Examples
    /// See [`PresignedUrl`].
    #[must_use]
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

impl fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresignedUrl")
            .field("method", &self.method)
            .field("url", &format_args!("{}", redact(self.as_str())))
            .field("expires_at", &format_args!("{}", self.expires_at))
            .finish_non_exhaustive()
    }
}

/// What a signature is made of: see [`Presigner::explain_at`](crate::Presigner::explain_at). `Debug` masks the session
/// token and shows no header value.
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Presigner, Timestamp};
/// let credentials = Credentials::new("ASIAEXAMPLE", "secret").session_token("t0ken");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let explanation = Presigner::get(&credentials, &bucket, "k").explain_at(Timestamp::from_unix(0))?;
/// assert!(explanation.canonical_request().starts_with("GET\n/k\nX-Amz-Algorithm=AWS4-HMAC-SHA256&"));
/// assert!(explanation.string_to_sign().starts_with("AWS4-HMAC-SHA256\n19700101T000000Z\n"));
/// assert!(!format!("{explanation:?}").contains("t0ken"));
/// # Ok::<(), presign::Error>(())
/// ```
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

    /// The canonical request. It holds the session token, if there is one, and the values of signed headers.
    ///
    /// # Examples
    /// See [`Explanation`].
    #[must_use]
    pub fn canonical_request(&self) -> &str {
        &self.canonical_request
    }

    /// The string to sign.
    ///
    /// # Examples
    /// See [`Explanation`].
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Method, URI and query; what follows are headers.
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
