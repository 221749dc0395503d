//! Sorting without an allocator: the numbers 0..n in an order, held in borrowed bytes.

/// A permutation of `0..len`, `WIDTH` bytes an entry.
pub(crate) struct Order<'b, const WIDTH: usize> {
    bytes: &'b mut [u8],
    len: usize,
}

impl<'b, const WIDTH: usize> Order<'b, WIDTH> {
    /// The identity over the last bytes of `room`, if `len` entries fit there.
    pub(crate) fn identity(room: &'b mut [u8], len: usize) -> Option<Self> {
        let start = room.len().checked_sub(len.checked_mul(WIDTH)?)?;
        let bytes = room.get_mut(start..)?;
        let mut order = Self { bytes, len };
        for n in 0..len {
            order.set(n, n);
        }
        Some(order)
    }

    pub(crate) fn get(&self, at: usize) -> usize {
        entry::<WIDTH>(self.bytes, at)
    }

    /// Puts another number in place of each.
    pub(crate) fn map(&mut self, other: impl Fn(usize) -> usize) {
        for at in 0..self.len {
            self.set(at, other(self.get(at)));
        }
    }

    fn set(&mut self, at: usize, mut n: usize) {
        let from = at * WIDTH;
        for byte in self.bytes.get_mut(from..from + WIDTH).unwrap_or_default() {
            *byte = n as u8; // low byte first; callers bound `n` to `WIDTH` bytes
            n >>= 8;
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        let (n, m) = (self.get(a), self.get(b));
        self.set(a, m);
        self.set(b, n);
    }

    /// Heapsort: in place, n log n for any input, and small. `before` must be a total order.
    pub(crate) fn sort(&mut self, before: impl Fn(usize, usize) -> bool) {
        for root in (0..self.len / 2).rev() {
            self.sift_down(root, self.len, &before);
        }
        for end in (1..self.len).rev() {
            self.swap(0, end);
            self.sift_down(0, end, &before);
        }
    }

    fn sift_down(&mut self, mut root: usize, end: usize, before: &impl Fn(usize, usize) -> bool) {
        loop {
            let mut child = 2 * root + 1;
            if child >= end {
                return;
            }
            if child + 1 < end && before(self.get(child), self.get(child + 1)) {
                child += 1;
            }
            if !before(self.get(root), self.get(child)) {
                return;
            }
            self.swap(root, child);
            root = child;
        }
    }
}

/// Entry `at` of a permutation held in `bytes`.
pub(crate) fn entry<const WIDTH: usize>(bytes: &[u8], at: usize) -> usize {
    let from = at * WIDTH;
    let bytes = bytes.get(from..from + WIDTH).unwrap_or_default();
    bytes
        .iter()
        .rev()
        .fold(0, |n, byte| n << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_like_the_standard_library() {
        // A linear congruential generator: the same "random" lists on every run.
        let mut state = 1_u32;
        for len in 0..300 {
            let values: Vec<u32> = (0..len)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    state >> 24
                })
                .collect();
            let mut room = [0; 700];
            let mut order = Order::<2>::identity(&mut room, len).unwrap();
            order.sort(|a, b| (values[a], a) < (values[b], b));
            let sorted: Vec<usize> = (0..len).map(|at| order.get(at)).collect();
            let mut expected: Vec<usize> = (0..len).collect();
            expected.sort_by_key(|n| values[*n]);
            assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn wants_room() {
        assert!(Order::<2>::identity(&mut [0; 5], 3).is_none());
        assert!(Order::<2>::identity(&mut [0; 6], 3).is_some());
        assert!(Order::<2>::identity(&mut [], usize::MAX).is_none());
    }
}
