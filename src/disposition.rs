//! `Content-Disposition` with a file name, as RFC 6266 and RFC 8187 write it.
//!
//! `attachment; filename="Gr__e.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt`: the first name is for old clients. The second
//! is for all others, and is omitted if it would be the same.

use crate::sigv4::sink::Sink;
use crate::sigv4::uri_encode;

/// Writes `kind` (`attachment` or `inline`) and the name. The output is always ASCII without control characters. Without a
/// name, the browser chooses one.
pub(crate) fn put(sink: &mut impl Sink, kind: &str, file_name: &str) {
    sink.put(kind.as_bytes());
    if file_name.is_empty() {
        return;
    }
    sink.put(b"; filename=\"");
    for c in safe(file_name) {
        sink.put(&[if is_plain(c) { c as u8 } else { b'_' }]);
    }
    sink.put(b"\"");
    if !safe(file_name).all(is_plain) {
        sink.put(b"; filename*=UTF-8''");
        for c in safe(file_name) {
            // Leaves only a subset of the characters unencoded that RFC 8187 allows.
            uri_encode::query(sink, c.encode_utf8(&mut [0; 4]));
        }
    }
}

/// The name with `_` for every character that could leave the folder, break the line, or display a different name than
/// the saved one.
fn safe(file_name: &str) -> impl Iterator<Item = char> + Clone {
    // Such as `..`, the parent folder.
    let only_dots = file_name.bytes().all(|byte| matches!(byte, b'.' | b' '));
    file_name.chars().map(move |c| match c {
        '/' | '\\' => '_',
        '.' if only_dots => '_',
        '\u{2028}' | '\u{2029}' => '_', // line and paragraph separators
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '_', // display `gpj.exe` as `exe.jpg`
        c if c.is_control() => '_',
        c => c,
    })
}

/// Whether old clients also understand the character in quotes: some decode `%41`, and others misread `\"` (RFC 6266,
/// appendix D).
const fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '"' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigv4::sink::Buffer;

    fn attachment(file_name: &str) -> String {
        let mut bytes = [0; 8192];
        let mut buffer = Buffer::new(&mut bytes);
        put(&mut buffer, "attachment", file_name);
        String::from_utf8(buffer.finish().unwrap().into()).unwrap()
    }

    #[test]
    fn names() {
        for (name, expected) in [
            ("", ""),
            ("report.pdf", r#"; filename="report.pdf""#),
            ("a b; c=d, (1).txt", r#"; filename="a b; c=d, (1).txt""#),
            (
                "Grüße.txt",
                r#"; filename="Gr__e.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt"#,
            ),
            (
                "請求書 1.pdf",
                r#"; filename="___ 1.pdf"; filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8%201.pdf"#,
            ),
            (
                "👩‍🚀.png",
                r#"; filename="___.png"; filename*=UTF-8''%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80.png"#,
            ),
            (
                r#"a"b".txt"#,
                r#"; filename="a_b_.txt"; filename*=UTF-8''a%22b%22.txt"#,
            ),
            (
                r#""; filename="evil.exe"#,
                r#"; filename="_; filename=_evil.exe"; filename*=UTF-8''%22%3B%20filename%3D%22evil.exe"#,
            ),
            (
                "100%41.txt",
                r#"; filename="100_41.txt"; filename*=UTF-8''100%2541.txt"#,
            ),
            // The delimiter of RFC 8187.
            (
                "it's ü",
                r#"; filename="it's _"; filename*=UTF-8''it%27s%20%C3%BC"#,
            ),
            // Names that are unsafe in both forms.
            (r"C:\a\b.txt", r#"; filename="C:_a_b.txt""#),
            ("../../etc/passwd", r#"; filename=".._.._etc_passwd""#),
            ("/ü", r#"; filename="__"; filename*=UTF-8''_%C3%BC"#),
            ("a\r\nSet-Cookie: b=1", r#"; filename="a__Set-Cookie: b=1""#),
            ("\0\t\u{1b}\u{7f}\u{85}", r#"; filename="_____""#),
            ("a\u{2028}b\u{2029}c", r#"; filename="a_b_c""#),
            ("invoice\u{202e}fdp.exe", r#"; filename="invoice_fdp.exe""#),
            (".", r#"; filename="_""#),
            ("..", r#"; filename="__""#),
            (". .", r#"; filename="_ _""#),
            (".env", r#"; filename=".env""#),
            ("...a", r#"; filename="...a""#),
        ] {
            assert_eq!(
                attachment(name),
                format!("attachment{expected}"),
                "{name:?}"
            );
        }
    }

    #[test]
    fn long_names() {
        for (name, count) in [
            ("a".repeat(255), 1),
            ("é".repeat(127), 2),
            ("👍".repeat(64), 4),
        ] {
            let written = attachment(&name);
            let fallback = if count == 1 {
                &name
            } else {
                &"_".repeat(name.len() / count)
            };
            assert!(written.starts_with(&format!("attachment; filename=\"{fallback}\"")));
            assert_eq!(
                written.matches('%').count(),
                if count == 1 { 0 } else { name.len() }
            );
        }
    }

    /// Every character alone, first and last: the value can be sent, and both names can be parsed.
    #[test]
    fn every_character() {
        for c in (0..=0x1_f9ff).filter_map(char::from_u32) {
            for name in [format!("{c}"), format!("{c}a"), format!("a{c}")] {
                let written = attachment(&name);
                assert!(
                    written.bytes().all(|byte| matches!(byte, b' '..=b'~')),
                    "{written}"
                );
                let rest = written.strip_prefix("attachment; filename=\"").unwrap();
                let (fallback, rest) = rest.split_once('"').unwrap();
                assert_eq!(fallback.chars().count(), name.chars().count());
                assert!(!fallback.contains(['%', '\\', '/']));
                let read = match rest.strip_prefix("; filename*=UTF-8''") {
                    Some(encoded) => {
                        let allowed =
                            |b: u8| b.is_ascii_alphanumeric() || b"!#$&+-.^_`|~%".contains(&b);
                        assert!(encoded.bytes().all(allowed), "{encoded}");
                        let decoded = percent_encoding::percent_decode_str(encoded);
                        String::from_utf8(decoded.collect()).unwrap()
                    }
                    None => {
                        assert_eq!(rest, "");
                        fallback.into()
                    }
                };
                assert!(
                    read == *name || read == name.replace(c, "_"),
                    "{name:?} {read:?}"
                );
            }
        }
    }
}
