//! Guesses at what was signed, each held against the signature.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use percent_encoding::percent_decode_str;

use super::Cause;
use crate::credentials::Credentials;
use crate::sigv4::uri_encode;
use crate::verify::credential::Credential;
use crate::verify::received::Received;
use crate::verify::{Request, signature_holds};

mod candidates;
mod known;

pub(super) use candidates::is_tracker;

/// A request that may be the one that was signed.
#[derive(Clone)]
pub(super) struct Hypothesis {
    pub(super) method: String,
    pub(super) host: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: Vec<(String, String)>,
}

impl Hypothesis {
    /// Whether the signature is that of this request.
    pub(super) fn holds(&self, credentials: &Credentials<'_>) -> bool {
        self.holds_for(credentials.secret())
    }

    fn holds_for(&self, secret: &str) -> bool {
        self.with(|request, received| {
            let credential =
                Credential::parse(received_credential(received), received.algorithm).ok()?;
            let scope = credential.scope().ok()?;
            Some(signature_holds(
                request,
                received,
                &scope,
                credential.access_key_id(),
                secret,
            ))
        })
        .unwrap_or(false)
    }

    /// Calls `read` with the request and its authentication parameters, if they can be read.
    pub(super) fn with<R>(
        &self,
        read: impl FnOnce(&Request<'_>, &Received<'_>) -> Option<R>,
    ) -> Option<R> {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let target = format!("{}?{}", self.path, self.query);
        let request = Request::from_parts(&self.method, &self.host, &target, &headers);
        let received = Received::parse(&request).ok()?;
        read(&request, &received)
    }

    /// The request that was signed, and what was done to it since.
    pub(super) fn explain(&self, credentials: &Credentials<'_>) -> Option<(Self, Cause)> {
        if let Some(found) = self
            .candidates(credentials)
            .into_iter()
            .find(|(request, _)| request.holds(credentials))
        {
            return Some(found);
        }
        let secret = credentials.secret();
        let ends = ["\n", "\r\n", " ", "\r", "\t"];
        let mut padded = ends
            .iter()
            .flat_map(|end| [format!("{secret}{end}"), format!("{end}{secret}")]);
        if padded.any(|secret| self.holds_for(&secret)) || self.holds_for(secret.trim()) {
            return Some((self.clone(), Cause::SecretWhitespace));
        }
        None
    }
}

fn received_credential<'r>(received: &Received<'r>) -> &'r str {
    received.credential
}

pub(super) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn encode(text: &str) -> String {
    let mut bytes = Vec::new();
    uri_encode::query(&mut bytes, text);
    String::from_utf8(bytes).unwrap_or_default()
}

fn encode_path(text: &str) -> String {
    let mut bytes = Vec::new();
    uri_encode::path(&mut bytes, text);
    String::from_utf8(bytes).unwrap_or_default()
}
