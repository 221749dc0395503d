//! Finds secrets by their names.

use core::ops::Range;

use super::reading::{Code, Cursor, is_space};

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

/// Elements of S3's answers.
const ELEMENTS: [&str; 5] = [
    BYTES,
    "secretaccesskey",
    "sessiontoken",
    "signatureprovided",
    "token-0",
];

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

/// The value of an HTML `<input>`, with its attributes in any order.
fn input(mut cursor: Cursor<'_>) -> Option<Range<usize>> {
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
fn part(mut cursor: Cursor<'_>) -> Option<Range<usize>> {
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

fn eat_line_end(cursor: &mut Cursor<'_>) -> bool {
    let mut next = *cursor;
    next.eat('\r');
    let is_next = next.eat('\n');
    if is_next {
        *cursor = next;
    }
    is_next
}

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
fn element(mut cursor: Cursor<'_>) -> Option<Range<usize>> {
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
