//! Custom endpoints.

use core::fmt;

use super::bytes::{Span, all, contains, ends_with, equal, find, range};
use crate::error::Error;
use crate::sigv4::uri_encode::is_encoded;

/// The parts of a custom endpoint's URL, as positions in it.
#[derive(Clone, Copy)]
pub(super) struct Endpoint {
    pub(super) https: bool,
    pub(super) host: Span,
    pub(super) is_ip: bool,
    pub(super) port: Option<u16>,
    /// Empty, or `/` and segments, without a slash at the end.
    pub(super) path: Span,
}

impl Endpoint {
    pub(super) const fn parse(url: &str) -> Result<Self, Error> {
        let url = url.as_bytes();
        let (https, start) = if starts_with_scheme(url, b"https://") {
            (true, 8)
        } else if starts_with_scheme(url, b"http://") {
            (false, 7)
        } else {
            return Err(Error::EndpointScheme);
        };
        if contains(url, b'#') {
            return Err(Error::EndpointFragment);
        }
        if contains(url, b'?') {
            return Err(Error::EndpointQuery);
        }
        let rest = range(url, start, url.len());
        let authority = range(rest, 0, find(rest, b'/'));
        if contains(authority, b'@') {
            return Err(Error::EndpointUserInfo);
        }
        let host = range(authority, 0, host_length(authority));
        let default = if https { 443 } else { 80 };
        let port = if host.len() == authority.len() {
            None
        } else {
            match parse_port(range(authority, host.len() + 1, authority.len())) {
                Some(port) if port == default => None,
                Some(port) => Some(port),
                None => return Err(Error::EndpointPort),
            }
        };
        let Some(is_ip) = is_ip(host) else {
            return Err(Error::EndpointHost);
        };
        let path = start + authority.len();
        let end = if ends_with(url, b"/") && path < url.len() {
            url.len() - 1
        } else {
            url.len()
        };
        if !is_canonical_path(range(url, path, end)) {
            return Err(Error::EndpointPath);
        }
        Ok(Self {
            https,
            host: Span {
                start,
                end: start + host.len(),
            },
            is_ip,
            port,
            path: Span { start: path, end },
        })
    }
}

/// Writes an endpoint without a redundant port or slash.
pub(super) struct Display<'a>(pub(super) Endpoint, pub(super) &'a str);

impl fmt::Display for Display<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(endpoint, url) = self;
        let scheme = if endpoint.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", endpoint.host.of(url))?;
        if let Some(port) = endpoint.port {
            write!(f, ":{port}")?;
        }
        f.write_str(endpoint.path.of(url))
    }
}

impl fmt::Debug for Display<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

const fn starts_with_scheme(url: &[u8], scheme: &[u8]) -> bool {
    let (mut url, mut scheme) = (url, scheme);
    while let [wanted, after @ ..] = scheme {
        match url {
            [byte, rest @ ..] if byte.to_ascii_lowercase() == *wanted => url = rest,
            _ => return false,
        }
        scheme = after;
    }
    true
}

/// A port follows the last colon, unless the colon is inside the brackets of an IPv6 address.
const fn host_length(authority: &[u8]) -> usize {
    let mut rest = authority;
    while let [before @ .., byte] = rest {
        match *byte {
            b':' => return before.len(),
            b']' => break,
            _ => rest = before,
        }
    }
    authority.len()
}

const fn parse_port(digits: &[u8]) -> Option<u16> {
    let (mut rest, mut port) = (digits, 0_u32);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        port = port * 10 + (*digit - b'0') as u32;
        if port == 0 || port > 65_535 {
            return None;
        }
        rest = after;
    }
    if rest.is_empty() && port > 0 {
        Some(port as u16)
    } else {
        None
    }
}

/// Whether a host is an IP address. `None` if it is not a valid host.
const fn is_ip(host: &[u8]) -> Option<bool> {
    if let [b'[', address @ .., b']'] = host {
        return if is_canonical_ipv6(address) {
            Some(true)
        } else {
            None
        };
    }
    if host.len() > 253 {
        return None;
    }
    let mut rest = host;
    loop {
        let label = range(rest, 0, find(rest, b'.'));
        if !is_host_label(label) {
            return None;
        }
        if label.len() < rest.len() {
            rest = range(rest, label.len() + 1, rest.len());
            continue;
        }
        // Clients read a host as an IPv4 address if its last label is a number. It must have the form that they do not
        // rewrite.
        return match (is_number(label), is_ipv4(host)) {
            (true, false) => None,
            (_, is_ipv4) => Some(is_ipv4),
        };
    }
}

const fn is_host_label(label: &[u8]) -> bool {
    all!(label, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_')
        && !label.is_empty()
        && label.len() <= 63
}

/// Whether clients read a label as a number: decimal, or hexadecimal after `0x`.
const fn is_number(label: &[u8]) -> bool {
    match label {
        [b'0', b'x' | b'X', digits @ ..] => {
            all!(digits, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F')
        }
        digits => all!(digits, b'0'..=b'9'),
    }
}

const fn is_ipv4(host: &[u8]) -> bool {
    let (mut rest, mut dots) = (host, 0);
    loop {
        let octet = range(rest, 0, find(rest, b'.'));
        let in_range = matches!(
            octet,
            [b'0'..=b'9']
                | [b'1'..=b'9', b'0'..=b'9']
                | [b'1', b'0'..=b'9', b'0'..=b'9']
                | [b'2', b'0'..=b'4', b'0'..=b'9']
                | [b'2', b'5', b'0'..=b'5']
        );
        if !in_range {
            return false;
        }
        if octet.len() == rest.len() {
            return dots == 3;
        }
        dots += 1;
        rest = range(rest, octet.len() + 1, rest.len());
    }
}

/// Whether an IPv6 address has the form that clients write. They would rewrite any other form, and then `Host` would
/// differ from what was signed. The form is that of RFC 5952 without dotted decimals, as in the URL Standard.
/// IPv4-mapped addresses are refused, because clients disagree on their form.
const fn is_canonical_ipv6(address: &[u8]) -> bool {
    // `groups` counts all groups of 16 bits, and `gap` those before the `::`. In `zeros` and `ones` a group that is 0 or
    // ffff is a bit; the last group is the lowest.
    let (mut rest, mut groups, mut gap) = (address, 0, None);
    let (mut zeros, mut ones) = (0_u32, 0_u32);
    if let [b':', b':', after @ ..] = rest {
        (rest, gap) = (after, Some(0));
    }
    while !rest.is_empty() {
        let digits = range(rest, 0, find(rest, b':'));
        if !is_group(digits) {
            return false;
        }
        zeros = zeros << 1 | equal(digits, b"0") as u32;
        ones = ones << 1 | equal(digits, b"ffff") as u32;
        groups += 1;
        rest = range(rest, digits.len(), rest.len());
        match rest {
            [] => {}
            [b':', b':', after @ ..] if gap.is_none() => (rest, gap) = (after, Some(groups)),
            [b':', after @ ..] if !after.is_empty() => rest = after,
            _ => return false,
        }
        if groups > 8 {
            return false;
        }
    }
    // The gap must be the longest run of two or more zeros, and the first of equally long runs.
    let (start, length) = match gap {
        Some(start) if groups <= 6 => (start, 8 - groups),
        None if groups == 8 => (0, 1),
        _ => return false,
    };
    if gap.is_some() {
        let after = groups - start;
        let behind = (1 << after) - 1;
        zeros = (zeros & behind) | (zeros >> after) << (8 - start) | ((1 << length) - 1) << after;
        ones = (ones & behind) | (ones >> after) << (8 - start);
    }
    let (mut at, mut run) = (0, 0);
    while at < 8 {
        run = if zeros >> (7 - at) & 1 == 1 {
            run + 1
        } else {
            0
        };
        at += 1;
        let first = at - run;
        if run > length || (run == length && length > 1 && first < start) {
            return false;
        }
    }
    let is_ipv4_mapped = zeros >> 3 == 0b1_1111 && ones >> 2 & 1 == 1;
    !is_ipv4_mapped
}

/// Whether this is a group of an IPv6 address: up to four hexadecimal digits in lower case, without leading zeros.
const fn is_group(digits: &[u8]) -> bool {
    !digits.is_empty()
        && digits.len() <= 4
        && !matches!(digits, [b'0', _, ..])
        && all!(digits, b'0'..=b'9' | b'a'..=b'f')
}

/// Whether a prefix, which is sent and signed unchanged, is encoded the way SigV4 would encode it.
const fn is_canonical_path(path: &[u8]) -> bool {
    let mut rest = path;
    while let [b'/', after @ ..] = rest {
        let segment = range(after, 0, find(after, b'/'));
        if matches!(segment, [] | [b'.'] | [b'.', b'.']) || !is_encoded(segment, true) {
            return false;
        }
        rest = range(after, segment.len(), after.len());
    }
    true
}

#[cfg(test)]
mod tests {
    use core::net::Ipv6Addr;

    use super::*;

    /// Of all ways to write an address, the standard library's is the canonical one; it writes IPv4-mapped ones in decimals.
    #[test]
    fn ipv6_as_the_standard_library() {
        for number in 0..3_usize.pow(8) {
            let group = |at: u32| [0, 1, 0xffff][number / 3_usize.pow(at) % 3];
            let groups: [u16; 8] = core::array::from_fn(|at| group(at as u32));
            let canonical = Ipv6Addr::from(groups).to_string();
            let texts = groups.map(|group| format!("{group:x}"));
            let mut ways = vec![texts.join(":")];
            for start in 0..8 {
                let zeros = groups.iter().skip(start).take_while(|group| **group == 0);
                for end in start + 1..=start + zeros.count() {
                    ways.push(texts[..start].join(":") + "::" + &texts[end..].join(":"));
                }
            }
            for way in ways {
                assert_eq!(is_canonical_ipv6(way.as_bytes()), way == canonical, "{way}");
            }
        }
    }
}
