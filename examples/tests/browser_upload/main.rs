//! An upload in a browser: Chromium fills in and submits the form from `to_html()`.
//!
//! Requires `chromium` and `node`, and reports if one is missing; `.ci/chromium` installs the browser.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use presign::post::PostPolicy;
use presign::{Bucket, Credentials, Presigner};
use presign_store::{Config, Server, Site, http};
use tempfile::TempDir;

/// Contains all characters with a meaning in HTML, JSON or a form's encoding.
const KEY: &str = "in/Grüße \"a&amp;b\" <'c'> 100%.bin";
const AUTHOR: &str = "a \"b\" & <c> + %41";

fn is_in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

#[test]
fn a_form_in_chromium() {
    for program in ["chromium", "node"] {
        if !is_in_path(program) {
            return println!("skipped: {program} is not in PATH");
        }
    }
    let server = Server::start(&Config::default()).unwrap();
    let account = Config::default().accounts[0];
    let credentials = Credentials::new(account.access_key_id, account.secret_access_key);
    let bucket = Bucket::new("examplebucket", Config::default().region).unwrap();
    let endpoint = server.endpoint();
    let bucket = bucket.endpoint(&endpoint).unwrap().path_style();
    let site = Site::bind().unwrap();
    let (page, done) = (site.url().to_owned(), site.done());
    let form = PostPolicy::new(&credentials, &bucket, KEY)
        .content_type_starts_with("application/")
        .metadata("author", AUTHOR)
        .content_length(1..=100_000)
        .success_action_redirect(&done)
        .expires_in(Duration::from_secs(300))
        .sign()
        .unwrap();
    let html = form.to_html();
    site.serve(move || format!("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n{html}"));

    let directory = TempDir::new().unwrap();
    let content: Vec<u8> = (0..90_000_u32).map(|n| (n % 251) as u8).collect();
    let file = directory.path().join("Datei mit \"ü\".bin");
    std::fs::write(&file, &content).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser_upload/drive.mjs");
    let mut driver = Command::new("node")
        .arg(script)
        .arg(directory.path().join("profile"))
        .args([page.as_str()])
        .arg(&file)
        .arg(&done)
        .stdin(Stdio::piped()) // it exits with this test, whatever happens
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdin = driver.stdin.take();
    let output = driver.wait_with_output().unwrap(); // the script has its own timeout
    drop(stdin);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let end = String::from_utf8(output.stdout).unwrap();
    assert!(end.starts_with(&format!("{done}?bucket=examplebucket&key=in%2F")));

    let last = server.accepted().pop().unwrap();
    assert_eq!(
        (last.operation.as_str(), last.key.as_deref()),
        ("PostObject", Some(KEY))
    );
    let get = Presigner::get(&credentials, &bucket, KEY).sign().unwrap();
    let answer = http::send("GET", get.as_str(), &[], b"").unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.body == content, "another content was stored");
    assert_eq!(answer.header("content-type"), Some("application/"));
    assert_eq!(answer.header("x-amz-meta-author"), Some(AUTHOR));
}
