//! A file of pertemuan read piece by piece, so that several can be worked on at once.

use std::io::{self, Read};

use crate::decide::import::{PertemuanRow, Row};
use crate::transfer::columns::PERTEMUAN;
use crate::transfer::csv::record_end;
use crate::transfer::sheet::{self, Form};

use super::sesi::SesiNames;
use super::table::Table;
use super::{FileError, Limits, Lookup, Notes, pertemuan};

/// About so many bytes are a piece.
const PIECE_BYTES: usize = 128 * 1024;

/// A record so long is not waited for any longer: its quotation mark was never closed.
const RECORD_BYTES_MAX: usize = 16 * 1024 * 1024;

/// So many bytes from the beginning of a file are enough to know what it is.
pub const HEAD_BYTES: usize = sheet::HEAD_BYTES;

/// The heading of a file of separated text, by which its pieces are read.
#[derive(Debug)]
pub struct Pieces {
    table: Table,
    delimiter: u8,
    /// Where the first row begins.
    from: usize,
    /// The line at which that is.
    line: u32,
    limits: Limits,
}

/// Why the next piece cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Uncut {
    /// What the medium said.
    #[error("Berkas ini tidak dapat dibaca sampai habis: {0}. Periksa berkasnya, lalu ulangi.")]
    Medium(#[from] io::Error),
    /// The file as a whole cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Cuts a file into pieces, with little of it in memory; no record stands in two.
pub struct Cutter<R> {
    source: R,
    delimiter: u8,
    /// What was read and is in no piece yet.
    buffer: Vec<u8>,
    /// So many bytes are still to be passed over.
    skip: usize,
    ended: bool,
    /// How many bytes may still come.
    room: u64,
    max_mb: u64,
}

impl<R: Read> Cutter<R> {
    /// The next piece; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read, or is larger than it may be.
    pub fn next_piece(&mut self) -> Result<Option<Vec<u8>>, Uncut> {
        while self.skip > 0 && !self.ended {
            self.read_more()?;
            let passed = self.skip.min(self.buffer.len());
            self.buffer.drain(..passed);
            self.skip -= passed;
        }
        let mut at = 0;
        while at < PIECE_BYTES {
            let end = next_end(&self.buffer, at, self.delimiter);
            if end < self.buffer.len() || self.ended || end - at > RECORD_BYTES_MAX {
                if end == at {
                    break;
                }
                at = end;
            } else {
                // The record may go on.
                self.read_more()?;
            }
        }
        let rest = self.buffer.split_off(at);
        let piece = std::mem::replace(&mut self.buffer, rest);
        Ok((!piece.is_empty()).then_some(piece))
    }

    fn read_more(&mut self) -> Result<(), Uncut> {
        let before = self.buffer.len();
        self.buffer.reserve(2 * PIECE_BYTES);
        let read = (&mut self.source).take(PIECE_BYTES as u64).read_to_end(&mut self.buffer)?;
        debug_assert_eq!(before + read, self.buffer.len());
        self.ended = read == 0;
        self.room = self
            .room
            .checked_sub(read as u64)
            .ok_or(FileError::TooLarge { max_mb: self.max_mb })?;
        Ok(())
    }
}

/// What reading a piece found besides its rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PieceRead {
    /// What is wrong, by lines of the piece.
    pub notes: Notes,
    /// How many lines the piece goes on.
    pub lines: u32,
    /// How many rows it has, the bad ones too.
    pub rows: u32,
}

/// What remembers the sesi that were found, from piece to piece.
pub struct Names(SesiNames);

impl Names {
    /// Knows the sesi of these skema.
    #[must_use]
    pub fn new(lookup: Lookup<'_>) -> Self {
        Self(SesiNames::new(lookup.skema))
    }
}

impl Pieces {
    /// Reads the heading from the first [`HEAD_BYTES`] of a file, or all of a shorter one, with what is
    /// to be said of it; none for a spreadsheet, which has no pieces.
    ///
    /// # Errors
    /// When the file as a whole cannot be read.
    pub fn open(bytes: &[u8], limits: Limits) -> Result<Option<(Self, Notes)>, FileError> {
        if sheet::form(bytes, limits)? == Form::Sheet {
            return Ok(None);
        }
        let sheet::Head { delimiter, mut at, lines: mut before } = sheet::head(bytes);
        let (mut table, mut notes) = (None, Notes::default());
        while table.is_none() && at < bytes.len() {
            let end = next_end(bytes, at, delimiter);
            let lines = sheet::piece(&bytes[at..end], delimiter, &mut |mut line| {
                line.number += before;
                table = Some(Table::of(&PERTEMUAN, limits, &line, &mut notes)?);
                Ok(())
            });
            before += lines.map_err(|error| error.behind(before))?;
            at = end;
        }
        let table = table.ok_or(FileError::Empty)?;
        Ok(Some((Self { table, delimiter, from: at, line: before, limits }, notes)))
    }

    /// How many lines stand before the first piece.
    #[must_use]
    pub fn lines_before(&self) -> u32 {
        self.line
    }

    /// Cuts the file, which `source` gives from its beginning.
    pub fn cut<R: Read>(&self, source: R) -> Cutter<R> {
        Cutter {
            source,
            delimiter: self.delimiter,
            buffer: Vec::new(),
            skip: self.from,
            ended: false,
            room: self.limits.bytes,
            max_mb: self.limits.bytes >> 20,
        }
    }

    /// Reads a piece and gives its rows away; lines are counted from the beginning of the piece.
    ///
    /// # Errors
    /// When nothing behind some place can be read, with the line counted in the same way.
    pub fn read(
        &self,
        piece: &[u8],
        names: &mut Names,
        lookup: Lookup<'_>,
        out: &mut dyn FnMut(Row<PertemuanRow>),
    ) -> Result<PieceRead, FileError> {
        let mut read = PieceRead::default();
        let PieceRead { notes, rows, .. } = &mut read;
        let parse = &mut pertemuan::parser(&mut names.0, lookup);
        let lines = sheet::piece(piece, self.delimiter, &mut |line| {
            *rows += 1;
            self.table.row(&line, parse, out, notes);
            Ok(())
        })?;
        Ok(PieceRead { lines, ..read })
    }
}

/// The end of the next record, or of the text.
fn next_end(bytes: &[u8], at: usize, delimiter: u8) -> usize {
    let ends = bytes[at..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    record_end(bytes, at + ends, delimiter)
}
