//! `--json`, `--curl`, `--qr`, `--copy`, advice, and `redact`.

use presign::Advisory;
use serde_json::{Value, json};

use crate::support::{command, complaint, home, run, run_with, stdout};

const AT: &str = "--at=2013-05-24T00:00:00Z";

#[test]
fn headers_to_send() {
    let line = format!(
        "presign put s3://examplebucket/k {AT} --content-type image/png --header x-amz-meta-a:1"
    );
    let (code, stdout, stderr) = run(command(&line));
    assert_eq!((code, stdout.lines().count()), (0, 1));
    assert_eq!(
        stderr,
        "presign: send the header content-type: image/png\npresign: send the header x-amz-meta-a: 1\n"
    );
    let (_, _, stderr) = run(command(&format!("{line} -q")));
    assert_eq!(stderr, "");
}

#[test]
fn advice() {
    let (code, _, stderr) = run(command("presign s3://media/k --region auto"));
    let note = format!("presign: note: {}\n", Advisory::UnlikelyRegion);
    assert_eq!((code, stderr), (0, note));
    let (_, _, stderr) = run(command("presign s3://media/k --region auto --quiet"));
    assert_eq!(stderr, "");
    let (_, _, stderr) = run(command("presign s3://media/a%20b --expires-in 7d"));
    assert_eq!(stderr.lines().count(), 2, "{stderr}");
    let (_, _, stderr) = run(command("presign s3://media/k --profile temporary"));
    assert!(
        stderr.contains(&Advisory::UnknownExpiration.to_string()),
        "{stderr}"
    );
}

/// The words that a shell reads from it.
fn words(line: &str) -> Vec<String> {
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}; {line}");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn curl() {
    let check = |arguments: &str, expected: &[&str]| {
        let url = stdout(&format!("presign {arguments} {AT} --quiet"));
        let line = stdout(&format!("presign {arguments} {AT} --curl"));
        let mut expected = expected.to_vec();
        expected.extend(["--path-as-is", "--globoff", &url]);
        assert_eq!(words(&line), expected, "{line}");
    };
    check("get s3://examplebucket/it's", &[]);
    check("head s3://examplebucket/k", &["--head"]);
    check("delete s3://examplebucket/k", &["--request", "DELETE"]);
    check("request POST s3://examplebucket/k", &["--request", "POST"]);
    check(
        "put s3://examplebucket/a/it's␣$HOME.png --header x-amz-meta-a:␣'␣$b␣` --header x-amz-meta-b:",
        &[
            "--upload-file",
            "./it's $HOME.png",
            "--header",
            "x-amz-meta-a: ' $b `",
            "--header",
            "x-amz-meta-b;",
        ],
    );
}

#[test]
fn json() {
    let line = format!("presign put s3://examplebucket/k --expires-in 1m {AT} --content-type=a/b");
    let text = stdout(&format!("{line} --json"));
    let url = stdout(&line);
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap(),
        json!({
            "method": "PUT",
            "url": url,
            "headers": {"content-type": "a/b"},
            "expires_at": "2013-05-24T00:01:00Z",
        })
    );
}

#[test]
fn qr() {
    let line = format!("presign s3://examplebucket/k {AT} --qr");
    let (code, stdout, stderr) = run(command(&line));
    assert_eq!((code, stdout.lines().count()), (0, 1));
    // Each character is two modules high, and a code with a margin of four is square.
    let lines: Vec<_> = stderr.lines().collect();
    let width = lines[0].chars().count();
    assert!(lines.iter().all(|line| line.chars().count() == width));
    assert_eq!(width.div_ceil(2), lines.len());
    assert!(stderr.chars().all(|c| "█▀▄ \n".contains(c)));
    assert!(lines[2].contains("▄▄▄▄▄"), "{stderr}");

    let token = "t".repeat(3000);
    let line = format!("KEYS AWS_SESSION_TOKEN={token} presign s3://examplebucket/k --qr --quiet");
    let (code, _, stderr) = run(command(&line));
    assert_eq!(code, 1);
    assert!(
        stderr.ends_with("exceeds the limit of a QR code, 2953\n"),
        "{stderr}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn clipboard() {
    use std::os::unix::fs::PermissionsExt;

    let line = format!("presign s3://examplebucket/k {AT} --copy");
    let (code, stdout, stderr) = run(command(&line));
    assert_eq!((code, stdout.lines().count()), (1, 1));
    assert!(stderr.starts_with("presign: no clipboard: "), "{stderr}");

    let programs = home().join("bin");
    std::fs::create_dir_all(&programs).unwrap();
    let program = programs.join("wl-copy");
    std::fs::write(&program, "#!/bin/sh\n/bin/cat > \"$HOME/clipboard\"\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let url = crate::support::stdout(&format!("PATH=~/bin WAYLAND_DISPLAY=w {line}"));
    assert_eq!(
        std::fs::read_to_string(home().join("clipboard")).unwrap(),
        url
    );
}

#[test]
fn redact() {
    let text = "GET /k?X-Amz-Expires=60&X-Amz-Signature=0123s3cr3t HTTP/1.1\n{\"X-Amz-Security-Token\":\n \"s3cr3t\"}\n";
    let (code, stdout, _) = run_with(command("presign redact"), text.as_bytes());
    assert_eq!(
        (code, &*stdout),
        (
            0,
            "GET /k?X-Amz-Expires=60&X-Amz-Signature=*** HTTP/1.1\n{\"X-Amz-Security-Token\":\n \"***\"}\n"
        )
    );
    let text = "a X-Amz-Signature=s3cr3t\nenvironment/s3cr3t\nÿ b\n";
    let (_, by_line, _) = run_with(command("KEYS presign redact --by-line"), text.as_bytes());
    assert_eq!(by_line, "a X-Amz-Signature=***\n***\nÿ b\n");
    // Each is masked, whatever else is set.
    for variables in [
        "AWS_SECRET_ACCESS_KEY=environment/s3cr3t",
        "AWS_SESSION_TOKEN=environment/s3cr3t",
        "AWS_SECRET_ACCESS_KEY=␣environment/s3cr3t␍",
        "KEYS AWS_CREDENTIAL_EXPIRATION=never",
    ] {
        let line = format!("{variables} presign redact");
        let (_, masked, _) = run_with(command(&line), b"a environment/s3cr3t b\n");
        assert_eq!(masked, "a *** b\n", "{variables}");
    }
    let (code, stdout, stderr) = run_with(command("presign redact"), b"\xff\xfea\0");
    assert_eq!((code, &*stdout), (1, ""));
    assert!(stderr.contains("UTF-16"), "{stderr}");
    assert_eq!(
        complaint(command("presign redact s3cr3t"), 2),
        "an argument is not expected here; see --help"
    );
}
