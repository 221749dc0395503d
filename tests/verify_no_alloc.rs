//! Verifying does not allocate.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use allocation_counter::measure;
use presign::verify::{Request, Verifier};
use presign::{Bucket, Credentials, Presigner, Timestamp};

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);

#[test]
fn verify() {
    let token = "IQoJb3JpZ2luX2Vj/+=".repeat(100);
    let credentials = Credentials::new("AKIAEXAMPLE", "secret").session_token(&token);
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let names: Vec<_> = (0..40).map(|n| format!("p-{}", n * 17 % 40)).collect();
    let query: Vec<_> = names.iter().map(|name| (name.as_str(), "ä b")).collect();
    let headers = [
        ("X-Amz-Meta-Z", "  ü   b\tc "),
        ("content-type", "text/plain"),
    ];
    let presigner = Presigner::put(&credentials, &bucket, "ein Schlüssel/k");
    let mut buffer = vec![0; 16_384];
    let url = presigner
        .query(&query)
        .headers(&headers)
        .sign_into(NOW, &mut buffer)
        .unwrap();
    let verify = |method| {
        let request = Request::new(method, url, &headers)?;
        let verifier = Verifier::new()
            .regions(&["us-east-1", "eu-west-1"])
            .max_age(60);
        let verified = verifier.verify(&request, NOW, |_| Some(credentials.clone()))?;
        Ok::<_, presign::verify::Rejection>(verified.expires_at())
    };
    let mut results = [None, None];
    let count = measure(|| results = ["PUT", "GET"].map(|method| Some(verify(method).is_ok())));
    assert_eq!(results, [Some(true), Some(false)]);
    assert_eq!(count.count_total, 0);
}
