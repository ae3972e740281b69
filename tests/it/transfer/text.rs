//! Whatever a text holds, it comes back from either format as it was, and no program takes it for
//! a formula.

use std::borrow::Cow;

use p2k2::command::{RecordInput, TaughtInput};
use p2k2::decide::import::Rows;
use p2k2::kelompok::pertemuan::Extent;
use p2k2::kelompok::wilayah::Zone;
use p2k2::transfer::write::{self, Format, Output, Record};
use proptest::prelude::*;

use super::{PLAIN, good};

fn input(note: &str, topics: &[&str]) -> RecordInput {
    RecordInput {
        kelompok: "OKI-1".parse().unwrap(),
        date: jiff::civil::date(2026, 11, 2),
        kind: "lengkap".to_owned(),
        sesi: vec![TaughtInput {
            sesi: "memulai-usaha".parse().unwrap(),
            extent: Extent::Tuntas,
            langkah: vec![1, 3],
            edition: Some(0),
        }],
        present: 20,
        sick: 1,
        absent: 0,
        members: Some(21),
        absent_seats: vec![7],
        start: Some(jiff::civil::time(9, 30, 0, 0)),
        end: Some(jiff::civil::time(11, 0, 5, 0)),
        place: note.to_owned(),
        discussion: Some(false),
        speakers: vec!["Bidan desa".to_owned()],
        topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
        obstacles: note.to_owned(),
        follow_up: String::new(),
        note: note.to_owned(),
    }
}

fn written(format: Format, input: &RecordInput) -> Vec<u8> {
    let mut bytes = Vec::new();
    let record = Record {
        id: Cow::Borrowed("a"),
        input: Cow::Borrowed(input),
        received: Some("2026-11-03T01:02:03Z".parse().unwrap()),
        zone: Zone::Wit,
        withdrawn: false,
    };
    let out = Output { format, to: &mut bytes };
    assert_eq!(write::pertemuan(out, std::iter::once(record)).unwrap(), 1);
    bytes
}

fn comes_back(note: &str, topics: &[&str]) {
    let sent = input(note, topics);
    for format in [Format::Csv, Format::Xlsx] {
        let bytes = written(format, &sent);
        let Rows::Pertemuan(rows) = good(&PLAIN, "pertemuan", &bytes) else {
            panic!("another kind");
        };
        // Blanks around a text are no part of it; every reader and every form drops them.
        let trimmed = note.trim().to_owned();
        let expected = RecordInput {
            place: trimmed.clone(),
            obstacles: trimmed.clone(),
            note: trimmed,
            ..sent.clone()
        };
        assert_eq!(rows[0].value.input, expected, "{format:?} {note:?}");
        assert_eq!(rows[0].value.received.unwrap().to_string(), "2026-11-03T01:02:03Z");
    }
}

#[test]
fn texts_that_programs_misread_come_back() {
    for note in [
        "=1+1",
        "=HYPERLINK(\"http://x\";\"klik\")",
        "+62 812",
        "-5",
        "- hujan\n- sepi",
        "@SUM(A1)",
        "a\n=b",
        "a\r=b",
        "a\r\n\r\n+b",
        "'=a",
        "''",
        "'kutip'",
        "kata \"dalam\" kutip, koma; titik koma",
        "<r>x</r>",
        "<r><t>&amp;</t></r>",
        "_x0041_ dan _x000D_",
        "\u{1}\u{b}",
        "00123",
        "1e5",
        "2026-11-02",
        "true",
        "\u{feff}bom",
        "٣＝x",
        "＝x",
        "emoji 👩‍🌾 dan é",
        "a|b\\c",
    ] {
        comes_back(note, &["satu", "a|b", "c\\"]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back(note in "(?s)[^\0]{0,60}") {
        comes_back(&note, &[]);
    }

    #[test]
    fn any_text_of_signs_comes_back(note in "[=+\\-@'\"\\t\\r\\n ,;|\\\\<>&_x0a]{0,24}") {
        comes_back(&note, &[]);
    }

    /// Another implementation of CSV agrees on what stands in each cell, but for the marks.
    #[test]
    fn another_reader_sees_the_same_cells(note in "[=+\\-'\"\\r\\n ,;ab]{0,24}") {
        let bytes = written(Format::Csv, &input(&note, &[]));
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let at = reader.headers().unwrap().iter().position(|name| name == "catatan").unwrap();
        let record = reader.records().next().unwrap().unwrap();
        let cell = record.get(at).unwrap();
        for line in cell.split(['\n', '\r']) {
            prop_assert!(!line.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?}");
        }
        if !cell.contains('\'') {
            prop_assert_eq!(cell, note);
        }
    }

    /// What another implementation writes is read cell by cell.
    #[test]
    fn another_writer_is_read(name in "[a-z\"\\r\\n ,;]{1,24}", semicolon: bool) {
        let delimiter = if semicolon { b';' } else { b',' };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["nama", "kode"]).unwrap();
        writer.write_record([format!("x{name}x").as_str(), "16"]).unwrap();
        let bytes = writer.into_inner().unwrap();
        let Rows::Wilayah(rows) = good(&PLAIN, "wilayah", &bytes) else {
            panic!("another kind");
        };
        prop_assert_eq!(&rows[0].value.name, &format!("x{name}x"));
    }
}
