//! Masks what is secret in text.

use core::fmt;

/// Masks credentials, signatures and session tokens in any text that may hold presigned URLs: `Display` writes the text
/// with `***` in their place.
///
/// It finds them by name, in any letters' case, as parameters (also in a URL that is itself encoded in another), form
/// fields (in HTML, and as they are sent), headers, JSON members and XML elements: `X-Amz-Credential`, `X-Amz-Signature`, `X-Amz-Security-Token`,
/// `X-Amz-S3session-Token`, a customer's encryption key, and those of Signature Version 2 (`AWSAccessKeyId`, `Signature`).
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

/// Longer names first where one ends in another.
const SECRET: [&str; 9] = [
    "server-side-encryption-customer-key", // an object's, or that of the one it is copied from
    "x-amz-s3session-token",
    "x-amz-security-token",
    "x-amz-credential",
    "x-amz-signature",
    "signatureprovided",
    "awsaccesskeyid",
    "credential",
    "signature",
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

/// Where the value of a secret stands, if the text starts with the name of one and a separator.
fn secret(text: &str) -> Option<(usize, usize)> {
    let is_start = |name: &str| {
        text.get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    let name = SECRET.into_iter().find(|name| is_start(name))?;
    let after = text.get(name.len()..)?;
    let unquoted = after.trim_start_matches(['"', '\'', '\\']);
    let mut value = unquoted.trim_start();
    let is_quoted = unquoted.len() < after.len();
    // A form in HTML, `name="..." value="..."`, and one as it is sent, with an empty line between.
    let attribute = value.strip_prefix("value").filter(|_| is_quoted);
    value = attribute.map_or(value, str::trim_start);
    let in_part = unquoted.strip_prefix("\r\n\r\n").filter(|_| is_quoted);
    value = [":", "=", ">", "%3D", "%3d"]
        .into_iter()
        .find_map(|separator| value.strip_prefix(separator))
        .or(in_part)?;
    value = value.trim_start_matches(['"', '\'', '\\', ' ']);
    let start = text.len() - value.len();
    let is_end = |c: char| c.is_whitespace() || "&\"'<>\\()[]{},;#|`".contains(c);
    // In a URL that is encoded in another, the next parameter is, too. Nothing beyond the end is looked at, or a text
    // full of such ends would be read to its own end for each.
    let is_encoded_end = |at: usize| {
        let escape = value.get(at..at + 3);
        escape.is_some_and(|escape| matches!(escape, "%26" | "%23"))
    };
    let end = value
        .char_indices()
        .find(|(at, c)| is_end(*c) || is_encoded_end(*at))
        .map_or(value.len(), |(at, _)| at);
    (end > 0).then_some((start, start + end))
}

#[cfg(all(test, feature = "alloc"))]
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

    /// In time that grows with the text: with its square, this would take minutes.
    #[test]
    fn text_that_goes_on_and_on() {
        let text = |value: &str| format!("signature={value}%26").repeat(20_000);
        check(&text("ab"), &text("***"));
        check(&text(""), &text(""));
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
        ] {
            check(text, text);
        }
    }
}
