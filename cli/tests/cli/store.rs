//! Links against a server in this process, which checks them with its own code; and `verify`.

use presign_store::{Config, Server, http};
use serde_json::Value;

use crate::support::{command, complaint, home, run, run_with, stdout};

const KEYS: &str = "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// The flags that lead to a server.
fn flags(server: &Server) -> String {
    format!(
        "--endpoint-url {} --region eu-central-1 --quiet",
        server.endpoint()
    )
}

#[test]
fn objects() {
    let server = Server::start(&Config::default()).unwrap();
    let flags = flags(&server);
    let link = |arguments: &str| stdout(&format!("{KEYS} presign {arguments} {flags}"));

    let put = link("put s3://examplebucket/a␣b/é+.txt --content-type text/plain");
    let headers = [("Content-Type", "text/plain")];
    assert_eq!(
        http::send("PUT", &put, &headers, b"quack").unwrap().status,
        200
    );
    let other = [("Content-Type", "text/html")];
    let answer = http::send("PUT", &put, &other, b"quack").unwrap();
    assert_eq!(answer.error_code(), Some("SignatureDoesNotMatch"));

    let get = link("s3://examplebucket/a␣b/é+.txt");
    let answer = http::send("GET", &get, &[], b"").unwrap();
    assert_eq!((answer.status, &*answer.body), (200, &b"quack"[..]));
    let head = link("head s3://examplebucket/a␣b/é+.txt");
    assert_eq!(http::send("HEAD", &head, &[], b"").unwrap().status, 200);
    let list = link("list s3://examplebucket/a␣b/");
    let answer = http::send("GET", &list, &[], b"").unwrap();
    assert_eq!(answer.element("KeyCount"), Some("1"));
    let delete = link("delete s3://examplebucket/a␣b/é+.txt");
    assert_eq!(http::send("DELETE", &delete, &[], b"").unwrap().status, 204);
    assert_eq!(http::send("GET", &get, &[], b"").unwrap().status, 404);
    let service = link("get --service");
    assert_eq!(http::send("GET", &service, &[], b"").unwrap().status, 200);
}

#[test]
fn many_keys() {
    let server = Server::start(&Config::default()).unwrap();
    let flags = flags(&server);
    let links = |command_line: &str, keys: &[u8]| -> Vec<String> {
        let line = format!("{KEYS} presign {command_line} --bucket examplebucket {flags} -");
        let (code, stdout, stderr) = run_with(command(&line), keys);
        assert_eq!((code, &*stderr), (0, ""));
        stdout.lines().map(str::to_owned).collect()
    };
    let keys = "a\nb/c d\né\n".as_bytes();
    for url in links("put", keys) {
        assert_eq!(
            http::send("PUT", &url, &[], url.as_bytes()).unwrap().status,
            200
        );
    }
    for (url, put) in links("get", keys).iter().zip(links("put", keys)) {
        let answer = http::send("GET", url, &[], b"").unwrap();
        let path = |url: &str| url.split('?').next().map(str::to_owned);
        let body = String::from_utf8(answer.body).unwrap();
        assert_eq!(path(&body), path(&put));
    }
}

#[test]
fn multipart() {
    let server = Server::start(&Config::default()).unwrap();
    let flags = flags(&server);
    let line = |arguments: &str| {
        stdout(&format!(
            "{KEYS} presign multipart {arguments} {flags} --json"
        ))
    };
    let step = |text: &str, body: &[u8]| {
        let step: Value = serde_json::from_str(text).unwrap();
        let body = step["body"].as_str().map_or(body, str::as_bytes);
        let (method, url) = (
            step["method"].as_str().unwrap(),
            step["url"].as_str().unwrap(),
        );
        http::send(method, url, &[], body).unwrap()
    };
    let start = step(&line("start s3://examplebucket/big"), b"");
    std::fs::write(home().join("started.xml"), &start.body).unwrap();
    let upload = "s3://examplebucket/big --upload-id @~/started.xml";
    let part = step(&line(&format!("parts {upload} --parts 1..1")), b"quack");
    let etag = part.header("etag").unwrap();
    let done = step(&line(&format!("complete {upload} --etag 1={etag}")), b"");
    assert_eq!(done.status, 200);
    let get = stdout(&format!("{KEYS} presign s3://examplebucket/big {flags}"));
    assert_eq!(http::send("GET", &get, &[], b"").unwrap().body, b"quack");
}

#[test]
fn a_form() {
    let server = Server::start(&Config::default()).unwrap();
    let flags = flags(&server).replace(" --quiet", "");
    let text = stdout(&format!(
        "{KEYS} presign form s3://examplebucket/in.bin --content-length 1..5 {flags} --json"
    ));
    let form: Value = serde_json::from_str(&text).unwrap();
    let fields = form["fields"].as_object().unwrap().iter();
    let fields: Vec<_> = fields
        .map(|(name, value)| (&**name, value.as_str().unwrap()))
        .collect();
    let upload = |content: &[u8]| {
        let file = ("duck.bin", "application/octet-stream");
        let (content_type, body) = http::form(&fields, file, content).unwrap();
        let url = form["url"].as_str().unwrap();
        http::send("POST", url, &[("Content-Type", &content_type)], &body).unwrap()
    };
    assert_eq!(upload(b"quack").status, 204);
    assert_eq!(upload(b"quack!").error_code(), Some("EntityTooLarge"));
}

/// What the server refuses is explained with what it answered.
#[test]
fn explained() {
    let server = Server::start(&Config::default()).unwrap();
    let url = stdout(&format!(
        "{KEYS} presign s3://examplebucket/k {}",
        flags(&server)
    ));
    let answer = http::send("PUT", &url, &[], b"quack").unwrap();
    let input = format!(
        "{url}\nHTTP/1.1 {}\r\n\r\n{}",
        answer.status,
        String::from_utf8(answer.body).unwrap()
    );
    let line = format!("{KEYS} presign explain - --method PUT --json");
    let (code, stdout, stderr) = run_with(command(&line), input.as_bytes());
    assert_eq!((code, &*stderr), (0, ""));
    let json: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(json["causes"][0]["name"], "MethodDiffers");
}

#[test]
fn verify() {
    let at = "--at=2013-05-24T00:00:00Z";
    let url = stdout(&format!(
        "presign put s3://examplebucket/k {at} --content-type a/b --quiet"
    ));
    let elsewhere = stdout(&format!(
        "presign s3://examplebucket/k {at} --region us-west-2 --endpoint-url https://s3.eu-west-1.amazonaws.com --quiet"
    ));
    let verify = |flags: &str| {
        let mut command = command(&format!("presign verify {at} --method PUT {flags}"));
        command.arg(&url);
        command
    };
    let (code, stdout, _) = run(verify("--header content-type:␣a/b"));
    assert_eq!(
        (code, &*stdout),
        (
            0,
            "valid until 2013-05-24T01:00:00Z, signed at 2013-05-24T00:00:00Z with AKIADEFAULT for eu-central-1\n"
        )
    );
    let (_, text, _) = run(verify("--header content-type:␣a/b --json"));
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["access_key_id"], "AKIADEFAULT");
    assert_eq!(
        json["signed_headers"],
        serde_json::json!(["content-type", "host"])
    );
    let (code, ..) = run_with(
        command(&format!(
            "presign verify - {at} --method PUT --header content-type:a/b"
        )),
        format!("\u{feff}{url}\r\n").as_bytes(),
    );
    assert_eq!(code, 0);

    let refused = |command| {
        let complaint = complaint(command, 1);
        complaint
            .strip_prefix("refused: ")
            .expect(&complaint)
            .to_owned()
    };
    assert!(refused(verify("")).contains("content-type"));
    let (code, text, stderr) = run(verify("--json"));
    let json: Value = serde_json::from_str(&text).unwrap();
    let reason = json["refused"].as_str().unwrap();
    assert_eq!((code, stderr), (1, format!("presign: refused: {reason}\n")));
    let other = refused(verify("--header content-type:␣a/c"));
    assert_eq!(
        other,
        presign::verify::Rejection::SignatureMismatch.to_string()
    );
    refused(verify("--header content-type:␣a/b --profile config-only"));
    let host = refused(verify(
        "--header content-type:␣a/b --header host:␣example.com",
    ));
    assert_eq!(host, "request names two hosts");
    refused(verify("--header content-type␣:␣a/b"));
    let mut region = command(&format!("presign verify {at}"));
    region.arg(&elsewhere);
    assert!(refused(region).contains("us-west-2"));
    let mut late = command("presign verify --method PUT --header content-type:␣a/b");
    late.arg(&url);
    assert!(refused(late).contains("2013-05-24T01:00:00Z"));
}
