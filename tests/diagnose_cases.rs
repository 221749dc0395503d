//! Refused links, as people post them: the cases in `tests/data/diagnose.txt`.
#![cfg(feature = "diagnose")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::path::Path;

use presign::diagnose::{Certainty, Evidence, kinds};
use presign::{Credentials, Timestamp};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

#[test]
fn table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/diagnose.txt");
    let table = std::fs::read_to_string(path).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for case in table.split("\n= ").skip(1) {
        count += 1;
        let got = Case::parse(case).run();
        wrong.extend(
            got.err()
                .map(|got| format!("{}: {got}", case.lines().next().unwrap())),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 500, "{count} cases");
}

#[derive(Default)]
struct Case<'c> {
    url: String,
    method: &'c str,
    headers: Vec<(&'c str, &'c str)>,
    fields: Vec<(&'c str, &'c str)>,
    at: &'c str,
    answer: String,
    secret: bool,
    first: &'c str,
    not_certain: Vec<&'c str>,
}

impl<'c> Case<'c> {
    fn parse(text: &'c str) -> Self {
        let (method, at) = ("GET", "2024-06-13T12:05:00Z");
        let mut this = Self {
            method,
            at,
            ..Self::default()
        };
        let lines = text
            .lines()
            .skip(1)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            let (name, value) = line.split_once(' ').unwrap_or((line, ""));
            match name {
                "url" => this.url = unescape(value),
                "method" => this.method = value,
                "header" => this.headers.push(value.split_once(": ").unwrap()),
                "field" => this.fields.push(value.split_once('=').unwrap()),
                "at" => this.at = value,
                "answer" => this.answer = unescape(value),
                "secret" => this.secret = true,
                "first" => this.first = value,
                "not" => this.not_certain = value.split(' ').skip(1).collect(),
                _ => panic!("{line}"),
            }
        }
        this
    }

    /// The first cause found, if it is not the expected one.
    fn run(&self) -> Result<(), String> {
        let id = self
            .url
            .find("ASIA")
            .map_or("AKIAIOSFODNN7EXAMPLE", |_| "ASIAIOSFODNN7EXAMPLE");
        let credentials = Credentials::new(id, SECRET);
        let at: Timestamp = self.at.parse().unwrap();
        let mut evidence = Evidence::new(&self.url)
            .method(self.method)
            .at(at)
            .answer(&self.answer);
        if !self.headers.is_empty() {
            evidence = evidence.headers(&self.headers);
        }
        if !self.fields.is_empty() {
            evidence = evidence.form(&self.fields);
        }
        if self.secret {
            evidence = evidence.credentials(&credentials);
        }
        let diagnosis = evidence.diagnose();
        let (cause, detail) = self.first.split_once(": ").unwrap_or((self.first, ""));
        let first = diagnosis.causes().first();
        let got = first.map_or_else(
            || "none".into(),
            |first| format!("{} {}", first.certainty(), first.name()),
        );
        let has_detail = first.is_none_or(|first| first.to_string().contains(detail));
        let mut certain = diagnosis
            .causes()
            .iter()
            .filter(|cause| cause.certainty() == Certainty::Certain);
        let wrong = certain.any(|cause| {
            self.not_certain
                .iter()
                .any(|name| [cause.name(), "any"].contains(name))
        });
        if got == cause && has_detail && !wrong {
            Ok(())
        } else {
            Err(format!("{diagnosis:?}"))
        }
    }
}

/// Decodes `
/// `, `\r` and `\\`.
fn unescape(text: &str) -> String {
    let (mut plain, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next() {
        plain.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some(c) => c,
                None => '\\',
            },
            c => c,
        });
    }
    plain
}

/// The evidence of a form without the secret: its policy is read, and the fields are checked against each condition.
#[test]
fn forms() {
    let encode = |policy: &str| {
        let mut text = String::new();
        for chunk in policy.as_bytes().chunks(3) {
            let bits = chunk
                .iter()
                .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
                << (8 * (3 - chunk.len()));
            for at in 0..=chunk.len() {
                let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
                text.push(char::from(digits[(bits >> (18 - 6 * at)) as usize & 63]));
            }
        }
        text
    };
    let policy = encode(
        r#"{"expiration": "2024-06-13T13:00:00Z", "conditions": [{"bucket": "b"}, ["starts-with", "$key", "user/"],
            ["eq", "$Content-Type", "image/png"], ["content-length-range", 1, 10], {"x-amz-date": "20240613T120000Z"}]}"#,
    );
    let sent = |key: &'static str,
                content_type: &'static str,
                more: Option<(&'static str, &'static str)>| {
        let mut fields = vec![
            ("key", key),
            ("content-type", content_type),
            ("X-Amz-Date", "20240613T120000Z"),
        ];
        fields.extend([("x-amz-signature", "00"), ("policy", &*policy)]);
        fields.extend(more);
        let evidence = Evidence::new("https://b.s3.amazonaws.com/").form(&fields);
        let at = |time: &str| {
            evidence
                .clone()
                .at(time.parse::<Timestamp>().unwrap())
                .diagnose()
        };
        [at("2024-06-13T12:30:00Z"), at("2024-06-13T13:00:00Z")].map(|diagnosis| {
            let causes = diagnosis.causes().iter();
            causes
                .map(|cause| format!("{}: {}", cause.name(), cause.details().join(" ")))
                .collect::<Vec<_>>()
        })
    };
    let expired = "FormExpired: 2024-06-13T13:00:00Z";
    assert_eq!(
        sent("user/a.png", "image/png", None),
        [vec![], vec![expired.to_owned()]]
    );
    assert_eq!(sent("user/${filename}", "image/png", None)[0], [""; 0]);
    let other = sent("users/a.png", "image/jpeg", None);
    let key = "PolicyCondition: key has another value";
    assert_eq!(
        other[0],
        [key, "PolicyCondition: Content-Type has another value"]
    );
    let extra = sent("user/a", "image/png", Some(("acl", "private")));
    assert_eq!(extra[0], ["PolicyExtraField: acl"]);
    let number = encode(
        r#"{"expiration": "2024-06-13T13:00:00Z", "conditions": [{"success_action_status": 201}, {"key": "k"}]}"#,
    );
    let fields = [
        ("success_action_status", "201"),
        ("key", "k"),
        ("policy", &*number),
    ];
    let evidence = Evidence::new("https://b.s3.amazonaws.com/").form(&fields);
    assert!(evidence.diagnose().causes().is_empty());
    let fields = [("key", "k")];
    let evidence = Evidence::new("https://b.s3.amazonaws.com/").form(&fields);
    assert_eq!(
        evidence.diagnose().causes()[0].details(),
        ["the field policy is missing"]
    );
    let answer = "<Error><Code>SignatureDoesNotMatch</Code></Error>";
    let diagnosis = evidence.answer(answer).diagnose();
    let mut causes = diagnosis.causes().iter();
    assert!(causes.all(|cause| cause.name() != "MethodDiffers"));
}

/// Names are stable and unique, and each kind says how to fix it.
#[test]
fn all_kinds() {
    let mut names: Vec<_> = kinds().map(|kind| kind.name()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    for kind in kinds() {
        let text = kind.text();
        assert!(
            !kind.way_out().is_empty() && !text.ends_with('.'),
            "{kind:?}"
        );
        assert!(text.len() < 200 && kind.way_out().len() < 200, "{kind:?}");
    }
}

/// Input over the limits is reported, not silently dropped.
#[test]
fn limits() {
    let url = "https://h.example/b/k?X-Amz-Signature=";
    let names = |evidence: Evidence<'_>| {
        let diagnosis = evidence.diagnose();
        diagnosis
            .causes()
            .iter()
            .map(|cause| cause.name())
            .collect::<Vec<_>>()
    };
    let long = format!("{url}{}", "0".repeat(16 * 1024));
    assert!(names(Evidence::new(&long)).contains(&"NotExamined"));
    let parameters = format!("{url}{}", "&a=b".repeat(513));
    assert!(names(Evidence::new(&parameters)).contains(&"NotExamined"));
    let headers = vec![("a", "b"); 513];
    assert!(names(Evidence::new(url).headers(&headers)).contains(&"NotExamined"));
    let value = "v".repeat(64 * 1024);
    assert!(names(Evidence::new(url).headers(&[("a", &value)])).contains(&"NotExamined"));
    assert!(names(Evidence::new(url).form(&[("a", &value)])).contains(&"NotExamined"));
    let answer = format!("<Code>NoSuchKey</Code>{}", " ".repeat(256 * 1024));
    assert!(names(Evidence::new(url).answer(&answer)).contains(&"AnswerUnread"));
}

/// The table in the faq is generated from the kinds; `PRESIGN_WRITE=1` writes it.
#[test]
fn the_faq_has_all_kinds() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/faq.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut table = String::from("| cause | sentence | what to do |\n|---|---|---|\n");
    for kind in kinds() {
        let cell = |text: &str| {
            text.replace("{}{}", "{}")
                .replace("{}", "...")
                .replace('|', "\\|")
                .replace('<', "&lt;")
                .replace("&amp;", "`&amp;`")
        };
        table += &format!(
            "| `{}` | {} | {} |\n",
            kind.name(),
            cell(kind.text()),
            cell(kind.way_out())
        );
    }
    let (before, rest) = page.split_once("## All causes\n\n").unwrap();
    let (_, after) = rest.split_once("\n\n## ").unwrap();
    let expected = format!("{before}## All causes\n\n{table}\n## {after}");
    if std::env::var_os("PRESIGN_WRITE").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert!(
        page == expected,
        "PRESIGN_WRITE=1 cargo test --all-features --test diagnose_cases writes:\n{table}"
    );
}
