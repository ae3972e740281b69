//! A kelompok that moves, and one that changes hands: until the day they count where, and for whom,
//! they did.

use jiff::civil::Date;
use p2k2::command::{Actor, Command, GroupChange, Versioned};
use p2k2::ids::AccountId;
use p2k2::kelompok::rates::Month;
use p2k2::kelompok::wilayah::{Kode, Level};
use p2k2::state::columns::{Columns, History};
use p2k2::state::rollup::{Per, RowKey, Totals};
use p2k2::state::{Months, Part, State};

use crate::support::{World, record, request};

const OLD: &str = "16.02";
const NEW: &str = "35.20";
/// The day of the move.
const MOVED: &str = "2026-06-10";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn kode(text: &str) -> Kode {
    text.parse().unwrap()
}

fn run(world: &mut World, id: u128, command: Command) {
    world.run(&request(id, Actor::System, command)).unwrap();
}

fn change(world: &mut World, id: u128, change: GroupChange) {
    let group = world.state.group("OKI-1").unwrap();
    let kelompok = vec![Versioned { id: group.id.clone(), version: group.version }];
    run(world, id, Command::ChangeMany { kelompok, change });
}

/// A kelompok that met in April, May and July, and moved in June.
fn moved() -> World {
    let mut world = World::district();
    for (id, date) in (1_000..).zip(["2026-04-05", "2026-05-05", "2026-07-05"]) {
        run(&mut world, id, Command::Record(Box::new(record(date))));
    }
    let desa = vec![kode("35.20.07.2014")];
    change(&mut world, 2_000, GroupChange::Move { from: day(MOVED), desa });
    world
}

/// Kelompok that count and those that met, by looking at each.
fn counted(state: &State, area: Kode, on: Date) -> (u32, u32) {
    let here = state.groups().iter().filter(|group| {
        let desa = group.desa.iter().rev().find(|(from, _)| *from <= on).unwrap();
        area.contains(desa.1[0]) && group.active(on)
    });
    let month = |date: Date| (date.year(), date.month()) == (on.year(), on.month()) && date <= on;
    let here: Vec<_> = here.collect();
    let met = here.iter().filter(|group| group.fakta.iter().any(|one| month(one.date))).count();
    (here.len() as u32, met as u32)
}

fn of(totals: &Totals) -> (u32, u32) {
    (totals.groups, totals.month.actual)
}

#[test]
fn until_its_move_a_kelompok_counts_where_it_belonged() {
    let world = moved();
    let state = &world.state;
    let mut history = History::default();
    while !history.take_in(state, 10) {}
    let mut today = Columns::default();
    today.follow(state, day("2026-08-15"));
    let days = ["2026-04-30", "2026-05-31", "2026-06-09", MOVED, "2026-07-31", "2026-08-15"];
    let known = [(1, 1), (1, 1), (1, 0), (0, 0), (0, 0), (0, 0)];
    for (on, old) in days.map(day).into_iter().zip(known) {
        let mut columns = Columns::default();
        columns.follow(state, on);
        let past = today.past(state, &history, on);
        for area in [OLD, NEW, "nasional", "16.02.05", "35.20.07"].map(kode) {
            let truth = counted(state, area, on);
            let found = state.totals(area, on);
            assert_eq!(of(&found), truth, "{area} on {on}");
            for columns in [&columns, &past] {
                let rows = columns.rollup(area, Level::Nasional).unwrap();
                let told = rows.first().map_or((0, 0), |(_, totals)| of(totals));
                assert_eq!(told, truth, "{area} on {on}");
            }
            let groups: Vec<_> = state.groups_on(area, on).collect();
            assert_eq!(groups.len() as u32, truth.0, "the list of {area} on {on}");
        }
        assert_eq!(counted(state, kode(OLD), on), old);
        let rows = state.rollup(Kode::NASIONAL, Per::Level(Level::Kabupaten), on);
        assert_eq!(columns.rollup(Kode::NASIONAL, Level::Kabupaten).unwrap(), rows, "on {on}");
    }
    let months: Vec<_> = [4, 5, 6, 7].map(|month| Date::new(2026, month, 1).unwrap()).into();
    let days: Vec<_> = months.into_iter().map(|on| (Month::of(on), Month::of(on).last())).collect();
    let mut trend = Months::new(state, kode(OLD), days.clone());
    for ix in state.ever_in(kode(OLD)) {
        let group = state.group_at(ix).unwrap();
        trend.add(group, |on| Part::all(kode(OLD).contains(group.home(on))));
    }
    for ((_, on), row) in days.iter().zip(&trend.rows) {
        assert_eq!((row.groups, row.actual), counted(state, kode(OLD), *on), "on {on}");
    }
}

#[test]
fn the_columns_follow_into_the_day_of_a_move_that_was_told_before() {
    let world = moved();
    let mut columns = Columns::default();
    for on in ["2026-06-08", "2026-06-09", MOVED, "2026-06-11"].map(day) {
        columns.follow(&world.state, on);
        let rows = columns.rollup(Kode::NASIONAL, Level::Kabupaten).unwrap();
        assert_eq!(rows, world.state.rollup(Kode::NASIONAL, Per::Level(Level::Kabupaten), on));
    }
}

#[test]
fn a_months_pertemuan_is_of_whoever_held_it() {
    let mut world = World::district();
    run(&mut world, 1_000, Command::Record(Box::new(record("2026-06-05"))));
    let hand_over = GroupChange::Assign { from: day("2026-06-20"), account: None };
    change(&mut world, 2_000, hand_over);
    let rows = |on: &str| {
        let mut rows: Vec<_> = world
            .state
            .rollup(kode(OLD), Per::Pendamping, day(on))
            .into_iter()
            .map(|(key, totals)| match key {
                RowKey::Pendamping(who) => {
                    (who, totals.groups, totals.month.actual, totals.month.expected)
                }
                other => panic!("{other:?}"),
            })
            .collect();
        rows.sort_unstable();
        rows
    };
    let first = Some(AccountId(1));
    assert_eq!(rows("2026-06-19"), [(first, 1, 1, 1)]);
    assert_eq!(rows("2026-06-30"), [(None, 1, 0, 0), (first, 0, 1, 1)]);
    assert_eq!(rows("2026-07-31"), [(None, 1, 0, 1)]);
    let mut columns = Columns::default();
    columns.follow(&world.state, day("2026-06-30"));
    let mut told =
        world.state.rows_of(columns.briefs(kode(OLD)), Per::Pendamping, day("2026-06-30"));
    let mut truth = world.state.rollup(kode(OLD), Per::Pendamping, day("2026-06-30"));
    told.sort_by(|a, b| a.0.cmp(&b.0));
    truth.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(told, truth);
}
