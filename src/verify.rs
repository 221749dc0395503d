//! Checks a presigned request, as a server does.
//!
//! Path and query must be percent-encoded as SigV4 writes them. They are hashed as received, without decoding and
//! encoding them again. As at S3, two differences from the signed URL are allowed, because SigV4 does not distinguish
//! them: the order of parameters, and `?uploads` for `?uploads=`.

use core::fmt;

use percent_encoding::percent_decode_str;

use crate::credentials::Credentials;
use crate::sigv4::UNSIGNED_PAYLOAD;
use crate::sigv4::digest::equal;
use crate::sigv4::scope::Scope;
use crate::sigv4::signing_key::{self, Key};
use crate::timestamp::{Stamp, Timestamp};

pub(crate) mod credential;
#[cfg(feature = "post")]
mod post;
pub(crate) mod received;
mod rejection;
mod request;

#[cfg(feature = "post")]
pub use post::{PostRejection, PostRequest, VerifiedPost};

use credential::Credential;
use received::Received;
pub use rejection::{HeaderName, Rejection};
pub use request::Request;

/// Checks presigned requests against S3's rules and, optionally, your own limits.
///
/// # Examples
/// ```
/// use presign::verify::{Rejection, Request, Verifier};
/// use presign::{Bucket, Credentials, Presigner, Timestamp};
///
/// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// # #[cfg(feature = "std")] {
/// let url = Presigner::get(&credentials, &bucket, "k").sign()?;
///
/// let verifier = Verifier::new().regions(&["eu-west-1"]);
/// let who = |access_key_id: &str| (access_key_id == "AKIAEXAMPLE").then(|| credentials.clone());
///
/// let request = Request::new("GET", url.as_str(), &[])?;
/// let verified = verifier.verify(&request, Timestamp::now(), who)?;
/// assert_eq!(verified.access_key_id(), "AKIAEXAMPLE");
///
/// let request = Request::new("PUT", url.as_str(), &[])?;
/// let rejection = verifier.verify(&request, Timestamp::now(), who).unwrap_err();
/// assert_eq!(rejection, Rejection::SignatureMismatch);
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Checks
/// Requires no allocator, and accepts at most 65535 bytes of query, 264 parameters and 256 headers. It checks, in this
/// order:
/// 1. form: a single method of authentication, each of its parameters once, algorithm, scope, time, expiry, sorted
///    signed headers, encoding;
/// 2. region and service;
/// 3. time: not signed in the future, not expired, not too old;
/// 4. headers: signed headers are present, names are valid, `x-amz-` headers are signed, the body's length is
///    unambiguous;
/// 5. signer: access key ID, session token, expiration of the credentials;
/// 6. signature, compared in constant time.
///
/// Like S3, it accepts parameters in any order, and `?uploads` for `?uploads=`. Every other byte of the path and query
/// must be as signed. The body is not read: see [`Verified::payload_hash`].
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Verifier<'v> {
    regions: Option<&'v [&'v str]>,
    services: Option<&'v [&'v str]>,
    max_age: Option<u64>,
    clock_tolerance: u64,
}

impl Default for Verifier<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'v> Verifier<'v> {
    /// Creates a verifier with S3's rules only: any region and service, an expiry of at most 7 days, and a signing time
    /// at most 15 minutes ahead.
    ///
    /// # Examples
    /// See [`Verifier`].
    pub const fn new() -> Self {
        Self {
            regions: None,
            services: None,
            max_age: None,
            clock_tolerance: 900,
        }
    }

    /// Accepts signatures for these regions only. With SigV4a, the region set must include one of them.
    ///
    /// # Examples
    /// ```
    /// # use presign::verify::{Rejection, Request, Verifier};
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # let (now, mut buffer) = (Timestamp::from_unix(0), [0; 512]);
    /// # let url = Presigner::get(&credentials, &bucket, "k").sign_into(now, &mut buffer)?;
    /// let request = Request::new("GET", url, &[])?;
    /// let verifier = Verifier::new().regions(&["us-east-1"]).services(&["s3"]);
    /// let rejection = verifier.verify(&request, now, |_| Some(credentials.clone())).unwrap_err();
    /// assert_eq!(rejection, Rejection::WrongRegion);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub const fn regions(mut self, regions: &'v [&'v str]) -> Self {
        self.regions = Some(regions);
        self
    }

    /// Accepts signatures for these services only, such as `s3`.
    ///
    /// # Examples
    /// See [`regions`](Self::regions).
    pub const fn services(mut self, services: &'v [&'v str]) -> Self {
        self.services = Some(services);
        self
    }

    /// Refuses signatures older than this many seconds, whatever their expiry, like a bucket policy with
    /// `s3:signatureAge`.
    ///
    /// # Examples
    /// ```
    /// # use presign::verify::{Rejection, Request, Verifier};
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # let mut buffer = [0; 512];
    /// # let url = Presigner::get(&credentials, &bucket, "k").sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// let request = Request::new("GET", url, &[])?;
    /// let (verifier, later) = (Verifier::new().max_age(60), Timestamp::from_unix(61));
    /// let rejection = verifier.verify(&request, later, |_| Some(credentials.clone())).unwrap_err();
    /// assert_eq!(rejection, Rejection::TooOld { age: 61, limit: 60 });
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub const fn max_age(mut self, seconds: u64) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// Sets how many seconds ahead a signing time may be; the default is 900. This never extends a URL's expiry.
    ///
    /// # Examples
    /// ```
    /// # use presign::verify::{Rejection, Request, Verifier};
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # let mut buffer = [0; 512];
    /// # let url = Presigner::get(&credentials, &bucket, "k").sign_into(Timestamp::from_unix(60), &mut buffer)?;
    /// let (request, now) = (Request::new("GET", url, &[])?, Timestamp::from_unix(0));
    /// assert!(Verifier::new().verify(&request, now, |_| Some(credentials.clone())).is_ok());
    /// let rejection = Verifier::new().clock_tolerance(59).verify(&request, now, |_| Some(credentials.clone())).unwrap_err();
    /// assert_eq!(rejection, Rejection::NotYetValid { now, signed_at: Timestamp::from_unix(60) });
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub const fn clock_tolerance(mut self, seconds: u64) -> Self {
        self.clock_tolerance = seconds;
        self
    }

    /// Checks a request at the time `now`. `who` returns the credentials for an access key ID, or `None` for an unknown
    /// ID. If the credentials have a session token, the request must contain it; if they have an expiration, the URL
    /// expires with them. With `SharedCredentials`, return `Some((*shared.current()).clone())`. If you do not
    /// compare the ID, [`Verified::access_key_id`] is only what the signer claims, although the secret must match.
    ///
    /// # Errors
    /// The first [`Rejection`] that applies.
    ///
    /// # Examples
    /// See [`Verifier`].
    pub fn verify<'r, 'c>(
        &self,
        request: &Request<'r>,
        now: impl Into<Timestamp>,
        who: impl FnOnce(&str) -> Option<Credentials<'c>>,
    ) -> Result<Verified<'r>, Rejection> {
        let now = now.into();
        let received = Received::parse(request)?;
        let credential = Credential::parse(received.credential, received.algorithm)?;
        let scope = credential.scope()?;
        self.check_scope(&scope, received.stamp, || received.region_set())?;
        let expires_at = self.check_time(&received, now)?;
        received.check_headers(request)?;
        if received.has_s3_session && scope.service != "s3express" {
            return Err(Rejection::SessionTokenMismatch);
        }
        let token = received.session_token.map(percent_decode_str);
        let credentials = issued(&credential, token, now, who)?;
        if !signature_holds(
            request,
            &received,
            &scope,
            credential.access_key_id(),
            credentials.secret(),
        ) {
            return Err(Rejection::SignatureMismatch);
        }
        received.check_values(request)?;
        Ok(Verified {
            credential,
            signed_headers: received.signed_headers,
            payload_hash: received.payload_hash(request).unwrap_or(UNSIGNED_PAYLOAD),
            signed_at: received.signed_at,
            expires_at: first_end(&credentials, expires_at),
        })
    }

    /// Checks day, region and service; `region_set` is read only if the scope has no region.
    fn check_scope<'r, S: Iterator<Item = &'r str>>(
        &self,
        scope: &Scope<'_>,
        stamp: Stamp,
        region_set: impl Fn() -> S,
    ) -> Result<(), Rejection> {
        let in_region = |region: &&str| match scope.region {
            Some(signed) => signed == *region,
            None => region_set().any(|pattern| matches_region(pattern, region)),
        };
        if self
            .regions
            .is_some_and(|regions| !regions.iter().any(in_region))
        {
            return Err(Rejection::WrongRegion);
        }
        if self
            .services
            .is_some_and(|services| !services.contains(&scope.service))
        {
            return Err(Rejection::WrongService);
        }
        if scope.day != stamp.day() {
            return Err(Rejection::ScopeDateMismatch);
        }
        Ok(())
    }

    /// Checks the signing time and the URL's own expiry, and returns this expiry.
    fn check_time(&self, received: &Received<'_>, now: Timestamp) -> Result<Timestamp, Rejection> {
        let signed_at = received.signed_at;
        self.check_ahead(signed_at, now)?;
        let expired_at = received.expires_at();
        if now >= expired_at {
            return Err(Rejection::Expired { now, expired_at });
        }
        self.check_age(signed_at, now)?;
        Ok(expired_at)
    }

    fn check_ahead(&self, signed_at: Timestamp, now: Timestamp) -> Result<(), Rejection> {
        let tolerance = i64::try_from(self.clock_tolerance).unwrap_or(i64::MAX);
        if now.as_unix().saturating_sub(signed_at.as_unix()) < tolerance.saturating_neg() {
            return Err(Rejection::NotYetValid { now, signed_at });
        }
        Ok(())
    }

    fn check_age(&self, signed_at: Timestamp, now: Timestamp) -> Result<(), Rejection> {
        let age = now.as_unix().saturating_sub(signed_at.as_unix());
        let age = u64::try_from(age).unwrap_or(0);
        match self.max_age {
            Some(limit) if age > limit => Err(Rejection::TooOld { age, limit }),
            _ => Ok(()),
        }
    }
}

/// Whether the signature is the one that the secret produces for the request.
pub(crate) fn signature_holds(
    request: &Request<'_>,
    received: &Received<'_>,
    scope: &Scope<'_>,
    access_key_id: &str,
    secret: &str,
) -> bool {
    let string_to_sign = received.string_to_sign(request, scope);
    holds(access_key_id, secret, scope, |key| {
        string_to_sign.verify(key, received.signature)
    })
}

/// Whether a signature matches the key derived from the secret. The key is wiped.
fn holds(
    access_key_id: &str,
    secret: &str,
    scope: &Scope<'_>,
    verify: impl FnOnce(&Key) -> bool,
) -> bool {
    signing_key::wiping(|| {
        signing_key::derive(access_key_id, secret, scope).is_ok_and(|key| verify(&key))
    })
}

/// The credentials that signed, once the session token matches the issued one and they have not expired.
fn issued<'c>(
    credential: &Credential,
    token: Option<impl Iterator<Item = u8> + Clone>,
    now: Timestamp,
    who: impl FnOnce(&str) -> Option<Credentials<'c>>,
) -> Result<Credentials<'c>, Rejection> {
    let credentials = who(credential.access_key_id())
        // Anyone can derive the key of an empty secret.
        .filter(|credentials| !credentials.secret().is_empty())
        .ok_or(Rejection::UnknownAccessKey)?;
    let same_token = match (credentials.token(), token) {
        (None, None) => true,
        (Some(issued), Some(sent)) => equal(issued.bytes(), sent),
        _ => false,
    };
    match credentials.expires_at() {
        _ if !same_token => Err(Rejection::SessionTokenMismatch),
        Some(expired_at) if expired_at <= now => {
            Err(Rejection::CredentialsExpired { now, expired_at })
        }
        _ => Ok(credentials),
    }
}

/// The earlier of an expiry and the credentials' own.
fn first_end(credentials: &Credentials<'_>, expires_at: Timestamp) -> Timestamp {
    credentials
        .expires_at()
        .map_or(expires_at, |end| end.min(expires_at))
}

/// Whether a pattern in a region set matches: a name matches itself; a `*` at the end matches every name with that
/// prefix.
fn matches_region(pattern: &str, region: &str) -> bool {
    pattern
        .strip_suffix("%2A")
        .map_or(pattern == region, |start| region.starts_with(start))
}

/// A request with a valid signature: who signed it, for what, and until when.
///
/// # Examples
/// ```
/// use presign::verify::{Request, Verifier};
/// use presign::{Bucket, Credentials, Presigner, Timestamp};
///
/// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let now = Timestamp::from_unix(0);
/// let mut buffer = [0; 512];
/// let url = Presigner::put(&credentials, &bucket, "k").content_type("text/plain").sign_into(now, &mut buffer)?;
/// let headers = [("Content-Type", "text/plain")];
/// let request = Request::new("PUT", url, &headers)?;
/// let verified = Verifier::new().verify(&request, now, |_| Some(credentials.clone()))?;
/// assert_eq!((verified.access_key_id(), verified.region(), verified.service()), ("AKIAEXAMPLE", "eu-west-1", "s3"));
/// assert_eq!(verified.signed_headers().collect::<Vec<_>>(), ["content-type", "host"]);
/// assert_eq!(verified.payload_hash(), "UNSIGNED-PAYLOAD");
/// assert_eq!((verified.signed_at(), verified.expires_at()), (now, Timestamp::from_unix(900)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verified<'r> {
    credential: Credential,
    signed_headers: &'r str,
    payload_hash: &'r str,
    signed_at: Timestamp,
    expires_at: Timestamp,
}

impl<'r> Verified<'r> {
    /// Returns the access key ID that signed.
    ///
    /// # Examples
    /// See [`Verified`].
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.credential.access_key_id()
    }

    /// Returns the region of the scope; empty for SigV4a, whose scope has no region.
    ///
    /// # Examples
    /// See [`Verified`].
    #[must_use]
    pub fn region(&self) -> &str {
        self.credential.region()
    }

    /// Returns the service of the scope.
    ///
    /// # Examples
    /// See [`Verified`].
    #[must_use]
    pub fn service(&self) -> &str {
        self.credential.service()
    }

    /// Returns the names of the signed headers, in lower case and sorted. Special characters in a name are
    /// percent-encoded.
    ///
    /// # Examples
    /// See [`Verified`].
    pub fn signed_headers(&self) -> impl Iterator<Item = &'r str> {
        self.signed_headers.split("%3B")
    }

    /// Returns `UNSIGNED-PAYLOAD`, or the SHA-256 that the body must have, in lower-case hexadecimal, from the signed
    /// header or parameter `x-amz-content-sha256`. Your code must compare it with the body.
    ///
    /// # Examples
    /// See [`Verified`].
    #[must_use]
    pub const fn payload_hash(&self) -> &'r str {
        self.payload_hash
    }

    /// Returns when the request was signed.
    ///
    /// # Examples
    /// See [`Verified`].
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.signed_at
    }

    /// Returns when the URL expires: at its own expiry or when the credentials expire, whichever is earlier.
    ///
    /// # Examples
    /// See [`Verified`].
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("access_key_id", &self.access_key_id())
            .field("region", &self.region())
            .field("service", &self.service())
            .field("signed_headers", &self.signed_headers)
            .field("payload_hash", &self.payload_hash)
            .field("signed_at", &self.signed_at)
            .field("expires_at", &self.expires_at)
            .finish()
    }
}
