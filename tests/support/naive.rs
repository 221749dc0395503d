//! A presigner written plainly from the specification: `format!`, a sorted `Vec`, no optimization, and no code shared
//! with the crate. The crate must behave in the same way.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>

use core::net::{Ipv4Addr, Ipv6Addr};
use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

#[path = "rules.rs"]
pub(crate) mod rules;

/// All the crate's inputs.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    /// `None` is the service itself.
    pub(crate) bucket: Option<String>,
    pub(crate) region: String,
    pub(crate) endpoint: Option<String>,
    pub(crate) path_style: bool,
    pub(crate) global_endpoint: bool,
    /// `None` is the bucket itself.
    pub(crate) key: Option<String>,
    pub(crate) allow_dot_segments: bool,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) version_id: Option<String>,
    pub(crate) part_number: Option<u16>,
    pub(crate) headers: Vec<(String, String)>,
    /// Names without `x-amz-meta-`.
    pub(crate) metadata: Vec<(String, String)>,
    pub(crate) content_type: Option<String>,
    pub(crate) content_length: Option<u64>,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    /// Unix seconds.
    pub(crate) expiration: Option<i64>,
    pub(crate) policy: Policy,
    /// Unix seconds.
    pub(crate) now: i64,
    /// Seconds and nanoseconds.
    pub(crate) expires: (u64, u32),
}

/// What to do if the credentials expire first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    Keep,
    Refuse,
    Clamp,
}

#[allow(dead_code, reason = "each user reads what it needs")]
pub(crate) struct Signed {
    pub(crate) url: String,
    pub(crate) canonical_request: String,
    pub(crate) string_to_sign: String,
    /// Without `host`.
    pub(crate) headers: Vec<(String, String)>,
    /// Unix seconds.
    pub(crate) expires_at: i64,
}

/// A `GET` of an object.
#[allow(dead_code)] // random requests are built differently
pub(crate) fn plain() -> Request {
    Request {
        method: "GET",
        bucket: Some("examplebucket".into()),
        region: "eu-west-1".into(),
        endpoint: None,
        path_style: false,
        global_endpoint: false,
        key: Some("k".into()),
        allow_dot_segments: false,
        query: Vec::new(),
        version_id: None,
        part_number: None,
        headers: Vec::new(),
        metadata: Vec::new(),
        content_type: None,
        content_length: None,
        access_key_id: "AKIAEXAMPLE".into(),
        secret_access_key: "secret".into(),
        session_token: None,
        expiration: None,
        policy: Policy::Keep,
        now: 1_369_353_600,
        expires: (900, 0),
    }
}

/// Signs a request that has no [`mistakes`].
pub(crate) fn sign(request: &Request) -> Signed {
    let (date, time) = date_and_time(request.now);
    let region = match request.region.as_str() {
        "aws-global" => "us-east-1",
        region => region,
    };
    let (scheme, host, path) = place(request, region);
    let (service, token_name) = match zone(request) {
        Some(_) => ("s3express", "X-Amz-S3session-Token"),
        None => ("s3", "X-Amz-Security-Token"),
    };

    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in all_headers(request) {
        let folded: Vec<&str> = value.split([' ', '\t']).filter(|w| !w.is_empty()).collect();
        let values = headers.entry(name.to_ascii_lowercase()).or_default();
        values.push(folded.join(" "));
    }
    let to_send: Vec<(String, String)> = headers
        .iter()
        .map(|(name, values)| (name.clone(), values.join(",")))
        .collect();
    let payload_hash = match headers.get("x-amz-content-sha256") {
        Some(values) => values.join(","),
        None => "UNSIGNED-PAYLOAD".into(),
    };
    headers.insert("host".into(), vec![host.clone()]);
    let names: Vec<&str> = headers.keys().map(String::as_str).collect();
    let signed_headers = names.join(";");
    let lines: String = headers
        .iter()
        .map(|(name, values)| format!("{name}:{}\n", values.join(",")))
        .collect();

    let url_end = request.now + request.expires.0 as i64;
    let credentials_end = request.expiration.unwrap_or(i64::MAX);
    let expires = match request.policy {
        Policy::Clamp => url_end.min(credentials_end) - request.now,
        _ => request.expires.0 as i64,
    };

    let scope = format!("{date}/{region}/{service}/aws4_request");
    let credential = format!("{}/{scope}", request.access_key_id);
    let mut query = all_parameters(request);
    query.push(("X-Amz-Algorithm".into(), "AWS4-HMAC-SHA256".into()));
    query.push(("X-Amz-Credential".into(), credential));
    query.push(("X-Amz-Date".into(), format!("{date}T{time}Z")));
    query.push(("X-Amz-Expires".into(), expires.to_string()));
    query.push(("X-Amz-SignedHeaders".into(), signed_headers.clone()));
    if let Some(token) = &request.session_token {
        query.push((token_name.into(), token.clone()));
    }
    let mut query: Vec<(String, String)> = query
        .iter()
        .map(|(name, value)| (encode(name, false), encode(value, false)))
        .collect();
    query.sort();
    let query: Vec<String> = query.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let query = query.join("&");

    let canonical_request = format!(
        "{}\n{path}\n{query}\n{lines}\n{signed_headers}\n{payload_hash}",
        request.method
    );
    let string_to_sign = format!(
        "AWS4-HMAC-SHA256\n{date}T{time}Z\n{scope}\n{}",
        hex(&Sha256::digest(&canonical_request))
    );
    let secret = format!("AWS4{}", request.secret_access_key);
    let mut key = hmac(secret.as_bytes(), &date);
    for part in [region, service, "aws4_request"] {
        key = hmac(&key, part);
    }
    let signature = hex(&hmac(&key, &string_to_sign));
    Signed {
        url: format!("{scheme}://{host}{path}?{query}&X-Amz-Signature={signature}"),
        canonical_request,
        string_to_sign,
        headers: to_send,
        expires_at: url_end.min(credentials_end),
    }
}

/// All mistakes in a request, by the name of the crate's error. The crate must report one of them.
pub(crate) fn mistakes(request: &Request) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut mistake = |is: bool, name| {
        if is {
            found.push(name);
        }
    };

    let credentials = [
        Some(&request.access_key_id),
        Some(&request.secret_access_key),
        request.session_token.as_ref(),
    ];
    for text in credentials.into_iter().flatten() {
        mistake(text.is_empty(), "EmptyCredential");
        mistake(text.trim() != text, "CredentialWhitespace");
    }
    for (text, allowed) in credentials.into_iter().zip(["", "", "\t"]) {
        let control = |c: char| c.is_ascii_control() && !allowed.contains(c);
        let control = text.is_some_and(|text| text.contains(control));
        mistake(control, "CredentialControlCharacter");
    }
    let end = i128::from(request.now) + i128::from(request.expires.0);
    if let Some(expiration) = request.expiration {
        mistake(expiration <= request.now, "CredentialsExpired");
        let first = i128::from(expiration) < end && request.policy == Policy::Refuse;
        mistake(first, "CredentialsExpireFirst");
    }
    let seconds = request.expires.0;
    mistake(!(1..=604_800).contains(&seconds), "ExpiryOutOfRange");
    mistake(request.expires.1 != 0, "FractionalExpiry");
    let years = -62_135_596_800..=253_402_300_799;
    mistake(!years.contains(&request.now), "TimeOutOfRange");

    if let Some(name) = &request.bucket {
        mistake(name.contains('*'), "WildcardInBucketName");
        let allowed = |c: char| c.is_ascii_alphanumeric() || "*.-_".contains(c);
        mistake(!name.chars().all(allowed), "InvalidBucketName");
        mistake(!(3..=255).contains(&name.len()), "BucketNameLength");
        let directory = name.ends_with("--x-s3") || name.ends_with("--xa-s3");
        let zone = zone(request).is_some_and(is_label);
        let good = zone && is_label(name) && name.len() <= 63;
        mistake(directory && !good, "InvalidDirectoryBucketName");
    }
    let region = &request.region;
    mistake(!(1..=63).contains(&region.len()), "RegionLength");
    let allowed = |c: char| match request.endpoint {
        None => c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
        Some(_) => c.is_ascii_alphanumeric() || "-_".contains(c),
    };
    let ends = region.starts_with('-') || region.ends_with('-');
    mistake(ends || !region.chars().all(allowed), "InvalidRegion");
    if request.global_endpoint || (region == "aws-global" && request.endpoint.is_none()) {
        let other = suffix(region) != "amazonaws.com" || region.starts_with("us-gov-");
        let conflict = other || request.endpoint.is_some() || zone(request).is_some();
        mistake(conflict, "EndpointConflict");
    }
    if let Some(Err(endpoint)) = request.endpoint.as_deref().map(parse_endpoint) {
        endpoint.into_iter().for_each(|name| mistake(true, name));
    }

    if let Some(key) = &request.key {
        mistake(request.bucket.is_none(), "KeyWithoutBucket");
        mistake(key.is_empty(), "EmptyKey");
        mistake(key.len() > 1024, "KeyTooLong");
        let dots = key.split('/').any(|segment| [".", ".."].contains(&segment));
        mistake(dots && !request.allow_dot_segments, "DotSegment");
    }

    let parameters = all_parameters(request);
    mistake(parameters.len() > 255, "TooManyQueryParameters");
    let mut sorted = parameters.clone();
    sorted.sort();
    sorted.dedup();
    mistake(sorted.len() != parameters.len(), "DuplicateQueryParameter");
    for (name, value) in &parameters {
        mistake(name.is_empty(), "EmptyQueryParameterName");
        if let Some((_, kind, once)) = rules::find("query", name) {
            if let Some(error) = kind.refuses(value, "query") {
                mistake(true, error);
            }
            let several = parameters.iter().filter(|other| other.0 == *name).count() > 1;
            mistake(once && several, "DuplicateQueryParameter");
        }
    }

    let headers = all_headers(request);
    let hash = |pairs: &[(String, String)], hash: bool| {
        let mut pairs = pairs
            .iter()
            .filter(|pair| pair.0.eq_ignore_ascii_case("x-amz-content-sha256"));
        pairs.any(|pair| !hash || pair.1.trim() != "UNSIGNED-PAYLOAD")
    };
    mistake(
        hash(&headers, true) && hash(&parameters, false),
        "PayloadHashMismatch",
    );
    mistake(headers.len() > 255, "TooManyHeaders");
    for (name, value) in &headers {
        let empty = name.is_empty() || name == "x-amz-meta-";
        mistake(empty, "EmptyHeaderName");
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        mistake(!name.chars().all(token), "InvalidHeaderName");
        mistake(has_control(value), "InvalidHeaderValue");
        if let Some((_, kind, once)) = rules::find("header", name) {
            if let Some(error) = kind.refuses(value, "header") {
                mistake(true, error);
            }
            let same = |other: &&(String, String)| other.0.eq_ignore_ascii_case(name);
            mistake(
                once && headers.iter().filter(same).count() > 1,
                "DuplicateHeader",
            );
        }
    }
    found
}

/// Scheme, `Host` and path.
fn place(request: &Request, region: &str) -> (&'static str, String, String) {
    let (scheme, host, ip, prefix) = match request.endpoint.as_deref().map(parse_endpoint) {
        Some(Ok(e)) => (e.scheme, e.host, e.ip, e.prefix),
        _ => {
            let suffix = suffix(region);
            let host = match zone(request) {
                Some(zone) => format!("s3express-{zone}.{region}.{suffix}"),
                None if request.global_endpoint || request.region == "aws-global" => {
                    "s3.amazonaws.com".into()
                }
                None => format!("s3.{region}.{suffix}"),
            };
            ("https", host, false, String::new())
        }
    };
    let (mut host, mut path) = (host, prefix);
    if let Some(bucket) = &request.bucket {
        let dots = scheme == "http" || !bucket.contains('.');
        let in_host = dots
            && bucket.len() <= 63
            && bucket.split('.').all(is_label)
            && bucket.parse::<Ipv4Addr>().is_err();
        // A directory bucket has no path style.
        if in_host && !ip && (!request.path_style || zone(request).is_some()) {
            host = format!("{bucket}.{host}");
        } else {
            path = format!("{path}/{bucket}");
        }
    }
    if let Some(key) = &request.key {
        path = format!("{path}/{}", encode(key, true));
    }
    if path.is_empty() {
        path = "/".into();
    }
    (scheme, host, path)
}

/// The zone of a directory bucket.
fn zone(request: &Request) -> Option<&str> {
    let name = request.bucket.as_deref()?;
    let name = name
        .strip_suffix("--x-s3")
        .or(name.strip_suffix("--xa-s3"))?;
    Some(&name[name.rfind("--")? + 2..])
}

fn is_label(label: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !label.is_empty()
        && label.chars().all(inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

struct Endpoint {
    scheme: &'static str,
    host: String,
    ip: bool,
    prefix: String,
}

fn parse_endpoint(text: &str) -> Result<Endpoint, Vec<&'static str>> {
    let lower = text.to_ascii_lowercase();
    let (scheme, default_port, rest) = if lower.starts_with("https://") {
        ("https", "443", &text[8..])
    } else if lower.starts_with("http://") {
        ("http", "80", &text[7..])
    } else {
        return Err(vec!["EndpointScheme"]);
    };
    let mut found = Vec::new();
    if rest.contains('#') {
        found.push("EndpointFragment");
    }
    if rest.contains('?') {
        found.push("EndpointQuery");
    }
    let authority: String = rest.chars().take_while(|c| *c != '/').collect();
    let path = &rest[authority.len()..];
    if authority.contains('@') {
        found.push("EndpointUserInfo");
    }

    let after_brackets = authority.rfind(']').map_or(0, |at| at + 1);
    let colon = authority[after_brackets..]
        .rfind(':')
        .map(|at| after_brackets + at);
    let (host, port) = match colon {
        Some(colon) => (&authority[..colon], Some(&authority[colon + 1..])),
        None => (authority.as_str(), None),
    };
    if let Some(port) = port {
        let digits = !port.is_empty() && port.chars().all(|c| c.is_ascii_digit());
        let in_range = port.parse::<u32>().is_ok_and(|n| (1..=65_535).contains(&n));
        if !digits || !in_range || port.starts_with('0') {
            found.push("EndpointPort");
        }
    }
    let mut ip = false;
    if host.starts_with('[') && host.ends_with(']') && host.len() > 1 {
        ip = true;
        let address = &host[1..host.len() - 1];
        let written = address
            .parse::<Ipv6Addr>()
            .map(|address| address.to_string());
        if written.as_deref() != Ok(address) || address.contains('.') {
            found.push("EndpointHost");
        }
    } else {
        let labels: Vec<&str> = host.split('.').collect();
        let good = |label: &&str| {
            !label.is_empty()
                && label.len() <= 63
                && label
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        if host.len() > 253 || !labels.iter().all(good) {
            found.push("EndpointHost");
        }
        let last = labels[labels.len() - 1].to_ascii_lowercase();
        let number = last.chars().all(|c| c.is_ascii_digit())
            || last.starts_with("0x") && last[2..].chars().all(|c| c.is_ascii_hexdigit());
        if number {
            ip = true;
            if host.parse::<Ipv4Addr>().is_err() {
                found.push("EndpointHost");
            }
        }
    }

    let prefix = path.strip_suffix('/').unwrap_or(path);
    let mut segments = prefix.split('/').skip(1);
    // A server decodes its input and encodes it again, which must produce the same text.
    let again = decode(prefix).map(|bytes| {
        let segments = bytes.split(|byte| *byte == b'/');
        segments.map(encode_bytes).collect::<Vec<_>>().join("/")
    });
    if segments.any(|segment| ["", ".", ".."].contains(&segment))
        || again.as_deref() != Some(prefix)
    {
        found.push("EndpointPath");
    }
    let port = port.filter(|port| *port != default_port);
    match found.is_empty() {
        true => Ok(Endpoint {
            scheme,
            host: host.to_ascii_lowercase()
                + &port.map_or(String::new(), |port| format!(":{port}")),
            ip,
            prefix: prefix.into(),
        }),
        false => Err(found),
    }
}

fn suffix(region: &str) -> &'static str {
    let partitions = [
        ("aws-cn", "cn-", "amazonaws.com.cn"),
        ("aws-iso", "us-iso-", "c2s.ic.gov"),
        ("aws-iso-b", "us-isob-", "sc2s.sgov.gov"),
        ("aws-iso-e", "eu-isoe-", "cloud.adc-e.uk"),
        ("aws-iso-f", "us-isof-", "csp.hci.ic.gov"),
        ("aws-eusc", "eusc-de-", "amazonaws.eu"),
    ];
    let own = partitions.into_iter().find(|(name, start, _)| {
        let parts = region
            .strip_prefix(start)
            .map(|rest| rest.split('-').collect::<Vec<_>>());
        let shape = parts.is_some_and(|parts| {
            parts.len() == 2 && !parts[0].is_empty() && parts[1].parse::<u128>().is_ok()
        });
        shape || region == format!("{name}-global")
    });
    own.map_or("amazonaws.com", |(_, _, suffix)| suffix)
}

fn all_parameters(request: &Request) -> Vec<(String, String)> {
    let mut all = request.query.clone();
    if let Some(version_id) = &request.version_id {
        all.push(("versionId".into(), version_id.clone()));
    }
    if let Some(number) = request.part_number {
        all.push(("partNumber".into(), number.to_string()));
    }
    all
}

fn all_headers(request: &Request) -> Vec<(String, String)> {
    let mut all = request.headers.clone();
    for (name, value) in &request.metadata {
        all.push((format!("x-amz-meta-{name}"), value.clone()));
    }
    if let Some(content_type) = &request.content_type {
        all.push(("content-type".into(), content_type.clone()));
    }
    if let Some(bytes) = request.content_length {
        all.push(("content-length".into(), bytes.to_string()));
    }
    all
}

fn has_control(value: &str) -> bool {
    value.chars().any(|c| (c < ' ' && c != '\t') || c == '\x7f')
}

fn encode(text: &str, is_path: bool) -> String {
    let segments = text.as_bytes().split(|byte| is_path && *byte == b'/');
    segments.map(encode_bytes).collect::<Vec<_>>().join("/")
}

fn encode_bytes(bytes: &[u8]) -> String {
    let encode = |byte: &u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(*byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    bytes.iter().map(encode).collect()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?].map(char::from);
                (digits[0].to_digit(16)? * 16 + digits[1].to_digit(16)?) as u8
            }
            byte => byte,
        });
    }
    Some(decoded)
}

/// `YYYYMMDD` and `HHMMSS`, by counting years and months.
fn date_and_time(unix: i64) -> (String, String) {
    let (mut days, seconds) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let year_length = |year| if leap(year) { 366 } else { 365 };
    let mut year = 1970;
    while days < 0 {
        year -= 1;
        days += year_length(year);
    }
    while days >= year_length(year) {
        days -= year_length(year);
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    (
        format!("{year:04}{month:02}{:02}", days + 1),
        format!("{hours:02}{minutes:02}{seconds:02}"),
    )
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
