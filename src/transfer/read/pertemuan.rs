//! Pertemuan.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use uuid::Uuid;

use crate::command::{RecordInput, TaughtInput};
use crate::decide::import::{PertemuanRow, Row};
use crate::kelompok::pertemuan::PertemuanId;
use crate::kelompok::wilayah::Zone;
use crate::transfer::columns::PERTEMUAN;
use crate::transfer::items;
use crate::transfer::sheet::Cell;

use super::row::{RowReader, short};
use super::sesi::{self, SesiNames};
use super::table::{self, Outcome};
use super::{FileError, Limits, Lookup, Notes, time};

const ID: usize = 0;
const KELOMPOK: usize = 1;
const TANGGAL: usize = 2;
const SESI: usize = 3;
const KETERANGAN: usize = 4;
const HADIR: usize = 5;
const SAKIT: usize = 6;
const ALFA: usize = 7;
const JENIS: usize = 8;
const CATATAN: usize = 9;
const DICATAT: usize = 10;
const EDISI: usize = 11;
const ANGGOTA: usize = 12;
const DISKUSI: usize = 13;
const LANGKAH: usize = 14;
const NOMOR_TIDAK_HADIR: usize = 15;
const JAM_MULAI: usize = 16;
const JAM_SELESAI: usize = 17;
const TEMPAT: usize = 18;
const PEMBICARA: usize = 19;
const TOPIK: usize = 20;
const KENDALA: usize = 21;
const TINDAK_LANJUT: usize = 22;
const STATUS: usize = 23;

/// The kind of a pertemuan of which a file does not say it.
const DEFAULT_KIND: &str = "lengkap";
/// The longest id of a row, in characters.
const MAX_ID_CHARS: usize = 64;
/// The space of names in which the ids of rows become UUIDs. Never to be changed: an import that is
/// repeated after a change would bring every pertemuan once more.
const NAMESPACE: Uuid = Uuid::from_u128(0x7032_6b32_c0de_4d6f_9a1b_5e7d_3f10_82b4);

/// The id of the pertemuan that a row of this id stands for: the id itself where it already is a
/// UUID, as in an export, else a UUID made of the text (version 5).
#[must_use]
pub fn pertemuan_id(text: &str) -> PertemuanId {
    // Only the common form with dashes: another program's 32 letters are a name like any other.
    match Uuid::try_parse(text) {
        Ok(id) if text.len() == 36 => id,
        _ => Uuid::new_v5(&NAMESPACE, text.as_bytes()),
    }
}

pub(super) fn read(
    bytes: &[u8],
    limits: Limits,
    lookup: Lookup<'_>,
    out: &mut dyn FnMut(Row<PertemuanRow>),
) -> Result<Notes, FileError> {
    let mut names = SesiNames::new(lookup.skema);
    table::read(bytes, limits, &PERTEMUAN, &mut parser(&mut names, lookup), out)
}

/// Makes a pertemuan of each row.
pub(super) fn parser<'n>(
    names: &'n mut SesiNames,
    lookup: Lookup<'n>,
) -> impl FnMut(&mut RowReader<'_, '_>) -> Outcome<PertemuanRow> + 'n {
    move |row| parse(row, names, lookup)
}

fn parse(
    row: &mut RowReader<'_, '_>,
    names: &mut SesiNames,
    lookup: Lookup<'_>,
) -> Outcome<PertemuanRow> {
    match &*row.text(STATUS) {
        "" | "tercatat" => {}
        "ditarik" => {
            return Outcome::Skip("status", "Catatan ini sudah ditarik dan dilewati.".to_owned());
        }
        other => row.fail(
            STATUS,
            format!("Status “{}” tidak dikenal. Kosongkan, atau tulis ditarik.", short(other)),
        ),
    }
    let id = id(row);
    let kelompok = row.parsed::<crate::kelompok::KelompokId>(KELOMPOK, "id kelompok");
    let date = row.date(TANGGAL);
    let topics = list(row, TOPIK);
    let sesi = taught(row, names, !topics.is_empty());
    let present = row.count(HADIR);
    let zone = kelompok.as_ref().map_or(Zone::Wib, |id| (lookup.zone)(id.as_str()));
    let received = received(row, date, zone, lookup.now);
    let kind = kind(row);
    let sick = row.optional_count(SAKIT).unwrap_or(0);
    let absent = row.optional_count(ALFA).unwrap_or(0);
    let members = row.optional_count(ANGGOTA);
    let absent_seats = seats(row);
    let (start, end) = (clock(row, JAM_MULAI), clock(row, JAM_SELESAI));
    let discussion = discussion(row);
    let speakers = list(row, PEMBICARA);
    let (Some(id), Some(kelompok), Some(date), Some(present)) = (id, kelompok, date, present)
    else {
        return Outcome::Bad;
    };
    let input = RecordInput {
        kelompok,
        date,
        kind,
        sesi,
        present,
        sick,
        absent,
        members,
        absent_seats,
        start,
        end,
        place: row.text(TEMPAT).into_owned(),
        discussion,
        speakers,
        topics,
        obstacles: row.text(KENDALA).into_owned(),
        follow_up: row.text(TINDAK_LANJUT).into_owned(),
        note: row.text(CATATAN).into_owned(),
    };
    if row.failed() { Outcome::Bad } else { Outcome::Row(PertemuanRow { id, input, received }) }
}

fn id(row: &mut RowReader<'_, '_>) -> Option<PertemuanId> {
    let text = row.needed(ID, "id baris ini, berbeda dari baris lain")?;
    if text.len() > MAX_ID_CHARS && text.chars().count() > MAX_ID_CHARS {
        let chars = text.chars().count();
        row.fail(ID, format!("Id ini {chars} huruf, paling banyak {MAX_ID_CHARS}. Pendekkan."));
        return None;
    }
    Some(pertemuan_id(&text))
}

fn taught(
    row: &mut RowReader<'_, '_>,
    names: &mut SesiNames,
    has_topics: bool,
) -> Vec<TaughtInput> {
    let text = row.text(SESI);
    if text.is_empty() {
        if !has_topics {
            row.fail(SESI, "Kolom ini kosong. Isi dengan paling sedikit satu sesi, misalnya 8.");
        }
        return Vec::new();
    }
    let mut sesi = Vec::new();
    for one in text.split('|') {
        match names.find(one.trim()) {
            Ok(found) => sesi.push(found),
            Err(message) => {
                row.fail(SESI, message);
                return Vec::new();
            }
        }
    }
    let count = sesi.len();
    let extents = sesi::extents(&row.text(KETERANGAN), count);
    let editions = sesi::editions(&row.text(EDISI), count);
    let steps = sesi::steps(&row.text(LANGKAH), count);
    match (extents, editions, steps) {
        (Ok(extents), Ok(editions), Ok(steps)) => sesi::taught(sesi, extents, editions, steps),
        (extents, editions, steps) => {
            for (column, error) in
                [(KETERANGAN, extents.err()), (EDISI, editions.err()), (LANGKAH, steps.err())]
            {
                if let Some(message) = error {
                    row.fail(column, message);
                }
            }
            Vec::new()
        }
    }
}

fn kind(row: &mut RowReader<'_, '_>) -> String {
    let text = row.text(JENIS);
    if text.is_empty() {
        return DEFAULT_KIND.to_owned();
    }
    text.to_lowercase().replace([' ', '_'], "-")
}

fn received(
    row: &mut RowReader<'_, '_>,
    date: Option<Date>,
    zone: Zone,
    now: Timestamp,
) -> Option<Timestamp> {
    let found = match row.cell(DICATAT) {
        Cell::Date(at) => time::cell_moment(*at, zone),
        _ => {
            let text = row.text(DICATAT);
            if text.is_empty() {
                return None;
            }
            time::moment(&text, zone)
        }
    };
    let Some(found) = found else {
        row.fail(
            DICATAT,
            "Waktu ini tidak terbaca. Tulis seperti 2026-11-21, 21/11/2026 atau 2026-11-21 10:30.",
        );
        return None;
    };
    if date.is_some_and(|date| Zone::Wit.date(found) < date) {
        row.fail(DICATAT, "Waktu ini lebih awal dari tanggal pertemuan. Periksa keduanya.");
    } else if Zone::Wit.date(found) > Zone::Wit.date(now) {
        row.fail(DICATAT, "Waktu ini belum terjadi. Periksa tanggalnya.");
    }
    Some(found)
}

fn discussion(row: &mut RowReader<'_, '_>) -> Option<bool> {
    let text = row.text(DISKUSI).to_lowercase();
    match text.as_str() {
        "" => None,
        "ya" | "y" | "true" | "1" | "ada" => Some(true),
        "tidak" | "t" | "false" | "0" => Some(false),
        other => {
            let message = format!("“{}” tidak dikenal. Tulis ya atau tidak.", short(other));
            row.fail(DISKUSI, message);
            None
        }
    }
}

fn seats(row: &mut RowReader<'_, '_>) -> Vec<u16> {
    let text = row.text(NOMOR_TIDAK_HADIR);
    if text.is_empty() {
        return Vec::new();
    }
    let numbers: Result<Vec<u16>, _> = text.split('|').map(|one| one.trim().parse()).collect();
    numbers.unwrap_or_else(|_| {
        row.fail(NOMOR_TIDAK_HADIR, "Nomor urut tidak terbaca. Tulis seperti 3|17.");
        Vec::new()
    })
}

fn clock(row: &mut RowReader<'_, '_>, column: usize) -> Option<Time> {
    if let Cell::Date(at) = row.cell(column) {
        return Some(at.time());
    }
    let text = row.text(column);
    if text.is_empty() {
        return None;
    }
    let found = time::clock(&text);
    if found.is_none() {
        row.fail(column, format!("Jam “{}” tidak terbaca. Tulis seperti 09:30.", short(&text)));
    }
    found
}

fn list(row: &mut RowReader<'_, '_>, column: usize) -> Vec<String> {
    let text = row.text(column);
    if text.is_empty() { Vec::new() } else { items::split(&text) }
}
