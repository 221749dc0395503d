//! Headers about how S3 stores an upload.

use super::Presigner;
use crate::rules::Row;

/// # Storage
///
/// Headers about how S3 stores an upload. The sender must send them unchanged.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Presigner};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// # #[cfg(feature = "std")]
/// let url = Presigner::put(&credentials, &bucket, "photos/duck.jpg")
///     .storage_class("STANDARD_IA")
///     .tagging("team=a&stage=test")
///     .metadata("author", "example")
///     .sign()?;
/// # Ok::<(), presign::Error>(())
/// ```
impl<'a> Presigner<'a> {
    /// Signs the header `x-amz-acl`: a canned access control list, such as `private`.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl>
    pub fn acl(self, canned: &'a str) -> Self {
        self.set(Row::Acl, canned)
    }

    /// Signs the header `x-amz-storage-class`, such as `STANDARD_IA`.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html>
    pub fn storage_class(self, class: &'a str) -> Self {
        self.set(Row::StorageClass, class)
    }

    /// Signs the header `x-amz-tagging`: tags as a query string, such as `k1=v1&k2=v2`, percent-encoded.
    pub fn tagging(self, query: &'a str) -> Self {
        self.set(Row::Tagging, query)
    }

    /// Signs the header `x-amz-meta-NAME`. Pass the name without the prefix: `x-amz-meta-owner` would become
    /// `x-amz-meta-x-amz-meta-owner`.
    pub fn metadata(mut self, name: &'a str, value: &'a str) -> Self {
        self.values.push(Row::Metadata, name, value);
        self
    }

    /// Signs a list of headers `x-amz-meta-NAME`: names without the prefix, and values. The list is borrowed. A
    /// presigner has room for 4 lists.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::put(&credentials, &bucket, "photos/duck.jpg")
    ///     .metadata_list(&[("author", "example"), ("year", "1843")])
    ///     .sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn metadata_list(mut self, names_and_values: &'a [(&'a str, &'a str)]) -> Self {
        self.values.extend(Row::Metadata, names_and_values);
        self
    }

    /// Signs the headers of server-side encryption. Each call replaces the headers of the one before.
    ///
    /// # Examples
    /// See [`Encryption`].
    pub fn encryption(mut self, encryption: Encryption<'a>) -> Self {
        self.values
            .unset(Row::Encryption..=Row::EncryptionCustomerKeyMd5);
        let headers = encryption.headers().into_iter().flatten();
        headers.fold(self, |this, (row, value)| this.set(row, value))
    }
}

/// Server-side encryption of an object: headers of its upload and, with a customer's key, also of its download.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html>
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Encryption, Presigner};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// # #[cfg(feature = "std")]
/// let url = Presigner::put(&credentials, &bucket, "photos/duck.jpg")
///     .encryption(Encryption::Kms { key_id: Some("alias/example"), context: None })
///     .sign()?;
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[doc(alias = "SSE")]
#[doc(alias = "ServerSideEncryption")]
pub enum Encryption<'a> {
    /// Keys that S3 manages (SSE-S3).
    S3,
    /// A key of the AWS Key Management Service (SSE-KMS).
    Kms {
        /// The key's ID, ARN or alias. Without it, S3 uses the account's AWS managed key.
        key_id: Option<&'a str>,
        /// The encryption context: a JSON object in base64.
        context: Option<&'a str>,
    },
    /// A key that the customer keeps (SSE-C). The sender must know the key and send it with the request.
    Customer {
        /// The key, a secret: 32 bytes in base64, 44 characters.
        key: &'a str,
        /// The MD5 of the key, in base64: 24 characters.
        key_md5: &'a str,
    },
}

impl<'a> Encryption<'a> {
    pub(crate) const fn headers(self) -> [Option<(Row, &'a str)>; 3] {
        match self {
            Self::S3 => [Some((Row::Encryption, "AES256")), None, None],
            Self::Kms { key_id, context } => [
                Some((Row::Encryption, "aws:kms")),
                match key_id {
                    Some(key_id) => Some((Row::EncryptionKmsKeyId, key_id)),
                    None => None,
                },
                match context {
                    Some(context) => Some((Row::EncryptionContext, context)),
                    None => None,
                },
            ],
            Self::Customer { key, key_md5 } => [
                Some((Row::EncryptionCustomerAlgorithm, "AES256")),
                Some((Row::EncryptionCustomerKey, key)),
                Some((Row::EncryptionCustomerKeyMd5, key_md5)),
            ],
        }
    }
}

impl core::fmt::Debug for Encryption<'_> {
    /// Omits a customer's key.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::S3 => f.write_str("S3"),
            Self::Kms { key_id, .. } => f
                .debug_struct("Kms")
                .field("key_id", key_id)
                .finish_non_exhaustive(),
            Self::Customer { .. } => f.debug_struct("Customer").finish_non_exhaustive(),
        }
    }
}
