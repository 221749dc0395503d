//! What is signed, and for how long.

use core::fmt;

use crate::bucket::Bucket;
use crate::bucket::host::Address;
use crate::credentials::{Identity, Signer};
use crate::error::Error;
use crate::expiry::Lifetime;
use crate::method::Method;
use crate::sigv4::UNSIGNED_PAYLOAD;
use crate::sigv4::canonical_headers::{CanonicalHeaders, check_value};
use crate::sigv4::canonical_query::{Auth, CanonicalQuery};
use crate::sigv4::canonical_request::CanonicalRequest;
use crate::sigv4::pairs::{Pairs, Value};
use crate::sigv4::scope::{Algorithm, Scope};
use crate::sigv4::sink::{Buffer, Sink};
#[cfg(feature = "sigv4a")]
use crate::sigv4::string_to_sign::MAX_SIGNATURE;
use crate::sigv4::string_to_sign::{Start, StringToSign};
use crate::sigv4::uri_encode;
use crate::timestamp::Timestamp;

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

#[cfg(feature = "alloc")]
mod bulk;

pub use advisory::Advisory;
pub use storage::Encryption;
pub use upload::Checksum;
#[cfg(feature = "post")]
pub(crate) use upload::check_base64;

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
/// | settings of the bucket that exclude each other, a region that cannot stand in a host, a key without a bucket, a multi-region access point without the feature `sigv4a` | [`Error::EndpointConflict`], [`Error::InvalidRegion`], [`Error::KeyWithoutBucket`], [`Error::NeedsSigv4a`] |
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
pub struct Presigner<'a> {
    identity: Identity<'a>,
    bucket: &'a Bucket<'a>,
    method: Method,
    /// `None` for the bucket itself.
    key: Option<&'a str>,
    lifetime: Lifetime,
    allow_dot_segments: bool,
    query: Pairs<'a>,
    headers: Pairs<'a>,
    write_query: WriteQuery,
    sort_headers: for<'h> fn(&'h Pairs<'h>) -> Result<CanonicalHeaders<'h>, Error>,
    check_lists: fn(&Presigner<'_>) -> Result<(), Error>,
}

type WriteQuery = fn(&CanonicalQuery<'_>, &mut Buffer<'_>) -> Result<(), Error>;

/// The longest object key that S3 takes, in bytes.
pub(crate) const MAX_KEY: usize = 1024;

impl<'a> Presigner<'a> {
    /// The parameters to add to. What checks and sorts them is a part of those programs only that come here.
    fn query_mut(&mut self) -> &mut Pairs<'a> {
        self.write_query = |query, out| query.write(out);
        self.check_lists = |this| this.check_parameters();
        &mut self.query
    }

    /// The headers to add to; see [`query_mut`](Self::query_mut).
    fn headers_mut(&mut self) -> &mut Pairs<'a> {
        self.sort_headers = |headers| CanonicalHeaders::new(headers);
        self.check_lists = |this| this.check_parameters();
        &mut self.headers
    }

    fn parameter(mut self, name: &'static str, value: impl Into<Value<'a>>) -> Self {
        self.query_mut().set(name, value.into());
        self
    }

    fn header(mut self, name: &'static str, value: impl Into<Value<'a>>) -> Self {
        self.headers_mut().set(name, value.into());
        self
    }

    /// When a URL signed at `at` ends: the earlier of its expiry and the credentials' own expiration.
    ///
    /// # Errors
    /// As for [`sign_into`](Self::sign_into), so far as time and credentials go.
    ///
    /// # Examples
    /// See [`Credentials::expiration`](crate::Credentials::expiration).
    pub fn valid_until(&self, at: impl Into<Timestamp>) -> Result<Timestamp, Error> {
        let at = at.into();
        let day = at.stamp()?.day();
        let end = self.lifetime.at(at, &self.identity)?.end;
        self.identity.signer(&self.bucket.scope(day))?; // a key of another day cannot sign
        Ok(end)
    }

    /// Signs at the time `at`, into `buffer`, without an allocator. Returns the URL.
    ///
    /// # Errors
    /// [`Error::BufferTooSmall`] tells how many bytes the URL takes (by SigV4a, whose signatures vary: at most); what else
    /// can be wrong stands in [`Presigner`]'s table. The buffer's content is unspecified after an error.
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
    #[inline(never)]
    pub fn sign_into<'b>(
        &self,
        at: impl Into<Timestamp>,
        buffer: &'b mut [u8],
    ) -> Result<&'b str, Error> {
        // By reference: moved out of their results, both would stand on the stack twice.
        let headers = (self.sort_headers)(&self.headers);
        let plan = self.checked_plan(at.into(), headers.as_ref().map_err(Error::clone)?);
        plan.as_ref().map_err(Error::clone)?.sign(buffer)
    }

    /// Everything checked and looked up that writing and signing need.
    fn checked_plan<'p>(
        &'p self,
        now: Timestamp,
        headers: &'p CanonicalHeaders<'p>,
    ) -> Result<Plan<'p>, Error> {
        self.key.map_or(Ok(()), |key| self.check_key(key))?;
        self.plan(now, self.key, headers)
    }

    #[inline(never)]
    fn plan<'p>(
        &'p self,
        now: Timestamp,
        key: Option<&'p str>,
        headers: &'p CanonicalHeaders<'p>,
    ) -> Result<Plan<'p>, Error> {
        (self.check_lists)(self)?;
        let times = self.lifetime.at(now, &self.identity)?;
        let stamp = self.identity.stamp(times.signed_at)?;
        let address = self.bucket.address()?;
        let scope = self.bucket.scope(stamp.day());
        let signer = self.identity.signer(&scope)?;
        let auth = Auth {
            access_key_id: self.identity.access_key_id(),
            scope,
            stamp,
            expires: times.expires,
            region_set: self.bucket.sigv4a_regions(),
            session_token: self
                .identity
                .session_token()
                .map(|token| (self.bucket.token_parameter(), token)),
            written: signer.written(),
            signed_headers: headers,
        };
        Ok(Plan {
            signer,
            method: self.method,
            address,
            key,
            write_query: self.write_query,
            query: CanonicalQuery {
                auth,
                parameters: &self.query,
            },
        })
    }

    fn check_key(&self, key: &str) -> Result<(), Error> {
        if self.bucket.is_service() {
            return Err(Error::KeyWithoutBucket);
        }
        if key.is_empty() {
            return Err(Error::EmptyKey);
        }
        if key.len() > MAX_KEY {
            return Err(Error::KeyTooLong { bytes: key.len() });
        }
        // Most keys have none, which is quickly seen: it would stand at the start or behind a slash.
        let pairs = key.bytes().zip(key.bytes().skip(1));
        let dot_at_start = pairs.fold(key.starts_with('.'), |any, pair| {
            any | (pair == (b'/', b'.'))
        });
        if dot_at_start && !self.allow_dot_segments {
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

    fn check_parameters(&self) -> Result<(), Error> {
        for (name, value) in self.headers.singles() {
            // White space around it is not a part of it.
            if value.read(|value| value.trim_matches([' ', '\t']).is_empty()) {
                return Err(Error::EmptyValue { name });
            }
            upload::check_base64(name, value)?;
        }
        for (name, value) in self.query.singles() {
            if value.read(str::is_empty) && !listing::MAY_BE_EMPTY.contains(&name) {
                return Err(Error::EmptyValue { name });
            }
            if name == multipart::PART_NUMBER {
                multipart::check_part_number(value)?;
            }
        }
        for pair in self.query.iter() {
            // S3 turns these into headers of its answer.
            if pair.name.rest.starts_with("response-") {
                pair.value.read(check_value)?;
            }
            if pair.name.rest == "versionId" && pair.value.read(str::is_empty) {
                return Err(Error::EmptyValue { name: "versionId" });
            }
            // In the query it can only say what is signed anyway.
            if pair.name.is("x-amz-content-sha256")
                && !pair.value.read(|value| value == UNSIGNED_PAYLOAD)
            {
                return Err(Error::InvalidPayloadHash);
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Presigner<'_> {
    /// Names of parameters and headers only: a value may be a customer's encryption key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigner")
            .field("method", &self.method)
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field("query", &self.query)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

const SIGNATURE_PARAMETER: &[u8] = b"&X-Amz-Signature=";

/// How much room signing appends to at most, in bytes.
const fn signature_length(scope: &Scope<'_>) -> usize {
    SIGNATURE_PARAMETER.len()
        + match scope.algorithm() {
            Algorithm::V4 => 64,
            #[cfg(feature = "sigv4a")]
            Algorithm::V4a => MAX_SIGNATURE,
        }
}

struct Plan<'p> {
    signer: Signer<'p>,
    method: Method,
    address: Address<'p>,
    key: Option<&'p str>,
    query: CanonicalQuery<'p>,
    write_query: WriteQuery,
}

/// Where the parts of the URL end in the buffer.
struct Parts {
    host: [usize; 2],
    path: [usize; 2],
    query: [usize; 2],
}

impl Plan<'_> {
    /// Writes the URL and signs it.
    fn sign<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        let room = buffer.len();
        let mut out = Buffer::new(buffer);
        let parts = self.write(&mut out)?;
        let scope = &self.query.auth.scope;
        let needed = out.len().saturating_add(signature_length(scope));
        if needed > room {
            return Err(Error::BufferTooSmall { needed });
        }
        let string_to_sign = self.string_to_sign(&parts.canonical_request(self, &out));
        let signature = self
            .signer
            .with_key(scope, |key| string_to_sign.sign(key))?;
        out.put(SIGNATURE_PARAMETER);
        out.put(signature.as_bytes());
        let url = out.finish().ok_or(Error::BufferTooSmall { needed })?;
        Ok(core::str::from_utf8(url).unwrap_or_default()) // all that was written is ASCII
    }

    /// Writes the URL up to its signature.
    #[inline(never)]
    fn write(&self, out: &mut Buffer<'_>) -> Result<Parts, Error> {
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
        (self.write_query)(&self.query, out)?;
        Ok(Parts {
            host: [host, path],
            path: [path, path_end],
            query: [path_end + 1, out.len()],
        })
    }

    /// What the string to sign begins with.
    fn start(&self) -> Start<'_> {
        let auth = &self.query.auth;
        Start {
            stamp: auth.stamp,
            scope: auth.scope,
            written: auth.written,
        }
    }

    fn string_to_sign(
        &self,
        canonical_request: &CanonicalRequest<'_, [u8], CanonicalHeaders<'_>>,
    ) -> StringToSign<'_> {
        StringToSign {
            start: self.start(),
            canonical_request_hash: canonical_request.hash(),
        }
    }
}

impl Parts {
    /// The canonical request, made of what was written into the buffer.
    fn canonical_request<'r>(
        &self,
        plan: &'r Plan<'_>,
        out: &'r Buffer<'_>,
    ) -> CanonicalRequest<'r, [u8], CanonicalHeaders<'r>> {
        let part = |[from, to]: [usize; 2]| out.range(from, to);
        let headers = plan.query.auth.signed_headers;
        CanonicalRequest {
            method: plan.method.as_str(),
            uri: part(self.path),
            query: part(self.query),
            host: part(self.host),
            headers,
            payload_hash: headers.payload_hash().as_bytes(),
        }
    }
}
