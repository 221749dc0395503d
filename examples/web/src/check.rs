//! Mistakes that signing cannot see, each at its field and, if possible, with the values that fix it.

use percent_encoding::percent_decode_str;

use crate::pasted::{alone, unquoted};
use crate::problem::{NO_SCHEME, Problem, SPACE};
use crate::store::Store;

impl Store {
    /// Refuses what cannot work.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        let aws = self.is_aws();
        for (field, text) in self.pasted_fields() {
            let quoted = || unquoted(text).filter(|_| aws);
            if let Some(value) = alone(field, text).or_else(quoted) {
                let message = if value == text.trim() {
                    SPACE
                } else {
                    "Enter the value alone, without a name, quotes or invisible characters."
                };
                return Err(Problem::new(field, message).offer_alone(value));
            }
        }
        for (field, text) in [
            ("bucket", &self.bucket),
            ("region", &self.region),
            ("endpoint", &self.endpoint),
        ] {
            if text.trim() != text {
                return Err(Problem::new(field, SPACE).offer(text.trim()));
            }
        }
        if is_key_id(&self.secret_access_key) && !is_key_id(&self.access_key_id) {
            let swapped = [
                ("access_key_id", self.secret_access_key.clone()),
                ("secret_access_key", self.access_key_id.clone()),
            ];
            let message = "This is the access key ID. The two values are swapped.";
            return Err(Problem::new("secret_access_key", message).fix("Swap them", swapped));
        }
        if aws {
            key_id(&self.access_key_id)?;
        }
        if self.access_key_id.starts_with("ASIA")
            && is_key_id(&self.access_key_id)
            && self.session_token.is_empty()
            && aws
        {
            let message =
                "Access key IDs that start with ASIA are temporary. Also enter the session token.";
            return Err(Problem::new("session_token", message));
        }
        if !self.endpoint.is_empty() && !self.endpoint.contains("://") {
            let host = host_of(&self.endpoint);
            let scheme = if is_local(&self.endpoint) || !host.contains('.') {
                "http"
            } else {
                "https"
            };
            let whole = format!("{scheme}://{}", self.endpoint);
            return Err(Problem::new("endpoint", NO_SCHEME).offer(whole));
        }
        if let Some(word) = placeholder(&self.endpoint) {
            let message = format!("Replace {word} with your own value.");
            return Err(Problem::new("endpoint", message));
        }
        if let Some(address) = Address::parse(&self.bucket, &self.endpoint) {
            let message = "This is an address. Enter the name of the bucket alone.";
            return Err(address.offer(Problem::new("bucket", message)));
        }
        let lower = self.region.to_ascii_lowercase();
        if lower != self.region {
            let message = "Regions are lower case, such as us-east-1.";
            return Err(Problem::new("region", message).offer(lower));
        }
        if let Some(region) = region_of(&self.endpoint).filter(|region| *region != self.region) {
            let message = format!("The endpoint is in {region}, not in {}.", self.region);
            return Err(Problem::new("region", message).offer(region));
        }
        Ok(())
    }

    fn is_aws(&self) -> bool {
        self.endpoint.is_empty() || host_of(&self.endpoint).ends_with(AWS)
    }

    /// The fields that are usually pasted.
    fn pasted_fields(&self) -> [(&'static str, &str); 3] {
        [
            ("access_key_id", &self.access_key_id),
            ("secret_access_key", &self.secret_access_key),
            ("session_token", &self.session_token),
        ]
    }

    /// What works, but is probably a mistake.
    pub(crate) fn cautions(&self, key: &str) -> Vec<Problem> {
        let mut cautions = Vec::new();
        for (field, text) in self.pasted_fields() {
            if let Some(value) = unquoted(text) {
                let message = "The value is in quotes. Check that they are a part of it.";
                cautions.push(Problem::new(field, message).offer_alone(value));
            }
        }
        let length = self.secret_access_key.chars().count();
        if self.secret_access_key.contains(' ') {
            let message = "The secret contains a space. Check that you copied only the secret.";
            cautions.push(Problem::new("secret_access_key", message));
        } else if self.is_aws() && is_prefixed(&self.access_key_id) && length != 40 {
            let message = format!(
                "Secrets of AWS have 40 characters, and this one has {length}. Check that you copied all of it, and nothing else."
            );
            cautions.push(Problem::new("secret_access_key", message));
        }
        cautions.extend(self.key_caution(key));
        cautions
    }

    fn key_caution(&self, key: &str) -> Option<Problem> {
        let caution = |message: &str| Problem::new("key", message);
        if let Some(address) = Address::parse(key, &self.endpoint) {
            return Some(
                address.offer(caution("This looks like an object's address, not its key.")),
            );
        }
        if is_url(key.trim()) {
            return Some(caution(
                "This looks like a URL, not like the key of an object.",
            ));
        }
        if key.trim() != key {
            return Some(caution("The key starts or ends with a space.").offer(key.trim()));
        }
        if key.starts_with('/') {
            return Some(caution("Keys rarely start with /.").offer(key.trim_start_matches('/')));
        }
        let decoded = decoded(key)?;
        let message = format!(
            "The key looks percent-encoded. The link is for an object with exactly the key {key}."
        );
        Some(caution(&message).offer(decoded))
    }
}

/// Refuses an access key ID that AWS cannot have issued.
fn key_id(text: &str) -> Result<(), Problem> {
    let refused = |message: &str, id: &str| Err(Problem::new("access_key_id", message).offer(id));
    let upper = text.to_ascii_uppercase();
    if upper != text && is_key_id(&upper) {
        return refused("Access key IDs of AWS are upper case.", &upper);
    }
    let is_other = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    if text.contains(is_other) {
        let id = text.split(is_other).find(|word| is_key_id(word));
        let message = "Access key IDs of AWS contain only letters and digits.";
        return refused(message, id.unwrap_or_default());
    }
    Ok(())
}

/// A caution if a content type is not one.
pub(crate) fn content_type(text: &str) -> Option<Problem> {
    let (kind, rest) = text.split_once('/').unwrap_or_default();
    let message = "A content type has two parts, such as image/png.";
    (!text.is_empty() && (kind.is_empty() || rest.is_empty()))
        .then(|| Problem::new("content_type", message))
}

const AWS: &str = ".amazonaws.com";

/// Whether AWS issues access key IDs like this one.
pub(crate) fn is_key_id(text: &str) -> bool {
    is_prefixed(text)
        && (16..=32).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn is_prefixed(text: &str) -> bool {
    text.starts_with("AKIA") || text.starts_with("ASIA")
}

fn host_of(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    let end = match rest.strip_prefix('[') {
        Some(address) => address.find(']').map(|end| end + 2),
        None => rest.find(['/', ':', '?']),
    };
    rest.split_at(end.unwrap_or(rest.len())).0
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Whether the host of a URL is an IP address.
pub(crate) fn is_ip(url: &str) -> bool {
    let host = host_of(url);
    let last = host.rsplit('.').next().unwrap_or_default();
    host.starts_with('[') || (!last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether the host of a URL is an IP address or this machine, so that the bucket is in the path.
fn is_local(url: &str) -> bool {
    is_ip(url) || host_of(url) == "localhost"
}

/// The part of an endpoint that documentation leaves to the reader.
fn placeholder(endpoint: &str) -> Option<&str> {
    let brackets = [('<', '>'), ('{', '}')]
        .into_iter()
        .find_map(|(open, close)| {
            let (start, end) = (endpoint.find(open)?, endpoint.find(close)?);
            endpoint.get(start..=end)
        });
    brackets.or_else(|| {
        host_of(endpoint).split('.').find(|label| {
            let name: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
            let name = name.to_ascii_lowercase();
            let name = name.strip_prefix("your").unwrap_or(&name);
            matches!(name, "account" | "accountid" | "accounthash" | "bucketname")
        })
    })
}

/// The region in an endpoint, at stores that put it there and require it in the signature.
fn region_of(endpoint: &str) -> Option<&str> {
    let host = host_of(endpoint);
    let host = host.strip_suffix(".cn").unwrap_or(host);
    let rest = [AWS, ".backblazeb2.com"]
        .into_iter()
        .find_map(|domain| host.strip_suffix(domain))?;
    let region = rest.rsplit('.').next()?;
    let region = region.strip_prefix("s3-").unwrap_or(region);
    let digits = region.rsplit_once('-')?.1;
    let is_region = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_region && region.split('-').count() >= 3).then_some(region)
}

/// Where an object is, as consoles copy it: an S3 URI, an ARN or a URL.
struct Address {
    bucket: String,
    key: String,
    region: Option<String>,
    /// Of a store with the bucket in the path.
    endpoint: Option<String>,
}

impl Address {
    fn parse(text: &str, endpoint: &str) -> Option<Self> {
        let text = text.trim();
        let uri = text.strip_prefix("s3://");
        let arn = text
            .strip_prefix("arn:")
            .and_then(|rest| rest.split_once(":s3:::"));
        if let Some(rest) = uri.or(arn.map(|(_, rest)| rest)) {
            let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
            return Some(Self::new(bucket, key.to_owned(), None));
        }
        let host = host_of(text);
        if !(is_url(text) || (host == text && host.ends_with(AWS))) {
            return None;
        }
        let (_, rest) = text.split_once("://").unwrap_or(("", text));
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = percent_decode_str(path).decode_utf8().ok()?.into_owned();
        let in_path = || path.split_once('/').unwrap_or((&path, ""));
        if let Some(name) = host.strip_suffix(AWS) {
            let region = region_of(text).map(str::to_owned);
            // Before the service there is the bucket, unless the bucket is in the path.
            let at = [".s3.", ".s3-"]
                .into_iter()
                .find_map(|service| name.find(service));
            let at = at.or_else(|| name.strip_suffix(".s3").map(str::len));
            return Some(match at {
                Some(at) => Self::new(name.split_at(at).0, path.clone(), region),
                None => {
                    let (bucket, key) = in_path();
                    Self::new(bucket, key.to_owned(), region)
                }
            });
        }
        let own = host_of(endpoint);
        let before = host
            .strip_suffix(own)
            .and_then(|name| name.strip_suffix('.'));
        match before {
            _ if host != own && is_local(text) => {
                let (bucket, key) = in_path();
                let (scheme, rest) = text.split_once("://")?;
                let authority = rest.split(['/', '?']).next()?;
                Some(Self {
                    endpoint: Some(format!("{scheme}://{authority}")),
                    ..Self::new(bucket, key.to_owned(), None)
                })
            }
            _ if own.is_empty() => None,
            Some(bucket) => Some(Self::new(bucket, path.clone(), None)),
            None if host == own => {
                let (bucket, key) = in_path();
                Some(Self::new(bucket, key.to_owned(), None))
            }
            None => None,
        }
    }

    fn new(bucket: &str, key: String, region: Option<String>) -> Self {
        Self {
            bucket: bucket.to_owned(),
            key,
            region,
            endpoint: None,
        }
    }

    /// Offers to fill in its fields.
    fn offer(self, problem: Problem) -> Problem {
        let label = match problem.field {
            _ if self.bucket.is_empty() => return problem,
            "key" if self.key.is_empty() => format!("Use bucket {}", self.bucket),
            "key" => format!("Use {}", self.key),
            _ => format!("Use {}", self.bucket),
        };
        let mut values = self.values();
        if problem.field == "key" && !values.iter().any(|(name, _)| *name == "key") {
            values.push(("key", String::new()));
        }
        problem.fix(label, values)
    }

    /// The fields that it fills in.
    fn values(self) -> Vec<(&'static str, String)> {
        let path = self.endpoint.is_some().then(|| "path".to_owned());
        let values = [
            ("bucket", Some(self.bucket)),
            ("key", Some(self.key)),
            ("region", self.region),
            ("endpoint", self.endpoint),
            ("addressing", path),
        ];
        let given = |(name, value): (_, Option<String>)| {
            Some((name, value?)).filter(|(_, value)| !value.is_empty())
        };
        values.into_iter().filter_map(given).collect()
    }
}

/// A key without its escapes, such as `%20`; `None` if it has none.
fn decoded(key: &str) -> Option<String> {
    let decoded = percent_decode_str(key).decode_utf8().ok()?;
    (decoded != key).then(|| decoded.into_owned())
}
