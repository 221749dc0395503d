//! A service that hands out S3 links: downloads, uploads, and large uploads in parts. README.md describes it.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use presign::{Presigner, Redactor, Timestamp};
use tokio::net::TcpListener;

pub mod config;
pub mod credentials;
mod guard;
pub mod links;
pub mod logs;
pub mod metrics;
mod multipart;
mod page;
pub mod refusal;
pub mod serve;
pub mod signer;
pub mod store;
mod uploads;

use config::{Config, ConfigError, Limits, Token};
use logs::Secrets;
use metrics::Metrics;
use refusal::Refusal;
use serve::Connections;
use signer::{RefreshError, Signer};
use store::Store;

/// The state that all requests share.
#[derive(Debug)]
pub struct App {
    pub limits: Limits,
    pub token: Option<Token>,
    pub signer: Signer,
    pub store: Store,
    /// Scheme, host and port of the store, for the page's Content-Security-Policy.
    pub store_origin: String,
    pub metrics: Metrics,
    pub clock: fn() -> Timestamp,
}

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("no credentials: {0}")]
    Credentials(#[from] RefreshError),
    #[error("cannot sign: {0}")]
    Sign(#[from] presign::Error),
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] reqwest::Error),
    #[error("cannot listen on {address}: {error}")]
    Listen {
        address: SocketAddr,
        error: io::Error,
    },
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Names and values.
type Headers = &'static [(&'static str, &'static str)];

/// Enough for 1000 keys, or the ETags of 10000 parts.
const MAX_BODY: usize = 2 << 20;

impl App {
    /// Loads credentials and signs a first link, so that mistakes show at the start.
    ///
    /// # Errors
    /// For an invalid setting, or if there are no credentials.
    pub async fn new(
        config: Config,
        clock: fn() -> Timestamp,
        secrets: Secrets,
    ) -> Result<Self, StartError> {
        let token = config.token()?;
        let known = Redactor::new();
        let known = match &token {
            Some(token) => token.mask(known),
            None => known,
        };
        let now = clock();
        let signer = Signer::start(config.bucket, config.credentials, now, secrets, known).await?;
        let current = signer.current(now)?;
        let link = Presigner::get(current.key(), signer.bucket(), "-").sign_at(now)?;
        let origin: Vec<_> = link.as_str().splitn(4, '/').take(3).collect();
        Ok(Self {
            limits: config.limits,
            token,
            store: Store::new()?,
            store_origin: origin.join("/"),
            metrics: Metrics::default(),
            signer,
            clock,
        })
    }

    /// The lifetime of a link.
    ///
    /// # Errors
    /// For a lifetime above the limit.
    pub fn expires_in(&self, asked: Option<u64>) -> Result<Duration, Refusal> {
        let (seconds, most) = (
            asked.unwrap_or(self.limits.default_expires_in),
            self.limits.max_expires_in,
        );
        if seconds > most {
            let message = format!("expires_in of {seconds} s exceeds the maximum of {most} s");
            return Err(Refusal::new(400, "invalid_expiry", message));
        }
        Ok(Duration::from_secs(seconds))
    }

    /// # Errors
    /// For a key outside the prefix, one that is too long, or one with a segment `.` or `..`: clients may resolve it and
    /// leave the prefix.
    pub fn check_key(&self, key: &str) -> Result<(), Refusal> {
        let prefix = &self.limits.key_prefix;
        if !key.starts_with(prefix.as_str()) {
            let message = format!("the key must start with {prefix}");
            return Err(Refusal::new(403, "key_not_allowed", message));
        }
        let (length, max) = (key.len(), self.limits.max_key_bytes);
        if length > max {
            let message = format!("key of {length} bytes exceeds the maximum of {max}");
            return Err(Refusal::new(400, "invalid_key", message));
        }
        let mut position = 0;
        for segment in key.split('/') {
            if matches!(segment, "." | "..") {
                return Err(presign::Error::DotSegment { position }.into());
            }
            position += segment.len() + 1;
        }
        Ok(())
    }

    /// Returns the headers that the upload must send: passive types are shown in the browser, others are attachments.
    fn check_type(&self, content_type: &str) -> Result<Headers, Refusal> {
        let Some(parsed) = config::media_type(content_type) else {
            let message = "content_type is not a single media type, such as image/png";
            return Err(Refusal::new(400, "invalid_value", message));
        };
        if !self.limits.allows_type(&parsed) {
            let listed = self.limits.content_types.join(", ");
            let message = format!("{parsed} is not allowed, only {listed}");
            return Err(Refusal::new(403, "content_type_not_allowed", message));
        }
        Ok(match config::is_passive(&parsed) {
            true => &[],
            false => &[("Content-Disposition", "attachment")],
        })
    }

    fn check_size(&self, size: u64, most: u64) -> Result<(), Refusal> {
        if size <= most {
            return Ok(());
        }
        let message = format!("size of {size} bytes exceeds the maximum of {most}");
        Err(Refusal::new(400, "too_large", message))
    }

    /// # Errors
    /// For zero links, or more than the limit.
    pub fn check_count(&self, links: usize) -> Result<(), Refusal> {
        let most = self.limits.max_links;
        if (1..=most).contains(&links) {
            return Ok(());
        }
        let message = format!("{links} links in one request, instead of 1 to {most}");
        Err(Refusal::new(400, "too_many_links", message))
    }
}

/// All routes.
pub fn router(app: Arc<App>) -> Router {
    let links = Router::new()
        .route("/links", post(links::links))
        .route("/uploads", post(uploads::uploads))
        .route("/multipart", post(multipart::start))
        .route("/multipart/parts", post(multipart::links))
        .route("/multipart/list", post(multipart::list))
        .route("/multipart/complete", post(multipart::complete))
        .route("/multipart/abort", post(multipart::abort))
        .route("/metrics", get(metrics_text));
    guarded(links, app)
}

/// Wraps routes in authorization, limits, metrics and logs, and adds the routes that are open to everyone.
pub fn guarded(routes: Router<Arc<App>>, app: Arc<App>) -> Router {
    routes
        .layer(map_response(no_store))
        .layer(from_fn_with_state(Arc::clone(&app), guard::authorize))
        .merge(page::routes())
        .route("/healthz", get(healthz))
        .fallback(async || Refusal::new(404, "not_found", "no such route"))
        .method_not_allowed_fallback(async || {
            Refusal::new(
                405,
                "method_not_allowed",
                "this route does not support the method",
            )
        })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(Arc::clone(&app), guard::observe))
        .with_state(app)
}

async fn no_store(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn metrics_text(State(app): State<Arc<App>>) -> Response {
    ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], app.metrics.text()).into_response()
}

/// Whether the service can sign: 200, or 503 after the credentials have expired.
async fn healthz(State(app): State<Arc<App>>) -> Result<&'static str, Refusal> {
    app.signer.current((app.clock)())?;
    Ok("ok\n")
}

/// The system's time.
#[must_use]
pub fn now() -> Timestamp {
    SystemTime::now().into()
}

/// Runs the service until `stop` resolves. `ready` gets the address on which it listens.
///
/// # Errors
/// For an invalid setting, missing credentials, or an address in use.
pub async fn run(
    config: Config,
    secrets: Secrets,
    stop: impl Future<Output = ()>,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), StartError> {
    let address = config.listen;
    let app = Arc::new(App::new(config, now, secrets).await?);
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| StartError::Listen { address, error })?;
    ready(listener.local_addr()?);
    let refreshing = tokio::spawn({
        let app = Arc::clone(&app);
        async move { app.signer.keep_fresh(now, &app.metrics).await }
    });
    serve::serve(listener, router(app), Connections::default(), stop).await;
    refreshing.abort();
    Ok(())
}
