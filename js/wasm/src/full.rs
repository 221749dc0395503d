//! What the module for signing only leaves out.

use alloc::string::String;
use core::fmt::Write as _;

use presign::Timestamp;
use presign::post::PostPolicy;
use presign::verify::{Request, Verifier};

use crate::failure::Failure;
use crate::input::*;
use crate::operations::{Lifetime, bucket, lifetime, policy, put_end, put_pairs};
use crate::signer::{Signer, credentials};

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
