//! Preconditions, and headers about who is charged.

use super::Presigner;
use crate::rules::Row;

/// # Preconditions
///
/// Headers that limit when S3 carries out the request. The sender must send them unchanged.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html>
///
/// # Examples
/// An upload that fails with 412 if the object exists already:
/// ```
/// # use presign::{Bucket, Credentials, Presigner};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// # #[cfg(feature = "std")]
/// let url = Presigner::put(&credentials, &bucket, "photos/duck.jpg").if_none_match("*").sign()?;
/// # Ok::<(), presign::Error>(())
/// ```
impl<'a> Presigner<'a> {
    /// Signs the header `if-match`: the request succeeds only if the object has this entity tag, quotes included.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg")
    ///     .if_match("\"5d41402abc4b2a76b9719d911017c592\"")
    ///     .sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn if_match(self, entity_tag: &'a str) -> Self {
        self.set(Row::IfMatch, entity_tag)
    }

    /// Signs the header `if-none-match`: the request succeeds only if the object does not have this entity tag. With
    /// `*`, an upload never replaces an object.
    pub fn if_none_match(self, entity_tag: &'a str) -> Self {
        self.set(Row::IfNoneMatch, entity_tag)
    }

    /// Signs the header `range` ([RFC 9110, 14.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.2)), such as
    /// `bytes=0-9`. The URL then only returns this part of the object.
    pub fn range(self, range: &'a str) -> Self {
        self.set(Row::Range, range)
    }

    /// Signs the header `x-amz-expected-bucket-owner`: the request succeeds only if this account owns the bucket.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html>
    pub fn expected_bucket_owner(self, account_id: &'a str) -> Self {
        self.set(Row::ExpectedBucketOwner, account_id)
    }

    /// Signs the header `x-amz-request-payer: requester`: the account that signs pays for the request and the transfer.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html>
    pub fn request_payer(self) -> Self {
        self.set(Row::RequestPayer, "requester")
    }
}
