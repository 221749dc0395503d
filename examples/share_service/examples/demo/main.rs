//! The service and an S3 store in one process, to try the page without an account.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use presign_store::random_secret;
use serde_json::json;
use share_service::config::Config;
use share_service::{StartError, logs, run, serve};
use tracing_subscriber::EnvFilter;

mod store;

const HELP: &str = "\
Usage: cargo run --example demo -- [--port PORT] [--folder FOLDER]

Starts the service with its page on 127.0.0.1, and an S3 store in the same process.

  --port PORT      the service's port (default: 8080); the store uses the next one. 0 uses any two free ports.
  --folder FOLDER  keeps the files in FOLDER, so that uploads continue after a restart.
                   By default they are deleted on Ctrl-C.";

const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const BUCKET: &str = "share";
const REGION: &str = "eu-central-1";

/// `s3s-fs` writes key and bucket in base64 into a file's name.
const MAX_KEY_BYTES: usize = 130;

type Error = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "demo: {error}");
            ExitCode::from(2)
        }
    }
}

fn start() -> Result<(), Error> {
    let (mut port, mut folder) = (8080_u16, None);
    let mut args = Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("port") => port = args.value()?.parse()?,
            Arg::Long("folder") => folder = Some(PathBuf::from(args.value()?)),
            Arg::Long("help") | Arg::Short('h') => return Ok(writeln!(io::stdout(), "{HELP}")?),
            other => return Err(format!("{}; see --help", other.unexpected()).into()),
        }
    }
    // The store reports each upload that is canceled.
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,s3s=off"));
    let secrets = logs::Secrets::default();
    let log = logs::subscriber(filter, io::stderr, secrets.clone());
    tracing::subscriber::set_global_default(log)?;
    let temporary = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let stop = serve::stop_signal()?;
        let secret = random_secret()?;
        let credentials = temporary.path().join("credentials.json");
        let given = json!({ "AccessKeyId": ACCESS_KEY_ID, "SecretAccessKey": secret });
        std::fs::write(&credentials, given.to_string())?;
        let folder = folder.unwrap_or_else(|| temporary.path().join("store"));
        let store_port = match port {
            0 => 0,
            _ => port.checked_add(1).ok_or("the highest port is 65534")?,
        };
        let store = store::start(&folder, store_port, ACCESS_KEY_ID, &secret, BUCKET).await?;
        let config = json!({
            "bucket": {
                "name": BUCKET,
                "region": REGION,
                "endpoint": format!("http://{store}"),
                "path_style": true,
            },
            "credentials": { "file": credentials },
            "listen": SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            "limits": {
                "key_prefix": "uploads/",
                "part_size": 5 << 20,
                "max_expires_in": 604_800,
                "max_key_bytes": MAX_KEY_BYTES,
            },
        });
        let config = Config::parse(&config.to_string())?;
        let ready = |address: SocketAddr| {
            // Must not panic if standard output is closed.
            let mut out = io::stdout();
            let _ = writeln!(out, "Open http://{address}/ in a browser. Ctrl-C stops it.");
            let _ = writeln!(
                out,
                "Get a link: curl -s http://{address}/links --json '{{\"key\":\"uploads/FILE\"}}'"
            );
        };
        run(config, secrets, stop, ready)
            .await
            .map_err(|error| match error {
                StartError::Listen { address, error } => in_use(address, &error),
                other => other.into(),
            })
    })
}

fn in_use(address: SocketAddr, error: &io::Error) -> Error {
    format!("cannot listen on {address}: {error}; --port 0 uses any two free ports").into()
}
