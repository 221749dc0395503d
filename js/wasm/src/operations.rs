//! What JavaScript can ask for. A result is written as lines: names, values and URLs have no line breaks.

use alloc::string::String;
use core::fmt::Write as _;
use core::time::Duration;

#[cfg(feature = "post")]
use presign::post::PostPolicy;
#[cfg(feature = "verify")]
use presign::verify::{Request, Verifier};
use presign::{Bucket, Error, ExpiryPolicy, Identity, Method, Presigner, Timestamp};

use crate::failure::Failure;
use crate::input::*;
use crate::signer::{Signer, credentials};

/// Writes the end, the headers as `name:value`, an empty line, and the URL.
pub(crate) fn sign(
    input: &Input<'_>,
    signer: &mut Signer,
    at: Timestamp,
    output: &mut String,
) -> Result<(), Failure> {
    let request = Parts::of(input)?;
    let signed = signer.with_key(input, &request.bucket, at, |identity| {
        request.presigner(identity, input, at).sign_at(at)
    })?;
    put_end(output, signed.expires_at());
    put_pairs(output, signed.headers());
    output.push_str(signed.as_str());
    Ok(())
}

/// Like [`sign`], with a URL in each line.
pub(crate) fn sign_each(
    input: &Input<'_>,
    signer: &mut Signer,
    at: Timestamp,
    output: &mut String,
) -> Result<(), Failure> {
    let request = Parts::of(input)?;
    let batch = signer.with_key(input, &request.bucket, at, |identity| {
        request.presigner(identity, input, at).batch_at(at)
    })?;
    let urls = batch.sign_each(input.list(KEYS))?;
    put_end(output, batch.expires_at());
    put_pairs(output, batch.headers());
    for (n, url) in urls.iter().enumerate() {
        if n > 0 {
            output.push('\n');
        }
        output.push_str(url);
    }
    Ok(())
}

/// What a presigner borrows.
struct Parts<'a> {
    bucket: Bucket<'a>,
    method: Method,
    headers: alloc::vec::Vec<(&'a str, &'a str)>,
    query: alloc::vec::Vec<(&'a str, &'a str)>,
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
        at: Timestamp,
    ) -> Presigner<'p> {
        let mut presigner = match input.get(KEY) {
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

#[cfg(feature = "post")]
/// Writes the end, the fields as `name:value`, an empty line, the open fields, an empty line, and the URL.
pub(crate) fn sign_form(
    input: &Input<'_>,
    signer: &mut Signer,
    at: Timestamp,
    output: &mut String,
) -> Result<(), Failure> {
    let bucket = bucket(input)?;
    let (fields, open_fields) = (input.pairs(FIELDS), input.pairs(OPEN_FIELDS));
    let form = signer.with_key(input, &bucket, at, |identity| {
        let mut policy_of = PostPolicy::new(identity, &bucket, input.get(KEY).unwrap_or_default());
        for (name, value) in &fields {
            policy_of = policy_of.field(name, value);
        }
        for (name, prefix) in &open_fields {
            policy_of = policy_of.field_starts_with(name, prefix);
        }
        if let (Some(min), Some(max)) = (input.unsigned(MIN_LENGTH), input.unsigned(MAX_LENGTH)) {
            policy_of = policy_of.content_length(min..=max);
        }
        policy_of = policy_of.expiry_policy(policy(input));
        policy_of = match lifetime(input, at) {
            Some(Lifetime::In(duration)) => policy_of.expires_in(duration),
            Some(Lifetime::At(end)) => policy_of.expires_at(end),
            None => policy_of,
        };
        policy_of.sign_at(at)
    })?;
    put_end(output, form.expires_at());
    put_pairs(output, form.fields());
    put_pairs(output, form.open_fields());
    output.push_str(form.action());
    Ok(())
}

#[cfg(feature = "verify")]
/// Writes the end, the signing time, the payload hash, the signed headers, the access key ID, the region and the service.
pub(crate) fn verify(
    input: &Input<'_>,
    now: Timestamp,
    output: &mut String,
) -> Result<(), Failure> {
    let headers = input.pairs(HEADERS);
    let text = |single| input.get(single).unwrap_or_default();
    let request = Request::new(text(METHOD), text(URL), &headers)?;
    let mut verifier = Verifier::new();
    if !input.list(REGIONS).is_empty() {
        verifier = verifier.regions(input.list(REGIONS));
    }
    if !input.list(SERVICES).is_empty() {
        verifier = verifier.services(input.list(SERVICES));
    }
    if let Some(seconds) = input.unsigned(MAX_AGE) {
        verifier = verifier.max_age(seconds);
    }
    if let Some(seconds) = input.unsigned(CLOCK_TOLERANCE) {
        verifier = verifier.clock_tolerance(seconds);
    }
    let verified = verifier.verify(&request, now, |id| {
        (id == text(ACCESS_KEY_ID)).then(|| credentials(input))
    })?;
    put_end(output, verified.expires_at());
    put_end(output, verified.signed_at());
    let signed = verified.signed_headers();
    let _ = writeln!(output, "{}", verified.payload_hash());
    for (n, name) in signed.enumerate() {
        if n > 0 {
            output.push(';');
        }
        output.push_str(name);
    }
    let (id, region) = (verified.access_key_id(), verified.region());
    let _ = write!(output, "\n{id}\n{region}\n{}", verified.service());
    Ok(())
}

fn bucket<'a>(input: &Input<'a>) -> Result<Bucket<'a>, Error> {
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

enum Lifetime {
    In(Duration),
    At(Timestamp),
}

fn lifetime(input: &Input<'_>, at: Timestamp) -> Option<Lifetime> {
    if let Some(end) = input.number(EXPIRES_AT) {
        return Some(Lifetime::At(Timestamp::from_unix(end)));
    }
    let seconds = input.number(EXPIRES_IN)?;
    Some(match u64::try_from(seconds) {
        Ok(seconds) => Lifetime::In(Duration::from_secs(seconds)),
        // An end in the past, which is refused with this number.
        Err(_) => Lifetime::At(Timestamp::from_unix(at.as_unix().saturating_add(seconds))),
    })
}

fn policy(input: &Input<'_>) -> ExpiryPolicy {
    match input.get(EXPIRY_POLICY) {
        Some("refuse") => ExpiryPolicy::Refuse,
        Some("clamp") => ExpiryPolicy::Clamp,
        _ => ExpiryPolicy::Keep,
    }
}

fn put_end(output: &mut String, end: Timestamp) {
    let _ = writeln!(output, "{}", end.as_unix()); // a String has room
}

fn put_pairs<'p>(output: &mut String, pairs: impl Iterator<Item = (&'p str, &'p str)>) {
    for (name, value) in pairs {
        for part in [name, ":", value, "\n"] {
            output.push_str(part);
        }
    }
    output.push('\n');
}
