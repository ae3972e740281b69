//! Users.

use crate::decide::import::{PenggunaRow, Row};
use crate::people::account::{Grant, Role};
use crate::transfer::columns::PENGGUNA;

use super::row::{RowReader, short};
use super::table::{self, Outcome};
use super::wilayah::{ByName, several_named};
use super::{FileError, Limits, Notes};

const LOGIN: usize = 0;
const NAMA: usize = 1;
const PERAN: usize = 2;
const WILAYAH: usize = 3;
const STATUS: usize = 4;

pub(super) fn read(
    bytes: &[u8],
    limits: Limits,
    names: &ByName<'_>,
    out: &mut dyn FnMut(Row<PenggunaRow>),
) -> Result<Notes, FileError> {
    let mut parse = |row: &mut RowReader<'_, '_>| parse(row, names);
    table::read(bytes, limits, &PENGGUNA, &mut parse, out)
}

fn parse(row: &mut RowReader<'_, '_>, names: &ByName<'_>) -> Outcome<PenggunaRow> {
    match &*row.text(STATUS) {
        "" | "aktif" => {}
        "nonaktif" => {
            return Outcome::Skip("status", "Pengguna ini nonaktif dan dilewati.".to_owned());
        }
        other => row.fail(
            STATUS,
            format!("Status “{}” tidak dikenal. Kosongkan, atau tulis nonaktif.", short(other)),
        ),
    }
    let login = row.parsed(LOGIN, "nama masuk");
    let name = row.needed(NAMA, "nama pengguna");
    let grants = grants(row, names);
    match (login, name, grants) {
        (Some(login), Some(name), Some(grants)) => {
            Outcome::Row(PenggunaRow { login, name: name.into_owned(), grants })
        }
        _ => Outcome::Bad,
    }
}

fn grants(row: &mut RowReader<'_, '_>, names: &ByName<'_>) -> Option<Vec<Grant>> {
    let roles = roles(row);
    let areas = several_named(row, WILAYAH, names);
    let (roles, areas) = (roles?, areas?);
    let grant = |(role, area): (&Role, &_)| Grant { role: *role, area: *area };
    match (roles.as_slice(), areas.as_slice()) {
        ([role], areas) => Some(areas.iter().map(|area| grant((role, area))).collect()),
        (roles, [area]) => Some(roles.iter().map(|role| grant((role, area))).collect()),
        (roles, areas) if roles.len() == areas.len() => {
            Some(roles.iter().zip(areas).map(grant).collect())
        }
        (roles, areas) => {
            let message = format!(
                "Ada {} peran dan {} wilayah. Tulis satu peran, satu wilayah, atau sama banyaknya.",
                roles.len(),
                areas.len()
            );
            row.fail(WILAYAH, message);
            None
        }
    }
}

fn roles(row: &mut RowReader<'_, '_>) -> Option<Vec<Role>> {
    let text = row.needed(PERAN, "pendamping, supervisor, pelatih, penelaah atau admin")?;
    let mut roles = Vec::new();
    for one in text.split('|') {
        match one.trim().parse() {
            Ok(role) => roles.push(role),
            Err(message) => {
                let message: String = message;
                row.fail(PERAN, message);
                return None;
            }
        }
    }
    Some(roles)
}
