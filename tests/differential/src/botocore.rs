//! The peer botocore, in a Python process that stays up.

use std::env;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::case::{Case, Limits};
use crate::process::Process;
use crate::runner::Peer;
use crate::signed::Signed;

/// The path of the Python that has botocore; `run` sets it.
const PYTHON: &str = "PRESIGN_BOTOCORE_PYTHON";

/// Signs in a child process, which exits when this value is dropped.
#[derive(Debug)]
pub struct Botocore(Process);

#[derive(Serialize)]
struct Request<'c> {
    method: &'static str,
    origin: &'c str,
    path: &'c str,
    key: Option<&'c str>,
    query: &'c [(String, String)],
    headers: &'c [(String, String)],
    access_key_id: &'c str,
    secret_access_key: &'c str,
    session_token: Option<&'c str>,
    region: &'c str,
    service: &'c str,
    time: i64,
    expires: u32,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Signed {
        url: String,
        canonical_request: String,
        string_to_sign: String,
    },
    Refused {
        error: String,
    },
}

impl Botocore {
    /// Starts the process.
    ///
    /// # Errors
    /// What is missing.
    pub fn start() -> Result<Self, String> {
        start("botocore_signer.py").map(Self)
    }
}

/// Starts a script of this folder.
///
/// # Errors
/// What is missing.
pub(crate) fn start(script: &str) -> Result<Process, String> {
    let python = env::var_os(PYTHON).ok_or(
        "PRESIGN_BOTOCORE_PYTHON is not set: tests/differential/run installs botocore and sets it",
    )?;
    let script = format!("{}/{script}", env!("CARGO_MANIFEST_DIR"));
    Process::start(Command::new(python).arg(script))
}

impl Peer for Botocore {
    fn name(&self) -> String {
        self.0.version().to_owned()
    }

    fn limits(&self) -> Limits {
        Limits {
            tabs_in_values: true,
            // It folds everything that Python regards as white space, such as U+00A0; S3 and the other SDKs only space
            // and tab.
            unicode_spaces_in_values: false,
            // Omitted because of its list botocore.auth.SIGNED_HEADERS_BLACKLIST.
            never_signed: &[
                "baggage",
                "connection",
                "expect",
                "keep-alive",
                "proxy-authenticate",
                "proxy-authorization",
                "te",
                "traceparent",
                "tracestate",
                "trailer",
                "transfer-encoding",
                "upgrade",
                "user-agent",
                "x-amzn-trace-id",
            ],
            // Before the year 1000 it signs a year without leading zeros, because strftime("%Y") in most Pythons writes
            // it so.
            first_second: -30_610_224_000,
        }
    }

    fn sign(&self, case: &Case) -> Result<Signed, String> {
        let request = Request {
            method: case.method.as_str(),
            origin: &case.place.url,
            path: &case.place.path,
            key: case.key.as_deref(),
            query: &case.query,
            headers: &case.headers,
            access_key_id: &case.access_key_id,
            secret_access_key: &case.secret_access_key,
            session_token: case.session_token.as_deref(),
            region: &case.place.scope_region,
            service: case.place.service,
            time: case.time,
            expires: case.expires,
        };
        match self.0.ask(&request)? {
            Answer::Signed {
                url,
                canonical_request,
                string_to_sign,
            } => Ok(Signed::new(&url, &canonical_request, &string_to_sign)),
            Answer::Refused { error } => Err(error),
        }
    }
}
