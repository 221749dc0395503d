//! Finds known values through any escapes.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::Range;

use super::reading::{BYTE, Code, Readings, is_introducer};

/// The parts of a text that are one of these values, in any nesting of escapes, in order; overlapping ones are merged.
///
/// Escapes are read from the value's start only. An escape before it may be unfinished, such as a backslash that is
/// part of the text. A character of the text has several readings, so a value can match in several ways. All of them
/// are followed from left to right at once; those that reach the same position of text and value continue as one.
pub(crate) fn find<T: AsRef<str>>(text: &str, values: &[T]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // The starts of the matches that continue at a position of the text.
    let mut begun: BTreeMap<(usize, Place), usize> = BTreeMap::new();
    for (at, first) in text.char_indices() {
        let mut here = Vec::new();
        while let Some(entry) = begun.first_entry().filter(|entry| entry.key().0 <= at) {
            let ((_, place), start) = entry.remove_entry();
            here.push((place, start));
        }
        for (value, text) in values.iter().enumerate() {
            if is_introducer(first.into()) || text.as_ref().starts_with(first) {
                let start = Place {
                    value,
                    ..Place::default()
                };
                here.push((start, at));
            }
        }
        if here.is_empty() {
            continue; // at most positions
        }
        for (code, end) in Readings::new(text, at) {
            for (place, start) in &here {
                let value = values.get(place.value).map_or("", AsRef::as_ref);
                for next in place.after(code, value) {
                    if next.offset == value.len() {
                        found.push(*start..end);
                        continue;
                    }
                    let earliest = begun.entry((end, next)).or_insert(*start);
                    *earliest = (*earliest).min(*start);
                }
            }
        }
    }
    found.sort_unstable_by_key(|range| (range.start, range.end));
    found.dedup_by(|next, last| {
        let is_overlapping = next.start < last.end;
        if is_overlapping {
            last.end = last.end.max(next.end);
        }
        is_overlapping
    });
    found
}

/// A position in one of the values.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// The number of the value.
    value: usize,
    /// The start of the current character.
    offset: usize,
    /// The form of the current character in the text: as one code, as bytes of UTF-8, or as units of UTF-16.
    form: u8,
    /// How many codes of this form were read.
    read: usize,
}

impl Place {
    /// The places that this code leads to.
    fn after(self, code: Code, value: &str) -> impl Iterator<Item = Self> {
        #[cfg(test)]
        super::reading::work::count();
        let rest = value.get(self.offset..).unwrap_or_default();
        let forms = rest.chars().next().into_iter().flat_map(move |c| {
            let (mut utf8, mut utf16) = ([0; 4], [0; 2]);
            let (bytes, units) = (c.encode_utf8(&mut utf8), c.encode_utf16(&mut utf16));
            [
                (c, Some(Code::from(c)).filter(|_| self.read == 0), 1),
                (
                    c,
                    bytes
                        .as_bytes()
                        .get(self.read)
                        .map(|byte| BYTE + Code::from(*byte)),
                    bytes.len(),
                ),
                (
                    c,
                    units.get(self.read).map(|unit| Code::from(*unit)),
                    units.len(),
                ),
            ]
        });
        (0..)
            .zip(forms)
            .filter_map(move |(form, (c, wanted, len))| {
                if wanted != Some(code) || (self.read > 0 && form != self.form) {
                    return None;
                }
                Some(if self.read + 1 < len {
                    Self {
                        form,
                        read: self.read + 1,
                        ..self
                    }
                } else {
                    Self {
                        value: self.value,
                        offset: self.offset + c.len_utf8(),
                        ..Self::default()
                    }
                })
            })
    }
}
