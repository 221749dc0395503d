//! One signing key shared by threads: URLs a second, for one thread and for more.

use core::hint::black_box;
use core::time::Duration;
use std::error::Error;
use std::time::Instant;

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
    let mut rates = vec![Vec::new(); pools.len()];
    for _ in 0..ROUNDS {
        for (pool, rates) in pools.iter().zip(&mut rates) {
            let start = Instant::now();
            pool.install(sign_all);
            rates.push((TIMES * keys.len()) as f64 / start.elapsed().as_secs_f64());
        }
    }
    println!("| threads | URLs a second | times one thread |\n|---:|---:|---:|");
    for (threads, these) in threads.iter().zip(&rates) {
        let ratios = these
            .iter()
            .zip(&rates[0])
            .map(|(these, one)| these / one)
            .collect();
        println!(
            "| {threads} | {:.0} | {:.2} |",
            median(these.clone()),
            median(ratios)
        );
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
