//! Signs, verifies, uploads and downloads with many clients for a long time, while the credentials are replaced and the
//! store is restarted. `tests/servers/soak` runs it.
//!
//! Fails if the store or [`Verifier`] refuses a link, if an upload that was reported as done is lost or changed, if a
//! damaged link is accepted, or if memory grows.

use std::collections::{HashMap, VecDeque};
use std::error::Error;
use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use presign::verify::{Request, Verifier};
use presign::{Bucket, Credentials, Method, PresignedUrl, Presigner, SharedCredentials};
use presign_store::http::{self, Answer};
use roxmltree::Document;

const CLIENTS: u64 = 64;
/// Seconds between two sets of credentials, and between two starts of the store.
const ROTATION: u64 = 60;
const RESTART: u64 = 300;
/// Uploads that each client keeps before it reads and deletes the oldest.
const KEPT: usize = 16;
/// The largest upload, and how much memory may grow.
const MAX_BODY: usize = 64 * 1024;
const MAX_GROWTH: u64 = 16 * 1024;

const ROOT: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const REGION: &str = "eu-central-1";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// MinIO, which is restarted with the same files on the same port.
struct Store<'p> {
    program: &'p str,
    directory: &'p Path,
    port: u16,
    process: Child,
}

impl<'p> Store<'p> {
    fn start(program: &'p str, directory: &'p Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = Self::spawn(program, directory, port)?;
        Ok(Self {
            program,
            directory,
            port,
            process,
        })
    }

    fn spawn(program: &str, directory: &Path, port: u16) -> Result<Child> {
        let mut process = Command::new(program)
            .args(["server", "--quiet", "--address"])
            .arg(format!("127.0.0.1:{port}"))
            .arg(directory)
            .env("MINIO_ROOT_USER", ROOT)
            .env("MINIO_ROOT_PASSWORD", SECRET)
            .env("MINIO_REGION", REGION)
            .env("MINIO_BROWSER", "off")
            .env("MINIO_UPDATE", "off")
            .env("MINIO_CI_CD", "1") // which permits the file system of the root
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let ready = format!("http://127.0.0.1:{port}/minio/health/ready");
        for _ in 0..600 {
            if http::send("GET", &ready, &[], b"").is_ok_and(|answer| answer.status == 200) {
                return Ok(process);
            }
            if let Some(status) = process.try_wait()? {
                return Err(format!("the store stopped: {status}").into());
            }
            thread::sleep(Duration::from_millis(200));
        }
        process.kill()?;
        Err("the store is not ready after two minutes".into())
    }

    /// Kills it without notice.
    fn restart(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        self.process = Self::spawn(self.program, self.directory, self.port)?;
        Ok(())
    }

    fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// New credentials from the store's STS, which starts later than the rest.
    fn new_credentials(&self) -> Result<Credentials<'static>> {
        for _ in 0..60 {
            if let Ok(credentials) = self.assume_role() {
                return Ok(credentials);
            }
            thread::sleep(Duration::from_millis(500));
        }
        self.assume_role()
    }

    fn assume_role(&self) -> Result<Credentials<'static>> {
        let output = Command::new("curl")
            .args(["--silent", "--show-error", "--fail", "--noproxy", "*"])
            .args(["--aws-sigv4", &format!("aws:amz:{REGION}:sts")])
            .args(["--user", &format!("{ROOT}:{SECRET}")])
            .args(["--data", "Action=AssumeRole&Version=2011-06-15"])
            .arg(self.endpoint())
            .output()?;
        if !output.status.success() {
            let error = String::from_utf8_lossy(&output.stderr);
            return Err(format!("no new credentials: {}", error.trim()).into());
        }
        let text = String::from_utf8(output.stdout)?;
        let document = Document::parse(&text)?;
        let value = |name: &'static str| {
            let mut nodes = document.descendants();
            let node = nodes.find(|node| node.has_tag_name((NAMESPACE, name)));
            let value = node.and_then(|node| node.text());
            value.ok_or_else(|| format!("the STS answer has no {name}"))
        };
        let credentials = Credentials::new(value("AccessKeyId")?, value("SecretAccessKey")?);
        let credentials = credentials.session_token(value("SessionToken")?);
        Ok(credentials.into_owned())
    }
}

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

impl Drop for Store<'_> {
    fn drop(&mut self) {
        // Nothing is left to do if it has stopped before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What all clients share.
struct Soak {
    credentials: SharedCredentials,
    bucket: Bucket<'static>,
    /// All credentials that were issued, by access key ID.
    issued: Mutex<HashMap<String, Credentials<'static>>>,
    over: AtomicBool,
    /// Odd while the store is down.
    restarts: AtomicU64,
    counts: Counts,
    errors: Mutex<Vec<String>>,
}

#[derive(Default)]
struct Counts {
    links: AtomicU64,
    uploads: AtomicU64,
    downloads: AtomicU64,
    refused: AtomicU64,
    interrupted: AtomicU64,
}

/// An upload that was reported as done, and its number.
type Done = (u64, String);

impl Soak {
    fn wrong(&self, error: String) {
        let mut errors = lock(&self.errors);
        if errors.len() < 20 {
            eprintln!("{error}");
        }
        errors.push(error);
    }

    /// Sends a link. `None` if a restart of the store interrupted it.
    fn send(&self, method: Method, key: &str, body: &[u8]) -> Option<Answer> {
        let before = self.restarts.load(Relaxed);
        let sent = self.sign(method, key).and_then(|link| {
            let headers: Vec<_> = link.headers().collect();
            let answer = http::send(method.as_str(), link.as_str(), &headers, body)?;
            Ok((link, answer))
        });
        let interrupted = before % 2 == 1 || self.restarts.load(Relaxed) != before;
        match sent {
            Ok((_, answer)) if answer.status < 300 => Some(answer),
            _ if interrupted => {
                self.counts.interrupted.fetch_add(1, Relaxed);
                thread::sleep(Duration::from_millis(200));
                None
            }
            Ok((link, answer)) => {
                let link = presign::redact(link.as_str()).to_string();
                let code = answer.error_code().unwrap_or_default();
                self.wrong(format!("{method} {link}: {} {code}", answer.status));
                None
            }
            Err(error) => {
                self.wrong(format!("{method} {key}: {error}"));
                None
            }
        }
    }

    /// Signs a link, which the verifier has to accept.
    fn sign(&self, method: Method, key: &str) -> io::Result<PresignedUrl> {
        let link = Presigner::new(method, &self.credentials, &self.bucket, key);
        let link = link.sign().map_err(io::Error::other)?;
        let headers: Vec<_> = link.headers().collect();
        let request = Request::new(method.as_str(), link.as_str(), &headers);
        let verified = request.and_then(|request| {
            let who = |id: &str| lock(&self.issued).get(id).cloned();
            Verifier::new().verify(&request, SystemTime::now(), who)
        });
        verified.map_err(io::Error::other)?;
        self.counts.links.fetch_add(1, Relaxed);
        Ok(link)
    }

    /// A link to another object than was signed is refused.
    fn damage(&self, key: &str) {
        let before = self.restarts.load(Relaxed);
        let Ok(link) = self.sign(Method::Get, "another") else {
            return;
        };
        let link = link.as_str().replacen("/another?", &format!("/{key}?"), 1);
        let Ok(answer) = http::send("GET", &link, &[], b"") else {
            return; // a restart, which the next request reports otherwise
        };
        let interrupted = before % 2 == 1 || self.restarts.load(Relaxed) != before;
        match answer.error_code() {
            Some("SignatureDoesNotMatch") => self.counts.refused.fetch_add(1, Relaxed),
            _ if interrupted && answer.status >= 300 => 0,
            _ => {
                self.wrong(format!("a damaged link: {}", answer.status));
                0
            }
        };
    }

    fn client(&self, number: u64) {
        let mut kept: VecDeque<Done> = VecDeque::new();
        let mut upload = number;
        while !self.over.load(Relaxed) {
            upload += CLIENTS;
            let key = format!("{number}/{upload}");
            if self.send(Method::Put, &key, &body(upload)).is_some() {
                self.counts.uploads.fetch_add(1, Relaxed);
                kept.push_back((upload, key));
            }
            if upload % (16 * CLIENTS) == number
                && let Some((_, key)) = kept.front()
            {
                self.damage(key);
            }
            if kept.len() > KEPT
                && let Some(done) = kept.pop_front()
            {
                self.check(&done);
            }
        }
        kept.iter().for_each(|done| self.check(done));
    }

    /// Downloads what was uploaded, compares it, and deletes it.
    fn check(&self, (upload, key): &Done) {
        let errors = lock(&self.errors).len();
        let answer = loop {
            if let Some(answer) = self.send(Method::Get, key, b"") {
                break answer;
            }
            if lock(&self.errors).len() > errors {
                return;
            }
        };
        self.counts.downloads.fetch_add(1, Relaxed);
        if answer.body != body(*upload) {
            self.wrong(format!("{key} has changed"));
        }
        self.send(Method::Delete, key, b"");
    }
}

/// The content of an upload: its number, again and again.
fn body(upload: u64) -> Vec<u8> {
    let length = usize::try_from(upload.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32);
    let length = length.unwrap_or_default() % MAX_BODY;
    upload
        .to_be_bytes()
        .into_iter()
        .cycle()
        .take(length)
        .collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Resident memory in KiB.
fn memory(process: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [program, minutes] = arguments.as_slice() else {
        eprintln!("usage: soak PROGRAM MINUTES");
        return ExitCode::from(2);
    };
    let run = || -> Result<bool> { run(program, minutes.parse()?) };
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether all went well.
fn run(program: &str, minutes: u64) -> Result<bool> {
    let directory = tempfile::tempdir()?;
    let mut store = Store::start(program, directory.path())?;
    let endpoint = store.endpoint();
    let bucket = Bucket::new("soak", REGION)?.endpoint(&endpoint)?;
    let bucket = bucket.path_style().into_owned();
    let first = store.new_credentials()?;
    let root = Credentials::new(ROOT, SECRET);
    let create = Presigner::bucket(Method::Put, &root, &bucket).sign()?;
    let created = http::send("PUT", create.as_str(), &[], b"")?;
    if created.status != 200 {
        return Err(format!("the bucket was not created: {}", created.status).into());
    }
    let issued = HashMap::from([(first.access_key_id().to_owned(), first.clone())]);
    let soak = Soak {
        credentials: SharedCredentials::new(first),
        bucket,
        issued: Mutex::new(issued),
        over: AtomicBool::new(false),
        restarts: AtomicU64::new(0),
        counts: Counts::default(),
        errors: Mutex::new(Vec::new()),
    };

    let (start, mut rotations) = (Instant::now(), 0_u64);
    let mut samples = Vec::new();
    let stopped = thread::scope(|scope| {
        for number in 0..CLIENTS {
            let soak = &soak;
            scope.spawn(move || soak.client(number));
        }
        let mut control = || -> Result<()> {
            for second in 1..=60 * minutes {
                thread::sleep((start + Duration::from_secs(second)) - Instant::now());
                if second % RESTART == 0 {
                    soak.restarts.fetch_add(1, Relaxed);
                    store.restart()?;
                    store.new_credentials()?;
                    soak.restarts.fetch_add(1, Relaxed);
                }
                if second % ROTATION == 0 {
                    let new = store.new_credentials()?;
                    let id = new.access_key_id().to_owned();
                    lock(&soak.issued).insert(id, new.clone());
                    soak.credentials.replace(new);
                    rotations += 1;
                    samples.push(memory("self"));
                    let minute = second / 60;
                    let theirs = memory(&store.process.id().to_string());
                    let uploads = soak.counts.uploads.load(Relaxed);
                    eprintln!(
                        "minute {minute}: {uploads} uploads, {} KiB here, {theirs} KiB in the store",
                        memory("self")
                    );
                }
            }
            Ok(())
        };
        let stopped = control();
        soak.restarts.fetch_and(!1, Relaxed); // a store that did not start again is an error from here on
        soak.over.store(true, Relaxed);
        stopped
    });
    stopped?;

    let count = |count: &AtomicU64| count.load(Relaxed);
    let (first, last) = (samples.first().copied(), samples.last().copied());
    let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
    let flat = last.saturating_sub(first) <= MAX_GROWTH;
    let errors = lock(&soak.errors).len();
    println!("minutes: {minutes}, clients: {CLIENTS}");
    println!("links signed and verified: {}", count(&soak.counts.links));
    println!("uploads reported as done: {}", count(&soak.counts.uploads));
    println!(
        "downloaded again and compared: {}",
        count(&soak.counts.downloads)
    );
    println!("damaged links refused: {}", count(&soak.counts.refused));
    println!("credentials replaced: {rotations}");
    println!("restarts of the store: {}", count(&soak.restarts) / 2);
    println!(
        "requests that a restart interrupted: {}",
        count(&soak.counts.interrupted)
    );
    println!("wrong links, lost or changed uploads: {errors}");
    println!("memory: {first} KiB after a minute, {last} KiB at the end");
    if !flat {
        eprintln!("memory grew by more than {MAX_GROWTH} KiB");
    }
    let lost = count(&soak.counts.uploads) - count(&soak.counts.downloads);
    if lost > 0 {
        eprintln!("{lost} uploads were not found again");
    }
    Ok(errors == 0 && flat && lost == 0 && count(&soak.counts.refused) > 0)
}
