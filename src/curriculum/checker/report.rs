//! What the checker found, and a table of the sesi.

use std::fmt;

use serde::Serialize;

use super::file::File;
use super::{reading, steps};
use crate::curriculum::problem::{Problem, Severity};

/// The outcome of a check.
///
/// Its `Display` is what the command line prints: the problems, then the table, then one sentence.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// The problems, by file and line.
    pub problems: Vec<Problem>,
    /// One row for each sesi.
    pub rows: Vec<SesiRow>,
}

/// A sesi in figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SesiRow {
    /// The file.
    pub file: String,
    /// The id; empty where the file has none.
    pub id: String,
    /// The title.
    pub judul: String,
    /// Words without Bahan bacaan and Tanya jawab.
    pub words: usize,
    /// How many langkah.
    pub langkah: usize,
    /// The minutes of all langkah.
    pub menit: u32,
    /// Says whether a langkah discusses a case story.
    pub discussion: bool,
    /// How many pages of Lembar balik.
    pub lembar_balik: usize,
    /// How many rujukan.
    pub rujukan: usize,
    /// Words to a sentence on the Lembar keluarga.
    pub mean_sentence: f32,
    /// Words of its longest sentence.
    pub longest_sentence: usize,
    /// The share of its words that are not everyday ones, from 0 to 1.
    pub hard_share: f32,
    /// The share of long sentences that also stand in another file, from 0 to 1.
    pub repeated_share: f32,
}

pub(super) fn row(file: &File<'_>, repeated_share: f32) -> SesiRow {
    let sesi = &file.sesi;
    let ease = sesi.lembar_keluarga.as_ref().map(reading::ease);
    SesiRow {
        file: file.name.to_owned(),
        id: sesi.front.id.as_ref().map(ToString::to_string).unwrap_or_default(),
        judul: sesi.title.clone(),
        words: reading::sesi_words(sesi),
        langkah: sesi.langkah.len(),
        menit: sesi.menit_langkah(),
        discussion: sesi.langkah.iter().any(steps::is_discussion),
        lembar_balik: sesi.lembar_balik.len(),
        rujukan: sesi.front.rujukan.len(),
        mean_sentence: ease.as_ref().map_or(0.0, |ease| ease.mean),
        longest_sentence: ease.as_ref().map_or(0, |ease| ease.longest),
        hard_share: ease.as_ref().map_or(0.0, |ease| ease.hard_share),
        repeated_share,
    }
}

impl Report {
    /// How many problems weigh this much.
    pub fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|problem| problem.severity == severity).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        if !self.rows.is_empty() {
            let title = ["kata", "langkah", "menit", "diskusi", "lembar", "rujukan"];
            for name in title {
                write!(f, "{name:>8}")?;
            }
            writeln!(f, "{:>9}{:>9}{:>7}{:>8}  sesi", "kal.rata", "kal.maks", "sulit", "ulang")?;
        }
        for row in &self.rows {
            let discussion = if row.discussion { "ya" } else { "tidak" };
            write!(f, "{:>8}{:>8}{:>8}{discussion:>8}", row.words, row.langkah, row.menit)?;
            write!(f, "{:>8}{:>8}", row.lembar_balik, row.rujukan)?;
            write!(f, "{:>9.1}{:>9}", row.mean_sentence, row.longest_sentence)?;
            let (hard, repeated) = (row.hard_share * 100.0, row.repeated_share * 100.0);
            writeln!(f, "{hard:>6.0}%{repeated:>7.1}%  {}", row.id)?;
        }
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        if errors + warnings == 0 {
            writeln!(f, "Tidak ada masalah.")
        } else {
            writeln!(f, "{errors} kesalahan dan {warnings} peringatan.")
        }
    }
}
