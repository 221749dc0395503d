//! The settings that all links of a directory share.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use presign::{ExpiryPolicy, Presigner, Timestamp};
use serde::{Deserialize, Serialize};

use super::Job;
use crate::signer::Place;

/// Stored as `manifest.json` next to the links. A run whose manifest differs is refused.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    sql: String,
    /// The inventory's files, with their sizes in bytes.
    inventory: BTreeMap<String, u64>,
    #[serde(flatten)]
    place: Place,
    access_key_id: String,
    /// The signature of a link that was valid for one second after `signed_at`. It differs for other credentials.
    credentials_check: String,
    expires_in: u64,
    signed_at: String,
    /// The expiry of all links.
    expires_at: String,
}

impl Manifest {
    /// Reads the manifest, or writes it if this is the first run.
    ///
    /// # Errors
    /// If the stored manifest differs from this job's, or the credentials expire before the links would.
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
                "no links were created: use a shorter --expires-in, or credentials that expire later",
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
                "inventory" => "inventory: different files or file sizes".to_owned(),
                "credentials_check" => "different secret or session token".to_owned(),
                _ => format!("{name}: {before}, now {}", now[name]),
            })
            .collect();
        ensure!(
            differences.is_empty(),
            "{} has different settings ({}); use the same settings, or another --out",
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
