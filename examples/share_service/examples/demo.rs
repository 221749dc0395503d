//! The service with a store inside the process, to try both: nothing else is needed.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use presign_servers::{Account, Config as StoreConfig, Server, random_secret};
use share_service::config::Config;
use share_service::{logs, run, serve};
use tracing_subscriber::EnvFilter;

const HELP: &str = "\
Usage: cargo run --example demo -- [--port PORT]

Starts an S3 store inside the process, and the service with a page that uploads to it, at http://127.0.0.1:8080 if no
other port is named; port 0 takes any that is free. What is uploaded is deleted when Ctrl-C ends it.";

const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";

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
    let mut port = 8080_u16;
    let mut args = Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("port") => port = args.value()?.parse()?,
            Arg::Long("help") | Arg::Short('h') => return Ok(writeln!(io::stdout(), "{HELP}")?),
            other => return Err(format!("{}; see --help", other.unexpected()).into()),
        }
    }
    let secret = random_secret()?;
    let account = Account {
        access_key_id: ACCESS_KEY_ID,
        secret_access_key: &secret,
        session_token: None,
    };
    let store = Server::start(&StoreConfig {
        accounts: &[account],
        buckets: &["share"],
        pages: true,
        ..StoreConfig::default()
    })?;
    let folder = tempfile::tempdir()?;
    let credentials = folder.path().join("credentials.json");
    let json = serde_json::json!({ "AccessKeyId": ACCESS_KEY_ID, "SecretAccessKey": secret });
    std::fs::write(&credentials, json.to_string())?;
    let config = serde_json::json!({
        "bucket": {
            "name": "share",
            "region": StoreConfig::default().region,
            "endpoint": store.endpoint(),
            "path_style": true,
        },
        "credentials": { "file": credentials },
        "listen": SocketAddr::from(([127, 0, 0, 1], port)),
        "limits": { "key_prefix": "uploads/", "part_size": 5 << 20 },
    });
    let config = Config::parse(&config.to_string())?;
    // The store complains of each upload that is cancelled.
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,s3s=off"));
    tracing::subscriber::set_global_default(logs::subscriber(filter, io::stderr))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let stop = serve::stop_signal()?;
        let ready = |address: SocketAddr| {
            // To write to standard output must not panic, should it be closed.
            let mut out = io::stdout();
            let _ = writeln!(out, "The page is at http://{address}/ until Ctrl-C.");
            let _ = writeln!(
                out,
                "curl -s http://{address}/links --json '{{\"key\":\"uploads/FILE\"}}' gives a link."
            );
        };
        Ok(run(config, stop, ready).await?)
    })
}
