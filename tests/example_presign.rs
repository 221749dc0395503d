//! Runs `examples/presign` as a process: it prints what the library signs, or one line with the reason why not.
#![cfg(feature = "std")]
#![allow(clippy::expect_used, clippy::unwrap_used)] // clippy.toml covers only `#[test]` functions

use core::time::Duration;

use presign::{Bucket, Credentials, Error, Method, PresignedUrl, Presigner, Timestamp};
use serde_json::{Value, json};

use example::{cases, command, complaint, one_line, stdout};

#[path = "support/example.rs"]
mod example;

const HOUR: Duration = Duration::from_secs(3600);
/// 2013-05-24T00:00:00Z.
const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

#[test]
fn documented_example() {
    let url = stdout(
        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \
         presign s3://examplebucket/test.txt --region us-east-1 --global-endpoint --expires-in 86400 \
         --at 2013-05-24T00:00:00Z",
    );
    assert_eq!(
        url,
        "https://examplebucket.s3.amazonaws.com/test.txt\
         ?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20130524T000000Z\
         &X-Amz-Expires=86400\
         &X-Amz-SignedHeaders=host\
         &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    );
}

/// Commands, with the expected keys and region.
const SOURCES: &str = "
KEYS AWS_REGION=a-1 AWS_DEFAULT_REGION=b-1 presign --region us-east-2
  environment us-east-2
KEYS AWS_REGION=a-1 AWS_DEFAULT_REGION=b-1 presign
  environment a-1
KEYS AWS_REGION= AWS_DEFAULT_REGION=b-1 presign
  environment b-1
KEYS presign
  environment eu-central-1
AWS_REGION=a-1 presign --profile temporary
  temporary a-1

presign
  default eu-central-1
KEYS AWS_SESSION_TOKEN=t/ok+en== presign
  environment+token eu-central-1
KEYS AWS_SESSION_TOKEN=t AWS_PROFILE=temporary presign --profile=two␣words
  two␣words sa-east-1
KEYS AWS_PROFILE=two␣words presign
  environment sa-east-1
AWS_PROFILE=two␣words presign
  two␣words sa-east-1
AWS_PROFILE= presign
  default eu-central-1
AWS_ACCESS_KEY_ID= AWS_SECRET_ACCESS_KEY=s3cr3t AWS_SESSION_TOKEN=t presign
  default eu-central-1

presign --profile temporary
  temporary us-west-1
presign --profile Permanent --region a-1
  Permanent a-1
presign --region a-1 --profile default
  default a-1
AWS_SHARED_CREDENTIALS_FILE=~/.aws/credentials AWS_CONFIG_FILE=/nowhere presign --profile temporary
  temporary us-west-1
AWS_SHARED_CREDENTIALS_FILE=/nowhere AWS_CONFIG_FILE=~/.aws/config presign --profile two␣words
  two␣words sa-east-1
AWS_CONFIG_FILE=~/both presign
  default eu-south-2
AWS_CONFIG_FILE=~/unclosed AWS_PROFILE=nobody KEYS presign --region a-1
  environment a-1
";

#[test]
fn credentials_and_region() {
    for (line, expected) in cases(SOURCES) {
        let (who, region) = expected.split_once(' ').unwrap();
        let credentials = match who {
            "environment" => Credentials::new("AKIAENVIRONMENT", "environment/s3cr3t"),
            "environment+token" => {
                Credentials::new("AKIAENVIRONMENT", "environment/s3cr3t").session_token("t/ok+en==")
            }
            "default" => Credentials::new("AKIADEFAULT", "default/s3cr3t"),
            "temporary" => Credentials::new("ASIATEMPORARY", "temporary+s3cr3t # not a comment")
                .session_token("t/ok+en=="),
            "Permanent" => Credentials::new("AKIAPERMANENT", "\"s3cr3t\\n\""),
            _ => Credentials::new("AKIATWOWORDS", "twowords/s3cr3t"),
        };
        let bucket = Bucket::new("examplebucket", region).unwrap();
        let expected = Presigner::get(&credentials, &bucket, "k")
            .expires_in(HOUR)
            .sign_at(NOW);
        let line = format!("{line} s3://examplebucket/k --at 2013-05-24T00:00:00Z");
        assert_eq!(stdout(&line), expected.unwrap().as_str(), "{line}");
    }
}

#[test]
fn requests() {
    type Expected = fn(&Credentials<'_>, &Bucket<'_>) -> Result<PresignedUrl, Error>;
    let cases: &[(&str, Expected)] = &[
        ("s3://examplebucket/k", |who, bucket| {
            Presigner::get(who, bucket, "k")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        // The key is everything after the first slash, and is never decoded.
        ("s3://examplebucket//a␣b%20c?d#e//é+*/", |who, bucket| {
            Presigner::get(who, bucket, "/a b%20c?d#e//é+*/")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        (
            "--bucket examplebucket --key s3://examplebucket/k",
            |who, bucket| {
                Presigner::get(who, bucket, "s3://examplebucket/k")
                    .expires_in(HOUR)
                    .sign_at(NOW)
            },
        ),
        (
            "--bucket examplebucket --query=list-type=2",
            |who, bucket| Presigner::list(who, bucket).expires_in(HOUR).sign_at(NOW),
        ),
        ("--service --region=eu-west-1", |who, _| {
            let service = Bucket::service("eu-west-1")?;
            Presigner::bucket(Method::Get, who, &service)
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        ("s3://examplebucket/k --dualstack --fips", |who, bucket| {
            let bucket = bucket.clone().dual_stack().fips();
            Presigner::get(who, &bucket, "k")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        ("s3://examplebucket/k --accelerate", |who, bucket| {
            let bucket = bucket.clone().accelerate();
            Presigner::get(who, &bucket, "k")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        (
            "--bucket media--usw2-az1--x-s3 --method DELETE --control-endpoint",
            |who, bucket| {
                let bucket =
                    Bucket::new("media--usw2-az1--x-s3", bucket.region())?.control_endpoint();
                Presigner::bucket(Method::Delete, who, &bucket)
                    .expires_in(HOUR)
                    .sign_at(NOW)
            },
        ),
        (
            "s3://media--usw2-az1--x-s3/k --express-session",
            |who, bucket| {
                let who = who.clone().express_session();
                let bucket = Bucket::new("media--usw2-az1--x-s3", bucket.region())?;
                Presigner::get(&who, &bucket, "k")
                    .expires_in(HOUR)
                    .sign_at(NOW)
            },
        ),
        ("s3://examplebucket/k --same-region", |who, bucket| {
            Presigner::get(who, bucket, "k")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        ("--bucket=examplebucket --key=--json", |who, bucket| {
            Presigner::get(who, bucket, "--json")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        ("--bucket examplebucket --key -k", |who, bucket| {
            Presigner::get(who, bucket, "-k")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        ("-- s3://examplebucket/k", |who, bucket| {
            Presigner::get(who, bucket, "k")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        (
            "s3://examplebucket/a/../b --allow-dot-segments",
            |who, bucket| {
                Presigner::get(who, bucket, "a/../b")
                    .allow_dot_segments()
                    .expires_in(HOUR)
                    .sign_at(NOW)
            },
        ),
        ("s3://examplebucket/k --expires-in=604800", |who, bucket| {
            Presigner::get(who, bucket, "k")
                .expires_in(Duration::from_secs(604_800))
                .sign_at(NOW)
        }),
        (
            "--method PUT --content-type=image/png s3://examplebucket/k",
            |who, bucket| {
                Presigner::put(who, bucket, "k")
                    .content_type("image/png")
                    .expires_in(HOUR)
                    .sign_at(NOW)
            },
        ),
        (
            "s3://examplebucket/k --header=x-b:␣1:␣2 --header X-A:␉3 --header x-a:4␣ --header x-empty:",
            |who, bucket| {
                let headers = [("x-a", "3"), ("x-a", "4"), ("x-b", "1: 2"), ("x-empty", "")];
                Presigner::get(who, bucket, "k")
                    .headers(&headers)
                    .expires_in(HOUR)
                    .sign_at(NOW)
            },
        ),
        (
            "--method=POST s3://examplebucket/k --query uploads --query=b==2 --query b=1␣&␣2 --query=Z=",
            |who, bucket| {
                let query = [("Z", ""), ("b", "1 & 2"), ("b", "=2"), ("uploads", "")];
                Presigner::new(Method::Post, who, bucket, "k")
                    .query(&query)
                    .expires_in(HOUR)
                    .sign_at(NOW)
            },
        ),
        (
            "s3://examplebucket/k --addressing-style=virtual",
            |who, bucket| {
                Presigner::get(who, bucket, "k")
                    .expires_in(HOUR)
                    .sign_at(NOW)
            },
        ),
        (
            "s3://examplebucket/k --addressing-style path",
            |who, bucket| {
                Presigner::get(who, &bucket.clone().path_style(), "k")
                    .expires_in(HOUR)
                    .sign_at(NOW)
            },
        ),
        ("s3://examplebucket/k --global-endpoint", |who, bucket| {
            Presigner::get(who, &bucket.clone().global_endpoint(), "k")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        (
            "s3://examplebucket/k --endpoint-url http://localhost:9000/",
            |who, bucket| {
                let bucket = bucket.clone().endpoint("http://localhost:9000")?;
                Presigner::get(who, &bucket, "k")
                    .expires_in(HOUR)
                    .sign_at(NOW)
            },
        ),
    ];
    let credentials = Credentials::new("AKIADEFAULT", "default/s3cr3t");
    let bucket = Bucket::new("examplebucket", "eu-central-1").unwrap();
    for (arguments, expected) in cases {
        let line = format!("presign --at=2013-05-24T00:00:00Z {arguments}");
        assert_eq!(
            stdout(&line),
            expected(&credentials, &bucket).unwrap().as_str(),
            "{line}"
        );
    }
}

#[test]
fn times() {
    for (at, stamp) in [
        ("2013-05-24T00:00:00Z", "20130524T000000Z"),
        ("2013-05-24t01:30:00+02:00", "20130523T233000Z"),
        ("2013-05-23T23:59:59.999999999-00:30", "20130524T002959Z"),
        ("1969-12-31T23:59:58.5Z", "19691231T235958Z"),
        ("2016-12-31T23:59:60Z", "20161231T235959Z"),
        ("0001-01-01T00:00:00Z", "00010101T000000Z"),
    ] {
        let url = stdout(&format!("presign s3://examplebucket/k --at {at}"));
        assert!(
            url.contains(&format!("&X-Amz-Date={stamp}&")),
            "{at}: {url}"
        );
    }
}

#[test]
fn without_a_time_it_is_now() {
    let now = || Timestamp::from(std::time::SystemTime::now()).as_unix();
    let before = now();
    let text = stdout("presign s3://examplebucket/k --json");
    let after = now();
    let answer: Value = serde_json::from_str(&text).unwrap();
    let mut possible = (before..=after).map(|now| Timestamp::from_unix(now + 3600).to_string());
    assert!(possible.any(|end| answer["expires_at"] == end), "{text}");
}

#[test]
fn json() {
    let line = "presign s3://examplebucket/k --at 2013-05-24T00:00:00Z --expires-in 60 --method=PUT \
                --header=X-Amz-Meta-Author:␣␣example␣␉␣\"author\" --header=If-None-Match:␣* \
                --header=x-amz-meta-author:␣é --content-type text/plain";
    let text = stdout(&format!("{line} --json"));
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap(),
        json!({
            "method": "PUT",
            "url": stdout(line),
            "headers": {
                "content-type": "text/plain",
                "if-none-match": "*",
                "x-amz-meta-author": "example \"author\",é",
            },
            "expires_at": "2013-05-24T00:01:00Z",
        })
    );
    let in_order =
        r#""headers":{"content-type":"text/plain","if-none-match":"*","x-amz-meta-author":"#;
    assert!(text.contains(in_order), "{text}");

    let text = stdout("presign s3://examplebucket/k --json");
    assert!(text.contains(r#""headers":{},"#), "{text}");
}

#[test]
fn help_tells_every_flag() {
    let ask = |line| {
        let output = command(line).output().unwrap();
        assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
        String::from_utf8(output.stdout).unwrap()
    };
    let help = ask("presign --help");
    assert_eq!(ask("presign s3://examplebucket/k -h"), help);
    let flags = "--expires-in --region --endpoint-url --profile --bucket --key --method --content-type --header --query \
                 --addressing-style --global-endpoint --dualstack --fips --accelerate --control-endpoint --same-region --express-session --service --allow-dot-segments --at --json --help";
    for flag in flags.split(' ') {
        assert!(help.contains(&format!("{flag} ")), "{flag}");
    }
}

const MISTAKEN_ARGUMENTS: &str = "
presign
  no object: give an S3 URI, or --bucket and --key; see --help
presign examplebucket/s3cr3t
  S3 URI does not start with s3://
presign S3://examplebucket/k
  S3 URI does not start with s3://
presign -
  S3 URI does not start with s3://
presign s3://examplebucket/k s3cr3t
  S3 URI is given twice
presign s3://examplebucket/k --key k
  an S3 URI cannot be combined with --bucket or --key
presign --bucket examplebucket s3://examplebucket/k
  an S3 URI cannot be combined with --bucket or --key
presign --service s3://examplebucket/k
  --service cannot be combined with an S3 URI, --bucket or --key
presign --key k
  --key needs --bucket

presign --regoin=s3cr3t
  unknown flag --regoin; see --help
presign --a␊b
  unknown flag --a\\nb; see --help
presign -r
  unknown flag -r; see --help
presign --region
  --region needs a value
presign --region --json
  --region needs a value
presign --key -- k
  --key needs a value
presign --json=s3cr3t
  --json takes no value
presign --region=a --region=a
  --region is given twice
presign --profile=a --profile=b
  --profile is given twice
presign --endpoint-url=a --endpoint-url=b
  --endpoint-url is given twice
presign --bucket=a --bucket=b
  --bucket is given twice
presign --key=a --key=b
  --key is given twice
presign --method=GET --method=PUT
  --method is given twice
presign --content-type=a --content-type=b
  --content-type is given twice
presign --expires-in=1 --expires-in 2
  --expires-in is given twice
presign --at=2013-05-24T00:00:00Z --at=2013-05-24T00:00:00Z
  --at is given twice
presign --addressing-style=path --addressing-style=path
  --addressing-style is given twice

presign --expires-in=
  --expires-in is a whole number of seconds up to 604800, not \"\"
presign --expires-in=1h
  --expires-in is a whole number of seconds up to 604800, not \"1h\"
presign --expires-in -5
  --expires-in is a whole number of seconds up to 604800, not \"-5\"
presign --expires-in=1.5
  --expires-in is a whole number of seconds up to 604800, not \"1.5\"
presign --expires-in 99999999999999999999
  --expires-in is a whole number of seconds up to 604800, not \"99999999999999999999\"
presign --at now
  --at is an RFC 3339 time such as 2013-05-24T00:00:00Z, not \"now\"
presign --at=2013-05-24
  --at is an RFC 3339 time such as 2013-05-24T00:00:00Z, not \"2013-05-24\"
presign --at=2013-02-29T00:00:00Z
  --at is an RFC 3339 time such as 2013-05-24T00:00:00Z, not \"2013-02-29T00:00:00Z\"
presign --addressing-style=auto
  --addressing-style is path or virtual, not \"auto\"
presign --method put
  unknown HTTP method; methods are upper case
presign --header x-key␣s3cr3t
  --header has no ':' between name and value

presign s3://examplebucket
  object key is empty
presign s3://examplebucket/
  object key is empty
presign --bucket=examplebucket --key=
  object key is empty
presign s3://examplebucket/a/../b
  object key has a '.' or '..' segment at position 2; most clients would resolve it and request another object
presign s3://
  bucket name of 0 bytes is outside 3 to 255
presign --bucket=s3://b --key=k
  bucket name contains the byte 0x3a at position 2; letters, digits, '.', '-' and '_' are allowed
presign s3://logs-*/k
  bucket name contains '*' at position 5; wildcards are not supported
presign s3://examplebucket/k --region=
  region of 0 bytes is outside 1 to 63
presign s3://examplebucket/k --region=eu.west
  region contains the byte 0x2e at position 2; letters, digits and inner hyphens are allowed, in lower case for AWS; other stores may also use underscores
presign s3://examplebucket/k --expires-in=0
  expiry of 0 s is outside 1 s to 604800 s (7 days)
presign s3://examplebucket/k --expires-in=604801
  expiry of 604801 s is outside 1 s to 604800 s (7 days)
presign s3://examplebucket/k --at=0000-01-01T00:00:00Z
  time of -62167219200 s since 1970 is outside the years 1 to 9999
presign s3://examplebucket/k --at=9999-12-31T23:59:59-00:01
  time of 253402300859 s since 1970 is outside the years 1 to 9999
presign s3://examplebucket/k --endpoint-url=localhost:9000
  endpoint does not start with http:// or https://
presign s3://examplebucket/k --endpoint-url=http://me:s3cr3t@h
  endpoint contains user information before '@'
presign s3://examplebucket/k --endpoint-url=http://h --global-endpoint
  global endpoint cannot be combined with custom endpoint; leave out the global endpoint
presign s3://arn:aws:s3:eu-west-1:123456789012:accesspoint:ap/k --region us-west-2 --same-region
  same region cannot be combined with ARN of another region
presign s3://examplebucket/k --express-session
  credentials of an S3 Express session are only valid for a directory bucket, and not for its control endpoint
presign s3://examplebucket/k --query=
  query parameter has an empty name
presign s3://examplebucket/k --query=X-Amz-Expires=1
  query parameter x-amz-expires is set by signing
presign s3://examplebucket/k --query=a --query=a=
  query parameter is given twice with the same value, or more than once although only one value is allowed
presign s3://examplebucket/k --header=:s3cr3t
  header has an empty name
presign s3://examplebucket/k --header=x␣y:␣1
  header name contains the byte 0x20 at position 1
presign s3://examplebucket/k --header=x-a:␣s3cr3t␍␊x-b:␣1
  header value contains the control byte 0x0d at position 7
presign s3://examplebucket/k --header=Host:␣h
  header host is set by signing
presign s3://examplebucket/k --content-type=a/b --header=Content-Type:␣a/b
  header is given twice, but only one value is allowed
presign s3://examplebucket/k --content-type=image/*
  content type contains '*'; wildcards are not supported
presign s3://examplebucket/k --content-type=
  value of content-type is empty
";

const MISTAKEN_SOURCES: &str = "
AWS_ACCESS_KEY_ID=AKIAENVIRONMENT presign
  environment variable AWS_SECRET_ACCESS_KEY is not set
AWS_ACCESS_KEY_ID=AKIAENVIRONMENT AWS_SECRET_ACCESS_KEY=s3cr3t␊ presign
  secret access key starts or ends with white space
AWS_CONFIG_FILE=/nowhere AWS_SHARED_CREDENTIALS_FILE=/nowhere presign
  no credentials: profile \"default\" has no aws_access_key_id, and AWS_ACCESS_KEY_ID is not set
KEYS presign --profile=regional
  no credentials: profile \"regional\" has no aws_access_key_id
presign --profile=half
  profile \"half\" has no aws_secret_access_key
KEYS presign --profile=role
  profile \"role\" assumes a role, which needs a request to AWS
KEYS AWS_REGION=a-1 presign --profile=nobody
  profile \"nobody\" is neither in \"~/.aws/credentials\" nor in \"~/.aws/config\"
presign --profile=Default
  profile \"Default\" is neither in \"~/.aws/credentials\" nor in \"~/.aws/config\"
AWS_PROFILE=no␊body presign
  profile \"no\\nbody\" is neither in \"~/.aws/credentials\" nor in \"~/.aws/config\"
presign --profile=Permanent
  no region: give --region, or set AWS_REGION, AWS_DEFAULT_REGION, or region in profile \"Permanent\"
AWS_SHARED_CREDENTIALS_FILE=~/unclosed presign
  cannot read \"~/unclosed\": line 3: Found opening bracket for section name but no closing bracket
AWS_CONFIG_FILE=~/binary presign
  cannot read \"~/binary\": stream did not contain valid UTF-8
";

#[test]
fn mistakes() {
    for (line, expected) in cases(MISTAKEN_ARGUMENTS) {
        assert_eq!(complaint(command(line)), expected, "{line}");
    }
    for (line, expected) in cases(MISTAKEN_SOURCES) {
        let line = format!("{line} s3://examplebucket/k");
        assert_eq!(complaint(command(&line)), expected, "{line}");
    }
    let long = format!("presign s3://examplebucket/{}", "k".repeat(1025));
    assert_eq!(
        complaint(command(&long)),
        "object key of 1025 bytes exceeds the limit of 1024"
    );
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::UnixStream;
    use std::process::Stdio;

    use super::*;

    #[test]
    fn text_that_is_not_utf_8() {
        for (argument, expected) in [
            (
                &b"s3://examplebucket/s3cr3t\xff"[..],
                "S3 URI is not valid UTF-8",
            ),
            (b"--key=s3cr3t\xff", "--key is not valid UTF-8"),
            (b"--k\xff", "unknown flag --k\u{fffd}; see --help"),
        ] {
            let mut command = command("presign");
            command.arg(OsStr::from_bytes(argument));
            assert_eq!(complaint(command), expected);
        }
        for name in [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_REGION",
        ] {
            let mut command = command("KEYS presign s3://examplebucket/k");
            command.env(name, OsStr::from_bytes(b"s3cr3t\xff"));
            let expected = format!("environment variable {name} is not valid UTF-8");
            assert_eq!(complaint(command), expected);
        }
    }

    #[test]
    fn closed_output() {
        let closed = || {
            let (ours, theirs) = UnixStream::pair().unwrap();
            drop(theirs);
            Stdio::from(OwnedFd::from(ours))
        };
        let run = |line, stderr| {
            let mut command = command(line);
            let child = command.stdout(closed()).stderr(stderr).spawn().unwrap();
            child.wait_with_output().unwrap()
        };
        let output = run("presign s3://examplebucket/k", Stdio::piped());
        assert_eq!(output.status.code(), Some(2));
        let message = one_line(output.stderr);
        assert_eq!(
            message,
            "presign: cannot write to stdout: Broken pipe (os error 32)"
        );

        assert_eq!(run("presign", closed()).status.code(), Some(2));
    }
}
