//! The curriculum: what a skema, a modul and a sesi are, how a sesi is written, checked, compared
//! and merged. Pure code over texts: no disk, no clock, no web.

pub mod checker;
pub mod diff;
mod front_matter;
pub mod headings;
pub mod ids;
pub mod markdown;
pub mod merge;
mod position;
pub mod problem;
pub mod sesi;
pub mod shipped;
pub mod skema;
pub mod synonyms;
mod units;

pub use headings::Part;
pub use ids::{IdError, ModulId, RevisionId, SesiId, SkemaId};
pub use problem::{Problem, Severity};
pub use sesi::Sesi;
pub use skema::Skema;
