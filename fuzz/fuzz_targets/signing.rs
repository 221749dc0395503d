//! Any request with any setters produces an error, or a URL that the verifier accepts, that reads back as the input,
//! and that is the same for every way of signing. (`canonicalizer` compares some of this with a second signer.)
#![no_main]

use libfuzzer_sys::fuzz_target;
use presign::verify::{Request, Verifier};
use presign::{Error, redact};
use sha2::{Digest, Sha256};

mod record;

fuzz_target!(|text: &str| {
    let record = record::Record::parse(text);
    let Ok(bucket) = record.bucket() else { return };
    let (credentials, now) = (record.credentials(), record.now());
    let presigner = record.presigner(&credentials, &bucket);
    let signed = presigner.sign_at(now);
    let mut wide = vec![0; 8192 + 3 * text.len()];
    let url = match (&signed, presigner.sign_into(now, &mut wide)) {
        (Err(error), Err(other)) if *error == other => return,
        (Ok(signed), Ok(_)) => signed.as_str(),
        (signed, written) => panic!("{signed:?}, but {written:?}"),
    };
    let signed = signed.as_ref().unwrap();

    // SigV4a signatures vary in length; the buffer needs room for the longest.
    let v4a = url.contains("X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&");
    let more = if v4a { 0..=8 } else { 0..=0 };
    let Err(Error::BufferTooSmall { needed }) = presigner.sign_into(now, &mut []) else {
        panic!("written into nothing")
    };
    assert!(more.contains(&(needed - url.len())), "{needed} for {url}");
    let mut exact = vec![0; needed];
    let small = presigner.sign_into(now, &mut exact[..needed - 1]);
    assert_eq!(small, Err(Error::BufferTooSmall { needed }));
    let into = presigner.sign_into(now, &mut exact).unwrap();
    assert_eq!(cut(into, v4a), cut(url, v4a));
    let key = credentials.signing_key(&bucket, now).unwrap();
    let with_key = record.presigner(&key, &bucket).sign_at(now).unwrap();
    assert_eq!(cut(with_key.as_str(), v4a), cut(url, v4a));

    if let Some(key) = record.key() {
        let batch = presigner.batch_at(now).unwrap();
        let one = batch.sign(key).unwrap();
        assert_eq!(cut(one.as_str(), v4a), cut(url, v4a));
        let each = batch.sign_each([key, key, key]).unwrap();
        assert_eq!(each.len(), 3);
        assert!(each.iter().all(|each| cut(each, v4a) == cut(url, v4a)));
    }

    let headers: Vec<_> = signed.headers().collect();
    let request = Request::new(signed.method().as_str(), url, &headers).unwrap();
    match Verifier::new().verify(&request, now, |_| Some(credentials.clone())) {
        Ok(verified) => {
            assert_eq!(verified.access_key_id(), credentials.access_key_id());
            assert_eq!(
                (verified.signed_at(), verified.expires_at()),
                (now, signed.expires_at())
            );
        }
        // Limits that only the verifier has.
        Err(rejection) => assert!(
            url.len() > 0xffff
                || record.query.len() > 490
                || credentials.access_key_id().len() > 255,
            "{rejection}: {url}"
        ),
    }

    let (place, query) = url.split_once('?').unwrap();
    let own = |(name, _): &(String, String)| !record::AUTHENTICATION.contains(&name.as_str());
    let mut parameters: Vec<_> = query.split('&').map(pair).filter(own).collect();
    parameters.sort();
    assert_eq!(parameters, record.parameters());
    if let Some(key) = record.key() {
        // The text before the key, an endpoint's path, may be something other than UTF-8.
        let place = percent_encoding::percent_decode_str(place).collect::<Vec<_>>();
        assert!(place.ends_with(format!("/{key}").as_bytes()), "{url}");
    }
    if !record.has("dots") {
        assert_eq!(url::Url::parse(url).map(String::from).as_deref(), Ok(url));
    }

    let explanation = presigner.explain_at(now).unwrap();
    let hash: String = Sha256::digest(explanation.canonical_request())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert!(explanation.string_to_sign().ends_with(&hash));

    let signature = signature(query);
    let hidden = format!(
        "{signed:?} {presigner:?} {bucket:?} {credentials:?} {}",
        redact(url)
    );
    assert!(!hidden.contains(signature), "{hidden}");
});

/// A SigV4a signature is different each time.
fn cut(url: &str, v4a: bool) -> &str {
    if v4a {
        url.split("&X-Amz-Signature=").next().unwrap()
    } else {
        url
    }
}

fn signature(query: &str) -> &str {
    let mut pairs = query.split('&');
    pairs
        .find_map(|pair| pair.strip_prefix("X-Amz-Signature="))
        .unwrap()
}

fn pair(pair: &str) -> (String, String) {
    let (name, value) = pair.split_once('=').unwrap();
    (decode(name), decode(value))
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .unwrap()
        .into_owned()
}
