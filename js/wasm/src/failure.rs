//! Errors, as they are passed to JavaScript.

use alloc::string::String;
use core::fmt::{Display, Write as _};

#[cfg(feature = "verify")]
use presign::verify::Rejection;
#[cfg(feature = "sign")]
use presign::{Error, ErrorKind};

pub(crate) enum Failure {
    /// The input is not what `glue.js` writes.
    Input,
    #[cfg(feature = "sign")]
    Error(Error),
    /// Of the key of a batch, with its position.
    #[cfg(feature = "sign")]
    Key(Error, usize),
    #[cfg(feature = "verify")]
    Rejection(Rejection),
}

/// The name of a variant. `Debug` would print it too, in five times the code. A test compares the lists with the crate.
macro_rules! name_of {
    ($value:expr, $type:ident: $($variant:ident)*) => {{
        enum Place {
            $($variant,)*
            Other,
        }
        let number = match $value {
            $($type::$variant { .. } => Place::$variant,)*
            _ => Place::Other,
        };
        let names = concat!($(stringify!($variant), " ",)* "Other");
        names.split(' ').nth(number as usize).unwrap_or_default()
    }};
}

impl Failure {
    /// Writes code, kind, message and, for a key of a batch, its position, one per line.
    pub(crate) fn write(&self, output: &mut String) {
        let (code, kind, message): (_, _, &dyn Display) = match self {
            Self::Input => ("InvalidOption", "Option", &"options are malformed"),
            #[cfg(feature = "sign")]
            Self::Error(error @ Error::NeedsSigv4a) => (
                code(error),
                kind(error.kind()),
                &"multi-region access points require SigV4a, which this package does not contain",
            ),
            #[cfg(feature = "sign")]
            Self::Error(error) | Self::Key(error, _) => (code(error), kind(error.kind()), error),
            #[cfg(feature = "verify")]
            Self::Rejection(rejection) => (reason(rejection), "Rejection", rejection),
        };
        for line in [code, "\n", kind, "\n"] {
            output.push_str(line);
        }
        let _ = write!(output, "{message}"); // a String has room
        #[cfg(feature = "sign")]
        if let Self::Key(_, place) = self {
            let _ = write!(output, "\n{place}");
        }
    }
}

#[cfg(feature = "sign")]
fn code(error: &Error) -> &'static str {
    name_of! {
        error, Error:
            EmptyCredential CredentialWhitespace CredentialControlCharacter MissingEnvironmentVariable
            EnvironmentVariableNotUnicode CredentialsExpired CredentialsExpireFirst StaleSigningKey
            SigningKeyMismatch SessionNeedsDirectoryBucket BucketNameLength InvalidBucketName
            WildcardInBucketName InvalidDirectoryBucketName InvalidOutpostsAlias InvalidArn NeedsSigv4a
            InvalidRegionSet RegionLength InvalidRegion EndpointScheme EndpointUserInfo EndpointHost
            EndpointPort EndpointPath EndpointQuery EndpointFragment HostTooLong EndpointConflict EmptyKey
            KeyWithoutBucket KeyTooLong DotSegment InvalidTimestamp UnknownMethod ExpiryOutOfRange
            FractionalExpiry InvalidWindow WindowNotShorter TimeOutOfRange EmptyQueryParameterName
            ReservedQueryParameter DuplicateQueryParameter TooManyQueryParameters EmptyHeaderName
            InvalidHeaderName ReservedHeader InvalidHeaderValue DuplicateHeader TooManyHeaders TooManyValues
            TooManyLists EmptyValue InvalidBase64 InvalidNumber PartNumberOutOfRange NoParts DuplicatePart
            InvalidPayloadHash PayloadHashMismatch WildcardInContentType UnknownVariable VariableInCredential
            DuplicateField ReservedField EmptyLengthRange InvalidSuccessStatus NoPostHere FormTooLarge BatchWithoutKey
            BufferTooSmall OutOfMemory
    }
}

#[cfg(feature = "sign")]
fn kind(kind: ErrorKind) -> &'static str {
    name_of! {
        kind, ErrorKind:
            Credentials Bucket Key Value Time Buffer
    }
}

#[cfg(feature = "verify")]
fn reason(rejection: &Rejection) -> &'static str {
    name_of! {
        rejection, Rejection:
            MalformedUrl AmbiguousHost QueryTooLong TooManyHeaders NotCanonical MissingParameter
            DuplicateParameter TwoAuthentications UnknownAlgorithm MalformedDate MalformedExpires
            ExpiryOutOfRange MalformedCredential MalformedSignedHeaders MalformedSignature ScopeDateMismatch
            WrongRegion WrongService SignedHeaderMissing HeaderNotSigned MalformedHeaderName HeaderNotText
            TwoLengths MalformedPayloadHash NotYetValid TooOld UnknownAccessKey SessionTokenMismatch
            CredentialsExpired SignatureMismatch InvalidValue Expired
    }
}

#[cfg(feature = "sign")]
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

#[cfg(feature = "verify")]
impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Self {
        Self::Rejection(rejection)
    }
}
