//! `inventory`: see `--help`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use clap::{Parser, Subcommand};
use presign::Timestamp;
use presign_inventory::job::Job;
use presign_inventory::signer::{Place, Signer};
use presign_inventory::synthetic::Inventory;

/// Presigns an S3 Inventory in Parquet: creates a link for every object of a bucket.
///
/// Credentials come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for temporary ones, AWS_SESSION_TOKEN and
/// AWS_CREDENTIAL_EXPIRATION. Links stop working when the credentials expire. Links are secrets: anyone who can read the
/// output can fetch the objects.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate an inventory of objects that do not exist; the same settings give the same inventory
    Generate {
        #[arg(long, default_value_t = 1_000_000)]
        rows: u64,
        #[arg(long, default_value_t = 16)]
        files: u64,
        /// Directory for the Parquet files
        #[arg(long)]
        out: PathBuf,
        #[arg(long, default_value = "examplebucket")]
        bucket: String,
        /// Give every N-th key a segment `..`, so that it cannot be signed
        #[arg(long, default_value_t = 0, value_name = "N")]
        dot_segment_every: u64,
    },
    /// Write a file of links for each file of the inventory; run it again to continue after an interruption
    Presign {
        /// Directory of the inventory's Parquet files
        #[arg(long)]
        inventory: PathBuf,
        /// Directory for the links; if a run was interrupted, the same directory continues it
        #[arg(long)]
        out: PathBuf,
        /// SELECT ... FROM inventory, with presign(key, bucket, $expires_in, $signed_at), or try_presign, which returns
        /// null for keys that cannot be signed [default: key, url and expires_at of all current objects, with try_presign]
        #[arg(long)]
        sql: Option<String>,
        /// Lifetime of the links, in seconds from the start of the first run
        #[arg(long, default_value_t = 604_800)]
        expires_in: u64,
        #[command(flatten)]
        place: Place,
        /// Sign at this time (RFC 3339) instead of now
        #[arg(long)]
        signed_at: Option<Timestamp>,
        /// Files to process at the same time [default: one for each processor]
        #[arg(long)]
        jobs: Option<NonZeroUsize>,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Generate {
            rows,
            files,
            out,
            bucket,
            dot_segment_every,
        } => Inventory {
            rows,
            files,
            out,
            bucket,
            dot_segment_every,
        }
        .write(),
        Command::Presign {
            inventory,
            out,
            sql,
            expires_in,
            place,
            signed_at,
            jobs,
        } => {
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            let job = Job {
                inventory,
                out,
                sql,
                expires_in: Duration::from_secs(expires_in),
                signed_at,
                signer: Arc::new(Signer::from_env(place)?),
                jobs: jobs.map_or(cores, usize::from),
                clock: now,
            };
            let summary = job.run().await?;
            let seconds = summary.elapsed.as_secs_f64();
            let (rows, files, before) = (summary.rows, summary.files, summary.files_done_before);
            println!(
                "{rows} rows in {files} files in {seconds:.1} s: {:.0} rows/s; {before} files were already done",
                rows as f64 / seconds
            );
            println!(
                "{} rows have no url, because their keys cannot be signed",
                summary.rows_without_url
            );
            let left = summary.expires_at.as_unix() - now().as_unix();
            println!("all links expire at {}, in {left} s", summary.expires_at);
            if let Some(peak) = peak_memory() {
                println!("peak memory: {peak}");
            }
            Ok(())
        }
    }
}

fn now() -> Timestamp {
    SystemTime::now().into()
}

/// On Linux, which reports it.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}
