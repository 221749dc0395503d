//! Runs the same checks of presigned URLs on several S3 servers, or on one endpoint, and checks how HTTP clients change
//! such URLs. `../run` starts the servers and calls it.

use std::env;
use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::panic;
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use lexopt::{Arg, Parser, ValueExt};
use presign::{Bucket, Credentials, Presigner};
use presign_store::{Account, Config};

use check::Run;
use server::{Issued, Server};

mod check;
mod checks;
mod clients;
mod expected;
mod report;
mod server;

const HELP: &str = "\
Usage: tests/servers/run [--write]
       tests/servers/run --endpoint URL --region REGION --bucket BUCKET [--addressing-style STYLE]

Without an endpoint: runs all checks on an S3 server inside the process, Ceph RGW, rclone, SeaweedFS, and MinIO and
Garage if tests/servers/stores has built them; sends unusual URLs with several HTTP clients; and prints tables of both.

  --write                   write the tables into docs/servers.md

With an endpoint: runs the checks there, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if set, AWS_SESSION_TOKEN.
All objects go under one new prefix, `presign-check-...`, and are deleted afterwards.

  --endpoint URL            the service, such as https://s3.eu-west-1.amazonaws.com or http://127.0.0.1:9000
  --region REGION           the region that the service expects in signatures
  --bucket BUCKET           an existing bucket; the credentials must be able to get, put, delete and list objects
  --addressing-style STYLE  path or virtual; the default is virtual, if the bucket's name allows it
  -h, --help                print this help

Exits with 1 if the service accepted what S3 refuses, or refused what S3 accepts, without a known reason.";

#[derive(Default)]
struct Args {
    endpoint: Option<String>,
    region: Option<String>,
    bucket: Option<String>,
    path_style: bool,
}

impl Args {
    /// Returns `None` if help is requested.
    fn parse() -> Result<Option<Self>, Box<dyn Error>> {
        let mut parser = Parser::from_env();
        let mut args = Self::default();
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("endpoint") => args.endpoint = Some(parser.value()?.string()?),
                Arg::Long("region") => args.region = Some(parser.value()?.string()?),
                Arg::Long("bucket") => args.bucket = Some(parser.value()?.string()?),
                Arg::Long("addressing-style") => match parser.value()?.string()?.as_str() {
                    "path" => args.path_style = true,
                    "virtual" => args.path_style = false,
                    other => {
                        let text = format!("--addressing-style is path or virtual, not '{other}'");
                        return Err(text.into());
                    }
                },
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                other => return Err(other.unexpected().into()),
            }
        }
        if args.endpoint.is_none()
            && (args.region.is_some() || args.bucket.is_some() || args.path_style)
        {
            return Err("--region, --bucket and --addressing-style go with --endpoint".into());
        }
        Ok(Some(args))
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}; see --help");
            ExitCode::from(2)
        }
    }
}

/// Adds the name to an error.
fn at<E: fmt::Display>(name: &str, endpoint: &str) -> impl FnOnce(E) -> String {
    move |error| format!("{name} at {endpoint}: {error}")
}

/// Whether every result is as expected.
fn run() -> Result<bool, Box<dyn Error>> {
    let Some(args) = Args::parse()? else {
        writeln!(io::stdout(), "{HELP}")?;
        return Ok(true);
    };
    if let Some(endpoint) = &args.endpoint {
        let server = theirs(endpoint, &args)?;
        let servers = [server];
        eprintln!("all objects are below {}", servers[0].prefix);
        let checked = panic::catch_unwind(|| report::servers(&columns(&servers)));
        servers[0].clean_up()?;
        eprintln!("and are deleted");
        return checked.or_else(|panic| panic::resume_unwind(panic));
    }
    let in_process = presign_store::Server::start(&Config {
        accounts: &[
            Account {
                access_key_id: ID,
                secret_access_key: SECRET,
                session_token: None,
            },
            Account {
                access_key_id: "ASIAIOSFODNN7EXAMPLE",
                secret_access_key: SECRET,
                session_token: Some(TOKEN),
            },
        ],
        region: REGION,
        buckets: &[BUCKET],
        ..Config::default()
    })?;
    let mut servers = vec![s3s(&in_process)?];
    let named = |name| env::var(name).ok();
    if let Some(endpoint) = named("PRESIGN_RGW") {
        servers.push(rgw("Ceph RGW", &endpoint, None).map_err(at("Ceph RGW", &endpoint))?);
    }
    if let (Some(endpoint), Some(answer)) = (named("PRESIGN_RGW_STS"), named("PRESIGN_STS_ANSWER"))
    {
        let issued = Issued::read(&answer)?;
        let name = "Ceph RGW, STS";
        servers.push(rgw(name, &endpoint, Some(issued)).map_err(at(name, &endpoint))?);
    }
    if let (Some(path_style), Some(virtual_hosted)) =
        (named("PRESIGN_RCLONE"), named("PRESIGN_RCLONE_HOSTS"))
    {
        servers.push(rclone(&path_style, &virtual_hosted).map_err(at("rclone", &path_style))?);
    }
    if let (Some(endpoint), Some(answer)) = (named("PRESIGN_MINIO"), named("PRESIGN_MINIO_STS")) {
        servers.push(minio(&endpoint, &answer).map_err(at("MinIO", &endpoint))?);
    }
    if let Some(endpoint) = named("PRESIGN_SEAWEEDFS") {
        servers.push(seaweedfs(&endpoint).map_err(at("SeaweedFS", &endpoint))?);
    }
    if let Some(endpoint) = named("PRESIGN_GARAGE") {
        servers.push(garage(&endpoint).map_err(at("Garage", &endpoint))?);
    }
    report::introduction();
    let servers_right = report::servers(&columns(&servers));
    let clients_right = report::clients(&clients::all()?);
    Ok(servers_right && clients_right)
}

/// The account of the AWS documentation, which `../run` configures on its servers.
const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE//8+AbC+/xyz0123456789==";
/// Garage accepts only access keys of this form.
const GARAGE_ID: &str = "GK31c2f218a2e44f485b94239e";
const GARAGE_SECRET: &str = "b892c0665f0ada8a4755dae98baa3b133590e11dae3bcc1f9d769d67f16c3835";
const REGION: &str = "eu-central-1";
const BUCKET: &str = "examplebucket";

/// A server's column: the result of each check.
pub(crate) struct Column<'s> {
    pub(crate) server: &'s Server,
    pub(crate) runs: Vec<(String, Run<'s>)>,
}

/// Runs all checks, on all servers at the same time.
fn columns(servers: &[Server]) -> Vec<Column<'_>> {
    let column = |server| {
        let (start, checks) = (Instant::now(), checks::all());
        let runs = checks.into_iter().map(|check| {
            let run = Run::of(&check, server);
            (check.name, run)
        });
        let runs: Vec<_> = runs.collect();
        let answers: usize = runs.iter().map(|(_, run)| run.answers).sum();
        let seconds = start.elapsed().as_secs();
        eprintln!("{}: {answers} answers in {seconds} s", server.name);
        Column { server, runs }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = servers
            .iter()
            .map(|server| scope.spawn(move || column(server)))
            .collect();
        let columns = threads.into_iter().map(|thread| match thread.join() {
            Ok(column) => column,
            Err(panic) => panic::resume_unwind(panic),
        });
        columns.collect()
    })
}

fn bucket_at(endpoint: &str, name: &str) -> Result<Bucket<'static>, presign::Error> {
    Ok(Bucket::new(name, REGION)?.endpoint(endpoint)?.into_owned())
}

fn s3s(server: &presign_store::Server) -> Result<Server, Box<dyn Error>> {
    let bucket = bucket_at(&server.endpoint(), BUCKET)?.path_style();
    let credentials = Credentials::new(ID, SECRET);
    Ok(Server {
        path_style: Some(bucket.clone()),
        virtual_hosted: Some(bucket_at(&server.virtual_host_endpoint(), BUCKET)?),
        permanent: Some(credentials.clone()),
        issued: Some(Issued {
            id: "ASIAIOSFODNN7EXAMPLE".to_owned(),
            secret: SECRET.to_owned(),
            token: TOKEN.to_owned(),
        }),
        disposable: true,
        ..Server::new("s3s", credentials, bucket)
    })
}

/// A server that `../run` started, with two new buckets.
fn started(
    name: &'static str,
    endpoint: &str,
    credentials: Credentials<'static>,
    versions: bool,
) -> Result<Server, Box<dyn Error>> {
    // Two gateways of Ceph share their buckets.
    let prefix = name
        .to_ascii_lowercase()
        .replace(", ", "-")
        .replace(' ', "-");
    let bucket = bucket_at(endpoint, &format!("{prefix}-{BUCKET}"))?.path_style();
    let hosts = endpoint.replacen("127.0.0.1", "s3.localhost", 1);
    let mut server = Server::new(name, credentials, bucket.clone());
    server.create(&bucket)?;
    if versions {
        let versioned = bucket_at(endpoint, &format!("{prefix}-versions"))?.path_style();
        server.create(&versioned)?;
        server.keep_versions(&versioned)?;
        server.versioned = Some(versioned);
    }
    server.virtual_hosted = Some(bucket_at(&hosts, bucket.name())?);
    server.path_style = Some(bucket);
    server.disposable = true;
    Ok(server)
}

/// With issued credentials, all checks use them.
fn rgw(
    name: &'static str,
    endpoint: &str,
    issued: Option<Issued>,
) -> Result<Server, Box<dyn Error>> {
    let permanent = Credentials::new(ID, SECRET);
    let credentials = match &issued {
        Some(issued) => issued.credentials(),
        None => permanent.clone(),
    };
    let mut server = started(name, endpoint, credentials, true)?;
    server.permanent = Some(permanent);
    server.issued = issued;
    Ok(server)
}

fn minio(endpoint: &str, sts_answer: &str) -> Result<Server, Box<dyn Error>> {
    let credentials = Credentials::new(ID, SECRET);
    let mut server = started("MinIO", endpoint, credentials.clone(), true)?;
    server.permanent = Some(credentials);
    server.issued = Some(Issued::read(sts_answer)?);
    Ok(server)
}

fn seaweedfs(endpoint: &str) -> Result<Server, Box<dyn Error>> {
    let credentials = Credentials::new(ID, SECRET);
    let mut server = started("SeaweedFS", endpoint, credentials.clone(), true)?;
    server.permanent = Some(credentials);
    Ok(server)
}

fn garage(endpoint: &str) -> Result<Server, Box<dyn Error>> {
    let credentials = Credentials::new(GARAGE_ID, GARAGE_SECRET);
    let mut server = started("Garage", endpoint, credentials.clone(), false)?;
    server.permanent = Some(credentials);
    Ok(server)
}

fn rclone(path_style: &str, virtual_hosted: &str) -> Result<Server, Box<dyn Error>> {
    let bucket = bucket_at(path_style, BUCKET)?.path_style();
    let hosts = virtual_hosted.replacen("127.0.0.1", "s3.localhost", 1);
    let credentials = Credentials::new(ID, SECRET);
    Ok(Server {
        path_style: Some(bucket.clone()),
        virtual_hosted: Some(bucket_at(&hosts, BUCKET)?),
        permanent: Some(credentials.clone()),
        disposable: true,
        ..Server::new("rclone", credentials, bucket)
    })
}

/// The user's own endpoint.
fn theirs(endpoint: &str, args: &Args) -> Result<Server, Box<dyn Error>> {
    let given = |flag: &Option<String>, name| {
        let flag = flag.clone();
        flag.ok_or_else(|| format!("--endpoint also needs {name}"))
    };
    let (name, region) = (
        given(&args.bucket, "--bucket")?,
        given(&args.region, "--region")?,
    );
    let bucket = Bucket::new(&name, &region)?.endpoint(endpoint)?;
    let bucket = if args.path_style {
        bucket.path_style()
    } else {
        bucket
    };
    let bucket = bucket.into_owned();
    let credentials = Credentials::from_env()?;
    // An IP address, or a name that is no host label, always uses path style.
    let probe = Presigner::head(&credentials, &bucket, "a").sign()?;
    let path_style = probe.as_str().contains(&format!("/{name}/a?"));
    let mut server = Server::new(expected::THEIRS, credentials.clone(), bucket.clone());
    server.can_list()?;
    match (
        env::var("AWS_SESSION_TOKEN"),
        env::var("AWS_SECRET_ACCESS_KEY"),
    ) {
        (Ok(token), Ok(secret)) if !token.is_empty() => {
            let id = credentials.access_key_id().to_owned();
            server.issued = Some(Issued { id, secret, token });
        }
        _ => server.permanent = Some(credentials),
    }
    if server.keeps_versions(&bucket)? {
        server.versioned = Some(bucket.clone());
    }
    match path_style {
        true => server.path_style = Some(bucket),
        false => server.virtual_hosted = Some(bucket),
    }
    Ok(server)
}
