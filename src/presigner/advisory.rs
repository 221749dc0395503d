//! Requests that are valid but questionable.

use super::Presigner;
use crate::credentials::{Resolved, is_temporary_id};
use crate::method::Method;
use crate::text::has_prefix;
use crate::timestamp::Timestamp;
use crate::values::rule_of;

/// A property of a request that is valid but probably not what you want, from [`Presigner::advisories`].
///
/// `Display` writes a sentence that explains it.
///
/// # Examples
/// See [`Presigner::advisories`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Advisory {
    /// The endpoint uses `http`.
    #[error(
        "the endpoint uses plain HTTP: anyone who sees the request can use the URL until it expires"
    )]
    InsecureEndpoint,
    /// The endpoint belongs to AWS, but the region does not look like an AWS region, such as `auto`, `undefined` or
    /// `aws-cn-global`.
    #[error("the region does not look like an AWS region; for another store, set its endpoint")]
    UnlikelyRegion,
    /// The bucket name contains a dot, so the URL uses path style.
    #[error(
        "the bucket name contains a dot, which TLS certificates do not cover, so the URL uses path style"
    )]
    DottedBucket,
    /// The legacy global endpoint is used for a region other than us-east-1.
    #[error(
        "the global endpoint may redirect, and regions launched after March 20, 2019 reject it"
    )]
    GlobalEndpoint,
    /// The endpoint's host starts with the bucket name, or its path ends with it, and the URL repeats the name.
    #[error("the endpoint already contains the bucket name, so the URL would contain it twice")]
    BucketInEndpoint,
    /// The bucket name precedes an endpoint host without a domain, or with a local one.
    #[error("a bucket name in front of a local host usually does not resolve; use path style")]
    UnresolvableHost,
    /// The host belongs to a multi-region access point, but the signature is for one region.
    #[error(
        "a multi-region access point accepts only Signature Version 4A; use its ARN or a region set"
    )]
    OneRegionAtMultiRegionHost,
    /// The endpoint's host names a different region from the bucket's.
    #[error(
        "the endpoint is in a different region from the bucket; S3 and some other stores refuse signatures for another region"
    )]
    EndpointInOtherRegion,
    /// The key has a `.` or `..` segment.
    #[error("browsers and most HTTP clients resolve . and .. segments and request another object")]
    DotSegments,
    /// The key has empty segments.
    #[error("some proxies replace // in a path with / and request another object")]
    EmptySegments,
    /// The key contains `*`.
    #[error(
        "* in a key is an ordinary character: the URL is for one object, not for all that match"
    )]
    WildcardInKey,
    /// The key looks percent-encoded already, like keys in S3's event notifications.
    #[error(
        "the key looks percent-encoded already and is encoded again; decode keys from event notifications and URLs first"
    )]
    EncodedKey,
    /// The URL is valid for longer than the S3 console allows.
    #[error("the URL is valid for {seconds} s; the S3 console allows at most 12 hours")]
    LongLived {
        /// The expiry, in seconds.
        seconds: u32,
    },
    /// The credentials expire before the URL's own expiry.
    #[error(
        "the credentials expire at {at}, before the URL's own expiry, and the URL stops working then"
    )]
    CredentialsExpireFirst {
        /// When the credentials expire.
        at: Timestamp,
    },
    /// The access key ID is one of temporary credentials, but the session token is missing.
    #[error(
        "access key IDs that start with ASIA are temporary and do not work without their session token"
    )]
    MissingToken,
    /// The credentials are temporary, and their expiration is not known.
    #[error(
        "the credentials are temporary, but their expiration is unknown; the URL stops working when they expire"
    )]
    UnknownExpiration,
    /// An upload's content type is not signed.
    #[error("the content type is not signed, so the sender can upload any type")]
    ContentTypeNotBound,
    /// A checksum is in the query, where S3 does not enforce it.
    #[error("S3 does not enforce a checksum in the query; sign it as a header")]
    ChecksumNotBound,
    /// Object lock is set without a checksum of the body, which S3 requires.
    #[error("S3 rejects object lock without a signed checksum or content-md5")]
    LockWithoutChecksum,
    /// A signed header is one that clients or proxies set or change automatically.
    #[error(
        "clients and proxies often change the header {name}, and then the signature does not match"
    )]
    UnstableHeader {
        /// Its name.
        name: &'static str,
    },
    /// A signed header value is not ASCII.
    #[error("a signed header value is not ASCII; some clients cannot send it unchanged")]
    NonAsciiHeader,
    /// A `response-` parameter contains characters that a header cannot carry.
    #[error(
        "S3 rejects response headers with characters outside ISO 8859-1; for a file name, use filename*=UTF-8''..."
    )]
    NonLatinResponse,
    /// S3 does not use a header or parameter in this kind of request, such as `prefix` with `DELETE`.
    #[error("S3 does not use {name} in this request")]
    Unused {
        /// Its name.
        name: &'static str,
    },
    /// The sender must know the customer's encryption key.
    #[error("the sender must send the customer's encryption key, a secret, with the request")]
    SenderNeedsKey,
}

/// The maximum expiry in the S3 console, in seconds.
const CONSOLE: u32 = 43_200;

/// Headers that clients and proxies change: RFC 9110, 7.6.1, and those that load balancers add.
const UNSTABLE: [&str; 12] = [
    "accept-encoding",
    "connection",
    "expect",
    "forwarded",
    "keep-alive",
    "te",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-amzn-trace-id",
    "x-forwarded-for",
];

/// # Advisories
impl Presigner<'_> {
    /// Reports what is valid but questionable about a URL signed at `at`. What is invalid is an error when signing.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// let now = Timestamp::from_unix(1_369_353_600);
    /// let credentials = Credentials::new("ASIAEXAMPLE", "secret").session_token("token");
    /// let minio = Bucket::new("media", "us-east-1")?.endpoint("http://127.0.0.1:9000")?;
    ///
    /// for advisory in Presigner::put(&credentials, &minio, "logs/a.txt").advisories(now) {
    ///     println!("{advisory}");
    /// }
    /// // the endpoint uses plain HTTP: anyone who sees the request can use the URL until it expires
    /// // the credentials are temporary, but their expiration is unknown; the URL stops working when they expire
    /// // the content type is not signed, so the sender can upload any type
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn advisories(&self, at: impl Into<Timestamp>) -> impl Iterator<Item = Advisory> {
        let at = at.into();
        let place = self.bucket.advisories();
        let key = self.key.unwrap_or_default();
        let folders = key.strip_suffix('/').unwrap_or(key); // a slash at the end creates a folder
        let segment = |wanted: &[&str]| key.split('/').any(|segment| wanted.contains(&segment));
        let resolved = self.identity.resolve(self.bucket, at).ok();
        let signer = resolved.as_ref().map(Resolved::signer);
        let times = signer.and_then(|signer| self.lifetime.at(at, &signer).ok());
        let (seconds, end, ends_first) = times.map_or((0, at, false), |times| {
            let life = times
                .end
                .as_unix()
                .saturating_sub(times.signed_at.as_unix());
            (times.expires, times.end, life < i64::from(times.expires))
        });
        let headers = || self.values.entries(true).map(|(_, _, header)| header);
        let parameters = || {
            self.values
                .entries(false)
                .map(|(_, _, parameter)| parameter)
        };
        let header = |name: &'static str| headers().any(|header| header.name.is(name));
        let unstable = UNSTABLE.into_iter().find(|name| header(name));
        // A copy has the content type of its source, unless the metadata is replaced.
        let copied = header("x-amz-copy-source")
            && !headers().any(|header| {
                header.name.is("x-amz-metadata-directive")
                    && header.value.read(|value| value.contains("REPLACE"))
            });
        // Other parameters turn it into another request: a part, tags.
        let upload = self.key.is_some()
            && self.method == Method::Put
            && !copied
            && parameters()
                .all(|pair| pair.name.is("x-id") || has_prefix(pair.name.rest, "x-amz-"));
        let checksum = parameters().any(|pair| {
            has_prefix(pair.name.rest, "x-amz-checksum-") && !pair.name.is("x-amz-checksum-mode")
        });
        let locked = headers().any(|header| has_prefix(header.name.rest, "x-amz-object-lock-"));
        let summed = headers().any(|header| {
            header.name.is("content-md5")
                || header.name.is("x-amz-sdk-checksum-algorithm")
                || has_prefix(header.name.rest, "x-amz-checksum-")
        });
        let latin = |value: &str| value.chars().all(|c| u32::from(c) < 0x100);
        let responses = || parameters().filter(|pair| pair.name.rest.starts_with("response-"));
        let temporary = signer.is_some_and(|signer| {
            signer.session_token().is_some() && signer.expiration().is_none()
        });
        let without_token = signer.is_some_and(|signer| {
            signer.session_token().is_none() && is_temporary_id(signer.access_key_id())
        });
        [
            place.insecure.then_some(Advisory::InsecureEndpoint),
            place.unlikely_region.then_some(Advisory::UnlikelyRegion),
            place.dotted.then_some(Advisory::DottedBucket),
            place.global.then_some(Advisory::GlobalEndpoint),
            place.twice.then_some(Advisory::BucketInEndpoint),
            place.unresolvable.then_some(Advisory::UnresolvableHost),
            place
                .one_region
                .then_some(Advisory::OneRegionAtMultiRegionHost),
            place
                .other_region
                .then_some(Advisory::EndpointInOtherRegion),
            segment(&[".", ".."]).then_some(Advisory::DotSegments),
            (!key.is_empty() && folders.split('/').any(str::is_empty))
                .then_some(Advisory::EmptySegments),
            key.contains('*').then_some(Advisory::WildcardInKey),
            is_encoded(key).then_some(Advisory::EncodedKey),
            (seconds > CONSOLE).then_some(Advisory::LongLived { seconds }),
            ends_first.then_some(Advisory::CredentialsExpireFirst { at: end }),
            without_token.then_some(Advisory::MissingToken),
            temporary.then_some(Advisory::UnknownExpiration),
            (upload && !header("content-type")).then_some(Advisory::ContentTypeNotBound),
            checksum.then_some(Advisory::ChecksumNotBound),
            (locked && !summed).then_some(Advisory::LockWithoutChecksum),
            unstable.map(|name| Advisory::UnstableHeader { name }),
            headers()
                .any(|header| !header.value.read(str::is_ascii))
                .then_some(Advisory::NonAsciiHeader),
            responses()
                .any(|pair| !pair.value.read(latin))
                .then_some(Advisory::NonLatinResponse),
            header("x-amz-server-side-encryption-customer-key").then_some(Advisory::SenderNeedsKey),
        ]
        .into_iter()
        .flatten()
        .chain(self.unused())
    }

    /// Returns headers and parameters that S3 does not read in this request.
    fn unused(&self) -> impl Iterator<Item = Advisory> {
        let entries = self.values.entries(true).chain(self.values.entries(false));
        entries.filter_map(|(_, row, pair)| {
            let row = rule_of(row, &pair)?;
            let read = row.is_read_by(self.method, self.key.is_some());
            (!read).then_some(Advisory::Unused { name: row.name() })
        })
    }
}

/// Whether a text contains an escape, such as `%20`.
fn is_encoded(text: &str) -> bool {
    let mut triples = text.as_bytes().windows(3);
    triples.any(
        |triple| matches!(triple, [b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()),
    )
}
