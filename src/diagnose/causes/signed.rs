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
            let may_be_another = seen.method == "POST" || similar_system(seen).is_some();
            found.certain_if(!may_be_another, &[]);
        }
    },
    ..Kind::BASE
};

static OTHER_SYSTEM: Kind = Kind {
    name: "OtherSystem",
    text: "the URL is signed for {}, not with Signature Version 4 for S3",
    way_out: "check that system's documentation: its signatures do not work with S3",
    predicts: ANY,
    often: 90,
    weigh: |seen, found| {
        if is_meant_to_be_presigned(seen) {
            return;
        }
        if let Some(name) = other_system(seen) {
            found.certain(&[name]);
        } else if let Some(name) = similar_system(seen) {
            found.likely(&[name]);
        }
    },
    ..Kind::BASE
};

static VERSION_2: Kind = Kind {
    name: "SignatureVersion2",
    text: "the request is signed with Signature Version 2, which most regions and stores do not accept{}",
    way_out: "sign with Signature Version 4 (in boto3: Config(signature_version=\"s3v4\"))",
    predicts: &[About::Nothing, About::Version2],
    weigh: |seen, found| {
        let refused = seen.answer.about == About::Version2;
        let message = &seen.answer.message;
        let words = if refused {
            alloc::format!(": {message}")
        } else {
            String::new()
        };
        match seen.answer.about {
            About::Version2 if !is_version_2(seen) => found.likely(&[&words]),
            _ if !is_version_2(seen) => {}
            About::Object | About::Precondition | About::Expired => {}
            // The store read the signature.
            About::Mismatch | About::AccessKey => found.possible(&[&words]),
            // Stores that accept Version 2 deny for other reasons.
            About::Denied if !message.to_ascii_lowercase().contains("signature") => {
                found.likely(&[&words])
            }
            _ => found.certain(&[&words]),
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
        // If it arrived whole, only the copy is cut off, which limits what can be examined.
        let mut report = |what| match seen.arrived_whole() {
            true => found.possible(&[what]),
            false => found.certain(&[what]),
        };
        if seen.url.host.is_empty() {
            report("the host");
        }
        let cut = is_cut(seen).then_some("X-Amz-Signature");
        // If the end was cut off, several are missing, so only the last is named.
        if let Some(missing) = cut.or(seen.auth.missing.last().copied()) {
            report(missing);
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
            if *name != "X-Amz-Signature" || !is_cut(seen) {
                found.certain(&[name]);
            }
        }
        // Its message names X-Amz-Date, which is only compared.
        if seen.answer.message.contains("nvalid credential date") {
            found.certain(&["X-Amz-Credential"]);
        } else if seen.answer.about == About::Parameter {
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

/// Whether the end of the signature is missing. An ellipsis may be in its place.
fn is_cut(seen: &Seen<'_>) -> bool {
    let digits = seen.auth.signature.trim_end_matches(['.', '\u{2026}']);
    let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    seen.auth.malformed.contains(&"X-Amz-Signature")
        && !seen.auth.signature.is_empty()
        && digits.len() < 64
        && hex
}

fn is_version_2(seen: &Seen<'_>) -> bool {
    let has = |name| seen.url.value(name).is_some();
    has("AWSAccessKeyId") && has("Signature")
}

/// Signatures of other systems: parameters, a part of the host and path, and the name.
///
/// CloudFront: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html>.
/// Google: <https://cloud.google.com/storage/docs/access-control/signed-urls>. Azure:
/// <https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas>. OSS:
/// <https://www.alibabacloud.com/help/en/oss/developer-reference/ddd-signatures-to-urls>. Supabase: `createSignedUrl` of
/// supabase/storage-js. B2: <https://www.backblaze.com/apidocs/b2-get-download-authorization>. Bunny:
/// <https://docs.bunny.net/docs/cdn-token-authentication>. Akamai: akamai/AkamaiOPEN-edgegrid and its token library.
const OTHERS: &[(&[&str], &str, &str)] = &[
    (&["Signature", "Key-Pair-Id"], "", "CloudFront"),
    (&["X-Goog-Signature"], "", "Google Cloud Storage"),
    (&["GoogleAccessId", "Signature"], "", "Google Cloud Storage"),
    (
        &["sig", "sv"],
        "",
        "Azure Storage (a shared access signature)",
    ),
    (
        &["sig", "se", "sp"],
        "",
        "Azure Storage (a shared access signature)",
    ),
    (
        &["x-oss-signature"],
        "",
        "Alibaba Cloud OSS (its own scheme)",
    ),
    (
        &["OSSAccessKeyId", "Signature"],
        "",
        "Alibaba Cloud OSS (its own scheme)",
    ),
    (
        &["q-sign-algorithm"],
        "",
        "Tencent Cloud COS (its own scheme)",
    ),
    (
        &["AccessKeyId", "Signature", "Expires"],
        "",
        "Huawei Cloud OBS (its own scheme)",
    ),
    (&["X-Tos-Signature"], "", "Volcengine TOS (its own scheme)"),
    (
        &["KSSAccessKeyId", "Signature"],
        "",
        "Kingsoft Cloud KS3 (its own scheme)",
    ),
    (
        &["Authorization"],
        "bcebos.com/",
        "Baidu AI Cloud BOS (its own scheme)",
    ),
    (
        &["token"],
        "/object/sign/",
        "Supabase Storage (its own scheme)",
    ),
    (
        &["token"],
        "/object/upload/sign/",
        "Supabase Storage (its own scheme)",
    ),
    (
        &["token"],
        "/render/image/sign/",
        "Supabase Storage (its own scheme)",
    ),
    (&["temp_url_sig"], "", "OpenStack Swift (a temporary URL)"),
    (
        &["token"],
        "firebasestorage.googleapis.com/",
        "Firebase Storage (a download token)",
    ),
    (
        &["Authorization"],
        "backblazeb2.com/",
        "Backblaze B2 (its own scheme)",
    ),
    (&["hdnts"], "", "Akamai"),
    (&["hdnea"], "", "Akamai"),
    (&["__token__"], "", "Akamai"),
];

/// Parameters that others use as well.
static SIMILAR: [(&[&str], &str); 2] = [
    (&["token", "expires"], "Bunny CDN or a similar system"),
    (&["token", "e"], "Qiniu Kodo or a similar system"),
];

fn other_system(seen: &Seen<'_>) -> Option<&'static str> {
    let host = seen.url.host.split(':').next().unwrap_or_default();
    let is_at = |part: &str| match part.strip_suffix('/') {
        Some(domain) if !part.starts_with('/') => host.ends_with(domain),
        _ => seen.url.path.contains(part),
    };
    let mut others = OTHERS.iter();
    let found = others.find(|(names, part, _)| has_all(seen, names) && is_at(part));
    found.map(|(_, _, system)| *system)
}

fn similar_system(seen: &Seen<'_>) -> Option<&'static str> {
    let found = SIMILAR.iter().find(|(names, _)| has_all(seen, names));
    found.map(|(_, system)| *system)
}

fn has_all(seen: &Seen<'_>, names: &[&str]) -> bool {
    names.iter().all(|name| {
        let mut pairs = seen.url.pairs.iter();
        pairs.any(|(found, _)| found.eq_ignore_ascii_case(name))
    })
}
