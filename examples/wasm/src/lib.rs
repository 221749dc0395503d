//! Signs links for JavaScript, without an allocator and without wasm-bindgen: the module imports nothing.
//!
//! The caller writes at `buffer()`, which holds `capacity()` bytes, eight texts in UTF-8, each after its length as four
//! bytes, low byte first: method, access key ID, secret access key, session token, region, bucket, endpoint and key. A
//! session token or endpoint of no bytes is none; with an endpoint, the URL is path-style. `sign` then answers the length of
//! the URL that stands at `buffer()`, or the length of an error message, negated.
//!
//! The features `endpoint` and `messages`, on by default, take two fifths of the module.

#![cfg_attr(target_family = "wasm", no_std)]

use core::fmt::{self, Write};
use core::sync::atomic::{AtomicU8, Ordering::Relaxed};
use core::time::Duration;

use presign::{Bucket, Credentials, Presigner, Timestamp};
use zeroize::Zeroizing;

const CAPACITY: usize = 16_384;

/// What JavaScript writes behind Rust's back. Without threads, atomics are plain loads and stores.
static BUFFER: [AtomicU8; CAPACITY] = [const { AtomicU8::new(0) }; CAPACITY];

#[expect(unsafe_code, reason = "no other function of this module has that name")]
#[unsafe(no_mangle)]
pub extern "C" fn buffer() -> *const AtomicU8 {
    BUFFER.as_ptr()
}

#[expect(unsafe_code, reason = "no other function of this module has that name")]
#[unsafe(no_mangle)]
pub extern "C" fn capacity() -> usize {
    CAPACITY
}

/// Signs at `unix_seconds` what stands in the buffer, for `expires_in` seconds.
#[expect(unsafe_code, reason = "no other function of this module has that name")]
#[unsafe(no_mangle)]
pub extern "C" fn sign(unix_seconds: i64, expires_in: u32) -> isize {
    let mut input = Zeroizing::new([0; CAPACITY]);
    for (byte, shared) in input.iter_mut().zip(&BUFFER) {
        *byte = shared.swap(0, Relaxed);
    }
    let mut output = [0; CAPACITY];
    match link(input.as_slice(), unix_seconds, expires_in, &mut output) {
        Ok(url) => answer(url.as_bytes()),
        Err(error) => {
            let mut message = Message {
                bytes: [0; 256],
                len: 0,
            };
            let _ = write!(message, "{error}"); // what is over its length is cut off
            -answer(message.bytes.get(..message.len).unwrap_or_default())
        }
    }
}

fn answer(bytes: &[u8]) -> isize {
    for (shared, byte) in BUFFER.iter().zip(bytes) {
        shared.store(*byte, Relaxed);
    }
    bytes.len() as isize
}

fn link<'o>(
    mut input: &[u8],
    unix_seconds: i64,
    expires_in: u32,
    output: &'o mut [u8],
) -> Result<&'o str, Problem> {
    let mut text = || -> Result<&str, Problem> {
        let (length, rest) = input.split_first_chunk().ok_or(Problem::Input)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| Problem::Input)?;
        let (text, rest) = rest.split_at_checked(length).ok_or(Problem::Input)?;
        input = rest;
        core::str::from_utf8(text).map_err(|_| Problem::Input)
    };
    let method = text()?.parse()?;
    let mut credentials = Credentials::new(text()?, text()?);
    let session_token = text()?;
    if !session_token.is_empty() {
        credentials = credentials.session_token(session_token);
    }
    let region = text()?;
    #[cfg_attr(not(feature = "endpoint"), expect(unused_mut))]
    let mut bucket = Bucket::new(text()?, region)?;
    let endpoint = text()?;
    if !endpoint.is_empty() {
        #[cfg(not(feature = "endpoint"))]
        return Err(Problem::Endpoint);
        #[cfg(feature = "endpoint")]
        {
            bucket = bucket.endpoint(endpoint)?.path_style();
        }
    }
    let presigner = Presigner::new(method, &credentials, &bucket, text()?)
        .expires_in(Duration::from_secs(expires_in.into()));
    Ok(presigner.sign_into(Timestamp::from_unix(unix_seconds), output)?)
}

#[cfg_attr(
    not(feature = "messages"),
    expect(dead_code, reason = "not printed without the feature")
)]
enum Problem {
    Input,
    #[cfg(not(feature = "endpoint"))]
    Endpoint,
    Signing(presign::Error),
}

impl From<presign::Error> for Problem {
    fn from(error: presign::Error) -> Self {
        Self::Signing(error)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input => f.write_str("the buffer does not hold eight texts in UTF-8"),
            #[cfg(not(feature = "endpoint"))]
            Self::Endpoint => f.write_str("this module is built without the feature `endpoint`"),
            #[cfg(feature = "messages")]
            Self::Signing(error) => error.fmt(f),
            #[cfg(not(feature = "messages"))]
            Self::Signing(_) => f.write_str("refused; the feature `messages` says why"),
        }
    }
}

struct Message {
    bytes: [u8; 256],
    len: usize,
}

impl Write for Message {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.get_mut(self.len..self.len + text.len());
        room.ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len += text.len();
        Ok(())
    }
}

#[cfg(target_family = "wasm")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
