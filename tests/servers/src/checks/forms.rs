//! Uploads by `POST`: within and outside of each condition of the policy.

use std::io;
use std::time::{Duration, SystemTime};

use presign::post::{PostForm, PostPolicy};
use presign::{Credentials, Method, Timestamp};
use presign_store::http::{self, Answer};

use super::{DENIED, MISMATCH};
use crate::check::{Check, Run};
use crate::server::send_as;

const PNG: (&str, &str) = ("duck.png", "image/png");
const TOKEN: &str = "x-amz-security-token";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("form: within its policy", within),
        Check::new("form: `${filename}`", file_name),
        Check::new("form: violating a condition", outside),
        Check::new("form: signature, policy or secret changed", changed),
        Check::new("form: expired", expired),
        Check::new("form: session token", token),
    ]
}

/// The values that a sender fills in.
#[derive(Clone)]
struct Filled {
    action: String,
    fields: Vec<(String, String)>,
}

impl Filled {
    fn new(form: &PostForm) -> Self {
        let fields = form.fields().chain(form.open_fields());
        Self {
            action: form.action().to_owned(),
            fields: fields
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }

    fn get(&self, name: &str) -> &str {
        let mut fields = self.fields.iter();
        fields
            .find(|(given, _)| given == name)
            .map_or("", |(_, value)| value)
    }

    fn without(&self, name: &str) -> Self {
        let mut filled = self.clone();
        filled.fields.retain(|(given, _)| given != name);
        assert_ne!(filled.fields.len(), self.fields.len(), "{name}");
        filled
    }

    fn with(&self, name: &str, value: &str) -> Self {
        let mut filled = self.clone();
        match filled.fields.iter_mut().find(|(given, _)| given == name) {
            Some((_, given)) => {
                assert_ne!(given, value);
                value.clone_into(given);
            }
            None => filled.fields.push((name.to_owned(), value.to_owned())),
        }
        filled
    }

    fn send(&self, content: &[u8]) -> io::Result<Answer> {
        let fields: Vec<_> = self
            .fields
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let (content_type, body) = http::form(&fields, PNG, content)?;
        let headers = [("Content-Type", content_type.as_str())];
        send_as(Method::Post, &self.action, &headers, &body)
    }
}

/// A form with a condition of each kind.
fn full(run: &Run<'_>, now: Timestamp) -> io::Result<(String, Filled)> {
    let key = run.server.key("form \"ü\" + 100%/duck.png");
    let policy = PostPolicy::new(&run.server.credentials, &run.server.bucket, &key)
        .content_type_starts_with("image/")
        .metadata("author", "example")
        .metadata_starts_with("tag", "a")
        .success_action_status(201)
        .content_length(2..=5);
    let form = policy.sign_at(now).map_err(io::Error::other)?;
    let filled = Filled::new(&form).with("Content-Type", "image/png");
    Ok((key, filled))
}

fn within(run: &mut Run<'_>) -> io::Result<()> {
    let (key, form) = full(run, Timestamp::from(SystemTime::now()))?;
    let tagged = form.with("x-amz-meta-tag", "abc");
    for (case, content) in [
        ("the most bytes", b"quack".as_slice()),
        ("the fewest", b"\0\xff"),
    ] {
        if !run.accepted(case, &tagged.send(content)?, 201) {
            return Ok(());
        }
        run.has_content(case, &key, content)?;
    }
    let head = run.send(Method::Head, &key, b"")?;
    run.equals("content type", head.header("content-type"), "image/png");
    run.equals("metadata", head.header("x-amz-meta-author"), "example");
    let ignored = form.with("x-ignore-other", "x").send(b"quack")?;
    run.accepted("a field to ignore", &ignored, 201);
    Ok(())
}

fn prefix(run: &Run<'_>) -> io::Result<Filled> {
    let key = run.server.key("form/${filename}");
    let policy = PostPolicy::new(&run.server.credentials, &run.server.bucket, &key);
    Ok(Filled::new(&policy.sign().map_err(io::Error::other)?))
}

fn file_name(run: &mut Run<'_>) -> io::Result<()> {
    let form = prefix(run)?;
    let below = form.with("key", &run.server.key("form/b/c.png"));
    if run.accepted("a key below the prefix", &below.send(b"quack")?, 204)
        && run.accepted("literally", &form.send(b"quack")?, 204)
    {
        run.has_content("literally", &run.server.key("form/duck.png"), b"quack")?;
    }
    Ok(())
}

fn outside(run: &mut Run<'_>) -> io::Result<()> {
    let (key, form) = full(run, Timestamp::from(SystemTime::now()))?;
    // A refusal proves nothing if everything is refused.
    if !run.accepted("within all", &form.send(b"quack")?, 201) {
        return Ok(());
    }
    run.send(Method::Delete, &key, b"")?;
    let other = run.server.key("another");
    for (case, form) in [
        ("another key", form.with("key", &other)),
        ("no key", form.without("key")),
        (
            "another content type",
            form.with("Content-Type", "text/html"),
        ),
        ("no content type", form.without("Content-Type")),
        (
            "another metadata",
            form.with("x-amz-meta-author", "Example"),
        ),
        ("no metadata", form.without("x-amz-meta-author")),
        (
            "metadata without the prefix",
            form.with("x-amz-meta-tag", "b"),
        ),
        ("a field not named", form.with("x-amz-meta-other", "x")),
        ("a header not named", form.with("Cache-Control", "no-store")),
        ("another status", form.with("success_action_status", "200")),
        ("a key outside the prefix", prefix(run)?.with("key", &other)),
    ] {
        // S3 names the failed condition in the message. A form without a key is malformed.
        let with: &[_] = match case {
            "no key" => &[DENIED, (400, "InvalidArgument")],
            _ => &[DENIED],
        };
        run.refused(case, &form.send(b"quack")?, with);
    }
    run.refused("too small", &form.send(b"q")?, &[(400, "EntityTooSmall")]);
    run.refused(
        "too large",
        &form.send(b"quack!")?,
        &[(400, "EntityTooLarge")],
    );
    run.is_absent("what was refused", &key)?;
    run.is_absent("what was refused", &other)
}

fn changed(run: &mut Run<'_>) -> io::Result<()> {
    // In another second, the date would not fit the policy either.
    let now = Timestamp::from(SystemTime::now());
    let (key, form) = full(run, now)?;
    if !run.accepted("as it was", &form.send(b"quack")?, 201) {
        return Ok(());
    }
    run.send(Method::Delete, &key, b"")?;
    let signature = form.get("x-amz-signature");
    let digit = if signature.ends_with('0') { "1" } else { "0" };
    let last = [&signature[..63], digit].concat();
    let policy = PostPolicy::new(&run.server.credentials, &run.server.bucket, &key);
    let wider = policy.clone().sign_at(now).map_err(io::Error::other)?;
    let wider = Filled::new(&wider);
    for (case, form) in [
        ("another signature", form.with("x-amz-signature", &last)),
        (
            "the policy of another form",
            form.with("policy", wider.get("policy")),
        ),
    ] {
        run.refused(case, &form.send(b"quack")?, &[MISMATCH]);
    }
    let unsigned = form.without("x-amz-signature").send(b"quack")?;
    run.refused(
        "no signature",
        &unsigned,
        &[DENIED, (400, "InvalidArgument")],
    );
    let secret = Credentials::new(run.server.credentials.access_key_id(), "another");
    let secret = match form.get(TOKEN) {
        "" => secret,
        token => secret.session_token(token).into_owned(),
    };
    let policy = PostPolicy::new(&secret, &run.server.bucket, &key);
    let answer = Filled::new(&policy.sign().map_err(io::Error::other)?).send(b"quack")?;
    run.refused("another secret", &answer, &[MISMATCH]);
    run.is_absent("what was refused", &key)
}

fn expired(run: &mut Run<'_>) -> io::Result<()> {
    let key = run.server.key("form that ends");
    let now = Timestamp::from(SystemTime::now()).as_unix();
    let form = |age: i64, expires: u64| {
        let policy = PostPolicy::new(&run.server.credentials, &run.server.bucket, &key);
        let policy = policy.expires_in(Duration::from_secs(expires));
        let form = policy.sign_at(Timestamp::from_unix(now - age));
        Filled::new(&form.map_err(io::Error::other)?).send(b"quack")
    };
    let (late, in_time, next_day) = (form(120, 60)?, form(600, 1200)?, form(86_400, 604_800)?);
    if !run.accepted("20 minutes, after 10", &in_time, 204) {
        return Ok(());
    }
    run.refused("a minute after expiry", &late, &[DENIED]);
    run.accepted("7 days, after a day", &next_day, 204);
    Ok(())
}

fn token(run: &mut Run<'_>) -> io::Result<()> {
    let server = run.server;
    let Some(issued) = &server.issued else {
        return run.skip("the server issues no tokens");
    };
    let key = server.key("form with a token");
    let sign = |credentials: &Credentials<'_>| {
        let form = PostPolicy::new(credentials, &server.bucket, &key).sign();
        Ok::<_, io::Error>(Filled::new(&form.map_err(io::Error::other)?))
    };
    let form = sign(&issued.credentials())?;
    run.equals("in the form", Some(form.get(TOKEN)), &issued.token);
    let invalid = (400, "InvalidToken");
    run.refused(
        "removed",
        &form.without(TOKEN).send(b"no")?,
        &[DENIED, (403, "InvalidAccessKeyId")],
    );
    let altered = form.with(TOKEN, &format!("{}A", issued.token));
    run.refused("altered", &altered.send(b"no")?, &[DENIED, invalid]);
    let without = sign(&Credentials::new(&issued.id, &issued.secret))?;
    run.refused(
        "signed without",
        &without.send(b"no")?,
        &[(403, "InvalidAccessKeyId")],
    );
    let added = without.with(TOKEN, &issued.token);
    run.refused("added after signing", &added.send(b"no")?, &[DENIED]);
    run.is_absent("what was refused", &key)?;
    if run.accepted("right", &form.send(b"quack")?, 204) {
        run.has_content("right", &key, b"quack")?;
    }
    Ok(())
}
