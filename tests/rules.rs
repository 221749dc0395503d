//! A value is accepted or refused the same way through every entry point.
#![cfg(feature = "alloc")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::sync::LazyLock;

use presign::{Bucket, Checksum, Credentials, Encryption, Error, Method, Presigner, Timestamp};

#[path = "support/naive.rs"]
#[allow(dead_code)] // the property tests use all of it
mod naive;

#[cfg(feature = "post")]
use naive::rules::FIELDS;
use naive::rules::{HEADERS, Kind, PARAMETERS, find};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);
static CREDENTIALS: Credentials<'static> = Credentials::new("AKIAEXAMPLE", "secret");

static BUCKET: LazyLock<Bucket<'static>> =
    LazyLock::new(|| Bucket::new("examplebucket", "eu-west-1").unwrap());

fn put<'a>() -> Presigner<'a> {
    Presigner::put(&CREDENTIALS, &BUCKET, "k")
}

fn sign(presigner: Presigner<'_>) -> Result<(), Error> {
    presigner.sign_at(NOW).map(drop)
}

/// The name of an error, or nothing.
fn name(result: Result<(), Error>) -> Option<String> {
    let text = format!("{:?}", result.err()?);
    Some(text[..text.find([' ', '{']).unwrap_or(text.len())].to_owned())
}

fn values(kind: Kind) -> Vec<String> {
    let mut values = kind.good();
    values.extend(Kind::doubtful());
    values
}

/// Compares each value through each entry point with the rule, and counts the comparisons.
#[track_caller]
fn compare(place: &str, table: &[(&str, Kind, bool)], doors: &[(&str, Door)]) {
    let (mut accepted, mut refused) = (0, 0);
    for (row, kind, _) in table {
        let upper = row.to_ascii_uppercase();
        let case_counts = place == "query" && !row.starts_with("x-amz-");
        let names = [*row, if case_counts { row } else { &upper }];
        for value in values(*kind) {
            let expected = kind.refuses(&value, place).map(str::to_owned);
            for (door, open) in doors {
                for given in names {
                    let result = name(open(given, &value));
                    assert_eq!(result, expected, "{given:?} with {value:?} by {door}");
                }
            }
            match expected {
                None => accepted += 1,
                Some(_) => refused += 1,
            }
        }
    }
    assert!(
        accepted > table.len() && refused > table.len() / 2,
        "{accepted} {refused}"
    );
}

type Door = fn(&str, &str) -> Result<(), Error>;

#[test]
fn headers() {
    compare(
        "header",
        &HEADERS,
        &[
            ("header", |name, value| sign(put().header(name, value))),
            ("a list of headers", |name, value| {
                sign(put().headers(&[(name, value)]))
            }),
            ("a list among others", |name, value| {
                sign(
                    put()
                        .headers(&[("x-a", "b")])
                        .headers(&[("z", ""), (name, value)]),
                )
            }),
        ],
    );
}

/// Parameters, and headers passed as parameters.
#[test]
fn parameters() {
    let doors: [(&str, Door); 2] = [
        ("query_parameter", |name, value| {
            sign(put().query_parameter(name, value))
        }),
        ("a list of parameters", |name, value| {
            sign(put().query(&[(name, value)]))
        }),
    ];
    compare("query", &PARAMETERS, &doors);
    let hoisted = HEADERS.into_iter().filter_map(|(name, ..)| {
        let amazon = name.starts_with("x-amz-");
        find("query", name).filter(|_| amazon)
    });
    let hoisted: Vec<_> = hoisted.filter(|rule| rule.1 != Kind::Reserved).collect();
    compare("query", &hoisted, &doors);
}

#[cfg(feature = "post")]
#[test]
fn fields() {
    let post: [(&str, Door); 1] = [("field", |name, value| {
        presign::post::PostPolicy::new(&CREDENTIALS, &BUCKET, "k")
            .field(name, value)
            .sign_at(NOW)
            .map(drop)
    })];
    compare("field", &FIELDS, &post);
    let headers: Vec<_> = HEADERS
        .into_iter()
        .filter(|(name, kind, _)| {
            *kind != Kind::Reserved && find("field", name) == find("header", name)
        })
        .collect();
    compare("field", &headers, &post);
}

/// Requests signed by a signer without checks.
#[test]
fn verifier() {
    use presign::verify::{Rejection, Request, Verifier};

    let verify = |query: &[(&str, &str)], headers: &[(&str, &str)]| {
        let owned = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter();
            pairs
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                .collect()
        };
        let signed = naive::sign(&naive::Request {
            query: owned(query),
            headers: owned(headers),
            ..naive::plain()
        });
        let request = Request::new("GET", &signed.url, headers)?;
        let verifier = Verifier::new();
        verifier
            .verify(&request, NOW, |_| Some(CREDENTIALS.clone()))
            .map(drop)
    };
    let mut rejected = 0;
    for (table, place) in [(&HEADERS[..], "header"), (&PARAMETERS[..], "query")] {
        for (row, kind, _) in table.iter().filter(|(_, kind, _)| *kind != Kind::Reserved) {
            for value in values(*kind) {
                let pair = [(*row, value.as_str())];
                let verified = match place {
                    "header" => verify(&[], &pair),
                    _ => verify(&pair, &[]),
                };
                let refused = kind.refuses(&value, place).is_some();
                assert_eq!(
                    verified.is_err(),
                    refused,
                    "{row} with {value:?}: {verified:?}"
                );
                if *kind != Kind::PayloadHash && refused {
                    assert_eq!(verified, Err(Rejection::InvalidValue { name: row }));
                    rejected += 1;
                }
            }
        }
    }
    assert!(rejected > 200, "{rejected}");
}

/// Setters for texts, with the row of each, so that the same rule applies.
#[test]
fn setters() {
    type Setter = for<'a> fn(Presigner<'a>, &'a str) -> Presigner<'a>;
    let setters: [(&str, &str, Setter); 34] = [
        ("header", "cache-control", |p, v| p.cache_control(v)),
        ("header", "content-disposition", |p, v| {
            p.content_disposition(v)
        }),
        ("header", "content-encoding", |p, v| p.content_encoding(v)),
        ("header", "content-language", |p, v| p.content_language(v)),
        ("header", "content-md5", |p, v| p.content_md5(v)),
        ("header", "content-type", |p, v| p.content_type(v)),
        ("header", "if-match", |p, v| p.if_match(v)),
        ("header", "if-none-match", |p, v| p.if_none_match(v)),
        ("header", "range", |p, v| p.range(v)),
        ("header", "x-amz-acl", |p, v| p.acl(v)),
        ("header", "x-amz-checksum-crc32", |p, v| {
            p.checksum(Checksum::Crc32(v))
        }),
        ("header", "x-amz-checksum-crc32c", |p, v| {
            p.checksum(Checksum::Crc32c(v))
        }),
        ("header", "x-amz-checksum-crc64nvme", |p, v| {
            p.checksum(Checksum::Crc64Nvme(v))
        }),
        ("header", "x-amz-checksum-sha1", |p, v| {
            p.checksum(Checksum::Sha1(v))
        }),
        ("header", "x-amz-checksum-sha256", |p, v| {
            p.checksum(Checksum::Sha256(v))
        }),
        ("header", "x-amz-copy-source", |p, v| p.copy_source(v)),
        ("header", "x-amz-expected-bucket-owner", |p, v| {
            p.expected_bucket_owner(v)
        }),
        (
            "header",
            "x-amz-server-side-encryption-aws-kms-key-id",
            |p, v| {
                p.encryption(Encryption::Kms {
                    key_id: Some(v),
                    context: None,
                })
            },
        ),
        ("header", "x-amz-server-side-encryption-context", |p, v| {
            p.encryption(Encryption::Kms {
                key_id: None,
                context: Some(v),
            })
        }),
        (
            "header",
            "x-amz-server-side-encryption-customer-key",
            |p, key| {
                p.encryption(Encryption::Customer {
                    key,
                    key_md5: "1B2M2Y8AsgTpgAmY7PhCfg==",
                })
            },
        ),
        (
            "header",
            "x-amz-server-side-encryption-customer-key-md5",
            |p, key_md5| {
                let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
                p.encryption(Encryption::Customer { key, key_md5 })
            },
        ),
        ("header", "x-amz-storage-class", |p, v| p.storage_class(v)),
        ("header", "x-amz-tagging", |p, v| p.tagging(v)),
        ("query", "continuation-token", |p, v| {
            p.continuation_token(v)
        }),
        ("query", "delimiter", |p, v| p.delimiter(v)),
        ("query", "prefix", |p, v| p.prefix(v)),
        ("query", "response-cache-control", |p, v| {
            p.response_cache_control(v)
        }),
        ("query", "response-content-disposition", |p, v| {
            p.response_content_disposition(v)
        }),
        ("query", "response-content-encoding", |p, v| {
            p.response_content_encoding(v)
        }),
        ("query", "response-content-language", |p, v| {
            p.response_content_language(v)
        }),
        ("query", "response-content-type", |p, v| {
            p.response_content_type(v)
        }),
        ("query", "response-expires", |p, v| p.response_expires(v)),
        ("query", "start-after", |p, v| p.start_after(v)),
        ("query", "versionId", |p, v| p.version_id(v)),
    ];
    for (place, row, setter) in setters {
        let (_, kind, _) = find(place, row).unwrap();
        for value in values(kind) {
            let expected = kind.refuses(&value, place).map(str::to_owned);
            assert_eq!(
                name(sign(setter(put(), &value))),
                expected,
                "{row} with {value:?}"
            );
        }
        let (good, again) = (&kind.good()[0], [(row, "")]);
        let again = match place {
            "header" => sign(setter(put(), good).headers(&again)),
            _ => sign(setter(put(), good).query(&again)),
        };
        assert!(again.is_err(), "{row} by its setter and by a list");
    }
}

/// Numbers and upload IDs, whose setters or constructors have other types.
#[test]
fn numbers() {
    let part = |number| name(sign(put().part_number(number)));
    for number in [0, 1, 10_000, 10_001] {
        let text = number.to_string();
        let by_list = name(sign(put().query(&[("partNumber", &text)])));
        assert_eq!(part(number), by_list);
        assert_eq!(by_list.is_none(), (1..=10_000).contains(&number));
    }
    for upload_id in ["", " ", "a"] {
        let typed = Presigner::upload_part(&CREDENTIALS, &BUCKET, "k", upload_id, 1);
        let typed = name(typed.sign_at(NOW).map(drop));
        assert_eq!(typed, name(sign(put().query(&[("uploadId", upload_id)]))));
        assert_eq!(typed.is_none(), upload_id == "a");
    }
}

/// A name that S3 reads once must not be repeated; other names can be.
#[test]
fn given_twice() {
    for (row, kind, once) in HEADERS
        .into_iter()
        .filter(|(_, kind, _)| *kind != Kind::Reserved)
    {
        let value = &kind.good()[0];
        let twice = name(sign(put().headers(&[
            (row, value),
            ("a", "b"),
            (row, value),
        ])));
        assert_eq!(twice.as_deref(), once.then_some("DuplicateHeader"), "{row}");
    }
    for (row, kind, _) in PARAMETERS
        .into_iter()
        .filter(|(_, kind, _)| *kind != Kind::Reserved)
    {
        let good = kind.good();
        let (first, last) = (good.first().unwrap(), good.last().unwrap());
        let twice = name(sign(put().query(&[(row, first), (row, last)])));
        assert_eq!(twice.as_deref(), Some("DuplicateQueryParameter"), "{row}");
    }
}

/// Values that a request does not use are reported: each of these signs.
#[test]
fn unused() {
    use presign::Advisory::Unused;

    let unused = |presigner: Presigner<'_>| {
        let found = presigner.advisories(NOW);
        let found = found.filter_map(|advisory| match advisory {
            Unused { name } => Some(name),
            _ => None,
        });
        found.collect::<Vec<_>>()
    };
    let delete = Presigner::delete(&CREDENTIALS, &BUCKET, "k");
    assert_eq!(
        unused(delete.prefix("a").max_keys(5).part_number(3)),
        ["max-keys", "partNumber", "prefix"]
    );
    assert_eq!(unused(delete.version_id("v").if_match("a")), [""; 0]);
    let get = Presigner::get(&CREDENTIALS, &BUCKET, "k");
    let of_upload = get
        .content_disposition("attachment")
        .acl("private")
        .metadata("a", "b");
    assert_eq!(
        unused(of_upload),
        ["content-disposition", "x-amz-acl", "x-amz-meta-"]
    );
    assert_eq!(
        unused(
            get.range("bytes=0-1")
                .response_content_type("a/b")
                .part_number(1)
        ),
        [""; 0]
    );
    assert_eq!(
        unused(get.header("X-Amz-Storage-Class", "a")),
        ["x-amz-storage-class"]
    );
    let list = Presigner::list(&CREDENTIALS, &BUCKET)
        .prefix("a")
        .delimiter("/")
        .max_keys(5);
    assert_eq!(unused(list), [""; 0]);
    assert_eq!(
        unused(list.response_content_type("a/b")),
        ["response-content-type"]
    );
    let create = Presigner::bucket(Method::Put, &CREDENTIALS, &BUCKET).acl("private");
    assert_eq!(unused(create), [""; 0]);
    let start = Presigner::create_multipart_upload(&CREDENTIALS, &BUCKET, "k");
    assert_eq!(
        unused(start.content_type("a/b").storage_class("GLACIER")),
        [""; 0]
    );
}
