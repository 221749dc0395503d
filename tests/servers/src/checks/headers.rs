//! Signed headers: accepted with the signed value, refused with another value and without the header.

use std::io;

use presign::{Checksum, Method, Presigner};

use super::{MISMATCH, NOT_FOUND};
use crate::check::{Check, Run};
use crate::server::send_as;

// The checksums of `quack` and of `other`.
const MD5: [&str; 2] = ["z68njo9SLHJkTO4qdT0oRQ==", "eV8yArF8trw9S3cdjGyerw=="];
const SHA256: [&str; 2] = [
    "gtkoJz0GfXdIidXfQkmq9zwLBMZPBNbtABRBzoeghTw=",
    "2SmKENGwc1g33EvYXaxkGw887yekfl1TpU8vP1svz/o=",
];
const CRC32: [&str; 2] = ["g9RPbw==", "2Vg1IA=="];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("signed: content type", |run| {
            let put = |put: Presigner<'_>| put.content_type("image/png").sign();
            signed(run, "content-type", ["image/png", "image/jpeg"], &put)
        }),
        Check::new("signed: content length", length),
        Check::new("signed: MD5", |run| {
            signed(run, "content-md5", MD5, &|put| {
                put.content_md5(MD5[0]).sign()
            })?;
            body(run, &[("content-md5", MD5[0])], &|put| {
                put.content_md5(MD5[0]).sign()
            })
        }),
        Check::new("signed: checksum SHA-256", |run| {
            let sign = |put: Presigner<'_>| put.checksum(Checksum::Sha256(SHA256[0])).sign();
            signed(run, "x-amz-checksum-sha256", SHA256, &sign)?;
            body(run, &[("x-amz-checksum-sha256", SHA256[0])], &sign)
        }),
        Check::new("signed: checksum CRC-32", |run| {
            let sign = |put: Presigner<'_>| put.checksum(Checksum::Crc32(CRC32[0])).sign();
            signed(run, "x-amz-checksum-crc32", CRC32, &sign)?;
            body(run, &[("x-amz-checksum-crc32", CRC32[0])], &sign)
        }),
        Check::new("signed: metadata", |run| {
            let sign = |put: Presigner<'_>| put.metadata("bird", "blue duck").sign();
            signed(run, "x-amz-meta-bird", ["blue duck", "grey goose"], &sign)?;
            let head = run.send(Method::Head, &run.server.key("signed"), b"")?;
            run.equals("stored", head.header("x-amz-meta-bird"), "blue duck");
            Ok(())
        }),
        Check::new("signed: storage class", |run| {
            let sign = |put: Presigner<'_>| put.storage_class("STANDARD").sign();
            signed(
                run,
                "x-amz-storage-class",
                ["STANDARD", "STANDARD_IA"],
                &sign,
            )
        }),
    ]
}

type Sign<'f> = &'f dyn Fn(Presigner<'_>) -> Result<presign::PresignedUrl, presign::Error>;

fn signed(run: &mut Run<'_>, name: &str, values: [&str; 2], sign: Sign<'_>) -> io::Result<()> {
    let key = run.server.key("signed");
    run.send(Method::Delete, &key, b"")?;
    let url = sign(run.server.presigner(Method::Put, &key)).map_err(io::Error::other)?;
    let put = |headers: &[(&str, &str)]| send_as(Method::Put, url.as_str(), headers, b"quack");
    let [right, other] = values;
    run.refused("another value", &put(&[(name, other)])?, &[MISMATCH]);
    run.refused("none", &put(&[])?, &[MISMATCH]);
    let absent = run.send(Method::Get, &key, b"")?;
    run.refused("what was refused", &absent, &[NOT_FOUND]);
    run.accepted("the value", &put(&[(name, right)])?, 200);
    run.has_content("the value", &key, b"quack")
}

/// The header is right, but the body is not the one that it describes.
fn body(run: &mut Run<'_>, headers: &[(&str, &str)], sign: Sign<'_>) -> io::Result<()> {
    let key = run.server.key("signed body");
    let url = sign(run.server.presigner(Method::Put, &key)).map_err(io::Error::other)?;
    let answer = send_as(Method::Put, url.as_str(), headers, b"quork")?;
    run.refused("another body", &answer, &[(400, "BadDigest")]);
    Ok(())
}

fn length(run: &mut Run<'_>) -> io::Result<()> {
    let key = run.server.key("length");
    let put = run.server.presigner(Method::Put, &key).content_length(5);
    let url = put.sign().map_err(io::Error::other)?;
    let put = |body: &[u8]| send_as(Method::Put, url.as_str(), &[], body);
    for (case, body) in [("a byte more", &b"quacks"[..]), ("a byte less", b"quac")] {
        run.refused(case, &put(body)?, &[MISMATCH]);
    }
    run.is_absent("what was refused", &key)?;
    run.accepted("the length", &put(b"quack")?, 200);
    Ok(())
}
