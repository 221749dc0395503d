//! Lets pages from other origins use the store, like a bucket's CORS configuration. s3s does not support it.

use hyper::body::Incoming;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
};
use hyper::header::{HeaderMap, HeaderName, HeaderValue, ORIGIN};
use hyper::{Method, Request, Response};
use s3s::Body;

/// The response to a browser's preflight request, which is not signed.
pub(crate) fn preflight(request: &Request<Incoming>) -> Option<Response<Body>> {
    let headers = request.headers();
    if request.method() != Method::OPTIONS || !headers.contains_key(ORIGIN) {
        return None;
    }
    headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    let mut response = Response::new(Body::empty());
    let answer = response.headers_mut();
    allow(answer);
    set(answer, ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PUT");
    if let Some(asked) = headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    Some(response)
}

/// Allows any origin to read the response and its `ETag`, which is required to complete a multipart upload.
pub(crate) fn allow(answer: &mut HeaderMap) {
    set(answer, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(answer, ACCESS_CONTROL_EXPOSE_HEADERS, "ETag");
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
