//! Under which conditions a request is carried out.

use super::Presigner;
use crate::rules::Row;

/// Under which conditions a request is carried out: headers that the sender has to repeat.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html>
impl<'a> Presigner<'a> {
    /// Signs the header `if-match`: only if the object has this entity tag.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 1024];
    /// let url = Presigner::get(&credentials, &bucket, "k")
    ///     .if_match("\"5d41402abc4b2a76b9719d911017c592\"")
    ///     .range("bytes=0-9")
    ///     .expected_bucket_owner("123456789012")
    ///     .request_payer()
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains(
    ///     "&X-Amz-SignedHeaders=host%3Bif-match%3Brange%3Bx-amz-expected-bucket-owner%3Bx-amz-request-payer&"
    /// ));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn if_match(self, entity_tag: &'a str) -> Self {
        self.set(Row::IfMatch, entity_tag)
    }

    /// Signs the header `if-none-match`: only if no object has this entity tag. With `*`, an upload never replaces an
    /// object.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 512];
    /// let url = Presigner::put(&credentials, &bucket, "k")
    ///     .if_none_match("*")
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains("&X-Amz-SignedHeaders=host%3Bif-none-match&"));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn if_none_match(self, entity_tag: &'a str) -> Self {
        self.set(Row::IfNoneMatch, entity_tag)
    }

    /// Signs the header `range`, such as `bytes=0-9`: the sender can ask for this part of the object only.
    ///
    /// # Examples
    /// See [`if_match`](Self::if_match).
    #[must_use]
    pub fn range(self, range: &'a str) -> Self {
        self.set(Row::Range, range)
    }

    /// Signs the header `x-amz-expected-bucket-owner`: only if the bucket is this account's.
    ///
    /// # Examples
    /// See [`if_match`](Self::if_match).
    #[must_use]
    pub fn expected_bucket_owner(self, account_id: &'a str) -> Self {
        self.set(Row::ExpectedBucketOwner, account_id)
    }

    /// Signs the header `x-amz-request-payer: requester`: whoever signs pays for the transfer.
    ///
    /// # Examples
    /// See [`if_match`](Self::if_match).
    #[must_use]
    pub fn request_payer(self) -> Self {
        self.set(Row::RequestPayer, "requester")
    }
}
