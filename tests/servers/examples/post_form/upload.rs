//! The upload that the form allows, independent of the signer and the server.

use core::ops::RangeInclusive;
use core::time::Duration;

use presign::post::{PostForm, PostPolicy};
use presign::{Bucket, Credentials, Timestamp};

#[derive(Default)]
pub(crate) struct Upload {
    /// Has `${filename}` at its end if only a prefix was given.
    pub(crate) key: String,
    /// Names and values.
    pub(crate) fields: Vec<(String, String)>,
    /// Names, and the prefixes of their values.
    pub(crate) starts_with: Vec<(String, String)>,
    pub(crate) content_length: Option<RangeInclusive<u64>>,
    pub(crate) expires_in: Option<Duration>,
}

impl Upload {
    /// Signs the form at the time `at`, or now.
    pub(crate) fn form(
        &self,
        credentials: &Credentials<'_>,
        bucket: &Bucket<'_>,
        at: Option<Timestamp>,
    ) -> Result<PostForm, presign::Error> {
        let mut policy = PostPolicy::new(credentials, bucket, &self.key);
        for (name, value) in &self.fields {
            policy = policy.field(name, value);
        }
        for (name, prefix) in &self.starts_with {
            policy = policy.field_starts_with(name, prefix);
        }
        if let Some(bytes) = &self.content_length {
            policy = policy.content_length(bytes.clone());
        }
        if let Some(duration) = self.expires_in {
            policy = policy.expires_in(duration);
        }
        match at {
            Some(at) => policy.sign_at(at),
            None => policy.sign(),
        }
    }
}
