//! Full segments get small; nobody who reads notices, whatever fails on the way.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use p2k2::journal::disk::Disk;
use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{Damage, Journal, JournalError, NewLine, Severity};

use super::{
    DIR, append, line, lines, open, opened, read_all, read_from, same, seal_all, verified,
};

/// How many lines stand in [`filled`].
const LINES: u64 = 60;

fn filled() -> FaultDisk {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    for first in (1..=LINES).step_by(4) {
        append(&journal, &lines(first, first + 3)).unwrap();
    }
    disk.kill();
    disk
}

fn sealed() -> FaultDisk {
    let disk = filled();
    assert!(seal_all(&opened(&disk)).unwrap() > 3);
    disk.kill();
    disk
}

fn files(disk: &FaultDisk, ending: &str) -> Vec<PathBuf> {
    let of = |path: &PathBuf| path.extension().is_some_and(|found| found == ending);
    disk.paths().into_iter().filter(of).collect()
}

fn bytes(disk: &FaultDisk, ending: &str) -> usize {
    files(disk, ending).iter().map(|path| disk.contents(path).unwrap().len()).sum()
}

/// Everything is there, and nothing is wrong that the next start does not put right.
fn assert_whole(disk: &FaultDisk, when: &str) {
    let journal = opened(disk);
    let read = read_all(&journal).unwrap();
    assert!(read.len() as u64 >= LINES, "{when}: {} lines", read.len());
    let wrong = read.iter().find(|one| !same(one, &line(one.seq)));
    assert_eq!(wrong, None, "{when}");
    let found = verified(disk, &[]);
    assert!(found.iter().all(|one| one.severity == Severity::Note), "{when}: {found:?}");
}

#[test]
fn readers_notice_nothing() {
    let disk = filled();
    let journal = opened(&disk);
    let (before, plain) = (read_all(&journal).unwrap(), bytes(&disk, "jsonl"));
    assert!(journal.unsealed() > 0);
    assert!(seal_all(&journal).unwrap() > 3);
    assert!(journal.unsealed() == 0);
    assert_eq!(files(&disk, "jsonl").len(), 1, "only the growing one is plain");
    assert!(bytes(&disk, "segel") + bytes(&disk, "jsonl") < plain);
    assert_eq!(verified(&disk, &[]), vec![]);
    for round in 0..2 {
        let again;
        let journal = if round == 0 {
            &journal
        } else {
            disk.kill();
            again = opened(&disk);
            &again
        };
        assert_eq!(read_all(journal).unwrap(), before);
        for seq in 1..=LINES {
            let index = usize::try_from(seq).unwrap() - 1;
            assert_eq!(journal.line(seq).unwrap().as_ref(), Some(&before[index]));
            assert_eq!(read_from(journal, seq).unwrap(), before[index..]);
        }
    }
    append(&opened(&disk), &[line(LINES + 1)]).unwrap();
    disk.kill();
    assert_eq!(read_all(&opened(&disk)).unwrap().len() as u64, LINES + 1);
}

#[test]
fn a_start_does_not_unpack_what_is_sealed_and_says_what_it_is_told() {
    let disk = sealed();
    let (journal, report) = open(&disk).unwrap();
    assert!(report.cut.is_none() && report.notes.is_empty(), "{report:?}");
    assert_eq!(journal.head().seq, LINES);
}

#[test]
fn whichever_operation_of_a_sealing_fails_the_writing_goes_on() {
    let whole = filled();
    for cut in [false, true] {
        for n in 1.. {
            let disk = whole.copy();
            let journal = opened(&disk);
            let before = disk.operations();
            if cut {
                disk.power_off_at(n);
            } else {
                disk.fail_at(n);
            }
            let outcome = seal_all(&journal);
            let over = disk.operations() - before < n;
            let _called_off = disk.call_off_failure();
            if !cut {
                assert_eq!(read_all(&journal).unwrap().len() as u64, LINES, "{n}: {outcome:?}");
                append(&journal, &[line(LINES + 1)]).unwrap();
                seal_all(&journal).unwrap();
                assert!(journal.unsealed() == 0, "{n}");
            }
            drop(journal);
            disk.lose_power(n);
            assert_whole(&disk, &format!("cut {cut} at {n}: {outcome:?}"));
            disk.kill();
            assert_eq!(verified(&disk, &[]), vec![], "{n}: the start has tidied up");
            if over {
                assert!(outcome.is_ok() && n > 40, "{n}: {outcome:?}");
                break;
            }
        }
    }
}

#[test]
fn a_sealing_that_is_called_off_leaves_nothing() {
    let disk = filled();
    let journal = opened(&disk);
    let before = disk.paths();
    assert_eq!(journal.seal_next(&AtomicBool::new(true)).unwrap(), None);
    assert_eq!(disk.paths(), before);
    assert!(journal.unsealed() > 0);
}

/// Sealed segments, and a line that orders texts in them to be blanked.
fn ordered() -> FaultDisk {
    let disk = sealed();
    let journal = opened(&disk);
    append(&journal, &[NewLine { redacts: vec![6, 9, 33], ..line(LINES + 1) }]).unwrap();
    drop(journal);
    disk.kill();
    disk
}

fn assert_blanked(disk: &FaultDisk, when: &str) {
    let journal = opened(disk);
    for one in read_all(&journal).unwrap().iter().filter(|one| one.seq <= LINES) {
        let blank = [6, 9, 33].contains(&one.seq);
        assert_eq!(
            (one.redacted, same(one, &line(one.seq))),
            (blank, !blank),
            "{when}: {}",
            one.seq
        );
    }
    drop(journal);
    disk.kill();
    assert_eq!(verified(disk, &[]), vec![], "{when}");
    for number in [1, 2] {
        let path = Path::new(DIR).join(format!("journal/{number:06}.segel"));
        let text = disk.contents(&path.with_extension("jsonl"));
        assert!(text.is_some() != disk.contents(&path).is_some(), "{when}: one form of {number}");
        let secret = b"catatan rahasia 6 ";
        let holds = text.is_some_and(|text| text.windows(secret.len()).any(|at| at == secret));
        assert!(!holds, "{when}: the text is gone");
    }
}

#[test]
fn a_redaction_reaches_into_sealed_segments_whatever_fails() {
    let ordered = ordered();
    for cut in [false, true] {
        for n in 1.. {
            let disk = ordered.copy();
            let before = disk.operations();
            if cut {
                disk.power_off_at(n);
            } else {
                disk.fail_at(n);
            }
            let outcome = open(&disk).map(drop);
            let over = disk.operations() - before < n;
            disk.lose_power(n);
            drop(opened(&disk));
            disk.kill();
            let when = format!("cut {cut} at {n}: {outcome:?}");
            assert_blanked(&disk, &when);
            // Sealed again, it stays blank.
            assert!(seal_all(&opened(&disk)).unwrap() >= 1, "{when}");
            disk.kill();
            assert_blanked(&disk, &when);
            if over {
                assert!(outcome.is_ok() && n > 20, "{n}: {outcome:?}");
                break;
            }
        }
    }
}

#[test]
fn the_list_of_roots_is_a_witness_and_can_be_made_again() {
    let disk = sealed();
    let list = Path::new(DIR).join("journal/segel");
    let kept = disk.contents(&list).unwrap();
    disk.take_away(&list);
    let found = verified(&disk, &[]);
    assert!(found.len() == 1 && found[0].what == Damage::SealList, "{found:?}");
    let (journal, report) = open(&disk).unwrap();
    assert_eq!(report.notes.len(), 1, "{report:?}");
    drop(journal);
    disk.kill();
    assert_eq!(disk.contents(&list).unwrap(), kept);

    // Other lines, sealed as well and by themselves sound, are not the ones that were listed.
    let other = FaultDisk::new();
    let journal = opened(&other);
    for first in (2..=LINES).step_by(4) {
        append(&journal, &lines(first, first + 3)).unwrap();
    }
    seal_all(&journal).unwrap();
    other.damage(&list, &kept);
    drop(journal);
    other.kill();
    let Err(JournalError::Damaged(finding)) = open(&other).map(drop) else {
        panic!("opened with another's roots");
    };
    assert_eq!(finding.what, Damage::SealRoot);
    assert!(verified(&other, &[]).iter().any(|one| one.what == Damage::SealRoot));

    // Segments that are gone from the end are missed.
    for path in files(&disk, "segel").iter().skip(2).chain(&files(&disk, "jsonl")) {
        disk.take_away(path);
    }
    let Err(JournalError::Damaged(finding)) = open(&disk).map(drop) else {
        panic!("opened without its end");
    };
    assert!(matches!(finding.what, Damage::Short { .. }), "{finding}");
}

#[test]
fn where_both_forms_stand_the_plain_one_counts() {
    let disk = filled();
    let plain = disk.copy();
    seal_all(&opened(&disk)).unwrap();
    disk.kill();
    let first = Path::new(DIR).join("journal/000001.jsonl");
    let file = disk.create(&first).unwrap();
    file.write_at(0, &plain.contents(&first).unwrap()).unwrap();
    file.sync().unwrap();
    disk.sync_dir(first.parent().unwrap()).unwrap();
    let found = verified(&disk, &[]);
    assert!(found.len() == 1 && found[0].what == Damage::SealLeft, "{found:?}");
    assert_whole(&disk, "after a sealing that did not end");
    assert!(disk.contents(&first).is_some());
    assert!(disk.contents(&first.with_extension("segel")).is_none());
}
