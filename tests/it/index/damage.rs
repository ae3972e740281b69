//! Files of the index that were deleted, emptied, cut or changed: noticed, and made good again.

use std::fs;
use std::path::{Path, PathBuf};

use p2k2::index::{HistoryIndex, OpenOutcome};
use tempfile::{TempDir, tempdir};

use super::world::{ALL, Dice, World};
use super::{assert_in_step, effective, followed, head_at, opened};

/// The files below a directory, without the lock.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.ends_with("lock") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn copied(from: &Path) -> TempDir {
    let to = tempdir().unwrap();
    for file in files(from) {
        let target = to.path().join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&file, &target).unwrap();
    }
    to
}

/// Every answer is that of the journal, or there is none.
fn assert_no_wrong_answer(index: &HistoryIndex, world: &World, what: &str) {
    for (id, last_seq, truth) in &world.histories {
        if let Ok(entries) = index.history(id, *last_seq) {
            assert_eq!(entries, *truth, "{what}: {id}");
        }
    }
    for (by, truth) in &world.work {
        if let Ok(seqs) = index.audit(*by, ALL, world.state.seq) {
            assert_eq!(seqs, *truth, "{what}: {by:?}");
        }
    }
}

/// No answer is wrong, and after following all of them are there again.
fn assert_honest(index: &HistoryIndex, world: &World, what: &str) {
    assert_no_wrong_answer(index, world, what);
    index.follow(&world.journal).unwrap();
    // Some damage is met only now that the index has the last lines again.
    assert_no_wrong_answer(index, world, what);
    index.follow(&world.journal).unwrap();
    assert!(index.is_sound(), "{what}");
    assert_in_step(index, world);
}

/// Opens a damaged copy and says how that ended and how far the index then followed the journal.
fn check(dir: &Path, world: &World, what: &str) -> (OpenOutcome, u64) {
    let (index, outcome) = HistoryIndex::open(dir).unwrap();
    let position = index.position();
    assert_honest(&index, world, what);
    (outcome, position)
}

#[test]
fn whole_files_that_are_missing_or_empty() {
    let world = World::of(20, 120);
    let (dir, index) = followed(&world);
    drop(index);
    let count = files(dir.path()).len();
    assert!(count >= 2, "the engine keeps its settings and its data apart");
    for at in 0..count {
        for empty in [false, true] {
            let copy = copied(dir.path());
            let file = &files(copy.path())[at];
            if empty {
                fs::write(file, "").unwrap()
            } else {
                fs::remove_file(file).unwrap()
            }
            check(copy.path(), &world, &format!("{} empty: {empty}", file.display()));
        }
    }
    for numbers in [&["2"][..], &["2", "3"], &["1", "4294967295", "x"]] {
        let copy = copied(dir.path());
        for number in numbers {
            let path = copy.path().join(number);
            if !path.exists() {
                fs::write(path, "bukan direktori").unwrap();
            }
        }
        check(copy.path(), &world, &format!("{numbers:?}"));
    }
}

/// An index that grew line by line over several starts, so that its files hold old values too and
/// losing the newest ones leaves an index that looks whole.
fn grown(world: &World) -> TempDir {
    let dir = tempdir().unwrap();
    let lines = effective(world);
    for part in lines.chunks(50) {
        let (index, outcome) = HistoryIndex::open(dir.path()).unwrap();
        assert!(!matches!(outcome, OpenOutcome::Replaced { .. }), "what was closed is sound");
        for (line, position) in part {
            let head = if line.0.seq == *position { *position } else { index.position() };
            index.add(std::slice::from_ref(line), head_at(world, head)).unwrap();
            if head % 4 == 0 {
                index.flush().unwrap();
            }
        }
    }
    dir
}

#[test]
fn files_that_were_cut_or_changed() {
    let world = World::of(21, 250);
    let dir = grown(&world);
    let mut dice = Dice::new(21);
    let (mut noticed, mut behind) = (0, 0);
    for (at, file) in files(dir.path()).iter().enumerate() {
        let bytes = fs::read(file).unwrap();
        let used = bytes.iter().rposition(|byte| *byte != 0).map_or(1, |last| last + 1);
        for round in 0..40 {
            let copy = copied(dir.path());
            let target = &files(copy.path())[at];
            let place = dice.below(used);
            let mut changed = bytes.clone();
            match round % 4 {
                0 => changed.truncate(place),
                1 => {
                    let end = used.min(place + dice.below(4_096));
                    changed[place..end].fill(0);
                }
                _ => changed[place] ^= 1 << dice.below(8),
            }
            fs::write(target, changed).unwrap();
            let what = format!("{} round {round} at {place}", target.display());
            match check(copy.path(), &world, &what) {
                (OpenOutcome::Opened, position) => behind += u32::from(position < world.state.seq),
                _ => noticed += 1,
            }
        }
    }
    // Else the damages were not such as put the answers to the test.
    assert!(noticed > 0 && behind > 0, "noticed {noticed}, behind {behind}");
}

#[test]
fn files_that_change_while_they_are_open() {
    let mut world = World::of(22, 100);
    let (dir, index) = followed(&world);
    drop(index);
    let mut dice = Dice::new(22);
    for round in 0..10 {
        let copy = copied(dir.path());
        let index = opened(copy.path());
        for file in files(copy.path()) {
            let mut bytes = fs::read(&file).unwrap();
            for _ in 0..50 {
                let place = dice.below(bytes.len());
                bytes[place] ^= 0x55;
            }
            fs::write(&file, bytes).unwrap();
        }
        world.grow(3);
        assert_honest(&index, &world, &format!("round {round}"));
    }
}

#[test]
fn a_process_that_was_killed_leaves_a_part_that_is_made_up_for() {
    let mut world = World::of(23, 100);
    let (dir, index) = followed(&world);
    for round in 0..6 {
        world.grow(15);
        index.follow(&world.journal).unwrap();
        if round % 3 == 0 {
            index.flush().unwrap();
        }
        // What a killed process leaves is what it had handed to the operating system.
        let copy = copied(dir.path());
        let (after, _) = HistoryIndex::open(copy.path()).unwrap();
        assert!(after.position() <= index.position());
        assert!(round % 3 > 0 || after.position() == index.position());
        assert_honest(&after, &world, &format!("round {round}"));
    }
}
