//! The WebAssembly module of the npm package: what `../src/glue.js` calls.
//!
//! `start()` creates the state that is passed to all other functions. For each call, JavaScript gets `room()`, writes the
//! options there (see [`input`]), and calls `run()` with an operation and the time. The result is text at `output()`: its
//! length is what `run()` returns, negated if the text is an error's code, kind, message and position, one per line.

#![cfg_attr(target_family = "wasm", no_std)]
#![cfg_attr(
    not(all(feature = "forms", feature = "verify")),
    allow(
        dead_code,
        unused_macros,
        unused_variables,
        reason = "some code is for other modules"
    )
)]

extern crate alloc;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;
#[cfg(target_family = "wasm")]
use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};
use presign::Timestamp;
use zeroize::{Zeroize, Zeroizing};

mod failure;
#[cfg(feature = "forms")]
mod forms;
mod input;
#[cfg(feature = "sign")]
mod sign;
mod signer;
#[cfg(feature = "verify")]
mod verify;

use failure::Failure;
use input::Input;
use signer::Signer;

#[cfg(target_family = "wasm")]
#[expect(unsafe_code, reason = "a promise that there is one thread")]
#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    // SAFETY: the module is built without threads.
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

pub struct State {
    input: Zeroizing<Vec<u8>>,
    output: String,
    signer: Signer,
}

#[expect(unsafe_code, reason = "no other function of this module has that name")]
#[unsafe(no_mangle)]
pub extern "C" fn start() -> *mut State {
    Box::into_raw(Box::new(State {
        input: Zeroizing::new(Vec::new()),
        output: String::new(),
        signer: Signer::default(),
    }))
}

/// Returns where JavaScript may write this many bytes before it calls `run`.
///
/// # Safety
/// `state` is what `start` returned.
#[expect(unsafe_code, reason = "no other function of this module has that name")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn room(state: *mut State, bytes: usize) -> *mut u8 {
    // SAFETY: `start` created it and nothing frees it; there is one thread, and no function calls JavaScript, so no other
    // reference to it exists.
    #[expect(unsafe_code, reason = "the state is JavaScript's to keep")]
    let state = unsafe { &mut *state };
    if state.input.len() < bytes {
        state.input.resize(bytes, 0); // what moves was wiped by `run`
    }
    state.input.as_mut_ptr()
}

/// Runs an operation with the options in the room: `fields` options, in `bytes` bytes.
///
/// # Safety
/// `state` is what `start` returned.
#[expect(unsafe_code, reason = "no other function of this module has that name")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn run(
    state: *mut State,
    operation: u32,
    fields: usize,
    bytes: usize,
    unix_seconds: f64,
) -> isize {
    // SAFETY: as in `room`.
    #[expect(unsafe_code, reason = "the state is JavaScript's to keep")]
    let State {
        input,
        output,
        signer,
    } = unsafe { &mut *state };
    output.clear();
    let at = Timestamp::from_unix(unix_seconds as i64);
    let options = input
        .get(..bytes)
        .and_then(|bytes| Input::parse(bytes, fields));
    let result = match (operation, &options) {
        #[cfg(feature = "sign")]
        (0, Some(options)) => sign::sign(options, signer, at, output),
        #[cfg(feature = "forms")]
        (1, Some(options)) => forms::sign(options, signer, at, output),
        #[cfg(feature = "verify")]
        (2, Some(options)) => verify::verify(options, at, output),
        _ => Err(Failure::Input),
    };
    if let Some(written) = input.get_mut(..bytes) {
        written.zeroize();
    }
    let length = |output: &String| output.len() as isize; // a module has less than 2 GB
    match result {
        Ok(()) => length(output),
        Err(failure) => {
            output.clear();
            failure.write(output);
            -length(output)
        }
    }
}

/// Returns the address of the text that `run` wrote.
///
/// # Safety
/// `state` is what `start` returned.
#[expect(unsafe_code, reason = "no other function of this module has that name")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn output(state: *mut State) -> *const u8 {
    // SAFETY: as in `room`.
    #[expect(unsafe_code, reason = "the state is JavaScript's to keep")]
    let state = unsafe { &*state };
    state.output.as_ptr()
}

// A result is written as lines: names, values and URLs have no line breaks.

fn put_end(output: &mut String, end: Timestamp) {
    let _ = writeln!(output, "{}", end.as_unix()); // a String has room
}

fn put_pairs<'p>(output: &mut String, pairs: impl Iterator<Item = (&'p str, &'p str)>) {
    for (name, value) in pairs {
        for part in [name, ":", value, "\n"] {
            output.push_str(part);
        }
    }
    output.push('\n');
}

#[cfg(target_family = "wasm")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
