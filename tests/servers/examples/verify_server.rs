//! Serves the files of a folder, only to those who have a valid presigned link:
//!
//! ```text
//! cargo run --example verify_server -- [--links] [--port PORT] FOLDER
//! ```
//!
//! `--links` prints a link for each file of the folder, valid for an hour. The keys are those of AWS_ACCESS_KEY_ID and
//! AWS_SECRET_ACCESS_KEY, or else made up for this run. It listens on loopback, until it is interrupted.

use std::convert::Infallible;
use std::ffi::OsString;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::TokioIo;
use lexopt::Arg;
use percent_encoding::percent_decode_str;
use presign::verify::{Rejection, Request, Verifier};
use presign::{Bucket, Credentials, Presigner};
use tokio::net::TcpListener;

const USAGE: &str = "usage: verify_server [--links] [--port PORT] FOLDER";
const HOUR: Duration = Duration::from_secs(3600);

/// A server of one's own needs no bucket, but a link has one: the first segment of its path.
const BUCKET: &str = "files";
const REGION: &str = "us-east-1";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // To write to standard error must not panic, should it be closed as well.
            let _ = writeln!(io::stderr(), "verify_server: {problem}");
            ExitCode::from(2)
        }
    }
}

type Error = Box<dyn std::error::Error + Send + Sync>;

fn run() -> Result<(), Error> {
    let options = Options::parse(std::env::args_os().skip(1))?;
    if options.help {
        writeln!(io::stdout(), "{USAGE}")?;
        return Ok(());
    }
    let folder = options.folder.ok_or(USAGE)?;
    let folder = folder
        .canonicalize()
        .map_err(|error| format!("{folder:?}: {error}"))?;
    let files = Arc::new(Files {
        folder,
        credentials: credentials()?,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let mut stdout = io::stdout();
        writeln!(stdout, "http://{address}")?;
        if options.links {
            for link in files.links(address)? {
                writeln!(stdout, "{link}")?;
            }
        }
        stdout.flush()?;
        loop {
            let (socket, _) = listener.accept().await?;
            let files = Arc::clone(&files);
            let service = service_fn(move |request| {
                let answer = files.answer(&request);
                async move { Ok::<_, Infallible>(answer) }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), service));
        }
    })
}

#[derive(Default)]
struct Options {
    folder: Option<PathBuf>,
    port: u16,
    links: bool,
    help: bool,
}

impl Options {
    fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Error> {
        use lexopt::ValueExt;

        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("links") => options.links = true,
                Arg::Long("port") => options.port = parser.value()?.parse()?,
                Arg::Short('h') | Arg::Long("help") => options.help = true,
                Arg::Value(path) if options.folder.is_none() => options.folder = Some(path.into()),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// The environment's, or else made up.
fn credentials() -> Result<Credentials<'static>, Error> {
    match Credentials::from_env() {
        Err(presign::Error::MissingEnvironmentVariable {
            name: "AWS_ACCESS_KEY_ID",
        }) => {
            let mut secret = [0; 32];
            getrandom::fill(&mut secret)?;
            let secret: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
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
    /// A link for each file, in order. A file whose name is not UTF-8 has no key.
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

    fn answer(&self, request: &hyper::Request<Incoming>) -> Response<Full<Bytes>> {
        let (status, body) = match self.verify(request) {
            // Why it is refused is no secret: whoever sent it has the request before them.
            Err(rejection) => (StatusCode::FORBIDDEN, format!("{rejection}\n").into_bytes()),
            Ok(()) if !matches!(*request.method(), Method::GET | Method::HEAD) => (
                StatusCode::METHOD_NOT_ALLOWED,
                b"only GET and HEAD\n".to_vec(),
            ),
            Ok(()) => match self.read(request.uri().path()) {
                Some(content) => (StatusCode::OK, content),
                None => (StatusCode::NOT_FOUND, b"no such file\n".to_vec()),
            },
        };
        let mut response = Response::new(Full::from(body));
        *response.status_mut() = status;
        response
    }

    fn verify(&self, request: &hyper::Request<Incoming>) -> Result<(), Rejection> {
        // A value that is no text is not left out: a header that has to be signed is then missed.
        let headers = request.headers().iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        let host = headers.iter().find(|(name, _)| *name == "host");
        let host = host.map_or("", |(_, host)| *host);
        let target = request.uri().path_and_query();
        let target = target.map_or("/", |target| target.as_str());
        let received = Request::from_parts(request.method().as_str(), host, target, &headers);
        let verifier = Verifier::new().regions(&[REGION]).services(&["s3"]);
        verifier.verify(&received, SystemTime::now(), |id| {
            (id == self.credentials.access_key_id()).then(|| self.credentials.clone())
        })?;
        Ok(())
    }

    /// A file of the folder itself, by the path of its link.
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let key = path
            .strip_prefix('/')?
            .strip_prefix(BUCKET)?
            .strip_prefix('/')?;
        let key = percent_decode_str(key).decode_utf8().ok()?;
        let mut components = Path::new(&*key).components();
        let (Some(Component::Normal(name)), None) = (components.next(), components.next()) else {
            return None;
        };
        let path = self.folder.join(name);
        let is_file = path
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.is_file());
        is_file.then(|| std::fs::read(path).ok())?
    }
}
