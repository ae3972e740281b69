//! Reading import files: CSV and XLSX to typed rows.

mod error;
mod kelompok;
mod pengguna;
mod pertemuan;
mod pieces;
mod row;
mod sesi;
mod table;
mod time;
mod wilayah;

use jiff::Timestamp;

use crate::curriculum::skema::Skema;
use crate::decide::import::{PertemuanRow, Row, RowError, Rows};
use crate::kelompok::wilayah::{Kode, KodeError, Zone};

pub use self::error::FileError;
pub use self::pertemuan::pertemuan_id;
pub use self::pieces::{Cutter, HEAD_BYTES, Names, PieceRead, Pieces, Uncut};

/// How much one file may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Rows below the heading.
    pub rows: u32,
    /// Characters of one cell.
    pub cell_chars: usize,
    /// Bad lines that are named one by one; the rest are counted.
    pub errors: usize,
}

impl Default for Limits {
    /// For a file from anyone: 64 MB, 2,000,000 rows, cells of 2,000 characters.
    fn default() -> Self {
        Self { bytes: 64 << 20, rows: 2_000_000, cell_chars: 2_000, errors: 100_000 }
    }
}

impl Limits {
    /// For the owner of the machine at the command line, who may bring a nation: 4 GB, 50,000,000
    /// rows. The number of rows of a spreadsheet stays what spreadsheets can hold.
    #[must_use]
    pub fn local() -> Self {
        Self { bytes: 4 << 30, rows: 50_000_000, ..Self::default() }
    }
}

/// What reading a file found besides its rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notes {
    /// What is wrong, by line; the row of such a line is left out.
    pub errors: Vec<RowError>,
    /// Bad lines beyond [`Limits::errors`], which are counted and not named.
    pub unlisted: u32,
    /// What was passed over and what may be meant otherwise, by line; nothing is wrong with it.
    pub warnings: Vec<RowError>,
}

/// The rows of a file and what is wrong with the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The rows that could be read.
    pub rows: Rows,
    /// Everything else.
    pub notes: Notes,
}

/// What a file of pertemuan is read against.
#[derive(Clone, Copy)]
pub struct Lookup<'a> {
    /// The skema whose sesi it may name.
    pub skema: &'a [Skema],
    /// The time zone of a kelompok, by its id; WIB for one that is unknown.
    pub zone: &'a dyn Fn(&str) -> Zone,
    /// The time of the import; nothing can have been recorded later.
    pub now: Timestamp,
}

impl std::fmt::Debug for Lookup<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lookup").field("skema", &self.skema.len()).finish_non_exhaustive()
    }
}

/// Reads places: `kode,nama`.
///
/// # Errors
/// When the file as a whole cannot be read; single bad lines stand in [`Reading::notes`].
pub fn wilayah(bytes: &[u8], limits: Limits) -> Result<Reading, FileError> {
    let mut rows = Vec::new();
    let notes = wilayah::read(bytes, limits, &mut |row| rows.push(row))?;
    Ok(Reading { rows: Rows::Wilayah(rows), notes })
}

/// Reads codes of places that became others: `lama,baru`.
///
/// # Errors
/// When the file as a whole cannot be read; single bad lines stand in [`Reading::notes`].
pub fn wilayah_peta(bytes: &[u8], limits: Limits) -> Result<Reading, FileError> {
    let mut rows = Vec::new();
    let notes = wilayah::read_peta(bytes, limits, &mut |row| rows.push(row))?;
    Ok(Reading { rows: Rows::WilayahPeta(rows), notes })
}

/// Reads other names of places: `kode,alias`, several separated by `|`.
///
/// # Errors
/// When the file as a whole cannot be read; single bad lines stand in [`Reading::notes`].
pub fn wilayah_alias(bytes: &[u8], limits: Limits) -> Result<Reading, FileError> {
    let mut rows = Vec::new();
    let notes = wilayah::read_alias(bytes, limits, &mut |row| rows.push(row))?;
    Ok(Reading { rows: Rows::WilayahAlias(rows), notes })
}

/// Reads kelompok: `id,nama,kode_desa,anggota,pendamping,mulai`, several desa separated by `|`.
///
/// A row with a day in the optional column `berakhir` is passed over with a warning: an import
/// cannot end a kelompok, and must not bring an ended one back.
///
/// # Errors
/// When the file as a whole cannot be read; single bad lines stand in [`Reading::notes`].
pub fn kelompok(bytes: &[u8], limits: Limits) -> Result<Reading, FileError> {
    kelompok_named(bytes, limits, &code)
}

/// Reads kelompok as [`kelompok`] does; a desa may also be written by its name, which `names` finds
/// or says why not.
///
/// # Errors
/// When the file as a whole cannot be read; single bad lines stand in [`Reading::notes`].
pub fn kelompok_named(
    bytes: &[u8],
    limits: Limits,
    names: &dyn Fn(&str) -> Result<Kode, String>,
) -> Result<Reading, FileError> {
    let mut rows = Vec::new();
    let notes = kelompok::read(bytes, limits, names, &mut |row| rows.push(row))?;
    Ok(Reading { rows: Rows::Kelompok(rows), notes })
}

/// Reads users: `login,nama,peran,wilayah`.
///
/// One peran holds in each of several wilayah separated by `|`, several peran in one wilayah; as
/// many peran as wilayah belong together one by one. `nasional` stands for the whole country.
/// A row with `nonaktif` in the optional column `status` is passed over with a warning.
///
/// # Errors
/// When the file as a whole cannot be read; single bad lines stand in [`Reading::notes`].
pub fn pengguna(bytes: &[u8], limits: Limits) -> Result<Reading, FileError> {
    pengguna_named(bytes, limits, &code)
}

/// Reads users as [`pengguna`] does; a wilayah may also be written by its name, which `names` finds
/// or says why not.
///
/// # Errors
/// When the file as a whole cannot be read; single bad lines stand in [`Reading::notes`].
pub fn pengguna_named(
    bytes: &[u8],
    limits: Limits,
    names: &dyn Fn(&str) -> Result<Kode, String>,
) -> Result<Reading, FileError> {
    let mut rows = Vec::new();
    let notes = pengguna::read(bytes, limits, names, &mut |row| rows.push(row))?;
    Ok(Reading { rows: Rows::Pengguna(rows), notes })
}

/// A place that may be written by its code alone.
fn code(text: &str) -> Result<Kode, String> {
    text.parse().map_err(|error: KodeError| error.to_string())
}

/// Reads pertemuan:
/// `id,kelompok,tanggal,sesi,keterangan_sesi,hadir,sakit,alfa,jenis,catatan` and, where they
/// are there, `dicatat,edisi,anggota,diskusi` and what an export adds.
///
/// An empty `jenis` is `lengkap`; empty `sakit` and `alfa` are 0; `hadir` must be said. `dicatat`
/// may be a date, which stands for noon of that day, or a time, in the kelompok's zone unless it
/// names another. A row with `ditarik` in the optional column `status` is passed over with a
/// warning.
///
/// # Errors
/// When the file as a whole cannot be read; single bad lines stand in [`Reading::notes`].
pub fn pertemuan(bytes: &[u8], limits: Limits, lookup: Lookup<'_>) -> Result<Reading, FileError> {
    let mut rows = Vec::new();
    let notes = each_pertemuan(bytes, limits, lookup, &mut |row| rows.push(row))?;
    Ok(Reading { rows: Rows::Pertemuan(rows), notes })
}

/// Reads pertemuan as [`pertemuan`] does and gives each row away at once, so that a large file
/// never stands in memory as rows.
///
/// # Errors
/// When the file as a whole cannot be read, which may be found behind rows that were given away.
pub fn each_pertemuan(
    bytes: &[u8],
    limits: Limits,
    lookup: Lookup<'_>,
    out: &mut dyn FnMut(Row<PertemuanRow>),
) -> Result<Notes, FileError> {
    pertemuan::read(bytes, limits, lookup, out)
}
