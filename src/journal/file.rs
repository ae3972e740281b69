//! The journal in files of its own.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::blobs::Blobs;
use super::codec::{Place, split};
use super::disk::{ASIDE, Disk, DiskFile, DiskResult};
use super::error::{Damage, Finding, JournalError, Severity};
use super::hash::{BlobId, Head};
use super::header::{HEADER_BYTES_MAX, header};
use super::line::NewLine;
use super::lock::DirectoryLock;
use super::marker::write_stop;
use super::open::{self, OpenBounds, OpenReport};
use super::ready::{Ready, Salts};
use super::sealed::Cache;
use super::segment::{DIRECTORY, Segment, Stretch, file_of, line_in_file, path_of};
use super::{Appended, BATCH_LINES_MAX, Drafts, Journal, SEGMENT_BYTES_MAX, Visit, redact};

/// The journal of one data directory, locked for this process while it lives.
///
/// Dropping it without [`FileJournal::close`] is what a crash does: nothing that was acknowledged
/// is lost, but the next start has no clean stop to compare with.
pub struct FileJournal {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) dir: PathBuf,
    /// What readers see. Held for moments, never during a file operation.
    pub(super) shared: RwLock<Shared>,
    /// Held through a whole append, its sync included; readers never take it.
    pub(super) writer: Mutex<Writer>,
    /// Held through a whole sealing or redaction, so that one never rewrites what the other reads.
    pub(super) sealing: Mutex<()>,
    /// Unpacked pieces of sealed segments.
    pub(super) cache: Arc<Cache>,
    /// So many bytes of lines are sealed together.
    pub(super) frame_bytes: usize,
    pub(super) blobs: Blobs,
    pub(super) salts: Salts,
    pub(super) _lock: DirectoryLock,
}

/// The synced part of the journal.
pub(super) struct Shared {
    pub(super) head: Head,
    pub(super) segments: Vec<Segment>,
}

/// What only the one who appends needs.
#[derive(Default)]
pub(super) struct Writer {
    /// Set when the medium can no longer be trusted, or at the close.
    pub(super) stopped: bool,
    /// The lines that a redaction names, done or not.
    pub(super) named: BTreeSet<u64>,
    /// The length at which a new segment is begun.
    pub(super) segment_bytes: usize,
    pub(super) buffer: Vec<u8>,
    /// Of each line in `buffer`: where it stands and at which byte it begins.
    pub(super) places: Vec<(Place, u64)>,
}

impl FileJournal {
    /// Opens the journal of a data directory, making a new one in an empty directory.
    ///
    /// Reads and checks the whole chain, cuts an end that an interrupted write can have left, and
    /// completes redactions. `bounds` names what the projections have already seen.
    ///
    /// # Errors
    /// [`JournalError::Locked`], [`JournalError::NewerFormat`], [`JournalError::Damaged`] with
    /// file, line and number, or a file operation that failed.
    pub fn open(
        disk: Arc<dyn Disk>,
        dir: &Path,
        bounds: &OpenBounds,
    ) -> Result<(Self, OpenReport), JournalError> {
        open::open(disk, dir, bounds)
    }

    /// Ends the writing and notes the clean stop. Reading goes on.
    ///
    /// # Errors
    /// [`JournalError::Stopped`] if a write failed before; or if the note cannot be written.
    pub fn close(&self) -> Result<(), JournalError> {
        let mut writer = self.writer()?;
        writer.stopped = true;
        write_stop(self.disk.as_ref(), &self.dir, self.head())?;
        Ok(())
    }

    /// About how many bytes of lines stand behind line `seq`: no fewer than there are, and some
    /// megabytes more where they are sealed.
    #[must_use]
    pub fn bytes_behind(&self, seq: u64) -> u64 {
        self.seen(|shared| {
            if shared.head.seq <= seq {
                return 0;
            }
            let from = shared.segments.partition_point(|segment| segment.first <= seq + 1);
            let (_, behind) = shared.segments.split_at(from.saturating_sub(1));
            behind.iter().map(|segment| segment.bytes_from(seq + 1)).sum()
        })
    }

    /// Room on the medium beside the journal, for what memory should not hold.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn scratch(&self) -> Result<super::Scratch, JournalError> {
        super::Scratch::new(&self.disk, &self.dir)
    }

    /// The autosaved drafts of the same data directory.
    #[must_use]
    pub fn drafts(&self) -> Drafts {
        Drafts::new(Arc::clone(&self.disk), &self.dir)
    }

    /// Writes a line out as far as its place does not matter, for [`Self::append_ready`].
    ///
    /// # Errors
    /// [`JournalError::ReservedKey`] for events that use the key of private texts for something
    /// else; [`JournalError::Random`] if the machine gives no random bytes.
    pub fn ready(&self, line: &NewLine) -> Result<Ready, JournalError> {
        Ready::of(line, &self.salts)
    }

    /// [`Journal::append`] of lines that were written out before.
    ///
    /// # Errors
    /// As for [`Journal::append`].
    pub fn append_ready(&self, expected: u64, lines: &[&Ready]) -> Result<Appended, JournalError> {
        let mut writer = self.writer()?;
        let before = self.head();
        if expected != before.seq {
            return Err(JournalError::Position { expected, actual: before.seq });
        }
        if lines.len() > BATCH_LINES_MAX {
            return Err(JournalError::BatchTooLong(lines.len()));
        }
        let first = before.seq + 1;
        if lines.is_empty() {
            return Ok(Appended { first, head: before });
        }
        let head = writer.encode(before, lines)?;
        self.put_batch(&mut writer, before, head)?;
        writer.named.extend(lines.iter().flat_map(|line| line.redacts.iter().copied()));
        Ok(Appended { first, head })
    }

    /// The writer's part, or a refusal if it may not write any more. A panic in the middle of an
    /// append leaves it in an unknown state, which counts as stopped.
    pub(super) fn writer(&self) -> Result<MutexGuard<'_, Writer>, JournalError> {
        match self.writer.lock() {
            Ok(writer) if !writer.stopped => Ok(writer),
            _ => Err(JournalError::Stopped),
        }
    }

    /// Looks at what readers see. Nothing that holds this lock can panic half-way through a
    /// change, so a poisoned lock is still whole.
    pub(super) fn seen<T>(&self, look: impl FnOnce(&Shared) -> T) -> T {
        look(&self.shared.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn publish(&self, change: impl FnOnce(&mut Shared)) {
        change(&mut self.shared.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Starts the next segment. Its header is whole from the moment it has its name.
    fn rotate(&self, writer: &mut Writer, head: Head) -> Result<(), JournalError> {
        let number = self.seen(|shared| shared.segments.last().map_or(1, |s| s.number + 1));
        match create_segment(self.disk.as_ref(), &self.dir, number, head) {
            Ok(segment) => {
                self.publish(|shared| shared.segments.push(segment));
                Ok(())
            }
            Err(error) => {
                writer.stopped = !error.is_full();
                Err(error.into())
            }
        }
    }

    /// Writes the batch that stands in the buffer behind `before` and publishes it once it is safe.
    pub(super) fn put_batch(
        &self,
        writer: &mut Writer,
        before: Head,
        head: Head,
    ) -> Result<(), JournalError> {
        let bytes = writer.buffer.len() as u64;
        let segment_bytes = writer.segment_bytes as u64;
        let last = |shared: &Shared| {
            let plain = shared.segments.last().filter(|segment| !segment.sealed);
            plain.map(|segment| (Arc::clone(&segment.file), segment.end))
        };
        let fits = |end: u64| end + bytes <= segment_bytes;
        let mut active = self.seen(last);
        if !active.as_ref().is_some_and(|(_, end)| fits(*end)) {
            self.rotate(writer, before)?;
            active = self.seen(last);
        }
        let (file, end) = active.ok_or(JournalError::Stopped)?;
        writer.put(file.as_ref(), end)?;
        self.publish(|shared| {
            shared.head = head;
            if let Some(segment) = shared.segments.last_mut() {
                for (place, offset) in &writer.places {
                    segment.note(*place, end + offset);
                }
                segment.end = end + bytes;
            }
        });
        Ok(())
    }

    fn line_damage(&self, stretch: &Stretch, seq: u64, what: Damage) -> JournalError {
        let finding = Finding {
            severity: Severity::Damage,
            file: file_of(stretch.number, stretch.sealed),
            line: Some(line_in_file(stretch.segment_first, seq)),
            seq: Some(seq),
            what,
        };
        finding.into()
    }

    /// Gives the lines of a stretch from `from` to `until`; `None` if the visitor had enough.
    fn read_stretch(
        &self,
        mut stretch: Stretch,
        (from, until): (u64, u64),
        visit: &mut Visit<'_>,
    ) -> Result<Option<u64>, JournalError> {
        let (mut prev, mut batch) = (stretch.prev, stretch.batch);
        let mut seq = stretch.first;
        while seq <= until {
            let Some(piece) = stretch.reader.next()? else { break };
            let place = Place { seq, batch, prev };
            let parts = if piece.whole { split(piece.bytes) } else { None };
            let checked = parts.ok_or(Damage::Unreadable).and_then(|parts| {
                parts.check(seq, place)?;
                let line = if seq < from { None } else { Some(parts.to_line()) };
                Ok((parts.hash, parts.fields.b, line))
            });
            let line = match checked {
                Ok((hash, b, None)) => {
                    (prev, batch) = (hash, b);
                    None
                }
                Ok((hash, b, Some(Some(line)))) => {
                    (prev, batch) = (hash, b);
                    Some(line)
                }
                Ok((_, _, Some(None))) => {
                    return Err(self.line_damage(&stretch, seq, Damage::Unreadable));
                }
                Err(what) => return Err(self.line_damage(&stretch, seq, what)),
            };
            if let Some(line) = line
                && visit(&line) == ControlFlow::Break(())
            {
                return Ok(None);
            }
            seq += 1;
        }
        Ok(Some(seq))
    }
}

impl Writer {
    pub(super) fn new(named: BTreeSet<u64>, segment_bytes: usize) -> Self {
        Self { named, segment_bytes: segment_bytes.min(SEGMENT_BYTES_MAX), ..Self::default() }
    }

    /// Writes the batch into the buffer; nothing on disk changes.
    fn encode(&mut self, head: Head, lines: &[&Ready]) -> Result<Head, JournalError> {
        self.buffer.clear();
        self.places.clear();
        let batch = head.seq + 1;
        let mut head = head;
        for line in lines {
            let place = Place { seq: head.seq + 1, batch, prev: head.hash };
            check_redacts(line, place.seq)?;
            self.places.push((place, self.buffer.len() as u64));
            head = Head { seq: place.seq, hash: line.place(&mut self.buffer, place)? };
        }
        if self.buffer.len() + HEADER_BYTES_MAX > self.segment_bytes {
            return Err(JournalError::BatchTooBig(self.buffer.len()));
        }
        Ok(head)
    }

    /// One write and one sync. If the disk was merely full, what was written is taken back and
    /// the journal stays open; after any other failure nobody knows what is on the medium.
    pub(super) fn put(&mut self, file: &dyn DiskFile, end: u64) -> Result<(), JournalError> {
        if let Err(error) = file.write_at(end, &self.buffer) {
            let taken_back =
                error.is_full() && file.truncate(end).and_then(|()| file.sync()).is_ok();
            self.stopped = !taken_back;
            return Err(error.into());
        }
        let synced = file.sync();
        self.stopped = synced.is_err();
        Ok(synced?)
    }
}

/// A redaction names earlier lines and takes effect at once, so it cannot be part of an import.
fn check_redacts(line: &Ready, seq: u64) -> Result<(), JournalError> {
    let wrong = |named: &&u64| **named == 0 || **named >= seq || line.import;
    line.redacts.iter().find(wrong).map_or(Ok(()), |named| Err(JournalError::NotNamed(*named)))
}

/// Writes a new segment aside, syncs it and gives it its name.
pub(super) fn create_segment(
    disk: &dyn Disk,
    dir: &Path,
    number: u32,
    head: Head,
) -> DiskResult<Segment> {
    let path = dir.join(path_of(number));
    let aside = aside_of(&path);
    disk.remove(&aside)?;
    let segment = write_header(number, head, disk.create(&aside)?)?;
    segment.file.sync()?;
    disk.rename(&aside, &path)?;
    disk.sync_dir(&dir.join(DIRECTORY))?;
    Ok(segment)
}

/// Begins the segment behind `head` in a new file.
pub(super) fn write_header(
    number: u32,
    head: Head,
    file: Arc<dyn DiskFile>,
) -> DiskResult<Segment> {
    let first = head.seq + 1;
    file.write_at(0, header(number, first, head.hash).as_bytes())?;
    Ok(Segment::new(number, first, head.hash, file))
}

pub(super) fn aside_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ASIDE);
    PathBuf::from(name)
}

impl Journal for FileJournal {
    fn append(&self, expected: u64, lines: &[NewLine]) -> Result<Appended, JournalError> {
        if lines.len() > BATCH_LINES_MAX {
            return Err(JournalError::BatchTooLong(lines.len()));
        }
        let ready: Vec<Ready> =
            lines.iter().map(|line| self.ready(line)).collect::<Result<_, _>>()?;
        self.append_ready(expected, &ready.iter().collect::<Vec<_>>())
    }

    fn head(&self) -> Head {
        self.seen(|shared| shared.head)
    }

    fn read(&self, from: u64, visit: &mut Visit<'_>) -> Result<(), JournalError> {
        let until = self.head().seq;
        let mut next = from.max(1);
        while next <= until {
            let stretch = self.seen(|shared| {
                let at = shared.segments.partition_point(|segment| segment.first <= next);
                shared.segments.get(at.checked_sub(1)?)?.stretch(next)
            });
            let Some(stretch) = stretch else { return Err(missing(next)) };
            match self.read_stretch(stretch, (next, until), visit)? {
                None => return Ok(()),
                Some(reached) if reached > next => next = reached,
                Some(_) => return Err(missing(next)),
            }
        }
        Ok(())
    }

    fn put_blob(&self, bytes: &[u8]) -> Result<BlobId, JournalError> {
        self.blobs.put(self.disk.as_ref(), bytes)
    }

    fn get_blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, JournalError> {
        self.blobs.get(self.disk.as_ref(), id)
    }

    fn has_blob(&self, id: BlobId) -> Result<bool, JournalError> {
        Ok(self.blobs.has(self.disk.as_ref(), id)?)
    }

    fn redact(&self, seqs: &[u64]) -> Result<(), JournalError> {
        let _alone = self.sealing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = self.writer()?;
        redact::redact(self, &mut writer, seqs).map(drop)
    }
}

/// A line that the journal knows of and whose file ends before it.
fn missing(seq: u64) -> JournalError {
    let mut finding = Finding::of_file(DIRECTORY, Damage::Unreadable);
    finding.seq = Some(seq);
    finding.into()
}
