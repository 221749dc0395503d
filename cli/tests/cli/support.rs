//! Runs the command in a temporary home.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use presign::{Error, PresignedUrl, Presigner, Timestamp};

/// 2013-05-24T00:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

/// Every secret of these tests contains this, so that a leak is found.
const SECRET: &str = "s3cr3t";

const CREDENTIALS_FILE: &str = "\
; a comment
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/s3cr3t

[temporary]
aws_access_key_id=ASIATEMPORARY
aws_secret_access_key=temporary+s3cr3t
aws_session_token=t/ok+en==
region = us-west-1

[Permanent]
aws_access_key_id = AKIAPERMANENT
aws_secret_access_key = permanent/s3cr3t

[half]
aws_access_key_id = AKIAHALF
";

const CONFIG_FILE: &str = r#"
[default]
region = eu-central-1

[profile temporary]
region = ap-south-1

[profile config-only]
aws_access_key_id = AKIACONFIG
aws_secret_access_key = config/s3cr3t
region = sa-east-1

[profile regional]
region = eu-west-3

[profile minio]
aws_access_key_id = AKIAMINIO
aws_secret_access_key = minio/s3cr3t
region = us-east-1
services = minio
[services minio]
s3 =
  endpoint_url = http://minio.example:9000
sts =
  endpoint_url = http://sts.example:1

[profile sts-elsewhere]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/s3cr3t
region = eu-central-1
services = sts
[ services sts ] ; of another service only
sts =
  endpoint_url = http://sts.example:1

[profile lost]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/s3cr3t
region = eu-central-1
services = missing

[profile r2]
aws_access_key_id = AKIAR2
aws_secret_access_key = r2/s3cr3t
region = auto
endpoint_url = https://0123456789abcdef.r2.cloudflarestorage.com

[profile r2-virtual]
aws_access_key_id = AKIAR2
aws_secret_access_key = r2/s3cr3t
region = auto
endpoint_url = https://0123456789abcdef.r2.cloudflarestorage.com
s3 =
  addressing_style = virtual

[profile ignored]
aws_access_key_id = AKIAR2
aws_secret_access_key = r2/s3cr3t
region = eu-west-1
endpoint_url = https://0123456789abcdef.r2.cloudflarestorage.com
ignore_configured_endpoint_urls = true

[profile path]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/s3cr3t
region = eu-central-1
s3 =
  addressing_style = path

[profile dual-fips]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/s3cr3t
region = eu-central-1
use_dualstack_endpoint = true
use_fips_endpoint = true

[profile fast]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/s3cr3t
region = eu-central-1
s3 =
  use_accelerate_endpoint = true
  use_dualstack_endpoint = true

[profile odd]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/s3cr3t
region = eu-central-1
s3 =
  addressing_style = sideways

[profile role]
role_arn = arn:aws:iam::123456789012:role/example
source_profile = default
region = eu-west-1

[profile own]
role_arn = arn:aws:iam::123456789012:role/example
source_profile = own
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/s3cr3t
region = eu-west-1

[profile itself]
role_arn = arn:aws:iam::123456789012:role/example
source_profile = itself
region = eu-west-1
[profile there]
role_arn = arn:aws:iam::123456789012:role/example
source_profile = back
region = eu-west-1
[profile back]
role_arn = arn:aws:iam::123456789012:role/example
source_profile = there

[profile mfa]
role_arn = arn:aws:iam::123456789012:role/example
source_profile = default
mfa_serial = arn:aws:iam::123456789012:mfa/device
region = eu-west-1
[profile after-mfa]
role_arn = arn:aws:iam::123456789012:role/example
source_profile = mfa
region = eu-west-1
[profile mfa-unused]
aws_access_key_id = AKIACONFIG
aws_secret_access_key = config/s3cr3t
mfa_serial = arn:aws:iam::123456789012:mfa/device
region = eu-west-1

[profile "white space"]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/s3cr3t

[profile rootless]
role_arn = arn:aws:iam::123456789012:role/example
source_profile = nobody
region = eu-west-1

[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = reader
region = eu-west-1
[profile stale]
sso_session = stale
sso_account_id = 123456789012
sso_role_name = reader
region = eu-west-1
[profile never]
sso_session = never
sso_account_id = 123456789012
sso_role_name = reader
region = eu-west-1
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
[sso-session stale]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
[sso-session never]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start

[profile login]
login_session = arn:aws:iam::123456789012:user/ada
region = eu-west-1

[profile process]
credential_process = echo '{"Version": 1, "AccessKeyId": "ASIAPROCESS", "SecretAccessKey": "process/s3cr3t", "SessionToken": "t", "Expiration": "2099-01-01T00:00:00Z"}'
region = eu-west-1
[profile ended]
credential_process = echo '{"Version": 1, "AccessKeyId": "ASIAPROCESS", "SecretAccessKey": "process/s3cr3t", "SessionToken": "t", "Expiration": "2013-05-24T00:00:00Z"}'
region = eu-west-1
[profile fails]
credential_process = echo 'vault is␇ sealed' >&2; exit 3
region = eu-west-1
[profile hangs]
credential_process = exec sleep 30
region = eu-west-1
[profile nonsense]
credential_process = echo 's3cr3t'
region = eu-west-1
[profile other-version]
credential_process = echo '{"Version": 2, "AccessKeyId": "A", "SecretAccessKey": "s3cr3t"}'
region = eu-west-1
[profile no-secret]
credential_process = echo '{"Version": 1, "AccessKeyId": "A", "Token": "s3cr3t"}'
region = eu-west-1
[profile nowhere]
credential_process = /nowhere/program
region = eu-west-1
"#;

/// A home with the files above, and some that are wrong.
pub(crate) fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli");
        fs::create_dir_all(home.join(".aws/sso/cache")).unwrap();
        let write = |name: &str, text: &str| fs::write(home.join(name), text).unwrap();
        write(".aws/credentials", CREDENTIALS_FILE);
        write(".aws/config", &CONFIG_FILE.replace('␇', "\u{7}"));
        write(
            "unclosed",
            "[default]\naws_secret_access_key = s3cr3t\n[s3cr3t\n",
        );
        write("wrong-headers", "x-a: 1\n\ns3cr3t\n");
        // The names are the SHA-1 of `corp` and `stale`.
        for (name, end) in [
            ("ee0bfd2552fbd840c02cc48b6e823320543c450f", "2099"),
            ("a4e976a3d3fc6d0b40453de216fbbe2e9aaecdc4", "2013"),
        ] {
            write(
                &format!(".aws/sso/cache/{name}.json"),
                &format!(r#"{{"accessToken": "s3cr3t", "expiresAt": "{end}-01-01T00:00:00Z"}}"#),
            );
        }
        home
    })
}

/// What the command should print for this presigner: a link that is valid for an hour from `NOW`.
pub(crate) fn signed(presigner: Presigner<'_>) -> Result<PresignedUrl, Error> {
    presigner.expires_in(Duration::from_secs(3600)).sign_at(NOW)
}

/// The command that a shell would run: variables, then `presign` and its arguments. `KEYS` stands for the variables of a
/// pair of keys; `␣`, `␉`, `␍` and `␊` for the white space they show. Without variables, the profile `default` signs.
pub(crate) fn command(line: &str) -> Command {
    let line = line.replace(
        "KEYS",
        "AWS_ACCESS_KEY_ID=AKIAENVIRONMENT AWS_SECRET_ACCESS_KEY=environment/s3cr3t",
    );
    let line = line.replace('~', home().to_str().unwrap());
    let mut words = line.split_whitespace().map(|word| {
        word.replace('␣', " ")
            .replace('␉', "\t")
            .replace('␍', "\r")
            .replace('␊', "\n")
    });
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("presign"));
    command.env_clear().env("HOME", home());
    // For `sh` and `sleep`; and no test asks a machine in the cloud for its role.
    command.env("PATH", std::env::var_os("PATH").unwrap());
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    loop {
        let word = words.next().expect("the command's name");
        match word.split_once('=') {
            Some((name, value)) => command.env(name, value),
            None => break assert_eq!(word, "presign"),
        };
    }
    command.args(words).stdin(Stdio::null());
    command
}

/// Reads pairs of lines: a command, and what it answers, where `~` stands for the home.
pub(crate) fn cases(text: &str) -> impl Iterator<Item = (&str, String)> {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    core::iter::from_fn(move || {
        let command = lines.next()?;
        let answer = lines.next().and_then(|line| line.strip_prefix("  "));
        let answer = answer.expect(command);
        Some((command, answer.replace('~', home().to_str()?)))
    })
}

/// What a run printed: exit code, stdout and stderr.
#[track_caller]
pub(crate) fn run(mut command: Command) -> (i32, String, String) {
    printed(command.output().unwrap())
}

/// The same, with something on stdin.
#[track_caller]
pub(crate) fn run_with(mut command: Command, stdin: &[u8]) -> (i32, String, String) {
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut pipe, stdin) = (child.stdin.take().unwrap(), stdin.to_owned());
    let writer = std::thread::spawn(move || pipe.write_all(&stdin));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap(); // it may have ended before it read all
    printed(output)
}

#[track_caller]
fn printed(output: Output) -> (i32, String, String) {
    let text = |bytes| {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(SECRET), "{text:?}");
        text
    };
    let code = output.status.code().expect("no signal");
    (code, text(output.stdout), text(output.stderr))
}

/// The line that a run printed, which has to succeed and say nothing else, except for advice.
#[track_caller]
pub(crate) fn stdout(line: &str) -> String {
    let (code, stdout, stderr) = run(command(line));
    let is_advice =
        |line: &str| line.starts_with("presign: note: ") || line.starts_with("presign: send ");
    assert!(
        code == 0 && stderr.lines().all(is_advice),
        "{line}: {stderr}"
    );
    let line = stdout.strip_suffix('\n').expect("a line");
    assert!(!line.contains(char::is_control), "{stdout:?}");
    line.to_owned()
}

/// What a run complained of in one line, which has to fail with this code.
#[track_caller]
pub(crate) fn complaint(command: Command, code: i32) -> String {
    let words = format!("{command:?}");
    let (actual, stdout, stderr) = run(command);
    assert_eq!((actual, &*stdout), (code, ""), "{words}: {stderr}");
    let line = stderr.strip_suffix('\n').expect("a line");
    assert!(!line.contains(char::is_control), "{line:?}");
    line.strip_prefix("presign: ").expect(line).to_owned()
}

/// A service on loopback that gives the same answers to the same starts of requests. Returns its URL and what it was asked.
pub(crate) fn service(
    answers: &'static [(&'static str, &'static str)],
) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut request, mut room) = (Vec::new(), [0; 4096]);
            loop {
                let read = stream.read(&mut room).unwrap();
                request.extend_from_slice(&room[..read]);
                let text = String::from_utf8_lossy(&request).to_lowercase();
                let Some((head, body)) = text.split_once("\r\n\r\n") else {
                    continue;
                };
                let length = head
                    .split_once("content-length: ")
                    .map_or("0", |(_, rest)| rest);
                let length: usize = length.lines().next().unwrap().parse().unwrap();
                if body.len() >= length || read == 0 {
                    break;
                }
            }
            let request = String::from_utf8_lossy(&request).into_owned();
            let answer = answers.iter().find(|(start, _)| request.starts_with(start));
            let (status, body) =
                answer.map_or(("404 Not Found", ""), |(_, body)| ("200 OK", *body));
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nx-aws-ec2-metadata-token-ttl-seconds: 60\r\n\
                 Connection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = sender.send(request);
        }
    });
    (url, receiver)
}
