//! An inventory of objects that do not exist, with the columns of a versioned bucket's inventory.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html>

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;

/// The same settings give the same files.
pub struct Inventory {
    pub rows: u64,
    pub files: u64,
    pub out: PathBuf,
    pub bucket: String,
    /// Every n-th key has a segment `..`, so that it cannot be signed; 0 for none.
    pub dot_segment_every: u64,
}

impl Inventory {
    pub fn write(&self) -> Result<()> {
        ensure!(self.files > 0, "an inventory has at least one file");
        let out = self.out.display();
        fs::create_dir_all(&self.out).with_context(|| format!("cannot create {out}"))?;
        for file in 0..self.files {
            let rows = self.rows * file / self.files..self.rows * (file + 1) / self.files;
            let path = self.out.join(format!("part-{file:05}.parquet"));
            let properties = WriterProperties::builder()
                .set_compression(Compression::ZSTD(ZstdLevel::default()))
                .build();
            let mut writer = ArrowWriter::try_new(
                File::create(&path)?,
                self.batch(0..0)?.schema(),
                Some(properties),
            )?;
            for start in rows.clone().step_by(BATCH) {
                let end = rows.end.min(start + BATCH as u64);
                writer.write(&self.batch(start..end)?)?;
            }
            writer.close()?;
        }
        Ok(())
    }

    /// The rows with these numbers.
    pub fn batch(&self, rows: std::ops::Range<u64>) -> Result<RecordBatch> {
        let texts = |text: &dyn Fn(u64) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows.clone().map(text)))
        };
        let flags = |flag: &dyn Fn(u64) -> bool| -> ArrayRef {
            Arc::new(BooleanArray::from_iter(
                rows.clone().map(|row| Some(flag(row))),
            ))
        };
        let size = rows.clone().map(|row| (mix(row) % (1 << 30)) as i64);
        let modified = rows.clone().map(|row| EPOCH + (mix(row ^ 1) % YEAR) as i64);
        let modified = TimestampMillisecondArray::from_iter_values(modified).with_timezone("UTC");
        let class = |row| {
            if mix(row ^ 2).is_multiple_of(4) {
                "STANDARD_IA"
            } else {
                "STANDARD"
            }
        };
        Ok(RecordBatch::try_from_iter([
            ("bucket", texts(&|_| self.bucket.clone())),
            ("key", texts(&|row| self.key(row))),
            (
                "version_id",
                texts(&|row| format!("{:016x}{:016x}", mix(row ^ 3), mix(row ^ 4))),
            ),
            ("is_latest", flags(&is_latest)),
            ("is_delete_marker", flags(&is_delete_marker)),
            ("size", Arc::new(Int64Array::from_iter_values(size))),
            ("last_modified_date", Arc::new(modified)),
            (
                "e_tag",
                texts(&|row| format!("{:016x}{:016x}", mix(row ^ 5), mix(row ^ 6))),
            ),
            ("storage_class", texts(&|row| class(row).to_owned())),
        ])?)
    }

    fn key(&self, row: u64) -> String {
        let hash = mix(row ^ 7);
        let directory = match row % 16 {
            0 => "reports/Q1 + Q2, final",
            1 => "bilder/Größe",
            _ => "photos/2026",
        };
        let up = if self.dot_segment_every > 0 && row % self.dot_segment_every == 1 {
            "../"
        } else {
            ""
        };
        format!(
            "{directory}/{:02}/{up}{hash:016x}-{row:010}.jpg",
            hash % 12 + 1
        )
    }
}

/// One in 50 rows is an old version, and one in 100 is a delete marker.
fn is_latest(row: u64) -> bool {
    row % 50 != 7
}

fn is_delete_marker(row: u64) -> bool {
    row % 100 == 11
}

/// How many of the first rows are neither old versions nor delete markers.
pub fn current(rows: u64) -> u64 {
    (0..rows)
        .filter(|row| is_latest(*row) && !is_delete_marker(*row))
        .count() as u64
}

/// A number that looks random for each row: SplitMix64 by Steele, Lea and Flood.
fn mix(row: u64) -> u64 {
    let mut z = row.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

const BATCH: usize = 8192;
/// 2025-01-01, in milliseconds.
const EPOCH: i64 = 1_735_689_600_000;
const YEAR: u64 = 365 * 86_400_000;
