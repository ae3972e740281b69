//! What is asked and what is answered.

use crate::curriculum::{ModulId, Part, SesiId, SkemaId};

use super::doc::Place;

/// A question to the index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// As typed. Anything goes; only the first 1,000 bytes and 24 words that say something count.
    /// Words between double quotes must stand together just so.
    pub text: String,
    /// Looks for the words as typed: no roots, no synonyms, no correction.
    pub exact: bool,
    /// Only sesi of this modul.
    pub modul: Option<ModulId>,
    /// Only sections of this part.
    pub bagian: Option<Part>,
    /// Only sesi of this skema.
    pub skema: Option<SkemaId>,
    /// Only sesi for these people, as written in the text.
    pub audience: Option<String>,
    /// Also drafts and old editions; the caller says who may.
    pub include_drafts: bool,
    /// How many hits at most; never more than 50.
    pub limit: usize,
    /// How many hits to leave out before the first.
    pub offset: usize,
}

impl Query {
    /// A question for the first ten live answers.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), limit: 10, ..Self::default() }
    }
}

/// The answer to a [`Query`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// As typed, without control characters, at most 1,000 bytes.
    pub query: String,
    /// The query that was looked for instead, where words that no text has were corrected.
    pub corrected: Option<String>,
    /// A query that the writer may have meant; its words were not looked for.
    pub did_you_mean: Option<String>,
    /// How the hits were found.
    pub reason: Reason,
    /// Words, as typed, that no text has in any form, not even mended or as a synonym.
    pub unknown: Vec<String>,
    /// Whether words were left out because the query was too long.
    pub cut: bool,
    /// How many sesi answer, all pages together.
    pub total: usize,
    /// The hits of this page, best first.
    pub hits: Vec<Hit>,
    /// The sesi that the query names by number, title or other title.
    pub direct: Option<SesiId>,
    /// How many of the sesi stand under which heading.
    pub facets: Facets,
    /// Sesi with names like the query; filled only where there is no hit.
    pub nearest: Vec<Hit>,
}

/// How hits were found; the best hit decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reason {
    /// No hit.
    #[default]
    Nothing,
    /// It has every word of the query, in some form.
    AllWords,
    /// It has every word or one that means the same.
    Synonyms,
    /// It has the words of the corrected query.
    Corrected,
    /// It has some of the words.
    Relaxed,
}

impl Reason {
    /// A sentence for the page of results, in Indonesian; empty where none is needed.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::AllWords | Self::Corrected => "",
            Self::Nothing => "Belum ada sesi yang cocok. Coba kata lain atau pilih dari daftar.",
            Self::Synonyms => "Hasil ini memakai kata lain yang artinya sama.",
            Self::Relaxed => {
                "Tidak ada sesi yang memuat semua kata. Hasil ini memuat sebagian katanya."
            }
        }
    }
}

/// One sesi (or page of guidance) that answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Which.
    pub sesi: SesiId,
    /// Its title.
    pub title: String,
    /// Its place in each skema; empty for a page of guidance.
    pub places: Vec<Place>,
    /// How long the meeting takes.
    pub minutes: Option<u32>,
    /// `false` for a draft and for an old edition.
    pub live: bool,
    /// Its edition; 0 for a draft that was never published.
    pub edition: u32,
    /// Comparable within one answer only.
    pub score: f32,
    /// Why it is here, the best reason first.
    pub why: Vec<Why>,
    /// Its best sections, at most three, best first.
    pub sections: Vec<SectionHit>,
}

/// Why a sesi is among the hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The query is its number or one of its names.
    Direct,
    /// Words of its title.
    Title,
    /// Words of this other title.
    Alias(String),
    /// This keyword.
    Keyword(String),
    /// A word that means the same: what was typed and what was found.
    Synonym(String, String),
    /// A corrected word: what was typed and what was found.
    Spelling(String, String),
    /// Words of its text.
    Text,
}

impl Why {
    /// The reason as a short phrase in Indonesian.
    pub fn phrase(&self) -> String {
        match self {
            Self::Direct => "sesi yang Anda sebut".to_owned(),
            Self::Title => "cocok dengan judul".to_owned(),
            Self::Alias(name) => format!("dikenal juga sebagai \"{name}\""),
            Self::Keyword(word) => format!("kata kunci \"{word}\""),
            Self::Synonym(typed, found) => format!("\"{typed}\" sama artinya dengan \"{found}\""),
            Self::Spelling(typed, found) => format!("\"{typed}\" dibaca \"{found}\""),
            Self::Text => "cocok dengan isi".to_owned(),
        }
    }
}

/// One section that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionHit {
    /// Its anchor on the page of the sesi.
    pub anchor: String,
    /// The words of its heading.
    pub heading: String,
    /// The part it belongs to.
    pub part: Part,
    /// The passage that answers; about 200 letters.
    pub snippet: Vec<Piece>,
}

/// A piece of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its text; plain, not HTML.
    pub text: String,
    /// Whether it answers the query.
    pub marked: bool,
}

/// How many sesi of the answer stand under which heading; the commonest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// By modul, with its title.
    pub modul: Vec<(ModulId, String, usize)>,
    /// By part: how many sesi answer in it.
    pub bagian: Vec<(Part, usize)>,
    /// By whom they are for.
    pub audience: Vec<(String, usize)>,
    /// By skema.
    pub skema: Vec<(SkemaId, usize)>,
}

/// Something to offer while a query is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What to show.
    pub text: String,
    /// Where it leads.
    pub to: SuggestionTarget,
}

/// Where a suggestion leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuggestionTarget {
    /// To a sesi.
    Sesi(SesiId),
    /// To a section of a sesi, by its anchor.
    Section(SesiId, String),
    /// To the results of this query.
    Query(String),
}
