//! Uploads by the command, the service and the page, in both addressing styles. `../run` builds them.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::process::{Command, Stdio};

use presign::{Bucket, Presigner};
use presign_store::http::Answer;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::check::{Check, Run};
use crate::server::{Server, send};
use crate::{GARAGE_ID, GARAGE_SECRET, REGION, SECRET};

mod service;

/// Environment variables: the command, the service, and the folder of the page.
const COMMAND: &str = "PRESIGN_COMMAND";
const SERVICE: &str = "PRESIGN_SERVICE";
const PAGE: &str = "PRESIGN_PAGE";

type Upload = fn(&mut Run<'_>, &Place<'_>) -> io::Result<()>;

const WAYS: [(&str, &str, Upload); 8] = [
    (COMMAND, "command: put, with a SHA-256", command_put),
    (COMMAND, "command: form, with a SHA-256", command_form),
    (COMMAND, "command: multipart, with MD5s", command_parts),
    (SERVICE, "service: put", service::by_put),
    (SERVICE, "service: form", service::by_form),
    (SERVICE, "service: multipart", service::by_parts),
    (PAGE, "page: put", page_put),
    (PAGE, "page: form", page_form),
];

/// Those whose program was built.
pub(super) fn checks() -> Vec<Check> {
    let built = WAYS.iter().filter(|(program, ..)| given(program).is_ok());
    let checks = built.map(|&(_, name, upload)| {
        Check::new(name, move |run| {
            let server = run.server;
            for (style, bucket) in [
                ("path", &server.path_style),
                ("virtual", &server.virtual_hosted),
            ] {
                if let Some(bucket) = bucket {
                    upload(run, &Place::new(server, style, bucket)?)?;
                }
            }
            Ok(())
        })
    });
    checks.collect()
}

fn given(variable: &str) -> io::Result<String> {
    env::var(variable).map_err(|error| io::Error::other(format!("{variable}: {error}")))
}

/// `quack`, its SHA-256, and another content of the same length.
const QUACK: &[u8] = b"quack";
const SHA256: &str = "gtkoJz0GfXdIidXfQkmq9zwLBMZPBNbtABRBzoeghTw=";
const QUORK: &[u8] = b"quork";
/// The first part repeats `quack` this often; the second is one `quack`. Then their MD5s.
const FIRST: usize = 1 << 20;
const MD5S: [&str; 2] = ["aLgITmCwwRC1KtPI4S69OQ==", "z68njo9SLHJkTO4qdT0oRQ=="];
const PART: usize = FIRST * QUACK.len();

/// A bucket in one addressing style, and a folder for what is sent.
struct Place<'s> {
    server: &'s Server,
    style: &'static str,
    bucket: &'s Bucket<'static>,
    endpoint: String,
    folder: TempDir,
}

impl<'s> Place<'s> {
    fn new(
        server: &'s Server,
        style: &'static str,
        bucket: &'s Bucket<'static>,
    ) -> io::Result<Self> {
        let host = bucket.host().map_err(io::Error::other)?.to_string();
        let host = host
            .strip_prefix(&format!("{}.", bucket.name()))
            .unwrap_or(&host);
        Ok(Self {
            server,
            style,
            bucket,
            endpoint: format!("http://{host}"),
            folder: tempfile::tempdir()?,
        })
    }

    fn key(&self, way: &str) -> String {
        self.server
            .key(&format!("{way}/{}/duck +ü.png", self.style))
    }

    /// Reads an upload back from where it was sent: two processes of one server can cache different lists.
    fn has_content(&self, run: &mut Run<'_>, key: &str, content: &[u8]) -> io::Result<()> {
        let get = Presigner::get(&self.server.credentials, self.bucket, key);
        let answer = send(&get, b"")?;
        if run.accepted(self.style, &answer, 200) {
            run.holds(
                self.style,
                answer.body == content,
                "200 with another content",
            );
        }
        Ok(())
    }

    /// The access key ID, the secret, and the token or nothing.
    fn account(&self) -> [&str; 3] {
        let id = self.server.credentials.access_key_id();
        match &self.server.issued {
            Some(issued) if issued.id == id => [id, &issued.secret, &issued.token],
            _ if id == GARAGE_ID => [id, GARAGE_SECRET, ""],
            _ => [id, SECRET, ""],
        }
    }

    /// A program with the account in its environment.
    fn program(&self, variable: &str) -> io::Result<Command> {
        let [id, secret, token] = self.account();
        let mut program = Command::new(given(variable)?);
        program.current_dir(&self.folder);
        program
            .env("AWS_ACCESS_KEY_ID", id)
            .env("AWS_SECRET_ACCESS_KEY", secret);
        match token {
            "" => program.env_remove("AWS_SESSION_TOKEN"),
            token => program.env("AWS_SESSION_TOKEN", token),
        };
        Ok(program)
    }

    fn write(&self, file: &str, content: &[u8]) -> io::Result<()> {
        fs::write(self.folder.path().join(file), content)
    }

    /// What the command prints.
    fn presign(&self, words: &[&str], key: &str, flags: &[&str]) -> io::Result<String> {
        let mut command = self.program(COMMAND)?;
        command
            .args(words)
            .arg(format!("s3://{}/{key}", self.bucket.name()))
            .args(flags);
        command.args(["--region", REGION, "--endpoint-url", &self.endpoint]);
        command.args(["--addressing-style", self.style]);
        output(&mut command)
    }

    /// Runs a curl command that was printed for a shell.
    fn shell(&self, curl: &str) -> io::Result<Answer> {
        let mut shell = Command::new("sh");
        shell.current_dir(&self.folder).arg("-c");
        shell
            .arg(format!("{} \"$@\"", curl.trim_end()))
            .arg("sh")
            .args(CURL);
        self.answer(&mut shell)
    }

    /// Sends a form with a file, as a browser does.
    fn form(
        &self,
        action: &str,
        fields: &[(String, String)],
        content: &[u8],
    ) -> io::Result<Answer> {
        self.write("duck", content)?;
        let mut curl = Command::new("curl");
        curl.current_dir(&self.folder);
        for (name, value) in fields {
            curl.arg("--form-string").arg(format!("{name}={value}"));
        }
        curl.args([
            "--form",
            "file=@duck;filename=\"duck +ü.png\";type=image/png",
            action,
        ]);
        curl.args(CURL);
        self.answer(&mut curl)
    }

    fn answer(&self, curl: &mut Command) -> io::Result<Answer> {
        let file = self.folder.path().join("answer");
        fs::write(&file, "")?;
        let text = output(curl)?;
        let (status, etag) = text.split_once(' ').unwrap_or((&text, ""));
        Ok(Answer {
            status: status.parse().map_err(io::Error::other)?,
            headers: vec![("etag".to_owned(), etag.as_bytes().to_vec())],
            body: fs::read(file)?,
        })
    }

    /// What a view of the page shows.
    fn page(&self, view: &str, fields: &[&str]) -> io::Result<Value> {
        let [id, secret, token] = self.account();
        let addressing = if self.style == "path" { "path" } else { "host" };
        #[rustfmt::skip]
        let store = [
            "access_key_id", id, "secret_access_key", secret, "session_token", token, "bucket", self.bucket.name(),
            "region", REGION, "endpoint", &self.endpoint, "addressing", addressing,
        ];
        let mut node = Command::new("node");
        node.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/src/page.mjs"))
            .arg(given(PAGE)?);
        node.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut node = node.spawn()?;
        if let Some(mut stdin) = node.stdin.take() {
            stdin.write_all(json!([view, store, fields]).to_string().as_bytes())?;
        }
        let shown: Value = serde_json::from_slice(&node.wait_with_output()?.stdout)?;
        match &shown["Err"] {
            Value::Null => Ok(shown["Ok"].clone()),
            problem => Err(io::Error::other(problem.to_string())),
        }
    }
}

/// After the URL: the status and the `ETag` are printed, the body is in a file.
const CURL: [&str; 9] = [
    "--silent",
    "--show-error",
    "--no-fail",
    "--noproxy",
    "*",
    "--output",
    "answer",
    "--write-out",
    "%{http_code} %header{etag}",
];

fn output(command: &mut Command) -> io::Result<String> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).trim(),
        ));
    }
    String::from_utf8(output.stdout).map_err(io::Error::other)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Names and values, of an object or of a list of pairs.
fn pairs(value: &Value) -> Vec<(String, String)> {
    let owned = |name: &str, value: &Value| (name.to_owned(), text(value).to_owned());
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| owned(name, value))
            .collect(),
        Value::Array(fields) => fields
            .iter()
            .map(|pair| owned(text(&pair[0]), &pair[1]))
            .collect(),
        _ => Vec::new(),
    }
}

fn two_parts() -> Vec<u8> {
    QUACK.repeat(FIRST + 1)
}

fn command_put(run: &mut Run<'_>, place: &Place<'_>) -> io::Result<()> {
    let key = place.key("command");
    let checksum = format!("x-amz-checksum-sha256: {SHA256}");
    let flags = [
        "--content-type",
        "image/png",
        "--header",
        &checksum,
        "--curl",
    ];
    let curl = place.presign(&["put"], &key, &flags)?;
    place.write("duck +ü.png", QUACK)?;
    if run.accepted(place.style, &place.shell(&curl)?, 200) {
        place.has_content(run, &key, QUACK)?;
    }
    place.write("duck +ü.png", QUORK)?;
    run.refused("another body", &place.shell(&curl)?, &[(400, "BadDigest")]);
    Ok(())
}

fn command_form(run: &mut Run<'_>, place: &Place<'_>) -> io::Result<()> {
    let key = place.key("command form");
    let checksum = format!("x-amz-checksum-sha256={SHA256}");
    let flags = [
        "--field",
        "Content-Type=image/png",
        "--field",
        &checksum,
        "--content-length",
        "1..5",
        "--json",
    ];
    let form: Value = serde_json::from_str(&place.presign(&["form"], &key, &flags)?)?;
    let send = |content| place.form(text(&form["url"]), &pairs(&form["fields"]), content);
    if run.accepted(place.style, &send(QUACK)?, 204) {
        place.has_content(run, &key, QUACK)?;
        run.refused("another body", &send(QUORK)?, &[(400, "BadDigest")]);
    }
    Ok(())
}

fn command_parts(run: &mut Run<'_>, place: &Place<'_>) -> io::Result<()> {
    let key = place.key("command parts");
    let start = place.presign(
        &["multipart", "start"],
        &key,
        &["--content-type", "image/png", "--curl"],
    )?;
    let started = place.shell(&start)?;
    if !run.accepted("start", &started, 200) {
        return Ok(());
    }
    place.write("answer.xml", &started.body)?;
    let content = two_parts();
    let mut complete = vec![
        "--upload-id".to_owned(),
        "@answer.xml".to_owned(),
        "--curl".to_owned(),
    ];
    for ((part, md5), number) in content.chunks(PART).zip(MD5S).zip(1..) {
        place.write(&format!("part-{number}"), part)?;
        let (range, md5) = (format!("{number}..{number}"), format!("content-md5: {md5}"));
        let flags = [
            "--upload-id",
            "@answer.xml",
            "--parts",
            &range,
            "--header",
            &md5,
            "--curl",
        ];
        let answer = place.shell(&place.presign(&["multipart", "parts"], &key, &flags)?)?;
        run.accepted("a part", &answer, 200);
        let etag = answer.header("etag").unwrap_or_default();
        complete.extend(["--etag".to_owned(), format!("{number}={etag}")]);
    }
    let flags: Vec<_> = complete.iter().map(String::as_str).collect();
    let answer = place.shell(&place.presign(&["multipart", "complete"], &key, &flags)?)?;
    if run.accepted(place.style, &answer, 200) {
        place.has_content(run, &key, &content)?;
    }
    Ok(())
}

fn page_put(run: &mut Run<'_>, place: &Place<'_>) -> io::Result<()> {
    let key = place.key("page");
    let fields = [
        "key",
        &key,
        "method",
        "PUT",
        "expires",
        "1",
        "unit",
        "hours",
        "content_type",
        "image/png",
    ];
    let shown = place.page("share", &fields)?;
    place.write("duck +ü.png", QUACK)?;
    if run.accepted(place.style, &place.shell(text(&shown["curl"]))?, 200) {
        place.has_content(run, &key, QUACK)?;
    }
    Ok(())
}

/// The prefix and the name of the file are the key.
fn page_form(run: &mut Run<'_>, place: &Place<'_>) -> io::Result<()> {
    let key = place.key("page form");
    let prefix = key.strip_suffix("duck +ü.png").unwrap_or_default();
    #[rustfmt::skip]
    let fields = [
        "key_prefix", prefix, "content_type_prefix", "image/", "min_bytes", "1", "max_bytes", "5", "expires", "1", "unit", "hours",
    ];
    let shown = place.page("upload", &fields)?;
    let mut fields = pairs(&shown["fields"]);
    fields.push(("Content-Type".to_owned(), "image/png".to_owned()));
    let answer = place.form(text(&shown["action"]), &fields, QUACK)?;
    if run.accepted(place.style, &answer, 201) {
        place.has_content(run, &key, QUACK)?;
    }
    Ok(())
}
