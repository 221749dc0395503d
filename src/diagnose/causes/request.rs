//! The request: method, headers and body.

use alloc::format;
use alloc::string::String;

use super::super::answer::About;
use super::super::cause::Kind;
use super::super::comparison::{Comparison, shown_name};
use super::super::habits::CONTENT_TYPES;
use super::super::search::Tries;
use super::super::seen::Seen;
use super::MISMATCH;
use crate::method::Method;
use crate::text::find;

static METHOD: Kind = Kind {
    name: "MethodDiffers",
    text: "the URL is signed for {}, but the method of the request is {}",
    way_out: "send the signed method, or sign for the method you send",
    predicts: &[About::Mismatch, About::Method],
    often: 94,
    weigh: |seen, found| {
        if seen.is_form() {
            return;
        }
        let method = shown_name(seen.method);
        let named = seen.url.value("x-id").and_then(method_of);
        let named = named.or_else(|| method_of_upload(seen));
        let computed = seen.computed("method").and_then(|row| row.other());
        let computed = computed.filter(|theirs| !theirs.eq_ignore_ascii_case(seen.method));
        if let Some(theirs) = computed {
            // The store saw a different method from the one in the evidence.
            found.certain_if(
                seen.signature_holds() && seen.method_is_known,
                &[&method, &shown_name(theirs)],
            );
        } else if !seen.may_mismatch() && seen.answer.about != About::Method {
        } else if let Some(signed) =
            named.filter(|signed| *signed != seen.method && seen.method_is_known)
        {
            found.likely(&[signed, &method]);
        } else if seen.mismatches()
            && named.is_none()
            && !seen.signature_holds()
            && matches!(seen.method, "POST" | "PATCH")
            && is_object(seen)
        {
            found.likely(&["PUT", &method]);
        } else if seen.method == "HEAD" && (seen.mismatches() || seen.answer.is_status()) {
            found.likely_if(seen.mismatches(), &["GET", &method]);
        } else if seen.mismatches() && named != Some(seen.method) && !seen.signature_holds() {
            found.conceivable(&[named.unwrap_or("another method"), &method]);
        }
    },
    tries: |seen, tries| {
        let range = tries.template.method.clone();
        for method in Method::ALL {
            tries.replace(
                range.clone(),
                method.as_str().as_bytes(),
                &[method.as_str(), &shown_name(seen.method)],
            );
        }
    },
};

/// The method of the operation that AWS SDKs name in `x-id`.
fn method_of(operation: &str) -> Option<&'static str> {
    let starts = |names: &[&str]| names.iter().any(|name| operation.starts_with(name));
    if starts(&["Get", "List"]) {
        Some("GET")
    } else if starts(&["Put", "UploadPart", "CopyObject"]) {
        Some("PUT")
    } else if starts(&["Head"]) {
        Some("HEAD")
    } else if starts(&["DeleteObjects", "Create", "Complete", "Restore", "Select"]) {
        Some("POST")
    } else {
        starts(&["Delete", "Abort"]).then_some("DELETE")
    }
}

/// The method of the operation that only these parameters name.
fn method_of_upload(seen: &Seen<'_>) -> Option<&'static str> {
    let has = |name| seen.url.value(name).is_some();
    if has("uploadId") && has("partNumber") {
        Some("PUT")
    } else {
        // GET lists uploads.
        (has("uploads") && seen.is_upload()).then_some("POST")
    }
}

/// Whether the URL is for an object itself, which is never sent with POST or PATCH.
fn is_object(seen: &Seen<'_>) -> bool {
    let of_object = |name: &str| name.to_ascii_lowercase().starts_with("x-amz-") || name == "x-id";
    seen.url.path.len() > 1 && seen.url.pairs.iter().all(|(name, _)| of_object(name))
}

/// `curl -d` sends POST, with this type.
fn is_posted_form(seen: &Seen<'_>) -> bool {
    let form = seen.header("content-type").unwrap_or_default();
    seen.method == "POST"
        && form.starts_with("application/x-www-form-urlencoded")
        && is_object(seen)
}

static HEADER_MISSING: Kind = Kind {
    name: "SignedHeaderMissing",
    text: "header {} is signed, but was not sent",
    way_out: "send each signed header with its signed value (PresignedUrl::headers)",
    predicts: &[About::Mismatch, About::Parameter, About::NotSigned],
    often: 93,
    weigh: |seen, found| {
        let malformed = seen.auth.malformed.contains(&"X-Amz-SignedHeaders");
        for name in seen.signed().filter(|_| !malformed) {
            let shown = shown_name(name);
            let computed = seen.computed(&format!("header {shown}"));
            let theirs = computed.and_then(|row| row.other());
            match (seen.headers, theirs) {
                (_, Some(value)) if !value.is_empty() => {}
                (Some(_), None) if is_added(seen, name) && !seen.signature_holds() => {
                    found.possible(&[&shown]);
                }
                (Some(_), _) if seen.header(name).is_none() && !seen.signature_holds() => {
                    found.certain_if(seen.answer.about != About::Denied, &[&shown]);
                }
                // S3 prints a missing header as an empty line.
                (_, Some(_)) => {
                    let lost = seen.signature_holds() && computed.is_some_and(Comparison::differs);
                    found.certain_if(lost, &[&shown]);
                }
                (None, None) if seen.may_mismatch() && !seen.signature_holds() => {
                    found.likely_if(seen.mismatches(), &[&shown])
                }
                _ => {}
            }
        }
    },
    tries: |seen, tries| {
        for name in seen.signed().filter(|name| seen.header(name).is_none()) {
            values(seen, name, tries);
        }
    },
};

static HEADER_CHANGED: Kind = Kind {
    name: "HeaderChanged",
    text: "header {} was sent with a different value from the signed one",
    way_out: "send exactly the signed value: image/jpeg is not image/jpg, and do not add a charset",
    predicts: &[About::Mismatch, About::Body],
    often: 91,
    weigh: |seen, found| {
        for name in seen.signed() {
            let shown = shown_name(name);
            let computed = seen.computed(&format!("header {shown}"));
            let differs = computed.is_some_and(|row| row.differs() && row.sent() != Some(""));
            let sent = seen.header(name).is_some_and(|value| !value.is_empty())
                || is_added(seen, name)
                || computed
                    .and_then(|row| row.other())
                    .is_some_and(|value| !value.is_empty());
            let arrived = computed.and_then(|row| row.other()) != Some("");
            if differs && arrived && seen.headers.is_some() {
                found.certain_if(seen.signature_holds(), &[&shown]);
            } else if seen.mismatches() && sent && arrived && !seen.signature_holds() {
                found.possible(&[&shown]);
            }
        }
        if seen.mismatches() && is_posted_form(seen) && seen.signs("content-type") {
            found.likely(&["content-type"]);
        }
    },
    tries: |seen, tries| {
        for name in seen.signed().filter(|name| seen.header(name).is_some()) {
            values(seen, name, tries);
        }
    },
};

/// Whether clients add this header themselves, so that its absence in a list proves nothing.
fn is_added(seen: &Seen<'_>, name: &str) -> bool {
    let added = match name {
        "content-length" => seen.is_upload(),
        _ => ["accept", "accept-encoding", "connection", "user-agent"].contains(&name),
    };
    let sent = seen.answer.sent.as_ref();
    let is_complete = sent.is_some_and(|sent| find(&sent.headers, name).is_none());
    added && seen.header(name).is_none() && !is_complete
}

/// Values that clients often give a header.
fn values(seen: &Seen<'_>, name: &str, tries: &mut Tries<'_, '_>) {
    let Some(range) = tries.template.header(name) else {
        return;
    };
    let shown = shown_name(name);
    let mut put = |value: &str| tries.replace(range.clone(), value.as_bytes(), &[&shown]);
    put("");
    if let Some(sent) = seen.header(name) {
        put(sent.split(';').next().unwrap_or_default());
        put(&sent.to_ascii_lowercase());
        for charset in ["; charset=utf-8", ";charset=UTF-8", "; charset=UTF-8"] {
            put(&format!("{sent}{charset}"));
        }
    }
    let usual: &[&str] = match name {
        "content-type" => &CONTENT_TYPES,
        "content-length" => &["0"],
        "x-amz-acl" => &["private", "public-read", "bucket-owner-full-control"],
        "x-amz-server-side-encryption" => &["AES256", "aws:kms"],
        "x-amz-sdk-checksum-algorithm" => &["CRC32", "SHA256", "CRC64NVME"],
        "x-amz-checksum-crc32" => &["AAAAAA=="],
        "if-none-match" => &["*"],
        _ => &[],
    };
    usual.iter().for_each(|value| put(value));
}

static NOT_SIGNED: Kind = Kind {
    name: "HeaderNotSigned",
    text: "header {} was sent, but is not signed",
    way_out: "sign it (headers, metadata, encryption ...), or do not send it",
    predicts: &[About::NotSigned, About::Mismatch],
    often: 89,
    weigh: |seen, found| {
        let answered = seen.answer.about == About::NotSigned;
        let mut named = false;
        for (name, _) in seen.headers.unwrap_or_default() {
            if name.is_empty() || name.starts_with(':') {
                continue; // browsers list HTTP/2's `:method` and others
            }
            let lower = name.to_ascii_lowercase();
            let token = name
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b':');
            if (lower.starts_with("x-amz-") || !token) && !seen.signs(&lower) && seen.is_presigned()
            {
                named = true;
                // Ceph and others accept unsigned headers that AWS refuses.
                found.certain_if(
                    answered || (seen.at_aws() && seen.answer.about == About::Nothing),
                    &[&shown_name(name)],
                );
            }
        }
        if answered && !named {
            let named = seen.answer.element("HeadersNotSigned");
            let names = named.unwrap_or("x-amz-...");
            for name in names
                .split([',', ' '])
                .filter(|name| !name.is_empty() && !seen.signs(name))
                .take(16)
            {
                // rclone gives the same answer if a signed header is missing.
                found.certain_if(named.is_some(), &[&shown_name(name)]);
            }
        }
    },
    ..Kind::BASE
};

static TYPE_NOT_SIGNED: Kind = Kind {
    name: "ContentTypeNotSigned",
    text: "an unsigned content type was sent; AWS accepts that, but some stores do not",
    way_out: "sign the content type (content_type), or do not send one",
    predicts: MISMATCH,
    often: 55,
    weigh: |seen, found| {
        let unsigned = seen.header("content-type").is_some() && !seen.signs("content-type");
        if unsigned && seen.is_presigned() && seen.answer.about == About::Mismatch {
            found.likely_if(!seen.at_aws(), &[]);
        } else if unsigned && seen.is_presigned() && !seen.at_aws() && seen.may_mismatch() {
            found.possible(&[]);
        }
    },
    ..Kind::BASE
};

static TWO_WAYS: Kind = Kind {
    name: "TwoAuthentications",
    text: "an Authorization header reached the store in addition to the signature in the query: {}",
    way_out: "do not send one; if a CDN adds it, turn off its origin signing for these links, or use the CDN's own signed URLs",
    predicts: &[About::TwoAuthentications, About::Argument, About::Parameter],
    often: 88,
    weigh: |seen, found| {
        let answered = seen.answer.about == About::TwoAuthentications;
        // `curl -H 'Authorization:'` removes the header.
        let is_sent = |value: &str| answered || !value.is_empty();
        if seen.header("authorization").is_some_and(is_sent) && seen.is_presigned() {
            // MinIO ignores one that is not a signature.
            found.certain_if(answered || seen.at_aws(), &["the client sent it"]);
        } else if answered && seen.headers.is_some() {
            found.certain(&["a proxy added it, such as a CDN that signs requests to its origin"]);
        } else if answered {
            found.certain(&[
                "the client sent it, or a CDN that signs requests to its origin added it",
            ]);
        }
    },
    ..Kind::BASE
};

static BODY: Kind = Kind {
    name: "BodyChanged",
    text: "the hash or checksum is malformed, or not that of the body{}",
    way_out: "sign the hash or checksum of the body that you send",
    predicts: &[About::Body],
    often: 60,
    weigh: |seen, found| {
        if seen.answer.about == About::Body {
            let words = &seen.answer.message;
            let words = if words.is_empty() {
                String::new()
            } else {
                format!(": {words}")
            };
            found.certain(&[&words]);
        }
    },
    ..Kind::BASE
};

/// Checksums of an empty body: CRC32 and CRC32C, CRC64NVME, SHA-1, SHA-256, MD5.
const OF_NOTHING: [&str; 5] = [
    "AAAAAA==",
    "AAAAAAAAAAA=",
    "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "1B2M2Y8AsgTpgAmY7PhCfg==",
];

static CHECKSUM_OF_NOTHING: Kind = Kind {
    name: "ChecksumOfNothing",
    text: "{} is the checksum of an empty body, added by the SDK that signed the URL",
    way_out: "sign without checksums: requestChecksumCalculation WHEN_REQUIRED in the AWS SDKs",
    predicts: &[
        About::Body,
        About::Argument,
        About::Mismatch,
        About::NotSigned,
        About::Checksum,
        About::Header,
    ],
    often: 87,
    weigh: |seen, found| {
        let is = |name: &str, value: &str| {
            let name = name.to_ascii_lowercase();
            (name.starts_with("x-amz-checksum-") || name == "content-md5")
                && OF_NOTHING.contains(&value)
        };
        let empty = seen.header("content-length") == Some("0");
        let mut pairs = seen.url.pairs.iter();
        let parameter = pairs.find(|(name, value)| is(name, &super::super::text::decode(value)));
        let mut headers = seen.headers.unwrap_or_default().iter();
        let signer = seen.answer.about != About::Mismatch; // otherwise, the client may have added it
        let header = headers.find(|(name, value)| signer && is(name, value.trim()));
        let is_upload = seen.is_upload() || !seen.method_is_known;
        if let Some((name, _)) = parameter.or(header).filter(|_| is_upload && !empty) {
            let message = seen.answer.message.to_ascii_lowercase();
            let another = message.contains("md5") && !name.eq_ignore_ascii_case("content-md5");
            found.certain_if(
                seen.answer.about == About::Body && !another,
                &[&shown_name(name)],
            );
        }
    },
    ..Kind::BASE
};

static PAYLOAD_HASH: Kind = Kind {
    name: "PayloadHashSigned",
    text: "the signer and the store used different payload hashes: {}",
    way_out: "sign with UNSIGNED-PAYLOAD as the payload hash, and do not send x-amz-content-sha256",
    predicts: MISMATCH,
    often: 50,
    weigh: |seen, found| {
        let row = seen.computed("payload hash").filter(|row| row.differs());
        if let Some(theirs) = row.and_then(|row| row.other()) {
            found.certain_if(
                seen.signature_holds(),
                &[if theirs.len() == 64 {
                    "the store used the hash of a body"
                } else {
                    "the store used a different one"
                }],
            );
        }
    },
    tries: |seen, tries| {
        const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let range = tries.template.payload.clone();
        tries.replace(
            range.clone(),
            EMPTY.as_bytes(),
            &["the URL is signed for the hash of an empty body"],
        );
        tries.replace(
            range.clone(),
            b"UNSIGNED-PAYLOAD",
            &["the URL is signed for UNSIGNED-PAYLOAD"],
        );
        if let Some(hash) = seen
            .url
            .value("X-Amz-Content-Sha256")
            .filter(|hash| hash.len() == 64)
        {
            tries.replace(
                range,
                hash.as_bytes(),
                &["the URL is signed for the hash in X-Amz-Content-Sha256"],
            );
        }
    },
};

pub(in super::super) const KINDS: &[&Kind] = &[
    &METHOD,
    &HEADER_MISSING,
    &HEADER_CHANGED,
    &NOT_SIGNED,
    &TYPE_NOT_SIGNED,
    &TWO_WAYS,
    &BODY,
    &CHECKSUM_OF_NOTHING,
    &PAYLOAD_HASH,
];
