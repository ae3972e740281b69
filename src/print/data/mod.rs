//! From a document to the data that the templates read. No engine here: what goes in is plain
//! text, what comes out is JSON, and nothing of it is ever markup.

mod balik;
mod buku;
mod kelompok;
mod laporan;
pub(crate) mod nodes;
mod perubahan;
pub(crate) mod pictures;
mod sesi;
pub(crate) mod text;

use std::borrow::Cow;

use serde_json::{Value, json};

use self::pictures::{PictureLookup, PictureSet};
use super::document::{Document, EditionPrint};
use super::{Options, PrintError, qr};
use crate::bahasa::tanggal;

/// The largest text of one sesi, in bytes.
const MAX_SESI_BYTES: usize = crate::curriculum::markdown::MAX_TEXT_BYTES;
/// All texts of a book or a pack together, in bytes.
const MAX_DOCUMENT_BYTES: usize = 4 * 1024 * 1024;
/// The most pages of one sesi, report, list or plan.
const SESI_PAGES: usize = 60;
/// The most pages of a pack.
const PAKET_PAGES: usize = 300;
/// The most pages of a book.
const BOOK_PAGES: usize = 600;

/// The longest line in a foot, in letters.
const MAX_FOOT: usize = 140;

/// What the engine gets.
pub(crate) struct Input {
    /// The data for the templates.
    pub(crate) data: Value,
    /// The pictures, in the order of their paths.
    pub(crate) files: Vec<Cow<'static, [u8]>>,
    /// The most pages that may come out.
    pub(crate) page_limit: usize,
}

/// What every builder needs.
pub(crate) struct Making<'o, 'p> {
    pub(crate) options: &'o Options,
    pub(crate) pictures: PictureSet<'p>,
}

/// The data of a document.
///
/// # Errors
/// Any [`PrintError`] but [`PrintError::Engine`] and [`PrintError::TooManyPages`].
pub(crate) fn of(
    document: &Document<'_>,
    options: &Options,
    lookup: &PictureLookup<'_>,
) -> Result<Input, PrintError> {
    options.fits(document)?;
    check_size(document)?;
    let mut making = Making { options, pictures: PictureSet::new(lookup) };
    let (title, sections) = sections(document, &mut making)?;
    let (width, height) = options.paper.size_mm();
    let data = json!({
        "judul": title,
        "kertas": { "nama": options.paper.name(), "lebar": width, "tinggi": height },
        "hemat": options.saving,
        "besar": options.large,
        "bagian": sections,
    });
    let page_limit = match document {
        Document::Buku(_) => BOOK_PAGES,
        Document::Paket(_) => PAKET_PAGES,
        _ => SESI_PAGES,
    };
    Ok(Input { data, files: making.pictures.into_files(), page_limit })
}

fn sections(
    document: &Document<'_>,
    making: &mut Making<'_, '_>,
) -> Result<(String, Vec<Value>), PrintError> {
    Ok(match document {
        Document::Panduan(sesi) => (sesi.full_title(), vec![sesi::panduan(sesi, making)?]),
        Document::LembarKeluarga(sesi) => {
            let copies = if making.options.two_up { 2 } else { 1 };
            let section = sesi::keluarga(sesi, copies, making)?;
            (format!("Lembar keluarga. {}", sesi.full_title()), vec![section])
        }
        Document::LembarBalik(sesi, binding) => {
            let section = balik::balik(sesi, *binding, making)?;
            (format!("Lembar balik. {}", sesi.full_title()), vec![section])
        }
        Document::LembarKerja(sesi) => {
            let section = sesi::kerja(sesi, making)?;
            (format!("Lembar kerja. {}", sesi.full_title()), vec![section])
        }
        Document::Buku(book) => (book.title.clone(), buku::buku(book, making)?),
        Document::Paket(paket) => {
            (format!("Paket pertemuan {}", paket.group.name), kelompok::paket(paket, making)?)
        }
        Document::DaftarHadir(group) => {
            let section = kelompok::daftar_hadir(group, &[])?;
            (format!("Daftar hadir {}", group.name), vec![section])
        }
        Document::Rekap(report) | Document::Cakupan(report) => {
            (format!("{}, {}", report.title, report.area), laporan::laporan(report)?)
        }
        Document::Perubahan(change) => {
            let title = format!("Apa yang berubah. Sesi {}: {}", change.nomor, change.title);
            (title, vec![perubahan::perubahan(change)?])
        }
        Document::Rtl(rtl) => {
            let title = format!("Rencana {}, {}", rtl.group.name, rtl.period);
            (title, vec![kelompok::rtl(rtl)?])
        }
    })
}

/// Refuses what is too large before anything is made of it.
fn check_size(document: &Document<'_>) -> Result<(), PrintError> {
    let sizes: Vec<usize> = match document {
        Document::Panduan(sesi)
        | Document::LembarKeluarga(sesi)
        | Document::LembarBalik(sesi, _)
        | Document::LembarKerja(sesi) => vec![sesi.sesi.source().len()],
        Document::Buku(book) => {
            let sesi = book.modul.iter().flat_map(|modul| &modul.sesi);
            sesi.map(|sesi| sesi.sesi.source().len()).collect()
        }
        Document::Paket(paket) => paket.sesi.iter().map(|s| s.sesi.source().len()).collect(),
        Document::Perubahan(change) => {
            // Two texts and what they have in common count as one document.
            return check_total(change.diff_bytes());
        }
        Document::DaftarHadir(_) | Document::Rekap(_) | Document::Cakupan(_) | Document::Rtl(_) => {
            Vec::new()
        }
    };
    if let Some(size) = sizes.iter().find(|size| **size > MAX_SESI_BYTES) {
        let limit_kb = kb(MAX_SESI_BYTES);
        return Err(PrintError::TextTooLarge { size_kb: kb(*size), limit_kb });
    }
    check_total(sizes.iter().sum())
}

fn check_total(total: usize) -> Result<(), PrintError> {
    if total > MAX_DOCUMENT_BYTES {
        let limit_kb = kb(MAX_DOCUMENT_BYTES);
        return Err(PrintError::DocumentTooLarge { size_kb: kb(total), limit_kb });
    }
    Ok(())
}

fn kb(bytes: usize) -> usize {
    bytes.div_ceil(1024)
}

/// Refuses more of something than is printed at once.
fn at_most(what: &'static str, count: usize, limit: usize) -> Result<(), PrintError> {
    if count > limit { Err(PrintError::TooMany { what, count, limit }) } else { Ok(()) }
}

/// `Edisi 3, 21 November 2026`, or `Naskah belum terbit`.
fn edition_line(edition: EditionPrint) -> String {
    match edition {
        EditionPrint::Published { number, date, .. } => {
            format!("Edisi\u{a0}{number}, {}", tanggal::long(date))
        }
        EditionPrint::Draft => "Naskah belum terbit".to_owned(),
    }
}

/// What a page must warn of: an edition that is no longer, or not yet, the one to teach from.
fn warning(edition: EditionPrint) -> Option<&'static str> {
    match edition {
        EditionPrint::Published { live: true, .. } => None,
        EditionPrint::Published { live: false, .. } => Some("Bukan edisi terbaru"),
        EditionPrint::Draft => Some("Belum terbit"),
    }
}

/// The foot of a page: two lines, a warning, a QR code with the address below it.
fn foot(first: &str, second: &str, warning: Option<&str>, url: Option<&str>) -> Value {
    let code = url.and_then(qr::svg);
    let address = url.filter(|_| code.is_some()).map(bare_address);
    json!({
        "satu": text::shortened(first, MAX_FOOT), "dua": text::shortened(second, MAX_FOOT),
        "awas": warning,
        "qr": code, "alamat": address, "nomor": true,
    })
}

/// An address as people read it: without scheme and closing stroke.
fn bare_address(url: &str) -> &str {
    let bare = url.trim_start_matches("https://").trim_start_matches("http://");
    bare.trim_end_matches('/')
}
