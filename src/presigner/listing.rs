//! Lists of objects.

use super::Presigner;
use crate::bucket::Bucket;
use crate::credentials::Identity;
use crate::method::Method;
use crate::rules::Row;

/// Lists of objects: parameters of `ListObjectsV2`.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>
impl<'a> Presigner<'a> {
    /// Lists the objects of a bucket: `GET` with `list-type=2`.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 1024];
    /// let url = Presigner::list(&credentials, &bucket)
    ///     .prefix("photos/")
    ///     .delimiter("/")
    ///     .max_keys(50)
    ///     .start_after("photos/a b")
    ///     .continuation_token("1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=")
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains(
    ///     "&continuation-token=1ueGcxLPRx1Tr%2FXYExHnhbYLgveDs2J%2Fwm36Hy4vbOwM%3D&delimiter=%2F&list-type=2\
    ///      &max-keys=50&prefix=photos%2F&start-after=photos%2Fa%20b&"
    /// ));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "ListObjectsV2")]
    pub fn list(identity: impl Into<Identity<'a>>, bucket: &'a Bucket<'_>) -> Self {
        Self::bucket(Method::Get, identity, bucket).set(Row::ListType, "2")
    }

    /// Lists only keys that start so.
    ///
    /// # Examples
    /// See [`list`](Self::list).
    #[must_use]
    pub fn prefix(self, prefix: &'a str) -> Self {
        self.set(Row::Prefix, prefix)
    }

    /// Groups keys that have the same beginning up to this text, mostly `/`.
    ///
    /// # Examples
    /// See [`list`](Self::list).
    #[must_use]
    pub fn delimiter(self, delimiter: &'a str) -> Self {
        self.set(Row::Delimiter, delimiter)
    }

    /// Goes on where the answer with this `NextContinuationToken` ended.
    ///
    /// # Examples
    /// See [`list`](Self::list).
    #[must_use]
    pub fn continuation_token(self, token: &'a str) -> Self {
        self.set(Row::ContinuationToken, token)
    }

    /// Starts behind this key.
    ///
    /// # Examples
    /// See [`list`](Self::list).
    #[must_use]
    pub fn start_after(self, key: &'a str) -> Self {
        self.set(Row::StartAfter, key)
    }

    /// Lists at most so many keys; S3 gives 1000 at most.
    ///
    /// # Examples
    /// See [`list`](Self::list).
    #[must_use]
    pub fn max_keys(self, keys: u32) -> Self {
        self.set(Row::MaxKeys, u64::from(keys))
    }
}
