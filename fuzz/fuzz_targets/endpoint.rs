//! Any bucket, region, endpoint and ARN produces an error, or a host that a URL parser leaves unchanged and that is
//! also accepted as an endpoint.
#![no_main]

use libfuzzer_sys::fuzz_target;
use presign::Bucket;

mod record;

fuzz_target!(|text: &str| {
    let record = record::Record::parse(text);
    let Ok(bucket) = record.bucket() else { return };
    let given = record.get("bucket").unwrap_or("examplebucket");
    assert_eq!(bucket.name(), given);
    let host = match bucket.host() {
        Ok(host) => host.to_string(),
        Err(_) => return assert!(bucket.clone().into_owned().host().is_err()),
    };
    let owned = bucket.clone().into_owned();
    assert_eq!(owned.host().unwrap().to_string(), host);
    assert_eq!(
        (owned.name(), owned.region()),
        (bucket.name(), bucket.region())
    );
    assert_eq!(format!("{owned:?}"), format!("{bucket:?}"));

    let https = record.get("endpoint").is_none_or(|url| {
        url.get(..5)
            .is_some_and(|s| s.eq_ignore_ascii_case("https"))
    });
    let origin = format!("{}://{host}", if https { "https" } else { "http" });
    if host.contains("xn--") {
        return; // a parser decodes such a label, and may refuse it
    }
    let parsed = url::Url::parse(&origin).unwrap_or_else(|error| panic!("{origin}: {error}"));
    assert_eq!(parsed.as_str(), format!("{origin}/"));
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port.parse().unwrap())),
        _ => (&*host, None),
    };
    assert_eq!((parsed.host_str(), parsed.port()), (Some(name), port));
    assert!(
        name.split('.').all(|label| (1..=63).contains(&label.len())) || name.starts_with('['),
        "{name}"
    );

    if name.len() > 253 {
        return; // a bucket before an endpoint of maximum length: no resolver accepts such a host
    }
    let again = Bucket::new("a.b", "eu-west-1").unwrap().endpoint(&origin);
    let again = again
        .unwrap_or_else(|error| panic!("{origin}: {error}"))
        .path_style();
    assert_eq!(again.host().unwrap().to_string(), host);

    // Either character can separate the parts of an ARN's resource.
    if given.starts_with("arn:") {
        let fields: Vec<&str> = given.splitn(6, ':').collect();
        for [from, to] in [[":", "/"], ["/", ":"]] {
            let resource = fields[5].replace(from, to);
            let other = [&fields[..5], &[&resource]].concat().join(":");
            let other = Bucket::new(&other, "eu-west-1").unwrap();
            let plain = Bucket::new(given, "eu-west-1").unwrap();
            assert_eq!(other.region(), plain.region());
            assert_eq!(
                other.host().unwrap().to_string(),
                plain.host().unwrap().to_string()
            );
        }
    }
});
