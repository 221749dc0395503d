//! HTTP methods.

use core::fmt;
use core::str::FromStr;

use crate::error::Error;

/// The HTTP method that a URL is signed for. S3 refuses the URL with any other method.
///
/// # Examples
/// ```
/// use presign::{Error, Method};
///
/// assert_eq!("DELETE".parse(), Ok(Method::Delete));
/// assert_eq!(Method::Put.as_str(), "PUT");
/// assert_eq!("get".parse::<Method>(), Err(Error::UnknownMethod)); // methods are case-sensitive (RFC 9110, 9.1)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `PUT`
    Put,
    /// `POST`
    Post,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
    /// `PATCH`
    Patch,
}

impl Method {
    pub(crate) const ALL: [Self; 7] = [
        Self::Get,
        Self::Head,
        Self::Put,
        Self::Post,
        Self::Delete,
        Self::Options,
        Self::Patch,
    ];

    /// Returns the method as it appears in a request line, in upper case.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(presign::Method::Head.as_str(), "HEAD");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Patch => "PATCH",
        }
    }
}

impl FromStr for Method {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|method| method.as_str() == text)
            .ok_or(Error::UnknownMethod)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
