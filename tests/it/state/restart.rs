//! A start from a snapshot comes to what a start from the journal comes to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::ToSpan;
use p2k2::app::{App, Options, SubmitError};
use p2k2::clock::Clock;
use p2k2::command::Command;
use p2k2::journal::fault::FaultDisk;
use p2k2::state::State;

use crate::support::{PENDAMPING, district_commands, record, request, start};

const DIR: &str = "/srv/data";

fn options(disk: &FaultDisk, snapshots: bool) -> Options {
    let clock = Clock::fixed(start());
    let disk = Arc::new(disk.clone());
    Options { disk, index: None, snapshots, ..Options::real(Path::new(DIR), clock) }
}

fn open(disk: &FaultDisk, snapshots: bool) -> Arc<App> {
    App::open(&options(disk, snapshots)).unwrap().0
}

/// The same with so little room in memory that most facts go to a shelf.
fn open_small(disk: &FaultDisk) -> Arc<App> {
    App::open(&Options { unshelved_max: 3_000, ..options(disk, true) }).unwrap().0
}

fn send(app: &App, at: i64) {
    let mut input = record("2026-11-20");
    input.date = input.date.saturating_sub((at % 600).days());
    let command = Command::Record(Box::new(input));
    let id = 1_000 + u128::from(at.unsigned_abs());
    app.submit_blocking(request(id, PENDAMPING, command)).unwrap();
}

/// A journal without a snapshot, of which a start in little memory puts the most on a shelf; and
/// the state that it adds up to, held in memory.
fn long() -> (FaultDisk, State) {
    let disk = FaultDisk::new();
    let app = open(&disk, false);
    for request in district_commands() {
        app.submit_blocking(request).unwrap();
    }
    (0..150).for_each(|at| send(&app, at));
    let expected = app.state().clone();
    assert!(!expected.is_shelved());
    drop(app);
    disk.kill();
    (disk, expected)
}

/// The same after such a start, with some lines behind it.
fn shelved() -> (FaultDisk, State) {
    let (disk, _) = long();
    let app = open_small(&disk);
    (150..155).for_each(|at| send(&app, at));
    app.close().unwrap();
    drop(app);
    disk.kill();
    let app = open(&disk, false);
    let expected = app.state().clone();
    drop(app);
    disk.kill();
    (disk, expected)
}

/// A district with so many lines that a stop writes a snapshot, and some lines behind it.
fn busy() -> FaultDisk {
    let disk = FaultDisk::new();
    let app = open(&disk, true);
    for request in district_commands() {
        app.submit_blocking(request).unwrap();
    }
    (0..2_050).for_each(|at| send(&app, at));
    app.close().unwrap();
    drop(app);
    disk.kill();
    let app = open(&disk, true);
    (2_050..2_060).for_each(|at| send(&app, at));
    app.close().unwrap();
    drop(app);
    disk.kill();
    disk
}

fn files(disk: &FaultDisk) -> Vec<PathBuf> {
    let of = |path: &PathBuf| path.starts_with(Path::new(DIR).join("snapshot"));
    disk.paths().into_iter().filter(of).collect()
}

#[test]
fn a_snapshot_changes_nothing_but_the_time() {
    let disk = busy();
    let path = files(&disk).pop().expect("a stop after so many lines writes one");
    let app = open(&disk, false);
    let expected = app.state().clone();
    drop(app);
    disk.kill();
    let whole = disk.contents(&path).unwrap();
    let middle = whole.len() / 2;
    let mut flipped = whole.clone();
    flipped[middle] ^= 4;
    for bytes in [&whole[..], &flipped[..], &whole[..middle], b""] {
        disk.damage(&path, bytes);
        let app = open(&disk, true);
        assert!(*app.state() == expected, "{} bytes of {}", bytes.len(), whole.len());
        drop(app);
        disk.kill();
    }

    // That of another journal, whole as it is, is not believed.
    let other = FaultDisk::new();
    let app = open(&other, true);
    district_commands().into_iter().for_each(|one| drop(app.submit_blocking(one).unwrap()));
    let expected = app.state().clone();
    drop(app);
    other.kill();
    put(&other, &path, &whole);
    let app = open(&other, true);
    assert!(*app.state() == expected);
}

fn put(disk: &FaultDisk, path: &Path, bytes: &[u8]) {
    use p2k2::journal::disk::Disk;
    disk.create_dir(path.parent().unwrap()).unwrap();
    let file = disk.create(path).unwrap();
    file.write_at(0, bytes).unwrap();
    file.sync().unwrap();
    disk.sync_dir(path.parent().unwrap()).unwrap();
}

#[test]
fn a_redaction_leaves_no_snapshot() {
    let disk = busy();
    assert!(!files(&disk).is_empty());
    let app = open(&disk, true);
    app.redact(&[3], "Salah ketik").unwrap();
    app.close().unwrap();
    assert_eq!(files(&disk), Vec::<PathBuf>::new());
}

fn shelves(disk: &FaultDisk) -> Vec<PathBuf> {
    let is_shelf = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "rak");
    files(disk).into_iter().filter(is_shelf).collect()
}

#[test]
fn a_shelf_changes_nothing_but_memory() {
    let (disk, expected) = shelved();
    let path = shelves(&disk).pop().expect("so many facts go to a shelf");
    let whole = disk.contents(&path).unwrap();
    let app = open_small(&disk);
    assert!(app.state().is_shelved() && !app.has_lost_facts());
    assert!(*app.state() == expected && !app.has_lost_facts());
    drop(app);
    disk.kill();

    // Damage that a start sees is passed over; what shows only later is never passed off as truth,
    // and the next start is sound.
    let flips = (0..whole.len()).step_by(whole.len() / 12 + 1);
    for at in flips {
        let other = disk.copy();
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        other.damage(&path, &bytes);
        let app = open_small(&other);
        let same = *app.state() == expected;
        assert!(same != app.has_lost_facts(), "byte {at}");
        assert_eq!(app.has_failed(), app.has_lost_facts());
        if app.has_lost_facts() {
            let command = Command::Record(Box::new(record("2026-11-19")));
            let refused = app.submit_blocking(request(9_999, PENDAMPING, command));
            assert_eq!(refused, Err(SubmitError::Stopped));
        }
        app.close().unwrap();
        drop(app);
        other.kill();
        let app = open_small(&other);
        assert!(*app.state() == expected && !app.has_lost_facts(), "byte {at}");
    }
    for bytes in [&whole[..whole.len() / 2], b""] {
        let other = disk.copy();
        other.damage(&path, bytes);
        let app = open_small(&other);
        assert!(*app.state() == expected && !app.has_lost_facts());
    }
    disk.take_away(&path);
    let app = open_small(&disk);
    assert!(*app.state() == expected && !app.has_lost_facts());
}

#[test]
fn a_long_journal_is_read_in_little_memory() {
    let (disk, expected) = long();
    let app = open_small(&disk);
    assert!(app.state().is_shelved());
    assert!(app.state().unshelved_bytes() < 3_500, "{}", app.state().unshelved_bytes());
    assert!(*app.state() == expected);
}

#[test]
fn a_redaction_leaves_no_shelf() {
    let (disk, expected) = shelved();
    assert!(!shelves(&disk).is_empty());
    let app = open_small(&disk);
    app.redact(&[3], "Salah ketik").unwrap();
    assert!(app.state().groups() == expected.groups(), "whoever still reads is not cut off");
    app.close().unwrap();
    assert_eq!(files(&disk), Vec::<PathBuf>::new());
    drop(app);
    disk.kill();
    let app = open_small(&disk);
    assert!(app.state().groups() == expected.groups() && !app.has_lost_facts());
}
