//! Signs a link and prints it, without the standard library. If `std` were linked, there would be two panic handlers;
//! if `alloc` were, a global allocator would be missing.
#![no_std]
#![no_main]

include!("link.rs");

// From the C library, which starts the program and provides the memory functions that the host's core library uses.
#[link(name = "c")]
unsafe extern "C" {
    fn write(file: i32, bytes: *const u8, len: usize) -> isize;
    fn abort() -> !;
}

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let mut buffer = [0; 1024];
    let url = link(&mut buffer).unwrap_or_default();
    // SAFETY: `url` has this many bytes.
    let written = unsafe { write(1, url.as_ptr(), url.len()) };
    i32::from(written < 1)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: it has no arguments and does not return.
    unsafe { abort() }
}
