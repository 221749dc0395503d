//! Presigns an S3 Inventory: every key of a bucket, with SQL over Parquet files.

pub mod function;
pub mod job;
pub mod signer;
pub mod synthetic;
