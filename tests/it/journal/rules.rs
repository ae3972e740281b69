//! Appending, limits, the start, the lock, imports.

use std::path::Path;
use std::sync::Arc;
use std::thread;

use p2k2::journal::disk::RealDisk;
use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{
    BATCH_LINES_MAX, Damage, Events, Expected, FileJournal, Head, Import, Journal, JournalError,
    LINE_BYTES_MAX, NewLine, OpenBounds, SEGMENT_BYTES_MAX, read_effective, verify,
};
use p2k2::private::Private;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    DIR, append, bounded, bounds, import_line, line, lines, open, opened, read_all, read_from,
    same, seal_all, verified, verified_against,
};

/// Events as users could cause them, private texts in all places.
fn any_event() -> impl Strategy<Value = Value> {
    let text = "[ -~\u{e9}\u{1F600}\n\t\"\\\\{}~:]{0,40}";
    let leaf = prop_oneof![
        text.prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        text.prop_map(|t| json!(Private::from(t))),
        Just(json!(Private::Redacted)),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]{1,6}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_appended_is_read_back(
        batches in proptest::collection::vec(
            proptest::collection::vec(proptest::collection::vec(any_event(), 0..3), 1..9), 1..12),
    ) {
        let disk = FaultDisk::new();
        let journal = opened(&disk);
        let mut given = Vec::new();
        for batch in &batches {
            let start = given.len() as u64;
            let new: Vec<_> = batch.iter().zip(start + 1..).map(|(events, n)| {
                NewLine { events: Events::encode(events).unwrap(), ..line(n) }
            }).collect();
            let appended = journal.append(start, &new).unwrap();
            prop_assert_eq!(appended.first, start + 1);
            prop_assert_eq!(appended.head, journal.head());
            given.extend(new);
        }
        let before = journal.head();
        drop(journal);
        let journal = opened(&disk);
        prop_assert_eq!(journal.head(), before);
        let plain = read_all(&journal).unwrap();
        seal_all(&journal).unwrap();
        let read = read_all(&journal).unwrap();
        prop_assert_eq!(&read, &plain);
        prop_assert_eq!(read.len(), given.len());
        for (read, given) in read.iter().zip(&given) {
            prop_assert!(same(read, given), "{:?} is not {:?}", read, given);
            prop_assert_eq!(Some(read.clone()), journal.line(read.seq).unwrap());
        }
        for from in 1..=given.len() {
            prop_assert_eq!(read_from(&journal, from as u64).unwrap().len(), given.len() - from + 1);
        }
        prop_assert_eq!(verified(&disk, &[]), vec![]);
    }
}

#[test]
fn lines_are_found_by_number_across_marks_and_segments() {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    for first in (1..=400).step_by(8) {
        append(&journal, &lines(first, first + 7)).unwrap();
    }
    let segments =
        disk.paths().iter().filter(|p| p.to_string_lossy().contains("/journal/")).count();
    assert!(segments > 10, "{segments} segments");
    for round in 0..2 {
        let journal = if round == 0 { &journal } else { &reopened(&journal, &disk) };
        for seq in [1, 2, 63, 64, 65, 128, 129, 200, 399, 400] {
            let found = journal.line(seq).unwrap().unwrap();
            assert!(found.seq == seq && same(&found, &line(seq)), "{seq}");
        }
        assert_eq!(journal.line(0).unwrap(), None);
        assert_eq!(journal.line(401).unwrap(), None);
        assert_eq!(journal.line(9).unwrap().unwrap().batch, 9);
        assert_eq!(journal.line(16).unwrap().unwrap().batch, 9);
    }
}

fn reopened(journal: &FileJournal, disk: &FaultDisk) -> FileJournal {
    journal.close().unwrap();
    disk.kill();
    opened(disk)
}

#[test]
fn limits_are_refused_in_words_and_nothing_is_written() {
    let disk = FaultDisk::new();
    let journal = FileJournal::open(Arc::new(disk.clone()), Path::new(DIR), &OpenBounds::default());
    let journal = journal.unwrap().0;
    append(&journal, &lines(1, 3)).unwrap();
    let before = disk.copy();
    let long =
        |bytes: usize| NewLine { events: Events::encode(&["x".repeat(bytes)]).unwrap(), ..line(1) };
    let frame = {
        let probe = FaultDisk::new();
        append(&opened(&probe), &[long(100)]).unwrap();
        let file = probe.contents(&Path::new(DIR).join("journal/000001.jsonl")).unwrap();
        file.split(|byte| *byte == b'\n').nth(1).unwrap().len() + 1 - 100
    };
    let cases: [(&str, Vec<NewLine>, &str); 5] = [
        ("line", vec![line(4), long(LINE_BYTES_MAX - frame + 1)], "terlalu besar untuk satu"),
        ("batch", vec![line(4); BATCH_LINES_MAX + 1], "Terlalu banyak catatan sekaligus"),
        ("bytes", vec![long(60_000); SEGMENT_BYTES_MAX / 60_000 + 1], "sekaligus terlalu besar"),
        ("key", vec![with_events(&json!({"~": 4}))], "tanda khusus"),
        ("redaction of itself", vec![NewLine { redacts: vec![4], ..line(4) }], "nomor 4"),
    ];
    for (name, batch, sentence) in cases {
        let error = append(&journal, &batch).unwrap_err();
        assert!(error.to_string().contains(sentence), "{name}: {error}");
        assert_eq!(journal.head().seq, 3, "{name}");
    }
    for path in before.paths() {
        assert_eq!(disk.contents(&path), before.contents(&path), "{}", path.display());
    }
    let most = append(&journal, &[long(LINE_BYTES_MAX - frame)]).unwrap();
    assert_eq!(most.head.seq, 4, "the longest line is accepted");
    assert_eq!(append(&journal, &vec![line(5); BATCH_LINES_MAX]).unwrap().head.seq, 4100);
    assert_eq!(read_all(&journal).unwrap().len(), 4100);
    let blob = journal.put_blob(&vec![7; p2k2::journal::BLOB_BYTES_MAX + 1]).unwrap_err();
    assert!(blob.to_string().contains("terlalu besar"), "{blob}");
    journal.put_blob(&vec![7; p2k2::journal::BLOB_BYTES_MAX]).unwrap();
}

fn with_events(event: &Value) -> NewLine {
    NewLine { events: Events::encode(&[event]).unwrap(), ..line(4) }
}

#[test]
fn an_append_on_an_old_position_is_refused() {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    append(&journal, &lines(1, 2)).unwrap();
    for expected in [0, 1, 3] {
        let error = journal.append(expected, &[line(3)]).unwrap_err();
        assert!(matches!(error, JournalError::Position { actual: 2, .. }), "{error}");
    }
    assert_eq!(journal.append(2, &[]).unwrap().head.seq, 2);
    assert_eq!(journal.append(2, &[line(3)]).unwrap().first, 3);
}

#[test]
fn readers_see_only_what_is_synced_and_a_copy_taken_meanwhile_opens() {
    let disk = FaultDisk::new();
    let journal = Arc::new(opened(&disk));
    append(&journal, &lines(1, 5)).unwrap();
    let before = journal.head();
    disk.hold_syncs();
    let writer = thread::spawn({
        let journal = Arc::clone(&journal);
        move || append(&journal, &lines(6, 9)).unwrap()
    });
    disk.wait_for_held_sync();
    assert_eq!(journal.head(), before, "not yet synced");
    assert_eq!(read_all(&journal).unwrap().len(), 5);
    assert_eq!(journal.line(6).unwrap(), None);
    let copy = disk.copy();
    disk.release_syncs();
    assert_eq!(writer.join().unwrap().head, journal.head());
    assert_eq!(read_all(&journal).unwrap().len(), 9);
    let copied = read_all(&opened(&copy)).unwrap();
    assert_eq!(copied[..5], read_all(&journal).unwrap()[..5]);
}

#[test]
fn a_second_process_is_refused_in_one_sentence() {
    let directory = tempfile::tempdir().unwrap();
    let open = || FileJournal::open(Arc::new(RealDisk), directory.path(), &bounds());
    let (journal, _) = open().unwrap();
    append(&journal, &lines(1, 3)).unwrap();
    let refused = open().map(drop).unwrap_err();
    assert!(matches!(refused, JournalError::Locked(_)));
    assert!(refused.to_string().contains(&directory.path().display().to_string()), "{refused}");
    assert_eq!(
        verify(&RealDisk, directory.path(), &Expected::default(), &mut |_| Vec::new()).unwrap(),
        vec![]
    );
    journal.close().unwrap();
    assert!(matches!(append(&journal, &[line(4)]), Err(JournalError::Stopped)));
    assert_eq!(read_all(&journal).unwrap().len(), 3, "reading goes on after the close");
    drop(journal);
    let (journal, report) = open().unwrap();
    assert_eq!(journal.head().seq, 3);
    assert!(report.cut.is_none() && report.notes.is_empty());
}

#[test]
fn a_newer_format_is_refused() {
    let disk = FaultDisk::new();
    opened(&disk).close().unwrap();
    disk.kill();
    let file = Path::new(DIR).join("format");
    let now = String::from_utf8(disk.contents(&file).unwrap()).unwrap();
    disk.damage(&file, now.replace('1', "7").as_bytes());
    let refused = open(&disk).map(drop).unwrap_err();
    assert!(matches!(refused, JournalError::NewerFormat { found: 7, known: 1, .. }), "{refused}");
    disk.take_away(&file);
    let (_, report) = open(&disk).unwrap();
    assert_eq!(report.notes[0].what, Damage::FormatMissing, "each segment names it too");
    assert_eq!(disk.contents(&file).unwrap(), now.as_bytes());
}

#[test]
fn a_bad_end_that_somebody_knows_better_is_not_cut() {
    let file = Path::new(DIR).join("journal/000001.jsonl");
    let torn = |clean: bool| {
        let disk = FaultDisk::new();
        let journal = opened(&disk);
        append(&journal, &lines(1, 3)).unwrap();
        append(&journal, &lines(4, 5)).unwrap();
        let head = journal.head();
        if clean {
            journal.close().unwrap();
        }
        disk.kill();
        let bytes = disk.contents(&file).unwrap();
        disk.damage(&file, &bytes[..bytes.len() - 9]);
        (disk, head)
    };
    let (disk, head) = torn(false);
    let start = |disk: &FaultDisk, bounds: &OpenBounds| {
        FileJournal::open(Arc::new(disk.clone()), Path::new(DIR), bounds)
    };
    for seq in [5, 6] {
        let refused = start(&disk, &bounded("indeks riwayat", seq, None)).map(drop).unwrap_err();
        let said = refused.to_string();
        let named = ["journal/000001.jsonl", "baris 6", "nomor 5", "indeks riwayat"];
        assert!(named.iter().all(|part| said.contains(part)), "{said}");
    }
    assert!(start(&disk, &bounded("indeks riwayat", 4, Some(head.hash))).is_err(), "another line");
    let (journal, report) = start(&disk, &bounded("indeks riwayat", 4, None)).unwrap();
    assert_eq!(journal.head().seq, 4);
    let cut = report.cut.unwrap();
    assert_eq!((cut.line, cut.seq), (6, 5));
    assert_eq!(disk.contents(&Path::new(DIR).join(&cut.kept)).unwrap().len() as u64, cut.bytes);
    assert!(cut.to_string().contains("journal/000001.jsonl"));

    let (disk, _) = torn(true);
    let refused = start(&disk, &bounds()).map(drop).unwrap_err().to_string();
    assert!(refused.contains("tanda stop") && refused.contains("nomor 5"), "{refused}");
}

#[test]
fn a_printed_head_is_compared() {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    append(&journal, &lines(1, 4)).unwrap();
    let printed = journal.head().to_string();
    append(&journal, &lines(5, 6)).unwrap();
    let check = |head: &str| {
        let expected = Expected { head: Some(head.parse().unwrap()), ..Expected::default() };
        verified_against(&disk, &expected, &[]).unwrap()
    };
    assert_eq!(check(&printed), vec![]);
    assert_eq!(check(&printed.to_uppercase()), vec![]);
    let other = Head { seq: 4, ..journal.head() };
    assert!(matches!(check(&other.to_string())[..], [ref f] if f.seq == Some(4)));
    let beyond = Head { seq: 9, ..journal.head() };
    assert!(matches!(check(&beyond.to_string())[0].what, Damage::Short { head: 6, seq: 9, .. }));
}

#[test]
fn an_import_counts_only_once_it_is_closed() {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let part = |n, id| import_line(n, Import::Part(id));
    append(&journal, &[line(1), part(2, a), part(3, b)]).unwrap();
    append(&journal, &[line(4), part(5, a)]).unwrap();
    let effective = |from| {
        let mut seen = Vec::new();
        let read = read_effective(&journal, from, &mut |line, at| {
            seen.push((line.seq, at));
            std::ops::ControlFlow::Continue(())
        });
        read.map(|()| seen)
    };
    assert_eq!(effective(1).unwrap(), [(1, 1), (4, 4)]);
    append(&journal, &[import_line(6, Import::Close { id: a, first: 2, lines: 2 }), line(7)])
        .unwrap();
    assert_eq!(effective(1).unwrap(), [(1, 1), (4, 4), (2, 6), (5, 6), (6, 6), (7, 7)]);
    assert_eq!(effective(5).unwrap(), [(2, 6), (5, 6), (6, 6), (7, 7)], "also those before");
    assert_eq!(verified(&disk, &[]), vec![]);
    append(&journal, &[import_line(8, Import::Close { id: b, first: 3, lines: 9 })]).unwrap();
    assert!(matches!(effective(7), Err(JournalError::Import { seq: 8, expected: 9, found: 1 })));
    let findings = verified(&disk, &[]);
    assert!(matches!(findings[..], [ref f] if f.seq == Some(8)), "{findings:?}");
    let redacting = NewLine { redacts: vec![3], ..part(9, a) };
    assert!(matches!(append(&journal, &[redacting]), Err(JournalError::NotNamed(3))));
}

#[test]
fn an_import_that_ends_while_somebody_reads_comes_whole_or_not_at_all() {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    let id = Uuid::from_u128(1);
    let part = |n| import_line(n, Import::Part(id));
    append(&journal, &[line(1), part(2), part(3)]).unwrap();
    let mut seen = Vec::new();
    let read = read_effective(&journal, 1, &mut |read, at| {
        if seen.is_empty() {
            let close = import_line(5, Import::Close { id, first: 2, lines: 3 });
            append(&journal, &[part(4), close]).unwrap();
        }
        seen.push((read.seq, at));
        std::ops::ControlFlow::Continue(())
    });
    read.unwrap();
    assert_eq!(seen, [(1, 1)], "the reading began before");
    let mut again = Vec::new();
    let read = read_effective(&journal, 1, &mut |read, at| {
        again.push((read.seq, at));
        std::ops::ControlFlow::Continue(())
    });
    read.unwrap();
    assert_eq!(again, [(1, 1), (2, 5), (3, 5), (4, 5), (5, 5)]);
}
