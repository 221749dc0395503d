//! A string that is borrowed or, with an allocator, owned; and the escapes of JSON.

#[cfg(feature = "alloc")]
use alloc::string::String;
use core::ops::Deref;
#[cfg(any(feature = "diagnose", feature = "post"))]
use core::str::Chars;

/// Owned text is wiped on drop: it may be a secret, and wiping costs almost nothing.
#[derive(Clone)]
pub(crate) enum Text<'a> {
    Borrowed(&'a str),
    #[cfg(feature = "alloc")]
    Owned(zeroize::Zeroizing<String>),
}

#[cfg(feature = "alloc")]
impl Text<'_> {
    pub(crate) fn into_owned(self) -> Text<'static> {
        match self {
            Self::Borrowed(text) => Text::Owned(String::from(text).into()),
            Self::Owned(text) => Text::Owned(text),
        }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            #[cfg(feature = "alloc")]
            Self::Owned(text) => text,
        }
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::Borrowed(text)
    }
}

/// Whether a text starts with another, whose case does not matter.
pub(crate) fn has_prefix(text: &str, prefix: &str) -> bool {
    let start = text.get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The value with a name, whose case does not matter.
#[cfg(any(feature = "diagnose", feature = "post"))]
pub(crate) fn find<'v>(pairs: &[(&str, &'v str)], name: &str) -> Option<&'v str> {
    let mut pairs = pairs.iter();
    let (_, value) = pairs.find(|(found, _)| found.eq_ignore_ascii_case(name))?;
    Some(value)
}

/// The character of an XML entity, without `&` and `;`. One of the letters `hex` starts a hexadecimal number.
#[cfg(feature = "alloc")]
pub(crate) fn entity(name: &str, hex: &[char]) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(hex) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

/// The characters of a string in JSON; `None` for a malformed escape.
#[cfg(any(feature = "diagnose", feature = "post"))]
pub(crate) fn json_chars(text: &str) -> impl Iterator<Item = Option<char>> + Clone {
    let mut chars = text.chars();
    core::iter::from_fn(move || match chars.next()? {
        '\\' => Some(unescape_json(&mut chars)),
        c => Some(Some(c)),
    })
}

/// Reads the rest of an escape in JSON, after the backslash.
#[cfg(any(feature = "diagnose", feature = "post"))]
pub(crate) fn unescape_json(chars: &mut Chars<'_>) -> Option<char> {
    Some(match chars.next()? {
        c @ ('"' | '\\' | '/') => c,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let unit = hex4(chars)?;
            if !(0xd800..0xdc00).contains(&unit) {
                return char::from_u32(unit);
            }
            if chars.next()? != '\\' || chars.next()? != 'u' {
                return None;
            }
            let low = hex4(chars)?;
            if !(0xdc00..0xe000).contains(&low) {
                return None;
            }
            return char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        }
        _ => return None,
    })
}

#[cfg(any(feature = "diagnose", feature = "post"))]
fn hex4(chars: &mut Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |number, _| {
        Some(number * 16 + chars.next()?.to_digit(16)?)
    })
}
