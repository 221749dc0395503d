//! What JavaScript calls.

#![expect(unsafe_code, reason = "the boundary to JavaScript")]

const CAPACITY: usize = 32_768;

/// Where JavaScript writes the fields and, after them, reads the link.
#[repr(C)]
struct Memory {
    fields: [u8; CAPACITY],
    link: [u8; 16_384],
}

static mut MEMORY: Memory = Memory {
    fields: [0; CAPACITY],
    link: [0; 16_384],
};

/// Returns where JavaScript may write the fields before it calls `sign`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn fields() -> *mut u8 {
    (&raw mut MEMORY).cast()
}

/// Returns how many bytes of fields there may be.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn capacity() -> usize {
    CAPACITY
}

/// Signs with that many bytes of fields, wipes them, and returns the length of the link, or 0.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn sign(length: usize, now: f64) -> usize {
    // SAFETY: there is one thread, and nothing here calls JavaScript, so this is the only reference.
    let Memory { fields, link } = unsafe { &mut *(&raw mut MEMORY) };
    let text = fields.get(..length);
    let text = text.and_then(|text| core::str::from_utf8(text).ok());
    let signed = text.and_then(|text| crate::sign(text, now as i64, link));
    let length = signed.map_or(0, str::len);
    fields.fill(0);
    length
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
