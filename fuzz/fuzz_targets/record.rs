//! A request as text, with a name and a value per line: seeds can be read, written by hand and generated from recorded
//! URLs.

use core::time::Duration;
use std::collections::BTreeMap;

use presign::{Bucket, Credentials, Error, Identity, Method, Presigner, Timestamp};

pub(crate) struct Record<'t> {
    lines: Vec<(&'t str, &'t str)>,
    pub(crate) query: Vec<(&'t str, &'t str)>,
    pub(crate) headers: Vec<(&'t str, &'t str)>,
    pub(crate) metadata: Vec<(&'t str, &'t str)>,
}

#[allow(dead_code, reason = "each target uses what it needs")]
impl<'t> Record<'t> {
    pub(crate) fn parse(text: &'t str) -> Self {
        let split = |line: &'t str| line.split_once(' ').unwrap_or((line, ""));
        let lines: Vec<_> = text.split('\n').map(split).collect();
        let pairs = |wanted| {
            let values = lines.iter().filter(|(name, _)| *name == wanted);
            let pair = |(_, value): &(&str, &'t str)| value.split_once('=').unwrap_or((value, ""));
            values.map(pair).collect()
        };
        Self {
            query: pairs("query"),
            headers: pairs("header"),
            metadata: pairs("meta"),
            lines,
        }
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.lines.iter().copied()
    }

    /// The last value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&'t str> {
        self.lines()
            .filter(|line| line.0 == name)
            .last()
            .map(|line| line.1)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn number<N: core::str::FromStr>(&self, name: &str) -> Option<N> {
        self.get(name)?.parse().ok()
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.number("now").unwrap_or(1_369_353_600))
    }

    pub(crate) fn secret(&self) -> &'t str {
        self.get("secret")
            .unwrap_or("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    }

    pub(crate) fn credentials(&self) -> Credentials<'t> {
        self.credentials_with(self.secret())
    }

    /// The credentials with another secret.
    pub(crate) fn credentials_with(&self, secret: &'t str) -> Credentials<'t> {
        let id = self.get("id").unwrap_or("AKIAIOSFODNN7EXAMPLE");
        let mut credentials = Credentials::new(id, secret);
        if let Some(token) = self.get("token") {
            credentials = credentials.session_token(token);
        }
        match self.number("until") {
            Some(end) => credentials.expiration(Timestamp::from_unix(end)),
            None => credentials,
        }
    }

    pub(crate) fn bucket(&self) -> Result<Bucket<'t>, Error> {
        let region = self.get("region").unwrap_or("us-west-2");
        let mut bucket = match self.get("bucket").unwrap_or("examplebucket") {
            "" => Bucket::service(region)?,
            name => Bucket::new(name, region)?,
        };
        if let Some(endpoint) = self.get("endpoint") {
            bucket = bucket.endpoint(endpoint)?;
        }
        if let Some(regions) = self.get("regions") {
            bucket = bucket.region_set(regions)?;
        }
        for (name, _) in self.lines() {
            bucket = match name {
                "path-style" => bucket.path_style(),
                "global" => bucket.global_endpoint(),
                "dual-stack" => bucket.dual_stack(),
                "fips" => bucket.fips(),
                "accelerate" => bucket.accelerate(),
                _ => bucket,
            };
        }
        Ok(bucket)
    }

    pub(crate) fn method(&self) -> Method {
        let method = self.get("method").and_then(|method| method.parse().ok());
        method.unwrap_or(Method::Get)
    }

    /// The requested key; `None` is the bucket itself.
    pub(crate) fn key(&self) -> Option<&'t str> {
        Some(self.get("key").unwrap_or("test.txt")).filter(|_| !self.has("no-key"))
    }

    pub(crate) fn presigner<'a>(
        &'a self,
        identity: impl Into<Identity<'a>>,
        bucket: &'a Bucket<'a>,
    ) -> Presigner<'a> {
        let mut presigner = match self.key() {
            Some(key) => Presigner::new(self.method(), identity, bucket, key),
            None => Presigner::bucket(self.method(), identity, bucket),
        };
        presigner = presigner
            .query(&self.query)
            .headers(&self.headers)
            .metadata_list(&self.metadata);
        if let Some(seconds) = self.number("expires") {
            presigner = presigner.expires_in(Duration::from_secs(seconds));
        }
        if let Some(end) = self.number("end") {
            presigner = presigner.expires_at(Timestamp::from_unix(end));
        }
        if self.has("dots") {
            presigner = presigner.allow_dot_segments();
        }
        self.lines()
            .fold(presigner, |presigner, (name, value)| match name {
                "version" => presigner.version_id(value),
                "part" => presigner.part_number(value.parse().unwrap_or(0)),
                "prefix" => presigner.prefix(value),
                "delimiter" => presigner.delimiter(value),
                "max-keys" => presigner.max_keys(value.parse().unwrap_or(0)),
                "disposition" => presigner.response_content_disposition(value),
                "response-type" => presigner.response_content_type(value),
                "type" => presigner.content_type(value),
                "length" => presigner.content_length(value.parse().unwrap_or(0)),
                "md5" => presigner.content_md5(value),
                "cache" => presigner.cache_control(value),
                "acl" => presigner.acl(value),
                "tagging" => presigner.tagging(value),
                "copy" => presigner.copy_source(value),
                "if-match" => presigner.if_match(value),
                "owner" => presigner.expected_bucket_owner(value),
                "payer" => presigner.request_payer(),
                _ => presigner,
            })
    }

    /// The expected query parameters without authentication, sorted.
    pub(crate) fn parameters(&self) -> Vec<(String, String)> {
        let mut single = BTreeMap::new();
        for (name, value) in self.lines() {
            let number = value.parse().unwrap_or(0_u32);
            let (name, value) = match name {
                "version" => ("versionId", value.to_owned()),
                "part" => ("partNumber", value.parse().unwrap_or(0_u16).to_string()),
                "prefix" => ("prefix", value.to_owned()),
                "delimiter" => ("delimiter", value.to_owned()),
                "max-keys" => ("max-keys", number.to_string()),
                "disposition" => ("response-content-disposition", value.to_owned()),
                "response-type" => ("response-content-type", value.to_owned()),
                _ => continue,
            };
            single.insert(name, value);
        }
        let single = single
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        let given = self
            .query
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let mut all: Vec<_> = single.chain(given).collect();
        all.sort();
        all
    }
}

/// The parameters that signing adds.
#[allow(dead_code, reason = "each target uses what it needs")]
pub(crate) const AUTHENTICATION: [&str; 9] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-S3session-Token",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];
