//! The days that a change may name: none before there was anything to change, none so far ahead
//! that it can only be a slip of the finger.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::bahasa::tanggal;
use crate::kelompok::group::Kelompok;

use super::life::ended_words;

/// The year in which the programme began; nothing that is recorded here is older.
const FIRST_DAY: Date = date(2007, 1, 1);
/// So many days ahead a change may take effect.
const MAX_AHEAD_DAYS: i32 = 366;
/// So many days ahead plans are made, around holidays that are known by then.
const MAX_PLANNED_DAYS: i32 = 731;

/// What is wrong with the day of a change, if it lies before the programme began or more than a
/// year ahead.
pub(super) fn unlikely(day: Date, today: Date) -> Option<String> {
    too_early(day).or_else(|| {
        (day > today.saturating_add(MAX_AHEAD_DAYS.days())).then(|| {
            format!("{} lebih dari setahun lagi. Pilih hari yang lebih dekat.", tanggal::long(day))
        })
    })
}

/// The same for a day around which plans go: they reach two years ahead.
pub(super) fn unlikely_in_plan(day: Date, today: Date) -> Option<String> {
    too_early(day).or_else(|| {
        (day > today.saturating_add(MAX_PLANNED_DAYS.days())).then(|| {
            format!(
                "{} lebih dari dua tahun lagi. Pilih hari yang lebih dekat.",
                tanggal::long(day)
            )
        })
    })
}

/// What is wrong with a day that lies before the programme began.
pub(super) fn too_early(day: Date) -> Option<String> {
    (day < FIRST_DAY).then(|| {
        format!(
            "{} lebih awal dari PKH sendiri, yang dimulai tahun 2007. Periksa tahunnya.",
            tanggal::long(day)
        )
    })
}

/// What is wrong with the day from which a change of a kelompok is to hold: the kelompok is not
/// active on it, or it lies too far ahead.
pub(super) fn outside(group: &Kelompok, from: Date, today: Date) -> Option<String> {
    if let Some(end) = group.end.filter(|end| from >= *end) {
        return Some(ended_words(group, end));
    }
    if from < group.start {
        let start = tanggal::long(group.start);
        return Some(format!("Kelompok ini baru mulai {start}. Pilih hari itu atau sesudahnya."));
    }
    unlikely(from, today)
}
