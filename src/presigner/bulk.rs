//! Many keys at once.

use alloc::vec;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::{MAX_KEY, Presigner, SIGNATURE_PARAMETER, signature_length};
use crate::error::Error;
use crate::sigv4::digest::Hasher;
use crate::sigv4::sink::{Buffer, Length, Sink};
use crate::sigv4::string_to_sign::{Signature, StringToSign, sign_two};
use crate::sigv4::uri_encode;
use crate::timestamp::Timestamp;

impl Presigner<'_> {
    /// Signs the same request for each of many keys, which stand in place of the presigner's own: appends one URL behind
    /// the other to `urls`, and to `ends` how many bytes `urls` had when each was there.
    ///
    /// What the URLs have in common is written and checked once, and two are hashed at a time, so that with SHA
    /// extensions a URL costs about as much as its hashes alone. (For fewer than four keys, [`sign_into`](Self::sign_into)
    /// is quicker.) Both buffers can be used again, and hold no more allocations than they need to grow; where a session
    /// token must not stay behind in memory, reserve what they need. All headers are the same for each URL.
    ///
    /// # Errors
    /// Those of [`sign_into`](Self::sign_into), for the first key that cannot be signed. The URLs of the keys before it
    /// are there: `ends.len()` tells which it was. [`Error::BufferTooSmall`] where there is no memory.
    ///
    /// # Examples
    /// ```
    /// use presign::{Bucket, Credentials, Error, Presigner, Timestamp};
    ///
    /// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    /// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
    /// let now = Timestamp::from_unix(1_369_353_600);
    ///
    /// let (mut urls, mut ends) = (Vec::new(), Vec::new());
    /// let gallery = Presigner::get(&credentials, &bucket, "");
    /// gallery.sign_each_at(now, ["a.jpg", "b.jpg"], &mut urls, &mut ends)?;
    ///
    /// let second = Presigner::get(&credentials, &bucket, "b.jpg").sign_at(now)?;
    /// assert_eq!(urls[ends[0]..ends[1]], *second.as_str().as_bytes());
    ///
    /// let error = gallery.sign_each_at(now, ["c.jpg", ".."], &mut urls, &mut ends);
    /// assert_eq!((error, ends.len()), (Err(Error::DotSegment { position: 0 }), 3));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn sign_each_at<K: AsRef<str>>(
        &self,
        at: impl Into<Timestamp>,
        keys: impl IntoIterator<Item = K>,
        urls: &mut Vec<u8>,
        ends: &mut Vec<usize>,
    ) -> Result<(), Error> {
        let headers = (self.sort_headers)(&self.headers)?;
        // URL and canonical request without a key, cut where it belongs.
        let plan = self.plan(at.into(), Some(""), &headers)?;
        let mut length = Buffer::new(&mut []);
        plan.write(&mut length)?;
        let mut url = Zeroizing::new(vec![0; length.len()]);
        let mut out = Buffer::new(&mut url);
        let parts = plan.write(&mut out)?;
        let request = parts.canonical_request(&plan, &out);
        let mut request_length = Length(0);
        request.put(&mut request_length);
        let mut request_text = Zeroizing::new(Vec::with_capacity(request_length.0)); // growing would leave copies behind
        request.put(&mut *request_text);
        let key_in_request = request.method.len() + b"\n".len() + request.uri.len();
        let (request_start, request_end) = halves(&request_text, key_in_request);
        let [_, key_in_url] = parts.path;
        let (url_start, url_end) = halves(&url, key_in_url);

        let scope = &plan.query.auth.scope;
        let mut append = |encoded: &[u8], signature: &Signature| {
            let needed = url.len() + encoded.len() + signature_length(scope);
            urls.try_reserve(needed)
                .and_then(|()| ends.try_reserve(1))
                .map_err(|_| Error::BufferTooSmall { needed })?;
            urls.put_all(&[url_start, encoded, url_end, SIGNATURE_PARAMETER]);
            urls.put(signature.as_bytes());
            ends.push(urls.len());
            Ok(())
        };
        let mut keys = keys.into_iter();
        let mut rooms = [[0; 3 * MAX_KEY]; 2];
        let mut requests = Zeroizing::new([const { Hasher::<REQUEST_BLOCKS>::new() }; 2]);
        plan.signer.with_key(scope, |signing_key| {
            let begun = Zeroizing::new(plan.start().begin(signing_key));
            let mut texts = Zeroizing::new([const { Hasher::new() }; 2]);
            loop {
                let mut encoded: [Option<&[u8]>; 2] = [None; 2];
                let mut checked = Ok(());
                for ((room, encoded), request) in
                    rooms.iter_mut().zip(&mut encoded).zip(&mut *requests)
                {
                    let Some(key) = keys.next() else { break };
                    let key = key.as_ref();
                    checked = self.check_key(key);
                    if checked.is_err() {
                        break;
                    }
                    let mut out = Buffer::new(room);
                    uri_encode::path(&mut out, key);
                    let path = out.finish().unwrap_or_default();
                    request.put_all(&[request_start, path, request_end]);
                    *encoded = Some(path);
                }
                match encoded {
                    [Some(a), Some(b)] => {
                        let hashes = Hasher::finish_two(&mut requests);
                        let [of_a, of_b] = sign_two(signing_key, &begun, &mut texts, hashes);
                        append(a, &of_a)?;
                        append(b, &of_b)?;
                    }
                    // The last, or the last before one that is wrong.
                    [last, _] => {
                        if let (Some(encoded), [request, _]) = (last, &mut *requests) {
                            let string_to_sign = StringToSign {
                                start: plan.start(),
                                canonical_request_hash: request.finish(),
                            };
                            append(encoded, &string_to_sign.sign(signing_key))?;
                        }
                        return checked;
                    }
                }
            }
        })?
    }
}

/// Two kilobytes; what does not fit is not hashed beside the other.
const REQUEST_BLOCKS: usize = 33;

fn halves(text: &[u8], at: usize) -> (&[u8], &[u8]) {
    text.split_at_checked(at).unwrap_or_default()
}
