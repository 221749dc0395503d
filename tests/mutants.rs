//! The tests that detect the most mutants, as one program that stops at the first failure. `.ci/mutants` builds it once
//! for each mutant. `cargo test` runs these tests from their own files.
#![allow(clippy::duplicate_mod, reason = "each brings what it needs")]

#[path = "advisories.rs"]
mod advisories;
#[path = "bad_input.rs"]
mod bad_input;
#[path = "conformance.rs"]
mod conformance;
#[path = "diagnose.rs"]
mod diagnose;
#[path = "limits.rs"]
mod limits;
#[path = "multi_region.rs"]
mod multi_region;
#[path = "no_alloc.rs"]
mod no_alloc;
#[path = "post_forms.rs"]
mod post_forms;
#[path = "post_policies.rs"]
mod post_policies;
#[path = "presigned_urls.rs"]
mod presigned_urls;
#[path = "printed.rs"]
mod printed;
#[path = "properties.rs"]
mod properties;
#[path = "secrets.rs"]
mod secrets;
#[path = "serialize.rs"]
mod serialize;
#[path = "verify.rs"]
mod verify;
#[path = "verify_no_alloc.rs"]
mod verify_no_alloc;
#[path = "verify_post.rs"]
mod verify_post;
#[path = "verify_sdks.rs"]
mod verify_sdks;
#[path = "windows.rs"]
mod windows;

/// Tests run in the order of their names. `secrets::the_watch_sees` panics on purpose, so it must be skipped.
#[test]
fn a_failure_ends_all() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic);
        std::process::exit(101);
    }));
}
