//! Guesses at who signed, and with which headers.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::Cause;
use super::super::habits::CONTENT_TYPES;
use super::{Hypothesis, decode, encode};
use crate::credentials::Credentials;

impl Hypothesis {
    /// Access key ID and session token as they were issued.
    pub(super) fn identity(&self, credentials: &Credentials<'_>, found: &mut Vec<(Self, Cause)>) {
        let mut set = |name: &str, value: Option<&str>, cause| {
            let is_it = |pair: &&str| pair.split_once('=').is_some_and(|(found, _)| found == name);
            let mut pairs: Vec<_> = self.query.split('&').filter(|pair| !is_it(pair)).collect();
            let pair = value.map(|value| format!("{name}={}", encode(value)));
            pairs.extend(pair.as_deref());
            let query = pairs.join("&");
            found.push((
                Self {
                    query,
                    ..self.clone()
                },
                cause,
            ));
        };
        for name in ["X-Amz-Security-Token", "X-Amz-S3session-Token"] {
            let cause = match (self.query.contains(name), credentials.token()) {
                (false, Some(_)) => Cause::TokenMissing,
                (true, Some(_)) => Cause::TokenAltered,
                (true, None) => Cause::QueryAdded {
                    name: name.to_string(),
                },
                (false, None) => continue,
            };
            set(name, credentials.token(), cause);
        }
        let name = "X-Amz-Credential";
        let credential = self.query.split('&').find_map(|pair| {
            let value = decode(pair.strip_prefix(name)?.strip_prefix('=')?);
            let (access_key_id, _) = value.split_at_checked(value.find("/20")?)?;
            Some(value.replacen(access_key_id, credentials.access_key_id(), 1))
        });
        let changed = Cause::QueryChanged {
            name: name.to_string(),
        };
        set(name, credential.as_deref(), changed);
    }

    pub(super) fn header_values(&self, found: &mut Vec<(Self, Cause)>) {
        let signed = self.with(|_, received| Some(received.signed_headers.replace("%3B", ";")));
        let signed = signed.unwrap_or_default();
        for name in signed.split(';').filter(|name| *name != "host") {
            let at = self
                .headers
                .iter()
                .position(|(sent, _)| sent.eq_ignore_ascii_case(name));
            let sent = at
                .and_then(|at| self.headers.get(at))
                .map(|(_, value)| value.clone());
            let cause = |_: &str| match &sent {
                Some(_) => Cause::HeaderChanged {
                    name: name.to_string(),
                },
                None => Cause::SignedHeaderMissing {
                    name: name.to_string(),
                },
            };
            let mut put = |value: &str| {
                let mut request = self.clone();
                request
                    .headers
                    .retain(|(sent, _)| !sent.eq_ignore_ascii_case(name));
                request.headers.push((name.to_string(), value.to_string()));
                found.push((request, cause(value)));
            };
            put("");
            if let Some(sent) = &sent {
                put(sent.split(';').next().unwrap_or_default());
                put(&sent.to_ascii_lowercase());
                for charset in ["; charset=utf-8", ";charset=UTF-8", "; charset=UTF-8"] {
                    put(&format!("{sent}{charset}"));
                }
            }
            if name == "content-type" {
                CONTENT_TYPES.iter().for_each(|value| put(value));
            }
        }
    }
}
