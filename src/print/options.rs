//! The choices of whoever prints: paper, ink, size of type.

use std::str::FromStr;

use super::{Document, PrintError};

/// The sizes of paper, portrait unless a document says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Paper {
    /// 210 x 297 mm.
    #[default]
    A4,
    /// Folio as most offices buy it, 215 x 330 mm.
    F4,
    /// Folio as some printers know it, 210 x 330 mm.
    F4Narrow,
    /// 148 x 210 mm.
    A5,
    /// A5 pages two to a side of A4, in the order of a booklet that is folded once.
    A5Booklet,
    /// 297 x 420 mm, for a lembar balik only.
    A3,
}

impl Paper {
    /// Every size, in the order of a list of choices.
    pub const ALL: [Self; 6] =
        [Self::A4, Self::F4, Self::F4Narrow, Self::A5, Self::A5Booklet, Self::A3];

    /// Width and height of a page in mm, upright.
    pub const fn size_mm(self) -> (u16, u16) {
        match self {
            Self::A4 => (210, 297),
            Self::F4 => (215, 330),
            Self::F4Narrow => (210, 330),
            Self::A5 | Self::A5Booklet => (148, 210),
            Self::A3 => (297, 420),
        }
    }

    /// The name in a file name and on a list of choices: `A4`, `F4`, `F4-210`, `A5`, `A5-lipat`,
    /// `A3`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A4 => "A4",
            Self::F4 => "F4",
            Self::F4Narrow => "F4-210",
            Self::A5 => "A5",
            Self::A5Booklet => "A5-lipat",
            Self::A3 => "A3",
        }
    }
}

/// The text is not the name of a paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Ukuran kertas ini tidak dikenal. Pilih a4, f4, f4-210, a5, a5-lipat, atau a3.")]
pub struct UnknownPaper;

impl FromStr for Paper {
    type Err = UnknownPaper;

    /// Reads a name as in [`Paper::name`], whatever the case.
    fn from_str(text: &str) -> Result<Self, UnknownPaper> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|paper| paper.name().eq_ignore_ascii_case(text))
            .ok_or(UnknownPaper)
    }
}

/// What was chosen for one print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// The paper.
    pub paper: Paper,
    /// No tinted areas and no column for notes: less ink, fewer sheets.
    pub saving: bool,
    /// Larger type.
    pub large: bool,
    /// With bahan bacaan and tanya jawab.
    pub reading: bool,
    /// Two family sheets side by side on one sheet.
    pub two_up: bool,
}

impl Options {
    /// Refuses a paper that is not meant for the document.
    pub(super) fn fits(&self, document: &Document<'_>) -> Result<(), PrintError> {
        let only_for = match (self.paper, document) {
            (Paper::A3, Document::LembarBalik(..))
            | (Paper::A5Booklet, Document::Panduan(_) | Document::Buku(_))
            | (Paper::A4 | Paper::F4 | Paper::F4Narrow | Paper::A5, _) => return Ok(()),
            (Paper::A3, _) => "lembar balik",
            (Paper::A5Booklet, _) => "panduan dan buku modul",
        };
        Err(PrintError::WrongPaper { paper: self.paper.name(), only_for })
    }
}

/// What a print costs in paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sheets {
    /// Pages of the PDF.
    pub pages: usize,
    /// Sheets when only one side is printed on.
    pub one_sided: usize,
    /// Sheets when both sides are printed on.
    pub two_sided: usize,
}

impl Sheets {
    /// The sheets of so many pages of a PDF.
    pub const fn of(pages: usize) -> Self {
        Self { pages, one_sided: pages, two_sided: pages.div_ceil(2) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_known_by_name_and_size() {
        for (text, paper, size) in [
            ("a4", Paper::A4, (210, 297)),
            (" F4 ", Paper::F4, (215, 330)),
            ("f4-210", Paper::F4Narrow, (210, 330)),
            ("A5", Paper::A5, (148, 210)),
            ("a5-lipat", Paper::A5Booklet, (148, 210)),
            ("a3", Paper::A3, (297, 420)),
        ] {
            let read: Paper = text.parse().unwrap();
            assert_eq!((read, read.size_mm()), (paper, size), "{text}");
        }
        for text in ["", "letter", "a44"] {
            assert_eq!(text.parse::<Paper>(), Err(UnknownPaper), "{text}");
        }
    }

    #[test]
    fn sheets_round_up() {
        for (pages, two_sided) in [(0, 0), (1, 1), (2, 1), (7, 4)] {
            assert_eq!(Sheets::of(pages).two_sided, two_sided);
        }
    }
}
