//! What is uploaded.

use super::Presigner;
use crate::rules::Row;

/// What is uploaded: headers that the sender has to repeat.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>
impl<'a> Presigner<'a> {
    /// Signs the header `content-type`, so that an upload has to carry exactly this type.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let presigner = Presigner::put(&credentials, &bucket, "in.png").content_type("image/*");
    /// assert_eq!(
    ///     presigner.sign_into(Timestamp::from_unix(0), &mut [0; 512]),
    ///     Err(Error::WildcardInContentType)
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn content_type(self, value: &'a str) -> Self {
        self.set(Row::ContentType, value)
    }

    /// Signs the header `content-length`, in bytes, so that an upload has to have exactly this size.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 1024];
    /// let url = Presigner::put(&credentials, &bucket, "k")
    ///     .content_length(5)
    ///     .content_md5("XUFAKrxLKna5cZ2REBfFkg==") // of "hello"
    ///     .content_disposition("attachment")
    ///     .content_encoding("gzip")
    ///     .content_language("de")
    ///     .cache_control("max-age=3600")
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains(
    ///     "&X-Amz-SignedHeaders=cache-control%3Bcontent-disposition%3Bcontent-encoding%3Bcontent-language\
    ///      %3Bcontent-length%3Bcontent-md5%3Bhost&"
    /// ));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn content_length(self, bytes: u64) -> Self {
        self.set(Row::ContentLength, bytes)
    }

    /// Signs the header `content-md5`: the body's MD5, in base64. S3 refuses a body with another.
    ///
    /// # Examples
    /// See [`content_length`](Self::content_length).
    #[must_use]
    pub fn content_md5(self, base64: &'a str) -> Self {
        self.set(Row::ContentMd5, base64)
    }

    /// Signs the header `content-disposition`.
    ///
    /// # Examples
    /// See [`content_length`](Self::content_length).
    #[must_use]
    pub fn content_disposition(self, value: &'a str) -> Self {
        self.set(Row::ContentDisposition, value)
    }

    /// Signs the header `content-encoding`.
    ///
    /// # Examples
    /// See [`content_length`](Self::content_length).
    #[must_use]
    pub fn content_encoding(self, value: &'a str) -> Self {
        self.set(Row::ContentEncoding, value)
    }

    /// Signs the header `content-language`.
    ///
    /// # Examples
    /// See [`content_length`](Self::content_length).
    #[must_use]
    pub fn content_language(self, value: &'a str) -> Self {
        self.set(Row::ContentLanguage, value)
    }

    /// Signs the header `cache-control`.
    ///
    /// # Examples
    /// See [`content_length`](Self::content_length).
    #[must_use]
    pub fn cache_control(self, value: &'a str) -> Self {
        self.set(Row::CacheControl, value)
    }

    /// Signs the header `x-amz-checksum-...`: the body's checksum. S3 refuses a body with another. The last call counts:
    /// S3 takes one checksum.
    ///
    /// # Examples
    /// See [`Checksum`].
    #[must_use]
    pub fn checksum(mut self, checksum: Checksum<'a>) -> Self {
        self.values
            .unset(Row::ChecksumCrc32..=Row::ChecksumCrc64Nvme);
        self.values.unset(Row::ChecksumSha1..=Row::ChecksumSha256);
        let (row, value) = checksum.header();
        self.set(row, value)
    }

    /// Signs the header `x-amz-copy-source`: the upload is a copy of this object, `BUCKET/KEY` with the key
    /// percent-encoded, and `?versionId=...` behind it if it is not the current version. Used with
    /// [`put`](Self::put) and [`upload_part`](Self::upload_part).
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 512];
    /// let url = Presigner::put(&credentials, &bucket, "copy.txt")
    ///     .copy_source("examplebucket/a%20b.txt")
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains("&X-Amz-SignedHeaders=host%3Bx-amz-copy-source&"));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn copy_source(self, bucket_and_key: &'a str) -> Self {
        self.set(Row::CopySource, bucket_and_key)
    }
}

/// A checksum of a whole body, in base64.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>
///
/// # Examples
/// ```
/// # use presign::{Bucket, Checksum, Credentials, Error, Presigner, Timestamp};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// let (now, put) = (Timestamp::from_unix(0), Presigner::put(&credentials, &bucket, "k"));
/// let (mut buffer, name) = ([0; 512], "x-amz-checksum-sha256");
/// let url = put
///     .checksum(Checksum::Sha256("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="))
///     .sign_into(now, &mut buffer)?;
/// assert!(url.contains("&X-Amz-SignedHeaders=host%3Bx-amz-checksum-sha256&"));
///
/// let hexadecimal = Checksum::Sha256("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// assert_eq!(put.checksum(hexadecimal).sign_into(now, &mut buffer), Err(Error::InvalidBase64 { name, length: 44 }));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checksum<'a> {
    /// CRC-32, 8 characters.
    Crc32(&'a str),
    /// CRC-32C, 8 characters.
    Crc32c(&'a str),
    /// CRC-64/NVME, 12 characters.
    Crc64Nvme(&'a str),
    /// SHA-1, 28 characters.
    Sha1(&'a str),
    /// SHA-256, 44 characters.
    Sha256(&'a str),
}

impl<'a> Checksum<'a> {
    pub(crate) const fn header(self) -> (Row, &'a str) {
        match self {
            Self::Crc32(base64) => (Row::ChecksumCrc32, base64),
            Self::Crc32c(base64) => (Row::ChecksumCrc32c, base64),
            Self::Crc64Nvme(base64) => (Row::ChecksumCrc64Nvme, base64),
            Self::Sha1(base64) => (Row::ChecksumSha1, base64),
            Self::Sha256(base64) => (Row::ChecksumSha256, base64),
        }
    }
}
