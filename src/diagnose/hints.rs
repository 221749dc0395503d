//! What is often wrong with such a URL.

use alloc::string::{String, ToString};

use super::hypothesis::{self, Hypothesis};
use super::{Cause, Diagnosis, Evidence};
use crate::verify::credential::Credential;

impl Evidence<'_> {
    /// What is often wrong with such a URL.
    pub(super) fn hints(&self, sent: &Hypothesis, diagnosis: &mut Diagnosis) {
        let causes = &mut diagnosis.causes;
        if let Some(host) = self.other_host(sent) {
            causes.push(Cause::HostChanged { signed_for: host });
        }
        if sent
            .path
            .split('/')
            .any(|segment| matches!(segment, "." | ".."))
        {
            causes.push(Cause::KeyRewritten {
                how: "most clients resolve segments . and ..",
            });
        }
        if sent.path.contains("//") {
            causes.push(Cause::KeyRewritten {
                how: "some clients and proxies fold //",
            });
        }
        if sent.path.contains("%2F") {
            causes.push(Cause::PathEncoding {
                how: "%2F stands for a slash, which is signed bare",
            });
        }
        if sent.path.contains("%25") {
            causes.push(Cause::PathEncoding {
                how: "%25 often means that it was encoded twice",
            });
        }
        let temporary = self.url.contains("X-Amz-Credential=ASIA");
        if temporary
            && !self.url.contains("X-Amz-Security-Token=")
            && !self.url.contains("X-Amz-S3session-Token=")
        {
            causes.push(Cause::TokenMissing);
        }
        if let Some((signed_for, host)) = region_of_host(sent).filter(|(scope, host)| scope != host)
        {
            causes.push(Cause::WrongRegion {
                signed_for,
                expected: Some(host),
            });
        }
        let tracker = sent
            .query
            .split('&')
            .find(|pair| hypothesis::is_tracker(pair));
        if let Some(pair) = tracker {
            let name = pair.split('=').next().unwrap_or_default().to_string();
            causes.push(Cause::QueryAdded { name });
        }
        let content_type = self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let signed = sent.with(|_, received| {
            Some(
                received
                    .signed_headers
                    .split("%3B")
                    .any(|name| name == "content-type"),
            )
        });
        if content_type && signed == Some(false) {
            causes.push(Cause::ContentTypeNotSigned);
        }
    }
}

/// The regions of the scope and, where it names one, of the AWS host.
fn region_of_host(sent: &Hypothesis) -> Option<(String, String)> {
    let scope = sent.with(|_, received| {
        let credential = Credential::parse(received.credential, received.algorithm).ok()?;
        Some(credential.region().to_string())
    })?;
    let (before, _) = sent.host.split_once(".amazonaws.")?;
    let region = before.rsplit('.').next()?;
    let named = region.contains('-')
        && region.ends_with(|c: char| c.is_ascii_digit())
        && !region.starts_with("s3");
    (named && !scope.is_empty()).then(|| (scope, region.to_string()))
}
