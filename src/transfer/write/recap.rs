//! The figures of a month, area by area.

use std::borrow::Cow;

use crate::kelompok::rates::MonthRates;

use super::table::{Table, Value};
use super::{Output, WriteError};

/// The heading, for people.
const HEADING: [&str; 9] = [
    "Kode",
    "Nama",
    "Diharapkan",
    "Bertemu",
    "Bertemu dari diharapkan",
    "Tepat waktu",
    "Diharapkan dengan waktu catat",
    "Tepat waktu dari itu",
    "Waktu catat tidak diketahui",
];

/// Writes a row for each (code, name, figures); gives their number. A share without a denominator is
/// an empty cell.
///
/// # Errors
/// When they cannot be written, or are too many for a spreadsheet.
pub fn recap(out: Output<'_>, rows: &[(String, String, MonthRates)]) -> Result<u64, WriteError> {
    let mut table = Table::with_heading(out, "laporan", &HEADING)?;
    let count = |number: u32| Value::Count(u64::from(number));
    let share = |part: u32, whole: u32| match whole {
        0 => Value::Empty,
        whole => Value::Share(f64::from(part) / f64::from(whole)),
    };
    for (code, name, rates) in rows {
        table.row(vec![
            Value::Text(Cow::Borrowed(code)),
            Value::Text(Cow::Borrowed(name)),
            count(rates.expected),
            count(rates.actual),
            share(rates.actual, rates.expected),
            count(rates.on_time),
            count(rates.expected_known()),
            share(rates.on_time, rates.expected_known()),
            count(rates.unknown_time),
        ])?;
    }
    table.finish()
}
