//! Measures `POST /links` of the service, of a twin with the AWS SDK's presigner, and of a twin that does not sign.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt};
use presign::Credentials;
use presign::verify::{Request, Verifier};
use serde_json::Value;
use share_service::{now, serve};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

mod client;
mod contenders;
#[path = "../../../../benches/shared/machine.rs"]
mod machine;

use client::{Connection, ITEMS, Item, Turn, body, turn};
use contenders::{Contender, Error, ID, SECRET, contenders, log, session_token};

const HELP: &str = "\
Usage: examples/share_service/load/run [--rounds N] [--connections N]

Measures POST /links over loopback, for one link and for 100: of the service, of the same service with aws-sdk-s3, and of one
that signs nothing, which is what HTTP, JSON, counters and logs cost. All are in one process and take turns of half a second;
one thread serves, and one asks. The CPU time is that of the thread that serves: other load on the machine changes it least.

  --rounds N       turns of each (default: 31)
  --connections N  connections that ask at once (default: 16)";

const TURN: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "load: {error}");
            ExitCode::from(2)
        }
    }
}

fn start() -> Result<(), Error> {
    let (mut rounds, mut connections) = (31_usize, 16_usize);
    let mut args = Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("rounds") => rounds = args.value()?.parse()?,
            Arg::Long("connections") => connections = args.value()?.parse()?,
            Arg::Long("help") | Arg::Short('h') => return Ok(writeln!(io::stdout(), "{HELP}")?),
            other => return Err(format!("{}; see --help", other.unexpected()).into()),
        }
    }
    if rounds == 0 || connections == 0 {
        return Err("neither --rounds nor --connections can be 0".into());
    }
    log()?;
    let runtime = || {
        Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
    };
    let (serving, asking): (Runtime, Runtime) = (runtime()?, runtime()?);
    let contenders = serving.block_on(contenders())?;
    let names = contenders.each_ref().map(|contender| contender.name);
    let mut addresses = Vec::new();
    for Contender { router, .. } in contenders {
        let listener = serving.block_on(TcpListener::bind("127.0.0.1:0"))?;
        addresses.push(listener.local_addr()?);
        let limits = serve::Connections::default();
        serving.spawn(serve::serve(
            listener,
            router,
            limits,
            std::future::pending(),
        ));
    }
    let handle = serving.handle().clone();
    // The runtime's thread sends the requests, not this one.
    let measured = asking.spawn(async move {
        let mut clients = Vec::new();
        for address in addresses {
            let mut open = Vec::new();
            for _ in 0..connections {
                open.push(Connection::open(address).await?);
            }
            clients.push(open);
        }
        for (name, connections) in names.iter().zip(&mut clients) {
            for item in ITEMS {
                verify(name, item, &mut connections[0]).await?;
            }
        }
        // By item, contender and round.
        let mut turns: [[Vec<Turn>; 3]; 2] = Default::default();
        for round in 0..=rounds {
            for (item, turns) in ITEMS.iter().zip(&mut turns) {
                for (connections, turns) in clients.iter_mut().zip(turns) {
                    let turn = turn(&handle, connections, *item, TURN).await?;
                    if round > 0 {
                        turns.push(turn); // the first is to warm up
                    }
                }
            }
        }
        Ok::<_, Error>(turns)
    });
    let turns = asking.block_on(measured)??;
    print(&names, &turns, rounds, connections)
}

/// Verifies the links, and that there are as many as requested.
async fn verify(name: &str, item: Item, connection: &mut Connection) -> Result<(), Error> {
    let answer: Value = serde_json::from_slice(&connection.ask(&body(item)).await?)?;
    let one = [answer.clone()];
    let links = answer["links"]
        .as_array()
        .map_or(one.as_slice(), Vec::as_slice);
    if links.len() != item.links {
        return Err(format!("{name} gave {} links", links.len()).into());
    }
    for link in links.iter().filter(|_| name != "no signing") {
        let url = link["url"].as_str().ok_or("a link has no URL")?;
        let token = session_token();
        let credentials = Credentials::new(ID, SECRET).session_token(&token);
        let request = Request::new("GET", url, &[])?;
        let verified =
            Verifier::new().verify(&request, now(), |id| (id == ID).then_some(credentials));
        verified.map_err(|rejection| format!("{name} signed a URL that is wrong: {rejection}"))?;
    }
    Ok(())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn print(
    names: &[&str; 3],
    turns: &[[Vec<Turn>; 3]; 2],
    rounds: usize,
    connections: usize,
) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    let head = "| request | links by | requests/s | links/s | times aws-sdk-s3 | p50 | p99 | CPU a request | times aws-sdk-s3 |";
    writeln!(out, "{head}\n|---|---|---:|---:|---:|---:|---:|---:|---:|")?;
    for (item, turns) in ITEMS.iter().zip(turns) {
        let [.., sdk] = turns;
        for (name, turns) in names.iter().zip(turns) {
            let of = |value: &dyn Fn(&Turn) -> f64| median(turns.iter().map(value));
            let times = |value: &dyn Fn(&Turn) -> f64| {
                let pairs = turns.iter().zip(sdk);
                median(pairs.map(|(turn, sdk)| value(turn) / value(sdk)))
            };
            let per_second = of(&|turn| turn.per_second);
            writeln!(
                out,
                "| {} | {name} | {per_second:.0} | {:.0} | {:.2} | {:.2} ms | {:.2} ms | {:.3} ms | {:.3} |",
                item.name,
                per_second * item.links as f64,
                times(&|turn| turn.per_second),
                of(&|turn| milliseconds(turn.p50)),
                of(&|turn| milliseconds(turn.p99)),
                of(&|turn| milliseconds(turn.cpu)),
                times(&|turn| milliseconds(turn.cpu)),
            )?;
        }
    }
    writeln!(
        out,
        "\n{}; {connections} connections, one thread serves and one asks; medians of {rounds} turns.",
        machine::describe()
    )?;
    Ok(())
}
