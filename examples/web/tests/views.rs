//! The views, without a browser.

use presign::Timestamp;
use presign_web::{Problem, QrCode, Refused, Share, Shared, Store, Upload};

/// The signing time of the example in the AWS documentation.
const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
fn example() -> Share {
    Share {
        store: Store {
            access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
            bucket: "examplebucket".to_owned(),
            region: "us-east-1".to_owned(),
            addressing: "global".to_owned(),
            ..Store::default()
        },
        key: "test.txt".to_owned(),
        method: "GET".to_owned(),
        expires: "86400".to_owned(),
        ..Share::default()
    }
}

fn upload() -> Upload {
    Upload {
        store: Store {
            addressing: "host".to_owned(),
            ..example().store
        },
        key_prefix: "in/".to_owned(),
        content_type_prefix: "image/".to_owned(),
        expires: "600".to_owned(),
        ..Upload::default()
    }
}

#[track_caller]
fn shared(change: impl FnOnce(&mut Share)) -> Shared {
    let mut share = example();
    change(&mut share);
    share.sign(NOW).unwrap()
}

#[track_caller]
fn problem(change: impl FnOnce(&mut Share)) -> Problem {
    let mut share = example();
    change(&mut share);
    share.sign(NOW).unwrap_err()
}

#[test]
fn the_documented_link() {
    let shared = shared(|_| ());
    let signature = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    assert!(
        shared
            .url
            .ends_with(&format!("&X-Amz-Signature={signature}"))
    );
    assert!(
        shared
            .url
            .starts_with("https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-")
    );
    assert_eq!(shared.expires_at - shared.signed_at, 86_400);
    assert!(!shared.ends_with_credentials);
    assert!(shared.headers.is_empty());
    assert_eq!(
        shared.advisories,
        ["The URL is valid for 86400 s; the S3 console allows at most 12 hours."]
    );
}

#[test]
fn the_answer_is_json() {
    let answer = presign_web::share("{\"access_key_id\":\"A\"}", 0.0);
    assert_eq!(
        answer,
        r#"{"Err":{"field":"secret_access_key","message":"","missing":true}}"#
    );
    let answer = presign_web::share("{", 0.0);
    assert!(answer.starts_with(r#"{"Err":{"field":"","message":"EOF"#));
}

#[test]
fn steps_are_lines_with_labels() {
    let shared = shared(|share| {
        share.method = "PUT".to_owned();
        share.content_type = "text/plain".to_owned();
    });
    let labels: Vec<_> = shared
        .canonical_request
        .iter()
        .map(|line| line.label)
        .collect();
    assert_eq!(
        labels,
        [
            "method",
            "canonical URI",
            "canonical query string",
            "canonical header",
            "canonical header",
            "empty line",
            "signed headers",
            "payload hash",
        ]
    );
    assert_eq!(shared.canonical_request[6].text, "content-type;host");
    let texts: Vec<_> = shared
        .string_to_sign
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(
        texts[..3],
        [
            "AWS4-HMAC-SHA256",
            "20130524T000000Z",
            "20130524/us-east-1/s3/aws4_request"
        ]
    );
}

#[test]
fn a_content_type_is_signed_or_answered() {
    let with = |method: &str| {
        shared(|share| {
            share.method = method.to_owned();
            share.content_type = "text/plain".to_owned();
        })
    };
    let header = ("content-type".to_owned(), "text/plain".to_owned());
    assert_eq!(with("PUT").headers, [header]);
    assert!(!with("PUT").url.contains("response-content-type"));
    assert!(
        with("GET")
            .url
            .contains("&response-content-type=text%2Fplain")
    );
    assert!(with("GET").headers.is_empty());
    assert!(!with("DELETE").url.contains("text%2Fplain"));
}

#[test]
fn file_names_are_for_every_browser() {
    let disposition = |name: &str| {
        let url = shared(|share| {
            share.disposition = "attachment".to_owned();
            share.file_name = name.to_owned();
        })
        .url;
        let (_, rest) = url.split_once("&response-content-disposition=").unwrap();
        let value = rest.split('&').next().unwrap();
        percent_encoding::percent_decode_str(value)
            .decode_utf8()
            .unwrap()
            .into_owned()
    };
    assert_eq!(disposition(""), "attachment");
    assert_eq!(disposition("a b.txt"), "attachment; filename=\"a b.txt\"");
    assert_eq!(
        disposition("Zürich \"1\".jpg"),
        "attachment; filename=\"Z_rich _1_.jpg\"; filename*=UTF-8''Z%C3%BCrich%20%221%22.jpg"
    );
    assert_eq!(disposition("a\u{7}b"), "attachment; filename=\"a_b\"");
}

#[test]
fn curl_says_the_same() {
    assert_eq!(
        shared(|_| ()).curl,
        format!(
            "curl --fail --output 'test.txt' \\\n  '{}'",
            shared(|_| ()).url
        )
    );
    let put = shared(|share| {
        share.method = "PUT".to_owned();
        share.key = "a/it's.txt".to_owned();
        share.content_type = "text/plain; x='1'".to_owned();
    });
    let start = "curl --fail --upload-file 'it'\\''s.txt' \\\n  --header 'content-type: text/plain; x='\\''1'\\''' \\\n  'https";
    assert!(put.curl.starts_with(start), "{}", put.curl);
    let saved = shared(|share| {
        share.disposition = "attachment".to_owned();
        share.file_name = "../x".to_owned();
    });
    assert!(saved.curl.starts_with("curl --fail --output '.._x' \\\n"));
    assert!(
        shared(|share| share.method = "HEAD".to_owned())
            .curl
            .starts_with("curl --fail --head \\\n")
    );
    let delete = shared(|share| share.method = "DELETE".to_owned());
    assert!(delete.curl.starts_with("curl --fail --request DELETE \\\n"));
}

#[test]
fn problems_stand_at_their_fields() {
    let at = |change: fn(&mut Share)| {
        let problem = problem(change);
        (problem.field, problem.missing)
    };
    assert_eq!(at(|share| share.key.clear()), ("key", true));
    assert_eq!(
        at(|share| share.store = Store::default()),
        ("access_key_id", true)
    );
    assert_eq!(at(|share| share.store.bucket.clear()), ("bucket", true));
    assert_eq!(at(|share| share.expires.clear()), ("expires", true));
    assert_eq!(at(|share| share.key = "a/../b".to_owned()), ("key", false));
    assert_eq!(
        at(|share| share.expires = "604801".to_owned()),
        ("expires", false)
    );
    assert_eq!(
        at(|share| share.expires = "1h".to_owned()),
        ("expires", false)
    );
    assert_eq!(
        at(|share| share.store.access_key_id.push(' ')),
        ("access_key_id", false)
    );
    assert_eq!(
        at(|share| share.store.secret_access_key.push(' ')),
        ("secret_access_key", false)
    );
    assert_eq!(
        at(|share| share.store.session_token = " t".to_owned()),
        ("session_token", false)
    );
    assert_eq!(
        at(|share| share.store.expiration = "soon".to_owned()),
        ("expiration", false)
    );
    let ended = |share: &mut Share| share.store.expiration = "2013-05-23T00:00:00Z".to_owned();
    assert_eq!(at(ended), ("expiration", false));
    assert_eq!(
        at(|share| share.store.bucket = "a*b".to_owned()),
        ("bucket", false)
    );
    assert_eq!(
        at(|share| share.store.bucket = "arn:aws:s3:::b".to_owned()),
        ("bucket", false)
    );
    assert_eq!(
        at(|share| share.store.region = "eu west".to_owned()),
        ("region", false)
    );
    assert_eq!(
        at(|share| share.store.endpoint = "minio:9000".to_owned()),
        ("endpoint", false)
    );
    assert_eq!(
        at(|share| share.store.endpoint = "http://minio:9000".to_owned()),
        ("addressing", false)
    );
    let wildcard = |share: &mut Share| {
        share.method = "PUT".to_owned();
        share.content_type = "image/*".to_owned();
    };
    assert_eq!(at(wildcard), ("content_type", false));
    assert_eq!(
        problem(|share| share.expires = "604801".to_owned()).message,
        "Expiry of 604801 s is outside 1 s to 604800 s (7 days)."
    );
}

#[test]
fn a_link_ends_with_its_credentials() {
    let shared = shared(|share| {
        share.store.session_token = "token".to_owned();
        share.store.expiration = "2013-05-24T03:00:00+02:00".to_owned();
    });
    assert_eq!(shared.expires_at - shared.signed_at, 3600);
    assert!(shared.ends_with_credentials);
}

#[test]
fn an_access_point_by_arn() {
    let shared = shared(|share| {
        share.store.addressing = "host".to_owned();
        share.store.bucket = "arn:aws:s3:us-east-1:123456789012:accesspoint/example".to_owned();
    });
    assert!(shared.url.starts_with(
        "https://example-123456789012.s3-accesspoint.us-east-1.amazonaws.com/test.txt?"
    ));
}

/// Another library reads what is drawn.
#[test]
fn qr_codes_can_be_read() {
    let long = shared(|share| share.store.session_token = "t".repeat(400)).url;
    for url in [shared(|_| ()).url, long] {
        let code = QrCode::new(&url).unwrap();
        let dark = modules(&code);
        let scale = 2;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(
            code.size * scale,
            code.size * scale,
            |x, y| {
                if dark.contains(&(x / scale, y / scale)) {
                    0
                } else {
                    255
                }
            },
        );
        let (_, text) = image.detect_grids()[0].decode().unwrap();
        assert_eq!(text, url);
    }
    assert_eq!(QrCode::new(&"x".repeat(2954)), None);
}

/// Reads the path back: `M4 4h7v1h-7z` is a row of seven.
fn modules(code: &QrCode) -> Vec<(usize, usize)> {
    let mut dark = Vec::new();
    for row in code.path.split_terminator('z') {
        let (start, rest) = row[1..].split_once('h').unwrap();
        let (x, y) = start.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let length: usize = rest.split_once('v').unwrap().0.parse().unwrap();
        dark.extend((x..x + length).map(|x| (x, y)));
    }
    dark
}

#[test]
fn an_upload_form() {
    let form = Upload {
        max_bytes: "1000".to_owned(),
        ..upload()
    }
    .sign(NOW)
    .unwrap();
    assert_eq!(
        form.action,
        "https://examplebucket.s3.us-east-1.amazonaws.com/"
    );
    assert!(form.policy.contains(
        "
    [\"content-length-range\",0,1000]"
    ));
    assert_eq!(
        form.open_fields,
        [("Content-Type".to_owned(), "image/".to_owned())]
    );
    assert!(
        form.fields
            .contains(&("success_action_status".to_owned(), "201".to_owned()))
    );
    assert!(
        form.html
            .starts_with("<form action=\"https://examplebucket.")
    );
    let redirect = "https://example.com/done".to_owned();
    let form = Upload {
        redirect: redirect.clone(),
        ..upload()
    }
    .sign(NOW)
    .unwrap();
    assert!(
        form.fields
            .contains(&("success_action_redirect".to_owned(), redirect))
    );
    assert!(!form.html.contains("success_action_status"));
}

#[test]
fn problems_of_upload_forms() {
    let at = |change: fn(&mut Upload)| {
        let mut upload = upload();
        change(&mut upload);
        let problem = upload.sign(NOW).unwrap_err();
        (problem.field, problem.missing)
    };
    assert_eq!(
        at(|upload| upload.key_prefix = "${user}/".to_owned()),
        ("key_prefix", false)
    );
    assert_eq!(
        at(|upload| upload.content_type_prefix = "image/*".to_owned()),
        ("content_type_prefix", false)
    );
    assert_eq!(
        at(|upload| upload.max_bytes = "1 MB".to_owned()),
        ("max_bytes", false)
    );
    assert_eq!(
        at(|upload| upload.min_bytes = "-1".to_owned()),
        ("min_bytes", false)
    );
    let empty = |upload: &mut Upload| {
        upload.min_bytes = "2".to_owned();
        upload.max_bytes = "1".to_owned();
    };
    assert_eq!(at(empty), ("max_bytes", false));
    assert_eq!(
        at(|upload| upload.expires = "0".to_owned()),
        ("expires", false)
    );
    assert_eq!(
        at(|upload| upload.redirect = "a\u{7}".to_owned()),
        ("redirect", false)
    );
    assert_eq!(
        at(|upload| upload.store = Store::default()),
        ("access_key_id", true)
    );
}

#[test]
fn a_refused_link() {
    let url = shared(|_| ()).url;
    let refused = Refused {
        store: example().store,
        url: format!("{url}\n"),
        method: "PUT".to_owned(),
        headers: "> Content-Type: text/plain\n\nCookie: s3cret".to_owned(),
        answer: "<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>AKIAIOSFODNN7EXAMPLE</AWSAccessKeyId></Error>"
            .to_owned(),
    };
    let findings = refused.explain(NOW).unwrap();
    assert!(findings.certain);
    assert_eq!(findings.causes[0].0, "MethodDiffers");
    let first = findings.comparison.iter().find(|row| row.differs).unwrap();
    assert_eq!(
        (first.part.as_str(), first.other.as_deref()),
        ("method", Some("GET"))
    );
    assert!(
        findings
            .report
            .contains("certain: MethodDiffers: the URL is signed for GET, but the method")
    );
    assert!(
        findings
            .report
            .contains("\nAnswer, Code: SignatureDoesNotMatch\n")
    );
    for secret in [
        "aeeed9bb",
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI",
        "s3cret",
    ] {
        assert!(!findings.report.contains(secret), "{secret}");
    }

    let without = Refused {
        store: Store::default(),
        ..refused.clone()
    };
    assert!(!without.explain(NOW).unwrap().with_credentials);
    let late = Timestamp::from_unix(NOW.as_unix() + 86_401);
    let unsent = Refused {
        method: "GET".to_owned(),
        headers: String::new(),
        answer: String::new(),
        ..without.clone()
    };
    assert_eq!(unsent.explain(late).unwrap().causes[0].0, "Expired");

    let nothing = Refused {
        url: "\n".to_owned(),
        ..without.clone()
    };
    assert_eq!(
        nothing.explain(NOW).unwrap_err(),
        Problem {
            field: "url",
            message: String::new(),
            missing: true
        }
    );
    let headers = Refused {
        headers: "Host: h\nnonsense".to_owned(),
        ..without
    };
    assert_eq!(
        headers.explain(NOW).unwrap_err().message,
        "Line 2 is not of the form Name: value."
    );
}

#[test]
fn credentials_that_tools_print() {
    let all = r#"{"access_key_id":"ASIAEXAMPLE","secret_access_key":"a/b+c=","session_token":"t0/ken=="}"#;
    for text in [
        "export AWS_ACCESS_KEY_ID=\"ASIAEXAMPLE\"\nexport AWS_SECRET_ACCESS_KEY=a/b+c=\nexport AWS_SESSION_TOKEN='t0/ken=='\n",
        "SET AWS_ACCESS_KEY_ID=ASIAEXAMPLE\r\nSET AWS_SECRET_ACCESS_KEY=a/b+c=\r\nSET AWS_SESSION_TOKEN=t0/ken==",
        "$Env:AWS_ACCESS_KEY_ID=\"ASIAEXAMPLE\"\n$Env:AWS_SECRET_ACCESS_KEY=\"a/b+c=\"\n$Env:AWS_SESSION_TOKEN=\"t0/ken==\"",
        "[default]\naws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = a/b+c=\naws_session_token = t0/ken==",
        r#"{"Version": 1, "AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "a/b+c=", "SessionToken": "t0/ken=="}"#,
    ] {
        assert_eq!(presign_web::credentials(text), all, "{text}");
    }
    let ends = "AccessKeyId: A\nSecretAccessKey: s\nExpiration: 2026-11-24T10:00:00+00:00\nAWS_DEFAULT_REGION=eu-west-1";
    assert_eq!(
        presign_web::credentials(ends),
        r#"{"access_key_id":"A","expiration":"2026-11-24T10:00:00+00:00","region":"eu-west-1","secret_access_key":"s"}"#
    );
    for text in ["", "AKIAIOSFODNN7EXAMPLE", "AccessKeyId: A", "a=b\nc=d"] {
        assert_eq!(presign_web::credentials(text), "{}", "{text}");
    }
}
