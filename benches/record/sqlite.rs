//! The same record in a row of `SQLite` with its log synced at each commit, at its best: one writer,
//! one connection, a prepared statement.

use rusqlite::{Connection, params};

use super::{Pace, now, processor};

const TABLE: &str = "CREATE TABLE pertemuan (
    id BLOB PRIMARY KEY, kelompok TEXT, tanggal TEXT, sesi TEXT, keterangan TEXT,
    hadir INTEGER, sakit INTEGER, alfa INTEGER, tempat TEXT, diskusi INTEGER, catatan TEXT
) WITHOUT ROWID";
const INSERT: &str = "INSERT INTO pertemuan VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// Makes so many commits of one record each.
pub(super) fn commit(records: usize) -> Pace {
    let dir = tempfile::tempdir().unwrap();
    let database = Connection::open(dir.path().join("p.sqlite")).unwrap();
    let mode: String =
        database.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    database.execute_batch("PRAGMA synchronous = FULL").unwrap();
    database.execute_batch(TABLE).unwrap();
    let mut insert = database.prepare(INSERT).unwrap();
    let (before, start) = (processor(), now());
    for number in 0..records {
        let id = (number as u128).to_le_bytes();
        let note = "Pesan kunci diulang bersama; dua keluarga minta contoh catatan uang.";
        let (date, kelompok) = (format!("2024-02-{:02}", number % 28 + 1), number % 64);
        let row = params![
            &id[..],
            format!("UJI-{kelompok}"),
            date,
            "memulai-usaha",
            "tuntas",
            22,
            1,
            2,
            "Balai desa",
            true,
            note
        ];
        insert.execute(row).unwrap();
    }
    let (time, processor) = (start.elapsed(), processor() - before);
    Pace { records, time, syncs: records as u64, processor }
}
