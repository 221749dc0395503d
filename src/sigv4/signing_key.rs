//! Step 3: the signing key.

use core::fmt;

use zeroize::Zeroizing;

use super::canonical_query::Written;
use super::hmac::HmacKey;
use super::scope::{Scope, TERMINATOR};
use super::sink::Sink;
#[cfg(feature = "sigv4a")]
use super::v4a::EcdsaKey;
use crate::error::Error;
use crate::text::Text;
use crate::timestamp::{Day, Timestamp};

/// A key derived once for a day (UTC), a region and a service, with who it belongs to; stands wherever
/// `&Credentials` does and saves four HMACs a URL.
///
/// Made by [`Credentials::signing_key`](crate::Credentials::signing_key). Signing at a time of another day, or for a
/// bucket of another region or service, is an error and never a wrong URL.
/// (A key for SigV4a holds for all of them.) The key is wiped on drop.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
///
/// # Examples
/// ```
/// use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let now = Timestamp::from_unix(1_369_353_600);
///
/// let today = credentials.signing_key(&bucket, now)?;
/// # #[cfg(feature = "alloc")]
/// for key in ["a.jpg", "b.jpg"] {
///     let url = Presigner::get(&today, &bucket, key).sign_at(now)?;
///     assert_eq!(url.as_str(), Presigner::get(&credentials, &bucket, key).sign_at(now)?.as_str());
/// }
///
/// let tomorrow = Timestamp::from_unix(now.as_unix() + 86_400);
/// assert_eq!(
///     Presigner::get(&today, &bucket, "a.jpg").sign_into(tomorrow, &mut [0; 512]),
///     Err(Error::StaleSigningKey { key_day: 20130524, day: 20130525 })
/// );
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct SigningKey<'a> {
    pub(crate) access_key_id: Text<'a>,
    pub(crate) session_token: Option<Text<'a>>,
    pub(crate) is_express_session: bool,
    /// Encoding the token would take longer than hashing it.
    pub(crate) written: Option<Written>,
    pub(crate) expiration: Option<Timestamp>,
    pub(crate) day: Day,
    pub(crate) midnight: Timestamp,
    pub(crate) region: Text<'a>,
    pub(crate) service: &'static str,
    pub(crate) key: Key,
}

/// What signs.
#[derive(Clone)]
pub(crate) enum Key {
    Hmac(HmacKey),
    #[cfg(feature = "sigv4a")]
    Ecdsa(EcdsaKey),
}

impl SigningKey<'_> {
    /// Refuses another scope than that it was derived for.
    pub(crate) fn check_scope(&self, scope: &Scope<'_>) -> Result<(), Error> {
        let region = match (&self.key, scope.region) {
            (Key::Hmac(_), Some(region)) => region,
            #[cfg(feature = "sigv4a")]
            (Key::Ecdsa(_), None) => return Ok(()), // holds for any day, region and service
            _ => return Err(Error::SigningKeyMismatch { part: "algorithm" }),
        };
        if self.day != scope.day {
            return Err(Error::StaleSigningKey {
                key_day: self.day.as_number(),
                day: scope.day.as_number(),
            });
        }
        if *self.region != *region {
            return Err(Error::SigningKeyMismatch { part: "region" });
        }
        if self.service != scope.service {
            return Err(Error::SigningKeyMismatch { part: "service" });
        }
        Ok(())
    }

    /// Whether the key signs at a time, for a scope of its own day.
    #[cfg(feature = "std")]
    pub(crate) fn is_for(&self, scope: &Scope<'_>, at: Timestamp) -> bool {
        let of_day = match self.key {
            Key::Hmac(_) => at.midnight() == self.midnight,
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(_) => true,
        };
        of_day && self.check_scope(scope).is_ok()
    }

    /// Returns when the key's day (UTC) is over. From then on signing is [`Error::StaleSigningKey`]: derive another key from
    /// the same credentials. `None` for SigV4a, whose keys are not bound to a day.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Timestamp};
    /// # let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    /// let (noon, midnight) = (Timestamp::from_unix(43_200), Timestamp::from_unix(86_400));
    /// let credentials = Credentials::new("ASIAEXAMPLE", "secret").session_token("token");
    /// let credentials = credentials.expiration(Timestamp::from_unix(50_000));
    /// let key = credentials.signing_key(&bucket, noon)?;
    /// assert_eq!(key.day_ends_at(), Some(midnight));
    /// assert_eq!(key.expires_at(), Some(Timestamp::from_unix(50_000)));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn day_ends_at(&self) -> Option<Timestamp> {
        match self.key {
            Key::Hmac(_) => self.day.end(),
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(_) => None,
        }
    }

    /// Returns when the credentials of this key expire, if that is known. From then on signing is
    /// [`Error::CredentialsExpired`], and only new credentials help. Renew them a while before, as URLs expire with them.
    ///
    /// # Examples
    /// See [`day_ends_at`](Self::day_ends_at).
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.expiration
    }

    /// The same key, owning its texts.
    ///
    /// # Examples
    /// ```
    /// use presign::{Bucket, Credentials, SigningKey, Timestamp};
    ///
    /// fn todays(now: Timestamp) -> Result<SigningKey<'static>, presign::Error> {
    ///     let (id, secret) = (String::from("AKIAIOSFODNN7EXAMPLE"), String::from("secret"));
    ///     let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    ///     Ok(Credentials::new(&id, &secret).signing_key(&bucket, now)?.into_owned())
    /// }
    /// assert!(todays(Timestamp::from_unix(0)).is_ok());
    /// ```
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn into_owned(self) -> SigningKey<'static> {
        SigningKey {
            access_key_id: self.access_key_id.into_owned(),
            session_token: self.session_token.map(Text::into_owned),
            is_express_session: self.is_express_session,
            written: self.written,
            expiration: self.expiration,
            day: self.day,
            midnight: self.midnight,
            region: self.region.into_owned(),
            service: self.service,
            key: self.key,
        }
    }
}

impl fmt::Debug for SigningKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("access_key_id", &&*self.access_key_id)
            .field("day", &self.day.as_number())
            .field("region", &&*self.region)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

/// HMAC(HMAC(HMAC(HMAC("AWS4" + secret, day), region), service), "aws4_request"), or the key pair of SigV4a.
pub(crate) fn derive(access_key_id: &str, secret: &str, scope: &Scope<'_>) -> Result<Key, Error> {
    let Some(region) = scope.region else {
        return derive_v4a(access_key_id, secret);
    };
    let mut key = HmacKey::new(&[b"AWS4", secret.as_bytes()]);
    let mut block = Zeroizing::new([[0; 64]]); // one for all: it is wiped byte by byte
    let parts = [
        scope.day.as_bytes().as_slice(),
        region.as_bytes(),
        scope.service.as_bytes(),
        TERMINATOR.as_bytes(),
    ];
    for part in parts {
        *block = [[0; 64]];
        let [room] = &mut *block;
        if let Some(room) = room.first_chunk_mut() {
            *room = key.mac(|sink| sink.put(part));
        }
        key = HmacKey::of_block(&mut block);
    }
    Ok(Key::Hmac(key))
}

/// Calls `run`, then overwrites the stack below: a key that is moved leaves a copy where it was, which its drop does not
/// wipe.
pub(crate) fn wiping<R>(run: impl FnOnce() -> R) -> R {
    #[inline(never)]
    fn below<R>(run: impl FnOnce() -> R) -> R {
        run()
    }
    let result = below(run);
    wipe();
    result
}

#[inline(never)]
fn wipe() {
    core::hint::black_box(&mut [0_u8; STACK]);
}

/// What deriving a key and signing with it take of the stack, in release, with room to spare.
const STACK: usize = 256 * size_of::<usize>();

#[cfg(feature = "sigv4a")]
fn derive_v4a(access_key_id: &str, secret: &str) -> Result<Key, Error> {
    EcdsaKey::derive(access_key_id, secret)
        .map(Key::Ecdsa)
        .ok_or(Error::NeedsSigv4a)
}

#[cfg(not(feature = "sigv4a"))]
const fn derive_v4a(_: &str, _: &str) -> Result<Key, Error> {
    Err(Error::NeedsSigv4a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigv4::digest::hex;

    /// The AWS example: secret, 20150830, us-east-1, iam. The key itself does not leave `HmacKey`, so its MAC of
    /// nothing is compared with that of the documented key.
    #[test]
    fn aws_example() {
        let day = Timestamp::from_unix(1_440_938_160).stamp().unwrap().day();
        let scope = Scope {
            day,
            region: Some("us-east-1"),
            service: "iam",
        };
        let derived = derive(
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            &scope,
        );
        let Ok(Key::Hmac(derived)) = derived else {
            panic!("not an HMAC key")
        };
        let mut documented = [0; 32];
        hex::decode_to_slice(
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9",
            &mut documented,
        )
        .unwrap();
        assert_eq!(
            hex(&derived.mac(|_| ())),
            hex(&HmacKey::new(&[&documented]).mac(|_| ()))
        );
    }
}
