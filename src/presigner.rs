//! What is signed, and for how long.

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

// In the order in which documentation shows them: what a presigner is made with first.
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

/// A request to one object or bucket, to be signed into a URL.
///
/// Start with the method ([`get`](Self::get), [`put`](Self::put), [`head`](Self::head), [`delete`](Self::delete), or
/// [`new`](Self::new) for the rest), say what is to be signed, and finish with [`sign`](Self::sign) (now),
/// [`sign_at`](Self::sign_at) (a given time) or [`sign_into`](Self::sign_into) (a given buffer, no allocator).
///
/// Setters stand in groups: time and lists here, then what an answer says, what is uploaded, how it is stored, under which
/// conditions; [`query`](Self::query) and [`headers`](Self::headers) take everything else.
///
/// Everything that is given is signed, and nothing is added. A header that is given here has to be sent with the
/// request, with the same value; a setter that is called twice keeps the last value. Mistakes are found when signing.
///
/// | refused | with |
/// |---|---|
/// | a key that is empty, over 1024 bytes, or has segments `.` or `..` | [`Error::EmptyKey`], [`Error::KeyTooLong`], [`Error::DotSegment`] |
/// | an expiry outside 1 s to 604800 s, or with a fraction | [`Error::ExpiryOutOfRange`], [`Error::FractionalExpiry`] |
/// | a window that does not divide a day, or is not shorter than the expiry | [`Error::InvalidWindow`], [`Error::WindowNotShorter`] |
/// | a signing time outside the years 1 to 9999 | [`Error::TimeOutOfRange`] |
/// | credentials that are empty, padded with white space, hold control characters, or have expired | [`Error::EmptyCredential`], [`Error::CredentialWhitespace`], [`Error::CredentialControlCharacter`], [`Error::CredentialsExpired`], by policy [`Error::CredentialsEndFirst`] |
/// | a signing key of another day, region, service or algorithm | [`Error::StaleSigningKey`], [`Error::SigningKeyMismatch`] |
/// | settings of the bucket that exclude each other, a region that cannot stand in a host, a key without a bucket, a multi-region access point without the feature `sigv4a`, a session of S3 Express elsewhere | [`Error::EndpointConflict`], [`Error::HostTooLong`], [`Error::InvalidRegion`], [`Error::KeyWithoutBucket`], [`Error::NeedsSigv4a`], [`Error::SessionNeedsDirectoryBucket`] |
/// | query parameters without name, set by signing, given by a setter and again or with equal values, too many | [`Error::EmptyQueryParameterName`], [`Error::ReservedQueryParameter`], [`Error::DuplicateQueryParameter`], [`Error::TooManyQueryParameters`] |
/// | headers without name, malformed, set by signing, given by a setter and again or twice though they have one value, too many | [`Error::EmptyHeaderName`], [`Error::InvalidHeaderName`], [`Error::InvalidHeaderValue`], [`Error::ReservedHeader`], [`Error::DuplicateHeader`], [`Error::TooManyHeaders`] |
/// | a content type with `*`; values that are empty, or not the base64 of a digest or key of their size; a part number outside 1 to 10000 | [`Error::WildcardInContentType`], [`Error::EmptyValue`], [`Error::InvalidBase64`], [`Error::InvalidPayloadHash`], [`Error::PartNumberOutOfRange`] |
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html>
///
/// # Examples
/// The example of the AWS documentation:
/// ```
/// use core::time::Duration;
/// use presign::{Bucket, Credentials, Presigner, Timestamp};
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let bucket = Bucket::new("examplebucket", "us-east-1")?.global_endpoint();
/// let mut buffer = [0; 512];
/// let url = Presigner::get(&credentials, &bucket, "test.txt")
///     .expires_in(Duration::from_secs(86_400))
///     .sign_into(Timestamp::from_unix(1_369_353_600), &mut buffer)?;
/// assert_eq!(
///     url,
///     "https://examplebucket.s3.amazonaws.com/test.txt\
///      ?X-Amz-Algorithm=AWS4-HMAC-SHA256\
///      &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
///      &X-Amz-Date=20130524T000000Z\
///      &X-Amz-Expires=86400\
///      &X-Amz-SignedHeaders=host\
///      &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
/// );
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone, Copy)]
#[doc(alias = "getSignedUrl")]
#[doc(alias = "generate_presigned_url")]
#[doc(alias = "PresigningConfig")]
#[doc(alias = "presigned")]
#[doc(alias = "sigv4")]
pub struct Presigner<'a> {
    identity: Identity<'a>,
    bucket: &'a Bucket<'a>,
    method: Method,
    /// `None` for the bucket itself.
    key: Option<&'a str>,
    lifetime: Lifetime,
    allow_dot_segments: bool,
    values: Values<'a>,
}

/// The longest object key that S3 accepts, in bytes.
pub(crate) const MAX_KEY: usize = 1024;

impl Presigner<'_> {
    /// Returns when a URL signed at `at` expires: the earlier of its own expiry and the credentials' expiration.
    ///
    /// # Errors
    /// As for [`sign_into`](Self::sign_into), as far as time and credentials are concerned.
    ///
    /// # Examples
    /// See [`Credentials::expiration`](crate::Credentials::expiration).
    pub fn valid_until(&self, at: impl Into<Timestamp>) -> Result<Timestamp, Error> {
        let at = at.into();
        let day = at.stamp()?.day();
        let resolved = self.identity.resolve(self.bucket, at)?;
        let signer = resolved.signer();
        let times = self.lifetime.at(at, &signer)?;
        signer.check_scope(&self.bucket.scope(day))?; // a key of another day cannot sign
        Ok(times.end)
    }

    /// Signs at the time `at`, into `buffer`, without an allocator. Returns the URL.
    ///
    /// # Errors
    /// [`Error::BufferTooSmall`] with the size that the URL needs (for SigV4a, whose signatures vary in length: the size
    /// that always suffices); all others are in [`Presigner`]'s table. After an error the content of the buffer is
    /// unspecified.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let (now, presigner) = (Timestamp::from_unix(0), Presigner::get(&credentials, &bucket, "k"));
    /// let mut buffer = [0; 1024];
    /// let needed = presigner.sign_into(now, &mut buffer)?.len();
    /// assert_eq!(presigner.sign_into(now, &mut buffer[..needed - 1]), Err(Error::BufferTooSmall { needed }));
    /// assert!(presigner.sign_into(now, &mut buffer[..needed]).is_ok());
    /// # Ok::<(), Error>(())
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

    /// Calls `run` with everything except the key checked and looked up that writing and signing need.
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

/// Refuses a key that S3 does not accept, or that clients would change.
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
    // Few keys have a segment that starts with a dot, and a look at all pairs of bytes finds it quickly.
    let pairs = key.bytes().zip(key.bytes().skip(1));
    let dot_at_start = pairs.fold(key.starts_with('.'), |any, pair| {
        any | (pair == (b'/', b'.'))
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
    /// Names of headers and parameters only: a value may be a customer's encryption key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigner")
            .field("method", &self.method)
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field("values", &self.values)
            .finish_non_exhaustive()
    }
}

/// Text of which every byte was written as ASCII.
fn ascii(text: &[u8]) -> &str {
    core::str::from_utf8(text).unwrap_or_default()
}

const SIGNATURE_PARAMETER: &[u8] = b"&X-Amz-Signature=";

/// The most bytes that a signature has, in hexadecimal.
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

/// Where the parts of the URL are in the buffer.
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
    #[inline(never)] // its many small copies would be inlined into each caller
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

    /// The canonical request, made of what was written into the buffer.
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

    /// What the string to sign begins with.
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
