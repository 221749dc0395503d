//! Upload forms: what is refused and with which texts, and the properties of every signed form.
#![cfg(feature = "post")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)] // clippy.toml covers only `#[test]` functions

use core::time::Duration;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use html5gum::{StartTag, Token, Tokenizer};
use presign::post::{PostForm, PostPolicy};
use presign::{Bucket, Checksum, Credentials, Encryption, Error, ExpiryPolicy, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600); // 2013-05-24T00:00:00Z

fn credentials() -> Credentials<'static> {
    Credentials::new("AKIAEXAMPLE", "secret")
}

fn bucket() -> Bucket<'static> {
    Bucket::new("examplebucket", "eu-west-1").unwrap()
}

fn sign(set: impl FnOnce(PostPolicy<'_>) -> PostPolicy<'_>) -> Result<PostForm, Error> {
    let (credentials, bucket) = (credentials(), bucket());
    set(PostPolicy::new(&credentials, &bucket, "k")).sign_at(NOW)
}

fn conditions(form: &PostForm) -> Vec<Value> {
    let policy: Value = serde_json::from_str(form.policy()).unwrap();
    policy["conditions"].as_array().unwrap().clone()
}

/// S3 replaces `${filename}` with the file's name in every field before it checks the conditions.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html>
#[test]
fn a_files_name_in_any_field() {
    let form = sign(|policy| {
        policy
            .metadata("name", "${filename}")
            .field("Content-Disposition", "attachment; filename=${filename}; x")
            .field_starts_with("x-amz-meta-open", "by ${filename}")
            .field("x-amz-meta-other", "${user} {filename}")
    })
    .unwrap();
    assert_eq!(
        form.fields().take(3).collect::<Vec<_>>(),
        [
            ("key", "k"),
            ("x-amz-meta-name", "${filename}"),
            ("Content-Disposition", "attachment; filename=${filename}; x"),
        ]
    );
    assert_eq!(
        form.open_fields().collect::<Vec<_>>(),
        [("x-amz-meta-open", "by ${filename}")]
    );
    assert_eq!(
        conditions(&form)[2..6],
        [
            json!(["starts-with", "$x-amz-meta-name", ""]),
            json!([
                "starts-with",
                "$Content-Disposition",
                "attachment; filename="
            ]),
            json!(["starts-with", "$x-amz-meta-open", "by "]),
            json!(["eq", "$x-amz-meta-other", "${user} {filename}"]),
        ]
    );
}

type Setters = fn(PostPolicy<'_>) -> PostPolicy<'_>;

#[test]
fn mistaken_fields() {
    let text_of_duplicate = "form field is given twice";
    let cases: &[(Setters, Error, &str)] = &[
        // names
        (
            |p| p.field("", "v"),
            Error::EmptyHeaderName,
            "header has an empty name",
        ),
        (
            |p| p.metadata("", "v"),
            Error::EmptyHeaderName,
            "header has an empty name",
        ),
        (
            |p| p.field_starts_with("X-Amz-Meta-", "v"),
            Error::EmptyHeaderName,
            "header has an empty name",
        ),
        (
            |p| p.field("x y", "v"),
            Error::InvalidHeaderName {
                position: 1,
                byte: b' ',
            },
            "header name contains ' ' at position 1",
        ),
        (
            |p| p.metadata("a\r\nb", "v"),
            Error::InvalidHeaderName {
                position: 12,
                byte: b'\r',
            },
            "header name contains '\\r' at position 12",
        ),
        (
            |p| p.field_starts_with("\"", ""),
            Error::InvalidHeaderName {
                position: 0,
                byte: b'"',
            },
            "header name contains '\\\"' at position 0",
        ),
        (
            |p| p.field("é", "v"),
            Error::InvalidHeaderName {
                position: 0,
                byte: 0xc3,
            },
            "header name contains '\\xc3' at position 0",
        ),
        // values
        (
            |p| p.field("x-a", "b\r\nc"),
            Error::InvalidHeaderValue {
                position: 1,
                byte: b'\r',
            },
            "header value contains the control byte 0x0d at position 1",
        ),
        (
            |p| p.content_type("a/b\0"),
            Error::InvalidHeaderValue {
                position: 3,
                byte: 0,
            },
            "header value contains the control byte 0x00 at position 3",
        ),
        (
            |p| p.metadata_starts_with("a", "\u{7f}"),
            Error::InvalidHeaderValue {
                position: 0,
                byte: 0x7f,
            },
            "header value contains the control byte 0x7f at position 0",
        ),
        (
            |p| p.content_type("image/*"),
            Error::WildcardInContentType,
            "content type contains '*'; wildcards are not supported",
        ),
        (
            |p| p.field_starts_with("content-type", "*"),
            Error::WildcardInContentType,
            "content type contains '*'; wildcards are not supported",
        ),
        (
            |p| p.content_type(" "),
            Error::EmptyValue {
                name: "content-type",
            },
            "value of content-type is empty",
        ),
        (
            |p| p.acl(""),
            Error::EmptyValue { name: "acl" },
            "value of acl is empty",
        ),
        (
            |p| p.tagging(""),
            Error::EmptyValue { name: "tagging" },
            "value of tagging is empty",
        ),
        (
            |p| p.field("X-Amz-Storage-Class", ""),
            Error::EmptyValue {
                name: "x-amz-storage-class",
            },
            "value of x-amz-storage-class is empty",
        ),
        (
            |p| p.success_action_redirect(""),
            Error::EmptyValue {
                name: "success_action_redirect",
            },
            "value of success_action_redirect is empty",
        ),
        (
            |p| {
                p.encryption(Encryption::Kms {
                    key_id: Some(""),
                    context: None,
                })
            },
            Error::EmptyValue {
                name: "x-amz-server-side-encryption-aws-kms-key-id",
            },
            "value of x-amz-server-side-encryption-aws-kms-key-id is empty",
        ),
        (
            |p| p.checksum(Checksum::Crc32("AAAAAAA=")),
            Error::InvalidBase64 {
                name: "x-amz-checksum-crc32",
                length: 8,
            },
            "value of x-amz-checksum-crc32 is not base64 of 8 characters",
        ),
        (
            |p| {
                p.field(
                    "X-Amz-Checksum-SHA1",
                    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                )
            },
            Error::InvalidBase64 {
                name: "x-amz-checksum-sha1",
                length: 28,
            },
            "value of x-amz-checksum-sha1 is not base64 of 28 characters",
        ),
        (
            |p| p.field("Content-MD5", ""),
            Error::InvalidBase64 {
                name: "content-md5",
                length: 24,
            },
            "value of content-md5 is not base64 of 24 characters",
        ),
        (
            |p| {
                p.encryption(Encryption::Customer {
                    key: "s3cr3t",
                    key_md5: "XUFAKrxLKna5cZ2REBfFkg==",
                })
            },
            Error::InvalidBase64 {
                name: "x-amz-server-side-encryption-customer-key",
                length: 44,
            },
            "value of x-amz-server-side-encryption-customer-key is not base64 of 44 characters",
        ),
        (
            |p| p.success_action_status(302),
            Error::InvalidSuccessStatus,
            "success status is not 200, 201 or 204",
        ),
        (
            |p| p.field("Success_Action_Status", "0200"),
            Error::InvalidSuccessStatus,
            "success status is not 200, 201 or 204",
        ),
        // ranges
        (
            |p| p.content_length(core::ops::RangeInclusive::new(2, 1)),
            Error::EmptyLengthRange { min: 2, max: 1 },
            "content length range has a minimum of 2 bytes, above its maximum of 1 bytes",
        ),
        (
            |p| p.content_length(0..=1).content_length(0..=1),
            Error::DuplicateField,
            text_of_duplicate,
        ),
        // twice
        (
            |p| p.field("x-a", "1").field("X-A", "1"),
            Error::DuplicateField,
            text_of_duplicate,
        ),
        (
            |p| p.acl("private").metadata("a", "").field("Acl", "private"),
            Error::DuplicateField,
            text_of_duplicate,
        ),
        (
            |p| {
                p.content_type_starts_with("image/")
                    .content_type("image/png")
            },
            Error::DuplicateField,
            text_of_duplicate,
        ),
        (
            |p| p.metadata("A", "").field_starts_with("x-amz-meta-a", ""),
            Error::DuplicateField,
            text_of_duplicate,
        ),
        (
            |p| {
                p.encryption(Encryption::S3).encryption(Encryption::Kms {
                    key_id: None,
                    context: None,
                })
            },
            Error::DuplicateField,
            text_of_duplicate,
        ),
        (
            |p| p.success_action_status(200).success_action_status(201),
            Error::DuplicateField,
            text_of_duplicate,
        ),
        // time
        (
            |p| p.expires_in(Duration::ZERO),
            Error::ExpiryOutOfRange { seconds: 0 },
            "expiry of 0 s is outside 1 s to 604800 s (7 days)",
        ),
        (
            |p| p.expires_in(Duration::from_secs(604_801)),
            Error::ExpiryOutOfRange { seconds: 604_801 },
            "expiry of 604801 s is outside 1 s to 604800 s (7 days)",
        ),
        (
            |p| p.expires_in(Duration::from_millis(1500)),
            Error::FractionalExpiry {
                nanoseconds: 500_000_000,
            },
            "expiry has a fraction of 500000000 ns; only whole seconds are allowed",
        ),
        (
            |p| p.expires_at(Timestamp::from_unix(NOW.as_unix() - 5)),
            Error::ExpiryOutOfRange { seconds: -5 },
            "expiry of -5 s is outside 1 s to 604800 s (7 days)",
        ),
    ];
    for (at, (set, error, text)) in cases.iter().enumerate() {
        assert_eq!(sign(set).err(), Some(*error), "case {at}: {text}");
        assert_eq!(error.to_string(), *text);
    }
}

#[test]
fn reserved_fields() {
    let names = [
        "awsaccesskeyid",
        "bucket",
        "content-length-range",
        "file",
        "key",
        "policy",
        "signature",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-signature",
    ];
    for name in names {
        let error = Error::ReservedField { name };
        let upper = name.to_ascii_uppercase();
        let (credentials, bucket) = (credentials(), bucket());
        let policy = PostPolicy::new(&credentials, &bucket, "k");
        let exact = policy.clone().field(&upper, "v").sign_at(NOW);
        let open = policy.field_starts_with(name, "").sign_at(NOW);
        assert_eq!((exact.err(), open.err()), (Some(error), Some(error)));
        assert_eq!(error.to_string(), format!("form field {name} is reserved"));
    }
}

#[test]
fn mistaken_keys() {
    let unknown = |position| Error::UnknownVariable { position };
    let [longest, long] = [1024, 1025].map(|length| "k".repeat(length));
    let (credentials, bucket) = (credentials(), bucket());
    for (key, error, text) in [
        ("", Error::EmptyKey, "object key is empty"),
        (
            &long,
            Error::KeyTooLong { bytes: 1025 },
            "object key of 1025 bytes exceeds the limit of 1024",
        ),
        (
            "a\nb",
            Error::InvalidHeaderValue {
                position: 1,
                byte: b'\n',
            },
            "header value contains the control byte 0x0a at position 1",
        ),
        (
            "in/${user}",
            unknown(3),
            "object key contains an unknown variable at position 3; only ${filename} is supported",
        ),
        ("${", unknown(0), ""),
        ("${filename", unknown(0), ""),
        ("${Filename}", unknown(0), ""),
        ("${${filename}}", unknown(0), ""),
        ("${filename}/${}", unknown(12), ""),
    ] {
        let form = PostPolicy::new(&credentials, &bucket, key).sign_at(NOW);
        assert_eq!(form.err(), Some(error), "{key}");
        assert!(text.is_empty() || error.to_string() == text, "{error}");
    }
    for key in [
        &longest,
        "$",
        "{filename}",
        "$${filename}",
        "${filename}${filename}}",
        "a/../b",
    ] {
        assert!(
            PostPolicy::new(&credentials, &bucket, key)
                .sign_at(NOW)
                .is_ok(),
            "{key}"
        );
    }
}

#[test]
fn mistaken_buckets() {
    let text = "upload forms require a general purpose bucket and do not support SigV4a";
    assert_eq!(Error::NoPostHere.to_string(), text);
    let arn = "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap";
    let credentials = credentials();
    let sign = |bucket: &Bucket<'_>| {
        PostPolicy::new(&credentials, bucket, "k")
            .sign_at(NOW)
            .err()
    };
    for bucket in [
        Bucket::new(arn, "us-west-2"),
        Bucket::service("us-west-2"),
        Bucket::new("examplebucket--usw2-az1--x-s3", "us-west-2"),
        #[cfg(feature = "sigv4a")]
        bucket().region_set("*"),
    ] {
        assert_eq!(sign(&bucket.unwrap()), Some(Error::NoPostHere));
    }
    assert_eq!(
        sign(&bucket().accelerate().fips()),
        Some(Error::EndpointConflict {
            one: "accelerate",
            other: "FIPS"
        })
    );
    let other = Bucket::new("examplebucket", "EU").unwrap();
    assert_eq!(
        sign(&other),
        Some(Error::InvalidRegion {
            position: 0,
            byte: b'E'
        })
    );
}

#[test]
fn mistaken_credentials_and_times() {
    let bucket = bucket();
    let sign = |credentials: &Credentials<'_>, now: Timestamp| {
        let policy = PostPolicy::new(credentials, &bucket, "k").expiry_policy(ExpiryPolicy::Refuse);
        policy.sign_at(now).err()
    };
    assert_eq!(
        sign(&Credentials::new("AKIAEXAMPLE", ""), NOW),
        Some(Error::EmptyCredential {
            part: "secret access key"
        })
    );
    assert_eq!(
        sign(&credentials().session_token("token\n"), NOW),
        Some(Error::CredentialWhitespace {
            part: "session token"
        })
    );
    assert_eq!(
        sign(&credentials().expiration(NOW), NOW),
        Some(Error::CredentialsExpired {
            expired_at: NOW,
            now: NOW
        })
    );
    let after = |seconds| Timestamp::from_unix(NOW.as_unix() + seconds);
    assert_eq!(
        sign(&credentials().expiration(after(3599)), NOW),
        Some(Error::CredentialsExpireFirst {
            credentials_expire_at: after(3599),
            url_expires_at: after(3600)
        })
    );
    // A policy must be able to express its expiration, here an hour after the signing time.
    let last = 253_402_300_799; // 9999-12-31T23:59:59Z
    assert_eq!(
        sign(&credentials(), Timestamp::from_unix(last - 3600)),
        None
    );
    for (now, unix_seconds) in [
        (last - 3599, last + 1),
        (last + 1, last + 1),
        (i64::MAX, i64::MAX),
    ] {
        assert_eq!(
            sign(&credentials(), Timestamp::from_unix(now)),
            Some(Error::TimeOutOfRange { unix_seconds })
        );
    }

    let credentials = credentials();
    let key = credentials.signing_key(&bucket, NOW).unwrap();
    let elsewhere = Bucket::new("examplebucket", "eu-west-2").unwrap();
    let of = |bucket| PostPolicy::new(&key, bucket, "k");
    assert_eq!(
        of(&bucket).sign_at(after(86_400)).err(),
        Some(Error::StaleSigningKey {
            key_day: 20_130_524,
            day: 20_130_525
        })
    );
    assert_eq!(
        of(&elsewhere).sign_at(NOW).err(),
        Some(Error::SigningKeyMismatch { part: "region" })
    );
}

/// All characters with a meaning in HTML, also between tags: the name of an open field is part of its label.
#[test]
fn escaped() {
    let value = r#"<b> & "c" 'd'"#;
    let form = sign(|policy| {
        policy
            .metadata("a&'", value)
            .field_starts_with("b&'", value)
    });
    let html = form.unwrap().to_html();
    let escaped = "&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;";
    for part in [
        format!(r#"name="x-amz-meta-a&amp;&#39;" value="{escaped}""#),
        format!(r#"<label>b&amp;&#39; <input type="text" name="b&amp;&#39;" value="{escaped}""#),
    ] {
        assert!(html.contains(&part), "{part} in {html}");
    }
}

/// The limit that S3 sets for everything before the file; a long token alone can reach it.
#[test]
fn too_large() {
    let size = |form: &PostForm| -> usize {
        form.fields()
            .chain(form.open_fields())
            .map(|(name, value)| name.len() + value.len())
            .sum()
    };
    let sign = |length: usize| {
        let (value, credentials) = ("v".repeat(length), credentials());
        let bucket = bucket();
        PostPolicy::new(&credentials, &bucket, "k")
            .metadata("a", &value)
            .sign_at(NOW)
    };
    let mut sizes = (8000..9000).map(|length| sign(length).map(|form| size(&form)));
    let largest = sizes.by_ref().map_while(Result::ok).last().unwrap();
    assert!((20_477..=20_480).contains(&largest), "{largest}");
    let error = sign(9000).unwrap_err();
    assert_eq!(
        error.to_string(),
        "form of 21600 bytes, not counting the file, exceeds the limit of 20480"
    );
    assert!(sizes.all(|form| matches!(form, Err(Error::FormTooLarge { bytes: 20_481.. }))));

    // One of these reaches the limit itself: an extra digit in the policy shifts the sizes, which grow by 1 and 5.
    let exact = [9, 99, 999, 9_999, 99_999].into_iter().any(|max| {
        let sizes = (8400..8600).map_while(|length| {
            let (value, credentials, bucket) = ("v".repeat(length), credentials(), bucket());
            PostPolicy::new(&credentials, &bucket, "k")
                .metadata("a", &value)
                .content_length(1..=max)
                .sign_at(NOW)
                .map(|form| size(&form))
                .ok()
        });
        sizes.last() == Some(20_480)
    });
    assert!(exact);
}

/// Unusual text: any character except control characters, mixed with those that HTML, JSON and S3 give a meaning.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>()
            .prop_filter("no control character", |c| !c.is_ascii_control()
                || *c == '\t')
            .prop_map(String::from),
        prop::sample::select(vec![
            "<",
            ">",
            "&",
            "\"",
            "'",
            "\\",
            "$",
            "{",
            "}",
            "&amp;",
            "&#39;",
            "&lt",
            "</form>",
            "<!--",
            "${filename}",
            "\u{2028}",
            "\u{feff}",
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

/// A key: not empty, and without a variable unknown to S3.
fn key() -> impl Strategy<Value = String> {
    text().prop_map(|text| {
        let known: Vec<_> = text
            .split("${filename}")
            .map(|part| part.replace("${", "$ {"))
            .collect();
        match known.join("${filename}") {
            key if key.is_empty() => "k".into(),
            key => key,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_form(
        key in key(),
        fields in prop::collection::vec(("[-!#$%&'*+.^_`|~0-9A-Za-z]{1,12}", text(), any::<bool>()), 0..6),
        token in prop::option::of("[!-~]{1,20}"),
        range in prop::option::of(any::<(u64, u64)>()),
    ) {
        // S3 matches field names without case.
        let fields: BTreeMap<_, _> = fields
            .into_iter()
            .map(|(name, value, open)| (format!("x-amz-meta-{name}").to_lowercase(), (name, value, open)))
            .collect();
        let (mut credentials, bucket) = (credentials(), bucket());
        if let Some(token) = &token {
            credentials = credentials.session_token(token);
        }
        let mut policy = PostPolicy::new(&credentials, &bucket, &key);
        for (name, value, open) in fields.values() {
            policy = match open {
                true => policy.metadata_starts_with(name, value),
                false => policy.metadata(name, value),
            };
        }
        if let Some((a, b)) = range {
            policy = policy.content_length(a.min(b)..=a.max(b));
        }
        let form = policy.sign_at(NOW).unwrap();

        // The order: the key, the caller's fields, the fields added by signing.
        let given = fields.values().filter(|(.., open)| !open);
        let mut expected = vec![("key".to_owned(), key.clone())];
        expected.extend(given.map(|(name, value, _)| (format!("x-amz-meta-{name}"), value.clone())));
        let closed: Vec<_> = form.fields().map(owned).collect();
        prop_assert_eq!(&closed[..expected.len()], &expected[..]);
        let added: Vec<_> = closed[expected.len()..].iter().map(|(name, _)| name.as_str()).collect();
        let signing = ["x-amz-algorithm", "x-amz-credential", "x-amz-date"];
        prop_assert_eq!(
            added,
            [&signing[..], if token.is_some() { &["x-amz-security-token"] } else { &[] }, &["policy", "x-amz-signature"]]
                .concat()
        );
        let given = fields.values().filter(|(.., open)| *open);
        let open: Vec<_> = given.map(|(name, value, _)| (format!("x-amz-meta-{name}"), value.clone())).collect();
        prop_assert_eq!(form.open_fields().map(owned).collect::<Vec<_>>(), open.clone());

        check_html(&form);
        check_conditions(&form, range.map(|(a, b)| (a.min(b), a.max(b))));
    }
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.into(), value.into())
}

/// A browser that reads the HTML gets the same fields in order, and the file last.
#[track_caller]
fn check_html(form: &PostForm) {
    let html = form.to_html();
    let mut tags = Vec::new();
    let mut text = String::new();
    for token in Tokenizer::new(&html) {
        match token.unwrap() {
            Token::StartTag(tag) => tags.push(tag),
            Token::String(piece) => text += core::str::from_utf8(&piece).unwrap(),
            Token::EndTag(_) => {}
            // Characters that a browser treats the same.
            Token::Error(error) => assert!(
                error.to_string().ends_with("-in-input-stream"),
                "{}",
                *error
            ),
            other => panic!("{other:?}"),
        }
    }
    let names: Vec<_> = form
        .open_fields()
        .map(|(name, _)| format!("{name} "))
        .collect();
    assert_eq!(text.replace('\n', ""), names.concat() + "File Upload");

    let mut tags = tags.iter();
    let first = tags.next().unwrap();
    assert_eq!(first.name, &b"form"[..]);
    let expected = [
        ("accept-charset", "utf-8"),
        ("action", form.action()),
        ("enctype", "multipart/form-data"),
        ("method", "post"),
    ];
    assert_eq!(attributes(first), expected);
    let mut expect = |name: &str, expected: &[(&str, &str)]| {
        let tag = tags.next().unwrap();
        assert_eq!(
            (core::str::from_utf8(&tag.name), attributes(tag)),
            (Ok(name), expected.to_vec())
        );
    };
    for (name, value) in form.fields() {
        expect(
            "input",
            &[("name", name), ("type", "hidden"), ("value", value)],
        );
    }
    for (name, prefix) in form.open_fields() {
        expect("label", &[]);
        expect(
            "input",
            &[("name", name), ("type", "text"), ("value", prefix)],
        );
    }
    expect("label", &[]);
    expect(
        "input",
        &[("name", "file"), ("required", ""), ("type", "file")],
    );
    expect("button", &[("type", "submit")]);
    assert_eq!(tags.len(), 0);
}

fn attributes(tag: &StartTag<()>) -> Vec<(&str, &str)> {
    let text = |bytes| core::str::from_utf8(bytes).unwrap();
    tag.attributes
        .iter()
        .map(|(name, value)| (text(name), text(value)))
        .collect()
}

/// Each field has one condition, which its value meets once S3 has inserted the file's name. The remaining conditions
/// are for the bucket and the length.
#[track_caller]
fn check_conditions(form: &PostForm, range: Option<(u64, u64)>) {
    let mut fields: BTreeMap<_, _> = form.fields().chain(form.open_fields()).collect();
    let policy = fields.remove("policy").unwrap();
    assert_eq!(STANDARD.decode(policy).unwrap(), form.policy().as_bytes());
    assert_eq!(fields.remove("x-amz-signature").unwrap().len(), 64);

    let open: Vec<_> = form.open_fields().map(|(name, _)| name).collect();
    let mut rest = Vec::new();
    for condition in conditions(form) {
        let [
            Value::String(operator),
            Value::String(name),
            Value::String(value),
        ] = &condition.as_array().map_or(&[][..], |parts| parts)
        else {
            rest.push(condition);
            continue;
        };
        let name = name.strip_prefix('$').unwrap();
        let sent = fields
            .remove(name)
            .unwrap_or_else(|| panic!("{name}: no such field, or twice"));
        let sent = sent.replace("${filename}", "a file.png");
        let closed = !open.contains(&name) && !fulfils_by_file(form, name);
        assert_eq!(
            operator,
            if closed { "eq" } else { "starts-with" },
            "{name}"
        );
        if closed {
            assert_eq!(sent, *value, "{name}");
        } else {
            assert!(sent.starts_with(value), "{name}");
        }
    }
    assert!(fields.is_empty(), "without a condition: {fields:?}");
    let mut expected = vec![json!({ "bucket": "examplebucket" })];
    expected.extend(range.map(|(min, max)| json!(["content-length-range", min, max])));
    assert_eq!(rest, expected);
}

fn fulfils_by_file(form: &PostForm, name: &str) -> bool {
    form.fields()
        .any(|(field, value)| field == name && value.contains("${filename}"))
}
