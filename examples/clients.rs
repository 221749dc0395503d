//! Sends links with reqwest, ureq and hyper. All of them accept the `http::Request` that the feature `http` creates
//! from a link: method, URL and signed headers. The S3 server in this process refuses a request that differs.
//!
//! ```text
//! cargo run --example clients
//! ```

use std::error::Error;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use presign::{Bucket, Credentials, PresignedUrl, Presigner};
use presign_store::{Account, Config, Server};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The status and body of a response.
type Answer = (u16, Vec<u8>);

fn by_reqwest(link: &PresignedUrl, body: &'static [u8]) -> Result<Answer> {
    let request = http::Request::try_from(link)?.map(|()| body);
    let answer = reqwest::blocking::Client::new().execute(request.try_into()?)?;
    Ok((answer.status().as_u16(), answer.bytes()?.to_vec()))
}

fn by_ureq(link: &PresignedUrl, body: &'static [u8]) -> Result<Answer> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let request = http::Request::try_from(link)?;
    let mut answer = match body {
        [] => agent.run(request)?,
        _ => agent.run(request.map(|()| body))?,
    };
    Ok((answer.status().as_u16(), answer.body_mut().read_to_vec()?))
}

fn by_hyper(link: &PresignedUrl, body: &'static [u8]) -> Result<Answer> {
    let request = http::Request::try_from(link)?.map(|()| Full::new(Bytes::from_static(body)));
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let answer = Client::builder(TokioExecutor::new())
            .build_http()
            .request(request)
            .await?;
        let status = answer.status().as_u16();
        Ok((status, answer.collect().await?.to_bytes().to_vec()))
    })
}

type Send = fn(&PresignedUrl, &'static [u8]) -> Result<Answer>;
const CLIENTS: [(&str, Send); 3] = [
    ("reqwest", by_reqwest),
    ("ureq", by_ureq),
    ("hyper", by_hyper),
];

fn main() -> Result<()> {
    let account = Account {
        access_key_id: "AKIAIOSFODNN7EXAMPLE",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        session_token: None,
    };
    let server = Server::start(&Config {
        accounts: &[account],
        ..Config::default()
    })?;
    let endpoint = server.endpoint();
    let bucket = Bucket::new("examplebucket", Config::default().region)?
        .endpoint(&endpoint)?
        .path_style();
    let credentials = Credentials::new(account.access_key_id, account.secret_access_key);

    for (client, send) in CLIENTS {
        let key = format!("{client}/über 100 %+.txt");
        let upload = Presigner::put(&credentials, &bucket, &key)
            .content_type("text/plain")
            .headers(&[("x-amz-meta-client", client)])
            .sign()?;
        let download = Presigner::get(&credentials, &bucket, &key)
            .response_content_disposition("attachment; filename=\"a b.txt\"")
            .sign()?;
        let (status, _) = send(&upload, b"hello")?;
        expect(status == 200, format!("{client}: upload answered {status}"))?;
        let (status, body) = send(&download, b"")?;
        expect(
            status == 200 && body == b"hello",
            format!("{client}: download answered {status}, {} bytes", body.len()),
        )?;
        println!("{client}: uploaded and downloaded {key:?}");
    }
    Ok(())
}

fn expect(right: bool, problem: String) -> Result<()> {
    if right { Ok(()) } else { Err(problem.into()) }
}
