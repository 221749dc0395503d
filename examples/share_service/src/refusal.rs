//! Error responses: a status, a stable code, and a message.

use axum::Json;
use axum::extract::{FromRequest, Request, rejection::JsonRejection};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use presign::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An error response: `{"error":{"code":"...","message":"..."}}`.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

/// The code of a refusal, in the response's extensions, for metrics and logs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code(pub(crate) &'static str);

impl Refusal {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code,
            message: message.into(),
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }
}

/// A mistake of the caller is 400, with the text of the error. Expired credentials are 503, because a refresh can fix them.
/// Everything else is 500: the administrator must fix it.
impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let (status, code) = match error {
            Error::EmptyKey
            | Error::KeyTooLong { .. }
            | Error::DotSegment { .. }
            | Error::UnknownVariable { .. } => (400, "invalid_key"),
            Error::ExpiryOutOfRange { .. } | Error::WindowNotShorter { .. } => {
                (400, "invalid_expiry")
            }
            Error::InvalidHeaderValue { .. }
            | Error::EmptyValue { .. }
            | Error::WildcardInContentType => (400, "invalid_value"),
            Error::PartNumberOutOfRange { .. } => (400, "invalid_part_number"),
            Error::CredentialsExpired { .. } => (503, "credentials_expired"),
            _ => {
                tracing::error!(%error, "cannot sign");
                return Self::new(500, "internal", "the service is not configured correctly");
            }
        };
        Self::new(status, code, error.to_string())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Body {
            error: Fact,
        }
        #[derive(Serialize)]
        struct Fact {
            code: &'static str,
            message: String,
        }
        let code = self.code;
        let body = Json(Body {
            error: Fact {
                code,
                message: self.message,
            },
        });
        let mut response = (self.status, body).into_response();
        response.extensions_mut().insert(Code(code));
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = header::HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// A request's JSON. Malformed JSON gets an error response like any other.
#[derive(Debug)]
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match Json::from_request(request, state).await {
            Ok(Json(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(rejection.into()),
        }
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        let (status, code) = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => (413, "request_too_large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (415, "not_json"),
            _ => (400, "invalid_request"),
        };
        Self::new(status, code, rejection.body_text())
    }
}
