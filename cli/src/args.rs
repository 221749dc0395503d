//! The command line. Each flag is a field; the code that reads the field implements it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use presign::{Method, Timestamp};

use crate::values::{self, Lines};

mod link;

pub(crate) use link::{Client, Many, Object, Output, Style, What, When};

const EXAMPLES: &str = "\
Examples:
  presign s3://media/duck.jpg                  a download link, for an hour
  presign s3://media/duck.jpg --expires-in 7d --qr
  presign put s3://media/in.png --content-type image/png --curl
  presign form s3://media/uploads/ > upload.html
  presign get --bucket media - < keys.txt      a link for each line
  presign explain - < refused.txt              why a link was refused
  presign redact < server.log                  a log without secrets

Credentials, region and endpoint are those of the AWS CLI: environment,
profiles, SSO, roles, credential_process, containers, EC2. For another store,
such as MinIO or R2, set AWS_ENDPOINT_URL_S3, or endpoint_url in a profile.

Exit codes:
  0  done
  1  refused: no credentials, a request that does not verify, no clipboard, I/O
  2  usage: an unknown flag, a missing or malformed argument, a value that S3
     does not accept
  130  Ctrl-C while keys are read from stdin";

/// Create, verify and explain S3 presigned URLs.
#[derive(Parser)]
#[command(name = "presign", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// A link that downloads an object: `presign s3://BUCKET/KEY` is short for this
    #[command(after_help = "\
Examples:
  presign get s3://media/duck.jpg --expires-in 90m
  presign get s3://media/8f3c --download-as 'duck photo.jpg'
  aws s3api list-objects-v2 --bucket media | jq -c '.Contents[]' |
    presign get --bucket media --jsonl --json -")]
    Get(Get),
    /// A link that uploads an object
    #[command(after_help = "\
Examples:
  presign put s3://media/in.png --content-type image/png --curl
  presign put s3://media/in.bin --header 'if-none-match: *' --json

The headers that the sender must send are printed on stderr; --json and
--curl print them on stdout.")]
    Put(Put),
    /// A link that returns an object's headers
    Head(Sign),
    /// A link that deletes an object
    Delete(Sign),
    /// A link for any method: `presign request POST s3://BUCKET/KEY --query restore`
    Request(Request),
    /// A link that lists the objects of a bucket
    #[command(after_help = "Example:
  presign list s3://media/photos/ --delimiter / --max-keys 100")]
    List(List),
    /// The links of an upload in parts
    #[command(after_help = "\
Example:
  curl -X POST \"$(presign multipart start s3://media/big.bin)\" > answer.xml
  presign multipart parts s3://media/big.bin --upload-id @answer.xml \\
    --parts 1..2 --curl
  presign multipart complete s3://media/big.bin --upload-id @answer.xml \\
    --etag 1=ETAG --etag 2=ETAG --curl")]
    Multipart(Multipart),
    /// A page with a form that uploads from a browser
    #[command(after_help = "\
Examples:
  presign form s3://media/uploads/ --content-length 1..10485760 > upload.html
  presign form s3://media/in.png --starts-with Content-Type=image/ --json")]
    Form(Form),
    /// Explain why a link was refused; nothing is sent
    #[command(after_help = "\
Examples:
  presign explain - < url.txt
  curl -si \"$url\" | presign explain \"$url\" --answer -
  { echo \"$url\"; curl -si \"$url\"; } | presign explain -

With --profile, or credentials in the environment, likely changes to the request
are tested against the signature, which can prove a cause. No signature, token or
secret is printed.")]
    Explain(Explain),
    /// Check a presigned request with your credentials: signature, time, headers, region and service
    #[command(after_help = "\
Examples:
  presign verify - < url.txt
  presign verify \"$url\" --method PUT --header 'content-type: image/png'")]
    Verify(Verify),
    /// Mask the secrets of presigned URLs, forms and S3's answers: stdin to stdout
    #[command(after_help = "\
Examples:
  presign redact < server.log > shared.log
  tail -f server.log | presign redact --by-line

If the environment has credentials, their secret and token are masked wherever
they occur.")]
    Redact(Redact),
    /// Print a completion script for a shell
    #[command(after_help = "Example:
  presign completions zsh > ~/.zfunc/_presign")]
    Completions { shell: clap_complete::Shell },
    /// Print the manual page, or write one for each subcommand
    Man {
        /// Where to write presign.1, presign-get.1 ...
        directory: Option<PathBuf>,
    },
}

#[derive(Args)]
pub(crate) struct Get {
    /// Make browsers save the object under this file name
    #[arg(long, value_name = "FILE_NAME")]
    pub(crate) download_as: Option<String>,
    #[command(flatten)]
    pub(crate) sign: Sign,
}

#[derive(Args)]
pub(crate) struct Put {
    /// The exact size of the body, in bytes
    #[arg(long, value_name = "BYTES", allow_negative_numbers = true)]
    pub(crate) content_length: Option<u64>,
    #[command(flatten)]
    pub(crate) sign: Sign,
}

#[derive(Args)]
pub(crate) struct Request {
    /// GET, HEAD, PUT, POST, DELETE, OPTIONS or PATCH
    #[arg(value_parser = values::method)]
    pub(crate) method: Method,
    #[command(flatten)]
    pub(crate) sign: Sign,
}

/// The flags that every link accepts.
#[derive(Args)]
pub(crate) struct Sign {
    #[command(flatten)]
    pub(crate) object: Object,
    #[command(flatten)]
    pub(crate) request: What,
    #[command(flatten)]
    pub(crate) many: Many,
    #[command(flatten)]
    pub(crate) client: Client,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Args)]
pub(crate) struct List {
    /// s3://BUCKET or s3://BUCKET/PREFIX
    #[arg(value_name = "S3_URI")]
    pub(crate) uri: Option<String>,
    /// The bucket: its name, or an access point's ARN
    #[arg(long, conflicts_with = "uri")]
    pub(crate) bucket: Option<String>,
    /// What keys start with, with --bucket
    #[arg(long, requires = "bucket", conflicts_with = "uri")]
    pub(crate) prefix: Option<String>,
    /// Group keys by what follows the prefix, up to this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) delimiter: Option<String>,
    /// The maximum number of keys
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) max_keys: Option<u32>,
    /// List keys after this one
    #[arg(long, value_name = "KEY")]
    pub(crate) start_after: Option<String>,
    /// The NextContinuationToken of a previous answer, to continue after it
    #[arg(long, value_name = "TOKEN")]
    pub(crate) continuation_token: Option<String>,
    #[command(flatten)]
    pub(crate) request: What,
    #[command(flatten)]
    pub(crate) client: Client,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Args)]
pub(crate) struct Multipart {
    #[command(subcommand)]
    pub(crate) step: Step,
}

#[derive(Subcommand)]
pub(crate) enum Step {
    /// The link that starts an upload (POST); the answer contains the upload ID
    Start(Start),
    /// The links for the parts (PUT), in order; each answer contains the part's ETag
    Parts(Parts),
    /// The link that completes an upload (POST), and the body to send
    Complete(Complete),
    /// The link that aborts an upload (DELETE)
    Abort(Upload),
}

#[derive(Args)]
pub(crate) struct Start {
    /// s3://BUCKET/KEY
    #[arg(value_name = "S3_URI")]
    pub(crate) uri: String,
    #[command(flatten)]
    pub(crate) request: What,
    #[command(flatten)]
    pub(crate) client: Client,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Args)]
pub(crate) struct Upload {
    /// The upload ID, or @FILE for a file with the answer to `start` (@- for stdin)
    #[arg(long, value_name = "ID", value_parser = values::upload_id)]
    pub(crate) upload_id: String,
    #[command(flatten)]
    pub(crate) start: Start,
}

#[derive(Args)]
pub(crate) struct Parts {
    /// The part numbers, 1 to 10000; FIRST and LAST are included
    #[arg(long, value_name = "FIRST..LAST", value_parser = values::parts, allow_hyphen_values = true)]
    pub(crate) parts: (u16, u16),
    #[command(flatten)]
    pub(crate) upload: Upload,
}

#[derive(Args)]
pub(crate) struct Complete {
    /// An uploaded part, with the ETag of its answer; repeat it for each part. The list becomes the body
    #[arg(long, value_name = "NUMBER=ETAG", value_parser = values::etag)]
    pub(crate) etag: Vec<(u16, String)>,
    #[command(flatten)]
    pub(crate) upload: Upload,
}

#[derive(Args)]
pub(crate) struct Form {
    /// s3://BUCKET/KEY; `${filename}` in the key, or a `/` at its end, stands for the file's name
    #[arg(value_name = "S3_URI")]
    pub(crate) uri: String,
    /// A form field, such as acl=private; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = values::field)]
    pub(crate) field: Vec<(String, String)>,
    /// A field whose value the sender chooses, such as Content-Type=image/; may be repeated
    #[arg(long, value_name = "NAME=PREFIX", value_parser = values::field)]
    pub(crate) starts_with: Vec<(String, String)>,
    /// The allowed size of the file in bytes; MIN and MAX are included
    #[arg(long, value_name = "MIN..MAX", value_parser = values::range::<u64>)]
    pub(crate) content_length: Option<(u64, u64)>,
    #[command(flatten)]
    pub(crate) when: When,
    #[command(flatten)]
    pub(crate) client: Client,
    /// Print URL, fields, open fields with their prefixes, policy and expiry as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// A request that was sent.
#[derive(Args)]
pub(crate) struct Sent {
    /// The URL, or - to read it from stdin, so that it is not in the list of processes
    pub(crate) url: Option<String>,
    /// A header that was sent; repeat it for each. @FILE reads headers from a file, one per line
    #[arg(long, value_name = "NAME: VALUE", value_parser = values::headers)]
    pub(crate) header: Vec<Lines>,
    /// When it was sent, such as 2013-05-24T00:00:00Z [default: the current time]
    #[arg(long, value_name = "TIME", value_parser = values::time)]
    pub(crate) at: Option<Timestamp>,
}

impl Sent {
    pub(crate) fn is_on_stdin(&self) -> bool {
        self.url.as_deref().is_none_or(|url| url == "-")
    }
}

#[derive(Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) sent: Sent,
    /// The method that was sent [default: GET, or POST for a form]
    #[arg(long)]
    pub(crate) method: Option<String>,
    /// No headers were sent, except those that every client adds
    #[arg(long, conflicts_with = "header")]
    pub(crate) no_headers: bool,
    /// A field of a form that was sent, policy included; repeat it for each
    #[arg(long, value_name = "NAME=VALUE", value_parser = values::field)]
    pub(crate) field: Vec<(String, String)>,
    /// The store's answer, in any form: XML, JSON, text from a browser, output of `curl -i` or `-v`; - for stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) answer: Option<PathBuf>,
    /// The profile that should have signed [default: the credentials in the environment, if any]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Print the causes in order, each with its stable name, and both canonical requests as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) sent: Sent,
    /// The method that was sent
    #[arg(long, default_value = "GET")]
    pub(crate) method: String,
    /// The profile that should have signed [default: the credentials that `get` would use]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Redact {
    /// Write each line as soon as it is read. Secrets on a different line from their name are then not masked
    #[arg(long)]
    pub(crate) by_line: bool,
}
