//! Writing a segment in its sealed form, aside.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::journal::disk::{Disk, DiskError, DiskFile, Op};
use crate::journal::error::{Damage, Finding, JournalError, Severity};
use crate::journal::hash::{Hash128, Head};
use crate::journal::header::header;
use crate::journal::scan::Checker;
use crate::journal::segment::{LineReader, Segment, line_in_file};

use super::{FORMAT, Frame, Index, MAGIC, frame};

/// A segment as it is read to be written anew.
pub(in crate::journal) struct Source {
    pub(in crate::journal) number: u32,
    pub(in crate::journal) first: u64,
    pub(in crate::journal) prev: Hash128,
    pub(in crate::journal) file: Arc<dyn DiskFile>,
    pub(in crate::journal) end: u64,
    pub(in crate::journal) sealed: bool,
}

impl Source {
    pub(in crate::journal) fn of(segment: &Segment) -> Self {
        let Segment { number, first, end, prev, sealed, .. } = *segment;
        Self { number, first, prev, file: Arc::clone(&segment.file), end, sealed }
    }

    /// Its header, and what reads and checks the lines behind it.
    pub(in crate::journal) fn start(&self) -> (String, Checker, LineReader) {
        let header = header(self.number, self.first, self.prev);
        let head = Head { seq: self.first - 1, hash: self.prev };
        let checker = Checker { head, ..Checker::default() };
        let reader = LineReader::new(Arc::clone(&self.file), header.len() as u64, self.end);
        (header, checker, reader)
    }

    /// Damage at line `seq`.
    pub(in crate::journal) fn damage(&self, seq: u64, what: Damage) -> JournalError {
        let line = Some(line_in_file(self.first, seq));
        let file = crate::journal::segment::file_of(self.number, self.sealed);
        Finding { severity: Severity::Damage, file, line, seq: Some(seq), what }.into()
    }
}

/// Writes the sealed form of a segment at `path`, synced, checking every line on the way, so that
/// damage is never sealed as if it were sound. False if `cancel` was set meanwhile.
pub(in crate::journal) fn write(
    disk: &dyn Disk,
    path: &Path,
    source: &Source,
    frame_bytes: usize,
    cancel: &AtomicBool,
) -> Result<bool, JournalError> {
    disk.remove(path)?;
    let mut writing = Writing { file: disk.create(path)?, at: 0, frames: Vec::new() };
    writing.put(MAGIC)?;
    let (_, mut checker, mut reader) = source.start();
    let mut lines: Vec<u8> = Vec::with_capacity(frame_bytes);
    let mut begin = (checker.next(), checker.batch);
    while let Some(piece) = reader.next()? {
        let place = checker.next();
        let before = checker.batch;
        checker.follow(&piece).map_err(|what| source.damage(place.seq, what))?;
        if lines.is_empty() {
            begin = (place, before);
        }
        lines.extend_from_slice(piece.bytes);
        lines.push(b'\n');
        if lines.len() >= frame_bytes {
            if cancel.load(Ordering::SeqCst) {
                return Ok(false);
            }
            writing.frame(begin.0.seq, (begin.1, begin.0.prev), &lines)?;
            lines.clear();
        }
    }
    if !lines.is_empty() {
        writing.frame(begin.0.seq, (begin.1, begin.0.prev), &lines)?;
    }
    let index = Index {
        format: FORMAT,
        segment: source.number,
        first: source.first,
        prev: source.prev,
        last: checker.head.seq,
        hash: checker.head.hash,
        blanked: checker.blanked.into_iter().collect(),
        named: checker.named.into_iter().collect(),
        frames: std::mem::take(&mut writing.frames),
    };
    let index = serde_json::to_vec(&index)
        .map_err(|error| DiskError::new(Op::Write, path, std::io::Error::other(error)))?;
    writing.put(&index)?;
    writing.put(&(index.len() as u64).to_le_bytes())?;
    writing.put(Hash128::of(&index).as_bytes())?;
    writing.file.sync()?;
    Ok(true)
}

struct Writing {
    file: Arc<dyn DiskFile>,
    at: u64,
    frames: Vec<Frame>,
}

impl Writing {
    fn put(&mut self, bytes: &[u8]) -> Result<(), JournalError> {
        self.file.write_at(self.at, bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn frame(
        &mut self,
        seq: u64,
        (batch, prev): (u64, Hash128),
        lines: &[u8],
    ) -> Result<(), JournalError> {
        let packed = frame::pack(lines, prev)
            .map_err(|error| DiskError::new(Op::Write, Path::new("segel"), error))?;
        let (plain, length) = (lines.len() as u64, packed.len() as u64);
        let sum = Hash128::of(&packed);
        self.frames.push(Frame { seq, batch, prev, plain, packed: length, sum });
        self.put(&packed)
    }
}
