//! Coverage tables.

use std::borrow::Cow;

use crate::kelompok::fakta::SesiIx;
use crate::state::State;
use crate::state::rollup::{RowKey, Totals};

use super::table::{Table, Value};
use super::{Output, WriteError};

/// In which words the heading of a coverage table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headings {
    /// The names of the fields in the API, for programs.
    Fields,
    /// Indonesian words, for people.
    Words,
}

/// Field, words; in the order of the columns.
const COLUMNS: [(&str, &str); 11] = [
    ("code", "Kode"),
    ("name", "Nama"),
    ("kelompok", "Kelompok aktif"),
    ("covered", "Sesi tuntas"),
    ("partial", "Sesi sebagian"),
    ("refresh", "Perlu penyegaran"),
    ("target", "Sasaran (kelompok x sesi)"),
    ("rate", "Cakupan"),
    ("expected", "Pertemuan diharapkan"),
    ("actual", "Pertemuan terlaksana"),
    ("on_time", "Tercatat tepat waktu"),
];

/// Writes the rows of a coverage table; gives their number.
///
/// Behind the numbers of a row stands, for each of `sesi`, how many kelompok have had it; none for
/// a table without those columns. A share without a denominator is an empty cell.
///
/// # Errors
/// When they cannot be written, or are too many for a spreadsheet.
pub fn coverage(
    out: Output<'_>,
    state: &State,
    rows: &[(RowKey, Totals)],
    sesi: &[SesiIx],
    headings: Headings,
) -> Result<u64, WriteError> {
    let fixed = COLUMNS.iter().map(|(field, words)| match headings {
        Headings::Fields => (*field).to_owned(),
        Headings::Words => (*words).to_owned(),
    });
    let titles = sesi.iter().map(|ix| {
        state.sesi_at(*ix).map_or_else(String::new, |one| match headings {
            Headings::Fields => one.id.to_string(),
            Headings::Words => one.title.clone(),
        })
    });
    let heading: Vec<String> = fixed.chain(titles).collect();
    let heading: Vec<&str> = heading.iter().map(String::as_str).collect();
    let mut table = Table::with_heading(out, "cakupan", &heading)?;
    for (key, totals) in rows {
        let (code, name) = names(state, key);
        let mut values = numbers(totals);
        values.insert(0, Value::Text(Cow::Owned(name)));
        values.insert(0, Value::Text(Cow::Owned(code)));
        values.extend(sesi.iter().map(|ix| count(totals.sesi(*ix).covered)));
        table.row(values)?;
    }
    table.finish()
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

fn numbers(totals: &Totals) -> Vec<Value<'static>> {
    let (cells, month) = (totals.cells, totals.month);
    let rate = if cells.target == 0 {
        Value::Empty
    } else {
        Value::Share(f64::from(cells.covered) / f64::from(cells.target))
    };
    vec![
        count(totals.groups),
        count(cells.covered),
        count(cells.partial),
        count(cells.refresh),
        count(cells.target),
        rate,
        count(month.expected),
        count(month.actual),
        count(month.on_time),
    ]
}

fn count(number: u32) -> Value<'static> {
    Value::Count(u64::from(number))
}
