//! Checks that every part is there, in order, and holds what it should.

use super::file::File;
use crate::curriculum::headings::{PENYESUAIAN, Part, REQUIRED, same_heading};
use crate::curriculum::markdown::{Block, BlockKind};
use crate::curriculum::problem::Problem;
use crate::curriculum::sesi::{Section, Sesi, item_texts};

/// How many sentences Pesan kunci has.
const PESAN_KUNCI: std::ops::RangeInclusive<usize> = 4..=7;

/// The fewest sections of Bahan bacaan and of Tanya jawab.
const MIN_SECTIONS: usize = 2;

pub(super) fn check(file: &File<'_>, out: &mut Vec<Problem>) {
    let sesi = &file.sesi;
    if sesi.title.is_empty() {
        let problem = Problem::error("tanpa-judul", 1, "Naskah belum punya judul (#).");
        out.push(problem.hint("Tulis judul sesi di baris pertama naskah."));
    }
    if sesi.summary.is_empty() {
        let problem = Problem::error("tanpa-pengantar", 1, "Belum ada pengantar di bawah judul.");
        out.push(problem.hint("Tulis satu paragraf tentang isi pertemuan."));
    }
    parts(sesi, out);
    tujuan(sesi, out);
    penyesuaian(sesi, out);
    pesan_kunci(sesi, out);
    reading_sections(sesi, out);
}

/// The line of a part's heading; 1 where the part is missing.
pub(super) fn line_of(sesi: &Sesi, part: Part) -> u32 {
    sesi.parts.iter().find(|known| known.part == part).map_or(1, |known| known.line)
}

/// Says whether the file has the heading of a part; what is missing is told once, not per check.
pub(super) fn has(sesi: &Sesi, part: Part) -> bool {
    sesi.parts.iter().any(|known| known.part == part)
}

fn parts(sesi: &Sesi, out: &mut Vec<Problem>) {
    for part in REQUIRED {
        let title = part.title();
        if !has(sesi, *part) {
            let message = format!("Bagian \"{title}\" belum ada.");
            let problem = Problem::error("bagian-hilang", 1, message);
            out.push(problem.hint(format!("Tambahkan \"## {title}\".")));
        } else if is_empty(sesi, *part) {
            let message = format!("Bagian \"{title}\" masih kosong.");
            let problem = Problem::error("bagian-kosong", line_of(sesi, *part), message);
            out.push(problem.hint("Isi bagian ini."));
        }
    }
    let known = sesi.parts.iter().filter(|known| known.part != Part::Lain);
    let mut last = Part::Pengantar;
    for one in known {
        if one.part < last {
            let message = format!("Bagian \"{}\" tidak pada urutannya.", one.heading);
            let problem = Problem::warning("urutan-bagian", one.line, message);
            out.push(problem.hint(format!("Letakkan sebelum \"{}\".", last.title())));
        }
        last = last.max(one.part);
    }
}

fn is_empty(sesi: &Sesi, part: Part) -> bool {
    match part {
        Part::Tujuan => sesi.tujuan.kompetensi.is_empty() && sesi.tujuan.indikator.is_empty(),
        Part::Alat => sesi.alat.is_empty(),
        Part::Persiapan => sesi.persiapan.is_empty(),
        Part::Langkah => sesi.langkah.is_empty(),
        Part::Penyesuaian => sesi.penyesuaian.is_empty(),
        Part::PesanKunci => sesi.pesan_kunci.is_empty(),
        Part::LembarKerja => sesi.lembar_kerja.is_empty(),
        Part::LembarEvaluasi => sesi.lembar_evaluasi.is_empty(),
        Part::LembarBalik => sesi.lembar_balik.is_empty(),
        Part::LembarKeluarga => sesi.lembar_keluarga.is_none(),
        Part::BahanBacaan => sesi.bahan_bacaan.is_empty(),
        Part::TanyaJawab => sesi.tanya_jawab.is_empty(),
        Part::Pengantar | Part::Lain => false,
    }
}

fn has_list(blocks: &[Block], numbered: bool) -> bool {
    blocks.iter().any(|block| {
        matches!(&block.kind, BlockKind::List { start, .. } if start.is_some() || !numbered)
    })
}

fn tujuan(sesi: &Sesi, out: &mut Vec<Problem>) {
    let lists = [(Part::Alat, &sesi.alat), (Part::Persiapan, &sesi.persiapan)];
    for (part, blocks) in lists {
        if !blocks.is_empty() && !has_list(blocks, false) {
            let message = format!("Bagian \"{}\" belum berupa daftar.", part.title());
            let problem = Problem::error("bukan-daftar", line_of(sesi, part), message);
            out.push(problem.hint("Tulis satu hal per baris dengan \"- \" di depannya."));
        }
    }
    if !has(sesi, Part::Tujuan) {
        return;
    }
    let line = line_of(sesi, Part::Tujuan);
    if sesi.tujuan.kompetensi.is_empty() {
        let problem = Problem::error("tanpa-kompetensi", line, "Kompetensi dasar belum ditulis.");
        out.push(problem.hint("Tambahkan \"### Kompetensi dasar\" dengan satu paragraf."));
    }
    if !has_list(&sesi.tujuan.indikator, true) {
        let message = "Indikator keberhasilan belum berupa daftar bernomor.";
        let problem = Problem::error("tanpa-indikator", line, message);
        out.push(problem.hint("Tambahkan \"### Indikator keberhasilan\" dengan daftar 1., 2., 3."));
    }
}

fn penyesuaian(sesi: &Sesi, out: &mut Vec<Problem>) {
    if !has(sesi, Part::Penyesuaian) {
        return;
    }
    for wanted in PENYESUAIAN {
        let found = sesi.penyesuaian.iter().find(|one| same_heading(&one.heading, wanted));
        if found.is_none_or(|one| one.blocks.is_empty()) {
            let line = found.map_or(line_of(sesi, Part::Penyesuaian), |one| one.line);
            let message = format!("Penyesuaian untuk \"{wanted}\" belum ditulis.");
            let problem = Problem::error("penyesuaian-hilang", line, message);
            out.push(problem.hint(format!("Tambahkan \"### {wanted}\".")));
        }
    }
}

fn pesan_kunci(sesi: &Sesi, out: &mut Vec<Problem>) {
    if sesi.pesan_kunci.is_empty() {
        return;
    }
    let count = item_texts(&sesi.pesan_kunci).len();
    if !has_list(&sesi.pesan_kunci, true) || !PESAN_KUNCI.contains(&count) {
        let message = format!("Pesan kunci memuat {count} kalimat bernomor.");
        let problem =
            Problem::error("jumlah-pesan-kunci", line_of(sesi, Part::PesanKunci), message);
        out.push(problem.hint("Tulis 4 sampai 7 kalimat dalam daftar bernomor."));
    }
}

fn reading_sections(sesi: &Sesi, out: &mut Vec<Problem>) {
    for (part, sections) in
        [(Part::BahanBacaan, &sesi.bahan_bacaan), (Part::TanyaJawab, &sesi.tanya_jawab)]
    {
        if !sections.is_empty() && sections.len() < MIN_SECTIONS {
            let message = format!("Bagian \"{}\" baru memuat satu judul.", part.title());
            let problem = Problem::warning("bagian-terlalu-singkat", line_of(sesi, part), message);
            out.push(problem.hint("Tulis beberapa judul ### dengan isinya."));
        }
        for section in sections.iter().filter(|section| section.blocks.is_empty()) {
            let message = format!("\"{}\" belum ada isinya.", section.heading);
            let problem = Problem::error("bagian-kosong", section.line, message);
            out.push(problem.hint("Isi bagian ini atau hapus judulnya."));
        }
    }
    // People ask, or they say what worries them in a full sentence; a bare topic is neither.
    let is_topic = |section: &&Section| !section.heading.contains(['?', '.']);
    for section in sesi.tanya_jawab.iter().filter(is_topic) {
        let message = format!("\"{}\" belum berupa pertanyaan.", section.heading);
        let problem = Problem::warning("bukan-pertanyaan", section.line, message);
        out.push(
            problem.hint("Tulis pertanyaan atau kalimat peserta, dengan tanda baca di akhir."),
        );
    }
}
