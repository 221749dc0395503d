//! `run` starts this, with the installed SDKs in `PRESIGN_SDKS`.

use presign_differential::runner::{number_of_cases, ours, seed};
use presign_differential::sdk::{SDKS, calls, compare, hold, start};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

#[test]
fn sdks() {
    let installed = std::env::var("PRESIGN_SDKS").unwrap_or_default();
    for sdk in SDKS {
        if !installed.split(' ').any(|name| name == sdk.name) {
            println!("skipped {}: not named by PRESIGN_SDKS", sdk.name);
            continue;
        }
        let process = start(&sdk).unwrap();
        let seed = seed();
        match hold(&sdk, &process, &ours, seed, number_of_cases() / 10) {
            Ok(compared) => println!(
                "{}: {compared} calls, 0 differences (PRESIGN_SEED={seed})",
                process.version()
            ),
            Err(report) => panic!("{report}"),
        }

        // The comparison can fail.
        let defective = |case: &_| {
            let mut signed = ours(case)?;
            let last = if signed.signature.ends_with('0') {
                "1"
            } else {
                "0"
            };
            signed.signature.replace_range(63.., last);
            Ok(signed)
        };
        let call = calls().new_tree(&mut TestRunner::deterministic()).unwrap();
        let report = compare(&sdk, &process, &defective, &call.current()).unwrap_err();
        assert!(report.contains(" differ in signature\n"), "{report}");
    }
}
