//! Prints, as JSON, what the crate says on this machine to each case of `cases.json`: a URL, or an error's text.

use std::time::Duration;

use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    region: String,
    bucket: String,
    endpoint: Option<String>,
    key: String,
    method: Option<String>,
    expires_in: Option<u64>,
}

fn main() -> serde_json::Result<()> {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json"))?;
    let answers: Vec<String> = cases
        .iter()
        .map(|case| sign(case).unwrap_or_else(|error| error.to_string()))
        .collect();
    println!("{}", serde_json::to_string(&answers)?);
    Ok(())
}

fn sign(case: &Case) -> Result<String, Error> {
    let mut credentials = Credentials::new(&case.access_key_id, &case.secret_access_key);
    if let Some(token) = &case.session_token {
        credentials = credentials.session_token(token);
    }
    let mut bucket = Bucket::new(&case.bucket, &case.region)?;
    if let Some(endpoint) = &case.endpoint {
        bucket = bucket.endpoint(endpoint)?.path_style();
    }
    let method = case.method.as_deref().unwrap_or("GET").parse()?;
    let presigner = Presigner::new(method, &credentials, &bucket, &case.key)
        .expires_in(Duration::from_secs(case.expires_in.unwrap_or(900)));
    let mut buffer = [0; 4096];
    Ok(presigner
        .sign_into(Timestamp::from_unix(1_369_353_600), &mut buffer)?
        .to_owned())
}
