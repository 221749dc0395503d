//! Runs one SQL statement over each Parquet file of an inventory, and writes one Parquet file of links for each.
//!
//! A file of links appears whole, by a rename, or not at all. All files of a directory are signed at the same time, that
//! of the first run, which `manifest.json` keeps: so all links end together, however often the job was interrupted.

mod manifest;
mod statement;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::file::reader::{FileReader, SerializedFileReader};
use datafusion::parquet::schema::types::ColumnPath;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use futures::{StreamExt, TryStreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use presign::Timestamp;

use crate::function::register;
use crate::signer::Signer;
use manifest::Manifest;
pub use statement::{Parameters, Statement, TABLE};

/// What is to be done.
#[derive(Clone)]
pub struct Job {
    pub inventory: PathBuf,
    pub out: PathBuf,
    /// Without one, key, link and end of each current object.
    pub sql: Option<String>,
    pub expires_in: Duration,
    /// Without one, the time of the first run.
    pub signed_at: Option<Timestamp>,
    pub signer: Arc<Signer>,
    /// How many files at once.
    pub jobs: usize,
    /// Tells the time: of the start, and with each batch whether the links still live.
    pub clock: fn() -> Timestamp,
}

/// What was done.
#[derive(Debug)]
pub struct Summary {
    pub files: usize,
    pub files_done_before: usize,
    pub rows: u64,
    /// Rows of which the column `url` is null.
    pub rows_without_url: u64,
    pub elapsed: Duration,
    pub expires_at: Timestamp,
}

impl Job {
    pub async fn run(&self) -> Result<Summary> {
        let started = Instant::now();
        let inputs = parquet_files(&self.inventory)?;
        let statement = match &self.sql {
            Some(sql) => Statement::new(sql, &inputs[0]).await?,
            None => Statement::for_inventory(&inputs[0]).await?,
        };
        fs::create_dir_all(&self.out)
            .with_context(|| format!("cannot make {}", self.out.display()))?;
        let lock = File::create(self.out.join(".lock"))?;
        ensure!(
            lock.try_lock().is_ok(),
            "another job is writing to {}",
            self.out.display()
        );
        let manifest = Manifest::open(self, statement.sql(), &inputs)?;
        let links_end = manifest.expires_at()?;
        let now = (self.clock)();
        ensure!(
            now < links_end,
            "the links of {} end at {links_end}, and it is {now}; start again with another --out",
            self.out.display()
        );

        let mut pending = Vec::new();
        for input in &inputs {
            let output = self
                .out
                .join(input.file_name().context("a file without a name")?);
            if !output.exists() {
                let rows = SerializedFileReader::new(File::open(input)?)
                    .with_context(|| format!("cannot read {}", input.display()))?
                    .metadata()
                    .file_metadata()
                    .num_rows();
                pending.push((input, output, u64::try_from(rows)?));
            }
        }
        let style = "{wide_bar} {human_pos}/{human_len} rows, {per_sec}, {eta} left";
        let progress = ProgressBar::new(pending.iter().map(|(.., rows)| rows).sum());
        progress.set_style(ProgressStyle::with_template(style)?);
        let files = pending.len();
        let parameters = Parameters {
            expires_in: self.expires_in,
            signed_at: manifest.signed_at()?,
            expires_at: links_end,
        };
        let parts = stream::iter(pending.into_iter().map(|(input, output, rows)| {
            let part = Part {
                input: input.clone(),
                output,
                rows,
                statement: statement.clone(),
                parameters,
                signer: self.signer.clone(),
                clock: self.clock,
                progress: progress.clone(),
            };
            async { tokio::spawn(part.write()).await? }
        }));
        let written: Vec<(u64, u64)> = parts.buffer_unordered(self.jobs).try_collect().await?;
        progress.finish_and_clear();
        Ok(Summary {
            files,
            files_done_before: inputs.len() - files,
            rows: written.iter().map(|(rows, _)| rows).sum(),
            rows_without_url: written.iter().map(|(_, without_url)| without_url).sum(),
            elapsed: started.elapsed(),
            expires_at: links_end,
        })
    }
}

/// One file of the inventory.
struct Part {
    input: PathBuf,
    output: PathBuf,
    rows: u64,
    statement: Statement,
    parameters: Parameters,
    signer: Arc<Signer>,
    clock: fn() -> Timestamp,
    progress: ProgressBar,
}

impl Part {
    /// Tells how many rows there are, and of how many the URL is null.
    async fn write(self) -> Result<(u64, u64)> {
        let context =
            SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
        register(&mut context.clone(), Some(&self.signer))?;
        register_files(&context, &self.input).await?;
        let mut batches = self
            .statement
            .plan(&context, self.parameters)
            .await?
            .execute_stream()
            .await?;

        let unfinished = self.output.with_extension("parquet.unfinished");
        let file = File::create(&unfinished)
            .with_context(|| format!("cannot write {}", unfinished.display()))?;
        let mut writer = ArrowWriter::try_new(file, batches.schema(), Some(properties()))?;
        let (mut rows, mut without_url) = (0, 0);
        while let Some(batch) = batches.next().await {
            let batch: RecordBatch = batch?;
            let (now, end) = ((self.clock)(), self.parameters.expires_at);
            if now >= end {
                bail!(
                    "the links end at {end}, and it is {now}: none was given out that is dead; use a longer --expires-in"
                );
            }
            writer.write(&batch)?;
            let count = u64::try_from(batch.num_rows())?;
            rows += count;
            let urls = batch.column_by_name("url");
            without_url += u64::try_from(urls.map_or(0, |urls| urls.null_count()))?;
            self.progress.inc(count);
        }
        let file = writer.into_inner()?;
        file.sync_all()?;
        fs::rename(&unfinished, &self.output)?;
        self.progress.inc(self.rows.saturating_sub(rows)); // those that the statement leaves out
        Ok((rows, without_url))
    }
}

/// Makes a file, or all Parquet files of a directory, the table of the statement.
pub async fn register_files(context: &SessionContext, path: &Path) -> Result<()> {
    let path = path.to_str().context("a path that is not UTF-8")?;
    context
        .register_parquet(TABLE, path, ParquetReadOptions::default())
        .await?;
    Ok(())
}

/// The Parquet files of a directory, sorted.
pub fn parquet_files(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    let paths: Vec<PathBuf> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    let mut files: Vec<PathBuf> = paths
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "parquet"))
        .collect();
    ensure!(
        !files.is_empty(),
        "there are no files *.parquet in {}",
        directory.display()
    );
    files.sort();
    Ok(files)
}

/// Signatures do not repeat: a dictionary of URLs, or their range, is of no use. Small row groups bound the memory.
fn properties() -> WriterProperties {
    let url = ColumnPath::from("url");
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_column_dictionary_enabled(url.clone(), false)
        .set_column_statistics_enabled(url, EnabledStatistics::None)
        .set_max_row_group_row_count(Some(131_072))
        .build()
}
