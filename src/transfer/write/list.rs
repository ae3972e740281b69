//! The list behind a number of a page about coverage.

use jiff::civil::Date;

use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::Kelompok;
use crate::kelompok::plan::Behind;
use crate::state::State;

use super::coverage::{placement, placement_columns, text};
use super::figures::{count, share};
use super::report::{Column, Report};
use super::table::Value;

/// What the rows of a list stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListOf {
    /// Kelompok.
    Groups,
    /// Pairs of a kelompok and a sesi.
    Cells,
    /// Kelompok in a month.
    Month,
}

/// One row of a list.
#[derive(Debug)]
pub struct ListRow<'a> {
    /// The kelompok.
    pub group: &'a Kelompok,
    /// The sesi, where the row is about one.
    pub sesi: Option<SesiIx>,
    /// How it stands, in words.
    pub standing: String,
    /// Covered sesi and sesi of the target.
    pub covered: (u32, u32),
    /// How far behind its plan.
    pub behind: Behind,
    /// The date of the pertemuan that the row leads to.
    pub date: Option<Date>,
}

/// The list as of `on`: exactly these rows.
pub fn list<'a>(
    state: &State,
    of: ListOf,
    on: Date,
    rows: impl Iterator<Item = ListRow<'a>>,
) -> Report {
    let mut columns =
        vec![Column::new("Id", "Id kelompok."), Column::new("Kelompok", "Nama kelompok.")];
    columns.extend(placement_columns());
    columns.extend(columns_of(of));
    let mut report = Report::new("daftar", 2, columns);
    for row in rows {
        let mut values = vec![text(row.group.id.to_string()), text(row.group.name.clone())];
        values.extend(placement(state, Some(row.group), on));
        values.extend(values_of(state, of, &row));
        report.push(values);
    }
    report
}

fn columns_of(of: ListOf) -> Vec<Column> {
    let standing = "Keadaan kelompok itu, dengan kata-kata halaman.";
    match of {
        ListOf::Groups => vec![
            Column::new("Keadaan", standing),
            Column::new("Sesi tuntas", "Sesi sasaran yang sudah diajarkan seluruhnya."),
            Column::new("Sesi sasaran", "Sesi yang menjadi sasaran kelompok itu."),
            Column::new("Cakupan", "Sesi tuntas dibagi sesi sasaran."),
            Column::new(
                "Sesi lewat rencana",
                "Sesi yang bulannya menurut rencana sudah lewat, dikurangi sesi yang tuntas.",
            ),
            Column::new("Lewat sejak", "Tanggal sejak sesi tertua di antaranya terlambat."),
            Column::new("Pertemuan terakhir", "Tanggal pertemuan terakhir yang dihitung."),
        ],
        ListOf::Cells => vec![
            Column::new("Nomor sesi", "Nomor sesi dalam kurikulumnya."),
            Column::new("Sesi", "Judul sesi."),
            Column::new("Keadaan", "Tuntas, sebagian, belum atau perlu penyegaran."),
            Column::new(
                "Tanggal",
                "Hari sesi itu menjadi tuntas; bila belum, hari terakhir diajarkan.",
            ),
        ],
        ListOf::Month => vec![
            Column::new("Keadaan", standing),
            Column::new(
                "Tanggal pertemuan",
                "Pertemuan pertama bulan itu; bila belum bertemu, pertemuan terakhir sebelumnya.",
            ),
        ],
    }
}

fn values_of(state: &State, of: ListOf, row: &ListRow<'_>) -> Vec<Value<'static>> {
    let day = |date: Option<Date>| date.map_or(Value::Empty, Value::Day);
    let standing = text(row.standing.clone());
    let (covered, target) = row.covered;
    match of {
        ListOf::Groups => vec![
            standing,
            count(covered),
            count(target),
            share(covered, target),
            count(row.behind.count.into()),
            day(row.behind.since.filter(|_| row.behind.count > 0)),
            day(row.date),
        ],
        ListOf::Cells => {
            let sesi = row.sesi.and_then(|ix| state.sesi_at(ix));
            let number = sesi.and_then(|one| state.placement(&one.id));
            vec![
                number.map_or(Value::Empty, |place| count(place.entry.nomor)),
                sesi.map_or(Value::Empty, |one| text(one.title.clone())),
                standing,
                day(row.date),
            ]
        }
        ListOf::Month => vec![standing, day(row.date)],
    }
}
