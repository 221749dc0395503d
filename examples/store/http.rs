//! An HTTP/1.1 client that sends a URL unchanged.
//!
//! Other clients parse a URL, and may normalize, encode or decode parts of it; a test would then check the client
//! together with the signer. This one splits the URL at the first slash. It connects only to loopback addresses; for
//! others, the caller connects. It sends one request per connection.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// How long the server may be silent.
const TIMEOUT: Duration = Duration::from_secs(30);
/// More than any of our servers sends.
const MAX_HEADERS: usize = 64;

/// The server's answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, and values as received.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, without its framing.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header (pass its name in lower case), if it occurs once and is UTF-8.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(given, _)| given == name);
        let (_, value) = values.next()?;
        std::str::from_utf8(value)
            .ok()
            .filter(|_| values.next().is_none())
    }

    /// The text between the first `<name>` and `</name>` of an XML body. Entities are not decoded.
    #[must_use]
    pub fn element(&self, name: &str) -> Option<&str> {
        let body = std::str::from_utf8(&self.body).ok()?;
        let (_, rest) = body.split_once(&format!("<{name}>"))?;
        let (text, _) = rest.split_once(&format!("</{name}>"))?;
        Some(text)
    }

    /// The code of an S3 error, such as `SignatureDoesNotMatch`.
    #[must_use]
    pub fn error_code(&self) -> Option<&str> {
        self.element("Code").filter(|_| self.status >= 300)
    }
}

/// Sends a request and reads the whole answer.
///
/// `Host` is the URL's authority and `Content-Length` the body's length, unless `headers` contains them. Everything
/// else is sent exactly as given.
///
/// # Errors
/// `InvalidInput` for a URL that is not `http` to a loopback address (`127.0.0.1`, `[::1]`, `localhost` and names below
/// it), and for white space or control characters that would corrupt the request; `InvalidData` and `UnexpectedEof` for
/// an answer that is not HTTP or incomplete; and any error of the system.
pub fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
    let (authority, target) = url
        .strip_prefix("http://")
        .ok_or_else(|| invalid("the URL does not start with http://"))
        .and_then(split)?;
    head(method, authority, target, headers, body.len())?; // before connecting
    let mut stream = TcpStream::connect_timeout(&loopback(authority)?, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    send_over(&mut stream, method, url, headers, body)
}

/// The same over a connection from the caller, to any address, encrypted or not.
///
/// # Errors
/// `InvalidInput` for a URL that is neither `http` nor `https`; other errors as for [`send`].
pub fn send_over(
    stream: &mut (impl Read + Write),
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Answer> {
    let (authority, target) = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"))
        .ok_or_else(|| invalid("the URL is neither http nor https"))
        .and_then(split)?;
    let head = head(method, authority, target, headers, body.len())?;
    // A server may refuse an upload and close before it has read the body. Its answer is more useful than a broken
    // pipe.
    let written = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body))
        .and_then(|()| stream.flush());
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    match parse(method, &bytes) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            written.and(read.map(drop)).and(Err(error))
        }
        parsed => parsed,
    }
}

/// A body of `multipart/form-data` as browsers send it (RFC 7578): the fields unchanged, then the file, in a part named
/// `file`. Returns the value of `Content-Type`, and the body.
///
/// # Errors
/// `InvalidInput` for a quote or a line break in a name or in the file's type, which would corrupt the form.
pub fn form(
    fields: &[(&str, &str)],
    (file_name, content_type): (&str, &str),
    content: &[u8],
) -> io::Result<(String, Vec<u8>)> {
    // A boundary must not occur in the parts that it separates.
    let holds = |text: &[u8], part: &str| text.windows(part.len()).any(|w| w == part.as_bytes());
    let mut boundary = String::from("----presign");
    while holds(content, &boundary) || fields.iter().any(|(_, text)| text.contains(&boundary)) {
        boundary.push('-');
    }
    let mut names = fields.iter().map(|(name, _)| *name);
    if names.any(|name| name.contains(['"', '\r', '\n']))
        || [file_name, content_type]
            .iter()
            .any(|text| text.contains(['"', '\r', '\n']))
    {
        return Err(invalid("a quote or a line break in a form's names"));
    }
    let mut body = Vec::with_capacity(content.len() + 4096);
    for (name, value) in fields {
        let disposition = format!("Content-Disposition: form-data; name=\"{name}\"");
        body.extend(format!("--{boundary}\r\n{disposition}\r\n\r\n{value}\r\n").bytes());
    }
    let disposition =
        format!("Content-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"");
    let header = format!("{disposition}\r\nContent-Type: {content_type}\r\n\r\n");
    body.extend(format!("--{boundary}\r\n{header}").bytes());
    body.extend_from_slice(content);
    body.extend(format!("\r\n--{boundary}--\r\n").bytes());
    Ok((format!("multipart/form-data; boundary={boundary}"), body))
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

/// The authority and the request target of a URL without its scheme.
fn split(rest: &str) -> io::Result<(&str, &str)> {
    let slash = rest
        .find('/')
        .ok_or_else(|| invalid("the URL has no path"))?;
    Ok(rest.split_at(slash))
}

/// The address to connect to, without a name server.
fn loopback(authority: &str) -> io::Result<SocketAddr> {
    if let Ok(address) = authority.parse::<SocketAddr>() {
        return Some(address)
            .filter(|address| address.ip().is_loopback())
            .ok_or_else(|| invalid("the URL's address is not loopback"));
    }
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "80"));
    if host != "localhost" && !host.ends_with(".localhost") {
        return Err(invalid("the URL's host is not below localhost"));
    }
    let port: u16 = port
        .parse()
        .map_err(|_| invalid("the URL's port is not a number"))?;
    Ok((Ipv4Addr::LOCALHOST, port).into())
}

fn head(
    method: &str,
    authority: &str,
    target: &str,
    headers: &[(&str, &str)],
    body_length: usize,
) -> io::Result<String> {
    let mut head = format!("{method} {target} HTTP/1.1\r\n");
    if head.bytes().filter(|byte| *byte <= b' ').count() != 4 {
        return Err(invalid(
            "white space or a control character in method or URL",
        ));
    }
    let given = |name: &str| {
        let mut names = headers.iter().map(|(name, _)| name);
        names.any(|given| given.eq_ignore_ascii_case(name))
    };
    let mut put = |name: &str, value: &str| {
        if value.contains(['\r', '\n']) || name.contains(['\r', '\n']) {
            return Err(invalid("a line break in a header"));
        }
        for part in [name, ": ", value, "\r\n"] {
            head.push_str(part);
        }
        Ok(())
    };
    if !given("host") {
        put("Host", authority)?;
    }
    for (name, value) in headers {
        put(name, value)?;
    }
    if !given("content-length") && (body_length > 0 || matches!(method, "PUT" | "POST")) {
        put("Content-Length", &body_length.to_string())?;
    }
    put("Connection", "close")?;
    head.push_str("\r\n");
    Ok(head)
}

fn parse(method: &str, mut bytes: &[u8]) -> io::Result<Answer> {
    let malformed = |error: httparse::Error| io::Error::new(io::ErrorKind::InvalidData, error);
    let cut_off = || io::Error::from(io::ErrorKind::UnexpectedEof);
    loop {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(length) = response.parse(bytes).map_err(malformed)? else {
            return Err(cut_off());
        };
        let (_, body) = bytes.split_at(length);
        let status = response.code.unwrap_or_default();
        if status < 200 {
            bytes = body; // an interim answer
            continue;
        }
        let headers = response
            .headers
            .iter()
            .map(|header| (header.name.to_ascii_lowercase(), header.value.to_vec()));
        let mut answer = Answer {
            status,
            headers: headers.collect(),
            body: Vec::new(),
        };
        let chunked = answer.header("transfer-encoding") == Some("chunked");
        let length = answer
            .header("content-length")
            .and_then(|length| length.parse().ok());
        answer.body = if method == "HEAD" || status == 204 || status == 304 {
            Vec::new()
        } else if chunked {
            unchunk(body)?
        } else {
            // Without a length, the body extends until the server closes the connection.
            let length = length.unwrap_or(body.len());
            body.get(..length).ok_or_else(cut_off)?.to_vec()
        };
        return Ok(answer);
    }
}

/// Joins the chunks of a body.
fn unchunk(mut bytes: &[u8]) -> io::Result<Vec<u8>> {
    let malformed = |_| io::Error::new(io::ErrorKind::InvalidData, "a chunk's size is malformed");
    let cut_off = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let mut body = Vec::new();
    loop {
        let parsed = httparse::parse_chunk_size(bytes).map_err(malformed)?;
        let httparse::Status::Complete((start, size)) = parsed else {
            return Err(cut_off());
        };
        if size == 0 {
            return Ok(body); // trailers are not needed
        }
        let size = usize::try_from(size).map_err(|_| cut_off())?;
        let (chunk, rest) = bytes
            .get(start..)
            .and_then(|bytes| bytes.split_at_checked(size))
            .ok_or_else(cut_off)?;
        body.extend_from_slice(chunk);
        bytes = rest.strip_prefix(b"\r\n").ok_or_else(cut_off)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn body(bytes: &str) -> Vec<u8> {
        parse("GET", bytes.as_bytes()).unwrap().body
    }

    #[track_caller]
    fn error(bytes: &str) -> io::ErrorKind {
        parse("GET", bytes.as_bytes()).unwrap_err().kind()
    }

    #[test]
    fn bodies() {
        assert_eq!(
            body("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab"),
            b"ab"
        );
        assert_eq!(body("HTTP/1.1 200 OK\r\n\r\nab"), b"ab");
        assert_eq!(
            body(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\na\r\n\r\n1\r\nb\r\n0\r\n\r\n"
            ),
            b"a\r\nb"
        );
        assert_eq!(
            body("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
            b""
        );
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n";
        assert_eq!(parse("HEAD", head).unwrap().body, b"");
    }

    #[test]
    fn answers_that_are_not_whole() {
        for bytes in [
            "",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
        ] {
            assert_eq!(error(bytes), io::ErrorKind::UnexpectedEof, "{bytes:?}");
        }
        assert_eq!(error("SSH-2.0\r\n"), io::ErrorKind::InvalidData);
    }

    #[test]
    fn requests_stand_as_given() {
        assert_eq!(
            head(
                "GET",
                "h.localhost:1",
                "/a%2fb/../+?x=%20&y",
                &[("X-A", "b  c")],
                0
            )
            .unwrap(),
            "GET /a%2fb/../+?x=%20&y HTTP/1.1\r\nHost: h.localhost:1\r\nX-A: b  c\r\nConnection: close\r\n\r\n"
        );
        let put = head("PUT", "h", "/", &[("host", "other")], 0).unwrap();
        assert_eq!(
            put,
            "PUT / HTTP/1.1\r\nhost: other\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    }

    #[test]
    fn requests_that_are_not_sent() {
        for url in [
            "https://127.0.0.1:1/",
            "http://127.0.0.1:1",
            "http://192.0.2.1:1/",
            "http://s3.amazonaws.com/",
            "http://notlocalhost:1/",
            "http://localhost:x/",
            "http://127.0.0.1:1/a b",
            "http://127.0.0.1:1/a\r\nX-Amz-Evil: 1",
        ] {
            let error = send("GET", url, &[], b"").unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{url}");
        }
        let headers = [("x-a", "b\r\nx-c: d")];
        let error = send("GET", "http://127.0.0.1:1/", &headers, b"").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }

    #[test]
    fn elements() {
        let answer = Answer {
            status: 403,
            headers: Vec::new(),
            body: b"<Error><Code>AccessDenied</Code></Error>".to_vec(),
        };
        assert_eq!(answer.error_code(), Some("AccessDenied"));
        assert_eq!(answer.element("Message"), None);
    }
}
