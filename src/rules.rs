//! S3's rules for headers, query parameters and form fields: one row for each name.
//!
//! Setters, lists, forms and the verifier all use this table, so a value is accepted or refused the same way everywhere.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html>

use crate::error::Error;
use crate::method::Method;
use crate::sigv4::UNSIGNED_PAYLOAD;
use crate::sigv4::canonical_headers::check_value;
use crate::sigv4::pairs::Value;

/// Where a name belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A request header. In forms it is a field. It can also be a query parameter if its name starts with `x-amz-`.
    Header,
    Query,
    /// A field that only forms have.
    Field,
}

/// The allowed values.
#[derive(Clone, Copy)]
enum Accepts {
    Anything,
    /// The base64 of this number of bytes.
    Base64(u8),
    /// Text without control characters, because S3 puts it into a header.
    HeaderValue,
    /// One content type, without wildcards.
    MediaType,
    NotEmpty,
    /// Decimal digits.
    Number,
    /// 1 to 10000.
    PartNumber,
    PayloadHash,
    /// 200, 201 or 204.
    SuccessStatus,
    /// Nothing: signing sets it, or it would be a second way to authenticate.
    Reserved,
}
use Accepts::{
    Anything, Base64, HeaderValue, MediaType, NotEmpty, Number, PartNumber, PayloadHash, Reserved,
    SuccessStatus,
};
use Place::{Field, Header, Query};

/// Whether a name allows one value or several.
const ONCE: bool = true;
const OFTEN: bool = false;

// The requests in which S3 reads a value.
const GET: u8 = 1;
const HEAD: u8 = 2;
const PUT: u8 = 4;
const POST: u8 = 8;
const DELETE: u8 = 16;
/// `GET` of a bucket or of the service.
const LIST: u8 = 32;
const BUCKET: u8 = 64;
const READ: u8 = GET | HEAD;
const STORE: u8 = PUT | POST;
const OBJECT: u8 = READ | STORE | DELETE;
const WRITE: u8 = STORE | BUCKET;
const ALL: u8 = 255;

struct Rule {
    name: &'static str,
    place: Place,
    accepts: Accepts,
    once: bool,
    requests: u8,
}

macro_rules! rows {
    ($($row:ident = $name:literal, $place:expr, $accepts:expr, $once:expr, $requests:expr;)*) => {
        /// A row of the table. Rows are in the order of their names, headers first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub(crate) enum Row {
            $($row,)*
        }

        const ROWS: &[Row] = &[$(Row::$row,)*];

        static RULES: [Rule; ROWS.len()] = [$(Rule {
            name: $name,
            place: $place,
            accepts: $accepts,
            once: $once,
            requests: $requests,
        },)*];
    };
}

rows! {
    Authorization = "authorization", Header, Reserved, ONCE, ALL;
    CacheControl = "cache-control", Header, NotEmpty, OFTEN, WRITE;
    ContentDisposition = "content-disposition", Header, NotEmpty, ONCE, WRITE;
    ContentEncoding = "content-encoding", Header, NotEmpty, OFTEN, WRITE;
    ContentLanguage = "content-language", Header, NotEmpty, OFTEN, WRITE;
    ContentLength = "content-length", Header, Number, ONCE, ALL;
    ContentMd5 = "content-md5", Header, Base64(16), ONCE, WRITE;
    ContentType = "content-type", Header, MediaType, ONCE, ALL;
    Expires = "expires", Header, NotEmpty, ONCE, WRITE;
    Host = "host", Header, Reserved, ONCE, ALL;
    IfMatch = "if-match", Header, NotEmpty, OFTEN, OBJECT;
    IfModifiedSince = "if-modified-since", Header, NotEmpty, ONCE, READ;
    IfNoneMatch = "if-none-match", Header, NotEmpty, OFTEN, OBJECT;
    IfUnmodifiedSince = "if-unmodified-since", Header, NotEmpty, ONCE, READ;
    Range = "range", Header, NotEmpty, ONCE, READ;
    Acl = "x-amz-acl", Header, NotEmpty, ONCE, WRITE;
    BypassGovernanceRetention = "x-amz-bypass-governance-retention", Header, NotEmpty, ONCE, ALL;
    ChecksumAlgorithm = "x-amz-checksum-algorithm", Header, NotEmpty, ONCE, ALL;
    ChecksumCrc32 = "x-amz-checksum-crc32", Header, Base64(4), ONCE, WRITE;
    ChecksumCrc32c = "x-amz-checksum-crc32c", Header, Base64(4), ONCE, WRITE;
    ChecksumCrc64Nvme = "x-amz-checksum-crc64nvme", Header, Base64(8), ONCE, WRITE;
    ChecksumMode = "x-amz-checksum-mode", Header, NotEmpty, ONCE, READ;
    ChecksumSha1 = "x-amz-checksum-sha1", Header, Base64(20), ONCE, WRITE;
    ChecksumSha256 = "x-amz-checksum-sha256", Header, Base64(32), ONCE, WRITE;
    ChecksumType = "x-amz-checksum-type", Header, NotEmpty, ONCE, WRITE;
    ContentSha256 = "x-amz-content-sha256", Header, PayloadHash, ONCE, ALL;
    CopySource = "x-amz-copy-source", Header, NotEmpty, ONCE, PUT;
    CopySourceIfMatch = "x-amz-copy-source-if-match", Header, NotEmpty, OFTEN, PUT;
    CopySourceIfModifiedSince = "x-amz-copy-source-if-modified-since", Header, NotEmpty, ONCE, PUT;
    CopySourceIfNoneMatch = "x-amz-copy-source-if-none-match", Header, NotEmpty, OFTEN, PUT;
    CopySourceIfUnmodifiedSince = "x-amz-copy-source-if-unmodified-since", Header, NotEmpty, ONCE, PUT;
    CopySourceRange = "x-amz-copy-source-range", Header, NotEmpty, ONCE, PUT;
    CopySourceKeyAlgorithm = "x-amz-copy-source-server-side-encryption-customer-algorithm", Header, NotEmpty, ONCE, PUT;
    CopySourceKey = "x-amz-copy-source-server-side-encryption-customer-key", Header, Base64(32), ONCE, PUT;
    CopySourceKeyMd5 = "x-amz-copy-source-server-side-encryption-customer-key-md5", Header, Base64(16), ONCE, PUT;
    DateHeader = "x-amz-date", Header, Reserved, ONCE, ALL;
    ExpectedBucketOwner = "x-amz-expected-bucket-owner", Header, NotEmpty, ONCE, ALL;
    GrantFullControl = "x-amz-grant-full-control", Header, NotEmpty, OFTEN, WRITE;
    GrantRead = "x-amz-grant-read", Header, NotEmpty, OFTEN, WRITE;
    GrantReadAcp = "x-amz-grant-read-acp", Header, NotEmpty, OFTEN, WRITE;
    GrantWrite = "x-amz-grant-write", Header, NotEmpty, OFTEN, WRITE;
    GrantWriteAcp = "x-amz-grant-write-acp", Header, NotEmpty, OFTEN, WRITE;
    MaxPartsHeader = "x-amz-max-parts", Header, Number, ONCE, GET;
    Metadata = "x-amz-meta-", Header, Anything, OFTEN, STORE;
    MetadataDirective = "x-amz-metadata-directive", Header, NotEmpty, ONCE, PUT;
    Mfa = "x-amz-mfa", Header, NotEmpty, ONCE, ALL;
    MpObjectSize = "x-amz-mp-object-size", Header, Number, ONCE, POST;
    ObjectAttributes = "x-amz-object-attributes", Header, NotEmpty, OFTEN, GET;
    ObjectLockLegalHold = "x-amz-object-lock-legal-hold", Header, NotEmpty, ONCE, STORE;
    ObjectLockMode = "x-amz-object-lock-mode", Header, NotEmpty, ONCE, STORE;
    ObjectLockRetainUntilDate = "x-amz-object-lock-retain-until-date", Header, NotEmpty, ONCE, STORE;
    ObjectOwnership = "x-amz-object-ownership", Header, NotEmpty, ONCE, BUCKET;
    OptionalObjectAttributes = "x-amz-optional-object-attributes", Header, NotEmpty, OFTEN, LIST;
    PartNumberMarkerHeader = "x-amz-part-number-marker", Header, Number, ONCE, GET;
    RenameSource = "x-amz-rename-source", Header, NotEmpty, ONCE, PUT;
    RequestPayer = "x-amz-request-payer", Header, NotEmpty, ONCE, ALL;
    S3SessionTokenHeader = "x-amz-s3session-token", Header, Reserved, ONCE, ALL;
    SdkChecksumAlgorithm = "x-amz-sdk-checksum-algorithm", Header, NotEmpty, ONCE, ALL;
    SecurityTokenHeader = "x-amz-security-token", Header, Reserved, ONCE, ALL;
    Encryption = "x-amz-server-side-encryption", Header, NotEmpty, ONCE, WRITE | LIST;
    EncryptionKmsKeyId = "x-amz-server-side-encryption-aws-kms-key-id", Header, NotEmpty, ONCE, WRITE | LIST;
    EncryptionBucketKey = "x-amz-server-side-encryption-bucket-key-enabled", Header, NotEmpty, ONCE, WRITE | LIST;
    EncryptionContext = "x-amz-server-side-encryption-context", Header, NotEmpty, ONCE, WRITE | LIST;
    EncryptionCustomerAlgorithm = "x-amz-server-side-encryption-customer-algorithm", Header, NotEmpty, ONCE, READ | STORE;
    EncryptionCustomerKey = "x-amz-server-side-encryption-customer-key", Header, Base64(32), ONCE, READ | STORE;
    EncryptionCustomerKeyMd5 = "x-amz-server-side-encryption-customer-key-md5", Header, Base64(16), ONCE, READ | STORE;
    SourceExpectedBucketOwner = "x-amz-source-expected-bucket-owner", Header, NotEmpty, ONCE, PUT;
    StorageClass = "x-amz-storage-class", Header, NotEmpty, ONCE, STORE;
    Tagging = "x-amz-tagging", Header, NotEmpty, ONCE, STORE;
    TaggingDirective = "x-amz-tagging-directive", Header, NotEmpty, ONCE, PUT;
    WebsiteRedirectLocation = "x-amz-website-redirect-location", Header, NotEmpty, ONCE, STORE;
    WriteOffsetBytes = "x-amz-write-offset-bytes", Header, Number, ONCE, PUT;
    // A header with a name from the caller.
    OtherHeader = "", Header, Anything, OFTEN, ALL;

    // Of Signature Version 2: S3 refuses two methods of authentication.
    AccessKeyIdV2 = "AWSAccessKeyId", Query, Reserved, ONCE, ALL;
    SignatureV2 = "Signature", Query, Reserved, ONCE, ALL;
    ContinuationToken = "continuation-token", Query, NotEmpty, ONCE, LIST;
    Delimiter = "delimiter", Query, Anything, ONCE, LIST;
    EncodingType = "encoding-type", Query, NotEmpty, ONCE, LIST | GET;
    FetchOwner = "fetch-owner", Query, NotEmpty, ONCE, LIST;
    KeyMarker = "key-marker", Query, Anything, ONCE, LIST;
    ListType = "list-type", Query, NotEmpty, ONCE, LIST;
    Marker = "marker", Query, Anything, ONCE, LIST;
    MaxBuckets = "max-buckets", Query, Number, ONCE, LIST;
    MaxKeys = "max-keys", Query, Number, ONCE, LIST;
    MaxParts = "max-parts", Query, Number, ONCE, GET;
    MaxUploads = "max-uploads", Query, Number, ONCE, LIST;
    PartNumberMarker = "part-number-marker", Query, Number, ONCE, GET;
    Part = "partNumber", Query, PartNumber, ONCE, READ | PUT;
    Prefix = "prefix", Query, Anything, ONCE, LIST;
    ResponseCacheControl = "response-cache-control", Query, HeaderValue, ONCE, READ;
    ResponseContentDisposition = "response-content-disposition", Query, HeaderValue, ONCE, READ;
    // The same parameter, created from a file name.
    DownloadAs = "response-content-disposition", Query, Anything, ONCE, READ;
    InlineAs = "response-content-disposition", Query, Anything, ONCE, READ;
    ResponseContentEncoding = "response-content-encoding", Query, HeaderValue, ONCE, READ;
    ResponseContentLanguage = "response-content-language", Query, HeaderValue, ONCE, READ;
    ResponseContentType = "response-content-type", Query, HeaderValue, ONCE, READ;
    ResponseExpires = "response-expires", Query, HeaderValue, ONCE, READ;
    StartAfter = "start-after", Query, Anything, ONCE, LIST;
    UploadIdMarker = "upload-id-marker", Query, Anything, ONCE, LIST;
    UploadId = "uploadId", Query, NotEmpty, ONCE, GET | STORE | DELETE;
    Uploads = "uploads", Query, Anything, ONCE, POST | LIST;
    VersionIdMarker = "version-id-marker", Query, Anything, ONCE, LIST;
    VersionId = "versionId", Query, NotEmpty, ONCE, OBJECT;
    Algorithm = "x-amz-algorithm", Query, Reserved, ONCE, ALL;
    Credential = "x-amz-credential", Query, Reserved, ONCE, ALL;
    Date = "x-amz-date", Query, Reserved, ONCE, ALL;
    ExpiresIn = "x-amz-expires", Query, Reserved, ONCE, ALL;
    RegionSet = "x-amz-region-set", Query, Reserved, ONCE, ALL;
    S3SessionToken = "x-amz-s3session-token", Query, Reserved, ONCE, ALL;
    SecurityToken = "x-amz-security-token", Query, Reserved, ONCE, ALL;
    Signature = "x-amz-signature", Query, Reserved, ONCE, ALL;
    SignedHeaders = "x-amz-signedheaders", Query, Reserved, ONCE, ALL;
    // A parameter with a name from the caller.
    OtherParameter = "", Query, Anything, OFTEN, ALL;

    FieldAcl = "acl", Field, NotEmpty, ONCE, POST;
    FieldAccessKeyId = "awsaccesskeyid", Field, Reserved, ONCE, POST;
    FieldBucket = "bucket", Field, Reserved, ONCE, POST;
    FieldLengthRange = "content-length-range", Field, Reserved, ONCE, POST;
    FieldFile = "file", Field, Reserved, ONCE, POST;
    FieldKey = "key", Field, Reserved, ONCE, POST;
    FieldPolicy = "policy", Field, Reserved, ONCE, POST;
    FieldSignatureV2 = "signature", Field, Reserved, ONCE, POST;
    FieldRedirect = "success_action_redirect", Field, NotEmpty, ONCE, POST;
    FieldStatus = "success_action_status", Field, SuccessStatus, ONCE, POST;
    FieldTagging = "tagging", Field, NotEmpty, ONCE, POST;
    FieldAlgorithm = "x-amz-algorithm", Field, Reserved, ONCE, POST;
    FieldCredential = "x-amz-credential", Field, Reserved, ONCE, POST;
    FieldSignature = "x-amz-signature", Field, Reserved, ONCE, POST;
}

/// The prefix of metadata names.
pub(crate) const METADATA: &str = Row::Metadata.name();

impl Row {
    /// Headers precede parameters in the table.
    pub(crate) const fn is_header(self) -> bool {
        self as u8 <= Self::OtherHeader as u8
    }

    /// Whether the name, or a part of it, comes from the caller.
    pub(crate) const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Metadata | Self::OtherHeader | Self::OtherParameter
        )
    }

    /// Whether the whole name comes from the caller.
    pub(crate) const fn is_other(self) -> bool {
        matches!(self, Self::OtherHeader | Self::OtherParameter)
    }

    #[allow(clippy::indexing_slicing)] // each row has a rule
    const fn rule(self) -> &'static Rule {
        &RULES[self as usize]
    }

    /// The name, in lower case except for some parameters.
    pub(crate) const fn name(self) -> &'static str {
        self.rule().name
    }

    /// Whether the name allows only one value.
    pub(crate) const fn is_single(self) -> bool {
        self.rule().once
    }

    /// Whether signing itself sets it.
    pub(crate) const fn is_reserved(self) -> bool {
        matches!(self.rule().accepts, Reserved)
    }

    /// Whether S3 reads it in a request with this method, to an object or to the bucket itself.
    pub(crate) const fn is_read_by(self, method: Method, object: bool) -> bool {
        let request = match (method, object) {
            (Method::Get, true) => GET,
            (Method::Head, true) => HEAD,
            (Method::Put, true) => PUT,
            (Method::Post, true) => POST,
            (Method::Delete, true) => DELETE,
            (Method::Get, false) => LIST,
            (_, false) => BUCKET,
            (Method::Options | Method::Patch, true) => ALL,
        };
        self.rule().requests & request != 0
    }

    /// Refuses a prefix that no valid value has.
    #[cfg(feature = "post")]
    pub(crate) fn check_prefix(self, prefix: &str) -> Result<(), Error> {
        match self.rule().accepts {
            MediaType if prefix.contains('*') => Err(Error::WildcardInContentType),
            _ => Ok(()),
        }
    }

    /// Refuses a value that S3 would reject or misread.
    pub(crate) fn check(self, value: Value<'_>) -> Result<(), Error> {
        match (self.rule().accepts, value) {
            (Anything, _) | (Number | NotEmpty, Value::Number(_)) => Ok(()),
            _ => value.read(|text| self.check_bytes(text.bytes())),
        }
    }

    /// Like [`check`](Self::check), for the bytes of a received value.
    pub(crate) fn check_bytes(self, value: impl Iterator<Item = u8> + Clone) -> Result<(), Error> {
        let Rule { name, accepts, .. } = *self.rule();
        let is_blank = || value.clone().all(|byte| matches!(byte, b' ' | b'\t'));
        let is = |text: &str| value.clone().eq(text.bytes());
        match accepts {
            Anything => Ok(()),
            NotEmpty | MediaType | HeaderValue if is_blank() => Err(Error::EmptyValue { name }),
            NotEmpty => Ok(()),
            Base64(bytes) => check_base64(name, value, bytes.into()),
            HeaderValue => check_value(value),
            MediaType if value.clone().any(|byte| byte == b'*') => {
                Err(Error::WildcardInContentType)
            }
            MediaType => Ok(()),
            Number => number(name, value).map(drop),
            PartNumber => match number(name, value)? {
                1..=10_000 => Ok(()),
                number => Err(Error::PartNumberOutOfRange { number }),
            },
            PayloadHash if is(UNSIGNED_PAYLOAD) || is_payload_hash(value.clone()) => Ok(()),
            PayloadHash => Err(Error::InvalidPayloadHash),
            SuccessStatus if ["200", "201", "204"].into_iter().any(is) => Ok(()),
            SuccessStatus => Err(Error::InvalidSuccessStatus),
            Reserved => Err(match self.rule().place {
                Header => Error::ReservedHeader { name },
                Query => Error::ReservedQueryParameter { name },
                Field => Error::ReservedField { name },
            }),
        }
    }
}

/// The row of a name. Headers, fields and parameters that start with `x-amz-` ignore case. All other parameters are
/// case-sensitive.
pub(crate) fn find(place: Place, name: &str) -> Option<Row> {
    let of_length = |length: usize| {
        let rows = BY_LENGTH.get(usize::from(*STARTS.get(length)?)..)?;
        rows.get(..usize::from(*STARTS.get(length + 1)?) - usize::from(*STARTS.get(length)?))
    };
    let amazon = name
        .get(..6)
        .is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"));
    let in_place = |wanted: Place, row: &&Row| {
        let rule = row.rule();
        rule.place == wanted
            && !row.is_open()
            && match wanted {
                Query if !amazon => rule.name == name,
                _ => rule.name == name || rule.name.eq_ignore_ascii_case(name),
            }
    };
    let rows = of_length(name.len())?;
    let own = rows.iter().find(|row| in_place(place, row));
    let header = || {
        let as_header = place == Field || (place == Query && amazon);
        rows.iter().find(|row| as_header && in_place(Header, row))
    };
    own.or_else(header).copied()
}

/// The rows sorted by the length of their names, so that a lookup compares only a few.
#[allow(clippy::indexing_slicing)] // out of bounds would not compile
static BY_LENGTH: [Row; ROWS.len()] = {
    let mut sorted = [Row::Authorization; ROWS.len()];
    let (mut length, mut len) = (0, 0);
    while length < STARTS.len() - 1 {
        let mut row = 0;
        while row < ROWS.len() {
            if RULES[row].name.len() == length {
                sorted[len] = ROWS[row];
                len += 1;
            }
            row += 1;
        }
        length += 1;
    }
    assert!(len == ROWS.len(), "a name is longer than STARTS knows");
    sorted
};

/// Where the rows of each length start in [`BY_LENGTH`].
#[allow(clippy::indexing_slicing)] // out of bounds would not compile
static STARTS: [u8; 62] = {
    let mut starts = [0; 62];
    let mut row = 0;
    while row < ROWS.len() {
        let mut length = RULES[row].name.len() + 1;
        while length < starts.len() {
            starts[length] += 1;
            length += 1;
        }
        row += 1;
    }
    starts
};

fn number(name: &'static str, value: impl Iterator<Item = u8>) -> Result<u64, Error> {
    let mut number = None;
    for byte in value {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
        let next = number.unwrap_or(0_u64).checked_mul(10).zip(digit);
        let next = next.and_then(|(tens, digit)| tens.checked_add(digit));
        number = Some(next.ok_or(Error::InvalidNumber { name })?);
    }
    number.ok_or(Error::InvalidNumber { name })
}

/// Whether a value is a SHA-256 in lower-case hexadecimal.
pub(crate) fn is_payload_hash(value: impl Iterator<Item = u8> + Clone) -> bool {
    value.clone().count() == 64 && { value }.all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Refuses a value that cannot be the base64 of `bytes` bytes, such as hexadecimal.
fn check_base64(
    name: &'static str,
    value: impl Iterator<Item = u8> + Clone,
    bytes: usize,
) -> Result<(), Error> {
    let (length, padding) = (bytes.div_ceil(3) * 4, (3 - bytes % 3) % 3);
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let is_base64 = value.clone().count() == length && { value }.enumerate().all(|(at, byte)| {
        match at < length - padding {
            true => is_digit(byte),
            false => byte == b'=',
        }
    });
    match is_base64 {
        true => Ok(()),
        false => Err(Error::InvalidBase64 { name, length }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values set one by one are written in the order of their rows.
    #[test]
    fn rows_are_in_the_order_of_their_names() {
        for (place, open) in [(Header, Row::OtherHeader), (Query, Row::OtherParameter)] {
            let rows = ROWS.iter().filter(|row| row.rule().place == place);
            let names: Vec<_> = rows.map(|row| row.name()).collect();
            assert!(names[..names.len() - 1].is_sorted(), "{names:?}");
            assert_eq!((names.last().copied(), open.name()), (Some(""), ""));
        }
    }

    #[test]
    fn each_row_is_found_by_its_name() {
        let aliases = [Row::DownloadAs, Row::InlineAs];
        for row in ROWS
            .iter()
            .filter(|row| !row.is_open() && !aliases.contains(row))
        {
            let place = row.rule().place;
            assert_eq!(find(place, row.name()), Some(*row));
            let upper = row.name().to_ascii_uppercase();
            let same = place != Query || row.name().starts_with("x-amz-");
            assert_eq!(find(place, &upper), same.then_some(*row), "{upper}");
        }
        assert_eq!(find(Query, "X-Amz-Acl"), Some(Row::Acl));
        assert_eq!(find(Field, "Content-Type"), Some(Row::ContentType));
        assert_eq!(find(Query, "content-type"), None);
        assert_eq!(find(Header, "acl"), None);
        assert_eq!(find(Header, "x-amz-meta-"), None);
        assert_eq!(find(Header, ""), None);
        assert_eq!(find(Header, &"a".repeat(99)), None);
    }
}
