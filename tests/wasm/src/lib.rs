//! Signs the example of the AWS documentation by JavaScript's clock, and at a given time.

use core::time::Duration;

use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
pub fn sign() -> Result<String, JsError> {
    Ok(link(|presigner| presigner.sign())?)
}

#[wasm_bindgen]
pub fn sign_at(unix_seconds: f64) -> Result<String, JsError> {
    let at = Timestamp::from_unix(unix_seconds as i64);
    Ok(link(|presigner| presigner.sign_at(at))?)
}

fn link(
    sign: impl FnOnce(Presigner<'_>) -> Result<presign::PresignedUrl, Error>,
) -> Result<String, Error> {
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret);
    let bucket = Bucket::new("examplebucket", "us-east-1")?.global_endpoint();
    let presigner = Presigner::get(&credentials, &bucket, "test.txt");
    Ok(sign(presigner.expires_in(Duration::from_secs(86_400)))?.into_string())
}
