//! The signing key of the day, shared by all requests and replaced together with its credentials.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use presign::{Bucket, Credentials, Error, Redactor, SigningKey, Timestamp};
use tokio::time::sleep;

use crate::credentials::{LoadError, Source};
use crate::logs::Secrets;
use crate::metrics::Metrics;

/// Provides the signing key of the day.
#[derive(Debug)]
pub struct Signer {
    bucket: Bucket<'static>,
    source: Source,
    current: ArcSwap<Current>,
    secrets: Secrets,
    /// What the log masks in addition to the credentials.
    known: Redactor,
}

/// A signing key with the credentials that it was derived from. It is replaced as a whole, so that all links of a request
/// have the same credentials.
#[derive(Debug)]
pub struct Current {
    credentials: Credentials<'static>,
    day: i64,
    key: SigningKey<'static>,
}

/// Why there is no signing key.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Derive(#[from] Error),
}

const fn day(at: Timestamp) -> i64 {
    at.as_unix().div_euclid(86_400)
}

impl Current {
    fn derive(
        credentials: Credentials<'static>,
        bucket: &Bucket<'_>,
        now: Timestamp,
    ) -> Result<Arc<Self>, Error> {
        Ok(Arc::new(Self {
            key: credentials.signing_key(bucket, now)?.into_owned(),
            credentials,
            day: day(now),
        }))
    }

    /// The key that signs links.
    pub const fn key(&self) -> &SigningKey<'static> {
        &self.key
    }

    /// When the credentials expire, if they do.
    #[must_use]
    pub const fn end(&self) -> Option<Timestamp> {
        self.credentials.expires_at()
    }
}

impl Signer {
    /// # Errors
    /// If the source has no credentials, or expired or invalid ones.
    pub async fn start(
        bucket: Bucket<'static>,
        source: Source,
        now: Timestamp,
        secrets: Secrets,
        known: Redactor,
    ) -> Result<Self, RefreshError> {
        let credentials = source.load().await?;
        secrets.replace(known.clone().credentials(&credentials));
        let current = Current::derive(credentials, &bucket, now)?;
        Ok(Self {
            bucket,
            source,
            current: ArcSwap::new(current),
            secrets,
            known,
        })
    }

    pub const fn bucket(&self) -> &Bucket<'static> {
        &self.bucket
    }

    /// The key to sign with now. Deriving one takes microseconds, so the first request of a day does it.
    ///
    /// # Errors
    /// [`Error::CredentialsExpired`] if refreshing has failed for too long.
    pub fn current(&self, now: Timestamp) -> Result<Arc<Current>, Error> {
        let current = self.current.load_full();
        if let Some(expired_at) = current.end().filter(|end| *end <= now) {
            return Err(Error::CredentialsExpired { expired_at, now });
        }
        if current.day == day(now) {
            return Ok(current);
        }
        let next = Current::derive(current.credentials.clone(), &self.bucket, now)?;
        // Must not replace credentials that were refreshed meanwhile.
        self.current.compare_and_swap(&current, Arc::clone(&next));
        Ok(next)
    }

    /// Loads new credentials. On failure, the old ones remain.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn refresh(&self, now: impl Fn() -> Timestamp) -> Result<(), RefreshError> {
        let credentials = self.source.load().await?;
        // Requests in progress may still use the old ones.
        let redactor = self.known.clone().credentials(&credentials);
        let old = self.current.load();
        self.secrets.replace(redactor.credentials(&old.credentials));
        let current = Current::derive(credentials, &self.bucket, now())?;
        self.current.store(current);
        Ok(())
    }

    /// Refreshes credentials before they expire, for as long as it is polled.
    pub async fn keep_fresh(&self, now: impl Fn() -> Timestamp, metrics: &Metrics) {
        let mut failed = false;
        loop {
            let end = self.current.load().end();
            metrics.credentials_end(end);
            let wait = match end {
                _ if failed => RETRY,
                Some(end) => wait(now(), end),
                None if self.source.may_change() => MINUTE,
                None => return,
            };
            // Wakes up each minute, because the clock may be set or the machine may sleep.
            sleep(wait.min(MINUTE)).await;
            if wait > MINUTE {
                continue;
            }
            let refreshed = self.refresh(&now).await;
            failed = refreshed.is_err();
            match refreshed {
                Ok(()) => {
                    let end = self.current.load().end().map(|end| end.to_string());
                    tracing::info!(end, "credentials refreshed");
                }
                Err(error) => {
                    metrics.refresh_failed();
                    tracing::error!(%error, "credentials not refreshed");
                }
            }
        }
    }
}

const MINUTE: Duration = Duration::from_secs(60);
const RETRY: Duration = Duration::from_secs(5);

/// Credentials are replaced so many seconds before they expire, but not before half of their lifetime has passed.
const LEAD: i64 = 600;

fn wait(now: Timestamp, end: Timestamp) -> Duration {
    let left = end.as_unix().saturating_sub(now.as_unix());
    let wait = (left - LEAD).max(left / 2).max(1);
    Duration::from_secs(wait.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDNIGHT: i64 = 1_893_456_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(MIDNIGHT + seconds)
    }

    fn file(id: &str, end: i64) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        write(&file, id, end);
        file
    }

    fn write(file: &tempfile::NamedTempFile, id: &str, end: i64) {
        let end = at(end);
        let json = format!(
            r#"{{"AccessKeyId":"{id}","SecretAccessKey":"s3cret-{id}","SessionToken":"t0ken-{id}","Expiration":"{end}"}}"#
        );
        std::fs::write(file.path(), json).unwrap();
    }

    fn id(signer: &Signer, now: i64) -> String {
        let current = signer.current(at(now)).unwrap();
        let bucket = signer.bucket();
        let url = presign::Presigner::get(current.key(), bucket, "k").sign_at(at(now));
        let url = url.unwrap().into_string();
        let (_, rest) = url.split_once("X-Amz-Credential=").unwrap();
        rest.split("%2Feu-west-1").next().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_key_for_each_day_and_credentials() {
        let file = file("ASIA1", 3600);
        let source = Source::File(file.path().to_owned());
        let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
        let (secrets, known) = (Secrets::default(), Redactor::new().value("a token"));
        let start = Signer::start(bucket, source, at(-10), secrets.clone(), known);
        let signer = start.await.unwrap();
        let masked = |text| assert_eq!(secrets.redact(text), "*** *** ***");
        masked("a token s3cret-ASIA1 t0ken-ASIA1");
        assert_eq!(id(&signer, -1), "ASIA1%2F20291231");
        let evening = signer.current(at(-1)).unwrap();
        assert_eq!(id(&signer, 0), "ASIA1%2F20300101");
        assert!(Arc::ptr_eq(
            &signer.current(at(1)).unwrap(),
            &signer.current(at(2)).unwrap()
        ));
        assert!(!Arc::ptr_eq(&evening, &signer.current(at(1)).unwrap()));

        // After a failed refresh, the old credentials sign until they expire.
        std::fs::write(file.path(), "{").unwrap();
        signer.refresh(|| at(3)).await.unwrap_err();
        assert_eq!(id(&signer, 3599), "ASIA1%2F20300101");
        let (expired_at, now) = (at(3600), at(3600));
        assert_eq!(
            signer.current(now).unwrap_err(),
            Error::CredentialsExpired { expired_at, now }
        );
        // The same if the new ones have already expired.
        write(&file, "ASIA0", 10);
        signer.refresh(|| at(10)).await.unwrap_err();
        assert_eq!(id(&signer, 3599), "ASIA1%2F20300101");

        write(&file, "ASIA2", 7200);
        signer.refresh(|| at(3000)).await.unwrap();
        assert_eq!(id(&signer, 3600), "ASIA2%2F20300101");
        masked("a token s3cret-ASIA2 t0ken-ASIA2");
        masked("a token s3cret-ASIA1 t0ken-ASIA1"); // requests in progress may have them
    }

    #[test]
    fn when_to_refresh() {
        for (left, seconds) in [
            (3600, 3000),
            (1200, 600),
            (600, 300),
            (10, 5),
            (1, 1),
            (-5, 1),
        ] {
            assert_eq!(
                wait(at(0), at(left)),
                Duration::from_secs(seconds),
                "{left}"
            );
        }
    }
}
