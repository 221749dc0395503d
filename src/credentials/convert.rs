//! Conversion from the AWS SDK's credentials.

use super::Credentials;

/// Borrows credentials from an AWS SDK provider, with session token and expiration. A fraction of a second of the
/// expiration is dropped.
///
/// The SDK's providers refresh credentials automatically. Request them again before they expire, and derive a new
/// [`SigningKey`](crate::SigningKey) from the result.
///
/// # Examples
/// ```
/// # let provided = aws_credential_types::Credentials::new("ASIAEXAMPLE", "secret", Some("token".into()), None, "example");
/// // let provided = provider.provide_credentials().await?;
/// let credentials = presign::Credentials::from(&provided);
/// ```
impl<'a> From<&'a aws_credential_types::Credentials> for Credentials<'a> {
    fn from(provided: &'a aws_credential_types::Credentials) -> Self {
        Self {
            access_key_id: provided.access_key_id().into(),
            secret_access_key: provided.secret_access_key().into(),
            session_token: provided.session_token().map(Into::into),
            is_express_session: false,
            expiration: provided.expiry().map(Into::into),
        }
    }
}
