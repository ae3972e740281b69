//! Coverage tables.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::Kelompok;
use crate::kelompok::wilayah::Level;
use crate::state::State;
use crate::state::rollup::{RowKey, SesiCount, Totals};

use super::figures::{Figure, MONTH, count, share};
use super::report::{Column, Report};
use super::table::Value;

/// In which words the heading of a coverage table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headings {
    /// The names of the fields in the API, for programs.
    Fields,
    /// Indonesian words, for people: with the place and the pendamping of each kelompok, and with
    /// the shares of the month.
    Words,
}

/// The numbers of a row, before those of its month.
static FIGURES: [Figure<Totals>; 7] = [
    Figure {
        field: "kelompok",
        words: "Kelompok aktif",
        meaning: "Kelompok yang aktif pada tanggal itu, termasuk yang ditangguhkan.",
        value: |totals| count(totals.groups),
    },
    Figure {
        field: "",
        words: "Ditangguhkan",
        meaning: "Dari kelompok aktif, yang pertemuannya ditangguhkan pada tanggal itu.",
        value: |totals| count(totals.suspended),
    },
    Figure {
        field: "covered",
        words: "Sesi tuntas",
        meaning: "Pasangan kelompok aktif dan sesi sasaran yang sudah diajarkan seluruhnya, termasuk yang kini perlu penyegaran.",
        value: |totals| count(totals.cells.covered),
    },
    Figure {
        field: "partial",
        words: "Sesi sebagian",
        meaning: "Pasangan yang sudah dimulai dan belum selesai. Tidak ikut dalam sesi tuntas.",
        value: |totals| count(totals.cells.partial),
    },
    Figure {
        field: "refresh",
        words: "Perlu penyegaran",
        meaning: "Dari sesi tuntas, yang isi materinya berubah sesudah diajarkan.",
        value: |totals| count(totals.cells.refresh),
    },
    Figure {
        field: "target",
        words: "Sasaran (kelompok x sesi)",
        meaning: "Setiap kelompok aktif dikali setiap sesi sasarannya.",
        value: |totals| count(totals.cells.target),
    },
    Figure {
        field: "rate",
        words: "Cakupan",
        meaning: "Sesi tuntas dibagi sasaran.",
        value: |totals| share(totals.cells.covered, totals.cells.target),
    },
];

/// A coverage table as of `on`: a row for each of `rows`.
///
/// Behind the numbers of a row stands, for each of `sesi`, how many kelompok have had it; in words
/// and where a row is a kelompok, how far that kelompok is with it. A share without a denominator
/// is an empty cell.
#[must_use]
pub fn coverage(
    state: &State,
    rows: &[(RowKey, Totals)],
    sesi: &[SesiIx],
    on: Date,
    headings: Headings,
) -> Report {
    let groups = matches!(rows.first(), Some((RowKey::Group(..), _)));
    let placed = groups && headings == Headings::Words;
    let shown = |field: &str| headings == Headings::Words || !field.is_empty();
    let mut columns = match headings {
        Headings::Fields => vec![Column::new("code", ""), Column::new("name", "")],
        Headings::Words => vec![
            Column::new("Kode", "Kode wilayah, id kelompok atau nama pengguna pendamping."),
            Column::new("Nama", "Nama wilayah, kelompok atau pendamping."),
        ],
    };
    if placed {
        columns.extend(placement_columns());
    }
    let named = |field: &'static str, column: Column| match headings {
        Headings::Fields => Column::new(field, ""),
        Headings::Words => column,
    };
    let numbers = FIGURES.iter().map(|one| (one.field, one.column()));
    let month = MONTH.iter().map(|one| (one.field, one.column()));
    columns.extend(
        numbers
            .chain(month)
            .filter(|(field, _)| shown(field))
            .map(|(field, column)| named(field, column)),
    );
    columns.extend(sesi.iter().map(|ix| sesi_column(state, *ix, (headings, groups))));
    let mut report = Report::new("cakupan", 2, columns);
    for (key, totals) in rows {
        let (code, name) = names(state, key);
        let mut values = vec![text(code), text(name)];
        if placed && let RowKey::Group(_, id) = key {
            values.extend(placement(state, state.group(id), on));
        }
        let figures = FIGURES.iter().filter(|one| shown(one.field));
        values.extend(figures.map(|one| (one.value)(totals)));
        let month = MONTH.iter().filter(|one| shown(one.field));
        values.extend(month.map(|one| (one.value)(&totals.month)));
        values.extend(sesi.iter().map(|ix| match (placed, totals.sesi(*ix)) {
            (true, of) => standing(of),
            (false, of) => count(of.covered),
        }));
        report.push(values);
    }
    report
}

fn sesi_column(state: &State, ix: SesiIx, (headings, groups): (Headings, bool)) -> Column {
    let Some(one) = state.sesi_at(ix) else { return Column::new("", "") };
    if headings == Headings::Fields {
        return Column::new(one.id.to_string(), "");
    }
    let number = state.placement(&one.id).map_or(0, |place| place.entry.nomor);
    let heading = match number {
        0 => one.title.clone(),
        number => format!("{number}. {}", one.title),
    };
    let meaning = if groups {
        "Keadaan sesi itu: tuntas, sebagian, belum atau perlu penyegaran; kosong bila bukan sasaran kelompok itu."
    } else {
        "Kelompok aktif yang sudah tuntas sesi itu."
    };
    Column::new(heading, meaning)
}

/// How far one kelompok is with a sesi; nothing where that is none of its targets.
fn standing(of: SesiCount) -> Value<'static> {
    use crate::kelompok::coverage::Status;
    let status = match of {
        SesiCount { target: 0, .. } => return Value::Empty,
        SesiCount { refresh: 1.., .. } => Status::PerluPenyegaran,
        SesiCount { covered: 1.., .. } => Status::Tuntas,
        SesiCount { partial: 1.., .. } => Status::Sebagian,
        _ => Status::Belum,
    };
    Value::Text(Cow::Borrowed(status.name()))
}

/// The columns that say where a kelompok is and who meets it.
pub(super) fn placement_columns() -> [Column; 4] {
    [
        Column::new("Desa atau kelurahan", "Tempat kelompok itu."),
        Column::new("Kecamatan", "Kecamatan tempat kelompok itu."),
        Column::new("Kabupaten atau kota", "Kabupaten atau kota tempat kelompok itu."),
        Column::new("Pendamping", "Pendamping kelompok itu pada tanggal itu."),
    ]
}

/// Where a kelompok is and who meets it on a day, for [`placement_columns`].
pub(super) fn placement(state: &State, group: Option<&Kelompok>, on: Date) -> [Value<'static>; 4] {
    let Some(group) = group else { return [const { Value::Empty }; 4] };
    let home = group.home(on);
    let place = |level: Level| home.at(level).map_or(Value::Empty, |kode| text(state.place(kode)));
    let pendamping = group.pendamping(on).map(|id| text(state.account_name(id).to_owned()));
    [
        place(Level::Desa),
        place(Level::Kecamatan),
        place(Level::Kabupaten),
        pendamping.unwrap_or(Value::Empty),
    ]
}

/// The code and the name of a row.
fn names(state: &State, key: &RowKey) -> (String, String) {
    match key {
        RowKey::Place(kode) => (kode.to_string(), state.place(*kode)),
        RowKey::Group(_, id) => {
            let name = state.group(id).map_or_else(String::new, |group| group.name.clone());
            (id.clone(), name)
        }
        RowKey::Pendamping(Some(id)) => {
            let login = state.account(*id).map_or_else(String::new, |one| one.login.to_string());
            (login, state.account_name(*id).to_owned())
        }
        RowKey::Pendamping(None) => (String::new(), "Belum ada pendamping".to_owned()),
    }
}

pub(super) fn text(text: String) -> Value<'static> {
    Value::Text(Cow::Owned(text))
}
