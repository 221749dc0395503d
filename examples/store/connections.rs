//! The server's connections: their timeouts, and what happens if one cannot be accepted.

use std::error::Error;
use std::io::{self, Write};
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio_io_timeout::TimeoutStream;

/// Limits the chunks of a body: s3s 0.14.1 fails on a form's file if a chunk of 64 KiB follows one that ends in `\r`.
const MAX_BUFFER: usize = 32 * 1024;

/// How long to wait after a failed accept, so that other connections can close.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves HTTP/1.1 for as long as it is polled.
///
/// `timeout` limits how long a request's head may take, how long a connection may be idle, and how long a response may wait
/// for a client that does not read. A failed accept, for example because too many files are open, is reported on standard
/// error and tried again.
pub async fn serve<S, B>(listener: TcpListener, timeout: Duration, service: S)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(timeout)
        .max_buf_size(MAX_BUFFER);
    loop {
        let socket = match listener.accept().await {
            Ok((socket, _)) => socket,
            Err(error) => {
                // Must not panic if standard error is closed.
                let _ = writeln!(io::stderr(), "connection not accepted: {error}");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let mut socket = TimeoutStream::new(socket);
        socket.set_write_timeout(Some(timeout));
        let socket = TokioIo::new(Box::pin(socket));
        tokio::spawn(http.serve_connection(socket, service.clone()));
    }
}
