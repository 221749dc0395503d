//! Keys that are often encoded wrongly. Each is put, fetched and deleted under its own name only.

use std::io;

use presign::Method;

use super::NOT_FOUND;
use crate::check::{Check, Run};

/// Cases, keys, and other keys that they could be confused with.
type Keys = &'static [(&'static str, &'static str, &'static str)];

const AWKWARD: Keys = &[
    ("percent escapes", "a%2Fb", "a/b"),
    ("escaped escapes", "a%252Fb", "a%2Fb"),
    ("percent alone", "100%", "100%25"),
    ("malformed escape", "%zz", "%25zz"),
    ("spaces at both ends", " both ends ", "both ends"),
    ("a query", "k?versionId=1&a=b", "k"),
    ("a fragment", "k#fragment", "k"),
    ("sub-delimiters", "!$&'()*+,;=:@", "%21$&'()*+,;=:@"),
    ("a signature", "X-Amz-Signature=0", "X-Amz-Signature"),
];

const UNICODE: Keys = &[
    ("umlauts", "Grüße", "GruBe"),
    ("composed", "\u{fc}", "u\u{308}"),
    ("decomposed", "u\u{308}", "\u{fc}"),
    ("CJK", "東京/大阪", "東京/大"),
    ("emoji with joiners", "👩\u{200d}👩\u{200d}👧", "👩👩👧"),
    ("right to left", "שלום\u{200f}عربي", "שלוםعربي"),
    ("no-break space", "a\u{a0}b", "a b"),
    (
        "private use, highest plane",
        "\u{e000}\u{10fffd}",
        "\u{e000}",
    ),
    (
        "full-width slash and dots",
        "a\u{ff0f}\u{ff0e}\u{ff0e}\u{ff0f}b",
        "b",
    ),
];

const SLASHES: Keys = &[
    ("//", "a//b", "a/b"),
    ("///", "a///b", "a/b"),
    ("trailing /", "trailing/", "trailing"),
    ("trailing //", "trailing//", "trailing/"),
];

const DOTS: Keys = &[
    ("./", "x/./b", "x/b"),
    ("../", "x/../b", "b"),
    ("trailing /.", "y/.", "y/"),
    ("trailing /..", "z/y/..", "z/"),
    ("three dots", "x/.../b", "x/b"),
];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("keys: every printable ASCII character", |run| {
            for c in '!'..='~' {
                let case = c.to_string();
                let key = format!("ascii/a{c}z");
                match c {
                    '/' => round_trip(run, "/", &run.server.key(&key), None)?,
                    _ => {
                        let other = format!("ascii/a%{:02X}z", u32::from(c));
                        round_trip(
                            run,
                            &case,
                            &run.server.key(&key),
                            Some(&run.server.key(&other)),
                        )?;
                    }
                }
            }
            let (space, plus) = (run.server.key("ascii/a z"), run.server.key("ascii/a+z"));
            round_trip(run, "space", &space, Some(&plus))
        }),
        Check::new("keys: escapes, query, fragment, ...", |run| {
            each(run, AWKWARD)
        }),
        Check::new("keys: Unicode", |run| each(run, UNICODE)),
        Check::new("keys: `//`, leading and trailing `/`", |run| {
            each(run, SLASHES)?;
            if run.server.disposable {
                round_trip(run, "leading /", "/leading", Some("leading"))?;
            }
            Ok(())
        }),
        Check::new("keys: dot segments", |run| each(run, DOTS)),
        Check::new("keys: 1024 bytes", |run| {
            let mut key = run.server.key("");
            key += &"0123456789/".repeat(100)[..1024 - key.len()];
            let other = key[..1023].to_owned();
            round_trip(run, "1024 bytes", &key, Some(&other))
        }),
    ]
}

fn each(run: &mut Run<'_>, keys: Keys) -> io::Result<()> {
    for (case, key, other) in keys {
        round_trip(
            run,
            case,
            &run.server.key(key),
            Some(&run.server.key(other)),
        )?;
    }
    Ok(())
}

fn round_trip(run: &mut Run<'_>, case: &str, key: &str, other: Option<&str>) -> io::Result<()> {
    let put = run.send(Method::Put, key, key.as_bytes())?;
    if !run.accepted(case, &put, 200) {
        return Ok(());
    }
    run.has_content(case, key, key.as_bytes())?;
    if let Some(other) = other {
        let answer = run.send(Method::Get, other, b"")?;
        if answer.status == 200 {
            run.holds(case, false, "found under another key");
        } else {
            run.refused(case, &answer, &[NOT_FOUND]);
        }
    }
    let delete = run.send(Method::Delete, key, b"")?;
    run.accepted(case, &delete, 204);
    run.is_absent(case, key)
}
