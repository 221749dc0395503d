//! Bad input: one line, and code 2.

use crate::support::{cases, command, complaint, run};

/// Commands, with what they complain of. No message repeats what may be a secret.
const MISTAKES: &str = "
presign get
  no object: give an S3 URI, or --bucket and --key; see --help
presign get examplebucket/s3cr3t
  S3 URI does not start with s3://; see --help
presign get S3://examplebucket/k
  S3 URI does not start with s3://; see --help
presign -
  keys from stdin need --bucket, and no --key; see --help
presign get s3://examplebucket/ -
  keys from stdin need --bucket, and no S3 URI; see --help
presign s3://examplebucket/k s3cr3t
  an argument is not expected here; see --help
presign s3://examplebucket/k --bucket b
  an S3 URI cannot be combined with --bucket or --key; see --help
presign s3://examplebucket/k --key k
  --bucket is missing; see --help
presign --service s3://examplebucket/k
  --service cannot be combined with [S3_URI]; see --help
presign --key k
  --bucket is missing; see --help
presign s3://examplebucket/k --jsonl
  --null and --jsonl are for keys from stdin; see --help
presign get --bucket examplebucket --qr -
  --curl, --qr and --copy are for one link; see --help
presign s3://examplebucket/k --curl --json
  --curl cannot be combined with --json; see --help
presign list
  no bucket: give an S3 URI, or --bucket; see --help
presign list s3://examplebucket --prefix a
  [S3_URI] cannot be combined with --prefix; see --help
presign list s3://examplebucket/a --prefix b
  [S3_URI] cannot be combined with --prefix; see --help
presign list s3://examplebucket -
  an argument is not expected here; see --help
presign exlpain
  unknown command exlpain; did you mean explain?; see --help
presign https://h.example/k?X-Amz-Signature=s3cr3t
  the first argument is neither a command nor an S3 URI, s3://BUCKET/KEY; see --help
presign examplebucket/k
  the first argument is neither a command nor an S3 URI, s3://BUCKET/KEY; see --help
presign s3://examplebucket/k --version-id x
  unknown flag --version-id; see --help
presign --regoin=s3cr3t
  unknown flag --regoin; did you mean --region?; see --help
presign -r
  unknown flag -r; see --help
presign s3://examplebucket/k --region
  --region needs a value; see --help
presign s3://examplebucket/k --region --json
  --region needs a value; see --help
presign s3://examplebucket/k --json=s3cr3t
  --json accepts no value; see --help
presign s3://examplebucket/k --region=a --region=a
  --region is given twice; see --help
presign s3://examplebucket/k --expires-in=1 --expires-in 2
  --expires-in is given twice; see --help
presign s3://examplebucket/k --expires-in=
  --expires-in: \"\" is not a number of seconds, or a duration such as 90m, 12h or 7d; see --help
presign s3://examplebucket/k --expires-in -5
  --expires-in: \"-5\" is not a number of seconds, or a duration such as 90m, 12h or 7d; see --help
presign s3://examplebucket/k --credentials-timeout -5
  --credentials-timeout: \"-5\" is not a number of seconds, or a duration such as 90m, 12h or 7d; see --help
presign list s3://examplebucket --max-keys x
  --max-keys: \"x\" is not a whole number; see --help
presign list s3://examplebucket --max-keys -5
  --max-keys: -5 is not in 0..=4294967295; see --help
presign list s3://examplebucket --max-keys 4294967296
  --max-keys: 4294967296 is not in 0..=4294967295; see --help
presign put s3://examplebucket/k --content-length -5
  --content-length: \"-5\" is not a whole number; see --help
presign put s3://examplebucket/k --content-length=
  --content-length: \"\" is not a whole number; see --help
presign s3://examplebucket/k --expires-in=1.5
  --expires-in: \"1.5\" is not a number of seconds, or a duration such as 90m, 12h or 7d; see --help
presign s3://examplebucket/k --expires-in 99999999999999999999
  --expires-in: \"99999999999999999999\" is not a number of seconds, or a duration such as 90m, 12h or 7d; see --help
presign s3://examplebucket/k --at now
  --at: \"now\" is not an RFC 3339 time such as 2013-05-24T00:00:00Z; see --help
presign s3://examplebucket/k --at=2013-02-29T00:00:00Z
  --at: \"2013-02-29T00:00:00Z\" is not an RFC 3339 time such as 2013-05-24T00:00:00Z; see --help
presign s3://examplebucket/k --addressing-style=s3cr3t
  --addressing-style is not one of auto, path, virtual; see --help
presign request put s3://examplebucket/k
  <METHOD>: unknown HTTP method; methods are upper case; see --help
presign s3://examplebucket/k --header x-key␣s3cr3t
  --header: ':' between name and value is missing; see --help
presign s3://examplebucket/k --header @/nowhere
  --header: cannot read /nowhere: No such file or directory (os error 2); see --help
presign s3://examplebucket/k --header @~/wrong-headers
  --header: line 3: ':' between name and value is missing; see --help
presign multipart parts s3://examplebucket/k --upload-id a --parts 1..10001
  --parts: part number 10001 is outside 1 to 10000; see --help
presign multipart parts s3://examplebucket/k --upload-id a --parts -1..5
  --parts: \"-1..5\" is not a range of whole numbers such as 1..100; see --help
presign multipart parts s3://examplebucket/k --upload-id a --parts 0..1
  --parts: part number 0 is outside 1 to 10000; see --help
presign multipart parts s3://examplebucket/k --upload-id a --parts 1..70000
  --parts: part number 70000 is outside 1 to 10000; see --help
presign multipart parts s3://examplebucket/k --upload-id a --parts 2..1
  range of parts is empty; see --help
presign multipart complete s3://examplebucket/k --upload-id a --etag s3cr3t
  --etag: '=' between name and value is missing; see --help
presign multipart complete s3://examplebucket/k --upload-id a --etag x=s3cr3t
  --etag: part number is not a whole number from 1 to 10000; see --help
presign explain
  the URL is empty; see --help
presign explain --header=a:b -
  the URL is empty; see --help
presign verify
  the URL is empty; see --help
presign explain a b
  an argument is not expected here; see --help
presign explain a --method
  --method needs a value; see --help
presign explain - --answer -
  on stdin, the answer follows the line of the URL; --answer - needs the URL as an argument; see --help
presign explain a --field s3cr3t
  --field: '=' between name and value is missing; see --help

presign s3://examplebucket
  object key is empty
presign s3://examplebucket/
  object key is empty
presign --bucket=examplebucket --key=
  object key is empty
presign s3://examplebucket/a/../b
  object key has a '.' or '..' segment at position 2; most clients would resolve it and request another object
presign s3://
  bucket name of 0 bytes is outside 3 to 255
presign --bucket=s3://b --key=k
  bucket name contains ':' at position 2; letters, digits, '.', '-' and '_' are allowed
presign s3://logs-*/k
  bucket name contains '*' at position 5; wildcards are not supported
presign s3://examplebucket/k --region=
  region of 0 bytes is outside 1 to 63
presign s3://examplebucket/k --region=eu.west
  region contains '.' at position 2; letters, digits and inner hyphens are allowed, in lower case for AWS; other stores may also use underscores
presign s3://examplebucket/k --expires-in=0
  expiry of 0 s is outside 1 s to 604800 s (7 days)
presign s3://examplebucket/k --expires-in=604801
  expiry of 604801 s is outside 1 s to 604800 s (7 days)
presign s3://examplebucket/k --at=0000-01-01T00:00:00Z
  time of -62167219200 s since 1970 is outside the years 1 to 9999
presign s3://examplebucket/k --at=9999-12-31T23:59:59-00:01
  time of 253402300859 s since 1970 is outside the years 1 to 9999
presign s3://examplebucket/k --endpoint-url=localhost:9000
  endpoint does not start with http:// or https://
presign s3://examplebucket/k --endpoint-url=http://me:s3cr3t@h
  endpoint contains user information before '@'
presign s3://examplebucket/k --endpoint-url=http://h --global-endpoint
  global endpoint cannot be combined with custom endpoint; leave out the global endpoint
presign s3://examplebucket/k --endpoint-url=http://h --accelerate
  accelerate cannot be combined with custom endpoint
presign s3://arn:aws:s3:eu-west-1:123456789012:accesspoint:ap/k --region us-west-2 --same-region
  same region cannot be combined with ARN of another region
presign s3://examplebucket/k --query=
  query parameter has an empty name
presign s3://examplebucket/k --query=X-Amz-Expires=1
  query parameter x-amz-expires is reserved for signing
presign s3://examplebucket/k --query=a --query=a=
  query parameter is given twice with the same value, or more than once although only one value is allowed
presign s3://examplebucket/k --header=:s3cr3t
  header has an empty name
presign s3://examplebucket/k --header=x␣y:␣1
  header name contains ' ' at position 1
presign s3://examplebucket/k --header=x-a:␣s3cr3t␍␊x-b:␣1
  header value contains the control byte 0x0d at position 7
presign s3://examplebucket/k --header=Host:␣h
  header host is reserved for signing
presign s3://examplebucket/k --content-type=a/b --header=Content-Type:␣a/b
  header is given twice, but only one value is allowed
presign s3://examplebucket/k --content-type=image/*
  content type contains '*'; wildcards are not supported
presign s3://examplebucket/k --content-type=
  value of content-type is empty
";

#[test]
fn mistakes() {
    for (line, expected) in cases(MISTAKES) {
        assert_eq!(complaint(command(line), 2), expected, "{line}");
    }
    let long = format!("presign s3://examplebucket/{}", "k".repeat(1025));
    assert_eq!(
        complaint(command(&long), 2),
        "object key of 1025 bytes exceeds the limit of 1024"
    );
}

#[test]
fn nothing_at_all() {
    let (code, stdout, stderr) = run(command("presign"));
    assert_eq!((code, &*stdout), (2, ""));
    assert!(stderr.contains("\nUsage: presign <COMMAND>\n"), "{stderr}");
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::UnixStream;
    use std::process::Stdio;

    use super::*;

    #[test]
    fn text_that_is_not_utf_8() {
        let mut command = command("presign get");
        command.arg(OsStr::from_bytes(b"s3://examplebucket/s3cr3t\xff"));
        assert_eq!(
            complaint(command, 2),
            "an argument is not valid UTF-8; see --help"
        );
    }

    /// Nobody reads what it prints, which is no mistake, as after `| head`; and nobody reads what it complains of.
    #[test]
    fn closed_output() {
        let closed = || {
            let (ours, theirs) = UnixStream::pair().unwrap();
            drop(theirs);
            Stdio::from(OwnedFd::from(ours))
        };
        let run = |line, stderr| {
            let mut command = command(line);
            let child = command.stdout(closed()).stderr(stderr).spawn().unwrap();
            child.wait_with_output().unwrap()
        };
        let output = run("presign s3://examplebucket/k", Stdio::piped());
        assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
        assert_eq!(run("presign get", closed()).status.code(), Some(2));
    }
}
