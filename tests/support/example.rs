//! Runs examples as processes, in a home directory for the test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Every secret in these tests contains this text, so that a leak is detected.
const SECRET: &str = "s3cr3t";

const CREDENTIALS_FILE: &str = "\
aws_session_token = of no profile
; a comment
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/s3cr3t

[temporary]
aws_access_key_id=ASIATEMPORARY
aws_secret_access_key=temporary+s3cr3t # not a comment
aws_session_token=t/ok+en==
region = us-west-1

[Permanent]
AWS_ACCESS_KEY_ID: AKIAPERMANENT
AWS_SECRET_ACCESS_KEY: \"s3cr3t\\n\"
aws_session_token =

[half]
aws_access_key_id = AKIAHALF
";

const CONFIG_FILE: &str = "\
[default]
region = eu-central-1
s3 =
  region = nested-1
  addressing_style = path

[profile temporary]
region = ap-south-1

[profile \"two words\"]
aws_access_key_id = AKIATWOWORDS
aws_secret_access_key = twowords/s3cr3t
region = sa-east-1

[half]
aws_secret_access_key = s3cr3t of a section without `profile`
[profile half]
aws_secret_access_key = s3cr3t of another file

[profile role]
role_arn = arn:aws:iam::123456789012:role/example
source_profile = default

[profile regional]
region = eu-west-3
";

/// A home directory with the files above, and some invalid ones.
fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME"));
        fs::create_dir_all(home.join(".aws")).unwrap();
        let write = |name: &str, text: &[u8]| fs::write(home.join(name), text).unwrap();
        write(".aws/credentials", CREDENTIALS_FILE.as_bytes());
        write(".aws/config", CONFIG_FILE.as_bytes());
        write(
            "both",
            b"[default]\nregion = eu-south-1\n[profile default]\nregion = eu-south-2\n",
        );
        write(
            "unclosed",
            b"[default]\naws_secret_access_key = s3cr3t\n[s3cr3t\n",
        );
        write("binary", b"[default]\naws_secret_access_key = s3cr3t\xff\n");
        home
    })
}

/// Cargo builds examples next to `deps`, which contains this test.
fn binary(example: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let name = format!("{example}{}", std::env::consts::EXE_SUFFIX);
    let path = test.parent().unwrap().with_file_name("examples").join(name);
    assert!(
        path.exists(),
        "{path:?} is missing: `cargo test` builds it, `cargo test --test example_{example}` does not; \
         run `cargo build --example {example}` first"
    );
    path
}

/// The command that a shell would run: variables, an example's name, arguments. `KEYS` expands to the variables of a
/// pair of keys; `␣`, `␉`, `␍` and `␊` to the white space they show. Without variables, the profile `default` signs.
pub(crate) fn command(line: &str) -> Command {
    let line = line.replace(
        "KEYS",
        "AWS_ACCESS_KEY_ID=AKIAENVIRONMENT AWS_SECRET_ACCESS_KEY=environment/s3cr3t",
    );
    let mut words = line.split_whitespace().map(|word| {
        word.replace('␣', " ")
            .replace('␉', "\t")
            .replace('␍', "\r")
            .replace('␊', "\n")
    });
    let mut variables = Vec::new();
    let example = loop {
        let word = words.next().expect("an example");
        match word.split_once('=') {
            Some((name, value)) => variables.push((name.to_owned(), value.to_owned())),
            None => break word,
        }
    };
    let mut command = Command::new(binary(&example));
    command.env_clear().env("HOME", home());
    command.envs(variables).args(words);
    command
}

/// Reads pairs of lines: a command and its output, in which `~` is the home directory.
pub(crate) fn cases(text: &str) -> impl Iterator<Item = (&str, String)> {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    core::iter::from_fn(move || {
        let command = lines.next()?;
        let answer = lines
            .next()
            .and_then(|line| line.strip_prefix("  "))
            .expect(command);
        Some((command, answer.replace('~', home().to_str()?)))
    })
}

#[track_caller]
pub(crate) fn one_line(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes).unwrap();
    let line = text.strip_suffix('\n').expect("a line");
    assert!(!line.contains(char::is_control), "{text:?}");
    assert!(!line.contains(SECRET), "{text:?}");
    line.to_owned()
}

/// The standard output of a run that must succeed.
#[track_caller]
pub(crate) fn stdout(line: &str) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command(line).output().unwrap();
    assert_eq!(
        (status.code(), &*String::from_utf8_lossy(&stderr)),
        (Some(0), ""),
        "{line}"
    );
    one_line(stdout)
}

/// The error output of a run that must fail.
#[track_caller]
pub(crate) fn complaint(mut command: Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    assert_eq!(
        (status.code(), &*String::from_utf8_lossy(&stdout)),
        (Some(2), ""),
        "{command:?}"
    );
    let line = one_line(stderr);
    let (example, complaint) = line.split_once(": ").expect("a name");
    assert_eq!(
        Path::new(command.get_program()).file_stem(),
        Some(example.as_ref())
    );
    complaint.to_owned()
}
