//! Reads the store's answer beside what was sent.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::comparison::{compare, compare_strings_to_sign};
use super::hypothesis::{self, Hypothesis};
use super::{Cause, Comparison, Diagnosis, Evidence};
use crate::timestamp::Timestamp;
use crate::verify::credential::Credential;
use crate::verify::received::NAMES;

impl Evidence<'_> {
    /// What the store's answer says.
    pub(super) fn read_answer(&self, sent: &Hypothesis, diagnosis: &Diagnosis) -> Option<Cause> {
        let answer = self.answer.as_ref()?;
        let says = |text: &str| answer.message.contains(text);
        let (region, end, signed_at) = sent
            .with(|_, received| {
                let credential = Credential::parse(received.credential, received.algorithm).ok()?;
                let signed_at = received.signed_at;
                let end = signed_at.as_unix().saturating_add(received.expires.into());
                let region = credential.region().to_string();
                Some((region, Timestamp::from_unix(end), signed_at))
            })
            .unwrap_or((
                String::new(),
                Timestamp::from_unix(0),
                Timestamp::from_unix(0),
            ));
        let region = || Cause::WrongRegion {
            signed_for: region.clone(),
            expected: answer.expected_region(),
        };
        Some(match answer.code.as_str() {
            "SignatureDoesNotMatch" => {
                let mut rows = diagnosis.comparison.iter();
                match rows.find(|row| row.differs()) {
                    Some(difference) => cause_of_difference(difference, sent),
                    // Both sides computed the same text.
                    None if !diagnosis.comparison.is_empty() => Cause::WrongSecretOrAltered,
                    None => return None,
                }
            }
            "ExpiredRequest" => Cause::Expired { at: end },
            _ if says("Request has expired") || says("Request signature expired") => {
                Cause::Expired { at: end }
            }
            "AccessDenied" if says("not yet valid") || says("not valid yet") => {
                Cause::ClockSkew { signed_at }
            }
            "AccessDenied" if says("not signed") => Cause::HeaderNotSigned {
                name: answer
                    .headers_not_signed
                    .clone()
                    .unwrap_or_else(|| "x-amz-...".to_string()),
            },
            "ExpiredToken" | "TokenRefreshRequired" => Cause::CredentialsExpired,
            "InvalidToken" | "InvalidTokenId" => Cause::TokenAltered,
            "InvalidAccessKeyId" => Cause::UnknownAccessKey,
            "RequestTimeTooSkewed" => Cause::ClockSkew { signed_at },
            "InvalidRegion"
            | "IllegalLocationConstraintException"
            | "PermanentRedirect"
            | "TemporaryRedirect" => region(),
            "AuthorizationHeaderMalformed" | "AuthorizationQueryParametersError"
                if says("region") =>
            {
                region()
            }
            "AuthorizationQueryParametersError" if says("Expires must be") => {
                Cause::ExpiryOutOfRange
            }
            "AuthorizationQueryParametersError" if says("service") => Cause::WrongService,
            // A list of all that are required tells nothing of one.
            "AuthorizationQueryParametersError" if says("requires the") => return None,
            "AuthorizationQueryParametersError" => Cause::MalformedParameter {
                name: NAMES.into_iter().find(|name| says(name))?,
            },
            "InvalidArgument" | "InvalidRequest" if says("Only one auth mechanism") => {
                Cause::TwoAuthentications
            }
            "XAmzContentSHA256Mismatch" | "BadDigest" => Cause::BodyChanged,
            code => Cause::NotTheSignature {
                code: code.to_string(),
            },
        })
    }

    /// The store's canonical request beside the one of the URL.
    pub(super) fn compare_with_answer(&self, sent: &Hypothesis, diagnosis: &mut Diagnosis) {
        let theirs = self
            .answer
            .as_ref()
            .and_then(|answer| answer.canonical_request.as_deref());
        if let (Some(ours), Some(theirs)) = (canonical_request(sent), theirs) {
            diagnosis.comparison = compare(&ours, &theirs.replace("\r\n", "\n"));
        }
        let theirs = self
            .answer
            .as_ref()
            .and_then(|answer| answer.string_to_sign.as_deref());
        if let (Some(ours), Some(theirs)) = (string_to_sign(sent), theirs) {
            diagnosis
                .comparison
                .extend(compare_strings_to_sign(&ours, theirs));
        }
    }
}

/// The canonical request that a store computes of what was sent.
pub(super) fn canonical_request(request: &Hypothesis) -> Option<String> {
    request.with(|request, received| {
        let mut text = Vec::new();
        received.with_canonical_request(request, |canonical_request| {
            canonical_request.put(&mut text)
        });
        String::from_utf8(text).ok()
    })
}

fn string_to_sign(request: &Hypothesis) -> Option<String> {
    request.with(|request, received| {
        let credential = Credential::parse(received.credential, received.algorithm).ok()?;
        let mut text = Vec::new();
        received
            .string_to_sign(request, &credential.scope().ok()?)
            .put(&mut text);
        String::from_utf8(text).ok()
    })
}

/// What the first part that differs from the store's canonical request tells.
fn cause_of_difference(row: &Comparison, sent: &Hypothesis) -> Cause {
    let name = |part: &str| row.part().strip_prefix(part).map(ToString::to_string);
    if let Some(name) = name("parameter ") {
        return match (row.sent(), row.other()) {
            (None, _) => Cause::QueryAdded { name },
            (_, None) => Cause::QueryRemoved { name },
            (Some(sent), Some(other)) if hypothesis::decode(sent) == hypothesis::decode(other) => {
                Cause::QueryEncoding {
                    how: "the store saw another encoding",
                }
            }
            _ => Cause::QueryChanged { name },
        };
    }
    if let Some(name) = name("header ") {
        return match name.as_str() {
            "host" => Cause::HostChanged {
                signed_for: sent.host.clone(),
            },
            _ if row.other().is_none_or(str::is_empty) => Cause::SignedHeaderMissing { name },
            _ => Cause::HeaderChanged { name },
        };
    }
    match row.part() {
        "method" => Cause::MethodDiffers {
            signed_for: sent.method.parse().ok(),
        },
        "canonical URI" => {
            let decoded = hypothesis::decode;
            let (ours, theirs) = (
                row.sent().unwrap_or_default(),
                row.other().unwrap_or_default(),
            );
            if decoded(ours) == decoded(theirs) || decoded(&decoded(theirs)) == decoded(ours) {
                Cause::PathEncoding {
                    how: "the store saw another encoding",
                }
            } else {
                Cause::KeyRewritten {
                    how: "the store saw another path",
                }
            }
        }
        "payload hash" => Cause::BodyChanged,
        "time" => Cause::QueryChanged {
            name: "X-Amz-Date".to_string(),
        },
        "scope" => Cause::QueryChanged {
            name: "X-Amz-Credential".to_string(),
        },
        _ => Cause::WrongSecretOrAltered,
    }
}
