//! Where objects are: bucket, region and endpoint.

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
mod place;
mod region;

use endpoint::Endpoint;
use place::{Place, Resource};

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
/// | a directory bucket, `NAME--ZONE--x-s3` | `NAME--ZONE--x-s3.s3express-ZONE.REGION.amazonaws.com` | `s3express`, by a [session](crate::Credentials::express_session_token) or by IAM credentials |
/// | an access point's ARN | `NAME-ACCOUNT.s3-accesspoint.REGION.amazonaws.com` | `s3`, in the ARN's region |
/// | an Object Lambda access point's ARN | `NAME-ACCOUNT.s3-object-lambda.REGION.amazonaws.com` | `s3-object-lambda`, in the ARN's region |
/// | an Outposts access point's ARN | `NAME-ACCOUNT.OUTPOST.s3-outposts.REGION.amazonaws.com` | `s3-outposts`, in the ARN's region |
/// | an Outposts access point's alias, `...--op-s3` | `ALIAS.ec2.s3-outposts.REGION.amazonaws.com`, or `ALIAS.op-ID.s3-outposts...` | `s3-outposts` |
/// | a multi-region access point's ARN | `ALIAS.mrap.accesspoint.s3-global.amazonaws.com` | all regions, by SigV4a (feature `sigv4a`; without it, [`Error::NeedsSigv4a`]) |
///
/// Another access point's alias is a bucket's name. The partition of an ARN has to be that of the bucket's region.
///
/// Settings that AWS refuses to combine, or of which it would drop one silently, are [`Error::EndpointConflict`] when
/// something is signed:
///
/// | setting | not with |
/// |---|---|
/// | [`accelerate`](Self::accelerate) | path style, names that cannot be in a host or have a dot, FIPS, custom endpoint, global endpoint, ARNs, Outposts, directory buckets, the service, regions of `aws-cn` |
/// | [`fips`](Self::fips) | custom endpoint, global endpoint, Outposts, multi-region access points, regions of `aws-cn` |
/// | [`dual_stack`](Self::dual_stack) | custom endpoint, global endpoint, Object Lambda, Outposts, multi-region access points |
/// | [`endpoint`](Self::endpoint) | multi-region access points; at an IP address, all ARNs; for Outposts, `http` and a path; an Outposts alias, unless its region is `beta`, which requires an endpoint |
/// | [`path_style`](Self::path_style) | ARNs (a directory bucket and an Outposts alias ignore it: they have no path style, and every SDK does so) |
/// | [`global_endpoint`](Self::global_endpoint), `aws-global` | custom endpoint, ARNs, Outposts, directory buckets and their control endpoint, regions of other partitions than `aws` |
/// | [`same_region`](Self::same_region) | ARNs of another region |
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
    region: Text<'a>,
    /// The URL of a custom endpoint, or empty.
    endpoint: Text<'a>,
    /// The regions to sign for, where that is done by SigV4a.
    region_set: Option<Text<'a>>,
    place: Place,
}

/// The region whose buckets the legacy global endpoint belongs to.
const US_EAST_1: &str = "us-east-1";

impl<'a> Bucket<'a> {
    /// A bucket at its region's endpoint.
    ///
    /// A name has 3 to 255 letters, digits, `.`, `-` and `_`. (Those with 3 to 63 lower-case letters, digits and
    /// hyphens that start and end with a letter or digit are virtual-hosted.) A region has 1 to 63 letters, digits,
    /// `-` and `_`, with no `-` at either end; S3-compatible stores name theirs freely. `aws-global` stands for
    /// `us-east-1` at the global endpoint, as in the AWS SDKs; FIPS, dual-stack and acceleration are not available there.
    ///
    /// # Errors
    /// [`Error::BucketNameLength`]; [`Error::WildcardInBucketName`] for `*`; [`Error::InvalidBucketName`] for any
    /// other byte; [`Error::InvalidDirectoryBucketName`] for a name that ends in `--x-s3` or `--xa-s3` without a zone
    /// of at most 48 bytes; [`Error::InvalidOutpostsAlias`] for a name of 50 bytes or more that ends in `--op-s3` without
    /// being such an alias; [`Error::InvalidArn`] for an ARN of another form than those in [`Bucket`]'s table, or whose
    /// partition is not that of both regions; [`Error::RegionLength`]; [`Error::InvalidRegion`].
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
    pub const fn new(name: &'a str, region: &'a str) -> Result<Self, Error> {
        match Place::parse(Some(name), region) {
            Ok(place) => Ok(Self::at(name, region, place)),
            Err(error) => Err(error),
        }
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
        let endpoint = Endpoint::parse(url)?;
        self.endpoint = url.into();
        Ok(self.at_endpoint(endpoint))
    }

    const fn at_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.place.endpoint = Some(endpoint);
        self.place.settings.aws_global = false; // the pseudo-region chose an endpoint too, which is not wanted now
        self.styled()
    }

    /// Chooses the style again, after a setting was changed.
    const fn styled(mut self) -> Self {
        self.place = self.place.styled();
        self
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
        self.place.settings.path_style = true;
        self.styled()
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
        self.place.settings.global_endpoint = true;
        self.styled()
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
        self.place.settings.accelerate = true;
        self.styled()
    }

    /// Uses the control endpoint of S3 Express, for the operations on directory buckets themselves: `CreateBucket`,
    /// `DeleteBucket`, those on policies and, without a bucket, `ListDirectoryBuckets`.
    ///
    /// It is path style and signed for `s3express`. As in every AWS SDK, buckets of other kinds and custom endpoints have no
    /// control endpoint, so the setting does not change their host.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-Regions-and-Zones.html>
    ///
    /// # Examples
    /// ```
    /// use presign::Bucket;
    ///
    /// let bucket = Bucket::new("media--usw2-az1--x-s3", "us-west-2")?.control_endpoint();
    /// assert_eq!(bucket.host()?.to_string(), "s3express-control.us-west-2.amazonaws.com");
    /// let all = Bucket::service("us-west-2")?.control_endpoint().dual_stack();
    /// assert_eq!(all.host()?.to_string(), "s3express-control.dualstack.us-west-2.amazonaws.com");
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[must_use]
    pub const fn control_endpoint(mut self) -> Self {
        self.place.settings.control_endpoint = true;
        self.styled()
    }

    /// Refuses the ARN of an access point in another region than the bucket's, as the SDKs do with `UseArnRegion=false`.
    ///
    /// Without it, the ARN's region is used. Signing returns [`Error::EndpointConflict`] if they differ.
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
        match self.place.arn_region {
            Some(region) => region.of(&self.name),
            None => &self.region,
        }
    }

    /// The host that requests go to, with its port where it is not the scheme's default: the `Host` header.
    ///
    /// # Errors
    /// [`Error::EndpointConflict`] for settings that exclude each other; [`Error::HostTooLong`] for a host of more than 253
    /// bytes; [`Error::InvalidRegion`] for a region that cannot be part of an AWS host name (upper case, `_`);
    /// [`Error::NeedsSigv4a`] for a multi-region access point without the feature `sigv4a`.
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
            region: self.region.into_owned(),
            endpoint: self.endpoint.into_owned(),
            region_set: self.region_set.map(Text::into_owned),
            place: self.place,
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

    /// Whether requests can be signed by a session of S3 Express.
    pub(crate) const fn has_sessions(&self) -> bool {
        matches!(self.place.resource, Resource::Directory { .. }) && !self.place.is_control()
    }
}

/// What is checked when the program is compiled.
impl Bucket<'static> {
    /// A bucket in a `const` or `static`, whose name and region are checked when the program is compiled.
    ///
    /// Nothing is left to check at run time, so a program that has such buckets only contains no code to do so.
    ///
    /// # Panics
    /// If [`Bucket::new`] would return an error. In a `const` or `static`, that is an error of the compiler.
    ///
    /// # Examples
    /// ```
    /// use presign::Bucket;
    ///
    /// static BUCKET: Bucket<'static> = Bucket::from_static("examplebucket", "eu-west-1");
    /// assert_eq!(BUCKET.host()?.to_string(), "examplebucket.s3.eu-west-1.amazonaws.com");
    /// # Ok::<(), presign::Error>(())
    /// ```
    ///
    /// A name that cannot be right does not compile:
    /// ```compile_fail,E0080
    /// static BUCKET: presign::Bucket<'static> = presign::Bucket::from_static("examplebucket/photos", "eu-west-1");
    /// ```
    ///
    /// Nor does such a region:
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

    /// Reaches the bucket at another endpoint, whose URL is checked when the program is compiled.
    ///
    /// # Panics
    /// If [`Bucket::endpoint`] would return an error. In a `const` or `static`, that is an error of the compiler.
    ///
    /// # Examples
    /// ```
    /// use presign::Bucket;
    ///
    /// const MINIO: Bucket<'static> =
    ///     Bucket::from_static("media", "us-east-1").static_endpoint("http://minio.example:9000").path_style();
    /// assert_eq!(MINIO.host()?.to_string(), "minio.example:9000");
    /// # Ok::<(), presign::Error>(())
    /// ```
    ///
    /// A URL that cannot be right does not compile:
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
                // A `const fn` cannot drop the old text, so one that `into_owned` allocated would never be freed.
                let _old = ManuallyDrop::new(mem::replace(&mut self.endpoint, Text::Borrowed(url)));
                self.at_endpoint(endpoint)
            }
            Err(error) => refuse(error),
        }
    }
}

/// Stops the compiler with a message.
#[allow(
    clippy::panic,
    reason = "there is no other way to fail in a constant; the functions that come here say so"
)]
const fn refuse(error: Error) -> ! {
    match error {
        Error::BucketNameLength { .. } => panic!("bucket name is outside 3 to 255 bytes"),
        Error::InvalidBucketName { .. } | Error::WildcardInBucketName { .. } => {
            panic!("bucket name has other bytes than letters, digits, '.', '-' and '_'")
        }
        Error::InvalidDirectoryBucketName => {
            panic!("directory bucket name does not have the form NAME--ZONE--x-s3")
        }
        Error::InvalidOutpostsAlias => panic!("alias of an Outposts access point is invalid"),
        Error::InvalidArn => panic!("ARN is not that of an access point in the region's partition"),
        Error::RegionLength { .. } => panic!("region is outside 1 to 63 bytes"),
        Error::InvalidRegion { .. } => {
            panic!("region has other bytes than letters, digits, inner hyphens and underscores")
        }
        Error::EndpointScheme => panic!("endpoint does not start with http:// or https://"),
        Error::EndpointUserInfo => panic!("endpoint has user information before '@'"),
        Error::EndpointHost => {
            panic!("endpoint host is not a host name, IPv4 address or bracketed IPv6 address")
        }
        Error::EndpointPort => panic!("endpoint port is not a number from 1 to 65535"),
        Error::EndpointPath => panic!("endpoint's path is not as SigV4 writes it"),
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
