//! Finds a known value through any escapes.

use alloc::vec::Vec;

use super::reading::{BYTE, Code, Readings, is_introducer};

/// The end of a value that starts at this position, in any nesting of escapes. If there are several ends, the last.
///
/// Escapes are read from the value's start only. An escape before it may be unfinished, such as a backslash that is
/// part of the text.
pub(crate) fn find(text: &str, at: usize, value: &str) -> Option<usize> {
    let first = text.get(at..)?.chars().next()?;
    if !is_introducer(first.into()) && !value.starts_with(first) {
        return None; // a quick exit, taken at most positions
    }
    let mut ends = Vec::new();
    for (nth, c) in value.chars().enumerate() {
        let starts = if nth == 0 { Vec::from([at]) } else { ends };
        ends = Vec::new();
        let (mut utf8, mut utf16) = ([0; 4], [0; 2]);
        let code = Code::from(c);
        go_on(text, &starts, &[code], &mut ends);
        if !c.is_ascii() {
            let bytes = c.encode_utf8(&mut utf8).bytes();
            let bytes: Vec<_> = bytes.map(|byte| BYTE + Code::from(byte)).collect();
            go_on(text, &starts, &bytes, &mut ends);
        }
        if c.len_utf16() == 2 {
            let units = c.encode_utf16(&mut utf16);
            let units: Vec<_> = units.iter().map(|unit| Code::from(*unit)).collect();
            go_on(text, &starts, &units, &mut ends);
        }
        if ends.is_empty() {
            return None;
        }
        ends.sort_unstable();
        ends.dedup();
    }
    ends.pop()
}

/// Adds the ends of codes that start at one of these positions.
fn go_on(text: &str, starts: &[usize], codes: &[Code], ends: &mut Vec<usize>) {
    let mut places = starts.to_vec();
    for code in codes {
        let mut next = Vec::new();
        for place in places {
            let readings = Readings::new(text, place);
            next.extend(
                readings
                    .filter(|(read, _)| read == code)
                    .map(|(_, end)| end),
            );
        }
        places = next;
    }
    ends.append(&mut places);
}
