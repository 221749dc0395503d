//! A request as it was received.

use core::fmt;

use super::Rejection;

/// A request as it was received: method, URL and headers. Nothing is copied.
///
/// `Debug` shows method, host and path only: the query contains a signature.
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
#[must_use]
pub struct Request<'r> {
    method: &'r str,
    host: &'r str,
    path: &'r str,
    query: &'r str,
    headers: &'r [(&'r str, &'r str)],
    #[cfg(feature = "http")]
    header_map: Option<&'r http::HeaderMap>,
}

impl<'r> Request<'r> {
    /// Creates a request from an absolute URL and the headers. A fragment is dropped, as clients do.
    ///
    /// The host is that of the URL; a `Host` header is ignored, because a proxy may have changed it. If your server
    /// selects content by that header, pass it to [`from_parts`](Self::from_parts) instead.
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

    /// Creates a request from the values that a server has: the method, the `Host` header (including a port, if there
    /// is one), the request target (path and query), and the headers.
    ///
    /// # Examples
    /// ```
    /// let request = presign::verify::Request::from_parts("GET", "h.example", "/b/k?a=1&b=2", &[]);
    /// assert_eq!((request.path(), request.query()), ("/b/k", "a=1&b=2"));
    /// ```
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
            #[cfg(feature = "http")]
            header_map: None,
        }
    }

    /// Returns the method.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(presign::verify::Request::from_parts("GET", "h.example", "/", &[]).method(), "GET");
    /// ```
    #[must_use]
    pub const fn method(&self) -> &'r str {
        self.method
    }

    /// Returns the host, including a port if there is one.
    ///
    /// # Examples
    /// See [`Request`].
    #[must_use]
    pub const fn host(&self) -> &'r str {
        self.host
    }

    /// Returns the path, still encoded.
    ///
    /// # Examples
    /// See [`Request`].
    #[must_use]
    pub const fn path(&self) -> &'r str {
        self.path
    }

    /// Returns the query, still encoded, without `?`.
    ///
    /// # Examples
    /// See [`Request`].
    #[must_use]
    pub const fn query(&self) -> &'r str {
        self.query
    }

    /// Returns the headers whose values are UTF-8.
    ///
    /// # Examples
    /// ```
    /// let request = presign::verify::Request::from_parts("GET", "h.example", "/", &[("a", "b")]);
    /// assert!(request.headers().eq([("a", "b")]));
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = (&'r str, &'r str)> {
        self.fields()
            .filter_map(|(name, value)| Some((name, value?)))
    }

    /// All headers; a value that is not UTF-8 is `None`.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'r str, Option<&'r str>)> {
        let fields = self
            .headers
            .iter()
            .map(|(name, value)| (*name, Some(*value)));
        #[cfg(feature = "http")]
        let fields = fields.chain(
            self.header_map
                .into_iter()
                .flatten()
                .map(|(name, value)| (name.as_str(), core::str::from_utf8(value.as_bytes()).ok())),
        );
        fields
    }
}

/// Converts a request from a handler of axum, hyper or warp. Nothing is copied.
///
/// The host is that of the URI, as in HTTP/2, or else the `Host` header. The URI must be the one that was received:
/// axum's `nest` removes its prefix and keeps the original in `OriginalUri`.
///
/// A header whose value is not UTF-8 is refused with [`Rejection::HeaderNotText`] only if it is signed.
///
/// # Errors
/// [`Rejection::MalformedUrl`] without a host or with user information; [`Rejection::AmbiguousHost`] for two `Host`
/// headers, or one that differs from the URI's host.
///
/// # Examples
/// ```
/// use presign::verify::{Request, Verifier};
/// use presign::{Bucket, Credentials, Presigner, Timestamp};
///
/// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let now = Timestamp::from_unix(0);
/// let url = Presigner::get(&credentials, &bucket, "k").sign_at(now)?;
///
/// let (parts, _body) = http::Request::try_from(&url)?.into_parts();
/// let request = Request::try_from(&parts)?;
/// let verified = Verifier::new().verify(&request, now, |_| Some(credentials.clone()))?;
/// assert_eq!(verified.access_key_id(), "AKIAEXAMPLE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "http")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "http")))]
impl<'r> TryFrom<&'r http::request::Parts> for Request<'r> {
    type Error = Rejection;

    fn try_from(parts: &'r http::request::Parts) -> Result<Self, Rejection> {
        Self::from_http(&parts.method, &parts.uri, &parts.headers)
    }
}

/// Converts a whole request. Its body is not read.
///
/// # Errors
/// Those of the conversion from [`http::request::Parts`].
#[cfg(feature = "http")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "http")))]
impl<'r, B> TryFrom<&'r http::Request<B>> for Request<'r> {
    type Error = Rejection;

    fn try_from(request: &'r http::Request<B>) -> Result<Self, Rejection> {
        Self::from_http(request.method(), request.uri(), request.headers())
    }
}

#[cfg(feature = "http")]
impl<'r> Request<'r> {
    fn from_http(
        method: &'r http::Method,
        uri: &'r http::Uri,
        headers: &'r http::HeaderMap,
    ) -> Result<Self, Rejection> {
        let mut hosts = headers.get_all(http::header::HOST).iter();
        let header = match (hosts.next(), hosts.next()) {
            (_, Some(_)) => return Err(Rejection::AmbiguousHost),
            (Some(host), None) => Some(host.to_str().map_err(|_| Rejection::MalformedUrl)?),
            (None, None) => None,
        };
        let host = match (uri.authority(), header) {
            (Some(authority), Some(header)) if authority.as_str() != header => {
                return Err(Rejection::AmbiguousHost);
            }
            (Some(authority), _) => authority.as_str(),
            (None, Some(header)) => header,
            (None, None) => return Err(Rejection::MalformedUrl),
        };
        if host.is_empty() || host.contains('@') {
            return Err(Rejection::MalformedUrl);
        }
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        Ok(Self {
            header_map: Some(headers),
            ..Self::from_parts(method.as_str(), host, target, &[])
        })
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
