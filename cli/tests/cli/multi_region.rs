//! Multi-region access points.

use core::time::Duration;

use presign::{Bucket, Credentials, Error, Method, PresignedUrl, Presigner};
use serde_json::{Value, json};

use crate::support::{NOW, command, complaint, signed, stdout};

const ARN: &str = "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap";
type Sign = fn(&Credentials<'_>, &Bucket<'_>) -> Result<PresignedUrl, Error>;

#[test]
fn urls() {
    let cases: &[(&str, Sign)] = &[
        ("get --key test.txt", |who, bucket| {
            signed(Presigner::get(who, bucket, "test.txt"))
        }),
        (
            "put --key=a␣b/é+%20.txt --expires-in=60",
            |who, bucket| {
                Presigner::put(who, bucket, "a b/é+%20.txt")
                    .expires_in(Duration::from_secs(60))
                    .sign_at(NOW)
            },
        ),
        ("head", |who, bucket| {
            signed(Presigner::bucket(Method::Head, who, bucket))
        }),
        ("get --key k --region-set us-west-2,eu-*", |who, bucket| {
            let bucket = bucket.clone().region_set("us-west-2,eu-*")?;
            signed(Presigner::get(who, &bucket, "k"))
        }),
        ("get --key k --profile temporary", |_, bucket| {
            let temporary = Credentials::new("ASIATEMPORARY", "temporary+s3cr3t");
            signed(Presigner::get(
                &temporary.session_token("t/ok+en=="),
                bucket,
                "k",
            ))
        }),
        // Credentials only; a region is not looked up.
        ("get --key k --profile Permanent", |_, bucket| {
            let permanent = Credentials::new("AKIAPERMANENT", "permanent/s3cr3t");
            signed(Presigner::get(&permanent, bucket, "k"))
        }),
    ];
    let credentials = Credentials::new("AKIADEFAULT", "default/s3cr3t");
    let bucket = Bucket::new(ARN, "us-east-1").unwrap();
    for (arguments, sign) in cases {
        let line = format!("presign {arguments} --bucket {ARN} --at=2013-05-24T00:00:00Z");
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
fn mistakes() {
    for (arguments, expected) in [
        (
            "--bucket arn:aws:s3::123456789012:accesspoint/ap --key k",
            "ARN does not name an access point (S3, Object Lambda, Outposts or multi-region), or its partition does not match the region",
        ),
        (
            "--bucket ARN --key k --region-set=us-west-2,",
            "region set is not a comma-separated list of region names, each of which may end in '*'",
        ),
    ] {
        let line = format!("presign get {}", arguments.replace("ARN", ARN));
        assert_eq!(complaint(command(&line), 2), expected, "{line}");
    }
}
