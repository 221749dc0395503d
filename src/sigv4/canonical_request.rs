//! Step 1: the canonical request.

use super::canonical_headers::CanonicalHeaders;
use super::digest::Hasher;
use super::sink::Sink;

/// The pieces, as they were written into the URL.
pub(crate) struct CanonicalRequest<'r> {
    pub(crate) method: &'r str,
    pub(crate) uri: &'r [u8],
    pub(crate) query: &'r [u8],
    pub(crate) host: &'r [u8],
    pub(crate) headers: &'r CanonicalHeaders<'r>,
    pub(crate) payload_hash: &'r [u8],
}

impl CanonicalRequest<'_> {
    /// Writes the text of the canonical request.
    pub(crate) fn put(&self, sink: &mut impl Sink) {
        for piece in [
            self.method.as_bytes(),
            b"\n",
            self.uri,
            b"\n",
            self.query,
            b"\n",
        ] {
            sink.put(piece);
        }
        self.headers.put(sink, Some(self.host));
        sink.put(b"\n");
        self.headers.put_names(sink);
        sink.put(b"\n");
        sink.put(self.payload_hash);
    }

    /// The SHA-256 of the text.
    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut hasher = Hasher::default();
        self.put(&mut hasher);
        hasher.finish()
    }
}
