//! Uploads by form.

use alloc::format;
use alloc::string::{String, ToString};

use super::super::answer::About;
use super::super::cause::Kind;
use super::super::comparison::shown_name;

static CONDITION: Kind = Kind {
    name: "PolicyCondition",
    text: "a form field does not meet the policy's condition: {}",
    way_out: "send signed fields unchanged, start open fields with their prefix, and add missing fields",
    predicts: &[About::Condition],
    often: 90,
    weigh: |seen, found| {
        let answered = seen.answer.about == About::Condition;
        let mut named = false;
        if let Some((form, policy)) = seen.policy() {
            for condition in policy
                .conditions
                .iter()
                .filter(|condition| !form.meets(condition))
            {
                let how = if form.field(&condition.field).is_some() {
                    "has another value"
                } else {
                    "was not sent"
                };
                let said = format!("{} {how}", shown_name(&condition.field));
                named = true;
                found.certain(&[&said]);
            }
        }
        if answered && !named {
            let message = &seen.answer.message;
            let condition = message
                .split_once("ondition failed")
                .map(|(_, rest)| rest.trim_matches([':', ' ']));
            found.certain(&[condition.filter(|rest| !rest.is_empty()).unwrap_or(message)]);
        }
    },
    ..Kind::BASE
};

static EXTRA_FIELD: Kind = Kind {
    name: "PolicyExtraField",
    text: "the policy has no condition for the form field {}",
    way_out: "add a condition for it (field, field_starts_with), or do not send it",
    predicts: &[About::ExtraField],
    often: 88,
    weigh: |seen, found| {
        let mut named = false;
        if let Some((form, policy)) = seen.policy() {
            for (name, _) in form.fields {
                let lower = name.to_ascii_lowercase();
                let free = [
                    "policy",
                    "x-amz-signature",
                    "file",
                    "signature",
                    "awsaccesskeyid",
                ];
                let free = free.contains(&lower.as_str()) || lower.starts_with("x-ignore-");
                let known = policy
                    .conditions
                    .iter()
                    .any(|known| known.field.eq_ignore_ascii_case(name));
                if !free && !known {
                    named = true;
                    found.certain(&[&shown_name(name)]);
                }
            }
        }
        if seen.answer.about == About::ExtraField && !named {
            let name = seen.answer.message.rsplit_once(": ").map_or_else(
                || String::from("named in the answer"),
                |(_, name)| shown_name(name.trim()),
            );
            found.certain(&[&name]);
        }
    },
    ..Kind::BASE
};

static FORM_EXPIRED: Kind = Kind {
    name: "FormExpired",
    text: "the form's policy expired at {}",
    way_out: "sign a new form, with a longer expiry if necessary",
    predicts: &[About::FormExpired],
    often: 90,
    weigh: |seen, found| {
        let end = seen.policy().and_then(|(_, policy)| policy.expiration);
        let text = end.map_or_else(|| String::from("an unknown time"), |end| end.to_string());
        let passed = |time: Option<_>| end.zip(time).is_some_and(|(end, now)| now >= end);
        if seen.answer.about == About::FormExpired || passed(seen.store_time) {
            found.certain(&[&text]);
        } else if passed(seen.time()) {
            found.certain_if(seen.answer.about == About::Nothing, &[&text]);
        }
    },
    ..Kind::BASE
};

static FORM_SHAPE: Kind = Kind {
    name: "FormMalformed",
    text: "S3 cannot read the form (it requires enctype multipart/form-data, all fields before the file, and one file): {}",
    way_out: "set enctype=\"multipart/form-data\" (FormData in JavaScript), and put the file last, in a field named file",
    predicts: &[About::FormShape],
    often: 85,
    weigh: |seen, found| {
        if seen.answer.about == About::FormShape {
            found.certain(&[&format!("{} {}", seen.answer.code, seen.answer.message)]);
        }
        let Some(form) = &seen.form else { return };
        for name in ["key", "policy"] {
            if form.field(name).is_none() {
                found.certain(&[&format!("the field {name} is missing")]);
            }
        }
        if form.field("policy").is_some() && form.policy.is_none() {
            found.certain(&["the field policy is not base64 of a policy document"]);
        }
    },
    ..Kind::BASE
};

static NO_FORMS: Kind = Kind {
    name: "NotImplemented",
    text: "the store does not support this request, such as an upload by form: {}",
    way_out: "use a presigned PUT: R2 and some other stores do not support forms",
    predicts: &[About::NoForms],
    often: 70,
    weigh: |seen, found| {
        if seen.answer.about == About::NoForms {
            let message = &seen.answer.message;
            let words = if message.is_empty() {
                &seen.answer.code
            } else {
                message
            };
            // s3s gives the same answer for another algorithm or service.
            found.certain_if(seen.is_form(), &[words]);
        }
    },
    ..Kind::BASE
};

pub(in super::super) const KINDS: &[&Kind] = &[
    &CONDITION,
    &EXTRA_FIELD,
    &FORM_EXPIRED,
    &FORM_SHAPE,
    &NO_FORMS,
];
