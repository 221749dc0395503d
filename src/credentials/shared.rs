//! Credentials that threads share and that can be replaced at run time.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;
use std::sync::{Mutex, PoisonError, RwLock, TryLockError};

use super::Credentials;
use crate::bucket::Bucket;
use crate::error::Error;
use crate::sigv4::signing_key::SigningKey;
use crate::timestamp::Timestamp;

/// Credentials that a whole service shares and replaces while it signs. Pass `&SharedCredentials` wherever
/// `&Credentials` is accepted.
///
/// # Examples
/// ```
/// use presign::{Bucket, Credentials, Presigner, SharedCredentials};
///
/// #[derive(Clone)]
/// struct App {
///     credentials: SharedCredentials,
///     bucket: Bucket<'static>,
/// }
///
/// let app = App {
///     credentials: SharedCredentials::new(Credentials::new("AKIAOLD", "secret")),
///     bucket: Bucket::new("examplebucket", "eu-west-1")?.into_owned(),
/// };
/// let handler = app.clone();
/// app.credentials.replace(Credentials::new("AKIANEW", "other secret"));
///
/// let url = Presigner::get(&handler.credentials, &handler.bucket, "photos/duck.jpg").sign()?; // with AKIANEW
/// # Ok::<(), presign::Error>(())
/// ```
///
/// # Rotation
/// A clone is another handle to the same credentials. To rotate them, call [`replace`](Self::replace) from a task that
/// watches a file or waits for [`expires_at`](Self::expires_at), or pass a closure to
/// [`with_refresh`](Self::with_refresh).
///
/// Each URL is signed with one set of credentials, even if they are replaced meanwhile. Signing keys are derived once
/// for each day, region and service and then cached, so a URL costs as much as with a [`SigningKey`]. Midnight and
/// clocks that are set back need no special handling.
#[doc(alias = "RotatingCredentials")]
#[doc(alias = "rotate")]
#[doc(alias = "provider")]
#[derive(Clone)]
pub struct SharedCredentials(Arc<Inner>);

struct Inner {
    current: RwLock<Current>,
    refresh: Option<Refresh>,
}

struct Current {
    credentials: Arc<Credentials<'static>>,
    /// The most recently derived key is last.
    keys: VecDeque<Arc<SigningKey<'static>>>,
}

struct Refresh {
    margin: Duration,
    load: Box<dyn Fn() -> Option<Credentials<'static>> + Send + Sync>,
    /// The signing time of the last call, so that there is at most one per second. Locked while `load` runs.
    called: Mutex<Option<Timestamp>>,
}

/// The maximum number of cached signing keys: one for each day, region and service in use.
const MAX_KEYS: usize = 32;

impl SharedCredentials {
    /// Shares credentials. They are copied unless they own their strings.
    #[must_use]
    pub fn new(credentials: Credentials<'_>) -> Self {
        Self::shared(credentials, None)
    }

    /// Shares credentials and calls `load` for new ones when they expire within `margin` of the signing time.
    ///
    /// One thread calls `load`, at most once a second. Meanwhile, other threads sign with the old credentials, or wait
    /// if these have expired. If `load` returns `None`, the old credentials are kept and it is called again later, so
    /// report the error inside `load`.
    ///
    /// `load` must not sign with these credentials. In async code, where handlers must not block, use
    /// [`replace`](Self::replace) instead.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use presign::{Credentials, SharedCredentials, Timestamp};
    ///
    /// // For example the output of a `credential_process`, parsed with the feature `serde`.
    /// fn load() -> Option<Credentials<'static>> {
    ///     let expiration = Timestamp::now() + Duration::from_secs(3600);
    ///     Some(Credentials::new("ASIAEXAMPLE", "secret").session_token("token").expiration(expiration))
    /// }
    ///
    /// let first = load().ok_or("no credentials")?;
    /// let credentials = SharedCredentials::with_refresh(first, Duration::from_secs(300), load);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn with_refresh(
        credentials: Credentials<'_>,
        margin: Duration,
        load: impl Fn() -> Option<Credentials<'static>> + Send + Sync + 'static,
    ) -> Self {
        let refresh = Refresh {
            margin,
            load: Box::new(load),
            called: Mutex::new(None),
        };
        Self::shared(credentials, Some(refresh))
    }

    fn shared(credentials: Credentials<'_>, refresh: Option<Refresh>) -> Self {
        Self(Arc::new(Inner {
            current: RwLock::new(Current {
                credentials: Arc::new(credentials.into_owned()),
                keys: VecDeque::new(),
            }),
            refresh,
        }))
    }

    /// Replaces the credentials for all handles. URLs that are being signed still use the old ones.
    ///
    /// # Examples
    /// See [`SharedCredentials`].
    pub fn replace(&self, credentials: Credentials<'_>) {
        let credentials = Arc::new(credentials.into_owned());
        let mut current = self
            .0
            .current
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        current.credentials = credentials;
        current.keys.clear();
    }

    /// Returns the current credentials.
    #[must_use]
    pub fn current(&self) -> Arc<Credentials<'static>> {
        let current = self
            .0
            .current
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current.credentials)
    }

    /// Returns when the current credentials expire, if that is known. Replace them a few minutes earlier.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.current().expires_at()
    }

    /// Returns the signing key for the day of `at` and the bucket's region and service.
    pub(crate) fn key(
        &self,
        bucket: &Bucket<'_>,
        at: Timestamp,
    ) -> Result<Arc<SigningKey<'static>>, Error> {
        self.refresh(at);
        let credentials = {
            let current = self
                .0
                .current
                .read()
                .unwrap_or_else(PoisonError::into_inner);
            let mut keys = current.keys.iter().rev();
            if let Some(key) = keys.find(|key| key.is_for(&bucket.scope(key.day), at)) {
                return Ok(Arc::clone(key));
            }
            Arc::clone(&current.credentials)
        };
        let key = Arc::new(credentials.signing_key(bucket, at)?.into_owned());
        let mut current = self
            .0
            .current
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&current.credentials, &credentials) {
            if current.keys.len() == MAX_KEYS {
                current.keys.pop_front();
            }
            current.keys.push_back(Arc::clone(&key));
        }
        Ok(key)
    }

    /// Loads new credentials if the current ones expire soon.
    fn refresh(&self, at: Timestamp) {
        let Some(refresh) = &self.0.refresh else {
            return;
        };
        let less_than = |margin| {
            let end = self.expires_at();
            end.is_some_and(|end| end - at <= margin)
        };
        if !less_than(refresh.margin) {
            return;
        }
        let mut called = match refresh.called.try_lock() {
            Ok(called) => called,
            Err(TryLockError::Poisoned(called)) => called.into_inner(),
            Err(TryLockError::WouldBlock) if less_than(Duration::ZERO) => {
                let called = refresh.called.lock();
                called.unwrap_or_else(PoisonError::into_inner)
            }
            Err(TryLockError::WouldBlock) => return, // another thread is loading them
        };
        // If this thread waited for another one, the credentials have been replaced.
        if *called != Some(at) && less_than(refresh.margin) {
            *called = Some(at);
            if let Some(credentials) = (refresh.load)() {
                self.replace(credentials);
            }
        }
    }
}

impl From<Credentials<'_>> for SharedCredentials {
    fn from(credentials: Credentials<'_>) -> Self {
        Self::new(credentials)
    }
}

impl fmt::Debug for SharedCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedCredentials")
            .field(&self.current())
            .finish()
    }
}
