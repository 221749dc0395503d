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
        ["The link works for longer than 12 hours, the limit in the S3 console."]
    );
    assert_eq!(shared.cautions, []);
    assert!(shared.qr);
}

/// The module that loads first signs the same link.
#[test]
fn the_first_link() {
    let first = |change: fn(&mut Share)| {
        let mut share = example();
        share.disposition = "stored".to_owned();
        change(&mut share);
        let Share { store, .. } = share.clone();
        let fields = [
            ("access_key_id", store.access_key_id),
            ("secret_access_key", store.secret_access_key),
            ("session_token", store.session_token),
            ("expiration", store.expiration),
            ("bucket", store.bucket),
            ("region", store.region),
            ("endpoint", store.endpoint),
            ("addressing", store.addressing),
            ("key", share.key.clone()),
            ("method", share.method.clone()),
            ("expires", share.expires.clone()),
            ("unit", share.unit.clone()),
            ("content_type", share.content_type.clone()),
            ("disposition", share.disposition.clone()),
        ];
        let fields = fields.map(|(name, value)| format!("{name}\n{value}"));
        let mut place = [0; 16_384];
        let first = presign_web_first::sign(&fields.join("\n"), 1_369_353_600, &mut place);
        let first = first.map(str::to_owned);
        (first, share.sign(NOW).map(|shared| shared.url))
    };
    let plain: [fn(&mut Share); 5] = [
        |share: &mut Share| share.unit = "seconds".to_owned(),
        |share: &mut Share| (share.expires, share.unit) = ("90".to_owned(), "minutes".to_owned()),
        |share: &mut Share| (share.expires, share.unit) = ("12".to_owned(), "hours".to_owned()),
        |share: &mut Share| {
            (share.expires, share.unit) = ("7".to_owned(), "days".to_owned());
            share.store.session_token = "token".to_owned();
        },
        |share: &mut Share| {
            share.store.endpoint = "http://127.0.0.1:9000".to_owned();
            share.store.addressing = "path".to_owned();
            share.unit = "seconds".to_owned();
        },
    ];
    for change in plain {
        let (first, checked) = first(change);
        assert_eq!(first, Some(checked.unwrap()));
    }
    let other: [fn(&mut Share); 7] = [
        |share: &mut Share| share.method = "PUT".to_owned(),
        |share: &mut Share| share.disposition = "attachment".to_owned(),
        |share: &mut Share| share.content_type = "text/plain".to_owned(),
        |share: &mut Share| share.store.expiration = "2013-05-24T03:00:00Z".to_owned(),
        |share: &mut Share| share.key = "a/../b".to_owned(),
        |share: &mut Share| share.store.bucket.clear(),
        |share: &mut Share| share.expires = "soon".to_owned(),
    ];
    for change in other {
        assert_eq!(first(change).0, None);
    }
}

#[test]
fn the_answer_is_json() {
    let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let answer = presign_web::share(list(&["access_key_id", "A"]), list(&["key", "k"]), 0.0);
    assert_eq!(
        answer,
        r#"{"Err":{"field":"secret_access_key","message":"","missing":true}}"#
    );
    let answer = presign_web::share(list(&[]), list(&["key", "k", "key", "l"]), 0.0);
    assert!(answer.contains("duplicate field"), "{answer}");
}

#[test]
fn steps_are_lines_with_labels() {
    let put = Share {
        method: "PUT".to_owned(),
        content_type: "text/plain".to_owned(),
        ..example()
    };
    let shared = put.steps(NOW).unwrap();
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
    let folder = |content_type: &str| {
        let link = shared(|share| {
            share.method = "PUT".to_owned();
            share.key = "in/it's/".to_owned();
            share.content_type = content_type.to_owned();
        });
        link.curl.rsplit_once(" \\\n").unwrap().0.to_owned()
    };
    let start = "curl --fail --request PUT --data-binary '@it'\\''s' \\\n  --header 'content-type:";
    assert_eq!(folder(""), format!("{start}'"));
    assert_eq!(folder("text/plain"), format!("{start} text/plain'"));
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
        "Enter at most 7 days (604800 seconds)."
    );
    let days = |number: &str| {
        let share = Share {
            unit: "days".to_owned(),
            expires: number.to_owned(),
            ..example()
        };
        share
            .sign(NOW)
            .map(|shared| shared.expires_at - shared.signed_at)
    };
    assert_eq!(days("7"), Ok(604_800));
    assert_eq!(days("8").unwrap_err().field, "expires");
    assert_eq!(days(&u64::MAX.to_string()).unwrap_err().field, "expires");
}

#[track_caller]
fn fixed(problem: &Problem) -> Vec<(&str, &str)> {
    let fix = problem.fix.as_ref().unwrap();
    fix.values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

#[test]
fn links_that_cannot_work_are_refused() {
    let swapped = problem(|share| {
        let store = &mut share.store;
        std::mem::swap(&mut store.access_key_id, &mut store.secret_access_key);
    });
    assert_eq!(swapped.field, "secret_access_key");
    let right = example().store;
    assert_eq!(
        fixed(&swapped),
        [
            ("access_key_id", &*right.access_key_id),
            ("secret_access_key", &right.secret_access_key)
        ]
    );

    let temporary =
        |share: &mut Share| share.store.access_key_id = "ASIAIOSFODNN7EXAMPLE".to_owned();
    assert_eq!(problem(temporary).field, "session_token");
    shared(|share| {
        temporary(share);
        share.store.session_token = "token".to_owned();
    });

    let endpoint = |endpoint: &str| {
        problem(|share| {
            share.store.addressing = "host".to_owned();
            share.store.endpoint = endpoint.to_owned();
        })
    };
    for host in [
        "s3.eu-west-1.amazonaws.com",
        "s3-eu-west-1.amazonaws.com",
        "s3.dualstack.eu-west-1.amazonaws.com",
    ] {
        let other = endpoint(&format!("https://{host}"));
        assert_eq!(
            (other.field, fixed(&other)),
            ("region", vec![("region", "eu-west-1")])
        );
    }
    assert_eq!(
        endpoint("https://s3.eu-central-003.backblazeb2.com").field,
        "region"
    );
    for placeholder in [
        "ACCOUNT",
        "account",
        "your-account-id",
        "<ACCOUNT_ID>",
        "{account_id}",
    ] {
        let problem = endpoint(&format!("https://{placeholder}.r2.cloudflarestorage.com"));
        assert!(
            problem.field == "endpoint" && problem.message.contains(placeholder),
            "{placeholder}"
        );
    }
    shared(|share| {
        share.store.addressing = "host".to_owned();
        share.store.endpoint = "https://s3.us-east-1.amazonaws.com".to_owned();
    });

    let bucket = |bucket: &str| problem(|share| share.store.bucket = bucket.to_owned());
    for address in [
        "s3://photos/a b.jpg",
        "arn:aws:s3:::photos/a b.jpg",
        "https://photos.s3.eu-west-1.amazonaws.com/a%20b.jpg?X-Amz-Date=1",
        "https://s3.eu-west-1.amazonaws.com/photos/a%20b.jpg",
        "https://photos.s3-eu-west-1.amazonaws.com/a%20b.jpg",
    ] {
        let problem = bucket(address);
        assert_eq!(problem.field, "bucket", "{address}");
        let values = fixed(&problem);
        assert_eq!(
            values[..2],
            [("bucket", "photos"), ("key", "a b.jpg")],
            "{address}"
        );
        assert_eq!(
            values
                .get(2)
                .is_some_and(|value| *value == ("region", "eu-west-1")),
            address.contains("eu-west-1")
        );
    }
    assert_eq!(
        fixed(&bucket("photos.s3.amazonaws.com")),
        [("bucket", "photos")]
    );
    assert_eq!(
        bucket("my:bucket").message,
        "A bucket name cannot contain :."
    );
}

#[test]
fn probable_mistakes_are_shown_at_their_fields() {
    let cautions = |change: fn(&mut Share)| {
        let shared = shared(|share| {
            share.store.addressing = "host".to_owned();
            change(share);
        });
        shared.cautions
    };
    let key = cautions(|share| share.key = "s3://photos/duck.jpg".to_owned());
    assert_eq!((key.len(), key[0].field), (1, "key"));
    assert_eq!(fixed(&key[0]), [("bucket", "photos"), ("key", "duck.jpg")]);
    let own = cautions(|share| {
        share.store.endpoint = "https://minio.example:9000".to_owned();
        share.key = "https://minio.example:9000/photos/a%2Fb".to_owned();
    });
    assert_eq!(fixed(&own[0]), [("bucket", "photos"), ("key", "a/b")]);
    let encoded = cautions(|share| share.key = "my%20duck.jpg".to_owned());
    assert_eq!(fixed(&encoded[0]), [("key", "my duck.jpg")]);
    let field = |change| {
        cautions(change)
            .iter()
            .map(|caution| caution.field)
            .collect::<Vec<_>>()
    };
    assert_eq!(field(|share| share.key = "100% wool".to_owned()), [""; 0]);
    assert_eq!(
        field(|share| share.content_type = "png".to_owned()),
        ["content_type"]
    );
    assert_eq!(
        field(|share| share.store.secret_access_key = "a b".to_owned()),
        ["secret_access_key"]
    );
    for bucket in ["My_Bucket", "www.example.com"] {
        let mut share = example();
        share.store.addressing = "host".to_owned();
        share.store.bucket = bucket.to_owned();
        let shared = share.sign(NOW).unwrap();
        assert_eq!(shared.cautions[0].field, "addressing", "{bucket}");
        assert!(shared.url.contains(&format!("/{bucket}/")));
    }
}

/// What is pasted or typed is often more than the value.
#[test]
fn credentials_that_aws_cannot_have_issued() {
    let Store {
        access_key_id: id,
        secret_access_key: secret,
        ..
    } = example().store;
    let of_id = |text: &str| problem(|share| share.store.access_key_id = text.to_owned());
    for text in [
        format!("export AWS_ACCESS_KEY_ID={id}"),
        format!("AWS_ACCESS_KEY_ID={id} # key"),
        format!("aws_access_key_id = '{id}' # key"),
        format!("“{id}”"),
        format!("‘{id}’"),
        format!("\"{id}\""),
        format!("{id}\u{200b}"),
        format!("{id} # key"),
        format!(" {id}\u{a0}"),
        format!("{id}/"),
        format!("{id}=x"),
        id.to_ascii_lowercase(),
    ] {
        assert_eq!(fixed(&of_id(&text)), [("access_key_id", &*id)], "{text}");
    }
    for text in ["AKIA/IOS", "AKIA IOS", "AKIÄ", "AKIA=", "A\"A", "AKIA:x"] {
        let problem = of_id(text);
        assert_eq!((problem.field, problem.fix), ("access_key_id", None));
    }
    let of_secret = |text: &str| problem(|share| share.store.secret_access_key = text.to_owned());
    for text in [
        format!("export AWS_SECRET_ACCESS_KEY={secret}"),
        format!("AWS_SECRET_ACCESS_KEY=\"{secret}\" # secret"),
        format!("“{secret}”"),
        format!("\"{secret}\""),
        format!("{secret}\u{feff}"),
        format!("{secret} "),
    ] {
        let problem = of_secret(&text);
        assert_eq!(fixed(&problem), [("secret_access_key", &*secret)], "{text}");
        let fix = problem.fix.unwrap();
        assert!(!fix.label.contains(&secret) && !problem.message.contains(&secret));
    }
    let token = problem(|share| share.store.session_token = "AWS_SESSION_TOKEN=t/=".to_owned());
    assert_eq!(fixed(&token), [("session_token", "t/=")]);

    let cautions = |id: &str, secret: &str, endpoint: &str| {
        let shared = shared(|share| {
            share.store.addressing = "path".to_owned();
            share.store.access_key_id = id.to_owned();
            share.store.secret_access_key = secret.to_owned();
            share.store.endpoint = endpoint.to_owned();
        });
        shared.cautions
    };
    let aws = "https://s3.us-east-1.amazonaws.com";
    for (secret, endpoint) in [("short", ""), (&secret[..21], ""), ("short", aws)] {
        let cautions = cautions(&id, secret, endpoint);
        assert_eq!(
            (cautions.len(), cautions[0].field),
            (1, "secret_access_key")
        );
        assert!(
            cautions[0]
                .message
                .contains(&format!("has {}.", secret.len()))
        );
    }
    assert_eq!(cautions(&id, &secret, ""), []);
    assert_eq!(cautions("other", "short", ""), []);

    // Other stores issue other IDs, even those.
    let other = "https://minio.example";
    for text in ["tenant/user", "test:tester", "akiaiosfodnn7example", "Jürg"] {
        assert_eq!(cautions(text, "short", other), [], "{text}");
    }
    let quoted = cautions("\"admin\"", "'it's'", other);
    assert_eq!(fixed(&quoted[0]), [("access_key_id", "admin")]);
    assert_eq!(fixed(&quoted[1]), [("secret_access_key", "it's")]);
    let named = problem(|share| {
        share.store.addressing = "path".to_owned();
        share.store.endpoint = other.to_owned();
        share.store.access_key_id = "S3_ACCESS_KEY=admin".to_owned();
    });
    assert_eq!(fixed(&named), [("access_key_id", "admin")]);
}

/// The README promises a button for what is known.
#[test]
fn fixes_of_buckets_regions_and_endpoints() {
    let with = |change: &dyn Fn(&mut Store)| {
        problem(|share| {
            share.store.addressing = "host".to_owned();
            change(&mut share.store);
        })
    };
    let bucket = |text: &str| with(&|store| store.bucket = text.to_owned());
    assert_eq!(fixed(&bucket(" foo ")), [("bucket", "foo")]);
    let region = |text: &str| with(&|store| store.region = text.to_owned());
    assert_eq!(fixed(&region("EU-WEST-1")), [("region", "eu-west-1")]);
    assert_eq!(fixed(&region("eu-west-1 ")), [("region", "eu-west-1")]);
    let endpoint = |text: &str| with(&|store| store.endpoint = text.to_owned());
    for (text, whole) in [
        ("localhost:9000", "http://localhost:9000"),
        ("127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("[::1]:9000", "http://[::1]:9000"),
        ("minio:9000", "http://minio:9000"),
        ("minio.example.com", "https://minio.example.com"),
        (" https://minio.example.com", "https://minio.example.com"),
    ] {
        assert_eq!(fixed(&endpoint(text)), [("endpoint", whole)]);
    }
    for store in [
        "http://127.0.0.1:9000",
        "http://[::1]:9000",
        "http://localhost:9000",
    ] {
        assert_eq!(
            fixed(&bucket(&format!("{store}/foo/bar/b%20z"))),
            [
                ("bucket", "foo"),
                ("key", "bar/b z"),
                ("endpoint", store),
                ("addressing", "path"),
            ]
        );
        assert_eq!(bucket(&format!("{store}/")).fix, None);
    }
    assert_eq!(bucket("s3://").fix, None);
}

#[test]
fn addressing_that_does_not_fit() {
    for endpoint in ["http://127.0.0.1:9000", "http://[::1]:9000"] {
        let shared = shared(|share| {
            share.store.addressing = "host".to_owned();
            share.store.endpoint = endpoint.to_owned();
        });
        let message = "The endpoint is an IP address, so the link has the bucket in the path.";
        assert_eq!(shared.cautions[0].message, message);
        assert_eq!(fixed(&shared.cautions[0]), [("addressing", "path")]);
    }
    let conflict = |addressing: &str, bucket: &str, endpoint: &str| {
        problem(|share| {
            share.store.addressing = addressing.to_owned();
            share.store.bucket = bucket.to_owned();
            share.store.endpoint = endpoint.to_owned();
        })
    };
    let access_point = "arn:aws:s3:us-east-1:123456789012:accesspoint/example";
    for bucket in [
        access_point,
        "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
        "example--use1-az4--x-s3",
    ] {
        let problem = conflict("global", bucket, "");
        assert_eq!(problem.field, "addressing");
        assert!(!problem.message.contains("endpoint"), "{}", problem.message);
        assert_eq!(fixed(&problem), [("addressing", "host")]);
    }
    let in_path = conflict("path", access_point, "");
    assert!(in_path.message.contains("access point"));
    assert_eq!(fixed(&in_path), [("addressing", "host")]);
    let own = conflict("global", "examplebucket", "https://minio.example");
    assert!(own.message.contains("Remove the endpoint") && own.fix.is_none());
    let at_ip = conflict("host", access_point, "http://127.0.0.1:9000");
    assert_eq!(at_ip.field, "endpoint");
    assert!(!at_ip.message.contains("global"), "{}", at_ip.message);
}

#[test]
fn keys_that_are_unlikely() {
    let caution = |key: &str| {
        let mut cautions = shared(|share| share.key = key.to_owned()).cautions;
        assert_eq!((cautions.len(), cautions[0].field), (1, "key"), "{key}");
        cautions.remove(0)
    };
    for (key, likely) in [
        ("/foo", "foo"),
        ("//a/b", "a/b"),
        (" foo", "foo"),
        ("foo ", "foo"),
    ] {
        let caution = caution(key);
        assert_eq!(fixed(&caution), [("key", likely)]);
        assert_eq!(caution.fix.unwrap().label, format!("Use {likely}"));
    }
    assert_eq!(caution("/").fix, None);
    assert_eq!(caution(" ").fix, None);
    assert_eq!(caution("https://x/y").fix, None);
    let bucket = caution("s3://foo");
    assert_eq!(fixed(&bucket), [("bucket", "foo"), ("key", "")]);
    assert_eq!(bucket.fix.unwrap().label, "Use bucket foo");
    assert_eq!(caution("s3://").fix, None);
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
    assert_eq!(shared.cautions, []);
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
    let largest = QrCode::new(&"x".repeat(1003)).unwrap();
    assert_eq!(largest.size - 8, 105);
    assert_eq!(QrCode::new(&"x".repeat(1004)), None);
    assert!(!shared(|share| share.store.session_token = "t".repeat(800)).qr);
    for method in ["PUT", "HEAD", "DELETE"] {
        assert!(!shared(|share| share.method = method.to_owned()).qr);
    }
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
fn prefixes_of_upload_forms() {
    let with = |key_prefix: &str| {
        let key_prefix = key_prefix.to_owned();
        Upload {
            key_prefix,
            ..upload()
        }
        .sign(NOW)
    };
    let joined = with("no slash").unwrap().cautions;
    assert_eq!((joined.len(), joined[0].field), (1, "key_prefix"));
    assert_eq!(fixed(&joined[0]), [("key_prefix", "no slash/")]);
    for prefix in ["", "in/", "2026-", "in/${filename}"] {
        assert_eq!(with(prefix).unwrap().cautions, [], "{prefix}");
    }
    let same = problem(|share| share.key = "../x".to_owned());
    for prefix in ["../x/", "./", "a/../${filename}", "${filename}/.."] {
        let problem = with(prefix).unwrap_err();
        assert_eq!(
            (problem.field, &problem.message),
            ("key_prefix", &same.message)
        );
    }
    with("..").unwrap();
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
    assert_eq!(findings.causes[0].name, "MethodDiffers");
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
            .contains("\nResponse: SignatureDoesNotMatch\n")
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
    assert_eq!(unsent.explain(late).unwrap().causes[0].name, "Expired");

    let nothing = Refused {
        url: "\n".to_owned(),
        ..without.clone()
    };
    assert_eq!(
        nothing.explain(NOW).unwrap_err(),
        Problem {
            field: "url",
            message: String::new(),
            missing: true,
            loading: false,
            fix: None,
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

/// What programs print or copy.
#[test]
fn headers_of_a_refused_request() {
    let put = shared(|share| {
        share.method = "PUT".to_owned();
        share.content_type = "text/plain".to_owned();
    });
    for headers in [
        "content-type: text/plain",
        "* Connected\n> PUT /test.txt?X-Amz-Date=1 HTTP/1.1\n> Host: examplebucket.s3.amazonaws.com\n> Content-Type: text/plain\n> \n< HTTP/1.1 403\n< Date: x",
        "PUT /test.txt HTTP/2\nHost: examplebucket.s3.amazonaws.com\ncontent-type: text/plain",
        ":authority: examplebucket.s3.amazonaws.com\n:method: PUT\n:path: /test.txt\ncontent-type: text/plain",
        ":authority:\nexamplebucket.s3.amazonaws.com\n:method:\nPUT\ncontent-type:\ntext/plain",
        "curl 'https://h/' \\\n  -H 'content-type: text/plain' \\",
    ] {
        let refused = Refused {
            store: example().store,
            url: put.url.clone(),
            method: "PUT".to_owned(),
            headers: headers.to_owned(),
            ..Refused::default()
        };
        let findings = refused.explain(NOW).unwrap();
        assert!(
            findings.causes.is_empty(),
            "{headers}: {:?}",
            findings.causes
        );
    }
    let sent = Refused {
        store: example().store,
        url: put.url,
        method: "PUT".to_owned(),
        headers: "> GET /test.txt HTTP/1.1\n> Content-Type: text/plain\n> Cookie: s3cret\n>"
            .to_owned(),
        ..Refused::default()
    };
    let findings = sent.explain(NOW).unwrap();
    let mut causes = findings.causes.iter();
    assert!(causes.any(|cause| cause.name == "MethodDiffers"));
    assert!(findings.report.starts_with("GET ") && !findings.report.contains("s3cret"));
}

#[test]
fn evidence_that_proves_nothing() {
    let good = |store: Store, answer: &str| {
        let refused = Refused {
            store,
            url: shared(|_| ()).url,
            method: "GET".to_owned(),
            answer: answer.to_owned(),
            ..Refused::default()
        };
        refused.explain(NOW).unwrap()
    };
    let findings = good(Store::default(), "");
    assert!(findings.causes.is_empty(), "{:?}", findings.causes);
    assert!(findings.report.contains("\nNo fault found."));
    assert!(good(example().store, "").causes.is_empty());
    let other = Store {
        access_key_id: "AKIAOTHER".to_owned(),
        ..example().store
    };
    assert!(good(other, "").other_key);
    let text = good(Store::default(), "Forbidden by a proxy");
    assert_eq!(text.said, "Forbidden by a proxy");
    let denied = "<Error><Code>AccessDenied</Code><Message>User is not authorized to perform: s3:GetObject</Message></Error>";
    assert_eq!(
        good(Store::default(), denied).said,
        "AccessDenied: User is not authorized to perform: s3:GetObject"
    );
}

#[test]
fn credentials_that_tools_print() {
    let profile =
        |values: &str| format!(r#"{{"profiles":[{{"name":"","values":{values}}}],"secret":true}}"#);
    let all = r#"{"access_key_id":"ASIAEXAMPLE","secret_access_key":"a/b+c=","session_token":"t0/ken=="}"#;
    for text in [
        "export AWS_ACCESS_KEY_ID=\"ASIAEXAMPLE\"\nexport AWS_SECRET_ACCESS_KEY=a/b+c=\nexport AWS_SESSION_TOKEN='t0/ken=='\n",
        "SET AWS_ACCESS_KEY_ID=ASIAEXAMPLE\r\nSET AWS_SECRET_ACCESS_KEY=a/b+c=\r\nSET AWS_SESSION_TOKEN=t0/ken==",
        "$Env:AWS_ACCESS_KEY_ID=\"ASIAEXAMPLE\"\n$Env:AWS_SECRET_ACCESS_KEY=\"a/b+c=\"\n$Env:AWS_SESSION_TOKEN=\"t0/ken==\"",
        "set -gx AWS_ACCESS_KEY_ID ASIAEXAMPLE\nset -gx AWS_SECRET_ACCESS_KEY a/b+c=;\nset -gx AWS_SESSION_TOKEN 't0/ken=='",
        "aws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = a/b+c=\naws_session_token = t0/ken==",
        r#"{"Version": 1, "AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "a/b+c=", "SessionToken": "t0/ken=="}"#,
    ] {
        assert_eq!(
            presign_web::credentials(text, "access_key_id"),
            profile(all),
            "{text}"
        );
    }
    let ends = "AccessKeyId: A\nSecretAccessKey: s\nExpiration: 2026-11-24T10:00:00+00:00\nAWS_DEFAULT_REGION=eu-west-1";
    assert_eq!(
        presign_web::credentials(ends, "access_key_id"),
        profile(
            r#"{"access_key_id":"A","expiration":"2026-11-24T10:00:00+00:00","region":"eu-west-1","secret_access_key":"s"}"#
        )
    );
    let keys = profile(r#"{"access_key_id":"A","secret_access_key":"s"}"#);
    for text in [
        "\u{feff}Access key ID,Secret access key\r\nA,s\r\n",
        "User name,Password,Access key ID,Secret access key,Console login link\nme,,A,s,https://example.com",
        "Access Key\nA\n\nSecret Key\ns\n",
        "Access Key: A\nSecret Key: s\nExpiration: no-expiry",
        r#"{"url":"http://h:9001/api","accessKey":"A","secretKey":"s","api":"s3v4","path":"auto"}"#,
    ] {
        assert_eq!(
            presign_web::credentials(text, "access_key_id"),
            keys,
            "{text}"
        );
    }
    let r2 = "Token value\nv1\nAccess Key ID\nA\nClick to copy\nSecret Access Key\ns\nUse jurisdiction-specific endpoints for S3 clients:\nhttps://0f.r2.cloudflarestorage.com";
    assert_eq!(
        presign_web::credentials(r2, "access_key_id"),
        profile(
            r#"{"access_key_id":"A","endpoint":"https://0f.r2.cloudflarestorage.com","region":"auto","secret_access_key":"s"}"#
        )
    );
    let place = profile(
        r#"{"access_key_id":"A","bucket":"b","endpoint":"http://127.0.0.1:9000","region":"r","secret_access_key":"s"}"#,
    );
    for text in [
        "S3_ENDPOINT=http://127.0.0.1:9000\nS3_BUCKET=b\nS3_REGION=r\nS3_ACCESS_KEY=A\nS3_SECRET_KEY=s",
        "AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000\nBUCKET_NAME=\"b\"\nAWS_REGION=r\nAWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=s",
        "access key ID      A\nsecret access key  s\nbucket             b, in the path\nregion             r\nendpoint           http://127.0.0.1:9000\n",
    ] {
        assert_eq!(
            presign_web::credentials(text, "access_key_id"),
            place,
            "{text}"
        );
    }
    let two = "[default]\naws_access_key_id = A\naws_secret_access_key = s\n\n[profile prod]\naws_access_key_id=B\naws_secret_access_key=t\n[sso]\nsso_region=x";
    assert_eq!(
        presign_web::credentials(two, "access_key_id"),
        r#"{"profiles":[{"name":"default","values":{"access_key_id":"A","secret_access_key":"s"}},{"name":"prod","values":{"access_key_id":"B","secret_access_key":"t"}}],"secret":true}"#
    );
    for (text, secret) in [
        ("", false),
        ("AKIAIOSFODNN7EXAMPLE", false),
        ("examplebucket", false),
        ("a=b\nc=d", true),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", true),
        ("the secret: x", true),
    ] {
        let none = format!(r#"{{"profiles":[],"secret":{secret}}}"#);
        assert_eq!(
            presign_web::credentials(text, "access_key_id"),
            none,
            "{text}"
        );
    }
}

#[test]
fn a_part_of_the_credentials() {
    let id = "AKIAIOSFODNN7EXAMPLE";
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let pasted = |text: &str| -> serde_json::Value {
        serde_json::from_str(&presign_web::credentials(text, "access_key_id")).unwrap()
    };
    let values = |text: &str| pasted(text)["profiles"][0]["values"].clone();
    for text in [
        format!("export AWS_ACCESS_KEY_ID={id}"),
        format!("AWS_ACCESS_KEY_ID={id} # key"),
        format!("\"AccessKeyId\": “{id}”,"),
        format!("# AWS_ACCESS_KEY_ID=AKIAOLDOLDOLDOLDOLD1\nAWS_ACCESS_KEY_ID={id}\u{200b}"),
    ] {
        assert_eq!(
            values(&text),
            serde_json::json!({"access_key_id": id}),
            "{text}"
        );
    }
    for text in [
        format!("export AWS_SECRET_ACCESS_KEY={secret}"),
        format!("AWS_SECRET_ACCESS_KEY=\"{secret}\"  # secret"),
    ] {
        assert_eq!(
            values(&text),
            serde_json::json!({"secret_access_key": secret}),
            "{text}"
        );
    }
    assert_eq!(
        values("MINIO_ROOT_PASSWORD=\"a #b\""),
        serde_json::json!({"secret_access_key": "a #b"})
    );
    assert_eq!(
        values("AWS_SESSION_TOKEN=t"),
        serde_json::json!({"session_token": "t"})
    );
    for separator in [":", ",", ", ", " ", "\t", "\n", "="] {
        let both = serde_json::json!({"access_key_id": id, "secret_access_key": secret});
        assert_eq!(
            values(&format!("{id}{separator}{secret}")),
            both,
            "{separator:?}"
        );
    }

    // A secret must not appear in the field of the ID.
    for text in [
        "mc alias set myminio http://127.0.0.1:9000 minioadmin minioadmin",
        "minioadmin:minioadmin",
        "minioadmin, minioadmin",
        "myaccesskey:mysecret",
        "my-access-key: my-password",
        &format!("S3_KEY={secret}"),
        &format!("{id}:{secret}:{secret}"),
    ] {
        let none = serde_json::json!({"profiles": [], "secret": true});
        assert_eq!(pasted(text), none, "{text}");
    }
    for text in [" minioadmin\n", "“AKIA”", "S3_ACCESS_KEY=minioadmin"] {
        let none = serde_json::json!({"profiles": [], "secret": false});
        assert_eq!(pasted(text), none, "{text}");
    }
    let endpoint = presign_web::credentials("http://127.0.0.1:9000", "endpoint");
    assert_eq!(endpoint, r#"{"profiles":[],"secret":false}"#);
}
