//! Random requests.
//!
//! Requests that the library refuses are not drawn: there is no signature to compare. Intended differences of a peer
//! are in its [`Limits`], each with the reason.

use presign::Method;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

mod place;

pub use place::Place;
use place::{place, place_of_many_regions};

/// One request, with everything that affects its signature.
#[derive(Clone, Debug)]
pub struct Case {
    /// The method.
    pub method: Method,
    /// Bucket and endpoint.
    pub place: Place,
    /// The object's key; `None` for a request to the bucket or the service.
    pub key: Option<String>,
    /// Parameters, raw, in any order.
    pub query: Vec<(String, String)>,
    /// Headers, raw, in any order.
    pub headers: Vec<(String, String)>,
    /// The access key ID.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
    /// The session token.
    pub session_token: Option<String>,
    /// Sign with a key that was derived earlier.
    pub derived_key: bool,
    /// The signing time in Unix seconds.
    pub time: i64,
    /// `X-Amz-Expires`.
    pub expires: u32,
}

/// The cases that a peer supports.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Header values may contain tabs.
    pub tabs_in_values: bool,
    /// Header values may contain white space that is not ASCII.
    pub unicode_spaces_in_values: bool,
    /// Headers that the peer omits, in lower case.
    pub never_signed: &'static [&'static str],
    /// The earliest signing time.
    pub first_second: i64,
}

/// 0001-01-01T00:00:00Z.
pub const FIRST_SECOND: i64 = -62_135_596_800;
/// 9999-12-31T23:59:59Z.
const LAST_SECOND: i64 = 253_402_300_799;

impl Case {
    /// The path, with the key encoded by `encode`.
    pub fn path(&self, encode: impl FnOnce(&str) -> String) -> String {
        match &self.key {
            Some(key) => format!("{}/{}", self.place.path, encode(key)),
            None if self.place.path.is_empty() => "/".to_owned(),
            None => self.place.path.clone(),
        }
    }
}

/// Everything that a peer supports, with SigV4.
pub fn cases(limits: Limits) -> impl Strategy<Value = Case> {
    cases_at(place(), limits)
}

/// Everything that a peer supports, with SigV4a.
pub fn sigv4a_cases(limits: Limits) -> impl Strategy<Value = Case> {
    cases_at(place_of_many_regions(), limits)
}

fn cases_at(place: impl Strategy<Value = Place>, limits: Limits) -> impl Strategy<Value = Case> {
    let request = (method(), place, option::weighted(0.9, key()));
    let who = (
        credential(),
        credential(),
        option::of(token()),
        any::<bool>(),
    );
    let when = (time(limits.first_second), 1..=604_800_u32);
    (request, query(), headers(limits), who, when).prop_map(
        |((method, place, key), mut query, headers, who, (time, expires))| {
            // A hash in a header contradicts a query without one.
            let is_hash = |name: &str| name.eq_ignore_ascii_case("x-amz-content-sha256");
            let hashed = headers
                .iter()
                .any(|(name, value)| is_hash(name) && value != "UNSIGNED-PAYLOAD");
            query.retain(|(name, _)| !hashed || !is_hash(name));
            let (access_key_id, secret_access_key, session_token, derived_key) = who;
            Case {
                method,
                key: key.filter(|_| place.bucket.is_some()),
                place,
                query,
                headers,
                access_key_id,
                secret_access_key,
                session_token,
                derived_key,
                time,
                expires,
            }
        },
    )
}

fn method() -> impl Strategy<Value = Method> {
    select(vec![
        Method::Get,
        Method::Head,
        Method::Put,
        Method::Post,
        Method::Delete,
        Method::Options,
        Method::Patch,
    ])
}

/// A piece of text that may trip a signer.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-zA-Z0-9._~-]{1,6}",
        4 => select(PITFALLS.to_vec()).prop_map(str::to_owned),
        2 => (0..=0x7f_u8).prop_map(|byte| char::from(byte).to_string()),
        3 => any::<char>().prop_map(String::from),
    ]
}

/// Bytes with a meaning in paths, queries or header values, text that looks encoded already, and corner cases of
/// Unicode.
#[rustfmt::skip]
const PITFALLS: [&str; 55] = [
    "/", "//", "/./", "/../", "./", "..", "%", "%2F", "%2f", "%25", "%E2%82", "+", " ", "  ", "*", "?", "#", "&", "=",
    ";", ":", ",", "@", "!", "$", "'", "\"", "(", ")", "[", "]", "{", "}", "<", ">", "^", "`", "|", "\\", "\0", "\t",
    "\n", "\r\n", "\u{7f}", "é", "e\u{301}", "\u{85}", "\u{a0}", "\u{2028}", "\u{202e}", "\u{feff}", "\u{fffd}",
    "\u{ffff}", "👩\u{200d}💻", "\u{10ffff}",
];

fn text(fragments: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = String> {
    vec(fragment(), fragments).prop_map(|fragments| fragments.concat())
}

/// Any Unicode text of 1 to 1024 bytes, seldom near the upper limit.
pub(crate) fn key() -> impl Strategy<Value = String> {
    let long = text(1..20).prop_map(|text| text.repeat(1024 / text.len()));
    prop_oneof![40 => text(1..20), 1 => long]
}

fn query() -> impl Strategy<Value = Vec<(String, String)>> {
    // `response-...`, `versionId` and the payload hash are separate, because the library checks their values.
    let known = select(vec![
        ("response-content-type", "text/plain; charset=utf-8"),
        (
            "response-content-disposition",
            "attachment; filename=\"a b.txt\"",
        ),
        ("versionId", "3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY"),
        ("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"),
        ("uploads", ""),
        ("partNumber", "7"),
        ("list-type", "2"),
        ("delimiter", "/"),
        ("x-id", "GetObject"),
    ]);
    let known = known.prop_map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
    // The second kind sorts among the parameters that signing adds. It cannot equal any of them, because those are
    // longer.
    let name = prop_oneof![3 => text(1..4), 1 => "X-Amz-[A-Za-z%~-]{0,2}"];
    let any = (
        name,
        prop_oneof![6 => vec(text(0..6), 1), 1 => vec(text(0..6), 2..4)],
    );
    let pairs = prop_oneof![1 => known, 3 => any];
    let lists = prop_oneof![12 => vec(pairs.clone(), 0..5), 1 => vec(pairs, 30..80)];
    lists.prop_map(|parameters| {
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, values) in parameters {
            for value in values {
                let pair = (name.clone(), value);
                // The library refuses two equal pairs.
                if !all.contains(&pair) {
                    all.push(pair);
                }
            }
        }
        all
    })
}

fn headers(limits: Limits) -> impl Strategy<Value = Vec<(String, String)>> {
    // Headers whose values the library checks, or that peers handle specially.
    let known = select(vec![
        ("content-type", "text/plain; charset=utf-8"),
        ("Content-Length", "1024"),
        ("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="),
        ("Range", "bytes=0-9"),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
        (
            "X-Amz-Content-Sha256",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        ("x-amz-checksum-crc32", "AAAAAA=="),
        ("x-amz-checksum-mode", "ENABLED"),
        ("x-amz-server-side-encryption", "AES256"),
        (
            "x-amz-server-side-encryption-customer-key",
            "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        ),
        (
            "x-amz-copy-source",
            "/examplebucket/a%20b.txt?versionId=null",
        ),
        ("x-amz-tagging", "team=a&stage=test"),
        ("x-amz-user-agent", "example/1.0"),
        ("Cache-Control", "no-cache,   max-age=0"),
        ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
        ("If-None-Match", "*"),
        ("User-Agent", "example/1.0 (a  b)"),
        ("Expect", "100-continue"),
        ("TE", "trailers"),
        ("Transfer-Encoding", "chunked"),
        (
            "X-Amzn-Trace-Id",
            "Root=1-5759e988-bd862e3fe1be46a994272793",
        ),
        (
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ),
        ("cookie", "a=b"),
    ]);
    let known = known.prop_map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
    // A token (RFC 9110, section 5.6.2) after a prefix: without the prefix, it could be a reserved name.
    let name = (
        select(vec!["x-amz-meta-", "X-Amz-Meta-", "x-", "!", "0"]),
        "[A-Za-z0-9!#$%&'*+.^_`|~-]{0,16}",
    );
    let name = name.prop_map(|(prefix, rest)| format!("{prefix}{rest}"));
    let value = value(&limits);
    let values = prop_oneof![6 => vec(value.clone(), 1), 1 => vec(value, 2..4)];
    let header = prop_oneof![1 => known, 3 => (name, values)];
    let lists = prop_oneof![12 => vec(header.clone(), 0..5), 1 => vec(header, 20..60)];
    lists.prop_map(move |headers| {
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, values) in headers {
            let lower = name.to_ascii_lowercase();
            let taken = !lower.starts_with("x-amz-meta-")
                && all
                    .iter()
                    .any(|(other, _)| other.eq_ignore_ascii_case(&name));
            // Some names can have only one value, and the library refuses a second one.
            if taken || limits.never_signed.contains(&lower.as_str()) {
                continue;
            }
            for value in values {
                all.push((name.clone(), value));
            }
        }
        all.truncate(254);
        // The verifier refuses two lengths for one body.
        let has_length = all.iter().any(|(name, _)| name == "Content-Length");
        all.retain(|(name, _)| !has_length || name != "Transfer-Encoding");
        all
    })
}

/// A header value: words and white space, also at both ends, or nothing.
fn value(limits: &Limits) -> impl Strategy<Value = String> + Clone + use<> {
    let (tabs, unicode_spaces) = (limits.tabs_in_values, limits.unicode_spaces_in_values);
    let pieces = prop_oneof![
        5 => "[!-~]{1,8}",
        3 => " {1,4}",
        2 => select(vec!["\t", " \t ", "\t\t", "  \t"]).prop_map(str::to_owned),
        2 => fragment(),
    ];
    vec(pieces, 0..8).prop_map(move |pieces| {
        let keep = |c: &char| match c {
            ' ' => true,
            '\t' => tabs,
            c if c.is_ascii() => !c.is_ascii_control(), // no field value has one (RFC 9110, 5.5)
            c => unicode_spaces || !c.is_whitespace(),
        };
        pieces.concat().chars().filter(keep).collect()
    })
}

/// An access key ID or a secret: the library refuses control characters, and white space at the ends.
fn credential() -> impl Strategy<Value = String> {
    let odd = text(1..16).prop_map(|text| {
        let text: String = text.chars().filter(|c| !c.is_ascii_control()).collect();
        trimmed(&text)
    });
    // Longer than 64 bytes, which HMAC-SHA256 hashes first.
    prop_oneof![2 => "[A-Z0-9]{16,20}", 2 => "[A-Za-z0-9/+]{40}", 3 => odd, 1 => "[!-~]{60,100}"]
}

/// A session token: no white space at either end.
fn token() -> impl Strategy<Value = String> {
    let odd = text(1..16).prop_map(|text| {
        let allowed = text.chars().filter(|c| !c.is_ascii_control() || *c == '\t');
        trimmed(&allowed.collect::<String>())
    });
    prop_oneof![3 => "[A-Za-z0-9/+]{1,60}={0,2}", 1 => "[A-Za-z0-9/+=]{900}", 3 => odd]
}

fn trimmed(text: &str) -> String {
    match text.trim() {
        "" => "k".to_owned(),
        text => text.to_owned(),
    }
}

fn time(first: i64) -> impl Strategy<Value = i64> {
    let edges = [
        first,
        first + 1,
        LAST_SECOND - 1,
        LAST_SECOND,
        -1,
        0,
        951_782_399, // the leap day of 2000
        951_782_400,
        951_868_799,
        951_868_800,
    ];
    prop_oneof![
        3 => 0..4_102_444_800_i64, // to 2100
        3 => first..=LAST_SECOND,
        1 => select(edges.to_vec()),
    ]
}
