//! Upload forms: what is refused and with which words, and what holds for every form that is signed.
#![cfg(feature = "post")]
#![allow(clippy::panic, clippy::unwrap_used)] // clippy.toml spares only what stands in `#[test]` itself

use presign::{Bucket, Credentials, PostForm, PostPolicy, Timestamp};
use serde_json::{Value, json};

/// S3 puts the file's name in place of `${filename}` in every field before it looks at the conditions.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html>
#[test]
fn a_files_name_in_any_field() {
    let form = sign(|policy| {
        policy
            .metadata("name", "${filename}")
            .field("Content-Disposition", "attachment; filename=${filename}; x")
            .field_starts_with("x-amz-meta-open", "by ${filename}")
            .field("x-amz-meta-other", "${user} {filename}")
    });
    let fields: Vec<_> = form
        .fields()
        .filter(|(name, _)| !name.contains("amz-"))
        .collect();
    assert_eq!(
        fields[..2],
        [
            ("key", "k"),
            ("Content-Disposition", "attachment; filename=${filename}; x")
        ]
    );
    assert_eq!(
        form.open_fields().collect::<Vec<_>>(),
        [("x-amz-meta-open", "by ${filename}")]
    );
    assert_eq!(
        conditions(&form)[2..6],
        [
            json!(["starts-with", "$x-amz-meta-name", ""]),
            json!([
                "starts-with",
                "$Content-Disposition",
                "attachment; filename="
            ]),
            json!(["starts-with", "$x-amz-meta-open", "by "]),
            json!(["eq", "$x-amz-meta-other", "${user} {filename}"]),
        ]
    );
}

fn sign(set: impl FnOnce(PostPolicy<'_>) -> PostPolicy<'_>) -> PostForm {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let policy = set(PostPolicy::new(&credentials, &bucket, "k"));
    policy.sign_at(Timestamp::from_unix(0)).unwrap()
}

fn conditions(form: &PostForm) -> Vec<Value> {
    let policy: Value = serde_json::from_str(form.policy()).unwrap();
    policy["conditions"].as_array().unwrap().clone()
}
