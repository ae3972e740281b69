//! The fields of a record, for the page that records a pertemuan and the one that changes it.

mod fields;
mod parse;
mod seats;

pub(crate) use fields::{ModulChoice, RecordFields, Row, summary};
pub(crate) use parse::{parse, values_of};
pub(crate) use seats::Tapping;
