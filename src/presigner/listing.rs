//! Lists of objects.

use super::Presigner;
use crate::bucket::Bucket;
use crate::credentials::Identity;
use crate::method::Method;
use crate::rules::Row;

/// # Listing
///
/// `ListObjectsV2` and its parameters.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>
impl<'a> Presigner<'a> {
    /// Lists the objects of a bucket: `GET` with `list-type=2`. S3 responds with XML.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::list(&credentials, &bucket).prefix("photos/").delimiter("/").max_keys(50).sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "ListObjectsV2")]
    pub fn list(identity: impl Into<Identity<'a>>, bucket: &'a Bucket<'_>) -> Self {
        Self::bucket(Method::Get, identity, bucket).set(Row::ListType, "2")
    }

    /// Lists only the keys with this prefix.
    pub fn prefix(self, prefix: &'a str) -> Self {
        self.set(Row::Prefix, prefix)
    }

    /// Groups keys by what they have in common up to this delimiter, usually `/`. With a prefix, S3 looks for the
    /// delimiter after it.
    pub fn delimiter(self, delimiter: &'a str) -> Self {
        self.set(Row::Delimiter, delimiter)
    }

    /// Continues a list with the `NextContinuationToken` of the previous response.
    pub fn continuation_token(self, token: &'a str) -> Self {
        self.set(Row::ContinuationToken, token)
    }

    /// Lists only the keys after this one.
    pub fn start_after(self, key: &'a str) -> Self {
        self.set(Row::StartAfter, key)
    }

    /// Limits the number of keys in the response. S3 returns at most 1000.
    pub fn max_keys(self, keys: u32) -> Self {
        self.set(Row::MaxKeys, u64::from(keys))
    }
}
