//! Prints every kind of document from the shipped curriculum and a made-up kelompok, to be looked
//! at: `cargo run --example print_papers -- DIR`. With a number behind it, it instead prints so many
//! different documents and says how the memory grew (`-- DIR 1000`); with `berat`, texts as heavy as
//! the bounds let through, and how long each takes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use jiff::civil::date;
use p2k2::curriculum::shipped::{shipped_picture, shipped_texts};
use p2k2::curriculum::{Sesi, diff};
use p2k2::print::{
    Binding, BookModul, BookPrint, ChangePrint, Document, EditionPrint, Figure, GroupPrint,
    HeatCell, HeatColumn, HeatMap, HeatRow, KeyFigure, LastTaught, Options, PaketPrint, Paper,
    Printer, ReportPrint, ReportRow, RtlPrint, RtlRow, SesiPrint, weight,
};

/// The headings over the columns of a heat map, from the first sesi to the last.
const MODUL: [&str; 4] =
    ["Pengasuhan dan Pendidikan", "Ekonomi", "Kesehatan dan Gizi", "Perlindungan"];

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let dir = arguments.next().context("name a directory for the files")?;
    fs::create_dir_all(&dir)?;
    let sesi = classic();
    match arguments.next() {
        Some(word) if word == "berat" => heaviest(&sesi),
        Some(count) => grow(&sesi, count.parse()?),
        None => print_all(&sesi, Path::new(&dir)),
    }
}

/// The classic sesi in order.
fn classic() -> Vec<Sesi> {
    let texts = shipped_texts().into_iter();
    let classic = texts.filter(|text| text.path.starts_with("klasik") && !text.is_skema());
    let mut sesi: Vec<Sesi> = classic
        .map(|text| Sesi::parse(&text.text).0)
        .filter(|sesi| sesi.front.nomor.is_some())
        .collect();
    sesi.sort_by_key(|sesi| sesi.front.nomor);
    sesi
}

fn of(sesi: &Sesi) -> SesiPrint<'_> {
    let nomor = sesi.front.nomor.unwrap_or(1);
    SesiPrint {
        skema: "Modul P2K2".to_owned(),
        modul: "Kesehatan dan Gizi".to_owned(),
        nomor,
        edition: EditionPrint::Published { number: 3, date: date(2026, 11, 21), live: nomor != 5 },
        short_url: Some(format!("https://p2k2.contoh.go.id/s/{nomor}")),
        sesi,
    }
}

fn group() -> GroupPrint {
    GroupPrint {
        id: "OKI-029".to_owned(),
        name: "Melati 2".to_owned(),
        desa: vec!["Desa Serigeni Lama".to_owned()],
        kecamatan: "Kecamatan Kayu Agung".to_owned(),
        kabupaten: "Kabupaten Ogan Komering Ilir".to_owned(),
        pendamping: Some("Ratna Dewi".to_owned()),
        members: 25,
        date: Some(date(2026, 11, 28)),
        last_taught: vec![
            LastTaught {
                date: date(2026, 10, 24),
                title: "Sesi 7: Memulai Usaha".to_owned(),
                extent: "tuntas".to_owned(),
            },
            LastTaught {
                date: date(2026, 9, 26),
                title: "Sesi 6: Meminjam dan Menabung".to_owned(),
                extent: "sebagian".to_owned(),
            },
        ],
        ..GroupPrint::default()
    }
}

fn share(part: u64, whole: u64) -> Figure {
    Figure::Share { part, whole }
}

/// A coverage report of so many areas, or of kelompok.
fn report(sesi: &[Sesi], rows: usize, of_groups: bool) -> ReportPrint {
    let name = |at: usize| {
        if of_groups {
            format!("Melati {}", at + 1)
        } else {
            format!("Kecamatan Contoh {}", at + 1)
        }
    };
    let cell = |row: usize, column: usize| match (of_groups, (row * 7 + column * 5) % 11) {
        (false, n) => HeatCell::Share { part: (n * 6) as u32, whole: 60 },
        (true, 0..=4) => HeatCell::Tuntas,
        (true, 5) => HeatCell::Sebagian,
        (true, 6) => HeatCell::PerluPenyegaran,
        (true, 7) => HeatCell::Ditangguhkan,
        (true, _) => HeatCell::Belum,
    };
    let figures = |at: u64| {
        vec![
            Figure::Count(40 + at),
            share(200 + 7 * at, 560 + 14 * at),
            Figure::Count(12 + at),
            Figure::Count(at),
            share(30 + at, 40 + at),
        ]
    };
    let columns = sesi.iter().map(|sesi| HeatColumn {
        nomor: sesi.front.nomor.unwrap_or(1),
        title: sesi.title.clone(),
        modul: MODUL
            [usize::try_from(sesi.front.nomor.unwrap_or(1)).unwrap_or(1) * MODUL.len() / 15]
            .to_owned(),
    });
    ReportPrint {
        title: "Laporan cakupan".to_owned(),
        area: "Kabupaten Ogan Komering Ilir".to_owned(),
        area_code: if of_groups { "16.02.20" } else { "16.02" }.to_owned(),
        period: "Keadaan 21 November 2026".to_owned(),
        period_slug: "2026-11-21".to_owned(),
        known_at: Some(date(2026, 11, 22)),
        sentences: vec!["41 dari 60 kelompok bertemu bulan ini; 3 ditangguhkan.".to_owned()],
        key_figures: vec![
            KeyFigure { label: "Sesi tuntas dari sasaran".to_owned(), figure: share(412, 840) },
            KeyFigure { label: "Kelompok aktif".to_owned(), figure: Figure::Count(60) },
        ],
        columns: ["Kelompok", "Tuntas", "Sebagian", "Perlu penyegaran", "Bertemu bulan ini"]
            .map(str::to_owned)
            .to_vec(),
        rows: (0..rows)
            .map(|at| ReportRow { name: name(at), figures: figures(at as u64) })
            .collect(),
        total: Some(ReportRow { name: "Semua".to_owned(), figures: figures(60) }),
        heat_map: Some(HeatMap {
            columns: columns.collect(),
            rows: (0..rows)
                .map(|row| HeatRow {
                    name: name(row),
                    cells: (0..sesi.len()).map(|column| cell(row, column)).collect(),
                })
                .collect(),
        }),
        notes: vec![
            "Sasaran adalah kelompok aktif kali sesi yang menjadi sasaran wilayahnya.".to_owned(),
            "Sebagian tidak ikut dihitung sebagai tuntas.".to_owned(),
        ],
        journal_head: Some("48213:9f3ac1d0a2b44e1c8d7766aa01bb23cd".to_owned()),
    }
}

fn plan(sesi: &[Sesi]) -> RtlPrint {
    let months = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"];
    let rows = sesi.iter().zip(months).enumerate();
    RtlPrint {
        group: group(),
        period: "Januari 2027 sampai Juli 2027".to_owned(),
        rows: rows
            .map(|(at, (sesi, month))| RtlRow {
                month: format!("{month} 2027"),
                sesi: format!("Sesi {}: {}", sesi.front.nomor.unwrap_or(1), sesi.title),
                date: None,
                done: at == 0,
                note: if at == 2 { "ditangguhkan".to_owned() } else { String::new() },
            })
            .collect(),
    }
}

fn book<'a>(title: &str, sesi: &'a [Sesi]) -> BookPrint<'a> {
    BookPrint {
        title: title.to_owned(),
        series: "Modul P2K2".to_owned(),
        slug: "modul-kesehatan-gizi".to_owned(),
        date: Some(date(2026, 11, 21)),
        short_url: Some("https://p2k2.contoh.go.id/modul/kesehatan-gizi".to_owned()),
        modul: vec![BookModul { title: title.to_owned(), sesi: sesi.iter().map(of).collect() }],
    }
}

/// One paper: the name of its file, what it is, and what was chosen.
type Paperwork<'a> = (&'static str, Document<'a>, Options);

const A4: Options =
    Options { paper: Paper::A4, saving: false, large: false, reading: false, two_up: false };

fn on(paper: Paper) -> Options {
    Options { paper, ..A4 }
}

fn guides<'a>(one: &'a Sesi, five: &'a Sesi, eight: &'a Sesi) -> Vec<Paperwork<'a>> {
    let guide = |sesi| Document::Panduan(of(sesi));
    vec![
        ("panduan-01", guide(one), A4),
        ("panduan-05", guide(five), A4),
        ("panduan-08", guide(eight), A4),
        ("panduan-01-f4", guide(one), on(Paper::F4)),
        ("panduan-05-f4", guide(five), on(Paper::F4)),
        ("panduan-08-f4", guide(eight), on(Paper::F4)),
        ("panduan-08-f4-210", guide(eight), on(Paper::F4Narrow)),
        ("panduan-08-a5", guide(eight), on(Paper::A5)),
        ("panduan-08-a5-lipat", guide(eight), on(Paper::A5Booklet)),
        ("panduan-08-besar", guide(eight), Options { large: true, ..A4 }),
        ("panduan-08-hemat", guide(eight), Options { saving: true, ..A4 }),
        ("panduan-08-bacaan", guide(eight), Options { reading: true, ..A4 }),
    ]
}

fn sheets<'a>(one: &'a Sesi, eight: &'a Sesi) -> Vec<Paperwork<'a>> {
    let family = || Document::LembarKeluarga(of(eight));
    vec![
        ("keluarga-08", family(), A4),
        ("keluarga-08-besar", family(), Options { large: true, ..A4 }),
        ("keluarga-08-dua", family(), Options { two_up: true, ..A4 }),
        ("balik-08", Document::LembarBalik(of(eight), Binding::Loose), A4),
        ("balik-08-a3", Document::LembarBalik(of(eight), Binding::Bound), on(Paper::A3)),
        ("kerja-08", Document::LembarKerja(of(eight)), A4),
        ("kerja-01-f4", Document::LembarKerja(of(one)), on(Paper::F4)),
    ]
}

fn of_group<'a>(sesi: &'a [Sesi], eight: &'a Sesi, nine: &'a Sesi) -> Vec<Paperwork<'a>> {
    let pack = |copies, sesi: &[&'a Sesi]| {
        let sesi = sesi.iter().map(|sesi| of(sesi)).collect();
        Document::Paket(PaketPrint { group: group(), sesi, copies })
    };
    vec![
        ("paket-25", pack(25, &[eight]), A4),
        (
            "paket-2-sesi-f4",
            pack(3, &[eight, nine]),
            Options { two_up: true, saving: true, ..on(Paper::F4) },
        ),
        ("hadir", Document::DaftarHadir(group()), A4),
        ("rtl", Document::Rtl(plan(sesi)), A4),
    ]
}

fn of_area(sesi: &[Sesi]) -> Vec<Paperwork<'_>> {
    let coverage = |rows, of_groups| Document::Cakupan(report(sesi, rows, of_groups));
    vec![
        ("buku", Document::Buku(book("Kesehatan dan Gizi", sesi.get(7..11).unwrap_or(sesi))), A4),
        ("buku-a5-lipat", Document::Buku(book("Semua sesi", sesi)), on(Paper::A5Booklet)),
        ("cakupan", coverage(18, false), A4),
        ("cakupan-hemat", coverage(18, false), Options { saving: true, ..A4 }),
        ("cakupan-kelompok", coverage(42, true), A4),
        ("rekap", Document::Rekap(ReportPrint { heat_map: None, ..report(sesi, 18, false) }), A4),
    ]
}

fn print_all(sesi: &[Sesi], dir: &Path) -> Result<()> {
    let by_number = |nomor: u32| {
        let found = sesi.iter().find(|sesi| sesi.front.nomor == Some(nomor));
        found.ok_or_else(|| anyhow!("no sesi {nomor}"))
    };
    let (one, five, eight, nine) = (by_number(1)?, by_number(5)?, by_number(8)?, by_number(9)?);
    let later = eight.source().replace("Ucapkan salam", "Sapa semua yang hadir");
    let difference = diff::diff(eight.source(), &later);
    let edition = |number, live| EditionPrint::Published { number, date: date(2026, 11, 21), live };
    let change = Document::Perubahan(ChangePrint {
        nomor: 8,
        title: eight.title.clone(),
        modul: "Kesehatan dan Gizi".to_owned(),
        from: edition(2, false),
        to: edition(3, true),
        substantial: Some(false),
        summary: "Sapaan diganti.".to_owned(),
        short_url: Some("https://p2k2.contoh.go.id/s/8".to_owned()),
        diff: &difference,
    });
    let mut all = guides(one, five, eight);
    all.extend(sheets(one, eight));
    all.extend(of_group(sesi, eight, nine));
    all.extend(of_area(sesi));
    all.push(("perubahan", change, A4));
    let printer = Printer::new();
    for (name, document, options) in &all {
        let pdf = printer.render(document, options, &shipped_picture)?;
        fs::write(dir.join(format!("{name}.pdf")), &pdf.bytes)?;
        let kb = pdf.bytes.len().div_ceil(1024);
        let (pages, ua) = (pdf.pages, if pdf.accessible { "UA-1" } else { "-" });
        say(&format!("{name:22} {pages:4} pages {kb:5} KB  {ua:4}  {}", pdf.file_name));
    }
    Ok(())
}

/// Prints so many guides that differ in nearly every line, and says what stays in memory.
fn grow(sesi: &[Sesi], count: usize) -> Result<()> {
    let printer = Printer::new();
    let start = resident_kb()?;
    for at in 0..count {
        let number = at.to_string();
        let text = sesi[at % sesi.len()].source().replace(" dan ", &format!(" dan {number} "));
        let different = Sesi::parse(&text).0;
        let pdf = printer.render(
            &Document::Panduan(of(&different)),
            &Options::default(),
            &shipped_picture,
        )?;
        if (at + 1).is_power_of_two() || (at + 1) % 100 == 0 {
            let kb = resident_kb()?;
            say(&format!(
                "{:5} documents: {} MB resident (last {} pages)",
                at + 1,
                kb / 1024,
                pdf.pages
            ));
        }
    }
    say(&format!("at the start: {} MB", start / 1024));
    Ok(())
}

/// Prints texts that are as heavy as they may be, and says how long each takes.
fn heaviest(sesi: &[Sesi]) -> Result<()> {
    let first = sesi.first().context("no sesi")?;
    let lists = (0..8).map(|depth| format!("{}- a", "  ".repeat(depth))).collect::<Vec<_>>();
    let table = format!("|{}\n|{}\n", " a |".repeat(12), "---|".repeat(12));
    let texts = [
        ("as shipped", String::new()),
        ("paragraphs", "a\n\n".repeat(9_000)),
        ("cells", format!("\n{table}{}", format!("|{}\n", " b |".repeat(12)).repeat(1_500))),
        ("runs", "*a* ".repeat(8_000)),
        ("links", "[a](https://contoh.id/b) ".repeat(6_000)),
        ("nested lists", format!("{}\n\nx\n\n", lists.join("\n")).repeat(550)),
        ("prose", "kata yang biasa saja, ".repeat(12_000)),
        ("one word", "x".repeat(250_000)),
        ("headings", "#### a\n\nb\n\n".repeat(4_500)),
        ("ticks", "- [ ] a\n".repeat(6_000)),
        ("quotes", "> a\n\n".repeat(6_000)),
        ("blanks", "____ ".repeat(20_000)),
    ];
    let printer = Printer::new();
    for (name, text) in texts {
        let source = first.source().replacen(
            "## Langkah-langkah",
            &format!("## Alat\n\n{text}\n\n## Langkah-langkah"),
            1,
        );
        let heavy = Sesi::parse(&source).0;
        let start = processor_ms()?;
        let made =
            printer.render(&Document::Panduan(of(&heavy)), &Options::default(), &shipped_picture);
        let said =
            made.map_or_else(|error| error.to_string(), |pdf| format!("{} pages", pdf.pages));
        let (took, mb) = (processor_ms()? - start, resident_kb()? / 1024);
        say(&format!("{name:14} weighs {:8}  {took:6} ms  {mb:4} MB  {said}", weight(&source)));
    }
    Ok(())
}

/// The processor time of this process so far in ms, in the steps of the system's clock.
fn processor_ms() -> Result<u64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let behind = stat.rsplit_once(')').context("no name in stat")?.1;
    let fields: Vec<&str> = behind.split_whitespace().collect();
    // User and system time are the 14th and 15th field; the first two stand before the bracket.
    let ticks: u64 = fields
        .get(11..13)
        .context("short stat")?
        .iter()
        .map(|f| f.parse::<u64>().unwrap_or(0))
        .sum();
    Ok(ticks * 10)
}

/// The resident memory of this process in KB, as the system counts it.
fn resident_kb() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()).context("no VmRSS")?;
    Ok(number.parse()?)
}

#[expect(clippy::print_stdout, reason = "an example says what it did")]
fn say(line: &str) {
    println!("{line}");
}
