//! Whose credentials sign, for which region, at which endpoint.

use presign::{Advisory, Bucket, Credentials, Presigner};
use serde_json::Value;

use crate::support::{cases, command, complaint, run, service, signed, stdout};

/// Commands, with the expected keys and region.
const SOURCES: &str = "
KEYS AWS_REGION=a-1 AWS_DEFAULT_REGION=b-1 presign --region us-east-2
  environment us-east-2
KEYS AWS_REGION=a-1 AWS_DEFAULT_REGION=b-1 presign
  environment a-1
KEYS AWS_REGION= AWS_DEFAULT_REGION=b-1 presign
  environment b-1
KEYS presign
  environment eu-central-1
AWS_REGION=a-1 presign --profile temporary
  temporary a-1
presign
  default eu-central-1
KEYS AWS_SESSION_TOKEN=t/ok+en== presign
  environment+token eu-central-1
KEYS AWS_SESSION_TOKEN=t AWS_PROFILE=temporary presign --profile=config-only
  config-only sa-east-1
KEYS AWS_PROFILE=config-only presign
  environment sa-east-1
AWS_PROFILE=config-only presign
  config-only sa-east-1
AWS_PROFILE= presign
  default eu-central-1
AWS_ACCESS_KEY_ID= AWS_SECRET_ACCESS_KEY=s3cr3t AWS_SESSION_TOKEN=t presign
  default eu-central-1
KEYS AWS_PROFILE=mfa presign
  environment eu-west-1
presign --profile mfa-unused
  config-only eu-west-1
presign --profile Permanent --region a-1
  Permanent a-1
presign --region a-1 --profile default
  default a-1
AWS_SHARED_CREDENTIALS_FILE=~/.aws/credentials AWS_CONFIG_FILE=/nowhere presign --profile temporary
  temporary us-west-1
AWS_SHARED_CREDENTIALS_FILE=/nowhere AWS_CONFIG_FILE=~/.aws/config presign --profile config-only
  config-only sa-east-1
";

#[test]
fn credentials_and_region() {
    for (line, expected) in cases(SOURCES) {
        let (who, region) = expected.split_once(' ').unwrap();
        let credentials = match who {
            "environment" => Credentials::new("AKIAENVIRONMENT", "environment/s3cr3t"),
            "environment+token" => {
                Credentials::new("AKIAENVIRONMENT", "environment/s3cr3t").session_token("t/ok+en==")
            }
            "default" => Credentials::new("AKIADEFAULT", "default/s3cr3t"),
            "temporary" => {
                Credentials::new("ASIATEMPORARY", "temporary+s3cr3t").session_token("t/ok+en==")
            }
            "Permanent" => Credentials::new("AKIAPERMANENT", "permanent/s3cr3t"),
            _ => Credentials::new("AKIACONFIG", "config/s3cr3t"),
        };
        let bucket = Bucket::new("examplebucket", region).unwrap();
        let expected = signed(Presigner::get(&credentials, &bucket, "k"));
        let line = format!("{line} s3://examplebucket/k --at 2013-05-24T00:00:00Z");
        assert_eq!(stdout(&line), expected.unwrap().as_str(), "{line}");
    }
}

/// Commands, with what their URLs start with.
const ENDPOINTS: &str = "
presign --profile minio
  http://minio.example:9000/examplebucket/k?
presign --profile minio --addressing-style virtual
  http://examplebucket.minio.example:9000/k?
presign --profile minio --endpoint-url http://127.0.0.1:9001
  http://127.0.0.1:9001/examplebucket/k?
AWS_ENDPOINT_URL=http://a.example presign --profile minio
  http://a.example/examplebucket/k?
AWS_ENDPOINT_URL=http://a.example AWS_ENDPOINT_URL_S3=http://b.example presign
  http://b.example/examplebucket/k?
AWS_ENDPOINT_URL=http://a.example AWS_ENDPOINT_URL_S3= presign
  http://a.example/examplebucket/k?
AWS_ENDPOINT_URL_STS=http://a.example presign
  https://examplebucket.s3.eu-central-1.amazonaws.com/k?
AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true presign --profile minio
  https://examplebucket.s3.us-east-1.amazonaws.com/k?
presign --profile sts-elsewhere
  https://examplebucket.s3.eu-central-1.amazonaws.com/k?
presign --profile lost --endpoint-url http://a.example
  http://a.example/examplebucket/k?
AWS_ENDPOINT_URL=http://a.example presign --profile lost
  http://a.example/examplebucket/k?
AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true presign --profile lost
  https://examplebucket.s3.eu-central-1.amazonaws.com/k?
presign --profile ignored
  https://examplebucket.s3.eu-west-1.amazonaws.com/k?
presign --profile ignored --endpoint-url http://127.0.0.1:9001
  http://127.0.0.1:9001/examplebucket/k?
presign --profile r2
  https://0123456789abcdef.r2.cloudflarestorage.com/examplebucket/k?
presign --profile r2-virtual
  https://examplebucket.0123456789abcdef.r2.cloudflarestorage.com/k?
presign --profile r2-virtual --addressing-style auto
  https://0123456789abcdef.r2.cloudflarestorage.com/examplebucket/k?
presign --profile path
  https://s3.eu-central-1.amazonaws.com/examplebucket/k?
presign --profile path --addressing-style virtual
  https://examplebucket.s3.eu-central-1.amazonaws.com/k?
presign --profile dual-fips
  https://examplebucket.s3-fips.dualstack.eu-central-1.amazonaws.com/k?
AWS_USE_DUALSTACK_ENDPOINT=true presign
  https://examplebucket.s3.dualstack.eu-central-1.amazonaws.com/k?
AWS_USE_FIPS_ENDPOINT=true AWS_REGION=us-east-2 presign
  https://examplebucket.s3-fips.us-east-2.amazonaws.com/k?
presign --profile fast
  https://examplebucket.s3-accelerate.dualstack.amazonaws.com/k?
";

#[test]
fn endpoints() {
    let arn = "arn:aws:s3:eu-central-1:123456789012:accesspoint/ap";
    let url = stdout(&format!("presign --profile path s3://{arn}/k"));
    assert!(
        url.starts_with("https://ap-123456789012.s3-accesspoint.eu-central-1.amazonaws.com/k?")
    );
    for (line, expected) in cases(ENDPOINTS) {
        let url = stdout(&format!("{line} s3://examplebucket/k"));
        assert!(url.starts_with(&expected), "{line}: {url}");
    }
}

/// Commands, with what they complain of.
const MISTAKES: &str = "
AWS_ACCESS_KEY_ID=AKIAENVIRONMENT presign
  no credentials: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not
AWS_CONFIG_FILE=/nowhere AWS_SHARED_CREDENTIALS_FILE=/nowhere AWS_REGION=a-1 presign
  no credentials: AWS_ACCESS_KEY_ID is not set, and profile \"default\" has none; set them, pass --profile, or sign in (aws configure, aws sso login)
KEYS presign --profile=regional
  no credentials: AWS_ACCESS_KEY_ID is not set, and profile \"regional\" has none; set them, pass --profile, or sign in (aws configure, aws sso login)
presign --profile=half --region a-1
  no credentials: the credentials provider was not properly configured: ProfileFile provider could not be built: invalid credential source in `half`: profile missing aws_secret_access_key
KEYS AWS_REGION=a-1 presign --profile=nobody
  profile \"nobody\" is neither in the configuration nor in the credentials file of the AWS CLI
presign --profile=Default
  profile \"Default\" is neither in the configuration nor in the credentials file of the AWS CLI
AWS_PROFILE=no␊body presign
  profile \"no\\nbody\" is not supported: a name can contain ASCII letters, digits, and _-/.%@:+
AWS_PROFILE=white␣space presign
  profile \"white space\" is not supported: a name can contain ASCII letters, digits, and _-/.%@:+
presign --profile=Permanent
  no region: pass --region, or set AWS_REGION, AWS_DEFAULT_REGION, or region in the profile
AWS_SHARED_CREDENTIALS_FILE=~/unclosed presign
  could not parse profile file: error parsing ~/unclosed on line 3: Profile definition must end with ']'
presign --express-session
  credentials of an S3 Express session are only valid for a directory bucket, and not for its control endpoint
presign --profile odd
  addressing_style of profile \"odd\" is \"sideways\", not auto, path or virtual
presign --profile lost
  profile \"lost\" has services = missing, but the configuration has no section [services missing]
AWS_ENDPOINT_URL_S3= presign --profile lost
  profile \"lost\" has services = missing, but the configuration has no section [services missing]
presign --profile itself
  no credentials: source_profile leads in a circle: itself -> itself
AWS_PROFILE=there presign
  no credentials: source_profile leads in a circle: there -> back -> there
presign --profile mfa
  no credentials: profile \"mfa\" has mfa_serial, but MFA is not supported; run: eval \"$(aws configure export-credentials --profile mfa --format env)\"
AWS_PROFILE=after-mfa presign
  no credentials: profile \"mfa\" has mfa_serial, but MFA is not supported; run: eval \"$(aws configure export-credentials --profile after-mfa --format env)\"
presign --profile ended
  credentials expired at 2013-05-24T00:00:00Z; the signing time is 2013-05-24T00:00:01Z
presign --profile fails
  no credentials: an error occurred while loading credentials: Error retrieving credentials: external process exited with code exit status: 3. Stderr: vault is\\u{7} sealed
presign --profile hangs --credentials-timeout 1s
  no credentials: credential_process of profile \"hangs\" did not return any within 1s; see --credentials-timeout
presign --profile nonsense
  no credentials: an error occurred while loading credentials: Error retrieving credentials from external process, could not parse response: invalid JSON in response: Error at offset 0: unexpected token 's'. Expected one of '{', '[', '\"', 'null', 'true', 'false', <number>
presign --profile other-version
  no credentials: an error occurred while loading credentials: Error retrieving credentials from external process, could not parse response: Invalid field in response: `version`. unknown version number: 2
presign --profile no-secret
  no credentials: an error occurred while loading credentials: Error retrieving credentials from external process, could not parse response: Expected field `SecretAccessKey` in response but it was missing
presign --profile stale
  no credentials: an error occurred while loading credentials: an error occurred while loading an access token: the SSO token has expired and cannot be refreshed; sign in with: aws sso login --profile stale
presign --profile never
  no credentials: an error occurred while loading credentials: an error occurred while loading an access token: failed to load the cached SSO token; sign in with: aws sso login --profile never
presign --profile login
  no credentials: sessions of aws login are not supported; run: eval \"$(aws configure export-credentials --profile login --format env)\"
";

#[test]
fn mistakes() {
    for (line, expected) in cases(MISTAKES) {
        let command = command(&format!(
            "{line} s3://examplebucket/k --at 2013-05-24T00:00:01Z"
        ));
        assert_eq!(complaint(command, 1), expected, "{line}");
    }
    for profile in ["nowhere", "rootless"] {
        let line = format!("presign s3://examplebucket/k --profile {profile}");
        let complaint = complaint(command(&line), 1);
        assert!(complaint.starts_with("no credentials: "), "{complaint}");
    }
}

/// What a service answers, and the access key ID and the expiry that the link has.
#[track_caller]
fn signs_until(line: &str, access_key_id: &str, end: &str) {
    let line =
        format!("{line} s3://examplebucket/k --json --expires-in 7d --at 2098-12-31T12:00:00Z");
    let (code, stdout, stderr) = run(command(&line));
    assert_eq!(code, 0, "{stderr}");
    let json: Value = serde_json::from_str(&stdout).unwrap();
    let url = json["url"].as_str().unwrap();
    assert!(
        url.contains(&format!("Credential={access_key_id}%2F")),
        "{url}"
    );
    assert!(url.contains("&X-Amz-Security-Token=t&"), "{url}");
    assert_eq!(json["expires_at"], end);
    let at = end.parse().unwrap();
    let advice = Advisory::CredentialsExpireFirst { at }.to_string();
    assert!(stderr.contains(&advice), "{stderr}");
}

#[test]
fn a_process() {
    signs_until(
        "presign --profile process",
        "ASIAPROCESS",
        "2099-01-01T00:00:00Z",
    );
}

const ROLE: &str = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>\
    <SecretAccessKey>role/s3cr3t</SecretAccessKey><SessionToken>t</SessionToken>\
    <Expiration>2099-01-02T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

#[test]
fn a_role() {
    let (url, asked) = service(&[("POST / ", ROLE)]);
    for profile in ["role", "own"] {
        signs_until(
            &format!("AWS_ENDPOINT_URL_STS={url} presign --profile {profile}"),
            "ASIAROLE",
            "2099-01-02T00:00:00Z",
        );
        let request = asked.recv().unwrap();
        assert!(request.contains("Action=AssumeRole&"), "{request}");
        assert!(request.contains("Credential=AKIADEFAULT/"), "{request}");
    }
}

#[test]
fn single_sign_on() {
    let answer = r#"{"roleCredentials": {"accessKeyId": "ASIASSO", "secretAccessKey": "sso/s3cr3t",
        "sessionToken": "t", "expiration": 4070995200000}}"#;
    let answers = Box::leak(Box::new([("GET /federation/credentials?", answer)]));
    let (url, asked) = service(answers);
    signs_until(
        &format!("AWS_ENDPOINT_URL_SSO={url} presign --profile sso"),
        "ASIASSO",
        "2099-01-02T00:00:00Z",
    );
    let request = asked.recv().unwrap().to_lowercase();
    assert!(
        request.contains("x-amz-sso_bearer_token: s3cr3t"),
        "{request}"
    );
}

#[test]
fn a_container() {
    let (url, _asked) = service(&[(
        "GET /role ",
        r#"{"AccessKeyId": "ASIACONTAINER", "SecretAccessKey": "container/s3cr3t", "Token": "t",
            "Expiration": "2099-01-02T00:00:00Z"}"#,
    )]);
    let nothing =
        "AWS_CONFIG_FILE=/nowhere AWS_SHARED_CREDENTIALS_FILE=/nowhere AWS_REGION=eu-west-1";
    signs_until(
        &format!("{nothing} AWS_CONTAINER_CREDENTIALS_FULL_URI={url}/role presign"),
        "ASIACONTAINER",
        "2099-01-02T00:00:00Z",
    );
}

#[test]
fn a_virtual_machine() {
    let (url, _asked) = service(&[
        ("PUT /latest/api/token", "token"),
        (
            "GET /latest/meta-data/iam/security-credentials/example ",
            r#"{"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "ASIAMACHINE",
                "SecretAccessKey": "machine/s3cr3t", "Token": "t", "Expiration": "2099-01-02T00:00:00Z"}"#,
        ),
        (
            "GET /latest/meta-data/iam/security-credentials/ ",
            "example",
        ),
    ]);
    let nothing =
        "AWS_CONFIG_FILE=/nowhere AWS_SHARED_CREDENTIALS_FILE=/nowhere AWS_REGION=eu-west-1";
    signs_until(
        &format!(
            "{nothing} AWS_EC2_METADATA_DISABLED=false AWS_EC2_METADATA_SERVICE_ENDPOINT={url} presign"
        ),
        "ASIAMACHINE",
        "2099-01-02T00:00:00Z",
    );
}

/// What is configured as far away as can be is left alone where nothing needs it.
#[test]
fn no_request_without_need() {
    let (url, asked) = service(&[]);
    stdout(&format!(
        "AWS_EC2_METADATA_DISABLED=false AWS_EC2_METADATA_SERVICE_ENDPOINT={url} AWS_ENDPOINT_URL={url} \
         presign s3://examplebucket/k"
    ));
    assert!(asked.try_recv().is_err());
}
