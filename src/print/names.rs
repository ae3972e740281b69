//! Names of files, such that they sort and say what they are on a phone.

use super::document::{Document, SesiPrint};
use super::{Options, Paper};

/// The longest title in a file name, in letters.
const MAX_TITLE: usize = 48;

/// Lower-case letters, digits and single dashes; what is neither becomes a dash. At most `limit`
/// letters, cut between words where that is possible.
pub(super) fn slug(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.to_ascii_lowercase();
        if out.is_empty() {
            out.extend(word.chars().take(limit));
        } else if out.len() + 1 + word.len() <= limit {
            out.push('-');
            out.push_str(&word);
        } else {
            break;
        }
    }
    out
}

/// The name of the file, for example `P2K2-08-gizi-ibu-hamil-panduan-A4.pdf`.
pub(super) fn file_name(document: &Document<'_>, options: &Options) -> String {
    let paper = options.paper;
    match document {
        Document::Panduan(sesi) => of_sesi(sesi, "panduan", paper),
        Document::LembarKeluarga(sesi) => of_sesi(sesi, "lembar-keluarga", paper),
        Document::LembarBalik(sesi, _) => of_sesi(sesi, "lembar-balik", paper),
        Document::LembarKerja(sesi) => of_sesi(sesi, "lembar-kerja", paper),
        Document::Buku(book) => joined(&["buku", &slug(&book.slug, MAX_TITLE), paper.name()]),
        Document::Paket(paket) => {
            let numbers: Vec<String> =
                paket.sesi.iter().map(|sesi| format!("{:02}", sesi.nomor)).collect();
            let group = slug(&paket.group.name, 32);
            joined(&["paket", &group, "sesi", &numbers.join("-"), paper.name()])
        }
        Document::DaftarHadir(group) => {
            let date = group.date.map(|date| date.to_string()).unwrap_or_default();
            joined(&["daftar-hadir", &slug(&group.name, 32), &date, paper.name()])
        }
        Document::Rekap(report) => {
            joined(&["rekap", &code(&report.area_code), &code(&report.period_slug), paper.name()])
        }
        Document::Cakupan(report) => {
            joined(&["cakupan", &code(&report.area_code), &code(&report.period_slug), paper.name()])
        }
        Document::Perubahan(change) => {
            let number = format!("{:02}", change.nomor);
            joined(&[&number, &slug(&change.title, MAX_TITLE), "perubahan", paper.name()])
        }
        Document::Rtl(rtl) => {
            joined(&["rtl", &slug(&rtl.group.name, 32), &slug(&rtl.period, 16), paper.name()])
        }
    }
}

/// A code keeps its dots: `35.20`.
fn code(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).take(24).collect()
}

fn of_sesi(sesi: &SesiPrint<'_>, what: &str, paper: Paper) -> String {
    let number = if sesi.nomor == 0 { String::new() } else { format!("{:02}", sesi.nomor) };
    joined(&[&number, &slug(&sesi.sesi.title, MAX_TITLE), what, paper.name()])
}

fn joined(parts: &[&str]) -> String {
    let mut name = "P2K2".to_owned();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        name.push('-');
        name.push_str(part);
    }
    name.push_str(".pdf");
    name
}
