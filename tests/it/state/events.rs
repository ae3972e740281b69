//! Events as they could come, in any order, about two kabupaten and three sesi.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use p2k2::curriculum::ids::{RevisionId, SesiId};
use p2k2::event::{ChangeKind, Event, LineInfo, Receipt, Setting, SuspensionTarget};
use p2k2::ids::{AccountId, Digest};
use p2k2::kelompok::KelompokId;
use p2k2::kelompok::lineage::{SeatMove, Successor};
use p2k2::kelompok::pertemuan::{Attendance, Extent, Pertemuan, Source, Taught};
use p2k2::kelompok::plan::Pin;
use p2k2::kelompok::rates::Month;
use p2k2::kelompok::rules::{Holiday, Holidays, Rules, TargetSet};
use p2k2::kelompok::wilayah::Kode;
use p2k2::private::Private;
use p2k2::state::State;
use proptest::prelude::*;
use uuid::Uuid;

use crate::support::{SKEMA, start};

/// The day around which everything happens.
pub(super) const DAY: Date = date(2026, 11, 21);

const PLACES: [&str; 5] =
    ["16.02.05.1001", "16.02.05.1002", "16.02.07.2001", "35.20.07.2014", "35.20.07"];
const SESI: [&str; 3] = ["sesi-a", "sesi-b", "sesi-c"];
const GROUPS: u8 = 6;

fn group(number: u8) -> KelompokId {
    format!("K-{number}").parse().unwrap()
}

/// One that was entered.
fn old_group() -> impl Strategy<Value = KelompokId> {
    (0..GROUPS).prop_map(group)
}

/// One that came out of others.
fn new_group() -> impl Strategy<Value = KelompokId> {
    (0..4_u8).prop_map(|number| format!("B-{number}").parse().unwrap())
}

fn any_group() -> impl Strategy<Value = KelompokId> {
    prop_oneof![4 => old_group(), 1 => new_group()]
}

fn any_successor() -> impl Strategy<Value = Successor> {
    (new_group(), any_place(), any::<bool>()).prop_map(|(id, place, seated)| Successor {
        id,
        name: "Kenanga".to_owned(),
        desa: vec![place],
        members: 30,
        pendamping: None,
        seats: if seated { vec![SeatMove { parent: 0, old: 3, new: 1 }] } else { Vec::new() },
    })
}

fn about_lines_of_descent() -> impl Strategy<Value = Event> {
    let reason = || Private::from("Alasan");
    prop_oneof![
        (prop::collection::vec(old_group(), 2..4), any_successor(), any_day()).prop_map(
            move |(parents, into, on)| Event::KelompokMerged {
                parents,
                into,
                on,
                reason: reason()
            }
        ),
        (old_group(), prop::collection::vec(any_successor(), 2..3), any_day()).prop_map(
            move |(parent, into, on)| Event::KelompokSplit { parent, into, on, reason: reason() }
        ),
        (1_u64..30, prop::collection::vec(any_group(), 1..4)).prop_map(move |(line, kelompok)| {
            Event::KelompokRestored { line, kelompok, reason: reason() }
        }),
    ]
}

fn any_place() -> impl Strategy<Value = Kode> {
    prop::sample::select(PLACES.to_vec()).prop_map(|place| place.parse().unwrap())
}

/// Days in the months around [`DAY`], some of them still to come.
pub(super) fn any_day() -> impl Strategy<Value = Date> {
    (-70_i32..45).prop_map(|days| DAY.saturating_add(days.days()))
}

fn any_pertemuan() -> impl Strategy<Value = Pertemuan> {
    let taught = (0..SESI.len(), any::<bool>(), 1_u8..4, 0_u16..4).prop_map(
        |(sesi, all, langkah, edition)| Taught {
            sesi: SESI[sesi].parse().unwrap(),
            extent: if all { Extent::Tuntas } else { Extent::Sebagian },
            langkah: if all { Vec::new() } else { vec![langkah] },
            source: if edition == 0 { Source::BukuCetak } else { Source::Edition(edition) },
        },
    );
    let kind = prop::sample::select(vec!["lengkap", "lengkap", "daring", "perwakilan", "lain"]);
    (any_group(), any_day(), kind, prop::collection::vec(taught, 0..3), 0_u16..26).prop_map(
        |(kelompok, date, kind, sesi, present)| Pertemuan {
            kelompok,
            date,
            kind: kind.to_owned(),
            sesi,
            attendance: Attendance { present, sick: 1, absent: 0, members: 26 },
            absent_seats: if present % 3 == 0 { vec![2, 9] } else { Vec::new() },
            start: None,
            end: None,
            place: None,
            discussion: None,
            speakers: Vec::new(),
            topics: Vec::new(),
            obstacles: None,
            follow_up: None,
            note: None,
        },
    )
}

fn about_pertemuan() -> impl Strategy<Value = Event> {
    let id = (1_u128..30).prop_map(Uuid::from_u128);
    prop_oneof![
        6 => (id.clone(), any_pertemuan(), 0_u8..3).prop_map(|(id, record, receipt)| {
            let receipt = match receipt {
                0 => Receipt::Line,
                1 => Receipt::Unknown,
                _ => Receipt::At("2026-12-04T02:00:00.5Z".parse().unwrap()),
            };
            Event::PertemuanRecorded { id, digest: Digest([7; 16]), receipt, record }
        }),
        2 => (id.clone(), any_pertemuan()).prop_map(|(id, record)| {
            Event::PertemuanCorrected { id, record, reason: Private::from("salah") }
        }),
        1 => (id.clone(), any_group()).prop_map(|(id, kelompok)| {
            Event::PertemuanWithdrawn { id, kelompok, reason: Private::from("ganda"), joined: None }
        }),
        1 => (id, any_group(), 0_u8..3).prop_map(|(id, kelompok, what)| match what {
            0 => Event::PertemuanQuestioned { id, kelompok, text: Private::from("benar?") },
            1 => Event::PertemuanAnswered { id, kelompok, text: Private::from("ya") },
            _ => Event::PertemuanSeparate { id, kelompok },
        }),
    ]
}

/// The plan of a kelompok, changed by hand.
fn about_plans() -> impl Strategy<Value = Event> {
    let sesi = || (0..SESI.len()).prop_map(|at| SESI[at].parse::<SesiId>().unwrap());
    let pin = (sesi(), any_day()).prop_map(|(sesi, day)| Pin { sesi, month: Month::of(day) });
    let pins = prop::collection::vec(pin, 0..2);
    (any_group(), any_day(), pins, prop::collection::vec(sesi(), 0..2)).prop_map(
        |(kelompok, from, pins, out)| Event::PlanChanged {
            kelompok,
            from: Month::of(from),
            pins,
            out,
        },
    )
}

fn about_groups() -> impl Strategy<Value = Event> {
    let reason = || Private::from("Alasan");
    prop_oneof![
        3 => (any_group(), prop::collection::vec(any_place(), 1..3), any_day()).prop_map(
            |(id, desa, start)| Event::KelompokCreated {
                id, name: "Melati".to_owned(), desa, members: 25, start
            }),
        1 => (any_group(), any_day(), any_place()).prop_map(|(id, from, place)| {
            Event::KelompokMoved { id, from, desa: vec![place] }
        }),
        1 => (any_group(), any_day()).prop_map(move |(id, on)| {
            Event::KelompokDissolved { id, on, reason: reason() }
        }),
        1 => (any_group(), any_day(), 0_u32..3).prop_map(|(kelompok, from, account)| {
            let account = (account > 0).then_some(AccountId(account));
            Event::PendampingAssigned { kelompok, from, account }
        }),
        1 => (any_group(), any_place(), any::<bool>(), any_day(), prop::option::of(any_day()))
            .prop_map(move |(id, place, area, from, to)| {
                let target = if area {
                    SuspensionTarget::Wilayah(place)
                } else {
                    SuspensionTarget::Kelompok(id)
                };
                Event::SuspensionStarted { target, from, to, reason: reason() }
            }),
        1 => (1_u64..30, any_day()).prop_map(|(suspension, to)| {
            Event::SuspensionEnded { suspension, to, kelompok: None }
        }),
    ]
}

fn about_many() -> impl Strategy<Value = Event> {
    let sesi = || (0..SESI.len()).prop_map(|at| SESI[at].parse().unwrap());
    prop_oneof![
        (sesi(), 1_u16..4, any::<bool>(), any_day()).prop_map(|(sesi, edition, same, date)| {
            Event::EditionPublished {
                sesi,
                revision: RevisionId::of("naskah"),
                edition,
                kind: if same { ChangeKind::Redaksional } else { ChangeKind::Substansi },
                date,
                langkah: 2,
                minutes: 90,
                title: "Sesi".to_owned(),
                note: Private::from("Catatan"),
                authors: Vec::new(),
            }
        }),
        (any_place(), any_day(), prop::collection::vec(sesi(), 0..4)).prop_map(
            |(area, from, sesi)| {
                let target = TargetSet { area, from, sesi };
                Event::SettingChanged { from, setting: Box::new(Setting::Target(target)) }
            }
        ),
        (any_place(), any_day(), any_day(), 1_i32..40).prop_map(|(area, since, from, days)| {
            let to = from.saturating_add(days.days());
            let list = vec![Holiday { from, to, name: "Lebaran".to_owned() }];
            let setting = Box::new(Setting::Holidays(Holidays { area, list }));
            Event::SettingChanged { from: since, setting }
        }),
        any::<bool>().prop_map(|open| {
            let setting = Box::new(Setting::PublicReading(open));
            Event::SettingChanged { from: DAY, setting }
        }),
        (any_day(), 40_u8..90, 0_u8..70).prop_map(|(from, present, days)| {
            let rules = Rules {
                min_present_percent: present,
                expected_days_percent: days,
                ..Rules::default()
            };
            Event::SettingChanged { from, setting: Box::new(Setting::Rules(rules)) }
        }),
    ]
}

/// Any event, those that are frequent more often.
pub(super) fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => about_pertemuan(),
        4 => about_groups(),
        1 => about_lines_of_descent(),
        1 => about_plans(),
        1 => about_many(),
    ]
}

/// A state with the skema, and nothing else.
pub(super) fn begun() -> State {
    let mut state = State::default();
    let skema = serde_json::from_str(SKEMA).unwrap();
    fold(&mut state, &[Event::SkemaLoaded { skema: Box::new(skema) }]);
    state
}

/// Folds a line of events in.
pub(super) fn fold(state: &mut State, events: &[Event]) {
    let seq = state.seq + 1;
    let info = LineInfo {
        seq,
        at: start(),
        by: Some(AccountId(1)),
        command: Uuid::from_u128(1 << 80 | u128::from(seq)),
        digest: Digest([1; 16]),
    };
    state.apply_line(&info, events);
}
