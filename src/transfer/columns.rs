//! The columns of each kind of file, and finding them in a heading.

use super::read::FileError;

/// One column of a kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name in the heading.
    pub(super) name: &'static str,
    /// Whether a file without it cannot be read.
    pub(super) required: bool,
}

const fn needed(name: &'static str) -> Column {
    Column { name, required: true }
}

const fn optional(name: &'static str) -> Column {
    Column { name, required: false }
}

/// A kind of file: its word and its columns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// The word for it in sentences and commands.
    pub(super) name: &'static str,
    /// Its columns, in the order in which they are written.
    pub(super) columns: &'static [Column],
}

/// Places.
pub(super) static WILAYAH: Kind =
    Kind { name: "wilayah", columns: &[needed("kode"), needed("nama")] };

/// Codes of places that became others.
pub(super) static PETA: Kind =
    Kind { name: "wilayah-peta", columns: &[needed("lama"), needed("baru")] };

/// Other names of places, several separated by `|`.
pub(super) static ALIAS: Kind =
    Kind { name: "wilayah-alias", columns: &[needed("kode"), needed("alias")] };

/// Kelompok. `berakhir` is the first day on which one is no longer active.
pub(super) static KELOMPOK: Kind = Kind {
    name: "kelompok",
    columns: &[
        needed("id"),
        needed("nama"),
        needed("kode_desa"),
        needed("anggota"),
        needed("pendamping"),
        needed("mulai"),
        optional("berakhir"),
    ],
};

/// Users. `status` is empty or `nonaktif`.
pub(super) static PENGGUNA: Kind = Kind {
    name: "pengguna",
    columns: &[
        needed("login"),
        needed("nama"),
        needed("peran"),
        needed("wilayah"),
        optional("status"),
    ],
};

/// Pertemuan. `status` is empty or `ditarik`.
pub(super) static PERTEMUAN: Kind = Kind {
    name: "pertemuan",
    columns: &[
        needed("id"),
        needed("kelompok"),
        needed("tanggal"),
        needed("sesi"),
        needed("keterangan_sesi"),
        needed("hadir"),
        needed("sakit"),
        needed("alfa"),
        needed("jenis"),
        needed("catatan"),
        optional("dicatat"),
        optional("edisi"),
        optional("anggota"),
        optional("diskusi"),
        optional("langkah"),
        optional("nomor_tidak_hadir"),
        optional("jam_mulai"),
        optional("jam_selesai"),
        optional("tempat"),
        optional("pembicara"),
        optional("topik"),
        optional("kendala"),
        optional("tindak_lanjut"),
        optional("status"),
    ],
};

static ALL: [&Kind; 6] = [&WILAYAH, &PETA, &ALIAS, &KELOMPOK, &PENGGUNA, &PERTEMUAN];

/// The kind of file that is called so.
pub(super) fn named(name: &str) -> Option<&'static Kind> {
    ALL.into_iter().find(|kind| kind.name == name)
}

/// Where each column of a kind stands in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// By number of the column in its kind: the place in the file.
    pub(super) places: Vec<Option<usize>>,
    /// The names of the columns that no one knows.
    pub(super) unknown: Vec<String>,
    /// How many columns the heading has, without empty ones at its end.
    pub(super) width: usize,
}

impl Heading {
    /// Finds the columns of `kind` in the cells of a first row. Case, blanks around a name and a
    /// blank in place of `_` do not matter.
    ///
    /// # Errors
    /// When a needed column is missing or a known one stands there twice.
    pub(super) fn find(kind: &'static Kind, cells: &[String]) -> Result<Self, FileError> {
        let names: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
        let width = names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        let mut places = vec![None; kind.columns.len()];
        let mut unknown = Vec::new();
        for (place, name) in names.iter().enumerate().take(width) {
            match kind.columns.iter().position(|column| column.name == name) {
                Some(at) if places[at].is_some() => {
                    return Err(FileError::DoubledColumn(name.clone()));
                }
                Some(at) => places[at] = Some(place),
                None if name.is_empty() => {}
                None => unknown.push(cells[place].trim().chars().take(60).collect()),
            }
        }
        let missing: Vec<&str> = kind
            .columns
            .iter()
            .zip(&places)
            .filter(|(column, place)| column.required && place.is_none())
            .map(|(column, _)| column.name)
            .collect();
        if missing.is_empty() {
            return Ok(Self { places, unknown, width });
        }
        let fits = |other: &&&Kind| {
            let needed = other.columns.iter().filter(|column| column.required);
            other.name != kind.name
                && needed.clone().all(|column| names.iter().any(|name| name == column.name))
        };
        Err(FileError::MissingColumns {
            kind: kind.name,
            missing: missing.join(", "),
            needed: needed_names(kind),
            other: ALL.iter().find(fits).map(|other| other.name),
        })
    }
}

fn needed_names(kind: &Kind) -> String {
    let names: Vec<&str> =
        kind.columns.iter().filter(|column| column.required).map(|column| column.name).collect();
    names.join(",")
}

fn plain(cell: &str) -> String {
    cell.trim().trim_matches('\u{feff}').to_lowercase().replace([' ', '-'], "_")
}
