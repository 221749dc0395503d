//! What is asked for: method, who, where and what; and how long it lives.

use core::time::Duration;

use super::Presigner;
use crate::bucket::Bucket;
use crate::credentials::Identity;
use crate::expiry::{Expiry, ExpiryPolicy, Lifetime};
use crate::method::Method;
use crate::rules::Row;
use crate::timestamp::Timestamp;
use crate::values::{Slot, Values};

impl<'a> Presigner<'a> {
    /// Downloads an object: `GET`.
    ///
    /// # Examples
    /// See [`Presigner`].
    #[must_use]
    #[doc(alias = "getSignedUrl")]
    #[doc(alias = "generate_presigned_url")]
    #[doc(alias = "presigned_get_object")]
    #[doc(alias = "GetObject")]
    pub fn get(identity: impl Into<Identity<'a>>, bucket: &'a Bucket<'_>, key: &'a str) -> Self {
        Self::new(Method::Get, identity, bucket, key)
    }

    /// Uploads an object: `PUT`.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 512];
    /// let url = Presigner::put(&credentials, &bucket, "in.png")
    ///     .content_type("image/png")
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains("&X-Amz-SignedHeaders=content-type%3Bhost&")); // send `content-type: image/png`
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "presigned_put_object")]
    #[doc(alias = "PutObject")]
    pub fn put(identity: impl Into<Identity<'a>>, bucket: &'a Bucket<'_>, key: &'a str) -> Self {
        Self::new(Method::Put, identity, bucket, key)
    }

    /// Asks for an object's headers: `HEAD`. A URL signed for `GET` does not do.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let (mut get, mut head) = ([0; 512], [0; 512]);
    /// let now = Timestamp::from_unix(0);
    /// let get = Presigner::get(&credentials, &bucket, "k").sign_into(now, &mut get)?;
    /// let head = Presigner::head(&credentials, &bucket, "k").sign_into(now, &mut head)?;
    /// assert_ne!(get, head);
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "HeadObject")]
    pub fn head(identity: impl Into<Identity<'a>>, bucket: &'a Bucket<'_>, key: &'a str) -> Self {
        Self::new(Method::Head, identity, bucket, key)
    }

    /// Deletes an object: `DELETE`.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 512];
    /// let url = Presigner::delete(&credentials, &bucket, "k")
    ///     .version_id("3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY")
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains("&versionId=3HL4kqtJlcpXroDTDmJ%2BrmSpXd3dIbrHY&"));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "DeleteObject")]
    pub fn delete(identity: impl Into<Identity<'a>>, bucket: &'a Bucket<'_>, key: &'a str) -> Self {
        Self::new(Method::Delete, identity, bucket, key)
    }

    /// Any other request to an object.
    ///
    /// # Examples
    /// Starting a multipart upload:
    /// ```
    /// # use presign::{Bucket, Credentials, Method, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 512];
    /// let url = Presigner::new(Method::Post, &credentials, &bucket, "big.bin")
    ///     .query(&[("uploads", "")])
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains("&uploads=&X-Amz-Signature="));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn new(
        method: Method,
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
        key: &'a str,
    ) -> Self {
        Self::request(method, identity.into(), bucket, Some(key))
    }

    /// A request to the bucket itself, or to the service ([`Bucket::service`]).
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Method, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let (mut virtual_hosted, mut path_style) = ([0; 512], [0; 512]);
    /// let head = Presigner::bucket(Method::Head, &credentials, &bucket);
    /// let url = head.sign_into(Timestamp::from_unix(0), &mut virtual_hosted)?;
    /// assert!(url.starts_with("https://examplebucket.s3.eu-west-1.amazonaws.com/?X-Amz-"));
    ///
    /// let bucket = bucket.clone().path_style();
    /// let head = Presigner::bucket(Method::Head, &credentials, &bucket);
    /// let url = head.sign_into(Timestamp::from_unix(0), &mut path_style)?;
    /// assert!(url.starts_with("https://s3.eu-west-1.amazonaws.com/examplebucket?X-Amz-"));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
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

    /// Lets the URL live for a duration of whole seconds from the signing time: 1 s to 604800 s (7 days). The default
    /// is 900 s.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// # use core::time::Duration;
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let (now, presigner) = (Timestamp::from_unix(0), Presigner::get(&credentials, &bucket, "k"));
    /// let expiry = |duration| presigner.expires_in(duration).valid_until(now);
    /// assert_eq!(expiry(Duration::from_secs(60)), Ok(Timestamp::from_unix(60)));
    /// assert_eq!(expiry(Duration::ZERO), Err(Error::ExpiryOutOfRange { seconds: 0 }));
    /// assert_eq!(expiry(Duration::from_millis(1500)), Err(Error::FractionalExpiry { nanoseconds: 500_000_000 }));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "PresigningConfig")]
    #[doc(alias = "ExpiresIn")]
    pub const fn expires_in(mut self, duration: Duration) -> Self {
        self.lifetime.expiry = Expiry::In(duration);
        self
    }

    /// Lets the URL live until a point in time, 1 s to 604800 s (7 days) after the signing time.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let presigner = Presigner::get(&credentials, &bucket, "k").expires_at(Timestamp::from_unix(1000));
    /// let mut buffer = [0; 512];
    /// assert!(presigner.sign_into(Timestamp::from_unix(400), &mut buffer)?.contains("&X-Amz-Expires=600&"));
    /// assert_eq!(
    ///     presigner.sign_into(Timestamp::from_unix(1005), &mut buffer),
    ///     Err(Error::ExpiryOutOfRange { seconds: -5 })
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn expires_at(mut self, end: impl Into<Timestamp>) -> Self {
        self.lifetime.expiry = Expiry::At(end.into());
        self
    }

    /// Says what happens where the credentials end before the URL would.
    ///
    /// # Examples
    /// See [`ExpiryPolicy`].
    #[must_use]
    pub const fn expiry_policy(mut self, policy: ExpiryPolicy) -> Self {
        self.lifetime.policy = policy;
        self
    }

    /// Rounds the signing time down to a multiple of `window` since midnight (UTC), so that the same request gets the
    /// same URL until the next window starts, and browsers and caches can keep what they fetched.
    ///
    /// A URL then lives from `expiry - window` to `expiry`; all that tells its end tells the true one, and credentials
    /// have to be alive at the real time. A window is a whole number of seconds that divides a day, such as 300 s, 900 s
    /// or 3600 s. As it does not reach over midnight, the day's signing key serves it.
    ///
    /// New credentials give new URLs in the same window.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// # use core::time::Duration;
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let hourly = Presigner::get(&credentials, &bucket, "k")
    ///     .expires_in(Duration::from_secs(7200))
    ///     .align_to(Duration::from_secs(3600));
    /// let (mut first, mut last) = ([0; 512], [0; 512]);
    /// assert_eq!(
    ///     hourly.sign_into(Timestamp::from_unix(36_000), &mut first)?,
    ///     hourly.sign_into(Timestamp::from_unix(39_599), &mut last)?
    /// );
    /// assert_eq!(hourly.valid_until(Timestamp::from_unix(39_599))?, Timestamp::from_unix(43_200));
    /// assert_eq!(
    ///     hourly.expires_in(Duration::from_secs(3600)).valid_until(Timestamp::from_unix(36_000)),
    ///     Err(Error::WindowNotShorter { window: 3600, expires: 3600 })
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub const fn align_to(mut self, window: Duration) -> Self {
        self.lifetime.window = Some(window);
        self
    }

    /// Signs a key with segments `.` or `..` as it stands. Browsers and most HTTP clients resolve such segments, even
    /// when encoded, and would ask for another object; the sender has to be one that does not (`curl --path-as-is`).
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let (now, mut buffer) = (Timestamp::from_unix(0), [0; 512]);
    /// let presigner = Presigner::get(&credentials, &bucket, "a/../b");
    /// assert_eq!(presigner.sign_into(now, &mut buffer), Err(Error::DotSegment { position: 2 }));
    /// assert!(presigner.allow_dot_segments().sign_into(now, &mut buffer)?.contains("/a/../b?"));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub const fn allow_dot_segments(mut self) -> Self {
        self.allow_dot_segments = true;
        self
    }

    /// Signs a query parameter, encoded and put where it belongs. A name can be given several times with different
    /// values, unless S3 reads only one.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let (now, mut buffer) = (Timestamp::from_unix(0), [0; 512]);
    /// let presigner = Presigner::get(&credentials, &bucket, "k");
    /// let url = presigner.query_parameter("x-id", "GetObject").sign_into(now, &mut buffer)?;
    /// assert!(url.contains("&X-Amz-SignedHeaders=host&x-id=GetObject&X-Amz-Signature="));
    /// assert_eq!(
    ///     presigner.query_parameter("X-Amz-Expires", "1").sign_into(now, &mut buffer),
    ///     Err(Error::ReservedQueryParameter { name: "x-amz-expires" })
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn query_parameter(mut self, name: &'a str, value: &'a str) -> Self {
        self.values.push(Row::OtherParameter, name, value);
        self
    }

    /// Signs a list of query parameters, in any order. The list is borrowed.
    ///
    /// A request has at most 255 parameters, set one by one or in lists. A presigner has room for 4 lists.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # let mut buffer = [0; 512];
    /// let url = Presigner::get(&credentials, &bucket, "k")
    ///     .query(&[("x-id", "GetObject"), ("b", "1 & 2")])
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains("&X-Amz-SignedHeaders=host&b=1%20%26%202&x-id=GetObject&X-Amz-Signature="));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn query(mut self, parameters: &'a [(&'a str, &'a str)]) -> Self {
        self.values.extend(Row::OtherParameter, parameters);
        self
    }

    /// Signs a header. The sender must send it with the same value.
    ///
    /// The name is signed in lower case; the value without white space at either end, and with runs of spaces and tabs
    /// folded into one space. The values of one name are joined by a comma, in order.
    ///
    /// The body is not signed, unless `x-amz-content-sha256` gives its SHA-256 in hexadecimal.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let (now, mut buffer) = (Timestamp::from_unix(0), [0; 512]);
    /// let presigner = Presigner::put(&credentials, &bucket, "k");
    /// let url = presigner.header("X-Amz-Website-Redirect-Location", "/b").sign_into(now, &mut buffer)?;
    /// assert!(url.contains("&X-Amz-SignedHeaders=host%3Bx-amz-website-redirect-location&"));
    /// assert_eq!(
    ///     presigner.header("x-a", "b\r\nc").sign_into(now, &mut buffer),
    ///     Err(Error::InvalidHeaderValue { position: 1, byte: b'\r' })
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.values.push(Row::OtherHeader, name, value);
        self
    }

    /// Signs a list of [headers](Self::header). The list is borrowed.
    ///
    /// A request has at most 255 headers, set one by one or in lists. A presigner has room for 4 lists.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # let mut buffer = [0; 512];
    /// let url = Presigner::put(&credentials, &bucket, "k")
    ///     .headers(&[("x-amz-grant-read", "id=\"1\""), ("expires", "Thu, 01 Jan 1970 00:00:00 GMT")])
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains("&X-Amz-SignedHeaders=expires%3Bhost%3Bx-amz-grant-read&"));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn headers(mut self, headers: &'a [(&'a str, &'a str)]) -> Self {
        self.values.extend(Row::OtherHeader, headers);
        self
    }

    pub(super) fn set(mut self, row: Row, value: impl Into<Slot<'a>>) -> Self {
        self.values.set(row, value.into());
        self
    }
}
