//! A link that was refused.

use std::fmt::Write;

use presign::diagnose::{Certainty, Comparison, Diagnosis, Evidence};
use presign::{Timestamp, redact};
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, sentence};
use crate::store::Store;

/// The fields of the view.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Refused {
    /// The credentials, if any; the bucket is in the URL.
    #[serde(flatten)]
    pub store: Store,
    pub url: String,
    pub method: String,
    /// A line for each: `Name: value`.
    pub headers: String,
    /// The store's answer, in any form.
    pub answer: String,
}

/// What the view shows.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    /// Whether the first cause is proven.
    pub certain: bool,
    /// Whether the credentials were of use to the search.
    pub with_credentials: bool,
    /// The likeliest first: a stable name, a sentence, and how sure it is.
    pub causes: Vec<(&'static str, String, String)>,
    pub comparison: Vec<Row>,
    /// All of it as a text without secrets.
    pub report: String,
}

/// A part of the canonical request or of the string to sign, as two sides have it.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub part: String,
    pub sent: Option<String>,
    pub other: Option<String>,
    pub differs: bool,
}

/// Headers that are secret and none of S3's, so that [`redact`] does not know them.
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
        let headers = self.headers()?;
        let credentials = self.store.credentials()?;
        let with_credentials =
            !self.store.access_key_id.is_empty() && !self.store.secret_access_key.is_empty();
        let mut evidence = Evidence::new(url)
            .method(&self.method)
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
            causes: diagnosis
                .causes()
                .iter()
                .map(|cause| (cause.name(), sentence(cause), cause.certainty().to_string()))
                .collect(),
            comparison: diagnosis.comparison().iter().map(Row::from).collect(),
            report: self.report(url, &headers, &diagnosis, now),
        })
    }

    fn headers(&self) -> Result<Vec<(&str, &str)>, Problem> {
        let lines = self.headers.lines().enumerate();
        lines
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(at, line)| {
                // As `curl --verbose` prints what it sends.
                let header = line.trim_start_matches("> ").split_once(':');
                header
                    .map(|(name, value)| (name.trim(), value.trim()))
                    .filter(|(name, _)| !name.is_empty())
                    .ok_or_else(|| {
                        let number = at + 1;
                        let problem = format_args!("line {number} is not of the form Name: value");
                        Problem::new("headers", problem)
                    })
            })
            .collect()
    }

    fn report(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        diagnosis: &Diagnosis,
        now: Timestamp,
    ) -> String {
        let mut text = format!("{} {url}\n", self.method);
        let mut put = |line: std::fmt::Arguments<'_>| {
            let _ = writeln!(text, "{line}"); // a text takes everything
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
        for name in ["Code", "Message"] {
            if let Some(value) = element(&self.answer, name) {
                put(format_args!("Answer, {name}: {value}"));
            }
        }
        put(format_args!("\nLooked at {now}"));
        if diagnosis.causes().is_empty() {
            put(format_args!("Nothing in the evidence is wrong."));
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

/// What stands between the first `<name>` and `</name>`.
fn element<'x>(xml: &'x str, name: &str) -> Option<&'x str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
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
