//! Masks known values.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::credentials::Credentials;
#[cfg(feature = "post")]
use crate::post::PostForm;
use crate::redact::{find_values, mask};

/// Masks secrets that you know wherever they occur in a text, and everything that [`redact`](crate::redact()) finds by
/// name. Use it in the logger of a service that signs.
///
/// Every occurrence is masked: unescaped, and in percent-encoding, HTML, JSON and `\u` escapes, nested in any order, up
/// to 256 bytes for one character. A value that is truncated, or encoded differently (in base64, for example), is not
/// found. The time grows with the length of the text times the number of values; times their length, if the text repeats
/// parts of them.
///
/// `Debug` shows only the number of values. The values are wiped on drop.
///
/// # Examples
/// ```
/// use presign::{Credentials, Redactor};
///
/// let credentials = Credentials::new("ASIAEXAMPLE", "wJalr/K7").session_token("IQoJ+b3=");
/// let redactor = Redactor::new().credentials(&credentials);
/// assert_eq!(
///     redactor.redact("secret wJalr/K7, in a URL wJalr%2FK7, in JSON \"wJalr\\/K7\"; token=IQoJ&#43;b3&#x3D;").to_string(),
///     "secret ***, in a URL ***, in JSON \"***\"; token=***"
/// );
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct Redactor {
    values: Vec<Zeroizing<String>>,
}

impl Redactor {
    /// Creates a redactor without any values.
    ///
    /// # Examples
    /// See [`Redactor`].
    pub const fn new() -> Self {
        Self { values: Vec::new() }
    }

    /// Masks this value. An empty one is ignored.
    ///
    /// # Examples
    /// ```
    /// let redactor = presign::Redactor::new().value("hunter2");
    /// assert_eq!(redactor.redact("password: hunter2").to_string(), "password: ***");
    /// ```
    pub fn value(mut self, value: &str) -> Self {
        if !value.is_empty() {
            self.values.push(String::from(value).into());
        }
        self
    }

    /// Masks the secret access key and the session token. The access key ID is not a secret.
    ///
    /// # Examples
    /// See [`Redactor`].
    pub fn credentials(self, credentials: &Credentials<'_>) -> Self {
        let this = self.value(credentials.secret());
        match credentials.token() {
            Some(token) => this.value(token),
            None => this,
        }
    }

    /// Masks the signature and the session token of a presigned URL.
    ///
    /// # Examples
    /// ```
    /// let url = "https://h/k?X-Amz-Security-Token=a%2Fb&X-Amz-Signature=0123abcd";
    /// let redactor = presign::Redactor::new().url(url);
    /// assert_eq!(redactor.redact("token a/b, signature 0123abcd").to_string(), "token ***, signature ***");
    /// ```
    pub fn url(self, url: &str) -> Self {
        let pairs = url
            .split(['?', '&', '#'])
            .filter_map(|pair| pair.split_once('='));
        let secrets = pairs.filter(|(name, _)| is_secret(name));
        secrets.fold(self, |this, (_, value)| {
            let decoded = Zeroizing::new(percent_decode_str(value).collect::<Vec<_>>());
            this.value(core::str::from_utf8(&decoded).unwrap_or(value))
        })
    }

    /// Masks the signature, the session token and the policy of an upload form.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::{Bucket, Credentials, Redactor, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let form = PostPolicy::new(&credentials, &bucket, "k").sign_at(Timestamp::from_unix(0))?;
    /// let redactor = Redactor::new().form(&form);
    /// let (_, signature) = form.fields().last().unwrap();
    /// assert_eq!(redactor.redact(&format!("signed: {signature}")).to_string(), "signed: ***");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[cfg(feature = "post")]
    #[cfg_attr(presign_docsrs, doc(cfg(feature = "post")))]
    pub fn form(self, form: &PostForm) -> Self {
        let secrets = form
            .fields()
            .filter(|(name, _)| *name == "policy" || is_secret(name));
        secrets.fold(self, |this, (_, value)| this.value(value))
    }

    /// Redacts a text: `Display` writes it with `***` in place of secrets.
    ///
    /// # Examples
    /// See [`Redactor`].
    pub fn redact<'t>(&'t self, text: &'t str) -> impl fmt::Display + 't {
        Redacted {
            values: &self.values,
            text,
        }
    }
}

fn is_secret(name: &str) -> bool {
    [
        "x-amz-signature",
        "x-amz-security-token",
        "x-amz-s3session-token",
    ]
    .iter()
    .any(|secret| name.eq_ignore_ascii_case(secret))
}

struct Redacted<'t> {
    values: &'t [Zeroizing<String>],
    text: &'t str,
}

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mask(f, self.text, find_values(self.text, self.values))
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor")
            .field("values", &self.values.len())
            .finish_non_exhaustive()
    }
}
