//! `run` starts these, with a Python that has botocore.

use presign_differential::aws_sigv4::AwsSigv4;
use presign_differential::botocore::Botocore;
use presign_differential::case::{self, Case};
use presign_differential::runner::{Peer, compare, hold, hold_sigv4a, number_of_cases, ours, seed};
use presign_differential::signed::Signed;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

#[test]
fn aws_sigv4() {
    all_agree(&AwsSigv4::start());
}

#[test]
fn botocore() {
    all_agree(&Botocore::start().unwrap());
}

#[test]
fn aws_sigv4_by_sigv4a() {
    let peer = AwsSigv4::start();
    let (seed, cases) = (seed(), number_of_cases() / 8); // ECDSA is slower
    match hold_sigv4a(&peer, &ours, seed, cases) {
        Ok(compared) => println!(
            "{} by SigV4a: {compared} cases, 0 differences (PRESIGN_SEED={seed})",
            peer.name()
        ),
        Err(difference) => panic!("{}", difference.report),
    }
}

fn all_agree(peer: &dyn Peer) {
    let (seed, cases) = (seed(), number_of_cases());
    match hold(peer, &ours, seed, cases) {
        Ok(compared) => println!(
            "{}: {compared} cases, 0 differences (PRESIGN_SEED={seed})",
            peer.name()
        ),
        Err(difference) => panic!("{}", difference.report),
    }
}

/// The tests above can fail: any changed byte of a URL is a difference.
#[test]
fn every_damaged_byte_is_seen() {
    let peers: [&dyn Peer; 2] = [&AwsSigv4::start(), &Botocore::start().unwrap()];
    for peer in peers {
        let case = case::cases(peer.limits())
            .prop_filter("has one of everything", |case| {
                case.key.is_some()
                    && case.session_token.is_some()
                    && !case.query.is_empty()
                    && !case.headers.is_empty()
            })
            .new_tree(&mut TestRunner::deterministic())
            .unwrap()
            .current();
        let right = ours(&case).unwrap();
        compare(peer, &|_| Ok(right.clone()), &case).unwrap();
        let url = url(&right);
        for at in 0..url.len() {
            let wrong = Signed::new(
                &damaged(&url, at),
                &right.canonical_request,
                &right.string_to_sign,
            );
            assert!(
                compare(peer, &|_| Ok(wrong.clone()), &case).is_err(),
                "{}: byte {at} of {url}",
                peer.name()
            );
        }
    }
}

/// The report is small and shows both sides.
#[test]
fn a_difference_is_shrunk_and_shown() {
    // One wrong byte in keys, only if there is a query: a defect that needs a certain kind of request.
    let defective = |case: &Case| {
        let mut case = case.clone();
        if let Some(key) = case.key.as_mut().filter(|_| !case.query.is_empty()) {
            *key = damaged(key, 0);
        }
        ours(&case)
    };
    let peers: [&dyn Peer; 2] = [&AwsSigv4::start(), &Botocore::start().unwrap()];
    for peer in peers {
        let difference = hold(peer, &defective, 1, 1000).unwrap_err();
        let (case, report) = (difference.case, difference.report);
        assert_eq!(case.query.len(), 1, "{report}");
        assert!(
            case.headers.is_empty() && case.session_token.is_none(),
            "{report}"
        );
        let key = case.key.unwrap();
        assert_eq!(key.len(), 1, "{report}");
        for expected in [
            format!(
                "presign and {} differ in signature, path, canonical request, string to sign\n",
                peer.name()
            ),
            "-- canonical request".to_owned(),
            "UNSIGNED-PAYLOAD".to_owned(),
            " ≠ ".to_owned(),
            "PRESIGN_SEED=1 ".to_owned(),
        ] {
            assert!(report.contains(&expected), "{expected} is not in\n{report}");
        }
    }
}

fn url(signed: &Signed) -> String {
    let query = signed.query.join("&");
    format!(
        "{}{}?{query}&X-Amz-Signature={}",
        signed.origin, signed.path, signed.signature
    )
}

/// The text with a different character in place of the one that contains the byte `at`.
fn damaged(text: &str, at: usize) -> String {
    let start = (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap();
    let old = text[start..].chars().next().unwrap();
    let new = if old == '0' { '1' } else { '0' };
    format!("{}{new}{}", &text[..start], &text[start + old.len_utf8()..])
}
