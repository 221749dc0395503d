//! Checks an upload by a form, as a store does that gets a `POST`.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::credential::Credential;
use super::{Rejection, Verifier, first_end, holds, issued};
use crate::credentials::Credentials;
use crate::sigv4::scope::Algorithm;
use crate::sigv4::signing_key::Key;
use crate::sigv4::sink::Sink;
use crate::timestamp::{Stamp, Timestamp};

/// An upload by a form, as it was received: bucket, fields, and what is known of the file.
///
/// # Examples
/// See [`Verifier::verify_post`].
#[derive(Clone, Copy)]
pub struct PostRequest<'r> {
    bucket: &'r str,
    fields: &'r [(&'r str, &'r str)],
    file_name: &'r str,
    file_length: u64,
}

impl<'r> PostRequest<'r> {
    /// The bucket that was addressed, the fields before the file, with their values as they came, and how many bytes the
    /// file has. (S3 ignores fields behind the file.)
    ///
    /// # Examples
    /// See [`Verifier::verify_post`].
    #[must_use]
    pub const fn new(bucket: &'r str, fields: &'r [(&'r str, &'r str)], file_length: u64) -> Self {
        Self {
            bucket,
            fields,
            file_name: "",
            file_length,
        }
    }

    /// The file's name, which stands in for `${filename}`: what comes after its last slash or backslash.
    ///
    /// # Examples
    /// See [`Verifier::verify_post`].
    #[must_use]
    pub fn file_name(mut self, name: &'r str) -> Self {
        self.file_name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        self
    }

    /// The value of a field.
    fn field(&self, name: &'static str) -> Result<&'r str, PostRejection> {
        self.find(name).ok_or(PostRejection::MissingField { name })
    }

    fn find(&self, name: &str) -> Option<&'r str> {
        let mut fields = self.fields.iter();
        fields
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }

    /// The value that a condition is about.
    fn value(&self, name: &str) -> Option<Cow<'r, str>> {
        if name.eq_ignore_ascii_case("bucket") {
            // A field of this name says nothing of where the request went.
            return Some(self.bucket.into());
        }
        self.find(name).map(|value| self.substitute(value))
    }

    fn substitute(&self, value: &'r str) -> Cow<'r, str> {
        if value.contains("${filename}") {
            value.replace("${filename}", self.file_name).into()
        } else {
            value.into()
        }
    }
}

impl fmt::Debug for PostRequest<'_> {
    /// Names of fields only: they hold a signature.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        f.debug_struct("PostRequest")
            .field("bucket", &self.bucket)
            .field("fields", &names)
            .field("file_length", &self.file_length)
            .finish_non_exhaustive()
    }
}

/// Why [`Verifier::verify_post`] refuses an upload. None holds a signature, nor what it should have been.
///
/// # Examples
/// See [`Verifier::verify_post`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PostRejection {
    /// A field of the signature, the policy or the key is missing, or no key is left once the file's name is put in.
    #[error("field {name} is missing")]
    MissingField {
        /// Its name.
        name: &'static str,
    },
    /// A field stands twice; names are compared without case.
    #[error("field {name} is given twice")]
    DuplicateField {
        /// Its name.
        name: String,
    },
    /// What applies to URLs too: algorithm, credential, date, identity, signature, expiry.
    #[error(transparent)]
    Request(#[from] Rejection),
    /// The policy is no base64 of a JSON document with an expiration and conditions.
    #[error("policy is not base64 of JSON with an expiration and conditions")]
    MalformedPolicy,
    /// A field does not meet its condition, or did not come.
    #[error("field {name} does not meet the policy's condition")]
    ConditionNotMet {
        /// Its name, as the policy writes it.
        name: String,
    },
    /// A field came for which the policy has no condition, or it has none for the bucket.
    #[error("policy has no condition for field {name}")]
    FieldWithoutCondition {
        /// Its name, as the form writes it.
        name: String,
    },
    /// The file is smaller than the policy wants.
    #[error("file has {bytes} bytes, under the policy's {min}")]
    FileTooSmall {
        /// The file's length.
        bytes: u64,
        /// The least.
        min: u64,
    },
    /// The file is larger than the policy allows.
    #[error("file has {bytes} bytes, over the policy's {max}")]
    FileTooLarge {
        /// The file's length.
        bytes: u64,
        /// The most.
        max: u64,
    },
}

/// An upload whose signature holds and that meets its policy: who signed it, and for which key.
///
/// # Examples
/// See [`Verifier::verify_post`].
#[derive(Clone)]
pub struct VerifiedPost {
    credential: Credential,
    key: String,
    signed_at: Timestamp,
    expires_at: Timestamp,
}

impl VerifiedPost {
    /// The access key ID that signed.
    ///
    /// # Examples
    /// See [`Verifier::verify_post`].
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.credential.access_key_id()
    }

    /// The region of the scope.
    ///
    /// # Examples
    /// See [`Verifier::verify_post`].
    #[must_use]
    pub fn region(&self) -> &str {
        self.credential.region()
    }

    /// The object's key, with the file's name put in for `${filename}`. It is text, not a path: as in S3, `users/17/../18/x`
    /// starts with `users/17/`, and a file named `..` gives `users/17/..`. A server that keeps files in folders has to
    /// refuse segments that its file system resolves.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::verify::{PostRequest, Verifier};
    /// # use presign::{Bucket, Credentials, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # let now = Timestamp::from_unix(0);
    /// let form = PostPolicy::new(&credentials, &bucket, "users/17/${filename}").sign_at(now)?;
    /// let fields: Vec<_> = form.fields().collect();
    /// let upload = PostRequest::new("examplebucket", &fields, 10).file_name("..");
    /// let verified = Verifier::new().verify_post(&upload, now, |_| Some(credentials.clone()))?;
    /// assert_eq!(verified.key(), "users/17/..");
    /// let is_name = |segment: &str| !matches!(segment, "" | "." | "..") && !segment.contains(['\\', '\0']);
    /// assert!(!verified.key().split('/').all(is_name)); // not to be joined to a folder
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// When it was signed.
    ///
    /// # Examples
    /// See [`Verifier::verify_post`].
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.signed_at
    }

    /// When the form ends: the earlier of the policy's expiration and the credentials' own.
    ///
    /// # Examples
    /// See [`Verifier::verify_post`].
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl fmt::Debug for VerifiedPost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedPost")
            .field("access_key_id", &self.access_key_id())
            .field("region", &self.region())
            .field("key", &self.key)
            .field("signed_at", &self.signed_at)
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

impl Verifier<'_> {
    /// Checks an upload by a form at the time `now`, by S3's rules: the signature is that of the policy; the policy has
    /// not ended; each condition is met; and bucket and each field have one, except `policy`, `x-amz-signature`, `file`,
    /// and those whose names start with `x-ignore-`. Names are compared without case. Before a field is compared, the
    /// file's name stands in for `${filename}`. The policy is not read before its signature holds.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html>
    ///
    /// # Errors
    /// The first [`PostRejection`] that applies.
    ///
    /// # Examples
    /// ```
    /// use presign::post::PostPolicy;
    /// use presign::verify::{PostRejection, PostRequest, Verifier};
    /// use presign::{Bucket, Credentials, Timestamp};
    ///
    /// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    /// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    /// let now = Timestamp::from_unix(1_369_353_600);
    /// let form = PostPolicy::new(&credentials, &bucket, "user/1/${filename}").content_length(1..=1000).sign_at(now)?;
    /// let fields: Vec<_> = form.fields().collect();
    ///
    /// let who = |id: &str| (id == "AKIAEXAMPLE").then(|| credentials.clone());
    /// let upload = PostRequest::new("examplebucket", &fields, 1000).file_name("C:\\duck.jpg");
    /// let verified = Verifier::new().verify_post(&upload, now, who)?;
    /// assert_eq!((verified.access_key_id(), verified.region()), ("AKIAEXAMPLE", "eu-west-1"));
    /// assert_eq!(verified.key(), "user/1/duck.jpg");
    /// assert_eq!((verified.signed_at(), verified.expires_at()), (now, form.expires_at()));
    ///
    /// let upload = PostRequest::new("examplebucket", &fields, 1001);
    /// let rejection = Verifier::new().verify_post(&upload, now, who).unwrap_err();
    /// assert_eq!(rejection, PostRejection::FileTooLarge { bytes: 1001, max: 1000 });
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn verify_post<'c>(
        &self,
        request: &PostRequest<'_>,
        now: impl Into<Timestamp>,
        who: impl FnOnce(&str) -> Option<Credentials<'c>>,
    ) -> Result<VerifiedPost, PostRejection> {
        let now = now.into();
        check_names(request)?;
        let key = request.substitute(request.field("key")?).into_owned();
        if key.is_empty() {
            return Err(PostRejection::MissingField { name: "key" });
        }
        let policy = request.field("policy")?;
        let algorithm = Algorithm::from_name(request.field("x-amz-algorithm")?)
            .filter(|algorithm| !algorithm.has_region_set())
            .ok_or(Rejection::UnknownAlgorithm)?;
        let credential = request.field("x-amz-credential")?;
        let credential = Credential::new(credential.bytes(), algorithm)?;
        let (stamp, signed_at) =
            Stamp::parse(request.field("x-amz-date")?).ok_or(Rejection::MalformedDate)?;
        let signature = request.field("x-amz-signature")?;
        let is_lower_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if signature.len() != 64 || !signature.bytes().all(is_lower_hex) {
            return Err(Rejection::MalformedSignature.into());
        }

        let scope = credential.scope()?;
        self.check_scope(&scope, stamp, core::iter::empty)?;
        self.check_ahead(signed_at, now)?;
        self.check_age(signed_at, now)?;
        let token = request.find("x-amz-security-token").map(str::bytes);
        let credentials = issued(&credential, token, now, who)?;
        let verify = |key: &Key| match key {
            Key::Hmac(key) => key.verify(|sink| sink.put(policy.as_bytes()), signature),
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(_) => false,
        };
        if !holds(
            credential.access_key_id(),
            credentials.secret(),
            &scope,
            verify,
        ) {
            return Err(Rejection::SignatureMismatch.into());
        }

        let policy = Policy::parse(policy).ok_or(PostRejection::MalformedPolicy)?;
        if policy.end <= now {
            let expired_at = policy.end;
            return Err(Rejection::Expired { now, expired_at }.into());
        }
        policy.check(request)?;
        Ok(VerifiedPost {
            key,
            credential,
            signed_at,
            expires_at: first_end(&credentials, policy.end),
        })
    }
}

fn check_names(request: &PostRequest<'_>) -> Result<(), PostRejection> {
    let mut names: Vec<_> = request
        .fields
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    names.sort_unstable();
    let twice = names
        .windows(2)
        .find(|pair| matches!(pair, [a, b] if a == b));
    match twice.and_then(|pair| pair.first()) {
        Some(name) => Err(PostRejection::DuplicateField { name: name.clone() }),
        None => Ok(()),
    }
}

/// What a policy document says.
struct Policy {
    end: Timestamp,
    conditions: Vec<Condition>,
}

enum Condition {
    Exact { name: String, value: String },
    Prefix { name: String, value: String },
    Length { min: u64, max: u64 },
}

impl Policy {
    fn parse(base64: &str) -> Option<Self> {
        let policy: Value = serde_json::from_slice(&STANDARD.decode(base64).ok()?).ok()?;
        let mut conditions = Vec::new();
        for condition in policy.get("conditions")?.as_array()? {
            match condition {
                Value::Object(fields) => {
                    for (name, value) in fields {
                        let (name, value) = (name.clone(), value.as_str()?.to_string());
                        conditions.push(Condition::Exact { name, value });
                    }
                }
                Value::Array(parts) => conditions.push(Condition::parse(parts)?),
                _ => return None,
            }
        }
        Some(Self {
            end: policy.get("expiration")?.as_str()?.parse().ok()?,
            conditions,
        })
    }

    fn check(&self, request: &PostRequest<'_>) -> Result<(), PostRejection> {
        for condition in &self.conditions {
            condition.check(request)?;
        }
        // The bucket is a field as well: a policy that names none would be good for each of them.
        for (name, _) in [("bucket", "")].iter().chain(request.fields) {
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            let free = ["policy", "x-amz-signature", "file"].into_iter().any(is)
                || name
                    .get(..9)
                    .is_some_and(|start| start.eq_ignore_ascii_case("x-ignore-"));
            if !free && !self.conditions.iter().filter_map(Condition::name).any(is) {
                return Err(PostRejection::FieldWithoutCondition {
                    name: (*name).to_string(),
                });
            }
        }
        Ok(())
    }
}

impl Condition {
    fn parse(parts: &[Value]) -> Option<Self> {
        let [operator, name, value] = parts else {
            return None;
        };
        let operator = operator.as_str()?;
        if operator == "content-length-range" {
            // Some clients write the numbers as text.
            let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
            let (min, max) = (number(name)?, number(value)?);
            return Some(Self::Length { min, max });
        }
        let name = name.as_str()?.strip_prefix('$')?.to_string();
        let value = value.as_str()?.to_string();
        match operator {
            "eq" => Some(Self::Exact { name, value }),
            "starts-with" => Some(Self::Prefix { name, value }),
            _ => None,
        }
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Exact { name, .. } | Self::Prefix { name, .. } => Some(name),
            Self::Length { .. } => None,
        }
    }

    fn check(&self, request: &PostRequest<'_>) -> Result<(), PostRejection> {
        let bytes = request.file_length;
        let (name, met) = match self {
            Self::Length { min, .. } if bytes < *min => {
                return Err(PostRejection::FileTooSmall { bytes, min: *min });
            }
            Self::Length { max, .. } if bytes > *max => {
                return Err(PostRejection::FileTooLarge { bytes, max: *max });
            }
            Self::Length { .. } => return Ok(()),
            Self::Exact { name, value } => {
                let sent = request.value(name);
                (name, sent.is_some_and(|sent| sent == *value))
            }
            Self::Prefix { name, value } => {
                let met = |sent: Cow<'_, str>| {
                    // Commas separate content types, each of which has to meet the condition.
                    let list = name.eq_ignore_ascii_case("content-type");
                    sent.starts_with(value.as_str())
                        && (!list
                            || sent
                                .split(',')
                                .skip(1)
                                .all(|one| one.trim_start().starts_with(value.trim_start())))
                };
                (name, request.value(name).is_some_and(met))
            }
        };
        if met {
            Ok(())
        } else {
            Err(PostRejection::ConditionNotMet { name: name.clone() })
        }
    }
}
