//! The endpoint that the checks run against, and what it supports.

use std::error::Error;
use std::fs;
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime};

use presign::{Bucket, Credentials, Method, PresignedUrl, Presigner};
use presign_store::http::{self, Answer};
use roxmltree::Document;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// How long a server may be silent.
const TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) struct Server {
    /// The heading of the server's column.
    pub(crate) name: &'static str,
    pub(crate) credentials: Credentials<'static>,
    /// The bucket for most checks.
    pub(crate) bucket: Bucket<'static>,
    /// The bucket in both addressing styles, if the server supports them.
    pub(crate) path_style: Option<Bucket<'static>>,
    pub(crate) virtual_hosted: Option<Bucket<'static>>,
    /// Credentials without a token.
    pub(crate) permanent: Option<Credentials<'static>>,
    /// Credentials with a token that the server issued.
    pub(crate) issued: Option<Issued>,
    /// A bucket with versioning, if there is one.
    pub(crate) versioned: Option<Bucket<'static>>,
    /// The server is stopped after the run, so keys can be anything.
    pub(crate) disposable: bool,
    /// The prefix of all keys.
    pub(crate) prefix: String,
}

impl Server {
    pub(crate) fn new(
        name: &'static str,
        credentials: Credentials<'static>,
        bucket: Bucket<'static>,
    ) -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.unwrap_or_default().as_nanos();
        Self {
            name,
            credentials,
            bucket,
            path_style: None,
            virtual_hosted: None,
            permanent: None,
            issued: None,
            versioned: None,
            disposable: false,
            prefix: format!("presign-check-{now:x}-{:x}/", std::process::id()),
        }
    }

    pub(crate) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    pub(crate) fn presigner<'a>(&'a self, method: Method, key: &'a str) -> Presigner<'a> {
        Presigner::new(method, &self.credentials, &self.bucket, key).allow_dot_segments()
    }

    /// Fails if nothing could be checked or cleaned up.
    pub(crate) fn can_list(&self) -> Result<(), Box<dyn Error>> {
        let list = Presigner::list(&self.credentials, &self.bucket).prefix(&self.prefix);
        let answer = send(&list, b"");
        let answer = answer.map_err(|error| format!("the endpoint does not answer: {error}"))?;
        expect(&answer, "the bucket cannot be listed")
    }

    /// Creates a bucket, with a link.
    pub(crate) fn create(&self, bucket: &Bucket<'_>) -> Result<(), Box<dyn Error>> {
        let answer = send(
            &Presigner::bucket(Method::Put, &self.credentials, bucket),
            b"",
        )?;
        expect(&answer, "a bucket was not created")
    }

    /// Enables versioning on a bucket.
    pub(crate) fn keep_versions(&self, bucket: &Bucket<'_>) -> Result<(), Box<dyn Error>> {
        let query = [("versioning", "")];
        let put = Presigner::bucket(Method::Put, &self.credentials, bucket).query(&query);
        let body = "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                    <Status>Enabled</Status></VersioningConfiguration>";
        expect(&send(&put, body.as_bytes())?, "versions were not enabled")
    }

    pub(crate) fn keeps_versions(&self, bucket: &Bucket<'_>) -> Result<bool, Box<dyn Error>> {
        let query = [("versioning", "")];
        let get = Presigner::bucket(Method::Get, &self.credentials, bucket).query(&query);
        Ok(send(&get, b"")?.element("Status") == Some("Enabled"))
    }

    /// Deletes everything that the checks created: objects, their versions, and uploads.
    pub(crate) fn clean_up(&self) -> Result<(), Box<dyn Error>> {
        let versioned = self.versioned.is_some();
        let on = |method| Presigner::bucket(method, &self.credentials, &self.bucket);
        loop {
            let list = [if versioned {
                ("versions", "")
            } else {
                ("list-type", "2")
            }];
            let answer = send(&on(Method::Get).query(&list).prefix(&self.prefix), b"")?;
            expect(&answer, "the remaining objects could not be listed")?;
            let left = entries(
                &answer,
                &["Contents", "Version", "DeleteMarker"],
                &self.prefix,
            )?;
            if left.is_empty() {
                break;
            }
            for entry in left {
                let delete = self.presigner(Method::Delete, &entry.key);
                let delete = match entry.version_id.as_str() {
                    "" => delete,
                    version_id => delete.version_id(version_id),
                };
                expect(&send(&delete, b"")?, "an object was not deleted")?;
            }
        }
        let answer = send(
            &on(Method::Get)
                .query(&[("uploads", "")])
                .prefix(&self.prefix),
            b"",
        )?;
        if answer.status == 200 {
            for entry in entries(&answer, &["Upload"], &self.prefix)? {
                let (key, id) = (&entry.key, &entry.upload_id);
                let abort =
                    Presigner::abort_multipart_upload(&self.credentials, &self.bucket, key, id);
                expect(&send(&abort, b"")?, "an upload was not aborted")?;
            }
        }
        Ok(())
    }
}

fn expect(answer: &Answer, what: &str) -> Result<(), Box<dyn Error>> {
    if answer.status < 300 {
        return Ok(());
    }
    let body = String::from_utf8_lossy(&answer.body);
    Err(format!("{what}: {} {body}", answer.status).into())
}

/// An entry of a list.
struct Entry {
    key: String,
    version_id: String,
    upload_id: String,
}

/// Only entries below the prefix: if a server ignores the prefix, nothing else must be deleted.
fn entries(answer: &Answer, elements: &[&str], prefix: &str) -> Result<Vec<Entry>, Box<dyn Error>> {
    let document = Document::parse(std::str::from_utf8(&answer.body)?)?;
    let nodes = document.descendants();
    let entries = nodes.filter(|node| elements.contains(&node.tag_name().name()));
    let entries = entries.map(|entry| {
        let text = |name: &str| {
            let mut children = entry.children();
            let child = children.find(|child| child.tag_name().name() == name);
            let text = child.and_then(|child| child.text());
            text.unwrap_or_default().to_owned()
        };
        Entry {
            key: text("Key"),
            version_id: text("VersionId"),
            upload_id: text("UploadId"),
        }
    });
    Ok(entries
        .filter(|entry| entry.key.starts_with(prefix))
        .collect())
}

/// Signs now, and sends the request with the signed headers.
pub(crate) fn send(presigner: &Presigner<'_>, body: &[u8]) -> io::Result<Answer> {
    let url = presigner.sign().map_err(io::Error::other)?;
    send_url(&url, body)
}

pub(crate) fn send_url(url: &PresignedUrl, body: &[u8]) -> io::Result<Answer> {
    let headers: Vec<_> = url.headers().collect();
    send_as(url.method(), url.as_str(), &headers, body)
}

/// Sends the URL unchanged, to any host.
pub(crate) fn send_as(
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Answer> {
    let invalid =
        |text: &str| io::Error::new(io::ErrorKind::InvalidInput, format!("{text}: {url}"));
    let (scheme, rest) = url
        .split_once("://")
        .ok_or_else(|| invalid("a URL without a scheme"))?;
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().map_err(io::Error::other)?),
        None => (authority, if scheme == "https" { 443 } else { 80 }),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    // Such names are loopback by definition (RFC 6761, section 6.3), but not for every resolver.
    let name = if host.ends_with(".localhost") {
        "127.0.0.1"
    } else {
        host
    };
    let address = (name, port).to_socket_addrs()?.next();
    let address = address.ok_or_else(|| invalid("a host without an address"))?;
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    if scheme != "https" {
        return http::send_over(&mut stream, method.as_str(), url, headers, body);
    }
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let connection = ClientConnection::new(Arc::clone(&TLS), name).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    http::send_over(&mut stream, method.as_str(), url, headers, body)
}

/// The system's certificates, or those in `SSL_CERT_FILE`.
static TLS: LazyLock<Arc<ClientConfig>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder().with_root_certificates(roots);
    Arc::new(config.with_no_client_auth())
});

/// Temporary credentials.
pub(crate) struct Issued {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: String,
}

impl Issued {
    pub(crate) fn credentials(&self) -> Credentials<'static> {
        let credentials = Credentials::new(&self.id, &self.secret);
        credentials.session_token(&self.token).into_owned()
    }

    /// Reads them from the response of STS to `AssumeRole`.
    pub(crate) fn read(file: &str) -> Result<Self, Box<dyn Error>> {
        let text = fs::read_to_string(file)?;
        let document = Document::parse(&text)?;
        let value = |name: &str| {
            let mut nodes = document.descendants();
            let node = nodes.find(|node| node.tag_name().name() == name);
            let value = node.and_then(|node| node.text());
            value
                .map(str::to_owned)
                .ok_or_else(|| format!("{file} has no {name}: {text}"))
        };
        Ok(Self {
            id: value("AccessKeyId")?,
            secret: value("SecretAccessKey")?,
            token: value("SessionToken")?,
        })
    }
}
