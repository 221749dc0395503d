//! Multipart uploads.

use super::Presigner;
use crate::bucket::Bucket;
use crate::credentials::Identity;
use crate::method::Method;
use crate::rules::Row;

/// Multipart uploads, start to finish by links alone.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html>
impl<'a> Presigner<'a> {
    /// Starts a multipart upload: `POST` with `uploads`. The answer tells the upload ID.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let (now, key, id) = (Timestamp::from_unix(0), "big.bin", "VXBsb2FkIElE");
    /// let mut buffer = [0; 512];
    /// let start = Presigner::create_multipart_upload(&credentials, &bucket, key).sign_into(now, &mut buffer)?;
    /// assert!(start.contains("&uploads=&"));
    /// let part = Presigner::upload_part(&credentials, &bucket, key, id, 1).sign_into(now, &mut buffer)?;
    /// assert!(part.contains("&partNumber=1&uploadId=VXBsb2FkIElE&"));
    /// for presigner in [
    ///     Presigner::list_parts(&credentials, &bucket, key, id),
    ///     Presigner::complete_multipart_upload(&credentials, &bucket, key, id),
    ///     Presigner::abort_multipart_upload(&credentials, &bucket, key, id),
    /// ] {
    ///     assert!(presigner.sign_into(now, &mut buffer)?.contains("&uploadId=VXBsb2FkIElE&"));
    /// }
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn create_multipart_upload(
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
        key: &'a str,
    ) -> Self {
        Self::new(Method::Post, identity, bucket, key).set(Row::Uploads, "")
    }

    /// Uploads a part, 1 to 10000: `PUT`. The answer's `ETag` is needed to complete the upload.
    ///
    /// # Examples
    /// See [`create_multipart_upload`](Self::create_multipart_upload).
    #[must_use]
    pub fn upload_part(
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
        key: &'a str,
        upload_id: &'a str,
        part_number: u16,
    ) -> Self {
        Self::new(Method::Put, identity, bucket, key)
            .upload_id(upload_id)
            .part_number(part_number)
    }

    /// Lists the parts that have been uploaded: `GET`.
    ///
    /// # Examples
    /// See [`create_multipart_upload`](Self::create_multipart_upload).
    #[must_use]
    pub fn list_parts(
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
        key: &'a str,
        upload_id: &'a str,
    ) -> Self {
        Self::new(Method::Get, identity, bucket, key).upload_id(upload_id)
    }

    /// Makes the object out of its parts: `POST`, with the list of parts as XML in the body.
    ///
    /// # Examples
    /// See [`create_multipart_upload`](Self::create_multipart_upload).
    #[must_use]
    pub fn complete_multipart_upload(
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
        key: &'a str,
        upload_id: &'a str,
    ) -> Self {
        Self::new(Method::Post, identity, bucket, key).upload_id(upload_id)
    }

    /// Gives the upload up: `DELETE`.
    ///
    /// # Examples
    /// See [`create_multipart_upload`](Self::create_multipart_upload).
    #[must_use]
    pub fn abort_multipart_upload(
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
        key: &'a str,
        upload_id: &'a str,
    ) -> Self {
        Self::new(Method::Delete, identity, bucket, key).upload_id(upload_id)
    }

    /// Asks for one part of an object that was uploaded in parts: `partNumber`, 1 to 10000, with [`get`](Self::get)
    /// and [`head`](Self::head).
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let (now, get) = (Timestamp::from_unix(0), Presigner::get(&credentials, &bucket, "big.bin"));
    /// let mut buffer = [0; 512];
    /// assert!(get.part_number(2).sign_into(now, &mut buffer)?.contains("&partNumber=2&"));
    /// assert_eq!(
    ///     get.part_number(10_001).sign_into(now, &mut buffer),
    ///     Err(Error::PartNumberOutOfRange { number: 10_001 })
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn part_number(self, number: u16) -> Self {
        self.set(Row::Part, u64::from(number))
    }

    fn upload_id(self, id: &'a str) -> Self {
        self.set(Row::UploadId, id)
    }
}
