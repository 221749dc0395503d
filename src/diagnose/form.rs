//! An upload form: its fields and its policy.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::{Zeroize, Zeroizing};

use super::text::with_room;
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
        let mut fields = self.fields.iter();
        fields
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
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
        let texts = strings(&json);
        let after = |name: &str| texts.iter().position(|(text, _)| **text == *name);
        let expiration = after("expiration").and_then(|at| texts.get(at + 1)?.0.parse().ok());
        let mut conditions = Vec::new();
        let start = after("conditions").map_or(0, |at| at + 1);
        let mut texts = texts.get(start..)?.iter();
        while let Some((text, is_name)) = texts.next() {
            let operator = text.to_ascii_lowercase();
            let (field, prefix) = match operator.as_str() {
                "eq" | "starts-with" => (texts.next()?.0.trim_start_matches('$'), operator != "eq"),
                "content-length-range" => continue,
                _ if *is_name => (text.as_str(), false),
                _ => continue,
            };
            let Some((value, false)) = texts.next() else {
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
    match String::from_utf8(core::mem::take(&mut *bytes)) {
        Ok(text) => Some(Zeroizing::new(text)),
        Err(error) => {
            error.into_bytes().zeroize();
            None
        }
    }
}

/// The strings of a JSON document in order, with a flag for member names.
fn strings(json: &str) -> Vec<(Zeroizing<String>, bool)> {
    let mut found = Vec::new();
    let mut chars = json.chars();
    while chars.by_ref().any(|c| c == '"') {
        let mut text = with_room(chars.as_str().len().min(MAX_TEXT));
        while let Some(c) = chars.next().filter(|c| *c != '"') {
            let c = if c == '\\' {
                chars.next().unwrap_or('\\')
            } else {
                c
            };
            if text.len() + c.len_utf8() <= text.capacity() {
                text.push(c);
            }
        }
        let is_name = chars.as_str().trim_start().starts_with(':');
        found.push((text, is_name));
    }
    found
}

/// The maximum number of bytes read of a string in a policy.
const MAX_TEXT: usize = 4096;
