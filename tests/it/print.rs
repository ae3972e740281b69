//! The PDFs as other programs read them: words in order, fonts, size of paper, soundness.

use std::fs;
use std::process::Command;

use jiff::civil::date;
use p2k2::curriculum::Sesi;
use p2k2::curriculum::shipped::{shipped_picture, shipped_texts};
use p2k2::print::{
    Binding, BookModul, BookPrint, Document, EditionPrint, Figure, GroupPrint, HeatCell,
    HeatColumn, HeatMap, HeatRow, Options, PaketPrint, Paper, Pdf, Printer, ReportPrint, ReportRow,
    SesiPrint,
};
use tempfile::TempDir;

/// The tags of a small guide, as they were looked at once.
const TAGS: &str = include_str!("fixtures/print-tags.txt");

/// The classic sesi that comes with the program under this number.
fn shipped(nomor: u32) -> Sesi {
    let texts = shipped_texts().into_iter();
    let mut classic = texts.filter(|text| text.path.starts_with("klasik") && !text.is_skema());
    let found = classic.find_map(|text| {
        let sesi = Sesi::parse(&text.text).0;
        (sesi.front.nomor == Some(nomor)).then_some(sesi)
    });
    found.unwrap()
}

fn of(sesi: &Sesi, live: bool) -> SesiPrint<'_> {
    SesiPrint {
        skema: "Modul P2K2".to_owned(),
        modul: "Modul Uji".to_owned(),
        nomor: sesi.front.nomor.unwrap_or(1),
        edition: EditionPrint::Published { number: 3, date: date(2026, 11, 21), live },
        short_url: Some("https://p2k2.example/s/k8".to_owned()),
        sesi,
    }
}

fn group(members: u32) -> GroupPrint {
    GroupPrint {
        id: "pacalan-1".to_owned(),
        name: "Melati 2".to_owned(),
        desa: vec!["Desa Pacalan".to_owned()],
        kabupaten: "Kabupaten Magetan".to_owned(),
        members,
        date: Some(date(2026, 11, 28)),
        ..GroupPrint::default()
    }
}

/// A PDF on disk, as other programs see it.
struct OnDisk {
    pdf: Pdf,
    dir: TempDir,
}

impl OnDisk {
    fn print(document: &Document<'_>, options: Options) -> Self {
        let pdf = Printer::new().render(document, &options, &shipped_picture).unwrap();
        let dir = TempDir::new().unwrap();
        fs::write(dir.path().join("a.pdf"), &pdf.bytes).unwrap();
        Self { pdf, dir }
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let made = Command::new(program).args(arguments).current_dir(self.dir.path()).output();
        let made = made.unwrap_or_else(|error| panic!("{program}: {error}"));
        assert!(made.status.success(), "{program}: {}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).unwrap()
    }

    /// The words of some pages in the order of their tags, with plain blanks.
    fn words(&self, first: usize, last: usize) -> String {
        let (first, last) = (first.to_string(), last.to_string());
        let text = self.run("pdftotext", &["-f", &first, "-l", &last, "a.pdf", "-"]);
        text.replace('\u{200b}', "").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn check(&self) {
        let said = self.run("qpdf", &["--check", "a.pdf"]);
        assert!(said.contains("No syntax or stream encoding errors found"), "{said}");
        let fonts = self.run("pdffonts", &["a.pdf"]);
        for line in fonts.lines().skip(2) {
            let columns: Vec<&str> = line.split_whitespace().collect();
            // From the end: object number (two columns), unicode map, subset, embedded.
            assert_eq!(&columns[columns.len() - 5..columns.len() - 2], ["yes", "yes", "yes"]);
        }
        assert!(fonts.contains("AtkinsonHyperlegibleNext"), "{fonts}");
        let info = self.run("pdfinfo", &["a.pdf"]);
        let pages = format!("{}", self.pdf.pages);
        let line = |key: &str| {
            info.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("").trim().to_owned()
        };
        assert_eq!(line("Pages:"), pages);
        assert_eq!(line("Tagged:"), "yes");
        assert!(!line("Title:").is_empty());
        assert!(self.pdf.accessible);
    }

    fn sizes(&self) -> Vec<(f64, f64)> {
        let last = self.pdf.pages.to_string();
        let info = self.run("pdfinfo", &["-f", "1", "-l", &last, "a.pdf"]);
        let sizes = info.lines().filter(|line| line.starts_with("Page") && line.contains(" size:"));
        sizes
            .map(|line| {
                let rest = line.split("size:").nth(1).unwrap();
                let mut numbers = rest.split_whitespace();
                let width = numbers.next().unwrap().parse().unwrap();
                assert_eq!(numbers.next(), Some("x"));
                (width, numbers.next().unwrap().parse().unwrap())
            })
            .collect()
    }

    /// Every page is of this size in mm, to a tenth of a point.
    fn is_on(&self, width_mm: f64, height_mm: f64) {
        let sizes = self.sizes();
        assert_eq!(sizes.len(), self.pdf.pages);
        for (width, height) in sizes {
            let off = |points: f64, mm: f64| (points - mm * 72.0 / 25.4).abs();
            assert!(off(width, width_mm) < 0.1 && off(height, height_mm) < 0.1, "{width} {height}");
        }
    }
}

fn in_order(text: &str, words: &[&str]) {
    let mut from = 0;
    for word in words {
        let at = text[from..].find(word);
        let at = at.unwrap_or_else(|| panic!("\"{word}\" does not follow in: {}", &text[from..]));
        from += at + word.len();
    }
}

#[test]
fn a_guide_reads_in_order_and_numbers_its_pages() {
    let sesi = shipped(8);
    for (paper, width, height) in
        [(Paper::A4, 210.0, 297.0), (Paper::F4, 215.0, 330.0), (Paper::A5, 148.0, 210.0)]
    {
        let options = Options { paper, saving: paper == Paper::F4, ..Options::default() };
        let disk = OnDisk::print(&Document::Panduan(of(&sesi, true)), options);
        disk.check();
        disk.is_on(width, height);
        let pages = disk.pdf.pages;
        in_order(
            &disk.words(1, pages),
            &[
                "Pentingnya Gizi dan Layanan Kesehatan Ibu Hamil",
                "2 jam · 7 langkah",
                "Tujuan",
                "Susunan kegiatan",
                "15 menit",
                "Langkah 1: Pembukaan",
                "Ucapkan salam.",
                "\"Ibu-ibu dan Bapak-bapak, apa yang masih teringat",
                "Langkah 7: Penutup",
                "Pesan kunci",
                "Lembar kerja",
                "LK 8.1: Piring dari kampung kita",
                "Rujukan",
                "Buku Kesehatan Ibu dan Anak",
            ],
        );
        for page in 1..=pages {
            let words = disk.words(page, page);
            let count = words.matches(&format!("Halaman {page} dari {pages}")).count();
            assert_eq!(count, 1, "page {page}: {words}");
            assert!(words.contains("Edisi 3, 21 November 2026"), "page {page}");
            assert!(!words.contains("Bukan edisi terbaru"));
        }
        // The aim is 150 KB for a guide without pictures.
        assert!(disk.pdf.bytes.len() < 110 * 1024, "{} bytes", disk.pdf.bytes.len());
    }
}

#[test]
fn a_booklet_lies_two_pages_to_a_side() {
    let sesi = shipped(8);
    let print = |paper| {
        let options = Options { paper, ..Options::default() };
        OnDisk::print(&Document::Panduan(of(&sesi, true)), options)
    };
    let (flat, folded) = (print(Paper::A5), print(Paper::A5Booklet));
    assert_eq!(folded.pdf.pages, flat.pdf.pages.next_multiple_of(4) / 2);
    folded.is_on(297.0, 210.0);
    assert!(folded.run("qpdf", &["--check", "a.pdf"]).contains("No syntax"));
    let last = flat.pdf.pages;
    for (side, pages) in [(1, [1, 0]), (2, [2, 0]), (3, [3, last])] {
        let words = folded.words(side, side);
        for page in pages.into_iter().filter(|page| *page > 0) {
            let foot = format!("Halaman {page} dari {last}");
            assert!(words.contains(&foot), "side {side} lacks {foot}: {words}");
        }
    }
    assert_eq!(folded.pdf.file_name.split('-').next_back(), Some("lipat.pdf"));
}

#[test]
fn an_old_edition_says_so_on_every_page() {
    let sesi = shipped(5);
    let disk = OnDisk::print(&Document::Panduan(of(&sesi, false)), Options::default());
    for page in 1..=disk.pdf.pages {
        assert!(disk.words(page, page).contains("Bukan edisi terbaru"), "page {page}");
    }
}

#[test]
fn markup_in_a_text_prints_as_itself() {
    let text = "# Coba\n\n## Langkah-langkah\n\n### Langkah 1: Uji (5 menit)\n\n\
        `#panic(\"x\")` dan C:\\\\data\\\\1, \"kutip\", 'petik', 100 $ #import \"a\" @b \\<akhir\\>\n";
    let sesi = Sesi::parse(text).0;
    let disk = OnDisk::print(&Document::Panduan(of(&sesi, true)), Options::default());
    let words = disk.words(1, 1);
    for part in ["#panic(\"x\")", "C:\\data\\1, \"kutip\", 'petik', 100 $ #import \"a\" @b <akhir>"]
    {
        assert!(words.contains(part), "{part} is not in: {words}");
    }
}

#[test]
fn every_shipped_sesi_gives_its_papers() {
    let printer = Printer::new();
    for nomor in 1..=14 {
        let sesi = shipped(nomor);
        let options = Options::default();
        let make = |document| printer.render(&document, &options, &shipped_picture).unwrap();
        let guide = make(Document::Panduan(of(&sesi, true)));
        assert!(guide.accessible && guide.pages <= 10, "sesi {nomor}: {}", guide.pages);
        assert_eq!(guide.replaced_letters, 0, "sesi {nomor}");
        let family = make(Document::LembarKeluarga(of(&sesi, true)));
        assert_eq!(family.pages, 1, "sesi {nomor}");
        let flip = make(Document::LembarBalik(of(&sesi, true), Binding::Loose));
        assert_eq!(flip.pages, sesi.lembar_balik.len() * 2, "sesi {nomor}");
        let bound = make(Document::LembarBalik(of(&sesi, true), Binding::Bound));
        assert_eq!(bound.pages, sesi.lembar_balik.len() * 2 + 1, "sesi {nomor}");
    }
}

#[test]
fn a_lembar_balik_lies_across_the_paper() {
    let sesi = shipped(8);
    for (paper, width, height) in [(Paper::A4, 297.0, 210.0), (Paper::A3, 420.0, 297.0)] {
        let options = Options { paper, ..Options::default() };
        let document = Document::LembarBalik(of(&sesi, true), Binding::Loose);
        let disk = OnDisk::print(&document, options);
        disk.check();
        disk.is_on(width, height);
        assert!(disk.words(1, 1).contains("Seribu hari pertama"));
        assert!(!disk.words(1, 1).contains("Catatan fasilitator"));
        in_order(&disk.words(2, 2), &["Catatan fasilitator", "Bandingkan gambar dengan tali."]);
    }
}

#[test]
fn a_pack_holds_everything_once_and_a_sheet_for_each_family() {
    let sesi = shipped(8);
    let pack = PaketPrint { group: group(25), sesi: vec![of(&sesi, true)], copies: 25 };
    let disk = OnDisk::print(&Document::Paket(pack), Options::default());
    disk.check();
    let pages = disk.pdf.pages;
    let words = disk.words(1, pages);
    in_order(
        &words,
        &[
            "Melati 2",
            "Isi paket",
            "Lembar keluarga, 25 lembar",
            "Langkah 1: Pembukaan",
            "Menjaga ibu hamil di rumah kita",
            "Daftar hadir",
            "Berita acara pertemuan",
            "Anggota",
        ],
    );
    assert_eq!(words.matches("Menjaga ibu hamil di rumah kita").count(), 25);
    assert_eq!(words.matches("Kendala").count(), 1);
    // Each part is numbered by itself, since the parts are handed out apart.
    assert!(words.contains("Halaman 1 dari 7") && !words.contains(&format!("dari {pages}")));
    let folded = Options { two_up: true, ..Options::default() };
    let pack = PaketPrint { group: group(25), sesi: vec![of(&sesi, true)], copies: 25 };
    let fewer = OnDisk::print(&Document::Paket(pack), folded);
    assert_eq!(pages - fewer.pdf.pages, 12);
}

#[test]
fn an_attendance_sheet_of_25_is_one_page_with_a_line_for_each_seat() {
    let numbered = GroupPrint { seats: vec![2, 3, 7], ..group(3) };
    for (group, last) in [(group(25), "25"), (numbered, "7")] {
        let disk = OnDisk::print(&Document::DaftarHadir(group), Options::default());
        disk.check();
        assert_eq!(disk.pdf.pages, 1);
        in_order(&disk.words(1, 1), &["No.", "Nama", "Tanda tangan", last, "Jumlah"]);
    }
}

#[test]
fn a_book_finds_its_chapters() {
    let texts = [shipped(8), shipped(9)];
    let sesi = texts.iter().map(|sesi| of(sesi, true)).collect();
    let book = BookPrint {
        title: "Modul Uji".to_owned(),
        series: "Modul P2K2".to_owned(),
        slug: "modul-uji".to_owned(),
        date: Some(date(2026, 11, 21)),
        short_url: None,
        modul: vec![BookModul { title: "Modul Uji".to_owned(), sesi }],
    };
    let disk = OnDisk::print(&Document::Buku(book), Options::default());
    disk.check();
    let contents = disk.words(2, 2);
    for sesi in &texts {
        let entry = format!("Sesi {}: {}", sesi.front.nomor.unwrap(), sesi.title);
        let behind = contents.split(&entry).nth(1).unwrap();
        let digits = behind.trim_start_matches(|c: char| !c.is_ascii_digit());
        let number: usize =
            digits.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
        assert!(disk.words(number, number).contains(&sesi.title), "{entry} is not on {number}");
    }
    let pages = disk.pdf.pages;
    assert!(disk.words(pages, pages).contains(&format!("Halaman {pages} dari {pages}")));
}

#[test]
fn tags_tell_what_is_what() {
    let text = "# Coba\n\n## Langkah-langkah\n\n### Langkah 1: Uji (5 menit)\n\n- satu\n- dua\n\n\
        | Kepala | Lain |\n|---|---|\n| isi | isi |\n\n\
        ![Uang masuk celengan](../gambar/celengan.svg)\n";
    let sesi = Sesi::parse(text).0;
    let disk = OnDisk::print(&Document::Panduan(of(&sesi, true)), Options::default());
    let tree = disk.run("pdfinfo", &["-struct", "a.pdf"]);
    let is_tag = |line: &&str| line.trim_start().starts_with(|c: char| c.is_ascii_uppercase());
    let tag = |line: &str| {
        let name = line.trim_start();
        let indent = &line[..line.len() - name.len()];
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        format!("{indent}{}\n", &name[..end])
    };
    let tags: String = tree.lines().filter(is_tag).map(tag).collect();
    // Read the difference; if it was wanted, put it in its place.
    assert!(tags == TAGS, "the tags are not as they were:\n{tags}");
}

/// A report of so many rows and sesi.
fn report(rows: usize, sesi: usize) -> ReportPrint {
    let name = |at: usize| format!("Melati {at}, Jua-jua");
    let column = |at: usize| HeatColumn {
        nomor: u32::try_from(at).unwrap(),
        title: format!("Judul sesi {at}"),
        modul: "Modul uji".to_owned(),
    };
    ReportPrint {
        title: "Laporan cakupan".to_owned(),
        area: "Kecamatan Kayu Agung".to_owned(),
        area_code: "16.02.05".to_owned(),
        period: "Keadaan 21 November 2026".to_owned(),
        period_slug: "2026-11-21".to_owned(),
        known_at: None,
        sentences: vec!["1 dari 2 kelompok bertemu bulan November 2026.".to_owned()],
        key_figures: Vec::new(),
        columns: vec!["Tuntas".to_owned()],
        rows: (1..=rows)
            .map(|at| ReportRow {
                name: name(at),
                figures: vec![Figure::Share { part: 1, whole: 2 }],
            })
            .collect(),
        total: None,
        heat_map: Some(HeatMap {
            columns: (1..=sesi).map(column).collect(),
            rows: (1..=rows)
                .map(|at| HeatRow { name: name(at), cells: vec![HeatCell::Tuntas; sesi] })
                .collect(),
        }),
        notes: vec!["Arti sebuah angka.".to_owned()],
        journal_head: Some("12:ab".to_owned()),
    }
}

#[test]
fn a_report_counts_its_sheets_through_and_wastes_none() {
    for (rows, sesi, paper, pages) in [
        (4, 14, Paper::A4, 1..=1),
        (4, 14, Paper::F4, 1..=1),
        (40, 14, Paper::A4, 3..=4),
        // Too many sesi for an upright sheet: the last one lies across.
        (4, 29, Paper::A4, 2..=2),
        (4, 14, Paper::A5, 1..=2),
    ] {
        let options = Options { paper, ..Options::default() };
        let disk = OnDisk::print(&Document::Cakupan(report(rows, sesi)), options);
        assert!(pages.contains(&disk.pdf.pages), "{rows}, {sesi}, {paper:?}: {}", disk.pdf.pages);
        let pages = disk.pdf.pages;
        let mut all = String::new();
        for page in 1..=pages {
            let words = disk.words(page, page);
            assert!(words.contains(&format!("Halaman {page} dari {pages}")), "{page}: {words}");
            all.push_str(&words);
        }
        for words in ["Kecamatan Kayu Agung", "Kode 16.02.05", "Cakupan setiap sesi", "12:ab"] {
            assert!(all.contains(words), "{words}: {all}");
        }
        assert_eq!(all.matches("Melati 1, Jua-jua").count(), 2, "{all}");
    }
}
