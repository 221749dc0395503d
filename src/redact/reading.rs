//! Reads text through escapes, nested in any order: `%3D`, `%253D`, `&#61;`, `\u003d` and `\\u003d` all mean `=`.
//!
//! Characters are pushed onto a stack. Whenever the top of the stack is a complete escape, the character it means
//! replaces it; that character may in turn be part of another escape. One pass therefore reads every nesting.

/// A decoded unit: a character's number, half of a surrogate pair, or [`BYTE`] plus a byte beyond ASCII.
pub(crate) type Code = u32;

/// Added to the bytes beyond ASCII that percent-encoding produces.
pub(crate) const BYTE: Code = 0x0100_0000;

/// The maximum number of bytes read as one character: enough for `=` as an HTML number nested four times.
const MAX_BYTES: usize = 256;

/// The maximum number of characters that wait for the rest of their escapes.
const MAX_DEPTH: usize = 48;

/// All readings of the start of a text, with their ends: the character itself, then the meaning of its escape, then the
/// meaning of that escape, and so on. The last reading is the longest.
pub(crate) struct Readings<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    stack: [Read; MAX_DEPTH],
    len: usize,
}

/// A character on the stack.
#[derive(Clone, Copy)]
struct Read {
    code: Code,
    /// How many backslashes it was read through. A pair of backslashes is an escape only if both have the same level;
    /// if not, the second starts an escape inside the first one's.
    level: u8,
}

impl<'t> Readings<'t> {
    pub(crate) const fn new(text: &'t str, start: usize) -> Self {
        Self {
            text,
            start,
            end: start,
            stack: [Read { code: 0, level: 0 }; MAX_DEPTH],
            len: 0,
        }
    }

    /// Pushes the next character onto the stack.
    fn push(&mut self) -> Option<()> {
        #[cfg(test)]
        work::count();
        let c = self.text.get(self.end..)?.chars().next()?;
        self.end += c.len_utf8();
        if self.end - self.start > MAX_BYTES {
            return None;
        }
        self.put(c.into(), 0)
    }

    fn put(&mut self, code: Code, level: u8) -> Option<()> {
        *self.stack.get_mut(self.len)? = Read { code, level };
        self.len += 1;
        Some(())
    }

    /// Replaces complete escapes at the top. Returns `None` if the top cannot become a valid escape.
    fn reduce(&mut self) -> Option<()> {
        while self.len > 1 {
            let stack = self.stack.get(..self.len)?;
            let (top, below) = stack.split_last()?;
            let start = below.iter().rposition(|read| is_introducer(read.code))?;
            let escape = stack.get(start..)?;
            let is_backslash = |read: &Read| read.code == Code::from('\\');
            let is_within = is_backslash(top)
                && escape
                    .first()
                    .is_some_and(|first| is_backslash(first) && first.level > top.level);
            match meaning(escape) {
                Escape::Whole(code) if !is_within => {
                    let levels = escape.iter().map(|read| read.level);
                    let through = u8::from(escape.first().is_some_and(is_backslash));
                    let level = levels.max().unwrap_or_default().saturating_add(through);
                    self.len = start;
                    self.put(code, level)?;
                }
                Escape::Begun => return Some(()),
                // An escape nested in it, incomplete so far.
                _ if is_introducer(top.code) => return Some(()),
                _ => return None,
            }
        }
        Some(())
    }
}

impl Iterator for Readings<'_> {
    type Item = (Code, usize);

    fn next(&mut self) -> Option<(Code, usize)> {
        if self.len == 0 {
            self.push()?;
        } else {
            loop {
                if self.len == 1 && !is_introducer(self.stack.first()?.code) {
                    return None;
                }
                self.push()?;
                self.reduce()?;
                if self.len == 1 {
                    break;
                }
            }
        }
        Some((self.stack.first()?.code, self.end))
    }
}

/// Whether escapes can start with this character.
pub(crate) fn is_introducer(code: Code) -> bool {
    ['%', '&', '\\'].into_iter().any(|c| code == Code::from(c))
}

enum Escape {
    Whole(Code),
    Begun,
    None,
}

/// What the codes after an introducer mean.
fn meaning(escape: &[Read]) -> Escape {
    let mut text = [0; 12];
    for (room, read) in text.iter_mut().zip(escape) {
        match u8::try_from(read.code) {
            Ok(byte) if byte.is_ascii() => *room = byte,
            _ => return Escape::None,
        }
    }
    match text.get(..escape.len()) {
        Some([b'%', digits @ ..]) => hex(digits, 2).map(|code| match code {
            0x80.. => BYTE + code,
            _ => code,
        }),
        Some([b'&', entity @ ..]) => of_entity(entity),
        Some([b'\\', b'u', digits @ ..]) => hex(digits, 4),
        Some([b'\\', b'x', digits @ ..]) => hex(digits, 2),
        Some([b'\\', letter]) => Escape::Whole(Code::from(match letter {
            b'"' | b'\'' | b'/' | b'\\' => *letter,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            _ => return Escape::None,
        })),
        Some([b'\\']) => Escape::Begun,
        _ => Escape::None,
    }
}

impl Escape {
    fn map(self, f: impl FnOnce(Code) -> Code) -> Self {
        match self {
            Self::Whole(code) => Self::Whole(f(code)),
            other => other,
        }
    }
}

fn hex(digits: &[u8], count: usize) -> Escape {
    match number(digits, 16) {
        Some(code) if digits.len() == count => Escape::Whole(code),
        Some(_) if digits.len() < count => Escape::Begun,
        _ => Escape::None,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        number.checked_mul(radix)?.checked_add(digit)
    })
}

/// The named entities that encoders write; HTML has 2,000 more.
const ENTITIES: [(&[u8], u8); 11] = [
    (b"amp;", b'&'),
    (b"apos;", b'\''),
    (b"colon;", b':'),
    (b"equals;", b'='),
    (b"gt;", b'>'),
    (b"lt;", b'<'),
    (b"nbsp;", b' '),
    (b"percnt;", b'%'),
    (b"plus;", b'+'),
    (b"quot;", b'"'),
    (b"sol;", b'/'),
];

fn of_entity(entity: &[u8]) -> Escape {
    let (digits, is_whole) = match entity {
        [digits @ .., b';'] => (digits, true),
        digits => (digits, false),
    };
    let code = match digits {
        [b'#'] | [b'#', b'x' | b'X'] if !is_whole => return Escape::Begun,
        [b'#', b'x' | b'X', digits @ ..] if !digits.is_empty() => number(digits, 16),
        [b'#', digits @ ..] if !digits.is_empty() => number(digits, 10),
        _ => {
            let found = ENTITIES.iter().find(|(name, _)| name.starts_with(entity));
            return match found {
                Some((name, c)) if *name == entity => Escape::Whole((*c).into()),
                Some(_) => Escape::Begun,
                None => Escape::None,
            };
        }
    };
    match code {
        Some(code) if is_whole && code < BYTE => Escape::Whole(code),
        Some(_) if !is_whole => Escape::Begun,
        _ => Escape::None,
    }
}

/// A position in a text that is read through escapes.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'t> {
    text: &'t str,
    pub(crate) at: usize,
}

impl<'t> Cursor<'t> {
    pub(crate) const fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    /// The next character, in its longest reading; 0 at the end.
    pub(crate) fn peek(self) -> (Code, usize) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match rest.chars().next() {
            None => (0, self.at),
            Some(c) if !is_introducer(c.into()) => {
                #[cfg(test)]
                work::count();
                (c.into(), self.at + c.len_utf8())
            }
            Some(_) => {
                let readings = Readings::new(self.text, self.at);
                readings.last().unwrap_or((0, self.at))
            }
        }
    }

    /// Skips and returns a digit of base64.
    pub(crate) fn next_digit(&mut self) -> Option<u32> {
        let (code, end) = self.peek();
        let digit = match u8::try_from(code).ok()? {
            c @ b'A'..=b'Z' => c - b'A',
            c @ b'a'..=b'z' => c - b'a' + 26,
            c @ b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        self.at = end;
        Some(digit.into())
    }

    /// The number of bytes of the next character if it is percent-encoded; otherwise 0.
    pub(crate) fn percent_len(self) -> usize {
        let (_, end) = self.peek();
        let raw = self.text.get(self.at..end).unwrap_or_default();
        if raw.contains('%') { raw.len() } else { 0 }
    }

    pub(crate) fn is_at(self, wanted: char) -> bool {
        self.peek().0 == Code::from(wanted)
    }

    pub(crate) const fn is_at_end(self) -> bool {
        self.at >= self.text.len()
    }

    /// Skips a character if it is the next one.
    pub(crate) fn eat(&mut self, wanted: char) -> bool {
        let (code, end) = self.peek();
        let is_next = code == Code::from(wanted);
        if is_next {
            self.at = end;
        }
        is_next
    }

    /// Skips a name, given in lower case. Matches any case, and `_` for `-`.
    pub(crate) fn eat_name(&mut self, name: &str) -> bool {
        let start = self.at;
        let is_next = name.bytes().all(|wanted| {
            let (code, end) = self.peek();
            self.at = end;
            let byte = u8::try_from(code).unwrap_or_default();
            byte.to_ascii_lowercase() == wanted || (byte == b'_' && wanted == b'-')
        });
        if !is_next {
            self.at = start;
        }
        is_next
    }

    /// Skips characters while the condition is true.
    pub(crate) fn skip(&mut self, holds: impl Fn(char) -> bool) {
        while !self.is_at_end() {
            let (code, end) = self.peek();
            // Surrogate halves and bytes are parts of characters beyond ASCII.
            if !holds(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)) {
                return;
            }
            self.at = end;
        }
    }

    pub(crate) fn skip_space(&mut self) {
        self.skip(is_space);
    }
}

/// ASCII white space as in HTML, plus the vertical tab.
pub(crate) const fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}

/// Counts the characters that are read, so that tests can measure how the work grows.
#[cfg(test)]
pub(crate) mod work {
    use core::cell::Cell;

    std::thread_local! {
        static COUNT: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn count() {
        COUNT.set(COUNT.get() + 1);
    }

    pub(crate) fn of(task: impl FnOnce()) -> usize {
        COUNT.set(0);
        task();
        COUNT.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn longest(text: &str) -> (Option<char>, &str) {
        let (code, end) = Cursor::new(text, 0).peek();
        (char::from_u32(code), text.get(end..).unwrap())
    }

    #[test]
    fn every_nesting() {
        for text in [
            "=",
            "%3D",
            "%3d",
            "%253D",
            "%25252525253D",
            "&#61;",
            "&#x3D;",
            "&#X003d;",
            r"\u003d",
            r"\x3d",
            r"\\u003d",
            r"\\\\u003D",
            "%5Cu003d",
            "%26%2361%3B",
            "&amp;#61;",
            "&amp;amp;#x3d;",
            "&equals;",
            "&amp;equals;",
            "&percnt;3D",
            r"\u0026#61;",
            r"\u00253D",
            "%5c%75%30%30%33%64",
            "&#37;3D",
            "&#92;u003d",
            "%26amp%3B%2361;",
            "&#38;#37;3D",
        ] {
            assert_eq!(longest(text), (Some('='), ""), "{text}");
            let followed = format!("{text}a;");
            assert_eq!(longest(&followed), (Some('='), "a;"), "{text}");
        }
        assert_eq!(longest(r#"\\\\\\\""#), (Some('"'), ""));
        assert_eq!(longest(r"\n"), (Some('\n'), ""));
        assert_eq!(longest("%C3"), (None, ""));
        assert_eq!(longest("&#128512;"), (Some('😀'), ""));
    }

    #[test]
    fn what_is_no_escape() {
        for text in [
            "%",
            "%3",
            "%3x",
            "%x3",
            "%%3D",
            "&",
            "&amp",
            "&lt",
            "&;",
            "&#;x",
            "&#x",
            "&copy;",
            "&a=1",
            r"\",
            r"\a",
            r"\u003",
            r"\u003x",
            "%2",
            "&#99999999999;",
            "&é",
            "%é",
        ] {
            let mut rest = text.chars();
            let first = rest.next();
            assert_eq!(longest(text), (first, rest.as_str()), "{text}");
        }
    }

    /// The number of bytes read as one character is limited at any depth.
    #[test]
    fn without_end() {
        let deep = format!("%{}3D", "25".repeat(100_000));
        let work = work::of(|| {
            Cursor::new(&deep, 0).peek();
        });
        assert!(work <= MAX_BYTES + 1, "{work}");
        for text in ["\\".repeat(1000), "%".repeat(1000), "&".repeat(1000)] {
            let work = work::of(|| {
                Cursor::new(&text, 0).peek();
            });
            assert!(work <= MAX_BYTES + 1, "{work}");
        }
    }
}
