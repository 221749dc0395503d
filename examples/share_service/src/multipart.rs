//! Uploads in parts, for large files. The caller splits the file and sends the parts through links. The service itself
//! starts, lists, completes and aborts the upload, so that a page only needs JSON and `PUT`.
//!
//! The service keeps no state: S3 issues the upload ID, and the size determines the parts. Each part's length is signed, so
//! that no upload exceeds the limit.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use presign::multipart::{self, AnswerError, complete_body, completed, upload_id};
use presign::{Method, Presigner, Timestamp};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::refusal::{Asked, Refusal};
use crate::store::{Listed, parts as listed};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Start {
    key: String,
    content_type: String,
    size: u64,
}

#[derive(Debug, Serialize)]
pub(crate) struct Started {
    upload_id: String,
    part_size: u64,
    parts: u64,
}

pub(crate) async fn start(
    State(app): State<Arc<App>>,
    Asked(asked): Asked<Start>,
) -> Result<Json<Started>, Refusal> {
    let now = (app.clock)();
    app.check_key(&asked.key)?;
    let headers = app.check_type(&asked.content_type)?;
    app.check_size(asked.size, app.limits.max_size)?;
    let current = app.signer.current(now)?;
    let bucket = app.signer.bucket();
    let link = Presigner::create_multipart_upload(current.key(), bucket, &asked.key)
        .content_type(&asked.content_type)
        .headers(headers)
        .sign_at(now)?;
    let answer = app.store.send(&link, String::new()).await?;
    let started = Started {
        upload_id: upload_id(&answer).map_err(unreadable)?,
        part_size: app.limits.part_size,
        parts: parts(asked.size, app.limits.part_size),
    };
    tracing::info!(key = asked.key, size = asked.size, "upload started");
    Ok(Json(started))
}

fn unreadable(error: AnswerError) -> Refusal {
    Refusal::new(502, "store_refused", error.to_string())
}

/// An empty file has one part.
const fn parts(size: u64, part_size: u64) -> u64 {
    let parts = size.div_ceil(part_size);
    if parts == 0 { 1 } else { parts }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartLinks {
    key: String,
    upload_id: String,
    /// The size of the whole file.
    size: u64,
    part_numbers: Vec<u16>,
    expires_in: Option<u64>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Links {
    method: Method,
    expires_at: Timestamp,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    part_number: u16,
    /// Where the part starts in the file.
    offset: u64,
    content_length: u64,
    url: String,
}

pub(crate) async fn links(
    State(app): State<Arc<App>>,
    Asked(asked): Asked<PartLinks>,
) -> Result<Json<Links>, Refusal> {
    let now = (app.clock)();
    let expires_in = app.expires_in(asked.expires_in)?;
    app.check_key(&asked.key)?;
    app.check_size(asked.size, app.limits.max_size)?;
    app.check_count(asked.part_numbers.len())?;
    let current = app.signer.current(now)?;
    let (bucket, part_size) = (app.signer.bucket(), app.limits.part_size);
    let count = parts(asked.size, part_size);
    let mut end = None;
    let parts = asked.part_numbers.iter().map(|&part_number| {
        if !(1..=count).contains(&u64::from(part_number)) {
            let message = format!("part number {part_number} is outside 1 to {count}");
            return Err(Refusal::new(400, "invalid_part_number", message));
        }
        let offset = u64::from(part_number - 1) * part_size;
        let content_length = part_size.min(asked.size - offset);
        let link = Presigner::upload_part(
            current.key(),
            bucket,
            &asked.key,
            &asked.upload_id,
            part_number,
        )
        .content_length(content_length)
        .expires_in(expires_in)
        .sign_at(now)?;
        end = Some(link.expires_at());
        Ok(Part {
            part_number,
            offset,
            content_length,
            url: link.into_string(),
        })
    });
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    app.metrics.links("part", parts.len());
    Ok(Json(Links {
        method: Method::Put,
        expires_at: end.unwrap_or(now),
        parts,
    }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upload {
    key: String,
    upload_id: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct List {
    parts: Vec<Listed>,
}

/// The parts that the store has, so that an interrupted upload can continue.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Asked(asked): Asked<Upload>,
) -> Result<Json<List>, Refusal> {
    app.check_key(&asked.key)?;
    let bucket = app.signer.bucket();
    let (key, id) = (&asked.key, &asked.upload_id);
    let (mut parts, mut after) = (Vec::new(), None);
    loop {
        let now = (app.clock)();
        let current = app.signer.current(now)?;
        let marker = after.map(|after: u16| after.to_string());
        let mut link = Presigner::list_parts(current.key(), bucket, key, id);
        if let Some(marker) = &marker {
            link = link.query_parameter("part-number-marker", marker);
        }
        let answer = app.store.send(&link.sign_at(now)?, String::new()).await?;
        let (page, next) = listed(&answer)?;
        parts.extend(page);
        match next {
            // A store that repeats a page must not keep the service busy.
            Some(_) if next > after => after = next,
            _ => return Ok(Json(List { parts })),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Complete {
    key: String,
    upload_id: String,
    parts: Vec<Sent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    part_number: u16,
    etag: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Completed {
    key: String,
    etag: String,
}

pub(crate) async fn complete(
    State(app): State<Arc<App>>,
    Asked(asked): Asked<Complete>,
) -> Result<Json<Completed>, Refusal> {
    let now = (app.clock)();
    app.check_key(&asked.key)?;
    let parts = asked.parts.iter();
    let body = complete_body(parts.map(|part| multipart::Part::new(part.part_number, &part.etag)))
        .map_err(|error| Refusal::new(400, "invalid_part", error.to_string()))?;
    let current = app.signer.current(now)?;
    let bucket = app.signer.bucket();
    let (key, id) = (&asked.key, &asked.upload_id);
    let link = Presigner::complete_multipart_upload(current.key(), bucket, key, id);
    let answer = app.store.send(&link.sign_at(now)?, body).await?;
    let etag = completed(&answer).map_err(unreadable)?;
    tracing::info!(key, parts = asked.parts.len(), "upload complete");
    let key = asked.key;
    Ok(Json(Completed { key, etag }))
}

pub(crate) async fn abort(
    State(app): State<Arc<App>>,
    Asked(asked): Asked<Upload>,
) -> Result<StatusCode, Refusal> {
    let now = (app.clock)();
    app.check_key(&asked.key)?;
    let current = app.signer.current(now)?;
    let bucket = app.signer.bucket();
    let (key, id) = (&asked.key, &asked.upload_id);
    let link = Presigner::abort_multipart_upload(current.key(), bucket, key, id);
    app.store.send(&link.sign_at(now)?, String::new()).await?;
    tracing::info!(key, "upload aborted");
    Ok(StatusCode::NO_CONTENT)
}
