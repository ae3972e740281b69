//! Paper: a document as plain values in, a PDF out.
//!
//! A [`Document`] holds what is to be printed, [`Options`] how, and a [`Printer`] makes the file.
//! Texts reach the engine as data and never as its markup, so nothing that stands in a text can
//! run. Everything is bounded: the size of a text, the pages that come out, pictures, columns.
//!
//! `templates/print/` holds the design, `docs/print.md` the reasons for it.

mod booklet;
mod compact;
mod data;
mod document;
mod error;
mod fonts;
mod names;
mod options;
mod printer;
mod qr;
mod report;
#[cfg(test)]
mod tests;
mod world;

pub use self::data::pictures::PictureLookup;
pub use self::document::{
    Binding, BookModul, BookPrint, Document, EditionPrint, GroupPrint, LastTaught, PaketPrint,
    SesiPrint, weight,
};
pub use self::error::PrintError;
pub use self::options::{Options, Paper, Sheets, UnknownPaper};
pub use self::printer::{Pdf, Preview, Printer};
pub use self::report::{
    ChangePrint, Figure, HeatCell, HeatColumn, HeatMap, HeatRow, KeyFigure, ReportPrint, ReportRow,
    RtlPrint, RtlRow,
};
