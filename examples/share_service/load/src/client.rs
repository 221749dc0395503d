//! Connections that send one request after the other and measure the latency of each.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use cpu_time::ThreadTime;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::runtime::Handle;

use crate::contenders::{Error, TOKEN};

/// One kind of request.
#[derive(Clone, Copy)]
pub struct Item {
    pub name: &'static str,
    /// Keys in one request.
    pub links: usize,
}

pub const ITEMS: [Item; 2] = [
    Item {
        name: "one link",
        links: 1,
    },
    Item {
        name: "100 links",
        links: 100,
    },
];

/// A key that was not requested before.
static NEXT: AtomicUsize = AtomicUsize::new(0);

pub fn body(item: Item) -> Value {
    let key = || {
        format!(
            "photos/2026/{:08}.jpg",
            NEXT.fetch_add(1, Ordering::Relaxed)
        )
    };
    match item.links {
        1 => json!({ "key": key() }),
        links => json!({ "keys": (0..links).map(|_| key()).collect::<Vec<_>>() }),
    }
}

pub struct Connection(SendRequest<Full<Bytes>>);

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self, Error> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self(sender))
    }

    pub async fn ask(&mut self, body: &Value) -> Result<Bytes, Error> {
        let request = Request::post("/links")
            .header("host", "localhost")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {TOKEN}"))
            .body(Full::new(Bytes::from(body.to_string())))?;
        self.0.ready().await?;
        let answer = self.0.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        if status != 200 {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
        }
        Ok(body)
    }
}

/// Requests per second, CPU time per request of the serving thread, and latencies, of one turn.
pub struct Turn {
    pub per_second: f64,
    pub cpu: Duration,
    pub p50: Duration,
    pub p99: Duration,
}

/// Sends requests over all connections until the time is over.
pub async fn turn(
    serving: &Handle,
    connections: &mut Vec<Connection>,
    item: Item,
    length: Duration,
) -> Result<Turn, Error> {
    let cpu = cpu(serving).await?;
    let start = Instant::now();
    let tasks = connections.drain(..).map(|mut connection| {
        tokio::spawn(async move {
            let mut took = Vec::new();
            while start.elapsed() < length {
                let body = body(item);
                let before = Instant::now();
                connection.ask(&body).await?;
                took.push(before.elapsed());
            }
            Ok::<_, Error>((connection, took))
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut took = Vec::new();
    for task in tasks {
        let (connection, more) = task.await??;
        connections.push(connection);
        took.extend(more);
    }
    let elapsed = start.elapsed();
    let cpu = self::cpu(serving).await?.saturating_sub(cpu);
    took.sort_unstable();
    let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize];
    Ok(Turn {
        per_second: took.len() as f64 / elapsed.as_secs_f64(),
        cpu: cpu.div_f64(took.len() as f64),
        p50: at(0.5),
        p99: at(0.99),
    })
}

/// The CPU time of the serving thread.
async fn cpu(serving: &Handle) -> Result<Duration, Error> {
    let time = serving.spawn(async { ThreadTime::now().as_duration() });
    Ok(time.await?)
}
