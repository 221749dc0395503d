//! First attempts by people who have read only the README and the list of methods. Each one compiles, or the compiler's
//! message names the right call; in that case the comment shows the attempt.
#![cfg(all(feature = "std", feature = "serde"))]
#![allow(
    clippy::needless_borrows_for_generic_args,
    clippy::std_instead_of_core,
    clippy::unwrap_used,
    reason = "as people write it"
)]

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock, Mutex, RwLock};
use std::time::{Duration, SystemTime};

use presign::{
    Bucket, Credentials, Error, ErrorKind, PresignedUrl, Presigner, SharedCredentials, SigningKey,
    Timestamp,
};

static BUCKET: LazyLock<Bucket<'static>> =
    LazyLock::new(|| Bucket::new("examplebucket", "eu-west-1").unwrap());
static CREDENTIALS: LazyLock<Credentials<'static>> =
    LazyLock::new(|| Credentials::new("AKIAEXAMPLE", "secret"));

fn arc(key: Arc<SigningKey<'static>>, bucket: &Bucket<'_>) -> Result<PresignedUrl, Error> {
    Presigner::get(&key, bucket, "k").sign()
}

#[test]
fn who_signs_may_be_behind_any_pointer() {
    let key = CREDENTIALS.signing_key(&BUCKET, SystemTime::now()).unwrap();
    arc(Arc::new(key.into_owned()), &BUCKET).unwrap();
    Presigner::get(&CREDENTIALS, &BUCKET, "k").sign().unwrap();
    let credentials = || CREDENTIALS.clone();
    Presigner::get(&Arc::new(credentials()), &BUCKET, "k")
        .sign()
        .unwrap();
    Presigner::get(&Rc::new(credentials()), &BUCKET, "k")
        .sign()
        .unwrap();
    Presigner::get(&Box::new(credentials()), &BUCKET, "k")
        .sign()
        .unwrap();
    Presigner::get(&&credentials(), &BUCKET, "k")
        .sign()
        .unwrap();
    let lock = RwLock::new(credentials());
    Presigner::get(&lock.read().unwrap(), &BUCKET, "k")
        .sign()
        .unwrap();
    let lock = RwLock::new(Arc::new(credentials()));
    Presigner::get(&lock.read().unwrap(), &BUCKET, "k")
        .sign()
        .unwrap();
    let lock = Mutex::new(credentials());
    Presigner::get(&lock.lock().unwrap(), &BUCKET, "k")
        .sign()
        .unwrap();
    let shared = SharedCredentials::new(credentials());
    Presigner::get(&shared, &BUCKET, "k").sign().unwrap();
    Presigner::get(&Arc::new(shared), &BUCKET, "k")
        .sign()
        .unwrap();
}

fn back_to_system_time(url: &PresignedUrl) -> SystemTime {
    url.expires_at().into()
}

fn timestamp_now(who: &Credentials<'_>, bucket: &Bucket<'_>) -> Result<PresignedUrl, Error> {
    let now = Timestamp::now();
    Presigner::get(who, bucket, "k").sign_at(now)
}

fn plus(a: Timestamp) -> Timestamp {
    a + Duration::from_secs(3)
}

fn minus(a: Timestamp, b: Timestamp) -> Duration {
    a - b
}

/// `from_unix(now)` with a `u64`: "expected `i64`, found `u64`", and the compiler suggests a conversion.
fn unix_now(now: u64) -> Timestamp {
    Timestamp::from_unix(now.try_into().unwrap())
}

/// `let now = SystemTime::now().into();`: "type annotations needed", and the compiler suggests naming the type.
fn now_into(who: &Credentials<'_>, bucket: &Bucket<'_>) -> Result<PresignedUrl, Error> {
    let now: Timestamp = SystemTime::now().into();
    Presigner::get(who, bucket, "k").sign_at(now)
}

/// `expires_in(3600)`: "expected `Duration`, found integer".
fn expires_secs(who: &Credentials<'_>, bucket: &Bucket<'_>) -> Result<PresignedUrl, Error> {
    let hour = Duration::from_secs(3600);
    Presigner::get(who, bucket, "k").expires_in(hour).sign()
}

#[test]
fn times() {
    let before = Timestamp::now();
    for sign in [timestamp_now, now_into] {
        let end = sign(&CREDENTIALS, &BUCKET).unwrap().expires_at();
        assert!(minus(end, before) >= Duration::from_secs(900));
    }
    let url = expires_secs(&CREDENTIALS, &BUCKET).unwrap();
    assert!(back_to_system_time(&url) > SystemTime::now() + Duration::from_secs(3590));
    assert_eq!(plus(unix_now(5)), unix_now(8));
}

/// `c.expiration()`, which is the setter: the compiler reports the missing argument. The getter has the same name as
/// that of a URL.
fn expiration_getter(credentials: &Credentials<'_>) -> Option<Timestamp> {
    credentials.expires_at()
}

/// `Credentials::new(id, secret)`: "expected `&str`, found `String`"; the documentation of `new` names this call.
fn owned_strings(id: String, secret: String) -> Credentials<'static> {
    Credentials::from_strings(id, secret, None)
}

#[derive(serde::Deserialize)]
struct Answer {
    link: PresignedUrl,
}

#[test]
fn owned_values() {
    let credentials = owned_strings("AKIAEXAMPLE".to_owned(), "secret".to_owned());
    assert_eq!(expiration_getter(&credentials), None);
    let link = Presigner::get(&credentials, &BUCKET, "k").sign().unwrap();
    let json = serde_json::json!({"link": link});
    assert_eq!(serde_json::from_value::<Answer>(json).unwrap().link, link);
}

/// With `response_content_disposition(&format!(...))`: "temporary value dropped while borrowed". A name needs no `format!`.
fn conditional(name: Option<&str>) -> Result<PresignedUrl, Error> {
    let mut presigner = Presigner::get(&CREDENTIALS, &BUCKET, "k");
    if let Some(name) = name {
        presigner = presigner.download_as(name);
    }
    presigner.sign()
}

/// `metadata(map)`: "takes 2 arguments".
fn metadata_map(metadata: &HashMap<String, String>) -> Result<PresignedUrl, Error> {
    let put = Presigner::put(&CREDENTIALS, &BUCKET, "k");
    let put = metadata
        .iter()
        .fold(put, |put, (name, value)| put.metadata(name, value));
    put.sign()
}

fn metadata_vec(metadata: &[(String, String)]) -> Result<PresignedUrl, Error> {
    let mut put = Presigner::put(&CREDENTIALS, &BUCKET, "k");
    for (name, value) in metadata {
        put = put.metadata(name, value);
    }
    put.sign()
}

fn each(keys: &[String]) -> Result<Vec<(&str, String)>, Error> {
    let batch = Presigner::get(&CREDENTIALS, &BUCKET, "").batch_at(Timestamp::now())?;
    let urls = batch.sign_each(keys)?;
    let links = keys.iter().zip(urls.iter());
    Ok(links
        .map(|(key, url)| (key.as_str(), url.to_owned()))
        .collect())
}

#[test]
fn values() {
    let header = |url: &PresignedUrl| {
        url.headers()
            .map(|(name, value)| format!("{name}:{value}"))
            .collect::<Vec<_>>()
    };
    let map = HashMap::from([("owner".to_owned(), "17".to_owned())]);
    assert_eq!(
        header(&metadata_map(&map).unwrap()),
        ["x-amz-meta-owner:17"]
    );
    let list: Vec<_> = map.into_iter().collect();
    assert_eq!(
        header(&metadata_vec(&list).unwrap()),
        ["x-amz-meta-owner:17"]
    );
    assert!(!conditional(None).unwrap().as_str().contains("disposition"));
    let named = conditional(Some("a \"b\".txt")).unwrap();
    assert!(
        named
            .as_str()
            .contains("disposition=attachment%3B%20filename%3D%22a%20_b_.txt%22")
    );
    let keys = ["a".to_owned(), "b".to_owned()];
    let links = each(&keys).unwrap();
    assert!(
        links
            .iter()
            .all(|(key, url)| url.contains(&format!(".com/{key}?")))
    );
    assert_eq!(links.len(), 2);
}

/// A service maps errors to statuses with one match.
#[test]
fn client_or_server() {
    let status = |error: Error| match error.kind() {
        ErrorKind::Key | ErrorKind::Value | ErrorKind::Time => 400,
        _ => 500,
    };
    let error = |key| {
        Presigner::get(&CREDENTIALS, &BUCKET, key)
            .sign()
            .unwrap_err()
    };
    assert_eq!(status(error("")), 400);
    assert_eq!(status(Bucket::new("b", "eu-west-1").unwrap_err()), 500);
}

/// `Bucket::new(name, region)?` in a struct: "lifetime may not live long enough". The README's service has `into_owned`.
struct Storage {
    bucket: Bucket<'static>,
    credentials: SharedCredentials,
}

impl Storage {
    fn new(name: &str, region: &str) -> Result<Self, Error> {
        Ok(Self {
            bucket: Bucket::new(name, region)?.into_owned(),
            credentials: SharedCredentials::new(CREDENTIALS.clone()),
        })
    }

    fn url(&self, key: &str) -> Result<String, Error> {
        Ok(Presigner::get(&self.credentials, &self.bucket, key)
            .sign()?
            .into())
    }
}

#[test]
fn a_struct_owns_what_it_signs_with() {
    let name = String::from("examplebucket");
    let storage = Storage::new(&name, "eu-west-1").unwrap();
    drop(name);
    let url = storage.url("k").unwrap();
    assert!(url.starts_with("https://examplebucket.s3.eu-west-1.amazonaws.com/k?"));
}

/// `query` with a list in a loop: "temporary value dropped while borrowed".
#[test]
fn parameters_from_a_map() {
    let map = HashMap::from([
        ("a".to_owned(), "1".to_owned()),
        ("b".to_owned(), "2".to_owned()),
    ]);
    let mut presigner = Presigner::get(&CREDENTIALS, &BUCKET, "k");
    for (name, value) in &map {
        presigner = presigner.query_parameter(name, value);
    }
    assert!(presigner.sign().unwrap().as_str().contains("&a=1&b=2"));
}

#[cfg(feature = "url")]
#[test]
fn a_url_of_another_type() {
    let presigned = || Presigner::get(&CREDENTIALS, &BUCKET, "k").sign_at(unix_now(0));
    let url: url::Url = presigned().unwrap().try_into().unwrap();
    assert_eq!(url.as_str(), presigned().unwrap().as_str());
}

#[cfg(feature = "http")]
#[test]
fn requests_of_http() {
    use presign::verify::{Rejection, Request, Verifier};

    let put = Presigner::put(&CREDENTIALS, &BUCKET, "k").content_type("image/png");
    let now = Timestamp::now();
    let request: http::Request<()> = put.sign_at(now).unwrap().try_into().unwrap();
    let mut request = request.map(|()| "body");
    let shared = SharedCredentials::new(CREDENTIALS.clone());
    let check = |request: &http::Request<&str>| {
        let who = |_: &str| Some((*shared.current()).clone());
        Verifier::new()
            .verify(&Request::try_from(request)?, now, who)
            .map(|_| ())
    };
    assert_eq!(check(&request), Ok(()));
    request
        .headers_mut()
        .insert("content-type", "text/html".parse().unwrap());
    assert_eq!(check(&request), Err(Rejection::SignatureMismatch));
}
