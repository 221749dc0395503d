//! What every request passes through: authorization, a time limit, metrics and logs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{AUTHORIZATION, HOST, HeaderMap};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::App;
use crate::refusal::{Code, Refusal};

/// Requires the access token. Without one, the service listens on loopback only, and requires a loopback host in the
/// request, so that no web site can reach it through a domain that resolves to loopback (DNS rebinding).
///
/// An authorized caller can request anything within the limits. If your service knows its users, put your check here.
pub(crate) async fn authorize(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let allowed = match &app.token {
        Some(token) => bearer(request.headers()).is_some_and(|given| token.is(given)),
        None => request
            .headers()
            .get(HOST)
            .and_then(|host| host.to_str().ok())
            .is_some_and(is_loopback),
    };
    if !allowed {
        let wanted = if app.token.is_some() {
            "the access token is missing or wrong: send Authorization: Bearer TOKEN"
        } else {
            "without an access token, only requests to a loopback host are allowed"
        };
        return Err(Refusal::new(401, "unauthorized", wanted));
    }
    Ok(next.run(request).await)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn is_loopback(host: &str) -> bool {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let name = if port.bytes().all(|byte| byte.is_ascii_digit()) {
        name
    } else {
        host // the last part of an IPv6 address
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A completion may take S3 minutes. Everything else is quick.
const TIMEOUT: Duration = Duration::from_secs(30);
const LONG_TIMEOUT: Duration = Duration::from_secs(600);

/// Stops requests that take too long, counts them, and logs method, route, status and time, but never URL, headers or body.
pub(crate) async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let limit = if route == "/multipart/complete" {
        LONG_TIMEOUT
    } else {
        TIMEOUT
    };
    let answer = tokio::time::timeout(limit, next.run(request)).await;
    let response = answer.unwrap_or_else(|_| {
        let message = format!("the request took more than {} s", limit.as_secs());
        Refusal::new(408, "timeout", message).into_response()
    });
    let (took, status) = (start.elapsed(), response.status().as_u16());
    let refusal = response.extensions().get::<Code>().map(|code| code.0);
    app.metrics.answered(&route, took, refusal);
    let ms = took.as_secs_f64() * 1000.0;
    tracing::info!(%method, route, status, refusal, ms, "answered");
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_hosts() {
        for host in [
            "localhost",
            "localhost:80",
            "127.0.0.1:8080",
            "127.0.0.1",
            "[::1]",
            "[::1]:8080",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "192.0.2.1:80",
            "127.0.0.1.example.com",
            "[2001:db8::1]",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
