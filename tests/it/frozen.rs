//! Frozen months: what stands in them never changes, and every difference is explained in full.

use jiff::Timestamp;
use jiff::civil::Date;
use p2k2::command::{Actor, Command, GroupChange, Request, Versioned};
use p2k2::decide::import::{Import, KelompokRow, Row, Rows};
use p2k2::decide::{Decision, Refusal};
use p2k2::event::{Event, Setting, SuspensionTarget};
use p2k2::kelompok::frozen::{Number, Reason};
use p2k2::kelompok::pertemuan::PertemuanId;
use p2k2::kelompok::rates::Month;
use p2k2::kelompok::rules::TargetSet;
use p2k2::kelompok::wilayah::Kode;
use p2k2::state::Difference;
use p2k2::state::rollup::Totals;
use uuid::Uuid;

use crate::support::{World, record};

const AREAS: [&str; 6] = ["nasional", "16", "16.02", "16.02.05", "35.20", "35.20.07"];

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn kode(text: &str) -> Kode {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// Ten in the morning in WIB.
fn morning(on: Date) -> Timestamp {
    format!("{on}T03:00:00Z").parse().unwrap()
}

/// A district that is looked at from day to day.
struct Days {
    world: World,
    today: Date,
    next_id: u128,
    records: Vec<PertemuanId>,
}

impl Days {
    /// Two kelompok that were entered on the first day.
    fn begin(today: &str) -> Self {
        let today = day(today);
        let mut world = World::default();
        for mut request in crate::support::district_commands() {
            request.now = morning(today);
            world.run(&request).unwrap();
        }
        Self { world, today, next_id: 1_000, records: Vec::new() }
    }

    fn system(&mut self, command: Command) -> Result<Decision, Refusal> {
        self.next_id += 1;
        let (id, now) = (Uuid::from_u128(self.next_id), morning(self.today));
        self.world.run(&Request { id, actor: Actor::System, now, command })
    }

    fn record(&mut self, kelompok: &str, date: &str, sesi: &str) -> PertemuanId {
        let mut input = record(date);
        input.kelompok = kelompok.parse().unwrap();
        input.sesi[0].sesi = sesi.parse().unwrap();
        self.system(Command::Record(Box::new(input))).unwrap();
        self.last_record()
    }

    fn last_record(&self) -> PertemuanId {
        let events = self.world.lines.iter().rev().flat_map(|(_, events)| events);
        events
            .into_iter()
            .find_map(|event| match event {
                Event::PertemuanRecorded { id, .. } => Some(*id),
                _ => None,
            })
            .unwrap()
    }

    fn version(&self, id: PertemuanId) -> u64 {
        self.world.state.pertemuan(id).unwrap().1.version
    }

    /// Goes to a day and freezes what is over by then.
    fn go(&mut self, today: &str) {
        self.today = day(today);
        while let Some(due) = self.world.state.freeze_due(self.today) {
            let command = Command::FreezeMonth { month: due.month, after: due.after };
            self.system(command).unwrap();
        }
    }

    fn difference(&self, area: &str, of: &str, number: Number) -> Difference {
        self.world.state.difference(kode(area), month(of), number).unwrap()
    }

    fn words(&self, area: &str, of: &str, number: Number) -> String {
        let found = self.difference(area, of, number);
        let mut words = format!("{} {}", found.then, found.now);
        for part in &found.parts {
            let sign = if part.gain { '+' } else { '-' };
            words.push_str(&format!(" {sign}{} {}", part.hits.len(), part.reason.as_str()));
        }
        words
    }
}

fn number_of(totals: &Totals, number: Number) -> u32 {
    match number {
        Number::Groups => totals.groups,
        Number::Expected => totals.month.expected,
        Number::Actual => totals.month.actual,
        Number::OnTime => totals.month.on_time,
        Number::Covered => totals.cells.covered,
        Number::Target => totals.cells.target,
    }
}

/// Every difference of every frozen month and area, against a recount of today.
fn check_all(days: &Days, what: &str) {
    let state = &days.world.state;
    let months: Vec<Month> = state.frozen().months().map(|(month, _)| month).collect();
    for month in months {
        for area in AREAS.map(kode) {
            let totals = state.totals(area, month.last());
            let now = state.frozen_now(area, month).unwrap();
            assert_eq!(now.unknown_time, totals.month.unknown_time);
            assert_eq!(now.suspended, totals.suspended);
            for number in Number::ALL {
                let found = state.difference(area, month, number).unwrap();
                let at = format!("{what}: {} {area} {number:?}", month.id());
                assert_eq!(found.now, number_of(&totals, number), "{at}: {found:?}");
                assert_eq!(now.number(number), found.now, "{at}");
                let mut hits: Vec<_> = found.parts.iter().flat_map(|part| &part.hits).collect();
                let all = hits.len();
                let then = state.frozen_hits(area, month, number).len();
                assert_eq!(then, found.then as usize, "{at}: the list of then");
                hits.sort_unstable();
                hits.dedup();
                assert_eq!(hits.len(), all, "{at}: counted twice");
                assert!(found.parts.iter().all(|part| !part.hits.is_empty()), "{at}");
            }
        }
    }
}

#[test]
fn what_came_later_is_named_and_the_figures_of_then_stay() {
    let mut days = Days::begin("2026-09-01");
    let first = days.record("OKI-1", "2026-09-01", "sesi-a");
    days.go("2026-10-01");
    for (number, words) in [
        (Number::Expected, "2 2"),
        (Number::Actual, "1 1"),
        (Number::OnTime, "1 1"),
        (Number::Covered, "1 1"),
        (Number::Target, "6 6"),
    ] {
        assert_eq!(days.words("nasional", "2026-09", number), words, "{number:?}");
    }
    // The other kelompok's record arrives in time, a day behind the end of the month.
    days.record("MGT-1", "2026-09-30", "sesi-b");
    assert_eq!(days.words("nasional", "2026-09", Number::Actual), "1 2 +1 menyusul");
    assert_eq!(days.words("nasional", "2026-09", Number::OnTime), "1 2 +1 menyusul");
    assert_eq!(days.words("35.20", "2026-09", Number::Covered), "0 1 +1 menyusul");
    assert_eq!(days.words("16.02", "2026-09", Number::Actual), "1 1");
    let (reason, version) = ("Tanggalnya keliru.".to_owned(), days.version(first));
    let record = Box::new(record("2026-08-31"));
    days.system(Command::Correct { id: first, record, reason, version }).unwrap();
    assert_eq!(days.words("16.02", "2026-09", Number::Actual), "1 0 -1 dikoreksi");
    // It was taught all the same.
    assert_eq!(days.words("16.02", "2026-09", Number::Covered), "1 1");
    let (reason, version) = ("Bukan pertemuan.".to_owned(), days.version(first));
    days.system(Command::Withdraw { id: first, reason, version }).unwrap();
    assert_eq!(days.words("16.02", "2026-09", Number::Covered), "1 0 -1 ditarik");
    let target = SuspensionTarget::Wilayah(kode("35.20"));
    let (from, to, reason) = (day("2026-09-01"), Some(day("2026-09-30")), "Banjir.".to_owned());
    days.system(Command::Suspend { target, from, to, reason }).unwrap();
    assert_eq!(days.words("35.20", "2026-09", Number::Expected), "1 0 -1 penangguhan");
    // That kelompok met later than the freeze and is not expected any more: nothing to explain.
    assert_eq!(days.words("35.20", "2026-09", Number::Actual), "0 0");
    check_all(&days, "by hand");
}

#[test]
fn a_month_is_frozen_once_when_it_is_over_and_none_before_the_first_kelompok() {
    let mut days = Days::begin("2026-09-15");
    assert_eq!(days.world.state.freeze_due(day("2026-09-30")), None);
    let freeze = |of: &str| Command::FreezeMonth { month: month(of), after: None };
    days.today = day("2026-11-02");
    assert!(days.system(freeze("2026-08")).is_err());
    assert!(days.system(freeze("2026-10")).is_err(), "one after another");
    days.system(freeze("2026-09")).unwrap();
    assert!(days.system(freeze("2026-09")).is_err(), "once");
    days.system(freeze("2026-10")).unwrap();
    assert!(days.system(freeze("2026-11")).is_err(), "not before its end");
    let areas: Vec<String> = days
        .world
        .state
        .frozen()
        .months()
        .flat_map(|(month, frozen)| {
            frozen.rows.keys().map(move |area| format!("{} {area}", month.id()))
        })
        .collect();
    assert_eq!(areas.len(), 8, "{areas:?}");
    assert_eq!(areas[..2], ["2026-09 16.02", "2026-09 16.02.05"]);
    assert!(
        days.world
            .state
            .difference(kode("16.02.05.1001"), month("2026-09"), Number::Groups)
            .is_none()
    );
    assert!(days.world.state.difference(kode("16.02"), month("2026-11"), Number::Groups).is_none());
}

#[test]
fn a_kelompok_entered_ended_or_moved_later_is_named_as_such() {
    let mut days = Days::begin("2026-09-01");
    days.go("2026-10-05");
    let desa = vec![kode("16.02.05.1001")];
    days.system(Command::CreateGroup {
        id: "OKI-2".parse().unwrap(),
        name: "Mawar".to_owned(),
        desa,
        members: 20,
        start: day("2026-01-01"),
        pendamping: None,
    })
    .unwrap();
    assert_eq!(days.words("16.02", "2026-09", Number::Groups), "1 2 +1 kelompok");
    assert_eq!(days.words("16.02", "2026-09", Number::Target), "3 6 +3 kelompok");
    let (kelompok, reason) = ("MGT-1".parse().unwrap(), "Semua graduasi.".to_owned());
    let version = days.world.state.group("MGT-1").unwrap().version;
    days.system(Command::Dissolve { kelompok, on: day("2026-09-10"), reason, version }).unwrap();
    assert_eq!(days.words("35.20", "2026-09", Number::Expected), "1 0 -1 kelompok");
    // A move from now on changes nothing of a month that is over, one that was told late does.
    for (id, from, then_and_now) in [
        ("OKI-2", "2026-10-05", "1 2 +1 kelompok"),
        ("OKI-1", "2026-09-20", "1 1 +1 kelompok -1 pindah"),
    ] {
        let group = days.world.state.group(id).unwrap();
        let kelompok = vec![Versioned { id: group.id.clone(), version: group.version }];
        let desa = vec![kode("35.20.07.2014")];
        let change = GroupChange::Move { from: day(from), desa };
        days.system(Command::ChangeMany { kelompok, change }).unwrap();
        assert_eq!(days.words("16.02", "2026-09", Number::Groups), then_and_now);
    }
    assert_eq!(days.words("35.20", "2026-09", Number::Groups), "1 1 -1 kelompok +1 pindah");
    assert_eq!(days.words("nasional", "2026-09", Number::Groups), "2 2 -1 kelompok +1 kelompok");
    check_all(&days, "kelompok");
}

#[test]
fn figures_of_then_go_by_the_new_codes_of_places() {
    let mut days = Days::begin("2026-09-01");
    days.record("OKI-1", "2026-09-01", "sesi-a");
    days.go("2026-10-05");
    days.record("MGT-1", "2026-09-30", "sesi-b");
    let pairs = [
        ("16.02.05", "16.14.01"),
        ("16.02.05.1001", "16.14.01.1001"),
        ("35.20.07.2014", "35.20.08.2001"),
    ];
    let codes = pairs.map(|(old, new)| (kode(old), kode(new))).to_vec();
    let (mut info, _) = days.world.lines.last().unwrap().clone();
    info.seq += 1;
    info.command = Uuid::from_u128(77);
    let events = vec![Event::WilayahRenumbered { codes }];
    days.world.state.apply_line(&info, &events);
    days.world.lines.push((info, events));
    assert_eq!(days.words("16.14", "2026-09", Number::Actual), "1 1");
    assert_eq!(days.words("16.14.01", "2026-09", Number::Covered), "1 1");
    assert_eq!(days.words("35.20.08", "2026-09", Number::Actual), "0 1 +1 menyusul");
    assert_eq!(days.words("nasional", "2026-09", Number::Actual), "1 2 +1 menyusul");
    assert!(days.world.state.frozen_rows(kode("16.02"), month("2026-09")).is_empty());
    check_all(&days, "renumbered");
}

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// A day in the 100 days before.
    fn before(&mut self, today: Date) -> Date {
        let mut on = today;
        for _ in 0..self.below(100) {
            on = on.yesterday().unwrap();
        }
        on
    }
}

/// Something that may happen, with refusals taken as they come.
fn happen(days: &mut Days, chance: &mut Chance) {
    const DESA: [&str; 2] = ["16.02.05.1001", "35.20.07.2014"];
    let on = chance.before(days.today);
    let kelompok = *chance.pick(&["OKI-1", "MGT-1", "X-0", "X-1", "X-2"]);
    let sesi = *chance.pick(&["sesi-a", "sesi-b", "sesi-c"]);
    let reason = "Karena begitu adanya.".to_owned();
    let mut input = record(&on.to_string());
    input.kelompok = kelompok.parse().unwrap();
    input.sesi[0].sesi = sesi.parse().unwrap();
    input.present = *chance.pick(&[3, 20, 22]);
    input.absent = 22 - input.present;
    input.kind = (*chance.pick(&["lengkap", "terbatas", "perwakilan"])).to_owned();
    let old = (!days.records.is_empty()).then(|| *chance.pick(&days.records));
    let version = |days: &Days, id| days.world.state.group(id).map_or(0, |group| group.version);
    let command = match (chance.below(14), old) {
        (0..=5, _) => Command::Record(Box::new(input)),
        (6..=7, Some(id)) => {
            let (kelompok, _) = days.world.state.pertemuan(id).unwrap();
            input.kelompok = kelompok.id.clone();
            let (record, version) = (Box::new(input), days.version(id));
            Command::Correct { id, record, reason, version }
        }
        (8, Some(id)) => Command::Withdraw { id, reason, version: days.version(id) },
        (9, _) => {
            let target = match chance.below(2) {
                0 => SuspensionTarget::Wilayah(kode(chance.pick::<&str>(&AREAS))),
                _ => SuspensionTarget::Kelompok(kelompok.parse().unwrap()),
            };
            let to = (chance.below(3) > 0).then_some(days.today);
            Command::Suspend { target, from: on, to, reason }
        }
        (10, _) => {
            let suspension = days.world.state.suspensions.last().map_or(0, |one| one.id);
            Command::Resume { suspension, to: on, kelompok: None }
        }
        (11, _) => Command::CreateGroup {
            id: kelompok.parse().unwrap(),
            name: "Mawar".to_owned(),
            desa: vec![kode(chance.pick::<&str>(&DESA))],
            members: 25,
            start: on,
            pendamping: None,
        },
        (12, _) => {
            let version = version(days, kelompok);
            Command::Dissolve { kelompok: kelompok.parse().unwrap(), on, reason, version }
        }
        (_, _) if chance.below(3) == 0 => {
            let sesi = ["sesi-a", "sesi-c"].map(|id| id.parse().unwrap()).to_vec();
            let area = kode(chance.pick::<&str>(&AREAS));
            let target = TargetSet { area, from: on, sesi };
            let setting = Box::new(Setting::Target(target));
            Command::ChangeSetting { from: days.today, setting, version: None }
        }
        _ => {
            let value = KelompokRow {
                id: kelompok.parse().unwrap(),
                name: "Mawar".to_owned(),
                desa: vec![kode(chance.pick::<&str>(&DESA))],
                members: 25,
                pendamping: None,
                start: on,
            };
            let rows = Rows::Kelompok(vec![Row { line: 2, value }]);
            Command::Import(Box::new(Import { rows, skip_bad: false }))
        }
    };
    let recorded = matches!(command, Command::Record(_));
    if days.system(command).is_ok() && recorded {
        days.records.push(days.last_record());
    }
}

#[test]
fn the_parts_of_every_difference_add_up_whatever_happens() {
    let mut explained = 0;
    for seed in 1..=12 {
        let mut days = Days::begin("2026-03-20");
        let mut chance = Chance(seed);
        for month in 4..=9 {
            days.go(&format!("2026-{month:02}-01"));
            for _ in 0..25 {
                happen(&mut days, &mut chance);
            }
            days.today = day(&format!("2026-{month:02}-20"));
            for _ in 0..15 {
                happen(&mut days, &mut chance);
            }
            check_all(&days, &format!("seed {seed}, month {month}"));
        }
        explained += AREAS.map(kode).iter().map(|area| parts(&days, *area)).sum::<usize>();
        // Folded anew from the journal it is the same.
        let mut again = p2k2::state::State::default();
        for (info, events) in &days.world.lines {
            again.apply_line(info, events);
        }
        assert!(again == days.world.state, "seed {seed}");
    }
    assert!(explained > 500, "too little happened: {explained}");
}

fn parts(days: &Days, area: Kode) -> usize {
    let state = &days.world.state;
    let all = state.frozen().months().flat_map(|(month, _)| {
        Number::ALL.into_iter().filter_map(move |number| state.difference(area, month, number))
    });
    all.map(|found| found.parts.len()).sum()
}

#[test]
fn words_of_addresses_are_read_back() {
    for reason in Reason::ALL {
        assert_eq!(Reason::parse(reason.as_str()), Some(reason));
    }
    for number in Number::ALL {
        assert_eq!(Number::parse(number.as_str()), Some(number));
    }
    assert_eq!((Reason::parse("lain"), Number::parse("")), (None, None));
}

#[test]
fn a_line_of_a_frozen_month_stays_far_below_its_limit() {
    let rows: Vec<_> = (0..500)
        .map(|_| p2k2::kelompok::frozen::FrozenRow {
            area: kode("16.02.05"),
            groups: 99_999,
            suspended: 99_999,
            covered: 999_999,
            target: 999_999,
            expected: 99_999,
            actual: 99_999,
            on_time: 99_999,
            unknown_time: 99_999,
        })
        .collect();
    // 250 rows and one kabupaten more, with some 50 kecamatan at most.
    let event =
        Event::MonthFrozen { month: month("2026-09"), rows: rows[..301].to_vec(), whole: true };
    let line = serde_json::to_string(&event).unwrap();
    assert!(line.len() < 56 * 1024, "{}", line.len());
    assert!(line.contains(r#""bulan.dibekukan":{"month":"2026-09""#), "{}", &line[..80]);
    let read: Event = serde_json::from_str(&line).unwrap();
    assert_eq!(read, event);
}
