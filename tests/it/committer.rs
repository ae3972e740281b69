//! The committer on a disk that can fail: what is acknowledged, and what readers see meanwhile.

use std::path::Path;
use std::sync::Arc;

use p2k2::app::{App, Options, SubmitError};
use p2k2::clock::Clock;
use p2k2::command::Command;
use p2k2::decide::{self, Refusal};
use p2k2::journal::Journal;

use crate::support::{PENDAMPING, district_commands, record, request, start};

fn options(dir: &Path) -> Options {
    Options { clock: Clock::fixed(start()), ..Options::real(dir, Clock::fixed(start())) }
}

/// Brings a store to the state of the small district.
fn district(app: &App) {
    for request in district_commands() {
        app.submit_blocking(request).unwrap();
    }
}

#[test]
fn what_was_acknowledged_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let (app, _) = App::open(&options(dir.path())).unwrap();
    district(&app);
    let one = request(50, PENDAMPING, Command::Record(Box::new(record("2026-11-20"))));
    let done = app.submit_blocking(one.clone()).unwrap();
    assert!(!done.repeat);
    let before = app.state().clone();
    app.close().unwrap();
    drop(app);
    let (app, report) = App::open(&options(dir.path())).unwrap();
    assert_eq!(report.cut, None);
    assert_eq!(*app.state(), before);
    let again = app.submit_blocking(one).unwrap();
    assert!(again.repeat && again.seq == done.seq);
}

#[test]
fn a_second_process_is_refused_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let (_app, _) = App::open(&options(dir.path())).unwrap();
    let Err(error) = App::open(&options(dir.path())) else { panic!("opened twice") };
    let text = error.to_string();
    assert!(text.contains("sedang dipakai"), "{text}");
}

#[test]
fn many_writers_get_one_line_each_and_clashing_commands_keep_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let (app, _) = App::open(&options(dir.path())).unwrap();
    district(&app);
    let app = Arc::new(app);
    std::thread::scope(|scope| {
        for writer in 0..8_u128 {
            let app = Arc::clone(&app);
            scope.spawn(move || {
                for at in 0..25_u128 {
                    let mut input = record("2026-11-20");
                    input.date = input.date.saturating_sub(jiff::ToSpan::days(at as i64));
                    let id = 1_000 + writer * 100 + at;
                    let one = request(id, PENDAMPING, Command::Record(Box::new(input)));
                    app.submit_blocking(one).unwrap();
                }
            });
        }
    });
    assert_eq!(app.state().group("OKI-1").unwrap().fakta.len(), 200);
}

/// One batch is written while the one before is still being folded in; nobody may notice.
#[test]
fn who_was_answered_sees_it_and_a_restart_finds_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let (app, _) = App::open(&options(dir.path())).unwrap();
    district(&app);
    let system = |id, command| request(id, p2k2::command::Actor::System, command);
    for writer in 0..8_u128 {
        let create = Command::CreateGroup {
            id: format!("UJI-{writer}").parse().unwrap(),
            name: format!("Kenanga {writer}"),
            desa: vec!["16.02.05.1001".parse().unwrap()],
            members: 25,
            start: "2025-01-01".parse().unwrap(),
            pendamping: Some("pendamping-1".parse().unwrap()),
        };
        app.submit_blocking(system(500 + writer, create)).unwrap();
    }
    std::thread::scope(|scope| {
        for writer in 0..8_u128 {
            let app = &app;
            scope.spawn(move || {
                for at in 0..40_u128 {
                    let mut input = record("2026-11-20");
                    input.kelompok = format!("UJI-{writer}").parse().unwrap();
                    input.date = input.date.saturating_sub(jiff::ToSpan::days(at as i64));
                    // Another number of members opens a check, which bears on more than the kelompok.
                    if at % 7 == 0 {
                        input.members = Some(26);
                        input.present += 1;
                    }
                    let id = 1_000 + writer * 100 + at;
                    let one = request(id, PENDAMPING, Command::Record(Box::new(input)));
                    let done = app.submit_blocking(one.clone()).unwrap();
                    let found = app.state().pertemuan(one.id).map(|(_, fakta)| fakta.first_seq);
                    assert_eq!(found, Some(done.seq));
                    if at % 9 == 0 {
                        let again = app.submit_blocking(one).unwrap();
                        assert!(again.repeat && again.seq == done.seq);
                    }
                }
            });
        }
        scope.spawn(|| {
            for at in 0..20_u128 {
                let name = Command::ChangeAccount {
                    id: p2k2::ids::AccountId(1),
                    name: Some(format!("Sari {at}")),
                    grants: None,
                    disabled: None,
                };
                app.submit_blocking(system(5_000 + at, name)).unwrap();
            }
        });
    });
    let before = app.state().clone();
    assert_eq!(before.seq, app.journal().head().seq);
    app.close().unwrap();
    drop(app);
    let (app, _) = App::open(&Options { snapshots: false, ..options(dir.path()) }).unwrap();
    assert_eq!(*app.state(), before);
}

#[test]
fn a_refusal_reaches_the_one_who_asked() {
    let dir = tempfile::tempdir().unwrap();
    let (app, _) = App::open(&options(dir.path())).unwrap();
    district(&app);
    let mut input = record("2026-11-20");
    input.kind = "rapat".to_owned();
    let one = request(50, PENDAMPING, Command::Record(Box::new(input)));
    let expected = decide::decide(&app.state(), &one).unwrap_err();
    let Err(SubmitError::Refused(found)) = app.submit_blocking(one) else { panic!("accepted") };
    assert_eq!(found, expected);
    assert!(matches!(found, Refusal::Invalid(_)));
}

#[test]
fn a_redacted_note_is_gone_from_the_files_and_the_rest_stands() {
    let dir = tempfile::tempdir().unwrap();
    let (app, _) = App::open(&options(dir.path())).unwrap();
    district(&app);
    let mut input = record("2026-11-20");
    input.note = "catatan yang harus hilang".to_owned();
    let one = request(50, PENDAMPING, Command::Record(Box::new(input)));
    let seq = app.submit_blocking(one).unwrap().seq;
    assert!(app.redact(&[seq + 5], "permintaan keluarga").is_err());
    assert!(app.redact(&[seq], " ").is_err());
    app.redact(&[seq], "permintaan keluarga").unwrap();
    app.close().unwrap();
    drop(app);
    let journal = std::fs::read_to_string(dir.path().join("journal/000001.jsonl")).unwrap();
    assert!(!journal.contains("harus hilang") && journal.contains("permintaan keluarga"));
    let (app, _) = App::open(&options(dir.path())).unwrap();
    assert_eq!(app.state().group("OKI-1").unwrap().fakta.len(), 1);
    let history = app.history(&"OKI-1".parse().unwrap()).unwrap();
    let shown = format!("{history:?}");
    assert!(shown.contains("Redacted") && !shown.contains("harus hilang"), "{shown}");
}

#[test]
fn an_index_that_has_much_to_read_is_never_wrong_meanwhile() {
    let dir = tempfile::tempdir().unwrap();
    let id = "OKI-1".parse().unwrap();
    let write = |app: &App, from: u128| {
        for at in from..from + 20 {
            let mut input = record("2026-11-20");
            input.note = format!("catatan {at}");
            let one = request(100 + at, PENDAMPING, Command::Record(Box::new(input)));
            app.submit_blocking(one).unwrap();
        }
    };
    let (app, _) = App::open(&options(dir.path())).unwrap();
    district(&app);
    write(&app, 0);
    app.close().unwrap();
    drop(app);
    for round in 1..6 {
        std::fs::remove_dir_all(dir.path().join("index")).unwrap();
        let (app, _) = App::open(&Options { index_far: 0, ..options(dir.path()) }).unwrap();
        write(&app, round * 20);
        let shown = app.history(&id).unwrap();
        assert_eq!(shown, p2k2::index::refold(app.journal().as_ref(), &id).unwrap());
        // Closed while it reads, in some rounds; the next start goes on from there.
        app.close().unwrap();
        drop(app);
        let (app, _) = App::open(&options(dir.path())).unwrap();
        assert_eq!(app.history(&id).unwrap(), shown);
        app.close().unwrap();
    }
}

#[test]
fn a_history_is_the_same_from_the_index_and_from_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    let (app, _) = App::open(&options(dir.path())).unwrap();
    district(&app);
    let id = "OKI-1".parse().unwrap();
    for at in 0..30_u128 {
        let mut input = record("2026-11-20");
        input.note = format!("catatan {at}");
        let one = request(100 + at, PENDAMPING, Command::Record(Box::new(input)));
        app.submit_blocking(one).unwrap();
        // Read at once: some of it still waits for the index.
        let told = app.history(&id).unwrap();
        assert!(format!("{:?}", told.last()).contains(&format!("catatan {at}\"")), "{at}");
    }
    let told = app.history(&id).unwrap();
    let slow = p2k2::index::refold(app.journal().as_ref(), &id).unwrap();
    assert_eq!(told, slow);
}
