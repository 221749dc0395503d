//! A link that was refused.

use std::fmt::Write;

use presign::diagnose::{Cause, Certainty, Comparison, Diagnosis, Evidence};
use presign::{Timestamp, redact};
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, sentence};
use crate::store::Store;

/// The fields of the view.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Refused {
    /// The credentials, if any; the bucket is in the URL.
    #[serde(skip)]
    pub store: Store,
    pub url: String,
    pub method: String,
    /// Headers, as curl or a browser's developer tools show them.
    pub headers: String,
    /// The store's response, in any form.
    pub answer: String,
}

/// What the view shows.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    /// Whether the first cause is proven.
    pub certain: bool,
    /// Whether the credentials were of use to the search.
    pub with_credentials: bool,
    /// Whether the credentials have another access key ID than the link.
    pub other_key: bool,
    /// The most likely first.
    pub causes: Vec<Finding>,
    /// What the store said: its code and message.
    pub said: String,
    pub comparison: Vec<Row>,
    /// All of it as a text without secrets.
    pub report: String,
}

/// A cause.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// A stable name.
    pub name: &'static str,
    pub certainty: String,
    pub text: String,
    /// How to fix it.
    pub way_out: String,
}

/// A part of the canonical request or of the string to sign, as sent and as signed.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub part: String,
    pub sent: Option<String>,
    pub other: Option<String>,
    pub differs: bool,
}

/// Secret headers that are not S3's, so [`redact`] does not know them.
const SECRET: [&str; 4] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
];

impl Refused {
    /// Looks for causes.
    ///
    /// # Errors
    /// What is missing or wrong, at its field.
    pub fn explain(&self, now: Timestamp) -> Result<Findings, Problem> {
        // A text area's last line break is not the URL's.
        let url = self.url.trim_end_matches(['\r', '\n']);
        if url.is_empty() {
            return Err(Problem::missing("url"));
        }
        let sent = Sent::read(&self.headers)?;
        let method = sent.method.unwrap_or(&self.method);
        let headers = sent.headers;
        let credentials = self.store.credentials()?;
        let with_credentials =
            !self.store.access_key_id.is_empty() && !self.store.secret_access_key.is_empty();
        let mut evidence = Evidence::new(url)
            .method(method)
            .at(now)
            .answer(&self.answer);
        if !headers.is_empty() {
            evidence = evidence.headers(&headers);
        }
        if with_credentials {
            evidence = evidence.credentials(&credentials);
        }
        let diagnosis = evidence.diagnose();
        Ok(Findings {
            certain: diagnosis
                .causes()
                .first()
                .is_some_and(|cause| cause.certainty() == Certainty::Certain),
            with_credentials,
            other_key: with_credentials && self.is_for_another_key(url),
            causes: diagnosis.causes().iter().map(Finding::from).collect(),
            said: said(&self.answer),
            comparison: diagnosis.comparison().iter().map(Row::from).collect(),
            report: self.report(method, url, &headers, &diagnosis, now),
        })
    }

    fn is_for_another_key(&self, url: &str) -> bool {
        let credential = url.split_once("X-Amz-Credential=").map(|(_, rest)| rest);
        let id = credential.and_then(|rest| rest.split(['/', '%', '&']).next());
        id.is_some_and(|id| id != self.store.access_key_id)
    }

    fn report(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        diagnosis: &Diagnosis,
        now: Timestamp,
    ) -> String {
        let mut text = format!("{method} {url}\n");
        let mut put = |line: std::fmt::Arguments<'_>| {
            let _ = writeln!(text, "{line}"); // a String accepts everything
        };
        for (name, value) in headers {
            let secret = SECRET
                .iter()
                .any(|secret| name.eq_ignore_ascii_case(secret));
            put(format_args!(
                "{name}: {}",
                if secret { "***" } else { value }
            ));
        }
        let said = said(&self.answer);
        if !said.is_empty() {
            put(format_args!("Response: {said}"));
        }
        put(format_args!("\nChecked at {now}"));
        if diagnosis.causes().is_empty() {
            put(format_args!("No fault found."));
        }
        for cause in diagnosis.causes() {
            put(format_args!(
                "{}: {}: {cause}",
                cause.certainty(),
                cause.name()
            ));
        }
        let differing = diagnosis.comparison().iter().filter(|row| row.differs());
        for row in differing {
            let side = |side: Option<&str>| side.unwrap_or("(none)").to_owned();
            put(format_args!(
                "\n- sent   {part}: {}\n+ signed {part}: {}",
                side(row.sent()),
                side(row.other()),
                part = row.part(),
            ));
        }
        redact(&text).to_string()
    }
}

/// The request, as far as the pasted headers show it.
#[derive(Default)]
struct Sent<'t> {
    method: Option<&'t str>,
    headers: Vec<(&'t str, &'t str)>,
}

impl<'t> Sent<'t> {
    /// Reads lines of the form `Name: value`; the output of `curl --verbose`; `-H 'Name: value'` of a curl command; and
    /// what the developer tools of browsers copy, with the value on the next line or not.
    fn read(text: &'t str) -> Result<Self, Problem> {
        let mut this = Self::default();
        let curl = text.lines().any(|line| line.starts_with("> "));
        let mut name_before = None;
        for (at, line) in text.lines().enumerate() {
            let line = match line.strip_prefix('>') {
                Some(sent) => sent.trim(),
                None if curl => continue, // what was received, and notes
                None => line.trim(),
            };
            if let Some(name) = name_before.take() {
                this.put(name, line);
                continue;
            }
            let line = line.trim_end_matches('\\').trim_end();
            let line = ["-H ", "--header "]
                .into_iter()
                .find_map(|option| line.strip_prefix(option))
                .map_or(line, |header| header.trim_matches(['\'', '"']));
            let start = line.strip_prefix(':').unwrap_or(line);
            let offset = line.len() - start.len(); // HTTP/2 has names such as :authority
            match start.find(':').map(|colon| line.split_at(colon + offset)) {
                _ if line.is_empty() || line.starts_with("curl ") => {}
                Some((name, value)) if !name.contains(' ') && name.len() > offset => {
                    match value.trim_start_matches(':').trim() {
                        "" => name_before = Some(name),
                        value => this.put(name, value),
                    }
                }
                _ if is_request_line(line) => this.method = line.split(' ').next(),
                _ => {
                    let message = format!("Line {} is not of the form Name: value.", at + 1);
                    return Err(Problem::new("headers", message));
                }
            }
        }
        Ok(this)
    }

    fn put(&mut self, name: &'t str, value: &'t str) {
        match name {
            ":authority" => self.headers.push(("host", value)),
            ":method" => self.method = Some(value),
            _ if name.starts_with(':') => {}
            _ => self.headers.push((name, value)),
        }
    }
}

/// Whether a line is like `GET /k HTTP/1.1`.
fn is_request_line(line: &str) -> bool {
    let (method, rest) = line.split_once(' ').unwrap_or_default();
    rest.contains(" HTTP/") && method.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The code and the message in a response, or the start of one that is not XML; without secrets.
fn said(response: &str) -> String {
    let parts = ["Code", "Message"].map(|name| element(response, name));
    let said: Vec<_> = parts.into_iter().flatten().collect();
    let said = if said.is_empty() {
        response.trim().chars().take(300).collect()
    } else {
        said.join(": ")
    };
    redact(&said).to_string()
}

/// The text between the first `<name>` and `</name>`.
fn element<'x>(xml: &'x str, name: &str) -> Option<&'x str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

impl From<&Cause> for Finding {
    fn from(cause: &Cause) -> Self {
        Self {
            name: cause.name(),
            certainty: cause.certainty().to_string(),
            text: sentence(cause),
            way_out: sentence(cause.way_out()),
        }
    }
}

impl From<&Comparison> for Row {
    fn from(row: &Comparison) -> Self {
        Self {
            part: row.part().to_owned(),
            sent: row.sent().map(str::to_owned),
            other: row.other().map(str::to_owned),
            differs: row.differs(),
        }
    }
}
