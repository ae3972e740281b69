//! The state of a nation without its journal: folded from made-up events, put on a shelf and
//! written down as the program does, then read back by another process. What opening the journal
//! costs comes on top; what it holds does not matter to the rest.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
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
use p2k2::state::columns::Columns;
use p2k2::state::rollup::{RowKey, Totals};
use p2k2::transfer::read::pertemuan_id;

use super::{TODAY, load, memory, now, open, seconds};

const SHAPE: &str = "bench";
/// As the program does by itself.
const UNSHELVED_MAX: usize = 48 * 1024 * 1024;
/// As many events as an import puts into a line.
const LINE: usize = 64;
/// So many roll-ups are timed.
const ROUNDS: usize = 51;

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

/// A start: from the file to the first roll-up as JSON.
pub(super) fn load_back(dir: &Path) {
    let bare = memory();
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
    let rows = columns.rollup(Kode::NASIONAL, Level::Kabupaten).unwrap();
    let json = json(&rows);
    let answered = seconds(start);
    let after = memory();
    println!(
        "start: read {read:.2} s, loaded {decoded:.2} s, first roll-up {answered:.2} s, load {}",
        load()
    );
    println!("memory (resident, proportional) before {bare:?} MB, after {after:?} MB");
    let tomorrow = now();
    let mut next = columns.clone();
    next.follow(&state, TODAY.tomorrow().unwrap());
    println!("a new day in {:.3} s", seconds(tomorrow));
    let mut times = Vec::new();
    let mut same = 0;
    for _ in 0..ROUNDS {
        let start = now();
        let again = self::json(&columns.rollup(Kode::NASIONAL, Level::Kabupaten).unwrap());
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        same += usize::from(again == json);
    }
    assert_eq!(same, ROUNDS);
    times.sort_by(f64::total_cmp);
    let (least, middle, most) = (times[0], times[ROUNDS / 2], times[ROUNDS - 1]);
    println!(
        "roll-up of {} kelompok by {} kabupaten to {} bytes of JSON: {middle:.2} ms ({least:.2} to {most:.2}), load {}",
        state.groups().len(),
        rows.len(),
        json.len(),
        load()
    );
    fs::write(dir.join("rollup.json"), &json).unwrap();
    cells(&columns, dir);
    let counting = now();
    let from_facts =
        state.rollup(Kode::NASIONAL, p2k2::state::rollup::Per::Level(Level::Kabupaten), TODAY);
    println!("the same from the facts: {}, {:.2} s", from_facts == rows, seconds(counting));
    assert!(from_facts == rows);
    println!("memory after reading all facts {:?} MB", memory());
}

/// What a roll-up says, for programs.
fn json(rows: &[(RowKey, Totals)]) -> Vec<u8> {
    let rows: Vec<_> = rows
        .iter()
        .map(|(key, totals)| {
            let RowKey::Place(code) = key else { panic!("not a place") };
            let cells = totals.cells;
            serde_json::json!({
                "code": code.to_string(),
                "kelompok": totals.groups,
                "covered": cells.covered,
                "partial": cells.partial,
                "refresh": cells.refresh,
                "target": cells.target,
            })
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
