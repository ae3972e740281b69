//! One table, row by row, into either format.

use std::borrow::Cow;
use std::io;

use jiff::civil::Date;

use crate::transfer::columns::Kind;
use crate::transfer::csv;

use super::book::Book;
use super::{Format, Output, WriteError};

/// What one cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'v> {
    /// Nothing.
    Empty,
    /// Text, whatever it looks like.
    Text(Cow<'v, str>),
    /// A whole number.
    Count(u64),
    /// A share from 0 to 1.
    Share(f64),
    /// A day.
    Day(Date),
}

impl<'v> Value<'v> {
    /// As it stands in CSV.
    fn into_text(self) -> Cow<'v, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => text,
            Self::Count(count) => Cow::Owned(count.to_string()),
            Self::Share(share) => Cow::Owned(format!("{share:.4}")),
            Self::Day(day) => Cow::Owned(day.to_string()),
        }
    }
}

/// What a spreadsheet shows besides its rows; CSV shows nothing of it.
#[derive(Debug, Default)]
pub(super) struct Look<'l> {
    /// So many columns at the left stay in sight.
    pub(super) fixed: u16,
    /// What the table is about, by name.
    pub(super) facts: Vec<(&'l str, &'l str)>,
    /// What each column means, by heading.
    pub(super) meanings: Vec<(&'l str, &'l str)>,
}

/// A table that is being written.
pub(super) struct Table<'w> {
    to: &'w mut dyn io::Write,
    /// The spreadsheet as it grows; none for CSV.
    book: Option<Book>,
    rows: u64,
}

impl<'w> Table<'w> {
    /// Begins a table with the columns of a kind of file.
    pub(super) fn new(out: Output<'w>, kind: &'static Kind) -> Result<Self, WriteError> {
        let names: Vec<&str> = kind.columns.iter().map(|column| column.name).collect();
        Self::with_heading(out, kind.name, &names, &Look::default())
    }

    /// Begins a table with a heading of its own.
    pub(super) fn with_heading(
        out: Output<'w>,
        name: &str,
        heading: &[&str],
        look: &Look<'_>,
    ) -> Result<Self, WriteError> {
        let Output { format, to } = out;
        let book = match format {
            Format::Csv => {
                csv::write_record(to, heading.iter().map(|name| Cow::Borrowed(*name)))?;
                None
            }
            Format::Xlsx => Some(Book::new(name, heading, look)?),
        };
        Ok(Self { to, book, rows: 0 })
    }

    /// Adds a row.
    pub(super) fn row(&mut self, values: Vec<Value<'_>>) -> Result<(), WriteError> {
        match &mut self.book {
            None => csv::write_record(self.to, values.into_iter().map(Value::into_text))?,
            Some(book) => book.row(&values)?,
        }
        self.rows += 1;
        Ok(())
    }

    /// Ends the table; gives the number of its rows.
    pub(super) fn finish(self) -> Result<u64, WriteError> {
        if let Some(book) = self.book {
            self.to.write_all(&book.finish()?)?;
        }
        self.to.flush()?;
        Ok(self.rows)
    }
}
