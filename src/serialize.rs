//! What signing gives, for a front end.

use alloc::string::String;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeStruct, Serializer};

use crate::method::Method;
#[cfg(feature = "post")]
use crate::post::PostForm;
use crate::presigned_url::PresignedUrl;
use crate::timestamp::Timestamp;

/// All that a sender needs: `method`, `url`, `headers` and `expires_at`. It holds the URL, a bearer secret, whole.
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

/// All that a sender needs: `url` and `fields`, as boto3 names them, then `open_fields` (names, and what their values
/// have to start with) and `expires_at`. It holds policy and signature, a bearer secret, whole.
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

/// RFC 3339, such as `2013-05-24T00:00:00Z`. A year outside 1 to 9999 is an error.
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

/// Reads RFC 3339, as its `FromStr` does.
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

/// As it stands in a request line.
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

/// Reads a method in upper case.
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
