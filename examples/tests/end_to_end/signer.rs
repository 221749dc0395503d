//! A signer without checks: SigV4 step by step as documented, for requests that `presign` refuses to sign. For valid
//! requests, its result must equal that of `presign`.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::{BUCKET, ID, REGION, SECRET};

/// A `GET`, with each part as it will be sent.
pub(crate) struct Crooked<'a> {
    pub(crate) endpoint: &'a str,
    pub(crate) path: &'a str,
    /// `YYYYMMDDTHHMMSSZ`.
    pub(crate) date: &'a str,
    pub(crate) expires: &'a str,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) terminator: &'a str,
    /// Names in lower case and in order, values as sent.
    pub(crate) headers: &'a [(&'a str, &'a str)],
}

impl<'a> Crooked<'a> {
    /// A valid one.
    pub(crate) const fn new(endpoint: &'a str, path: &'a str, date: &'a str) -> Self {
        Self {
            endpoint,
            path,
            date,
            expires: "900",
            region: REGION,
            service: "s3",
            terminator: "aws4_request",
            headers: &[],
        }
    }

    pub(crate) fn sign_with_host(&self) -> String {
        let host = self.endpoint.trim_start_matches("http://");
        let mut headers = vec![("host", host)];
        headers.extend(self.headers);
        headers.sort_unstable();
        self.sign(&headers)
    }

    pub(crate) fn sign(&self, headers: &[(&str, &str)]) -> String {
        let (date, day) = (self.date, &self.date[..8]);
        let scope = [day, self.region, self.service, self.terminator];
        let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={ID}%2F{}&X-Amz-Date={date}\
             &X-Amz-Expires={}&X-Amz-SignedHeaders={}",
            scope.join("%2F"),
            self.expires,
            names.join("%3B")
        );
        let path = format!("/{BUCKET}/{}", self.path);
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}:{value}\n"))
            .collect();
        let request = format!(
            "GET\n{path}\n{query}\n{lines}\n{}\nUNSIGNED-PAYLOAD",
            names.join(";")
        );
        let string_to_sign = format!(
            "AWS4-HMAC-SHA256\n{date}\n{}\n{}",
            scope.join("/"),
            hex(&Sha256::digest(request))
        );
        let mut key = format!("AWS4{SECRET}").into_bytes();
        for part in scope {
            key = hmac(&key, part);
        }
        let signature = hex(&hmac(&key, &string_to_sign));
        format!(
            "{}{path}?{query}&X-Amz-Signature={signature}",
            self.endpoint
        )
    }
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
