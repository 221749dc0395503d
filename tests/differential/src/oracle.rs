//! An independent verifier of presigned requests: S3's rules in plain code, and the signature by signing again.
//!
//! The received request is decoded, as S3 does, and signed by `aws-sigv4`, which must produce the same parameters and
//! the same signature.

use aws_smithy_http::label::EncodingStrategy;
use aws_smithy_http::{label, query};
use presign::verify::Rejection;

use crate::arrival::{Accepted, Arrival, pairs};
use crate::aws_sigv4::{AwsSigv4, Regions, Signing, sigv4a_holds};

const SIGV4: &str = "AWS4-HMAC-SHA256";
const SIGV4A: &str = "AWS4-ECDSA-P256-SHA256";

/// The authentication parameters.
const PARAMETERS: [&str; 9] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-S3session-Token",
    "X-Amz-Security-Token",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

/// The parts of a URL, still encoded, without a fragment.
struct Parts<'u> {
    host: &'u str,
    path: &'u str,
    query: &'u str,
}

fn parts(url: &str) -> Option<Parts<'_>> {
    let url = url.split('#').next()?;
    let (scheme, rest) = url.split_once("://")?;
    let at = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(at);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let good = matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains('@');
    good.then_some(Parts {
        host,
        path: if path.is_empty() { "/" } else { path },
        query,
    })
}

/// Names and values, still encoded.
fn raw_pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn decoded(text: &str) -> Option<String> {
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(text).collect();
    String::from_utf8(bytes).ok()
}

fn decoded_in_query(text: &str) -> Option<String> {
    decoded(&text.replace('+', " "))
}

/// Applies S3's rules, and checks the signature.
///
/// # Errors
/// The rule that the request breaks.
pub fn judge(aws: &AwsSigv4, arrival: &Arrival) -> Result<Accepted, &'static str> {
    let url = parts(&arrival.url).ok_or("an absolute URL")?;
    let path = decoded(url.path).ok_or("a path in UTF-8")?;
    let query: Option<Vec<(String, String)>> = raw_pairs(url.query)
        .map(|(name, value)| Some((decoded_in_query(name)?, decoded_in_query(value)?)))
        .collect();
    let query = query.ok_or("a query in UTF-8")?;
    let is = |name: &str, other: &str| name.eq_ignore_ascii_case(other);
    let header = |wanted: &str| arrival.headers.iter().find(|(name, _)| is(name, wanted));
    if header("authorization").is_some() {
        return Err("one authentication");
    }

    let times = |wanted: &str| query.iter().filter(|(name, _)| name == wanted).count();
    if PARAMETERS.into_iter().any(|name| times(name) > 1) {
        return Err("each parameter once");
    }
    let find = |wanted: &str| {
        let pair = query.iter().find(|(name, _)| name == wanted);
        pair.map(|(_, value)| value.as_str())
    };
    let need = |name: &str| find(name).ok_or("all parameters");
    let sigv4a = match need("X-Amz-Algorithm")? {
        SIGV4 => false,
        SIGV4A => true,
        _ => return Err("a known algorithm"),
    };
    let signed_at = seconds(need("X-Amz-Date")?).ok_or("a date")?;
    let expires: u64 = need("X-Amz-Expires")?
        .parse()
        .map_err(|_| "an expiry in seconds")?;
    if !(1..=604_800).contains(&expires) {
        return Err("an expiry of at most 7 days");
    }
    let names: Vec<&str> = need("X-Amz-SignedHeaders")?.split(';').collect();
    let signature = need("X-Amz-Signature")?;
    if signature.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err("a signature in lower case");
    }
    let token = match (find("X-Amz-Security-Token"), find("X-Amz-S3session-Token")) {
        (Some(_), Some(_)) => return Err("one session token"),
        (token, other) => token.or(other),
    };
    let mut credential = need("X-Amz-Credential")?.rsplit('/');
    let mut part = || credential.next().ok_or("a credential");
    let (terminator, service) = (part()?, part()?);
    let region = if sigv4a { "" } else { part()? };
    let _day = part()?; // signing again writes it
    let mut id: Vec<&str> = credential.collect();
    id.reverse();
    let id = id.join("/");
    if terminator != "aws4_request" || service.is_empty() || (region.is_empty() && !sigv4a) {
        return Err("a credential");
    }
    let set = if sigv4a {
        need("X-Amz-Region-Set")?
    } else {
        ""
    };

    let covers = |allowed: &String| {
        let by_set = |name: &str| match name.strip_suffix('*') {
            Some(start) => allowed.starts_with(start),
            None => allowed == name,
        };
        if sigv4a {
            set.split(',').any(by_set)
        } else {
            allowed == region
        }
    };
    if matches!(&arrival.regions, Some(allowed) if !allowed.iter().any(covers)) {
        return Err("an allowed region");
    }
    if matches!(&arrival.services, Some(allowed) if !allowed.iter().any(|one| one == service)) {
        return Err("an allowed service");
    }
    let mut expires_at = signed_at + expires as i64;
    if signed_at > arrival.now + arrival.clock_tolerance as i64 {
        return Err("a signing time that is not ahead");
    }
    if arrival.now >= expires_at {
        return Err("a time before the expiry");
    }
    if matches!(arrival.max_age, Some(limit) if arrival.now - signed_at > limit as i64) {
        return Err("an allowed age");
    }

    let signs = |name: &str| names.contains(&name.to_ascii_lowercase().as_str());
    let amazons = |name: &str| name.to_ascii_lowercase().starts_with("x-amz-");
    if arrival
        .headers
        .iter()
        .any(|(name, _)| amazons(name) && !signs(name))
    {
        return Err("headers of Amazon's all signed");
    }
    let payload_hash = header("x-amz-content-sha256").map_or("UNSIGNED-PAYLOAD", |(_, hash)| hash);
    let payload_hash = payload_hash.trim_matches(' ');
    let is_hash = payload_hash.len() == 64
        && payload_hash
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if payload_hash != "UNSIGNED-PAYLOAD" && !is_hash && !is_streaming(payload_hash) {
        return Err("a payload hash");
    }
    if id != arrival.access_key_id {
        return Err("a known access key ID");
    }
    if token != arrival.session_token.as_deref() {
        return Err("the session token that was issued");
    }
    if let Some(end) = arrival.credentials_end {
        if arrival.now >= end {
            return Err("credentials that have not ended");
        }
        expires_at = expires_at.min(end);
    }

    let mut again = "https://h.invalid".to_owned();
    again += &label::fmt_string(path, EncodingStrategy::Greedy);
    let mut writer = query::Writer::new(&mut again);
    for (name, value) in &query {
        // SigV4 has no region sets: it treats this as an ordinary parameter.
        if !PARAMETERS.contains(&name.as_str()) || (name == "X-Amz-Region-Set" && !sigv4a) {
            writer.push_kv(&query::fmt_string(name), &query::fmt_string(value));
        }
    }
    let mut headers = pairs(&arrival.headers);
    headers.retain(|(name, _)| signs(name) && !is(name, "host"));
    headers.push(("host", url.host));
    let signing = Signing {
        access_key_id: &id,
        secret_access_key: &arrival.secret_access_key,
        session_token: token,
        token_parameter: find("X-Amz-S3session-Token").map(|_| "X-Amz-S3session-Token"),
        regions: if sigv4a {
            Regions::Set(set)
        } else {
            Regions::One(region)
        },
        service,
        time: signed_at,
        expires,
    };
    let (_, parameters) = aws
        .instructions(&arrival.method, &again, &headers, &signing)
        .map_err(|_| "a request that can be signed")?
        .into_parts();
    for name in PARAMETERS {
        let signed = parameters.iter().find(|(signed, _)| *signed == name);
        let signed = signed.map(|(_, value)| &**value);
        let same = if sigv4a && name == "X-Amz-Signature" {
            let [_, string_to_sign] = aws.seen();
            sigv4a_holds(&id, &arrival.secret_access_key, &string_to_sign, signature)
        // Covered by the signature.
        } else if !sigv4a && name == "X-Amz-Region-Set" {
            true
        } else {
            signed == find(name)
        };
        if !same {
            return Err("the parameters and the signature of signing again");
        }
    }
    Ok(Accepted {
        access_key_id: id,
        region: region.to_owned(),
        service: service.to_owned(),
        signed_headers: names.into_iter().map(str::to_owned).collect(),
        payload_hash: payload_hash.to_owned(),
        signed_at,
        expires_at,
    })
}

fn is_streaming(payload_hash: &str) -> bool {
    payload_hash.trim_matches(' ').starts_with("STREAMING-")
}

/// `YYYYMMDDTHHMMSSZ` in Unix seconds.
fn seconds(date: &str) -> Option<i64> {
    let (day, time) = date.strip_suffix('Z')?.split_once('T')?;
    let digits = |text: &str, length| {
        let good = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        good.then(|| text.parse::<i64>().ok()).flatten()
    };
    let (day, time) = (digits(day, 8)?, digits(time, 6)?);
    let (year, month, day) = (day / 10_000, day / 100 % 100, day % 100);
    let (hour, minute, second) = (time / 10_000, time / 100 % 100, time % 100);
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = |month| match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if year < 1 || !(1..=12).contains(&month) || !(1..=length(month)).contains(&day) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let before = year - 1;
    let years = before * 365 + before / 4 - before / 100 + before / 400;
    let days = years + (1..month).map(length).sum::<i64>() + day - 1;
    const DAYS_TO_1970: i64 = 719_162;
    Some((days - DAYS_TO_1970) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// A kind of request that the library refuses by design, although S3 may accept it.
#[derive(Clone, Copy, Debug)]
pub struct Stricter {
    /// What is special about the request.
    pub what: &'static str,
    /// Why the library refuses it.
    pub why: &'static str,
    /// The library's rejection.
    rejects: fn(&Rejection) -> bool,
    /// Whether a URL, its decoded parameters or its headers are of this kind.
    has: fn(&Arrival) -> bool,
}

/// All of them.
pub const STRICTER: [Stricter; 7] = [
    Stricter {
        what: "path or query encoded in another way than SigV4 writes",
        why: "hashed as it stands: nothing is encoded again",
        rejects: |rejection| matches!(rejection, Rejection::NotCanonical),
        has: |arrival| {
            parts(&arrival.url).is_some_and(|url| {
                let path = decoded(url.path).is_none_or(|path| {
                    label::fmt_string(path, EncodingStrategy::Greedy) != url.path
                });
                let other = |text: &str| {
                    decoded_in_query(text).is_none_or(|decoded| query::fmt_string(decoded) != text)
                };
                path || raw_pairs(url.query).any(|(name, value)| other(name) || other(value))
            })
        },
    },
    Stricter {
        what: "an empty pair: && or & at an end",
        why: "hashed as it stands: S3 leaves it out, and another URL would pass",
        rejects: |rejection| matches!(rejection, Rejection::NotCanonical),
        has: |arrival| {
            parts(&arrival.url)
                .is_some_and(|url| !url.query.is_empty() && url.query.split('&').any(str::is_empty))
        },
    },
    Stricter {
        what: "a parameter without a name",
        why: "the library signs none",
        rejects: |rejection| matches!(rejection, Rejection::NotCanonical),
        has: |arrival| {
            parts(&arrival.url)
                .is_some_and(|url| raw_pairs(url.query).any(|(name, _)| name.is_empty()))
        },
    },
    Stricter {
        what: "a parameter of the authentication again in another case",
        why: "a server that ignores case could read the other one",
        rejects: |rejection| matches!(rejection, Rejection::DuplicateParameter { .. }),
        has: |arrival| {
            parts(&arrival.url).is_some_and(|url| {
                raw_pairs(url.query).any(|(name, _)| {
                    PARAMETERS
                        .into_iter()
                        .any(|known| known != name && known.eq_ignore_ascii_case(name))
                })
            })
        },
    },
    Stricter {
        what: "more than 264 parameters",
        why: "sorted without an allocator",
        rejects: |rejection| matches!(rejection, Rejection::QueryTooLong),
        has: |arrival| parts(&arrival.url).is_some_and(|url| raw_pairs(url.query).count() > 264),
    },
    Stricter {
        what: "a credential over 384 bytes",
        why: "decoded without an allocator",
        rejects: |rejection| matches!(rejection, Rejection::MalformedCredential),
        has: |arrival| {
            parts(&arrival.url).is_some_and(|url| {
                raw_pairs(url.query).any(|(name, value)| {
                    name == "X-Amz-Credential"
                        && decoded(value).is_some_and(|value| value.len() > 384)
                })
            })
        },
    },
    Stricter {
        what: "a payload hash STREAMING-...",
        why: "its chunks' signatures are not the verifier's to check",
        rejects: |rejection| matches!(rejection, Rejection::MalformedPayloadHash),
        has: |arrival| arrival.headers.iter().any(|(_, value)| is_streaming(value)),
    },
];

impl Stricter {
    /// The index in [`STRICTER`] of the reason why only the library refuses a request.
    pub fn find(arrival: &Arrival, rejection: &Rejection) -> Option<usize> {
        STRICTER
            .iter()
            .position(|stricter| (stricter.rejects)(rejection) && (stricter.has)(arrival))
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn dates() {
        for (date, expected) in [
            ("19700101T000000Z", Some(0)),
            ("20150830T123600Z", Some(1_440_938_160)),
            ("20000229T000000Z", Some(951_782_400)),
            ("00010101T000000Z", Some(-62_135_596_800)),
            ("99991231T235959Z", Some(253_402_300_799)),
            ("19000229T000000Z", None),
            ("20150830T240000Z", None),
            ("20150830T123600", None),
        ] {
            assert_eq!(seconds(date), expected, "{date}");
        }
    }
}
