//! The parts of a request, as they were received.

use percent_encoding::percent_decode_str;

use super::{HeaderName, Rejection, Request};
use crate::rules::{Place, Row, find, is_payload_hash};
use crate::sigv4::UNSIGNED_PAYLOAD;
use crate::sigv4::canonical_headers::is_token;
use crate::sigv4::canonical_request::{CanonicalRequest, PutQuery};
use crate::sigv4::order;
use crate::sigv4::scope::{Algorithm, Scope};
use crate::sigv4::sink::Sink;
use crate::sigv4::string_to_sign::{Start, StringToSign};
use crate::sigv4::uri_encode::{is_encoded, is_utf8};
use crate::text::has_prefix;
use crate::timestamp::{Stamp, Timestamp};

mod headers;

use headers::{MAX_HEADERS, ReceivedHeaders, UNSIGNED, check_signed_headers, names};

/// The authentication parameters of a request, each present once and well-formed.
pub(crate) struct Received<'r> {
    pub(crate) algorithm: Algorithm,
    pub(crate) credential: &'r str,
    pub(crate) stamp: Stamp,
    pub(crate) signed_at: Timestamp,
    pub(crate) expires: u32,
    region_set: Option<&'r str>,
    pub(crate) session_token: Option<&'r str>,
    /// Whether the token belongs to a session with a directory bucket.
    pub(super) has_s3_session: bool,
    /// The payload hash, if it is a parameter.
    content_sha256: Option<&'r str>,
    pub(crate) signed_headers: &'r str,
    pub(crate) signature: &'r str,
    pub(crate) query: ReceivedQuery<'r>,
}

/// The names, in the order of [`Parameters`].
pub(crate) const NAMES: [&str; 9] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-S3session-Token",
    "X-Amz-Security-Token",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

/// The maximum length of a query, in bytes.
const MAX_QUERY: usize = u16::MAX as usize;

const CONTENT_SHA256: &str = "X-Amz-Content-Sha256";

const DUPLICATE_HASH: Rejection = Rejection::DuplicateParameter {
    name: CONTENT_SHA256,
};

impl<'r> Received<'r> {
    pub(crate) fn parse(request: &Request<'r>) -> Result<Self, Rejection> {
        if request.query().len() > MAX_QUERY {
            return Err(Rejection::QueryTooLong);
        }
        if request.fields().nth(MAX_HEADERS).is_some() {
            return Err(Rejection::TooManyHeaders);
        }
        if !is_encoded(request.path().as_bytes(), true)
            || !request.path().starts_with('/')
            || !is_utf8(percent_decode_str(request.path()))
        {
            return Err(Rejection::NotCanonical);
        }
        if request
            .fields()
            .any(|(name, _)| name.eq_ignore_ascii_case("authorization"))
        {
            return Err(Rejection::TwoAuthentications);
        }
        let (mut found, mut content_sha256) = ([None; NAMES.len()], None);
        let query = Some(request.query()).filter(|query| !query.is_empty());
        for (name, value) in query.into_iter().flat_map(pairs) {
            if name.is_empty()
                || !is_encoded(name.as_bytes(), false)
                || !is_encoded(value.as_bytes(), false)
            {
                return Err(Rejection::NotCanonical);
            }
            if matches!(name, "AWSAccessKeyId" | "Signature") {
                return Err(Rejection::TwoAuthentications); // of Signature Version 2
            }
            if name.eq_ignore_ascii_case(CONTENT_SHA256) && content_sha256.replace(value).is_some()
            {
                return Err(DUPLICATE_HASH);
            }
            let known = NAMES
                .into_iter()
                .zip(&mut found)
                .find(|(known, _)| known.eq_ignore_ascii_case(name));
            if let Some((known, slot)) = known {
                if known != name || slot.replace(value).is_some() {
                    return Err(Rejection::DuplicateParameter { name: known });
                }
            }
        }
        let [
            algorithm,
            credential,
            date,
            expires,
            region_set,
            s3_session,
            security,
            signed_headers,
            signature,
        ] = found;
        let require =
            |value: Option<&'r str>, name| value.ok_or(Rejection::MissingParameter { name });

        let algorithm = Algorithm::from_name(require(algorithm, "X-Amz-Algorithm")?)
            .ok_or(Rejection::UnknownAlgorithm)?;
        let credential = require(credential, "X-Amz-Credential")?;
        let date = require(date, "X-Amz-Date")?;
        let (stamp, signed_at) = Stamp::parse(date).ok_or(Rejection::MalformedDate)?;
        let expires = parse_expires(require(expires, "X-Amz-Expires")?)?;
        let signed_headers = require(signed_headers, "X-Amz-SignedHeaders")?;
        let signature = require(signature, "X-Amz-Signature")?;
        if algorithm.has_region_set() {
            require(region_set, "X-Amz-Region-Set")?;
        }
        if s3_session.is_some() && security.is_some() {
            return Err(Rejection::DuplicateParameter {
                name: "X-Amz-Security-Token",
            });
        }
        check_signed_headers(signed_headers)?;
        let is_lower_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if !algorithm.signature_lengths().contains(&signature.len())
            || !signature.bytes().all(is_lower_hex)
        {
            return Err(Rejection::MalformedSignature);
        }
        let query = ReceivedQuery::sort(request.query())?;
        Ok(Self {
            algorithm,
            credential,
            stamp,
            signed_at,
            expires,
            region_set,
            session_token: s3_session.or(security),
            has_s3_session: s3_session.is_some(),
            content_sha256,
            signed_headers,
            signature,
            query,
        })
    }

    /// The URL's own expiry, without that of the credentials.
    pub(crate) fn expires_at(&self) -> Timestamp {
        let signed_at = self.signed_at.as_unix();
        Timestamp::from_unix(signed_at.saturating_add(self.expires.into()))
    }

    /// The names in the region set, still encoded.
    pub(crate) fn region_set(&self) -> impl Iterator<Item = &'r str> {
        self.region_set.unwrap_or_default().split("%2C")
    }

    /// Checks that every signed header is present, every name is valid, and every `x-amz-` header is signed.
    pub(crate) fn check_headers(&self, request: &Request<'r>) -> Result<(), Rejection> {
        let headers = ReceivedHeaders::new(self.signed_headers, request);
        for (place, name) in names(self.signed_headers).enumerate() {
            if name.is("host") {
                continue;
            }
            let mut values = headers.values(place).peekable();
            let is_missing = values.peek().is_none();
            let is_text = values.all(|value| value.is_some());
            if !is_missing && is_text {
                continue;
            }
            let name = HeaderName::from_bytes(name.bytes());
            return Err(if is_missing {
                Rejection::SignedHeaderMissing { name }
            } else {
                Rejection::HeaderNotText { name }
            });
        }
        let (mut lengths, mut has_coding) = (0_u32, false);
        for ((sent, value), place) in request.fields().zip(headers.places) {
            let name = || HeaderName::from_bytes(sent.bytes());
            if sent.is_empty() || !sent.bytes().all(is_token) {
                return Err(Rejection::MalformedHeaderName { name: name() });
            }
            if has_prefix(sent, "x-amz-") && place == UNSIGNED {
                return Err(Rejection::HeaderNotSigned { name: name() });
            }
            has_coding |= sent.eq_ignore_ascii_case("transfer-encoding");
            if sent.eq_ignore_ascii_case("content-length") {
                // A signed value is checked with the other values.
                let value = value.unwrap_or_default().trim_matches([' ', '\t']);
                let is_number =
                    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                lengths += if is_number || place != UNSIGNED { 1 } else { 2 };
            }
        }
        if lengths > 1 || lengths == 1 && has_coding {
            return Err(Rejection::TwoLengths);
        }
        for hash in [self.content_sha256, content_sha256(request)]
            .into_iter()
            .flatten()
        {
            if hash != UNSIGNED_PAYLOAD && !is_payload_hash(hash.bytes()) {
                return Err(Rejection::MalformedPayloadHash);
            }
            if self.payload_hash(request) != Some(hash) {
                return Err(DUPLICATE_HASH);
            }
        }
        Ok(())
    }

    /// Refuses values that were signed but that S3 does not accept.
    pub(crate) fn check_values(&self, request: &Request<'r>) -> Result<(), Rejection> {
        let headers = ReceivedHeaders::new(self.signed_headers, request);
        let signed = request.fields().zip(headers.places);
        for ((name, value), _) in signed.filter(|(_, place)| *place != UNSIGNED) {
            let value = value.unwrap_or_default().trim_matches([' ', '\t']);
            check_value(find(Place::Header, name), value.bytes())?;
        }
        for (name, value) in pairs(request.query()) {
            check_value(find(Place::Query, name), percent_decode_str(value))?;
        }
        Ok(())
    }

    /// The payload hash named by the request. As at AWS and MinIO, a parameter is signed too.
    pub(crate) fn payload_hash(&self, request: &Request<'r>) -> Option<&'r str> {
        self.content_sha256.or_else(|| content_sha256(request))
    }

    /// Calls `read` with the canonical request.
    pub(crate) fn with_canonical_request<R>(
        &self,
        request: &Request<'r>,
        read: impl FnOnce(&CanonicalRequest<'_, ReceivedQuery<'r>, ReceivedHeaders<'r>>) -> R,
    ) -> R {
        read(&CanonicalRequest {
            method: request.method(),
            uri: request.path().as_bytes(),
            query: &self.query,
            host: request.host().as_bytes(),
            headers: &ReceivedHeaders::new(self.signed_headers, request),
            payload_hash: self
                .payload_hash(request)
                .unwrap_or(UNSIGNED_PAYLOAD)
                .as_bytes(),
        })
    }

    pub(crate) fn string_to_sign<'s>(
        &self,
        request: &Request<'r>,
        scope: &Scope<'s>,
    ) -> StringToSign<'s> {
        let canonical_request_hash =
            self.with_canonical_request(request, |canonical_request| canonical_request.hash());
        StringToSign {
            start: Start {
                stamp: self.stamp,
                scope: *scope,
                written: None,
            },
            canonical_request_hash,
        }
    }
}

/// The header `x-amz-content-sha256`.
fn content_sha256<'r>(request: &Request<'r>) -> Option<&'r str> {
    let mut headers = request.headers();
    let hash = headers.find(|(name, _)| name.eq_ignore_ascii_case(CONTENT_SHA256));
    hash.map(|(_, hash)| hash.trim_matches([' ', '\t']))
}

fn check_value(row: Option<Row>, value: impl Iterator<Item = u8> + Clone) -> Result<(), Rejection> {
    match row.filter(|row| !row.is_reserved()) {
        Some(row) => row
            .check_bytes(value)
            .map_err(|_| Rejection::InvalidValue { name: row.name() }),
        None => Ok(()),
    }
}

fn parse_expires(text: &str) -> Result<u32, Rejection> {
    if !text.bytes().all(|byte| byte.is_ascii_digit())
        || text.is_empty()
        || (text.len() > 1 && text.starts_with('0'))
    {
        return Err(Rejection::MalformedExpires);
    }
    let seconds = text.parse().unwrap_or(u64::MAX);
    u32::try_from(seconds)
        .ok()
        .filter(|seconds| (1..=604_800).contains(seconds))
        .ok_or(Rejection::ExpiryOutOfRange { seconds })
}

/// Names and values; a name alone has an empty value.
fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// The parameters except the signature, in the order in which they are signed.
pub(crate) struct ReceivedQuery<'r> {
    query: &'r str,
    len: usize,
    /// The position in the query at which each pair starts.
    order: [u16; MAX_PARAMETERS],
}

/// The maximum number of parameters: as many as signing allows, plus its own.
const MAX_PARAMETERS: usize = order::MAX + NAMES.len();

impl<'r> ReceivedQuery<'r> {
    fn sort(query: &'r str) -> Result<Self, Rejection> {
        let mut end = 0;
        let starts = query.split('&').filter_map(|pair| {
            let start = end;
            end += pair.len() + 1;
            (!pair.starts_with("X-Amz-Signature=")).then_some(start as u16) // at most its length
        });
        let mut order = [0; MAX_PARAMETERS];
        let sorted = order::fill(&mut order, starts).ok_or(Rejection::QueryTooLong)?;
        order::sort(sorted, |a, b| pair_at(query, a) < pair_at(query, b));
        let len = sorted.len();
        Ok(Self { query, len, order })
    }
}

fn pair_at(query: &str, start: u16) -> Option<(&str, &str)> {
    pairs(query.get(usize::from(start)..)?).next()
}

impl PutQuery for ReceivedQuery<'_> {
    fn put(&self, sink: &mut impl Sink) {
        for (at, start) in self.order.iter().take(self.len).enumerate() {
            let Some((name, value)) = pair_at(self.query, *start) else {
                return;
            };
            if at > 0 {
                sink.put(b"&");
            }
            for piece in [name, "=", value] {
                sink.put(piece.as_bytes());
            }
        }
    }
}
