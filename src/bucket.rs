//! Buckets: name, region and endpoint.

use core::fmt;
use core::mem::{self, ManuallyDrop};

use crate::error::Error;
use crate::sigv4::scope::Scope;
use crate::text::Text;
use crate::timestamp::Day;

mod advisories;
mod arn;
mod bytes;
#[cfg(feature = "serde")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "serde")))]
mod config;
mod conflicts;
mod endpoint;
pub(crate) mod host;
pub(crate) mod known;
mod place;
mod region;

use endpoint::Endpoint;
use place::{Place, Resource};

/// A bucket, its region and the endpoint that serves it.
///
/// # Examples
/// A bucket on AWS, one on MinIO, and one on Cloudflare R2:
/// ```
/// # use presign::{Credentials, Presigner};
/// # let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// use presign::Bucket;
///
/// let aws = Bucket::new("examplebucket", "eu-west-1")?;
/// let minio = Bucket::new("media", "us-east-1")?.endpoint("http://127.0.0.1:9000")?.path_style();
/// let r2 = Bucket::new("media", "auto")?.endpoint("https://0123456789abcdef.r2.cloudflarestorage.com")?;
/// # #[cfg(feature = "std")] {
///
/// let url = Presigner::get(&credentials, &aws, "photos/duck.jpg").sign()?;
/// # }
/// # Ok::<(), presign::Error>(())
/// ```
///
/// # Endpoint and addressing style
/// By default, requests go to the region's endpoint over https, in the AWS partition of the region. They are
/// virtual-hosted: `https://examplebucket.s3.eu-west-1.amazonaws.com/KEY`.
///
/// If the name cannot be part of a host name, requests automatically use path style, as in every AWS SDK:
/// `https://s3.eu-west-1.amazonaws.com/examplebucket/KEY`. These are names that only the old us-east-1 rules allow and,
/// over https, names with a dot, which TLS certificates do not cover. Custom endpoints follow the same rule, and IP
/// addresses always use path style. [`host`](Self::host) returns the host that is used.
///
/// Strings are borrowed; [`into_owned`](Self::into_owned) copies them (feature `alloc`). [`from_static`](Self::from_static)
/// checks a bucket at compile time.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>,
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>,
/// <https://docs.aws.amazon.com/general/latest/gr/s3.html>
///
/// # Directory buckets and access points
/// The name can also be one of these:
///
/// | name | host | signed for |
/// |---|---|---|
/// | a directory bucket, `NAME--ZONE--x-s3` | `NAME--ZONE--x-s3.s3express-ZONE.REGION.amazonaws.com` | `s3express`, with a [session](crate::Credentials::express_session_token) or IAM credentials |
/// | ARN of an access point | `NAME-ACCOUNT.s3-accesspoint.REGION.amazonaws.com` | `s3`, in the ARN's region |
/// | ARN of an Object Lambda access point | `NAME-ACCOUNT.s3-object-lambda.REGION.amazonaws.com` | `s3-object-lambda`, in the ARN's region |
/// | ARN of an Outposts access point | `NAME-ACCOUNT.OUTPOST.s3-outposts.REGION.amazonaws.com` | `s3-outposts`, in the ARN's region |
/// | alias of an Outposts access point, `...--op-s3` | `ALIAS.ec2.s3-outposts.REGION.amazonaws.com`, or `ALIAS.op-ID.s3-outposts...` | `s3-outposts` |
/// | ARN of a multi-region access point | `ALIAS.mrap.accesspoint.s3-global.amazonaws.com` | all regions, with SigV4a (feature `sigv4a`; without it, [`Error::NeedsSigv4a`]) |
///
/// Aliases of other access points work like bucket names. The partition of an ARN must be that of the bucket's region.
///
/// # Settings that cannot be combined
/// Signing returns [`Error::EndpointConflict`] for combinations that AWS rejects, and for those in which AWS would silently
/// ignore a setting:
///
/// | setting | cannot be combined with |
/// |---|---|
/// | [`accelerate`](Self::accelerate) | path style, names that cannot be in a host or contain a dot, FIPS, custom endpoint, global endpoint, ARNs, Outposts, directory buckets, the service, regions of `aws-cn` |
/// | [`fips`](Self::fips) | custom endpoint, global endpoint, Outposts, multi-region access points, regions of `aws-cn` |
/// | [`dual_stack`](Self::dual_stack) | custom endpoint, global endpoint, Object Lambda, Outposts, multi-region access points |
/// | [`endpoint`](Self::endpoint) | multi-region access points; at an IP address, all ARNs; for Outposts, `http` and a path; an Outposts alias, except in the region `beta`, which requires an endpoint |
/// | [`path_style`](Self::path_style) | ARNs (directory buckets and Outposts aliases have no path style and ignore the setting, as in every SDK) |
/// | [`global_endpoint`](Self::global_endpoint), `aws-global` | custom endpoint, ARNs, Outposts, directory buckets and their control endpoint, regions outside the partition `aws` |
/// | [`same_region`](Self::same_region) | ARNs of another region |
#[derive(Clone)]
pub struct Bucket<'a> {
    name: Text<'a>,
    region: Text<'a>,
    /// The URL of a custom endpoint, or empty.
    endpoint: Text<'a>,
    /// The regions to sign for with SigV4a.
    region_set: Option<Text<'a>>,
    place: Place,
}

/// The region that the legacy global endpoint belongs to.
const US_EAST_1: &str = "us-east-1";

impl<'a> Bucket<'a> {
    /// Creates a bucket at the endpoint of its region.
    ///
    /// A name has 3 to 255 letters, digits, `.`, `-` and `_`. (Names are virtual-hosted if they have 3 to 63 lower-case
    /// letters, digits and hyphens, and start and end with a letter or digit.) A region has 1 to 63 letters, digits,
    /// `-` and `_`, and does not start or end with `-`. S3-compatible stores choose their own region names.
    ///
    /// `aws-global` means `us-east-1` at the global endpoint, as in the AWS SDKs. FIPS, dual-stack and acceleration are
    /// not available there.
    ///
    /// # Errors
    /// - [`Error::BucketNameLength`], [`Error::InvalidBucketName`]; [`Error::WildcardInBucketName`] for `*`
    /// - [`Error::InvalidDirectoryBucketName`] for a name that ends in `--x-s3` or `--xa-s3` without a zone of at most
    ///   48 bytes
    /// - [`Error::InvalidOutpostsAlias`] for a name of 50 bytes or more that ends in `--op-s3` but is not such an alias
    /// - [`Error::InvalidArn`] for an ARN that is not [supported](Bucket#directory-buckets-and-access-points), or whose
    ///   partition does not match both regions
    /// - [`Error::RegionLength`], [`Error::InvalidRegion`]
    ///
    /// # Examples
    /// ```
    /// use presign::{Bucket, Error};
    ///
    /// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    /// assert_eq!(
    ///     Bucket::new("examplebucket/prefix", "eu-west-1").unwrap_err(),
    ///     Error::InvalidBucketName { position: 13, byte: b'/' }
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    pub const fn new(name: &'a str, region: &'a str) -> Result<Self, Error> {
        match Place::parse(Some(name), region) {
            Ok(place) => Ok(Self::at(name, region, place)),
            Err(error) => Err(error),
        }
    }

    /// Creates a target without a bucket: the service itself, for `ListBuckets`.
    ///
    /// # Errors
    /// [`Error::RegionLength`]; [`Error::InvalidRegion`].
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Method, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let service = Bucket::service("eu-west-1")?;
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::bucket(Method::Get, &credentials, &service).sign()?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub const fn service(region: &'a str) -> Result<Self, Error> {
        match Place::parse(None, region) {
            Ok(place) => Ok(Self::at("", region, place)),
            Err(error) => Err(error),
        }
    }

    const fn at(name: &'a str, region: &'a str, place: Place) -> Self {
        let region = if place.settings.aws_global {
            US_EAST_1
        } else {
            region
        };
        let region_set = match place.resource {
            Resource::MultiRegion { .. } => Some(Text::Borrowed("*")),
            _ => None,
        };
        Self {
            name: Text::Borrowed(name),
            region: Text::Borrowed(region),
            endpoint: Text::Borrowed(""),
            region_set,
            place,
        }
    }

    /// Uses another endpoint, such as MinIO, R2, Garage, Ceph or a VPC endpoint.
    ///
    /// The URL has the scheme `http` or `https`, a host (name, IPv4, or IPv6 in brackets), and optionally a port and a
    /// path prefix. As in HTTP clients, the scheme's default port is dropped and the host is written in lower case. The
    /// path prefix precedes bucket and key. It must be percent-encoded the way SigV4 requires: `%20` for a space,
    /// upper-case digits, and nothing encoded unnecessarily. A slash at the end makes no difference.
    ///
    /// # Errors
    /// - [`Error::EndpointScheme`] for another scheme or none
    /// - [`Error::EndpointUserInfo`], [`Error::EndpointQuery`] and [`Error::EndpointFragment`] for parts that an
    ///   endpoint cannot have
    /// - [`Error::EndpointHost`] for a host that is empty, not ASCII or malformed, or for an IP address that clients
    ///   would rewrite ([RFC 5952](https://www.rfc-editor.org/rfc/rfc5952); IPv4-mapped addresses have two forms and
    ///   are refused)
    /// - [`Error::EndpointPort`] for a port that is not a number from 1 to 65535 without leading zeros
    /// - [`Error::EndpointPath`] for a prefix with empty or dot segments, or with another encoding
    ///
    /// # Examples
    /// ```
    /// let garage = presign::Bucket::new("media", "garage")?.endpoint("http://[::1]:3900")?;
    /// assert_eq!(garage.host()?.to_string(), "[::1]:3900");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "endpoint_url")]
    pub fn endpoint(mut self, url: &'a str) -> Result<Self, Error> {
        let endpoint = Endpoint::parse(url)?;
        self.endpoint = url.into();
        Ok(self.at_endpoint(endpoint))
    }

    const fn at_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.place.endpoint = Some(endpoint);
        self.place.settings.aws_global = false; // `aws-global` also selected an endpoint, which the custom one replaces
        self.styled()
    }

    /// Chooses the addressing style again after a setting has changed.
    const fn styled(mut self) -> Self {
        self.place = self.place.styled();
        self
    }

    /// Uses path style: the bucket name is in the path, not in the host.
    ///
    /// # Examples
    /// ```
    /// let bucket = presign::Bucket::new("examplebucket", "eu-west-1")?.path_style();
    /// assert_eq!(bucket.host()?.to_string(), "s3.eu-west-1.amazonaws.com");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "addressing_style")]
    #[doc(alias = "forcePathStyle")]
    pub const fn path_style(mut self) -> Self {
        self.place.settings.path_style = true;
        self.styled()
    }

    /// Uses the legacy global host `s3.amazonaws.com`, as boto3, Java, Ruby, PHP and .NET do for us-east-1.
    ///
    /// It works for regions launched by March 20, 2019, though S3 may redirect. Later regions respond with 400.
    /// Signing returns [`Error::EndpointConflict`] with a custom endpoint or outside the partition `aws`.
    ///
    /// # Examples
    /// ```
    /// let bucket = presign::Bucket::new("examplebucket", "us-east-1")?.global_endpoint();
    /// assert_eq!(bucket.host()?.to_string(), "examplebucket.s3.amazonaws.com");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub const fn global_endpoint(mut self) -> Self {
        self.place.settings.global_endpoint = true;
        self.styled()
    }

    /// Uses the region's dual-stack endpoint, which is available over IPv4 and IPv6.
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
        self.place.settings.dual_stack = true;
        self.styled()
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
        self.place.settings.fips = true;
        self.styled()
    }

    /// Uses S3 Transfer Acceleration, which must be enabled for the bucket. The signature is still for the bucket's region.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html>
    ///
    /// # Examples
    /// ```
    /// let bucket = presign::Bucket::new("examplebucket", "eu-west-1")?.accelerate();
    /// assert_eq!(bucket.host()?.to_string(), "examplebucket.s3-accelerate.amazonaws.com");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub const fn accelerate(mut self) -> Self {
        self.place.settings.accelerate = true;
        self.styled()
    }

    /// Uses the control endpoint of S3 Express. It serves operations on directory buckets themselves, such as
    /// `CreateBucket`, `DeleteBucket`, bucket policies and (without a bucket) `ListDirectoryBuckets`.
    ///
    /// Requests use path style and are signed for `s3express`. Other buckets and custom endpoints have no control
    /// endpoint; for them the setting does nothing, as in every AWS SDK.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-Regions-and-Zones.html>
    ///
    /// # Examples
    /// ```
    /// let bucket = presign::Bucket::new("media--usw2-az1--x-s3", "us-west-2")?.control_endpoint();
    /// assert_eq!(bucket.host()?.to_string(), "s3express-control.us-west-2.amazonaws.com");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub const fn control_endpoint(mut self) -> Self {
        self.place.settings.control_endpoint = true;
        self.styled()
    }

    /// Refuses the ARN of an access point in a region other than the bucket's, as the SDKs do with
    /// `UseArnRegion=false`. Signing then returns [`Error::EndpointConflict`].
    ///
    /// By default, the ARN's region is used.
    ///
    /// # Examples
    /// ```
    /// use presign::{Bucket, Error};
    ///
    /// let bucket = Bucket::new("arn:aws:s3:eu-west-1:123456789012:accesspoint/reports", "us-east-1")?;
    /// assert_eq!(bucket.region(), "eu-west-1");
    /// assert!(matches!(bucket.same_region().host().err(), Some(Error::EndpointConflict { .. })));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub const fn same_region(mut self) -> Self {
        self.place.settings.same_region = true;
        self.styled()
    }

    /// Signs with SigV4a for a set of regions: `*` for all, or comma-separated names, each of which may end in `*`.
    ///
    /// A multi-region access point uses `*` automatically. Temporary credentials for it must come from a regional STS
    /// endpoint, or their token must be valid in all regions
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html>).
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html>
    ///
    /// # Errors
    /// [`Error::InvalidRegionSet`] for an empty set, an empty name, or bytes other than letters, digits, `-` and `*`.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let bucket = Bucket::new("arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap", "us-west-2")?;
    /// let bucket = bucket.region_set("us-west-2,eu-*")?;
    /// # #[cfg(feature = "std")]
    /// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg").sign()?;
    /// // https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/photos/duck.jpg
    /// //   ?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&...&X-Amz-Region-Set=us-west-2%2Ceu-%2A&...
    /// # Ok::<(), presign::Error>(())
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

    /// Returns the bucket's name or ARN. Empty for the service.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the region that URLs are signed for. If the name is an ARN with a region, it is that one.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(presign::Bucket::new("examplebucket", "aws-global")?.region(), "us-east-1");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub fn region(&self) -> &str {
        match self.place.arn_region {
            Some(region) => region.of(&self.name),
            None => &self.region,
        }
    }

    /// Returns the value of the `Host` header: the host that requests go to, and the port unless it is the scheme's
    /// default.
    ///
    /// # Errors
    /// [`Error::EndpointConflict`] for settings that cannot be combined; [`Error::HostTooLong`] for more than 253
    /// bytes; [`Error::InvalidRegion`] for a region that cannot be part of an AWS host name (upper case, `_`);
    /// [`Error::NeedsSigv4a`] for a multi-region access point without the feature `sigv4a`.
    ///
    /// # Examples
    /// ```
    /// let bucket = presign::Bucket::new("examplebucket", "cn-north-1")?;
    /// assert_eq!(bucket.host()?.to_string(), "examplebucket.s3.cn-north-1.amazonaws.com.cn");
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn host(&self) -> Result<impl fmt::Display, Error> {
        Ok(host::Host(self.address()?))
    }

    /// Copies the borrowed strings, so that the bucket has no lifetime.
    ///
    /// # Examples
    /// ```
    /// use presign::Bucket;
    ///
    /// fn load() -> Result<Bucket<'static>, presign::Error> {
    ///     let name = String::from("examplebucket");
    ///     Ok(Bucket::new(&name, "eu-west-1")?.into_owned())
    /// }
    /// # assert!(load().is_ok());
    /// ```
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn into_owned(self) -> Bucket<'static> {
        Bucket {
            name: self.name.into_owned(),
            region: self.region.into_owned(),
            endpoint: self.endpoint.into_owned(),
            region_set: self.region_set.map(Text::into_owned),
            place: self.place,
        }
    }

    /// The scope of signatures on a day.
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

    /// The regions to sign for with SigV4a.
    pub(crate) fn sigv4a_regions(&self) -> Option<&str> {
        self.region_set.as_deref()
    }

    /// The service in the credential scope.
    pub(crate) const fn signing_service(&self) -> &'static str {
        match &self.place.resource {
            Resource::Directory { .. } => "s3express",
            Resource::Service if self.place.settings.control_endpoint => "s3express",
            Resource::AccessPoint(access_point) => access_point.service,
            Resource::OutpostsAlias { .. } => "s3-outposts",
            _ => "s3",
        }
    }

    pub(crate) const fn is_service(&self) -> bool {
        matches!(self.place.resource, Resource::Service)
    }

    #[cfg(feature = "post")]
    pub(crate) const fn is_directory(&self) -> bool {
        matches!(self.place.resource, Resource::Directory { .. })
    }

    /// Whether requests can be signed with an S3 Express session.
    pub(crate) const fn has_sessions(&self) -> bool {
        matches!(self.place.resource, Resource::Directory { .. }) && !self.place.is_control()
    }
}

/// # Buckets that are checked at compile time
impl Bucket<'static> {
    /// Creates a bucket in a `const` or `static`. Its name and region are checked at compile time.
    ///
    /// A program whose buckets are all created this way contains no code to check them.
    ///
    /// # Panics
    /// If [`Bucket::new`] would return an error. In a `const` or `static`, this is a compiler error.
    ///
    /// # Examples
    /// ```
    /// use presign::Bucket;
    ///
    /// static BUCKET: Bucket<'static> = Bucket::from_static("examplebucket", "eu-west-1");
    /// ```
    ///
    /// An invalid name or region does not compile:
    /// ```compile_fail,E0080
    /// static BUCKET: presign::Bucket<'static> = presign::Bucket::from_static("examplebucket/photos", "eu-west-1");
    /// ```
    /// ```compile_fail,E0080
    /// static BUCKET: presign::Bucket<'static> = presign::Bucket::from_static("examplebucket", "eu west 1");
    /// ```
    #[must_use]
    pub const fn from_static(name: &'static str, region: &'static str) -> Self {
        match Place::parse(Some(name), region) {
            Ok(place) => Self::at(name, region, place),
            Err(error) => refuse(error),
        }
    }

    /// Uses another endpoint, whose URL is checked at compile time.
    ///
    /// # Panics
    /// If [`Bucket::endpoint`] would return an error. In a `const` or `static`, this is a compiler error.
    ///
    /// # Examples
    /// ```
    /// use presign::Bucket;
    ///
    /// const MINIO: Bucket<'static> =
    ///     Bucket::from_static("media", "us-east-1").static_endpoint("http://minio.example:9000").path_style();
    /// ```
    ///
    /// An invalid URL does not compile:
    /// ```compile_fail,E0080
    /// use presign::Bucket;
    ///
    /// const MINIO: Bucket<'static> =
    ///     Bucket::from_static("media", "us-east-1").static_endpoint("minio.example:9000");
    /// ```
    #[must_use]
    pub const fn static_endpoint(mut self, url: &'static str) -> Self {
        match Endpoint::parse(url) {
            Ok(endpoint) => {
                // A `const fn` cannot drop the old text. If `into_owned` allocated it, it leaks.
                let _old = ManuallyDrop::new(mem::replace(&mut self.endpoint, Text::Borrowed(url)));
                self.at_endpoint(endpoint)
            }
            Err(error) => refuse(error),
        }
    }
}

/// Fails compilation with a message.
#[allow(
    clippy::panic,
    reason = "a constant can only fail by a panic; the callers document it"
)]
const fn refuse(error: Error) -> ! {
    match error {
        Error::BucketNameLength { .. } => panic!("bucket name is outside 3 to 255 bytes"),
        Error::InvalidBucketName { .. } | Error::WildcardInBucketName { .. } => {
            panic!("bucket name has bytes other than letters, digits, '.', '-' and '_'")
        }
        Error::InvalidDirectoryBucketName => {
            panic!("directory bucket name does not have the form NAME--ZONE--x-s3")
        }
        Error::InvalidOutpostsAlias => panic!("alias of an Outposts access point is invalid"),
        Error::InvalidArn => panic!("ARN does not name an access point in the region's partition"),
        Error::RegionLength { .. } => panic!("region is outside 1 to 63 bytes"),
        Error::InvalidRegion { .. } => {
            panic!("region has bytes other than letters, digits, inner hyphens and underscores")
        }
        Error::EndpointScheme => panic!("endpoint does not start with http:// or https://"),
        Error::EndpointUserInfo => panic!("endpoint has user information before '@'"),
        Error::EndpointHost => {
            panic!("endpoint host is not a host name, IPv4 address or bracketed IPv6 address")
        }
        Error::EndpointPort => panic!("endpoint port is not a number from 1 to 65535"),
        Error::EndpointPath => {
            panic!("endpoint path is not percent-encoded the way SigV4 requires")
        }
        Error::EndpointQuery => panic!("endpoint has a query"),
        Error::EndpointFragment => panic!("endpoint has a fragment"),
        _ => panic!("bucket is invalid"),
    }
}

impl fmt::Debug for Bucket<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = self
            .place
            .endpoint
            .map(|parts| endpoint::Display(parts, &self.endpoint));
        f.debug_struct("Bucket")
            .field("name", &self.name())
            .field("region", &self.region())
            .field("endpoint", &endpoint)
            .field("settings", &self.place.settings)
            .finish()
    }
}
