//! Settings that cannot be combined.

use super::bytes::equal;
use super::place::{Place, Resource};
use super::region::AWS;
use crate::error::Error;

macro_rules! facts {
    ($($fact:ident = $bit:literal, $name:literal;)*) => {
        /// A setting or property that may conflict with another one. Each is a bit.
        #[derive(Clone, Copy)]
        #[repr(u32)]
        enum Fact {
            $($fact = 1 << $bit,)*
        }

        impl Fact {
            const fn name(self) -> &'static str {
                match self {
                    $(Self::$fact => $name,)*
                }
            }
        }
    };
}

facts! {
    Accelerate = 0, "accelerate";
    Fips = 1, "FIPS";
    DualStack = 2, "dual-stack";
    PathStyle = 3, "path style";
    GlobalEndpoint = 4, "global endpoint";
    AwsGlobal = 5, "region aws-global";
    MultiRegion = 6, "multi-region access point";
    Arn = 7, "ARN";
    CustomEndpoint = 8, "custom endpoint";
    DirectoryBucket = 9, "directory bucket";
    China = 10, "region of aws-cn";
    NoBucket = 11, "request without a bucket";
    Outposts = 12, "Outposts access point";
    ObjectLambda = 13, "Object Lambda access point";
    OtherPartition = 14, "region of another partition";
    IpAddress = 15, "endpoint at an IP address";
    OtherRegion = 16, "ARN of another region";
    SameRegion = 17, "same region";
    HttpEndpoint = 18, "http endpoint";
    EndpointPath = 19, "endpoint with a path";
    OutpostsAlias = 20, "Outposts alias";
    BetaOutpost = 21, "Outposts alias of a beta region";
    OwnEndpoint = 22, "endpoint of the region";
    ControlEndpoint = 23, "control endpoint";
}

impl Fact {
    const fn bit_if(self, is_true: bool) -> u32 {
        if is_true { self as u32 } else { 0 }
    }
}

/// The first pair that applies is reported. For Outposts, AWS ignores the scheme and path of an endpoint; for their aliases
/// it ignores the whole endpoint. Here nothing is ignored silently.
const CONFLICTS: [(Fact, Fact); 41] = [
    (Fact::Accelerate, Fact::Fips),
    (Fact::Accelerate, Fact::PathStyle),
    (Fact::Accelerate, Fact::CustomEndpoint),
    (Fact::Accelerate, Fact::GlobalEndpoint),
    (Fact::Accelerate, Fact::AwsGlobal),
    (Fact::Accelerate, Fact::Arn),
    (Fact::Accelerate, Fact::DirectoryBucket),
    (Fact::Accelerate, Fact::China),
    (Fact::Accelerate, Fact::NoBucket),
    (Fact::Accelerate, Fact::Outposts),
    (Fact::Fips, Fact::CustomEndpoint),
    (Fact::Fips, Fact::GlobalEndpoint),
    (Fact::Fips, Fact::AwsGlobal),
    (Fact::Fips, Fact::Outposts),
    (Fact::Fips, Fact::MultiRegion),
    (Fact::Fips, Fact::China),
    (Fact::DualStack, Fact::CustomEndpoint),
    (Fact::DualStack, Fact::GlobalEndpoint),
    (Fact::DualStack, Fact::AwsGlobal),
    (Fact::DualStack, Fact::ObjectLambda),
    (Fact::DualStack, Fact::Outposts),
    (Fact::DualStack, Fact::MultiRegion),
    (Fact::PathStyle, Fact::Arn),
    (Fact::GlobalEndpoint, Fact::CustomEndpoint),
    (Fact::GlobalEndpoint, Fact::Arn),
    (Fact::GlobalEndpoint, Fact::DirectoryBucket),
    (Fact::GlobalEndpoint, Fact::Outposts),
    (Fact::GlobalEndpoint, Fact::ControlEndpoint),
    (Fact::GlobalEndpoint, Fact::OtherPartition),
    (Fact::AwsGlobal, Fact::Arn),
    (Fact::AwsGlobal, Fact::DirectoryBucket),
    (Fact::AwsGlobal, Fact::Outposts),
    (Fact::AwsGlobal, Fact::ControlEndpoint),
    (Fact::Arn, Fact::IpAddress),
    (Fact::MultiRegion, Fact::CustomEndpoint),
    (Fact::SameRegion, Fact::OtherRegion),
    (Fact::OutpostsAlias, Fact::CustomEndpoint),
    (Fact::BetaOutpost, Fact::OwnEndpoint),
    (Fact::Outposts, Fact::IpAddress),
    (Fact::Outposts, Fact::HttpEndpoint),
    (Fact::Outposts, Fact::EndpointPath),
];

/// The first conflict.
pub(super) const fn find(place: &Place) -> Option<Error> {
    let facts = facts(place);
    let mut rest: &[(Fact, Fact)] = &CONFLICTS;
    while let [(one, other), after @ ..] = rest {
        if facts & *one as u32 != 0 && facts & *other as u32 != 0 {
            return Some(Error::EndpointConflict {
                one: one.name(),
                other: other.name(),
            });
        }
        rest = after;
    }
    None
}

/// The bits of the facts that are true.
const fn facts(place: &Place) -> u32 {
    let settings = place.settings;
    let endpoint = match place.endpoint {
        Some(endpoint) => {
            Fact::CustomEndpoint as u32
                | Fact::IpAddress.bit_if(endpoint.is_ip)
                | Fact::HttpEndpoint.bit_if(!endpoint.https)
                | Fact::EndpointPath.bit_if(endpoint.path.len() > 0)
        }
        None => Fact::OwnEndpoint as u32,
    };
    let resource = match place.resource {
        Resource::Service => {
            Fact::NoBucket as u32 | Fact::ControlEndpoint.bit_if(settings.control_endpoint)
        }
        Resource::Bucket { .. } => 0,
        Resource::Directory { .. } => Fact::DirectoryBucket as u32,
        Resource::OutpostsAlias { is_beta, .. } => {
            Fact::Outposts as u32
                | Fact::BetaOutpost.bit_if(is_beta)
                | Fact::OutpostsAlias.bit_if(!is_beta)
        }
        Resource::MultiRegion { .. } => Fact::Arn as u32 | Fact::MultiRegion as u32,
        Resource::AccessPoint(point) => {
            Fact::Arn as u32
                | Fact::Outposts.bit_if(point.outpost.is_some())
                | Fact::ObjectLambda.bit_if(equal(point.service.as_bytes(), b"s3-object-lambda"))
        }
    };
    endpoint
        | resource
        | Fact::Accelerate.bit_if(settings.accelerate)
        | Fact::Fips.bit_if(settings.fips)
        | Fact::DualStack.bit_if(settings.dual_stack)
        | Fact::PathStyle.bit_if(settings.path_style)
        | Fact::GlobalEndpoint.bit_if(settings.global_endpoint)
        | Fact::AwsGlobal.bit_if(settings.aws_global)
        | Fact::SameRegion.bit_if(settings.same_region)
        | Fact::OtherRegion.bit_if(place.is_other_region)
        | Fact::China.bit_if(place.partition.is("aws-cn"))
        | Fact::OtherPartition.bit_if(!place.partition.is(AWS.name))
}
