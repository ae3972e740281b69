//! A guide as a PDF: the product, a warm headless Chromium and a warm `WeasyPrint`, taking turns.
//!
//! Each round prints another sesi, so that no engine only repeats itself; what counts is the median
//! of the ratios. All print the same words, which is checked where `pdftotext` is installed; a
//! reference that is not installed is left out and named. `cargo bench --bench print`

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use chromiumoxide::cdp::browser_protocol::page::PrintToPdfParams;
use chromiumoxide::{Browser, BrowserConfig, Page};
use futures::StreamExt;
use jiff::civil::date;
use p2k2::curriculum::Sesi;
use p2k2::curriculum::markdown::{Block, render_blocks};
use p2k2::curriculum::sesi::Section;
use p2k2::curriculum::shipped::{shipped_picture, shipped_texts};
use p2k2::print::{Document, EditionPrint, GroupPrint, Options, PaketPrint, Printer, SesiPrint};
use tempfile::TempDir;

/// At least so many rounds, each with another sesi.
const ROUNDS: usize = 13;
/// Starting a browser on a busy machine takes a while.
const PATIENCE: Duration = Duration::from_secs(120);
/// The share of the product's words that the paper of a reference must hold.
const SAME_WORDS: f64 = 0.97;

/// What the references print: the same order and about the same look as the product's guide.
const STYLE: &str = "@page { size: A4; margin: 14mm 44mm 18mm 17mm; @bottom-right { content: 'Halaman ' counter(page) ' dari ' counter(pages) } } body { font: 10pt/1.4 'Liberation Sans', sans-serif } h2 { color: #0b5b45; break-after: avoid } h3 { break-after: avoid } table { border-collapse: collapse; width: 100% } td, th { border: .6pt solid #777; padding: 1.4mm; vertical-align: top; text-align: left } tr { break-inside: avoid } blockquote { border-left: 2.4pt solid #0b5b45; background: #e4f0ea; margin: 2mm 0; padding: 1.6mm 3.2mm }";

/// Reads the name of a page and of a file, a line each, and prints the one into the other.
const WEASYPRINT: &str = "
import sys
from weasyprint import HTML
print('siap', flush=True)
for line in sys.stdin:
    page, pdf = line.rstrip('\\n').split('\\t')
    HTML(filename=page).write_pdf(pdf)
    print('selesai', flush=True)
";

fn main() {
    let dir = TempDir::new().expect("a place for files");
    let sesi = classic();
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let printer = Printer::new();
    let mut chromium = runtime.block_on(Chromium::start(dir.path()));
    let mut weasyprint = Weasyprint::start();
    let mut rounds: Vec<Round> = Vec::new();
    // The last sesi warms everything up; the others count.
    let (warm_up, counted) = sesi.split_last().expect("the shipped sesi");
    for (round, sesi) in [warm_up].into_iter().chain(counted).enumerate() {
        let (pdf, ours) = timed(|| guide(&printer, sesi));
        let page = dir.path().join("sesi.html");
        std::fs::write(&page, html(sesi)).expect("room for a page");
        let mut one = Round { ours, pages: pdf.pages, kb: kb(&pdf.bytes), ..Round::default() };
        let words = words(dir.path(), &pdf.bytes);
        if let Some(chromium) = &mut chromium {
            let (bytes, time) = timed(|| runtime.block_on(chromium.print(&page)));
            same_words("Chromium", &words, dir.path(), &bytes);
            one.chromium = Some((time, kb(&bytes)));
        }
        if let Some(weasyprint) = &mut weasyprint {
            let file = dir.path().join("weasyprint.pdf");
            let ((), time) = timed(|| weasyprint.print(&page, &file));
            let bytes = std::fs::read(&file).expect("what WeasyPrint wrote");
            same_words("WeasyPrint", &words, dir.path(), &bytes);
            one.weasyprint = Some((time, kb(&bytes)));
        }
        if round > 0 {
            rounds.push(one);
        }
    }
    assert!(rounds.len() >= ROUNDS, "{} rounds are too few", rounds.len());
    report(&rounds);
    pack(&printer, &sesi);
    if let Some(chromium) = chromium {
        runtime.block_on(chromium.end());
    }
}

#[derive(Debug, Default)]
struct Round {
    ours: f64,
    pages: usize,
    kb: usize,
    /// Milliseconds and KB.
    chromium: Option<(f64, usize)>,
    weasyprint: Option<(f64, usize)>,
}

fn report(rounds: &[Round]) {
    print(
        "guide of a sesi with its readings, another one each round, warm: ms, median (min to max)",
    );
    let ours: Vec<f64> = rounds.iter().map(|one| one.ours).collect();
    let pages = median(rounds.iter().map(|one| one.pages as f64));
    let size = median(rounds.iter().map(|one| one.kb as f64));
    print(&format!("{:12} {}   {pages:.0} pages, {size:.0} KB", "p2k2", spread(&ours, 1)));
    type Reference = (&'static str, fn(&Round) -> Option<(f64, usize)>);
    let references: [Reference; 2] =
        [("Chromium", |one| one.chromium), ("WeasyPrint", |one| one.weasyprint)];
    for (name, of) in references {
        let theirs: Vec<(f64, usize)> = rounds.iter().filter_map(of).collect();
        if theirs.len() < rounds.len() {
            print(&format!("{name}: not installed here, so not compared"));
            continue;
        }
        let times: Vec<f64> = theirs.iter().map(|(ms, _)| *ms).collect();
        let size = median(theirs.iter().map(|(_, kb)| *kb as f64));
        let ratios: Vec<f64> =
            times.iter().zip(&ours).map(|(theirs, ours)| theirs / ours).collect();
        print(&format!("{name:12} {}   {size:.0} KB", spread(&times, 1)));
        print(&format!("{name} / p2k2: {} over {} pairs", spread(&ratios, 1), ratios.len()));
    }
}

/// The pack of one meeting for 25 families, another sesi each time.
fn pack(printer: &Printer, sesi: &[Sesi]) {
    let group = GroupPrint {
        id: "OKI-029".to_owned(),
        name: "Melati 2".to_owned(),
        members: 25,
        date: Some(date(2026, 11, 28)),
        ..GroupPrint::default()
    };
    let (mut times, mut pages, mut size) = (Vec::new(), 0, 0);
    for sesi in sesi {
        let pack = PaketPrint { group: group.clone(), sesi: vec![of(sesi)], copies: 25 };
        let (pdf, ms) = timed(|| {
            printer
                .render(&Document::Paket(pack), &Options::default(), &shipped_picture)
                .expect("a pack")
        });
        times.push(ms);
        (pages, size) = (pdf.pages, kb(&pdf.bytes));
    }
    print(&format!("pack for 25 families: {} ms, {pages} pages, {size} KB", spread(&times, 0)));
}

/// The classic sesi that come with the program.
fn classic() -> Vec<Sesi> {
    let texts = shipped_texts().into_iter();
    let classic = texts.filter(|text| text.path.starts_with("klasik") && !text.is_skema());
    classic
        .map(|text| Sesi::parse(&text.text).0)
        .filter(|sesi| sesi.front.nomor.is_some())
        .collect()
}

fn of(sesi: &Sesi) -> SesiPrint<'_> {
    SesiPrint {
        skema: "Modul P2K2".to_owned(),
        modul: "Modul".to_owned(),
        nomor: sesi.front.nomor.unwrap_or(1),
        edition: EditionPrint::Published { number: 1, date: date(2026, 11, 21), live: true },
        short_url: None,
        sesi,
    }
}

fn guide(printer: &Printer, sesi: &Sesi) -> p2k2::print::Pdf {
    let options = Options { reading: true, ..Options::default() };
    printer.render(&Document::Panduan(of(sesi)), &options, &shipped_picture).expect("a guide")
}

/// The guide as a page for the references.
fn html(sesi: &Sesi) -> String {
    let title = escaped(&sesi.title);
    let mut out = format!(
        "<!doctype html><html lang=id><meta charset=utf-8><title>{title}</title>\
         <style>{STYLE}</style><h1>{title}</h1>"
    );
    push(&mut out, "", &sesi.summary);
    push(&mut out, "<h2>Tujuan</h2><h3>Kompetensi dasar</h3>", &sesi.tujuan.kompetensi);
    push(&mut out, "<h3>Indikator keberhasilan</h3>", &sesi.tujuan.indikator);
    push(&mut out, "<h2>Alat dan bahan</h2>", &sesi.alat);
    push(&mut out, "<h2>Persiapan</h2>", &sesi.persiapan);
    out.push_str("<h2>Susunan kegiatan</h2><table><thead><tr><th>No.<th>Langkah");
    out.push_str("<th>Setelah itu, peserta<th>Metode<th>Waktu<tbody>");
    for one in &sesi.langkah {
        let minutes = one.menit.map_or_else(String::new, |menit| format!("{menit} menit"));
        let (name, result) = (escaped(&one.nama), escaped(&one.hasil));
        let methods = escaped(&one.metode.join(", "));
        // Writing to a String cannot fail.
        let _ =
            write!(out, "<tr><td>{}<td>{name}<td>{result}<td>{methods}<td>{minutes}", one.nomor);
    }
    out.push_str("</table><h2>Langkah-langkah</h2>");
    for one in &sesi.langkah {
        let (methods, media) = (escaped(&one.metode.join(", ")), escaped(&one.media.join(", ")));
        let heading = format!(
            "<h3>Langkah {}: {}</h3><p>Metode: {methods} Media: {media}<p>Hasil: {}",
            one.nomor,
            escaped(&one.nama),
            escaped(&one.hasil)
        );
        push(&mut out, &heading, &one.blocks);
    }
    push(&mut out, "<h2>Pesan kunci</h2>", &sesi.pesan_kunci);
    push_sections(&mut out, "Penyesuaian", &sesi.penyesuaian);
    out.push_str("<h2>Lembar kerja</h2>");
    for sheet in &sesi.lembar_kerja {
        let heading = format!("<h3>LK {}: {}</h3>", sheet.kode, escaped(&sheet.judul));
        push(&mut out, &heading, &sheet.blocks);
    }
    push(&mut out, "<h2>Lembar evaluasi</h2>", &sesi.lembar_evaluasi);
    push_sections(&mut out, "Bahan bacaan", &sesi.bahan_bacaan);
    push_sections(&mut out, "Tanya jawab", &sesi.tanya_jawab);
    push_sections(&mut out, "Bagian lain", &sesi.lain);
    out.push_str("<h2>Rujukan</h2><ol>");
    for one in &sesi.front.rujukan {
        let _ = write!(out, "<li>{}", escaped(&one.judul));
    }
    out.push_str("</ol>");
    out
}

fn push(out: &mut String, heading: &str, blocks: &[Block]) {
    if !blocks.is_empty() {
        out.push_str(heading);
        out.push_str(render_blocks(blocks).as_str());
    }
}

fn push_sections(out: &mut String, heading: &str, sections: &[Section]) {
    if !sections.is_empty() {
        let _ = write!(out, "<h2>{heading}</h2>");
    }
    for section in sections {
        push(out, &format!("<h3>{}</h3>", escaped(&section.heading)), &section.blocks);
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A browser that is open, with one page that prints one thing after the other.
struct Chromium {
    browser: Browser,
    page: Page,
}

impl Chromium {
    /// None where there is no Chromium.
    async fn start(profile: &Path) -> Option<Self> {
        let executable = Path::new("/usr/bin/chromium");
        if !executable.exists() {
            return None;
        }
        let config = BrowserConfig::builder()
            .chrome_executable(executable)
            .no_sandbox()
            .user_data_dir(profile.join("chromium"))
            .args(["disable-gpu", "disable-dev-shm-usage"])
            .launch_timeout(PATIENCE)
            .request_timeout(PATIENCE)
            .build()
            .expect("sound settings");
        let (browser, mut events) = Browser::launch(config).await.expect("a browser that starts");
        tokio::spawn(async move { while events.next().await.is_some() {} });
        let page = browser.new_page("about:blank").await.expect("a page");
        Some(Self { browser, page })
    }

    async fn print(&self, page: &Path) -> Vec<u8> {
        let address = format!("file://{}", page.display());
        self.page.goto(address).await.expect("a page that opens");
        let params = PrintToPdfParams {
            prefer_css_page_size: Some(true),
            print_background: Some(true),
            ..PrintToPdfParams::default()
        };
        self.page.pdf(params).await.expect("a page that prints")
    }

    async fn end(mut self) {
        // The run is over whether or not the browser says good-bye.
        let _said = self.browser.close().await;
        let _ended = self.browser.wait().await;
    }
}

/// A Python that has loaded `WeasyPrint` and prints what it is told to.
struct Weasyprint {
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Weasyprint {
    /// None where there is no `WeasyPrint`: neither for the first Python nor for the system's own.
    fn start() -> Option<Self> {
        ["python3", "/usr/bin/python3"].into_iter().find_map(Self::start_with)
    }

    fn start_with(python: &str) -> Option<Self> {
        let mut process = Command::new(python)
            .args(["-c", WEASYPRINT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let orders = process.stdin.take()?;
        let mut answers = BufReader::new(process.stdout.take()?);
        let mut ready = String::new();
        answers.read_line(&mut ready).ok()?;
        let started = Self { process, orders, answers };
        (ready.trim() == "siap").then_some(started)
    }

    fn print(&mut self, page: &Path, file: &Path) {
        writeln!(self.orders, "{}\t{}", page.display(), file.display())
            .expect("WeasyPrint listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("WeasyPrint answers");
        assert_eq!(answer.trim(), "selesai", "WeasyPrint could not print {}", page.display());
    }
}

impl Drop for Weasyprint {
    fn drop(&mut self) {
        // It ends by itself when nobody orders any more; this only does not leave it behind.
        let _ended = self.process.kill();
        let _left = self.process.wait();
    }
}

/// The words of a PDF; empty where `pdftotext` is not installed.
fn words(dir: &Path, pdf: &[u8]) -> Vec<String> {
    let file = dir.join("kata.pdf");
    std::fs::write(&file, pdf).expect("room for a file");
    let Ok(said) = Command::new("pdftotext").arg(&file).arg("-").output() else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&said.stdout).replace('\u{200b}', "");
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
    words.map(str::to_lowercase).collect()
}

/// What is compared must be the same thing.
fn same_words(name: &str, ours: &[String], dir: &Path, theirs: &[u8]) {
    let theirs = words(dir, theirs);
    let held = ours.iter().filter(|word| theirs.contains(word)).count();
    let share = held as f64 / ours.len().max(1) as f64;
    assert!(
        ours.is_empty() || share >= SAME_WORDS,
        "the paper of {name} holds only {:.1} % of the words",
        share * 100.0
    );
}

fn kb(bytes: &[u8]) -> usize {
    bytes.len().div_ceil(1024)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed().as_secs_f64() * 1e3)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// `12.3 (10.1 to 15.0)`.
fn spread(values: &[f64], digits: usize) -> String {
    let low = values.iter().copied().fold(f64::MAX, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    let middle = median(values.iter().copied());
    format!("{middle:.digits$} ({low:.digits$} to {high:.digits$})")
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn print(line: &str) {
    println!("{line}");
}
