//! The peer botocore, in a Python process that stays up.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::case::{Case, Limits};
use crate::runner::Peer;
use crate::signed::Signed;

/// Where the Python stands that has botocore; `run` sets it.
const PYTHON: &str = "PRESIGN_BOTOCORE_PYTHON";

/// Signs in a child process, which ends with this value.
#[derive(Debug)]
pub struct Botocore {
    version: String,
    process: Mutex<Process>,
}

/// A Python process that answers each line with a line.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// Taken when the process is to end.
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

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
        let (process, version) = Process::start("botocore_signer.py")?;
        Ok(Self {
            version,
            process: Mutex::new(process),
        })
    }
}

impl Process {
    /// Starts a script of this folder; returns its name and version too.
    pub(crate) fn start(script: &str) -> Result<(Self, String), String> {
        let python = env::var_os(PYTHON).ok_or(
            "PRESIGN_BOTOCORE_PYTHON is not set: tests/differential/run installs botocore and sets it",
        )?;
        let mut child = Command::new(&python)
            .arg(format!("{}/{script}", env!("CARGO_MANIFEST_DIR")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", python.display()))?;
        let (requests, answers) = (child.stdin.take(), child.stdout.take().ok_or("no output")?);
        let mut process = Self {
            child,
            requests,
            answers: BufReader::new(answers),
        };
        let version = serde_json::from_str(&process.line()?).map_err(|error| error.to_string())?;
        Ok((process, version))
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        match self.answers.read_line(&mut line) {
            Ok(0) => Err("the Python process has ended".to_owned()),
            Ok(_) => Ok(line),
            Err(error) => Err(error.to_string()),
        }
    }

    pub(crate) fn ask<A: DeserializeOwned>(
        &mut self,
        request: &impl Serialize,
    ) -> Result<A, String> {
        let mut line = serde_json::to_vec(request).map_err(|error| error.to_string())?;
        line.push(b'\n');
        let requests = self.requests.as_mut().ok_or("no input")?;
        requests
            .write_all(&line)
            .map_err(|error| error.to_string())?;
        serde_json::from_str(&self.line()?).map_err(|error| error.to_string())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.requests = None; // the end of its input ends it
        let _ = self.child.wait();
    }
}

impl Peer for Botocore {
    fn name(&self) -> String {
        self.version.clone()
    }

    fn limits(&self) -> Limits {
        Limits {
            tabs_in_values: true,
            // It folds whatever Python takes for white space, such as U+00A0; S3 and the other SDKs only space and tab.
            unicode_spaces_in_values: false,
            // Left out by a list of its own (botocore.auth.SIGNED_HEADERS_BLACKLIST).
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
            // Before the year 1000 it signs a year without leading zeros: strftime("%Y") of most Pythons writes it so.
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
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        match process.ask(&request)? {
            Answer::Signed {
                url,
                canonical_request,
                string_to_sign,
            } => Ok(Signed::new(&url, &canonical_request, &string_to_sign)),
            Answer::Refused { error } => Err(error),
        }
    }
}
