//! `diagnose` puts the right cause first for each damaged link that a server refuses, and calls no wrong cause certain.

use std::io;
use std::time::{Duration, SystemTime};

use presign::diagnose::{Certainty, Evidence};
use presign::{Credentials, Method, PresignedUrl, Presigner, Timestamp};
use presign_store::http::Answer;

use super::damage::{self, CASES};
use crate::check::{Check, Run};
use crate::server::send_as;

pub(super) fn checks() -> Vec<Check> {
    vec![Check::new(
        "diagnosis of each refused link: the right cause first",
        damaged,
    )]
}

/// The right causes. A change that leaves no trace is `WrongSecretOrAltered`.
const RIGHT: &[(&str, &[&str])] = &[
    ("the first digit", &["WrongSecretOrAltered"]),
    ("the last digit", &["WrongSecretOrAltered"]),
    ("all zero", &["WrongSecretOrAltered"]),
    ("cut short", &["CutOff"]),
    ("absent", &["CutOff"]),
    ("of another key", &["WrongSecretOrAltered"]),
    ("another", &["WrongSecretOrAltered"]),
    ("in capitals", &["WrongSecretOrAltered"]),
    ("a slash more", &["KeyRewritten"]),
    ("encoded twice", &["PathEncoding"]),
    ("+ for space", &["KeyRewritten"]),
    ("another value", &["WrongSecretOrAltered"]),
    ("a value in capitals", &["WrongSecretOrAltered"]),
    ("a value encoded twice", &["QueryEncoding"]),
    ("a parameter less", &["WrongSecretOrAltered"]),
    ("a parameter more", &["QueryAdded"]),
    ("a parameter more, unknown", &["QueryAdded"]),
    ("a parameter twice", &["QueryAdded"]),
    ("Expires longer", &["QueryChanged"]),
    ("Expires shorter", &["QueryChanged"]),
    ("Expires over 7 days", &["ExpiryOutOfRange", "QueryChanged"]),
    ("Expires negative", &["ExpiryOutOfRange", "QueryChanged"]),
    ("Expires absent", &["CutOff"]),
    ("Expires twice", &["MalformedParameter", "QueryAdded"]),
    (
        "Date another second",
        &["WrongSecretOrAltered", "QueryChanged"],
    ),
    ("Date absent", &["CutOff"]),
    ("another day", &["MalformedParameter"]),
    ("another service", &["WrongService", "ScopeChanged"]),
    ("another terminator", &["MalformedParameter"]),
    (
        "an unknown access key ID",
        &["UnknownAccessKey", "OtherCredentials"],
    ),
    ("another algorithm", &["MalformedParameter"]),
    ("signed headers, one more", &["SignedHeaderMissing"]),
];

fn damaged(run: &mut Run<'_>) -> io::Result<()> {
    let url = damage::base(run)?;
    for (case, _, change) in CASES.iter().copied().flatten() {
        let changed = damage::changed(run, &url, case, *change)?;
        let right = RIGHT.iter().find(|(name, _)| name == case);
        let right = right.map_or(&[][..], |(_, causes)| *causes);
        sent(run, case, Method::Get, &changed, &[], right)?;
    }
    signed_otherwise(run, &url)?;
    sent_otherwise(run, &url)?;
    tokens(run)
}

/// The time, the secret or the region is wrong when the link is signed.
fn signed_otherwise(run: &mut Run<'_>, url: &str) -> io::Result<()> {
    let server = run.server;
    let key = server.key(damage::NAME);
    let get = server.presigner(Method::Get, &key);
    for (case, age, right) in [("expired", 60, "Expired"), ("ahead", -3600, "ClockSkew")] {
        let seconds = Timestamp::from(SystemTime::now()).as_unix() - age;
        let get = get.expires_in(Duration::from_secs(30));
        let url = text(get.sign_at(Timestamp::from_unix(seconds)))?;
        sent(run, case, Method::Get, &url, &[], &[right])?;
    }
    let other = damage::another_secret(server, url);
    let url = text(Presigner::get(&other, &server.bucket, &key).sign())?;
    let right = &["WrongSecretOrAltered"];
    sent(run, "another secret", Method::Get, &url, &[], right)?;
    let elsewhere = damage::elsewhere(server, &url)?;
    let url = text(Presigner::get(&server.credentials, &elsewhere, &key).sign())?;
    sent(
        run,
        "another region",
        Method::Get,
        &url,
        &[],
        &["WrongRegion"],
    )?;
    let url = text(server.presigner(Method::Get, "absent").sign())?;
    sent(
        run,
        "no such key",
        Method::Get,
        &url,
        &[],
        &["NotTheSignature"],
    )
}

/// Method, host or headers are not the signed ones.
fn sent_otherwise(run: &mut Run<'_>, url: &str) -> io::Result<()> {
    let server = run.server;
    sent(
        run,
        "another method",
        Method::Put,
        url,
        &[],
        &["MethodDiffers"],
    )?;
    let authority = url.split('/').nth(2).unwrap_or_default();
    let other = [("Host", &*format!("x-{authority}"))];
    // Some servers look for a bucket with the name of the host.
    let right = &["HostChanged", "WrongBucket"];
    sent(run, "another host", Method::Get, url, &other, right)?;
    let key = server.key(damage::NAME);
    let put = text(server.presigner(Method::Put, &key).sign())?;
    let more = [("x-amz-meta-more", "1")];
    sent(
        run,
        "an extra header",
        Method::Put,
        &put,
        &more,
        &["HeaderNotSigned"],
    )?;
    let typed = server
        .presigner(Method::Put, &key)
        .content_type("text/plain");
    let put = text(typed.sign())?;
    let right = &["SignedHeaderMissing"];
    sent(run, "a signed header less", Method::Put, &put, &[], right)?;
    let html = [("Content-Type", "text/html")];
    sent(
        run,
        "another content type",
        Method::Put,
        &put,
        &html,
        &["HeaderChanged"],
    )
}

fn tokens(run: &mut Run<'_>) -> io::Result<()> {
    const TOKEN: &str = "X-Amz-Security-Token";
    let server = run.server;
    let Some(issued) = &server.issued else {
        return Ok(());
    };
    let key = server.key(damage::NAME);
    let credentials = issued.credentials();
    let url = text(Presigner::get(&credentials, &server.bucket, &key).sign())?;
    let middle = damage::value(&url, TOKEN);
    let altered = damage::digit(&url, (middle.start + middle.end) / 2);
    let without = Credentials::new(&issued.id, &issued.secret);
    let unsigned = text(Presigner::get(&without, &server.bucket, &key).sign())?;
    for (case, url, right) in [
        (
            "token removed",
            damage::without(&url, TOKEN),
            "TokenMissing",
        ),
        ("token altered", altered, "TokenAltered"),
        ("signed without token", unsigned, "TokenMissing"),
    ] {
        sent_by(run, &credentials, case, Method::Get, &url, &[], &[right])?;
    }
    Ok(())
}

fn text(signed: Result<PresignedUrl, presign::Error>) -> io::Result<String> {
    Ok(signed.map_err(io::Error::other)?.into_string())
}

fn sent(
    run: &mut Run<'_>,
    case: &str,
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    right: &[&str],
) -> io::Result<()> {
    let credentials = &run.server.credentials;
    sent_by(run, credentials, case, method, url, headers, right)
}

/// Sends a link, and diagnoses the refusal.
fn sent_by(
    run: &mut Run<'_>,
    credentials: &Credentials<'_>,
    case: &str,
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    right: &[&str],
) -> io::Result<()> {
    let answer = send_as(method, url, headers, b"")?;
    if answer.status < 300 {
        return Ok(()); // other checks report what is accepted
    }
    let text = as_curl_prints(&answer);
    let now = SystemTime::now();
    let mut all = headers.to_vec();
    if !headers.iter().any(|(name, _)| *name == "Host") {
        all.push(("Host", url.split('/').nth(2).unwrap_or_default()));
    }
    let evidence = Evidence::new(url).method(method.as_str()).headers(&all);
    let evidence = evidence.at(now).answer(&text);
    let with_secret = evidence.clone().credentials(credentials);
    let with_secret = with_secret.diagnose();
    let without = evidence.diagnose();
    let first = with_secret.causes().first();
    let first = first.map_or("nothing", |cause| cause.name());
    run.holds(case, right.contains(&first), &format!("first {first}"));
    for diagnosis in [&with_secret, &without] {
        let mut causes = diagnosis.causes().iter();
        let wrong = causes.find(|cause| {
            cause.certainty() == Certainty::Certain && !right.contains(&cause.name())
        });
        let wrong = wrong.map_or_else(String::new, |cause| format!("certain {}", cause.name()));
        run.holds(case, wrong.is_empty(), &wrong);
    }
    Ok(())
}

fn as_curl_prints(answer: &Answer) -> String {
    let mut text = format!("HTTP/1.1 {}\r\n", answer.status);
    for (name, value) in &answer.headers {
        text += &format!("{name}: {}\r\n", String::from_utf8_lossy(value));
    }
    text + "\r\n" + &String::from_utf8_lossy(&answer.body)
}
