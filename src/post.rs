//! Browser uploads: a policy that says what may be uploaded, signed into an HTML form.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;
use core::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::bucket::Bucket;
use crate::credentials::Identity;
use crate::error::Error;
use crate::expiry::{Expiry, ExpiryPolicy, Lifetime};
use crate::presigner::{Checksum, Encryption, MAX_KEY};
use crate::rules::{METADATA, Place, find};
use crate::sigv4::canonical_headers::{check_name, check_value};
use crate::sigv4::pairs;
use crate::sigv4::signing_key::Key;
use crate::timestamp::Timestamp;

mod form;

pub use form::PostForm;

/// An upload by `POST` from a form, in a browser or elsewhere: where a presigned `PUT` fixes every byte of a header, a
/// policy can also leave open what comes behind a prefix, and limit the size.
///
/// Each setter adds a form field together with the policy's condition for it, so that they cannot disagree, and S3 never
/// refuses a field for want of a condition. Mistakes are found when signing:
///
/// | refused | with |
/// |---|---|
/// | a key that is empty or over 1024 bytes, or holds a variable other than `${filename}` | [`Error::EmptyKey`], [`Error::KeyTooLong`], [`Error::UnknownVariable`] |
/// | a field given twice (names are compared without case), or one that signing sets | [`Error::DuplicateField`], [`Error::ReservedField`] |
/// | a field's name that is no header name; a value with a control character, or empty where it cannot be | [`Error::EmptyHeaderName`], [`Error::InvalidHeaderName`], [`Error::InvalidHeaderValue`], [`Error::EmptyValue`] |
/// | a checksum or key that is not the base64 of its size | [`Error::InvalidBase64`] |
/// | a length range that is empty, or given twice | [`Error::EmptyLengthRange`], [`Error::DuplicateField`] |
/// | a content type with `*`, a success status other than 200, 201, 204 | [`Error::WildcardInContentType`], [`Error::InvalidSuccessStatus`] |
/// | a multi-region access point, a directory bucket or the service in place of a bucket | [`Error::NoPostHere`] |
/// | fields of over 20480 bytes, policy and session token included | [`Error::FormTooLarge`] |
/// | what [`Presigner`](crate::Presigner) refuses of credentials, time, expiry and bucket | the same errors |
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html>
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use presign::post::PostPolicy;
/// use presign::{Bucket, Credentials, Timestamp};
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let form = PostPolicy::new(&credentials, &bucket, "user/1/${filename}")
///     .content_type_starts_with("image/")
///     .content_length(1..=10_000_000)
///     .success_action_status(201)
///     .expires_in(Duration::from_secs(600))
///     .sign_at(Timestamp::from_unix(1_369_353_600))?;
///
/// assert_eq!(form.action(), "https://examplebucket.s3.eu-west-1.amazonaws.com/");
/// assert_eq!(form.expires_at().to_string(), "2013-05-24T00:10:00Z");
/// assert!(form.to_html().starts_with("<form action=\"https://examplebucket.s3.eu-west-1.amazonaws.com/\" method=\"post\""));
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone)]
#[doc(alias = "createPresignedPost")]
#[doc(alias = "generate_presigned_post")]
#[doc(alias = "presigned_post")]
#[doc(alias = "PostObject")]
pub struct PostPolicy<'a> {
    identity: Identity<'a>,
    bucket: &'a Bucket<'a>,
    key: &'a str,
    fields: Vec<Field<'a>>,
    content_length: Vec<RangeInclusive<u64>>,
    lifetime: Lifetime,
}

#[derive(Clone)]
struct Field<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    matching: Matching,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Matching {
    Exact,
    Prefix,
}

/// What S3 puts the uploaded file's name in place of.
pub(crate) const FILENAME: &str = "${filename}";

/// The most that S3 takes before the file, in bytes.
pub(crate) const MAX_FORM: usize = 20 * 1024;

impl<'a> PostPolicy<'a> {
    /// An upload to a key. In a key, and in the value of any field, `${filename}` stands for the uploaded file's name:
    /// then the policy allows everything that starts with what stands before it.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::{Bucket, Credentials, Error, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let now = Timestamp::from_unix(0);
    /// let exact = PostPolicy::new(&credentials, &bucket, "in.png").sign_at(now)?;
    /// assert!(exact.policy().contains(r#"["eq","$key","in.png"]"#));
    /// let open = PostPolicy::new(&credentials, &bucket, "in/${filename}").sign_at(now)?;
    /// assert!(open.policy().contains(r#"["starts-with","$key","in/"]"#));
    /// let unknown = PostPolicy::new(&credentials, &bucket, "in/${user}").sign_at(now);
    /// assert_eq!(unknown.unwrap_err(), Error::UnknownVariable { position: 3 });
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn new(identity: impl Into<Identity<'a>>, bucket: &'a Bucket<'_>, key: &'a str) -> Self {
        Self {
            identity: identity.into(),
            bucket,
            key,
            fields: Vec::new(),
            content_length: Vec::new(),
            lifetime: Lifetime::of(Duration::from_secs(3600)),
        }
    }

    /// Lets the form live for a duration of whole seconds from the signing time: 1 s to 604800 s (7 days). The default
    /// is 3600 s, as in the AWS SDKs.
    ///
    /// # Examples
    /// See [`PostPolicy`].
    #[must_use]
    pub const fn expires_in(mut self, duration: Duration) -> Self {
        self.lifetime.expiry = Expiry::In(duration);
        self
    }

    /// Lets the form live until a point in time, 1 s to 604800 s (7 days) after the signing time.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::{Bucket, Credentials, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let end = Timestamp::from_unix(86_400);
    /// let form = PostPolicy::new(&credentials, &bucket, "k").expires_at(end).sign_at(Timestamp::from_unix(0))?;
    /// assert!(form.policy().contains(r#""expiration":"1970-01-02T00:00:00Z""#));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn expires_at(mut self, end: impl Into<Timestamp>) -> Self {
        self.lifetime.expiry = Expiry::At(end.into());
        self
    }

    /// Says what happens where the credentials end before the form would.
    ///
    /// # Examples
    /// See [`ExpiryPolicy`].
    #[must_use]
    pub const fn expiry_policy(mut self, policy: ExpiryPolicy) -> Self {
        self.lifetime.policy = policy;
        self
    }

    /// Any field, with exactly this value.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::{Bucket, Credentials, Error, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let (now, policy) = (Timestamp::from_unix(0), PostPolicy::new(&credentials, &bucket, "k"));
    /// let form = policy.clone().field("Cache-Control", "max-age=60").sign_at(now)?;
    /// assert!(form.policy().contains(r#"["eq","$Cache-Control","max-age=60"]"#));
    /// assert!(form.fields().any(|field| field == ("Cache-Control", "max-age=60")));
    /// let twice = policy.field("acl", "private").field("ACL", "public-read").sign_at(now);
    /// assert_eq!(twice.unwrap_err(), Error::DuplicateField);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn field(self, name: &'a str, value: &'a str) -> Self {
        self.with(name.into(), value.into(), Matching::Exact)
    }

    /// Any field, whose value the sender chooses but has to start so; an empty text leaves it wholly open. The form
    /// proposes the prefix.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::{Bucket, Credentials, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let form = PostPolicy::new(&credentials, &bucket, "k")
    ///     .field_starts_with("x-amz-meta-tag", "")
    ///     .sign_at(Timestamp::from_unix(0))?;
    /// assert!(form.policy().contains(r#"["starts-with","$x-amz-meta-tag",""]"#));
    /// assert_eq!(form.open_fields().collect::<Vec<_>>(), [("x-amz-meta-tag", "")]);
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn field_starts_with(self, name: &'a str, prefix: &'a str) -> Self {
        self.with(name.into(), prefix.into(), Matching::Prefix)
    }

    /// How many bytes the file may have, at least and at most.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::{Bucket, Credentials, Error, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let (now, policy) = (Timestamp::from_unix(0), PostPolicy::new(&credentials, &bucket, "k"));
    /// let form = policy.clone().content_length(1..=1024).sign_at(now)?;
    /// assert!(form.policy().contains(r#"["content-length-range",1,1024]"#));
    /// assert_eq!(
    ///     policy.content_length(2..=1).sign_at(now).unwrap_err(),
    ///     Error::EmptyLengthRange { min: 2, max: 1 }
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn content_length(mut self, bytes: RangeInclusive<u64>) -> Self {
        self.content_length.push(bytes);
        self
    }

    /// The field `Content-Type`, with exactly this value.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::{Bucket, Checksum, Credentials, Encryption, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let form = PostPolicy::new(&credentials, &bucket, "k")
    ///     .content_type("image/png")
    ///     .acl("private")
    ///     .storage_class("STANDARD_IA")
    ///     .tagging("<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>")
    ///     .metadata("author", "example")
    ///     .metadata_starts_with("year", "18")
    ///     .encryption(Encryption::S3)
    ///     .checksum(Checksum::Crc32("AAAAAA=="))
    ///     .success_action_redirect("https://example.com/done")
    ///     .sign_at(Timestamp::from_unix(0))?;
    /// let names: Vec<_> = form.fields().map(|(name, _)| name).collect();
    /// assert_eq!(names[..8], [
    ///     "key", "Content-Type", "acl", "x-amz-storage-class", "tagging", "x-amz-meta-author",
    ///     "x-amz-server-side-encryption", "x-amz-checksum-crc32",
    /// ]);
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn content_type(self, value: &'a str) -> Self {
        self.field("Content-Type", value)
    }

    /// The field `Content-Type`, whose value has to start so, such as `image/`.
    ///
    /// # Examples
    /// See [`PostPolicy`].
    #[must_use]
    pub fn content_type_starts_with(self, prefix: &'a str) -> Self {
        self.field_starts_with("Content-Type", prefix)
    }

    /// The field `acl`: a canned access control list.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    #[must_use]
    pub fn acl(self, canned: &'a str) -> Self {
        self.field("acl", canned)
    }

    /// The field `x-amz-storage-class`.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    #[must_use]
    pub fn storage_class(self, class: &'a str) -> Self {
        self.field("x-amz-storage-class", class)
    }

    /// The field `tagging`: here, unlike in a header, an XML document.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    #[must_use]
    pub fn tagging(self, xml: &'a str) -> Self {
        self.field("tagging", xml)
    }

    /// A field `x-amz-meta-NAME`, with exactly this value. The name is given without the prefix.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    #[must_use]
    pub fn metadata(self, name: &str, value: &'a str) -> Self {
        self.with(meta(name), value.into(), Matching::Exact)
    }

    /// A field `x-amz-meta-NAME`, whose value has to start so.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    #[must_use]
    pub fn metadata_starts_with(self, name: &str, prefix: &'a str) -> Self {
        self.with(meta(name), prefix.into(), Matching::Prefix)
    }

    /// The fields of server-side encryption.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    #[must_use]
    pub fn encryption(self, encryption: Encryption<'a>) -> Self {
        encryption
            .headers()
            .into_iter()
            .flatten()
            .fold(self, |this, (row, value)| this.field(row.name(), value))
    }

    /// The field `x-amz-checksum-...`: the file's checksum.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    #[must_use]
    pub fn checksum(self, checksum: Checksum<'a>) -> Self {
        let (row, value) = checksum.header();
        self.field(row.name(), value)
    }

    /// The field `success_action_redirect`: where the browser goes after the upload.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    #[must_use]
    pub fn success_action_redirect(self, url: &'a str) -> Self {
        self.field("success_action_redirect", url)
    }

    /// The field `success_action_status`: 200, 201 or 204, which S3 answers with where there is no redirect.
    ///
    /// # Examples
    /// See [`PostPolicy`].
    #[must_use]
    pub fn success_action_status(self, status: u16) -> Self {
        self.with(
            "success_action_status".into(),
            status.to_string().into(),
            Matching::Exact,
        )
    }

    fn with(mut self, name: Cow<'a, str>, value: Cow<'a, str>, matching: Matching) -> Self {
        self.fields.push(Field {
            name,
            value,
            matching,
        });
        self
    }

    /// Signs at the time `at`.
    ///
    /// # Errors
    /// See [`PostPolicy`]'s table.
    ///
    /// # Examples
    /// See [`PostPolicy`].
    pub fn sign_at(&self, at: impl Into<Timestamp>) -> Result<PostForm, Error> {
        let now = at.into();
        self.check()?;
        let stamp = now.stamp()?;
        let resolved = self.identity.resolve(self.bucket, now)?;
        let signer = resolved.signer();
        let times = self.lifetime.at(now, &signer)?;
        let address = self.bucket.address()?;
        let scope = self.bucket.scope(stamp.day());
        let mut action = Vec::new();
        address.put_scheme(&mut action);
        address.put_host(&mut action);
        address.put_bucket_path(&mut action);
        let mut credential = signer.access_key_id().as_bytes().to_vec();
        credential.push(b'/');
        scope.put(&mut credential);

        let exact = |name: &'static str, value: Cow<'a, str>| Field {
            name: name.into(),
            value,
            matching: Matching::Exact,
        };
        let mut fields = Vec::with_capacity(self.fields.len() + 7);
        fields.push(exact("key", self.key.into()));
        fields.extend(self.fields.iter().cloned());
        fields.push(exact("x-amz-algorithm", scope.algorithm().name().into()));
        fields.push(exact("x-amz-credential", text(credential).into()));
        fields.push(exact("x-amz-date", text(stamp.as_bytes().to_vec()).into()));
        if let Some((_, token)) = signer.token_for(self.bucket)? {
            fields.push(exact("x-amz-security-token", String::from(token).into()));
        }
        let end = Timestamp::from_unix(now.as_unix().saturating_add(times.expires.into()));
        end.stamp()?; // a policy cannot tell an end after the year 9999
        let policy = self.document(&fields, end);
        let encoded = STANDARD.encode(&policy);
        signer.check_scope(&scope)?;
        let signature = signer.with_key(&scope, |key| match key {
            Key::Hmac(key) => Ok(key.hex(encoded.as_bytes())),
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(_) => Err(Error::NoPostHere),
        })??;
        fields.push(exact("policy", encoded.into()));
        fields.push(exact("x-amz-signature", text(signature.to_vec()).into()));
        // What separates the fields is the sender's, and comes on top.
        let bytes = fields
            .iter()
            .map(|field| field.name.len() + field.value.len())
            .sum();
        if bytes > MAX_FORM {
            return Err(Error::FormTooLarge { bytes });
        }
        Ok(PostForm::new(text(action), policy, fields, times.end))
    }

    /// The policy: when it ends, and a condition for each field.
    fn document(&self, fields: &[Field<'_>], end: Timestamp) -> String {
        let mut conditions = Vec::with_capacity(fields.len() + 2);
        conditions.push(json!({ "bucket": self.bucket.name() }));
        for Field {
            name,
            value,
            matching,
        } in fields
        {
            // A name that is matched without case by S3; written as the form writes it.
            let name = alloc::format!("${name}");
            // S3 puts in the file's name before it compares.
            let (value, matching) = match value.split_once(FILENAME) {
                Some((prefix, _)) => (prefix, &Matching::Prefix),
                None => (&**value, matching),
            };
            conditions.push(match matching {
                Matching::Exact => json!(["eq", name, value]),
                Matching::Prefix => json!(["starts-with", name, value]),
            });
        }
        for range in &self.content_length {
            conditions.push(json!(["content-length-range", range.start(), range.end()]));
        }
        json!({ "expiration": end.to_string(), "conditions": Value::Array(conditions) }).to_string()
    }

    fn check(&self) -> Result<(), Error> {
        let bucket = self.bucket;
        if bucket.is_service() || bucket.is_directory() || bucket.sigv4a_regions().is_some() {
            return Err(Error::NoPostHere);
        }
        if self.key.is_empty() {
            return Err(Error::EmptyKey);
        }
        if self.key.len() > MAX_KEY {
            return Err(Error::KeyTooLong {
                bytes: self.key.len(),
            });
        }
        check_value(self.key.bytes())?;
        let unknown = self.key.match_indices("${").find(|(at, _)| {
            !self
                .key
                .get(*at..)
                .is_some_and(|rest| rest.starts_with(FILENAME))
        });
        if let Some((position, _)) = unknown {
            return Err(Error::UnknownVariable { position });
        }
        match self.content_length.as_slice() {
            [] => {}
            [range] if range.is_empty() => {
                return Err(Error::EmptyLengthRange {
                    min: *range.start(),
                    max: *range.end(),
                });
            }
            [_] => {}
            _ => return Err(Error::DuplicateField),
        }
        self.fields.iter().try_for_each(check_field)?;
        let mut names: Vec<String> = self
            .fields
            .iter()
            .map(|field| field.name.to_ascii_lowercase())
            .collect();
        names.sort_unstable();
        if names
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a == b))
        {
            return Err(Error::DuplicateField);
        }
        Ok(())
    }
}

fn check_field(field: &Field<'_>) -> Result<(), Error> {
    if field.name.eq_ignore_ascii_case(METADATA) {
        return Err(Error::EmptyHeaderName);
    }
    check_name(&field.name)?;
    let row = find(Place::Field, &field.name);
    if let Some(row) = row.filter(|row| row.is_reserved()) {
        return Err(Error::ReservedField { name: row.name() });
    }
    check_value(field.value.bytes())?;
    match row {
        Some(row) if field.matching == Matching::Exact => {
            row.check(pairs::Value::Text(&field.value))
        }
        Some(row) => row.check_prefix(&field.value),
        None => Ok(()),
    }
}

fn meta(name: &str) -> Cow<'static, str> {
    alloc::format!("{METADATA}{name}").into()
}

/// What was put together from ASCII.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

impl fmt::Debug for PostPolicy<'_> {
    /// Names of fields only: a value may be a customer's encryption key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostPolicy")
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field(
                "fields",
                &self
                    .fields
                    .iter()
                    .map(|field| &*field.name)
                    .collect::<Vec<_>>(),
            )
            .field("content_length", &self.content_length)
            .finish_non_exhaustive()
    }
}
