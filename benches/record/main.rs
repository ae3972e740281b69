//! How fast a pertemuan is recorded so that a power cut cannot take it back.
//!
//! Subject and reference run alternately in one run, because machines are noisy; what counts is the
//! median of the ratios of the pairs, with the least and the greatest beside it.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has no result")]
#![expect(clippy::print_stdout, reason = "the table is the result")]

mod http;
mod raw;
mod sqlite;
mod world;

use std::time::{Duration, Instant};

use world::{Place, WRITERS};

/// How many pairs are measured, after one to warm up.
const PAIRS: usize = 9;
/// How many records each writer makes in one measurement.
const EACH: usize = 100;
/// How many commits the database makes in one measurement; each waits for its own sync.
const COMMITS: usize = 400;

/// How many records, in which time, with how many syncs, for how much processor time.
#[derive(Debug, Clone, Copy)]
struct Pace {
    records: usize,
    time: Duration,
    syncs: u64,
    /// Of all threads, in hundredths of a second.
    processor: u64,
}

impl Pace {
    fn rate(self) -> f64 {
        self.records as f64 / self.time.as_secs_f64()
    }

    fn syncs_per_second(self) -> f64 {
        self.syncs as f64 / self.time.as_secs_f64()
    }

    fn records_per_sync(self) -> f64 {
        self.records as f64 / self.syncs.max(1) as f64
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench is about the time that passes")]
fn now() -> Instant {
    Instant::now()
}

/// The processor time of this process so far, in hundredths of a second.
fn processor() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}

/// Waits until what the program does behind a record (its index, sealing) is done, so that no
/// reference is measured beside it.
fn settle() {
    loop {
        let before = processor();
        std::thread::sleep(Duration::from_millis(400));
        if processor() - before <= 1 {
            return;
        }
    }
}

fn median(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[0], values[values.len() / 2], values[values.len() - 1])
}

/// Prints a row: the median pace of the subject and of the reference, and the ratios.
fn row(what: &str, pairs: &[(Pace, Pace)]) {
    let of = |pick: fn(&(Pace, Pace)) -> f64| median(pairs.iter().map(pick).collect());
    let (least, middle, most) = of(|(subject, reference)| subject.rate() / reference.rate());
    // One measurement is too short for the grain of that clock; all of them together are not.
    let each = |pick: fn(&(Pace, Pace)) -> Pace| {
        let all = pairs.iter().map(pick);
        let (ticks, records) = all
            .fold((0, 0), |(ticks, records), one| (ticks + one.processor, records + one.records));
        ticks as f64 * 10_000.0 / records as f64
    };
    println!(
        "| {what} | {:.0} | {:.0} | {:.0} | {:.1} | {:.0} | {:.0} | {:.0} | {:.1} | {middle:.2}x | {least:.2}x to {most:.2}x |",
        of(|(subject, _)| subject.rate()).1,
        of(|(subject, _)| subject.syncs_per_second()).1,
        of(|(subject, _)| subject.records_per_sync()).1,
        each(|(subject, _)| *subject),
        of(|(_, reference)| reference.rate()).1,
        of(|(_, reference)| reference.syncs_per_second()).1,
        of(|(_, reference)| reference.records_per_sync()).1,
        each(|(_, reference)| *reference),
    );
}

/// Only the program's own pace, round after round, for those who look at it with a profiler.
fn alone(runtime: &tokio::runtime::Runtime, rounds: usize) {
    let place = Place::new(true);
    let (mut ticks, mut records) = (0, 0);
    for _ in 0..rounds {
        let pace = place.record(runtime, EACH);
        println!(
            "{:.0}/s, {:.0} syncs/s, {:.0} records a sync",
            pace.rate(),
            pace.syncs_per_second(),
            pace.records_per_sync()
        );
        (ticks, records) = (ticks + pace.processor, records + pace.records);
        settle();
    }
    println!("{:.1} us a record", ticks as f64 * 10_000.0 / records as f64);
    place.close();
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut arguments = std::env::args().skip_while(|argument| argument != "alone");
    if arguments.next().is_some() {
        alone(&runtime, arguments.next().map_or(10, |rounds| rounds.parse().unwrap()));
        return;
    }
    let place = Place::new(true);
    let sample = place.sample(&runtime);
    let bytes: usize = sample.iter().map(Vec::len).sum::<usize>() / sample.len();
    println!("{WRITERS} writers, {EACH} records each, {bytes} bytes a line, {PAIRS} pairs");
    println!();
    println!(
        "| record a pertemuan | rate/s | syncs/s | records a sync | us a record | reference/s | its syncs/s | records a sync | us a record | ratio | least to greatest |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let (mut against_raw, mut against_sqlite) = (Vec::new(), Vec::new());
    let (mut ours, mut raws) = (0, 0);
    for pair in 0..=PAIRS {
        let start = processor();
        let subject = place.record(&runtime, EACH);
        settle();
        let between = processor();
        let raw = raw::append(&runtime, &sample, EACH);
        let end = processor();
        let again = place.record(&runtime, EACH);
        settle();
        let sqlite = sqlite::commit(COMMITS);
        if pair > 0 {
            (ours, raws) = (ours + between - start, raws + end - between);
            against_raw.push((subject, raw));
            against_sqlite.push((again, sqlite));
        }
    }
    row("in process, against a raw append loop with group commit", &against_raw);
    row("in process, against SQLite WAL, synchronous=FULL", &against_sqlite);
    let each = |ticks: u64| ticks * 10_000 / (PAIRS * EACH * WRITERS) as u64;
    place.close();
    let (durable, unsynced) = (Place::new(true), Place::new(false));
    let mut over_http = Vec::new();
    for pair in 0..=PAIRS {
        let subject = http::record(&runtime, &durable, EACH);
        settle();
        let reference = http::record(&runtime, &unsynced, EACH);
        settle();
        if pair > 0 {
            over_http.push((subject, reference));
        }
    }
    row("POST /api/v1/pertemuan, against the same without the sync", &over_http);
    println!();
    println!(
        "\"us a record\" is processor time while recording. With all that follows in the background: {} us; of the raw loop: {} us.",
        each(ours),
        each(raws)
    );
}
