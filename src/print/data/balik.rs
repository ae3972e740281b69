//! The lembar balik: pages for the group, notes for the facilitator on the reverse.

use serde_json::{Value, json};

use super::nodes::{Node, Writer};
use super::{Making, edition_line, text};
use crate::curriculum::sesi::LembarBalik;
use crate::print::PrintError;
use crate::print::document::{Binding, SesiPrint};

/// The pages in the order in which a printer that prints on both sides wants them.
///
/// # Errors
/// [`PrintError::Missing`] where the sesi has none, [`PrintError::TableTooWide`].
pub(super) fn balik(
    print: &SesiPrint<'_>,
    binding: Binding,
    making: &mut Making<'_, '_>,
) -> Result<Value, PrintError> {
    let pages = &print.sesi.lembar_balik;
    if pages.is_empty() {
        return Err(PrintError::Missing("lembar balik"));
    }
    let mut writer = Writer::plain(&print.sesi.front.rujukan, &mut making.pictures);
    let mut fronts = Vec::with_capacity(pages.len());
    let mut backs = Vec::with_capacity(pages.len());
    for page in pages {
        fronts.push(front(page, &mut writer)?);
        backs.push(back(page, pages.len(), &mut writer)?);
    }
    let ordered: Vec<Value> = match binding {
        Binding::Loose => fronts.into_iter().zip(backs).flat_map(|(f, b)| [f, b]).collect(),
        // The cover's back carries the notes of the first picture, and so on; the last picture
        // has an empty back.
        Binding::Bound => {
            let mut all = vec![cover(print)];
            all.extend(backs.into_iter().zip(fronts).flat_map(|(b, f)| [b, f]));
            all
        }
    };
    Ok(json!({
        "jenis": "balik",
        "sesi": print.full_title(),
        "kaki": print.foot(),
        "halaman": ordered,
    }))
}

fn cover(print: &SesiPrint<'_>) -> Value {
    json!({
        "sisi": "sampul", "modul": print.modul, "judul": print.full_title(),
        "edisi": edition_line(print.edition),
    })
}

fn front(page: &LembarBalik, writer: &mut Writer<'_, '_>) -> Result<Value, PrintError> {
    let pictures: Vec<Node> =
        page.pictures.iter().map(|picture| writer.picture(&picture.src, &picture.alt)).collect();
    Ok(json!({
        "sisi": "depan", "nomor": page.nomor, "judul": text::joined(&page.judul),
        "gambar": pictures, "isi": writer.nodes(&page.blocks)?,
    }))
}

fn back(page: &LembarBalik, of: usize, writer: &mut Writer<'_, '_>) -> Result<Value, PrintError> {
    let pictures: Vec<Node> =
        page.pictures.iter().map(|picture| writer.picture(&picture.src, &picture.alt)).collect();
    Ok(json!({
        "sisi": "belakang", "nomor": page.nomor, "dari": of, "judul": text::joined(&page.judul),
        "gambar": pictures, "depan": writer.nodes(&page.blocks)?,
        "isi": writer.nodes(&page.catatan)?,
    }))
}
