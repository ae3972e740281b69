//! A start from a snapshot comes to what a start from the journal comes to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::ToSpan;
use p2k2::app::{App, Options};
use p2k2::clock::Clock;
use p2k2::command::Command;
use p2k2::journal::fault::FaultDisk;

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

/// A district with so many lines that a stop writes a snapshot, and some lines behind it.
fn busy() -> FaultDisk {
    let disk = FaultDisk::new();
    let app = open(&disk, true);
    for request in district_commands() {
        app.submit_blocking(request).unwrap();
    }
    let send = |app: &App, at: i64| {
        let mut input = record("2026-11-20");
        input.date = input.date.saturating_sub((at % 600).days());
        let command = Command::Record(Box::new(input));
        let id = 1_000 + u128::from(at.unsigned_abs());
        app.submit_blocking(request(id, PENDAMPING, command)).unwrap();
    };
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
