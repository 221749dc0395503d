//! Uploads a file in parts, from start to finish, to the S3 server inside this process.
//!
//! ```text
//! cargo run --example multipart
//! ```

use std::error::Error;

use presign::{Bucket, Credentials, Presigner, multipart};
use presign_store::{Account, Config, Server};
use reqwest::blocking::Client;

fn upload(bucket: &Bucket<'_>, credentials: &Credentials<'_>) -> Result<(), Box<dyn Error>> {
    let (client, key) = (Client::new(), "upload.txt");

    let start = Presigner::create_multipart_upload(credentials, bucket, key).sign()?;
    let answer = client.post(start.as_str()).send()?.text()?;
    let upload_id = multipart::upload_id(&answer)?;
    println!("upload ID: {upload_id}");

    let part = Presigner::upload_part(credentials, bucket, key, &upload_id, 1).sign()?;
    let request = client.put(part.as_str()).body("123456789");
    let answer = request.send()?.error_for_status()?;
    let etag = answer.headers()["etag"].to_str()?;
    println!("etag: {etag}");

    let complete = Presigner::complete_multipart_upload(credentials, bucket, key, &upload_id);
    let body = multipart::complete_body([(1, etag)])?;
    let request = client.post(complete.sign()?.as_str()).body(body);
    let etag = multipart::completed(&request.send()?.text()?)?;
    println!("completed: {etag}");
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let account = Account {
        access_key_id: "AKIAIOSFODNN7EXAMPLE",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        session_token: None,
    };
    let config = Config {
        accounts: &[account],
        ..Config::default()
    };
    let server = Server::start(&config)?;
    let endpoint = server.endpoint();
    let bucket = Bucket::new("examplebucket", config.region)?
        .endpoint(&endpoint)?
        .path_style();
    let credentials = Credentials::new(account.access_key_id, account.secret_access_key);
    upload(&bucket, &credentials)?;

    // A part that was never sent: the store refuses the completion, and that is an error here, too.
    let wrong =
        Presigner::complete_multipart_upload(&credentials, &bucket, "upload.txt", "no-such-id");
    let body = multipart::complete_body([(1, "none")])?;
    let answer = Client::new().post(wrong.sign()?.as_str()).body(body);
    match multipart::completed(&answer.send()?.text()?) {
        Ok(_) => Err("an upload that never started was completed".into()),
        Err(error) => {
            println!("refused: {error}");
            Ok(())
        }
    }
}
