//! A segment: one file of the journal, its header, and finding a line in it.

use std::path::PathBuf;
use std::sync::Arc;

use super::LINE_BYTES_MAX;
use super::codec::Place;
use super::disk::{DiskFile, DiskResult};
use super::hash::Hash128;
use super::header::header;
use super::noted::Noted;
use super::sealed::list::Entry;
use super::sealed::{self, SealedFile};

/// A place is remembered for every so many lines; a look-up reads at most that many.
const MARK_EVERY: u64 = 64;
/// Bytes read from a file at once; more than the longest line, so that any line fits.
const WINDOW: usize = 4 * LINE_BYTES_MAX;

/// The directory of the segments within the data directory.
pub(super) const DIRECTORY: &str = "journal";

/// The path of a segment relative to the data directory.
pub(super) fn path_of(number: u32) -> PathBuf {
    PathBuf::from(DIRECTORY).join(format!("{number:06}.jsonl"))
}

/// The path of the form in which a segment lies there.
pub(super) fn file_of(number: u32, sealed: bool) -> PathBuf {
    if sealed { sealed::path_of(number) } else { path_of(number) }
}

/// The number in a segment's file name; `None` for other names.
pub(super) fn number_in(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(".jsonl")?;
    let well_formed = digits.len() >= 6 && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|number| well_formed && *number > 0)
}

/// Where a remembered line begins and what it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) seq: u64,
    pub(super) offset: u64,
    pub(super) prev: Hash128,
    pub(super) batch: u64,
}

/// An open segment: the growing one, a full one, or a sealed one, which gives the bytes of the
/// plain one.
pub(super) struct Segment {
    pub(super) number: u32,
    /// The number of its first line.
    pub(super) first: u64,
    /// The open file; after a redaction a new one, while readers finish with the old.
    pub(super) file: Arc<dyn DiskFile>,
    /// The end of the synced lines in bytes. What lies behind is not part of the journal.
    pub(super) end: u64,
    /// The fingerprint of the line before its first.
    pub(super) prev: Hash128,
    /// Whether it is sealed: it never changes then.
    pub(super) sealed: bool,
    /// What the list of roots says of a sealed one.
    pub(super) entry: Option<Entry>,
    pub(super) marks: Vec<Mark>,
}

/// A stretch of a segment to be read: from a remembered line to the end.
pub(super) struct Stretch {
    pub(super) number: u32,
    pub(super) sealed: bool,
    pub(super) segment_first: u64,
    /// The number of the first line in the stretch.
    pub(super) first: u64,
    pub(super) prev: Hash128,
    pub(super) batch: u64,
    pub(super) reader: LineReader,
}

impl Segment {
    pub(super) fn new(number: u32, first: u64, prev: Hash128, file: Arc<dyn DiskFile>) -> Self {
        let end = header(number, first, prev).len() as u64;
        let (sealed, entry, marks) = (false, None, Vec::new());
        Self { number, first, file, end, prev, sealed, entry, marks }
    }

    pub(super) fn of_sealed(file: Arc<SealedFile>) -> Self {
        let marks = file.starts().map(|start| Mark {
            seq: start.seq,
            offset: start.offset,
            prev: start.prev,
            batch: start.batch,
        });
        Self {
            number: file.index.segment,
            first: file.index.first,
            end: file.plain_bytes(),
            prev: file.index.prev,
            sealed: true,
            entry: Some(Entry { head: file.head(), root: file.root }),
            marks: marks.collect(),
            file,
        }
    }

    /// A full one whose lines an import checked when it wrote them.
    pub(super) fn of_noted(noted: &Noted, file: Arc<dyn DiskFile>) -> Self {
        let Noted { number, first, prev, end, ref marks, .. } = *noted;
        let (sealed, entry, marks) = (false, None, marks.clone());
        Self { number, first, file, end, prev, sealed, entry, marks }
    }

    /// Takes note of a line that was added at `offset`, if it is one to remember.
    pub(super) fn note(&mut self, place: Place, offset: u64) {
        if (place.seq - self.first).is_multiple_of(MARK_EVERY) {
            self.marks.push(Mark { seq: place.seq, offset, prev: place.prev, batch: place.batch });
        }
    }

    /// About how many bytes stand in here from line `seq` on: no fewer than there are.
    pub(super) fn bytes_from(&self, seq: u64) -> u64 {
        let ahead = self.marks.partition_point(|mark| mark.seq <= seq);
        let mark = ahead.checked_sub(1).and_then(|at| self.marks.get(at));
        self.end - mark.map_or(0, |mark| mark.offset)
    }

    /// The stretch that begins at or shortly before line `seq`; `None` if it is not in here.
    pub(super) fn stretch(&self, seq: u64) -> Option<Stretch> {
        let ahead = self.marks.partition_point(|mark| mark.seq <= seq);
        let mark = *self.marks.get(ahead.checked_sub(1)?)?;
        Some(Stretch {
            number: self.number,
            sealed: self.sealed,
            segment_first: self.first,
            first: mark.seq,
            prev: mark.prev,
            batch: mark.batch,
            reader: LineReader::new(Arc::clone(&self.file), mark.offset, self.end),
        })
    }
}

/// The line in the file, counted from 1, at which line number `seq` stands.
pub(super) const fn line_in_file(segment_first: u64, seq: u64) -> u64 {
    seq.saturating_sub(segment_first) + 2
}

/// One line of a file as it lies there.
pub(super) struct Piece<'a> {
    /// Where it begins.
    pub(super) offset: u64,
    /// Its bytes without the line's end; of a line that is too long, the beginning.
    pub(super) bytes: &'a [u8],
    /// Whether its end was found within the allowed length.
    pub(super) whole: bool,
    /// Whether it goes on beyond the longest line.
    pub(super) too_long: bool,
}

/// Reads a file line by line with a fixed amount of memory.
pub(super) struct LineReader {
    file: Arc<dyn DiskFile>,
    /// The offset of `buffer[0]`.
    base: u64,
    end: u64,
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    /// The rest of a line that was too long is still to be passed over.
    skipping: bool,
}

impl LineReader {
    pub(super) fn new(file: Arc<dyn DiskFile>, from: u64, end: u64) -> Self {
        let buffer = Vec::new();
        Self { file, base: from, end, buffer, start: 0, filled: 0, skipping: false }
    }

    /// The next line, or `None` at the end.
    pub(super) fn next(&mut self) -> DiskResult<Option<Piece<'_>>> {
        loop {
            let found = self.find_end(0);
            let (length, whole) = match found {
                Some(length) => (length, true),
                None => {
                    self.fill()?;
                    match self.find_end(0) {
                        Some(length) => (length, true),
                        None => (self.filled - self.start, false),
                    }
                }
            };
            if length == 0 && !whole {
                return Ok(None);
            }
            let (start, offset) = (self.start, self.base + self.start as u64);
            let shown = length.min(LINE_BYTES_MAX);
            let too_long = length >= LINE_BYTES_MAX;
            let skipped = self.skipping;
            self.start += length + usize::from(whole);
            self.skipping = !whole && too_long;
            if skipped {
                continue;
            }
            let bytes = &self.buffer[start..start + shown];
            return Ok(Some(Piece { offset, bytes, whole: whole && !too_long, too_long }));
        }
    }

    fn find_end(&self, from: usize) -> Option<usize> {
        let unread = self.buffer.get(self.start + from..self.filled)?;
        memchr::memchr(b'\n', unread)
    }

    /// Moves the unread bytes to the front and reads on until the buffer is full.
    fn fill(&mut self) -> DiskResult<()> {
        self.buffer.resize(WINDOW, 0);
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.base += self.start as u64;
        self.start = 0;
        while self.filled < WINDOW {
            let at = self.base + self.filled as u64;
            let wanted = self.end.saturating_sub(at).min((WINDOW - self.filled) as u64);
            let until = self.filled + usize::try_from(wanted).unwrap_or(0);
            let read = self.file.read_at(at, &mut self.buffer[self.filled..until])?;
            if read == 0 {
                break;
            }
            self.filled += read;
        }
        Ok(())
    }
}
