//! Uploads and downloads through links only.

use presign_store::http;
use serde_json::{Value, json};

use crate::{Running, text};

/// Bytes that differ from place to place.
fn content(size: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(size).collect()
}

/// Sends a body with the headers of a link. The client adds the length, as browsers do.
#[track_caller]
fn send(link: &Value, body: &[u8]) -> http::Answer {
    let headers = link["headers"].as_object().into_iter().flatten();
    let headers: Vec<_> = headers
        .filter(|(name, _)| *name != "content-length")
        .map(|(name, value)| (name.as_str(), text(value)))
        .collect();
    http::send(text(&link["method"]), text(&link["url"]), &headers, body).unwrap()
}

#[track_caller]
fn post(form: &Value, content: &[u8]) -> http::Answer {
    let fields = form["fields"].as_object().unwrap().iter();
    let fields: Vec<_> = fields
        .map(|(name, value)| (name.as_str(), text(value)))
        .collect();
    let (content_type, body) = http::form(&fields, ("a.txt", "text/plain"), content).unwrap();
    let headers = [("content-type", content_type.as_str())];
    http::send("POST", text(&form["url"]), &headers, &body).unwrap()
}

#[track_caller]
fn download(service: &Running, key: &str) -> http::Answer {
    send(&service.given("/links", &json!({ "key": key })), b"")
}

#[test]
fn a_large_file_in_parts() {
    let service = Running::start(json!({ "part_size": 5 << 20 }));
    let file = content((21 << 20) + 12_345);
    let (key, size) = ("big/Grüße & 100%.bin", file.len());
    let start = json!({ "key": key, "content_type": "application/x-test", "size": size });
    let started = service.given("/multipart", &start);
    assert_eq!(
        (&started["part_size"], &started["parts"]),
        (&json!(5 << 20), &json!(5))
    );
    let upload_id = text(&started["upload_id"]);

    let asked = json!({ "key": key, "upload_id": upload_id, "size": size, "part_numbers": [5, 1, 2, 3, 4] });
    let links = service.given("/multipart/parts", &asked);
    let mut sent = Vec::new();
    for part in links["parts"].as_array().unwrap() {
        let number = |name: &str| usize::try_from(part[name].as_u64().unwrap()).unwrap();
        let (offset, length) = (number("offset"), number("content_length"));
        let bytes = &file[offset..offset + length];
        // The length is signed.
        let other = http::send("PUT", text(&part["url"]), &[], &bytes[1..]).unwrap();
        assert_eq!(other.error_code(), Some("SignatureDoesNotMatch"));
        let answer = http::send("PUT", text(&part["url"]), &[], bytes).unwrap();
        assert_eq!(answer.status, 200);
        let etag = answer.header("etag").unwrap();
        sent.push(json!({ "part_number": number("part_number"), "etag": etag }));
    }
    let upload = json!({ "key": key, "upload_id": upload_id });
    let listed = service.given("/multipart/list", &upload);
    let sizes = listed["parts"].as_array().unwrap().iter();
    let mut sizes: Vec<_> = sizes
        .map(|part| (part["part_number"].as_u64(), part["size"].as_u64()))
        .collect();
    sizes.sort_unstable();
    let expected = (1..=5).map(|part| {
        (
            Some(part),
            Some(if part < 5 {
                5 << 20
            } else {
                (1 << 20) + 12_345
            }),
        )
    });
    assert_eq!(sizes, expected.collect::<Vec<_>>());

    let complete = json!({ "key": key, "upload_id": upload_id, "parts": sent });
    let completed = service.given("/multipart/complete", &complete);
    assert_eq!(text(&completed["key"]), key);
    let answer = download(&service, key);
    assert_eq!(answer.status, 200);
    assert!(answer.body == file, "{} bytes came back", answer.body.len());
    assert_eq!(answer.header("content-type"), Some("application/x-test"));

    // A completed upload no longer exists. (This store responds with AccessDenied, S3 with NoSuchUpload.)
    let again = service.refused("/multipart/complete", &complete);
    assert_eq!(again, (502, "store_refused".to_owned()));
}

#[test]
fn an_upload_that_is_aborted() {
    let service = Running::start(json!({ "part_size": 5 << 20 }));
    let (key, size) = ("k", 6 << 20);
    let start = json!({ "key": key, "content_type": "a/b", "size": size });
    let started = service.given("/multipart", &start);
    let id = text(&started["upload_id"]);
    let asked = json!({ "key": key, "upload_id": id, "size": size, "part_numbers": [1] });
    let links = service.given("/multipart/parts", &asked);
    let part = &links["parts"][0];
    let bytes = content(5 << 20);
    let answer = http::send("PUT", text(&part["url"]), &[], &bytes).unwrap();
    assert_eq!(answer.status, 200);

    let abort = json!({ "key": key, "upload_id": id });
    assert_eq!(service.ask("/multipart/abort", &abort).0, 204);
    let answer = http::send("PUT", text(&part["url"]), &[], &bytes).unwrap();
    assert_eq!(answer.status, 403);
    assert_eq!(download(&service, key).error_code(), Some("NoSuchKey"));
}

#[test]
fn an_upload_by_put() {
    let service = Running::start(json!({}));
    let asked = json!({ "key": "a b.txt", "content_type": "text/plain", "size": 5 });
    let link = service.given("/uploads", &asked);
    assert_eq!(text(&link["method"]), "PUT");
    assert_eq!(
        link["headers"],
        json!({ "content-length": "5", "content-type": "text/plain" })
    );
    assert_eq!(
        send(&link, b"four").error_code(),
        Some("SignatureDoesNotMatch")
    );
    assert_eq!(send(&link, b"fives").status, 200);

    let asked = json!({ "key": "a b.txt", "filename": "Grüße.txt", "expires_in": 600 });
    let link = service.given("/links", &asked);
    let answer = send(&link, b"");
    assert_eq!(answer.body, b"fives");
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"Gr__e.txt\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt")
    );
    let head = service.given("/links", &json!({ "key": "a b.txt", "method": "head" }));
    let answer = send(&head, b"");
    assert_eq!(
        (answer.status, answer.header("content-length")),
        (200, Some("5"))
    );
}

#[test]
fn an_upload_by_form() {
    let service = Running::start(json!({ "max_size": 5 }));
    let asked = json!({ "key": "form.txt", "content_type": "text/plain", "by": "form" });
    let form = service.given("/uploads", &asked);
    assert_eq!(post(&form, b"sixsix").error_code(), Some("EntityTooLarge"));
    assert_eq!(post(&form, b"fives").status, 204);
    assert_eq!(download(&service, "form.txt").body, b"fives");
}

/// A script in a file must not run on the store's origin.
#[test]
fn active_types_are_attachments() {
    let service = Running::start(json!({}));
    for (content_type, disposition) in [
        ("text/html", Some("attachment")),
        ("image/svg+xml; charset=utf-8", Some("attachment")),
        ("application/xhtml+xml", Some("attachment")),
        ("application/unknown", Some("attachment")),
        ("image/png", None),
        ("text/plain; charset=utf-8", None),
        ("application/pdf", None),
    ] {
        let request = json!({ "key": "put", "content_type": content_type, "size": 1 });
        assert_eq!(send(&service.given("/uploads", &request), b"x").status, 200);

        let request = json!({ "key": "form", "content_type": content_type, "by": "form" });
        let answer = post(&service.given("/uploads", &request), b"x");
        assert_eq!(answer.status, 204, "{answer:?}");

        let request = json!({ "key": "parts", "content_type": content_type, "size": 1 });
        let started = service.given("/multipart", &request);
        let id = text(&started["upload_id"]);
        let request = json!({ "key": "parts", "upload_id": id, "size": 1, "part_numbers": [1] });
        let links = service.given("/multipart/parts", &request);
        let answer = http::send("PUT", text(&links["parts"][0]["url"]), &[], b"x").unwrap();
        let parts = json!([{ "part_number": 1, "etag": answer.header("etag") }]);
        let request = json!({ "key": "parts", "upload_id": id, "parts": parts });
        service.given("/multipart/complete", &request);

        for key in ["put", "form", "parts"] {
            let answer = download(&service, key);
            assert_eq!(answer.header("content-type"), Some(content_type), "{key}");
            let stored = answer.header("content-disposition");
            assert_eq!(stored, disposition, "{key}, {content_type}");
        }
    }
}

#[test]
fn many_links_at_once() {
    let service = Running::start(json!({}));
    let keys = ["a.txt", "b/c.txt", "Grüße & 100%.txt"];
    for key in keys {
        let asked = json!({ "key": key, "content_type": "text/plain", "size": key.len() });
        let link = service.given("/uploads", &asked);
        assert_eq!(send(&link, key.as_bytes()).status, 200);
    }
    let many = service.given("/links", &json!({ "keys": keys, "expires_in": 600 }));
    let links = many["links"].as_array().unwrap();
    assert_eq!(links.len(), keys.len());
    for (link, key) in links.iter().zip(keys) {
        assert_eq!(text(&link["key"]), key);
        let answer = http::send("GET", text(&link["url"]), &[], b"").unwrap();
        assert_eq!(answer.body, key.as_bytes());
        // A separate request for the key returns the same link.
        let one = service.given("/links", &json!({ "key": key, "expires_in": 600 }));
        if one["expires_at"] == many["expires_at"] {
            assert_eq!(one["url"], link["url"]);
        }
    }
}
