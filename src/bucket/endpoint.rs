//! Custom endpoints.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use crate::error::Error;
use crate::sigv4::uri_encode::is_unreserved;
use crate::text::Text;

/// A custom endpoint, taken apart.
#[derive(Clone)]
pub(super) struct Endpoint<'a> {
    pub(super) https: bool,
    pub(super) host: Text<'a>,
    pub(super) is_ip: bool,
    pub(super) port: Option<u16>,
    /// Empty, or `/` and segments, without a slash at the end.
    pub(super) path: Text<'a>,
}

impl<'a> Endpoint<'a> {
    pub(super) fn parse(url: &'a str) -> Result<Self, Error> {
        let (scheme, rest) = url.split_once("://").ok_or(Error::EndpointScheme)?;
        let https = scheme.eq_ignore_ascii_case("https");
        if !https && !scheme.eq_ignore_ascii_case("http") {
            return Err(Error::EndpointScheme);
        }
        if rest.contains('#') {
            return Err(Error::EndpointFragment);
        }
        if rest.contains('?') {
            return Err(Error::EndpointQuery);
        }
        let (authority, path) = rest
            .split_at_checked(rest.find('/').unwrap_or(rest.len()))
            .unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err(Error::EndpointUserInfo);
        }
        // The colon of a port is the last one, unless it stands inside the brackets of an IPv6 address.
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let port = port.map(parse_port).transpose()?;
        let default = if https { 443 } else { 80 };
        Ok(Self {
            https,
            host: host.into(),
            is_ip: is_ip(host)?,
            port: port.filter(|port| *port != default),
            path: parse_path(path)?.into(),
        })
    }

    /// Whether the first labels of the host are these.
    pub(super) fn host_starts_with(&self, labels: &str) -> bool {
        self.host
            .split_at_checked(labels.len())
            .is_some_and(|(start, rest)| {
                start.eq_ignore_ascii_case(labels) && rest.starts_with('.')
            })
    }

    /// Whether no public name server knows the host, so that it has no names below it but where somebody saw to it.
    pub(super) fn is_local(&self) -> bool {
        let last = self.host.rsplit_once('.').map(|(_, last)| last);
        last.is_none_or(|last| {
            ["internal", "local", "localhost"]
                .iter()
                .any(|local| last.eq_ignore_ascii_case(local))
        })
    }

    #[cfg(feature = "alloc")]
    pub(super) fn into_owned(self) -> Endpoint<'static> {
        Endpoint {
            https: self.https,
            host: self.host.into_owned(),
            is_ip: self.is_ip,
            port: self.port,
            path: self.path.into_owned(),
        }
    }
}

impl fmt::Display for Endpoint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}://{}",
            if self.https { "https" } else { "http" },
            &*self.host
        )?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.path)
    }
}

impl fmt::Debug for Endpoint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn parse_port(port: &str) -> Result<u16, Error> {
    let number = port.parse().ok().filter(|_| !port.starts_with(['0', '+']));
    number.ok_or(Error::EndpointPort)
}

/// Whether a host is an IP address; an error if it is no host at all.
fn is_ip(host: &str) -> Result<bool, Error> {
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        return if is_canonical_ipv6(address) {
            Ok(true)
        } else {
            Err(Error::EndpointHost)
        };
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if host.len() > 253 || !host.split('.').all(is_label) {
        return Err(Error::EndpointHost);
    }
    // Clients take a host for an IPv4 address if its last label is a number: it must be one that they do not rewrite.
    let last = host.rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").or(last.strip_prefix("0X"));
    if last.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        return host
            .parse::<Ipv4Addr>()
            .map(|_| true)
            .map_err(|_| Error::EndpointHost);
    }
    Ok(false)
}

/// Whether an IPv6 address stands as clients write it: they would rewrite any other, and send another `Host` than was
/// signed. RFC 5952, and as in the URL Standard no part in dotted decimals.
fn is_canonical_ipv6(address: &str) -> bool {
    struct Compare<'t>(&'t str);
    impl fmt::Write for Compare<'_> {
        fn write_str(&mut self, piece: &str) -> fmt::Result {
            self.0 = self.0.strip_prefix(piece).ok_or(fmt::Error)?;
            Ok(())
        }
    }
    let mut rest = Compare(address);
    address
        .parse::<Ipv6Addr>()
        .is_ok_and(|parsed| fmt::write(&mut rest, format_args!("{parsed}")).is_ok())
        && rest.0.is_empty()
        && !address.contains('.')
}

/// A prefix that is sent and signed as it stands, so it has to stand as SigV4 writes it.
fn parse_path(path: &str) -> Result<&str, Error> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut segments = path.split('/').skip(1);
    if segments.any(|segment| matches!(segment, "" | "." | "..")) {
        return Err(Error::EndpointPath);
    }
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        let canonical = match byte {
            b'/' => true,
            b'%' => {
                let upper = |digit: u8| {
                    char::from(digit)
                        .to_digit(16)
                        .filter(|_| !digit.is_ascii_lowercase())
                };
                let (high, low) = (bytes.next().and_then(upper), bytes.next().and_then(upper));
                high.zip(low).is_some_and(|(high, low)| {
                    let byte = (high * 16 + low) as u8;
                    byte != b'/' && !is_unreserved(byte)
                })
            }
            _ => is_unreserved(byte),
        };
        if !canonical {
            return Err(Error::EndpointPath);
        }
    }
    Ok(path)
}
