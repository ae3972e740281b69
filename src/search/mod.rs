//! The search: finds the langkah of the sesi that somebody half remembers, typos included.
//!
//! [`Index`] is built from a [`Collection`] and answers a [`Query`]. A query is read word by word
//! (`plan`): each word may be answered by its other forms, by a synonym from the page of
//! synonyms, or by the nearest word that the texts use. The engine then proposes sections and
//! whole texts, and `score` puts them in order by what it knows of each: how often and how near
//! the words stand, in headings or names, and how many of them are there.

mod answer;
mod direct;
mod doc;
mod engine;
mod entry;
mod explain;
mod facets;
mod index;
mod matcher;
mod plan;
mod quoted;
mod rank;
mod results;
mod score;
mod shelf;
mod snippet;
mod spelling;
mod suggest;
mod tuning;
mod vocab;

pub use self::doc::{Collection, Place, SearchDoc, SectionDoc};
pub use self::index::{FORMAT_VERSION, Index, MEMORY_SECTIONS};
pub use self::results::{
    Facets, Hit, Piece, Query, Reason, Results, SectionHit, Suggestion, SuggestionTarget, Why,
};
pub use self::tuning::Tuning;

/// What can go wrong with an index.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The engine reports a failure.
    #[error("Pencarian sedang terganggu. Coba lagi sebentar lagi; bila tetap, beri tahu admin.")]
    Engine(#[from] tantivy::TantivyError),
    /// The folder of the index cannot be used.
    #[error("Folder indeks pencarian tidak dapat dipakai. Periksa izin dan ruang disknya.")]
    Folder(#[from] std::io::Error),
}
