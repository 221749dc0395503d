//! Presigns an S3 URL, with the flags of `aws s3 presign` and more: `cargo run --example presign -- --help`.

use core::time::Duration;
use std::process::ExitCode;

use presign::{Bucket, Method, PresignedUrl, Presigner};

use args::Args;
use describe::describe;
use output::{Error, print};

#[path = "../shared/addressing_style.rs"]
mod addressing_style;
mod args;
#[path = "../shared/describe.rs"]
mod describe;
#[path = "../shared/flags.rs"]
mod flags;
#[path = "../shared/header.rs"]
mod header;
#[path = "../shared/output.rs"]
mod output;
#[path = "../shared/profile.rs"]
mod profile;

fn main() -> ExitCode {
    output::end("presign", run())
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
    let (mut credentials, region) =
        profile::credentials_and_region(args.profile.as_deref(), args.region.as_deref())?;
    if args.express_session {
        credentials = credentials.express_session();
    }

    let mut bucket = if args.service {
        Bucket::service(&region)?
    } else {
        Bucket::new(&args.bucket, &region)?
    };
    if let Some(url) = &args.endpoint_url {
        bucket = bucket.endpoint(url)?;
    }
    if args.path_style == Some(true) {
        bucket = bucket.path_style();
    }
    if args.global_endpoint {
        bucket = bucket.global_endpoint();
    }
    if args.dual_stack {
        bucket = bucket.dual_stack();
    }
    if args.fips {
        bucket = bucket.fips();
    }
    if args.accelerate {
        bucket = bucket.accelerate();
    }
    if args.control_endpoint {
        bucket = bucket.control_endpoint();
    }
    if args.same_region {
        bucket = bucket.same_region();
    }

    let (query, headers) = (borrowed(&args.query), borrowed(&args.headers));
    let method = args.method.unwrap_or(Method::Get);
    let expires_in = Duration::from_secs(args.expires_in.unwrap_or(3600)); // as `aws s3 presign`
    let presigner = match &args.key {
        Some(key) => Presigner::new(method, &credentials, &bucket, key),
        None => Presigner::bucket(method, &credentials, &bucket),
    };
    let mut presigner = presigner
        .expires_in(expires_in)
        .query(&query)
        .headers(&headers);
    if let Some(value) = &args.content_type {
        presigner = presigner.content_type(value);
    }
    if args.allow_dot_segments {
        presigner = presigner.allow_dot_segments();
    }

    Ok(match args.at {
        Some(at) => presigner.sign_at(at)?,
        None => presigner.sign()?,
    })
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect()
}
