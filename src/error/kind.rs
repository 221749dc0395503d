//! Errors grouped by subject.

use super::Error;

/// The subject of an [`Error`], returned by [`Error::kind`].
///
/// In a service, keys, values and expiries usually come from clients, and everything else from your configuration.
///
/// # Examples
/// ```
/// use presign::{Bucket, Credentials, Error, ErrorKind, Presigner, Timestamp};
///
/// fn status(error: Error) -> u16 {
///     match error.kind() {
///         ErrorKind::Key | ErrorKind::Value | ErrorKind::Time => 400, // the client's mistake
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
    /// The access key, secret, session token or signing key is missing, malformed, expired, or for a different day, region
    /// or service.
    Credentials,
    /// The bucket's name, region or endpoint is invalid, or the bucket does not support the request.
    Bucket,
    /// The object key is invalid.
    Key,
    /// A header, query parameter, form field or HTTP method is invalid.
    Value,
    /// A signing time, expiry or window is invalid.
    Time,
    /// The buffer is too small, or memory could not be allocated.
    Buffer,
}

impl Error {
    /// Returns what the error is about. Use it to distinguish your clients' mistakes from your own.
    ///
    /// # Examples
    /// See [`ErrorKind`].
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        // No wildcard: a new variant must be assigned a kind.
        match self {
            Self::EmptyCredential { .. }
            | Self::CredentialWhitespace { .. }
            | Self::CredentialControlCharacter { .. }
            | Self::MissingEnvironmentVariable { .. }
            | Self::EnvironmentVariableNotUnicode { .. }
            | Self::CredentialsExpired { .. }
            | Self::CredentialsExpireFirst { .. }
            | Self::SessionNeedsDirectoryBucket
            | Self::VariableInCredential { .. }
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
            // Only a key with dot segments causes it.
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
