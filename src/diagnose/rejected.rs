//! A verifier's rejections, as causes.

use alloc::string::{String, ToString};

use super::Cause;
use super::hypothesis::Hypothesis;
use crate::verify::Rejection;
use crate::verify::received::is_encoded;

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
            if sent.path.starts_with('/') && is_encoded(&sent.path, true) {
                Cause::QueryEncoding {
                    how: "a byte stands bare, or an escape in lower case",
                }
            } else {
                Cause::PathEncoding {
                    how: "a byte stands bare, an escape in lower case, or a slash encoded",
                }
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
