//! A presigned request as a server gets it.

use presign::verify::{Rejection, Request, Verifier};
use presign::{Credentials, Timestamp};

use crate::case::Case;

/// A request, its arrival time, and what the server knows and allows.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The method.
    pub method: String,
    /// The URL, as the client wrote it.
    pub url: String,
    /// The headers besides `Host`.
    pub headers: Vec<(String, String)>,
    /// The arrival time in Unix seconds.
    pub now: i64,
    /// The one access key ID that is known.
    pub access_key_id: String,
    /// Its secret access key.
    pub secret_access_key: String,
    /// The session token that was issued with it.
    pub session_token: Option<String>,
    /// When the credentials expire, in Unix seconds.
    pub credentials_end: Option<i64>,
    /// The regions that are allowed.
    pub regions: Option<Vec<String>>,
    /// The services that are allowed.
    pub services: Option<Vec<String>>,
    /// How many seconds old a signature may be.
    pub max_age: Option<u64>,
    /// How many seconds a signing time may be ahead.
    pub clock_tolerance: u64,
}

/// The result for an accepted request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The access key ID.
    pub access_key_id: String,
    /// The region; empty if SigV4a signed for a region set.
    pub region: String,
    /// The service.
    pub service: String,
    /// The names of the signed headers, decoded.
    pub signed_headers: Vec<String>,
    /// The required payload hash.
    pub payload_hash: String,
    /// The signing time in Unix seconds.
    pub signed_at: i64,
    /// When it expires, in Unix seconds.
    pub expires_at: i64,
}

impl Arrival {
    /// The request of a case, in its first second, at a server with S3's rules only.
    pub fn new(case: &Case, url: String) -> Self {
        Self {
            method: case.method.as_str().to_owned(),
            url,
            headers: case.headers.clone(),
            now: case.time,
            access_key_id: case.access_key_id.clone(),
            secret_access_key: case.secret_access_key.clone(),
            session_token: case.session_token.clone(),
            credentials_end: None,
            regions: None,
            services: None,
            max_age: None,
            clock_tolerance: 900,
        }
    }

    /// The result of the library's verifier.
    ///
    /// # Errors
    /// The reason for a refusal.
    pub fn verify(&self) -> Result<Accepted, Rejection> {
        let headers = pairs(&self.headers);
        let (regions, services) = (texts(&self.regions), texts(&self.services));
        let mut verifier = Verifier::new().clock_tolerance(self.clock_tolerance);
        if let Some(regions) = &regions {
            verifier = verifier.regions(regions);
        }
        if let Some(services) = &services {
            verifier = verifier.services(services);
        }
        if let Some(seconds) = self.max_age {
            verifier = verifier.max_age(seconds);
        }
        let mut credentials = Credentials::new(&self.access_key_id, &self.secret_access_key);
        if let Some(token) = &self.session_token {
            credentials = credentials.session_token(token);
        }
        if let Some(end) = self.credentials_end {
            credentials = credentials.expiration(Timestamp::from_unix(end));
        }
        let request = Request::new(&self.method, &self.url, &headers)?;
        let verified = verifier.verify(&request, Timestamp::from_unix(self.now), |id| {
            (id == self.access_key_id).then_some(credentials)
        })?;
        let decoded = |name| {
            percent_encoding::percent_decode_str(name)
                .decode_utf8_lossy()
                .into_owned()
        };
        Ok(Accepted {
            access_key_id: verified.access_key_id().to_owned(),
            region: verified.region().to_owned(),
            service: verified.service().to_owned(),
            signed_headers: verified.signed_headers().map(decoded).collect(),
            payload_hash: verified.payload_hash().to_owned(),
            signed_at: verified.signed_at().as_unix(),
            expires_at: verified.expires_at().as_unix(),
        })
    }
}

fn texts(texts: &Option<Vec<String>>) -> Option<Vec<&str>> {
    let texts = texts.as_ref()?;
    Some(texts.iter().map(String::as_str).collect())
}

/// The same pairs, borrowed.
pub(crate) fn pairs(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect()
}
