use std::io::{self, Write};
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use share_service::config::Config;
use share_service::{logs, run, serve};
use tracing_subscriber::EnvFilter;

const HELP: &str = "\
Usage: share-service --config FILE

Creates S3 links: POST /links for downloads, POST /uploads and POST /multipart for uploads. The page at / uploads files.
README.md describes the requests and the configuration. The minimum is

  {\"bucket\": {\"name\": \"examplebucket\", \"region\": \"eu-west-1\"}}

Environment:
  SHARE_SERVICE_TOKEN  the access token that callers must send; required unless the service listens on loopback,
                       or the configuration has a token_file
  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                       the credentials, unless the configuration names another source
  RUST_LOG             the log filter (default: info); the log is JSON on standard output

On SIGTERM or Ctrl-C, it stops after the requests in progress.";

type Error = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "share-service: {error}");
            ExitCode::from(2)
        }
    }
}

fn start() -> Result<(), Error> {
    let mut path = None;
    let mut args = Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("config") => path = Some(args.value()?.string()?),
            Arg::Long("help") | Arg::Short('h') => return Ok(writeln!(io::stdout(), "{HELP}")?),
            other => return Err(format!("{}; see --help", other.unexpected()).into()),
        }
    }
    let path = path.ok_or("--config is required; see --help")?;
    let json = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let config = Config::parse(&json).map_err(|error| format!("{path}: {error}"))?;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let secrets = logs::Secrets::default();
    let log = logs::subscriber(filter, io::stdout, secrets.clone());
    tracing::subscriber::set_global_default(log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(async {
        let ready = |address| tracing::info!(%address, "listening");
        run(config, secrets, serve::stop_signal()?, ready).await
    })?)
}
