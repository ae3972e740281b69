//! What a file would do, or did, in words.

use crate::bahasa::angka;
use crate::decide::import::RowError;
use crate::ops::transfer::Checked;
use crate::transfer::FileError;
use crate::web::page::Link;
use crate::web::parts::sesi::capital;
use crate::web::uploads::Upload;

use super::{NAMED, next, word};

/// What a file would do, or did.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The name of the file.
    pub(super) name: String,
    /// What it says in a few words.
    pub(super) heading: String,
    /// `good`, `attention` or `danger`.
    pub(super) kind: &'static str,
    /// What is to be done, or was.
    pub(super) sentence: String,
    /// How many rows are new, changed, as they are, and bad.
    pub(super) counts: Vec<(&'static str, String)>,
    /// Bad lines: number, column, what is wrong.
    pub(super) bad: Vec<Line>,
    /// What was passed over, likewise.
    pub(super) notes: Vec<Line>,
    /// How many are not named.
    pub(super) more: String,
    /// What it may be entered by: its digest, and the words of the button.
    pub(super) enter: Option<(String, String)>,
    /// Where one goes on once it was entered.
    pub(super) next: Option<Link>,
}

/// Something about one line of a file.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) number: String,
    pub(super) column: String,
    pub(super) text: String,
}

fn line(error: &RowError) -> Line {
    Line {
        number: angka::count(error.line.into()),
        column: error.field.clone(),
        text: error.message.clone(),
    }
}

impl Found {
    fn about(upload: &Upload) -> Self {
        Self { name: upload.name.clone(), ..Self::default() }
    }

    /// A file that was entered.
    pub(super) fn entered(upload: &Upload, counts: [u64; 3]) -> Self {
        Self {
            heading: format!("{} sudah diimpor", capital(word(upload.kind))),
            kind: "good",
            sentence: "Semua baris berkas ini tersimpan.".to_owned(),
            counts: counted(counts, 0),
            next: Some(next(upload.kind)),
            ..Self::about(upload)
        }
    }

    /// A file that was looked at.
    pub(super) fn of(upload: &Upload, checked: Result<Checked, FileError>) -> Self {
        let checked = match checked {
            Ok(checked) => checked,
            Err(error) => {
                return Self {
                    heading: "Berkas ini tidak dapat dibaca".to_owned(),
                    kind: "danger",
                    sentence: error.to_string(),
                    ..Self::about(upload)
                };
            }
        };
        let Checked { errors, notes, new, changed, same, bad, .. } = checked;
        let named = errors.iter().take(NAMED).map(line).collect::<Vec<_>>();
        let unnamed = (errors.len() - named.len()) as u64 + u64::from(notes.unlisted);
        let found = Self {
            counts: counted([new, changed, same], bad),
            bad: named,
            notes: notes.warnings.iter().take(NAMED).map(line).collect(),
            more: if unnamed > 0 {
                format!("dan {} lagi, yang muncul sesudah ini diperbaiki.", angka::count(unnamed))
            } else {
                String::new()
            },
            ..Self::about(upload)
        };
        if bad > 0 {
            return Self {
                heading: format!("{} baris perlu diperbaiki", angka::count(bad)),
                kind: "danger",
                sentence: "Belum ada yang disimpan, juga baris yang benar. Perbaiki baris di bawah di berkas Anda, lalu periksa lagi.".to_owned(),
                ..found
            };
        }
        let rows = new + changed;
        if rows == 0 {
            return Self {
                heading: "Tidak ada yang perlu diimpor".to_owned(),
                kind: "good",
                sentence: if same == 0 {
                    "Berkas ini tidak memuat baris data.".to_owned()
                } else {
                    "Semua baris berkas ini sudah tercatat persis seperti itu.".to_owned()
                },
                ..found
            };
        }
        Self {
            heading: "Berkas ini siap diimpor".to_owned(),
            kind: "attention",
            sentence: "Belum ada yang disimpan. Periksa angkanya, lalu impor.".to_owned(),
            enter: Some((upload.digest.to_string(), format!("Impor {} baris", angka::count(rows)))),
            ..found
        }
    }
}

fn counted([new, changed, same]: [u64; 3], bad: u64) -> Vec<(&'static str, String)> {
    let all = [("Baru", new), ("Berubah", changed), ("Tetap", same), ("Salah", bad)];
    let shown = all.into_iter().filter(|(name, count)| *name != "Salah" || *count > 0);
    shown.map(|(name, count)| (name, angka::count(count))).collect()
}
