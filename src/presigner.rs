//! The builder of a presigned URL, and signing.

use core::fmt;

use crate::bucket::Bucket;
use crate::bucket::host::Address;
use crate::credentials::{Identity, Signer};
use crate::error::Error;
use crate::expiry::{Lifetime, Times};
use crate::method::Method;
use crate::sigv4::UNSIGNED_PAYLOAD;
use crate::sigv4::canonical_query::{Additions, Auth};
use crate::sigv4::canonical_request::CanonicalRequest;
use crate::sigv4::scope::{Algorithm, Scope};
use crate::sigv4::sink::{Buffer, Sink};
#[cfg(feature = "sigv4a")]
use crate::sigv4::string_to_sign::MAX_SIGNATURE;
use crate::sigv4::string_to_sign::{Start, StringToSign};
use crate::sigv4::uri_encode;
use crate::timestamp::Timestamp;
use crate::values::Values;

// The order in which rustdoc shows the groups of methods.
mod builder;

mod response;
mod upload;

mod storage;

mod conditions;
mod listing;
mod multipart;

mod advisory;

#[cfg(feature = "alloc")]
mod owned;

mod batch;

pub use advisory::Advisory;
pub use batch::Batch;
#[cfg(feature = "alloc")]
pub use batch::Urls;
pub use storage::Encryption;
pub use upload::Checksum;

/// Builds and signs a URL for one request to an object or bucket.
///
/// # Examples
/// A link to download an object, valid for an hour:
/// ```
/// use core::time::Duration;
/// use presign::{Bucket, Credentials, Presigner};
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// # #[cfg(feature = "std")] {
/// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg")
///     .expires_in(Duration::from_secs(3600))
///     .sign()?;
/// println!("{url}");
/// // https://examplebucket.s3.eu-west-1.amazonaws.com/photos/duck.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&...
/// # }
/// # Ok::<(), presign::Error>(())
/// ```
///
/// # Usage
/// 1. Choose the request: [`get`](Self::get), [`put`](Self::put), [`head`](Self::head), [`delete`](Self::delete),
///    [`list`](Self::list), the multipart requests, or [`new`](Self::new) for any other.
/// 2. Set the expiry and whatever else the URL should fix. Setters are grouped: expiry, query and headers; response
///    overrides; upload headers; storage; preconditions; listing.
/// 3. Sign: [`sign`](Self::sign) reads the clock, [`sign_at`](Self::sign_at) uses a given time,
///    [`sign_into`](Self::sign_into) does not allocate, and [`batch_at`](Self::batch_at) prepares for many keys.
///
/// Everything you set is signed, and nothing is added. The sender must send every signed header with the same value:
/// [`PresignedUrl::headers`](crate::PresignedUrl::headers) lists them. A setter that is called again replaces its value,
/// except those that add a header, query parameter or metadata entry.
///
/// Setters do not fail; signing reports what is wrong. [`advisories`](Self::advisories) reports what is valid but
/// questionable.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html>
///
/// # Errors
/// Signing refuses:
///
/// | input | error |
/// |---|---|
/// | a key that is empty, longer than 1024 bytes, or has segments `.` or `..` | [`Error::EmptyKey`], [`Error::KeyTooLong`], [`Error::DotSegment`] |
/// | an expiry outside 1 to 604800 s, or with a fraction of a second | [`Error::ExpiryOutOfRange`], [`Error::FractionalExpiry`] |
/// | a window that does not divide a day, or is not shorter than the expiry | [`Error::InvalidWindow`], [`Error::WindowNotShorter`] |
/// | a signing time outside the years 1 to 9999 | [`Error::TimeOutOfRange`] |
/// | credentials that are empty, padded with white space, contain control characters, or have expired | [`Error::EmptyCredential`], [`Error::CredentialWhitespace`], [`Error::CredentialControlCharacter`], [`Error::CredentialsExpired`], [`Error::CredentialsExpireFirst`] (by policy) |
/// | a signing key for another day, region, service or algorithm | [`Error::StaleSigningKey`], [`Error::SigningKeyMismatch`] |
/// | bucket settings that cannot be combined | [`Error::EndpointConflict`], [`Error::HostTooLong`] |
/// | a region that cannot be part of an AWS host | [`Error::InvalidRegion`] |
/// | a key without a bucket | [`Error::KeyWithoutBucket`] |
/// | a multi-region access point without the feature `sigv4a` | [`Error::NeedsSigv4a`] |
/// | an S3 Express session for anything but a directory bucket | [`Error::SessionNeedsDirectoryBucket`] |
/// | query parameters without a name, reserved for signing, or repeated; more than 255 | [`Error::EmptyQueryParameterName`], [`Error::ReservedQueryParameter`], [`Error::DuplicateQueryParameter`], [`Error::TooManyQueryParameters`] |
/// | headers without a name, malformed, reserved for signing, or repeated although they allow one value; more than 255 | [`Error::EmptyHeaderName`], [`Error::InvalidHeaderName`], [`Error::InvalidHeaderValue`], [`Error::ReservedHeader`], [`Error::DuplicateHeader`], [`Error::TooManyHeaders`] |
/// | a content type with `*` | [`Error::WildcardInContentType`] |
/// | an empty value; a value that is not the base64 of a digest or key of the right size; a malformed number or payload hash | [`Error::EmptyValue`], [`Error::InvalidBase64`], [`Error::InvalidNumber`], [`Error::InvalidPayloadHash`], [`Error::PayloadHashMismatch`] |
/// | a part number outside 1 to 10000 | [`Error::PartNumberOutOfRange`] |
/// | more than 20 single values (10 if you choose their names), or more than 4 lists | [`Error::TooManyValues`], [`Error::TooManyLists`] |
#[derive(Clone, Copy)]
#[doc(alias = "getSignedUrl")]
#[doc(alias = "generate_presigned_url")]
#[doc(alias = "PresigningConfig")]
#[doc(alias = "presigned")]
#[doc(alias = "sigv4")]
#[must_use]
pub struct Presigner<'a> {
    identity: Identity<'a>,
    bucket: &'a Bucket<'a>,
    method: Method,
    /// `None` for a request to the bucket itself.
    key: Option<&'a str>,
    lifetime: Lifetime,
    allow_dot_segments: bool,
    values: Values<'a>,
}

/// The maximum length of an object key, in bytes.
pub(crate) const MAX_KEY: usize = 1024;

impl Presigner<'_> {
    /// Returns when a URL signed at `at` expires: at its own expiry or when the credentials expire, whichever is earlier.
    ///
    /// # Errors
    /// Those of [the table](Presigner#errors) about time and credentials.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let now = Timestamp::from_unix(0);
    /// let until = Presigner::get(&credentials, &bucket, "photos/duck.jpg").valid_until(now)?;
    /// assert_eq!(until, Timestamp::from_unix(900)); // the default expiry
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn valid_until(&self, at: impl Into<Timestamp>) -> Result<Timestamp, Error> {
        let at = at.into();
        let day = at.stamp()?.day();
        let resolved = self.identity.resolve(self.bucket, at)?;
        let signer = resolved.signer();
        let times = self.lifetime.at(at, &signer)?;
        signer.check_scope(&self.bucket.scope(day))?; // a key of another day cannot sign
        Ok(times.end)
    }

    /// Signs at the time `at` into `buffer`, without an allocator. Returns the URL.
    ///
    /// # Errors
    /// See [the table](Presigner#errors), and [`Error::BufferTooSmall`] with the required size. (SigV4a signatures vary in
    /// length; for them it is a size that always suffices.) After an error the content of the buffer is unspecified.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let now = Timestamp::from_unix(1_369_353_600); // from your clock
    /// let mut buffer = [0; 512];
    /// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg").sign_into(now, &mut buffer)?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn sign_into<'b>(
        &self,
        at: impl Into<Timestamp>,
        buffer: &'b mut [u8],
    ) -> Result<&'b str, Error> {
        let (at, mut length) = (at.into(), 0);
        self.check_key()?;
        let resolved = self.identity.resolve(self.bucket, at)?;
        self.with_plan(at, resolved.signer(), self.key, &mut |plan| {
            length = plan.sign(buffer)?;
            Ok(())
        })?;
        Ok(ascii(buffer.get(..length).unwrap_or_default()))
    }

    fn check_key(&self) -> Result<(), Error> {
        match self.key {
            Some(_) if self.bucket.is_service() => Err(Error::KeyWithoutBucket),
            Some(key) => check_key(key, self.allow_dot_segments),
            None => Ok(()),
        }
    }

    /// Checks everything except the key, and calls `run` with what writing and signing need.
    fn with_plan(
        &self,
        now: Timestamp,
        signer: Signer<'_>,
        key: Option<&str>,
        run: &mut dyn FnMut(&Plan<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let times = self.lifetime.at(now, &signer)?;
        let stamp = signer.stamp(times.signed_at)?;
        let address = self.bucket.address()?;
        let scope = self.bucket.scope(stamp.day());
        signer.check_scope(&scope)?;
        let auth = Auth {
            access_key_id: signer.access_key_id(),
            scope,
            stamp,
            expires: times.expires,
            region_set: self.bucket.sigv4a_regions(),
            session_token: signer.token_for(self.bucket)?,
            written: signer.written(),
        };
        self.values.with_sorted(&mut |additions| {
            run(&Plan {
                signer,
                method: self.method,
                address: &address,
                key,
                auth: &auth,
                additions,
                times: &times,
            })
        })
    }
}

/// Refuses a key that S3 would reject or clients would change.
fn check_key(key: &str, allow_dot_segments: bool) -> Result<(), Error> {
    if key.is_empty() {
        return Err(Error::EmptyKey);
    }
    if key.len() > MAX_KEY {
        return Err(Error::KeyTooLong { bytes: key.len() });
    }
    if allow_dot_segments {
        return Ok(());
    }
    // Few keys have a segment that starts with a dot. Testing all pairs of bytes without a branch finds that out quickly.
    let bytes = key.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let dot_at_start = pairs.fold(key.starts_with('.'), |any, pair| {
        any | (pair == (&b'/', &b'.'))
    });
    if dot_at_start {
        let mut position = 0;
        for segment in key.as_bytes().split(|byte| *byte == b'/') {
            if matches!(segment, b"." | b"..") {
                return Err(Error::DotSegment { position });
            }
            position += segment.len() + 1;
        }
    }
    Ok(())
}

impl fmt::Debug for Presigner<'_> {
    /// Shows only the names of headers and parameters: a value may be a customer's encryption key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigner")
            .field("method", &self.method)
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field("values", &self.values)
            .finish_non_exhaustive()
    }
}

/// Converts bytes that were written as ASCII.
fn ascii(text: &[u8]) -> &str {
    core::str::from_utf8(text).unwrap_or_default()
}

const SIGNATURE_PARAMETER: &[u8] = b"&X-Amz-Signature=";

/// The maximum length of a signature, in hexadecimal.
const fn max_signature(scope: &Scope<'_>) -> usize {
    match scope.algorithm() {
        Algorithm::V4 => 64,
        #[cfg(feature = "sigv4a")]
        Algorithm::V4a => MAX_SIGNATURE,
    }
}

struct Plan<'p> {
    signer: Signer<'p>,
    method: Method,
    address: &'p Address<'p>,
    key: Option<&'p str>,
    auth: &'p Auth<'p>,
    additions: &'p dyn Additions,
    times: &'p Times,
}

/// The positions of the URL's parts in the buffer.
struct Parts {
    host: [usize; 2],
    path: [usize; 2],
    query: [usize; 2],
}

impl Plan<'_> {
    /// Writes the URL and signs it. Returns its length.
    fn sign(&self, buffer: &mut [u8]) -> Result<usize, Error> {
        let room = buffer.len();
        let mut out = Buffer::new(buffer);
        let parts = self.write(&mut out);
        out.put(SIGNATURE_PARAMETER);
        let scope = &self.auth.scope;
        let needed = out.len().saturating_add(max_signature(scope));
        if needed > room {
            return Err(Error::BufferTooSmall { needed });
        }
        let string_to_sign = self.string_to_sign(&self.canonical_request(&parts, &out));
        let signature = self
            .signer
            .with_key(scope, |key| string_to_sign.sign(key))?;
        out.put(signature.as_bytes());
        Ok(out.len())
    }

    /// Writes the URL up to its signature.
    fn write(&self, out: &mut Buffer<'_>) -> Parts {
        self.address.put_scheme(out);
        let host = out.len();
        self.address.put_host(out);
        let path = out.len();
        match self.key {
            Some(key) => {
                self.address.put_path(out);
                out.put(b"/");
                uri_encode::path(out, key);
            }
            None => self.address.put_bucket_path(out),
        }
        let path_end = out.len();
        out.put(b"?");
        self.additions.put_query(self.auth, out);
        Parts {
            host: [host, path],
            path: [path, path_end],
            query: [path_end + 1, out.len()],
        }
    }

    /// The canonical request, built from the URL in the buffer.
    fn canonical_request<'r>(
        &'r self,
        parts: &Parts,
        out: &'r Buffer<'_>,
    ) -> CanonicalRequest<'r, [u8], dyn Additions + 'r> {
        let part = |[from, to]: [usize; 2]| out.range(from, to);
        let payload_hash = self.additions.payload_hash().unwrap_or(UNSIGNED_PAYLOAD);
        CanonicalRequest {
            method: self.method.as_str(),
            uri: part(parts.path),
            query: part(parts.query),
            host: part(parts.host),
            headers: self.additions,
            payload_hash: payload_hash.as_bytes(),
        }
    }

    /// The start of the string to sign.
    fn start(&self) -> Start<'_> {
        Start {
            stamp: self.auth.stamp,
            scope: self.auth.scope,
            written: self.auth.written,
        }
    }

    fn string_to_sign(
        &self,
        canonical_request: &CanonicalRequest<'_, [u8], dyn Additions + '_>,
    ) -> StringToSign<'_> {
        StringToSign {
            start: self.start(),
            canonical_request_hash: canonical_request.hash(),
        }
    }
}
