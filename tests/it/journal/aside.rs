//! Long imports, which are written aside until they count.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{
    Appended, Events, FileJournal, Import, Journal, JournalError, Line, NewLine, read_effective,
};

use super::{
    DIR, append, import_line, line, lines, open, opened, read_all, same, seal_all, verified,
};

/// What each line of the import says beside its events.
fn part() -> NewLine {
    let id = line(1_000).cmd;
    import_line(1_000, Import::Part(id))
}

/// Brings lines 1 to `count` in as one import.
pub(super) fn bring_in(journal: &FileJournal, count: u64) -> Result<Appended, JournalError> {
    let mut aside = journal.begin_import(journal.head().seq)?;
    for one in lines(1, count) {
        aside.push(&journal.ready(&NewLine { events: one.events, ..part() })?)?;
    }
    aside.close(NewLine { events: Events::none(), ..part() })
}

fn counting(journal: &FileJournal) -> Vec<Line> {
    let mut all = Vec::new();
    let read = read_effective(journal, 1, &mut |line, _| {
        all.push(line.clone());
        ControlFlow::Continue(())
    });
    read.unwrap();
    all
}

fn aside(disk: &FaultDisk) -> usize {
    disk.paths().iter().filter(|path| path.to_string_lossy().ends_with(".baru")).count()
}

fn segments(disk: &FaultDisk) -> usize {
    disk.paths().iter().filter(|path| path.to_string_lossy().ends_with(".jsonl")).count()
}

#[test]
fn an_import_counts_as_if_it_had_been_appended() {
    for (count, files) in [(0, 1), (1, 1), (2, 1), (8, 2), (60, 8), (200, 20)] {
        let disk = FaultDisk::new();
        let journal = opened(&disk);
        append(&journal, &lines(1, 3)).unwrap();
        let done = bring_in(&journal, count).unwrap();
        assert_eq!(done.first, 3 + count + 1, "the closing line is the last");
        assert_eq!(done.head, journal.head());
        assert_eq!(aside(&disk), 0);
        assert!(segments(&disk) >= files, "{count} lines in {} segments", segments(&disk));
        append(&journal, &lines(4, 5)).unwrap();
        let all = counting(&journal);
        drop(journal);
        let journal = opened(&disk);
        assert_eq!(counting(&journal), all, "after a start");
        seal_all(&journal).unwrap();
        assert_eq!(counting(&journal), all, "sealed");
        assert_eq!(verified(&disk, &[]), []);
        let (parts, rest): (Vec<_>, Vec<_>) =
            all.iter().partition(|line| matches!(line.import, Some(Import::Part(_))));
        assert_eq!(rest.len(), 6, "five lines and the closing one");
        assert_eq!(parts.len() as u64, count);
        for (read, given) in parts.into_iter().zip(lines(1, count)) {
            assert!(same(read, &NewLine { events: given.events, ..part() }), "line {}", read.seq);
            assert_eq!(journal.line(read.seq).unwrap().as_ref(), Some(read));
        }
    }
}

#[test]
fn one_that_is_given_up_leaves_nothing() {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    append(&journal, &lines(1, 3)).unwrap();
    let (head, files) = (journal.head(), segments(&disk));
    let mut import = journal.begin_import(3).unwrap();
    for one in lines(1, 100) {
        let ready = journal.ready(&NewLine { events: one.events, ..part() }).unwrap();
        import.push(&ready).unwrap();
    }
    assert!(aside(&disk) > 3);
    assert_eq!(journal.head(), head, "readers see nothing of it");
    drop(import);
    assert_eq!((journal.head(), aside(&disk), segments(&disk)), (head, 0, files));
    append(&journal, &lines(4, 6)).unwrap();
    assert_eq!(counting(&journal).len(), 6);
    assert!(matches!(journal.begin_import(5), Err(JournalError::Position { .. })));
}

#[test]
fn whatever_fails_all_of_it_counts_or_none() {
    let mut whole = 0;
    for n in 1.. {
        let disk = FaultDisk::new();
        let journal = opened(&disk);
        append(&journal, &lines(1, 3)).unwrap();
        disk.fail_at(n);
        let outcome = bring_in(&journal, 60);
        let over = disk.call_off_failure();
        let later = append(&journal, &lines(4, 4));
        drop(journal);
        disk.lose_power(n);
        let (journal, _) = open(&disk).unwrap();
        let expected = 3 + if outcome.is_ok() { 61 } else { 0 };
        let found = counting(&journal).len();
        assert_eq!(found, expected + usize::from(later.is_ok()), "operation {n}: {outcome:?}");
        assert_eq!((aside(&disk), verified(&disk, &[])), (0, vec![]), "operation {n}");
        append(&journal, &lines(5, 6)).unwrap();
        whole += usize::from(outcome.is_ok());
        if over {
            assert!(n > 20, "only {n} operations were tried");
            break;
        }
    }
    assert!(whole > 0);
}

#[test]
fn a_power_cut_at_any_moment_leaves_all_of_it_or_none() {
    for n in 1.. {
        let disk = FaultDisk::new();
        let journal = opened(&disk);
        append(&journal, &lines(1, 3)).unwrap();
        disk.power_off_at(n);
        let outcome = bring_in(&journal, 60);
        drop(journal);
        for seed in [n, n + 1_000] {
            let disk = disk.clone();
            disk.lose_power(seed);
        }
        let (journal, _) = open(&disk).unwrap();
        let found = counting(&journal).len();
        assert!(found == 3 || found == 64, "operation {n}: {found} lines");
        assert!(outcome.is_err() || found == 64, "operation {n}: it was said to be safe");
        assert_eq!((aside(&disk), verified(&disk, &[])), (0, vec![]), "operation {n}");
        append(&journal, &lines(4, 5)).unwrap();
        if outcome.is_ok() {
            break;
        }
    }
}

/// A disk with an import that fills many segments, after a clean stop.
fn imported() -> FaultDisk {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    append(&journal, &lines(1, 3)).unwrap();
    bring_in(&journal, 60).unwrap();
    append(&journal, &lines(4, 6)).unwrap();
    journal.close().unwrap();
    drop(journal);
    disk.kill();
    disk
}

fn path(name: &str) -> PathBuf {
    Path::new(DIR).join("journal").join(name)
}

#[test]
fn a_start_leaves_the_lines_of_an_import_to_those_who_read_them() {
    let disk = imported();
    let all = read_all(&opened(&disk)).unwrap();
    disk.kill();
    let (file, note) = (path("000005.jsonl"), path("penuh"));
    let mut bytes = disk.contents(&file).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 4;
    disk.damage(&file, &bytes);
    // Found by whoever reads it, by the sealing, by `verify`: with its name.
    let journal = opened(&disk);
    let named = |error: JournalError| {
        assert!(error.to_string().contains("journal/000005.jsonl"), "{error}");
    };
    named(read_all(&journal).unwrap_err());
    named(seal_all(&journal).unwrap_err());
    let first = all.iter().find(|one| one.seq == journal.head().seq).unwrap();
    assert_eq!(journal.line(first.seq).unwrap().as_ref(), Some(first), "others are served");
    drop(journal);
    disk.kill();
    let found = verified(&disk, &[]);
    assert!(found.iter().any(|one| one.file == Path::new("journal/000005.jsonl")), "{found:?}");
    // Without the note, or with one that does not fit, the start reads it.
    let kept = disk.contents(&note).unwrap();
    disk.take_away(&note);
    named(open(&disk).map(drop).unwrap_err());
    let mut other = kept.clone();
    other[kept.len() / 2] ^= 1;
    disk.damage(&note, &other);
    named(open(&disk).map(drop).unwrap_err());
    disk.damage(&note, &kept);
    disk.damage(&file, &bytes[..bytes.len() - 1]);
    named(open(&disk).map(drop).unwrap_err());
}

#[test]
fn what_was_sealed_leaves_the_note_at_the_next_start() {
    let disk = imported();
    let journal = opened(&disk);
    let noted = disk.contents(&path("penuh")).unwrap();
    assert!(String::from_utf8(noted).unwrap().contains("\n5 "));
    assert!(seal_all(&journal).unwrap() > 5);
    drop(journal);
    disk.kill();
    let all = read_all(&opened(&disk)).unwrap();
    disk.kill();
    let noted = disk.contents(&path("penuh")).unwrap();
    assert_eq!(String::from_utf8(noted).unwrap().lines().count(), 2, "first line and fingerprint");
    assert_eq!((read_all(&opened(&disk)).unwrap(), verified(&disk, &[])), (all, vec![]));
}

#[test]
fn a_redaction_reaches_into_an_import_whatever_fails() {
    let ordered = imported();
    let journal = opened(&ordered);
    let target = read_all(&journal)
        .unwrap()
        .into_iter()
        .find(|one| one.seq > 30 && one.events_json().contains("catatan rahasia"));
    let target = target.unwrap().seq;
    append(&journal, &[NewLine { redacts: vec![target], ..line(7) }]).unwrap();
    drop(journal);
    ordered.kill();
    for n in 1.. {
        let disk = ordered.copy();
        disk.fail_at(n);
        let outcome = open(&disk).map(drop);
        let over = disk.call_off_failure();
        disk.lose_power(n);
        for _ in 0..2 {
            let journal = opened(&disk);
            let redacted = |one: &Line| one.redacted;
            let blank: Vec<u64> = read_all(&journal)
                .unwrap()
                .into_iter()
                .filter(redacted)
                .map(|one| one.seq)
                .collect();
            assert_eq!(blank, [target], "operation {n}");
            drop(journal);
            disk.kill();
            assert_eq!(verified(&disk, &[]), [], "operation {n}");
        }
        if over {
            assert!(outcome.is_ok() && n > 20, "{n}: {outcome:?}");
            break;
        }
    }
}
