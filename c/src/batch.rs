//! One request for many keys.

use core::ffi::c_char;
use core::hint::black_box;
use core::mem;

use presign::{Batch, Timestamp};
use zeroize::Zeroize;

use crate::boundary::{self, Output, Reader};
use crate::{presign_bucket, presign_credentials, presign_error, presign_request, presign_values};

/// A request prepared for one signing time, to sign many keys. Its private fields contain a secret, which
/// `presign_batch_end` wipes.
///
/// Any number of threads can sign with a batch at once.
#[derive(Debug)]
#[repr(C)]
pub struct presign_batch {
    tag: u64,
    state: [usize; 76],
}

/// What is in a batch that was begun.
#[repr(C)]
struct Begun {
    tag: u64,
    /// Where the caller's buffer is.
    buffer: [usize; 2],
    batch: Batch<'static>,
}

const _: () = assert!(size_of::<Begun>() <= size_of::<presign_batch>());
const _: () = assert!(align_of::<Begun>() <= align_of::<presign_batch>());

const TAG: u64 = u64::from_be_bytes(*b"presign\x01");

/// Prepares a request for many keys: what their URLs share is computed once. The request's key is not used,
/// and `values` may be null.
///
/// It is written to `buffer`, which must not change until the batch has ended. If the buffer is too small, `needed` is set
/// to the size that it must have, otherwise to 0; `needed` may be null, and so may `buffer` if `buffer_size` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn presign_batch_begin(
    batch: *mut presign_batch,
    credentials: *const presign_credentials,
    bucket: *const presign_bucket,
    request: *const presign_request,
    values: *const presign_values,
    now: i64,
    buffer: *mut c_char,
    buffer_size: usize,
    needed: *mut usize,
) -> presign_error {
    let is_batch = !batch.is_null() && batch.is_aligned();
    if is_batch {
        // SAFETY: neither null nor unaligned, and the caller promises a batch, which starts with the tag.
        unsafe { batch.cast::<u64>().write(0) };
    }
    let begin = |reader: &Reader, room: Output<'_>| {
        if !is_batch {
            return Err(presign_error::InvalidPointer.into());
        }
        reader.check(batch.addr(), size_of::<presign_batch>())?;
        let mut request = reader.request(request)?;
        request.key = Some("");
        let (credentials, bucket) = (reader.credentials(credentials)?, reader.bucket(bucket)?);
        let presigner = request.presigner(&credentials, &bucket);
        let presigner = reader.with_values(presigner, values)?;
        let prepared = presigner.batch_into(Timestamp::from_unix(now), room.bytes())?;
        let begun = Begun {
            tag: TAG,
            buffer: [buffer.addr(), buffer_size],
            // SAFETY: the caller promises that the buffer stays as it is until the batch has ended.
            batch: unsafe { mem::transmute::<Batch<'_>, Batch<'static>>(prepared) },
        };
        // SAFETY: as for the tag; size and alignment are those of a batch, by the assertions above.
        unsafe { batch.cast::<Begun>().write(begun) };
        Ok(())
    };
    // SAFETY: the caller promises what `write` requires.
    wiping(|| unsafe { boundary::write(buffer, buffer_size, needed, begin) })
}

/// Signs a key with a batch, and writes the URL with a terminating NUL to `url`, as `presign_sign` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn presign_batch_sign(
    batch: *const presign_batch,
    key: *const c_char,
    url: *mut c_char,
    url_size: usize,
    needed: *mut usize,
) -> presign_error {
    let sign = |reader: &Reader, url: Output<'_>| {
        let begun = begun(reader.get(batch)?)?;
        let [start, size] = begun.buffer;
        reader.check(start, size)?;
        let key = reader.text(key)?;
        url.write_text(|room| begun.batch.sign_into(key, room))
    };
    // SAFETY: the caller promises what `write` requires.
    unsafe { boundary::write(url, url_size, needed, sign) }
}

/// Ends a batch: wipes its key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn presign_batch_end(batch: *mut presign_batch) -> presign_error {
    if !batch.is_aligned() {
        return presign_error::InvalidPointer;
    }
    // SAFETY: null or, as the caller promises, a batch; aligned.
    let Some(batch) = (unsafe { batch.as_mut() }) else {
        return presign_error::InvalidPointer;
    };
    let result = begun(batch).map(|_| ());
    batch.tag = 0;
    batch.state.zeroize(); // nothing of it has to be dropped: its texts are borrowed, and a key's drop wipes it, too
    result.map_or_else(|error| error, |()| presign_error::None)
}

fn begun(batch: &presign_batch) -> Result<&Begun, presign_error> {
    if batch.tag != TAG {
        return Err(presign_error::BatchNotBegun);
    }
    // SAFETY: `presign_batch_begin` alone writes the tag, after the rest. Size and alignment are asserted above.
    Ok(unsafe { &*(&raw const *batch).cast::<Begun>() })
}

/// Calls `run`, then overwrites the stack that it used: a batch that is moved leaves its key where it was.
fn wiping<R>(run: impl FnOnce() -> R) -> R {
    #[inline(never)]
    fn below<R>(run: impl FnOnce() -> R) -> R {
        run()
    }
    #[inline(never)]
    fn wipe() {
        black_box(&mut [0_usize; STACK]);
    }
    let result = below(run);
    wipe();
    result
}

/// The stack that beginning a batch uses, in words, rounded up; `tests/wipe.c` finds what remains.
const STACK: usize = 960;
