//! Signs with temporary credentials that a provider of the AWS SDK hands out and replaces, from many tasks at once, and
//! asks an S3 server inside this process for each object:
//!
//! ```text
//! cargo run --example rotation
//! ```
//!
//! [`Signer`] is what a service can take. Any provider of `aws-config` does, as that of this example does.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::provider::{ProvideCredentials, future};
use presign::{Bucket, Credentials, PresignedUrl, Presigner, SigningKey, Timestamp};
use presign_servers::{Account, Config, Server, http};
use tokio::sync::RwLock;
use tokio::task::JoinSet;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// A signing key that is replaced before it ends. It is never changed: who has an `Arc` signs with what belongs together.
struct Signer<P> {
    bucket: Bucket<'static>,
    provider: P,
    /// How long before their end credentials are replaced; minutes, in a service.
    margin: Duration,
    key: RwLock<Option<Arc<SigningKey<'static>>>>,
}

impl<P: ProvideCredentials> Signer<P> {
    async fn sign(&self, object_key: &str) -> Result<PresignedUrl> {
        let key = self.key().await?;
        Ok(Presigner::get(&*key, &self.bucket, object_key).sign()?)
    }

    async fn key(&self) -> Result<Arc<SigningKey<'static>>> {
        if let Some(key) = self.fresh(&*self.key.read().await) {
            return Ok(key);
        }
        // The first task that comes here asks the provider; those that waited for it find the new key.
        let mut current = self.key.write().await;
        if let Some(key) = self.fresh(&current) {
            return Ok(key);
        }
        let provided = self.provider.provide_credentials().await?;
        let now = SystemTime::now();
        let credentials = Credentials::from(&provided);
        let key = credentials.signing_key(&self.bucket, now)?;
        let key = Arc::new(key.into_owned());
        *current = Some(Arc::clone(&key));
        Ok(key)
    }

    fn fresh(&self, key: &Option<Arc<SigningKey<'static>>>) -> Option<Arc<SigningKey<'static>>> {
        let soon = Timestamp::from(SystemTime::now() + self.margin);
        let serves = |key: &&Arc<SigningKey<'_>>| key.valid_until().is_none_or(|end| soon < end);
        key.as_ref().filter(serves).cloned()
    }
}

/// How long each of the provider's credentials live.
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

/// Stands for STS or a metadata service: other credentials each time that it is asked.
#[derive(Debug, Default)]
struct InTurns {
    asked: AtomicUsize,
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
    let signer = Arc::new(Signer {
        bucket: bucket.into_owned(),
        provider: InTurns::default(),
        margin: MARGIN,
        key: RwLock::default(),
    });
    tokio::runtime::Runtime::new()?.block_on(rotate(signer))
}

async fn rotate(signer: Arc<Signer<InTurns>>) -> Result<()> {
    let end = Instant::now() + 3 * (LIFE - MARGIN);
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let signer = Arc::clone(&signer);
        tasks.spawn(async move {
            let mut links = BTreeMap::new();
            while Instant::now() < end {
                let link = signer.sign("k").await?;
                let answer = tokio::task::spawn_blocking(move || {
                    let answer = http::send("GET", link.as_str(), &[], b"");
                    answer.map(|answer| (answer, link))
                });
                let (answer, link) = answer.await??;
                // The object does not exist, which the server says to those only whose signature is right.
                if answer.error_code() != Some("NoSuchKey") {
                    return Err(format!("{}: {:?}", answer.status, answer.error_code()).into());
                }
                if link.expires_at() <= SystemTime::now().into() {
                    return Err(format!("a link that ended at {}", link.expires_at()).into());
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
        println!("{access_key_id}: {count} links, all taken by the server");
    }
    let asked = signer.provider.asked.load(Ordering::Relaxed);
    println!("the provider was asked {asked} times for {TASKS} tasks");
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
