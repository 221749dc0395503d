//! Why a request is refused.

use core::fmt;

use crate::timestamp::Timestamp;

/// Why a [`Verifier`](crate::verify::Verifier) refuses a request: an answer, not a mistake of the caller's.
///
/// Ordered from the least to the most telling, so that of several attempts (two keys of one user, say) the greatest
/// rejection is the one to report. None holds a signature, nor what it should have been.
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
    /// The request names two hosts that differ, or has two `Host` headers.
    #[error("request names two hosts")]
    AmbiguousHost,
    /// The query is longer than 65535 bytes or has more than 264 parameters, the signature aside.
    #[error("query is longer than 65535 bytes or has more than 264 parameters")]
    QueryTooLong,
    /// The request has more than 256 headers, or as many are signed.
    #[error("request has more than 256 headers or signed headers")]
    TooManyHeaders,
    /// Path or query is not percent-encoded as SigV4 writes it: a byte that has to be encoded stands bare, an escape is
    /// not two upper-case digits, a slash of the path is encoded, or the path is not UTF-8.
    #[error("path or query is not percent-encoded as it is signed")]
    NotCanonical,
    /// An authentication parameter is missing.
    #[error("query parameter {name} is missing")]
    MissingParameter {
        /// Its name.
        name: &'static str,
    },
    /// An authentication parameter is given twice, or in another case; or `X-Amz-Content-Sha256` differs from the header
    /// of this name.
    #[error("query parameter {name} is given twice or in another case")]
    DuplicateParameter {
        /// Its name.
        name: &'static str,
    },
    /// There is an `Authorization` header beside the signature in the query, or a parameter of Signature Version 2.
    #[error("request has two ways of authentication")]
    TwoAuthentications,
    /// `X-Amz-Algorithm` is none that is known.
    #[error("algorithm is not supported")]
    UnknownAlgorithm,
    /// `X-Amz-Date` is not of the form `YYYYMMDDTHHMMSSZ`.
    #[error("X-Amz-Date is not of the form YYYYMMDDTHHMMSSZ")]
    MalformedDate,
    /// `X-Amz-Expires` is not a decimal number of seconds.
    #[error("X-Amz-Expires is not a decimal number")]
    MalformedExpires,
    /// `X-Amz-Expires` is outside what S3 takes.
    #[error("X-Amz-Expires of {seconds} s is outside 1 s to 604800 s (7 days)")]
    ExpiryOutOfRange {
        /// The seconds.
        seconds: u64,
    },
    /// `X-Amz-Credential` is not an access key ID and a scope that ends in `aws4_request`, or is over 384 bytes.
    #[error("X-Amz-Credential is not of the form ID/YYYYMMDD/region/service/aws4_request")]
    MalformedCredential,
    /// `X-Amz-SignedHeaders` is not a sorted list of names in lower case, each once, `host` among them.
    #[error("X-Amz-SignedHeaders is not a sorted list of lower-case names with host")]
    MalformedSignedHeaders,
    /// `X-Amz-Signature` is not hexadecimal of its length, in lower case.
    #[error("X-Amz-Signature is not lower-case hexadecimal of its length")]
    MalformedSignature,
    /// The scope's date is not that of `X-Amz-Date`.
    #[error("date of the credential scope is not that of X-Amz-Date")]
    ScopeDateMismatch,
    /// The scope's region is none of those that are allowed.
    #[error("signed for another region")]
    WrongRegion,
    /// The scope's service is none of those that are allowed.
    #[error("signed for another service")]
    WrongService,
    /// A signed header did not come.
    #[error("signed header {name} is missing")]
    SignedHeaderMissing {
        /// Its name.
        name: HeaderName,
    },
    /// A header came that has to be signed, and is not.
    #[error("header {name} has to be signed")]
    HeaderNotSigned {
        /// Its name.
        name: HeaderName,
    },
    /// A header's name is empty, or has a byte that no name can have, such as white space: a server that trims it would
    /// see another header than was checked.
    #[error("header name {name:?} is not a token of RFC 9110")]
    MalformedHeaderName {
        /// Its name.
        name: HeaderName,
    },
    /// The value of a signed header is not UTF-8.
    #[error("value of signed header {name} is not UTF-8")]
    HeaderNotText {
        /// Its name.
        name: HeaderName,
    },
    /// `content-length` is signed, but a `transfer-encoding` says how long the body really is.
    #[error("content-length is signed, but transfer-encoding replaces it")]
    TwoLengths,
    /// `x-amz-content-sha256`, header or parameter, is neither `UNSIGNED-PAYLOAD` nor 64 digits of lower-case hexadecimal.
    #[error(
        "x-amz-content-sha256 is neither UNSIGNED-PAYLOAD nor 64 digits of lower-case hexadecimal"
    )]
    MalformedPayloadHash,
    /// The signing time is ahead.
    #[error("not valid yet: signed for {signed_at}, and it is {now}")]
    NotYetValid {
        /// The time of the check.
        now: Timestamp,
        /// The signing time.
        signed_at: Timestamp,
    },
    /// The signature is older than the verifier takes.
    #[error("signature is {age} s old, over the limit of {limit} s")]
    TooOld {
        /// Its age in seconds.
        age: u64,
        /// The limit in seconds.
        limit: u64,
    },
    /// Nobody has this access key ID, or its secret is empty.
    #[error("access key ID is unknown")]
    UnknownAccessKey,
    /// The session token is missing, is not the one that was issued, or none was; or `X-Amz-S3session-Token` is used for
    /// another service than `s3express`.
    #[error("session token is not the one that was issued")]
    SessionTokenMismatch,
    /// The credentials have ended.
    #[error("credentials expired at {expired_at}, and it is {now}")]
    CredentialsExpired {
        /// The time of the check.
        now: Timestamp,
        /// When they ended.
        expired_at: Timestamp,
    },
    /// Something that was signed is not what came, or the secret is another.
    #[error("signature does not match")]
    SignatureMismatch,
    /// The signature matches, but S3 would refuse the value of a signed header or of a query parameter, such as part number 0.
    #[error("value of {name} is invalid")]
    InvalidValue {
        /// The header or parameter.
        name: &'static str,
    },
    /// The URL has ended.
    #[error("expired at {expired_at}, and it is {now}")]
    Expired {
        /// The time of the check.
        now: Timestamp,
        /// When it ended.
        expired_at: Timestamp,
    },
}

/// A header's name, in the case in which it came; names over 64 bytes are cut.
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
        // Names are ASCII; what comes of others is cut off.
        for (room, byte) in this.bytes.iter_mut().zip(name.take_while(u8::is_ascii)) {
            *room = byte;
            this.len += 1;
        }
        this
    }

    /// The name.
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
