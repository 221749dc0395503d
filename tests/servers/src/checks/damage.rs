//! Every change after signing is refused, or has no effect.

use std::io;
use std::time::{Duration, SystemTime};

use presign::{Bucket, Credentials, Method, Presigner, Timestamp};

use super::{DENIED, MALFORMED, MISMATCH};
use crate::check::{Check, Run};
use crate::server::{Server, send, send_as};

/// A case, S3's answers, and the change to the URL of a `GET`.
pub(super) type Damage = (
    &'static str,
    &'static [(u16, &'static str)],
    fn(&str) -> String,
);

const SIGNATURE: &[Damage] = &[
    ("the first digit", &[MISMATCH], |url| {
        digit(url, value(url, "X-Amz-Signature").start)
    }),
    ("the last digit", &[MISMATCH], |url| {
        digit(url, value(url, "X-Amz-Signature").end - 1)
    }),
    ("all zero", &[MISMATCH], |url| {
        with(url, "X-Amz-Signature", &"0".repeat(64))
    }),
    ("cut short", &[MISMATCH], |url| {
        let at = value(url, "X-Amz-Signature");
        with(url, "X-Amz-Signature", &url[at.start..at.end - 1])
    }),
    ("absent", &[DENIED, MALFORMED], |url| {
        without(url, "X-Amz-Signature")
    }),
    ("of another key", &[MISMATCH], |url| url.to_owned()), // see `changed`
];

const KEY: &[Damage] = &[
    ("another", &[MISMATCH], |url| {
        url.replacen("/damaged%20a%2By?", "/other?", 1)
    }),
    ("in capitals", &[MISMATCH], |url| {
        url.replacen("/damaged", "/Damaged", 1)
    }),
    ("a slash more", &[MISMATCH], |url| {
        url.replacen("/damaged", "//damaged", 1)
    }),
    ("encoded twice", &[MISMATCH], |url| {
        url.replacen("%20", "%2520", 1).replacen("%2B", "%252B", 1)
    }),
    ("+ for space", &[MISMATCH], |url| {
        url.replacen("%20", "+", 1)
    }),
];

const QUERY: &[Damage] = &[
    ("another value", &[MISMATCH], |url| {
        with(url, "response-content-type", "text%2Fhtml")
    }),
    ("a value in capitals", &[MISMATCH], |url| {
        with(url, "response-content-type", "text%2FPlain")
    }),
    ("a value encoded twice", &[MISMATCH], |url| {
        with(url, "response-content-type", "text%252Fplain")
    }),
    ("a parameter less", &[MISMATCH], |url| {
        without(url, "response-content-type")
    }),
    ("a parameter more", &[MISMATCH], |url| {
        format!("{url}&response-content-language=de")
    }),
    ("a parameter more, unknown", &[MISMATCH], |url| {
        format!("{url}&utm_source=mail")
    }),
    ("a parameter twice", &[MISMATCH], |url| {
        format!("{url}&response-content-type=text%2Fplain")
    }),
];

const LIFETIME: &[Damage] = &[
    ("Expires longer", &[MISMATCH], |url| {
        with(url, "X-Amz-Expires", "901")
    }),
    ("Expires shorter", &[MISMATCH], |url| {
        with(url, "X-Amz-Expires", "899")
    }),
    ("Expires over 7 days", &[MALFORMED, MISMATCH], |url| {
        with(url, "X-Amz-Expires", "604801")
    }),
    ("Expires negative", &[MALFORMED], |url| {
        with(url, "X-Amz-Expires", "-1")
    }),
    ("Expires absent", &[MALFORMED], |url| {
        without(url, "X-Amz-Expires")
    }),
    ("Expires twice", &[MALFORMED, MISMATCH], |url| {
        format!("{url}&X-Amz-Expires=604800")
    }),
    ("Date another second", &[MISMATCH], |url| {
        let at = value(url, "X-Amz-Date");
        digit(url, at.end - 2)
    }),
    ("Date absent", &[MALFORMED], |url| {
        without(url, "X-Amz-Date")
    }),
];

const SCOPE: &[Damage] = &[
    ("another day", &[MISMATCH, MALFORMED], |url| {
        let at = value(url, "X-Amz-Date").start + 7;
        let day = &url[at - 7..=at];
        let changed = digit(url, at);
        url.replacen(
            &format!("%2F{day}%2F"),
            &format!("%2F{}%2F", &changed[at - 7..=at]),
            1,
        )
    }),
    ("another service", &[MISMATCH, MALFORMED], |url| {
        url.replacen("%2Fs3%2F", "%2Fsqs%2F", 1)
    }),
    ("another terminator", &[MISMATCH, MALFORMED], |url| {
        url.replacen("%2Faws4_request", "%2Faws5_request", 1)
    }),
    (
        "an unknown access key ID",
        &[(403, "InvalidAccessKeyId")],
        |url| {
            // An ID can itself contain `%2F`; after it come day, region, service and terminator.
            let credential = &url[value(url, "X-Amz-Credential")];
            let scope: Vec<_> = credential.rsplitn(5, "%2F").take(4).collect();
            let [terminator, service, region, day] = scope[..] else {
                return url.to_owned();
            };
            let other = ["AKIANOBODYEXAMPLE", day, region, service, terminator];
            with(url, "X-Amz-Credential", &other.join("%2F"))
        },
    ),
    ("another algorithm", &[MALFORMED], |url| {
        with(url, "X-Amz-Algorithm", "AWS4-HMAC-SHA1")
    }),
    ("signed headers, one more", &[MISMATCH, DENIED], |url| {
        with(url, "X-Amz-SignedHeaders", "host%3Brange")
    }),
];

/// To S3, these are the same request.
const HARMLESS: &[Damage] = &[
    ("parameters in another order", &[], |url| {
        let (path, query) = url.split_once('?').unwrap_or_default();
        let pairs: Vec<_> = query.rsplit('&').collect();
        format!("{path}?{}", pairs.join("&"))
    }),
    ("escapes in lower case", &[], |url| {
        let (path, query) = url.split_once('?').unwrap_or_default();
        format!(
            "{}?{}",
            path.replace("%2B", "%2b"),
            query.replace("%2F", "%2f")
        )
    }),
    ("a bare / in the query", &[], |url| {
        with(url, "response-content-type", "text/plain")
    }),
];

/// All that S3 refuses.
pub(super) const CASES: [&[Damage]; 5] = [SIGNATURE, KEY, QUERY, LIFETIME, SCOPE];

pub(super) fn checks() -> Vec<Check> {
    let damaged =
        |name, damages: &'static [Damage]| Check::new(name, move |run| damaged(run, damages));
    vec![
        damaged("damaged: signature", SIGNATURE),
        damaged("damaged: key", KEY),
        damaged("damaged: parameters", QUERY),
        damaged("damaged: expiry and date", LIFETIME),
        damaged(
            "damaged: credential scope, algorithm, signed headers",
            SCOPE,
        ),
        Check::new("damaged: method", method),
        Check::new("damaged: host", host),
        Check::new("damaged: an extra `x-amz-...` header", header),
        Check::new("signed with another secret", secret),
        Check::new("signed for another region", region),
        damaged("not damaged: other spelling", HARMLESS),
    ]
}

pub(super) const NAME: &str = "damaged a+y";

/// A valid URL of a `GET`. Everything that a changed URL may name exists, so that nothing is refused because it is
/// missing.
pub(super) fn base(run: &mut Run<'_>) -> io::Result<String> {
    for name in [NAME, "Damaged a+y", "other"] {
        let key = run.server.key(name);
        run.put(&key, b"quack")?;
    }
    let key = run.server.key(NAME);
    let get = run.server.presigner(Method::Get, &key);
    let url = get.response_content_type("text/plain").sign();
    Ok(url.map_err(io::Error::other)?.into_string())
}

pub(super) fn changed(
    run: &Run<'_>,
    url: &str,
    case: &str,
    damage: fn(&str) -> String,
) -> io::Result<String> {
    if case != "of another key" {
        return Ok(damage(url));
    }
    let key = run.server.key("other");
    let other = run.server.presigner(Method::Get, &key).sign();
    let other = other.map_err(io::Error::other)?.into_string();
    let signature = &other[value(&other, "X-Amz-Signature")];
    Ok(with(url, "X-Amz-Signature", signature))
}

fn damaged(run: &mut Run<'_>, damages: &[Damage]) -> io::Result<()> {
    let url = base(run)?;
    let fetch = |url: &str| send_as(Method::Get, url, &[], b"");
    for (case, with, damage) in damages {
        let changed = changed(run, &url, case, *damage)?;
        if changed == url {
            run.holds(case, false, "the URL was not changed");
            continue;
        }
        let answer = fetch(&changed)?;
        if with.is_empty() {
            run.accepted(case, &answer, 200);
        } else {
            run.refused(case, &answer, with);
        }
    }
    run.accepted("as it was", &fetch(&url)?, 200);
    Ok(())
}

fn method(run: &mut Run<'_>) -> io::Result<()> {
    let methods = [
        Method::Get,
        Method::Head,
        Method::Put,
        Method::Delete,
        Method::Post,
    ];
    let key = run.server.key("method");
    run.put(&key, b"quack")?;
    for signed in methods {
        let url = run.server.presigner(signed, &key).sign();
        let url = url.map_err(io::Error::other)?;
        for sent in methods.into_iter().filter(|sent| *sent != signed) {
            let case = format!("{signed} sent as {sent}");
            let with = match sent {
                Method::Head => (403, ""), // an answer without a body
                _ => MISMATCH,
            };
            let answer = send_as(sent, url.as_str(), &[], b"")?;
            run.refused(&case, &answer, &[with]);
        }
    }
    run.has_content("what was refused", &key, b"quack")
}

fn host(run: &mut Run<'_>) -> io::Result<()> {
    let url = base(run)?;
    let authority = url.split('/').nth(2).unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    for (case, other) in [
        ("another port", format!("{host}:1{}", &port[1..])),
        ("another name", format!("x-{authority}")),
    ] {
        let answer = send_as(Method::Get, &url, &[("Host", &other)], b"")?;
        run.refused(case, &answer, &[MISMATCH, (404, "NoSuchBucket")]);
    }
    Ok(())
}

fn header(run: &mut Run<'_>) -> io::Result<()> {
    let key = run.server.key("header");
    let url = run.server.presigner(Method::Put, &key).sign();
    let url = url.map_err(io::Error::other)?;
    for (name, value) in [("x-amz-meta-more", "1"), ("x-amz-acl", "public-read")] {
        let answer = send_as(Method::Put, url.as_str(), &[(name, value)], b"quack")?;
        run.refused(name, &answer, &[DENIED]);
    }
    Ok(())
}

/// Credentials with another secret, and the session token of the URL.
pub(super) fn another_secret(server: &Server, url: &str) -> Credentials<'static> {
    let credentials = Credentials::new(server.credentials.access_key_id(), "another");
    let credentials = match &server.issued {
        Some(issued) if !value(url, "X-Amz-Security-Token").is_empty() => {
            credentials.session_token(&issued.token)
        }
        _ => credentials,
    };
    credentials.into_owned()
}

fn secret(run: &mut Run<'_>) -> io::Result<()> {
    let url = base(run)?;
    let server = run.server;
    let credentials = another_secret(server, &url);
    let key = server.key(NAME);
    let get = Presigner::get(&credentials, &server.bucket, &key);
    run.refused("GET", &send(&get, b"")?, &[MISMATCH]);
    Ok(())
}

/// The bucket of the URL in another region.
pub(super) fn elsewhere(server: &Server, url: &str) -> io::Result<Bucket<'static>> {
    let endpoint = url.split('/').take(3).collect::<Vec<_>>().join("/");
    let path_style = url[endpoint.len()..].starts_with(&format!("/{}/", server.bucket.name()));
    let endpoint = match path_style {
        true => endpoint,
        false => endpoint.replacen(&format!("{}.", server.bucket.name()), "", 1),
    };
    let elsewhere = match server.bucket.region() {
        "ap-south-1" => "sa-east-1",
        _ => "ap-south-1",
    };
    let bucket = Bucket::new(server.bucket.name(), elsewhere)
        .and_then(|bucket| bucket.endpoint(&endpoint))
        .map_err(io::Error::other)?;
    let bucket = if path_style {
        bucket.path_style()
    } else {
        bucket
    };
    Ok(bucket.into_owned())
}

fn region(run: &mut Run<'_>) -> io::Result<()> {
    let url = base(run)?;
    let server = run.server;
    let bucket = elsewhere(server, &url)?;
    let elsewhere = bucket.region();
    let key = server.key(NAME);
    let get = Presigner::get(&server.credentials, &bucket, &key);
    run.refused("GET", &send(&get, b"")?, &[MALFORMED]);
    let earlier = Timestamp::from(SystemTime::now() - Duration::from_secs(1));
    let url = server.presigner(Method::Get, &key).sign_at(earlier);
    let url = url.map_err(io::Error::other)?.into_string();
    let changed = url.replacen(
        &format!("%2F{}%2Fs3%2F", server.bucket.region()),
        &format!("%2F{elsewhere}%2Fs3%2F"),
        1,
    );
    if changed == url {
        run.holds("changed after signing", false, "the URL was not changed");
        return Ok(());
    }
    let answer = send_as(Method::Get, &changed, &[], b"")?;
    run.refused("changed after signing", &answer, &[MISMATCH, MALFORMED]);
    Ok(())
}

/// The position of a parameter's value in a URL; an empty range at the end if the URL has no such parameter.
pub(super) fn value(url: &str, name: &str) -> std::ops::Range<usize> {
    let found = [format!("?{name}="), format!("&{name}=")]
        .into_iter()
        .find_map(|start| url.find(&start).map(|at| at + start.len()));
    let start = found.unwrap_or(url.len());
    let length = url[start..].find('&').unwrap_or(url.len() - start);
    start..start + length
}

/// The URL with a different value for a parameter.
fn with(url: &str, name: &str, other: &str) -> String {
    let mut changed = url.to_owned();
    changed.replace_range(value(url, name), other);
    changed
}

/// The URL without a parameter.
pub(super) fn without(url: &str, name: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or_default();
    let mut pairs: Vec<_> = query.split('&').collect();
    pairs.retain(|pair| pair.split('=').next() != Some(name));
    format!("{path}?{}", pairs.join("&"))
}

/// The URL with a different digit at this position.
pub(super) fn digit(url: &str, at: usize) -> String {
    let mut changed = url.to_owned();
    let other = if url[at..].starts_with('0') { "1" } else { "0" };
    changed.replace_range(at..=at, other);
    changed
}

#[cfg(test)]
mod tests {
    use presign_store::{Account, Config};

    use super::*;

    /// OpenStack Swift has access key IDs such as `account:user`.
    #[test]
    fn access_key_ids_that_are_percent_encoded() {
        for id in ["account:user", "a%2Fb"] {
            let account = Account {
                access_key_id: id,
                secret_access_key: "secret",
                session_token: None,
            };
            let config = Config {
                accounts: &[account],
                ..Config::default()
            };
            let store = presign_store::Server::start(&config).unwrap();
            let bucket = crate::bucket_at(&store.endpoint(), crate::BUCKET).unwrap();
            let credentials = Credentials::new(id, "secret");
            let server = Server::new("s3s", credentials, bucket.path_style());
            let mut run = Run::new(&server);
            let unknown = SCOPE.iter().filter(|(case, ..)| case.contains("unknown"));
            let unknown: Vec<_> = unknown.copied().collect();
            assert_eq!(unknown.len(), 1);
            damaged(&mut run, &unknown).unwrap();
            assert!(run.deviations.is_empty(), "{:?}", run.deviations);
        }
    }
}
