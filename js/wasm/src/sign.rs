//! Signed URLs.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use presign::{Bucket, Error, ExpiryPolicy, Identity, Method, Presigner, Timestamp};

use crate::failure::Failure;
use crate::input::*;
use crate::signer::Signer;
use crate::{put_end, put_pairs};

/// Writes the expiry, the headers as `name:value`, an empty line, and the URL; for each key of a batch another line with its URL.
///
/// It does not use the crate's `Batch`: hashing dominates here, and its code would be an eighth of the module.
pub(crate) fn sign(
    input: &Input<'_>,
    signer: &mut Signer,
    at: Timestamp,
    output: &mut String,
) -> Result<(), Failure> {
    let request = Parts::of(input)?;
    let mut place = None;
    let result = signer.with_key(input, &request.bucket, at, |identity| {
        place = None;
        let sign = |key| request.presigner(identity, input, key, at).sign_at(at);
        let signed = sign(input.get(KEY))?;
        put_end(output, signed.expires_at());
        put_pairs(output, signed.headers());
        output.push_str(signed.as_str());
        for (n, key) in input.list(KEYS).iter().enumerate() {
            place = Some(n);
            output.push('\n');
            output.push_str(sign(Some(*key))?.as_str());
        }
        Ok(())
    });
    result.map_err(|error| match place {
        Some(place) => Failure::Key(error, place),
        None => Failure::Error(error),
    })
}

/// What a presigner borrows.
struct Parts<'a> {
    bucket: Bucket<'a>,
    method: Method,
    headers: Vec<(&'a str, &'a str)>,
    query: Vec<(&'a str, &'a str)>,
}

impl<'a> Parts<'a> {
    fn of(input: &Input<'a>) -> Result<Self, Error> {
        Ok(Self {
            bucket: bucket(input)?,
            method: input.get(METHOD).unwrap_or("GET").parse()?,
            headers: input.pairs(HEADERS),
            query: input.pairs(QUERY),
        })
    }

    fn presigner<'p>(
        &'p self,
        identity: Identity<'p>,
        input: &Input<'p>,
        key: Option<&'p str>,
        at: Timestamp,
    ) -> Presigner<'p> {
        let mut presigner = match key {
            Some(key) => Presigner::new(self.method, identity, &self.bucket, key),
            None => Presigner::bucket(self.method, identity, &self.bucket),
        };
        presigner = presigner.headers(&self.headers).query(&self.query);
        if let Some(name) = input.get(DOWNLOAD_AS) {
            presigner = presigner.download_as(name);
        }
        if let Some(name) = input.get(INLINE_AS) {
            presigner = presigner.inline_as(name);
        }
        if let Some(window) = input.unsigned(ALIGN_TO) {
            presigner = presigner.align_to(Duration::from_secs(window));
        }
        if input.has(ALLOW_DOT_SEGMENTS) {
            presigner = presigner.allow_dot_segments();
        }
        presigner = presigner.expiry_policy(policy(input));
        match lifetime(input, at) {
            Some(Lifetime::In(duration)) => presigner.expires_in(duration),
            Some(Lifetime::At(end)) => presigner.expires_at(end),
            None => presigner,
        }
    }
}

pub(crate) fn bucket<'a>(input: &Input<'a>) -> Result<Bucket<'a>, Error> {
    let region = input.get(REGION).unwrap_or_default();
    let mut bucket = match input.get(BUCKET) {
        Some(name) => Bucket::new(name, region)?,
        None => Bucket::service(region)?,
    };
    if let Some(url) = input.get(ENDPOINT) {
        bucket = bucket.endpoint(url)?;
    }
    for setting in PATH_STYLE..=SAME_REGION {
        if input.has(setting) {
            bucket = match setting {
                PATH_STYLE => bucket.path_style(),
                GLOBAL_ENDPOINT => bucket.global_endpoint(),
                DUAL_STACK => bucket.dual_stack(),
                FIPS => bucket.fips(),
                ACCELERATE => bucket.accelerate(),
                CONTROL_ENDPOINT => bucket.control_endpoint(),
                _ => bucket.same_region(),
            };
        }
    }
    Ok(bucket)
}

pub(crate) enum Lifetime {
    In(Duration),
    At(Timestamp),
}

pub(crate) fn lifetime(input: &Input<'_>, at: Timestamp) -> Option<Lifetime> {
    if let Some(end) = input.number(EXPIRES_AT) {
        return Some(Lifetime::At(Timestamp::from_unix(end)));
    }
    let seconds = input.number(EXPIRES_IN)?;
    Some(match u64::try_from(seconds) {
        Ok(seconds) => Lifetime::In(Duration::from_secs(seconds)),
        // An expiry in the past, which is refused with this number.
        Err(_) => Lifetime::At(Timestamp::from_unix(at.as_unix().saturating_add(seconds))),
    })
}

pub(crate) fn policy(input: &Input<'_>) -> ExpiryPolicy {
    match input.get(EXPIRY_POLICY) {
        Some("refuse") => ExpiryPolicy::Refuse,
        Some("clamp") => ExpiryPolicy::Clamp,
        _ => ExpiryPolicy::Keep,
    }
}
