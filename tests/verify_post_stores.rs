//! The inputs of Ceph's and MinIO's own tests of upload forms: what these stores accept and refuse, and what we do.
//!
//! Ceph: the tests `test_post_object_*` that send a policy, from `s3tests/functional/test_s3.py` of `ceph/s3-tests`,
//! signed here with Signature Version 4. MinIO: `cmd/postpolicyform_test.go` and `cmd/post-policy_test.go`.
#![cfg(feature = "post")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use presign::Credentials;
use presign::verify::{PostRequest, Verifier};

#[path = "support/post_forms.rs"]
mod post_forms;

use post_forms::{CREDENTIAL, ID, NOW, SECRET, STAMP, form};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    Accepted,
    Refused,
}

use Verdict::{Accepted, Refused};

/// A form from a store's test, as changes to the form that its tests share.
struct Case {
    name: &'static str,
    /// Replacements in the policy's text.
    policy: &'static [(&'static str, &'static str)],
    /// Replaced fields; a field without a value is left out.
    fields: &'static [(&'static str, Option<&'static str>)],
    file: (&'static str, u64),
    store: Verdict,
    ours: Verdict,
}

const fn case(name: &'static str, verdict: Verdict) -> Case {
    Case {
        name,
        policy: &[],
        fields: &[],
        file: ("", 3),
        store: verdict,
        ours: verdict,
    }
}

const SIGNED: &str = r#"{"x-amz-algorithm":"AWS4-HMAC-SHA256"},{"x-amz-credential":"CREDENTIAL"},{"x-amz-date":"STAMP"}"#;

fn verify(case: &Case, policy: &str, fields: &[(&'static str, &'static str)]) -> Verdict {
    let mut policy = policy
        .replace("SIGNED", SIGNED)
        .replace("CREDENTIAL", CREDENTIAL)
        .replace("STAMP", STAMP);
    for (from, to) in case.policy {
        assert!(
            policy.contains(from),
            "{}: no {from} in {policy}",
            case.name
        );
        policy = policy.replacen(from, to, 1);
    }
    let is_changed = |name: &str| case.fields.iter().any(|(changed, _)| *changed == name);
    let kept = fields.iter().copied().filter(|(name, _)| !is_changed(name));
    let new = case
        .fields
        .iter()
        .filter_map(|(name, value)| Some((*name, (*value)?)));
    let fields: Vec<_> = kept.chain(new).collect();
    let mut fields = form(&policy, &fields);
    fields.retain(|(name, _)| !case.fields.contains(&(name.as_str(), None)));
    let pairs: Vec<_> = fields
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let request = PostRequest::new("bucket", &pairs, case.file.1).file_name(case.file.0);
    let who = |id: &str| (id == ID).then(|| Credentials::new(ID, SECRET));
    match Verifier::new().verify_post(&request, NOW, who) {
        Ok(_) => Accepted,
        Err(_) => Refused,
    }
}

fn check(cases: &[Case], policy: &str, fields: &[(&'static str, &'static str)]) -> (usize, usize) {
    let verdicts = cases
        .iter()
        .map(|case| (case.name, verify(case, policy, fields)));
    let expected = cases.iter().map(|case| (case.name, case.ours));
    assert_eq!(verdicts.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    let agreed = cases.iter().filter(|case| case.ours == case.store);
    (agreed.count(), cases.len())
}

const CEPH_POLICY: &str = r#"{"expiration":"2015-12-29T01:40:00Z","conditions":[{"bucket":"bucket"},["starts-with","$key","foo"],{"acl":"private"},["starts-with","$Content-Type","text/plain"],["content-length-range",0,1024],SIGNED]}"#;
const CEPH_FIELDS: [(&str, &str); 3] = [
    ("key", "foo.txt"),
    ("acl", "private"),
    ("Content-Type", "text/plain"),
];
const RANGE: &str = r#"["content-length-range",0,1024]"#;
const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const CEPH: [Case; 32] = [
    case("authenticated_request", Accepted),
    Case {
        policy: &[(r#"["starts-with","$Content-Type","text/plain"],"#, "")],
        fields: &[("Content-Type", None)],
        ..case("authenticated_no_content_type", Accepted)
    },
    Case {
        policy: &[("AKIAIOSFODNN7EXAMPLE", "foo")],
        fields: &[(
            "x-amz-credential",
            Some("foo/20151229/us-east-1/s3/aws4_request"),
        )],
        ..case("authenticated_request_bad_access_key", Refused)
    },
    Case {
        policy: &[("0,1024", "0,5242880")],
        file: ("", 3_145_728),
        ..case("upload_larger_than_chunk", Accepted)
    },
    Case {
        fields: &[("key", Some("${filename}"))],
        file: ("foo.txt", 3),
        ..case("set_key_from_filename", Accepted)
    },
    Case {
        fields: &[("x-ignore-foo", Some("bar"))],
        ..case("ignored_header", Accepted)
    },
    Case {
        policy: &[
            (r#"{"bucket""#, r#"{"bUcKeT""#),
            (r#"["starts-with","$key""#, r#"["StArTs-WiTh","$KeY""#),
            (r#"{"acl""#, r#"{"AcL""#),
            (
                r#"["starts-with","$Content-Type""#,
                r#"["StArTs-WiTh","$CoNtEnT-TyPe""#,
            ),
        ],
        fields: &[
            ("key", None),
            ("kEy", Some("foo.txt")),
            ("acl", None),
            ("aCl", Some("private")),
        ],
        ..case("case_insensitive_condition_fields", Accepted)
    },
    Case {
        policy: &[(r#""foo""#, r#""\\$foo""#)],
        fields: &[("key", Some(r"\$foo.txt"))],
        ..case("escaped_field_values", Accepted)
    },
    Case {
        policy: &[(
            RANGE,
            r#"["eq","$success_action_redirect","http://h/done"],["content-length-range",0,1024]"#,
        )],
        fields: &[("success_action_redirect", Some("http://h/done"))],
        ..case("success_redirect_action", Accepted)
    },
    Case {
        fields: &[("x-amz-signature", Some(ZEROS))],
        ..case("invalid_signature", Refused)
    },
    Case {
        policy: &[("AKIAIOSFODNN7EXAMPLE", "ELPMAXE7NNDOFSOIAIKA")],
        fields: &[(
            "x-amz-credential",
            Some("ELPMAXE7NNDOFSOIAIKA/20151229/us-east-1/s3/aws4_request"),
        )],
        ..case("invalid_access_key", Refused)
    },
    Case {
        policy: &[("2015-12-29T01:40:00Z", "2015-12-29 01:40:00.000000+00:00")],
        ..case("invalid_date_format", Refused)
    },
    Case {
        policy: &[(r#"["starts-with","$key","foo"],"#, "")],
        fields: &[("key", None)],
        ..case("no_key_specified", Refused)
    },
    Case {
        fields: &[("x-amz-signature", None)],
        ..case("missing_signature", Refused)
    },
    Case {
        policy: &[(r#"{"bucket":"bucket"},"#, "")],
        ..case("missing_policy_condition", Refused)
    },
    Case {
        policy: &[(
            RANGE,
            r#"["content-length-range",0,1024],["starts-with","$x-amz-meta-foo","bar"]"#,
        )],
        fields: &[("x-amz-meta-foo", Some("barclamp"))],
        ..case("user_specified_header", Accepted)
    },
    Case {
        policy: &[(
            RANGE,
            r#"["content-length-range",0,1024],["starts-with","$x-amz-meta-foo","bar"]"#,
        )],
        ..case("request_missing_policy_specified_field", Refused)
    },
    Case {
        policy: &[("conditions", "CONDITIONS")],
        ..case("condition_is_case_sensitive", Refused)
    },
    Case {
        policy: &[("expiration", "EXPIRATION")],
        ..case("expires_is_case_sensitive", Refused)
    },
    Case {
        policy: &[("2015-12-29T01:40:00Z", "2015-12-28T22:20:00Z")],
        ..case("expired_policy", Refused)
    },
    Case {
        policy: &[(r#"{"bucket":"bucket"}"#, r#"{"bucket":"other"}"#)],
        fields: &[("bucket", Some("other")), ("key", Some("${filename}"))],
        file: ("foo.txt", 3),
        ..case("wrong_bucket", Refused)
    },
    Case {
        policy: &[(
            RANGE,
            r#"["content-length-range",0,1024],["eq","$x-amz-meta-foo",""]"#,
        )],
        fields: &[("x-amz-meta-foo", Some("barclamp"))],
        ..case("invalid_request_field_value", Refused)
    },
    Case {
        policy: &[(r#""expiration":"2015-12-29T01:40:00Z","#, "")],
        ..case("missing_expires_condition", Refused)
    },
    Case {
        policy: &[("\"conditions\":[", "\"x\":["), ("}]}", "}]}")],
        ..case("missing_conditions_list", Refused)
    },
    Case {
        policy: &[("0,1024", "0,0")],
        ..case("upload_size_limit_exceeded", Refused)
    },
    Case {
        policy: &[("0,1024", "0")],
        ..case("missing_content_length_argument", Refused)
    },
    Case {
        policy: &[("0,1024", "-1,0")],
        ..case("invalid_content_length_argument", Refused)
    },
    Case {
        policy: &[("0,1024", "512,1000")],
        ..case("upload_size_below_minimum", Refused)
    },
    Case {
        policy: &[("0,1024", "4194304,12582912")],
        file: ("", 4_194_504),
        ..case("upload_size_rgw_chunk_size_bug", Accepted)
    },
    Case {
        policy: &[(r#"{"bucket":"bucket"}"#, "{ }")],
        ..case("empty_conditions", Refused)
    },
    Case {
        policy: &[(
            RANGE,
            r#"["content-length-range",0,1024],["starts-with","$tagging",""]"#,
        )],
        fields: &[("tagging", Some("<Tagging><TagSet></TagSet></Tagging>"))],
        ..case("tags_authenticated_request", Accepted)
    },
    // AWS's documentation and MinIO require a condition for a checksum.
    Case {
        fields: &[(
            "x-amz-checksum-sha256",
            Some("aTL9MeXa9HObn6eP93eygxsJlcwdCwCTysgGAZAgE7w="),
        )],
        ours: Refused,
        ..case("upload_checksum", Accepted)
    },
];

const MINIO_POLICY: &str = r#"{"expiration":"2016-01-05T00:00:00.000Z","conditions":[["eq","$bucket","bucket"],["eq","$Content-Type","image/jpeg"],["eq","$x-amz-meta-uuid","14365123651274"],["starts-with","$key","user/user1/filename"],["content-length-range",100,999999],["eq","$success_action_status","201"],SIGNED]}"#;
const MINIO_FIELDS: [(&str, &str); 5] = [
    ("bucket", "bucket"),
    ("key", "user/user1/filename/${filename}/myfile.txt"),
    ("Content-Type", "image/jpeg"),
    ("X-Amz-Meta-Uuid", "14365123651274"),
    ("success_action_status", "201"),
];
const SIZE: (&str, u64) = ("upload.txt", 1025);

const fn minio(
    name: &'static str,
    fields: &'static [(&'static str, Option<&'static str>)],
    verdict: Verdict,
) -> Case {
    Case {
        fields,
        file: SIZE,
        ..case(name, verdict)
    }
}

const fn minio_policy(
    name: &'static str,
    policy: &'static [(&'static str, &'static str)],
    verdict: Verdict,
) -> Case {
    Case {
        policy,
        file: SIZE,
        ..case(name, verdict)
    }
}

const CONDITIONS: &str = r#""conditions":"#;

const MINIO: [Case; 36] = [
    minio("happy path", &[], Accepted),
    minio_policy(
        "expired policy document",
        &[("2016-01-05", "2015-12-19")],
        Refused,
    ),
    minio(
        "different AMZ date",
        &[("x-amz-date", Some("2017T000000Z"))],
        Refused,
    ),
    minio(
        "incorrect date",
        &[("x-amz-date", Some("incorrect"))],
        Refused,
    ),
    minio(
        "key with another start",
        &[("key", Some("myfile.txt"))],
        Refused,
    ),
    minio("incorrect key name", &[("key", Some("incorrect"))], Refused),
    minio(
        "incorrect bucket name",
        &[("bucket", Some("incorrect"))],
        Refused,
    ),
    minio(
        "incorrect content type",
        &[("Content-Type", Some("incorrect"))],
        Refused,
    ),
    minio(
        "incorrect algorithm",
        &[("x-amz-algorithm", Some("incorrect"))],
        Refused,
    ),
    minio(
        "incorrect credential",
        &[("x-amz-credential", Some("incorrect"))],
        Refused,
    ),
    minio(
        "incorrect metadata",
        &[("X-Amz-Meta-Uuid", Some("151274"))],
        Refused,
    ),
    minio(
        "unknown metadata",
        &[("x-amz-meta-name", Some("my-name"))],
        Refused,
    ),
    minio(
        "checksum algorithm",
        &[("x-amz-checksum-algorithm", Some("algo-val"))],
        Refused,
    ),
    minio(
        "checksum CRC32",
        &[("x-amz-checksum-crc32", Some("crc32-val"))],
        Refused,
    ),
    minio(
        "checksum CRC32C",
        &[("x-amz-checksum-crc32c", Some("crc32c-val"))],
        Refused,
    ),
    minio(
        "checksum SHA1",
        &[("x-amz-checksum-sha1", Some("sha1-val"))],
        Refused,
    ),
    minio(
        "checksum SHA256",
        &[("x-amz-checksum-sha256", Some("sha256-val"))],
        Refused,
    ),
    minio(
        "checksum mode",
        &[("x-amz-checksum-mode", Some("mode-val"))],
        Refused,
    ),
    minio(
        "content encoding",
        &[("Content-Encoding", Some("encoding-val"))],
        Refused,
    ),
    minio(
        "many bucket values",
        &[("Bucket", Some("anotherbucket"))],
        Refused,
    ),
    minio(
        "x-ignore field",
        &[("x-ignore-foo", Some("my-foo-value"))],
        Accepted,
    ),
    minio("file", &[("file", Some("file-value"))], Accepted),
    // Fields of Signature Version 2 in addition to those of 4, and encryption without a condition: AWS documents no
    // exception.
    Case {
        ours: Refused,
        ..minio(
            "V2 signature",
            &[("signature", Some("signature-value"))],
            Accepted,
        )
    },
    Case {
        ours: Refused,
        ..minio(
            "V2 access key",
            &[("AWSAccessKeyId", Some("access"))],
            Accepted,
        )
    },
    Case {
        ours: Refused,
        ..minio(
            "encryption without a condition",
            &[("x-amz-server-side-encryption-context", Some("context-val"))],
            Accepted,
        )
    },
    minio_policy(
        "missing expiration",
        &[(r#""expiration":"2016-01-05T00:00:00.000Z","#, "")],
        Refused,
    ),
    minio_policy("invalid JSON", &[("]}", "]")], Refused),
    minio_policy(
        "duplicate expiration",
        &[(
            "{\"expiration\"",
            "{\"expiration\":\"2016-01-05T00:00:00.000Z\",\"expiration\"",
        )],
        Refused,
    ),
    minio_policy(
        "duplicate conditions, another bucket",
        &[(
            CONDITIONS,
            r#""conditions":[["eq","$bucket","good"]],"conditions":"#,
        )],
        Refused,
    ),
    minio_policy(
        "duplicate conditions",
        &[(CONDITIONS, r#""conditions":[],"conditions":"#)],
        Refused,
    ),
    minio_policy(
        "date by starts-with",
        &[
            (r#"{"x-amz-date":"#, r#"["starts-with","$x-amz-date","#),
            ("Z\"}]", "Z\"]]"),
        ],
        Refused,
    ),
    minio_policy(
        "corrupted policy document",
        &[(
            r#""expiration":"2016-01-05T00:00:00.000Z","#,
            r#""3/aws4_request"]],"#,
        )],
        Refused,
    ),
    minio("no credential", &[("x-amz-credential", None)], Refused),
    Case {
        file: ("upload.txt", 1_048_576),
        policy: &[("100,999999", "1024,1048576")],
        ..minio("largest", &[], Accepted)
    },
    Case {
        file: ("upload.txt", 1023),
        policy: &[("100,999999", "1024,1048576")],
        ..minio("entity too small", &[], Refused)
    },
    Case {
        file: ("upload.txt", 1_048_577),
        policy: &[("100,999999", "1024,1048576")],
        ..minio("entity too large", &[], Refused)
    },
];

#[test]
fn as_ceph_does() {
    assert_eq!(check(&CEPH, CEPH_POLICY, &CEPH_FIELDS), (31, 32));
}

#[test]
fn as_minio_does() {
    assert_eq!(check(&MINIO, MINIO_POLICY, &MINIO_FIELDS), (33, 36));
}
