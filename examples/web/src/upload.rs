//! An upload form.

use presign::Timestamp;
use presign::post::PostPolicy;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::problem::Problem;
use crate::store::{Store, seconds};

/// The fields of the view.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Upload {
    #[serde(flatten)]
    pub store: Store,
    pub key_prefix: String,
    pub content_type_prefix: String,
    pub min_bytes: String,
    pub max_bytes: String,
    /// In seconds.
    pub expires: String,
    /// Where the browser goes afterwards, or empty.
    pub redirect: String,
}

/// What the view shows.
#[derive(Clone, Debug, Serialize)]
pub struct Form {
    pub action: String,
    /// To be sent as they are, in order: names and values.
    pub fields: Vec<(String, String)>,
    /// Names, and what the sender's value has to start with.
    pub open_fields: Vec<(String, String)>,
    pub html: String,
    /// The policy document, laid out.
    pub policy: String,
    /// In Unix seconds.
    pub signed_at: i64,
    /// In Unix seconds: the true end.
    pub expires_at: i64,
}

impl Upload {
    /// Signs.
    ///
    /// # Errors
    /// What is missing or wrong, at its field.
    pub fn sign(&self, now: Timestamp) -> Result<Form, Problem> {
        self.form(now).map_err(|problem| match problem.field {
            "key" => Problem {
                field: "key_prefix",
                ..problem
            },
            _ if problem.missing => self.store.first_missing().unwrap_or(problem),
            _ => problem,
        })
    }

    fn form(&self, now: Timestamp) -> Result<Form, Problem> {
        let credentials = self.store.credentials()?;
        let bucket = self.store.bucket()?;
        let key = format!("{}${{filename}}", self.key_prefix);
        let lifetime = seconds(&self.expires)?;
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
            policy.success_action_status(201) // the answer that says what was stored
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

/// What S3 takes in one `POST`: 5 GiB.
const MAX_BYTES: u64 = 5 << 30;

/// `None` where nothing was typed.
fn bytes(field: &'static str, text: &str) -> Result<Option<u64>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse().map_err(|_| {
        Problem::new(
            field,
            format_args!("{text:?} is not a whole number of bytes"),
        )
    })?;
    Ok(Some(number))
}
