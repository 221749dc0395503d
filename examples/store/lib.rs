//! An S3 server in this process, for tests of presigned URLs, and a client that sends them unchanged.
//!
//! The server is [`s3s`] over a temporary directory ([`s3s_fs`]). It computes signatures with its own code and answers
//! as S3 does. An access hook refuses what s3s accepts and S3 does not, so that a wrong URL fails. It listens only on a
//! loopback address.
//!
//! ```
//! use presign_store::{Config, Server, http};
//!
//! let server = Server::start(&Config::default())?;
//! let answer = http::send("GET", &format!("{}/examplebucket/k", server.endpoint()), &[], b"")?;
//! assert_eq!((answer.status, answer.error_code()), (403, Some("AccessDenied"))); // unsigned requests are refused
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use s3s::Body;
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::S3ServiceBuilder;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

mod connections;
mod cors;
mod gate;
pub mod http;
mod site;

pub use connections::serve;
pub use gate::Accepted;
pub use site::Site;

use gate::{Accounts, Gate, Hosts};

/// An account that may sign.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// The access key ID.
    pub access_key_id: &'a str,
    /// The secret access key.
    pub secret_access_key: &'a str,
    /// The token that every request must contain, for temporary credentials.
    pub session_token: Option<&'a str>,
}

/// The settings of a server. The default has the account of the AWS documentation, one bucket, and a free port.
#[derive(Clone, Copy, Debug)]
pub struct Config<'a> {
    /// The accounts that may sign.
    pub accounts: &'a [Account<'a>],
    /// The buckets that exist, initially empty.
    pub buckets: &'a [&'a str],
    /// The only region accepted in a credential scope.
    pub region: &'a str,
    /// The address to listen on: a loopback address, with port 0 for any free port.
    pub address: SocketAddr,
    /// Whether pages from other origins may use it (CORS).
    pub pages: bool,
}

impl Default for Config<'_> {
    fn default() -> Self {
        Self {
            accounts: &[Account {
                access_key_id: "AKIAIOSFODNN7EXAMPLE",
                secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                session_token: None,
            }],
            buckets: &["examplebucket"],
            region: "eu-central-1",
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            pages: false,
        }
    }
}

/// A running server. Dropping it stops it and deletes the objects.
#[derive(Debug)]
pub struct Server {
    runtime: Runtime, // dropped before the directory that it writes to
    address: SocketAddr,
    accepted: Arc<Mutex<Vec<Accepted>>>,
    _store: TempDir,
}

/// How far in the future a request's date may be, as in S3: 15 minutes.
const MAX_SKEW_SECONDS: u32 = 900;

/// How long a client may be silent.
const TIMEOUT: Duration = Duration::from_secs(30);

impl Server {
    /// Starts a server, which is ready when this function returns.
    ///
    /// # Errors
    /// `InvalidInput` for an address that is not loopback; an error of the system for a port in use, a bucket name that
    /// cannot be a directory name, or no space for temporary files.
    pub fn start(config: &Config<'_>) -> io::Result<Self> {
        if !config.address.ip().is_loopback() {
            let refusal = "the server listens on loopback addresses only";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, refusal));
        }
        let store = TempDir::with_prefix("presign-examples-")?;
        for bucket in config.buckets {
            std::fs::create_dir(store.path().join(bucket))?;
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind(config.address))?;
        let address = listener.local_addr()?;
        let accepted = Arc::default();

        let files = s3s_fs::FileSystem::new(store.path())
            .map_err(|error| io::Error::other(format!("{error:?}")))?;
        let mut limits = S3Config::default();
        limits.presigned_url_max_skew_time_secs = MAX_SKEW_SECONDS;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(limits))));
        builder.set_auth(Accounts::new(config.accounts));
        builder.set_access(Gate::new(config, Arc::clone(&accepted)));
        builder.set_host(Hosts(domain(address)));
        let (service, pages) = (builder.build(), config.pages);

        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let service = service.clone();
            async move {
                if !pages {
                    return service.call(request.map(Body::from)).await;
                }
                if let Some(answer) = cors::preflight(&request) {
                    return Ok(answer);
                }
                let mut answer = service.call(request.map(Body::from)).await?;
                cors::allow(answer.headers_mut());
                Ok(answer)
            }
        });
        runtime.spawn(serve(listener, TIMEOUT, service));
        Ok(Self {
            runtime,
            address,
            accepted,
            _store: store,
        })
    }

    /// The address it listens on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint for path style: `http://127.0.0.1:port`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The endpoint for virtual-hosted style: `http://s3.localhost:port`. Names below `localhost` are loopback by
    /// definition (RFC 6761, section 6.3), and [`http::send`] treats them so; other clients may query a name server.
    #[must_use]
    pub fn virtual_host_endpoint(&self) -> String {
        format!("http://{}", domain(self.address))
    }

    /// All requests so far that passed the checks of signature and access, as the server understood them.
    #[must_use]
    pub fn accepted(&self) -> Vec<Accepted> {
        let accepted = self.accepted.lock();
        accepted.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for Ctrl-C or, on Unix, for SIGTERM, so that the caller can drop the server cleanly. `ready` is called as
    /// soon as neither of them terminates the process any more.
    ///
    /// # Errors
    /// An error of the system when installing signal handlers, or the error of `ready`.
    pub fn wait_for_interrupt(&self, ready: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        self.runtime.block_on(async {
            #[cfg(unix)]
            {
                use tokio::signal::unix::{SignalKind, signal};
                let mut interrupt = signal(SignalKind::interrupt())?;
                let mut terminate = signal(SignalKind::terminate())?;
                ready()?;
                std::future::poll_fn(|context| {
                    let interrupted = interrupt.poll_recv(context);
                    if interrupted.is_ready() {
                        return interrupted;
                    }
                    terminate.poll_recv(context)
                })
                .await;
                Ok(())
            }
            #[cfg(not(unix))]
            {
                ready()?;
                tokio::signal::ctrl_c().await
            }
        })
    }
}

/// Returns a new secret access key. A server's port is open to everyone on this machine, so its secret must not be in a
/// source file.
///
/// # Errors
/// If the system has no random bytes.
pub fn random_secret() -> io::Result<String> {
    let mut random = [0; 20];
    getrandom::fill(&mut random)?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The domain below which hosts name buckets.
fn domain(address: SocketAddr) -> String {
    format!("s3.localhost:{}", address.port())
}
