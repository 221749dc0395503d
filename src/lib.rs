// The first definition of a link wins: these lead to rustdoc pages, the README's own to files.
#![doc = include_str!("../docs/links.md")]
#![cfg_attr(feature = "std", doc = include_str!("../README.md"))]
#![cfg_attr(not(test), no_std)]
#![cfg_attr(presign_docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(all(feature = "std", not(test)))]
extern crate std;

mod bucket;
mod credentials;
#[cfg(feature = "diagnose")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "diagnose")))]
pub mod diagnose;
mod disposition;
mod error;
mod expiry;
mod method;
#[cfg(feature = "alloc")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "alloc")))]
pub mod multipart;
#[cfg(feature = "post")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "post")))]
pub mod post;
#[cfg(feature = "alloc")]
mod presigned_url;
mod presigner;
mod redact;
#[cfg(feature = "alloc")]
mod redactor;
mod rules;
#[cfg(feature = "serde")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "serde")))]
mod serialize;
mod sigv4;
mod text;
mod timestamp;
mod values;
pub mod verify;

// On `wasm32-unknown-unknown` the standard library has no clock: reading it panics.
#[cfg(any(
    all(
        feature = "std",
        not(all(target_family = "wasm", target_os = "unknown"))
    ),
    all(
        feature = "wasm-bindgen",
        target_family = "wasm",
        target_os = "unknown"
    ),
))]
mod clock;

/// How to create the URLs of the S3 console, the AWS CLI and other SDKs.
#[cfg(any(all(doc, not(doctest)), all(doctest, feature = "std")))]
pub mod coming_from {
    #![doc = include_str!("../docs/links.md")]
    #![doc = include_str!("../docs/coming_from.md")]
}

/// Feature comparison with other crates that presign.
#[cfg(any(doc, doctest))]
pub mod comparison {
    #![doc = include_str!("../docs/links.md")]
    #![doc = include_str!("../docs/comparison.md")]
}

/// Design decisions and their trade-offs.
#[cfg(any(doc, doctest))]
pub mod design {
    #![doc = include_str!("../docs/links.md")]
    #![doc = include_str!("../docs/design.md")]
}

/// Why a store refuses a link, and what to do.
#[cfg(any(
    all(doc, not(doctest)),
    all(doctest, feature = "diagnose", feature = "std")
))]
pub mod faq {
    #![doc = include_str!("../docs/links.md")]
    #![doc = include_str!("../docs/faq.md")]
}

/// How presigned URLs work, when they expire, and how to limit them.
#[cfg(any(all(doc, not(doctest)), all(doctest, feature = "std")))]
pub mod guide {
    #![doc = include_str!("../docs/links.md")]
    #![doc = include_str!("../docs/guide.md")]
}

/// How fast the crate is, with the commands that measure it.
#[cfg(doc)]
pub mod performance {
    #![doc = include_str!("../docs/links.md")]
    #![doc = include_str!("../docs/performance.md")]
}

/// Short examples to copy: uploads, parts, forms, other stores.
#[cfg(any(
    all(doc, not(doctest)),
    all(
        doctest,
        feature = "diagnose",
        feature = "http",
        feature = "post",
        feature = "serde",
    )
))]
pub mod recipes {
    #![doc = include_str!("../docs/links.md")]
    #![doc = include_str!("../docs/recipes.md")]
}

/// Region, endpoint and addressing style of stores other than AWS.
#[cfg(any(all(doc, not(doctest)), all(doctest, feature = "std")))]
pub mod stores {
    #![doc = include_str!("../docs/links.md")]
    #![doc = include_str!("../docs/stores.md")]
}

/// What the crate guarantees about secrets and panics, how that is tested, and what is up to you.
#[cfg(any(doc, doctest))]
pub mod security {
    #![doc = include_str!("../SECURITY.md")]
}

pub use bucket::Bucket;
#[cfg(feature = "std")]
#[cfg_attr(presign_docsrs, doc(cfg(feature = "std")))]
pub use credentials::SharedCredentials;
pub use credentials::{Credentials, Identity};
pub use error::{Error, ErrorKind};
pub use expiry::ExpiryPolicy;
pub use method::Method;
#[cfg(feature = "alloc")]
pub use presigned_url::{Explanation, PresignedUrl};
#[cfg(feature = "alloc")]
pub use presigner::Urls;
pub use presigner::{Advisory, Batch, Checksum, Encryption, Presigner};
pub use redact::redact;
#[cfg(feature = "alloc")]
pub use redactor::Redactor;
pub use sigv4::signing_key::SigningKey;
pub use timestamp::Timestamp;
