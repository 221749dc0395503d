//! MinIO, SeaweedFS and Garage.

use super::{
    CHANGED, CRC32, DOTS, Expected, FORM_TOKEN, HEADER, LIFETIME, OUTSIDE, REGION, SCOPE, SHA256,
    SLASHES, UNKNOWN_TOKEN, no, on,
};
use crate::check::Kind::{Code, Lax};

const MINIO: &str = "MinIO";

pub(super) static ROWS: &[Expected] = &[
    on(
        MINIO,
        Code,
        &["signed: storage class"],
        &["another value"],
        "It checks the storage class before the signature",
    ),
    on(
        MINIO,
        Code,
        &[SHA256, CRC32],
        &["another body"],
        "It has another code for a body whose checksum differs",
    ),
    on(
        MINIO,
        Code,
        &[
            "a range",
            "signed: content type",
            "signed: MD5",
            SHA256,
            CRC32,
            "signed: metadata",
            "signed: storage class",
        ],
        &[],
        "It answers `AccessDenied` with status 400 if a signed header is missing",
    ),
    on(
        MINIO,
        Code,
        &[SCOPE],
        &["signed headers, one more"],
        "It answers `AccessDenied` with status 400 if a signed header is missing",
    ),
    on(
        MINIO,
        Code,
        &[HEADER],
        &["x-amz-meta-more"],
        "It refuses unsigned metadata with status 400",
    ),
    no(
        MINIO,
        "400 XMinioInvalidObjectName",
        &[SLASHES],
        &["//", "///", "trailing //"],
        "It refuses keys with `//`",
    ),
    no(
        MINIO,
        "found under another key",
        &[SLASHES],
        &["leading /"],
        "It removes a leading `/`",
    ),
    no(
        MINIO,
        "400 XMinioInvalidResourceName",
        &[DOTS],
        &[],
        "It refuses keys with dot segments",
    ),
    on(
        MINIO,
        Code,
        &["session token: issued", UNKNOWN_TOKEN, FORM_TOKEN],
        &[],
        "It has another code for a wrong token",
    ),
    on(
        MINIO,
        Code,
        &[OUTSIDE, CHANGED],
        &[],
        "It has other codes for a form without a key or signature",
    ),
    on(
        MINIO,
        Lax,
        &[LIFETIME],
        &["Expires twice"],
        "It uses the first of two `X-Amz-Expires`",
    ),
    on(
        MINIO,
        Code,
        &[SCOPE, REGION],
        &[],
        "It has other codes for another service or region",
    ),
    on(
        MINIO,
        Code,
        &["damaged: method"],
        &[],
        "It refuses `POST` to an object before it verifies the signature",
    ),
    on(
        MINIO,
        Lax,
        &[HEADER],
        &["x-amz-acl"],
        "It accepts unsigned `x-amz-...` headers, except metadata",
    ),
];
