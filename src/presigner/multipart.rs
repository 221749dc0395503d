//! Multipart uploads.

use super::Presigner;
use crate::bucket::Bucket;
use crate::credentials::Identity;
use crate::method::Method;
use crate::rules::Row;

/// # Multipart uploads
///
/// Starts, continues, completes and aborts an upload in parts. The module [`multipart`](crate::multipart) reads and writes
/// the XML of these requests, and shows a whole upload.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html>
impl<'a> Presigner<'a> {
    /// Starts a multipart upload: `POST` with `uploads`. The response contains the upload ID.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::create_multipart_upload(&credentials, &bucket, "videos/pond.mp4")
    ///     .content_type("video/mp4")
    ///     .sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn create_multipart_upload(
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
        key: &'a str,
    ) -> Self {
        Self::new(Method::Post, identity, bucket, key).set(Row::Uploads, "")
    }

    /// Uploads a part, 1 to 10000, with `PUT`. Keep the response header `ETag`: completing the upload requires it.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::upload_part(&credentials, &bucket, "videos/pond.mp4", "VXBsb2FkIElE", 1).sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
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

    /// Lists the parts that have been uploaded, with `GET`.
    pub fn list_parts(
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
        key: &'a str,
        upload_id: &'a str,
    ) -> Self {
        Self::new(Method::Get, identity, bucket, key).upload_id(upload_id)
    }

    /// Completes the upload and creates the object: `POST`, with the list of parts as XML in the body.
    pub fn complete_multipart_upload(
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
        key: &'a str,
        upload_id: &'a str,
    ) -> Self {
        Self::new(Method::Post, identity, bucket, key).upload_id(upload_id)
    }

    /// Aborts the upload and deletes its parts, with `DELETE`.
    pub fn abort_multipart_upload(
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'_>,
        key: &'a str,
        upload_id: &'a str,
    ) -> Self {
        Self::new(Method::Delete, identity, bucket, key).upload_id(upload_id)
    }

    /// Requests one part, 1 to 10000, of an object that was uploaded in parts: `partNumber`. For [`get`](Self::get) and
    /// [`head`](Self::head).
    pub fn part_number(self, number: u16) -> Self {
        self.set(Row::Part, u64::from(number))
    }

    fn upload_id(self, id: &'a str) -> Self {
        self.set(Row::UploadId, id)
    }
}
