//! Every possible mistake in the input, and the crate's error for it.

use core::time::Duration;

use presign::{
    Bucket, Checksum, Credentials, Encryption, Error, ExpiryPolicy, Method, Presigner, Timestamp,
};

/// Never shown in an error: the credentials that all rows sign with.
pub(crate) const SECRET: &str = "s3cr3t/ACCESS+key";
pub(crate) const TOKEN: &str = "t0ken//of+a/session==";

/// One bad input.
#[allow(dead_code, reason = "each test reads what it needs")]
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) got: Result<(), Error>,
    pub(crate) error: Error,
    pub(crate) text: String,
}

fn row<T>(what: &'static str, got: Result<T, Error>, error: Error, text: impl Into<String>) -> Row {
    Row {
        what,
        got: got.map(drop),
        error,
        text: text.into(),
    }
}

/// `"what", got => error, "text";` for each bad input: its name, the result, and the expected error.
macro_rules! rows {
    ($($what:literal, $got:expr => $error:expr, $text:expr;)*) => {
        vec![$(row($what, $got, $error, $text)),*]
    };
}

/// 2013-05-24T00:00:00Z.
const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);
const OUTPOSTS_ALIAS: &str = "test-accessp-e0000075431d83bebde8xz5w8ijx1qzlbp3i3kuse10--op-s3";
const BETA_ALIAS: &str = "test-accessp-e0000075431d83bebde8xz5w8ijx1qzlbp3i3ebeta0--op-s3";
const AP: &str = "arn:aws:s3:eu-west-1:123456789012:accesspoint/ap";

fn who() -> Credentials<'static> {
    Credentials::new("AKIAEXAMPLE", SECRET).session_token(TOKEN)
}

#[track_caller]
fn bucket() -> Bucket<'static> {
    Bucket::new("examplebucket", "eu-west-1").unwrap()
}

/// Signs a presigner after a change.
#[track_caller]
fn sign(change: impl FnOnce(Presigner<'_>) -> Presigner<'_>) -> Result<(), Error> {
    change(Presigner::put(&who(), &bucket(), "k"))
        .sign_into(NOW, &mut [0; 8192])
        .map(drop)
}

fn key(key: &str) -> Result<(), Error> {
    let (who, bucket) = (who(), bucket());
    let presigner = Presigner::get(&who, &bucket, key);
    presigner.sign_into(NOW, &mut [0; 8192]).map(drop)
}

fn session() -> Credentials<'static> {
    Credentials::new("ASIAEXAMPLE", SECRET).express_session_token(TOKEN)
}

fn credentials(credentials: &Credentials<'_>) -> Result<(), Error> {
    let bucket = bucket();
    let presigner = Presigner::get(credentials, &bucket, "k");
    presigner.sign_into(NOW, &mut [0; 8192]).map(drop)
}

fn header(name: &str, value: &str) -> Result<(), Error> {
    let (who, bucket) = (who(), bucket());
    let headers = [(name, value)];
    let presigner = Presigner::put(&who, &bucket, "k").headers(&headers);
    presigner.sign_into(NOW, &mut [0; 8192]).map(drop)
}

fn parameter(name: &str, value: &str) -> Result<(), Error> {
    let (who, bucket) = (who(), bucket());
    let query = [(name, value)];
    let presigner = Presigner::get(&who, &bucket, "k").query(&query);
    presigner.sign_into(NOW, &mut [0; 8192]).map(drop)
}

fn endpoint(url: &str) -> Result<(), Error> {
    bucket().endpoint(url).map(drop)
}

#[track_caller]
fn conflict(
    name: &str,
    region: &str,
    change: impl FnOnce(Bucket<'_>) -> Bucket<'_>,
) -> Result<(), Error> {
    let bucket = change(Bucket::new(name, region).unwrap());
    bucket.host().map(drop)
}

#[track_caller]
fn at_custom<'b>(bucket: Bucket<'b>) -> Bucket<'b> {
    bucket.endpoint("https://h.example").unwrap()
}

#[track_caller]
fn at_http<'b>(bucket: Bucket<'b>) -> Bucket<'b> {
    bucket.endpoint("http://h.example").unwrap()
}

#[track_caller]
fn at_path<'b>(bucket: Bucket<'b>) -> Bucket<'b> {
    bucket.endpoint("https://h.example/p").unwrap()
}

#[track_caller]
fn at_ip<'b>(bucket: Bucket<'b>) -> Bucket<'b> {
    bucket.endpoint("http://127.0.0.1:9000").unwrap()
}

fn after(seconds: i64) -> Timestamp {
    Timestamp::from_unix(NOW.as_unix() + seconds)
}

#[track_caller]
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    rows.extend(of_credentials());
    rows.extend(of_signing_keys());
    rows.extend(of_buckets());
    rows.extend(of_regions());
    rows.extend(of_endpoints());
    rows.extend(of_settings());
    rows.extend(of_keys());
    rows.extend(of_times());
    rows.extend(of_parameters());
    rows.extend(of_headers());
    rows.extend(of_values());
    rows.extend(of_buffers());
    rows
}

fn of_credentials() -> Vec<Row> {
    let part = "access key ID";
    let secret = "secret access key";
    let token = "session token";
    let ends = |seconds| who().expiration(after(seconds));
    let elsewhere = "credentials of an S3 Express session are only valid for a directory bucket, and not for its control endpoint";
    rows! {
        "no access key ID", credentials(&Credentials::new("", SECRET)) =>
            Error::EmptyCredential { part }, "access key ID is empty";
        "no secret", credentials(&Credentials::new("AKIA", "")) =>
            Error::EmptyCredential { part: secret }, "secret access key is empty";
        "no token", credentials(&who().session_token("")) =>
            Error::EmptyCredential { part: token }, "session token is empty";
        "nothing at all", credentials(&Credentials::new("", "").session_token("")) =>
            Error::EmptyCredential { part }, "access key ID is empty";
        "white space for an ID", credentials(&Credentials::new("  ", SECRET)) =>
            Error::CredentialWhitespace { part }, "access key ID starts or ends with white space";
        "a no-break space behind the ID", credentials(&Credentials::new("AKIA\u{a0}", SECRET)) =>
            Error::CredentialWhitespace { part }, "access key ID starts or ends with white space";
        "a secret from a file", credentials(&Credentials::new("AKIA", "secret\r\n")) =>
            Error::CredentialWhitespace { part: secret }, "secret access key starts or ends with white space";
        "a tab before the token", credentials(&who().session_token("\ttoken")) =>
            Error::CredentialWhitespace { part: token }, "session token starts or ends with white space";
        "NUL in the ID", credentials(&Credentials::new("AK\0IA", SECRET)) =>
            Error::CredentialControlCharacter { part }, "access key ID contains a control character";
        "a line break in the secret", credentials(&Credentials::new("AKIA", "sec\nret")) =>
            Error::CredentialControlCharacter { part: secret }, "secret access key contains a control character";
        "a token in two lines", credentials(&who().session_token("to\nken")) =>
            Error::CredentialControlCharacter { part: token }, "session token contains a control character";
        "DEL in the token", credentials(&who().session_token("to\x7fken")) =>
            Error::CredentialControlCharacter { part: token }, "session token contains a control character";
        "a session at an ordinary bucket", credentials(&session()) => Error::SessionNeedsDirectoryBucket, elsewhere;
        "a session's signing key at an ordinary bucket",
            Presigner::get(&session().signing_key(&bucket(), NOW).unwrap(), &bucket(), "k")
                .sign_into(NOW, &mut [0; 1024])
                .map(drop) =>
            Error::SessionNeedsDirectoryBucket, elsewhere;
        "a session at the control endpoint",
            Presigner::bucket(
                presign::Method::Get,
                &session(),
                &Bucket::new("b--euw1-az1--x-s3", "eu-west-1").unwrap().control_endpoint(),
            )
            .sign_into(NOW, &mut [0; 1024])
            .map(drop) =>
            Error::SessionNeedsDirectoryBucket, elsewhere;
        "credentials that end now", credentials(&ends(0)) =>
            Error::CredentialsExpired { expired_at: NOW, now: NOW },
            "credentials expired at 2013-05-24T00:00:00Z; the signing time is 2013-05-24T00:00:00Z";
        "credentials that ended", credentials(&ends(-1)) =>
            Error::CredentialsExpired { expired_at: after(-1), now: NOW },
            "credentials expired at 2013-05-23T23:59:59Z; the signing time is 2013-05-24T00:00:00Z";
        "credentials that end first, where that is refused",
            Presigner::get(&ends(899), &bucket(), "k")
                .expiry_policy(ExpiryPolicy::Refuse)
                .sign_into(NOW, &mut [0; 1024])
                .map(drop) =>
            Error::CredentialsExpireFirst { credentials_expire_at: after(899), url_expires_at: after(900) },
            "credentials expire at 2013-05-24T00:14:59Z, before the URL expires at 2013-05-24T00:15:00Z";
    }
}

fn of_signing_keys() -> Vec<Row> {
    let (who, bucket) = (who(), bucket());
    let ended = who.clone().expiration(after(60));
    let ending = ended.signing_key(&bucket, NOW).unwrap();
    let key = who.signing_key(&bucket, NOW).unwrap();
    let first = who
        .signing_key(&bucket, Timestamp::from_unix(-62_135_596_800))
        .unwrap();
    let elsewhere = Bucket::new("examplebucket", "eu-west-2").unwrap();
    let directory = Bucket::new("b--euw1-az1--x-s3", "eu-west-1").unwrap();
    let at = |key, bucket, time| {
        Presigner::get(key, bucket, "k")
            .sign_into(time, &mut [0; 1024])
            .map(drop)
    };
    rows! {
        "a key of no one", Credentials::new("", SECRET).signing_key(&bucket, NOW) =>
            Error::EmptyCredential { part: "access key ID" }, "access key ID is empty";
        "a key of expired credentials", ended.signing_key(&bucket, after(60)) =>
            Error::CredentialsExpired { expired_at: after(60), now: after(60) },
            "credentials expired at 2013-05-24T00:01:00Z; the signing time is 2013-05-24T00:01:00Z";
        "a key whose credentials have expired since", at(&ending, &bucket, after(61)) =>
            Error::CredentialsExpired { expired_at: after(60), now: after(61) },
            "credentials expired at 2013-05-24T00:01:00Z; the signing time is 2013-05-24T00:01:01Z";
        "a key of the year 10000", who.signing_key(&bucket, Timestamp::from_unix(253_402_300_800)) =>
            Error::TimeOutOfRange { unix_seconds: 253_402_300_800 },
            "time of 253402300800 s since 1970 is outside the years 1 to 9999";
        "yesterday's key", at(&key, &bucket, after(86_400)) =>
            Error::StaleSigningKey { key_day: 20_130_524, day: 20_130_525 },
            "signing key is for day 20130524, but the signing time is on 20130525 (UTC)";
        "tomorrow's key", at(&key, &bucket, after(-1)) =>
            Error::StaleSigningKey { key_day: 20_130_524, day: 20_130_523 },
            "signing key is for day 20130524, but the signing time is on 20130523 (UTC)";
        "yesterday's key, and no buffer", Presigner::get(&key, &bucket, "k").sign_into(after(86_400), &mut []) =>
            Error::StaleSigningKey { key_day: 20_130_524, day: 20_130_525 },
            "signing key is for day 20130524, but the signing time is on 20130525 (UTC)";
        "a key of the year 1", at(&first, &bucket, NOW) =>
            Error::StaleSigningKey { key_day: 10_101, day: 20_130_524 },
            "signing key is for day 00010101, but the signing time is on 20130524 (UTC)";
        "another region's key", at(&key, &elsewhere, NOW) =>
            Error::SigningKeyMismatch { part: "region" }, "signing key is for a different region than the bucket's";
        "another service's key", at(&key, &directory, NOW) =>
            Error::SigningKeyMismatch { part: "service" }, "signing key is for a different service than the bucket's";
    }
}

fn of_buckets() -> Vec<Row> {
    let new = |name: &str| Bucket::new(name, "eu-west-1").map(drop);
    let length = |length| Error::BucketNameLength { length };
    let byte = |position, byte| Error::InvalidBucketName { position, byte };
    let at = |at: &str| {
        format!("bucket name contains {at}; letters, digits, '.', '-' and '_' are allowed")
    };
    let directory = "directory bucket name does not have the form NAME--ZONE--x-s3, \
                     in lower-case letters, digits and hyphens, with a zone of at most 48 bytes";
    let arn = "ARN does not name an access point (S3, Object Lambda, Outposts or multi-region), or its partition does not match the region";
    let alias = "alias of an Outposts access point is not a lower-case host label, \
                 or its hardware type is not 'e' or 'o'";
    let mut rows = rows! {
        "no name", new("") => length(0), "bucket name of 0 bytes is outside 3 to 255";
        "a short name", new("ab") => length(2), "bucket name of 2 bytes is outside 3 to 255";
        "a long name", new(&"b".repeat(256)) => length(256), "bucket name of 256 bytes is outside 3 to 255";
        "a key in the name", new("examplebucket/k") => byte(13, b'/'), at("'/' at position 13");
        "a URL for a name", new("s3://bucket") => byte(2, b':'), at("':' at position 2");
        "a space in the name", new("my bucket") => byte(2, b' '), at("' ' at position 2");
        "a line break behind the name", new("bucket\n") => byte(6, b'\n'), at("'\\n' at position 6");
        "NUL in the name", new("\0\0\0") => byte(0, 0), at("'\\x00' at position 0");
        "a name beyond ASCII", new("bücket") => byte(1, 0xc3), at("'\\xc3' at position 1");
        "an encoded name", new("a%20b") => byte(1, b'%'), at("'%' at position 1");
        "a name with a query", new("bucket?x") => byte(6, b'?'), at("'?' at position 6");
        "a name with user information", new("me@bucket") => byte(2, b'@'), at("'@' at position 2");
        "any bucket", new("*") =>
            Error::WildcardInBucketName { position: 0 },
            "bucket name contains '*' at position 0; wildcards are not supported";
        "any bucket of a kind", new("logs-*") =>
            Error::WildcardInBucketName { position: 5 },
            "bucket name contains '*' at position 5; wildcards are not supported";
        "a directory bucket without name", new("--x-s3") => Error::InvalidDirectoryBucketName, directory;
        "a directory bucket without zone", new("b--x-s3") => Error::InvalidDirectoryBucketName, directory;
        "a directory bucket with an empty zone", new("b----x-s3") => Error::InvalidDirectoryBucketName, directory;
        "a directory bucket whose zone ends in a hyphen", new("b--z---xa-s3") =>
            Error::InvalidDirectoryBucketName, directory;
        "a directory bucket whose zone is too long for a host", new(&format!("b--{}--x-s3", "z".repeat(49))) =>
            Error::InvalidDirectoryBucketName, directory;
        "a directory bucket in upper case", new("B--use1-az4--x-s3") => Error::InvalidDirectoryBucketName, directory;
        "an Outposts alias of unknown hardware", new(&OUTPOSTS_ALIAS.replace("-e0", "-h0")) =>
            Error::InvalidOutpostsAlias, alias;
        "an Outposts alias whose Outpost ID has a dot", new(&OUTPOSTS_ALIAS.replace("75431d", "75431.")) =>
            Error::InvalidOutpostsAlias, alias;
        "an Outposts alias in upper case", new(&OUTPOSTS_ALIAS.replace("test", "TEST")) =>
            Error::InvalidOutpostsAlias, alias;
        "an Outposts alias that is too long for a host's label", new(&format!("a{OUTPOSTS_ALIAS}")) =>
            Error::InvalidOutpostsAlias, alias;
        "an ARN's start", new("arn:") => Error::InvalidArn, arn;
        "a bucket's ARN", new("arn:aws:s3:::examplebucket") => Error::InvalidArn, arn;
        "an ARN of another service", new("arn:aws:sqs:eu-west-1:123456789012:accesspoint/ap") => Error::InvalidArn, arn;
        "an ARN of another partition", new("arn:aws-cn:s3:eu-west-1:123456789012:accesspoint/ap") =>
            Error::InvalidArn, arn;
        "an ARN beside a region of another partition", Bucket::new(AP, "cn-north-1").map(drop) => Error::InvalidArn, arn;
        "a multi-region ARN beside a region of another partition",
            Bucket::new("arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap", "cn-north-1").map(drop) =>
            Error::InvalidArn, arn;
        "an ARN without account", new("arn:aws:s3:eu-west-1::accesspoint/ap") => Error::InvalidArn, arn;
        "an ARN with a key", new("arn:aws:s3:eu-west-1:123456789012:accesspoint/ap/k") => Error::InvalidArn, arn;
        "an ARN with a path for a name", new("arn:aws:s3:eu-west-1:123456789012:accesspoint/a.b") =>
            Error::InvalidArn, arn;
        "an access point's name of 51 bytes",
            new("arn:aws:s3:eu-west-1:123456789012:accesspoint/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") =>
            Error::InvalidArn, arn;
        "any access point", new("arn:aws:s3:eu-west-1:123456789012:accesspoint/*") => Error::InvalidArn, arn;
    };
    if cfg!(not(feature = "sigv4a")) {
        let mrap = Bucket::new(
            "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap",
            "eu-west-1",
        )
        .unwrap();
        let text = "multi-region access point requires SigV4a: enable the feature `sigv4a`";
        rows.push(row(
            "a multi-region access point's host",
            mrap.host().map(drop),
            Error::NeedsSigv4a,
            text,
        ));
        rows.push(row(
            "a multi-region access point's key",
            who().signing_key(&mrap, NOW).map(drop),
            Error::NeedsSigv4a,
            text,
        ));
    }
    rows
}

fn of_regions() -> Vec<Row> {
    let new = |region: &str| Bucket::new("examplebucket", region).map(drop);
    let host = |region: &str| {
        Bucket::new("examplebucket", region)
            .unwrap()
            .host()
            .map(drop)
    };
    let length = |length| Error::RegionLength { length };
    let byte = |position, byte| Error::InvalidRegion { position, byte };
    let at = |at: &str| {
        format!(
            "region contains {at}; letters, digits and inner hyphens are allowed, in lower case for AWS; other stores may also use underscores"
        )
    };
    rows! {
        "no region", new("") => length(0), "region of 0 bytes is outside 1 to 63";
        "no name and no region", Bucket::new("", "") => length(0), "region of 0 bytes is outside 1 to 63";
        "no region of the service", Bucket::service("") => length(0), "region of 0 bytes is outside 1 to 63";
        "a long region", new(&"r".repeat(64)) => length(64), "region of 64 bytes is outside 1 to 63";
        "a scope in the region", new("eu-west-1/s3") => byte(9, b'/'), at("'/' at position 9");
        "a space in the region", new("eu west") => byte(2, b' '), at("' ' at position 2");
        "a line break behind the region", new("eu-west-1\n") => byte(9, b'\n'), at("'\\n' at position 9");
        "a host in the region", new("eu-west-1.evil") => byte(9, b'.'), at("'.' at position 9");
        "a region beyond ASCII", new("é") => byte(0, 0xc3), at("'\\xc3' at position 0");
        "any region", new("*") => byte(0, b'*'), at("'*' at position 0");
        "a region that starts with a hyphen", new("-west") => byte(0, b'-'), at("'-' at position 0");
        "a region that ends with a hyphen", new("eu-") => byte(2, b'-'), at("'-' at position 2");
        "upper case at AWS", host("eu-West-1") => byte(3, b'W'), at("'W' at position 3");
        "an underscore at AWS", host("eu_west_1") => byte(2, b'_'), at("'_' at position 2");
    }
}

fn of_endpoints() -> Vec<Row> {
    let scheme = |what, url| {
        row(
            what,
            endpoint(url),
            Error::EndpointScheme,
            "endpoint does not start with http:// or https://",
        )
    };
    let host = |what, url| {
        row(
            what,
            endpoint(url),
            Error::EndpointHost,
            "endpoint host is not a host name, IPv4 address or bracketed IPv6 address",
        )
    };
    let port = |what, url| {
        row(
            what,
            endpoint(url),
            Error::EndpointPort,
            "endpoint port is not a number from 1 to 65535",
        )
    };
    let user = |what, url| {
        row(
            what,
            endpoint(url),
            Error::EndpointUserInfo,
            "endpoint contains user information before '@'",
        )
    };
    let query = |what, url| {
        row(
            what,
            endpoint(url),
            Error::EndpointQuery,
            "endpoint has a query",
        )
    };
    let fragment = |what, url| {
        row(
            what,
            endpoint(url),
            Error::EndpointFragment,
            "endpoint has a fragment",
        )
    };
    let path = |what, url| {
        row(
            what,
            endpoint(url),
            Error::EndpointPath,
            "endpoint path has an empty or dot segment, \
             or is not percent-encoded in upper case and only where needed",
        )
    };
    let long_label = format!("http://{}", "h".repeat(64));
    let long_host = format!(
        "http://{}",
        [
            "h".repeat(63),
            "h".repeat(63),
            "h".repeat(63),
            "h".repeat(62)
        ]
        .join(".")
    );
    vec![
        scheme("no endpoint", ""),
        scheme("no scheme", "h.example"),
        scheme("another scheme", "ftp://h.example"),
        scheme("a relative URL", "//h.example"),
        scheme("one slash", "http:/h.example"),
        scheme("a space before it", " https://h.example"),
        host("no host", "https://"),
        host("a port alone", "https://:443"),
        host("a path alone", "https:///bucket"),
        host("an empty label", "https://a..b"),
        host("a dot at the end", "https://h.example."),
        host("a host beyond ASCII", "https://é.example"),
        host("a space in the host", "https://h example"),
        host("a line break in the host", "https://h.example\r\n"),
        host("a backslash", "https://h.example\\x"),
        host("an encoded host", "https://h%2Eexample"),
        host("any host", "https://*.example"),
        host("a label of 64 bytes", &long_label),
        host("a host of 254 bytes", &long_host),
        host("an open bracket", "https://[::1"),
        host("text behind a bracket", "https://[::1]."),
        host("IPv6 without brackets", "https://::1"),
        host("IPv6 with a zone", "https://[fe80::1%25eth0]"),
        host("IPv6 in upper case", "https://[::FFFF]"),
        host("IPv6 in full", "https://[0:0:0:0:0:0:0:1]"),
        host("IPv6 with dots", "https://[::ffff:1.2.3.4]"),
        host("brackets around nothing", "https://[]"),
        host("IPv4 of two numbers", "https://127.1"),
        host("IPv4 out of range", "https://256.1.1.1"),
        host("IPv4 in octal", "https://127.0.0.01"),
        host("IPv4 in hexadecimal", "https://127.0.0.0x1"),
        host("a number as the last label", "https://h.example.1"),
        port("an empty port", "https://h:"),
        port("port 0", "https://h:0"),
        port("port 65536", "https://h:65536"),
        port("a zero before the port", "https://h:080"),
        port("a sign before the port", "https://h:+80"),
        port("a negative port", "https://h:-1"),
        port("a name for a port", "https://h:http"),
        port("a space before the port", "https://h: 80"),
        port("two ports", "https://h:80:81x"),
        user("name and password", "https://me:pw@h.example"),
        user("a name", "https://me@h.example"),
        user("an empty name", "https://@h.example"),
        query("an empty query", "https://h.example?"),
        query("a query", "https://h.example/p?x=1"),
        fragment("an empty fragment", "https://h.example#"),
        fragment("a fragment behind a query", "https://h.example/p?x#y"),
        path("two slashes", "https://h.example//"),
        path("an empty segment", "https://h.example/a//b"),
        path("a dot segment", "https://h.example/."),
        path("two dots", "https://h.example/a/../b"),
        path("a space in the path", "https://h.example/a b"),
        path("a path beyond ASCII", "https://h.example/é"),
        path("lower-case hexadecimal", "https://h.example/a%c3%a9"),
        path("an encoded letter", "https://h.example/%41"),
        path("encoded dots", "https://h.example/%2E%2E"),
        path("an encoded slash", "https://h.example/a%2Fb"),
        path("a percent sign alone", "https://h.example/100%"),
        path("half an escape", "https://h.example/%4"),
        path("a sign in an escape", "https://h.example/%+4"),
        path("an unencoded plus", "https://h.example/a+b"),
    ]
}

fn of_settings() -> Vec<Row> {
    let directory = "b--euw1-az1--x-s3";
    let outpost = "arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/accesspoint/ap";
    let lambda = "arn:aws:s3-object-lambda:eu-west-1:123456789012:accesspoint/ap";
    let mrap = "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap";
    let both = |one, other| Error::EndpointConflict { one, other };
    let (plain, region) = ("examplebucket", "eu-west-1");
    let alias = OUTPOSTS_ALIAS;
    let long = format!("https://{}h.example", "a.".repeat(116)); // 241 bytes
    rows! {
        "a host of 254 bytes", Bucket::new("examplebucke", region).unwrap().endpoint(&long).unwrap().host().map(drop) =>
            Error::HostTooLong { bytes: 254 },
            "host of 254 bytes, including the bucket name, exceeds the limit of 253; path style avoids this";
        "accelerate, aws-global", conflict(plain, "aws-global", |b| b.accelerate()) =>
            both("accelerate", "region aws-global"),
            "accelerate cannot be combined with region aws-global; use the region us-east-1";
        "aws-global, ARN", conflict(AP, "aws-global", |b| b) =>
            both("region aws-global", "ARN"),
            "region aws-global cannot be combined with ARN; use the region us-east-1";
        "same region, ARN of another region", conflict(AP, "us-east-1", |b| b.same_region()) =>
            both("same region", "ARN of another region"), "same region cannot be combined with ARN of another region";
        "accelerate, Outposts alias", conflict(alias, region, |b| b.accelerate()) =>
            both("accelerate", "Outposts access point"), "accelerate cannot be combined with Outposts access point";
        "FIPS, Outposts alias", conflict(alias, region, |b| b.fips()) =>
            both("FIPS", "Outposts access point"), "FIPS cannot be combined with Outposts access point";
        "custom endpoint, Outposts alias", conflict(alias, region, at_custom) =>
            both("Outposts alias", "custom endpoint"), "Outposts alias cannot be combined with custom endpoint";
        "beta without custom endpoint", conflict(BETA_ALIAS, region, |b| b) =>
            both("Outposts alias of a beta region", "endpoint of the region"),
            "Outposts alias of a beta region cannot be combined with endpoint of the region; set a custom endpoint";
        "beta, http", conflict(BETA_ALIAS, region, at_http) =>
            both("Outposts access point", "http endpoint"),
            "Outposts access point cannot be combined with http endpoint";
        "Outposts, path", conflict(outpost, region, at_path) =>
            both("Outposts access point", "endpoint with a path"),
            "Outposts access point cannot be combined with endpoint with a path";
        "control endpoint, global endpoint",
            Bucket::service("us-east-1").unwrap().control_endpoint().global_endpoint().host().map(drop) =>
            both("global endpoint", "control endpoint"),
            "global endpoint cannot be combined with control endpoint; leave out the global endpoint";
        "accelerate, FIPS", conflict(plain, region, |b| b.accelerate().fips()) =>
            both("accelerate", "FIPS"), "accelerate cannot be combined with FIPS";
        "accelerate, path style", conflict(plain, region, |b| b.accelerate().path_style()) =>
            both("accelerate", "path style"), "accelerate cannot be combined with path style";
        "accelerate, custom endpoint", conflict(plain, region, |b| at_custom(b.accelerate())) =>
            both("accelerate", "custom endpoint"), "accelerate cannot be combined with custom endpoint";
        "accelerate, global endpoint", conflict(plain, region, |b| b.accelerate().global_endpoint()) =>
            both("accelerate", "global endpoint"), "accelerate cannot be combined with global endpoint; leave out the global endpoint";
        "accelerate, ARN", conflict(AP, region, |b| b.accelerate()) =>
            both("accelerate", "ARN"), "accelerate cannot be combined with ARN";
        "accelerate, directory bucket", conflict(directory, region, |b| b.accelerate()) =>
            both("accelerate", "directory bucket"), "accelerate cannot be combined with directory bucket";
        "accelerate, China", conflict(plain, "cn-north-1", |b| b.accelerate()) =>
            both("accelerate", "region of aws-cn"), "accelerate cannot be combined with region of aws-cn";
        "accelerate, service", Bucket::service(region).unwrap().accelerate().host().map(drop) =>
            both("accelerate", "request without a bucket"),
            "accelerate cannot be combined with request without a bucket";
        "accelerate, a name with a dot", conflict("a.b", region, |b| b.accelerate()) =>
            both("accelerate", "bucket name that cannot be a host label"),
            "accelerate cannot be combined with bucket name that cannot be a host label";
        "FIPS, custom endpoint", conflict(plain, region, |b| at_custom(b.fips())) =>
            both("FIPS", "custom endpoint"), "FIPS cannot be combined with custom endpoint";
        "FIPS, global endpoint", conflict(plain, "aws-global", |b| b.fips()) =>
            both("FIPS", "region aws-global"), "FIPS cannot be combined with region aws-global; use the region us-east-1";
        "FIPS, Outposts", conflict(outpost, region, |b| b.fips()) =>
            both("FIPS", "Outposts access point"), "FIPS cannot be combined with Outposts access point";
        "FIPS, multi-region", conflict(mrap, region, |b| b.fips()) =>
            both("FIPS", "multi-region access point"), "FIPS cannot be combined with multi-region access point";
        "FIPS, China", conflict(plain, "cn-north-1", |b| b.fips()) =>
            both("FIPS", "region of aws-cn"), "FIPS cannot be combined with region of aws-cn";
        "dual-stack, custom endpoint", conflict(plain, region, |b| at_custom(b.dual_stack())) =>
            both("dual-stack", "custom endpoint"), "dual-stack cannot be combined with custom endpoint";
        "dual-stack, global endpoint", conflict(plain, region, |b| b.dual_stack().global_endpoint()) =>
            both("dual-stack", "global endpoint"), "dual-stack cannot be combined with global endpoint; leave out the global endpoint";
        "dual-stack, Object Lambda", conflict(lambda, region, |b| b.dual_stack()) =>
            both("dual-stack", "Object Lambda access point"),
            "dual-stack cannot be combined with Object Lambda access point";
        "dual-stack, Outposts", conflict(outpost, region, |b| b.dual_stack()) =>
            both("dual-stack", "Outposts access point"), "dual-stack cannot be combined with Outposts access point";
        "dual-stack, multi-region", conflict(mrap, region, |b| b.dual_stack()) =>
            both("dual-stack", "multi-region access point"),
            "dual-stack cannot be combined with multi-region access point";
        "path style, ARN", conflict(AP, region, |b| b.path_style()) =>
            both("path style", "ARN"), "path style cannot be combined with ARN";
        "global endpoint, custom endpoint", conflict(plain, region, |b| at_custom(b.global_endpoint())) =>
            both("global endpoint", "custom endpoint"), "global endpoint cannot be combined with custom endpoint; leave out the global endpoint";
        "global endpoint, ARN", conflict(AP, region, |b| b.global_endpoint()) =>
            both("global endpoint", "ARN"), "global endpoint cannot be combined with ARN; leave out the global endpoint";
        "global endpoint, directory bucket", conflict(directory, region, |b| b.global_endpoint()) =>
            both("global endpoint", "directory bucket"), "global endpoint cannot be combined with directory bucket; leave out the global endpoint";
        "global endpoint, GovCloud", conflict(plain, "us-gov-west-1", |b| b.global_endpoint()) =>
            both("global endpoint", "region of another partition"),
            "global endpoint cannot be combined with region of another partition; leave out the global endpoint";
        "ARN, IP address", conflict(AP, region, at_ip) =>
            both("ARN", "endpoint at an IP address"), "ARN cannot be combined with endpoint at an IP address";
        "multi-region, custom endpoint", conflict(mrap, region, at_custom) =>
            both("multi-region access point", "custom endpoint"),
            "multi-region access point cannot be combined with custom endpoint";
    }
}

fn of_keys() -> Vec<Row> {
    let dots = |position| Error::DotSegment { position };
    let service = Bucket::service("eu-west-1").unwrap();
    rows! {
        "no key", key("") => Error::EmptyKey, "object key is empty";
        "a long key", key(&"k".repeat(1025)) =>
            Error::KeyTooLong { bytes: 1025 }, "object key of 1025 bytes exceeds the limit of 1024";
        "a long key of few characters", key(&"€".repeat(342)) =>
            Error::KeyTooLong { bytes: 1026 }, "object key of 1026 bytes exceeds the limit of 1024";
        "a dot", key(".") =>
            dots(0),
            "object key has a '.' or '..' segment at position 0; most clients would resolve it and request another object";
        "two dots", key("..") =>
            dots(0),
            "object key has a '.' or '..' segment at position 0; most clients would resolve it and request another object";
        "a dot in the middle", key("é/./b") =>
            dots(3),
            "object key has a '.' or '..' segment at position 3; most clients would resolve it and request another object";
        "two dots at the end", key("a/b/..") =>
            dots(4),
            "object key has a '.' or '..' segment at position 4; most clients would resolve it and request another object";
        "a way out of the bucket", key("../../etc/passwd") =>
            dots(0),
            "object key has a '.' or '..' segment at position 0; most clients would resolve it and request another object";
        "dots behind an empty segment", key("//..") =>
            dots(2),
            "object key has a '.' or '..' segment at position 2; most clients would resolve it and request another object";
        "a key of the service", Presigner::get(&who(), &service, "k").sign_into(NOW, &mut [0; 512]).map(drop) =>
            Error::KeyWithoutBucket, "object key is given without a bucket";
    }
}

fn of_times() -> Vec<Row> {
    let expires = |duration| sign(|p| p.expires_in(duration));
    let ends = |end| sign(|p| p.expires_at(end));
    let at = |unix_seconds| {
        let signed = Presigner::get(&who(), &bucket(), "k")
            .sign_into(Timestamp::from_unix(unix_seconds), &mut [0; 1024])
            .map(drop);
        (signed, Error::TimeOutOfRange { unix_seconds })
    };
    let aligned = |window| sign(|p| p.align_to(window));
    let window = |seconds, nanoseconds| Error::InvalidWindow {
        seconds,
        nanoseconds,
    };
    let range = |seconds| Error::ExpiryOutOfRange { seconds };
    let fraction = |nanoseconds| Error::FractionalExpiry { nanoseconds };
    let method = |text: &str| text.parse::<Method>();
    let time = |text: &str| text.parse::<Timestamp>();
    let (unknown, form) = (
        "unknown HTTP method; methods are upper case",
        "time does not have the form 2013-05-24T00:00:00Z (RFC 3339)",
    );
    let out_of_range = |what, unix_seconds, text| {
        let (got, error) = at(unix_seconds);
        row(what, got, error, text)
    };
    let mut rows = vec![
        out_of_range(
            "before the year 1",
            -62_135_596_801,
            "time of -62135596801 s since 1970 is outside the years 1 to 9999",
        ),
        out_of_range(
            "after the year 9999",
            253_402_300_800,
            "time of 253402300800 s since 1970 is outside the years 1 to 9999",
        ),
        out_of_range(
            "milliseconds for seconds",
            1_369_353_600_000,
            "time of 1369353600000 s since 1970 is outside the years 1 to 9999",
        ),
        out_of_range(
            "the first time of all",
            i64::MIN,
            "time of -9223372036854775808 s since 1970 is outside the years 1 to 9999",
        ),
        out_of_range(
            "the last time of all",
            i64::MAX,
            "time of 9223372036854775807 s since 1970 is outside the years 1 to 9999",
        ),
    ];
    rows.extend(rows! {
        "no window at all", aligned(Duration::ZERO) => window(0, 0),
            "window of 0 s and 0 ns is not a whole number of seconds that divides a day (86400 s)";
        "a window that does not divide a day", aligned(Duration::from_secs(420)) => window(420, 0),
            "window of 420 s and 0 ns is not a whole number of seconds that divides a day (86400 s)";
        "a window of two days", aligned(Duration::from_secs(172_800)) => window(172_800, 0),
            "window of 172800 s and 0 ns is not a whole number of seconds that divides a day (86400 s)";
        "a window of half a second", aligned(Duration::from_millis(500)) => window(0, 500_000_000),
            "window of 0 s and 500000000 ns is not a whole number of seconds that divides a day (86400 s)";
        "the longest window of all", aligned(Duration::MAX) => window(u64::MAX, 999_999_999),
            "window of 18446744073709551615 s and 999999999 ns is not a whole number of seconds that divides a day (86400 s)";
        "a window as long as the expiry", aligned(Duration::from_secs(900)) =>
            Error::WindowNotShorter { window: 900, expires: 900 },
            "window of 900 s is not shorter than the expiry of 900 s";
        "a window longer than the expiry", aligned(Duration::from_secs(86_400)) =>
            Error::WindowNotShorter { window: 86_400, expires: 900 },
            "window of 86400 s is not shorter than the expiry of 900 s";
        "no time at all", expires(Duration::ZERO) => range(0), "expiry of 0 s is outside 1 s to 604800 s (7 days)";
        "seven days and a second", expires(Duration::from_secs(604_801)) =>
            range(604_801), "expiry of 604801 s is outside 1 s to 604800 s (7 days)";
        "for ever", expires(Duration::MAX - Duration::from_nanos(999_999_999)) =>
            range(i64::MAX), "expiry of 9223372036854775807 s is outside 1 s to 604800 s (7 days)";
        "a second and a half", expires(Duration::from_millis(1500)) =>
            fraction(500_000_000), "expiry has a fraction of 500000000 ns; only whole seconds are allowed";
        "seven days and a nanosecond", expires(Duration::new(604_800, 1)) =>
            fraction(1), "expiry has a fraction of 1 ns; only whole seconds are allowed";
        "less than a second", expires(Duration::from_nanos(1)) =>
            fraction(1), "expiry has a fraction of 1 ns; only whole seconds are allowed";
        "an end now", ends(NOW) => range(0), "expiry of 0 s is outside 1 s to 604800 s (7 days)";
        "an end before", ends(after(-5)) => range(-5), "expiry of -5 s is outside 1 s to 604800 s (7 days)";
        "an end too late", ends(after(604_801)) =>
            range(604_801), "expiry of 604801 s is outside 1 s to 604800 s (7 days)";
        "an end at the end of time", ends(Timestamp::from_unix(i64::MAX)) =>
            range(i64::MAX - NOW.as_unix()), "expiry of 9223372035485422207 s is outside 1 s to 604800 s (7 days)";
        "an end before all time", ends(Timestamp::from_unix(i64::MIN)) =>
            range(i64::MIN), "expiry of -9223372036854775808 s is outside 1 s to 604800 s (7 days)";
        "an end of what cannot be signed",
            Presigner::get(&who(), &bucket(), "k").valid_until(Timestamp::from_unix(253_402_300_800)) =>
            Error::TimeOutOfRange { unix_seconds: 253_402_300_800 },
            "time of 253402300800 s since 1970 is outside the years 1 to 9999";
        "a time in words", time("yesterday") => Error::InvalidTimestamp, form;
        "no time", time("") => Error::InvalidTimestamp, form;
        "a day", time("2013-05-24") => Error::InvalidTimestamp, form;
        "30 February", time("2013-02-30T00:00:00Z") => Error::InvalidTimestamp, form;
        "a method in lower case", method("get") => Error::UnknownMethod, unknown;
        "no method", method("") => Error::UnknownMethod, unknown;
        "a space behind the method", method("GET ") => Error::UnknownMethod, unknown;
        "any method", method("*") => Error::UnknownMethod, unknown;
    });
    rows
}

fn of_parameters() -> Vec<Row> {
    let reserved = |given, name, text| {
        row(
            given,
            parameter(given, "1"),
            Error::ReservedQueryParameter { name },
            text,
        )
    };
    let twice = "query parameter is given twice with the same value, or more than once although only one value is allowed";
    let many = "more than 255 query parameters";
    let numbers: Vec<String> = (0..256).map(|n| n.to_string()).collect();
    let list: Vec<(&str, &str)> = numbers.iter().map(|n| (n.as_str(), "")).collect();
    let too_many = Presigner::get(&who(), &bucket(), "k")
        .query(&list)
        .sign_into(NOW, &mut [])
        .map(drop);
    let mut rows = vec![
        reserved(
            "X-Amz-Algorithm",
            "x-amz-algorithm",
            "query parameter x-amz-algorithm is reserved for signing",
        ),
        reserved(
            "AWSAccessKeyId",
            "AWSAccessKeyId",
            "query parameter AWSAccessKeyId is reserved for signing",
        ),
        reserved(
            "Signature",
            "Signature",
            "query parameter Signature is reserved for signing",
        ),
        reserved(
            "x-amz-credential",
            "x-amz-credential",
            "query parameter x-amz-credential is reserved for signing",
        ),
        reserved(
            "X-AMZ-DATE",
            "x-amz-date",
            "query parameter x-amz-date is reserved for signing",
        ),
        reserved(
            "X-Amz-Expires",
            "x-amz-expires",
            "query parameter x-amz-expires is reserved for signing",
        ),
        reserved(
            "X-Amz-Region-Set",
            "x-amz-region-set",
            "query parameter x-amz-region-set is reserved for signing",
        ),
        reserved(
            "X-Amz-S3session-Token",
            "x-amz-s3session-token",
            "query parameter x-amz-s3session-token is reserved for signing",
        ),
        reserved(
            "X-Amz-Security-Token",
            "x-amz-security-token",
            "query parameter x-amz-security-token is reserved for signing",
        ),
        reserved(
            "X-Amz-Signature",
            "x-amz-signature",
            "query parameter x-amz-signature is reserved for signing",
        ),
        reserved(
            "x-amz-signedHeaders",
            "x-amz-signedheaders",
            "query parameter x-amz-signedheaders is reserved for signing",
        ),
    ];
    rows.extend(rows! {
        "a parameter without name", parameter("", "1") =>
            Error::EmptyQueryParameterName, "query parameter has an empty name";
        "the same pair twice", sign(|p| p.query(&[("b", "1"), ("a", ""), ("b", "1")])) =>
            Error::DuplicateQueryParameter, twice;
        "the same pair in two lists", sign(|p| p.query(&[("a", "1")]).query(&[("a", "1")])) =>
            Error::DuplicateQueryParameter, twice;
        "a version twice", sign(|p| p.version_id("1").query(&[("versionId", "2")])) =>
            Error::DuplicateQueryParameter, twice;
        "a part number twice", sign(|p| p.part_number(1).query(&[("a", ""), ("partNumber", "2")])) =>
            Error::DuplicateQueryParameter, twice;
        "256 parameters", too_many => Error::TooManyQueryParameters, many;
        "five lists", sign(|p| p.query(&[]).headers(&[]).metadata_list(&[]).query(&[]).query(&[])) =>
            Error::TooManyLists, "more than 4 lists of headers, metadata and query parameters";
        "twenty-one values set one by one", sign(|p| twenty_values(p).version_id("v")) =>
            Error::TooManyValues, "no room for another value set on its own (20; those whose names you choose count twice); use a list";
        "no room for a name of one's own", sign(|p| twenty_values(p).header("a", "b")) =>
            Error::TooManyValues, "no room for another value set on its own (20; those whose names you choose count twice); use a list";
        "a batch without a key", Presigner::list(&who(), &bucket()).batch_into(NOW, &mut []).map(drop) =>
            Error::BatchWithoutKey, "batch requires a request to an object, not to the bucket";
        "letters for a number", parameter("max-keys", "many") =>
            Error::InvalidNumber { name: "max-keys" }, "value of max-keys is not a decimal number";
        "an answer with a second header", parameter("response-content-type", "a\r\nset-cookie: b") =>
            Error::InvalidHeaderValue { position: 1, byte: b'\r' },
            "header value contains the control byte 0x0d at position 1";
        "an answer with a line break", sign(|p| p.response_content_disposition("a\nb")) =>
            Error::InvalidHeaderValue { position: 1, byte: b'\n' },
            "header value contains the control byte 0x0a at position 1";
        "an empty version", sign(|p| p.version_id("")) =>
            Error::EmptyValue { name: "versionId" }, "value of versionId is empty";
        "an empty version in a list", parameter("versionId", "") =>
            Error::EmptyValue { name: "versionId" }, "value of versionId is empty";
        "an empty upload ID",
            Presigner::list_parts(&who(), &bucket(), "k", "").sign_into(NOW, &mut [0; 1024]).map(drop) =>
            Error::EmptyValue { name: "uploadId" }, "value of uploadId is empty";
        "part 0", sign(|p| p.part_number(0)) =>
            Error::PartNumberOutOfRange { number: 0 }, "part number 0 is outside 1 to 10000";
        "part 10001", sign(|p| p.part_number(10_001)) =>
            Error::PartNumberOutOfRange { number: 10_001 }, "part number 10001 is outside 1 to 10000";
        "a payload hash in the query", parameter("X-Amz-Content-Sha256", &"0".repeat(64)) =>
            Error::InvalidPayloadHash,
            "x-amz-content-sha256 is neither UNSIGNED-PAYLOAD nor (as a header) 64 lower-case hexadecimal digits";
    });
    rows
}

fn of_headers() -> Vec<Row> {
    let name = |what, name, position, byte, text| {
        row(
            what,
            header(name, "1"),
            Error::InvalidHeaderName { position, byte },
            text,
        )
    };
    let value = |what, value, position, byte, text| {
        row(
            what,
            header("x-a", value),
            Error::InvalidHeaderValue { position, byte },
            text,
        )
    };
    let reserved = |given, name, text| {
        row(
            given,
            header(given, "1"),
            Error::ReservedHeader { name },
            text,
        )
    };
    let twice = |what, headers: [(&str, &str); 2]| {
        let got = Presigner::put(&who(), &bucket(), "k")
            .headers(&headers)
            .sign_into(NOW, &mut [0; 1024])
            .map(drop);
        row(
            what,
            got,
            Error::DuplicateHeader,
            "header is given twice, but only one value is allowed",
        )
    };
    let many = "more than 255 headers";
    let names: Vec<String> = (0..256).map(|n| format!("x-{n}")).collect();
    let list: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), "")).collect();
    let too_many = Presigner::put(&who(), &bucket(), "k")
        .headers(&list)
        .sign_into(NOW, &mut [0; 8192])
        .map(drop);
    let mut rows = vec![
        name(
            "a space in a name",
            "x a",
            1,
            b' ',
            "header name contains ' ' at position 1",
        ),
        name(
            "a colon in a name",
            "x-a:",
            3,
            b':',
            "header name contains ':' at position 3",
        ),
        name(
            "a line break in a name",
            "x\r\ny",
            1,
            b'\r',
            "header name contains '\\r' at position 1",
        ),
        name(
            "a name beyond ASCII",
            "é",
            0,
            0xc3,
            "header name contains '\\xc3' at position 0",
        ),
        name(
            "NUL in a name",
            "\0",
            0,
            0,
            "header name contains '\\x00' at position 0",
        ),
        name(
            "a semicolon in a name",
            "a;host",
            1,
            b';',
            "header name contains ';' at position 1",
        ),
        value(
            "CR in a value",
            "b\rc",
            1,
            b'\r',
            "header value contains the control byte 0x0d at position 1",
        ),
        value(
            "LF behind a value",
            "b\n",
            1,
            b'\n',
            "header value contains the control byte 0x0a at position 1",
        ),
        value(
            "a second header in a value",
            "b\r\nhost: c",
            1,
            b'\r',
            "header value contains the control byte 0x0d at position 1",
        ),
        value(
            "a folded line",
            "value1\n  value2",
            6,
            b'\n',
            "header value contains the control byte 0x0a at position 6",
        ),
        value(
            "NUL in a value",
            "\0",
            0,
            0,
            "header value contains the control byte 0x00 at position 0",
        ),
        value(
            "DEL in a value",
            "é\u{7f}",
            2,
            0x7f,
            "header value contains the control byte 0x7f at position 2",
        ),
        reserved("Host", "host", "header host is reserved for signing"),
        reserved(
            "AUTHORIZATION",
            "authorization",
            "header authorization is reserved for signing",
        ),
        reserved(
            "x-amz-date",
            "x-amz-date",
            "header x-amz-date is reserved for signing",
        ),
        reserved(
            "X-Amz-Security-Token",
            "x-amz-security-token",
            "header x-amz-security-token is reserved for signing",
        ),
        reserved(
            "x-amz-s3session-token",
            "x-amz-s3session-token",
            "header x-amz-s3session-token is reserved for signing",
        ),
        twice(
            "content type twice",
            [("Content-Type", "a/b"), ("content-type", "a/b")],
        ),
        twice(
            "content length twice",
            [("Content-Length", "1"), ("Content-Length", "2")],
        ),
        twice(
            "range twice",
            [("range", "bytes=0-0"), ("Range", "bytes=1-1")],
        ),
    ];
    rows.extend(rows! {
        "a header without name", header("", "1") => Error::EmptyHeaderName, "header has an empty name";
        "metadata without name", sign(|p| p.metadata("", "1")) =>
            Error::EmptyHeaderName, "header has an empty name";
        "a space in a name of metadata", sign(|p| p.metadata("a b", "1")) =>
            Error::InvalidHeaderName { position: 1, byte: b' ' }, "header name contains ' ' at position 1";
        "a setter's header again", sign(|p| p.content_type("a/b").headers(&[("Content-Type", "a/c")])) =>
            Error::DuplicateHeader, "header is given twice, but only one value is allowed";
        "a setter's metadata again", sign(|p| p.acl("private").headers(&[("x-amz-acl", "private")])) =>
            Error::DuplicateHeader, "header is given twice, but only one value is allowed";
        "256 headers", too_many => Error::TooManyHeaders, many;
    });
    rows
}

/// As many as there is room for.
pub(crate) fn twenty_values(p: Presigner<'_>) -> Presigner<'_> {
    p.content_type("a/b")
        .content_length(1)
        .content_disposition("a")
        .content_encoding("a")
        .content_language("a")
        .cache_control("a")
        .copy_source("b/k")
        .acl("a")
        .storage_class("a")
        .tagging("a=b")
        .if_match("a")
        .if_none_match("a")
        .range("a")
        .expected_bucket_owner("1")
        .request_payer()
        .checksum(Checksum::Crc32("AAAAAA=="))
        .content_md5("1B2M2Y8AsgTpgAmY7PhCfg==")
        .encryption(Encryption::Kms {
            key_id: Some("a"),
            context: Some("e30="),
        })
}

fn of_values() -> Vec<Row> {
    let wildcard = "content type contains '*'; wildcards are not supported";
    let hash = "x-amz-content-sha256 is neither UNSIGNED-PAYLOAD nor (as a header) 64 lower-case hexadecimal digits";
    let base64 = |name, length| Error::InvalidBase64 { name, length };
    let customer = |key, key_md5| sign(|p| p.encryption(Encryption::Customer { key, key_md5 }));
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    rows! {
        "any image", sign(|p| p.content_type("image/*")) => Error::WildcardInContentType, wildcard;
        "any type", header("Content-Type", "*/*") => Error::WildcardInContentType, wildcard;
        "no content type", sign(|p| p.content_type("")) =>
            Error::EmptyValue { name: "content-type" }, "value of content-type is empty";
        "white space for a content type", header("content-type", " \t") =>
            Error::EmptyValue { name: "content-type" }, "value of content-type is empty";
        "an empty entity tag", sign(|p| p.if_match("")) =>
            Error::EmptyValue { name: "if-match" }, "value of if-match is empty";
        "white space for an access rule", sign(|p| p.acl(" \t")) =>
            Error::EmptyValue { name: "x-amz-acl" }, "value of x-amz-acl is empty";
        "a payload hash in upper case", header("x-amz-content-sha256", &"A".repeat(64)) =>
            Error::InvalidPayloadHash, hash;
        "a payload hash and none", sign(|p| {
            p.header("x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855").query_parameter("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
        }) => Error::PayloadHashMismatch, "header and query parameter x-amz-content-sha256 contradict each other";
        "a short payload hash", header("X-Amz-Content-Sha256", "00") => Error::InvalidPayloadHash, hash;
        "a padded payload hash", header("x-amz-content-sha256", &format!(" {}", "0".repeat(63))) =>
            Error::InvalidPayloadHash, hash;
        "an MD5 in hexadecimal", sign(|p| p.content_md5("d41d8cd98f00b204e9800998ecf8427e")) =>
            base64("content-md5", 24), "value of content-md5 is not base64 of 24 characters";
        "a checksum without padding", sign(|p| p.checksum(Checksum::Crc32("AAAAAA"))) =>
            base64("x-amz-checksum-crc32", 8), "value of x-amz-checksum-crc32 is not base64 of 8 characters";
        "a checksum of another size", sign(|p| p.checksum(Checksum::Sha256("AAAAAA=="))) =>
            base64("x-amz-checksum-sha256", 44), "value of x-amz-checksum-sha256 is not base64 of 44 characters";
        "a checksum for URLs", sign(|p| p.checksum(Checksum::Crc64Nvme("AAAA-_AAAAA="))) =>
            base64("x-amz-checksum-crc64nvme", 12), "value of x-amz-checksum-crc64nvme is not base64 of 12 characters";
        "an encryption key that is none", customer("key", "AAAAAAAAAAAAAAAAAAAAAA==") =>
            base64("x-amz-server-side-encryption-customer-key", 44),
            "value of x-amz-server-side-encryption-customer-key is not base64 of 44 characters";
        "an encryption key without hash", customer(key, "none") =>
            base64("x-amz-server-side-encryption-customer-key-md5", 24),
            "value of x-amz-server-side-encryption-customer-key-md5 is not base64 of 24 characters";
    }
}

fn of_buffers() -> Vec<Row> {
    let (who, bucket) = (Credentials::new("AKIAEXAMPLE", SECRET), bucket());
    let plain = Presigner::get(&who, &bucket, "k");
    let unsorted = plain.query(&[("b", ""), ("a", "")]);
    let into = |presigner: Presigner<'_>, length| {
        presigner.sign_into(NOW, &mut [0; 512][..length]).map(drop)
    };
    let needed = |needed| Error::BufferTooSmall { needed };
    rows! {
        "no buffer", into(plain, 0) => needed(307), "buffer is too small: 307 bytes are needed";
        "a byte", into(plain, 1) => needed(307), "buffer is too small: 307 bytes are needed";
        "a byte too few", into(plain, 306) => needed(307), "buffer is too small: 307 bytes are needed";
        "no buffer to sort in", into(unsorted, 0) => needed(313), "buffer is too small: 313 bytes are needed";
        "a buffer to sort in, but not for the signature", into(unsorted, 250) =>
            needed(313), "buffer is too small: 313 bytes are needed";
        "a byte too few behind sorting", into(unsorted, 312) =>
            needed(313), "buffer is too small: 313 bytes are needed";
    }
}

/// Mistakes with SigV4a.
#[cfg(feature = "sigv4a")]
#[track_caller]
pub(crate) fn sigv4a_rows() -> Vec<Row> {
    let (who, plain) = (who(), bucket());
    let set = |regions: &str| bucket().region_set(regions).map(drop);
    let text =
        "region set is not a comma-separated list of region names, each of which may end in '*'";
    let multi = bucket().region_set("*").unwrap();
    let key = who.signing_key(&plain, NOW).unwrap();
    let multi_key = who.signing_key(&multi, NOW).unwrap();
    let at = |key, bucket| {
        Presigner::get(key, bucket, "k")
            .sign_into(NOW, &mut [0; 1024])
            .map(drop)
    };
    let algorithm = "signing key is for a different algorithm than the bucket's";
    rows! {
        "no regions", set("") => Error::InvalidRegionSet, text;
        "an empty region", set("a,,b") => Error::InvalidRegionSet, text;
        "a comma at the end", set("a,") => Error::InvalidRegionSet, text;
        "a space between regions", set("a, b") => Error::InvalidRegionSet, text;
        "a star in the middle", set("a*b") => Error::InvalidRegionSet, text;
        "two stars", set("**") => Error::InvalidRegionSet, text;
        "a key of SigV4 for SigV4a", at(&key, &multi) => Error::SigningKeyMismatch { part: "algorithm" }, algorithm;
        "a key of SigV4a for SigV4", at(&multi_key, &plain) =>
            Error::SigningKeyMismatch { part: "algorithm" }, algorithm;
    }
}

/// Mistakes in the list of an upload's parts.
#[cfg(feature = "alloc")]
pub(crate) fn multipart_rows() -> Vec<Row> {
    use presign::multipart::{Part, complete_body};

    let parts = |parts: &[(u16, &'static str)]| complete_body(parts);
    let number = |number| Error::PartNumberOutOfRange { number };
    let hexadecimal = Part::new(1, "a").checksum(Checksum::Crc32("c99465aa0"));
    rows! {
        "no parts", parts(&[]) => Error::NoParts, "list of parts is empty";
        "a part twice", parts(&[(2, "a"), (1, "a"), (2, "b")]) =>
            Error::DuplicatePart { number: 2 }, "part number 2 is listed twice";
        "part 0 in the list", parts(&[(0, "a")]) => number(0), "part number 0 is outside 1 to 10000";
        "part 10001 in the list", parts(&[(10_001, "a")]) =>
            number(10_001), "part number 10001 is outside 1 to 10000";
        "a part without ETag", parts(&[(1, "")]) =>
            Error::EmptyValue { name: "etag" }, "value of etag is empty";
        "an ETag with a line break", parts(&[(1, "a\nb")]) =>
            Error::InvalidHeaderValue { position: 1, byte: b'\n' },
            "header value contains the control byte 0x0a at position 1";
        "a part's checksum in hexadecimal", complete_body([hexadecimal]) =>
            Error::InvalidBase64 { name: "x-amz-checksum-crc32", length: 8 },
            "value of x-amz-checksum-crc32 is not base64 of 8 characters";
    }
}

/// Mistakes in an upload form.
#[cfg(feature = "post")]
#[track_caller]
pub(crate) fn post_rows() -> Vec<Row> {
    use presign::post::PostPolicy;

    let post = |key: &str, change: fn(PostPolicy<'_>) -> PostPolicy<'_>| {
        change(PostPolicy::new(&who(), &bucket(), key))
            .sign_at(NOW)
            .map(drop)
    };
    let service = Bucket::service("eu-west-1").unwrap();
    let directory = Bucket::new("b--euw1-az1--x-s3", "eu-west-1").unwrap();
    let no_post = "upload forms require a general purpose bucket and do not support SigV4a";
    let variable = |position| Error::UnknownVariable { position };
    let reserved = |name| Error::ReservedField { name };
    let by = |credentials: Credentials<'_>| {
        PostPolicy::new(&credentials, &bucket(), "k")
            .sign_at(NOW)
            .map(drop)
    };
    let (id, token) = ("access key ID", "session token");
    rows! {
        "a form by a key with a variable", by(Credentials::new("A${filename}", "secret")) =>
            Error::VariableInCredential { part: id }, "access key ID contains ${filename}, which S3 would replace in the form";
        "a form with a token with a variable", by(Credentials::new("A", "secret").session_token("${filename}")) =>
            Error::VariableInCredential { part: token }, "session token contains ${filename}, which S3 would replace in the form";
        "a form without key", post("", |p| p) => Error::EmptyKey, "object key is empty";
        "a form with a long key", post(&"k".repeat(1025), |p| p) =>
            Error::KeyTooLong { bytes: 1025 }, "object key of 1025 bytes exceeds the limit of 1024";
        "a form with a line break in its key", post("a\nb", |p| p) =>
            Error::InvalidHeaderValue { position: 1, byte: b'\n' },
            "header value contains the control byte 0x0a at position 1";
        "an unknown variable", post("${filename}/${user}", |p| p) =>
            variable(12), "object key contains an unknown variable at position 12; only ${filename} is supported";
        "a variable in upper case", post("${Filename}", |p| p) =>
            variable(0), "object key contains an unknown variable at position 0; only ${filename} is supported";
        "a field twice", post("k", |p| p.field("acl", "a").field("ACL", "b")) =>
            Error::DuplicateField, "form field is given twice";
        "a length range twice", post("k", |p| p.content_length(1..=2).content_length(1..=2)) =>
            Error::DuplicateField, "form field is given twice";
        "a field of signing", post("k", |p| p.field("X-Amz-Date", "a")) =>
            reserved("x-amz-date"), "form field x-amz-date is reserved";
        "the key as a field", post("k", |p| p.field_starts_with("key", "")) =>
            reserved("key"), "form field key is reserved";
        "a range of no length", post("k", |p| { p.content_length(core::ops::RangeInclusive::new(2, 1)) }) =>
            Error::EmptyLengthRange { min: 2, max: 1 }, "content length range has a minimum of 2 bytes, above its maximum of 1 bytes";
        "another status", post("k", |p| p.success_action_status(404)) =>
            Error::InvalidSuccessStatus, "success status is not 200, 201 or 204";
        "any image in a form", post("k", |p| p.content_type("image/*")) =>
            Error::WildcardInContentType, "content type contains '*'; wildcards are not supported";
        "a field without name", post("k", |p| p.field("", "a")) => Error::EmptyHeaderName, "header has an empty name";
        "a form of the service", PostPolicy::new(&who(), &service, "k").sign_at(NOW) =>
            Error::NoPostHere, no_post;
        "a form of a directory bucket", PostPolicy::new(&who(), &directory, "k").sign_at(NOW) =>
            Error::NoPostHere, no_post;
        "a form of 20 KiB", PostPolicy::new(&who(), &bucket(), "k").field("x-a", &"a".repeat(9000)).sign_at(NOW) =>
            Error::FormTooLarge { bytes: 21_692 }, "form of 21692 bytes, not counting the file, exceeds the limit of 20480";
        "metadata without a name in a form", post("k", |p| p.metadata("", "a")) =>
            Error::EmptyHeaderName, "header has an empty name";
        "no content type in a form", post("k", |p| p.content_type(" ")) =>
            Error::EmptyValue { name: "content-type" }, "value of content-type is empty";
        "a checksum of another size in a form", post("k", |p| p.field("X-Amz-Checksum-CRC32", "AAAA")) =>
            Error::InvalidBase64 { name: "x-amz-checksum-crc32", length: 8 },
            "value of x-amz-checksum-crc32 is not base64 of 8 characters";
        "a form after the year 9999",
            PostPolicy::new(&who(), &bucket(), "k").sign_at(Timestamp::from_unix(253_402_300_799)) =>
            Error::TimeOutOfRange { unix_seconds: 253_402_304_399 },
            "time of 253402304399 s since 1970 is outside the years 1 to 9999";
    }
}
