//! What the store reports, in its own words.

use alloc::format;
use alloc::string::String;

use super::super::answer::About;
use super::super::cause::{Findings, Kind};
use super::super::comparison::shown_name;
use super::super::seen::Seen;
use super::ANY;

/// The store's message, or a default.
fn words<'s>(seen: &'s Seen<'_>, without: &'s str) -> &'s str {
    Some(seen.answer.message.as_str())
        .filter(|message| !message.is_empty())
        .unwrap_or(without)
}

static OBJECT: Kind = Kind {
    name: "NotTheSignature",
    text: "the store answered {}, which is about permissions or the object, not about the signature",
    way_out: "check the key (case, //, a leading / or bucket name), the object, and the signer's permissions: IAM, bucket policy, KMS key",
    predicts: &[About::Object],
    often: 80,
    weigh: |seen, found| {
        let answer = seen.answer;
        let said = match (answer.code.as_str(), answer.message.as_str()) {
            (code, "") => String::from(code),
            (code, message) => format!("{code} ({message})"),
        };
        match answer.about {
            // A proxy may have sent a status without a code.
            About::Object => found.certain_if(!answer.is_status(), &[&said]),
            // Some stores answer AccessDenied to every refused request.
            About::Denied if !seen.mismatches() && (seen.is_presigned() || seen.is_form()) => {
                found.likely(&[&said])
            }
            _ => {}
        }
    },
    ..Kind::BASE
};

static NORMALIZATION: Kind = Kind {
    name: "KeyNormalization",
    text: "the key has accented letters: the object's name may be stored in the other Unicode form ({})",
    way_out: "list the bucket, and sign exactly the key it shows: macOS often decomposes names (NFD), other systems usually compose them (NFC)",
    predicts: &[About::Object],
    often: 60,
    weigh: |seen, found| {
        let missing = seen.answer.code == "NoSuchKey" || seen.answer.code == "HTTP 404";
        if !missing {
            return;
        }
        let path = seen.path();
        if path.chars().any(is_combining) {
            found.possible(&["composed, NFC"]);
        } else if path.chars().any(is_composed) {
            found.possible(&["decomposed, NFD"]);
        }
    },
    ..Kind::BASE
};

/// Combining marks, and the parts of Hangul syllables.
const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}' | '\u{1100}'..='\u{11ff}' | '\u{653}'..='\u{655}' | '\u{93c}')
}

/// Letters that have a decomposed form: Latin, Greek, Cyrillic, Arabic, Devanagari, Kana and Hangul.
const fn is_composed(c: char) -> bool {
    let plain = matches!(
        c,
        'Æ' | 'Ð'
            | '×'
            | 'Ø'
            | 'Þ'
            | 'ß'
            | 'æ'
            | 'ð'
            | '÷'
            | 'ø'
            | 'þ'
            | 'Đ'
            | 'đ'
            | 'ı'
            | 'Œ'
            | 'œ'
            | 'Ł'
            | 'ł'
    );
    let letter = matches!(
        c,
        '\u{c0}'..='\u{17f}'
            | '\u{1a0}' | '\u{1a1}' | '\u{1af}' | '\u{1b0}' | '\u{1cd}'..='\u{1dc}' | '\u{218}'..='\u{21b}'
            | '\u{386}' | '\u{388}'..='\u{390}' | '\u{3aa}'..='\u{3b0}' | '\u{3ca}'..='\u{3ce}'
            | 'Ё' | 'ё' | 'Й' | 'й' | 'Ї' | 'ї' | 'Ѓ' | 'ѓ' | 'Ќ' | 'ќ' | 'Ў' | 'ў'
            | '\u{622}'..='\u{626}' | '\u{929}' | '\u{931}' | '\u{934}'
            | '\u{1e00}'..='\u{1eff}' | '\u{1f00}'..='\u{1fff}'
            | '\u{304c}'..='\u{3094}' | '\u{30ac}'..='\u{30f4}' | '\u{ac00}'..='\u{d7a3}'
    );
    letter && !plain
}

static HEADER: Kind = Kind {
    name: "HeaderRefused",
    text: "the store refuses the header {}: {}",
    way_out: "do not send it; for Transfer-Encoding: chunked, give the body's length (Content-Length)",
    predicts: &[About::Header],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Header {
            let answer = seen.answer;
            let name = answer
                .element("Header")
                .or_else(|| answer.element("ArgumentName"));
            let name = name.or_else(|| answer.message.split('\'').nth(1)); // R2
            found.certain(&[
                &name.map_or_else(|| String::from("named in the answer"), shown_name),
                words(seen, "not implemented"),
            ]);
        }
    },
    ..Kind::BASE
};

static ARGUMENT: Kind = Kind {
    name: "ArgumentRefused",
    text: "the store refuses {}: {}",
    way_out: "change that parameter or header when signing; header values must be ISO-8859-1",
    predicts: &[About::Argument],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Argument {
            let names = ["ArgumentName", "Header", "MissingHeaderName"].into_iter();
            let name = names.filter_map(|name| seen.answer.element(name)).next();
            let name = name.map_or_else(|| String::from("an argument"), shown_name);
            found.certain_if(
                seen.auth.malformed.is_empty(),
                &[&name, words(seen, "its value is invalid")],
            );
        }
    },
    ..Kind::BASE
};

static PRECONDITION: Kind = Kind {
    name: "PreconditionFalse",
    text: "the condition {} of the request was false: {}",
    way_out: "this is what the condition is for: a false If-None-Match: * means that the object exists",
    predicts: &[About::Precondition],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Precondition {
            let signed = || seen.signed().find(|name| name.starts_with("if-"));
            let name = seen.answer.element("Condition").or_else(signed);
            let words = words(seen, &seen.answer.code).lines().next();
            found.certain_if(
                !seen.answer.is_status(),
                &[
                    &shown_name(name.unwrap_or("if-...")),
                    words.unwrap_or_default(),
                ],
            );
        }
    },
    ..Kind::BASE
};

static METHOD: Kind = Kind {
    name: "MethodRefused",
    text: "the store does not allow the method {} for this URL: {}",
    way_out: "PUT and GET go to an object, a form to the bucket (POST); a deleted version cannot be read",
    predicts: &[About::Method],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Method {
            let method = shown_name(seen.method);
            let known = seen.method_is_known && !seen.answer.is_status();
            found.certain_if(known, &[&method, words(seen, &seen.answer.code)]);
        }
    },
    ..Kind::BASE
};

static LENGTH: Kind = Kind {
    name: "LengthRequired",
    text: "the store requires the length of the body (Content-Length), but the request had none: {}",
    way_out: "send a body with a known length, not a stream in chunks (Transfer-Encoding: chunked)",
    predicts: &[About::Length],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Length {
            found.certain(&[words(seen, &seen.answer.code)]);
        }
    },
    ..Kind::BASE
};

static CHECKSUM: Kind = Kind {
    name: "ChecksumRequired",
    text: "for object lock, the store requires a checksum (Content-MD5 or x-amz-checksum-...): {}",
    way_out: "sign one of these headers, and send it (checksum)",
    predicts: &[About::Checksum],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Checksum {
            found.certain(&[words(seen, &seen.answer.code)]);
        }
    },
    ..Kind::BASE
};

static ACL: Kind = Kind {
    name: "AclsDisabled",
    text: "the bucket has ACLs disabled, and the request sets one (x-amz-acl or a grant): {}",
    way_out: "sign without x-amz-acl; share with a bucket policy instead",
    predicts: &[About::Acl],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Acl {
            found.certain(&[words(seen, &seen.answer.code)]);
        }
    },
    ..Kind::BASE
};

static CORS: Kind = Kind {
    name: "CorsRefused",
    text: "the bucket's CORS rules do not allow the browser's request: {}",
    way_out: "allow the page's origin, the method and the headers in the bucket's CORS rules",
    predicts: &[About::Cors],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Cors {
            found.certain(&[words(seen, &seen.answer.code)]);
        }
    },
    ..Kind::BASE
};

static SIZE: Kind = Kind {
    name: "WrongSize",
    text: "the size of the upload is outside the limits: {}",
    way_out: "check the size before the upload, sign for other limits (content_length), or raise the limit of a proxy",
    predicts: &[About::Size],
    often: 80,
    weigh: |seen, found| {
        if seen.answer.about == About::Size {
            let words = format!("{} {}", seen.answer.code, seen.answer.message);
            found.certain_if(!seen.answer.is_status(), &[words.trim_end()]);
        }
    },
    ..Kind::BASE
};

pub(in super::super) static OTHER: Kind = Kind {
    name: "StoreRefused",
    text: "the store refused the request with {}: {}",
    way_out: "look the code up in the store's documentation",
    predicts: ANY,
    often: 45,
    weigh: |seen, found| {
        let redirects = seen.answer.is_status() && seen.answer.about == About::Redirect;
        if seen.answer.about == About::Other || redirects {
            refuse(seen, found);
        }
    },
    ..Kind::BASE
};

/// The store's own words, if nothing else explains its answer.
pub(in super::super) fn refuse(seen: &Seen<'_>, found: &mut Findings<'_>) {
    let status = seen.answer.is_status();
    let without = if status && seen.answer.about == About::Redirect {
        "it redirects to another address, as from http:// to https://"
    } else if status {
        "the answer has no body that gives the reason"
    } else {
        "it gives no reason"
    };
    found.likely_if(!status, &[&seen.answer.code, words(seen, without)]);
}

static UNREAD: Kind = Kind {
    name: "AnswerUnread",
    text: "the store's answer could not be read, or only in part: {}",
    way_out: "capture the whole answer: curl -sS -i \"$URL\"",
    predicts: ANY,
    often: 99,
    weigh: |seen, found| {
        for what in &seen.answer.unread {
            found.likely_if(seen.answers_another, &[what]);
        }
    },
    ..Kind::BASE
};

static LIMIT: Kind = Kind {
    name: "NotExamined",
    text: "not all of the evidence was examined: {}",
    way_out: "remove the parts that do not matter",
    predicts: ANY,
    often: 98,
    weigh: |seen, found| {
        for what in &seen.limits {
            found.possible(&[what]);
        }
    },
    ..Kind::BASE
};

pub(in super::super) const KINDS: &[&Kind] = &[
    &OBJECT,
    &NORMALIZATION,
    &HEADER,
    &ARGUMENT,
    &PRECONDITION,
    &METHOD,
    &LENGTH,
    &CHECKSUM,
    &ACL,
    &CORS,
    &SIZE,
    &OTHER,
    &UNREAD,
    &LIMIT,
];
