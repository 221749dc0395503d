//! The program: the errors at its start, and how it stops.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::json;

use crate::{ID, SECRET, bucket};

fn program(config: &serde_json::Value) -> (Command, tempfile::NamedTempFile) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), config.to_string()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_share-service"));
    command
        .arg("--config")
        .arg(file.path())
        .env_remove("SHARE_SERVICE_TOKEN")
        .env("AWS_ACCESS_KEY_ID", ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_CREDENTIAL_EXPIRATION");
    (command, file)
}

fn refused(config: &serde_json::Value, change: impl FnOnce(&mut Command)) -> String {
    let (mut command, _file) = program(config);
    change(&mut command);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    text.strip_prefix("share-service: ")
        .unwrap()
        .trim_end()
        .to_owned()
}

#[test]
fn what_it_does_not_start_with() {
    let bucket = bucket("https://s3.example.com");
    let open = json!({ "bucket": bucket, "listen": "0.0.0.0:0" });
    assert_eq!(
        refused(&open, |_| ()),
        "0.0.0.0:0 is not loopback, so an access token is required: set SHARE_SERVICE_TOKEN, or token_file in the configuration"
    );
    let weak = refused(&open, |command| {
        command.env("SHARE_SERVICE_TOKEN", "weak");
    });
    assert!(
        weak.starts_with("the access token must have at least 20 characters"),
        "{weak}"
    );
    let local = json!({ "bucket": bucket, "listen": "127.0.0.1:0" });
    assert_eq!(
        refused(&local, |command| {
            command.env_remove("AWS_SECRET_ACCESS_KEY");
        }),
        "no credentials: environment variable AWS_SECRET_ACCESS_KEY is not set or empty"
    );
    let ended = |command: &mut Command| {
        command.env("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z");
    };
    let ended = refused(&local, ended);
    assert!(
        ended.starts_with("no credentials: credentials expired at 2020-01-01T00:00:00Z"),
        "{ended}"
    );
    let unknown = refused(&json!({ "bucket": bucket, "port": 1 }), |_| ());
    assert!(unknown.contains("unknown field `port`"), "{unknown}");
}

#[test]
fn it_stops_when_told_to() {
    let local = json!({ "bucket": bucket("https://s3.example.com"), "listen": "127.0.0.1:0" });
    let (mut command, _file) = program(&local);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut until = |text: &str| loop {
        let line = lines
            .next()
            .unwrap_or_else(|| panic!("no line says {text}"))
            .unwrap();
        if line.contains(text) {
            return;
        }
    };
    until("\"message\":\"listening\"");
    let kill = Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(kill.success());
    until("\"message\":\"stopping\"");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
