//! The configuration: a JSON file and the access token.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use mime::Mime;
use presign::{Bucket, Redactor};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::credentials::Source;

/// The configuration file. Unknown fields are errors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub bucket: Bucket<'static>,
    #[serde(default)]
    pub credentials: Source,
    /// The address to listen on. Unless it is loopback, use a proxy for TLS.
    #[serde(default = "loopback")]
    pub listen: SocketAddr,
    /// The file with the access token, if it is not in the environment.
    #[serde(default)]
    pub token_file: Option<PathBuf>,
    #[serde(default)]
    pub limits: Limits,
}

/// The limits for callers. Sizes are in bytes, times in seconds.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// The prefix of every key.
    pub key_prefix: String,
    /// Types that may be uploaded: `image/png`, `image/*` or `*/*`.
    pub content_types: Vec<String>,
    /// The largest upload.
    pub max_size: u64,
    /// The size of each part of a large upload.
    pub part_size: u64,
    /// The longest lifetime of a link.
    pub max_expires_in: u64,
    /// The default lifetime of a link.
    pub default_expires_in: u64,
    /// Within a window, a download link stays the same, so that it can be cached. 0 turns windows off.
    pub window: u64,
    /// The most links in one request.
    pub max_links: usize,
    /// The longest key, in bytes. S3 accepts 1024; other stores may accept less.
    pub max_key_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            key_prefix: String::new(),
            content_types: vec!["*/*".to_owned()],
            max_size: 10 * GIB,
            part_size: 16 * MIB,
            max_expires_in: 3600,
            default_expires_in: 900,
            window: 300,
            max_links: 1000,
            max_key_bytes: MAX_KEY_BYTES,
        }
    }
}

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// Limits of S3: the number of parts, the smallest part, and the largest part or upload in one request.
const MAX_PARTS: u64 = 10_000;
const MIN_PART: u64 = 5 * MIB;
pub(crate) const MAX_PUT: u64 = 5 * GIB;

/// The longest lifetime that S3 allows, in seconds.
const MAX_EXPIRES_IN: u64 = 604_800;

/// Room for the 25 bytes that the page puts before a file's name, and a short name.
const MIN_NAME: usize = 64;

/// The longest key that S3 accepts.
const MAX_KEY_BYTES: usize = 1024;

fn loopback() -> SocketAddr {
    ([127, 0, 0, 1], 8080).into()
}

/// An invalid setting.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{0}")]
    Malformed(#[from] serde_json::Error),
    #[error("{name} is {value}, but must be {rule}")]
    Limit {
        name: &'static str,
        value: String,
        rule: String,
    },
    #[error("cannot read the access token: {0}")]
    TokenFile(std::io::Error),
    #[error(
        "the access token must have at least 20 characters, all visible ASCII; `openssl rand -hex 32` creates one"
    )]
    WeakToken,
    #[error(
        "{0} is not loopback, so an access token is required: set {TOKEN_VARIABLE}, or token_file in the configuration"
    )]
    NoToken(SocketAddr),
}

impl Config {
    /// # Errors
    /// For malformed JSON, unknown fields, and limits that S3 does not allow.
    pub fn parse(json: &str) -> Result<Self, ConfigError> {
        let config: Self = serde_json::from_str(json)?;
        config.limits.check()?;
        Ok(config)
    }

    /// The token that callers must send: from the file, or else the environment. It is optional on loopback.
    ///
    /// # Errors
    /// For a token that is unreadable, weak, or missing although it is required.
    pub fn token(&self) -> Result<Option<Token>, ConfigError> {
        let text = match &self.token_file {
            Some(path) => Some(std::fs::read_to_string(path).map_err(ConfigError::TokenFile)?),
            None => std::env::var(TOKEN_VARIABLE).ok(),
        };
        match text {
            Some(text) => Token::new(text.trim_end()).map(Some),
            None if self.listen.ip().is_loopback() => Ok(None),
            None => Err(ConfigError::NoToken(self.listen)),
        }
    }
}

/// The environment variable with the access token.
pub const TOKEN_VARIABLE: &str = "SHARE_SERVICE_TOKEN";

impl Limits {
    fn check(&self) -> Result<(), ConfigError> {
        let limit = |name, value: &dyn fmt::Display, rule: String| ConfigError::Limit {
            name,
            value: value.to_string(),
            rule,
        };
        if !(MIN_PART..=MAX_PUT).contains(&self.part_size) {
            let rule = format!("from {MIN_PART} to {MAX_PUT}");
            return Err(limit("part_size", &self.part_size, rule));
        }
        let most = self.part_size.saturating_mul(MAX_PARTS);
        if !(1..=most).contains(&self.max_size) {
            let rule = format!("from 1 to {most}, {MAX_PARTS} times part_size");
            return Err(limit("max_size", &self.max_size, rule));
        }
        if !(1..=MAX_EXPIRES_IN).contains(&self.max_expires_in) {
            let rule = format!("from 1 to {MAX_EXPIRES_IN}");
            return Err(limit("max_expires_in", &self.max_expires_in, rule));
        }
        let default = self.default_expires_in;
        if default <= self.window || default > self.max_expires_in {
            let rule = format!(
                "longer than window ({}) and no longer than max_expires_in ({})",
                self.window, self.max_expires_in
            );
            return Err(limit("default_expires_in", &default, rule));
        }
        if self.window > 0 && 86_400 % self.window != 0 {
            let rule = "0, or a number that divides 86400".to_owned();
            return Err(limit("window", &self.window, rule));
        }
        let (max, shortest) = (self.max_key_bytes, self.key_prefix.len() + MIN_NAME);
        if !(shortest..=MAX_KEY_BYTES).contains(&max) {
            let rule =
                format!("from {shortest}, for key_prefix and a short name, to {MAX_KEY_BYTES}");
            return Err(limit("max_key_bytes", &max, rule));
        }
        let malformed = |listed: &&String| {
            media_type(listed).is_none_or(|listed| {
                let half = listed.type_() == mime::STAR && listed.subtype() != mime::STAR;
                half || listed.params().next().is_some()
            })
        };
        if let Some(listed) = self.content_types.iter().find(malformed) {
            let rule = "of the form image/png, image/* or */*".to_owned();
            return Err(limit("content_types", listed, rule));
        }
        Ok(())
    }

    /// Whether files of this type may be uploaded, whatever its parameters.
    #[must_use]
    pub fn allows_type(&self, content_type: &Mime) -> bool {
        let mut listed = self.content_types.iter().filter_map(|it| media_type(it));
        listed.any(|listed| {
            let fits = |listed, given| listed == mime::STAR || listed == given;
            fits(listed.type_(), content_type.type_())
                && fits(listed.subtype(), content_type.subtype())
        })
    }

    /// The window of download links.
    #[must_use]
    pub fn window(&self) -> Option<Duration> {
        (self.window > 0).then(|| Duration::from_secs(self.window))
    }
}

/// Parses a single media type. A list is refused: browsers use its last element, whichever one was checked.
pub(crate) fn media_type(text: &str) -> Option<Mime> {
    let parsed: Mime = text.parse().ok()?;
    (!text.contains(',') && parsed.subtype() != "").then_some(parsed)
}

/// Whether browsers can show such a file without running scripts from it on the store's origin.
pub(crate) fn is_passive(content_type: &Mime) -> bool {
    match (
        content_type.type_().as_str(),
        content_type.subtype().as_str(),
    ) {
        ("audio" | "image" | "video", _) => content_type.suffix().is_none(), // SVG is `svg+xml`
        ("text", "plain") | ("application", "pdf") => true,
        _ => false,
    }
}

/// A bearer token. `Debug` hides it.
pub struct Token(String);

impl Token {
    /// # Errors
    /// For text that a header cannot contain, or that is shorter than 20 characters.
    pub fn new(text: &str) -> Result<Self, ConfigError> {
        if text.len() < 20 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ConfigError::WeakToken);
        }
        Ok(Self(text.to_owned()))
    }

    /// Adds the token to what the log masks.
    pub(crate) fn mask(&self, redactor: Redactor) -> Redactor {
        redactor.value(&self.0)
    }

    /// Compares in a time that only depends on the length.
    #[must_use]
    pub fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(limits: &str) -> String {
        let bucket = r#"{"name":"examplebucket","region":"eu-west-1"}"#;
        let json = format!(r#"{{"bucket":{bucket},"limits":{limits}}}"#);
        Config::parse(&json).unwrap_err().to_string()
    }

    #[test]
    fn limits_that_cannot_be() {
        assert_eq!(
            refused(r#"{"part_size":1000}"#),
            "part_size is 1000, but must be from 5242880 to 5368709120"
        );
        assert_eq!(
            refused(r#"{"part_size":5242880,"max_size":60000000000}"#),
            "max_size is 60000000000, but must be from 1 to 52428800000, 10000 times part_size"
        );
        assert_eq!(
            refused(r#"{"max_expires_in":604801}"#),
            "max_expires_in is 604801, but must be from 1 to 604800"
        );
        assert_eq!(
            refused(r#"{"window":3600}"#),
            "default_expires_in is 900, but must be longer than window (3600) and no longer than max_expires_in (3600)"
        );
        assert_eq!(
            refused(r#"{"window":7}"#),
            "window is 7, but must be 0, or a number that divides 86400"
        );
        assert_eq!(
            refused(r#"{"content_types":["image"]}"#),
            "content_types is image, but must be of the form image/png, image/* or */*"
        );
        for listed in ["*/png", "image/png, image/gif", "text/plain; charset=utf-8"] {
            let limits = serde_json::json!({ "content_types": [listed] });
            assert!(refused(&limits.to_string()).starts_with("content_types is "));
        }
        assert_eq!(
            refused(r#"{"key_prefix":"in/","max_key_bytes":66}"#),
            "max_key_bytes is 66, but must be from 67, for key_prefix and a short name, to 1024"
        );
        assert!(refused(r#"{"maximum":1}"#).starts_with("unknown field `maximum`"));
    }

    #[test]
    fn content_types() {
        let limits = Limits {
            content_types: vec!["image/*".to_owned(), "text/plain".to_owned()],
            ..Limits::default()
        };
        for allowed in [
            "image/png",
            "IMAGE/PNG",
            "image/svg+xml",
            "text/plain",
            "text/plain; charset=utf-8",
            "text/plain;charset=\"utf-8\"",
        ] {
            assert!(limits.allows_type(&allowed.parse().unwrap()), "{allowed}");
        }
        for refused in ["text/html", "text/plainer", "imagex/png"] {
            let refused = refused.parse().unwrap();
            assert!(!limits.allows_type(&refused), "{refused}");
            assert!(Limits::default().allows_type(&refused), "{refused}");
        }
        for malformed in [
            "image/png, text/html",
            "image/png,text/html",
            "text/plain;, text/html",
            "text/plain; a=b, text/html",
            "text/plain; a=\"b, text/html\"",
            "image/png\ntext/html",
            "ima\u{df}e/png",
            "image/",
            "image",
            "",
        ] {
            assert!(media_type(malformed).is_none(), "{malformed}");
        }
    }

    #[test]
    fn tokens() {
        assert!(Token::new("short").is_err());
        assert!(Token::new("twenty characters, but spaces").is_err());
        let token = Token::new("a-token-of-twenty-characters").unwrap();
        assert!(token.is("a-token-of-twenty-characters"));
        assert!(!token.is("a-token-of-twenty-characterz"));
        assert!(!token.is(""));
        assert_eq!(format!("{token:?}"), "Token(***)");
    }
}
