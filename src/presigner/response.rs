//! Which version, and what the answer says.

use super::Presigner;
use crate::rules::Row;

/// Which version of an object, and what the headers of the answer say.
impl<'a> Presigner<'a> {
    /// Asks for one version of the object: `versionId`.
    ///
    /// # Examples
    /// See [`delete`](Self::delete).
    #[must_use]
    pub fn version_id(self, value: &'a str) -> Self {
        self.set(Row::VersionId, value)
    }

    /// Has S3 answer with this `Content-Type`.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html> tells of all six `response-` parameters.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 1024];
    /// let url = Presigner::get(&credentials, &bucket, "k")
    ///     .response_content_type("text/plain; charset=utf-8")
    ///     .response_content_language("de")
    ///     .response_expires("Thu, 01 Dec 1994 16:00:00 GMT")
    ///     .response_cache_control("no-store")
    ///     .response_content_disposition("attachment; filename=\"a b.txt\"")
    ///     .response_content_encoding("gzip")
    ///     .sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains(
    ///     "&response-cache-control=no-store\
    ///      &response-content-disposition=attachment%3B%20filename%3D%22a%20b.txt%22\
    ///      &response-content-encoding=gzip\
    ///      &response-content-language=de\
    ///      &response-content-type=text%2Fplain%3B%20charset%3Dutf-8\
    ///      &response-expires=Thu%2C%2001%20Dec%201994%2016%3A00%3A00%20GMT&"
    /// ));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn response_content_type(self, value: &'a str) -> Self {
        self.set(Row::ResponseContentType, value)
    }

    /// Has S3 answer with this `Content-Language`.
    ///
    /// # Examples
    /// See [`response_content_type`](Self::response_content_type).
    #[must_use]
    pub fn response_content_language(self, value: &'a str) -> Self {
        self.set(Row::ResponseContentLanguage, value)
    }

    /// Has S3 answer with this `Expires`.
    ///
    /// # Examples
    /// See [`response_content_type`](Self::response_content_type).
    #[must_use]
    pub fn response_expires(self, value: &'a str) -> Self {
        self.set(Row::ResponseExpires, value)
    }

    /// Has S3 answer with this `Cache-Control`.
    ///
    /// # Examples
    /// See [`response_content_type`](Self::response_content_type).
    #[must_use]
    pub fn response_cache_control(self, value: &'a str) -> Self {
        self.set(Row::ResponseCacheControl, value)
    }

    /// Has S3 answer with this `Content-Disposition`: under which name a browser saves the object.
    ///
    /// # Examples
    /// See [`response_content_type`](Self::response_content_type).
    #[must_use]
    #[doc(alias = "filename")]
    #[doc(alias = "ResponseContentDisposition")]
    pub fn response_content_disposition(self, value: &'a str) -> Self {
        self.disposition(Row::ResponseContentDisposition, value)
    }

    /// The last call counts.
    fn disposition(mut self, row: Row, value: &'a str) -> Self {
        self.values
            .unset(Row::ResponseContentDisposition..=Row::InlineAs);
        self.set(row, value)
    }

    /// Makes browsers save the object as `file_name`: sets `response-content-disposition` to `attachment` with the name.
    ///
    /// Any name will do, also one that a user chose: it is sent in both forms of RFC 6266, as ASCII for old clients and, if
    /// that cannot express it, as UTF-8. Control characters, `/` and `\\` become `_`. An empty name leaves the choice to
    /// the browser. Signing allocates nothing for it.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 1024];
    /// let url = Presigner::get(&credentials, &bucket, "3f0a").download_as("Größe.pdf").sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// // attachment; filename="Gr__e.pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf
    /// assert!(url.contains(
    ///     "&response-content-disposition=attachment%3B%20filename%3D%22Gr__e.pdf%22\
    ///      %3B%20filename%2A%3DUTF-8%27%27Gr%25C3%25B6%25C3%259Fe.pdf&"
    /// ));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "filename")]
    #[doc(alias = "attachment")]
    #[must_use]
    pub fn download_as(self, file_name: &'a str) -> Self {
        self.disposition(Row::DownloadAs, file_name)
    }

    /// Makes browsers show the object, and propose `file_name` if it is saved: sets `response-content-disposition` to
    /// `inline` with the name, in the forms of [`download_as`](Self::download_as).
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let mut buffer = [0; 1024];
    /// let url = Presigner::get(&credentials, &bucket, "3f0a").inline_as("a.pdf").sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.contains("&response-content-disposition=inline%3B%20filename%3D%22a.pdf%22&"));
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "filename")]
    #[must_use]
    pub fn inline_as(self, file_name: &'a str) -> Self {
        self.disposition(Row::InlineAs, file_name)
    }

    /// Has S3 answer with this `Content-Encoding`.
    ///
    /// # Examples
    /// See [`response_content_type`](Self::response_content_type).
    #[must_use]
    pub fn response_content_encoding(self, value: &'a str) -> Self {
        self.set(Row::ResponseContentEncoding, value)
    }
}
