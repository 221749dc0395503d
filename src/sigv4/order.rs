//! Sorting without an allocator.

/// The maximum number of headers, and of parameters, of a request.
pub(crate) const MAX: usize = 255;

/// Writes the numbers of entries into `room`, and returns them. `None` if they do not fit.
pub(crate) fn fill(room: &mut [u16], numbers: impl Iterator<Item = u16>) -> Option<&mut [u16]> {
    let mut len = 0;
    for number in numbers {
        *room.get_mut(len)? = number;
        len += 1;
    }
    room.get_mut(..len)
}

/// Heapsort: in place, n log n for any input, and it cannot panic. `before` must be a total order.
pub(crate) fn sort(numbers: &mut [u16], before: impl Fn(u16, u16) -> bool) {
    if numbers.is_sorted_by(|a, b| !before(*b, *a)) {
        return;
    }
    for root in (0..numbers.len() / 2).rev() {
        sift_down(numbers, root, &before);
    }
    let mut heap = numbers;
    while let [first, .., last] = heap {
        core::mem::swap(first, last);
        let end = heap.len() - 1;
        heap = heap.get_mut(..end).unwrap_or_default();
        sift_down(heap, 0, &before);
    }
}

fn sift_down(heap: &mut [u16], mut root: usize, before: &impl Fn(u16, u16) -> bool) {
    loop {
        let child = 2 * root + 1;
        let child = match heap.get(child..) {
            Some([left, right, ..]) if before(*left, *right) => child + 1,
            _ => child,
        };
        let (Some(parent), Some(greater)) = (heap.get(root).copied(), heap.get(child).copied())
        else {
            return;
        };
        if !before(parent, greater) {
            return;
        }
        for (at, number) in [(root, greater), (child, parent)] {
            if let Some(entry) = heap.get_mut(at) {
                *entry = number;
            }
        }
        root = child;
    }
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
            let key = |n: u16| (values[usize::from(n)], n);
            let mut room = [0; 300];
            let sorted = fill(&mut room, 0..len).unwrap();
            sort(sorted, |a, b| key(a) < key(b));
            let mut expected: Vec<u16> = (0..len).collect();
            expected.sort_by_key(|n| key(*n));
            assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn needs_room() {
        assert!(fill(&mut [0; 3], 0..3).is_some());
        assert!(fill(&mut [0; 3], 0..4).is_none());
    }
}
