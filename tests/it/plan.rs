//! The plan of a kelompok: made from what is missing, changed by hand, and never a way to hide that
//! something is late.

use jiff::Timestamp;
use jiff::civil::Date;
use p2k2::command::{Actor, Command, PlanChange, Request};
use p2k2::decide::{Decision, Refusal};
use p2k2::event::{Setting, SuspensionTarget};
use p2k2::kelompok::plan::Behind;
use p2k2::kelompok::rates::Month;
use p2k2::kelompok::rules::{Holiday, Holidays};
use uuid::Uuid;

use crate::support::{PENDAMPING, STRANGER, SUPERVISOR, World, district_commands, record};

struct Days {
    world: World,
    today: Date,
    next_id: u128,
}

impl Days {
    /// A kelompok of three sesi that began in January 2026, looked at on `today`.
    fn begin(today: &str) -> Self {
        Self::entered("2026-01-01", today)
    }

    /// The same, entered here on a later day.
    fn entered(entered: &str, today: &str) -> Self {
        let today: Date = today.parse().unwrap();
        let mut world = World::default();
        for mut request in district_commands() {
            if let Command::CreateGroup { start, .. } = &mut request.command {
                *start = "2026-01-01".parse().unwrap();
                request.now = format!("{entered}T03:00:00Z").parse().unwrap();
            }
            world.run(&request).unwrap();
        }
        Self { world, today, next_id: 1_000 }
    }

    fn run(&mut self, actor: Actor, command: Command) -> Result<Decision, Refusal> {
        self.next_id += 1;
        let now: Timestamp = format!("{}T03:00:00Z", self.today).parse().unwrap();
        self.world.run(&Request { id: Uuid::from_u128(self.next_id), actor, now, command })
    }

    fn change(&mut self, change: PlanChange) -> Result<Decision, Refusal> {
        let state = &self.world.state;
        let version =
            state.plan_state(state.group("OKI-1").unwrap()).map_or(0, |plan| plan.version);
        let kelompok = "OKI-1".parse().unwrap();
        self.run(PENDAMPING, Command::ChangePlan { kelompok, change, version })
    }

    fn meet(&mut self, date: &str, sesi: &str) {
        let mut input = record(date);
        input.sesi[0].sesi = sesi.parse().unwrap();
        self.run(Actor::System, Command::Record(Box::new(input))).unwrap();
    }

    /// `02:a 03:- 04:b, nanti c, tanpa d`
    fn ahead(&self) -> String {
        let state = &self.world.state;
        let group = state.group("OKI-1").unwrap();
        let target = state.target(group.home(Date::MAX), self.today);
        let cells = state.cells(group, self.today);
        let ahead = state.ahead(group, &target, &cells, self.today);
        let name = |ix: &u16| {
            state.sesi_at(*ix).unwrap().id.to_string().trim_start_matches("sesi-").to_owned()
        };
        let names = |all: &[u16]| all.iter().map(name).collect::<Vec<_>>().join("+");
        let mut words: Vec<String> = Vec::new();
        for one in &ahead.months {
            let month = &one.month.id()[2..];
            if one.quiet.is_some() {
                assert!(one.sesi.is_empty());
                words.push(format!("{month}:-"));
            } else if !one.sesi.is_empty() {
                words.push(format!("{month}:{}", names(&one.sesi)));
            }
        }
        while words.last().is_some_and(|word| word.ends_with(":-")) {
            words.pop();
        }
        for (word, list) in [("nanti", &ahead.later), ("tanpa", &ahead.out)] {
            if !list.is_empty() {
                words.push(format!("{word} {}", names(list)));
            }
        }
        words.join(" ")
    }

    fn behind(&self) -> (u16, String) {
        let state = &self.world.state;
        let group = state.group("OKI-1").unwrap();
        let target = state.target(group.home(Date::MAX), self.today);
        let cells = state.cells(group, self.today);
        let Behind { count, since } = state.behind(group, &target, &cells, self.today);
        (count, since.map_or_else(String::new, |date| date.to_string()))
    }
}

#[test]
fn nothing_was_due_before_anything_is_known() {
    // Entered in May; records of these days; then looked at on a day.
    for (records, today, expected) in [
        // Nobody knows what it was given before: it begins with the month of its entry.
        (&[][..], "2026-05-31", (0, "")),
        (&[], "2026-06-01", (1, "2026-05-31")),
        (&[], "2026-07-01", (2, "2026-05-31")),
        (&["2026-07-02"], "2026-07-03", (1, "2026-06-30")),
        // Older records were brought along, so it is known since then.
        (&["2026-03-10"], "2026-05-20", (1, "2026-04-30")),
        (&["2026-04-20", "2026-03-10"], "2026-07-01", (2, "2026-04-30")),
        // From its first month on, as one that was entered in time.
        (&["2026-01-05"], "2026-05-20", (2, "2026-02-28")),
    ] {
        let mut days = Days::entered("2026-05-20", today);
        for date in records {
            days.meet(date, "sesi-a");
        }
        assert_eq!(days.behind(), (expected.0, expected.1.to_owned()), "{records:?} on {today}");
    }
    // A record that was withdrawn tells nothing.
    let mut days = Days::entered("2026-05-20", "2026-06-01");
    days.meet("2026-02-10", "sesi-b");
    assert_eq!(days.behind(), (2, "2026-02-28".to_owned()));
    let group = days.world.state.group("OKI-1").unwrap();
    let (id, version) = group.fakta.iter().map(|one| (one.id, one.version)).next().unwrap();
    let reason = "Keliru.".to_owned();
    days.run(Actor::System, Command::Withdraw { id, reason, version }).unwrap();
    assert_eq!(days.behind(), (1, "2026-05-31".to_owned()));
}

fn moved(sesi: &str, to: &str) -> PlanChange {
    PlanChange::Move { sesi: sesi.parse().unwrap(), to: Month::parse(to).unwrap() }
}

#[test]
fn a_plan_is_made_of_what_is_missing() {
    let mut days = Days::begin("2026-01-10");
    assert_eq!(days.ahead(), "26-01:a 26-02:b 26-03:c");
    days.meet("2026-01-10", "sesi-b");
    assert_eq!(days.ahead(), "26-02:a 26-03:c", "the running month is taken");
    days.today = "2026-03-05".parse().unwrap();
    assert_eq!(days.ahead(), "26-03:a 26-04:c");
    // Two were due, one is tuntas; the oldest missing one was due in January.
    assert_eq!(days.behind(), (1, "2026-01-31".to_owned()));
}

#[test]
fn what_was_chosen_by_hand_stays() {
    let mut days = Days::begin("2026-01-10");
    days.change(moved("sesi-a", "2026-04")).unwrap();
    assert_eq!(days.ahead(), "26-01:b 26-02:c 26-04:a");
    days.meet("2026-01-10", "sesi-b");
    days.today = "2026-02-03".parse().unwrap();
    assert_eq!(days.ahead(), "26-02:c 26-04:a", "made anew around what was chosen");
    let swap =
        |a: &str, b: &str| PlanChange::Swap { sesi: a.parse().unwrap(), with: b.parse().unwrap() };
    days.change(swap("sesi-a", "sesi-c")).unwrap();
    assert_eq!(days.ahead(), "26-02:a 26-04:c");
    days.change(PlanChange::LeaveOut { sesi: "sesi-c".parse().unwrap() }).unwrap();
    assert_eq!(days.ahead(), "26-02:a tanpa c");
    days.change(PlanChange::PutBack { sesi: "sesi-c".parse().unwrap() }).unwrap();
    assert_eq!(days.ahead(), "26-02:a 26-03:c");
    days.change(PlanChange::Rearrange).unwrap();
    assert_eq!(days.ahead(), "26-02:a 26-03:c");
    // A chosen month that goes by without the sesi: it comes in the next one.
    days.change(moved("sesi-c", "2026-03")).unwrap();
    days.today = "2026-04-03".parse().unwrap();
    assert_eq!(days.ahead(), "26-04:c 26-05:a");
}

#[test]
fn moving_a_sesi_away_hides_nothing_that_is_late() {
    let mut days = Days::begin("2026-03-05");
    assert_eq!(days.behind(), (2, "2026-01-31".to_owned()));
    days.change(moved("sesi-a", "2026-09")).unwrap();
    days.change(PlanChange::LeaveOut { sesi: "sesi-b".parse().unwrap() }).unwrap();
    assert_eq!(days.behind(), (2, "2026-01-31".to_owned()));
    // What was not due yet may be planned for later, and is due then.
    days.change(moved("sesi-c", "2026-05")).unwrap();
    days.today = "2026-05-02".parse().unwrap();
    assert_eq!(days.behind().0, 2);
    days.today = "2026-06-02".parse().unwrap();
    assert_eq!(days.behind().0, 3);
}

#[test]
fn a_suspension_moves_the_plan_and_nothing_becomes_late_because_of_it() {
    let mut days = Days::begin("2026-02-02");
    assert_eq!(days.behind(), (1, "2026-01-31".to_owned()));
    let target = SuspensionTarget::Wilayah("16.02".parse().unwrap());
    let (from, reason) = ("2026-02-01".parse().unwrap(), "Banjir.".to_owned());
    days.run(SUPERVISOR, Command::Suspend { target, from, to: None, reason }).unwrap();
    assert_eq!(days.ahead(), "nanti a+b+c", "nobody knows when it ends");
    let suspension = days.world.state.seq;
    days.today = "2026-06-20".parse().unwrap();
    assert_eq!(days.behind(), (1, "2026-01-31".to_owned()), "late before, not later");
    let to = "2026-06-10".parse().unwrap();
    days.run(SUPERVISOR, Command::Resume { suspension, to, kelompok: None }).unwrap();
    assert_eq!(days.ahead(), "26-06:a 26-07:b 26-08:c");
    days.today = "2026-07-01".parse().unwrap();
    assert_eq!(days.behind(), (2, "2026-01-31".to_owned()));
}

#[test]
fn plans_go_around_holidays_of_the_areas_around_and_never_back() {
    let mut days = Days::begin("2026-01-10");
    let holiday = |from: &str, to: &str, name: &str| Holiday {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        name: name.to_owned(),
    };
    let set = |area: &str, list: Vec<Holiday>| {
        let holidays = Holidays { area: area.parse().unwrap(), list };
        Box::new(Setting::Holidays(holidays))
    };
    let from: Date = "2026-01-10".parse().unwrap();
    let lebaran = vec![holiday("2026-02-05", "2026-03-25", "Ramadan dan Idulfitri")];
    let setting = set("16", lebaran);
    let refused = days
        .run(SUPERVISOR, Command::ChangeSetting { from, setting: setting.clone(), version: None });
    assert!(matches!(refused, Err(Refusal::Forbidden(_))), "a supervisor of 16.02 only");
    days.run(Actor::System, Command::ChangeSetting { from, setting, version: None }).unwrap();
    assert_eq!(days.ahead(), "26-01:a 26-02:- 26-03:- 26-04:b 26-05:c");
    let refused = days.change(moved("sesi-a", "2026-03"));
    let Err(Refusal::Invalid(errors)) = refused else { panic!("{refused:?}") };
    assert!(errors[0].message.contains("libur Ramadan dan Idulfitri"), "{errors:?}");
    // Half a month of holiday is no month without a pertemuan.
    let setting = set("16.02.05", vec![holiday("2026-04-01", "2026-04-15", "Panen")]);
    days.run(SUPERVISOR, Command::ChangeSetting { from, setting, version: None }).unwrap();
    assert_eq!(days.ahead(), "26-01:a 26-02:- 26-03:- 26-04:b 26-05:c");
    // Nothing was due in those months, and taking the holiday back later changes nothing of that.
    days.meet("2026-01-10", "sesi-a");
    days.today = "2026-04-20".parse().unwrap();
    assert_eq!(days.behind(), (0, String::new()));
    let setting = set("16", Vec::new());
    days.run(Actor::System, Command::ChangeSetting { from: days.today, setting, version: None })
        .unwrap();
    assert_eq!(days.behind(), (0, String::new()));
    for (from, to, name) in [
        ("2026-06-10", "2026-06-01", "Terbalik"),
        ("2026-06-10", "2026-06-11", "  "),
        ("2026-06-01", "2026-12-31", "Terlalu lama"),
        ("2026-06-01", "2026-06-02", "1234567890123456"),
    ] {
        let setting = set("16.02", vec![holiday(from, to, name)]);
        let refused = days
            .run(SUPERVISOR, Command::ChangeSetting { from: days.today, setting, version: None });
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{name}: {refused:?}");
    }
}

#[test]
fn who_may_change_a_plan_and_on_which_version() {
    let mut days = Days::begin("2026-01-10");
    let command = |change: PlanChange, version| Command::ChangePlan {
        kelompok: "OKI-1".parse().unwrap(),
        change,
        version,
    };
    let away = || moved("sesi-a", "2026-04");
    let refused = days.run(STRANGER, command(away(), 0));
    assert!(matches!(refused, Err(Refusal::NotFound(_))), "{refused:?}");
    days.run(SUPERVISOR, command(away(), 0)).unwrap();
    let version = days.world.state.seq;
    let refused = days.run(PENDAMPING, command(away(), 0));
    assert!(matches!(refused, Err(Refusal::Stale { current }) if current == version));
    days.run(PENDAMPING, command(moved("sesi-a", "2026-05"), version)).unwrap();
    let group = days.world.state.group("OKI-1").unwrap();
    assert_eq!(group.last_seq, version + 1, "its history has the change");
    assert!(group.version < version, "and changes of members go on beside it");
    for (sesi, to) in
        [("sesi-a", "2025-12"), ("sesi-a", "2028-03"), ("sesi-x", "2026-04"), ("sesi-a", "9999-12")]
    {
        let refused = days.change(moved(sesi, to));
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{sesi} {to}: {refused:?}");
    }
    days.meet("2026-01-10", "sesi-a");
    assert!(days.change(moved("sesi-a", "2026-06")).is_err(), "it is tuntas");
    assert!(days.change(moved("sesi-b", "2026-01")).is_err(), "it met already");
}
