//! `verify`: a request that was sent, checked as S3 would.

use presign::verify::{Rejection, Request, Verified, Verifier};
use presign::{Credentials, Timestamp};
use serde_json::json;

use crate::args::Verify;
use crate::config;
use crate::explain::{Received, received};
use crate::output::{Error, print};
use crate::values::borrowed;

pub(crate) fn run(args: &Verify) -> Result<(), Error> {
    let Received {
        url, headers, at, ..
    } = received(&args.sent)?;
    let headers = borrowed(&headers);
    let credentials = config::credentials(args.profile.as_deref())?;
    let refused = |rejection: Rejection| {
        if args.json {
            // It is refused even if nobody reads why.
            let _ = print(&json!({ "refused": rejection.to_string() }).to_string());
        }
        Error::Refused(format!("refused: {rejection}"))
    };
    let request = Request::new(&args.method, &url, &headers).map_err(refused)?;
    let verified = check(&request, at, &credentials).map_err(refused)?;
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
        verified.region(),
    ))
}

/// Checks a request as S3 would if it knew only these credentials.
pub(crate) fn check<'r>(
    request: &Request<'r>,
    at: Timestamp,
    credentials: &Credentials<'_>,
) -> Result<Verified<'r>, Rejection> {
    Verifier::new().verify(request, at, |access_key_id| {
        (access_key_id == credentials.access_key_id()).then(|| credentials.clone())
    })
}
