//! Refuses requests that S3 refuses and s3s accepts, and keys that the store cannot store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::dto::PostObjectInput;
use s3s::host::{S3Host, VirtualHost};
use s3s::path::S3Path;
use s3s::region::Region;
use s3s::{S3Request, S3Result, s3_error};

use crate::{Account, Config};

/// A request that passed all checks of signature and access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The S3 operation, such as `GetObject`.
    pub operation: String,
    /// The bucket, from the host or the path.
    pub bucket: Option<String>,
    /// The object key, decoded.
    pub key: Option<String>,
}

/// The access hook. s3s calls it after it has verified the signature, and before the operation.
pub(crate) struct Gate {
    region: String,
    /// Indexed by access key ID.
    session_tokens: HashMap<String, String>,
    accepted: Arc<Mutex<Vec<Accepted>>>,
}

impl Gate {
    pub(crate) fn new(config: &Config<'_>, accepted: Arc<Mutex<Vec<Accepted>>>) -> Self {
        let tokens = config.accounts.iter().filter_map(|account| {
            let token = account.session_token?;
            Some((account.access_key_id.to_owned(), token.to_owned()))
        });
        Self {
            region: config.region.to_owned(),
            session_tokens: tokens.collect(),
            accepted,
        }
    }

    fn check(&self, request: &S3AccessContext<'_>) -> S3Result<()> {
        let Some(credentials) = request.credentials() else {
            return Err(s3_error!(AccessDenied, "the request is not signed"));
        };
        if request.s3_op().name() == FORM {
            return Ok(()); // its fields are only available in `check_form`
        }
        let issued = self.session_tokens.get(&credentials.access_key);
        let query = Query::parse(request.uri().query().unwrap_or_default());
        if request.headers().contains_key("authorization") {
            let text = "only presigned URLs are accepted, without other authentication";
            return Err(s3_error!(InvalidArgument, "{text}"));
        }
        let path = request.uri().path();
        if path != canonical_path(path) {
            // s3s also accepts a signature over the path as it was sent; S3 decodes and encodes the path first.
            let text = "the path is not percent-encoded as it is signed";
            return Err(s3_error!(SignatureDoesNotMatch, "{text}"));
        }
        self.check_parameters(&query)?;
        let signed = query.get("X-Amz-SignedHeaders").unwrap_or_default();
        let is_signed = |name: &str| signed.split(';').any(|signed| signed == name);
        let must_be_signed = |name: &str| name == "host" || name.starts_with("x-amz-");
        let mut names = request.headers().keys().map(|name| name.as_str());
        if names.any(|name| must_be_signed(name) && !is_signed(name)) {
            let text = "there were headers present in the request which were not signed";
            return Err(s3_error!(AccessDenied, "{text}"));
        }
        match (query.get("X-Amz-Security-Token"), issued) {
            (None, None) => Ok(()),
            (Some(given), Some(issued)) if given == issued => Ok(()),
            // In S3, temporary access keys do not exist without their token.
            (None, Some(_)) => Err(s3_error!(InvalidAccessKeyId)),
            (Some(_), _) => Err(s3_error!(InvalidToken)),
        }
    }

    /// Does the work of `check` for a form, after s3s has verified its signature and policy.
    fn check_form(&self, request: &S3Request<PostObjectInput>) -> S3Result<()> {
        let region = request.region.as_ref().map(Region::as_str);
        if (region, request.service.as_deref()) != (Some(&self.region), Some("s3")) {
            return Err(s3_error!(AuthorizationQueryParametersError));
        }
        let credentials = request.credentials.as_ref();
        if credentials.is_some_and(|known| self.session_tokens.contains_key(&known.access_key)) {
            // s3s exposes neither the form's token nor the policy, so accounts with a token cannot upload by form.
            return Err(s3_error!(NotImplemented, "session tokens in forms"));
        }
        Ok(())
    }

    fn check_parameters(&self, query: &Query) -> S3Result<()> {
        let malformed = |text| Err(s3_error!(AuthorizationQueryParametersError, "{text}"));
        let expires = query.get("X-Amz-Expires").unwrap_or_default();
        if !expires
            .parse()
            .is_ok_and(|seconds: u32| (1..=604_800).contains(&seconds))
        {
            return malformed("X-Amz-Expires must be from 1 to 604800".to_owned());
        }
        let credential = query.get("X-Amz-Credential").unwrap_or_default();
        let mut scope = credential.rsplit('/');
        for (part, right) in [
            ("terminator", "aws4_request"),
            ("service", "s3"),
            ("region", &self.region),
        ] {
            let given = scope.next().unwrap_or_default();
            if given != right {
                return malformed(format!(
                    "the {part} '{given}' is wrong; expecting '{right}'"
                ));
            }
        }
        Ok(())
    }

    fn accept(&self, operation: &str, bucket: Option<&str>, key: Option<&str>) -> S3Result<()> {
        let accepted = Accepted {
            operation: operation.to_owned(),
            bucket: bucket.map(str::to_owned),
            key: key.map(str::to_owned),
        };
        let mut log = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(accepted);
        drop(log);
        match bucket
            .zip(key)
            .and_then(|(bucket, key)| unstorable(bucket, key))
        {
            None => Ok(()),
            Some(reason) => Err(s3_error!(NotImplemented, "{reason}")),
        }
    }
}

/// The operation of an upload by form.
const FORM: &str = "PostObject";

#[async_trait::async_trait]
impl S3Access for Gate {
    async fn check(&self, request: &mut S3AccessContext<'_>) -> S3Result<()> {
        Self::check(self, request)?;
        let (bucket, key) = match request.s3_path() {
            S3Path::Root => (None, None),
            S3Path::Bucket { bucket } => (Some(&**bucket), None),
            S3Path::Object { bucket, key } => (Some(&**bucket), Some(&**key)),
        };
        match request.s3_op().name() {
            FORM => Ok(()), // accepted once its fields are known
            operation => self.accept(operation, bucket, key),
        }
    }

    async fn post_object(&self, request: &mut S3Request<PostObjectInput>) -> S3Result<()> {
        self.check_form(request)?;
        let PostObjectInput { bucket, key, .. } = &request.input;
        self.accept(FORM, Some(bucket), Some(key))
    }
}

/// Why the store cannot store a key: it uses files, and would return another key's content, or panic.
fn unstorable(bucket: &str, key: &str) -> Option<&'static str> {
    let mut segments = key.split('/');
    if segments.any(|segment| matches!(segment, "" | "." | "..")) {
        return Some("the store does not accept keys with an empty or dot segment");
    }
    if key.contains('\0') {
        return Some("the store does not accept keys with NUL");
    }
    // Metadata is stored in a file whose name contains bucket and key in base64, plus up to 74 other bytes.
    let in_base64 = |text: &str| (text.len() * 4).div_ceil(3);
    if in_base64(bucket) + in_base64(key) + 74 > 255 {
        return Some("the store does not accept keys of this length");
    }
    None
}

/// The parameters of a query, decoded.
struct Query(Vec<(String, String)>);

impl Query {
    fn parse(query: &str) -> Self {
        let decode = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let pairs = query.split('&').map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self(pairs.collect())
    }

    /// The value of a parameter that occurs once. If there were two, it would be unclear which one counts.
    fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(given, _)| given == name);
        let (_, value) = values.next()?;
        Some(value.as_str()).filter(|_| values.next().is_none())
    }
}

/// A path as SigV4 writes it: everything except the unreserved characters and `/` is encoded, in upper case.
fn canonical_path(path: &str) -> String {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'/')
        .remove(b'_')
        .remove(b'~');
    let bytes: Vec<u8> = percent_decode_str(path).collect();
    percent_encode(&bytes, ENCODED).to_string()
}

/// The secrets by access key ID, with S3's answer to an unknown ID.
pub(crate) struct Accounts(HashMap<String, SecretKey>);

impl Accounts {
    pub(crate) fn new(accounts: &[Account<'_>]) -> Self {
        let pair = |account: &Account<'_>| {
            let secret = SecretKey::from(account.secret_access_key);
            (account.access_key_id.to_owned(), secret)
        };
        Self(accounts.iter().map(pair).collect())
    }
}

#[async_trait::async_trait]
impl S3Auth for Accounts {
    async fn get_secret_key(&self, access_key_id: &str) -> S3Result<SecretKey> {
        let secret = self.0.get(access_key_id).cloned();
        secret.ok_or_else(|| s3_error!(InvalidAccessKeyId))
    }
}

/// Hosts below this domain name a bucket. Any other host is path style, so that the signature decides.
pub(crate) struct Hosts(pub(crate) String);

impl S3Host for Hosts {
    fn parse_host_header<'a>(&'a self, host: &'a str) -> S3Result<VirtualHost<'a>> {
        let bucket = host
            .strip_suffix(self.0.as_str())
            .and_then(|host| host.strip_suffix('.'));
        let virtual_host = VirtualHost::new(host);
        Ok(match bucket {
            Some(bucket) => virtual_host.with_bucket(bucket),
            None => virtual_host,
        })
    }
}
