//! A request in progress finishes while the service stops.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::{Running, TOKEN};

#[test]
fn a_request_under_way_ends() {
    let mut service = Running::start(json!({}));
    let body = b"{\"key\":\"a\"}";
    let mut stream = TcpStream::connect(service.address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let head = format!(
        "POST /links HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The service requests the body once it handles the request.
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    service.stop.take().unwrap().send(()).unwrap();
    while TcpStream::connect(service.address).is_ok() {
        std::thread::sleep(Duration::from_millis(10)); // until it listens no longer
    }
    assert!(!service.task.is_finished());
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("X-Amz-Signature="));
    service.runtime.block_on(&mut service.task).unwrap();
}
