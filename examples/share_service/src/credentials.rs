//! Where credentials come from: the environment, a file, or a program.

use std::path::PathBuf;
use std::time::Duration;

use presign::{Credentials, Timestamp};
use serde::Deserialize;
use tokio::process::Command;

/// Where to load credentials from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// `AWS_ACCESS_KEY_ID` and its companions, read once at the start.
    #[default]
    Environment,
    /// A file with the JSON that [`Command`](Self::Command) prints. It is read again, because another program updates it.
    File(PathBuf),
    /// A program and its arguments that prints the JSON of `credential_process`, for example
    /// `aws configure export-credentials`.
    Command(Vec<String>),
}

/// Why there are no credentials. The messages never quote a file or a program's output.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{0}")]
    Environment(#[from] presign::Error),
    #[error("cannot read {path}: {error}")]
    File { path: String, error: std::io::Error },
    #[error("credentials.command is empty")]
    NoCommand,
    #[error("cannot run {program}: {error}")]
    Command {
        program: String,
        error: std::io::Error,
    },
    #[error("{program} failed with {status}")]
    Failed {
        program: String,
        status: std::process::ExitStatus,
    },
    #[error("{program} has not finished within {} s", COMMAND_TIMEOUT.as_secs())]
    Silent { program: String },
    #[error("{origin} is not the JSON of credential_process, at line {line}, column {column}")]
    Malformed {
        origin: String,
        line: usize,
        column: usize,
    },
}

const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

impl Source {
    /// # Errors
    /// If the source has no credentials.
    pub async fn load(&self) -> Result<Credentials<'static>, LoadError> {
        match self {
            Self::Environment => Ok(Credentials::from_env()?),
            Self::File(path) => {
                let origin = path.display().to_string();
                match tokio::fs::read(path).await {
                    Ok(json) => parse(&origin, &json),
                    Err(error) => Err(LoadError::File {
                        path: origin,
                        error,
                    }),
                }
            }
            Self::Command(command) => {
                let (program, arguments) = command.split_first().ok_or(LoadError::NoCommand)?;
                let program = program.clone();
                let output = Command::new(&program)
                    .args(arguments)
                    .stdin(std::process::Stdio::null())
                    .stderr(std::process::Stdio::inherit())
                    .kill_on_drop(true)
                    .output();
                let output = match tokio::time::timeout(COMMAND_TIMEOUT, output).await {
                    Err(_) => return Err(LoadError::Silent { program }),
                    Ok(Err(error)) => return Err(LoadError::Command { program, error }),
                    Ok(Ok(output)) => output,
                };
                if !output.status.success() {
                    let status = output.status;
                    return Err(LoadError::Failed { program, status });
                }
                parse(&program, &output.stdout)
            }
        }
    }

    /// Whether credentials without an expiry may still change.
    pub(crate) const fn may_change(&self) -> bool {
        !matches!(self, Self::Environment)
    }
}

/// <https://docs.aws.amazon.com/cli/latest/topic/config-vars.html#sourcing-credentials-from-external-processes>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Json {
    access_key_id: String,
    secret_access_key: String,
    /// ECS and EC2 call it `Token`.
    #[serde(alias = "Token")]
    session_token: Option<String>,
    expiration: Option<Timestamp>,
}

fn parse(origin: &str, json: &[u8]) -> Result<Credentials<'static>, LoadError> {
    // serde's message may quote a secret.
    let json: Json = serde_json::from_slice(json).map_err(|error| LoadError::Malformed {
        origin: origin.to_owned(),
        line: error.line(),
        column: error.column(),
    })?;
    let (id, secret) = (json.access_key_id, json.secret_access_key);
    let credentials = Credentials::from_strings(id, secret, json.session_token);
    Ok(match json.expiration {
        Some(end) => credentials.expiration(end),
        None => credentials,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_program_that_prints_credentials() {
        let script = r#"echo '{"Version":1,"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"s3cret","SessionToken":"t","Expiration":"2030-01-01T00:00:00Z"}'"#;
        let command =
            |script: &str| Source::Command(["sh", "-c", script].map(str::to_owned).into());
        let loaded = command(script).load().await.unwrap();
        assert_eq!(loaded.access_key_id(), "ASIAEXAMPLE");
        let end = Some(Timestamp::from_unix(1_893_456_000));
        assert_eq!(loaded.expires_at(), end);

        let failed = command("exit 3").load().await.unwrap_err();
        assert_eq!(failed.to_string(), "sh failed with exit status: 3");
        // serde's message would quote a secret that is a number.
        let malformed = command(r#"echo '{"AccessKeyId":"A","SecretAccessKey":12345}'"#);
        let malformed = malformed.load().await.unwrap_err().to_string();
        assert!(malformed.starts_with("sh is not the JSON of credential_process, at line 1"));
        assert!(!malformed.contains("12345"));
        let none = Source::Command(Vec::new()).load().await.unwrap_err();
        assert_eq!(none.to_string(), "credentials.command is empty");
    }
}
