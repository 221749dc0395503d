//! A link.

use presign::{Method, PresignedUrl, Presigner, Timestamp};
use serde::{Deserialize, Serialize};

use crate::curl::curl;
use crate::problem::{Problem, sentence};
use crate::qr::QrCode;
use crate::steps::{Line, canonical_request, string_to_sign};
use crate::store::{Store, seconds};

/// The fields of the view.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Share {
    #[serde(flatten)]
    pub store: Store,
    pub key: String,
    pub method: String,
    /// In seconds.
    pub expires: String,
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
    /// In Unix seconds: the true end.
    pub expires_at: i64,
    /// Whether that is the credentials' end.
    pub ends_with_credentials: bool,
    /// Names and values that the sender has to repeat.
    pub headers: Vec<(String, String)>,
    pub curl: String,
    pub advisories: Vec<String>,
    /// `None` where the link is too long for one.
    pub qr: Option<QrCode>,
    pub canonical_request: Vec<Line>,
    pub string_to_sign: Vec<Line>,
}

impl Share {
    /// Signs.
    ///
    /// # Errors
    /// What is missing or wrong, at its field.
    pub fn sign(&self, now: Timestamp) -> Result<Shared, Problem> {
        self.shared(now).map_err(|problem| {
            let missing = Some(&problem).filter(|problem| problem.missing);
            missing
                .and_then(|_| self.store.first_missing())
                .unwrap_or(problem)
        })
    }

    fn shared(&self, now: Timestamp) -> Result<Shared, Problem> {
        let credentials = self.store.credentials()?;
        let bucket = self.store.bucket()?;
        let method: Method = self
            .method
            .parse()
            .map_err(|error| Problem::at("method", error))?;
        let lifetime = seconds(&self.expires)?;
        // One setting after the other, so that an error shows which field it is about.
        let mut presigner =
            Presigner::new(method, &credentials, &bucket, &self.key).expires_in(lifetime);
        presigner = match self.disposition.as_str() {
            "attachment" if method == Method::Get => presigner.download_as(&self.file_name),
            "inline" if method == Method::Get => presigner.inline_as(""),
            _ => presigner,
        };
        let mut url = presigner
            .sign_at(now)
            .map_err(|error| Problem::at("key", error))?;
        if !self.content_type.is_empty() && method != Method::Delete {
            presigner = if method == Method::Put {
                presigner.content_type(&self.content_type)
            } else {
                presigner.response_content_type(&self.content_type)
            };
            url = presigner
                .sign_at(now)
                .map_err(|error| Problem::at("content_type", error))?;
        }
        let explanation = presigner
            .explain_at(now)
            .map_err(|error| Problem::at("key", error))?;
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
            advisories: presigner.advisories(now).map(sentence).collect(),
            qr: QrCode::new(url.as_str()),
            canonical_request: canonical_request(explanation.canonical_request()),
            string_to_sign: string_to_sign(explanation.string_to_sign()),
            url: url.into_string(),
        })
    }

    /// What to call the file that comes down.
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
