//! `run` starts this: the library's verifier and an independent one agree on random requests.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use presign_differential::arrival::Arrival;
use presign_differential::aws_sigv4::AwsSigv4;
use presign_differential::damage::{Story, stories};
use presign_differential::oracle::{STRICTER, Stricter, judge};
use presign_differential::runner::{Peer, number_of_cases, runner, seed};
use proptest::test_runner::{TestCaseError, TestError};

/// The verdict, if both agree on a request.
enum Verdict {
    Accepted,
    Refused(&'static str),
    /// Refused by the library alone, for the reason with this index in [`STRICTER`].
    Stricter(usize),
}

fn compare(aws: &AwsSigv4, arrival: &Arrival) -> Result<Verdict, String> {
    match (arrival.verify(), judge(aws, arrival)) {
        (Ok(ours), Ok(theirs)) if ours == theirs => Ok(Verdict::Accepted),
        (Err(_), Err(rule)) => Ok(Verdict::Refused(rule)),
        (Err(rejection), Ok(theirs)) => Stricter::find(arrival, &rejection)
            .map(Verdict::Stricter)
            .ok_or_else(|| format!("presign refuses: {rejection}; the other judge: {theirs:?}")),
        (ours, theirs) => Err(format!("presign: {ours:?}; the other judge: {theirs:?}")),
    }
}

fn tell(aws: &AwsSigv4, story: &Story) -> Result<Verdict, String> {
    let arrival = story.arrival(aws)?;
    compare(aws, &arrival).map_err(|report| format!("{report}\n\n{arrival:#?}"))
}

#[test]
fn verdicts() {
    let aws = AwsSigv4::start();
    let (seed, cases) = (seed(), number_of_cases());
    let (accepted, refused) = (Cell::new(0), RefCell::new(BTreeMap::<_, u32>::new()));
    let stricter = RefCell::new([0_u32; STRICTER.len()]);
    let run = runner(seed, cases).run(&stories(aws.limits()), |story| {
        match tell(&aws, &story).map_err(TestCaseError::fail)? {
            Verdict::Accepted => accepted.set(accepted.get() + 1),
            Verdict::Refused(rule) => *refused.borrow_mut().entry(rule).or_default() += 1,
            Verdict::Stricter(at) => stricter.borrow_mut()[at] += 1,
        }
        Ok(())
    });
    match run {
        Ok(()) => {}
        Err(TestError::Abort(reason)) => panic!("no cases: {reason}"),
        Err(TestError::Fail(_, story)) => {
            let report = tell(&aws, &story).err().unwrap_or_default();
            panic!(
                "{report}\n\n{story:#?}\n\nAgain: PRESIGN_SEED={seed} PRESIGN_CASES={cases} tests/differential/run"
            );
        }
    }
    let (accepted, refused, stricter) = (accepted.get(), refused.take(), stricter.take());
    println!(
        "verdicts: {cases} requests; both accept {accepted}, both refuse {}, presign alone refuses {}, \
         the other judge alone 0 (PRESIGN_SEED={seed})",
        refused.values().sum::<u32>(),
        stricter.iter().sum::<u32>()
    );
    println!("both refuse, because of:");
    for (rule, count) in &refused {
        println!("{count:6} {rule}");
    }
    println!("presign alone refuses:");
    for (Stricter { what, why, .. }, count) in STRICTER.iter().zip(stricter) {
        println!("{count:6} {what}; {why}");
    }
    if cases >= 2000 {
        // The test is meaningful: neither verdict is rare, and every listed reason occurs.
        assert!(accepted > cases / 8 && refused.values().sum::<u32>() > cases / 4);
        assert!(stricter.iter().all(|count| *count > 0), "{stricter:?}");
    }
}

/// The test above can fail: a verifier with a different secret disagrees.
#[test]
fn a_wrong_verdict_is_seen() {
    let aws = AwsSigv4::start();
    let seen = runner(1, 200).run(&stories(aws.limits()), |story| {
        let arrival = story.arrival(&aws).map_err(TestCaseError::fail)?;
        let mut other = arrival.clone();
        other.secret_access_key += "x";
        match (arrival.verify(), judge(&aws, &other)) {
            (Ok(_), Err(_)) => Err(TestCaseError::fail("seen")),
            _ => Ok(()),
        }
    });
    assert!(matches!(seen, Err(TestError::Fail(..))));
}
