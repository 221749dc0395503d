//! Jobs that are interrupted, and jobs that are refused.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::{Int64Type, TimestampMillisecondType};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use presign::verify::{Request, Verifier};
use presign::{Credentials, Timestamp};
use presign_inventory::job::{Job, parquet_files};
use presign_inventory::signer::{Place, Signer};
use presign_inventory::synthetic::{Inventory, current};
use tempfile::TempDir;

const FILES: u64 = 40;
const ROWS: u64 = 200_000;

fn inventory(rows: u64, files: u64, dot_segment_every: u64) -> TempDir {
    let directory = TempDir::new().unwrap();
    let (out, bucket) = (
        directory.path().join("inventory"),
        "examplebucket".to_owned(),
    );
    Inventory {
        rows,
        files,
        out,
        bucket,
        dot_segment_every,
    }
    .write()
    .unwrap();
    directory
}

fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inventory"));
    command.args([
        "presign",
        "--inventory",
        "inventory",
        "--out",
        "links",
        "--region",
        "eu-west-1",
        "--jobs",
        "1",
    ]);
    command.args(arguments).current_dir(directory);
    for (name, value) in [
        ("ACCESS_KEY_ID", "AKIAEXAMPLE"),
        ("SECRET_ACCESS_KEY", "secret"),
    ] {
        command.env(format!("AWS_{name}"), value);
    }
    for name in [
        "AWS_SESSION_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_ENDPOINT_URL_S3",
    ] {
        command.env_remove(name);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn failure(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn done(directory: &Path) -> usize {
    parquet_files(&directory.join("links")).map_or(0, |files| files.len())
}

/// Verifies every link of a directory, and counts the rows, keys, links and expiries.
async fn count(directory: &Path) -> [i64; 4] {
    let context = SessionContext::new();
    let links = directory.join("links");
    context
        .register_parquet(
            "links",
            links.to_str().unwrap(),
            ParquetReadOptions::default(),
        )
        .await
        .unwrap();
    let sql = "SELECT arrow_cast(key, 'Utf8'), arrow_cast(url, 'Utf8'), expires_at FROM links WHERE url IS NOT NULL";
    let credentials = Credentials::new("AKIAEXAMPLE", "secret");
    for batch in context.sql(sql).await.unwrap().collect().await.unwrap() {
        let ends = batch.column(2).as_primitive::<TimestampMillisecondType>();
        for (url, end) in batch.column(1).as_string::<i32>().iter().zip(ends) {
            let end = Timestamp::from_unix(end.unwrap() / 1000);
            let request = Request::new("GET", url.unwrap(), &[]).unwrap();
            let just_before = Timestamp::from_unix(end.as_unix() - 1);
            let verified = Verifier::new()
                .verify(&request, just_before, |_| Some(credentials.clone()))
                .unwrap();
            assert_eq!(verified.expires_at(), end);
        }
    }
    let sql = "SELECT count(*), count(DISTINCT key), count(DISTINCT url), count(DISTINCT expires_at) FROM links";
    let batch = context
        .sql(sql)
        .await
        .unwrap()
        .collect()
        .await
        .unwrap()
        .remove(0);
    [0, 1, 2, 3].map(|column| batch.column(column).as_primitive::<Int64Type>().value(0))
}

fn wait_for_first_file(directory: &Path, job: &mut Child) {
    while done(directory) == 0 {
        assert!(job.try_wait().unwrap().is_none(), "the job has exited");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[tokio::test]
async fn a_killed_job_continues_and_loses_nothing() {
    let directory = inventory(ROWS, FILES, 1000);
    let path = directory.path();
    let mut job = command(path, &[]).spawn().unwrap();
    wait_for_first_file(path, &mut job);
    let second = failure(&command(path, &[]).output().unwrap());
    assert!(
        second.contains("another job is writing to links"),
        "{second}"
    );
    job.kill().unwrap(); // SIGKILL
    job.wait().unwrap();
    let before = done(path);
    assert!(0 < before && before < FILES as usize, "{before} files");

    std::thread::sleep(Duration::from_millis(1100)); // the links still get the signing time of the first run
    let output = command(path, &[]).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(
        stdout.contains(&format!("in {} files in ", FILES as usize - before)),
        "{stdout}"
    );
    assert!(
        stdout.contains(&format!("; {before} files were already done")),
        "{stdout}"
    );
    let rows = current(ROWS) as i64;
    assert_eq!(
        count(path).await,
        [rows, rows, rows - (ROWS / 1000) as i64, 1]
    );
    let unfinished = fs::read_dir(path.join("links")).unwrap().filter(|entry| {
        entry
            .as_ref()
            .unwrap()
            .path()
            .extension()
            .is_some_and(|end| end == "unfinished")
    });
    assert_eq!(unfinished.count(), 0);
}

#[test]
fn runs_with_other_settings_do_not_mix() {
    let directory = inventory(100, 2, 0);
    let path = directory.path();
    let first = command(path, &["--expires-in", "3600"]).output().unwrap();
    assert!(first.status.success(), "{first:?}");
    let sql = "SELECT presign(key, bucket, $expires_in, $signed_at) AS url FROM inventory";
    for (arguments, variable, what) in [
        (
            ["--expires-in", "3601"].as_slice(),
            None,
            "expires_in: 3600, now 3601",
        ),
        (
            &["--expires-in", "3600", "--path-style"],
            None,
            "path_style: false, now true",
        ),
        (&["--expires-in", "3600", "--sql", sql], None, "sql: "),
        (
            &[
                "--expires-in",
                "3600",
                "--signed-at",
                "2013-05-24T00:00:00Z",
            ],
            None,
            "expires_at: ",
        ),
        (
            &["--expires-in", "3600"],
            Some(("AWS_ACCESS_KEY_ID", "AKIAOTHER")),
            "access_key_id: ",
        ),
        (
            &["--expires-in", "3600"],
            Some(("AWS_SECRET_ACCESS_KEY", "x")),
            "different secret or session token",
        ),
        (
            &["--expires-in", "3600"],
            Some(("AWS_SESSION_TOKEN", "x")),
            "different secret or session token",
        ),
    ] {
        let error = failure(&command(path, arguments).envs(variable).output().unwrap());
        assert!(error.contains(what), "{error}");
        assert!(!error.contains("Signature"), "{error}");
    }
    fs::remove_file(path.join("inventory/part-00001.parquet")).unwrap();
    let error = failure(&command(path, &["--expires-in", "3600"]).output().unwrap());
    assert!(error.contains("inventory: different files"), "{error}");
}

#[test]
fn no_link_is_created_that_would_expire_early() {
    let directory = inventory(100, 2, 0);
    let path = directory.path();
    let mut early = command(path, &["--expires-in", "3600"]);
    let end = std::time::SystemTime::now() + Duration::from_secs(1800);
    early.env("AWS_SESSION_TOKEN", "token").env(
        "AWS_CREDENTIAL_EXPIRATION",
        Timestamp::from(end).to_string(),
    );
    let error = failure(&early.output().unwrap());
    assert!(
        error.contains("no links were created") && error.contains("credentials expire at"),
        "{error}"
    );
    early.env("AWS_CREDENTIAL_EXPIRATION", "2013-05-24T00:00:00Z");
    let error = failure(&early.output().unwrap());
    assert!(
        error.contains("credentials expired at 2013-05-24T00:00:00Z"),
        "{error}"
    );
    let error = failure(
        &command(path, &["--signed-at", "2013-05-24T00:00:00Z"])
            .output()
            .unwrap(),
    );
    assert!(
        error.contains("the links in links expired at 2013-05-31T00:00:00Z"),
        "{error}"
    );
    assert_eq!(done(path), 0);
}

/// Each call of the clock advances it by a second, so the links expire in the middle of the job.
#[tokio::test]
async fn a_job_stops_when_its_links_expire() {
    static SECONDS: AtomicI64 = AtomicI64::new(1_369_353_600);
    let directory = inventory(1000, 10, 0);
    let job = Job {
        inventory: directory.path().join("inventory"),
        out: directory.path().join("links"),
        sql: None,
        expires_in: Duration::from_secs(6),
        signed_at: None,
        signer: Arc::new(Signer {
            credentials: Credentials::new("AKIAEXAMPLE", "secret"),
            place: Place {
                region: "eu-west-1".to_owned(),
                ..Place::default()
            },
        }),
        jobs: 1,
        clock: || Timestamp::from_unix(SECONDS.fetch_add(1, Ordering::Relaxed)),
    };
    let error = job.run().await.unwrap_err().to_string();
    assert!(
        error.contains("the links expired at 2013-05-24T00:00:06Z, and it is 2013-05-24T00:00:06Z"),
        "{error}"
    );
    assert_eq!(done(directory.path()), 4); // 1 s at the start, and 1 s for each
    let error = job.run().await.unwrap_err().to_string();
    assert!(error.contains("use another --out"), "{error}");
}

#[test]
fn sql_is_checked_before_anything_is_written() {
    let directory = inventory(100, 2, 0);
    let path = directory.path();
    for (sql, what) in [
        (
            "SELECT presign(key, bucket) AS url FROM inventory",
            "all links of a job must expire together",
        ),
        (
            "SELECT presign(key, bucket, 60, $signed_at) AS url FROM inventory",
            "all links of a job must expire together",
        ),
        ("SELECT key FROM inventory LIMIT 10", "unsupported: Limit"),
        ("SELECT count(*) FROM inventory", "unsupported: Aggregate"),
        (
            "SELECT key FROM inventory ORDER BY key",
            "unsupported: Sort",
        ),
        (
            "SELECT key FROM inventory WHERE size > (SELECT avg(size) FROM inventory)",
            "subqueries are unsupported",
        ),
        ("SELECT nothing FROM inventory", "nothing"),
    ] {
        let error = failure(&command(path, &["--sql", sql]).output().unwrap());
        assert!(error.contains(what), "{sql}: {error}");
    }
    assert!(!path.join("links").exists());
    let sql = "SELECT i.key, upper(storage_class) AS class, presign(i.key, i.bucket, $expires_in, $signed_at) AS url
               FROM inventory AS i WHERE size > 1000 AND last_modified_date < '2026-06-01'";
    assert!(
        command(path, &["--sql", sql])
            .output()
            .unwrap()
            .status
            .success()
    );
    let odd = inventory(100, 2, 50);
    let sql = "SELECT presign(key, bucket, $expires_in, $signed_at) AS url FROM inventory";
    let error = failure(&command(odd.path(), &["--sql", sql]).output().unwrap());
    assert!(
        error.contains("/../") && error.contains("try_presign returns null"),
        "{error}"
    );
}
