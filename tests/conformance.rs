//! Compares our URLs with those of 22 SDK set-ups for 273 requests: `tests/data/presigned_urls.jsonl`.
//!
//! Each line of the file is a request with the URLs that SDKs created for it, offline and with a frozen clock. SDKs
//! with equal URLs share an entry. `{auth}` replaces the parameters that follow from the request (algorithm, credential
//! for the service `s3`, date, expiry). The order of parameters is ignored.
//!
//! For each URL, the test builds the request as a user would: first as recorded, then with what the URL shows (its
//! host, its parameters, the names of its signed headers). Header values are the request's, unless the SDK sends a
//! different one (`sends`). The result must be the same URL (scheme, host, bytes of the path, decoded parameters,
//! signature), which is then verified as it came from the SDK. If not, `differs` names the reason. If an SDK rejects
//! the request, we must reject it too, or `signed` names the reason. URLs with Signature Version 2, and those that no
//! reading of the specification verifies, are only counted.
//!
//! `tests/data/presigned_urls.md` contains the reasons and counts. `cargo test --test conformance -- --nocapture`
//! prints it with the current counts.
#![cfg(feature = "alloc")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use core::time::Duration;
use std::collections::BTreeMap;

use presign::{Bucket, Credentials, Error, Presigner, Timestamp};

#[path = "support/asking.rs"]
mod asking;
#[path = "support/parts.rs"]
mod parts;
#[path = "support/sdk_case.rs"]
mod sdk_case;

use asking::{Outcome, variant};
use sdk_case::Case;

const DATA: &str = include_str!("data/presigned_urls.jsonl");
const TABLES: &str = include_str!("data/presigned_urls.md");
const README: &str = include_str!("../README.md");

#[test]
fn sdks() {
    let cases = Case::all(DATA);
    let mut tally = Tally::default();
    cases.iter().for_each(|case| tally.add(case));
    let tables = tally.fill_in(TABLES);
    println!("{tables}");
    let [urls, given, adapted] = [0, 1, 2].map(|column| total(&tables, column));
    let claim = format!("{} of {urls} recorded URLs", given + adapted);
    println!("{claim} match, {given} of them from the plain request");
    assert!(README.contains(&claim), "README.md: {claim}");
    assert!(
        tables == TABLES,
        "the counts are not those of tests/data/presigned_urls.md"
    );
    assert_eq!(cases.len(), 273);
}

/// The query of one URL is not encoded as it is signed: `+`, `/` and `=` in an upload ID are not encoded. Our verifier
/// refuses such a URL.
const NOT_ENCODED: (&str, &str) = ("op-UploadPartCopy", "go1");

/// URLs with Signature Version 4A: ours match except for the signature, and theirs verify.
#[cfg(feature = "sigv4a")]
#[test]
fn sigv4a() {
    let mut holds = 0;
    for case in Case::all(DATA) {
        for (row, sdks) in case.rows("sigv4a") {
            let (outcome, verified) = (case.ask(row), case.verify(row));
            let same = matches!(outcome, Outcome::Given | Outcome::Asked(_));
            let (id, ours) = (case.id(), same && verified.is_ok());
            assert_eq!(
                ours,
                row["differs"].is_null(),
                "{id}: {outcome}, {verified:?}"
            );
            holds += if ours { sdks.len() } else { 0 };
        }
    }
    assert_eq!(holds, 24);
}

/// Counts once for each SDK, by section of [`TABLES`] and name.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<(String, String), Vec<usize>>,
    /// The reasons for each SDK.
    reasons: BTreeMap<String, BTreeMap<String, usize>>,
}

/// Sections of [`TABLES`].
const SDKS: &str = "## SDKs";
const ASKED: &str = "## Adapted requests";
const DIFFERS: &str = "## Differs";
const REFUSED: &str = "## Rejected by the SDK and by us";
const SIGNED: &str = "## Rejected by the SDK, signed by us";

/// Columns of the first section.
const COLUMNS: [&str; 6] = ["URLs", "given", "adapted", "differ", "refused", "signed"];

impl Tally {
    fn add(&mut self, case: &Case) {
        for (row, sdks) in case.rows("urls") {
            let outcome = case.ask(row);
            if row["differs"].is_null() {
                let verified = case.verify(row);
                let encoded = (case.id(), sdks[0]) != NOT_ENCODED;
                assert_eq!(verified.is_ok(), encoded, "{}: {verified:?}", case.id());
            }
            match (outcome, row["differs"].as_str()) {
                (Outcome::Given, None) => self.count(&sdks, "given"),
                (Outcome::Asked(changes), None) => {
                    self.count(&sdks, "adapted");
                    *self.cell(ASKED, &changes.join(", "), 0, 1) += sdks.len();
                }
                (outcome, Some(reason)) => {
                    let (id, expected) = (case.id(), outcome_of(reason));
                    let outcome = outcome.to_string();
                    let is_expected = expected.split(" or ").any(|one| one == outcome);
                    assert!(is_expected, "{id}: {sdks:?}: {reason}: {outcome}");
                    self.differ(&sdks, reason);
                }
                (outcome, None) => panic!("{}: {sdks:?}: {outcome}", case.id()),
            }
        }
        for (_, sdks) in case.rows("sigv4a") {
            self.differ(&sdks, "sigv4a");
        }
        for reason in ["sigv2", "unverifiable"] {
            self.differ(&case.sdks(reason), reason);
        }
        let mut ours = case.given().sign();
        if cfg!(feature = "sigv4a") && case.rows("sigv4a").any(|(_, sdks)| sdks[0] != "crt-v4a") {
            ours = Err(Error::NeedsSigv4a); // the result without the feature
        }
        for (row, sdks) in case.rows("rejected") {
            let (section, name, column) = match (&ours, row["signed"].as_str()) {
                (Err(error), None) => (REFUSED, variant(*error), "refused"),
                (Ok(_), Some(reason)) => (SIGNED, reason.to_owned(), "signed"),
                _ => panic!("{}: rejected by {sdks:?}, ours is {ours:?}", case.id()),
            };
            self.count(&sdks, column);
            *self.cell(section, &name, 0, 1) += sdks.len();
        }
    }

    fn differ(&mut self, sdks: &[&str], reason: &str) {
        self.count(sdks, "differ");
        for sdk in sdks {
            let reasons = self.reasons.entry((*sdk).to_owned()).or_default();
            *reasons.entry(reason.to_owned()).or_default() += 1;
            *self.cell(DIFFERS, reason, 0, 1) += 1;
        }
    }

    fn count(&mut self, sdks: &[&str], column: &str) {
        let column = COLUMNS.iter().position(|name| *name == column).unwrap();
        for sdk in sdks {
            *self.cell(SDKS, sdk, column, COLUMNS.len()) += 1;
            if column <= 3 {
                *self.cell(SDKS, sdk, 0, COLUMNS.len()) += 1;
            }
        }
    }

    fn cell(&mut self, section: &str, name: &str, column: usize, columns: usize) -> &mut usize {
        let row = (section.to_owned(), name.to_owned());
        let row = self.counts.entry(row).or_insert_with(|| vec![0; columns]);
        &mut row[column]
    }

    /// The tables with the counts inserted.
    fn fill_in(mut self, tables: &str) -> String {
        let (mut filled, mut section) = (String::new(), "");
        for line in tables.lines() {
            if line.starts_with('#') {
                section = line;
            }
            match row(line) {
                Some((name, cells)) => filled += &self.row(section, name, cells),
                None => filled += line,
            }
            filled.push('\n');
        }
        assert!(self.counts.is_empty(), "no row for {:?}", self.counts);
        filled
    }

    /// A row with its numbers replaced by the counts.
    fn row(&mut self, section: &str, name: &str, cells: Vec<&str>) -> String {
        let counts = self.counts.remove(&(section.to_owned(), name.to_owned()));
        let mut counts = counts.unwrap_or_default().into_iter();
        let mut fill_in = |cell: &str| match cell.trim().parse::<usize>() {
            Ok(_) => format!(" {:>1$} ", counts.next().unwrap_or(0), cell.len() - 2),
            Err(_) => cell.to_owned(),
        };
        let mut cells: Vec<_> = cells.into_iter().map(&mut fill_in).collect();
        if section == SDKS {
            let reasons = self.reasons.remove(name).unwrap_or_default().into_iter();
            let reasons: Vec<_> = reasons.map(|(name, n)| format!("{name} {n}")).collect();
            cells.pop();
            cells.push(format!(" {} ", reasons.join(", ")));
        }
        format!("|{}|", cells.join("|"))
    }
}

/// The cells of the row that starts with a name.
fn row(line: &str) -> Option<(&str, Vec<&str>)> {
    let cells = line.strip_prefix('|')?.strip_suffix('|')?.split('|');
    let cells: Vec<_> = cells.collect();
    let name = cells[0].trim().strip_prefix('`')?.strip_suffix('`')?;
    Some((name, cells))
}

/// The sum of a column of the first section.
fn total(tables: &str, column: usize) -> usize {
    let (_, rows) = tables.split_once(SDKS).unwrap();
    let (rows, _) = rows.split_once(ASKED).unwrap();
    let rows = rows.lines().filter_map(row);
    rows.map(|(_, cells)| cells[column + 1].trim().parse::<usize>().unwrap())
        .sum()
}

/// The expected result if a URL differs for this reason: the third cell of its row.
fn outcome_of(reason: &str) -> &'static str {
    let (_, differs) = TABLES.split_once(DIFFERS).unwrap();
    let mut rows = differs.lines().filter_map(row);
    let found = rows.find(|(name, _)| *name == reason);
    let (_, cells) = found.unwrap_or_else(|| panic!("no row for {reason}"));
    cells[2].trim()
}

/// Worked examples from AWS: from the documentation, and from the tests of its SDK for Java (version 2).
#[test]
fn printed() {
    let credentials = Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    );
    let bucket = Bucket::new("examplebucket", "us-east-1")
        .unwrap()
        .global_endpoint();
    let presigner =
        Presigner::get(&credentials, &bucket, "test.txt").expires_in(Duration::from_secs(86_400));
    let at = Timestamp::from_unix(1_369_353_600);
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    assert_eq!(
        presigner.sign_at(at).unwrap().as_str(),
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
         &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    );
    let explanation = presigner.explain_at(at).unwrap();
    assert_eq!(
        explanation.canonical_request(),
        "GET\n/test.txt\nX-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\n\
         host:examplebucket.s3.amazonaws.com\n\nhost\nUNSIGNED-PAYLOAD"
    );
    assert_eq!(
        explanation.string_to_sign(),
        "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n\
         3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04"
    );

    let credentials = Credentials::new("ACCESS_KEY_ID", "SECRET_ACCESS_KEY");
    for (region, signature) in [
        (
            "us-west-2",
            "a944fbe2bfbae429f922746546d1c6f890649c88ba7826bd1d258ac13f327e09",
        ),
        (
            "us-east-1",
            "7f93df0b81f80e590d95442d579bd6cf749a35ff4bbdc6373fa669b89c7fce4e",
        ),
    ] {
        let arn = format!(
            "arn:aws:s3-outposts:{region}:123456789012:outpost:op-01234567890123456:accesspoint:myaccesspoint"
        );
        let bucket = Bucket::new(&arn, "us-west-2").unwrap();
        let url = Presigner::get(&credentials, &bucket, "obj")
            .sign_at(Timestamp::from_unix(1_630_022_400));
        assert_eq!(
            url.unwrap().as_str(),
            format!(
                "https://myaccesspoint-123456789012.op-01234567890123456.s3-outposts.{region}.amazonaws.com/obj\
                 ?X-Amz-Algorithm=AWS4-HMAC-SHA256\
                 &X-Amz-Credential=ACCESS_KEY_ID%2F20210827%2F{region}%2Fs3-outposts%2Faws4_request\
                 &X-Amz-Date=20210827T000000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}"
            )
        );
    }
}
