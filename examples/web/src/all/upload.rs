//! An upload form.

use presign::post::PostPolicy;
use presign::{Advisory, Presigner, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check;
use crate::problem::{DOT_SEGMENT, Problem, advice};
use crate::store::{Store, lifetime};

/// The fields of the view.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Upload {
    #[serde(skip)]
    pub store: Store,
    pub key_prefix: String,
    pub content_type_prefix: String,
    pub min_bytes: String,
    pub max_bytes: String,
    pub expires: String,
    /// `seconds`, `minutes`, `hours` or `days`.
    pub unit: String,
    /// Where the browser goes after the upload, or empty.
    pub redirect: String,
}

/// What the view shows.
#[derive(Clone, Debug, Serialize)]
pub struct Form {
    pub action: String,
    /// Names and values to send unchanged, in order.
    pub fields: Vec<(String, String)>,
    /// Names, and what the sender's value must start with.
    pub open_fields: Vec<(String, String)>,
    pub html: String,
    /// The policy document, laid out.
    pub policy: String,
    /// In Unix seconds.
    pub signed_at: i64,
    /// In Unix seconds: the true expiry.
    pub expires_at: i64,
    pub advisories: Vec<String>,
    pub cautions: Vec<Problem>,
}

impl Upload {
    /// Signs.
    ///
    /// # Errors
    /// What is missing or wrong, at its field.
    pub fn sign(&self, now: Timestamp) -> Result<Form, Problem> {
        let checked = self.check().and_then(|()| self.form(now));
        checked.map_err(|problem| match problem.field {
            "key" => Problem {
                field: "key_prefix",
                ..problem
            },
            _ if problem.missing => self.store.first_missing().unwrap_or(problem),
            _ => problem,
        })
    }

    /// Refuses what no store accepts.
    fn check(&self) -> Result<(), Problem> {
        self.store.check()?;
        if self
            .store
            .endpoint
            .trim_end_matches('/')
            .ends_with(".r2.cloudflarestorage.com")
        {
            let message =
                "Cloudflare R2 does not accept upload forms. Share an upload link instead.";
            return Err(Problem::new("endpoint", message));
        }
        let address = &self.redirect;
        let rest = ["https://", "http://"]
            .into_iter()
            .find_map(|scheme| address.strip_prefix(scheme));
        let host = rest
            .and_then(|rest| rest.split(['/', '?', '#']).next())
            .unwrap_or_default();
        if !address.is_empty() && (host.is_empty() || address.contains(' ')) {
            let message = "Enter a whole address, such as https://example.com/done.";
            return Err(Problem::new("redirect", message));
        }
        Ok(())
    }

    /// What is allowed, but worth a thought: the same as for an upload link.
    fn advisories(&self, now: Timestamp) -> Result<Vec<String>, Problem> {
        let (credentials, bucket) = (self.store.credentials()?, self.store.bucket()?);
        let key = if self.key_prefix.is_empty() {
            "k"
        } else {
            &self.key_prefix
        };
        let link = Presigner::put(&credentials, &bucket, key)
            .expires_in(lifetime(&self.expires, &self.unit)?);
        let for_forms = |advisory: &Advisory| {
            !matches!(
                advisory,
                Advisory::ContentTypeNotBound | Advisory::EncodedKey | Advisory::LongLived { .. }
            )
        };
        let text = |advisory| {
            advice(advisory)
                .replace("The link", "The form")
                .replace("the link", "the form")
        };
        Ok(link.advisories(now).filter(for_forms).map(text).collect())
    }

    /// The file's name follows the prefix, without a slash between them.
    fn prefix_caution(&self) -> Option<Problem> {
        let prefix = &self.key_prefix;
        let name = format!("{prefix}duck.jpg");
        let message = format!("Keys will be like {name}. For a folder, end the prefix with /.");
        let joined = !prefix.contains(FILE_NAME) && prefix.ends_with(char::is_alphanumeric);
        joined.then(|| Problem::new("key_prefix", message).offer(format!("{prefix}/")))
    }

    fn form(&self, now: Timestamp) -> Result<Form, Problem> {
        let credentials = self.store.credentials()?;
        let bucket = self.store.bucket()?;
        let variable = if self.key_prefix.contains(FILE_NAME) {
            ""
        } else {
            FILE_NAME
        };
        let key = format!("{}{variable}", self.key_prefix);
        let lifetime = lifetime(&self.expires, &self.unit)?;
        if key.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err(Problem::new("key_prefix", DOT_SEGMENT));
        }
        let of_prefix = self.prefix_caution();
        let of_type = check::content_type(&self.content_type_prefix)
            .filter(|_| !self.content_type_prefix.contains('/'))
            .map(|_| {
                Problem::new(
                    "content_type_prefix",
                    "Content types start with a word and a slash, such as image/.",
                )
            });
        let (min, max) = (
            bytes("min_bytes", &self.min_bytes)?,
            bytes("max_bytes", &self.max_bytes)?,
        );

        // One setting after the other, so that an error shows which field it is about.
        let mut policy = PostPolicy::new(&credentials, &bucket, &key).expires_in(lifetime);
        policy
            .sign_at(now)
            .map_err(|error| Problem::at("key_prefix", error))?;
        if min.is_some() || max.is_some() {
            policy = policy.content_length(min.unwrap_or(0)..=max.unwrap_or(MAX_BYTES));
        }
        policy = policy.content_type_starts_with(&self.content_type_prefix);
        policy
            .sign_at(now)
            .map_err(|error| Problem::at("content_type_prefix", error))?;
        policy = if self.redirect.is_empty() {
            policy.success_action_status(201) // the response then names the stored object
        } else {
            policy.success_action_redirect(&self.redirect)
        };
        let form = policy
            .sign_at(now)
            .map_err(|error| Problem::at("redirect", error))?;

        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Ok(Form {
            action: form.action().to_owned(),
            fields: form.fields().map(owned).collect(),
            open_fields: form.open_fields().map(owned).collect(),
            html: form.to_html(),
            policy: laid_out(form.policy()),
            signed_at: now.as_unix(),
            expires_at: form.expires_at().as_unix(),
            advisories: self.advisories(now)?,
            cautions: self
                .store
                .cautions("")
                .into_iter()
                .chain(of_prefix)
                .chain(of_type)
                .collect(),
        })
    }
}

/// The same JSON with a line for each condition.
fn laid_out(policy: &str) -> String {
    let Ok(Value::Object(members)) = serde_json::from_str(policy) else {
        return policy.to_owned();
    };
    let list = |values: Vec<String>, indent: &str| values.join(&format!(",\n{indent}"));
    let members = members.into_iter().map(|(name, value)| match value {
        Value::Array(conditions) => {
            let conditions = conditions.iter().map(Value::to_string).collect();
            format!("\"{name}\": [\n    {}\n  ]", list(conditions, "    "))
        }
        value => format!("\"{name}\": {value}"),
    });
    format!("{{\n  {}\n}}", list(members.collect(), "  "))
}

/// The variable that stores replace by the name of the file.
const FILE_NAME: &str = "${filename}";

/// What S3 accepts in one `POST`: 5 GiB.
const MAX_BYTES: u64 = 5 << 30;

/// `None` if the field is empty.
fn bytes(field: &'static str, text: &str) -> Result<Option<u64>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(number) if number <= MAX_BYTES => Ok(Some(number)),
        Ok(_) => Err(Problem::new(
            field,
            "S3 accepts at most 5 GiB (5368709120 bytes) in one upload.",
        )),
        Err(_) => Err(Problem::new(field, "Enter a whole number of bytes.")),
    }
}
