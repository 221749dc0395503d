//! JSON: presigned URLs and forms for a front end or another service, and credentials from a provider.

use alloc::collections::BTreeMap;
use alloc::string::String;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeStruct, Serializer};

use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::method::Method;
#[cfg(feature = "post")]
use crate::post::PostForm;
use crate::presigned_url::PresignedUrl;
use crate::sigv4::canonical_headers::{check_value, is_token};
use crate::timestamp::Timestamp;

/// Serializes what a sender needs: `method`, `url`, `headers` and `expires_at`. The output contains the URL, a bearer
/// secret.
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Presigner, Timestamp};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// let upload = Presigner::put(&credentials, &bucket, "in.png").content_type("image/png").sign_at(Timestamp::from_unix(0))?;
/// assert_eq!(
///     serde_json::to_value(&upload)?,
///     serde_json::json!({
///         "method": "PUT",
///         "url": upload.as_str(),
///         "headers": {"content-type": "image/png"},
///         "expires_at": "1970-01-01T00:15:00Z",
///     })
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Serialize for PresignedUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut presigned = serializer.serialize_struct("PresignedUrl", 4)?;
        presigned.serialize_field("method", &self.method())?;
        presigned.serialize_field("url", self.as_str())?;
        presigned.serialize_field("headers", &Map(|| self.headers()))?;
        presigned.serialize_field("expires_at", &self.expires_at())?;
        presigned.end()
    }
}

/// Parses the output of `Serialize`, such as the response of a service that signs. Ignores other fields.
///
/// The URL must be ASCII and start with `http://` or `https://`, and header names and values must be valid. The
/// signature is not checked. Errors never quote the input, which is a bearer secret.
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Presigner, Timestamp};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// # let upload = Presigner::put(&credentials, &bucket, "in.png").content_type("image/png").sign_at(Timestamp::from_unix(0))?;
/// use presign::PresignedUrl;
///
/// let response = serde_json::to_string(&upload)?;
/// let received: PresignedUrl = serde_json::from_str(&response)?;
/// assert_eq!(received, upload);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl<'de> Deserialize<'de> for PresignedUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Fields {
            method: Method,
            url: String,
            headers: BTreeMap<String, String>,
            expires_at: Timestamp,
        }
        // A serde error may quote unexpected input.
        let fields = Fields::deserialize(deserializer)
            .map_err(|_| "presigned URL is not an object with method, url, headers and expires_at");
        let fields = fields.map_err(D::Error::custom)?;
        let mut text = fields.url;
        if !(text.starts_with("http://") || text.starts_with("https://"))
            || !text.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(D::Error::custom(
                "presigned URL is not an http or https URL",
            ));
        }
        let url_length = text.len();
        for (name, value) in fields.headers {
            let named = |byte| is_token(byte) && !byte.is_ascii_uppercase();
            if name.is_empty() || !name.bytes().all(named) || check_value(value.bytes()).is_err() {
                return Err(D::Error::custom("header of a presigned URL cannot be sent"));
            }
            for part in [&name, ":", &value, "\n"] {
                text.push_str(part);
            }
        }
        Ok(Self::new(
            text,
            url_length,
            fields.method,
            fields.expires_at,
        ))
    }
}

/// Parses credentials in AWS's JSON: the output of a `credential_process`, the response of the metadata services of EC2 and
/// containers (ECS, EKS), and `Credentials` in a response of STS.
///
/// The fields are `AccessKeyId` and `SecretAccessKey` and, for temporary credentials, `SessionToken` or `Token`, and
/// `Expiration` (RFC 3339). An empty token or expiration counts as absent. `Version`, if present, must be 1. Other
/// fields, such as `AccountId`, `RoleArn` or `Code`, are ignored.
///
/// The strings are wiped when the credentials are dropped, but you must wipe the JSON text. Errors never quote the input.
///
/// <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html>
///
/// # Examples
/// ```
/// use presign::{Credentials, Timestamp};
///
/// let credentials: Credentials = serde_json::from_str(
///     r#"{
///         "Version": 1,
///         "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
///         "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
///         "SessionToken": "IQoJb3JpZ2luX2VjEXAMPLE==",
///         "Expiration": "2013-05-24T01:00:00Z"
///     }"#,
/// )?;
/// assert_eq!(credentials.access_key_id(), "ASIAIOSFODNN7EXAMPLE");
///
/// let error = serde_json::from_str::<Credentials>(r#"{"AccessKeyId": "AKIAEXAMPLE"}"#).unwrap_err();
/// assert_eq!(error.to_string(), "credentials have no SecretAccessKey");
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for Credentials<'static> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Fields {
            version: Option<u64>,
            #[serde(default)]
            access_key_id: Secret,
            #[serde(default)]
            secret_access_key: Secret,
            #[serde(default, alias = "SessionToken")]
            token: Secret,
            #[serde(default)]
            expiration: Secret,
        }
        // A serde error may quote unexpected input, such as a secret in the wrong field.
        let fields = Fields::deserialize(deserializer).map_err(|_| {
            "credentials are not an object with the strings AccessKeyId, SecretAccessKey and, \
             if they are temporary, SessionToken or Token, and Expiration"
        });
        let fields = fields.map_err(D::Error::custom)?;
        if fields.version.is_some_and(|version| version != 1) {
            return Err(D::Error::custom(
                "credentials are of a version other than 1",
            ));
        }
        let Fields {
            access_key_id,
            secret_access_key,
            token,
            expiration,
            ..
        } = fields;
        for (name, value) in [
            ("AccessKeyId", &access_key_id),
            ("SecretAccessKey", &secret_access_key),
        ] {
            if value.0.is_empty() {
                return Err(D::Error::custom(format_args!("credentials have no {name}")));
            }
        }
        let token = Some(token).filter(|token| !token.0.is_empty());
        let mut credentials = Self::from_strings(
            access_key_id.take(),
            secret_access_key.take(),
            token.map(Secret::take),
        );
        if !expiration.0.is_empty() {
            let end = expiration.0.parse::<Timestamp>();
            credentials = credentials.expiration(end.map_err(D::Error::custom)?);
        }
        Ok(credentials)
    }
}

/// A string that is wiped on drop; empty if it is `null` or absent.
#[derive(Default)]
struct Secret(Zeroizing<String>);

impl Secret {
    fn take(mut self) -> String {
        core::mem::take(&mut *self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(Self(text.unwrap_or_default().into()))
    }
}

/// Serializes what a sender needs: `url` and `fields`, named as in boto3, `open_fields` (names and the prefixes that their
/// values must have) and `expires_at`. The output contains policy and signature, a bearer secret.
///
/// # Examples
/// ```
/// # use presign::post::PostPolicy;
/// # use presign::{Bucket, Credentials, Timestamp};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// let policy = PostPolicy::new(&credentials, &bucket, "in/${filename}").content_type_starts_with("image/");
/// let form = serde_json::to_value(policy.sign_at(Timestamp::from_unix(0))?)?;
/// assert_eq!(form["url"], "https://examplebucket.s3.eu-west-1.amazonaws.com/");
/// assert_eq!(form["fields"]["key"], "in/${filename}");
/// assert_eq!(form["open_fields"], serde_json::json!({"Content-Type": "image/"}));
/// assert_eq!(form["expires_at"], "1970-01-01T01:00:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "post")]
impl Serialize for PostForm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_struct("PostForm", 4)?;
        form.serialize_field("url", self.action())?;
        form.serialize_field("fields", &Map(|| self.fields()))?;
        form.serialize_field("open_fields", &Map(|| self.open_fields()))?;
        form.serialize_field("expires_at", &self.expires_at())?;
        form.end()
    }
}

/// Pairs of names and values, in order.
struct Map<F>(F);

impl<'p, I: Iterator<Item = (&'p str, &'p str)>, F: Fn() -> I> Serialize for Map<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in (self.0)() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Serializes as RFC 3339, such as `2013-05-24T00:00:00Z`. A year outside 1 to 9999 is an error.
///
/// # Examples
/// ```
/// use presign::Timestamp;
///
/// assert_eq!(serde_json::to_string(&Timestamp::from_unix(1_369_353_600))?, r#""2013-05-24T00:00:00Z""#);
/// assert!(serde_json::to_string(&Timestamp::from_unix(i64::MAX)).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.stamp().map_err(S::Error::custom)?;
        serializer.collect_str(self)
    }
}

/// Parses RFC 3339, like `FromStr`.
///
/// # Examples
/// ```
/// use presign::Timestamp;
///
/// let end: Timestamp = serde_json::from_str(r#""2013-05-24T02:00:00+02:00""#)?;
/// assert_eq!(end, Timestamp::from_unix(1_369_353_600));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// Serializes the method as in a request line.
///
/// # Examples
/// ```
/// assert_eq!(serde_json::to_string(&presign::Method::Put)?, r#""PUT""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Parses a method in upper case.
///
/// # Examples
/// ```
/// assert_eq!(serde_json::from_str::<presign::Method>(r#""PUT""#)?, presign::Method::Put);
/// assert!(serde_json::from_str::<presign::Method>(r#""put""#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}
