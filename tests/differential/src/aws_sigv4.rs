//! The peer `aws-sigv4`, set up as `aws-sdk-s3` does for a presigned URL.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_http::label::EncodingStrategy;
use aws_smithy_http::{label, query};
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
}

impl Peer for AwsSigv4 {
    fn name(&self) -> String {
        let lock = include_str!("../Cargo.lock");
        let (_, rest) = lock
            .split_once("name = \"aws-sigv4\"\nversion = \"")
            .unwrap();
        format!("aws-sigv4 {}", rest.split('"').next().unwrap())
    }

    fn limits(&self) -> Limits {
        Limits {
            // It folds and trims spaces only; S3 and the other SDKs tabs too.
            tabs_in_values: false,
            unicode_spaces_in_values: true,
            // Left out of presigned URLs whatever its settings say.
            never_signed: &["x-amz-user-agent", "x-amz-checksum-mode"],
            first_second: FIRST_SECOND,
        }
    }

    fn sign(&self, case: &Case) -> Result<Signed, String> {
        // It signs the letters of the host as written, and every client sends them in lower case.
        let mut url = case.place.url.to_ascii_lowercase();
        url += &case.path(|key| label::fmt_string(key, EncodingStrategy::Greedy));
        let mut query = query::Writer::new(&mut url);
        for (name, value) in &case.query {
            query.push_kv(&query::fmt_string(name), &query::fmt_string(value));
        }

        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(case.expires.into()));
        // By default it leaves out user-agent and others. Which headers are signed is its caller's choice, and ours.
        settings.excluded_headers = None;
        if case.place.service == "s3express" {
            settings.session_token_name_override = Some("X-Amz-S3session-Token");
        }
        let seconds = Duration::from_secs(case.time.unsigned_abs());
        let time = if case.time < 0 {
            UNIX_EPOCH.checked_sub(seconds)
        } else {
            UNIX_EPOCH.checked_add(seconds)
        };
        let identity = Credentials::new(
            &case.access_key_id,
            &case.secret_access_key,
            case.session_token.clone(),
            None,
            "differential",
        )
        .into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&case.place.scope_region)
            .name(case.place.service)
            .time(time.ok_or("time")?)
            .settings(settings)
            .build()
            .map_err(|error| error.to_string())?
            .into();
        // It takes the payload hash apart from the headers.
        let body = case
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("x-amz-content-sha256"))
            .map_or(SignableBody::UnsignedPayload, |(_, hash)| {
                SignableBody::Precomputed(hash.clone())
            });
        let headers = case
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let request = SignableRequest::new(case.method.as_str(), url.as_str(), headers, body)
            .map_err(|error| format!("{error:?}"))?;

        let (instructions, _) = dispatcher::with_default(&self.log, || sign(request, &params))
            .map_err(|error| format!("{error:?}"))?
            .into_parts();
        let mut request = http::Request::builder()
            .uri(&url)
            .body(())
            .map_err(|error| error.to_string())?;
        instructions.apply_to_request_http1x(&mut request);
        let [canonical_request, string_to_sign] =
            &*self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Signed::new(
            &request.uri().to_string(),
            canonical_request,
            string_to_sign,
        ))
    }
}

/// Reads the canonical request and the string to sign from the log: nothing else tells them.
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
