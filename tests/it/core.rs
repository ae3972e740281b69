//! The pure core: what is accepted, what is refused, and what the numbers do.

use p2k2::command::{Actor, Command, RecordInput, Request};
use p2k2::decide::{Decision, Refusal};
use p2k2::event::{Event, LineInfo};
use p2k2::kelompok::coverage::Status;
use p2k2::kelompok::pertemuan::Extent;
use p2k2::kelompok::wilayah::Kode;
use p2k2::state::State;
use p2k2::state::rollup::Per;
use proptest::prelude::*;

use crate::support::{PENDAMPING, STRANGER, SUPERVISOR, World, record, request};

fn refused(world: &mut World, actor: Actor, input: RecordInput) -> Refusal {
    let before = world.state.clone();
    let refusal = world.run(&request(99, actor, Command::Record(Box::new(input)))).unwrap_err();
    assert_eq!(world.state, before, "a refused command changed something");
    refusal
}

#[test]
fn every_bad_record_is_refused_with_its_field() {
    let mut world = World::district();
    type Change = fn(&mut RecordInput);
    let cases: [(&str, &str, Change); 18] = [
        ("date", "belum terjadi", |one| one.date = "2026-11-22".parse().unwrap()),
        ("date", "lebih awal", |one| one.date = "2024-12-31".parse().unwrap()),
        ("kind", "tidak dikenal", |one| one.kind = "rapat".to_owned()),
        ("sesi.0.id", "tidak dikenal", |one| one.sesi[0].sesi = "sesi-z".parse().unwrap()),
        ("sesi.0.edition", "belum pernah terbit", |one| one.sesi[0].edition = Some(7)),
        ("sesi.0.langkah", "tidak ada", |one| one.sesi[0].langkah = vec![40]),
        ("sesi.1", "dua kali", |one| one.sesi.push(one.sesi[0].clone())),
        ("sesi", "paling sedikit satu", |one| one.sesi.clear()),
        ("present", "seharusnya 25", |one| one.present = 19),
        ("members", "Anggota hari itu", |one| one.present = 27),
        ("present", "Kurangi Hadir menjadi 20", |one| {
            (one.present, one.sick, one.absent) = (25, 3, 2)
        }),
        ("members", "Anggota hari itu", |one| (one.present, one.sick, one.absent) = (25, 20, 6)),
        ("members", "lebih dari 20 anggota", |one| one.members = Some(20)),
        ("absent_seats", "berjumlah 5", |one| one.absent_seats = vec![1, 2]),
        ("absent_seats", "dimulai dari 1", |one| one.absent_seats = vec![0, 1, 2, 3, 4]),
        ("note", "16 angka", |one| one.note = "NIK 3520 0712 3456 7890".to_owned()),
        ("note", "paling banyak 1.000", |one| one.note = "x".repeat(10_000_000)),
        ("end", "sesudah jam mulai", |one| {
            one.start = Some(jiff::civil::time(10, 0, 0, 0));
            one.end = Some(jiff::civil::time(9, 0, 0, 0));
        }),
    ];
    for (field, words, change) in cases {
        let mut input = record("2026-11-20");
        change(&mut input);
        let refusal = refused(&mut world, PENDAMPING, input);
        let Refusal::Invalid(errors) = refusal else { panic!("{field}: {refusal:?}") };
        assert_eq!(errors[0].field, field, "{errors:?}");
        assert!(errors[0].message.contains(words), "{errors:?}");
    }
}

#[test]
fn a_kelompok_of_others_looks_absent() {
    let mut world = World::district();
    let mut unknown = record("2026-11-20");
    unknown.kelompok = "TIDAK-ADA".parse().unwrap();
    let absent = refused(&mut world, PENDAMPING, unknown);
    let forbidden = refused(&mut world, STRANGER, record("2026-11-20"));
    assert_eq!(absent, forbidden);
    assert!(matches!(refused(&mut world, SUPERVISOR, record("2026-11-20")), Refusal::Forbidden(_)));
}

#[test]
fn the_same_record_twice_is_one_record() {
    let mut world = World::district();
    let send = |world: &mut World, actor, input: RecordInput| {
        world.run(&request(50, actor, Command::Record(Box::new(input))))
    };
    let first = send(&mut world, PENDAMPING, record("2026-11-20")).unwrap();
    assert!(matches!(first, Decision::Events(_)));
    let seq = world.state.seq;
    assert_eq!(send(&mut world, PENDAMPING, record("2026-11-20")), Ok(Decision::Repeat(seq)));
    let other = record("2026-11-19");
    assert_eq!(send(&mut world, PENDAMPING, other), Err(Refusal::SameIdOtherValues("id")));
    assert!(matches!(send(&mut world, STRANGER, record("2026-11-20")), Err(Refusal::NotFound(_))));
    // The repeat gets the same answer for ever, also after a withdrawal.
    let (_, fakta) = world.state.pertemuan(uuid::Uuid::from_u128(50)).unwrap();
    let version = fakta.version;
    let withdraw = Command::Withdraw {
        id: uuid::Uuid::from_u128(50),
        reason: "salah kelompok".into(),
        version,
    };
    world.run(&request(51, PENDAMPING, withdraw)).unwrap();
    assert_eq!(send(&mut world, PENDAMPING, record("2026-11-20")), Ok(Decision::Repeat(seq)));
}

#[test]
fn a_stale_correction_is_refused_and_a_fresh_one_keeps_the_first_receipt() {
    let mut world = World::district();
    let id = uuid::Uuid::from_u128(50);
    world.run(&request(50, PENDAMPING, Command::Record(Box::new(record("2026-11-20"))))).unwrap();
    let received = world.state.pertemuan(id).unwrap().1.received;
    let correct = |version, present| {
        let mut input = record("2026-11-18");
        input.present = present;
        input.absent = 22 - present;
        let (record, reason) = (Box::new(input), "salah tanggal".to_owned());
        Command::Correct { id, record, reason, version }
    };
    let version = world.state.pertemuan(id).unwrap().1.version;
    world.run(&request(51, SUPERVISOR, correct(version, 21))).unwrap();
    assert!(matches!(
        world.run(&request(52, PENDAMPING, correct(version, 22))),
        Err(Refusal::Stale { .. })
    ));
    let (group, fakta) = world.state.pertemuan(id).unwrap();
    assert_eq!((fakta.attendance.present, fakta.received), (21, received));
    assert_eq!(group.fakta.len(), 1);
    assert_eq!(fakta.date.to_string(), "2026-11-18");
}

#[test]
fn more_people_than_members_open_a_check() {
    let mut world = World::district();
    let mut input = record("2026-11-20");
    (input.present, input.members) = (22, Some(27));
    world.run(&request(50, PENDAMPING, Command::Record(Box::new(input)))).unwrap();
    let check = &world.state.checks[0];
    assert_eq!((check.recorded, check.counted), (25, 27));
}

#[test]
fn questions_wait_until_they_are_answered() {
    let mut world = World::district();
    let id = uuid::Uuid::from_u128(50);
    world.run(&request(50, PENDAMPING, Command::Record(Box::new(record("2026-11-20"))))).unwrap();
    let ask = Command::Ask { id, text: "Mengapa 20?".to_owned() };
    let answer = Command::Answer { id, text: "Hujan.".to_owned() };
    assert!(world.run(&request(51, PENDAMPING, ask.clone())).is_err());
    assert!(matches!(
        world.run(&request(52, PENDAMPING, answer.clone())),
        Err(Refusal::Conflict(_))
    ));
    world.run(&request(53, SUPERVISOR, ask)).unwrap();
    assert!(world.state.pertemuan(id).unwrap().1.open_question);
    world.run(&request(54, PENDAMPING, answer)).unwrap();
    assert!(!world.state.pertemuan(id).unwrap().1.open_question);
}

fn inputs() -> impl Strategy<Value = Vec<RecordInput>> {
    let one = (0..400_i32, 0..4_usize, 0..3_usize, any::<bool>(), 0..=25_u16).prop_map(
        |(days, kind, sesi, all, present)| {
            let mut input = record("2025-10-01");
            input.date = input.date.saturating_add(jiff::ToSpan::days(days));
            input.kind = ["lengkap", "terbatas", "perwakilan", "susulan"][kind].to_owned();
            input.sesi[0].sesi = ["sesi-a", "sesi-b", "sesi-c"][sesi].parse().unwrap();
            input.sesi[0].extent = if all { Extent::Tuntas } else { Extent::Sebagian };
            (input.present, input.sick) = (present, 0);
            input.absent = 25 - present;
            input
        },
    );
    proptest::collection::vec(one, 1..24)
}

fn day() -> jiff::civil::Date {
    "2026-11-21".parse().unwrap()
}

fn statuses(state: &State) -> Vec<Status> {
    let group = state.group("OKI-1").unwrap();
    state.cells(group, day()).iter().map(|cell| cell.status).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn memory_and_journal_fold_to_the_same_state(inputs in inputs(), withdraw in any::<u8>()) {
        let mut world = World::district();
        for (id, input) in (100..).zip(inputs) {
            let _refused = world.run(&request(id, PENDAMPING, Command::Record(Box::new(input))));
        }
        let id = uuid::Uuid::from_u128(100 + u128::from(withdraw % 24));
        let version = world.state.pertemuan(id).map(|(_, fakta)| fakta.version);
        if let Some(version) = version {
            let command = Command::Withdraw { id, reason: "keliru".to_owned(), version };
            world.run(&request(500, PENDAMPING, command)).unwrap();
        }
        let mut folded = State::default();
        for (info, events) in &world.lines {
            let text = serde_json::to_string(events).unwrap();
            let events: Vec<Event> = serde_json::from_str(&text).unwrap();
            folded.apply_line(info, &events);
        }
        prop_assert_eq!(&folded, &world.state);
    }

    #[test]
    fn coverage_never_exceeds_the_whole_nor_falls_with_another_record(inputs in inputs()) {
        let mut world = World::district();
        let mut before = statuses(&world.state);
        for (id, input) in (100..).zip(inputs) {
            let counted = world.run(&request(id, PENDAMPING, Command::Record(Box::new(input))));
            let after = statuses(&world.state);
            for (old, new) in before.iter().zip(&after) {
                prop_assert!(new >= old, "{old:?} fell to {new:?} by {counted:?}");
            }
            before = after;
            for (_, totals) in world.state.rollup(Kode::NASIONAL, Per::Kelompok, day()) {
                prop_assert!(totals.cells.covered <= totals.cells.target);
                prop_assert!(totals.cells.refresh <= totals.cells.covered);
                prop_assert!(totals.month.actual <= totals.month.expected);
                prop_assert!(totals.month.on_time <= totals.month.actual);
            }
        }
    }

    #[test]
    fn coverage_does_not_depend_on_the_order_of_arrival(inputs in inputs(), seed in any::<u64>()) {
        let ordered = arrive(&inputs, |_, at| at as u64);
        let shuffled = arrive(&inputs, |input, at| {
            (at as u64 + 1).wrapping_mul(seed | 1).rotate_left(17) ^ u64::from(input.present)
        });
        prop_assert_eq!(statuses(&ordered), statuses(&shuffled));
        let rates = |state: &State| state.rollup(Kode::NASIONAL, Per::Kelompok, day());
        prop_assert_eq!(rates(&ordered), rates(&shuffled));
        let cells = |state: &State| state.cells(state.group("OKI-1").unwrap(), day());
        prop_assert_eq!(cells(&ordered), cells(&shuffled));
    }
}

fn arrive(inputs: &[RecordInput], key: impl Fn(&RecordInput, usize) -> u64) -> State {
    let mut order: Vec<usize> = (0..inputs.len()).collect();
    order.sort_by_key(|at| key(&inputs[*at], *at));
    let mut world = World::district();
    for at in order {
        let command = Command::Record(Box::new(inputs[at].clone()));
        let _refused = world.run(&request(100 + at as u128, PENDAMPING, command));
    }
    world.state
}

#[test]
fn an_import_of_what_is_known_changes_nothing() {
    use p2k2::decide::import::{Import, KelompokRow, Row, Rows};
    let mut world = World::district();
    let row = |members, pendamping: &str| Row {
        line: 2,
        value: KelompokRow {
            id: "OKI-2".parse().unwrap(),
            name: "Anggrek".to_owned(),
            desa: vec!["16.02.05.1001".parse().unwrap()],
            members,
            pendamping: Some(pendamping.parse().unwrap()),
            start: "2025-03-01".parse().unwrap(),
        },
    };
    let import = |row| {
        let rows = Rows::Kelompok(vec![row]);
        Command::Import(Box::new(Import { rows, skip_bad: false }))
    };
    world.system(60, import(row(20, "pendamping-1"))).unwrap();
    let again = world.system(61, import(row(20, "pendamping-1"))).unwrap();
    assert_eq!(again, Decision::Events(Vec::new()));
    let Ok(Decision::Events(events)) = world.system(62, import(row(23, "pendamping-1"))) else {
        panic!("a difference is an event")
    };
    assert!(matches!(events.as_slice(), [Event::HeadChanged { delta: 3, .. }]), "{events:?}");
    let wrong = world.system(63, import(row(23, "tidak-ada")));
    let Err(Refusal::Invalid(errors)) = wrong else { panic!("{wrong:?}") };
    assert_eq!(errors[0].field, "baris 2: pendamping");
}

#[test]
fn a_line_info_of_the_system_has_no_account() {
    let world = World::district();
    assert!(world.lines.iter().all(|(info, _): &(LineInfo, Vec<Event>)| info.by.is_none()));
    let request: Request = request(1, PENDAMPING, Command::NotDouble { id: uuid::Uuid::nil() });
    let again = crate::support::request(2, STRANGER, Command::NotDouble { id: uuid::Uuid::nil() });
    assert_eq!(request.digest(), again.digest(), "the digest is of the values alone");
}

#[test]
fn a_kelompok_that_ends_late_in_a_month_was_still_expected_in_it() {
    let mut world = World::district();
    world.run(&request(50, PENDAMPING, Command::Record(Box::new(record("2026-11-03"))))).unwrap();
    let version = world.state.group("OKI-1").unwrap().version;
    let kelompok = "OKI-1".parse().unwrap();
    let on = "2026-11-19".parse().unwrap();
    let reason = "semua anggota sudah graduasi".to_owned();
    world.system(51, Command::Dissolve { kelompok, on, reason, version }).unwrap();
    let rows = world.state.rollup("16.02".parse().unwrap(), Per::Kelompok, day());
    let [(_, totals)] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((totals.groups, totals.cells.target), (0, 0));
    assert_eq!((totals.month.expected, totals.month.actual), (1, 1));
    let earlier =
        world.state.rollup("16.02".parse().unwrap(), Per::Kelompok, on.yesterday().unwrap());
    assert_eq!(earlier[0].1.groups, 1);
}
