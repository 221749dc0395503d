//! The version of an object, and the headers of the response.

use super::Presigner;
use crate::rules::Row;

/// # Version and response headers
///
/// The `response_` setters override headers of the response to `GET` and `HEAD`.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Presigner};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// # #[cfg(feature = "std")]
/// let url = Presigner::get(&credentials, &bucket, "reports/3f0a")
///     .response_content_type("application/pdf")
///     .response_cache_control("no-store")
///     .download_as("report.pdf")
///     .sign()?;
/// # Ok::<(), presign::Error>(())
/// ```
impl<'a> Presigner<'a> {
    /// Requests one version of the object: `versionId`.
    pub fn version_id(self, value: &'a str) -> Self {
        self.set(Row::VersionId, value)
    }

    /// Makes S3 respond with this `Content-Type`.
    pub fn response_content_type(self, value: &'a str) -> Self {
        self.set(Row::ResponseContentType, value)
    }

    /// Makes S3 respond with this `Content-Language`.
    pub fn response_content_language(self, value: &'a str) -> Self {
        self.set(Row::ResponseContentLanguage, value)
    }

    /// Makes S3 respond with this `Expires`, an HTTP date such as `Thu, 01 Dec 1994 16:00:00 GMT`.
    pub fn response_expires(self, value: &'a str) -> Self {
        self.set(Row::ResponseExpires, value)
    }

    /// Makes S3 respond with this `Cache-Control`.
    pub fn response_cache_control(self, value: &'a str) -> Self {
        self.set(Row::ResponseCacheControl, value)
    }

    /// Makes S3 respond with this `Content-Disposition`. To only set a file name, use [`download_as`](Self::download_as)
    /// or [`inline_as`](Self::inline_as), which also escape it.
    #[doc(alias = "filename")]
    #[doc(alias = "ResponseContentDisposition")]
    pub fn response_content_disposition(self, value: &'a str) -> Self {
        self.disposition(Row::ResponseContentDisposition, value)
    }

    /// Replaces every disposition set earlier.
    fn disposition(mut self, row: Row, value: &'a str) -> Self {
        self.values
            .unset(Row::ResponseContentDisposition..=Row::InlineAs);
        self.set(row, value)
    }

    /// Makes browsers save the object as `file_name`: sets `response-content-disposition` to `attachment` with the name.
    ///
    /// Any name is safe, including one that a user chose. S3 sends it in both forms of
    /// [RFC 6266](https://www.rfc-editor.org/rfc/rfc6266): as ASCII for old clients and, if the name has other characters,
    /// as UTF-8. Control characters, `/` and `\` become `_`. With an empty name, the browser chooses one.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::get(&credentials, &bucket, "3f0a").download_as("Größe.pdf").sign()?;
    /// // content-disposition: attachment; filename="Gr__e.pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "filename")]
    #[doc(alias = "attachment")]
    pub fn download_as(self, file_name: &'a str) -> Self {
        self.disposition(Row::DownloadAs, file_name)
    }

    /// Makes browsers show the object, and suggest `file_name` when the user saves it: sets `response-content-disposition`
    /// to `inline` with the name, escaped as by [`download_as`](Self::download_as).
    #[doc(alias = "filename")]
    pub fn inline_as(self, file_name: &'a str) -> Self {
        self.disposition(Row::InlineAs, file_name)
    }

    /// Makes S3 respond with this `Content-Encoding`.
    pub fn response_content_encoding(self, value: &'a str) -> Self {
        self.set(Row::ResponseContentEncoding, value)
    }
}
