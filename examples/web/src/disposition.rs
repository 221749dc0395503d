//! `Content-Disposition` with a file name.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What RFC 8187 (3.2.1, `attr-char`) leaves as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// "Save as": the name in ASCII, and beside it in UTF-8 where the first cannot tell all of it. (RFC 6266, appendix D)
pub(crate) fn attachment(file_name: &str) -> String {
    let mut value = String::from("attachment; filename=\"");
    for c in file_name.chars() {
        match c {
            '"' | '\\' => value.extend(['\\', c]),
            c if c.is_ascii() => value.push(c),
            _ => value.push('_'),
        }
    }
    value.push('"');
    if !file_name.is_ascii() || file_name.contains(['"', '\\', '%']) {
        value.push_str("; filename*=UTF-8''");
        value.extend(utf8_percent_encode(file_name, ENCODED));
    }
    value
}
