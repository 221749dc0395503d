//! Finds the request that was signed: tries changes to the request against the signature, one at a time, then in pairs.
//!
//! The canonical request is written once. A change replaces ranges of it, and only the text from the first changed
//! range on is hashed again.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use zeroize::{Zeroize, Zeroizing};

use super::cause::Kind;
use super::seen::Seen;
use super::template::Template;
use crate::credentials::Credentials;
use crate::sigv4::digest::Hasher;
use crate::sigv4::scope::{Algorithm, Scope};
use crate::sigv4::signing_key::{self, Key};
use crate::sigv4::sink::Sink;
use crate::sigv4::string_to_sign::{Start, StringToSign};

/// The maximum number of bytes hashed: about 20 ms.
pub(super) const MAX_HASHED: usize = 4 << 20;

/// The cost of a signature on top of the request's hash, in bytes hashed.
const COST_HMAC: usize = 512;
const COST_KEY: usize = 1024;
/// The cost of considering a pair of changes.
const COST_PAIR: usize = 32;
/// The cost of the curve arithmetic.
const COST_ECDSA: usize = 64 * 1024;

/// The maximum number of changes kept for trying pairs.
const MAX_KEPT: usize = 1024;

/// Whether the signature is that of the request.
#[derive(Clone)]
pub(super) enum Signature {
    /// The secret is unknown, or the URL is too damaged to check.
    Unknown,
    Holds,
    /// It matches the request as it was before these changes.
    Explained(Vec<(&'static Kind, Vec<String>)>),
    Unexplained,
}

impl Signature {
    pub(super) fn explained(&self) -> &[(&'static Kind, Vec<String>)] {
        match self {
            Self::Explained(changes) => changes,
            _ => &[],
        }
    }
}

/// A change to the request.
struct Change {
    kind: &'static Kind,
    details: Vec<String>,
    edits: Vec<(Range<usize>, Zeroizing<Vec<u8>>)>,
    /// Region and service, if they change.
    scope: Option<(String, String)>,
}

/// Tries changes until one explains the signature.
pub(super) struct Tries<'t, 's> {
    pub(super) kind: &'static Kind,
    pub(super) template: &'t Template,
    seen: &'t Seen<'s>,
    credentials: &'t Credentials<'s>,
    key: Key,
    kept: Vec<Change>,
    checkpoints: Vec<(usize, Hasher)>,
    hashed: usize,
    found: Option<Vec<(&'static Kind, Vec<String>)>>,
    /// The canonical request that was signed.
    signed: Zeroizing<Vec<u8>>,
}

/// The result of the search.
pub(super) struct Outcome {
    pub(super) signature: Signature,
    pub(super) signed: Zeroizing<Vec<u8>>,
    /// Whether it stopped before trying each change alone.
    pub(super) cut_short: bool,
    #[cfg(test)]
    pub(super) hashed: usize,
}

/// Searches for the request that was signed.
pub(super) fn search(
    seen: &Seen<'_>,
    template: &Template,
    credentials: &Credentials<'_>,
) -> Outcome {
    let none = |signature| Outcome {
        signature,
        signed: Zeroizing::new(Vec::new()),
        cut_short: false,
        #[cfg(test)]
        hashed: 0,
    };
    let auth = &seen.auth;
    if !auth.masked.is_empty() {
        return none(Signature::Unknown);
    }
    let Some(scope) = scope(seen, &auth.region, &auth.service) else {
        return none(Signature::Unknown);
    };
    let Ok(key) = signing_key::derive(&auth.access_key_id, credentials.secret(), &scope) else {
        return none(Signature::Unknown);
    };
    let mut tries = Tries {
        kind: &super::causes::signed::NOT_PRESIGNED,
        template,
        seen,
        credentials,
        key,
        kept: Vec::new(),
        checkpoints: Vec::new(),
        hashed: 0,
        found: None,
        signed: Zeroizing::new(Vec::new()),
    };
    tries.prepare();
    let mut cut_short = false;
    let signature = if tries.holds(&[], None) {
        Signature::Holds
    } else {
        let mut kinds: Vec<_> = super::cause::kinds().collect();
        kinds.sort_by_key(|kind| core::cmp::Reverse(kind.often));
        for kind in kinds {
            tries.kind = kind;
            (kind.tries)(seen, &mut tries);
        }
        cut_short = tries.hashed > MAX_HASHED;
        tries.pairs();
        match tries.found.take() {
            Some(found) => Signature::Explained(found),
            None => Signature::Unexplained,
        }
    };
    Outcome {
        cut_short: cut_short && matches!(signature, Signature::Unexplained),
        signed: core::mem::take(&mut tries.signed),
        #[cfg(test)]
        hashed: tries.hashed,
        signature,
    }
}

pub(super) fn scope<'a>(seen: &Seen<'_>, region: &'a str, service: &'a str) -> Option<Scope<'a>> {
    Some(Scope {
        day: seen.auth.day?,
        region: (seen.auth.algorithm? == Algorithm::V4).then_some(region),
        service,
    })
}

impl Tries<'_, '_> {
    pub(super) fn credentials(&self) -> &Credentials<'_> {
        self.credentials
    }

    /// The session token, encoded.
    pub(super) fn token(&self) -> Option<Zeroizing<Vec<u8>>> {
        let token = self.credentials.token()?;
        Some(super::text::encode(token.as_bytes(), false))
    }

    /// Replaces one range.
    pub(super) fn replace(&mut self, range: Range<usize>, with: &[u8], details: &[&str]) {
        self.edit(&[(range, with)], details);
    }

    /// Replaces several ranges, in order.
    pub(super) fn edit(&mut self, edits: &[(Range<usize>, &[u8])], details: &[&str]) {
        self.attempt(edits, None, details);
    }

    /// Tries another region and service; the credential is at `range`.
    pub(super) fn scope(
        &mut self,
        range: Range<usize>,
        region: &str,
        service: &str,
        details: &[&str],
    ) {
        let Some(day) = self.seen.auth.day else {
            return;
        };
        let day = core::str::from_utf8(day.as_bytes()).unwrap_or_default();
        let id = &self.seen.auth.access_key_id;
        let credential = alloc::format!("{id}/{day}/{region}/{service}/aws4_request");
        let credential = super::text::encode(credential.as_bytes(), false);
        self.attempt(
            &[(range, credential.as_slice())],
            Some((region, service)),
            details,
        );
    }

    /// Tries another secret.
    pub(super) fn secret(&mut self, secret: &str, details: &[&str]) {
        let auth = &self.seen.auth;
        let Some(scope) = scope(self.seen, &auth.region, &auth.service) else {
            return;
        };
        if self.is_done() {
            return;
        }
        if let Ok(key) = signing_key::derive(&auth.access_key_id, secret, &scope) {
            let right = core::mem::replace(&mut self.key, key);
            self.hashed += COST_KEY;
            if self.holds(&[], None) {
                self.found = Some(alloc::vec![(self.kind, owned(details))]);
            }
            self.key = right;
        }
    }

    fn attempt(
        &mut self,
        edits: &[(Range<usize>, &[u8])],
        scope: Option<(&str, &str)>,
        details: &[&str],
    ) {
        let text = &self.template.text;
        let same = |(range, with): &(Range<usize>, &[u8])| text.get(range.clone()) == Some(*with);
        if self.is_done() || edits.iter().all(same) {
            return;
        }
        if self.holds(edits, scope) {
            self.found = Some(alloc::vec![(self.kind, owned(details))]);
            self.keep_text(edits);
        } else if self.kept.len() < MAX_KEPT {
            self.kept.push(Change {
                kind: self.kind,
                details: owned(details),
                edits: edits
                    .iter()
                    .map(|(range, with)| (range.clone(), Zeroizing::new(with.to_vec())))
                    .collect(),
                scope: scope.map(|(region, service)| (region.into(), service.into())),
            });
        }
    }

    /// Tries two changes at once, the more frequent ones first.
    fn pairs(&mut self) {
        let kept = core::mem::take(&mut self.kept);
        for sum in 1..2 * kept.len() {
            for first in sum.saturating_sub(kept.len() - 1)..=(sum - 1) / 2 {
                let (Some(a), Some(b)) = (kept.get(first), kept.get(sum - first)) else {
                    continue;
                };
                if self.is_done() {
                    return;
                }
                self.hashed += COST_PAIR;
                if core::ptr::eq(a.kind, b.kind) || (a.scope.is_some() && b.scope.is_some()) {
                    continue;
                }
                let edits = a.edits.iter().chain(&b.edits);
                let mut edits: Vec<_> = edits
                    .map(|(range, with)| (range.clone(), with.as_slice()))
                    .collect();
                edits.sort_by_key(|(range, _)| (range.start, range.end));
                let apart = edits
                    .windows(2)
                    .all(|pair| matches!(pair, [(a, _), (b, _)] if a.end <= b.start && a != b));
                if !apart {
                    continue;
                }
                let scope = a.scope.as_ref().or(b.scope.as_ref());
                let scope = scope.map(|(region, service)| (region.as_str(), service.as_str()));
                if self.holds(&edits, scope) {
                    self.found = Some(
                        [a, b]
                            .map(|change| (change.kind, change.details.clone()))
                            .into(),
                    );
                    self.keep_text(&edits);
                }
            }
        }
    }

    /// Whether the search is over.
    pub(super) fn is_done(&self) -> bool {
        self.found.is_some() || self.hashed > MAX_HASHED
    }

    /// Hashes the canonical request, and saves the hash state at intervals.
    fn prepare(&mut self) {
        let mut hasher = Hasher::default();
        for (at, chunk) in self.template.text.chunks(CHECKPOINT).enumerate() {
            let mut here = Hasher::default();
            here.follow(&hasher);
            self.checkpoints.push((at * CHECKPOINT, here));
            hasher.put(chunk);
            hasher.advance();
        }
        hasher.zeroize();
    }

    fn holds(&mut self, edits: &[(Range<usize>, &[u8])], scope_of: Option<(&str, &str)>) -> bool {
        let text = &self.template.text;
        let start = edits.first().map_or(0, |(range, _)| range.start);
        let checkpoint = self
            .checkpoints
            .get(start / CHECKPOINT)
            .or(self.checkpoints.last());
        let Some((mut at, from)) = checkpoint.map(|(at, hasher)| (*at, hasher)) else {
            return false;
        };
        let mut hasher = Hasher::default();
        hasher.follow(from);
        self.hashed += text.len() - at + COST_HMAC;
        for (range, with) in edits {
            hasher.put(text.get(at..range.start).unwrap_or_default());
            hasher.put(with);
            self.hashed += with.len();
            at = range.end;
        }
        hasher.put(text.get(at..).unwrap_or_default());
        let canonical_request_hash = hasher.finish();
        hasher.zeroize();
        let auth = &self.seen.auth;
        let (region, service) = scope_of.unwrap_or((&auth.region, &auth.service));
        let (Some(scope), Some(stamp)) = (scope(self.seen, region, service), auth.stamp) else {
            return false;
        };
        let written = None;
        let start = Start {
            stamp,
            scope,
            written,
        };
        let to_sign = StringToSign {
            start,
            canonical_request_hash,
        };
        if auth.algorithm != Some(Algorithm::V4) {
            self.hashed += COST_ECDSA;
        }
        match scope_of {
            None => to_sign.verify(&self.key, auth.signature),
            Some(_) => {
                self.hashed += COST_KEY;
                let secret = self.credentials.secret();
                signing_key::derive(&auth.access_key_id, secret, &scope)
                    .is_ok_and(|key| to_sign.verify(&key, auth.signature))
            }
        }
    }

    fn keep_text(&mut self, edits: &[(Range<usize>, &[u8])]) {
        let text = &self.template.text;
        let more: usize = edits.iter().map(|(_, with)| with.len()).sum();
        let mut signed = Zeroizing::new(Vec::with_capacity(text.len() + more));
        let mut at = 0;
        for (range, with) in edits {
            signed.extend_from_slice(text.get(at..range.start).unwrap_or_default());
            signed.extend_from_slice(with);
            at = range.end;
        }
        signed.extend_from_slice(text.get(at..).unwrap_or_default());
        self.signed = signed;
    }
}

/// The number of bytes between two saved hash states.
const CHECKPOINT: usize = 256;

impl Drop for Tries<'_, '_> {
    fn drop(&mut self) {
        self.checkpoints
            .iter_mut()
            .for_each(|(_, hasher)| hasher.zeroize());
    }
}

fn owned(details: &[&str]) -> Vec<String> {
    details.iter().map(|detail| String::from(*detail)).collect()
}
