//! Keys from stdin.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use presign::Advisory;
use serde_json::Value;

use crate::support::{command, run_with, stdout};

const AT: &str = "--at=2013-05-24T00:00:00Z";

#[track_caller]
fn links(flags: &str, keys: &[u8]) -> Vec<String> {
    let line = format!("presign get --bucket examplebucket {AT} {flags} -");
    let (code, stdout, stderr) = run_with(command(&line), keys);
    assert_eq!((code, &*stderr), (0, ""), "{line}");
    stdout.lines().map(str::to_owned).collect()
}

fn one(key: &str) -> String {
    stdout(&format!(
        "presign get {AT} --bucket examplebucket --key={key}"
    ))
}

#[test]
fn lines() {
    let expected = [one("a␣b"), one("é%20+"), one("\"c\"")];
    assert_eq!(links("", "a b\né%20+\n\"c\"\n".as_bytes()), expected);
    assert_eq!(links("", "a b\r\né%20+\r\n\"c\"".as_bytes()), expected);
    assert_eq!(links("-0", "a b\0é%20+\0\"c\"".as_bytes()), expected);
    assert_eq!(links("--null", b"a\nb\0"), [one("a␊b")]);
    let json = "\"a b\"\n{\"key\": \"é%20+\", \"n\": 1}\n{\"Key\": \"\\\"c\\\"\"}\n";
    assert_eq!(links("--jsonl", json.as_bytes()), expected);
    assert!(links("", b"").is_empty());
}

#[test]
fn json() {
    let line = format!("presign put --bucket examplebucket {AT} --content-type=a/b --json -");
    let (_, stdout, stderr) = run_with(command(&line), b"a\nb\"\n");
    assert_eq!(stderr, "");
    let lines: Vec<Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let url = crate::support::stdout(&format!(
        "presign put s3://examplebucket/b\" {AT} --content-type=a/b"
    ));
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[1],
        serde_json::json!({
            "key": "b\"",
            "method": "PUT",
            "url": url,
            "headers": {"content-type": "a/b"},
            "expires_at": "2013-05-24T01:00:00Z",
        })
    );
}

/// More than is read at once, cut anywhere.
#[test]
fn all_in_order() {
    let keys: String = (0..60_000).map(|n| format!("folder/é{n}\n")).collect();
    let links = links("", keys.as_bytes());
    assert_eq!(links.len(), 60_000);
    for (n, link) in links.iter().enumerate() {
        assert!(link.contains(&format!("/folder/%C3%A9{n}?")), "{link}");
    }
    assert_eq!(links[59_999], one("folder/é59999"));
}

/// The links before a mistake are written.
#[test]
fn mistakes() {
    let long = "k".repeat(300_000);
    for (flags, keys, written, expected) in [
        ("", "a\nb\n\nc\n", 2, "line 3: object key is empty"),
        ("", "\n", 0, "line 1: object key is empty"),
        (
            "",
            "a\nb/../c\n",
            1,
            "line 2: object key has a '.' or '..' segment at position 2; most clients would resolve it and request another object",
        ),
        ("-0", "a\0\0", 1, "line 2: object key is empty"),
        (
            "",
            &long,
            0,
            "a line on stdin exceeds the limit of 262144 bytes",
        ),
        ("--jsonl", "\"a\"\nb\n", 0, "line 2 is not JSON"),
        (
            "--jsonl",
            "{\"name\": \"s3cr3t\"}",
            0,
            "line 1 is neither a string nor an object with a string `key` or `Key`",
        ),
    ] {
        let line = format!("presign get --bucket examplebucket {AT} {flags} -");
        let (code, stdout, stderr) = run_with(command(&line), keys.as_bytes());
        assert_eq!((code, stdout.lines().count()), (2, written), "{stderr}");
        assert_eq!(stderr, format!("presign: {expected}\n"));
    }
    let line = format!("presign get --bucket examplebucket {AT} -");
    let (code, _, stderr) = run_with(command(&line), b"a\nb\n\xff\n");
    assert_eq!(
        (code, &*stderr),
        (2, "presign: line 3 is not valid UTF-8\n")
    );
}

#[test]
fn advice_once() {
    let line = "presign put --bucket examplebucket --endpoint-url http://127.0.0.1:9000 -";
    let (_, stdout, stderr) = run_with(command(line), b"a\nb\n");
    assert_eq!(stdout.lines().count(), 2);
    let notes = [Advisory::InsecureEndpoint, Advisory::ContentTypeNotBound];
    let notes = notes.map(|advisory| format!("presign: note: {advisory}\n"));
    assert_eq!(stderr, notes.concat());
    let (_, _, stderr) = run_with(command(&format!("{line} --quiet")), b"a\nb\n");
    assert_eq!(stderr, "");
    let line = "presign get --bucket examplebucket -";
    let (_, stdout, stderr) = run_with(command(line), b"s3://examplebucket/k\n");
    assert_eq!(stdout.lines().count(), 1);
    let expected = "presign: note: the first key starts with s3://; stdin has keys, not S3 URIs\n";
    assert_eq!(stderr, expected);
}

/// A slow source gets each link when its key is there.
#[test]
fn a_slow_source() {
    let mut command = command("presign get --bucket examplebucket -");
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut keys = child.stdin.take().unwrap();
    let mut links = BufReader::new(child.stdout.take().unwrap()).lines();
    for key in ["a", "b"] {
        writeln!(keys, "{key}").unwrap();
        assert!(links.next().unwrap().unwrap().contains(&format!("/{key}?")));
    }
    drop(keys);
    assert!(child.wait().unwrap().success());
}

#[cfg(unix)]
mod unix {
    use super::*;

    /// As before `| head`.
    #[test]
    fn a_closed_pipe() {
        let mut command = command("presign get --bucket examplebucket -");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let mut keys = child.stdin.take().unwrap();
        while writeln!(keys, "key").is_ok() {} // until it has ended
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
    }

    /// It stops between lines, and its exit code shows it.
    #[test]
    fn ctrl_c() {
        let mut command = command("presign get --bucket examplebucket -");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut keys = child.stdin.take().unwrap();
        let mut links = BufReader::new(child.stdout.take().unwrap());
        writeln!(keys, "key").unwrap();
        let mut text = String::new();
        links.read_line(&mut text).unwrap(); // its handler is in place
        let kill = format!("kill -INT {}", child.id());
        let sent = std::process::Command::new("sh")
            .args(["-c", &kill])
            .status();
        assert!(sent.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130));
        text.clear();
        assert_eq!(links.read_line(&mut text).unwrap(), 0, "{text}");
    }
}
