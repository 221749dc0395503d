//! What a rejection, and what a difference means.

use alloc::string::{String, ToString};

use super::hypothesis::{self, Hypothesis};
use super::{Cause, Comparison};
use crate::verify::Rejection;
use crate::verify::received::is_encoded;

/// What the first part that differs from the store's canonical request tells.
pub(super) fn cause_of_difference(row: &Comparison, sent: &Hypothesis) -> Cause {
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

/// A fragment behind the signature is not sent, and does no harm.
pub(super) fn without_fragment(url: &str) -> &str {
    match url.split_once('#') {
        Some((sent, _)) if sent.contains("X-Amz-Signature=") => sent,
        _ => url,
    }
}

/// The signature of a URL, however the rest is damaged. A parameter whose name only ends so is another.
pub(super) fn signature(url: &str) -> Option<&str> {
    let signature = url
        .split(['?', '&'])
        .find_map(|pair| pair.strip_prefix("X-Amz-Signature="));
    signature.or_else(|| url.split("X-Amz-Signature=").nth(1)?.split('&').next())
}

/// Whether a rejection alone has the request refused, by every store. (Some encode once more what stands bare.)
pub(super) const fn is_certain(rejection: &Rejection) -> bool {
    !matches!(
        rejection,
        Rejection::NotCanonical
            | Rejection::UnknownAccessKey
            | Rejection::SessionTokenMismatch
            | Rejection::SignatureMismatch
    )
}

/// What a verifier's rejection means for whoever made or sent the URL.
pub(super) fn cause_of(rejection: Rejection, sent: &Hypothesis) -> Option<Cause> {
    Some(match rejection {
        Rejection::MalformedUrl => Cause::CutOff {
            missing: "the host",
        },
        Rejection::QueryTooLong => Cause::QueryEncoding {
            how: "it is longer than a URL can be",
        },
        Rejection::NotCanonical => {
            let how = "a byte stands bare, an escape in lower case, or a slash of the path encoded";
            if sent.path.starts_with('/') && is_encoded(&sent.path, true) {
                Cause::QueryEncoding { how }
            } else {
                Cause::PathEncoding { how }
            }
        }
        Rejection::MissingParameter { name } => Cause::CutOff { missing: name },
        Rejection::DuplicateParameter { name } => Cause::MalformedParameter { name },
        Rejection::TwoAuthentications => Cause::TwoAuthentications,
        Rejection::UnknownAlgorithm => Cause::MalformedParameter {
            name: "X-Amz-Algorithm",
        },
        Rejection::MalformedDate => Cause::MalformedParameter { name: "X-Amz-Date" },
        Rejection::MalformedExpires => Cause::MalformedParameter {
            name: "X-Amz-Expires",
        },
        Rejection::ExpiryOutOfRange { .. } => Cause::ExpiryOutOfRange,
        Rejection::MalformedCredential | Rejection::ScopeDateMismatch => {
            Cause::MalformedParameter {
                name: "X-Amz-Credential",
            }
        }
        Rejection::MalformedSignedHeaders => Cause::MalformedParameter {
            name: "X-Amz-SignedHeaders",
        },
        Rejection::MalformedSignature => Cause::MalformedParameter {
            name: "X-Amz-Signature",
        },
        Rejection::WrongRegion => Cause::WrongRegion {
            signed_for: String::new(),
            expected: None,
        },
        Rejection::WrongService => Cause::WrongService,
        Rejection::SignedHeaderMissing { name } => Cause::SignedHeaderMissing {
            name: name.as_str().to_string(),
        },
        Rejection::HeaderNotSigned { name } => Cause::HeaderNotSigned {
            name: name.as_str().to_string(),
        },
        Rejection::MalformedHeaderName { name } => Cause::HeaderNotSigned {
            name: name.as_str().escape_default().to_string(),
        },
        Rejection::MalformedPayloadHash => Cause::BodyChanged,
        Rejection::NotYetValid { signed_at, .. } => Cause::ClockSkew { signed_at },
        Rejection::Expired { expired_at, .. } => Cause::Expired { at: expired_at },
        Rejection::UnknownAccessKey => Cause::UnknownAccessKey,
        Rejection::SessionTokenMismatch => sent
            .with(|_, received| received.session_token.map(|_| Cause::TokenAltered))
            .unwrap_or(Cause::TokenMissing),
        Rejection::CredentialsExpired { .. } => Cause::CredentialsExpired,
        Rejection::TooOld { .. } | Rejection::SignatureMismatch => return None,
    })
}
