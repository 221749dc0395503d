//! Runs `examples/explain` as a process: checks its output, and that the output contains no secret.
#![cfg(all(feature = "std", feature = "diagnose"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use presign::{Bucket, Credentials, Presigner, Timestamp};
use serde_json::Value;

use example::{command, complaint};

#[allow(dead_code, reason = "what other tests need")]
#[path = "support/example.rs"]
mod example;

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

/// Signed for `GET` with the keys that `KEYS` stands for.
fn url() -> String {
    let credentials = Credentials::new("AKIAENVIRONMENT", "environment/s3cr3t");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let url = Presigner::get(&credentials, &bucket, "k").sign_at(NOW);
    url.unwrap().into_string()
}

/// The whole output, in lines.
#[track_caller]
fn lines(mut command: Command) -> Vec<String> {
    let output = command.output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let url = url();
    let (_, signature) = url.rsplit_once('=').unwrap();
    assert!(
        !text.contains("s3cr3t") && !text.contains(signature),
        "{text}"
    );
    text.lines().map(str::to_owned).collect()
}

fn explain(line: &str) -> Command {
    let mut command = command(line);
    command.arg(url());
    command
}

#[test]
fn with_the_secret() {
    let run = explain("KEYS explain --at 2013-05-24T00:00:00Z --method HEAD");
    let lines = lines(run);
    assert_eq!(
        lines[..6],
        [
            "certain: MethodDiffers: the URL is signed for GET, but the method of the request is HEAD",
            "  what to do: send the signed method, or sign for the method you send",
            "",
            "- as it was sent; + as it was signed, or as the store computed it",
            "- method: HEAD",
            "+ method: GET",
        ]
    );
    assert_eq!(lines[6], "  canonical URI: /k");
}

#[test]
fn without_the_secret() {
    let run = explain("explain --at 2013-05-24T00:00:00Z --header=x-amz-acl:␣private");
    let expected = "certain: HeaderNotSigned: header x-amz-acl was sent, but is not signed";
    assert_eq!(lines(run)[0], expected);
    let run = explain("explain --at 2013-05-24T00:15:00Z");
    assert_eq!(
        lines(run)[0],
        "certain: Expired: the URL expired at 2013-05-24T00:15:00Z"
    );
    // Without a time, the current one is used, which is later.
    assert_eq!(
        lines(explain("explain"))[0],
        "certain: Expired: the URL expired at 2013-05-24T00:15:00Z"
    );
    let run = explain("KEYS explain --at 2013-05-24T00:00:00Z");
    assert_eq!(lines(run), ["nothing in the evidence is wrong"]);
}

#[test]
fn answers() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("explain.xml");
    // An answer can contain anything.
    std::fs::write(&path, "<Error><Code>No&#x9b;Key\t</Code></Error>").unwrap();
    for flag in ["--answer", "--error-xml"] {
        let mut run = explain("explain --at 2013-05-24T00:00:00Z");
        run.arg(flag).arg(&path);
        let expected = "likely: StoreRefused: the store refused the request with No\\u{9b}Key: it gives no reason";
        assert_eq!(lines(run)[0], expected);
    }
}

#[test]
fn json() {
    let mut run = explain("KEYS explain --json --at=2013-05-24T00:00:00Z --method=PUT");
    let json: Value = serde_json::from_slice(&run.output().unwrap().stdout).unwrap();
    assert_eq!(json["causes"][0]["certain"], true);
    assert_eq!(json["causes"][0]["certainty"], "certain");
    assert_eq!(json["causes"][0]["name"], "MethodDiffers");
    assert_eq!(
        json["causes"][0]["details"],
        serde_json::json!(["GET", "PUT"])
    );
    assert_eq!(json["comparison"][0]["part"], "method");
    assert_eq!(json["comparison"][0]["sent"], "PUT");
    assert_eq!(json["comparison"][0]["other"], "GET");
    assert_eq!(json["comparison"][0]["differs"], true);
    assert_eq!(json["comparison"][1]["differs"], false);
}

/// Without `--header`, the sent headers are unknown.
#[test]
fn headers_that_are_not_known() {
    let credentials = Credentials::new("AKIAENVIRONMENT", "environment/s3cr3t");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let put = Presigner::put(&credentials, &bucket, "k").content_type("image/png");
    let url = put.sign_at(NOW).unwrap().into_string();
    for (flag, certainty) in [("", "likely"), (" --no-headers", "certain")] {
        let line = format!("KEYS explain --at 2013-05-24T00:00:00Z --method PUT{flag}");
        let mut run = command(&line);
        run.arg(&url);
        let expected = format!(
            "{certainty}: SignedHeaderMissing: header content-type is signed, but was not sent"
        );
        assert_eq!(lines(run)[0], expected);
    }
}

#[test]
fn forms() {
    let mut run = command(
        "explain https://examplebucket.s3.amazonaws.com/ --field key=k --field acl=public-read",
    );
    // {"expiration": "2113-05-25T00:00:00Z", "conditions": [{"acl": "private"}]}
    run.arg("--field=policy=eyJleHBpcmF0aW9uIjogIjIxMTMtMDUtMjVUMDA6MDA6MDBaIiwgImNvbmRpdGlvbnMiOiBbeyJhY2wiOiAicHJpdmF0ZSJ9XX0=");
    let expected = "certain: PolicyCondition: a form field does not meet the policy's condition: acl has another value";
    assert_eq!(lines(run)[0], expected);
}

#[test]
fn from_stdin() {
    let mut run = command("KEYS explain - --at 2013-05-24T00:00:00Z --method DELETE");
    run.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut run = run.spawn().unwrap();
    writeln!(run.stdin.take().unwrap(), "{}", url()).unwrap();
    let output = run.wait_with_output().unwrap();
    assert!(output.stdout.starts_with(b"certain: MethodDiffers: "));
}

#[test]
fn complaints() {
    for (line, expected) in [
        ("explain", "no URL; see --help"),
        ("explain a b", "URL is given twice"),
        ("explain a --method", "--method needs a value"),
        (
            "explain a --method=GET --method=PUT",
            "--method is given twice",
        ),
        (
            "explain a --header x-s3cr3t",
            "--header has no ':' between name and value",
        ),
        (
            "explain a --at now",
            "--at is an RFC 3339 time such as 2013-05-24T00:00:00Z, not \"now\"",
        ),
        ("explain a --json=1", "--json takes no value"),
        (
            "explain a --field s3cr3t",
            "--field has no '=' between name and value",
        ),
        ("explain a --secret", "unknown flag --secret; see --help"),
        (
            "AWS_ACCESS_KEY_ID=A explain a",
            "environment variable AWS_SECRET_ACCESS_KEY is not set",
        ),
    ] {
        assert_eq!(complaint(command(line)), expected, "{line}");
    }
    let missing = complaint(command("explain a --error-xml /nowhere/s.xml"));
    assert!(
        missing.starts_with("cannot read \"/nowhere/s.xml\": "),
        "{missing}"
    );
}

#[test]
fn not_presigned() {
    let lines = lines(command("explain https://h.example/k"));
    let expected = "certain: NotPresigned: the URL is not presigned: it has no X-Amz-Signature";
    assert_eq!(lines[0], expected);
}
