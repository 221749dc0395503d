//! `cluster`: see `--help`.
//!
//! Plans are sent over the network, credentials are not: each executor signs with those of its environment.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail, ensure};
use ballista::prelude::SessionContextExt;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_core::utils::default_session_builder;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use clap::{Args, Parser, Subcommand};
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::Int64Type;
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::config::TableParquetOptions;
use datafusion::dataframe::DataFrameWriteOptions;
use datafusion::parquet::file::reader::{FileReader, SerializedFileReader};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use presign::Timestamp;

use presign_inventory::function::{functions, register};
use presign_inventory::job::{Parameters, Statement, parquet_files, register_files};
use presign_inventory::signer::{Place, Signer};

/// Presigns an S3 Inventory on a Ballista cluster on 127.0.0.1.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a scheduler, which needs no credentials
    Scheduler {
        #[arg(long, default_value_t = 50050)]
        port: u16,
        /// http://127.0.0.1:PORT/readyz responds with 200 once this many executors are connected
        #[arg(long, default_value_t = 1)]
        executors: usize,
    },
    /// Run an executor, which signs with the credentials of its environment
    Executor {
        #[arg(long, default_value_t = 50050)]
        scheduler_port: u16,
        /// Port for its data; the next port is for its tasks
        #[arg(long, default_value_t = 50051, value_parser = clap::value_parser!(u16).range(1..65_535))]
        port: u16,
        #[arg(long, default_value_t = 1)]
        cores: usize,
        #[command(flatten)]
        place: Place,
    },
    /// Write links on the cluster, all with one signing time; executors must be able to access both directories
    Presign {
        #[command(flatten)]
        what: What,
        #[arg(long, default_value_t = 50050)]
        scheduler_port: u16,
    },
    /// Fail unless two directories of links contain the same link for each key
    Compare { one: PathBuf, other: PathBuf },
}

#[derive(Args)]
struct What {
    /// Directory of the inventory's Parquet files
    #[arg(long)]
    inventory: PathBuf,
    /// Directory for the links, empty or new
    #[arg(long)]
    out: PathBuf,
    /// Lifetime of the links, in seconds
    #[arg(long, default_value_t = 604_800)]
    expires_in: u64,
    /// Sign at this time (RFC 3339) instead of now
    #[arg(long)]
    signed_at: Option<Timestamp>,
}

#[tokio::main]
async fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Scheduler { port, executors } => scheduler(port, executors).await,
        Command::Executor {
            scheduler_port,
            port,
            cores,
            place,
        } => {
            executor(
                scheduler_port,
                port,
                cores,
                &Arc::new(Signer::from_env(place)?),
            )
            .await
        }
        Command::Presign {
            what,
            scheduler_port,
        } => presign(what, scheduler_port).await,
        Command::Compare { one, other } => compare(&one, &other).await,
    }
}

/// Plans queries, which requires the functions' names and types. Signs nothing.
async fn scheduler(port: u16, min_ready_executors: usize) -> Result<()> {
    let config = SchedulerConfig {
        external_host: LOOPBACK.to_string(),
        bind_host: LOOPBACK.to_string(),
        bind_port: port,
        min_ready_executors,
        override_session_builder: Some(Arc::new(|config| {
            let mut state = default_session_builder(config)?;
            register(&mut state, None)?;
            Ok(state)
        })),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let address = SocketAddr::from((LOOPBACK, port));
    Ok(start_server(cluster, address, Arc::new(config)).await?)
}

/// Signs. Runs until a signal such as SIGTERM stops it.
async fn executor(
    scheduler_port: u16,
    port: u16,
    cores: usize,
    signer: &Arc<Signer>,
) -> Result<()> {
    let mut registry = BallistaFunctionRegistry::default();
    for function in functions(Some(signer)) {
        registry
            .scalar_functions
            .insert(function.name().to_owned(), function);
    }
    let config = ExecutorProcessConfig {
        bind_host: LOOPBACK.to_string(),
        external_host: Some(LOOPBACK.to_string()),
        port,
        grpc_port: port + 1,
        scheduler_host: LOOPBACK.to_string(),
        scheduler_port,
        scheduler_connect_timeout_seconds: 30,
        vcores: cores,
        override_function_registry: Some(Arc::new(registry)),
        ..ExecutorProcessConfig::default()
    };
    Ok(start_executor_process(Arc::new(config)).await?)
}

async fn presign(what: What, scheduler_port: u16) -> Result<()> {
    let What {
        inventory,
        out,
        expires_in,
        signed_at,
    } = what;
    let expires_in = Duration::from_secs(expires_in);
    let signed_at = signed_at.unwrap_or_else(|| SystemTime::now().into());
    let statement = Statement::for_inventory(&parquet_files(&inventory)?[0]).await?;
    fs::create_dir_all(&out)?;
    ensure!(
        fs::read_dir(&out)?.next().is_none(),
        "{} is not empty",
        out.display()
    );
    let (inventory, out) = (fs::canonicalize(&inventory)?, fs::canonicalize(&out)?);

    let mut context = SessionContext::remote(&format!("df://{LOOPBACK}:{scheduler_port}")).await?;
    register(&mut context, None)?;
    register_files(&context, &inventory).await?;
    let end = i64::try_from(expires_in.as_secs())?.saturating_add(signed_at.as_unix());
    let expires_at = Timestamp::from_unix(end);
    let started = Instant::now();
    let mut options = TableParquetOptions::default();
    options.global.compression = Some("zstd(1)".to_owned());
    let directory = format!("{}/", out.to_str().context("a path that is not UTF-8")?);
    statement
        .plan(
            &context,
            Parameters {
                expires_in,
                signed_at,
                expires_at,
            },
        )
        .await?
        .write_parquet(&directory, DataFrameWriteOptions::new(), Some(options))
        .await?;
    let seconds = started.elapsed().as_secs_f64();
    let mut rows = 0;
    for file in parquet_files(&out)? {
        rows += SerializedFileReader::new(File::open(file)?)?
            .metadata()
            .file_metadata()
            .num_rows();
    }
    println!(
        "{rows} rows in {seconds:.1} s: {:.0} rows/s",
        rows as f64 / seconds
    );
    println!("all links expire at {expires_at}");
    Ok(())
}

async fn compare(one: &Path, other: &Path) -> Result<()> {
    let context = SessionContext::new();
    for (name, directory) in [("one", one), ("other", other)] {
        let directory = directory.to_str().context("a path that is not UTF-8")?;
        context
            .register_parquet(name, directory, ParquetReadOptions::default())
            .await?;
    }
    let count = async |what: &str, table: &str| -> Result<i64> {
        let query = format!("SELECT count({what}) FROM {table}");
        let batches = context.sql(&query).await?.collect().await?;
        Ok(batches[0].column(0).as_primitive::<Int64Type>().value(0))
    };
    let rows = count("*", "one").await?;
    for (table, directory) in [("one", one), ("other", other)] {
        let (found, keys) = (
            count("*", table).await?,
            count("DISTINCT key", table).await?,
        );
        let directory = directory.display();
        ensure!(
            found == rows && keys == rows,
            "{directory} has {found} rows and {keys} keys, not {rows} of each"
        );
    }
    let different = context
        .sql(
            "SELECT coalesce(one.key, other.key) FROM one FULL JOIN other ON one.key = other.key
             WHERE (one.url IS DISTINCT FROM other.url) OR (one.expires_at IS DISTINCT FROM other.expires_at)",
        )
        .await?
        .collect()
        .await?;
    if let Some(batch) = different.iter().find(|batch| batch.num_rows() > 0) {
        let rows: usize = different.iter().map(RecordBatch::num_rows).sum();
        let key = array_value_to_string(batch.column(0), 0)?;
        bail!("{rows} rows differ, for example for the key {key}");
    }
    let links = count("url", "one").await?;
    ensure!(links > 0, "no row has a link");
    println!("all {rows} rows are the same, {links} of them with a link");
    Ok(())
}

const LOOPBACK: Ipv4Addr = Ipv4Addr::LOCALHOST;
