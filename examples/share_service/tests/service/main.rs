//! The service over HTTP, against the S3 server of `presign-examples`.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{LazyLock, Mutex, Once, PoisonError};

use presign_store::{Account, Config as StoreConfig, Server, http};
use serde_json::{Value, json};
use share_service::config::Config;
use share_service::logs::{self, Secrets};
use share_service::run;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

mod flow;
mod log_lines;
mod process;
mod refusals;
mod rotation;
mod shutdown;
mod slow;
mod windows;

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "an-access-token-for-tests-only";

/// The service and a store, in this process.
struct Running {
    store: Server,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
    runtime: Runtime,
    _folder: tempfile::TempDir,
}

impl Running {
    fn start(limits: Value) -> Self {
        Self::with_session_token(limits, None)
    }

    fn with_session_token(limits: Value, session_token: Option<&str>) -> Self {
        collect_logs();
        let secrets = match session_token {
            Some(_) => SECRETS.clone(),
            None => Secrets::default(),
        };
        let store = Server::start(&StoreConfig {
            accounts: &[Account {
                access_key_id: ID,
                secret_access_key: SECRET,
                session_token,
            }],
            ..StoreConfig::default()
        });
        let store = store.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let credentials = folder.path().join("credentials.json");
        let given =
            json!({ "AccessKeyId": ID, "SecretAccessKey": SECRET, "SessionToken": session_token });
        std::fs::write(&credentials, given.to_string()).unwrap();
        let token_file = folder.path().join("token");
        std::fs::write(&token_file, format!("{TOKEN}\n")).unwrap();
        let config = json!({
            "bucket": bucket(&store.endpoint()),
            "credentials": { "file": credentials },
            "token_file": token_file,
            "listen": "127.0.0.1:0",
            "limits": limits,
        });
        let config = Config::parse(&config.to_string()).unwrap();
        let runtime = Runtime::new().unwrap();
        let (stop, stopped) = oneshot::channel();
        let (ready, address) = oneshot::channel();
        let task = runtime.spawn(async move {
            let stopped = async { drop(stopped.await) };
            let ready = |address| ready.send(address).unwrap();
            run(config, secrets, stopped, ready).await.unwrap();
        });
        let address = runtime.block_on(address).unwrap();
        Self {
            store,
            address,
            stop: Some(stop),
            task,
            runtime,
            _folder: folder,
        }
    }

    /// Sends a request with the token to the service.
    fn ask(&self, path: &str, body: &Value) -> (u16, Value) {
        let authorization = format!("Bearer {TOKEN}");
        let headers = [
            ("content-type", "application/json"),
            ("authorization", authorization.as_str()),
        ];
        self.send("POST", path, &headers, body.to_string().as_bytes())
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> (u16, Value) {
        let url = format!("http://{}{path}", self.address);
        let answer = http::send(method, &url, headers, body).unwrap();
        let value = serde_json::from_slice(&answer.body).unwrap_or_else(|_| {
            String::from_utf8_lossy(&answer.body).into_owned().into() // not JSON
        });
        (answer.status, value)
    }

    /// Sends a request that must succeed.
    #[track_caller]
    fn given(&self, path: &str, body: &Value) -> Value {
        let (status, value) = self.ask(path, body);
        assert_eq!(status, 200, "{value}");
        value
    }

    /// Sends a request that must fail, and returns status and code.
    #[track_caller]
    fn refused(&self, path: &str, body: &Value) -> (u16, String) {
        let (status, value) = self.ask(path, body);
        assert!(status >= 400, "{value}");
        assert!(!text(&value["error"]["message"]).is_empty());
        (status, text(&value["error"]["code"]).to_owned())
    }
}

fn bucket(endpoint: &str) -> Value {
    let region = StoreConfig::default().region;
    json!({ "name": "examplebucket", "region": region, "endpoint": endpoint, "path_style": true })
}

#[track_caller]
fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
}

/// The logs of all tests' services.
static LOGS: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// The secrets of the one service that has a session token. The other services would replace them.
static SECRETS: LazyLock<Secrets> = LazyLock::new(Secrets::default);

struct Collected;

impl Write for Collected {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut logs = LOGS.lock().unwrap_or_else(PoisonError::into_inner);
        logs.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn collect_logs() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let everything = "trace,s3s=off,s3s_fs=off"; // not the store, which is in the process for tests only
        let everything = tracing_subscriber::EnvFilter::new(everything);
        let subscriber = logs::subscriber(everything, || Collected, SECRETS.clone());
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}
