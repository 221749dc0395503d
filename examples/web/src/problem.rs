//! What is wrong, and at which field.

use std::fmt;

use presign::{Advisory, Error};
use serde::Serialize;

/// Something wrong with a field, or something to check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The name of the field at fault.
    pub field: &'static str,
    /// What is wrong with it, in a sentence.
    pub message: String,
    /// Whether the field is just not filled in yet.
    pub missing: bool,
    /// Whether the larger module can do it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub loading: bool,
    /// What a button offers to fill in instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// Values that fix a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The button's text.
    pub label: String,
    /// Names of fields, and their new values.
    pub values: Vec<(&'static str, String)>,
}

impl Problem {
    pub(crate) fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            message: message.into(),
            missing: false,
            loading: false,
            fix: None,
        }
    }

    pub(crate) fn missing(field: &'static str) -> Self {
        Self {
            missing: true,
            ..Self::new(field, "")
        }
    }

    pub(crate) fn fix(
        mut self,
        label: impl Into<String>,
        values: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        self.fix = Some(Fix {
            label: label.into(),
            values: values.into_iter().collect(),
        });
        self
    }

    /// Offers a value for the field, unless it is empty.
    pub(crate) fn offer(self, value: impl Into<String>) -> Self {
        let (field, value) = (self.field, value.into());
        if value.is_empty() {
            return self;
        }
        self.fix(format!("Use {value}"), [(field, value)])
    }

    /// Offers a part of the field's value. The button does not show a secret.
    pub(crate) fn offer_alone(self, value: String) -> Self {
        match self.field {
            "access_key_id" => self.offer(value),
            field => self.fix("Use the value alone", [(field, value)]),
        }
    }

    /// An error of the crate, at the field that it is about. If that is unknown, at `field`, which was set last.
    pub(crate) fn at(field: &'static str, error: Error) -> Self {
        let field = match error {
            Error::EmptyCredential { part }
            | Error::CredentialWhitespace { part }
            | Error::CredentialControlCharacter { part }
            | Error::VariableInCredential { part } => match part {
                "access key ID" => "access_key_id",
                "session token" => "session_token",
                _ => "secret_access_key",
            },
            Error::CredentialsExpired { .. } => "expiration",
            Error::BucketNameLength { .. }
            | Error::InvalidBucketName { .. }
            | Error::WildcardInBucketName { .. }
            | Error::InvalidDirectoryBucketName
            | Error::InvalidOutpostsAlias
            | Error::InvalidArn
            | Error::NoPostHere => "bucket",
            Error::RegionLength { .. } | Error::InvalidRegion { .. } => "region",
            Error::EndpointScheme
            | Error::EndpointUserInfo
            | Error::EndpointHost
            | Error::EndpointPort
            | Error::EndpointPath
            | Error::EndpointQuery
            | Error::EndpointFragment => "endpoint",
            Error::EndpointConflict {
                one: GLOBAL | PATH_STYLE,
                ..
            }
            | Error::HostTooLong { .. } => "addressing",
            Error::EndpointConflict { .. } => "endpoint",
            Error::EmptyKey
            | Error::KeyTooLong { .. }
            | Error::DotSegment { .. }
            | Error::UnknownVariable { .. } => "key",
            Error::ExpiryOutOfRange { .. } => "expires",
            Error::EmptyLengthRange { .. } => "max_bytes",
            _ => field,
        };
        let missing = matches!(
            error,
            Error::EmptyCredential { .. }
                | Error::EmptyKey
                | Error::BucketNameLength { length: 0 }
                | Error::RegionLength { length: 0 }
        );
        let problem = Self {
            missing,
            loading: matches!(error, Error::NeedsSigv4a),
            ..Self::new(field, words(error))
        };
        match error {
            Error::EndpointConflict {
                one: GLOBAL | PATH_STYLE,
                other,
            } if other != CUSTOM_ENDPOINT => {
                problem.fix("Use the host name", [("addressing", "host".to_owned())])
            }
            _ => problem,
        }
    }
}

/// Settings of a bucket, as errors name them.
const GLOBAL: &str = "global endpoint";
const PATH_STYLE: &str = "path style";
const CUSTOM_ENDPOINT: &str = "custom endpoint";

pub(crate) const DOT_SEGMENT: &str = "Keys with \".\" or \"..\" between slashes do not work: browsers resolve them and request another object.";
pub(crate) const NO_SCHEME: &str = "Start the endpoint with https:// or http://.";
pub(crate) const SPACE: &str = "Remove the space at the start or end.";

/// What an error means to somebody who fills in a form.
fn words(error: Error) -> String {
    let text = match error {
        Error::CredentialWhitespace { .. } => SPACE,
        Error::CredentialsExpired { .. } => "These credentials have expired.",
        Error::InvalidBucketName { byte: b' ', .. } => "A bucket name cannot contain a space.",
        Error::InvalidBucketName { byte, .. } if byte.is_ascii_graphic() => {
            return format!("A bucket name cannot contain {}.", char::from(byte));
        }
        Error::InvalidBucketName { .. } => {
            "A bucket name can contain only letters, digits, dots, hyphens and underscores."
        }
        Error::WildcardInBucketName { .. } => "A link is for one bucket, so * does not work.",
        Error::InvalidArn => {
            "This is not the ARN of an access point, or its partition differs from that of the region."
        }
        Error::NoPostHere => {
            "Upload forms work only with ordinary buckets. Share an upload link instead."
        }
        Error::InvalidRegion { .. } => {
            "A region contains letters, digits and hyphens, such as us-east-1."
        }
        Error::EndpointScheme => NO_SCHEME,
        Error::EndpointHost => "The endpoint has no valid host name.",
        Error::EndpointConflict {
            one: GLOBAL,
            other: CUSTOM_ENDPOINT,
        } => {
            "The global address belongs to AWS. Remove the endpoint, or select another addressing style."
        }
        Error::EndpointConflict { one: GLOBAL, .. } => {
            "There is no global address for this kind of bucket or region. Select \"bucket in the host name\"."
        }
        Error::EndpointConflict {
            one: PATH_STYLE, ..
        } => {
            "Links to an access point have it in the host name. Select \"bucket in the host name\"."
        }
        Error::KeyTooLong { bytes } => {
            return format!("The key is {bytes} bytes long. The limit is 1024.");
        }
        Error::DotSegment { .. } => DOT_SEGMENT,
        Error::UnknownVariable { .. } => "The only variable is ${filename}.",
        Error::InvalidTimestamp => "Write the time like this: 2026-11-24T22:00:00Z.",
        Error::ExpiryOutOfRange { seconds } if seconds < 1 => "Enter at least 1 second.",
        Error::ExpiryOutOfRange { .. } => "Enter at most 7 days (604800 seconds).",
        Error::EmptyLengthRange { .. } => "The maximum is smaller than the minimum.",
        Error::InvalidHeaderValue { .. } => "Remove the line break or other control character.",
        Error::WildcardInContentType => "Enter one content type, without *.",
        _ => return sentence(error),
    };
    text.to_owned()
}

/// What an advisory means to somebody who fills in a form.
pub(crate) fn advice(advisory: Advisory) -> String {
    let text = match advisory {
        Advisory::InsecureEndpoint => {
            "The endpoint uses plain HTTP. Anyone who can see the traffic can use the link until it expires."
        }
        Advisory::LongLived { .. } => {
            "The link works for longer than 12 hours, the limit in the S3 console."
        }
        Advisory::CredentialsExpireFirst { .. } => {
            "The link stops working when the credentials expire, before the time you chose."
        }
        Advisory::UnknownExpiration => {
            "These credentials are temporary, and you did not enter their expiry. The link stops working when they expire, possibly before the time above."
        }
        Advisory::ContentTypeNotBound => {
            "The content type is not signed, so the sender can upload any type."
        }
        Advisory::UnresolvableHost => {
            "A bucket name in front of a local host name usually does not resolve. Select \"bucket in the path\"."
        }
        Advisory::BucketInEndpoint => {
            "The endpoint already contains the bucket name, so the link contains it twice."
        }
        Advisory::WildcardInKey => {
            "The * in the key is an ordinary character. The link is for one object, not for all that match."
        }
        _ => return sentence(advisory),
    };
    text.to_owned()
}

/// With a capital letter and a full stop.
pub(crate) fn sentence(text: impl fmt::Display) -> String {
    let text = text.to_string();
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return text;
    };
    // Names such as x-amz-date stay as they are.
    let word = text.split(' ').next().unwrap_or_default();
    if word.contains('-') && !word.starts_with("non-") {
        return format!("{text}.");
    }
    format!("{}{}.", first.to_ascii_uppercase(), characters.as_str())
}
