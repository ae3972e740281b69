//! The numbers of a table for people: heading, meaning and value in one place each.

use crate::kelompok::rates::MonthRates;

use super::report::Column;
use super::table::Value;

/// One column of numbers about a `T`.
pub(super) struct Figure<T> {
    /// Its name in the API; empty for a column that is for people alone.
    pub(super) field: &'static str,
    /// Its heading for people.
    pub(super) words: &'static str,
    /// What it counts.
    pub(super) meaning: &'static str,
    /// The number.
    pub(super) value: fn(&T) -> Value<'static>,
}

impl<T> Figure<T> {
    pub(super) fn column(&self) -> Column {
        Column::new(self.words, self.meaning)
    }
}

/// The honest numbers of a month. Each share stands right behind the two counts it is made of.
pub(super) static MONTH: [Figure<MonthRates>; 7] = [
    Figure {
        field: "expected",
        words: "Diharapkan bertemu",
        meaning: "Kelompok yang aktif dan tidak ditangguhkan pada lebih dari separuh hari bulan itu.",
        value: |month| count(month.expected),
    },
    Figure {
        field: "actual",
        words: "Bertemu",
        meaning: "Dari yang diharapkan, kelompok dengan sedikitnya satu pertemuan yang dihitung.",
        value: |month| count(month.actual),
    },
    Figure {
        field: "",
        words: "Bertemu dari diharapkan",
        meaning: "Bertemu dibagi diharapkan bertemu.",
        value: |month| share(month.actual, month.expected),
    },
    Figure {
        field: "",
        words: "Diharapkan dengan waktu catat",
        meaning: "Diharapkan bertemu, tanpa kelompok yang waktu catatannya tidak diketahui.",
        value: |month| count(month.expected_known()),
    },
    Figure {
        field: "on_time",
        words: "Tepat waktu",
        meaning: "Dari yang bertemu, kelompok yang catatan pertamanya diterima sebelum batas waktu di bulan berikutnya.",
        value: |month| count(month.on_time),
    },
    Figure {
        field: "",
        words: "Tepat waktu dari diharapkan",
        meaning: "Tepat waktu dibagi diharapkan dengan waktu catat.",
        value: |month| share(month.on_time, month.expected_known()),
    },
    Figure {
        field: "",
        words: "Waktu catat tidak diketahui",
        meaning: "Dari yang bertemu, kelompok yang waktu catatannya tidak diketahui, misalnya karena hasil impor.",
        value: |month| count(month.unknown_time),
    },
];

/// A whole number.
pub(super) fn count(number: u32) -> Value<'static> {
    Value::Count(u64::from(number))
}

/// A share; an empty cell where there is nothing to take it of.
pub(super) fn share(part: u32, whole: u32) -> Value<'static> {
    match whole {
        0 => Value::Empty,
        whole => Value::Share(f64::from(part) / f64::from(whole)),
    }
}
