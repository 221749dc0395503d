//! A request as it was received.

use core::fmt;

use super::Rejection;

/// A request: method, URL and headers, as they came over the wire. Nothing is copied.
///
/// `Debug` shows method, host and path only: the query holds a signature.
///
/// # Examples
/// ```
/// use presign::verify::{Rejection, Request};
///
/// let headers = [("Range", "bytes=0-9")];
/// let request = Request::new("GET", "https://h.example:8443/b/k?X-Amz-Expires=60", &headers)?;
/// assert_eq!((request.host(), request.path(), request.query()), ("h.example:8443", "/b/k", "X-Amz-Expires=60"));
/// assert_eq!(Request::new("GET", "/b/k", &[]).unwrap_err(), Rejection::MalformedUrl);
/// # Ok::<(), Rejection>(())
/// ```
#[derive(Clone, Copy)]
pub struct Request<'r> {
    method: &'r str,
    host: &'r str,
    path: &'r str,
    query: &'r str,
    headers: &'r [(&'r str, &'r str)],
}

impl<'r> Request<'r> {
    /// A request for an absolute URL, with the headers that come along. A fragment is left out, as clients do.
    ///
    /// The host is the URL's, and a `Host` header is not looked at: behind a proxy, it may be another than was signed.
    /// Where it chooses what is served, give it to [`from_parts`](Self::from_parts).
    ///
    /// # Errors
    /// [`Rejection::MalformedUrl`] for a URL that does not start with `http://` or `https://` and a host.
    ///
    /// # Examples
    /// See [`Request`].
    pub fn new(
        method: &'r str,
        url: &'r str,
        headers: &'r [(&'r str, &'r str)],
    ) -> Result<Self, Rejection> {
        let rest = url
            .strip_prefix("https://")
            .or(url.strip_prefix("http://"))
            .ok_or(Rejection::MalformedUrl)?;
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let host_end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, target) = rest
            .split_at_checked(host_end)
            .ok_or(Rejection::MalformedUrl)?;
        if host.is_empty() || host.contains('@') {
            return Err(Rejection::MalformedUrl);
        }
        Ok(Self::from_parts(method, host, target, headers))
    }

    /// A request from what a server has at hand: method, `Host` header (with its port, where there is one), request
    /// target (path and query), and headers.
    ///
    /// # Examples
    /// ```
    /// let request = presign::verify::Request::from_parts("GET", "h.example", "/b/k?a=1&b=2", &[]);
    /// assert_eq!((request.path(), request.query()), ("/b/k", "a=1&b=2"));
    /// ```
    #[must_use]
    pub fn from_parts(
        method: &'r str,
        host: &'r str,
        target: &'r str,
        headers: &'r [(&'r str, &'r str)],
    ) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = if path.is_empty() { "/" } else { path };
        Self {
            method,
            host,
            path,
            query,
            headers,
        }
    }

    /// The method.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(presign::verify::Request::from_parts("GET", "h.example", "/", &[]).method(), "GET");
    /// ```
    #[must_use]
    pub const fn method(&self) -> &'r str {
        self.method
    }

    /// The host, with its port where it has one.
    ///
    /// # Examples
    /// See [`Request`].
    #[must_use]
    pub const fn host(&self) -> &'r str {
        self.host
    }

    /// The path, encoded.
    ///
    /// # Examples
    /// See [`Request`].
    #[must_use]
    pub const fn path(&self) -> &'r str {
        self.path
    }

    /// The query, encoded, without `?`.
    ///
    /// # Examples
    /// See [`Request`].
    #[must_use]
    pub const fn query(&self) -> &'r str {
        self.query
    }

    /// The headers.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(presign::verify::Request::from_parts("GET", "h.example", "/", &[("a", "b")]).headers(), [("a", "b")]);
    /// ```
    #[must_use]
    pub const fn headers(&self) -> &'r [(&'r str, &'r str)] {
        self.headers
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
