//! Visits, head-count checks and joined records, in the pure core.

use jiff::civil::Date;
use p2k2::command::{Actor, CheckInput, Command, RecordInput, VisitInput};
use p2k2::decide::{Decision, Refusal};
use p2k2::event::Event;
use p2k2::kelompok::group::HeadReason;
use p2k2::kelompok::visit::{CheckOutcome, VisitPlace};
use uuid::Uuid;

use crate::support::{PENDAMPING, STRANGER, SUPERVISOR, World, record, request};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn visit(place: &str, date: &str) -> VisitInput {
    let place = match place.parse() {
        Ok(kode) => VisitPlace::Wilayah(kode),
        Err(_) => VisitPlace::Kelompok(place.parse().unwrap()),
    };
    VisitInput {
        place,
        date: day(date),
        office: "Dinas Sosial".to_owned(),
        attended: "P2K2 dengan perwakilan kelompok".to_owned(),
        note: String::new(),
    }
}

fn log(world: &mut World, id: u128, actor: Actor, input: VisitInput) -> Result<Decision, Refusal> {
    let command = Command::LogVisit { visit: Box::new(input), check: None };
    world.run(&request(id, actor, command))
}

fn year() -> (Date, Date) {
    (day("2026-01-01"), day("2026-12-31"))
}

#[test]
fn so_many_places_were_visited_as_the_list_has_with_a_visit() {
    let mut world = World::district();
    let oki = "16.02".parse().unwrap();
    let counts = |world: &World| {
        let all = world.state.visited_below(oki, year());
        (all.iter().filter(|one| !one.visits.is_empty()).count(), all.len())
    };
    assert_eq!(counts(&world), (0, 1));
    log(&mut world, 50, SUPERVISOR, visit("16.02", "2026-02-01")).unwrap();
    assert_eq!(counts(&world), (0, 1), "a visit to the whole kabupaten is one to no kecamatan");
    log(&mut world, 51, SUPERVISOR, visit("OKI-1", "2025-12-31")).unwrap();
    assert_eq!(counts(&world), (0, 1), "outside of the time asked for");
    log(&mut world, 52, SUPERVISOR, visit("OKI-1", "2026-03-01")).unwrap();
    log(&mut world, 53, SUPERVISOR, visit("16.02.05", "2026-02-01")).unwrap();
    assert_eq!(counts(&world), (1, 1));
    let visits = &world.state.visited_below(oki, year())[0].visits;
    assert_eq!(visits.iter().map(|one| one.id.as_u128()).collect::<Vec<_>>(), [53, 52]);
    for id in [52, 53] {
        let version = world.state.visit(Uuid::from_u128(id)).unwrap().version;
        let (id, reason) = (Uuid::from_u128(id), "salah kecamatan".to_owned());
        let command = Command::WithdrawVisit { id, reason, version };
        world.run(&request(id.as_u128() + 10, SUPERVISOR, command)).unwrap();
    }
    assert_eq!(counts(&world), (0, 1));
    assert_eq!(world.state.visits().len(), 4, "withdrawn visits stay readable");
}

#[test]
fn every_bad_visit_is_refused_with_its_field() {
    let mut world = World::district();
    type Change = fn(&mut VisitInput);
    let cases: [(&str, &str, Change); 7] = [
        ("date", "belum terjadi", |one| one.date = "2026-11-22".parse().unwrap()),
        ("date", "mulai 1 Januari 2025", |one| one.date = "2024-12-31".parse().unwrap()),
        ("office", "kantor atau jabatan", |one| one.office.clear()),
        ("office", "bukan nama orang", |one| one.office = "Bapak Budi".to_owned()),
        ("attended", "apa yang dihadiri", |one| one.attended = " ".to_owned()),
        ("attended", "16 angka", |one| one.attended = "3520071234567890".to_owned()),
        ("note", "paling banyak 1.000", |one| one.note = "x".repeat(2_000)),
    ];
    for (field, words, change) in cases {
        let mut input = visit("OKI-1", "2026-11-20");
        change(&mut input);
        let before = world.state.clone();
        let refusal = log(&mut world, 50, SUPERVISOR, input).unwrap_err();
        assert_eq!(world.state, before);
        let Refusal::Invalid(errors) = refusal else { panic!("{field}: {refusal:?}") };
        assert_eq!(errors[0].field, field, "{errors:?}");
        assert!(errors[0].message.contains(words), "{errors:?}");
    }
}

#[test]
fn only_those_who_look_after_a_place_log_visits_there() {
    let mut world = World::district();
    let mut refusal =
        |actor, place: &str| log(&mut world, 50, actor, visit(place, "2026-11-20")).unwrap_err();
    assert!(matches!(refusal(PENDAMPING, "OKI-1"), Refusal::Forbidden(_)));
    assert_eq!(refusal(STRANGER, "OKI-1"), refusal(STRANGER, "TIDAK-ADA"));
    assert_eq!(refusal(SUPERVISOR, "MGT-1"), refusal(SUPERVISOR, "TIDAK-ADA"));
    assert!(matches!(refusal(SUPERVISOR, "35.20"), Refusal::Forbidden(_)));
    assert!(matches!(refusal(SUPERVISOR, "16.02.99"), Refusal::Invalid(_)));
}

#[test]
fn a_visit_keeps_all_of_its_forms() {
    let mut world = World::district();
    log(&mut world, 50, SUPERVISOR, visit("OKI-1", "2026-11-20")).unwrap();
    let id = Uuid::from_u128(50);
    let correct = |place: &str, version| Command::CorrectVisit {
        id,
        visit: Box::new(visit(place, "2026-11-18")),
        reason: "salah tanggal".to_owned(),
        version,
    };
    let version = world.state.visit(id).unwrap().version;
    let moved = world.run(&request(51, SUPERVISOR, correct("16.02.05", version))).unwrap_err();
    assert!(moved.to_string().contains("tidak dapat dipindah"), "{moved}");
    world.run(&request(52, SUPERVISOR, correct("OKI-1", version))).unwrap();
    let stale = world.run(&request(53, SUPERVISOR, correct("OKI-1", version)));
    assert!(matches!(stale, Err(Refusal::Stale { .. })));
    let kept = world.state.visit(id).unwrap();
    let dates: Vec<_> = kept.forms.iter().map(|form| form.visit.date.to_string()).collect();
    assert_eq!(dates, ["2026-11-20", "2026-11-18"]);
    assert_eq!(kept.forms[1].reason, "salah tanggal");
    // The same request again has no second effect.
    let seq = world.state.seq;
    assert!(matches!(
        log(&mut world, 50, SUPERVISOR, visit("OKI-1", "2026-11-20")),
        Ok(Decision::Repeat(1..))
    ));
    assert_eq!(world.state.seq, seq);
}

fn check(world: &mut World, id: u128, found: bool, counted: u16) -> Result<Decision, Refusal> {
    let command = Command::LogCheck {
        kelompok: "OKI-1".parse().unwrap(),
        date: day("2026-11-10"),
        office: "Dinas Sosial".to_owned(),
        check: CheckInput { found, counted },
    };
    world.run(&request(id, SUPERVISOR, command))
}

fn resolve(
    world: &mut World,
    id: u128,
    (number, outcome): (u32, CheckOutcome),
    reason: Option<HeadReason>,
) -> Result<Decision, Refusal> {
    let note = String::new();
    let command = Command::ResolveCheck { check: number, outcome, reason, note };
    world.run(&request(id, SUPERVISOR, command))
}

fn open(world: &World) -> Vec<u32> {
    let open = |one: &&p2k2::state::HeadCheck| {
        world.state.check(one.number).is_some_and(|(check, group)| check.is_open(group))
    };
    world.state.checks.iter().filter(open).map(|one| one.number).collect()
}

#[test]
fn checks_wait_until_they_are_settled() {
    let mut world = World::district();
    check(&mut world, 50, true, 25).unwrap();
    assert!(open(&world).is_empty(), "what agrees waits for nobody");
    check(&mut world, 51, true, 23).unwrap();
    check(&mut world, 52, false, 0).unwrap();
    assert_eq!(open(&world), [2, 3]);
    assert!(check(&mut world, 53, true, 0).is_err() && check(&mut world, 54, false, 3).is_err());
    let wrong = resolve(&mut world, 55, (2, CheckOutcome::Ditemukan), None).unwrap_err();
    assert!(matches!(&wrong, Refusal::Invalid(errors) if errors[0].field == "outcome"));
    let grew = resolve(&mut world, 56, (2, CheckOutcome::Diubah), Some(HeadReason::AnggotaBaru));
    assert!(matches!(grew, Err(Refusal::Invalid(errors)) if errors[0].field == "reason"));
    let moved = Some(HeadReason::Pindah);
    resolve(&mut world, 57, (2, CheckOutcome::Diubah), moved).unwrap();
    assert_eq!(world.state.group("OKI-1").unwrap().members(day("2026-11-10")), 23);
    assert_eq!(world.state.group("OKI-1").unwrap().members(day("2026-11-09")), 25);
    assert!(matches!(
        resolve(&mut world, 58, (2, CheckOutcome::TercatatBenar), None),
        Err(Refusal::Conflict(_))
    ));
    let alive = resolve(&mut world, 59, (3, CheckOutcome::TidakAktif), None).unwrap_err();
    assert!(alive.to_string().contains("masih tercatat aktif"));
    assert!(resolve(&mut world, 60, (3, CheckOutcome::Lain), None).is_err(), "needs words");
    resolve(&mut world, 61, (3, CheckOutcome::Ditemukan), None).unwrap();
    assert!(open(&world).is_empty());
    assert_eq!(
        resolve(&mut world, 62, (9, CheckOutcome::Lain), None),
        Err(Refusal::NotFound("Pemeriksaan ini"))
    );
}

#[test]
fn a_changed_head_count_settles_what_it_agrees_with() {
    let mut world = World::district();
    let mut input = record("2026-11-20");
    (input.present, input.members) = (22, Some(27));
    world.run(&request(50, PENDAMPING, Command::Record(Box::new(input.clone())))).unwrap();
    assert_eq!(open(&world), [1]);
    let (id, version) = (Uuid::from_u128(50), world.state.seq);
    input.note = "dengan catatan".to_owned();
    let reason = "catatan kurang".to_owned();
    let command = Command::Correct { id, record: Box::new(input), reason, version };
    world.run(&request(51, PENDAMPING, command)).unwrap();
    assert_eq!(world.state.checks.len(), 1, "the same number asks nothing new");
    let command = Command::ChangeHeads {
        kelompok: "OKI-1".parse().unwrap(),
        date: day("2026-11-20"),
        delta: 2,
        reason: HeadReason::AnggotaBaru,
        note: String::new(),
        seats: Vec::new(),
        version: world.state.group("OKI-1").unwrap().version,
    };
    world.run(&request(52, PENDAMPING, command)).unwrap();
    assert!(open(&world).is_empty());
    // Settling it all the same changes the number no second time.
    resolve(&mut world, 53, (1, CheckOutcome::Diubah), None).unwrap();
    assert_eq!(world.state.group("OKI-1").unwrap().members(day("2026-11-20")), 27);
}

#[test]
fn a_visit_may_bring_a_check_with_it() {
    let mut world = World::district();
    let check = Some(CheckInput { found: true, counted: 24 });
    let with =
        |place: &str| Command::LogVisit { visit: Box::new(visit(place, "2026-11-20")), check };
    let done = world.run(&request(50, SUPERVISOR, with("oki-1"))).unwrap();
    let Decision::Events(events) = done else { panic!("{done:?}") };
    assert!(matches!(&events[..], [Event::VisitLogged { .. }, Event::HeadChecked { .. }]));
    assert_eq!(world.state.checks_of(world.state.group("OKI-1").unwrap()).count(), 1);
    assert_eq!(world.state.visits_to(world.state.group("OKI-1").unwrap()).count(), 1);
    assert!(world.run(&request(51, SUPERVISOR, with("16.02.05"))).is_err());
}

/// Two records of one day that share a sesi.
fn doubled() -> World {
    let mut world = World::district();
    for (id, present) in [(50, 20), (51, 22)] {
        let mut input = record("2026-11-20");
        (input.present, input.sick) = (present, 23 - present);
        world.run(&request(id, PENDAMPING, Command::Record(Box::new(input)))).unwrap();
    }
    world
}

fn join(world: &World, keep: u128, withdraw: u128, record: Option<RecordInput>) -> Command {
    let (keep, withdraw) = (Uuid::from_u128(keep), Uuid::from_u128(withdraw));
    let version = |id| world.state.pertemuan(id).unwrap().1.version;
    let versions = (version(keep), version(withdraw));
    Command::JoinRecords { keep, withdraw, record: record.map(Box::new), versions }
}

#[test]
fn two_records_of_one_pertemuan_become_one_and_both_stay_readable() {
    let mut world = doubled();
    let group = world.state.group("OKI-1").unwrap();
    assert_eq!(group.double_pairs().len(), 1);
    let mut chosen = record("2026-11-20");
    (chosen.present, chosen.sick, chosen.note) = (22, 1, "digabung".to_owned());
    let command = join(&world, 50, 51, Some(chosen));
    let stranger = world.run(&request(60, STRANGER, command.clone())).unwrap_err();
    assert!(matches!(stranger, Refusal::NotFound(_)));
    let done = world.run(&request(61, SUPERVISOR, command)).unwrap();
    let Decision::Events(events) = done else { panic!("{done:?}") };
    let joined = Event::PertemuanWithdrawn {
        id: Uuid::from_u128(51),
        kelompok: "OKI-1".parse().unwrap(),
        reason:
            "Digabung dengan catatan pertemuan 20 November 2026 yang dicatat oleh pendamping-1."
                .into(),
        joined: Some(Uuid::from_u128(50)),
    };
    assert_eq!(events[1], joined);
    let group = world.state.group("OKI-1").unwrap();
    assert!(group.double_pairs().is_empty() && group.fakta.len() == 2);
    let stays = group.pertemuan(Uuid::from_u128(50)).unwrap();
    assert_eq!((stays.attendance.present, stays.withdrawn), (22, false));
    assert!(group.pertemuan(Uuid::from_u128(51)).unwrap().withdrawn);
}

#[test]
fn only_what_looks_doubled_is_joined() {
    let mut world = doubled();
    let command = join(&world, 50, 51, None);
    let id = Uuid::from_u128(51);
    world.run(&request(60, PENDAMPING, Command::NotDouble { id })).unwrap();
    assert!(world.state.group("OKI-1").unwrap().double_pairs().is_empty());
    let refusal = world.run(&request(61, PENDAMPING, command)).unwrap_err();
    assert!(matches!(refusal, Refusal::Conflict(_)), "{refusal:?}");
    let mut world = doubled();
    let mut moved = record("2026-11-19");
    moved.note = "lain hari".to_owned();
    let command = join(&world, 50, 51, Some(moved));
    assert!(matches!(world.run(&request(62, PENDAMPING, command)), Err(Refusal::Invalid(_))));
    let stale = join(&world, 50, 51, None);
    let ask = Command::Ask { id: Uuid::from_u128(51), text: "Mengapa dua?".to_owned() };
    world.run(&request(63, SUPERVISOR, ask)).unwrap();
    assert!(matches!(world.run(&request(64, PENDAMPING, stale)), Err(Refusal::Stale { .. })));
}

#[test]
fn a_check_of_numbered_members_keeps_seats_and_members_together() {
    let mut world = World::district();
    let version = world.state.group("OKI-1").unwrap().version;
    let kelompok = "OKI-1".parse().unwrap();
    let command = Command::NumberSeats { kelompok, date: day("2026-11-01"), version };
    world.system(70, command).unwrap();
    let seats = |world: &World| {
        let group = world.state.group("OKI-1").unwrap();
        let seats = p2k2::kelompok::seats::active(&group.seats, day("2026-11-20")).count();
        (usize::from(group.members(day("2026-11-20"))), seats)
    };
    assert_eq!(seats(&world), (25, 25));
    check(&mut world, 71, true, 27).unwrap();
    let number = open(&world)[0];
    resolve(&mut world, 72, (number, CheckOutcome::Diubah), None).unwrap();
    assert_eq!(seats(&world), (27, 27));
    check(&mut world, 73, true, 24).unwrap();
    let number = open(&world)[0];
    let refused = resolve(&mut world, 74, (number, CheckOutcome::Diubah), None).unwrap_err();
    assert!(refused.to_string().contains("bernomor urut"), "{refused}");
    assert_eq!(seats(&world), (27, 27));
}
