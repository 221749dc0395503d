//! What clients, SDKs and people commonly do.

/// Values that clients use as the content type.
pub(super) const CONTENT_TYPES: [&str; 20] = [
    "application/octet-stream",
    "binary/octet-stream",
    "application/x-www-form-urlencoded",
    "application/json",
    "text/plain",
    "text/plain; charset=utf-8",
    "text/plain;charset=UTF-8",
    "multipart/form-data",
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "image/svg+xml",
    "application/pdf",
    "application/zip",
    "application/xml",
    "text/csv",
    "text/html",
    "video/mp4",
    "audio/mpeg",
];

/// Parameters that SDKs sign and that are then lost.
pub(super) const ADDED_BY_SDKS: [(&str, &str); 9] = [
    ("x-id", "GetObject"),
    ("x-id", "PutObject"),
    ("x-id", "HeadObject"),
    ("x-id", "DeleteObject"),
    ("x-id", "UploadPart"),
    ("x-amz-checksum-mode", "ENABLED"),
    ("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"),
    ("response-content-disposition", "attachment"),
    ("response-content-disposition", "inline"),
];

/// Expiries that people choose, in seconds.
pub(super) const EXPIRIES: [u32; 22] = [
    30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 14400, 21600, 28800, 36000,
    43200, 86400, 172_800, 259_200, 432_000, 604_800,
];

pub(super) const SERVICES: [&str; 4] = ["s3", "s3express", "s3-outposts", "s3-object-lambda"];

pub(super) const REGIONS: [&str; 38] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "auto",
];

/// Host names of a store on a container network or on one machine, which people replace with one that the client can
/// reach.
pub(super) const DOCKER_HOSTS: [&str; 16] = [
    "minio",
    "localhost",
    "127.0.0.1",
    "host.docker.internal",
    "0.0.0.0",
    "[::1]",
    "s3",
    "storage",
    "localstack",
    "garage",
    "rustfs",
    "seaweedfs",
    "ceph",
    "rgw",
    "minio1",
    "s3.localhost.localstack.cloud",
];

/// Ports of HTTP and of stores: MinIO, Garage, Ceph, SeaweedFS, LocalStack.
pub(super) const PORTS: [u16; 12] = [
    80, 443, 9000, 9001, 8000, 8080, 8333, 8443, 3900, 4566, 7480, 9090,
];
