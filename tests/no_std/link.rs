fn link(buffer: &mut [u8]) -> Result<&str, presign::Error> {
    let credentials = presign::Credentials::new("AKIAEXAMPLE", "secret").session_token("a+b/c==");
    let bucket = presign::Bucket::new("examplebucket", "eu-west-1")?;
    presign::Presigner::put(&credentials, &bucket, "in/a b.png")
        .content_type("image/png")
        .query(&[("x-id", "PutObject"), ("a", "1")])
        .sign_into(presign::Timestamp::from_unix(1_369_353_600), buffer)
}
