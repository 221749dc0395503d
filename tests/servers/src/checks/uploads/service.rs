//! Uploads by the service: it signs for a JSON request, as for a page.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};

use presign::Method;
use presign_store::http::{self, Answer};
use serde_json::{Value, json};

use super::{PART, Place, QUACK, SERVICE, pairs, text, two_parts};
use crate::REGION;
use crate::check::Run;
use crate::server::send_as;

/// The service, which is stopped with the value.
struct Service {
    process: Child,
    address: String,
    /// Open, so that it can log.
    log: BufReader<ChildStdout>,
}

impl Drop for Service {
    fn drop(&mut self) {
        // Nothing is left to do if it has stopped before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Service {
    fn start(place: &Place<'_>) -> io::Result<Self> {
        let config = json!({
            "bucket": {
                "name": place.bucket.name(),
                "region": REGION,
                "endpoint": place.endpoint,
                "path_style": place.style == "path",
            },
            "listen": "127.0.0.1:0",
            "limits": { "part_size": PART },
        });
        place.write("config.json", config.to_string().as_bytes())?;
        let mut service = place.program(SERVICE)?;
        service
            .args(["--config", "config.json"])
            .env("RUST_LOG", "info");
        let mut process = service.stdout(Stdio::piped()).spawn()?;
        let log = process.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut service = Self {
            process,
            address: String::new(),
            log: BufReader::new(log),
        };
        let mut line = String::new();
        while service.log.read_line(&mut line)? > 0 {
            let entry: Value = serde_json::from_str(&line)?;
            if let Some(address) = entry["address"].as_str() {
                address.clone_into(&mut service.address);
                return Ok(service);
            }
            line.clear();
        }
        Err(io::Error::other("the service did not start"))
    }

    fn request(&self, path: &str, body: &Value) -> io::Result<Value> {
        let url = format!("http://{}{path}", self.address);
        let headers = [("Content-Type", "application/json")];
        let answer = http::send("POST", &url, &headers, body.to_string().as_bytes())?;
        if answer.status != 200 {
            let body = String::from_utf8_lossy(&answer.body);
            return Err(io::Error::other(format!(
                "{path}: {} {body}",
                answer.status
            )));
        }
        Ok(serde_json::from_slice(&answer.body)?)
    }
}

fn put(link: &Value, body: &[u8]) -> io::Result<Answer> {
    let headers = pairs(&link["headers"]);
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    send_as(Method::Put, text(&link["url"]), &headers, body)
}

pub(super) fn by_put(run: &mut Run<'_>, place: &Place<'_>) -> io::Result<()> {
    let key = place.key("service");
    let body = json!({ "key": key, "content_type": "image/png", "size": QUACK.len() });
    let link = Service::start(place)?.request("/uploads", &body)?;
    if run.accepted(place.style, &put(&link, QUACK)?, 200) {
        place.has_content(run, &key, QUACK)?;
    }
    Ok(())
}

pub(super) fn by_form(run: &mut Run<'_>, place: &Place<'_>) -> io::Result<()> {
    let key = place.key("service form");
    let body =
        json!({ "key": key, "content_type": "image/png", "size": QUACK.len(), "by": "form" });
    let form = Service::start(place)?.request("/uploads", &body)?;
    let answer = place.form(text(&form["url"]), &pairs(&form["fields"]), QUACK)?;
    if run.accepted(place.style, &answer, 204) {
        place.has_content(run, &key, QUACK)?;
    }
    Ok(())
}

/// Only with path style: the service itself sends some requests, and few resolvers know names below `localhost`.
pub(super) fn by_parts(run: &mut Run<'_>, place: &Place<'_>) -> io::Result<()> {
    if place.style != "path" {
        return Ok(());
    }
    let (key, content) = (place.key("service parts"), two_parts());
    let service = Service::start(place)?;
    let body = json!({ "key": key, "content_type": "image/png", "size": content.len() });
    let started = service.request("/multipart", &body)?;
    let id = &started["upload_id"];
    let body =
        json!({ "key": key, "upload_id": id, "size": content.len(), "part_numbers": [1, 2] });
    let links = service.request("/multipart/parts", &body)?;
    let mut parts = Vec::new();
    for (link, part) in links["parts"]
        .as_array()
        .into_iter()
        .flatten()
        .zip(content.chunks(PART))
    {
        let answer = put(link, part)?;
        run.accepted("a part", &answer, 200);
        parts.push(json!({ "part_number": link["part_number"], "etag": answer.header("etag") }));
    }
    let listed = service.request("/multipart/list", &json!({ "key": key, "upload_id": id }))?;
    let listed = listed["parts"].as_array().map_or(0, Vec::len);
    run.holds("list of parts", listed == 2, &format!("{listed} parts"));
    let body = json!({ "key": key, "upload_id": id, "parts": parts });
    service.request("/multipart/complete", &body)?;
    place.has_content(run, &key, &content)
}
