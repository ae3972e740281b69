//! The history of a kelompok: the journal's, or none at all.

mod damage;
mod world;

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use p2k2::event::{Event, LineInfo};
use p2k2::ids::{AccountId, Digest};
use p2k2::index::{
    Entry, HistoryIndex, IndexError, OpenOutcome, OutOfStep, Window, recount, year_of,
};
use p2k2::journal::{Head, Journal, NewLine, read_effective};
use tempfile::{TempDir, tempdir};

use world::{ALL, Dice, World};

fn opened(dir: &Path) -> HistoryIndex {
    HistoryIndex::open(dir).unwrap().0
}

fn followed(world: &World) -> (TempDir, HistoryIndex) {
    let dir = tempdir().unwrap();
    let index = opened(dir.path());
    index.follow(&world.journal).unwrap();
    (dir, index)
}

/// Every answer is that of the journal.
fn assert_in_step(index: &HistoryIndex, world: &World) {
    for (id, last_seq, truth) in &world.histories {
        assert_eq!(index.history(id, *last_seq).as_ref(), Ok(truth), "{id}");
        assert!(!truth.is_empty());
    }
    for (by, truth) in &world.work {
        assert_eq!(index.audit(*by, ALL, world.state.seq).as_ref(), Ok(truth), "{by:?}");
    }
}

/// The lines in the order in which they take effect, each with the position of its effect.
fn effective(world: &World) -> Vec<((LineInfo, Vec<Event>), u64)> {
    let mut lines = Vec::new();
    read_effective(&world.journal, 1, &mut |line, position| {
        let info = LineInfo {
            seq: line.seq,
            at: line.at,
            by: line.by.map(AccountId),
            command: line.cmd,
            digest: Digest(*line.digest.as_bytes()),
        };
        lines.push(((info, line.events().unwrap()), position));
        ControlFlow::Continue(())
    })
    .unwrap();
    lines
}

fn head_at(world: &World, seq: u64) -> Head {
    let line = world.journal.line(seq).unwrap();
    Head { seq, hash: line.map(|line| line.hash).unwrap_or_default() }
}

#[test]
fn answers_are_those_of_the_journal_and_agree_with_the_state() {
    let mut kinds = HashSet::new();
    for seed in 0..6 {
        let world = World::of(seed, 260);
        let (dir, index) = followed(&world);
        assert_in_step(&index, &world);
        assert_eq!(index.head(), world.journal.head());
        assert_eq!(index.position(), world.state.seq);
        for (id, stored, _) in &world.histories {
            for wanted in [0, stored - 1, stored + 1] {
                let error = index.history(id, wanted).unwrap_err();
                assert_eq!(error, OutOfStep::Position { stored: *stored, wanted });
            }
        }
        drop(index);
        let (index, outcome) = HistoryIndex::open(dir.path()).unwrap();
        assert_eq!(outcome, OpenOutcome::Opened);
        assert_in_step(&index, &world);
        kinds.extend(world.kinds);
    }
    assert_eq!(kinds.len(), 13, "each kind of event that can concern a kelompok came about");
}

#[test]
fn a_year_holds_what_is_about_it() {
    let world = World::of(3, 300);
    let (_dir, index) = followed(&world);
    for (id, last_seq, all) in &world.histories {
        let mut found = 0;
        for year in 2020..2030 {
            let entries = index.year(id, year, *last_seq).unwrap();
            let of_year = |entry: &&Entry| year_of(&entry.event, entry.at) == year;
            assert_eq!(entries, all.iter().filter(of_year).cloned().collect::<Vec<_>>());
            found += entries.len();
        }
        assert_eq!(found, all.len());
        assert!(index.year(id, 2024, last_seq + 1).is_err());
    }
}

#[test]
fn the_work_of_an_account_is_listed_newest_first() {
    let world = World::of(4, 400);
    let (_dir, index) = followed(&world);
    let mut dice = Dice::new(4);
    for (by, all) in &world.work {
        for _ in 0..20 {
            let before = dice.below(450) as u64;
            let window = Window { before, limit: dice.below(60) };
            let seqs = index.audit(*by, window, world.state.seq).unwrap();
            let wanted = all.iter().filter(|seq| **seq < before).take(window.limit);
            assert_eq!(seqs, wanted.copied().collect::<Vec<_>>(), "{by:?} {window:?}");
            assert_eq!(seqs, recount(&world.journal, *by, window).unwrap());
        }
    }
    let late = index.audit(None, ALL, world.state.seq + 1).unwrap_err();
    let (stored, wanted) = (world.state.seq, world.state.seq + 1);
    assert_eq!(late, OutOfStep::Position { stored, wanted });
}

#[test]
fn lines_may_come_in_any_parts_and_again() {
    let world = World::of(5, 400);
    let lines = effective(&world);
    for part in [1, 7, 50, 1_000] {
        let dir = tempdir().unwrap();
        let index = opened(dir.path());
        for _ in 0..2 {
            for chunk in lines.chunks(part) {
                let (chunk, positions): (Vec<_>, Vec<_>) = chunk.iter().cloned().unzip();
                let complete = |at: &usize| chunk[*at].0.seq == positions[*at];
                let last = (0..chunk.len()).rev().find(complete);
                let head = last.map_or(index.head(), |at| head_at(&world, positions[at]));
                index.add(&chunk, head).unwrap();
            }
            assert_in_step(&index, &world);
        }
        assert!(index.is_sound());
    }
}

#[test]
fn an_index_behind_the_journal_says_so() {
    let mut world = World::of(6, 300);
    let (_dir, index) = followed(&world);
    let before: HashMap<_, _> =
        world.histories.iter().map(|(id, last_seq, _)| (id.clone(), *last_seq)).collect();
    world.grow(12);
    let mut behind = 0;
    for (id, wanted, truth) in &world.histories {
        let (stored, wanted) = (before.get(id).copied().unwrap_or(0), *wanted);
        match index.history(id, wanted) {
            Ok(entries) => assert_eq!(entries, *truth),
            Err(error) => {
                assert_eq!(error, OutOfStep::Position { stored, wanted });
                behind += 1;
            }
        }
    }
    assert!(behind > 0 && behind < world.histories.len());
    assert!(index.audit(None, ALL, world.state.seq).is_err());
    index.follow(&world.journal).unwrap();
    assert_in_step(&index, &world);
    assert_eq!(index.follow(&world.journal).unwrap().lines, 0);
}

#[test]
fn an_index_of_another_journal_is_emptied() {
    let (one, other, short) = (World::of(7, 100), World::of(8, 100), World::of(9, 20));
    let dir = tempdir().unwrap();
    let index = opened(dir.path());
    assert!(!index.follow(&one.journal).unwrap().forgotten);
    assert!(index.follow(&other.journal).unwrap().forgotten);
    assert_in_step(&index, &other);
    assert!(index.follow(&short.journal).unwrap().forgotten);
    assert_in_step(&index, &short);
}

#[test]
fn after_a_redaction_no_text_is_left() {
    let mut world = World::of(10, 200);
    let (dir, index) = followed(&world);
    let (id, _, truth) = world.histories[0].clone();
    let seqs: Vec<u64> = truth.iter().map(|entry| entry.seq).collect();
    let line = NewLine { redacts: seqs.clone(), ..world.line(None) };
    world.append(line);
    world.journal.redact(&seqs).unwrap();
    world.grow(1);

    let stores = || {
        let names = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name != "lock").collect::<Vec<_>>()
    };
    let before = stores();
    index.forget_all().unwrap();
    assert_eq!(index.position(), 0);
    assert!(stores().iter().all(|name| !before.contains(name)), "the old files are gone");
    let last_seq = world.histories[0].1;
    assert!(index.history(&id, last_seq).is_err());
    index.follow(&world.journal).unwrap();
    assert_in_step(&index, &world);
    let shown = format!("{:?}", index.history(&id, last_seq).unwrap());
    assert!(shown.contains("Redacted"));
}

#[test]
fn the_longest_notes_are_kept_whole() {
    let mut world = World::new(11);
    world.text_chars = 1_000;
    world.grow(250);
    let (dir, index) = followed(&world);
    assert_in_step(&index, &world);
    drop(index);
    assert_in_step(&opened(dir.path()), &world);
}

#[test]
fn readers_see_a_whole_history_or_none_while_it_is_written() {
    let world = World::of(12, 600);
    let lines = effective(&world);
    let dir = tempdir().unwrap();
    let index = opened(dir.path());
    let done = AtomicBool::new(false);
    let read = || {
        let mut answers = 0;
        while !done.load(Ordering::Relaxed) {
            for (id, _, all) in &world.histories {
                // Whatever the last line is by now, what comes with it is a part of the truth.
                let Err(OutOfStep::Position { stored, .. }) = index.history(id, 0) else {
                    continue;
                };
                if let Ok(entries) = index.history(id, stored) {
                    assert!(entries.iter().all(|entry| all.contains(entry)), "{id}");
                    assert!(entries.iter().any(|entry| entry.seq == stored), "{id}");
                    answers += 1;
                }
            }
        }
        answers
    };
    let answers: u32 = std::thread::scope(|scope| {
        let readers = [scope.spawn(read), scope.spawn(read)];
        for (line, _) in &lines {
            index.add(std::slice::from_ref(line), head_at(&world, line.0.seq)).unwrap();
        }
        done.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap()).sum()
    });
    assert!(answers > 0);
    assert!(index.is_sound());
}

#[test]
fn a_directory_belongs_to_one_process() {
    let dir = tempdir().unwrap();
    let index = opened(dir.path());
    let second = HistoryIndex::open(dir.path()).map(drop).unwrap_err();
    assert!(matches!(second, IndexError::InUse(_)));
    assert!(second.to_string().contains("sedang dipakai"));
    drop(index);
    opened(dir.path());
}

#[test]
fn a_directory_that_cannot_be_used_is_named() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("berkas");
    std::fs::write(&path, "bukan direktori").unwrap();
    let error = HistoryIndex::open(&path).map(drop).unwrap_err();
    assert!(matches!(error, IndexError::Io { .. }));
    assert!(error.to_string().contains("berkas"));
}
