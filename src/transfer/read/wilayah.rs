//! Places.

use crate::decide::import::{Row, WilayahRow};
use crate::decide::places::{AliasRow, PetaRow};
use crate::kelompok::wilayah::Kode;
use crate::transfer::columns::{ALIAS, PETA, WILAYAH};
use crate::transfer::sheet::Cell;

use super::row::RowReader;
use super::table::{self, Outcome};
use super::{FileError, Limits, Notes};

const KODE: usize = 0;
const NAMA: usize = 1;

pub(super) fn read(
    bytes: &[u8],
    limits: Limits,
    out: &mut dyn FnMut(Row<WilayahRow>),
) -> Result<Notes, FileError> {
    table::read(bytes, limits, &WILAYAH, &mut parse, out)
}

fn parse(row: &mut RowReader<'_, '_>) -> Outcome<WilayahRow> {
    let kode = kode(row, KODE);
    if kode == Some(Kode::NASIONAL) {
        row.fail(KODE, "Seluruh Indonesia tidak perlu baris sendiri. Hapus baris ini.");
    }
    let name = row.needed(NAMA, "nama wilayah");
    match (kode, name) {
        (Some(kode), Some(name)) => Outcome::Row(WilayahRow { kode, name: name.into_owned() }),
        _ => Outcome::Bad,
    }
}

/// Reads codes that became others.
pub(super) fn read_peta(
    bytes: &[u8],
    limits: Limits,
    out: &mut dyn FnMut(Row<PetaRow>),
) -> Result<Notes, FileError> {
    let mut parse = |row: &mut RowReader<'_, '_>| match (kode(row, 0), kode(row, 1)) {
        (Some(old), Some(new)) => Outcome::Row(PetaRow { old, new }),
        _ => Outcome::Bad,
    };
    table::read(bytes, limits, &PETA, &mut parse, out)
}

/// Reads other names of places; an empty cell takes those away that were there.
pub(super) fn read_alias(
    bytes: &[u8],
    limits: Limits,
    out: &mut dyn FnMut(Row<AliasRow>),
) -> Result<Notes, FileError> {
    let mut parse = |row: &mut RowReader<'_, '_>| {
        let names = row.text(1).split('|').map(|name| name.trim().to_owned()).collect();
        match kode(row, 0) {
            Some(kode) if !row.failed() => Outcome::Row(AliasRow { kode, names }),
            _ => Outcome::Bad,
        }
    };
    table::read(bytes, limits, &ALIAS, &mut parse, out)
}

/// A code of a place. A spreadsheet takes `35.20` for a number and drops its nought, which is put
/// back here: codes of two levels have two digits behind the point.
pub(super) fn kode(row: &mut RowReader<'_, '_>, column: usize) -> Option<Kode> {
    if let Cell::Number(number) = row.cell(column) {
        return one_kode(row, column, &number_kode(*number));
    }
    let text = row.needed(column, "kode wilayah, misalnya 16.02.05.1001")?;
    one_kode(row, column, &text)
}

fn number_kode(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number:02}") } else { format!("{number:05.2}") }
}

fn one_kode(row: &mut RowReader<'_, '_>, column: usize, text: &str) -> Option<Kode> {
    match text.parse() {
        Ok(kode) => Some(kode),
        Err(error) => {
            let error: crate::kelompok::wilayah::KodeError = error;
            row.fail(column, error.to_string());
            None
        }
    }
}

/// Finds the place that someone wrote by name; says why it finds none.
pub(super) type ByName<'a> = dyn Fn(&str) -> Result<Kode, String> + 'a;

/// Several places separated by `|`, each by its code or, where it is written with letters, by its name;
/// none when one of them is wrong.
pub(super) fn several_named(
    row: &mut RowReader<'_, '_>,
    column: usize,
    names: &ByName<'_>,
) -> Option<Vec<Kode>> {
    // The whole country has a word for its code.
    let named = |text: &str| text.chars().any(char::is_alphabetic) && text.parse::<Kode>().is_err();
    match row.cell(column) {
        Cell::Text(text) if named(text) => {}
        _ => return several(row, column),
    }
    let text = row.text(column);
    let found = text.split('|').map(str::trim).map(|one| {
        if !named(one) {
            return one_kode(row, column, one);
        }
        match names(one) {
            Ok(kode) => Some(kode),
            Err(message) => {
                row.fail(column, message);
                None
            }
        }
    });
    found.collect()
}

/// Several codes separated by `|`; none when one of them is wrong.
pub(super) fn several(row: &mut RowReader<'_, '_>, column: usize) -> Option<Vec<Kode>> {
    if let Cell::Number(_) = row.cell(column) {
        return kode(row, column).map(|kode| vec![kode]);
    }
    let text = row.needed(column, "kode wilayah, misalnya 16.02.05.1001")?;
    text.split('|').map(|one| one_kode(row, column, one.trim())).collect()
}
