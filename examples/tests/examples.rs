//! Runs the self-checking examples as processes.

use std::path::Path;
use std::process::Command;

#[track_caller]
fn prints(example: &str, lines: &[&str]) {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let name = format!("{example}{}", std::env::consts::EXE_SUFFIX);
    let output = Command::new(profile.join("examples").join(name)).output();
    let output = output.unwrap_or_else(|error| panic!("{error}: cargo build --example {example}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    for line in lines {
        assert!(stdout.contains(line), "{line:?} is not in {stdout}");
    }
}

#[test]
fn clients() {
    prints(
        "clients",
        &["reqwest: uploaded", "ureq: uploaded", "hyper: uploaded"],
    );
}

#[test]
fn rotation() {
    prints(
        "rotation",
        &["ASIAFIRST: ", "ASIASECOND: ", "the provider was called"],
    );
}

#[test]
fn multipart() {
    prints(
        "multipart",
        &["upload ID: ", "completed: ", "refused: the store answered "],
    );
}
