//! Every URL of an SDK that is self-consistent is accepted, at its signing time and with its headers; of the others the
//! rejections are counted.
#![cfg(feature = "alloc")]
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

#[test]
fn sdks() {
    let mut counts = BTreeMap::<String, usize>::new();
    for case in Case::all(include_str!("data/presigned_urls.jsonl")) {
        for (row, sdks) in ["urls", "sigv4a"]
            .into_iter()
            .flat_map(|list| case.rows(list))
        {
            let verdict = match case.verify(row) {
                Ok(()) => "accepted".to_owned(),
                Err(rejection) => format!("{rejection:?} {}", row["differs"]),
            };
            println!("{} {sdks:?}: {verdict}", case.id());
            *counts.entry(verdict).or_default() += 1;
        }
    }
    let counts: Vec<_> = counts.into_iter().collect();
    assert_eq!(counts, []);
}
