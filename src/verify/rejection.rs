//! Why a request is refused.

use core::fmt;

use crate::timestamp::Timestamp;

/// Why a [`Verifier`](crate::verify::Verifier) refuses a request. It is a result, not an error of the calling code.
///
/// Rejections are ordered from the least to the most specific. If you check a request several times (with each of a
/// user's two keys, for example), report the greatest rejection. No variant contains a signature, neither the received
/// nor the expected one.
///
/// # Examples
/// ```
/// use presign::verify::{Rejection, Request, Verifier};
/// use presign::{Credentials, Timestamp};
///
/// let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/k?X-Amz-Expires=60", &[])?;
/// let rejection = Verifier::new().verify(&request, Timestamp::from_unix(0), |_| None).unwrap_err();
/// assert_eq!(rejection, Rejection::MissingParameter { name: "X-Amz-Algorithm" });
/// assert_eq!(rejection.to_string(), "query parameter X-Amz-Algorithm is missing");
/// # Ok::<(), Rejection>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The URL is not absolute, or has no host.
    #[error("URL is not of the form http(s)://host/path?query")]
    MalformedUrl,
    /// The request names two different hosts, or has two `Host` headers.
    #[error("request names two hosts")]
    AmbiguousHost,
    /// The query is longer than 65535 bytes or has more than 264 parameters, not counting the signature.
    #[error("query is longer than 65535 bytes or has more than 264 parameters")]
    QueryTooLong,
    /// The request has more than 256 headers or more than 256 signed headers.
    #[error("request has more than 256 headers or signed headers")]
    TooManyHeaders,
    /// Path or query is not percent-encoded as SigV4 writes it: a byte that must be encoded is not, an escape does not
    /// have two upper-case digits, a slash of the path is encoded, or the path is not UTF-8.
    #[error("path or query is not percent-encoded as it is signed")]
    NotCanonical,
    /// An authentication parameter is missing.
    #[error("query parameter {name} is missing")]
    MissingParameter {
        /// The parameter.
        name: &'static str,
    },
    /// An authentication parameter is repeated or in the wrong case, or `X-Amz-Content-Sha256` differs from the header
    /// with the same name.
    #[error("query parameter {name} is repeated, in the wrong case, or different from the header")]
    DuplicateParameter {
        /// The parameter.
        name: &'static str,
    },
    /// In addition to the signature in the query, there is an `Authorization` header or a parameter of Signature
    /// Version 2.
    #[error("request has two methods of authentication")]
    TwoAuthentications,
    /// The value of `X-Amz-Algorithm` is unknown.
    #[error("algorithm is not supported")]
    UnknownAlgorithm,
    /// `X-Amz-Date` is not of the form `YYYYMMDDTHHMMSSZ`.
    #[error("X-Amz-Date is not of the form YYYYMMDDTHHMMSSZ")]
    MalformedDate,
    /// `X-Amz-Expires` is not a decimal number of seconds.
    #[error("X-Amz-Expires is not a decimal number")]
    MalformedExpires,
    /// `X-Amz-Expires` is outside the range that S3 accepts.
    #[error("X-Amz-Expires of {seconds} s is outside 1 s to 604800 s (7 days)")]
    ExpiryOutOfRange {
        /// The seconds.
        seconds: u64,
    },
    /// `X-Amz-Credential` is not an access key ID and a scope that ends in `aws4_request`, or is longer than 384
    /// bytes.
    #[error("X-Amz-Credential is not of the form ID/YYYYMMDD/region/service/aws4_request")]
    MalformedCredential,
    /// `X-Amz-SignedHeaders` is not a sorted list of distinct lower-case names that includes `host`.
    #[error("X-Amz-SignedHeaders is not a sorted list of lower-case names that includes host")]
    MalformedSignedHeaders,
    /// `X-Amz-Signature` is not lower-case hexadecimal of the length that the algorithm requires.
    #[error("X-Amz-Signature is not lower-case hexadecimal of the required length")]
    MalformedSignature,
    /// The scope's date differs from that of `X-Amz-Date`.
    #[error("date of the credential scope differs from X-Amz-Date")]
    ScopeDateMismatch,
    /// The scope's region is not one of the allowed ones.
    #[error("signed for another region")]
    WrongRegion,
    /// The scope's service is not one of the allowed ones.
    #[error("signed for another service")]
    WrongService,
    /// A signed header is missing.
    #[error("signed header {name} is missing")]
    SignedHeaderMissing {
        /// The header.
        name: HeaderName,
    },
    /// A header must be signed, and is not.
    #[error("header {name} must be signed")]
    HeaderNotSigned {
        /// The header.
        name: HeaderName,
    },
    /// A header's name is empty or contains an invalid byte, such as white space: a server that trims it would use a
    /// header that was not checked.
    #[error("header name {name:?} is not a token of RFC 9110")]
    MalformedHeaderName {
        /// The name.
        name: HeaderName,
    },
    /// The value of a signed header is not UTF-8.
    #[error("value of signed header {name} is not UTF-8")]
    HeaderNotText {
        /// The header.
        name: HeaderName,
    },
    /// `content-length` is repeated, not a number, or sent with `transfer-encoding`, signed or not: servers disagree on
    /// where such a body ends. <https://www.rfc-editor.org/rfc/rfc9112#section-6.3>
    #[error("content-length is repeated, not a number, or sent with transfer-encoding")]
    TwoLengths,
    /// `x-amz-content-sha256`, header or parameter, is neither `UNSIGNED-PAYLOAD` nor 64 digits of lower-case
    /// hexadecimal.
    #[error(
        "x-amz-content-sha256 is neither UNSIGNED-PAYLOAD nor 64 digits of lower-case hexadecimal"
    )]
    MalformedPayloadHash,
    /// The signing time is in the future.
    #[error("not valid yet: signed for {signed_at}, and it is now {now}")]
    NotYetValid {
        /// The time of the check.
        now: Timestamp,
        /// The signing time.
        signed_at: Timestamp,
    },
    /// The signature is older than the verifier accepts.
    #[error("signature is {age} s old, over the limit of {limit} s")]
    TooOld {
        /// Its age in seconds.
        age: u64,
        /// The limit in seconds.
        limit: u64,
    },
    /// The access key ID is unknown, or its secret is empty.
    #[error("access key ID is unknown")]
    UnknownAccessKey,
    /// The session token is missing, unexpected or not the one that was issued, or `X-Amz-S3session-Token` is used for
    /// a service other than `s3express`.
    #[error("session token is not the one that was issued")]
    SessionTokenMismatch,
    /// The credentials have expired.
    #[error("credentials expired at {expired_at}, and it is now {now}")]
    CredentialsExpired {
        /// The time of the check.
        now: Timestamp,
        /// When they expired.
        expired_at: Timestamp,
    },
    /// The request differs from what was signed, or was signed with another secret.
    #[error("signature does not match")]
    SignatureMismatch,
    /// The signature matches, but S3 would refuse the value of a signed header or a query parameter, such as part
    /// number 0.
    #[error("value of {name} is invalid")]
    InvalidValue {
        /// The header or parameter.
        name: &'static str,
    },
    /// The URL has expired.
    #[error("expired at {expired_at}, and it is now {now}")]
    Expired {
        /// The time of the check.
        now: Timestamp,
        /// When it expired.
        expired_at: Timestamp,
    },
}

/// A header's name, in its original case; names over 64 bytes are cut off.
///
/// # Examples
/// ```
/// # use presign::verify::{Rejection, Request, Verifier};
/// # use presign::{Bucket, Credentials, Presigner, Timestamp};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// # let (now, mut buffer) = (Timestamp::from_unix(0), [0; 512]);
/// # let url = Presigner::get(&credentials, &bucket, "k").sign_into(now, &mut buffer)?;
/// let headers = [("X-Amz-Acl", "public-read")];
/// let request = Request::new("GET", url, &headers)?;
/// match Verifier::new().verify(&request, now, |_| Some(credentials.clone())) {
///     Err(Rejection::HeaderNotSigned { name }) => assert_eq!(name.as_str(), "X-Amz-Acl"),
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeaderName {
    bytes: [u8; 64],
    len: usize,
}

impl HeaderName {
    pub(super) fn from_bytes(name: impl Iterator<Item = u8>) -> Self {
        let mut this = Self {
            bytes: [0; 64],
            len: 0,
        };
        // Names are ASCII; anything after a byte that is not is cut off.
        for (room, byte) in this.bytes.iter_mut().zip(name.take_while(u8::is_ascii)) {
            *room = byte;
            this.len += 1;
        }
        this
    }

    /// Returns the name.
    ///
    /// # Examples
    /// See [`HeaderName`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.bytes
            .get(..self.len)
            .and_then(|name| core::str::from_utf8(name).ok())
            .unwrap_or_default()
    }
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
