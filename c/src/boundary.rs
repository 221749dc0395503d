//! From the pointers of C to references, and back.

use core::ffi::{CStr, c_char};
use core::marker::PhantomData;
use core::ops::Range;
use core::slice;
use core::time::Duration;

use presign::{Bucket, Credentials, Error, Method, Presigner, Timestamp};

use crate::{
    PRESIGN_ACCELERATE, PRESIGN_ALLOW_DOT_SEGMENTS, PRESIGN_DUAL_STACK, PRESIGN_EXPRESS_SESSION,
    PRESIGN_FIPS, PRESIGN_GLOBAL_ENDPOINT, PRESIGN_PATH_STYLE, presign_bucket, presign_credentials,
    presign_error, presign_pair, presign_request, presign_values,
};

/// Why a call stops.
pub(crate) struct Failure {
    error: presign_error,
    /// The size that a buffer must have, if that is the reason.
    needed: usize,
}

impl From<presign_error> for Failure {
    fn from(error: presign_error) -> Self {
        Self { error, needed: 0 }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let needed = match error {
            Error::BufferTooSmall { needed } => needed,
            _ => 0,
        };
        let error = error.into();
        Self { error, needed }
    }
}

/// Where a call writes to.
pub(crate) struct Output<'o> {
    at: *mut u8,
    size: usize,
    call: PhantomData<&'o mut [u8]>,
}

impl<'o> Output<'o> {
    /// The caller's buffer. This comes after everything was read: a string without NUL before the buffer is read into it.
    pub(crate) fn bytes(self) -> &'o mut [u8] {
        if self.at.is_null() {
            return &mut [];
        }
        // SAFETY: `write` has checked null and size; the caller promises the rest. `Reader` has refused what overlaps, and
        // there is one `Output` in a call, so that nothing else refers to these bytes.
        unsafe { slice::from_raw_parts_mut(self.at, self.size) }
    }

    /// Writes a text and a NUL behind it.
    pub(crate) fn write_text(
        self,
        write: impl FnOnce(&mut [u8]) -> Result<&str, Error>,
    ) -> Result<(), Failure> {
        let bytes = self.bytes();
        let (_, text) = bytes.split_last_mut().unwrap_or((&mut 0, &mut []));
        let length = match write(text) {
            Ok(text) => text.len(),
            Err(error) => {
                let mut failure = Failure::from(error);
                failure.needed += usize::from(failure.needed > 0);
                return Err(failure);
            }
        };
        if let Some(nul) = bytes.get_mut(length) {
            *nul = 0;
        }
        Ok(())
    }
}

/// Calls `run` with the caller's buffer, and the reader for everything else.
///
/// # Safety
/// `at` is null or has `size` bytes to write, `needed` is null or can be written, and the pointers that `run` reads are null
/// or refer to what their types say, to the end of the call. Strings end with a NUL.
pub(crate) unsafe fn write(
    at: *mut c_char,
    size: usize,
    needed: *mut usize,
    run: impl FnOnce(&Reader, Output<'_>) -> Result<(), Failure>,
) -> presign_error {
    if !needed.is_aligned() {
        return presign_error::InvalidPointer;
    }
    let is_buffer = !at.is_null() && size <= isize::MAX as usize;
    let output = Output {
        at: at.cast(),
        size,
        call: PhantomData,
    };
    let result = if is_buffer || size == 0 {
        run(&Reader::new(at, size), output)
    } else {
        Err(presign_error::InvalidPointer.into())
    };
    let failure = result.err().unwrap_or(presign_error::None.into());
    let clears = !matches!(
        failure.error,
        presign_error::None | presign_error::OverlappingBuffer
    );
    if clears && is_buffer && size > 0 {
        // SAFETY: not null, and the caller promises at least this byte.
        unsafe { at.write(0) };
    }
    if !needed.is_null() {
        // SAFETY: neither null nor unaligned, and the caller promises that it can be written.
        unsafe { needed.write(failure.needed) };
    }
    failure.error
}

/// Calls `run`, and writes what it returns.
///
/// # Safety
/// `at` is null or can be written; for the rest as [`write`].
pub(crate) unsafe fn write_one<T>(
    at: *mut T,
    run: impl FnOnce(&Reader) -> Result<T, Failure>,
) -> presign_error {
    if at.is_null() || !at.is_aligned() {
        return presign_error::InvalidPointer;
    }
    match run(&Reader::new(at, size_of::<T>())) {
        Ok(value) => {
            // SAFETY: neither null nor unaligned, and the caller promises that it can be written.
            unsafe { at.write(value) };
            presign_error::None
        }
        Err(failure) => failure.error,
    }
}

/// Reads what the caller gave, unless it overlaps with what is written meanwhile.
///
/// Its methods are safe as [`write`] and [`write_one`], which alone create it, have the caller's promise.
pub(crate) struct Reader {
    output: Range<usize>,
}

impl Reader {
    fn new<T>(output: *mut T, size: usize) -> Self {
        let start = output.addr();
        Self {
            output: start..start.saturating_add(size),
        }
    }

    /// Refuses memory that is written meanwhile.
    pub(crate) fn check(&self, at: usize, size: usize) -> Result<(), Failure> {
        if at < self.output.end && self.output.start < at.saturating_add(size) {
            return Err(presign_error::OverlappingBuffer.into());
        }
        Ok(())
    }

    pub(crate) fn get<T>(&self, at: *const T) -> Result<&T, Failure> {
        if !at.is_aligned() {
            return Err(presign_error::InvalidPointer.into());
        }
        self.check(at.addr(), size_of::<T>())?;
        // SAFETY: null or, as the caller promises, a `T` that is not written meanwhile; aligned. Every bit pattern is a `T`.
        unsafe { at.as_ref() }.ok_or(presign_error::InvalidPointer.into())
    }

    pub(crate) fn text(&self, at: *const c_char) -> Result<&str, Failure> {
        let text = self.optional_text(at)?;
        text.ok_or(presign_error::InvalidPointer.into())
    }

    pub(crate) fn optional_text(&self, at: *const c_char) -> Result<Option<&str>, Failure> {
        if at.is_null() {
            return Ok(None);
        }
        self.check(at.addr(), 1)?; // in the output there need not be a NUL
        // SAFETY: not null, and the caller promises a NUL at the end.
        let text = unsafe { CStr::from_ptr(at) };
        self.check(at.addr(), text.to_bytes_with_nul().len())?;
        let text = text.to_str().map_err(|_| presign_error::NotUtf8)?;
        Ok(Some(text))
    }

    fn pairs(&self, at: *const presign_pair, count: usize) -> Result<&[presign_pair], Failure> {
        if count == 0 {
            return Ok(&[]);
        }
        if at.is_null() || !at.is_aligned() {
            return Err(presign_error::InvalidPointer.into());
        }
        self.check(at.addr(), count * size_of::<presign_pair>())?;
        // SAFETY: neither null nor unaligned, and not written meanwhile; the caller promises so many, at most `MAX_VALUES`.
        Ok(unsafe { slice::from_raw_parts(at, count) })
    }

    pub(crate) fn credentials(
        &self,
        given: *const presign_credentials,
    ) -> Result<Credentials<'_>, Failure> {
        let given = self.get(given)?;
        let express_session = flags(given.flags, PRESIGN_EXPRESS_SESSION)? != 0;
        let id = self.text(given.access_key_id)?;
        let mut credentials = Credentials::new(id, self.text(given.secret_access_key)?);
        if let Some(token) = self.optional_text(given.session_token)? {
            credentials = credentials.session_token(token);
        }
        if express_session {
            credentials = credentials.express_session();
        }
        if given.expiration != 0 {
            credentials = credentials.expiration(Timestamp::from_unix(given.expiration));
        }
        Ok(credentials)
    }

    pub(crate) fn bucket(&self, given: *const presign_bucket) -> Result<Bucket<'_>, Failure> {
        let given = self.get(given)?;
        let known = PRESIGN_PATH_STYLE
            | PRESIGN_GLOBAL_ENDPOINT
            | PRESIGN_DUAL_STACK
            | PRESIGN_FIPS
            | PRESIGN_ACCELERATE;
        let flags = flags(given.flags, known)?;
        let region = self.text(given.region)?;
        let mut bucket = match self.optional_text(given.name)? {
            Some(name) => Bucket::new(name, region)?,
            None => Bucket::service(region)?,
        };
        if let Some(url) = self.optional_text(given.endpoint)? {
            bucket = bucket.endpoint(url)?;
        }
        if flags & PRESIGN_PATH_STYLE != 0 {
            bucket = bucket.path_style();
        }
        if flags & PRESIGN_GLOBAL_ENDPOINT != 0 {
            bucket = bucket.global_endpoint();
        }
        if flags & PRESIGN_DUAL_STACK != 0 {
            bucket = bucket.dual_stack();
        }
        if flags & PRESIGN_FIPS != 0 {
            bucket = bucket.fips();
        }
        if flags & PRESIGN_ACCELERATE != 0 {
            bucket = bucket.accelerate();
        }
        Ok(bucket)
    }

    pub(crate) fn request(&self, given: *const presign_request) -> Result<Request<'_>, Failure> {
        let given = self.get(given)?;
        let method = usize::try_from(given.method).ok();
        let method = method.and_then(|at| METHODS.get(at).copied());
        Ok(Request {
            allow_dot_segments: flags(given.flags, PRESIGN_ALLOW_DOT_SEGMENTS)? != 0,
            method: method.ok_or(presign_error::UnknownMethod)?,
            key: self.optional_text(given.key)?,
            expires_in: Duration::from_secs(given.expires_in.into()),
        })
    }

    pub(crate) fn with_values<'p>(
        &'p self,
        mut presigner: Presigner<'p>,
        values: *const presign_values,
    ) -> Result<Presigner<'p>, Failure> {
        if values.is_null() {
            return Ok(presigner);
        }
        let values = self.get(values)?;
        let content_type = self.optional_text(values.content_type)?;
        let count = values.header_count.saturating_add(values.query_count);
        if count > MAX_VALUES - usize::from(content_type.is_some()) {
            return Err(presign_error::TooManyValues.into());
        }
        if let Some(content_type) = content_type {
            presigner = presigner.content_type(content_type);
        }
        for pair in self.pairs(values.headers, values.header_count)? {
            presigner = presigner.header(self.text(pair.name)?, self.text(pair.value)?);
        }
        for pair in self.pairs(values.query, values.query_count)? {
            presigner = presigner.query_parameter(self.text(pair.name)?, self.text(pair.value)?);
        }
        Ok(presigner)
    }
}

/// What to sign, without values.
pub(crate) struct Request<'r> {
    method: Method,
    pub(crate) key: Option<&'r str>,
    expires_in: Duration,
    allow_dot_segments: bool,
}

impl Request<'_> {
    /// The presigner, which is large: in a `Result` it would be on the stack twice.
    pub(crate) fn presigner<'p>(
        &'p self,
        credentials: &'p Credentials<'_>,
        bucket: &'p Bucket<'_>,
    ) -> Presigner<'p> {
        let presigner = match self.key {
            Some(key) => Presigner::new(self.method, credentials, bucket, key),
            None => Presigner::bucket(self.method, credentials, bucket),
        };
        let presigner = presigner.expires_in(self.expires_in);
        match self.allow_dot_segments {
            true => presigner.allow_dot_segments(),
            false => presigner,
        }
    }
}

/// By `presign_method`.
const METHODS: [Method; 5] = [
    Method::Get,
    Method::Head,
    Method::Put,
    Method::Post,
    Method::Delete,
];

/// What a `Presigner` has room for, without lists.
const MAX_VALUES: usize = 10;

fn flags(given: u32, known: u32) -> Result<u32, Failure> {
    if given & !known != 0 {
        return Err(presign_error::UnknownFlag.into());
    }
    Ok(given)
}
