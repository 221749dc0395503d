//! Masks what is secret in text.

use core::fmt;

/// Masks what is secret by its name in a text that may hold presigned URLs, forms, headers, credentials or S3's answers:
/// `Display` writes the text with `***` in place of the secrets.
///
/// These are, in any letters' case, and where another word ends in one of them (`X-Amz-S3session-Token`,
/// `AWS_SESSION_TOKEN`, `HTTP_X_AMZ_SECURITY_TOKEN`; `_` does for `-`):
/// - `Credential`, `Signature`, `SignatureProvided`, and `AWSAccessKeyId` of Signature Version 2;
/// - `Security-Token`, `Session-Token`, `SessionToken`, and `Token-0` of S3's answers;
/// - `Secret-Access-Key`, `SecretAccessKey`;
/// - a customer's encryption key: `Server-Side-Encryption-Customer-Key`, `SSECustomerKey`;
/// - what holds these encoded: a form's `policy`, where it is the base64 of a text that starts with `{` (so a bucket's
///   `?policy` and `"Policy": {...}` stay), and `CanonicalRequestBytes` of S3's answers.
///
/// The value may follow as that of a parameter (also in a URL that is itself encoded in another, however often), a form
/// field (in HTML, and as it is sent), a header, a variable, a JSON member or pair (also escaped), or an XML element, in a
/// list of one, and in what Go, PHP, Python, Ruby and Rust print of maps and pairs.
///
/// It does not see
/// - a secret without its name, or by another, such as the `Token` of instance metadata and the header `Authorization` of
///   Signature Version 2 (`AWS_ACCESS_KEY_ID` stays, as it is no secret);
/// - other texts in base64 or hex, which may hold anything;
/// - in HTML, `value` before `name`, attributes without quotes, and more than eight attributes between the two;
/// - a value on another line than its name, but for forms, dumps and lists; of a list, all values but the first; of a
///   value in lines, all but the first;
/// - the rest of a secret of your own making that holds white space, a quote or one of ``&<>\()[]{},;#|` ``: those of AWS
///   do not.
///
/// # Examples
/// ```
/// let log = "GET https://h/k?X-Amz-Expires=60&X-Amz-Security-Token=t%2Fk&X-Amz-Signature=0123abcd HTTP/1.1";
/// assert_eq!(
///     presign::redact(log).to_string(),
///     "GET https://h/k?X-Amz-Expires=60&X-Amz-Security-Token=***&X-Amz-Signature=*** HTTP/1.1"
/// );
/// ```
pub const fn redact(text: &str) -> impl fmt::Display {
    Redacted(text)
}

struct Redacted<'t>(&'t str);

/// In small letters, with `-` for `_` too.
const NAMES: [&str; 14] = [
    "server-side-encryption-customer-key", // an object's, or that of the one it is copied from
    "canonicalrequestbytes",
    "secret-access-key",
    "signatureprovided", // before `signature`, with which it starts
    "secretaccesskey",
    "awsaccesskeyid",
    "security-token",
    "ssecustomerkey",
    "session-token",
    "sessiontoken",
    "credential",
    "signature",
    "token-0",
    "policy",
];

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut written = 0;
        let mut at = 0;
        while at < self.0.len() {
            let Some(rest) = self.0.get(at..) else {
                at += 1; // inside a character
                continue;
            };
            let Some((start, end)) = secret(rest) else {
                at += 1;
                continue;
            };
            f.write_str(self.0.get(written..at + start).unwrap_or_default())?;
            f.write_str("***")?;
            written = at + end;
            at = written;
        }
        f.write_str(self.0.get(written..).unwrap_or_default())
    }
}

/// Where the value of a secret stands, if the text starts with the name of one. For the time to grow with the text, and
/// no faster, nothing beyond a name is read that another name is read beyond of, too, but for a few words and lines.
fn secret(text: &str) -> Option<(usize, usize)> {
    let (name, after) = named(text)?;
    let value = value_behind(after)?;
    let between = after.get(..after.len() - value.len())?;
    let is_base64_of_json = || value.starts_with("ey") || value.starts_with("ew");
    // What stands behind another name is left to that one.
    let leads_on = |at| {
        let other = between.get(at..).and_then(named);
        other.is_some_and(|(_, after)| value_behind(after).is_some())
    };
    let is_other = is_name(value) || (0..between.len()).any(leads_on);
    if is_other || (name == "policy" && !is_base64_of_json()) {
        return None;
    }
    let rest = if name == "canonicalrequestbytes" {
        skip(value, |c| c == ' ' || c.is_ascii_hexdigit())
    } else {
        skip(value, |c| {
            !c.is_whitespace() && !"&\"'<>\\()[]{},;#|`".contains(c)
        })
    };
    let (start, end) = (text.len() - value.len(), text.len() - rest.len());
    (start < end).then_some((start, end))
}

/// The name that the text starts with, and what follows.
fn named(text: &str) -> Option<(&'static str, &str)> {
    let mut names = NAMES.into_iter();
    names.find_map(|name| Some((name, behind(text, name)?)))
}

/// Whether a value is rather the next name: as a whole, or apart from a value behind it. (A token may end in anything.)
fn is_name(value: &str) -> bool {
    let is_in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let (word, rest) = value.split_at(value.len() - value.trim_start_matches(is_in_word).len());
    let next = skip(rest, |c| is_quote(c) || c == ']');
    let next = skip(next, char::is_whitespace);
    let has_value = matches!(character(next), Some((':' | '=', after))
        if next.len() < rest.len() || after.starts_with(char::is_whitespace));
    let is_end = |name: &str| {
        let start = word.len().checked_sub(name.len());
        start.is_some_and(|at| {
            (at == 0 || has_value)
                && word
                    .get(at..)
                    .is_some_and(|end| behind(end, name).is_some())
        })
    };
    behind(value, "x-amz-").is_some() || NAMES.into_iter().any(is_end)
}

/// What follows a name, if the text starts with it.
fn behind<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let is_same = |a: u8, b: u8| a.eq_ignore_ascii_case(&b) || (a == b'_' && b == b'-');
    let after = text.get(name.len()..)?;
    let mut pairs = text.bytes().zip(name.bytes());
    pairs.all(|(a, b)| is_same(a, b)).then_some(after)
}

/// The text from the value on, if what follows the name leads to one.
fn value_behind(after: &str) -> Option<&str> {
    let is_quoted = is_at_quote(after);
    let unquoted = skip(after, |c| is_quote(c) || c == ']');
    let mut next = skip(unquoted, char::is_whitespace);
    if is_quoted {
        if let Some(body) = body_of_part(unquoted) {
            return Some(body);
        }
        if let Some((',', rest)) = character(next) {
            let item = skip(rest, char::is_whitespace);
            let item = without_b(item).unwrap_or(item);
            let opened = skip(item, is_quote);
            let Some(rest) = behind(opened, "value").filter(|rest| is_at_quote(rest)) else {
                return is_at_quote(item).then_some(opened);
            };
            next = skip(rest, |c| is_quote(c) || c.is_whitespace()); // {"name": "...", "value": "..."}
        } else {
            next = value_attribute(next).unwrap_or(next);
        }
    }
    let equals = skip(next, |c| matches!(c, '=' | ':'));
    let separated = skip(equals, |c| c == '>');
    if separated.len() == next.len() {
        return None;
    }
    let opened = skip(separated, |c| is_quote(c) || c == ' ');
    let on_other_lines = separated.len() < equals.len() || opened.starts_with('[');
    let is_opening =
        |c: char| is_quote(c) || matches!(c, ' ' | '[') || (on_other_lines && c.is_whitespace());
    let opened = skip(opened, is_opening);
    Some(skip(unwrapped(opened).unwrap_or(opened), is_opening))
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '\\')
}

fn is_at_quote(text: &str) -> bool {
    character(text).is_some_and(|(c, _)| is_quote(c))
}

/// Without what Rust, Python and PHP print before a text.
fn unwrapped(value: &str) -> Option<&str> {
    let option = value.strip_prefix("Some(");
    let json = option.or_else(|| value.strip_prefix("String("));
    json.or_else(|| without_b(value)).or_else(|| {
        let length = value.strip_prefix("string(")?;
        let rest = length.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.strip_prefix(')')
    })
}

/// Python's bytes.
fn without_b(value: &str) -> Option<&str> {
    value.strip_prefix('b').filter(|rest| is_at_quote(rest))
}

/// What follows the word `value` in the tag of an HTML form's field, at most eight attributes on.
fn value_attribute(mut text: &str) -> Option<&str> {
    for _ in 0..9 {
        let rest = skip(text, |c| {
            c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
        });
        let name = text.get(..text.len() - rest.len())?;
        if name.is_empty() {
            return None;
        }
        text = rest;
        if let Some(('=', value)) = character(rest) {
            if name.eq_ignore_ascii_case("value") {
                return Some(rest);
            }
            let opened = skip(value, |c| c == '\\');
            let (quote, inner) = character(opened).filter(|(c, _)| matches!(c, '"' | '\''))?;
            (_, text) = character(skip(inner, |c| c != quote))?;
        }
        text = skip(text, char::is_whitespace);
    }
    None
}

/// What follows an empty line, in `multipart/form-data`, with at most four lines of headers before it.
fn body_of_part(mut text: &str) -> Option<&str> {
    let line_end = |text| {
        let text = skip(text, |c| c == '\r');
        character(text)
            .filter(|(c, _)| *c == '\n')
            .map(|(_, rest)| rest)
    };
    for _ in 0..5 {
        text = line_end(text)?;
        if let Some(body) = line_end(text) {
            return Some(body);
        }
        text = skip(behind(text, "content-")?, |c| !matches!(c, '\r' | '\n'));
    }
    None
}

/// The text without the characters at its start for which this holds.
fn skip(mut text: &str, holds: impl Fn(char) -> bool) -> &str {
    while let Some((_, rest)) = character(text).filter(|(c, _)| holds(*c)) {
        text = rest;
    }
    text
}

/// The first character and the rest: as it stands, percent-encoded (however often), or escaped as in JSON, JavaScript
/// and HTML. Backslashes in a row are one, as they escape each other where JSON is in JSON.
fn character(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let rest = chars.as_str();
    let escaped = match first {
        '%' => code(rest.trim_start_matches("25"), 2),
        '&' => entity(rest),
        '\\' => {
            let rest = rest.trim_start_matches('\\');
            let mut chars = rest.chars();
            let letter = chars.next();
            let after = chars.as_str();
            match letter {
                Some('u') => code(after, 4),
                Some('x') => code(after, 2),
                Some('n') => Some(('\n', after)),
                Some('r') => Some(('\r', after)),
                Some('/') => Some(('/', after)),
                _ => None,
            }
            .or(Some(('\\', rest)))
        }
        _ => None,
    };
    escaped.or(Some((first, rest)))
}

fn code(text: &str, digits: usize) -> Option<(char, &str)> {
    let (number, rest) = text.split_at_checked(digits)?;
    let digit = |number, c: char| Some(number * 16 + c.to_digit(16)?);
    Some((char::from_u32(number.chars().try_fold(0, digit)?)?, rest))
}

fn entity(text: &str) -> Option<(char, &str)> {
    let end = text.bytes().take(8).position(|byte| byte == b';')?;
    let (name, rest) = text.split_at_checked(end)?;
    let c = match name {
        "quot" => '"',
        "apos" => '\'',
        "gt" => '>', // the others end a value as the `&` does with which they start
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            let number = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
            char::from_u32(number.ok()?)?
        }
    };
    Some((c, rest.strip_prefix(';')?))
}

#[cfg(feature = "alloc")]
#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, redacted: &str) {
        assert_eq!(redact(text).to_string(), redacted);
    }

    #[test]
    fn in_every_dress() {
        check("x-amz-signature=1&a=2", "x-amz-signature=***&a=2");
        check(
            "next=https%3A%2F%2Fh%2Fk%3FX-Amz-Signature%3Dab12%26b%3D1",
            "next=https%3A%2F%2Fh%2Fk%3FX-Amz-Signature%3D***%26b%3D1",
        );
        check(
            r#"{"x-amz-signature":"ab", "policy": "cd"}"#,
            r#"{"x-amz-signature":"***", "policy": "cd"}"#,
        );
        check(
            r#"{\"X-Amz-Credential\": \"AKIA/x\"}"#,
            r#"{\"X-Amz-Credential\": \"***\"}"#,
        );
        check(
            "<AWSAccessKeyId>AKIA</AWSAccessKeyId>",
            "<AWSAccessKeyId>***</AWSAccessKeyId>",
        );
        check(
            "<SignatureProvided>ab</SignatureProvided>",
            "<SignatureProvided>***</SignatureProvided>",
        );
        check(
            "X-Amz-Security-Token: a+b/c==\nHost: h",
            "X-Amz-Security-Token: ***\nHost: h",
        );
        check(
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/d, Signature=ab",
            "Authorization: AWS4-HMAC-SHA256 Credential=***, Signature=***",
        );
        check(
            "?AWSAccessKeyId=AKIA&Signature=a%2Bb%3D&Expires=1",
            "?AWSAccessKeyId=***&Signature=***&Expires=1",
        );
        check(
            "x-amz-server-side-encryption-customer-key: a2V5",
            "x-amz-server-side-encryption-customer-key: ***",
        );
        check(
            "x-amz-copy-source-server-side-encryption-customer-key=a2V5&b=1",
            "x-amz-copy-source-server-side-encryption-customer-key=***&b=1",
        );
        check(
            r#"<input type="hidden" name="x-amz-signature" value="ab">"#,
            r#"<input type="hidden" name="x-amz-signature" value="***">"#,
        );
        check(
            "form-data; name=\"x-amz-signature\"\r\n\r\nab\r\n--1",
            "form-data; name=\"x-amz-signature\"\r\n\r\n***\r\n--1",
        );
        check(
            "&amp;X-Amz-Signature=ab&amp;b=1",
            "&amp;X-Amz-Signature=***&amp;b=1",
        );
    }

    /// As encoders, languages and forms write them.
    #[test]
    fn in_the_dresses_of_others() {
        for (text, redacted) in [
            // escaped
            (
                r#"{"x-amz-security-token":"IQoJb3\/REST"}"#,
                r#"{"x-amz-security-token":"***"}"#,
            ),
            (
                r#"{\"x-amz-server-side-encryption-customer-key\":\"a2\\\/V5\"}"#,
                r#"{\"x-amz-server-side-encryption-customer-key\":\"***\"}"#,
            ),
            (
                r"k?X-Amz-Signature\u003dabc\u0026b\u003d1",
                r"k?X-Amz-Signature\u003d***\u0026b\u003d1",
            ),
            (
                r#""GET /k?X-Amz-Security-Token=a\u002Bb\x22 200"#,
                r#""GET /k?X-Amz-Security-Token=***\x22 200"#,
            ),
            (
                r"\u003cSignatureProvided\u003eab\u003c/SignatureProvided\u003e",
                r"\u003cSignatureProvided\u003e***\u003c/SignatureProvided\u003e",
            ),
            (
                "u=https%253A%252F%252Fh%253FX-Amz-Signature%253Dab%252Fc%2526b%253D1",
                "u=https%253A%252F%252Fh%253FX-Amz-Signature%253D***%2526b%253D1",
            ),
            (
                "%7B%22X-Amz-Signature%22%3A%20%22ab%22%7D",
                "%7B%22X-Amz-Signature%22%3A%20%22***%22%7D",
            ),
            (
                "{&quot;x-amz-security-token&#34;:&#x22;a&#43;b&#x2F;c&quot;}",
                "{&quot;x-amz-security-token&#34;:&#x22;***&quot;}",
            ),
            (
                "{&quot;Signature&quot;:&apos;ab&apos;}, &lt;Signature&gt;ab&lt;/Signature&gt;",
                "{&quot;Signature&quot;:&apos;***&apos;}, &lt;Signature&gt;***&lt;/Signature&gt;",
            ),
            (
                r"{\x22Signature\x22:\x22ab\x22, ?X-Amz-Signature\x3dab\x26b",
                r"{\x22Signature\x22:\x22***\x22, ?X-Amz-Signature\x3d***\x26b",
            ),
            // printed
            (
                "{'X-Amz-Signature': ['abc']}",
                "{'X-Amz-Signature': ['***']}",
            ),
            ("map[X-Amz-Signature:[abc]]", "map[X-Amz-Signature:[***]]"),
            (
                "{\"x-amz-signature\": [\n  \"abc\"\n]}",
                "{\"x-amz-signature\": [\n  \"***\"\n]}",
            ),
            (
                r#"[("policy", "eyJl"), ("x-amz-signature", "abc")]"#,
                r#"[("policy", "***"), ("x-amz-signature", "***")]"#,
            ),
            (
                "(\n    \"x-amz-signature\",\n    \"abc\",\n)",
                "(\n    \"x-amz-signature\",\n    \"***\",\n)",
            ),
            (
                "[(b'x-amz-security-token', b'abc')], {b'x-amz-signature': b'abc'}",
                "[(b'x-amz-security-token', b'***')], {b'x-amz-signature': b'***'}",
            ),
            (
                r#"session_token: Some("abc"), "signature": String("abc")"#,
                r#"session_token: Some("***"), "signature": String("***")"#,
            ),
            (
                r#"["eq","$x-amz-security-token","abc"]"#,
                r#"["eq","$x-amz-security-token","***"]"#,
            ),
            (
                r#"{"name": "X-Amz-Signature", "value": "abc"}"#,
                r#"{"name": "X-Amz-Signature", "value": "***"}"#,
            ),
            (
                r#"{"x-amz-signature"=>"abc", :x_amz_security_token => "abc"}"#,
                r#"{"x-amz-signature"=>"***", :x_amz_security_token => "***"}"#,
            ),
            ("[x-amz-signature] => abc\n", "[x-amz-signature] => ***\n"),
            (
                "[\"x-amz-signature\"]=>\n  string(3) \"abc\"\n",
                "[\"x-amz-signature\"]=>\n  string(3) \"***\"\n",
            ),
            // in forms
            (
                r#"<input name="x-amz-signature" hidden type="hidden" class='a b' value="ab">"#,
                r#"<input name="x-amz-signature" hidden type="hidden" class='a b' value="***">"#,
            ),
            (
                r#"<input name="x-amz-signature" class="signature-field a signature b" value="ab">"#,
                r#"<input name="x-amz-signature" class="signature-field a signature b" value="***">"#,
            ),
            (
                r#"<input name=\"policy\" id=\"policy\" value=\"eyJl\">"#,
                r#"<input name=\"policy\" id=\"policy\" value=\"***\">"#,
            ),
            (
                r#"name="signature" data-url="?X-Amz-Signature=ab" id="signature" value="cd""#,
                r#"name="signature" data-url="?X-Amz-Signature=***" id="signature" value="***""#,
            ),
            (
                "name=\"x-amz-signature\"\n\nab\n--1",
                "name=\"x-amz-signature\"\n\n***\n--1",
            ),
            (
                "name=\"policy\"\r\nContent-Type: text/plain\r\ncontent-length: 4\r\n\r\neyJl\r\n--1",
                "name=\"policy\"\r\nContent-Type: text/plain\r\ncontent-length: 4\r\n\r\n***\r\n--1",
            ),
            (
                r#"name=\"x-amz-signature\"\r\n\r\nab\r\n--1"#,
                r#"name=\"x-amz-signature\"\r\n\r\n***\r\n--1"#,
            ),
        ] {
            check(text, redacted);
            check(redacted, redacted);
        }
    }

    #[test]
    fn of_credentials() {
        for (text, redacted) in [
            (
                "AWS_SECRET_ACCESS_KEY=wJalr/K7 AWS_SESSION_TOKEN=IQoJ=",
                "AWS_SECRET_ACCESS_KEY=*** AWS_SESSION_TOKEN=***",
            ),
            (
                "aws_secret_access_key = wJalr/K7\naws_session_token = IQoJ",
                "aws_secret_access_key = ***\naws_session_token = ***",
            ),
            (
                r#""SecretAccessKey": "wJalr", "SessionToken": "IQoJ""#,
                r#""SecretAccessKey": "***", "SessionToken": "***""#,
            ),
            (
                "<SecretAccessKey>wJalr</SecretAccessKey><SessionToken>IQoJ</SessionToken>",
                "<SecretAccessKey>***</SecretAccessKey><SessionToken>***</SessionToken>",
            ),
            (
                "HTTP_X_AMZ_SECURITY_TOKEN=IQoJ&SSECustomerKey=a2V5",
                "HTTP_X_AMZ_SECURITY_TOKEN=***&SSECustomerKey=***",
            ),
        ] {
            check(text, redacted);
        }
    }

    /// The policy of a form signed with a session token holds the token.
    #[test]
    fn policies_of_forms() {
        for (text, redacted) in [
            (r#"{"policy":"eyJleHAi"}"#, r#"{"policy":"***"}"#),
            (
                r#"<input type="hidden" name="policy" value="eyJleHAi">"#,
                r#"<input type="hidden" name="policy" value="***">"#,
            ),
            ("policy=ewogICJl%3D&key=k", "policy=***&key=k"),
        ] {
            check(text, redacted);
        }
        for text in [
            "https://h/b?policy",
            "https://h/b?policy=&X-Amz-Expires=60",
            r#""Policy": {"Version": "2012-10-17"}"#,
            r#""Policy": "{\"Version\": \"2012-10-17\"}""#,
            "Referrer-Policy: no-referrer",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn answers_of_s3() {
        check(
            "<SignatureProvided>ab</SignatureProvided><StringToSignBytes>41 57</StringToSignBytes>\
             <CanonicalRequest>GET\n/k\nX-Amz-Credential=A%2F2&amp;X-Amz-Security-Token=a%2Fb&amp;b=1\n\
             x-amz-server-side-encryption-customer-key:a2V5\n\nhost</CanonicalRequest>\
             <CanonicalRequestBytes>47 45 54 0a</CanonicalRequestBytes>",
            "<SignatureProvided>***</SignatureProvided><StringToSignBytes>41 57</StringToSignBytes>\
             <CanonicalRequest>GET\n/k\nX-Amz-Credential=***&amp;X-Amz-Security-Token=***&amp;b=1\n\
             x-amz-server-side-encryption-customer-key:***\n\nhost</CanonicalRequest>\
             <CanonicalRequestBytes>***</CanonicalRequestBytes>",
        );
        check(
            "{'CanonicalRequestBytes': '47 45 54'}",
            "{'CanonicalRequestBytes': '***'}",
        );
        check(
            "<Code>ExpiredToken</Code><Token-0>IQoJ</Token-0>",
            "<Code>ExpiredToken</Code><Token-0>***</Token-0>",
        );
    }

    #[test]
    fn a_value_that_ends_in_a_name() {
        check(
            "X-Amz-Security-Token=IQoJEXAMPLEsessiontoken&X-Amz-Signature=00policy",
            "X-Amz-Security-Token=***&X-Amz-Signature=***",
        );
        check(
            r#"{"SessionToken":"AsessionToken","Signature":"00policy"}"#,
            r#"{"SessionToken":"***","Signature":"***"}"#,
        );
    }

    /// It would be masked in place of the value behind it.
    #[test]
    fn a_name_that_stands_where_a_value_does() {
        for (text, masked) in [
            (
                "\"aws_session_token\":\"s\"",
                "\"aws_session_token\":\"***\"",
            ),
            (
                "[\"aws_session_token\"]=>\n  string(1) \"s\"",
                "[\"aws_session_token\"]=>\n  string(1) \"***\"",
            ),
            ("AWS_SESSION_TOKEN = s", "AWS_SESSION_TOKEN = ***"),
            ("AWS_SESSION_TOKEN: s", "AWS_SESSION_TOKEN: ***"),
        ] {
            let before = "signature=>\n";
            check(&format!("{before}{text}"), &format!("{before}{masked}"));
        }
    }

    /// What was masked is not read in another way then.
    #[test]
    fn masked_twice_as_once() {
        for text in [
            r"Signature: b\u203d",
            r#"Signature":x="Signature":Signature: t a='b' c='d' e='f' g='h' value='i'"#,
        ] {
            let once = redact(text).to_string();
            assert_ne!(once, text);
            check(&once, &once);
        }
    }

    /// In time that grows with the text: with its square, this would take minutes.
    #[test]
    fn text_that_goes_on_and_on() {
        let text = |value: &str| format!("signature={value}%26").repeat(20_000);
        check(&text("ab"), &text("***"));
        check(&text(""), &text(""));
        for part in [
            "signature\"",
            "signature ",
            "signature\" a",
            "signature\" a=\"",
            "\"signature\" a=\"b\" ",
            "signature\",",
            "signature\"\n",
            "signature\"\ncontent-",
            "signature:\"[ ",
            "policy=",
            "policy=a",
            "%25",
            "signature\\",
            "signature=&",
        ] {
            check(&part.repeat(20_000), &part.repeat(20_000));
        }
        check(&"signature=signature".repeat(20_000), "signature=***");
        let backslashes = format!("signature={}\\", "\\".repeat(200_000));
        check(&backslashes, &backslashes);
    }

    #[test]
    fn leaves_the_rest() {
        for text in [
            "",
            "X-Amz-Signature",
            "X-Amz-Signature=",
            "a signature is missing",
            "a signature value=1",
            "é X-Amz-SignedHeaders=host",
            "SignatureDoesNotMatch",
            "x-amz-server-side-encryption-customer-key-MD5: bWQ1",
            r#"the field "signature", which is missing"#,
            r#"["X-Amz-Credential", "X-Amz-Signature", "signature", "policy"]"#,
            r#"<input name="signature" value="">text"#,
            r#"{"signature": "", "next": 1}"#,
            "Signature:\r\nHost: h",
            "AWS_ACCESS_KEY_ID=AKIA",
            "the session token: none, s_gnature=1",
        ] {
            check(text, text);
        }
    }
}
