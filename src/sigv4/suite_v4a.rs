//! AWS's test suite for Signature Version 4A in the query, run with the parts of this module.
//!
//! `tests/multi_region.rs` verifies the same signatures with another implementation.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};

use super::signing_key::{Key, derive};
use super::suite::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, scope, walk};

const SUITE: &str = include_str!("../../tests/data/sigv4a_suite.txt");

#[test]
fn every_case() {
    let expected = SUITE
        .lines()
        .find_map(|line| line.strip_prefix("public-key "));
    let expected = bytes(expected.unwrap());
    let Ok(Key::Ecdsa(key)) = derive(ACCESS_KEY_ID, SECRET_ACCESS_KEY, &scope(None)) else {
        panic!("not a key pair")
    };
    assert_eq!(key.public_key().to_sec1_point(false).as_bytes(), expected);
    let public_key = VerifyingKey::from_sec1_bytes(&expected).unwrap();

    walk(SUITE, None, |case, string, ours| {
        let name = case.name;
        assert_eq!(ours, case.deterministic, "{name}: signature");
        assert_eq!(case.signatures.len(), 2, "{name}");
        for signature in case.signatures.iter().copied().chain([ours]) {
            let signature = Signature::from_der(&bytes(signature)).unwrap();
            let verified = public_key.verify(string.as_bytes(), &signature);
            assert!(verified.is_ok(), "{name}");
        }
    });
}

#[track_caller]
fn bytes(hexadecimal: &str) -> Vec<u8> {
    let mut bytes = vec![0; hexadecimal.len() / 2];
    hex::decode_to_slice(hexadecimal, &mut bytes).unwrap();
    bytes
}
