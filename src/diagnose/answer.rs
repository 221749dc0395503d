//! The store's answer, in whatever form it was kept.
//!
//! People copy answers from a browser, a terminal or an SDK, in part, or escaped in a log. Each element is looked up by
//! name, once, in linear time. Whatever is not understood is listed in `unread`.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

pub(super) use super::answers::About;
use super::answers::{classify, known_code};
use super::failures::{EXCHANGED, failure, is_of_client};
use super::text::{replace, undo, unescape_xml, unhex, with_room};
use crate::text::{Text, find, json_chars};

/// The maximum number of bytes read. S3's own answers are a few kilobytes.
pub(super) const MAX_ANSWER: usize = 256 * 1024;

/// The maximum number of HTTP header lines read.
const MAX_LINES: usize = 200;

pub(super) struct Answer<'a> {
    pub(super) about: About,
    pub(super) code: String,
    pub(super) message: String,
    elements: Vec<(&'static str, Text<'a>)>,
    /// Response headers, and the request headers if `curl -v` printed them.
    headers: Vec<(&'a str, &'a str)>,
    pub(super) sent: Option<Sent<'a>>,
    /// The parts that could not be read.
    pub(super) unread: Vec<&'static str>,
}

/// A request, as printed by `curl -v`.
pub(super) struct Sent<'a> {
    pub(super) method: &'a str,
    pub(super) headers: Vec<(&'a str, &'a str)>,
}

/// The elements with useful content. AWS, MinIO, Ceph and the others use the same names.
const NAMES: [&str; 25] = [
    "AWSAccessKeyId",
    "ArgumentName",
    "BucketName",
    "CanonicalRequest",
    "CanonicalRequestBytes",
    "Code",
    "Condition",
    "Details",
    "Endpoint",
    "Expires",
    "Header",
    "HeadersNotSigned",
    "Key",
    "Message",
    "MissingHeaderName",
    "ProposedSize",
    "Region",
    "RequestId",
    "Resource",
    "ServerTime",
    "SignatureProvided",
    "StringToSign",
    "StringToSignBytes",
    "X-Amz-Expires",
    "Bucket",
];

/// Undoes escapes if the markup itself is escaped, as in a log.
pub(super) fn unescaped(text: &str) -> Option<Zeroizing<String>> {
    if text.contains("<Code") {
        None
    } else if text.contains("&lt;Code") {
        Some(unescape_xml(text))
    } else if text.contains("\\u003cCode") || text.contains("\\u003CCode") {
        let escapes = [
            ("\\u003c", "<"),
            ("\\u003C", "<"),
            ("\\u003e", ">"),
            ("\\u003E", ">"),
        ];
        undo(text, &escapes)
    } else {
        None
    }
}

impl<'a> Answer<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let mut this = Self {
            about: About::Nothing,
            code: String::new(),
            message: String::new(),
            elements: Vec::new(),
            headers: Vec::new(),
            sent: None,
            unread: Vec::new(),
        };
        if text.trim().is_empty() {
            return this;
        }
        if text.len() > MAX_ANSWER {
            this.unread.push("it is longer than 256 KiB");
            this.about = About::Unread;
            return this;
        }
        let status = this.read_head(text).or_else(|| status_of_client(text));
        this.read_elements(text);
        let code = this.element("Code").map(String::from);
        let message = ["Message", "Details", "Condition"].map(|name| this.element(name));
        this.message = short(&message.into_iter().flatten().collect::<Vec<_>>().join("\n"));
        let code = code.or_else(|| {
            let (code, rest, several) = known_code(text)?;
            this.unread.extend(several.then_some(SEVERAL));
            this.message = short(rest);
            Some(String::from(code))
        });
        let code = code.or_else(|| {
            let code = ["code", "__type", "errorCode"];
            let code = code.into_iter().find_map(|name| json(text, name))?;
            if is_of_client(&code) && failure(text).is_some() {
                return None;
            }
            this.message = short(&json(text, "message").unwrap_or_default());
            Some(String::from(code.rsplit('#').next()?))
        });
        match code.filter(|code| !code.is_empty()) {
            Some(_) if this.unread.contains(&SEVERAL) => this.about = About::Unread,
            Some(code) => {
                this.code = short(&code);
                let header = ["Header", "ArgumentName"];
                let named = header.into_iter().any(|name| this.element(name).is_some());
                this.about = classify(&this.code, &this.message, named);
            }
            None => this.by_text_or_status(text, status),
        }
        this
    }

    fn by_text_or_status(&mut self, text: &str, status: Option<&str>) {
        // Any other answer, such as the page of a proxy, shows that the client reached something.
        let silent = status.is_none() && !is_html(text);
        if let Some(how) = failure(text).filter(|how| silent || *how == EXCHANGED) {
            (self.about, self.message) = (About::Unreachable, String::from(how));
            return;
        }
        let message = if self.message.is_empty() {
            short(text)
        } else {
            self.message.clone()
        };
        // Anything can be written on a page.
        self.about = if is_html(&message) {
            About::Other
        } else {
            classify("", &message, false)
        };
        match (self.about, status) {
            (About::Other | About::Nothing, Some(status)) if status.starts_with('2') => {
                self.about = About::Unread;
                self.unread.push("its status reports success");
            }
            (About::Other | About::Nothing, Some(status)) => {
                self.code = alloc::format!("HTTP {}", short(status));
                if is_html(text) {
                    self.message = String::from(HTML);
                }
                self.about = match status {
                    "404" | "409" | "416" => About::Object,
                    "405" => About::Method,
                    "304" | "412" => About::Precondition,
                    "301" | "307" => About::Redirect,
                    "411" => About::Length,
                    "413" => About::Size,
                    _ => About::Other,
                };
            }
            (About::Other | About::Nothing, None) if is_denial(text) => {
                (self.about, self.code) = (About::Denied, String::from("Access Denied"));
            }
            (About::Other | About::Nothing, None) => {
                self.about = About::Unread;
                let hidden = ["CORS", "Access-Control-Allow-Origin"];
                // The messages of Chrome, Firefox, Safari and axios.
                let vague = [
                    "Failed to fetch",
                    "NetworkError",
                    "Load failed",
                    "Network Error",
                ];
                self.unread
                    .push(if hidden.iter().any(|part| message.contains(part)) {
                        "the browser hides it (CORS); send the same request with curl"
                    } else if vague.iter().any(|part| message.contains(part)) {
                        "the browser hides it (CORS), or got none; send the same request with curl"
                    } else if is_html(text) {
                        HTML
                    } else {
                        "it contains no known error code"
                    });
            }
            _ => self.message = message,
        }
    }

    /// Whether a cause that predicts one of these answers can have led to this one. Stores deny access for many
    /// reasons.
    pub(super) fn allows(&self, predicted: &[About]) -> bool {
        let vague = matches!(
            self.about,
            About::Nothing | About::Unread | About::Other | About::Denied
        );
        vague || predicted.contains(&self.about) || predicted.contains(&About::Nothing)
    }

    /// Whether only the HTTP status is known.
    pub(super) fn is_status(&self) -> bool {
        self.code.starts_with("HTTP ")
    }

    /// Keeps only the code and the message, because the other elements describe another request.
    pub(super) fn disown(&mut self) {
        self.elements.clear();
        self.unread.push(
            "its signature, access key ID or expiry is not the URL's, so it is about another link or was edited",
        );
    }

    /// The text of an element, if it is not empty.
    pub(super) fn element(&self, name: &str) -> Option<&str> {
        let mut elements = self.elements.iter();
        let (_, text) = elements.find(|(found, _)| *found == name)?;
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    pub(super) fn header(&self, name: &str) -> Option<&'a str> {
        find(&self.headers, name)
    }

    /// A text that the store computed. Prefers the hexadecimal bytes, which are exact; browsers turn line breaks into
    /// spaces.
    pub(super) fn computed(&self, name: &str) -> Option<Zeroizing<String>> {
        let bytes = self
            .elements
            .iter()
            .find(|(found, _)| found.strip_suffix("Bytes") == Some(name));
        let bytes = bytes.and_then(|(_, bytes)| unhex(bytes));
        let text = bytes
            .as_deref()
            .map(String::as_str)
            .or_else(|| self.element(name))?;
        Some(replace(text, "\r\n", "\n"))
    }

    /// Reads what `curl -i` and `curl -v` print before the body, and returns the status.
    fn read_head(&mut self, text: &'a str) -> Option<&'a str> {
        let mut status = None;
        for line in text.lines().take(MAX_LINES) {
            let line = line.trim_end();
            // In its output to a file, curl -v counts bytes: `{ [122 bytes data]`.
            if line.starts_with(['{', '<']) && !line.starts_with("< ") && !line.starts_with("{ [") {
                break;
            }
            let (sent, line) = match line.strip_prefix("> ") {
                Some(line) => (true, line),
                None => (false, line.strip_prefix("< ").unwrap_or(line)),
            };
            if let Some(rest) = line.strip_prefix("HTTP/") {
                status = rest.split(' ').nth(1);
            } else if let Some((name, value)) = line.split_once(": ").filter(|(name, _)| {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            }) {
                match &mut self.sent {
                    Some(request) if sent => request.headers.push((name, value)),
                    _ => self.headers.push((name, value)),
                }
            } else if let (true, Some((method, _))) = (sent, line.split_once(' ')) {
                let headers = Vec::new();
                self.sent = Some(Sent { method, headers });
            }
        }
        status
    }

    fn read_elements(&mut self, text: &'a str) {
        for (at, _) in text.match_indices('<') {
            let Some(rest) = text.get(at + 1..) else {
                continue;
            };
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            let (name, rest) = rest
                .split_at_checked(end.unwrap_or(rest.len()))
                .unwrap_or_default();
            let Some(name) = NAMES.into_iter().find(|known| *known == name) else {
                continue;
            };
            let known = self.elements.iter().find(|(found, _)| *found == name);
            let new = known.is_none();
            // The number of attributes is limited, so that a text full of names is read in linear time.
            let end = rest.bytes().take(256).position(|byte| byte == b'>');
            let Some(content) = end
                .filter(|_| new || name == "Code")
                .and_then(|end| rest.get(end + 1..))
            else {
                continue;
            };
            let content = content.strip_prefix("<![CDATA[").unwrap_or(content);
            let (value, closed) = match content.find('<') {
                Some(end) => (content.get(..end).unwrap_or_default(), true),
                None => (content, false),
            };
            let value = value.strip_suffix("]]>").unwrap_or(value);
            // A truncated text cannot be compared.
            if !closed && is_computed(name) {
                self.unread.push(name);
                continue;
            }
            let value = if value.contains('&') {
                Text::Owned(unescape_xml(value))
            } else {
                Text::Borrowed(value)
            };
            match known {
                Some((_, code)) if code.trim() == value.trim() => {}
                Some(_) if self.unread.is_empty() => self.unread.push(SEVERAL),
                Some(_) => {}
                None => self.elements.push((name, value)),
            }
        }
        // The same elements in JSON.
        if self.elements.is_empty() {
            for name in NAMES {
                if let Some(value) = json(text, name) {
                    self.elements.push((name, Text::Owned(value)));
                } else if is_computed(name) && is_member(text, name) {
                    self.unread.push(name);
                }
            }
            // Without a code, this is not an answer of a store, and other members can be anything.
            if !self.elements.iter().any(|(name, _)| *name == "Code") {
                self.elements.retain(|(name, _)| *name == "Message");
            }
        }
    }
}

/// The message of `AccessDenied` alone.
fn is_denial(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.');
    text.eq_ignore_ascii_case("Access Denied")
}

/// The status in a client's message, if it says more than that the request was refused.
fn status_of_client(text: &str) -> Option<&str> {
    let known = ["304", "404", "405", "409", "411", "412", "413", "416"];
    let before = [
        "error occurred (", // boto3
        "error: ",          // curl -f
        "error ",           // wget, urllib
        "client error (",   // reqwest
        "status code ",     // axios, .NET
        "status: ",
        "<response [",
        "status code: ", // Java
        "statuscode: ",  // Go
        "httperror: ",   // requests
    ];
    let mut places = known
        .into_iter()
        .flat_map(|status| text.match_indices(status));
    places.find_map(|(at, status)| {
        let start = text.get(..at)?;
        let start = start
            .get(start.len().saturating_sub(16)..)?
            .to_ascii_lowercase();
        let next = text.get(at + status.len()..)?;
        let ends = !next.starts_with(|c: char| c.is_ascii_alphanumeric());
        // `404 Not Found` alone, and Chrome's `404 (Not Found)`.
        let is_line = start.is_empty()
            || next
                .strip_prefix(" (")
                .is_some_and(|reason| reason.starts_with(|c: char| c.is_ascii_uppercase()));
        (ends && (is_line || before.iter().any(|before| start.ends_with(before)))).then_some(status)
    })
}

const SEVERAL: &str = "it contains several errors; give the one of this request";

const HTML: &str = "it is an HTML page, which a proxy, a CDN or a website endpoint may have sent";

fn is_html(text: &str) -> bool {
    let lower = short(text).to_ascii_lowercase();
    ["<html", "<!doctype html"]
        .iter()
        .any(|part| lower.contains(part))
}

/// The value of a JSON member, if it is a string that is not empty. In a JSON text within a string, reading stops at an
/// escape.
fn json(text: &str, name: &str) -> Option<Zeroizing<String>> {
    let (value, nested) = text.match_indices(name).find_map(|(at, _)| {
        let before = text.get(..at)?.ends_with('"');
        let rest = text
            .get(at + name.len()..)?
            .trim_start_matches('\\')
            .strip_prefix('"')?;
        let value = rest.trim_start().strip_prefix(':')?.trim_start();
        let quote = value.trim_start_matches('\\');
        let nested = quote.len() < value.len();
        before.then_some((quote.strip_prefix('"')?, nested))
    })?;
    let mut escaped = false;
    let end = value.find(|c| {
        let ends = !escaped && (c == '"' || (nested && c == '\\'));
        escaped = !escaped && c == '\\';
        ends
    });
    if is_computed(name) && (nested || end.is_none()) {
        return None; // it cannot be compared
    }
    let value = value.get(..end.unwrap_or(value.len()))?;
    let mut plain = with_room(value.len());
    for c in json_chars(value) {
        match c {
            Some(c) => plain.push(c),
            None if is_computed(name) => return None,
            None => break, // the text was cut there
        }
    }
    (!plain.is_empty()).then_some(plain)
}

/// Whether a JSON text has a member of this name.
fn is_member(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let rest = text.get(at + name.len()..).unwrap_or_default();
        rest.starts_with(['"', '\\'])
    })
}

/// Whether the element is a text that the store computed.
fn is_computed(name: &str) -> bool {
    name.starts_with("Canonical") || name.starts_with("StringToSign")
}

/// The maximum number of bytes shown of a store's message.
const MAX_SHOWN: usize = 400;

/// The start of a text, with secrets masked by `redact`.
pub(super) fn short(text: &str) -> String {
    let mut end = text.len().min(MAX_SHOWN);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = Zeroizing::new(alloc::format!(
        "{}",
        crate::redact::redact(text.get(..end).unwrap_or_default())
    ));
    String::from(text.trim())
}
