//! Destinations for written bytes.

/// A destination for bytes. Writing cannot fail: whether a buffer was large enough is checked once, at the end.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);

    /// Writes several pieces in one call, which matters for dynamic dispatch.
    fn put_all(&mut self, pieces: &[&[u8]]) {
        for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
            self.put(piece);
        }
    }
}

/// Counts the bytes.
#[derive(Default)]
pub(crate) struct Length(pub(crate) usize);

impl Sink for Length {
    fn put(&mut self, bytes: &[u8]) {
        self.0 = self.0.saturating_add(bytes.len());
    }
}

/// Writes into the caller's buffer. What does not fit is only counted.
pub(crate) struct Buffer<'b> {
    bytes: &'b mut [u8],
    len: usize,
}

impl<'b> Buffer<'b> {
    pub(crate) const fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, len: 0 }
    }

    /// The number of bytes written, including those that did not fit.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// The bytes written since position `from`. Empty if they did not fit.
    pub(crate) fn since(&self, from: usize) -> &[u8] {
        self.range(from, self.len)
    }

    /// The bytes written at `from..to`. Empty if they did not fit.
    pub(crate) fn range(&self, from: usize, to: usize) -> &[u8] {
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// The unused rest of the buffer.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        self.bytes.get_mut(self.len..).unwrap_or_default()
    }

    /// Returns everything written, or `None` if it did not fit.
    pub(crate) fn finish(self) -> Option<&'b [u8]> {
        self.bytes.get(..self.len)
    }
}

impl Sink for Buffer<'_> {
    fn put(&mut self, bytes: &[u8]) {
        // Exactly as long as `bytes`, so that the compiler sees that the copy cannot panic.
        let room = self.room().get_mut(..bytes.len());
        if let Some(room) = room {
            room.copy_from_slice(bytes);
        }
        self.len = self.len.saturating_add(bytes.len());
    }
}

#[cfg(feature = "alloc")]
impl Sink for alloc::vec::Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Writes a number in decimal.
pub(crate) fn put_decimal(sink: &mut impl Sink, mut n: u32) {
    let mut digits = [0; 10];
    let mut start = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (n % 10) as u8;
        start -= 1;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    sink.put(digits.get(start..).unwrap_or_default());
}

/// Writes a number in decimal. Separate from [`put_decimal`], because small processors have no division of 64 bits.
pub(crate) fn put_decimal_u64(sink: &mut impl Sink, n: u64) {
    match u32::try_from(n) {
        Ok(n) => put_decimal(sink, n),
        Err(_) => {
            put_decimal_u64(sink, n / 10);
            sink.put(&[b'0' + (n % 10) as u8]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        for (n, text) in [
            (0, "0"),
            (9, "9"),
            (10, "10"),
            (604_800, "604800"),
            (u64::MAX, "18446744073709551615"),
        ] {
            let mut bytes = [0; 20];
            let mut buffer = Buffer::new(&mut bytes);
            put_decimal_u64(&mut buffer, n);
            assert_eq!(buffer.finish(), Some(text.as_bytes()));
        }
    }

    #[test]
    fn a_full_buffer_goes_on_counting() {
        let mut bytes = [0; 3];
        let mut buffer = Buffer::new(&mut bytes);
        buffer.put(b"ab");
        buffer.put(b"cd");
        buffer.put(b"e");
        assert_eq!((buffer.len(), buffer.finish()), (5, None));
    }

    /// Lists can repeat one text many times, so a URL can be longer than a 32-bit `usize`.
    #[test]
    fn counts_stop_at_the_end() {
        let mut length = Length(usize::MAX - 1);
        length.put(b"ab");
        assert_eq!(length.0, usize::MAX);
        let mut buffer = Buffer {
            bytes: &mut [],
            len: usize::MAX - 1,
        };
        buffer.put(b"ab");
        assert_eq!(buffer.len(), usize::MAX);
    }
}
