//! AWS Signature Version 4 in the query string, for any service.
//!
//! 1. [`canonical_request`]: method, canonical URI, canonical query string ([`canonical_query`]), canonical headers
//!    and signed headers ([`canonical_headers`]), payload hash.
//! 2. [`string_to_sign`]: algorithm, time stamp, credential scope ([`scope`]), hash of the canonical request.
//! 3. [`signing_key`]: derived from the secret access key for one day, region and service.
//! 4. The signature: HMAC-SHA256 of the string to sign, in lower-case hexadecimal ([`digest`]).
//!
//! Signature Version 4A replaces steps 3 and 4 with a key pair and ECDSA (`v4a`).
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
//!
//! Nothing here allocates except [`canonical_query::Written`], and nothing knows about S3: the caller passes the path
//! prefix, the host and the names of credential parameters. All output goes through one trait ([`sink::Sink`]), so the
//! same code measures, sends, hashes and explains it.

pub(crate) mod canonical_headers;
pub(crate) mod canonical_query;
pub(crate) mod canonical_request;
pub(crate) mod digest;
pub(crate) mod hmac;
pub(crate) mod order;
pub(crate) mod pairs;
pub(crate) mod scope;
pub(crate) mod signing_key;
pub(crate) mod sink;
pub(crate) mod string_to_sign;
#[cfg(test)]
mod suite;
#[cfg(test)]
#[cfg(feature = "sigv4a")]
mod suite_v4a;
pub(crate) mod uri_encode;
#[cfg(feature = "sigv4a")]
pub(crate) mod v4a;

/// The payload hash of a request whose body is not known at signing time.
pub(crate) const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
