//! What each crate does with input that S3 refuses or that names a different object: the table in `docs/comparison.md`.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml --example inputs`

use core::time::Duration;
use std::error::Error;
use std::time::SystemTime;

use aws_sigv4::http_request as sigv4;
use http::Method;
use object_store::signer::Signer as _;
use reqsign_core::SignRequest as _;
use rusty_s3::S3Action as _;

type Signed = Result<String, Box<dyn Error>>;

const BUCKET: &str = "examplebucket";
const REGION: &str = "us-west-2";
const SERVICE: &str = "https://s3.us-west-2.amazonaws.com";
const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// A way to sign a key for this many seconds.
type Sign = fn(&str, u64) -> Signed;

const CRATES: [(&str, Sign); 9] = [
    ("presign", presign),
    ("rusty-s3", rusty_s3),
    ("aws-sigv4", aws_sigv4),
    ("aws-sdk-s3", aws_sdk_s3),
    ("reqsign-aws-v4", reqsign),
    ("object_store", object_store),
    ("rust-s3", rust_s3),
    ("minio", minio),
    ("s3-presign", s3_presign),
];

fn main() {
    println!(
        "| crate | 0 s | 604801 s | empty key | key `a/../b` | key `a//b` | secret in `Debug` |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, sign) in CRATES {
        let expires = |seconds| {
            show(sign("k", seconds), |url| {
                format!("signed: `{}`", expires(url))
            })
        };
        let path = |key| show(sign(key, 60), |url| format!("`{}`", path(url)));
        let secret =
            debugged(name).map_or("-", |text| if text.contains(SECRET) { "yes" } else { "no" });
        println!(
            "| {name} | {} | {} | {} | {} | {} | {secret} |",
            expires(0),
            expires(604_801),
            path(""),
            path("a/../b"),
            path("a//b"),
        );
    }
}

fn show(signed: Signed, text: impl Fn(&str) -> String) -> String {
    signed.map_or_else(|_| "error".to_owned(), |url| text(&url))
}

fn expires(url: &str) -> &str {
    let value = url
        .split_once("X-Amz-Expires=")
        .map_or("", |(_, rest)| rest);
    value.split('&').next().unwrap_or_default()
}

/// The path of an object, with the bucket in the host or in the path.
fn path(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    match url.contains("//examplebucket.") {
        true => format!("/{path}"),
        false => format!("/{}", path.strip_prefix("examplebucket/").unwrap_or(path)),
    }
}

/// The credentials, as `Debug` writes them.
fn debugged(name: &str) -> Option<String> {
    Some(match name {
        "presign" => format!("{:?}", ::presign::Credentials::new(ID, SECRET)),
        "rusty-s3" => format!("{:?}", ::rusty_s3::Credentials::new(ID, SECRET)),
        "aws-sigv4" | "aws-sdk-s3" => format!("{:?}", aws_credentials()),
        "reqsign-aws-v4" => format!("{:?}", reqsign_credentials()),
        "rust-s3" => format!("{:?}", rust_s3_credentials().ok()?),
        "minio" => format!(
            "{:?}",
            ::minio::s3::creds::StaticProvider::new(ID, SECRET, None)
        ),
        "s3-presign" => format!("{:?}", ::s3_presign::Credentials::new(ID, SECRET, None)),
        "object_store" => format!("{:?}", object_store_client().ok()?),
        _ => return None,
    })
}

fn presign(key: &str, seconds: u64) -> Signed {
    let bucket = ::presign::Bucket::new(BUCKET, REGION)?;
    let credentials = ::presign::Credentials::new(ID, SECRET);
    let get = ::presign::Presigner::get(&credentials, &bucket, key);
    Ok(get
        .expires_in(Duration::from_secs(seconds))
        .sign()?
        .into_string())
}

fn rusty_s3(key: &str, seconds: u64) -> Signed {
    let style = ::rusty_s3::UrlStyle::VirtualHost;
    let bucket = ::rusty_s3::Bucket::new(SERVICE.parse()?, style, BUCKET, REGION)?;
    let credentials = ::rusty_s3::Credentials::new(ID, SECRET);
    let get = bucket.get_object(Some(&credentials), key);
    Ok(get.sign(Duration::from_secs(seconds)).into())
}

fn aws_credentials() -> aws_credential_types::Credentials {
    aws_credential_types::Credentials::new(ID, SECRET, None, None, "inputs")
}

/// The caller builds the path, so it is the unmodified key.
fn url_of(key: &str) -> String {
    format!("https://examplebucket.s3.us-west-2.amazonaws.com/{key}")
}

fn aws_sigv4(key: &str, seconds: u64) -> Signed {
    let mut settings = sigv4::SigningSettings::default();
    settings.percent_encoding_mode = sigv4::PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = sigv4::UriPathNormalizationMode::Disabled;
    settings.signature_location = sigv4::SignatureLocation::QueryParams;
    settings.expires_in = Some(Duration::from_secs(seconds));
    let identity = aws_credentials().into();
    let params = ::aws_sigv4::sign::v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name("s3")
        .time(SystemTime::now())
        .settings(settings)
        .build()?
        .into();
    let url = url_of(key);
    let body = sigv4::SignableBody::UnsignedPayload;
    let request = sigv4::SignableRequest::new("GET", &*url, core::iter::empty(), body)?;
    let (instructions, _) = sigv4::sign(request, &params)?.into_parts();
    let mut request = http::Request::builder().uri(url).body(())?;
    instructions.apply_to_request_http1x(&mut request);
    Ok(request.uri().to_string())
}

fn aws_sdk_s3(key: &str, seconds: u64) -> Signed {
    let config = ::aws_sdk_s3::Config::builder()
        .region(::aws_sdk_s3::config::Region::new(REGION))
        .credentials_provider(aws_credentials())
        .build();
    let client = ::aws_sdk_s3::Client::from_conf(config);
    let expiry =
        ::aws_sdk_s3::presigning::PresigningConfig::expires_in(Duration::from_secs(seconds))?;
    let signed = client
        .get_object()
        .bucket(BUCKET)
        .key(key)
        .presigned(expiry);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    Ok(runtime.block_on(signed)?.uri().to_owned())
}

fn reqsign_credentials() -> reqsign_aws_v4::Credential {
    reqsign_aws_v4::Credential {
        access_key_id: ID.to_owned(),
        secret_access_key: SECRET.to_owned(),
        ..Default::default()
    }
}

fn reqsign(key: &str, seconds: u64) -> Signed {
    let signer = reqsign_aws_v4::RequestSigner::new("s3", REGION);
    let request = http::Request::builder().uri(url_of(key)).body(())?;
    let mut parts = request.into_parts().0;
    let (context, expiry) = (reqsign_core::Context::new(), Duration::from_secs(seconds));
    let credential = reqsign_credentials();
    pollster::block_on(signer.sign_request(&context, &mut parts, Some(&credential), Some(expiry)))?;
    Ok(parts.uri.to_string())
}

fn object_store_client() -> Result<::object_store::aws::AmazonS3, ::object_store::Error> {
    ::object_store::aws::AmazonS3Builder::new()
        .with_region(REGION)
        .with_bucket_name(BUCKET)
        .with_access_key_id(ID)
        .with_secret_access_key(SECRET)
        .with_virtual_hosted_style_request(true)
        .build()
}

fn object_store(key: &str, seconds: u64) -> Signed {
    let path = ::object_store::path::Path::from(key);
    let store = object_store_client()?;
    let signed = store.signed_url(Method::GET, &path, Duration::from_secs(seconds));
    Ok(pollster::block_on(signed)?.into())
}

fn rust_s3_credentials() -> Result<s3::creds::Credentials, Box<dyn Error>> {
    Ok(s3::creds::Credentials::new(
        Some(ID),
        Some(SECRET),
        None,
        None,
        None,
    )?)
}

fn rust_s3(key: &str, seconds: u64) -> Signed {
    let region = s3::Region::Custom {
        region: REGION.to_owned(),
        endpoint: SERVICE.to_owned(),
    };
    let bucket = s3::Bucket::new(BUCKET, region, rust_s3_credentials()?)?;
    let signed = bucket.presign_get(key, u32::try_from(seconds)?, None);
    Ok(pollster::block_on(signed)?)
}

fn minio(key: &str, seconds: u64) -> Signed {
    let provider = ::minio::s3::creds::StaticProvider::new(ID, SECRET, None);
    let client = ::minio::s3::MinioClientBuilder::new(SERVICE.parse()?)
        .provider(Some(provider))
        .build()?;
    let signed = client
        .get_presigned_object_url(BUCKET, key, Method::GET)?
        .expiry_seconds(u32::try_from(seconds)?)
        .build()
        .send();
    Ok(pollster::block_on(signed)?.url)
}

fn s3_presign(key: &str, seconds: u64) -> Signed {
    let credentials = ::s3_presign::Credentials::new(ID, SECRET, None);
    let bucket = ::s3_presign::Bucket::new_with_root(REGION, BUCKET, "s3.us-west-2.amazonaws.com");
    ::s3_presign::get(&credentials, &bucket, key, i64::try_from(seconds)?)
        .ok_or_else(|| "no URL".into())
}
