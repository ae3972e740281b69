//! A modul or a skema as a book.

use serde_json::{Value, json};

use super::{Making, bare_address, sesi};
use crate::bahasa::tanggal;
use crate::print::document::BookPrint;
use crate::print::{PrintError, qr};

/// The cover, the contents, and every sesi in order.
///
/// # Errors
/// [`PrintError::Missing`] for a book without a sesi, and what a guide may be refused for.
pub(super) fn buku(
    book: &BookPrint<'_>,
    making: &mut Making<'_, '_>,
) -> Result<Vec<Value>, PrintError> {
    if book.modul.iter().all(|modul| modul.sesi.is_empty()) {
        return Err(PrintError::Missing("isi"));
    }
    let url = book.short_url.as_deref();
    let mut out = vec![json!({
        "jenis": "sampul",
        "seri": book.series,
        "judul": book.title,
        "tanggal": book.date.map(tanggal::long),
        "qr": url.and_then(qr::svg),
        "alamat": url.map(bare_address),
        "modul": book.modul.iter().map(|modul| json!({
            "judul": modul.title,
            "sesi": modul.sesi.iter().map(|sesi| sesi.full_title()).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })];
    for modul in &book.modul {
        let mut first = true;
        for print in &modul.sesi {
            let mut section = sesi::panduan(print, making)?;
            section["buku"] = json!({
                "modul": modul.title,
                "awal_modul": std::mem::take(&mut first) && book.modul.len() > 1,
                "kepala": print.full_title(),
                "akhir": false,
            });
            out.push(section);
        }
    }
    if let Some(last) = out.last_mut() {
        last["buku"]["akhir"] = json!(true);
    }
    Ok(out)
}
