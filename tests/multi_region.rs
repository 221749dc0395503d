//! Signature Version 4A: multi-region access points and region sets. Each request has many valid signatures, so an
//! implementation independent of the signer verifies them.
#![allow(clippy::panic, clippy::unwrap_used)] // clippy.toml covers only `#[test]` functions

use presign::{Bucket, Credentials, Error, Presigner, Timestamp};

const ARN: &str = "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap";
const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const NOW: Timestamp = Timestamp::from_unix(1_369_353_600); // 2013-05-24T00:00:00Z

fn credentials() -> Credentials<'static> {
    Credentials::new("AKIAIOSFODNN7EXAMPLE", SECRET_ACCESS_KEY)
}

/// Settings that no multi-region access point supports, however it is signed.
#[test]
fn conflicts() {
    let bucket = || Bucket::new(ARN, "us-west-2").unwrap();
    let point = "multi-region access point";
    for (bucket, one, other) in [
        (bucket().fips(), "FIPS", point),
        (bucket().dual_stack(), "dual-stack", point),
        (bucket().accelerate(), "accelerate", "ARN"),
        (bucket().path_style(), "path style", "ARN"),
        (bucket().global_endpoint(), "global endpoint", "ARN"),
        (
            Bucket::new(ARN, "aws-global").unwrap(),
            "region aws-global",
            "ARN",
        ),
        (
            bucket().endpoint("https://h.example").unwrap(),
            point,
            "custom endpoint",
        ),
        (
            bucket().endpoint("http://127.0.0.1").unwrap(),
            "ARN",
            "endpoint at an IP address",
        ),
    ] {
        let conflict = Error::EndpointConflict { one, other };
        assert_eq!(bucket.host().err(), Some(conflict));
        let credentials = credentials();
        let presigner = Presigner::get(&credentials, &bucket, "k");
        assert_eq!(presigner.sign_into(NOW, &mut [0; 1024]), Err(conflict));
    }
}

#[cfg(not(feature = "sigv4a"))]
#[test]
fn needs_the_feature() {
    use presign::Method;

    let (credentials, bucket) = (credentials(), Bucket::new(ARN, "us-west-2").unwrap());
    assert_eq!(bucket.host().err(), Some(Error::NeedsSigv4a));
    assert_eq!(
        credentials.signing_key(&bucket, NOW).err(),
        Some(Error::NeedsSigv4a)
    );
    for presigner in [
        Presigner::get(&credentials, &bucket, "k"),
        Presigner::bucket(Method::Get, &credentials, &bucket),
    ] {
        assert_eq!(
            presigner.sign_into(NOW, &mut [0; 1024]),
            Err(Error::NeedsSigv4a)
        );
        #[cfg(feature = "alloc")]
        assert_eq!(presigner.explain_at(NOW).err(), Some(Error::NeedsSigv4a));
    }
    // A key for one region cannot replace it.
    let ordinary = Bucket::new("examplebucket", "us-west-2").unwrap();
    let key = credentials.signing_key(&ordinary, NOW).unwrap();
    assert_eq!(
        Presigner::get(&key, &bucket, "k").sign_into(NOW, &mut [0; 1024]),
        Err(Error::NeedsSigv4a)
    );
    assert_eq!(
        Error::NeedsSigv4a.to_string(),
        "multi-region access point requires SigV4a: enable the feature `sigv4a`"
    );
}

#[cfg(all(feature = "sigv4a", feature = "alloc"))]
mod sigv4a {
    use core::time::Duration;

    use percent_encoding::percent_decode_str;
    use presign::Method;
    use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    const RECORDED: &str = include_str!("data/multi_region.txt");
    const SUITE: &str = include_str!("data/sigv4a_suite.txt");

    fn multi_region() -> Bucket<'static> {
        Bucket::new(ARN, "us-west-2").unwrap()
    }

    /// The text after a field's name at the start of a line.
    fn values<'t>(text: &'t str, field: &str) -> impl Iterator<Item = &'t str> {
        text.lines()
            .filter_map(move |line| line.strip_prefix(field)?.strip_prefix(' '))
    }

    #[track_caller]
    fn bytes(hexadecimal: &str) -> Vec<u8> {
        let mut bytes = vec![0; hexadecimal.len() / 2];
        hex::decode_to_slice(hexadecimal, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn many_keys() -> Result<(), Error> {
        let bucket = multi_region();
        let credentials = Credentials::new("AKIAEXAMPLE", "secret");
        let now = Timestamp::from_unix(1_369_353_600);
        let keys = ["a", "b c", "d"];
        let presigner = |key| Presigner::get(&credentials, &bucket, key);
        let batch = presigner("").batch_at(now)?;
        let urls = batch.sign_each(keys)?;
        assert_eq!(urls.len(), keys.len());
        for (key, url) in keys.into_iter().zip(urls.iter()) {
            let expected = presigner(key).sign_at(now)?;
            assert_eq!(
                (url, batch.sign(key)?),
                (expected.as_str(), expected.clone())
            );
        }
        Ok(())
    }

    fn verifies(public_key: &[u8], string_to_sign: &str, signature: &str) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, public_key)
            .verify(string_to_sign.as_bytes(), &bytes(signature))
            .is_ok()
    }

    /// The signatures that `src/sigv4/suite_v4a.rs` checks: those of the suite, and ours.
    #[test]
    fn suite() {
        let public_key = bytes(values(SUITE, "public-key").next().unwrap());
        let mut verified = [0, 0];
        for case in SUITE.split("\ncase ").skip(1) {
            let string = values(case, "string").collect::<Vec<_>>().join("\n");
            let other = format!("{string} ");
            for (field, count) in ["signature", "deterministic"]
                .into_iter()
                .zip(&mut verified)
            {
                for signature in values(case, field) {
                    assert!(
                        verifies(&public_key, &string, signature),
                        "{field} of {case}"
                    );
                    assert!(
                        !verifies(&public_key, &other, signature),
                        "{field} of {case}"
                    );
                    *count += 1;
                }
            }
        }
        assert_eq!(verified, [62, 31]);
    }

    /// Our URLs have the same parameters except for the signature, and we sign exactly what the SDK signed.
    #[test]
    fn recorded_urls() {
        let cases: Vec<_> = RECORDED.split("\ncase ").skip(1).map(Case::parse).collect();
        let token = values(RECORDED, "token").next().unwrap();
        let mut counts = [0; 4];
        for case in &cases {
            for (sdks, url) in &case.urls {
                let sdks = sdks.split(' ').count();
                let what = format!("{}: {url}", case.name);
                let recorded = Recorded::parse(url, token);
                let id = recorded
                    .value("X-Amz-Credential")
                    .split('/')
                    .next()
                    .unwrap();
                let public_key = values(RECORDED, "public-key")
                    .find_map(|line| line.strip_prefix(id))
                    .map(|key| bytes(key.trim_start()));
                let public_key = public_key.unwrap();
                let mut credentials = Credentials::new(id, SECRET_ACCESS_KEY);
                if recorded
                    .pairs
                    .iter()
                    .any(|(name, _)| name == "X-Amz-Security-Token")
                {
                    credentials = credentials.session_token(token);
                }
                let bucket = match case.bucket() {
                    Ok(bucket) => bucket,
                    Err(error) => {
                        assert_eq!(format!("{error:?}"), case.refused, "{what}");
                        counts[3] += sdks;
                        continue;
                    }
                };
                let query: Vec<_> = recorded.given().collect();
                let headers: Vec<_> = case
                    .headers
                    .iter()
                    .map(|(name, value)| (*name, &**value))
                    .collect();
                let method = case.method.unwrap_or(Method::Get);
                let presigner = match case.key {
                    Some(key) => Presigner::new(method, &credentials, &bucket, key),
                    None => Presigner::bucket(method, &credentials, &bucket),
                };
                let presigner = presigner.expires_in(HOUR).query(&query).headers(&headers);

                let string_to_sign = presigner.explain_at(NOW).unwrap();
                let string_to_sign = string_to_sign.string_to_sign();
                let ours = presigner.sign_at(NOW).unwrap();
                let again = presigner.sign_at(NOW).unwrap();
                assert_eq!(ours.as_str(), again.as_str(), "deterministic");
                let ours = Recorded::parse(ours.as_str(), token);
                let (signature, theirs) = (
                    ours.value("X-Amz-Signature"),
                    recorded.value("X-Amz-Signature"),
                );
                assert!(verifies(&public_key, string_to_sign, signature), "{what}");

                assert_eq!(ours.unsigned(), recorded.unsigned(), "{what}");
                if case.differs.is_empty() {
                    assert_eq!(ours.address, recorded.address, "{what}");
                    assert!(verifies(&public_key, string_to_sign, theirs), "{what}");
                    counts[usize::from(case.bucket != ARN)] += sdks;
                } else {
                    assert_ne!(ours.address, recorded.address, "{what}");
                    assert!(!verifies(&public_key, string_to_sign, theirs), "{what}");
                    counts[2] += sdks;
                }
            }
        }
        let [by_sdks, by_crt, differ, refused] = counts;
        println!(
            "{} requests: {by_sdks} URLs by SDKs, {by_crt} by crt-v4a, {differ} differ, {refused} refused",
            cases.len()
        );
        assert_eq!((cases.len(), counts), (14, [14, 7, 2, 2]));
    }

    #[derive(Default)]
    struct Case<'t> {
        name: &'t str,
        method: Option<Method>,
        bucket: &'t str,
        endpoint: Option<&'t str>,
        key: Option<&'t str>,
        headers: Vec<(&'t str, String)>,
        differs: &'t str,
        refused: &'t str,
        urls: Vec<(&'t str, &'t str)>,
    }

    impl<'t> Case<'t> {
        fn parse(text: &'t str) -> Self {
            let mut lines = text.lines();
            let mut case = Self {
                name: lines.next().unwrap(),
                ..Self::default()
            };
            for line in lines.take_while(|line| !line.is_empty()) {
                if let Some(url) = line.split_once(" | ") {
                    case.urls.push(url);
                    continue;
                }
                let (field, value) = line.split_once(' ').unwrap();
                match field {
                    "method" => case.method = Some(value.parse().unwrap()),
                    "bucket" => case.bucket = value,
                    "endpoint" => case.endpoint = Some(value),
                    "key" => case.key = Some(value),
                    "header" => {
                        let (name, value) = value.split_once(':').unwrap();
                        case.headers.push((name, decoded(value)));
                    }
                    "differs" => case.differs = value,
                    "refused" => case.refused = value,
                    _ => panic!("{}: what is {field}?", case.name),
                }
            }
            case
        }

        /// A URL whose path is not a bucket and a key is an endpoint with a prefix.
        fn bucket(&self) -> Result<Bucket<'t>, Error> {
            match self.endpoint {
                Some(endpoint) => Bucket::service("us-west-2")?
                    .endpoint(endpoint)?
                    .region_set("*"),
                None if self.bucket == ARN => Bucket::new(self.bucket, "us-west-2"),
                None => Bucket::new(self.bucket, "us-west-2")?.region_set("*"),
            }
        }
    }

    /// A URL, split into parts.
    struct Recorded<'t> {
        /// The part before the query.
        address: &'t str,
        /// Decoded, in order.
        pairs: Vec<(String, String)>,
    }

    impl<'t> Recorded<'t> {
        fn parse(url: &'t str, token: &str) -> Self {
            let (address, query) = url.split_once('?').unwrap();
            let mut pairs: Vec<_> = query
                .split('&')
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap();
                    let value = if value == "{token}" {
                        token.into()
                    } else {
                        decoded(value)
                    };
                    (decoded(name), value)
                })
                .collect();
            pairs.sort();
            Self { address, pairs }
        }

        #[track_caller]
        fn value(&self, name: &str) -> &str {
            let (_, value) = self.pairs.iter().find(|(other, _)| other == name).unwrap();
            value
        }

        fn unsigned(&self) -> Vec<&(String, String)> {
            self.pairs
                .iter()
                .filter(|(name, _)| name != "X-Amz-Signature")
                .collect()
        }

        /// Parameters that signing did not add.
        fn given(&self) -> impl Iterator<Item = (&str, &str)> {
            let signing = [
                "X-Amz-Algorithm",
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-Expires",
                "X-Amz-Region-Set",
                "X-Amz-Security-Token",
                "X-Amz-Signature",
                "X-Amz-SignedHeaders",
            ];
            self.pairs
                .iter()
                .map(|(name, value)| (&**name, &**value))
                .filter(move |(name, _)| !signing.contains(name))
        }
    }

    #[track_caller]
    fn decoded(text: &str) -> String {
        String::from_utf8(percent_decode_str(text).collect()).unwrap()
    }

    /// A key pair is valid for any day and any set of regions, but not for signing for a single region.
    #[test]
    fn signing_keys() {
        let credentials = credentials().session_token("token");
        let (bucket, ordinary) = (
            multi_region(),
            Bucket::new("examplebucket", "us-west-2").unwrap(),
        );
        let key = credentials.signing_key(&bucket, NOW).unwrap();
        assert_eq!(key.day_ends_at(), None);
        let later = Timestamp::from_unix(NOW.as_unix() + 40 * 86_400);
        let some = multi_region().region_set("us-west-2,eu-*").unwrap();
        let global = ordinary.clone().region_set("*").unwrap();
        for at in [NOW, later] {
            for bucket in [&bucket, &some, &global] {
                let by_key = Presigner::get(&key, bucket, "k").sign_at(at).unwrap();
                let by_credentials = Presigner::get(&credentials, bucket, "k")
                    .sign_at(at)
                    .unwrap();
                assert_eq!(by_key.as_str(), by_credentials.as_str());
            }
        }

        let mismatch = Error::SigningKeyMismatch { part: "algorithm" };
        assert_eq!(
            mismatch.to_string(),
            "signing key is for a different algorithm than the bucket's"
        );
        assert_eq!(
            Presigner::get(&key, &ordinary, "k").sign_at(NOW).err(),
            Some(mismatch)
        );
        let key = credentials.signing_key(&ordinary, NOW).unwrap();
        for bucket in [&bucket, &some, &global] {
            assert_eq!(
                Presigner::get(&key, bucket, "k").sign_at(NOW).err(),
                Some(mismatch)
            );
            assert_eq!(
                Presigner::get(&key, bucket, "k").sign_into(later, &mut [0; 1024]),
                Err(mismatch)
            );
        }
    }

    /// RFC 6979: the same request has the same signature, whichever function signs it; another request has another.
    #[test]
    fn deterministic() {
        let (credentials, bucket) = (credentials(), multi_region());
        let url = |key| {
            Presigner::get(&credentials, &bucket, key)
                .sign_at(NOW)
                .unwrap()
                .into_string()
        };
        let [one, two] = [url("k"), url("k")];
        assert_eq!(one, two);
        let mut buffer = [0; 1024];
        let presigner = Presigner::get(&credentials, &bucket, "k");
        assert_eq!(presigner.sign_into(NOW, &mut buffer), Ok(&*one));
        let signature = |url: &str| url.rsplit_once('=').unwrap().1.to_owned();
        assert_ne!(signature(&url("l")), signature(&one));
    }

    /// A signature usually has 138 to 144 digits, sometimes fewer. A buffer needs room for the longest.
    #[test]
    fn buffers() {
        let (credentials, bucket) = (credentials(), multi_region());
        let mut lengths = std::collections::BTreeMap::<usize, usize>::new();
        let signer = credentials.signing_key(&bucket, NOW).unwrap();
        for n in 100..160 {
            let key = n.to_string();
            let presigner = Presigner::get(&signer, &bucket, &key);
            let url = presigner.sign_at(NOW).unwrap().into_string();
            let length = url.rsplit_once('=').unwrap().1.len();
            *lengths.entry(length).or_default() += 1;

            let needed = url.len() - length + 144;
            let mut buffer = vec![0; needed];
            assert_eq!(presigner.sign_into(NOW, &mut buffer), Ok(&*url));
            let short = presigner.sign_into(NOW, &mut buffer[1..]);
            assert_eq!(short, Err(Error::BufferTooSmall { needed }));
        }
        assert!(
            lengths.contains_key(&144) && lengths.contains_key(&142) && lengths.contains_key(&140),
            "{lengths:?}"
        );
        assert!(
            lengths.keys().all(|length| (130..=144).contains(length)),
            "{lengths:?}"
        );
    }

    #[test]
    fn region_sets() {
        let long = ["us-west-2"; 30].join(",");
        for regions in ["*", "us-east-1", "us-*", "us-west-2,eu-*,ap-south-1", &long] {
            let bucket = multi_region().region_set(regions).unwrap();
            let url = Presigner::get(&credentials(), &bucket, "k")
                .sign_at(NOW)
                .unwrap();
            let url = Recorded::parse(url.as_str(), "");
            assert_eq!(url.value("X-Amz-Region-Set"), regions);
            assert_eq!(
                url.value("X-Amz-Credential"),
                "AKIAIOSFODNN7EXAMPLE/20130524/s3/aws4_request"
            );
        }
        for regions in [
            "",
            ",",
            "us-east-1,",
            ",us-east-1",
            "us-east-1, eu-west-1",
            "*-1",
            "**",
            "us_east_1",
            "é",
            "a\n",
        ] {
            let error = multi_region().region_set(regions).err();
            assert_eq!(error, Some(Error::InvalidRegionSet), "{regions}");
        }
    }
}
