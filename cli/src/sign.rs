//! `get`, `put`, `head`, `delete`, `request` and `list`.

use presign::{Method, Presigner, Timestamp};

use crate::args::{Get, List, Output, Put, Sign, What, When};
use crate::config::Config;
use crate::many;
use crate::output::Error;
use crate::share::{self, With};
use crate::usage;
use crate::values::{borrowed, s3_uri};

pub(crate) fn get(args: &Get) -> Result<(), Error> {
    let extra = Extra {
        download_as: args.download_as.as_deref(),
        ..Extra::default()
    };
    run(Method::Get, &args.sign, &extra)
}

pub(crate) fn put(args: &Put) -> Result<(), Error> {
    let extra = Extra {
        content_length: args.content_length,
        ..Extra::default()
    };
    run(Method::Put, &args.sign, &extra)
}

pub(crate) fn object(method: Method, args: &Sign) -> Result<(), Error> {
    run(method, args, &Extra::default())
}

/// Settings that only some commands have flags for.
#[derive(Default)]
struct Extra<'e> {
    download_as: Option<&'e str>,
    content_length: Option<u64>,
}

/// What a link is for.
enum Target<'t> {
    Object(&'t str, &'t str),
    Keys(&'t str),
    Bucket(&'t str),
    Service,
}

impl<'t> Target<'t> {
    fn of(args: &'t Sign) -> Result<Self, Error> {
        let object = &args.object;
        match (
            object.uri.as_deref(),
            object.bucket.as_deref(),
            object.key.as_deref(),
        ) {
            _ if object.service => Ok(Self::Service),
            (Some("-"), Some(bucket), None) => Ok(Self::Keys(bucket)),
            (Some("-"), ..) => Err(usage::error("keys from stdin need --bucket, and no --key")),
            (Some(uri), None, None) => {
                let (bucket, key) = s3_uri(uri).map_err(|text| usage::error(&text))?;
                Ok(Self::Object(bucket, key))
            }
            (Some(_), ..) => Err(usage::error(
                "an S3 URI cannot be combined with --bucket or --key",
            )),
            (None, Some(bucket), Some(key)) => Ok(Self::Object(bucket, key)),
            (None, Some(bucket), None) => Ok(Self::Bucket(bucket)),
            (None, None, _) => Err(usage::error(
                "no object: give an S3 URI, or --bucket and --key",
            )),
        }
    }

    fn bucket(&self) -> Option<&'t str> {
        match *self {
            Self::Object(bucket, _) | Self::Keys(bucket) | Self::Bucket(bucket) => Some(bucket),
            Self::Service => None,
        }
    }
}

fn run(method: Method, args: &Sign, extra: &Extra<'_>) -> Result<(), Error> {
    let target = Target::of(args)?;
    let reads_keys = matches!(target, Target::Keys(_));
    if reads_keys && (args.output.curl || args.output.qr || args.output.copy) {
        return Err(usage::error("--curl, --qr and --copy are for one link"));
    }
    if !reads_keys && (args.many.null || args.many.jsonl) {
        return Err(usage::error("--null and --jsonl are for keys from stdin"));
    }
    let config = Config::load(&args.client)?;
    let bucket = config.bucket(target.bucket(), &args.client)?;
    let key = match target {
        Target::Object(_, key) => Some(key),
        Target::Keys(_) => Some(""),
        Target::Bucket(_) | Target::Service => None,
    };
    let mut presigner = match key {
        Some(key) => Presigner::new(method, &config.credentials, &bucket, key),
        None => Presigner::bucket(method, &config.credentials, &bucket),
    };
    if let Some(name) = extra.download_as {
        presigner = presigner.download_as(name);
    }
    if let Some(bytes) = extra.content_length {
        presigner = presigner.content_length(bytes);
    }
    let (headers, query) = (args.request.headers(), borrowed(&args.request.query));
    let presigner = request(presigner, &args.request, &headers, &query);
    if reads_keys {
        return many::run(&presigner, args);
    }
    let with = With {
        file: key.and_then(|key| key.rsplit('/').next()),
        ..With::default()
    };
    one(&presigner, &args.request.when, &with, &args.output)
}

pub(crate) fn list(args: &List) -> Result<(), Error> {
    let (name, prefix) = match (&args.uri, &args.bucket) {
        (Some(uri), _) => s3_uri(uri).map_err(|text| usage::error(&text))?,
        (None, Some(bucket)) => (bucket.as_str(), args.prefix.as_deref().unwrap_or_default()),
        (None, None) => {
            return Err(usage::error("no bucket: give an S3 URI, or --bucket"));
        }
    };
    let config = Config::load(&args.client)?;
    let bucket = config.bucket(Some(name), &args.client)?;
    let mut presigner = Presigner::list(&config.credentials, &bucket);
    if !prefix.is_empty() {
        presigner = presigner.prefix(prefix);
    }
    if let Some(text) = &args.delimiter {
        presigner = presigner.delimiter(text);
    }
    if let Some(keys) = args.max_keys {
        presigner = presigner.max_keys(keys);
    }
    if let Some(key) = &args.start_after {
        presigner = presigner.start_after(key);
    }
    if let Some(token) = &args.continuation_token {
        presigner = presigner.continuation_token(token);
    }
    let (headers, query) = (args.request.headers(), borrowed(&args.request.query));
    let presigner = request(presigner, &args.request, &headers, &query);
    one(
        &presigner,
        &args.request.when,
        &With::default(),
        &args.output,
    )
}

/// Adds the settings that every request supports.
pub(crate) fn request<'p>(
    presigner: Presigner<'p>,
    what: &'p What,
    headers: &'p [(&'p str, &'p str)],
    query: &'p [(&'p str, &'p str)],
) -> Presigner<'p> {
    let mut presigner = presigner.expires_in(what.when.expires_in);
    if !headers.is_empty() {
        presigner = presigner.headers(headers);
    }
    if !query.is_empty() {
        presigner = presigner.query(query);
    }
    if let Some(value) = &what.content_type {
        presigner = presigner.content_type(value);
    }
    if what.allow_dot_segments {
        presigner = presigner.allow_dot_segments();
    }
    presigner
}

/// Signs and prints one link.
pub(crate) fn one(
    presigner: &Presigner<'_>,
    when: &When,
    with: &With<'_>,
    output: &Output,
) -> Result<(), Error> {
    let at = when.at.unwrap_or_else(Timestamp::now);
    let url = presigner.sign_at(at)?;
    share::advise(presigner, at, output);
    share::link(&url, with, output)
}
