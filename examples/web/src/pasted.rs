//! Credentials in text that a tool or a web page showed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::check::is_key_id;

/// What a pasted text contains.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Pasted {
    /// Complete credentials, with what else was beside them, such as a region. More than one if the text has profiles. If
    /// none are complete, those that have a part.
    profiles: Vec<Profile>,
    /// Whether the text must not be shown, as it may contain a secret.
    secret: bool,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Profile {
    name: String,
    values: BTreeMap<&'static str, String>,
}

/// Reads lines for a shell (`export AWS_ACCESS_KEY_ID=...`, also `set`, `set -gx` and `$Env:`), profiles and `.env` files
/// (`aws_access_key_id = ...`), JSON (`"AccessKeyId": ...`), IAM's CSV, and labels with their values beside or below, as
/// the pages of R2 and MinIO and the example `store` have them. `field` is the one that it was pasted into.
pub(crate) fn pasted(text: &str, field: &str) -> Pasted {
    let text = text.trim_start_matches('\u{feff}');
    let mut profiles = vec![Profile::default()];
    let put = |profiles: &mut Vec<Profile>, name, value: &str| {
        if let Some(last) = profiles.last_mut() {
            last.values.entry(name).or_insert_with(|| value.to_owned());
        }
    };
    if let Some(row) = csv(text) {
        for (name, value) in row {
            put(&mut profiles, name, value);
        }
    }
    if let Some((id, secret)) = pair(text) {
        put(&mut profiles, "access_key_id", id);
        put(&mut profiles, "secret_access_key", secret);
    }
    let mut label = None;
    for piece in text.split(['\n', ',', ';', '{', '}']).map(trimmed) {
        if piece.starts_with('#') {
            continue; // a comment
        }
        if let Some(name) = piece
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            profiles.push(Profile {
                name: name.trim_start_matches("profile ").to_owned(),
                ..Profile::default()
            });
        } else if let Some((name, value)) = assignment(piece) {
            put(&mut profiles, name, value);
            label = None;
        } else if piece.starts_with("https://") && piece.ends_with(R2) {
            put(&mut profiles, "endpoint", piece);
        } else if !piece.is_empty() {
            // A label has its value on the next line.
            match label.take() {
                Some(name) => put(&mut profiles, name, piece),
                None => label = field_of(piece.trim_end_matches(':')),
            }
        }
    }
    for Profile { values, .. } in &mut profiles {
        let has_time = |time: &String| time.starts_with(|c: char| c.is_ascii_digit()); // MinIO has "no-expiry"
        if !values.get("expiration").is_some_and(has_time) {
            values.remove("expiration");
        }
        if values
            .get("endpoint")
            .is_some_and(|endpoint| endpoint.ends_with(R2))
        {
            values.entry("region").or_insert_with(|| "auto".to_owned());
        }
    }
    let whole = profiles.iter().any(is_whole);
    profiles.retain(if whole { is_whole } else { is_part });
    let several = text.trim().contains(['\n', '\r']);
    let mut words = text.split(quotes).chain(text.split(separates));
    Pasted {
        secret: several
            || text.to_ascii_lowercase().contains("secret")
            || words.any(is_secret)
            || (field == "access_key_id" && has_more(trimmed(text))),
        profiles,
    }
}

fn is_whole(Profile { values, .. }: &Profile) -> bool {
    values.contains_key("access_key_id") && values.contains_key("secret_access_key")
}

/// Whether a profile has a part of the credentials. The ID's field shows its value, so that must be an ID for certain.
fn is_part(Profile { values, .. }: &Profile) -> bool {
    values.get("access_key_id").map_or_else(
        || values.contains_key("secret_access_key") || values.contains_key("session_token"),
        |id| is_key_id(id),
    )
}

/// The value of a field, if a text has its name, spaces or invisible characters too.
pub(crate) fn alone(field: &str, text: &str) -> Option<String> {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let named = assignment(visible.trim()).filter(|(name, _)| *name == field);
    let value = named.map_or(visible.trim(), |(_, value)| value);
    (value != text && !value.is_empty()).then(|| value.to_owned())
}

/// A text without the quotes around it.
pub(crate) fn unquoted(text: &str) -> Option<String> {
    let mut inner = text.chars();
    let quoted = is_quote(inner.next()?) && is_quote(inner.next_back()?);
    (quoted && !inner.as_str().is_empty()).then(|| inner.collect())
}

const R2: &str = ".r2.cloudflarestorage.com";

fn quotes(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || is_invisible(c)
}

/// Also the quotes of word processors.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '‘'..='‟' | '«' | '»')
}

/// Zero-width characters and marks of direction, which web pages contain.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// What may be between an ID and its secret.
fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | ',' | '=')
}

/// Whether there may be a secret after an ID, or a command.
fn has_more(text: &str) -> bool {
    text.contains(|c| separates(c) && c != '=')
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(quotes)
}

/// A value without its quotes, and without the comment after it.
fn uncommented(value: &str) -> &str {
    let value = value.trim();
    let start = value.split(" #").next().unwrap_or(value).trim_end();
    // The # may be within the quotes.
    let cut = start.starts_with(is_quote) && !start.ends_with(is_quote);
    trimmed(if cut { value } else { start })
}

/// An access key ID of AWS and its secret, with nothing but a separator between them.
fn pair(text: &str) -> Option<(&str, &str)> {
    let (id, secret) = text.trim().split_once(separates)?;
    let (id, secret) = (trimmed(id), trimmed(secret));
    (is_key_id(id) && is_secret(secret)).then_some((id, secret))
}

/// Whether a word has the form of AWS's secrets: 40 characters of base64, of all kinds.
fn is_secret(word: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    word.len() == 40
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}

/// `name = value`, in the forms of shells and files; or a label, two spaces or a tab, and its value.
fn assignment(text: &str) -> Option<(&'static str, &str)> {
    let (word, rest) = text.split_once(' ').unwrap_or_default();
    let fish = word == "set" && rest.starts_with('-');
    let text = match word.to_ascii_lowercase().as_str() {
        "export" | "set" | "setx" => rest.trim_start(),
        _ => text,
    };
    let (name, value) = if fish {
        let mut words = text.splitn(3, ' ').skip(1); // -gx
        (words.next()?, words.next()?)
    } else if let Some(parts) = text.split_once("  ").or_else(|| text.split_once('\t')) {
        let value = parts.1.trim_start();
        match value.strip_prefix(['=', ':']) {
            Some(value) => (parts.0, value),
            None if parts.0.contains(['=', ':']) => text.split_once(['=', ':'])?,
            None => (parts.0, value),
        }
    } else {
        let text = text.strip_prefix("$Env:").unwrap_or(text);
        text.split_once(['=', ':'])?
    };
    let (field, value) = (field_of(name)?, uncommented(value));
    (!value.is_empty()).then_some((field, value))
}

/// The field with this name or label.
fn field_of(name: &str) -> Option<&'static str> {
    let name: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    let name = name.to_ascii_lowercase();
    // The secret's names end like the ID's.
    let names = [
        ("secretaccesskey", "secret_access_key"),
        ("secretkey", "secret_access_key"),
        ("rootpassword", "secret_access_key"),
        ("accesskeyid", "access_key_id"),
        ("accesskey", "access_key_id"),
        ("rootuser", "access_key_id"),
        ("sessiontoken", "session_token"),
        ("securitytoken", "session_token"),
        ("expiration", "expiration"),
        ("endpointurl", "endpoint"),
        ("endpointurls", "endpoint"), // ..._S3
        ("endpoint", "endpoint"),
        ("bucketname", "bucket"),
        ("bucket", "bucket"),
        ("region", "region"),
    ];
    let (_, field) = names.into_iter().find(|(end, _)| name.ends_with(end))?;
    (name.len() < 40 && !name.starts_with("sso")).then_some(field)
}

/// IAM's file: a line of names, and one of values.
fn csv(text: &str) -> Option<Vec<(&'static str, &str)>> {
    let mut lines = text.lines();
    let (names, values) = (lines.next()?, lines.next()?);
    let known = names.split(',').filter_map(field_of).count();
    let pairs = names.split(',').zip(values.split(','));
    let field = |(name, value)| Some((field_of(name)?, trimmed(value)));
    (known > 1 && !names.contains(['=', ':'])).then(|| pairs.filter_map(field).collect())
}
