//! The policy document: its content, and whether a form meets it.

use alloc::string::String;
use alloc::vec::Vec;

use super::json::{Reader, Text, is_same_name};
use super::{PostRejection, PostRequest};
use crate::text::has_prefix;
use crate::timestamp::{Stamp, Timestamp};

/// The content of a policy document.
pub(super) struct Policy<'p> {
    pub(super) expires_at: Timestamp,
    conditions: Vec<Condition<'p>>,
}

enum Condition<'p> {
    Exact { name: Text<'p>, value: Text<'p> },
    Prefix { name: Text<'p>, value: Text<'p> },
    Length { min: u64, max: u64 },
}

/// Fields that need no condition, besides those whose names start with [`IGNORED`].
const FREE: [&str; 3] = ["file", "policy", "x-amz-signature"];

const IGNORED: &str = "x-ignore-";

/// Fields for which a policy must require an exact value: what is signed, when, and for which bucket.
const EXACT: [&str; 4] = [
    "bucket",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
];

impl<'p> Policy<'p> {
    /// Reads a document. Unknown and repeated members are errors, because readers interpret them differently.
    pub(super) fn parse(document: &'p str) -> Option<Self> {
        let mut json = Reader::new(document);
        let (mut expires_at, mut conditions) = (None, None);
        json.items(['{', '}'], |json| {
            let name = json.text()?;
            json.expect(':')?;
            if name.is("expiration") && expires_at.is_none() {
                expires_at = Some(parse_expiration(json.text()?)?);
            } else if name.is("conditions") && conditions.is_none() {
                let mut all = Vec::new();
                json.items(['[', ']'], |json| Condition::read(json, &mut all))?;
                conditions = Some(all);
            } else {
                return None;
            }
            Some(())
        })?;
        json.end()?;
        Some(Self {
            expires_at: expires_at?,
            conditions: conditions?,
        })
    }

    pub(super) fn check(&self, request: &PostRequest<'_>) -> Result<(), PostRejection> {
        for condition in &self.conditions {
            condition.check(request)?;
        }
        // The bucket counts as a field: without a condition for it, the policy would be valid for any bucket.
        for (name, _) in [("bucket", "")].iter().chain(request.fields) {
            let is_free = FREE.iter().any(|free| name.eq_ignore_ascii_case(free))
                || has_prefix(name, IGNORED);
            let mut names = self.conditions.iter().filter_map(Condition::name);
            if !is_free && !names.any(|condition| condition.is_ignoring_case(name)) {
                return Err(PostRejection::FieldWithoutCondition {
                    name: (*name).into(),
                });
            }
        }
        Ok(())
    }
}

/// Reads `YYYY-MM-DDTHH:MM:SSZ`, with optional `.` and digits before the `Z`. S3 accepts no other form of ISO 8601.
fn parse_expiration(text: Text<'_>) -> Option<Timestamp> {
    let mut chars = text.chars();
    let mut stamp = [b'Z'; 16];
    let mut places = stamp.iter_mut();
    for place in "0000-00-00T00:00:00".chars() {
        let c = chars.next()?;
        match place {
            '0' => *places.next()? = u8::try_from(c).ok()?,
            'T' if c == 'T' => *places.next()? = b'T',
            _ if c == place => {}
            _ => return None,
        }
    }
    let mut rest = chars.clone();
    if rest.next() == Some('.') {
        let fraction = rest.clone().take_while(char::is_ascii_digit).count();
        rest.nth(fraction.checked_sub(1)?)?;
        chars = rest;
    }
    if !chars.eq(['Z']) {
        return None;
    }
    let (_, expires_at) = Stamp::parse(core::str::from_utf8(&stamp).ok()?)?;
    Some(expires_at)
}

impl<'p> Condition<'p> {
    /// Reads `{"name": "value"}`, which can have more members, or `["operator", "$name", "value"]`.
    fn read(json: &mut Reader<'p>, all: &mut Vec<Self>) -> Option<()> {
        if json.starts_with('[') {
            json.expect('[')?;
            all.push(Self::read_parts(json)?);
            return json.expect(']');
        }
        let first = all.len();
        json.items(['{', '}'], |json| {
            let name = json.text()?;
            json.expect(':')?;
            let value = json.text()?;
            let mut names = all.iter().skip(first).filter_map(Self::name);
            if names.any(|other| is_same_name(other.chars(), name.chars())) {
                return None;
            }
            all.push(Self::Exact { name, value });
            Some(())
        })?;
        (all.len() > first).then_some(())
    }

    fn read_parts(json: &mut Reader<'p>) -> Option<Self> {
        let operator = json.text()?;
        json.expect(',')?;
        if operator.is_ignoring_case("content-length-range") {
            let min = read_bytes(json)?;
            json.expect(',')?;
            let max = read_bytes(json)?;
            return Some(Self::Length { min, max });
        }
        let name = json.text()?.without_dollar()?;
        json.expect(',')?;
        let value = json.text()?;
        if operator.is_ignoring_case("eq") {
            Some(Self::Exact { name, value })
        } else if operator.is_ignoring_case("starts-with") {
            Some(Self::Prefix { name, value })
        } else {
            None
        }
    }

    fn name(&self) -> Option<Text<'p>> {
        match self {
            Self::Exact { name, .. } | Self::Prefix { name, .. } => Some(*name),
            Self::Length { .. } => None,
        }
    }

    fn check(&self, request: &PostRequest<'_>) -> Result<(), PostRejection> {
        let bytes = request.file_length;
        let (name, is_met) = match self {
            Self::Length { min, .. } if bytes < *min => {
                return Err(PostRejection::FileTooSmall { bytes, min: *min });
            }
            Self::Length { max, .. } if bytes > *max => {
                return Err(PostRejection::FileTooLarge { bytes, max: *max });
            }
            Self::Length { .. } => return Ok(()),
            Self::Exact { name, value } => {
                let is_met =
                    request.all_values(*name, |sent| request.substituted(sent).eq(value.chars()));
                (name, is_met)
            }
            Self::Prefix { name, value } => {
                let is_list = name.is_ignoring_case("content-type");
                let is_met = !EXACT.iter().any(|exact| name.is_ignoring_case(exact))
                    && request.all_values(*name, |sent| {
                        let sent = request.substituted(sent);
                        starts_with(sent, value.chars(), is_list)
                    });
                (name, is_met)
            }
        };
        if is_met {
            Ok(())
        } else {
            let name: String = name.chars().collect();
            Err(PostRejection::ConditionNotMet { name })
        }
    }
}

/// Some clients write numbers as strings.
fn read_bytes(json: &mut Reader<'_>) -> Option<u64> {
    if !json.starts_with('"') {
        return json.whole_number();
    }
    let mut digits = json.text()?.chars();
    digits.clone().next()?;
    digits.try_fold(0_u64, |number, c| {
        let digit = u64::from(c.to_digit(10)?);
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// Whether a value starts with a prefix. In a list, each item after the prefix must start with it as well.
fn starts_with(
    mut sent: impl Iterator<Item = char> + Clone,
    prefix: impl Iterator<Item = char> + Clone,
    is_list: bool,
) -> bool {
    if !prefix.clone().all(|c| sent.next() == Some(c)) {
        return false;
    }
    let prefix = prefix.skip_while(|c| c.is_whitespace());
    while is_list && sent.any(|c| c == ',') {
        let mut item = sent.clone().skip_while(|c| c.is_whitespace());
        if !prefix.clone().all(|c| item.next() == Some(c)) {
            return false;
        }
    }
    true
}
