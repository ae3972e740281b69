//! The record on disk: what was acknowledged stays, and what was changed is found.

mod aside;
mod damage;
mod format;
mod power;
mod redaction;
mod rules;
mod sealing;
mod snapshots;
mod store;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{
    Appended, BlobId, Events, Expected, FileJournal, Finding, Hash128, Import, Journal,
    JournalError, Line, NewLine, OpenBounds, OpenReport, Projection, verify,
};
use p2k2::private::Private;
use serde_json::json;
use uuid::Uuid;

/// Where the data directory lies on a disk in memory.
const DIR: &str = "/srv/data";

/// Small segments, so that a few lines already fill several.
fn bounds() -> OpenBounds {
    OpenBounds { segment_bytes: 4096, frame_bytes: 900, ..OpenBounds::default() }
}

fn bounded(name: &str, seq: u64, hash: Option<Hash128>) -> OpenBounds {
    let projections = vec![Projection { name: name.to_owned(), seq, hash }];
    OpenBounds { projections, ..bounds() }
}

fn open(disk: &FaultDisk) -> Result<(FileJournal, OpenReport), JournalError> {
    FileJournal::open(Arc::new(disk.clone()), Path::new(DIR), &bounds())
}

/// An opening that must succeed.
fn opened(disk: &FaultDisk) -> FileJournal {
    open(disk).unwrap().0
}

/// A line whose every field follows from `n`; every third one has private texts.
fn line(n: u64) -> NewLine {
    let mut events =
        vec![json!({"type": "uji.dicatat", "nomor": n, "judul": "Sesi \"dua\" \\ {~}"})];
    if n.is_multiple_of(3) {
        let note = Private::from(format!("catatan rahasia {n} \u{1F33E} \"kutip\""));
        events.push(json!({"note": note, "name": Private::from("Bu Sari"), "n": [n]}));
    }
    NewLine {
        at: format!("2026-11-21T08:00:{:02}.{:03}Z", n % 60, n % 1000).parse().unwrap(),
        by: (!n.is_multiple_of(4)).then_some(u32::try_from(n).unwrap()),
        cmd: Uuid::from_u128(u128::from(n) << 64 | 7),
        digest: Hash128::of(&n.to_le_bytes()),
        import: None,
        redacts: Vec::new(),
        events: Events::encode(&events).unwrap(),
    }
}

fn lines(from: u64, to: u64) -> Vec<NewLine> {
    (from..=to).map(line).collect()
}

fn import_line(n: u64, import: Import) -> NewLine {
    NewLine { import: Some(import), ..line(n) }
}

fn append(journal: &FileJournal, lines: &[NewLine]) -> Result<Appended, JournalError> {
    journal.append(journal.head().seq, lines)
}

/// Seals every full segment; how many that were.
fn seal_all(journal: &FileJournal) -> Result<usize, JournalError> {
    let mut sealed = 0;
    while journal.seal_next(&AtomicBool::new(false))?.is_some() {
        sealed += 1;
    }
    Ok(sealed)
}

/// Every line, or the error that ended the reading.
fn read_all(journal: &FileJournal) -> Result<Vec<Line>, JournalError> {
    read_from(journal, 1)
}

fn read_from(journal: &FileJournal, from: u64) -> Result<Vec<Line>, JournalError> {
    let mut lines = Vec::new();
    journal.read(from, &mut |line| {
        lines.push(line.clone());
        ControlFlow::Continue(())
    })?;
    Ok(lines)
}

/// What `verify` finds in a directory whose first line refers to `blobs`.
fn verified(disk: &FaultDisk, blobs: &[Vec<u8>]) -> Vec<Finding> {
    verified_against(disk, &Expected::default(), blobs).unwrap()
}

fn verified_against(
    disk: &FaultDisk,
    expected: &Expected,
    blobs: &[Vec<u8>],
) -> Result<Vec<Finding>, JournalError> {
    let ids: Vec<_> = blobs.iter().map(|blob| BlobId::of(blob)).collect();
    let mut refers = |line: &Line| if line.seq == 1 { ids.clone() } else { Vec::new() };
    verify(disk, Path::new(DIR), expected, &mut refers)
}

/// Whether a line that was read is the one that was handed in.
fn same(read: &Line, given: &NewLine) -> bool {
    let fields = read.at == given.at && read.by == given.by && read.cmd == given.cmd;
    let more = read.digest == given.digest && read.import == given.import;
    let last = read.redacts == given.redacts && read.events_json() == given.events.as_json();
    fields && more && last && !read.redacted
}
