//! Where objects are: bucket, region and endpoint.

use core::fmt;

use crate::error::Error;
use crate::sigv4::scope::Scope;
use crate::text::Text;
use crate::timestamp::Day;

mod arn;
#[cfg(feature = "serde")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "serde")))]
mod config;
mod endpoint;
pub(crate) mod host;

use arn::{AccessPoint, Arn};
use endpoint::Endpoint;
use host::{InHost, Partition};

/// A bucket, its region and the endpoint it is reached at.
///
/// By default that is the region's own endpoint over https, virtual-hosted
/// (`https://examplebucket.s3.eu-west-1.amazonaws.com/`), in whichever AWS partition the region belongs to. Path style
/// (`https://s3.eu-west-1.amazonaws.com/examplebucket/`) is chosen by itself, as every AWS SDK does, where a bucket
/// cannot stand in a host name: names with a dot over https (they would break TLS), and names that only the old
/// us-east-1 rules allow. Custom endpoints follow the same rule; an IP address is always path style.
///
/// In place of a name stands, as in the AWS SDKs:
///
/// | given | host | signed for |
/// |---|---|---|
/// | a directory bucket, `NAME--ZONE--x-s3` | `NAME--ZONE--x-s3.s3express-ZONE.REGION.amazonaws.com` | `s3express`; the token of a session goes as `X-Amz-S3session-Token` |
/// | an access point's ARN | `NAME-ACCOUNT.s3-accesspoint.REGION.amazonaws.com` | `s3`, in the ARN's region |
/// | an Object Lambda access point's ARN | `NAME-ACCOUNT.s3-object-lambda.REGION.amazonaws.com` | `s3-object-lambda`, in the ARN's region |
/// | an Outposts access point's ARN | `NAME-ACCOUNT.OUTPOST.s3-outposts.REGION.amazonaws.com` | `s3-outposts`, in the ARN's region |
/// | a multi-region access point's ARN | `ALIAS.mrap.accesspoint.s3-global.amazonaws.com` | all regions, by SigV4a (feature `sigv4a`; without it, [`Error::NeedsSigv4a`]) |
///
/// An access point's alias is taken as a bucket's name, which is right but for Outposts (`...--op-s3`): give their ARN.
///
/// Settings that AWS refuses to combine are [`Error::EndpointConflict`] when something is signed:
///
/// | setting | not with |
/// |---|---|
/// | [`accelerate`](Self::accelerate) | path style, names that cannot stand in a host or have a dot, FIPS, custom endpoint, global endpoint, ARNs, directory buckets, the service, regions of `aws-cn` |
/// | [`fips`](Self::fips) | custom endpoint, global endpoint, Outposts, multi-region access points, regions of `aws-cn` |
/// | [`dual_stack`](Self::dual_stack) | custom endpoint, global endpoint, Object Lambda, Outposts, multi-region access points |
/// | [`endpoint`](Self::endpoint) | multi-region access points; at an IP address, all ARNs |
/// | [`path_style`](Self::path_style) | ARNs (a directory bucket ignores it: it has no path style, and every SDK does so) |
/// | [`global_endpoint`](Self::global_endpoint) | custom endpoint, ARNs, directory buckets, regions of other partitions than `aws` |
///
/// Texts are borrowed; [`into_owned`](Self::into_owned) copies them (with `alloc`).
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>,
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>,
/// <https://docs.aws.amazon.com/general/latest/gr/s3.html>
///
/// # Examples
/// ```
/// use presign::{Bucket, Error};
///
/// assert_eq!(Bucket::new("examplebucket", "eu-west-1")?.host()?.to_string(), "examplebucket.s3.eu-west-1.amazonaws.com");
/// assert_eq!(Bucket::new("examplebucket", "cn-north-1")?.host()?.to_string(), "examplebucket.s3.cn-north-1.amazonaws.com.cn");
/// assert_eq!(Bucket::new("my.example.bucket", "eu-west-1")?.host()?.to_string(), "s3.eu-west-1.amazonaws.com");
///
/// let minio = Bucket::new("media", "us-east-1")?.endpoint("http://127.0.0.1:9000")?.path_style();
/// assert_eq!(minio.host()?.to_string(), "127.0.0.1:9000");
///
/// assert_eq!(Bucket::new("logs-*", "eu-west-1").unwrap_err(), Error::WildcardInBucketName { position: 5 });
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Bucket<'a> {
    name: Text<'a>,
    resource: Resource<'a>,
    region: Text<'a>,
    partition: &'static Partition,
    endpoint: Option<Endpoint<'a>>,
    /// The regions to sign for, where that is done by SigV4a.
    region_set: Option<Text<'a>>,
    settings: Settings,
}

/// What the name is the name of.
#[derive(Clone)]
enum Resource<'a> {
    /// Nothing: requests go to the service.
    Service,
    Bucket {
        in_host: InHost,
    },
    /// A directory bucket, or an access point of one, with its zone.
    Directory {
        zone: Text<'a>,
    },
    AccessPoint(AccessPoint<'a>),
    MultiRegion {
        alias: Text<'a>,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Settings {
    accelerate: bool,
    /// The region was given as `aws-global`.
    aws_global: bool,
    dual_stack: bool,
    fips: bool,
    global_endpoint: bool,
    path_style: bool,
}

/// The region whose buckets the legacy global endpoint belongs to.
const US_EAST_1: &str = "us-east-1";

impl<'a> Bucket<'a> {
    /// A bucket at its region's endpoint.
    ///
    /// A name has 3 to 255 letters, digits, `.`, `-` and `_`. (Those with 3 to 63 lower-case letters, digits and
    /// hyphens that start and end with a letter or digit are virtual-hosted.) A region has 1 to 63 letters, digits,
    /// `-` and `_`, with no `-` at either end; S3-compatible stores name theirs freely. `aws-global` stands for
    /// `us-east-1` at the global endpoint, as in the AWS SDKs; FIPS, dual-stack and acceleration are not to be had there.
    ///
    /// # Errors
    /// [`Error::BucketNameLength`]; [`Error::WildcardInBucketName`] for `*`; [`Error::InvalidBucketName`] for any
    /// other byte; [`Error::InvalidDirectoryBucketName`] for a name that ends in `--x-s3` or `--xa-s3` without a zone
    /// of at most 48 bytes; [`Error::InvalidArn`] for an ARN of another form than those in [`Bucket`]'s table, or whose
    /// partition is not that of its region; [`Error::RegionLength`]; [`Error::InvalidRegion`].
    ///
    /// # Examples
    /// ```
    /// use presign::{Bucket, Error};
    ///
    /// assert_eq!(Bucket::new("ab", "eu-west-1").unwrap_err(), Error::BucketNameLength { length: 2 });
    /// assert_eq!(
    ///     Bucket::new("examplebucket/prefix", "eu-west-1").unwrap_err(),
    ///     Error::InvalidBucketName { position: 13, byte: b'/' }
    /// );
    /// assert_eq!(
    ///     Bucket::new("examplebucket", "eu-west-1/s3").unwrap_err(),
    ///     Error::InvalidRegion { position: 9, byte: b'/' }
    /// );
    /// ```
    pub fn new(name: &'a str, region: &'a str) -> Result<Self, Error> {
        let mut bucket = Self::service(region)?;
        bucket.name = name.into();
        if name.starts_with("arn:") {
            let (arn, region) = arn::parse(name)?;
            bucket.resource = match arn {
                Arn::AccessPoint(access_point) => {
                    bucket.region = region.into();
                    bucket.partition = host::partition(region);
                    Resource::AccessPoint(access_point)
                }
                Arn::MultiRegion(alias) => {
                    bucket.region_set = Some("*".into());
                    Resource::MultiRegion {
                        alias: alias.into(),
                    }
                }
            };
            return Ok(bucket);
        }
        if let Some((position, byte)) = name
            .bytes()
            .enumerate()
            .find(|(_, byte)| !is_name_byte(*byte))
        {
            return Err(match byte {
                b'*' => Error::WildcardInBucketName { position },
                _ => Error::InvalidBucketName { position, byte },
            });
        }
        if !(3..=255).contains(&name.len()) {
            return Err(Error::BucketNameLength { length: name.len() });
        }
        let directory = name.strip_suffix("--x-s3").or(name.strip_suffix("--xa-s3"));
        bucket.resource = match directory {
            Some(name_and_zone) => {
                let mut pairs = name_and_zone.as_bytes().windows(2);
                let dashes = pairs.rposition(|pair| pair == b"--");
                let zone = dashes.and_then(|at| name_and_zone.get(at + 2..));
                let zone = zone
                    .filter(|zone| {
                        let in_host = |part: &&str| host::in_host(part) == InHost::Yes;
                        zone.len() <= host::MAX_ZONE && [name, zone].iter().all(in_host)
                    })
                    .ok_or(Error::InvalidDirectoryBucketName)?;
                Resource::Directory { zone: zone.into() }
            }
            None => Resource::Bucket {
                in_host: host::in_host(name),
            },
        };
        Ok(bucket)
    }

    /// No bucket: the service itself, for `ListBuckets`.
    ///
    /// # Errors
    /// [`Error::RegionLength`]; [`Error::InvalidRegion`].
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Method, Presigner, Timestamp};
    /// let (credentials, service) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::service("eu-west-1")?);
    /// let mut buffer = [0; 512];
    /// let url = Presigner::bucket(Method::Get, &credentials, &service).sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.starts_with("https://s3.eu-west-1.amazonaws.com/?X-Amz-Algorithm="));
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn service(region: &'a str) -> Result<Self, Error> {
        let is_region_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if let Some((position, byte)) = region
            .bytes()
            .enumerate()
            .find(|(_, byte)| !is_region_byte(*byte))
        {
            return Err(Error::InvalidRegion { position, byte });
        }
        if !(1..=63).contains(&region.len()) {
            return Err(Error::RegionLength {
                length: region.len(),
            });
        }
        for position in [0, region.len() - 1] {
            if region.as_bytes().get(position) == Some(&b'-') {
                return Err(Error::InvalidRegion {
                    position,
                    byte: b'-',
                });
            }
        }
        let aws_global = region == "aws-global";
        let region = if aws_global { US_EAST_1 } else { region };
        Ok(Self {
            name: "".into(),
            resource: Resource::Service,
            region: region.into(),
            partition: host::partition(region),
            endpoint: None,
            region_set: None,
            settings: Settings {
                aws_global,
                ..Settings::default()
            },
        })
    }

    /// Reaches the bucket at another endpoint, such as that of MinIO, R2, Garage, Ceph or a VPC endpoint: scheme
    /// `http` or `https`, host (name, IPv4, or IPv6 in brackets), and optionally port and path prefix.
    ///
    /// A scheme's default port is left out of URL and `Host`, as clients do, and letters of the host are written in
    /// lower case. A path prefix stands before bucket and key, and has to be percent-encoded as SigV4 wants it (`%20`,
    /// upper-case digits, nothing encoded that need not be). One slash at the end means the same as none.
    ///
    /// # Errors
    /// [`Error::EndpointScheme`] for another scheme or none; [`Error::EndpointUserInfo`], [`Error::EndpointQuery`] and
    /// [`Error::EndpointFragment`] for parts that an endpoint cannot have; [`Error::EndpointHost`] for a host that is
    /// empty, not ASCII, not well-formed, or an IP address written in another way than clients do (RFC 5952; of
    /// IPv4-mapped addresses they have two ways); [`Error::EndpointPort`] for a port that is not a number from 1 to 65535
    /// without leading zeros; [`Error::EndpointPath`] for a prefix with empty or dot segments or not so encoded.
    ///
    /// # Examples
    /// ```
    /// use presign::{Bucket, Error};
    ///
    /// let bucket = Bucket::new("media", "auto")?;
    /// let r2 = bucket.clone().endpoint("https://0123456789abcdef.r2.cloudflarestorage.com")?;
    /// assert_eq!(r2.host()?.to_string(), "media.0123456789abcdef.r2.cloudflarestorage.com");
    /// let garage = bucket.clone().endpoint("http://[::1]:3900/")?;
    /// assert_eq!(garage.host()?.to_string(), "[::1]:3900");
    /// assert_eq!(bucket.clone().endpoint("https://h.example:443")?.host()?.to_string(), "media.h.example");
    /// assert_eq!(bucket.clone().endpoint("h.example").unwrap_err(), Error::EndpointScheme);
    /// assert_eq!(bucket.endpoint("https://me:pw@h.example").unwrap_err(), Error::EndpointUserInfo);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn endpoint(mut self, url: &'a str) -> Result<Self, Error> {
        self.endpoint = Some(Endpoint::parse(url)?);
        self.settings.aws_global = false; // the pseudo-region chose an endpoint too, which is not wanted now
        Ok(self)
    }

    /// Puts the bucket into the path: `https://s3.eu-west-1.amazonaws.com/examplebucket/key`.
    ///
    /// # Examples
    /// ```
    /// let bucket = presign::Bucket::new("examplebucket", "eu-west-1")?.path_style();
    /// assert_eq!(bucket.host()?.to_string(), "s3.eu-west-1.amazonaws.com");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub const fn path_style(mut self) -> Self {
        self.settings.path_style = true;
        self
    }

    /// Uses the legacy global host `s3.amazonaws.com`, as boto3, Java, Ruby, PHP and .NET do for us-east-1.
    ///
    /// S3 takes it for every region that opened before 20 March 2019, though it may redirect; later regions answer
    /// 400. Signing answers [`Error::EndpointConflict`] with a custom endpoint, or in another partition than `aws`.
    ///
    /// # Examples
    /// ```
    /// let bucket = presign::Bucket::new("examplebucket", "us-east-1")?.global_endpoint();
    /// assert_eq!(bucket.host()?.to_string(), "examplebucket.s3.amazonaws.com");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub const fn global_endpoint(mut self) -> Self {
        self.settings.global_endpoint = true;
        self
    }

    /// Uses the region's dual-stack endpoint, which is reached over IPv4 and IPv6.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/dual-stack-endpoints.html>
    ///
    /// # Examples
    /// ```
    /// let bucket = presign::Bucket::new("examplebucket", "eu-west-1")?.dual_stack();
    /// assert_eq!(bucket.host()?.to_string(), "examplebucket.s3.dualstack.eu-west-1.amazonaws.com");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub const fn dual_stack(mut self) -> Self {
        self.settings.dual_stack = true;
        self
    }

    /// Uses the region's endpoint with FIPS 140 validated cryptography.
    ///
    /// <https://aws.amazon.com/compliance/fips/>
    ///
    /// # Examples
    /// ```
    /// let bucket = presign::Bucket::new("examplebucket", "us-gov-west-1")?.fips();
    /// assert_eq!(bucket.host()?.to_string(), "examplebucket.s3-fips.us-gov-west-1.amazonaws.com");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub const fn fips(mut self) -> Self {
        self.settings.fips = true;
        self
    }

    /// Uses S3 Transfer Acceleration, which has to be switched on for the bucket. The signature is still for the
    /// bucket's region.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html>
    ///
    /// # Examples
    /// ```
    /// use presign::{Bucket, Error};
    ///
    /// let bucket = Bucket::new("examplebucket", "eu-west-1")?.accelerate();
    /// assert_eq!(bucket.host()?.to_string(), "examplebucket.s3-accelerate.amazonaws.com");
    /// assert_eq!(
    ///     bucket.fips().host().err(),
    ///     Some(Error::EndpointConflict { one: "accelerate", other: "FIPS" })
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub const fn accelerate(mut self) -> Self {
        self.settings.accelerate = true;
        self
    }

    /// Signs by SigV4a, for all regions of a set: `*` for all, or names joined by commas, each of which may end in `*`.
    /// A multi-region access point does so by itself, with `*`. Temporary credentials for it come from a regional endpoint
    /// of STS, or their token has to be made valid in all regions
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html>).
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html>
    ///
    /// # Errors
    /// [`Error::InvalidRegionSet`] for an empty set, an empty name, or other bytes than letters, digits, `-`, `*`.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    /// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    /// let bucket = Bucket::new("arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap", "us-west-2")?;
    /// let bucket = bucket.region_set("us-west-2,eu-*")?;
    /// let mut buffer = [0; 1024];
    /// let url = Presigner::get(&credentials, &bucket, "k").sign_into(Timestamp::from_unix(0), &mut buffer)?;
    /// assert!(url.starts_with("https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/k?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&"));
    /// assert!(url.contains("%2F19700101%2Fs3%2Faws4_request&"));
    /// assert!(url.contains("&X-Amz-Region-Set=us-west-2%2Ceu-%2A&"));
    /// # Ok::<(), Error>(())
    /// ```
    #[cfg(feature = "sigv4a")]
    pub fn region_set(mut self, regions: &'a str) -> Result<Self, Error> {
        let in_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_name = |name: &str| {
            !name.is_empty() && name.strip_suffix('*').unwrap_or(name).bytes().all(in_name)
        };
        if !regions.split(',').all(is_name) {
            return Err(Error::InvalidRegionSet);
        }
        self.region_set = Some(regions.into());
        Ok(self)
    }

    /// The bucket's name, or the ARN; empty for the service.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(presign::Bucket::new("examplebucket", "eu-west-1")?.name(), "examplebucket");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The region that signatures are scoped to: an ARN's own, if it has one.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(presign::Bucket::new("examplebucket", "aws-global")?.region(), "us-east-1");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The host that requests go to, with its port where it is not the scheme's default: the `Host` header.
    ///
    /// # Errors
    /// [`Error::EndpointConflict`] for settings that exclude each other; [`Error::InvalidRegion`] for a region that
    /// cannot be part of an AWS host name (upper case, `_`); [`Error::NeedsSigv4a`] for a multi-region access point.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(presign::Bucket::new("b-1", "us-gov-west-1")?.host()?.to_string(), "b-1.s3.us-gov-west-1.amazonaws.com");
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn host(&self) -> Result<impl fmt::Display, Error> {
        Ok(host::Host(self.address()?))
    }

    /// The same bucket, owning its texts.
    ///
    /// # Examples
    /// ```
    /// use presign::Bucket;
    ///
    /// fn load() -> Result<Bucket<'static>, presign::Error> {
    ///     let name = String::from("examplebucket");
    ///     Ok(Bucket::new(&name, "eu-west-1")?.into_owned())
    /// }
    /// assert_eq!(load()?.name(), "examplebucket");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn into_owned(self) -> Bucket<'static> {
        Bucket {
            name: self.name.into_owned(),
            resource: match self.resource {
                Resource::Service => Resource::Service,
                Resource::Bucket { in_host } => Resource::Bucket { in_host },
                Resource::Directory { zone } => Resource::Directory {
                    zone: zone.into_owned(),
                },
                Resource::AccessPoint(access_point) => {
                    Resource::AccessPoint(access_point.into_owned())
                }
                Resource::MultiRegion { alias } => Resource::MultiRegion {
                    alias: alias.into_owned(),
                },
            },
            region: self.region.into_owned(),
            partition: self.partition,
            endpoint: self.endpoint.map(Endpoint::into_owned),
            region_set: self.region_set.map(Text::into_owned),
            settings: self.settings,
        }
    }

    /// What signatures of a day are scoped to.
    pub(crate) fn scope(&self, day: Day) -> Scope<'_> {
        let region = if self.region_set.is_some() {
            None
        } else {
            Some(self.region())
        };
        Scope {
            day,
            region,
            service: self.signing_service(),
        }
    }

    /// The regions to sign for by SigV4a.
    pub(crate) fn sigv4a_regions(&self) -> Option<&str> {
        self.region_set.as_deref()
    }

    /// The service that signatures are scoped to.
    pub(crate) const fn signing_service(&self) -> &'static str {
        match &self.resource {
            Resource::Directory { .. } => "s3express",
            Resource::AccessPoint(access_point) => access_point.service,
            _ => "s3",
        }
    }

    pub(crate) const fn is_service(&self) -> bool {
        matches!(self.resource, Resource::Service)
    }

    #[cfg(feature = "post")]
    pub(crate) const fn is_directory(&self) -> bool {
        matches!(self.resource, Resource::Directory { .. })
    }

    /// The parameter that carries the session token.
    pub(crate) const fn token_parameter(&self) -> &'static str {
        match &self.resource {
            Resource::Directory { .. } => "X-Amz-S3session-Token",
            _ => "X-Amz-Security-Token",
        }
    }
}

impl fmt::Debug for Bucket<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket")
            .field("name", &self.name())
            .field("region", &self.region())
            .field("endpoint", &self.endpoint)
            .field("settings", &self.settings)
            .finish()
    }
}

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}
