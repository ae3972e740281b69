//! One row, column by column.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::decide::import::RowError;
use crate::kelompok::text::{TextError, holds_personal_number};
use crate::transfer::columns::{Heading, Kind};
use crate::transfer::sheet::{Cell, Line};

/// Reads the columns of one row and gathers what is wrong with them.
///
/// A method that gives `None` has said why, or the column is empty and that is no error there.
pub(super) struct RowReader<'r, 'a> {
    kind: &'static Kind,
    heading: &'r Heading,
    line: &'r Line<'r, 'a>,
    errors: &'r mut Vec<RowError>,
}

impl<'r, 'a> RowReader<'r, 'a> {
    pub(super) fn new(
        kind: &'static Kind,
        heading: &'r Heading,
        line: &'r Line<'r, 'a>,
        errors: &'r mut Vec<RowError>,
    ) -> Self {
        Self { kind, heading, line, errors }
    }

    /// Says what is wrong with a column.
    pub(super) fn fail(&mut self, column: usize, message: impl Into<String>) {
        let field = self.kind.columns.get(column).map_or("baris", |column| column.name);
        let line = self.line.number;
        // One sentence a column is enough; the first is the nearest to the cause.
        if !self.errors.iter().any(|error| error.field == field) {
            self.errors.push(RowError { line, field: field.to_owned(), message: message.into() });
        }
    }

    /// Whether anything is wrong so far.
    pub(super) fn failed(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Ends the reading of the row: errors stand in the order of the columns.
    pub(super) fn finish(self) {
        let kind = self.kind;
        let place = |error: &RowError| kind.columns.iter().position(|one| one.name == error.field);
        self.errors.sort_by_key(place);
    }

    /// The line of the row.
    pub(super) fn line(&self) -> u32 {
        self.line.number
    }

    /// The cell of a column; empty where the file has no such column.
    pub(super) fn cell(&self, column: usize) -> &'r Cell<'a> {
        const NONE: &Cell<'static> = &Cell::Empty;
        let place = self.heading.places.get(column).copied().flatten();
        place.and_then(|place| self.line.cells.get(place)).unwrap_or(NONE)
    }

    /// The text of a column without blanks around it; empty for an empty cell.
    pub(super) fn text(&mut self, column: usize) -> Cow<'r, str> {
        match self.cell(column) {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text.trim()),
            Cell::Number(number) => Cow::Owned(number_text(*number)),
            Cell::Bool(true) => Cow::Borrowed("ya"),
            Cell::Bool(false) => Cow::Borrowed("tidak"),
            Cell::Date(at) if at.time() == jiff::civil::Time::midnight() => {
                Cow::Owned(at.date().to_string())
            }
            Cell::Date(at) => Cow::Owned(at.to_string()),
            Cell::Error(error) => {
                let message = format!(
                    "Sel ini memuat kesalahan rumus {error}. Ganti dengan nilai yang benar."
                );
                self.fail(column, message);
                Cow::Borrowed("")
            }
            Cell::Formula => {
                self.fail(column, "Sel ini memuat rumus tanpa nilai yang tersimpan. Buka dan simpan ulang berkasnya dengan program lembar kerja, atau tulis nilainya langsung.");
                Cow::Borrowed("")
            }
        }
    }

    /// The text of a column that must not be empty.
    pub(super) fn needed(&mut self, column: usize, what: &str) -> Option<Cow<'r, str>> {
        let text = self.text(column);
        if text.is_empty() {
            self.fail(column, format!("Kolom ini kosong. Isi dengan {what}."));
            return None;
        }
        Some(text)
    }

    /// A code such as an id, which must not be a person's number.
    pub(super) fn parsed<T: std::str::FromStr>(&mut self, column: usize, what: &str) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        let text = self.needed(column, what)?;
        if holds_personal_number(&text) {
            self.fail(column, TextError::PersonalNumber.to_string());
            return None;
        }
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(column, error.to_string());
                None
            }
        }
    }

    /// A count of people that must be there.
    pub(super) fn count(&mut self, column: usize) -> Option<u16> {
        if self.cell(column).is_blank() {
            self.fail(column, "Kolom ini kosong. Isi dengan angka, misalnya 25.");
            return None;
        }
        self.optional_count(column)
    }

    /// A count of people, if there is one.
    pub(super) fn optional_count(&mut self, column: usize) -> Option<u16> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(count) if plain => Some(count),
            _ => {
                let message = format!(
                    "“{}” bukan jumlah orang. Tulis bilangan bulat, misalnya 25.",
                    short(&text)
                );
                self.fail(column, message);
                None
            }
        }
    }

    /// A date that must be there.
    pub(super) fn date(&mut self, column: usize) -> Option<Date> {
        if let Cell::Date(at) = self.cell(column) {
            return Some(at.date());
        }
        let text = self.needed(column, "tanggal, misalnya 2026-11-21")?;
        match tanggal::parse(&text) {
            Ok(date) => Some(date),
            Err(error) => {
                self.fail(column, error.to_string());
                None
            }
        }
    }
}

/// A number of a spreadsheet as people would type it.
fn number_text(number: f64) -> String {
    // Display writes the shortest form that reads back the same, without an exponent.
    format!("{number}")
}

/// The beginning of a text, for a sentence.
pub(super) fn short(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
