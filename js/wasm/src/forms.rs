//! Upload forms.

use alloc::string::String;

use presign::Timestamp;
use presign::post::PostPolicy;

use crate::failure::Failure;
use crate::input::*;
use crate::sign::{Lifetime, bucket, lifetime, policy};
use crate::signer::Signer;
use crate::{put_end, put_pairs};

/// Writes the expiry, the fields as `name:value`, an empty line, the open fields, an empty line, and the URL.
pub(crate) fn sign(
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
