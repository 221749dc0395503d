//! What stores' error codes and messages mean.

use alloc::vec::Vec;

/// The meaning of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// There is no answer. As a prediction: the cause can lead to any answer.
    Nothing,
    /// The answer could not be read.
    Unread,
    /// A code without a known meaning.
    Other,
    /// Access is denied without a reason. Some stores answer every refused request this way.
    Denied,
    /// Access is denied to a caller without a signature.
    Anonymous,
    /// The client's own message: it got no answer of the store.
    Unreachable,
    Mismatch,
    Expired,
    NotYet,
    TokenExpired,
    Token,
    AccessKey,
    Region,
    Redirect,
    Service,
    Parameter,
    Expires,
    TwoAuthentications,
    NotSigned,
    Version2,
    Body,
    Header,
    Argument,
    Length,
    Checksum,
    Acl,
    Cors,
    Addressing,
    Bucket,
    /// The signature was accepted; the permissions or the object are at fault.
    Object,
    /// A condition such as `If-None-Match` was false.
    Precondition,
    Method,
    Condition,
    ExtraField,
    FormExpired,
    FormShape,
    NoForms,
    Size,
}

/// Codes (empty: any), part of the message in lower case, and their meaning. The first matching row counts.
///
/// AWS: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>.
/// MinIO: `cmd/api-errors.go` in minio/minio. Ceph and Spaces, which is Ceph: `rgw_http_s3_errors` in `src/rgw/rgw_common.cc`
/// of ceph/ceph; most errors have a code and no message.
/// Garage: `src/api/common/signature/` (before 1.1 `src/api/signature/`): every error is `AccessDenied` or
/// `InvalidRequest`, with "Forbidden: " or "Bad request: " before the reason. It checks scope, then key, then
/// signature.
/// R2: <https://developers.cloudflare.com/r2/api/error-codes/>; the length of its keys is known from many public
/// issues.
/// OSS: <https://www.alibabacloud.com/help/en/oss/support/0002-00000201> and its neighbors.
/// B2: "Signature validation failed" in quarfie/s3presignedUrl_FMFunction issue 5, `UnauthorizedAccess` in
/// Backblaze/b2-sdk-python issue 136. Wasabi: <https://docs.wasabi.com/docs/rest-api-introduction>, the same texts as
/// AWS.
#[rustfmt::skip] // one row a line
const ROWS: &[(&[&str], &str, About)] = &[
    (&[], "corsresponse: ", About::Cors),
    // Moto and gateways of AWS answer as other services do.
    (&[], "signature expired: ", About::Expired),
    (&[], "signature not yet current", About::NotYet),
    (&[], "security token included in the request is expired", About::TokenExpired),
    // MinIO also uses this code for a malformed scope.
    (&["SignatureDoesNotMatch"], "credential scope does not match", About::Parameter),
    (&["SignatureDoesNotMatch"], "should be scoped with", About::Parameter),
    // Oracle, also if the region is not the tenancy's.
    (&["SignatureDoesNotMatch"], "secret key required to complete authentication could not be found", About::AccessKey),
    // S3 Object Lambda answers InvalidSignature: aws/aws-sdk-js issue 4041.
    (&["SignatureDoesNotMatch", "InvalidSignature"], "", About::Mismatch),
    (&[], "does not match the signature you provided", About::Mismatch),
    (&[], "signature validation failed", About::Mismatch), // B2
    (&["AccessDenied", ""], "invalid signature", About::Mismatch), // Garage
    (&[], "unexpected scope", About::Region), // Garage
    (&[], "scoped to correct service", About::Service), // API Gateway
    (&["AccessDenied", ""], "no such key: ", About::AccessKey), // Garage
    (&["ExpiredRequest"], "", About::Expired), // R2
    (&["AccessDenied", "InvalidPolicyDocument", ""], "policy expired", About::FormExpired),
    (&[], "request has expired", About::Expired),
    (&[], "request signature expired", About::Expired), // Google
    (&[], "date is too old", About::Expired), // Garage
    (&[], "request is not yet valid", About::NotYet),
    (&[], "request is not valid yet", About::NotYet), // MinIO
    (&[], "addressed using the specified endpoint", About::Region), // OSS: with the code AccessDenied
    (&[], "is wrong; expecting '", About::Region),
    (&[], "sigv2 authorization is not supported", About::Version2), // R2: Unauthorized
    (&[], "the credential is mal-formed", About::Parameter),
    (&[], "requires a valid date", About::Parameter),
    (&["RequestTimeTooSkewed"], "", About::NotYet),
    (&["AccessDenied", ""], "which were not signed", About::NotSigned),
    (&["InvalidRequest", ""], "should be signed", About::NotSigned), // Garage
    (&["ExpiredToken", "TokenRefreshRequired", "SecurityTokenExpired"], "", About::TokenExpired),
    (&["InvalidToken", "InvalidTokenId", "InvalidSecurityToken"], "", About::Token),
    (&["InvalidAccessKeyId", "InvalidClientTokenId"], "", About::AccessKey),
    (&["Unauthorized"], "", About::AccessKey), // R2
    (&[], "access key has length", About::AccessKey), // R2
    (&[], "access key id you provided does not exist", About::AccessKey),
    // The answer to CreateBucket.
    (&["IllegalLocationConstraintException"], "unspecified location", About::Other),
    (&["PermanentRedirect", "IllegalLocationConstraintException"], "", About::Region),
    (&["InvalidRegion", "InvalidRegionName"], "", About::Region), // MinIO, R2
    (&["TemporaryRedirect", "Redirect"], "", About::Redirect),
    (&["AuthorizationHeaderMalformed", "AuthorizationQueryParametersError"], "region", About::Region),
    // The message must be about the signature's region: KMS keys and features have one, too.
    (&["InvalidRequest", "InvalidArgument"], "region is wrong", About::Region),
    (&["InvalidRequest", "InvalidArgument"], "invalid region", About::Region),
    (&["AuthorizationQueryParametersError", "AuthorizationHeaderMalformed"], "expires must be", About::Expires),
    (&["AuthorizationQueryParametersError", "AuthorizationParametersError", "AuthorizationHeaderMalformed"],
        "service", About::Service), // MinIO
    (&["AuthorizationQueryParametersError"], "only supports \"aws4-hmac-sha256\"", About::Argument), // MinIO, about SigV4A
    (&["AuthorizationQueryParametersError", "AuthorizationHeaderMalformed"], "", About::Parameter),
    (&["IncompleteSignature", "MalformedDate"], "", About::Parameter),
    (&[], "only one auth mechanism allowed", About::TwoAuthentications),
    (&[], "unsupported authorization type", About::TwoAuthentications),
    (&[], "please use aws4-hmac-sha256", About::Version2),
    (&[], "require aws signature version 4", About::Version2),
    (&["XAmzContentSHA256Mismatch", "BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch"], "", About::Body),
    (&["InvalidRequest"], "x-amz-checksum- http header is required", About::Checksum),
    (&["InvalidRequest", "InvalidArgument"], "object lock parameters", About::Checksum),
    (&["InvalidRequest"], "expecting a single x-amz-checksum", About::Argument),
    (&["InvalidRequest"], "can only be used with", About::Argument),
    (&["InvalidRequest"], "no corresponding x-amz-checksum", About::Argument),
    (&["InvalidRequest"], "x-amz-checksum", About::Body),
    (&["MissingContentLength", "LengthRequired"], "", About::Length),
    (&["AccessControlListNotSupported", "InvalidBucketAclWithObjectOwnership"], "", About::Acl),
    (&["SecondLevelDomainForbidden"], "", About::Addressing), // OSS
    (&[], "virtual hosted style", About::Addressing),
    (&[], "virtual-hosted", About::Addressing),
    (&[], "path-style", About::Addressing),
    (&[], "policy condition failed", About::Condition),
    (&[], "extra input fields", About::ExtraField),
    (&["PreconditionFailed"], "enclosure-type", About::FormShape),
    (&["PreconditionFailed"], "", About::Precondition),
    (&["MethodNotAllowed"], "", About::Method),
    (&["MissingSecurityHeader"], "", About::Argument),
    (&[], "invalid according to policy", About::Condition),
    (&["EntityTooLarge", "EntityTooSmall"], "", About::Size),
    (&["InvalidPolicyDocument"], "does not meet the conditions", About::Condition), // Google
    (&["MalformedPOSTRequest", "InvalidPolicyDocument", "IncorrectNumberOfFilesInPostRequest", "UserKeyMustBeSpecified",
        "MaxPostPreDataLengthExceededError", "MaxPostPreDataLengthExceeded", "MaxMessageLengthExceeded"],
        "", About::FormShape),
    (&["InvalidArgument"], "post form fields", About::FormShape),
    (&["InvalidArgument"], "bucket post must", About::FormShape),
    (&["NotImplemented"], "header '", About::Header), // R2
    (&["NotImplemented"], "streaming-", About::Header), // R2
    (&["InvalidArgument"], "unsupported header '", About::Header), // B2
    (&["InvalidArgument"], "post requires exactly one file", About::FormShape),
    (&["NoSuchBucket", "InvalidBucketName"], "", About::Bucket),
    (&["NoSuchKey", "NoSuchVersion", "NoSuchUpload", "InvalidObjectState", "AllAccessDisabled", "AccountProblem",
        "UserSuspended", "QuotaExceeded", "NotEntitled", "NotSignedUp", "ObjectLocked", "InvalidRange",
        "KeyTooLongError"], "", About::Object),
    (&["AccessDenied", ""], "user: anonymous is not", About::Anonymous),
    (&["AccessDenied", ""], "anonymous caller does not have", About::Anonymous), // Google
    (&["AccessDenied", ""], "is not authorized to perform", About::Object),
    (&["AccessDenied", "Forbidden", "UnauthorizedAccess", "AccessForbidden"], "", About::Denied),
];

/// Codes whose meaning depends on the message, so that several rows list them.
const MORE_CODES: [&str; 3] = ["NotImplemented", "InvalidRequest", "InvalidArgument"];

/// Looks up the meaning of a code and a message. `named`: the answer names a header or an argument in an element.
pub(super) fn classify(code: &str, message: &str, named: bool) -> About {
    let message = message.to_ascii_lowercase();
    let found = ROWS.iter().find(|(codes, part, _)| {
        (codes.is_empty() || codes.contains(&code))
            && message.contains(part)
            && !(code.is_empty() && part.is_empty())
    });
    match (found, code) {
        (Some((_, _, about)), _) => *about,
        (None, "NotImplemented") if named => About::Header,
        (None, "NotImplemented") => About::NoForms,
        (None, "InvalidArgument") if named => About::Argument,
        _ => About::Other,
    }
}

/// Finds the first known code in text without markup (an SDK's message, or text copied from a browser), the message after
/// it, and whether codes with other meanings follow. The AWS SDK for Java writes the message before the code.
pub(super) fn known_code(text: &str) -> Option<(&'static str, &str, bool)> {
    let codes = ROWS.iter().flat_map(|(codes, ..)| codes.iter().copied());
    // The others are ordinary words.
    let codes = codes
        .chain(MORE_CODES)
        .filter(|code| code.len() > 9 || ["NoSuchKey", "BadDigest"].contains(code));
    let found = codes.filter_map(|code| {
        let mut places = text.match_indices(code).take(MAX_PLACES);
        let ends = |at: usize| {
            let after = text.get(at + code.len()..).unwrap_or_default();
            !after.starts_with(|c: char| c.is_ascii_alphanumeric())
        };
        let (at, _) = places.find(|(at, _)| {
            let before = text.get(..*at).unwrap_or_default();
            // `401 Unauthorized` is any server's status, and `"Unauthorized"` any gateway's error.
            let is_other =
                before.ends_with("401 ") || (code == "Unauthorized" && before.ends_with('"'));
            // After a slash, it is a part of a path.
            let is_part = before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
            !is_part && !is_other
        })?;
        let is_word = STATUSES.contains(&code) && is_status(text.get(..at)?);
        let order = (is_word, at, core::cmp::Reverse(code.len()));
        // As a second one, `Unauthorized` is a word, and a part of a longer name is not a code.
        let counts = !is_word && code != "Unauthorized" && ends(at);
        Some((order, code, counts))
    });
    let found: Vec<_> = found.collect();
    let ((_, at, _), code, _) = *found.iter().min()?;
    let means = |code| classify(code, "", false);
    let several = found
        .iter()
        .any(|(_, other, counts)| *counts && !code.contains(other) && means(other) != means(code));
    let (before, after) = (text.get(..at)?, text.get(at + code.len()..)?);
    let after = after.trim_start_matches([')', ':', ' ', '"', ',']);
    Some((
        code,
        if after.starts_with(';') {
            before
        } else {
            after
        },
        several,
    ))
}

/// Codes that are also the names of HTTP statuses.
const STATUSES: [&str; 7] = [
    "Unauthorized",
    "MethodNotAllowed",
    "PreconditionFailed",
    "LengthRequired",
    "NotImplemented",
    "PermanentRedirect",
    "TemporaryRedirect",
];

/// Whether a text ends with the label of an HTTP status.
fn is_status(before: &str) -> bool {
    let before = before.trim_end_matches([':', '=', ' ', '"', '\'']);
    let names = ["status", "status code", "statuscode", "status_code"];
    names.iter().any(|name| {
        let start = before.len().checked_sub(name.len());
        let end = start.and_then(|start| before.get(start..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(name))
    })
}

/// The maximum number of positions searched for a code.
const MAX_PLACES: usize = 16;
