//! The peer `aws-sigv4`, set up as `aws-sdk-s3` does for a presigned URL.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningInstructions,
    SigningParams, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::{v4, v4a};
use aws_smithy_http::label::EncodingStrategy;
use aws_smithy_http::{label, query};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use tracing::field::{Field, Visit};
use tracing::{Dispatch, Event, Metadata, Subscriber, dispatcher, span};

use crate::case::{Case, FIRST_SECOND, Limits};
use crate::runner::Peer;
use crate::signed::Signed;

/// Signs in this process.
#[derive(Debug)]
pub struct AwsSigv4 {
    log: Dispatch,
    seen: Seen,
}

type Seen = Arc<Mutex<[String; 2]>>;

impl AwsSigv4 {
    /// Ready to sign.
    pub fn start() -> Self {
        let seen = Seen::default();
        Self {
            log: Dispatch::new(Log(Arc::clone(&seen))),
            seen,
        }
    }

    /// The text it hashed and the text it signed last.
    pub fn seen(&self) -> [String; 2] {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The URL's path and query are encoded and all headers are signed, as for a request.
    ///
    /// # Errors
    /// The error, if it refused.
    pub fn instructions(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        signing: &Signing<'_>,
    ) -> Result<SigningInstructions, String> {
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(signing.expires));
        // By default it omits user-agent and others. Like every caller, we choose which headers are signed.
        settings.excluded_headers = None;
        settings.session_token_name_override = signing.token_parameter;
        let seconds = Duration::from_secs(signing.time.unsigned_abs());
        let time = if signing.time < 0 {
            UNIX_EPOCH.checked_sub(seconds)
        } else {
            UNIX_EPOCH.checked_add(seconds)
        };
        let time = time.ok_or("time")?;
        let identity = Credentials::new(
            signing.access_key_id,
            signing.secret_access_key,
            signing.session_token.map(str::to_owned),
            None,
            "differential",
        )
        .into();
        let params: SigningParams<'_> = match signing.regions {
            Regions::One(region) => v4::SigningParams::builder()
                .identity(&identity)
                .region(region)
                .name(signing.service)
                .time(time)
                .settings(settings)
                .build()
                .map_err(|error| error.to_string())?
                .into(),
            Regions::Set(set) => v4a::SigningParams::builder()
                .identity(&identity)
                .region_set(set)
                .name(signing.service)
                .time(time)
                .settings(settings)
                .build()
                .map_err(|error| error.to_string())?
                .into(),
        };
        // The payload hash is a separate setting, and is used unchanged.
        let body = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("x-amz-content-sha256"))
            .map_or(SignableBody::UnsignedPayload, |(_, hash)| {
                SignableBody::Precomputed(hash.trim_matches(' ').to_owned())
            });
        let request = SignableRequest::new(method, url, headers.iter().copied(), body)
            .map_err(|error| format!("{error:?}"))?;
        let output = dispatcher::with_default(&self.log, || sign(request, &params));
        Ok(output.map_err(|error| format!("{error:?}"))?.into_parts().0)
    }
}

/// Signer, service, time and expiry.
#[derive(Clone, Copy)]
pub struct Signing<'s> {
    /// The access key ID.
    pub access_key_id: &'s str,
    /// The secret access key.
    pub secret_access_key: &'s str,
    /// The session token.
    pub session_token: Option<&'s str>,
    /// The name of the token's parameter, if it is not `X-Amz-Security-Token`.
    pub token_parameter: Option<&'static str>,
    /// The region or regions.
    pub regions: Regions<'s>,
    /// The service.
    pub service: &'s str,
    /// The signing time in Unix seconds.
    pub time: i64,
    /// `X-Amz-Expires`.
    pub expires: u64,
}

/// The regions that a signature is for, which determine the algorithm.
#[derive(Clone, Copy)]
pub enum Regions<'s> {
    /// SigV4.
    One(&'s str),
    /// SigV4a.
    Set(&'s str),
}

/// Whether a SigV4a signature of a text is valid for the key that `aws-sigv4` derives, according to `ring`.
pub fn sigv4a_holds(
    access_key_id: &str,
    secret_access_key: &str,
    string_to_sign: &str,
    signature: &str,
) -> bool {
    let private = v4a::generate_signing_key(access_key_id, secret_access_key);
    let Ok(private) = p256::ecdsa::SigningKey::from_slice(private.as_ref()) else {
        return false;
    };
    let public = private.verifying_key().to_sec1_point(false);
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, public.as_bytes());
    hex::decode(signature)
        .is_ok_and(|signature| public.verify(string_to_sign.as_bytes(), &signature).is_ok())
}

impl Peer for AwsSigv4 {
    fn name(&self) -> String {
        let lock = include_str!("../../../Cargo.lock");
        let (_, rest) = lock
            .split_once("name = \"aws-sigv4\"\nversion = \"")
            .unwrap();
        format!("aws-sigv4 {}", rest.split('"').next().unwrap())
    }

    fn limits(&self) -> Limits {
        Limits {
            // It folds and trims only spaces; S3 and the other SDKs also tabs.
            tabs_in_values: false,
            unicode_spaces_in_values: true,
            // Always omitted from presigned URLs, whatever the settings.
            never_signed: &["x-amz-user-agent", "x-amz-checksum-mode"],
            first_second: FIRST_SECOND,
        }
    }

    fn sign(&self, case: &Case) -> Result<Signed, String> {
        // It signs the host in its original case, but clients send it in lower case.
        let mut url = case.place.url.to_ascii_lowercase();
        url += &case.path(|key| label::fmt_string(key, EncodingStrategy::Greedy));
        let mut query = query::Writer::new(&mut url);
        for (name, value) in &case.query {
            query.push_kv(&query::fmt_string(name), &query::fmt_string(value));
        }

        let headers: Vec<_> = case
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let signing = Signing {
            access_key_id: &case.access_key_id,
            secret_access_key: &case.secret_access_key,
            session_token: case.session_token.as_deref(),
            token_parameter: if case.place.service == "s3express" {
                Some("X-Amz-S3session-Token")
            } else {
                None
            },
            regions: match &case.place.region_set {
                Some(set) => Regions::Set(set),
                None => Regions::One(&case.place.scope_region),
            },
            service: case.place.service,
            time: case.time,
            expires: case.expires.into(),
        };
        let instructions = self.instructions(case.method.as_str(), &url, &headers, &signing)?;
        let mut request = http::Request::builder()
            .uri(&url)
            .body(())
            .map_err(|error| error.to_string())?;
        instructions.apply_to_request_http1x(&mut request);
        let [canonical_request, string_to_sign] = self.seen();
        Ok(Signed::new(
            &request.uri().to_string(),
            &canonical_request,
            &string_to_sign,
        ))
    }
}

/// Reads the canonical request and the string to sign from the log, the only place that shows them.
#[derive(Debug)]
struct Log(Seen);

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("aws_sigv4")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(&self.0));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Fields<'s>(&'s Seen);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let at = match field.name() {
            "canonical_request" => 0,
            "string_to_sign" => 1,
            _ => return,
        };
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen[at] = format!("{value:?}"); // a Display value, whose Debug is the same
    }
}
