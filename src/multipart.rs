//! The XML of a multipart upload: S3's answers to its start and completion, and the list of parts that completes it.
//!
//! [`Presigner`](crate::Presigner) creates the URLs: `create_multipart_upload`, `upload_part`,
//! `complete_multipart_upload` and `abort_multipart_upload`. Send the requests with any HTTP client.
//!
//! # Examples
//! ```
//! use presign::{Bucket, Credentials, Error, PresignedUrl, Presigner, Timestamp, multipart};
//!
//! # let (now, sent) = (Timestamp::from_unix(0), std::cell::RefCell::new(Vec::new()));
//! # let send = |url: PresignedUrl, body: &str| {
//! #     sent.borrow_mut().push(body.to_owned());
//! #     match (url.method().as_str(), url.as_str().contains("&uploads=")) {
//! #         ("PUT", _) => "\"9b2cf535f27731c974343645a3985328\"",
//! #         (_, true) => "<InitiateMultipartUploadResult><UploadId>VXBsb2FkIElE</UploadId></InitiateMultipartUploadResult>",
//! #         _ => "<Error><Code>InternalError</Code><Message>Please try again.</Message></Error>",
//! #     }
//! # };
//! let credentials = Credentials::new("AKIAEXAMPLE", "secret");
//! let bucket = Bucket::new("examplebucket", "eu-west-1")?;
//! let key = "big.bin";
//!
//! let start = Presigner::create_multipart_upload(&credentials, &bucket, key).sign_at(now)?;
//! let upload_id = multipart::upload_id(send(start, ""))?;
//!
//! let part = Presigner::upload_part(&credentials, &bucket, key, &upload_id, 1).sign_at(now)?;
//! let etag = send(part, "content"); // the `ETag` header of the response
//!
//! let complete = Presigner::complete_multipart_upload(&credentials, &bucket, key, &upload_id).sign_at(now)?;
//! let body = multipart::complete_body([(1, etag)])?;
//! let answer = send(complete, &body); // the status is 200 even for an error
//! let error = multipart::completed(answer).unwrap_err();
//! assert_eq!(error.to_string(), "the store answered InternalError: Please try again.");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use crate::error::Error;
use crate::presigner::Checksum;
use crate::sigv4::canonical_headers::check_value;
use crate::sigv4::pairs::Value;

mod answer;

pub use answer::{AnswerError, completed, error_in, upload_id};

/// An uploaded part: its number, and the `ETag` from the store's response, with or without its quotes.
///
/// # Examples
/// ```
/// use presign::Checksum;
/// use presign::multipart::{Part, complete_body};
///
/// let body = complete_body([Part::new(1, "\"a54357aff0632cce46d942af68356b38\"").checksum(Checksum::Crc32c("yZRlqg=="))])?;
/// assert_eq!(
///     body,
///     "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
///      <Part><PartNumber>1</PartNumber><ETag>&quot;a54357aff0632cce46d942af68356b38&quot;</ETag>\
///      <ChecksumCRC32C>yZRlqg==</ChecksumCRC32C></Part></CompleteMultipartUpload>"
/// );
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Part<'p> {
    number: u16,
    etag: &'p str,
    checksum: Option<Checksum<'p>>,
}

impl<'p> Part<'p> {
    /// Creates the part with this `number`, 1 to 10000. You can also convert a pair of number and `ETag`.
    ///
    /// # Examples
    /// See [`Part`].
    pub const fn new(number: u16, etag: &'p str) -> Self {
        Self {
            number,
            etag,
            checksum: None,
        }
    }

    /// Adds the part's checksum, which S3 requires if the upload was started with a checksum algorithm.
    ///
    /// # Examples
    /// See [`Part`].
    pub const fn checksum(mut self, checksum: Checksum<'p>) -> Self {
        self.checksum = Some(checksum);
        self
    }

    fn put(&self, body: &mut String) -> Result<(), Error> {
        if !(1..=10_000).contains(&self.number) {
            let number = self.number.into();
            return Err(Error::PartNumberOutOfRange { number });
        }
        if self.etag.is_empty() {
            return Err(Error::EmptyValue { name: "etag" });
        }
        check_value(self.etag.bytes())?;
        let _ = write!(body, "<Part><PartNumber>{}</PartNumber>", self.number); // a String grows
        body.push_str("<ETag>");
        escape(body, self.etag);
        body.push_str("</ETag>");
        if let Some(checksum) = self.checksum {
            let (row, base64) = checksum.header();
            row.check(Value::Text(base64))?;
            let name = match checksum {
                Checksum::Crc32(_) => "ChecksumCRC32",
                Checksum::Crc32c(_) => "ChecksumCRC32C",
                Checksum::Crc64Nvme(_) => "ChecksumCRC64NVME",
                Checksum::Sha1(_) => "ChecksumSHA1",
                Checksum::Sha256(_) => "ChecksumSHA256",
            };
            let _ = write!(body, "<{name}>{base64}</{name}>"); // base64 needs no escapes
        }
        body.push_str("</Part>");
        Ok(())
    }
}

impl<'p> From<(u16, &'p str)> for Part<'p> {
    fn from((number, etag): (u16, &'p str)) -> Self {
        Self::new(number, etag)
    }
}

impl<'p, S: AsRef<str>> From<&'p (u16, S)> for Part<'p> {
    fn from((number, etag): &'p (u16, S)) -> Self {
        Self::new(*number, etag.as_ref())
    }
}

/// Writes the body of the request that completes an upload: the list of its parts.
///
/// Pass the parts in any order, for example as parallel uploads finish. They are written by number, as S3 requires.
///
/// # Errors
/// [`Error::NoParts`] for an empty list, [`Error::DuplicatePart`] if a number occurs twice,
/// [`Error::PartNumberOutOfRange`] outside 1 to 10000; [`Error::EmptyValue`] and [`Error::InvalidHeaderValue`] for an
/// `ETag` that is empty or contains control characters; [`Error::InvalidBase64`] for a checksum.
///
/// # Examples
/// ```
/// use presign::multipart::complete_body;
///
/// let etags: Vec<(u16, String)> = vec![(2, "\"b\"".into()), (1, "\"a\"".into())];
/// let body = complete_body(&etags)?;
/// assert!(body.contains("<Part><PartNumber>1</PartNumber><ETag>&quot;a&quot;</ETag></Part><Part><PartNumber>2<"));
/// # Ok::<(), presign::Error>(())
/// ```
pub fn complete_body<'p, P: Into<Part<'p>>>(
    parts: impl IntoIterator<Item = P>,
) -> Result<String, Error> {
    let mut parts: Vec<Part<'p>> = parts.into_iter().map(Into::into).collect();
    parts.sort_unstable_by_key(|part| part.number);
    if parts.is_empty() {
        return Err(Error::NoParts);
    }
    let mut neighbors = parts.iter().zip(parts.iter().skip(1));
    if let Some((part, _)) = neighbors.find(|(part, next)| part.number == next.number) {
        let number = part.number;
        return Err(Error::DuplicatePart { number });
    }
    let mut body =
        String::from("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for part in parts {
        part.put(&mut body)?;
    }
    body.push_str("</CompleteMultipartUpload>");
    Ok(body)
}

fn escape(body: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => body.push_str("&amp;"),
            '<' => body.push_str("&lt;"),
            '>' => body.push_str("&gt;"),
            '"' => body.push_str("&quot;"),
            c => body.push(c),
        }
    }
}
