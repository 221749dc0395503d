//! Differential tests of `presign` against signers that live elsewhere: random requests, the same signature; and
//! random requests, good and damaged, the same verdict; random buckets, the same address.
//!
//! Each peer gets the request raw and encodes it with its own SDK's code, so that encoding, order, canonical request,
//! scope and key derivation are all compared, not only the last step.

pub mod address;
pub mod arrival;
pub mod aws_sigv4;
pub mod botocore;
pub mod case;
pub mod damage;
pub mod oracle;
pub mod process;
pub mod runner;
pub mod sdk;
pub mod signed;
