//! The example `verify_server`, as a process.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::SystemTime;

use presign::{Bucket, Credentials, Presigner, Timestamp};
use presign_servers::http;
use tempfile::TempDir;

use crate::{ID, SECRET};

/// Ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn example() -> Command {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let name = format!("verify_server{}", std::env::consts::EXE_SUFFIX);
    let example = profile.join("examples").join(name);
    assert!(
        example.exists(),
        "{example:?} is not there: cargo build --example verify_server"
    );
    Command::new(example)
}

#[test]
fn files_for_valid_links_only() {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("a b.txt"), b"first").unwrap();
    fs::write(directory.path().join("ü"), b"second").unwrap();
    fs::create_dir(directory.path().join("folder")).unwrap();
    fs::write(directory.path().join("folder/inner"), b"inner").unwrap();
    let mut running = example();
    let running = running
        .env("AWS_ACCESS_KEY_ID", ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env_remove("AWS_SESSION_TOKEN")
        .args(["--links", "--port=0"])
        .arg(directory.path())
        .stdout(Stdio::piped());
    let mut running = Running(running.spawn().unwrap());
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let mut line = || lines.next().unwrap().unwrap();
    let (endpoint, first, second) = (line(), line(), line());

    let get = |url: &str| {
        let answer = http::send("GET", url, &[], b"").unwrap();
        (answer.status, String::from_utf8(answer.body).unwrap())
    };
    let answered = |status, body: &str| (status, body.to_owned());
    assert!(
        first.starts_with(&format!("{endpoint}/files/a%20b.txt?")),
        "{first}"
    );
    assert_eq!(get(&first), answered(200, "first"));
    assert_eq!(get(&second), answered(200, "second"));

    let mismatch = "signature does not match\n";
    assert_eq!(
        get(&first.replace("a%20b.txt", "%C3%BC")),
        answered(403, mismatch)
    );
    assert_eq!(
        get(&first.replace("Expires=3600", "Expires=86400")),
        answered(403, mismatch)
    );
    assert_eq!(http::send("DELETE", &first, &[], b"").unwrap().status, 403);
    let missing = "query parameter X-Amz-Algorithm is missing\n";
    assert_eq!(
        get(&format!("{endpoint}/files/a%20b.txt")),
        answered(403, missing)
    );

    // A header of Amazon's that is not signed, and no text either.
    let with_header = |value: &[u8]| {
        let (address, target) = (
            endpoint.strip_prefix("http://").unwrap(),
            first.strip_prefix(&endpoint).unwrap(),
        );
        let mut socket = TcpStream::connect(address).unwrap();
        let head =
            format!("GET {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nx-amz-acl: ");
        socket
            .write_all(&[head.as_bytes(), value, b"\r\n\r\n"].concat())
            .unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    };
    for value in [&b"private"[..], b"\xff"] {
        let answer = with_header(value);
        assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
        assert!(
            answer.ends_with("header x-amz-acl has to be signed\n"),
            "{answer}"
        );
    }

    // Whoever can sign still gets nothing from outside the folder.
    let credentials = Credentials::new(ID, SECRET);
    let bucket = Bucket::new("files", "us-east-1").unwrap();
    let bucket = bucket.endpoint(&endpoint).unwrap().path_style();
    let link = |key: &str| {
        let presigner = Presigner::get(&credentials, &bucket, key).allow_dot_segments();
        presigner.sign().unwrap().into_string()
    };
    assert_eq!(get(&link("a b.txt")), answered(200, "first"));
    for key in [
        "none",
        "folder",
        "folder/inner",
        "../a b.txt",
        "..",
        "/etc/passwd",
    ] {
        assert_eq!(get(&link(key)), answered(404, "no such file\n"), "{key}");
    }
    let delete = Presigner::delete(&credentials, &bucket, "a b.txt")
        .sign()
        .unwrap();
    assert_eq!(
        http::send("DELETE", delete.as_str(), &[], b"")
            .unwrap()
            .status,
        405
    );
    let past = Timestamp::from_unix(Timestamp::from(SystemTime::now()).as_unix() - 901);
    let url = Presigner::get(&credentials, &bucket, "a b.txt")
        .sign_at(past)
        .unwrap();
    let (status, body) = get(url.as_str());
    assert_eq!(status, 403);
    assert!(body.starts_with("expired at "), "{body}");
}

#[test]
fn complaints() {
    for arguments in [
        &[][..],
        &["a", "b"],
        &["--port", "x", "a"],
        &["/nowhere/at/all"],
    ] {
        let output = example().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            output.stderr.starts_with(b"verify_server: "),
            "{arguments:?}"
        );
    }
}
