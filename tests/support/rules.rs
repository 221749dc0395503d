//! The values that S3 accepts, written a second time in another way, to compare the crate with.

/// The values that are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Anything,
    /// Of this many bytes.
    Base64(usize),
    MediaType,
    NotEmpty,
    Number,
    PartNumber,
    PayloadHash,
    Reserved,
    Response,
    Status,
}
use Kind::*;

/// The name, the allowed values, and whether it can occur only once.
pub(crate) type Rule = (&'static str, Kind, bool);

pub(crate) const HEADERS: [Rule; 71] = [
    ("authorization", Reserved, true),
    ("cache-control", NotEmpty, false),
    ("content-disposition", NotEmpty, true),
    ("content-encoding", NotEmpty, false),
    ("content-language", NotEmpty, false),
    ("content-length", Number, true),
    ("content-md5", Base64(16), true),
    ("content-type", MediaType, true),
    ("expires", NotEmpty, true),
    ("host", Reserved, true),
    ("if-match", NotEmpty, false),
    ("if-modified-since", NotEmpty, true),
    ("if-none-match", NotEmpty, false),
    ("if-unmodified-since", NotEmpty, true),
    ("range", NotEmpty, true),
    ("x-amz-acl", NotEmpty, true),
    ("x-amz-bypass-governance-retention", NotEmpty, true),
    ("x-amz-checksum-algorithm", NotEmpty, true),
    ("x-amz-checksum-crc32", Base64(4), true),
    ("x-amz-checksum-crc32c", Base64(4), true),
    ("x-amz-checksum-crc64nvme", Base64(8), true),
    ("x-amz-checksum-mode", NotEmpty, true),
    ("x-amz-checksum-sha1", Base64(20), true),
    ("x-amz-checksum-sha256", Base64(32), true),
    ("x-amz-checksum-type", NotEmpty, true),
    ("x-amz-content-sha256", PayloadHash, true),
    ("x-amz-copy-source", NotEmpty, true),
    ("x-amz-copy-source-if-match", NotEmpty, false),
    ("x-amz-copy-source-if-modified-since", NotEmpty, true),
    ("x-amz-copy-source-if-none-match", NotEmpty, false),
    ("x-amz-copy-source-if-unmodified-since", NotEmpty, true),
    ("x-amz-copy-source-range", NotEmpty, true),
    (
        "x-amz-copy-source-server-side-encryption-customer-algorithm",
        NotEmpty,
        true,
    ),
    (
        "x-amz-copy-source-server-side-encryption-customer-key",
        Base64(32),
        true,
    ),
    (
        "x-amz-copy-source-server-side-encryption-customer-key-md5",
        Base64(16),
        true,
    ),
    ("x-amz-date", Reserved, true),
    ("x-amz-expected-bucket-owner", NotEmpty, true),
    ("x-amz-grant-full-control", NotEmpty, false),
    ("x-amz-grant-read", NotEmpty, false),
    ("x-amz-grant-read-acp", NotEmpty, false),
    ("x-amz-grant-write", NotEmpty, false),
    ("x-amz-grant-write-acp", NotEmpty, false),
    ("x-amz-max-parts", Number, true),
    ("x-amz-metadata-directive", NotEmpty, true),
    ("x-amz-mfa", NotEmpty, true),
    ("x-amz-mp-object-size", Number, true),
    ("x-amz-object-attributes", NotEmpty, false),
    ("x-amz-object-lock-legal-hold", NotEmpty, true),
    ("x-amz-object-lock-mode", NotEmpty, true),
    ("x-amz-object-lock-retain-until-date", NotEmpty, true),
    ("x-amz-object-ownership", NotEmpty, true),
    ("x-amz-optional-object-attributes", NotEmpty, false),
    ("x-amz-part-number-marker", Number, true),
    ("x-amz-rename-source", NotEmpty, true),
    ("x-amz-request-payer", NotEmpty, true),
    ("x-amz-s3session-token", Reserved, true),
    ("x-amz-sdk-checksum-algorithm", NotEmpty, true),
    ("x-amz-security-token", Reserved, true),
    ("x-amz-server-side-encryption", NotEmpty, true),
    (
        "x-amz-server-side-encryption-aws-kms-key-id",
        NotEmpty,
        true,
    ),
    (
        "x-amz-server-side-encryption-bucket-key-enabled",
        NotEmpty,
        true,
    ),
    ("x-amz-server-side-encryption-context", NotEmpty, true),
    (
        "x-amz-server-side-encryption-customer-algorithm",
        NotEmpty,
        true,
    ),
    (
        "x-amz-server-side-encryption-customer-key",
        Base64(32),
        true,
    ),
    (
        "x-amz-server-side-encryption-customer-key-md5",
        Base64(16),
        true,
    ),
    ("x-amz-source-expected-bucket-owner", NotEmpty, true),
    ("x-amz-storage-class", NotEmpty, true),
    ("x-amz-tagging", NotEmpty, true),
    ("x-amz-tagging-directive", NotEmpty, true),
    ("x-amz-website-redirect-location", NotEmpty, true),
    ("x-amz-write-offset-bytes", Number, true),
];

pub(crate) const PARAMETERS: [Rule; 37] = [
    ("AWSAccessKeyId", Reserved, true),
    ("Signature", Reserved, true),
    ("continuation-token", NotEmpty, true),
    ("delimiter", Anything, true),
    ("encoding-type", NotEmpty, true),
    ("fetch-owner", NotEmpty, true),
    ("key-marker", Anything, true),
    ("list-type", NotEmpty, true),
    ("marker", Anything, true),
    ("max-buckets", Number, true),
    ("max-keys", Number, true),
    ("max-parts", Number, true),
    ("max-uploads", Number, true),
    ("part-number-marker", Number, true),
    ("partNumber", PartNumber, true),
    ("prefix", Anything, true),
    ("response-cache-control", Response, true),
    ("response-content-disposition", Response, true),
    ("response-content-encoding", Response, true),
    ("response-content-language", Response, true),
    ("response-content-type", Response, true),
    ("response-expires", Response, true),
    ("start-after", Anything, true),
    ("upload-id-marker", Anything, true),
    ("uploadId", NotEmpty, true),
    ("uploads", Anything, true),
    ("version-id-marker", Anything, true),
    ("versionId", NotEmpty, true),
    ("x-amz-algorithm", Reserved, true),
    ("x-amz-credential", Reserved, true),
    ("x-amz-date", Reserved, true),
    ("x-amz-expires", Reserved, true),
    ("x-amz-region-set", Reserved, true),
    ("x-amz-s3session-token", Reserved, true),
    ("x-amz-security-token", Reserved, true),
    ("x-amz-signature", Reserved, true),
    ("x-amz-signedheaders", Reserved, true),
];

pub(crate) const FIELDS: [Rule; 14] = [
    ("acl", NotEmpty, true),
    ("awsaccesskeyid", Reserved, true),
    ("bucket", Reserved, true),
    ("content-length-range", Reserved, true),
    ("file", Reserved, true),
    ("key", Reserved, true),
    ("policy", Reserved, true),
    ("signature", Reserved, true),
    ("success_action_redirect", NotEmpty, true),
    ("success_action_status", Status, true),
    ("tagging", NotEmpty, true),
    ("x-amz-algorithm", Reserved, true),
    ("x-amz-credential", Reserved, true),
    ("x-amz-signature", Reserved, true),
];

impl Kind {
    /// The name of the crate's error for a value that is not accepted.
    pub(crate) fn refuses(self, value: &str, place: &str) -> Option<&'static str> {
        let number = |text: &str| {
            let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
            text.parse::<u64>().ok().filter(|_| digits)
        };
        // White space around a header's value is not part of it.
        let value = match place {
            "header" => value.trim_matches([' ', '\t']),
            _ => value,
        };
        let blank = value.chars().all(|c| c == ' ' || c == '\t');
        let (refused, error) = match self {
            Anything => (false, ""),
            Base64(bytes) => {
                let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
                let (text, padding) = value.split_at(value.find('=').unwrap_or(value.len()));
                let right = text.len() == (bytes * 8).div_ceil(6)
                    && text.chars().all(|c| digits.contains(c))
                    && padding == ["", "==", "="][bytes % 3];
                (!right, "InvalidBase64")
            }
            MediaType if blank => (true, "EmptyValue"),
            MediaType => (value.contains('*'), "WildcardInContentType"),
            NotEmpty => (blank, "EmptyValue"),
            Number => (number(value).is_none(), "InvalidNumber"),
            PartNumber => match number(value) {
                None => (true, "InvalidNumber"),
                Some(n) => (n == 0 || n > 10_000, "PartNumberOutOfRange"),
            },
            PayloadHash => {
                let hexadecimal = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
                let hash = place != "query" && value.len() == 64 && value.chars().all(hexadecimal);
                (!hash && value != "UNSIGNED-PAYLOAD", "InvalidPayloadHash")
            }
            Reserved => (
                true,
                match place {
                    "header" => "ReservedHeader",
                    "query" => "ReservedQueryParameter",
                    _ => "ReservedField",
                },
            ),
            Response if blank => (true, "EmptyValue"),
            Response => {
                let control = |c: char| c.is_ascii_control() && c != '\t';
                (value.contains(control), "InvalidHeaderValue")
            }
            Status => (
                !["200", "201", "204"].contains(&value),
                "InvalidSuccessStatus",
            ),
        };
        refused.then_some(error)
    }

    /// Values that are accepted.
    #[allow(dead_code)] // only used to generate values
    pub(crate) fn good(self) -> Vec<String> {
        let values: &[&str] = match self {
            Anything => &["", "a", "*"],
            Base64(bytes) => {
                let digits = "A".repeat((bytes * 8).div_ceil(6));
                return vec![digits + ["", "==", "="][bytes % 3]];
            }
            MediaType => &["image/png", "text/plain;charset=utf-8"],
            NotEmpty | Response => &["a", "*", "1"],
            Number => &["0", "7", "18446744073709551615"],
            PartNumber => &["1", "10000"],
            PayloadHash => &["UNSIGNED-PAYLOAD"],
            Reserved => &[],
            Status => &["200", "201", "204"],
        };
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    /// Values that some kinds do not accept.
    #[allow(dead_code)] // property tests have their own values
    pub(crate) fn doubtful() -> Vec<String> {
        let values = [
            "",
            " ",
            "\t",
            "a",
            "zz",
            "0",
            "-1",
            "+1",
            "1.0",
            "1 ",
            "10001",
            "18446744073709551616",
            "image/*",
            "202",
            "=",
            "AAAA",
            "AAAA=",
            "AAAAAA=",
            "AAAAAA==",
            "AAAAAAA=",
            "AA_AAA==",
            "unsigned-payload",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ];
        values.iter().map(|value| (*value).to_owned()).collect()
    }
}

/// The rule for a name. Parameters are compared with case, unless they have a header's name.
pub(crate) fn find(place: &str, name: &str) -> Option<Rule> {
    let lower = name.to_ascii_lowercase();
    let in_table = |table: &[Rule], name: &str| table.iter().find(|rule| rule.0 == name).copied();
    match place {
        "header" => in_table(&HEADERS, &lower),
        "query" if lower.starts_with("x-amz-") => {
            in_table(&PARAMETERS, &lower).or_else(|| in_table(&HEADERS, &lower))
        }
        "query" => in_table(&PARAMETERS, name),
        _ => in_table(&FIELDS, &lower).or_else(|| in_table(&HEADERS, &lower)),
    }
}
