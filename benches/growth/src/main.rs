//! Measures how the cost of a URL grows with the size of its input, including hostile input. See `run`.

#![allow(clippy::expect_used)] // a benchmark stops at the first failure

use std::error::Error;
use std::path::PathBuf;

use cpu_time::ThreadTime;
use lexopt::Arg::Long;
use lexopt::ValueExt as _;

mod chart;
#[path = "../../shared/items.rs"]
#[allow(dead_code)] // only part of it is measured here
mod items;
#[path = "../../shared/machine.rs"]
mod machine;
mod shapes;

use shapes::{Panel, Work};

const HELP: &str = "\
usage: benches/growth/run [--write] [--rounds N]

Measures how the cost of a URL grows with the length of key and token and the number of parameters and headers, in
ordinary and in hostile shapes. Prints the cost for the largest size, and the exponent with which it grows: the slope
over the upper half of the sizes, on a log-log scale. 1 is linear, 2 would be quadratic.

  --write      draws docs/growth.svg
  --rounds N   rounds over all sizes (default: 51)
";

fn main() -> Result<(), Box<dyn Error>> {
    let (mut rounds, mut write) = (51, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("rounds") => rounds = arguments.value()?.parse::<usize>()?.max(1),
            Long("write") => write = true,
            Long("help") => {
                print!("{HELP}");
                return Ok(());
            }
            _ => return Err(argument.unexpected().into()),
        }
    }

    let panels: Vec<_> = shapes::panels()
        .into_iter()
        .map(|panel| measure(panel, rounds))
        .collect();
    println!("| growing | shape | size | us | exponent |\n|---|---|---:|---:|---:|");
    for Measured { title, lines } in &panels {
        for line in lines {
            let (size, seconds) = *line.points.last().expect("a size");
            let (shape, exponent) = (line.shape, line.exponent);
            println!(
                "| {title} | {shape} | {size} | {:.1} | {exponent:.2} |",
                seconds * 1e6
            );
        }
    }
    println!("\n{}; medians of {rounds} rounds.", machine::describe());
    if write {
        let path = PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../docs/growth.svg"
        ));
        std::fs::write(&path, chart::svg(&panels))
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

struct Measured {
    title: &'static str,
    lines: Vec<Line>,
}

struct Line {
    shape: &'static str,
    /// Sizes, with the seconds for one URL.
    points: Vec<(usize, f64)>,
    exponent: f64,
}

/// Measures all sizes of all shapes in turns, and returns the median of each.
fn measure(panel: Panel, rounds: usize) -> Measured {
    let mut buffer = vec![0; 1 << 20];
    let mut works: Vec<Vec<_>> = panel
        .shapes
        .iter()
        .map(|shape| {
            let works = panel.sizes.iter().map(|size| (shape.make)(*size));
            works
                .map(|work| (calls(&work, &mut buffer), work, Vec::new()))
                .collect()
        })
        .collect();
    for _ in 0..rounds {
        for (calls, work, seconds) in works.iter_mut().flatten() {
            seconds.push(time(work, *calls, &mut buffer) / *calls as f64);
        }
    }
    let lines = panel.shapes.iter().zip(works).map(|(shape, works)| {
        let medians = works.into_iter().map(|(_, _, seconds)| median(seconds));
        let points: Vec<_> = panel.sizes.iter().copied().zip(medians).collect();
        Line {
            shape: shape.name,
            exponent: slope(&points[points.len() / 2..]),
            points,
        }
    });
    Measured {
        title: panel.title,
        lines: lines.collect(),
    }
}

fn time(work: &Work, calls: usize, buffer: &mut [u8]) -> f64 {
    let start = ThreadTime::now();
    (0..calls).for_each(|_| work(buffer));
    start.elapsed().as_secs_f64()
}

/// The number of URLs signed in a fifth of a millisecond.
fn calls(work: &Work, buffer: &mut [u8]) -> usize {
    let mut calls = 1;
    while time(work, calls, buffer) < 2e-4 {
        calls *= 2;
    }
    calls
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The slope of the least-squares line through the logarithms.
fn slope(points: &[(usize, f64)]) -> f64 {
    let points: Vec<_> = points
        .iter()
        .map(|(size, seconds)| ((*size as f64).ln(), seconds.ln()))
        .collect();
    let count = points.len() as f64;
    let (x, y) = points
        .iter()
        .fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    let (x, y) = (x / count, y / count);
    let covariance: f64 = points
        .iter()
        .map(|point| (point.0 - x) * (point.1 - y))
        .sum();
    covariance
        / points
            .iter()
            .map(|point| (point.0 - x).powi(2))
            .sum::<f64>()
}
