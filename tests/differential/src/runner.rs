//! Random cases, each signed twice.

use std::cell::Cell;
use std::env;
use std::time::SystemTime;

use presign::{Bucket, Credentials, Error, Identity, Presigner, Timestamp};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::arrival::{Arrival, pairs};
use crate::aws_sigv4::sigv4a_holds;
use crate::case::{self, Case, Limits};
use crate::signed::{Signed, side_by_side};

/// Another implementation of Signature Version 4 in the query.
pub trait Peer {
    /// Its name and version.
    fn name(&self) -> String;

    /// The cases that it supports.
    fn limits(&self) -> Limits;

    /// Signs.
    ///
    /// # Errors
    /// Its error, if it refused.
    fn sign(&self, case: &Case) -> Result<Signed, String>;
}

/// A case in which the two sides differ, shrunk as far as possible.
#[derive(Debug)]
pub struct Difference {
    /// The case.
    pub case: Case,
    /// The difference, for people.
    pub report: String,
}

/// Signs with the library.
///
/// # Errors
/// The library's error, if it refuses.
pub fn ours(case: &Case) -> Result<Signed, Error> {
    let place = &case.place;
    let mut bucket = match &place.bucket {
        Some(name) => Bucket::new(name, &place.region)?,
        None => Bucket::service(&place.region)?,
    };
    if let Some(endpoint) = &place.endpoint {
        bucket = bucket.endpoint(endpoint)?;
    }
    if place.path_style {
        bucket = bucket.path_style();
    }
    let mut credentials = Credentials::new(&case.access_key_id, &case.secret_access_key);
    if let Some(token) = &case.session_token {
        credentials = match place.service {
            "s3express" => credentials.express_session_token(token),
            _ => credentials.session_token(token),
        };
    }
    // A multi-region access point automatically has the region set `*`.
    let by_itself = place.region_set.as_deref() == Some("*")
        && place
            .bucket
            .as_ref()
            .is_some_and(|name| name.ends_with(".mrap"));
    if let Some(set) = place.region_set.as_ref().filter(|_| !by_itself) {
        bucket = bucket.region_set(set)?;
    }
    let at = Timestamp::from_unix(case.time);
    let derived;
    let mut identity = Identity::from(&credentials);
    if case.derived_key {
        derived = credentials.signing_key(&bucket, at)?;
        identity = Identity::from(&derived);
    }
    let query = pairs(&case.query);
    let headers = pairs(&case.headers);
    let presigner = match &case.key {
        Some(key) => Presigner::new(case.method, identity, &bucket, key),
        None => Presigner::bucket(case.method, identity, &bucket),
    };
    let presigner = presigner
        .expires_in(core::time::Duration::from_secs(case.expires.into()))
        .allow_dot_segments()
        .query(&query)
        .headers(&headers);
    let explanation = presigner.explain_at(at)?;
    Ok(Signed::new(
        presigner.sign_at(at)?.as_str(),
        explanation.canonical_request(),
        explanation.string_to_sign(),
    ))
}

/// Signs a case on both sides.
///
/// # Errors
/// A report of their difference.
pub fn compare(
    peer: &dyn Peer,
    ours: &dyn Fn(&Case) -> Result<Signed, Error>,
    case: &Case,
) -> Result<(), String> {
    let name = peer.name();
    let ours = ours(case).map_err(|error| format!("presign refuses: {error}"))?;
    let mut theirs = peer
        .sign(case)
        .map_err(|error| format!("{name} refuses: {error}"))?;
    // Peers leave the host in the URL unchanged; the library writes it as clients send it.
    theirs.origin.clone_from(&case.place.origin);
    let mut differences = ours.differences(&theirs);
    if case.place.region_set.is_some() {
        // A text has many valid ECDSA signatures, so each side's must verify with the other side's key.
        differences.retain(|part| *part != "signature");
        let (id, secret) = (&case.access_key_id, &case.secret_access_key);
        if !sigv4a_holds(id, secret, &theirs.string_to_sign, &ours.signature) {
            differences.push("what the key of aws-sigv4 verifies");
        }
    }
    if differences.is_empty() {
        return verify(case, &theirs).map_err(|error| format!("{name}: {error}"));
    }
    Err(format!(
        "presign and {name} differ in {}\n\n{}",
        differences.join(", "),
        side_by_side(["presign", &name], &ours, &theirs)
    ))
}

/// The library's verifier accepts the URL of a peer, and refuses it with one byte changed.
fn verify(case: &Case, signed: &Signed) -> Result<(), String> {
    let mut arrival = Arrival::new(case, signed.url());
    if let Err(rejection) = arrival.verify() {
        return Err(format!("the verifier refuses {}: {rejection}", arrival.url));
    }
    // The digits of the signature look random; in DER, only the last ones do.
    let random = signed.signature.len().saturating_sub(8);
    let random = usize::from_str_radix(&signed.signature[random..], 16).unwrap_or(0);
    let at = random % arrival.url.len();
    let old = arrival.url.as_bytes()[at];
    let new = (b'!'..=b'~')
        .cycle()
        .skip(random / arrival.url.len() % 94)
        .find(|new| *new != old);
    let new = char::from(new.unwrap_or(b'0'));
    arrival
        .url
        .replace_range(at..=at, new.encode_utf8(&mut [0; 4]));
    match arrival.verify() {
        Ok(_) => Err(format!(
            "the verifier takes byte {at} changed: {}",
            arrival.url
        )),
        Err(_) => Ok(()),
    }
}

/// Compares random cases with SigV4; returns their number.
///
/// # Errors
/// The first difference, shrunk.
pub fn hold(
    peer: &dyn Peer,
    ours: &dyn Fn(&Case) -> Result<Signed, Error>,
    seed: u64,
    cases: u32,
) -> Result<u32, Box<Difference>> {
    hold_all(peer, ours, case::cases(peer.limits()), seed, cases)
}

/// The same with SigV4a.
///
/// # Errors
/// The first difference, shrunk.
pub fn hold_sigv4a(
    peer: &dyn Peer,
    ours: &dyn Fn(&Case) -> Result<Signed, Error>,
    seed: u64,
    cases: u32,
) -> Result<u32, Box<Difference>> {
    hold_all(peer, ours, case::sigv4a_cases(peer.limits()), seed, cases)
}

fn hold_all(
    peer: &dyn Peer,
    ours: &dyn Fn(&Case) -> Result<Signed, Error>,
    strategy: impl Strategy<Value = Case>,
    seed: u64,
    cases: u32,
) -> Result<u32, Box<Difference>> {
    let compared = Cell::new(0);
    let run = runner(seed, cases).run(&strategy, |case| {
        compared.set(compared.get() + 1);
        compare(peer, ours, &case).map_err(TestCaseError::fail)
    });
    match run {
        Ok(()) => Ok(compared.get()),
        Err(TestError::Abort(reason)) => panic!("no cases: {reason}"),
        Err(TestError::Fail(_, case)) => {
            let report = compare(peer, ours, &case).err().unwrap_or_default();
            let report = format!(
                "{report}\n{case:#?}\n\nAgain: PRESIGN_SEED={seed} PRESIGN_CASES={cases} tests/differential/run"
            );
            Err(Box::new(Difference { case, report }))
        }
    }
}

/// Draws from the seed.
pub fn runner(seed: u64, cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None, // the seed is enough
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// The seed: `PRESIGN_SEED`, or a random one.
pub fn seed() -> u64 {
    number("PRESIGN_SEED").unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since.map_or(0, |since| since.as_micros() as u64)
    })
}

/// The number of cases that a test compares: `PRESIGN_CASES`, or 4000.
pub fn number_of_cases() -> u32 {
    number("PRESIGN_CASES").map_or(4000, |n| u32::try_from(n).unwrap_or(u32::MAX))
}

/// The number of addresses that a run compares: `PRESIGN_ADDRESSES`, or 20000.
pub fn number_of_addresses() -> u32 {
    number("PRESIGN_ADDRESSES").map_or(20_000, |n| u32::try_from(n).unwrap_or(u32::MAX))
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok().filter(|text| !text.is_empty())?;
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) => panic!("{variable} is not a number: {text}"),
    }
}
