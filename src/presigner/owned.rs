//! Signing into owned strings.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::{Presigner, ascii};
use crate::error::Error;
use crate::presigned_url::{Explanation, PresignedUrl};
use crate::sigv4::sink::{Buffer, Length};
use crate::timestamp::Timestamp;

impl Presigner<'_> {
    /// Signs at the time `at`. Allocates once.
    ///
    /// # Errors
    /// See [the table](Presigner#errors); [`Error::OutOfMemory`].
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let now = Timestamp::from_unix(1_369_353_600); // 2013-05-24T00:00:00Z
    /// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg").sign_at(now)?;
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn sign_at(&self, at: impl Into<Timestamp>) -> Result<PresignedUrl, Error> {
        self.check_key()?;
        let at = at.into();
        let mut signed = (String::new(), 0, at);
        let resolved = self.identity.resolve(self.bucket, at)?;
        self.with_plan(at, resolved.signer(), self.key, &mut |plan| {
            let mut lines = Length(0);
            plan.additions.put(&mut lines, None);
            let (mut text, url) = sign_owned(lines.0, |buffer| plan.sign(buffer))?;
            if lines.0 > 0 {
                let mut bytes = text.into_bytes();
                plan.additions.put(&mut bytes, None);
                text = String::from_utf8(bytes).unwrap_or_default(); // header values were `str`
            }
            signed = (text, url, plan.times.end);
            Ok(())
        })?;
        let (text, url, expires_at) = signed;
        Ok(PresignedUrl::new(text, url, self.method, expires_at))
    }

    /// Returns what a signature at the time `at` consists of: the canonical request and the string to sign. Compare
    /// them with those in S3's `SignatureDoesNotMatch` response.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
    ///
    /// # Errors
    /// See [the table](Presigner#errors).
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    /// # let bucket = Bucket::new("examplebucket", "us-east-1")?.global_endpoint();
    /// let explanation = Presigner::get(&credentials, &bucket, "test.txt")
    ///     .expires_in(core::time::Duration::from_secs(86_400))
    ///     .explain_at(Timestamp::from_unix(1_369_353_600))?;
    /// assert_eq!(
    ///     explanation.string_to_sign(),
    ///     "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n\
    ///      3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04"
    /// );
    /// # Ok::<(), presign::Error>(())
    /// ```
    #[doc(alias = "canonical_request")]
    #[doc(alias = "string_to_sign")]
    pub fn explain_at(&self, at: impl Into<Timestamp>) -> Result<Explanation, Error> {
        self.check_key()?;
        let at = at.into();
        let resolved = self.identity.resolve(self.bucket, at)?;
        let mut explanation = Explanation::new(String::new(), String::new());
        self.with_plan(at, resolved.signer(), self.key, &mut |plan| {
            let mut length = Buffer::new(&mut []);
            plan.write(&mut length);
            let mut bytes = vec![0; length.len()];
            let mut out = Buffer::new(&mut bytes);
            let parts = plan.write(&mut out);
            let canonical_request = plan.canonical_request(&parts, &out);
            let (mut request_text, mut string_text) = (Vec::new(), Vec::new());
            canonical_request.put(&mut request_text);
            plan.string_to_sign(&canonical_request)
                .put(&mut string_text);
            let text = |bytes| String::from_utf8(bytes).unwrap_or_default(); // ASCII and `str` throughout
            explanation = Explanation::new(text(request_text), text(string_text));
            Ok(())
        })?;
        Ok(explanation)
    }
}

/// Signs into a new string with room for `behind` more bytes. Returns the string and the length of the URL.
pub(super) fn sign_owned(
    behind: usize,
    mut sign: impl FnMut(&mut [u8]) -> Result<usize, Error>,
) -> Result<(String, usize), Error> {
    // Most URLs fit on the stack, even with a session token, which avoids measuring them first. The copy there is
    // overwritten.
    let mut stack = [0; 2048];
    let on_stack = sign(&mut stack).and_then(|url| {
        let mut text = allocate(url.saturating_add(behind))?;
        text.push_str(ascii(stack.get(..url).unwrap_or_default()));
        Ok(text)
    });
    stack.fill(0);
    core::hint::black_box(&mut stack);
    let text = match on_stack {
        Err(Error::BufferTooSmall { needed }) => {
            let mut bytes = allocate(needed.saturating_add(behind))?.into_bytes();
            bytes.resize(needed, 0);
            let url = sign(&mut bytes)?;
            bytes.truncate(url); // SigV4a signatures vary in length
            String::from_utf8(bytes).unwrap_or_default() // a URL is ASCII
        }
        text => text?,
    };
    let url = text.len();
    Ok((text, url))
}

/// An empty string with room for `bytes` bytes.
///
/// # Errors
/// `OutOfMemory`.
pub(super) fn allocate(bytes: usize) -> Result<String, Error> {
    let mut text = String::new();
    text.try_reserve_exact(bytes)
        .map_err(|_| Error::OutOfMemory { bytes })?;
    Ok(text)
}
