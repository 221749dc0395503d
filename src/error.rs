//! What a caller can get wrong.

use crate::timestamp::Timestamp;

mod kind;

pub use kind::ErrorKind;

/// A mistake in what was given, with the fact that shows it. Nothing of it allocates, and nothing holds a secret.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
///
/// let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// let error = Presigner::get(&credentials, &bucket, "k")
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
    /// A credential is the empty text.
    #[error("{part} is empty")]
    EmptyCredential {
        /// Which: `access key ID`, `secret access key` or `session token`.
        part: &'static str,
    },
    /// A credential starts or ends with white space, such as a newline from a file.
    #[error("{part} starts or ends with white space")]
    CredentialWhitespace {
        /// Which: `access key ID`, `secret access key` or `session token`.
        part: &'static str,
    },
    /// A credential holds a control character; in a session token, a tab is none.
    #[error("{part} holds a control character")]
    CredentialControlCharacter {
        /// Which: `access key ID`, `secret access key` or `session token`.
        part: &'static str,
    },
    /// A required environment variable is not set, or set to nothing.
    #[error("environment variable {name} is not set")]
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
    /// The credentials ended before the time of signing, so the URL would be dead.
    #[error("credentials expired at {expired_at}, not after the signing time {now}")]
    CredentialsExpired {
        /// When they ended.
        expired_at: Timestamp,
        /// The time of signing.
        now: Timestamp,
    },
    /// The credentials end before the URL would, and the policy refuses that.
    #[error("credentials end at {credentials_end}, before the URL at {url_end}")]
    CredentialsEndFirst {
        /// When the credentials end.
        credentials_end: Timestamp,
        /// When the URL would have ended.
        url_end: Timestamp,
    },
    /// A signing key was derived for another day than that of the signing time.
    #[error("signing key is for day {key_day:08}, the signing time falls on {day:08} (UTC)")]
    StaleSigningKey {
        /// The key's day, as `YYYYMMDD`.
        key_day: u32,
        /// The day of the signing time, as `YYYYMMDD`.
        day: u32,
    },
    /// A signing key was derived for another region, service or algorithm than the bucket's.
    #[error("signing key is for another {part} than the bucket's")]
    SigningKeyMismatch {
        /// `region`, `service`, or `algorithm` (SigV4 or SigV4a).
        part: &'static str,
    },
    /// The credentials are of a session with a directory bucket, and the request goes elsewhere.
    #[error(
        "credentials of an S3 Express session sign for a directory bucket only, and not at its control endpoint"
    )]
    SessionNeedsDirectoryBucket,
    /// A bucket name is too short or too long.
    #[error("bucket name of {length} bytes is outside 3 to 255")]
    BucketNameLength {
        /// Its length in bytes.
        length: usize,
    },
    /// A bucket name holds a byte that none can hold.
    #[error(
        "bucket name holds the byte 0x{byte:02x} at position {position}; letters, digits, '.', '-' and '_' are allowed"
    )]
    InvalidBucketName {
        /// Bytes before it.
        position: usize,
        /// The byte.
        byte: u8,
    },
    /// A bucket name holds `*`: a URL is for one bucket.
    #[error("bucket name holds '*' at position {position}; there are no wildcards in signing")]
    WildcardInBucketName {
        /// Bytes before it.
        position: usize,
    },
    /// A name ends like that of a directory bucket, but has no zone before that fits into a host, or other bytes than such
    /// names have.
    #[error(
        "directory bucket's name is not of the form NAME--ZONE--x-s3, in lower-case letters, digits and hyphens, \
         with a zone of at most 48 bytes"
    )]
    InvalidDirectoryBucketName,
    /// A name of 50 bytes or more ends in `--op-s3`, but is not the alias of an access point on an Outpost.
    #[error(
        "alias of an Outposts access point is not a lower-case host label, or its hardware type is not 'e' or 'o'"
    )]
    InvalidOutpostsAlias,
    /// An ARN is not that of an access point, or its partition differs from that of its region or the bucket's region.
    #[error(
        "ARN is not that of an access point (S3, Object Lambda, Outposts or multi-region), or its partition is not its region's"
    )]
    InvalidArn,
    /// A multi-region access point takes SigV4a, which the feature `sigv4a` brings.
    #[error("multi-region access point needs SigV4a: the crate's feature `sigv4a`")]
    NeedsSigv4a,
    /// A set of regions is empty or holds an empty or malformed name.
    #[error(
        "region set is not a list of region names joined by commas, each of which may end in '*'"
    )]
    InvalidRegionSet,
    /// A region is empty or too long.
    #[error("region of {length} bytes is outside 1 to 63")]
    RegionLength {
        /// Its length in bytes.
        length: usize,
    },
    /// A region holds a byte that none can hold, or that cannot stand in an AWS host name.
    #[error(
        "region holds the byte 0x{byte:02x} at position {position}; letters, digits and inner hyphens are allowed, at AWS in lower case, elsewhere also underscores"
    )]
    InvalidRegion {
        /// Bytes before it.
        position: usize,
        /// The byte.
        byte: u8,
    },
    /// An endpoint does not start with `http://` or `https://`.
    #[error("endpoint does not start with http:// or https://")]
    EndpointScheme,
    /// An endpoint holds a user name or password.
    #[error("endpoint holds user information before '@'")]
    EndpointUserInfo,
    /// An endpoint's host is empty, not ASCII or not well-formed.
    #[error("endpoint's host is not a host name, IPv4 address or bracketed IPv6 address")]
    EndpointHost,
    /// An endpoint's port is not a number from 1 to 65535 without leading zeros.
    #[error("endpoint's port is not a number from 1 to 65535")]
    EndpointPort,
    /// An endpoint's path has empty or dot segments, or is not percent-encoded as SigV4 wants it.
    #[error(
        "endpoint's path has an empty or dot segment, or is not percent-encoded in upper case and only where needed"
    )]
    EndpointPath,
    /// An endpoint has a query.
    #[error("endpoint has a query")]
    EndpointQuery,
    /// An endpoint has a fragment.
    #[error("endpoint has a fragment")]
    EndpointFragment,
    /// The bucket's name before the endpoint's host makes a host that no name server can look up.
    #[error(
        "host of {bytes} bytes, with the bucket's name, exceeds the limit of 253; path style avoids that"
    )]
    HostTooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// Two settings of a bucket exclude each other.
    #[error("{one} cannot be combined with {other}{}", remedy(one, other))]
    EndpointConflict {
        /// One of them.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// An object key is the empty text, which would name the bucket.
    #[error("object key is empty")]
    EmptyKey,
    /// An object key was given with [`Bucket::service`](crate::Bucket::service), where its first segment would be taken
    /// for a bucket.
    #[error("object key is given without a bucket")]
    KeyWithoutBucket,
    /// An object key is longer than S3 takes.
    #[error("object key of {bytes} bytes exceeds the limit of 1024")]
    KeyTooLong {
        /// Its length in bytes of UTF-8.
        bytes: usize,
    },
    /// An object key has a segment `.` or `..`, which browsers and most HTTP clients resolve: they would ask for
    /// another object. [`Presigner::allow_dot_segments`](crate::Presigner::allow_dot_segments) signs it all the same.
    #[error(
        "object key has a segment '.' or '..' at position {position}, which most clients would resolve; it can be allowed"
    )]
    DotSegment {
        /// Bytes before the segment.
        position: usize,
    },
    /// A text is not a time in RFC 3339.
    #[error("time is not of the form 2013-05-24T00:00:00Z (RFC 3339)")]
    InvalidTimestamp,
    /// A method is none of those that can be signed; they are upper case.
    #[error("unknown HTTP method; methods are upper case")]
    UnknownMethod,
    /// An expiry is outside what S3 takes.
    #[error("expiry of {seconds} s is outside 1 s to 604800 s (7 days)")]
    ExpiryOutOfRange {
        /// The seconds from the signing time; negative for an end before it.
        seconds: i64,
    },
    /// An expiry is not in whole seconds.
    #[error("expiry has a fraction of {nanoseconds} ns; whole seconds are allowed")]
    FractionalExpiry {
        /// The part below a second.
        nanoseconds: u32,
    },
    /// A window to align the signing time to is not a whole number of seconds that divides a day.
    #[error(
        "window of {seconds}.{nanoseconds:09} s is not a whole number of seconds that divides a day (86400 s)"
    )]
    InvalidWindow {
        /// Its whole seconds.
        seconds: u64,
        /// The part below a second.
        nanoseconds: u32,
    },
    /// A window to align the signing time to is not shorter than the expiry, so that a URL could be dead at once.
    #[error("window of {window} s is not shorter than the expiry of {expires} s")]
    WindowNotShorter {
        /// The window in seconds.
        window: i64,
        /// The expiry in seconds.
        expires: i64,
    },
    /// A time is outside the years that can be signed or converted.
    #[error("time of {unix_seconds} s since 1970 is outside the years 1 to 9999")]
    TimeOutOfRange {
        /// It, in Unix seconds.
        unix_seconds: i64,
    },
    /// A query parameter has no name.
    #[error("query parameter has an empty name")]
    EmptyQueryParameterName,
    /// A query parameter is one that signing itself sets.
    #[error("query parameter {name} is set by signing")]
    ReservedQueryParameter {
        /// Its name, in lower case.
        name: &'static str,
    },
    /// A query parameter was given twice: with equal values, or by a setter and again.
    #[error("query parameter is given twice, by a setter and again or with equal values")]
    DuplicateQueryParameter,
    /// A request has more than 255 query parameters besides those of the signature.
    #[error("more than 255 query parameters")]
    TooManyQueryParameters,
    /// A header has no name.
    #[error("header has an empty name")]
    EmptyHeaderName,
    /// A header name holds a byte that none can hold.
    #[error("header name holds the byte 0x{byte:02x} at position {position}")]
    InvalidHeaderName {
        /// Bytes before it.
        position: usize,
        /// The byte.
        byte: u8,
    },
    /// A header is one that signing itself sets, or that would be a second way to authenticate.
    #[error("header {name} is set by signing")]
    ReservedHeader {
        /// Its name, in lower case.
        name: &'static str,
    },
    /// A header's or form field's value holds a control character, such as a line break; or that of a `response-`
    /// parameter, which S3 makes a header of.
    #[error("value of a header holds the control byte 0x{byte:02x} at position {position}")]
    InvalidHeaderValue {
        /// Bytes before it.
        position: usize,
        /// The byte.
        byte: u8,
    },
    /// A header was given by a setter and again, or twice although it can have one value only, such as `content-type`.
    #[error("header is given twice, though it can have one value only")]
    DuplicateHeader,
    /// A request has more than 255 headers besides `Host`.
    #[error("more than 255 headers")]
    TooManyHeaders,
    /// A presigner has no room for another value. One with a name of the caller's own, such as metadata, counts twice.
    #[error("more than 20 values are set one by one; a list can hold more")]
    TooManyValues,
    /// A presigner has no room for another list.
    #[error("more than 4 lists of headers, metadata and query parameters")]
    TooManyLists,
    /// A value that S3 refuses to be empty is.
    #[error("value of {name} is empty")]
    EmptyValue {
        /// The header, query parameter or form field.
        name: &'static str,
    },
    /// A value is not the base64 text of a digest or key of its size.
    #[error("value of {name} is not base64 of {length} characters")]
    InvalidBase64 {
        /// The header.
        name: &'static str,
        /// How many characters it takes, padding included.
        length: usize,
    },
    /// A value is not a decimal number.
    #[error("value of {name} is not a number in decimal digits")]
    InvalidNumber {
        /// The header or query parameter.
        name: &'static str,
    },
    /// A part number is outside what S3 accepts.
    #[error("part number {number} is outside 1 to 10000")]
    PartNumberOutOfRange {
        /// The number.
        number: u64,
    },
    /// The list of an upload's parts is empty.
    #[error("list of parts is empty")]
    NoParts,
    /// A part of an upload is listed twice.
    #[error("part number {number} is listed twice")]
    DuplicatePart {
        /// The number.
        number: u16,
    },
    /// `x-amz-content-sha256` is neither `UNSIGNED-PAYLOAD` nor, as a header, 64 digits of lower-case hexadecimal.
    #[error(
        "x-amz-content-sha256 is neither UNSIGNED-PAYLOAD nor (as a header) 64 digits of lower-case hexadecimal"
    )]
    InvalidPayloadHash,
    /// The header `x-amz-content-sha256` gives a hash, and the query parameter of this name gives none.
    #[error("header and query parameter x-amz-content-sha256 contradict each other")]
    PayloadHashMismatch,
    /// A content type holds `*`: what is sent must equal what was signed, so it has to be one type.
    #[error("content type holds '*'; there are no wildcards in signing")]
    WildcardInContentType,
    /// An upload form's key holds a variable that S3 does not know.
    #[error(
        "object key holds an unknown variable at position {position}; ${{filename}} is the only one"
    )]
    UnknownVariable {
        /// Bytes before its `${`.
        position: usize,
    },
    /// An upload form's field, or its length range, is given twice.
    #[error("form field is given twice")]
    DuplicateField,
    /// An upload form's field is one that signing itself sets, or that cannot have a condition.
    #[error("form field {name} is set by signing")]
    ReservedField {
        /// Its name, in lower case.
        name: &'static str,
    },
    /// No length is in an upload form's range.
    #[error("content length range of {min} to {max} bytes is empty")]
    EmptyLengthRange {
        /// Bytes at least.
        min: u64,
        /// Bytes at most.
        max: u64,
    },
    /// An upload form's success status is none that S3 takes.
    #[error("success status is not 200, 201 or 204")]
    InvalidSuccessStatus,
    /// Upload forms are for a general purpose bucket, in one region.
    #[error("upload forms need a general purpose bucket, and cannot be signed by SigV4a")]
    NoPostHere,
    /// An upload form is larger than S3 takes, without the file.
    #[error("form of {bytes} bytes, without the file, exceeds the limit of 20480")]
    FormTooLarge {
        /// Of names and values, at least.
        bytes: usize,
    },
    /// A batch signs object keys, and the request is for the bucket itself.
    #[error("batch needs a request to an object, not to the bucket")]
    BatchWithoutKey,
    /// The caller's buffer is too short.
    #[error("buffer is too small: {needed} bytes are needed")]
    BufferTooSmall {
        /// How many bytes are needed.
        needed: usize,
    },
    /// Memory could not be allocated.
    #[cfg(feature = "alloc")]
    #[error("memory for {bytes} bytes could not be allocated")]
    OutOfMemory {
        /// How many bytes were requested.
        bytes: usize,
    },
    /// The `url` crate would write this URL in another way, which would no longer be the one that was signed.
    #[cfg(feature = "url")]
    #[error("a URL type that normalises would change this URL")]
    NormalizedUrl,
}

/// What to leave out of a conflict, where that is clear.
fn remedy(one: &str, other: &str) -> &'static str {
    match (one, other) {
        ("global endpoint", _) | (_, "global endpoint") => "; leave out the global endpoint",
        ("region aws-global", _) | (_, "region aws-global") => "; use the region us-east-1",
        (_, "endpoint of the region") => "; set a custom endpoint",
        _ => "",
    }
}
