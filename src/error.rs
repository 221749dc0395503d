//! Errors about what the caller passed in.

use core::ascii::escape_default;

use crate::timestamp::Timestamp;

mod kind;

pub use kind::ErrorKind;

/// An invalid input or setting, with the value, position or limit that shows why.
///
/// Errors do not allocate and never contain a secret. [`kind`](Self::kind) groups them, for example to choose an HTTP
/// status.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
///
/// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let error = Presigner::get(&credentials, &bucket, "photos/duck.jpg")
///     .expires_in(Duration::from_secs(700_000))
///     .sign_into(Timestamp::from_unix(0), &mut [0; 512])
///     .unwrap_err();
/// assert_eq!(error, Error::ExpiryOutOfRange { seconds: 700_000 });
/// assert_eq!(error.to_string(), "expiry of 700000 s is outside 1 s to 604800 s (7 days)");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A credential is an empty string.
    #[error("{part} is empty")]
    EmptyCredential {
        /// `access key ID`, `secret access key` or `session token`.
        part: &'static str,
    },
    /// A credential starts or ends with white space, such as a newline from a file.
    #[error("{part} starts or ends with white space")]
    CredentialWhitespace {
        /// `access key ID`, `secret access key` or `session token`.
        part: &'static str,
    },
    /// A credential contains a control character. (A session token may contain tabs.)
    #[error("{part} contains a control character")]
    CredentialControlCharacter {
        /// `access key ID`, `secret access key` or `session token`.
        part: &'static str,
    },
    /// A required environment variable is not set or empty.
    #[error("environment variable {name} is not set or empty")]
    MissingEnvironmentVariable {
        /// Its name.
        name: &'static str,
    },
    /// An environment variable is not UTF-8.
    #[error("environment variable {name} is not valid UTF-8")]
    EnvironmentVariableNotUnicode {
        /// Its name.
        name: &'static str,
    },
    /// The credentials expire at or before the signing time, so the URL would never work.
    #[error("credentials expired at {expired_at}; the signing time is {now}")]
    CredentialsExpired {
        /// When they expired.
        expired_at: Timestamp,
        /// The signing time.
        now: Timestamp,
    },
    /// The credentials expire before the URL would, and [`ExpiryPolicy::Refuse`](crate::ExpiryPolicy::Refuse) was set.
    #[error(
        "credentials expire at {credentials_expire_at}, before the URL expires at {url_expires_at}"
    )]
    CredentialsExpireFirst {
        /// When the credentials expire.
        credentials_expire_at: Timestamp,
        /// When the URL would expire.
        url_expires_at: Timestamp,
    },
    /// A signing key was derived for a different day than the signing time.
    #[error("signing key is for day {key_day:08}, but the signing time is on {day:08} (UTC)")]
    StaleSigningKey {
        /// The key's day, as `YYYYMMDD`.
        key_day: u32,
        /// The day of the signing time, as `YYYYMMDD`.
        day: u32,
    },
    /// A signing key was derived for a different region, service or algorithm than the bucket requires.
    #[error("signing key is for a different {part} than the bucket's")]
    SigningKeyMismatch {
        /// `region`, `service`, or `algorithm` (SigV4 or SigV4a).
        part: &'static str,
    },
    /// The credentials belong to a session with a directory bucket, but the request is not to a directory bucket.
    #[error(
        "credentials of an S3 Express session are only valid for a directory bucket, and not for its control endpoint"
    )]
    SessionNeedsDirectoryBucket,
    /// A bucket name is too short or too long.
    #[error("bucket name of {length} bytes is outside 3 to 255")]
    BucketNameLength {
        /// Its length, in bytes.
        length: usize,
    },
    /// A bucket name contains a byte that is not allowed.
    #[error(
        "bucket name contains '{}' at position {position}; letters, digits, '.', '-' and '_' are allowed",
        escape_default(*byte)
    )]
    InvalidBucketName {
        /// Its position, in bytes.
        position: usize,
        /// The byte.
        byte: u8,
    },
    /// A bucket name contains `*`. A URL is for one bucket.
    #[error("bucket name contains '*' at position {position}; wildcards are not supported")]
    WildcardInBucketName {
        /// Its position, in bytes.
        position: usize,
    },
    /// A name has the suffix of a directory bucket, but no zone that fits into a host name, or bytes that such names cannot
    /// contain.
    #[error(
        "directory bucket name does not have the form NAME--ZONE--x-s3, in lower-case letters, digits and hyphens, \
         with a zone of at most 48 bytes"
    )]
    InvalidDirectoryBucketName,
    /// A name of 50 bytes or more ends in `--op-s3`, but is not an alias of an Outposts access point.
    #[error(
        "alias of an Outposts access point is not a lower-case host label, or its hardware type is not 'e' or 'o'"
    )]
    InvalidOutpostsAlias,
    /// An ARN does not name an access point, or its partition does not match its region or the bucket's region.
    #[error(
        "ARN does not name an access point (S3, Object Lambda, Outposts or multi-region), or its partition does not match the region"
    )]
    InvalidArn,
    /// A multi-region access point requires SigV4a, and the feature `sigv4a` is not enabled.
    #[error("multi-region access point requires SigV4a: enable the feature `sigv4a`")]
    NeedsSigv4a,
    /// A region set is empty, or contains an empty or malformed name.
    #[error(
        "region set is not a comma-separated list of region names, each of which may end in '*'"
    )]
    InvalidRegionSet,
    /// A region is empty or too long.
    #[error("region of {length} bytes is outside 1 to 63")]
    RegionLength {
        /// Its length, in bytes.
        length: usize,
    },
    /// A region contains a byte that is not allowed, or not allowed in an AWS host name.
    #[error(
        "region contains '{}' at position {position}; letters, digits and inner hyphens are allowed, in lower case for AWS; other stores may also use underscores",
        escape_default(*byte)
    )]
    InvalidRegion {
        /// Its position, in bytes.
        position: usize,
        /// The byte.
        byte: u8,
    },
    /// An endpoint does not start with `http://` or `https://`.
    #[error("endpoint does not start with http:// or https://")]
    EndpointScheme,
    /// An endpoint contains a user name or password.
    #[error("endpoint contains user information before '@'")]
    EndpointUserInfo,
    /// An endpoint's host is empty, not ASCII or malformed.
    #[error("endpoint host is not a host name, IPv4 address or bracketed IPv6 address")]
    EndpointHost,
    /// An endpoint's port is not a number from 1 to 65535 without leading zeros.
    #[error("endpoint port is not a number from 1 to 65535")]
    EndpointPort,
    /// An endpoint's path has empty or dot segments, or is not percent-encoded the way SigV4 requires.
    #[error(
        "endpoint path has an empty or dot segment, or is not percent-encoded in upper case and only where needed"
    )]
    EndpointPath,
    /// An endpoint has a query.
    #[error("endpoint has a query")]
    EndpointQuery,
    /// An endpoint has a fragment.
    #[error("endpoint has a fragment")]
    EndpointFragment,
    /// The bucket name and the endpoint's host together are too long for DNS.
    #[error(
        "host of {bytes} bytes, including the bucket name, exceeds the limit of 253; path style avoids this"
    )]
    HostTooLong {
        /// Its length, in bytes.
        bytes: usize,
    },
    /// Two settings of a bucket cannot be combined.
    #[error("{one} cannot be combined with {other}{}", remedy(one, other))]
    EndpointConflict {
        /// One of them.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// An object key is empty, which would address the bucket itself.
    #[error("object key is empty")]
    EmptyKey,
    /// An object key was combined with [`Bucket::service`](crate::Bucket::service). S3 would read its first segment as a
    /// bucket.
    #[error("object key is given without a bucket")]
    KeyWithoutBucket,
    /// An object key is longer than S3 accepts.
    #[error("object key of {bytes} bytes exceeds the limit of 1024")]
    KeyTooLong {
        /// Its length, in bytes of UTF-8.
        bytes: usize,
    },
    /// An object key has a segment `.` or `..`. Browsers and most HTTP clients resolve such segments, and would request a
    /// different object. [`Presigner::allow_dot_segments`](crate::Presigner::allow_dot_segments) allows them.
    #[error(
        "object key has a '.' or '..' segment at position {position}; most clients would resolve it and request another object"
    )]
    DotSegment {
        /// The segment's position, in bytes.
        position: usize,
    },
    /// A string is not a time in RFC 3339.
    #[error("time does not have the form 2013-05-24T00:00:00Z (RFC 3339)")]
    InvalidTimestamp,
    /// A method is not one of [`Method`](crate::Method)'s. Methods are upper case.
    #[error("unknown HTTP method; methods are upper case")]
    UnknownMethod,
    /// An expiry is outside the range that S3 accepts.
    #[error("expiry of {seconds} s is outside 1 s to 604800 s (7 days)")]
    ExpiryOutOfRange {
        /// The seconds from the signing time; negative if the expiry is before it.
        seconds: i64,
    },
    /// An expiry is not in whole seconds.
    #[error("expiry has a fraction of {nanoseconds} ns; only whole seconds are allowed")]
    FractionalExpiry {
        /// The fraction of a second, in nanoseconds.
        nanoseconds: u32,
    },
    /// The window of [`align_to`](crate::Presigner::align_to) is not a whole number of seconds that divides a day.
    #[error(
        "window of {seconds} s and {nanoseconds} ns is not a whole number of seconds that divides a day (86400 s)"
    )]
    InvalidWindow {
        /// The whole seconds.
        seconds: u64,
        /// The fraction of a second, in nanoseconds.
        nanoseconds: u32,
    },
    /// The window of [`align_to`](crate::Presigner::align_to) is not shorter than the expiry, so a URL could expire
    /// immediately.
    #[error("window of {window} s is not shorter than the expiry of {expires} s")]
    WindowNotShorter {
        /// The window, in seconds.
        window: i64,
        /// The expiry, in seconds.
        expires: i64,
    },
    /// A time is outside the supported years.
    #[error("time of {unix_seconds} s since 1970 is outside the years 1 to 9999")]
    TimeOutOfRange {
        /// The time, in Unix seconds.
        unix_seconds: i64,
    },
    /// A query parameter has no name.
    #[error("query parameter has an empty name")]
    EmptyQueryParameterName,
    /// A query parameter is one that signing itself sets, or one of Signature Version 2: S3 refuses a request with both.
    #[error("query parameter {name} is reserved for signing")]
    ReservedQueryParameter {
        /// Its name, in lower case for those that start with `x-amz-`.
        name: &'static str,
    },
    /// A query parameter was given twice with the same value, or more than once although S3 reads one value or a setter
    /// set it.
    #[error(
        "query parameter is given twice with the same value, or more than once although only one value is allowed"
    )]
    DuplicateQueryParameter,
    /// A request has more than 255 query parameters, not counting those of the signature.
    #[error("more than 255 query parameters")]
    TooManyQueryParameters,
    /// A header has no name.
    #[error("header has an empty name")]
    EmptyHeaderName,
    /// A header name contains a byte that is not allowed (RFC 9110, 5.1).
    #[error("header name contains '{}' at position {position}", escape_default(*byte))]
    InvalidHeaderName {
        /// Its position, in bytes.
        position: usize,
        /// The byte.
        byte: u8,
    },
    /// A header is one that signing itself sets, or one that would be a second way to authenticate.
    #[error("header {name} is reserved for signing")]
    ReservedHeader {
        /// Its name, in lower case.
        name: &'static str,
    },
    /// The value of a header, form field or `response-` parameter contains a control character, such as a line break.
    /// (S3 turns `response-` parameters into headers.)
    #[error("header value contains the control byte 0x{byte:02x} at position {position}")]
    InvalidHeaderValue {
        /// Its position, in bytes.
        position: usize,
        /// The byte.
        byte: u8,
    },
    /// A header was given twice although a setter set it, or although it allows only one value, such as `content-type`.
    #[error("header is given twice, but only one value is allowed")]
    DuplicateHeader,
    /// A request has more than 255 headers, not counting `Host`.
    #[error("more than 255 headers")]
    TooManyHeaders,
    /// A presigner has no room for another value. It has room for 20; one whose name you choose, such as metadata, counts
    /// twice.
    #[error(
        "no room for another value set on its own (20; those whose names you choose count twice); use a list"
    )]
    TooManyValues,
    /// A presigner has no room for another list.
    #[error("more than 4 lists of headers, metadata and query parameters")]
    TooManyLists,
    /// A value is empty, and S3 would reject that.
    #[error("value of {name} is empty")]
    EmptyValue {
        /// The header, query parameter or form field.
        name: &'static str,
    },
    /// A value is not the base64 of a digest or key of the right size.
    #[error("value of {name} is not base64 of {length} characters")]
    InvalidBase64 {
        /// The header.
        name: &'static str,
        /// The expected number of characters, padding included.
        length: usize,
    },
    /// A value is not a decimal number.
    #[error("value of {name} is not a decimal number")]
    InvalidNumber {
        /// The header or query parameter.
        name: &'static str,
    },
    /// A part number is outside the range that S3 accepts.
    #[error("part number {number} is outside 1 to 10000")]
    PartNumberOutOfRange {
        /// The number.
        number: u64,
    },
    /// The list of parts of an upload is empty.
    #[error("list of parts is empty")]
    NoParts,
    /// A part of an upload is listed twice.
    #[error("part number {number} is listed twice")]
    DuplicatePart {
        /// The number.
        number: u16,
    },
    /// `x-amz-content-sha256` is neither `UNSIGNED-PAYLOAD` nor, as a header, 64 lower-case hexadecimal digits.
    #[error(
        "x-amz-content-sha256 is neither UNSIGNED-PAYLOAD nor (as a header) 64 lower-case hexadecimal digits"
    )]
    InvalidPayloadHash,
    /// The header `x-amz-content-sha256` is a hash, but the query parameter of the same name is `UNSIGNED-PAYLOAD`.
    #[error("header and query parameter x-amz-content-sha256 contradict each other")]
    PayloadHashMismatch,
    /// A content type contains `*`. The sender must send exactly the signed value, so it must be one type.
    #[error("content type contains '*'; wildcards are not supported")]
    WildcardInContentType,
    /// An upload form's key contains a variable that S3 does not know.
    #[error(
        "object key contains an unknown variable at position {position}; only ${{filename}} is supported"
    )]
    UnknownVariable {
        /// The position of its `${`, in bytes.
        position: usize,
    },
    /// The credentials contain the variable `${filename}`. S3 would replace it in the upload form, and then the form does
    /// not match its policy.
    #[error("{part} contains ${{filename}}, which S3 would replace in the form")]
    VariableInCredential {
        /// `access key ID` or `session token`.
        part: &'static str,
    },
    /// A field of an upload form, or its length range, is given twice.
    #[error("form field is given twice")]
    DuplicateField,
    /// A field of an upload form is one that signing itself sets, or one that cannot have a condition.
    #[error("form field {name} is reserved")]
    ReservedField {
        /// Its name, in lower case.
        name: &'static str,
    },
    /// The length range of an upload form has a minimum above its maximum.
    #[error("content length range has a minimum of {min} bytes, above its maximum of {max} bytes")]
    EmptyLengthRange {
        /// The minimum, in bytes.
        min: u64,
        /// The maximum, in bytes.
        max: u64,
    },
    /// The success status of an upload form is not one that S3 accepts.
    #[error("success status is not 200, 201 or 204")]
    InvalidSuccessStatus,
    /// S3 accepts upload forms only for a general purpose bucket in one region.
    #[error("upload forms require a general purpose bucket and do not support SigV4a")]
    NoPostHere,
    /// An upload form is larger than S3 accepts, not counting the file.
    #[error("form of {bytes} bytes, not counting the file, exceeds the limit of 20480")]
    FormTooLarge {
        /// The size of names and values; the form as sent is larger.
        bytes: usize,
    },
    /// A batch signs object keys, but the request is to the bucket itself.
    #[error("batch requires a request to an object, not to the bucket")]
    BatchWithoutKey,
    /// The buffer is too small.
    #[error("buffer is too small: {needed} bytes are needed")]
    BufferTooSmall {
        /// The required size, in bytes.
        needed: usize,
    },
    /// Memory could not be allocated.
    #[cfg(feature = "alloc")]
    #[error("memory for {bytes} bytes could not be allocated")]
    OutOfMemory {
        /// The requested size, in bytes.
        bytes: usize,
    },
    /// The `url` crate would normalize this URL, and the result would no longer match its signature.
    #[cfg(feature = "url")]
    #[error("normalizing this URL would change it and break its signature")]
    NormalizedUrl,
}

/// How to resolve a conflict, if that is clear.
fn remedy(one: &str, other: &str) -> &'static str {
    match (one, other) {
        ("global endpoint", _) | (_, "global endpoint") => "; leave out the global endpoint",
        ("region aws-global", _) | (_, "region aws-global") => "; use the region us-east-1",
        (_, "endpoint of the region") => "; set a custom endpoint",
        _ => "",
    }
}
