//! Credentials, region and endpoint, found by the AWS SDK's own loader.
//!
//! Files and variables are read first. The network is used only for credentials that require it: SSO, roles, containers, EC2.

use core::time::Duration;
use std::borrow::Cow;
use std::sync::OnceLock;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::profile::{self, ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_runtime::env_config::EnvConfigValue;
use aws_smithy_http_client::tls;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_types::os_shim_internal::{Env, Fs};
use presign::{Bucket, Credentials};

use crate::args::{Client, Style};
use crate::output::Error;

mod checks;

/// The settings from flags, environment and profile.
pub(crate) struct Config {
    pub(crate) credentials: Credentials<'static>,
    region: Option<String>,
    endpoint_url: Option<String>,
    style: Style,
    dual_stack: bool,
    fips: bool,
    accelerate: bool,
}

/// How long a process or service may take.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(60);

/// Signs requests to AWS services without regions.
const US_EAST_1: &str = "us-east-1";

impl Config {
    pub(crate) fn load(client: &Client) -> Result<Self, Error> {
        wait(load(client))
    }

    /// The bucket as flags and configuration place it; without a name, the service.
    pub(crate) fn bucket<'b>(
        &'b self,
        name: Option<&'b str>,
        client: &'b Client,
    ) -> Result<Bucket<'b>, Error> {
        let is_arn = name.is_some_and(|name| name.starts_with("arn:"));
        let region = match &self.region {
            Some(region) => region,
            // A multi-region access point has no region.
            None if name.is_some_and(|name| name.split(':').nth(3) == Some("")) => US_EAST_1,
            None => {
                return Err(Error::Refused(
                    "no region: pass --region, or set AWS_REGION, AWS_DEFAULT_REGION, or region in the profile".into(),
                ));
            }
        };
        let mut bucket = match name {
            Some(name) => Bucket::new(name, region)?,
            None => Bucket::service(region)?,
        };
        if let Some(url) = &self.endpoint_url {
            bucket = bucket.endpoint(url)?;
        }
        // As in the AWS CLI: other stores rarely have a host for each bucket.
        // ARNs have no path style: by flag it is an error, and a profile may serve buckets of both kinds.
        let path_style = match self.style {
            Style::Path => !is_arn || client.addressing_style.is_some(),
            // With acceleration, the error should name the endpoint, not a path style that nobody chose.
            Style::Auto => self.endpoint_url.is_some() && !is_arn && !self.accelerate,
            Style::Virtual => false,
        };
        if path_style {
            bucket = bucket.path_style();
        }
        if let Some(regions) = &client.region_set {
            bucket = bucket.region_set(regions)?;
        }
        for (is_set, set) in [
            (
                client.global_endpoint,
                Bucket::global_endpoint as fn(_) -> _,
            ),
            (self.dual_stack, Bucket::dual_stack),
            (self.fips, Bucket::fips),
            (self.accelerate, Bucket::accelerate),
            (client.control_endpoint, Bucket::control_endpoint),
            (client.same_region, Bucket::same_region),
        ] {
            if is_set {
                bucket = set(bucket);
            }
        }
        Ok(bucket)
    }
}

/// Loads only the credentials.
pub(crate) fn credentials(profile: Option<&str>) -> Result<Credentials<'static>, Error> {
    wait(async {
        let settings = Settings::read(profile).await?;
        let region = settings.region();
        settings
            .credentials(profile, region, CREDENTIALS_TIMEOUT)
            .await
    })
}

fn wait<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(Error::refused)?;
    let result = runtime.block_on(future);
    runtime.shutdown_background(); // a name server that hangs must not outlast the time limit
    result
}

async fn load(client: &Client) -> Result<Config, Error> {
    let settings = Settings::read(client.profile.as_deref()).await?;
    let region = client.region.clone().or_else(|| settings.region());
    let is_set = |variable, name| settings.is_true(variable, name);
    let nested = settings.nested();
    let endpoint_url = match &client.endpoint_url {
        Some(url) => Some(url.clone()),
        None if is_set(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        ) =>
        {
            None
        }
        None => {
            let variables = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];
            if !variables.iter().any(|name| settings.is_set(name)) {
                checks::services(&settings.profiles, &settings.env)?;
            }
            settings.get(&variables, "endpoint_url")
        }
    };
    let style = match (client.addressing_style, nested("addressing_style")) {
        (Some(style), _) => style,
        (None, None | Some("auto")) => Style::Auto,
        (None, Some("path")) => Style::Path,
        (None, Some("virtual")) => Style::Virtual,
        (None, Some(other)) => {
            return Err(Error::Refused(format!(
                "addressing_style of profile {:?} is {other:?}, not auto, path or virtual",
                settings.profiles.selected_profile()
            )));
        }
    };
    let yes = |name| nested(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let (profile, timeout) = (client.profile.as_deref(), client.credentials_timeout);
    let mut credentials = settings
        .credentials(profile, region.clone(), timeout)
        .await?;
    if client.express_session {
        credentials = credentials.express_session();
    }
    Ok(Config {
        credentials,
        region,
        endpoint_url,
        style,
        dual_stack: client.dualstack
            || is_set("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
            || yes("use_dualstack_endpoint"),
        fips: client.fips || is_set("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
        accelerate: client.accelerate || yes("use_accelerate_endpoint"),
    })
}

/// Environment and profile.
struct Settings {
    env: Env,
    profiles: ProfileSet,
}

impl Settings {
    /// A profile that is named, by flag or by `AWS_PROFILE`, must exist; `default` need not.
    async fn read(profile: Option<&str>) -> Result<Self, Error> {
        let env = Env::real();
        let named = match profile {
            Some(name) => Some(name.to_owned()),
            None => env.get("AWS_PROFILE").ok().filter(|name| !name.is_empty()),
        };
        let name = Cow::Owned(named.clone().unwrap_or_else(|| "default".to_owned()));
        let profiles = profile::load(&Fs::real(), &env, &Default::default(), Some(name)).await;
        let profiles = profiles.map_err(|error| Error::Refused(sentence(&error)))?;
        match named {
            Some(name) if profiles.get_profile(&name).is_none() => {
                checks::name(&name)?;
                Err(Error::Refused(format!(
                    "profile {name:?} is neither in the configuration nor in the credentials file of the AWS CLI"
                )))
            }
            _ => Ok(Self { env, profiles }),
        }
    }

    /// The value of the first variable that is set, or else of the profile, there first of its section for S3.
    fn get(&self, variables: &[&str], name: &str) -> Option<String> {
        let variables = variables
            .iter()
            .map(|variable| EnvConfigValue::new().env(variable));
        let profile = EnvConfigValue::new().profile(name).service_id("s3");
        variables.chain([profile]).find_map(|source| {
            let (value, _) = source.load(&self.env, Some(&self.profiles))?;
            Some(value.trim().to_owned()).filter(|value| !value.is_empty())
        })
    }

    fn is_set(&self, variable: &str) -> bool {
        self.env.get(variable).is_ok_and(|value| !value.is_empty())
    }

    fn region(&self) -> Option<String> {
        self.get(&["AWS_REGION", "AWS_DEFAULT_REGION"], "region")
    }

    fn is_true(&self, variable: &str, name: &str) -> bool {
        self.get(&[variable], name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The settings below `s3 =` in the profile.
    fn nested<'s>(&'s self) -> impl Fn(&str) -> Option<&'s str> {
        let lines = self.profiles.get("s3").unwrap_or_default();
        move |name| {
            lines.lines().find_map(|line| {
                let (key, value) = line.split_once('=')?;
                (key.trim() == name).then(|| value.trim())
            })
        }
    }

    async fn credentials(
        &self,
        profile: Option<&str>,
        region: Option<String>,
        limit: Duration,
    ) -> Result<Credentials<'static>, Error> {
        if profile.is_some() || !self.is_set("AWS_ACCESS_KEY_ID") {
            checks::roles(&self.profiles)?;
        } else if !self.is_set("AWS_SECRET_ACCESS_KEY") {
            // The loader would continue with the profile, and sign with credentials that the user did not choose.
            return Err(Error::Refused(
                "no credentials: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not".into(),
            ));
        }
        let region = Region::new(region.unwrap_or_else(|| US_EAST_1.to_owned()));
        let provider = ProviderConfig::without_region()
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_http_client(Https::default())
            .with_region(Some(region.clone()));
        let providing = async {
            match profile {
                // As in the AWS CLI, a profile that is named by flag wins over the environment's credentials.
                Some(name) => {
                    let source = ProfileFileCredentialsProvider::builder().configure(&provider);
                    let source = source.profile_name(name).build();
                    source.provide_credentials().await
                }
                None => {
                    let chain = DefaultCredentialsChain::builder().configure(provider);
                    // The chain would use an empty `AWS_PROFILE` as a name.
                    let chain = chain.profile_name(self.profiles.selected_profile());
                    let chain = chain.region(region).build().await;
                    chain.provide_credentials().await
                }
            }
        };
        match tokio::time::timeout(limit, providing).await {
            Ok(Ok(provided)) => Ok(Credentials::from(&provided).into_owned()),
            Ok(Err(error)) => Err(self.explained(&error)),
            Err(_) => Err(Error::Refused(format!(
                "no credentials: {} did not return any within {}; see --credentials-timeout",
                self.source(),
                humantime::format_duration(limit)
            ))),
        }
    }

    /// The source of the profile's credentials, for an error about it.
    fn source(&self) -> String {
        let name = self.profiles.selected_profile();
        match [
            "credential_process",
            "sso_session",
            "sso_start_url",
            "role_arn",
        ]
        .into_iter()
        .find(|key| self.profiles.get(key).is_some())
        {
            Some(key) => format!("{key} of profile {name:?}"),
            None => format!("the source of profile {name:?}"),
        }
    }

    /// The loader's error, with the fix.
    fn explained(&self, error: &CredentialsError) -> Error {
        let name = self.profiles.selected_profile();
        let has = |key| self.profiles.get(key).is_some();
        let nothing = format!(
            "no credentials: AWS_ACCESS_KEY_ID is not set, and profile {name:?} has none; \
             set them, pass --profile, or sign in (aws configure, aws sso login)"
        );
        let text = match error {
            _ if has("login_session") => format!(
                "no credentials: sessions of aws login are not supported; {}",
                checks::export(name)
            ),
            _ if has("sso_session") || has("sso_start_url") => format!(
                "no credentials: {}; sign in with: aws sso login --profile {name}",
                sentence(error)
            ),
            CredentialsError::CredentialsNotLoaded(_) if !has("role_arn") => nothing,
            // The last in the chain is EC2, whose error only shows that this machine is not one of its instances.
            _ if sentence(error).contains("IMDS") => format!("{nothing} ({})", sentence(error)),
            _ => format!("no credentials: {}", sentence(error)),
        };
        Error::Refused(text)
    }
}

/// Reads the machine's certificates at the first request. Most credentials need no request.
#[derive(Debug, Default)]
struct Https(OnceLock<SharedHttpClient>);

impl HttpClient for Https {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
        let build = || {
            let builder = aws_smithy_http_client::Builder::new();
            builder.tls_provider(ring).build_https()
        };
        let client = self.0.get_or_init(build);
        client.http_connector(settings, components)
    }
}

/// An error with its causes. Loaders wrap them deeply, and repeat themselves.
fn sentence(error: &dyn core::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
