//! Signs a link on a Cortex-M, without an allocator, and prints it with the stack that signing took at its deepest.
//!
//! On a host the same program prints the link alone: the one that the firmware has to come to.

#![cfg_attr(target_os = "none", no_std, no_main)]

use core::hint::black_box;
use core::time::Duration;

use presign::{Bucket, Credentials, Error, Presigner, Timestamp};

/// Checked when the firmware is compiled: nothing of them is validated on the device.
static BUCKET: Bucket<'static> =
    Bucket::from_static("examplebucket", "us-east-1").global_endpoint();
static CREDENTIALS: Credentials<'static> = Credentials::new(
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
);

/// The example of the AWS documentation. `black_box`: object key and time are not known when the firmware is compiled.
///
/// In a function that is not inlined, so that the copies which setters make are off the stack before the link is signed.
#[inline(never)]
fn request() -> Presigner<'static> {
    Presigner::get(&CREDENTIALS, &BUCKET, black_box("test.txt"))
        .expires_in(Duration::from_secs(black_box(86_400)))
}

fn link(buffer: &mut [u8]) -> Result<&str, Error> {
    request().sign_into(Timestamp::from_unix(black_box(1_369_353_600)), buffer)
}

#[cfg(not(target_os = "none"))]
fn main() -> Result<(), Error> {
    println!("{}", link(&mut [0; 512])?);
    Ok(())
}

#[cfg(target_os = "none")]
mod firmware {
    use cortex_m_semihosting::{debug, hprintln};

    #[inline(never)] // or its variables would count as the caller's
    fn work(buffer: &mut [u8]) -> &str {
        if cfg!(feature = "empty") {
            core::str::from_utf8(buffer).unwrap_or_default()
        } else {
            super::link(buffer).unwrap_or_default()
        }
    }

    /// The link, and how far the stack grew beyond this frame.
    #[inline(never)]
    fn measured(buffer: &mut [u8]) -> (&str, u32) {
        let before = cortex_m_stack::current_stack_in_use();
        cortex_m_stack::repaint_stack();
        let url = work(buffer);
        let deepest = cortex_m_stack::stack_size() - cortex_m_stack::stack_painted();
        (url, deepest - before)
    }

    #[cortex_m_rt::entry]
    fn main() -> ! {
        if let Some(buffer) = cortex_m::singleton!(: [u8; 512] = [0; 512]) {
            let (url, stack) = measured(buffer);
            hprintln!("{}\nstack {}", url, stack);
            debug::exit(debug::EXIT_SUCCESS);
        }
        stop()
    }

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        stop()
    }

    fn stop() -> ! {
        loop {
            debug::exit(debug::EXIT_FAILURE);
        }
    }
}
