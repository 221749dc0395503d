//! Runs the example `share` as a process.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::SystemTime;

use presign::{Method, Timestamp};
use presign_store::http;
use tempfile::TempDir;

use crate::{accepted, refused, send_as};

/// `cargo test` builds it next to the tests, unless it builds only this test.
fn share() -> Command {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let name = format!("share{}", std::env::consts::EXE_SUFFIX);
    let example = profile.join("examples").join(name);
    assert!(
        example.exists(),
        "{example:?} is not there: cargo build --example share"
    );
    Command::new(example)
}

/// Runs it, and checks that it succeeded.
#[track_caller]
fn shares(file: &Path) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = share().arg("--").arg(file).output().unwrap();
    let (stdout, stderr) = (
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
    );
    assert_eq!(status.code(), Some(0), "{stdout}{stderr}");
    assert_eq!(stderr, "");
    let checks = stdout.lines().filter(|line| line.starts_with("ok    "));
    assert_eq!(checks.count(), 7, "{stdout}");
    assert!(stdout.contains("\nall 7 checks passed\n"), "{stdout}");
    assert!(!stdout.contains("FAIL"), "{stdout}");
    stdout
}

/// The text after a label at the start of a line.
#[track_caller]
fn labelled<'o>(output: &'o str, label: &str) -> &'o str {
    let mut lines = output.lines();
    lines
        .find_map(|line| Some(line.strip_prefix(label)?.trim_start()))
        .unwrap()
}

fn file(directory: &TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn its_readme() {
    let before = Timestamp::from(SystemTime::now()).as_unix();
    let output = share().output().unwrap();
    let after = Timestamp::from(SystemTime::now()).as_unix();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let size = fs::metadata(readme).unwrap().len();
    let first = stdout.lines().next().unwrap();
    assert_eq!(first, format!("\"README.md\", {size} bytes, text/markdown"));

    let link = labelled(&stdout, "link ");
    assert!(link.contains("/share/README.md?X-Amz-Algorithm=AWS4-HMAC-SHA256&"));
    let ends = labelled(&stdout, "expires ");
    let mut right = (before..=after).map(|at| Timestamp::from_unix(at + 3600).to_string());
    assert!(right.any(|end| ends.starts_with(&end)), "{ends}");
    // The server exited with the program, as it says. Another test may have reused its port.
    let answer = http::send("GET", link, &[], b"");
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status == 403));
}

#[test]
fn files_of_any_name() {
    let directory = TempDir::new().unwrap();
    let long = format!("{}.txt", "🦆".repeat(60));
    for (name, content_type) in [
        ("with space.txt", "text/plain"),
        ("Grüße 東京 🦆.PNG", "image/png"),
        ("100% +&=?#~!*'().pdf", "application/pdf"),
        ("no extension", "application/octet-stream"),
        ("--serve", "application/octet-stream"),
        (long.as_str(), "text/plain"),
    ] {
        let output = shares(&file(&directory, name, name.as_bytes()));
        let first = output.lines().next().unwrap();
        let expected = format!("{name:?}, {} bytes, {content_type}", name.len());
        assert_eq!(first, expected);
    }
    let output = shares(&file(&directory, "a b+.txt", b"x"));
    assert!(labelled(&output, "link ").contains("/share/a%20b%2B.txt?"));
}

#[cfg(unix)]
#[test]
fn files_of_names_that_are_hardly_one() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let directory = TempDir::new().unwrap();
    for name in [
        b"line\nbreak".as_slice(),
        b"\"quoted\" \\ \x1b[31m",
        b"not utf-8 \xff",
    ] {
        let path = directory.path().join(OsStr::from_bytes(name));
        fs::write(&path, b"x").unwrap();
        let output = shares(&path);
        assert!(
            output
                .lines()
                .next()
                .unwrap()
                .ends_with(", 1 byte, application/octet-stream")
        );
        assert!(!output.contains('\x1b'));
    }
}

#[test]
fn files_of_any_size() {
    let directory = TempDir::new().unwrap();
    let big: Vec<u8> = (0..8_000_000_u32).map(|n| (n % 249) as u8).collect();
    for content in [b"".as_slice(), b"\0", &big] {
        let output = shares(&file(&directory, "file", content));
        let plural = if content.len() == 1 { "" } else { "s" };
        let size = format!("{} byte{plural}", content.len());
        for check in ["HEAD through a link: 200, ", "GET through a link: 200, "] {
            assert!(output.contains(&[check, &size, ", "].concat()), "{output}");
        }
    }
}

#[test]
fn what_cannot_be_shared() {
    let directory = TempDir::new().unwrap();
    let file = file(&directory, "file", b"x");
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let missing = path(&directory.path().join("missing"));
    let line_break = path(&directory.path().join("line\nbreak"));
    let below_a_file = path(&file.join("x"));
    let (directory, file) = (path(directory.path()), path(&file));
    for arguments in [
        vec![missing.as_str()],
        vec![&line_break],
        vec![&below_a_file],
        vec![&directory],
        vec![""],
        vec!["--unknown"],
        vec!["-s"],
        vec!["--serve=yes"],
        vec![&file, &file],
        vec![&file, "--unknown"],
        #[cfg(unix)]
        vec!["/dev/null"],
    ] {
        assert_refusal(&arguments);
    }
}

#[track_caller]
fn assert_refusal(arguments: &[&str]) {
    let output = share().args(arguments).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
    assert_eq!(output.stdout, b"", "{arguments:?}");
    assert!(stderr.starts_with("share: "), "{arguments:?}: {stderr}");
    assert_eq!(stderr.lines().count(), 1, "{arguments:?}: {stderr}");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;

    let directory = TempDir::new().unwrap();
    let path = file(&directory, "file", b"x");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        return println!("skipped: this user may read everything");
    }
    assert_refusal(&[path.to_str().unwrap()]);
}

#[test]
fn help() {
    let output = share().arg("--help").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, b"usage: share [--serve] [FILE]\n");
}

#[test]
fn a_reader_that_goes_away() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = share().stdout(writer).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}"); // no panic
}

/// Kills a process at the end of a test, whether it passes or fails.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn serving() {
    let directory = TempDir::new().unwrap();
    let stores = TempDir::new().unwrap();
    let path = file(&directory, "it's a duck.txt", b"quack");
    let mut child = share()
        .arg("--serve")
        .arg(&path)
        .env("TMPDIR", stores.path())
        .stdout(Stdio::piped())
        .spawn()
        .map(Guard)
        .unwrap();
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let mut output = String::new();
    for line in lines.by_ref().map_while(Result::ok) {
        output.push_str(&line);
        output.push('\n');
        if line == "Serving until Ctrl-C." {
            break;
        }
    }
    assert!(output.contains("\nall 7 checks passed\n"), "{output}");
    let link = labelled(&output, "link ");
    let command = format!(r"curl --fail --output 'copy of it'\''s a duck.txt' '{link}'");
    assert_eq!(labelled(&output, "  curl").trim(), &command[5..]);

    for _ in 0..2 {
        let answer = send_as(Method::Get, link, &[], b"");
        accepted(&answer, 200);
        assert_eq!(answer.body, b"quack");
        assert_eq!(answer.header("content-type"), Some("text/plain"));
    }
    let answer = send_as(Method::Delete, link, &[], b"");
    refused(&answer, 403, "SignatureDoesNotMatch");

    #[cfg(unix)]
    {
        assert_eq!(fs::read_dir(stores.path()).unwrap().count(), 1);
        let kill = format!("kill -INT {}", child.0.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success());
        assert_eq!(child.0.wait().unwrap().code(), Some(0));
        assert_eq!(lines.next().unwrap().unwrap(), "Stopped.");
        // Nothing of the file is left over.
        assert_eq!(fs::read_dir(stores.path()).unwrap().count(), 0);
    }
}
