//! Checks an upload by form, as a store does when it receives a `POST`.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::credential::Credential;
use super::{Rejection, Verifier, first_end, holds, issued};
use crate::credentials::Credentials;
use crate::expiry::MAX_EXPIRES;
use crate::post::{FILENAME, MAX_FORM, repeated};
use crate::presigner::MAX_KEY;
use crate::sigv4::scope::Algorithm;
use crate::sigv4::signing_key::Key;
use crate::sigv4::sink::Sink;
use crate::timestamp::{Stamp, Timestamp};

mod json;
mod policy;

use json::Text;
use policy::Policy;

/// An upload by form, as it was received: bucket, fields, and what is known about the file.
///
/// # Examples
/// See [`Verifier::verify_post`].
#[derive(Clone, Copy)]
#[must_use]
pub struct PostRequest<'r> {
    bucket: &'r str,
    fields: &'r [(&'r str, &'r str)],
    file_name: &'r str,
    file_length: u64,
}

impl<'r> PostRequest<'r> {
    /// Creates an upload from the addressed bucket, the fields before the file with their values as received, and the
    /// size of the file in bytes. (S3 ignores fields after the file.)
    ///
    /// # Examples
    /// See [`Verifier::verify_post`].
    pub const fn new(bucket: &'r str, fields: &'r [(&'r str, &'r str)], file_length: u64) -> Self {
        Self {
            bucket,
            fields,
            file_name: "",
            file_length,
        }
    }

    /// Sets the file's name, which replaces `${filename}`. Only the part after its last slash or backslash is used.
    ///
    /// # Examples
    /// See [`Verifier::verify_post`].
    pub fn file_name(mut self, name: &'r str) -> Self {
        self.file_name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        self
    }

    /// The value of a field.
    fn field(&self, name: &'static str) -> Result<&'r str, PostRejection> {
        self.find(name).ok_or(PostRejection::MissingField { name })
    }

    fn find(&self, name: &str) -> Option<&'r str> {
        crate::text::find(self.fields, name)
    }

    /// Whether the condition's field is present and all of its values are accepted.
    fn all_values(&self, name: Text<'_>, is_as_wanted: impl Fn(&'r str) -> bool) -> bool {
        let is_bucket = name.is_ignoring_case("bucket");
        // The addressed bucket is checked as well as a field that names a bucket.
        let addressed = is_bucket.then_some(self.bucket);
        let mut fields = self.fields.iter();
        let sent = fields
            .find(|(field, _)| name.is_ignoring_case(field))
            .map(|(_, value)| *value);
        (sent.is_some() || is_bucket) && addressed.into_iter().chain(sent).all(is_as_wanted)
    }

    /// A value with `${filename}` replaced by the file's name, whatever its length.
    fn substituted(&self, value: &'r str) -> impl Iterator<Item = char> + Clone + use<'r> {
        let file_name = self.file_name;
        value
            .split(FILENAME)
            .enumerate()
            .flat_map(move |(at, piece)| {
                let name = if at == 0 { "" } else { file_name };
                name.chars().chain(piece.chars())
            })
    }

    /// The key of the object.
    fn object_key(&self) -> Result<String, PostRejection> {
        let key = self.field("key")?;
        let variables = key.matches(FILENAME).count();
        let bytes = (key.len() - variables * FILENAME.len())
            .saturating_add(variables.saturating_mul(self.file_name.len()));
        match bytes {
            0 => Err(PostRejection::MissingField { name: "key" }),
            1..=MAX_KEY => Ok(key.replace(FILENAME, self.file_name)),
            _ => Err(PostRejection::KeyTooLong { bytes }),
        }
    }
}

impl fmt::Debug for PostRequest<'_> {
    /// Shows field names only: the values include a signature.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        f.debug_struct("PostRequest")
            .field("bucket", &self.bucket)
            .field("fields", &names)
            .field("file_length", &self.file_length)
            .finish_non_exhaustive()
    }
}

/// Why [`Verifier::verify_post`] refuses an upload. No variant contains a signature, neither the received nor the
/// expected one.
///
/// # Examples
/// See [`Verifier::verify_post`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PostRejection {
    /// A field for the signature, the policy or the key is missing, or the key is empty after the file's name is
    /// inserted.
    #[error("field {name} is missing")]
    MissingField {
        /// The field.
        name: &'static str,
    },
    /// The names and values of the fields before the file are larger than S3 allows.
    #[error("form has {bytes} bytes before the file, over the maximum of 20480")]
    FormTooLarge {
        /// The size of the fields.
        bytes: usize,
    },
    /// A field occurs twice; names are case-insensitive.
    #[error("field {name} is given twice")]
    DuplicateField {
        /// The field.
        name: String,
    },
    /// A check that also applies to URLs failed: algorithm, credential, date, identity, signature or expiry.
    #[error(transparent)]
    Request(#[from] Rejection),
    /// The policy is not base64 of a JSON document with an expiration and conditions, or contains a member that is
    /// repeated or that S3 does not define.
    #[error("policy is not base64 of JSON with an expiration and conditions")]
    MalformedPolicy,
    /// A field is missing or does not meet its condition. A prefix condition is never met if S3 requires an exact
    /// value: for `bucket`, `x-amz-algorithm`, `x-amz-credential` and `x-amz-date`.
    #[error("field {name} does not meet the policy's condition")]
    ConditionNotMet {
        /// The field, as written in the policy.
        name: String,
    },
    /// The policy has no condition for a received field, or none for the bucket.
    #[error("policy has no condition for field {name}")]
    FieldWithoutCondition {
        /// The field, as written in the form.
        name: String,
    },
    /// The key is longer than S3 allows after the file's name is inserted.
    #[error("key of {bytes} bytes is over the maximum of 1024")]
    KeyTooLong {
        /// The length of the key.
        bytes: usize,
    },
    /// The file is smaller than the policy allows.
    #[error("file has {bytes} bytes, below the policy's minimum of {min}")]
    FileTooSmall {
        /// The size of the file.
        bytes: u64,
        /// The minimum.
        min: u64,
    },
    /// The file is larger than the policy allows.
    #[error("file has {bytes} bytes, over the policy's maximum of {max}")]
    FileTooLarge {
        /// The size of the file.
        bytes: u64,
        /// The maximum.
        max: u64,
    },
}

/// An upload with a valid signature that meets its policy: who signed it, and for which key.
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
    /// Returns the access key ID that signed.
    ///
    /// # Examples
    /// See [`Verifier::verify_post`].
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.credential.access_key_id()
    }

    /// Returns the region of the scope.
    ///
    /// # Examples
    /// See [`Verifier::verify_post`].
    #[must_use]
    pub fn region(&self) -> &str {
        self.credential.region()
    }

    /// Returns the object's key, with `${filename}` replaced by the file's name. It is text, not a path: as in S3,
    /// `users/17/../18/x` starts with `users/17/`, and a file named `..` gives `users/17/..`. A server that stores
    /// objects as files must refuse segments that its file system resolves.
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
    /// assert!(!verified.key().split('/').all(is_name)); // do not join this key to a folder
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns when the form was signed.
    ///
    /// # Examples
    /// See [`Verifier::verify_post`].
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.signed_at
    }

    /// Returns when the form expires: the earlier of the policy's expiration and that of the credentials.
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
    /// Checks an upload by form at the time `now`, by S3's rules. The signature must be that of the policy, and the
    /// policy must not have expired. Every condition must be met, even several for one field. The bucket and every
    /// field must have a condition, except `policy`, `x-amz-signature`, `file`, and names that start with `x-ignore-`.
    ///
    /// Names and operators are compared without case. `${filename}` is replaced by the file's name before a field is
    /// compared. The policy is read only after its signature is verified. A form is valid for at most 7 days from
    /// `x-amz-date`, whatever its policy says. A field `bucket` must name the addressed bucket.
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
        check_fields(request)?;
        request.field("key")?;
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

        // It can contain the session token.
        let mut document = Zeroizing::new(Vec::new());
        let decoded = STANDARD.decode_vec(policy, &mut document);
        let policy = core::str::from_utf8(&document)
            .ok()
            .filter(|_| decoded.is_ok())
            .and_then(Policy::parse)
            .ok_or(PostRejection::MalformedPolicy)?;
        let latest = Timestamp::from_unix(signed_at.as_unix().saturating_add(MAX_EXPIRES));
        let expired_at = policy.expires_at.min(latest);
        if expired_at <= now {
            return Err(Rejection::Expired { now, expired_at }.into());
        }
        policy.check(request)?;
        Ok(VerifiedPost {
            key: request.object_key()?,
            expires_at: first_end(&credentials, expired_at),
            credential,
            signed_at,
        })
    }
}

/// Limits the work before anything else is checked, and refuses repeated names.
fn check_fields(request: &PostRequest<'_>) -> Result<(), PostRejection> {
    let before_file = request
        .fields
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("file"));
    let bytes = before_file
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if bytes > MAX_FORM {
        return Err(PostRejection::FormTooLarge { bytes });
    }
    match repeated(request.fields.iter().map(|(name, _)| *name)) {
        Some(name) => Err(PostRejection::DuplicateField { name }),
        None => Ok(()),
    }
}
