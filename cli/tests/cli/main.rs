//! Runs the command as a process: what it prints is what the library signs, or one line that says why not.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod explain;
mod form;
mod many;
mod mistakes;
mod multi_region;
mod share;
mod sign;
mod sources;
mod store;
mod support;
