//! Step 1: the canonical request.

use super::digest::Hasher;
use super::sink::Sink;

/// Writes a canonical query string.
pub(crate) trait PutQuery {
    fn put(&self, sink: &mut impl Sink);
}

/// Writes canonical headers.
pub(crate) trait PutHeaders {
    /// Writes a line `name:value` for each header, including `host` if it is `Some`.
    fn put(&self, sink: &mut dyn Sink, host: Option<&[u8]>);

    /// Writes the signed headers: their names, joined by a separator.
    fn put_names(&self, sink: &mut dyn Sink, separator: &[u8]);
}

/// A canonical query string that has been written.
impl PutQuery for [u8] {
    fn put(&self, sink: &mut impl Sink) {
        sink.put(self);
    }
}

/// The parts of a canonical request, as written into the URL or received.
pub(crate) struct CanonicalRequest<'r, Q: ?Sized, H: ?Sized> {
    pub(crate) method: &'r str,
    pub(crate) uri: &'r [u8],
    pub(crate) query: &'r Q,
    pub(crate) host: &'r [u8],
    pub(crate) headers: &'r H,
    pub(crate) payload_hash: &'r [u8],
}

impl<Q: PutQuery + ?Sized, H: PutHeaders + ?Sized> CanonicalRequest<'_, Q, H> {
    /// Writes the canonical request.
    pub(crate) fn put(&self, sink: &mut impl Sink) {
        for piece in [self.method.as_bytes(), b"\n", self.uri, b"\n"] {
            sink.put(piece);
        }
        self.query.put(sink);
        sink.put(b"\n");
        self.headers.put(sink, Some(self.host));
        sink.put(b"\n");
        self.headers.put_names(sink, b";");
        sink.put(b"\n");
        sink.put(self.payload_hash);
    }

    /// The SHA-256 of the canonical request.
    #[inline(never)] // keeps the hasher off the stack while the hash is signed, and saves 9 instructions
    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut hasher = Hasher::default();
        self.put(&mut hasher);
        hasher.finish()
    }
}
