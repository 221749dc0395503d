//! Upload forms signed from the specification alone, so that policies with any text can be tested.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use presign::Timestamp;
use sha2::Sha256;

pub(crate) const ID: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub(crate) const NOW: Timestamp = Timestamp::from_unix(1_451_347_200); // 2015-12-29T00:00:00Z
pub(crate) const STAMP: &str = "20151229T000000Z";
pub(crate) const CREDENTIAL: &str = "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request";

pub(crate) type Fields = Vec<(String, String)>;

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The signature over any text, in place of a policy.
fn signature(scope: &str, policy: &str) -> String {
    let key = format!("AWS4{SECRET}").into_bytes();
    let key = scope.split('/').fold(key, |key, part| mac(&key, part));
    mac(&key, policy)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A form with a policy that is signed unchanged.
pub(crate) fn form(policy: &str, fields: &[(&str, &str)]) -> Fields {
    encoded_form(&STANDARD.encode(policy), fields)
}

pub(crate) fn encoded_form(encoded: &str, fields: &[(&str, &str)]) -> Fields {
    let (_, scope) = CREDENTIAL.split_once('/').unwrap();
    let signature = signature(scope, encoded);
    let own = [
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", CREDENTIAL),
        ("x-amz-date", STAMP),
        ("policy", encoded),
        ("x-amz-signature", &signature),
    ];
    let own = own
        .iter()
        .filter(|(own, _)| !fields.iter().any(|(name, _)| name == own));
    let fields = fields.iter().chain(own);
    fields
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
