//! Damage to the text of a URL, and its repair.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::super::cause::{Findings, Kind};
use super::super::seen::Seen;
use super::super::text::{decode, replace, undo, without};
use super::BROKEN;

/// The cause is certain if the repair changed the URL, and the URL did not arrive without the damage.
const fn damage(name: &'static str, text: &'static str, way_out: &'static str) -> Kind {
    Kind {
        name,
        text,
        way_out,
        predicts: BROKEN,
        often: 70,
        weigh: |seen: &Seen<'_>, found: &mut Findings<'_>| {
            if is_damage(seen, found.kind) {
                found.damage(seen, &[]);
            }
        },
        ..Kind::BASE
    }
}

fn is_damage(seen: &Seen<'_>, kind: &Kind) -> bool {
    seen.damages.iter().any(|known| core::ptr::eq(*known, kind))
}

static HTML: Kind = damage(
    "HtmlEscaped",
    "the URL was copied from HTML source: it contains &amp; instead of &",
    "use the attribute's value, not the HTML source",
);

static JSON: Kind = damage(
    "JsonEscaped",
    "the URL was copied from JSON or JavaScript with its escapes, such as \\u0026 instead of &",
    "parse the text, and use the value",
);

static SHELL: Kind = damage(
    "ShellEscaped",
    "the URL contains shell escapes, such as a backslash before & or a doubled %",
    "put the URL in quotes, without escapes",
);

static FORMATTED: Kind = damage(
    "Formatted",
    "a format function replaced the escapes of the URL: it contains %!F(MISSING) instead of %2F",
    "pass the URL as an argument, not as the format: Printf(\"%s\", url)",
);

static QUOTED_PRINTABLE: Kind = damage(
    "QuotedPrintable",
    "the URL was copied from the quoted-printable source of an email: it contains =3D instead of =",
    "copy the URL from the displayed email, not from its source",
);

static ENCODED_AS_WHOLE: Kind = damage(
    "EncodedAsWhole",
    "the URL itself is percent-encoded (%3F for ?, %26 for &), like a parameter of another URL",
    "decode it once",
);

static ENCODED_TWICE: Kind = damage(
    "EncodedTwice",
    "the query is percent-encoded twice: it contains escaped escapes, such as %252F in the credential",
    "pass the client the URL as the signer returned it, without encoding it again",
);

static NO_SCHEME: Kind = damage(
    "NoScheme",
    "the URL does not start with the scheme https:// or http://",
    "put the scheme back",
);

static LINE_BREAK: Kind = damage(
    "LineBreak",
    "the URL contains a line break, a space or an invisible character",
    "put it on one line, without spaces",
);

static HASH: Kind = damage(
    "HashNotEncoded",
    "the key has a # that is not encoded: clients drop everything after it, including the signature",
    "encode it as %23; pass the URL on as the signer returned it",
);

static QUESTION_MARK: Kind = damage(
    "QuestionMarkNotEncoded",
    "the URL has a ? before the one that starts the signed query: everything after the first is a parameter",
    "encode a ? of the key as %3F, and join parameters with &; pass the URL on as the signer returned it",
);

static TRAILING: Kind = Kind {
    weigh: |seen, found| {
        if is_damage(seen, found.kind) {
            found.damage(seen, &[]);
        } else if seen.is_padded && !seen.arrived_whole() {
            found.likely(&[]); // many clients strip it
        }
    },
    tries: |seen, tries| {
        // A period or a quote after a URL whose last parameter is not the signature.
        let Some(last) = seen.url.pairs.len().checked_sub(1) else {
            return;
        };
        let pair = tries.template.pairs.iter().find(|pair| pair.at == last);
        let Some((pair, (_, raw))) = pair.zip(seen.url.pairs.last()) else {
            return;
        };
        let trimmed = raw.trim_end_matches(|c: char| ".,;:!?'\")]}>".contains(c));
        let value = super::super::text::encode(decode(trimmed).as_bytes(), false);
        tries.replace(pair.value.clone(), &value, &[]);
    },
    ..damage(
        "TrailingText",
        "there is extra text before or after the URL, such as a quote or a period",
        "copy only the URL",
    )
};

pub(in super::super) const KINDS: &[&Kind] = &[
    &HTML,
    &JSON,
    &SHELL,
    &FORMATTED,
    &QUOTED_PRINTABLE,
    &ENCODED_AS_WHOLE,
    &ENCODED_TWICE,
    &NO_SCHEME,
    &LINE_BREAK,
    &HASH,
    &QUESTION_MARK,
    &TRAILING,
];

/// A kind of damage and its repair, which returns `None` if the URL does not have it.
type Repair = (&'static Kind, fn(&str) -> Option<Zeroizing<String>>);

const REPAIRS: [Repair; 12] = [
    (&HTML, |url| {
        let escapes = ["&amp;", "&#38;", "&#038;", "&#x26;", "&#X26;"];
        // Only before these names: `amp;...` can be the name of a parameter.
        let encoded = ("&amp%3BX-Amz-", "&X-Amz-");
        let [a, b, c, d, e] = escapes.map(|escape| (escape, "&"));
        undo(url, &[a, b, c, d, e, encoded])
    }),
    (&JSON, |url| {
        let escapes = [
            ("\\u0026", "&"),
            ("\\u003d", "="),
            ("\\u003D", "="),
            ("\\x26", "&"),
            ("\\x3d", "="),
            ("\\x3D", "="),
            ("\\/", "/"),
        ];
        undo(url, &escapes)
    }),
    (&SHELL, |url| {
        if url.contains("%%2F") {
            return undo(url, &[("%%", "%")]); // a batch file
        }
        undo(
            url,
            &[
                // A command that continues on the next line.
                ("\\\r\n", ""),
                ("\\\n", ""),
                ("^\r\n", ""),
                ("^\n", ""),
                ("`\r\n", ""),
                ("`\n", ""),
                ("\\&", "&"),
                ("\\?", "?"),
                ("\\=", "="),
                ("\\%", "%"),
                ("^&", "&"),
                ("`&", "&"),
            ],
        )
    }),
    (&FORMATTED, |url| {
        let verbs = [("%!F(MISSING)", "%2F"), ("%!B(MISSING)", "%3B")];
        undo(url, &verbs)
    }),
    (&QUOTED_PRINTABLE, |url| {
        let joined = replace(&replace(url, "=\r\n", ""), "=\n", "");
        let names = ["X-Amz-Algorithm=3D", "X-Amz-Signature=3D"];
        let is_it = names.iter().any(|name| joined.contains(name));
        is_it.then(|| undo(&joined, &[("=3D", "=")]))?
    }),
    (&ENCODED_AS_WHOLE, |url| {
        // A URL in a parameter of a presigned URL is not damage.
        let query = url.split_once('?').map_or("", |(_, query)| query);
        if query
            .split('&')
            .any(|pair| pair.starts_with("X-Amz-Signature="))
        {
            return None;
        }
        let start = url.find("https%3A").or_else(|| url.find("http%3A"));
        match start.filter(|_| url.contains("X-Amz-Signature%3D")) {
            Some(start) => Some(decode(url.get(start..)?.split('&').next()?)),
            None if url.contains("X-Amz-Signature%3D") => undo(
                url,
                &[
                    ("%3FX-Amz-", "?X-Amz-"),
                    ("%26X-Amz-", "&X-Amz-"),
                    ("%3D", "="),
                ],
            ),
            None => undo(url, &[("%3FX-Amz-", "?X-Amz-"), ("%26X-Amz-", "&X-Amz-")]),
        }
    }),
    (&ENCODED_TWICE, |url| {
        let (path, query) = url.split_once('?')?;
        // The separators of a credential and of signed headers. An ID or a name can contain `%`, beside right separators.
        let parts = if query.contains("AWS4-ECDSA") { 3 } else { 4 };
        let separators = [
            (
                "X-Amz-Credential=",
                ["252F", "252f"],
                ["%2F", "%2f", "/"],
                parts,
            ),
            (
                "X-Amz-SignedHeaders=",
                ["253B", "253b"],
                ["%3B", "%3b", ";"],
                1,
            ),
        ];
        let is_it = query.split('&').any(|pair| {
            let count = |escape: &&str| pair.matches(escape).count();
            let mut separators = separators.iter();
            separators.any(|(name, twice, once, all)| {
                pair.starts_with(name)
                    && twice.iter().any(|escape| pair.contains(escape))
                    && once.iter().map(count).sum::<usize>() < *all
            })
        });
        if !is_it {
            return None;
        }
        let query = replace(query, "%25", "%");
        Some(Zeroizing::new([path, "?", &query].concat()))
    }),
    (&TRAILING, |url| {
        if url.contains("X-Amz-Signature=<") {
            return None; // a masked signature
        }
        let around = |c: char| c.is_whitespace() || "<>\"'`".contains(c);
        let mut trimmed = url.trim_matches(around);
        // Text before the URL, such as a command or the start of a Markdown link.
        let head = trimmed.split('?').next().unwrap_or_default();
        let schemes = ["https://", "http://"];
        let start = schemes.iter().filter_map(|scheme| head.find(scheme)).min();
        trimmed = trimmed.get(start.unwrap_or(0)..).unwrap_or_default();
        let rest = schemes
            .iter()
            .find_map(|scheme| trimmed.strip_prefix(scheme));
        if let Some(rest) =
            rest.filter(|rest| schemes.iter().any(|scheme| rest.starts_with(scheme)))
        {
            trimmed = rest; // the scheme is there twice
        }
        let last = trimmed.rsplit(['?', '&']).next().unwrap_or_default();
        if last.starts_with("X-Amz-") && !last.starts_with("X-Amz-Signature=") {
            trimmed = trimmed.trim_end_matches(|c: char| ".,;:!?'\")]}>".contains(c));
        }
        let inner = junk_after_signature(trimmed);
        let changed = inner.is_some() || trimmed.len() < url.len();
        changed.then(|| inner.unwrap_or_else(|| Zeroizing::new(String::from(trimmed))))
    }),
    (&LINE_BREAK, |url| {
        let invisible = |c| {
            matches!(
                c,
                '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{2060}' | '\u{feff}'
            )
        };
        let blank = |c: char| c.is_whitespace() || c.is_control() || invisible(c);
        let head = url.split(['?', '#']).next().unwrap_or_default();
        // Inside the key or another parameter, a space or an invisible character may be intended; clients encode it.
        let inside = url.contains(['\n', '\r', '\t'])
            || head.ends_with(invisible)
            || head
                .split('/')
                .nth(2)
                .is_some_and(|host| host.contains(blank))
            || url
                .split(['?', '&'])
                .any(|pair| pair.contains(blank) && without(pair, blank).starts_with("X-Amz-"));
        // A quoted email has `> ` before each line.
        inside.then(|| without(&replace(url, "\n> ", ""), blank))
    }),
    (&HASH, |url| {
        let (key, query) = url.split_once('?').filter(|(key, _)| key.contains('#'))?;
        if !query.contains("X-Amz-Signature=") {
            return None;
        }
        let key = replace(key, "#", "%23");
        Some(Zeroizing::new([&*key, "?", query].concat()))
    }),
    (&QUESTION_MARK, |url| {
        let (head, query) = url.split_at_checked(url.find("?X-Amz-")?)?;
        let (path, inner) = head
            .split_once('?')
            .filter(|(_, inner)| !inner.is_empty() && !inner.contains("X-Amz-"))?;
        // Parameters that were joined with `?`, or a part of the key.
        let (first, second) = match inner.contains('=') {
            true => ("?", "&"),
            false => ("%3F", "?"),
        };
        let (inner, query) = (replace(inner, "?", "%3F"), query.strip_prefix('?')?);
        Some(Zeroizing::new(
            [path, first, &inner, second, query].concat(),
        ))
    }),
    (&NO_SCHEME, |url| {
        let lower = |start: &str| {
            url.get(..start.len())
                .is_some_and(|s| s.eq_ignore_ascii_case(start))
        };
        if lower("https://") || lower("http://") || !url.contains("X-Amz-") {
            return None;
        }
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let repaired = ["https://", rest.trim_start_matches('/')].concat();
        Some(Zeroizing::new(repaired))
    }),
];

/// The URL without any text after the digits of the signature.
fn junk_after_signature(url: &str) -> Option<Zeroizing<String>> {
    let sent = url.split('#').next()?;
    let at = sent.find("X-Amz-Signature=")? + "X-Amz-Signature=".len();
    let v4 = url.contains("X-Amz-Algorithm=AWS4-HMAC-SHA256");
    let value = url.get(at..)?;
    let digits = value.bytes().take_while(u8::is_ascii_hexdigit).count();
    let kept = if v4 { digits.min(64) } else { digits };
    let rest = value.get(kept..)?;
    if (v4 && digits < 64) || rest.is_empty() || rest.starts_with(['&', '#', '\n', '\r', '\t']) {
        return None;
    }
    let next = rest
        .find('&')
        .map_or("", |next| rest.get(next..).unwrap_or_default());
    Some(Zeroizing::new([url.get(..at + kept)?, next].concat()))
}

/// Repairs the URL, and returns the damage it found.
pub(in super::super) fn repair(url: &str) -> (Zeroizing<String>, Vec<&'static Kind>) {
    // Clients do not send a fragment, whatever it contains.
    let fragment = url
        .split_once("X-Amz-Signature=")
        .and_then(|(before, value)| {
            let digits = value.bytes().take_while(u8::is_ascii_hexdigit).count();
            let at = value.find('#').filter(|at| {
                digits >= 64 && !value.get(..*at).unwrap_or_default().ends_with('&')
            })?;
            Some(url.len() - value.len() + at).filter(|at| *at > before.len())
        });
    let url = url.get(..fragment.unwrap_or(url.len())).unwrap_or_default();
    let mut repaired = Zeroizing::new(String::from(url));
    let mut damages: Vec<&'static Kind> = Vec::new();
    // One kind of damage may have hidden another.
    for _ in 0..2 {
        for (kind, undo) in REPAIRS {
            if let Some(better) = undo(&repaired) {
                repaired = better;
                if !damages.iter().any(|known| core::ptr::eq(*known, kind)) {
                    damages.push(kind);
                }
            }
        }
    }
    // A link without any signature is not a damaged presigned URL.
    if !repaired.contains("X-Amz-") {
        damages.clear();
    }
    (repaired, damages)
}
