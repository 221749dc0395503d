//! Differential tests of `presign` against independent signers: random requests have the same signature, random valid
//! and damaged requests have the same verdict, and random buckets have the same address.
//!
//! Each peer receives the raw request and encodes it with its SDK's own code. The comparison therefore covers encoding,
//! order, canonical request, scope and key derivation, not only the last step.

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
