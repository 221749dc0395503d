//! URLs, split into parts for comparison.

/// A URL split without a URL parser; the host in lower case and without the scheme's default port.
#[derive(PartialEq)]
pub(crate) struct Parts {
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) path: String,
    /// Decoded and sorted. A Signature Version 4A is left out, because it is never the same twice.
    pub(crate) query: Vec<(String, String)>,
}

/// The parameters that signing adds.
const AUTHENTICATION: [&str; 9] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-S3session-Token",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

impl Parts {
    pub(crate) fn new(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (rest, query) = rest.split_once('?')?;
        let (host, path) = rest.split_at(rest.find('/')?);
        let default = if scheme == "https" { ":443" } else { ":80" };
        let pairs = query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let mut query: Vec<_> = pairs
            .map(|(name, value)| (decode(name), decode(value)))
            .collect();
        query.sort();
        let ecdsa = ("X-Amz-Algorithm".into(), "AWS4-ECDSA-P256-SHA256".into());
        if query.contains(&ecdsa) {
            query.retain(|(name, _)| name != "X-Amz-Signature");
        }
        Some(Self {
            scheme: scheme.to_owned(),
            host: host.strip_suffix(default).unwrap_or(host).to_lowercase(),
            path: path.to_owned(),
            query,
        })
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let mut found = self.query.iter().filter(|(found, _)| found == name);
        found.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn asked(&self) -> Vec<(String, String)> {
        let asked = |(name, _): &&(String, String)| !AUTHENTICATION.contains(&name.as_str());
        self.query.iter().filter(asked).cloned().collect()
    }

    pub(crate) fn address(&self) -> (&str, &str, &str) {
        (&self.scheme, &self.host, &self.path)
    }
}

fn decode(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&byte, tail)) = rest.split_first() {
        let (byte, tail) = match byte {
            b'%' => {
                let digits = core::str::from_utf8(&tail[..2]).unwrap();
                (u8::from_str_radix(digits, 16).unwrap(), &tail[2..])
            }
            _ => (byte, tail),
        };
        bytes.push(byte);
        rest = tail;
    }
    String::from_utf8(bytes).unwrap()
}
