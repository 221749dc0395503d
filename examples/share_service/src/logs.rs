//! Logs: one JSON object a line, with secrets masked whoever writes them.

use std::io::{self, Write};

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::{self, MakeWriter};

/// Lines go through [`presign::redact`], so that not even a dependency's message shows a signature or a session token.
pub fn subscriber<W: for<'w> MakeWriter<'w> + Send + Sync + 'static>(
    filter: EnvFilter,
    writer: W,
) -> impl Subscriber + Send + Sync {
    fmt::Subscriber::builder()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(Redacting(writer))
        .finish()
}

struct Redacting<W>(W);

impl<'w, W: MakeWriter<'w>> MakeWriter<'w> for Redacting<W> {
    type Writer = RedactingWriter<W::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        RedactingWriter(self.0.make_writer())
    }
}

struct RedactingWriter<W>(W);

impl<W: Write> Write for RedactingWriter<W> {
    /// An event is written in one piece.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        write!(self.0, "{}", presign::redact(&text))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
