//! Presigns an S3 Inventory: every key of a bucket, in SQL, over Parquet.

pub mod function;
pub mod job;
pub mod signer;
pub mod synthetic;
