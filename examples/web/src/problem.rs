//! What is wrong, and at which field.

use std::fmt;

use presign::Error;
use serde::Serialize;

/// What keeps a view from showing anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The name of the field at fault.
    pub field: &'static str,
    /// What is wrong with it, in a sentence.
    pub message: String,
    /// Whether the field is just not filled in yet.
    pub missing: bool,
}

impl Problem {
    pub(crate) fn new(field: &'static str, error: impl fmt::Display) -> Self {
        Self {
            field,
            message: sentence(error),
            missing: false,
        }
    }

    pub(crate) fn missing(field: &'static str) -> Self {
        Self {
            field,
            message: String::new(),
            missing: true,
        }
    }

    /// An error of the crate, at the field that it is about; where that cannot be told, at `field`, which was used last.
    pub(crate) fn at(field: &'static str, error: Error) -> Self {
        let field = match error {
            Error::EmptyCredential { part }
            | Error::CredentialWhitespace { part }
            | Error::CredentialControlCharacter { part } => match part {
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
            Error::EndpointConflict { .. } | Error::HostTooLong { .. } => "addressing",
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
        Self {
            missing,
            ..Self::new(field, error)
        }
    }
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
    format!("{}{}.", first.to_uppercase(), characters.as_str())
}
