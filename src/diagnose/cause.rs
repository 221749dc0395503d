//! Causes, in words.

use alloc::string::String;

use crate::method::Method;
use crate::timestamp::Timestamp;

/// Why a presigned URL is refused: see [`Evidence`](crate::diagnose::Evidence).
///
/// [`name`](Self::name) is stable and for programs, `Display` a sentence for people. None holds a secret, a token or a
/// signature.
///
/// # Examples
/// ```
/// use presign::diagnose::Cause;
/// use presign::Method;
///
/// let cause = Cause::MethodDiffers { signed_for: Some(Method::Get) };
/// assert_eq!(cause.name(), "MethodDiffers");
/// assert_eq!(cause.to_string(), "the URL is signed for another method (GET) than was sent");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The URL has no signature of any kind.
    #[error("the URL is not presigned: it has no X-Amz-Signature")]
    NotPresigned,
    /// The URL is signed by Signature Version 2.
    #[error(
        "the URL is signed by Signature Version 2, which most regions and stores no longer take"
    )]
    SignatureVersion2,
    /// `&` became `&amp;`.
    #[error("the URL was taken out of HTML: &amp; stands in place of &")]
    HtmlEscaped,
    /// Something stands before or behind the URL, or a line break in it.
    #[error("something stands beside or in the URL, such as a quote, a full stop or a line break")]
    TrailingText,
    /// The URL ends too early, or was broken into lines.
    #[error("the URL is cut off or broken: {missing} is missing or incomplete")]
    CutOff {
        /// The parameter.
        missing: &'static str,
    },
    /// An authentication parameter stands twice or is malformed.
    #[error("{name} is given twice, in another case, or malformed")]
    MalformedParameter {
        /// The parameter.
        name: &'static str,
    },
    /// An `Authorization` header was sent too.
    #[error("an Authorization header was sent beside the signature in the query")]
    TwoAuthentications,
    /// The URL's own end has passed.
    #[error("the URL ended at {at}")]
    Expired {
        /// When.
        at: Timestamp,
    },
    /// The signing time is ahead of the clock.
    #[error("the URL is signed for {signed_at}, which is ahead: a clock is wrong")]
    ClockSkew {
        /// The signing time.
        signed_at: Timestamp,
    },
    /// The expiry is longer or shorter than S3 takes.
    #[error("X-Amz-Expires is outside 1 s to 604800 s (7 days)")]
    ExpiryOutOfRange,
    /// The credentials that signed have ended.
    #[error("the temporary credentials that signed the URL have ended, and the URL with them")]
    CredentialsExpired,
    /// Temporary credentials signed without their session token.
    #[error("the session token is missing: temporary credentials do not work without it")]
    TokenMissing,
    /// The session token is not the one that was issued.
    #[error("the session token was altered, or belongs to other credentials")]
    TokenAltered,
    /// The access key ID is not known to the store.
    #[error("the access key ID is unknown to the store")]
    UnknownAccessKey,
    /// The URL is signed for another region than the bucket's.
    #[error("the URL is signed for region {signed_for}, but the bucket is in {}", expected.as_deref().unwrap_or("another"))]
    WrongRegion {
        /// The scope's region.
        signed_for: String,
        /// The bucket's, where it is known.
        expected: Option<String>,
    },
    /// The URL is signed for another service.
    #[error("the URL is signed for another service than it is sent to")]
    WrongService,
    /// Another method was sent than was signed.
    #[error("the URL is signed for another method{} than was sent", method(signed_for.as_ref()))]
    MethodDiffers {
        /// The method it is signed for, where it is known.
        signed_for: Option<Method>,
    },
    /// A header was sent that has to be signed, but is not.
    #[error("header {name} was sent, but is not signed")]
    HeaderNotSigned {
        /// Its name.
        name: String,
    },
    /// A header is signed, but was not sent.
    #[error("header {name} is signed, but was not sent")]
    SignedHeaderMissing {
        /// Its name.
        name: String,
    },
    /// A header was sent with another value than was signed.
    #[error("header {name} was sent with another value than was signed")]
    HeaderChanged {
        /// Its name.
        name: String,
    },
    /// The host that was asked is not the one that was signed.
    #[error(
        "the request went to another host or port than was signed ({signed_for}): a proxy or an alias changed it"
    )]
    HostChanged {
        /// The host that was signed.
        signed_for: String,
    },
    /// The key was rewritten: dot segments resolved, slashes folded, `+` and spaces exchanged, the bucket put in front.
    #[error("the key was rewritten on its way: {how}")]
    KeyRewritten {
        /// How.
        how: &'static str,
    },
    /// The path was percent-encoded once more, or once less, than signed.
    #[error("the path is percent-encoded otherwise than it was signed: {how}")]
    PathEncoding {
        /// How.
        how: &'static str,
    },
    /// A parameter was added.
    #[error("query parameter {name} was added after signing, by a CDN or a tracker for example")]
    QueryAdded {
        /// Its name.
        name: String,
    },
    /// A parameter was taken away.
    #[error("query parameter {name} was removed after signing")]
    QueryRemoved {
        /// Its name.
        name: String,
    },
    /// A parameter's value was changed.
    #[error("query parameter {name} was changed after signing")]
    QueryChanged {
        /// Its name.
        name: String,
    },
    /// The query was encoded otherwise than it was signed.
    #[error("the query is percent-encoded otherwise than it was signed: {how}")]
    QueryEncoding {
        /// How.
        how: &'static str,
    },
    /// The body's hash is signed, and the body is another.
    #[error("the body is not the one whose hash was signed")]
    BodyChanged,
    /// The secret that signed has white space at an end, such as a newline from a file.
    #[error(
        "the secret access key has white space at an end, such as a newline that came along from a file"
    )]
    SecretWhitespace,
    /// Nothing else explains the mismatch.
    #[error(
        "the secret access key is another, or the URL was changed in a way that leaves no trace"
    )]
    WrongSecretOrAltered,
    /// The signature was taken, and what it was used for is not allowed or not there.
    #[error(
        "the store answered {code}, which is about permissions or the object, not about the signature"
    )]
    NotTheSignature {
        /// The store's error code.
        code: String,
    },
    /// A content type was sent that is not signed; AWS takes that, some stores do not.
    #[error("a content type was sent that is not signed; AWS takes that, but not every store does")]
    ContentTypeNotSigned,
}

fn method(method: Option<&Method>) -> String {
    method.map_or_else(String::new, |method| alloc::format!(" ({method})"))
}

impl Cause {
    /// A code that is about permissions or the object is no proof of a right signature.
    pub(super) const fn is_about_the_signature(&self) -> bool {
        !matches!(self, Self::NotTheSignature { .. })
    }

    /// Whether a store that answers so has looked further than the signature: some deny access to all that they refuse.
    pub(super) fn is_proof(&self) -> bool {
        !matches!(self, Self::NotTheSignature { code } if code == "AccessDenied")
    }

    /// The variant's name.
    ///
    /// # Examples
    /// See [`Cause`].
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotPresigned => "NotPresigned",
            Self::SignatureVersion2 => "SignatureVersion2",
            Self::HtmlEscaped => "HtmlEscaped",
            Self::TrailingText => "TrailingText",
            Self::CutOff { .. } => "CutOff",
            Self::MalformedParameter { .. } => "MalformedParameter",
            Self::TwoAuthentications => "TwoAuthentications",
            Self::Expired { .. } => "Expired",
            Self::ClockSkew { .. } => "ClockSkew",
            Self::ExpiryOutOfRange => "ExpiryOutOfRange",
            Self::CredentialsExpired => "CredentialsExpired",
            Self::TokenMissing => "TokenMissing",
            Self::TokenAltered => "TokenAltered",
            Self::UnknownAccessKey => "UnknownAccessKey",
            Self::WrongRegion { .. } => "WrongRegion",
            Self::WrongService => "WrongService",
            Self::MethodDiffers { .. } => "MethodDiffers",
            Self::HeaderNotSigned { .. } => "HeaderNotSigned",
            Self::SignedHeaderMissing { .. } => "SignedHeaderMissing",
            Self::HeaderChanged { .. } => "HeaderChanged",
            Self::HostChanged { .. } => "HostChanged",
            Self::KeyRewritten { .. } => "KeyRewritten",
            Self::PathEncoding { .. } => "PathEncoding",
            Self::QueryAdded { .. } => "QueryAdded",
            Self::QueryRemoved { .. } => "QueryRemoved",
            Self::QueryChanged { .. } => "QueryChanged",
            Self::QueryEncoding { .. } => "QueryEncoding",
            Self::BodyChanged => "BodyChanged",
            Self::SecretWhitespace => "SecretWhitespace",
            Self::WrongSecretOrAltered => "WrongSecretOrAltered",
            Self::NotTheSignature { .. } => "NotTheSignature",
            Self::ContentTypeNotSigned => "ContentTypeNotSigned",
        }
    }
}
