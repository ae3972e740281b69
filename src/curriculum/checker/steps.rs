//! Checks of the langkah.

use super::file::File;
use super::structure::{has, line_of};
use crate::curriculum::headings::{
    KEMUNGKINAN_JAWABAN, KISAH, METODE, METODE_DISKUSI, PEMBUKAAN, PENUTUP, Part, after_word,
    same_heading,
};
use crate::curriculum::markdown::BlockKind;
use crate::curriculum::problem::Problem;
use crate::curriculum::sesi::{Langkah, Sesi, subsections};

/// How many langkah a sesi has.
const COUNT: std::ops::RangeInclusive<usize> = 5..=9;

pub(super) fn check(file: &File<'_>, out: &mut Vec<Problem>) {
    let sesi = &file.sesi;
    if sesi.langkah.is_empty() {
        return;
    }
    let line = line_of(sesi, Part::Langkah);
    if !COUNT.contains(&sesi.langkah.len()) {
        let message = format!("Sesi ini memuat {} langkah.", sesi.langkah.len());
        let problem = Problem::error("jumlah-langkah", line, message);
        out.push(problem.hint("Susun menjadi 5 sampai 9 langkah."));
    }
    names(sesi, out);
    for (langkah, place) in sesi.langkah.iter().zip(1..) {
        one(langkah, place, out);
    }
    if !sesi.langkah.iter().any(is_discussion) {
        let message = "Belum ada diskusi kelompok atau bermain peran dengan sebuah kisah.";
        let problem = Problem::error("tanpa-diskusi", line, message);
        out.push(problem.hint("Tambahkan \"#### Kisah: ...\" pada langkah dengan metode itu."));
    }
    answers(sesi, line, out);
}

/// Says whether a step discusses a case story, which every sesi does at least once.
pub(super) fn is_discussion(langkah: &Langkah) -> bool {
    let discussed = langkah.metode.iter().any(|one| METODE_DISKUSI.contains(&one.as_str()));
    let (_, found) = subsections(&langkah.blocks, 4);
    discussed && found.iter().any(|one| after_word(&one.heading, KISAH).is_some())
}

fn names(sesi: &Sesi, out: &mut Vec<Problem>) {
    let ends = [(sesi.langkah.first(), PEMBUKAAN), (sesi.langkah.last(), PENUTUP)];
    for (langkah, name) in ends {
        if let Some(langkah) = langkah.filter(|one| after_word(&one.nama, name).is_none()) {
            let place = if name == PEMBUKAAN { "pertama" } else { "terakhir" };
            let message = format!("Langkah {place} bernama \"{}\".", langkah.nama);
            let problem = Problem::error("pembukaan-penutup", langkah.line, message);
            out.push(problem.hint(format!("Langkah {place} adalah {name}.")));
        }
    }
}

fn one(langkah: &Langkah, place: u32, out: &mut Vec<Problem>) {
    let line = langkah.line;
    if langkah.nomor != place {
        let message = format!("Langkah bernomor {}, seharusnya {place}.", langkah.nomor);
        let problem = Problem::error("nomor-langkah", line, message);
        out.push(problem.hint("Beri nomor urut 1, 2, 3, dan seterusnya."));
    }
    if langkah.menit.is_none_or(|menit| menit == 0) {
        let message = format!("Langkah {} belum menyebut menit.", langkah.nomor);
        let problem = Problem::error("tanpa-menit", line, message);
        out.push(problem.hint("Tulis di akhir judul, misalnya (20 menit)."));
    }
    let labels = [
        (langkah.metode.is_empty(), "Metode", "tanpa-metode"),
        (langkah.media.is_empty(), "Media", "tanpa-media"),
        (langkah.hasil.is_empty(), "Hasil", "tanpa-hasil"),
    ];
    for (_, label, code) in labels.into_iter().filter(|(is_missing, _, _)| *is_missing) {
        let message = format!("Langkah {} belum menyebut {label}.", langkah.nomor);
        let problem = Problem::error(code, line, message);
        out.push(problem.hint(format!("Tulis \"- **{label}:** ...\" di bawah judul langkah.")));
    }
    for metode in langkah.metode.iter().filter(|one| !METODE.contains(&one.as_str())) {
        let message = format!("Metode \"{metode}\" tidak dikenal.");
        let problem = Problem::error("metode-tidak-dikenal", line, message);
        out.push(problem.hint(format!("Pilih dari: {}.", METODE.join(", "))));
    }
    if langkah.blocks.is_empty() {
        let message = format!("Langkah {} belum ada isinya.", langkah.nomor);
        let problem = Problem::error("bagian-kosong", line, message);
        out.push(problem.hint("Tulis apa yang dilakukan dan diucapkan fasilitator."));
    }
}

fn answers(sesi: &Sesi, line: u32, out: &mut Vec<Problem>) {
    let mut found = 0;
    for langkah in &sesi.langkah {
        let (_, below) = subsections(&langkah.blocks, 4);
        for one in below.iter().filter(|one| same_heading(&one.heading, KEMUNGKINAN_JAWABAN)) {
            found += 1;
            let has_table = one.blocks.iter().any(
                |block| matches!(&block.kind, BlockKind::Table(table) if !table.rows.is_empty()),
            );
            if !has_table {
                let message = "Kemungkinan jawaban belum berupa tabel.";
                let problem = Problem::error("jawaban-tanpa-tabel", one.line, message);
                out.push(problem.hint("Pakai tabel: Jawaban peserta | Cara menanggapi."));
            }
        }
    }
    if found == 0 && has(sesi, Part::Langkah) {
        let message = "Belum ada langkah dengan Kemungkinan jawaban.";
        let problem = Problem::error("tanpa-kemungkinan-jawaban", line, message);
        out.push(problem.hint("Tambahkan \"#### Kemungkinan jawaban\" pada sebuah langkah."));
    }
}
