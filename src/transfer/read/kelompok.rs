//! Kelompok.

use crate::decide::import::{KelompokRow, Row, RowError};
use crate::kelompok::text::looks_like_a_person;
use crate::transfer::columns::KELOMPOK;

use super::row::RowReader;
use super::table::{self, Outcome};
use super::wilayah::{ByName, several_named};
use super::{FileError, Limits, Notes};

const ID: usize = 0;
const NAMA: usize = 1;
const KODE_DESA: usize = 2;
const ANGGOTA: usize = 3;
const PENDAMPING: usize = 4;
const MULAI: usize = 5;
const BERAKHIR: usize = 6;

pub(super) fn read(
    bytes: &[u8],
    limits: Limits,
    names: &ByName<'_>,
    out: &mut dyn FnMut(Row<KelompokRow>),
) -> Result<Notes, FileError> {
    let mut warnings = Vec::new();
    let mut parse_warned = |row: &mut RowReader<'_, '_>| {
        let line = row.line();
        let outcome = parse(row, names);
        if let Outcome::Row(value) = &outcome
            && looks_like_a_person(&value.name)
        {
            let message = format!(
                "Nama kelompok “{}” mirip nama orang. Pakai nama bunga, buah atau tempat bila benar demikian.",
                value.name
            );
            warnings.push(RowError { line, field: "nama".to_owned(), message });
        }
        outcome
    };
    let mut notes = table::read(bytes, limits, &KELOMPOK, &mut parse_warned, out)?;
    for warning in warnings {
        table::warn(&mut notes, limits, warning);
    }
    notes.warnings.sort_by_key(|warning| warning.line);
    Ok(notes)
}

fn parse(row: &mut RowReader<'_, '_>, names: &ByName<'_>) -> Outcome<KelompokRow> {
    let end = row.text(BERAKHIR);
    if !end.is_empty() {
        return Outcome::Skip(
            "berakhir",
            format!("Kelompok ini sudah berakhir ({end}) dan dilewati."),
        );
    }
    let id = row.parsed(ID, "id kelompok");
    let name = row.needed(NAMA, "nama kelompok");
    let desa = several_named(row, KODE_DESA, names);
    let members = row.count(ANGGOTA);
    let pendamping = if row.cell(PENDAMPING).is_blank() {
        None
    } else {
        row.parsed(PENDAMPING, "nama masuk pendamping")
    };
    let start = row.date(MULAI);
    match (id, name, desa, members, start) {
        (Some(id), Some(name), Some(desa), Some(members), Some(start)) => {
            let name = name.into_owned();
            Outcome::Row(KelompokRow { id, name, desa, members, pendamping, start })
        }
        _ => Outcome::Bad,
    }
}
