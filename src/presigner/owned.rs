//! Finishers that allocate.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::Presigner;
use crate::error::Error;
use crate::presigned_url::{Explanation, PresignedUrl};
use crate::sigv4::sink::{Buffer, Length};
use crate::timestamp::Timestamp;

impl Presigner<'_> {
    /// Signs at the time `at`. Allocates once.
    ///
    /// # Errors
    /// See [`Presigner`]'s table; [`Error::BufferTooSmall`] where there is no memory.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let url = Presigner::get(&credentials, &bucket, "k").sign_at(Timestamp::from_unix(0))?;
    /// assert!(url.as_str().contains("&X-Amz-Date=19700101T000000Z&"));
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn sign_at(&self, at: impl Into<Timestamp>) -> Result<PresignedUrl, Error> {
        let at = at.into();
        let headers = (self.sort_headers)(&self.headers);
        let headers = headers.as_ref().map_err(Error::clone)?; // as in `sign_into`
        let plan = self.checked_plan(at, headers);
        let plan = plan.as_ref().map_err(Error::clone)?;
        let mut to_send = Length(0);
        headers.put_lines(&mut to_send, None);
        let allocate = |url: usize| {
            let needed = url.saturating_add(to_send.0);
            let mut text = String::new();
            text.try_reserve_exact(needed)
                .map_err(|_| Error::BufferTooSmall { needed })?;
            Ok(text)
        };
        // Most URLs fit on the stack, and so need not be measured first. None is left there.
        let mut stack = [0; 1024];
        let on_stack = plan.sign(&mut stack).and_then(|url| {
            let mut text = allocate(url.len())?;
            text.push_str(url);
            Ok(text)
        });
        stack.fill(0);
        core::hint::black_box(&mut stack);
        let mut text = match on_stack {
            Err(Error::BufferTooSmall { needed }) => {
                let mut bytes = allocate(needed)?.into_bytes();
                bytes.resize(needed, 0);
                let url = plan.sign(&mut bytes)?.len();
                bytes.truncate(url); // a signature by SigV4a varies in length
                String::from_utf8(bytes).unwrap_or_default() // a URL is ASCII
            }
            text => text?,
        };
        let url = text.len();
        if to_send.0 > 0 {
            let mut bytes = text.into_bytes();
            headers.put_lines(&mut bytes, None);
            text = String::from_utf8(bytes).unwrap_or_default(); // header values were `str`
        }
        let end = self.lifetime.at(at, &self.identity)?.end;
        Ok(PresignedUrl::new(text, url, self.method, end))
    }

    /// Tells what a signature at the time `at` is made of: the canonical request and the string to sign, as S3
    /// computes them and prints them in a `SignatureDoesNotMatch` answer.
    ///
    /// # Errors
    /// See [`Presigner`]'s table.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    /// let bucket = Bucket::new("examplebucket", "us-east-1")?.global_endpoint();
    /// let explanation = Presigner::get(&credentials, &bucket, "test.txt")
    ///     .expires_in(core::time::Duration::from_secs(86_400))
    ///     .explain_at(Timestamp::from_unix(1_369_353_600))?;
    /// assert!(explanation.canonical_request().ends_with("\nhost:examplebucket.s3.amazonaws.com\n\nhost\nUNSIGNED-PAYLOAD"));
    /// assert_eq!(
    ///     explanation.string_to_sign(),
    ///     "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n\
    ///      3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04"
    /// );
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn explain_at(&self, at: impl Into<Timestamp>) -> Result<Explanation, Error> {
        let headers = (self.sort_headers)(&self.headers)?;
        let plan = self.checked_plan(at.into(), &headers)?;
        let mut length = Buffer::new(&mut []);
        plan.write(&mut length)?;
        let mut bytes = vec![0; length.len()];
        let mut out = Buffer::new(&mut bytes);
        let parts = plan.write(&mut out)?;
        let canonical_request = parts.canonical_request(&plan, &out);
        let (mut request_text, mut string_text) = (Vec::new(), Vec::new());
        canonical_request.put(&mut request_text);
        plan.string_to_sign(&canonical_request)
            .put(&mut string_text);
        let text = |bytes| String::from_utf8(bytes).unwrap_or_default(); // ASCII and `str` throughout
        Ok(Explanation::new(text(request_text), text(string_text)))
    }
}
