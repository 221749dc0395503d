//! Runs the example `verify_server` as a process.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use presign::{Bucket, Credentials, Presigner, Timestamp};
use presign_store::http;
use tempfile::TempDir;

use crate::{ID, SECRET};

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

/// A folder with some files, and a server for it.
struct Served {
    process: Child,
    endpoint: String,
    /// Links to the files, in order.
    links: Vec<String>,
    directory: TempDir,
}

impl Served {
    fn start(files: &[(&str, &str)]) -> Self {
        Self::start_by(example(), files)
    }

    fn start_by(mut command: Command, files: &[(&str, &str)]) -> Self {
        let directory = TempDir::new().unwrap();
        for (name, content) in files {
            fs::write(directory.path().join(name), content).unwrap();
        }
        let command = command
            .env("AWS_ACCESS_KEY_ID", ID)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .env_remove("AWS_SESSION_TOKEN")
            .args(["--links", "--port=0", "--timeout=1"])
            .arg(directory.path())
            .stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut line = || lines.next().unwrap().unwrap();
        Self {
            process,
            endpoint: line(),
            links: files.iter().map(|_| line()).collect(),
            directory,
        }
    }

    fn connect(&self) -> TcpStream {
        let address = self.endpoint.strip_prefix("http://").unwrap();
        let socket = TcpStream::connect(address).unwrap();
        let patience = Some(Duration::from_secs(20));
        socket.set_read_timeout(patience).unwrap();
        socket.set_write_timeout(patience).unwrap();
        socket
    }

    /// A link as anyone with the secret can sign it.
    fn link(&self, key: &str, query: &[(&str, &str)]) -> String {
        let credentials = Credentials::new(ID, SECRET);
        let bucket = Bucket::new("files", "us-east-1").unwrap();
        let bucket = bucket.endpoint(&self.endpoint).unwrap().path_style();
        let get = Presigner::get(&credentials, &bucket, key).query(query);
        get.allow_dot_segments().sign().unwrap().into_string()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[track_caller]
fn get(url: &str) -> (u16, String) {
    let answer = http::send("GET", url, &[], b"").unwrap();
    (answer.status, String::from_utf8(answer.body).unwrap())
}

fn answered(status: u16, body: &str) -> (u16, String) {
    (status, body.to_owned())
}

#[test]
fn files_for_valid_links_only() {
    let served = Served::start(&[("a b.txt", "first"), ("ü", "second")]);
    fs::create_dir(served.directory.path().join("folder")).unwrap();
    fs::write(served.directory.path().join("folder/inner"), b"inner").unwrap();
    let endpoint = &served.endpoint;
    let [first, second] = &served.links[..] else {
        panic!("{:?}", served.links)
    };
    assert!(
        first.starts_with(&format!("{endpoint}/files/a%20b.txt?")),
        "{first}"
    );
    assert_eq!(get(first), answered(200, "first"));
    assert_eq!(get(second), answered(200, "second"));

    let mismatch = "signature does not match\n";
    assert_eq!(
        get(&first.replace("a%20b.txt", "%C3%BC")),
        answered(403, mismatch)
    );
    assert_eq!(
        get(&first.replace("Expires=3600", "Expires=86400")),
        answered(403, mismatch)
    );
    assert_eq!(http::send("DELETE", first, &[], b"").unwrap().status, 403);
    let missing = "query parameter X-Amz-Algorithm is missing\n";
    assert_eq!(
        get(&format!("{endpoint}/files/a%20b.txt")),
        answered(403, missing)
    );

    // An unsigned `x-amz-` header whose value is not text.
    let with_header = |value: &[u8]| {
        let (address, target) = (
            endpoint.strip_prefix("http://").unwrap(),
            first.strip_prefix(endpoint).unwrap(),
        );
        let mut socket = served.connect();
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
            answer.ends_with("header x-amz-acl must be signed\n"),
            "{answer}"
        );
    }

    // Even a signed link gives no access outside the folder.
    let link = |key: &str| served.link(key, &[]);
    assert_eq!(get(&link("a b.txt")), answered(200, "first"));
    for key in [
        "none",
        "folder",
        "folder/inner",
        "a b.txt/",
        "./a b.txt",
        "a b.txt/.",
        "../a b.txt",
        "..",
        "/etc/passwd",
    ] {
        assert_eq!(get(&link(key)), answered(404, "no such file\n"), "{key}");
    }
    let credentials = Credentials::new(ID, SECRET);
    let bucket = Bucket::new("files", "us-east-1").unwrap();
    let bucket = bucket.endpoint(endpoint).unwrap().path_style();
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
fn headers() {
    let files = [("a.html", "<p>"), ("b.png", "PNG"), ("c", "c")];
    let served = Served::start(&files);
    let types = ["text/html", "image/png", "application/octet-stream"];
    for ((link, content_type), (_, content)) in served.links.iter().zip(types).zip(files) {
        let answer = http::send("GET", link, &[], b"").unwrap();
        assert_eq!(answer.header("content-type"), Some(content_type));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.body, content.as_bytes());
    }
    let refused = http::send("GET", &format!("{}/x", served.endpoint), &[], b"").unwrap();
    assert_eq!(refused.header("content-type"), Some("text/plain"));
    assert_eq!(refused.header("x-content-type-options"), Some("nosniff"));
}

/// In S3, such a link is for something other than the file's content.
#[test]
fn parameters() {
    let served = Served::start(&[("a", "content")]);
    for name in ["acl", "versionId", "response-content-type", "%61cl"] {
        let problem = format!("query parameter {name} is not supported\n");
        let problem = problem.replace('%', "%25");
        assert_eq!(
            get(&served.link("a", &[(name, "x")])),
            answered(501, &problem)
        );
    }
    // The JavaScript SDK adds the operation's name.
    let link = served.link("a", &[("x-id", "GetObject")]);
    assert_eq!(get(&link), answered(200, "content"));
}

/// Reads until the server closes the connection. Panics if it does not.
#[track_caller]
fn rest(mut socket: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    match socket.read_to_end(&mut bytes) {
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        read => drop(read.expect("the server keeps the connection")),
    }
    bytes
}

#[test]
fn silent_clients() {
    let served = Served::start(&[("a", "content")]);
    let mut sockets = Vec::new();
    for head in ["", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nhost: a"] {
        let mut socket = served.connect();
        socket.write_all(head.as_bytes()).unwrap();
        sockets.push(socket);
    }
    for socket in sockets {
        let answer = rest(socket);
        assert!(!answer.starts_with(b"HTTP/1.1 2"), "{answer:?}");
    }
    // Between two requests, and with a body that is never sent.
    for header in ["", "content-length: 9\r\n"] {
        let mut socket = served.connect();
        let head = format!("GET / HTTP/1.1\r\nhost: a\r\n{header}\r\n");
        socket.write_all(head.as_bytes()).unwrap();
        assert!(rest(socket).starts_with(b"HTTP/1.1 403 "));
    }
    assert_eq!(get(&served.links[0]), answered(200, "content"));
}

#[test]
fn clients_that_do_not_read() {
    let served = Served::start(&[("a", &"content".repeat(4 << 20))]);
    let target = served.links[0].strip_prefix(&served.endpoint).unwrap();
    let host = served.endpoint.strip_prefix("http://").unwrap();
    let mut socket = served.connect();
    let head = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\n\r\n");
    socket.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_secs(3));
    let got = rest(socket).len();
    assert!(got < 7 * (4 << 20), "all {got} bytes came");
}

/// A server with too many connections accepts again after some are closed.
#[cfg(unix)]
#[test]
fn too_many_connections() {
    let mut command = Command::new("sh");
    let limited = "ulimit -n 40 && exec \"$0\" \"$@\"";
    command
        .args(["-c", limited])
        .arg(example().get_program())
        .stderr(Stdio::null());
    let mut served = Served::start_by(command, &[("a", "content")]);
    let sockets: Vec<_> = (0..60).map(|_| served.connect()).collect();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(served.process.try_wait().unwrap(), None, "it exited");
    drop(sockets);
    assert_eq!(get(&served.links[0]), answered(200, "content"));
}

#[test]
fn complaints() {
    for arguments in [
        &[][..],
        &["a", "b"],
        &["--port", "x", "a"],
        &["--timeout", "0", "."],
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
