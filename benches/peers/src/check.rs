//! Checks a URL: presign's verifier must accept it, and it must contain everything that was requested.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use presign::Credentials;
use presign::verify::{Request, Verifier};

use crate::items::{
    ACCESS_KEY_ID, HEADERS, OVERRIDES, REGION, SECONDS, SECRET, UPLOAD_TYPE, token,
};
use crate::{HOST, Item, now};

pub fn check(item: Item, key: &str, url: &str) -> Result<(), String> {
    let headers = [("content-type", UPLOAD_TYPE), HEADERS[0], HEADERS[1]];
    let headers = if item == Item::W3 { &headers[..] } else { &[] };
    let token = token(1000);
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET);
    let credentials = match item {
        Item::W2 => credentials.session_token(&token),
        _ => credentials,
    };
    let url = normalised(url);
    let request =
        Request::new(item.method(), &url, headers).map_err(|rejection| rejection.to_string())?;
    let verified = Verifier::new()
        .regions(&[REGION])
        .services(&["s3"])
        .verify(&request, now(), |id| {
            (id == ACCESS_KEY_ID).then(|| credentials.clone())
        })
        .map_err(|rejection| rejection.to_string())?;

    let demand = |holds: bool, what: &str| if holds { Ok(()) } else { Err(what.to_owned()) };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    demand(
        HOST.ends_with(&format!("://{}", request.host())),
        "another host",
    )?;
    demand(decoded(request.path()) == format!("/{key}"), "another key")?;
    let lifetime = verified.expires_at().as_unix() - verified.signed_at().as_unix();
    demand(lifetime.unsigned_abs() == SECONDS, "another expiry")?;
    let query: Vec<(String, String)> = request
        .query()
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    for (name, value) in OVERRIDES.iter().filter(|_| item == Item::W2) {
        demand(
            query.contains(&((*name).to_owned(), (*value).to_owned())),
            name,
        )?;
    }
    for (name, _) in headers {
        demand(
            verified.signed_headers().any(|signed| signed == *name),
            name,
        )?;
    }
    Ok(())
}

/// Decodes and encodes path and query, as S3 does before it checks the signature. The verifier does not.
fn normalised(url: &str) -> String {
    const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    const PATH: &AsciiSet = &UNRESERVED.remove(b'/');
    let Some((path, query)) = url.strip_prefix(HOST).and_then(|rest| rest.split_once('?')) else {
        return url.to_owned();
    };
    let again = |text: &str, set| {
        let text = percent_decode_str(text).decode_utf8_lossy();
        utf8_percent_encode(&text, set).to_string()
    };
    let pairs = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        format!("{}={}", again(name, UNRESERVED), again(value, UNRESERVED))
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    format!("{HOST}{}?{query}", again(path, PATH))
}
