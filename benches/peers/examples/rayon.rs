//! One signing key shared by threads: URLs a second, for one thread and for more. Where other programs hold the cores,
//! the CPU time for a URL still tells whether the threads hinder each other: it stays the same if they do not.

use core::hint::black_box;
use core::time::Duration;
use std::error::Error;
use std::time::Instant;

use cpu_time::ProcessTime;
use presign::{Bucket, Credentials, Presigner};
use presign_peers::items::{ACCESS_KEY_ID, BUCKET, REGION, SECONDS, SECRET, keys};
use presign_peers::now;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

const ROUNDS: usize = 21;
const TIMES: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let bucket = Bucket::new(BUCKET, REGION)?;
    let today = Credentials::new(ACCESS_KEY_ID, SECRET)
        .signing_key(&bucket, now())?
        .into_owned();
    let keys = keys();
    let sign_all = || {
        (0..TIMES)
            .into_par_iter()
            .flat_map(|_| keys.par_iter())
            .for_each_init(
                || [0; 1024],
                |buffer, key| {
                    let presigner = Presigner::get(&today, &bucket, key)
                        .expires_in(Duration::from_secs(SECONDS));
                    black_box(presigner.sign_into(now(), buffer).expect("a URL"));
                },
            );
    };

    let cores = std::thread::available_parallelism()?.get();
    let mut threads: Vec<usize> = core::iter::successors(Some(1), |n| Some(n * 2))
        .take_while(|n| *n < cores)
        .collect();
    threads.push(cores);
    let pools: Vec<_> = threads
        .iter()
        .map(|n| ThreadPoolBuilder::new().num_threads(*n).build())
        .collect::<Result<_, _>>()?;
    // In turns: what else runs on the machine hits all of them.
    let mut rounds = vec![Vec::new(); pools.len()];
    for _ in 0..ROUNDS {
        for (pool, rounds) in pools.iter().zip(&mut rounds) {
            let (start, cpu) = (Instant::now(), ProcessTime::now());
            pool.install(sign_all);
            rounds.push([start.elapsed(), cpu.elapsed()].map(|time| time.as_secs_f64()));
        }
    }
    println!(
        "| threads | URLs a second | times one thread | CPU time, times one thread |\n|---:|---:|---:|---:|"
    );
    for (threads, these) in threads.iter().zip(&rounds) {
        let urls = (TIMES * keys.len()) as f64;
        let rate = median(these.iter().map(|[time, _]| urls / time).collect());
        let ratios = |which: usize| {
            these
                .iter()
                .zip(&rounds[0])
                .map(move |(these, one)| these[which] / one[which])
        };
        let [faster, cpu] = [
            median(ratios(0).map(f64::recip).collect()),
            median(ratios(1).collect()),
        ];
        println!("| {threads} | {rate:.0} | {faster:.2} | {cpu:.2} |");
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
