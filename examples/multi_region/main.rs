//! Presigns a URL of a multi-region access point: `cargo run --features sigv4a --example multi_region -- --help`.

use core::time::Duration;
use std::process::ExitCode;

use presign::{Bucket, Method, PresignedUrl, Presigner};

use args::Args;
use describe::describe;
use output::{Error, print};

mod args;
#[path = "../shared/describe.rs"]
mod describe;
#[path = "../shared/flags.rs"]
mod flags;
#[path = "../shared/output.rs"]
mod output;
#[path = "../shared/profile.rs"]
mod profile;

/// Not asked for, since nothing is signed for one region and the host is the same for all.
const REGION: &str = "us-east-1";

fn main() -> ExitCode {
    output::end("multi_region", run())
}

fn run() -> Result<(), Error> {
    let Some(args) = Args::parse(std::env::args_os().skip(1))? else {
        return print(&format!("{}\n\n{}", args::HELP, profile::HELP));
    };
    let url = sign(&args)?;
    if args.json {
        print(&describe(&url))
    } else {
        print(url.as_str())
    }
}

fn sign(args: &Args) -> Result<PresignedUrl, Error> {
    // Bucket names and ARNs that name a region are the business of `presign`.
    if args.arn.split(':').nth(3) != Some("") {
        return Err(
            "--arn is not that of a multi-region access point, which names no region".into(),
        );
    }
    let (credentials, _) = profile::credentials_and_region(args.profile.as_deref(), Some(REGION))?;
    let mut bucket = Bucket::new(&args.arn, REGION)?;
    if let Some(regions) = &args.region_set {
        bucket = bucket.region_set(regions)?;
    }

    let method = args.method.unwrap_or(Method::Get);
    let expires_in = Duration::from_secs(args.expires_in.unwrap_or(3600)); // as `aws s3 presign`
    let presigner = match &args.key {
        Some(key) => Presigner::new(method, &credentials, &bucket, key),
        None => Presigner::bucket(method, &credentials, &bucket),
    };
    let presigner = presigner.expires_in(expires_in);
    Ok(match args.at {
        Some(at) => presigner.sign_at(at)?,
        None => presigner.sign()?,
    })
}
