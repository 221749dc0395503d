//! Multipart uploads with links only.

use presign::multipart::{complete_body, completed, upload_id};
use presign::{Method, Presigner};

use crate::{Fixture, accepted, refused, send, send_as};

const KEY: &str = "big/file +.bin";
/// The minimum size that S3 accepts for a part, except for the last one.
const PART: usize = 5 * 1024 * 1024;

fn start(fixture: &Fixture) -> String {
    let create = fixture
        .presigner(Method::Post, KEY)
        .query(&[("uploads", "")])
        .content_type("video/mp4");
    let answer = send(&create, b"");
    accepted(&answer, 200);
    upload_id(str::from_utf8(&answer.body).unwrap()).unwrap()
}

fn put_part(fixture: &Fixture, upload: &str, number: &str, body: &[u8]) -> String {
    let query = [("partNumber", number), ("uploadId", upload)];
    let answer = send(&fixture.presigner(Method::Put, KEY).query(&query), body);
    accepted(&answer, 200);
    answer.header("etag").unwrap().to_owned()
}

#[test]
fn start_to_finish() {
    let fixture = Fixture::new();
    let upload = start(&fixture);
    let first: Vec<u8> = (0..PART).map(|n| (n % 253) as u8).collect();
    let last = b"the rest";
    let etags = [
        put_part(&fixture, &upload, "1", &first),
        put_part(&fixture, &upload, "2", last),
    ];

    let query = [("uploadId", upload.as_str())];
    let on = |method| -> Presigner<'_> { fixture.presigner(method, KEY).query(&query) };
    let list = send(&on(Method::Get), b"");
    accepted(&list, 200);
    assert_eq!(list.element("UploadId"), Some(upload.as_str()));
    let listed = String::from_utf8_lossy(&list.body);
    assert!(listed.contains("<PartNumber>1<") && listed.contains("<PartNumber>2<"));

    let [first_etag, last_etag] = &etags;
    let body = complete_body([(2, &**last_etag), (1, first_etag)]).unwrap();
    let complete = send(&on(Method::Post), body.as_bytes());
    accepted(&complete, 200);
    assert_eq!(complete.element("Key"), Some(KEY));
    let etag = completed(str::from_utf8(&complete.body).unwrap()).unwrap();

    fixture.assert_content(KEY, &[&first, last.as_slice()].concat());
    let head = send(&fixture.presigner(Method::Head, KEY), b"");
    assert_eq!(head.header("content-type"), Some("video/mp4"));
    assert_eq!(head.header("etag"), Some(&*etag));
    assert!(etag.ends_with("-2\""));

    let operations: Vec<_> = fixture
        .server
        .accepted()
        .into_iter()
        .map(|accepted| accepted.operation)
        .collect();
    let expected = [
        "CreateMultipartUpload",
        "UploadPart",
        "UploadPart",
        "ListParts",
        "CompleteMultipartUpload",
        "GetObject",
        "HeadObject",
    ];
    assert_eq!(operations, expected);
}

#[test]
fn a_link_is_for_one_part_of_one_upload() {
    let fixture = Fixture::new();
    let (upload, other) = (start(&fixture), start(&fixture));
    let query = [("partNumber", "1"), ("uploadId", upload.as_str())];
    let url = fixture.presigner(Method::Put, KEY).query(&query).sign();
    let url = url.unwrap().into_string();
    let put = |url: &str| send_as(Method::Put, url, &[], b"part");
    for changed in [
        url.replace("partNumber=1", "partNumber=2"),
        url.replace(&upload, &other),
        url.replace("partNumber=1&", ""),
    ] {
        assert_ne!(changed, url);
        refused(&put(&changed), 403, "SignatureDoesNotMatch");
    }
    accepted(&put(&url), 200);

    // A link for a plain upload cannot start a multipart upload, and vice versa.
    let plain = fixture.presigner(Method::Put, KEY).sign().unwrap();
    let as_part = format!("{plain}&partNumber=1&uploadId={upload}");
    refused(&put(&as_part), 403, "SignatureDoesNotMatch");
    let as_plain = url
        .replace("partNumber=1&", "")
        .replace(&format!("&uploadId={upload}"), "");
    refused(&put(&as_plain), 403, "SignatureDoesNotMatch");
}

#[test]
fn abort() {
    let fixture = Fixture::new();
    let upload = start(&fixture);
    put_part(&fixture, &upload, "1", b"part");
    let query = [("uploadId", upload.as_str())];
    let on = |method| fixture.presigner(method, KEY).query(&query);
    accepted(&send(&on(Method::Delete), b""), 204);

    let list = send(&on(Method::Get), b"");
    assert_eq!(list.element("PartNumber"), None);
    let query = [("partNumber", "2"), ("uploadId", upload.as_str())];
    let late = send(&fixture.presigner(Method::Put, KEY).query(&query), b"part");
    refused(&late, 403, "AccessDenied"); // S3: 404 NoSuchUpload
    let operations = fixture.server.accepted();
    assert_eq!(operations.last().unwrap().operation, "UploadPart"); // so it was not the signature
    let head = send(&fixture.presigner(Method::Head, KEY), b"");
    accepted(&head, 404);
}
