//! Random requests for property tests, with and without mistakes.

use core::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::collection::vec;
use proptest::option::{of as option, weighted};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::naive::{Policy, Request, mistakes, rules};

/// A request without mistakes.
pub(crate) fn request() -> impl Strategy<Value = Request> {
    let place = (
        often(bucket()),
        region(),
        option(endpoint()),
        any::<[bool; 3]>(),
    );
    let what = (method(), often(text(1..100)));
    let query = (
        vec((name(), text(0..20)), 0..12),
        option(text(1..20)),
        option(1..=10_000_u16),
    );
    let headers = (
        vec((header_name(), header_value()), 0..8),
        vec((header_name(), header_value()), 0..4),
        option(text(1..20)),
        option(any::<u64>()),
    );
    let who = (
        text(1..30),
        text(1..80),
        option(text(1..300)),
        option(1..1_000_000_i64),
    );
    let when = (
        -62_135_596_800..=253_402_300_799_i64,
        1..=604_800_u64,
        any::<bool>(),
    );
    let all = (place, what, query, headers, who, when);
    let request = all.prop_map(|(place, what, query, headers, who, when)| {
        let (bucket, region, endpoint, [path_style, global_endpoint, allow_dot_segments]) = place;
        let (method, key) = what;
        let (query, version_id, part_number) = query;
        let (headers, metadata, content_type, content_length) = headers;
        let (access_key_id, secret_access_key, session_token, left) = who;
        let (now, expires, clamp) = when;
        clean(Request {
            method,
            region,
            path_style,
            global_endpoint: global_endpoint && endpoint.is_none(),
            endpoint,
            key: key.filter(|_| bucket.is_some()),
            bucket,
            allow_dot_segments,
            query,
            version_id,
            part_number,
            headers,
            metadata,
            content_type,
            content_length,
            access_key_id,
            secret_access_key,
            session_token,
            expiration: left.map(|left| now + left),
            policy: if clamp { Policy::Clamp } else { Policy::Keep },
            now,
            expires: (expires, 0),
        })
    });
    request.prop_filter("has a mistake", |request| mistakes(request).is_empty())
}

/// Fixes frequent mistakes in a random request.
pub(crate) fn clean(mut request: Request) -> Request {
    let lower = |name: &str| name.to_ascii_lowercase();
    let (id, secret) = (&mut request.access_key_id, &mut request.secret_access_key);
    id.retain(|c| !c.is_ascii_control());
    secret.retain(|c| !c.is_ascii_control());
    if let Some(token) = &mut request.session_token {
        token.retain(|c| !c.is_ascii_control() || c == '\t');
    }
    for text in [id, secret].into_iter().chain(&mut request.session_token) {
        if text.trim() != text.as_str() || text.is_empty() {
            *text = format!("<{text}>");
        }
    }
    let key = request.key.iter().flat_map(|key| key.split('/'));
    request.allow_dot_segments |= key
        .into_iter()
        .any(|segment| [".", ".."].contains(&segment));

    // A value that S3 accepts, if there is one.
    fn mend(place: &str, name: &str, value: &mut String) -> bool {
        let Some((_, kind, _)) = rules::find(place, name) else {
            return true;
        };
        if kind.refuses(value, place).is_some() {
            let Some(good) = kind.good().into_iter().next() else {
                return false;
            };
            *value = good;
        }
        true
    }
    let once = |place: &str, name: &str| rules::find(place, name).is_some_and(|rule| rule.2);
    let mut seen: Vec<(String, String)> = Vec::new();
    for (set, name) in [
        (request.version_id.is_some(), "versionId"),
        (request.part_number.is_some(), "partNumber"),
    ] {
        if set {
            seen.push((name.to_owned(), String::new()));
        }
    }
    request.query.retain_mut(|(name, value)| {
        let mended = mend("query", name, value);
        let again = seen
            .iter()
            .any(|other| other.0 == *name && (once("query", name) || other.1 == *value));
        seen.push((name.clone(), value.clone()));
        mended && !again
    });

    let mut seen = vec!["content-type".to_owned(), "content-length".to_owned()];
    request.headers.retain_mut(|(name, value)| {
        let mended = mend("header", name, value);
        let again = once("header", name) && seen.contains(&lower(name));
        seen.push(lower(name));
        mended && !again
    });
    // A hash in a header contradicts a query without one.
    let names_hash = |pair: &(String, String)| lower(&pair.0) == "x-amz-content-sha256";
    let hash = |pair: &(String, String)| names_hash(pair) && pair.1.trim() != "UNSIGNED-PAYLOAD";
    if request.headers.iter().any(hash) {
        request.query.retain(|pair| !names_hash(pair));
    }
    if let Some(content_type) = &mut request.content_type {
        content_type.retain(|c| !c.is_ascii_control() && c != '*');
        content_type.push('x');
    }
    request
}

/// A change that may or may not be a mistake.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Bucket(Option<String>),
    Region(String),
    Endpoint(Option<String>),
    Global,
    Key(Option<String>),
    NoDots,
    Parameter(String, String),
    ParameterAgain,
    Version(Option<String>),
    Part(u16),
    Header(String, String),
    Metadata(String, String),
    ContentType(Option<String>),
    Credentials([String; 3]),
    Now(i64),
    Expires(u64, u32),
    Expiration(i64, Policy),
}

pub(crate) fn change() -> impl Strategy<Value = Change> {
    let bucket = prop_oneof![
        bucket(),
        text(0..8),
        one_of("ab|a*b|--x-s3|a--x-s3|a----x-s3|a--b---x-s3|A--b--x-s3|a.c--b--x-s3|a--b--xa-s3"),
        of("abc", 253..258),
    ];
    let region = prop_oneof![region(), text(0..8), of("-.a_", 0..4), of("a", 62..66)];
    let key = prop_oneof![
        text(0..6),
        of("./", 0..6),
        Just("k".repeat(1025)),
        Just("€".repeat(342))
    ];
    let either = || prop_oneof![name(), header_name(), one_of(RESERVED)];
    let either = move || (either(), text(0..9));
    let credential = || prop_oneof![3 => text(1..9), 1 => one_of("|a\n|\u{a0}a|a\nb|a b")];
    let content_type = prop_oneof![text(0..9), one_of("| |\t|image/*|image/x")];
    let expires = prop_oneof![0..3_u64, 604_799..604_802_u64, any::<u64>()];
    let fractions = select(&[0, 0, 1, 999_999_999][..]);
    let left = prop_oneof![-2..3_i64, 0..604_801_i64, any::<i64>()];
    let policy = select(&[Policy::Keep, Policy::Refuse, Policy::Clamp][..]);
    let now = prop_oneof![
        -62_135_596_802..-62_135_596_798_i64,
        253_402_300_797..253_402_300_802_i64,
        any::<i64>()
    ];
    prop_oneof![
        often(bucket).prop_map(Change::Bucket),
        region.prop_map(Change::Region),
        option(any_endpoint()).prop_map(Change::Endpoint),
        Just(Change::Global),
        often(key).prop_map(Change::Key),
        Just(Change::NoDots),
        either().prop_map(|(name, value)| Change::Parameter(name, value)),
        Just(Change::ParameterAgain),
        option(text(0..2)).prop_map(Change::Version),
        any::<u16>().prop_map(Change::Part),
        either().prop_map(|(name, value)| Change::Header(name, value)),
        either().prop_map(|(name, value)| Change::Metadata(name, value)),
        option(content_type).prop_map(Change::ContentType),
        [credential(), credential(), credential()].prop_map(Change::Credentials),
        now.prop_map(Change::Now),
        (expires, fractions).prop_map(|(seconds, nanos)| Change::Expires(seconds, nanos)),
        (left, policy).prop_map(|(left, policy)| Change::Expiration(left, policy)),
    ]
}

impl Change {
    pub(crate) fn make(self, request: &mut Request) {
        match self {
            Self::Bucket(bucket) => request.bucket = bucket,
            Self::Region(region) => request.region = region,
            Self::Endpoint(endpoint) => request.endpoint = endpoint,
            Self::Global => request.global_endpoint = true,
            Self::Key(key) => request.key = key,
            Self::NoDots => request.allow_dot_segments = false,
            Self::Parameter(name, value) => request.query.push((name, value)),
            Self::ParameterAgain => request.query.extend(request.query.first().cloned()),
            Self::Version(version_id) => request.version_id = version_id,
            Self::Part(number) => request.part_number = Some(number),
            Self::Header(name, value) => request.headers.push((name, value)),
            Self::Metadata(name, value) => request.metadata.push((name, value)),
            Self::ContentType(content_type) => request.content_type = content_type,
            Self::Credentials([access_key_id, secret_access_key, session_token]) => {
                request.access_key_id = access_key_id;
                request.secret_access_key = secret_access_key;
                request.session_token = Some(session_token);
            }
            Self::Now(now) => request.now = now,
            Self::Expires(seconds, nanoseconds) => request.expires = (seconds, nanoseconds),
            Self::Expiration(left, policy) => {
                request.expiration = Some(request.now.saturating_add(left));
                request.policy = policy;
            }
        }
    }
}

/// Right, almost right, or anything.
pub(crate) fn any_endpoint() -> impl Strategy<Value = String> {
    const PIECES: &str = "http://|https://|ftp://|://|:|/|//|.|..|[|]|[::1]|::1|[::FFFF]|[1:0:0:0:0:0:0:1]|127.0.0.1|1.2.3|\
        127.00.0.1|0x7f|1|a.example|localhost|8080|80|443|0|080|65536|+1|@|u:p@|?|#|%20|%2F|%2f|%41|%|%e| |é|-|_|\\|*";
    let pieces = |n| vec(one_of(PIECES), 0..n).prop_map(|pieces| pieces.concat());
    let almost =
        (endpoint(), any::<Index>(), text(1..2)).prop_map(|(mut endpoint, at, character)| {
            endpoint.insert_str(at.index(endpoint.len()), &character);
            endpoint
        });
    prop_oneof![
        pieces(8),
        pieces(6).prop_map(|rest| format!("http://{rest}")),
        almost,
        text(0..40)
    ]
}

/// Names of parameters, including some that differ only after encoding, by case or by a prefix.
pub(crate) fn name() -> impl Strategy<Value = String> {
    const CLOSE: &str = "a|A|a-|a=|a b|a%20b|a+b|aa|a~|é|X-Amz-Acl|X-Amz|x-amz-meta-a|x-id|uploads|versionId|versionID|\
        response-expires|partNumber|Y|~|-|%|X-Amz-Content-Sha256";
    prop_oneof![1 => one_of(CLOSE), 2 => text(1..12)]
}

pub(crate) fn header_name() -> impl Strategy<Value = String> {
    const TOKEN: &str = "-!#$%&'*+.^_`|~019azAZ";
    const CLOSE: &str = "X-Amz-Acl|x-amz-acl|If-Match|g|i|hosts|hos|~|!|x-amz-meta-a|x-amz-meta|X-Amz-Content-Sha256";
    prop_oneof![1 => one_of(CLOSE), 2 => of(TOKEN, 1..40)]
}

pub(crate) fn header_value() -> impl Strategy<Value = String> {
    text(0..30).prop_map(|mut value| {
        value.retain(|c| !c.is_ascii_control() || c == '\t');
        value
    })
}

/// Any characters, with the relevant ones more often. Built from numbers, because a strategy for each character is
/// slow.
pub(crate) fn text(length: Range<usize>) -> impl Strategy<Value = String> {
    vec(any::<u32>(), length).prop_map(|numbers| numbers.into_iter().map(character).collect())
}

fn character(n: u32) -> char {
    const MATTER: &[u8] = b"a/.%+&=?#~*-_:;,' \"\\|Z09\t\r\n\0\x7f";
    const BEYOND_ASCII: &str = "\u{80}\u{85}\u{a0}é€\u{feff}😀\u{10ffff}";
    let (class, n) = (n % 8, n / 8);
    match class {
        0..=3 => char::from(MATTER[n as usize % MATTER.len()]),
        4 | 5 => char::from(b'a' + (n % 26) as u8),
        6 => BEYOND_ASCII.chars().nth(n as usize % 8).unwrap_or('é'),
        _ => char::from_u32(n % 0x11_0000).unwrap_or('\u{fffd}'),
    }
}

fn method() -> impl Strategy<Value = &'static str> {
    select(&["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"][..])
}

fn bucket() -> impl Strategy<Value = String> {
    let numbers = any::<[u8; 4]>().prop_map(|[a, b, c, d]| format!("{a}.{b}.{c}.{d}"));
    prop_oneof![
        of("abz019", 3..20),
        of("-.az09", 3..64),
        of("-._azAZ09", 3..256),
        (of("a0-", 1..20), of("b1", 1..5))
            .prop_map(|(name, zone)| format!("z{name}--{zone}--x-s3")),
        numbers,
    ]
}

fn region() -> impl Strategy<Value = String> {
    const KNOWN: &str = "us-east-1|eu-west-1|aws-global|cn-north-1|us-gov-west-1|us-iso-east-1|us-isob-east-1|\
        us-isof-south-1|eu-isoe-west-1|eusc-de-east-1|auto";
    prop_oneof![2 => one_of(KNOWN), 1 => of("-az09", 1..64), 1 => of("-_azAZ09", 1..64)]
}

fn endpoint() -> impl Strategy<Value = String> {
    let label = || of("-_azAZ09", 1..20);
    let host = prop_oneof![
        4 => vec(label(), 1..4).prop_map(|labels| labels.join(".")),
        1 => any::<[u8; 4]>().prop_map(|[a, b, c, d]| format!("{a}.{b}.{c}.{d}")),
        1 => vec(select(&[0, 0, 1, 0xffff][..]), 8).prop_map(|groups| {
            let groups: [u16; 8] = groups.try_into().unwrap_or_default();
            format!("[{}]", core::net::Ipv6Addr::from(groups))
        }),
    ];
    let port = option(prop_oneof![select(&[80, 443][..]), 1..=u16::MAX]);
    let segment = text(1..8).prop_map(|text| {
        // Without dots, so that there are no dot segments.
        const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'~');
        utf8_percent_encode(&text.replace(['/', '.'], "x"), ENCODED).to_string()
    });
    let scheme = select(&["http", "https", "HTTPS", "Http"][..]);
    let all = (scheme, host, port, vec(segment, 0..3), any::<bool>());
    all.prop_map(|(scheme, host, port, path, slash)| {
        let port = port.map_or(String::new(), |port| format!(":{port}"));
        let path: String = path.iter().map(|segment| format!("/{segment}")).collect();
        format!(
            "{scheme}://{host}{port}{path}{}",
            if slash { "/" } else { "" }
        )
    })
}

/// One of the texts between `|`.
fn one_of(texts: &'static str) -> impl Strategy<Value = String> {
    select(texts.split('|').map(String::from).collect::<Vec<_>>())
}

/// Some of the characters.
fn of(characters: &'static str, length: Range<usize>) -> impl Strategy<Value = String> {
    vec(any::<u16>(), length).prop_map(|numbers| {
        let bytes = characters.as_bytes();
        let pick = |n: u16| char::from(bytes[usize::from(n) % bytes.len()]);
        numbers.into_iter().map(pick).collect()
    })
}

/// Usually `Some`.
fn often<T: Clone + core::fmt::Debug>(
    strategy: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    weighted(0.9, strategy)
}

/// Names that signing sets or that a setter in the tests uses; in lower case.
const RESERVED: &str = "x-amz-date|x-amz-expires|x-amz-signature|x-amz-s3session-token|x-amz-region-set|host|authorization|\
    |content-type|content-length|x-amz-security-token|x-amz-algorithm|x-amz-credential|x-amz-signedheaders|content-md5";
