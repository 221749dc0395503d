//! Session tokens that the server issued.

use std::io;

use presign::{Credentials, Method, Presigner};

use super::{DENIED, MISMATCH};
use crate::check::{Check, Run};
use crate::server::{send, send_as};

/// In S3, temporary access keys do not exist without their token.
const NO_SUCH_ID: (u16, &str) = (403, "InvalidAccessKeyId");
const INVALID: (u16, &str) = (400, "InvalidToken");

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("session token: issued", issued),
        Check::new("session token: never issued", unknown),
    ]
}

fn issued(run: &mut Run<'_>) -> io::Result<()> {
    let server = run.server;
    let Some(issued) = &server.issued else {
        return run.skip("the server issues no tokens");
    };
    let key = server.key("token");
    run.put(&key, b"quack")?;
    let credentials = issued.credentials();
    let get = Presigner::get(&credentials, &server.bucket, &key);
    run.accepted("right", &send(&get, b"")?, 200);
    let url = get.sign().map_err(io::Error::other)?.into_string();
    let pair = url
        .split('&')
        .find(|pair| pair.starts_with("X-Amz-Security-Token="));
    let pair = pair.unwrap_or_default();
    let fetch = |url: &str| send_as(Method::Get, url, &[], b"");
    let removed = url.replace(&format!("{pair}&"), "");
    run.refused("removed", &fetch(&removed)?, &[MISMATCH, NO_SUCH_ID]);
    let middle = url.find(pair).unwrap_or_default() + pair.len() / 2;
    let other = if url[middle..].starts_with('A') {
        "B"
    } else {
        "A"
    };
    let mut altered = url.clone();
    altered.replace_range(middle..=middle, other);
    run.refused("altered", &fetch(&altered)?, &[MISMATCH, INVALID]);

    let without = Credentials::new(&issued.id, &issued.secret);
    let get = Presigner::get(&without, &server.bucket, &key);
    run.refused("signed without", &send(&get, b"")?, &[NO_SUCH_ID]);
    let url = get.sign().map_err(io::Error::other)?.into_string();
    let added = format!("{url}&{pair}");
    run.refused("added after signing", &fetch(&added)?, &[MISMATCH]);
    let another = without.clone().session_token("AAAAexample");
    let get = Presigner::get(&another, &server.bucket, &key);
    run.refused("another, signed", &send(&get, b"")?, &[INVALID]);
    Ok(())
}

fn unknown(run: &mut Run<'_>) -> io::Result<()> {
    let server = run.server;
    let Some(permanent) = &server.permanent else {
        return run.skip("there are no credentials here without a token");
    };
    let key = server.key("unknown token");
    run.put(&key, b"quack")?;
    let credentials = permanent
        .clone()
        .session_token("IQoJb3JpZ2luX2VjEXAMPLE//8+AbC==");
    let get = Presigner::get(&credentials, &server.bucket, &key);
    run.refused("signed with it", &send(&get, b"")?, &[INVALID]);
    let url = Presigner::get(permanent, &server.bucket, &key).sign();
    let url = url.map_err(io::Error::other)?.into_string();
    let added = format!("{url}&X-Amz-Security-Token=AAAAexample");
    let answer = send_as(Method::Get, &added, &[], b"")?;
    run.refused("added after signing", &answer, &[MISMATCH, DENIED]);
    Ok(())
}
