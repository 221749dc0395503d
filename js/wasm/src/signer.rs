//! The signing key, kept between calls.

use alloc::string::String;
use alloc::vec::Vec;

use presign::{Bucket, Credentials, Error, Identity, SigningKey, Timestamp};
use zeroize::Zeroizing;

use crate::input::{
    ACCESS_KEY_ID, EXPIRATION, EXPRESS_SESSION, Input, SECRET_ACCESS_KEY, SESSION_TOKEN,
};

/// The key derived last, with the credentials that it was derived from: most programs sign with one.
#[derive(Default)]
pub(crate) struct Signer(Option<Kept>);

struct Kept {
    credentials: Vec<Option<Zeroizing<String>>>,
    key: SigningKey<'static>,
}

impl Signer {
    /// Calls `sign` with a key, again with a new one if the kept one is for another day, region or service.
    pub(crate) fn with_key<R>(
        &mut self,
        input: &Input<'_>,
        bucket: &Bucket<'_>,
        at: Timestamp,
        mut sign: impl FnMut(Identity<'_>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let given = input.credentials();
        if let Some(Kept { credentials, key }) = &self.0 {
            let texts = credentials
                .iter()
                .map(|text| text.as_ref().map(|text| text.as_str()));
            if texts.eq(given.iter().copied()) {
                match sign((&key).into()) {
                    Err(Error::StaleSigningKey { .. } | Error::SigningKeyMismatch { .. }) => {}
                    result => return result,
                }
            }
        }
        let key = credentials(input).signing_key(bucket, at)?.into_owned();
        let owned = |text: &str| Zeroizing::new(String::from(text));
        let Kept { key, .. } = self.0.insert(Kept {
            credentials: given.iter().map(|text| text.map(owned)).collect(),
            key,
        });
        sign((&*key).into())
    }
}

pub(crate) fn credentials<'a>(input: &Input<'a>) -> Credentials<'a> {
    let text = |single| input.get(single).unwrap_or_default();
    let mut credentials = Credentials::new(text(ACCESS_KEY_ID), text(SECRET_ACCESS_KEY));
    if let Some(token) = input.get(SESSION_TOKEN) {
        credentials = credentials.session_token(token);
    }
    if input.has(EXPRESS_SESSION) {
        credentials = credentials.express_session();
    }
    if let Some(end) = input.number(EXPIRATION) {
        credentials = credentials.expiration(Timestamp::from_unix(end));
    }
    credentials
}
