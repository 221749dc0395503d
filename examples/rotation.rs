//! Signs with temporary credentials from a provider of the AWS SDK, which replaces them regularly. Many tasks sign at
//! once, and request each object from an S3 server in this process:
//!
//! ```text
//! cargo run --example rotation
//! ```
//!
//! [`rotate`] is all that a service needs. It works with any provider from `aws-config`.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::provider::{ProvideCredentials, future};
use presign::{Bucket, PresignedUrl, Presigner, SharedCredentials, Timestamp};
use presign_store::{Account, Config, Server, http};
use tokio::task::JoinSet;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Requests new credentials from the provider a while before the old ones expire.
async fn rotate(credentials: SharedCredentials, provider: impl ProvideCredentials) -> Result<()> {
    while let Some(end) = credentials.expires_at() {
        tokio::time::sleep((end - Timestamp::now()).saturating_sub(MARGIN)).await;
        let provided = provider.provide_credentials().await?; // a service would retry on failure
        credentials.replace((&provided).into());
    }
    Ok(())
}

/// How long the provider's credentials are valid.
const LIFE: Duration = Duration::from_secs(4);
const MARGIN: Duration = Duration::from_secs(1);
const TASKS: usize = 4;

const ACCOUNTS: [Account<'_>; 3] = [
    Account {
        access_key_id: "ASIAFIRST",
        secret_access_key: "first secret",
        session_token: Some("first/token=="),
    },
    Account {
        access_key_id: "ASIASECOND",
        secret_access_key: "second secret",
        session_token: Some("second/token=="),
    },
    Account {
        access_key_id: "ASIATHIRD",
        secret_access_key: "third secret",
        session_token: Some("third/token=="),
    },
];

/// Simulates STS or a metadata service: each call returns new credentials.
#[derive(Clone, Debug, Default)]
struct InTurns {
    asked: Arc<AtomicUsize>,
}

impl ProvideCredentials for InTurns {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let account = ACCOUNTS[self.asked.fetch_add(1, Ordering::Relaxed) % ACCOUNTS.len()];
        future::ProvideCredentials::ready(Ok(aws_credential_types::Credentials::new(
            account.access_key_id,
            account.secret_access_key,
            account.session_token.map(str::to_owned),
            Some(SystemTime::now() + LIFE),
            "example",
        )))
    }
}

fn main() -> Result<()> {
    let server = Server::start(&Config {
        accounts: &ACCOUNTS,
        ..Config::default()
    })?;
    let endpoint = server.endpoint();
    let bucket = Bucket::new("examplebucket", Config::default().region)?
        .endpoint(&endpoint)?
        .path_style();
    tokio::runtime::Runtime::new()?.block_on(sign(bucket.into_owned()))
}

async fn sign(bucket: Bucket<'static>) -> Result<()> {
    let provider = InTurns::default();
    let first = provider.provide_credentials().await?;
    let credentials = SharedCredentials::new((&first).into());
    let rotation = tokio::spawn(rotate(credentials.clone(), provider.clone()));
    let bucket = Arc::new(bucket);
    let end = Instant::now() + 3 * (LIFE - MARGIN);
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let (credentials, bucket) = (credentials.clone(), Arc::clone(&bucket));
        tasks.spawn(async move {
            let mut links = BTreeMap::new();
            while Instant::now() < end {
                let link = Presigner::get(&credentials, &bucket, "k").sign()?;
                let answer = tokio::task::spawn_blocking(move || {
                    let answer = http::send("GET", link.as_str(), &[], b"");
                    answer.map(|answer| (answer, link))
                });
                let (answer, link) = answer.await??;
                // The object does not exist; the server reveals that only if the signature is right.
                if answer.error_code() != Some("NoSuchKey") {
                    return Err(format!("{}: {:?}", answer.status, answer.error_code()).into());
                }
                if link.expires_at() <= Timestamp::now() {
                    return Err(format!("a link that expired at {}", link.expires_at()).into());
                }
                *links.entry(access_key_id(&link)).or_insert(0) += 1;
            }
            Ok::<_, Box<dyn Error + Send + Sync>>(links)
        });
    }
    let mut links = BTreeMap::new();
    while let Some(task) = tasks.join_next().await {
        for (access_key_id, count) in task?? {
            *links.entry(access_key_id).or_insert(0) += count;
        }
    }
    for (access_key_id, count) in &links {
        println!("{access_key_id}: {count} links, all accepted by the server");
    }
    rotation.abort();
    let asked = provider.asked.load(Ordering::Relaxed);
    println!("the provider was called {asked} times for {TASKS} tasks");
    if links.len() < 2 {
        return Err("the credentials were not replaced".into());
    }
    Ok(())
}

fn access_key_id(link: &PresignedUrl) -> String {
    let credential = link.as_str().split("X-Amz-Credential=").nth(1);
    let id = credential.and_then(|credential| credential.split('%').next());
    id.unwrap_or_default().to_owned()
}
