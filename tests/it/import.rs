//! Files of pertemuan of any length: what counts, what is named, what stays.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use p2k2::app::import::{Imported, Manner};
use p2k2::app::{App, Options};
use p2k2::clock::Clock;
use p2k2::command::{Actor, Command};
use p2k2::decide::import::{Import, Rows};
use p2k2::event::Event;
use p2k2::journal::Journal;
use p2k2::journal::fault::FaultDisk;
use p2k2::kelompok::wilayah::Zone;
use p2k2::state::State;
use p2k2::transfer::{Limits, Lookup, read};

use crate::support::{district_commands, start};

const DIR: &str = "/srv/data";
const HEADING: &str =
    "id,kelompok,tanggal,sesi,keterangan_sesi,hadir,sakit,alfa,jenis,catatan,anggota";
const NOTHING: Manner = Manner { dry_run: false, skip_bad: false };
const SKIP: Manner = Manner { dry_run: false, skip_bad: true };

/// So many rows are many pieces.
const MANY: usize = 9_000;
/// So many kelompok take them in turn.
const KELOMPOK: usize = 40;

fn opened(disk: &FaultDisk) -> Arc<App> {
    let clock = Clock::fixed(start());
    let options = Options {
        disk: Arc::new(disk.clone()),
        index: None,
        snapshots: false,
        ..Options::real(Path::new(DIR), clock)
    };
    App::open(&options).unwrap().0
}

fn district() -> (FaultDisk, Arc<App>) {
    let disk = FaultDisk::new();
    let app = opened(&disk);
    fill(&app);
    (disk, app)
}

fn fill(app: &App) {
    for request in district_commands() {
        app.submit_blocking(request).unwrap();
    }
    for n in 2..KELOMPOK {
        let command = Command::CreateGroup {
            id: format!("K-{n}").parse().unwrap(),
            name: format!("Mawar {n}"),
            desa: vec!["16.02.05.1001".parse().unwrap()],
            members: 25,
            start: "2025-01-01".parse().unwrap(),
            pendamping: None,
        };
        app.submit_blocking(app.request(Actor::System, command).unwrap()).unwrap();
    }
}

/// A row; many of them have a note over two lines, some more members than are known.
fn row(n: usize) -> String {
    let kelompok = match n % KELOMPOK {
        0 => "MGT-1".to_owned(),
        1 => "oki-1".to_owned(),
        other => format!("K-{other}"),
    };
    let date = jiff::civil::date(2025, 1, 1).checked_add(jiff::Span::new().days(n as i64 % 600));
    let date = date.unwrap();
    let note = if n.is_multiple_of(5) {
        format!("\"Baris satu, \"\"{n}\"\"\nbaris dua\"")
    } else {
        String::new()
    };
    let (present, members) = if n.is_multiple_of(97) { (26, "26") } else { (25, "") };
    let sesi = ["sesi-a", "sesi-b", "sesi-c"][n % 3];
    format!("r{n},{kelompok},{date},{sesi},tuntas,{present},0,0,lengkap,{note},{members}\n")
}

fn file(rows: impl Iterator<Item = usize>) -> String {
    let mut text = format!("{HEADING}\n");
    rows.for_each(|n| text.push_str(&row(n)));
    text
}

fn enter(app: &App, text: &str, manner: Manner) -> Imported {
    app.import_pertemuan(&text.as_bytes(), Limits::local(), manner).unwrap().unwrap()
}

/// The state without what names the command and its lines.
fn facts(state: &State) -> Vec<(String, Vec<String>)> {
    let of = |group: &p2k2::kelompok::group::Kelompok| {
        let all = group.fakta.iter().map(|mut fakta| {
            (fakta.first_seq, fakta.version) = (0, 0);
            format!("{fakta:?}")
        });
        let mut all: Vec<String> = all.collect();
        all.sort();
        (group.id.to_string(), all)
    };
    state.groups().iter().map(of).collect()
}

#[test]
fn a_long_file_counts_as_one_command_of_its_rows_does() {
    let text = file(0..MANY);
    let (disk, app) = district();
    let imported = enter(&app, &text, NOTHING);
    assert_eq!((imported.new, imported.same, imported.bad), (MANY as u64, 0, 0));
    assert!(imported.entered);

    let (_, other) = district();
    let rows = {
        let state = other.state();
        let zone = |id: &str| state.group(id).map_or(Zone::Wib, |g| g.home(g.start).zone());
        let lookup = Lookup { skema: &state.skema, zone: &zone, now: start() };
        read::pertemuan(text.as_bytes(), Limits::local(), lookup).unwrap().rows
    };
    assert!(matches!(&rows, Rows::Pertemuan(rows) if rows.len() == MANY));
    let command = Command::Import(Box::new(Import { rows, skip_bad: false }));
    other.submit_blocking(other.request(Actor::System, command).unwrap()).unwrap();
    assert_eq!(facts(&app.state()), facts(&other.state()));
    let checks = |app: &App| {
        app.state().checks.iter().map(|c| (c.kelompok, c.date, c.counted)).collect::<Vec<_>>()
    };
    assert_eq!(checks(&app), checks(&other));
    assert!(!checks(&app).is_empty());

    // Folded line by line at a start, the journal says the same.
    let before = app.state().clone();
    app.close().unwrap();
    drop(app);
    let app = opened(&disk);
    assert!(
        *app.state() == before,
        "the fold of the lines differs from what was folded in at once"
    );

    // Once more changes nothing, not even the journal.
    let head = app.head();
    let again = enter(&app, &text, NOTHING);
    assert_eq!((again.new, again.same, again.bad), (0, MANY as u64, 0));
    assert_eq!(app.head(), head);
    let more = enter(&app, &file(MANY - 5..MANY + 5), NOTHING);
    assert_eq!((more.new, more.same), (5, 5));
}

#[test]
fn one_that_memory_cannot_hold_is_folded_in_part_by_part() {
    let text = file(0..MANY);
    let (disk, app) = district();
    app.close().unwrap();
    drop(app);
    let options = Options {
        disk: Arc::new(disk.clone()),
        index: None,
        unshelved_max: 40_000,
        ..Options::real(Path::new(DIR), Clock::fixed(start()))
    };
    let (app, _) = App::open(&options).unwrap();
    assert!(enter(&app, &text, NOTHING).entered);
    assert!(app.state().is_shelved(), "facts went to the shelf on the way");
    let (_, other) = district();
    enter(&other, &text, NOTHING);
    assert_eq!(facts(&app.state()), facts(&other.state()));
    assert_eq!(enter(&app, &text, NOTHING).same, MANY as u64);
    let before = app.state().clone();
    app.close().unwrap();
    drop(app);
    assert!(!disk.paths().iter().any(|path| path.to_string_lossy().ends_with(".baru")));
    let (app, _) = App::open(&options).unwrap();
    assert!(*app.state() == before);
    app.close().unwrap();
    drop(app);
    // Without a snapshot the journal says the same.
    assert_eq!(facts(&opened(&disk).state()), facts(&before));
}

#[test]
fn months_that_are_frozen_remember_what_they_were() {
    let (disk, app) = district();
    let after = start().checked_add(jiff::SignedDuration::from_hours(24 * 40)).unwrap();
    app.close().unwrap();
    drop(app);
    let clock = Clock::fixed(after);
    let options = Options {
        disk: Arc::new(disk),
        index: None,
        snapshots: false,
        ..Options::real(Path::new(DIR), clock)
    };
    let (app, _) = App::open(&options).unwrap();
    app.freeze_ended_months().unwrap();
    assert!(app.state().frozen().months().next().is_some());
    // Days of the frozen month too.
    let mut text = file(0..300);
    for n in 0..20 {
        let _ = writeln!(text, "b{n},MGT-1,2026-11-{:02},sesi-a,tuntas,25,0,0,lengkap,,", n + 1);
    }
    enter(&app, &text, NOTHING);
    let before = app.state().clone();
    app.close().unwrap();
    drop(app);
    let (app, _) = App::open(&options).unwrap();
    assert!(*app.state() == before);
}

#[test]
fn bad_lines_are_named_wherever_they_are_and_nothing_is_left_of_the_rest() {
    let (disk, app) = district();
    let (head, paths) = (app.head(), disk.paths());
    let mut text = format!("{HEADING}\n");
    let mut bad = Vec::new();
    for n in 0..MANY {
        if n % 1_777 == 1_000 {
            bad.push(text.matches('\n').count() as u32 + 1);
            let wrong = ["x,OKI-9", "x,OKI-1,besok", "\u{fffd}"][n / 1_777 % 3];
            let _ = writeln!(text, "{wrong},2026-01-01,sesi-a,tuntas,25,0,0,lengkap,,");
        } else if n == 7_000 {
            bad.push(text.matches('\n').count() as u32 + 1);
            // This id came long before.
            text.push_str(&row(12));
        } else {
            text.push_str(&row(n));
        }
    }
    let found = enter(&app, &text, NOTHING);
    let mut lines: Vec<u32> = found.notes.errors.iter().map(|error| error.line).collect();
    lines.dedup();
    bad.sort_unstable();
    assert_eq!(lines, bad);
    assert_eq!((found.bad, found.entered), (bad.len() as u64, false));
    assert_eq!((app.head(), disk.paths()), (head.clone(), paths), "no trace of it");

    let looked = enter(&app, &text, Manner { dry_run: true, skip_bad: true });
    assert_eq!((looked.new, looked.entered), ((MANY - bad.len()) as u64, false));
    assert_eq!(app.head(), head);

    let done = enter(&app, &text, SKIP);
    assert_eq!((done.new, done.bad), ((MANY - bad.len()) as u64, bad.len() as u64));
    assert_eq!(done.notes, found.notes);
    assert!(done.entered && app.head() != head);
    let count: usize = app.state().groups().iter().map(|group| group.fakta.len()).sum();
    assert_eq!(count, MANY - bad.len());
    app.close().unwrap();
    drop(app);
    let app = opened(&disk);
    let again = enter(&app, &text, SKIP);
    assert_eq!((again.new, again.same), (0, (MANY - bad.len()) as u64));
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_found_at_its_line() {
    let (_, app) = district();
    let mut text = file(0..3_000);
    let line = text.matches('\n').count() + 1;
    text.push_str("y,OKI-1,2026-01-01,sesi-a,tuntas,25,0,0,lengkap,\"dan\n");
    text.push_str(&row(4_001));
    let refused = app.import_pertemuan(&text.as_bytes(), Limits::local(), SKIP).unwrap_err();
    assert!(refused.to_string().contains(&format!("baris {line} ")), "{refused}");
    let short = Limits { rows: 2_999, ..Limits::local() };
    let text = file(0..3_000);
    assert!(app.import_pertemuan(&text.as_bytes(), short, SKIP).is_err());
    assert!(app.state().groups().iter().all(|group| group.fakta.is_empty()));
}

#[test]
fn others_record_before_and_behind_an_import_and_never_within() {
    let (_, app) = district();
    let text = file(0..MANY);
    std::thread::scope(|scope| {
        let importing = scope.spawn(|| enter(&app, &text, NOTHING));
        for n in 0..40_u128 {
            let date = jiff::civil::date(2026, 9, 1 + (n % 28) as i8).to_string();
            let record = Command::Record(Box::new(crate::support::record(&date)));
            let request = crate::support::request(900 + n, Actor::System, record);
            app.submit_blocking(request).unwrap();
        }
        assert!(importing.join().unwrap().entered);
    });
    let mut within = None;
    let read = app.journal().read(1, &mut |line| {
        match line.import {
            Some(p2k2::journal::Import::Part(id)) => within = Some(id),
            Some(p2k2::journal::Import::Close { id, .. }) if within == Some(id) => within = None,
            _ => assert_eq!(within, None, "line {}", line.seq),
        }
        std::ops::ControlFlow::Continue(())
    });
    read.unwrap();
    let count: usize = app.state().groups().iter().map(|group| group.fakta.len()).sum();
    assert_eq!(count, MANY + 40);
}

fn record(app: &App, n: u128, date: &str) {
    let record = Command::Record(Box::new(crate::support::record(date)));
    app.submit_blocking(crate::support::request(n, Actor::System, record)).unwrap();
}

#[test]
fn a_history_is_whole_at_once_and_when_the_index_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options::real(dir.path(), Clock::fixed(start()));
    let open = || App::open(&options).unwrap().0;
    let app = open();
    fill(&app);
    record(&app, 700, "2026-11-01");
    enter(&app, &file(0..3_000), NOTHING);
    record(&app, 701, "2026-11-02");
    enter(&app, &file(3_000..3_500), NOTHING);
    record(&app, 702, "2026-11-03");
    let id = "OKI-1".parse().unwrap();
    let told = p2k2::index::refold(app.journal().as_ref(), &id).unwrap();
    let recorded =
        |entry: &&p2k2::index::Entry| matches!(entry.event, Event::PertemuanRecorded { .. });
    let rows = (0..3_500).filter(|n| n % KELOMPOK == 1).count();
    assert_eq!(told.iter().filter(recorded).count(), 3 + rows);
    assert_eq!(app.history(&id).unwrap(), told);
    app.close().unwrap();
    drop(app);
    assert_eq!(open().history(&id).unwrap(), told);
}

#[test]
fn a_history_is_whole_after_a_start_whose_index_is_far_behind() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options::real(dir.path(), Clock::fixed(start()));
    let bare = Options { index: None, ..options.clone() };
    let far = Options { index_far: 0, ..options.clone() };
    let id = "OKI-1".parse().unwrap();
    let app = App::open(&options).unwrap().0;
    fill(&app);
    app.close().unwrap();
    drop(app);
    let app = App::open(&bare).unwrap().0;
    record(&app, 700, "2026-11-01");
    enter(&app, &file(0..3_000), NOTHING);
    record(&app, 701, "2026-11-02");
    let told = p2k2::index::refold(app.journal().as_ref(), &id).unwrap();
    app.close().unwrap();
    drop(app);
    for _ in 0..3 {
        let app = App::open(&far).unwrap().0;
        assert_eq!(app.history(&id).unwrap(), told);
        app.close().unwrap();
        drop(app);
    }
}
