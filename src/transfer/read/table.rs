//! Going through a file row by row: heading first, then everything that every row must hold to.

use crate::decide::import::{Row, RowError};
use crate::transfer::columns::{Heading, Kind};
use crate::transfer::sheet::{Cell, Fault, Line, rows};

use super::row::RowReader;
use super::{FileError, Limits, Notes};

/// What a row turned out to be.
pub(super) enum Outcome<T> {
    /// A row for the import.
    Row(T),
    /// A row that is passed over, with the column and the sentence that say why.
    Skip(&'static str, String),
    /// A bad line; the reader was told what is wrong.
    Bad,
}

/// Reads a file of one kind: `parse` makes a value of each row, `out` takes it.
pub(super) fn read<T>(
    bytes: &[u8],
    limits: Limits,
    kind: &'static Kind,
    parse: &mut Parse<'_, T>,
    out: &mut dyn FnMut(Row<T>),
) -> Result<Notes, FileError> {
    let mut notes = Notes::default();
    let mut table: Option<Table> = None;
    let mut count = 0_u32;
    rows(bytes, limits, &mut |line| {
        let Some(table) = &table else {
            table = Some(Table::of(kind, limits, &line, &mut notes)?);
            return Ok(());
        };
        count += 1;
        if count > limits.rows {
            return Err(FileError::TooManyRows { max: limits.rows });
        }
        table.row(&line, parse, out, &mut notes);
        Ok(())
    })?;
    if table.is_none() {
        return Err(FileError::Empty);
    }
    Ok(notes)
}

/// Makes a value of a row.
pub(super) type Parse<'p, T> = dyn FnMut(&mut RowReader<'_, '_>) -> Outcome<T> + 'p;

/// A file whose heading was read.
#[derive(Debug)]
pub(super) struct Table {
    kind: &'static Kind,
    heading: Heading,
    limits: Limits,
}

impl Table {
    /// Reads the heading.
    pub(super) fn of(
        kind: &'static Kind,
        limits: Limits,
        line: &Line<'_, '_>,
        notes: &mut Notes,
    ) -> Result<Self, FileError> {
        Ok(Self { kind, heading: read_heading(kind, line, notes)?, limits })
    }

    /// Reads a row: its value goes to `out`, what is wrong with it to `notes`.
    pub(super) fn row<T>(
        &self,
        line: &Line<'_, '_>,
        parse: &mut Parse<'_, T>,
        out: &mut dyn FnMut(Row<T>),
        notes: &mut Notes,
    ) {
        let Self { kind, heading, limits } = self;
        let mut errors = Vec::new();
        whole_row(line, heading, *limits, &mut errors);
        let mut found = Outcome::Bad;
        if errors.is_empty() {
            let mut row = RowReader::new(kind, heading, line, &mut errors);
            found = parse(&mut row);
            row.finish();
        }
        let line = line.number;
        match found {
            Outcome::Row(value) if errors.is_empty() => out(Row { line, value }),
            Outcome::Skip(field, message) if errors.is_empty() => {
                warn(notes, *limits, RowError { line, field: field.to_owned(), message });
            }
            _ if notes.errors.len() >= limits.errors => {
                notes.unlisted = notes.unlisted.saturating_add(1);
            }
            _ => notes.errors.append(&mut errors),
        }
    }
}

/// Adds a warning, as long as there are not too many of them.
pub(super) fn warn(notes: &mut Notes, limits: Limits, warning: RowError) {
    if notes.warnings.len() < limits.errors {
        notes.warnings.push(warning);
    }
}

fn read_heading(
    kind: &'static Kind,
    line: &Line<'_, '_>,
    notes: &mut Notes,
) -> Result<Heading, FileError> {
    match line.fault {
        Some(Fault::Encoding) => return Err(FileError::BrokenHeading),
        Some(Fault::Zero) => return Err(FileError::Binary),
        Some(Fault::Quote) | None => {}
    }
    let names: Vec<String> = line
        .cells
        .iter()
        .map(|cell| match cell {
            Cell::Text(text) => text.to_string(),
            _ => String::new(),
        })
        .collect();
    let heading = Heading::find(kind, &names)?;
    notes.warnings.extend(heading.unknown.iter().map(|name| RowError {
        line: line.number,
        field: name.clone(),
        message: format!("Kolom “{name}” tidak dikenal dan dilewati."),
    }));
    Ok(heading)
}

/// What every row of every kind must hold to.
fn whole_row(line: &Line<'_, '_>, heading: &Heading, limits: Limits, errors: &mut Vec<RowError>) {
    let mut fail = |field: &str, message: String| {
        errors.push(RowError { line: line.number, field: field.to_owned(), message });
    };
    match line.fault {
        Some(Fault::Encoding) => fail(
            "baris",
            "Baris ini memuat huruf yang bukan UTF-8. Simpan sebagai CSV UTF-8, lalu ulangi."
                .to_owned(),
        ),
        Some(Fault::Zero) => fail(
            "baris",
            "Baris ini memuat karakter kosong (NUL) yang tidak terlihat. Ketik ulang barisnya, lalu ulangi."
                .to_owned(),
        ),
        Some(Fault::Quote) => fail(
            "baris",
            "Tanda kutip di baris ini salah letak. Tulis tanda kutip di dalam teks dua kali (\"\")."
                .to_owned(),
        ),
        None => {}
    }
    let extra = line.cells.iter().skip(heading.width).any(|cell| !cell.is_blank());
    if extra {
        fail(
            "baris",
            format!(
                "Baris ini mempunyai isi di luar {} kolom baris judul. Beri tanda kutip pada teks yang memuat pemisah.",
                heading.width
            ),
        );
    } else if line.cells.len() < heading.width && !line.may_be_short {
        fail(
            "baris",
            format!(
                "Baris ini hanya {} kolom, seharusnya {}. Periksa pemisah dan tanda kutipnya.",
                line.cells.len(),
                heading.width
            ),
        );
    }
    let max = limits.cell_chars;
    for cell in line.cells {
        if let Cell::Text(text) = cell
            // A character has at least one byte, so most cells need no counting.
            && text.len() > max
            && text.chars().count() > max
        {
            let message = format!("Isi satu kolom lebih dari {max} huruf. Ringkas isinya.");
            fail("baris", message);
        }
    }
}
