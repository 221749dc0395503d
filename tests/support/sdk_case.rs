//! A request from `tests/data/presigned_urls.jsonl`, with the URLs that SDKs created for it.

use presign::Timestamp;
use presign::verify::{Rejection, Request, Verifier};
use serde_json::Value;

use super::asking::{Address, Asking, Outcome, Secrets, as_str, variant};
use super::parts::Parts;

/// What a line of the data omits.
const DEFAULTS: &str = r#"{
    "method": "GET", "bucket": "examplebucket", "key": "test.txt", "region": "us-west-2", "at": "20130524T000000Z",
    "expires": 3600, "credentials": ["AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null]
}"#;

/// A request, with the URLs that SDKs created for it.
pub(crate) struct Case {
    line: Value,
    defaults: Value,
}

impl Case {
    pub(crate) fn all(lines: &str) -> Vec<Self> {
        let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let case = |line| Self {
            line: parse(line),
            defaults: parse(DEFAULTS),
        };
        lines.lines().map(case).collect()
    }

    pub(crate) fn id(&self) -> &str {
        self.text("id").unwrap()
    }

    /// The rows of a list, each with its SDKs.
    pub(crate) fn rows(&self, name: &str) -> impl Iterator<Item = (&Value, Vec<&str>)> {
        let rows = self.get(name).as_array().into_iter().flatten();
        rows.map(|row| (row, row["sdks"].as_str().unwrap().split(' ').collect()))
    }

    pub(crate) fn sdks(&self, name: &str) -> Vec<&str> {
        let sdks = self.text(name).into_iter();
        sdks.flat_map(|sdks| sdks.split(' ')).collect()
    }

    fn get(&self, name: &str) -> &Value {
        let given = self.line.get(name).or(self.defaults.get(name));
        given.unwrap_or(&Value::Null)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name).as_str()
    }

    fn pairs(&self, name: &str) -> Vec<(String, String)> {
        let pairs = self.get(name).as_array().into_iter().flatten();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        pairs.map(|pair| (text(&pair[0]), text(&pair[1]))).collect()
    }

    fn secrets(&self, name: &str) -> Option<Secrets<'_>> {
        let secrets = self.get(name);
        let (id, secret) = (secrets[0].as_str()?, secrets[1].as_str()?);
        Some((id, secret, secrets[2].as_str()))
    }

    fn time(&self) -> Timestamp {
        let stamp = self.text("at").unwrap();
        let number = |from, to| stamp.get(from..to).unwrap().parse::<u16>().unwrap();
        let two = |at| number(at, at + 2) as u8;
        let [month, day, hour, minute, second] = [4, 6, 9, 11, 13].map(two);
        let month = time::Month::try_from(month).unwrap();
        let date = time::Date::from_calendar_date(number(0, 4).into(), month, day).unwrap();
        let time = time::Time::from_hms(hour, minute, second).unwrap();
        time::UtcDateTime::new(date, time).into()
    }

    /// Expands `{auth}`.
    fn expand(&self, url: &str) -> String {
        let (id, ..) = self.secrets("credentials").unwrap();
        let (region, at) = (self.text("region").unwrap(), self.text("at").unwrap());
        let (day, expires) = (at.split('T').next().unwrap(), self.get("expires"));
        let auth = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={id}%2F{day}%2F{region}%2Fs3%2Faws4_request\
             &X-Amz-Date={at}&X-Amz-Expires={expires}"
        );
        url.replace("{auth}", &auth)
    }

    /// The request as recorded.
    pub(crate) fn given(&self) -> Asking<'_> {
        let settings = self.text("settings").unwrap_or_default();
        let has = |setting| settings.split(' ').any(|given| given == setting);
        Asking {
            method: self.text("method").unwrap().to_owned(),
            secrets: self.secrets("credentials").unwrap(),
            region: self.text("region").unwrap(),
            bucket: self.text("bucket").map(str::to_owned),
            key: self.text("key").map(str::to_owned),
            address: Address {
                endpoint: self.text("endpoint").map(str::to_owned),
                path_style: self.text("style") == Some("path"),
                accelerate: has("accelerate"),
                dual_stack: has("dualstack"),
                fips: has("fips"),
                global: has("global"),
            },
            at: self.time(),
            expires: self.get("expires").as_u64(),
            dot_segments: false,
            query: self.pairs("query"),
            headers: self.pairs("headers"),
            #[cfg(feature = "sigv4a")]
            region_set: None,
        }
    }

    /// The request with everything that a URL shows, except its address.
    fn shown(&self, row: &Value, expected: &Parts) -> Asking<'_> {
        let mut asking = self.given();
        asking.show(row, expected);
        let id = expected.parameter("X-Amz-Credential").unwrap();
        let session = self.secrets("session");
        if let Some(session) = session.filter(|(session, ..)| id.starts_with(session)) {
            asking.secrets = session;
        }
        asking
    }

    /// Builds the URL of a row with everything that it shows, for each address that its host can mean.
    pub(crate) fn ask(&self, row: &Value) -> Outcome {
        let Some(expected) = Parts::new(&self.expand(row["url"].as_str().unwrap())) else {
            return Outcome::OtherAddress;
        };
        let mut asking = self.shown(row, &expected);
        let mut outcome = None;
        for address in asking.addresses(&expected) {
            asking.address = address;
            let this = match asking.sign() {
                Err(error) => Outcome::Refused(variant(error)),
                Ok(url) => match Parts::new(&url).unwrap() {
                    ours if ours == expected => return asking.since(&self.given()),
                    ours if ours.address() == expected.address() => return Outcome::OtherSignature,
                    ours if ours.query == expected.query => Outcome::OtherSpelling,
                    _ => Outcome::OtherAddress,
                },
            };
            outcome = match outcome {
                Some(Outcome::OtherAddress) if this == Outcome::OtherSpelling => Some(this),
                None => Some(this),
                first => first,
            };
        }
        outcome.unwrap()
    }

    /// Verifies the URL of a row as a server does, with the headers that it signs.
    pub(crate) fn verify(&self, row: &Value) -> Result<(), Rejection> {
        let url = self.expand(row["url"].as_str().unwrap());
        let expected = Parts::new(&url).ok_or(Rejection::MalformedUrl)?;
        let asking = self.shown(row, &expected);
        let (_, rest) = url.split_once("://").unwrap();
        let (_, target) = rest.split_at(rest.find('/').unwrap());
        let headers = as_str(&asking.headers);
        // The host as a client sends it.
        let request = Request::from_parts(&asking.method, &expected.host, target, &headers);
        let (id, ..) = asking.secrets;
        let who = |asked: &str| (asked == id).then(|| asking.credentials());
        let verified = Verifier::new().verify(&request, self.time(), who)?;
        assert_eq!(verified.access_key_id(), id);
        Ok(())
    }
}
