//! presign for C: what `presign.h` declares. `cargo test` generates the header from this package, docs included.

#![no_std]
#![allow(non_camel_case_types, reason = "the names are C's")]

use core::ffi::c_char;

use presign::Timestamp;

mod batch;
mod boundary;
mod error;

pub use batch::{presign_batch, presign_batch_begin, presign_batch_end, presign_batch_sign};
use boundary::{Output, Reader};
pub use error::presign_error;

/// An HTTP method. A URL signed for one method is refused with any other.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum presign_method {
    /// Downloads an object.
    Get,
    /// Requests the headers of an object.
    Head,
    /// Uploads an object.
    Put,
    /// Starts or completes a multipart upload.
    Post,
    /// Deletes an object.
    Delete,
}

/// The session token is that of a session with a directory bucket, which CreateSession returns.
pub const PRESIGN_EXPRESS_SESSION: u32 = 1;

/// The credentials that sign.
#[derive(Debug)]
#[repr(C)]
pub struct presign_credentials {
    /// The access key ID. Every URL shows it.
    pub access_key_id: *const c_char,
    /// The secret access key.
    pub secret_access_key: *const c_char,
    /// The session token of temporary credentials, or null.
    pub session_token: *const c_char,
    /// When the credentials expire, in Unix seconds; 0 if that is unknown. A URL expires with its credentials.
    pub expiration: i64,
    /// 0 or PRESIGN_EXPRESS_SESSION.
    pub flags: u32,
}

/// The bucket comes after the host: https://s3.eu-west-1.amazonaws.com/bucket/key. Self-hosted stores usually require it.
pub const PRESIGN_PATH_STYLE: u32 = 2;
/// The legacy global endpoint, s3.amazonaws.com, for us-east-1.
pub const PRESIGN_GLOBAL_ENDPOINT: u32 = 4;
/// The endpoint for IPv4 and IPv6.
pub const PRESIGN_DUAL_STACK: u32 = 8;
/// The FIPS endpoint.
pub const PRESIGN_FIPS: u32 = 16;
/// The endpoint of S3 Transfer Acceleration.
pub const PRESIGN_ACCELERATE: u32 = 32;

/// Where the object is.
#[derive(Debug)]
#[repr(C)]
pub struct presign_bucket {
    /// The name, or the ARN or alias of an access point; null for the service itself, which lists buckets.
    pub name: *const c_char,
    /// The region, such as eu-west-1.
    pub region: *const c_char,
    /// The URL of a store other than AWS, such as http://192.168.1.5:9000; otherwise null.
    pub endpoint: *const c_char,
    /// 0 or a combination of PRESIGN_PATH_STYLE, PRESIGN_GLOBAL_ENDPOINT, PRESIGN_DUAL_STACK, PRESIGN_FIPS and
    /// PRESIGN_ACCELERATE.
    pub flags: u32,
}

/// Signs a key with a segment '.' or '..', which most clients would resolve and so request another object.
pub const PRESIGN_ALLOW_DOT_SEGMENTS: u32 = 64;

/// What is signed.
#[derive(Debug)]
#[repr(C)]
pub struct presign_request {
    /// A presign_method.
    pub method: i32,
    /// How long the URL is valid, in seconds: 1 to 604800 (7 days).
    pub expires_in: u32,
    /// The object key, not encoded; null for the bucket itself. A batch ignores it.
    pub key: *const c_char,
    /// 0 or PRESIGN_ALLOW_DOT_SEGMENTS.
    pub flags: u32,
}

/// The name and value of a header or query parameter.
#[derive(Debug)]
#[repr(C)]
pub struct presign_pair {
    /// The name.
    pub name: *const c_char,
    /// The value, not encoded.
    pub value: *const c_char,
}

/// Headers and query parameters to sign: at most 10 in total, the content type included.
#[derive(Debug)]
#[repr(C)]
pub struct presign_values {
    /// The content type that the client must send, or null.
    pub content_type: *const c_char,
    /// Other headers that the client must send; null if `header_count` is 0.
    pub headers: *const presign_pair,
    /// The number of headers.
    pub header_count: usize,
    /// Query parameters to add to the URL; null if `query_count` is 0.
    pub query: *const presign_pair,
    /// The number of query parameters.
    pub query_count: usize,
}

/// Signs a request without headers and query parameters, and writes the URL with a terminating NUL to `url`, which has
/// `url_size` bytes.
///
/// `now` is the signing time in Unix seconds.
///
/// If the buffer is too small, `needed` is set to the size that it must have, otherwise to 0; `needed` may be null, and so
/// may `url` if `url_size` is 0. After an error `url` is the empty string, or unchanged if it overlaps something else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn presign_sign(
    credentials: *const presign_credentials,
    bucket: *const presign_bucket,
    request: *const presign_request,
    now: i64,
    url: *mut c_char,
    url_size: usize,
    needed: *mut usize,
) -> presign_error {
    let sign = |reader: &Reader, url: Output<'_>| {
        let request = reader.request(request)?;
        let (credentials, bucket) = (reader.credentials(credentials)?, reader.bucket(bucket)?);
        let presigner = request.presigner(&credentials, &bucket);
        url.write_text(|room| presigner.sign_into(Timestamp::from_unix(now), room))
    };
    // SAFETY: the caller promises what `write` requires.
    unsafe { boundary::write(url, url_size, needed, sign) }
}

/// Signs a request with headers and query parameters; otherwise as `presign_sign`, which needs less flash.
/// `values` may be null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn presign_sign_with(
    credentials: *const presign_credentials,
    bucket: *const presign_bucket,
    request: *const presign_request,
    values: *const presign_values,
    now: i64,
    url: *mut c_char,
    url_size: usize,
    needed: *mut usize,
) -> presign_error {
    let sign = |reader: &Reader, url: Output<'_>| {
        let request = reader.request(request)?;
        let (credentials, bucket) = (reader.credentials(credentials)?, reader.bucket(bucket)?);
        let presigner = request.presigner(&credentials, &bucket);
        let presigner = reader.with_values(presigner, values)?;
        url.write_text(|room| presigner.sign_into(Timestamp::from_unix(now), room))
    };
    // SAFETY: the caller promises what `write` requires.
    unsafe { boundary::write(url, url_size, needed, sign) }
}

/// Computes when a URL signed at `now` expires, in Unix seconds: after `expires_in`, or earlier with the credentials.
///
/// After an error `expires_at` is not changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn presign_expires_at(
    credentials: *const presign_credentials,
    bucket: *const presign_bucket,
    request: *const presign_request,
    now: i64,
    expires_at: *mut i64,
) -> presign_error {
    let compute = |reader: &Reader| {
        let request = reader.request(request)?;
        let (credentials, bucket) = (reader.credentials(credentials)?, reader.bucket(bucket)?);
        let presigner = request.presigner(&credentials, &bucket);
        Ok(presigner.valid_until(Timestamp::from_unix(now))?.as_unix())
    };
    // SAFETY: the caller promises what `write_one` requires.
    unsafe { boundary::write_one(expires_at, compute) }
}

/// Returns the text of an error: static, in English, without a final period.
#[unsafe(no_mangle)]
pub extern "C" fn presign_error_text(error: i32) -> *const c_char {
    presign_error::text(error).as_ptr()
}

/// Returns the version of the library. It equals PRESIGN_VERSION unless the header is from another version.
#[unsafe(no_mangle)]
pub extern "C" fn presign_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// No code of this package or of `presign` panics: `./test` looks for a caller.
#[cfg(feature = "staticlib")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
