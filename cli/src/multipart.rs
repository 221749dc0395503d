//! `multipart`: the links of an upload in parts.

use presign::multipart::complete_body;
use presign::{Bucket, Credentials, Presigner, Timestamp};

use crate::args::{Multipart, Start, Step, Upload};
use crate::config::Config;
use crate::output::Error;
use crate::share::{self, With};
use crate::sign;
use crate::usage;
use crate::values::{borrowed, s3_uri};

pub(crate) fn run(args: &Multipart) -> Result<(), Error> {
    match &args.step {
        Step::Start(start) => with_place(start, |place| {
            let presigner =
                Presigner::create_multipart_upload(place.credentials, place.bucket, place.key);
            place.one(presigner, &With::default())
        }),
        Step::Parts(parts) => with_place(&parts.upload.start, |place| {
            let (first, last) = parts.parts;
            if first > last {
                return Err(usage::error("range of parts is empty"));
            }
            let id = &parts.upload.upload_id;
            for part in first..=last {
                let presigner =
                    Presigner::upload_part(place.credentials, place.bucket, place.key, id, part);
                let file = format!("part-{part}");
                let with = With {
                    part: Some(part),
                    file: Some(&file),
                    ..With::default()
                };
                place.one(presigner, &with)?;
            }
            Ok(())
        }),
        Step::Complete(complete) => with_place(&complete.upload.start, |place| {
            let body = match complete.etag.as_slice() {
                [] => None,
                parts => Some(complete_body(parts)?),
            };
            let Upload { upload_id, .. } = &complete.upload;
            let presigner = Presigner::complete_multipart_upload(
                place.credentials,
                place.bucket,
                place.key,
                upload_id,
            );
            let with = With {
                body: body.as_deref(),
                ..With::default()
            };
            place.one(presigner, &with)
        }),
        Step::Abort(Upload { upload_id, start }) => with_place(start, |place| {
            let presigner = Presigner::abort_multipart_upload(
                place.credentials,
                place.bucket,
                place.key,
                upload_id,
            );
            place.one(presigner, &With::default())
        }),
    }
}

/// The signer and the object.
struct Place<'p> {
    credentials: &'p Credentials<'p>,
    bucket: &'p Bucket<'p>,
    key: &'p str,
    start: &'p Start,
    at: Timestamp,
}

fn with_place(
    start: &Start,
    run: impl FnOnce(&Place<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let (name, key) = s3_uri(&start.uri).map_err(|text| usage::error(&text))?;
    let config = Config::load(&start.client)?;
    let bucket = config.bucket(Some(name), &start.client)?;
    run(&Place {
        credentials: &config.credentials,
        bucket: &bucket,
        key,
        start,
        at: start.request.when.at.unwrap_or_else(Timestamp::now),
    })
}

impl Place<'_> {
    fn one(&self, presigner: Presigner<'_>, with: &With<'_>) -> Result<(), Error> {
        let Start {
            request, output, ..
        } = self.start;
        let (headers, query) = (request.headers(), borrowed(&request.query));
        let presigner = sign::request(presigner, request, &headers, &query);
        let url = presigner.sign_at(self.at)?;
        // The advisories of one part apply to all.
        if with.part.is_none_or(|part| part == 1) {
            share::advise(&presigner, self.at, output);
        }
        share::link(&url, with, output)
    }
}
