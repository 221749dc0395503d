//! Compares `presign` and `try_presign` in SQL with URLs that the crate signs, and verifies them.

use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, LargeStringArray, RecordBatch, StringArray,
    StringViewArray,
};
use datafusion::arrow::datatypes::Int32Type;
use datafusion::error::Result;
use datafusion::prelude::SessionContext;
use presign::verify::{Request, Verifier};
use presign::{Credentials, Presigner, Timestamp};
use presign_inventory::function::register;
use presign_inventory::signer::{Place, Signer};

const KEYS: [Option<&str>; 5] = [Some("a b/é.jpg"), None, Some("c"), Some("d"), Some("e")];
const BUCKETS: [Option<&str>; 5] = [
    Some("one"),
    Some("one"),
    Some("one"),
    None,
    Some("two.with.dots"),
];
const AT: &str = "'2013-05-24T00:00:00Z'";
const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

fn signer() -> Signer {
    Signer {
        credentials: Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret"),
        place: Place {
            region: "eu-west-1".to_owned(),
            ..Place::default()
        },
    }
}

fn context(signer: Signer, keys: ArrayRef, buckets: ArrayRef) -> SessionContext {
    let mut context = SessionContext::new();
    register(&mut context, Some(&Arc::new(signer))).unwrap();
    let batch = RecordBatch::try_from_iter([("key", keys), ("bucket", buckets)]).unwrap();
    context.register_batch("inventory", batch).unwrap();
    context
}

fn default_context() -> SessionContext {
    context(signer(), strings(&KEYS), strings(&BUCKETS))
}

fn strings(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

async fn column(context: &SessionContext, expression: &str) -> Result<Vec<Option<String>>> {
    let sql = format!("SELECT {expression} AS url FROM inventory");
    let batches = context.sql(&sql).await?.collect().await?;
    let urls = batches.iter().flat_map(|batch| {
        let urls = batch.column(0).as_string::<i32>();
        urls.iter()
            .map(|url| url.map(str::to_owned))
            .collect::<Vec<_>>()
    });
    Ok(urls.collect())
}

async fn error(context: &SessionContext, expression: &str) -> String {
    column(context, expression)
        .await
        .unwrap_err()
        .strip_backtrace()
}

/// The URLs, signed one by one and verified.
fn expected(expires_in: u64) -> Vec<Option<String>> {
    let signer = signer();
    let pairs = KEYS.iter().zip(BUCKETS);
    let urls = pairs.map(|(key, bucket)| {
        let bucket = signer.bucket(bucket?).unwrap();
        let presigner = Presigner::get(&signer.credentials, &bucket, (*key)?);
        let url = presigner
            .expires_in(Duration::from_secs(expires_in))
            .sign_at(NOW)
            .unwrap();
        let request = Request::new("GET", url.as_str(), &[]).unwrap();
        Verifier::new()
            .verify(&request, NOW, |_| Some(signer.credentials.clone()))
            .unwrap();
        Some(url.into_string())
    });
    urls.collect()
}

#[tokio::test]
async fn signs_every_kind_of_string_column() {
    let keys: [ArrayRef; 4] = [
        strings(&KEYS),
        Arc::new(LargeStringArray::from(KEYS.to_vec())),
        Arc::new(StringViewArray::from(KEYS.to_vec())),
        Arc::new(DictionaryArray::<Int32Type>::from_iter(KEYS)),
    ];
    let buckets: [ArrayRef; 4] = [
        strings(&BUCKETS),
        Arc::new(LargeStringArray::from(BUCKETS.to_vec())),
        Arc::new(StringViewArray::from(BUCKETS.to_vec())),
        Arc::new(DictionaryArray::<Int32Type>::from_iter(BUCKETS)),
    ];
    for keys in &keys {
        for buckets in &buckets {
            let context = context(signer(), keys.clone(), buckets.clone());
            for function in ["presign", "try_presign"] {
                let urls = column(&context, &format!("{function}(key, bucket, 60, {AT})"))
                    .await
                    .unwrap();
                assert_eq!(
                    urls,
                    expected(60),
                    "{} {}",
                    keys.data_type(),
                    buckets.data_type()
                );
            }
        }
    }
}

#[tokio::test]
async fn accepts_literals_and_nulls() {
    let context = default_context();
    let urls = column(
        &context,
        &format!("presign(key, 'one', 60, TIMESTAMP {AT})"),
    )
    .await
    .unwrap();
    let expected = expected(60);
    assert_eq!(urls[0], expected[0]);
    assert!(urls[3].is_some() && urls[1].is_none());
    let urls = column(&context, &format!("presign('c', 'one', 60, {AT})"))
        .await
        .unwrap();
    assert!(urls.iter().all(|url| *url == expected[2]));
    for nulls in [
        "NULL, bucket, 60, ",
        "key, NULL, 60, ",
        "key, bucket, NULL, ",
    ] {
        let urls = column(&context, &format!("presign({nulls} {AT})"))
            .await
            .unwrap();
        assert_eq!(urls, [const { None }; 5], "{nulls}");
    }
    assert_eq!(
        column(&context, "presign(key, bucket, 60, NULL)")
            .await
            .unwrap(),
        [const { None }; 5]
    );
}

#[tokio::test]
async fn a_query_has_one_signing_time() {
    let context = default_context();
    let sql = "SELECT presign(key, bucket) AS short, presign(key, bucket, 7200) AS long FROM inventory WHERE key = 'c'";
    let frame = context.sql(sql).await.unwrap();
    let plan = frame.clone().into_optimized_plan().unwrap().to_string();
    let plan_time = plan
        .split("TimestampSecond(")
        .nth(1)
        .unwrap()
        .split(',')
        .next()
        .unwrap();
    assert_eq!(plan.matches(plan_time).count(), 2, "{plan}");
    assert!(
        !plan.contains("X-Amz-Signature") && !plan.contains("secret"),
        "{plan}"
    );

    let batches = frame.collect().await.unwrap();
    let time = |column: usize, expires_in: &str| {
        let url = batches[0]
            .column(column)
            .as_string::<i32>()
            .value(0)
            .to_owned();
        assert!(url.contains(&format!("&X-Amz-Expires={expires_in}&")));
        url.split("X-Amz-Date=").nth(1).unwrap()[..16].to_owned()
    };
    assert_eq!(time(0, "900"), time(1, "7200"));
}

#[tokio::test]
async fn one_odd_key_is_an_error_or_null() {
    let keys = [Some("a"), Some("b/../c"), Some(""), Some("d"), None];
    let context = context(signer(), strings(&keys), strings(&[Some("one"); 5]));
    let urls = column(&context, &format!("try_presign(key, bucket, 60, {AT})"))
        .await
        .unwrap();
    let signed: Vec<bool> = urls.iter().map(Option::is_some).collect();
    assert_eq!(signed, [true, false, false, true, false]);
    let message = error(&context, &format!("presign(key, bucket, 60, {AT})")).await;
    assert!(
        message.contains("presign: key \"b/../c\": object key has a '.' or '..' segment"),
        "{message}"
    );
    assert!(message.contains("try_presign returns null"), "{message}");
}

#[tokio::test]
async fn errors_name_the_cause() {
    let context = default_context();
    let mut ending = signer();
    ending.credentials = ending
        .credentials
        .session_token("token")
        .expiration(Timestamp::from_unix(NOW.as_unix() + 30));
    let ending = self::context(ending, strings(&KEYS), strings(&BUCKETS));
    let mut planned = SessionContext::new();
    register(&mut planned, None).unwrap();
    planned
        .register_table(
            "inventory",
            context.table_provider("inventory").await.unwrap(),
        )
        .unwrap();
    for (context, expression, message) in [
        (
            &context,
            "presign(key)",
            "presign requires key, bucket [, expires_in [, signed_at]]",
        ),
        (
            &context,
            "presign(key, 7)",
            "presign: bucket cannot be of type Int64",
        ),
        (
            &context,
            "presign(key, bucket, 'soon')",
            "presign: expires_in cannot be of type Utf8",
        ),
        (
            &context,
            "presign(key, 'ab')",
            "bucket name of 2 bytes is outside 3 to 255",
        ),
        (
            &context,
            "presign(key, bucket, 604801)",
            "expiry of 604801 s is outside 1 s to 604800 s",
        ),
        (
            &context,
            "try_presign(key, bucket, -1)",
            "expires_in is negative: -1",
        ),
        (
            &context,
            "presign(key, bucket, length(key))",
            "must be the same for all rows",
        ),
        (
            &ending,
            "try_presign(key, bucket, 60, '2013-05-24T00:00:00Z')",
            "credentials expire at 2013-05-24T00:00:30Z, before the URL",
        ),
        (
            &ending,
            "try_presign(key, bucket, 60)",
            "credentials expired at 2013-05-24T00:00:30Z",
        ),
        (
            &planned,
            "presign(key, bucket)",
            "this process has no credentials",
        ),
    ] {
        let error = error(context, expression).await;
        assert!(error.contains(message), "{expression}: {error}");
    }
}
