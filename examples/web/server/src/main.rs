//! Serves the built page to this machine.

use std::fs::{self, File};
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use tiny_http::{Header, Method, Request, Response, Server};

const HELP: &str = "\
Usage: examples/web/serve [--port PORT]

Builds the page and serves it to this machine, at http://127.0.0.1:8787 if no other port is named; port 0 takes any that
is free. Ctrl-C stops it.";

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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    if !root.join("index.html").is_file() {
        return Err("the page is not built: examples/web/build does that".into());
    }
    let server = Server::http((Ipv4Addr::LOCALHOST, port))
        .map_err(|error| format!("cannot listen on port {port}: {error}; --port takes another"))?;
    writeln!(io::stdout(), "http://{}/", server.server_addr())?;
    for request in server.incoming_requests() {
        let _ = answer(request, &root); // a browser may hang up at any time
    }
    Ok(())
}

fn answer(request: Request, root: &Path) -> io::Result<()> {
    let path = request.url().split(['?', '#']).next().unwrap_or_default();
    let name = match path {
        "/" => "index.html",
        path => path.trim_start_matches('/'),
    };
    // The page's files stand in one folder: a name with anything more in it is none of them.
    let known = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let file = root.join(name);
    if !known || !file.is_file() {
        return request.respond(Response::empty(404));
    }
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::empty(405));
    }
    let content_type = match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    let policy = match content_type {
        "text/html; charset=utf-8" => policy(&fs::read_to_string(&file)?),
        _ => "default-src 'none'; frame-ancestors 'none'".to_owned(),
    };
    let mut response = Response::from_file(File::open(&file)?);
    for (name, value) in [
        ("Content-Type", content_type),
        ("Content-Security-Policy", policy.as_str()),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-cache"),
    ] {
        let header = Header::from_bytes(name, value)
            .map_err(|()| io::Error::other(format!("header {name}: {value}")))?;
        response.add_header(header);
    }
    request.respond(response)
}

/// The policy in the document's own `<meta>`, and who may show it in a frame, which a header alone can say.
fn policy(html: &str) -> String {
    let meta = html.split_once("<meta http-equiv=\"Content-Security-Policy\" content=\"");
    let policy = meta.and_then(|(_, rest)| rest.split_once('"'));
    let policy = policy.map_or("default-src 'none'", |(policy, _)| policy);
    format!("{policy}; frame-ancestors 'self'")
}
