//! What reads the clock.

use crate::error::Error;
#[cfg(feature = "post")]
use crate::post::{PostForm, PostPolicy};
use crate::presigned_url::PresignedUrl;
use crate::presigner::Presigner;
use crate::timestamp::Timestamp;

impl Timestamp {
    /// Returns the current time, by the system's clock.
    ///
    /// On `wasm32-unknown-unknown` it is JavaScript's `Date.now()` and requires the feature `wasm-bindgen`; elsewhere the
    /// feature `std`.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use presign::Timestamp;
    ///
    /// let in_an_hour = Timestamp::now() + Duration::from_secs(3600);
    /// assert!(in_an_hour > Timestamp::now());
    /// ```
    #[must_use]
    pub fn now() -> Self {
        #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
        return std::time::SystemTime::now().into();
        #[cfg(all(target_family = "wasm", target_os = "unknown"))]
        return Self::from_unix((js_sys::Date::now() as i64).div_euclid(1000)); // from milliseconds
    }
}

impl Presigner<'_> {
    /// Signs now, by the system's clock.
    ///
    /// On `wasm32-unknown-unknown` the clock is JavaScript's, and takes the feature `wasm-bindgen`. Without it this does
    /// not exist there: use [`sign_at`](Self::sign_at).
    ///
    /// # Errors
    /// See [`Presigner`]'s table.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let url = Presigner::get(&credentials, &bucket, "k").sign()?;
    /// assert!(url.expires_at() > presign::Timestamp::now());
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn sign(&self) -> Result<PresignedUrl, Error> {
        self.sign_at(Timestamp::now())
    }
}

#[cfg(feature = "post")]
impl PostPolicy<'_> {
    /// Signs now, by the clock that [`Presigner::sign`] reads.
    ///
    /// # Errors
    /// See [`PostPolicy`]'s table.
    ///
    /// # Examples
    /// ```
    /// # use presign::post::PostPolicy;
    /// # use presign::{Bucket, Credentials};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let form = PostPolicy::new(&credentials, &bucket, "k").sign()?;
    /// assert!(form.expires_at() > presign::Timestamp::now());
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn sign(&self) -> Result<PostForm, Error> {
        self.sign_at(Timestamp::now())
    }
}
