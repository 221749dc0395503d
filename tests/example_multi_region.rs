//! Runs `examples/multi_region` as a process: it prints what the library signs, or one line with the reason why not.
#![cfg(all(feature = "std", feature = "sigv4a"))]
#![allow(clippy::expect_used, clippy::unwrap_used)] // clippy.toml covers only `#[test]` functions

use core::time::Duration;

use presign::{Bucket, Credentials, Error, Method, PresignedUrl, Presigner, Timestamp};
use serde_json::{Value, json};

use example::{cases, command, complaint, stdout};

#[allow(dead_code)] // used by other tests
#[path = "support/example.rs"]
mod example;

const ARN: &str = "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap";
const HOUR: Duration = Duration::from_secs(3600);
/// 2013-05-24T00:00:00Z.
const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

type Sign = fn(&Credentials<'_>, &Bucket<'_>) -> Result<PresignedUrl, Error>;

#[test]
fn urls() {
    let cases: &[(&str, Sign)] = &[
        ("--key test.txt", |who, bucket| {
            Presigner::get(who, bucket, "test.txt")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        (
            "--key=a␣b/é+%20.txt --method PUT --expires-in=60",
            |who, bucket| {
                Presigner::put(who, bucket, "a b/é+%20.txt")
                    .expires_in(Duration::from_secs(60))
                    .sign_at(NOW)
            },
        ),
        ("--method HEAD", |who, bucket| {
            Presigner::bucket(Method::Head, who, bucket)
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        ("--key k --region-set us-west-2,eu-*", |who, bucket| {
            let bucket = bucket.clone().region_set("us-west-2,eu-*")?;
            Presigner::get(who, &bucket, "k")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        ("--key k --profile temporary", |_, bucket| {
            let temporary = Credentials::new("ASIATEMPORARY", "temporary+s3cr3t # not a comment");
            Presigner::get(&temporary.session_token("t/ok+en=="), bucket, "k")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
        // Credentials only; a region is not looked up.
        ("--key k --profile Permanent", |_, bucket| {
            let permanent = Credentials::new("AKIAPERMANENT", "\"s3cr3t\\n\"");
            Presigner::get(&permanent, bucket, "k")
                .expires_in(HOUR)
                .sign_at(NOW)
        }),
    ];
    let credentials = Credentials::new("AKIADEFAULT", "default/s3cr3t");
    let bucket = Bucket::new(ARN, "us-east-1").unwrap();
    for (arguments, sign) in cases {
        let line = format!("multi_region --arn {ARN} --at=2013-05-24T00:00:00Z {arguments}");
        let url = sign(&credentials, &bucket).unwrap();
        assert_eq!(stdout(&line), url.as_str(), "{line}");
        let json: Value = serde_json::from_str(&stdout(&format!("{line} --json"))).unwrap();
        let expected = json!({
            "method": url.method().as_str(),
            "url": url.as_str(),
            "headers": {},
            "expires_at": url.expires_at().to_string(),
        });
        assert_eq!(json, expected, "{line}");
    }
}

#[test]
fn help_tells_every_flag() {
    let output = command("multi_region --help").output().unwrap();
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
    let help = String::from_utf8(output.stdout).unwrap();
    let flags = "--arn --key --region-set --method --expires-in --profile --at --json --help AWS_ACCESS_KEY_ID,";
    for flag in flags.split(' ') {
        assert!(help.contains(&format!("{flag} ")), "{flag}");
    }
}

const MISTAKES: &str = "
multi_region
  no access point: give --arn; see --help
multi_region --arn ARN s3cr3t
  an argument without a flag; see --help
multi_region --arn=a --arn=b
  --arn is given twice
multi_region --region=s3cr3t
  unknown flag --region; see --help
multi_region --arn examplebucket
  --arn is not that of a multi-region access point, which names no region
multi_region --arn arn:aws:s3:us-west-2:123456789012:accesspoint/ap
  --arn is not that of a multi-region access point, which names no region
multi_region --arn arn:aws:s3::123456789012:accesspoint/ap
  ARN does not name an access point (S3, Object Lambda, Outposts or multi-region), or its partition does not match the region
multi_region --arn ARN --key=
  object key is empty
multi_region --arn ARN --region-set=us-west-2,
  region set is not a comma-separated list of region names, each of which may end in '*'
multi_region --arn ARN --method get
  unknown HTTP method; methods are upper case
multi_region --arn ARN --expires-in 604801
  expiry of 604801 s is outside 1 s to 604800 s (7 days)
multi_region --arn ARN --profile nobody
  profile \"nobody\" is neither in \"~/.aws/credentials\" nor in \"~/.aws/config\"
AWS_SHARED_CREDENTIALS_FILE=/nowhere multi_region --arn ARN
  no credentials: profile \"default\" has no aws_access_key_id, and AWS_ACCESS_KEY_ID is not set
";

#[test]
fn mistakes() {
    for (line, expected) in cases(MISTAKES) {
        let line = line.replace("ARN", ARN);
        assert_eq!(complaint(command(&line)), expected, "{line}");
    }
}
