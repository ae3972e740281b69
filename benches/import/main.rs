//! The import of many pertemuan, from the file to the roll-up, against `DuckDB` reading the same file
//! and adding it up: `cargo bench --bench import -- ROWS PAIRS DIR`. The files are made in DIR, and
//! used again when they are there. Nothing here decides a test.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has no result")]
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::{Date, date};
use p2k2::app::{App, Options, seed};
use p2k2::clock::Clock;
use p2k2::demo::{self, Params};
use p2k2::kelompok::wilayah::{Kode, Level};
use p2k2::ops::Kind;
use p2k2::ops::transfer::{Switches, import};
use p2k2::state::rollup::Per;

/// The day that is today: the figures do not depend on when they are measured.
const TODAY: Date = date(2026, 11, 21);
const MONTHS: u32 = 60;
/// A kelompok meets so often in that time, at least.
const MEETINGS: usize = 46;
/// So many histories are looked at behind each import.
const HISTORIES: usize = 50;

#[expect(clippy::disallowed_methods, reason = "a bench is about the time that passes")]
fn now() -> Instant {
    Instant::now()
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("").to_owned()
}

/// The most memory of this process in MB since it was last asked.
fn peak() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    let _reset = fs::write("/proc/self/clear_refs", "5");
    kb.unwrap_or(0) / 1_024
}

/// Seconds of processor time of this process.
fn processor() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind = text.rsplit(") ").next().unwrap_or("");
    let fields: Vec<f64> = behind.split(' ').filter_map(|field| field.parse().ok()).collect();
    // The state, a letter, is no number, so all stand one place earlier.
    fields.get(10).unwrap_or(&0.0) / 100.0 + fields.get(11).unwrap_or(&0.0) / 100.0
}

fn open(data: &Path) -> Arc<App> {
    let noon = TODAY.at(5, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    let (app, _) = App::open(&Options::real(data, Clock::fixed(noon))).unwrap();
    seed::load_shipped(&app).unwrap();
    app
}

fn enter(app: &App, kind: Kind, file: &Path) {
    let bytes = fs::read(file).unwrap();
    let outcome = import(app, kind, ("data.csv", &bytes), &Switches::default());
    assert_eq!(outcome.exit, 0, "{outcome:?}");
}

/// Makes the files of so many pertemuan, and a data directory with everything but those.
fn prepare(dir: &Path, rows: usize) -> PathBuf {
    let file = dir.join(format!("pertemuan-{rows}.csv"));
    let base = dir.join(format!("base-{rows}"));
    if file.exists() && base.exists() {
        return file;
    }
    fs::create_dir_all(dir).unwrap();
    let kelompok = u32::try_from(rows / MEETINGS + 1).unwrap();
    let params = Params { seed: 1, today: TODAY, kelompok, months: MONTHS };
    let mut create = |name: &str| fs::File::create(dir.join(name)).map(BufWriter::new);
    demo::write_files(&params, &mut create, &mut |_| ()).unwrap();
    let made = BufReader::new(fs::File::open(dir.join("pertemuan.csv")).unwrap());
    let mut out = BufWriter::new(fs::File::create(&file).unwrap());
    let mut count = 0;
    for line in made.lines().take(rows + 1) {
        writeln!(out, "{}", line.unwrap()).unwrap();
        count += 1;
    }
    out.flush().unwrap();
    assert_eq!(count, rows + 1, "too few pertemuan were made");
    fs::remove_file(dir.join("pertemuan.csv")).unwrap();
    let _old = fs::remove_dir_all(&base);
    let app = open(&base);
    for (kind, name) in
        [(Kind::Wilayah, "wilayah"), (Kind::Pengguna, "pengguna"), (Kind::Kelompok, "kelompok")]
    {
        enter(&app, kind, &dir.join(format!("{name}.csv")));
    }
    app.close().unwrap();
    file
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Count, people present and last date of each kelompok.
type Sums = BTreeMap<String, (u64, u64, String)>;

/// Imports the file; the seconds it took, those of the processor, and what the state says then.
fn subject(dir: &Path, base: &Path, file: &Path, rows: usize) -> (f64, Sums) {
    let data = dir.join("run");
    let _old = fs::remove_dir_all(&data);
    copy(base, &data);
    let app = open(&data);
    let before = app.rollup(&app.state(), Kode::NASIONAL, Per::Level(Level::Kabupaten), TODAY);
    let _reset = peak();
    let (busy, start) = (processor(), now());
    enter(&app, Kind::Pertemuan, file);
    let imported = start.elapsed().as_secs_f64();
    let after = app.rollup(&app.state(), Kode::NASIONAL, Per::Level(Level::Kabupaten), TODAY);
    let took = start.elapsed().as_secs_f64();
    let (busy, peak) = (processor() - busy, peak());
    assert_ne!(before, after);
    let mut sums = Sums::new();
    let ids: Vec<_> = {
        let state = app.state();
        for group in state.groups() {
            let all: Vec<_> = group.fakta.iter().collect();
            let present = all.iter().map(|fakta| u64::from(fakta.attendance.present)).sum();
            if let Some(last) = all.last() {
                let told = (all.len() as u64, present, last.date.to_string());
                sums.insert(group.id.as_str().to_owned(), told);
            }
        }
        let step = (sums.len() / HISTORIES).max(1);
        let all = state.groups().iter().filter(|group| !group.fakta.is_empty());
        all.step_by(step).map(|group| (group.id.clone(), group.fakta.len())).collect()
    };
    let start = now();
    for (id, count) in &ids {
        let entries = app.history(id).unwrap();
        assert!(entries.len() > *count, "{id}: {} of {count}", entries.len());
    }
    let history = start.elapsed().as_secs_f64() * 1_000.0 / ids.len() as f64;
    println!(
        "p2k2: {took:.2} s ({imported:.2} to the end of the import), {:.0} rows/s, {busy:.2} s of the processor, {peak} MB at most, a history {history:.1} ms, load {}",
        rows as f64 / took,
        load()
    );
    app.close().unwrap();
    drop(app);
    fs::remove_dir_all(&data).unwrap();
    (took, sums)
}

/// `DuckDB` in a process of its own, so that it need not start each time.
struct Reference {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
    result: PathBuf,
}

impl Reference {
    fn start(file: &Path) -> Option<Self> {
        // Python is the one that stands first in the path.
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/import/duckdb_import.py");
        let result = file.with_extension("tsv");
        let mut child = Command::new("python3")
            .args([script.as_path(), file, result.as_path()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut lines = BufReader::new(child.stdout.take()?);
        let mut version = String::new();
        if lines.read_line(&mut version).ok()? == 0 {
            let _ended = child.wait();
            return None;
        }
        println!("DuckDB {}", version.trim());
        Some(Self { child, lines, result })
    }

    fn run(&mut self) -> (f64, Sums) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        let mut took = String::new();
        self.lines.read_line(&mut took).unwrap();
        let mut sums = Sums::new();
        for line in fs::read_to_string(&self.result).unwrap().lines() {
            let mut parts = line.split('\t');
            let mut part = || parts.next().unwrap();
            let id = part().to_owned();
            let told = (part().parse().unwrap(), part().parse().unwrap(), part()[..10].to_owned());
            sums.insert(id, told);
        }
        (took.trim().parse().unwrap(), sums)
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ended = self.child.wait();
        let _gone = fs::remove_file(&self.result);
    }
}

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let rows: usize = args.next().map_or(1_000_000, |text| text.parse().unwrap());
    let pairs: usize = args.next().map_or(7, |text| text.parse().unwrap());
    let dir = args.next().map_or_else(|| std::env::temp_dir().join("p2k2-import"), PathBuf::from);
    let file = prepare(&dir, rows);
    let base = dir.join(format!("base-{rows}"));
    let mut reference = Reference::start(&file);
    if reference.is_none() {
        println!("DuckDB is not there (python3 -m pip install duckdb); only our own figures");
    }
    let mut ratios = Vec::new();
    for _ in 0..pairs {
        let (ours, sums) = subject(&dir, &base, &file, rows);
        if let Some(reference) = &mut reference {
            let (theirs, expected) = reference.run();
            assert!(sums == expected, "the results differ");
            println!("DuckDB: {theirs:.2} s; {:.3}x", theirs / ours);
            ratios.push(theirs / ours);
        }
    }
    ratios.sort_by(f64::total_cmp);
    if let (Some(least), Some(most)) = (ratios.first(), ratios.last()) {
        println!(
            "import of {rows} pertemuan: {:.3}x of DuckDB ({least:.3}x to {most:.3}x), {} pairs",
            ratios[ratios.len() / 2],
            ratios.len()
        );
    }
}
