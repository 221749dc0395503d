//! `explain`: why a link was refused.

use std::io::IsTerminal;
use std::path::Path;

use presign::Timestamp;
use presign::diagnose::{Certainty, Comparison, Diagnosis, Evidence};
use presign::verify::Request;
use serde_json::json;

use crate::args::{Explain, Sent};
use crate::config;
use crate::output::{Error, plain, print};
use crate::usage;
use crate::values::{self, borrowed};
use crate::verify;

pub(crate) fn run(args: &Explain) -> Result<(), Error> {
    if args.answer.as_deref() == Some(Path::new("-")) && args.sent.is_on_stdin() {
        return Err(usage::error(
            "on stdin, the answer follows the line of the URL; --answer - needs the URL as an argument",
        ));
    }
    let received = received(&args.sent)?;
    let answer = match &args.answer {
        Some(path) => values::read(path).map_err(Error::Refused)?,
        None => received.rest,
    };
    let credentials = match &args.profile {
        None if std::env::var_os("AWS_ACCESS_KEY_ID").is_none_or(|id| id.is_empty()) => None,
        profile => Some(config::credentials(profile.as_deref())?),
    };
    let headers = borrowed(&received.headers);
    let fields = borrowed(&args.field);

    let mut evidence = Evidence::new(&received.url).at(received.at).answer(&answer);
    if let Some(method) = &args.method {
        evidence = evidence.method(method);
    }
    if !headers.is_empty() || args.no_headers {
        evidence = evidence.headers(&headers);
    }
    if !fields.is_empty() {
        evidence = evidence.form(&fields);
    }
    if let Some(credentials) = &credentials {
        evidence = evidence.credentials(credentials);
    }
    let diagnosis = evidence.diagnose();
    if args.json {
        print(&describe(&diagnosis))
    } else {
        let given = [
            (
                credentials.is_some(),
                "--profile, whose credentials check the signature",
            ),
            (!answer.is_empty(), "--answer, the response of the store"),
            (args.method.is_some(), "--method, the method that was sent"),
            (
                !headers.is_empty() || args.no_headers,
                "--header or --no-headers, the headers that were sent",
            ),
        ];
        let missing = given.iter().filter(|(given, _)| !given);
        let missing: Vec<&str> = missing.map(|(_, evidence)| *evidence).collect();
        let method = args.method.as_deref().unwrap_or("GET");
        let is_signer = |credentials| {
            let request = Request::new(method, received.url.trim(), &headers);
            request.is_ok_and(|request| verify::check(&request, received.at, credentials).is_ok())
        };
        let matches = credentials
            .as_ref()
            .is_some_and(is_signer)
            .then_some(method);
        print(&report(&diagnosis, matches, &missing, colors()))
    }
}

/// A request that was sent.
pub(crate) struct Received {
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) at: Timestamp,
    /// What follows the URL on stdin.
    pub(crate) rest: String,
}

pub(crate) fn received(sent: &Sent) -> Result<Received, Error> {
    let (url, rest) = if sent.is_on_stdin() {
        // Waiting for input looks like a command that hangs.
        if sent.url.is_none() && std::io::stdin().is_terminal() {
            return Err(usage::error(
                "no URL: give it as an argument, or - to read it from stdin",
            ));
        }
        let text = values::read(Path::new("-")).map_err(Error::Refused)?;
        // Neither the end of the line nor a byte order mark is part of the URL.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (url, rest) = text.split_once('\n').unwrap_or((text, ""));
        let url = url.strip_suffix('\r').unwrap_or(url);
        (url.to_owned(), rest.to_owned())
    } else {
        (sent.url.clone().unwrap_or_default(), String::new())
    };
    if url.trim().is_empty() {
        return Err(usage::error("the URL is empty"));
    }
    // As a server reads them: white space before the colon stays, and is refused.
    let headers = sent.header.iter().flatten().map(|(name, value)| {
        let value = value.trim_matches([' ', '\t', '\r']);
        (name.trim_start().to_owned(), value.to_owned())
    });
    Ok(Received {
        url,
        headers: headers.collect(),
        at: sent.at.unwrap_or_else(Timestamp::now),
        rest,
    })
}

/// Whether stdout shows colors. <https://no-color.org>
fn colors() -> bool {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stdout().is_terminal() && !no_color
}

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";
const WIDTH: usize = 80;

/// The causes, the most likely first, then both sides where there are two; without causes, the evidence that is missing.
fn report(diagnosis: &Diagnosis, matches: Option<&str>, missing: &[&str], colors: bool) -> String {
    let paint = |code: &str, text: &str| {
        if colors {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    };
    let indented = |text: &str| {
        let options = textwrap::Options::new(WIDTH)
            .initial_indent("  ")
            .subsequent_indent("  ");
        textwrap::fill(&plain(text), options)
    };
    let mut lines = Vec::new();
    if diagnosis.causes().is_empty() {
        lines.push("nothing in the evidence is wrong".to_owned());
        lines.extend(matches.map(|method| {
            format!(
                "the signature matches these credentials, for {}",
                plain(method)
            )
        }));
        if !missing.is_empty() {
            lines.push("more evidence would help:".to_owned());
            lines.extend(missing.iter().map(|evidence| format!("  {evidence}")));
        }
    }
    for cause in diagnosis.causes() {
        lines.push(format!(
            "{}: {}",
            cause.certainty(),
            paint(BOLD, cause.name())
        ));
        lines.push(indented(&cause.to_string()));
        if cause.certainty() > Certainty::Possible {
            lines.push(indented(&format!("what to do: {}", cause.way_out())));
        }
    }
    if diagnosis.comparison().iter().any(Comparison::differs) {
        lines.push(String::new());
        lines.push("- as it was sent; + as it was signed, or as the store computed it".to_owned());
        for row in diagnosis.comparison() {
            let part = row.part();
            let side = |sign, side: Option<&str>| {
                side.map(|value| format!("{sign} {}: {}", plain(part), plain(value)))
            };
            if row.differs() {
                lines.extend(side('-', row.sent()).map(|line| paint(RED, &line)));
                lines.extend(side('+', row.other()).map(|line| paint(GREEN, &line)));
            } else {
                lines.extend(side(' ', row.sent()));
            }
        }
    }
    lines.join("\n")
}

/// The whole diagnosis as JSON, in one line.
fn describe(diagnosis: &Diagnosis) -> String {
    let causes = diagnosis.causes().iter();
    let causes: Vec<_> = causes
        .map(|cause| {
            json!({
                "name": cause.name(),
                "text": cause.to_string(),
                "certain": cause.certainty() == Certainty::Certain,
                "certainty": cause.certainty().to_string(),
                "details": cause.details(),
                "way_out": cause.way_out(),
            })
        })
        .collect();
    let rows = diagnosis.comparison().iter();
    let rows: Vec<_> = rows
        .map(|row| {
            json!({
                "part": row.part(),
                "sent": row.sent(),
                "other": row.other(),
                "differs": row.differs(),
            })
        })
        .collect();
    json!({ "causes": causes, "comparison": rows }).to_string()
}
