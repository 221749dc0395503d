//! The credential scope: `20130524/us-east-1/s3/aws4_request`.

use super::sink::Sink;
use super::uri_encode;
use crate::timestamp::Day;

/// Where and on which day a signature holds.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub(crate) day: Day,
    pub(crate) region: &'s str,
    pub(crate) service: &'s str,
}

/// The last part of every scope.
pub(crate) const TERMINATOR: &str = "aws4_request";

impl Scope<'_> {
    /// As it stands in the string to sign.
    pub(crate) fn put(&self, sink: &mut impl Sink) {
        sink.put(self.day.as_bytes());
        for part in [self.region, self.service, TERMINATOR] {
            sink.put(b"/");
            sink.put(part.as_bytes());
        }
    }

    /// As it stands in `X-Amz-Credential`.
    pub(crate) fn put_encoded(&self, sink: &mut impl Sink) {
        sink.put(self.day.as_bytes());
        for part in [self.region, self.service, TERMINATOR] {
            sink.put(b"%2F");
            uri_encode::query(sink, part);
        }
    }
}
