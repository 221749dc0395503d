//! URLs per second with one signing key and with shared credentials, in one thread and in several. Even if other
//! programs occupy the cores, the CPU time per URL shows whether the threads hinder each other: if they do not, it
//! stays the same.

use core::hint::black_box;
use core::time::Duration;
use std::error::Error;
use std::time::Instant;

use cpu_time::ProcessTime;
use presign::{Bucket, Credentials, Identity, Presigner, SharedCredentials};
use presign_peers::items::{ACCESS_KEY_ID, BUCKET, REGION, SECONDS, SECRET, keys};
use presign_peers::now;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

const ROUNDS: usize = 21;
const TIMES: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let bucket = Bucket::new(BUCKET, REGION)?;
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET);
    let today = credentials.signing_key(&bucket, now())?;
    let shared = SharedCredentials::new(credentials.clone());
    let signers: [(&str, Identity<'_>); 2] = [
        ("SigningKey", (&today).into()),
        ("SharedCredentials", (&shared).into()),
    ];
    let keys = keys();
    let sign_all = |signer: Identity<'_>| {
        (0..TIMES)
            .into_par_iter()
            .flat_map(|_| keys.par_iter())
            .for_each_init(
                || [0; 1024],
                |buffer, key| {
                    let presigner = Presigner::get(signer, &bucket, key)
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
    // Measured in turns, so that other load on the machine affects all of them.
    let cases: Vec<_> = signers
        .iter()
        .flat_map(|signer| pools.iter().map(move |pool| (signer, pool)))
        .collect();
    let mut rounds = vec![Vec::new(); cases.len()];
    for _ in 0..ROUNDS {
        for ((signer, pool), rounds) in cases.iter().zip(&mut rounds) {
            let (start, cpu) = (Instant::now(), ProcessTime::now());
            pool.install(|| sign_all(signer.1));
            rounds.push([start.elapsed(), cpu.elapsed()].map(|time| time.as_secs_f64()));
        }
    }
    println!(
        "| | threads | URLs a second | times one thread | CPU time, times one thread | CPU time, times the key's |\n\
         |---|---:|---:|---:|---:|---:|"
    );
    for (at, (((signer, _), _), these)) in cases.iter().zip(&rounds).enumerate() {
        let threads = threads[at % pools.len()];
        let urls = (TIMES * keys.len()) as f64;
        let rate = median(these.iter().map(|[time, _]| urls / time).collect());
        let ratios = |which: usize, to: usize| {
            let pairs = these.iter().zip(&rounds[to]);
            pairs.map(move |(these, one)| these[which] / one[which])
        };
        let one_thread = at - at % pools.len();
        let faster = median(ratios(0, one_thread).map(f64::recip).collect());
        let cpu = median(ratios(1, one_thread).collect());
        let to_key = median(ratios(1, at % pools.len()).collect());
        println!("| {signer} | {threads} | {rate:.0} | {faster:.2} | {cpu:.2} | {to_key:.3} |");
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
