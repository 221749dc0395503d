//! Credentials and region, looked for where the AWS CLI looks.

use std::collections::HashMap;
use std::env::{self, VarError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use configparser::ini::{Ini, IniDefault};
use presign::Credentials;

use crate::Error;

pub(crate) const HELP: &str = "\
Credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or else the profile (--profile, AWS_PROFILE
or `default`) in ~/.aws/credentials (AWS_SHARED_CREDENTIALS_FILE) or ~/.aws/config (AWS_CONFIG_FILE). Credentials of
other kinds, such as SSO or roles, come by: eval \"$(aws configure export-credentials --format env)\"";

/// Who signs, and for which region: what a flag says, else the environment, else the profile. As in the AWS CLI,
/// a profile that was named by flag wins over the environment's keys, though not over its region.
pub(crate) fn credentials_and_region(
    profile: Option<&str>,
    region: Option<&str>,
) -> Result<(Credentials<'static>, String), Error> {
    let credentials = match profile {
        Some(_) => None,
        None => credentials_from_env()?,
    };
    let region = match region {
        Some(region) => Some(region.to_owned()),
        None => variable("AWS_REGION")?.or(variable("AWS_DEFAULT_REGION")?),
    };
    match (credentials, region) {
        (Some(credentials), Some(region)) => Ok((credentials, region)),
        (credentials, region) => {
            let from_flag = profile.is_some();
            let profile = Profile::load(profile)?;
            Ok((
                credentials.map_or_else(|| profile.credentials(from_flag), Ok)?,
                region.map_or_else(|| profile.region(), Ok)?,
            ))
        }
    }
}

/// The environment's credentials; none where there is no access key ID. A secret that is missing beside it is a mistake.
fn credentials_from_env() -> Result<Option<Credentials<'static>>, presign::Error> {
    match Credentials::from_env() {
        Ok(credentials) => Ok(Some(credentials)),
        Err(presign::Error::MissingEnvironmentVariable {
            name: "AWS_ACCESS_KEY_ID",
        }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A variable that is set to nothing counts as not set.
fn variable(name: &'static str) -> Result<Option<String>, presign::Error> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(presign::Error::EnvironmentVariableNotUnicode { name }),
    }
}

struct Profile {
    name: String,
    /// Its section in the credentials file, then that in the config file, so far as they exist.
    sections: Vec<Section>,
}

impl Profile {
    /// A profile that is named, by flag or by `AWS_PROFILE`, has to exist; `default` need not.
    fn load(name: Option<&str>) -> Result<Self, Error> {
        let named = match name {
            Some(name) => Some(name.to_owned()),
            None => variable("AWS_PROFILE")?,
        };
        let name = named.as_deref().unwrap_or("default");
        let credentials_file = file("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
        let config_file = file("AWS_CONFIG_FILE", "~/.aws/config");

        let mut in_config = vec![format!("profile {name}"), format!("profile \"{name}\"")];
        in_config.extend((name == "default").then(|| name.to_owned()));
        let mut sections = Vec::new();
        sections.extend(Section::read(&credentials_file, &[name.to_owned()])?);
        sections.extend(Section::read(&config_file, &in_config)?);

        if sections.is_empty() && named.is_some() {
            return Err(format!(
                "profile {name:?} is neither in {credentials_file:?} nor in {config_file:?}"
            )
            .into());
        }
        Ok(Self {
            name: name.to_owned(),
            sections,
        })
    }

    /// All from one section, so that an access key ID never meets the secret of another.
    fn credentials(&self, from_flag: bool) -> Result<Credentials<'static>, Error> {
        let name = &self.name;
        if self
            .sections
            .iter()
            .any(|section| section.get("role_arn").is_some())
        {
            return Err(
                format!("profile {name:?} assumes a role, which needs a request to AWS").into(),
            );
        }
        let found = self
            .sections
            .iter()
            .find_map(|section| Some((section, section.get("aws_access_key_id")?)));
        let Some((section, access_key_id)) = found else {
            let or = if from_flag {
                ""
            } else {
                ", and AWS_ACCESS_KEY_ID is not set"
            };
            return Err(
                format!("no credentials: profile {name:?} has no aws_access_key_id{or}").into(),
            );
        };
        let secret_access_key = section
            .get("aws_secret_access_key")
            .ok_or_else(|| format!("profile {name:?} has no aws_secret_access_key"))?;
        let credentials = Credentials::new(access_key_id, secret_access_key);
        Ok(match section.get("aws_session_token") {
            Some(token) => credentials.session_token(token).into_owned(),
            None => credentials.into_owned(),
        })
    }

    fn region(&self) -> Result<String, Error> {
        match self.sections.iter().find_map(|section| section.get("region")) {
            Some(region) => Ok(region.to_owned()),
            None => Err(format!(
                "no region: give --region, or set AWS_REGION, AWS_DEFAULT_REGION, or region in profile {:?}",
                self.name
            )
            .into()),
        }
    }
}

fn file(variable: &str, default: &str) -> PathBuf {
    let path = env::var_os(variable).filter(|path| !path.is_empty());
    let path = path.map_or_else(|| PathBuf::from(default), PathBuf::from);
    let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"));
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => path,
    }
}

struct Section(HashMap<String, Option<String>>);

impl Section {
    /// The first of the named sections that a file has. A file that does not exist has none.
    fn read(path: &Path, names: &[String]) -> Result<Option<Self>, Error> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("cannot read {path:?}: {error}").into()),
        };
        let mut rules = IniDefault::default();
        rules.case_sensitive = true; // names of profiles are
        rules.default_section = String::new(); // a line above the first section belongs to no profile
        rules.multiline = true; // nested settings (`s3 =`, then indented lines) are one value
        rules.enable_inline_comments = false; // a secret may hold any character
        let mut file = Ini::new_from_defaults(rules)
            .read(text)
            .map_err(|error| format!("cannot read {path:?}: {error}"))?;
        Ok(names.iter().find_map(|name| file.remove(name)).map(Self))
    }

    /// A setting, in whichever case its name is written. One that is set to nothing counts as not set.
    fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self
            .0
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        value.as_deref().filter(|value| !value.is_empty())
    }
}
