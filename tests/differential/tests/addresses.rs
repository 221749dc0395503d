//! Random buckets have the addresses that AWS's rules require, as evaluated by botocore. `run` starts these tests.

use std::cell::RefCell;
use std::collections::BTreeMap;

use presign::Error;
use presign_differential::address::{Address, Parameters, Rules, parameters};
use presign_differential::runner::{number_of_addresses, runner, seed};
use proptest::test_runner::{TestCaseError, TestError};

#[test]
fn rules() {
    let (seed, cases) = (seed(), number_of_addresses());
    match differences(Parameters::resolve, seed, cases) {
        Ok((version, reasons)) => {
            println!(
                "{version}: {cases} addresses, 0 differences without a reason (PRESIGN_SEED={seed})"
            );
            for (reason, count) in reasons {
                println!("{count:6} {reason}");
            }
        }
        Err(report) => panic!(
            "{report}\n\nAgain: PRESIGN_SEED={seed} PRESIGN_ADDRESSES={cases} tests/differential/run"
        ),
    }
}

/// The test above can fail.
#[test]
fn a_wrong_host_or_scope_is_seen() {
    let wrong_host = |parameters: &Parameters| {
        let mut address = parameters.resolve()?;
        address.url = address.url.replace("s3-accesspoint", "s3-access-point");
        Ok(address)
    };
    let wrong_service = |parameters: &Parameters| {
        let mut address = parameters.resolve()?;
        address.schemes[0].1 = "s3".to_owned();
        Ok(address)
    };
    assert!(differences(wrong_host, 1, 2000).is_err());
    assert!(differences(wrong_service, 1, 2000).is_err());
}

type Reasons = BTreeMap<&'static str, usize>;

fn differences(
    ours: impl Fn(&Parameters) -> Result<Address, Error>,
    seed: u64,
    cases: u32,
) -> Result<(String, Reasons), String> {
    let rules = RefCell::new(Rules::start().unwrap());
    let reasons = RefCell::new(Reasons::new());
    let compare = |parameters: &Parameters| {
        let theirs = rules.borrow_mut().resolve(parameters)?;
        parameters.compare(&ours(parameters), &theirs, |reason| {
            *reasons.borrow_mut().entry(reason).or_default() += 1;
        })
    };
    let run = runner(seed, cases).run(&parameters(), |parameters| {
        compare(&parameters).map_err(TestCaseError::fail)
    });
    match run {
        Ok(()) => {}
        Err(TestError::Abort(reason)) => panic!("no cases: {reason}"),
        Err(TestError::Fail(_, parameters)) => {
            return Err(compare(&parameters).err().unwrap_or_default());
        }
    }
    let version = rules.borrow().version.clone();
    Ok((version, reasons.into_inner()))
}
