//! The lines of a long import: written aside, in segments of their own, which get their names once
//! all of it is safe.
//!
//! Nothing of it is part of the journal before that, so an import that is given up leaves no trace,
//! and a crash leaves files that the next start removes. The names are given in order, and the
//! closing line stands in the last of them: a crash between two names leaves lines that never
//! count. An import that fits one batch goes behind the others like any command.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, MutexGuard};
use std::thread::JoinHandle;

use super::codec::Place;
use super::disk::{DiskError, DiskFile, DiskResult, Op};
use super::error::JournalError;
use super::file::{FileJournal, Writer, aside_of, write_header};
use super::hash::Head;
use super::line::{Import, NewLine};
use super::ready::Ready;
use super::segment::{DIRECTORY, Segment, path_of};
use super::{Appended, BATCH_LINES_MAX, Journal, noted};

/// What is no longer than this goes behind the other lines, so that it needs no segment of its own.
const APPENDED_BYTES: usize = 16 * 1024 * 1024;
/// So many bytes are written at once.
const WRITE_BYTES: usize = 4 * 1024 * 1024;
/// So many bytes may be written before they are synced, so that the last sync has little to do.
const SYNC_BYTES: u64 = 16 * 1024 * 1024;
/// So many writes may wait, so that who makes the lines need not wait for the medium.
const WAITING: usize = 3;

/// An import under way. Whoever holds it is the only one who appends; dropped, it never was.
pub struct Aside<'j> {
    journal: &'j FileJournal,
    writer: MutexGuard<'j, Writer>,
    before: Head,
    head: Head,
    /// The first line of the batch in the buffer.
    batch: u64,
    buffer: Vec<u8>,
    places: Vec<(Place, u64)>,
    /// Those written so far; the last one grows.
    segments: Vec<Segment>,
    /// Who writes and syncs them.
    scribe: Option<Scribe>,
    unsynced: u64,
    /// The buffer is written when it is so full, at the latest.
    most: usize,
    /// Whether files aside are to be removed when this goes.
    leave: bool,
}

/// Bytes for a file.
struct Job {
    file: Arc<dyn DiskFile>,
    at: u64,
    bytes: Vec<u8>,
    sync: bool,
}

/// A thread that writes and syncs, while the next lines are made.
struct Scribe {
    jobs: SyncSender<Job>,
    /// Buffers that were written, to be filled again.
    spare: Receiver<Vec<u8>>,
    thread: JoinHandle<DiskResult<()>>,
}

impl Scribe {
    fn start() -> std::io::Result<Self> {
        let (jobs, waiting) = sync_channel::<Job>(WAITING);
        let (give_back, spare) = sync_channel(WAITING + 1);
        let thread = std::thread::Builder::new().name("impor".to_owned()).spawn(move || {
            for Job { file, at, mut bytes, sync } in waiting {
                if !bytes.is_empty() {
                    file.write_at(at, &bytes)?;
                    bytes.clear();
                    // Nobody may want it any more.
                    let _dropped = give_back.try_send(bytes);
                }
                if sync {
                    file.sync()?;
                }
            }
            Ok(())
        })?;
        Ok(Self { jobs, spare, thread })
    }
}

impl FileJournal {
    /// Begins an import.
    ///
    /// # Errors
    /// [`JournalError::Position`] when the last line is not `expected`; [`JournalError::Stopped`].
    pub fn begin_import(&self, expected: u64) -> Result<Aside<'_>, JournalError> {
        let writer = self.writer()?;
        let before = self.head();
        if expected != before.seq {
            return Err(JournalError::Position { expected, actual: before.seq });
        }
        let most = writer.segment_bytes / 4;
        Ok(Aside {
            journal: self,
            writer,
            before,
            head: before,
            batch: before.seq + 1,
            buffer: Vec::new(),
            places: Vec::new(),
            segments: Vec::new(),
            scribe: None,
            unsynced: 0,
            most,
            leave: false,
        })
    }
}

impl Aside<'_> {
    /// The number of the first line.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.before.seq + 1
    }

    /// Adds a line, which [`FileJournal::ready`] wrote out.
    ///
    /// # Errors
    /// A limit, or the medium failed: nothing of the import stands then.
    pub fn push(&mut self, line: &Ready) -> Result<(), JournalError> {
        let most = if self.segments.is_empty() { APPENDED_BYTES } else { WRITE_BYTES };
        if self.places.len() == BATCH_LINES_MAX || self.buffer.len() >= most.min(self.most) {
            self.flush()?;
        }
        let place = Place { seq: self.head.seq + 1, batch: self.batch, prev: self.head.hash };
        self.places.push((place, self.buffer.len() as u64));
        let hash = line.place(&mut self.buffer, place)?;
        self.head = Head { seq: place.seq, hash };
        Ok(())
    }

    /// Adds the closing line, whose command is the import, and makes all of it part of the journal.
    ///
    /// # Errors
    /// As for [`Self::push`]; after a sync or a name that failed nothing more is appended.
    pub fn close(mut self, line: NewLine) -> Result<Appended, JournalError> {
        let lines = self.head.seq - self.before.seq;
        let close = Import::Close { id: line.cmd, first: self.first(), lines };
        let ready = self.journal.ready(&NewLine { import: Some(close), ..line })?;
        self.push(&ready)?;
        let appended = Appended { first: self.head.seq, head: self.head };
        if self.segments.is_empty() {
            let (before, head) = (self.before, self.head);
            let Self { writer, buffer, places, .. } = &mut self;
            std::mem::swap(&mut writer.buffer, buffer);
            std::mem::swap(&mut writer.places, places);
            self.journal.put_batch(&mut self.writer, before, head)?;
            return Ok(appended);
        }
        self.flush()?;
        self.put(Vec::new(), true)?;
        self.end_scribe()?;
        self.give_names()?;
        let (head, segments) = (self.head, std::mem::take(&mut self.segments));
        let noted = noted::full(&segments);
        self.journal.publish(|shared| {
            shared.head = head;
            shared.segments.extend(segments);
        });
        // Without the note the next start reads the lines, which only takes longer.
        let _slower = self.journal.note_full(noted);
        Ok(appended)
    }

    /// Writes the batch in the buffer.
    fn flush(&mut self) -> Result<(), JournalError> {
        let bytes = self.buffer.len() as u64;
        let fits = |segment: &Segment| segment.end + bytes <= self.writer.segment_bytes as u64;
        if !self.segments.last().is_some_and(fits) {
            self.put(Vec::new(), true)?;
            self.begin_segment()?;
        }
        self.unsynced += bytes;
        let sync = self.unsynced >= SYNC_BYTES;
        let spare = self.scribe()?.spare.try_recv().unwrap_or_default();
        let buffer = std::mem::replace(&mut self.buffer, spare);
        self.put(buffer, sync)?;
        let Some(segment) = self.segments.last_mut() else { return Err(JournalError::Stopped) };
        for (place, offset) in self.places.drain(..) {
            segment.note(place, segment.end + offset);
        }
        segment.end += bytes;
        self.batch = self.head.seq + 1;
        Ok(())
    }

    /// Lets bytes be written behind the last segment, and synced where that is asked for.
    fn put(&mut self, bytes: Vec<u8>, sync: bool) -> Result<(), JournalError> {
        let Some(segment) = self.segments.last() else { return Ok(()) };
        let job = Job { file: Arc::clone(&segment.file), at: segment.end, bytes, sync };
        if sync {
            self.unsynced = 0;
        }
        let gone = self.scribe()?.jobs.send(job).is_err();
        // It ends early only by a failure, which it tells at its end.
        if gone { self.end_scribe().and(Err(JournalError::Stopped)) } else { Ok(()) }
    }

    fn scribe(&mut self) -> Result<&Scribe, JournalError> {
        let scribe = match self.scribe.take() {
            Some(scribe) => scribe,
            None => Scribe::start().map_err(|error| {
                DiskError::new(Op::Write, &self.journal.dir.join(DIRECTORY), error)
            })?,
        };
        Ok(self.scribe.insert(scribe))
    }

    /// Waits until everything is written and synced as it was asked for.
    fn end_scribe(&mut self) -> Result<(), JournalError> {
        let Some(Scribe { jobs, thread, .. }) = self.scribe.take() else { return Ok(()) };
        drop(jobs);
        match thread.join() {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                self.writer.stopped |= error.op == Op::Sync;
                Err(error.into())
            }
            Err(_panicked) => Err(JournalError::Stopped),
        }
    }

    fn begin_segment(&mut self) -> Result<(), JournalError> {
        let last = self.journal.seen(|shared| shared.segments.last().map_or(0, |s| s.number));
        let number = last + u32::try_from(self.segments.len()).unwrap_or(u32::MAX) + 1;
        let (disk, path) = (self.journal.disk.as_ref(), self.path(number));
        disk.remove(&path)?;
        let file = disk.create(&path)?;
        // The batch in the buffer begins it.
        let prev = self.places.first().map_or(self.head.hash, |(place, _)| place.prev);
        let first = Head { seq: self.batch - 1, hash: prev };
        self.segments.push(write_header(number, first, file)?);
        Ok(())
    }

    fn give_names(&mut self) -> Result<(), JournalError> {
        let disk = self.journal.disk.as_ref();
        // What got its name cannot be taken back, so nobody may append behind the old end.
        self.writer.stopped = true;
        for segment in &self.segments {
            disk.rename(&self.path(segment.number), &self.named(segment.number))?;
        }
        disk.sync_dir(&self.journal.dir.join(DIRECTORY))?;
        self.writer.stopped = false;
        self.leave = true;
        Ok(())
    }

    fn named(&self, number: u32) -> PathBuf {
        self.journal.dir.join(path_of(number))
    }

    fn path(&self, number: u32) -> PathBuf {
        aside_of(&self.named(number))
    }
}

impl Drop for Aside<'_> {
    fn drop(&mut self) {
        // Nothing may write to what is taken away.
        let _given_up = self.end_scribe();
        if self.leave {
            return;
        }
        for segment in &self.segments {
            // What cannot be removed now goes at the next start.
            let _rest = self.journal.disk.remove(&self.path(segment.number));
        }
    }
}
