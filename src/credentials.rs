//! Credentials, and the identities that can sign.

#[cfg(feature = "alloc")]
use alloc::string::String;
use core::fmt;
use core::ops::Deref;

use crate::bucket::Bucket;
use crate::error::Error;
use crate::sigv4::canonical_query::Written;
use crate::sigv4::scope::Scope;
use crate::sigv4::signing_key::{self, Key, SigningKey, wiping};
use crate::text::Text;
use crate::timestamp::{Stamp, Timestamp};

#[cfg(feature = "aws-credential-types")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "aws-credential-types")))]
mod convert;
#[cfg(feature = "std")]
mod shared;

#[cfg(feature = "std")]
pub use shared::SharedCredentials;

/// An access key ID and secret access key and, for temporary credentials, their session token and expiration.
///
/// # Examples
/// ```
/// # use presign::{Bucket, Presigner};
/// # #[cfg(feature = "std")] {
/// use presign::Credentials;
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg").sign()?;
/// # }
/// # Ok::<(), presign::Error>(())
/// ```
/// Temporary credentials:
/// ```
/// use presign::{Credentials, Timestamp};
///
/// let credentials = Credentials::new("ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
///     .session_token("IQoJb3JpZ2luX2VjEXAMPLE==")
///     .expiration(Timestamp::from_unix(1_369_357_200));
/// ```
///
/// [`from_env`](Credentials::from_env) reads environment variables, and
/// [`SharedCredentials`](crate::SharedCredentials) lets a service replace credentials while it
/// signs. Both require `std`.
///
/// Strings are borrowed; [`into_owned`](Self::into_owned) copies them (feature `alloc`). Owned strings are wiped on
/// drop, and `Debug` does not show the secret or the token.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds-programmatic-access.html>
///
/// # Errors
/// Credentials are checked when something is signed:
///
/// | credential | error |
/// |---|---|
/// | an empty string | [`Error::EmptyCredential`] |
/// | white space at the start or end, such as a newline from a file | [`Error::CredentialWhitespace`] |
/// | a control character (except tabs in a session token) | [`Error::CredentialControlCharacter`] |
/// | credentials that have expired | [`Error::CredentialsExpired`] |
#[derive(Clone)]
#[doc(alias = "AWS_ACCESS_KEY_ID")]
#[doc(alias = "StaticProvider")]
pub struct Credentials<'a> {
    access_key_id: Text<'a>,
    secret_access_key: Text<'a>,
    session_token: Option<Text<'a>>,
    /// The session token belongs to a session with a directory bucket.
    is_express_session: bool,
    expiration: Option<Timestamp>,
}

impl<'a> Credentials<'a> {
    /// Creates long-term credentials from borrowed strings. For owned strings, use [`from_strings`](Self::from_strings).
    #[must_use]
    pub const fn new(access_key_id: &'a str, secret_access_key: &'a str) -> Self {
        Self {
            access_key_id: Text::Borrowed(access_key_id),
            secret_access_key: Text::Borrowed(secret_access_key),
            session_token: None,
            is_express_session: false,
            expiration: None,
        }
    }

    /// Adds the session token of temporary credentials, from STS or a role. Every URL contains it as
    /// `X-Amz-Security-Token`.
    ///
    /// For the token of a directory bucket's `CreateSession`, use
    /// [`express_session_token`](Self::express_session_token). A directory bucket also accepts the credentials of STS
    /// or a role. It accepts nothing else for `HeadBucket`, `CopyObject`, `CreateSession` and its control endpoint.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html>
    ///
    /// # Examples
    /// ```
    /// # use presign::Credentials;
    /// let credentials = Credentials::new("ASIAIOSFODNN7EXAMPLE", "secret").session_token("IQoJb3JpZ2luX2VjEXAMPLE==");
    /// ```
    #[must_use]
    pub fn session_token(mut self, token: &'a str) -> Self {
        self.session_token = Some(token.into());
        self.is_express_session = false;
        self
    }

    /// Adds the token of a session with a directory bucket, which `CreateSession` returns together with the keys. Every URL
    /// contains it as `X-Amz-S3session-Token`.
    ///
    /// Signing for anything but a directory bucket returns [`Error::SessionNeedsDirectoryBucket`].
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html>
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// let session = Credentials::new("ASIAIOSFODNN7EXAMPLE", "secret").express_session_token("AgV4KHsDWu4MYqEXAMPLE==");
    /// let bucket = Bucket::new("media--usw2-az1--x-s3", "us-west-2")?;
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::get(&session, &bucket, "photos/duck.jpg").sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn express_session_token(self, token: &'a str) -> Self {
        self.session_token(token).express_session()
    }

    /// Marks loaded credentials, for example from [`from_env`](Credentials::from_env), as those of a session with a
    /// directory bucket. See [`express_session_token`](Self::express_session_token).
    #[must_use]
    pub const fn express_session(mut self) -> Self {
        self.is_express_session = true;
        self
    }

    /// Sets when temporary credentials expire.
    ///
    /// A URL stops working when the credentials that signed it expire, even if `X-Amz-Expires` is later. With this time
    /// set, [`PresignedUrl::expires_at`](crate::PresignedUrl::expires_at) is correct, and
    /// [`ExpiryPolicy`](crate::ExpiryPolicy) can refuse or shorten such URLs.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// let (now, end) = (Timestamp::from_unix(0), Timestamp::from_unix(600));
    /// let credentials = Credentials::new("ASIAEXAMPLE", "secret").session_token("token").expiration(end);
    /// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    /// assert_eq!(Presigner::get(&credentials, &bucket, "photos/duck.jpg").valid_until(now)?, end); // not 900
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn expiration(mut self, at: impl Into<Timestamp>) -> Self {
        self.expiration = Some(at.into());
        self
    }

    /// Returns the access key ID. It is not a secret: every URL contains it.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// Derives the signing key for the day of `at` (UTC) and for the bucket's region and service. It makes signing many
    /// URLs faster.
    ///
    /// With `std`, the key also stores the encoded parts that all its URLs share, such as the session token, in one
    /// allocation.
    ///
    /// # Errors
    /// [`Error::EmptyCredential`], [`Error::CredentialWhitespace`] and [`Error::CredentialControlCharacter`] for
    /// invalid strings; [`Error::CredentialsExpired`] if `at` is at or after the expiration; [`Error::TimeOutOfRange`]
    /// for a year outside 1 to 9999; [`Error::NeedsSigv4a`] for a multi-region access point without the feature
    /// `sigv4a`.
    ///
    /// # Examples
    /// See [`SigningKey`].
    #[doc(alias = "derive")]
    #[doc(alias = "getSignatureKey")]
    pub fn signing_key<'k>(
        &'k self,
        bucket: &'k Bucket<'_>,
        at: impl Into<Timestamp>,
    ) -> Result<SigningKey<'k>, Error> {
        let at = at.into();
        let scope = bucket.scope(at.stamp()?.day());
        let signer = Signer::Credentials(self);
        signer.check()?;
        signer.check_expiration(at)?;
        Ok(SigningKey {
            access_key_id: Text::Borrowed(&self.access_key_id),
            session_token: self.session_token.as_deref().map(Text::Borrowed),
            is_express_session: self.is_express_session,
            written: self.written(&scope),
            expiration: self.expiration,
            day: scope.day,
            midnight: at.midnight(),
            region: Text::Borrowed(bucket.region()),
            service: bucket.signing_service(),
            key: wiping(|| {
                signing_key::derive(&self.access_key_id, &self.secret_access_key, &scope)
            })?,
        })
    }

    /// The encoded text that a signing key keeps. A SigV4a key has none, because it is valid for any scope.
    #[cfg(feature = "std")] // without it, small code matters more
    fn written(&self, scope: &Scope<'_>) -> Option<Written> {
        scope.region?;
        let token = self.session_token.as_deref().unwrap_or_default();
        Written::new(&self.access_key_id, scope, token)
    }

    #[cfg(not(feature = "std"))]
    const fn written(&self, _: &Scope<'_>) -> Option<Written> {
        None
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret_access_key
    }

    pub(crate) fn token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }

    /// Returns when the credentials expire, if [`expiration`](Self::expiration) was set.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.expiration
    }

    /// Copies the borrowed strings, so that the credentials have no lifetime.
    ///
    /// # Examples
    /// ```
    /// use presign::Credentials;
    ///
    /// fn load() -> Credentials<'static> {
    ///     let (id, secret) = (String::from("AKIAEXAMPLE"), String::from("secret"));
    ///     Credentials::new(&id, &secret).into_owned()
    /// }
    /// # load();
    /// ```
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn into_owned(self) -> Credentials<'static> {
        Credentials {
            access_key_id: self.access_key_id.into_owned(),
            secret_access_key: self.secret_access_key.into_owned(),
            session_token: self.session_token.map(Text::into_owned),
            is_express_session: self.is_express_session,
            expiration: self.expiration,
        }
    }
}

#[cfg(feature = "alloc")]
impl Credentials<'static> {
    /// Creates credentials from owned strings without copying them. They are wiped when the credentials are dropped.
    ///
    /// # Examples
    /// ```
    /// use presign::Credentials;
    ///
    /// fn load(id: String, secret: String) -> Credentials<'static> {
    ///     Credentials::from_strings(id, secret, None)
    /// }
    /// # load("AKIAEXAMPLE".into(), "secret".into());
    /// ```
    #[must_use]
    pub fn from_strings(
        access_key_id: String,
        secret_access_key: String,
        session_token: Option<String>,
    ) -> Self {
        Self {
            access_key_id: Text::Owned(access_key_id.into()),
            secret_access_key: Text::Owned(secret_access_key.into()),
            session_token: session_token.map(|token| Text::Owned(token.into())),
            is_express_session: false,
            expiration: None,
        }
    }
}

#[cfg(feature = "std")]
impl Credentials<'static> {
    /// Reads credentials from environment variables:
    ///
    /// - `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`
    /// - `AWS_SESSION_TOKEN`, optional
    /// - `AWS_CREDENTIAL_EXPIRATION`, optional: RFC 3339, as `aws configure export-credentials` writes it
    ///
    /// As in the AWS CLI, an empty variable counts as not set. Profiles are files, which this crate does not read: use the
    /// feature `aws-credential-types` with a provider of `aws-config`, or the variables that
    /// `aws configure export-credentials --format env` prints.
    ///
    /// <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html>
    ///
    /// # Errors
    /// [`Error::MissingEnvironmentVariable`] for a required variable that is not set or empty;
    /// [`Error::EnvironmentVariableNotUnicode`] for a variable that is not UTF-8; [`Error::InvalidTimestamp`] for an
    /// expiration in another form.
    ///
    /// # Examples
    /// ```no_run
    /// use presign::Credentials;
    ///
    /// let credentials = Credentials::from_env()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "profile")]
    pub fn from_env() -> Result<Self, Error> {
        let read = |name: &'static str| match std::env::var(name) {
            Ok(value) if value.is_empty() => Ok(None),
            Ok(value) => Ok(Some(Text::Owned(value.into()))),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(Error::EnvironmentVariableNotUnicode { name })
            }
        };
        let require = |name| read(name)?.ok_or(Error::MissingEnvironmentVariable { name });
        Ok(Self {
            access_key_id: require("AWS_ACCESS_KEY_ID")?,
            secret_access_key: require("AWS_SECRET_ACCESS_KEY")?,
            session_token: read("AWS_SESSION_TOKEN")?,
            is_express_session: false,
            expiration: read("AWS_CREDENTIAL_EXPIRATION")?
                .map(|end| end.parse())
                .transpose()?,
        })
    }
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &&*self.access_key_id)
            .field("session_token", &self.session_token.is_some())
            .field("expiration", &self.expiration)
            .finish_non_exhaustive()
    }
}

/// The identity that signs: `&Credentials`, `&SigningKey` or `&SharedCredentials`.
///
/// These references convert into it automatically, and so do references to pointers such as `Arc`, `Box` or a lock's
/// guard. Name the type only in your own functions that accept any of them.
///
/// # Examples
/// ```
/// use presign::{Bucket, Credentials, Error, Identity, Presigner, Timestamp};
///
/// fn download<'b>(identity: Identity<'_>, bucket: &Bucket<'_>, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
///     let now = Timestamp::from_unix(1_369_353_600); // from your clock
///     Presigner::get(identity, bucket, "photos/duck.jpg").sign_into(now, buffer)
/// }
///
/// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let mut buffer = [0; 512];
/// let url = download((&credentials).into(), &bucket, &mut buffer)?;
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Identity<'a> {
    /// Credentials. The signing key is derived for each URL.
    Credentials(&'a Credentials<'a>),
    /// A signing key that was derived before.
    SigningKey(&'a SigningKey<'a>),
    /// Shared credentials, which cache signing keys.
    #[cfg(feature = "std")]
    Shared(&'a SharedCredentials),
}

impl<'a, T: Signs> From<&'a T> for Identity<'a> {
    fn from(who: &'a T) -> Self {
        who.identity()
    }
}

/// Types that convert into an identity, and pointers to them.
pub(crate) trait Signs {
    fn identity(&self) -> Identity<'_>;
}

impl Signs for Credentials<'_> {
    fn identity(&self) -> Identity<'_> {
        Identity::Credentials(self)
    }
}

impl Signs for SigningKey<'_> {
    fn identity(&self) -> Identity<'_> {
        Identity::SigningKey(self)
    }
}

#[cfg(feature = "std")]
impl Signs for SharedCredentials {
    fn identity(&self) -> Identity<'_> {
        Identity::Shared(self)
    }
}

impl<P: Deref> Signs for P
where
    P::Target: Signs,
{
    fn identity(&self) -> Identity<'_> {
        (**self).identity()
    }
}

impl<'a> Identity<'a> {
    /// Looks up who signs at a time. Called once for each URL, so that replaced credentials never affect part of a URL.
    #[cfg_attr(not(feature = "std"), allow(unused_variables))] // only shared credentials depend on both
    pub(crate) fn resolve(
        &self,
        bucket: &Bucket<'_>,
        at: Timestamp,
    ) -> Result<Resolved<'a>, Error> {
        match self {
            Self::Credentials(credentials) => {
                Ok(Resolved::Borrowed(Signer::Credentials(credentials)))
            }
            Self::SigningKey(key) => Ok(Resolved::Borrowed(Signer::Key(key))),
            #[cfg(feature = "std")]
            Self::Shared(shared) => shared.key(bucket, at).map(Resolved::Shared),
        }
    }
}

/// The credentials or signing key of one URL.
pub(crate) enum Resolved<'a> {
    Borrowed(Signer<'a>),
    #[cfg(feature = "std")]
    Shared(alloc::sync::Arc<SigningKey<'static>>),
}

impl Resolved<'_> {
    pub(crate) fn signer(&self) -> Signer<'_> {
        match self {
            Self::Borrowed(signer) => *signer,
            #[cfg(feature = "std")]
            Self::Shared(key) => Signer::Key(key),
        }
    }
}

/// The credentials or signing key, borrowed while a URL is signed.
#[derive(Clone, Copy)]
pub(crate) enum Signer<'a> {
    Credentials(&'a Credentials<'a>),
    Key(&'a SigningKey<'a>),
}

impl<'a> Signer<'a> {
    pub(crate) fn access_key_id(&self) -> &'a str {
        match self {
            Self::Credentials(credentials) => &credentials.access_key_id,
            Self::Key(key) => &key.access_key_id,
        }
    }

    pub(crate) fn session_token(&self) -> Option<&'a str> {
        match self {
            Self::Credentials(credentials) => credentials.session_token.as_deref(),
            Self::Key(key) => key.session_token.as_deref(),
        }
    }

    /// The session token for a bucket, with the name of its parameter. Refuses an S3 Express session for anything but a
    /// directory bucket.
    pub(crate) fn token_for(
        &self,
        bucket: &Bucket<'_>,
    ) -> Result<Option<(&'static str, &'a str)>, Error> {
        let is_express_session = match self {
            Self::Credentials(credentials) => credentials.is_express_session,
            Self::Key(key) => key.is_express_session,
        };
        let name = match (is_express_session, bucket.has_sessions()) {
            (false, _) => "X-Amz-Security-Token",
            (true, true) => "X-Amz-S3session-Token",
            (true, false) => return Err(Error::SessionNeedsDirectoryBucket),
        };
        Ok(self.session_token().map(|token| (name, token)))
    }

    pub(crate) const fn expiration(&self) -> Option<Timestamp> {
        match self {
            Self::Credentials(credentials) => credentials.expiration,
            Self::Key(key) => key.expiration,
        }
    }

    /// Refuses invalid strings. Those of a signing key were checked when it was created.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let Self::Credentials(credentials) = self else {
            return Ok(());
        };
        for (part, text) in [
            ("access key ID", &credentials.access_key_id),
            ("secret access key", &credentials.secret_access_key),
        ] {
            check(part, text, u8::is_ascii_control)?;
        }
        // A token may be sent as a header value, which can contain tabs.
        let control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
        credentials
            .session_token
            .as_deref()
            .map_or(Ok(()), |token| check("session token", token, control))
    }

    /// The stamp of a time. Faster if the time is on the signing key's day.
    pub(crate) fn stamp(&self, now: Timestamp) -> Result<Stamp, Error> {
        match self {
            Self::Credentials(_) => None,
            Self::Key(key) => now.stamp_on(key.day, key.midnight),
        }
        .map_or_else(|| now.stamp(), Ok)
    }

    pub(crate) fn check_expiration(&self, now: Timestamp) -> Result<(), Error> {
        match self.expiration() {
            Some(expired_at) if expired_at <= now => {
                Err(Error::CredentialsExpired { expired_at, now })
            }
            _ => Ok(()),
        }
    }

    /// Refuses a signing key for another scope.
    pub(crate) fn check_scope(&self, scope: &Scope<'_>) -> Result<(), Error> {
        match self {
            Self::Credentials(_) => Ok(()),
            Self::Key(key) => key.check_scope(scope),
        }
    }

    pub(crate) const fn written(&self) -> Option<&'a Written> {
        match self {
            Self::Credentials(_) => None,
            Self::Key(key) => key.written.as_ref(),
        }
    }

    /// Calls `sign` with the signing key for a scope that has been checked.
    pub(crate) fn with_key<R>(
        &self,
        scope: &Scope<'_>,
        sign: impl FnOnce(&Key) -> R,
    ) -> Result<R, Error> {
        match self {
            Self::Credentials(credentials) => {
                let (id, secret) = (&credentials.access_key_id, &credentials.secret_access_key);
                wiping(|| Ok(sign(&signing_key::derive(id, secret, scope)?)))
            }
            Self::Key(key) => Ok(sign(&key.key)),
        }
    }
}

/// Whether AWS issues access key IDs like this one with temporary credentials, which require a session token.
pub(crate) fn is_temporary_id(id: &str) -> bool {
    id.starts_with("ASIA") && id.len() >= 16
}

/// The same as `char::is_whitespace`, without its tables of half a kilobyte.
const fn is_white_space(c: char) -> bool {
    matches!(
        c,
        '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}'
            | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

fn check(part: &'static str, text: &str, control: impl Fn(&u8) -> bool) -> Result<(), Error> {
    if text.is_empty() {
        return Err(Error::EmptyCredential { part });
    }
    let is_blank = |c: Option<char>| c.is_some_and(is_white_space);
    if is_blank(text.chars().next()) || is_blank(text.chars().next_back()) {
        return Err(Error::CredentialWhitespace { part });
    }
    // Without branches, so that the compiler can vectorize it: a token has a thousand characters.
    if text.bytes().fold(false, |any, byte| any | control(&byte)) {
        return Err(Error::CredentialControlCharacter { part });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_unicode_s() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            assert_eq!(is_white_space(c), c.is_whitespace(), "{c:?}");
        }
    }
}
