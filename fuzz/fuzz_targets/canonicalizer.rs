//! Every way of signing any request produces the naive signer's URL, which verifies, or an error that the naive signer
//! expects.
#![no_main]

use libfuzzer_sys::fuzz_target;

mod input;
#[path = "../../tests/support/law.rs"]
mod law;
#[path = "../../tests/support/naive.rs"]
mod naive;

fuzz_target!(|input: input::Input<'_>| {
    law::hold(&input.request());
});
