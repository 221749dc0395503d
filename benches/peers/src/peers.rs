//! The ways to presign that are compared: one module for each crate.

use core::fmt::Display;
use std::sync::LazyLock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::items;

mod aws_sigv4;
pub mod presign;
mod reqsign;
mod rusty_s3;

#[cfg(feature = "heavy")]
mod aws_sdk_s3;
#[cfg(feature = "heavy")]
mod minio;
#[cfg(feature = "heavy")]
mod object_store;
#[cfg(feature = "heavy")]
mod rust_s3;
#[cfg(feature = "heavy")]
mod s3_presign;

/// Signs the given key, and passes on the URL in the type that the crate returns.
pub type Sign = Box<dyn FnMut(&str, &mut dyn FnMut(&dyn Display))>;

/// The same for many keys.
pub type SignEach = Box<dyn FnMut(&[String], &mut dyn FnMut(&dyn Display))>;

/// Or the reason why the crate cannot do it.
pub type Item = Result<Sign, &'static str>;

pub struct Peer {
    /// The package's name on crates.io.
    pub package: &'static str,
    /// The way within the package, if it has several.
    pub way: &'static str,
    /// W1 and W4: credentials and client exist already, the request is built for each URL.
    pub get: Item,
    /// W2: a token of 1000 characters, three response overrides.
    pub get_overridden: Item,
    /// W3: a content type and two more signed headers.
    pub put: Item,
    /// W4 with a function for many keys at once. Without one, W4 is signed like W1.
    pub each: Option<SignEach>,
    /// W1 with credentials, client and everything else built from strings.
    pub from_strings: Item,
}

/// Ours first.
pub fn all() -> Vec<Peer> {
    let mut all = presign::ways();
    all.extend([rusty_s3::peer(), aws_sigv4::peer(), reqsign::peer()]);
    #[cfg(feature = "heavy")]
    all.extend([
        s3_presign::peer(),
        minio::peer(),
        object_store::peer(),
        rust_s3::peer(),
        aws_sdk_s3::peer(),
    ]);
    all
}

static TOKEN: LazyLock<String> = LazyLock::new(|| items::token(1000));

fn sign(sign: impl FnMut(&str, &mut dyn FnMut(&dyn Display)) + 'static) -> Item {
    Ok(Box::new(sign))
}

/// The URL to be signed, for crates that leave it to the caller.
fn unsigned(key: &str, overridden: bool) -> String {
    const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    const KEY: &AsciiSet = &UNRESERVED.remove(b'/');
    let mut url = String::with_capacity(512);
    url += crate::HOST;
    url += "/";
    url.extend(utf8_percent_encode(key, KEY));
    let mut separator = "?";
    for (name, value) in items::OVERRIDES.iter().filter(|_| overridden) {
        url += separator;
        url += name;
        url += "=";
        url.extend(utf8_percent_encode(value, UNRESERVED));
        separator = "&";
    }
    url
}
