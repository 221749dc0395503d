//! Serves the files of a folder to clients with a valid presigned URL:
//!
//! ```text
//! cargo run --example verify_server -- [--links] [--port PORT] [--timeout SECONDS] FOLDER
//! ```
//!
//! `--links` prints a URL for each file in the folder, valid for an hour. The credentials are AWS_ACCESS_KEY_ID and
//! AWS_SECRET_ACCESS_KEY, or random ones for this run. The server listens on loopback until you interrupt it. Clients
//! that are silent for longer than the timeout (30 s) are disconnected.

use std::convert::Infallible;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode};
use lexopt::{Arg, ValueExt};
use percent_encoding::percent_decode_str;
use presign::verify::{Rejection, Request, Verifier};
use presign::{Bucket, Credentials, Presigner};
use presign_store::{random_secret, serve};
use tokio::net::TcpListener;

const USAGE: &str = "usage: verify_server [--links] [--port PORT] [--timeout SECONDS] FOLDER";
const HOUR: Duration = Duration::from_secs(3600);

/// A server needs no bucket, but a presigned URL has one: the first segment of its path.
const BUCKET: &str = "files";
const REGION: &str = "us-east-1";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // Must not panic if standard error is closed.
            let _ = writeln!(io::stderr(), "verify_server: {problem}");
            ExitCode::from(2)
        }
    }
}

type Error = Box<dyn std::error::Error + Send + Sync>;

fn run() -> Result<(), Error> {
    let (mut folder, mut links, mut port) = (None, false, 0_u16);
    let mut timeout = Duration::from_secs(30);
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("links") => links = true,
            Arg::Long("port") => port = args.value()?.parse()?,
            Arg::Long("timeout") => {
                let seconds: NonZero<u32> = args.value()?.parse()?;
                timeout = Duration::from_secs(seconds.get().into());
            }
            Arg::Short('h') | Arg::Long("help") => return Ok(writeln!(io::stdout(), "{USAGE}")?),
            Arg::Value(path) if folder.is_none() => folder = Some(PathBuf::from(path)),
            other => return Err(other.unexpected().into()),
        }
    }
    let folder = folder.ok_or(USAGE)?;
    let folder = folder
        .canonicalize()
        .map_err(|error| format!("{folder:?}: {error}"))?;
    let credentials = credentials()?;
    let files = Arc::new(Files {
        folder,
        credentials,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let mut stdout = io::stdout();
        writeln!(stdout, "http://{address}")?;
        if links {
            for link in files.links(address)? {
                writeln!(stdout, "{link}")?;
            }
        }
        stdout.flush()?;
        let service = service_fn(move |request| {
            let files = Arc::clone(&files);
            async move { Ok::<_, Infallible>(files.respond(&request).await) }
        });
        serve(listener, timeout, service).await;
        Ok(())
    })
}

/// Credentials from the environment, or random ones.
fn credentials() -> Result<Credentials<'static>, Error> {
    match Credentials::from_env() {
        Err(presign::Error::MissingEnvironmentVariable {
            name: "AWS_ACCESS_KEY_ID",
        }) => {
            let secret = random_secret()?;
            Ok(Credentials::new("AKIAEXAMPLE", &secret).into_owned())
        }
        other => Ok(other?),
    }
}

struct Files {
    folder: PathBuf,
    credentials: Credentials<'static>,
}

impl Files {
    /// A URL for each file, by name. Files whose names are not UTF-8 are omitted.
    fn links(&self, address: SocketAddr) -> Result<Vec<String>, Error> {
        let endpoint = format!("http://{address}");
        let bucket = Bucket::new(BUCKET, REGION)?
            .endpoint(&endpoint)?
            .path_style();
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.extend(entry.file_name().into_string());
            }
        }
        names.sort_unstable();
        let links = names.iter().map(|name| {
            let presigner = Presigner::get(&self.credentials, &bucket, name);
            Ok(presigner.expires_in(HOUR).sign()?.into_string())
        });
        links.collect()
    }

    async fn respond(&self, request: &hyper::Request<Incoming>) -> Response<Full<Bytes>> {
        let (status, content_type, body) = match self.file(request).await {
            Ok((content_type, content)) => (StatusCode::OK, content_type, content),
            Err((status, problem)) => (status, "text/plain", format!("{problem}\n").into_bytes()),
        };
        let mut response = Response::new(Full::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        // Browsers must use the declared type, not guess another one.
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }

    /// The type and content of the requested file, or a status and the reason.
    async fn file(
        &self,
        request: &hyper::Request<Incoming>,
    ) -> Result<(&'static str, Vec<u8>), (StatusCode, String)> {
        // The reason is not secret: the client knows everything that it sent.
        self.verify(request)
            .map_err(|rejection| (StatusCode::FORBIDDEN, rejection.to_string()))?;
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let problem = "only GET and HEAD".to_owned();
            return Err((StatusCode::METHOD_NOT_ALLOWED, problem));
        }
        // With `acl`, for example, the URL is for something other than the file's content.
        let parameters = request.uri().query().unwrap_or_default().split('&');
        let mut names = parameters.filter_map(|parameter| parameter.split('=').next());
        if let Some(name) = names.find(|name| !name.starts_with("X-Amz-") && *name != "x-id") {
            let problem = format!("query parameter {name} is not supported");
            return Err((StatusCode::NOT_IMPLEMENTED, problem));
        }
        let missing = || (StatusCode::NOT_FOUND, "no such file".to_owned());
        let path = self.path(request.uri().path()).ok_or_else(missing)?;
        let content = tokio::fs::read(&path).await.map_err(|_| missing())?;
        let content_type = mime_guess::from_path(&path).first_raw();
        Ok((content_type.unwrap_or("application/octet-stream"), content))
    }

    fn verify(&self, request: &hyper::Request<Incoming>) -> Result<(), Rejection> {
        // Keeps a value that is not UTF-8 in the list, so that the verifier refuses it if it must be signed.
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = request.headers().iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| (name.as_str(), text(value)))
            .collect();
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        let host = request.headers().get(HOST).map(text).unwrap_or_default();
        let target = request.uri().path_and_query();
        let target = target.map_or("/", |target| target.as_str());
        let received = Request::from_parts(request.method().as_str(), &host, target, &headers);
        let verifier = Verifier::new().regions(&[REGION]).services(&["s3"]);
        verifier.verify(&received, SystemTime::now(), |id| {
            (id == self.credentials.access_key_id()).then(|| self.credentials.clone())
        })?;
        Ok(())
    }

    /// The path of a file directly in the folder, from the path of its URL.
    fn path(&self, path: &str) -> Option<PathBuf> {
        let key = path
            .strip_prefix('/')?
            .strip_prefix(BUCKET)?
            .strip_prefix('/')?;
        let name = percent_decode_str(key).decode_utf8().ok()?;
        // A single name: no other folder, and no `.` or `/` at the end, which a path would ignore.
        (Path::new(&*name).file_name() == Some(OsStr::new(&*name))).then_some(())?;
        let path = self.folder.join(&*name);
        let metadata = path.symlink_metadata().ok()?;
        metadata.is_file().then_some(path)
    }
}
