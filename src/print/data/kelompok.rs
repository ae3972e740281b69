//! Papers of a kelompok: the pack of a meeting, the attendance sheet, the year plan.

use serde_json::{Value, json};

use super::{Making, at_most, edition_line, foot, sesi, text, warning};
use crate::bahasa::{angka, tanggal};
use crate::print::PrintError;
use crate::print::document::{GroupPrint, PaketPrint, SesiPrint};
use crate::print::report::RtlPrint;

/// The most families on a list and copies of a sheet.
const MAX_FAMILIES: usize = 200;
/// The most sesi of one meeting.
const MAX_SESI: usize = 6;
/// The most lines of a plan.
const MAX_PLAN: usize = 60;

/// The pack: a list of what is in it and what to bring, then all of that.
///
/// # Errors
/// [`PrintError::TooMany`], [`PrintError::Missing`] without a sesi, and what a guide may be
/// refused for.
pub(super) fn paket(
    paket: &PaketPrint<'_>,
    making: &mut Making<'_, '_>,
) -> Result<Vec<Value>, PrintError> {
    at_most("Sesi dalam satu paket", paket.sesi.len(), MAX_SESI)?;
    at_most("Lembar keluarga", paket.copies as usize, MAX_FAMILIES)?;
    if paket.sesi.is_empty() {
        return Err(PrintError::Missing("isi"));
    }
    let titles: Vec<String> = paket.sesi.iter().map(SesiPrint::full_title).collect();
    let mut guides = Vec::new();
    let mut sheets = Vec::new();
    let mut bring = Vec::new();
    for print in &paket.sesi {
        let guide = sesi::panduan(print, making)?;
        bring.push(json!({ "sesi": print.full_title(), "alat": guide["alat"] }));
        guides.push(guide);
        if paket.copies > 0 && print.sesi.lembar_keluarga.is_some() {
            sheets.push(sesi::keluarga(print, paket.copies, making)?);
        }
    }
    let mut out = vec![cover(paket, &bring, sheets.len())];
    out.extend(guides);
    out.extend(sheets);
    out.push(daftar_hadir(&paket.group, &titles)?);
    out.push(berita_acara(paket));
    Ok(out)
}

fn cover(paket: &PaketPrint<'_>, bring: &[Value], sheets: usize) -> Value {
    let group = &paket.group;
    let last: Vec<Value> = group
        .last_taught
        .iter()
        .take(5)
        .map(|last| {
            json!({
                "tanggal": tanggal::long(last.date), "judul": text::joined(&last.title),
                "sampai": text::joined(&last.extent),
            })
        })
        .collect();
    let sesi: Vec<Value> = paket
        .sesi
        .iter()
        .map(|print| {
            json!({
                "judul": print.full_title(), "modul": print.modul,
                "edisi": edition_line(print.edition), "awas": warning(print.edition),
                "menit": print.sesi.front.menit.map(angka::duration),
            })
        })
        .collect();
    json!({
        "jenis": "paket",
        "kelompok": facts(group),
        "nama": group.name,
        "sesi": sesi,
        "bawa": bring,
        "terakhir": last,
        "keluarga": if sheets > 0 { paket.copies } else { 0 },
        "anggota": group.lines().len(),
        "kaki": group_foot("Paket pertemuan", group),
    })
}

/// What is known of the kelompok and the meeting; a fact that is not known is a line to write on.
fn facts(group: &GroupPrint) -> Vec<Value> {
    let line = |label: &str, value: String| json!({ "nama": label, "isi": value });
    vec![
        line("Wilayah", group.area()),
        line("Tanggal", group.date.map(tanggal::with_day).unwrap_or_default()),
        line("Waktu", group.hours.clone().unwrap_or_default()),
        line("Tempat", group.place.clone().unwrap_or_default()),
        line("Pendamping", group.pendamping.clone().unwrap_or_default()),
        line("Anggota", angka::count(group.lines().len() as u64)),
    ]
}

fn group_foot(what: &str, group: &GroupPrint) -> Value {
    let date = group.date.map(tanggal::long).unwrap_or_default();
    foot(&format!("{what} · {}", group.name), &date, None, None)
}

/// The attendance sheet: a numbered empty line for each family.
///
/// # Errors
/// [`PrintError::TooMany`].
pub(super) fn daftar_hadir(group: &GroupPrint, titles: &[String]) -> Result<Value, PrintError> {
    at_most("Anggota", (group.members as usize).max(group.seats.len()), MAX_FAMILIES)?;
    Ok(json!({
        "jenis": "hadir",
        "nama": group.name,
        "kelompok": facts(group),
        "sesi": titles,
        "nomor": group.lines(),
        "kaki": group_foot("Daftar hadir", group),
    }))
}

/// The report form with everything filled in but what only the meeting can tell.
fn berita_acara(paket: &PaketPrint<'_>) -> Value {
    let sesi: Vec<Value> = paket
        .sesi
        .iter()
        .map(|print| {
            let steps: Vec<u32> = print.sesi.langkah.iter().map(|l| l.nomor).take(32).collect();
            json!({
                "judul": print.full_title(), "langkah": steps,
                "edisi": edition_line(print.edition),
            })
        })
        .collect();
    json!({
        "jenis": "acara",
        "nama": paket.group.name,
        "kelompok": facts(&paket.group),
        "sesi": sesi,
        "anggota": paket.group.lines().len(),
        "kaki": group_foot("Berita acara", &paket.group),
    })
}

/// The year plan.
///
/// # Errors
/// [`PrintError::TooMany`].
pub(super) fn rtl(rtl: &RtlPrint) -> Result<Value, PrintError> {
    at_most("Baris rencana", rtl.rows.len(), MAX_PLAN)?;
    let rows: Vec<Value> = rtl
        .rows
        .iter()
        .map(|row| {
            json!({
                "bulan": row.month, "sesi": text::joined(&row.sesi),
                "tanggal": row.date.map(tanggal::long).unwrap_or_default(),
                "selesai": row.done, "catatan": row.note,
            })
        })
        .collect();
    Ok(json!({
        "jenis": "rtl",
        "nama": rtl.group.name,
        "masa": rtl.period,
        "kelompok": facts(&rtl.group),
        "baris": rows,
        "kaki": group_foot("Rencana tindak lanjut", &rtl.group),
    }))
}
