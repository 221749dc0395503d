//! Searches memory for secrets after their owners were dropped.
//!
//! A child process signs, stops while everything is alive, drops it, and stops again. At both stops, all of its memory
//! is searched from outside. The child receives its secrets masked, so that they appear nowhere else.
#![cfg(all(feature = "alloc", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use core::hint::black_box;
use std::fs::{File, read_to_string};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::process::{Child, Command, Stdio};

use hmac::{Hmac, KeyInit, Mac};
use presign::verify::{Request, Verifier};
use presign::{Bucket, Credentials, Presigner, Timestamp};
use sha2::Sha256;
use sha2::block_api::compress256;
use zeroize::{Zeroize, Zeroizing};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);
const SECRET: &str = "wJalrXUtnFEMI+K7MDENG/bPxRfiCYEXAMPLEKEY";
const TOKEN: &str =
    "IQoJb3/JpZ2lu/X2VjEXAMPLE+TOKEN/for+memory==/that/is/longer+than+a+block+of+hashing";

/// The token as encoded in a URL.
const ENCODED: &str = "IQoJb3%2FJpZ2lu%2FX2VjEXAMPLE%2BTOKEN%2Ffor%2Bmemory%3D%3D%2Fthat%2Fis%2Flonger%2Bthan%2Ba%2Bblock%2Bof%2Bhashing";

/// The variable with which the parent selects a case.
const CASE: &str = "PRESIGN_MEMORY_CASE";

/// The child's part: does nothing unless the parent started it.
#[test]
fn child() {
    let Ok(case) = std::env::var(CASE) else {
        return;
    };
    let (secret, token) = (unmask("SECRET"), unmask("TOKEN"));
    match case.as_str() {
        "credentials" => credentials(&secret, &token),
        "signing key" => signing_key(&secret, &token),
        "signing" => signing(&secret, &token),
        "signing many" => signing_many(&secret, &token),
        "verifying" => verifying(&secret, &token),
        #[cfg(feature = "post")]
        "forms" => forms(&secret),
        #[cfg(feature = "diagnose")]
        "diagnosing" => diagnosing(&secret, &token),
        #[cfg(feature = "post")]
        "verifying forms" => verifying_forms(&secret, &token),
        _ => panic!("{case}"),
    }
    drop((secret, token));
    stop("dropped");
}

#[inline(never)]
fn credentials(secret: &str, token: &str) {
    let owned = Credentials::new("AKIAEXAMPLE", secret)
        .session_token(token)
        .into_owned();
    stop("alive");
    drop(owned);
}

#[inline(never)]
fn signing_key(secret: &str, token: &str) {
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let credentials = Credentials::new("AKIAEXAMPLE", secret).session_token(token);
    let key = credentials.signing_key(&bucket, NOW).unwrap().into_owned();
    stop("alive");
    drop(key);
}

#[inline(never)]
fn signing(secret: &str, token: &str) {
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let credentials = Credentials::new("AKIAEXAMPLE", secret).session_token(token);
    let presigner = Presigner::get(&credentials, &bucket, "k");
    let mut url = presigner.sign_at(NOW).unwrap().into_string();
    stop("alive");
    url.zeroize();
}

#[inline(never)]
fn signing_many(secret: &str, token: &str) {
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let credentials = Credentials::new("AKIAEXAMPLE", secret).session_token(token);
    // Borrowed where it is: a batch that is moved leaves a copy of its key behind, which Rust cannot wipe.
    let batch = Presigner::get(&credentials, &bucket, "").batch_at(NOW);
    let mut buffer = [0; 4096];
    let url = batch.as_ref().unwrap().sign_into("a", &mut buffer);
    assert!(url.is_ok());
    stop("alive");
    buffer.zeroize();
}

#[inline(never)]
fn verifying(secret: &str, token: &str) {
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let credentials = Credentials::new("AKIAEXAMPLE", secret).session_token(token);
    let mut url = Presigner::get(&credentials, &bucket, "k")
        .sign_at(NOW)
        .unwrap()
        .into_string();
    let request = Request::new("GET", &url, &[]).unwrap();
    let verified =
        Verifier::new().verify(&request, NOW, |_| Some(credentials.clone().into_owned()));
    assert!(verified.is_ok());
    stop("alive");
    url.zeroize();
}

#[cfg(feature = "post")]
#[inline(never)]
fn forms(secret: &str) {
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let credentials = Credentials::new("AKIAEXAMPLE", secret);
    let policy = presign::post::PostPolicy::new(&credentials, &bucket, "k");
    let form = policy.sign_at(NOW).unwrap();
    let fields: Vec<_> = form.fields().collect();
    let upload = presign::verify::PostRequest::new("examplebucket", &fields, 1);
    let who = |_: &str| Some(credentials.clone().into_owned());
    assert!(Verifier::new().verify_post(&upload, NOW, who).is_ok());
    stop("alive");
}

/// Whether or not the secret explains the URL, and however damaged it is.
#[cfg(feature = "diagnose")]
#[inline(never)]
fn diagnosing(secret: &str, token: &str) {
    use presign::diagnose::Evidence;

    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let credentials = Credentials::new("AKIAEXAMPLE", secret).session_token(token);
    let mut url = Presigner::get(&credentials, &bucket, "k")
        .sign_at(NOW)
        .unwrap()
        .into_string();
    let (path, query) = url.split_once('?').unwrap();
    let (query, _) = query.split_once("&X-Amz-Signature").unwrap();
    let answer = Zeroizing::new(format!(
        "<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>PUT\n/k\n{}\nhost:h\n\nhost\nUNSIGNED-PAYLOAD\
         </CanonicalRequest></Error>",
        Zeroizing::new(query.replace('&', "&amp;")).as_str(),
    ));
    let damaged = [
        url.clone(),
        url.replace('&', "&amp;"),
        url.replace('&', "\\u0026"),
        url.replacen("k?", "a?", 1),
        url.replace("X-Amz-Security-Token", "X-Amz-Security- Token"),
        format!("{path}%20?{query}"),
        format!("{url}\n"),
    ];
    for url in damaged.map(Zeroizing::new) {
        let evidence = Evidence::new(&url).method("GET").headers(&[]).at(NOW);
        let with_answer = evidence.clone().answer(&answer);
        for evidence in [evidence.credentials(&credentials), with_answer] {
            assert!(black_box(evidence.diagnose()).causes().len() < 32);
        }
    }
    stop("alive");
    url.zeroize();
}

/// A form that somebody else signed. Wiping a form that was signed here is up to the caller, because it contains the
/// token.
#[cfg(feature = "post")]
#[inline(never)]
fn verifying_forms(secret: &str, token: &str) {
    let form = unmask("FORM");
    let fields = form.lines().map(|line| line.split_once(' ').unwrap());
    let fields: Vec<_> = fields.collect();
    let credentials = Credentials::new("AKIAEXAMPLE", secret).session_token(token);
    let upload = presign::verify::PostRequest::new("examplebucket", &fields, 1);
    let who = |_: &str| Some(credentials.clone().into_owned());
    assert!(Verifier::new().verify_post(&upload, NOW, who).is_ok());
    stop("alive");
}

/// Names and values of a form's fields.
#[cfg(feature = "post")]
fn form() -> String {
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let credentials = Credentials::new("AKIAEXAMPLE", SECRET).session_token(TOKEN);
    let policy = presign::post::PostPolicy::new(&credentials, &bucket, "k");
    let form = policy.sign_at(NOW).unwrap();
    let lines = form
        .fields()
        .map(|(name, value)| format!("{name} {value}\n"));
    lines.collect()
}

#[cfg(not(feature = "post"))]
const fn form() -> String {
    String::new()
}

fn unmask(name: &str) -> Zeroizing<String> {
    let masked = std::env::var(name).unwrap();
    let mut text = Zeroizing::new(String::with_capacity(masked.len()));
    masked
        .bytes()
        .for_each(|byte| text.push(char::from(byte ^ MASK)));
    text
}

/// Masks letters as letters, or at least as ASCII.
const MASK: u8 = 1;

/// Reports its position and waits to be searched.
#[inline(never)]
fn stop(at: &str) {
    let on_stack = black_box(0_u8);
    println!("{at} {:x}", core::ptr::from_ref(&on_stack).addr());
    let mut line = [0; 1];
    std::io::stdin().lock().read_exact(&mut line).unwrap();
}

#[test]
fn nothing_is_left() {
    // Cases, and the secrets that must be found while everything is alive; without these, the search would prove
    // nothing.
    for (case, alive) in CASES {
        let mut asked = Asked::new(case);
        let found = asked.search("alive");
        for name in *alive {
            assert!(
                found.iter().any(|(n, _)| n == name),
                "{case}: {name} of {found:?}"
            );
        }
        let mut left = asked.search("dropped");
        if cfg!(debug_assertions) {
            // Without optimization, keys are moved much more often, and the wiped part of the stack is too small.
            let on_stack = |place: &String| place.starts_with("stack");
            left.retain(|(name, places)| !name.contains("key") || !places.iter().all(on_stack));
        }
        // The caller moved the key, too. One of its two states alone cannot sign.
        let halves: Vec<String> = left.iter().map(|(name, _)| name.clone()).collect();
        left.retain(|(name, _)| match name.strip_suffix(", inner") {
            Some(key) => halves.contains(&format!("{key}, outer")),
            None => !name.ends_with(", outer"),
        });
        assert_eq!(left, [], "{case}");
        assert!(asked.child.wait().unwrap().success());
    }
}

const CASES: &[(&str, &[&str])] = &[
    ("credentials", &["secret", "token"]),
    (
        "signing key",
        &[
            "secret",
            "token",
            "signing key, inner",
            "signing key, outer",
        ],
    ),
    ("signing", &["secret", "token", "token, encoded"]),
    ("signing many", &["secret", "token", "token, encoded"]),
    ("verifying", &["secret", "token", "token, encoded"]),
    #[cfg(feature = "post")]
    ("forms", &["secret"]),
    #[cfg(feature = "diagnose")]
    ("diagnosing", &["secret", "token", "token, encoded"]),
    #[cfg(feature = "post")]
    ("verifying forms", &["secret", "token"]),
];

struct Asked {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Asked {
    fn new(case: &str) -> Self {
        let mask =
            |text: &str| -> String { text.bytes().map(|byte| char::from(byte ^ MASK)).collect() };
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture", "--test-threads=1"])
            .env(CASE, case)
            .env("SECRET", mask(SECRET))
            .env("TOKEN", mask(TOKEN))
            .env("FORM", mask(&form()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    /// Searches the child's memory at its next stop, and lets it continue.
    fn search(&mut self, stop: &str) -> Vec<(String, Vec<String>)> {
        let stack = loop {
            let mut line = String::new();
            assert!(
                self.output.read_line(&mut line).unwrap() > 0,
                "the child has ended"
            );
            if let Some((_, rest)) = line.split_once(&format!("{stop} ")) {
                break usize::from_str_radix(rest.trim(), 16).unwrap();
            }
        };
        let found = search(self.child.id(), stack);
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        found
    }
}

/// The positions of each secret in a process.
fn search(process: u32, stack: usize) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut by_first_byte = vec![Vec::new(); 256];
    secrets()
        .into_iter()
        .for_each(|secret| by_first_byte[usize::from(secret.1[0])].push(secret));
    let mut memory = File::open(format!("/proc/{process}/mem")).unwrap();
    for line in read_to_string(format!("/proc/{process}/maps"))
        .unwrap()
        .lines()
    {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (start, end) = fields[0].split_once('-').unwrap();
        let [start, end] = [start, end].map(|at| usize::from_str_radix(at, 16).unwrap());
        if !fields[1].starts_with("rw") {
            continue; // neither heap nor stack
        }
        let mut bytes = vec![0; end - start];
        memory.seek(SeekFrom::Start(start as u64)).unwrap();
        if memory.read_exact(&mut bytes).is_err() {
            continue; // such as a page backed by a device
        }
        for at in 0..bytes.len() {
            for (name, secret) in &by_first_byte[usize::from(bytes[at])] {
                if !bytes[at..].starts_with(secret) {
                    continue;
                }
                let place = if (start..end).contains(&stack) {
                    format!("stack {:+}", (start + at) as i64 - stack as i64)
                } else {
                    fields.get(5).copied().unwrap_or("heap").into()
                };
                match found.iter_mut().find(|(known, _)| known == name) {
                    Some((_, places)) => places.push(place),
                    None => found.push((name.clone(), vec![place])),
                }
            }
        }
    }
    found
}

/// Everything that gives the power to sign: texts, derived keys, and the hash states equivalent to a key.
fn secrets() -> Vec<(String, Vec<u8>)> {
    let mut all = vec![
        ("secret".into(), SECRET.as_bytes().to_vec()),
        ("token".into(), TOKEN.as_bytes()[..32].to_vec()),
        (
            "token, later".into(),
            TOKEN.as_bytes()[TOKEN.len() - 32..].to_vec(),
        ),
        ("token, encoded".into(), ENCODED.as_bytes()[..32].to_vec()),
        (
            "token, encoded, later".into(),
            ENCODED.as_bytes()[ENCODED.len() - 32..].to_vec(),
        ),
    ];
    let mut key = [b"AWS4", SECRET.as_bytes()].concat();
    for (name, part) in [
        ("secret", "20130524"),
        ("date key", "eu-west-1"),
        ("region key", "s3"),
        ("service key", "aws4_request"),
        ("signing key", ""),
    ] {
        if name != "secret" {
            all.push((name.into(), key.clone()));
        }
        for (pad, pad_name) in [(0x36, "inner"), (0x5c, "outer")] {
            let mut block = [pad; 64];
            block
                .iter_mut()
                .zip(&key)
                .for_each(|(byte, key)| *byte ^= key);
            all.push((
                format!("{name}, {pad_name} block"),
                block[..key.len()].to_vec(),
            ));
            let mut state = [
                0x6a09_e667,
                0xbb67_ae85,
                0x3c6e_f372,
                0xa54f_f53a,
                0x510e_527f,
                0x9b05_688c,
                0x1f83_d9ab,
                0x5be0_cd19,
            ];
            compress256(&mut state, &[block]);
            all.push((
                format!("{name}, {pad_name}"),
                state
                    .iter()
                    .flat_map(|word: &u32| word.to_ne_bytes())
                    .collect(),
            ));
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(part.as_bytes());
        key = mac.finalize().into_bytes().to_vec();
    }
    all
}
