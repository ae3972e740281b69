//! The whole program on a disk that holds its breath, fails, fills up and loses power.

use std::collections::BTreeMap;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use p2k2::app::{App, Options, SubmitError};
use p2k2::clock::Clock;
use p2k2::command::{Actor, Command, RecordInput, Request};
use p2k2::decide::Refusal;
use p2k2::journal::fault::FaultDisk;
use p2k2::kelompok::KelompokId;
use p2k2::state::rollup::Totals;
use uuid::Uuid;

use crate::support::{PENDAMPING, district_commands, record, request, start};

/// Where the data directory lies on the disk in memory.
const DIR: &str = "/srv/data";
/// The day on which the tests' world begins.
const TODAY: Date = jiff::civil::date(2026, 11, 21);

fn opened(disk: &FaultDisk) -> Arc<App> {
    let disk = Arc::new(disk.clone());
    let clock = Clock::fixed(start());
    App::open(&Options { disk, index: None, ..Options::real(Path::new(DIR), clock) }).unwrap().0
}

/// A disk with the small district on it, and its program.
fn district() -> (FaultDisk, Arc<App>) {
    let disk = FaultDisk::new();
    let app = opened(&disk);
    for request in district_commands() {
        app.submit_blocking(request).unwrap();
    }
    (disk, app)
}

/// A record of the first kelompok by its pendamping.
fn one(id: u128, date: &str) -> Request {
    request(id, PENDAMPING, Command::Record(Box::new(record(date))))
}

fn totals(app: &App) -> Totals {
    app.state().totals("16.02".parse().unwrap(), TODAY)
}

/// How many of the kelompok's cells are tuntas, and how many records it has.
fn seen(app: &App) -> (u32, usize) {
    let covered = totals(app).cells.covered;
    (covered, app.state().group("OKI-1").unwrap().fakta.len())
}

#[test]
fn while_a_sync_is_held_back_readers_see_the_old_number_and_nobody_is_told() {
    let (disk, app) = district();
    assert_eq!(seen(&app), (0, 0));
    disk.hold_syncs();
    let submitter = {
        let app = Arc::clone(&app);
        std::thread::spawn(move || app.submit_blocking(one(50, "2026-11-20")))
    };
    disk.wait_for_held_sync();
    let before = app.state().clone();
    assert_eq!(seen(&app), (0, 0), "the line is written but not safe");
    assert!(!submitter.is_finished(), "nobody is told before it is safe");
    // A power cut at this moment is the reason: what was read could be gone.
    let cut = disk.copy();
    assert_eq!(*app.state(), before);
    disk.release_syncs();
    let done = submitter.join().unwrap().unwrap();
    assert_eq!(seen(&app), (1, 1));
    assert_eq!(done.seq, app.state().seq);
    // Whoever finds the line whole after a kill takes it, and the repeat is known.
    let again = opened(&cut);
    assert_eq!(seen(&again), (1, 1));
    assert!(again.submit_blocking(one(50, "2026-11-20")).unwrap().repeat);
}

#[test]
fn what_waits_behind_a_held_sync_is_decided_on_what_came_before() {
    let (disk, app) = district();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        disk.hold_syncs();
        let mut first = pin!(app.submit(one(50, "2026-11-20")));
        assert!(futures::poll!(first.as_mut()).is_pending());
        disk.wait_for_held_sync();
        let mut repeat = pin!(app.submit(one(50, "2026-11-20")));
        let mut other = pin!(app.submit(one(50, "2026-11-19")));
        assert!(futures::poll!(repeat.as_mut()).is_pending());
        assert!(futures::poll!(other.as_mut()).is_pending());
        disk.release_syncs();
        let first = first.await.unwrap();
        let repeat = repeat.await.unwrap();
        assert!(!first.repeat && repeat.repeat && first.seq == repeat.seq);
        let refused = other.await.unwrap_err();
        assert_eq!(refused, SubmitError::Refused(Refusal::SameIdOtherValues("id")));
    });
    assert_eq!(seen(&app), (1, 1));
}

#[test]
fn one_id_for_two_kelompok_at_the_same_moment_stands_once() {
    let (disk, app) = district();
    let mut other = record("2026-11-20");
    let kelompok: KelompokId = "OKI-2".parse().unwrap();
    other.kelompok = kelompok.clone();
    app.submit_blocking(second_kelompok(40, kelompok)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let outcomes = runtime.block_on(async {
        disk.hold_syncs();
        let mut first = pin!(app.submit(one(50, "2026-11-20")));
        assert!(futures::poll!(first.as_mut()).is_pending());
        disk.wait_for_held_sync();
        // Both wait now, so both come into the same batch.
        let two = request(60, PENDAMPING, Command::Record(Box::new(other)));
        let mut both =
            pin!(futures::future::join(app.submit(one(60, "2026-11-19")), app.submit(two)));
        assert!(futures::poll!(both.as_mut()).is_pending());
        disk.release_syncs();
        first.await.unwrap();
        both.await
    });
    let (Ok(kept), Err(refused)) = outcomes else { panic!("{outcomes:?}") };
    assert!(!kept.repeat);
    assert_eq!(refused, SubmitError::Refused(Refusal::SameIdOtherValues("id")));
    assert_eq!(app.state().group("OKI-2").unwrap().fakta.len(), 0);
    assert_eq!(seen(&app), (1, 2));
}

/// Another kelompok of the same pendamping.
fn second_kelompok(id: u128, kelompok: KelompokId) -> Request {
    let command = Command::CreateGroup {
        name: format!("Kenanga {kelompok}"),
        id: kelompok,
        desa: vec!["16.02.05.1001".parse().unwrap()],
        members: 25,
        start: "2025-01-01".parse().unwrap(),
        pendamping: Some("pendamping-1".parse().unwrap()),
    };
    request(id, Actor::System, command)
}

#[test]
fn after_a_failed_write_or_sync_nothing_more_is_acknowledged() {
    for (what, operation) in [("write", 1), ("sync", 2)] {
        let (disk, app) = district();
        app.submit_blocking(one(50, "2026-11-20")).unwrap();
        let before = app.state().clone();
        disk.fail_at(operation);
        let failed = app.submit_blocking(one(51, "2026-11-19"));
        assert_eq!(failed, Err(SubmitError::Stopped), "{what}");
        assert!(app.has_failed(), "{what}");
        assert!(!disk.call_off_failure(), "{what}: the failure came");
        // The disk works again, and it must not matter.
        for id in [51, 52] {
            let refused = app.submit_blocking(one(id, "2026-11-19"));
            assert_eq!(refused, Err(SubmitError::Stopped), "{what}");
        }
        assert_eq!(*app.state(), before, "{what}: what was not safe is not seen");
        assert!(app.close().is_err(), "{what}: this is no clean stop");
        drop(app);
        disk.lose_power(3);
        let again = opened(&disk);
        assert_eq!(seen(&again), (1, 1), "{what}: what was acknowledged is there");
        assert!(again.submit_blocking(one(50, "2026-11-20")).unwrap().repeat);
        assert!(!again.submit_blocking(one(51, "2026-11-19")).unwrap().repeat);
        assert_eq!(seen(&again), (1, 2));
    }
}

#[test]
fn everybody_who_waits_is_told_that_it_failed() {
    let (disk, app) = district();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let outcomes = runtime.block_on(async {
        disk.hold_syncs();
        let mut first = pin!(app.submit(one(50, "2026-11-20")));
        assert!(futures::poll!(first.as_mut()).is_pending());
        disk.wait_for_held_sync();
        // The sync that is held counts as an operation when it is let go.
        disk.fail_at(1);
        let waiting = (51..60).map(|id| app.submit(one(id, "2026-11-19")));
        let mut waiting = pin!(futures::future::join_all(waiting));
        assert!(futures::poll!(waiting.as_mut()).is_pending());
        disk.release_syncs();
        let mut outcomes = waiting.await;
        outcomes.push(first.await);
        outcomes
    });
    assert_eq!(outcomes, vec![Err(SubmitError::Stopped); 10]);
    assert_eq!(seen(&app), (0, 0));
}

#[test]
fn a_full_disk_is_said_reads_go_on_and_room_is_enough_to_recover() {
    let (disk, app) = district();
    app.submit_blocking(one(50, "2026-11-20")).unwrap();
    disk.set_full(true);
    for id in [51, 52] {
        let Err(SubmitError::Full(said)) = app.submit_blocking(one(id, "2026-11-19")) else {
            panic!("not refused as full")
        };
        assert!(said.contains("cakram penuh") && said.ends_with('.'), "{said}");
        assert_eq!((app.has_failed(), seen(&app)), (false, (1, 1)));
    }
    let text = app.texts().put("# Naskah\n").unwrap_err().to_string();
    assert!(text.contains("cakram penuh"), "{text}");
    // A repeat of what stands needs no room.
    assert!(app.submit_blocking(one(50, "2026-11-20")).unwrap().repeat);
    disk.set_full(false);
    assert!(!app.submit_blocking(one(51, "2026-11-19")).unwrap().repeat);
    app.texts().put("# Naskah\n").unwrap();
    app.close().unwrap();
    let state = app.state().clone();
    drop(app);
    let again = opened(&disk);
    assert_eq!(*again.state(), state);
    assert_eq!(seen(&again), (1, 2));
    assert!(again.submit_blocking(one(51, "2026-11-19")).unwrap().repeat);
}

#[test]
fn an_import_that_found_no_room_is_not_there_and_can_be_sent_again() {
    let (disk, app) = district();
    let places = district_commands().remove(1);
    let Command::Import(import) = &places.command else { panic!("{places:?}") };
    let mut import = import.clone();
    if let p2k2::decide::import::Rows::Wilayah(rows) = &mut import.rows {
        rows.iter_mut().for_each(|row| row.value.name.push_str(" Baru"));
    }
    let renamed = |id| request(id, Actor::System, Command::Import(import.clone()));
    let before = app.state().wilayah.clone();
    disk.set_full(true);
    assert!(matches!(app.submit_blocking(renamed(70)), Err(SubmitError::Full(_))));
    assert_eq!(app.state().wilayah, before);
    disk.set_full(false);
    assert!(!app.submit_blocking(renamed(70)).unwrap().repeat);
    assert!(app.submit_blocking(renamed(70)).unwrap().repeat);
    let state = app.state().clone();
    assert!(state.wilayah.values().all(|name| name.ends_with(" Baru")));
    drop(app);
    disk.kill();
    assert_eq!(*opened(&disk).state(), state);
}

/// How many people record at the same time.
const WRITERS: u32 = 4;

/// What one person sent: all of it, and how many of the first were acknowledged.
#[derive(Default)]
struct Told {
    sent: Vec<(Uuid, RecordInput)>,
    acknowledged: usize,
}

/// Records one after the other until the disk is gone.
fn work(app: &App, writer: u32) -> Told {
    let mut told = Told::default();
    loop {
        let number = u32::try_from(told.sent.len()).unwrap();
        let mut input = record("2026-11-20");
        input.kelompok = format!("UJI-{writer}").parse().unwrap();
        input.date = input.date.saturating_sub(i64::from(number % 400).days());
        input.note = format!("Catatan {writer} ke-{number}");
        (input.present, input.sick) = (20 + (number % 4) as u16, 3 - (number % 4) as u16);
        let id = 1_000 + u128::from(writer) * 1_000_000 + u128::from(number);
        let sent = request(id, PENDAMPING, Command::Record(Box::new(input.clone())));
        told.sent.push((sent.id, input));
        match app.submit_blocking(sent) {
            Ok(_) => told.acknowledged += 1,
            Err(SubmitError::Stopped) => return told,
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// What is wrong with the program on this disk, compared with what people were told.
fn complaint(disk: &FaultDisk, told: &[Told]) -> Option<String> {
    let disk = Arc::new(disk.clone());
    let options =
        Options { disk, index: None, ..Options::real(Path::new(DIR), Clock::fixed(start())) };
    let app = match App::open(&options) {
        Ok((app, _)) => app,
        Err(error) => return Some(format!("does not open: {error}")),
    };
    for (writer, told) in (0..).zip(told) {
        let Some(group) = app.state().group(&format!("UJI-{writer}")).cloned() else {
            return Some(format!("kelompok {writer} is gone"));
        };
        let mut found: BTreeMap<Uuid, _> = group.fakta.iter().map(|one| (one.id, one)).collect();
        for (at, (id, input)) in told.sent.iter().enumerate() {
            match found.remove(id) {
                Some(fakta) => {
                    let counts = (fakta.attendance.present, fakta.attendance.sick);
                    if fakta.date != input.date || counts != (input.present, input.sick) {
                        return Some(format!("record {at} of {writer} is another"));
                    }
                }
                None if at < told.acknowledged => {
                    return Some(format!("record {at} of {writer} is gone"));
                }
                None => {}
            }
        }
        if !found.is_empty() {
            return Some(format!("records of {writer} that nobody sent"));
        }
        let (id, input) = told.sent.last()?;
        let command = Command::Record(Box::new(input.clone()));
        let again = Request { id: *id, actor: PENDAMPING, now: start(), command };
        if let Err(error) = app.submit_blocking(again) {
            return Some(format!("the last of {writer} cannot be sent again: {error}"));
        }
    }
    None
}

/// A disk with a kelompok for each writer, all of it safe.
fn prepared() -> FaultDisk {
    let (disk, app) = district();
    for writer in 0..WRITERS {
        let kelompok = format!("UJI-{writer}").parse().unwrap();
        app.submit_blocking(second_kelompok(100 + u128::from(writer), kelompok)).unwrap();
    }
    app.close().unwrap();
    drop(app);
    disk.copy()
}

/// Everybody records until the power fails; the first complaint afterwards, and how many records
/// were acknowledged.
fn cut(prepared: &FaultDisk, seed: u64, ignore_sync: bool) -> (Option<String>, usize) {
    let disk = prepared.copy();
    let app = opened(&disk);
    disk.ignore_sync(ignore_sync);
    disk.power_off_at(30 + seed * 37 % 210);
    let told: Vec<Told> = std::thread::scope(|scope| {
        let app = &app;
        let start = |writer| scope.spawn(move || work(app, writer));
        let writers: Vec<_> = (0..WRITERS).map(start).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    assert!(app.has_failed() && app.close().is_err());
    drop(app);
    disk.ignore_sync(false);
    disk.lose_power(seed);
    (complaint(&disk, &told), told.iter().map(|one| one.acknowledged).sum())
}

#[test]
fn a_power_cut_loses_no_acknowledged_record() {
    let prepared = prepared();
    let mut acknowledged = 0;
    for seed in 0..100 {
        let (complaint, records) = cut(&prepared, seed, false);
        assert_eq!(complaint, None, "seed {seed}");
        acknowledged += records;
    }
    assert!(acknowledged > 5_000, "{acknowledged} records are too few to mean anything");
}

#[test]
fn without_the_sync_a_power_cut_is_noticed() {
    let prepared = prepared();
    let red = (0..30).filter(|seed| cut(&prepared, *seed, true).0.is_some()).count();
    assert!(red >= 29, "only {red} of 30 rounds noticed that nothing was synced");
}
