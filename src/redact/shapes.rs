//! Finds secrets by their names.

use core::ops::Range;

use super::reading::{Code, Cursor, is_space};

mod markup;

use markup::{element, input, part};

/// The parts of the names of secrets after `x-amz-`.
const AMAZON: [&str; 6] = [
    "copy-source-server-side-encryption-customer-key",
    "credential",
    "s3session-token",
    "security-token",
    "server-side-encryption-customer-key",
    "signature",
];

/// Fields of the forms of Signature Version 2.
const VERSION_2: [&str; 2] = ["awsaccesskeyid", "signature"];

/// A form's policy, in base64.
const POLICY: &str = "policy";

/// In a store's answer, in hexadecimal with spaces.
const BYTES: &str = "canonicalrequestbytes";

/// What to mask in a text.
pub(super) enum Found {
    /// The value after a name.
    Value(Range<usize>),
    /// A value further on; other secrets may come before it.
    Later(Range<usize>),
}

/// Looks for the name of a secret at a position, and for the value after it. `before` is the previous character;
/// `before_word` is the previous one that is not part of a word, a quote or white space.
pub(super) fn find(text: &str, at: usize, before: Code, before_word: Code) -> Option<Found> {
    let start = Cursor::new(text, at);
    let (first, _) = start.peek();
    match char::from_u32(first)?.to_ascii_lowercase() {
        '<' => element(start).or_else(|| input(start)).map(Found::Later), // attributes can contain secrets
        'f' => part(start).map(Found::Later),
        'x' | 'p' | 's' | 'c' | 'a' => pair(start, before, before_word).map(Found::Value),
        _ => None,
    }
}

/// A kind of secret, by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secret {
    Plain,
    Policy,
    Bytes,
    /// `signature`, an ordinary word.
    Signature,
}

impl Secret {
    fn eat_name(cursor: &mut Cursor<'_>, is_parameter: bool) -> Option<Self> {
        let is_plain = eat_amazon(cursor)
            || cursor.eat_name("signatureprovided")
            || cursor.eat_name("awsaccesskeyid")
            || (is_parameter && cursor.eat_name("signature"));
        if is_plain {
            return Some(Self::Plain);
        }
        [
            (POLICY, Self::Policy),
            (BYTES, Self::Bytes),
            ("signature", Self::Signature),
        ]
        .into_iter()
        .find_map(|(name, secret)| cursor.eat_name(name).then_some(secret))
    }

    /// Whether this can be the value of the secret. Except for base64 that starts in a certain way, this is decided
    /// without reading the value, which can contain more names: each byte is read a bounded number of times.
    fn can_be(self, value: Cursor<'_>) -> bool {
        match self {
            Self::Plain | Self::Bytes => true,
            Self::Policy => is_json(value),
            Self::Signature => is_sha1(value),
        }
    }
}

/// `name=value`, `name: value` and `name => value`, with optional quotes and white space, `("name", "value")`, and a
/// value that is itself named `value`.
fn pair(start: Cursor<'_>, before: Code, before_word: Code) -> Option<Range<usize>> {
    let is_any = |code: Code, of: &str| of.chars().any(|c| code == Code::from(c));
    let mut cursor = start;
    let secret = Secret::eat_name(&mut cursor, is_any(before, "?&"))?;
    let name_end = cursor.at;
    cursor.skip(is_quote);
    let is_quoted = cursor.at > name_end;
    cursor.skip(|c| matches!(c, ']' | '`')); // `[name] => value`
    skip_colors(&mut cursor);
    cursor.skip(is_gap);
    let is_in_list = is_quoted && is_any(before_word, "($");
    let separator = cursor.at;
    let escape =
        eat_name_of_value(&mut cursor).or_else(|| eat_separator(&mut cursor, is_in_list))?;
    if is_empty(cursor, escape, !is_quoted && separator == name_end) {
        return None;
    }
    let is_around = |c| is_space(c) || is_quote(c) || matches!(c, '[' | '`');
    skip_block(&mut cursor);
    let is_next_line = {
        let mut between = cursor;
        between.skip(|c| c != '\n' && (is_around(c) || c == '+'));
        between.is_at('\n')
    };
    skip_around(&mut cursor, escape, is_around);
    skip_colors(&mut cursor);
    skip_around(&mut cursor, escape, is_around);
    if is_next_line && eat_dash(&mut cursor) {
        skip_around(&mut cursor, escape, is_around);
    }
    skip_wrapper(&mut cursor);
    let is_other = (is_next_line && is_pair_itself(cursor, ":="))
        || cursor.clone().eat_name("x-amz-")
        || is_null(cursor)
        || !secret.can_be(cursor);
    if is_other {
        return None;
    }
    value(cursor, secret)
}

/// The value in the brackets after another one, if that is a short word: `String("...")`, `Optional[...]`, and
/// `Array ( [0] => ... )` in PHP.
pub(super) fn wrapped(text: &str, wrapper: &Range<usize>) -> Option<Range<usize>> {
    let word = Cursor::new(text, wrapper.start);
    let mut cursor = word;
    cursor.skip(|c| c.is_ascii_alphanumeric() || "_.:".contains(c));
    if cursor.at != wrapper.end || is_long(word) {
        return None;
    }
    let is_array = word.clone().eat_name("array");
    if is_array {
        cursor.skip_space();
    }
    if !['(', '[', '{']
        .into_iter()
        .any(|bracket| cursor.eat(bracket))
    {
        return None;
    }
    cursor.skip(|c| is_space(c) || is_quote(c) || matches!(c, '[' | '`'));
    if is_array {
        cursor.skip(|c| c.is_ascii_digit() || is_space(c) || is_quote(c) || "]=>".contains(c));
    }
    skip_wrapper(&mut cursor);
    let is_other =
        is_pair_itself(cursor, ":=") || Secret::eat_name(&mut cursor.clone(), true).is_some();
    if is_other {
        return None;
    }
    value(cursor, Secret::Plain)
}

/// Skips a separator, and returns the number of bytes by which it is percent-encoded.
fn eat_separator(cursor: &mut Cursor<'_>, is_in_list: bool) -> Option<usize> {
    let escape = cursor.percent_len();
    if cursor.eat('=') || cursor.eat(':') {
        cursor.skip(|c| "=:>".contains(c)); // `=>`, `:=`, `==`
    } else if !(is_in_list && cursor.eat(',')) {
        return None;
    }
    Some(escape)
}

/// Like [`eat_separator`], for the end of `"name": "...", "value": ` after the first value, as in a browser's HAR file.
fn eat_name_of_value(cursor: &mut Cursor<'_>) -> Option<usize> {
    let mut next = *cursor;
    next.eat(',');
    next.skip(is_gap);
    next.skip(is_quote);
    if !next.eat_name("value") {
        return None;
    }
    next.skip(is_quote);
    next.skip(is_gap);
    let escape = eat_separator(&mut next, false)?;
    *cursor = next;
    Some(escape)
}

/// White space, and `+`, which means a space in forms.
fn is_gap(c: char) -> bool {
    is_space(c) || c == '+'
}

/// Skips characters. A `+` that is escaped less than the separator is a space in a form; one that is escaped as much is
/// part of the value.
fn skip_around(cursor: &mut Cursor<'_>, escape: usize, holds: impl Fn(char) -> bool) {
    loop {
        let start = cursor.at;
        cursor.skip(&holds);
        let (_, end) = cursor.peek();
        if end - cursor.at < escape {
            cursor.eat('+');
        }
        if cursor.at == start {
            return;
        }
    }
}

/// Skips what YAML writes before a value on the next line, such as `>-`.
fn skip_block(cursor: &mut Cursor<'_>) {
    let mut next = *cursor;
    next.skip(|c| matches!(c, ' ' | '+'));
    if next.eat('>') || next.eat('|') {
        next.skip(|c| c.is_ascii_digit() || "-+ \r".contains(c));
        if next.is_at('\n') {
            *cursor = next;
        }
    }
}

/// The start of an item in a list of YAML.
fn eat_dash(cursor: &mut Cursor<'_>) -> bool {
    let mut next = *cursor;
    let is_next = next.eat('-') && (next.eat(' ') || next.eat('+'));
    if is_next {
        *cursor = next;
    }
    is_next
}

/// The colors of a terminal.
fn skip_colors(cursor: &mut Cursor<'_>) {
    loop {
        let mut next = *cursor;
        if !(next.eat('\u{1b}') && next.eat('[')) {
            return;
        }
        next.skip(|c| c.is_ascii_digit() || c == ';');
        if !next.eat('m') {
            return;
        }
        *cursor = next;
    }
}

/// What Python, Rust, Swift, Go and PHP write before a string: `b'...'`, `('...',)`, `Some("...")`, `Optional("...")`,
/// `[]string{"..."}`, `string(64) "..."`.
fn skip_wrapper(cursor: &mut Cursor<'_>) {
    let mut dumped = *cursor;
    if dumped.eat_name("string(") {
        dumped.skip(|c| c.is_ascii_digit());
        if dumped.eat(')') && (dumped.eat(' ') || dumped.eat('+')) && dumped.eat('"') {
            *cursor = dumped;
        }
        return;
    }
    let prefixes = ["b", "u", "r", "br", "rb", "f", "l", "@", "$"];
    let wrappers = ["(", "some(", "optional(", "]string{"];
    for start in prefixes.into_iter().chain(wrappers) {
        let mut next = *cursor;
        if next.eat_name(start) && (next.eat('"') || next.eat('\'')) {
            let (first, _) = next.peek();
            let is_value = char::from_u32(first).is_some_and(|c| !ends_value(c));
            if is_value && !(start == "(" && is_pair_in_list(next)) {
                *cursor = next;
            }
            return;
        }
    }
}

/// Whether this is the first of two items in parentheses: a name, not a value.
fn is_pair_in_list(mut cursor: Cursor<'_>) -> bool {
    cursor.skip(|c| !ends_value(c));
    cursor.skip(is_quote);
    cursor.skip(is_gap);
    let is_item = cursor.eat(',');
    cursor.skip(is_gap);
    is_item && !cursor.is_at(')')
}

fn eat_amazon(cursor: &mut Cursor<'_>) -> bool {
    let start = *cursor;
    let is_next = cursor.eat_name("x-amz-") && AMAZON.iter().any(|name| cursor.eat_name(name));
    if !is_next {
        *cursor = start;
    }
    is_next
}

/// The value at a position, if it is not empty.
fn value(start: Cursor<'_>, secret: Secret) -> Option<Range<usize>> {
    let mut cursor = start;
    if secret == Secret::Bytes {
        let mut next = cursor;
        loop {
            let space = next.at;
            next.skip(|c| c.is_ascii_hexdigit());
            if next.at == space {
                break;
            }
            cursor = next;
            next.skip(|c| matches!(c, ' ' | '+'));
        }
    } else {
        cursor.skip(|c| !ends_value(c));
        if secret == Secret::Policy {
            skip_wrapped_lines(start, &mut cursor);
        }
        while skip_escaped_percent(&mut cursor) {
            cursor.skip(|c| !ends_value(c));
        }
    }
    (cursor.at > start.at).then_some(start.at..cursor.at)
}

/// The lengths of lines that encoders wrap base64 at.
const LINES: [usize; 3] = [60, 64, 76];

/// The other lines of base64 that is wrapped.
fn skip_wrapped_lines(start: Cursor<'_>, cursor: &mut Cursor<'_>) {
    let mut line = start;
    loop {
        let len = core::iter::from_fn(|| line.next_digit()).count();
        let mut next = *cursor;
        if line.at != cursor.at || !LINES.contains(&len) || !eat_line_end(&mut next) {
            return;
        }
        next.skip(|c| matches!(c, ' ' | '\t' | '+'));
        line = next;
        next.skip(|c| !ends_value(c));
        let mut end = line;
        while end.next_digit().is_some() {}
        end.skip(|c| c == '=');
        if end.at != next.at {
            return;
        }
        *cursor = next;
    }
}

/// The `\%` of a crontab, within a value.
fn skip_escaped_percent(cursor: &mut Cursor<'_>) -> bool {
    let mut next = *cursor;
    let is_next = next.eat('\\') && next.percent_len() > 0 && {
        let (code, _) = next.peek();
        char::from_u32(code).is_none_or(|c| !ends_value(c))
    };
    if is_next {
        *cursor = next;
    }
    is_next
}

/// The values are base64, hexadecimal or scopes, which contain none of these characters.
fn ends_value(c: char) -> bool {
    c.is_ascii_control() || is_space(c) || "&\"'`<>\\()[]{},;#|".contains(c)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '\\')
}

/// The length of an access key ID.
const MIN_SECRET: usize = 20;

/// Whether there is no value after a separator: `name=""`, `name= next=value`, or an empty header before a body.
fn is_empty(after: Cursor<'_>, escape: usize, is_tight: bool) -> bool {
    let mut cursor = after;
    skip_around(&mut cursor, escape, |c| matches!(c, ' ' | '\t'));
    if cursor.at > after.at && is_tight {
        let mut key = cursor;
        key.skip(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
        if key.at > cursor.at && key.is_at('=') && is_pair_itself(cursor, "=") {
            return true;
        }
    }
    if ['"', '\'', '`']
        .into_iter()
        .any(|quote| cursor.eat(quote) && cursor.eat(quote))
    {
        let end = cursor.at;
        skip_around(&mut cursor, escape, is_space);
        return cursor.at > end;
    }
    eat_line_end(&mut cursor) && eat_line_end(&mut cursor) && !is_long(cursor)
}

/// Whether a word is long enough for a secret, in places where other words are more likely.
fn is_long(mut cursor: Cursor<'_>) -> bool {
    (0..MIN_SECRET).all(|_| {
        let (code, end) = cursor.peek();
        cursor.at = end;
        // A `***` is not part of a secret.
        char::from_u32(code).is_none_or(|c| !ends_value(c) && c != '*')
    })
}

/// Whether this is how a language writes that there is no value.
fn is_null(cursor: Cursor<'_>) -> bool {
    ["null", "none", "nil", "undefined"]
        .into_iter()
        .any(|name| {
            let mut cursor = cursor;
            cursor.eat_name(name) && char::from_u32(cursor.peek().0).is_none_or(ends_value)
        })
}

/// Whether a text is more likely the next name and value, with one of these separators, because the name before it has
/// no value. (A base64 value can end in `=`.)
fn is_pair_itself(mut cursor: Cursor<'_>, separators: &str) -> bool {
    cursor.skip(|c| c != ':' && c != '=' && !ends_value(c));
    let name_end = cursor.at;
    cursor.skip(|c| is_quote(c) || matches!(c, ' ' | '\t' | ']'));
    if cursor.is_at(':') {
        return separators.contains(':');
    }
    let is_padding = cursor.at == name_end;
    let separator = cursor.at;
    cursor.skip(|c| c == '=');
    let (next, _) = cursor.peek();
    cursor.at > separator && !(is_padding && char::from_u32(next).is_none_or(ends_value))
}

/// Whether a value is the base64 of a SHA-1 hash, as in Signature Version 2.
fn is_sha1(mut cursor: Cursor<'_>) -> bool {
    (0..27).all(|_| cursor.next_digit().is_some())
        && cursor.eat('=')
        && char::from_u32(cursor.peek().0).is_none_or(ends_value)
}

/// Whether a value is the base64 of JSON: `{` after white space or a byte order mark, and before white space or a quote.
fn is_json(mut cursor: Cursor<'_>) -> bool {
    let (mut bits, mut len, mut is_open) = (0, 0, false);
    while let Some(digit) = cursor.next_digit() {
        bits = bits << 6 | digit;
        len += 6;
        if len < 8 {
            continue;
        }
        len -= 8;
        match (bits >> len & 0xff, is_open) {
            (0x20 | 0x0a | 0x0d | 0x09 | 0xef | 0xbb | 0xbf, false) => {}
            (0x7b, false) => is_open = true, // `{`
            (byte, _) => {
                return is_open && matches!(byte, 0x20 | 0x0a | 0x0d | 0x09 | 0x22 | 0x7d);
            }
        }
    }
    false
}

fn eat_line_end(cursor: &mut Cursor<'_>) -> bool {
    let mut next = *cursor;
    next.eat('\r');
    let is_next = next.eat('\n');
    if is_next {
        *cursor = next;
    }
    is_next
}
