//! Any form produces an error, or fields that the verifier accepts with every value that the policy leaves open, and
//! with no others.
#![no_main]

use core::time::Duration;

use libfuzzer_sys::fuzz_target;
use presign::Timestamp;
use presign::post::PostPolicy;
use presign::verify::{PostRejection, PostRequest, Rejection, Verifier};

mod record;

fuzz_target!(|text: &str| {
    let record = record::Record::parse(text);
    let Ok(bucket) = record.bucket() else { return };
    let (credentials, now) = (record.credentials(), record.now());
    let key = record.get("key").unwrap_or("test.txt");
    let mut policy = PostPolicy::new(&credentials, &bucket, key);
    if let Some(seconds) = record.number("expires") {
        policy = policy.expires_in(Duration::from_secs(seconds));
    }
    let mut lengths = None;
    for (name, value) in record.lines() {
        let (field, rest) = match value.split_once('=') {
            Some(pair) => pair,
            None => (value, ""),
        };
        policy = match name {
            "field" => policy.field(field, rest),
            "open" => policy.field_starts_with(field, rest),
            "meta" => policy.metadata(field, rest),
            "status" => policy.success_action_status(value.parse().unwrap_or(0)),
            "type" => policy.content_type_starts_with(value),
            "lengths" => {
                let range = field.parse().unwrap_or(0)..=rest.parse().unwrap_or(u64::MAX);
                lengths = Some(range.clone());
                policy.content_length(range)
            }
            _ => policy,
        };
    }
    let Ok(form) = policy.sign_at(now) else {
        return;
    };

    let file_name = record.get("file").unwrap_or("a b.txt");
    let length = record.number("bytes").unwrap_or(0_u64);
    let more = record.get("more").unwrap_or_default();
    let open: Vec<(&str, String)> = form
        .open_fields()
        .map(|(name, start)| (name, format!("{start}{more}")))
        .collect();
    let open = open.iter().map(|(name, value)| (*name, value.as_str()));
    let fields: Vec<_> = form.fields().chain(open).collect();
    let verify = |fields: &[(&str, &str)], now: Timestamp| {
        let request = PostRequest::new(bucket.name(), fields, length).file_name(file_name);
        Verifier::new().verify_post(&request, now, |_| Some(credentials.clone()))
    };

    let base = file_name.rsplit(['/', '\\']).next().unwrap();
    let fits = lengths.is_none_or(|range| range.contains(&length));
    let verified = match verify(&fields, now) {
        Ok(verified) => {
            assert!(fits);
            verified
        }
        Err(PostRejection::FileTooSmall { .. } | PostRejection::FileTooLarge { .. }) => {
            return assert!(!fits);
        }
        // With several content types, each must start with the prefix; a name that replaces `${filename}` can add a
        // comma.
        Err(PostRejection::ConditionNotMet { name })
            if name.eq_ignore_ascii_case("content-type") =>
        {
            return assert!(text.contains(','));
        }
        Err(PostRejection::Request(Rejection::MalformedCredential)) => {
            return assert!(credentials.access_key_id().len() > 255);
        }
        // If the key is only the file's name, a file without a name leaves it empty.
        Err(PostRejection::MissingField { name: "key" }) => {
            return assert_eq!(key.replace("${filename}", base), "");
        }
        Err(rejection) => panic!("{rejection:?}: {form:?} {}", form.policy()),
    };
    assert_eq!(verified.access_key_id(), credentials.access_key_id());
    assert_eq!(verified.expires_at(), form.expires_at());
    assert_eq!(verified.key(), key.replace("${filename}", base));
    assert!(verify(&fields, form.expires_at()).is_err(), "after its end");

    // Fields that the policy fixes cannot be changed, omitted or added.
    for at in 0..form.fields().count() {
        let (name, value) = fields[at];
        let changed = if value.is_empty() {
            "x".into()
        } else {
            value[..value.len() - value.chars().last().unwrap().len_utf8()].to_owned()
        };
        let mut damaged = fields.clone();
        damaged[at].1 = &changed;
        // Where the file's name is inserted, the policy fixes only the text before it.
        let bound = !value.contains("${filename}");
        assert!(
            !bound || verify(&damaged, now).is_err(),
            "{name} of {changed:?}"
        );
        damaged.remove(at);
        assert!(verify(&damaged, now).is_err(), "without {name}");
    }
    let mut more = fields.clone();
    more.push(("x-amz-meta-not-in-the-policy", "1"));
    let known = fields
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("x-amz-meta-not-in-the-policy"));
    assert!(known || verify(&more, now).is_err());

    let html = form.to_html();
    for (name, value) in form.fields() {
        let plain = |text: &str| !text.contains(['&', '<', '>', '"', '\'']);
        let input = format!("name=\"{name}\" value=\"{value}\"");
        assert!(
            !plain(name) || !plain(value) || html.contains(&input),
            "{name}"
        );
    }
    assert_eq!(html.matches('<').count(), html.matches('>').count());
    let signature = form.fields().last().unwrap().1;
    assert!(!format!("{form:?}{policy:?}").contains(signature));
});
