//! Verification of requests.

use alloc::string::String;
use core::fmt::Write as _;

use presign::Timestamp;
use presign::verify::{Request, Verifier};

use crate::failure::Failure;
use crate::input::*;
use crate::put_end;
use crate::signer::credentials;

/// Writes the expiry, the signing time, the payload hash, the signed headers, the access key ID, the region and the service.
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
