//! Every self-consistent URL of an SDK is accepted at its signing time and with its headers. Rejections of the others
//! are counted.
#![cfg(all(feature = "alloc", feature = "sigv4a"))]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    dead_code,
    reason = "a test may panic; the modules are the ones of `tests/conformance.rs`"
)]

use std::collections::BTreeMap;

#[path = "support/asking.rs"]
mod asking;
#[path = "support/parts.rs"]
mod parts;
#[path = "support/sdk_case.rs"]
mod sdk_case;

use sdk_case::Case;

/// The rejections, with the reason under which `tests/data/presigned_urls.md` lists the URL, and the number of URLs.
///
/// One URL of three SDKs is self-consistent but refused: `/`, `+` and `=` in its upload ID are not encoded, and a URL
/// must be encoded as it was signed.
const REFUSED: [(&str, &str, usize); 18] = [
    ("DuplicateParameter", "express-token-header", 4),
    ("ExpiryOutOfRange", "expiry", 13),
    ("InvalidValue", "line-break", 5),
    ("MalformedUrl", "no-scheme", 1),
    ("NotCanonical", "", 1),
    ("NotCanonical", "arn-in-path", 3),
    ("NotCanonical", "bucket-of-one-letter", 1),
    ("NotCanonical", "slash-encoded", 9),
    ("NotCanonical", "slash-in-bucket", 5),
    ("SignatureMismatch", "bucket-name", 1),
    ("SignatureMismatch", "default-port", 4),
    ("SignatureMismatch", "encoded-twice", 1),
    ("SignatureMismatch", "host-as-written", 5),
    ("SignatureMismatch", "other-host", 2),
    ("SignatureMismatch", "payload-hash", 1),
    ("SignatureMismatch", "white-space", 3),
    ("SignedHeaderMissing", "payload-hash", 2),
    ("TwoAuthentications", "reserved-header", 1),
];

#[test]
fn sdks() {
    let mut accepted = 0;
    let mut refused = BTreeMap::<(String, String), usize>::new();
    for case in Case::all(include_str!("data/presigned_urls.jsonl")) {
        for (row, _) in LISTS.into_iter().flat_map(|list| case.rows(list)) {
            let Err(rejection) = case.verify(row) else {
                accepted += 1;
                continue;
            };
            let debug = format!("{rejection:?}");
            let variant = debug.split(' ').next().unwrap().to_owned();
            let reason = row["differs"].as_str().unwrap_or_default().to_owned();
            *refused.entry((variant, reason)).or_default() += 1;
        }
    }
    let refused: Vec<_> = refused
        .iter()
        .map(|((variant, reason), count)| (variant.as_str(), reason.as_str(), *count))
        .collect();
    assert_eq!(refused, REFUSED);
    assert_eq!(accepted, 1324);
}

const LISTS: [&str; 2] = ["urls", "sigv4a"];
