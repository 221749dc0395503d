//! The observations: what is known, assumed and unknown.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::answer::{About, Answer};
use super::cause::Kind;
use super::comparison::Comparison;
use super::form::{Form, Policy};
use super::hosts;
use super::search::Signature;
use super::text::decode;
use crate::credentials::{Credentials, is_temporary_id};
use crate::sigv4::scope::Algorithm;
use crate::text::find;
use crate::timestamp::{Day, Stamp, Timestamp};

/// All observations that the causes can use.
pub(super) struct Seen<'s> {
    /// The damage that was found in the text of the URL; `url` is repaired.
    pub(super) damages: Vec<&'static Kind>,
    /// Whether the text as given, before the repair, has a credential and a signature.
    pub(super) is_readable_as_given: bool,
    /// Whether there was white space around the URL.
    pub(super) is_padded: bool,
    pub(super) limits: Vec<&'static str>,
    pub(super) url: Url<'s>,
    pub(super) auth: Auth<'s>,
    pub(super) method: &'s str,
    pub(super) method_is_known: bool,
    /// `None` if the headers are unknown.
    pub(super) headers: Option<&'s [(&'s str, &'s str)]>,
    pub(super) now: Option<Timestamp>,
    /// The store's own clock, which outranks any other.
    pub(super) store_time: Option<Timestamp>,
    pub(super) answer: &'s Answer<'s>,
    /// Whether the answer shows that it is about another link.
    pub(super) answers_another: bool,
    pub(super) credentials: Option<&'s Credentials<'s>>,
    pub(super) form: Option<Form<'s>>,
    pub(super) signature: Signature,
    /// Whether path and query are written differently from how they are signed.
    pub(super) path_is_unusual: bool,
    pub(super) query_is_unusual: bool,
    /// The comparison of the request that was sent with the one that the store computed.
    pub(super) computed: Vec<Comparison>,
}

/// The parts of the URL, still encoded.
#[derive(Clone, Default)]
pub(super) struct Url<'s> {
    pub(super) host: &'s str,
    pub(super) path: &'s str,
    pub(super) pairs: Vec<(&'s str, &'s str)>,
}

/// The authentication parameters, as far as they can be read.
#[derive(Default)]
pub(super) struct Auth<'s> {
    pub(super) algorithm: Option<Algorithm>,
    pub(super) access_key_id: String,
    pub(super) day: Option<Day>,
    pub(super) region: String,
    pub(super) service: String,
    pub(super) stamp: Option<Stamp>,
    pub(super) signed_at: Option<Timestamp>,
    pub(super) expires: Option<u64>,
    pub(super) signed_headers: Vec<String>,
    pub(super) token: Option<&'s str>,
    pub(super) signature: &'s str,
    /// Names of missing and of malformed parameters, and of those whose value was masked before the URL was posted.
    pub(super) masked: Vec<&'static str>,
    pub(super) missing: Vec<&'static str>,
    pub(super) malformed: Vec<&'static str>,
}

/// The parameters that a presigned URL requires.
pub(super) const NEEDED: [&str; 6] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

pub(super) const TOKENS: [&str; 2] = ["X-Amz-Security-Token", "X-Amz-S3session-Token"];

impl<'s> Url<'s> {
    pub(super) fn parse(url: &'s str) -> Self {
        let url = url.split_once('#').map_or(url, |(sent, fragment)| {
            // After the signature, a `#` starts a fragment, which is not sent; before it, the `#` is an unencoded one
            // in a key.
            if fragment.contains("X-Amz-Signature=") {
                url
            } else {
                sent
            }
        });
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let (target, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = match target.find('/') {
            Some(at) => target.split_at_checked(at).unwrap_or_default(),
            None => (target, "/"),
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        Self {
            host,
            path,
            pairs: pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .collect(),
        }
    }

    pub(super) fn value(&self, name: &str) -> Option<&'s str> {
        self.pairs
            .iter()
            .find(|(found, _)| *found == name)
            .map(|(_, value)| *value)
    }
}

impl<'s> Auth<'s> {
    pub(super) fn read(url: &Url<'s>) -> Self {
        let mut this = Self {
            signature: url.value("X-Amz-Signature").unwrap_or_default(),
            token: TOKENS
                .into_iter()
                .find_map(|name| url.value(name).filter(|token| !token.is_empty())),
            ..Self::default()
        };
        for name in NEEDED.into_iter().chain(TOKENS) {
            let like = url
                .pairs
                .iter()
                .filter(|(found, _)| found.eq_ignore_ascii_case(name));
            let (count, exact) = (like.clone().count(), url.value(name).is_some());
            if url.value(name).is_some_and(is_masked) {
                this.masked.push(name);
            }
            if count > 1 || (count == 1 && !exact) {
                this.malformed.push(name);
            } else if NEEDED.contains(&name)
                && (count == 0 || (name == "X-Amz-Signature" && this.signature.is_empty()))
            {
                this.missing.push(name);
            }
        }
        let value = |name| url.value(name).map(decode);
        if let Some(algorithm) = value("X-Amz-Algorithm") {
            this.algorithm = Algorithm::from_name(&algorithm);
            // Without the feature, SigV4a is not checked, so it cannot be called malformed.
            let known = this.algorithm.is_some() || *algorithm == "AWS4-ECDSA-P256-SHA256";
            this.check("X-Amz-Algorithm", known);
        }
        if let Some(credential) = value("X-Amz-Credential") {
            let known = this.read_credential(&credential, &value("X-Amz-Algorithm"));
            this.check("X-Amz-Credential", known);
        }
        if let Some(date) = value("X-Amz-Date") {
            if let Some((stamp, at)) = Stamp::parse(&date) {
                (this.stamp, this.signed_at) = (Some(stamp), Some(at));
            }
            let known = this.stamp.is_some();
            this.check("X-Amz-Date", known);
            if let (Some(stamp), Some(day)) = (this.stamp, this.day) {
                this.check("X-Amz-Credential", stamp.day() == day);
            }
        }
        if let Some(expires) = value("X-Amz-Expires") {
            let digits = expires.bytes().all(|byte| byte.is_ascii_digit()) && !expires.is_empty();
            this.expires = digits.then(|| expires.parse().unwrap_or(u64::MAX));
            this.check("X-Amz-Expires", digits || expires.starts_with('-'));
        }
        if let Some(names) = value("X-Amz-SignedHeaders") {
            let lower = |name: &str| name.to_ascii_lowercase();
            this.signed_headers = names.split(';').take(MAX_HEADERS).map(lower).collect();
            let has_host = this.signed_headers.iter().any(|name| name == "host");
            this.check("X-Amz-SignedHeaders", has_host);
        }
        let hex = this
            .signature
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !this.signature.is_empty() && this.algorithm == Some(Algorithm::V4) {
            let length = this.signature.len();
            this.check("X-Amz-Signature", hex && length == 64);
        }
        this
    }

    fn check(&mut self, name: &'static str, fine: bool) {
        if !fine && !self.malformed.contains(&name) && !self.masked.contains(&name) {
            self.malformed.push(name);
        }
    }

    pub(super) fn read_credential(
        &mut self,
        text: &str,
        algorithm: &Option<Zeroizing<String>>,
    ) -> bool {
        let set = algorithm
            .as_ref()
            .is_some_and(|name| name.starts_with("AWS4-ECDSA"));
        let Some((rest, service)) = text
            .strip_suffix("/aws4_request")
            .and_then(|rest| rest.rsplit_once('/'))
        else {
            return false;
        };
        let (rest, region) = if set {
            (rest, "")
        } else {
            rest.rsplit_once('/').unwrap_or((rest, ""))
        };
        let Some((id, day)) = rest.rsplit_once('/') else {
            return false;
        };
        self.day = Day::parse(day);
        self.access_key_id = String::from(id);
        self.region = String::from(region);
        self.service = String::from(service);
        self.day.is_some() && !id.is_empty() && !service.is_empty() && (set || !region.is_empty())
    }

    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        let seconds = i64::try_from(self.expires?).unwrap_or(i64::MAX);
        Some(Timestamp::from_unix(
            self.signed_at?.as_unix().saturating_add(seconds),
        ))
    }

    /// Whether the answer shows values of another link. The ID may also be the one before the repair.
    pub(super) fn contradicts(&self, answer: &Answer<'_>, as_given: &Auth<'_>) -> bool {
        let shown = |name| answer.element(name).filter(|value| !is_hidden(value));
        let provided = shown("SignatureProvided").filter(|text| is_whole_signature(text));
        if let Some(provided) = provided.filter(|_| is_whole_signature(self.signature)) {
            return !provided.eq_ignore_ascii_case(self.signature);
        }
        let id = shown("AWSAccessKeyId").filter(|_| self.shows_id());
        let expires = shown("X-Amz-Expires").and_then(|seconds| seconds.parse().ok());
        let end = shown("Expires").and_then(|time| time.parse().ok());
        id.is_some_and(|id| id != self.access_key_id && id != as_given.access_key_id)
            || (self.expires.zip(expires)).is_some_and(|(own, theirs): (u64, u64)| own != theirs)
            || (self.expires_at().zip(end)).is_some_and(|(own, theirs)| own != theirs)
    }

    fn shows_id(&self) -> bool {
        !self.access_key_id.is_empty() && !self.masked.contains(&"X-Amz-Credential")
    }

    pub(super) fn is_temporary(&self) -> bool {
        is_temporary_id(&self.access_key_id)
    }
}

/// Whether a person or `redact` replaced the value, or a part of it: `***`, `AKIAXXXXX`, `<signature>`, `REDACTED`.
fn is_masked(value: &str) -> bool {
    let value = decode(value);
    let inner = value.trim_matches(|c: char| "<>[](){}'\" ".contains(c));
    let words = [
        "redact",
        "hidden",
        "mask",
        "omit",
        "removed",
        "signature",
        "token",
    ];
    let is_word = inner.len() <= 32 && {
        let lower = Zeroizing::new(inner.to_ascii_lowercase());
        words.iter().any(|word| lower.contains(word))
    };
    let is_part = ["***", "XXXXX", "xxxxx"]
        .iter()
        .any(|run| inner.contains(run));
    let is_filler = |c| "*xX.#_\u{2022}\u{2026}".contains(c);
    is_word || is_part || (!inner.is_empty() && inner.chars().all(is_filler))
}

/// Whether a value of the answer was masked or shortened before the answer was posted.
fn is_hidden(value: &str) -> bool {
    let mut runs = ["...", "\u{2026}", "XXXX"].iter();
    value.len() > 2 && (is_masked(value) || runs.any(|run| value.contains(run)))
}

fn is_whole_signature(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The maximum number of signed headers examined.
pub(super) const MAX_HEADERS: usize = 256;

impl<'s> Seen<'s> {
    /// The value that was sent; `None` if the header was not sent or is unknown.
    pub(super) fn header(&self, name: &str) -> Option<&'s str> {
        find(self.headers?, name).map(str::trim)
    }

    /// Whether everything that the signature covers is known rather than assumed.
    pub(super) fn request_is_known(&self) -> bool {
        self.method_is_known && (self.headers.is_some() || self.signs_host_only())
    }

    pub(super) fn signs_host_only(&self) -> bool {
        self.auth.signed_headers.iter().all(|name| name == "host")
    }

    /// The signed headers, without the host.
    pub(super) fn signed(&self) -> impl Iterator<Item = &str> {
        self.auth
            .signed_headers
            .iter()
            .map(String::as_str)
            .filter(|name| *name != "host")
    }

    pub(super) fn signs(&self, name: &str) -> bool {
        self.auth.signed_headers.iter().any(|signed| signed == name)
    }

    /// Whether the evidence shows a signature mismatch that is not yet explained.
    pub(super) fn mismatches(&self) -> bool {
        match self.signature {
            Signature::Explained(_) => false,
            Signature::Unexplained => true,
            _ => self.answer.about == About::Mismatch,
        }
    }

    /// Whether the signature may be wrong: neither the secret nor the answer shows that it is right.
    pub(super) fn may_mismatch(&self) -> bool {
        self.mismatches()
            || (matches!(self.signature, Signature::Unknown)
                && self.answer.allows(&[About::Mismatch]))
    }

    pub(super) fn signature_holds(&self) -> bool {
        matches!(self.signature, Signature::Holds)
    }

    /// The row for this part in the comparison with what the store computed.
    pub(super) fn computed(&self, part: &str) -> Option<&Comparison> {
        self.computed.iter().find(|row| row.part() == part)
    }

    /// Whether the store computed its signature from exactly the text in the evidence.
    pub(super) fn store_computed_the_same(&self) -> bool {
        let mut rows = self.computed.iter();
        // A value that was masked in the answer does not differ, but may have.
        self.computed("method").is_some()
            && !rows.any(|row| row.differs() || row.sent() != row.other())
    }

    /// Whether the answer shows that the store read the credential and, if it checked it, the signature: damage is only
    /// in the copy of the URL.
    pub(super) fn arrived_whole(&self) -> bool {
        let answer = self.answer;
        match answer.about {
            About::AccessKey => {
                let own = &self.auth.access_key_id;
                let id = answer
                    .element("AWSAccessKeyId")
                    .filter(|_| self.auth.shows_id());
                // If not, it is the ID before the repair.
                let whole = id.is_none_or(|id| is_hidden(id) || id == own);
                whole && answer.code != "Unauthorized" // R2
            }
            About::Region => {
                let told = answer.message.rsplit_once("expect");
                let region = &self.auth.region;
                told.is_some_and(|(found, _)| !region.is_empty() && found.contains(&**region))
            }
            About::Mismatch => {
                let kept = self.auth.signature.trim_end_matches(['.', '\u{2026}']);
                let is_damaged = !self.damages.is_empty();
                let longer = |row: &Comparison| {
                    let (sent, other) = (row.sent().map(str::len), row.other().map(str::len));
                    sent.is_some() && other > sent // damage adds text
                };
                let differs = |row: &Comparison| {
                    let part = row.part();
                    let counts = part.starts_with("parameter X-Amz-")
                        || (is_damaged && part == "canonical URI" && longer(row))
                        || (is_damaged && part.starts_with("parameter ") && row.sent().is_some());
                    counts && row.decoded_differs()
                };
                let provided = answer.element("SignatureProvided");
                let whole = provided.is_some_and(|provided| {
                    is_whole_signature(provided) && provided.starts_with(kept)
                });
                !self.is_readable_as_given || (whole && !self.computed.iter().any(differs))
            }
            _ => false,
        }
    }

    /// The form, if its policy can be read.
    pub(super) fn policy(&self) -> Option<(&Form<'s>, &Policy)> {
        let form = self.form.as_ref()?;
        Some((form, form.policy.as_ref()?))
    }

    /// The time of the request: the store's, if its answer contains one.
    pub(super) fn time(&self) -> Option<Timestamp> {
        self.store_time.or(self.now)
    }

    pub(super) fn is_presigned(&self) -> bool {
        !self.auth.signature.is_empty()
    }

    /// Whether the host belongs to S3, where no other store answers.
    pub(super) fn at_aws(&self) -> bool {
        hosts::is_s3(self.url.host)
    }

    pub(super) fn is_upload(&self) -> bool {
        matches!(self.method, "PUT" | "POST")
    }

    pub(super) fn is_form(&self) -> bool {
        let about = self.answer.about;
        let bare = self.method == "POST" && self.url.pairs.is_empty() && about != About::Nothing;
        self.form.is_some()
            || bare
            || matches!(
                about,
                About::Condition | About::ExtraField | About::FormExpired | About::FormShape
            )
    }

    /// The key, or bucket and key, decoded.
    pub(super) fn path(&self) -> Zeroizing<String> {
        decode(self.url.path)
    }
}
