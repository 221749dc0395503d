//! Builds the request for a URL that an SDK created, with this library.

use core::fmt;
use core::time::Duration;

use presign::{Bucket, Credentials, Error, Identity, Method, Presigner, Timestamp};
use serde_json::Value;

use super::parts::Parts;

/// The result of building a URL.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The request as recorded produces the URL.
    Given,
    /// The request produces the URL after these changes.
    Asked(Vec<&'static str>),
    /// Refused, with this error.
    Refused(String),
    /// No address that the library can express is that of the URL.
    OtherAddress,
    /// The address is written differently, and the signature is the same.
    OtherSpelling,
    /// The address is the same, and the signature differs.
    OtherSignature,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given => f.write_str("as given"),
            Self::Asked(changes) => f.write_str(&changes.join(", ")),
            Self::Refused(error) => f.write_str(error),
            Self::OtherAddress => f.write_str("other address"),
            Self::OtherSpelling => f.write_str("same signature"),
            Self::OtherSignature => f.write_str("other signature"),
        }
    }
}

/// The variant of an error.
pub(crate) fn variant(error: Error) -> String {
    let debug = format!("{error:?}");
    debug.split([' ', '(']).next().unwrap().to_owned()
}

/// Access key ID, secret access key and session token.
pub(crate) type Secrets<'c> = (&'c str, &'c str, Option<&'c str>);

/// What to request from this library.
#[derive(Clone)]
pub(crate) struct Asking<'c> {
    pub(crate) method: String,
    pub(crate) secrets: Secrets<'c>,
    pub(crate) region: &'c str,
    pub(crate) bucket: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) address: Address,
    pub(crate) at: Timestamp,
    pub(crate) expires: Option<u64>,
    pub(crate) dot_segments: bool,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    /// For Signature Version 4A.
    #[cfg(feature = "sigv4a")]
    pub(crate) region_set: Option<String>,
}

#[derive(Clone, Default, PartialEq)]
pub(crate) struct Address {
    pub(crate) endpoint: Option<String>,
    pub(crate) path_style: bool,
    pub(crate) accelerate: bool,
    pub(crate) dual_stack: bool,
    pub(crate) fips: bool,
    pub(crate) global: bool,
}

impl Asking<'_> {
    /// Signs with credentials and with a signing key, into a new text and into a buffer; all results must be equal.
    pub(crate) fn sign(&self) -> Result<String, Error> {
        let method: Method = self.method.parse()?;
        let credentials = self.credentials();
        let bucket = self.bucket()?;
        let (query, headers) = (as_str(&self.query), as_str(&self.headers));
        let sign = |identity: Identity<'_>| -> Result<String, Error> {
            let mut presigner = match &self.key {
                Some(key) => Presigner::new(method, identity, &bucket, key),
                None => Presigner::bucket(method, identity, &bucket),
            };
            presigner = presigner.query(&query).headers(&headers);
            if let Some(expires) = self.expires {
                presigner = presigner.expires_in(Duration::from_secs(expires));
            }
            if self.dot_segments {
                presigner = presigner.allow_dot_segments();
            }
            let url = presigner.sign_at(self.at)?.into_string();
            // The buffer needs room for the longest Signature Version 4A.
            let more = if url.contains("=AWS4-ECDSA-") { 8 } else { 0 };
            let mut buffer = vec![0; url.len() + more];
            assert_eq!(presigner.sign_into(self.at, &mut buffer), Ok(url.as_str()));
            Ok(url)
        };
        let url = sign((&credentials).into())?;
        let key = credentials.signing_key(&bucket, self.at)?;
        assert_eq!(sign((&key).into()).as_ref(), Ok(&url));
        Ok(url)
    }

    pub(crate) fn credentials(&self) -> Credentials<'_> {
        let (id, secret, token) = self.secrets;
        let credentials = Credentials::new(id, secret);
        match token {
            Some(token) if self.has_session() => credentials.express_session_token(token),
            Some(token) => credentials.session_token(token),
            None => credentials,
        }
    }

    /// Tokens of requests to directory buckets are session tokens.
    fn has_session(&self) -> bool {
        self.bucket
            .as_deref()
            .is_some_and(|name| name.ends_with("--x-s3") || name.ends_with("--xa-s3"))
    }

    fn bucket(&self) -> Result<Bucket<'_>, Error> {
        let mut bucket = match &self.bucket {
            Some(name) => Bucket::new(name, self.region)?,
            None => Bucket::service(self.region)?,
        };
        let address = &self.address;
        if let Some(endpoint) = &address.endpoint {
            bucket = bucket.endpoint(endpoint)?;
        }
        if address.path_style {
            bucket = bucket.path_style();
        }
        if address.accelerate {
            bucket = bucket.accelerate();
        }
        if address.dual_stack {
            bucket = bucket.dual_stack();
        }
        if address.fips {
            bucket = bucket.fips();
        }
        if address.global {
            bucket = bucket.global_endpoint();
        }
        #[cfg(feature = "sigv4a")]
        if let Some(regions) = &self.region_set {
            bucket = bucket.region_set(regions)?;
        }
        Ok(bucket)
    }

    /// Applies what a URL shows, except for its address.
    pub(crate) fn show(&mut self, row: &Value, expected: &Parts) {
        if let Some(method) = row["method"].as_str() {
            self.method = method.to_owned();
        }
        let expires = expected.parameter("X-Amz-Expires").unwrap();
        self.expires = Some(expires.parse().unwrap());
        self.query = expected.asked();
        #[cfg(feature = "sigv4a")]
        {
            self.region_set = expected.parameter("X-Amz-Region-Set").map(str::to_owned);
        }
        let tokens = ["X-Amz-Security-Token", "X-Amz-S3session-Token"];
        if tokens.iter().all(|name| expected.parameter(name).is_none()) {
            self.secrets.2 = None;
        }
        // Some SDKs use a bucket's name up to the first slash.
        let name = self.bucket.clone().unwrap_or_default();
        let split = name.split_once('/').filter(|_| !name.starts_with("arn:"));
        if let Some((bucket, prefix)) = split {
            let key = self.key.iter().map(|key| format!("{prefix}/{key}")).next();
            (self.bucket, self.key) = (Some(bucket.to_owned()), key);
        }
        let mut segments = self.key.iter().flat_map(|key| key.split('/'));
        self.dot_segments = segments.any(|segment| matches!(segment, "." | ".."));

        let signed = expected.parameter("X-Amz-SignedHeaders").unwrap();
        let mut headers = Vec::new();
        for name in signed.split(';').filter(|name| *name != "host") {
            let mut values = self.headers.clone();
            values.retain(|(given, _)| given.eq_ignore_ascii_case(name));
            // Values that are neither recorded nor sent are in the query and signed as a header.
            let not_given = expected.parameter(name).filter(|_| values.is_empty());
            if let Some(value) = row["sends"][name].as_str().or(not_given) {
                values = vec![(name.to_owned(), value.to_owned())];
            }
            headers.extend(values);
        }
        self.headers = headers;
    }

    /// The possible addresses of the URL: as recorded, with fewer of the recorded settings, in path style, at the
    /// global endpoint, and at an endpoint that is the URL's host.
    pub(crate) fn addresses(&self, expected: &Parts) -> Vec<Address> {
        let given = &self.address;
        let mut addresses = vec![given.clone()];
        for dropped in 1..16 {
            let keep = |bit: u8, set: bool| set && dropped & bit == 0;
            addresses.push(Address {
                accelerate: keep(1, given.accelerate),
                path_style: keep(2, given.path_style),
                fips: keep(4, given.fips),
                dual_stack: keep(8, given.dual_stack),
                ..given.clone()
            });
        }
        let path_style = |address: Address| Address {
            path_style: true,
            ..address
        };
        let global = Address {
            global: true,
            ..Address::default()
        };
        addresses.extend([
            path_style(given.clone()),
            global.clone(),
            path_style(global),
        ]);

        let host = expected.host.as_str();
        let bucket = self.bucket.as_deref().unwrap_or_default();
        let without_bucket = host
            .strip_prefix(bucket)
            .and_then(|host| host.strip_prefix('.'));
        let virtual_hosted = without_bucket.map(|host| (host, false));
        for (host, path_style) in virtual_hosted.into_iter().chain([(host, true)]) {
            let at = |prefix: &str| Address {
                endpoint: Some(format!("{}://{host}{prefix}", expected.scheme)),
                path_style,
                ..Address::default()
            };
            addresses.push(at(""));
            // The part of the path before bucket and key.
            let mut asking = self.clone();
            asking.address = at("");
            let ours = asking.sign().ok().and_then(|url| Parts::new(&url));
            let prefix = ours.and_then(|ours| expected.path.strip_suffix(&ours.path));
            addresses.extend(prefix.map(at));
        }
        addresses
    }

    /// The changes to the recorded request.
    pub(crate) fn since(&self, given: &Self) -> Outcome {
        let by_name = |pairs: &[(String, String)]| {
            let mut pairs = pairs.to_vec();
            pairs
                .iter_mut()
                .for_each(|(name, _)| name.make_ascii_lowercase());
            pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
            pairs
        };
        let sorted = |pairs: &[(String, String)]| {
            let mut pairs = pairs.to_vec();
            pairs.sort();
            pairs
        };
        let named = |asking: &Self| (asking.bucket.clone(), asking.key.clone());
        let changes = [
            ("method", self.method != given.method),
            ("credentials", self.secrets != given.secrets),
            ("bucket and key", named(self) != named(given)),
            ("address", self.address != given.address),
            (
                "expiry",
                self.expires.unwrap_or(900) != given.expires.unwrap_or(900),
            ),
            ("dot segments", self.dot_segments != given.dot_segments),
            ("query", sorted(&self.query) != sorted(&given.query)),
            ("headers", by_name(&self.headers) != by_name(&given.headers)),
        ];
        let changes = changes.into_iter().filter(|(_, changed)| *changed);
        let changes: Vec<_> = changes.map(|(what, _)| what).collect();
        if changes.is_empty() {
            Outcome::Given
        } else {
            Outcome::Asked(changes)
        }
    }
}

pub(crate) fn as_str(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}
