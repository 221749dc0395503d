//! Serves the built page to this machine.

use std::fs;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::ExitCode;

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::AppendHeaders;
use axum::routing::get;
use lexopt::{Arg, Parser, ValueExt};
use tokio::net::TcpListener;

const HELP: &str = "\
Usage: examples/web/serve [--port PORT]

Builds the page and serves it to this machine, at http://127.0.0.1:8787 or another port; port 0 selects any free port.
Ctrl-C stops it.";

type Error = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "serve: {error}");
            ExitCode::from(2)
        }
    }
}

fn serve() -> Result<(), Error> {
    let mut port = 8787_u16;
    let mut args = Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("port") => port = args.value()?.parse()?,
            Arg::Long("help") | Arg::Short('h') => return Ok(writeln!(io::stdout(), "{HELP}")?),
            other => return Err(format!("{}; see --help", other.unexpected()).into()),
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    if !folder.join("index.html").is_file() {
        return Err("the page is not built; run examples/web/build".into());
    }
    let site = site(&folder)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.map_err(|error| {
            format!("cannot listen on port {port}: {error}; pass another with --port")
        })?;
        let address = listener.local_addr()?;
        writeln!(
            io::stdout(),
            "\nThe page is at http://{address}/ until Ctrl-C."
        )?;
        Ok(axum::serve(listener, site).await?)
    })
}

/// A route for each file of the folder, and no other.
fn site(folder: &Path) -> io::Result<Router> {
    let mut site = Router::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        let content = fs::read(folder.join(&*name))?;
        let compressed =
            Bytes::from(fs::read(folder.join(format!("{name}.gz"))).unwrap_or_default());
        let (content_type, policy) = match name.rsplit('.').next() {
            Some("html") => ("text/html; charset=utf-8", policy(&content)),
            Some("css") => ("text/css; charset=utf-8", policy(b"")),
            Some("js") => ("text/javascript; charset=utf-8", policy(b"")),
            Some("svg") => ("image/svg+xml", policy(b"")),
            Some("wasm") => ("application/wasm", policy(b"")),
            _ => continue,
        };
        let headers = [
            ("Content-Type", content_type.to_owned()),
            ("Content-Security-Policy", policy),
            ("Cross-Origin-Opener-Policy", "same-origin".to_owned()),
            ("Cross-Origin-Resource-Policy", "same-origin".to_owned()),
            ("Referrer-Policy", "no-referrer".to_owned()),
            ("X-Content-Type-Options", "nosniff".to_owned()),
            ("Cache-Control", "no-store".to_owned()),
            ("Vary", "Accept-Encoding".to_owned()),
        ];
        let content = Bytes::from(content);
        let file = get(move |request: HeaderMap| async move {
            let accepted = request
                .get("accept-encoding")
                .and_then(|value| value.to_str().ok());
            let gzip =
                accepted.is_some_and(|value| value.contains("gzip")) && !compressed.is_empty();
            let encoding = gzip.then_some([("Content-Encoding", "gzip")]);
            (
                headers,
                encoding.map(AppendHeaders),
                if gzip { compressed } else { content },
            )
        });
        let path = if name == "index.html" {
            "/"
        } else {
            &format!("/{name}")
        };
        site = site.route(path, file);
    }
    Ok(site)
}

/// The policy in the document's own `<meta>`, and who may show it in a frame, which a header alone can say.
fn policy(html: &[u8]) -> String {
    let html = String::from_utf8_lossy(html);
    let meta = html.split_once("<meta http-equiv=\"Content-Security-Policy\" content=\"");
    let policy = meta.and_then(|(_, rest)| rest.split_once('"'));
    let policy = policy.map_or("default-src 'none'", |(policy, _)| policy);
    format!("{policy}; frame-ancestors 'self'")
}
