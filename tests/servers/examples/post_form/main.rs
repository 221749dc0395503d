//! Signs a form that uploads a file to S3: `cargo run --example post_form -- --help`.
//!
//! With `--serve`, it serves a page that uploads to an S3 server in this process.

use std::process::ExitCode;

use presign::Bucket;
use presign::post::PostForm;
use serde_json::{Map, Value, json};

use args::Args;
use output::{Error, print};

#[path = "../../../../examples/shared/addressing_style.rs"]
mod addressing_style;
mod args;
#[path = "../../../../examples/shared/flags.rs"]
mod flags;
#[path = "../../../../examples/shared/output.rs"]
mod output;
#[path = "../../../../examples/shared/profile.rs"]
mod profile;
mod serve;
mod upload;

fn main() -> ExitCode {
    output::end("post_form", run())
}

fn run() -> Result<(), Error> {
    let Some(args) = Args::parse(std::env::args_os().skip(1))? else {
        return print(&format!("{}\n\n{}", args::HELP, profile::HELP));
    };
    if args.serve {
        return serve::serve(args);
    }
    let form = sign(&args)?;
    if args.json {
        print(&describe(&form)?)
    } else {
        print(&page(&form))
    }
}

fn sign(args: &Args) -> Result<PostForm, Error> {
    let (credentials, region) =
        profile::credentials_and_region(args.profile.as_deref(), args.region.as_deref())?;
    let mut bucket = Bucket::new(&args.bucket, &region)?;
    if let Some(url) = &args.endpoint_url {
        bucket = bucket.endpoint(url)?;
    }
    if args.path_style == Some(true) {
        bucket = bucket.path_style();
    }
    Ok(args.upload.form(&credentials, &bucket, args.at)?)
}

/// A page for a browser. A file must declare its encoding, UTF-8, itself.
fn page(form: &PostForm) -> String {
    let html = form.to_html();
    format!(
        "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>Upload</title>\n{}",
        html.trim_end()
    )
}

/// Everything a sender needs, as one line of JSON.
fn describe(form: &PostForm) -> Result<String, Error> {
    fn object<'f>(fields: impl Iterator<Item = (&'f str, &'f str)>) -> Map<String, Value> {
        fields
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect()
    }
    let policy: Value = serde_json::from_str(form.policy())?;
    Ok(json!({
        "method": "POST",
        "url": form.action(),
        "fields": object(form.fields()),
        "open_fields": object(form.open_fields()),
        "policy": policy,
        "expires_at": form.expires_at().to_string(),
    })
    .to_string())
}
