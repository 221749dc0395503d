//! A web site with one page, for browsers.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How long a browser may be silent.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The maximum number of bytes read of a request.
const MAX_REQUEST: usize = 64 * 1024;

/// A site on a free loopback port. It answers after [`serve`](Self::serve) is called, until the process exits.
#[derive(Debug)]
pub struct Site {
    listener: TcpListener,
    url: String,
}

impl Site {
    /// Reserves a port, so that the page can contain its own address.
    ///
    /// # Errors
    /// Any error of the system.
    pub fn bind() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let url = format!("http://{}/", listener.local_addr()?);
        Ok(Self { listener, url })
    }

    /// The address of the page.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The page's address with `done` appended, at which [`serve`](Self::serve) reports that the upload is done.
    #[must_use]
    pub fn done(&self) -> String {
        format!("{}done", self.url)
    }

    /// Answers with the page, which is created anew each time.
    pub fn serve(self, page: impl Fn() -> String + Send + Sync + 'static) {
        let page = Arc::new(page);
        thread::spawn(move || {
            // A browser also opens connections that it may never use.
            for stream in self.listener.incoming().flatten() {
                let page = Arc::clone(&page);
                thread::spawn(move || answer(stream, &*page));
            }
        });
    }
}

fn answer(mut stream: TcpStream, page: &dyn Fn() -> String) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    while !request.ends_with(b"\r\n\r\n") && request.len() < MAX_REQUEST {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            length => request.extend(buffer.iter().take(length)),
        }
    }
    let (status, body) = if request.starts_with(b"GET / ") {
        ("200 OK", page())
    } else if request.starts_with(b"GET /done?") {
        let done =
            "<!DOCTYPE html>\n<title>Uploaded</title>\n<p>Uploaded. <a href=\"/\">Another</a>\n";
        ("200 OK", done.to_owned())
    } else {
        ("404 Not Found", String::new())
    };
    let length = body.len();
    let headers = format!(
        "Content-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n"
    );
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n{body}"
    )
}
