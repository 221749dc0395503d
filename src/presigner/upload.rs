//! Headers that describe an upload.

use super::Presigner;
use crate::rules::Row;

/// # Upload headers
///
/// Headers that describe the body of an upload. The sender must send them unchanged.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Presigner};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// # #[cfg(feature = "std")]
/// let url = Presigner::put(&credentials, &bucket, "report.html")
///     .content_type("text/html")
///     .content_encoding("gzip")
///     .content_length(1384)
///     .cache_control("max-age=3600")
///     .sign()?;
/// # Ok::<(), presign::Error>(())
/// ```
impl<'a> Presigner<'a> {
    /// Signs the header `content-type`: an upload must have exactly this type. Wildcards such as `image/*` are
    /// [`Error::WildcardInContentType`](crate::Error::WildcardInContentType); an upload form can allow a prefix.
    pub fn content_type(self, value: &'a str) -> Self {
        self.set(Row::ContentType, value)
    }

    /// Signs the header `content-length`: an upload must have exactly this size, in bytes.
    pub fn content_length(self, bytes: u64) -> Self {
        self.set(Row::ContentLength, bytes)
    }

    /// Signs the header `content-md5`: the MD5 of the body, in base64. S3 rejects any other body.
    pub fn content_md5(self, base64: &'a str) -> Self {
        self.set(Row::ContentMd5, base64)
    }

    /// Signs the header `content-disposition`, which S3 stores with the object.
    pub fn content_disposition(self, value: &'a str) -> Self {
        self.set(Row::ContentDisposition, value)
    }

    /// Signs the header `content-encoding`, which S3 stores with the object.
    pub fn content_encoding(self, value: &'a str) -> Self {
        self.set(Row::ContentEncoding, value)
    }

    /// Signs the header `content-language`, which S3 stores with the object.
    pub fn content_language(self, value: &'a str) -> Self {
        self.set(Row::ContentLanguage, value)
    }

    /// Signs the header `cache-control`, which S3 stores with the object.
    pub fn cache_control(self, value: &'a str) -> Self {
        self.set(Row::CacheControl, value)
    }

    /// Signs the header `x-amz-checksum-...`: the checksum of the body. S3 rejects any other body. S3 accepts one checksum,
    /// so each call replaces the one before.
    ///
    /// # Examples
    /// See [`Checksum`].
    pub fn checksum(mut self, checksum: Checksum<'a>) -> Self {
        self.values
            .unset(Row::ChecksumCrc32..=Row::ChecksumCrc64Nvme);
        self.values.unset(Row::ChecksumSha1..=Row::ChecksumSha256);
        let (row, value) = checksum.header();
        self.set(row, value)
    }

    /// Signs the header `x-amz-copy-source`: S3 copies this object instead of storing a body. For [`put`](Self::put) and
    /// [`upload_part`](Self::upload_part).
    ///
    /// The source is `BUCKET/KEY` with the key percent-encoded, followed by `?versionId=...` for an older version.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html>
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::put(&credentials, &bucket, "copy.txt").copy_source("examplebucket/a%20b.txt").sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "CopyObject")]
    pub fn copy_source(self, bucket_and_key: &'a str) -> Self {
        self.set(Row::CopySource, bucket_and_key)
    }
}

/// A checksum of a whole body, in base64. Signing refuses a value of the wrong length or alphabet, such as hexadecimal,
/// with [`Error::InvalidBase64`](crate::Error::InvalidBase64).
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>
///
/// # Examples
/// ```
/// # use presign::{Bucket, Checksum, Credentials, Presigner};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// # #[cfg(feature = "std")]
/// let url = Presigner::put(&credentials, &bucket, "empty.txt")
///     .checksum(Checksum::Sha256("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="))
///     .sign()?;
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checksum<'a> {
    /// CRC-32: 8 characters of base64.
    Crc32(&'a str),
    /// CRC-32C: 8 characters of base64.
    Crc32c(&'a str),
    /// CRC-64/NVME: 12 characters of base64.
    Crc64Nvme(&'a str),
    /// SHA-1: 28 characters of base64.
    Sha1(&'a str),
    /// SHA-256: 44 characters of base64.
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
