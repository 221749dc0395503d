//! A link.

use presign::{Advisory, Method, PresignedUrl, Presigner, Timestamp};
use serde::{Deserialize, Serialize};

use crate::check;
use crate::curl::curl;
use crate::problem::{Problem, advice};
use crate::store::{Store, lifetime};

/// The fields of the view.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Share {
    #[serde(skip)]
    pub store: Store,
    pub key: String,
    pub method: String,
    pub expires: String,
    /// `seconds`, `minutes`, `hours` or `days`.
    pub unit: String,
    pub content_type: String,
    /// `stored`, `inline` or `attachment`.
    pub disposition: String,
    pub file_name: String,
}

/// What the view shows.
#[derive(Clone, Debug, Serialize)]
pub struct Shared {
    pub url: String,
    pub method: &'static str,
    /// In Unix seconds.
    pub signed_at: i64,
    /// In Unix seconds: the true expiry.
    pub expires_at: i64,
    /// Whether that is when the credentials expire.
    pub ends_with_credentials: bool,
    /// Names and values that the sender must repeat.
    pub headers: Vec<(String, String)>,
    pub curl: String,
    pub advisories: Vec<String>,
    /// What is probably a mistake, at its field.
    pub cautions: Vec<Problem>,
    /// Whether a QR code of the link is of use: it is opened with `GET`, and short enough.
    pub qr: bool,
}

/// The most that fits into a QR code of 105 modules a side, which phones can still read from a screen.
pub(crate) const MAX_QR_BYTES: usize = 1003;

impl Share {
    /// Signs.
    ///
    /// # Errors
    /// What is missing or wrong, at its field.
    pub fn sign(&self, now: Timestamp) -> Result<Shared, Problem> {
        let checked = self.store.check().and_then(|()| self.shared(now));
        checked.map_err(|problem| {
            let missing = Some(&problem).filter(|problem| problem.missing);
            missing
                .and_then(|_| self.store.first_missing())
                .unwrap_or(problem)
        })
    }

    fn shared(&self, now: Timestamp) -> Result<Shared, Problem> {
        self.with_presigner(now, |presigner| {
            let url = presigner
                .sign_at(now)
                .map_err(|error| Problem::at("key", error))?;
            self.show(presigner, url, now)
        })
    }

    /// Calls `then` with what signs the link.
    pub(crate) fn with_presigner<R>(
        &self,
        now: Timestamp,
        then: impl FnOnce(&Presigner<'_>) -> Result<R, Problem>,
    ) -> Result<R, Problem> {
        let credentials = self.store.credentials()?;
        let bucket = self.store.bucket()?;
        let method: Method = self
            .method
            .parse()
            .map_err(|error| Problem::at("method", error))?;
        let lifetime = lifetime(&self.expires, &self.unit)?;
        let mut presigner =
            Presigner::new(method, &credentials, &bucket, &self.key).expires_in(lifetime);
        presigner = match self.disposition.as_str() {
            "attachment" if method == Method::Get => presigner.download_as(&self.file_name),
            "inline" if method == Method::Get => presigner.inline_as(""),
            _ => presigner,
        };
        // Signed before the last setting too, so that an error shows which field it is about.
        presigner
            .sign_at(now)
            .map_err(|error| Problem::at("key", error))?;
        if !self.content_type.is_empty() && method != Method::Delete {
            presigner = if method == Method::Put {
                presigner.content_type(&self.content_type)
            } else {
                presigner.response_content_type(&self.content_type)
            };
            presigner
                .sign_at(now)
                .map_err(|error| Problem::at("content_type", error))?;
        }
        then(&presigner)
    }

    fn show(
        &self,
        presigner: &Presigner<'_>,
        url: PresignedUrl,
        now: Timestamp,
    ) -> Result<Shared, Problem> {
        let method = url.method();
        let lifetime = lifetime(&self.expires, &self.unit)?;
        Ok(Shared {
            method: method.as_str(),
            signed_at: now.as_unix(),
            expires_at: url.expires_at().as_unix(),
            ends_with_credentials: ends_early(&url, now, lifetime.as_secs()),
            headers: url
                .headers()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            curl: curl(&url, self.saved_as()),
            advisories: presigner
                .advisories(now)
                .filter(|advisory| {
                    !matches!(advisory, Advisory::EncodedKey | Advisory::DottedBucket)
                })
                .map(advice)
                .collect(), // those two are cautions
            cautions: self.cautions(method, url.as_str()),
            qr: method == Method::Get && url.as_str().len() <= MAX_QR_BYTES,
            url: url.into_string(),
        })
    }

    fn cautions(&self, method: Method, url: &str) -> Vec<Problem> {
        let mut cautions = self.store.cautions(&self.key);
        if method != Method::Delete {
            cautions.extend(check::content_type(&self.content_type));
        }
        let bucket = &self.store.bucket;
        let host = url.split_once("://").map_or("", |(_, rest)| rest);
        let in_host = host.starts_with(&format!("{bucket}."));
        if self.store.addressing == "host" && !bucket.contains(':') && !in_host {
            let message = if check::is_ip(&self.store.endpoint) {
                "The endpoint is an IP address, so the link has the bucket in the path."
            } else {
                "This bucket name does not fit into the host name, so the link has it in the path."
            };
            let path = [("addressing", "path".to_owned())];
            cautions.push(Problem::new("addressing", message).fix("Use the path", path));
        }
        cautions
    }

    /// The name for the downloaded file.
    fn saved_as(&self) -> &str {
        let key = self.key.trim_end_matches('/').rsplit('/').next();
        match self.disposition.as_str() {
            "attachment" if !self.file_name.is_empty() => &self.file_name,
            _ => key.unwrap_or_default(),
        }
    }
}

fn ends_early(url: &PresignedUrl, now: Timestamp, seconds: u64) -> bool {
    let lives = url.expires_at().as_unix() - now.as_unix();
    u64::try_from(lives).is_ok_and(|lives| lives < seconds)
}
