//! What all links of a directory have in common.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use presign::{ExpiryPolicy, Presigner, Timestamp};
use serde::{Deserialize, Serialize};

use super::Job;
use crate::signer::Place;

/// Kept as `manifest.json` beside the links. A run that would write another one is refused.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    sql: String,
    /// The bytes of each file of the inventory.
    inventory: BTreeMap<String, u64>,
    #[serde(flatten)]
    place: Place,
    access_key_id: String,
    /// The signature of a link that lived for the second after `signed_at`: other credentials give another.
    credentials_check: String,
    expires_in: u64,
    signed_at: String,
    /// When the links end, all at once.
    expires_at: String,
}

impl Manifest {
    /// Reads the manifest, or writes it if this is the first run.
    ///
    /// # Errors
    /// Where it is another than this job's, or the credentials end before the links would.
    pub(super) fn open(job: &Job, sql: &str, inputs: &[PathBuf]) -> Result<Self> {
        let path = job.out.join("manifest.json");
        let before: Option<Self> = match path.exists() {
            true => {
                let text = fs::read(&path)?;
                Some(
                    serde_json::from_slice(&text)
                        .with_context(|| format!("cannot read {}", path.display()))?,
                )
            }
            false => None,
        };
        let signed_at = match (job.signed_at, &before) {
            (Some(given), _) => given,
            (None, Some(before)) => before.signed_at()?,
            (None, None) => (job.clock)(),
        };
        let now = Self::new(job, sql, inputs, signed_at)?;
        match before {
            Some(before) => before.compare(&now, &path)?,
            None => {
                let unfinished = path.with_extension("unfinished");
                fs::write(&unfinished, serde_json::to_string_pretty(&now)? + "\n")?;
                fs::rename(&unfinished, &path)?;
            }
        }
        Ok(now)
    }

    fn new(job: &Job, sql: &str, inputs: &[PathBuf], at: Timestamp) -> Result<Self> {
        let signer = &job.signer;
        let bucket = signer.bucket("manifest")?;
        let presigner = Presigner::get(&signer.credentials, &bucket, "manifest");
        let expires_at = presigner
            .expires_in(job.expires_in)
            .expiry_policy(ExpiryPolicy::Refuse)
            .valid_until(at)
            .context(
                "no link was given out: use a shorter --expires-in or credentials that last longer",
            )?;
        let check = presigner
            .expires_in(std::time::Duration::from_secs(1))
            .sign_at(at)?
            .into_string();
        let size = |path: &PathBuf| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            Ok((name, fs::metadata(path)?.len()))
        };
        Ok(Self {
            sql: sql.to_owned(),
            inventory: inputs.iter().map(size).collect::<Result<_>>()?,
            place: signer.place.clone(),
            access_key_id: signer.credentials.access_key_id().to_owned(),
            credentials_check: check.rsplit('=').next().unwrap_or_default().to_owned(),
            expires_in: job.expires_in.as_secs(),
            signed_at: at.to_string(),
            expires_at: expires_at.to_string(),
        })
    }

    fn compare(&self, now: &Self, path: &Path) -> Result<()> {
        let (before, now) = (serde_json::to_value(self)?, serde_json::to_value(now)?);
        let before = before.as_object().into_iter().flatten();
        let differences = before.filter(|(name, before)| now[name] != **before);
        let differences: Vec<String> = differences
            .map(|(name, before)| match name.as_str() {
                "inventory" => "inventory: other files, or of other sizes".to_owned(),
                "credentials_check" => "another secret or session token".to_owned(),
                _ => format!("{name}: {before}, now {}", now[name]),
            })
            .collect();
        ensure!(
            differences.is_empty(),
            "{} is of a run with other settings ({}); repeat that run, or start with another --out",
            path.display(),
            differences.join("; ")
        );
        Ok(())
    }

    pub(super) fn signed_at(&self) -> Result<Timestamp> {
        Ok(self.signed_at.parse()?)
    }

    pub(super) fn expires_at(&self) -> Result<Timestamp> {
        Ok(self.expires_at.parse()?)
    }
}
