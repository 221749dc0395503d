//! How HTTP clients change a presigned URL: compares the bytes that arrive with the URL.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use presign::{Bucket, Credentials, Presigner};

use crate::{BUCKET, ID, REGION, SECRET};

pub(crate) const LEGEND: &str = "\
Each client gets a presigned URL for a key. `=`: the request target arrives exactly as it was signed. Any other cell shows the key
that arrives instead: it is another object, and its signature does not match.

Signing encodes everything except letters, digits, `-`, `.`, `_`, `~` and `/`. So clients can only rewrite dot segments, which the
crate refuses unless you call `allow_dot_segments()`.
";

/// A key, and the clients that send something else. All of them resolve dot segments as WHATWG defines it.
pub(crate) struct Shape {
    key: &'static str,
    resolved: Option<&'static str>,
}

const fn kept(key: &'static str) -> Shape {
    Shape {
        key,
        resolved: None,
    }
}

const fn dots(key: &'static str, resolved: &'static str) -> Shape {
    Shape {
        key,
        resolved: Some(resolved),
    }
}

pub(crate) const SHAPES: &[Shape] = &[
    kept("a b"),
    kept("a+b"),
    kept("a%2Fb"),
    kept("100%"),
    kept("!$&'()*,;=:@"),
    kept("[]{}|\\^`\"<>"),
    kept("?#"),
    kept("-._~"),
    kept("Grüße/🦆"),
    kept("line\nbreak\ttab"),
    kept("a//b"),
    kept("/a"),
    kept("a/"),
    kept("a/.../b"),
    kept("a/%2E%2E/b"),
    dots("a/./b", "a/b"),
    dots("a/../b", "b"),
    dots("a/.", "a/"),
    dots("a/..", ""),
];

impl Shape {
    pub(crate) fn label(&self) -> String {
        let key = self
            .key
            .escape_debug()
            .to_string()
            .replace("\\\"", "\"")
            .replace("\\'", "'");
        let ticks = if key.contains('`') { "``" } else { "`" };
        format!(
            "{ticks}{}{ticks}",
            key.replace("\\\\", "\\").replace('|', "\\|")
        )
    }
}

pub(crate) struct Client {
    pub(crate) name: &'static str,
    pub(crate) version: String,
    /// For each shape: `=`, or the bytes that arrived.
    pub(crate) sent: Vec<String>,
    resolves_dots: bool,
}

impl Client {
    pub(crate) fn unexpected(&self) -> Vec<String> {
        let expected = |shape: &Shape| match shape.resolved {
            Some("") if self.resolves_dots => "(nothing)".to_owned(),
            Some(resolved) if self.resolves_dots => format!("`{resolved}`"),
            _ => "=".to_owned(),
        };
        let pairs = SHAPES.iter().zip(&self.sent);
        let unexpected = pairs.filter(|(shape, sent)| expected(shape) != **sent);
        unexpected
            .map(|(shape, sent)| format!("{}: {}: unexpected: {sent:?}", self.name, shape.label()))
            .collect()
    }
}

/// All installed clients; missing ones are reported on standard error.
pub(crate) fn all() -> Result<Vec<Client>, Box<dyn Error>> {
    let recorder = Recorder::start()?;
    let urls = recorder.urls()?;
    let mut clients = Vec::new();
    let mut add = |name, version: String, resolves_dots| {
        let sent = recorder.compare(&urls);
        clients.push(Client {
            name,
            version,
            sent,
            resolves_dots,
        });
    };

    for url in &urls {
        reqwest::blocking::get(url)?;
    }
    add("reqwest", locked("reqwest"), true);
    for url in &urls {
        ureq::get(url).call()?;
    }
    add("ureq", locked("ureq"), false);

    match version("curl") {
        Some(version) => {
            for (name, flags, resolves) in [
                ("curl", &[][..], true),
                ("curl --path-as-is", &["--path-as-is"], false),
            ] {
                for url in &urls {
                    let mut curl = Command::new("curl");
                    let curl = curl.args(["--silent", "--show-error", "--fail", "--noproxy", "*"]);
                    let status = curl.args(flags).arg(url).stdout(Stdio::null()).status()?;
                    if !status.success() {
                        return Err(format!("curl ended with {status} at {url}").into());
                    }
                }
                add(name, version.clone(), resolves);
            }
        }
        None => eprintln!("skipped: curl is not in PATH"),
    }
    match version("chromium") {
        Some(version) => {
            chromium(&recorder)?;
            add("fetch, Chromium", version, true);
        }
        None => eprintln!("skipped: chromium is not in PATH; .ci/chromium installs it"),
    }
    Ok(clients)
}

/// The first line of the output of `--version`.
fn version(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut words = text.split_whitespace();
    words
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
}

/// The version in our lock file.
fn locked(name: &str) -> String {
    let lock = include_str!("../../../Cargo.lock");
    let entry = lock.split_once(&format!("name = \"{name}\"\nversion = \""));
    let version = entry.and_then(|(_, rest)| rest.split('"').next());
    version.unwrap_or_default().to_owned()
}

/// Lets a page fetch all URLs, one after the other, and then report that it is done.
fn chromium(recorder: &Recorder) -> Result<(), Box<dyn Error>> {
    let profile = tempfile::tempdir()?;
    let mut browser = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args(["--disable-dev-shm-usage", "--disable-background-networking"])
        .args([
            "--disable-component-update",
            "--disable-sync",
            "--no-proxy-server",
        ])
        .arg("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
        .arg("--remote-debugging-port=0") // without it, the browser exits as soon as the page is loaded
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("{}/page", recorder.origin))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let start = Instant::now();
    while !recorder.is_done() && start.elapsed() < Duration::from_secs(60) {
        thread::sleep(Duration::from_millis(50));
    }
    // Together with its child processes, which write into the profile.
    let group = format!("-{}", browser.id());
    Command::new("kill")
        .args(["-KILL", "--", &group])
        .status()?;
    browser.wait()?;
    if recorder.is_done() {
        return Ok(());
    }
    Err("chromium did not fetch all URLs within 60 s".into())
}

/// A server that records each request's target, with an empty response.
struct Recorder {
    origin: String,
    targets: Arc<Mutex<Vec<String>>>,
    /// The content of `/page`.
    page: Arc<Mutex<String>>,
}

impl Recorder {
    fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let this = Self {
            origin: format!("http://{}", listener.local_addr()?),
            targets: Arc::default(),
            page: Arc::default(),
        };
        let (targets, page) = (Arc::clone(&this.targets), Arc::clone(&this.page));
        thread::spawn(move || {
            // A browser also opens connections that it never uses.
            for stream in listener.incoming().flatten() {
                let (targets, page) = (Arc::clone(&targets), Arc::clone(&page));
                thread::spawn(move || record(stream, &targets, &page));
            }
        });
        Ok(this)
    }

    fn urls(&self) -> Result<Vec<String>, Box<dyn Error>> {
        let credentials = Credentials::new(ID, SECRET);
        let bucket = Bucket::new(BUCKET, REGION)?
            .endpoint(&self.origin)?
            .path_style();
        let mut urls = Vec::new();
        for shape in SHAPES {
            let get = Presigner::get(&credentials, &bucket, shape.key).allow_dot_segments();
            let disposition = "attachment; filename=\"a+b & 'ü'.txt\"";
            urls.push(
                get.response_content_disposition(disposition)
                    .sign()?
                    .into_string(),
            );
        }
        // No character of a presigned URL needs an escape in a JavaScript string.
        let page = format!(
            "<!DOCTYPE html>\n<link rel=\"icon\" href=\"data:,\">\n<script type=\"module\">\n\
             for (const url of {urls:?}) await fetch(url);\nawait fetch(\"/done\");\n</script>\n"
        );
        *self.page.lock().unwrap_or_else(PoisonError::into_inner) = page;
        Ok(urls)
    }

    fn is_done(&self) -> bool {
        let targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        targets.iter().any(|target| target == "/done")
    }

    /// The keys as they arrived since the last call. A URL is identified by its signature.
    fn compare(&self, urls: &[String]) -> Vec<String> {
        let targets =
            std::mem::take(&mut *self.targets.lock().unwrap_or_else(PoisonError::into_inner));
        let compared = urls.iter().map(|url| {
            let sent = &url[self.origin.len()..];
            let (_, signature) = sent.rsplit_once('=').unwrap_or_default();
            let Some(target) = targets.iter().find(|target| target.contains(signature)) else {
                return "nothing arrived".to_owned();
            };
            if target == sent {
                return "=".to_owned();
            }
            let (path, query) = target.split_once('?').unwrap_or_default();
            let key = path.strip_prefix(&format!("/{BUCKET}/"));
            match key.filter(|_| sent.ends_with(&format!("?{query}"))) {
                Some("") => "(nothing)".to_owned(),
                Some(key) => format!("`{key}`"),
                None => format!("`{target}`"),
            }
        });
        compared.collect()
    }
}

fn record(
    mut stream: TcpStream,
    targets: &Mutex<Vec<String>>,
    page: &Mutex<String>,
) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let body = match target.as_str() {
        "/page" => page.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        _ => String::new(),
    };
    targets
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(target);
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
}
