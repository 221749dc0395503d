//! `explain`: what it prints, and that it prints no secret.

use std::io::Write;
use std::process::{Command, Stdio};

use presign::{Bucket, Credentials, Presigner};
use serde_json::Value;

use crate::support::{NOW, command, home, run_with};

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

/// The first cause, its sentence unwrapped.
#[track_caller]
fn first(command: Command) -> String {
    let lines = lines(command);
    let sentence = lines[1..].iter().map_while(|line| line.strip_prefix("  "));
    let sentence = sentence.take_while(|line| !line.starts_with("what to do: "));
    let words: Vec<_> = sentence.collect();
    format!("{}: {}", lines[0], words.join(" "))
}

fn explain(line: &str) -> Command {
    let mut command = command(line);
    command.arg(url());
    command
}

#[test]
fn with_the_secret() {
    let run = explain("KEYS presign explain --at 2013-05-24T00:00:00Z --method HEAD");
    let lines = lines(run);
    assert_eq!(
        lines[..7],
        [
            "certain: MethodDiffers",
            "  the URL is signed for GET, but the method of the request is HEAD",
            "  what to do: send the signed method, or sign for the method you send",
            "",
            "- as it was sent; + as it was signed, or as the store computed it",
            "- method: HEAD",
            "+ method: GET",
        ]
    );
    assert_eq!(lines[7], "  canonical URI: /k");
}

#[test]
fn without_the_secret() {
    let run = explain("presign explain --at 2013-05-24T00:00:00Z --header=x-amz-acl:␣private");
    let expected = "certain: HeaderNotSigned: header x-amz-acl was sent, but is not signed";
    assert_eq!(first(run), expected);
    let run = explain("presign explain --at 2013-05-24T00:15:00Z");
    assert_eq!(
        first(run),
        "certain: Expired: the URL expired at 2013-05-24T00:15:00Z"
    );
    // Without a time, the current one is used, which is later.
    assert_eq!(
        first(explain("presign explain")),
        "certain: Expired: the URL expired at 2013-05-24T00:15:00Z"
    );
    let run = explain("KEYS presign explain --at 2013-05-24T00:00:00Z");
    let nothing = "nothing in the evidence is wrong";
    let more = [
        nothing,
        "the signature matches these credentials, for GET",
        "more evidence would help:",
        "  --answer, the response of the store",
        "  --method, the method that was sent",
        "  --header or --no-headers, the headers that were sent",
    ];
    assert_eq!(lines(run), more);
    let run = explain("presign explain --at 2013-05-24T00:00:00Z --method GET --no-headers");
    let credentials = "  --profile, whose credentials check the signature";
    assert_eq!(lines(run), [nothing, more[2], credentials, more[3]]);
}

#[test]
fn answers() {
    let path = home().join("explain.xml");
    // An answer can contain anything.
    std::fs::write(&path, "<Error><Code>No&#x9b;Key\t</Code></Error>").unwrap();
    {
        let mut run = explain("presign explain --at 2013-05-24T00:00:00Z");
        run.arg("--answer").arg(&path);
        let expected = "likely: StoreRefused: the store refused the request with No\\u{9b}Key: it gives no reason";
        assert_eq!(first(run), expected);
    }
}

#[test]
fn json() {
    let mut run = explain("KEYS presign explain --json --at=2013-05-24T00:00:00Z --method=PUT");
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
        let line = format!("KEYS presign explain --at 2013-05-24T00:00:00Z --method PUT{flag}");
        let mut run = command(&line);
        run.arg(&url);
        let expected = format!(
            "{certainty}: SignedHeaderMissing: header content-type is signed, but was not sent"
        );
        assert_eq!(first(run), expected);
    }
}

#[test]
fn forms() {
    let mut run = command(
        "presign explain https://examplebucket.s3.amazonaws.com/ --field key=k --field acl=public-read",
    );
    // {"expiration": "2113-05-25T00:00:00Z", "conditions": [{"acl": "private"}]}
    run.arg("--field=policy=eyJleHBpcmF0aW9uIjogIjIxMTMtMDUtMjVUMDA6MDA6MDBaIiwgImNvbmRpdGlvbnMiOiBbeyJhY2wiOiAicHJpdmF0ZSJ9XX0=");
    let expected = "certain: PolicyCondition: a form field does not meet the policy's condition: acl has another value";
    assert_eq!(first(run), expected);
}

#[test]
fn from_stdin() {
    let mut run = command("KEYS presign explain - --at 2013-05-24T00:00:00Z --method DELETE");
    run.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut run = run.spawn().unwrap();
    writeln!(run.stdin.take().unwrap(), "{}", url()).unwrap();
    let output = run.wait_with_output().unwrap();
    assert!(output.stdout.starts_with(b"certain: MethodDiffers\n"));
}

#[test]
fn not_presigned() {
    let run = command("presign explain https://h.example/k");
    let expected = "certain: NotPresigned: the URL is not presigned: it has no X-Amz-Signature";
    assert_eq!(first(run), expected);
}

/// Nobody typed a URL, and nobody would see that one is read.
#[cfg(target_os = "linux")]
#[test]
fn no_url_on_a_terminal() {
    for line in ["presign explain", "presign verify --json"] {
        let mut command = command(line);
        command.stdin(std::fs::File::open("/dev/ptmx").unwrap());
        assert_eq!(
            crate::support::complaint(command, 2),
            "no URL: give it as an argument, or - to read it from stdin; see --help"
        );
    }
}

/// The URL on a line, then what `curl -i` printed.
#[test]
fn url_and_answer_from_stdin() {
    let answer = "HTTP/1.1 403 Forbidden\r\nServer: s\r\n\r\n<Error><Code>AccessDenied</Code>\
                  <Message>Request has expired</Message><ServerTime>2013-05-24T01:00:00Z</ServerTime></Error>";
    let input = format!("{}\n{answer}", url());
    let line = "presign explain --at 2013-05-24T00:00:00Z";
    let (code, with_answer, _) = run_with(command(line), input.as_bytes());
    assert_eq!(code, 0);
    assert!(
        with_answer.starts_with("certain: Expired\n"),
        "{with_answer}"
    );
    let mut run = explain(&format!("{line} --answer -"));
    run.stdin(Stdio::piped());
    assert_eq!(run_with(run, answer.as_bytes()).1, with_answer);
}

#[test]
fn fits_a_terminal() {
    let lines = lines(explain("presign explain"));
    assert!(lines.iter().any(|line| line.starts_with("  what to do: ")));
    assert!(lines.iter().all(|line| line.len() <= 80), "{lines:#?}");
}
