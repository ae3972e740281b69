//! Writing tables: CSV and XLSX that people open and [`super::read`] takes back.

mod book;
mod coverage;
mod figures;
mod list;
mod recap;
mod record;
mod report;
mod rows;
mod table;

use std::borrow::Cow;
use std::io;

use jiff::civil::Date;

use crate::decide::import::{KelompokRow, PenggunaRow, WilayahRow};
use crate::ids::AccountId;
use crate::kelompok::fakta::Fakta;
use crate::kelompok::group::Kelompok;
use crate::kelompok::pertemuan::Pertemuan;
use crate::kelompok::wilayah::Kode;
use crate::people::account::Account;
use crate::state::State;

use super::columns::{ALIAS, KELOMPOK, PENGGUNA, PERTEMUAN, PETA, WILAYAH};

pub use self::coverage::{Headings, coverage};
pub use self::list::{ListOf, ListRow, list};
pub use self::recap::recap;
pub use self::record::{Record, as_input};
pub use self::report::Report;
use self::table::Table;

/// What a table is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// UTF-8 text with commas and `\r\n`, cells guarded against formulas.
    Csv,
    /// A spreadsheet: numbers and dates as such, heading in sight, with a filter; tables for people
    /// explain their columns on a second sheet.
    Xlsx,
}

impl Format {
    /// The format that the ending of a file's name says, whatever its case.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1;
        [Self::Csv, Self::Xlsx].into_iter().find(|one| one.ending().eq_ignore_ascii_case(ending))
    }

    /// The ending of a file's name, without the point.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The place it goes to says no.
    #[error("Berkas tidak dapat ditulis: {0}. Periksa ruang dan izin penyimpanan.")]
    Io(#[from] io::Error),
    /// More rows than a spreadsheet can hold.
    #[error(
        "Lembar kerja paling banyak memuat {max} baris. Ekspor sebagai CSV, atau pilih wilayah yang lebih kecil."
    )]
    TooManyRows {
        /// What it can hold.
        max: u32,
    },
    /// A text that no cell can hold.
    #[error("Ada teks yang terlalu panjang untuk satu sel lembar kerja. Ekspor sebagai CSV.")]
    TextTooLong,
    /// The spreadsheet could not be put together.
    #[error("Lembar kerja tidak dapat disusun: {0}. Ekspor sebagai CSV.")]
    Spreadsheet(String),
}

/// Where a table goes and as what.
pub struct Output<'w> {
    /// As what.
    pub format: Format,
    /// Where to. Gets many small pieces: give it a buffer.
    pub to: &'w mut dyn io::Write,
}

impl std::fmt::Debug for Output<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").field("format", &self.format).finish_non_exhaustive()
    }
}

/// Writes an empty file of the kind that is called so, to be filled in; as a spreadsheet it has a
/// second sheet that says what each column means. Gives the number of rows, which is 0.
///
/// # Errors
/// When it cannot be written.
pub fn empty(out: Output<'_>, kind: &str) -> Result<u64, WriteError> {
    let columns = super::columns(kind);
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let said: Vec<String> = columns
        .iter()
        .map(|column| match column.example {
            "" => column.meaning.to_owned(),
            example => format!("{} Misalnya: {example}", column.meaning),
        })
        .collect();
    let meanings = names.iter().copied().zip(said.iter().map(String::as_str)).collect();
    let look = table::Look { fixed: 1, meanings, ..table::Look::default() };
    Table::with_heading(out, kind, &names, &look)?.finish()
}

/// Writes places, as `read::wilayah` reads them; gives the number of rows.
///
/// # Errors
/// When they cannot be written, or are too many for a spreadsheet.
pub fn wilayah(out: Output<'_>, rows: impl Iterator<Item = WilayahRow>) -> Result<u64, WriteError> {
    let mut table = Table::new(out, &WILAYAH)?;
    for row in rows {
        table.row(rows::wilayah(&row))?;
    }
    table.finish()
}

/// The places of a state, in tree order, for [`wilayah`].
pub fn wilayah_of(state: &State, area: Kode) -> impl Iterator<Item = WilayahRow> {
    let places = state.wilayah.range(area..area.end());
    places.map(|(kode, name)| WilayahRow { kode: *kode, name: name.clone() })
}

/// Writes codes that became others, as `read::wilayah_peta` reads them; gives the number of rows.
///
/// # Errors
/// When they cannot be written, or are too many for a spreadsheet.
pub fn wilayah_peta(out: Output<'_>, state: &State) -> Result<u64, WriteError> {
    let mut table = Table::new(out, &PETA)?;
    for (old, new) in &state.places.renumbered {
        table.row(rows::texts([old.to_string(), new.to_string()]))?;
    }
    table.finish()
}

/// Writes other names of places, as `read::wilayah_alias` reads them; gives the number of rows.
///
/// # Errors
/// When they cannot be written, or are too many for a spreadsheet.
pub fn wilayah_alias(out: Output<'_>, state: &State) -> Result<u64, WriteError> {
    let mut table = Table::new(out, &ALIAS)?;
    for (kode, names) in &state.places.aliases {
        table.row(rows::texts([kode.to_string(), names.join("|")]))?;
    }
    table.finish()
}

/// Writes kelompok, as `read::kelompok` reads them; gives the number of rows. The second of a pair
/// is the first day on which the kelompok is no longer active.
///
/// # Errors
/// When they cannot be written, or are too many for a spreadsheet.
pub fn kelompok(
    out: Output<'_>,
    rows: impl Iterator<Item = (KelompokRow, Option<Date>)>,
) -> Result<u64, WriteError> {
    let mut table = Table::new(out, &KELOMPOK)?;
    for (row, end) in rows {
        table.row(rows::kelompok(&row, end))?;
    }
    table.finish()
}

/// A kelompok as it is on `on`, or on its first day if that comes later, for [`kelompok`].
#[must_use]
pub fn kelompok_of(state: &State, group: &Kelompok, on: Date) -> (KelompokRow, Option<Date>) {
    let day = on.max(group.start);
    let login = |id: AccountId| state.account(id).map(|account| account.login.clone());
    let row = KelompokRow {
        id: group.id.clone(),
        name: group.name.clone(),
        // An import compares desa on the day itself, members and pendamping not before the start.
        desa: group.all_desa(on).to_vec(),
        members: group.members(day),
        pendamping: group.pendamping(day).and_then(login),
        start: group.start,
    };
    (row, group.end)
}

/// Writes users, as `read::pengguna` reads them; gives the number of rows. The second of a pair
/// says that the account is disabled.
///
/// # Errors
/// When they cannot be written, or are too many for a spreadsheet.
pub fn pengguna(
    out: Output<'_>,
    rows: impl Iterator<Item = (PenggunaRow, bool)>,
) -> Result<u64, WriteError> {
    let mut table = Table::new(out, &PENGGUNA)?;
    for (row, disabled) in rows {
        table.row(rows::pengguna(&row, disabled))?;
    }
    table.finish()
}

/// An account, for [`pengguna`].
#[must_use]
pub fn pengguna_of(account: &Account) -> (PenggunaRow, bool) {
    let row = PenggunaRow {
        login: account.login.clone(),
        name: account.name.clone(),
        grants: account.grants.clone(),
    };
    // A row without a peran cannot be read, and such an account can do nothing either.
    (row, account.disabled || account.grants.is_empty())
}

/// Writes pertemuan, as `read::pertemuan` reads them; gives the number of rows.
///
/// # Errors
/// When they cannot be written, or are too many for a spreadsheet.
pub fn pertemuan<'r>(
    out: Output<'_>,
    rows: impl Iterator<Item = Record<'r>>,
) -> Result<u64, WriteError> {
    let mut table = Table::new(out, &PERTEMUAN)?;
    for row in rows {
        table.row(rows::pertemuan(&row))?;
    }
    table.finish()
}

/// A pertemuan of a state with the text that its history holds, for [`pertemuan`].
#[must_use]
pub fn pertemuan_of<'r>(state: &State, fakta: &Fakta, record: &Pertemuan) -> Record<'r> {
    let home = state.group(record.kelompok.as_str()).map_or(Kode::NASIONAL, |g| g.home(fakta.date));
    Record {
        id: Cow::Owned(fakta.id.to_string()),
        input: Cow::Owned(as_input(record)),
        received: fakta.received,
        zone: home.zone(),
        withdrawn: fakta.withdrawn,
    }
}
