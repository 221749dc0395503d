//! Who signs, and where the buckets are.

use clap::Args;
use presign::{Bucket, Credentials, Error};
use serde::{Deserialize, Serialize};

/// Never part of a plan: each process has its own.
#[derive(Clone, Debug)]
pub struct Signer {
    pub credentials: Credentials<'static>,
    pub place: Place,
}

/// All of a bucket but its name.
#[derive(Args, Clone, Debug, Default, Deserialize, Serialize)]
pub struct Place {
    #[arg(long, env = "AWS_REGION")]
    pub region: String,
    /// Another store than AWS's
    #[arg(long, env = "AWS_ENDPOINT_URL_S3")]
    pub endpoint: Option<String>,
    /// The bucket in the path instead of the host name
    #[arg(long)]
    pub path_style: bool,
}

impl Signer {
    /// With the credentials of the environment.
    pub fn from_env(place: Place) -> Result<Self, Error> {
        let credentials = Credentials::from_env()?;
        Ok(Self { credentials, place })
    }

    pub fn bucket<'a>(&'a self, name: &'a str) -> Result<Bucket<'a>, Error> {
        let mut bucket = Bucket::new(name, &self.place.region)?;
        // A variable that is set to nothing counts as not set.
        let endpoint = self.place.endpoint.as_ref();
        if let Some(endpoint) = endpoint.filter(|endpoint| !endpoint.is_empty()) {
            bucket = bucket.endpoint(endpoint)?;
        }
        Ok(if self.place.path_style {
            bucket.path_style()
        } else {
            bucket
        })
    }
}
