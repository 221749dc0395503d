//! What can go wrong, as numbers and texts.

use core::ffi::CStr;

use presign::Error;

/// The result of a call. The numbers are stable: new ones are added at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum presign_error {
    /// No error.
    None = 0,

    /// A required pointer is null, or a pointer is not aligned.
    InvalidPointer,
    /// A string is not valid UTF-8.
    NotUtf8,
    /// A buffer to write to overlaps a string or structure to read from.
    OverlappingBuffer,
    /// A bit of `flags` has no meaning.
    UnknownFlag,
    /// `method` is not a `presign_method`.
    UnknownMethod,
    /// The batch was not begun, or has ended.
    BatchNotBegun,
    /// The buffer is too small; `needed` has the size.
    BufferTooSmall,

    /// The access key ID, secret access key or session token is empty.
    EmptyCredential,
    /// The access key ID, secret access key or session token starts or ends with white space, such as a newline.
    CredentialWhitespace,
    /// The access key ID, secret access key or session token contains a control character.
    CredentialControlCharacter,
    /// The credentials expired at or before the signing time.
    CredentialsExpired,
    /// Credentials of an S3 Express session sign for a directory bucket only.
    SessionNeedsDirectoryBucket,

    /// The bucket name is not 3 to 255 bytes long.
    BucketNameLength,
    /// The bucket name contains a byte other than letters, digits, '.', '-' and '_'.
    InvalidBucketName,
    /// The bucket name contains '*'.
    WildcardInBucketName,
    /// The directory bucket's name is not of the form NAME--ZONE--x-s3.
    InvalidDirectoryBucketName,
    /// The name ends in --op-s3 but is not the alias of an access point on an Outpost.
    InvalidOutpostsAlias,
    /// The ARN is not that of an access point, or its partition is not its region's.
    InvalidArn,
    /// A multi-region access point requires SigV4a, which this library does not contain.
    NeedsSigv4a,
    /// The region is not 1 to 63 bytes long.
    RegionLength,
    /// The region contains a byte that a region cannot contain.
    InvalidRegion,
    /// The endpoint does not start with http:// or https://.
    EndpointScheme,
    /// The endpoint contains user information before '@'.
    EndpointUserInfo,
    /// The endpoint's host is not a host name, IPv4 address or bracketed IPv6 address.
    EndpointHost,
    /// The endpoint's port is not a number from 1 to 65535.
    EndpointPort,
    /// The endpoint's path is not percent-encoded as SigV4 requires, or has an empty or dot segment.
    EndpointPath,
    /// The endpoint has a query.
    EndpointQuery,
    /// The endpoint has a fragment.
    EndpointFragment,
    /// The host, with the bucket name, exceeds 253 bytes.
    HostTooLong,
    /// Two settings of the bucket exclude each other.
    EndpointConflict,

    /// The object key is empty.
    EmptyKey,
    /// The object key exceeds 1024 bytes.
    KeyTooLong,
    /// The object key has a segment '.' or '..', which most clients would resolve.
    DotSegment,
    /// An object key is given without a bucket.
    KeyWithoutBucket,

    /// The expiry is not 1 to 604800 seconds (7 days).
    ExpiryOutOfRange,
    /// The signing time is outside the years 1 to 9999.
    TimeOutOfRange,

    /// A query parameter has an empty name.
    EmptyQueryParameterName,
    /// A query parameter is one that signing sets.
    ReservedQueryParameter,
    /// A query parameter is given twice.
    DuplicateQueryParameter,
    /// A header has an empty name.
    EmptyHeaderName,
    /// A header name contains a byte that a header name cannot contain.
    InvalidHeaderName,
    /// A header is one that signing sets, or a second way to authenticate.
    ReservedHeader,
    /// A header value contains a control character, such as a line break.
    InvalidHeaderValue,
    /// A header that can have one value only is given twice.
    DuplicateHeader,
    /// The request has more than 10 headers and query parameters in total.
    TooManyValues,
    /// A value that cannot be empty is empty.
    EmptyValue,
    /// A value is not the base64 of a digest or key of its size.
    InvalidBase64,
    /// A value is not a decimal number.
    InvalidNumber,
    /// A part number is not 1 to 10000.
    PartNumberOutOfRange,
    /// x-amz-content-sha256 is neither UNSIGNED-PAYLOAD nor (as a header) 64 lower-case hexadecimal digits.
    InvalidPayloadHash,
    /// The header and the query parameter x-amz-content-sha256 contradict each other.
    PayloadHashMismatch,
    /// The content type contains '*'.
    WildcardInContentType,

    /// An error that this interface cannot cause: a bug in the library.
    Other,
}

/// The text of each error, at the place of its number.
static TEXTS: &[(presign_error, &CStr)] = &[
    (presign_error::None, c"no error"),
    (presign_error::InvalidPointer, c"a required pointer is null, or a pointer is not aligned"),
    (presign_error::NotUtf8, c"a string is not valid UTF-8"),
    (presign_error::OverlappingBuffer, c"a buffer to write to overlaps a string or structure to read from"),
    (presign_error::UnknownFlag, c"a bit of flags has no meaning"),
    (presign_error::UnknownMethod, c"method is not a presign_method"),
    (presign_error::BatchNotBegun, c"the batch was not begun, or has ended"),
    (presign_error::BufferTooSmall, c"the buffer is too small; needed has the size"),
    (presign_error::EmptyCredential, c"the access key ID, secret access key or session token is empty"),
    (presign_error::CredentialWhitespace, c"the access key ID, secret access key or session token starts or ends with white space, such as a newline"),
    (presign_error::CredentialControlCharacter, c"the access key ID, secret access key or session token contains a control character"),
    (presign_error::CredentialsExpired, c"the credentials expired at or before the signing time"),
    (presign_error::SessionNeedsDirectoryBucket, c"credentials of an S3 Express session sign for a directory bucket only"),
    (presign_error::BucketNameLength, c"the bucket name is not 3 to 255 bytes long"),
    (presign_error::InvalidBucketName, c"the bucket name contains a byte other than letters, digits, '.', '-' and '_'"),
    (presign_error::WildcardInBucketName, c"the bucket name contains '*'"),
    (presign_error::InvalidDirectoryBucketName, c"the directory bucket's name is not of the form NAME--ZONE--x-s3"),
    (presign_error::InvalidOutpostsAlias, c"the name ends in --op-s3 but is not the alias of an access point on an Outpost"),
    (presign_error::InvalidArn, c"the ARN is not that of an access point, or its partition is not its region's"),
    (presign_error::NeedsSigv4a, c"a multi-region access point requires SigV4a, which this library does not contain"),
    (presign_error::RegionLength, c"the region is not 1 to 63 bytes long"),
    (presign_error::InvalidRegion, c"the region contains a byte that a region cannot contain"),
    (presign_error::EndpointScheme, c"the endpoint does not start with http:// or https://"),
    (presign_error::EndpointUserInfo, c"the endpoint contains user information before '@'"),
    (presign_error::EndpointHost, c"the endpoint's host is not a host name, IPv4 address or bracketed IPv6 address"),
    (presign_error::EndpointPort, c"the endpoint's port is not a number from 1 to 65535"),
    (presign_error::EndpointPath, c"the endpoint's path is not percent-encoded as SigV4 requires, or has an empty or dot segment"),
    (presign_error::EndpointQuery, c"the endpoint has a query"),
    (presign_error::EndpointFragment, c"the endpoint has a fragment"),
    (presign_error::HostTooLong, c"the host, with the bucket name, exceeds 253 bytes"),
    (presign_error::EndpointConflict, c"two settings of the bucket exclude each other"),
    (presign_error::EmptyKey, c"the object key is empty"),
    (presign_error::KeyTooLong, c"the object key exceeds 1024 bytes"),
    (presign_error::DotSegment, c"the object key has a segment '.' or '..', which most clients would resolve"),
    (presign_error::KeyWithoutBucket, c"an object key is given without a bucket"),
    (presign_error::ExpiryOutOfRange, c"the expiry is not 1 to 604800 seconds (7 days)"),
    (presign_error::TimeOutOfRange, c"the signing time is outside the years 1 to 9999"),
    (presign_error::EmptyQueryParameterName, c"a query parameter has an empty name"),
    (presign_error::ReservedQueryParameter, c"a query parameter is one that signing sets"),
    (presign_error::DuplicateQueryParameter, c"a query parameter is given twice"),
    (presign_error::EmptyHeaderName, c"a header has an empty name"),
    (presign_error::InvalidHeaderName, c"a header name contains a byte that a header name cannot contain"),
    (presign_error::ReservedHeader, c"a header is one that signing sets, or a second way to authenticate"),
    (presign_error::InvalidHeaderValue, c"a header value contains a control character, such as a line break"),
    (presign_error::DuplicateHeader, c"a header that can have one value only is given twice"),
    (presign_error::TooManyValues, c"the request has more than 10 headers and query parameters in total"),
    (presign_error::EmptyValue, c"a value that cannot be empty is empty"),
    (presign_error::InvalidBase64, c"a value is not the base64 of a digest or key of its size"),
    (presign_error::InvalidNumber, c"a value is not a decimal number"),
    (presign_error::PartNumberOutOfRange, c"a part number is not 1 to 10000"),
    (presign_error::InvalidPayloadHash, c"x-amz-content-sha256 is neither UNSIGNED-PAYLOAD nor (as a header) 64 lower-case hexadecimal digits"),
    (presign_error::PayloadHashMismatch, c"the header and the query parameter x-amz-content-sha256 contradict each other"),
    (presign_error::WildcardInContentType, c"the content type contains '*'"),
    (presign_error::Other, c"an error that this interface cannot cause: a bug in the library"),
];

impl presign_error {
    /// The text of a number.
    pub(crate) fn text(number: i32) -> &'static CStr {
        let row = usize::try_from(number).ok().and_then(|at| TEXTS.get(at));
        row.map_or(c"unknown error", |(_, text)| text)
    }
}

macro_rules! of_the_same_name {
    ($error:ident: $($variant:ident)*) => {
        match $error {
            $(Error::$variant { .. } => Self::$variant,)*
            _ => Self::Other,
        }
    };
}

impl From<Error> for presign_error {
    fn from(error: Error) -> Self {
        of_the_same_name! {
            error:
                BufferTooSmall EmptyCredential CredentialWhitespace CredentialControlCharacter CredentialsExpired
                SessionNeedsDirectoryBucket BucketNameLength InvalidBucketName WildcardInBucketName
                InvalidDirectoryBucketName InvalidOutpostsAlias InvalidArn NeedsSigv4a RegionLength InvalidRegion
                EndpointScheme EndpointUserInfo EndpointHost EndpointPort EndpointPath EndpointQuery EndpointFragment
                HostTooLong EndpointConflict EmptyKey KeyTooLong DotSegment KeyWithoutBucket ExpiryOutOfRange
                TimeOutOfRange EmptyQueryParameterName ReservedQueryParameter DuplicateQueryParameter EmptyHeaderName
                InvalidHeaderName ReservedHeader InvalidHeaderValue DuplicateHeader TooManyValues EmptyValue
                InvalidBase64 InvalidNumber PartNumberOutOfRange InvalidPayloadHash PayloadHashMismatch
                WildcardInContentType
        }
    }
}
