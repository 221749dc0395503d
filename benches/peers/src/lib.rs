//! The crates that presign S3 URLs, each signing the same requests. `run` measures them.

#![allow(clippy::expect_used)] // a benchmark stops at the first failure

use std::sync::LazyLock;
use std::time::SystemTime;

use presign::Timestamp;

pub mod check;
#[path = "../../shared/items.rs"]
pub mod items;
pub mod limit;
pub mod peers;

/// The target of all URLs.
pub const HOST: &str = "https://examplebucket.s3.us-west-2.amazonaws.com";

/// Ours are signed at the time of the first call. Some other crates accept no time and read the clock.
pub fn now() -> Timestamp {
    static NOW: LazyLock<Timestamp> = LazyLock::new(|| SystemTime::now().into());
    *NOW
}

/// The items that are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    W1,
    W2,
    W3,
    W4,
    FromStrings,
}

impl Item {
    pub const ALL: [Self; 5] = [Self::W1, Self::W2, Self::W3, Self::W4, Self::FromStrings];

    pub fn name(self) -> &'static str {
        match self {
            Self::W1 => "W1",
            Self::W2 => "W2",
            Self::W3 => "W3",
            Self::W4 => "W4",
            Self::FromStrings => "from strings",
        }
    }

    pub fn method(self) -> &'static str {
        if self == Self::W3 { "PUT" } else { "GET" }
    }

    pub fn of(self, peer: &mut peers::Peer) -> &mut peers::Item {
        match self {
            Self::W1 | Self::W4 => &mut peer.get,
            Self::W2 => &mut peer.get_overridden,
            Self::W3 => &mut peer.put,
            Self::FromStrings => &mut peer.from_strings,
        }
    }
}
