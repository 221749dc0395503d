//! Secrets in HTML, in multipart forms and in stores' answers.

use core::ops::Range;

use super::super::reading::{Cursor, is_space};
use super::{
    BYTES, MIN_SECRET, POLICY, Secret, VERSION_2, eat_amazon, eat_line_end, is_gap, is_json, value,
};

/// Elements of S3's answers.
const ELEMENTS: [&str; 5] = [
    BYTES,
    "secretaccesskey",
    "sessiontoken",
    "signatureprovided",
    "token-0",
];

/// The value of an HTML `<input>`, with its attributes in any order.
pub(super) fn input(mut cursor: Cursor<'_>) -> Option<Range<usize>> {
    if !cursor.eat('<') || !cursor.eat_name("input") {
        return None;
    }
    let (mut name, mut value) = (None, None);
    for _ in 0..MAX_PARTS {
        cursor.skip(|c| is_gap(c) || c == '/');
        let attribute = cursor;
        cursor.skip(|c| !is_gap(c) && !"=<>/".contains(c));
        if cursor.at == attribute.at {
            break;
        }
        let attribute = Token(attribute, cursor.at);
        let mut next = cursor;
        next.skip_space();
        if !next.eat('=') {
            continue; // an attribute without a value
        }
        next.skip_space();
        let token = Token::read(&mut next, '>');
        cursor = next;
        if attribute.is("name") {
            name = Some(token);
        } else if attribute.is("value") {
            value = Some(token);
        }
    }
    value?.if_secret(name?)
}

/// The body of a `multipart/form-data` part, whatever its other headers.
pub(super) fn part(mut cursor: Cursor<'_>) -> Option<Range<usize>> {
    if !cursor.eat_name("form-data") {
        return None;
    }
    cursor.skip(|c| matches!(c, ' ' | '\t'));
    if !cursor.is_at(';') {
        return None;
    }
    let mut name = None;
    for _ in 0..MAX_PARTS {
        cursor.skip(|c| matches!(c, ' ' | '\t' | '+' | ';'));
        let parameter = cursor;
        cursor.skip(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*'));
        let parameter = Token(parameter, cursor.at);
        if !cursor.eat('=') {
            break;
        }
        let token = Token::read(&mut cursor, ';');
        if parameter.is("name") {
            name = Some(token);
        }
    }
    let name = name?;
    for _ in 0..MAX_PARTS {
        if !eat_line_end(&mut cursor) {
            return None;
        }
        let mut body = cursor;
        if eat_line_end(&mut body) {
            let secret = if name.is(POLICY) {
                Secret::Policy
            } else {
                Secret::Plain
            };
            let end = value(body, secret)?.end;
            return Token(body, end).if_secret(name);
        }
        let header = cursor.at;
        cursor.skip(|c| c.is_ascii_alphanumeric() || c == '-');
        if cursor.at == header || !cursor.eat(':') {
            return None;
        }
        cursor.skip(|c| !matches!(c, '\r' | '\n'));
    }
    None
}

/// The maximum number of attributes of a tag, parameters of a header, and headers of a part.
const MAX_PARTS: usize = 16;

/// A name or value, and its end.
#[derive(Clone, Copy)]
struct Token<'t>(Cursor<'t>, usize);

impl<'t> Token<'t> {
    /// Reads a token: in quotes, or up to white space or a delimiter.
    fn read(cursor: &mut Cursor<'t>, end: char) -> Self {
        let quote = ['"', '\''].into_iter().find(|quote| cursor.eat(*quote));
        let start = *cursor;
        match quote {
            Some(quote) => cursor.skip(|c| c != quote),
            None => cursor.skip(|c| !is_space(c) && c != end && c != '<'),
        }
        let token = Self(start, cursor.at);
        if let Some(quote) = quote {
            cursor.eat(quote);
        }
        token
    }

    fn is(self, name: &str) -> bool {
        let Self(mut cursor, end) = self;
        cursor.eat_name(name) && cursor.at == end
    }

    /// The value of the field with this name, if the field is secret.
    fn if_secret(self, name: Self) -> Option<Range<usize>> {
        let Self(start, end) = self;
        let Self(mut amazon, name_end) = name;
        let is_secret = (eat_amazon(&mut amazon) && amazon.at == name_end)
            || VERSION_2.iter().any(|known| name.is(known))
            || (name.is(POLICY) && is_json(start));
        (is_secret && start.at < end).then_some(start.at..end)
    }
}

/// The text of an element in a store's answer.
pub(super) fn element(mut cursor: Cursor<'_>) -> Option<Range<usize>> {
    if !cursor.eat('<') {
        return None;
    }
    let mut names = ELEMENTS.iter();
    let name = names.find(|name| cursor.eat_name(name))?;
    let name_end = cursor.at;
    cursor.skip_space();
    if cursor.at > name_end {
        cursor.skip(|c| !"<>".contains(c)); // attributes
    }
    if !cursor.eat('>') {
        return None;
    }
    cursor.skip_space();
    let mut section = cursor;
    if section.eat_name("<![cdata[") {
        cursor = section;
        cursor.skip_space();
    }
    let secret = if *name == BYTES {
        Secret::Bytes
    } else {
        Secret::Plain
    };
    let mut text = value(cursor, secret)?;
    let mut masked = cursor;
    masked.skip(|c| !"*<]".contains(c));
    if masked.is_at('*') {
        return None; // a secret in it is masked already
    }
    let first = text.clone();
    let is_name = Secret::eat_name(&mut cursor.clone(), true).is_some();
    let mut word = cursor;
    let is_base64 = (0..MIN_SECRET).all(|_| word.next_digit().is_some());
    let is_secret = secret == Secret::Plain && is_base64 && !is_name;
    loop {
        cursor.at = text.end;
        cursor.skip(|c| is_space(c) && c != '\n');
        let is_line_end = cursor.is_at('\n');
        cursor.skip_space();
        // Without a closing tag, the name is only mentioned, unless a long word follows.
        if cursor.is_at('<') || cursor.is_at(']') || cursor.is_at_end() {
            return Some(text);
        }
        match value(cursor, secret).filter(|_| is_line_end) {
            Some(line) => text.end = line.end,
            None => return is_secret.then_some(first),
        }
    }
}
