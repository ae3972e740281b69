//! Spreadsheets made to burst, mislead or crash whoever opens them.

use std::io::{Cursor, Read, Write};

use p2k2::decide::import::Rows;
use p2k2::transfer::read::FileError;
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::PLAIN;

fn sheet(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "kode").unwrap().write_string(0, 1, "nama").unwrap();
    fill(sheet);
    book.save_to_buffer().unwrap()
}

fn small() -> Vec<u8> {
    sheet(|sheet| {
        sheet.write_string(1, 0, "16").unwrap().write_string(1, 1, "Sumatera Selatan").unwrap();
    })
}

/// The archive with one part changed.
fn changed(bytes: &[u8], part: &str, change: impl Fn(String) -> Vec<u8>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if name == part {
            content = change(String::from_utf8(content).unwrap());
        }
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(name, options).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn refused(bytes: &[u8]) -> FileError {
    PLAIN.read("wilayah", bytes).unwrap_err()
}

#[test]
fn a_formula_without_a_stored_value_is_said_to_be_one() {
    // As a program writes it that does not reckon: the formula alone.
    let bytes = sheet(|sheet| {
        sheet.write_string(1, 0, "16").unwrap().write_formula(1, 1, "=A1&\"x\"").unwrap();
        sheet.write_string(2, 0, "17").unwrap().write_formula(2, 1, "=A2").unwrap();
    });
    let bare = changed(&bytes, "xl/worksheets/sheet1.xml", |text| {
        assert!(text.contains("</f><v>0</v></c>"), "{text}");
        text.replacen("</f><v>0</v></c>", "</f></c>", 1).into()
    });
    let reading = PLAIN.read("wilayah", &bare).unwrap();
    let Rows::Wilayah(rows) = reading.rows else { panic!("another kind") };
    assert_eq!(rows.len(), 1, "the value that is stored is taken");
    let found = &reading.notes.errors;
    assert_eq!((found.len(), found[0].line, found[0].field.as_str()), (1, 2, "nama"));
    assert!(found[0].message.contains("rumus tanpa nilai yang tersimpan"), "{found:?}");
    assert!(found[0].message.contains("simpan ulang"), "{found:?}");
}

#[test]
fn a_lone_cell_in_the_last_corner_is_one_bad_line() {
    let bytes = sheet(|sheet| {
        sheet.write_string(1, 0, "16").unwrap().write_string(1, 1, "Sumatera").unwrap();
        sheet.write_string(1_048_575, 16_383, "jauh").unwrap();
    });
    let reading = PLAIN.read("wilayah", &bytes).unwrap();
    let Rows::Wilayah(rows) = reading.rows else { panic!("another kind") };
    assert_eq!(rows.len(), 1);
    let found: Vec<(u32, &str)> =
        reading.notes.errors.iter().map(|error| (error.line, error.message.as_str())).collect();
    assert_eq!(
        found,
        [(
            1_048_576,
            "Baris ini mempunyai isi di luar 2 kolom baris judul. Beri tanda kutip pada teks yang memuat pemisah."
        )]
    );
}

#[test]
fn a_spreadsheet_that_swells_is_refused_before_it_is_opened() {
    let spaces = |count: usize| vec![b' '; count];
    let swollen = changed(&small(), "xl/styles.xml", |_| spaces(5 << 20));
    assert_eq!(refused(&swollen), FileError::Swollen, "a part a thousand times its packed size");
    let claim = |text: String| text.replace("uniqueCount=\"", "uniqueCount=\"99999999999").into();
    let claimed = changed(&small(), "xl/sharedStrings.xml", claim);
    assert_eq!(refused(&claimed), FileError::Swollen, "a claim of texts that cannot be there");
    let mut crowded = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..1_001 {
        crowded.start_file(format!("{number}"), SimpleFileOptions::default()).unwrap();
    }
    let crowded = crowded.finish().unwrap().into_inner();
    assert_eq!(refused(&crowded), FileError::Swollen, "more parts than any spreadsheet");
}

#[test]
fn what_is_no_sound_spreadsheet_is_refused_by_name() {
    let whole = small();
    assert_eq!(refused(&whole[..whole.len() / 2]), FileError::Damaged);
    assert_eq!(refused(b"PK\x03\x04"), FileError::Damaged);
    let mut other = ZipWriter::new(Cursor::new(Vec::new()));
    other.start_file("mimetype", SimpleFileOptions::default()).unwrap();
    other.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    assert_eq!(refused(&other.finish().unwrap().into_inner()), FileError::NoSpreadsheet);
    let torn = changed(&whole, "xl/worksheets/sheet1.xml", |text| {
        text[..text.find("</sheetData>").unwrap()].into()
    });
    assert_eq!(refused(&torn), FileError::Damaged);
    let back = changed(&whole, "xl/worksheets/sheet1.xml", |text| {
        text.replace("r=\"A2\"", "r=\"A9\"").replace("r=\"B2\"", "r=\"B3\"").into()
    });
    assert_eq!(refused(&back), FileError::Disordered { line: 9 });
    // The archive says one size and holds another.
    let mut lying = whole;
    let header = lying.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    lying[header + 24] ^= 1;
    assert_eq!(refused(&lying), FileError::Damaged);
}

#[test]
fn cells_of_every_type_are_read_or_named() {
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in
        (0..).zip(["id", "nama", "kode_desa", "anggota", "pendamping", "mulai", "x"])
    {
        sheet.write_string(0, column, name).unwrap();
    }
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2025, 3, 14).unwrap();
    for row in 1..=3 {
        sheet.write_number(row, 0, f64::from(row)).unwrap();
        sheet.write_string(row, 1, "Melati").unwrap();
        sheet.write_string(row, 2, "16.02.05.1001").unwrap();
        sheet.write_number(row, 3, 25.0).unwrap();
        sheet.write_datetime_with_format(row, 5, &date, &day).unwrap();
    }
    sheet.write_number(2, 3, 2.5).unwrap();
    sheet.write_formula(3, 3, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let reading = PLAIN.read("kelompok", &bytes).unwrap();
    let Rows::Kelompok(rows) = reading.rows else { panic!("another kind") };
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].line, rows[0].value.id.as_str()), (2, "1"));
    assert_eq!(rows[0].value.start, jiff::civil::date(2025, 3, 14));
    let found: Vec<(u32, &str)> =
        reading.notes.errors.iter().map(|error| (error.line, error.field.as_str())).collect();
    assert_eq!(found, [(3, "anggota"), (4, "anggota")]);
    // A spreadsheet takes these codes for numbers.
    let bytes = sheet_of_codes(&[16.0, 16.02, 35.2]);
    let Rows::Wilayah(rows) = super::good(&PLAIN, "wilayah", &bytes) else {
        panic!("another kind")
    };
    let codes: Vec<String> = rows.iter().map(|row| row.value.kode.to_string()).collect();
    assert_eq!(codes, ["16", "16.02", "35.20"]);
}

fn sheet_of_codes(codes: &[f64]) -> Vec<u8> {
    sheet(|sheet| {
        for (row, code) in (1..).zip(codes) {
            sheet.write_number(row, 0, *code).unwrap().write_string(row, 1, "x").unwrap();
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// No damage to a file makes the reader fall; it reads it or says what is wrong.
    #[test]
    fn a_damaged_spreadsheet_is_read_or_refused(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let mut bytes = small();
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Err(error) = PLAIN.read("wilayah", &bytes) {
            prop_assert!(error.to_string().ends_with('.'));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Err(error) = PLAIN.read("pertemuan", &bytes) {
            prop_assert!(error.to_string().ends_with('.'));
        }
    }
}
