//! Checks of the head of a text.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::CheckContext;
use super::file::File;
use crate::curriculum::headings::TEMA;
use crate::curriculum::markdown::plain_text;
use crate::curriculum::problem::Problem;
use crate::curriculum::sesi::{FrontMatter, Jenis};

/// The most words in `kata_kunci`.
const MAX_KEYWORDS: usize = 10;

/// The range of minutes that a meeting can reasonably take.
const MINUTES: std::ops::RangeInclusive<u32> = 60..=180;

pub(super) fn check(file: &File<'_>, context: &CheckContext<'_>, out: &mut Vec<Problem>) {
    let front = &file.sesi.front;
    if front.unreadable {
        return;
    }
    identity(file, front, out);
    review(front, context.today, out);
    if front.jenis == Jenis::Sesi {
        numbers(file, front, out);
        audience(front, context.tema, out);
        keywords(file, front, out);
    }
    rujukan(front, out);
}

fn missing(key: &str, hint: &str) -> Problem {
    Problem::error("kepala-kurang", 1, format!("Kepala naskah belum memuat \"{key}\".")).hint(hint)
}

fn identity(file: &File<'_>, front: &FrontMatter, out: &mut Vec<Problem>) {
    match (&front.id, file.stem().and_then(crate::curriculum::markdown::sesi_id_of_file)) {
        (None, _) => {
            out.push(missing("id", "Pakai huruf kecil dan tanda hubung, misalnya memulai-usaha."))
        }
        (Some(id), Some(of_name)) if *id != of_name && id.as_str() != file.stem().unwrap_or("") => {
            let message = format!("Id \"{id}\" berbeda dari nama berkas \"{}\".", file.name);
            let problem = Problem::warning("nama-berkas", front.line_of("id"), message);
            out.push(problem.hint(format!("Beri nama berkas nn-{id}.md.")));
        }
        _ => {}
    }
    if front.judul.is_empty() {
        out.push(missing("judul", "Tulis judul sesi."));
    } else if front.judul != file.sesi.title {
        let message = format!(
            "Judul di kepala naskah (\"{}\") berbeda dari judul naskah (\"{}\").",
            front.judul, file.sesi.title
        );
        let problem = Problem::error("judul-berbeda", front.line_of("judul"), message);
        out.push(problem.hint("Samakan keduanya; judul lain ditulis di alias."));
    }
}

fn review(front: &FrontMatter, today: Option<Date>, out: &mut Vec<Problem>) {
    if front.pemilik.is_empty() {
        out.push(missing("pemilik", "Tulis siapa yang merawat naskah ini."));
    }
    match (front.tinjau_sebelum, today) {
        (None, _) => out.push(missing("tinjau_sebelum", "Tulis tanggal seperti 2027-11-21.")),
        (Some(date), Some(today)) if date < today => {
            let message = format!("Tanggal tinjau {date} sudah lewat.");
            let problem =
                Problem::warning("tinjau-lewat", front.line_of("tinjau_sebelum"), message);
            out.push(problem.hint("Baca ulang naskah, lalu ubah tanggalnya."));
        }
        _ => {}
    }
}

fn numbers(file: &File<'_>, front: &FrontMatter, out: &mut Vec<Problem>) {
    for (key, value) in [("nomor", front.nomor), ("nomor_modul", front.nomor_modul)] {
        if value.is_none() {
            out.push(missing(key, "Tulis nomor seperti di skema."));
        }
    }
    let Some(menit) = front.menit else {
        out.push(missing("menit", "Tulis jumlah menit semua langkah."));
        return;
    };
    let line = front.line_of("menit");
    let sum = file.sesi.menit_langkah();
    if sum != menit {
        let message = format!("Jumlah menit langkah {sum}, sedangkan kepala naskah {menit}.");
        let hint = format!("Ubah menit di kepala naskah menjadi {sum}, atau ubah menit langkah.");
        out.push(Problem::error("menit-tidak-cocok", line, message).hint(hint));
    }
    if !MINUTES.contains(&menit) {
        let message = format!("Lama pertemuan {menit} menit.");
        let problem = Problem::warning("menit-tidak-lazim", line, message);
        out.push(problem.hint("Pertemuan kelompok biasanya 60 sampai 180 menit."));
    }
}

fn audience(front: &FrontMatter, known: &[String], out: &mut Vec<Problem>) {
    let known: Vec<&str> = match known {
        [] => TEMA.to_vec(),
        set => set.iter().map(String::as_str).collect(),
    };
    if front.tema.is_empty() {
        out.push(missing("tema", &format!("Pilih dari: {}.", known.join(", "))));
    }
    for tema in front.tema.iter().filter(|tema| !known.contains(&tema.as_str())) {
        let message = format!("Tema \"{tema}\" tidak dikenal.");
        let problem = Problem::error("tema-tidak-dikenal", front.line_of("tema"), message);
        out.push(problem.hint(format!("Pilih dari: {}.", known.join(", "))));
    }
    if front.sasaran.is_empty() {
        out.push(missing("sasaran", "Tulis untuk siapa sesi ini, misalnya ibu hamil, ayah."));
    }
}

/// Words that the text already says are found anyway, and crowd out those that it does not say.
fn keywords(file: &File<'_>, front: &FrontMatter, out: &mut Vec<Problem>) {
    let line = front.line_of("kata_kunci");
    if front.kata_kunci.len() > MAX_KEYWORDS {
        let message = format!("Ada {} kata kunci.", front.kata_kunci.len());
        let problem = Problem::warning("kata-kunci-terlalu-banyak", line, message);
        out.push(problem.hint("Pilih paling banyak 10 yang paling sering diketik orang."));
    }
    let body = padded_words(&plain_text(&file.blocks));
    let said: Vec<_> = front
        .kata_kunci
        .iter()
        .filter(|word| body.contains(&padded_words(word)))
        .map(String::as_str)
        .collect();
    if !said.is_empty() {
        let message = format!("Kata kunci yang sudah ada di naskah: {}.", said.join(", "));
        let problem = Problem::warning("kata-kunci-sudah-ada", line, message);
        out.push(problem.hint("Hapus; pencarian sudah menemukannya dari naskah."));
    }
}

/// Lower-case words with one blank around each, so that whole words can be looked for.
fn padded_words(text: &str) -> String {
    let mut out = String::from(" ");
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        out.push_str(&word.to_lowercase());
        out.push(' ');
    }
    out
}

fn rujukan(front: &FrontMatter, out: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for rujukan in &front.rujukan {
        if !seen.insert(&rujukan.id) {
            let message = format!("Rujukan \"{}\" ditulis dua kali.", rujukan.id);
            let problem = Problem::error("rujukan-ganda", rujukan.line, message);
            out.push(problem.hint("Hapus salah satu."));
        }
        if let Err(error) = rujukan.id.parse::<crate::curriculum::ids::SesiId>() {
            out.push(Problem::error("id-rujukan", rujukan.line, error.to_string()));
        }
    }
}
