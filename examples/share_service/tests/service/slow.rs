//! Clients that keep a connection open without using it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use presign_store::http;
use share_service::serve::{Connections, serve};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// A service for one client at a time, with timeouts of a second.
fn start(runtime: &Runtime) -> SocketAddr {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/", get(async || "x".repeat(1 << 20)));
    let limits = Connections {
        max: 1,
        head_timeout: Duration::from_secs(1),
        write_timeout: Duration::from_secs(1),
    };
    runtime.spawn(serve(listener, router, limits, std::future::pending()));
    address
}

#[track_caller]
fn is_served(address: SocketAddr) {
    let answer = http::send("GET", &format!("http://{address}/"), &[], b"").unwrap();
    assert_eq!((answer.status, answer.body.len()), (200, 1 << 20));
}

#[test]
fn clients_that_never_read() {
    let runtime = Runtime::new().unwrap();
    let address = start(&runtime);
    let mut stuck = TcpStream::connect(address).unwrap();
    let pipelined = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(1200);
    stuck.write_all(pipelined.as_bytes()).unwrap();
    is_served(address);
}

#[test]
fn clients_that_never_send() {
    let runtime = Runtime::new().unwrap();
    let address = start(&runtime);
    for head in ["", "GET / HTTP/1.1\r\nhost:"] {
        let mut stuck = TcpStream::connect(address).unwrap();
        stuck.write_all(head.as_bytes()).unwrap();
        is_served(address);
        stuck.read_to_end(&mut Vec::new()).unwrap();
    }
}
