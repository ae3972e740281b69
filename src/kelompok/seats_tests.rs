use super::*;

use uuid::Uuid;

use crate::ids::{AccountId, Digest};
use crate::kelompok::coverage::{EditionInfo, SesiInfo};
use crate::kelompok::pertemuan::{Attendance, Source};
use crate::kelompok::rules::{Dated, Rules};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// `2026-01-05 20/25 3,7 t`: date, present of members, absent seats (`-` none said), extent with
/// langkah (`s:1,2`); a fifth word is the kind, else lengkap.
fn fakta(line: &str) -> Fakta {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (present, members) = words[1].split_once('/').unwrap();
    let (present, members): (u16, u16) = (present.parse().unwrap(), members.parse().unwrap());
    let seats = words[2].split(',').filter_map(|one| one.parse().ok());
    let (extent, langkah) = words[3].split_once(':').unwrap_or((words[3], ""));
    let bits = langkah.split(',').filter_map(|one| one.parse::<u32>().ok());
    Fakta {
        id: Uuid::nil(),
        digest: Digest([0; 16]).into(),
        date: day(words[0]),
        kind: match words.get(4) {
            Some(&"susulan") => 3,
            Some(&"perwakilan") => 4,
            _ => 0,
        },
        attendance: Attendance { present, sick: 0, absent: members - present, members },
        absent_seats: seats.collect(),
        sesi: Box::new([FaktaSesi {
            sesi: 0,
            extent: if extent == "t" { Extent::Tuntas } else { Extent::Sebagian },
            langkah: bits.map(|one| 1 << (one - 1)).sum(),
            source: Source::Edition(1),
        }]),
        received: None,
        author: AccountId(1),
        first_seq: 0,
        version: 0,
        corrected: false,
        withdrawn: false,
        not_double: false,
        open_question: false,
    }
}

fn with_setting<T>(test: impl FnOnce(Setting<'_>) -> T) -> T {
    let rules = Rules::default();
    let kinds: Vec<String> = rules.kinds.iter().map(|kind| kind.id.clone()).collect();
    let rules = Dated::new(rules);
    let edition = EditionInfo { number: 1, generation: 1, date: day("2026-01-01"), langkah: 3 };
    let sesi = [SesiInfo { editions: vec![edition], ..SesiInfo::default() }];
    test(Setting { rules: &rules, kinds: &kinds, sesi: &sesi })
}

fn shown(standing: Standing) -> String {
    match standing.owes {
        None => "-".to_owned(),
        Some(Why::Joined(date)) => format!("bergabung {date}"),
        Some(Why::Absent(date)) => format!("absen {date}"),
        Some(Why::Elsewhere(date)) => format!("asal lain {date}"),
    }
}

#[test]
fn a_seat_owes_what_was_taught_without_it() {
    // Seat 3, from the day in the first column; what it owes at the end of the year.
    for (from, lines, expected, reached) in [
        ("2026-01-01", "", "-", false),
        ("2026-01-01", "2026-02-01 25/25 - t", "-", true),
        ("2026-01-01", "2026-02-01 23/25 3,7 t", "absen 2026-02-01", false),
        ("2026-01-01", "2026-02-01 23/25 - t", "-", false),
        ("2026-03-01", "2026-02-01 25/25 - t", "bergabung 2026-02-01", false),
        ("2026-03-01", "2026-02-01 25/25 - t; 2026-04-01 24/25 1 t", "-", true),
        ("2026-01-01", "2026-02-01 24/25 3 t; 2026-04-01 24/25 1 t", "-", true),
        // A later absence is no debt of one who has had it.
        ("2026-01-01", "2026-02-01 24/25 1 t; 2026-04-01 24/25 3 t", "-", true),
        // A pertemuan that counts for nothing makes no debt, and one of another kind settles none.
        ("2026-01-01", "2026-02-01 2/25 - t", "-", false),
        (
            "2026-01-01",
            "2026-02-01 24/25 3 t; 2026-04-01 24/25 1 t perwakilan",
            "absen 2026-02-01",
            false,
        ),
        // A few who come for what they missed are below half; for them it is settled.
        ("2026-01-01", "2026-02-01 3/4 3 t; 2026-04-01 1/4 1,2,4 t susulan", "-", true),
        // Who comes for the rest only still owes the beginning.
        ("2026-01-01", "2026-02-01 24/25 3 s; 2026-04-01 24/25 1 t", "absen 2026-02-01", true),
        ("2026-01-01", "2026-02-01 24/25 3 s; 2026-04-01 25/25 - s", "absen 2026-02-01", true),
        ("2026-01-01", "2026-02-01 24/25 3 s:1,2; 2026-04-01 25/25 - s:1,2,3", "-", true),
        (
            "2026-01-01",
            "2026-02-01 24/25 3 s:1; 2026-04-01 25/25 - s:2,3",
            "absen 2026-02-01",
            true,
        ),
        ("2026-03-01", "2026-02-01 25/25 - s; 2026-04-01 25/25 - t", "bergabung 2026-02-01", true),
        // The group begins anew with the whole of it.
        (
            "2026-01-01",
            "2026-02-01 24/25 3 s; 2026-03-01 25/25 - t; 2026-04-01 25/25 - t",
            "-",
            true,
        ),
    ] {
        let all: Vec<Fakta> = lines.split(';').filter(|l| !l.is_empty()).map(fakta).collect();
        let seat = Seat { number: 3, from: day(from), to: None };
        let past = [Stay { place: Place::Seat(seat), fakta: all.into() }];
        let found = with_setting(|setting| standing(&past, 0, day("2026-12-31"), setting));
        assert_eq!((shown(found).as_str(), found.reached), (expected, reached), "{from} {lines}");
    }
}

#[test]
fn a_seat_brings_its_past_along() {
    let taught = [fakta("2026-02-01 24/25 3 t")];
    let later = [fakta("2026-06-01 24/25 9 t")];
    let old = Seat { number: 3, from: day("2026-01-01"), to: None };
    let came = Seat { number: 4, from: day("2026-01-01"), to: None };
    let now = Seat { number: 9, from: day("2026-05-01"), to: None };
    let stay = |place, fakta: &[Fakta]| Stay { place, fakta: fakta.into() };
    for (past, expected) in [
        (
            vec![stay(Place::Seat(old), &taught[..]), stay(Place::Seat(now), &[][..])],
            "absen 2026-02-01",
        ),
        (vec![stay(Place::Seat(came), &taught[..]), stay(Place::Seat(now), &later[..])], "-"),
        (
            vec![stay(Place::Elsewhere, &taught[..]), stay(Place::Seat(now), &[][..])],
            "asal lain 2026-02-01",
        ),
        (vec![stay(Place::Seat(came), &taught[..]), stay(Place::Elsewhere, &taught[..])], "-"),
        // Nobody knows who heard it there, so nobody is told to owe it.
        (vec![stay(Place::Unnumbered, &taught[..]), stay(Place::Elsewhere, &taught[..])], "-"),
        (vec![stay(Place::Unnumbered, &taught[..]), stay(Place::Seat(now), &[][..])], "-"),
    ] {
        let found = with_setting(|setting| standing(&past, 0, day("2026-12-31"), setting));
        assert_eq!(shown(found), expected, "{past:?}");
    }
}

#[test]
fn numbers_are_never_given_out_again() {
    let mut seats = Vec::new();
    open(&mut seats, day("2026-01-01"), &[1, 2, 3]);
    close(&mut seats, day("2026-03-01"), &[3]);
    assert_eq!(next_number(&seats), 4);
    assert_eq!(seats[2].to, Some(day("2026-02-28")));
    assert_eq!(active(&seats, day("2026-02-28")).count(), 3);
    assert_eq!(active(&seats, day("2026-03-01")).count(), 2);
    open(&mut seats, day("2026-04-01"), &[3, 4]);
    assert_eq!((seats.len(), seats[2].to), (4, Some(day("2026-02-28"))));
}
