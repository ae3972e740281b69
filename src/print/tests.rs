//! What holds for every document, through the public face; and the data that goes into each.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::PathBuf;

use jiff::civil::date;

use super::*;
use crate::curriculum::{Sesi, diff};

const SESI: &str = include_str!("fixtures/sesi.md");
const SESI_NEW: &str = include_str!("fixtures/sesi-baru.md");

fn pictures(name: &str) -> Option<Cow<'static, [u8]>> {
    let svg =
        b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M1 1h7v7z'/></svg>";
    (name == "ada.svg").then_some(Cow::Borrowed(&svg[..]))
}

fn of(sesi: &Sesi) -> SesiPrint<'_> {
    SesiPrint {
        skema: "Modul P2K2".to_owned(),
        modul: "Kesehatan dan Gizi".to_owned(),
        nomor: 8,
        edition: EditionPrint::Published { number: 3, date: date(2026, 11, 21), live: true },
        short_url: Some("https://p2k2.example/s/k8".to_owned()),
        sesi,
    }
}

fn group() -> GroupPrint {
    GroupPrint {
        id: "pacalan-1".to_owned(),
        name: "Melati 2".to_owned(),
        desa: vec!["Desa Pacalan".to_owned()],
        kecamatan: "Kecamatan Plaosan".to_owned(),
        kabupaten: "Kabupaten Magetan".to_owned(),
        members: 4,
        date: Some(date(2026, 11, 28)),
        last_taught: vec![LastTaught {
            date: date(2026, 10, 24),
            title: "Sesi 7: Memulai Usaha".to_owned(),
            extent: "tuntas".to_owned(),
        }],
        ..GroupPrint::default()
    }
}

fn report() -> ReportPrint {
    let share = |part, whole| Figure::Share { part, whole };
    ReportPrint {
        title: "Laporan cakupan".to_owned(),
        area: "Kabupaten Magetan".to_owned(),
        area_code: "35.20".to_owned(),
        period: "Keadaan 21 November 2026".to_owned(),
        period_slug: "2026-11-21".to_owned(),
        known_at: Some(date(2026, 11, 22)),
        sentences: vec!["41 dari 60 kelompok bertemu bulan ini.".to_owned()],
        key_figures: vec![KeyFigure { label: "Terlaksana".to_owned(), figure: share(41, 60) }],
        columns: vec!["Kelompok".to_owned(), "Cakupan".to_owned()],
        rows: vec![ReportRow {
            name: "Plaosan".to_owned(),
            figures: vec![Figure::Count(1_234), share(0, 0)],
        }],
        total: Some(ReportRow { name: "Seluruhnya".to_owned(), figures: vec![Figure::Unknown] }),
        heat_map: Some(HeatMap {
            columns: vec![HeatColumn {
                nomor: 8,
                title: "Gizi".to_owned(),
                modul: "Kesehatan dan Gizi".to_owned(),
            }],
            rows: [
                HeatCell::Share { part: 1, whole: 3 },
                HeatCell::Belum,
                HeatCell::Sebagian,
                HeatCell::Tuntas,
                HeatCell::PerluPenyegaran,
                HeatCell::Ditangguhkan,
                HeatCell::BukanSasaran,
            ]
            .into_iter()
            .map(|cell| HeatRow { name: "Melati".to_owned(), cells: vec![cell] })
            .collect(),
        }),
        notes: vec!["Terlaksana: bertemu paling sedikit sekali.".to_owned()],
        journal_head: Some("12:ab".to_owned()),
    }
}

/// Every kind of document, with a name for its snapshot.
fn documents<'a>(sesi: &'a Sesi, change: &'a diff::Diff) -> Vec<(&'static str, Document<'a>)> {
    let modul = BookModul { title: "Kesehatan dan Gizi".to_owned(), sesi: vec![of(sesi)] };
    let book = BookPrint {
        title: "Modul Kesehatan dan Gizi".to_owned(),
        series: "Modul P2K2".to_owned(),
        slug: "modul-kesehatan-gizi".to_owned(),
        date: Some(date(2026, 11, 21)),
        short_url: None,
        modul: vec![modul.clone(), modul],
    };
    let change = ChangePrint {
        nomor: 8,
        title: sesi.title.clone(),
        modul: "Kesehatan dan Gizi".to_owned(),
        from: EditionPrint::Published { number: 2, date: date(2026, 3, 1), live: false },
        to: EditionPrint::Draft,
        substantial: Some(true),
        summary: "Alat ditambah.".to_owned(),
        short_url: None,
        diff: change,
    };
    let plan = RtlPrint {
        group: group(),
        period: "2027".to_owned(),
        rows: vec![RtlRow {
            month: "Januari 2027".to_owned(),
            sesi: "Sesi 8: Gizi".to_owned(),
            date: Some(date(2027, 1, 14)),
            done: true,
            note: String::new(),
        }],
    };
    let pack = PaketPrint { group: group(), sesi: vec![of(sesi)], copies: 3 };
    vec![
        ("panduan", Document::Panduan(of(sesi))),
        ("lembar-keluarga", Document::LembarKeluarga(of(sesi))),
        ("lembar-balik-lepas", Document::LembarBalik(of(sesi), Binding::Loose)),
        ("lembar-balik-jilid", Document::LembarBalik(of(sesi), Binding::Bound)),
        ("lembar-kerja", Document::LembarKerja(of(sesi))),
        ("buku", Document::Buku(book)),
        ("paket", Document::Paket(pack)),
        ("daftar-hadir", Document::DaftarHadir(group())),
        ("rekap", Document::Rekap(ReportPrint { heat_map: None, ..report() })),
        ("cakupan", Document::Cakupan(report())),
        ("perubahan", Document::Perubahan(change)),
        ("rtl", Document::Rtl(plan)),
    ]
}

fn snapshot_path(name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join(format!("src/print/fixtures/data-{name}.json"))
}

fn data_text(document: &Document<'_>) -> String {
    let options = Options { reading: true, ..Options::default() };
    let input = data::of(document, &options, &pictures).unwrap();
    let mut text = serde_json::to_string_pretty(&input.data).unwrap();
    text.push('\n');
    text
}

/// A column of amounts gets what its longest word takes, whatever stands beside it.
#[test]
fn no_word_of_a_table_stands_in_the_next_cell() {
    let text = SESI.replacen(
        "## Langkah-langkah",
        "| Tawaran | Uang diterima | Cara membayar | Seluruh uang dibayar | Selisih |\n|---|---|---|---|---|\n| A, koperasi anggota | Rp1.000.000 | 5 bulan, jasa 1,5 persen sebulan dari sisa pokok | Rp1.045.000 | Rp45.000 |\n\n## Langkah-langkah",
        1,
    );
    let sesi = Sesi::parse(&text).0;
    let shown = data_text(&Document::Panduan(of(&sesi)));
    let data: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let mut found = Vec::new();
    tables(&data, &mut found);
    let widths = found.iter().find(|widths| widths.len() == 5).unwrap();
    let all: u64 = widths.iter().sum();
    for (column, letters) in [(1, 11), (3, 11), (4, 8)] {
        // 68 letters stand beside each other in the text of a guide, and a cell has margins.
        let room = widths[column] * 68 / all;
        assert!(
            room > letters + 1,
            "column {column} holds {room} letters of {letters}: {widths:?}"
        );
    }
}

fn tables(value: &serde_json::Value, found: &mut Vec<Vec<u64>>) {
    if let Some(widths) = value.get("widths").and_then(|widths| widths.as_array()) {
        found.push(widths.iter().map(|width| width.as_u64().unwrap()).collect());
    }
    match value {
        serde_json::Value::Array(all) => all.iter().for_each(|one| tables(one, found)),
        serde_json::Value::Object(all) => all.values().for_each(|one| tables(one, found)),
        _ => {}
    }
}

/// What goes into each document is compared with what was looked at once. What differs is written
/// beside it, to be read and, if it was wanted, put in its place.
#[test]
fn the_data_of_each_document_is_as_it_was() {
    let sesi = Sesi::parse(SESI).0;
    let change = diff::diff(SESI, SESI_NEW);
    let mut changed = Vec::new();
    for (name, document) in documents(&sesi, &change) {
        let path = snapshot_path(name);
        let text = data_text(&document);
        if std::fs::read_to_string(&path).unwrap_or_default() != text {
            std::fs::write(path.with_extension("json.new"), text).unwrap();
            changed.push(name);
        }
    }
    assert!(changed.is_empty(), "changed: {changed:?}; see src/print/fixtures/*.json.new");
}

#[test]
fn every_document_prints_accessibly_and_the_same_twice() {
    let sesi = Sesi::parse(SESI).0;
    let change = diff::diff(SESI, SESI_NEW);
    let (printer, other) = (Printer::new(), Printer::new());
    for (name, document) in documents(&sesi, &change) {
        let options = Options { reading: true, two_up: name == "paket", ..Options::default() };
        let pdf = printer.render(&document, &options, &pictures).unwrap();
        assert!(pdf.accessible, "{name}");
        assert_eq!(pdf.replaced_letters, 0, "{name}");
        assert!(pdf.bytes.starts_with(b"%PDF-"), "{name}");
        let again = other.render(&document, &options, &pictures).unwrap();
        assert!(pdf == again, "{name} is not the same twice");
    }
}

#[test]
fn files_say_what_they_are() {
    let sesi = Sesi::parse(SESI).0;
    let change = diff::diff(SESI, SESI_NEW);
    let expected = [
        ("panduan", "P2K2-08-gizi-ibu-hamil-panduan-A4.pdf"),
        ("lembar-keluarga", "P2K2-08-gizi-ibu-hamil-lembar-keluarga-A4.pdf"),
        ("lembar-kerja", "P2K2-08-gizi-ibu-hamil-lembar-kerja-A4.pdf"),
        ("buku", "P2K2-buku-modul-kesehatan-gizi-A4.pdf"),
        ("paket", "P2K2-paket-melati-2-sesi-08-A4.pdf"),
        ("daftar-hadir", "P2K2-daftar-hadir-melati-2-2026-11-28-A4.pdf"),
        ("rekap", "P2K2-rekap-35.20-2026-11-21-A4.pdf"),
        ("perubahan", "P2K2-08-gizi-ibu-hamil-perubahan-A4.pdf"),
        ("rtl", "P2K2-rtl-melati-2-2027-A4.pdf"),
    ];
    let all = documents(&sesi, &change);
    for (name, file) in expected {
        let document = &all.iter().find(|(known, _)| *known == name).unwrap().1;
        assert_eq!(names::file_name(document, &Options::default()), file);
    }
    assert_eq!(names::slug("Ibu & \"Ayah\" / ../etc\u{202e}", 40), "ibu-ayah-etc");
    assert_eq!(names::slug(&"panjang ".repeat(20), 20), "panjang-panjang");
}

#[test]
fn notes_stand_on_the_back_that_the_facilitator_sees() {
    let sesi = Sesi::parse(SESI).0;
    let sides = |binding| {
        let document = Document::LembarBalik(of(&sesi), binding);
        let input = data::of(&document, &Options::default(), &pictures).unwrap();
        let pages = input.data["bagian"][0]["halaman"].as_array().unwrap().clone();
        let side = |page: &serde_json::Value| {
            format!("{}{}", page["sisi"].as_str().unwrap(), page["nomor"]).replace("null", "")
        };
        pages.iter().map(side).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(sides(Binding::Loose), "depan1 belakang1 depan2 belakang2");
    assert_eq!(sides(Binding::Bound), "sampul belakang1 depan1 belakang2 depan2");
}

/// A sesi whose first langkah holds a text.
fn hostile(text: &str) -> Sesi {
    Sesi::parse(&SESI.replace("Ucapkan salam.", text)).0
}

#[test]
fn what_stands_in_a_text_never_runs() {
    let printer = Printer::new();
    for text in [
        "#panic(\"x\") #import \"x\": * #include \"/data.json\" #read(\"/etc/passwd\")",
        "\\ \" ' ` $x$ @label <akhir> [] {} // /* */ ~ *_ = + - https://a.example/\"b",
        "\u{202e}balik\u{0} \u{7} \u{feff} e\u{301} ﷽ 漢字 🤰🏽 \u{e000} \u{10ffff}",
    ] {
        let sesi = hostile(text);
        let document = Document::Panduan(of(&sesi));
        let pdf = printer.render(&document, &Options::default(), &pictures).unwrap();
        assert!(pdf.accessible, "{text}");
        assert_eq!(pdf.replaced_letters > 0, text.contains("漢字"), "{text}");
    }
}

#[test]
fn large_and_deep_texts_are_printed_or_refused_in_a_sentence() {
    let deep = (0..120).fold(String::new(), |mut text, depth| {
        let _ = writeln!(text, "{}- tingkat {depth}", "  ".repeat(depth));
        text
    });
    let quotes = format!("{} dalam", ">".repeat(200));
    let rows = format!("\n\n| a | b |\n|---|---|\n{}", "| x | y |\n".repeat(12_000));
    let wide = format!("\n\n|{}\n|{}\n", " a |".repeat(13), "---|".repeat(13));
    let word = "x".repeat(20_000);
    let spans = "*a* ".repeat(30_000);
    let huge = "kata ".repeat(16 * 1024 * 1024 / 5);
    let printer = Printer::new();
    for (name, text, refused) in [
        ("deep", deep, None),
        ("quotes", quotes, None),
        ("word", word, None),
        ("rows", rows, Some("Bagian naskah berjumlah")),
        ("wide", wide, Some("Sebuah tabel mempunyai 13 kolom")),
        ("spans", spans, Some("Bagian naskah berjumlah")),
        ("huge", huge, Some("Naskah ini 16.387 KB")),
    ] {
        let sesi = hostile(&text);
        let document = Document::Panduan(of(&sesi));
        let made = printer.render(&document, &Options::default(), &pictures);
        match (made, refused) {
            (Ok(pdf), None) => assert!(pdf.accessible, "{name}"),
            (Err(error), Some(words)) => {
                let sentence = error.to_string();
                assert!(sentence.starts_with(words), "{name}: {sentence}");
            }
            (made, _) => panic!("{name}: {made:?}"),
        }
    }
}

#[test]
fn too_many_pages_are_refused() {
    let mut text = "# Banyak\n\n## Lembar balik\n".to_owned();
    for nomor in 1..=31 {
        let _ = write!(text, "\n### Lembar {nomor}: Satu\n\nKata.\n");
    }
    let sesi = Sesi::parse(&text).0;
    let document = Document::LembarBalik(of(&sesi), Binding::Loose);
    let error = Printer::new().render(&document, &Options::default(), &pictures).unwrap_err();
    assert_eq!(error, PrintError::TooManyPages { pages: 62, limit: 60 });
    assert!(error.to_string().starts_with("Dokumen ini menjadi 62 halaman,"));
}

#[test]
fn what_cannot_be_printed_is_refused_before_it_costs_anything() {
    let sesi = Sesi::parse(SESI).0;
    let bare = Sesi::parse("# Kosong\n").0;
    let a3 = Options { paper: Paper::A3, ..Options::default() };
    let a4 = Options::default();
    let crowd = GroupPrint { members: 201, ..group() };
    let copies = PaketPrint { group: group(), sesi: vec![of(&sesi)], copies: 201 };
    let many = PaketPrint { group: group(), sesi: vec![of(&sesi); 7], copies: 1 };
    let columns = ReportPrint { columns: vec![String::new(); 12], ..report() };
    let rows = ReportPrint { rows: vec![ReportRow::default(); 2_001], ..report() };
    let wide = HeatMap {
        columns: vec![report().heat_map.unwrap().columns[0].clone(); 41],
        ..HeatMap::default()
    };
    let wide = ReportPrint { heat_map: Some(wide), ..report() };
    let plan =
        RtlPrint { group: group(), period: String::new(), rows: vec![RtlRow::default(); 61] };
    let folded = Options { paper: Paper::A5Booklet, ..Options::default() };
    let printer = Printer::new();
    for (document, options, words) in [
        (Document::Panduan(of(&sesi)), a3, "Ukuran A3 hanya untuk lembar balik. Pilih A4,"),
        (
            Document::LembarKeluarga(of(&sesi)),
            folded,
            "Ukuran A5-lipat hanya untuk panduan dan buku modul. Pilih A4,",
        ),
        (Document::Cakupan(rows), a4, "Baris laporan berjumlah 2.001, sedangkan"),
        (Document::Cakupan(wide), a4, "Sesi dalam gambar cakupan berjumlah 41, sedangkan"),
        (Document::Rtl(plan), a4, "Baris rencana berjumlah 61, sedangkan"),
        (Document::LembarKeluarga(of(&bare)), a4, "Sesi ini belum mempunyai lembar keluarga."),
        (Document::LembarBalik(of(&bare), Binding::Loose), a4, "Sesi ini belum mempunyai lembar"),
        (Document::LembarKerja(of(&bare)), a4, "Sesi ini belum mempunyai lembar kerja"),
        (Document::DaftarHadir(crowd), a4, "Anggota berjumlah 201,"),
        (Document::Paket(copies), a4, "Lembar keluarga berjumlah 201,"),
        (Document::Paket(many), a4, "Sesi dalam satu paket berjumlah 7,"),
        (Document::Cakupan(columns), a4, "Sebuah tabel mempunyai 12 kolom,"),
    ] {
        let sentence = printer.render(&document, &options, &pictures).unwrap_err().to_string();
        assert!(sentence.starts_with(words), "{sentence}");
    }
}

#[test]
fn a_book_that_is_too_large_as_a_whole_is_refused() {
    let sesi = hostile(&"kata ".repeat(50 * 1024));
    let book = BookPrint {
        title: "Besar".to_owned(),
        series: String::new(),
        slug: "besar".to_owned(),
        date: None,
        short_url: None,
        modul: vec![BookModul { title: "Besar".to_owned(), sesi: vec![of(&sesi); 17] }],
    };
    let made = Printer::new().render(&Document::Buku(book), &Options::default(), &pictures);
    let sentence = made.unwrap_err().to_string();
    assert!(sentence.starts_with("Isi dokumen ini 4.2"), "{sentence}");
    assert!(sentence.ends_with("Cetak beberapa sesi saja dalam satu dokumen."), "{sentence}");
}

#[test]
fn a_text_outside_every_skema_has_no_number() {
    let sesi = Sesi::parse(SESI).0;
    let print = SesiPrint { nomor: 0, ..of(&sesi) };
    assert!(print.full_title().starts_with("Gizi"), "{}", print.full_title());
    let name = names::file_name(&Document::Panduan(print), &Options::default());
    assert_eq!(name, "P2K2-gizi-ibu-hamil-panduan-A4.pdf");
}

#[test]
fn what_is_costly_to_lay_out_weighs_more_than_its_letters() {
    let prose = weight(&"kata ".repeat(1_000));
    for costly in ["*a* ", "| x ", "- a\n", "[a] "] {
        assert!(weight(&costly.repeat(1_250)) > 5 * prose, "{costly:?}");
    }
}

#[test]
fn a_preview_shows_the_first_pages_and_counts_all() {
    let sesi = Sesi::parse(SESI).0;
    let printer = Printer::new();
    let document = Document::LembarBalik(of(&sesi), Binding::Loose);
    let options = Options::default();
    let preview = printer.preview(&document, &options, &pictures, 1).unwrap();
    assert_eq!(preview.pages.len(), 1);
    let drawing = &preview.pages[0];
    assert!(drawing.starts_with("<svg"));
    // Every letter that is used is drawn somewhere under its short name.
    let uses = drawing.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
    let mut used = 0;
    for name in uses {
        assert!(drawing.contains(&format!("id=\"{name}\"")) && name.len() < 8, "{name}");
        used += 1;
    }
    assert!(used > 10, "{used}");
    let expected = Sheets { pages: 4, one_sided: 4, two_sided: 2 };
    assert_eq!(preview.sheets, expected);
    assert_eq!(printer.render(&document, &options, &pictures).unwrap().pages, 4);
}
