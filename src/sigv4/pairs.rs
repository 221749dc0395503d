//! Names with their values, as a builder collects them: in fixed room, without an allocator.

use core::cmp::Ordering;
use core::fmt;

use super::sink::{Buffer, Sink, put_decimal};
use super::uri_encode;

/// A value: text, or a number that is written in decimal.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Number(u64),
}

impl Value<'_> {
    /// Calls `read` with the value as text.
    pub(crate) fn read<R>(self, read: impl FnOnce(&str) -> R) -> R {
        match self {
            Self::Text(text) => read(text),
            Self::Number(n) => {
                let mut digits = [0; 20];
                let mut buffer = Buffer::new(&mut digits);
                put_decimal(&mut buffer, n);
                read(core::str::from_utf8(buffer.since(0)).unwrap_or_default())
            }
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value<'_> {
    fn from(n: u64) -> Self {
        Self::Number(n)
    }
}

/// A name: a fixed part, such as `x-amz-meta-`, and the caller's part.
#[derive(Clone, Copy)]
pub(crate) struct Name<'a> {
    pub(crate) prefix: &'static str,
    pub(crate) rest: &'a str,
}

impl Name<'_> {
    pub(crate) const fn len(&self) -> usize {
        self.prefix.len() + self.rest.len()
    }

    /// Order in lower case, which mostly the first bytes tell.
    #[inline(always)]
    pub(crate) fn cmp_lower(&self, other: &Self) -> Ordering {
        let first = |name: &Self| {
            let byte = name.prefix.as_bytes().first();
            byte.or(name.rest.as_bytes().first())
                .map(u8::to_ascii_lowercase)
        };
        first(self)
            .cmp(&first(other))
            .then_with(|| cmp_lower(self.parts(), other.parts()))
    }

    const fn parts(&self) -> [&str; 2] {
        [self.prefix, self.rest]
    }

    /// Whether both are the same but for case.
    #[inline] // mostly the lengths differ
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && cmp_lower(self.parts(), other.parts()).is_eq()
    }

    #[inline]
    pub(crate) fn is(&self, lower: &'static str) -> bool {
        let (prefix, rest) = ("", lower);
        self.same(&Name { prefix, rest })
    }
}

/// Order of names in lower case. Their parts are handed over, since names that are moved are waited for.
#[inline(never)]
fn cmp_lower([prefix, a]: [&str; 2], [other_prefix, b]: [&str; 2]) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    // Mostly there is none; to compare nothing can take a processor long, as it may stand nowhere.
    if (prefix.len(), other_prefix.len()) != (0, 0) && prefix != other_prefix {
        let (a, b) = (
            prefix.bytes().chain(a.bytes()),
            other_prefix.bytes().chain(b.bytes()),
        );
        return a.map(lower).cmp(b.map(lower));
    }
    // Letters are changed only where bytes differ.
    let mut pairs = a.bytes().zip(b.bytes());
    match pairs.find(|(a, b)| a != b && lower(*a) != lower(*b)) {
        Some((a, b)) => lower(a).cmp(&lower(b)),
        None => a.len().cmp(&b.len()),
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) name: Name<'a>,
    pub(crate) value: Value<'a>,
    /// Set by a setter of its own, so that a second pair of this name is a mistake.
    pub(crate) single: bool,
}

impl<'a> Pair<'a> {
    const fn listed(prefix: &'static str, (rest, value): &(&'a str, &'a str)) -> Self {
        Self {
            name: Name { prefix, rest },
            value: Value::Text(value),
            single: false,
        }
    }
}

impl<'a> From<Single<'a>> for Pair<'a> {
    fn from((rest, value): Single<'a>) -> Self {
        Self {
            name: Name { prefix: "", rest },
            value,
            single: true,
        }
    }
}

/// What was collected: up to [`SINGLES`] pairs set one by one, by name, then up to [`LISTS`] borrowed lists.
#[derive(Clone, Copy)]
pub(crate) struct Pairs<'a> {
    singles: [Option<Single<'a>>; SINGLES],
    lists: [Option<List<'a>>; LISTS],
    /// How many were wanted of each.
    set: usize,
    added: usize,
}

type Single<'a> = (&'static str, Value<'a>);
/// What stands before each name, and names with values.
type List<'a> = (&'static str, &'a [(&'a str, &'a str)]);

/// Pairs that can be set one by one.
pub(crate) const SINGLES: usize = 16;
/// Lists that can be added.
pub(crate) const LISTS: usize = 4;

impl<'a> Pairs<'a> {
    pub(crate) const fn new() -> Self {
        Self {
            singles: [None; SINGLES],
            lists: [None; LISTS],
            set: 0,
            added: 0,
        }
    }

    /// Sets a pair; a second call with the same name replaces the value. No name needs encoding.
    pub(crate) fn set(&mut self, name: &'static str, value: Value<'a>) {
        let before = self.singles().take_while(|(set, _)| *set < name).count();
        let mut moved = Some((name, value));
        for room in self.singles.iter_mut().skip(before) {
            core::mem::swap(room, &mut moved);
            match moved {
                Some((set, _)) if set == name => return, // the value from before
                Some(_) => {}
                None => break,
            }
        }
        self.set += 1;
    }

    /// Takes away what was set by names that start with `prefix`.
    pub(crate) fn unset(&mut self, prefix: &str) {
        if self.overflowed() {
            return; // what found no room is not known
        }
        let mut kept = Self {
            singles: [None; SINGLES],
            set: 0,
            ..*self
        };
        let singles = self.singles();
        singles
            .filter(|(name, _)| !name.starts_with(prefix))
            .for_each(|(name, value)| kept.set(name, value));
        *self = kept;
    }

    /// Adds a list, each of whose names stands behind `prefix`.
    pub(crate) fn add(&mut self, prefix: &'static str, list: &'a [(&'a str, &'a str)]) {
        if let Some(room) = self.lists.get_mut(self.added) {
            *room = Some((prefix, list));
        }
        self.added += 1;
    }

    /// More was set or added than there is room for.
    pub(crate) const fn overflowed(&self) -> bool {
        self.set > SINGLES || self.added > LISTS
    }

    pub(crate) fn len(&self) -> usize {
        self.lists()
            .map(|(_, list)| list.len())
            .fold(self.set, usize::saturating_add)
    }

    pub(crate) fn get(&self, mut at: usize) -> Option<Pair<'a>> {
        if at < self.set {
            return self.singles.get(at).copied()?.map(Pair::from);
        }
        at -= self.set;
        for list in &self.lists {
            let (prefix, list) = list.as_ref()?;
            match list.get(at) {
                Some(pair) => return Some(Pair::listed(prefix, pair)),
                None => at -= list.len(),
            }
        }
        None
    }

    /// The pairs set one by one.
    pub(crate) fn singles(&self) -> impl Iterator<Item = Single<'a>> {
        self.singles.iter().map_while(|single| *single)
    }

    fn lists(&self) -> impl Iterator<Item = List<'a>> {
        self.lists.iter().map_while(|list| *list)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Pair<'a>> {
        let listed = |(prefix, list): List<'a>| {
            let pair = move |pair| Pair::listed(prefix, pair);
            list.iter().map(pair)
        };
        let listed = self.lists().flat_map(listed);
        self.singles().map(Pair::from).chain(listed)
    }
}

impl fmt::Debug for Pairs<'_> {
    /// Names only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.iter().map(|pair| pair.name);
        f.debug_list()
            .entries(names.map(|Name { prefix, rest }| (prefix, rest)))
            .finish()
    }
}

/// Writes `name=value`, encoded.
pub(crate) fn put_encoded(sink: &mut impl Sink, pair: &Pair<'_>) {
    match pair.single {
        true => sink.put(pair.name.rest.as_bytes()),
        false => uri_encode::query(sink, pair.name.rest),
    }
    sink.put(b"=");
    pair.value.read(|value| uri_encode::query(sink, value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_away_by_prefix() {
        let list = [("a-2", "listed")];
        let mut pairs = Pairs::new();
        for name in ["a", "a-1", "b", "c"] {
            pairs.set(name, Value::Text(name));
        }
        pairs.add("", &list);
        pairs.unset("a-");
        pairs.unset("c");
        let names: Vec<_> = pairs.iter().map(|p| p.name.rest).collect();
        assert_eq!(names, ["a", "b", "a-2"]);
        assert_eq!(pairs.len(), 3);

        for _ in 0..LISTS {
            pairs.add("", &list);
        }
        pairs.unset("a");
        assert!(pairs.overflowed());
    }

    #[test]
    fn in_order_and_replaced_by_name() {
        let (a, b) = ([("x", "1"), ("y", "2")], [("z", "3")]);
        let mut pairs = Pairs::new();
        pairs.add("", &a);
        pairs.set("m", Value::Text("old"));
        pairs.set("n", Value::Number(7));
        pairs.set("m", Value::Text("new"));
        pairs.add("p-", &b);
        let seen: Vec<_> = pairs
            .iter()
            .map(|p| (p.name.parts().concat(), p.value.read(str::to_owned)))
            .collect();
        let expected = [
            ("m", "new"),
            ("n", "7"),
            ("x", "1"),
            ("y", "2"),
            ("p-z", "3"),
        ];
        assert_eq!(seen, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
        assert_eq!(pairs.len(), 5);
        assert!(!pairs.overflowed());
        for _ in 0..LISTS {
            pairs.add("", &b);
        }
        assert!(pairs.overflowed());
    }
}
