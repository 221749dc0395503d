//! Signing one request for many keys.

#[cfg(feature = "alloc")]
use alloc::string::String;
#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use super::{Plan, Presigner, SIGNATURE_PARAMETER, ascii, check_key, max_signature};
use crate::credentials::Signer;
use crate::error::Error;
use crate::method::Method;
#[cfg(feature = "alloc")]
use crate::presigned_url::PresignedUrl;
use crate::sigv4::digest::Hasher;
use crate::sigv4::signing_key::Key;
use crate::sigv4::sink::{Buffer, Length, Sink};
use crate::sigv4::string_to_sign::Begun;
use crate::sigv4::uri_encode;
use crate::text::Text;
use crate::timestamp::Timestamp;

/// A request that is prepared for one signing time, to sign many keys quickly. Create one with [`Presigner::batch_at`].
///
/// Everything that the URLs share is checked and written once, so each URL costs little more than its hashes. The key
/// of the presigner is not used.
///
/// A batch owns its data. You can keep it and share it between threads until its URLs expire.
///
/// # Examples
/// ```
/// # use presign::{Bucket, Credentials, Presigner};
/// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
/// # #[cfg(feature = "std")] {
/// let batch = Presigner::get(&credentials, &bucket, "").batch_at(std::time::SystemTime::now())?;
/// let url = batch.sign("a.jpg")?;
/// for url in batch.sign_each(["b.jpg", "c.jpg"])?.iter() {
///     println!("{url}");
/// }
/// # }
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone)]
pub struct Batch<'b> {
    /// The URL before and after the key, the canonical request before and after the key, and the headers to send as lines
    /// `name:value`.
    text: Text<'b>,
    ends: [usize; PARTS],
    begun: Begun,
    key: Key,
    method: Method,
    expires_at: Timestamp,
    allow_dot_segments: bool,
    max_signature: usize,
}

const PARTS: usize = 5;

impl Presigner<'_> {
    /// Prepares everything that the URLs of many keys share, for the signing time `at`. Allocates once.
    ///
    /// # Errors
    /// Those of [the table](Presigner#errors) that are not about the key; [`Error::BatchWithoutKey`] for a request to
    /// the bucket itself; [`Error::OutOfMemory`].
    ///
    /// # Examples
    /// See [`Batch`].
    #[cfg(feature = "alloc")]
    pub fn batch_at(&self, at: impl Into<Timestamp>) -> Result<Batch<'static>, Error> {
        let at = at.into();
        let resolved = self.identity.resolve(self.bucket, at)?;
        let signer = resolved.signer();
        let needed = match self.prepare(at, signer, &mut []) {
            Err(Error::BufferTooSmall { needed }) => needed,
            result => result.map(|_| 0)?,
        };
        let mut bytes = super::owned::allocate(needed)?.into_bytes();
        bytes.resize(needed, 0);
        let prepared = self.prepare(at, signer, &mut bytes)?;
        let text = String::from_utf8(bytes).unwrap_or_default(); // ASCII and `str` throughout
        self.prepared_batch(prepared, signer, Text::Owned(text.into()))
    }

    /// Like [`batch_at`](Self::batch_at), but writes what the URLs share into `buffer` and does not allocate.
    ///
    /// # Errors
    /// Those of [`batch_at`](Self::batch_at), and [`Error::BufferTooSmall`] with the required size.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let now = Timestamp::from_unix(1_369_353_600); // from your clock
    /// let (mut prepared, mut buffer) = ([0; 1024], [0; 512]);
    /// let batch = Presigner::get(&credentials, &bucket, "").batch_into(now, &mut prepared)?;
    /// for key in ["a.jpg", "b.jpg"] {
    ///     let url = batch.sign_into(key, &mut buffer)?;
    ///     println!("{url}");
    /// }
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn batch_into<'b>(
        &self,
        at: impl Into<Timestamp>,
        buffer: &'b mut [u8],
    ) -> Result<Batch<'b>, Error> {
        let at = at.into();
        let resolved = self.identity.resolve(self.bucket, at)?;
        let signer = resolved.signer();
        let prepared = self.prepare(at, signer, buffer)?;
        let [.., end] = prepared.ends;
        let text = core::str::from_utf8(buffer.get(..end).unwrap_or_default());
        self.prepared_batch(prepared, signer, text.unwrap_or_default().into())
    }

    fn prepare(
        &self,
        at: Timestamp,
        signer: Signer<'_>,
        room: &mut [u8],
    ) -> Result<Prepared, Error> {
        if self.bucket.is_service() {
            return Err(Error::KeyWithoutBucket);
        }
        self.key.ok_or(Error::BatchWithoutKey)?;
        let mut prepared = Prepared {
            at,
            expires_at: at,
            ends: [0; PARTS],
        };
        self.with_plan(at, signer, Some(""), &mut |plan| {
            prepared.at = plan.times.signed_at;
            prepared.expires_at = plan.times.end;
            prepared.ends = plan.prepare(room)?;
            Ok(())
        })?;
        Ok(prepared)
    }

    fn prepared_batch<'b>(
        &self,
        prepared: Prepared,
        signer: Signer<'_>,
        text: Text<'b>,
    ) -> Result<Batch<'b>, Error> {
        let stamp = prepared.at.stamp()?;
        let scope = self.bucket.scope(stamp.day());
        let (key, begun) =
            signer.with_key(&scope, |key| (key.clone(), Begun::new(key, stamp, scope)))?;
        Ok(Batch {
            text,
            ends: prepared.ends,
            begun,
            key,
            method: self.method,
            expires_at: prepared.expires_at,
            allow_dot_segments: self.allow_dot_segments,
            max_signature: max_signature(&scope),
        })
    }
}

struct Prepared {
    /// The time that is signed, after any rounding.
    at: Timestamp,
    expires_at: Timestamp,
    ends: [usize; PARTS],
}

impl Plan<'_> {
    /// Writes the text that all URLs share. Returns where its parts end.
    fn prepare(&self, room: &mut [u8]) -> Result<[usize; PARTS], Error> {
        let mut out = Buffer::new(&mut []);
        let parts = self.write(&mut out);
        let [_, key_in_url] = parts.path;
        let url = out.len() + SIGNATURE_PARAMETER.len();
        let length = |[from, to]: [usize; 2]| to - from;
        let key_in_request = url + self.method.as_str().len() + b"\n".len() + length(parts.path);
        let mut around = Length(length(parts.path) + length(parts.query) + length(parts.host));
        // `out` has no room, so path, query and host are empty in this canonical request; they are counted above.
        self.canonical_request(&parts, &out).put(&mut around);
        let request = url.saturating_add(around.0);
        let mut lines = Length(request);
        self.additions.put(&mut lines, None);
        let needed = lines.0;

        let short = Error::BufferTooSmall { needed };
        let (room, rest) = room.split_at_mut_checked(url).ok_or(short)?;
        let mut out = Buffer::new(room);
        self.write(&mut out);
        let mut behind = Buffer::new(rest);
        self.canonical_request(&parts, &out).put(&mut behind);
        self.additions.put(&mut behind, None);
        out.put(SIGNATURE_PARAMETER);
        behind.finish().ok_or(short)?;
        Ok([key_in_url, url, key_in_request, request, needed])
    }
}

impl Batch<'_> {
    /// Signs a key into `buffer`, without an allocator. Returns the URL.
    ///
    /// # Errors
    /// [`Error::EmptyKey`], [`Error::KeyTooLong`] and [`Error::DotSegment`] for an invalid key;
    /// [`Error::BufferTooSmall`] with the required size.
    ///
    /// # Examples
    /// See [`Presigner::batch_into`].
    pub fn sign_into<'u>(&self, key: &str, buffer: &'u mut [u8]) -> Result<&'u str, Error> {
        let length = self.write_into(key, buffer)?;
        Ok(ascii(buffer.get(..length).unwrap_or_default()))
    }

    fn write_into(&self, key: &str, buffer: &mut [u8]) -> Result<usize, Error> {
        check_key(key, self.allow_dot_segments)?;
        let [url_start, url_end, request_start, request_end, _] = self.parts();
        let room = buffer.len();
        let mut out = Buffer::new(buffer);
        out.put(url_start.as_bytes());
        uri_encode::path(&mut out, key);
        let end = out.len();
        out.put(url_end.as_bytes());
        let needed = out.len().saturating_add(self.max_signature);
        if needed > room {
            return Err(Error::BufferTooSmall { needed });
        }
        let mut request = Zeroizing::new(Hasher::default()); // contains the session token
        let path = out.range(url_start.len(), end);
        for piece in [request_start.as_bytes(), path, request_end.as_bytes()] {
            request.put(piece);
        }
        let signature = self.begun.sign(&self.key, request.finish());
        out.put(signature.as_bytes());
        Ok(out.len())
    }

    /// Signs a key. Allocates once.
    ///
    /// # Errors
    /// [`Error::EmptyKey`], [`Error::KeyTooLong`] and [`Error::DotSegment`] for an invalid key; [`Error::OutOfMemory`].
    ///
    /// # Examples
    /// See [`Batch`].
    #[cfg(feature = "alloc")]
    pub fn sign(&self, key: &str) -> Result<PresignedUrl, Error> {
        let [.., lines] = self.parts();
        let (mut text, url) =
            super::owned::sign_owned(lines.len(), |buffer| self.write_into(key, buffer))?;
        text.push_str(lines);
        Ok(PresignedUrl::new(text, url, self.method, self.expires_at))
    }

    /// Signs many keys, hashing two at a time. Whether this is faster than [`sign_into`](Self::sign_into) depends on the
    /// processor; with fewer than four keys, it is not.
    ///
    /// Returns all URLs together, in the order of the keys. To limit memory, sign a few hundred keys per call.
    ///
    /// # Errors
    /// Those of [`sign`](Self::sign), for the first invalid key.
    ///
    /// # Examples
    /// See [`Batch`].
    #[cfg(feature = "alloc")]
    pub fn sign_each<K: AsRef<str>>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Urls, Error> {
        let [url_start, url_end, request_start, request_end, _] = self.parts();
        let mut keys = keys.into_iter();
        let mut urls = Urls::default();
        // Reserves most of the room at once: growing would leave copies of URLs in freed memory.
        let (at_least, _) = keys.size_hint();
        let typical = url_start.len() + 64 + url_end.len() + self.max_signature;
        urls.reserve(at_least, at_least.saturating_mul(typical))?;
        let mut append = |encoded: &[u8], signature: &[u8]| {
            let url = [url_start, ascii(encoded), url_end, ascii(signature)];
            urls.reserve(1, url.iter().map(|piece| piece.len()).sum())?;
            url.iter().for_each(|piece| urls.text.push_str(piece));
            urls.ends.push(urls.text.len());
            Ok(())
        };
        let mut rooms = [[0; 3 * super::MAX_KEY]; 2];
        let mut requests = Zeroizing::new([const { Hasher::<REQUEST_BLOCKS>::new() }; 2]);
        loop {
            let mut encoded: [Option<&[u8]>; 2] = [None; 2];
            for ((room, encoded), request) in rooms.iter_mut().zip(&mut encoded).zip(&mut *requests)
            {
                let Some(key) = keys.next() else { break };
                let key = key.as_ref();
                check_key(key, self.allow_dot_segments)?;
                let mut out = Buffer::new(room);
                uri_encode::path(&mut out, key);
                let path = out.finish().unwrap_or_default();
                request.put_all(&[request_start.as_bytes(), path, request_end.as_bytes()]);
                *encoded = Some(path);
            }
            match encoded {
                [Some(a), Some(b)] => {
                    let hashes = Hasher::finish_two(&mut requests);
                    let [of_a, of_b] = self.begun.sign_two(&self.key, hashes);
                    append(a, of_a.as_bytes())?;
                    append(b, of_b.as_bytes())?;
                }
                [last, _] => {
                    if let (Some(encoded), [request, _]) = (last, &mut *requests) {
                        let signature = self.begun.sign(&self.key, request.finish());
                        append(encoded, signature.as_bytes())?;
                    }
                    return Ok(urls);
                }
            }
        }
    }

    /// Returns the method that the URLs are signed for.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Returns the headers that the sender must send with each URL, like
    /// [`PresignedUrl::headers`](crate::PresignedUrl::headers).
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Presigner};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// # #[cfg(feature = "std")] {
    /// let batch = Presigner::put(&credentials, &bucket, "")
    ///     .content_type("image/png")
    ///     .batch_at(std::time::SystemTime::now())?;
    /// assert_eq!(batch.headers().next(), Some(("content-type", "image/png")));
    /// # }
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let [.., lines] = self.parts();
        lines.lines().filter_map(|line| line.split_once(':'))
    }

    /// Returns when the URLs expire: at their own expiry or when the credentials expire, whichever is earlier.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    fn parts(&self) -> [&str; PARTS] {
        let mut from = 0;
        self.ends.map(|end| {
            let part = self.text.get(from..end);
            from = end;
            part.unwrap_or_default()
        })
    }
}

impl fmt::Debug for Batch<'_> {
    /// Omits the prepared text, which contains the credential and the session token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("method", &self.method)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Two kilobytes. A longer canonical request is hashed in pieces, not in parallel with the other one.
#[cfg(feature = "alloc")]
const REQUEST_BLOCKS: usize = 33;

/// The URLs that [`Batch::sign_each`] returns.
///
/// # Examples
/// See [`Batch`].
#[cfg(feature = "alloc")]
#[derive(Clone, Default)]
pub struct Urls {
    text: String,
    ends: Vec<usize>,
}

#[cfg(feature = "alloc")]
impl Urls {
    /// Returns the URLs, in the order of their keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut from = 0;
        self.ends.iter().map(move |end| {
            let url = self.text.get(from..*end);
            from = *end;
            url.unwrap_or_default()
        })
    }

    /// Returns the number of URLs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there are no URLs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn reserve(&mut self, urls: usize, bytes: usize) -> Result<(), Error> {
        self.text
            .try_reserve(bytes)
            .and_then(|()| self.ends.try_reserve(urls))
            .map_err(|_| Error::OutOfMemory { bytes })
    }
}

#[cfg(feature = "alloc")]
impl fmt::Debug for Urls {
    /// Shows only the number of URLs: each URL is a bearer secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Urls")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
