//! Every bad input is refused with its error and text, and every error has a bad input.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

#[path = "support/bad_inputs.rs"]
mod bad_inputs;

use bad_inputs::{Row, rows};
use presign::ErrorKind;

#[test]
fn each_has_its_error() {
    check(&rows(), if cfg!(feature = "sigv4a") { 296 } else { 298 });
}

#[cfg(feature = "sigv4a")]
#[test]
fn each_of_sigv4a_has_its_error() {
    check(&bad_inputs::sigv4a_rows(), 8);
}

#[cfg(feature = "alloc")]
#[test]
fn each_of_multipart_uploads_has_its_error() {
    check(&bad_inputs::multipart_rows(), 7);
}

#[cfg(feature = "post")]
#[test]
fn each_of_forms_has_its_error() {
    check(&bad_inputs::post_rows(), 22);
}

/// Marks the end of the inputs that have no error.
#[cfg(feature = "alloc")]
#[test]
fn room_of_setters_and_lists() -> Result<(), presign::Error> {
    use presign::{Bucket, Credentials, Presigner, Timestamp};

    let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let put = Presigner::put(&credentials, &bucket, "k");
    let twenty = bad_inputs::twenty_values(put).sign_at(Timestamp::from_unix(0))?;
    assert_eq!(twenty.headers().count(), 20);
    let four = put
        .headers(&[("a", "1")])
        .metadata_list(&[("b", "2")])
        .query(&[("c", "3")])
        .query(&[("d", "4")])
        .sign_at(Timestamp::from_unix(0))?;
    let parameters = four.as_str().split('&').count();
    assert_eq!((four.headers().count(), parameters), (2, 6 + 2));
    Ok(())
}

/// Checks all rows before it fails, and that no row was lost.
#[track_caller]
fn check(rows: &[Row], count: usize) {
    let wrong: Vec<String> = rows
        .iter()
        .filter(|row| row.got != Err(row.error) || row.error.to_string() != row.text)
        .map(|row| {
            let text = row
                .got
                .map_or_else(|error| error.to_string(), |()| "it was signed".into());
            format!(
                "{}: {:?}, {text:?}\n    not {:?}, {:?}",
                row.what, row.got, row.error, row.text
            )
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert_eq!(rows.len(), count);
}

/// Reads the variants' names from the source, so that a new one cannot go untested.
#[test]
fn each_error_has_an_input() {
    #[allow(unused_mut, reason = "by feature")]
    let mut covered: Vec<String> = rows().iter().map(|row| name(&row.error)).collect();
    #[cfg(feature = "sigv4a")]
    covered.extend(bad_inputs::sigv4a_rows().iter().map(|row| name(&row.error)));
    #[cfg(feature = "alloc")]
    covered.extend(
        bad_inputs::multipart_rows()
            .iter()
            .map(|row| name(&row.error)),
    );
    #[cfg(feature = "post")]
    covered.extend(bad_inputs::post_rows().iter().map(|row| name(&row.error)));

    let elsewhere = [
        "MissingEnvironmentVariable",    // below
        "EnvironmentVariableNotUnicode", // below
        "NormalizedUrl",                 // the example of the conversion
        "OutOfMemory",                   // tests/limits.rs
    ];
    let without_sigv4a = ["InvalidRegionSet"];
    let with_sigv4a = ["NeedsSigv4a"];
    let without_alloc = ["NoParts", "DuplicatePart"];
    let without_post = [
        "UnknownVariable",
        "VariableInCredential",
        "DuplicateField",
        "ReservedField",
        "EmptyLengthRange",
        "FormTooLarge",
        "InvalidSuccessStatus",
        "NoPostHere",
    ];
    let excused = |name: &str| {
        elsewhere.contains(&name)
            || (cfg!(feature = "sigv4a") && with_sigv4a.contains(&name))
            || (cfg!(not(feature = "sigv4a")) && without_sigv4a.contains(&name))
            || (cfg!(not(feature = "alloc")) && without_alloc.contains(&name))
            || (cfg!(not(feature = "post")) && without_post.contains(&name))
    };
    for variant in variants() {
        assert!(
            excused(variant) || covered.iter().any(|name| name == variant),
            "no bad input leads to Error::{variant}: add a row to tests/support/bad_inputs.rs"
        );
    }
}

/// An independent grouping of the errors, so that each new variant is grouped deliberately.
#[test]
fn each_error_has_a_kind() {
    let kinds = [
        (
            ErrorKind::Credentials,
            "EmptyCredential CredentialWhitespace CredentialControlCharacter MissingEnvironmentVariable \
             EnvironmentVariableNotUnicode CredentialsExpired CredentialsExpireFirst StaleSigningKey SigningKeyMismatch \
             SessionNeedsDirectoryBucket VariableInCredential",
        ),
        (
            ErrorKind::Bucket,
            "BucketNameLength InvalidBucketName WildcardInBucketName InvalidDirectoryBucketName InvalidArn \
             NeedsSigv4a InvalidRegionSet RegionLength InvalidRegion EndpointScheme EndpointUserInfo EndpointHost \
             EndpointPort EndpointPath EndpointQuery EndpointFragment EndpointConflict KeyWithoutBucket NoPostHere \
             InvalidOutpostsAlias HostTooLong",
        ),
        (
            ErrorKind::Key,
            "EmptyKey KeyTooLong DotSegment UnknownVariable NormalizedUrl BatchWithoutKey",
        ),
        (
            ErrorKind::Value,
            "UnknownMethod EmptyQueryParameterName ReservedQueryParameter DuplicateQueryParameter \
             TooManyQueryParameters EmptyHeaderName InvalidHeaderName ReservedHeader InvalidHeaderValue \
             DuplicateHeader TooManyHeaders EmptyValue InvalidBase64 PartNumberOutOfRange InvalidPayloadHash \
             PayloadHashMismatch NoParts DuplicatePart TooManyValues TooManyLists InvalidNumber WildcardInContentType DuplicateField \
             ReservedField EmptyLengthRange InvalidSuccessStatus FormTooLarge",
        ),
        (
            ErrorKind::Time,
            "InvalidTimestamp ExpiryOutOfRange FractionalExpiry InvalidWindow WindowNotShorter TimeOutOfRange",
        ),
        (ErrorKind::Buffer, "BufferTooSmall OutOfMemory"),
    ];
    let mut listed: Vec<&str> = kinds
        .iter()
        .flat_map(|(_, names)| names.split(' '))
        .collect();
    let mut variants = variants();
    listed.sort_unstable();
    variants.sort_unstable();
    assert_eq!(listed, variants, "each variant of Error, once");

    #[allow(unused_mut, reason = "by feature")]
    let mut rows = rows();
    #[cfg(feature = "sigv4a")]
    rows.extend(bad_inputs::sigv4a_rows());
    #[cfg(feature = "alloc")]
    rows.extend(bad_inputs::multipart_rows());
    #[cfg(feature = "post")]
    rows.extend(bad_inputs::post_rows());
    for row in rows {
        let name = name(&row.error);
        let (kind, _) = kinds
            .iter()
            .find(|(_, names)| names.split(' ').any(|listed| listed == name))
            .unwrap();
        assert_eq!(row.error.kind(), *kind, "{}", row.what);
    }
}

/// The names of the variants, read from the source.
#[track_caller]
fn variants() -> Vec<&'static str> {
    let (_, variants) = include_str!("../src/error.rs")
        .split_once("pub enum Error {")
        .unwrap();
    let lines = variants
        .lines()
        .filter_map(|line| line.strip_prefix("    "));
    let names: Vec<_> = lines
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.trim_end_matches([' ', ',', '{']))
        .collect();
    assert!(
        names.len() > 50,
        "{} variants were found in src/error.rs",
        names.len()
    );
    names
}

fn name(error: &presign::Error) -> String {
    let text = format!("{error:?}");
    let end = text.find([' ', '{']).unwrap_or(text.len());
    text[..end].to_owned()
}

/// The environment belongs to the whole process, so each case runs in its own: this test starts itself again, with a
/// variable that selects the case.
#[cfg(feature = "std")]
#[test]
fn environment() {
    use presign::Credentials;
    use std::ffi::OsString;
    use std::process::Command;

    const CHILD: &str = "PRESIGN_TEST_CHILD";
    const TEST: &str = concat!(module_path!(), "::environment");
    const NAMES: [&str; 4] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
    ];
    if std::env::var_os(CHILD).is_some() {
        match Credentials::from_env() {
            Ok(credentials) => println!("<{credentials:?}>"),
            Err(error) => println!("<{error}>"),
        }
        return;
    }

    let (id, secret, token) = ("AKIAEXAMPLE", "secret", "token");
    let end = "2013-05-24T00:00:00Z";
    let mut cases: Vec<([OsString; 4], &str)> = vec![
        (
            ["", "", "", ""].map(Into::into),
            "environment variable AWS_ACCESS_KEY_ID is not set or empty",
        ),
        (
            ["", secret, token, ""].map(Into::into),
            "environment variable AWS_ACCESS_KEY_ID is not set or empty",
        ),
        (
            [id, "", token, ""].map(Into::into),
            "environment variable AWS_SECRET_ACCESS_KEY is not set or empty",
        ),
        (
            [id, secret, token, "tomorrow"].map(Into::into),
            "time does not have the form 2013-05-24T00:00:00Z (RFC 3339)",
        ),
        (
            [id, secret, "", ""].map(Into::into),
            r#"Credentials { access_key_id: "AKIAEXAMPLE", session_token: false, expiration: None, .. }"#,
        ),
        (
            [id, secret, token, end].map(Into::into),
            r#"Credentials { access_key_id: "AKIAEXAMPLE", session_token: true, expiration: Some(Timestamp(1369353600)), .. }"#,
        ),
    ];
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let texts = [
            "environment variable AWS_ACCESS_KEY_ID is not valid UTF-8",
            "environment variable AWS_SECRET_ACCESS_KEY is not valid UTF-8",
            "environment variable AWS_SESSION_TOKEN is not valid UTF-8",
            "environment variable AWS_CREDENTIAL_EXPIRATION is not valid UTF-8",
        ];
        for (at, text) in texts.into_iter().enumerate() {
            let mut values = [id, secret, token, end].map(OsString::from);
            values[at] = OsString::from_vec(vec![0xff]);
            cases.push((values, text));
        }
    }
    for (values, expected) in cases {
        let mut child = Command::new(std::env::current_exe().unwrap());
        let (_crate, test) = TEST.split_once("::").unwrap();
        child.args(["--exact", test, "--nocapture"]).env(CHILD, "1");
        for (name, value) in NAMES.into_iter().zip(&values) {
            child.env(name, value);
        }
        for unset in [false, true] {
            if unset {
                // An unset variable is the same as an empty one.
                for (name, value) in NAMES.into_iter().zip(&values) {
                    if value.is_empty() {
                        child.env_remove(name);
                    }
                }
            }
            let output = child.output().unwrap();
            let output = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(
                output.contains(&format!("<{expected}>")),
                "{values:?}: {output}"
            );
        }
    }
}

/// If a signature cannot be computed, it cannot be explained either.
#[cfg(feature = "alloc")]
#[test]
fn explanations() {
    use presign::{Bucket, Credentials, Error, Presigner, Timestamp};

    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let key = credentials
        .signing_key(&bucket, Timestamp::from_unix(0))
        .unwrap();
    let (key_day, day) = (19_700_101, 19_700_102);
    assert_eq!(
        Presigner::get(&key, &bucket, "k")
            .explain_at(Timestamp::from_unix(86_400))
            .err(),
        Some(Error::StaleSigningKey { key_day, day })
    );
}
