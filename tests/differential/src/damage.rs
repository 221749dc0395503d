//! Random requests as servers receive them: valid ones, strange ones with a valid signature, and damaged ones.

use presign::Method;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::arrival::Arrival;
use crate::aws_sigv4::AwsSigv4;
use crate::case::{self, Case, Limits};
use crate::runner::{Peer, ours};

/// What happens to a case, from its signing on.
#[derive(Clone, Debug)]
pub struct Story {
    /// The request to sign, before the oddity.
    pub case: Case,
    /// Signed by the library, if it has no oddity.
    pub by_us: bool,
    /// Its oddity.
    pub oddity: Oddity,
    /// The damage in transit.
    pub damages: Vec<(Damage, Index, char)>,
    /// The arrival time, in seconds since the signing time or the expiry.
    pub arrives: When,
    /// What the server allows.
    pub server: Server,
}

/// A time of arrival.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// Seconds since the signing time.
    SinceSigned(i64),
    /// Seconds since the expiry.
    SinceEnd(i64),
    /// At this fraction of its validity.
    Within(Index),
}

/// The server's limits in addition to S3's rules.
#[derive(Clone, Debug)]
pub struct Server {
    regions: Option<Vec<String>>,
    services: Option<Vec<String>>,
    max_age: Option<u64>,
    clock_tolerance: u64,
    credentials_end: Option<i64>,
}

/// Oddities of a request whose signature is right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Oddity {
    /// Nothing.
    None,
    /// The same pair twice.
    EqualPairs,
    /// A parameter without a name.
    NoName,
    /// An authentication parameter in another case.
    OtherCase,
    /// `X-Amz-Expires` signed twice.
    TwoExpiries,
    /// Both kinds of session token.
    TwoTokens,
    /// 600 parameters.
    ManyParameters,
    /// An access key ID of 400 bytes.
    LongAccessKey,
    /// An access key ID with a scope in it.
    SlashesInAccessKey,
    /// An expiry that S3 does not accept.
    Expiry(u32),
    /// The payload hash of a chunked body.
    Streaming,
    /// An invalid payload hash.
    NoHash,
    /// An `Authorization` header.
    Authorization,
    /// Date and session token as headers too.
    AuthenticationHeaders,
    /// A pattern as the region, without SigV4a.
    PatternAsRegion,
    /// A region set in a request that SigV4 signs.
    RegionSetOfSigv4,
    /// A slash of the path encoded, and signed encoded; S3 signs it unencoded.
    EncodedSlash,
}

macro_rules! damages {
    ($($name:ident,)*) => {
        /// Damage to a request.
        #[derive(Clone, Copy, Debug)]
        #[allow(missing_docs, reason = "the names tell it")]
        pub enum Damage {
            $($name,)*
        }

        const DAMAGES: &[Damage] = &[$(Damage::$name,)*];
    };
}

damages! {
    ReplaceChar,
    InsertChar,
    DeleteChar,
    ToggleCase,
    Truncate,
    EncodeChar,
    DecodeEscape,
    LowerEscapes,
    PlusForSpace,
    DropEquals,
    EmptyPair,
    AddPair,
    RepeatPair,
    RemovePair,
    SwapPairs,
    PairToOtherCase,
    Fragment,
    OtherMethod,
    LowerMethod,
    OtherHost,
    OtherScheme,
    OtherExpiry,
    OtherDate,
    OtherDay,
    OtherScope,
    OtherAlgorithm,
    OtherToken,
    OtherSignedHeaders,
    SwapSignedHeaders,
    SignatureInCapitals,
    NegateSignature,
    DropHeader,
    AddHeader,
    AddAmazonHeader,
    RepeatHeader,
    ChangeHeader,
    SpaceInHeader,
    CapitalsInHeaderName,
    MoveHeader,
    JoinHeaders,
    OtherSecret,
    OtherAccessKey,
    TokenNotIssued,
}

/// Requests with SigV4 and, less often, SigV4a.
pub fn stories(limits: Limits) -> impl Strategy<Value = Story> {
    let case = prop_oneof![
        7 => case::cases(limits.clone()),
        1 => case::sigv4a_cases(limits),
    ];
    let oddity = prop_oneof![2 => Just(Oddity::None), 1 => select(vec![
        Oddity::EqualPairs, Oddity::NoName, Oddity::OtherCase, Oddity::TwoExpiries,
        Oddity::TwoTokens, Oddity::ManyParameters, Oddity::LongAccessKey,
        Oddity::SlashesInAccessKey, Oddity::Expiry(0), Oddity::Expiry(604_801),
        Oddity::Expiry(u32::MAX), Oddity::Streaming, Oddity::NoHash, Oddity::Authorization,
        Oddity::AuthenticationHeaders, Oddity::PatternAsRegion, Oddity::RegionSetOfSigv4, Oddity::EncodedSlash,
    ])];
    let char = prop_oneof![
        3 => select("%&=/?#+;:@*~ -.0aAfFzZ\"<[é".chars().collect::<Vec<_>>()),
        1 => "[!-~]".prop_map(|text| text.chars().next().unwrap_or('0')),
    ];
    let damage = (select(DAMAGES), any::<Index>(), char);
    let damages = prop_oneof![
        4 => Just(Vec::new()),
        6 => vec(damage.clone(), 1),
        1 => vec(damage, 2..4),
    ];
    let arrives = prop_oneof![
        6 => any::<Index>().prop_map(When::Within),
        1 => (-3..3_i64).prop_map(When::SinceEnd),
        1 => select(vec![-901, -900, -899, -61, -60, -1, 0, 1, 59, 60, 61]).prop_map(When::SinceSigned),
    ];
    (case, any::<bool>(), oddity, damages, arrives, server()).prop_map(
        |(case, by_us, oddity, damages, arrives, server)| Story {
            case,
            by_us,
            oddity,
            damages,
            arrives,
            server,
        },
    )
}

fn server() -> impl Strategy<Value = Server> {
    let region = select(vec![
        "us-east-1",
        "eu-west-1",
        "cn-north-1",
        "us-west-2",
        "eu-",
        "",
    ]);
    let service = select(vec!["s3", "s3express", "s3-outposts", ""]);
    (
        option::weighted(0.1, vec(region.prop_map(str::to_owned), 0..4)),
        option::weighted(0.1, vec(service.prop_map(str::to_owned), 0..3)),
        option::weighted(
            0.1,
            prop_oneof![Just(60_u64), 0..604_800_u64, Just(u64::MAX / 2)],
        ),
        prop_oneof![6 => Just(900_u64), 1 => select(vec![0, 60, 86_400])],
        option::weighted(0.1, -1..700_000_i64),
    )
        .prop_map(
            |(regions, services, max_age, clock_tolerance, credentials_end)| Server {
                regions,
                services,
                max_age,
                clock_tolerance,
                credentials_end,
            },
        )
}

impl Story {
    /// The request that arrives.
    ///
    /// # Errors
    /// The signer's error, if it refuses.
    pub fn arrival(&self, aws: &AwsSigv4) -> Result<Arrival, String> {
        let mut case = self.case.clone();
        self.oddity.give(&mut case);
        let signed = if self.by_us && self.oddity == Oddity::None {
            ours(&case).map_err(|error| format!("presign refuses: {error}"))?
        } else {
            let mut signed = aws
                .sign(&case)
                .map_err(|error| format!("aws-sigv4 refuses: {error}"))?;
            signed.origin.clone_from(&case.place.origin);
            signed
        };
        let mut arrival = Arrival::new(&case, signed.url());
        arrival.now = case.time
            + match self.arrives {
                When::SinceSigned(seconds) => seconds,
                When::SinceEnd(seconds) => i64::from(case.expires) + seconds,
                When::Within(at) => at.index(case.expires.max(1) as usize) as i64,
            };
        arrival.regions.clone_from(&self.server.regions);
        arrival.services.clone_from(&self.server.services);
        arrival.max_age = self.server.max_age;
        arrival.clock_tolerance = self.server.clock_tolerance;
        arrival.credentials_end = self.server.credentials_end.map(|end| case.time + end);
        for (damage, at, with) in &self.damages {
            damage.apply(&mut arrival, *at, *with);
        }
        Ok(arrival)
    }
}

impl Oddity {
    fn give(self, case: &mut Case) {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        match self {
            Self::None => {}
            Self::EqualPairs => case.query.extend([pair("a", "b"), pair("a", "b")]),
            Self::NoName => case.query.push(pair("", "v")),
            Self::OtherCase => case.query.push(pair("x-amz-expires", "1")),
            Self::TwoExpiries => case.query.push(pair("X-Amz-Expires", "1")),
            Self::TwoTokens => {
                let other = if case.place.service == "s3express" {
                    "X-Amz-Security-Token"
                } else {
                    "X-Amz-S3session-Token"
                };
                let token = case.session_token.get_or_insert("token".to_owned());
                case.query.push(pair(other, token));
            }
            Self::ManyParameters => case
                .query
                .extend((0..600).map(|n| pair(&format!("many{n}"), ""))),
            Self::LongAccessKey => case.access_key_id = "A".repeat(400),
            Self::SlashesInAccessKey => {
                case.access_key_id = "A/20130524/eu-west-1/s3/aws4_request".to_owned();
            }
            Self::Expiry(seconds) => case.expires = seconds,
            Self::Streaming => payload_hash(case, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
            Self::NoHash => payload_hash(case, "E3B0C442"),
            Self::Authorization => case.headers.push(pair("Authorization", "Bearer a")),
            Self::AuthenticationHeaders => case.headers.extend([
                pair("X-Amz-Date", "20130524T000000Z"),
                pair("X-Amz-Security-Token", "token"),
            ]),
            Self::EncodedSlash => case.place.path += "/a%2Fb",
            Self::PatternAsRegion => case.place.scope_region = "eu-*".to_owned(),
            Self::RegionSetOfSigv4 => {
                if case.place.region_set.is_none() {
                    case.query.push(pair("X-Amz-Region-Set", "*"));
                }
            }
        }
    }
}

fn payload_hash(case: &mut Case, hash: &str) {
    let name = "x-amz-content-sha256";
    case.headers
        .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    case.headers.push((name.to_owned(), hash.to_owned()));
}

impl Damage {
    fn apply(self, arrival: &mut Arrival, at: Index, with: char) {
        let url = &mut arrival.url;
        match self {
            Self::ReplaceChar => change_char(url, at, |_| with.to_string()),
            Self::InsertChar => change_char(url, at, |old| format!("{old}{with}")),
            Self::DeleteChar => change_char(url, at, |_| String::new()),
            Self::ToggleCase => change_char(url, at, |old| {
                if old.is_ascii_uppercase() {
                    old.to_ascii_lowercase().to_string()
                } else {
                    old.to_ascii_uppercase().to_string()
                }
            }),
            Self::Truncate => {
                let length = at.index(url.len());
                url.truncate(length); // all ASCII, unless another damage came first
            }
            Self::EncodeChar => change_char(url, at, |old| format!("%{:02X}", old as u32 & 0xff)),
            Self::DecodeEscape => decode_escape(url, at),
            Self::LowerEscapes => {
                let mut pieces = url.split('%');
                let mut lower = pieces.next().unwrap_or_default().to_owned();
                for piece in pieces {
                    let digits = piece.len().min(2);
                    let (digits, rest) = piece.split_at_checked(digits).unwrap_or((piece, ""));
                    lower += &format!("%{}{rest}", digits.to_ascii_lowercase());
                }
                *url = lower;
            }
            Self::PlusForSpace => *url = url.replace("%20", "+"),
            Self::DropEquals => change_pairs(url, |pairs| {
                for pair in pairs {
                    if pair.ends_with('=') {
                        pair.pop();
                    }
                }
            }),
            Self::EmptyPair => change_pairs(url, |pairs| {
                pairs.insert(at.index(pairs.len() + 1), String::new());
            }),
            Self::AddPair => change_pairs(url, |pairs| {
                pairs.insert(at.index(pairs.len() + 1), format!("added={with}"));
            }),
            Self::RepeatPair => change_pairs(url, |pairs| pairs.push(at.get(pairs).clone())),
            Self::RemovePair => change_pairs(url, |pairs| {
                pairs.remove(at.index(pairs.len()));
            }),
            Self::SwapPairs => change_pairs(url, |pairs| {
                let at = at.index(pairs.len());
                pairs.swap(at, 0);
            }),
            Self::PairToOtherCase => change_pairs(url, |pairs| {
                let at = at.index(pairs.len());
                pairs[at] = pairs[at].to_ascii_lowercase();
            }),
            Self::Fragment => *url += "#fragment",
            Self::OtherMethod => arrival.method = Method::Put.as_str().to_owned(),
            Self::LowerMethod => arrival.method = arrival.method.to_ascii_lowercase(),
            Self::OtherHost => *url = url.replacen("://", "://other.", 1),
            Self::OtherScheme => {
                *url = match url.strip_prefix("https:") {
                    Some(rest) => format!("http:{rest}"),
                    None => url.replacen("http:", "https:", 1),
                };
            }
            Self::OtherExpiry => {
                let values = [
                    "0",
                    "604801",
                    "060",
                    "%2B60",
                    "",
                    "x",
                    "99999999999999999999",
                    "604800",
                ];
                set(url, "X-Amz-Expires", |_| (*at.get(&values)).to_owned());
                if at.index(3) == 0 {
                    // The same number, in another notation.
                    set(url, "X-Amz-Expires", |old| format!("0{old}"));
                }
            }
            Self::OtherDate => {
                let values = [
                    "20130524T000000Z",
                    "20130524T000000",
                    "20130524t000000z",
                    "20130229T000000Z",
                    "20130524T240000Z",
                    "00000101T000000Z",
                    "",
                    "Fri",
                ];
                set(url, "X-Amz-Date", |_| (*at.get(&values)).to_owned());
            }
            Self::OtherDay => set(url, "X-Amz-Credential", |old| {
                let mut parts: Vec<&str> = old.split("%2F").collect();
                let day = parts
                    .iter_mut()
                    .rev()
                    .find(|part| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_digit()));
                if let Some(day) = day {
                    *day = "20130524";
                }
                parts.join("%2F")
            }),
            Self::OtherScope => set(url, "X-Amz-Credential", |old| {
                let mut parts: Vec<&str> = old.split("%2F").collect();
                let at = at.index(parts.len());
                match with {
                    '/' | '%' | '=' => {
                        parts.remove(at);
                    }
                    '0' | '&' | '?' => parts[at] = "",
                    _ => parts[at] = "s3",
                }
                parts.join("%2F")
            }),
            Self::OtherAlgorithm => set(url, "X-Amz-Algorithm", |old| {
                let other = [
                    "AWS4-HMAC-SHA256",
                    "AWS4-ECDSA-P256-SHA256",
                    "aws4-hmac-sha256",
                ];
                let other = *at.get(&other);
                if old == other { "" } else { other }.to_owned()
            }),
            Self::OtherToken => {
                set(url, "X-Amz-Security-Token", |_| "other".to_owned());
                set(url, "X-Amz-S3session-Token", |_| "other".to_owned());
            }
            Self::OtherSignedHeaders => set(url, "X-Amz-SignedHeaders", |old| {
                let others = [
                    String::new(),
                    "host%3B".to_owned(),
                    "%3Bhost".to_owned(),
                    "Host".to_owned(),
                    "host%3Bhost".to_owned(),
                    format!("{old}%3Bzz"),
                    "range".to_owned(),
                    "host".to_owned(),
                    old.to_ascii_uppercase(),
                ];
                at.get(&others).clone()
            }),
            Self::SwapSignedHeaders => set(url, "X-Amz-SignedHeaders", |old| {
                let mut names: Vec<&str> = old.split("%3B").collect();
                let at = at.index(names.len());
                names.swap(at, 0);
                names.join("%3B")
            }),
            Self::SignatureInCapitals => set(url, "X-Amz-Signature", str::to_ascii_uppercase),
            Self::NegateSignature => set(url, "X-Amz-Signature", negated),
            Self::DropHeader => {
                if !arrival.headers.is_empty() {
                    arrival.headers.remove(at.index(arrival.headers.len()));
                }
            }
            Self::AddHeader => arrival
                .headers
                .push(("accept".to_owned(), "*/*".to_owned())),
            Self::AddAmazonHeader => {
                let names = [
                    "x-amz-added",
                    "X-AMZ-acl",
                    "x-amz-user-agent",
                    "x-amz-",
                    "X-Amz-Date",
                ];
                let header = ((*at.get(&names)).to_owned(), "v".to_owned());
                arrival.headers.insert(0, header);
            }
            Self::RepeatHeader => {
                if !arrival.headers.is_empty() {
                    arrival.headers.push(at.get(&arrival.headers).clone());
                }
            }
            Self::ChangeHeader => change_header(arrival, at, |header| header.1 += "changed"),
            Self::SpaceInHeader => change_header(arrival, at, |header| {
                header.1 = format!("  {}   ", header.1.replace(' ', "   "));
            }),
            Self::CapitalsInHeaderName => {
                change_header(arrival, at, |header| {
                    header.0 = header.0.to_ascii_uppercase()
                });
            }
            Self::MoveHeader => {
                if !arrival.headers.is_empty() {
                    let header = arrival.headers.remove(at.index(arrival.headers.len()));
                    arrival.headers.push(header);
                }
            }
            Self::JoinHeaders => join_headers(arrival),
            Self::OtherSecret => arrival.secret_access_key += "x",
            Self::OtherAccessKey => arrival.access_key_id += "x",
            Self::TokenNotIssued => {
                arrival.session_token = match arrival.session_token {
                    Some(_) => None,
                    None => Some("token".to_owned()),
                };
            }
        }
    }
}

fn change_char(text: &mut String, at: Index, change: impl FnOnce(char) -> String) {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    if !chars.is_empty() {
        let (start, old) = chars[at.index(chars.len())];
        text.replace_range(start..start + old.len_utf8(), &change(old));
    }
}

/// Decodes one escape, if it represents an ASCII character that is not a control character.
fn decode_escape(url: &mut String, at: Index) {
    let escapes: Vec<(usize, char)> = url
        .match_indices('%')
        .filter_map(|(start, _)| {
            let byte = u8::from_str_radix(url.get(start + 1..start + 3)?, 16).ok()?;
            (b' '..=b'~')
                .contains(&byte)
                .then_some((start, char::from(byte)))
        })
        .collect();
    if !escapes.is_empty() {
        let (start, char) = escapes[at.index(escapes.len())];
        url.replace_range(start..start + 3, char.encode_utf8(&mut [0; 4]));
    }
}

fn change_pairs(url: &mut String, change: impl FnOnce(&mut Vec<String>)) {
    if let Some((before, query)) = url.clone().split_once('?') {
        let mut pairs: Vec<String> = query.split('&').map(str::to_owned).collect();
        change(&mut pairs);
        *url = format!("{before}?{}", pairs.join("&"));
    }
}

fn set(url: &mut String, name: &str, change: impl FnOnce(&str) -> String) {
    change_pairs(url, |pairs| {
        let start = format!("{name}=");
        if let Some(pair) = pairs.iter_mut().find(|pair| pair.starts_with(&start)) {
            *pair = format!("{start}{}", change(&pair[start.len()..]));
        }
    });
}

fn change_header(arrival: &mut Arrival, at: Index, change: impl FnOnce(&mut (String, String))) {
    if !arrival.headers.is_empty() {
        let at = at.index(arrival.headers.len());
        change(&mut arrival.headers[at]);
    }
}

/// Joins headers with the same name with commas: the request is equivalent (RFC 9110, section 5.3).
fn join_headers(arrival: &mut Arrival) {
    let mut joined: Vec<(String, String)> = Vec::new();
    for (name, value) in arrival.headers.drain(..) {
        match joined
            .iter_mut()
            .find(|(other, _)| other.eq_ignore_ascii_case(&name))
        {
            Some((_, values)) => *values = format!("{values},{value}"),
            None => joined.push((name, value)),
        }
    }
    arrival.headers = joined;
}

/// The other valid ECDSA signature of the same text: (r, n - s) for (r, s).
fn negated(signature: &str) -> String {
    let der = hex::decode(signature).unwrap_or_default();
    let negated = p256::ecdsa::Signature::from_der(&der)
        .ok()
        .and_then(|signature| {
            let (r, s) = signature.split_scalars();
            p256::ecdsa::Signature::from_scalars(*r, -*s).ok()
        });
    negated.map_or(signature.to_owned(), |negated| {
        hex::encode(negated.to_der())
    })
}
