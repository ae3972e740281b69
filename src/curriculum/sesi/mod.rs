//! A sesi: one meeting's text, taken apart into its parts. The text itself stays the truth.

mod build;
mod langkah;
mod outline;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::Serialize;

pub use self::outline::{SectionText, Subsection, item_texts, subsections};
pub use super::front_matter::{FrontMatter, Jenis, Rujukan};
use super::headings::Part;
use super::ids::RevisionId;
use super::markdown::Block;
use super::problem::Problem;

/// One text of the curriculum and all its parts.
///
/// Every part may be empty; nothing of the text is lost: what stands under no known heading is in
/// [`Sesi::lain`], and the text itself is in [`Sesi::source`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sesi {
    #[serde(skip)]
    pub(crate) source: Arc<str>,
    /// The head of the file.
    pub front: FrontMatter,
    /// The title: the `#` heading, or the `judul` of the head where there is none.
    pub title: String,
    /// What the meeting is about.
    pub summary: Vec<Block>,
    /// The `##` headings in the order of the file.
    pub parts: Vec<PartHeading>,
    /// What participants can do afterwards.
    pub tujuan: Tujuan,
    /// What has to be at hand.
    pub alat: Vec<Block>,
    /// What the facilitator does before the day.
    pub persiapan: Vec<Block>,
    /// The steps of the meeting in the order of the file.
    pub langkah: Vec<Langkah>,
    /// How to fit the meeting to the group.
    pub penyesuaian: Vec<Section>,
    /// The sentences to remember.
    pub pesan_kunci: Vec<Block>,
    /// The worksheets.
    pub lembar_kerja: Vec<LembarKerja>,
    /// Questions and signs that show what was learned.
    pub lembar_evaluasi: Vec<Block>,
    /// The flip-chart pages.
    pub lembar_balik: Vec<LembarBalik>,
    /// The page that families take home.
    pub lembar_keluarga: Option<LembarKeluarga>,
    /// Background for the facilitator.
    pub bahan_bacaan: Vec<Section>,
    /// Questions of participants with answers.
    pub tanya_jawab: Vec<Section>,
    /// Sections that have no place above, each with the part it stands in.
    pub lain: Vec<Section>,
}

/// A `##` heading and what stands between it and the first heading below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartHeading {
    /// The part that it opens.
    pub part: Part,
    /// The words of the heading.
    pub heading: String,
    /// Its anchor on a page.
    pub anchor: String,
    /// Its line in the file.
    pub line: u32,
    /// What stands before the first `###`, for parts that consist of `###` sections.
    pub blocks: Vec<Block>,
}

/// A heading with what stands under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The part in which it stands.
    pub part: Part,
    /// 2 to 6.
    pub level: u8,
    /// The words of the heading.
    pub heading: String,
    /// Its anchor on a page.
    pub anchor: String,
    /// Its line in the file.
    pub line: u32,
    /// What stands under it; deeper headings are blocks of their own.
    pub blocks: Vec<Block>,
}

/// The goals of a sesi.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tujuan {
    /// The competence in a paragraph.
    pub kompetensi: Vec<Block>,
    /// The indicators as a list.
    pub indikator: Vec<Block>,
}

/// One step of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Langkah {
    /// The number in the heading.
    pub nomor: u32,
    /// The name without number and minutes.
    pub nama: String,
    /// How long it takes, in minutes; `None` where the heading does not say.
    pub menit: Option<u32>,
    /// The methods in lower case.
    pub metode: Vec<String>,
    /// What is used, as written.
    pub media: Vec<String>,
    /// What participants can do after it.
    pub hasil: String,
    /// Everything else in it.
    pub blocks: Vec<Block>,
    /// Its anchor on a page, `langkah-<nomor>`.
    pub anchor: String,
    /// Its line in the file.
    pub line: u32,
}

/// One worksheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LembarKerja {
    /// The number, for example `8.1`.
    pub kode: String,
    /// Its title.
    pub judul: String,
    /// What is on it.
    pub blocks: Vec<Block>,
    /// Its anchor on a page, `lk-8-1`.
    pub anchor: String,
    /// Its line in the file.
    pub line: u32,
}

/// A picture of a flip-chart page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// A bare file name such as `celengan.svg`.
    pub src: String,
    /// What is to be seen.
    pub alt: String,
}

/// One flip-chart page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LembarBalik {
    /// The number in the heading.
    pub nomor: u32,
    /// Its title in large type.
    pub judul: String,
    /// Its pictures, normally one.
    pub pictures: Vec<Picture>,
    /// The few words on the front.
    pub blocks: Vec<Block>,
    /// The notes on the back.
    pub catatan: Vec<Block>,
    /// Its anchor on a page, `lembar-<nomor>`.
    pub anchor: String,
    /// Its line in the file.
    pub line: u32,
}

/// The page that families take home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LembarKeluarga {
    /// Its title.
    pub judul: String,
    /// What is on it but for the exercise.
    pub blocks: Vec<Block>,
    /// The exercise to do at home.
    pub latihan: Vec<Block>,
    /// Its anchor on a page.
    pub anchor: String,
    /// Its line in the file.
    pub line: u32,
}

impl Sesi {
    /// Takes a text apart. Never fails: what cannot be understood is named, with an empty file
    /// name, and kept.
    pub fn parse(text: &str) -> (Self, Vec<Problem>) {
        build::parse(text)
    }

    /// The text it was made from, byte for byte; this is what an export writes.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The revision of its text.
    pub fn revision(&self) -> RevisionId {
        RevisionId::of(&self.source)
    }

    /// All sections in the order of the file, for an outline and for a search.
    pub fn sections(&self) -> Vec<SectionText> {
        outline::sections(self)
    }

    /// The minutes of all langkah together.
    pub fn menit_langkah(&self) -> u32 {
        self.langkah.iter().filter_map(|langkah| langkah.menit).fold(0, u32::saturating_add)
    }
}
