//! Logs: one JSON object a line, with every secret masked, whoever writes the line.

use std::io::{self, Write};
use std::sync::Arc;

use arc_swap::ArcSwap;
use presign::Redactor;
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::{self, MakeWriter};

/// The secrets that no line may show: the log reads them, the service replaces them. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Arc<ArcSwap<Redactor>>);

impl Secrets {
    pub(crate) fn replace(&self, redactor: Redactor) {
        self.0.store(Arc::new(redactor));
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
    type Writer = RedactingWriter<W::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        RedactingWriter {
            writer: self.writer.make_writer(),
            redactor: self.secrets.0.load_full(),
        }
    }
}

struct RedactingWriter<W> {
    writer: W,
    redactor: Arc<Redactor>,
}

impl<W: Write> Write for RedactingWriter<W> {
    /// An event is written in one piece.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        write!(self.writer, "{}", self.redactor.redact(&text))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
