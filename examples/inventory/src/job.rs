//! Runs one SQL statement over each Parquet file of an inventory, and writes one Parquet file of links for each.
//!
//! A file of links appears complete, by a rename, or not at all. All links of a directory expire together, however often
//! the job is interrupted: `manifest.json` stores the time of the first run, and all links are signed for it.

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

/// Settings of a job.
#[derive(Clone)]
pub struct Job {
    pub inventory: PathBuf,
    pub out: PathBuf,
    /// By default, selects key, link and expiry of each current object.
    pub sql: Option<String>,
    pub expires_in: Duration,
    /// By default, the time of the first run.
    pub signed_at: Option<Timestamp>,
    pub signer: Arc<Signer>,
    /// Files at the same time.
    pub jobs: usize,
    /// Returns the current time. Called at the start, and for each batch, to stop when the links expire.
    pub clock: fn() -> Timestamp,
}

/// The result of a run.
#[derive(Debug)]
pub struct Summary {
    pub files: usize,
    pub files_done_before: usize,
    pub rows: u64,
    /// Rows with null in the column `url`.
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
            .with_context(|| format!("cannot create {}", self.out.display()))?;
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
            "the links in {} expired at {links_end}, and it is {now}; use another --out",
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
    /// Returns the number of rows, and of those without a URL.
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
                    "the links expired at {end}, and it is {now}; use another --out, with a longer --expires-in"
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
        self.progress.inc(self.rows.saturating_sub(rows)); // rows that the statement filters out
        Ok((rows, without_url))
    }
}

/// Registers a file, or all Parquet files of a directory, as the statement's table.
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
        "no *.parquet files in {}",
        directory.display()
    );
    files.sort();
    Ok(files)
}

/// No dictionary and no statistics for URLs, because each is different. Small row groups limit the memory.
fn properties() -> WriterProperties {
    let url = ColumnPath::from("url");
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_column_dictionary_enabled(url.clone(), false)
        .set_column_statistics_enabled(url, EnabledStatistics::None)
        .set_max_row_group_row_count(Some(131_072))
        .build()
}
