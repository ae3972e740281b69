//! A table for people, read out of the state at once and written when nobody waits for the state.

use super::table::{Look, Table, Value};
use super::{Output, WriteError};

/// A column of a [`Report`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its heading.
    pub(super) heading: String,
    /// What stands in it, in a sentence.
    pub(super) meaning: String,
}

impl Column {
    pub(super) fn new(heading: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self { heading: heading.into(), meaning: meaning.into() }
    }
}

/// A whole table in memory: what it is about, its columns with their meaning, its rows.
///
/// As a spreadsheet it has a second sheet that says what each column means; CSV holds the rows
/// alone.
#[derive(Debug)]
pub struct Report {
    /// The name of the sheet.
    name: &'static str,
    /// So many columns at the left stay in sight.
    fixed: u16,
    columns: Vec<Column>,
    facts: Vec<(String, String)>,
    rows: Vec<Vec<Value<'static>>>,
}

impl Report {
    pub(super) fn new(name: &'static str, fixed: u16, columns: Vec<Column>) -> Self {
        Self { name, fixed, columns, facts: Vec::new(), rows: Vec::new() }
    }

    /// Adds a row; as many values as there are columns.
    pub(super) fn push(&mut self, row: Vec<Value<'static>>) {
        self.rows.push(row);
    }

    /// Says something about the whole table, such as `Keadaan pada`, `21 November 2026`.
    #[must_use]
    pub fn with_fact(mut self, name: &str, value: impl Into<String>) -> Self {
        self.facts.push((name.to_owned(), value.into()));
        self
    }

    /// Writes it; gives the number of rows.
    ///
    /// # Errors
    /// When it cannot be written, or has too many rows for a spreadsheet.
    pub fn write(self, out: Output<'_>) -> Result<u64, WriteError> {
        let heading: Vec<&str> = self.columns.iter().map(|one| one.heading.as_str()).collect();
        let meanings = self.columns.iter().filter(|one| !one.meaning.is_empty());
        let meanings = meanings.map(|one| (&*one.heading, &*one.meaning)).collect();
        let facts = self.facts.iter().map(|(name, value)| (&**name, &**value)).collect();
        let look = Look { fixed: self.fixed, facts, meanings };
        let mut table = Table::with_heading(out, self.name, &heading, &look)?;
        for row in self.rows {
            table.row(row)?;
        }
        table.finish()
    }
}
