//! Runs the example `post_form` as a process: it prints the form that the library signs, or one line with the reason
//! why not.

use core::time::Duration;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use presign::post::{PostForm, PostPolicy};
use presign::{Bucket, Credentials, Error, Timestamp};
use presign_servers::http;
use serde_json::{Value, json};

use example::{cases, command, complaint, stdout};

#[allow(dead_code)] // used by other tests
#[path = "../../support/example.rs"]
mod example;

/// 2013-05-24T00:00:00Z.
const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

type Form = fn(&Credentials<'_>, &Bucket<'_>) -> Result<PostForm, Error>;

#[test]
fn forms() {
    let cases: &[(&str, Form)] = &[
        ("--key=in.png", |who, bucket| {
            PostPolicy::new(who, bucket, "in.png").sign_at(NOW)
        }),
        ("--key user/${filename}.png", |who, bucket| {
            PostPolicy::new(who, bucket, "user/${filename}.png").sign_at(NOW)
        }),
        ("--key-prefix user/ada/", |who, bucket| {
            PostPolicy::new(who, bucket, "user/ada/${filename}").sign_at(NOW)
        }),
        ("--key-prefix=", |who, bucket| {
            PostPolicy::new(who, bucket, "${filename}").sign_at(NOW)
        }),
        (
            "--key k --field acl=private --field=x-amz-meta-a=b==c␣␉d --field x-amz-meta-empty=",
            |who, bucket| {
                PostPolicy::new(who, bucket, "k")
                    .acl("private")
                    .metadata("a", "b==c \td")
                    .metadata("empty", "")
                    .sign_at(NOW)
            },
        ),
        (
            "--key k --starts-with Content-Type=image/ --field acl=private --starts-with=x-amz-meta-tag=",
            |who, bucket| {
                PostPolicy::new(who, bucket, "k")
                    .acl("private")
                    .content_type_starts_with("image/")
                    .metadata_starts_with("tag", "")
                    .sign_at(NOW)
            },
        ),
        ("--key k --content-length 1..1048576", |who, bucket| {
            PostPolicy::new(who, bucket, "k")
                .content_length(1..=1_048_576)
                .sign_at(NOW)
        }),
        (
            "--key k --content-length=0..=18446744073709551615",
            |who, bucket| {
                PostPolicy::new(who, bucket, "k")
                    .content_length(0..=u64::MAX)
                    .sign_at(NOW)
            },
        ),
        ("--key k --expires-in 604800", |who, bucket| {
            PostPolicy::new(who, bucket, "k")
                .expires_in(Duration::from_secs(604_800))
                .sign_at(NOW)
        }),
        ("--key k --addressing-style path", |who, bucket| {
            PostPolicy::new(who, &bucket.clone().path_style(), "k").sign_at(NOW)
        }),
        ("--key k --addressing-style=virtual", |who, bucket| {
            PostPolicy::new(who, bucket, "k").sign_at(NOW)
        }),
        (
            "--key k --endpoint-url http://127.0.0.1:9000",
            |who, bucket| {
                let bucket = bucket.clone().endpoint("http://127.0.0.1:9000")?;
                PostPolicy::new(who, &bucket, "k").sign_at(NOW)
            },
        ),
        ("--key k --region us-west-2", |who, _| {
            let bucket = Bucket::new("examplebucket", "us-west-2")?;
            PostPolicy::new(who, &bucket, "k").sign_at(NOW)
        }),
        (
            "--key k --profile temporary --region=eu-central-1",
            |_, bucket| {
                let temporary =
                    Credentials::new("ASIATEMPORARY", "temporary+s3cr3t # not a comment");
                PostPolicy::new(&temporary.session_token("t/ok+en=="), bucket, "k").sign_at(NOW)
            },
        ),
    ];
    let credentials = Credentials::new("AKIADEFAULT", "default/s3cr3t");
    let bucket = Bucket::new("examplebucket", "eu-central-1").unwrap();
    for (arguments, form) in cases {
        let line =
            format!("post_form --bucket examplebucket --at=2013-05-24T00:00:00Z {arguments}");
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
    let text = stdout("post_form --bucket examplebucket --key k --json");
    let after = now();
    let answer: Value = serde_json::from_str(&text).unwrap();
    let mut possible = (before..=after).map(|now| Timestamp::from_unix(now + 3600).to_string());
    assert!(
        possible.any(|end| answer.get("expires_at") == Some(&end.into())),
        "{text}"
    );
}

#[test]
fn help_tells_every_flag() {
    let output = command("post_form -h").output().unwrap();
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
    let help = String::from_utf8(output.stdout).unwrap();
    let flags = "--bucket --key --key-prefix --field --starts-with --content-length --expires-in --region \
                 --endpoint-url --addressing-style --profile --at --json --serve --help AWS_ACCESS_KEY_ID,";
    for flag in flags.split(' ') {
        assert!(
            help.contains(&format!("{flag} ")) || help.contains(&format!("{flag}\n")),
            "{flag}"
        );
    }
}

const MISTAKES: &str = "
post_form
  no key: give --key or --key-prefix; see --help
post_form --key k
  no bucket: give --bucket; see --help
post_form --bucket=examplebucket --key=a --key-prefix=a
  --key cannot be combined with --key-prefix
post_form s3cr3t
  an argument without a flag; see --help
post_form --filed=s3cr3t
  unknown flag --filed; see --help
post_form --key
  --key needs a value
post_form --json=s3cr3t
  --json takes no value
post_form --content-length=1..2 --content-length=1..2
  --content-length is given twice
post_form --key=a --key=b
  --key is given twice
post_form --field s3cr3t
  --field has no '=' after the name
post_form --starts-with s3cr3t
  --starts-with has no '=' after the name
post_form --content-length 5
  --content-length is MIN..MAX in bytes, such as 1..1048576, not \"5\"
post_form --content-length ..5
  --content-length is MIN..MAX in bytes, such as 1..1048576, not \"..5\"
post_form --content-length=-1..5
  --content-length is MIN..MAX in bytes, such as 1..1048576, not \"-1..5\"
post_form --content-length=1..==5
  --content-length is MIN..MAX in bytes, such as 1..1048576, not \"1..==5\"
post_form --content-length=1..18446744073709551616
  --content-length is MIN..MAX in bytes, such as 1..1048576, not \"1..18446744073709551616\"

post_form --bucket=examplebucket --key=k --serve --json
  --serve cannot be combined with --json
post_form --bucket=examplebucket --key=k --serve --at=2013-05-24T00:00:00Z
  --serve cannot be combined with --at
post_form --bucket=examplebucket --key=k --serve --profile=temporary
  --serve cannot be combined with --profile
post_form --bucket=examplebucket --key= --serve
  object key is empty

post_form --bucket=examplebucket --key=
  object key is empty
post_form --bucket=examplebucket --key=${user}
  object key contains an unknown variable at position 0; only ${filename} is supported
post_form --bucket=examplebucket --key=k --content-length=2..1
  content length range has a minimum of 2 bytes, above its maximum of 1 bytes
post_form --bucket=examplebucket --key=k --field=acl=s3cr3t --starts-with=ACL=
  form field is given twice
post_form --bucket=examplebucket --key=k --field=Policy=s3cr3t
  form field policy is set by signing
post_form --bucket=examplebucket --key=k --field==s3cr3t
  header has an empty name
post_form --bucket=examplebucket --key=k --field=x-a=s3cr3t␊
  header value contains the control byte 0x0a at position 6
post_form --bucket=examplebucket --key=k --field=Success_Action_Status=302
  success status is not 200, 201 or 204
post_form --bucket=examplebucket --key=k --expires-in=0
  expiry of 0 s is outside 1 s to 604800 s (7 days)
post_form --bucket=arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap --key=k
  upload forms require a general purpose bucket and do not support SigV4a
post_form --bucket=examplebucket --key=k --endpoint-url=h
  endpoint does not start with http:// or https://
post_form --bucket=examplebucket --key=k --profile=half
  profile \"half\" has no aws_secret_access_key
";

#[test]
fn mistakes() {
    for (line, expected) in cases(MISTAKES) {
        assert_eq!(complaint(command(line)), expected, "{line}");
    }
}

/// Kills a process at the end of a test, whether it passes or fails.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The values of the page's hidden fields, as a browser reads them.
fn hidden(page: &str) -> Vec<(String, String)> {
    let unescape = |text: &str| {
        [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&amp;", "&"),
        ]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let inputs = page.lines().filter_map(|line| {
        let input = line.strip_prefix("<input type=\"hidden\" name=\"")?;
        let (name, value) = input.strip_suffix("\">")?.split_once("\" value=\"")?;
        Some((unescape(name), unescape(value)))
    });
    inputs.collect()
}

#[test]
fn serving() {
    let line = "post_form --serve --bucket uploads --key a␣&amp;b.bin --field acl=private --content-length 1..5";
    let mut child = command(line)
        .stdout(Stdio::piped())
        .spawn()
        .map(Guard)
        .unwrap();
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let url = first.strip_prefix("page     ").unwrap();
    let serving = lines.find(|line| {
        line.as_ref()
            .is_ok_and(|line| line == "Serving until Ctrl-C.")
    });
    assert!(serving.is_some());

    let page = http::send("GET", url, &[], b"").unwrap();
    assert_eq!(page.status, 200);
    let page = String::from_utf8(page.body).unwrap();
    let (_, action) = page.split_once("<form action=\"").unwrap();
    let (action, _) = action.split_once('"').unwrap();
    let fields = hidden(&page);
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    assert!(fields.contains(&("key", "a &amp;b.bin")), "{page}");

    let upload = |content: &[u8]| {
        let file = ("duck.bin", "application/octet-stream");
        let (content_type, body) = http::form(&fields, file, content).unwrap();
        http::send("POST", action, &[("Content-Type", &content_type)], &body).unwrap()
    };
    let answer = upload(b"quack");
    assert_eq!(answer.status, 303);
    let done = answer.header("location").unwrap();
    assert!(done.starts_with(url), "{done}");
    let done = http::send("GET", done, &[], b"").unwrap();
    assert_eq!(done.status, 200);
    assert!(String::from_utf8(done.body).unwrap().contains("Uploaded."));
    assert_eq!(upload(b"quack!").error_code(), Some("EntityTooLarge"));

    #[cfg(unix)]
    {
        let kill = format!("kill -INT {}", child.0.id());
        let sent = std::process::Command::new("sh")
            .args(["-c", &kill])
            .status();
        assert!(sent.unwrap().success());
        assert_eq!(child.0.wait().unwrap().code(), Some(0));
        assert_eq!(lines.next().unwrap().unwrap(), "Stopped.");
    }
}
