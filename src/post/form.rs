//! The signed form.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{Field, Matching};
use crate::timestamp::Timestamp;

/// A signed upload form: its target URL, its fields with their values, and its expiry.
///
/// To upload, send a `multipart/form-data` request to [`action`](Self::action) with all [`fields`](Self::fields), the
/// [`open_fields`](Self::open_fields) with values that start with their prefix, and the file as the last part, named
/// `file`. [`to_html`](Self::to_html) writes an HTML form that does this. Anyone who has the form can upload until it
/// expires, so `Debug` masks signature, policy and token.
///
/// # Examples
/// ```
/// use presign::post::PostPolicy;
/// use presign::{Bucket, Credentials, Timestamp};
///
/// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let form = PostPolicy::new(&credentials, &bucket, "a<b").acl("private").sign_at(Timestamp::from_unix(0))?;
///
/// let names: Vec<_> = form.fields().map(|(name, _)| name).collect();
/// assert_eq!(names, ["key", "acl", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "policy", "x-amz-signature"]);
/// assert!(form.to_html().contains(r#"<input type="hidden" name="key" value="a&lt;b">"#));
/// assert!(form.policy().starts_with(r#"{"conditions":[{"bucket":"examplebucket"},"#));
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PostForm {
    action: String,
    policy: String,
    fields: Vec<(String, String)>,
    open_fields: Vec<(String, String)>,
    expires_at: Timestamp,
}

impl PostForm {
    pub(super) fn new(
        action: String,
        policy: String,
        fields: Vec<Field<'_>>,
        expires_at: Timestamp,
    ) -> Self {
        let (fields, open_fields): (Vec<_>, Vec<_>) = fields
            .into_iter()
            .partition(|field| field.matching == Matching::Exact);
        let owned = |fields: Vec<Field<'_>>| {
            fields
                .into_iter()
                .map(|field| (field.name.into_owned(), field.value.into_owned()))
                .collect()
        };
        Self {
            action,
            policy,
            fields: owned(fields),
            open_fields: owned(open_fields),
            expires_at,
        }
    }

    /// Returns the URL to send the form to with `POST`.
    ///
    /// # Examples
    /// See [`PostPolicy`](crate::post::PostPolicy).
    #[must_use]
    #[doc(alias = "url")]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// Returns the names and values of the fields to send unchanged, in order. The file follows them.
    ///
    /// # Examples
    /// See [`PostForm`].
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the fields whose values the sender chooses: their names, and the prefixes that the values must start with.
    ///
    /// # Examples
    /// See [`PostPolicy::field_starts_with`](crate::post::PostPolicy::field_starts_with).
    pub fn open_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.open_fields
            .iter()
            .map(|(name, prefix)| (name.as_str(), prefix.as_str()))
    }

    /// Returns the policy document, as JSON. The field `policy` is its base64.
    ///
    /// # Examples
    /// See [`PostForm`].
    #[must_use]
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// Returns when the form expires: the earlier of the policy's expiration and that of the credentials. S3 checks it
    /// when an upload starts.
    ///
    /// # Examples
    /// See [`PostPolicy`](crate::post::PostPolicy).
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Returns an HTML form that uploads a file. Fixed fields are hidden, open fields are text inputs with the prefix as their
    /// value, and the file comes last. Everything is escaped, and sent in UTF-8 as S3 requires, whatever the page's
    /// encoding.
    ///
    /// # Examples
    /// See [`PostForm`].
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut html = String::new();
        let mut put = |parts: &[&str]| parts.iter().for_each(|part| html.push_str(part));
        put(&[
            "<form action=\"",
            &escape(&self.action),
            "\" method=\"post\" enctype=\"multipart/form-data\" accept-charset=\"utf-8\">\n",
        ]);
        for (name, value) in &self.fields {
            put(&[
                "<input type=\"hidden\" name=\"",
                &escape(name),
                "\" value=\"",
                &escape(value),
                "\">\n",
            ]);
        }
        for (name, prefix) in &self.open_fields {
            let (name, prefix) = (escape(name), escape(prefix));
            put(&[
                "<label>",
                &name,
                " <input type=\"text\" name=\"",
                &name,
                "\" value=\"",
                &prefix,
                "\"></label>\n",
            ]);
        }
        put(&["<label>File <input type=\"file\" name=\"file\" required></label>\n"]);
        put(&["<button type=\"submit\">Upload</button>\n</form>\n"]);
        html
    }
}

/// Escapes text for a quoted attribute or between tags.
fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped.into()
}

impl fmt::Debug for PostForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostForm")
            .field("action", &self.action)
            .field(
                "fields",
                &self.fields.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            )
            .field("open_fields", &self.open_fields)
            .field("expires_at", &format_args!("{}", self.expires_at))
            .finish_non_exhaustive()
    }
}
