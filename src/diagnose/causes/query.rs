//! Changes to the path and the query after signing.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::super::answer::About;
use super::super::cause::Kind;
use super::super::comparison::{Comparison, shown_name};
use super::super::habits::{ADDED_BY_SDKS, EXPIRIES};
use super::super::seen::{NEEDED, Seen, TOKENS};
use super::super::template::Pair;
use super::super::text::{decode, encode, replace};
use super::MISMATCH;

static KEY_REWRITTEN: Kind = Kind {
    name: "KeyRewritten",
    text: "the key was rewritten in transit: {}",
    way_out: "pass the URL on as text; avoid //, dot segments and + in keys, or use a client that keeps them (curl --path-as-is)",
    predicts: &[About::Mismatch, About::Object],
    often: 72,
    weigh: |seen, found| {
        let row = seen
            .computed("canonical URI")
            .filter(|row| row.decoded_differs());
        if row.is_some() {
            found.certain_if(seen.signature_holds(), &["the store saw another path"]);
        }
        // A signer encodes both, so this is true even if the store saw the same path.
        if seen.url.path.contains('+') && seen.mismatches() && seen.is_presigned() {
            found.possible(&["+ and a space may have been exchanged"]);
        }
        // The store saw this path.
        let arrived = seen.computed("canonical URI").is_some();
        if !seen.may_mismatch()
            || seen.answer.about == About::Object
            || !seen.is_presigned()
            || arrived
        {
            return;
        }
        let dots = |segment| matches!(segment, "." | "..");
        if seen.url.path.split('/').any(dots) {
            found.likely_if(
                seen.mismatches(),
                &["most clients resolve the segments . and .."],
            );
        }
        if seen.url.path.contains("//") && seen.mismatches() {
            found.likely(&["some clients and proxies fold //"]);
        }
    },
    tries: |seen, tries| {
        let range = tries.template.path.clone();
        let path = String::from(tries.template.str(&range));
        // A + of the key is still %2B.
        let spaces = encode(decode(&replace(seen.url.path, "+", "%20")).as_bytes(), true);
        tries.replace(range.clone(), &spaces, &["a space became +"]);
        let mut add = |path: &str, how: &str| tries.replace(range.clone(), path.as_bytes(), &[how]);
        add(&path.replace("%2B", "%20"), "a space became +");
        add(&path.replace("%20", "%2B"), "+ became a space");
        if let Some(path) = path.strip_suffix('/') {
            add(path, "a slash was added at the end");
        }
        for (at, _) in path.match_indices("//").take(MAX_PARTS) {
            let (before, after) = path.split_at_checked(at).unwrap_or_default();
            let folded = Zeroizing::new([before, after.get(1..).unwrap_or_default()].concat());
            add(&folded, "a slash was doubled");
        }
        let slashes = path.match_indices('/').take(MAX_PARTS).map(|(at, _)| at);
        for at in slashes.chain([path.len()]) {
            tries.replace(
                range.start + at..range.start + at,
                b"/",
                &["a double or trailing slash was removed"],
            );
            tries.replace(
                range.start + at..range.start + at,
                b"/.",
                &["a dot segment was resolved"],
            );
        }
    },
};

static PATH_ENCODING: Kind = Kind {
    name: "PathEncoding",
    text: "the path is percent-encoded differently from what was signed: {}",
    way_out: "pass the signer the plain key, not an encoded one; pass the client the URL unchanged, as it is already encoded",
    predicts: &[About::Mismatch, About::Object],
    often: 82,
    weigh: |seen, found| {
        let row = seen.computed("canonical URI");
        if row.is_some_and(|row| row.differs() && !row.decoded_differs()) {
            found.certain_if(seen.signature_holds(), &["the store saw another encoding"]);
        }
        let object = seen.answer.about == About::Object && seen.answer.code == "NoSuchKey";
        if !seen.is_presigned() || !(seen.mismatches() || object) {
            return;
        }
        if has_double_escape(seen.url.path) {
            let how =
                "the path contains %25, an encoded %: the key may have been encoded once too often";
            found.likely_if(seen.mismatches(), &[how]);
        } else if seen.mismatches() && seen.path_is_unusual && !seen.at_aws() {
            let how = "a byte is not encoded, an escape is in lower case, or a slash is encoded; AWS accepts this, other stores may not";
            found.conceivable(&[how]);
        }
    },
    tries: |seen, tries| {
        let range = tries.template.path.clone();
        let path = tries.template.str(&range);
        let (decoded, raw) = (decode(path), seen.url.path);
        let once = encode(decode(&decoded).as_bytes(), true);
        let twice = encode(path.as_bytes(), true);
        tries.replace(range.clone(), &once, &["it was encoded twice"]);
        tries.replace(
            range.clone(),
            &twice,
            &["it was encoded once, but signed as if encoded twice"],
        );
        // Some signers hash the key as they received it.
        tries.replace(
            range.clone(),
            raw.as_bytes(),
            &["the signer did not encode it as S3 does"],
        );
        tries.replace(range, decoded.as_bytes(), &["the signer did not encode it"]);
    },
};

fn has_double_escape(path: &str) -> bool {
    path.match_indices("%25").any(|(at, _)| {
        let rest = path.as_bytes().get(at + 3..at + 5);
        rest.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// The maximum number of parts tried one by one.
const MAX_PARTS: usize = 512;

/// The maximum number of added parameters named.
const MAX_NAMED: usize = 16;

/// The names of differing parameter rows, with the side that has each.
fn parameters<'s>(seen: &'s Seen<'_>) -> impl Iterator<Item = (&'s str, &'s Comparison)> {
    let rows = seen.computed.iter().filter(|row| row.differs());
    let rows = rows.filter_map(|row| Some((row.part().strip_prefix("parameter ")?, row)));
    rows.filter(|(name, _)| !seen.auth.masked.contains(name))
}

static ADDED: Kind = Kind {
    name: "QueryAdded",
    text: "a query parameter was added after signing, for example by a CDN or a tracker: {}",
    way_out: "add nothing to the URL; sign extra parameters with the rest (query)",
    predicts: &[About::Mismatch, About::Argument, About::TwoAuthentications],
    often: 78,
    weigh: |seen, found| {
        for (name, _) in parameters(seen).filter(|(_, row)| row.sent().is_none()) {
            found.certain_if(seen.signature_holds(), &[name]);
        }
        let mut behind = false;
        for (name, _) in seen.url.pairs.iter().take(MAX_PARTS) {
            behind |= *name == "X-Amz-Signature";
            if is_tracker(name) && seen.may_mismatch() && seen.is_presigned() {
                found.likely(&[&shown_name(name)]);
            } else if behind && seen.mismatches() && !name.starts_with("X-Amz-") {
                found.possible(&[&shown_name(name)]);
            }
        }
    },
    tries: |seen, tries| {
        let template = tries.template;
        // Trackers, or everything after the signature, which most signers put last.
        let signature = seen
            .url
            .pairs
            .iter()
            .position(|(name, _)| *name == "X-Amz-Signature");
        let own = |name: &str| NEEDED.contains(&name) || TOKENS.contains(&name);
        for trackers in [true, false] {
            let is_added = |pair: &&Pair| {
                let name = seen.url.pairs.get(pair.at).map_or("", |(name, _)| name);
                if trackers {
                    is_tracker(name)
                } else {
                    Some(pair.at) > signature && !own(name)
                }
            };
            let mut kept = Zeroizing::new(Vec::with_capacity(template.query.len()));
            for pair in template.pairs.iter().filter(|pair| !is_added(pair)) {
                if !kept.is_empty() {
                    kept.push(b'&');
                }
                kept.extend_from_slice(template.get(&(pair.name.start..pair.value.end)));
            }
            let names = template.pairs.iter().filter(is_added).take(MAX_NAMED);
            let mut names: Vec<_> = names
                .map(|pair| shown_name(template.str(&pair.name)))
                .collect();
            names.dedup();
            tries.replace(template.query.clone(), &kept, &[&names.join(", ")]);
        }
        for pair in template.pairs.iter().take(MAX_PARTS) {
            let name = template.str(&pair.name);
            if !NEEDED.contains(&name) {
                tries.replace(template.whole(pair), b"", &[&shown_name(name)]);
            }
        }
    },
};

/// Whether trackers add this parameter.
fn is_tracker(name: &str) -> bool {
    name.starts_with("utm_")
        || [
            "fbclid", "gclid", "gbraid", "wbraid", "msclkid", "mc_eid", "mc_cid", "igshid", "_ga",
            "ref_src",
        ]
        .contains(&name)
}

static REMOVED: Kind = Kind {
    name: "QueryRemoved",
    text: "query parameter {} was removed after signing",
    way_out: "pass on the whole URL, with every parameter",
    predicts: &[About::Mismatch, About::Parameter, About::Anonymous],
    often: 64,
    weigh: |seen, found| {
        if seen.answer.about == About::Anonymous && seen.is_presigned() {
            found.likely(&["X-Amz-Signature"]);
        }
        for (name, row) in parameters(seen) {
            if row.other().is_none() {
                found.certain_if(seen.signature_holds(), &[name]);
            }
        }
    },
    tries: |_, tries| {
        for (name, value) in ADDED_BY_SDKS {
            let value = encode(value.as_bytes(), false);
            let (at, text) = tries.template.insertion(name, &value);
            tries.replace(at..at, &text, &[name]);
        }
    },
};

static CHANGED: Kind = Kind {
    name: "QueryChanged",
    text: "query parameter {} was changed after signing",
    way_out: "pass the URL on unchanged; to change a value, sign again",
    predicts: &[
        About::Mismatch,
        About::Expires,
        About::Parameter,
        About::Region,
        About::Service,
    ],
    often: 62,
    weigh: |seen, found| {
        for (name, row) in parameters(seen) {
            if row.sent().is_some() && row.other().is_some() && row.decoded_differs() {
                found.certain_if(seen.signature_holds(), &[name]);
            }
        }
        for (part, name) in [("time", "X-Amz-Date"), ("scope", "X-Amz-Credential")] {
            if seen.computed(part).is_some_and(Comparison::differs) {
                found.certain_if(seen.signature_holds(), &[name]);
            }
        }
    },
    tries: |_, tries| {
        let Some(range) = tries.template.parameter("X-Amz-Expires") else {
            return;
        };
        for seconds in EXPIRIES {
            let seconds = alloc::format!("{seconds}");
            tries.replace(range.clone(), seconds.as_bytes(), &["X-Amz-Expires"]);
        }
    },
};

static QUERY_ENCODING: Kind = Kind {
    name: "QueryEncoding",
    text: "the query is percent-encoded differently from what was signed: {}",
    way_out: "pass the URL on as text: do not parse and rebuild the query",
    predicts: MISMATCH,
    often: 68,
    weigh: |seen, found| {
        let is_other = |row: &Comparison| {
            row.sent().is_some() && row.other().is_some() && !row.decoded_differs()
        };
        for (name, _) in parameters(seen).filter(|(_, row)| is_other(row)) {
            found.certain_if(seen.signature_holds(), &[name]);
        }
        let plus = seen.url.pairs.iter().any(|(name, value)| {
            let name = shown_name(name);
            value.contains('+')
                && !parameters(seen).any(|(found, row)| found == name && is_other(row))
        });
        if seen.mismatches() && seen.is_presigned() {
            if plus {
                found.likely(&["a space became +, or + is not encoded"]);
            } else if seen.query_is_unusual && !seen.at_aws() {
                found.conceivable(&["a byte is not encoded, or an escape is in lower case; AWS accepts this, other stores may not"]);
            }
        }
    },
    tries: |seen, tries| {
        let template = tries.template;
        let pluses = seen.url.pairs.iter().any(|(_, value)| value.contains('+'));
        let query = template.query.clone();
        if pluses {
            let spaces = replace(template.str(&query), "%2B", "%20");
            tries.replace(query.clone(), spaces.as_bytes(), &["a space became +"]);
        }
        for pair in template.pairs.iter().take(MAX_PARTS) {
            let value = template.str(&pair.value);
            if !value.contains('%') {
                continue;
            }
            let decoded = decode(value);
            let mut put = |value: &str, how: &str| {
                tries.replace(pair.value.clone(), value.as_bytes(), &[how])
            };
            if decoded.contains('%') {
                let once = encode(decode(&decoded).as_bytes(), false);
                put(
                    core::str::from_utf8(&once).unwrap_or_default(),
                    "a value was encoded twice",
                );
            }
            put(&replace(value, "%2B", "%20"), "a space became +");
            put(&replace(value, "%20", "%2B"), "+ became a space");
            let raw = seen.url.pairs.get(pair.at).map_or("", |(_, raw)| raw);
            put(raw, "the signer did not encode a value as S3 does");
        }
    },
};

pub(in super::super) const KINDS: &[&Kind] = &[
    &KEY_REWRITTEN,
    &PATH_ENCODING,
    &ADDED,
    &REMOVED,
    &CHANGED,
    &QUERY_ENCODING,
];
