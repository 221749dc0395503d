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

/// A signing key for one day (UTC), region and service. Pass `&SigningKey` wherever `&Credentials` is accepted: it
/// saves four HMACs per URL.
///
/// Create it with [`Credentials::signing_key`](crate::Credentials::signing_key). If you sign on another day, or for a
/// bucket in another region or service, signing returns an error instead of an invalid URL. (A SigV4a key is valid for all of
/// them.) In a service, [`SharedCredentials`](crate::SharedCredentials) derives the keys for you.
///
/// The key includes the access key ID and session token. It is wiped on drop.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Presigner};
/// # let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// # let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// # #[cfg(feature = "std")] {
/// use presign::Timestamp;
///
/// let today = credentials.signing_key(&bucket, Timestamp::now())?;
/// for key in ["a.jpg", "b.jpg"] {
///     let url = Presigner::get(&today, &bucket, key).sign()?;
/// }
/// # }
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone)]
pub struct SigningKey<'a> {
    pub(crate) access_key_id: Text<'a>,
    pub(crate) session_token: Option<Text<'a>>,
    pub(crate) is_express_session: bool,
    /// Stored because encoding the token takes longer than hashing it.
    pub(crate) written: Option<Written>,
    pub(crate) expiration: Option<Timestamp>,
    pub(crate) day: Day,
    pub(crate) midnight: Timestamp,
    pub(crate) region: Text<'a>,
    pub(crate) service: &'static str,
    pub(crate) key: Key,
}

/// The key material.
#[derive(Clone)]
pub(crate) enum Key {
    Hmac(HmacKey),
    #[cfg(feature = "sigv4a")]
    Ecdsa(EcdsaKey),
}

impl SigningKey<'_> {
    /// Refuses a scope that the key was not derived for.
    pub(crate) fn check_scope(&self, scope: &Scope<'_>) -> Result<(), Error> {
        let region = match (&self.key, scope.region) {
            (Key::Hmac(_), Some(region)) => region,
            #[cfg(feature = "sigv4a")]
            (Key::Ecdsa(_), None) => return Ok(()), // valid for any day, region and service
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

    /// Whether the key can sign at a time, for a scope of its day.
    #[cfg(feature = "std")]
    pub(crate) fn is_for(&self, scope: &Scope<'_>, at: Timestamp) -> bool {
        let of_day = match self.key {
            Key::Hmac(_) => at.midnight() == self.midnight,
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(_) => true,
        };
        of_day && self.check_scope(scope).is_ok()
    }

    /// Returns the end of the key's day (UTC). From then on, signing returns [`Error::StaleSigningKey`]: derive a new
    /// key from the same credentials. `None` for SigV4a, whose keys are valid on any day.
    #[must_use]
    pub fn day_ends_at(&self) -> Option<Timestamp> {
        match self.key {
            Key::Hmac(_) => self.day.end(),
            #[cfg(feature = "sigv4a")]
            Key::Ecdsa(_) => None,
        }
    }

    /// Returns when the key's credentials expire, if that is known. From then on, signing returns
    /// [`Error::CredentialsExpired`].
    ///
    /// URLs expire with the credentials, so replace the credentials earlier.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.expiration
    }

    /// Copies the borrowed strings, so that the key has no lifetime.
    ///
    /// # Examples
    /// ```
    /// use presign::{Bucket, Credentials, Error, SigningKey, Timestamp};
    ///
    /// fn derive(now: Timestamp) -> Result<SigningKey<'static>, Error> {
    ///     let (id, secret) = (String::from("AKIAEXAMPLE"), String::from("secret"));
    ///     let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    ///     Ok(Credentials::new(&id, &secret).signing_key(&bucket, now)?.into_owned())
    /// }
    /// # assert!(derive(Timestamp::from_unix(0)).is_ok());
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
#[inline(never)] // keeps its blocks off the stack while the key signs: 170 bytes on a Cortex-M
pub(crate) fn derive(access_key_id: &str, secret: &str, scope: &Scope<'_>) -> Result<Key, Error> {
    let Some(region) = scope.region else {
        return derive_v4a(access_key_id, secret);
    };
    let mut key = HmacKey::new(&[b"AWS4", secret.as_bytes()]);
    let mut block = Zeroizing::new([[0; 64]]); // shared, because wiping is slow
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

/// Calls `run`, then overwrites the stack that it used. Moving a key leaves a copy behind, which dropping the key does not
/// wipe.
pub(crate) fn wiping<R>(run: impl FnOnce() -> R) -> R {
    #[inline(never)] // its stack frame must be below this one, where `wipe` writes
    fn below<R>(run: impl FnOnce() -> R) -> R {
        run()
    }
    let result = below(run);
    wipe();
    result
}

#[inline(never)] // its array must be where the frame of `below` was
fn wipe() {
    core::hint::black_box(&mut [0_u8; STACK]);
}

/// More stack than deriving a key and signing with it use in a release build.
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

    /// The AWS example: secret, 20150830, us-east-1, iam. `HmacKey` does not expose the key, so this compares its MAC of
    /// an empty text with that of the documented key.
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
