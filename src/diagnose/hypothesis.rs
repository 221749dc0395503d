//! Guesses at what was signed, each held against the signature.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use percent_encoding::percent_decode_str;

use super::Cause;
use super::habits::{ADDED_BY_SDKS, EXPIRIES, REGIONS, SERVICES};
use crate::credentials::Credentials;
use crate::method::Method;
use crate::sigv4::uri_encode;
use crate::verify::credential::Credential;
use crate::verify::received::Received;
use crate::verify::{Request, signature_holds};

mod sender;

/// Bytes of path and query up to which guesses are made: twice what servers take.
const MAX_LENGTH: usize = 16 * 1024;

/// Slashes and parameters at each of which something is guessed.
const MAX_PARTS: usize = 256;

/// A request that may be the one that was signed.
#[derive(Clone)]
pub(super) struct Hypothesis {
    pub(super) method: String,
    pub(super) host: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: Vec<(String, String)>,
}

impl Hypothesis {
    /// Whether the signature is that of this request.
    pub(super) fn holds(&self, credentials: &Credentials<'_>) -> bool {
        self.holds_for(credentials.secret())
    }

    fn holds_for(&self, secret: &str) -> bool {
        self.with(|request, received| {
            let credential = Credential::parse(received.credential, received.algorithm).ok()?;
            let scope = credential.scope().ok()?;
            Some(signature_holds(
                request,
                received,
                &scope,
                credential.access_key_id(),
                secret,
            ))
        })
        .unwrap_or(false)
    }

    /// Calls `read` with the request and its authentication parameters, if they can be read.
    pub(super) fn with<R>(
        &self,
        read: impl FnOnce(&Request<'_>, &Received<'_>) -> Option<R>,
    ) -> Option<R> {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let target = format!("{}?{}", self.path, self.query);
        let request = Request::from_parts(&self.method, &self.host, &target, &headers);
        let received = Received::parse(&request).ok()?;
        read(&request, &received)
    }

    /// The region of the scope; none for a set of them.
    pub(super) fn region(&self) -> Option<String> {
        let region = self.with(|_, received| {
            let credential = Credential::parse(received.credential, received.algorithm).ok()?;
            Some(credential.region().to_string())
        });
        region.filter(|region| !region.is_empty())
    }

    /// The request that was signed, and what was done to it since.
    pub(super) fn explain(&self, credentials: &Credentials<'_>) -> Option<(Self, Cause)> {
        // Guesses are as many as a URL has parts, and each is as long as the URL.
        if self.path.len() + self.query.len() <= MAX_LENGTH {
            let mut guesses = self.candidates(credentials).into_iter();
            let found = guesses.find(|(request, _)| request.holds(credentials));
            if found.is_some() {
                return found;
            }
        }
        let secret = credentials.secret();
        let ends = ["\n", "\r\n", " ", "\r", "\t"];
        let mut padded = ends
            .iter()
            .flat_map(|end| [format!("{secret}{end}"), format!("{end}{secret}")]);
        if padded.any(|secret| self.holds_for(&secret)) || self.holds_for(secret.trim()) {
            return Some((self.clone(), Cause::SecretWhitespace));
        }
        None
    }

    /// What else was done to the request that was signed, beside the cause that was found.
    pub(super) fn also(&self, signed: &Self, cause: &Cause) -> Vec<Cause> {
        match cause {
            Cause::QueryAdded { .. } => {
                let mut kept = signed.query.split('&').peekable();
                let added = self.query.split('&');
                let added = added.filter(|pair| kept.next_if_eq(pair).is_none());
                added.take(MAX_PARTS).map(query_added).collect()
            }
            Cause::MethodDiffers { .. } if self.headers != signed.headers => {
                let name = "content-type".to_string();
                alloc::vec![match self.header(&name) {
                    Some(_) => Cause::HeaderChanged { name },
                    None => Cause::SignedHeaderMissing { name },
                }]
            }
            _ => Vec::new(),
        }
    }

    /// The first value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(sent, _)| sent.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The parameters that trackers added.
    pub(super) fn trackers(&self) -> impl Iterator<Item = Cause> {
        let pairs = self.query.split('&').filter(|pair| is_tracker(pair));
        pairs.take(MAX_PARTS).map(query_added)
    }

    fn candidates(&self, credentials: &Credentials<'_>) -> Vec<(Self, Cause)> {
        let mut found = Vec::new();
        self.methods(&mut found);
        self.hosts(&mut found);
        self.paths(&mut found);
        self.parameters(&mut found);
        self.header_values(&mut found);
        self.posted(&mut found);
        self.identity(credentials, &mut found);
        found
    }

    fn methods(&self, found: &mut Vec<(Self, Cause)>) {
        for method in Method::ALL
            .into_iter()
            .filter(|method| method.as_str() != self.method)
        {
            let request = Self {
                method: method.to_string(),
                ..self.clone()
            };
            found.push((
                request,
                Cause::MethodDiffers {
                    signed_for: Some(method),
                },
            ));
        }
    }

    fn hosts(&self, found: &mut Vec<(Self, Cause)>) {
        let mut add = |host: String, path: String| {
            if host != self.host || path != self.path {
                let cause = if host == self.host {
                    Cause::KeyRewritten {
                        how: "the bucket, which stands in the host, was put in front of it",
                    }
                } else {
                    Cause::HostChanged {
                        signed_for: host.clone(),
                    }
                };
                found.push((
                    Self {
                        host,
                        path,
                        ..self.clone()
                    },
                    cause,
                ));
            }
        };
        let bare = self
            .host
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        let bare = bare.map_or(self.host.as_str(), |(host, _)| host);
        for host in [bare.to_string(), self.host.to_ascii_lowercase()] {
            add(host, self.path.clone());
        }
        for port in [80, 443, 8000, 8080, 8443, 9000, 3900] {
            add(format!("{bare}:{port}"), self.path.clone());
        }
        for (name, value) in &self.headers {
            if ["host", "x-forwarded-host"]
                .iter()
                .any(|host| name.eq_ignore_ascii_case(host))
            {
                add(value.clone(), self.path.clone());
            }
        }
        // The legacy host and the regional one; the bucket in the host and in the path.
        let region = self.region().unwrap_or_default();
        let (global, regional) = (
            "s3.amazonaws.com".to_string(),
            format!("s3.{region}.amazonaws.com"),
        );
        let mut services = alloc::vec![global, regional];
        services.extend(self.host.split_once('.').map(|(_, rest)| rest.to_string()));
        for service in &services {
            let bucket = services
                .iter()
                .find_map(|other| self.host.strip_suffix(other.as_str())?.strip_suffix('.'));
            if let Some(bucket) = bucket {
                add(format!("{bucket}.{service}"), self.path.clone());
                add(service.clone(), format!("/{bucket}{}", self.path));
            }
        }
        if let Some((bucket, key)) = self
            .path
            .strip_prefix('/')
            .and_then(|path| path.split_once('/'))
        {
            add(format!("{bucket}.{}", self.host), format!("/{key}"));
            for service in &services {
                add(format!("{bucket}.{service}"), format!("/{key}"));
                add(service.clone(), self.path.clone());
            }
        }
    }

    fn paths(&self, found: &mut Vec<(Self, Cause)>) {
        let mut add = |path: String, cause: Cause| {
            if path != self.path {
                found.push((
                    Self {
                        path,
                        ..self.clone()
                    },
                    cause,
                ));
            }
        };
        let encoding = |how| Cause::PathEncoding { how };
        let rewritten = |how| Cause::KeyRewritten { how };
        let decoded = decode(&self.path);
        add(
            encode_path(&decoded),
            encoding("not in the form that was signed"),
        );
        add(
            encode_path(&decode(&decoded)),
            encoding("twice, where it was signed once"),
        );
        add(
            encode_path(&self.path),
            encoding("once, where it was signed twice"),
        );
        add(self.path.replace('+', "%2B"), rewritten("+ stands bare"));
        add(
            self.path.replace("%20", "%2B"),
            rewritten("+ became a space"),
        );
        add(self.path.replace('+', "%20"), rewritten("a space became +"));
        add(
            self.path.replace("%2B", "%20"),
            rewritten("a space became +"),
        );
        let slashes = self.path.match_indices('/').take(MAX_PARTS);
        for (at, _) in slashes.chain([(self.path.len(), "")]) {
            let (start, end) = self.path.split_at_checked(at).unwrap_or_default();
            add(
                format!("{start}/{end}"),
                rewritten("a double or last slash was taken away"),
            );
            add(
                format!("{start}/.{end}"),
                rewritten("a dot segment was resolved"),
            );
        }
        if let Some(path) = self.path.strip_suffix('/') {
            add(path.to_string(), rewritten("a slash was added at the end"));
        }
    }

    fn parameters(&self, found: &mut Vec<(Self, Cause)>) {
        let mut add = |query: String, cause: Cause| {
            if query != self.query {
                found.push((
                    Self {
                        query,
                        ..self.clone()
                    },
                    cause,
                ));
            }
        };
        let encoding = |how| Cause::QueryEncoding { how };
        let pairs: Vec<_> = self.query.split('&').collect();
        let join = |at: usize, with: Option<String>| {
            let pairs = pairs.iter().enumerate();
            let kept = pairs.filter_map(|(n, pair)| {
                if n == at {
                    with.clone()
                } else {
                    Some((*pair).to_string())
                }
            });
            kept.collect::<Vec<_>>().join("&")
        };
        for (at, pair) in pairs.iter().enumerate().take(MAX_PARTS) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let changed = || Cause::QueryChanged { name: decode(name) };
            let mut put =
                |value: String, cause| add(join(at, Some(format!("{name}={value}"))), cause);
            let decoded = decode(value);
            put(
                encode(&decoded),
                encoding("not in the form that was signed"),
            );
            put(
                encode(&decode(&decoded)),
                encoding("twice, where it was signed once"),
            );
            put(value.replace('+', "%20"), encoding("a space became +"));
            put(value.replace('+', "%2B"), encoding("+ stands bare"));
            put(value.replace("%20", "%2B"), encoding("+ became a space"));
            match name {
                "X-Amz-Expires" => EXPIRIES
                    .iter()
                    .for_each(|expiry| put(expiry.to_string(), changed())),
                "X-Amz-Credential" => {
                    let fields: Vec<_> = decoded.rsplitn(4, '/').collect();
                    if let [end, service, region, start] = fields.as_slice() {
                        for service in SERVICES {
                            put(
                                encode(&format!("{start}/{region}/{service}/{end}")),
                                changed(),
                            );
                        }
                        for region in REGIONS {
                            put(
                                encode(&format!("{start}/{region}/{service}/{end}")),
                                changed(),
                            );
                        }
                    }
                }
                _ if name.starts_with("X-Amz-") && name != "X-Amz-Content-Sha256" => {}
                _ => add(join(at, None), Cause::QueryAdded { name: decode(name) }),
            }
        }
        // A full stop or a quote behind the URL, whose last parameter is not the signature.
        let end = self
            .query
            .trim_end_matches(|c: char| ".,;:!?'\")]}>".contains(c));
        add(end.to_string(), Cause::TrailingText);
        // Several at once, as trackers add them, or behind the signature, where most signers end.
        let start = "X-Amz-Signature=";
        let signature = pairs.iter().position(|pair| pair.starts_with(start));
        let behind = signature.unwrap_or(pairs.len());
        let all = |added: &dyn Fn(usize, &str) -> bool| {
            let (added, kept): (Vec<_>, Vec<_>) =
                (0..).zip(&pairs).partition(|(at, pair)| added(*at, pair));
            let kept: Vec<_> = kept.into_iter().map(|(_, pair)| *pair).collect();
            let (_, first) = added.first()?;
            Some((kept.join("&"), query_added(first)))
        };
        let several = [
            all(&|_, pair| is_tracker(pair)),
            all(&|at, pair| at >= behind && !pair.starts_with("X-Amz-")),
        ];
        for (query, cause) in several.into_iter().flatten() {
            add(query, cause);
        }
        // All values at once.
        add(self.query.replace('+', "%20"), encoding("a space became +"));
        let recoded = pairs
            .iter()
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let recoded = recoded
            .map(|(name, value)| format!("{}={}", encode(&decode(name)), encode(&decode(value))));
        add(
            recoded.collect::<Vec<_>>().join("&"),
            encoding("not in the form that was signed"),
        );
        for (name, value) in ADDED_BY_SDKS {
            add(
                format!("{}&{name}={value}", self.query),
                Cause::QueryRemoved {
                    name: name.to_string(),
                },
            );
        }
    }
}

fn query_added(pair: &str) -> Cause {
    Cause::QueryAdded {
        name: decode(pair.split('=').next().unwrap_or_default()),
    }
}

/// Whether a parameter is one that trackers add.
fn is_tracker(pair: &str) -> bool {
    ["utm_", "fbclid=", "gclid=", "msclkid=", "mc_eid="]
        .iter()
        .any(|start| pair.starts_with(start))
}

pub(super) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn encode(text: &str) -> String {
    let mut bytes = Vec::new();
    uri_encode::query(&mut bytes, text);
    String::from_utf8(bytes).unwrap_or_default()
}

fn encode_path(text: &str) -> String {
    let mut bytes = Vec::new();
    uri_encode::path(&mut bytes, text);
    String::from_utf8(bytes).unwrap_or_default()
}
