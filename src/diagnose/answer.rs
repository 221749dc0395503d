//! What a store answered: the XML of its error.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::hypothesis::{Hypothesis, decode};
use super::meaning::cause_of_difference;
use super::{Cause, Comparison};
use crate::verify::received::{NAMES, Received};

/// The parts of an error body that tell something. Element names are the same at AWS, MinIO, Ceph and the others.
#[derive(Clone, Default)]
pub(super) struct Answer {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) canonical_request: Option<String>,
    pub(super) string_to_sign: Option<String>,
    pub(super) region: Option<String>,
    pub(super) headers_not_signed: Option<String>,
}

impl Answer {
    /// `None` where it is not XML, or no error.
    pub(super) fn parse(xml: &str) -> Option<Self> {
        let document =
            roxmltree::Document::parse(xml.trim_start_matches('\u{feff}').trim()).ok()?;
        let text = |name: &str| {
            let mut elements = document.descendants().filter(|node| node.is_element());
            let element = elements.find(|node| node.tag_name().name() == name)?;
            Some(element.text().unwrap_or_default().to_string())
        };
        let message = [text("Message"), text("Details")]; // Google tells the reason in the details
        Some(Self {
            code: text("Code")?,
            message: message.map(Option::unwrap_or_default).join("\n"),
            canonical_request: text("CanonicalRequest"),
            string_to_sign: text("StringToSign"),
            region: text("Region"),
            headers_not_signed: text("HeadersNotSigned"),
        })
    }

    /// What it says of a request that was sent, with the comparison of both sides' texts.
    pub(super) fn cause(&self, sent: &Hypothesis, comparison: &[Comparison]) -> Option<Cause> {
        let says = |text: &str| self.message.contains(text);
        let expired = || {
            let at = sent.with(|_, received| Some(received.expires_at()))?;
            Some(Cause::Expired { at })
        };
        let skewed = || {
            let signed_at = sent.with(|_, received| Some(received.signed_at))?;
            Some(Cause::ClockSkew { signed_at })
        };
        let region = || {
            let set =
                |received: &Received<'_>| Some(received.region_set().collect::<Vec<_>>().join(","));
            let signed_for = sent
                .region()
                .or_else(|| sent.with(|_, received| set(received)))?;
            let expected = self.expected_region();
            Some(Cause::WrongRegion {
                signed_for: decode(&signed_for),
                expected,
            })
        };
        Some(match self.code.as_str() {
            "SignatureDoesNotMatch" => {
                let mut rows = comparison.iter();
                match rows.find(|row| row.differs()) {
                    Some(difference) => cause_of_difference(difference, sent),
                    // Both sides computed the same text.
                    None if !comparison.is_empty() => Cause::WrongSecretOrAltered,
                    None => return None,
                }
            }
            "ExpiredRequest" => return expired(),
            _ if says("Request has expired") || says("Request signature expired") => {
                return expired();
            }
            "AccessDenied" if says("not yet valid") || says("not valid yet") => return skewed(),
            "AccessDenied" if says("not signed") => Cause::HeaderNotSigned {
                name: self
                    .headers_not_signed
                    .clone()
                    .unwrap_or_else(|| "x-amz-...".to_string()),
            },
            "ExpiredToken" | "TokenRefreshRequired" => Cause::CredentialsExpired,
            "InvalidToken" | "InvalidTokenId" => Cause::TokenAltered,
            "InvalidAccessKeyId" => Cause::UnknownAccessKey,
            "RequestTimeTooSkewed" => return skewed(),
            "InvalidRegion"
            | "IllegalLocationConstraintException"
            | "PermanentRedirect"
            | "TemporaryRedirect" => return region(),
            "AuthorizationHeaderMalformed" | "AuthorizationQueryParametersError"
                if says("region") =>
            {
                return region();
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

    /// The region that an answer like "the region 'us-east-1' is wrong; expecting 'eu-west-1'" names.
    fn expected_region(&self) -> Option<String> {
        let expecting = self
            .message
            .split_once("expecting '")
            .and_then(|(_, rest)| rest.split_once('\''));
        expecting
            .map(|(region, _)| region.to_string())
            .or_else(|| self.region.clone())
    }
}
