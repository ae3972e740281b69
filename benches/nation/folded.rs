//! The state of a nation without its journal: folded from made-up events, put on a shelf and
//! written down as the program does, then read back by another process. What opening the journal
//! costs comes on top; what it holds does not matter to the rest.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use jiff::{Timestamp, ToSpan};
use p2k2::command::RecordInput;
use p2k2::demo::{Generator, Params};
use p2k2::event::{Event, LineInfo, Receipt, Setting};
use p2k2::ids::{AccountId, Digest};
use p2k2::journal::disk::RealDisk;
use p2k2::journal::{About, Hash128, Head, ShelfFile, Snapshots};
use p2k2::kelompok::fakta::{Shelf, ShelfHandle};
use p2k2::kelompok::pertemuan::{Attendance, Pertemuan, Source, Taught};
use p2k2::kelompok::rules::TargetSet;
use p2k2::kelompok::wilayah::{Kode, Level};
use p2k2::state::State;
use p2k2::state::columns::{COLUMN_BYTES, Columns, History};
use p2k2::state::rollup::{Per, RowKey, SesiCount, Totals};
use p2k2::transfer::read::pertemuan_id;
use serde::Serialize;

use super::{TODAY, load, memory, now, open, seconds};

const SHAPE: &str = "bench";
/// As the program does by itself.
const UNSHELVED_MAX: usize = 48 * 1024 * 1024;
/// As many events as an import puts into a line.
const LINE: usize = 64;
/// So often each of those that are compared has its turn.
const PAIRS: usize = 31;
const PER: Per = Per::Level(Level::Kabupaten);

struct OnDisk(ShelfFile);

impl Shelf for OnDisk {
    fn read(&self, offset: u64, out: &mut [u8]) -> bool {
        self.0.read(offset, out).is_ok()
    }
}

fn snapshots(dir: &Path) -> Snapshots {
    Snapshots::new(Arc::new(RealDisk), dir)
}

fn shelve(state: &mut State, dir: &Path) -> Hash128 {
    let all = snapshots(dir);
    let mut writer = all.begin_shelf().unwrap();
    let mut shelving = state.begin_shelving();
    while shelving.has_more() {
        let copied = state.copy_facts(&shelving, 512);
        shelving.put(copied, &mut |piece| writer.put(piece)).unwrap();
    }
    state.copy_ids(&mut shelving);
    shelving.put_ids(&mut |piece| writer.put(piece)).unwrap();
    let file = writer.finish().unwrap();
    let (sum, handle) = (file.sum(), ShelfHandle::new(Box::new(OnDisk(file))));
    state.let_go(&shelving, &handle, 0..shelving.len());
    state.let_ids_go(shelving, &handle);
    sum
}

fn recorded(input: RecordInput, members: u16) -> Pertemuan {
    let RecordInput { kelompok, date, kind, sesi, present, sick, absent, .. } = input;
    let taught = |one: p2k2::command::TaughtInput| Taught {
        sesi: one.sesi,
        extent: one.extent,
        langkah: one.langkah,
        source: Source::Assumed(1),
    };
    Pertemuan {
        kelompok,
        date,
        kind,
        sesi: sesi.into_iter().map(taught).collect(),
        attendance: Attendance { present, sick, absent, members },
        absent_seats: Vec::new(),
        start: None,
        end: None,
        place: None,
        discussion: None,
        speakers: Vec::new(),
        topics: Vec::new(),
        obstacles: None,
        follow_up: None,
        note: None,
    }
}

/// Folds it and writes it down below `dir`.
#[expect(clippy::too_many_lines, reason = "one bench, from the data to its figures")]
pub(super) fn make(dir: &Path, (kelompok, months): (u32, u32)) {
    let base = tempfile::tempdir().unwrap();
    let app = open(base.path(), false);
    let mut state = app.state().clone();
    app.close().unwrap();
    drop(app);
    let generator = Generator::new(&Params { seed: 1, today: TODAY, kelompok, months });
    let line = |state: &mut State, events: Vec<Event>| {
        let info = LineInfo {
            seq: state.seq + 1,
            at: Timestamp::from_second(1_790_000_000).unwrap(),
            by: Some(AccountId(1)),
            command: uuid::Uuid::nil(),
            digest: Digest([0; 16]),
        };
        state.apply_line(&info, &events);
    };
    let sesi = state.skema.iter().flat_map(|skema| &skema.modul).flat_map(|modul| &modul.sesi);
    let mut sesi: Vec<_> = sesi.map(|one| one.id.clone()).collect();
    sesi.sort();
    sesi.dedup();
    println!("{} sesi are the target", sesi.len());
    let from = jiff::civil::date(2000, 1, 1);
    let target = TargetSet { area: Kode::NASIONAL, from, sesi };
    let setting = Box::new(Setting::Target(target));
    line(&mut state, vec![Event::SettingChanged { from, setting }]);
    let (start, mut count, mut shelf) = (now(), 0_u64, None);
    let mut waiting = Vec::new();
    for story in generator.stories() {
        let row = story.kelompok.clone();
        line(
            &mut state,
            vec![
                Event::KelompokCreated {
                    id: row.id.clone(),
                    name: row.name,
                    desa: row.desa,
                    members: row.members,
                    start: row.start,
                },
                Event::PendampingAssigned {
                    kelompok: row.id,
                    from: row.start,
                    account: Some(AccountId(1 + story.number / 20)),
                },
            ],
        );
        for report in generator.reports(&story) {
            count += 1;
            let members = story.members(report.input.date);
            waiting.push(Event::PertemuanRecorded {
                id: pertemuan_id(&report.id),
                digest: Digest::of_bytes(report.id.as_bytes()),
                receipt: Receipt::At(report.received),
                record: recorded(report.input, members),
            });
            if waiting.len() == LINE {
                line(&mut state, std::mem::take(&mut waiting));
            }
        }
        if state.unshelved_bytes() > UNSHELVED_MAX {
            let writing = now();
            shelf = Some(shelve(&mut state, dir));
            let (rss, _) = memory();
            println!(
                "{count} pertemuan after {:.0} s, a shelf in {:.1} s, {rss} MB, load {}",
                seconds(start),
                seconds(writing),
                load()
            );
            // Only what a snapshot names stays; the bench names none until the end.
            for old in fs::read_dir(dir.join("snapshot")).unwrap().flatten() {
                let name = old.file_name().to_string_lossy().into_owned();
                if !name.starts_with(&shelf.unwrap().to_string()) {
                    fs::remove_file(old.path()).unwrap();
                }
            }
        }
    }
    line(&mut state, waiting);
    let writing = now();
    shelf = Some(shelve(&mut state, dir)).or(shelf);
    println!("the last shelf in {:.1} s", seconds(writing));
    let counting = now();
    let mut columns = Columns::default();
    columns.follow(&state, TODAY);
    println!("all columns from the facts in {:.2} s", seconds(counting));
    let writing = now();
    let mut bytes = Vec::new();
    ciborium::into_writer(&state, &mut bytes).unwrap();
    ciborium::into_writer(&columns, &mut bytes).unwrap();
    let encoded = seconds(writing);
    let head = Head { seq: state.seq, hash: Hash128::ZERO };
    snapshots(dir).put(About { shape: SHAPE, head, shelf }, &bytes).unwrap();
    println!(
        "{count} pertemuan of {kelompok} kelompok; snapshot {} MB, encoded in {encoded:.2} s",
        bytes.len() / 1_000_000
    );
    for file in fs::read_dir(dir.join("snapshot")).unwrap().flatten() {
        println!("{} {} MB", file.path().display(), file.metadata().unwrap().len() / 1_000_000);
    }
}

/// A start, read back.
struct Begun {
    state: State,
    columns: Columns,
    start: Instant,
    read: f64,
    decoded: f64,
}

fn begin(dir: &Path) -> Begun {
    let start = now();
    let all = snapshots(dir);
    let seq = all.numbers().unwrap()[0];
    let loaded = all.load(seq, SHAPE).unwrap();
    let read = seconds(start);
    let mut rest = loaded.bytes.as_slice();
    let mut state: State = ciborium::from_reader(&mut rest).unwrap();
    let mut columns: Columns = ciborium::from_reader(&mut rest).unwrap();
    drop(loaded.bytes);
    let shelf = all.open_shelf(loaded.shelf.unwrap()).unwrap();
    let handle = ShelfHandle::new(Box::new(OnDisk(shelf)));
    state.attach(Some(&handle));
    columns.settle(&state);
    let decoded = seconds(start);
    columns.follow(&state, TODAY);
    Begun { state, columns, start, read, decoded }
}

/// A start: from the file to the first roll-up as JSON; then what another day costs.
pub(super) fn load_back(dir: &Path) {
    let bare = memory();
    let Begun { state, columns, start, read, decoded } = begin(dir);
    let rows = columns.rollup(Kode::NASIONAL, Level::Kabupaten).unwrap();
    let text = json(&rows);
    let answered = seconds(start);
    println!(
        "start: read {read:.2} s, loaded {decoded:.2} s, first roll-up {answered:.2} s, load {}",
        load()
    );
    println!("memory (resident, proportional) before {bare:?} MB, after {:?} MB", memory());
    let tomorrow = now();
    let mut next = columns.clone();
    next.follow(&state, TODAY.tomorrow().unwrap());
    println!("a new day in {:.3} s", seconds(tomorrow));
    drop(next);
    fs::write(dir.join("rollup.json"), &text).unwrap();
    cells(&columns, dir);
    past(&state, &columns);
    let counting = now();
    let from_facts = state.rollup(Kode::NASIONAL, PER, TODAY);
    println!("today from the facts: {}, {:.2} s", from_facts == rows, seconds(counting));
    assert!(from_facts == rows);
    println!("memory after reading all facts {:?} MB", memory());
}

/// What a past day costs.
fn past(state: &State, columns: &Columns) {
    let before = memory().0;
    let taking = now();
    let history = History::of(state);
    println!(
        "the history in {:.2} s, {} MB, resident {before} and then {} MB",
        seconds(taking),
        history.heap_bytes() / 1_000_000,
        memory().0
    );
    for on in [TODAY.yesterday().unwrap(), TODAY.saturating_sub(400.days())] {
        let making = now();
        let past = columns.past(state, &history, on);
        let made = seconds(making);
        let rows = past.rollup(Kode::NASIONAL, Level::Kabupaten).unwrap();
        let counting = now();
        let from_facts = state.rollup(Kode::NASIONAL, PER, on);
        println!(
            "{on}: columns in {made:.2} s, from the facts {:.2} s, the same: {}",
            seconds(counting),
            from_facts == rows
        );
        assert!(from_facts == rows);
    }
}

/// One of those that take turns.
#[derive(Default)]
struct Times(Vec<f64>);

impl Times {
    fn of<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = now();
        let done = black_box(work());
        self.0.push(start.elapsed().as_secs_f64() * 1_000.0);
        done
    }

    fn middle(all: impl Iterator<Item = f64>) -> (f64, f64, f64) {
        let mut all: Vec<f64> = all.collect();
        all.sort_by(f64::total_cmp);
        (all[all.len() / 2], all[0], all[all.len() - 1])
    }

    fn show(&self, name: &str) {
        let (middle, least, most) = Self::middle(self.0.iter().copied());
        println!("{name}: {middle:.3} ms ({least:.3} to {most:.3})");
    }

    fn against(&self, other: &Self, name: &str) {
        let ratios = self.0.iter().zip(&other.0).map(|(a, b)| a / b);
        let (middle, least, most) = Self::middle(ratios);
        println!("{name}: {middle:.1}x ({least:.1}x to {most:.1}x), {} pairs", self.0.len());
    }
}

/// The roll-up of today, the sum of as much memory and `DuckDB` by turns.
pub(super) fn compare(dir: &Path, python: &str) {
    let Begun { state, columns, .. } = begin(dir);
    let text = json(&columns.rollup(Kode::NASIONAL, Level::Kabupaten).unwrap());
    // The script holds its rows against this file, so both say the same.
    assert_eq!(text, fs::read(dir.join("rollup.json")).unwrap());
    let kelompok = state.groups().len();
    let memory: Vec<[u64; 2]> = (0..kelompok as u64).map(|at| [at, !at]).collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/nation/duckdb_rollup.py");
    let mut duck = Command::new(python)
        .arg(script)
        .arg(dir)
        .arg("turns")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut ask, mut told) =
        (duck.stdin.take().unwrap(), BufReader::new(duck.stdout.take().unwrap()));
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    print!("{line}");
    let [mut scan, mut whole, mut sum, mut database] = [(); 4].map(|()| Times::default());
    for _ in 0..PAIRS {
        scan.of(|| columns.rollup(Kode::NASIONAL, Level::Kabupaten));
        sum.of(|| {
            black_box(&memory)
                .iter()
                .fold([0_u64; 2], |[a, b], [c, d]| [a.wrapping_add(*c), b.wrapping_add(*d)])
        });
        let again = whole.of(|| json(&columns.rollup(Kode::NASIONAL, Level::Kabupaten).unwrap()));
        assert!(again == text);
        ask.write_all(b"\n").unwrap();
        line.clear();
        told.read_line(&mut line).unwrap();
        database.0.push(line.trim().parse().unwrap());
    }
    drop(ask);
    assert!(duck.wait().unwrap().success());
    println!("{kelompok} kelompok, {COLUMN_BYTES} bytes scanned each, load {}", load());
    scan.show("roll-up by kabupaten");
    whole.show("the same to JSON bytes");
    sum.show("summing as much memory");
    database.show("DuckDB");
    scan.against(&sum, "roll-up against the sum");
    database.against(&whole, "DuckDB against the roll-up to JSON bytes");
}

#[derive(Serialize)]
struct Row {
    code: String,
    kelompok: u32,
    covered: u32,
    partial: u32,
    refresh: u32,
    target: u32,
}

/// What a roll-up says, for programs.
fn json(rows: &[(RowKey, Totals)]) -> Vec<u8> {
    let rows: Vec<Row> = rows
        .iter()
        .map(|(key, totals)| {
            let RowKey::Place(code) = key else { panic!("not a place") };
            let SesiCount { covered, partial, refresh, target } = totals.cells;
            Row {
                code: code.to_string(),
                kelompok: totals.groups,
                covered,
                partial,
                refresh,
                target,
            }
        })
        .collect();
    serde_json::to_vec(&rows).unwrap()
}

/// One row a kelompok with its 29 cells, for another database.
fn cells(columns: &Columns, dir: &Path) {
    let mut file = BufWriter::new(File::create(dir.join("cells.csv")).unwrap());
    for brief in columns.briefs(Kode::NASIONAL).filter(|brief| brief.active) {
        write!(file, "{}", brief.home.at(Level::Kabupaten).unwrap_or(brief.home)).unwrap();
        for sesi in brief.target {
            write!(file, ",{}", brief.status(*sesi) as u8).unwrap();
        }
        writeln!(file).unwrap();
    }
    file.flush().unwrap();
}
