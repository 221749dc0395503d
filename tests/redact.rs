//! What is masked and what is not: every name, in every form and every nesting of escapes.
#![cfg(feature = "alloc")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use presign::{Credentials, Redactor, redact};
use proptest::prelude::*;

/// Writes each character unchanged or as an escape, independently of its neighbors.
type Encoder = fn(char) -> String;

/// The common escapes, and those that escape the most characters.
const ENCODERS: [(&str, Encoder); 12] = [
    ("percent", |c| {
        percent(c, |c| c.is_ascii_alphanumeric() || "-._~".contains(c))
    }),
    ("percent, lower case", |c| {
        percent(c, |c| c.is_ascii_alphanumeric()).to_ascii_lowercase_escape()
    }),
    ("percent, every byte", |c| percent(c, |_| false)),
    ("HTML", |c| match c {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '>' => "&gt;".into(),
        '"' => "&quot;".into(),
        '\'' => "&#39;".into(),
        c => c.into(),
    }),
    ("HTML, decimal", |c| {
        unless_alphanumeric(c, |c| format!("&#{};", u32::from(c)))
    }),
    ("HTML, hexadecimal", |c| {
        unless_alphanumeric(c, |c| format!("&#x{:X};", u32::from(c)))
    }),
    ("JSON", json),
    (
        "JSON in PHP",
        |c| if c == '/' { r"\/".into() } else { json(c) },
    ),
    ("JSON in ASCII", |c| {
        if c.is_ascii() { json(c) } else { utf16(c) }
    }),
    ("JavaScript in Django", |c| unless_alphanumeric(c, utf16)),
    ("JavaScript, every character", utf16),
    ("nginx", |c| {
        let mut bytes = [0; 4];
        let bytes = c.encode_utf8(&mut bytes).bytes();
        let escape = |byte: u8| match byte {
            b'"' | b'\\' | ..=0x1f | 0x7f.. => format!("\\x{byte:02X}"),
            _ => char::from(byte).into(),
        };
        if c.is_ascii() {
            bytes.map(escape).collect()
        } else {
            c.into()
        }
    }),
];

trait LowerEscape {
    fn to_ascii_lowercase_escape(self) -> String;
}

impl LowerEscape for String {
    /// A character in lower case, if it is an escape.
    fn to_ascii_lowercase_escape(self) -> String {
        if self.starts_with('%') {
            self.to_ascii_lowercase()
        } else {
            self
        }
    }
}

fn percent(c: char, is_kept: impl Fn(char) -> bool) -> String {
    if is_kept(c) {
        return c.into();
    }
    let mut bytes = [0; 4];
    let bytes = c.encode_utf8(&mut bytes).bytes();
    bytes.map(|byte| format!("%{byte:02X}")).collect()
}

fn unless_alphanumeric(c: char, escape: impl Fn(char) -> String) -> String {
    if c.is_ascii_alphanumeric() {
        c.into()
    } else {
        escape(c)
    }
}

fn utf16(c: char) -> String {
    let mut units = [0; 2];
    c.encode_utf16(&mut units)
        .iter()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect()
}

fn json(c: char) -> String {
    let text = serde_json::to_string(&c).unwrap();
    text[1..text.len() - 1].into()
}

fn encode(text: &str, chain: &[usize]) -> String {
    chain.iter().fold(text.to_owned(), |text, nth| {
        let (_, encoder) = ENCODERS[*nth];
        text.chars().map(encoder).collect()
    })
}

/// As HTML forms are sent.
fn form(text: &str) -> String {
    encode(text, &[0]).replace("%20", "+")
}

/// No encoding, each encoding, some pairs, and some deeper nestings.
fn chains() -> Vec<Vec<usize>> {
    let all = 0..ENCODERS.len();
    let mut chains = vec![vec![]];
    chains.extend(all.clone().map(|a| vec![a]));
    chains.extend(
        all.clone()
            .flat_map(|a| [1, 5, 9].map(|b| vec![a, (a + b) % ENCODERS.len()])),
    );
    chains.extend([
        vec![0; 5],
        vec![6; 4],
        vec![3; 5],
        vec![5, 5, 5],
        vec![6, 3, 0],
        vec![0, 6, 3, 6],
        vec![9, 3, 0, 6],
    ]);
    chains
}

const SIGNATURE: &str = "0b5fb1f2a9e6c1bb2b7cf0d0e6a7d8f1f1c59a0d3e7a1b2c4d5e6f708192a3b4";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDx+y/Z0aB1==";
const POLICY: &str = "eyJleHBpcmF0aW9uIjoiMjAxMy0wNS0yNFQwMTowMDowMFoifQ==";
const BYTES: &str = "47 45 54 0a 2f 6b 0a 58 2d 41 6d 7a 2d 41 6c 67 6f 72 69 74 68 6d";

const NAMES: [(&str, &str); 18] = [
    (
        "X-Amz-Credential",
        "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
    ),
    ("X-Amz-Signature", SIGNATURE),
    ("x-amz-signature", SIGNATURE),
    ("X-AMZ-SECURITY-TOKEN", TOKEN),
    ("x-amz-security-token", TOKEN),
    ("X-Amz-S3session-Token", TOKEN),
    ("HTTP_X_AMZ_SECURITY_TOKEN", TOKEN),
    (
        "x-amz-server-side-encryption-customer-key",
        "Y3VzdG9tZXIncy1lbmNyeXB0aW9uLWtleS0zMmJ5dGU=",
    ),
    (
        "x-amz-copy-source-server-side-encryption-customer-key",
        "Y3VzdG9tZXIncy1lbmNyeXB0aW9uLWtleS0zMmJ5dGU=",
    ),
    ("policy", POLICY),
    ("SignatureProvided", SIGNATURE),
    ("CanonicalRequestBytes", BYTES),
    ("AWSAccessKeyId", "AKIAIOSFODNN7EXAMPLE"),
    ("Signature", "NpgCjnDzrM+WFzoENXmpNDUsSSs="),
    // Policies that start with `{ `, a line feed, CRLF, and a byte order mark.
    ("policy", "eyAiZXhwaXJhdGlvbiI6ICIyMDMwIiB9"),
    ("Policy", "CnsiZXhwaXJhdGlvbiI6IjIwMzAifQ=="),
    ("policy", "DQoNCnsKImV4cGlyYXRpb24iOiIyMDMwIn0="),
    ("policy", "77u/CXsJImV4cGlyYXRpb24iOiIyMDMwIn0="),
];

const SPACES: [&str; 8] = ["", " ", "\t", "\n", "\r\n", "  \t ", "\u{b}", "\u{c}"];

/// The texts before the name, between name and value, and after the value.
fn shapes() -> Vec<(String, String, String)> {
    let mut shapes = Vec::new();
    let mut add = |before: &str, between: &str, after: &str| {
        shapes.push((before.into(), between.into(), after.into()))
    };
    for separator in ["=", ":"] {
        for left in SPACES {
            for right in SPACES {
                let between = format!("{left}{separator}{right}");
                add("", &between, "\n");
                add("{\"", &format!("\"{between}\""), "\"}");
                add("{'", &format!("'{between}['"), "']}");
            }
        }
    }
    for after in [
        "",
        "&a=b",
        "#f",
        " HTTP/1.1",
        "\r\nHost: h",
        ", b",
        "\"",
        ")",
        "<",
        "\u{1b}[0m",
    ] {
        add("?a=b&", "=", after);
        add("a: ", ": ", after);
    }
    add("map[", ":[", "]]");
    add("[(\"", "\", \"", "\")]");
    add("(\n    \"", "\",\n    \"", "\",\n)");
    add("[\"eq\",\"$", "\",\"", "\"]");
    // PHP, Ruby, Perl, Node.
    add("{'", "' => '", "'}");
    add("{\"", "\"=>\"", "\"}");
    add("    [", "] => ", "\n");
    add("$h[\"", "\"] = \"", "\"");
    add("  [\"", "\"]=>\n  string(20) \"", "\"\n}"); // `var_dump`
    for separator in [" := \"", " == \"", "==\"", ":: \""] {
        add("", separator, "\"");
    }
    // YAML.
    add("", ":\n  - ", "\n");
    add("", ":\r\n- \"", "\"\r\n- b");
    add("", ": >-\n  ", "\n");
    add("", ": |2\n\t", "\n");
    add("- name: ", "\n  value: |-\r\n    ", "\r\n");
    // HAR files, YAML, XML, Swift.
    add("{\"name\": \"", "\",\n  \"value\": \"", "\"}");
    add("- name: ", "\n  value: ", "\n");
    add("<p name='", "' value='", "'/>");
    add("(name: \"", "\", value: \"", "\")");
    // Python, Rust, Go, JavaScript.
    add("{'", "': b'", "'}");
    add("{'", "': ('", "',)}");
    for prefix in ["r", "rb", "Br", "u", "L", "@", "$"] {
        add("", &format!(": {prefix}\""), "\"");
    }
    add("\"{\"\"", "\"\": \"\"", "\"\"}\"");
    add("", " = \"\"\"\n", "\"\"\"");
    add("- `", "`: `", "`");
    add("`", "`=", "`");
    add("S { ", ": Some(\"", "\") }");
    add("{\"", "\":[]string{\"", "\"}}");
    add("{ '", "': `", "` }");
    add("", "\u{1b}[0m=\u{1b}[33m", "\u{1b}[0m");
    shapes
}

#[track_caller]
fn check(before: &str, secret: &str, after: &str, chain: &[usize]) {
    let [before, secret, after] = [before, secret, after].map(|text| encode(text, chain));
    let (text, expected) = (
        format!("{before}{secret}{after}"),
        format!("{before}***{after}"),
    );
    let redacted = redact(&text).to_string();
    let names: Vec<_> = chain.iter().map(|nth| ENCODERS[*nth].0).collect();
    assert_eq!(redacted, expected, "by {names:?}: {text}");
    assert_eq!(
        redact(&redacted).to_string(),
        redacted,
        "twice, by {names:?}: {text}"
    );
}

#[test]
fn every_name_in_every_shape_and_encoding() {
    let (chains, shapes) = (chains(), shapes());
    let mut count = 0;
    for (at, (before, between, after)) in shapes.iter().enumerate() {
        for (nth, (name, secret)) in NAMES.iter().enumerate() {
            // Uses some of the encodings for each in turn: all of them would take minutes.
            for chain in chains.iter().skip((at * 5 + nth) % 23).step_by(23) {
                check(&format!("{before}{name}{between}"), secret, after, chain);
                count += 1;
            }
            check(&format!("{before}{name}{between}"), secret, after, &[]);
        }
    }
    assert!(count > 10_000, "{count}");
}

/// In the body of a form, a `+` is a space, and a `%2B` is a `+`.
#[test]
fn every_name_in_every_shape_in_a_form() {
    let check = |before: &str, secret: &str, after: &str| {
        let encoders: [fn(&str) -> String; 3] = [
            form,
            |text| form(&form(text)),
            |text| encode(&form(&encode(text, &[6])), &[6]),
        ];
        for encoder in encoders {
            let text = encoder(&format!("{before}{secret}{after}"));
            let redacted = redact(&text).to_string();
            let expected = format!("{}***{}", encoder(before), encoder(after));
            assert_eq!(redacted, expected, "{text}");
            assert_eq!(redact(&redacted).to_string(), redacted, "twice: {text}");
        }
    };
    for (before, between, after) in shapes() {
        if after.starts_with(' ') {
            continue; // a `+` there can be a part of the value
        }
        for (name, secret) in NAMES {
            check(&format!("{before}{name}{between}"), secret, &after);
        }
        let before = format!("{before}x-amz-server-side-encryption-customer-key{between}");
        check(
            &before,
            "+3VzdG9tZXIncy1lbmNyeXB0aW9uLWtleS0zMmJ5dGU=",
            &after,
        );
    }
    for (before, after) in [
        (
            "<input type=\"hidden\" name=\"X-Amz-Signature\" value=\"",
            "\">",
        ),
        ("form-data; name=\"x-amz-signature\"\r\n\r\n", "\r\n--b"),
        ("<SignatureProvided>", "</SignatureProvided>"),
    ] {
        check(before, SIGNATURE, after);
    }
}

#[test]
fn forms_and_answers_in_every_encoding() {
    let fields = [
        ("x-amz-signature", SIGNATURE),
        (
            "X-Amz-Credential",
            "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
        ),
        ("x-amz-security-token", TOKEN),
        ("policy", POLICY),
        ("Policy", "ewogICJleHBpcmF0aW9uIjoi"),
        ("policy", "77u/eyJleHBpcmF0aW9uIjoi"),
        ("signature", "qA7FWXKq6VvU68lI9KdveT1cWgF="),
        ("AWSAccessKeyId", "AKIAIOSFODNN7EXAMPLE"),
    ];
    let html = [
        ("<input type=\"hidden\" name=\"FIELD\" value=\"", "\">"),
        ("<INPUT NAME='FIELD' hidden class='a b' VALUE='", "'/>"),
        ("<input\n  name = FIELD\n  value = ", " >"),
        ("<input value=\"", "\" type=hidden name=\"FIELD\">"),
        ("<input id=policy value='", "' required name=FIELD>"),
        ("<input name=\"FIELD\" value=\"", ""),
    ];
    let multipart = [
        (
            "Content-Disposition: form-data; name=\"FIELD\"\r\n\r\n",
            "\r\n--b",
        ),
        (
            "content-disposition: form-data; name=FIELD\r\n\r\n",
            "\r\n--b",
        ),
        (
            "Content-Disposition: form-data; name=\"FIELD\"\n\n",
            "\n--b",
        ),
        (
            "Content-Disposition: form-data; name=\"FIELD\"\r\nContent-Type: text/plain; charset=ISO-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
            "\r\n",
        ),
        (
            "Content-Type: text/plain\r\nContent-Disposition: form-data; charset=utf-8;name='FIELD'\r\nContent-Length: 9\r\n\r\n",
            "\r\n",
        ),
        (
            "--b\r\nContent-Disposition: form-data; name=\"FIELD\"; x=y\r\n\r\n",
            "",
        ),
    ];
    for chain in chains().into_iter().step_by(3) {
        for (before, after) in html.into_iter().chain(multipart) {
            for (name, secret) in fields {
                check(
                    &before.replace("FIELD", name),
                    secret,
                    &after.replace("FIELD", name),
                    &chain,
                );
            }
        }
        for (name, secret) in [
            ("SignatureProvided", SIGNATURE),
            ("Token-0", TOKEN),
            ("SessionToken", TOKEN),
            (
                "SecretAccessKey",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            ),
            ("CanonicalRequestBytes", BYTES),
        ] {
            let end = format!("</{name}></Error>");
            check(&format!("<Error><{name}>"), secret, &end, &chain);
            check(
                &format!("<{name} a=\"b\">\n  "),
                secret,
                &format!("\n{end}"),
                &chain,
            );
            check(&format!("<{name}><![CDATA["), secret, "]]></Error>", &chain);
            check(&format!("<{name}>"), secret, "", &chain);
        }
        for (element, secret) in [
            (
                "SessionToken",
                "IQoJb3JpZ2luX2VjEJr\n  wEaCXVzLWVhc3Qt\n  MSJHMEU==",
            ),
            ("SessionToken", "IQoJb3JpZ2luX2VjEJr\r\n+wEaCXVzLWVhc3Qt"),
            ("CanonicalRequestBytes", "47 45 54\n0a 2f\n 99"),
        ] {
            let end = format!("\n</{element}>");
            check(&format!("<{element}>\n "), secret, &end, &chain);
        }
        check("body: <SessionToken>", TOKEN, " (truncated)", &chain);
        check(
            "?AWSAccessKeyId=",
            "AKIAIOSFODNN7EXAMPLE",
            "&Expires=1",
            &chain,
        );
        check(
            "k?a=b&Signature=",
            "vjbyPxybdZaNmGa+yT272YEAiv4=",
            "&Expires=1",
            &chain,
        );
    }
}

#[test]
fn several_at_once() {
    let policy = format!(
        "<input name=\"policy\" data-url=\"?X-Amz-Signature={SIGNATURE}\" value=\"{POLICY}\">"
    );
    let masked = "<input name=\"policy\" data-url=\"?X-Amz-Signature=***\" value=\"***\">";
    assert_eq!(redact(&policy).to_string(), masked);
    let next = format!("X-Amz-Signature=X-Amz-Signature={SIGNATURE}");
    assert_eq!(
        redact(&next).to_string(),
        "X-Amz-Signature=X-Amz-Signature=***"
    );
    let empty = format!("x-amz-signature:\n\"policy\": \"{POLICY}\"");
    assert_eq!(
        redact(&empty).to_string(),
        "x-amz-signature:\n\"policy\": \"***\""
    );
    let url = format!(
        "https://h/k?X-Amz-Credential=A%2FB&X-Amz-Security-Token=t&X-Amz-Signature={SIGNATURE}&a=b"
    );
    let masked =
        "https://h/k?X-Amz-Credential=***&X-Amz-Security-Token=***&X-Amz-Signature=***&a=b";
    assert_eq!(redact(&url).to_string(), masked);
    let canonical = format!(
        "<CanonicalRequest>GET\n/k\nX-Amz-Credential=A%2F2&amp;X-Amz-Security-Token=a%2Fb&amp;b=1\n\
         host:h\nx-amz-security-token:{TOKEN}\n\nhost</CanonicalRequest>"
    );
    let masked = "<CanonicalRequest>GET\n/k\nX-Amz-Credential=***&amp;X-Amz-Security-Token=***&amp;b=1\n\
                  host:h\nx-amz-security-token:***\n\nhost</CanonicalRequest>";
    assert_eq!(redact(&canonical).to_string(), masked);
}

/// Texts that name secrets, but contain none.
const HARMLESS: [&str; 64] = [
    "",
    "X-Amz-Signature",
    "X-Amz-Signature=",
    "X-Amz-Signature=&X-Amz-Expires=60",
    "X-Amz-SignedHeaders=host&X-Amz-Date=20130524T000000Z&X-Amz-Algorithm=AWS4-HMAC-SHA256",
    "a signature is missing",
    "signature=abc, a signature value=1",
    "Signature: abc & signature : abc",
    "SignatureDoesNotMatch: the request signature we calculated does not match the signature you provided",
    "x-amz-server-side-encryption-customer-key-MD5: bWQ1",
    "x-amz-server-side-encryption-customer-algorithm: AES256",
    "[\"X-Amz-Credential\", \"X-Amz-Signature\", \"signature\", \"policy\"]",
    "(\"X-Amz-Credential\", \"X-Amz-Signature\")",
    "the field \"x-amz-signature\", which is missing",
    "missing fields: x-amz-signature, policy",
    "x-amz-security-token:\r\nHost: h",
    "x-amz-security-token:\n  \"other\" : 1",
    "X-Amz-Security-Token:\nhost=h",
    "X-Amz-Security-Token:\n- a: 1",
    "X-Amz-Security-Token:\n- \"a\": 1",
    "X-Amz-Security-Token: >-\nHost: h",
    "X-Amz-Security-Token: (sensitive value)",
    "x-amz-security-token=\"\" status=200",
    "x-amz-security-token='' status=200",
    "x-amz-security-token: \"\"\r\nhost: h",
    "x-amz-security-token= status=200 path=/k",
    "x-amz-security-token=\tstatus=200",
    "<input name=\"x-amz-security-token\" value=\"\" class=\"form-control\">",
    "    [X-Amz-Security-Token] => \n    [Host] => h\n",
    "X-Amz-Security-Token: \r\n\r\nhello world",
    "X-Amz-Security-Token:\n\nhello world",
    "X-Amz-Security-Token:\n- \"\"\nHost:\n- h",
    "{\"X-Amz-Security-Token\": null, \"x-amz-signature\": undefined}",
    "{'X-Amz-Security-Token': None}",
    "{\"x-amz-signature\": \"\", \"next\": 1}",
    "{\"x-amz-signature\": [], \"x-amz-security-token\": {}}",
    "session_token: true",
    "session_token: None, secret_access_key: <unset>",
    "SessionToken = required",
    "Credentials { access_key_id: \"ASIAIOSFODNN7EXAMPLE\", session_token: true, .. }",
    "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
    "https://h/b?policy",
    "https://h/b?policy=&X-Amz-Expires=60",
    "\"Policy\": {\"Version\": \"2012-10-17\"}",
    "\"Policy\": \"{\\\"Version\\\": \\\"2012-10-17\\\"}\"",
    "Referrer-Policy: no-referrer, policy: every day",
    "policy: eyewear is required, policy: ewe, policy=Cns",
    "policy = ICAgICAgICAg",
    "Signature: NpgCjnDzrM+WFzoENXmpNDUsSSsA, signature = NpgCjnDzrM+WFzoENXmpNDUsSSs",
    "<SessionToken> is the element that holds the token",
    "<SessionToken>\nis\nthe element that holds the token",
    "<SignatureProvided></SignatureProvided><Token-0/>",
    "<SignatureProvidedBy>somebody</SignatureProvidedBy>",
    "<input name=\"signature\" value=\"\">text",
    "<input name=\"policy\" value=\"home\"> <input name=\"q\" value=\"x-amz-signature\">",
    "<input type=\"text\" name=\"x-amz-signature\"> <p value=\"kept\">",
    "Content-Disposition: form-data; name=\"policy\"\r\n\r\nhome\r\n--b",
    "Content-Disposition: form-data; name=\"file\"; filename=\"policy\"\r\n\r\neyJh\r\n--b",
    "Content-Disposition: form-data; name=\"x-amz-signature\"\r\n\r\n\r\n--b",
    "Content-Disposition: form-data; name=\"x-amz-signature\"\r\nnot a header\r\n\r\nkept",
    "100%25 of &amp; & C:\\new\\text %zz \\u12",
    "é X-Amz-Date: 20130524T000000Z ü",
    "2013-05-24 ERROR presign: expiry of 700000 s exceeds the maximum of 604800 s (7 days)",
    "sorted (X-Amz-Signature, then the others)",
];

#[test]
fn harmless_texts_are_kept() {
    for text in HARMLESS {
        for chain in chains() {
            let text = encode(text, &chain);
            assert_eq!(redact(&text).to_string(), text);
        }
    }
}

/// A text made of pieces that have a meaning for the masker.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = [
        "x-amz-signature",
        "X-Amz-Security-Token",
        "policy",
        "signature",
        "<input ",
        "name=",
        "value=",
        "form-data; name=",
        "<Token-0>",
        "</",
        "<![CDATA[",
        "\"",
        "'",
        "=",
        ":",
        ",",
        "[",
        "(",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "%3D",
        "%25",
        "%",
        "&",
        "&amp;",
        "&#61;",
        "&#x",
        ";",
        "\\",
        "\\\"",
        "\\n",
        "\\u003d",
        "\\u",
        "ey",
        "eyJ",
        "abc",
        "é",
        "***",
        "?",
        ">",
        "$",
        "a:",
    ];
    let piece = prop_oneof![
        prop::sample::select(pieces.to_vec()).prop_map(String::from),
        "\\PC{0,3}"
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn known() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9/+=]{8,40}",
        "[^*]{1,12}",
        "[%&\\\\;nux0-9a-f#\"]{1,8}"
    ]
}

fn chain() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..ENCODERS.len(), 0..=3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn twice_is_as_once(text in pieces()) {
        let once = redact(&text).to_string();
        prop_assert_eq!(redact(&once).to_string(), once);
    }

    /// Whatever surrounds it.
    #[test]
    fn whatever_is_around(before in pieces(), after in pieces(), name in 0..11_usize, chain in chain()) {
        let (name, secret) = NAMES[name];
        let secret_start = &secret[..16];
        prop_assume!(!before.contains(secret_start) && !after.contains(secret_start));
        // In a list of names, the name itself may be a value, and is then masked together with the text after it.
        let text = format!("{before}\n{name}={secret}&{after}");
        let redacted = redact(&text).to_string();
        prop_assert!(!redacted.contains(secret_start), "{}", redacted);
        let encoded = format!("{before}\n{}{after}", encode(&format!("{name}={secret}&"), &chain));
        let redacted = redact(&encoded).to_string();
        let secret = encode(secret, &chain);
        prop_assert!(!redacted.contains(&secret), "{} of {}", redacted, encoded);
    }

    /// Masks every occurrence, in every encoding, whatever surrounds it, and nothing else.
    #[test]
    fn known_values(value in known(), around in prop::collection::vec("[^*]{0,6}", 2..5), chain in chain()) {
        prop_assume!(!value.contains('*'));
        // One character is read from at most 256 bytes.
        prop_assume!(value.chars().all(|c| encode(&c.to_string(), &chain).len() <= 256));
        let redactor = Redactor::new().value(&value);
        // The start of an escape before a value may be masked with it.
        let has_escape = around.iter().any(|text| text.contains(['%', '&', '\\']));
        let around: Vec<_> = around.iter().map(|text| encode(text, &chain)).collect();
        let text = around.join(&encode(&value, &chain));
        let redacted = redactor.redact(&text).to_string();
        prop_assert!(!redacted.contains(&encode(&value, &chain)), "{} of {}", redacted, text);
        let is_in = |text: &String| redactor.redact(text).to_string() != *text;
        if value.len() > 7 && !has_escape && !around.iter().any(is_in) && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"/+=".contains(&b)) {
            prop_assert_eq!(&redacted, &around.join("***"));
        }
        prop_assert_eq!(redactor.redact(&redacted).to_string(), redacted);
    }

    #[test]
    fn without_known_values_as_redact(text in pieces()) {
        prop_assert_eq!(Redactor::new().value("").redact(&text).to_string(), redact(&text).to_string());
        // A value that does not occur changes nothing.
        let other = Redactor::new().value("0123456789abcdef-not-there");
        prop_assert_eq!(other.redact(&text).to_string(), redact(&text).to_string());
    }
}

/// A known value continues past the end of a named one.
/// An element's attributes can contain another secret, or be a text that only looks like attributes.
/// A name without a value, before a quote and the next line, does not take the next name as its value.
#[test]
fn a_quote_at_the_end_of_a_line() {
    for text in [
        "x-amz-signature:\"\npolicy\t= eyJleHBpcmF0aW9uIjoi",
        "x-amz-signature: [\n\"policy\": \"eyJleHBpcmF0aW9uIjoi\"]",
    ] {
        let redacted = redact(text).to_string();
        assert!(!redacted.contains("eyJ"), "{redacted:?}");
    }
}

/// Words around a value are masked too: a short secret before a bracket looks the same.
#[test]
fn wrapped_values() {
    for (text, masked) in [
        (
            "{\"X-Amz-Security-Token\": String(\"TOKEN\")}",
            "{\"X-Amz-Security-Token\": ***(\"***\")}",
        ),
        (
            "x_amz_security_token: Some(\n    \"TOKEN\",\n)",
            "x_amz_security_token: ***(\n    \"***\",\n)",
        ),
        (
            "(\"X-Amz-Security-Token\", Borrowed(\"TOKEN\"))",
            "(\"X-Amz-Security-Token\", ***(\"***\"))",
        ),
        (
            "\"x-amz-security-token\": Bytes(b\"TOKEN\")",
            "\"x-amz-security-token\": ***(b\"***\")",
        ),
        (
            "\"x-amz-security-token\": Some(b\"TOKEN\")",
            "\"x-amz-security-token\": ***(b\"***\")",
        ),
        (
            "x-amz-security-token: Ok(A(String(\"TOKEN\")))",
            "x-amz-security-token: ***(***(***(\"***\")))",
        ),
        (
            "x-amz-security-token: Str(TOKEN)",
            "x-amz-security-token: ***(***)",
        ),
        (
            "x-amz-security-token: Slice([\"TOKEN\"])",
            "x-amz-security-token: ***([\"***\"])",
        ),
        (
            "{x-amz-security-token=Optional[TOKEN], a=b}",
            "{x-amz-security-token=***[***], a=b}",
        ),
        (
            "[X-Amz-Security-Token] => Array\n (\n [0] => TOKEN\n )",
            "[X-Amz-Security-Token] => ***\n (\n [0] => ***\n )",
        ),
        (
            "\"x-amz-security-token\" => array:1 [\n 0 => \"TOKEN\"\n]",
            "\"x-amz-security-token\" => ***:1 [\n 0 => \"***\"\n]",
        ),
        (
            "'x-amz-security-token' => array (\n 0 => 'TOKEN',\n)",
            "'x-amz-security-token' => *** (\n 0 => '***',\n)",
        ),
    ] {
        let masked = masked.replace("***:1", "***");
        for chain in chains() {
            let text = encode(&text.replace("TOKEN", TOKEN), &chain);
            let pieces: Vec<_> = masked
                .split("***")
                .map(|text| encode(text, &chain))
                .collect();
            let redacted = redact(&text).to_string();
            assert_eq!(redacted, pieces.join("***"), "{text}");
            assert_eq!(redact(&redacted).to_string(), redacted, "{text}");
        }
    }
    // Other secrets in the brackets keep their names.
    for (text, masked) in [
        (
            "X-Amz-Signature: f(policy: eyJh)",
            "X-Amz-Signature: ***(policy: ***)",
        ),
        (
            "X-Amz-Signature=f(x-amz-credential=A",
            "X-Amz-Signature=***(x-amz-credential=***",
        ),
    ] {
        assert_eq!(redact(text).to_string(), masked);
    }
}

/// Base64 of a policy on several lines.
#[test]
fn wrapped_policies() {
    let policy = "eyJleHBpcmF0aW9uIjoi".repeat(10) + "fQ==";
    for (before, after) in [
        ("form-data; name=\"policy\"\r\n\r\n", "\r\n--b"),
        ("{\"policy\": \"", "\n\"}"),
        ("policy: |\n  ", "\nHost: h"),
        ("policy=", "\n\nHost: h"),
    ] {
        for (width, line_end) in [(60, "\n"), (64, "\r\n"), (76, "\n  ")] {
            let lines: Vec<_> = (0..policy.len())
                .step_by(width)
                .map(|at| &policy[at..policy.len().min(at + width)])
                .collect();
            for chain in chains() {
                check(before, &lines.join(line_end), after, &chain);
            }
        }
    }
    // A policy on one line says nothing about the next.
    let text = format!("policy={policy}\nINFO done\n");
    assert_eq!(redact(&text).to_string(), "policy=***\nINFO done\n");
}

/// In a crontab, a backslash escapes a percent sign.
#[test]
fn escaped_percent_signs() {
    let text = "curl 'https://h/k?X-Amz-Security-Token=IQoJ\\%2BTOK\\%3D\\%2F&a=b\\%20c'";
    let masked = "curl 'https://h/k?X-Amz-Security-Token=***&a=b\\%20c'";
    assert_eq!(redact(text).to_string(), masked);
    let end = "{\"a\": \"X-Amz-Security-Token=IQoJ\\\" 100%\"}";
    assert_eq!(redact(end).to_string(), end.replace("IQoJ", "***"));
}

/// After an empty line, a short word is the body of a request or another text.
#[test]
fn an_empty_line_before_a_secret() {
    let text = format!("X-Amz-Signature:\r\n\r\n{SIGNATURE}\r\n");
    let redacted = redact(&text).to_string();
    assert_eq!(redacted, "X-Amz-Signature:\r\n\r\n***\r\n");
}

/// The name of another secret is not a value.
#[test]
fn names_instead_of_values() {
    for before in [
        "<SessionToken>\n",
        "x-amz-signature=>\n(\"a\", 1), ",
        "x-amz-signature=",
        "x-amz-signature%3D+\n",
    ] {
        for (name, between) in [
            ("X-Amz-Security-Token", ":\t"),
            ("HTTP_X_AMZ_SECURITY_TOKEN", ": "),
        ] {
            let text = format!("{before}\n{name}{between}{TOKEN}\n");
            let redacted = redact(&text).to_string();
            assert_eq!(redacted.matches(TOKEN).count(), 0, "{redacted}");
        }
        let tuple = format!("x-amz-signature=>\n(\"HTTP_X_AMZ_SECURITY_TOKEN\", \"{TOKEN}\")");
        assert!(!redact(&tuple).to_string().contains(TOKEN));
    }
}

#[test]
fn elements_with_attributes() {
    let redacted = |text: &str| redact(text).to_string();
    assert_eq!(
        redacted("<SignatureProvided a=\"b\">0b5fb1f2</SignatureProvided>"),
        "<SignatureProvided a=\"b\">***</SignatureProvided>"
    );
    assert_eq!(
        redacted("<SignatureProvided\nX-Amz-Security-Token = IQoJb3Jp\n>0b5fb1f2<"),
        "<SignatureProvided\nX-Amz-Security-Token = ***\n>***<"
    );
}

#[test]
fn known_values_of_any_characters() {
    let credentials = Credentials::new("AKIAEXAMPLE", "a b&c\\n\"d%41").session_token("tok&en");
    let redactor = Redactor::new().credentials(&credentials);
    let text = "X-Amz-Security-Token=tok&en&X-Amz-Expires=1 a b&c\\n\"d%41. \\a b&c\\n\"d%41";
    assert_eq!(
        redactor.redact(text).to_string(),
        "X-Amz-Security-Token=***&X-Amz-Expires=1 ***. \\***"
    );
    assert_eq!(format!("{redactor:?}"), "Redactor { values: 2, .. }");
    let unicode = Redactor::new().value("é😀");
    for chain in chains() {
        let text = encode("(é😀)", &chain);
        assert!(
            !unicode
                .redact(&text)
                .to_string()
                .contains(&encode("é😀", &chain)),
            "{text}"
        );
    }
}

/// A known value that can be read in many ways takes no longer than others.
#[test]
fn known_values_of_introducers() {
    for part in ["\\", "%", "%25", "&amp;"] {
        let value = part.repeat(60);
        let redactor = Redactor::new().value(&value);
        let text = format!("a{}b", part.repeat(1000));
        let redacted = redactor.redact(&text).to_string();
        assert!(redacted.starts_with("a***") && !redacted.contains(&value));
    }
}

/// A known value that is part of a secret's name is masked together with the secret.
#[test]
fn known_values_in_names() {
    let redactor = Redactor::new().value("X-Amz");
    let text = "k?X-Amz-Signature=0b5fb1f2&a=X-Amz";
    assert_eq!(redactor.redact(text).to_string(), "k?***&a=***");
}

/// As in a service that logs with `tracing`.
#[test]
fn in_the_log_of_a_service() {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    struct Masked(Arc<(Redactor, Mutex<Vec<u8>>)>);
    impl Write for Masked {
        fn write(&mut self, event: &[u8]) -> io::Result<usize> {
            let (redactor, log) = &*self.0;
            let text = String::from_utf8_lossy(event);
            write!(log.lock().unwrap(), "{}", redactor.redact(&text))?;
            Ok(event.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let credentials = Credentials::new("ASIAEXAMPLE", "wJalr/K7").session_token("IQoJ+b3=");
    let redactor = Redactor::new().credentials(&credentials);
    let shared = Arc::new((redactor, Mutex::default()));
    let log = shared.clone();
    let subscriber = tracing_subscriber::fmt().without_time().with_ansi(false);
    let subscriber = subscriber
        .with_writer(move || Masked(shared.clone()))
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        tracing::warn!(query = "a=IQoJ%2Bb3%3D", debug = ?["wJalr/K7"], "wrong secret: wJalr/K7");
        tracing::warn!("GET /k?X-Amz-Signature={SIGNATURE}&X-Amz-Expires=60");
    });
    let (_, log) = &*log;
    assert_eq!(
        String::from_utf8(log.lock().unwrap().clone()).unwrap(),
        " WARN redact: wrong secret: *** query=\"a=***\" debug=[\"***\"]\n \
         WARN redact: GET /k?X-Amz-Signature=***&X-Amz-Expires=60\n"
    );
}
