use core::hint::black_box;
use core::time::Duration;

use presign::{Bucket, Credentials, Explanation, Identity, Presigner, SigningKey};

use super::{Peer, TOKEN, sign};
use crate::items::{
    ACCESS_KEY_ID, ACL, ALL_HEADERS, AUTHOR, BUCKET, CACHE_CONTROL, CONTENT_TYPE, DISPOSITION,
    REGION, SECONDS, SECRET, UPLOAD_TYPE,
};
use crate::{Item, now};

const EXPIRY: Duration = Duration::from_secs(SECONDS);

pub fn ways() -> Vec<Peer> {
    let long_lived = Credentials::new(ACCESS_KEY_ID, SECRET);
    let temporary = long_lived.clone().session_token(&TOKEN);
    let today = |credentials: &Credentials<'static>| -> SigningKey<'static> {
        credentials
            .signing_key(&bucket(), now())
            .expect("a key")
            .into_owned()
    };
    let (key, temporary_key) = (today(&long_lived), today(&temporary));
    let (for_many, for_many_overridden) = (key.clone(), temporary_key.clone());
    vec![
        Peer {
            package: "presign",
            way: "`sign_into`, signing key",
            get: into(key.clone(), get),
            get_overridden: into(temporary_key.clone(), overridden),
            put: into(key.clone(), put),
            each: None,
            from_strings: sign(|key, url| {
                let mut buffer = [0; 4096];
                let credentials = Credentials::new(black_box(ACCESS_KEY_ID), black_box(SECRET));
                let bucket = Bucket::new(black_box(BUCKET), black_box(REGION)).expect("a bucket");
                let presigner = get((&credentials).into(), &bucket, key);
                url(&presigner.sign_into(now(), &mut buffer).expect("a URL"));
            }),
        },
        Peer {
            package: "presign",
            way: "`sign_at`, signing key",
            get: owned(key.clone(), get),
            get_overridden: owned(temporary_key, overridden),
            put: owned(key, put),
            each: None,
            from_strings: Err("a program that starts from strings has no signing key yet"),
        },
        Peer {
            package: "presign",
            way: "`sign_at`, credentials",
            get: owned(long_lived.clone(), get),
            get_overridden: owned(temporary, overridden),
            put: owned(long_lived, put),
            each: None,
            from_strings: sign(|key, url| {
                let credentials = Credentials::new(black_box(ACCESS_KEY_ID), black_box(SECRET));
                let bucket = Bucket::new(black_box(BUCKET), black_box(REGION)).expect("a bucket");
                let presigner = get((&credentials).into(), &bucket, key);
                url(&presigner.sign_at(now()).expect("a URL"));
            }),
        },
        Peer {
            package: "presign",
            way: "`sign_into`, signing key, one list of headers",
            get: Err(AS_ABOVE),
            get_overridden: Err(AS_ABOVE),
            put: into(for_many.clone(), put_list),
            each: None,
            from_strings: Err(AS_ABOVE),
        },
        Peer {
            package: "presign",
            way: "`Batch::sign_into`",
            get: batch(&for_many, get),
            get_overridden: batch(&for_many_overridden, overridden),
            put: batch(&for_many, put),
            each: None,
            from_strings: Err(FOR_MANY),
        },
        Peer {
            package: "presign",
            way: "`Batch::sign_each`",
            get: Err(FOR_MANY),
            get_overridden: Err(FOR_MANY),
            put: Err(FOR_MANY),
            each: Some(each(&for_many)),
            from_strings: Err(FOR_MANY),
        },
    ]
}

const AS_ABOVE: &str = "has no headers";
const FOR_MANY: &str = "signs many keys at once";

/// The hashed texts.
pub fn explain(item: Item, key: &str) -> Explanation {
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET);
    let (credentials, build): (_, Build) = match item {
        Item::W2 => (credentials.session_token(&TOKEN), overridden),
        Item::W3 => (credentials, put),
        Item::W1 | Item::W4 | Item::FromStrings => (credentials, get),
    };
    let explained = build((&credentials).into(), &bucket(), key).explain_at(now());
    explained.expect("a request that can be signed")
}

fn bucket() -> Bucket<'static> {
    Bucket::new(BUCKET, REGION).expect("a bucket")
}

type Build = for<'p> fn(Identity<'p>, &'p Bucket<'p>, &'p str) -> Presigner<'p>;

fn get<'p>(identity: Identity<'p>, bucket: &'p Bucket<'p>, key: &'p str) -> Presigner<'p> {
    Presigner::get(identity, bucket, key).expires_in(EXPIRY)
}

fn overridden<'p>(identity: Identity<'p>, bucket: &'p Bucket<'p>, key: &'p str) -> Presigner<'p> {
    get(identity, bucket, key)
        .response_content_type(CONTENT_TYPE)
        .response_content_disposition(DISPOSITION)
        .response_cache_control(CACHE_CONTROL)
}

fn put<'p>(identity: Identity<'p>, bucket: &'p Bucket<'p>, key: &'p str) -> Presigner<'p> {
    Presigner::put(identity, bucket, key)
        .expires_in(EXPIRY)
        .content_type(UPLOAD_TYPE)
        .acl(ACL)
        .metadata(AUTHOR.0, AUTHOR.1)
}

/// The same as `put`.
fn put_list<'p>(identity: Identity<'p>, bucket: &'p Bucket<'p>, key: &'p str) -> Presigner<'p> {
    Presigner::put(identity, bucket, key)
        .expires_in(EXPIRY)
        .headers(&ALL_HEADERS)
}

fn into<I: 'static>(identity: I, build: Build) -> super::Item
where
    for<'p> &'p I: Into<Identity<'p>>,
{
    let (bucket, mut buffer) = (bucket(), [0; 4096]);
    sign(move |key, url| {
        let presigner = build((&identity).into(), &bucket, key);
        url(&presigner.sign_into(now(), &mut buffer).expect("a URL"));
    })
}

fn owned<I: 'static>(identity: I, build: Build) -> super::Item
where
    for<'p> &'p I: Into<Identity<'p>>,
{
    let bucket = bucket();
    sign(move |key, url| {
        url(&build((&identity).into(), &bucket, key)
            .sign_at(now())
            .expect("a URL"));
    })
}

fn batch(key: &SigningKey<'_>, build: Build) -> super::Item {
    let bucket = bucket();
    let prepared = build(key.into(), &bucket, "").batch_at(now());
    let (batch, mut buffer) = (prepared.expect("a batch"), [0; 4096]);
    sign(move |key, url| url(&batch.sign_into(key, &mut buffer).expect("a URL")))
}

fn each(key: &SigningKey<'_>) -> super::SignEach {
    let prepared = get(key.into(), &bucket(), "").batch_at(now());
    let batch = prepared.expect("a batch");
    Box::new(move |keys, url| {
        for signed in batch.sign_each(keys).expect("URLs").iter() {
            url(&signed);
        }
    })
}
