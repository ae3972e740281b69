//! Reports: figures in large type, a table, a heat map, what the words mean.

use serde_json::{Value, json};

use super::{at_most, foot};
use crate::bahasa::{angka, tanggal};
use crate::print::PrintError;
use crate::print::report::{Figure, HeatCell, HeatMap, ReportPrint, ReportRow};

/// The most columns beside the name.
const MAX_COLUMNS: usize = 11;
/// The most rows of a table.
const MAX_ROWS: usize = 2_000;
/// The most columns of a heat map.
const MAX_HEAT_COLUMNS: usize = 40;
/// Up to so many columns of a heat map fit an upright page, below the table.
const UPRIGHT_COLUMNS: usize = 18;
/// The most figures in large type.
const MAX_KEY_FIGURES: usize = 5;

/// The pages of a report: the figures upright, the heat map below them, or across where it is wide.
///
/// # Errors
/// [`PrintError::TableTooWide`] and [`PrintError::TooMany`].
pub(super) fn laporan(report: &ReportPrint) -> Result<Vec<Value>, PrintError> {
    let columns = report.columns.len();
    if columns > MAX_COLUMNS {
        return Err(PrintError::TableTooWide { columns, limit: MAX_COLUMNS });
    }
    at_most("Baris laporan", report.rows.len(), MAX_ROWS)?;
    at_most("Angka utama", report.key_figures.len(), MAX_KEY_FIGURES)?;
    let foot = report_foot(report);
    let map = report.heat_map.as_ref().map(|map| heat_map(map, report)).transpose()?;
    let wide = report.heat_map.as_ref().is_some_and(|map| map.columns.len() > UPRIGHT_COLUMNS);
    let (below, across) = if wide { (None, map) } else { (map, None) };
    let mut out = vec![json!({
        "jenis": "laporan",
        "judul": report.title,
        "kode": format!("Kode {}", report.area_code),
        "panas": below,
        "lanjut": wide,
        "wilayah": report.area,
        "masa": report.period,
        "diketahui": report.known_at.map(tanggal::long),
        "kalimat": report.sentences,
        "utama": report.key_figures.iter().map(|key| json!({
            "nama": key.label, "angka": figure(&key.figure),
        })).collect::<Vec<_>>(),
        "kolom": report.columns,
        "baris": report.rows.iter().map(|r| row(r, columns)).collect::<Vec<_>>(),
        "jumlah": report.total.as_ref().map(|r| row(r, columns)),
        "catatan": report.notes,
        "jurnal": report.journal_head,
        "kaki": foot,
    })];
    out.extend(across);
    Ok(out)
}

fn report_foot(report: &ReportPrint) -> Value {
    foot(&format!("{} · {}", report.title, report.area), &report.period, None, None)
}

fn row(row: &ReportRow, columns: usize) -> Value {
    let mut cells: Vec<Value> = row.figures.iter().take(columns).map(figure).collect();
    cells.resize_with(columns, || figure(&Figure::Unknown));
    json!({ "nama": row.name, "sel": cells })
}

/// A figure as its main words, what it is a share of, and whether it is a number.
fn figure(figure: &Figure) -> Value {
    let (main, of, number) = match figure {
        Figure::Count(n) => (angka::count(*n), None, true),
        Figure::Share { part, whole } => {
            let of = format!("{} dari {}", angka::count(*part), angka::count(*whole));
            (angka::percent(*part, *whole).unwrap_or_else(|| "–".to_owned()), Some(of), true)
        }
        Figure::Text(text) => (text.clone(), None, false),
        Figure::Unknown => ("–".to_owned(), None, true),
    };
    json!({ "isi": main, "dari": of, "angka": number })
}

fn heat_map(map: &HeatMap, report: &ReportPrint) -> Result<Value, PrintError> {
    at_most("Sesi dalam gambar cakupan", map.columns.len(), MAX_HEAT_COLUMNS)?;
    at_most("Baris gambar cakupan", map.rows.len(), MAX_ROWS)?;
    let mut groups: Vec<(String, usize)> = Vec::new();
    for column in &map.columns {
        match groups.last_mut() {
            Some((modul, count)) if *modul == column.modul => *count += 1,
            _ => groups.push((column.modul.clone(), 1)),
        }
    }
    Ok(json!({
        "jenis": "panas",
        "judul": format!("Cakupan setiap sesi, {}", report.area),
        "masa": report.period,
        "modul": groups.iter().map(|(modul, count)| json!({
            "judul": modul, "banyak": count,
        })).collect::<Vec<_>>(),
        "kolom": map.columns.iter().map(|column| json!({
            "nomor": column.nomor, "judul": column.title,
        })).collect::<Vec<_>>(),
        "baris": map.rows.iter().map(|row| json!({
            "nama": row.name,
            "sel": cells(&row.cells, map.columns.len()),
        })).collect::<Vec<_>>(),
        "bagi": map.rows.iter().flat_map(|row| &row.cells)
            .any(|cell| matches!(cell, HeatCell::Share { .. })),
        "kaki": report_foot(report),
    }))
}

fn cells(cells: &[HeatCell], columns: usize) -> Vec<Value> {
    let mut out: Vec<Value> = cells.iter().take(columns).map(|cell| heat_cell(*cell)).collect();
    out.resize_with(columns, || heat_cell(HeatCell::BukanSasaran));
    out
}

/// A cell as its kind, the share in whole percent, and the words for whoever hears it read.
fn heat_cell(cell: HeatCell) -> Value {
    let word = |kind: &str, words: &str| json!({ "k": kind, "kata": words });
    match cell {
        HeatCell::Share { whole: 0, .. } | HeatCell::BukanSasaran => word("bukan", "bukan sasaran"),
        HeatCell::Share { part, whole } => {
            let percent = share_percent(part, whole);
            json!({ "k": "bagi", "persen": percent, "kata": format!("{part} dari {whole}") })
        }
        HeatCell::Belum => word("belum", "belum"),
        HeatCell::Sebagian => word("sebagian", "sebagian"),
        HeatCell::Tuntas => word("tuntas", "tuntas"),
        HeatCell::PerluPenyegaran => word("segar", "perlu penyegaran"),
        HeatCell::Ditangguhkan => word("tangguh", "ditangguhkan"),
    }
}

/// Whole percent, never 100 below the whole and never 0 above nothing.
fn share_percent(part: u32, whole: u32) -> u64 {
    let (part, whole) = (u64::from(part.min(whole)), u64::from(whole));
    match (part * 200 + whole) / (whole * 2) {
        100.. if part < whole => 99,
        0 if part > 0 => 1,
        percent => percent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_never_rounded_to_all_or_nothing() {
        for (part, whole, percent) in
            [(0, 9, 0), (1, 900, 1), (899, 900, 99), (900, 900, 100), (1, 2, 50), (5, 4, 100)]
        {
            assert_eq!(share_percent(part, whole), percent, "{part}/{whole}");
        }
    }

    #[test]
    fn a_share_shows_what_it_is_of() {
        assert_eq!(
            figure(&Figure::Share { part: 1_041, whole: 2_060 }),
            json!({ "isi": "50,5\u{a0}%", "dari": "1.041 dari 2.060", "angka": true })
        );
        assert_eq!(figure(&Figure::Share { part: 3, whole: 4 })["isi"], "75\u{a0}%");
        assert_eq!(figure(&Figure::Share { part: 0, whole: 0 })["isi"], "–");
    }
}
