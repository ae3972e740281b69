//! Checks of worksheets, flip-chart pages and the page for families, and of mentions of them.

use std::collections::BTreeSet;

use super::file::File;
use super::reading::count_words;
use super::structure::line_of;
use crate::curriculum::headings::{CATATAN_FASILITATOR, LATIHAN, Part};
use crate::curriculum::markdown::plain_text;
use crate::curriculum::problem::Problem;
use crate::curriculum::sesi::{LembarBalik, Sesi};

/// How many flip-chart pages a sesi has.
const PAGES: std::ops::RangeInclusive<usize> = 4..=8;

/// The most words on the front of a flip-chart page.
const MAX_PAGE_WORDS: usize = 35;

pub(super) fn check(file: &File<'_>, out: &mut Vec<Problem>) {
    let sesi = &file.sesi;
    worksheets(sesi, out);
    pages(sesi, out);
    if let Some(lembar) = &sesi.lembar_keluarga {
        if lembar.judul.is_empty() {
            let problem =
                Problem::error("tanpa-judul", lembar.line, "Lembar keluarga belum punya judul.");
            out.push(problem.hint("Tambahkan satu judul ### di bawah \"## Lembar keluarga\"."));
        }
        if lembar.latihan.is_empty() {
            let message = "Lembar keluarga belum memuat latihan di rumah.";
            let problem = Problem::error("tanpa-latihan", lembar.line, message);
            out.push(problem.hint(format!("Akhiri dengan \"#### {LATIHAN}\".")));
        }
    }
    mentions(file, out);
}

fn worksheets(sesi: &Sesi, out: &mut Vec<Problem>) {
    for (lembar, place) in sesi.lembar_kerja.iter().zip(1_usize..) {
        if let Some(nomor) =
            sesi.front.nomor.filter(|nomor| lembar.kode != format!("{nomor}.{place}"))
        {
            let message = format!("Lembar kerja bernomor {}.", lembar.kode);
            let problem = Problem::error("nomor-lk", lembar.line, message);
            out.push(problem.hint(format!("Nomor di sini seharusnya {nomor}.{place}.")));
        }
        if lembar.judul.is_empty() || lembar.blocks.is_empty() {
            let message = format!("Lembar kerja {} belum lengkap.", lembar.kode);
            let problem = Problem::error("bagian-kosong", lembar.line, message);
            out.push(problem.hint("Tulis judul dan isi lembar kerja."));
        }
    }
}

fn pages(sesi: &Sesi, out: &mut Vec<Problem>) {
    let count = sesi.lembar_balik.len();
    if count > 0 && !PAGES.contains(&count) {
        let message = format!("Lembar balik memuat {count} lembar.");
        let problem =
            Problem::error("jumlah-lembar-balik", line_of(sesi, Part::LembarBalik), message);
        out.push(problem.hint("Susun menjadi 4 sampai 8 lembar."));
    }
    for (lembar, place) in sesi.lembar_balik.iter().zip(1_u32..) {
        page(lembar, place, out);
    }
}

fn page(lembar: &LembarBalik, place: u32, out: &mut Vec<Problem>) {
    let (nomor, line) = (lembar.nomor, lembar.line);
    if nomor != place {
        let message = format!("Lembar bernomor {nomor}, seharusnya {place}.");
        let problem = Problem::error("nomor-lembar", line, message);
        out.push(problem.hint("Beri nomor urut 1, 2, 3, dan seterusnya."));
    }
    if lembar.judul.is_empty() {
        let message = format!("Lembar {nomor} belum punya judul.");
        let problem = Problem::error("tanpa-judul", line, message);
        out.push(problem.hint("Tulis seperti \"### Lembar 1: Isi piringku\"."));
    }
    if lembar.catatan.is_empty() {
        let message = format!("Lembar {nomor} belum punya catatan fasilitator.");
        let problem = Problem::error("tanpa-catatan", line, message);
        out.push(problem.hint(format!("Tambahkan \"#### {CATATAN_FASILITATOR}\".")));
    }
    if lembar.pictures.len() != 1 {
        let message = format!("Lembar {nomor} memuat {} gambar.", lembar.pictures.len());
        let problem = Problem::warning("gambar-lembar-balik", line, message);
        out.push(problem.hint("Satu lembar sebaiknya memuat satu gambar."));
    }
    let words = count_words(&plain_text(&lembar.blocks));
    if words > MAX_PAGE_WORDS {
        let message = format!("Lembar {nomor} memuat {words} kata.");
        let problem = Problem::warning("lembar-terlalu-penuh", line, message);
        out.push(problem.hint("Pakai sedikit kata besar; pindahkan sisanya ke catatan."));
    }
}

/// Worksheets, pages and steps that the text names must exist.
fn mentions(file: &File<'_>, out: &mut Vec<Problem>) {
    let sesi = &file.sesi;
    let kinds = [
        Mention {
            word: "LK ",
            code: "lk-tidak-ada",
            name: "Lembar kerja",
            known: sesi.lembar_kerja.iter().map(|lembar| lembar.kode.clone()).collect(),
        },
        Mention {
            word: "embar balik ",
            code: "lembar-tidak-ada",
            name: "Lembar balik",
            known: sesi.lembar_balik.iter().map(|lembar| lembar.nomor.to_string()).collect(),
        },
        Mention {
            word: "Langkah ",
            code: "langkah-tidak-ada",
            name: "Langkah",
            known: sesi.langkah.iter().map(|langkah| langkah.nomor.to_string()).collect(),
        },
    ];
    for kind in kinds.iter().filter(|kind| !kind.known.is_empty()) {
        kind.check(file, out);
    }
}

struct Mention {
    word: &'static str,
    code: &'static str,
    name: &'static str,
    known: BTreeSet<String>,
}

impl Mention {
    fn check(&self, file: &File<'_>, out: &mut Vec<Problem>) {
        let body = file.body_text();
        for (at, _) in body.match_indices(self.word) {
            let before = body[..at].chars().next_back();
            // "LK" must be a word; "embar balik" stands for both "lembar" and "Lembar".
            if self.word.starts_with('L') && before.is_some_and(char::is_alphanumeric) {
                continue;
            }
            let behind = &body[at + self.word.len()..];
            let end =
                behind.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(behind.len());
            let number = behind[..end].trim_end_matches('.');
            if number.is_empty() || self.known.contains(number) {
                continue;
            }
            let message =
                format!("{} {number} disebut, tetapi tidak ada di naskah ini.", self.name);
            let problem = Problem::error(self.code, 1, message).at(file.position_in_body(at));
            out.push(problem.hint("Periksa nomornya."));
        }
    }
}
