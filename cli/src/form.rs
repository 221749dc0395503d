//! `form`: a page that uploads from a browser.

use presign::Timestamp;
use presign::post::{PostForm, PostPolicy};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::args::Form;
use crate::config::Config;
use crate::output::{Error, print};
use crate::share::{headers as object, json};
use crate::usage;
use crate::values::s3_uri;

pub(crate) fn run(args: &Form) -> Result<(), Error> {
    let (name, key) = s3_uri(&args.uri).map_err(|text| usage::error(&text))?;
    let mut key = key.to_owned();
    if key.ends_with('/') {
        key.push_str("${filename}");
    }
    let config = Config::load(&args.client)?;
    let bucket = config.bucket(Some(name), &args.client)?;
    let mut policy =
        PostPolicy::new(&config.credentials, &bucket, &key).expires_in(args.when.expires_in);
    for (name, value) in &args.field {
        policy = policy.field(name, value);
    }
    for (name, prefix) in &args.starts_with {
        policy = policy.field_starts_with(name, prefix);
    }
    if let Some((min, max)) = args.content_length {
        policy = policy.content_length(min..=max);
    }
    let form = policy.sign_at(args.when.at.unwrap_or_else(Timestamp::now))?;
    if args.json {
        print(&describe(&form)?)
    } else {
        print(&page(&form))
    }
}

/// A page for a browser. Its text is UTF-8, which a file must declare.
fn page(form: &PostForm) -> String {
    let html = form.to_html();
    format!(
        "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>Upload</title>\n{}",
        html.trim_end()
    )
}

/// What a sender must know, as JSON in one line.
#[derive(Serialize)]
struct Description<'d> {
    method: &'d str,
    url: &'d str,
    fields: Map<String, Value>,
    open_fields: Map<String, Value>,
    policy: &'d RawValue,
    expires_at: String,
}

fn describe(form: &PostForm) -> Result<String, Error> {
    json(&Description {
        method: "POST",
        url: form.action(),
        fields: object(form.fields()),
        open_fields: object(form.open_fields()),
        policy: serde_json::from_str(form.policy()).map_err(Error::refused)?,
        expires_at: form.expires_at().to_string(),
    })
}
