//! Taking a private text out of the record, also when it is interrupted.

use std::path::Path;

use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{Damage, Finding, Journal, JournalError, NewLine, Severity};
use p2k2::private::Private;

use super::{DIR, append, line, lines, open, opened, read_all, same, verified};

/// The text that line 6 keeps private.
const SECRET: &[u8] = b"catatan rahasia 6 ";

/// Several segments, and at the end a line that orders line 6 (and 9) to be blanked.
fn ordered() -> FaultDisk {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    for first in (1..40).step_by(4) {
        append(&journal, &lines(first, first + 3)).unwrap();
    }
    append(&journal, &[NewLine { redacts: vec![6, 9], ..line(41) }]).unwrap();
    disk.kill();
    disk
}

fn holds_secret(disk: &FaultDisk) -> bool {
    let holds = |bytes: Vec<u8>| bytes.windows(SECRET.len()).any(|window| window == SECRET);
    disk.paths().iter().filter_map(|path| disk.contents(path)).any(holds)
}

fn found(disk: &FaultDisk) -> Vec<Finding> {
    verified(disk, &[])
}

/// Everything is as it was, but for the two blanked lines.
fn assert_blanked(disk: &FaultDisk, when: &str) {
    let journal = opened(disk);
    let read = read_all(&journal).unwrap();
    assert_eq!(read.len(), 41, "{when}");
    for each in &read[..40] {
        let blank = each.seq == 6 || each.seq == 9;
        assert_eq!(each.redacted, blank, "{when}: {}", each.seq);
        assert_eq!(same(each, &line(each.seq)), !blank, "{when}: {}", each.seq);
    }
    let events: Vec<serde_json::Value> = read[5].events().unwrap();
    assert_eq!(events[1]["note"], serde_json::json!(Private::Redacted), "{when}");
    assert_eq!(events[0]["nomor"], 6, "{when}: the open part stays");
    assert!(!holds_secret(disk), "{when}");
    assert_eq!(found(disk), vec![], "{when}");
}

#[test]
fn a_start_completes_what_was_ordered() {
    let disk = ordered();
    assert!(holds_secret(&disk), "the text was there before");
    let notes = found(&disk);
    assert!(notes.iter().all(|n| n.severity == Severity::Note && n.what == Damage::RedactionOpen));
    assert_eq!(notes.len(), 2);
    let (journal, report) = open(&disk).unwrap();
    assert_eq!(report.redacted, [6, 9]);
    let head = journal.head();
    drop(journal);
    disk.lose_power(3);
    assert_blanked(&disk, "after the start");
    let (journal, report) = open(&disk).unwrap();
    assert_eq!(journal.head(), head, "the chain does not notice");
    assert!(report.redacted.is_empty());
    journal.redact(&[9, 6]).unwrap();
    append(&journal, &[line(42)]).unwrap();
}

#[test]
fn a_redaction_of_the_last_segment_does_not_disturb_the_writing() {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    append(&journal, &lines(1, 6)).unwrap();
    assert!(matches!(journal.redact(&[6]), Err(JournalError::NotNamed(6))));
    assert!(holds_secret(&disk));
    append(&journal, &[NewLine { redacts: vec![6], ..line(7) }]).unwrap();
    journal.redact(&[6]).unwrap();
    assert!(!holds_secret(&disk));
    append(&journal, &lines(8, 9)).unwrap();
    assert!(journal.line(6).unwrap().unwrap().redacted);
    assert!(same(&journal.line(9).unwrap().unwrap(), &line(9)));
    disk.lose_power(8);
    assert!(!holds_secret(&disk));
    assert_eq!(opened(&disk).head().seq, 9);
    assert_eq!(found(&disk), vec![]);
}

#[test]
fn a_power_cut_or_failure_at_any_point_leaves_it_to_the_next_start() {
    for cut in [true, false] {
        for n in 1.. {
            let disk = ordered();
            let before = disk.operations();
            if cut {
                disk.power_off_at(n);
            } else {
                disk.fail_at(n);
            }
            let outcome = open(&disk).map(drop);
            let over = disk.operations() - before < n;
            disk.lose_power(n);
            open(&disk).unwrap();
            disk.kill();
            assert_blanked(&disk, &format!("cut {cut} at {n}: {outcome:?}"));
            if over {
                assert!(outcome.is_ok() && n > 20, "{n}: {outcome:?}");
                break;
            }
        }
    }
}

#[test]
fn a_text_blanked_by_hand_is_found() {
    let disk = ordered();
    drop(opened(&disk));
    disk.kill();
    let file = Path::new(DIR).join("journal/000001.jsonl");
    let text = String::from_utf8(disk.contents(&file).unwrap()).unwrap();
    let by_hand: Vec<String> = text
        .lines()
        .map(|line| match (line.find(",\"p\":{"), line.rfind(",\"h\":\"")) {
            (Some(from), Some(to)) => format!("{},\"p\":null{}\n", &line[..from], &line[to..]),
            _ => format!("{line}\n"),
        })
        .collect();
    disk.damage(&file, by_hand.concat().as_bytes());
    let refused = open(&disk).map(drop).unwrap_err().to_string();
    assert!(refused.contains("(nomor 3)") && refused.contains("000001.jsonl"), "{refused}");
    assert!(found(&disk).iter().any(|f| f.seq == Some(3) && f.what == Damage::Blanked));
}
