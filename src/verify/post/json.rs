//! Reads JSON without copying it: a policy can contain a session token, and every copy would have to be wiped.

use crate::text::{json_chars, unescape_json};

/// The unread rest of a document.
pub(super) struct Reader<'j>(&'j str);

impl<'j> Reader<'j> {
    pub(super) const fn new(document: &'j str) -> Self {
        Self(document)
    }

    fn skip_space(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t', '\r', '\n']);
    }

    /// Reads the next token if it is this character, and returns whether it was.
    fn next_is(&mut self, token: char) -> bool {
        self.skip_space();
        let rest = self.0.strip_prefix(token);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    pub(super) fn expect(&mut self, token: char) -> Option<()> {
        self.next_is(token).then_some(())
    }

    /// Whether the next token starts with this text.
    pub(super) fn starts_with(&mut self, token: char) -> bool {
        self.skip_space();
        self.0.starts_with(token)
    }

    /// Reads an array or an object; `item` reads each element.
    pub(super) fn items(
        &mut self,
        [open, close]: [char; 2],
        mut item: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        self.expect(open)?;
        if self.next_is(close) {
            return Some(());
        }
        loop {
            item(self)?;
            if self.next_is(close) {
                return Some(());
            }
            self.expect(',')?;
        }
    }

    pub(super) fn text(&mut self) -> Option<Text<'j>> {
        self.expect('"')?;
        let start = self.0;
        let mut chars = start.chars();
        loop {
            let rest = chars.as_str();
            match chars.next()? {
                '"' => {
                    self.0 = chars.as_str();
                    return start.get(..start.len() - rest.len()).map(Text);
                }
                '\\' => {
                    unescape_json(&mut chars)?;
                }
                c if c < ' ' => return None,
                _ => {}
            }
        }
    }

    /// A non-negative whole number, in any notation.
    pub(super) fn whole_number(&mut self) -> Option<u64> {
        self.skip_space();
        let end = self
            .0
            .find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'));
        let (number, rest) = self.0.split_at_checked(end.unwrap_or(self.0.len()))?;
        self.0 = rest;
        if !is_number(number) {
            return None;
        }
        number.parse().ok().or_else(|| {
            let float: f64 = number.parse().ok()?;
            let whole = float as u64;
            // From 2^53 on, not every whole number can be represented as a float.
            (float == whole as f64 && whole < 1 << 53).then_some(whole)
        })
    }

    pub(super) fn end(&mut self) -> Option<()> {
        self.skip_space();
        self.0.is_empty().then_some(())
    }
}

/// RFC 8259, section 6, without a sign.
fn is_number(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent
            .map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
            .is_none_or(is_digits)
}

/// The content of a string, once its escapes are checked.
#[derive(Clone, Copy)]
pub(super) struct Text<'j>(&'j str);

impl<'j> Text<'j> {
    pub(super) fn chars(self) -> impl Iterator<Item = char> + Clone + 'j {
        json_chars(self.0).map_while(|c| c)
    }

    /// The text after `$`, if the string starts with one.
    pub(super) fn without_dollar(self) -> Option<Self> {
        let rest = self.0.strip_prefix('$');
        rest.or_else(|| self.0.strip_prefix("\\u0024")).map(Self)
    }

    pub(super) fn is(self, other: &str) -> bool {
        self.chars().eq(other.chars())
    }

    pub(super) fn is_ignoring_case(self, other: &str) -> bool {
        is_same_name(self.chars(), other.chars())
    }
}

/// Whether names are equal, ignoring case.
pub(super) fn is_same_name(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> bool {
    let lower = |c: char| c.to_ascii_lowercase();
    a.map(lower).eq(b.map(lower))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// Reads an array of strings, or of whole numbers.
    fn read(document: &str) -> Option<Vec<Value>> {
        let (mut json, mut items) = (Reader::new(document), Vec::new());
        json.items(['[', ']'], |json| {
            items.push(if json.starts_with('"') {
                json.text()?.chars().collect::<String>().into()
            } else {
                json.whole_number()?.into()
            });
            Some(())
        })?;
        json.end()?;
        Some(items)
    }

    /// What `serde_json` reads, with whole numbers in any notation.
    fn twin(document: &str) -> Option<Vec<Value>> {
        let items: Vec<Value> = serde_json::from_str(document).ok()?;
        let item = |item: Value| match item {
            Value::String(_) => Some(item),
            Value::Number(number) if document.contains('-') && number.as_f64() == Some(0.0) => None,
            Value::Number(number) => number.as_u64().map(Value::from).or_else(|| {
                let float = number.as_f64()?;
                let is_whole = float.fract() == 0.0 && (0.0..9e15).contains(&float);
                is_whole.then(|| (float as u64).into())
            }),
            _ => None,
        };
        items.into_iter().map(item).collect()
    }

    #[test]
    fn like_serde_json() {
        for document in [
            "[]",
            "[ ]",
            "[,]",
            "[1,]",
            "[1 2]",
            "[1]x",
            "[1",
            "",
            "[\"a\"]",
            "[\"a]",
            "[\"\\\"]",
            "[01]",
            "[0]",
            "[1e3]",
            "[1.0]",
            "[1.5]",
            "[1.]",
            "[.5]",
            "[1e]",
            "[1E+2]",
            "[10e-1]",
            "[+1]",
            "[1-1]",
            "[18446744073709551615]",
            "[18446744073709551616]",
            "[\"\\u00e9\"]",
            "[\"\\ud83d\\ude00\"]",
            "[\"\\ud83d\"]",
            "[\"\\ud83d\\u0041\"]",
            "[\"\\udc00\"]",
            "[\"\\x41\"]",
            "[\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"]",
            "[\"\t\"]",
            "[\"\u{7f}\"]",
            "\u{a0}[]",
        ] {
            assert_eq!(read(document), twin(document), "{document}");
        }
    }

    proptest! {
        #[test]
        fn like_serde_json_on_random_documents(document in "[\\[ ](([0-9]{1,3}|[0-9.e+]{1,5}|\"([a-z]|\\\\([\"\\\\/bfnrtux]|u[0-9a-fd]{4})|\\PC){0,6}\")[, ]?){0,4}\\]?") {
            prop_assert_eq!(read(&document), twin(&document));
        }

        #[test]
        fn what_serde_json_writes(texts in prop::collection::vec(any::<String>(), 0..4)) {
            let written = serde_json::to_string(&texts).unwrap();
            let texts: Vec<Value> = texts.into_iter().map(Into::into).collect();
            prop_assert_eq!(read(&written), Some(texts));
        }
    }
}
