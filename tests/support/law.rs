//! The law that every request must obey: every way to sign it produces the naive signer's URL, or an error for which
//! the naive signer sees the reason.

use core::time::Duration;

use presign::verify::Verifier;
use presign::{Bucket, Credentials, Error, ExpiryPolicy, Identity, Presigner, Timestamp};

use super::naive::{Policy, Request, Signed, mistakes, sign};

/// Panics if the law is broken; returns the signed URL.
#[track_caller]
pub(crate) fn hold(request: &Request) -> Option<Signed> {
    let is_arn = |name: &String| name.starts_with("arn:");
    if request.bucket.as_ref().is_some_and(is_arn) {
        return None; // unsupported by the naive signer
    }
    let mistakes = mistakes(request);
    let Some(signed) = mistakes.is_empty().then(|| sign(request)) else {
        match try_every_way(request, None) {
            Ok(()) => panic!("signed in spite of {mistakes:?}: {request:#?}"),
            Err(error) => assert!(
                mistakes.contains(&variant(&error).as_str()),
                "{error:?} where {mistakes:?} was expected: {request:#?}"
            ),
        }
        return None;
    };
    if let Err(error) = try_every_way(request, Some(&signed)) {
        panic!("refused without a reason, {error:?}: {request:#?}");
    }
    Some(signed)
}

/// The name of an error's variant.
pub(crate) fn variant(error: &Error) -> String {
    let text = format!("{error:?}");
    text.split([' ', '{', '('])
        .next()
        .unwrap_or_default()
        .into()
}

fn try_every_way(request: &Request, expected: Option<&Signed>) -> Result<(), Error> {
    let mut credentials = Credentials::new(&request.access_key_id, &request.secret_access_key);
    if let Some(token) = &request.session_token {
        let name = request.bucket.as_deref().unwrap_or_default();
        let set = match name.ends_with("--x-s3") || name.ends_with("--xa-s3") {
            true => Credentials::express_session_token,
            false => Credentials::session_token,
        };
        credentials = set(credentials, token);
    }
    if let Some(expiration) = request.expiration {
        credentials = credentials.expiration(Timestamp::from_unix(expiration));
    }
    let mut bucket = match &request.bucket {
        Some(name) => Bucket::new(name, &request.region)?,
        None => Bucket::service(&request.region)?,
    };
    if let Some(endpoint) = &request.endpoint {
        bucket = bucket.endpoint(endpoint)?;
    }
    if request.path_style {
        bucket = bucket.path_style();
    }
    if request.global_endpoint {
        bucket = bucket.global_endpoint();
    }
    let now = Timestamp::from_unix(request.now);
    let (query, headers, metadata) = (
        pairs(&request.query),
        pairs(&request.headers),
        pairs(&request.metadata),
    );

    let presigner = presigner(request, &credentials, &bucket)
        .query(&query)
        .headers(&headers)
        .metadata_list(&metadata);
    // Large enough for all input: three bytes for each byte, and a kilobyte for signing's own parameters.
    let text = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(a, b)| a.len() + b.len() + 2)
            .sum::<usize>()
    };
    let lengths = [
        request.key.as_ref().map_or(0, String::len),
        request.bucket.as_ref().map_or(0, String::len),
        request.access_key_id.len(),
        request.session_token.as_ref().map_or(0, String::len),
        request.version_id.as_ref().map_or(0, String::len),
        request.endpoint.as_ref().map_or(0, String::len),
        text(&query),
        text(&headers),
        text(&metadata),
    ];
    let mut wide = vec![0xff; lengths.iter().sum::<usize>() * 3 + 1024];
    let url = presigner.sign_into(now, &mut wide);
    #[cfg(feature = "alloc")]
    assert_eq!(presigner.sign_at(now).err(), url.err(), "{request:#?}");
    #[cfg(feature = "alloc")]
    if let Some(key) = &request.key {
        let batch = presigner.batch_at(now);
        let owned = batch.as_ref().map_err(Error::clone);
        let owned = owned.and_then(|batch| batch.sign(key));
        assert_eq!(owned.is_err(), url.is_err(), "{owned:?}: {request:#?}");
        let urls = batch.and_then(|batch| batch.sign_each(["another", key.as_str(), "x"]));
        match (url, urls) {
            (Ok(url), Ok(urls)) => {
                assert_eq!(urls.iter().nth(1), Some(url), "{request:#?}");
                assert_eq!(urls.len(), 3);
                assert_eq!(owned, presigner.sign_at(now));
            }
            (Err(_), Err(_)) => {}
            (url, urls) => panic!("{url:?} {urls:?}: {request:#?}"),
        }
    }
    let url = url?;
    let Some(signed) = expected else {
        return Ok(());
    };
    assert_eq!(url, signed.url, "{request:#?}");

    let needed = url.len();
    let mut exact = vec![0xff; needed];
    assert_eq!(presigner.sign_into(now, &mut exact)?, signed.url);
    for short in [needed - 1, needed / 2, 0] {
        assert_eq!(
            presigner.sign_into(now, &mut exact[..short]),
            Err(Error::BufferTooSmall { needed })
        );
    }

    let (q1, q2) = query.split_at(query.len() / 2);
    let (h1, h2) = headers.split_at(headers.len() / 2);
    let plain = self::presigner(request, &credentials, &bucket);
    let two_of_parameters = plain.query(q2).headers(&headers).query(q1);
    let two_of_headers = plain.headers(h1).query(&query).headers(h2);
    for in_lists in [two_of_parameters, two_of_headers] {
        let url = in_lists
            .metadata_list(&metadata)
            .sign_into(now, &mut exact)?;
        assert_eq!(url, signed.url, "in two lists");
    }
    if query.len() + headers.len() + metadata.len() < 8 {
        let one_by_one = query
            .iter()
            .fold(plain, |p, (name, value)| p.query_parameter(name, value));
        let one_by_one = metadata
            .iter()
            .fold(one_by_one, |p, (name, value)| p.metadata(name, value));
        let one_by_one = headers
            .iter()
            .fold(one_by_one, |p, (name, value)| p.header(name, value));
        // Values of one header are joined in the order of lists and setters, which differs here.
        let twice = request
            .headers
            .iter()
            .any(|(name, _)| name.to_ascii_lowercase().starts_with("x-amz-meta-"));
        if !twice {
            assert_eq!(
                one_by_one.sign_into(now, &mut exact)?,
                signed.url,
                "one by one"
            );
        }
    }

    let key = credentials.signing_key(&bucket, now)?;
    let with_key = self::presigner(request, &key, &bucket)
        .query(&query)
        .headers(&headers)
        .metadata_list(&metadata);
    assert_eq!(
        with_key.sign_into(now, &mut exact)?,
        signed.url,
        "with a signing key"
    );
    let end = Timestamp::from_unix(signed.expires_at);
    assert_eq!(with_key.valid_until(now)?, end);
    assert_eq!(presigner.valid_until(now)?, end);

    verify(request, signed, &credentials);

    #[cfg(feature = "alloc")]
    {
        let url = presigner.sign_at(now)?;
        assert_eq!(url.as_str(), signed.url);
        assert_eq!(url.method().as_str(), request.method);
        assert_eq!(url.expires_at(), end);
        let to_send = signed
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        assert!(url.headers().eq(to_send), "{request:#?}");
        let explanation = presigner.explain_at(now)?;
        assert_eq!(explanation.canonical_request(), signed.canonical_request);
        assert_eq!(explanation.string_to_sign(), signed.string_to_sign);

        let (credentials, bucket) = (
            credentials.clone().into_owned(),
            bucket.clone().into_owned(),
        );
        let key = credentials.signing_key(&bucket, now)?.into_owned();
        let owned = self::presigner(request, &key, &bucket)
            .query(&query)
            .headers(&headers)
            .metadata_list(&metadata);
        assert_eq!(
            owned.sign_at(now)?.into_string(),
            signed.url,
            "with owned parts"
        );
    }
    Ok(())
}

/// A signed request verifies, whether its headers are sent as they were passed in or as they were signed.
#[track_caller]
fn verify(request: &Request, signed: &Signed, credentials: &Credentials<'_>) {
    let (url, now) = (&signed.url, Timestamp::from_unix(request.now));
    let mut given = pairs(&request.headers);
    let metadata: Vec<(String, &str)> = request
        .metadata
        .iter()
        .map(|(name, value)| (format!("X-Amz-Meta-{name}"), value.as_str()))
        .collect();
    given.extend(metadata.iter().map(|(name, value)| (name.as_str(), *value)));
    let length = request.content_length.map(|bytes| bytes.to_string());
    given.extend(
        length
            .iter()
            .map(|length| ("Content-Length", length.as_str())),
    );
    let content_type = request.content_type.iter();
    given.extend(content_type.map(|content_type| ("Content-Type", content_type.as_str())));

    // Limits of the verifier that the signer does not have.
    let too_much =
        request.query.len() > 500 || url.len() > 0xffff || request.access_key_id.len() > 255;
    // What an endpoint's prefix can be, but a key cannot; and a second method of authentication.
    let path = url.split('?').next().unwrap_or_default();
    let path: Vec<u8> = percent_encoding::percent_decode_str(path).collect();
    let not_text = core::str::from_utf8(&path).is_err();
    let version_2 = ["AWSAccessKeyId", "Signature"];
    let mut names = request.query.iter().map(|(name, _)| name.as_str());
    let is_refused = too_much || not_text || names.any(|name| version_2.contains(&name));
    for headers in [given, pairs(&signed.headers)] {
        let received = presign::verify::Request::new(request.method, url, &headers).unwrap();
        let verified = Verifier::new().verify(&received, now, |id| {
            assert_eq!(id, request.access_key_id);
            Some(credentials.clone())
        });
        match verified {
            Ok(verified) => assert_eq!(verified.expires_at().as_unix(), signed.expires_at),
            Err(rejection) => assert!(is_refused, "{rejection}: {request:#?}"),
        }
    }
}

fn presigner<'a>(
    request: &'a Request,
    identity: impl Into<Identity<'a>>,
    bucket: &'a Bucket<'a>,
) -> Presigner<'a> {
    let method = request.method.parse().expect("a method that can be signed");
    let (seconds, nanoseconds) = request.expires;
    let presigner = match &request.key {
        Some(key) => Presigner::new(method, identity, bucket, key),
        None => Presigner::bucket(method, identity, bucket),
    };
    let mut presigner = presigner
        .expires_in(Duration::new(seconds, nanoseconds))
        .expiry_policy(match request.policy {
            Policy::Keep => ExpiryPolicy::Keep,
            Policy::Refuse => ExpiryPolicy::Refuse,
            Policy::Clamp => ExpiryPolicy::Clamp,
        });
    if request.allow_dot_segments {
        presigner = presigner.allow_dot_segments();
    }
    if let Some(version_id) = &request.version_id {
        presigner = presigner.version_id(version_id);
    }
    if let Some(number) = request.part_number {
        presigner = presigner.part_number(number);
    }
    if let Some(bytes) = request.content_length {
        presigner = presigner.content_length(bytes);
    }
    if let Some(content_type) = &request.content_type {
        presigner = presigner.content_type(content_type);
    }
    presigner
}

fn pairs(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect()
}
