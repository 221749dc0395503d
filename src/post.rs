//! Browser uploads: signs a policy, which limits what can be uploaded, into an HTML form.

use alloc::borrow::Cow;
use alloc::collections::BinaryHeap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;
use core::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::to_string;

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

/// A policy for uploads by `POST` from a form, in a browser or elsewhere. A presigned `PUT` fixes every byte of a
/// signed header; a policy can also allow any value with a given prefix, and limit the size.
///
/// # Examples
/// A form for images of at most 10 MB, valid for ten minutes:
/// ```
/// use core::time::Duration;
/// use presign::post::PostPolicy;
/// use presign::{Bucket, Credentials};
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// # #[cfg(feature = "std")] {
/// let form = PostPolicy::new(&credentials, &bucket, "user/1/${filename}")
///     .content_type_starts_with("image/")
///     .content_length(1..=10_000_000)
///     .success_action_status(201)
///     .expires_in(Duration::from_secs(600))
///     .sign()?;
/// println!("{}", form.to_html());
/// # }
/// # Ok::<(), presign::Error>(())
/// ```
///
/// Each setter adds a form field together with the policy's condition for it, so they always agree. Setters do not
/// fail; signing reports what is wrong.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html>
///
/// # Errors
/// Signing refuses:
///
/// | input | error |
/// |---|---|
/// | a key that is empty or over 1024 bytes, or contains a variable other than `${filename}` | [`Error::EmptyKey`], [`Error::KeyTooLong`], [`Error::UnknownVariable`] |
/// | credentials that contain `${filename}` | [`Error::VariableInCredential`] |
/// | a repeated field (names are case-insensitive), or one that signing sets | [`Error::DuplicateField`], [`Error::ReservedField`] |
/// | an invalid field name; a value with a control character, or an empty value where one is required | [`Error::EmptyHeaderName`], [`Error::InvalidHeaderName`], [`Error::InvalidHeaderValue`], [`Error::EmptyValue`] |
/// | a checksum or encryption key that is not base64 of the right size | [`Error::InvalidBase64`] |
/// | an empty or repeated length range | [`Error::EmptyLengthRange`], [`Error::DuplicateField`] |
/// | a content type with `*`, a success status other than 200, 201 or 204 | [`Error::WildcardInContentType`], [`Error::InvalidSuccessStatus`] |
/// | a multi-region access point, a directory bucket, or the service instead of a bucket | [`Error::NoPostHere`] |
/// | more than 20480 bytes of fields, including policy and session token | [`Error::FormTooLarge`] |
/// | credentials, time, expiry or bucket that [`Presigner`](crate::Presigner) refuses | the same errors |
#[derive(Clone)]
#[doc(alias = "createPresignedPost")]
#[doc(alias = "generate_presigned_post")]
#[doc(alias = "presigned_post")]
#[doc(alias = "PostObject")]
#[must_use]
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

/// The variable that S3 replaces with the uploaded file's name.
pub(crate) const FILENAME: &str = "${filename}";

/// The maximum number of bytes that S3 accepts before the file.
pub(crate) const MAX_FORM: usize = 20 * 1024;

impl<'a> PostPolicy<'a> {
    /// Creates a policy for uploads to this key. In the key and in the value of any field, S3 replaces `${filename}` with
    /// the uploaded file's name; the policy then allows every value that starts with the text before it.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::{Bucket, Credentials, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let now = Timestamp::from_unix(0);
    /// let exact = PostPolicy::new(&credentials, &bucket, "in.png").sign_at(now)?;
    /// assert!(exact.policy().contains(r#"["eq","$key","in.png"]"#));
    /// let open = PostPolicy::new(&credentials, &bucket, "in/${filename}").sign_at(now)?;
    /// assert!(open.policy().contains(r#"["starts-with","$key","in/"]"#));
    /// # Ok::<(), presign::Error>(())
    /// ```
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

    /// Sets the expiry: whole seconds from the signing time, 1 s to 604800 s (7 days). The default is 3600 s, as in the
    /// AWS SDKs.
    ///
    /// # Examples
    /// See [`PostPolicy`].
    pub const fn expires_in(mut self, duration: Duration) -> Self {
        self.lifetime.expiry = Expiry::In(duration);
        self
    }

    /// Sets the time at which the form expires, 1 s to 604800 s (7 days) after the signing time.
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
    pub fn expires_at(mut self, end: impl Into<Timestamp>) -> Self {
        self.lifetime.expiry = Expiry::At(end.into());
        self
    }

    /// Sets what happens if the credentials expire before the form would.
    ///
    /// # Examples
    /// See [`ExpiryPolicy`].
    pub const fn expiry_policy(mut self, policy: ExpiryPolicy) -> Self {
        self.lifetime.policy = policy;
        self
    }

    /// Adds a field with exactly this value.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::{Bucket, Credentials, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let form = PostPolicy::new(&credentials, &bucket, "k")
    ///     .field("Cache-Control", "max-age=60")
    ///     .sign_at(Timestamp::from_unix(0))?;
    /// assert!(form.policy().contains(r#"["eq","$Cache-Control","max-age=60"]"#));
    /// assert!(form.fields().any(|field| field == ("Cache-Control", "max-age=60")));
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn field(self, name: &'a str, value: &'a str) -> Self {
        self.with(name.into(), value.into(), Matching::Exact)
    }

    /// Adds a field whose value the sender chooses, starting with `prefix`; an empty prefix allows any value. The HTML
    /// form proposes the prefix.
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
    pub fn field_starts_with(self, name: &'a str, prefix: &'a str) -> Self {
        self.with(name.into(), prefix.into(), Matching::Prefix)
    }

    /// Sets the minimum and maximum size of the file, in bytes.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::{Bucket, Credentials, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let form = PostPolicy::new(&credentials, &bucket, "k")
    ///     .content_length(1..=1024)
    ///     .sign_at(Timestamp::from_unix(0))?;
    /// assert!(form.policy().contains(r#"["content-length-range",1,1024]"#));
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn content_length(mut self, bytes: RangeInclusive<u64>) -> Self {
        self.content_length.push(bytes);
        self
    }

    /// Adds the field `Content-Type` with exactly this value.
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
    pub fn content_type(self, value: &'a str) -> Self {
        self.field("Content-Type", value)
    }

    /// Adds the field `Content-Type` with a value that starts with `prefix`, such as `image/`.
    ///
    /// # Examples
    /// See [`PostPolicy`].
    pub fn content_type_starts_with(self, prefix: &'a str) -> Self {
        self.field_starts_with("Content-Type", prefix)
    }

    /// Adds the field `acl`: a canned access control list.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    pub fn acl(self, canned: &'a str) -> Self {
        self.field("acl", canned)
    }

    /// Adds the field `x-amz-storage-class`.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    pub fn storage_class(self, class: &'a str) -> Self {
        self.field("x-amz-storage-class", class)
    }

    /// Adds the field `tagging`. In a form, unlike in a header, its value is an XML document.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    pub fn tagging(self, xml: &'a str) -> Self {
        self.field("tagging", xml)
    }

    /// Adds a field `x-amz-meta-NAME` with exactly this value. Pass the name without the prefix.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    pub fn metadata(self, name: &str, value: &'a str) -> Self {
        self.with(meta(name), value.into(), Matching::Exact)
    }

    /// Adds a field `x-amz-meta-NAME` with a value that starts with `prefix`.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    pub fn metadata_starts_with(self, name: &str, prefix: &'a str) -> Self {
        self.with(meta(name), prefix.into(), Matching::Prefix)
    }

    /// Adds the fields for server-side encryption.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    pub fn encryption(self, encryption: Encryption<'a>) -> Self {
        encryption
            .headers()
            .into_iter()
            .flatten()
            .fold(self, |this, (row, value)| this.field(row.name(), value))
    }

    /// Adds the field `x-amz-checksum-...` with the file's checksum.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    pub fn checksum(self, checksum: Checksum<'a>) -> Self {
        let (row, value) = checksum.header();
        self.field(row.name(), value)
    }

    /// Adds the field `success_action_redirect`: the URL that the browser opens after the upload.
    ///
    /// # Examples
    /// See [`content_type`](Self::content_type).
    pub fn success_action_redirect(self, url: &'a str) -> Self {
        self.field("success_action_redirect", url)
    }

    /// Adds the field `success_action_status`: the status of S3's response if there is no redirect (200, 201 or 204).
    ///
    /// # Examples
    /// See [`PostPolicy`].
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

    /// Signs the form at the time `at`.
    ///
    /// # Errors
    /// See [`PostPolicy`].
    ///
    /// # Examples
    /// See [`PostPolicy`].
    pub fn sign_at(&self, at: impl Into<Timestamp>) -> Result<PostForm, Error> {
        let now = at.into();
        self.check()?;
        let stamp = now.stamp()?;
        let resolved = self.identity.resolve(self.bucket, now)?;
        let signer = resolved.signer();
        // S3 inserts the file's name in every field, and then these differ from the policy.
        let parts = [
            ("access key ID", Some(signer.access_key_id())),
            ("session token", signer.session_token()),
        ];
        for (part, text) in parts {
            if text.is_some_and(|text| text.contains(FILENAME)) {
                return Err(Error::VariableInCredential { part });
            }
        }
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
        end.stamp()?; // a policy cannot express an expiration after the year 9999
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
        // The sender adds the text between the fields, which is not counted here.
        let bytes = fields
            .iter()
            .map(|field| field.name.len() + field.value.len())
            .sum();
        if bytes > MAX_FORM {
            return Err(Error::FormTooLarge { bytes });
        }
        Ok(PostForm::new(text(action), policy, fields, times.end))
    }

    /// The policy document: its expiration, and a condition for each field.
    fn document(&self, fields: &[Field<'_>], end: Timestamp) -> String {
        let json = |text: &str| to_string(text).unwrap_or_default(); // a string always has a JSON form
        let mut document = String::from("{\"conditions\":[");
        let mut put = |parts: &[&str]| parts.iter().for_each(|part| document.push_str(part));
        put(&["{\"bucket\":", &json(self.bucket.name()), "}"]);
        for Field {
            name,
            value,
            matching,
        } in fields
        {
            // S3 matches this name without case; it is written as in the form.
            let name = json(&alloc::format!("${name}"));
            // S3 inserts the file's name before it compares.
            let (value, matching) = match value.split_once(FILENAME) {
                Some((prefix, _)) => (prefix, &Matching::Prefix),
                None => (&**value, matching),
            };
            let operator = match matching {
                Matching::Exact => "eq",
                Matching::Prefix => "starts-with",
            };
            put(&[",[\"", operator, "\",", &name, ",", &json(value), "]"]);
        }
        for range in &self.content_length {
            let [min, max] = [range.start(), range.end()].map(ToString::to_string);
            put(&[",[\"content-length-range\",", &min, ",", &max, "]"]);
        }
        put(&["],\"expiration\":", &json(&end.to_string()), "}"]);
        document
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
        match repeated(self.fields.iter().map(|field| &*field.name)) {
            Some(_) => Err(Error::DuplicateField),
            None => Ok(()),
        }
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

/// A name that occurs twice, in lower case.
pub(crate) fn repeated<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    // A heap sorts with a fraction of the code of `sort_unstable`.
    let names = names.map(str::to_ascii_lowercase);
    let names = names.collect::<BinaryHeap<String>>().into_sorted_vec();
    let mut neighbors = names.iter().zip(names.iter().skip(1));
    neighbors
        .find(|(a, b)| a == b)
        .map(|(name, _)| name.clone())
}

fn meta(name: &str) -> Cow<'static, str> {
    alloc::format!("{METADATA}{name}").into()
}

/// The text, which was built from ASCII.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

impl fmt::Debug for PostPolicy<'_> {
    /// Shows field names only: a value may be a customer's encryption key.
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
