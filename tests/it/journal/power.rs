//! Power cuts, kills and failing operations: nothing acknowledged is lost.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{BlobId, FileJournal, Journal, JournalError, NewLine, OpenBounds, Severity};

use super::{DIR, append, line, lines, open, opened, read_all, same, seal_all, verified};

/// What a test was told is kept.
#[derive(Default)]
struct Told {
    /// All lines that were handed in; those up to `acknowledged` were acknowledged.
    given: Vec<NewLine>,
    acknowledged: usize,
    blobs: Vec<Vec<u8>>,
    /// Of each draft: the text that was acknowledged and the one tried last.
    drafts: BTreeMap<String, (Vec<u8>, Vec<u8>)>,
}

impl Told {
    /// Works until something fails: batches, blobs, drafts, and a clean stop now and then.
    fn work(&mut self, disk: &FaultDisk, rounds: u64) -> Result<(), JournalError> {
        let (journal, _) = open(disk)?;
        self.given.truncate(usize::try_from(journal.head().seq).unwrap());
        let drafts = journal.drafts();
        for round in 0..rounds {
            let start = self.given.len() as u64;
            let batch = lines(start + 1, start + 1 + round % 4);
            self.given.extend(batch.iter().cloned());
            append(&journal, &batch)?;
            self.acknowledged = self.given.len();
            if round % 3 == 0 {
                let blob = format!("naskah {start} {round}").repeat(20).into_bytes();
                journal.put_blob(&blob)?;
                self.blobs.push(blob);
            }
            if round % 7 == 5 {
                seal_all(&journal)?;
            }
            if round % 4 == 1 {
                let text = format!("draf {start} {round}").into_bytes();
                let draft = self.drafts.entry("sesi-1.17".to_owned()).or_default();
                draft.1.clone_from(&text);
                drafts.save("sesi-1.17", &text)?;
                draft.0 = text;
            }
        }
        journal.close()
    }

    /// What is wrong with the disk, compared with what was told.
    fn complaint(&mut self, disk: &FaultDisk) -> Option<String> {
        let journal = match open(disk) {
            Ok((journal, _)) => journal,
            Err(error) => return Some(format!("does not open: {error}")),
        };
        let read = match read_all(&journal) {
            Ok(read) => read,
            Err(error) => return Some(format!("does not read: {error}")),
        };
        if read.len() < self.acknowledged {
            return Some(format!("{} of {} lines", read.len(), self.acknowledged));
        }
        let wrong = read.iter().zip(&self.given).find(|(read, given)| !same(read, given));
        if let Some((wrong, _)) = wrong {
            return Some(format!("line {} is another", wrong.seq));
        }
        for blob in &self.blobs {
            if journal.get_blob(BlobId::of(blob)).ok().flatten().as_ref() != Some(blob) {
                return Some("a blob is gone".to_owned());
            }
        }
        for (name, (acknowledged, tried)) in &mut self.drafts {
            let found = journal.drafts().load(name).ok().flatten().unwrap_or_default();
            if found != *acknowledged && found != *tried {
                return Some("a draft is gone".to_owned());
            }
            *acknowledged = found;
        }
        let findings = verified(disk, &[]);
        let damage = findings.iter().find(|finding| finding.severity == Severity::Damage);
        // What is there now was read by somebody, so it counts as told.
        self.acknowledged = read.len();
        damage.map(ToString::to_string)
    }
}

/// One disk that is cut off twice at moments that follow from `seed`; the first complaint.
fn cut_twice(seed: u64, ignore_sync: bool) -> (Option<String>, usize, bool) {
    let disk = FaultDisk::new();
    disk.ignore_sync(ignore_sync);
    let (mut told, mut in_flight) = (Told::default(), false);
    for life in 0..2 {
        disk.power_off_at(60 + (seed * 37 + life * 101) % 240);
        let outcome = told.work(&disk, 60);
        in_flight |= outcome.is_err();
        if seed.is_multiple_of(5) {
            // A kill first, and what the next process then sees is told as well.
            disk.kill();
            if let Some(complaint) = told.complaint(&disk) {
                return (Some(complaint), told.acknowledged, in_flight);
            }
        }
        disk.lose_power(seed * 2 + life);
        if let Some(complaint) = told.complaint(&disk) {
            return (Some(complaint), told.acknowledged, in_flight);
        }
        disk.kill();
    }
    (None, told.acknowledged, in_flight)
}

#[test]
fn a_power_cut_loses_nothing_acknowledged() {
    let (mut acknowledged, mut in_flight) = (0, 0);
    for seed in 0..200 {
        let (complaint, lines, cut) = cut_twice(seed, false);
        assert_eq!(complaint, None, "seed {seed}");
        acknowledged += lines;
        in_flight += u32::from(cut);
    }
    assert!(acknowledged > 8_000, "{acknowledged} lines are too few to mean anything");
    assert!(in_flight >= 160, "only {in_flight} rounds were cut while writing");
}

#[test]
fn without_the_sync_the_same_test_is_red() {
    let red = (0..30).filter(|seed| cut_twice(*seed, true).0.is_some()).count();
    assert!(red >= 29, "only {red} of 30 rounds noticed that nothing was synced");
}

#[test]
fn whichever_operation_fails_nothing_acknowledged_is_lost() {
    for n in 1.. {
        let disk = FaultDisk::new();
        disk.fail_at(n);
        let mut told = Told::default();
        let outcome = told.work(&disk, 12);
        let over = disk.call_off_failure();
        disk.lose_power(n);
        assert_eq!(told.complaint(&disk), None, "operation {n} failed, {outcome:?}");
        if over {
            assert!(outcome.is_ok() && n > 100, "{n}: {outcome:?}");
            return;
        }
    }
}

#[test]
fn whichever_operation_of_a_start_fails_the_next_start_finds_everything() {
    for n in 1.. {
        let disk = FaultDisk::new();
        let mut told = Told::default();
        told.work(&disk, 12).unwrap();
        disk.kill();
        disk.fail_at(n);
        let outcome = open(&disk).map(drop);
        let over = disk.call_off_failure();
        disk.lose_power(n);
        assert_eq!(told.complaint(&disk), None, "operation {n} failed, {outcome:?}");
        if over {
            assert!(outcome.is_ok() && n > 20, "{n}: {outcome:?}");
            return;
        }
    }
}

#[test]
fn after_a_failed_sync_or_write_nothing_more_is_accepted() {
    for (name, n) in [("write", 1), ("sync", 2)] {
        let disk = FaultDisk::new();
        let journal = opened(&disk);
        append(&journal, &lines(1, 3)).unwrap();
        disk.fail_at(n);
        assert!(matches!(append(&journal, &[line(4)]), Err(JournalError::Disk(_))), "{name}");
        for _ in 0..3 {
            assert!(matches!(append(&journal, &[line(4)]), Err(JournalError::Stopped)), "{name}");
        }
        assert!(matches!(journal.redact(&[]), Err(JournalError::Stopped)), "{name}");
        assert!(matches!(journal.close(), Err(JournalError::Stopped)), "{name}");
        assert_eq!(read_all(&journal).unwrap().len(), 3, "{name}: reading goes on");
        disk.kill();
        let journal = opened(&disk);
        append(&journal, &[line(4)]).unwrap();
        assert!(journal.head().seq >= 4, "{name}");
    }
}

#[test]
fn a_full_disk_is_said_clearly_and_passes_when_space_is_freed() {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    let mut seq = 0;
    // Many rounds, so that the disk is also full at the beginning of a segment.
    for _ in 0..30 {
        seq += 3;
        append(&journal, &lines(seq - 2, seq)).unwrap();
        disk.set_full(true);
        let error = append(&journal, &lines(seq + 1, seq + 2)).unwrap_err();
        assert!(error.to_string().contains("cakram penuh"), "{error}");
        assert_eq!(read_all(&journal).unwrap().len() as u64, seq);
        assert!(journal.put_blob(b"tidak muat").is_err());
        disk.set_full(false);
    }
    journal.put_blob(b"muat lagi").unwrap();
    disk.lose_power(1);
    let journal = opened(&disk);
    let read = read_all(&journal).unwrap();
    assert_eq!(read.len() as u64, seq);
    assert!(read.iter().zip(lines(1, seq)).all(|(read, given)| same(read, &given)));
}

#[test]
fn what_a_refused_batch_left_does_not_lie_behind_the_next_one() {
    let disk = FaultDisk::new();
    let start =
        || FileJournal::open(Arc::new(disk.clone()), Path::new(DIR), &OpenBounds::default());
    let (journal, _) = start().unwrap();
    append(&journal, &lines(1, 2)).unwrap();
    disk.set_full(true);
    assert!(append(&journal, &lines(3, 12)).is_err());
    disk.set_full(false);
    append(&journal, &[line(3)]).unwrap();
    disk.kill();
    let (journal, report) = start().unwrap();
    assert_eq!((journal.head().seq, report.cut), (3, None));
}

/// A journal that crashed while its last batch of `batch` lines was written, and the bytes of
/// that batch.
fn crashed(batch: u64) -> (FaultDisk, PathBuf, usize, Vec<u8>) {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    append(&journal, &lines(1, 2)).unwrap();
    let file = Path::new(DIR).join("journal/000001.jsonl");
    let start = disk.contents(&file).unwrap().len();
    append(&journal, &lines(3, 2 + batch)).unwrap();
    disk.kill();
    let bytes = disk.contents(&file).unwrap();
    (disk, file, start, bytes)
}

#[test]
fn a_torn_last_write_is_cut_and_kept_aside() {
    let (disk, file, start, bytes) = crashed(4);
    let length = bytes.len() - start;
    for step in 0..64 {
        for zeros in [false, true] {
            let at = start + length * step / 64;
            let disk = disk.copy();
            let mut torn = bytes[..at].to_vec();
            if zeros {
                torn.resize(bytes.len(), 0);
            }
            disk.damage(&file, &torn);
            let (journal, report) = open(&disk).unwrap();
            let read = read_all(&journal).unwrap();
            assert!(read.len() >= 2 && read.len() < 6, "{step}: {}", read.len());
            assert!(read.iter().all(|read| same(read, &line(read.seq))));
            let whole = torn.iter().take(at).filter(|byte| **byte == b'\n').count() - 1;
            assert_eq!(read.len(), whole, "{step}: whole lines of a torn batch stay");
            let rest = torn.len() - bytes[..at].iter().rposition(|b| *b == b'\n').unwrap() - 1;
            assert_eq!(report.cut.as_ref().map_or(0, |cut| cut.bytes), rest as u64, "{step}");
            append(&journal, &[line(read.len() as u64 + 1)]).unwrap();
            disk.kill();
            assert!(open(&disk).unwrap().1.cut.is_none(), "{step}: cut once and for all");
        }
    }
}

#[test]
fn a_page_missing_in_the_middle_of_the_last_batch_is_cut() {
    let (disk, file, start, bytes) = crashed(5);
    let mut holed = bytes;
    holed[start + 300..start + 700].fill(0);
    disk.damage(&file, &holed);
    let (journal, report) = open(&disk).unwrap();
    assert!(report.cut.is_some() && journal.head().seq >= 2);
    assert!(read_all(&journal).unwrap().iter().all(|read| same(read, &line(read.seq))));
}

#[test]
fn a_hole_in_front_of_a_completed_batch_stops_the_start() {
    let (disk, file, start, bytes) = crashed(3);
    disk.damage(&file, &bytes);
    append(&opened(&disk), &[line(6)]).unwrap();
    disk.kill();
    let mut holed = disk.contents(&file).unwrap();
    holed[start + 10..start + 40].fill(0);
    disk.damage(&file, &holed);
    let refused = open(&disk).map(drop).unwrap_err();
    assert!(matches!(refused, JournalError::Damaged(_)), "{refused}");
    let said = refused.to_string();
    assert!(said.contains("000001.jsonl baris 4 (nomor 3)"), "{said}");
    assert_eq!(disk.contents(&file).unwrap(), holed, "nothing is changed by a refused start");
}
