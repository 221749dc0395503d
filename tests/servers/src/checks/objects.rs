//! Every method, both addressing styles, response overrides, versions, parts, time.

use std::io;
use std::thread;
use std::time::{Duration, SystemTime};

use presign::{Bucket, Method, Presigner, Timestamp};
use roxmltree::Document;

use super::{DENIED, MISMATCH, NOT_FOUND};
use crate::check::{Check, Run};
use crate::server::{send, send_as, send_url};

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("GET, HEAD, PUT, DELETE, list; path style", |run| {
            let bucket = run.server.path_style.as_ref();
            methods(run, bucket)
        }),
        Check::new(
            "GET, HEAD, PUT, DELETE, list; virtual-hosted style",
            |run| {
                let bucket = run.server.virtual_hosted.as_ref();
                methods(run, bucket)
            },
        ),
        Check::new("a range", range),
        Check::new(
            "response overrides: type, disposition with quotes, `+`, non-ASCII, ...",
            overrides,
        ),
        Check::new("a version's ID", version),
        Check::new("20 MiB in parts, only with links", parts),
        Check::new("a link for one part fails for others", one_part),
        Check::new("expiry, reached while waiting", expiry),
        Check::new("expiries, by signing time", lifetimes),
    ]
}

fn methods(run: &mut Run<'_>, bucket: Option<&Bucket<'_>>) -> io::Result<()> {
    let Some(bucket) = bucket else {
        return run.skip("the server does not speak it, or was not asked to");
    };
    let prefix = run.server.key("methods/");
    let key = format!("{prefix}k");
    let credentials = &run.server.credentials;
    let on = |method| Presigner::new(method, credentials, bucket, &key);
    let put = send(&on(Method::Put), b"quack")?;
    run.accepted("PUT", &put, 200);
    let get = send(&on(Method::Get), b"")?;
    if run.accepted("GET", &get, 200) {
        run.holds("GET", get.body == b"quack", "another content");
    }
    let head = send(&on(Method::Head), b"")?;
    if run.accepted("HEAD", &head, 200) {
        run.equals("HEAD", head.header("content-length"), "5");
    }
    let list = send(
        &Presigner::list(credentials, bucket)
            .prefix(&prefix)
            .delimiter("/")
            .max_keys(10),
        b"",
    )?;
    if run.accepted("list", &list, 200) {
        run.equals("list", list.element("Key"), &key);
    }
    let delete = send(&on(Method::Delete), b"")?;
    run.accepted("DELETE", &delete, 204);
    let gone = send(&on(Method::Get), b"")?;
    run.refused("GET of nothing", &gone, &[NOT_FOUND]);
    Ok(())
}

fn range(run: &mut Run<'_>) -> io::Result<()> {
    let key = run.server.key("range");
    run.put(&key, b"quack")?;
    let get = run.server.presigner(Method::Get, &key).range("bytes=1-2");
    let url = get.sign().map_err(io::Error::other)?;
    let answer = send_url(&url, b"")?;
    if run.accepted("the range that was signed", &answer, 206) {
        run.holds(
            "the range that was signed",
            answer.body == b"ua",
            "another content",
        );
    }
    for (case, headers) in [
        ("another range", &[("range", "bytes=0-4")][..]),
        ("no range", &[]),
    ] {
        run.refused(
            case,
            &send_as(Method::Get, url.as_str(), headers, b"")?,
            &[MISMATCH],
        );
    }
    Ok(())
}

fn overrides(run: &mut Run<'_>) -> io::Result<()> {
    let key = run.server.key("overrides");
    run.put(&key, b"quack")?;
    let get = || run.server.presigner(Method::Get, &key);
    let answer = send(
        &get()
            .response_content_type("text/plain; charset=utf-8")
            .response_content_language("de, en")
            .response_expires("Thu, 01 Dec 1994 16:00:00 GMT")
            .response_cache_control("no-store, max-age=0")
            .response_content_encoding("identity"),
        b"",
    )?;
    let dispositions = [
        ("quotes, +, &, =", "attachment; filename=\"a+b & c=d?.txt\""),
        (
            "escaped quotes",
            "attachment; filename=\"100% \\\"quoted\\\" back\\\\slash.txt\"",
        ),
        (
            "reserved characters",
            "attachment; filename=\"#;,/:@!$'()*.txt\"",
        ),
        (
            "filename*",
            "attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%2B.txt",
        ),
        ("non-ASCII", "attachment; filename=\"Grüße 🦆.txt\""),
    ];
    let mut answers = Vec::new();
    for (case, value) in dispositions {
        answers.push((
            case,
            value,
            send(&get().response_content_disposition(value), b"")?,
        ));
    }
    if run.accepted("five at once", &answer, 200) {
        for (name, value) in [
            ("content-type", "text/plain; charset=utf-8"),
            ("content-language", "de, en"),
            ("expires", "Thu, 01 Dec 1994 16:00:00 GMT"),
            ("cache-control", "no-store, max-age=0"),
            ("content-encoding", "identity"),
        ] {
            run.equals(name, answer.header(name), value);
        }
    }
    for (case, value, answer) in answers {
        if run.accepted(case, &answer, 200) {
            run.equals(case, answer.header("content-disposition"), value);
        }
    }
    Ok(())
}

fn version(run: &mut Run<'_>) -> io::Result<()> {
    let server = run.server;
    let Some(bucket) = &server.versioned else {
        return run.skip("no bucket here has versioning");
    };
    let key = server.key("version");
    let on = |method| Presigner::new(method, &server.credentials, bucket, &key);
    let mut ids = Vec::new();
    for content in [b"older", b"newer"] {
        let put = send(&on(Method::Put), content)?;
        run.accepted("PUT", &put, 200);
        ids.push(put.header("x-amz-version-id").unwrap_or("none").to_owned());
    }
    for (id, content) in ids.iter().zip([b"older", b"newer"]) {
        let get = send(&on(Method::Get).version_id(id), b"")?;
        run.accepted("GET", &get, 200);
        run.holds("GET", get.body == content, "another version");
    }
    let url = on(Method::Get).version_id(&ids[0]).sign();
    let url = url.map_err(io::Error::other)?.into_string();
    let part = format!("&versionId={}", presign_encoded(&url, "versionId"));
    for (case, changed) in [
        ("another version", format!("&versionId={}", ids[1])),
        ("no version", String::new()),
    ] {
        let answer = send_as(Method::Get, &url.replacen(&part, &changed, 1), &[], b"")?;
        run.refused(case, &answer, &[MISMATCH]);
    }
    let delete = send(&on(Method::Delete).version_id(&ids[1]), b"")?;
    run.accepted("DELETE", &delete, 204);
    let get = send(&on(Method::Get), b"")?;
    run.holds("DELETE", get.body == b"older", "another version is left");
    Ok(())
}

/// A parameter's value as written in the URL.
fn presign_encoded<'u>(url: &'u str, name: &str) -> &'u str {
    let mut pairs = url
        .split(['?', '&'])
        .filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(given, _)| *given == name)
        .map_or("", |(_, value)| value)
}

const PART: usize = 5 << 20;

fn upload_id(run: &mut Run<'_>, key: &str) -> io::Result<Option<String>> {
    let (credentials, bucket) = (&run.server.credentials, &run.server.bucket);
    let create = Presigner::create_multipart_upload(credentials, bucket, key);
    let answer = send(&create.content_type("video/mp4"), b"")?;
    run.accepted("create", &answer, 200);
    Ok(answer.element("UploadId").map(str::to_owned))
}

fn parts(run: &mut Run<'_>) -> io::Result<()> {
    let key = run.server.key("parts +ü.mp4");
    let (credentials, bucket) = (&run.server.credentials, &run.server.bucket);
    let Some(upload) = upload_id(run, &key)? else {
        return Ok(());
    };
    let content: Vec<u8> = (0..4 * PART).map(|n| (n % 253) as u8).collect();
    let mut list = String::new();
    for (part, number) in content.chunks(PART).zip(1..) {
        let put = Presigner::upload_part(credentials, bucket, &key, &upload, number);
        let answer = send(&put, part)?;
        run.accepted("upload of a part", &answer, 200);
        let etag = answer.header("etag").unwrap_or_default();
        list += &format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
    }
    let listed = send(
        &Presigner::list_parts(credentials, bucket, &key, &upload),
        b"",
    )?;
    if run.accepted("list of parts", &listed, 200) {
        let text = String::from_utf8_lossy(&listed.body).into_owned();
        let numbers = Document::parse(&text).map_or(0, |document| {
            let nodes = document.descendants();
            nodes
                .filter(|node| node.tag_name().name() == "PartNumber")
                .count()
        });
        run.holds("list of parts", numbers == 4, &format!("{numbers} parts"));
    }
    let complete = Presigner::complete_multipart_upload(credentials, bucket, &key, &upload);
    let body = format!("<CompleteMultipartUpload>{list}</CompleteMultipartUpload>");
    let answer = send(&complete, body.as_bytes())?;
    run.accepted("complete", &answer, 200);
    run.has_content("content", &key, &content)?;
    let head = run.send(Method::Head, &key, b"")?;
    run.equals("content type", head.header("content-type"), "video/mp4");

    let Some(upload) = upload_id(run, &key)? else {
        return Ok(());
    };
    let abort = Presigner::abort_multipart_upload(credentials, bucket, &key, &upload);
    let answer = send(&abort, b"")?;
    run.accepted("abort", &answer, 204);
    let late = Presigner::upload_part(credentials, bucket, &key, &upload, 1);
    run.refused(
        "a part after abort",
        &send(&late, b"part")?,
        &[(404, "NoSuchUpload")],
    );
    Ok(())
}

fn one_part(run: &mut Run<'_>) -> io::Result<()> {
    let key = run.server.key("one part");
    let (credentials, bucket) = (&run.server.credentials, &run.server.bucket);
    let (Some(upload), Some(other)) = (upload_id(run, &key)?, upload_id(run, &key)?) else {
        return Ok(());
    };
    let url = Presigner::upload_part(credentials, bucket, &key, &upload, 1).sign();
    let url = url.map_err(io::Error::other)?.into_string();
    let put = |url: &str| send_as(Method::Put, url, &[], b"part");
    let in_url = presign_encoded(&url, "uploadId").to_owned();
    let other_url = Presigner::list_parts(credentials, bucket, &key, &other).sign();
    let other_url = other_url.map_err(io::Error::other)?.into_string();
    for (case, changed) in [
        ("another part", url.replace("partNumber=1", "partNumber=2")),
        (
            "another upload",
            url.replace(&in_url, presign_encoded(&other_url, "uploadId")),
        ),
        ("no part", url.replace("partNumber=1&", "")),
    ] {
        run.holds(case, changed != url, "the URL was not changed");
        run.refused(case, &put(&changed)?, &[MISMATCH]);
    }
    run.accepted("as it was", &put(&url)?, 200);
    for upload in [upload, other] {
        let abort = Presigner::abort_multipart_upload(credentials, bucket, &key, &upload);
        run.accepted("abort", &send(&abort, b"")?, 204);
    }
    Ok(())
}

fn expiry(run: &mut Run<'_>) -> io::Result<()> {
    let key = run.server.key("expiry");
    run.put(&key, b"quack")?;
    // If the answer arrives after the link expired, a link with a longer expiry is used.
    for seconds in [2, 4, 8, 16, 32] {
        let get = run.server.presigner(Method::Get, &key);
        let url = get.expires_in(Duration::from_secs(seconds)).sign();
        let url = url.map_err(io::Error::other)?;
        let end = Duration::from_secs(url.expires_at().as_unix().unsigned_abs());
        let end = SystemTime::UNIX_EPOCH + end;
        let answer = send_url(&url, b"")?;
        if SystemTime::now() >= end {
            continue;
        }
        run.accepted("before", &answer, 200);
        // Another server's clock can differ from ours.
        let end = end + Duration::from_millis(if run.server.disposable { 1100 } else { 5000 });
        while let Ok(left) = end.duration_since(SystemTime::now()) {
            thread::sleep(left + Duration::from_millis(1));
        }
        run.refused("after", &send_url(&url, b"")?, &[DENIED]);
        return Ok(());
    }
    run.holds("before", false, "no answer within 32 s");
    Ok(())
}

fn lifetimes(run: &mut Run<'_>) -> io::Result<()> {
    const WEEK: u64 = 604_800;
    let key = run.server.key("lifetimes");
    run.put(&key, b"quack")?;
    let now = Timestamp::from(SystemTime::now()).as_unix();
    let link = |age: i64, expires: u64| {
        let get = run.server.presigner(Method::Get, &key);
        let url = get
            .expires_in(Duration::from_secs(expires))
            .sign_at(Timestamp::from_unix(now - age));
        send_url(&url.map_err(io::Error::other)?, b"")
    };
    let taken = [
        ("7 days, at once", link(0, WEEK)?),
        (
            "7 days, an hour before the end",
            link(604_800 - 3600, WEEK)?,
        ),
        ("20 minutes, after 10", link(600, 1200)?),
    ];
    let expired = [
        ("7 days, a minute after expiry", link(604_800 + 60, WEEK)?),
        ("10 minutes, after 20", link(1200, 600)?),
    ];
    let ahead = link(-3600, 900)?;
    for (case, answer) in taken {
        run.accepted(case, &answer, 200);
    }
    for (case, answer) in expired {
        run.refused(case, &answer, &[DENIED]);
    }
    run.refused(
        "signed an hour ahead",
        &ahead,
        &[DENIED, (403, "RequestTimeTooSkewed")],
    );
    Ok(())
}
