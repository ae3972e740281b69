//! Opening a data directory: checking all of it, and the rules of a bad end.

mod noted;
mod sealed;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};

use super::blobs::{self, Blobs};
use super::codec::{Place, split};
use super::disk::{ASIDE, Access, Disk, DiskResult, make_dir};
use super::error::{Damage, Finding, JournalError, Severity};
use super::file::{FileJournal, Shared, Writer, create_segment};
use super::hash::{Hash128, Head};
use super::header::{Header, check_header, header_finding};
use super::lock::DirectoryLock;
use super::marker::{
    FORMAT_FILE, FormatFile, STOP_FILE, Stop, read_format, read_stop, stop_finding, write_format,
};
use super::noted::Notes;
use super::ready::Salts;
use super::scan::{Checker, Witness, Witnesses};
use super::sealed::Cache;
use super::sealed::list::{self, List};
use super::segment::{DIRECTORY, LineReader, Piece, Segment, file_of, line_in_file, path_of};
use super::{SEGMENT_BYTES_MAX, drafts, redact};

pub(super) use self::sealed::{Files, list_witnesses};

/// Where what was cut off is kept, within the data directory.
const QUARANTINE: &str = "karantina";
/// So many bytes of lines are packed together: twice as many would save a hundredth and make one
/// line twice as dear to read.
const FRAME_BYTES: usize = 2 * 1024 * 1024;
/// Bytes copied at once.
const CHUNK: usize = 256 * 1024;

/// What is known of the journal from outside of it: no start may cut into that.
#[derive(Clone, Debug)]
pub struct OpenBounds {
    /// How far each projection has read.
    pub projections: Vec<Projection>,
    /// The length in bytes at which a new segment is begun; at most, and usually,
    /// [`SEGMENT_BYTES_MAX`]. Tests make it small.
    pub segment_bytes: usize,
    /// So many bytes of lines are packed together when a segment is sealed. Tests make it small.
    pub frame_bytes: usize,
}

impl Default for OpenBounds {
    fn default() -> Self {
        Self { projections: Vec::new(), segment_bytes: SEGMENT_BYTES_MAX, frame_bytes: FRAME_BYTES }
    }
}

/// How far one projection has read.
#[derive(Clone, Debug)]
pub struct Projection {
    /// Its name, in words for the one who reads the message, such as `indeks riwayat`.
    pub name: String,
    /// The number of the last line that it has seen; 0 for none.
    pub seq: u64,
    /// That line's fingerprint, if the projection keeps it.
    pub hash: Option<Hash128>,
}

/// What opening found and did.
#[derive(Clone, Debug, Default)]
pub struct OpenReport {
    /// The end that was cut off, if there was one.
    pub cut: Option<Cut>,
    /// Lines whose redaction had been ordered and was completed now.
    pub redacted: Vec<u64>,
    /// What else is worth knowing.
    pub notes: Vec<Finding>,
}

/// An end that an interrupted write had left, and that was cut off.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "Ujung {} yang tidak selesai ditulis ({bytes} bita, mulai baris {line}, nomor {seq}) \
     dipindahkan ke {}. Yang sudah dinyatakan tersimpan tetap utuh.",
    .file.display(), .kept.display()
)]
pub struct Cut {
    /// The segment, relative to the data directory.
    pub file: PathBuf,
    /// The first line that was cut, counted from 1.
    pub line: u64,
    /// The number that this line would have had.
    pub seq: u64,
    /// How many bytes were cut.
    pub bytes: u64,
    /// The file that keeps them, relative to the data directory.
    pub kept: PathBuf,
}

/// The opening under way.
struct Opening<'a> {
    disk: &'a dyn Disk,
    dir: &'a Path,
    checker: Checker,
    witnesses: Witnesses,
    stop: Stop,
    segments: Vec<Segment>,
    tail: Option<Tail>,
    cache: Arc<Cache>,
    /// The roots of the sealed segments as they are listed.
    roots: List,
    /// Full segments whose lines need not be read now.
    notes: Notes,
    /// Whether the list is to be written again.
    mend: bool,
}

/// An end that may be cut.
struct Tail {
    finding: Finding,
    from: u64,
    size: u64,
}

pub(super) fn open(
    disk: Arc<dyn Disk>,
    dir: &Path,
    bounds: &OpenBounds,
) -> Result<(FileJournal, OpenReport), JournalError> {
    make_dir(disk.as_ref(), dir)?;
    let lock = DirectoryLock::take(disk.as_ref(), dir)?;
    let mut report = OpenReport::default();
    let blobs = Blobs::new(dir);
    let files = prepare(disk.as_ref(), dir, &blobs, &mut report)?;
    let listed = list::read(disk.as_ref(), dir)?;
    let stop = read_stop(disk.as_ref(), dir)?;
    if stop == Stop::Unknown {
        report.notes.push(stop_finding().into_note());
    }
    let mut opening = Opening {
        disk: disk.as_ref(),
        dir,
        checker: Checker::default(),
        witnesses: Witnesses::new(witnesses(stop, bounds, listed.as_ref())),
        stop,
        segments: Vec::new(),
        tail: None,
        cache: Arc::default(),
        notes: crate::journal::noted::read(disk.as_ref(), dir)?,
        mend: listed.is_none() && !files.sealed.is_empty(),
        roots: listed.unwrap_or_default(),
    };
    for number in &files.numbers {
        let last = Some(number) == files.numbers.last();
        if files.sealed.contains(number) {
            opening.follow_sealed(*number)?;
        } else if last || !opening.follow_noted(*number)? {
            opening.follow(*number, last)?;
        }
    }
    report.cut = opening.finish()?;
    opening.tidy(&files, &mut report)?;
    opening.tidy_notes(&files);
    let Opening { checker, segments, cache, .. } = opening;
    let unfinished = checker.named_not_blank();
    let shared = RwLock::new(Shared { head: checker.head, segments });
    let writer = Mutex::new(Writer::new(checker.named, bounds.segment_bytes));
    let dir = dir.to_owned();
    let (sealing, frame_bytes) = (Mutex::default(), bounds.frame_bytes);
    let journal = FileJournal {
        disk,
        dir,
        shared,
        writer,
        sealing,
        cache,
        frame_bytes,
        blobs,
        salts: Salts::default(),
        _lock: lock,
    };
    if !unfinished.is_empty() {
        let mut writer = journal.writer()?;
        report.redacted = redact::redact(&journal, &mut writer, &unfinished)?;
    }
    Ok((journal, report))
}

/// Checks the format, makes the directories, removes what was being written aside when the
/// process ended, and lists the segments.
fn prepare(
    disk: &dyn Disk,
    dir: &Path,
    blobs: &Blobs,
    report: &mut OpenReport,
) -> Result<Files, JournalError> {
    let journal = dir.join(DIRECTORY);
    let format = read_format(disk, dir)?;
    let names = disk.list(&journal)?;
    let files = Files::of(&names);
    let numbers = &files.numbers;
    match format {
        FormatFile::Known => {}
        FormatFile::Damaged => return Err(Finding::of_file(FORMAT_FILE, Damage::Format).into()),
        FormatFile::Missing => {
            // Each segment names the format too, so a directory put together by hand still opens.
            if !numbers.is_empty() {
                let missing = Finding::of_file(FORMAT_FILE, Damage::FormatMissing);
                report.notes.push(missing.into_note());
            }
            write_format(disk, dir)?;
        }
    }
    if numbers.is_empty() && was_used(disk, dir)? {
        return Err(Finding::of_file(path_of(1), Damage::SegmentMissing).into());
    }
    make_dir(disk, &journal)?;
    make_dir(disk, &dir.join(QUARANTINE))?;
    drafts::prepare(disk, dir)?;
    blobs.prepare(disk)?;
    for name in names.iter().filter(|name| name.ends_with(ASIDE)) {
        disk.remove(&journal.join(name))?;
    }
    match first_missing(numbers) {
        Some(number) => Err(Finding::of_file(path_of(number), Damage::SegmentMissing).into()),
        None => Ok(files),
    }
}

/// Whether something lies in the directory that is only ever put there beside a journal.
fn was_used(disk: &dyn Disk, dir: &Path) -> DiskResult<bool> {
    let blobs = disk.list(&dir.join(blobs::DIRECTORY))?;
    let others = [QUARANTINE, drafts::DIRECTORY].map(|name| disk.list(&dir.join(name)));
    let mut used = blobs.iter().any(|name| name != blobs::UNFINISHED);
    for names in others {
        used |= !names?.is_empty();
    }
    Ok(used)
}

/// The first number that is left out.
pub(super) fn first_missing(numbers: &BTreeSet<u32>) -> Option<u32> {
    numbers.iter().zip(1..).find(|(number, expected)| **number != *expected).map(|(_, e)| e)
}

fn witnesses(stop: Stop, bounds: &OpenBounds, listed: Option<&List>) -> Vec<Witness> {
    let projections = bounds.projections.iter();
    let mut all: Vec<_> =
        projections.map(|p| Witness { name: p.name.clone(), seq: p.seq, hash: p.hash }).collect();
    if let Stop::At(head) = stop {
        all.push(stop_witness(head));
    }
    all.extend(listed.into_iter().flat_map(list_witnesses));
    all
}

pub(super) fn stop_witness(head: Head) -> Witness {
    Witness { name: format!("tanda {STOP_FILE}"), seq: head.seq, hash: Some(head.hash) }
}

/// Whether a write that was interrupted can leave this: a piece without its end, or pages that
/// never reached the medium and read as zeros. A line that was flipped or edited is neither.
pub(super) fn can_be_interrupted(piece: &Piece<'_>) -> bool {
    (!piece.whole && !piece.too_long) || piece.bytes.contains(&0)
}

/// Whether a line behind a bad one proves that the bad one's batch was completed: a batch is
/// begun only when the one before is safe.
pub(super) fn proves_completion(piece: &Piece<'_>, bad_seq: u64) -> bool {
    piece.whole && split(piece.bytes).is_some_and(|parts| parts.fields.b > bad_seq)
}

impl Opening<'_> {
    /// Follows the lines of one segment.
    fn follow(&mut self, number: u32, last: bool) -> Result<(), JournalError> {
        let access = if last { Access::Write } else { Access::Read };
        let at = |line, seq, what| Finding {
            severity: Severity::Damage,
            file: path_of(number),
            line: Some(line),
            seq,
            what,
        };
        let Some(file) = self.disk.open(&self.dir.join(path_of(number)), access)? else {
            return Err(Finding::of_file(path_of(number), Damage::SegmentMissing).into());
        };
        let before = self.checker.head;
        let start = match check_header(file.as_ref(), number, before)? {
            Header::Sound(start) => start,
            Header::Damaged => return Err(at(1, None, Damage::Header).into()),
            Header::Elsewhere(named, _) => {
                let first = self.segments.last().map_or(1, |segment| segment.first);
                return Err(header_finding(number, first, before, named).into());
            }
        };
        let size = file.size()?;
        let mut segment = Segment::new(number, before.seq + 1, before.hash, Arc::clone(&file));
        let mut reader = LineReader::new(file, start, size);
        segment.end = size;
        self.checker.batch = 0;
        while let Some(piece) = reader.next()? {
            let Place { seq, prev, .. } = self.checker.next();
            let line = line_in_file(segment.first, seq);
            match self.checker.follow(&piece) {
                Ok(parts) => {
                    segment.note(Place { seq, batch: parts.fields.b, prev }, piece.offset);
                }
                Err(what) => {
                    let finding = at(line, Some(seq), what);
                    if !last || !can_be_interrupted(&piece) {
                        return Err(finding.into());
                    }
                    segment.end = piece.offset;
                    self.tail = Some(Tail { finding, from: piece.offset, size });
                    break;
                }
            }
            if let Some(Witness { name, hash, .. }) = self.witnesses.contradict(self.checker.head) {
                let expected = hash.unwrap_or_default();
                let what = Damage::Other { seq, witness: name, expected };
                return Err(at(line, Some(seq), what).into());
            }
        }
        self.refuse_proven(&mut reader)?;
        self.segments.push(segment);
        Ok(())
    }

    /// Refuses a bad end if a line behind it shows that it had once been safe.
    fn refuse_proven(&self, reader: &mut LineReader) -> Result<(), JournalError> {
        let Some(tail) = &self.tail else { return Ok(()) };
        let bad = self.checker.head.seq + 1;
        while let Some(piece) = reader.next()? {
            if proves_completion(&piece, bad) {
                let what = Damage::TailInside;
                return Err(Finding { what, ..tail.finding.clone() }.into());
            }
        }
        Ok(())
    }

    /// Asks everybody who remembers more; only when nobody objects is anything changed.
    fn finish(&mut self) -> Result<Option<Cut>, JournalError> {
        let head = self.checker.head;
        if let Some(witness) = self.witnesses.unheard() {
            let Witness { name, seq, .. } = witness.clone();
            let what = Damage::Short { head: head.seq, witness: name, seq };
            return Err(self.at_the_end(what).into());
        }
        if let Some(seq) = self.checker.blanked_unnamed().next() {
            return Err(self.at_line(seq, Damage::Blanked).into());
        }
        if self.tail.is_some() && self.stop == Stop::Unknown {
            // How far the journal reached at its last clean stop cannot be known, so neither can
            // it be known that the bad end lies behind.
            return Err(stop_finding().into());
        }
        let cut = match self.tail.take() {
            Some(tail) => Some(self.cut(&tail)?),
            None => None,
        };
        match self.segments.last() {
            // After a kill, lines can be whole and yet not on the medium; they count from now on.
            Some(segment) => segment.file.sync()?,
            None => self.segments.push(create_segment(self.disk, self.dir, 1, Head::default())?),
        }
        self.disk.sync_dir(&self.dir.join(DIRECTORY))?;
        Ok(cut)
    }

    /// Keeps the tail aside, then cuts it off.
    fn cut(&self, tail: &Tail) -> Result<Cut, JournalError> {
        let Finding { file, line, seq, .. } = &tail.finding;
        let (line, seq) = (line.unwrap_or(1), seq.unwrap_or(0));
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let mut kept = PathBuf::from(QUARANTINE).join(format!("{name}.{seq}"));
        let mut copy = 1;
        while self.disk.exists(&self.dir.join(&kept))? {
            copy += 1;
            kept = PathBuf::from(QUARANTINE).join(format!("{name}.{seq}.{copy}"));
        }
        let segment = self.segments.last().ok_or(JournalError::Stopped)?;
        let aside = self.disk.create(&self.dir.join(&kept))?;
        let mut buffer = vec![0; CHUNK];
        let mut at = tail.from;
        while at < tail.size {
            let read = segment.file.read_at(at, &mut buffer)?;
            if read == 0 {
                break;
            }
            aside.write_at(at - tail.from, &buffer[..read])?;
            at += read as u64;
        }
        aside.sync()?;
        self.disk.sync_dir(&self.dir.join(QUARANTINE))?;
        segment.file.truncate(tail.from)?;
        Ok(Cut { file: file.clone(), line, seq, bytes: tail.size - tail.from, kept })
    }

    fn at_the_end(&self, what: Damage) -> Finding {
        match self.segments.last() {
            None => Finding::of_file(path_of(1), what),
            Some(_) => self.at_line(self.checker.head.seq + 1, what),
        }
    }

    fn at_line(&self, seq: u64, what: Damage) -> Finding {
        let segment = self.segments.iter().rfind(|segment| segment.first <= seq);
        let file = segment.map_or_else(|| path_of(1), |s| file_of(s.number, s.sealed));
        let line = segment.map(|segment| line_in_file(segment.first, seq));
        Finding { severity: Severity::Damage, file, line, seq: Some(seq), what }
    }
}
