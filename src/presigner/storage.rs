//! How an upload is stored.

use super::Presigner;

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
    ///     .metadata(&[("author", "example"), ("year", "1843")])
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains(
    ///     "&X-Amz-SignedHeaders=host%3Bx-amz-acl%3Bx-amz-meta-author%3Bx-amz-meta-year\
    ///      %3Bx-amz-storage-class%3Bx-amz-tagging&"
    /// ));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn acl(self, canned: &'a str) -> Self {
        self.header("x-amz-acl", canned)
    }

    /// Signs the header `x-amz-storage-class`, such as `STANDARD_IA`.
    ///
    /// # Examples
    /// See [`acl`](Self::acl).
    #[must_use]
    pub fn storage_class(self, class: &'a str) -> Self {
        self.header("x-amz-storage-class", class)
    }

    /// Signs the header `x-amz-tagging`: tags as a query string, such as `k1=v1&k2=v2`.
    ///
    /// # Examples
    /// See [`acl`](Self::acl).
    #[must_use]
    pub fn tagging(self, query: &'a str) -> Self {
        self.header("x-amz-tagging", query)
    }

    /// Signs headers `x-amz-meta-NAME`. It takes one of the 4 lists that [`headers`](Self::headers) speaks of.
    ///
    /// Names are given without the prefix: `x-amz-meta-owner` would be signed, and kept, as
    /// `x-amz-meta-x-amz-meta-owner`.
    ///
    /// # Examples
    /// See [`acl`](Self::acl).
    #[must_use]
    pub fn metadata(mut self, names_and_values: &'a [(&'a str, &'a str)]) -> Self {
        self.headers_mut().add("x-amz-meta-", names_and_values);
        self
    }

    /// Signs the headers of server-side encryption. The last call counts: one for another kind leaves nothing of it.
    ///
    /// # Examples
    /// See [`Encryption`].
    #[must_use]
    pub fn encryption(mut self, encryption: Encryption<'a>) -> Self {
        self.headers_mut().unset("x-amz-server-side-encryption");
        encryption
            .headers()
            .into_iter()
            .flatten()
            .fold(self, |this, (name, value)| this.header(name, value))
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
    pub(crate) const fn headers(self) -> [Option<(&'static str, &'a str)>; 3] {
        const ALGORITHM: &str = "x-amz-server-side-encryption";
        match self {
            Self::S3 => [Some((ALGORITHM, "AES256")), None, None],
            Self::Kms { key_id, context } => [
                Some((ALGORITHM, "aws:kms")),
                match key_id {
                    Some(key_id) => Some(("x-amz-server-side-encryption-aws-kms-key-id", key_id)),
                    None => None,
                },
                match context {
                    Some(context) => Some(("x-amz-server-side-encryption-context", context)),
                    None => None,
                },
            ],
            Self::Customer { key, key_md5 } => [
                Some(("x-amz-server-side-encryption-customer-algorithm", "AES256")),
                Some(("x-amz-server-side-encryption-customer-key", key)),
                Some(("x-amz-server-side-encryption-customer-key-md5", key_md5)),
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
