//! Guesses at who signed, and with which headers.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::super::Cause;
use super::super::habits::CONTENT_TYPES;
use super::{Hypothesis, MAX_PARTS, decode, encode};
use crate::credentials::Credentials;
use crate::method::Method;

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
        for name in self.signed_names().iter().take(MAX_PARTS) {
            self.values_of(name, found);
        }
    }

    /// Method and content type at once, as `curl -d` changes them.
    pub(super) fn posted(&self, found: &mut Vec<(Self, Cause)>) {
        let name = "content-type";
        if self.method == Method::Put.as_str() || !self.signed_names().iter().any(|n| n == name) {
            return;
        }
        let put = Self {
            method: Method::Put.to_string(),
            ..self.clone()
        };
        let mut values = Vec::new();
        put.values_of(name, &mut values);
        let signed_for = Some(Method::Put);
        found.extend(
            values
                .into_iter()
                .map(|(request, _)| (request, Cause::MethodDiffers { signed_for })),
        );
    }

    /// What `curl -d` makes of a link to an object, to which nothing can be posted.
    pub(in super::super) fn posted_form(&self) -> Vec<Cause> {
        let of_object = |pair: &str| pair.starts_with("X-Amz-") || pair.starts_with("x-id=");
        let form = self
            .content_type()
            .filter(|(value, _)| value.starts_with("application/x-www-form-urlencoded"));
        let Some((_, signed)) = form else {
            return Vec::new();
        };
        if self.method != Method::Post.as_str() || !self.query.split('&').all(of_object) {
            return Vec::new();
        }
        let mut causes = alloc::vec![Cause::MethodDiffers { signed_for: None }];
        causes.extend(signed.then(|| Cause::HeaderChanged {
            name: "content-type".to_string(),
        }));
        causes
    }

    pub(in super::super) fn content_type_not_signed(&self) -> Option<Cause> {
        let (_, signed) = self.content_type()?;
        (!signed).then_some(Cause::ContentTypeNotSigned)
    }

    /// The content type that was sent, and whether it is signed.
    fn content_type(&self) -> Option<(&str, bool)> {
        let value = self.header("content-type")?;
        let signed = self.with(|_, received| {
            let mut names = received.signed_headers.split("%3B");
            Some(names.any(|name| name == "content-type"))
        })?;
        Some((value, signed))
    }

    /// The names of the signed headers but the host.
    fn signed_names(&self) -> Vec<String> {
        let names = self.with(|_, received| {
            let names = received.signed_headers.split("%3B");
            let names = names.filter(|name| *name != "host");
            Some(names.map(ToString::to_string).collect())
        });
        names.unwrap_or_default()
    }

    /// One signed header with other values.
    fn values_of(&self, name: &str, found: &mut Vec<(Self, Cause)>) {
        let sent = self.header(name).map(ToString::to_string);
        let cause = || match &sent {
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
            found.push((request, cause()));
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
