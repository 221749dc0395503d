//! A URL that verifies has no certain cause, and no diagnosis contains the signature or depends on the secret: that of
//! the same request signed with another secret is the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use presign::diagnose::{Cause, Certainty, Diagnosis, Evidence};
use presign::verify::{Request, Verifier};
use presign::{Bucket, Credentials, Timestamp};

mod record;

use record::Record;

fuzz_target!(|text: &str| {
    let record = Record::parse(text);
    let Ok(bucket) = record.bucket() else { return };
    let Some(diagnosed) = diagnose(&record, &record.credentials(), &bucket) else {
        return;
    };
    let other = record.credentials_with("another/secret");
    let Some(other) = diagnose(&record, &other, &bucket) else {
        return; // SigV4a signatures vary in length, and the URL is now too long
    };
    // Damage can hit one signature and not the other.
    if diagnosed.request == other.request {
        assert_eq!(diagnosed.said, other.said);
    }
});

struct Diagnosed {
    /// The URL without its signature.
    request: String,
    /// All that the diagnoses say.
    said: Vec<String>,
}

fn diagnose(record: &Record, credentials: &Credentials, bucket: &Bucket) -> Option<Diagnosed> {
    let now = record.now();
    let signed = record.presigner(credentials, bucket).sign_at(now).ok()?;
    let mut url = signed.as_str().to_owned();
    let (mut method, mut at) = (signed.method().as_str(), now);
    let mut headers: Vec<_> = signed.headers().collect();
    if url.len() > 4000 || headers.len() > 20 {
        return None; // trying changes is slow
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
        return None;
    }

    let right = Request::new(method, &url, &headers)
        .and_then(|request| Verifier::new().verify(&request, at, |_| Some(credentials.clone())))
        .is_ok();
    let evidence = Evidence::new(&url).method(method).headers(&headers).at(at);
    let diagnosis = evidence.clone().credentials(credentials).diagnose();
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
        evidence.credentials(credentials).diagnose(),
    ];
    let (_, signature) = signed.as_str().split_once("&X-Amz-Signature=").unwrap();
    let said: Vec<_> = all.iter().map(text_of).collect();
    for said in &said {
        assert!(!said.contains(signature), "{said}");
    }
    let request = url.replacen(signature, "", 1);
    Some(Diagnosed { request, said })
}

fn text_of(diagnosis: &Diagnosis) -> String {
    let mut said = format!("{diagnosis:?}");
    for cause in diagnosis.causes() {
        said.push_str(&format!("\n{cause}: {:?}", cause.details()));
    }
    for row in diagnosis.comparison() {
        said.push_str(&format!(
            "\n{}: {:?} {:?}",
            row.part(),
            row.sent(),
            row.other()
        ));
    }
    said
}
