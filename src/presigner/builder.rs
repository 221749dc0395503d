//! The request, its expiry, and any other headers and parameters.

use core::time::Duration;

use super::Presigner;
use crate::bucket::Bucket;
use crate::credentials::Identity;
use crate::expiry::{Expiry, ExpiryPolicy, Lifetime};
use crate::method::Method;
use crate::rules::Row;
use crate::timestamp::Timestamp;
use crate::values::{Slot, Values};

/// # Request, expiry, and other headers and parameters
impl<'a> Presigner<'a> {
    /// Downloads an object: `GET`.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>
    ///
    /// # Examples
    /// See [`Presigner`].
    #[doc(alias = "getSignedUrl")]
    #[doc(alias = "generate_presigned_url")]
    #[doc(alias = "presigned_get_object")]
    #[doc(alias = "GetObject")]
    pub fn get(identity: impl Into<Identity<'a>>, bucket: &'a Bucket<'_>, key: &'a str) -> Self {
        Self::new(Method::Get, identity, bucket, key)
    }

    /// Uploads an object: `PUT`. The body is not signed, so the URL accepts any content unless you also sign its
    /// [length](Self::content_length) or [checksum](Self::checksum).
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::put(&credentials, &bucket, "in.png").content_type("image/png").sign()?;
    /// // The sender must also send the header `content-type: image/png`.
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "presigned_put_object")]
    #[doc(alias = "PutObject")]
    pub fn put(identity: impl Into<Identity<'a>>, bucket: &'a Bucket<'_>, key: &'a str) -> Self {
        Self::new(Method::Put, identity, bucket, key)
    }

    /// Requests the headers of an object: `HEAD`. A `GET` URL does not work for `HEAD`.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::head(&credentials, &bucket, "photos/duck.jpg").sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "HeadObject")]
    pub fn head(identity: impl Into<Identity<'a>>, bucket: &'a Bucket<'_>, key: &'a str) -> Self {
        Self::new(Method::Head, identity, bucket, key)
    }

    /// Deletes an object: `DELETE`.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html>
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::delete(&credentials, &bucket, "photos/duck.jpg")
    ///     .version_id("3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY")
    ///     .sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "DeleteObject")]
    pub fn delete(identity: impl Into<Identity<'a>>, bucket: &'a Bucket<'_>, key: &'a str) -> Self {
        Self::new(Method::Delete, identity, bucket, key)
    }

    /// Creates any other request to an object.
    ///
    /// # Examples
    /// Reading the tags of an object:
    /// ```
    /// # use presign::{Bucket, Credentials, Method, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::new(Method::Get, &credentials, &bucket, "photos/duck.jpg").query(&[("tagging", "")]).sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn new(
        method: Method,
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
        key: &'a str,
    ) -> Self {
        Self::request(method, identity.into(), bucket, Some(key))
    }

    /// Creates a request to the bucket itself or, with [`Bucket::service`], to the service.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Method, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::bucket(Method::Head, &credentials, &bucket).sign()?;
    /// // https://examplebucket.s3.eu-west-1.amazonaws.com/?X-Amz-Algorithm=...
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn bucket(
        method: Method,
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
    ) -> Self {
        Self::request(method, identity.into(), bucket, None)
    }

    const fn request(
        method: Method,
        identity: Identity<'a>,
        bucket: &'a Bucket<'a>,
        key: Option<&'a str>,
    ) -> Self {
        Self {
            identity,
            bucket,
            method,
            key,
            lifetime: Lifetime::of(Duration::from_secs(900)),
            allow_dot_segments: false,
            values: Values::new(),
        }
    }

    /// Sets how long the URL is valid: 1 to 604800 s (7 days) from the signing time, in whole seconds. The default is
    /// 900 s.
    ///
    /// If the credentials expire earlier, so does the URL: see [`ExpiryPolicy`].
    ///
    /// # Errors when signing
    /// [`Error::ExpiryOutOfRange`](crate::Error::ExpiryOutOfRange) and
    /// [`Error::FractionalExpiry`](crate::Error::FractionalExpiry).
    ///
    /// # Examples
    /// ```
    /// # use core::time::Duration;
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg").expires_in(Duration::from_secs(60)).sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "PresigningConfig")]
    #[doc(alias = "ExpiresIn")]
    pub const fn expires_in(mut self, duration: Duration) -> Self {
        self.lifetime.expiry = Expiry::In(duration);
        self
    }

    /// Sets when the URL expires: 1 to 604800 s (7 days) after the signing time. Otherwise like
    /// [`expires_in`](Self::expires_in).
    ///
    /// # Examples
    /// ```
    /// # use core::time::Duration;
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")] {
    /// let deadline = Timestamp::now() + Duration::from_secs(3600);
    /// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg").expires_at(deadline).sign()?;
    /// # }
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn expires_at(mut self, end: impl Into<Timestamp>) -> Self {
        self.lifetime.expiry = Expiry::At(end.into());
        self
    }

    /// Sets what happens if the credentials expire before the URL would.
    ///
    /// # Examples
    /// See [`ExpiryPolicy`].
    pub const fn expiry_policy(mut self, policy: ExpiryPolicy) -> Self {
        self.lifetime.policy = policy;
        self
    }

    /// Rounds the signing time down to a multiple of `window` since midnight (UTC). Within a window, the same request
    /// gets the same URL, so browsers and caches can reuse their copy.
    ///
    /// The window must be a whole number of seconds that divides a day, such as 300, 900 or 3600 s, and shorter than
    /// the expiry. A URL is then valid for between `expiry - window` and `expiry`; [`valid_until`](Self::valid_until)
    /// and [`PresignedUrl::expires_at`](crate::PresignedUrl::expires_at) return the actual time. A window never crosses
    /// midnight, so one signing key covers it. New credentials change the URL within a window.
    ///
    /// # Errors when signing
    /// [`Error::InvalidWindow`](crate::Error::InvalidWindow) and
    /// [`Error::WindowNotShorter`](crate::Error::WindowNotShorter).
    ///
    /// # Examples
    /// ```
    /// # use core::time::Duration;
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg")
    ///     .expires_in(Duration::from_secs(7200))
    ///     .align_to(Duration::from_secs(3600))
    ///     .sign()?; // the same URL until the end of the hour, valid for at least another hour
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub const fn align_to(mut self, window: Duration) -> Self {
        self.lifetime.window = Some(window);
        self
    }

    /// Allows keys with segments `.` or `..`, which are otherwise [`Error::DotSegment`](crate::Error::DotSegment).
    ///
    /// Browsers and most HTTP clients resolve such segments, even when encoded, and request another object. Send the
    /// URL with a client that does not, such as `curl --path-as-is`.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::get(&credentials, &bucket, "a/../b").allow_dot_segments().sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub const fn allow_dot_segments(mut self) -> Self {
        self.allow_dot_segments = true;
        self
    }

    /// Signs a query parameter, which is percent-encoded and sorted for you. You can repeat a name with different values,
    /// unless S3 reads only one.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg").query_parameter("x-id", "GetObject").sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn query_parameter(mut self, name: &'a str, value: &'a str) -> Self {
        self.values.push(Row::OtherParameter, name, value);
        self
    }

    /// Signs a list of [query parameters](Self::query_parameter), in any order. The list is borrowed. For names and values
    /// from a map, collect its pairs into a `Vec`.
    ///
    /// A request can have 255 parameters in total, and a presigner has room for 4 lists.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg")
    ///     .query(&[("x-id", "GetObject"), ("user", "1 & 2")])
    ///     .sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn query(mut self, parameters: &'a [(&'a str, &'a str)]) -> Self {
        self.values.extend(Row::OtherParameter, parameters);
        self
    }

    /// Signs a header. The sender must send it with the same value.
    ///
    /// The name is signed in lower case, and the value with white space trimmed and collapsed. If a name occurs several
    /// times, its values are joined by commas, in order.
    ///
    /// The body is only signed if you set `x-amz-content-sha256` to its SHA-256 in hexadecimal.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::put(&credentials, &bucket, "old.html")
    ///     .header("x-amz-website-redirect-location", "/new.html")
    ///     .sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.values.push(Row::OtherHeader, name, value);
        self
    }

    /// Signs a list of [headers](Self::header). The list is borrowed. For names and values from a map, collect
    /// its pairs into a `Vec`.
    ///
    /// A request can have 255 headers in total, and a presigner has room for 4 lists.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::put(&credentials, &bucket, "photos/duck.jpg")
    ///     .headers(&[("x-amz-grant-read", "id=\"1\""), ("expires", "Thu, 01 Jan 2026 00:00:00 GMT")])
    ///     .sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn headers(mut self, headers: &'a [(&'a str, &'a str)]) -> Self {
        self.values.extend(Row::OtherHeader, headers);
        self
    }

    pub(super) fn set(mut self, row: Row, value: impl Into<Slot<'a>>) -> Self {
        self.values.set(row, value.into());
        self
    }
}
