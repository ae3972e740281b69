//! A file as rows of cells, whatever it was saved as.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, Xlsx};
use jiff::civil::DateTime;

use super::archive;
use super::csv::Parser;
use super::guard::unguard;
use super::read::{FileError, Limits};

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text.
    Text(Cow<'a, str>),
    /// A number of a spreadsheet.
    Number(f64),
    /// A date or time of a spreadsheet.
    Date(DateTime),
    /// Ticked or not.
    Bool(bool),
    /// An error of a spreadsheet's formula, as it shows there.
    Error(String),
    /// A formula of a spreadsheet that stores no value beside it, as programs write it that do not
    /// reckon themselves.
    Formula,
}

impl Cell<'_> {
    /// Whether nothing but blanks stands in it.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// One row of a file.
#[derive(Debug)]
pub(super) struct Line<'r, 'a> {
    /// Its number, from 1; for a spreadsheet that of its row.
    pub(super) number: u32,
    /// Its cells.
    pub(super) cells: &'r [Cell<'a>],
    /// What is wrong with the row as a whole.
    pub(super) fault: Option<Fault>,
    /// Whether a row shorter than the heading means empty cells.
    pub(super) may_be_short: bool,
}

/// What may be wrong with a row as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Text behind a closing quotation mark.
    Quote,
    /// Letters that are no UTF-8.
    Encoding,
    /// A zero byte, as a damaged file holds them.
    Zero,
}

/// Takes one row; an error ends the reading.
pub(super) type Take<'t> = dyn FnMut(Line<'_, '_>) -> Result<(), FileError> + 't;

/// Cells to the right of this column are not kept; a row that has some is named.
const MAX_COLUMNS: usize = 256;
/// A spreadsheet is at the beginning of an archive.
const ARCHIVE: &[u8] = b"PK";
/// What old office files begin with.
const OLD_OFFICE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// What some programs write before UTF-8 text.
const BOM: &[u8] = b"\xef\xbb\xbf";
/// So many bytes hold the heading of any table.
pub(super) const HEAD_BYTES: usize = 1 << 20;
/// So many bytes at the head tell text from something else.
const LOOKED_AT: usize = 1_000;
/// So many of them may be a stray zero of a damaged text.
const MAX_STRAY: usize = 8;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Text with separators.
    Text,
    /// A spreadsheet.
    Sheet,
}

/// What a file is, by its first bytes.
///
/// # Errors
/// When it is nothing that can be read.
pub(super) fn form(bytes: &[u8], limits: Limits) -> Result<Form, FileError> {
    if bytes.len() as u64 > limits.bytes {
        return Err(FileError::TooLarge { max_mb: limits.bytes >> 20 });
    }
    if bytes.starts_with(ARCHIVE) {
        return Ok(Form::Sheet);
    }
    if bytes.starts_with(OLD_OFFICE) {
        return Err(FileError::OldSpreadsheet);
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(FileError::Utf16);
    }
    let nothing = bytes.iter().take(LOOKED_AT).filter(|byte| **byte == 0).count();
    if nothing > MAX_STRAY { Err(FileError::Binary) } else { Ok(Form::Text) }
}

/// Gives every row that is not blank to `take`, in order.
///
/// # Errors
/// When the file as a whole cannot be read, or `take` says so.
pub(super) fn rows(bytes: &[u8], limits: Limits, take: &mut Take<'_>) -> Result<(), FileError> {
    if form(bytes, limits)? == Form::Sheet {
        archive::check(bytes)?;
        // The archive is sound, but what stands in it is read by code that was not made for
        // hostile files; a stumble there must not take the program down.
        return catch_unwind(AssertUnwindSafe(|| spreadsheet(bytes, take)))
            .unwrap_or(Err(FileError::Damaged));
    }
    text(bytes, |text| Parser::new(text), take).map(drop)
}

/// Where the first record of a text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// The separator of the whole text.
    pub(super) delimiter: u8,
    /// The first byte behind what is no record.
    pub(super) at: usize,
    /// How many lines stand before it.
    pub(super) lines: u32,
}

/// Looks for the separator of a text and for where its records begin.
pub(super) fn head(bytes: &[u8]) -> Head {
    // The separator is told by the first lines.
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]);
    let (delimiter, at, lines) = Parser::new(&text).start();
    let mark = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
    Head { delimiter, at: mark + at, lines }
}

/// Gives the rows of a piece of a text, which are counted from its own beginning, and says how many
/// lines the piece goes on.
///
/// # Errors
/// As for [`rows`].
pub(super) fn piece(bytes: &[u8], delimiter: u8, take: &mut Take<'_>) -> Result<u32, FileError> {
    text(bytes, |text| Parser::within(text, delimiter), take)
}

fn text(
    bytes: &[u8],
    begin: impl for<'t> FnOnce(&'t str) -> Parser<'t>,
    take: &mut Take<'_>,
) -> Result<u32, FileError> {
    // Where a byte is no UTF-8, a mark takes its place, by which the row is known below.
    let sound = std::str::from_utf8(bytes);
    let broken = sound.is_err();
    let text = sound.map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    // Most files hold no apostrophe at all; looking once spares looking into every cell.
    let marked = text.contains('\'');
    let stray = text.contains('\0');
    let mut parser = begin(&text);
    let mut fields = Vec::new();
    let mut cells = Vec::new();
    while let Some(record) = parser.next(&mut fields) {
        let record = record.map_err(|open| FileError::OpenQuote { line: open.line })?;
        if fields.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let lost = |field: &Cow<'_, str>| field.contains(char::REPLACEMENT_CHARACTER);
        let fault = if broken && fields.iter().any(lost) {
            Some(Fault::Encoding)
        } else if stray && fields.iter().any(|field| field.contains('\0')) {
            Some(Fault::Zero)
        } else {
            record.malformed.then_some(Fault::Quote)
        };
        cells.clear();
        cells.extend(fields.drain(..).map(|field| match field {
            field if field.is_empty() => Cell::Empty,
            field if !marked => Cell::Text(field),
            Cow::Borrowed(field) => Cell::Text(unguard(field)),
            Cow::Owned(field) => Cell::Text(Cow::Owned(unguard(&field).into_owned())),
        }));
        take(Line { number: record.line, cells: &cells, fault, may_be_short: false })?;
    }
    Ok(parser.line() - 1)
}

fn spreadsheet(bytes: &[u8], take: &mut Take<'_>) -> Result<(), FileError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| FileError::NoSpreadsheet)?;
    let first = book.sheet_names().first().cloned().ok_or(FileError::NoSpreadsheet)?;
    let formulas = formulas(&mut book, &first)?;
    let mut reader = book.worksheet_cells_reader(&first).map_err(|_| FileError::NoSpreadsheet)?;
    let mut row = SheetRow { number: 0, cells: Vec::new() };
    while let Some(cell) = reader.next_cell().map_err(|_| FileError::Damaged)? {
        let (number, column) = cell.get_position();
        let formula = formulas.contains(&(number, column));
        // Rows of a sheet are counted from 0; the largest is a million.
        let number = number.saturating_add(1);
        if number < row.number {
            return Err(FileError::Disordered { line: row.number });
        }
        if number > row.number {
            row.give(take)?;
            row.number = number;
        }
        let value = match value(cell.get_value()) {
            Cell::Empty if formula => Cell::Formula,
            value => value,
        };
        if !value.is_blank() {
            row.put(usize::try_from(column).unwrap_or(usize::MAX), value);
        }
    }
    row.give(take)
}

/// Where the formulas of a sheet stand. A cell is read by its stored value, which tells nothing of
/// a formula that has none; so the sheet is gone through once before.
fn formulas(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<HashSet<(u32, u32)>, FileError> {
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|_| FileError::NoSpreadsheet)?;
    let mut found = HashSet::new();
    while let Some(cell) = reader.next_formula().map_err(|_| FileError::Damaged)? {
        if !cell.get_value().is_empty() {
            found.insert(cell.get_position());
        }
    }
    Ok(found)
}

/// The row of a spreadsheet whose cells are being gathered.
struct SheetRow<'a> {
    number: u32,
    cells: Vec<Cell<'a>>,
}

impl<'a> SheetRow<'a> {
    fn put(&mut self, column: usize, value: Cell<'a>) {
        let column = column.min(MAX_COLUMNS);
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Cell::Empty);
        }
        self.cells[column] = value;
    }

    fn give(&mut self, take: &mut Take<'_>) -> Result<(), FileError> {
        if !self.cells.is_empty() {
            let (number, cells) = (self.number, self.cells.as_slice());
            take(Line { number, cells, fault: None, may_be_short: true })?;
        }
        self.cells.clear();
        Ok(())
    }
}

fn value<'a>(value: &DataRef<'a>) -> Cell<'a> {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Text(Cow::Owned(number.to_string())),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cell::Text(Cow::Owned(text.clone()))
        }
        DataRef::SharedString(text) => Cell::Text(Cow::Borrowed(text)),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::Error(error) => Cell::Error(error.to_string()),
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let small = |number: u8| i8::try_from(number).unwrap_or(0);
            i16::try_from(year)
                .ok()
                .and_then(|year| {
                    let [month, day] = [month, day].map(small);
                    let [hour, minute, second] = [hour, minute, second].map(small);
                    DateTime::new(year, month, day, hour, minute, second, 0).ok()
                })
                .map_or_else(|| Cell::Number(time.as_f64()), Cell::Date)
        }
    }
}
