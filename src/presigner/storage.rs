//! How an upload is stored.

use super::Presigner;
use crate::rules::Row;

/// How an upload is stored: headers that the sender has to repeat.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>
impl<'a> Presigner<'a> {
    /// Signs the header `x-amz-acl`: a canned access control list, such as `private`.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 1024];
    /// let url = Presigner::put(&credentials, &bucket, "k")
    ///     .acl("private")
    ///     .storage_class("STANDARD_IA")
    ///     .tagging("team=a&stage=test")
    ///     .metadata("author", "example")
    ///     .metadata_list(&[("year", "1843")])
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains(
    ///     "&X-Amz-SignedHeaders=host%3Bx-amz-acl%3Bx-amz-meta-author%3Bx-amz-meta-year\
    ///      %3Bx-amz-storage-class%3Bx-amz-tagging&"
    /// ));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn acl(self, canned: &'a str) -> Self {
        self.set(Row::Acl, canned)
    }

    /// Signs the header `x-amz-storage-class`, such as `STANDARD_IA`.
    ///
    /// # Examples
    /// See [`acl`](Self::acl).
    #[must_use]
    pub fn storage_class(self, class: &'a str) -> Self {
        self.set(Row::StorageClass, class)
    }

    /// Signs the header `x-amz-tagging`: tags as a query string, such as `k1=v1&k2=v2`.
    ///
    /// # Examples
    /// See [`acl`](Self::acl).
    #[must_use]
    pub fn tagging(self, query: &'a str) -> Self {
        self.set(Row::Tagging, query)
    }

    /// Signs the header `x-amz-meta-NAME`. Give the name without the prefix: `x-amz-meta-owner` would be signed and
    /// stored as `x-amz-meta-x-amz-meta-owner`.
    ///
    /// # Examples
    /// See [`acl`](Self::acl).
    #[must_use]
    pub fn metadata(mut self, name: &'a str, value: &'a str) -> Self {
        self.values.push(Row::Metadata, name, value);
        self
    }

    /// Signs a list of headers `x-amz-meta-NAME`: names without the prefix, and values. The list is borrowed, and is one
    /// of the 4 lists that a presigner has room for.
    ///
    /// # Examples
    /// See [`acl`](Self::acl).
    #[must_use]
    pub fn metadata_list(mut self, names_and_values: &'a [(&'a str, &'a str)]) -> Self {
        self.values.extend(Row::Metadata, names_and_values);
        self
    }

    /// Signs the headers of server-side encryption. The last call counts: one for another kind leaves nothing of it.
    ///
    /// # Examples
    /// See [`Encryption`].
    #[must_use]
    pub fn encryption(mut self, encryption: Encryption<'a>) -> Self {
        self.values
            .unset(Row::Encryption..=Row::EncryptionCustomerKeyMd5);
        let headers = encryption.headers().into_iter().flatten();
        headers.fold(self, |this, (row, value)| this.set(row, value))
    }
}

/// Server-side encryption of an object, in the headers of its upload (and, with a customer's key, of its download).
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html>
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Encryption, Presigner, Timestamp};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// let mut buffer = [0; 1024];
/// let url = Presigner::put(&credentials, &bucket, "k")
///     .encryption(Encryption::Kms { key_id: Some("alias/example"), context: None })
///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
/// assert!(url.contains(
///     "&X-Amz-SignedHeaders=host%3Bx-amz-server-side-encryption%3Bx-amz-server-side-encryption-aws-kms-key-id&"
/// ));
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encryption<'a> {
    /// With keys that S3 manages (SSE-S3).
    S3,
    /// With a key of the Key Management Service (SSE-KMS).
    Kms {
        /// The key's ID, ARN or alias; without it, the account's own key for S3.
        key_id: Option<&'a str>,
        /// The encryption context: a JSON object in base64.
        context: Option<&'a str>,
    },
    /// With a key that the customer keeps (SSE-C). Whoever uses the URL has to send the key.
    Customer {
        /// The key of 32 bytes, in base64: 44 characters. It is a secret.
        key: &'a str,
        /// The key's MD5, in base64: 24 characters.
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
    /// Without a customer's key.
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
