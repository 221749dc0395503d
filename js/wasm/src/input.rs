//! Options as `glue.js` writes them: for each text its tag and its length in bytes, as two numbers of four bytes, low byte
//! first; then the texts. A tag below [`SINGLES`] is an option that is given once; the others are lists.

use alloc::vec::Vec;

// The order is that of `glue.js`.
pub(crate) const ACCESS_KEY_ID: usize = 0;
pub(crate) const SECRET_ACCESS_KEY: usize = 1;
pub(crate) const SESSION_TOKEN: usize = 2;
pub(crate) const EXPIRATION: usize = 3;
pub(crate) const EXPRESS_SESSION: usize = 4;
/// How many of them are credentials.
pub(crate) const CREDENTIALS: usize = 5;
pub(crate) const BUCKET: usize = 5;
pub(crate) const REGION: usize = 6;
pub(crate) const ENDPOINT: usize = 7;
pub(crate) const PATH_STYLE: usize = 8;
pub(crate) const GLOBAL_ENDPOINT: usize = 9;
pub(crate) const DUAL_STACK: usize = 10;
pub(crate) const FIPS: usize = 11;
pub(crate) const ACCELERATE: usize = 12;
pub(crate) const CONTROL_ENDPOINT: usize = 13;
pub(crate) const SAME_REGION: usize = 14;
pub(crate) const METHOD: usize = 15;
pub(crate) const KEY: usize = 16;
pub(crate) const EXPIRES_IN: usize = 17;
pub(crate) const EXPIRES_AT: usize = 18;
pub(crate) const EXPIRY_POLICY: usize = 19;
pub(crate) const ALIGN_TO: usize = 20;
pub(crate) const ALLOW_DOT_SEGMENTS: usize = 21;
pub(crate) const DOWNLOAD_AS: usize = 22;
pub(crate) const INLINE_AS: usize = 23;
pub(crate) const MIN_LENGTH: usize = 24;
pub(crate) const MAX_LENGTH: usize = 25;
pub(crate) const URL: usize = 26;
pub(crate) const MAX_AGE: usize = 27;
pub(crate) const CLOCK_TOLERANCE: usize = 28;
pub(crate) const SINGLES: usize = 29;

pub(crate) const HEADERS: usize = 0;
pub(crate) const QUERY: usize = 1;
pub(crate) const FIELDS: usize = 2;
pub(crate) const OPEN_FIELDS: usize = 3;
pub(crate) const KEYS: usize = 4;
pub(crate) const REGIONS: usize = 5;
pub(crate) const SERVICES: usize = 6;
const LISTS: usize = 7;

#[derive(Default)]
pub(crate) struct Input<'a> {
    singles: [Option<&'a str>; SINGLES],
    lists: [Vec<&'a str>; LISTS],
}

impl<'a> Input<'a> {
    pub(crate) fn parse(bytes: &'a [u8], fields: usize) -> Option<Self> {
        let (fields, texts) = bytes.split_at_checked(fields.checked_mul(8)?)?;
        let mut texts = core::str::from_utf8(texts).ok()?;
        let mut this = Self::default();
        for field in fields.chunks_exact(8) {
            let (tag, length) = field.split_first_chunk()?;
            let tag = usize::try_from(u32::from_le_bytes(*tag)).ok()?;
            let length = usize::try_from(u32::from_le_bytes(length.try_into().ok()?)).ok()?;
            let (text, rest) = texts.split_at_checked(length)?;
            texts = rest;
            match this.singles.get_mut(tag) {
                Some(single) => *single = Some(text),
                None => this.lists.get_mut(tag - SINGLES)?.push(text),
            }
        }
        Some(this)
    }

    pub(crate) fn get(&self, single: usize) -> Option<&'a str> {
        self.singles.get(single).copied().flatten()
    }

    pub(crate) fn has(&self, single: usize) -> bool {
        self.get(single).is_some()
    }

    /// A number; `glue.js` writes no other text there.
    pub(crate) fn number(&self, single: usize) -> Option<i64> {
        self.get(single)?.parse().ok()
    }

    pub(crate) fn unsigned(&self, single: usize) -> Option<u64> {
        self.number(single)?.try_into().ok()
    }

    pub(crate) fn list(&self, list: usize) -> &[&'a str] {
        self.lists.get(list).map_or(&[], Vec::as_slice)
    }

    /// Names and values.
    pub(crate) fn pairs(&self, list: usize) -> Vec<(&'a str, &'a str)> {
        let pairs = self.list(list).chunks_exact(2);
        pairs
            .filter_map(|pair| Some((*pair.first()?, *pair.last()?)))
            .collect()
    }

    pub(crate) fn credentials(&self) -> &[Option<&'a str>] {
        self.singles.get(..CREDENTIALS).unwrap_or_default()
    }
}
