//! `verify`: whether a request is valid.

use presign::diagnose::{Certainty, Evidence};
use presign::verify::{Rejection, Request, Verified, Verifier};
use presign::{Credentials, Timestamp};
use serde_json::json;

use crate::args::Verify;
use crate::config;
use crate::explain::{Received, received};
use crate::output::{Error, plain, print};
use crate::values::borrowed;

pub(crate) fn run(args: &Verify) -> Result<(), Error> {
    let Received {
        url, headers, at, ..
    } = received(&args.sent)?;
    let headers = borrowed(&headers);
    let credentials = config::credentials(args.profile.as_deref())?;
    let verified = match accepted(&args.method, &url, &headers, at, &credentials) {
        Ok(verified) => verified,
        Err(reason) => {
            if args.json {
                // It is refused even if nobody reads why.
                let _ = print(&json!({ "refused": reason }).to_string());
            }
            return Err(Error::Refused(format!("refused: {reason}")));
        }
    };
    if args.json {
        return print(
            &json!({
                "access_key_id": verified.access_key_id(),
                "region": verified.region(),
                "service": verified.service(),
                "signed_headers": verified.signed_headers().collect::<Vec<_>>(),
                "signed_at": verified.signed_at().to_string(),
                "expires_at": verified.expires_at().to_string(),
            })
            .to_string(),
        );
    }
    print(&format!(
        "valid until {}, signed at {} with {} for {}",
        verified.expires_at(),
        verified.signed_at(),
        verified.access_key_id(),
        plain(verified.region()),
    ))
}

/// The verifier's checks, and those that need the host: its `Host` header, region and service.
fn accepted<'r>(
    method: &'r str,
    url: &'r str,
    headers: &'r [(&'r str, &'r str)],
    at: Timestamp,
    credentials: &Credentials<'_>,
) -> Result<Verified<'r>, String> {
    let request = Request::new(method, url, headers).map_err(|rejection| rejection.to_string())?;
    let is_other = |(name, value): &(&str, &str)| {
        name.eq_ignore_ascii_case("host") && *value != request.host()
    };
    if headers.iter().any(is_other) {
        return Err(Rejection::AmbiguousHost.to_string());
    }
    let verified = check(&request, at, credentials).map_err(|rejection| rejection.to_string())?;
    let evidence = Evidence::new(url).method(method).headers(headers).at(at);
    let diagnosis = evidence.credentials(credentials).diagnose();
    let mut causes = diagnosis.causes().iter();
    match causes.find(|cause| cause.certainty() == Certainty::Certain) {
        Some(cause) => Err(cause.to_string()),
        None => Ok(verified),
    }
}

/// The verifier's checks, for a store that knows only these credentials.
pub(crate) fn check<'r>(
    request: &Request<'r>,
    at: Timestamp,
    credentials: &Credentials<'_>,
) -> Result<Verified<'r>, Rejection> {
    Verifier::new().verify(request, at, |access_key_id| {
        (access_key_id == credentials.access_key_id()).then(|| credentials.clone())
    })
}
