//! The headers and query parameters of a builder, in fixed arrays, without an allocator.
//!
//! A value that is set by its row is inserted in canonical order. Signing only has to sort if there are lists or names from
//! the caller.

use core::cmp::Ordering;
use core::fmt;
use core::ops::RangeInclusive;

use crate::error::Error;
use crate::rules::{METADATA, Place, Row, find};
use crate::sigv4::UNSIGNED_PAYLOAD;
use crate::sigv4::canonical_headers::{
    HOST, HostOnly, Sorted, check_name, check_value, is_plain_name, is_plain_value,
};
use crate::sigv4::canonical_query::{self, Additions, Auth, compare};
use crate::sigv4::canonical_request::PutHeaders;
use crate::sigv4::order;
use crate::sigv4::pairs::{Name, Pair, Value};
use crate::sigv4::sink::{Buffer, Sink};

/// The number of slots for values that are set one by one. A value with a name from the caller uses two.
pub(crate) const SLOTS: usize = 20;
/// The number of lists that can be added.
pub(crate) const LISTS: usize = 4;

/// The collected values.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a> {
    /// In the order of their rows. A name from the caller is in the slot before its value.
    slots: [Slot<'a>; SLOTS],
    rows: [Row; SLOTS],
    lists: [List<'a>; LISTS],
    /// The row of each list: [`Row::Metadata`], [`Row::OtherHeader`] or [`Row::OtherParameter`].
    list_rows: [Row; LISTS],
    /// The number of used slots and lists; one more than the maximum if something did not fit.
    slots_used: u8,
    lists_used: u8,
    /// Sorts, checks and writes the values. A function pointer, so that a program that sets none does not link this code.
    with_sorted: Option<WithSorted>,
}

/// A value in 16 bytes, or in 12 where a pointer has 4.
#[derive(Clone, Copy)]
pub(crate) enum Slot<'a> {
    Text(&'a str),
    /// The bytes of a `u64`, which would be aligned to 8 bytes.
    Number([u8; 8]),
}

impl<'a> Slot<'a> {
    /// The value of a row.
    const fn value(self, row: Row) -> Value<'a> {
        match (self, row) {
            (Self::Number(bytes), _) => Value::Number(u64::from_ne_bytes(bytes)),
            (Self::Text(name), Row::DownloadAs) => Value::Attachment(name),
            (Self::Text(name), Row::InlineAs) => Value::Inline(name),
            (Self::Text(text), _) => Value::Text(text),
        }
    }
}

impl<'a> From<&'a str> for Slot<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Slot<'_> {
    fn from(n: u64) -> Self {
        Self::Number(n.to_ne_bytes())
    }
}

type List<'a> = &'a [(&'a str, &'a str)];
/// A callback for values that are checked and sorted.
type Run<'r> = &'r mut dyn FnMut(&dyn Additions) -> Result<(), Error>;
type WithSorted = fn(&Values<'_>, Run<'_>) -> Result<(), Error>;

impl<'a> Values<'a> {
    pub(crate) const fn new() -> Self {
        Self {
            slots: [Slot::Number([0; 8]); SLOTS],
            rows: [Row::OtherParameter; SLOTS],
            lists: [&[]; LISTS],
            list_rows: [Row::OtherParameter; LISTS],
            slots_used: 0,
            lists_used: 0,
            with_sorted: None,
        }
    }

    /// Sets the value of a row, or replaces it.
    pub(crate) fn set(&mut self, row: Row, value: Slot<'a>) {
        let at = self.rows().iter().take_while(|set| **set < row).count();
        match self.slots.get_mut(at) {
            Some(slot) if self.rows.get(at) == Some(&row) && at < self.slots_used.into() => {
                *slot = value;
            }
            _ => self.insert(at, row, value),
        }
    }

    /// Adds a name from the caller, after those added before.
    pub(crate) fn push(&mut self, row: Row, name: &'a str, value: &'a str) {
        let at = self.rows().iter().take_while(|set| **set <= row).count();
        self.insert(at, row, name.into());
        self.insert(at + 1, row, value.into());
    }

    fn insert(&mut self, at: usize, row: Row, value: Slot<'a>) {
        self.with_sorted = Some(|values, run| values.with_sorted_values(run));
        if usize::from(self.slots_used) >= SLOTS {
            self.slots_used = SLOTS as u8 + 1;
            return;
        }
        self.slots_used += 1;
        let end = usize::from(self.slots_used);
        let mut moved = (row, value);
        let room = self.rows.iter_mut().zip(&mut self.slots);
        for (row, slot) in room.take(end).skip(at) {
            moved = (
                core::mem::replace(row, moved.0),
                core::mem::replace(slot, moved.1),
            );
        }
    }

    /// Adds a list of names and values.
    pub(crate) fn extend(&mut self, row: Row, list: List<'a>) {
        self.with_sorted = Some(|values, run| values.with_sorted_values(run));
        let at = usize::from(self.lists_used);
        match (self.lists.get_mut(at), self.list_rows.get_mut(at)) {
            (Some(room), Some(of)) => {
                (*room, *of) = (list, row);
                self.lists_used += 1;
            }
            _ => self.lists_used = LISTS as u8 + 1,
        }
    }

    /// Removes the values of these rows.
    pub(crate) fn unset(&mut self, rows: RangeInclusive<Row>) {
        if usize::from(self.slots_used) > SLOTS {
            return; // the value that did not fit is not known
        }
        let old = *self;
        self.slots_used = 0;
        let set = old.rows().iter().zip(old.slots);
        for (at, (row, value)) in set.filter(|(row, _)| !rows.contains(row)).enumerate() {
            self.insert(at, *row, value);
        }
    }

    fn rows(&self) -> &[Row] {
        let used = usize::from(self.slots_used).min(SLOTS);
        self.rows.get(..used).unwrap_or_default()
    }

    /// The headers or the parameters, in the order of slots and lists.
    pub(crate) const fn entries(&self, headers: bool) -> Entries<'_, 'a> {
        Entries {
            values: self,
            headers,
            number: 0,
        }
    }

    /// The row of the entry with this number.
    fn row(&self, number: u16) -> Option<Row> {
        let (list, at) = (usize::from(number >> 8), usize::from(number & 0xff));
        match list {
            0 => self.rows.get(at).copied(),
            _ => self.list_rows.get(list - 1).copied(),
        }
    }

    fn pair(&self, number: u16) -> Option<Pair<'a>> {
        let row = self.row(number)?;
        let (list, at) = (usize::from(number >> 8), usize::from(number & 0xff));
        if list > 0 {
            let (name, value) = self.lists.get(list - 1)?.get(at)?;
            return Some(pair_of(row, name, Value::Text(value)));
        }
        Some(match *self.slots.get(at)? {
            Slot::Text(name) if row.is_open() => {
                pair_of(row, name, self.slots.get(at + 1)?.value(row))
            }
            value => pair_of(row, row.name(), value.value(row)),
        })
    }

    fn entry(&self, number: u16) -> Option<(Row, Pair<'a>)> {
        self.row(number).zip(self.pair(number))
    }
}

/// Iterates over slots, then lists.
#[derive(Clone)]
pub(crate) struct Entries<'v, 'a> {
    values: &'v Values<'a>,
    headers: bool,
    number: u16,
}

/// An entry's number, row and pair.
pub(crate) type Entry<'a> = (u16, Row, Pair<'a>);

impl<'a> Iterator for Entries<'_, 'a> {
    type Item = Entry<'a>;

    #[inline] // saves 170 instructions per URL with headers (benches/instructions)
    fn next(&mut self) -> Option<Entry<'a>> {
        loop {
            let number = self.number;
            let (list, at) = (usize::from(number >> 8), usize::from(number & 0xff));
            let end = match list {
                0 => self.values.rows().len(),
                _ if list > self.values.lists_used.into() => return None,
                _ => self.values.lists.get(list - 1).map_or(0, |list| list.len()),
            };
            if at >= end {
                self.number = (number & 0xff00) + 0x100;
                continue;
            }
            let row = self.values.row(number)?;
            self.number += match list {
                0 => 1 + u16::from(row.is_open()),
                _ => 1,
            };
            if row.is_header() == self.headers {
                return Some((number, row, self.values.pair(number)?));
            }
        }
    }
}

fn pair_of<'a>(row: Row, rest: &'a str, value: Value<'a>) -> Pair<'a> {
    let prefix = match row {
        Row::Metadata => METADATA,
        _ => "",
    };
    let name = Name { prefix, rest };
    Pair { name, value }
}

/// Checking and sorting.
impl<'a> Values<'a> {
    /// Calls `run` with everything checked and in canonical order.
    ///
    /// # Errors
    /// Those of `run`; and errors for values that S3 would reject, repeated names, and too many values.
    pub(crate) fn with_sorted(&self, run: Run<'_>) -> Result<(), Error> {
        match self.with_sorted {
            Some(with_sorted) => with_sorted(self, run),
            None => run(&HostOnly),
        }
    }

    fn with_sorted_values(&self, run: Run<'_>) -> Result<(), Error> {
        if usize::from(self.slots_used) > SLOTS {
            return Err(Error::TooManyValues);
        }
        match usize::from(self.lists_used) {
            0 => self.sort([&mut [0; SLOTS + 1], &mut [0; SLOTS]], run),
            1..=LISTS => self.with_sorted_lists(run),
            _ => Err(Error::TooManyLists),
        }
    }

    #[inline(never)] // keeps its arrays of a kilobyte off the stack of requests without lists
    fn with_sorted_lists(&self, run: Run<'_>) -> Result<(), Error> {
        self.sort([&mut [0; order::MAX + 1], &mut [0; order::MAX]], run)
    }

    /// Checks and sorts, in arrays with room for the allowed number of entries, and for `host`.
    fn sort(&self, [headers, parameters]: [&mut [u16]; 2], run: Run<'_>) -> Result<(), Error> {
        let (mut plain, mut payload_hash, mut host_at) = (true, None, 0);
        let limit = headers.len() - 1;
        let by_name = |a: &Pair<'_>, b: &Pair<'_>| a.name.cmp_lower(&b.name);
        let room = headers.get_mut(..limit).unwrap_or_default();
        let (len, differ) = self.collect(room, Place::Header, by_name, |row, pair| {
            host_at += usize::from(match row {
                Row::OtherHeader => pair.name.cmp_lower(&HOST).is_lt(),
                row => row < Row::Host,
            });
            let rule = rule_of(row, pair);
            plain &= check_header(row, rule, pair)?;
            if let (Some(Row::ContentSha256), Value::Text(hash)) = (rule, pair.value) {
                payload_hash = Some(hash.trim_matches([' ', '\t']));
            }
            Ok(())
        })?;
        plain &= differ;
        let headers = headers.get_mut(..=len).unwrap_or_default();
        let mut moved = HOST_NUMBER;
        for number in headers.iter_mut().skip(host_at) {
            core::mem::swap(number, &mut moved);
        }
        let (len, _) = self.collect(parameters, Place::Query, compare, |row, pair| {
            let rule = check_parameter(row, pair)?;
            if rule == Some(Row::ContentSha256)
                && payload_hash.is_some_and(|hash| hash != UNSIGNED_PAYLOAD)
            {
                return Err(Error::PayloadHashMismatch);
            }
            Ok(())
        })?;
        run(&SortedValues {
            values: self,
            headers,
            parameters: parameters.get(..len).unwrap_or_default(),
            plain,
            payload_hash,
        })
    }

    /// Checks the entries of a place, and writes their numbers into `room` in canonical order; equal entries keep their
    /// order. Returns how many there are, and whether the names of headers differ.
    fn collect(
        &self,
        room: &mut [u16],
        place: Place,
        cmp: impl Fn(&Pair<'_>, &Pair<'_>) -> Ordering,
        mut check: impl FnMut(Row, &Pair<'a>) -> Result<(), Error>,
    ) -> Result<(usize, bool), Error> {
        let (mut len, mut sorted, mut open) = (0, true, false);
        let mut last: Option<(Row, Pair<'_>)> = None;
        for (number, row, pair) in self.entries(place == Place::Header) {
            check(row, &pair)?;
            // Rows are sorted, but a name from the caller can be anywhere.
            let in_order = |(before, last): (Row, Pair<'_>)| {
                (before < row && !row.is_other()) || cmp(&last, &pair).is_lt()
            };
            sorted = sorted && last.is_none_or(in_order);
            open |= row.is_open();
            last = Some((row, pair));
            *room.get_mut(len).ok_or(match place {
                Place::Query => Error::TooManyQueryParameters,
                _ => Error::TooManyHeaders,
            })? = number;
            len += 1;
        }
        let numbers = room.get_mut(..len).unwrap_or_default();
        if !sorted {
            order::sort(numbers, |a, b| match (self.pair(a), self.pair(b)) {
                (Some(x), Some(y)) => cmp(&x, &y).then(a.cmp(&b)).is_lt(),
                _ => false,
            });
        }
        // If headers were sorted from the start, their names differ.
        let differ = match open && !(sorted && place == Place::Header) {
            true => self.check_neighbors(numbers, place)?,
            false => true,
        };
        Ok((len, differ))
    }

    /// Refuses equal parameters, and a repeated name if S3 reads only one value or a setter set it. Returns whether the
    /// names of headers differ.
    fn check_neighbors(&self, numbers: &[u16], place: Place) -> Result<bool, Error> {
        let single = |row: Row, pair: &Pair<'_>| {
            !row.is_open() || rule_of(row, pair).is_some_and(Row::is_single)
        };
        let neighbors = numbers.iter().zip(numbers.iter().skip(1));
        let mut entries = neighbors.filter_map(|(a, b)| self.entry(*a).zip(self.entry(*b)));
        match place {
            Place::Query => entries.try_fold(true, |differ, ((a_row, a), (b_row, b))| {
                let same = a.name.rest == b.name.rest;
                if same && (single(a_row, &a) || single(b_row, &b) || compare(&a, &b).is_eq()) {
                    return Err(Error::DuplicateQueryParameter);
                }
                Ok(differ)
            }),
            _ => entries.try_fold(true, |differ, ((a_row, a), (b_row, b))| {
                let same = a.name.same(&b.name);
                if same && (single(a_row, &a) || single(b_row, &b)) {
                    return Err(Error::DuplicateHeader);
                }
                Ok(differ && !same)
            }),
        }
    }
}

/// Refuses a header that HTTP or S3 would reject. Returns whether it is written unchanged.
fn check_header(row: Row, rule: Option<Row>, pair: &Pair<'_>) -> Result<bool, Error> {
    let (mut plain, name) = (true, pair.name.rest);
    if row.is_open() && (name.is_empty() || !is_plain_name(name)) {
        plain = false;
        check_name(name)?;
    }
    if let Value::Text(value) = pair.value {
        if !is_plain_value(value) {
            plain = false;
            check_value(value.bytes())?;
        }
    }
    // White space around a value is not part of it.
    let value = match pair.value {
        Value::Text(text) if !plain => Value::Text(text.trim_matches([' ', '\t'])),
        value => value,
    };
    rule.map_or(Ok(()), |rule| rule.check(value))?;
    Ok(plain)
}

/// Refuses a parameter that S3 would reject. Returns the row of its rule.
fn check_parameter(row: Row, pair: &Pair<'_>) -> Result<Option<Row>, Error> {
    let rule = rule_of(row, pair);
    match rule {
        _ if pair.name.rest.is_empty() => Err(Error::EmptyQueryParameterName),
        // In the query, it can only repeat the default that is signed anyway.
        Some(Row::ContentSha256) if !pair.value.read(|hash| hash == UNSIGNED_PAYLOAD) => {
            Err(Error::InvalidPayloadHash)
        }
        Some(row) => row.check(pair.value).map(|()| rule),
        None => Ok(None),
    }
}

/// The row with the rule for a value: the value's own row, or the row of its name.
pub(crate) fn rule_of(row: Row, pair: &Pair<'_>) -> Option<Row> {
    match row {
        Row::OtherHeader => find(Place::Header, pair.name.rest),
        Row::OtherParameter => find(Place::Query, pair.name.rest),
        row => Some(row),
    }
}

/// The number of `host`, which is not an entry.
const HOST_NUMBER: u16 = u16::MAX;

struct SortedValues<'v> {
    values: &'v Values<'v>,
    /// Includes `host`.
    headers: &'v [u16],
    parameters: &'v [u16],
    plain: bool,
    payload_hash: Option<&'v str>,
}

impl<'v> SortedValues<'v> {
    fn headers(&self) -> Sorted<impl Iterator<Item = Option<Pair<'v>>> + Clone> {
        let values = self.values;
        Sorted {
            headers: self.headers.iter().map(|number| values.pair(*number)),
            plain: self.plain,
        }
    }
}

impl PutHeaders for SortedValues<'_> {
    fn put(&self, sink: &mut dyn Sink, host: Option<&[u8]>) {
        self.headers().put(sink, host);
    }

    fn put_names(&self, sink: &mut dyn Sink, separator: &[u8]) {
        self.headers().put_names(sink, separator);
    }
}

impl Additions for SortedValues<'_> {
    fn put_query(&self, auth: &Auth<'_>, out: &mut Buffer<'_>) {
        let parameters = self.parameters.iter();
        let parameters = parameters.filter_map(|number| self.values.pair(*number));
        let put_names = |out: &mut Buffer<'_>| self.headers().put_names_encoded(out);
        canonical_query::put(out, auth, put_names, parameters);
    }

    fn payload_hash(&self) -> Option<&str> {
        self.payload_hash
    }
}

impl fmt::Debug for Values<'_> {
    /// Shows only names: a value may be a customer's encryption key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.entries(true).chain(self.entries(false));
        let names = entries.map(|(_, _, pair)| (pair.name.prefix, pair.name.rest));
        f.debug_list().entries(names).finish()
    }
}
