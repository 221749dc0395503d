//! Credentials, and the location of buckets.

use clap::Args;
use presign::{Bucket, Credentials, Error};
use serde::{Deserialize, Serialize};

/// Never part of a plan: each process reads its environment.
#[derive(Clone, Debug)]
pub struct Signer {
    pub credentials: Credentials<'static>,
    pub place: Place,
}

/// The location of a bucket: everything except its name.
#[derive(Args, Clone, Debug, Default, Deserialize, Serialize)]
pub struct Place {
    #[arg(long, env = "AWS_REGION")]
    pub region: String,
    /// Endpoint of a store other than AWS
    #[arg(long, env = "AWS_ENDPOINT_URL_S3")]
    pub endpoint: Option<String>,
    /// Put the bucket into the path instead of the host name
    #[arg(long)]
    pub path_style: bool,
}

impl Signer {
    /// Reads the credentials from the environment.
    pub fn from_env(place: Place) -> Result<Self, Error> {
        let credentials = Credentials::from_env()?;
        Ok(Self { credentials, place })
    }

    pub fn bucket<'a>(&'a self, name: &'a str) -> Result<Bucket<'a>, Error> {
        let mut bucket = Bucket::new(name, &self.place.region)?;
        // An empty variable counts as unset.
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
