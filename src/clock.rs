//! Functions that read the clock.

use crate::error::Error;
#[cfg(feature = "post")]
use crate::post::{PostForm, PostPolicy};
use crate::presigned_url::PresignedUrl;
use crate::presigner::Presigner;
use crate::timestamp::Timestamp;

impl Timestamp {
    /// Returns the current time of the system clock.
    ///
    /// On `wasm32-unknown-unknown`, this is JavaScript's `Date.now()` and requires the feature `wasm-bindgen`. On all other
    /// targets it requires the feature `std`.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use presign::Timestamp;
    ///
    /// let in_an_hour = Timestamp::now() + Duration::from_secs(3600);
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
    /// Signs at the current time of the system clock.
    ///
    /// On `wasm32-unknown-unknown` the clock is JavaScript's and requires the feature `wasm-bindgen`. Without it, use
    /// [`sign_at`](Self::sign_at).
    ///
    /// # Errors
    /// See [the table](Presigner#errors).
    ///
    /// # Examples
    /// See [`Presigner`].
    pub fn sign(&self) -> Result<PresignedUrl, Error> {
        self.sign_at(Timestamp::now())
    }
}

#[cfg(feature = "post")]
impl PostPolicy<'_> {
    /// Signs at the current time of the clock that [`Presigner::sign`] reads.
    ///
    /// # Errors
    /// See [`PostPolicy`]'s table.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, post::PostPolicy};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let form = PostPolicy::new(&credentials, &bucket, "k").sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn sign(&self) -> Result<PostForm, Error> {
        self.sign_at(Timestamp::now())
    }
}
