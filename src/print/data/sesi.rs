//! The documents of one sesi: guide, family sheet, worksheets.

use serde_json::{Value, json};

use super::nodes::{Node, Writer, lines};
use super::{Making, edition_line, foot, text, warning};
use crate::bahasa::angka;
use crate::curriculum::markdown::{Block, BlockKind, plain_text};
use crate::curriculum::sesi::{Langkah, Section};
use crate::print::document::SesiPrint;
use crate::print::{Options, Paper, PrintError};

/// The most pictures in the row above a family sheet.
const MAX_PICTOGRAMS: usize = 6;

/// The longest title in a head, in letters; a longer one is no title.
const MAX_TITLE: usize = 200;
/// The longest result of a langkah in the overview, in letters; the langkah has all of it.
const MAX_OVERVIEW: usize = 240;
/// Family sheets with more letters than this do not fit on half a sheet.
const MAX_HALF_SHEET: usize = 1_800;

impl SesiPrint<'_> {
    /// `Sesi 8: Pentingnya Gizi ...`; only the title of a text outside every skema.
    pub(crate) fn full_title(&self) -> String {
        let title = text::shortened(&self.sesi.title, MAX_TITLE);
        if self.nomor == 0 { title } else { format!("Sesi\u{a0}{}: {title}", self.nomor) }
    }

    /// The foot of its pages.
    pub(crate) fn foot(&self) -> Value {
        let first = format!("{} · {}", self.modul, self.full_title());
        let url = self.short_url.as_deref();
        foot(&first, &edition_line(self.edition), warning(self.edition), url)
    }

    /// The head of its first page.
    fn band(&self, what: &str) -> Value {
        let front = &self.sesi.front;
        let minutes = front.menit.unwrap_or_else(|| self.sesi.menit_langkah());
        let facts = [
            (minutes > 0).then(|| angka::duration(minutes)),
            (!self.sesi.langkah.is_empty())
                .then(|| format!("{}\u{a0}langkah", self.sesi.langkah.len())),
            (!front.sasaran.is_empty()).then(|| format!("untuk {}", angka::list(&front.sasaran))),
        ];
        json!({
            "jenis": what, "skema": self.skema, "modul": self.modul, "nomor": self.nomor,
            "judul": text::shortened(&self.sesi.title, MAX_TITLE), "fakta": facts.iter().flatten().collect::<Vec<_>>(),
            "edisi": edition_line(self.edition), "awas": warning(self.edition),
        })
    }
}

/// About how many letters a line holds and how many lines a page.
fn page_room(options: &Options) -> (usize, usize) {
    let (letters, page) = match options.paper {
        Paper::A4 | Paper::F4Narrow | Paper::A3 => (80, 54),
        Paper::F4 => (82, 60),
        Paper::A5 | Paper::A5Booklet => (62, 40),
    };
    if options.large { (letters * 4 / 5, page * 4 / 5) } else { (letters, page) }
}

/// Whether blocks may be kept on one page.
///
/// What is kept together and is longer than a page would lose its end, so only what is surely
/// shorter is kept.
fn fits_half(blocks: &[Block], options: &Options) -> bool {
    let (per_line, per_page) = page_room(options);
    lines(blocks, per_line) + 5 <= per_page * 11 / 20
}

/// The facilitator's guide.
///
/// # Errors
/// [`PrintError::TableTooWide`].
pub(super) fn panduan(
    print: &SesiPrint<'_>,
    making: &mut Making<'_, '_>,
) -> Result<Value, PrintError> {
    let sesi = print.sesi;
    let options = making.options;
    let mut writer = Writer::with_rujukan(&sesi.front.rujukan, &mut making.pictures);
    let mut steps = Vec::with_capacity(sesi.langkah.len());
    for langkah in &sesi.langkah {
        steps.push(step(langkah, options, &mut writer)?);
    }
    let mut data = json!({
        "jenis": "panduan",
        "kepala": print.band("Panduan fasilitator"),
        "kaki": print.foot(),
        "ringkasan": writer.nodes(&sesi.summary)?,
        "kompetensi": writer.nodes(&sesi.tujuan.kompetensi)?,
        "indikator": writer.nodes(&sesi.tujuan.indikator)?,
        "alat": writer.nodes(&sesi.alat)?,
        "persiapan": writer.nodes(&sesi.persiapan)?,
        "langkah": steps,
        "penyesuaian": sections(&sesi.penyesuaian, &mut writer)?,
        "pesan": writer.nodes(&sesi.pesan_kunci)?,
        "pesan_utuh": fits_half(&sesi.pesan_kunci, options),
        "lembar_kerja": worksheets(print, options, &mut writer)?,
        "evaluasi": writer.nodes(&sesi.lembar_evaluasi)?,
        "lain": sections(&sesi.lain, &mut writer)?,
        "bacaan": [], "tanya": [],
        "rujukan": sesi.front.rujukan.iter().map(|r| text::joined(&r.judul)).collect::<Vec<_>>(),
    });
    if options.reading {
        data["bacaan"] = json!(sections(&sesi.bahan_bacaan, &mut writer)?);
        data["tanya"] = json!(sections(&sesi.tanya_jawab, &mut writer)?);
    }
    Ok(data)
}

fn step(
    langkah: &Langkah,
    options: &Options,
    writer: &mut Writer<'_, '_>,
) -> Result<Value, PrintError> {
    Ok(json!({
        "nomor": langkah.nomor,
        "nama": text::joined(&langkah.nama),
        "menit": langkah.menit,
        "metode": angka::list(&langkah.metode),
        "media": text::joined(&angka::list(&langkah.media)),
        "hasil": text::joined(&langkah.hasil),
        "ringkas": {
            "nama": text::shortened(&langkah.nama, MAX_OVERVIEW),
            "hasil": text::shortened(&langkah.hasil, MAX_OVERVIEW),
            "metode": text::shortened(&angka::list(&langkah.metode), MAX_OVERVIEW),
        },
        "isi": writer.nodes(&langkah.blocks)?,
        "utuh": fits_half(&langkah.blocks, options),
    }))
}

fn sections(all: &[Section], writer: &mut Writer<'_, '_>) -> Result<Vec<Value>, PrintError> {
    let mut out = Vec::with_capacity(all.len());
    for section in all {
        let blocks = writer.nodes(&section.blocks)?;
        out.push(json!({ "judul": text::joined(&section.heading), "isi": blocks }));
    }
    Ok(out)
}

fn worksheets(
    print: &SesiPrint<'_>,
    options: &Options,
    writer: &mut Writer<'_, '_>,
) -> Result<Vec<Value>, PrintError> {
    let mut out = Vec::with_capacity(print.sesi.lembar_kerja.len());
    for sheet in &print.sesi.lembar_kerja {
        let title = text::joined(&format!("LK {}: {}", sheet.kode, sheet.judul));
        let keep = fits_half(&sheet.blocks, options);
        out.push(json!({ "judul": title, "isi": writer.nodes(&sheet.blocks)?, "utuh": keep }));
    }
    Ok(out)
}

/// The worksheets, each on a page of its own, and the sheet of questions.
///
/// # Errors
/// [`PrintError::Missing`] where there is neither, [`PrintError::TableTooWide`].
pub(super) fn kerja(
    print: &SesiPrint<'_>,
    making: &mut Making<'_, '_>,
) -> Result<Value, PrintError> {
    if print.sesi.lembar_kerja.is_empty() && print.sesi.lembar_evaluasi.is_empty() {
        return Err(PrintError::Missing("lembar kerja dan lembar evaluasi"));
    }
    let options = making.options;
    let mut writer = Writer::plain(&print.sesi.front.rujukan, &mut making.pictures);
    Ok(json!({
        "jenis": "kerja",
        "kaki": print.foot(),
        "sesi": print.full_title(),
        "lembar": worksheets(print, options, &mut writer)?,
        "evaluasi": writer.nodes(&print.sesi.lembar_evaluasi)?,
    }))
}

/// The family sheet, so many times.
///
/// Its own pictures stand above it; a sheet without any borrows those of the lembar balik, so that
/// a family that reads little recognises what it saw.
///
/// # Errors
/// [`PrintError::Missing`] where the sesi has none, [`PrintError::TableTooWide`].
pub(super) fn keluarga(
    print: &SesiPrint<'_>,
    copies: u32,
    making: &mut Making<'_, '_>,
) -> Result<Value, PrintError> {
    let Some(sheet) = &print.sesi.lembar_keluarga else {
        return Err(PrintError::Missing("lembar keluarga"));
    };
    let letters = plain_text(&sheet.blocks).len() + plain_text(&sheet.latihan).len();
    let two_up = making.options.two_up && letters <= MAX_HALF_SHEET;
    let mut writer = Writer::plain(&print.sesi.front.rujukan, &mut making.pictures);
    let (own, words): (Vec<Block>, Vec<Block>) = sheet
        .blocks
        .iter()
        .cloned()
        .partition(|block| matches!(block.kind, BlockKind::Picture { .. }));
    let mut pictures = writer.nodes(&own)?;
    if pictures.is_empty() {
        let borrowed = print.sesi.lembar_balik.iter().flat_map(|page| &page.pictures);
        pictures.extend(borrowed.map(|picture| writer.picture(&picture.src, &picture.alt)));
    }
    pictures.retain(|node| matches!(node, Node::Pic { file: Some(_), .. }));
    let mut seen = Vec::new();
    pictures.retain(|node| {
        let is_new = !seen.contains(node);
        seen.push(node.clone());
        is_new
    });
    pictures.truncate(MAX_PICTOGRAMS);
    let title = if sheet.judul.is_empty() { &print.sesi.title } else { &sheet.judul };
    let title = text::shortened(title, MAX_TITLE);
    Ok(json!({
        "jenis": "keluarga",
        "jumlah": copies,
        "dua": two_up,
        "judul": title,
        "gambar": pictures,
        "isi": writer.nodes(&words)?,
        "latihan": writer.nodes(&sheet.latihan)?,
        "kaki": print.foot(),
    }))
}
