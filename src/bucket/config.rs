//! Buckets in configuration files.

use alloc::borrow::Cow;
use alloc::string::ToString;
use core::ops::Not;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::place::Resource;
use super::{Bucket, endpoint};
use crate::error::Error;

/// The fields have the names of the setters. Without a name, the bucket is the service.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Config<'c> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'c, str>>,
    region: Cow<'c, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<Cow<'c, str>>,
    #[serde(default, skip_serializing_if = "Not::not")]
    path_style: bool,
    #[serde(default, skip_serializing_if = "Not::not")]
    global_endpoint: bool,
    #[serde(default, skip_serializing_if = "Not::not")]
    dual_stack: bool,
    #[serde(default, skip_serializing_if = "Not::not")]
    fips: bool,
    #[serde(default, skip_serializing_if = "Not::not")]
    accelerate: bool,
    #[serde(default, skip_serializing_if = "Not::not")]
    control_endpoint: bool,
    #[serde(default, skip_serializing_if = "Not::not")]
    same_region: bool,
    #[cfg(feature = "sigv4a")]
    #[serde(skip_serializing_if = "Option::is_none")]
    region_set: Option<Cow<'c, str>>,
}

impl<'c> Config<'c> {
    fn of(bucket: &'c Bucket<'_>) -> Self {
        let place = &bucket.place;
        let settings = &place.settings;
        let is_service = matches!(place.resource, Resource::Service);
        Self {
            name: is_service.not().then(|| bucket.name().into()),
            region: if settings.aws_global {
                "aws-global".into()
            } else {
                (&*bucket.region).into()
            },
            endpoint: place.endpoint.map(|parts| {
                endpoint::Display(parts, &bucket.endpoint)
                    .to_string()
                    .into()
            }),
            path_style: settings.path_style,
            global_endpoint: settings.global_endpoint,
            dual_stack: settings.dual_stack,
            fips: settings.fips,
            accelerate: settings.accelerate,
            control_endpoint: settings.control_endpoint,
            same_region: settings.same_region,
            #[cfg(feature = "sigv4a")]
            region_set: bucket
                .region_set
                .as_deref()
                // A multi-region access point has this region set automatically.
                .filter(|set| {
                    *set != "*" || !matches!(place.resource, Resource::MultiRegion { .. })
                })
                .map(Into::into),
        }
    }

    fn bucket(&self) -> Result<Bucket<'_>, Error> {
        let mut bucket = match &self.name {
            Some(name) => Bucket::new(name, &self.region)?,
            None => Bucket::service(&self.region)?,
        };
        if let Some(url) = &self.endpoint {
            bucket = bucket.endpoint(url)?;
        }
        #[cfg(feature = "sigv4a")]
        if let Some(regions) = &self.region_set {
            bucket = bucket.region_set(regions)?;
        }
        let settings = &mut bucket.place.settings;
        settings.path_style = self.path_style;
        settings.global_endpoint = self.global_endpoint;
        settings.dual_stack = self.dual_stack;
        settings.fips = self.fips;
        settings.accelerate = self.accelerate;
        settings.control_endpoint = self.control_endpoint;
        settings.same_region = self.same_region;
        Ok(bucket.styled())
    }
}

/// Writes the configuration from which `Deserialize` creates the same bucket. Omits settings that are not set.
///
/// # Examples
/// ```
/// let bucket = presign::Bucket::new("media", "eu-west-1")?.dual_stack();
/// assert_eq!(serde_json::to_string(&bucket)?, r#"{"name":"media","region":"eu-west-1","dual_stack":true}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Serialize for Bucket<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Config::of(self).serialize(serializer)
    }
}

/// Parses a bucket from configuration.
///
/// `region` is required. Optional fields are `name` (without it, the bucket is the service), `endpoint`, `path_style`,
/// `global_endpoint`, `dual_stack`, `fips`, `accelerate`, `control_endpoint`, `same_region` and, with the feature `sigv4a`,
/// `region_set`. A value that the setter of the same name refuses is an error.
///
/// Unknown fields are errors too, so a secret in the wrong place does not go unnoticed. (Credentials have their own
/// JSON format, and are never written.)
///
/// # Examples
/// ```
/// use presign::Bucket;
///
/// let json = r#"{"name":"media","region":"us-east-1","endpoint":"http://127.0.0.1:9000","path_style":true}"#;
/// let bucket: Bucket = serde_json::from_str(json)?;
/// assert_eq!(bucket.host()?.to_string(), "127.0.0.1:9000");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl<'de> Deserialize<'de> for Bucket<'static> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let config = Config::deserialize(deserializer)?;
        let bucket = config.bucket().map_err(D::Error::custom)?;
        Ok(bucket.into_owned())
    }
}
