//! The last value that is taken, and the first that is not.

use presign::{Bucket, Error};

#[test]
fn hosts() -> Result<(), Error> {
    let bucket = Bucket::service("eu-west-1")?;
    let host = |last: usize| format!("https://{}{}", "a.".repeat(100), "b".repeat(last));
    let parse = |url: &str| bucket.clone().endpoint(url).map(drop);
    assert_eq!(parse(&host(53)), Ok(())); // 253 bytes
    assert_eq!(parse(&host(54)), Err(Error::EndpointHost));
    assert_eq!(parse(&format!("https://{}", "a".repeat(63))), Ok(()));
    assert_eq!(
        parse(&format!("https://{}", "a".repeat(64))),
        Err(Error::EndpointHost)
    );
    Ok(())
}
