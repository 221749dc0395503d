//! The signer: access key, secret and token.

use alloc::string::String;

use zeroize::Zeroizing;

use super::super::answer::About;
use super::super::cause::Kind;
use super::super::seen::TOKENS;
use super::super::text::{decode, encode};
use super::MISMATCH;

static TOKEN_MISSING: Kind = Kind {
    name: "TokenMissing",
    text: "the session token is missing: temporary credentials do not work without it",
    way_out: "sign with all three values: access key ID, secret and session token (session_token)",
    predicts: &[About::Mismatch, About::AccessKey, About::Token],
    often: 88,
    weigh: |seen, found| {
        let issued = seen
            .credentials
            .is_some_and(|credentials| credentials.token().is_some());
        // A token under a name in the wrong case is another cause.
        let misspelled = TOKENS.iter().any(|name| seen.auth.malformed.contains(name));
        if seen.auth.token.is_none()
            && seen.is_presigned()
            && seen.auth.is_temporary()
            && !misspelled
        {
            // Other stores may issue keys that look like AWS's.
            found.certain_if(seen.at_aws(), &[]);
        } else if seen.auth.token.is_none()
            && seen.is_presigned()
            && (issued || (seen.answer.about == About::Token && !seen.at_aws()))
        {
            found.likely(&[]);
        }
    },
    tries: |_, tries| {
        let Some(token) = tries.token() else { return };
        for name in TOKENS {
            if tries.template.parameter(name).is_none() {
                let (at, text) = tries.template.insertion(name, &token);
                tries.replace(at..at, &text, &[]);
            }
        }
    },
};

static TOKEN_ALTERED: Kind = Kind {
    name: "TokenAltered",
    text: "the session token was altered, belongs to other credentials, or is not valid in the bucket's region",
    way_out: "use the token exactly as issued, with the access key it was issued for; in opt-in regions, issue it at a regional STS endpoint",
    predicts: &[About::Mismatch, About::Token, About::AccessKey],
    often: 86,
    weigh: |seen, found| {
        let issued = seen.credentials.and_then(|credentials| credentials.token());
        let sent = seen.auth.token.map(decode);
        let other = issued
            .zip(sent.as_ref())
            .is_some_and(|(issued, sent)| **sent != *issued);
        if seen.answer.about == About::Token && seen.auth.token.is_some() {
            found.certain(&[]);
        } else if seen.answer.about == About::Token {
            // AWS means a token in a header, MinIO the missing token.
            found.likely_if(seen.at_aws(), &[]);
        } else if other {
            found.likely(&[]);
        }
    },
    tries: |_, tries| {
        let Some(token) = tries.token() else { return };
        let template = tries.template;
        for pair in template
            .pairs
            .iter()
            .filter(|pair| TOKENS.contains(&template.str(&pair.name)))
        {
            tries.replace(pair.value.clone(), &token, &[]);
        }
    },
};

static UNKNOWN_KEY: Kind = Kind {
    name: "UnknownAccessKey",
    text: "the store does not know the access key ID {}, or does not accept it{}",
    way_out: "check that the URL and the key belong to the same store and account, and that the key still exists and is active",
    predicts: &[About::AccessKey],
    often: 60,
    weigh: |seen, found| {
        if seen.answer.about == About::AccessKey {
            let incomplete = seen.auth.is_temporary() && seen.auth.token.is_none();
            let words = &seen.answer.message;
            let words = if words.is_empty() {
                String::new()
            } else {
                alloc::format!(" ({words})")
            };
            let id = match seen.auth.access_key_id.as_str() {
                "" => "in the request".into(),
                text => id(text),
            };
            // R2 answers Unauthorized to an expired key, too.
            let vague = seen.answer.code == "Unauthorized" || incomplete;
            found.certain_if(
                !vague && !seen.auth.access_key_id.is_empty(),
                &[&id, &words],
            );
        }
    },
    ..Kind::BASE
};

static OTHER_KEY: Kind = Kind {
    name: "OtherCredentials",
    text: "the URL contains the access key ID {}, but the given credentials have {}",
    way_out: "use the credentials that signed the URL",
    predicts: MISMATCH,
    often: 66,
    weigh: |seen, found| {
        let own = seen
            .credentials
            .map(|credentials| id(credentials.access_key_id()));
        let named = id(&seen.auth.access_key_id);
        let masked = seen.auth.masked.contains(&"X-Amz-Credential");
        if let Some(own) =
            own.filter(|own| *own != named && !masked && seen.is_presigned() && seen.mismatches())
        {
            found.likely(&[&named, &own]);
        }
    },
    tries: |seen, tries| {
        let own = tries.credentials().access_key_id();
        let (own, named) = (String::from(own), id(&seen.auth.access_key_id));
        let template = tries.template;
        let credential = template.parameter("X-Amz-Credential");
        if let Some(range) = credential.filter(|_| own != named) {
            let value = decode(template.str(&range));
            let (_, scope) = value
                .split_at_checked(seen.auth.access_key_id.len())
                .unwrap_or_default();
            let value = encode(alloc::format!("{own}{scope}").as_bytes(), false);
            tries.replace(range, &value, &[&named, &id(&own)]);
        }
    },
};

/// An ID in a form that is safe to show: a damaged one may be followed by other text, and a longer one may be a secret in
/// its place. AWS's secrets have 40 characters and those of Backblaze 31; IDs of over 24 characters are hexadecimal, as those
/// of R2 and Garage.
fn id(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let digits = text.strip_prefix("GK").unwrap_or(text);
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let longest = if is_hex { 32 } else { 24 };
    if text.len() <= longest && text.bytes().all(plain) {
        text.into()
    } else {
        "(an ID in an unknown format)".into()
    }
}

static WHITESPACE: Kind = Kind {
    name: "SecretWhitespace",
    text: "the secret access key has white space at its start or end, such as a newline from a file",
    way_out: "trim it",
    predicts: MISMATCH,
    often: 45,
    tries: |_, tries| {
        let secret = tries.credentials().secret();
        let secret = Zeroizing::new(String::from(secret));
        for end in ["\n", "\r\n", " ", "\r", "\t"] {
            for (before, after) in [("", end), (end, "")] {
                let padded = Zeroizing::new([before, &secret, after].concat());
                tries.secret(&padded, &[]);
            }
        }
        if secret.trim() != &**secret {
            tries.secret(secret.trim(), &[]);
        }
    },
    ..Kind::BASE
};

static WRONG_SECRET: Kind = Kind {
    name: "WrongSecretOrAltered",
    text: "the URL was signed with a different secret access key, or changed in a way that leaves no trace",
    way_out: "compare the secret with the one issued for the access key ID, and pass the URL on unchanged",
    predicts: MISMATCH,
    often: 40,
    weigh: |seen, found| {
        if seen.mismatches() && (seen.is_presigned() || seen.is_form()) {
            // The store computed the same text, and the given secret produces this signature for it: the store has a
            // different secret.
            let proven = seen.signature_holds() && seen.store_computed_the_same();
            if proven {
                found.certain(&[]);
            } else {
                found.possible(&[]);
            }
        }
    },
    ..Kind::BASE
};

pub(in super::super) const KINDS: &[&Kind] = &[
    &TOKEN_MISSING,
    &TOKEN_ALTERED,
    &UNKNOWN_KEY,
    &OTHER_KEY,
    &WHITESPACE,
    &WRONG_SECRET,
];
