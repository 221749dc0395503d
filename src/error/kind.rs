//! Errors by what they are about.

use super::Error;

/// What an [`Error`] is about: see [`Error::kind`].
///
/// A service usually takes keys, values and expiries from its clients, and the rest from its own configuration.
///
/// # Examples
/// ```
/// use presign::{Bucket, Credentials, Error, ErrorKind, Presigner, Timestamp};
///
/// fn status(error: Error) -> u16 {
///     match error.kind() {
///         ErrorKind::Key | ErrorKind::Value | ErrorKind::Time => 400, // the client's
///         _ => 500,
///     }
/// }
///
/// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let get = Presigner::get(&credentials, &bucket, "../secret");
/// let error = get.sign_into(Timestamp::from_unix(0), &mut [0; 512]).unwrap_err();
/// assert_eq!(status(error), 400);
/// assert_eq!(status(Bucket::new("b", "eu-west-1").unwrap_err()), 500);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The access key, the secret, the session token or the signing key: missing, malformed, expired, or for another day,
    /// region or service.
    Credentials,
    /// The bucket's name, region or endpoint, or a request that this bucket does not support.
    Bucket,
    /// The object key.
    Key,
    /// A header, query parameter, form field or HTTP method.
    Value,
    /// A signing time, an expiry or a window.
    Time,
    /// The caller's buffer, or the memory.
    Buffer,
}

impl Error {
    /// Returns what the error is about, so that one `match` tells the client's mistakes from your own.
    ///
    /// # Examples
    /// See [`ErrorKind`].
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        // No wildcard: a new variant has to be given its kind.
        match self {
            Self::EmptyCredential { .. }
            | Self::CredentialWhitespace { .. }
            | Self::CredentialControlCharacter { .. }
            | Self::MissingEnvironmentVariable { .. }
            | Self::EnvironmentVariableNotUnicode { .. }
            | Self::CredentialsExpired { .. }
            | Self::CredentialsEndFirst { .. }
            | Self::SessionNeedsDirectoryBucket
            | Self::StaleSigningKey { .. }
            | Self::SigningKeyMismatch { .. } => ErrorKind::Credentials,
            Self::BucketNameLength { .. }
            | Self::InvalidBucketName { .. }
            | Self::WildcardInBucketName { .. }
            | Self::InvalidDirectoryBucketName
            | Self::InvalidOutpostsAlias
            | Self::HostTooLong { .. }
            | Self::InvalidArn
            | Self::NeedsSigv4a
            | Self::InvalidRegionSet
            | Self::RegionLength { .. }
            | Self::InvalidRegion { .. }
            | Self::EndpointScheme
            | Self::EndpointUserInfo
            | Self::EndpointHost
            | Self::EndpointPort
            | Self::EndpointPath
            | Self::EndpointQuery
            | Self::EndpointFragment
            | Self::EndpointConflict { .. }
            | Self::KeyWithoutBucket
            | Self::NoPostHere => ErrorKind::Bucket,
            Self::EmptyKey
            | Self::KeyTooLong { .. }
            | Self::DotSegment { .. }
            | Self::UnknownVariable { .. }
            | Self::BatchWithoutKey => ErrorKind::Key,
            // Only a key with dot segments leads there.
            #[cfg(feature = "url")]
            Self::NormalizedUrl => ErrorKind::Key,
            Self::InvalidTimestamp
            | Self::ExpiryOutOfRange { .. }
            | Self::FractionalExpiry { .. }
            | Self::InvalidWindow { .. }
            | Self::WindowNotShorter { .. }
            | Self::TimeOutOfRange { .. } => ErrorKind::Time,
            Self::UnknownMethod
            | Self::EmptyQueryParameterName
            | Self::ReservedQueryParameter { .. }
            | Self::DuplicateQueryParameter
            | Self::TooManyQueryParameters
            | Self::EmptyHeaderName
            | Self::InvalidHeaderName { .. }
            | Self::ReservedHeader { .. }
            | Self::InvalidHeaderValue { .. }
            | Self::DuplicateHeader
            | Self::TooManyHeaders
            | Self::TooManyValues
            | Self::TooManyLists
            | Self::InvalidNumber { .. }
            | Self::EmptyValue { .. }
            | Self::InvalidBase64 { .. }
            | Self::PartNumberOutOfRange { .. }
            | Self::NoParts
            | Self::DuplicatePart { .. }
            | Self::InvalidPayloadHash
            | Self::PayloadHashMismatch
            | Self::WildcardInContentType
            | Self::DuplicateField
            | Self::ReservedField { .. }
            | Self::EmptyLengthRange { .. }
            | Self::InvalidSuccessStatus
            | Self::FormTooLarge { .. } => ErrorKind::Value,
            Self::BufferTooSmall { .. } => ErrorKind::Buffer,
            #[cfg(feature = "alloc")]
            Self::OutOfMemory { .. } => ErrorKind::Buffer,
        }
    }
}
