//! The figures of a month, area by area.

use crate::kelompok::rates::MonthRates;

use super::coverage::text;
use super::figures::MONTH;
use super::report::{Column, Report};

/// A row for each (code, name, figures). A share without a denominator is an empty cell.
#[must_use]
pub fn recap(rows: Vec<(String, String, MonthRates)>) -> Report {
    let mut columns = vec![
        Column::new("Kode", "Kode wilayah atau id kelompok."),
        Column::new("Nama", "Nama wilayah atau kelompok."),
    ];
    columns.extend(MONTH.iter().map(|one| one.column()));
    let mut report = Report::new("laporan", 2, columns);
    for (code, name, rates) in rows {
        let mut row = vec![text(code), text(name)];
        row.extend(MONTH.iter().map(|one| (one.value)(&rates)));
        report.push(row);
    }
    report
}
