//! Each advisory is reported in its cases, and in no others.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use core::time::Duration;

use presign::Advisory::{
    BucketInEndpoint, ChecksumNotBound, ContentTypeNotBound, CredentialsExpireFirst, DotSegments,
    DottedBucket, EmptySegments, EncodedKey, EndpointInOtherRegion, GlobalEndpoint,
    InsecureEndpoint, LockWithoutChecksum, LongLived, MissingToken, NonAsciiHeader,
    NonLatinResponse, OneRegionAtMultiRegionHost, SenderNeedsKey, UnknownExpiration,
    UnlikelyRegion, UnresolvableHost, UnstableHeader, WildcardInKey,
};
use presign::{
    Advisory, Bucket, Checksum, Credentials, Encryption, Error, Identity, Method, Presigner,
    Timestamp,
};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

fn credentials() -> Credentials<'static> {
    Credentials::new("AKIAEXAMPLE", "secret")
}

/// All advisories except those in tests/rules.rs.
fn told(presigner: Presigner<'_>) -> Vec<Advisory> {
    let advisories = presigner.advisories(NOW);
    advisories
        .filter(|advisory| !matches!(advisory, Advisory::Unused { .. }))
        .collect()
}

#[test]
fn buckets() {
    let bucket = |name, region| Bucket::new(name, region).unwrap();
    let at = |name, region, url| bucket(name, region).endpoint(url).unwrap();
    let cases = [
        (bucket("examplebucket", "eu-west-1"), vec![]),
        (
            at("examplebucket", "eu-west-1", "http://h.example"),
            vec![InsecureEndpoint],
        ),
        (
            at("examplebucket", "eu-west-1", "https://h.example"),
            vec![],
        ),
        (bucket("examplebucket", "auto"), vec![UnlikelyRegion]),
        (bucket("examplebucket", "undefined"), vec![UnlikelyRegion]),
        (bucket("examplebucket", "null"), vec![UnlikelyRegion]),
        (bucket("examplebucket", "us_east_1"), vec![UnlikelyRegion]),
        (bucket("examplebucket", "useast1"), vec![UnlikelyRegion]),
        (bucket("examplebucket", "us-east"), vec![UnlikelyRegion]),
        (bucket("examplebucket", "us-1"), vec![UnlikelyRegion]),
        (bucket("examplebucket", "us--east-1"), vec![UnlikelyRegion]),
        (bucket("examplebucket", "US-EAST-1"), vec![UnlikelyRegion]),
        (bucket("examplebucket", "eu-west-1a"), vec![UnlikelyRegion]),
        (
            bucket("examplebucket", "s3-external-1"),
            vec![UnlikelyRegion],
        ),
        (
            bucket("examplebucket", "aws-cn-global"),
            vec![UnlikelyRegion],
        ),
        (
            bucket("examplebucket", "aws-iso-global"),
            vec![UnlikelyRegion],
        ),
        (bucket("examplebucket", "aws-global"), vec![]),
        (bucket("examplebucket", "us-gov-west-1"), vec![]),
        (bucket("examplebucket", "ap-southeast-10"), vec![]),
        (
            at(
                "examplebucket",
                "auto",
                "https://bucket.vpce-1.S3.us-west-2.vpce.AMAZONAWS.com",
            ),
            vec![UnlikelyRegion, EndpointInOtherRegion],
        ),
        (
            at(
                "examplebucket",
                "auto",
                "https://s3.us-isob-east-1.sc2s.sgov.gov",
            ),
            vec![UnlikelyRegion, EndpointInOtherRegion],
        ),
        (
            at(
                "mfzwi23gnjvgw.mrap",
                "us-west-2",
                "https://accesspoint.s3-global.amazonaws.com",
            )
            .path_style(),
            vec![OneRegionAtMultiRegionHost],
        ),
        (
            Bucket::service("us-west-2")
                .and_then(|b| {
                    b.endpoint("https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com")
                })
                .unwrap(),
            vec![OneRegionAtMultiRegionHost],
        ),
        (at("examplebucket", "auto", "https://h.example"), vec![]),
        (bucket("example.bucket", "eu-west-1"), vec![DottedBucket]),
        (bucket("example.bucket", "eu-west-1").path_style(), vec![]),
        (
            at("example.bucket", "eu-west-1", "https://h.example"),
            vec![DottedBucket],
        ),
        (
            at("example.bucket", "eu-west-1", "http://h.example"),
            vec![InsecureEndpoint],
        ),
        (
            bucket(
                "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap",
                "eu-west-1",
            ),
            vec![],
        ),
        (
            bucket("examplebucket", "eu-west-1").global_endpoint(),
            vec![GlobalEndpoint],
        ),
        (
            bucket("examplebucket", "us-east-1").global_endpoint(),
            vec![],
        ),
    ];
    for (bucket, expected) in cases {
        let credentials = credentials();
        assert_eq!(
            told(Presigner::get(&credentials, &bucket, "k")),
            expected,
            "{bucket:?}"
        );
    }
}

/// Endpoints that already contain the bucket's name, and endpoints that may be placed after the bucket's name.
#[test]
fn endpoints() {
    let credentials = credentials();
    let cases: [(&str, &[Advisory], &[Advisory]); 15] = [
        ("https://h.example", &[], &[]),
        ("https://media.acc.example", &[BucketInEndpoint], &[]),
        ("https://Media.acc.example", &[BucketInEndpoint], &[]),
        ("https://media2.acc.example", &[], &[]),
        ("https://a.media.example", &[], &[]),
        (
            "https://h.example/media",
            &[BucketInEndpoint],
            &[BucketInEndpoint],
        ),
        (
            "https://h.example/a/media/",
            &[BucketInEndpoint],
            &[BucketInEndpoint],
        ),
        ("https://h.example/media/a", &[], &[]),
        ("https://h.example/a-media", &[], &[]),
        ("https://minio", &[UnresolvableHost], &[]),
        ("https://localhost:9000", &[UnresolvableHost], &[]),
        ("https://nas.Local", &[UnresolvableHost], &[]),
        ("https://host.docker.internal", &[UnresolvableHost], &[]),
        ("https://127.0.0.1:9000", &[], &[]),
        (
            "https://media.localhost",
            &[BucketInEndpoint, UnresolvableHost],
            &[],
        ),
    ];
    for (endpoint, virtual_hosted, path_style) in cases {
        let bucket = Bucket::new("media", "us-east-1").unwrap();
        let bucket = bucket.endpoint(endpoint).unwrap();
        let told = |bucket| told(Presigner::get(&credentials, &bucket, "k"));
        assert_eq!(told(bucket.clone()), virtual_hosted, "{endpoint}");
        assert_eq!(told(bucket.path_style()), path_style, "{endpoint}");
    }
    assert_eq!(
        BucketInEndpoint.to_string(),
        "the endpoint already contains the bucket name, so the URL would contain it twice"
    );
    let service = Bucket::service("us-east-1").unwrap();
    let service = service.endpoint("https://minio").unwrap();
    let presigner = Presigner::bucket(Method::Get, &credentials, &service);
    assert_eq!(told(presigner), []);
}

#[test]
fn endpoints_in_another_region() {
    let credentials = credentials();
    let cases = [
        ("s3.eu-west-1.amazonaws.com", "eu-west-1", "eu-west-2"),
        (
            "s3.dualstack.us-east-2.amazonaws.com",
            "us-east-2",
            "us-east-1",
        ),
        (
            "s3-fips-us-gov-west-1.amazonaws.com",
            "us-gov-west-1",
            "us-gov-east-1",
        ),
        (
            "s3.us-iso-east-1.c2s.ic.gov",
            "us-iso-east-1",
            "us-iso-west-1",
        ),
        (
            "s3.us-west-004.backblazeb2.com",
            "us-west-004",
            "us-east-005",
        ),
        ("s3.eu-central-1.wasabisys.com", "eu-central-1", "us-east-1"),
        ("fra1.digitaloceanspaces.com", "fra1", "nyc3"),
    ];
    for (host, same, other) in cases {
        let endpoint = format!("https://{host}");
        let advisories = |region| {
            let bucket = Bucket::new("media", region).unwrap();
            told(Presigner::get(
                &credentials,
                &bucket.endpoint(&endpoint).unwrap(),
                "k",
            ))
        };
        assert_eq!(advisories(same), [], "{host}");
        assert_eq!(advisories(other), [EndpointInOtherRegion], "{host}");
    }
    // The documentation of DigitalOcean signs for us-east-1 too.
    let bucket = Bucket::new("media", "us-east-1").unwrap();
    let bucket = bucket
        .endpoint("https://fra1.digitaloceanspaces.com")
        .unwrap();
    assert_eq!(told(Presigner::get(&credentials, &bucket, "k")), []);
}

#[cfg(feature = "sigv4a")]
#[test]
fn a_set_of_regions_fits_any_endpoint() -> Result<(), Error> {
    let bucket = Bucket::new("media", "us-east-1")?;
    let bucket = bucket.endpoint("https://s3.eu-west-1.amazonaws.com")?;
    let bucket = bucket.region_set("eu-*")?;
    assert_eq!(told(Presigner::get(&credentials(), &bucket, "k")), []);
    Ok(())
}

#[test]
fn keys() {
    let (credentials, bucket) = (
        credentials(),
        Bucket::new("examplebucket", "eu-west-1").unwrap(),
    );
    let cases: [(&str, &[Advisory]); 21] = [
        ("a/b", &[]),
        ("a/b/", &[]),
        ("a.b/..c/.d", &[]),
        (".", &[DotSegments]),
        ("a/../b", &[DotSegments]),
        ("a//b", &[EmptySegments]),
        ("/a", &[EmptySegments]),
        ("a//b/", &[EmptySegments]),
        ("//", &[EmptySegments]),
        ("a/b//", &[EmptySegments]),
        ("/", &[EmptySegments]),
        ("*", &[WildcardInKey]),
        ("a/*.jpg", &[WildcardInKey]),
        ("a%20b", &[EncodedKey]),
        ("Gr%C3%BC%c3%9fe", &[EncodedKey]),
        ("100%", &[]),
        ("100% a", &[]),
        ("%2", &[]),
        ("%2g", &[]),
        ("a//./*", &[DotSegments, EmptySegments, WildcardInKey]),
        ("%2E/?", &[EncodedKey]),
    ];
    for (key, expected) in cases {
        assert_eq!(
            told(Presigner::get(&credentials, &bucket, key)),
            expected,
            "{key}"
        );
    }
    assert_eq!(told(Presigner::list(&credentials, &bucket)), []);
}

#[test]
fn lifetimes() {
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let lives = |credentials: &Credentials<'_>, seconds| {
        told(Presigner::get(credentials, &bucket, "k").expires_in(Duration::from_secs(seconds)))
    };
    let long_lived = |seconds| LongLived { seconds };
    assert_eq!(lives(&credentials(), 43_200), []);
    assert_eq!(lives(&credentials(), 43_201), [long_lived(43_201)]);

    let at = Timestamp::from_unix(NOW.as_unix() + 600);
    let ending = credentials().session_token("token").expiration(at);
    assert_eq!(lives(&ending, 600), []);
    assert_eq!(lives(&ending, 601), [CredentialsExpireFirst { at }]);

    let unknown = credentials().session_token("token");
    assert_eq!(lives(&unknown, 600), [UnknownExpiration]);
    assert_eq!(
        lives(&unknown, 43_201),
        [long_lived(43_201), UnknownExpiration]
    );

    // What is an error when signing is not an advisory.
    assert_eq!(lives(&credentials(), 604_801), []);
}

#[test]
fn requests() {
    let (credentials, bucket) = (
        credentials(),
        Bucket::new("examplebucket", "eu-west-1").unwrap(),
    );
    let get = || Presigner::get(&credentials, &bucket, "k");
    let put = || Presigner::put(&credentials, &bucket, "k");
    let typed = || put().content_type("image/png");
    let unstable = |name| UnstableHeader { name };
    let customer = Encryption::Customer {
        key: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        key_md5: "hRasmdxgYDKV3nvbahU1MA==",
    };
    let cases = [
        (put(), vec![ContentTypeNotBound]),
        (typed(), vec![]),
        (get().content_type("image/png"), vec![]),
        (
            Presigner::bucket(Method::Put, &credentials, &bucket),
            vec![],
        ),
        (put().copy_source("examplebucket/k"), vec![]),
        (
            put()
                .copy_source("examplebucket/k")
                .headers(&[("x-amz-metadata-directive", "COPY")]),
            vec![],
        ),
        // Unless the metadata is to be replaced.
        (
            put()
                .copy_source("examplebucket/k")
                .headers(&[("X-Amz-Metadata-Directive", "REPLACE")]),
            vec![ContentTypeNotBound],
        ),
        // Parts have no content type, and neither do requests for a subresource.
        (
            Presigner::upload_part(&credentials, &bucket, "k", "id", 1),
            vec![],
        ),
        (put().query(&[("tagging", "")]), vec![]),
        // Parameters that SDKs add do not turn it into another request.
        (
            put().query(&[("x-id", "PutObject")]),
            vec![ContentTypeNotBound],
        ),
        (
            put().query(&[
                ("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"),
                ("x-amz-acl", "private"),
            ]),
            vec![ContentTypeNotBound],
        ),
        (typed().query(&[("x-id", "PutObject")]), vec![]),
        (
            get().query(&[(
                "x-amz-checksum-sha256",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            )]),
            vec![ChecksumNotBound],
        ),
        (
            get().query(&[("X-Amz-Checksum-CRC32", "AAAAAA==")]),
            vec![ChecksumNotBound],
        ),
        (get().query(&[("x-amz-checksum-mode", "ENABLED")]), vec![]),
        (get().query(&[("x-amz-check", "1")]), vec![]),
        (get().query(&[("x-amz-meta-checksum-", "1")]), vec![]),
        (get().headers(&[("x-amz-checksum-mode", "ENABLED")]), vec![]),
        (get().headers(&[("Via", "1.1 p")]), vec![unstable("via")]),
        (get().headers(&[("x-via", "1.1 p")]), vec![]),
        (
            get().headers(&[("User-Agent", "a"), ("Expect", "100-continue")]),
            vec![unstable("expect")],
        ),
        (
            typed().header("x-amz-object-lock-mode", "COMPLIANCE"),
            vec![LockWithoutChecksum],
        ),
        (
            typed().header("X-Amz-Object-Lock-Legal-Hold", "ON"),
            vec![LockWithoutChecksum],
        ),
        (
            typed()
                .header("x-amz-object-lock-mode", "COMPLIANCE")
                .content_md5("1B2M2Y8AsgTpgAmY7PhCfg=="),
            vec![],
        ),
        (
            typed()
                .header("x-amz-object-lock-legal-hold", "ON")
                .checksum(Checksum::Crc32("AAAAAA==")),
            vec![],
        ),
        (
            typed()
                .header("x-amz-object-lock-legal-hold", "ON")
                .header("x-amz-sdk-checksum-algorithm", "CRC32"),
            vec![],
        ),
        (typed().metadata("name", "Größe"), vec![NonAsciiHeader]),
        (typed().metadata("name", "Groesse"), vec![]),
        (get().response_content_disposition("Größe"), vec![]),
        (
            get().response_content_disposition("Größe €"),
            vec![NonLatinResponse],
        ),
        (
            get().response_content_language("\u{100}"),
            vec![NonLatinResponse],
        ),
        (get().response_content_language("\u{ff}"), vec![]),
        (get().prefix("€"), vec![]),
        (get().query(&[("my-response-", "€")]), vec![]),
        (typed().encryption(customer), vec![SenderNeedsKey]),
        (typed().encryption(Encryption::S3), vec![]),
    ];
    for (presigner, expected) in cases {
        assert_eq!(told(presigner), expected, "{presigner:?}");
    }
}

#[test]
fn tokens() -> Result<(), Error> {
    let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    let advisories = |id, token| {
        let credentials = Credentials::new(id, "secret");
        let credentials = match token {
            Some(token) => credentials
                .session_token(token)
                .expiration(Timestamp::from_unix(NOW.as_unix() + 7200)),
            None => credentials,
        };
        told(Presigner::get(&credentials, &bucket, "k"))
    };
    assert_eq!(advisories("ASIAIOSFODNN7EXAMPLE", None), [MissingToken]);
    assert_eq!(advisories("ASIAIOSFODNN7EXAMPLE", Some("token")), []);
    assert_eq!(advisories("AKIAIOSFODNN7EXAMPLE", None), []);
    assert_eq!(advisories("ASIA", None), [], "a name at another store");
    Ok(())
}

/// A signing key derived earlier produces the same advisories.
#[test]
fn identities() -> Result<(), Error> {
    let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    let credentials = credentials().session_token("token");
    let key = credentials.signing_key(&bucket, NOW)?;
    for identity in [Identity::from(&credentials), Identity::from(&key)] {
        assert_eq!(
            told(Presigner::get(identity, &bucket, "k")),
            [UnknownExpiration]
        );
    }
    Ok(())
}
