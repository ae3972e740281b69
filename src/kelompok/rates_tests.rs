use super::*;
use jiff::civil::date;
use uuid::Uuid;

use crate::ids::{AccountId, Mark};
use crate::kelompok::few::{Few, Rare};
use crate::kelompok::group::{HeadChange, HeadReason};
use crate::kelompok::pertemuan::Attendance;
use crate::kelompok::rules::{Dated, Rules};

fn group(desa: &str, pertemuan: &[(&str, Option<&str>)]) -> Kelompok {
    let start = date(2025, 1, 1);
    Kelompok {
        id: "k".parse().unwrap(),
        name: "Melati".to_owned(),
        desa: vec![(start, vec![desa.parse().unwrap()].into())].into(),
        start,
        known: start,
        end: None,
        heads: vec![HeadChange { date: start, delta: 25, reason: HeadReason::Awal }].into(),
        assigned: Few::default(),
        suspensions: Rare::default(),
        seats: Rare::default(),
        origin: None,
        ending: None,
        fakta: pertemuan
            .iter()
            .map(|(on, received)| Fakta {
                id: Uuid::nil(),
                digest: Mark::default(),
                date: on.parse().unwrap(),
                kind: 0,
                attendance: Attendance { present: 20, sick: 3, absent: 2, members: 25 },
                absent_seats: Box::default(),
                sesi: Box::default(),
                received: received.map(|at| at.parse().unwrap()),
                author: AccountId(1),
                first_seq: 0,
                version: 0,
                corrected: false,
                withdrawn: false,
                not_double: false,
                open_question: false,
            })
            .collect(),
        version: 0,
        last_seq: 0,
    }
}

fn state(group: &Kelompok, suspensions: &[(&str, Option<&str>)], month: &str) -> MonthState {
    let rules = Dated::new(Rules::default());
    let kinds = ["lengkap".to_owned()];
    let setting = Setting { rules: &rules, kinds: &kinds, sesi: &[] };
    let all: Vec<Suspension> = suspensions
        .iter()
        .map(|(from, to)| Suspension {
            from: from.parse().unwrap(),
            to: to.map(|to| to.parse().unwrap()),
        })
        .collect();
    let all: Vec<&Suspension> = all.iter().collect();
    month_state(group, &all, Month::parse(month).unwrap(), date(2027, 1, 1), setting)
}

#[test]
fn a_month_is_expected_when_more_than_half_of_it_was_open() {
    let mut one = group("16.02.05.1001", &[]);
    for (suspensions, expected) in [
        (vec![], true),
        // 30 days in June: 15 open days are not more than half, 16 are.
        (vec![("2026-06-16", None)], false),
        (vec![("2026-06-17", None)], true),
        (vec![("2026-06-01", Some("2026-06-14"))], true),
        (vec![("2026-06-01", Some("2026-06-15"))], false),
        // Overlapping suspensions unite.
        (vec![("2026-06-01", Some("2026-06-10")), ("2026-06-05", Some("2026-06-14"))], true),
        (vec![("2026-06-01", Some("2026-06-10")), ("2026-06-20", Some("2026-06-24"))], false),
        (vec![("2020-03-01", None)], false),
        (vec![("2020-03-01", Some("2020-08-01"))], true),
    ] {
        assert_eq!(state(&one, &suspensions, "2026-06").expected, expected, "{suspensions:?}");
    }
    one.start = date(2026, 6, 16);
    assert!(!state(&one, &[], "2026-06").expected);
    one.start = date(2026, 6, 15);
    assert!(state(&one, &[], "2026-06").expected);
    one.end = Some(date(2026, 7, 2));
    assert!(state(&one, &[], "2026-06").expected && !state(&one, &[], "2026-07").expected);
}

#[test]
fn on_time_is_judged_where_the_kelompok_is() {
    // 00:00 on 4 July is 17:00 UTC on the 3rd in WIB and 15:00 UTC in WIT.
    for (desa, received, expected) in [
        ("16.02.05.1001", Some("2026-07-03T16:59:59Z"), Some(true)),
        ("16.02.05.1001", Some("2026-07-03T17:00:00Z"), Some(false)),
        ("81.01.01.2001", Some("2026-07-03T14:59:59Z"), Some(true)),
        ("81.01.01.2001", Some("2026-07-03T15:00:00Z"), Some(false)),
        ("16.02.05.1001", None, None),
    ] {
        let found = state(&group(desa, &[("2026-06-20", received)]), &[], "2026-06");
        assert_eq!((found.actual, found.on_time), (true, expected), "{desa} {received:?}");
    }
}

#[test]
fn a_meeting_of_an_unexpected_month_appears_in_no_rate() {
    let one = group("16.02.05.1001", &[("2026-06-20", Some("2026-06-20T10:00:00Z"))]);
    assert_eq!(state(&one, &[("2026-06-01", None)], "2026-06"), MonthState::default());
    let mut rates = MonthRates::default();
    rates.add(state(&one, &[("2026-06-01", None)], "2026-06"));
    assert_eq!(rates, MonthRates::default());
    rates.add(state(&one, &[], "2026-06"));
    rates.add(state(&one, &[], "2026-07"));
    assert_eq!(rates, MonthRates { expected: 2, actual: 1, on_time: 1, unknown_time: 0 });
}

#[test]
fn one_record_in_time_is_enough_and_an_unknown_one_stands_outside() {
    let late = ("2026-06-02", Some("2026-08-01T00:00:00Z"));
    let early = ("2026-06-20", Some("2026-06-21T00:00:00Z"));
    let unknown = ("2026-06-09", None);
    for (all, expected) in [
        (vec![late, early], Some(true)),
        (vec![late, unknown], Some(false)),
        (vec![unknown], None),
        (vec![unknown, early], Some(true)),
    ] {
        assert_eq!(state(&group("16.02.05.1001", &all), &[], "2026-06").on_time, expected);
    }
}

#[test]
fn months_read_and_write_the_same() {
    assert_eq!(Month::parse("2026-11").map(Month::id), Some("2026-11".to_owned()));
    assert_eq!(
        Month::parse("2026-01").map(|month| month.previous().id()),
        Some("2025-12".to_owned())
    );
    for wrong in ["2026", "2026-13", "26-11", "2026-1", "", "2026-11-01"] {
        assert_eq!(Month::parse(wrong), None, "{wrong}");
    }
}
