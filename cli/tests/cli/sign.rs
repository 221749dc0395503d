//! One link: `get`, `put`, `head`, `delete`, `request`, `list` and `multipart`.

use core::time::Duration;

use presign::{Bucket, Credentials, Error, Method, PresignedUrl, Presigner, Timestamp};
use serde_json::{Value, json};

use crate::support::{NOW, command, home, run, signed, stdout};

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

#[test]
fn requests() {
    type Expected = fn(&Credentials<'_>, &Bucket<'_>) -> Result<PresignedUrl, Error>;
    let cases: &[(&str, Expected)] = &[
        ("s3://examplebucket/k", |who, bucket| {
            signed(Presigner::get(who, bucket, "k"))
        }),
        // The key is everything after the first slash, and is never decoded.
        ("s3://examplebucket//a␣b%20c?d#e//é+*/", |who, bucket| {
            signed(Presigner::get(who, bucket, "/a b%20c?d#e//é+*/"))
        }),
        (
            "--bucket examplebucket --key s3://examplebucket/k",
            |who, bucket| signed(Presigner::get(who, bucket, "s3://examplebucket/k")),
        ),
        (
            "--bucket examplebucket --query=list-type=2",
            |who, bucket| signed(Presigner::list(who, bucket)),
        ),
        ("--service --region=eu-west-1", |who, _| {
            let service = Bucket::service("eu-west-1")?;
            signed(Presigner::bucket(Method::Get, who, &service))
        }),
        ("s3://examplebucket/k --dualstack --fips", |who, bucket| {
            let bucket = bucket.clone().dual_stack().fips();
            signed(Presigner::get(who, &bucket, "k"))
        }),
        ("s3://examplebucket/k --accelerate", |who, bucket| {
            let bucket = bucket.clone().accelerate();
            signed(Presigner::get(who, &bucket, "k"))
        }),
        (
            "delete --bucket media--usw2-az1--x-s3 --control-endpoint",
            |who, bucket| {
                let bucket =
                    Bucket::new("media--usw2-az1--x-s3", bucket.region())?.control_endpoint();
                signed(Presigner::bucket(Method::Delete, who, &bucket))
            },
        ),
        (
            "s3://media--usw2-az1--x-s3/k --express-session",
            |who, bucket| {
                let who = who.clone().express_session();
                let bucket = Bucket::new("media--usw2-az1--x-s3", bucket.region())?;
                signed(Presigner::get(&who, &bucket, "k"))
            },
        ),
        ("s3://examplebucket/k --same-region", |who, bucket| {
            signed(Presigner::get(who, bucket, "k"))
        }),
        ("--bucket=examplebucket --key=--json", |who, bucket| {
            signed(Presigner::get(who, bucket, "--json"))
        }),
        ("--bucket examplebucket --key=-k", |who, bucket| {
            signed(Presigner::get(who, bucket, "-k"))
        }),
        (
            "s3://examplebucket/a/../b --allow-dot-segments",
            |who, bucket| signed(Presigner::get(who, bucket, "a/../b").allow_dot_segments()),
        ),
        ("s3://examplebucket/k --expires-in=604800", |who, bucket| {
            Presigner::get(who, bucket, "k")
                .expires_in(Duration::from_secs(604_800))
                .sign_at(NOW)
        }),
        (
            "put --content-type=image/png s3://examplebucket/k",
            |who, bucket| signed(Presigner::put(who, bucket, "k").content_type("image/png")),
        ),
        (
            "s3://examplebucket/k --header=x-b:␣1:␣2 --header X-A:␉3 --header x-a:4␣ --header x-empty:",
            |who, bucket| {
                let headers = [("x-a", "3"), ("x-a", "4"), ("x-b", "1: 2"), ("x-empty", "")];
                signed(Presigner::get(who, bucket, "k").headers(&headers))
            },
        ),
        (
            "request POST s3://examplebucket/k --query uploads --query=b==2 --query b=1␣&␣2 --query=Z=",
            |who, bucket| {
                let query = [("Z", ""), ("b", "1 & 2"), ("b", "=2"), ("uploads", "")];
                signed(Presigner::new(Method::Post, who, bucket, "k").query(&query))
            },
        ),
        (
            "s3://examplebucket/k --addressing-style=virtual",
            |who, bucket| signed(Presigner::get(who, bucket, "k")),
        ),
        (
            "s3://examplebucket/k --addressing-style path",
            |who, bucket| signed(Presigner::get(who, &bucket.clone().path_style(), "k")),
        ),
        ("s3://examplebucket/k --global-endpoint", |who, bucket| {
            signed(Presigner::get(who, &bucket.clone().global_endpoint(), "k"))
        }),
        (
            "s3://examplebucket/k --endpoint-url http://localhost:9000/",
            |who, bucket| {
                let bucket = bucket
                    .clone()
                    .endpoint("http://localhost:9000")?
                    .path_style();
                signed(Presigner::get(who, &bucket, "k"))
            },
        ),
    ];
    let credentials = Credentials::new("AKIADEFAULT", "default/s3cr3t");
    let bucket = Bucket::new("examplebucket", "eu-central-1").unwrap();
    for (arguments, expected) in cases {
        let line = format!("presign {arguments} --at=2013-05-24T00:00:00Z");
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
    let line = "presign put s3://examplebucket/k --at 2013-05-24T00:00:00Z --expires-in 60 \
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

fn url(presigner: Presigner<'_>) -> String {
    signed(presigner).unwrap().into_string()
}

#[test]
fn methods_and_setters() {
    let line = |arguments| stdout(&format!("presign {arguments} --at=2013-05-24T00:00:00Z"));
    let who = Credentials::new("AKIADEFAULT", "default/s3cr3t");
    let bucket = Bucket::new("examplebucket", "eu-central-1").unwrap();
    let get = url(Presigner::get(&who, &bucket, "k"));
    assert_eq!(line("get s3://examplebucket/k"), get);
    assert_eq!(line("get s3://examplebucket/k --expires-in 1h"), get);
    assert_eq!(line("get s3://examplebucket/k --expires-in 60m"), get);
    assert_eq!(
        line("head s3://examplebucket/k"),
        url(Presigner::head(&who, &bucket, "k"))
    );
    assert_eq!(
        line("delete s3://examplebucket/k"),
        url(Presigner::delete(&who, &bucket, "k"))
    );
    assert_eq!(
        line("get s3://examplebucket/k --download-as=a␣é.png"),
        url(Presigner::get(&who, &bucket, "k").download_as("a é.png"))
    );
    assert_eq!(
        line("put s3://examplebucket/k --content-length 5"),
        url(Presigner::put(&who, &bucket, "k").content_length(5))
    );
    let list = Presigner::list(&who, &bucket);
    assert_eq!(line("list s3://examplebucket"), url(list));
    assert_eq!(
        line("list --bucket examplebucket --prefix a/ --delimiter / --max-keys 3"),
        url(list.prefix("a/").delimiter("/").max_keys(3))
    );
    assert_eq!(
        line("list s3://examplebucket/a/ --start-after=a/b --continuation-token t=="),
        url(list
            .prefix("a/")
            .start_after("a/b")
            .continuation_token("t=="))
    );
    let arn = "arn:aws:s3:eu-central-1:123456789012:accesspoint/ap";
    let access_point = Bucket::new(arn, "eu-central-1").unwrap();
    assert_eq!(
        line(&format!("get s3://{arn}/a/k")),
        url(Presigner::get(&who, &access_point, "a/k"))
    );
}

#[test]
fn headers_from_a_file() {
    std::fs::write(
        home().join("headers"),
        "x-amz-meta-a: 1\n\nx-amz-meta-b: 2\n",
    )
    .unwrap();
    let at = "--at=2013-05-24T00:00:00Z";
    assert_eq!(
        stdout(&format!(
            "presign put s3://examplebucket/k {at} --header @~/headers"
        )),
        stdout(&format!(
            "presign put s3://examplebucket/k {at} --header x-amz-meta-a:1 --header x-amz-meta-b:2"
        ))
    );
}

#[test]
fn multipart() {
    let answer = "<InitiateMultipartUploadResult><UploadId>a&amp;b</UploadId></InitiateMultipartUploadResult>";
    std::fs::write(home().join("answer.xml"), answer).unwrap();
    let line = |arguments: &str| {
        let line = format!("presign multipart {arguments} --at=2013-05-24T00:00:00Z");
        let (code, stdout, stderr) = run(command(&line));
        assert_eq!((code, &*stderr), (0, ""), "{line}");
        stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let who = Credentials::new("AKIADEFAULT", "default/s3cr3t");
    let bucket = Bucket::new("examplebucket", "eu-central-1").unwrap();
    let start = url(Presigner::create_multipart_upload(&who, &bucket, "k"));
    assert_eq!(line("start s3://examplebucket/k"), [start]);
    let part = |number| url(Presigner::upload_part(&who, &bucket, "k", "a&b", number));
    assert_eq!(
        line("parts s3://examplebucket/k --upload-id @~/answer.xml --parts 9..11"),
        [part(9), part(10), part(11)]
    );
    let complete = url(Presigner::complete_multipart_upload(
        &who, &bucket, "k", "a&b",
    ));
    let lines =
        line("complete s3://examplebucket/k --upload-id a&b --etag 2=b --etag 1=\"a\" --json");
    let json: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(
        (&json["url"], &json["method"]),
        (&complete.into(), &"POST".into())
    );
    let parts = [(1, "\"a\""), (2, "b")];
    let body = presign::multipart::complete_body(parts).unwrap();
    assert_eq!(json["body"], body);
    let abort = url(Presigner::abort_multipart_upload(&who, &bucket, "k", "a&b"));
    assert_eq!(line("abort s3://examplebucket/k --upload-id a&b"), [abort]);
}

#[test]
fn help_and_version() {
    let print = |line: &str| {
        let (code, stdout, stderr) = run(command(line));
        assert_eq!((code, &*stderr), (0, ""), "{line}");
        stdout
    };
    let version = print("presign --version");
    assert_eq!(version, format!("presign {}\n", env!("CARGO_PKG_VERSION")));
    let help = print("presign --help");
    let commands =
        "get put head delete request list multipart form explain verify redact completions man";
    for command in commands.split(' ') {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
        print(&format!("presign {command} --help"));
    }
    for heading in ["Examples:", "Exit codes:"] {
        assert!(help.contains(&format!("\n{heading}\n")), "{heading}");
    }
    assert!(help.contains("\n  130  "));
    for text in [
        &help,
        &print("presign get --help"),
        &print("presign explain -h"),
    ] {
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(100), "{text}");
    }
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = print(&format!("presign completions {shell}"));
        assert!(script.contains("expires-in"), "{shell}");
    }
    assert!(print("presign man").starts_with(".ie"));
    print("presign man ~/share/man/man1");
    let pages = home().join("share/man/man1");
    assert!(pages.join("presign-multipart-parts.1").exists());
}
