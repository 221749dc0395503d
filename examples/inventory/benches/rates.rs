//! Measures the rows per second of one core for several ways to create links: `cargo bench -- [ROWS [ROUNDS]]`.
//!
//! All ways run in turns in one process. CPU time is measured, so that other processes disturb less.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use cpu_time::ProcessTime;
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::datasource::MemTable;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;
use presign::{Credentials, Presigner, Timestamp};
use presign_array::{Unsignable, presign_array};
use presign_inventory::function::register;
use presign_inventory::job::{Job, register_files};
use presign_inventory::signer::{Place, Signer};
use presign_inventory::synthetic::Inventory;

#[allow(unexpected_cfgs, unreachable_pub)] // the crate's benchmarks need both
#[path = "../../../benches/shared/machine.rs"]
mod machine;

const WAYS: [&str; 5] = [
    "`Batch::sign_each` in a plain loop",
    "`presign_array` over the same keys",
    "SQL over the same keys in memory",
    "SQL over Parquet, links discarded",
    "`inventory presign`, Parquet to Parquet",
];
const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);
const HOUR: Duration = Duration::from_secs(3600);
const SQL: &str =
    "SELECT key, presign(key, bucket, 3600, '2013-05-24T00:00:00Z') AS url FROM inventory";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut numbers = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse().ok());
    let rows: u64 = numbers.next().unwrap_or(500_000);
    let rounds = numbers.next().unwrap_or(5);
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("inventory");
    let (bucket, dot_segment_every) = ("examplebucket".to_owned(), 0);
    let inventory = Inventory {
        rows,
        files: 4,
        out: path.clone(),
        bucket,
        dot_segment_every,
    };
    inventory.write()?;
    let batches: Vec<RecordBatch> = (0..rows)
        .step_by(8192)
        .map(|start| {
            Ok(inventory
                .batch(start..rows.min(start + 8192))?
                .project(&[0, 1])?)
        })
        .collect::<Result<_>>()?;
    let signer = Arc::new(Signer {
        credentials: Credentials::new(
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        ),
        place: Place {
            region: "eu-west-1".to_owned(),
            ..Place::default()
        },
    });
    let bucket = signer.bucket("examplebucket")?;
    let today = signer.credentials.signing_key(&bucket, NOW)?;
    let presigner = Presigner::get(&today, &bucket, "").expires_in(HOUR);

    let mut seconds = WAYS.map(|_| Vec::new());
    for round in 0..rounds {
        let started = ProcessTime::now();
        let prepared = presigner.batch_at(NOW)?;
        for batch in &batches {
            let keys = batch.column(1).as_string::<i32>().iter().flatten();
            black_box(prepared.sign_each(keys)?);
        }
        seconds[0].push(started.elapsed().as_secs_f64());

        let started = ProcessTime::now();
        for batch in &batches {
            let keys = batch.column(1).as_string::<i32>();
            black_box(presign_array(&presigner, NOW, keys, Unsignable::Fail)?);
        }
        seconds[1].push(started.elapsed().as_secs_f64());

        let memory = context(&signer)?;
        let table = MemTable::try_new(batches[0].schema(), vec![batches.clone()])?;
        memory.register_table("inventory", Arc::new(table))?;
        seconds[2].push(run(&memory, rows).await?);

        let parquet = context(&signer)?;
        register_files(&parquet, &path).await?;
        seconds[3].push(run(&parquet, rows).await?);

        let started = ProcessTime::now();
        let job = Job {
            inventory: path.clone(),
            out: directory.path().join(format!("links-{round}")),
            sql: Some(SQL.replace("3600, '2013-05-24T00:00:00Z'", "$expires_in, $signed_at")),
            expires_in: HOUR,
            signed_at: Some(NOW),
            signer: signer.clone(),
            jobs: 1,
            clock: || NOW,
        };
        assert_eq!(job.run().await?.rows, rows);
        seconds[4].push(started.elapsed().as_secs_f64());
    }

    println!("| {rows} rows | rows/s of one core | time, plain loop = 1 |\n|---|---:|---:|");
    for (way, name) in WAYS.iter().enumerate() {
        let rate = median(seconds[way].iter().map(|seconds| rows as f64 / seconds));
        let ratio = median(
            seconds[way]
                .iter()
                .zip(&seconds[0])
                .map(|(this, plain)| this / plain),
        );
        println!("| {name} | {rate:.0} | {ratio:.2} |");
    }
    println!("\n{}; medians of {rounds} rounds.", machine::describe());
    Ok(())
}

fn context(signer: &Arc<Signer>) -> Result<SessionContext> {
    let config = SessionConfig::new().with_target_partitions(1);
    let mut context = SessionContext::new_with_config(config);
    register(&mut context, Some(signer))?;
    Ok(context)
}

async fn run(context: &SessionContext, rows: u64) -> Result<f64> {
    let started = ProcessTime::now();
    let mut batches = context.sql(SQL).await?.execute_stream().await?;
    let mut count = 0;
    while let Some(batch) = batches.next().await {
        count += black_box(batch?).num_rows();
    }
    assert_eq!(count as u64, rows);
    Ok(started.elapsed().as_secs_f64())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
