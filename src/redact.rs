//! Masks secrets in text.

use core::fmt;
use core::ops::Range;

mod reading;
mod shapes;
#[cfg(feature = "alloc")]
mod spelling;

use reading::{Code, Cursor, is_space};
use shapes::Found;
#[cfg(feature = "alloc")]
pub(crate) use spelling::find as find_values;

/// Masks the secrets of presigned URLs, upload forms and S3's answers in a text. `Display` writes the text with `***`
/// in place of each secret.
///
/// It masks, in any case:
/// - the values of `X-Amz-Signature`, `X-Amz-Credential`, `X-Amz-Security-Token`, `X-Amz-S3session-Token` and
///   `X-Amz-Server-Side-Encryption-Customer-Key` (also `X-Amz-Copy-Source-...`), written as `name=value`,
///   `name: value`, `name => value`, `("name", "value")` or `"name": "...", "value": "..."`. Name and value can be in
///   quotes, the value can be the first of a list or in a constructor such as `String("value")`, and ASCII white space
///   is allowed around the separator. This covers parameters, headers, JSON, YAML, HAR files and variables such as
///   `HTTP_X_AMZ_SECURITY_TOKEN`;
/// - `AWSAccessKeyId` and `Signature` of Signature Version 2, in the same forms. `Signature` is an ordinary word: in
///   other places than a URL's query, its value must be the base64 of 20 bytes;
/// - the same names as fields of an upload form, and its `policy`, which can contain a token: in HTML, in
///   `multipart/form-data`, and written in the forms of the first item. The `policy` must be the base64 of JSON;
/// - the elements `SignatureProvided`, `CanonicalRequestBytes`, `Token-0`, `SessionToken` and `SecretAccessKey` of S3's
///   answers in XML, also wrapped over several lines.
///
/// All of these are found through percent-encoding, HTML, JSON and `\u` escapes, nested in any order, and with `+` for
/// spaces in forms. A URL within a URL within JSON is masked as well.
///
/// A secret without its name, or in another form, is not found: for example in a table, after a tag, as the second item
/// of a list, or before its name. Of HTML's named entities, only common ones are read, and none without its semicolon.
///
/// If you know the secrets, as a signing service does, use a [`Redactor`](crate::Redactor): it masks them wherever they
/// occur.
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

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mask(f, self.0, [])
    }
}

/// Writes a text with `***` in place of secrets: the named ones, and those at `known`, which are in order and apart.
pub(crate) fn mask(
    f: &mut fmt::Formatter<'_>,
    text: &str,
    known: impl IntoIterator<Item = Range<usize>>,
) -> fmt::Result {
    let mut scan = Scan::default();
    let mut known = known.into_iter().peekable();
    let (mut written, mut at) = (0, 0);
    while at < text.len() {
        if !text.is_char_boundary(at) {
            at += 1;
            continue;
        }
        let found = known.peek().filter(|known| known.start <= at).cloned();
        let Some(mut secret) = scan.find(text, at).or(found) else {
            at += 1;
            continue;
        };
        // A known value may overlap the name or the end of a named one.
        while let Some(known) = known.next_if(|known| known.start < secret.end) {
            secret = secret.start.min(known.start)..secret.end.max(known.end);
        }
        f.write_str(text.get(written..secret.start).unwrap_or_default())?;
        f.write_str("***")?;
        (written, at) = (secret.end, secret.end);
    }
    f.write_str(text.get(written..).unwrap_or_default())
}

/// The state of a scan.
#[derive(Default)]
struct Scan {
    /// The character at the current position, and its end.
    current: (Code, usize),
    before: Code,
    before_word: Code,
    /// A value, announced by the text before it, that starts further on.
    later: Option<Range<usize>>,
    /// A value in the brackets after another one.
    wrapped: Option<Range<usize>>,
}

impl Scan {
    fn find(&mut self, text: &str, at: usize) -> Option<Range<usize>> {
        if at >= self.current.1 {
            self.before = self.current.0;
            let is_word = |c: char| {
                c.is_ascii_alphanumeric()
                    || is_space(c)
                    || matches!(c, '"' | '\'' | '\\' | '+' | '-' | '_')
            };
            if !char::from_u32(self.before).is_some_and(is_word) {
                self.before_word = self.before;
            }
            self.current = Cursor::new(text, at).peek();
        }
        let due = [&mut self.later, &mut self.wrapped]
            .map(|value| value.take_if(|value| value.start <= at));
        let found = match due.into_iter().flatten().map(|value| value.end).max() {
            Some(end) if at < end => Found::Value(at..end),
            _ => shapes::find(text, at, self.before, self.before_word)?,
        };
        match found {
            Found::Value(value) => {
                self.wrapped = shapes::wrapped(text, &value);
                Some(value)
            }
            Found::Later(value) => {
                self.later.get_or_insert(value);
                None
            }
        }
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;

    /// The number of characters read to redact a text.
    fn work(text: &str) -> usize {
        reading::work::of(|| {
            redact(text).to_string();
        })
    }

    /// Each position of the text is read once for each of a value, not once for each way to get there.
    #[test]
    fn work_grows_with_the_text_and_the_values() {
        let work = |value: &str, text: &str| {
            reading::work::of(|| {
                find_values(text, &[value]);
            })
        };
        for part in [r"\\", "%", "&amp;", "%25", r"\u005c", "&#37;"] {
            let (value, text) = (part.repeat(30), part.repeat(500));
            let once = work(&value, &text);
            for (more, most) in [
                (work(&value, &text.repeat(2)), 5 * once / 2),
                (work(&value.repeat(2), &text), 5 * once / 2),
            ] {
                assert!(more <= most, "{part}: {once}, {more}");
            }
            assert!(once < 1000 * text.len(), "{part}: {once}");
        }
    }

    /// Twice the text is about twice the work, not four times, even if names are not followed by values.
    #[test]
    fn work_grows_with_the_text() {
        let mut grows = Vec::new();
        for part in [
            "x-amz-signature=ab&",
            "x-amz-signature=",
            "x-amz-signature ",
            "x-amz-signature\" ",
            "x-amz-signature:\n",
            "x-amz-signature:\na",
            "x-amz-signature:\na=",
            "x-amz-signature: [ ",
            "x-amz-signature: >\n",
            "x-amz-signature:\n- ",
            "x-amz-signature:\n- a",
            "x-amz-signature= a",
            "x-amz-signature= a:",
            "x-amz-signature=\"\" ",
            "x-amz-signature:\n\n",
            "x-amz-signature:\n\na",
            "x-amz-signature: none",
            "x-amz-signature%3A+",
            "x-amz-signature+",
            "x-amz-signature\",",
            "x-amz-signature\", \"value",
            "x-amz-signature\", \"value\": ",
            "x-amz-signature =>",
            "x-amz-signature]",
            "x-amz-signature: \u{1b}[0",
            "x-amz-signature\u{1b}[0m",
            "x-amz-signature=b'",
            "x-amz-signature: some(",
            "x-amz-signature: a(",
            "x-amz-signature: a(b(c(",
            "x-amz-signature: array ( [0] => ",
            "x-amz-signature: a\\%2b",
            "x-amz-signature: \\%",
            "(\"x-amz-signature\",",
            "x-amz-signature\\",
            "?signature=",
            "policy=",
            "policy=a",
            "policy=ey",
            "policy=IHsi",
            "policy=eyJleHBpcmF0aW9uIjoiMjAzMC0wMS0wMVQwMDowMDowMFoiLCJjb25kaXRpb25zIjpbeyJ4LWFt\na",
            "policy=ICAg",
            "policy: ICAgICAg ",
            "signature=a",
            "signature=NpgCjnDzrM+WFzoENXmpNDUsSSs",
            "awsaccesskeyid=",
            "canonicalrequestbytes=0 ",
            "canonicalrequestbytes=0 x",
            "<input ",
            "<input name=policy ",
            "<input name=policy value=",
            "<input name=policy value=\"",
            "<input name='policy' value=\"",
            "<input a='\" b=\"'",
            "<input/",
            "form-data",
            "form-data;",
            "form-data; name=policy ",
            "form-data; name=\"policy",
            "form-data; name=policy\r\n",
            "form-data; name=policy\r\na:",
            "form-data; name=policy\r\n\r\n",
            "form-data; name=policy\r\n\r\ney",
            "<token-0",
            "<token-0 ",
            "<token-0>",
            "<token-0>a",
            "<token-0> ",
            "<token-0><![cdata[",
            "<token-0>a b",
            "<token-0>a\nb\n",
            "<token-0>a\n",
            "<token-0>aaaaaaaaaaaaaaaaaaaaaaaa ",
            "%",
            "%25",
            "&",
            "&#",
            "&amp;",
            "&#x26;",
            "\\",
            "\\u",
            "\\u005c",
            "%5C",
            "é",
            " ",
        ] {
            let (once, twice) = (part.repeat(500), part.repeat(1000));
            let (least, most) = (work(&once), work(&twice));
            if most > 5 * least / 2 || most > 400 * twice.len() {
                grows.push((part, least, most));
            }
        }
        assert_eq!(grows, []);
    }
}
