//! A URL that verifies has no certain cause, and no diagnosis contains the signature, the token or the secret.
#![no_main]

use libfuzzer_sys::fuzz_target;
use presign::Timestamp;
use presign::diagnose::{Cause, Certainty, Evidence};
use presign::verify::{Request, Verifier};

mod record;

fuzz_target!(|text: &str| {
    let record = record::Record::parse(text);
    let Ok(bucket) = record.bucket() else { return };
    let (credentials, now) = (record.credentials(), record.now());
    let Ok(signed) = record.presigner(&credentials, &bucket).sign_at(now) else {
        return;
    };
    let mut url = signed.as_str().to_owned();
    let (mut method, mut at) = (signed.method().as_str(), now);
    let mut headers: Vec<_> = signed.headers().collect();
    if url.len() > 4000 || headers.len() > 20 {
        return; // trying changes is slow
    }

    // Damage to a URL in transit.
    for (name, value) in record.lines() {
        let (from, to) = value.split_once(' ').unwrap_or((value, ""));
        match name {
            "replace" if !from.is_empty() => url = url.replacen(from, to, 1),
            "append" => url.push_str(value),
            "cut" => {
                let end = url.len().saturating_sub(value.parse().unwrap_or(0));
                if url.is_char_boundary(end) {
                    url.truncate(end);
                }
            }
            "send-method" => method = value,
            "send-header" => headers.push(value.split_once('=').unwrap_or((value, ""))),
            "drop-header" => headers.retain(|(name, _)| *name != value),
            "sent" => at = Timestamp::from_unix(value.parse().unwrap_or(0)),
            _ => {}
        }
    }
    if url.len() > 4000 || headers.len() > 20 {
        return;
    }

    let right = Request::new(method, &url, &headers)
        .and_then(|request| Verifier::new().verify(&request, at, |_| Some(credentials.clone())))
        .is_ok();
    let evidence = Evidence::new(&url).method(method).headers(&headers).at(at);
    let diagnosis = evidence.clone().credentials(&credentials).diagnose();
    if right {
        // True of the evidence, although this verifier ignores it.
        let known = |cause: &Cause| {
            let name = cause.name();
            matches!(
                name,
                "HostChanged"
                    | "WrongRegion"
                    | "NotARegion"
                    | "WrongService"
                    | "NeedsSigv4a"
                    | "TokenMissing"
            )
        };
        let mut certain = diagnosis
            .causes()
            .iter()
            .filter(|cause| cause.certainty() == Certainty::Certain);
        assert!(
            certain.all(known),
            "{diagnosis:?}: {method} {url} {headers:?}"
        );
    }

    let blind = evidence.clone().diagnose();
    let answer = record
        .get("answer")
        .unwrap_or_default()
        .replace("\\n", "\n");
    let evidence = evidence.answer(&answer);
    let all = [
        diagnosis,
        blind,
        evidence.clone().diagnose(),
        evidence.credentials(&credentials).diagnose(),
    ];
    let (_, signature) = signed.as_str().split_once("&X-Amz-Signature=").unwrap();
    for diagnosis in &all {
        let mut said = format!("{diagnosis:?}");
        diagnosis
            .causes()
            .iter()
            .for_each(|cause| said.push_str(&cause.to_string()));
        assert!(!said.contains(signature), "{said}");
        // Without a tilde, a secret can be a part of the diagnosis's own words, such as `{ causes: [], `.
        let is_distinct = record
            .get("secret")
            .is_none_or(|secret| secret.len() > 8 && secret.contains('~'));
        if is_distinct
            && !text
                .replacen(record.secret(), "", 1)
                .contains(record.secret())
        {
            assert!(!said.contains(record.secret()), "{said}");
        }
    }
});
