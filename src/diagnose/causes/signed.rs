//! URLs that are not presigned, or incomplete.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::answer::About;
use super::super::cause::Kind;
use super::super::seen::Seen;
use super::{ANY, BROKEN};

pub(in super::super) static NOT_PRESIGNED: Kind = Kind {
    name: "NotPresigned",
    text: "the URL is not presigned: it has no X-Amz-Signature",
    way_out: "pass on the URL that the signer returned, with its query",
    predicts: BROKEN,
    weigh: |seen, found| {
        let nothing = !is_meant_to_be_presigned(seen) && other_system(seen).is_none();
        if nothing && !seen.is_form() && !is_version_2(seen) {
            found.certain_if(seen.method != "POST", &[]);
        }
    },
    ..Kind::BASE
};

static OTHER_SYSTEM: Kind = Kind {
    name: "OtherSystem",
    text: "the URL is signed for {}, which is not Signature Version 4 of S3",
    way_out: "check that system's documentation: its signatures do not work with S3",
    predicts: ANY,
    often: 90,
    weigh: |seen, found| {
        if let Some(name) = other_system(seen).filter(|_| !is_meant_to_be_presigned(seen)) {
            found.certain(&[name]);
        }
    },
    ..Kind::BASE
};

static VERSION_2: Kind = Kind {
    name: "SignatureVersion2",
    text: "the request is signed with Signature Version 2, which most regions and stores no longer accept{}",
    way_out: "sign with Signature Version 4 (in boto3: Config(signature_version=\"s3v4\"))",
    predicts: ANY,
    weigh: |seen, found| {
        let refused = seen.answer.about == About::Version2;
        let words = &seen.answer.message;
        let words = if refused {
            alloc::format!(": {words}")
        } else {
            String::new()
        };
        if is_version_2(seen) {
            found.certain(&[&words]);
        } else if refused {
            found.likely(&[&words]);
        }
    },
    ..Kind::BASE
};

static CUT_OFF: Kind = Kind {
    name: "CutOff",
    text: "the URL is cut off or broken: {} is missing or incomplete",
    way_out: "copy the whole URL, and quote it in a shell, where & ends a command",
    predicts: BROKEN,
    weigh: |seen, found| {
        if !is_meant_to_be_presigned(seen) || is_version_2(seen) {
            return;
        }
        if seen.url.host.is_empty() {
            found.certain(&["the host"]);
        }
        let signature = seen.auth.signature;
        let short = signature.len() < 64 && seen.auth.malformed.contains(&"X-Amz-Signature");
        let cut = (short && signature.bytes().all(|b| b.is_ascii_hexdigit()))
            .then_some("X-Amz-Signature");
        // If the end was cut off, several are missing, so only the last is named.
        if let Some(missing) = cut.or(seen.auth.missing.last().copied()) {
            found.certain(&[missing]);
        }
    },
    ..Kind::BASE
};

static MALFORMED: Kind = Kind {
    name: "MalformedParameter",
    text: "{} is repeated, in the wrong case, or malformed",
    way_out: "compare with the URL that the signer returned",
    predicts: BROKEN,
    weigh: |seen, found| {
        if !is_meant_to_be_presigned(seen) {
            return;
        }
        for name in &seen.auth.malformed {
            let cut = *name == "X-Amz-Signature" && seen.auth.signature.len() < 64;
            if !cut {
                found.certain(&[name]);
            }
        }
        if seen.answer.about == About::Parameter {
            let says = |name: &&&str| seen.answer.message.contains(**name);
            let names = super::super::seen::NEEDED;
            // A message that lists every required parameter does not identify one.
            let named: Vec<_> = names.iter().filter(says).collect();
            match named.as_slice() {
                [name] => found.certain(&[name]),
                _ if seen.auth.malformed.is_empty() && seen.auth.missing.is_empty() => {
                    found.possible(&["a parameter of the signature"]);
                }
                _ => (),
            }
        }
    },
    ..Kind::BASE
};

pub(in super::super) const KINDS: &[&Kind] = &[
    &NOT_PRESIGNED,
    &OTHER_SYSTEM,
    &VERSION_2,
    &CUT_OFF,
    &MALFORMED,
];

fn is_meant_to_be_presigned(seen: &Seen<'_>) -> bool {
    let mut names = seen.url.pairs.iter().map(|(name, _)| *name);
    names.any(|name| {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        is("X-Amz-Signature") || is("X-Amz-Algorithm") || is("X-Amz-Credential")
    })
}

fn is_version_2(seen: &Seen<'_>) -> bool {
    let has = |name| seen.url.value(name).is_some();
    has("AWSAccessKeyId") && has("Signature")
}

/// CloudFront: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html>.
/// Google: <https://cloud.google.com/storage/docs/access-control/signed-urls>. Azure:
/// <https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas>. OSS:
/// <https://www.alibabacloud.com/help/en/oss/developer-reference/ddd-signatures-to-urls>.
fn other_system(seen: &Seen<'_>) -> Option<&'static str> {
    let has = |name: &str| {
        seen.url
            .pairs
            .iter()
            .any(|(found, _)| found.eq_ignore_ascii_case(name))
    };
    let all = |names: &[&str]| names.iter().all(|name| has(name));
    if all(&["Signature", "Key-Pair-Id"]) {
        Some("CloudFront")
    } else if has("X-Goog-Signature") || all(&["GoogleAccessId", "Signature"]) {
        Some("Google Cloud Storage")
    } else if all(&["sig", "sv"]) || all(&["sig", "se", "sp"]) {
        Some("Azure Storage (a shared access signature)")
    } else if has("x-oss-signature") || all(&["OSSAccessKeyId", "Signature"]) {
        Some("Alibaba Cloud OSS (its own scheme)")
    } else if has("q-sign-algorithm") {
        Some("Tencent Cloud COS (its own scheme)")
    } else if all(&["AccessKeyId", "Signature", "Expires"]) {
        Some("Huawei Cloud OBS (its own scheme)")
    } else {
        None
    }
}
