//! `form`.

use core::time::Duration;
use std::collections::BTreeMap;

use presign::post::{PostForm, PostPolicy};
use presign::{Bucket, Credentials, Error, Timestamp};
use serde_json::{Value, json};

use crate::support::{NOW, cases, command, complaint, stdout};

type Form = fn(&Credentials<'_>, &Bucket<'_>) -> Result<PostForm, Error>;

/// What the command should print for this policy: a form that is valid for an hour from `NOW`.
fn signed(policy: PostPolicy<'_>) -> Result<PostForm, Error> {
    policy.expires_in(Duration::from_secs(3600)).sign_at(NOW)
}

#[test]
fn forms() {
    let cases: &[(&str, Form)] = &[
        ("s3://examplebucket/in.png", |who, bucket| {
            signed(PostPolicy::new(who, bucket, "in.png"))
        }),
        ("s3://examplebucket/user/${filename}.png", |who, bucket| {
            signed(PostPolicy::new(who, bucket, "user/${filename}.png"))
        }),
        ("s3://examplebucket/user/ada/", |who, bucket| {
            signed(PostPolicy::new(who, bucket, "user/ada/${filename}"))
        }),
        ("s3://examplebucket/${filename}", |who, bucket| {
            signed(PostPolicy::new(who, bucket, "${filename}"))
        }),
        (
            "s3://examplebucket/k --field acl=private --field=x-amz-meta-a=b==c␣␉d --field x-amz-meta-empty=",
            |who, bucket| {
                signed(
                    PostPolicy::new(who, bucket, "k")
                        .acl("private")
                        .metadata("a", "b==c \td")
                        .metadata("empty", ""),
                )
            },
        ),
        (
            "s3://examplebucket/k --starts-with Content-Type=image/ --field acl=private --starts-with=x-amz-meta-tag=",
            |who, bucket| {
                signed(
                    PostPolicy::new(who, bucket, "k")
                        .acl("private")
                        .content_type_starts_with("image/")
                        .metadata_starts_with("tag", ""),
                )
            },
        ),
        (
            "s3://examplebucket/k --content-length 1..1048576",
            |who, bucket| signed(PostPolicy::new(who, bucket, "k").content_length(1..=1_048_576)),
        ),
        (
            "s3://examplebucket/k --content-length=0..=18446744073709551615",
            |who, bucket| signed(PostPolicy::new(who, bucket, "k").content_length(0..=u64::MAX)),
        ),
        ("s3://examplebucket/k --expires-in 604800", |who, bucket| {
            PostPolicy::new(who, bucket, "k")
                .expires_in(Duration::from_secs(604_800))
                .sign_at(NOW)
        }),
        (
            "s3://examplebucket/k --addressing-style path",
            |who, bucket| signed(PostPolicy::new(who, &bucket.clone().path_style(), "k")),
        ),
        (
            "s3://examplebucket/k --addressing-style=virtual",
            |who, bucket| signed(PostPolicy::new(who, bucket, "k")),
        ),
        (
            "s3://examplebucket/k --endpoint-url http://127.0.0.1:9000",
            |who, bucket| {
                let bucket = bucket
                    .clone()
                    .endpoint("http://127.0.0.1:9000")?
                    .path_style();
                signed(PostPolicy::new(who, &bucket, "k"))
            },
        ),
        ("s3://examplebucket/k --region us-west-2", |who, _| {
            let bucket = Bucket::new("examplebucket", "us-west-2")?;
            signed(PostPolicy::new(who, &bucket, "k"))
        }),
        (
            "s3://examplebucket/k --profile temporary --region=eu-central-1",
            |_, bucket| {
                let temporary = Credentials::new("ASIATEMPORARY", "temporary+s3cr3t");
                signed(PostPolicy::new(
                    &temporary.session_token("t/ok+en=="),
                    bucket,
                    "k",
                ))
            },
        ),
    ];
    let credentials = Credentials::new("AKIADEFAULT", "default/s3cr3t");
    let bucket = Bucket::new("examplebucket", "eu-central-1").unwrap();
    for (arguments, form) in cases {
        let line = format!("presign form {arguments} --at=2013-05-24T00:00:00Z");
        let form = form(&credentials, &bucket).unwrap();

        let page = command(&line).output().unwrap();
        assert_eq!(
            (page.status.code(), &*page.stderr),
            (Some(0), &b""[..]),
            "{line}"
        );
        assert_eq!(
            String::from_utf8(page.stdout).unwrap(),
            format!(
                "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>Upload</title>\n{}",
                form.to_html()
            )
        );

        let json: Value = serde_json::from_str(&stdout(&format!("{line} --json"))).unwrap();
        let policy: Value = serde_json::from_str(form.policy()).unwrap();
        let expected = json!({
            "method": "POST",
            "url": form.action(),
            "fields": form.fields().collect::<BTreeMap<_, _>>(),
            "open_fields": form.open_fields().collect::<BTreeMap<_, _>>(),
            "policy": policy,
            "expires_at": form.expires_at().to_string(),
        });
        assert_eq!(json, expected, "{line}");
    }
}

#[test]
fn without_a_time_it_is_now() {
    let now = || Timestamp::from(std::time::SystemTime::now()).as_unix();
    let before = now();
    let text = stdout("presign form s3://examplebucket/k --json");
    let after = now();
    let answer: Value = serde_json::from_str(&text).unwrap();
    let mut possible = (before..=after).map(|now| Timestamp::from_unix(now + 3600).to_string());
    assert!(
        possible.any(|end| answer.get("expires_at") == Some(&end.into())),
        "{text}"
    );
}

const MISTAKES: &str = "
presign form s3://examplebucket/
  object key is empty
presign form s3://examplebucket/${user}
  object key contains an unknown variable at position 0; only ${filename} is supported
presign form s3://examplebucket/k --content-length=2..1
  content length range has a minimum of 2 bytes, above its maximum of 1 bytes
presign form s3://examplebucket/k --field=acl=s3cr3t --starts-with=ACL=
  form field is given twice
presign form s3://examplebucket/k --field=Policy=s3cr3t
  form field policy is reserved
presign form s3://examplebucket/k --field==s3cr3t
  header has an empty name
presign form s3://examplebucket/k --field=x-a=s3cr3t␊
  header value contains the control byte 0x0a at position 6
presign form s3://examplebucket/k --field=Success_Action_Status=302
  success status is not 200, 201 or 204
presign form s3://examplebucket/k --expires-in=0
  expiry of 0 s is outside 1 s to 604800 s (7 days)
presign form s3://arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap/k
  upload forms require a general purpose bucket and do not support SigV4a
presign form s3://examplebucket/k --endpoint-url=h
  endpoint does not start with http:// or https://
presign form s3://examplebucket/k --field s3cr3t
  --field: '=' between name and value is missing; see --help
presign form s3://examplebucket/k --content-length 5
  --content-length: \"5\" is not a range of whole numbers such as 1..100; see --help
presign form s3://examplebucket/k --content-length=..5
  --content-length: \"..5\" is not a range of whole numbers such as 1..100; see --help
presign form s3://examplebucket/k --content-length=1..==5
  --content-length: \"1..==5\" is not a range of whole numbers such as 1..100; see --help
";

#[test]
fn mistakes() {
    for (line, expected) in cases(MISTAKES) {
        assert_eq!(complaint(command(line), 2), expected, "{line}");
    }
}
