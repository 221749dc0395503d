//! URLs signed by `presign`, sent to a server that computes signatures with its own code.
//!
//! Each test has its own server. Every refusal is checked for the code of the expected reason, so that a request cannot
//! be refused for another reason.

use presign::{Bucket, Credentials, Method, PresignedUrl, Presigner};
use presign_store::http::{self, Answer};
use presign_store::{Account, Config, Server};

mod forms;
mod gate;
mod headers;
mod keys;
mod multipart;
mod objects;
mod pages;
mod query;
mod session;
mod share;
mod signer;
mod tampering;
mod time;
mod verdict;
mod verify_server;

const REGION: &str = "eu-central-1";
const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const BUCKET: &str = "examplebucket";

/// A server, with matching credentials and bucket.
struct Fixture {
    server: Server,
    credentials: Credentials<'static>,
    bucket: Bucket<'static>,
}

impl Fixture {
    fn new() -> Self {
        Self::with_token(None)
    }

    fn with_token(session_token: Option<&str>) -> Self {
        let server = Server::start(&Config {
            accounts: &[
                Account {
                    access_key_id: ID,
                    secret_access_key: SECRET,
                    session_token,
                },
                Account {
                    access_key_id: "AKIAI44QH8DHBEXAMPLE",
                    secret_access_key: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
                    session_token: None,
                },
            ],
            buckets: &[BUCKET, "otherbucket", "dotted.example.bucket"],
            region: REGION,
            ..Config::default()
        })
        .unwrap();
        let bucket = bucket_at(&server.endpoint(), BUCKET).path_style();
        let credentials = Credentials::new(ID, SECRET);
        Self {
            server,
            credentials: match session_token {
                Some(token) => credentials.session_token(token).into_owned(),
                None => credentials,
            },
            bucket,
        }
    }

    /// The bucket in the host.
    fn virtual_hosted(&self, name: &str) -> Bucket<'static> {
        bucket_at(&self.server.virtual_host_endpoint(), name)
    }

    fn presigner<'a>(&'a self, method: Method, key: &'a str) -> Presigner<'a> {
        Presigner::new(method, &self.credentials, &self.bucket, key)
    }

    fn put(&self, key: &str, body: &[u8]) {
        accepted(&send(&self.presigner(Method::Put, key), body), 200);
    }

    #[track_caller]
    fn assert_content(&self, key: &str, body: &[u8]) {
        let answer = send(&self.presigner(Method::Get, key), b"");
        accepted(&answer, 200);
        assert!(answer.body == body, "{key:?} has another content");
    }

    /// The key of the last request that the server accepted.
    fn last_key(&self) -> String {
        let last = self.server.accepted().pop();
        last.and_then(|last| last.key).unwrap_or_default()
    }
}

fn bucket_at(endpoint: &str, name: &str) -> Bucket<'static> {
    let bucket = Bucket::new(name, REGION).unwrap();
    bucket.endpoint(endpoint).unwrap().into_owned()
}

/// Signs now, and sends the request with the signed headers.
#[track_caller]
fn send(presigner: &Presigner<'_>, body: &[u8]) -> Answer {
    send_url(&presigner.sign().unwrap(), body)
}

#[track_caller]
fn send_url(url: &PresignedUrl, body: &[u8]) -> Answer {
    let headers: Vec<_> = url.headers().collect();
    send_as(url.method(), url.as_str(), &headers, body)
}

#[track_caller]
fn send_as(method: Method, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    http::send(method.as_str(), url, headers, body).unwrap()
}

#[track_caller]
fn accepted(answer: &Answer, status: u16) {
    let body = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, status, "{body}");
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) {
    let body = String::from_utf8_lossy(&answer.body);
    assert_eq!(
        (answer.status, answer.error_code()),
        (status, Some(code)),
        "{body}"
    );
}
