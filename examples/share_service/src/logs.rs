//! Logs: one JSON object per line, with secrets masked.

use std::io::{self, Write};
use std::sync::Arc;

use arc_swap::ArcSwap;
use presign::Redactor;
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::{self, MakeWriter};

/// The secrets that no line may show. Clones share them: the service replaces them, the log reads them.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Arc<ArcSwap<Redactor>>);

impl Secrets {
    pub(crate) fn replace(&self, redactor: Redactor) {
        self.0.store(Arc::new(redactor));
    }

    pub(crate) fn redact(&self, text: &str) -> String {
        self.0.load().redact(text).to_string()
    }
}

/// Lines pass through a [`Redactor`], so that not even a dependency's message shows a signature, a token or a secret.
pub fn subscriber<W: for<'w> MakeWriter<'w> + Send + Sync + 'static>(
    filter: EnvFilter,
    writer: W,
    secrets: Secrets,
) -> impl Subscriber + Send + Sync {
    fmt::Subscriber::builder()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(Redacting { writer, secrets })
        .finish()
}

struct Redacting<W> {
    writer: W,
    secrets: Secrets,
}

impl<'w, W: MakeWriter<'w>> MakeWriter<'w> for Redacting<W> {
    type Writer = RedactingWriter<'w, W::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        RedactingWriter {
            writer: self.writer.make_writer(),
            secrets: &self.secrets,
        }
    }
}

struct RedactingWriter<'s, W> {
    writer: W,
    secrets: &'s Secrets,
}

impl<W: Write> Write for RedactingWriter<'_, W> {
    /// An event is written in one piece.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        self.writer
            .write_all(self.secrets.redact(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
