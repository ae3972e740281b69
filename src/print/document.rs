//! What can be printed. Plain values: whoever fills them needs to know nothing of printing.

use jiff::civil::Date;

use super::report::{ChangePrint, ReportPrint, RtlPrint};
use crate::curriculum::Sesi;

/// A document to print.
#[derive(Debug, Clone)]
pub enum Document<'a> {
    /// The facilitator's guide of a sesi.
    Panduan(SesiPrint<'a>),
    /// The page that families take home.
    LembarKeluarga(SesiPrint<'a>),
    /// The flip-chart pages with the notes on the reverse.
    LembarBalik(SesiPrint<'a>, Binding),
    /// The worksheets and the sheet of questions.
    LembarKerja(SesiPrint<'a>),
    /// A modul or a skema as a book.
    Buku(BookPrint<'a>),
    /// Everything for one meeting of one kelompok.
    Paket(PaketPrint<'a>),
    /// The attendance sheet of a kelompok.
    DaftarHadir(GroupPrint),
    /// The figures of a month.
    Rekap(ReportPrint),
    /// The coverage report of an area.
    Cakupan(ReportPrint),
    /// What changed between two editions of a sesi.
    Perubahan(ChangePrint<'a>),
    /// The year plan of a kelompok.
    Rtl(RtlPrint),
}

/// A sesi with everything that stands on its paper beside its text.
#[derive(Debug, Clone)]
pub struct SesiPrint<'a> {
    /// The title of the skema.
    pub skema: String,
    /// The title of the modul.
    pub modul: String,
    /// The number in the skema, from 1; 0 for a text outside every skema.
    pub nomor: u32,
    /// Which edition the text is.
    pub edition: EditionPrint,
    /// The short public address of the live page, with scheme; without one there is no QR code.
    pub short_url: Option<String>,
    /// The text.
    pub sesi: &'a Sesi,
}

/// Which edition a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditionPrint {
    /// A published one.
    Published {
        /// 1, 2, 3 ...
        number: u32,
        /// The day on which it was published.
        date: Date,
        /// Whether it is still the live one; if not, the paper says so.
        live: bool,
    },
    /// A text that is not published; the paper says so.
    Draft,
}

/// How a lembar balik is put together, which decides what is on the back of which sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Binding {
    /// Loose sheets, held up before the group: the notes of a picture are on its own back.
    #[default]
    Loose,
    /// Bound at the top and standing on a table: while the group sees a picture, the facilitator
    /// sees the back of the sheet before it, so the notes are there.
    Bound,
}

/// A modul or a skema as a book.
#[derive(Debug, Clone)]
pub struct BookPrint<'a> {
    /// The title on the cover.
    pub title: String,
    /// The line above it, for example the title of the skema.
    pub series: String,
    /// What it is in a file name, for example `modul-kesehatan-gizi`.
    pub slug: String,
    /// The day of the newest edition in it.
    pub date: Option<Date>,
    /// The public address of its page, with scheme.
    pub short_url: Option<String>,
    /// Its modul in order.
    pub modul: Vec<BookModul<'a>>,
}

/// One modul of a book.
#[derive(Debug, Clone)]
pub struct BookModul<'a> {
    /// Its title.
    pub title: String,
    /// Its sesi in order.
    pub sesi: Vec<SesiPrint<'a>>,
}

/// A kelompok as it stands on paper. It never holds the name of a family.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupPrint {
    /// The id, for the file name.
    pub id: String,
    /// The name.
    pub name: String,
    /// The names of its desa.
    pub desa: Vec<String>,
    /// The name of its kecamatan.
    pub kecamatan: String,
    /// The name of its kabupaten or kota.
    pub kabupaten: String,
    /// Where the meeting is held.
    pub place: Option<String>,
    /// The name of the pendamping.
    pub pendamping: Option<String>,
    /// Families in it on the day; at most 200.
    pub members: u32,
    /// The seat numbers of the families; empty means 1 to `members`.
    pub seats: Vec<u32>,
    /// The day of the meeting, if it is known.
    pub date: Option<Date>,
    /// The hours as written, for example `10.00-12.00`.
    pub hours: Option<String>,
    /// What was taught last.
    pub last_taught: Vec<LastTaught>,
}

/// A sesi that a kelompok was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastTaught {
    /// The day.
    pub date: Date,
    /// The title with its number, for example `Sesi 7: Memulai Usaha`.
    pub title: String,
    /// How far, in a word or two: `tuntas`, `sebagian, langkah 1-4`.
    pub extent: String,
}

/// Everything for one meeting of one kelompok.
#[derive(Debug, Clone)]
pub struct PaketPrint<'a> {
    /// The kelompok and its meeting.
    pub group: GroupPrint,
    /// What is to be taught, 1 to 6 sesi.
    pub sesi: Vec<SesiPrint<'a>>,
    /// How many family sheets of each sesi; 0 to 200. Normally [`GroupPrint::members`].
    pub copies: u32,
}

/// How much a text costs to lay out, in bytes of plain prose: a mark that begins a line, a cell or
/// a run of its own costs more than a letter. A sesi of 28 KB weighs about 60,000.
pub fn weight(text: &str) -> usize {
    let marks =
        text.bytes().filter(|byte| matches!(byte, b'\n' | b'|' | b'*' | b'_' | b'`' | b'['));
    text.len() + 40 * marks.count()
}

impl GroupPrint {
    /// The numbers on the lines of a list: the seats, or 1 to the number of members.
    pub(super) fn lines(&self) -> Vec<u32> {
        if self.seats.is_empty() { (1..=self.members).collect() } else { self.seats.clone() }
    }

    /// `Desa A dan B, Kecamatan C, Kabupaten D`, without what is not known.
    pub(super) fn area(&self) -> String {
        let mut parts = Vec::new();
        if !self.desa.is_empty() {
            parts.push(crate::bahasa::angka::list(&self.desa));
        }
        parts.extend([&self.kecamatan, &self.kabupaten].into_iter().cloned());
        parts.retain(|part| !part.is_empty());
        parts.join(", ")
    }
}
