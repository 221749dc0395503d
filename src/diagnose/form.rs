//! An upload form: its fields and its policy.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::text::{into_text, with_room};
use crate::text::{find, json_chars};
use crate::timestamp::Timestamp;

/// The maximum number of bytes read of a policy.
const MAX_POLICY: usize = 64 * 1024;

pub(super) struct Form<'e> {
    pub(super) fields: &'e [(&'e str, &'e str)],
    pub(super) policy: Option<Policy>,
}

/// A policy document, read leniently: only the store's interpretation counts.
pub(super) struct Policy {
    pub(super) expiration: Option<Timestamp>,
    pub(super) conditions: Vec<Condition>,
}

/// A condition on a field. Its value may be a token.
pub(super) struct Condition {
    pub(super) field: String,
    value: Zeroizing<String>,
    prefix: bool,
}

impl<'e> Form<'e> {
    pub(super) fn new(fields: &'e [(&'e str, &'e str)]) -> Self {
        let mut this = Self {
            fields,
            policy: None,
        };
        this.policy = this.field("policy").and_then(Policy::parse);
        this
    }

    pub(super) fn field(&self, name: &str) -> Option<&'e str> {
        find(self.fields, name)
    }

    /// Whether the form meets a condition. Conditions on the bucket and the file's name pass, because both are unknown.
    pub(super) fn meets(&self, condition: &Condition) -> bool {
        if condition.field.eq_ignore_ascii_case("bucket") {
            return true;
        }
        self.field(&condition.field).is_some_and(|sent| {
            let value = &**condition.value;
            if sent.contains("${filename}") {
                return true;
            }
            if condition.prefix {
                sent.starts_with(value)
            } else {
                sent == value
            }
        })
    }
}

impl Policy {
    fn parse(base64: &str) -> Option<Self> {
        if base64.len() > MAX_POLICY {
            return None;
        }
        let json = decode(base64)?;
        let texts = strings(&json)?;
        let member = |name: &str| {
            let mut texts = texts.iter();
            texts.position(|(text, is_name)| *is_name && **text == *name)
        };
        let end = member("expiration");
        let expiration = end.and_then(|at| texts.get(at + 1)?.0.parse().ok());
        let mut conditions = Vec::new();
        let start = member("conditions").map_or(0, |at| at + 1);
        let mut texts = texts.iter().enumerate().skip(start);
        while let Some((at, (text, is_name))) = texts.next() {
            if Some(at) == end {
                texts.next(); // the expiration can follow the conditions
                continue;
            }
            let operator = text.to_ascii_lowercase();
            let (field, prefix) = match operator.as_str() {
                "eq" | "starts-with" => {
                    (texts.next()?.1.0.trim_start_matches('$'), operator != "eq")
                }
                "content-length-range" => continue,
                _ if *is_name => (text.as_str(), false),
                _ => continue,
            };
            let Some((_, (value, false))) = texts.next() else {
                break;
            };
            let (field, value) = (String::from(field), value.clone());
            conditions.push(Condition {
                field,
                value,
                prefix,
            });
        }
        Some(Self {
            expiration,
            conditions,
        })
    }
}

fn decode(base64: &str) -> Option<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(base64.len()));
    let (mut bits, mut count) = (0_u32, 0);
    for byte in base64
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
    {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    into_text(bytes)
}

/// The strings of a JSON document in order, with a flag for member names.
fn strings(json: &str) -> Option<Vec<(Zeroizing<String>, bool)>> {
    let mut found = Vec::new();
    let mut rest = json;
    while let Some((_, start)) = rest.split_once('"') {
        let mut is_escaped = false;
        let end = start.find(|c: char| {
            let is_end = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            is_end
        })?;
        let (raw, after) = start.split_at_checked(end)?;
        let mut text = with_room(raw.len()); // no escape is shorter than its character
        for c in json_chars(raw) {
            text.push(c?);
        }
        rest = after.strip_prefix('"')?;
        let value = rest.trim_start().strip_prefix(':').map(str::trim_start);
        found.push((text, value.is_some()));
        // S3 refuses a number as a condition's value.
        let number = value.and_then(|value| value.split(|c: char| !c.is_ascii_digit()).next());
        let number = number.filter(|digits| !digits.is_empty());
        found.extend(number.map(|digits| (Zeroizing::new(String::from(digits)), false)));
    }
    Some(found)
}
