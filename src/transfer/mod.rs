//! Spreadsheets and text tables in and out: CSV and XLSX.
//!
//! [`read`] turns a file into the typed rows of an import and names every bad line; [`mod@write`] turns
//! what is known into files that a person can open and that [`read`] takes back unchanged. Nothing
//! here decides whether a row may be taken: that is [`crate::decide::import`]. No file is opened
//! here either: bytes come in, bytes go into a writer.

mod archive;
mod columns;
mod csv;
mod guard;
mod items;
mod meaning;
pub mod read;
mod sheet;
pub mod write;

pub use self::meaning::{ColumnMeaning, columns};
pub use self::read::{FileError, Limits, Lookup, Notes, Reading};
