//! Shares a file through presigned links, with an S3 server that runs in this process:
//!
//! ```text
//! cargo run --example share -- [--serve] [FILE]
//! ```
//!
//! The file is uploaded with a `PUT` link and downloaded with a `GET` link, over plain HTTP. Then the links are misused
//! in ways that must fail. Each line shows what was checked. The exit code is 0 if all checks passed, 1 if one failed,
//! 2 if there was nothing to share. Without a file, it shares the README of `presign`.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use lexopt::Arg;
use presign::{Bucket, Credentials, Method, PresignedUrl, Presigner};
use presign_store::http::{self, Answer};
use presign_store::{Account, Config, Server, random_secret};

const USAGE: &str = "usage: share [--serve] [FILE]";
const README: &[u8] = include_bytes!("../README.md");
const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args_os().skip(1)) {
        Ok(options) => options,
        Err(problem) => return refuse(&format!("{problem} ({USAGE})")),
    };
    if options.help {
        return match writeln!(io::stdout(), "{USAGE}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let file = match options.file {
        Some(path) => match SharedFile::read(&path) {
            Ok(file) => file,
            Err(problem) => return refuse(&format!("{path:?}: {problem}")),
        },
        None => SharedFile::new("README.md", README.to_vec()),
    };
    match share(&file, options.serve) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            // Must not panic if standard error is closed.
            let _ = writeln!(io::stderr(), "share: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn refuse(problem: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "share: {problem}");
    ExitCode::from(2)
}

#[derive(Default)]
struct Options {
    file: Option<PathBuf>,
    serve: bool,
    help: bool,
}

impl Options {
    fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, lexopt::Error> {
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("serve") => options.serve = true,
                Arg::Short('h') | Arg::Long("help") => options.help = true,
                Arg::Value(path) if options.file.is_none() => options.file = Some(path.into()),
                other => return Err(other.unexpected()),
            }
        }
        Ok(options)
    }
}

struct SharedFile {
    name: String,
    key: String,
    content: Vec<u8>,
    content_type: &'static str,
}

impl SharedFile {
    fn new(name: &str, content: Vec<u8>) -> Self {
        let guess = mime_guess::from_path(name).first_raw();
        Self {
            name: name.to_owned(),
            key: end_of(name, MAX_KEY).to_owned(),
            content,
            content_type: guess.unwrap_or("application/octet-stream"),
        }
    }

    fn read(path: &Path) -> Result<Self, String> {
        let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
        if metadata.is_dir() {
            return Err("is a directory".to_owned());
        }
        if !metadata.is_file() {
            return Err("is not a regular file".to_owned()); // a device may never end
        }
        let content = fs::read(path).map_err(|error| error.to_string())?;
        // An object key must be UTF-8; a file name can be something else.
        let name = path.file_name().unwrap_or(path.as_os_str());
        Ok(Self::new(&name.to_string_lossy(), content))
    }
}

/// The server stores keys as file names, whose length the file system limits; S3 itself accepts 1024 bytes.
const MAX_KEY: usize = 120;

/// The last `length` bytes of a text, or slightly fewer so as not to split a character.
fn end_of(text: &str, length: usize) -> &str {
    let mut start = text.len().saturating_sub(length);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// Returns whether all checks passed.
fn share(file: &SharedFile, serve: bool) -> Result<bool, Box<dyn std::error::Error>> {
    let secret = random_secret()?;
    let account = Account {
        access_key_id: "AKIAIOSFODNN7EXAMPLE",
        secret_access_key: &secret,
        session_token: None,
    };
    let server = Server::start(&Config {
        accounts: &[account],
        buckets: &["share"],
        ..Config::default()
    })?;

    let endpoint = server.endpoint();
    let bucket = Bucket::new("share", Config::default().region)?
        .endpoint(&endpoint)?
        .path_style();
    let credentials = Credentials::new(account.access_key_id, &secret);
    let request = |method| Presigner::new(method, &credentials, &bucket, &file.key);
    let upload = request(Method::Put)
        .content_type(file.content_type)
        .sign()?;
    let head = request(Method::Head).sign()?;
    let link = request(Method::Get).expires_in(HOUR).sign()?;
    let expired = request(Method::Get)
        .expires_in(MINUTE)
        .sign_at(SystemTime::now() - 2 * MINUTE)?;

    let size = file.content.len().to_string();
    let mut report = Report::new();
    let (name, content_type) = (&file.name, file.content_type);
    report.line(format_args!("{name:?}, {}, {content_type}", bytes(&size)))?;
    report.line(format_args!(
        "server {endpoint}, inside this process, with a new secret\n"
    ))?;

    let answer = send(&upload, &file.content)?;
    let headers = headers_to_send(&upload);
    let what = format!("PUT through a link, with {headers}");
    report.check(&what, answer.status == 200, &describe(&answer))?;

    let what = "PUT through the same link as another content type";
    let other = [("content-type", "application/x-other")];
    let answer = http::send("PUT", upload.as_str(), &other, b"something else")?;
    report.refused(what, &answer, "SignatureDoesNotMatch")?;

    let answer = send(&head, b"")?;
    let length = answer.header("content-length").unwrap_or("unknown");
    let content_type = answer.header("content-type").unwrap_or("unknown");
    let right = length == size && content_type == file.content_type;
    let seen = format!("{}, {}, {content_type}", answer.status, bytes(length));
    report.check("HEAD through a link", answer.status == 200 && right, &seen)?;

    let answer = send(&link, b"")?;
    let equal = answer.status == 200 && answer.body == file.content;
    let comparison = if equal { "equal to" } else { "not equal to" };
    let got = bytes(&answer.body.len().to_string());
    let seen = format!("{}, {got}, {comparison} the file", answer.status);
    report.check("GET through a link", equal, &seen)?;

    let answer = http::send("GET", &with_changed_signature(link.as_str()), &[], b"")?;
    let what = "GET with one digit of the signature changed";
    report.refused(what, &answer, "SignatureDoesNotMatch")?;

    let answer = http::send("DELETE", link.as_str(), &[], b"")?;
    let what = "DELETE through the link for GET";
    report.refused(what, &answer, "SignatureDoesNotMatch")?;

    let answer = send(&expired, b"")?;
    let what = format!(
        "GET through a link that expired at {}",
        expired.expires_at()
    );
    report.refused(&what, &answer, "AccessDenied")?;

    let (checks, failed, end) = (report.checks, report.failed, link.expires_at());
    match failed {
        0 => report.line(format_args!("\nall {checks} checks passed\n"))?,
        _ => report.line(format_args!("\n{failed} of {checks} checks failed\n"))?,
    }
    report.line(format_args!("link     {link}"))?;
    report.line(format_args!("method   {}", link.method()))?;
    report.line(format_args!("headers  {}", headers_to_send(&link)))?;
    if serve {
        report.line(format_args!("expires  {end}, or when this program exits\n"))?;
        report.line(format_args!(
            "Open the link in a browser, or in another terminal:\n"
        ))?;
        report.line(format_args!("  {}", curl(file, &link)))?;
        server.wait_for_interrupt(|| report.line(format_args!("\nServing until Ctrl-C.")))?;
        report.line(format_args!("Stopped."))?;
    } else {
        report.line(format_args!(
            "expires  {end}, but the server stops now, with this program"
        ))?;
        let hint = "(use --serve to keep it running, and open the link in a browser or with curl)";
        report.line(format_args!("         {hint}"))?;
    }
    Ok(failed == 0)
}

fn send(url: &PresignedUrl, body: &[u8]) -> io::Result<Answer> {
    let headers: Vec<_> = url.headers().collect();
    http::send(url.method().as_str(), url.as_str(), &headers, body)
}

fn headers_to_send(url: &PresignedUrl) -> String {
    let lines: Vec<_> = url
        .headers()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    if lines.is_empty() {
        return "none but Host, which every client sends".to_owned();
    }
    lines.join(", ")
}

fn with_changed_signature(url: &str) -> String {
    let mut url = url.to_owned();
    let digit = if url.pop() == Some('0') { '1' } else { '0' }; // the signature comes last
    url.push(digit);
    url
}

fn curl(file: &SharedFile, link: &PresignedUrl) -> String {
    let plain = !file.name.contains(|c: char| c.is_control());
    let name = if plain { file.name.as_str() } else { "file" };
    let name = format!("copy of {name}").replace('\'', r"'\''");
    format!("curl --fail --output '{name}' '{link}'")
}

/// A short summary of an answer.
fn describe(answer: &Answer) -> String {
    let status = answer.status;
    match (answer.error_code(), answer.element("Message")) {
        (Some(code), Some(message)) => format!("{status} {code}, {message}"),
        (Some(code), None) => format!("{status} {code}"),
        (None, _) => status.to_string(),
    }
}

fn bytes(count: &str) -> String {
    format!("{count} byte{}", if count == "1" { "" } else { "s" })
}

/// The checks so far.
struct Report {
    checks: usize,
    failed: usize,
}

impl Report {
    const fn new() -> Self {
        Self {
            checks: 0,
            failed: 0,
        }
    }

    /// Writes a line immediately, even into a pipe.
    fn line(&self, text: fmt::Arguments<'_>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{text}")?;
        out.flush()
    }

    fn check(&mut self, what: &str, passed: bool, seen: &str) -> io::Result<()> {
        self.checks += 1;
        self.failed += usize::from(!passed);
        let verdict = if passed { "ok  " } else { "FAIL" };
        self.line(format_args!("{verdict}  {what}: {seen}"))
    }

    fn refused(&mut self, what: &str, answer: &Answer, code: &str) -> io::Result<()> {
        let refused = answer.status == 403 && answer.error_code() == Some(code);
        let verdict = if refused {
            "refused"
        } else {
            "not refused with this code"
        };
        let seen = format!("{verdict}, {}", describe(answer));
        self.check(what, refused, &seen)
    }
}
