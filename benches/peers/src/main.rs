//! Measures the cost of a URL with each crate, all in one process and in turns. See `run`.

use core::fmt::Write as _;
use core::hint::black_box;
use std::collections::HashMap;
use std::error::Error;
use std::path::PathBuf;

use cpu_time::ThreadTime;
use lexopt::Arg::Long;
use lexopt::ValueExt as _;
use presign_peers::peers::{self, Peer};
use presign_peers::{Item, check, items, limit};

mod chart;
#[path = "../../shared/machine.rs"]
mod machine;

const HELP: &str = "\
usage: presign-peers [options]

Prints a table of what a URL costs, in Markdown.

  --rounds N           rounds of a millisecond for each row and item (default: 201)
  --allocations FILE   what the program `allocations` printed
  --crates FILE        package, version and crates in its tree, with tabs between
  --chart FILE         where to write an SVG chart
";

fn main() -> Result<(), Box<dyn Error>> {
    let (mut rounds, mut allocations, mut crates, mut chart) =
        (201, String::new(), String::new(), None);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("rounds") => rounds = arguments.value()?.parse::<usize>()?.max(1),
            Long("allocations") => allocations = read(arguments.value()?.into())?,
            Long("crates") => crates = read(arguments.value()?.into())?,
            Long("chart") => chart = Some(PathBuf::from(arguments.value()?)),
            Long("help") => {
                print!("{HELP}");
                return Ok(());
            }
            _ => return Err(argument.unexpected().into()),
        }
    }

    let mut runs = Runs::new();
    (0..rounds).for_each(|_| runs.round());

    let table = Table {
        runs: &runs,
        allocations: lines(&allocations, 2),
        crates: lines(&crates, 1),
    };
    println!("{}", table.markdown(rounds));
    if let Some(path) = chart {
        let bars: Vec<_> = (0..runs.peers.len())
            .filter_map(|peer| {
                Some((
                    table.name(peer),
                    peer < OURS,
                    runs.to_limit(peer, Item::W1)?,
                ))
            })
            .collect();
        std::fs::write(&path, chart::svg(&bars))
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

fn read(path: PathBuf) -> Result<String, String> {
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Lines of columns, indexed by their first columns.
fn lines(text: &str, keys: usize) -> HashMap<Vec<&str>, Vec<&str>> {
    let columns = text
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    columns
        .map(|columns| (columns[..keys].to_vec(), columns[keys..].to_vec()))
        .collect()
}

/// Our ways come first. The others are compared with the second, or with the third if everything is built from strings.
const OURS: usize = 6;
const KEPT: usize = 1;
const FROM_STRINGS: usize = 2;

/// A peer's ways to sign an item.
enum Cell {
    /// The number of URLs signed in a millisecond, and the seconds for one URL in each round.
    Timed {
        calls: usize,
        seconds: Vec<f64>,
    },
    Wrong(String),
    Missing(&'static str),
}

struct Runs {
    peers: Vec<Peer>,
    cells: Vec<[Cell; 5]>,
    /// Compressions, and their time in seconds.
    limits: [(usize, Vec<f64>); 5],
    keys: Vec<String>,
    next: usize,
}

const SLICE: f64 = 1e-3;

impl Runs {
    fn new() -> Self {
        let mut runs = Self {
            peers: peers::all(),
            cells: Vec::new(),
            limits: Item::ALL.map(|item| (limit::compressions(item), Vec::new())),
            keys: items::keys(),
            next: 0,
        };
        for peer in 0..runs.peers.len() {
            let cells = Item::ALL.map(|item| runs.cell(peer, item));
            runs.cells.push(cells);
        }
        runs
    }

    /// Checks the URL, then finds how many are signed in a millisecond.
    fn cell(&mut self, peer: usize, item: Item) -> Cell {
        let key = if item == Item::W4 {
            &self.keys[0]
        } else {
            items::KEY
        };
        let mut url = String::new();
        match (item, &mut self.peers[peer].each) {
            (Item::W4, Some(sign)) => sign(&self.keys[..1], &mut |signed| url = signed.to_string()),
            _ => match item.of(&mut self.peers[peer]) {
                Ok(sign) => sign(key, &mut |signed| url = signed.to_string()),
                Err(reason) => return Cell::Missing(reason),
            },
        }
        if let Err(reason) = check::check(item, key, &url) {
            return Cell::Wrong(reason);
        }
        let mut calls = 1;
        while self.time(peer, item, calls) < SLICE / 2.0 {
            calls *= 2;
        }
        let calls = (SLICE / self.time(peer, item, calls) * calls as f64).ceil() as usize;
        Cell::Timed {
            calls,
            seconds: Vec::new(),
        }
    }

    /// The CPU seconds of this thread for this many URLs.
    fn time(&mut self, peer: usize, item: Item, calls: usize) -> f64 {
        if let (Item::W4, Some(sign)) = (item, &mut self.peers[peer].each) {
            let start = ThreadTime::now();
            let mut rest = calls;
            while rest > 0 {
                let keys = &self.keys[..rest.min(self.keys.len())];
                sign(black_box(keys), &mut |url| _ = black_box(url));
                rest -= keys.len();
            }
            return start.elapsed().as_secs_f64();
        }
        let Ok(sign) = item.of(&mut self.peers[peer]) else {
            return 0.0;
        };
        let start = ThreadTime::now();
        for _ in 0..calls {
            let key = match item {
                Item::W4 => {
                    self.next = (self.next + 1) % self.keys.len();
                    &*self.keys[self.next]
                }
                _ => items::KEY,
            };
            sign(black_box(key), &mut |url| _ = black_box(url));
        }
        start.elapsed().as_secs_f64()
    }

    /// Measures a slice of each limit and of each peer, in turns.
    fn round(&mut self) {
        for (index, item) in Item::ALL.into_iter().enumerate() {
            let (compressions, seconds) = &mut self.limits[index];
            const CALLS: usize = 1500;
            let start = ThreadTime::now();
            (0..CALLS).for_each(|_| limit::run(black_box(*compressions)));
            seconds.push(start.elapsed().as_secs_f64() / CALLS as f64);
            for peer in 0..self.peers.len() {
                let Cell::Timed { calls, .. } = self.cells[peer][index] else {
                    continue;
                };
                let time = self.time(peer, item, calls) / calls as f64;
                if let Cell::Timed { seconds, .. } = &mut self.cells[peer][index] {
                    seconds.push(time);
                }
            }
        }
    }

    fn seconds(&self, peer: usize, item: Item) -> Option<&[f64]> {
        match &self.cells[peer][item as usize] {
            Cell::Timed { seconds, .. } => Some(seconds),
            _ => None,
        }
    }

    fn to_limit(&self, peer: usize, item: Item) -> Option<f64> {
        Some(ratio(
            self.seconds(peer, item)?,
            &self.limits[item as usize].1,
        ))
    }

    fn to_ours(&self, peer: usize, item: Item) -> Option<f64> {
        let ours = if item == Item::FromStrings {
            FROM_STRINGS
        } else {
            KEPT
        };
        Some(ratio(self.seconds(peer, item)?, self.seconds(ours, item)?))
    }
}

/// The median of the ratios, one from each round.
fn ratio(these: &[f64], those: &[f64]) -> f64 {
    median(
        these
            .iter()
            .zip(those)
            .map(|(this, that)| this / that)
            .collect(),
    )
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

struct Table<'t> {
    runs: &'t Runs,
    allocations: HashMap<Vec<&'t str>, Vec<&'t str>>,
    crates: HashMap<Vec<&'t str>, Vec<&'t str>>,
}

impl Table<'_> {
    fn name(&self, peer: usize) -> String {
        let Peer { package, way, .. } = &self.runs.peers[peer];
        match self
            .crates
            .get(&vec![*package])
            .and_then(|found| found.first())
        {
            Some(version) if way.is_empty() => format!("{package} {version}"),
            _ if way.is_empty() => (*package).to_owned(),
            _ => format!("{package} {way}"),
        }
    }

    fn markdown(&self, rounds: usize) -> String {
        let mut text = String::from(
            "| | W1 | W2 | W3 | W4 | from strings | W1, ns | allocations | bytes | crates |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        let mut notes = Notes::new();
        for (index, peer) in self.runs.peers.iter().enumerate() {
            text += &format!("| {}", self.name(index));
            for item in Item::ALL {
                text += " | ";
                text += &self.cell(index, item, &mut notes);
            }
            let nanoseconds = self.runs.seconds(index, Item::W1);
            text += " | ";
            text += &nanoseconds.map_or_else(String::new, |seconds| {
                format!("{:.0}", 1e9 * median(seconds.to_vec()))
            });
            let allocations = self.allocations.get(&vec![peer.package, peer.way]);
            let [count, bytes] = allocations.map_or(["", ""], |found| [found[0], found[1]]);
            let crates = self
                .crates
                .get(&vec![peer.package])
                .map_or("", |found| found[1]);
            let _ = writeln!(text, " | {count} | {bytes} | {crates} |");
        }
        text += "| limit";
        for (compressions, _) in &self.runs.limits {
            let _ = write!(text, " | {compressions} compressions");
        }
        let nanoseconds = median(self.runs.limits[0].1.clone()) * 1e9;
        let _ = writeln!(text, " | {nanoseconds:.0} | | | |\n");
        for (name, items, reason) in notes.0 {
            let items = items
                .iter()
                .map(|item| item.name())
                .collect::<Vec<_>>()
                .join(", ");
            let _ = writeln!(text, "- {name} ({items}): {reason}.");
        }
        let _ = write!(
            text,
            "\n{}; medians of {rounds} rounds.",
            machine::describe()
        );
        text
    }

    fn cell(&self, peer: usize, item: Item, notes: &mut Notes) -> String {
        match &self.runs.cells[peer][item as usize] {
            Cell::Timed { .. } => {
                let [ours, limit] = [
                    self.runs.to_ours(peer, item),
                    self.runs.to_limit(peer, item),
                ];
                format!("{} ({})", digits(ours), digits(limit))
            }
            Cell::Wrong(reason) => {
                notes.add(self.name(peer), item, format!("the URL is wrong: {reason}"));
                "WRONG".to_owned()
            }
            Cell::Missing(reason) => {
                notes.add(self.name(peer), item, (*reason).to_owned());
                "n/a".to_owned()
            }
        }
    }
}

/// For each name, the items without a time, and the reason.
struct Notes(Vec<(String, Vec<Item>, String)>);

impl Notes {
    const fn new() -> Self {
        Self(Vec::new())
    }

    fn add(&mut self, name: String, item: Item, reason: String) {
        match self.0.last_mut() {
            Some((last, items, same)) if *last == name && *same == reason => items.push(item),
            _ => self.0.push((name, vec![item], reason)),
        }
    }
}

/// Three digits.
fn digits(ratio: Option<f64>) -> String {
    match ratio {
        None => String::new(),
        Some(ratio) if ratio < 9.995 => format!("{ratio:.2}"),
        Some(ratio) if ratio < 99.95 => format!("{ratio:.1}"),
        Some(ratio) => format!("{ratio:.0}"),
    }
}
